"""The worked example of the page of methods, with any number of survey years."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from pkp_analysis.data.regions import members, regions
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
        names = {"pkp": shown, "banua": rows, "contoh": region, "model": load_models(dataset, processed_dir)}
        names |= {"np": np, "pd": pd, "expit": expit, "logit": logit, "number": number, "regions": regions}
        exec(cell.source, names | {"nama": regions()["name"]})
        by_hand, by_model = (shown.frame[f"Median 2030, {how} (%)"] for how in ("dengan tangan", "model"))
        assert by_hand == by_model and re.fullmatch(r"\d\d,\d\d", by_hand)
