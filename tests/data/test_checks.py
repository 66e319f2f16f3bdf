"""Each rule over the whole table: what it finds, and what it leaves alone."""

import pandas as pd
import pytest

from pkp_analysis.data import checks
from pkp_analysis.data.codebook import indicators
from pkp_analysis.data.reconcile import breaks, decimal_comma
from pkp_analysis.data.regions import members
from pkp_analysis.errors import DataContractError
from pkp_analysis.paths import REFERENCE

from .tables import observations

REGENCIES = members("63")


def found(frame: pd.DataFrame) -> list[str]:
    assert set(frame["severity"]) <= {"warning", "note"}
    return frame["message"].tolist()


def test_a_jump_beyond_the_history_of_the_indicator():
    frame = observations(
        ("6303", "sanitasi_layak", 2021, 60),
        ("6303", "sanitasi_layak", 2024, 90),
        ("6305", "sanitasi_layak", 2021, 60),
        ("6305", "sanitasi_layak", 2024, 84),
    )
    assert found(checks.jumps(frame)) == [
        "Sanitasi layak Banjar 2024: 90 setelah 60 pada 2021, berubah 10 per tahun. Yang diharapkan: paling"
        " banyak 8, batas kamus karena riwayatnya kurang dari 40 perubahan."
    ]


@pytest.mark.parametrize(("step", "jump", "limit"), [(1, 3, "2"), (3, 7, "6"), (6, 13, "12")])
def test_the_history_of_the_indicator_decides_what_is_a_jump(step, jump, limit):
    """80 changes of `step` points up or down a year make twice that the limit, whatever the codebook says."""
    codes = members("35")[:20]
    rows = [
        (code, "sanitasi_layak", 2018 + year, 50 + step * (year % 2)) for code in codes for year in range(5)
    ]
    assert found(checks.jumps(observations(*rows))) == []
    rows.append((codes[0], "sanitasi_layak", 2023, 50 + jump))
    message = found(checks.jumps(observations(*rows)))
    assert (
        len(message) == 1
        and f"Yang diharapkan: paling banyak {limit}, dua kali batas yang memuat 95% dari 81 perubahan indikator ini."
        in message[0]
    )


def test_a_few_wrong_figures_do_not_widen_their_own_limit():
    codes = members("35")
    rows = [
        (code, "sanitasi_layak", year, 50 + (year - 2018)) for code in codes for year in range(2018, 2022)
    ] + [(code, "sanitasi_layak", 2022, 95) for code in codes[:4]]
    assert len(found(checks.jumps(observations(*rows)))) == 4


@pytest.mark.parametrize(("regions", "limit"), [(10, "2, dua kali"), (9, "8, batas kamus")])
def test_forty_changes_are_a_history(regions, limit):
    """Four changes a region of one point, but one of nine; the codebook allows eight."""
    codes = members("35")[:regions]
    rows = [(code, "sanitasi_layak", 2018 + year, 50 + year) for code in codes for year in range(5)]
    rows[4] = (codes[0], "sanitasi_layak", 2022, 53 + 9)
    message = found(checks.jumps(observations(*rows)))
    assert len(message) == 1 and f"paling banyak {limit}" in message[0]


@pytest.mark.parametrize(
    ("indicator", "before", "value", "doubtful"),
    [
        ("sanitasi_layak", 85, 0.8828, True),
        ("sanitasi_layak", 85, 1, True),
        ("sanitasi_layak", 85, 1.01, False),
        ("sanitasi_layak", 85, 40, False),
        ("sanitasi_layak", 8.5, 0.5, False),  # just as far as the codebook lets it move
        ("sanitasi_layak", 0.5, 0.9, False),
        ("sanitasi_layak", 85, 0, False),  # said as a zero
        ("penanganan_sampah", 85, 0, True),
        ("babs_terbuka", 85, 0.9, False),  # shall fall
        ("bank_sampah_unit", 850, 1, False),  # no share
    ],
)
def test_a_share_that_fell_to_at_most_1_may_be_a_fraction(indicator, before, value, doubtful):
    rows = observations(("6303", indicator, 2023, before), ("6303", indicator, 2024, value))
    assert bool(found(checks.doubtful_fractions(rows))) == doubtful
    assert not found(checks.doubtful_fractions(rows.assign(file=""))), "calculated from others"


