"""Rendered region reports: every number in the prose stands in a table, no text becomes markup, no region
breaks the page.
"""

import re
from dataclasses import replace

import pandas as pd
import pytest
from markupsafe import Markup

from pkp_analysis.errors import BadRequestError, PkpError, UnknownRegionError
from pkp_analysis.pages import region as pages

from .page_text import METHODS, PageText, in_figures, numbers, render

SOME = ["6303", "6304", "6308", "6371", "6372", "63", "3273", "32", "3101", "9401", "11", "7604", "91"]


PLAN_NAME = re.compile(r"\d{4}-\d{4}|Perpres \d+/\d+|SDGs \d{4}")


def assert_numbers_stand_in_tables(html: str):
    """Each number of the prose is the text of a cell, alone or with its unit; a count in words before "dari
    13" is one of them, a number inside a plan's name is not.
    """
    page = PageText(html)
    cells = {cell.split()[0].rstrip("%") for cell in page.cells if cell.split()}
    prose = [in_figures(PLAN_NAME.sub("", text)) for text in page.prose]
    missing = numbers(prose) - cells
    where = [text for text in prose if numbers([text]) & missing]
    assert not missing, (sorted(missing), where)


@pytest.mark.parametrize(
    ("code", "lang"),
    [*((code, "id") for code in SOME), ("6303", "en"), ("6371", "en"), ("63", "en"), ("9401", "en")],
)
def test_every_number_in_the_prose_is_a_cell_of_the_page(build, code, lang):
    assert_numbers_stand_in_tables(render(build(code, lang)))


@pytest.mark.parametrize("year", [2021, 2022, 2025])
@pytest.mark.parametrize("code", ["6303", "63"])
def test_other_report_years_use_nothing_later(build, code, year):
    report = build(code, year=year)
    assert_numbers_stand_in_tables(render(report))
    assert report.data.observations["year"].max() <= year and report.judged["value_year"].max() <= year


@pytest.mark.parametrize("code", ["6303", "63"])
def test_structure_of_a_page(build, code):
    html = render(build(code))
    page = PageText(html)
    assert page.tags.count("h1") == 1 and page.tags.count("h2") == len(METHODS) - 1
    assert len(page.ids) == len(set(page.ids))
    assert (
        page.tags.count("table") == page.tags.count("caption")
        and "style=" not in html
        and "onclick" not in html
    )
    anchors = {link[1:] for link in page.links if link.startswith("#")}
    assert anchors and anchors <= set(page.ids)
    assert all(link.startswith(("#", "https://", "http://")) for link in page.links)


def source_cells(html: str, table_id: str) -> list[list[str]]:
    """The sources each row of a table leads to; [] for a row without."""
    rows = html.split(f'<table id="{table_id}">')[1].split("</table>")[0].split("<tr>")[2:]
    return [re.findall(r'href="#sumber-([^"]+)"', row) for row in rows]


@pytest.mark.parametrize(
    ("code", "tables"),
    [
        ("6303", ["posisi", "kebutuhan", "skenario", "dasar"]),
        ("63", ["sebaran", "agenda", "kebutuhan", "skenario", "dasar", "kota-desa", "tangga"]),
    ],
)
def test_derived_figures_lead_to_the_sources_of_what_they_come_from(build, code, tables):
    html = render(build(code))
    for name in tables:
        assert all(source_cells(html, f"tabel-{name}")), name
    value = {"6303": "susenas_2024_kompilasi", "63": "bps_si2026_sanitasi"}[code]
    assert [value, "turunan_rumah_tangga"] in source_cells(html, "tabel-kebutuhan") and [
        value,
        "turunan_rumah_tangga",
    ] in source_cells(html, "tabel-skenario")
    assert source_cells(html, "tabel-dasar") == [
        ["turunan_rumah_tangga"],
        ["penduduk_2024_kompilasi"],
        ["sovi_2017_kompilasi"],
    ]
    if code == "63":
        assert set(map(tuple, source_cells(html, "tabel-sebaran"))) == {
            ("susenas_2024_kompilasi", "turunan_rumah_tangga")
        }


def test_each_section_shows_itself_in_a_notebook(build):
    report = build("6303")
    for name in METHODS:
        section = getattr(report, name)()
        assert section._repr_html_() == section.html and section.title and section.key


def test_equal_data_give_equal_bytes(build):
    assert render(build("6304")) == render(build("6304", data=build("6304").data.dataset))


