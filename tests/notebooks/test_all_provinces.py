"""Every province, provinces with a kota and a kabupaten of one name, and other report years: the page as text."""

import re

import pytest

from pkp_analysis.data.regions import regions
from pkp_analysis.region.facts import load

from .pages import NUMBER, run
from .test_region_pages import STRUCK

pytestmark = pytest.mark.slow

PROVINCES = regions().index[regions()["kind"] == "provinsi"].tolist()
NAMESAKES = {"Bandung", "Bekasi", "Bogor", "Cirebon", "Sukabumi", "Tasikmalaya"}
YEARS = (2015, 2016, 2019, 2021, 2022, 2023, 2025, 2026)


@pytest.fixture
def page(processed_dir, monkeypatch):
    return lambda code, year=2024: run(code, "id", monkeypatch, processed_dir, report_year=year)


def check(page, label) -> None:
    """Every number of the open prose stands in a table, and nothing is said that an editor would strike."""
    said = " ".join([*page.sentences, *page.titles])
    found = {number.rstrip(".").lstrip("−-") for number in NUMBER.findall(said)}
    years = {number for number in found if re.fullmatch(r"(19|20)\d\d", number)}
    assert not found - years - page.numbers - {"80%"}, label
    struck = [word for word in STRUCK if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said)]
    assert not struck, (label, struck)


@pytest.mark.parametrize("code", PROVINCES)
def test_a_province_is_told_as_its_figures_are(code, page, processed_dir):
    told = page(code)
    check(told, code)
    said = ". ".join([*told.sentences, *told.titles])
    data = load(code, 2024, processed_dir=processed_dir)
    for indicator in data.headline:
        points = data.points(indicator)
        about = data.indicators.at[indicator, "short_name"]
        for sentence in re.findall(rf"{about}[^.]*menurut laporan daerah", said):
            assert points["origin"].iloc[-1] in ("administrative", "derived"), sentence
    for other in regions().loc[PROVINCES, "name"]:  # another province is never told of as if it were this one
        if other not in data.name and data.name not in other:
            assert f"{other} di urutan" not in said


def test_a_kota_and_a_kabupaten_of_one_name_are_told_apart(page):
    for code in ("32", "3216", "3275"):
        told = page(code)
        check(told, code)
        text = " ".join([*told.prose, *told.titles, *told.opened, *told.cells])
        for name in NAMESAKES:
            assert not re.search(rf"(?<!Kabupaten )(?<!Kota )\b{name}\b(?! Barat)", text), (code, name)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("code", ["63", "6303"])
def test_another_report_year_does_not_contradict_itself(code, year, page, processed_dir):
    check(page(code, year), (code, year))
    data = load(code, year, processed_dir=processed_dir)
    for indicator in data.headline:
        assert set(data.country(indicator)["year"]) <= {year}
    goals = data.goals()
    late = goals[
        goals["status"].isin(["achieved", "not_achieved", "below_reference"]) & goals["value_year"].notna()
    ]
    passed = late["target_year"] <= late["value_year"]
    assert (late["value_year"][passed] == late["target_year"][passed]).all()
