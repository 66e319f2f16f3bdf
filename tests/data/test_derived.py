"""What the build computes itself: the province's waste, managed waste, and the input of household growth."""

import pandas as pd
import pytest

from pkp_analysis.data.checks import consistency
from pkp_analysis.data.derived import TONNES, managed_waste, provincial_waste, registered_population, waste
from pkp_analysis.data.reconcile import alternatives_apart, leading
from pkp_analysis.data.regions import members

from .tables import observations

HANDLED = {2021: 67.57, 2022: 60.08, 2023: 62.27, 2024: 60.39}  # METHODS: tonnes of the thirteen


def of(dataset, region_code: str, indicator: str) -> pd.DataFrame:
    rows = dataset.observations
    return rows[(rows["region_code"] == region_code) & (rows["indicator"] == indicator)]


def test_the_provinces_share_comes_from_the_tonnes_of_its_regencies(dataset):
    rows = of(dataset, "63", "penanganan_sampah").query("is_governing").set_index("year")
    assert rows["value"].to_dict() == HANDLED
    assert set(rows["origin"]) == {"derived"} and set(rows["status"]) == {"derived"}
    tonnes = of(dataset, "63", "penanganan_sampah_ton").query("is_governing").set_index("year")["value"]
    parts = dataset.observations.query("indicator == 'penanganan_sampah_ton' and year == 2022")
    assert tonnes[2022] == pytest.approx(parts.loc[parts["region_code"].isin(members("63")), "value"].sum())


def test_the_plans_own_figure_and_the_press_stay_beside_it(dataset):
    rows = of(dataset, "63", "penanganan_sampah")
    beside = rows[~rows["is_governing"]].set_index("value")["origin"].to_dict()
    assert beside.items() >= {60.14: "agency", 61.73: "press"}.items()
    assert 60.14 not in set(alternatives_apart(rows)["value"]), "0,06 is rounding, no conflict"
    assert 61.73 in set(alternatives_apart(rows)["value"])


def test_every_regency_has_waste_figures_and_2025_is_a_series_of_its_own(dataset):
    rows = dataset.observations.query("indicator == 'penanganan_sampah' and is_governing")
    rows = rows[rows["region_code"].isin(members("63"))]
    counts = rows.groupby("year")["region_code"].nunique().to_dict()
    assert counts == {2019: 11, 2020: 12, 2021: 13, 2022: 13, 2023: 13, 2024: 13, 2025: 12}
    assert set(rows.loc[rows["year"] == 2025, "series"]) <= {"cara_2025", "nol_diragukan"}
    assert leading(rows)["year"].max() == 2024 and set(leading(rows)["origin"]) == {"administrative"}


def test_a_province_is_computed_only_where_all_regencies_report():
    parts = pd.DataFrame(
        [(code, 2024, 100.0, 60.0, 10.0, 70.0, 30) for code in members("63")],
        columns=["region_code", "year", *TONNES, "precedence"],
    )
    whole = provincial_waste(parts)
    assert whole.set_index("indicator")["value"].to_dict() == {
        "timbulan_sampah_ton": 1300.0,
        "penanganan_sampah_ton": 780.0,
        "penanganan_sampah": 60.0,
        "pengurangan_sampah_ton": 130.0,
        "pengurangan_sampah": 10.0,
        "sampah_terkelola_ton": 910.0,
        "sampah_terkelola": 70.0,
    }
    assert provincial_waste(parts.iloc[1:]).empty
    parts.loc[0, "penanganan_sampah_ton"] = None
    assert "penanganan_sampah" not in set(provincial_waste(parts)["indicator"])


def test_a_sum_above_100_is_an_issue_and_no_figure():
    rows = observations(
        ("6303", "penanganan_sampah", 2024, 60.01),
        ("6303", "pengurangan_sampah", 2024, 40.0),
        ("6304", "penanganan_sampah", 2024, 60.0),
        ("6304", "pengurangan_sampah", 2024, 40.0),
    )
    found = managed_waste(rows)
    assert found[["region_code", "value"]].values.tolist() == [["6304", 100.0]]
    assert "melanggar aturan sebesar 0,01" in consistency(rows)["message"].iloc[0]
    assert len(consistency(rows)) == 1 and waste(rows).equals(found)


def test_a_published_sum_is_not_computed_again():
    rows = observations(
        ("6303", "penanganan_sampah", 2024, 50.0),
        ("6303", "pengurangan_sampah", 2024, 10.0),
        ("6303", "sampah_terkelola", 2024, 60.0),
    )
    assert managed_waste(rows).empty


def test_registered_population_by_date_without_doubtful_figures(dataset):
    found = registered_population(dataset.observations)
    own = found[found["region_code"] == "6303"]
    assert own["date"].tolist() == [2019.0, 2020.0, 2021.0, 2021.5, 2022.0, 2022.5, 2023.5]
    assert found["region_code"].nunique() > 490 and (found["value"] > 1000).all()
    doubtful = dataset.observations.query("indicator == 'penduduk_terdaftar' and status == 'provisional'")
    assert len(doubtful) and not doubtful["region_code"].str.startswith("63").any()
