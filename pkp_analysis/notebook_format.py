"""nbformat, without the second it takes to import where jsonschema compiles the grammar of all international
addresses.

It does so when it finds the package rfc3987_syntax; the format of a notebook has no address in it.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)

import nbformat  # noqa: E402
from nbformat import NotebookNode  # noqa: E402

__all__ = ["NotebookNode", "nbformat"]
