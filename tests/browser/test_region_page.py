"""The page of a region as a head with a phone, a reviewer with paper and a reader at a keyboard meet it."""

import re

import pytest

from .test_pages_in_browser import place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["regency", "city", "province"])
def test_first_screen_holds_name_headline_a_row_per_indicator_and_the_next_step(small_site, open_page, kind):
    page = open_page(place(small_site, kind))
    rows = page.locator("header.kepala tbody tr")
    own_plan = 4 if kind == "province" else 0  # a province shows how its own plan stands first
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.locator("h1").is_visible() and rows.count() == 4 + own_plan
        for row in rows.all()[:4]:
            assert row.bounding_box()["y"] + row.bounding_box()["height"] < height
        assert page.locator(".pembuka > p").first.inner_text()
        last = page.locator(".pembuka > p").last
        assert last.inner_text().startswith("Langkah berikut")
        if width > 400 or not own_plan:
            assert last.bounding_box()["y"] < height, "the next step begins on the first screen"
        for row in rows.all():
            said = row.inner_text()
            assert row.locator(".tanda").is_visible() or re.search("kurang|lebih|per tahun", said)


@pytest.mark.parametrize("width", [390, 360, 320])
def test_no_symbol_of_a_status_is_hidden_by_the_name_of_its_row(small_site, open_page, width):
    page = open_page(place(small_site, "regency"), viewport={"width": width, "height": 844})
    seen = page.evaluate(
        """[...document.querySelectorAll('.pembuka tbody .tanda > span')].map(mark => mark.getBoundingClientRect())
        .filter(box => box.bottom < innerHeight)
        .map(box => !!document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest('.tanda'))"""
    )
    assert len(seen) > 1 and all(seen)
    clear = page.evaluate(
        """[...document.querySelectorAll('.pembuka tbody tr:has(.tanda)')].every(row => {
        const name = document.createRange();
        name.selectNodeContents(row.querySelector('th'));
        return name.getBoundingClientRect().right <= row.querySelector('.tanda').getBoundingClientRect().left;
    })"""
    )
    assert clear, "a long mark covers no name"


@pytest.mark.slow
def test_the_rows_of_every_region_end_on_the_first_screen_of_a_phone(small_site, open_page):
    for path in sorted((small_site / "wilayah").glob("*.html")):
        page = open_page(path, viewport={"width": 390, "height": 844})
        box = page.locator("header.kepala tbody tr").nth(3).bounding_box()
        assert box["y"] + box["height"] < 844, path.name
        page.set_viewport_size({"width": 1440, "height": 900})
        assert page.evaluate("document.documentElement.scrollHeight") <= 4500, path.name


def printed(page) -> int:
    """How many folds of the page show what they hold on paper."""
    page.emulate_media(media="print")
    return page.evaluate(
        """[...document.querySelectorAll('main details')].map(part => part.lastElementChild)
        .filter(part => part.checkVisibility() && part.getBoundingClientRect().height).length"""
    )


def test_paper_shows_what_is_open_and_the_full_version_everything(small_site, open_page):
    page = open_page(place(small_site, "regency"))
    folds = page.locator("main details").count()
    assert folds > 8 and printed(page) == 0
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => {}")
    page.locator("button[data-cetak=lengkap]").click()
    assert printed(page) == folds
    assert not page.locator(".kutip").first.is_visible() and not page.locator(".simpan").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == 0


STOPS = """() => {
    const end = document.querySelector('main section').getBoundingClientRect().bottom;
    return [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
        .filter(part => part.checkVisibility() && part.getBoundingClientRect().top < end).length;
}"""
POINT_OFF_SCREEN = """[...document.querySelectorAll('.tabel')].filter(box => box.checkVisibility())
    .filter(box => [...box.querySelectorAll('tbody td')].some(cell => cell.checkVisibility()
        && cell.querySelector('.tanda') && cell.getBoundingClientRect().right > innerWidth + 1))
    .map(box => box.getAttribute('aria-label'))"""
WIDE_CARDS = """[...document.querySelectorAll('.kartu-kartu')].filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.getAttribute('aria-label'))"""


@pytest.mark.parametrize(
    ("kind", "lang", "screens", "sheets"),
    [
        ("regency", "id", 10, 4),
        ("city", "id", 10, 4),
        ("province", "id", 10, 4),
        ("province", "en", 10, 4),
        ("index", "id", 10.5, None),
    ],
)
def test_a_page_keeps_to_its_screens_its_sheets_and_the_stops_of_the_tab_key(
    small_site, open_page, kind, lang, screens, sheets
):
    """Ten screens of a phone and five of a desk, four sheets, sixty stops before the first section ends; no table
    hides its point beside a phone.
    """
    page = open_page(place(small_site, kind, lang))
    assert 0 < page.evaluate(STOPS) <= 60
    for width, height, most in ((1440, 900, 5), (390, 844, screens)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollHeight") <= most * height
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert page.evaluate(POINT_OFF_SCREEN) == []
    assert page.evaluate(WIDE_CARDS) == [], "a row with many columns is a card"
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = false; })")
    if sheets:
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= sheets


def test_charts_stand_side_by_side_on_a_wide_screen_and_follow_a_dark_page(small_site, open_page):
    page = open_page(place(small_site, "regency"), color_scheme="dark")
    first, second = (figure.bounding_box() for figure in page.locator(".jajar figure").all()[:2])
    assert first["y"] == second["y"] and second["x"] > first["x"] + first["width"]
    light = open_page(place(small_site, "regency"), color_scheme="light")
    pictures = [opened.locator(".jajar img").first.screenshot() for opened in (page, light)]
    assert pictures[0] != pictures[1]


def test_a_link_to_a_chart_is_copied_and_leads_to_it(small_site, open_page):
    page = open_page(place(small_site, "regency"))
    page.locator(".angka-grafik > summary").first.click()
    link = page.locator(".simpan a[data-salin]").first
    link.click()
    name = page.url.partition("#")[2]
    assert page.locator(f"figure[id='{name}']").count() == 1
    cited = page.locator(".kutip").first.inner_text()
    assert "Penerbit: " in cited and "versi data" in cited and page.url.partition("#")[0] in cited


def test_the_head_describes_the_page_to_whoever_gets_its_link(small_site, open_page):
    page = open_page(place(small_site, "regency"))
    picture, text = (
        page.locator(f"meta[{name}]").get_attribute("content")
        for name in ("property='og:image'", "name=description")
    )
    assert (place(small_site, "regency").parent / picture).read_bytes()[:4] == b"\x89PNG"
    assert text[:60] in " ".join(page.locator("main").inner_text().split())
