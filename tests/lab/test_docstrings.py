"""The examples in docstrings run, and what a planner who codes meets in a notebook reads well."""

import doctest
import importlib
import pkgutil

import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import pkp_analysis as pkp
from pkp_analysis.errors import UnknownIndicatorError, UnknownRegionError
from pkp_analysis.region.facts import load

MODULES = [
    found.name
    for found in pkgutil.walk_packages(pkp.__path__, "pkp_analysis.")
    if not found.name.endswith(
        ("__main__", "run.preload")
    )  # what only runs, and what only a fork server imports
]


@pytest.fixture(scope="module")
def banjar(processed_dir):
    return load("Banjar", processed_dir=processed_dir)


def test_examples_run(project, monkeypatch):
    monkeypatch.setenv("PKP_ROOT", str(project))
    InteractiveShell.instance()  # the explorer shows its pictures through one
    found = {name: doctest.testmod(importlib.import_module(name)) for name in ["pkp_analysis", *MODULES]}
    assert {name: result for name, result in found.items() if result.failed} == {}
    assert found["pkp_analysis.region.facts"].attempted >= 6


@pytest.mark.parametrize("name", ["observations", "attainment", "projection", "scenario"])
def test_what_a_region_offers_has_an_example(name):
    assert ">>>" in getattr(pkp.RegionData, name).__doc__


def test_frames_stay_plain_and_carry_units_and_sources(banjar):
    for frame, columns in (
        (banjar.observations, {"unit", "source_id"}),
        (banjar.attainment(), {"unit", "source_id"}),
        (banjar.projection(), set()),
    ):
        assert type(frame) is pd.DataFrame and columns <= set(frame.columns)
    judged = banjar.attainment()
    assert judged.loc[judged["value"].notna(), "source_id"].isin(banjar.sources["source_id"]).all()


def test_a_region_shows_values_units_years_and_sources(banjar):
    html = banjar._repr_html_()
    for text in ("Kabupaten Banjar", "83.18", "% rumah tangga", "2024", "Susenas 2024", "hektare"):
        assert text in html


@pytest.mark.parametrize(
    "name", ["sanitasi_layak", "Sanitasi layak", "akses sanitasi layak", "SANITASI LAYAK"]
)
def test_indicators_are_named_as_people_write_them(banjar, name):
    pd.testing.assert_frame_equal(banjar.projection(name), banjar.projection("sanitasi_layak"))
    assert set(banjar.attainment(name)["indicator"]) == {"sanitasi_layak"}


@pytest.mark.parametrize("ask", ["attainment", "projection", "comparison", "present_level"])
def test_an_unknown_indicator_names_the_nearest(banjar, ask):
    with pytest.raises(UnknownIndicatorError, match="air_minum_layak"):
        getattr(banjar, ask)("air minum")


def test_unknown_regions_name_the_choices():
    with pytest.raises(UnknownRegionError, match="6303 Kabupaten Banjar"):
        pkp.load("Banjr")


def test_an_indicator_without_a_model_has_no_projection(banjar):
    assert banjar.projection("kawasan kumuh").empty


def test_tab_completes_the_names_a_planner_needs(banjar):
    shell = InteractiveShell()
    shell.user_ns |= {"pkp": pkp, "banjar": banjar}
    for text, names in (
        ("banjar.", {"observations", "attainment", "projection", "goals"}),
        ("pkp.", {"load", "quality", "explore", "to_region_code"}),
    ):
        with provisionalcompleter():
            offered = {found.text.strip("(.") for found in shell.Completer.completions(text, len(text))}
        assert names <= offered
    assert "import_module" not in dir(pkp)
