"""Pages from executed notebooks: framed, complete without code, nothing foreign inside, safe from hostile
text.
"""

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat.v4 as v4
import pytest

from pkp_analysis.charts.show import bundle_of
from pkp_analysis.data.dataset import load_dataset
from pkp_analysis.files import write
from pkp_analysis.region import meeting
from pkp_analysis.region.facts import RegionData
from pkp_analysis.run import manifest
from pkp_analysis.run.build import finish_site, write_beside, write_forms
from pkp_analysis.run.execute import Failure, Result
from pkp_analysis.site import frame
from pkp_analysis.site import page as site
from pkp_analysis.words.numbers import date_words
from tests.site.site_pages import BARITO_KUALA, CONTEXT, TAPIN, item, notebook

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(1)> \u202egnirts'


def page(*outputs, about=None, **notebook_parts) -> str:
    return site.page_of(notebook(*outputs, **notebook_parts), about or item(), CONTEXT)[0]


@pytest.fixture(scope="module")
def banjar() -> str:
    prose = ("# Kabupaten Banjar", "## Ringkasan", "Catatan **penulis**.", "## Realisasi & target", "Isi.")
    return page(guide="# Petunjuk perencana", markdown=prose)


# The frame


def test_page_has_language_main_skip_link_and_one_heading(banjar):
    assert '<html lang="id">' in banjar
    assert banjar.count("<main") == 1 and 'href="#isi"' in banjar and 'id="isi"' in banjar
    assert banjar.count("<h1") == 1


def test_policy_allows_exactly_the_inline_style_and_script(banjar):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', banjar)[1].replace(
        "&#39;", "'"
    )
    style, script = (re.search(rf"<{tag}>(.*?)</{tag}>", banjar, re.DOTALL)[1] for tag in ("style", "script"))
    for text, rule in ((style, "style-src"), (script, "script-src")):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:") and "unsafe" not in policy


def test_trail_tools_and_neighbours(banjar):
    assert '<a href="../index.html">Beranda</a>' in banjar
    assert '<a href="63-kalimantan-selatan.html">Kalimantan Selatan</a>' in banjar
    assert '<a href="6303-banjar.en.html" lang="en" hreflang="en">English</a>' in banjar
    assert (
        '<a href="../unduhan/6303-banjar.xlsx">XLSX</a>' in banjar
        and '<a href="../ringkas/6303-banjar.html">' in banjar
    )
    assert '<a href="6304-barito-kuala.html">Kabupaten Barito Kuala</a>' in banjar
    assert "1101-simeulue" not in banjar, "only regions of the same province are neighbours"


def test_tiles_of_known_pages_are_links(banjar):
    tiles = re.search(r'<nav class="letak".*?</nav>', banjar, re.DOTALL)[0]
    assert '<a href="6304-barito-kuala.html" title="Barito Kuala">' in tiles
    assert '<span aria-current="page" title="Banjar">' in tiles, "the page's own tile is no link"
    assert '<span title="Tanah Laut">' in tiles, "a region without a page is no link"
    assert tiles.count("<li") == 13


def test_english_page_speaks_english():
    html = page(about=item(lang="en", page="wilayah/6303-banjar.en.html"))
    assert (
        '<html lang="en">' in html and "Skip to content" in html and 'hreflang="id">Bahasa Indonesia' in html
    )


def test_prose_notebook_gets_a_heading_and_contents_from_its_markdown():
    html = page(
        markdown=("## Cara hitung", "teks"), about=item(kind="methods", region_code=None, title="Metode")
    )
    assert "<h1>Metode</h1>" in html and "Cara hitung</a>" in html


def test_state_of_widgets_stays_out():
    content = notebook()
    content.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": 1}}}
    assert "widget-state" not in site.page_of(content, item(), CONTEXT)[0]


# Failures


def test_failure_page_says_where_what_and_what_next():
    failure = Failure(
        cell=7, source="report.targets()", error="UnknownRegionError", message=f"tidak dikenal {HOSTILE}"
    )
    html = site.failure_html(item(), failure, CONTEXT)
    for text in (
        "Kabupaten Banjar: laporan gagal dibuat",
        "sel 7 dari 02_laporan_wilayah.ipynb",
        "report.targets()",
        "UnknownRegionError",
        "pkp report --region 6303",
    ):
        assert text in html
    assert "<script>alert" not in html
    early = Failure(None, "", "DeadKernelError", "mati")
    assert "sebelum sel pertama dijalankan" in site.failure_html(item(), early, CONTEXT)


