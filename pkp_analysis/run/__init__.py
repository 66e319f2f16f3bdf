"""Plan, one process per notebook, manifest."""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # before papermill imports nbformat: see notebook_format
