"""Planted faults: a seeded sample of flipped comparisons and operators in pkp_analysis/data and analysis, each in a
copy of the project and against the tests of its module (mutants.toml).

`python -m tests.mutants [--sample N] [--seed N] [--only PART] [--jobs N]` prints each fault nobody noticed and the
share that was; exit code 1 when it is below the limit.
"""

import argparse
import importlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import coverage
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
ROOMS = ("data", "analysis")
UNHARMED: dict[tuple, tuple] = {}  # tests -> (processor seconds they need, line -> tests that reach it)
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
        for room in ROOMS
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


class Order:
    """Runs the tests that reach a line before the others."""

    def __init__(self, first: set):
        self.first = first

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: item.nodeid not in self.first)


class Reach:
    """Writes which tests reach each line of the two rooms."""

    def __init__(self, copy: Path, file: Path):
        self.copy, self.file = copy, file
        self.coverage = coverage.Coverage(
            data_file=None, source=[str(copy / "pkp_analysis" / room) for room in ROOMS]
        )
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.coverage.switch_context(item.nodeid)
        return (yield)

    def pytest_sessionfinish(self):
        self.coverage.stop()
        data = self.coverage.get_data()
        reached = {
            f"{Path(name).relative_to(self.copy)}:{line}": tests
            for name in data.measured_files()
            for line, tests in data.contexts_by_lineno(name).items()
        }
        self.file.write_text(json.dumps(reached), encoding="utf-8")


@dataclass
class Run:
    """How a run of tests ended: what a failed one printed, whether it ran on without an end, or was stopped unjudged
    because it did nothing for long.
    """

    failed: str = ""
    endless: bool = False
    stopped: bool = False
    processor: float = 0.0


def run_tests(copy: Path, tests: list[str], plugin=None, processor_limit: int = 3600) -> Run:
    """The tests of a copy, in a fork of this process: it has read the large libraries already, and forgets what it
    knows of the project itself. The limit is in seconds of processor time, so that a busy machine reaches it no
    sooner.
    """
    with tempfile.TemporaryFile() as log:
        child = os.fork()
        if not child:
            _run_tests(copy, tests, log.fileno(), plugin, processor_limit)
        deadline = time.monotonic() + CONFIG["stopped_after_seconds"]
        while not (ended := os.wait4(child, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return Run(stopped=True)
            time.sleep(0.05)
        _, status, used = ended
        log.seek(0)
        told = log.read().decode("utf-8", "replace") or f"exit status {status}"
        endless = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
        return Run(told if status else "", endless, processor=used.ru_utime + used.ru_stime)


def _run_tests(copy: Path, tests: list[str], log: int, plugin, processor_limit: int) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (processor_limit, processor_limit + 5))
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(copy)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "pkp_analysis")]:
        del sys.modules[name]
    sys.path.insert(0, str(copy))
    sys.dont_write_bytecode = True
    code = 1
    try:
        options = ["-x", "-q", "-n", "0", "-m", "not slow", "-p", "no:cacheprovider"]
        code = pytest.main([*options, *tests], plugins=[plugin(copy) if plugin else None])
    finally:
        os._exit(code)


def judge(fault: MutationSpec) -> tuple[MutationSpec, Run]:
    module = fault.module_path.relative_to(ROOT)
    operator = get_operator(fault.operator_name)(**dict(fault.operator_args))
    tests = tests_of(fault.module_path)
    processor, reached = UNHARMED[tuple(tests)]
    first = {
        test
        for line in range(fault.start_pos[0], fault.end_pos[0] + 1)
        for test in reached.get(f"{module}:{line}", [])
    }
    with use_mutation(COPY / module, operator, fault.occurrence):
        limit = int(CONFIG["endless_after_times"] * processor) + 10
        return fault, run_tests(COPY, tests, lambda copy: Order(first), limit)


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
    faults = planted(options.sample, options.only, options.seed)
    alive = endless = stopped = 0
    context = multiprocessing.get_context("fork")
    for library in LIBRARIES.split():
        importlib.import_module(library)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = context.SimpleQueue()
        for job in range(options.jobs):
            copies.put(copy := copy_project(Path(folder) / str(job)))
        for tests in sorted({tuple(tests_of(fault.module_path)) for fault in faults}):
            reach = Path(folder) / f"reach{len(UNHARMED)}.json"
            run = run_tests(copy, list(tests), lambda copy, reach=reach: Reach(copy, reach))
            if run.failed or run.stopped:
                sys.exit(f"The tests fail without a planted fault:\n{run.failed[-3000:]}")
            UNHARMED[tests] = (run.processor, json.loads(reach.read_text(encoding="utf-8")))
        with context.Pool(options.jobs, _take_copy, (copies,)) as pool:
            for done, (fault, run) in enumerate(pool.imap_unordered(judge, faults), 1):
                told = (
                    "stopped" if run.stopped else "endless" if run.endless else "" if run.failed else "alive"
                )
                alive, endless, stopped = (
                    count + (told == name)
                    for count, name in ((alive, "alive"), (endless, "endless"), (stopped, "stopped"))
                )
                if told:
                    line = fault.start_pos[0]
                    text = fault.module_path.read_text(encoding="utf-8").splitlines()[line - 1].strip()
                    name = fault.operator_name.removeprefix("core/")
                    place = fault.module_path.relative_to(ROOT)
                    print(f"{done}: {told} {place}:{line} {name}: {text}", flush=True)
    judged = len(faults) - stopped
    share = (judged - alive) / judged
    print(
        f"{judged - alive} of {judged} planted faults noticed ({share:.1%}), {endless} of them because the tests ran"
        f" on without end; {stopped} stopped unjudged"
    )
    return int(share < CONFIG["noticed_at_least"] or stopped > 0.05 * len(faults))


if __name__ == "__main__":
    sys.exit(main())
