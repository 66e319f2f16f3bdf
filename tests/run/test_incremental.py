"""Exactly the reports that use a changed figure run again; library, template, lock and parameters count too."""

import dataclasses
import re
import shutil

import pytest

from pkp_analysis.data import regions
from pkp_analysis.data.dataset import build_dataset, load_dataset, write_dataset
from pkp_analysis.region import slices
from pkp_analysis.run import job as runner
from pkp_analysis.run import plan as planning
from pkp_analysis.run.manifest import source_hash

ALL = {"63", *regions.members("63")}


@pytest.fixture(scope="module")
def everywhere(country):
    """The figures of the whole country, in which pages rank their regions."""
    return load_dataset(country)


def changed(dataset, region_code: str, indicator: str):
    """The dataset with the latest value of one region a tenth of a point higher."""
    rows = dataset.observations
    place = (
        rows[(rows["region_code"] == region_code) & (rows["indicator"] == indicator) & rows["is_governing"]]
        .sort_values("year")
        .index[-1]
    )
    rows = rows.copy()
    rows.loc[place, "value"] += 0.1
    provenance = dataset.provenance | {"data_version": "0123456789ab"}
    return dataclasses.replace(dataset, observations=rows, provenance=provenance)


def keys_of(dataset, report_year: int = 2024) -> dict[str, str]:
    return {
        item.name: item.key for item in planning.plan(dataset, {}, planning.Request(report_year=report_year))
    }


_keys: dict = {}  # of the session's dataset: a plan takes seconds


def rerun(before, after) -> set[str]:
    """Regions and pages whose key differs between two datasets."""
    if id(before) not in _keys:
        _keys[id(before)] = before, keys_of(before)
    _, old = _keys[id(before)]
    return {
        item.region_code if item.kind == "region" else item.name
        for item in planning.plan(after, {}, planning.Request(report_year=2024))
        if old[item.name] != item.key
    }


def test_a_figure_that_ranks_regencies_reruns_the_pages_of_all(project, dataset):
    """Those of the regencies, its own and, beside it, that of the other survey."""
    across = {"indikator/sanitasi_layak", "indikator/air_minum_layak", "kualitas-data"}
    assert rerun(dataset, changed(dataset, "6303", "sanitasi_layak")) == ALL | across


def test_a_figure_nobody_ranks_reruns_its_region_its_province_and_the_data_page(project, dataset):
    shared = {*slices.shared_indicators(), *slices.HOUSEHOLD_INPUTS}
    rows = dataset.observations
    own = rows[
        (rows["region_code"].isin(regions.members("63")))
        & ~rows["indicator"].isin(shared)
        & rows["is_governing"]
    ]
    assert len(own), "the test needs such a figure"
    for region_code, indicator in (
        own[["region_code", "indicator"]].drop_duplicates().head(2).itertuples(index=False)
    ):
        assert rerun(dataset, changed(dataset, region_code, indicator)) == {
            region_code,
            "63",
            "kualitas-data",
        }


def test_a_change_elsewhere_reruns_only_the_data_page(project, everywhere):
    assert rerun(everywhere, changed(everywhere, "3273", "tanpa_air_bersih")) <= {"kualitas-data"}


def test_a_main_indicator_elsewhere_reruns_the_pages_that_rank_against_it(project, everywhere):
    assert {"6303", "6371"} <= rerun(everywhere, changed(everywhere, "3273", "sanitasi_layak"))


@pytest.mark.parametrize("codes", [["6303", "6304"], pytest.param(None, marks=pytest.mark.slow)])
def test_the_notebooks_read_what_their_keys_cover(project, dataset, tmp_path, codes):
    """Traced by the pages themselves: each shows a hash of every figure its kernel was given."""
    processed = project / "data" / "processed"

    def build(out):
        data = load_dataset(processed)
        results = runner.run(data, planning.Request(codes, report_year=2024), out=out)
        assert all(result.state != "failed" for result in results), [result.failure for result in results]
        ran = {result.item.name for result in results if result.state == "done"}
        return ran, {
            result.item.name: re.findall(r"\b[0-9a-f]{64}\b", (out / result.item.page).read_text())
            for result in results
        }

    out = tmp_path / "hasil"
    _, seen_before = build(out)
    original = load_dataset(processed)
    write_dataset(changed(original, "6303", "rata2_anggota_rt"), processed)
    ran, seen_after = build(out)
    assert ran == {name for name in seen_after if seen_after[name] != seen_before[name]}
    assert "wilayah/6303-banjar" in ran and "metode" not in ran
    write_dataset(original, processed)


def test_a_changed_source_of_the_library_invalidates_every_page(project, dataset, tmp_path, monkeypatch):
    package = tmp_path / "pkp_analysis"
    shutil.copytree(planning.paths.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(planning.paths, "PACKAGE", package)
    keys, seen = dict(keys_of(dataset)), {source_hash()}
    for touched in (
        "data/numbers.py",
        "words/texts/id.toml",
        "site/templates/page.css",
        "reference/regions.csv",
    ):
        (package / touched).write_bytes((package / touched).read_bytes() + b"\n")
        assert source_hash() not in seen, touched
        seen.add(source_hash())
    assert all(keys[name] != key for name, key in keys_of(dataset).items())


def test_a_changed_lock_notebook_or_parameter_invalidates_what_it_must(project, dataset):
    def keys(**options):
        return keys_of(dataset, **options)

    before = keys()
    (project / "requirements.lock").write_text("pandas==3.0.1\n")
    assert all(key != before[name] for name, key in keys().items())
    (project / "requirements.lock").unlink()
    assert keys() == before
    assert all(key != before[name] for name, key in keys(report_year=2023).items() if name != "kualitas-data")
    path = project / "notebooks" / "03_perbandingan_wilayah.ipynb"
    source = path.read_text()
    path.write_text(source.replace("Kata pengantar.", "Kata pengantar lain."))
    assert {name for name, key in keys().items() if key != before[name]} == {
        name for name in before if name.startswith("indikator/")
    }
    path.write_text(source)


def test_an_unchanged_dataset_read_again_keeps_every_key(project, dataset, processed_dir):
    assert rerun(dataset, load_dataset(processed_dir)) == set()


@pytest.mark.slow
def test_an_unchanged_dataset_built_again_keeps_every_key(project, everywhere, raw_dir, tmp_path):
    build_dataset(raw_dir, tmp_path)
    assert rerun(everywhere, load_dataset(tmp_path)) == set()
