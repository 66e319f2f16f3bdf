"""A small site built once by the runner, and a browser that fails the test on any request or console message."""

import shutil
from pathlib import Path

import pytest

from pkp_analysis.data.dataset import load_dataset
from pkp_analysis.paths import PACKAGE
from pkp_analysis.run import build
from pkp_analysis.run import job as runner
from pkp_analysis.site import page as site

REGIONS = ("63", "6303", "6371")
WHOLE = ("quality", "methods")


@pytest.fixture(scope="session")
def small_site(shared, evidence) -> Path:
    """Folder of a site in both languages: the province, a regency, a city, an indicator, the pages on data
    and methods.
    """

    def build_small(root: Path) -> None:
        ignored = shutil.ignore_patterns(".ipynb_checkpoints")
        shutil.copytree(PACKAGE.parent / "notebooks", root / "notebooks", ignore=ignored)
        (root / "data").mkdir()
        (root / "data" / "raw").symlink_to(PACKAGE.parent / "data" / "raw")
        shutil.copytree(evidence, root / "data" / "processed")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PKP_ROOT", str(root))
            dataset, out = load_dataset(), root / "reports"
            items, _ = runner.prepare(dataset, out, None, "63", None, ("id", "en"), None)
            items = [
                item
                for item in items
                if (item.kind in ("region", "brief", "agenda") and item.region_code in REGIONS)
                or item.indicator == "sanitasi_layak"
                or item.kind in WHOLE
            ]
            results = runner.execute_all(items, site.context(dataset, items, out), out)
            wrong = [(result.item.name, result.failure) for result in results if result.state != "done"]
            assert wrong == []
            build.finish_site(build.write_beside(dataset, items, out), items, results, out, ("id", "en"))

    return shared("situs", build_small) / "reports"


@pytest.fixture
def open_page(browser):
    """open_page(path, **context options) -> Playwright page of a file; at the end no request left it and the
    console was silent.
    """
    contexts, complaints = [], []

    def opened(path: Path, **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(("file:", "data:"))
                else complaints.append(f"request: {request.url}")
            ),
        )
        page.goto(Path(path).as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
