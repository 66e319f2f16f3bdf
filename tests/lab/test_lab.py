"""`pkp lab`: the command line and the settings it brings."""

import json
import os
import re
import shutil
import signal
import sys
from datetime import datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from pkp_analysis.cli import main
from pkp_analysis.errors import PkpError
from pkp_analysis.lab import start as lab
from pkp_analysis.lab.state import data_state
from tests.run.runner_project import kill, listens, processes_with, start, wait_for


def test_the_command_opens_the_start_page_with_the_project_settings(tmp_path):
    command = lab.lab_command(tmp_path, browser=False, port=8899)
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_mulai.ipynb" in command
    assert f"--LabApp.app_settings_dir={lab.SETTINGS}" in command
    assert "--no-browser" in command and "--ServerApp.port=8899" in command
    assert "--no-browser" not in lab.lab_command(tmp_path)
    assert any("terminado_settings=shell_command" in word for word in command), "a login shell forgets `pkp`"


def test_settings_are_indonesian_and_ask_nothing_of_the_internet():
    settings = json.loads((lab.SETTINGS / "overrides.json").read_text())
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == "id_ID"
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
    assert "--LabApp.news_url=" in lab.lab_command(lab.SETTINGS)


def test_the_start_page_exists():
    assert (lab.project_root() / lab.START).is_file()


def test_pkp_lab_passes_its_options_on(project, monkeypatch):
    asked = []
    monkeypatch.setenv("PKP_ROOT", str(project))
    monkeypatch.setattr(lab, "become", lambda *given: asked.append(given) or 0)
    result = CliRunner().invoke(main, ["lab", "--no-browser", "--port", "8899"])
    assert result.exit_code == 0, (result.output, result.exception)
    command, folder, environment = asked[0]
    assert "--no-browser" in command and "--ServerApp.port=8899" in command
    assert environment["PKP_ROOT"] == str(folder)
    assert environment["PATH"].startswith(str(Path(sys.executable).parent))  # for `pkp` in a terminal


def test_pkp_lab_builds_the_tables_when_there_are_none(tmp_path, monkeypatch):
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (raw / "uji.csv").write_text("region_code,indicator,year,value,unit\n6303,sanitasi_layak,2024,70.5,%\n")
    monkeypatch.setenv("PKP_ROOT", str(tmp_path))
    assert CliRunner().invoke(main, ["add", str(raw / "uji.csv"), "--yes"]).exit_code == 0
    monkeypatch.setattr(lab, "become", lambda *_: 0)
    first = CliRunner().invoke(main, ["lab", "--no-browser"])
    assert (
        first.exit_code == 0
        and "dibuat dahulu" in first.output
        and (tmp_path / "data" / "processed" / "models.json").is_file()
    )
    assert CliRunner().invoke(main, ["lab", "--no-browser"]).output == ""


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        *(
            pytest.param(other, marks=pytest.mark.slow)
            for other in (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
        ),
    ],
)
def test_whatever_ends_the_command_ends_server_kernels_and_port(project, tmp_path, number):
    """Ctrl+C where there is no terminal, as where it was asked for twice."""
    places = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    own = {name: str(tmp_path) for name in places} | {"JUPYTER_TOKEN": "uji"}
    with (tmp_path / "log").open("w") as log:
        lab_process = start(project, "lab", "--no-browser", "--port", "0", stderr=log, **own)
    told = (tmp_path / "log").read_text
    wait_for(lambda: re.search(r"127\.0\.0\.1:(\d+)/lab", told()) or lab_process.poll() is not None)
    port = int(re.search(r"127\.0\.0\.1:(\d+)/lab", told())[1])
    wait_for(lambda: listens(port), told())
    request = Request(f"http://127.0.0.1:{port}/api/kernels", b"{}", {"Authorization": "token uji"})
    urlopen(request, timeout=120).close()
    assert len(processes_with(str(tmp_path))) >= 2  # the server, which is the command, and a kernel
    if number == signal.SIGINT:
        lab_process.send_signal(number)  # asks whether it is meant, and nobody answers
        wait_for(lambda: "interrupted" in told() or lab_process.poll() is not None, told())
    kill(lab_process, number)
    wait_for(lambda: not processes_with(str(tmp_path)), "kernels outlive the server")
    assert not listens(port)


def test_the_state_of_the_data_says_when_from_what_and_what_was_noted(project):
    tables = project / "data" / "processed"
    stamp = datetime(2026, 3, 1, 8, 5).timestamp()
    os.utime(tables / "provenance.json", (stamp, stamp))
    told = " ".join(data_state(tables, project / "data" / "raw")["Isi"])
    counts = json.loads((tables / "provenance.json").read_text())["counts"]
    for text in (
        "1 Maret 2026 pukul 08.05",
        f"{counts['rejected']} ditolak",
        "peringatan",
        "01_kualitas_data",
        "Sanitasi layak 2024",
        "tidak berubah",
    ):
        assert text in told


def test_raw_files_changed_since_the_build_are_named(project, tmp_path):
    raw = shutil.copytree(project / "data" / "raw", tmp_path / "raw")
    (raw / "targets.csv").write_text((raw / "targets.csv").read_text() + "\n")
    (raw / "susenas_2021_kabkota.csv").unlink()
    (raw / "baru.csv").write_text("a\n")
    told = data_state(project / "data" / "processed", raw)["Isi"].iloc[-1]
    assert "(baru.csv, susenas_2021_kabkota.csv, targets.csv); tekan Perbarui laporan" in told


def test_before_the_first_build_the_next_step_is_said(tmp_path):
    with pytest.raises(PkpError, match="pkp clean"):
        data_state(tmp_path, tmp_path)
