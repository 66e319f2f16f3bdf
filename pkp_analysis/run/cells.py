"""The cells of one notebook, run by a process that knows no other notebook.

On Linux that process is a fork: ipykernel's shell, spoken to over a pipe instead of sockets. Elsewhere, and
where the switch PKP_KERNEL asks for it, it is an ordinary kernel. Outputs and errors are the same.
"""

import builtins
import io
import json
import os
import random
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import SimpleNamespace

from IPython.core.error import StdinNotImplementedError
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

from ..notebook_format import NotebookNode
from .processes import die_with_parent, end_children, use_environment

NAME = "pkp"
START_TIMEOUT = 60  # seconds, of an ordinary kernel
TEXT_LIMIT = 1_000_000  # characters a notebook may print
OUTPUT_LIMIT = (
    20_000_000  # characters of all its other outputs and their metadata; a report has under a million
)
ERROR_LIMIT = 20_000  # characters of an error's message, and of its traceback
MESSAGE_LIMIT = 150_000_000  # bytes of one message; more than the limits above ever let through
CUT = "\n… keluaran dipotong pada {limit} karakter …\n"
DISPLAYS = ("display_data", "execute_result", "update_display_data")


@dataclass
class Watch:
    """What is known of a notebook while it runs: the cell being executed (its place), the cells so far, and what
    ended it.
    """

    cell: int | None = None
    notebook: NotebookNode | None = None
    error: CellExecutionError | None = None


@dataclass
class Limits:
    """What a notebook may still put out. `cut` gives a message's content, shortened, or None when it is full."""

    printed: int = 0
    shown: int = 0

    def cut(self, kind: str, content: dict) -> dict | None:
        if kind == "stream":
            room, self.printed = TEXT_LIMIT - self.printed, self.printed + len(content["text"])
            return content | {"text": shortened(content["text"], room, TEXT_LIMIT)} if room > 0 else None
        if kind == "error" or content.get("status") == "error":
            short = {
                "ename": shortened(content["ename"], 200),
                "evalue": shortened(content["evalue"], ERROR_LIMIT),
            }
            whole = "\n".join(content["traceback"])
            long = {"traceback": [shortened(whole, ERROR_LIMIT)]} if len(whole) > ERROR_LIMIT else {}
            return content | short | long
        if kind in DISPLAYS:
            before = self.shown
            self.shown += len(as_json([content["data"], content["metadata"]]))
            if self.shown > OUTPUT_LIMIT:
                told = {"text/plain": CUT.format(limit=OUTPUT_LIMIT)}
                return content | {"data": told, "metadata": {}} if before <= OUTPUT_LIMIT else None
        return content


def shortened(text: str, room: int, limit: int | None = None) -> str:
    return text if len(text) <= room else text[:room] + CUT.format(limit=limit or room)


def as_json(content) -> str:
    return json.dumps(content, default=json_default, ensure_ascii=False)


# The process that runs cells


class PipeSession(Session):
    """Where ipykernel's shell has a session of sockets: every message goes into the pipe, cut to its limit."""

    def __init__(self, connection: Connection):
        super().__init__(key=b"pkp")
        self.connection, self.limits = connection, Limits()

    def msg(self, msg_type, content=None, **_):
        header = {"msg_type": msg_type}
        return {"header": header, **header, "content": content or {}, "parent_header": {}}

    def send(self, stream, msg_or_type, content=None, parent=None, **_):
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content)
        content = self.limits.cut(message["msg_type"], message["content"])
        if content is not None:
            self.connection.send_bytes(as_json(message | {"content": content}).encode(errors="surrogatepass"))


class Stream(io.StringIO):
    """sys.stdout and sys.stderr of a notebook: a message for all that was written since the last one."""

    encoding, errors = "UTF-8", "replace"

    def __init__(self, session: PipeSession, name: str, descriptor: int):
        super().__init__()
        self.session, self.name, self.descriptor = session, name, descriptor

    def write(self, text: str) -> int:
        return super().write(text) if self.tell() <= TEXT_LIMIT else len(text)  # what is beyond is cut anyhow

    def flush(self) -> None:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        if text:
            self.session.send(None, "stream", {"name": self.name, "text": text})

    def close(self) -> None:
        """Stays open: what follows is printed all the same."""

    def fileno(self) -> int:
        return self.descriptor


