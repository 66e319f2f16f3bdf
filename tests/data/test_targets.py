"""Which target governs: every branch of the rule, from tables an expert can read."""

import pandas as pd
import pytest

from pkp_analysis.data.targets import (
    COLUMNS,
    STATUSES,
    governing_rows,
    implausible,
    plan_rank,
    read_targets,
    targets_of,
)
from pkp_analysis.errors import DataContractError

RPJMD, RPJMN1, RPJMN2, SDGS = (
    "RPJMD Kalimantan Selatan 2021-2026",
    "RPJMN 2020-2024",
    "RPJMN 2025-2029",
    "SDGs 2030",
)


def register(*rows) -> pd.DataFrame:
    """A register for air_minum_layak; a row is (framework, region_code, year, value[, governs[, status]])."""
    full = [
        (*row, "yes", "statement")[: max(6, len(row))] if len(row) == 4 else (*row, "statement")[:6]
        for row in rows
    ]
    frame = pd.DataFrame(full, columns=["framework", "region_code", "year", "value", "governs", "status"])
    return frame.assign(
        indicator="air_minum_layak",
        start_year=2020,
        unit="%",
        direction="up",
        source="",
        url="",
        note="",
        realization_source_id="",
    )


def governing_target(targets, region, indicator, report_year):
    """The row that governs, or None."""
    rows = targets_of(targets[targets["indicator"] == indicator], region)
    label = next(iter(governing_rows(rows, report_year)), None)
    return None if label is None else rows.loc[label]


@pytest.mark.parametrize(
    ("why", "rows", "region", "report_year", "expected"),
    [
        (
            "own RPJMD before RPJMN before SDGs",
            [(SDGS, "00", 2030, 100), (RPJMN2, "00", 2029, 90), (RPJMD, "63", 2026, 80)],
            "63",
            2024,
            (RPJMD, 2026),
        ),
        (
            "RPJMN before SDGs",
            [(SDGS, "00", 2030, 100), (RPJMN2, "00", 2029, 90)],
            "63",
            2024,
            (RPJMN2, 2029),
        ),
        ("SDGs when nothing else", [(SDGS, "00", 2030, 100)], "63", 2024, (SDGS, 2030)),
        (
            "a plan still running before an own plan that has passed",
            [(RPJMD, "63", 2022, 80), (RPJMN1, "00", 2024, 90)],
            "63",
            2024,
            (RPJMN1, 2024),
        ),
        (
            "SDGs still running before RPJMN that has passed",
            [(RPJMN1, "00", 2024, 90), (SDGS, "00", 2030, 100)],
            "63",
            2025,
            (SDGS, 2030),
        ),
        (
            "the report year itself has not passed",
            [(RPJMN1, "00", 2024, 90), (SDGS, "00", 2030, 100)],
            "63",
            2024,
            (RPJMN1, 2024),
        ),
        (
            "within a plan the nearest year at or after the report year",
            [(RPJMD, "63", 2023, 70), (RPJMD, "63", 2026, 90), (RPJMD, "63", 2025, 80)],
            "63",
            2024,
            (RPJMD, 2025),
        ),
        (
            "within a passed plan its last year",
            [(RPJMD, "63", 2021, 60), (RPJMD, "63", 2022, 70)],
            "63",
            2024,
            (RPJMD, 2022),
        ),
        (
            "of passed plans the own one first",
            [(RPJMN1, "00", 2024, 90), (RPJMD, "63", 2022, 80)],
            "63",
            2025,
            (RPJMD, 2022),
        ),
        (
            "two RPJMN are two plans: the nearer year",
            [(RPJMN2, "00", 2029, 100), (RPJMN1, "00", 2024, 90)],
            "63",
            2023,
            (RPJMN1, 2024),
        ),
        (
            "another own plan after RPJMD, before RPJMN",
            [(RPJMN2, "00", 2029, 90), ("Target Kalsel (Jakstrada)", "63", 2026, 70)],
            "63",
            2024,
            ("Target Kalsel (Jakstrada)", 2026),
        ),
        (
            "another national plan before SDGs",
            [(SDGS, "00", 2030, 100), ("Jakstranas (Perpres 97/2017)", "00", 2025, 70)],
            "63",
            2024,
            ("Jakstranas (Perpres 97/2017)", 2025),
        ),
        (
            "a province's plan is context for a regency, never its target",
            [(RPJMD, "63", 2026, 80), (SDGS, "00", 2030, 100)],
            "6303",
            2024,
            (SDGS, 2030),
        ),
        (
            "only the province has a plan: nothing governs the regency",
            [(RPJMD, "63", 2026, 80)],
            "6303",
            2024,
            None,
        ),
        (
            "a regency's own plan",
            [("RPJMD Kabupaten Banjar 2021-2026", "6303", 2026, 75), (SDGS, "00", 2030, 100)],
            "6303",
            2024,
            ("RPJMD Kabupaten Banjar 2021-2026", 2026),
        ),
        (
            "another regency's plan does not apply",
            [("RPJMD Kabupaten Tapin 2021-2026", "6305", 2026, 75)],
            "6303",
            2024,
            None,
        ),
        ("another province's plan does not apply", [("RPJMD Jawa Barat", "32", 2026, 75)], "63", 2024, None),
        (
            "a Papua regency belongs to the province of the column",
            [("RPJMD Papua Selatan", "95", 2026, 75)],
            "9401",
            2024,
            None,
        ),
        (
            "governs = no stays out",
            [(RPJMD, "63", 2026, 80, "no"), (SDGS, "00", 2030, 100)],
            "63",
            2024,
            (SDGS, 2030),
        ),
        (
            "a remark never governs",
            [(RPJMD, "63", 2026, 80, "yes", "remark"), (SDGS, "00", 2030, 100)],
            "63",
            2024,
            (SDGS, 2030),
        ),
        ("a superseded row never governs", [(RPJMD, "63", 2026, 80, "yes", "superseded")], "63", 2024, None),
        ("no rows", [], "63", 2024, None),
        (
            "the nation's own plans",
            [(SDGS, "00", 2030, 100), (RPJMN2, "00", 2029, 90)],
            "00",
            2024,
            (RPJMN2, 2029),
        ),
    ],
)
def test_governing_target(why, rows, region, report_year, expected):
    row = governing_target(register(*rows), region, "air_minum_layak", report_year)
    assert (None if row is None else (row["framework"], row["year"])) == expected, why


