"""Charts as files: each explains itself, equal charts give equal bytes, a chart that is gone leaves no file."""

import io
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest

from pkp_analysis import files
from pkp_analysis.charts.old import position
from pkp_analysis.site import figure_files, frame

PAGE = "wilayah/6303-banjar.html"
TITLE = 'Sanitasi <layak> & "air": tertinggi di Banjar.'
WORDS = {"save_svg": "Simpan", "save_png": "PNG"}


@pytest.fixture(scope="module")
def chart() -> str:
    frame = pd.DataFrame({"region_code": ["6303", "6304"], "value": [83.18, 57.71]})
    return str(position(frame, "6303", "sanitasi_layak", title=TITLE).to_html("gambar-posisi"))


@pytest.fixture
def out(tmp_path, chart):
    files.write(tmp_path / PAGE, f"<main>{chart}</main>")
    files.write(tmp_path / "wilayah/6303-banjar.en.html", f"<main>{chart}</main>")
    write(tmp_path)
    return tmp_path


def write(out) -> None:
    figure_files.write_figures(
        out, PAGE, {PAGE: "Kabupaten Banjar", frame.in_language(PAGE, "en"): "Kabupaten Banjar"}
    )


def test_link_below_a_chart_leads_to_its_file(chart, out):
    html = figure_files.linked(chart, PAGE, WORDS)
    assert (
        html.replace(
            '\n<p class="simpan"><a href="../unduhan/grafik/6303-banjar/posisi.svg" download'
            ' data-png="PNG">Simpan</a></p>',
            "",
            1,
        )
        == chart
    )
    assert (out / "unduhan/grafik/6303-banjar/posisi.svg").is_file() and (
        out / "unduhan/grafik/6303-banjar/posisi.en.svg"
    ).is_file()


def test_file_is_whole_and_tells_what_it_shows(out):
    tree = ElementTree.parse(out / "unduhan/grafik/6303-banjar/posisi.svg")
    texts = " ".join("".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text"))
    for expected in (
        'Sanitasi <layak> & "air":',
        "Akses terhadap sanitasi layak",
        "Barito Kuala",
        "57,71%",
        "Kabupaten Banjar",
    ):
        assert expected in texts
    assert tree.getroot().find("{http://www.w3.org/2000/svg}title").text.startswith(TITLE)
    assert not [node for node in tree.iter() if node.tag.endswith(("script", "image", "foreignObject"))]


def test_equal_charts_give_equal_bytes(out):
    archive = out / "unduhan/6303-banjar-grafik.zip"
    before = archive.read_bytes()
    write(out)
    assert archive.read_bytes() == before
    with zipfile.ZipFile(io.BytesIO(before)) as files:
        assert files.namelist() == ["posisi.en.svg", "posisi.svg"]
        assert files.read("posisi.svg") == (out / "unduhan/grafik/6303-banjar/posisi.svg").read_bytes()


def test_charts_that_are_gone_leave_no_file(out):
    files.write(out / PAGE, "<main>laporan gagal dibuat</main>")
    write(out)
    assert [path.name for path in (out / "unduhan/grafik/6303-banjar").iterdir()] == ["posisi.en.svg"]
    (out / "wilayah/6303-banjar.en.html").unlink()
    write(out)
    assert not list((out / "unduhan/grafik/6303-banjar").iterdir()) and not list(
        (out / "unduhan").glob("*.zip")
    )
