"""Indicator pages and the page on data quality, in both languages and for another province."""

import ast
import re

import pytest

from pkp_analysis.analysis.inequality import gap_change
from pkp_analysis.data import clean, refusals
from pkp_analysis.data.regions import members
from pkp_analysis.errors import BadRequestError, PkpError
from pkp_analysis.pages.data_quality import Quality, quality
from pkp_analysis.pages.indicator import Comparison, comparison
from pkp_analysis.paths import PACKAGE
from pkp_analysis.region.facts import RegionData
from pkp_analysis.region.slices import indicator_slice
from pkp_analysis.words.catalogue import load_sentences
from pkp_analysis.words.numbers import number

from .page_text import PageText, assert_numbers_stand_in_tables, source_cells

COMPARISON = ("header", "summary", "ranking", "distribution", "inequality", "table", "sources")
QUALITY = ("header", "files", "issues", "conflicts", "coverage", "sources")


def page_of(dataset, models, indicator, province="63", lang="id", year=2024):
    return Comparison(
        RegionData(province, year, indicator_slice(dataset, indicator, province), models), indicator, lang
    )


@pytest.mark.parametrize(
    ("indicator", "province", "lang"),
    [
        ("sanitasi_layak", "63", "id"),
        ("air_minum_layak", "63", "en"),
        ("hunian_layak", "63", "id"),
        ("sanitasi_layak", "32", "id"),
        ("tanpa_air_bersih", "63", "id"),
        ("air_minum_layak", "91", "id"),
        ("kawasan_kumuh_ha", "63", "en"),
    ],
)
def test_an_indicator_page_stands_on_its_tables(dataset, models, indicator, province, lang):
    about = page_of(dataset, models, indicator, province, lang)
    html = "\n".join(getattr(about, name)().html for name in COMPARISON)
    page = PageText(html)
    assert_numbers_stand_in_tables(html)
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_every_figure_of_an_indicator_page_leads_to_its_sources(dataset, models):
    about = page_of(dataset, models, "sanitasi_layak")
    html = "\n".join(getattr(about, name)().html for name in COMPARISON)
    for name in ("urutan", "sebaran", "kesenjangan", "perubahan-kesenjangan", "wilayah"):
        assert all(source_cells(html, f"tabel-{name}")), name
    assert source_cells(html, "tabel-perubahan-kesenjangan")[2] == [
        "susenas_2021_kompilasi",
        "penduduk_2024_kompilasi",
        "susenas_2024_kompilasi",
    ]


def test_lowest_and_highest_of_an_indicator(dataset, models):
    text = PageText(page_of(dataset, models, "sanitasi_layak").summary().html).prose[0]
    assert (
        "57,71% di Barito Kuala" in text
        and "97,70% di Hulu Sungai Utara" in text
        and "dari 13 kabupaten/kota" in text
    )


@pytest.mark.parametrize(
    ("met", "id_text", "en_text"),
    [
        (0, "Belum satu pun dari 13 kabupaten/kota me", "met by none of 13 regencies and cities."),
        (1, "Satu dari 13 kabupaten/kota me", "met by one of 13 "),
        (11, "Sebanyak 11 dari 13 kabupaten/kota me", "met by 11 of 13 "),
        (13, "Seluruh 13 kabupaten/kota me", "met by all 13 regencies and cities."),
    ],
)
def test_how_many_regions_meet_the_plan_is_said_in_words(dataset, models, met, id_text, en_text):
    for lang, expected in (("id", id_text), ("en", en_text)):
        about = page_of(dataset, models, "sanitasi_layak", lang=lang)
        states = ["achieved"] * met + ["below_reference"] * (13 - met)
        about.assessment = about.assessment.assign(status=states)
        html = about.summary().html
        assert any(expected in text for text in PageText(html).prose)
        assert_numbers_stand_in_tables(html + about.table().html)


def test_the_gap_among_regencies_uses_their_own_noise_and_is_told_with_its_interval(dataset, models):
    about = page_of(dataset, models, "sanitasi_layak")
    rows = dataset.observations.query("indicator == 'sanitasi_layak' and is_governing and year <= 2024")
    rows = rows[rows["region_code"].isin(members("63"))]
    wide = rows.pivot(index="region_code", columns="year", values="value")
    people = dataset.observations.query(
        "indicator == 'penduduk_jiwa' and is_governing and year <= 2024"
    ).sort_values("year")
    noise = models["sanitasi_layak"].survey_noise(rows).set_index("region_code")
    scales = models["sanitasi_layak"].scales["sanitasi_layak"]["regency"]
    gap = gap_change(
        wide[2021],
        wide[2024],
        people.groupby("region_code")["value"].last().reindex(wide.index),
        noise["noise_sd"],
        scales.nu,
    )
    text = PageText(about.inequality().html).prose[0]
    figures = [number(value, 2) for value in (round(gap.end, 2) - round(gap.start, 2), gap.lower, gap.upper)]
    assert f"berubah {figures[0]} persen poin (rentang 80%: {figures[1]} sampai {figures[2]})" in text
    assert "belum dapat dibedakan" in text and "perkiraan" in PageText(about.distribution().html).prose[-1]


