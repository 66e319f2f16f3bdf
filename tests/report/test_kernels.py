"""Warm kernels: every pitfall of forking a kernel, and that nothing of a kernel outlives it."""

import ast
import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from jupyter_client import KernelManager
from nbclient import NotebookClient

from pkp_analysis.run import kernel_servers, sockets

ROOT = Path(__file__).resolve().parents[2]
needs_fork = pytest.mark.skipif(not kernel_servers.CAN_FORK, reason="warm kernels need Linux")


@pytest.fixture(autouse=True, scope="module")
def nothing_left():
    """After the tests of this module no process and no folder is left."""
    yield
    folder = sockets.private_folder()
    servers = [server.process for server in kernel_servers._servers.values()]
    kernel_servers.close_all()
    assert not folder.exists() and all(server.poll() is not None for server in servers)


def run(*cells: str, kernel: str = "pkp", **options) -> list[nbformat.NotebookNode]:
    """The outputs of a notebook of these cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, kernel_name=kernel, timeout=60, startup_timeout=120, **options)
    client.execute()
    return [output for cell in notebook.cells for output in cell.outputs]


def value(source: str, **options):
    """What a notebook prints, as a Python value."""
    return ast.literal_eval(run(f"print(repr({source}))", **options)[0].text)


@contextlib.contextmanager
def started(**options):
    """(manager, ready client) of one warm kernel."""
    manager = KernelManager(kernel_name="pkp")
    manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def printed(client, source: str) -> str:
    texts = []
    reply = client.execute_interactive(
        source, timeout=60, output_hook=lambda message: texts.append(message["content"].get("text", ""))
    )
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(texts).strip()


def gone(pid: int, within: float = 10) -> bool:
    """Whether the process has ended, or ends in time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


# What a notebook sees


@needs_fork
def test_a_kernel_is_a_fork_of_the_server_with_the_stack_imported():
    parent, modules = value(
        "(__import__('os').getppid(), [name for name in ('pandas', 'matplotlib.pyplot', 'scipy.optimize') if"
        " name in __import__('sys').modules])"
    )
    assert parent == kernel_servers.server_for({**os.environ, **kernel_servers.FIXED}).process.pid
    assert modules == ["pandas", "matplotlib.pyplot", "scipy.optimize"]


def test_figures_appear():
    outputs = run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "import seaborn\nseaborn.lineplot(x=[1, 2], y=[3, 4]);",
    )
    assert ["image/png" in output.get("data", {}) for output in outputs] == [True, True]


def test_every_kernel_draws_its_own_random_numbers():
    draws = [
        value(
            "(__import__('random').random(), __import__('numpy').random.rand(),"
            " __import__('uuid').uuid4().hex)"
        )
        for _ in range(3)
    ]
    for kind in zip(*draws):
        assert len(set(kind)) == 3


def test_namespace_and_folder_of_one_notebook_stay_its_own(tmp_path):
    run("import pandas, os\npandas.leaked = 1\nos.environ['LEAKED'] = '1'\nos.chdir('/')")
    assert value(
        "(hasattr(__import__('pandas'), 'leaked'), 'LEAKED' in __import__('os').environ, 'x' in globals())"
    ) == (False, False, False)


def test_folder_environment_and_arguments_are_passed_on(tmp_path):
    with started(
        cwd=str(tmp_path),
        env={**os.environ, "PKP_TRIAL": "a 'b' $c", "TZ": "Asia/Makassar"},
        extra_arguments=["--IPKernelApp.exec_lines=given = 42"],
    ) as (_, client):
        seen = printed(
            client,
            "import os, time; print((os.getcwd(), os.environ['PKP_TRIAL'], time.strftime('%z'), given))",
        )
    assert ast.literal_eval(seen) == (str(tmp_path.resolve()), "a 'b' $c", "+0800", 42)


def test_standard_input_is_empty_and_input_is_refused():
    assert value("__import__('os').read(0, 10)") == b""


def test_a_notebook_may_start_processes():
    outputs = run(
        "import multiprocessing, subprocess, sys\ncontext = multiprocessing.get_context('fork')\nwith"
        " context.Pool(2) as pool: print(pool.map(abs, [-1, -2]))\nprint(subprocess.run([sys.executable,"
        " '-c', 'print(7)'], capture_output=True, text=True).stdout.strip())"
    )
    assert "".join(output.text for output in outputs).split("\n") == ["[1, 2]", "7", ""]


SAMPLE = (
    (
        "import os, sys\nprint(hash('a'), list({'b', 'a', 'c', 'd'}), sys.argv[1::2], sys.path, sys.flags,"
        " __name__)"
    ),
    "import numpy as np, pandas as pd\npd.DataFrame({'a': np.arange(3) / 7})",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "print([os.environ.get(name) for name in ('MPLBACKEND', 'PYTHONHASHSEED', 'OMP_NUM_THREADS')])",
    (
        "import threading\nprint(sorted(name for name in globals() if not name.startswith('_')),"
        " np.dot(np.full(999, 0.1), np.full(999, 0.3)))"
    ),
)


