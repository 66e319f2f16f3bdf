"""Fixtures several layers share."""

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

from pkp_analysis.data.dataset import Dataset, build_dataset, load_dataset
from pkp_analysis.files import locked
from pkp_analysis.region.models import load_backtest, load_models, save_models
from pkp_analysis.words.catalogue import speak

# A busy machine is no failure: what a property test proves does not depend on how long an example takes.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


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
def processed_dir(country) -> Path:
    """Where a test reads the tables; tests/run have a smaller folder of this name."""
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


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, closed at the end of a module: Playwright leaves an event loop running, which a
    second one refuses; where there is none the tests are skipped, except in CI, where that is a failure.
    """
    if not Path(CHROMIUM).exists():
        message = f"{CHROMIUM} is missing; install it with apt-get install chromium"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
