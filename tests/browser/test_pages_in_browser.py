"""The site as a reader meets it: in Chromium, from files, wide and narrow, light and dark, by keyboard and on
paper.
"""

import html
import os
import re
import shutil
import subprocess
from pathlib import Path

import axe_playwright_python
import pytest

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
KINDS = {
    "index": "index",
    "province": "wilayah/63-kalimantan-selatan",
    "regency": "wilayah/6303-banjar",
    "city": "wilayah/6371-banjarmasin",
    "indicator": "indikator/sanitasi_layak",
    "quality": "kualitas-data",
    "methods": "metode",
    "brief": "ringkas/6303-banjar",
    "agenda": "agenda-63",
}
REGION_PAGE = 400 * 1024
REGION_FILES = 1280 * 1024  # a region's pages, sheets, downloads, charts and shared pictures, both languages
DATA_FILES = 8 * 1024**2  # the figures of the whole country
SHARED_PAGES = 2200 * 1024  # the first page holds the facts its search finds


def place(site: Path, kind: str, lang: str = "id") -> Path:
    return site / f"{KINDS[kind]}{'.en' if lang == 'en' else ''}.html"


# A city's page is a regency's, with other figures.
@pytest.fixture(
    params=[pytest.param(kind, marks=[pytest.mark.slow] if kind == "city" else []) for kind in KINDS]
)
def kind(request) -> str:
    return request.param


def test_page_opens_without_scrolling_sideways_on_a_phone_and_on_a_desk(small_site, open_page, kind):
    page = open_page(place(small_site, kind), viewport={"width": 390, "height": 844})
    assert page.locator("h1").count() == 1
    assert page.evaluate("[...document.images].filter(image => !image.naturalWidth).length") == 0
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = ".filter(part => part.checkVisibility()).map(part => part.getBoundingClientRect())"
    tables = ".tabel:not(.kartu-kartu)"  # the others are cards
    cells = page.evaluate(f"[...document.querySelectorAll('{tables} td.panjang')]{shown}")
    assert all(cell["width"] >= 240 for cell in cells), "long texts keep a width that can be read"
    rows = page.evaluate(f"[...document.querySelectorAll('{tables} tbody tr')]{shown}")
    assert all(row["height"] < 260 for row in rows)


SHORT = ("index", "regency", "quality", "brief", "agenda")  # each with parts that no other kind has
LOOKS = [("id", "light"), ("en", "dark"), ("id", "dark"), ("en", "light")]


