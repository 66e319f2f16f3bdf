"""One indicator in all regencies and cities of a province, as frames: targets and status, and the gap among them."""

import pandas as pd

from ..analysis import inequality
from ..analysis.assessment import assess, latest_series
from ..data import codebook, regions

WASTE = "timbulan_sampah_ton"
JUDGED = [
    "region_code", "region", "indicator", "value", "year", "framework", "target_year", "target", "unit", "role",
    "direction", "status", "near_target", "gap", "source_id",
]  # fmt: skip


def comparison(data, indicator: str) -> pd.DataFrame:
    """A row per regency with its last value and the target judged first: columns JUDGED, the best value first.

    Where there is no target the values stand alone; a regency without a value keeps its row.
    """
    code = codebook.to_indicator(indicator)
    targets = data.dataset.targets[data.dataset.targets["indicator"] == code]
    models = {known: model for known, model in data.models.items() if known == code}
    rows = assess(data.dataset.observations, targets, models, data.peers, data.report_year)
    rows = rows[rows["is_headline"].astype(bool)].drop_duplicates("region_code")
    rows = rows.drop(columns="source").rename(columns={"value_year": "year", "value_source_id": "source_id"})
    rows = pd.concat([rows, _last_values(data, code, rows["region_code"])], ignore_index=True)
    rows = pd.DataFrame({"region_code": data.peers}).merge(rows, how="left", on="region_code", validate="1:1")
    names = regions.regions()["full_name"]
    rows = rows.assign(indicator=code, region=rows["region_code"].map(names)).reindex(columns=JUDGED)
    lowest_first = data.indicators.at[code, "direction"] == "down"
    return rows.sort_values(["value", "region_code"], ascending=[lowest_first, True], ignore_index=True)


def _last_values(data, code: str, judged) -> pd.DataFrame:
    """The last value of each regency that no target judges."""
    rows = latest_series(data.dataset.observations)
    rows = rows[rows["region_code"].isin(set(data.peers) - set(judged)) & (rows["indicator"] == code)]
    return rows.sort_values("year").drop_duplicates("region_code", keep="last").drop(columns="status")


def yearly(data, indicator: str) -> pd.DataFrame:
    """The comparable values of each regency of the province by year: rows of latest_series with `region` and `kind`."""
    rows = data.dataset.observations
    rows = rows[
        (rows["indicator"] == codebook.to_indicator(indicator)) & rows["region_code"].isin(data.peers)
    ]
    names = regions.regions()
    rows = latest_series(rows)
    return rows.assign(
        region=rows["region_code"].map(names["full_name"]), kind=rows["region_code"].map(names["kind"])
    )


def weighing(data, indicator: str) -> str:
    """What the regencies are weighed by: WASTE, the tonnes made in the same year, for waste, else the people."""
    return WASTE if data.indicators.at[indicator, "sector"] == "sampah" else codebook.POPULATION


def _whole_years(data, code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(regencies x years in which all of them have a value and a weight, those weights)."""
    wide = yearly(data, code).pivot(index="region_code", columns="year", values="value").reindex(data.peers)
    weights = yearly(data, weighing(data, code)).pivot(index="region_code", columns="year", values="value")
    weights = weights.reindex(data.peers)
    if weighing(data, code) == codebook.POPULATION:  # the newest count of each, for every year
        newest = weights.ffill(axis="columns").iloc[:, -1:].to_numpy() if weights.size else float("nan")
        weights = pd.DataFrame(1.0, wide.index, wide.columns) * newest
    whole = (wide.notna() & weights.reindex(columns=wide.columns).notna()).all()
    years = whole.index[whole]
    return wide[years], weights[years]


def inequality_of(data, indicator: str) -> pd.DataFrame:
    """The gap among the regencies, weighted by weighing(), a row per year in which all have a value:
    inequality.inequality_table with `indicator`; empty where a value or a weight is missing.
    """
    code = codebook.to_indicator(indicator)
    wide, weights = _whole_years(data, code)
    better = data.indicators.at[code, "direction"]
    years = [inequality.inequality_table(wide[[year]], weights[year], better) for year in wide]
    years = years or [inequality.inequality_table(wide, weights.sum(axis="columns"), better)]
    return pd.concat(years, ignore_index=True).assign(indicator=code)


def gap_change(data, indicator: str) -> pd.DataFrame:
    """Whether the gap among the regencies narrows: inequality.gap_table, a row per measure, with
    change_lower and change_upper (80 %), first_year, last_year and `indicator`.

    Empty without a model of survey noise or with fewer than two whole years.
    """
    code = codebook.to_indicator(indicator)
    wide, weights = _whole_years(data, code)
    if code not in data.models or wide.shape[1] < 2:
        return pd.DataFrame(
            columns=["measure", "start", "end", "change", "change_lower", "change_upper", "word"]
        )
    rows = latest_series(data.dataset.observations)
    rows = rows[(rows["indicator"] == code) & rows["region_code"].isin(wide.index)]
    noise = (
        data.models[code].survey_noise(rows).set_index("region_code")
    )  # regencies have a noise of their own
    found = inequality.gap_table(
        wide,
        weights.iloc[:, -1],
        noise["noise_sd"],
        noise["freedom"].iloc[0],
        data.indicators.at[code, "direction"],
    )
    found = found.rename(columns={"lower": "change_lower", "upper": "change_upper"})
    return found.assign(first_year=wide.columns[0], last_year=wide.columns[-1], indicator=code)
