"""Following CONTRIBUTING literally: a new main indicator is a row, appears everywhere and leaves no trace."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pkp_analysis.data.regions import members

ROOT = Path(__file__).resolve().parents[2]
CODE = "jalan_lingkungan_layak"
ROW = {  # made up for this test
    "indicator": CODE,
    "name": "Jalan lingkungan layak",
    "name_en": "Adequate neighbourhood roads",
    "short_name": "Jalan lingkungan",
    "short_name_en": "Neighbourhood roads",
    "sector": "rumah",
    "unit": "% panjang jalan",
    "unit_en": "% of road length",
    "kind": "share",
    "origin": "administrative",
    "direction": "up",
    "minimum": "0",
    "maximum": "100",
    "decimals": "2",
    "tolerance": "0.1",
    "max_change": "15",
    "role": "headline",
    "concept": "Data buatan untuk uji.",
    "concept_en": "Made-up data for a test.",
    "lead_agency": "dpupr",
}


@pytest.fixture
def project(tmp_path):
    """A copy of the project in which tables may be changed; nothing outside it is written."""
    for name in ("pkp_analysis", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    for name in ("pyproject.toml", "requirements.lock", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def python(project, *arguments) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(project), "PKP_ROOT": str(project)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=project, env=environment, capture_output=True, text=True
    )


def with_indicator(project) -> list[Path]:
    """Add the row, a file of three years and thirteen regions, and its source; the tables as they were."""
    book, sources = project / "pkp_analysis/reference/indicators.csv", project / "data/raw/sources.csv"
    before = [book.read_bytes(), sources.read_bytes()]
    frame = pd.read_csv(book, dtype="str", keep_default_na=False)
    pd.concat([frame, pd.DataFrame([ROW])])[frame.columns].to_csv(book, index=False)
    rows = [
        (code, CODE, year, 40 + place + 2 * (year - 2022), "% panjang jalan")
        for place, code in enumerate(members("63"))
        for year in (2022, 2023, 2024)
    ]
    columns = ["region_code", "indicator", "year", "value", "unit"]
    pd.DataFrame(rows, columns=columns).to_csv(project / "data/raw/jalan.csv", index=False)
    frame = pd.read_csv(sources, dtype="str", keep_default_na=False)
    new = {
        "source_id": "jalan_uji",
        "file": "jalan.csv",
        "layout": "tidy_csv",
        "title": "Data buatan untuk uji",
    }
    new |= {"publisher": "Uji", "licence": "-", "precedence": "30", "note": "data buatan"}
    pd.concat([frame, pd.DataFrame([new])]).fillna("").to_csv(sources, index=False)
    return before


def without_indicator(project, before) -> None:
    (project / "pkp_analysis/reference/indicators.csv").write_bytes(before[0])
    (project / "data/raw/sources.csv").write_bytes(before[1])
    (project / "data/raw/jalan.csv").unlink()


@pytest.mark.slow
def test_a_main_indicator_stands_on_the_pages_and_goes_without_a_trace(project):
    run = ("-m", "pkp_analysis", "run", "--region", "Banjar")
    before = with_indicator(project)
    done = python(project, *run)
    assert done.returncode == 0, done.stdout + done.stderr
    page = project / "reports/wilayah/6303-banjar.html"
    text = page.read_text(encoding="utf-8")
    assert "Jalan lingkungan" in text and ">bertahan<" in text  # a row whose word is its own course
    assert "tren-jalan-lingkungan-layak" in text and "Jalan lingkungan bertahan di antara 42% dan 46%" in text
    home = (project / "reports/index.html").read_text(encoding="utf-8")
    assert f"peta-{CODE}-2024" in home  # a choice of the map

    without_indicator(project, before)
    done = python(project, *run)
    assert done.returncode == 0 and "KeyError" not in done.stdout + done.stderr
    for path in (page, project / "reports/index.html", project / "data/processed/observations.csv"):
        assert "jalan lingkungan" not in path.read_text(encoding="utf-8").lower().replace("_", " "), path.name