@pytest.mark.parametrize(
    ("kind", "lang", "scheme"),
    [
        pytest.param(
            kind, *look, marks=[] if kind in SHORT and look == LOOKS[number % 2] else pytest.mark.slow
        )
        for number, kind in enumerate(KINDS)
        for look in LOOKS
    ],
)
def test_accessibility_rules_hold(small_site, open_page, kind, lang, scheme):
    """axe-core with all its rules, best practices included; closed parts are opened first."""
    page = open_page(place(small_site, kind, lang), color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(result => result.violations.map(v => [v.id,"
        " v.nodes.length, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))]))"
    )
    assert found == []


def test_first_page_works_without_javascript(small_site, open_page):
    page = open_page(place(small_site, "index"), java_script_enabled=False)
    shown = page.locator(".peta-satu:visible")
    assert shown.count() == 1
    first = shown.inner_text()
    page.locator(".pilihan a").last.click()
    assert shown.count() == 1 and shown.inner_text() != first
    assert page.url.endswith("#" + shown.get_attribute("id")), "the address holds the choice"
    page.reload()
    assert shown.inner_text() != first
    assert page.locator("[data-js]:visible").count() == 0, "what needs JavaScript is not offered"
    assert page.locator("#tabel-status tbody tr").count() == 14


def test_report_is_complete_without_javascript(small_site, open_page):
    page = open_page(place(small_site, "regency"), java_script_enabled=False)
    assert page.locator(".naskah section").count() >= 7
    page.locator(".angka-grafik > summary").first.click()
    assert page.locator(".angka-grafik[open] table").count() == 1


def test_table_sorts_by_a_column_and_back(small_site, open_page):
    page = open_page(place(small_site, "index"))
    heads = page.locator("#tabel-status thead th")
    values = "cells => cells.map(cell => cell.dataset.nilai)"
    for order in ("ascending", "descending"):
        heads.nth(1).locator("button").click()
        assert heads.nth(1).get_attribute("aria-sort") == order
        texts = page.locator("#tabel-status tbody td:nth-child(2)").evaluate_all(values)
        numbers = [float(text) for text in texts]
        assert numbers == sorted(numbers, reverse=order == "descending")
    heads.nth(3).locator("button").click()  # housing: few regions have a value, the others stay at the end
    texts = page.locator("#tabel-status tbody td:nth-child(4)").evaluate_all(values)
    assert texts[0] != "" and texts == [text for text in texts if text] + [text for text in texts if not text]
    assert page.locator("#tabel-status th[aria-sort]").count() == 1


def test_search_finds_by_name_code_and_status(small_site, open_page):
    page = open_page(place(small_site, "index"))
    field, hits = (
        page.get_by_label("Nama wilayah, indikator, kode, atau status"),
        page.locator("#daftar-halaman li:visible"),
    )
    everything = hits.count()
    for query, expected in (
        ("banjarm", ["Kota Banjarmasin"]),
        ("63.71", ["Kota Banjarmasin"]),
        ("6303", ["Kabupaten Banjar"]),
        ("sanitasi aman tidak ada", []),
    ):
        field.fill(query)
        found = hits.all_inner_texts()
        assert len(found) == len(expected) and all(map(str.startswith, found, expected)), query
    said = page.locator("#hasil-cari")
    assert said.inner_text().startswith("0 halaman cocok. Tidak ada halaman")
    for query in ("sanitsi", "penimbunan terbuka", "kumuh"):
        field.fill(query)
        facts = page.locator("#daftar-halaman li:visible .temuan").all_inner_texts()
        assert facts and all(any(letter.isdigit() for letter in fact) for fact in facts), query
    field.fill("banjr")
    assert hits.first.inner_text().startswith("Kabupaten Banjar")
    field.fill("<b>")
    assert hits.count() == 0 and said.inner_text()
    field.fill("musrenbang")
    assert hits.first.inner_text().startswith("Bahan rapat")
    field.fill("")
    assert hits.count() == everything


def test_map_switches_and_its_tiles_lead_to_reports(small_site, open_page):
    page = open_page(place(small_site, "index"))
    page.locator(".pilihan a", has_text="Air minum layak").first.click()
    assert page.locator(".peta-satu:visible h3").inner_text().startswith("Air minum layak")
    assert page.locator(".pilihan [aria-current]").inner_text().startswith("Air minum layak")
    page.locator(".peta-satu:visible li[data-region='6303'] a").click()
    assert page.locator("h1").inner_text() == "Kabupaten Banjar"


def test_two_figures_stand_on_the_first_screen_of_a_phone(small_site, open_page):
    page = open_page(place(small_site, "index"), viewport={"width": 390, "height": 844})
    bottom = page.locator(".pengantar strong").bounding_box()
    assert page.locator(".pengantar strong").inner_text().count("%") >= 2
    assert bottom["y"] + bottom["height"] < 844


TOUCH = """[...document.querySelectorAll('main :is(a, button, summary), header.situs :is(a, button)')]
    .filter(part => part.checkVisibility() && !part.closest('p, td, dd, svg'))
    .filter(part => part.getBoundingClientRect().height < 43.5).map(part => part.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("kind", ["index", "regency", "indicator"])
def test_what_is_touched_on_a_phone_is_high_enough(small_site, open_page, kind):
    page = open_page(place(small_site, kind), viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate(TOUCH) == []


def test_keyboard_reaches_the_text_the_map_and_the_sort_buttons(small_site, open_page):
    page = open_page(place(small_site, "index"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "lewati"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(part => [part.tagName, !!part.closest('.peta-petak'), getComputedStyle(part).outlineStyle])"
            "(document.activeElement)"
        )
        reached.add((focused[0], focused[1]))
        assert focused[2] != "none" or focused[0] == "BODY", f"no focus ring on {focused}"
    assert {("INPUT", False), ("A", True), ("A", False), ("BUTTON", False)} <= reached


def test_contents_lead_to_sections(small_site, open_page):
    page = open_page(place(small_site, "regency"))
    for link in page.locator(".isi a").all():
        target = link.get_attribute("href").removeprefix("#")
        assert page.locator(f"[id='{target}']").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('.isi')).position") == "sticky"


def test_every_link_inside_the_site_leads_somewhere(small_site, kind):
    here, broken = place(small_site, kind), []
    text = here.read_text(encoding="utf-8")
    for address in map(html.unescape, set(re.findall(r"<a\b[^>]*\shref=[\"']?([^\"' >]+)", text))):
        if address.startswith(("http:", "https:")):
            continue
        file, _, fragment = address.partition("#")
        target = (here.parent / file).resolve() if file else here
        if not target.is_file() or fragment and f'id="{fragment}"' not in target.read_text(encoding="utf-8"):
            broken.append(address)
    assert broken == [] and "<a" in text


SMALL_PRINT = """[...document.querySelectorAll('main *, footer.situs *')]
    .filter(part => part.checkVisibility() && !part.closest('svg, math, .lewat')
        && [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        && parseFloat(getComputedStyle(part).fontSize) < 9.3)
    .map(part => [part.tagName, part.className, getComputedStyle(part).fontSize, part.textContent.slice(0, 40)])"""


def test_printed_figures_are_whole_and_letters_large_enough(small_site, open_page, kind):
    """On A4 every picture lies on one sheet: no taller than the printable height, and never broken; only a
    long table of its figures may go on on the next one. Nothing is below seven points.
    """
    page = open_page(place(small_site, kind))
    page.emulate_media(media="print")
    assert page.evaluate(SMALL_PRINT) == []
    assert page.evaluate(
        "[...document.querySelectorAll('.naskah a[href^=http]')].every(link =>"
        " parseFloat(getComputedStyle(link, '::after').fontSize) > 9.3)"
    )
    if kind in ("index", "city", "agenda"):
        return  # a list, the same as a regency, tables to write in
    whole = "'figure:not(:has(tbody tr:nth-child(13))), figcaption, figure img, tr'"
    rules = page.evaluate(
        f"[...document.querySelectorAll({whole})].map(part => getComputedStyle(part).breakInside)"
    )
    assert set(rules) <= {"avoid"}
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 less its margins, in CSS pixels
    heights = page.evaluate(
        f"[...document.querySelectorAll({whole})].map(part => part.getBoundingClientRect().height)"
    )
    assert all(height < 980 for height in heights)
    assert page.evaluate("document.documentElement.scrollWidth") <= 688, "nothing is cut at the right margin"
    if kind == "brief":
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_legend_of_the_marks_is_printed(small_site, open_page, tmp_path):
    page = open_page(place(small_site, "index"))
    closed = page.locator(".arti-tanda dd").first
    assert not closed.is_visible()
    page.emulate_media(media="print")
    assert (
        closed.is_visible()
        and page.evaluate("document.querySelector('.arti-tanda').getBoundingClientRect().height") > 100
    )


@pytest.mark.parametrize("lang", ["id", "en"])
def test_wide_tables_of_the_province_are_whole_on_a_wide_screen(small_site, open_page, lang):
    page = open_page(place(small_site, "province", lang), viewport={"width": 1440, "height": 900})
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    cut = page.evaluate(
        "[...document.querySelectorAll('.tabel')].filter(box => box.scrollWidth > box.clientWidth +"
        " 1).map(box => box.querySelector('table').id)"
    )
    assert cut == []


def test_pdf_of_a_page(small_site, tmp_path):
    from pkp_analysis.site.pdf import print_pdf

    print_pdf(place(small_site, "brief"), tmp_path / "ringkas.pdf")
    assert (tmp_path / "ringkas.pdf").read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["ringkas.pdf"]


def test_pages_are_light(small_site):
    assert max(page.stat().st_size for page in (small_site / "wilayah").glob("*.html")) <= REGION_PAGE
    sizes = {
        path.relative_to(small_site).as_posix(): path.stat().st_size
        for path in small_site.rglob("*")
        if path.is_file() and "jejak" not in path.parts
    }
    stems = [path.stem for path in (small_site / "wilayah").glob("*.html") if ".en" not in path.name]
    regional = {stem: sum(size for place, size in sizes.items() if stem in place) for stem in stems}
    data = sum(size for place, size in sizes.items() if place.startswith("unduhan/data-"))
    others = [
        path.stem for path in (small_site / "indikator").glob("*.html") if KINDS["indicator"] not in str(path)
    ]
    compared = sum(size for place, size in sizes.items() if any(stem in place for stem in others))
    assert max(regional.values()) <= REGION_FILES
    assert data <= DATA_FILES
    assert sum(sizes.values()) - sum(regional.values()) - data - compared <= SHARED_PAGES


def test_a_chart_is_saved_as_svg_and_as_png(small_site, open_page, tmp_path):
    page = open_page(place(small_site, "regency"))
    below = page.locator("#gambar-tren-sanitasi-layak .simpan")
    assert (
        (place(small_site, "regency").parent / below.locator("a[download]").get_attribute("href"))
        .read_text(encoding="utf-8")
        .startswith("<svg")
    )
    with page.expect_download() as saved:
        page.locator("#gambar-tren-sanitasi-layak summary").click()
        below.get_by_role("button", name="PNG").click()
    assert saved.value.suggested_filename == "tren-sanitasi-layak.png"
    saved.value.save_as(tmp_path / "a.png")
    picture = (tmp_path / "a.png").read_bytes()
    assert picture[:4] == b"\x89PNG" and int.from_bytes(picture[16:20], "big") == 1440
    assert (
        open_page(place(small_site, "regency"), java_script_enabled=False).locator(".simpan button").count()
        == 0
    )


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_table_of_the_first_page_needs_no_scrolling_on_a_wide_screen(small_site, open_page, lang):
    page = open_page(place(small_site, "index", lang))
    assert (
        page.evaluate(
            "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.tabel:has(#tabel-status)'))"
        )
        <= 0
    )


def test_downloads_open_in_a_spreadsheet_program(small_site, tmp_path):
    """LibreOffice reads every workbook."""
    if not shutil.which("soffice") and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not installed")
    books = sorted((small_site / "unduhan").glob("*.xlsx"))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv",
            "--outdir",
            tmp_path,
            *books,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    assert len(list(tmp_path.glob("*.csv"))) == len(books)
