"""Tables of a web page to grids: raised digits, cells that span others, marks out of order; made-up figures."""

import pytest

from pkp_analysis.data.readers.markup import read_html


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("88,2<sup>1</sup>", "88,2¹"),
        ("88,2<sup>1</sup>5", "88,2¹5"),
        ("8<sup><b>1</b>2</sup>3", "8¹²3"),
        ("</sup>88,2<sup>1</sup>5", "88,2¹5"),
        ("88<sup>1", "88¹"),
        ("80<br>,1", "80 ,1"),
        ("<p>Hulu</p> Sungai", "Hulu Sungai"),
        ("8<script>9<style>9</style>9</script>1", "81"),
    ],
)
def test_the_text_of_a_cell(cell, text):
    ((sheet,), _) = read_html(f"<table><tr><td>Tapin<td>{cell}<td>5</table>")
    assert [column[0] for column in sheet.texts] == ["Tapin", text, "5"]


@pytest.mark.parametrize(
    ("rows", "cells", "merged"),
    [
        ("<tr><td colspan=2>a<td>b", [["a", "", "b"]], [((0, 0), (0, 1))]),
        ("<tr><td rowspan=2>a<td>b<tr><td>c", [["a", "b"], ["", "c"]], [((0, 0), (1, 0))]),
        ("<tr><td rowspan=9>a<td>b", [["a", "b"]], []),  # no row below to span
        ("<tr><td>x<td>y<tr><td rowspan=9>a<td>b", [["x", "y"], ["a", "b"]], []),
        ("<tr><td rowspan=0 colspan=x>a<td>b", [["a", "b"]], []),
        ("<tr><td>a<td rowspan=2 colspan=2>b<tr><td>c<td>d", [["a", "b", "", ""], ["c", "", "", "d"]],
         [((0, 1), (1, 2))]),
        ("<td>a", [["a"]], []),
    ],
)  # fmt: skip
def test_cells_that_span_others(rows, cells, merged):
    ((sheet,), _) = read_html(f"<table>{rows}</table>")
    assert [list(row) for row in zip(*sheet.texts)] == cells and list(sheet.merged) == merged


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<table><tr><td>a<table><tr><td>b</table></table>", ["b"]),
        ("<table><tr><td> </table><table><tr><td>b</table>", ["b"]),
        ("</table><tr><td>a<table><tr><td>b</table>", ["b"]),
        ("<head><table><tr><td>a</table></head><table><tr><td>b</table>", ["b"]),
    ],
)
def test_which_tables_of_a_page_count(page, found):
    assert [sheet.texts[0][0] for sheet in read_html(page)[0]] == found


def test_several_tables_of_a_page_are_called_by_what_stands_above_each():
    table = "<table>{}<tr><td>a<td>b</table>"
    page = (
        "<h1>Judul</h1>" + table.format("") + "<p>Kedua</p>" + table.format("") + table.format("<caption>Isi")
    )
    sheets, titles = read_html(page + table.format(""))
    assert [sheet.name for sheet in sheets] == ["Judul", "Kedua", "Isi", ""] and titles == []
    sheets, titles = read_html(f"<h1>Judul</h1>{table.format('<caption>Isi</caption>')}")
    assert [sheet.name for sheet in sheets] == [""] and titles == ["Judul", "Isi"]
