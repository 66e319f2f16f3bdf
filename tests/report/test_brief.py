"""Papers for a meeting: priorities follow the figures, options are options, households only with an official
count.
"""

import re
from dataclasses import replace

import pandas as pd
import pytest

from pkp_analysis.analysis.assessment import assess
from pkp_analysis.analysis.projection import models_for
from pkp_analysis.data.regions import members
from pkp_analysis.site import agenda, brief
from tests.report.site_pages import make_site

CODES = ["63", *members("63")]


@pytest.fixture(scope="module")
def site(dataset):
    models = models_for(dataset.observations)
    return make_site(
        dataset, assess(dataset.observations, dataset.targets, models, CODES, 2024), models=models
    )


def text_of(html: str) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script).*?</\1>", "", html, flags=re.DOTALL))
    )


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("code", ["63", "6304", "6371"])
def test_brief_has_its_parts(site, code, lang):
    html = brief.brief_html(site, code, f"ringkas/{code}-x.html", lang)
    assert re.findall(r'<section id="([a-z-]+)"', html) == [
        "ringkasan",
        "status",
        "prioritas",
        "opsi",
        "data",
        "mitra",
    ]
    assert html.count('class="lembar-baru"') == 1, "the second page starts once"
    assert "{" not in text_of(html)


@pytest.mark.parametrize("code", CODES)
def test_priorities_are_open_indicators_widest_gap_first(site, code):
    report = brief.report_of(site, code, "id")
    chosen = brief.first_priorities(report)
    rows = report.headline_rows.set_index("indicator")
    assert 1 <= len(chosen) <= 3
    assert all(rows.at[entry["indicator"], "group"] != "met" for entry in chosen)
    open_gaps = [
        rows.at[entry["indicator"], "gap"]
        for entry in chosen
        if rows.at[entry["indicator"], "group"] == "not_met"
    ]
    assert open_gaps == sorted(open_gaps, reverse=True)


def test_moving_away_goes_before_a_wider_gap(site):
    report = brief.report_of(site, "6304", "id")
    rows = report.data.assessment.copy()
    rows.loc[(rows["indicator"] == "sanitasi_layak") & (rows["target_year"] == 2030), "status"] = (
        "moving_away"
    )
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
    assert "Kalimantan Selatan" not in text_of(
        brief.brief_html(make_site(dataset, rows), "6404", "ringkas/a.html", "id")
    )


def test_households_only_with_an_official_count(dataset, site):
    assert 'id="kebutuhan"' not in brief.brief_html(site, "6303", "ringkas/a.html", "id")
    counted = dataset.observations[
        (dataset.observations["indicator"] == "rumah_tangga_turunan")
        & (dataset.observations["region_code"] == "6303")
    ].assign(indicator="rumah_tangga", status="official", year=2024)
    official = type(dataset)(
        **{**dataset.__dict__, "observations": pd.concat([dataset.observations, counted], ignore_index=True)}
    )
    html = brief.brief_html(
        make_site(official, site.assessment, models=site.models), "6303", "ringkas/a.html", "id"
    )
    assert 'id="kebutuhan"' in html and "tabel-rumah-tangga" in html


@pytest.mark.parametrize("code", ["6304", "63"])
def test_a_priority_tells_the_households_not_yet_served(site, dataset, code):
    rows = dataset.observations[
        (dataset.observations["indicator"] == "rumah_tangga") & dataset.observations["is_governing"]
    ]
    count = rows[rows["region_code"] == code].sort_values("year")["value"].iloc[-1]
    report = brief.report_of(site, code, "id")
    water = next(entry for entry in brief.first_priorities(report) if entry["indicator"] == "air_minum_layak")
    value = report.headline_rows.set_index("indicator").at["air_minum_layak", "value"]
    assert int(water["unserved"].replace(".", "")) == pytest.approx(count * (100 - value) / 100, abs=50)
    text = text_of(brief.brief_html(site, code, "ringkas/a.html", "id"))
    assert (
        water["unserved"] in text
        and "Didahulukan: yang menjauhi acuan" in text
        and "disebut perkiraan" in text
    )


def test_households_are_left_out_where_no_value_or_no_share_of_households_is_known(site):
    report = brief.report_of(site, "6304", "id")
    rows = report.headline_rows.set_index("indicator", drop=False)
    assert rows.at["air_minum_layak", "group"] == "not_met" and not pd.isna(
        brief.unserved(report, rows.loc["air_minum_layak"])
    )
    province = brief.report_of(site, "63", "id")
    old = province.headline_rows.set_index("indicator", drop=False).loc["hunian_layak"]
    assert old["value"] == 52.99 and pd.isna(brief.unserved(province, old)), (
        "one old value is not set against the households of today"
    )
    assert pd.isna(brief.unserved(report, rows.loc["hunian_layak"])) and pd.isna(
        brief.unserved(report, rows.loc["penanganan_sampah"])
    )


def test_missing_data_is_asked_of_its_agency(site):
    asked = dict(brief.missing_data(site, brief.report_of(site, "6303", "id")))
    assert (
        "Hunian layak: nilai terbaru, target RPJMD 2025-2029"
        in asked["Dinas Perumahan Rakyat dan Kawasan Permukiman"]
    )
    assert "Penanganan sampah" in asked["Dinas Lingkungan Hidup"]
    assert "SPM air minum: capaian" in asked["Dinas Pekerjaan Umum dan Penataan Ruang"]


