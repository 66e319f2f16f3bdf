"""Reports on a real Dask cluster of two workers, one of which is killed half way."""

import os
import signal
import threading

import pytest

from pkp_analysis.run import job as runner
from pkp_analysis.run.plan import Request

from .runner_project import PARAMETERS, SHOW, site_of, wait_for, write_notebook

pytestmark = pytest.mark.slow
distributed = pytest.importorskip("distributed")
CODES = ["6301", "6302", "6303", "6304"]


@pytest.fixture(scope="module")
def project(project):
    write_notebook(
        project / "notebooks" / "pelan.ipynb",
        PARAMETERS["02_laporan_wilayah.ipynb"],
        ["import time\ntime.sleep(2)", SHOW],
    )
    return project


def run(project, dataset, out, executor=None):
    items, context = runner.prepare(
        dataset, out, Request(CODES, report_year=2024, notebook=project / "notebooks" / "pelan.ipynb")
    )
    return runner.execute_all(items, context, out, jobs=2, executor=executor)


def test_a_killed_worker_loses_nothing(project, dataset, tmp_path):
    alone = run(project, dataset, tmp_path / "satu")
    assert [result.state for result in alone] == ["done"] * len(CODES)
    out = tmp_path / "klaster"
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        worker_dashboard_address=None,
        silence_logs=50,
    ) as cluster:

        def kill_one():
            wait_for(lambda: len(list(out.glob("saya/*.html"))) >= 1)
            with distributed.Client(cluster.scheduler_address) as client:
                os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

        killer = threading.Thread(target=kill_one)
        killer.start()
        with runner.executor_of(cluster.scheduler_address) as executor:
            results = run(project, dataset, out, executor)
        killer.join()
    assert [result.state for result in results] == ["done"] * len(CODES)
    assert site_of(out) == site_of(tmp_path / "satu")