# The site


def test_the_charts_of_a_page_are_offered_together_where_there_are_any():
    _, axes = plt.subplots()
    chart = v4.new_output("display_data", data=bundle_of(axes, "Judul.", alt="Judul."))
    about = item(
        name="indikator/sanitasi_layak",
        page="indikator/sanitasi_layak.html",
        kind="indicator",
        region_code="",
        indicator="sanitasi_layak",
    )
    assert '<a href="../unduhan/6303-banjar-grafik.zip">Grafik (ZIP)</a>' in page(chart)
    assert '<a href="../unduhan/sanitasi_layak-grafik.zip">Grafik (ZIP)</a>' in page(chart, about=about)
    assert "grafik.zip" not in page() and "grafik.zip" not in page(chart, about=item(kind="own"))


def test_context_keeps_pages_of_earlier_runs(tmp_path, dataset):
    (tmp_path / "wilayah").mkdir()
    (tmp_path / "wilayah" / "6304-barito-kuala.html").write_text("lama")
    (tmp_path / "indikator").mkdir()
    (tmp_path / "indikator" / "sanitasi_layak.en.html").write_text("lama")
    context = site.context(dataset, [item()], tmp_path)
    assert [code for kind, code, _ in context.report_pages] == ["6303", "6304", "sanitasi_layak"]
    assert "indikator/sanitasi_layak.en.html" in context.pages and "index.html" in context.pages


def test_key_follows_the_pages_an_item_links_to():
    smaller = site.Context(**{**CONTEXT.__dict__, "pages": CONTEXT.pages[:3]})
    assert CONTEXT.key(item()) == CONTEXT.key(item()) != smaller.key(item())


