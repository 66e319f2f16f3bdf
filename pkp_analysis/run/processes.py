"""A process per call, forked by the standard library's fork server, which has imported what reports need.

Nothing here outlives the run: every process ends with the one above it, and takes what it started along.
"""

import atexit
import ctypes
import errno
import gc
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType

from ..files import hold
from ..paths import library_files

CAN_FORK = sys.platform == "linux"
ATTEMPTS = 3  # a process that was killed is started again; a notebook that fails is not run again
FILES, FILES_PER_JOB = 32, 8  # open at once: by the run itself, and for each notebook beside others
PREFIX = "pkp-"
# Part of a result, so the same on both paths: the order of sets, the backend of figures, sums that no number
# of threads changes.
FIXED = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # a kernel's debugger would warn on the terminal
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # a thread does not survive a fork
}
SECRETS = ("BPS_TOKEN",)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


class Interrupted(Exception):
    """The run is being stopped: nothing may be written any more."""


def environment() -> dict[str, str]:
    """What a notebook's process has: ours without secrets, fixed where results depend on it, with our folder."""
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    folder = str(private_folder())
    return kept | FIXED | {"TMPDIR": folder, "IPYTHONDIR": os.path.join(folder, "ipython")}


def suit_reports() -> None:
    """Settings for processes that handle many small tables and soon end; they change how quickly, not what,
    they compute.
    """
    import pandas

    gc.set_threshold(50_000, 20, 20)
    pandas.set_option("mode.string_storage", "python")  # Arrow's own texts pay off from some thousand rows


# The folder for whatever a run leaves lying about


@cache
def private_folder() -> Path:
    """This process's folder, readable by the user only; removed at exit, or by the next one after a kill."""
    usual = tempfile.gettempdir()
    place = Path(
        "/tmp" if os.name == "posix" and len(os.fsencode(usual)) > 60 else usual
    )  # sockets: 107 bytes
    for left in place.glob(f"{PREFIX}{'?' * 8}"):  # as mkdtemp names them, and nobody else's
        with suppress(OSError):
            if left.stat().st_uid == os.getuid() and hold(left) is not None:
                shutil.rmtree(left, ignore_errors=True)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        if hold(folder) is not None and folder.is_dir():  # else another process took it for a dead one's
            atexit.register(remove_folder, os.getpid(), folder)
            return folder


def remove_folder(owner: int, folder: Path) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


# The fork server


_starting = threading.RLock()
_source: tuple = ()


def warm_up() -> None:
    """Start importing now, while the run is still being planned; anew when the library has changed."""
    global _source
    enough_handles(1)
    if CAN_FORK and _source != (state := source_state()):
        with _starting:
            end_server()
            _source = state
            ensure_server()


def enough_handles(jobs: int) -> None:
    """Let this process and its server open as many files as `jobs` notebooks need; OSError where the system
    allows fewer.
    """
    try:
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
    except ImportError:  # Windows has no such limit
        return
    needed = FILES + FILES_PER_JOB * jobs
    usual, most = getrlimit(RLIMIT_NOFILE)
    if usual != RLIM_INFINITY and usual < needed:
        if most != RLIM_INFINITY and most < needed:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        setrlimit(RLIMIT_NOFILE, (needed, most))


def ensure_server() -> None:
    from multiprocessing import forkserver

    if forkserver._forkserver._forkserver_pid is None:
        atexit.register(end_server)
    multiprocessing.current_process()._config.setdefault("tempdir", str(private_folder()))  # of its socket
    forkserver.set_forkserver_preload(["pkp_analysis.run.preload"])
    before, fixed = dict(os.environ), environment()
    os.environ.update(fixed)  # some of it counts only when Python starts; nothing is missing meanwhile
    for name in SECRETS:
        os.environ.pop(name, None)
    try:
        forkserver.ensure_running()
    finally:
        for name in fixed.keys() - before.keys():
            os.environ.pop(name)
        os.environ.update(before)


