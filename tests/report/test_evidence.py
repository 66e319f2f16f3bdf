"""Tables and the reliability plot of the page on methods."""

import pandas as pd

from pkp_analysis.analysis import backtest
from pkp_analysis.report.evidence import reliability_plot, shown


def test_a_table_names_methods_and_writes_indonesian_numbers():
    frame = pd.DataFrame({"method": ["hierarchical", "jmp_rule"], "forecasts": [1664, 1664], "coverage_pct": [80.77, float("nan")]})
    html = shown(frame, "tabel-x", "Judul", {"Cara": ("method", None), "Perkiraan": ("forecasts", 0), "Cakupan": ("coverage_pct", 1)})._repr_html_()
    assert '<table id="tabel-x">' in html and "<caption>Judul</caption>" in html
    assert "Model proyeksi" in html and "Aturan JMP" in html
    assert ">1.664<" in html and ">80,8<" in html and ">–<" in html


def test_the_reliability_plot_says_the_largest_deviation():
    rows = pd.DataFrame(
        {
            "method": ["hierarchical"] * 4 + ["straight_line"] * 4,
            "probability": [0.05, 0.5, 0.5, 0.95] * 2,
            "met": [False, True, False, True, True, True, True, True],
        }
    )
    figure = reliability_plot(backtest.reliability(rows))
    assert figure.title == "Peluang dari model menyimpang paling jauh 5 persen poin dari kenyataan."
    assert "50% dinyatakan, 50% tercapai" in figure.alt
    assert figure.table["Metode"].tolist() == ["Model proyeksi"] * 3 + ["Garis lurus"] * 3
    assert figure.svg == reliability_plot(backtest.reliability(rows)).svg
