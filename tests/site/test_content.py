"""A page is what its notebook shows: prose, pictures, tables and headings come from cells and outputs alone."""

from xml.etree import ElementTree

import matplotlib.pyplot as plt
import nbformat.v4 as v4
import pandas as pd
import pytest
import seaborn as sns
from bs4 import BeautifulSoup

from pkp_analysis import charts
from pkp_analysis.charts.show import MIMETYPE, bundle_of
from pkp_analysis.errors import PkpError
from pkp_analysis.site import figure_files
from pkp_analysis.site import page as site
from pkp_analysis.site.content import formula
from pkp_analysis.site.foreign import cleaned
from pkp_analysis.words import catalogue
from tests.site.site_pages import CONTEXT, item

FIGURES = pd.DataFrame(
    {"region_code": ["6303", "6304"], "region": ["Banjar", "Barito Kuala"], "value": [83.18, 57.7]}
)


def output(data: dict, kind: str = "display_data"):
    more = {"execution_count": 1} if kind == "execute_result" else {}
    return v4.new_output(kind, data=data, **more)


def drawn(title: str = "Banjar lebih tinggi.", **options):
    _, axes = plt.subplots()
    axes.plot([2021, 2024], [80.1, 83.18])
    return output(bundle_of(axes, title, **options))


def prose(text: str):
    return output({"text/markdown": text, "text/plain": text}, "execute_result")


def code(*outputs, tags: tuple = (), **metadata):
    return v4.new_code_cell("rahasia()", outputs=list(outputs), metadata={"tags": list(tags), **metadata})


def markdown(text: str, tags: tuple = (), **metadata):
    return v4.new_markdown_cell(text, metadata={"tags": list(tags), **metadata})


def page_of(*cells, **about) -> tuple[BeautifulSoup, dict[str, str]]:
    """The page of an own notebook with these cells, parsed, and its pictures."""
    about = {"kind": "own", "notebook": about.pop("notebook", item().notebook), **about}
    html, pictures, _ = site.page_of(v4.new_notebook(cells=list(cells)), item(**about), CONTEXT)
    return BeautifulSoup(html, "html.parser"), pictures


def text_of(part) -> str:
    return " ".join(part.get_text(" ").split())


# Cells


def test_headings_make_sections_contents_and_stable_addresses():
    cells = [
        markdown("# Laporan saya"),
        markdown("Awal."),
        markdown("## Tren air", en="## Water trend"),
        code(prose("Isi.")),
    ]
    page, _ = page_of(*cells)
    english, _ = page_of(*cells, lang="en", page="saya/a.en.html")
    assert page.h1.get_text() == "Laporan saya"
    assert [(link["href"], link.get_text()) for link in page.select(".isi a")] == [("#tren-air", "Tren air")]
    assert text_of(page.select_one("section#tren-air")) == "Tren air Isi."
    assert [(link["href"], link.get_text()) for link in english.select(".isi a")] == [
        ("#tren-air", "Water trend")
    ]


def test_a_heading_in_an_output_begins_a_section_after_what_came_before_it():
    page, _ = page_of(code(prose("Satu."), prose("## Dua\n\nTiga.")))
    assert [text_of(part) for part in page.select(".naskah > *")] == ["Satu.", "Dua Tiga."]


def test_guides_code_and_warnings_are_for_the_author_only():
    warned = v4.new_output("stream", name="stderr", text="peringatan")
    page, _ = page_of(
        markdown("Petunjuk perencana", ["panduan"]),
        code(warned, output({"text/plain": "<Axes: >"})),
        code(prose("Ada.")),
    )
    assert text_of(page.select_one(".naskah")) == "Ada."


def test_what_opens_the_page_stands_above_its_contents():
    page, _ = page_of(code(prose("**Banjar tertinggi.**"), tags=["pembuka"]), markdown("## Rincian"))
    assert text_of(page.select_one("header.kepala")) == "Kabupaten Banjar Banjar tertinggi."


