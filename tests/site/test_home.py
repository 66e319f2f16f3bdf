"""The first page says what the assessment says: answer, who needs attention, map, reports, table, changes."""

import dataclasses
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from pkp_analysis.analysis.assessment import assess
from pkp_analysis.analysis.attainment import UNIVERSAL_MARGIN
from pkp_analysis.data import codebook
from pkp_analysis.data.regions import members
from pkp_analysis.site import changes, home
from pkp_analysis.words.catalogue import load_sentences
from pkp_analysis.words.marks import MARKS, mark_view
from tests.site.site_pages import CONTEXT, item, make_site

CODES = ["63", *members("63")]
COUNTS = {word: count for count, word in load_sentences("id").texts["count"].items()} | {
    "belum satu pun": "0"
}


def in_figures(text: str) -> str:
    """ "Satu dari 13" as "1 dari 13"."""
    counted = rf"\b({'|'.join(sorted(COUNTS, key=len, reverse=True))})(?= dari \d)"
    return re.sub(counted, lambda word: COUNTS[word[0].lower()], text, flags=re.IGNORECASE)


@pytest.fixture(scope="module")
def assessment(dataset) -> pd.DataFrame:
    return assess(dataset.observations, dataset.targets, {}, CODES, 2024)


@pytest.fixture(scope="module")
def site(dataset, assessment):
    return make_site(dataset, assessment)


@pytest.fixture(scope="module")
def front(site) -> BeautifulSoup:
    """The first page as the figures make it; nobody may change it."""
    return page_of(site)


@pytest.fixture(scope="module")
def maps(site) -> dict[str, dict]:
    return maps_of(site)


def page_of(site, lang: str = "id") -> BeautifulSoup:
    return BeautifulSoup(home.index_html(site, lang), "html.parser")


def text_of(part) -> str:
    return " ".join(part.get_text(" ").split())


def maps_of(site, lang: str = "id") -> dict[str, dict]:
    return {each["key"]: each for each in home.status_maps(site, lang, "index.html")}


def percent(value: float) -> str:
    return f"{value:.2f}".replace(".", ",") + "%"


def one(site, rows: pd.DataFrame):
    return dataclasses.replace(site, assessment=rows)


# The answer


def test_answer_numbers_and_regencies_are_those_of_the_assessment(front, assessment):
    rows = assessment[assessment["is_headline"]].set_index(["region_code", "indicator"])
    said = in_figures(text_of(front.select_one(".pengantar")))
    for code in ("sanitasi_layak", "air_minum_layak"):
        row = rows.loc[("63", code)]
        newest = (
            assessment.query("region_code == '63' and indicator == @code").nlargest(1, "value_year").iloc[0]
        )
        told = [f"{percent(one['value'])} pada {one['value_year']:.0f}" for one in (row, newest)]
        assert f"({', '.join(told)})" in said and f"di bawah acuan nasional {row['target_year']}." in said
    for code in ("sanitasi_layak", "air_minum_layak"):
        met = (rows.xs(code, level=1).drop("63")["status"] == "achieved").sum()
        assert f"{met} dari 13" in said
    assert "acuan nasional penanganan sampah" not in said, (
        "waste of the plan's year is counted in another way"
    )
    cards = [text_of(card) for card in front.select(".angka-utama li")]
    assert len(cards) == len(codebook.headline())
    for card, code in zip(cards, codebook.headline()):
        assert percent(rows.loc[("63", code), "value"]) in card


def test_answer_tells_what_is_reached_ahead_missed_and_unknown(site, assessment):
    own = (assessment["region_code"] == "63") & assessment["is_headline"]
    for status, begin in (
        ("achieved", "Sudah tercapai: "),
        ("not_achieved", "Sanitasi layak (83,70% pada 2024, 86,80% pada 2025)"),
        ("moving_away", "Menuju acuan nasional berikutnya: "),
        ("insufficient_data", "Sanitasi layak, air minum layak, hunian layak"),
    ):
        rows = home.headline(one(site, assessment.assign(status=assessment["status"].mask(own, status))))
        assert any(sentence.startswith(begin) for sentence in home.answer(rows, "63", "id")), status