def source_state() -> tuple:
    """Changes when a module, a sentence or a table of the library does: the server has read all of them."""
    return tuple((str(path), path.stat().st_mtime_ns) for path in library_files())


def end_server() -> None:
    """At once: left to itself it takes its imports apart first."""
    from multiprocessing import forkserver

    pid = forkserver._forkserver._forkserver_pid
    if pid:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        forget_server()  # or the next one asked for would wait for this


def forget_server() -> None:
    """This process knows of no server any more: it neither keeps one alive nor asks it for a process."""
    from multiprocessing import forkserver

    server = forkserver._forkserver
    if server._forkserver_alive_fd is not None:
        os.close(server._forkserver_alive_fd)
    server.__init__()


def source_changed() -> bool:
    """Whether the library is no longer what the server has read."""
    return bool(_source) and _source != source_state()


class OwnProcesses(ThreadPoolExecutor):
    """An Executor that gives every call a process of its own. A process that is killed is replaced."""

    def __init__(self, max_workers: int):
        enough_handles(max_workers)
        super().__init__(max_workers)
        self.stopped, self.running = False, set()

    def submit(self, function, /, *arguments) -> Future:
        return super().submit(self._call, function, arguments)

    def stop(self) -> None:
        """End every process at once; what was asked for raises Interrupted."""
        self.stopped = True
        for process in list(self.running):
            with suppress(OSError, ValueError):
                process.terminate()

    def _call(self, function, arguments):
        error = None
        for _ in range(ATTEMPTS):
            if self.stopped:
                raise Interrupted
            try:
                return self._attempt(function, arguments)
            except (EOFError, OSError) as found:  # the process, or the server it comes from, was killed
                error = found
        if self.stopped:
            raise Interrupted
        raise BrokenExecutor(
            f"prosesnya berakhir {ATTEMPTS} kali sebelum selesai ({type(error).__name__})"
        ) from error

    def _attempt(self, function, arguments):
        ours, theirs = multiprocessing.Pipe()
        with ours:
            process = multiprocessing.get_context("forkserver").Process(
                target=in_process, args=(theirs, function, arguments, environment())
            )
            with theirs, _starting:
                ensure_server()
                # The child has no use for the program that started the run, and may not run it again.
                main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
                try:
                    process.start()
                finally:
                    sys.modules["__main__"] = main
            self.running.add(process)
            try:
                if self.stopped:
                    process.terminate()
                result, wrong = ours.recv()
                if wrong:
                    raise BrokenExecutor(wrong)
                return result
            except EOFError:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)  # it led a group
                raise
            finally:
                self.running.discard(process)
                process.join()


def in_process(connection, function, arguments, environment: dict) -> None:
    """Call the function in this fresh fork and send what it returns; end with the server, and all below with us."""
    from . import cells

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: the run itself tells us
    signal.signal(signal.SIGTERM, stop)
    os.setsid()
    forget_server()  # or it would outlive the run with us; a notebook that wants one gets one of its own
    cells.inherited[:] = [connection]
    # parent of descendants whose own parent ends: none escapes end_children()
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        die_with_parent(os.getppid(), signal.SIGTERM)
        use_environment(environment)
        connection.send((function(*arguments), ""))
    except Exception as error:
        connection.send((None, f"{type(error).__name__}: {error}"))
    finally:
        end_children()


def stop(*_) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


def use_environment(environment: dict) -> None:
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # found again in TMPDIR


def prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with_parent(parent: int, how: signal.Signals) -> None:
    prctl(PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:
        os._exit(1)


def end_children() -> None:
    """End every process below this one, also those that left its group: ending one may hand us its children."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    with suppress(OSError, ChildProcessError):
        while children := listed.read_text().split():
            for child in map(int, children):
                os.kill(child, signal.SIGKILL)  # ours to reap, so its number is still its own
                os.waitpid(child, 0)