def test_a_jump_across_a_break_is_none():
    frame = observations(("94", "sanitasi_layak", 2023, 43), ("94", "sanitasi_layak", 2024, 80)).assign(
        series=["utama", "batas_2024"]
    )
    assert found(checks.jumps(frame)) == []


def test_figures_that_do_not_govern_make_no_jump():
    frame = observations(
        ("63", "air_minum_layak", 2021, 76.4), ("63", "air_minum_layak", 2022, 88.68)
    ).assign(is_governing=[True, False])
    assert found(checks.jumps(frame)) == []


@pytest.mark.parametrize(
    ("row", "doubtful"),
    [
        (("9436", "sanitasi_layak", 2021, 0), True),
        (("6371", "tanpa_air_bersih", 2018, 0), True),
        (("6303", "bank_sampah_unit", 2023, 0), False),
        (("9410", "sanitasi_layak", 2021, 0.26), False),
        (("6303", "penanganan_sampah", 2023, 0), False),  # no survey
        (("6303", "ketahanan_bangunan", 2023, 0), False),  # nobody is judged by it
    ],
)
def test_zero_shares_of_a_survey_are_doubtful(row, doubtful):
    assert bool(found(checks.doubtful_zeros(observations(row)))) == doubtful


def test_a_copied_column_is_noticed_once():
    rows = [
        (code, "sanitasi_layak", year, 60 + place)
        for year in (2023, 2024)
        for place, code in enumerate(REGENCIES)
    ]
    issues = checks.copied_columns(observations(*rows))
    assert found(issues) == [
        "Sanitasi layak 2024: 13 wilayah berisi angka yang persis sama dengan tahun sebelumnya (uji)."
    ]
    rows[-1] = (*rows[-1][:3], 99)
    assert found(checks.copied_columns(observations(*rows))) == []


@pytest.mark.parametrize(("regions", "told"), [(4, False), (5, True)])
def test_it_takes_five_regions_to_look_copied_or_counted_in_another_way(regions, told):
    codes = REGENCIES[:regions]
    same = [(code, "sanitasi_layak", year, 60) for year in (2023, 2024) for code in codes]
    assert bool(found(checks.copied_columns(observations(*same)))) == told
    moved = [(*key, year, 60 + 6 * (year == 2024)) for *key, year, _ in same]
    assert bool(found(checks.possible_breaks(observations(*moved)))) == told


def test_all_regions_moving_together_hints_at_a_break():
    rows = [
        (code, "sanitasi_layak", year, 60 + (year == 2022) * 6) for year in (2021, 2022) for code in REGENCIES
    ]
    assert found(checks.possible_breaks(observations(*rows))) == [
        "Sanitasi layak 2022: separuh dari 13 wilayah berubah lebih dari 6 per tahun."
    ]
    calm = [  # half of the 8 that a single one may move
        (code, "sanitasi_layak", year, 60 + (year == 2022) * 4) for year in (2021, 2022) for code in REGENCIES
    ]
    assert found(checks.possible_breaks(observations(*calm))) == []


def test_known_breaks_are_noted_with_their_reason():
    frame = observations(("94", "sanitasi_layak", 2023, 43), ("94", "sanitasi_layak", 2024, 80)).assign(
        series=["utama", "batas_2024"]
    )
    message = found(checks.known_breaks(frame, breaks()))
    assert len(message) == 1 and message[0].startswith(
        "Sanitasi layak: seri baru mulai 2024 untuk Papua. Batas wilayah baru"
    )


CONSISTENT = [
    ("sanitasi_aman", 2.84),
    ("sanitasi_layak", 82),
    ("babs_terbuka", 1.18),
    ("air_minum_layak", 76),
    ("air_minum_layak_perkotaan", 87),
    ("air_minum_layak_perdesaan", 65),
    ("penanganan_sampah", 62.12),
    ("pengurangan_sampah", 16.55),
    ("sampah_terkelola", 78.66),
    ("sampah_tidak_terkelola", 21.34),
]


@pytest.mark.parametrize(
    ("indicator", "value", "words"),
    [
        (None, None, None),
        ("sanitasi_aman", 82, None),
        ("pengurangan_sampah", 16.64, None),  # a tenth away from the sum is rounding
        ("air_minum_layak", 87.1, None),
        ("air_minum_layak", 64.9, None),
        ("sanitasi_aman", 83, "sanitasi aman adalah bagian"),
        ("babs_terbuka", 20, "tidak memiliki sanitasi layak"),
        ("pengurangan_sampah", 17.0, "penanganan ditambah pengurangan"),
        ("sampah_tidak_terkelola", 22, "berjumlah 100"),
        ("air_minum_layak", 88, "di antara perkotaan dan perdesaan"),
        ("air_minum_layak", 60, "di antara perkotaan dan perdesaan"),
    ],
)
def test_ladder_and_sum_rules(indicator, value, words):
    rows = [("63", name, 2021, value if name == indicator else number) for name, number in CONSISTENT]
    messages = found(checks.consistency(observations(*rows)))
    assert (messages == []) if words is None else any(words in message for message in messages)


