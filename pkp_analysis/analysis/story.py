"""What sets a place apart: every fact of a region scored by how rare it is, the two to tell chosen."""

import numpy as np
import pandas as pd

from ..data.codebook import headline, indicators
from ..data.reconcile import leading
from .model import percent, share_logit, usable
from .trend import REPORTED, theil_sen

# The constants of the choice, in one table (notebook 04 prints it).
RULES = {
    "least_score": 0.15,  # below it a fact sets nobody apart: the place is near the middle
    "burden_weight": 0.9,  # of facts that only say where most households are, and of local facts
    "burden_places": 2,  # first and second place tell; the third does not
    "reported_reach": REPORTED,  # percentage points either side of a figure that agencies report
    "first_year": 2019,  # the slope of reported figures runs from here to the report year
}
COLUMNS = ["region_code", "kind", "indicator", "value", "lower", "upper", "told"]


def measured(observations: pd.DataFrame, models: dict, codes: list[str], report_year: int) -> pd.DataFrame:
    """The levels and changes that facts are made of: COLUMNS, kind "level" or "change", a row per regency
    and headline indicator of the country that has one.

    observations: of all regencies, the report year's series; codes: the indicators. A survey's level is the
    published figure of report_year with the 80 % range of its noise; its change, on the logit scale, is
    that of own_change at 80 %, and is `told` only when it has a direction word. A figure that agencies
    report has a range of 8 percentage points; its change is the Theil-Sen slope of 2019 to the report year,
    percentage points a year, with the range of two such figures.
    """
    observations = usable(leading(observations))
    rows = observations[
        observations["indicator"].isin(codes)
        & (observations["region_code"].str.len() == 4)
        & (observations["year"] <= report_year)
    ]
    frames = []
    for indicator, group in rows.groupby("indicator"):
        now = group[group["year"] == report_year].drop_duplicates("region_code", keep="last")
        level = now[["region_code", "indicator", "value"]].assign(kind="level", told=True)
        if indicator in models:
            noise, freedom = models[indicator].figure_noise(indicator, level["region_code"], level["value"])
            reach = noise * models[indicator].quantile(freedom)
            z = share_logit(level["value"].to_numpy(float))
            level = level.assign(lower=percent(z - reach), upper=percent(z + reach))
            change = models[indicator].own_change(group, level=0.80)
            change = change.assign(value=change["change_logit"], told=change["direction"] != "indistinct")
        else:
            reach = RULES["reported_reach"]
            level = level.assign(lower=level["value"] - reach, upper=level["value"] + reach)
            since = group[
                (group["year"] >= RULES["first_year"]) & group["region_code"].isin(now["region_code"])
            ]
            change = theil_sen(since).rename(columns={"slope": "value"})
            change = change[
                (change["first_year"] == RULES["first_year"]) & (change["last_year"] == report_year)
            ]
            reach *= 2**0.5 / max(1, report_year - RULES["first_year"])
            change = change.assign(lower=change["value"] - reach, upper=change["value"] + reach, told=True)
        frames += [level, change.assign(indicator=indicator, kind="change")]
    return pd.concat([frame.reindex(columns=COLUMNS) for frame in frames] or [pd.DataFrame(columns=COLUMNS)])


def surprise(values: pd.DataFrame) -> pd.Series:
    """-log10(2 x tail share) of each row (value, lower, upper) among all rows, taken at the end of its
    range nearer the median; 0 when the range reaches the median. The tail share is (regions at or beyond +
    1) / (regions + 1), so that being last of few is no more than it is.
    """
    value, middle = values["value"].to_numpy(float), values["value"].median()
    above = value > middle
    end = np.where(above, np.maximum(values["lower"], middle), np.minimum(values["upper"], middle))
    ordered = np.sort(value)
    beyond = np.where(
        above, len(value) - np.searchsorted(ordered, end, "left"), np.searchsorted(ordered, end, "right")
    )
    return pd.Series(
        np.maximum(0, -np.log10(2 * (beyond.clip(1) + 1) / (len(value) + 1))), index=values.index
    )


