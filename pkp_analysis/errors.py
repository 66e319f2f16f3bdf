"""Errors raised on purpose. Each says the place, what was found, what was expected and what to do next."""


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
    are codes.
    """

    def __init__(self, message, candidates=()):
        super().__init__(message)
        self.candidates = list(candidates)


class UnreadableFileError(PkpError):
    """A file that no reader understands, or that cannot be opened at all."""


class DataContractError(PkpError):
    """The figures break a rule the whole build relies on: a stale correction, a lost cell, a column of the
    wrong type.
    """
