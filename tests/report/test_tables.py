"""Plain tables: where a column's figures stand, its head and its dashes stand too."""

from pkp_analysis.html import table


def test_the_head_of_a_column_of_figures_is_set_like_the_figures():
    html = table(
        "t",
        "Judul",
        ["Wilayah", "Nilai", "Catatan", "Campuran"],
        [["Banjar", "83,18%", "–", "1,5"], ["Tapin", "–", "revisi", "724,66 ha"]],
    )
    assert (
        '<th scope="col">Wilayah</th><th scope="col" class="angka">Nilai</th><th scope="col">Catatan</th><th'
        ' scope="col">Campuran</th>' in html
    )
    assert '<td class="angka">83,18%</td><td>–</td><td class="angka">1,5</td>' in html
    assert '<td class="angka">–</td><td>revisi</td><td>724,66 ha</td>' in html


def test_years_that_head_their_rows_stay_on_the_left():
    html = table("t", "Judul", ["Tahun", "Nilai"], [["2021", "1"]])
    assert '<th scope="col">Tahun</th>' in html and '<th scope="row">2021</th>' in html


def test_no_rows_no_table():
    assert table("t", "Judul", ["Wilayah"], []) == ""