def test_data_still_needed_hold_what_the_summary_calls_not_available(site):
    html = brief.brief_html(site, "63", "ringkas/a.html", "id")
    assert "Belum tersedia: hunian layak setelah 2020 dan jumlah rumah tangga resmi." in text_of(html)
    asked = dict(brief.missing_data(site, brief.report_of(site, "63", "id")))
    assert (
        "Hunian layak: target RPJMD 2025-2029, nilai setelah 2020"
        in asked["Dinas Perumahan Rakyat dan Kawasan Permukiman"]
    )
    assert asked["Badan Perencanaan Pembangunan Daerah"] == "Rumah tangga: jumlah resmi"
    assert "SPM" not in str(asked), "a province has no minimum service standard of its own here"


def test_without_a_plan_in_the_register_no_period_is_named(site):
    none = type(site.dataset)(
        **{
            **site.dataset.__dict__,
            "targets": site.dataset.targets[~site.dataset.targets["framework"].str.startswith("RPJMD")],
        }
    )
    assert (
        brief.missing_words(make_site(none, site.assessment), "63", "id")["target_missing"] == "target RPJMD"
    )


@pytest.mark.parametrize(
    ("page", "made"), [("ringkas/6303-banjar.html", "brief"), ("agenda-63.html", "agenda")]
)
def test_papers_lead_to_their_twin_only_where_it_is_made(site, page, made):
    def html(whole):
        return (
            brief.brief_html(whole, "6304", page, "id")
            if made == "brief"
            else agenda.agenda_html(whole, "63", page, "id")
        )

    alone = replace(
        site.context, pages=("index.html", "wilayah/6303-banjar.html", "wilayah/63-kalimantan-selatan.html")
    )
    twin = f'href="{page.removeprefix("ringkas/").replace(".html", ".en.html")}" lang="en"'
    assert twin not in html(replace(site, context=alone))
    assert twin in html(replace(site, context=replace(alone, pages=(*alone.pages, "index.en.html"))))


# Agenda


def test_agenda_has_places_commitments_and_requests(site):
    html = agenda.agenda_html(site, "63", "agenda-63.html", "id")
    assert re.findall(r'<section id="([a-z-]+)"', html) == ["sebaran", "komitmen", "data", "perubahan"]
    text = text_of(html)
    assert "1.830 unit rumah" in text and "Kabupaten Hulu Sungai Selatan" in text
    assert "target RPJMD 2025-2029 untuk 13 wilayah" in text
    assert "pkp " not in text, "commands are for the data manager"


def test_agenda_asks_about_what_is_not_done_and_marks_what_is_late(site):
    text = text_of(agenda.agenda_html(site, "63", "agenda-63.html", "id"))
    assert "540 unit rumah" not in text and text.count("direncanakan; tahunnya sudah lewat") == 2
    planned = site.dataset.commitments.assign(year=2026)
    text = text_of(
        agenda.agenda_html(
            replace(site, dataset=replace(site.dataset, commitments=planned)), "63", "agenda-63.html", "id"
        )
    )
    assert "direncanakan" in text and "direncanakan; tahunnya" not in text
    done = site.dataset.commitments.assign(status="selesai")
    assert "Tidak ada komitmen" in text_of(
        agenda.agenda_html(
            replace(site, dataset=replace(site.dataset, commitments=done)), "63", "agenda-63.html", "id"
        )
    )


def test_agenda_names_lead_and_partners_once(site):
    text = text_of(agenda.agenda_html(site, "63", "agenda-63.html", "id"))
    assert text.count("Balai Prasarana Permukiman Wilayah") == 1
    assert (
        "Penanggung jawab air minum layak dan sanitasi layak adalah Dinas Pekerjaan Umum dan Penataan Ruang."
        " Pendukungnya:" in text
    )


def test_figures_of_the_agenda_lead_to_the_sources_on_the_page_of_the_province(site):
    found = {
        lang: set(
            re.findall(
                r'href="([^"]*)#sumber-([^"]+)"', agenda.agenda_html(site, "63", "agenda-63.html", lang)
            )
        )
        for lang in ("id", "en")
    }
    assert found["id"] == {
        ("wilayah/63-kalimantan-selatan.html", source)
        for source in ("susenas_2024_kompilasi", "turunan_rumah_tangga")
    }
    assert found["en"] == set(), "there is no English page of the province to lead to"


def test_agenda_without_household_counts_says_so(dataset):
    counts = ["rumah_tangga_turunan", "rumah_tangga", "penduduk_jiwa", "rata2_anggota_rt"]
    bare = type(dataset)(
        **{
            **dataset.__dict__,
            "observations": dataset.observations[~dataset.observations["indicator"].isin(counts)],
        }
    )
    rows = assess(bare.observations, bare.targets, {}, ["63", *members("63")], 2024)
    assert "belum tersedia, sehingga sebarannya belum dapat dihitung" in agenda.agenda_html(
        make_site(bare, rows), "63", "agenda-63.html", "id"
    )


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