def test_folded_cells_stay_in_their_section_under_their_summary():
    cells = [
        markdown("## Target"),
        code(prose("Terbuka."), drawn(), tags=["lipat"], ringkas="Tabel lengkap", ringkas_en="Full table"),
        markdown("### Metode lain\n\nPengantar.", ["lipat"]),
        code(prose("Satu.")),
        code(prose("Dua.")),
        markdown("### Terbuka lagi"),
        code(prose("Tiga.")),
    ]
    page, _ = page_of(*cells)
    folds = page.select("section#target > details")
    assert [fold.summary.get_text() for fold in folds] == ["Tabel lengkap", "Metode lain"]
    assert folds[0].figure and text_of(folds[1]) == "Metode lain Pengantar. Satu. Dua."
    english, _ = page_of(*cells, lang="en", page="saya/a.en.html")
    assert english.details.summary.get_text() == "Full table"


def test_prose_without_english_says_which_language_it_is_in():
    page, _ = page_of(
        markdown("Catatan."),
        lang="en",
        page="a.en.html",
        kind="region",
        notebook=item().notebook.with_name("x"),
    )
    assert page.select_one('[lang="id"]').get_text().strip() == "Catatan."


# Pictures and tables


def test_a_picture_comes_with_title_alt_source_table_and_file():
    before = plt.get_fignums()
    page, pictures = page_of(code(drawn(alt="Naik ke 83,18%.", source="Susenas, persen.", table=FIGURES)))
    figure = page.figure
    assert figure.img["alt"] == "Naik ke 83,18%." and figure.img["src"].startswith("data:image/svg+xml")
    assert "Banjar lebih tinggi. Susenas, persen." in text_of(figure.figcaption)
    assert [cell.get_text() for cell in figure.select("tbody td")] == ["83,18", "57,70"]
    assert [head.get_text() for head in figure.select("thead th")] == ["Wilayah", "Nilai"]
    assert page.select_one(f"a[href='#{figure['id']}']") and "versi data abc123. wilayah/" in text_of(
        figure.select_one(".kutip")
    )
    assert figure.select_one("a[download]")["href"].endswith(
        "unduhan/grafik/6303-banjar/banjar-lebih-tinggi.svg"
    )
    assert list(pictures) == ["banjar-lebih-tinggi"]
    assert plt.get_fignums() == before, "a picture that was shown is closed"


def test_two_pictures_of_one_name_keep_addresses_of_their_own():
    page, pictures = page_of(code(drawn()), code(drawn()))
    assert [figure["id"] for figure in page.select("figure")] == [f"gambar-{name}" for name in pictures]
    assert len(pictures) == 2


def test_every_table_and_picture_of_an_own_notebook_is_in_the_contents():
    page, _ = page_of(code(drawn("Gambar.")), code(output(bundle_of(FIGURES, "Tabel."))))
    links = page.select(".isi a")
    assert [link.get_text() for link in links] == ["Gambar.", "Tabel."]
    assert all(page.find(id=link["href"].removeprefix("#")) for link in links)


@pytest.mark.parametrize("shown", ["figure", "axes", "grid"])
def test_show_takes_what_matplotlib_and_seaborn_give(shown):
    if shown == "grid":
        made = sns.catplot(FIGURES, x="region", y="value")
    else:
        figure, axes = plt.subplots()
        made = figure if shown == "figure" else axes
    about = bundle_of(made, "Judul")[MIMETYPE]
    assert about["kind"] == "figure" and ElementTree.fromstring(about["svg"]).get("viewBox")


def test_a_picture_without_alternative_text_has_one_and_tells_its_author_how():
    figure, _ = plt.subplots()
    shown = bundle_of(figure, "Judul.", table=FIGURES)
    assert shown[MIMETYPE]["alt"] == "Judul. Angkanya ada dalam tabel di bawah gambar."
    assert "Tulis alt=" in shown["text/html"] and "Tulis alt=" not in str(shown[MIMETYPE])
    of_the_house = charts.ladder(pd.DataFrame({"step": ["aman"], "value": [6.0]}))
    assert bundle_of(of_the_house, "Judul.")[MIMETYPE]["alt"] == "Judul. aman 6,00%."


