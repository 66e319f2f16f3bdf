"""Planted faults: a seeded sample of flipped comparisons and operators in pkp_analysis/data and analysis, each against
the tests of its module (mutants.toml) that reach its function, those of its line first (where none does, as in a
program of its own or at the top of a module, all of them).

`python -m tests.mutants [--sample N] [--seed N] [--only PART] [--jobs N]` prints each fault nobody noticed and the
share that was; exit code 1 when it is below the limit. The tests are collected once; each fault is planted in the
functions of a fork of that process, so nothing is written. Its limit is in processor time: a busy machine makes no
fault look noticed.
"""

import argparse
import ast
import importlib.util
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import types
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

import coverage
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))
ROOMS = ("data", "analysis")
OWN_PROGRAM = "workbook_child.py"  # what tests reach in it by way of the program is not seen
SOURCES: dict[Path, str] = {}  # as they were when the run began
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
    SOURCES.update((path, path.read_text(encoding="utf-8")) for path in modules)
    lines = {path: SOURCES[path].splitlines() for path in modules}
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


def plant(fault: MutationSpec) -> None:
    """Puts a fault into the module as it is loaded, and forgets what the library had kept in memory."""
    operator = get_operator(fault.operator_name)(**dict(fault.operator_args))
    changed = mutate_code(SOURCES[fault.module_path], operator, fault.occurrence)
    name = ".".join(fault.module_path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    if fault.module_path.name == OWN_PROGRAM:
        child = Path(tempfile.mkdtemp(dir=os.environ["PYTEST_DEBUG_TEMPROOT"])) / "child.py"
        child.write_text(changed, encoding="utf-8")
        sys.modules["pkp_analysis.data.readers.workbook"].CHILD = child
    if name in sys.modules:
        spec = importlib.util.spec_from_file_location(name, fault.module_path)
        new = importlib.util.module_from_spec(spec)
        exec(compile(changed, str(fault.module_path), "exec"), new.__dict__)
        graft(sys.modules[name], new, name)
    forget()


def forget() -> None:
    for module in ours():
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def function_around(fault: MutationSpec) -> range:
    """The lines of the outermost function or method a fault is planted in; only its own line outside of one."""
    line = fault.start_pos[0]
    for node in ast.walk(ast.parse(SOURCES[fault.module_path])):  # the outer ones first
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= node.end_lineno:
            return range(node.lineno, node.end_lineno + 1)
    return range(line, line + 1)


def ours() -> list:
    return [
        sys.modules[name] for name in list(sys.modules) if name.partition(".")[0] in ("pkp_analysis", "tests")
    ]


PLAIN = (bool, int, float, str, tuple, list, set, frozenset, dict, re.Pattern)


def graft(old, new, name: str) -> None:
    """Gives functions their new code where they are, whoever refers to them; other values are replaced wherever they
    stand under their name.
    """
    for attribute, value in list(vars(new).items()):
        before = vars(old).get(attribute)
        if isinstance(value, type) and value.__module__ == name:
            graft(before, value, name)
        elif code := function_of(value):
            kept = function_of(before)
            kept.__code__, kept.__defaults__ = code.__code__, code.__defaults__
        elif isinstance(value, PLAIN) and value != before:
            for owner in [old, *ours()]:
                if vars(owner).get(attribute) is before:
                    setattr(owner, attribute, value)


def function_of(value):
    """The plain function inside a method, property or cached function; None for other values."""
    for inner in ("__func__", "fget", "func", "__wrapped__"):
        value = getattr(value, inner, value)
    return value if isinstance(value, types.FunctionType) else None


class Planter:
    """Takes the place of pytest's loop over the collected tests: runs them once as they are, then once per fault."""

    def __init__(self, faults: list[MutationSpec], jobs: int):
        self.faults, self.jobs, self.outcomes, self.log = faults, jobs, Counter(), tempfile.TemporaryFile()
        self.record = self.who = None  # what each test reaches while it is written down, and which one runs
        self.spent, self.since = Counter(), 0.0  # processor time of each test and shared fixture

    def turn_to(self, who: str | None) -> None:
        now = time.process_time()
        self.spent[self.who] += now - self.since
        self.who, self.since = who, now
        if self.record:
            self.record.switch_context(who or "")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        """What a shared fixture reaches, every test that uses it does."""
        before = self.who
        if fixturedef.scope != "function":
            self.turn_to(f"fixture {fixturedef.argname}")
        yield
        self.turn_to(before)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            os.write(self.log.fileno(), f"{report.nodeid}\n{report.longreprtext}\n".encode())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            self.folder = Path(folder)
            reached, left, running = self.without_fault(session), list(self.faults), {}
            while left or running:
                while left and len(running) < self.jobs:
                    fault = left.pop(0)
                    items = tests_for(fault, session.items, reached)
                    parts = {part for item in items for part in parts_of(item)}
                    limit = int(CONFIG["endless_after_times"] * sum(self.spent[part] for part in parts)) + 10
                    running[self.start(items, limit, fault)] = fault, time.monotonic()
                for pid, (fault, started) in list(running.items()):
                    ended, status, _ = os.wait4(pid, os.WNOHANG)
                    stopped = not ended and time.monotonic() - started > CONFIG["stopped_after_seconds"]
                    if stopped:
                        os.killpg(pid, signal.SIGKILL)
                        os.waitpid(pid, 0)
                    if ended or stopped:
                        del running[pid]
                        shutil.rmtree(self.folder / str(pid), ignore_errors=True)
                        self.tell(fault, "stopped" if stopped else outcome(status))
                time.sleep(0.02)
        return True

    def without_fault(self, session) -> dict[tuple[Path, int], list[str]]:
        """Which tests and shared fixtures reach each line."""
        pid = self.start(session.items, 3600)
        if os.waitpid(pid, 0)[1]:
            pytest.exit("the tests fail without a planted fault", returncode=2)
        self.spent = Counter(json.loads((self.folder / "spent").read_text(encoding="utf-8")))
        data = coverage.CoverageData(str(self.folder / "reached"))
        data.read()
        return {
            (Path(name), line): tests
            for name in data.measured_files()
            for line, tests in data.contexts_by_lineno(name).items()
        }

    def start(self, items, limit: int, fault=None) -> int:
        """A fork that runs the tests until one fails; without a fault it writes down what they reach and need."""
        if pid := os.fork():
            return pid
        code = 1
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nothing, stream)
            own = self.folder / str(os.getpid())
            own.mkdir()
            os.environ["PYTEST_DEBUG_TEMPROOT"] = str(own)
            if fault:
                plant(fault)
            else:
                self.record = coverage.Coverage(
                    data_file=str(self.folder / "reached"),
                    source=[str(ROOT / "pkp_analysis" / room) for room in ROOMS],
                    messages=False,
                )
                self.record.start()
            before = None
            for item, after in zip(items, [*items[1:], None]):
                if self.record and item.function is not before:
                    forget()  # a kept result must not hide what a test reaches
                before = item.function
                self.turn_to(item.nodeid)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
                if item.session.testsfailed:
                    break
            else:
                code = 0
            if self.record:
                self.turn_to(None)
                self.record.stop()
                self.record.save()
                del self.spent[None]
                (self.folder / "spent").write_text(json.dumps(self.spent), encoding="utf-8")
        finally:
            os._exit(code)

    def tell(self, fault: MutationSpec, ended: str) -> None:
        self.outcomes[ended] += 1
        if ended != "noticed":
            line, name = fault.start_pos[0], fault.operator_name.removeprefix("core/")
            text = SOURCES[fault.module_path].splitlines()[line - 1].strip()
            print(f"{ended} {fault.module_path.relative_to(ROOT)}:{line} {name}: {text}", flush=True)


