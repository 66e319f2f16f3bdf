"""The models: fitted once on all figures, kept beside the clean tables, read
back by every kernel.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

import pandas as pd

from ..data import codebook, dataset, regions
from ..errors import BadRequestError
from ..files import write
from ..paths import PACKAGE


def peers(region_code: str) -> list[str]:
    """The regencies and cities of the region's province; all provinces for the nation."""
    register = regions.regions()
    if region_code == regions.NATION:
        return register.index[register["kind"] == "provinsi"].tolist()
    return regions.members(register.at[region_code, "province_code"])


def default_year(observations: pd.DataFrame, region_code: str) -> int:
    """The last year for which every region of the province is observed (else the region's own last year)."""
    rows = observations[
        observations["is_governing"] & observations["indicator"].isin(codebook.headline("survey"))
    ]
    codes = peers(region_code)
    counts = rows[rows["region_code"].isin(codes)].groupby(["indicator", "year"])["region_code"].nunique()
    full = [year for (_, year), count in counts.items() if count == len(codes)]
    years = full or list(rows.loc[rows["region_code"] == region_code, "year"]) or list(rows["year"])
    if not years:
        raise BadRequestError(
            "Data tidak memuat nilai sanitasi_layak atau air_minum_layak; sebutkan tahun laporannya."
        )
    return int(max(years))


def load_models(data: dataset.Dataset, folder: Path) -> dict:
    """The models fitted on all figures of the dataset, by indicator."""
    from ..analysis.model import Model

    return {name: Model.from_dict(values) for name, values in hyperparameters(data, folder)[0].items()}


def hyperparameters(data: dataset.Dataset, folder: Path) -> tuple[dict, str]:
    """(the models of load_models as plain numbers, by indicator; the key to keep them by, "" when they are
    kept already).

    From a file of `folder` when one was written for the same figures, year and method, else fitted now.
    Planning needs
    no more than this, and the models themselves import scipy.
    """
    rows = data.observations
    key = figures_key(rows)
    for path in (folder / "models.json", folder / f"models-{key}.json"):
        stored = _stored(path)
        if stored.get("data") == key:
            return stored["models"], ""
    return fitted(rows), key


def _stored(path: Path) -> dict:
    """What write_models wrote; empty when it is missing or damaged, so that the models are fitted again."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return stored if stored["data"] and stored["models"].keys() else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def keep_models(models: dict, key: str, folder: Path) -> None:
    """Write what hyperparameters() had to fit beside the file of the default year, so that no kernel of a run
    fits again.
    """
    if key:
        with suppress(OSError):  # a folder nobody may change: every kernel fits for itself
            write_models(folder / f"models-{key}.json", key, models)


def save_models(data: dataset.Dataset, folder: Path) -> dict:
    """Fit the models and write them beside the processed tables, so that reports need not fit again; returns
    them as load_models.
    """
    rows = data.observations
    write_models(folder / "models.json", figures_key(rows), fitted(rows))
    for pattern in ("models-*.json", "backtest-*.parquet", "chances-*.parquet"):
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)  # of earlier figures
    return load_models(data, folder)


def load_backtest(data: dataset.Dataset, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(backtest, target_backtest) of the provinces, from a file of `folder` when one was written for the same
    figures and the same source of analysis/, else worked out now and kept.
    """
    from ..analysis import backtest

    kept = [folder / f"{name}-{figures_key(data.observations)}.parquet" for name in ("backtest", "chances")]
    with suppress(OSError, ValueError):
        return tuple(pd.read_parquet(path) for path in kept)
    rows = data.observations
    rows = rows[rows["indicator"].isin(codebook.headline("survey")) & (rows["region_code"].str.len() == 2)]
    found = list(backtest.distributions(rows, 3, range(1, 6)))
    frames = backtest.backtest(rows, found=found), backtest.target_backtest(rows, found=found)
    with suppress(OSError):
        for path, frame in zip(kept, frames, strict=True):
            write(path, frame.to_parquet(index=False))
    return frames


def fitted(rows: pd.DataFrame) -> dict:
    from ..analysis.model import models_for

    rows = rows[_is_used(rows)]
    return {name: model.to_dict() for name, model in models_for(rows).items()}


def _is_used(rows: pd.DataFrame) -> pd.Series:
    """Whether a row is a survey's figure (reports of agencies are not projected) or weighs a regency."""
    return rows["indicator"].isin([*codebook.headline("survey"), codebook.POPULATION])


def write_models(path: Path, key: str, models: dict) -> None:
    write(path, json.dumps({"data": key, "models": models}) + "\n")


def figures_key(rows: pd.DataFrame) -> str:
    """A hash of the figures the models are fitted on and of the code that fits them."""
    kept = rows.loc[
        rows["is_governing"] & _is_used(rows), ["region_code", "indicator", "year", "value", "series"]
    ]
    digest = hashlib.sha256(pd.util.hash_pandas_object(kept, index=False).to_numpy().tobytes())
    for path in sorted((PACKAGE / "analysis").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
