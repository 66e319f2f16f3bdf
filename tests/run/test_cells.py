"""A cell gives the same in a fork as in an ordinary kernel, and nothing of a process outlives it."""

import ast
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from pkp_analysis.run import processes
from pkp_analysis.run.execute import Settings, run_notebook, without_run
from pkp_analysis.run.plan import Item

from .runner_project import ROOT, wait_for, write_notebook

EVERY_KIND = [
    "import os, sys, warnings\nprint('satu'); print('dua', file=sys.stderr); print('tiga')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]);\nprint('sebelum')\nplt.show()\nprint('sesudah')",
    "plt.plot([1, 2]); plt.title('judul')",
    "import numpy as np, pandas as pd\npd.DataFrame({'a': np.arange(3) / 7})",
    "fig, ax = plt.subplots(); ax.plot([3, 1]); plt.close(fig)\nfig",
    "%matplotlib inline\nplt.plot([2, 1]);",
    "from IPython.display import HTML, clear_output, display\nnamed = display(HTML('<b>1</b>'), display_id='satu')\n"
    "print('antara')\nnamed.update(HTML('<b>2</b>'))\n"
    "display({'text/plain': 'p', 'application/vnd.pkp.shown+json': {'kind': 'figure', 'wide': True}}, raw=True,"
    " metadata={'alt': 'é'})",
    "named.update(HTML('<b>3</b>'))",
    "print('hilang'); clear_output(); print('ada')",
    "print('hilang'); clear_output(wait=True); print('ada')",
    "class Many:\n    def _repr_png_(self): return b'\\x89PNG123'\n    def _repr_markdown_(self): return '**m**'\n"
    "    def __repr__(self): return 'Many'\nMany()",
    "warnings.warn('awas')\nwarnings.warn('lama', DeprecationWarning)",
    "1 / 2",
    "_ + 1; 5;",
    "!echo dari cangkang",
    # A kernel hears of what processes print through two threads: give them the time to, one after the other.
    "import subprocess, time; subprocess.run(['echo', 'dari proses']); time.sleep(0.5)",
    "os.system('echo galat >&2'); time.sleep(0.5)",
    "hash('a'), list({'b', 'a', 'c'}), __name__, sys.flags, sys.path, sys.stdout.isatty(), sys.stdout.encoding",
    "[os.environ.get(name) for name in ('MPLBACKEND', 'PYTHONHASHSEED', 'OMP_NUM_THREADS', 'TERM', 'BPS_TOKEN')]",
    "os.listdir(), sorted(name for name in globals() if not name.startswith('_i'))",
    "np.dot(np.full(999, 0.1), np.full(999, 0.3)), In[1]",
    "await __import__('asyncio').sleep(0, 'ditunggu')",
    "%%capture caught\nprint('ditangkap')",
    "caught.stdout",
    "%who_ls",
    "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "import seaborn; seaborn.lineplot(x=[1, 2], y=[3, 4]);",
    "display(1, 'dua', [3])\nprint('z', end='')\nsys.stdout.write('w'); print(flush=True)",
    "import logging; logging.warning('catatan'); 7",
    "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, -2]))",
    "def divide():\n    return 1 / 0",
    "divide()",
]


@pytest.fixture
def item(tmp_path):
    """A function that gives the item of a notebook of these cells."""

    def made(*sources: str) -> Item:
        path = write_notebook(tmp_path / "buku" / "uji.ipynb", 'x: str = "a"', list(sources))
        return Item("uji", path, {"x": "b"}, "uji.html", "id", "whole", "Uji")

    return made


@pytest.fixture(scope="module")
def pool():
    with processes.OwnProcesses(2) as pool:
        yield pool


def settings(fork: bool, **options) -> Settings:
    return Settings({"PKP_ROOT": str(ROOT)}, fork, **options)


def forked(pool, item, **options):
    """(executed notebook, failure) of an item run in a fork."""
    return pool.submit(run_notebook, item, settings(True, **options)).result()


def value(pool, item, source: str):
    """What a cell prints in a fork, as a Python value."""
    notebook, failure = forked(pool, item(f"print(repr(({source})))"))
    assert failure is None, failure
    return ast.literal_eval(notebook.cells[-1].outputs[0].text)


