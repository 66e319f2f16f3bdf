"""The worked example of the page of methods, with any number of survey years."""

import dataclasses
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

import pkp_analysis as pkp
from pkp_analysis.analysis.model import Model
from pkp_analysis.data import dataset as clean_tables
from pkp_analysis.data.regions import members, regions
from pkp_analysis.region import facts
from pkp_analysis.region import models as stored
from pkp_analysis.region.models import load_models
from pkp_analysis.words.numbers import number

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "04_metode_dan_validasi.ipynb"


class Shown:
    """Takes what the cell shows."""

    def show(self, frame, **about):
        self.frame = frame.set_index("Langkah")["Nilai"]


@pytest.mark.parametrize("years", [[2024], [2021, 2024], [2021, 2024, 2025]])
def test_the_calculation_by_hand_equals_the_model(dataset, processed_dir, years):
    """The year 2025 is made up: two points above the last figure, as a complete form of the 13 might bring."""
    [cell] = [cell for cell in nbformat.read(NOTEBOOK, 4).cells if 'name="hitungan"' in cell.source]
    rows = dataset.observations
    rows = rows[(rows["indicator"] == "sanitasi_layak") & rows["region_code"].isin(members("63"))]
    last = rows[rows["year"] == 2024]
    rows = pd.concat([rows, last.assign(year=2025, value=last["value"] + 2)])
    rows = rows[rows["year"].isin(years) & rows["is_governing"]]
    for region in ("6303", "6371"):
        shown = Shown()
        names = {"pkp": shown, "survei": rows, "contoh": region, "model": load_models(dataset, processed_dir)}
        names |= {"np": np, "pd": pd, "expit": expit, "logit": logit, "number": number}
        exec(cell.source, names | {"nama": regions()["name"]})
        by_hand, by_model = (shown.frame[f"Median 2030, {how} (%)"] for how in ("dengan tangan", "model"))
        assert by_hand == by_model and re.fullmatch(r"\d\d,\d\d", by_hand)


@pytest.mark.slow
@pytest.mark.parametrize("regencies", ["country", "province", "none"])
@pytest.mark.parametrize("years", [[2024], [2021, 2022, 2024], [2021, 2022, 2023, 2024, 2025]])
def test_every_cell_runs_with_any_number_of_survey_years(
    dataset, processed_dir, monkeypatch, regencies, years
):
    """The years 2022, 2023 and 2025 are made up, as later files might bring them."""
    rows = dataset.observations
    survey = rows["indicator"].isin(["sanitasi_layak", "air_minum_layak"]) & (
        rows["region_code"].str.len() == 4
    )
    asked = {
        "country": survey,
        "province": survey & rows["region_code"].isin(members("63")),
        "none": survey & False,
    }
    last = rows[asked[regencies] & (rows["year"] == 2024) & rows["is_governing"]]
    made_up = [
        last.assign(year=year, value=(last["value"] - 2024 + year).clip(1, 99))
        for year in set(years) - {2021, 2024}
    ]
    kept = rows[~survey | (asked[regencies] & rows["year"].isin({2021, 2024} & set(years)))]
    changed = dataclasses.replace(dataset, observations=pd.concat([kept, *made_up], ignore_index=True))
    models = {name: Model.from_dict(plain) for name, plain in stored.fitted(changed.observations).items()}
    tested = stored.load_backtest(dataset, processed_dir)  # of provinces, whose figures are as they were
    shown = []
    monkeypatch.setattr(pkp, "load_dataset", lambda *_: changed)
    monkeypatch.setattr(clean_tables, "load_dataset", lambda *_: changed)
    monkeypatch.setattr(facts, "load_models", lambda *_: models)
    monkeypatch.setattr(stored, "load_backtest", lambda *_: tested)
    monkeypatch.setattr(pkp, "show", lambda what, **about: shown.append(about["name"]))
    names = {}
    for cell in nbformat.read(NOTEBOOK, 4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    assert {"uji-mundur", "keterpaduan", "hitungan", "gejolak", "perlambatan", "rumah-tangga"} <= set(shown)
    assert ("kesenjangan" in shown) == (regencies != "none" and len(years) > 1)
