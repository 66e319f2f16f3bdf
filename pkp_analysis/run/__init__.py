"""Plan, one warm process per notebook, manifest."""

from .. import notebook_format  # noqa: F401  (before papermill, which imports nbformat its own way)
