"""What a planner who knows pandas changes in the region notebook alone, run by papermill, stands on the page."""

import base64
import re

import nbformat
import pytest

from pkp_analysis.run.execute import Settings, run_notebook
from pkp_analysis.run.plan import Request, plan
from pkp_analysis.run.processes import OwnProcesses
from pkp_analysis.site.page import context, page_of

from .pages import NOTEBOOK

HEAT = """import seaborn as sns
kisi = pkp.tidy("sanitasi layak", level="kabupaten").pivot(index="region", columns="year", values="value")
ax = sns.heatmap(kisi, annot=True, fmt=".1f")
pkp.show(ax.figure, title="Sanitasi layak tiap tahun survei", alt="Petak sanitasi: 57,7 sampai 97,7.", table=kisi)"""
PARAGRAPH = """rata = pkp.tidy("sanitasi layak", level="kabupaten", year=2024)["value"].mean()
pkp.say.Text(f"Rata-rata sederhana 13 kabupaten/kota adalah {rata:.1f} persen.")"""


def edited(notebook):
    """The notebook with the six changes, made as a planner would: in the cells' own text."""
    (trend,) = [cell for cell in notebook.cells if 'name="tren-sanitasi_layak"' in cell.source]
    before, after = trend.source.split("angka = ")
    trend.source = (
        before
        + 'ax.axhline(85, ls=":")\n'
        + 'ax.text(2024, 85.3, "sasaran daerah 85%")\n'
        + 'pkp.charts.trend(pkp.load("6304").points("sanitasi_layak"), ax=ax)\n'
        + "ax.set(xlim=(2020, 2026), xticks=range(2020, 2027))\n"
        + "angka = "
        + after
    )
    sections, head = [], []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            sections.append([])
        (sections[-1] if sections else head).append(cell)
    kept = {part[0].source[3:]: part for part in sections}
    del kept["Kebutuhan"]
    kept["Data"], kept["Strategi dan peran"] = kept["Strategi dan peran"], kept["Data"]
    extra = [nbformat.v4.new_code_cell(HEAT), nbformat.v4.new_code_cell(PARAGRAPH)]
    notebook.cells = [*head, *(cell for part in kept.values() for cell in part), *extra]
    return notebook


@pytest.fixture(scope="module")
def page(tmp_path_factory, dataset, processed_dir):
    folder = tmp_path_factory.mktemp("perencana")
    nbformat.write(edited(nbformat.read(NOTEBOOK, 4)), folder / "02.ipynb")
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "notebooks").symlink_to(NOTEBOOK.parent)
    (folder / "data" / "processed").symlink_to(processed_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PKP_ROOT", str(folder))
        items = plan(dataset, {}, Request(["6303"], report_year=2024, notebook=folder / "02.ipynb"))
        with OwnProcesses(1) as pool:
            executed, failure = pool.submit(run_notebook, items[0], Settings(fork=True)).result()
    assert failure is None, failure
    return page_of(executed, items[0], context(dataset, items, folder / "situs"))


def test_a_line_a_second_region_and_other_years_stand_in_the_figure(page):
    html = page[0]
    figure = re.search(r'<figure id="gambar-tren-sanitasi[^"]*".*?</figure>', html, re.DOTALL)[0]
    drawn = base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', figure)[1]).decode()
    for text in ("sasaran daerah 85%", "Barito Kuala", "Banjar 83,18%", ">2020<", ">2026<"):
        assert text in drawn, text
    assert ">2030<" not in drawn
    assert re.search(r'alt="[^"]*83,18%', figure) and "<table" in figure and "<figcaption><strong>" in figure


def test_a_section_is_gone_and_two_have_changed_places(page):
    heads = re.findall(r"<h2>(.*?)</h2>", page[0])
    assert "Kebutuhan" not in heads
    assert heads.index("Data") < heads.index("Strategi dan peran")


def test_a_heat_map_of_five_lines_has_title_alt_and_table(page):
    figure = re.search(r'<figure id="gambar-sanitasi-layak-tiap.*?</figure>', page[0], re.DOTALL)[0]
    assert len(HEAT.splitlines()) <= 5
    assert 'alt="Petak sanitasi: 57,7 sampai 97,7."' in figure
    assert "57,71" in figure and "Barito Kuala" in figure


def test_a_paragraph_holds_its_computed_number(page):
    assert re.search(r"<p>Rata-rata sederhana 13 kabupaten/kota adalah 8\d\.\d persen\.</p>", page[0])
