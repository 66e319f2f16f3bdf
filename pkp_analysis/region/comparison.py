"""One indicator in all regencies and cities of a province, as frames: targets and status, and the gap among them."""

import pandas as pd

from ..analysis import inequality
from ..analysis.assessment import assess, latest_series
from ..data import codebook, regions

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


def _whole_years(data, code: str) -> tuple[pd.DataFrame, pd.Series]:
    """(regencies x years in which all of them have a value, people of each); both empty unless both are known."""
    rows = data.dataset.observations
    rows = rows[rows["is_governing"] & rows["region_code"].isin(data.peers)]
    counted = rows[rows["indicator"] == codebook.POPULATION].sort_values("year")
    people = counted.drop_duplicates("region_code", keep="last").set_index("region_code")["value"]
    series = latest_series(rows[rows["indicator"] == code])
    wide = series.pivot(index="region_code", columns="year", values="value")
    wide = wide.reindex(data.peers).dropna(axis="columns")
    if len(people) < len(data.peers):
        wide = wide.iloc[:, :0]
    return wide, people.reindex(data.peers)


def inequality_of(data, indicator: str) -> pd.DataFrame:
    """The gap among the regencies, weighted by people, a row per year in which all have a value:
    inequality.inequality_table with `indicator`; empty where a value or a population is missing.
    """
    code = codebook.to_indicator(indicator)
    wide, people = _whole_years(data, code)
    return inequality.inequality_table(wide, people, data.indicators.at[code, "direction"]).assign(
        indicator=code
    )


def gap_change(data, indicator: str) -> pd.DataFrame:
    """Whether the gap among the regencies narrows: inequality.gap_table, a row per measure, with
    change_lower and change_upper (80 %), first_year, last_year and `indicator`.

    Empty without a model of survey noise or with fewer than two whole years.
    """
    code = codebook.to_indicator(indicator)
    wide, people = _whole_years(data, code)
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
        wide, people, noise["noise_sd"], noise["freedom"].iloc[0], data.indicators.at[code, "direction"]
    )
    found = found.rename(columns={"lower": "change_lower", "upper": "change_upper"})
    return found.assign(first_year=wide.columns[0], last_year=wide.columns[-1], indicator=code)
