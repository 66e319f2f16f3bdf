"""Fixtures several layers share."""

import compileall
import os
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

import pkp_analysis.notebook_format  # noqa: F401  before anything imports nbformat, which then takes no time
from pkp_analysis.data.dataset import Dataset, build_dataset, load_dataset, write_dataset
from pkp_analysis.errors import PkpError
from pkp_analysis.files import locked
from pkp_analysis.paths import PACKAGE
from pkp_analysis.region.facts import load
from pkp_analysis.region.models import load_backtest, load_models, save_models
from pkp_analysis.run import build as around
from pkp_analysis.run import job as runner
from pkp_analysis.run.plan import Request
from pkp_analysis.site import pdf
from pkp_analysis.site.page import context
from pkp_analysis.words.catalogue import speak
from tests.run.runner_project import clone

ROOT = Path(__file__).resolve().parents[1]
REGIONS = ("63", "6303", "6304", "6308", "6371")  # the province, three regencies, a city
FEW = {"00", "62", "31", *REGIONS, "6305"}  # the nation, other provinces and a fourth regency beside them
# A busy machine is no failure: what a property test proves does not depend on how long an example takes.
settings.register_profile("full", deadline=None)
settings.register_profile("short", deadline=None, max_examples=10)


def pytest_configure(config) -> None:
    settings.load_profile("short" if config.option.markexpr == "not slow" else "full")
    if not hasattr(
        config, "workerinput"
    ):  # the many processes of the tests need not compile the library each
        compileall.compile_dir(PACKAGE, quiet=2)


@pytest.fixture(autouse=True)
def as_in_a_new_process() -> None:
    """A page sets the language of its process and the command line how pandas stores texts; a test inherits
    neither from the one before.
    """
    speak("id")
    pd.reset_option("mode.string_storage")


@pytest.fixture(scope="session")
def raw_dir() -> Path:
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """shared(name, build) -> a folder that build(folder) filled once per test run, whichever worker asks first.

    Nobody may change it: a test that must, copies it.
    """
    root = tmp_path_factory.getbasetemp()
    root = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root

    def made(name: str, build) -> Path:
        folder, part, lock = (root / f"{name}{ending}" for ending in ("", ".part", ".kunci"))
        lock.mkdir(exist_ok=True)
        with locked(lock, wait=3600):
            if not folder.exists():
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir()
                build(part)
                part.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def country(shared) -> Path:
    """The folder with the tables built from data/raw and the models fitted on them."""

    def build(folder: Path) -> None:
        save_models(build_dataset(ROOT / "data" / "raw", folder), folder)

    return shared("processed", build)


@pytest.fixture(scope="session")
def banua(shared, country) -> Path:
    """The tables of a few regions, so that what is made around the pages takes a moment: how the runner and the
    site treat them does not depend on how many there are.
    """

    def build(folder: Path) -> None:
        whole = load_dataset(country)
        rows = whole.observations[whole.observations["region_code"].isin(FEW)]
        provenance = whole.provenance | {"data_version": "63" * 6}
        few = replace(whole, observations=rows.reset_index(drop=True), provenance=provenance)
        write_dataset(few, folder)
        save_models(few, folder)

    return shared("processed-63", build)


@pytest.fixture(scope="session")
def processed_dir(country) -> Path:
    """Where a test reads the tables; tests/run read the smaller ones by this name."""
    return country


@pytest.fixture(scope="session")
def models(country, dataset) -> dict:
    """The models of the whole country by indicator, as they are stored beside the tables."""
    return load_models(dataset, country)


@pytest.fixture(scope="session")
def evidence(shared, country, dataset) -> Path:
    """The folder of the tables with the stored backtest, which takes a quarter of a minute to work out."""
    shared("uji-mundur", lambda _: load_backtest(dataset, country))
    return country


@pytest.fixture(scope="session")
def dataset(country) -> Dataset:
    return load_dataset(country)


@pytest.fixture(scope="session")
def known(country):
    """known("6303") -> what is known about a region by the figures of the project, worked out once per process:
    whoever asks a RegionData gets a copy.
    """
    return cache(lambda code: load(code, processed_dir=country))


@pytest.fixture(scope="session")
def small_site(shared, evidence, request) -> Path:
    """Folder of a site in both languages from the notebooks as shipped: some regions with their briefs, the
    meeting papers, the comparisons, the pages on data and methods. Its jejak/ holds the executed notebooks.
    """

    def build(root: Path) -> None:
        clone(root, evidence)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PKP_ROOT", str(root))
            dataset, out = load_dataset(), root / "reports"
            items, _ = runner.prepare(dataset, out, Request(report_year=2024, langs=("id", "en")))
            short = request.config.option.markexpr == "not slow"
            items = [item for item in items if wanted(item, short)]
            results = runner.execute_all(items, context(dataset, items, out), out)
            assert [(result.item.name, result.failure) for result in results if result.state != "done"] == []
            around.finish_site(around.write_beside(dataset, items, out), items, results, out, ("id", "en"))

    return shared("situs", build) / "reports"


LEFT_OUT = (
    "ringkas/6304-",
    "ringkas/6308-",
    "ringkas/6371-",
    "indikator/air_minum_layak.",
)  # others of the kind stay
IN_ENGLISH = ("wilayah/63-", "wilayah/6304-", "ringkas/6303-", "indikator/sanitasi_layak.", "kualitas-data.")


def wanted(item, short: bool) -> bool:
    """Every kind of page, of some regions; in English all of them, in the short form one of a kind."""
    if short and item.page.startswith(LEFT_OUT):
        return False
    if item.lang == "en" and (short or item.kind == "indicator"):
        return item.page.startswith(IN_ENGLISH)
    return item.kind == "indicator" or item.region_code in (*REGIONS, None)


@pytest.fixture(scope="module")
def browser():
    """A Chromium, closed at the end of a module: Playwright leaves an event loop running, which a second one
    refuses; where there is none the tests are skipped, except in CI, where that is a failure.
    """
    try:
        chromium = pdf.browser()
    except PkpError as missing:
        pytest.fail(str(missing)) if os.environ.get("CI") else pytest.skip(str(missing))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*pdf.FLAGS])
        yield started
        started.close()
