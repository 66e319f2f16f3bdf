"""Text from data and plans that tries to be markup, a link or a direction mark stays text on every page."""

import dataclasses

import nbformat.v4 as v4
import pytest

from pkp_analysis.data.dataset import write
from pkp_analysis.pages.region import report
from pkp_analysis.region.models import hyperparameters
from pkp_analysis.run import build
from pkp_analysis.run.plan import plan
from pkp_analysis.site import home as index
from pkp_analysis.site import page as site
from tests.report.site_pages import make_site

pytestmark = pytest.mark.browser
HOSTILE = (
    '<script>window.broken = 1</script><img src="https://example.invalid/x.png" onerror="window.broken ='
    ' 1">"\'><svg onload="window.broken = 1"> \u202ekanan ke kiri\u202c {{ 7 * 7 }}'
    " </style></section></table> " + "sangat" * 60
)
LINK = "javascript:window.broken=1"
SECTIONS = (
    "header",
    "summary",
    "status_strip",
    "targets",
    "trend",
    "position",
    "needs",
    "planning",
    "data_quality",
    "sources",
    "annex",
)


@pytest.fixture(scope="module")
def hostile_pages(dataset, tmp_path_factory):
    """Pages of the province made from tables in which every free text is hostile."""
    folder = tmp_path_factory.mktemp("jahat")
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
    write(hostile, folder / "processed")
    models, _ = hyperparameters(hostile, folder / "processed")
    items = [item for item in plan(hostile, models) if item.region_code == "63" and item.kind == "region"]
    around = site.context(hostile, items, folder)
    made = report("63", 2024, processed_dir=folder / "processed")
    cells = [
        v4.new_code_cell(
            "x",
            outputs=[
                v4.new_output(
                    "execute_result",
                    data={"text/html": getattr(made, name)()._repr_html_()},
                    execution_count=1,
                )
            ],
        )
        for name in SECTIONS
    ]
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
