"""How long the 14 reports of the province take, beside other ways to run the same notebook, in one go on one
machine.

`python -m tests.benchmarks.reports` prints a table: seconds by the clock, seconds of processor (what a busy
machine leaves
comparable), and how many times those of the runner each way takes. The limit is the same cells executed and
rendered in one warm process, divided by the cores.
`--all` adds the 514 regencies and cities: time and the memory of the parent as the number of reports grows.
"""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

# Nothing else up here: the processes that are measured start by importing this module.
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "02_laporan_wilayah.ipynb"
PROVINCE = "63"
CORES = os.cpu_count() or 1


def codes() -> list[str]:
    from pkp_analysis.data import regions

    return [PROVINCE, *regions.members(PROVINCE)]


@contextlib.contextmanager
def project():
    """The environment of a project with clean data of its own, so that nothing is written into the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("notebooks", "requirements.lock"):
            (Path(folder) / name).symlink_to(ROOT / name)
        (Path(folder) / "data").mkdir()
        (Path(folder) / "data" / "raw").symlink_to(ROOT / "data" / "raw")
        environment = {**os.environ, "PKP_ROOT": folder, "PYTHONWARNINGS": "ignore"}
        call(
            "compileall", "-q", str(ROOT / "pkp_analysis"), environment=environment
        )  # bytecode is made once, not per run
        call("pkp_analysis", "clean", environment=environment)
        yield Path(folder), environment


def call(*command: str, environment: dict, folder: Path | None = None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environment, cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")


# The ways, each: environment, folder for its output, codes


def runner(environment: dict, folder: Path, wanted: list[str], *options: str) -> None:
    asked = [word for code in wanted for word in ("--region", code)]
    call("pkp_analysis", "report", "--out", str(folder), *asked, *options, environment=environment)


def reports_alone(environment: dict, folder: Path, wanted: list[str]) -> None:
    """The reports from a cold start, without the first page, downloads and briefs that the other ways do not
    make either.
    """
    python("reports_main", environment, folder, wanted)


def reports_main(folder: str, *wanted: str) -> None:
    from pkp_analysis.run.processes import warm_up

    warm_up()
    from pkp_analysis.data.dataset import load_dataset
    from pkp_analysis.run import job as job
    from pkp_analysis.run.plan import Request

    items, context = job.prepare(load_dataset(), Path(folder), Request(wanted, PROVINCE))
    results = job.execute_all(items, context, Path(folder))
    assert {result.state for result in results} == {"done"}


def python(function: str, environment: dict, folder: Path, wanted: list[str]) -> str:
    """What a function of this module prints, called in a process of its own."""
    command = f"import sys; from tests.benchmarks import reports; print(reports.{function}(*sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", command, str(folder), *wanted],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def papermill_loop(environment: dict, folder: Path, wanted: list[str]) -> None:
    for code in wanted:
        call(
            "papermill",
            str(NOTEBOOK),
            f"{code}.ipynb",
            "-r",
            "region_code",
            code,
            "--no-progress-bar",
            environment=environment,
            folder=folder,
        )
        call(
            "jupyter",
            "nbconvert",
            "--to",
            "html",
            "--no-input",
            f"{code}.ipynb",
            environment=environment,
            folder=folder,
        )


def papermill_pool(environment: dict, folder: Path, wanted: list[str]) -> None:
    python("papermill_main", environment, folder, wanted)


def papermill_main(folder: str, *wanted: str) -> None:
    in_pool(papermill_one, folder, wanted)


def papermill_one(code: str, folder: str) -> None:
    import papermill

    render(
        papermill.execute_notebook(
            str(NOTEBOOK), f"{folder}/{code}.ipynb", {"region_code": code}, progress_bar=False
        ),
        code,
        folder,
    )


def ploomber_pool(environment: dict, folder: Path, wanted: list[str]) -> None:
    """ploomber-engine executes in the worker itself: one import per worker, and notebooks that share a
    process.
    """
    python("ploomber_main", environment | {"PLOOMBER_STATS_ENABLED": "false"}, folder, wanted)


def ploomber_main(folder: str, *wanted: str) -> None:
    in_pool(ploomber_one, folder, wanted)


def ploomber_one(code: str, folder: str) -> None:
    from ploomber_engine import execute_notebook

    options = {"log_output": False, "progress_bar": False}
    render(
        execute_notebook(
            str(NOTEBOOK), f"{folder}/{code}.ipynb", parameters={"region_code": code}, **options
        ),
        code,
        folder,
    )


def in_pool(one, folder: str, wanted: tuple[str, ...]) -> None:
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(one, wanted, [folder] * len(wanted)))


def render(executed, code: str, folder: str) -> None:
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(executed)
    Path(folder, f"{code}.html").write_text(html, encoding="utf-8")


def limit(environment: dict, folder: Path, wanted: list[str]) -> float:
    """Seconds of processor that the cells and their pages take in one warm process; of all pages without
    `wanted`.
    """
    return float(python("limit_main", environment, folder, wanted).split()[-1])


def limit_main(folder: str, *wanted: str) -> float:
    from types import SimpleNamespace

    from pkp_analysis.data.dataset import load_dataset
    from pkp_analysis.run import cells, job
    from pkp_analysis.run.plan import Request
    from pkp_analysis.run.processes import FIXED, suit_reports

    os.environ.update(FIXED)
    suit_reports()
    items, context = job.prepare(load_dataset(), Path(folder), Request(wanted, PROVINCE))
    messages: list[bytes] = []
    shell = cells.new_shell(cells.PipeSession(SimpleNamespace(send_bytes=messages.append)))
    page(items[0], context, shell, messages)
    start = time.process_time()
    for item in items:
        (Path(folder) / f"{Path(item.page).name}").write_text(
            page(item, context, shell, messages), encoding="utf-8"
        )
    return time.process_time() - start


def page(item, context, shell, messages: list[bytes]) -> str:
    """The page of an item, its cells executed here."""
    import nbformat

    from pkp_analysis.run import cells, execute
    from pkp_analysis.site import page as site

    notebook = nbformat.read(item.notebook, 4)
    execute.drop_other_kind(notebook, item)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        messages.clear()
        shell.run_cell(cell.source, store_history=True).raise_error()
        if "parameters" in cell.metadata.get("tags", []):
            shell.push(dict(item.parameters))
        found = [message for message in map(json.loads, messages) if message["msg_type"] in cells.DISPLAYS]
        cell.outputs = [nbformat.v4.output_from_msg(message) for message in found]
    shell.reset(new_session=False)
    return site.page_of(notebook, item, context)[0]


# The table


def timed(action) -> tuple[float, float]:
    """(seconds by the clock, seconds of processor of the processes it started)."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(wanted: list[str]):
    """DataFrame: way -> clock and processor seconds, and how many times the runner's."""
    import pandas as pd

    rows = {}
    with project() as (folder, environment):
        outs = {
            name: folder / name for name in ("runner", "alone", "all", "loop", "pool", "ploomber", "limit")
        }
        for out in outs.values():
            out.mkdir()
        rows["the 14 reports, cold"] = timed(lambda: reports_alone(environment, outs["alone"], wanted))
        rows["pkp report: with first page, downloads, briefs"] = timed(
            lambda: runner(environment, outs["runner"], wanted)
        )
        rows["pkp report: nothing changed"] = timed(lambda: runner(environment, outs["runner"], wanted))
        alone = limit(environment, outs["limit"], wanted) / CORES
        rows["limit: warm process / cores"] = (alone, alone * CORES)
        rows["pkp report --force: every page of the site"] = timed(
            lambda: runner(environment, outs["all"], [], "--force")
        )
        everything = limit(environment, outs["limit"], []) / CORES
        rows["limit of every page"] = (everything, everything * CORES)
        rows["papermill in a process pool"] = timed(lambda: papermill_pool(environment, outs["pool"], wanted))
        if find_spec(
            "ploomber_engine"
        ):  # no dependency of the project: `pip install ploomber-engine` adds the line
            rows["ploomber-engine in a process pool"] = timed(
                lambda: ploomber_pool(environment, outs["ploomber"], wanted)
            )
        rows["papermill and nbconvert in a shell loop"] = timed(
            lambda: papermill_loop(environment, outs["loop"], wanted)
        )
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["seconds", "processor_seconds"])
    first = table.iloc[0]
    ratios = {
        "times": table["seconds"] / first["seconds"],
        "processor_times": table["processor_seconds"] / first["processor_seconds"],
    }
    return table.assign(**ratios).round(2)


def growth(counts: list[int]):
    """DataFrame: seconds and peak memory of the parent (MiB) for growing numbers of regencies of all
    provinces.
    """
    import pandas as pd

    from pkp_analysis.data import regions

    register = regions.regions()
    everyone = register.index[register["kind"].isin(["kabupaten", "kota"])].tolist()
    rows = []
    with project() as (folder, environment):
        for count in counts:
            out = folder / f"reports-{count}"
            asked = [word for code in everyone[:count] for word in ("--region", code)]
            command = [
                sys.executable,
                "-m",
                "pkp_analysis",
                "report",
                "--province",
                "all",
                "--out",
                str(out),
                *asked,
            ]
            start = time.perf_counter()
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(process.pid, 0)
            rows.append(
                (
                    count,
                    time.perf_counter() - start,
                    usage.ru_maxrss / 1024,
                    os.waitstatus_to_exitcode(status),
                )
            )
            shutil.rmtree(out)
    return pd.DataFrame(rows, columns=["reports", "seconds", "parent_mib", "exit_code"]).round(1)


def run():
    return measure(codes())


if __name__ == "__main__":
    print(run().to_string())
    if "--all" in sys.argv:
        print(growth([14, 128, 514]).to_string(index=False))
