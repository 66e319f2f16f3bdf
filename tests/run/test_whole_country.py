"""All 552 regions of the country, planned and made."""

import os
import subprocess
import sys

import pytest

from pkp_analysis.data.dataset import load_dataset
from pkp_analysis.run.plan import Request, plan

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def processed_dir(country):
    return country


@pytest.fixture(scope="module")
def dataset(country):
    return load_dataset(country)


def test_all_514_regencies_and_38_provinces_are_planned(project, dataset):
    items = plan(dataset, {}, Request(province="all", report_year=2024))
    assert sum(item.kind == "region" for item in items) == 514 + 38
    assert len({item.page for item in items}) == len(items)


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="memory is measured as POSIX does")
def test_every_region_of_the_country_is_made_and_the_memory_of_the_runner_stays_flat(project, tmp_path):
    most = []
    for province in ("63", "all"):
        command = [sys.executable, "-m", "pkp_analysis", "report", "--province", province]
        command += ["--report-year", "2024", "--out", str(tmp_path)]
        process = subprocess.Popen(
            command,
            env=os.environ | {"UJI_GANGGUAN": ""},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        most.append(usage.ru_maxrss / 1024)
    assert len(list((tmp_path / "wilayah").glob("*.html"))) == 514 + 38
    assert most[1] < 400, f"{most} MiB"
