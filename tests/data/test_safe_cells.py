"""No text becomes a formula, whichever separator the program that opens a CSV cuts at."""

import os
import re
import shutil
import subprocess

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.data.safe_cells import neutral, neutral_frame

HOSTILE = [
    "=1+1",
    "＝1+1",
    "x;=HYPERLINK(1)",
    "x\t=1+1",
    "x, =1+1",
    "x\n=1+1",
    '";"=1+1',
    " @SUM(1)",
    "x;-1+1",
    "\ufeff=1+1",
    "=1;=2;=3",
    "x|+1+A1",
]


@given(st.lists(st.sampled_from([*"=+-@|＝＋－＠,;\t\r\n \"'x15."]), max_size=12).map("".join))
def test_no_part_of_a_text_starts_like_a_formula(text):
    safe = neutral(text)
    for part in re.split("[,;|\t\r\n]", safe):
        first = part.strip(' "')
        assert not re.match("[=+@＝＋－＠-]", first) or re.fullmatch(r"[-+]\d[\d.,]*", first)
    assert neutral(safe) == safe
    assert re.sub("'", "", safe) == re.sub("'", "", text), "nothing but apostrophes is added"


@pytest.mark.parametrize("text", ["\tTapin", "\nTapin", "\rTapin", "\t=1+1"])
def test_a_text_that_begins_with_a_break_stays_in_its_cell(text):
    assert neutral(text).startswith("'" + text[0])


def test_numbers_and_other_texts_stay_as_they_are():
    for value in (
        -5.3,
        None,
        True,
        "-5.3",
        "+12",
        "Tanah Laut",
        "a=b",
        "2022-01-01",
        "",
        "5; -5,3; x",
        "a/b-c",
    ):
        assert neutral(value) is value
    frame = neutral_frame(pd.DataFrame({"=x": ["@a", "b"], "n": [-1.5, 2]}))
    assert frame.to_dict("list") == {"'=x": ["'@a", "b"], "n": [-1.5, 2]}


@pytest.mark.skipif(
    not shutil.which("soffice") and not os.environ.get("CI"), reason="LibreOffice is not installed"
)
@pytest.mark.parametrize(
    "separator", [";", *(pytest.param(separator, marks=pytest.mark.slow) for separator in ",\t")]
)
def test_a_spreadsheet_program_finds_no_formula_whatever_its_separator(tmp_path, separator):
    path = tmp_path / "tabel.csv"
    table = pd.DataFrame({"region_code": "6303", "name": ["Banjar é", *HOSTILE]})
    neutral_frame(table).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
    reading = f"CSV:{ord(separator)},34,76,1,,1057,false,true,false,false,false,-1,true"  # formulas count
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
        + ["--convert-to", "fods", f"--infilter={reading}", "--outdir", str(tmp_path), str(path)],
        check=True,
        timeout=180,
        capture_output=True,
    )
    read = (tmp_path / "tabel.fods").read_text(encoding="utf-8")
    assert "Banjar é" in read and "table:formula" not in read