def test_rules_need_all_their_figures_of_one_region_and_year():
    frame = observations(
        ("63", "sanitasi_aman", 2021, 90),
        ("63", "sanitasi_layak", 2022, 80),
        ("6303", "sanitasi_layak", 2021, 80),
    )
    assert found(checks.consistency(frame)) == []
    assert len(found(checks.consistency(frame.assign(region_code="63", year=2021).iloc[:2]))) == 1


def weighted(province_value: float, code: str = "63", year: int = 2024, left_out: int = 0) -> pd.DataFrame:
    """A province beside regencies of equal population whose mean is 70."""
    inside = members(code)
    rows = [(region, "sanitasi_layak", year, 70) for region in inside[left_out:]] + [
        (region, "penduduk_jiwa", 2024, 1000) for region in inside
    ]
    return observations((code, "sanitasi_layak", year, province_value), *rows)


@pytest.mark.parametrize(("value", "issues"), [(71, 0), (71.01, 1), (68.9, 1)])
def test_province_against_its_weighted_regencies(value, issues):
    messages = found(checks.provinces_against_regencies(weighted(value), breaks()))
    assert len(messages) == issues
    wanted = f"tertimbang penduduk 70; selisih {decimal_comma(round(abs(value - 70), 2))} persen poin"
    assert all(f"rata-rata 13 kabupaten/kota {wanted}" in message for message in messages)


def test_no_comparison_while_much_of_the_population_is_unobserved():
    assert found(checks.provinces_against_regencies(weighted(80, left_out=2), breaks())) == []
    assert len(found(checks.provinces_against_regencies(weighted(80, left_out=1), breaks()))) == 1


@pytest.mark.parametrize(("unobserved", "compared"), [(1000, True), (1001, False)])
def test_nine_tenths_of_the_population_are_enough(unobserved, compared):
    """Four regencies of 2,250 people each beside one of which nothing is known."""
    rows = weighted(80, code="65", left_out=1)
    people = rows["indicator"] == "penduduk_jiwa"
    rows.loc[people, "value"] = [unobserved, 2250, 2250, 2250, 2250]
    assert bool(found(checks.provinces_against_regencies(rows, breaks()))) == compared


def test_waste_is_weighed_by_what_is_generated_that_year_once_all_report():
    """One regency generates three times as much as each other: (3 x 90 + 12 x 50) / 15 = 58."""
    generated = [(code, "timbulan_sampah_ton", 2023, 3000 if code == "6301" else 1000) for code in REGENCIES]
    people = [(code, "penduduk_jiwa", 2023, 5000) for code in REGENCIES]
    shares = [(code, "penanganan_sampah", 2023, 90 if code == "6301" else 50) for code in REGENCIES]
    province = ("63", "penanganan_sampah", 2023, 60)
    message = found(
        checks.provinces_against_regencies(observations(province, *shares, *generated, *people), breaks())
    )
    assert len(message) == 1 and "tertimbang timbulan 58; selisih 2 persen poin" in message[0]
    for fewer in (
        (shares[1:], generated),
        (shares, generated[1:]),
        (shares, [(*row[:2], 2022, row[3]) for row in generated]),
    ):
        rows = observations(province, *fewer[0], *fewer[1], *people)
        assert found(checks.provinces_against_regencies(rows, breaks())) == []


def test_no_comparison_before_new_borders():
    assert found(checks.provinces_against_regencies(weighted(80, code="94", year=2021), breaks())) == []
    assert len(found(checks.provinces_against_regencies(weighted(80, code="94", year=2024), breaks()))) == 1