@pytest.mark.parametrize("reason", ["missing", "broken"])
def test_the_ordinary_kernel_takes_over_with_identical_outputs(monkeypatch, reason, caplog):
    warm = run(*SAMPLE)
    if reason == "missing":
        monkeypatch.setattr(kernel_servers, "CAN_FORK", False)
    else:
        monkeypatch.setattr(
            kernel_servers, "server_for", lambda env: (_ for _ in ()).throw(OSError("tidak ada"))
        )
    with started() as (manager, _):
        assert isinstance(manager.provisioner.process, subprocess.Popen)
    assert run(*SAMPLE) == warm


# Ends


@needs_fork
def test_an_interrupt_stops_the_cell_and_nothing_else():
    with started() as (manager, client), started() as (_, neighbour):
        assert os.getpgid(manager.provisioner.pid) == manager.provisioner.pid != os.getpgid(0)
        message = client.execute("import time\nprint('siap')\ntime.sleep(60)", stop_on_error=False)
        while client.get_iopub_msg(timeout=60)["content"].get("text") != "siap\n":
            pass
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=30)
        while reply["parent_header"]["msg_id"] != message:
            reply = client.get_shell_msg(timeout=30)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert printed(client, "print(1)") == printed(neighbour, "print(1)") == "1"


@needs_fork
def test_a_restarted_kernel_is_a_new_process_on_the_same_sockets():
    with started() as (manager, client):
        first, prefix = int(printed(client, "import os; left = 1; print(os.getpid())")), manager.ip
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=60)
        second, left = ast.literal_eval(
            printed(client, "import os; print((os.getpid(), 'left' in globals()))")
        )
        assert second != first and not left and manager.ip == prefix and gone(first)


@needs_fork
def test_what_a_notebook_left_running_ends_with_it():
    outputs = run(
        "import subprocess\n"
        "print(subprocess.Popen(['sleep', '300']).pid)\n"
        "print(subprocess.Popen(['sleep', '300'], start_new_session=True).pid)  # out of the kernel's group"
    )
    assert all(gone(int(pid)) for pid in "".join(output.text for output in outputs).split())


@needs_fork
def test_exit_codes_are_known():
    for source, code in (
        ("import os; os._exit(7)", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9),
    ):
        with started() as (manager, client):
            client.execute(source)
            process = manager.provisioner.process
            assert process.wait(timeout=30) == code
    with pytest.raises(subprocess.TimeoutExpired), started() as (manager, _):
        manager.provisioner.process.wait(timeout=0.1)


@needs_fork
def test_a_killed_server_takes_its_kernels_along_and_is_replaced():
    with started() as (manager, client):
        child = int(printed(client, "import subprocess; print(subprocess.Popen(['sleep', '300']).pid)"))
        server = kernel_servers.server_for({**os.environ, **kernel_servers.FIXED}).process
        server.kill()
        assert gone(manager.provisioner.pid) and gone(child)
    assert value("1 + 1") == 2


@needs_fork
def test_a_changed_library_source_restarts_the_server(monkeypatch):
    before = value("__import__('os').getppid()")
    assert value("__import__('os').getppid()") == before
    changed = (*kernel_servers._source_state(), ("pkp_analysis/run/new.py", 1))
    monkeypatch.setattr(kernel_servers, "_source_state", lambda: changed)
    assert value("__import__('os').getppid()") != before
    assert gone(before)


@needs_fork
def test_another_import_time_environment_gets_another_server():
    usual = kernel_servers.server_for({**os.environ, **kernel_servers.FIXED})
    with started():  # a busy server stays
        other = kernel_servers.server_for({**os.environ, **kernel_servers.FIXED, "OMP_NUM_THREADS": "2"})
        assert other is not usual and usual.process.poll() is None
    kernel_servers.close_all()


@needs_fork
def test_a_server_that_nobody_used_is_ended_without_waiting_for_its_imports():
    kernel_servers.close_all()
    kernel_servers.warm_up()
    server = kernel_servers.server_for({**os.environ, **kernel_servers.FIXED})
    kernel_servers.close_all()
    assert server.process.returncode == -signal.SIGKILL


# Sockets and folders


@needs_fork
def test_closing_what_is_idle_leaves_a_running_kernel_alone():
    with started() as (manager, client):
        server = next(
            server
            for server in kernel_servers._servers.values()
            if manager.provisioner.process in server.kernels.values()
        )
        kernel_servers.close_idle()
        assert printed(client, "print('hidup')") == "hidup"
    for process in list(server.kernels.values()):
        process.wait(10)
    kernel_servers.close_idle()
    assert server.process.poll() is not None and server not in kernel_servers._servers.values()


