"""The first page says what the assessment says: map, table, changes, freshness."""

import re

import pandas as pd
import pytest

from pkp_analysis.analysis.assessment import assess
from pkp_analysis.analysis.attainment import UNIVERSAL_MARGIN
from pkp_analysis.data.codebook import headline
from pkp_analysis.data.regions import members
from pkp_analysis.site import changes
from pkp_analysis.site import home as index
from pkp_analysis.site.home import Failed
from pkp_analysis.words.marks import MARKS
from tests.report.page_text import in_figures
from tests.report.site_pages import CONTEXT, item, make_site

CODES = ["63", *members("63")]


@pytest.fixture(scope="module")
def assessment(dataset) -> pd.DataFrame:
    return assess(dataset.observations, dataset.targets, {}, CODES, 2024)


@pytest.fixture(scope="module")
def site(dataset, assessment):
    return make_site(dataset, assessment)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# Map


def test_every_headline_indicator_has_a_map_for_every_target_year(site):
    maps = index.status_maps(site, "id", "index.html")
    years = sorted({entry["year"] for entry in maps})
    assert years == [2024, 2025, 2029, 2030]
    assert {(entry["indicator"], entry["year"]) for entry in maps} == {
        (code, year) for code in headline() for year in years
    }


def test_map_sentence_counts_what_the_assessment_says(site, assessment):
    rows = assessment[
        (assessment["indicator"] == "sanitasi_layak")
        & (assessment["framework"] == "RPJMN 2020-2024")
        & (assessment["region_code"] != "63")
    ]
    met = (rows["status"] == "achieved").sum()
    shown = next(
        entry
        for entry in index.status_maps(site, "id", "index.html")
        if (entry["indicator"], entry["year"]) == ("sanitasi_layak", 2024)
    )
    assert (
        in_figures(shown["text"])
        == f"{met} dari 13 kabupaten/kota dengan data mencapai acuan nasional 90% (RPJMN 2020-2024)."
        " Realisasi terakhir 2024."
    )
    assert {status["key"]: len(names) for status, names, _ in shown["groups"]} == rows[
        "status"
    ].value_counts().to_dict()
    assert sum(len(names) for _, names, _ in shown["groups"]) == 13


def test_map_counts_who_of_a_mark_is_near_the_reference(dataset, assessment):
    rows = assessment.assign(
        near_target=assessment["region_code"].isin(["6307", "6372"])
        & (assessment["indicator"] == "sanitasi_layak")
    )
    maps = {
        (entry["indicator"], entry["year"]): entry
        for entry in index.status_maps(make_site(dataset, rows), "id", "index.html")
    }
    near = {status["key"]: text for status, _, text in maps["sanitasi_layak", 2024]["groups"]}
    assert near == {"achieved": "", "below_reference": "(2 di antaranya di sekitar acuan)"}
    assert [text for *_, text in maps["sanitasi_layak", 2029]["groups"]] == [""], (
        "nothing is near a plan that has not started"
    )


def test_map_of_a_plan_that_has_not_started_says_so(site):
    shown = next(
        entry
        for entry in index.status_maps(site, "id", "index.html")
        if (entry["indicator"], entry["year"]) == ("air_minum_layak", 2029)
    )
    assert shown["text"].startswith("Acuan nasional 100% (RPJMN 2025-2029) belum waktunya dinilai: ")
    assert [status["word"] for status, *_ in shown["groups"]] == ["belum waktunya dinilai"]


def test_sentences_of_maps_begin_with_a_capital_and_explain_what_counts_as_everybody(site):
    for lang in ("id", "en"):
        for entry in index.status_maps(site, lang, "index.html"):
            assert entry["text"][0].isupper()
    maps = {
        (entry["indicator"], entry["year"]): entry["text"]
        for entry in index.status_maps(site, "id", "index.html")
    }
    assert "99% atau lebih" in maps["air_minum_layak", 2024] and "99%" not in maps["sanitasi_layak", 2024]
    assert UNIVERSAL_MARGIN == 1.0, "the words say 99%"


def test_map_without_values_or_target_says_so(site):
    maps = {
        (entry["indicator"], entry["year"]): entry for entry in index.status_maps(site, "id", "index.html")
    }
    assert maps["hunian_layak", 2024]["text"].startswith(
        "Belum ada nilai kabupaten/kota yang dapat dinilai terhadap acuan nasional 70%"
    )
    assert (
        maps["sanitasi_layak", 2025]["text"]
        == "Register tidak memuat target atau acuan untuk indikator dan tahun ini."
    )
    assert not maps["sanitasi_layak", 2025]["drawing"]


def test_one_map_is_chosen_by_rules_for_every_pair(site):
    maps = index.status_maps(site, "id", "index.html")
    rules = index.map_style(maps)
    assert rules.count("main:has(") == len(maps) and index.map_style([]) == ""


# Table


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("indicator", ["sanitasi_layak", "air_minum_layak"])
def test_table_shows_value_status_and_signed_gap(site, assessment, code, indicator):
    row = assessment[assessment["is_headline"]].set_index(["region_code", "indicator"]).loc[(code, indicator)]
    cell = index.table_cell(index.headline(site), code, indicator, "id")
    assert cell["status"]["key"] == row["status"] and cell["status"]["word"] == MARKS[row["status"]].word
    assert cell["value"] == f"{row['value']:.2f}".replace(".", ",") + "%"
    assert cell["sort_gap"] == pytest.approx(row["value"] - row["target"], abs=0.005)
    assert cell["gap"] == ("−" if cell["sort_gap"] < 0 else "+") + f"{abs(cell['sort_gap']):.2f}".replace(
        ".", ","
    )