def test_the_order_of_the_rows_never_matters():
    rows = [
        (SDGS, "00", 2030, 100),
        (RPJMN1, "00", 2024, 90),
        (RPJMN2, "00", 2029, 95),
        (RPJMD, "63", 2022, 80),
        (RPJMD, "63", 2026, 85),
    ]
    for turn in range(len(rows)):
        row = governing_target(register(*rows[turn:], *rows[:turn]), "63", "air_minum_layak", 2024)
        assert (row["framework"], row["year"]) == (RPJMD, 2026)


def test_roles_of_the_rows_that_apply():
    rows = register(
        (RPJMD, "63", 2026, 80),
        (SDGS, "00", 2030, 100),
        ("RPJMD Kabupaten Banjar", "6303", 2026, 70),
        ("RPJMD Tapin", "6305", 2026, 70),
    )

    def roles(region):
        return targets_of(rows, region).set_index("framework")["role"].to_dict()

    assert roles("6303") == {RPJMD: "context", SDGS: "reference", "RPJMD Kabupaten Banjar": "own"}
    assert roles("63") == {RPJMD: "own", SDGS: "reference"}
    assert roles("00") == {SDGS: "own"}


def test_plan_rank_orders_the_plans():
    ranks = [
        plan_rank(RPJMD, "own"),
        plan_rank("Target Kalsel", "own"),
        plan_rank(RPJMN1, "reference"),
        plan_rank("Jakstranas", "reference"),
        plan_rank(SDGS, "reference"),
    ]
    assert ranks == [0, 1, 2, 3, 4]
    assert plan_rank(SDGS, "own") == 4 and plan_rank(RPJMN1, "own") == 2


