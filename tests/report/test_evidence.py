"""Tables and the reliability plot of the page on methods, and its examples beside the reports."""

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from pkp_analysis.analysis import backtest
from pkp_analysis.pages.methods import NOTEBOOK, label, reliability_plot, shown
from pkp_analysis.words.catalogue import TemplateError

from .page_text import PageText, section

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"


def kept(cell_id: str) -> str:
    """What a cell of the methods notebook printed when it was last run; running the notebooks checks that it
    still does.
    """
    notebook = nbformat.read(FOLDER / f"{NOTEBOOK}.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return cell.outputs[0].text


@pytest.fixture
def reliability():
    rows = pd.DataFrame(
        {
            "method": ["hierarchical"] * 4 + ["straight_line"] * 4,
            "probability": [0.05, 0.5, 0.5, 0.95] * 2,
            "met": [False, True, False, True, True, True, True, True],
        }
    )
    return backtest.reliability(rows)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "id",
            [
                "Cara",
                "Cakupan (%)",
                "Model proyeksi",
                ">1.664<",
                ">80,8<",
                ">–<",
                "Uji mundur pada seri FSVA",
            ],
        ),
        (
            "en",
            [
                "Method",
                "Coverage (%)",
                "Projection model",
                ">1,664<",
                ">80.8<",
                ">–<",
                "Backtest on the FSVA series",
            ],
        ),
    ],
)
def test_a_table_is_written_in_the_language_of_the_page(lang, expected):
    frame = pd.DataFrame(
        {
            "method": ["hierarchical", "jmp_rule"],
            "forecasts": [1664, 1664],
            "coverage_pct": [80.77, float("nan")],
        }
    )
    columns = {"Cara": ("method", None), "Perkiraan": ("forecasts", 0), "Cakupan (%)": ("coverage_pct", 1)}
    html = shown(frame, "tabel-x", "Uji mundur pada seri FSVA", columns, lang)._repr_html_()
    assert '<table id="tabel-x">' in html and not [text for text in expected if text not in html]


def test_a_label_without_a_translation_is_an_error():
    assert label("G untuk g = {years} tahun", "en", years=3) == "G for g = 3 years"
    assert label("s_e", "en") == "s_e"
    with pytest.raises(TemplateError, match="Judul baru"):
        label("Judul baru", "en")


def test_the_reliability_plot_says_the_largest_deviation(reliability):
    figure = reliability_plot(reliability)
    assert figure.title == "Peluang dari model menyimpang paling jauh 5 persen poin dari kenyataan."
    assert "50% dinyatakan, 50% tercapai" in figure.alt
    assert figure.table["Cara"].tolist() == ["Model proyeksi"] * 3 + ["Garis lurus"] * 3
    assert figure.svg == reliability_plot(reliability).svg


def test_the_reliability_plot_in_english(reliability):
    figure = reliability_plot(reliability, "en")
    assert (
        figure.title == "The model's probabilities differ from the outcomes by at most 5 percentage points."
    )
    assert figure.alt.startswith(figure.title) and "50% stated, 50% met" in figure.alt
    assert figure.table.columns.tolist() == ["Method", "Forecasts", "Mean probability (%)", "Met (%)"]
    assert (
        "Stated probability (%)" in figure.svg
        and "Straight line" in figure.svg
        and "Peluang" not in figure.svg
    )
    assert figure.lang == "en"


def test_the_worked_example_gives_what_the_page_of_banjar_projects(build):
    """Calculated by hand in the notebook, projected by the library for the report."""
    page = build("6303").data.projection("sanitasi layak", years=[2030]).iloc[0]
    assert re.findall(r"\d+\.\d\d", kept("metode-banjar-angka")) == [
        f"{page[name]:.2f}" for name in ("median", "lower", "upper")
    ]
    cells = PageText(section(build("6303"), "trend")).cells
    assert f"{page['median']:.1f}%".replace(".", ",") in cells


def test_the_change_of_the_gap_follows_from_the_figures_shown():
    rows = [line.split() for line in kept("metode-kesenjangan-angka").splitlines() if "layak" in line]
    assert len(rows) == 2
    for *_, start, end, change, _, _, _ in rows:
        assert float(change) == pytest.approx(float(end) - float(start), abs=1e-9)