def new_shell(session: PipeSession):
    """ipykernel's shell with its messages going to `session`."""
    from ipykernel.zmqshell import ZMQInteractiveShell

    class Shell(ZMQInteractiveShell):
        def enable_gui(self, gui=None):
            """Nothing: there is no window, and %matplotlib inline needs none."""

    shell = Shell.instance(
        config=Config({"HistoryManager": {"enabled": False}}), kernel=SimpleNamespace(eventloop=None)
    )
    shell.displayhook.session = shell.display_pub.session = session
    return shell


def run_cells(connection: Connection, memory: int | None) -> None:
    """Run the cells that come through `connection` until it is closed; answers each with messages as a
    kernel's.
    """
    limit_memory(os.getpid(), memory)
    with suppress(OSError):  # when memory runs out, end this notebook and not the run
        Path("/proc/self/oom_score_adj").write_text("800")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    time.tzset()
    random.seed()
    sys.modules["numpy"].random.seed()
    session = PipeSession(connection)
    streams, written = [], []
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        written.append(tempfile.TemporaryFile(mode="ab+", buffering=0))  # what processes a cell starts print
        os.dup2(written[-1].fileno(), descriptor)
        streams.append(Stream(session, name, descriptor))
    sys.stdout, sys.stderr = streams
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    builtins.input = refuse_input
    sys.path[:] = start_path()
    shell = new_shell(session)
    while not shell.exit_now:
        result = shell.run_cell(connection.recv(), store_history=True)
        for stream, file in zip(streams, written, strict=True):
            file.seek(0)
            stream.write(file.read(TEXT_LIMIT + 1).decode(errors="replace"))
            file.truncate(0)
            stream.flush()
        error = result.error_before_exec or result.error_in_exec
        content = {"status": "ok", "execution_count": shell.execution_count - 1}
        if not result.success or shell._last_traceback_during_displayhook:
            content |= {"status": "error", "ename": type(error).__name__, "evalue": str(error)}
            content |= {"traceback": list(shell._last_traceback or [])}
        session.send(None, "execute_reply", content)


