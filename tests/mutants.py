"""Planted faults: a seeded sample of flipped comparisons and operators in pkp_analysis/data and analysis, each in a
copy of the project and against the tests of its module (mutants.toml).

`python -m tests.mutants [--sample N] [--only PART] [--jobs N]` prints each fault nobody noticed and the share that was;
exit code 1 when it is below the limit.
"""

import argparse
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from queue import SimpleQueue

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))
COPIED = ("pkp_analysis", "tests", "data", "notebooks", "pyproject.toml", "README.md", "docs")
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


def planted(sample: int, only: str = "") -> list[MutationSpec]:
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
    return random.Random(CONFIG["seed"]).sample(faults, min(sample, len(faults)))


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


def noticed(fault: MutationSpec, copy: Path) -> bool:
    """Whether a test of the module fails once the fault is in the copy."""
    inside = copy / Path(fault.module_path).relative_to(ROOT)
    moved = MutationSpec(
        inside, fault.operator_name, fault.occurrence, fault.start_pos, fault.end_pos, fault.operator_args
    )
    result = mutate_and_test(
        [moved], command(copy, tests_of(Path(fault.module_path))), CONFIG["timeout_seconds"]
    )
    if result.worker_outcome != WorkerOutcome.NORMAL:
        raise RuntimeError(f"{fault}: {result.output}")
    return result.test_outcome != TestOutcome.SURVIVED


def command(copy: Path, tests: list[str]) -> str:
    pytest = f"{sys.executable} -m pytest -x -q -n 0 -m 'not slow' -p no:cacheprovider"
    return f"env -C {copy} PYTHONDONTWRITEBYTECODE=1 {pytest} {' '.join(tests)}"


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=CONFIG["sample"])
    parser.add_argument("--only", default="", help="part of a module's path")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    faults, survived = planted(options.sample, options.only), []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: SimpleQueue = SimpleQueue()
        for job in range(options.jobs):
            copies.put(copy := copy_project(Path(folder) / str(job)))
        for tests in {tuple(tests_of(Path(fault.module_path))) for fault in faults}:
            whole = subprocess.run(
                shlex.split(command(copy, list(tests))), capture_output=True, text=True, check=False
            )
            if whole.returncode:
                sys.exit(f"The tests fail without a planted fault:\n{whole.stdout[-3000:]}")

        def judge(fault: MutationSpec) -> None:
            copy = copies.get()
            try:
                if not noticed(fault, copy):
                    line = (
                        Path(fault.module_path)
                        .read_text(encoding="utf-8")
                        .splitlines()[fault.start_pos[0] - 1]
                    )
                    place = f"{Path(fault.module_path).relative_to(ROOT)}:{fault.start_pos[0]}"
                    print(f"{place} {fault.operator_name.removeprefix('core/')}: {line.strip()}", flush=True)
                    survived.append(fault)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(judge, faults))
    share = 1 - len(survived) / len(faults)
    print(f"{len(faults) - len(survived)} of {len(faults)} planted faults noticed ({share:.1%})")
    return int(share < CONFIG["noticed_at_least"])


if __name__ == "__main__":
    sys.exit(main())
