"""Which cells of a column are refused or doubted, told by the whole column; made-up figures of regencies in the order
Tanah Laut, Kotabaru, Banjar, Barito Kuala ..., the last of a list with `of` its province or the nation.
"""

from datetime import date

import pytest

from pkp_analysis.data.clean import clean_file

from .test_intake import KALSEL
from .test_odd_files import HEAD, book, csv, figures, read

OTHERS = {"63": "Kalimantan Selatan", "00": "INDONESIA"}


def rules_of(path, head, values, of="", names=KALSEL):
    names = [*names[: len(values) - bool(of)], *[OTHERS.get(of, of)] * bool(of)]
    found, rules, cleaned = read(
        csv(path, f"{HEAD};{head} 2023", *map(";".join, zip(names, map(str, values))))
    )
    return [rules.get(f"B{row}", "") for row in range(2, len(values) + 2)], cleaned.issues


@pytest.mark.parametrize(
    ("head", "values", "rules"),
    [
        # no unit is stated, and many figures are above 100
        ("Pengurangan Sampah", [2000, 42, 350, 12], ["unit"] * 4),
        ("Pengurangan Sampah", [2000, 42, 12], ["range", "", ""]),
        ("Pengurangan Sampah", [2000, 350], ["range"] * 2),
        ("Pengurangan Sampah", [2000, 350, 12], ["unit"] * 3),
        ("Pengurangan Sampah", [100, 100, 100], [""] * 3),
        ("Pengurangan Sampah (%)", [2000, 350, 101], ["range"] * 3),
        # counts are whole
        ("Bank Sampah", ["1,5", 3], ["whole_number"] * 2),
        ("Bank Sampah", ["1,5"], ["whole_number"]),
        ("Bank Sampah", ["1,5", 3, 4], ["whole_number", "", ""]),
        # fractions of one: households' shares are never that small, those of waste may be
        ("Sanitasi Layak", ["0,8", "0,9"], ["fraction"] * 2),
        ("Sanitasi Layak", ["0,8"], ["lone_fraction"]),
        ("Sanitasi Layak", ["0,8", "0,9", 0], ["fraction", "fraction", ""]),
        ("Sanitasi Layak", ["0,8", "0,9", "1,9", 80], ["lone_fraction"] * 2 + [""] * 2),
        ("Sanitasi Layak", ["0,8", "0,9", 1, "1,9", 80], ["fraction"] * 4 + [""]),
        ("Sanitasi Layak", ["0,8", "0,9", 1, 2, "2,1"], ["fraction"] * 4 + [""]),
        ("Penanganan Sampah (%)", ["0,8", "0,9"], ["", ""]),
        ("Penanganan Sampah (%)", ["0,8", "0,9", 1], ["fraction"] * 3),
        ("Penanganan Sampah (%)", ["0,8", "0,9", "1,1"], ["lone_fraction"] * 2 + [""]),
        ("Penanganan Sampah (%)", ["0,8", 20, 20, 20], [""] * 4),
        ("Penanganan Sampah (%)", ["0,8", "0,9", 20, 20], [""] * 4),
        ("Penanganan Sampah (%)", ["0,8", 21, 21], ["lone_fraction", "", ""]),
        ("Penanganan Sampah (%)", ["0,8", 21, 21, 20], ["", "", "", ""]),
        ("Penanganan Sampah (%)", ["0,8", 21, 21, 21], ["lone_fraction", "", "", ""]),
        ("Penanganan Sampah (%)", ["0,8", 21, 21, 0], ["lone_fraction", "", "", ""]),
        ("BABS terbuka", ["0,8", "0,9"], ["", ""]),
        ("BABS terbuka", ["0,8", "0,9", 0], [""] * 3),
        ("BABS terbuka", ["0,8", "0,9", 1], ["lone_fraction"] * 3),
        ("BABS terbuka", ["0,8", "0,9", "1,1"], [""] * 3),
        # tonnes without a time: of a day when half of what is generated is too little for a year
        ("Timbulan Sampah (ton)", [150, 60000, 0], ["unit"] * 3),
        ("Timbulan Sampah (ton)", [150, 60000, 60000], ["unit", "period_unstated", "period_unstated"]),
        ("Timbulan Sampah (ton)", [1999, 2000, 60000], ["unit", "period_unstated", "period_unstated"]),
        ("Timbulan Sampah (ton/tahun)", [1999, 2000, 60000, 0], ["small_amount", "", "", ""]),
        # what the codebook allows
        ("Sanitasi Layak", ["0", "100", "100,01", "-0,1"], ["", "", "range", "range"]),
        # cells that say per cent
        ("Sanitasi Layak", ["80,1%", "81 %", "82 persen"], [""] * 3),
        ("TPS3R", ["5%", 5, "5 persen"], ["unit", "", "unit"]),
    ],
)
def test_columns(tmp_path, head, values, rules):
    found = rules_of(tmp_path, head, values)[0]
    assert [rule if rule != "zero" and rule != "doubtful_zero" else "" for rule in found] == rules


