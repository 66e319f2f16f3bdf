"""The comparison of regions and the quality of the data: every page runs, and says nothing that no table shows."""

import dataclasses
import re
from pathlib import Path

import pytest

from pkp_analysis.data import codebook
from pkp_analysis.region import comparison as compared
from pkp_analysis.region import facts, quality
from pkp_analysis.words import say
from pkp_analysis.words.numbers import hundreds

from .pages import NUMBER, Page, read, run

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
COMPARISON = FOLDER / "03_perbandingan_wilayah.ipynb"
LEFT_OVER = re.compile(r"\bnan\b|None|[{}]| ,|\.\.|%%|<NA>")


@pytest.fixture
def page(monkeypatch, processed_dir):
    """page(notebook, **parameters): the Page of its cells, run in this process."""
    load = quality.dataset.load_dataset
    monkeypatch.setattr(quality.dataset, "load_dataset", lambda folder=None: load(folder or processed_dir))
    return lambda notebook, lang="id", **parameters: run(
        None, lang, monkeypatch, processed_dir, notebook, **parameters
    )


def unshown(made: Page, decimal_point: bool = False) -> set[str]:
    """Numbers of the prose and the titles that no table of the page holds; years apart."""
    text, cells = " ".join([*made.sentences, *made.titles]), " ".join(made.cells)
    if decimal_point:
        text, cells = (one.translate(str.maketrans(",.", ".,")) for one in (text, cells))
    said, shown = ({found.strip("-−.") for found in NUMBER.findall(one)} for one in (text, cells))
    return {one for one in said - shown - {"80%"} if not re.fullmatch(r"(19|20)\d\d", one)}


def text_of(made: Page) -> str:
    return "\n".join([*made.prose, *made.titles])


@pytest.mark.parametrize(
    ("indicator", "lang"),
    [
        *((indicator, "id") for indicator in codebook.headline()),
        ("sanitasi_layak", "en"),
        *(pytest.param(other, "en", marks=pytest.mark.slow) for other in codebook.headline()[1:]),
    ],
)
def test_every_number_of_a_comparison_stands_in_a_table(page, small_site, indicator, lang):
    built = small_site / "jejak" / "indikator" / f"{indicator}{'.en' if lang == 'en' else ''}.ipynb"
    made = read(built, lang) if built.exists() else page(COMPARISON, lang, indicator=indicator)
    assert not unshown(made, decimal_point=lang == "en")
    assert not LEFT_OVER.search(text_of(made))
    assert made.prose[0].startswith("# ") and len(made.cells) > 13


@pytest.mark.parametrize(
    "year", [2022, *(pytest.param(year, marks=pytest.mark.slow) for year in (2021, 2023, 2024))]
)
@pytest.mark.parametrize("indicator", ["sanitasi_layak", "penanganan_sampah"])
def test_any_year_of_comparison_makes_a_page(page, indicator, year):
    made = page(COMPARISON, indicator=indicator, report_year=year)
    assert not unshown(made) and not LEFT_OVER.search(text_of(made))
    if (indicator, year) in (("sanitasi_layak", 2022), ("sanitasi_layak", 2023)):
        assert f"Nilai sanitasi layak untuk {year} belum tersedia" in text_of(made)


def test_a_province_elsewhere_has_its_comparison(page):
    made = page(COMPARISON, province="Bali")
    assert not unshown(made) and "Bali" in made.prose[0]


def without(dataset, region: str):
    rows = dataset.observations
    rows = rows[~((rows["region_code"] == region) & (rows["indicator"] == "sanitasi_layak"))]
    return dataclasses.replace(dataset, observations=rows.reset_index(drop=True))


def test_a_regency_without_a_figure_keeps_its_row_and_is_not_counted(page, monkeypatch, dataset):
    monkeypatch.setattr(facts.dataset, "load_dataset", lambda folder=None: without(dataset, "6305"))
    made = page(COMPARISON)
    assert "dari 12 kabupaten/kota yang memiliki nilai" in text_of(made) and not unshown(made)
    place = [place for place, cell in enumerate(made.cells) if cell == "Kabupaten Tapin"]
    assert place and made.cells[place[-1] + 2] == "–"
    assert "Kesenjangan belum dapat dihitung" in text_of(made)


