"""Where title, header, names and figures of a cross table begin and end; made-up figures, and the smallest table that
shows each rule.
"""

import numpy as np
import pytest

from pkp_analysis.data.readers.sheet import Sheet, column_letter, number_text
from pkp_analysis.data.regions import members

from .test_odd_files import HEAD, SAN, WATER, book, csv, figures, read

BANJAR, TAPIN = ("6303", 80.1), ("6305", 75.2)


# -- title and header -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023", [None, 2023]),
        ("Tahun: 2023", [None, 2023]),
        ("Tahun : 2023", [2023, 2023]),
        ("Keadaan tahun 2023", [2023, 2023]),
    ],
)
def test_a_short_year_alone_heads_its_column_and_a_longer_line_is_the_title(tmp_path, text, years):
    rows = [[None, None, text], [HEAD, "Sanitasi Layak", "Air Minum Layak"], ["Tapin", 75.2, 76.1]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert [found[cell][2] if cell in found else None for cell in ("B3", "C3")] == years
    assert rules == ({} if years[0] else {"B3": "year"})


@pytest.mark.parametrize(
    ("merged", "rules"),
    [
        (["0102"], ["indicator"]),  # over two of three columns of figures
        (["0103"], []),
        (["0002"], []),  # from the first column on it is the title
        ([], []),
    ],
)
def test_a_lone_text_over_some_of_the_columns_heads_these(tmp_path, merged, rules):
    left = not merged or merged[0][1] == "0"
    rows = [["Sanitasi Layak"] if left else [None, "Sanitasi Layak"], [HEAD, 2021, 2022, "Persen 2023"]]
    found, told, _ = read(book(tmp_path, *rows, ["Tapin", 75.2, 76.1, 77.3], merged=merged))
    assert list(told.values()) == rules and len(found) == 3 - len(rules)


def test_a_lone_unit_just_above_the_figures_is_that_of_its_column(tmp_path):
    rows = [[HEAD, "Sanitasi Layak 2023", "TPS3R 2023"], [None, "(%)"], ["Tapin", 75.2, 5]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6305", 5), TAPIN] and not rules


def test_a_lone_unit_above_the_header_is_that_of_all_columns(tmp_path):
    rows = [["(%)"], [HEAD, "Sanitasi Layak 2023", "TPS3R 2023"], ["Tapin", 75.2, 5]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [TAPIN] and rules == {"C3": "unit"}


@pytest.mark.parametrize("lines", [["Tapin;75,2", "Kab. Banjar;80,1"], ["Kab. Banjar;80,1"]])
def test_figures_without_any_header(tmp_path, lines):
    found, rules, _ = read(csv(tmp_path, *lines), SAN, 2023)
    assert figures(found) == [BANJAR, TAPIN][: len(lines)] and not rules


@pytest.mark.parametrize(
    ("title", "head", "status"),
    [
        ("Sanitasi Layak 2023*", "Persen", "provisional"),
        ("Sanitasi Layak", "2023*", "provisional"),
        ("Sanitasi Layak", "2023", "official"),
    ],
)
def test_a_mark_behind_the_year_of_title_or_header(tmp_path, title, head, status):
    cleaned = read(book(tmp_path, [title], [HEAD, head], ["Tapin", 75.2]))[2]
    assert cleaned.observations["status"].tolist() == [status]


@pytest.mark.parametrize("head", ["-", "Persen", "(%)"])
def test_a_header_that_says_nothing_leaves_the_title_to_speak(tmp_path, head):
    found, rules, _ = read(book(tmp_path, ["Sanitasi Layak 2023"], [HEAD, head], ["Tapin", 75.2]))
    assert figures(found) == [TAPIN] and not rules


def test_zeros_below_headers_without_years_are_figures(tmp_path):
    rows = [[HEAD, "Bank Sampah", "TPS3R", "Sanitasi Layak"], ["Tapin", 0, 0, 75.2], ["Kab. Banjar", 5, 6, 0]]
    found, rules, _ = read(book(tmp_path, *rows), year=2023)
    assert len(found) == 6 and "zero_as_missing" not in rules.values()


@pytest.mark.parametrize(
    ("title", "head", "rules"),
    [
        ("Neraca 2023", "Pengurangan Sampah", {"C3": "unit"}),
        ("Neraca 2023", "Pengurangan Sampah (ton)", {}),
        ("Neraca 2023 (ton/tahun)", "Pengurangan Sampah", {}),
    ],
)
def test_the_unit_of_what_stands_beside_the_waste_generated(tmp_path, title, head, rules):
    rows = [[title], [HEAD, "Timbulan Sampah (ton/tahun)", head], ["Tapin", 60000, 9000]]
    found, told, _ = read(book(tmp_path, *rows))
    assert {cell: rule for cell, rule in told.items() if rule != "period_unstated"} == rules
    assert len(found) == 2 - len(rules)


# -- columns --------------------------------------------------------------------------------------------------------


def test_a_unit_nobody_knows_in_the_column_of_units_is_not_no_unit(tmp_path):
    rows = [[HEAD, "Satuan", "Sanitasi Layak 2023"], ["Tapin", "Persen", 75.2], ["Kab. Banjar", "buah", 80.1]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [TAPIN] and rules == {"C3": "unit"}


@pytest.mark.parametrize(
    ("head", "words", "rules"),
    [
        ("Sanitasi Layak 2022", ["dinas", "dinas"], "text_column"),
        ("Sanitasi Layak 2022", ["55", "dinas"], "unreadable"),
        ("Sanitasi Layak (%)", ["55", "dinas"], "unreadable"),
        ("Realisasi", ["55", "dinas"], "unreadable"),
    ],
)
def test_a_column_headed_as_figures_holds_some_or_is_none(tmp_path, head, words, rules):
    names = ["Tapin", "Kab. Banjar", "Kotabaru", "Balangan"]
    lines = [f"{name};75,2;{word}" for name, word in zip(names, [words[0], *[words[1]] * 3])]
    found, told, _ = read(csv(tmp_path, f"{HEAD};Air Minum Layak 2023;{head}", *lines), SAN, 2023)
    assert set(told.values()) == {rules} and len(found) == 4 + (words[0] == "55")


def test_an_id_that_fits_one_name_by_chance_is_no_code(tmp_path):
    lines = [
        "id;Kabupaten/Kota;Sanitasi Layak 2023",
        "6303;Kab. Banjar;80,1",
        "6304;Tapin;75,2",
        "6306;Kotabaru;71",
    ]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [("6302", 71), BANJAR, TAPIN] and not rules


def test_the_column_of_parts_is_the_one_headed_so(tmp_path):
    lines = ["Jenis;Kecamatan;Sanitasi Layak 2023", "pesisir;Ubud;80,1", "darat;Sidemen;81"]
    _, rules, cleaned = read(csv(tmp_path, *lines))
    assert rules == {"A1": "text_column"} | dict.fromkeys(["C2", "C3"], "part_of_region")
    assert cleaned.issues["message"].str.contains("Ubud|Sidemen").sum() == 2


@pytest.mark.parametrize(
    ("head", "said", "rule"),
    [
        ("Jenis Kelamin", ["L", "L"], "subgroup"),  # the header says that it breaks rows down
        ("Tempat", ["Perkotaan", "Perkotaan"], "subgroup"),  # its cells do
        ("Tempat", ["di barat", "di timur"], ""),
        ("Jenis Kelamin", ["Total", "Jumlah"], ""),
    ],
)
def test_a_column_that_breaks_down_what_stands_in_one_row_each(tmp_path, head, said, rule):
    rows = [[HEAD, head, "Sanitasi Layak 2023"], ["Tapin", said[0], 75.2], ["Kab. Banjar", said[1], 80.1]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == ([] if rule else [BANJAR, TAPIN])
    assert [told for told in rules.values() if told != "text_column"] == [rule] * 2 * bool(rule)


def test_figures_only_in_rows_between_those_looked_at_make_a_column(tmp_path):
    """Of 84 rows every second is looked at."""
    names = [*members("33"), *members("35"), *members("63")][:84]
    rows = [[code, 70.5, 60.5 if place in (1, 3) else None] for place, code in enumerate(names)]
    found, rules, _ = read(book(tmp_path, ["Kode", "Sanitasi Layak", "Air Minum Layak"], *rows), year=2023)
    assert {code for code, name, *_ in found.values() if name == WATER} == {names[1], names[3]}


@pytest.mark.parametrize("name", ["Kab. Banjar, Kalimantan Selatan", "Kabupaten Banjar, Kalimantan Selatan"])
def test_a_name_with_its_province_is_no_card_of_a_portal(tmp_path, name):
    found, rules, _ = read(csv(tmp_path, f"{HEAD};Sanitasi Layak 2023", f"{name};80,1", "Tapin;75,2"))
    assert figures(found) == [BANJAR, TAPIN] and not rules


@pytest.mark.parametrize(
    ("merged", "said"),
    [
        ((), ["a", "", "c"]),
        ((((0, 0), (0, 1)),), ["a", "", "c"]),  # across alone says nothing of other columns
        ((((0, 0), (1, 1)),), ["x", "x", "c"]),
        ((((0, 1), (1, 1)),), ["a", "a", "c"]),
        ((((1, 0), (2, 0)),), ["a", "", "c"]),
    ],
)
def test_a_cell_merged_downwards_says_the_same_of_every_row(merged, said):
    texts = [np.array(column, dtype=object) for column in (["x", "", ""], ["a", "", "c"])]
    assert Sheet("", texts, merged=merged).described(1, [0, 1, 2]) == said


def test_a_header_beside_the_indicator_of_the_row_says_of_whom_its_figure_is(tmp_path):
    rows = [[HEAD, "Indikator", "Persentase 2023", "Perkotaan 2023"], ["Tapin", "Sanitasi Layak", 75.2, 90.1]]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [TAPIN] and rules == {"D2": "subgroup"}


def test_names_merged_across_the_years_of_regions_across(tmp_path):
    rows = [
        ["Sanitasi Layak (%)"],
        ["Wilayah", "Kab. Banjar", None, "Tapin", None],
        ["Tahun", 2022, 2023, 2022, 2023],
        ["Persentase", 80.1, 81.1, 75.2, 76.2],
    ]
    found, rules, _ = read(book(tmp_path, *rows, merged=["1112", "1314"]))
    assert sorted(found.values()) == [
        ("6303", SAN, 2022, 80.1), ("6303", SAN, 2023, 81.1), ("6305", SAN, 2022, 75.2), ("6305", SAN, 2023, 76.2)
    ]  # fmt: skip
    assert not rules


@pytest.mark.parametrize("mark", ["*", " 1)", "²"])
def test_names_that_all_bear_a_mark(tmp_path, mark):
    lines = [f"Kabupaten/Kota{mark};Sanitasi Layak 2023", f"Kab. Banjar{mark};80,1", f"Tapin{mark};75,2"]
    found, rules, _ = read(csv(tmp_path, *lines))
    assert figures(found) == [BANJAR, TAPIN] and not rules


def test_the_text_furthest_left_names_a_row_without_a_name(tmp_path):
    rows = [["No", "Status", HEAD, "Sanitasi Layak 2023"], [1, "tetap", "Tapin", 75.2]]
    found, rules, _ = read(book(tmp_path, *rows, ["Rata-rata Kalimantan Selatan", "sementara", None, 82.1]))
    assert figures(found) == [("63", 82.1), TAPIN] and not rules


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (2022.0, "2022"), (-3.0, "-3"), (0.5, "0.5"), (float("nan"), ""), (1e15 - 1, "999999999999999"),
        (1e15, "1000000000000000.0"), (1e300, "1e+300"), (1e-7, "1e-07"),
    ],
)  # fmt: skip
def test_a_number_as_a_person_reads_it(number, text):
    assert number_text(number) == text


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_letters_of_columns(number, letters):
    assert column_letter(number) == letters


# -- tables beside and below each other -----------------------------------------------------------------------------


def test_a_column_of_cities_among_provinces_is_no_second_table(tmp_path):
    rows = [["Provinsi", 2022, "Kota Terbesar", 2023], ["Kalimantan Selatan", 82.1, "Kota Banjarmasin", 83.2]]
    more = ["Kalimantan Timur", 90.1, "Kota Samarinda", 91.2]
    found, _, _ = read(book(tmp_path, ["Sanitasi Layak"], *rows, more))
    assert figures(found) == [("63", 82.1), ("63", 83.2), ("64", 90.1), ("64", 91.2)]


@pytest.mark.parametrize("left", [["No"], ["No", "Kode"], []])
def test_numbers_and_codes_left_of_each_of_three_tables(tmp_path, left):
    place = [{"No": 1, "Kode": "6305"}[head] for head in left]
    head, row = [*left, HEAD], [*place, "Tapin"]
    rows = [[*head, 2021, *head, 2022, *head, 2023], [*row, 75.2, *row, 76.1, *row, 77.3]]
    found, rules, _ = read(book(tmp_path, ["Sanitasi Layak (%)"], *rows))
    assert [place[2:] for place in found.values()] == [(2021, 75.2), (2022, 76.1), (2023, 77.3)] and not rules


@pytest.mark.parametrize("head", ["Wilayah", "Nama", "Kabupaten"])
def test_another_header_of_regions_starts_another_table(tmp_path, head):
    rows = [[HEAD, 2021], ["Kab. Banjar", 80.1], [head, 2022], ["Tapin", 75.2]]
    found, rules, _ = read(book(tmp_path, *rows), SAN)
    assert list(found.values()) == [("6303", SAN, 2021, 80.1), ("6305", SAN, 2022, 75.2)] and not rules


def test_a_header_of_parts_starts_another_table(tmp_path):
    rows = [[HEAD, 2021], ["Kab. Banjar", 80.1], ["Kecamatan", 2022], ["Martapura", 75.2]]
    found, rules, _ = read(book(tmp_path, *rows), SAN)
    assert list(found.values()) == [("6303", SAN, 2021, 80.1)] and rules == {"B4": "part_of_region"}


@pytest.mark.parametrize(("blank", "goes_on"), [([[]], False), ([], True)])
def test_words_of_two_columns_after_a_blank_row_start_a_table_of_something_else(tmp_path, blank, goes_on):
    rows = [
        [HEAD, "Sanitasi Layak 2023"],
        ["Kab. Banjar", 80.1],
        *blank,
        ["Kelompok", "Skor akhir"],
        ["Tapin", 75.2],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == ([BANJAR, TAPIN] if goes_on else [BANJAR]) and bool(rules) != goes_on


def test_headings_of_kinds_above_several_columns(tmp_path):
    rows = [[HEAD, 2022, 2023], ["Kabupaten"], ["Bogor", 70.1, 71.1], ["Kota"], ["Bogor", 90.1, 91.1]]
    found, rules, _ = read(book(tmp_path, ["Sanitasi Layak"], *rows))
    assert figures(found) == [("3201", 70.1), ("3201", 71.1), ("3271", 90.1), ("3271", 91.1)] and not rules


def test_a_table_of_one_last_row(tmp_path):
    rows = [
        ["Sanitasi Layak 2023"],
        [HEAD, "Persen"],
        ["Kab. Banjar", 80.1],
        ["Air Minum Layak 2023"],
        ["Tapin", 75.2],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert list(found.values()) == [("6303", SAN, 2023, 80.1), ("6305", WATER, 2023, 75.2)] and not rules