def test_who_needs_attention_is_furthest_or_falls_and_who_moves_ahead_rises(site, assessment):
    rows = assessment.assign(direction_word=None)
    for code, word in (("6308", "rising"), ("6303", "likely_rising"), ("6304", "likely_falling")):
        moved = (rows["region_code"] == code) & (rows["indicator"] == "sanitasi_layak")
        rows.loc[moved, "direction_word"] = word
    made = one(site, rows)
    (_, _, attention), (_, _, ahead) = home.attention(made, home.headline(made), "id", "index.html")
    named = {what: [(name, figures) for name, _, figures in entries] for what, entries in attention}
    known = rows[rows["is_headline"] & (rows["region_code"] != "63")]
    for indicator, what in (("sanitasi_layak", "Sanitasi layak"), ("air_minum_layak", "Air minum layak")):
        last = known[known["indicator"] == indicator].nlargest(home.FURTHEST, "gap")
        assert len(named[what]) == home.FURTHEST and named[what][0][0] == "Barito Kuala"
        for (_, figures), row in zip(named[what], last.itertuples()):
            assert figures.startswith(f"{percent(row.value)} (2024), kurang ")
    assert [name for name, _ in named["Sanitasi layak kemungkinan memburuk, belum pasti"]] == ["Barito Kuala"]
    fell = dict(named["Penanganan sampah turun menurut laporan daerah"])
    assert fell["Hulu Sungai Utara"] == "74,63% (2019) menjadi 49,16% (2024)"
    assert fell["Banjar"].startswith("70,40% (2023) menjadi 53,43% (2024)")
    forward = {what: [name for name, _, _ in entries] for what, entries in ahead}
    told = {
        name: figures for name, _, figures in dict(ahead)["Penanganan sampah naik menurut laporan daerah"]
    }
    assert "Hulu Sungai Selatan" not in told, (
        "with what is reduced it rose by 3.8 points and fell in the last year"
    )
    assert fell["Banjar"].endswith("; bersama yang dikurangi di sumbernya 76,99% menjadi 71,70%")
    assert "Tabalong" not in told, "fell by 9.70 from its highest in the last year"
    assert not set(told) & {"Banjar", "Balangan", "Kota Banjarmasin"}, (
        "open dumps count as handled until 2024"
    )
    managed = dict(named["Sampah terkelola turun menurut laporan daerah"])
    assert managed["Tanah Laut"] == "74,47% (2019) menjadi 35,30% (2024), terutama antara 2021 dan 2022"
    assert managed["Hulu Sungai Utara"].startswith("95,57% (2019) menjadi 49,21% (2024)")
    assert "Tanah Laut" not in fell, "what is handled there did not fall"
    assert forward["Sanitasi layak membaik menurut survei"] == ["Hulu Sungai Utara"]
    assert forward["Sanitasi layak kemungkinan membaik, belum pasti"] == ["Banjar"]
    assert forward["Penanganan sampah naik menurut laporan daerah"] == ["Hulu Sungai Tengah"]


def test_reached_within_its_own_noise_is_said_in_the_answer(site, assessment):
    near = assessment["indicator"].eq("sanitasi_layak") & assessment["region_code"].isin(["6309", "6310"])
    made = one(site, assessment.assign(near_target=near))
    said = " ".join(home.answer(home.headline(made), "63", "id"))
    assert (
        "mencapai acuan nasional sanitasi layak (dua di antaranya di sekitar acuan) dan satu dari 13" in said
    )
    assert "acuan nasional air minum layak (hampir universal)." in said


def test_all_who_move_ahead_are_named(dataset, site, assessment):
    rows = assessment.assign(direction_word=None)
    up = assessment["is_headline"] & (assessment["indicator"] == "sanitasi_layak")
    up &= assessment["region_code"].isin(CODES[1:8])
    rows.loc[up, "direction_word"] = "likely_rising"
    made = one(site, rows)
    _, (_, _, ahead) = home.attention(made, home.headline(made), "id", "index.html")
    assert len(dict(ahead)["Sanitasi layak kemungkinan membaik, belum pasti"]) == 7


def test_newer_figures_of_another_way_of_counting_are_told_apart(site, front):
    rows = home.headline(site)
    said = " ".join(home.otherwise(site, rows, "id"))
    assert said.startswith("Angka penanganan sampah adalah angka 2024; angka 2025 dihitung dengan cara lain")
    assert "sanitasi" not in said and said in text_of(front.select_one("#tabel"))