def test_near_the_reference_is_said(dataset, assessment):
    rows = assessment.assign(
        near_target=(assessment["region_code"] == "6372") & (assessment["indicator"] == "sanitasi_layak")
    )
    table = index.headline(make_site(dataset, rows))
    assert index.table_cell(table, "6372", "sanitasi_layak", "id")["note"] == "di sekitar acuan"
    assert index.table_cell(table, "6371", "sanitasi_layak", "id")["note"] == ""


def test_a_value_below_its_target_that_counts_as_reached_says_why(site):
    table = index.headline(site)
    assert index.table_cell(table, "6371", "air_minum_layak", "id")["note"] == "hampir universal"
    assert index.table_cell(table, "6371", "air_minum_layak", "en")["note"] == "almost universal"
    assert index.table_cell(table, "6308", "sanitasi_layak", "id")["note"] == ""


def test_missing_values_sort_last_and_show_a_dash(site):
    cell = index.table_cell(index.headline(site), "6303", "hunian_layak", "id")
    assert cell["value"] == "–" and cell["sort_value"] == "" and cell["status"]["key"] == "insufficient_data"
    assert index.table_cell(index.headline(site), "9999", "hunian_layak", "id")["status"] is None


# The page


@pytest.mark.parametrize("lang", ["id", "en"])
def test_page_is_complete_in_both_languages(site, lang):
    html = index.index_html(site, lang)
    assert f'<html lang="{lang}">' in html
    assert html.count('data-region="6303"') >= 1 and html.count('<tr><th scope="row" data-nilai=') == 14
    for mark in MARKS.values():
        assert (mark.word if lang == "id" else mark.word_en) in html
    assert "{" not in text_of(re.sub(r"<(style|script).*?</\1>", "", html, flags=re.DOTALL)), (
        "no placeholder is left"
    )


def test_freshness_names_the_date_of_the_data(site):
    rows = {row[0]: row[1:] for row in index.freshness(site, "id")}
    province, regencies, publisher, published = rows["Sanitasi layak"]
    assert province == "2025 (1 wilayah)" and regencies == "2024 (13 wilayah)"
    assert "BPS" in publisher and "27 Februari 2026" in published


def test_search_words_hold_codes_and_other_names(site):
    entries = {entry["title"]: entry for entry in index.page_list(site, "id", "index.html")}
    assert "63.03" in entries["Kabupaten Banjar"]["keywords"]
    assert entries["Kabupaten Banjar"]["brief"] == "ringkas/6303-banjar.html"
    assert "Agenda Pokja PKP Kalimantan Selatan" in entries


def test_failed_report_is_listed_with_place_and_reason_and_not_as_a_good_one(dataset, assessment):
    failing = make_site(
        dataset,
        assessment,
        failures=(
            Failed("Kabupaten Banjar", item().page, "id", "02_laporan_wilayah.ipynb", 2, "ValueError: rusak"),
        ),
    )
    html = index.index_html(failing, "id")
    assert "(sel 2 dari 02_laporan_wilayah.ipynb): ValueError: rusak" in html
    assert html.count(f'href="{item().page}"') == 1, (
        "only the list of failures leads to the page of a failure"
    )
    assert "Kabupaten Banjar" not in {
        entry["title"] for entry in index.page_list(failing, "id", "index.html")
    }
    english = index.index_html(failing, "en")
    assert "ValueError: rusak" not in english and 'href="wilayah/6303-banjar.en.html"' in english


# What changed


def test_first_data_set_has_nothing_to_compare_with(site):
    assert index.change_section(site, "id") == {
        "text": "Belum ada kumpulan data sebelumnya untuk dibandingkan. Sidik kumpulan ini: abc123.",
        "rows": [],
    }


def test_other_data_with_the_same_figures_says_so(dataset, assessment):
    same = make_site(dataset, assessment, before=("old", changes.snapshot(assessment)))
    assert index.change_section(same, "id")["text"].startswith(
        "Kumpulan data berubah dari old menjadi abc123, tetapi tidak ada"
    )


def test_a_revised_value_is_shown_from_and_to(dataset, assessment):
    before = changes.snapshot(assessment)
    here = (before["region_code"] == "6303") & (before["indicator"] == "sanitasi_layak")
    before.loc[here, ["value", "status"]] = [91.0, "achieved"]
    section = index.change_section(make_site(dataset, assessment, before=("old", before)), "id")
    assert len(section["rows"]) == 1
    row = section["rows"][0]
    assert (row["region"], row["indicator"], row["kinds"]) == (
        "Kabupaten Banjar",
        "Sanitasi layak",
        "revisi nilai",
    )
    assert [side["text"] for side in row["sides"]] == [
        "91,00% (2024); 90% (RPJMN 2020-2024, 2024)",
        "83,18% (2024); 90% (RPJMN 2020-2024, 2024)",
    ]
    assert [side["status"]["key"] for side in row["sides"]] == ["achieved", "below_reference"]


def test_several_provinces_have_a_table_but_no_maps(dataset):
    rows = assess(dataset.observations, dataset.targets, {}, ["63", "6303", "64"], 2024)
    html = index.index_html(make_site(dataset, rows), "id")
    assert 'class="peta-satu' not in html and "Provinsi Kalimantan Timur" in html


def test_context_pages_of_the_first_page_are_links_that_exist(site):
    links = index.page_links(site, "id", "index.html")
    assert links["6303"] == "wilayah/6303-banjar.html" and set(links.values()) <= set(CONTEXT.pages)
