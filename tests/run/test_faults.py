"""Whatever happens to a kernel, to the runner or to the disk: no page is half-written, none stale, and a
rerun completes the site.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pkp_analysis.errors import BadRequestError
from pkp_analysis.run import job as runner
from pkp_analysis.run.plan import Request

from .runner_project import (
    command_of,
    kill,
    pkp,
    processes_with,
    site_of,
    start,
    traces_of_the_machine,
    wait_for,
)

CODES = ["6303", "6304", "6305"]
REGIONS = [part for code in CODES for part in ("--region", code)]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


@pytest.fixture(scope="module")
def calm(project, dataset, tmp_path_factory) -> Path:
    """The folder of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("tenang")
    runner.run(dataset, Request(CODES), out=out)
    return out


@pytest.fixture
def undisturbed(calm) -> dict[str, str]:
    return site_of(calm)


@pytest.fixture
def short():
    """A folder for the sockets of the commands of a test; pytest's own may be too deep, and then sockets go
    elsewhere unseen.
    """
    with tempfile.TemporaryDirectory(prefix="uji", dir="/tmp") as folder:
        yield Path(folder)


def run(dataset, out: Path, codes=CODES, **options):
    items, context = runner.prepare(dataset, out, Request(codes, report_year=2024))
    return {
        result.item.region_code: result
        for result in runner.execute_all(items, context, out, jobs=2, **options)
    }


BAD = {
    "6302": ("raise RuntimeError('rusak')", "RuntimeError"),
    "6303": ("import sys; sys.exit()", "SystemExit"),
    "6304": ("import sys; sys.exit(3)", "SystemExit"),
    "6305": ("import os; os._exit(0)", "DeadKernelError"),
    "6306": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "DeadKernelError"),
    "6307": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "DeadKernelError"),
}


def test_a_bad_cell_fails_its_own_page_only(project, dataset, tmp_path, monkeypatch):
    monkeypatch.setenv(
        "UJI_GANGGUAN", "\f".join(f"{code} {statement}" for code, (statement, _) in BAD.items())
    )
    found = run(dataset, tmp_path, ["6301", *BAD, "6308"])
    assert {code for code, result in found.items() if result.state == "done"} == {"6301", "6308"}
    for code, (_, error) in BAD.items():
        assert found[code].failure.error == error and found[code].failure.cell in (3, 4)
        assert error in (tmp_path / found[code].item.page).read_text()


@pytest.mark.parametrize(
    "statement", ["while True: pass", pytest.param("import time; time.sleep(600)", marks=pytest.mark.slow)]
)
def test_a_cell_that_does_not_end_is_ended(project, dataset, tmp_path, monkeypatch, statement):
    monkeypatch.setenv("UJI_GANGGUAN", f"6304 {statement}")
    failure = run(dataset, tmp_path, ["6304"], timeout=2)["6304"].failure
    assert failure.error == "CellTimeoutError" and failure.cell in (3, 4)


def test_a_cell_that_eats_memory_fails_before_the_machine_does(project, dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "memory_each", lambda jobs: 1 << 30)
    monkeypatch.setenv("UJI_GANGGUAN", "6304 blocks = [bytearray(64 << 20) for _ in range(400)]")
    found = run(dataset, tmp_path)
    assert [found[code].state for code in CODES] == ["done", "failed", "done"]
    assert (found["6304"].failure.error, found["6304"].failure.cell) == ("MemoryError", 3)


ODD = {
    "6302": "import sys; sys.stdout.close()",
    "6303": "import os; os.close(1)",
    "6304": "import subprocess; subprocess.Popen(['sleep', '600'])",
    "6305": "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)",
    "6306": "import os; os.chdir('/'); os.environ.clear()",
}


def test_odd_but_legal_cells_do_not_harm_the_page(project, dataset, tmp_path, monkeypatch):
    # The environment still holds UJI_GANGGUAN in what the cell starts, which is how leftovers are found.
    faults = "\f".join(f"{code} {statement}  # {tmp_path.name}" for code, statement in ODD.items())
    monkeypatch.setenv("UJI_GANGGUAN", faults)
    found = run(dataset, tmp_path, ["6301", *ODD])
    monkeypatch.delenv("UJI_GANGGUAN")
    failed = {code for code, result in found.items() if result.state != "done"}
    assert failed <= {"6306"}, "only a notebook that empties its environment finds no tables"
    wait_for(
        lambda: not any(command_of(pid).startswith("sleep") for pid in processes_with(tmp_path.name)),
        "a process was left behind",
    )


