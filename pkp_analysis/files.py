"""Files written whole or not at all, their hash, and the lock of a folder."""

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import BadRequestError

LOCK_WAIT = 60.0  # seconds a command waits for another one that is about to finish
_mine = threading.local()  # folders this thread holds already


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to, which takes its name once all is written and on disk; nothing stays
    of a failure.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a full disk names no place of its own
        raise
    finally:
        part.unlink(missing_ok=True)


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, also when the power fails; text as UTF-8."""
    with whole(Path(path)) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def locked(folder: Path, wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold a folder while the block runs: data/raw for the project's data, the output folder for its pages.

    Nothing is written there; the lock ends with the process, however it ends, and the thread that holds it
    may take it again. Raises BadRequestError when the folder is missing, or still held by another after
    `wait` seconds.
    """
    folder = Path(folder).resolve()
    held = _mine.__dict__.setdefault("folders", set())
    if folder in held:
        yield
        return
    if not folder.is_dir():
        raise BadRequestError(f"Folder {folder} tidak ada. Periksa alamatnya, atau buat foldernya.")
    until = time.monotonic() + wait
    while (descriptor := hold(folder)) is None:
        if time.monotonic() >= until:
            raise BadRequestError(
                f"{folder} sedang dipakai perintah pkp lain. Tunggu sampai selesai, lalu ulangi."
            )
        time.sleep(0.05)
    held.add(folder)
    try:
        yield
    finally:
        held.discard(folder)
        release(descriptor)


if os.name == "posix":
    import fcntl

    def hold(folder: Path) -> int | None:
        """A descriptor that holds the folder until `release` or the end of this process; None when another has it."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # also where a child process still holds the descriptor
        os.close(descriptor)

else:
    import msvcrt

    def hold(folder: Path) -> int | None:
        """As above; Windows locks files, not folders: one of the folder's name among the temporary ones."""
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        descriptor = os.open(Path(tempfile.gettempdir()) / f"pkp-{name}.lock", os.O_RDWR | os.O_CREAT)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(descriptor)
            return None
        return descriptor

    def release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        os.close(descriptor)
