"""`pkp lab`: the command line and the settings it brings."""

import json

from click.testing import CliRunner

from pkp_analysis.cli import main
from pkp_analysis.report import lab


def test_the_command_opens_the_start_page_with_the_project_settings(tmp_path):
    command = lab.lab_command(tmp_path, browser=False, port=8899)
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_mulai.ipynb" in command
    assert f"--LabApp.app_settings_dir={lab.SETTINGS}" in command
    assert "--no-browser" in command and "--ServerApp.port=8899" in command
    assert "--no-browser" not in lab.lab_command(tmp_path)


def test_settings_are_indonesian_and_ask_nothing_of_the_internet():
    settings = json.loads((lab.SETTINGS / "overrides.json").read_text())
    assert settings["@jupyterlab/translation-extension:plugin"]["locale"] == "id_ID"
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
    assert "--LabApp.news_url=" in lab.lab_command(lab.SETTINGS)


def test_the_start_page_exists():
    assert (lab.project_root() / lab.START).is_file()


def test_pkp_lab_passes_its_options_on(monkeypatch):
    asked = []
    monkeypatch.setattr(lab.subprocess, "call", lambda command, **options: asked.append((command, options)) or 0)
    result = CliRunner().invoke(main, ["lab", "--no-browser", "--port", "8899"])
    assert result.exit_code == 0
    command, options = asked[0]
    assert "--no-browser" in command and "--ServerApp.port=8899" in command
    assert options["env"]["PKP_ROOT"] == str(options["cwd"])


def test_ctrl_c_is_an_ordinary_end(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(lab.subprocess, "call", interrupted)
    assert lab.open_lab(browser=False) == 0