def test_a_gap_is_the_difference_of_the_shown_figures(build):
    for code in ("6303", "6311", "63"):
        report = build(code)
        for _, row in report.judged[report.judged["status"].notna()].iterrows():
            cells = report.target_cells(row, has_own=True)
            target, value, gap = (
                str(cells[place]).rstrip("%").replace(".", "").replace(",", ".") for place in (3, 5, 7)
            )
            if gap != "–":
                assert round(abs(float(target) - float(value)), 2) == float(gap)


def test_province_shows_its_four_plan_figures_and_the_three_that_differ(build):
    report = build("63")
    cells = PageText(report.targets().html).cells
    for figure in ("109,83", "86,93", "98,09", "80,19", "3,88", "11,59", "1,72", "14,86"):
        assert figure in cells
    differ = PageText(report.data_quality().html)
    assert {"77,09%", "88,68%", "76,18%"} <= set(differ.cells)
    assert any("air minum layak 2022" in text and "tiga nilai" in text for text in differ.prose)


def test_the_service_ladder_shows_every_rung_there_is_from_the_best_down(build, dataset):
    values = dataset.observations[dataset.observations["region_code"] == "63"]
    safe = values[values["indicator"] == "sanitasi_aman"]
    simulated = [
        safe.assign(indicator=code, value=value)
        for code, value in (
            ("sanitasi_belum_layak", 15.25),
            ("sanitasi_layak_bersama", 6.75),
            ("sanitasi_layak_sendiri", 70.5),
        )
    ]
    html = (
        build(
            "63",
            data=replace(
                dataset, observations=pd.concat([dataset.observations, *simulated], ignore_index=True)
            ),
        )
        .data_quality()
        .html
    )
    steps = re.findall(r'<th scope="row">(.*?)</th>', html.split('id="tabel-tangga"')[1].split("</table>")[0])
    assert steps == [
        "Air minum layak",
        "Sanitasi layak",
        "Sanitasi aman",
        "Sanitasi layak sendiri",
        "Sanitasi layak bersama",
        "Sanitasi belum layak",
        "BABS di tempat terbuka",
    ]
    assert "tabel-tangga" not in PageText(build("6303").data_quality().html).ids


def test_hostile_text_stays_text(build, dataset):
    evil = '<script>alert("x")</script>'
    observations = dataset.observations.assign(note=evil)
    sources = dataset.sources.assign(title=evil, publisher="\u202e" + evil, url="javascript:alert(1)")
    targets = dataset.targets.assign(
        note=evil, url="data:text/html,x", framework=dataset.targets["framework"] + evil
    )
    issues = dataset.issues.assign(message=evil, suggestion=evil)
    hostile = replace(dataset, observations=observations, sources=sources, targets=targets, issues=issues)
    for code in ("63", "6303"):
        html = render(build(code, data=hostile))
        assert (
            "<script" not in html and "javascript:" not in PageText(html).links and "&lt;script&gt;" in html
        )
        assert not [link for link in PageText(html).links if not link.startswith(("#", "http"))]


@pytest.mark.parametrize("keep", [None, 2021, 2024])
def test_no_data_or_one_observation_still_gives_a_useful_page(build, dataset, keep):
    mine = dataset.observations["region_code"] == "6303"
    rows = dataset.observations[
        ~mine
        | ((dataset.observations["year"] == keep) & (dataset.observations["indicator"] == "sanitasi_layak"))
    ]
    html = render(build("6303", data=replace(dataset, observations=rows)))
    assert_numbers_stand_in_tables(html)
    summary = " ".join(PageText(html).prose[:3])
    assert ("Data belum cukup" in summary) == (keep in (None, 2021)) or "Hanya ada satu nilai" in summary
    assert "meningkat" not in summary and "menurun" not in summary


def test_own_plan_of_a_regency_is_called_a_target(build, dataset):
    own = (
        dataset.targets[dataset.targets["indicator"] == "sanitasi_layak"]
        .head(1)
        .assign(
            framework="RPJMD Banjar 2021-2026",
            region_code="6303",
            start_year=2021,
            year=2024,
            value=85.5,
            realization_source_id="",
            governs="yes",
            status="document",
        )
    )
    data = replace(dataset, targets=pd.concat([dataset.targets, own], ignore_index=True))
    report = build("6303", data=data)
    summary = PageText(report.summary().html).prose
    assert "target" in summary[0] and "85,50%" in summary[0] and "target RPJMD kabupaten" not in summary[-1]
    assert_numbers_stand_in_tables(render(report))


@pytest.mark.parametrize("code", [6303, 63.0, None, ["6303"]])
def test_a_code_that_is_no_text_names_the_option(code):
    with pytest.raises(PkpError, match=r"-r region_code 6303"):
        pages.report(code)