def parts_of(item) -> list[str]:
    """A test and what may be shared of what it uses, as they are called in the record."""
    return [item.nodeid, *(f"fixture {name}" for name in item.fixturenames)]


def tests_for(fault: MutationSpec, items: list, reached: dict) -> list:
    """The tests of a fault's module that reach its function, or all of them: those of its line first, those that
    reach it by way of a shared fixture last.
    """
    files, path = tests_of(fault.module_path), fault.module_path
    items = [item for item in items if item.nodeid.partition("::")[0] in files]
    near = Counter(who for line in function_around(fault) for who in reached.get((path, line), ()))
    near.update(dict.fromkeys(reached.get((path, fault.start_pos[0]), ()), 10**6))
    reaching = [item for item in items if any(part in near for part in parts_of(item))]
    if path.name != OWN_PROGRAM:
        items = reaching or items
    return sorted(
        items, key=lambda item: (any(part in near for part in parts_of(item)[1:]), -near[item.nodeid])
    )


def outcome(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return "endless"
    return "noticed" if status else "alive"


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=CONFIG["sample"])
    parser.add_argument("--seed", type=int, default=CONFIG["seed"])
    parser.add_argument("--only", default="", help="part of a module's path")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    faults = planted(options.sample, options.only, options.seed)
    tests = sorted({test for fault in faults for test in tests_of(fault.module_path)})
    planter = Planter(faults, options.jobs)
    quiet = ["-o", "addopts=", "-p", "no:terminal", "-p", "no:cacheprovider", "-s", "-m", "not slow"]
    pytest.main([*quiet, *tests], plugins=[planter])
    total = planter.outcomes
    if not total:
        planter.log.seek(0)
        sys.exit(f"The tests fail without a planted fault:\n{planter.log.read().decode()[-3000:]}")
    judged = len(faults) - total["stopped"]
    noticed = judged - total["alive"]
    print(
        f"{noticed} of {judged} planted faults noticed ({noticed / judged:.1%}), {total['endless']} of them because the"
        f" tests ran on without end; {total['stopped']} stopped unjudged"
    )
    return int(noticed / judged < CONFIG["noticed_at_least"] or total["stopped"] > 0.05 * len(faults))


if __name__ == "__main__":
    sys.exit(main())
