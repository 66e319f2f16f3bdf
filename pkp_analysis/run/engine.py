"""The papermill engine of the runner: private sockets, an own folder and environment per kernel, bounded
output.
"""

import atexit
import os
import signal
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines

from ..notebook_format import NotebookNode  # before papermill, which imports nbformat its own way
from .kernel_servers import WarmProcess
from .sockets import remove_sockets, use_private_sockets

NAME = "pkp"
START_TIMEOUT = 60
RECONNECT = 10  # milliseconds between two looks for the sockets of a kernel that starts
IOPUB_TIMEOUT = 60  # papermill's 4 s fail a busy machine
TEXT_LIMIT = 1_000_000  # characters a notebook may print
OUTPUT_LIMIT = 64_000_000  # characters of all other outputs together; a report has under one million
stopping = (
    threading.Event()
)  # set on Ctrl-C and SIGTERM: kernels that die now are no failures of their notebooks
atexit.register(
    stopping.set
)  # before kernel_servers.close_all: a worker that ends writes no failure page over a good one
running: set[int] = set()  # process groups of the kernels that run now
DISPLAYS = ("display_data", "execute_result", "update_display_data")


@dataclass
class Watch:
    """What is known of a notebook while it runs: the cell being executed (its place), the cells so far, how
    its kernel started.
    """

    cell: int | None = None
    notebook: NotebookNode | None = None
    warm: bool = False


class PromptClient(AsyncKernelClient):
    """Speaks to a kernel as soon as it answers; jupyter_client's own waits for 0.2 s of silence first, and
    looks for a new socket every 0.1 s.
    """

    def _context_default(self):
        context = super()._context_default()
        context.reconnect_ivl = RECONNECT
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Until the kernel has answered and is heard; RuntimeError when it dies or does not answer in
        `timeout` seconds.
        """
        until = time.monotonic() + (timeout or START_TIMEOUT)
        while time.monotonic() < until:
            self.kernel_info()
            with suppress(Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


class PrivateClient(PapermillNotebookClient):
    """papermill's client, for a kernel that shares nothing with its neighbours."""

    def __init__(
        self, nb_man, watch: Watch, environment: dict, folder: str | None, memory: int | None, **options
    ):
        super().__init__(nb_man, **options)
        self.watch, self.environment, self.folder, self.memory = watch, environment, folder, memory
        self.manager = self.process = None
        self.printed = self.shown = 0

    def create_kernel_manager(self):
        self.manager = super().create_kernel_manager()
        self.manager.client_factory = PromptClient
        use_private_sockets(self.manager)
        return self.manager

    def start_new_kernel(self, **options):
        if stopping.is_set():
            raise RuntimeError("the run is being stopped")
        with_own = {
            "cwd": self.folder or tempfile.mkdtemp(dir=Path(self.manager.connection_file).parent),
            "env": os.environ | self.environment,
        }
        super().start_new_kernel(**options | with_own)
        self.process = self.manager.provisioner.process
        running.add(self.process.pid)
        if stopping.is_set():  # the signal came between the two: end_running() has not seen this kernel
            end_group(self.process.pid)
        self.watch.warm = isinstance(self.process, WarmProcess)
        limit_memory(self.process.pid, self.memory)

    def release(self) -> None:
        """End what the notebook started and left behind, and remove its folder."""
        if self.process is not None:
            running.discard(self.process.pid)
            end_group(self.process.pid)
        if self.manager is not None:
            remove_sockets(self.manager)

    def execute_cell(self, cell, cell_index, **options):
        self.watch.cell = cell_index
        return super().execute_cell(cell, cell_index, **options)

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if msg["msg_type"] == "stream":
            room = TEXT_LIMIT - self.printed
            self.printed += len(content["text"])
            if room <= 0:
                return None
            if self.printed > TEXT_LIMIT:
                content["text"] = (
                    content["text"][:room] + f"\n… keluaran dipotong pada {TEXT_LIMIT} karakter …\n"
                )
        elif msg["msg_type"] in DISPLAYS:
            self.shown += sum(len(str(value)) for value in content["data"].values())
            if self.shown > OUTPUT_LIMIT:
                return None
        return super().process_message(msg, cell, cell_index)


class PrivateEngine(Engine):
    """Runs a notebook with PrivateClient; options beyond papermill's own are those of the client."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man,
        kernel_name,
        execution_timeout=None,
        watch=None,
        environment=None,
        folder=None,
        memory=None,
        **_,
    ):
        watch = watch or Watch()
        watch.notebook = nb_man.nb
        client = PrivateClient(
            nb_man,
            watch,
            environment or {},
            folder,
            memory,
            kernel_name=kernel_name,
            timeout=execution_timeout,
            startup_timeout=START_TIMEOUT,
            iopub_timeout=IOPUB_TIMEOUT,
            shutdown_kernel="immediate",
        )
        try:
            return client.execute()
        finally:
            client.release()


papermill_engines.register(NAME, PrivateEngine)


def end_running() -> None:
    """End every kernel of this process at once."""
    for pid in list(running):
        end_group(pid)


def end_group(pid: int | None) -> None:
    if pid and hasattr(os, "killpg"):
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def limit_memory(pid: int, size: int | None) -> None:
    """Let the process have `size` bytes of data at most, so that it raises MemoryError before the machine
    suffers.
    """
    try:
        from resource import RLIMIT_DATA, prlimit
    except ImportError:
        return  # only Linux can limit another process
    if size:
        prlimit(pid, RLIMIT_DATA, (size, size))