def test_the_real_register(raw_dir):
    targets = read_targets(raw_dir / "targets.csv")
    assert len(targets) >= 51
    assert set(targets["status"]) <= set(STATUSES) - {"document"}, "no decree itself was read"
    rows = targets.set_index(["framework", "indicator", "region_code", "year"])["governs"]
    assert rows["RPJMN 2025-2029", "air_minum_aman", "00", 2029] == "no", "too high to be the same concept"
    assert rows["RPJMN 2025-2029", "sanitasi_aman", "00", 2029].tolist().count("yes") == 1
    assert rows["RPJMD Kalimantan Selatan 2021-2026", "kawasan_kumuh_tertangani", "63", 2025] == "yes"
    judged = targets[targets["realization_source_id"] != ""]
    assert dict(zip(judged["indicator"], judged["value"])) == {
        "rumah_layak_huni": 39.47,
        "air_minum_layak": 88.68,
        "air_limbah_domestik": 90.0,
        "penanganan_sampah": 75.0,
    }
    assert set(judged["realization_source_id"]) == {"mc_kalsel_rpjmd_2022"}
    governing = {
        (region, indicator): (row["framework"], int(row["year"]), row["value"])
        for region in ("63", "6303")
        for indicator in (
            "air_minum_layak",
            "sanitasi_layak",
            "hunian_layak",
            "penanganan_sampah",
            "rumah_layak_huni",
        )
        if (row := governing_target(targets, region, indicator, 2024)) is not None
    }
    national = {
        "air_minum_layak": (RPJMN1, 2024, 100),
        "sanitasi_layak": (RPJMN1, 2024, 90),
        "hunian_layak": (RPJMN1, 2024, 70),
        "penanganan_sampah": ("Jakstranas (Perpres 97/2017)", 2025, 70),
    }
    expected = {(region, indicator): row for region in ("63", "6303") for indicator, row in national.items()}
    assert governing == expected | {("63", "rumah_layak_huni"): (RPJMD, 2022, 39.47)}


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("region_code", "6399", "region_code: '6399'"),
        ("indicator", "air", "indicator: 'air'"),
        ("status", "kira-kira", "status: 'kira-kira'"),
        ("direction", "down", "arah indikator"),
        ("governs", "ya", "governs: 'ya'"),
        ("value", "seratus", "value: 'seratus'"),
        ("year", "", "year: ''"),
        ("start_year", "awal", "start_year: 'awal'"),
        ("status", "remark", "no untuk remark"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, column, value, message):
    rows = register((SDGS, "00", 2030, 100), (RPJMN2, "00", 2029, 100))[COLUMNS].astype("str")
    rows.loc[1, column] = value
    rows.to_csv(tmp_path / "targets.csv", index=False)
    with pytest.raises(DataContractError, match=message) as caught:
        read_targets(tmp_path / "targets.csv")
    assert "baris 3" in str(caught.value)


@pytest.mark.parametrize(
    ("second", "message"),
    [((SDGS, "00", 2030, 100), "satu baris per rencana"), ((SDGS, "00", 2030, 99), "paling banyak satu yes")],
)
def test_two_rows_for_one_target_must_say_which_governs(tmp_path, second, message):
    register((SDGS, "00", 2030, 100), second)[COLUMNS].to_csv(tmp_path / "targets.csv", index=False)
    with pytest.raises(DataContractError, match=message):
        read_targets(tmp_path / "targets.csv")
    register((SDGS, "00", 2030, 100), (SDGS, "00", 2030, 99, "no"))[COLUMNS].to_csv(
        tmp_path / "targets.csv", index=False
    )
    assert len(read_targets(tmp_path / "targets.csv")) == 2


def test_a_register_saved_by_indonesian_excel_is_read(tmp_path):
    text = register((SDGS, "00", 2030, 100))[COLUMNS].to_csv(index=False, sep=";")
    (tmp_path / "targets.csv").write_text(text, encoding="utf-8-sig")
    assert read_targets(tmp_path / "targets.csv")["value"].tolist() == [100.0]


def test_a_missing_column_is_named(tmp_path):
    register((SDGS, "00", 2030, 100))[COLUMNS].drop(columns="note").to_csv(
        tmp_path / "targets.csv", index=False
    )
    with pytest.raises(DataContractError, match="kolom note tidak ada"):
        read_targets(tmp_path / "targets.csv")


def test_a_register_without_the_column_of_the_realisation_is_read(tmp_path):
    register((SDGS, "00", 2030, 100))[COLUMNS[:-1]].to_csv(tmp_path / "targets.csv", index=False)
    assert read_targets(tmp_path / "targets.csv")["realization_source_id"].tolist() == [""]


def test_no_register_is_a_register_without_rows(tmp_path):
    assert read_targets(tmp_path / "targets.csv").empty


def test_a_share_outside_0_to_100_is_refused_with_its_row_and_the_others_stay(tmp_path):
    rows = register((SDGS, "00", 2030, 120), (RPJMN2, "00", 2029, 100), (RPJMN1, "00", 2024, -1))
    rows[COLUMNS].to_csv(tmp_path / "targets.csv", index=False)
    found = implausible(read_targets(tmp_path / "targets.csv"))
    assert found[["row", "text", "severity"]].values.tolist() == [
        [2, "120", "rejected"],
        [4, "-1", "rejected"],
    ]
