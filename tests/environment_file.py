"""Writes environment.yml from pyproject.toml: `python -m tests.environment_file > environment.yml`."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

HEADER = """\
# Generated from pyproject.toml by `make lock`; edit pyproject.toml, not this file. A test compares the two.
#   conda env create -f environment.yml
#   conda activate pkp
#   pkp run
"""


def environment_yml(pyproject_path: Path = ROOT / "pyproject.toml") -> str:
    """The text of environment.yml: Python from conda-forge, every package of pyproject.toml through pip."""
    project = tomllib.loads(pyproject_path.read_text(encoding="utf-8"))["project"]
    packages = [
        *project["dependencies"],
        *project["optional-dependencies"]["test"],
        *project["optional-dependencies"]["dask"],
    ]
    lines = [
        "name: pkp",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python{project['requires-python']}",
        "  - pip",
        "  - pip:",
        *(f"      - {package}" for package in packages),
        "      - --editable .",
    ]
    return HEADER + "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(environment_yml(), end="")
