"""The process that warm kernels are forked from: it imports the scientific stack and reads the package's own
tables once, then forks on request.

`kernel_servers.py` starts it and speaks to it in lines of JSON over one socket. Not multiprocessing's own
fork server: that one
serves every pool of a program, takes over its environment and lives on while any kernel holds its pipe.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import selectors
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path

# Imports only: what a thread, a zmq context or an Arrow read leaves behind does not survive a fork.
# matplotlib_inline is
# not here because it looks for a running shell when it is imported, nor pyarrow.dataset because it reserves a
# gigabyte.
PRELOADED = (
    "numpy",
    "pandas",
    "scipy.special",
    "scipy.optimize",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "pyarrow.parquet",
    "pandas.io.parquet",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel_launcher",
    "ipykernel.debugger",
    "IPython.extensions.storemagic",
    "IPython.core.completerlib",
    "tornado.platform.asyncio",
    "sqlite3",
    "pyarrow.pandas_compat",
    "jinja2",
    "pkp_analysis.pages.region",
    "pkp_analysis.pages.indicator",
    "pkp_analysis.pages.data_quality",
    "pkp_analysis.region.facts",
    "pkp_analysis.pages.methods",
)
STOP = b"stop"
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
GONE_AFTER = 0.5  # seconds between two looks at whether the process above is still there


def main() -> None:
    """Serve until told to stop or the runner is gone; returns in each forked process as that process's
    kernel.
    """
    channel = socket.socket(fileno=int(sys.argv[1]))
    runner = os.getppid()
    adopt_orphans()
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder the server was started in, as ipykernel_launcher does
    gc.disable()  # imports make little garbage, and looking for it takes a tenth of their time
    for name in PRELOADED:
        importlib.import_module(name)
    # first of all texts as Python's own: Arrow would reserve a gigabyte of each kernel's memory
    suit_reports()
    read_ahead()
    if (threads := len(os.listdir("/proc/self/task"))) > 1:  # also those Python knows nothing of
        raise SystemExit(
            f"an import started {threads - 1} threads, which no fork survives: {threading.enumerate()}"
        )
    gc.collect()
    gc.freeze()  # pages of the preloaded modules stay shared
    gc.enable()
    request = serve(channel, runner)
    if request:
        become_kernel(request)
    elif request is None:
        shutil.rmtree(sys.argv[2], ignore_errors=True)  # the runner was killed and cannot


def read_ahead() -> None:
    """What every report reads from the package itself, and the letters of charts: read once here, not once in
    each kernel.
    """
    from ..charts.figure import Figure, paper
    from ..data import codebook, regions
    from ..words.catalogue import load_sentences

    regions.regions()
    codebook.to_indicator("sanitasi_layak")
    for lang in ("id", "en"):
        load_sentences(lang)
    canvas, axes = paper(60)
    axes.text(0, 0, "0%", fontweight="bold")
    _ = Figure(canvas, "", "", "", None).svg


def suit_reports() -> None:
    """Settings for processes that handle many small tables and soon end; they change how quickly, not what,
    they compute.
    """
    import pandas

    gc.set_threshold(50_000, 20, 20)
    pandas.set_option("mode.string_storage", "python")  # Arrow's own texts pay off from some thousand rows


def serve(channel: socket.socket, runner: int) -> dict | None:
    """Fork a kernel per request and report each end.

    Returns the request in a kernel; in the server an empty one when told to stop, None when the runner is
    gone.
    """
    kernels: dict[int, int] = {}  # pid -> pidfd
    waiting = b""
    with selectors.DefaultSelector() as selector:
        selector.register(channel, selectors.EVENT_READ)
        while os.getppid() == runner:
            for key, _ in selector.select(GONE_AFTER):
                if key.data is not None:
                    selector.unregister(key.fd)
                    os.close(kernels.pop(key.data))
                    tell(channel, {"ended": key.data, "code": end(key.data, kernels)})
                    continue
                received = receive(channel)
                if not received:
                    end_all(kernels)
                    return None
                *lines, waiting = (waiting + received).split(b"\n")
                for line in lines:
                    if line == STOP:
                        end_all(kernels)
                        return {}
                    pid = os.fork()
                    if pid == 0:
                        channel.close()
                        selector.close()
                        for descriptor in kernels.values():
                            os.close(descriptor)
                        return json.loads(line)
                    kernels[pid] = os.pidfd_open(pid)
                    selector.register(kernels[pid], selectors.EVENT_READ, pid)
                    tell(channel, {"started": pid})
    end_all(kernels)
    return None


def receive(channel: socket.socket) -> bytes:
    """What the runner sent; nothing when it is gone."""
    try:
        return channel.recv(1 << 20)
    except ConnectionError:
        return b""


def tell(channel: socket.socket, message: dict) -> None:
    with contextlib.suppress(ConnectionError):  # the runner is gone: the next receive() says so
        channel.sendall(json.dumps(message).encode() + b"\n")


def end(pid: int, kernels: dict[int, int]) -> int:
    """The exit code of a kernel that has ended; whatever its notebook left running ends with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # before waitpid: until then nobody else can get this number
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    while left := orphans() - kernels.keys():  # those that left its group; ending them may orphan others
        for orphan in left:
            os.kill(orphan, signal.SIGKILL)  # ours to reap, so its number is still its own
            os.waitpid(orphan, 0)
    return code


def end_all(kernels: dict[int, int]) -> None:
    while kernels:
        pid, descriptor = kernels.popitem()
        os.close(descriptor)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        end(pid, kernels)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none escapes."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def orphans() -> set[int]:
    """The children of this process: kernels, and what their notebooks left behind."""
    pid = os.getpid()
    with contextlib.suppress(OSError):  # a kernel of Linux built without this file
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return set()


def become_kernel(request: dict) -> None:
    """Everything a kernel started by `python -m ipykernel_launcher` has of its own, then the kernel itself."""
    server = os.getppid()
    adopt_orphans()
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(
            "800"
        )  # when memory runs out, end this notebook and not the runner
    os.setsid()  # an interrupt reaches this kernel's group and nothing else
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=follow, args=(server,), daemon=True).start()
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["cwd"])
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    sys.argv = [sys.modules["ipykernel_launcher"].__file__, *request["arguments"]]

    from ipykernel.kernelapp import IPKernelApp

    class WarmKernelApp(IPKernelApp):
        def init_poller(self):
            """Nothing: follow() watches, and ends what the notebook started as well."""

    WarmKernelApp.launch_instance(request["arguments"], parent_handle=server)


def follow(server: int) -> None:
    """End this kernel and everything it started when the fork server is gone."""
    while os.getppid() == server:
        time.sleep(GONE_AFTER)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