def start_path() -> list[str]:
    """Where an ordinary kernel looks for modules, without what the starting command put before it."""
    library = next((n for n, place in enumerate(sys.path) if place.endswith(".zip")), 0)
    asked = [os.path.abspath(place) for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    found = asked + [place for place in sys.path[library:] if place]
    site = next((n for n, place in enumerate(found) if Path(place).name == "site-packages"), 0)
    return [*found[:site], "", *found[site:]]  # "": the notebook's own folder


def refuse_input(*_):
    """What an ordinary kernel says when nobody is there to answer."""
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def limit_memory(pid: int, size: int | None) -> None:
    """Let a process have `size` bytes of data at most, so that it raises MemoryError before the machine suffers."""
    try:
        from resource import RLIMIT_DATA, prlimit
    except ImportError:
        return  # only Linux can
    if size:
        prlimit(pid, RLIMIT_DATA, (size, size))


# The process that asks for them


class CellClient(PapermillNotebookClient):
    """papermill's client with limits, for a notebook that shares nothing with its neighbours."""

    def __init__(self, nb_man, watch: Watch, folder: str, environment: dict, memory: int | None, **options):
        super().__init__(nb_man, **options)
        self.watch, self.folder, self.environment, self.memory = watch, folder, environment, memory
        watch.notebook, self.limits = nb_man.nb, Limits()

    def execute_cell(self, cell, cell_index, **options):
        self.watch.cell = cell_index
        try:
            return self.run_cell(cell, cell_index, **options)
        except CellExecutionError as error:
            self.watch.error = error
            raise

    def process_message(self, msg, cell, cell_index):
        """As papermill's; texts that follow each other become one, whenever they came."""
        content = self.limits.cut(msg["msg_type"], msg["content"])
        if content is None:
            return None
        output = super().process_message({**msg, "content": content}, cell, cell_index)
        if output is not None and output.output_type == "stream" and len(cell.outputs) > 1:
            before = cell.outputs[-2]
            if before.output_type == "stream" and before.name == output.name:
                before.text += cell.outputs.pop().text
        return output


class ForkClient(CellClient):
    """Runs cells in a fork of this process, which must have no threads and belong to one notebook alone."""

    def execute(self, **_):
        """The executed notebook. Whatever the fork started ends with it."""
        self.reset_execution_trackers()
        self.connection, theirs = Pipe()
        start_fork(theirs, [self.connection, *inherited], self.folder, self.environment, self.memory)
        theirs.close()
        try:
            self.papermill_execute_cells()
        finally:
            self.connection.close()
            end_children()
        return self.nb

    def run_cell(self, cell, cell_index, **_):
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        cell.outputs, self.clear_before_next_output = [], False
        message, until = {"msg_type": ""}, time.monotonic() + (self.timeout or 1e9)
        try:
            self.connection.send(cell.source)
            self.code_cells_executed += 1
            while message["msg_type"] != "execute_reply" and wait(
                [self.connection], until - time.monotonic()
            ):
                message = json.loads(self.connection.recv_bytes(MESSAGE_LIMIT))
                if message["msg_type"] != "execute_reply":
                    self.process_message(message, cell, cell_index)
        except (EOFError, OSError):
            raise DeadKernelError("Kernel died") from None
        if message["msg_type"] != "execute_reply":
            raise CellTimeoutError.error_from_timeout_and_cell("", self.timeout, cell)
        content = message["content"]
        cell.execution_count = content["execution_count"]
        if content["status"] == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            raise CellExecutionError.from_cell_and_msg(cell, content)
        return cell


inherited: list[Connection] = []  # of this process, and no business of the notebook's


def start_fork(connection: Connection, others, folder: str, environment: dict, memory: int | None) -> None:
    """Start a fork that runs cells in `folder`, without the connections in `others`; it dies with this process."""
    parent = os.getpid()
    if os.fork():
        return
    try:
        die_with_parent(parent, signal.SIGKILL)
        for other in others:
            other.close()
        use_environment(environment)
        os.chdir(folder)
        run_cells(connection, memory)
    except (EOFError, OSError):
        pass  # no cell is left, or nobody is there to ask
    finally:
        os._exit(0)


class KernelClient(CellClient):
    """Runs cells in an ordinary kernel: where forking is missing, and in the workers of a cluster."""

    run_cell = PapermillNotebookClient.execute_cell

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        self.own = tempfile.TemporaryDirectory(prefix="k", ignore_cleanup_errors=True)
        manager.connection_file = os.path.join(self.own.name, "c.json")
        if os.name == "posix" and len(self.own.name) < 90:  # ports race between kernels that start at once
            manager.transport, manager.ip = "ipc", os.path.join(self.own.name, "s")
        return manager

    def start_new_kernel(self, **options):
        compiler = '__import__("IPython.core.compilerop").core.compilerop.CachingCompiler'
        self.extra_arguments = [  # tracebacks and warnings that name no process
            f"--IPKernelApp.exec_lines=get_ipython().compile.__class__ = {compiler}"
        ]
        super().start_new_kernel(**options | {"cwd": self.folder, "env": self.environment})
        limit_memory(self.km.provisioner.pid, self.memory)

    def execute(self, **options):
        try:
            return super().execute(**options)
        finally:
            if self.km is not None and self.km.provisioner and hasattr(os, "killpg"):
                with suppress(ProcessLookupError, PermissionError, TypeError):
                    os.killpg(self.km.provisioner.pgid, signal.SIGKILL)  # what the notebook left behind


class CellEngine(Engine):
    """papermill's engine: `client` is one of the clients above with everything but the notebook given."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, client=None, execution_timeout=None, **_):
        return client(
            nb_man,
            kernel_name=kernel_name,
            timeout=execution_timeout,
            startup_timeout=START_TIMEOUT,
            iopub_timeout=START_TIMEOUT,
            shutdown_kernel="immediate",
        ).execute()


papermill_engines.register(NAME, CellEngine)