def test_every_kind_of_output_is_the_same_in_a_fork_and_in_an_ordinary_kernel(pool, item, monkeypatch):
    monkeypatch.setenv("BPS_TOKEN", "rahasia")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel looks for it, and then ignores what processes print
    made = item("import multiprocessing", *EVERY_KIND)
    (fork, wrong), (kernel, wrong_too) = forked(pool, made), run_notebook(made, settings(False))
    assert wrong == wrong_too and (wrong.cell, wrong.source) == (len(EVERY_KIND) + 3, "divide()")
    pairs = zip(*(json.loads(without_run(notebook))["cells"] for notebook in (fork, kernel)), strict=True)
    for ours, theirs in pairs:
        assert ours == theirs, "".join(ours["source"])
    assert "rahasia" not in without_run(fork)


def test_each_notebook_draws_its_own_random_numbers_and_keeps_its_namespace(pool, item):
    drawn = (
        "(__import__('random').random(), __import__('numpy').random.rand(), __import__('uuid').uuid4().hex)"
    )
    for kind in zip(*(value(pool, item, drawn) for _ in range(3)), strict=True):
        assert len(set(kind)) == 3
    forked(pool, item("import pandas, os\npandas.leaked = 1\nos.environ['LEAKED'] = '1'"))
    assert value(
        pool, item, "hasattr(__import__('pandas'), 'leaked'), 'LEAKED' in __import__('os').environ"
    ) == (False, False)


def test_the_stack_is_imported_once_and_the_server_has_one_thread_and_little_memory(pool, item):
    held, loaded = value(
        pool,
        item,
        "next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmData')),"
        " {'pandas', 'matplotlib.pyplot', 'scipy.optimize'} <= {*__import__('sys').modules}",
    )
    server = multiprocessing.forkserver._forkserver._forkserver_pid
    assert loaded and held < 800 * 1024 and len(os.listdir(f"/proc/{server}/task")) == 1


