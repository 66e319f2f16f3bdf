"""The code is formatted and linted as pyproject.toml says."""

import subprocess
import sys

import pytest

from pkp_analysis.paths import PACKAGE


@pytest.mark.parametrize("command", [("check",), ("format", "--check")])
def test_ruff_finds_nothing(command):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "pkp_analysis", "tests"],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