@pytest.mark.slow
def test_a_cell_that_prints_100_mb_keeps_page_and_memory_small(project, tmp_path):
    done = start(
        project,
        "report",
        *REGIONS,
        "--out",
        str(tmp_path),
        fault="6304 for _ in range(100): print('x' * 1_000_000)",
    )
    most = 0
    while done.poll() is None:
        try:
            status = Path(f"/proc/{done.pid}/status").read_text()
            most = max(most, int(status.split("VmHWM:")[1].split()[0]) if "VmHWM:" in status else 0)
        except OSError:
            pass
        time.sleep(0.05)
    done.communicate()
    assert done.returncode == 0
    assert (tmp_path / "wilayah/6304-barito-kuala.html").stat().st_size < 3_000_000
    assert "keluaran dipotong" in (tmp_path / "wilayah/6304-barito-kuala.html").read_text()
    assert most < 700_000, f"the runner used {most} kB"


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        *(pytest.param(other, marks=pytest.mark.slow) for other in (signal.SIGKILL, signal.SIGTERM)),
    ],
)
def test_nothing_is_left_after_the_runner_is_stopped_and_the_rerun_completes(
    project, dataset, tmp_path, calm, short, number
):
    """While it runs, another run on the same folder is refused. What two programs made, in two time zones, is the
    same to the byte and tells nothing of the machine.
    """
    marker = f"UJI_TANDA={tmp_path.name}-{int(number)}"
    name, value = marker.split("=")
    process = start(
        project,
        "report",
        *REGIONS,
        "--out",
        str(tmp_path),
        fault="6305 import time; time.sleep(600)",
        **{name: value, "TMPDIR": str(short), "TZ": "Asia/Makassar"},
    )
    journal = tmp_path / "jejak/jurnal.jsonl"
    wait_for(lambda: journal.exists() and journal.read_text().count("\n") == 2)
    with pytest.raises(BadRequestError, match="sedang dipakai"):
        runner.run(dataset, Request(CODES), out=tmp_path)
    kill(process, number)
    assert process.returncode == (-number if number == signal.SIGKILL else 130)
    wait_for(lambda: not processes_with(marker), "processes outlive the runner")
    assert not (tmp_path / "wilayah/6305-tapin.html").exists(), "an interrupted report is no failed report"
    out = tmp_path / "hasil"
    (tmp_path / "hasil").mkdir()
    for folder in ("wilayah", "jejak", "unduhan"):
        (tmp_path / folder).rename(out / folder)
    again = runner.run(dataset, Request(CODES), out=out)
    assert [result.state for result in again] == ["skipped", "skipped", "done"]
    assert site_of(out) == site_of(calm)
    for path in (out / "jejak").rglob("*.ipynb"):
        assert path.read_bytes() == (calm / path.relative_to(out)).read_bytes()
    assert traces_of_the_machine(out, project) == []
    if number == signal.SIGKILL:  # nobody could tidy up; the next command does
        tidy = "from pkp_analysis.run.processes import private_folder; private_folder()"
        subprocess.run([sys.executable, "-c", tidy], env={**os.environ, "TMPDIR": str(short)}, check=True)
    assert not list(short.glob("pkp-*")), "folders are left"


def test_a_full_disk_leaves_no_stale_page(project, dataset, tmp_path):
    """/dev/full answers every write with the system's own "no space left on device"."""
    assert run(dataset, tmp_path)["6304"].state == "done"
    (tmp_path / "wilayah/6304-barito-kuala.html.part").symlink_to("/dev/full")
    found = run(dataset, tmp_path, force=True)
    assert [found[code].state for code in CODES] == ["done", "failed", "done"]
    assert "No space left" in found["6304"].failure.message
    page = tmp_path / "wilayah/6304-barito-kuala.html"
    assert not page.exists() or "No space left" in page.read_text(), "never the page of another run"
    assert [result.state for result in run(dataset, tmp_path).values()] == ["skipped", "done", "skipped"]


@pytest.mark.slow
def test_a_file_size_limit_ends_with_a_sentence_and_the_rerun_completes(project, tmp_path, undisturbed):
    command = (
        f"ulimit -f 8; exec {os.sys.executable} -m pkp_analysis report {' '.join(REGIONS)} --out"
        f" {tmp_path / 'hasil'}"
    )
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "PKP_ROOT": str(project)},
        timeout=300,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr[-2000:]
    assert not [
        page
        for page in (tmp_path / "hasil").rglob("*.html")
        if not page.read_text().rstrip().endswith("</html>")
    ]
    assert pkp(project, "report", *REGIONS, "--out", str(tmp_path / "hasil")).returncode == 0
    assert site_of(tmp_path / "hasil") == undisturbed


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="mounting a small disk needs root")
def test_a_small_disk_that_fills_up(project, tmp_path, undisturbed):
    disk = tmp_path / "cakram"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)], check=False
    ).returncode:
        (
            pytest.fail("this system lets nobody mount")
            if os.environ.get("CI")
            else pytest.skip("this system lets nobody mount")
        )
    try:
        done = pkp(project, "report", *REGIONS, "--out", str(disk))
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert all(page.read_text().rstrip().endswith("</html>") for page in disk.rglob("*.html"))
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        assert pkp(project, "report", *REGIONS, "--out", str(disk)).returncode == 0
        assert site_of(disk) == undisturbed
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        refused = pkp(project, "report", *REGIONS, "--out", str(disk), "--force")
        assert (
            refused.returncode == 2
            and "tidak dapat ditulis" in refused.stderr
            and site_of(disk) == undisturbed
        )
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
def test_kills_at_random_moments(project, tmp_path, undisturbed, short):
    """The runner or one of its processes is killed; every page stays whole, and the last run gives the
    undisturbed site.
    """
    moments, out = random.Random(50), tmp_path / "hasil"
    for round_number in range(50):
        marker = f"UJI_TANDA={tmp_path.name}-{round_number}"
        process = start(
            project,
            "report",
            *REGIONS,
            "--out",
            str(out),
            "--force",
            UJI_TANDA=marker.split("=")[1],
            TMPDIR=str(short),
        )
        time.sleep(moments.uniform(0.5, 9))
        victims = processes_with(marker)
        if victims:
            try:
                os.kill(process.pid if moments.random() < 0.5 else moments.choice(victims), signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.communicate(timeout=300)
        wait_for(lambda: not processes_with(marker), "processes outlive the runner")  # noqa: B023
        assert all(page.read_text().rstrip().endswith("</html>") for page in out.rglob("*.html"))
    assert pkp(project, "report", *REGIONS, "--out", str(out), TMPDIR=str(short)).returncode == 0
    assert site_of(out) == undisturbed
    assert not list(short.glob("pkp-*"))