@pytest.mark.parametrize("wrong", [[1, 2], "teks", None])
def test_show_refuses_what_it_cannot_show(wrong):
    with pytest.raises(PkpError, match="pkp.show menerima gambar matplotlib atau seaborn"):
        bundle_of(wrong, "Judul")
    with pytest.raises(PkpError, match="judul belum ada"):
        bundle_of(FIGURES, " ")


def test_nothing_is_cut_at_the_edge_of_a_picture():
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.set_ylabel("label yang panjang")
    axes.text(2, 0.5, "di luar")  # right of the axes, right of the paper
    width = float(ElementTree.fromstring(bundle_of(figure, "a")[MIMETYPE]["svg"]).get("viewBox").split()[2])
    assert width > 3 * 72


def test_a_table_speaks_the_language_of_the_page_and_writes_years_whole():
    frame = pd.DataFrame(
        {
            "indicator": ["sanitasi_layak"],
            "year": [2024],
            "value": [1234.5],
            "status": ["achieved"],
            "b": [None],
        }
    )
    rows = BeautifulSoup(bundle_of(frame, "Judul")[MIMETYPE]["table"], "html.parser")
    assert [text_of(cell) for cell in rows.select("tbody > tr > *")] == [
        "Sanitasi layak",
        "2024",
        "1.234,5",
        "✔ tercapai",
        "–",
    ]
    catalogue.speak("en")
    try:
        rows = BeautifulSoup(bundle_of(frame, "Judul")[MIMETYPE]["table"], "html.parser")
    finally:
        catalogue.speak("id")
    assert [text_of(cell) for cell in rows.select("tbody > tr > *")][2:4] == ["1,234.5", "✔ achieved"]


def test_an_index_with_a_meaning_is_a_column_and_an_empty_table_says_so():
    table = bundle_of(FIGURES.set_index("region")["value"], "Judul")[MIMETYPE]["table"]
    assert [cell.get_text() for cell in BeautifulSoup(table, "html.parser").select("tbody th")] == [
        "Banjar",
        "Barito Kuala",
    ]
    assert "Judul: tidak ada baris." in bundle_of(FIGURES.head(0), "Judul")[MIMETYPE]["table"]


def test_the_last_expression_of_a_cell_is_not_lost():
    frame = pd.DataFrame({"tahun": [2024], "nilai": [83.180001], "x": [float("nan")]})
    page, _ = page_of(
        code(output({"text/html": frame._repr_html_(), "text/plain": str(frame)}, "execute_result"))
    )
    assert [cell.get_text() for cell in page.select(".tabel td")] == ["2024", "83,18", "–"]


# What others wrote


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//x.id/a.js></SCRIPT>",
        '<p onclick="alert(1)">a</p>',
        "<p ONCLICK=alert(1)>a</p>",
        '<a href="javascript:alert(1)">a</a>',
        "<a href=' JavaScript:alert(1)'>a</a>",
        '<a href="data:text/html,<script>alert(1)</script>">a</a>',
        '<iframe src="https://x.id"></iframe>',
        '<p style="color:red">a</p>',
        "<style>p{color:red}</style>",
        '<object data="x"></object>',
        '<link rel="stylesheet" href="https://x.id/a.css">',
        '<form action="https://x.id"><input></form>',
        '<base href="https://x.id">',
        '<meta http-equiv="refresh" content="0;url=https://x.id">',
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
        '<img src="https://x.id/a.png" onerror=alert(1)>',
    ],
)
@pytest.mark.parametrize("where", ["output", "markdown"])
def test_nothing_foreign_runs_loads_or_styles(part, where):
    text = f"{part}<p>tetap</p>"
    cell = code(output({"text/html": text})) if where == "output" else markdown(text)
    body = page_of(cell)[0].select_one(".naskah")
    assert "tetap" in text_of(body)
    forbidden = {
        "script",
        "style",
        "iframe",
        "object",
        "link",
        "form",
        "base",
        "meta",
        "foreignobject",
        "use",
        "input",
    }
    assert not [tag.name for tag in body.find_all(True) if tag.name in forbidden]
    kept = [f"{name}={value}" for tag in body.find_all(True) for name, value in tag.attrs.items()]
    assert not [
        text
        for text in kept
        if text.startswith(("style", "on", "src=http", "xlink")) or "script:" in text.lower()
    ]
    assert "color:red" not in text_of(body) and "alert" not in text_of(body)