def test_nobody_is_named_without_a_reason(site, assessment):
    made = one(site, assessment.assign(value=None, gap=None, direction_word=None, status="insufficient_data"))
    rows = site.dataset.observations
    unreported = rows[
        ~(rows["indicator"].isin(["penanganan_sampah", "sampah_terkelola"]) & (rows["year"] < 2024))
    ]
    made = dataclasses.replace(made, dataset=dataclasses.replace(site.dataset, observations=unreported))
    assert [entries for *_, entries in home.attention(made, home.headline(made), "id", "index.html")] == [
        [],
        [],
    ]
    assert page_of(made).select("#maju li") == []


# Map


def test_only_maps_with_values_are_offered_and_their_addresses_hold_the_choice(front, maps):
    assert all(any(tile["value"] != "–" for tile in each["tiles"]) for each in maps.values())
    assert [link["href"] for link in front.select(".pilihan a")] == [f"#{key}" for key in maps]
    assert all(front.find(id=key) for key in maps)


def test_every_tile_is_a_link_in_a_list_with_name_value_mark_and_shade(front, assessment):
    rows = assessment[assessment["is_headline"] & (assessment["indicator"] == "sanitasi_layak")]
    rows = rows[rows["region_code"] != "63"].sort_values("value", ascending=False, kind="stable")
    tiles = front.select("#peta-sanitasi_layak-2024 ol > li")
    assert [tile["data-region"] for tile in tiles] == rows["region_code"].tolist(), "highest first"
    for tile, row in zip(tiles, rows.itertuples()):
        assert percent(row.value) in text_of(tile) and mark_view(MARKS[row.status], "id")["word"] in text_of(
            tile
        )
        assert MARKS[row.status].symbol in text_of(tile)
        assert f"nada-{1 + sum(row.value >= step for step in (60, 70, 80, 90))}" in tile["class"]
    linked = [tile.a["href"] for tile in tiles if tile.a]
    assert linked == ["wilayah/6303-banjar.html", "wilayah/6304-barito-kuala.html"]


def test_map_sentence_counts_what_the_assessment_says(maps, assessment):
    rows = assessment[
        (assessment["indicator"] == "sanitasi_layak")
        & (assessment["framework"] == "RPJMN 2020-2024")
        & (assessment["region_code"] != "63")
    ]
    met, shown = (rows["status"] == "achieved").sum(), maps["peta-sanitasi_layak-2024"]
    expected = f"{met} dari 13 kabupaten/kota dengan data mencapai acuan nasional 90% (RPJMN 2020-2024)."
    assert in_figures(shown["text"]) == f"{expected} Realisasi terakhir 2024."
    assert {status["key"]: count for status, count, _ in shown["counts"]} == rows[
        "status"
    ].value_counts().to_dict()


def test_who_is_near_the_reference_is_striped_and_counted(site, assessment):
    near = assessment["region_code"].isin(["6307", "6372"]) & (assessment["indicator"] == "sanitasi_layak")
    made = one(site, assessment.assign(near_target=near))
    shown = maps_of(made)
    texts = {status["key"]: text for status, _, text in shown["peta-sanitasi_layak-2024"]["counts"]}
    assert texts == {"achieved": "", "below_reference": "(dua di antaranya di sekitar acuan)"}
    striped = page_of(made).select("#peta-sanitasi_layak-2024 li.bergaris")
    assert {tile["data-region"] for tile in striped} == {"6307", "6372"}
    assert all("di sekitar acuan" in text_of(tile) for tile in striped)
    legend = page_of(made).select_one("#peta-sanitasi_layak-2024 .arti-peta")
    assert "di sekitar acuan" in text_of(legend.select_one(".bergaris").parent)


def test_no_map_of_a_plan_that_has_not_started(maps):
    assert {key for key in maps if key.endswith("2029")} == set()


def test_the_years_of_values_and_target_stand_in_the_name_of_a_map_and_its_shades_fit_the_values(maps):
    waste = maps["peta-penanganan_sampah-2025"]
    assert waste["title"] == "Penanganan sampah 2024, acuan 2025"
    shades = {tile["name"]: tile["shade"] for tile in waste["tiles"]}
    assert shades["Tanah Laut"] < shades["Banjar"] < shades["Banjarmasin"]
    assert len(waste["steps"]) == 5