def test_a_server_that_read_another_library_makes_room_for_a_new_one(pool, item, monkeypatch):
    processes.warm_up()
    before = multiprocessing.forkserver._forkserver._forkserver_pid
    monkeypatch.setattr(processes, "_source", ("what it has read is no longer there",))
    processes.warm_up()
    assert multiprocessing.forkserver._forkserver._forkserver_pid not in (before, None)
    assert value(pool, item, "1 + 1") == 2


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("raise ValueError('x' * 100_000_000)", "keluaran dipotong"),
        ("print('x' * 30_000_000)", "keluaran dipotong"),
        ("for _ in range(300): print('x' * 100_000)", "keluaran dipotong"),
        (
            "from IPython.display import display\nfor _ in range(50): display('x' * 1_000_000)",
            "keluaran dipotong",
        ),
        (
            "from IPython.display import display\n"
            "display({'text/plain': ''}, raw=True, metadata={'a': 'x' * 30_000_000})",
            "keluaran dipotong",
        ),
        ("__import__('os').system('yes | head -c 30000000')", "keluaran dipotong"),
        pytest.param(  # under the limit in characters, far over it as escaped bytes
            "from IPython.display import display\ndisplay({'text/plain': '\U0001f600' * 19_000_000}, raw=True)",
            "\U0001f600",
            marks=pytest.mark.slow,
        ),
    ],
)
@pytest.mark.parametrize("fork", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_what_a_notebook_puts_out_has_a_limit(pool, item, fork, source, told, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel looks for it, and then ignores what processes print
    made = item(source)
    notebook, failure = forked(pool, made) if fork else run_notebook(made, settings(False))
    text = without_run(notebook)
    assert told in text and len(text) < 25_000_000
    assert failure is None or len(failure.message) < 3_000


def test_a_group_of_errors_is_named(pool, item):
    notebook, failure = forked(
        pool, item("1 + 1", "raise ExceptionGroup('dua galat', [ValueError('a'), KeyError('b')])")
    )
    assert failure.error == "ExceptionGroup" and "dua galat (2 sub-exceptions)" in failure.message


def test_a_cell_of_the_other_kind_of_region_is_left_out_and_numbers_stay(pool, tmp_path):
    path = write_notebook(tmp_path / "uji.ipynb", 'region_code: str = "63"', ["'kab'", "'prov'", "1 / 0"])
    notebook = nbformat.read(path, 4)
    notebook.cells[2].metadata["tags"], notebook.cells[3].metadata["tags"] = (
        ["hanya-wilayah"],
        ["hanya-provinsi"],
    )
    nbformat.write(notebook, path)
    for code, kept in (("6303", "'kab'"), ("63", "'prov'")):
        made = Item("uji", path, {"region_code": code}, "uji.html", "id", "region", "Uji", code)
        executed, failure = forked(pool, made)
        shown = [cell.source for cell in executed.cells if cell.cell_type == "code"][2:]
        assert shown == [kept, "1 / 0"] and failure.cell == 5


@pytest.mark.parametrize("victim", ["server", "keeper"])
def test_a_killed_process_above_the_notebook_is_replaced_and_nothing_stays(pool, item, tmp_path, victim):
    flag = tmp_path / "pid"
    made = item(
        f"import os, pathlib, subprocess, time\nflag = pathlib.Path({str(flag)!r})\n"
        "if not flag.exists():\n    child = subprocess.Popen(['sleep', '300'])\n"
        "    flag.with_suffix('.new').write_text(f'{os.getpid()} {os.getppid()} {child.pid}')\n"
        "    flag.with_suffix('.new').rename(flag)\n    time.sleep(300)\nprint('selesai')"
    )
    future = pool.submit(run_notebook, made, settings(True))
    wait_for(flag.exists)
    pids = [int(pid) for pid in flag.read_text().split()]
    os.kill(
        multiprocessing.forkserver._forkserver._forkserver_pid if victim == "server" else pids[1],
        signal.SIGKILL,
    )
    notebook, failure = future.result()
    assert failure is None and notebook.cells[-1].outputs[0].text == "selesai\n"
    wait_for(lambda: not any(map(alive, pids)), message="processes of the first attempt are left")


def test_a_server_started_in_another_environment_is_refused(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import pkp_analysis.run.preload"],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and done.stderr == ""


RUNNER = """
import sys
from pathlib import Path
from pkp_analysis.run import processes
from pkp_analysis.run.execute import Settings, run_notebook
from pkp_analysis.run.plan import Item
pool = processes.OwnProcesses(1)
item = Item("uji", Path(sys.argv[1]), {}, "uji.html", "id", "whole", "Uji")
future = pool.submit(run_notebook, item, Settings(fork=True))
print(processes.private_folder(), flush=True)
future.result()
"""


@pytest.mark.parametrize(
    ("statement", "together"),
    [
        ("re.match('(a*)*b', 'a' * 60)", True),
        pytest.param("re.match('(a*)*b', 'a' * 60)", False, marks=pytest.mark.slow),
        pytest.param("time.sleep(300)", True, marks=pytest.mark.slow),
        pytest.param("time.sleep(300)", False, marks=pytest.mark.slow),
    ],
)
def test_nothing_is_left_when_the_runner_is_killed(item, tmp_path, together, statement):
    """Also a cell that lets no other thread run, and also when the fork server is killed with the runner."""
    flag = tmp_path / "pid"
    made = item(
        "import os, pathlib, re, subprocess, time\nchild = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        f"flag = pathlib.Path({str(flag)!r})\n"
        "flag.with_suffix('.new').write_text(f'{os.getpid()} {os.getppid()} {child.pid}')\n"
        f"flag.with_suffix('.new').rename(flag)\n{statement}"
    )
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(made.notebook)], stdout=subprocess.PIPE, text=True
    ) as runner:
        folder = Path(runner.stdout.readline().strip())
        wait_for(flag.exists)
        server = int(
            Path(f"/proc/{flag.read_text().split()[1]}/stat").read_text().rsplit(")", 1)[1].split()[1]
        )
        for pid in [server, runner.pid] if together else [runner.pid]:
            os.kill(pid, signal.SIGKILL)
    pids = [server, *map(int, flag.read_text().split())]
    wait_for(lambda: not any(map(alive, pids)), message="processes outlive the runner")
    subprocess.run(
        [sys.executable, "-c", "from pkp_analysis.run.processes import private_folder; private_folder()"],
        check=True,
    )
    assert not folder.exists(), "the next run removes what a killed one left"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_folder_of_a_living_process_stays():
    folder = processes.private_folder()
    subprocess.run(
        [sys.executable, "-c", "from pkp_analysis.run.processes import private_folder; private_folder()"],
        check=True,
    )
    assert folder.is_dir()


@pytest.mark.slow
def test_five_hundred_notebooks_eight_at_once(item):
    made = item("print(7)")
    with processes.OwnProcesses(8) as pool:
        done = [pool.submit(run_notebook, made, settings(True)) for _ in range(500)]
        assert all(future.result()[1] is None for future in done)
