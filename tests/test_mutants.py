"""A short form of `make mutants`: a dozen planted faults are noticed by the tests of their modules."""

import subprocess
import sys

import pytest

from tests import mutants


def test_faults_are_planted_in_every_room_and_have_tests():
    faults = mutants.planted(mutants.CONFIG["sample"])
    assert len(faults) == 200 and len({fault.module_path for fault in faults}) > 30
    assert {str(fault.module_path.relative_to(mutants.ROOT)).split("/")[1] for fault in faults} == {
        "data",
        "analysis",
    }
    for path in {fault.module_path for fault in faults}:
        assert all((mutants.ROOT / test).exists() for test in mutants.tests_of(path)), path


@pytest.mark.slow
def test_some_thirty_faults():
    run = subprocess.run(
        [sys.executable, "-m", "tests.mutants", "--sample", "30"],
        cwd=mutants.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
