"""Errors raised on purpose. Each says the place, what was found, what was expected and what to do next."""

import errno
import os


class PkpError(Exception):
    """Base of every error this library raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it: the sentence alone; the frames of the library help no planner."""
        return [f"{type(self).__name__}: {self}"]


class BadRequestError(PkpError):
    """The request itself is wrong (unknown parameter, option or folder): nothing was done."""

    exit_code = 2


class UnknownRegionError(BadRequestError):
    """A region name or code that the register does not know, or that fits several regions.

    `candidates` is a list of (region_code, full name) that may be meant;
    `reason` is "unknown", "ambiguous", "outside" (exists, but not in the province asked for) or "combined"
    (two regions in one name).
    """

    def __init__(self, message, candidates=(), reason="unknown"):
        super().__init__(message)
        self.candidates = list(candidates)
        self.reason = reason


class UnknownIndicatorError(BadRequestError):
    """An indicator code, name or table title the codebook does not know, or that names several; `candidates`
    are codes; `reason` is "unknown", "several", "negated", "other" (the word makes it another quantity) or
    "beside" (a word that may).
    """

    def __init__(self, message, candidates=(), reason="unknown"):
        super().__init__(message)
        self.candidates = list(candidates)
        self.reason = reason


class UnreadableFileError(PkpError):
    """A file that no reader understands, or that cannot be opened at all."""


class DataContractError(PkpError):
    """The figures break a rule the whole build relies on: a stale correction, a lost cell, a column of the
    wrong type.
    """


SYSTEM_FAULTS = {  # error numbers -> what happened, and what to do
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG): (
        "disk penuh atau batas ukuran tercapai",
        "Sediakan ruang, lalu jalankan lagi; yang sudah selesai tidak diulang",
    ),
    (errno.EACCES, errno.EPERM, errno.EROFS): (
        "tidak boleh dibaca atau ditulis",
        "Perbaiki izinnya, atau pilih folder lain",
    ),
    (errno.EMFILE, errno.ENFILE): (
        "terlalu banyak file terbuka sekaligus",
        "Naikkan batasnya dengan `ulimit -n 1024`, atau kurangi --jobs",
    ),
    (errno.ENOENT,): ("tidak ada lagi", "Periksa letaknya, dan pindah dahulu ke folder proyek"),
}


def system_fault(error: Exception) -> str | None:
    """A sentence with place and next step for a fault of the system around us (disk, permission, file
    handles, folders, memory, missing module); None for any other error.
    """
    text = str(error)
    for numbers, (found, advice) in SYSTEM_FAULTS.items():
        number = getattr(error, "errno", None)
        if number in numbers or any(os.strerror(known) in text for known in numbers if number is None):
            place = getattr(error, "filename", None) or "Sistem"
            return f"{place}: {found} ({os.strerror(numbers[0] if number is None else number)}). {advice}."
    if isinstance(error, OSError):
        found = error.strerror or text or type(error).__name__
        return f"{error.filename or 'Sistem'}: {found}. Periksa letak itu, lalu ulangi."
    if isinstance(error, MemoryError):
        return "Memori tidak cukup. Tutup program lain atau kurangi --jobs, lalu ulangi."
    if isinstance(error, ImportError):
        return (
            f"Modul {error.name or text} tidak dapat dimuat ({text}). Pasang ulang lingkungannya menurut"
            " README, misalnya `pip install -e .`, lalu ulangi."
        )
    if isinstance(error, RuntimeError) and "home" in text.lower():
        return "Folder rumah tidak dikenal. Isi variabel HOME dengan folder yang boleh ditulis, lalu ulangi."
    return None
