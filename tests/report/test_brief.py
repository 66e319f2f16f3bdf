"""Papers for a meeting: priorities follow the figures, options are options, households only with an official count."""

import re

import pandas as pd
import pytest

from pkp_analysis.analysis.projection import models_for
from pkp_analysis.analysis.assessment import assess
from pkp_analysis.data.regions import members
from pkp_analysis.report import agenda, brief
from tests.report.site_pages import make_site

CODES = ["63", *members("63")]


@pytest.fixture(scope="module")
def site(dataset):
    models = models_for(dataset.observations)
    return make_site(dataset, assess(dataset.observations, dataset.targets, models, CODES, 2024), models=models)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script).*?</\1>", "", html, flags=re.DOTALL)))


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("code", ["63", "6304", "6371"])
def test_brief_has_its_parts(site, code, lang):
    html = brief.brief_html(site, code, f"ringkas/{code}-x.html", lang)
    assert re.findall(r'<section id="([a-z-]+)"', html) == ["ringkasan", "status", "data", "prioritas", "mitra"]
    assert html.count('class="lembar-baru"') == 1, "the second page starts once"
    assert "{" not in text_of(html)


@pytest.mark.parametrize("code", CODES)
def test_priorities_are_open_indicators_widest_gap_first(site, code):
    report = brief.report_of(site, code, "id")
    chosen = brief.first_priorities(report)
    rows = report.headline_rows.set_index("indicator")
    assert 1 <= len(chosen) <= 3
    assert all(rows.at[entry["indicator"], "group"] != "met" for entry in chosen)
    open_gaps = [rows.at[entry["indicator"], "gap"] for entry in chosen if rows.at[entry["indicator"], "group"] == "not_met"]
    assert open_gaps == sorted(open_gaps, reverse=True)


def test_moving_away_goes_before_a_wider_gap(site):
    report = brief.report_of(site, "6304", "id")
    rows = report.data.assessment.copy()
    rows.loc[(rows["indicator"] == "sanitasi_layak") & (rows["target_year"] == 2030), "status"] = "moving_away"
    vars(report.data)["assessment"] = rows
    assert brief.first_priorities(report)[0]["indicator"] == "sanitasi_layak"


def test_every_priority_names_who_leads(site):
    for entry in brief.first_priorities(brief.report_of(site, "6304", "id")):
        assert entry["lead"].startswith("Dinas") and entry["options"]


def test_a_city_gets_no_village_scheme(site):
    text = text_of(brief.brief_html(site, "6372", "ringkas/a.html", "id"))
    assert "Pamsimas" not in text and "SPAM desa" not in text


def test_a_region_elsewhere_gets_no_office_of_south_kalimantan(dataset):
    rows = assess(dataset.observations, dataset.targets, {}, ["6404"], 2024)
    assert "Kalimantan Selatan" not in text_of(brief.brief_html(make_site(dataset, rows), "6404", "ringkas/a.html", "id"))


def test_households_only_with_an_official_count(dataset, site):
    assert 'id="kebutuhan"' not in brief.brief_html(site, "6303", "ringkas/a.html", "id")
    counted = dataset.observations[(dataset.observations["indicator"] == "rumah_tangga_turunan") & (dataset.observations["region_code"] == "6303")].assign(
        indicator="rumah_tangga", status="official", year=2024
    )
    official = type(dataset)(**{**dataset.__dict__, "observations": pd.concat([dataset.observations, counted], ignore_index=True)})
    html = brief.brief_html(make_site(official, site.assessment, models=site.models), "6303", "ringkas/a.html", "id")
    assert 'id="kebutuhan"' in html and "tabel-rumah-tangga" in html


def test_missing_data_is_asked_of_its_agency(site):
    asked = dict(brief.missing_data(site, "6303", "id"))
    assert "Hunian layak: nilai terbaru" in asked["Dinas Perumahan Rakyat dan Kawasan Permukiman"]
    assert "Penanganan sampah" in asked["Dinas Lingkungan Hidup"]


# Agenda


def test_agenda_has_places_commitments_and_requests(site):
    html = agenda.agenda_html(site, "63", "agenda-63.html", "id")
    assert re.findall(r'<section id="([a-z-]+)"', html) == ["sebaran", "komitmen", "data", "perubahan"]
    text = text_of(html)
    assert "1.830 unit rumah" in text and "Kabupaten Hulu Sungai Selatan" in text
    assert "target RPJMD untuk 13 wilayah" in text


def test_figures_of_the_agenda_lead_to_the_sources_on_the_page_of_the_province(site):
    found = {lang: set(re.findall(r'href="([^"]*)#sumber-([^"]+)"', agenda.agenda_html(site, "63", "agenda-63.html", lang))) for lang in ("id", "en")}
    assert found["id"] == {("wilayah/63-kalimantan-selatan.html", source) for source in ("susenas_2024_kompilasi", "turunan_rumah_tangga")}
    assert found["en"] == set(), "there is no English page of the province to lead to"


def test_agenda_without_household_counts_says_so(dataset):
    counts = ["rumah_tangga_turunan", "rumah_tangga", "penduduk_jiwa", "rata2_anggota_rt"]
    bare = type(dataset)(**{**dataset.__dict__, "observations": dataset.observations[~dataset.observations["indicator"].isin(counts)]})
    rows = assess(bare.observations, bare.targets, {}, ["63", *members("63")], 2024)
    assert "belum tersedia, sehingga sebarannya belum dapat dihitung" in agenda.agenda_html(make_site(bare, rows), "63", "agenda-63.html", "id")


def test_forms_ask_each_agency_for_what_it_leads(site, tmp_path):
    from pkp_analysis.data.readers import read_cells

    agenda.write_forms(site, "63", tmp_path)
    forms = sorted((tmp_path / "unduhan" / "formulir").iterdir())
    assert {form.name for form in forms} == {"63-disperkim.xlsx", "63-dlh.xlsx"}
    assert all(read_cells(form) is not None for form in forms)


def test_list_of_regions_to_support_is_worded_as_support(site):
    text = text_of(agenda.assistance_html(site, "63", "pembinaan-63.html", "id"))
    assert "Daftar prioritas pembinaan Kalimantan Selatan" in text and "pkp add" in text
    assert not re.search(r"gagal|buruk|terburuk|lalai", text)
