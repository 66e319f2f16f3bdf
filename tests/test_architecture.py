"""Imports point one way: reference <- data <- analysis <- (region | words) <- charts <- site <- run
<- lab <- cli; the shape of the house stays.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pkp_analysis"
ROOMS = (
    "reference",
    "data",
    "analysis",
    "region",
    "words",
    "charts",
    "site",
    "run",
    "lab",
    "cli",
    "__main__",
)
LEVELS = {room: floor for floor, room in enumerate(ROOMS)} | {"words": ROOMS.index("region")}
OUTSIDE = {"__init__", "paths", "errors", "files", "html", "notebook_format"}


def layer_of(parts: tuple[str, ...]) -> str:
    """The layer a dotted module below pkp_analysis belongs to ("data", "cli", "errors", ...)."""
    return parts[0] if parts else "__init__"


def imported_modules(
    source: str, module: tuple[str, ...], is_package: bool
) -> list[tuple[int, tuple[str, ...]]]:
    """(line, dotted parts below pkp_analysis) of every import of the package's own modules, lazy ones
    included.
    """
    found = []
    package = module if is_package else module[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = tuple(alias.name.split("."))
                if parts[0] == "pkp_analysis":
                    found.append((node.lineno, parts[1:]))
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
            elif node.module and node.module.split(".")[0] == "pkp_analysis":
                base = ()
                node_parts = tuple(node.module.split(".")[1:])
                found += [(node.lineno, node_parts or (alias.name,)) for alias in node.names]
                continue
            else:
                continue
            below = tuple(node.module.split(".")) if node.module else ()
            found += [(node.lineno, base + below or (alias.name,)) for alias in node.names]
    return found


def wrong_arrows(files: dict[str, str]) -> list[str]:
    """ "module:line imports layer" for each import that points the wrong way; files maps relative paths to
    source.
    """
    wrong = []
    for name, source in files.items():
        parts = tuple(Path(name).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        module = parts[:-1] if is_package else parts
        layer = layer_of(module)
        if layer in {"__init__"}:
            continue
        for line, target in imported_modules(source, module, is_package):
            target_layer = layer_of(target)
            if layer in OUTSIDE:
                if target_layer not in OUTSIDE:
                    wrong.append(f"{name}:{line} imports {target_layer}")
            elif target_layer in {*OUTSIDE, "__version__"}:
                continue
            elif target_layer not in LEVELS:
                wrong.append(f"{name}:{line} imports {'.'.join(target)}, which belongs to no layer")
            elif LEVELS[target_layer] > LEVELS[layer] or {layer, target_layer} == {"region", "words"}:
                wrong.append(f"{name}:{line} imports {target_layer}")
    return wrong


def package_files() -> dict[str, str]:
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def test_imports_point_one_way():
    assert wrong_arrows(package_files()) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("data/clean.py", "from ..analysis import progress"),
        ("data/readers/tidy.py", "from ...charts.series import trend"),
        ("analysis/progress.py", "def f():\n    import pkp_analysis.site.page"),
        ("analysis/progress.py", "from pkp_analysis import cli"),
        ("errors.py", "from .data import clean"),
        ("site/page.py", "from ..cli import main"),
    ],
)
def test_an_arrow_the_other_way_is_found(name, source):
    assert wrong_arrows({name: source})


def test_no_module_called_utils_and_every_layer_is_there():
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert not names & {"utils", "util", "helpers", "misc", "common"}
    assert {"reference", "data", "analysis", "region", "words", "charts", "site", "run", "lab"} <= {
        path.name for path in PACKAGE.iterdir() if path.is_dir()
    }


def test_top_level_holds_only_the_agreed_names():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    top = {name.split("/")[0] for name in tracked if name}
    allowed = {
        "notebooks",
        "pkp_analysis",
        "data",
        "reports",
        "tests",
        "environment.yml",
        "README.md",
        "README.id.md",
        "pyproject.toml",
        "requirements.lock",
        "Makefile",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        ".ci",
        "docs",
        ".gitattributes",
        ".gitignore",
    }
    assert top <= allowed


def test_built_folders_are_not_committed():
    tracked = subprocess.run(
        ["git", "ls-files", "reports", "data/processed"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert set(tracked) <= {"reports/.gitkeep", "data/processed/.gitkeep"}


def loaded_by(module: str, *names: str) -> list[str]:
    """The modules of these names, or within them, that a new process has loaded once it has imported the module."""
    code = (
        f"import sys, {module}; print(*(name for name, found in sys.modules.items() if found"
        f" and name.startswith({names!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_importing_the_package_imports_nothing_heavy():
    assert loaded_by("pkp_analysis", "pandas", "matplotlib", "pkp_analysis.region") == []


@pytest.mark.parametrize(
    "module",
    [
        "run.cells",
        *(pytest.param(f"run.{name}", marks=pytest.mark.slow) for name in ("job", "execute", "plan")),
    ],
)
def test_no_way_into_the_runner_compiles_the_grammar_of_addresses(module):
    """The import that takes a second must stay out whichever module comes first."""
    assert loaded_by(f"pkp_analysis.{module}", "rfc3987_syntax") == []
