"""From a file to the pages without a terminal: what the panel of 00 shows, stores and starts."""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime

import openpyxl
import pytest

from pkp_analysis.lab import controls
from pkp_analysis.lab import intake as panel

SENT = "Kabupaten/Kota;Sanitasi layak (%) 2025\nKabupaten Banjar;85,2\nKabupaten Tapin;81,4\n"  # made up for this test


@pytest.fixture
def intake(project, monkeypatch, tmp_path):
    monkeypatch.setenv("PKP_ROOT", str(project))
    return panel.Intake(2025)


def send(intake, name: str, content: bytes) -> str:
    intake.upload.value = (
        {
            "name": name,
            "type": "",
            "size": len(content),
            "content": content,
            "last_modified": datetime.now(UTC),
        },
    )
    return intake.told.outputs[0]["data"]["text/html"]


def test_a_file_is_understood_before_anything_is_stored(intake, project):
    before = sorted((project / "data" / "raw").iterdir())
    told = send(intake, "sanitasi_layak_2025.csv", SENT.encode())
    assert "sanitasi_layak" in told and "2025" in told and not intake.keeping.disabled
    assert sorted((project / "data" / "raw").iterdir()) == before


def test_a_run_that_tidies_up_leaves_the_folder_of_the_panel(intake):
    """It removes what killed runs left; the file that was sent lies here."""
    code = "from pkp_analysis.run.processes import private_folder; private_folder()"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert panel.Path(intake.folder.name).is_dir()


def test_what_nothing_can_read_is_a_sentence(intake):
    told = send(intake, "gambar.csv", b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "⚠" in told and intake.keeping.disabled


def test_a_stored_file_has_its_row_and_the_same_again_is_refused(intake, project):
    send(intake, "sanitasi_layak_2025.csv", SENT.encode())
    intake.keep(replace=False)
    assert "Tersimpan: data/raw/sanitasi_layak_2025.csv" in intake.told.outputs[0]["data"]["text/html"]
    assert "sanitasi_layak_2025.csv" in (project / "data" / "raw" / "sources.csv").read_text(
        encoding="utf-8-sig"
    )
    send(intake, "nama_lain.csv", SENT.encode())
    intake.keep(replace=False)
    assert "⚠" in intake.told.outputs[0]["data"]["text/html"]


@pytest.mark.parametrize(
    ("code", "answer", "told"),
    [
        (
            0,
            {"done": ["a"] * 18, "skipped": [], "failed": []},
            ["18 halaman dibuat", "/files/reports/index.html"],
        ),
        (
            0,
            {
                "done": ["a"],
                "skipped": [],
                "failed": [],
                "changes": ["Banjar naik."],
                "open": "reports/w/a.html",
            },
            ["Banjar naik.", "/files/reports/w/a.html", "/files/reports/index.html"],
        ),
        (
            1,
            {"done": [], "skipped": [], "failed": [{"name": "w/a", "error": "E", "message": "rusak"}]},
            ["Sebagian tidak selesai", "w/a: E: rusak"],
        ),
        (2, None, ["Sebagian tidak selesai", "pkp: sedang dipakai"]),
    ],
)
def test_the_pages_are_made_again_with_a_bar(intake, monkeypatch, code, answer, told):
    lines = io.StringIO("[1/18] wilayah/6303-banjar selesai\n[18/18] metode selesai\npkp: sedang dipakai\n")

    def begin(command, stdout, **_):
        stdout.write(json.dumps(answer) if answer else "")
        return type("Process", (), {"stderr": lines, "wait": lambda self: code})()

    monkeypatch.setattr(controls.subprocess, "Popen", begin)
    intake.running.click()
    intake.making.following.join()
    assert (intake.making.bar.value, intake.making.bar.max) == (18, 18) and not intake.running.disabled
    html = intake.told.outputs[0]["data"]["text/html"]
    assert all(text in html for text in told)


def test_the_form_is_downloaded(intake, tmp_path):
    intake.write_form()
    html = intake.told.outputs[0]["data"]["text/html"]
    assert 'download="formulir_pkp_2025.xlsx"' in html
    form = openpyxl.load_workbook(next(iter(panel.Path(intake.folder.name).glob("*.xlsx"))))
    assert "Kabupaten Banjar" in {cell.value for row in form.worksheets[0].iter_rows() for cell in row}