def test_wrong_requests_are_refused(processed_dir, tmp_path):
    with pytest.raises(BadRequestError, match="lang"):
        pages.report("6303", 2024, "fr")
    with pytest.raises(BadRequestError, match="report_year"):
        pages.report("6303", "2024", "id", processed_dir)
    with pytest.raises(UnknownRegionError):
        pages.report("Banjarx", 2024, "id", processed_dir)
    with pytest.raises(PkpError, match="pkp clean"):
        pages.report("6303", 2024, "id", tmp_path)


def test_service_standards_stand_beside_the_survey_when_the_register_has_them(build, dataset):
    absent = PageText(build("6303").planning().html)
    assert any("Capaian SPM" in text for text in absent.prose) and "tabel-spm" not in absent.ids
    value = dataset.observations[
        (dataset.observations["region_code"] == "6303")
        & (dataset.observations["indicator"] == "air_minum_layak")
        & (dataset.observations["year"] == 2024)
    ]
    given = value.assign(indicator="spm_air_minum", value=81.25, unit="%")  # simulated
    report = build(
        "6303",
        data=replace(dataset, observations=pd.concat([dataset.observations, given], ignore_index=True)),
    )
    page = PageText(report.planning().html)
    assert "tabel-spm" in page.ids and not any("Capaian SPM" in text for text in page.prose)
    assert (
        page.cells[page.cells.index("SPM air minum") :][:3] == ["SPM air minum", "2024", "81,25%"]
        and "68,89%" in page.cells
    )
    assert "capaian SPM" not in PageText(report.summary().html).prose[-1]


def test_the_province_says_that_newer_values_exist_and_shows_them_without_using_them(build):
    report = build("63")
    assert any(
        text.startswith("Belum tersedia") and "Nilai 2025 sudah terbit (sanitasi layak 86,80%" in text
        for text in PageText(report.summary().html).prose
    )
    cells = PageText(report.trend().html).cells
    assert (
        "86,80%" in cells
        and "nilai survei, sesudah tahun laporan" in cells
        and report.data.points("sanitasi_layak")["year"].max() == 2024
    )


def test_a_regency_names_the_compilation_its_values_come_from_and_its_need_in_the_summary(build):
    prose = " ".join(PageText(build("6304").summary().html).prose)
    assert "kompilasi publik" in prose and "masing-masing untuk sanitasi layak dan air minum layak" in prose
    assert "Data hunian layak perlu diminta" in prose and "kompilasi publik" not in " ".join(
        PageText(build("63").summary().html).prose
    )


def table_rows(section, table_id: str) -> list[list[str]]:
    body = re.search(rf'id="{table_id}".*?</table>', section.html, re.DOTALL)[0]
    return [
        [Markup(cell).striptags() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
        for row in body.split("<tr>")[1:]
    ]


def test_half_the_gap_is_no_scenario_where_the_projection_goes_further(build):
    def told(code, indicator):
        return [row[1] for row in table_rows(build(code).needs(), "tabel-skenario") if row[0] == indicator]

    assert told("6309", "Sanitasi layak") == ["menurut proyeksi", "target tercapai"]
    assert told("6304", "Sanitasi layak") == [
        "menurut proyeksi",
        "separuh kesenjangan tertutup",
        "target tercapai",
    ]


def test_figures_without_a_target_stand_in_the_annex_with_their_notes(build):
    rows = table_rows(build("63").annex(), "tabel-lain")
    assert ["Backlog perumahan", "2022", "392.787 rumah tangga/unit", "sementara"] in [
        row[:4] for row in rows
    ]
    assert not {"Sanitasi layak", "Air minum layak", "Sanitasi aman"} & {row[0] for row in rows}


def test_falling_values_beside_a_rising_projection_are_explained(build):
    def said(code):
        return any("dapat berlawanan" in text for text in PageText(build(code).trend().html).prose)

    assert said("6372") and not said("6304")


def test_an_english_page_marks_what_the_data_say_in_indonesian(build):
    html = (
        build("63", "en").data_quality().html
        + build("63", "en").sources().html
        + build("63", "en").needs().html
    )
    assert "belum dikonfirmasi" not in html and ">unit rumah<" not in html and "not yet confirmed" in html
    assert (
        '<span lang="id">perbaikan rumah tidak layak huni</span>' in html
        and '<span lang="id">layak termasuk aman</span>' in html
    )
    assert '<span lang="id">' not in build("63").sources().html
