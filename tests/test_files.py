"""The lock of a folder: one holder at a time, whatever process or thread it is, and nothing left behind."""

import subprocess
import sys
import threading

import pytest

from pkp_analysis.errors import BadRequestError
from pkp_analysis.files import locked

HOLD = """
import sys
from pathlib import Path
from pkp_analysis.files import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the folder until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def refused(folder):
    try:
        with locked(folder, wait=0):
            return False
    except BadRequestError as error:
        return "sedang dipakai perintah pkp lain" in str(error)


def test_another_process_waits_for_its_turn(tmp_path, other):
    assert refused(tmp_path)
    threading.Timer(0.2, other.stdin.close).start()
    with locked(tmp_path, wait=60):
        assert other.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_process_is_free(tmp_path, other):
    other.kill()
    other.wait()
    assert not refused(tmp_path)


def test_a_thread_may_take_its_own_lock_again_and_no_other_may(tmp_path):
    found = []
    with locked(tmp_path), locked(tmp_path / ".", wait=0):
        thread = threading.Thread(target=lambda: found.append(refused(tmp_path)))
        thread.start()
        thread.join()
    assert found == [True] and not refused(tmp_path)


def test_a_failure_inside_gives_the_lock_back(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    assert not refused(tmp_path)


def test_a_missing_folder_is_a_bad_request(tmp_path):
    with pytest.raises(BadRequestError, match="tidak ada"), locked(tmp_path / "none"):
        pass