def candidates(
    facts: pd.DataFrame,
    members: list[str],
    unserved: pd.DataFrame | None = None,
    local: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every fact that can be told of the `members` (a province's regencies): region_code, kind, indicator,
    sign (+1 good, -1 bad news), score, place (burden only), households (without access; NaN where unknown).

    facts: as measured() gives them; unserved: region_code, indicator, unserved_households of the members;
    local: region_code, indicator, name, sign, a dated fact with an address that few regencies share.
    """
    facts = facts.reset_index(drop=True)
    known, ours = facts["value"].notna(), facts["region_code"].isin(members)
    country, province = _surprises(facts[known]), _surprises(facts[known & ours])
    told = facts[facts["region_code"].isin(members) & facts["told"].astype(bool)]
    middle = facts.groupby(["indicator", "kind"])["value"].transform("median").loc[told.index]
    middle = middle.where(told["kind"] == "level", 0.0)  # a change is good or bad news by itself
    up = told["indicator"].map(indicators()["direction"]).ne("down").map({True: 1, False: -1})
    rows = told[["region_code", "kind", "indicator"]].assign(
        sign=np.sign(told["value"] - middle).astype(int) * up,
        score=(country.reindex(told.index) + province.reindex(told.index)) / 2,
    )
    frames = [rows]
    weight, n = RULES["burden_weight"] / 2, len(members)
    if unserved is not None and len(unserved):
        burden = unserved.assign(
            place=unserved.groupby("indicator")["unserved_households"].rank(ascending=False, method="min"),
            kind="burden",
            sign=-1,
        )
        burden["score"] = -weight * np.log10(burden["place"] / n)
        frames.append(burden[burden["place"] <= RULES["burden_places"]])
    if local is not None and len(local):
        shared = local.groupby(["indicator", "name"])["region_code"].transform("nunique")
        frames.append(local.assign(kind="local", score=-weight * np.log10(shared / n)))
    found = pd.concat(frames, ignore_index=True)
    households = (
        unserved.set_index(["region_code", "indicator"])["unserved_households"]
        if unserved is not None
        else {}
    )
    found["households"] = [
        households.get(key, np.nan) for key in zip(found["region_code"], found["indicator"], strict=True)
    ]
    return found.reindex(
        columns=["region_code", "kind", "indicator", "name", "sign", "score", "place", "households"]
    )


def _surprises(facts: pd.DataFrame) -> pd.Series:
    """surprise() within each indicator and kind."""
    found = [surprise(group) for _, group in facts.groupby(["indicator", "kind"])]
    return pd.concat(found) if found else pd.Series(dtype=float)


def choose(found: pd.DataFrame, region_code: str) -> pd.DataFrame:
    """At most two rows of candidates() to tell of a region, the first before the second; none when it is
    near the middle in everything.

    The second has another indicator, of opposite sign first; one burden at most. Ties: more households
    without access, then the codebook's order.
    """
    order = {code: place for place, code in enumerate(dict.fromkeys([*headline(), *indicators().index]))}
    rows = found[(found["region_code"] == region_code) & (found["score"] >= RULES["least_score"])]
    rows = rows.assign(
        score_shown=rows["score"].round(9),
        households=rows["households"].fillna(0),
        order=rows["indicator"].map(order),
    ).sort_values(["score_shown", "households", "order"], ascending=[False, False, True])
    first, others = rows.head(1), rows.iloc[1:]
    if len(first):
        lead = first.iloc[0]
        others = others[others["indicator"] != lead["indicator"]]
        if lead["kind"] == "burden":
            others = others[others["kind"] != "burden"]
        opposite = others[others["sign"] == -lead["sign"]]
        others = opposite if len(opposite) else others
    return pd.concat([first, others.head(1)], ignore_index=True)[found.columns]