@needs_fork
def test_sockets_and_connection_file_are_private_short_and_removed():
    with started() as (manager, _):
        folder = Path(manager.connection_file).parent
        assert manager.transport == "ipc" and Path(manager.ip).parent == folder
        assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent)] == [0o700, 0o700]
        assert stat.S_IMODE(Path(manager.connection_file).stat().st_mode) == 0o600
        assert list(folder.glob("s-*")) and all(len(os.fsencode(path)) < 108 for path in folder.glob("s-*"))
    assert not folder.exists()


@needs_fork
def test_the_server_has_no_thread_that_a_fork_would_lose():
    process = kernel_servers.server_for({**os.environ, **kernel_servers.FIXED}).process
    value("1")  # by now it has imported everything
    threads = [
        Path(f"/proc/{process.pid}/task/{task}/comm").read_text().strip()
        for task in os.listdir(f"/proc/{process.pid}/task")
    ]
    assert len(threads) == 1, threads


@needs_fork
def test_a_server_whose_imports_start_a_thread_refuses_and_the_ordinary_kernel_takes_over(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    )
    places = os.pathsep.join([str(tmp_path), str(ROOT)])
    with started(env={**os.environ, "PYTHONPATH": places}) as (manager, client):
        assert isinstance(manager.provisioner.process, subprocess.Popen)
        assert printed(client, "print(6 * 7)") == "42"


@needs_fork
@pytest.mark.parametrize("rounds", [2, pytest.param(63, marks=pytest.mark.slow)])
def test_many_kernels_start_eight_at_once(rounds):
    with ThreadPoolExecutor(8) as pool:
        pids = list(pool.map(lambda _: value("__import__('os').getpid()"), range(8 * rounds)))
    assert len(set(pids)) == 8 * rounds


@needs_fork
@pytest.mark.slow
def test_five_hundred_kernels_start_in_a_row():
    for number in range(500):
        with started() as (_, client):
            assert printed(client, f"print({number})") == str(number)


RUNNER = """
import json, os, subprocess, sys, time
from jupyter_client import KernelManager
from pkp_analysis.report import kernel_servers, sockets
manager = KernelManager(kernel_name="pkp")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)
pids = []
client.execute_interactive("import subprocess; print(subprocess.Popen(['sleep', '300']).pid)", output_hook=lambda message: pids.append(message["content"].get("text")))
child = next(int(text) for text in pids if text)
server = next(iter(kernel_servers._servers.values())).process.pid
print(json.dumps({"pids": [server, manager.provisioner.pid, child], "folder": str(sockets.private_folder())}), flush=True)
time.sleep(120)
"""  # noqa: E501


@needs_fork
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_runner_dies(how):
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as runner:
        told = json.loads(runner.stdout.readline())
        runner.send_signal(how)
        runner.wait(30)
    assert all(gone(pid) for pid in told["pids"])
    until = time.monotonic() + 10
    while Path(told["folder"]).exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(told["folder"]).exists()


@needs_fork
def test_even_when_runner_and_server_are_killed_together():
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as runner:
        told = json.loads(runner.stdout.readline())
        for pid in (told["pids"][0], runner.pid):
            os.kill(pid, signal.SIGKILL)
    assert all(gone(pid) for pid in told["pids"])
    sockets.remove_abandoned()  # what the next start does
    assert not Path(told["folder"]).exists()


def test_the_folder_of_a_living_process_stays():
    folder = sockets.private_folder()
    subprocess.run(
        [sys.executable, "-c", "from pkp_analysis.report import sockets; sockets.private_folder()"],
        check=True,
    )
    assert folder.exists()


def test_papermill_runs_the_kernel_from_a_shell(tmp_path):
    cells = [
        nbformat.v4.new_code_cell('name: str = "a"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("print(name)"),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=cells,
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, tmp_path / "masuk.ipynb")
    hostile = 'a\'); import os; os._exit(3) #\n"$HOME" {x} <script>'
    command = [
        sys.executable,
        "-m",
        "papermill",
        "masuk.ipynb",
        "keluar.ipynb",
        "-k",
        "pkp",
        "-r",
        "name",
        hostile,
        "--no-progress-bar",
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert "encryption" not in done.stderr
    assert nbformat.read(tmp_path / "keluar.ipynb", 4).cells[-1].outputs[0].text == hostile + "\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keluar.ipynb", "masuk.ipynb"]


@needs_fork
def test_the_server_reserves_no_memory_that_its_kernels_would_have_to_share():
    held = value(
        "next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmData'))"
    )
    assert held < 800 * 1024, "kilobytes of a kernel that has done nothing"
