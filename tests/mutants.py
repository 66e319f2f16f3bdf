"""Planted faults: a seeded sample of flipped comparisons and operators in pkp_analysis/data and analysis, each in a
copy of the project and against the tests of its module (mutants.toml).

`python -m tests.mutants [--sample N] [--seed N] [--only PART] [--jobs N]` prints each fault nobody noticed and the
share that was; exit code 1 when it is below the limit.
"""

import argparse
import importlib
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))
COPIED = ("pkp_analysis", "tests", "data", "notebooks", "pyproject.toml", "README.md", "docs")
# What the tests import is read once, before the forks.
LIBRARIES = (
    "hypothesis openpyxl pandera.pandas playwright.sync_api pyarrow.compute scipy.optimize scipy.stats"
)
OPPOSITES = (
    "Add_Sub",
    "Sub_Add",
    "Mul_Div",
    "Div_Mul",
    "BitAnd_BitOr",
    "BitOr_BitAnd",
    "FloorDiv_Mul",
    "Mod_FloorDiv",
)
OPERATORS = [
    *(f"core/ReplaceBinaryOperator_{pair}" for pair in OPPOSITES),
    *(
        f"core/ReplaceComparisonOperator_{before}_{after}"
        for before, *others in (
            ("Eq", "NotEq"),
            ("NotEq", "Eq"),
            ("Lt", "LtE", "GtE"),
            ("LtE", "Lt", "Gt"),
            ("Gt", "GtE", "LtE"),
            ("GtE", "Gt", "Lt"),
            ("Is", "IsNot"),
            ("IsNot", "Is"),
        )
        for after in others
    ),
    "core/AddNot",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
]


def planted(sample: int, only: str = "", seed: int = CONFIG["seed"]) -> list[MutationSpec]:
    """A seeded sample of the faults that can be planted; annotations ("str | None") are none."""
    modules = [
        path
        for room in ("data", "analysis")
        for path in sorted((ROOT / "pkp_analysis" / room).rglob("*.py"))
        if only in path.as_posix()
    ]
    lines = {path: path.read_text(encoding="utf-8").splitlines() for path in modules}
    faults = [
        MutationSpec(path, name, place, *position)
        for path in modules
        for tree in [get_ast("\n".join(lines[path]) + "\n")]
        for name in OPERATORS
        for operator in [get_operator(name)()]
        for place, position in enumerate(
            position for node in ast_nodes(tree) for position in operator.mutation_positions(node)
        )
        if " | None" not in lines[path][position[0][0] - 1]
    ]
    return random.Random(seed).sample(faults, min(sample, len(faults)))


def tests_of(module: Path) -> list[str]:
    name = module.relative_to(ROOT / "pkp_analysis").as_posix()
    return next(tests for pattern, tests in CONFIG["tests"].items() if fnmatch(name, pattern))


def copy_project(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "processed"))
        elif source.exists():
            shutil.copy(source, folder / name)
    return folder


def tests_fail(copy: Path, tests: list[str]) -> str:
    """What the tests of a copy print when they fail or hang, "" when they pass. A fork of this process runs them:
    it has read the large libraries already, and forgets what it knows of the project itself.
    """
    with tempfile.TemporaryFile() as log:
        child = os.fork()
        if not child:
            _run_tests(copy, tests, log.fileno())
        deadline = time.monotonic() + CONFIG["timeout_seconds"]
        while not (ended := os.waitpid(child, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return "timeout"
            time.sleep(0.05)
        log.seek(0)
        return log.read().decode("utf-8", "replace") if ended[1] else ""


def _run_tests(copy: Path, tests: list[str], log: int) -> None:
    os.setsid()
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(copy)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "pkp_analysis")]:
        del sys.modules[name]
    sys.path.insert(0, str(copy))
    sys.dont_write_bytecode = True
    code = 1
    try:
        code = pytest.main(["-x", "-q", "-n", "0", "-m", "not slow", "-p", "no:cacheprovider", *tests])
    finally:
        os._exit(code)


def judge(fault: MutationSpec) -> str:
    """Where a fault is that the tests of its module let live, "" when they notice it."""
    module = Path(fault.module_path).relative_to(ROOT)
    operator = get_operator(fault.operator_name)(**dict(fault.operator_args))
    with use_mutation(COPY / module, operator, fault.occurrence):
        if tests_fail(COPY, tests_of(Path(fault.module_path))):
            return ""
    line = Path(fault.module_path).read_text(encoding="utf-8").splitlines()[fault.start_pos[0] - 1]
    name = fault.operator_name.removeprefix("core/")
    return f"{module}:{fault.start_pos[0]} {name}: {line.strip()}"


def _take_copy(copies) -> None:
    global COPY
    COPY = copies.get()


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=CONFIG["sample"])
    parser.add_argument("--seed", type=int, default=CONFIG["seed"])
    parser.add_argument("--only", default="", help="part of a module's path")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    faults, survived = planted(options.sample, options.only, options.seed), 0
    context = multiprocessing.get_context("fork")
    for library in LIBRARIES.split():
        importlib.import_module(library)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = context.SimpleQueue()
        for job in range(options.jobs):
            copies.put(copy := copy_project(Path(folder) / str(job)))
        for tests in sorted({tuple(tests_of(Path(fault.module_path))) for fault in faults}):
            if told := tests_fail(copy, list(tests)):
                sys.exit(f"The tests fail without a planted fault:\n{told[-3000:]}")
        with context.Pool(options.jobs, _take_copy, (copies,)) as pool:
            for told in pool.imap_unordered(judge, faults):
                survived += bool(told)
                if told:
                    print(told, flush=True)
    share = 1 - survived / len(faults)
    print(f"{len(faults) - survived} of {len(faults)} planted faults noticed ({share:.1%})")
    return int(share < CONFIG["noticed_at_least"])


if __name__ == "__main__":
    sys.exit(main())