def test_what_is_short_of_its_target_without_a_status_names_the_distance_everywhere(front, maps, assessment):
    rows = assessment[assessment["is_headline"] & (assessment["indicator"] == "penanganan_sampah")]
    rows = rows[rows["status"].isna() & rows["gap"].notna() & (rows["region_code"] != "63")]
    assert len(rows) == 13, "waste of the plan's year is counted in another way"
    tiles = {tile["code"]: tile for tile in maps["peta-penanganan_sampah-2025"]["tiles"]}
    table = front.select_one("#tabel-status")
    for row in rows.itertuples():
        said = f"{'kurang' if row.gap > 0 else 'lebih'} {percent(abs(row.gap))[:-1]} persen poin"
        assert tiles[row.region_code]["unjudged"] == said and said.split(" persen")[0] in text_of(table)


def test_sentences_of_maps_begin_with_a_capital_and_explain_what_counts_as_everybody(site, maps):
    both = [*maps.values(), *maps_of(site, "en").values()]
    assert all(each["text"][0].isupper() for each in both)
    assert "99% atau lebih" in maps["peta-air_minum_layak-2024"]["text"]
    assert "99%" not in maps["peta-sanitasi_layak-2024"]["text"]
    assert UNIVERSAL_MARGIN == 1.0, "the words say 99%"


# Table


@pytest.mark.parametrize("indicator", ["sanitasi_layak", "air_minum_layak"])
def test_table_shows_value_status_and_gap_in_words(site, assessment, indicator):
    table = home.headline(site)
    rows = assessment[assessment["is_headline"] & (assessment["indicator"] == indicator)]
    assert rows["region_code"].tolist() == CODES
    for row in rows.itertuples():
        cell, gap = home.table_cell(table, row.region_code, indicator, "id"), round(row.value - row.target, 2)
        assert cell["status"]["key"] == row.status
        assert cell["value"] == percent(row.value) and cell["sort"] == row.value
        assert cell["gap"] == ("kurang " if gap < 0 else "lebih ") + f"{abs(gap):.2f}".replace(".", ",")


def test_near_the_reference_and_almost_universal_are_said(site, assessment):
    near = (assessment["region_code"] == "6372") & (assessment["indicator"] == "sanitasi_layak")
    table = home.headline(one(site, assessment.assign(near_target=near)))
    said = {
        ("6372", "sanitasi_layak"): "di sekitar acuan",
        ("6371", "sanitasi_layak"): "di bawah acuan",
        ("6371", "air_minum_layak"): "hampir universal",
    }
    assert {pair: home.table_cell(table, *pair, "id")["status"]["word"] for pair in said} == said
    assert home.table_cell(table, "6371", "air_minum_layak", "en")["status"]["word"] == "almost universal"


def test_a_missing_value_is_a_dash_and_sorts_last(site):
    cell = home.table_cell(home.headline(site), "6303", "hunian_layak", "id")
    assert cell["value"] == "–" and cell["sort"] == "" and cell["status"]["key"] == "insufficient_data"
    assert home.table_cell(home.headline(site), "9999", "hunian_layak", "id")["status"] is None


# The page


@pytest.mark.parametrize("lang", ["id", "en"])
def test_page_is_complete_in_both_languages(site, lang):
    page = page_of(site, lang)
    assert page.html["lang"] == lang and len(page.select("#tabel-status tbody tr")) == 14
    for part in page.select("style, script"):
        part.decompose()
    text = text_of(page)
    assert all(mark_view(mark, lang)["word"] in text for mark in MARKS.values())
    assert "{" not in text, "no placeholder is left"
    assert "Kalimantan Selatan" in page.select_one("meta[name=description]")["content"]


def test_freshness_names_the_date_of_the_data(site):
    rows = {row[0]: row[1:] for row in home.freshness(site, "id")}
    province, regencies, publisher, published = rows["Sanitasi layak"]
    assert province == "2025 (1 wilayah)" and regencies == "2024 (13 wilayah)"
    assert "BPS" in publisher and "27 Februari 2026" in published