def test_changes_of_the_gap_follow_from_the_figures_shown(dataset, models):
    """11.27 to 10.10 is a change of -1.17, also where the unrounded figures differ by 1.16."""
    html = page_of(dataset, models, "sanitasi_layak", lang="en").inequality().html
    table = re.search(r'<table id="tabel-perubahan-kesenjangan">.*?</table>', html, re.DOTALL)[0]
    rows = [PageText(row).cells for row in re.findall(r"<tr>.*?</tr>", table)[1:]]
    assert len(rows) == 15
    for start, end, change in zip(rows[::3], rows[1::3], rows[2::3]):
        first, last, moved = (float(cells[2].replace("−", "-")) for cells in (start, end, change))
        assert moved == pytest.approx(last - first, abs=1e-9), start[0]


def test_a_name_as_people_write_it_is_taken(processed_dir, models):
    assert (
        comparison("Sanitasi layak", "Kalimantan Selatan", 2024, "id", processed_dir).indicator
        == "sanitasi_layak"
    )
    with pytest.raises(PkpError):
        comparison("sanitasi ajaib", "63", 2024, "id", processed_dir)
    with pytest.raises(BadRequestError, match="lang"):
        comparison("sanitasi_layak", "63", 2024, "xx", processed_dir)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_quality_page_counts_every_cell(processed_dir, dataset, lang):
    about = quality(lang, processed_dir)
    html = "\n".join(getattr(about, name)().html for name in QUALITY)
    assert_numbers_stand_in_tables(html)
    counts = dataset.provenance["counts"]
    assert counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
    assert len(set(PageText(html).ids)) == len(PageText(html).ids)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_rules_of_the_checks_are_named_in_the_language_of_the_page(processed_dir, dataset, lang):
    cells, names = (
        PageText(quality(lang, processed_dir).issues().html).cells,
        load_sentences(lang).texts["rule"],
    )
    for code in dataset.issues["rule"].unique():
        assert names[code][0] in cells and code not in cells


def rules_of_the_program() -> set[str]:
    """Every code that stands where an issue's rule stands in the modules that read and check."""
    found = {*clean.SEVERITIES, *clean.REMARKS, *refusals.NUMBERS}
    places = {"issue": 1, "refuse": 1, "_issue_rows": 2}
    for path in (PACKAGE / "data").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = (
                getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            )
            rule = node.args[places[name]] if name in places else None
            if name == "refuse_each":
                found |= {
                    part.elts[0].value
                    for part in ast.walk(node)
                    if isinstance(part, ast.Tuple) and isinstance(part.elts[0], ast.Constant)
                } - {""}
            elif (
                isinstance(node, ast.Return)
                and isinstance(node.value, ast.Tuple)
                and len(node.value.elts) == 4
            ):
                rule = node.value.elts[1]
            elif isinstance(node, ast.Dict):
                rule = next(
                    (
                        value
                        for key, value in zip(node.keys, node.values)
                        if isinstance(key, ast.Constant) and key.value == "rule"
                    ),
                    None,
                )
            elif isinstance(node, ast.Tuple) and len(node.elts) == 6 and path.name == "__init__.py":
                rule = node.elts[4]
            for part in (rule.body, rule.orelse) if isinstance(rule, ast.IfExp) else (rule,):
                if (
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and part.value.isidentifier()
                ):
                    found.add(part.value)
    return found


def test_every_rule_has_a_name():
    """A rule without one would stop the page on the day a file first breaks it."""
    assert sorted(rules_of_the_program() - set(load_sentences("id").texts["rule"])) == []


def test_a_figure_a_target_is_judged_by_is_not_called_unused(dataset):
    cells = PageText(Quality(dataset).conflicts().html).cells
    rows = {cells[place + 3]: cells[place + 4] for place in range(7, len(cells), 7)}
    assert rows["77,09%"] == "untuk RPJMD" and rows["76,18%"] == "ya" and rows["88,68%"] == "tidak"


def test_plain_numbers_of_cells_follow_the_language_and_doubtful_digits_stay(dataset):
    about = Quality(dataset, "id")

    def observed(text, rule="jump"):
        return about.observed({"text": text, "rule": rule})

    assert [observed("803794.32"), observed("-0.5"), observed("0,26"), observed("...")] == [
        "803.794,32",
        "−0,5",
        "0,26",
        "...",
    ]
    assert observed("1.234", "ambiguous_number") == "1.234"


def test_english_page_of_quality_marks_what_stays_indonesian(dataset):
    html = Quality(dataset, "en").sources().html
    assert "not yet confirmed" in html and "belum dikonfirmasi" not in html
    assert '<span lang="id">Badan Pusat Statistik (BPS)</span>' in html and "27 February 2026" in html
    assert "agency_workbook" not in Quality(dataset, "id").files().html
