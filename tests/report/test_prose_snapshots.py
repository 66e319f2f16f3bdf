"""The prose of three reports, word for word. After a wanted change: PKP_UPDATE_GOLDEN=1 pytest
tests/report/test_prose_snapshots.py
"""

import os
from pathlib import Path

import pytest

from .page_text import METHODS, prose

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


@pytest.mark.parametrize(("code", "lang"), [("6303", "id"), ("6304", "id"), ("63", "id"), ("63", "en")])
def test_prose_reads_as_agreed(build, code, lang):
    report = build(code, lang)
    lines = [f"[{name}]\n" + "\n".join(prose(report, name)) for name in METHODS if prose(report, name)]
    text = "\n\n".join(lines) + "\n"
    path = GOLDEN / f"prose_{code}_{lang}.txt"
    if os.environ.get("PKP_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