def test_data_in_a_sentence_stay_text():
    page, _ = page_of(code(prose("Sumber: <script>alert(1)</script> <b>x</b> [a](javascript:alert(1))")))
    assert not page.select(".naskah script, .naskah b, .naskah a[href^=javascript]")
    assert "<script>alert(1)</script>" in page.select_one(".naskah").get_text()


def test_classes_and_pictures_in_the_page_survive_cleaning():
    html = cleaned(
        '<div class="a"><img src="data:image/png;base64,aGFsbw==" alt="x"></div><img src="data:image/gif;base64,aa">'
    )
    assert 'class="a"' in html and 'src="data:image/png;base64,aGFsbw=="' in html and html.count("alt=") == 2


# Formulas


@pytest.mark.parametrize(
    "text",
    [r"\frac{a}{b} < 5\%", r"\text{rumah tangga} \ge 1{,}5", r"\begin{cases}a & b \\ c & d\end{cases}"],
)
def test_a_formula_is_whole_xml_without_a_backslash(text):
    made = formula(text, "block")
    assert ElementTree.fromstring(made).tag.endswith("math") and "\\" not in made


@pytest.mark.parametrize("text", [r"\takdikenal x", "a & b", "{", "a_b_c", r"\left( a"])
def test_a_formula_that_cannot_be_read_stays_as_written(text):
    assert "<math" not in formula(text, "inline")
    assert text.split()[0] in BeautifulSoup(formula(text, "inline"), "html.parser").get_text()


def test_formulas_in_prose_and_on_lines_of_their_own():
    page, _ = page_of(markdown("Nilai $a<b$ dan harga 5$.\n\n$$\\frac{1}{2}$$\n\n$$\nx\n$$"))
    assert [part.get("display") for part in page.select("math")] == ["inline", "block", "block"]
    assert "harga 5$" in text_of(page.select_one(".naskah"))


# Files of pictures


def test_a_picture_as_a_file_explains_itself(tmp_path):
    _, pictures = page_of(code(drawn("Sanitasi <layak> & air.", alt="Naik.", source="Susenas.")))
    tree = ElementTree.fromstring(pictures["sanitasi-layak-air"])
    texts = " ".join("".join(node.itertext()) for node in tree.iter() if node.tag.endswith("text"))
    for expected in ("Sanitasi <layak> & air.", "Susenas.", "Kabupaten Banjar", "abc123", "2021"):
        assert expected in texts
    assert not [node for node in tree.iter() if node.tag.endswith(("script", "image", "foreignObject"))]
    assert "prefers-color-scheme" not in pictures["sanitasi-layak-air"], "a file is opened on white paper"


def test_files_follow_the_page_and_equal_pictures_give_equal_bytes(tmp_path):
    place, folder = "wilayah/6303-banjar.html", tmp_path / "unduhan/grafik/6303-banjar"
    figure_files.keep(tmp_path, place, {"a": "<svg/>", "b": "<svg/>"})
    figure_files.keep(tmp_path, "wilayah/6303-banjar.en.html", {"a": "<svg/>"})
    figure_files.write_archive(tmp_path, place)
    archive = (tmp_path / figure_files.archive_of(place)).read_bytes()
    figure_files.keep(tmp_path, place, {"a": "<svg/>"})
    assert sorted(path.name for path in folder.iterdir()) == ["a.en.svg", "a.svg"]
    figure_files.keep(tmp_path, place, {"a": "<svg/>", "b": "<svg/>"})
    figure_files.write_archive(tmp_path, place)
    assert (tmp_path / figure_files.archive_of(place)).read_bytes() == archive
    figure_files.keep(tmp_path, place, {})
    figure_files.keep(tmp_path, "wilayah/6303-banjar.en.html", {})
    figure_files.write_archive(tmp_path, place)
    assert not list(folder.iterdir()) and not (tmp_path / figure_files.archive_of(place)).exists()