@pytest.mark.parametrize(
    ("part", "total", "issues"),
    [
        (100, 1300, 0), (100, 1310, 1), (100, 1200, 1),
        (1000, 13013, 0), (1000, 13014, 1),  # one in a thousand is rounding
        (1, 14, 0), (1, 15, 1),  # and so is the hectare of the codebook
    ],
)  # fmt: skip
def test_totals_against_all_their_parts(part, total, issues):
    rows = [(code, "kawasan_kumuh_ha", 2018, part) for code in REGENCIES]
    assert (
        len(found(checks.totals_against_parts(observations(("63", "kawasan_kumuh_ha", 2018, total), *rows))))
        == issues
    )


def test_totals_wait_for_the_last_part():
    rows = [(code, "kawasan_kumuh_ha", 2018, 100) for code in REGENCIES[1:]]
    other = [(code, "kawasan_kumuh_ha", 2018, 100) for code in members("34")]
    totals = [("63", "kawasan_kumuh_ha", 2018, 5000), ("34", "kawasan_kumuh_ha", 2018, 900)]
    told = found(checks.totals_against_parts(observations(*totals, *rows, *other)))
    assert len(told) == 1 and "DI Yogyakarta" in told[0]


def test_coverage_must_not_shrink():
    before = observations(*[(code, "sanitasi_layak", 2024, 60) for code in REGENCIES])
    assert found(checks.coverage(before, None)) == found(checks.coverage(before, before)) == []
    assert found(checks.coverage(before.iloc[2:], before)) == [
        "Sanitasi layak: 2 angka dari build sebelumnya tidak ada lagi, misalnya Sanitasi layak Tanah Laut"
        " 2024 (uji)."
    ]


def test_what_the_codebook_or_the_register_of_regions_no_longer_knows_is_not_missed():
    before = observations(*[(code, "sanitasi_layak", 2024, 60) for code in ("6303", "6305", "6307")])
    before.loc[1, "indicator"], before.loc[2, "region_code"] = "dihapus", "6399"
    assert found(checks.coverage(before.iloc[:1], before)) == []


def test_the_real_table_shows_its_doubtful_figures(dataset):
    issues = dataset.issues
    zeros = issues.loc[issues["rule"] == "doubtful_zero", "message"]
    assert len(zeros) == 7
    assert (
        zeros.str.startswith(("Sanitasi layak Deiyai 2021", "Air minum layak Mamberamo Tengah 2021")).sum()
        == 2
    )
    marked = dataset.observations[dataset.observations["note"].str.contains("nol diragukan")]
    assert len(marked) == 7 and set(marked["status"]) == {"provisional"} and (marked["value"] == 0).all()
    means = issues.loc[issues["rule"] == "province_mean", "message"]
    assert len(means) == 12 and means.str.contains("Maluku|Papua").sum() >= 6
    refused = issues[issues["severity"] == "rejected"]
    assert set(refused["rule"]) <= {"range", "region"}, "shares above 100 and the shared utility"


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("region_code", "6399", "region_code"),
        ("indicator", "air", "indicator"),
        ("year", 1901, "year"),
        ("value", 101.0, "rentang wajar"),
        ("value", float("nan"), "value"),
        ("unit", "persen", "satuan menurut kamus"),
        ("source_id", "", "source_id"),
        ("status", "entah", "status"),
        ("series", "", "series"),
        ("is_governing", False, "tepat satu nilai"),
    ],
)
def test_the_contract_names_what_breaks_it(column, value, words):
    frame = observations(("6303", "sanitasi_layak", 2024, 60), ("6305", "sanitasi_layak", 2024, 70))
    checks.validate(frame)
    frame.loc[1, column] = value
    with pytest.raises(DataContractError, match=words):
        checks.validate(frame)


def test_the_contract_wants_its_columns_in_their_types_and_unique_rows():
    frame = observations(("6303", "sanitasi_layak", 2024, 60))
    for wrong in (
        frame.drop(columns="note"),
        frame.assign(extra=1),
        frame.astype({"year": "float64"}),
        frame.astype({"region_code": "int64"}),
    ):
        with pytest.raises(DataContractError):
            checks.validate(wrong)
    twice = pd.concat([frame, frame.assign(is_governing=False)], ignore_index=True)
    with pytest.raises(DataContractError, match="unique"):
        checks.validate(twice)


def test_the_table_of_consistency_rules_names_known_indicators():
    rules = pd.read_csv(REFERENCE / "consistency.csv")
    assert set(rules["rule"]) == {"at_most", "sums_to", "between"}
    named = {name for parts in rules["parts"] for name in parts.split(";")} | {
        whole for whole in rules["whole"] if not whole.isdigit()
    }
    assert named <= set(indicators().index)