@pytest.fixture(scope="module")
def dataset(banua):
    """Few figures with their models, so that downloads are written in a moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pkp_analysis.run.build.processed_dir", lambda: banua)
        yield load_dataset(banua)


@pytest.fixture(scope="module")
def built(tmp_path_factory, dataset) -> Path:
    out = tmp_path_factory.mktemp("situs")
    build(out, dataset)
    return out


def build(out: Path, dataset, **options) -> None:
    items, failure = [item(), BARITO_KUALA], Failure(3, "x", "ValueError", HOSTILE)
    results = [Result(items[0], "done"), Result(items[1], "failed", failure=failure)]
    finish_site(write_beside(dataset, items, out), items, results, out, ("id", "en"), **options)


def test_site_files(built):
    files = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert files == {
        "index.html",
        "index.en.html",
        *(
            f"unduhan/{stem}.{kind}"
            for stem in ("6303-banjar", "6304-barito-kuala")
            for kind in ("xlsx", "csv")
        ),
        *(f"unduhan/data-pkp{ending}" for ending in (".xlsx", "-nilai.csv", "-penilaian.csv", "-sumber.csv")),
        "unduhan/datapackage.json",
        "jejak/perubahan/sekarang.json",
        *(f"unduhan/grafik/index/bagikan{ending}" for ending in (".png", ".en.png")),
    }


def test_rebuilding_changes_no_byte(built, dataset, tmp_path):
    build(tmp_path, dataset)
    for path in built.rglob("*"):
        if path.is_file():
            assert (tmp_path / path.relative_to(built)).read_bytes() == path.read_bytes(), path.name


def test_forms_the_meeting_papers_link_to_are_written(dataset, tmp_path):
    agenda = item(
        page="agenda-63.html",
        kind="agenda",
        region_code="63",
        parameters={"region_code": "63", "report_year": 2024},
    )
    write_forms(dataset, [agenda], {}, tmp_path)
    asked = meeting.requests(RegionData("63", 2024, dataset, {}))
    assert len(asked) and all((tmp_path / form).is_file() for form in asked["form"])


def test_failure_of_an_earlier_run_stays_named_until_the_report_is_made_again(dataset, tmp_path):
    """A run of one region does not turn the failure page of another into a report."""
    failed = BARITO_KUALA
    result = Result(failed, "failed", failure=Failure(3, "x", "ValueError", "rusak"))
    write(tmp_path / failed.page, site.failure_html(failed, result.failure, CONTEXT))
    manifest.write_manifest(tmp_path, [result], 0.0, {})
    around = write_beside(dataset, [item()], tmp_path)
    finish_site(around, [item()], [Result(item(), "done")], tmp_path, ("id",))
    html = (tmp_path / "index.html").read_text()
    assert "Kabupaten Barito Kuala</a> (sel 3 dari 02_laporan_wilayah.ipynb): ValueError: rusak" in html
    assert html.count('href="wilayah/6304-barito-kuala.html"') == 1
    around = write_beside(dataset, [failed], tmp_path)
    finish_site(around, [failed], [Result(failed, "done")], tmp_path, ("id",))
    assert "ValueError: rusak" not in (tmp_path / "index.html").read_text()


def test_failures_of_a_run_that_was_cut_off_count_too(tmp_path):
    """The journal is newer than the manifest: what it says failed is named, what it says is done is not."""
    mended, broken, failure = BARITO_KUALA, TAPIN, Failure(3, "x", "ValueError", "rusak")
    for place in (mended.page, broken.page):
        write(tmp_path / place, "<p>halaman</p>")
    results = [Result(mended, "failed", failure=failure), Result(broken, "done")]
    manifest.write_manifest(tmp_path, results, 0.0, {})
    assert [failed["page"] for failed in manifest.failures([], [], tmp_path)] == [mended.page]
    manifest.note(tmp_path, Result(mended, "done"))
    manifest.note(tmp_path, Result(broken, "failed", failure=failure))
    (failed,) = manifest.failures([], [], tmp_path)
    assert (failed["title"], failed["failure"]["cell"]) == ("Kabupaten Tapin", 3)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"items": []}', '{"items": {}'])
def test_a_manifest_that_cannot_be_read_names_no_failure(tmp_path, text):
    write(tmp_path / "jejak" / "manifest.json", text)
    assert manifest.failures([], [], tmp_path) == []


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("index.html", "wilayah/a.html", "wilayah/a.html"),
        ("wilayah/a.html", "index.html", "../index.html"),
        ("wilayah/a.html", "wilayah/b.html", "b.html"),
    ],
)
def test_links_are_relative(here, there, link):
    assert frame.relative(here, there) == link


def test_place_of_a_page_in_another_language():
    assert frame.in_language("wilayah/a.html", "en") == "wilayah/a.en.html"
    assert frame.in_language("wilayah/a.en.html", "id") == "wilayah/a.html"


def test_dates_in_words():
    assert date_words("2026-02-27", "id") == "27 Februari 2026"
    assert date_words("2023-03", "en") == "March 2023"
    assert [date_words(text, "id") for text in ("2023", "2023-13", "Juni 2023")] == [
        "2023",
        "2023-13",
        "Juni 2023",
    ]


def test_running_title_cannot_leave_its_style_rule():
    assert '"' not in frame.css_text('Banjar"}body{display:none}')


def test_a_cell_of_a_notebook_may_fail_on_purpose():
    output = v4.new_output("error", ename="ValueError", evalue="<b>salah</b>", traceback=[])
    assert "ValueError: &lt;b&gt;salah&lt;/b&gt;" in page(output)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("region", "Versi data halaman ini slice1"),
        ("brief", "Versi data halaman ini slice1"),
        ("quality", "Versi seluruh data abc123"),
    ],
)
def test_a_page_names_one_version_and_whose_it_is(kind, shown):
    about = item(
        kind=kind,
        data_version="slice1",
        page="wilayah/6303-banjar.html" if kind == "region" else "kualitas-data.html",
    )
    html = site.page_of(notebook(), about, CONTEXT)[0]
    assert shown in html and ("abc123" in html) != ("slice1" in html)


def test_another_version_of_all_data_is_another_page_only_where_it_is_shown():
    other = replace(CONTEXT, data_version="def456")
    assert CONTEXT.key(item()) == other.key(item())
    assert CONTEXT.key(item(kind="quality")) != other.key(item(kind="quality"))
