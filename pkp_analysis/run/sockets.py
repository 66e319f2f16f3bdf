"""A private folder per process for the sockets and connection files of its kernels; nothing of it outlives a
run.
"""

import atexit
import os
import shutil
import tempfile
import threading
from pathlib import Path

SOCKET_PATH_BYTES = 100  # the address of a Unix socket holds 107
PREFIX = "pkp-"
_folders: dict[int, tuple[str, object]] = {}
_lock = threading.Lock()


def private_folder() -> Path:
    """This process's folder, readable by the user only; made on first use, removed at exit.

    Folders of processes that were killed are removed on the way: their lock is free.
    """
    with _lock:
        if os.getpid() not in _folders:
            remove_abandoned()
            folder = tempfile.mkdtemp(prefix=PREFIX, dir=short_folder())
            held = open(Path(folder) / "new", "w")  # held open as long as the process lives
            lock_file(held)
            os.rename(
                Path(folder) / "new", Path(folder) / "lock"
            )  # only now may another process ask whether we live
            _folders[os.getpid()] = (folder, held)
            atexit.register(remove_folder)
        return Path(_folders[os.getpid()][0])


def short_folder() -> str:
    """Where temporary folders go: not deep, because the address of a Unix socket is short."""
    usual = tempfile.gettempdir()
    return "/tmp" if os.name == "posix" and len(os.fsencode(usual)) > 60 else usual


def remove_folder() -> None:
    folder, held = _folders.pop(os.getpid(), (None, None))
    if folder:
        held.close()
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned() -> None:
    """Remove the folders whose process is gone."""
    for lock in Path(short_folder()).glob(f"{PREFIX}*/lock"):
        try:
            with open(lock, "r+") as held:
                if lock.stat().st_uid == os.getuid() and lock_file(held):
                    shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:
            continue  # another process is removing it, or it is another user's


def lock_file(file) -> bool:
    """Whether the file is now locked by this process; the lock ends with the process, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def use_private_sockets(manager) -> None:
    """Give a kernel manager its own folder under the private one: connection file and, where it can be, IPC
    sockets.

    TCP ports race between processes that start at once; a short prefix per kernel cannot.
    """
    folder = tempfile.mkdtemp(dir=private_folder(), prefix="k")
    manager.connection_file = os.path.join(folder, "c.json")
    if os.name == "posix" and len(os.fsencode(folder)) < SOCKET_PATH_BYTES:
        manager.transport = "ipc"
        manager.ip = os.path.join(folder, "s")


def remove_sockets(manager) -> None:
    """Remove the folder that `use_private_sockets` gave the manager."""
    shutil.rmtree(Path(manager.connection_file).parent, ignore_errors=True)
