"""The runner's end of the processes that warm kernels are forked from.

Apart from `kernels.py` because it needs nothing but the standard library: a server starts importing before
the runner does.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from queue import Empty, Queue

from ..paths import PACKAGE
from .forkserver import STOP
from .sockets import private_folder, remove_folder

CAN_FORK = sys.platform == "linux" and hasattr(os, "pidfd_open")
START_TIMEOUT = 60  # seconds, the preload included
# Part of a result, so the same on both paths: the order of sets, the backend of figures, sums that no number
# of threads changes.
FIXED = {
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": (
        "1"
    ),  # the debugger comes with every kernel, and would warn on the terminal
    "JE_ARROW_MALLOC_CONF": (  # importing pyarrow starts a thread, and threads do not survive a fork
        "background_thread:false"
    ),
}
# Read once, at import: a kernel that asks for other values needs another server.
READ_AT_IMPORT = (
    "PYTHON",
    "OMP_",
    "OPENBLAS_",
    "MKL_",
    "MPL",
    "NUMEXPR",
    "LC_",
    "LANG",
    "LD_",
    "TZ",
    "HOME",
    "XDG_",
    "IPYTHON",
)


class WarmProcess:
    """A forked kernel with the manners of subprocess.Popen; its parent is the server, which tells how it
    ended.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid = pid
        self.returncode: int | None = None
        self.ended = threading.Event()

    def end(self, code: int) -> None:
        self.returncode = code
        self.ended.set()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if not self.ended.wait(timeout):
            raise subprocess.TimeoutExpired("kernel", timeout)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Server:
    """The runner's end of one fork server."""

    def __init__(self, env: dict):
        self.kernels: dict[int, WarmProcess] = {}
        self.started: Queue = Queue()
        self.one_at_a_time = threading.Lock()
        self.alive = True
        self.channel, theirs = socket.socketpair()
        with theirs:
            # Its stdin is nobody's keyboard; its session is its own, so that Ctrl-C on the terminal reaches
            # the runner only.
            command = [
                sys.executable,
                "-m",
                "pkp_analysis.run.forkserver",
                str(theirs.fileno()),
                str(private_folder()),
            ]
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=env,
                cwd="/",
                start_new_session=True,
            )
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, arguments: list[str], cwd: str, env: dict) -> WarmProcess:
        """A kernel forked with these arguments, folder and environment; OSError when the server cannot."""
        request = json.dumps({"arguments": arguments, "cwd": cwd, "env": env}).encode() + b"\n"
        with self.one_at_a_time:
            self.channel.sendall(request)
            try:
                kernel = self.started.get(timeout=START_TIMEOUT)
            except Empty:
                self.close()
                kernel = None
        if kernel is None:
            raise OSError("proses induk kernel tidak menjawab")
        return kernel

    def _listen(self) -> None:
        """Until the server is gone: hand over started kernels, note ended ones."""
        with self.channel.makefile("r", encoding="utf-8") as lines, contextlib.suppress(OSError, ValueError):
            for line in lines:
                message = json.loads(line)
                if "started" in message:
                    kernel = self.kernels[message["started"]] = WarmProcess(message["started"])
                    self.started.put(kernel)
                else:
                    self.kernels.pop(message["ended"]).end(message["code"])
        self.alive = False
        self.started.put(None)
        for kernel in list(self.kernels.values()):
            kernel.end(-signal.SIGKILL)  # follow() in the kernel sees to it

    def close(self) -> None:
        """End the server and its kernels, and wait for it."""
        if not self.kernels:
            self.process.kill()  # perhaps still importing for a request that was refused meanwhile
        with contextlib.suppress(OSError):
            self.channel.sendall(STOP + b"\n")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.channel.close()


# One runner's servers and its folder

_servers: dict[tuple, Server] = {}
_guard = threading.RLock()


def server_for(env: dict) -> Server:
    """The running server for this source of the library and this import-time environment; started when there
    is none.
    """
    key = (
        _source_state(),
        tuple(sorted((name, value) for name, value in env.items() if name.startswith(READ_AT_IMPORT))),
    )
    with _guard:
        for other, server in list(_servers.items()):
            if not server.alive or (other != key and not server.kernels):
                _servers.pop(other).close()
        if key not in _servers:
            _servers[key] = Server(env)
        return _servers[key]


def warm_up(environment: dict | None = None) -> None:
    """Start importing now, while the runner is still planning."""
    if CAN_FORK:
        with contextlib.suppress(OSError):
            server_for({**os.environ, **FIXED, **(environment or {})})


def close_idle() -> None:
    """End the servers without a kernel: on a worker of a cluster, kernels may belong to another run."""
    with _guard:
        for key in [key for key, server in _servers.items() if not server.kernels]:
            _servers.pop(key).close()


def close_all() -> None:
    """End every kernel and server of this process and remove its folder."""
    with _guard:
        while _servers:
            _servers.popitem()[1].close()
        remove_folder()


def _source_state() -> tuple:
    """Changes when a module, a sentence or a table of the library does: a server has read all of them."""
    state = []
    for folder, below, files in os.walk(PACKAGE):
        below[:] = [name for name in below if name != "__pycache__"]
        state += [
            (path, os.stat(path).st_mtime_ns) for path in (os.path.join(folder, name) for name in files)
        ]
    return tuple(sorted(state))


def _after_fork() -> None:
    """A process forked from the runner has no servers: its copies of the sockets would keep them alive."""
    global _guard
    for server in _servers.values():
        server.channel.close()
    _servers.clear()
    _guard = threading.RLock()


atexit.register(close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
