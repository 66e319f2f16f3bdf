"""Text from data and plans that tries to be markup, a link or a direction mark stays text on every page."""

import dataclasses

import nbformat.v4 as v4
import pytest

import pkp_analysis as pkp
from pkp_analysis.charts.show import bundle_of
from pkp_analysis.data.dataset import load_dataset, write_dataset
from pkp_analysis.region.models import hyperparameters
from pkp_analysis.run import build
from pkp_analysis.run.plan import Request, plan
from pkp_analysis.site import home as index
from pkp_analysis.site import page as site
from pkp_analysis.words import say
from tests.site.site_pages import make_site

pytestmark = pytest.mark.browser
HOSTILE = (
    '<script>window.broken = 1</script><img src="https://example.invalid/x.png" onerror="window.broken ='
    ' 1">"\'><svg onload="window.broken = 1"> \u202ekanan ke kiri\u202c {{ 7 * 7 }}'
    " </style></section></table> " + "sangat" * 60
)
LINK = "javascript:window.broken=1"


@pytest.fixture(scope="module")
def hostile_pages(banua, tmp_path_factory):
    """Pages of the province made from tables in which every free text is hostile."""
    folder, dataset = tmp_path_factory.mktemp("jahat"), load_dataset(banua)
    observations = dataset.observations[dataset.observations["region_code"].str.startswith("63")]
    hostile = dataclasses.replace(
        dataset,
        observations=observations.assign(note=HOSTILE),
        sources=dataset.sources.assign(
            title=HOSTILE, publisher=HOSTILE, note=HOSTILE, licence=HOSTILE, url=LINK
        ),
        targets=dataset.targets.assign(
            source=HOSTILE, note=HOSTILE, url=LINK, framework=dataset.targets["framework"] + HOSTILE
        ),
        commitments=dataset.commitments.assign(
            what=HOSTILE, actor=HOSTILE, unit=HOSTILE, source=HOSTILE, url=LINK
        ),
        issues=dataset.issues.assign(message=HOSTILE, suggestion=HOSTILE, text=HOSTILE),
    )
    write_dataset(hostile, folder / "processed")
    models, _ = hyperparameters(hostile, folder / "processed")
    items = [item for item in plan(hostile, models, Request(["63"])) if item.kind == "region"]
    around = site.context(hostile, items, folder)
    region = pkp.load("63", 2024, processed_dir=folder / "processed")
    tables = [
        say.table(region.observations, "indicator year value source_id note", region.sources),
        say.table(region.goals(), "indicator framework target value status"),
        say.table(region.commitments(), "indicator what actor quantity source"),
        say.table(region.sources, "publisher title published url note"),
    ]
    outputs = [v4.new_output("display_data", data=bundle_of(table, HOSTILE)) for table in tables]
    cells = [v4.new_code_cell("x", outputs=outputs)]
    judged, _, models = build.judge(hostile, items, around)
    whole = make_site(hostile, judged, models=models)
    pages = {
        "laporan.html": site.page_of(v4.new_notebook(cells=cells), items[0], around)[0],
        "beranda.html": index.index_html(whole, "id"),
    }
    for name, html in pages.items():
        (folder / name).write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("name", ["laporan", "beranda"])
def test_hostile_text_stays_text(hostile_pages, open_page, name, width):
    page = open_page(hostile_pages / f"{name}.html", viewport={"width": width, "height": 844})
    assert page.evaluate("window.broken") is None
    assert page.locator("script").count() == 1 and page.locator("style").count() == 1
    assert page.locator("img:not([src^='data:'])").count() == 0
    assert page.locator("[onerror], [onload], a[href^='javascript:']").count() == 0
    assert page.locator("main").count() == 1 and page.locator("main h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width, (
        "long words wrap or scroll in their own region"
    )
    assert "<script>window.broken = 1</script>" in page.locator("main").inner_text() or name == "beranda"