@pytest.mark.parametrize(
    ("of", "names", "values", "rules"),
    [
        ("63", KALSEL, [15, 0, 12], ["total", "", ""]),
        ("63", KALSEL, [15, 14, 12], ["", "", "total"]),
        ("63", KALSEL, [12, 0, 12], ["", "", ""]),
        ("63", ["Aceh Barat", "Simeulue"], [15, 14, 12], ["", "", ""]),  # of another province
        ("00", ["Aceh", "Bali", "Riau"], [15, 14, 3, 12], ["", "", "", "total"]),
        ("00", ["Aceh", "Bali", "Riau"], [15, 11, 3, 12], ["total", "", "", ""]),
        (
            "00",
            ["Tapin", "Balangan"],
            [15, 14, 12],
            ["", "", ""],
        ),  # a regency is no part of the nation's table
    ],
)
def test_totals_and_their_parts(tmp_path, of, names, values, rules):
    found, issues = rules_of(tmp_path, "Bank Sampah", values, of, names)
    assert found == rules
    if found[-1]:
        assert issues["suggestion"].tolist() == [str(sum(values[:-1]))]


def test_each_year_has_a_total_of_its_own(tmp_path):
    lines = ["Tapin;5;7;8", "Kotabaru;6;8;9", "Kalimantan Selatan;11;6;17"]
    found, rules, _ = read(
        csv(tmp_path, f"{HEAD};Bank Sampah 2021;Bank Sampah 2022;Bank Sampah 2023", *lines)
    )
    assert rules == {"C4": "total"} and len(found) == 8


def test_shares_have_no_total(tmp_path):
    assert rules_of(tmp_path, "Sanitasi Layak", [80, 70, 60], "63")[0] == [""] * 3


@pytest.mark.parametrize("count", [2, 6, 7])
def test_one_region_again_and_again(tmp_path, count):
    names = ["Kab. Banjar"] * count
    found, issues = rules_of(tmp_path, "Sanitasi Layak", [80] * count, names=names)
    assert found == ["", *["duplicate"] * (count - 1)] and ("; ...)" in issues["message"][0]) == (count > 6)
    found, issues = rules_of(tmp_path, "Sanitasi Layak", range(70, 70 + count), names=names)
    assert found == ["duplicate_differs"] * count and ("; ...)" in issues["message"][0]) == (count > 6)
    assert "tahun yang sama berisi nilai berbeda (B2 = 70; B3 = 71" in issues["message"][0]


def test_two_words_for_one_region_are_told(tmp_path):
    found, issues = rules_of(
        tmp_path, "Sanitasi Layak", [70, 71, 80], names=["Kab. Banjar", "Banjar", "Tapin"]
    )
    assert found == ["duplicate_differs", "duplicate_differs", ""]
    assert (
        issues["message"].str.startswith("'Banjar' dan 'Kab. Banjar' terbaca sebagai wilayah yang sama").all()
    )


@pytest.mark.parametrize(
    ("head", "values", "advice"),
    [
        (
            "Sanitasi Layak",
            ["0,8", "0,9", 1, "1,9"],
            ["tulis 80", "tulis 90", "tulis 100", "periksa angkanya"],
        ),
        ("Bank Sampah", ["1,5", 3, 4], ["periksa: mungkin 1500"]),
    ],
)
def test_what_a_figure_may_have_meant(tmp_path, head, values, advice):
    assert rules_of(tmp_path, head, values)[1]["suggestion"].tolist() == advice


def test_what_is_generated_tells_whether_a_file_is_of_a_day(tmp_path):
    heads = ";".join(f"{what} Sampah 2023 (ton)" for what in ("Timbulan", "Penanganan", "Pengurangan"))
    _, rules, _ = read(csv(tmp_path, f"{HEAD};{heads}", "Tapin;150;90000;9000", "Kotabaru;160;90000;9000"))
    assert list(rules.values()) == ["unit"] * 6


def test_a_year_may_be_this_one_or_that_in_which_the_file_was_fetched(tmp_path):
    this = date.today().year
    path = csv(tmp_path, f"{HEAD};Sanitasi Layak {this};Sanitasi Layak {this + 1}", "Tapin;80;81")
    row = {"source_id": "uji", "precedence": 10}
    assert clean_file(path, row).observations["year"].tolist() == [this]
    fetched = clean_file(path, row | {"accessed": f"{this + 1}-01-31"})
    assert sorted(fetched.observations["year"]) == [this, this + 1]


def test_a_count_shown_as_per_cent_is_refused_and_a_share_is_not(tmp_path):
    rows = [
        [HEAD, "TPS3R 2023", "Sanitasi Layak 2023"],
        ["Tapin", (5, "0%"), (0.5, "0%")],
        ["Kotabaru", 5, 50],
    ]
    found, rules, _ = read(book(tmp_path, *rows))
    assert figures(found) == [("6302", 5), ("6302", 50), ("6305", 50)] and rules == {"B2": "unit"}