def test_search_finds_codes_other_names_statuses_and_local_facts(site, front, assessment, dataset):
    moved = assessment.assign(
        status=assessment["status"].mask(
            (assessment["region_code"] == "6303") & (assessment["target_year"] == 2030), "moving_away"
        )
    )
    groups = home.report_groups(one(site, moved), "id", "index.html")
    entries = {entry["title"]: entry for group in groups for entry in group["entries"]}
    assert "63.03" in entries["Kabupaten Banjar"]["keywords"]
    facts = {title: " | ".join(entry["facts"]) for title, entry in entries.items()}
    assert "menjauhi target" in facts["Kabupaten Banjar"]
    assert "menjauhi target" not in facts["Kabupaten Barito Kuala"]
    assert "Sanitasi layak 57,71% (2024): di bawah acuan" in facts["Kabupaten Barito Kuala"]
    assert "TPA Cahaya Kencana: penimbunan terbuka, " in facts["Kabupaten Banjar"]
    assert "musrenbang" in entries["Bahan rapat Pokja PKP Kalimantan Selatan"]["keywords"]
    assert "menjauhi target" in front.select_one("#hasil-cari")["data-tanpa"]
    assert entries["Kabupaten Banjar"]["brief"] == "ringkas/6303-banjar.html"
    assert "Bahan rapat Pokja PKP Kalimantan Selatan" in entries
    known = dataset.observations
    slums = set(known.loc[known["indicator"].str.contains("kumuh"), "region_code"])
    assert "6304" in slums and "Kawasan kumuh" in facts["Kabupaten Barito Kuala"]


def test_failed_report_is_listed_with_place_and_reason_and_not_as_a_good_one(site):
    failure = {"cell": 2, "error": "ValueError", "message": "<b>rusak"}
    failed = {"title": "Kabupaten Banjar", "page": item().page, "notebook": "02_laporan_wilayah.ipynb"}
    failed |= {"parameters": {"region_code": "6303"}, "failure": failure}
    failing = dataclasses.replace(site, failures=(failed,))
    page = page_of(failing)
    assert "(sel 2 dari 02_laporan_wilayah.ipynb): ValueError: <b>rusak" in text_of(page.select_one("#gagal"))
    assert len(page.select(f"a[href='{item().page}']")) == 1, "only the list of failures leads there"
    english = page_of(failing, "en")
    assert not english.select("#gagal") and english.select("a[href='wilayah/6303-banjar.en.html']")


def test_a_whole_country_is_grouped_by_province_without_maps(dataset):
    rows = assess(dataset.observations, dataset.targets, {}, ["63", "6303", "11", "1101"], 2024)
    page = page_of(make_site(dataset, rows))
    assert not page.select(".peta-satu, .angka-utama")
    groups = [group.summary.get_text(" ").split()[0] for group in page.select("#daftar-halaman details")]
    assert groups == ["Aceh", "Kalimantan"]
    rows = [text_of(row.th) for row in page.select("#tabel-status tbody tr")]
    assert rows == ["Provinsi Aceh", "Provinsi Kalimantan Selatan"]


# What changed


def test_first_data_set_has_nothing_to_compare_with(site):
    first = "Belum ada kumpulan data sebelumnya untuk dibandingkan. Sidik kumpulan ini: abc123."
    assert home.change_section(site, "id") == {"text": first, "rows": []}


def test_other_data_with_the_same_figures_says_so(site, assessment):
    same = dataclasses.replace(site, before=("old", changes.snapshot(assessment)))
    text = home.change_section(same, "id")["text"]
    assert text.startswith("Kumpulan data berubah dari old menjadi abc123, tetapi tidak ada")


def test_a_revised_value_is_shown_from_and_to(site, assessment):
    before = changes.snapshot(assessment)
    here = (before["region_code"] == "6303") & (before["indicator"] == "sanitasi_layak")
    before.loc[here, ["value", "status"]] = [91.0, "achieved"]
    revised = dataclasses.replace(site, before=("old", before))
    (row,) = page_of(revised).select("#tabel-perubahan tbody tr")
    assert [text_of(cell) for cell in row.find_all(["th", "td"])] == [
        "Kabupaten Banjar",
        "Sanitasi layak",
        "revisi nilai",
        "91% (2024); 90% (RPJMN 2020-2024, 2024) ✔ tercapai",
        "83,18% (2024); 90% (RPJMN 2020-2024, 2024) ◇ di bawah acuan",
    ]


def test_links_of_the_first_page_lead_to_pages_that_are_there(site):
    links = home.page_links(site, "id", "index.html")
    assert links["6303"] == "wilayah/6303-banjar.html" and set(links.values()) <= set(CONTEXT.pages)


def test_the_numbers_of_the_province_name_what_has_been_published_since(front):
    cards = {card.select_one(".nama").text: text_of(card) for card in front.select(".angka-utama li")}
    assert "83,70%" in cards["Sanitasi layak"] and "terbaru 86,80% (2025)" in cards["Sanitasi layak"]
    assert "terbaru" not in cards["Hunian layak"]
