"""`import pkp_analysis as pkp`: what notebooks call, imported only when asked for."""

import pytest

import pkp_analysis as pkp
from pkp_analysis.analysis import model
from pkp_analysis.errors import PkpError
from pkp_analysis.region import models as stored_models


@pytest.mark.parametrize(
    "name", ["read_raw", "build_dataset", "load_dataset", "load", "quality", "to_region_code", "RegionData"]
)
def test_every_public_name_is_there(name):
    assert callable(getattr(pkp, name)) and name in dir(pkp)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'lapor'"):
        pkp.lapor  # noqa: B018


def test_region_data(processed_dir, dataset):
    banjar = pkp.load("Banjar", processed_dir=processed_dir)
    assert (banjar.region_code, banjar.name, banjar.full_name, banjar.report_year) == (
        "6303",
        "Banjar",
        "Kabupaten Banjar",
        2024,
    )
    assert set(banjar.observations["region_code"]) == {"6303"}
    assert set(banjar.sources["source_id"]) == set(banjar.observations["source_id"])
    table = banjar.attainment()
    assert table.loc[
        (table["indicator"] == "sanitasi_layak") & (table["framework"] == "RPJMN 2020-2024"), "gap"
    ].iloc[0] == pytest.approx(6.82)
    ahead = banjar.projection("sanitasi_layak")
    assert (
        list(ahead["year"]) == [2026, 2029, 2030]
        and (ahead["lower"] < ahead["median"]).all()
        and (ahead["median"] < ahead["upper"]).all()
    )
    assert "Kabupaten Banjar" in repr(banjar) and "Sanitasi layak" in banjar._repr_html_()


def test_models_are_fitted_once_and_again_when_the_figures_change(processed_dir, dataset, monkeypatch):
    fitted = []
    monkeypatch.setattr(model, "models_for", lambda observations: fitted.append(1) or {})
    stored = stored_models.load_models(dataset, processed_dir)
    assert set(stored) >= {"sanitasi_layak", "air_minum_layak"} and not fitted
    changed = dataset.observations.copy()
    changed.loc[changed["is_governing"] & (changed["indicator"] == "sanitasi_layak"), "value"] += 0.01
    stored_models.load_models(type(dataset)(**{**vars(dataset), "observations": changed}), processed_dir)
    assert fitted


@pytest.mark.parametrize("name", ["Banjar", "Kab. Banjar", "6303", "63.03", "KABUPATEN BANJAR"])
def test_regions_are_named_as_people_write_them(processed_dir, dataset, name):
    assert pkp.load(name, processed_dir=processed_dir).region_code == "6303"


def test_years_of_the_report(processed_dir, dataset):
    assert stored_models.default_year(dataset.observations, "6303") == 2024
    assert pkp.load("Banjar", data_until=2021, processed_dir=processed_dir).observations["year"].max() <= 2021
    for wrong in ("2024", 2024.0, True):
        with pytest.raises(PkpError, match="report_year"):
            pkp.load("Banjar", wrong, processed_dir=processed_dir)