def test_the_gap_among_regions_is_that_of_the_golden_figures(processed_dir, dataset):
    data = facts.load("63", 2024, processed_dir=processed_dir, indicator="sanitasi_layak")
    years, change = data.inequality("sanitasi_layak"), data.gap_change("sanitasi_layak")
    assert years["year"].tolist() == [2021, 2024] and (years["n_regions"] == 13).all()
    assert years["bgsd"].tolist() == pytest.approx([change["start"].iloc[0], change["end"].iloc[0]])
    assert (change["change_lower"] < change["change"]).all() and change["word"].iloc[0] == "indistinct"


def test_waste_is_weighed_by_what_is_made_so_that_its_mean_is_the_province(processed_dir, dataset):
    data = facts.load("63", 2024, processed_dir=processed_dir, indicator="penanganan_sampah")
    years = data.inequality("penanganan_sampah").set_index("year")["weighted_mean"]
    own = data.points("penanganan_sampah").set_index("year")["value"]
    assert years[2024] == pytest.approx(own[2024], abs=0.01) and (years.index.isin(own.index)).all()


def test_the_sum_of_the_regencies_and_the_province_carry_their_years(known, dataset):
    data = known("63")
    found = data.unserved("sanitasi_layak")
    bases = say.unserved_bases(found, data)
    assert [year for _, year, _ in bases] == ["2024", "2024", "2025"]
    shown = say.unserved(found, data).tail(len(bases))
    assert shown.iloc[:, 1].tolist() == [value for _, _, value in bases], "both stand in the table"
    assert bases[0][2] == hundreds(found["unserved_households"].sum(), "id")


@pytest.mark.parametrize(
    "indicator",
    [
        "penanganan_sampah",
        *(pytest.param(code, marks=pytest.mark.slow) for code in codebook.headline("survey")),
    ],
)
def test_the_slice_of_an_indicator_tells_the_same_as_the_whole(known, processed_dir, indicator):
    part = facts.load("63", 2024, processed_dir=processed_dir, indicator=indicator)
    whole = known("63")
    for frame in ("comparison", "position", "country", "unserved", "inequality", "moves"):
        first, second = (getattr(data, frame)(indicator) for data in (part, whole))
        assert first.reset_index(drop=True).equals(second.reset_index(drop=True)), frame


def test_values_stand_alone_where_there_is_no_target(known, dataset):
    data = known("63")
    kept = dataclasses.replace(data.dataset, targets=data.dataset.targets.iloc[:0])
    rows = compared.comparison(dataclasses.replace(data, dataset=kept), "sanitasi_layak")
    assert len(rows) == 13 and rows["value"].notna().all() and rows["status"].isna().all()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_number_of_the_quality_page_stands_in_a_table(small_site, lang):
    made = read(small_site / "jejak" / f"kualitas-data{'.en' if lang == 'en' else ''}.ipynb", lang)
    assert not unshown(made, decimal_point=lang == "en")
    assert not LEFT_OVER.search(text_of(made))


def test_every_cell_is_used_refused_or_empty(processed_dir, dataset):
    found = quality.quality("63", processed_dir)
    files, whole = found.files(), found.balance().iloc[0]
    assert (files["candidates"] == files[["observations", "rejected", "missing"]].sum(axis=1)).all()
    assert files["candidates"].sum() == whole["candidates"] and len(files) == whole["files"]


def test_this_province_comes_first_and_nothing_is_lost(processed_dir, dataset):
    found = quality.quality("63", processed_dir)
    issues = found.issues()
    assert len(issues) == len(dataset.issues) == found.severities()["issues"].sum()
    assert set(issues["inside"]) == {True, False}
    elsewhere = quality.quality("51", processed_dir).issues()
    assert elsewhere["inside"].sum() < issues["inside"].sum()
    worked_out = issues[issues["inside"] & (issues["file"] == "")]["message"]
    assert len(worked_out) and worked_out.str.contains("Kalimantan Selatan").all(), "of no other province"
    national = issues[issues["file"] == "pernyataan_pers_daerah.csv"]
    assert national["inside"].all()
    conflicts = found.conflicts()
    assert conflicts.loc[conflicts["inside"], "region_code"].str.startswith("63").all()


def test_a_region_without_values_keeps_its_fields_in_the_coverage(processed_dir, dataset):
    cover = quality.quality("63", processed_dir).coverage()
    assert len(cover) == 14 * len(codebook.headline())
    assert cover.loc[cover["indicator"] == "hunian_layak", "year"].notna().sum() == 1
