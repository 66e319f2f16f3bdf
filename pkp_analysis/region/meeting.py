"""Frames for the papers of a meeting: what each regency's figures call for, why to visit it, who can do what."""

import dataclasses

import pandas as pd

from ..analysis import assessment, priorities
from ..data import codebook, regions
from .strategy import triggers, waste_tonnes

SIDES = ("good", "worrying")
CALLS = [
    "region_code", "region", "indicator", "trigger", "reach", "unit", "value", "value_year", "target", "target_year",
    "framework", "role", "gap", "without", "direction", "near_target",
]  # fmt: skip
VISITS = ["region_code", "region", "gap", "falling", "missing", "sanction"]
TASKS = [
    "actor", "indicator", "period", "option", "option_en", "lead", "precondition", "precondition_en", "regencies",
    "counted", "reach", "unit", "share", "source",
]  # fmt: skip


def regencies(data) -> list:
    """The RegionData of each regency and city of a province, on the province's own tables, all judged at once."""
    found = [dataclasses.replace(data, region_code=code) for code in data.peers]
    rows = assessment.assess(
        data.dataset.observations, data.dataset.targets, data.models, data.peers, data.report_year
    )
    for one in found:  # each would judge itself and look for the figures of all again
        vars(one)["_of_the_year"] = data._of_the_year
        vars(one)["assessment"] = rows[rows["region_code"] == one.region_code].reset_index(drop=True)
    return found


def calls(data) -> pd.DataFrame:
    """DataFrame[CALLS], most without first: strategy.triggers with the figures that call for something."""
    rows = triggers(data).merge(data.standing().drop(columns="unit"), on="indicator", validate="m:1")
    rows = rows.assign(region_code=data.region_code, region=data.full_name)
    return rows.sort_values("without", ascending=False, kind="stable", ignore_index=True)[CALLS]


def sides(data) -> pd.DataFrame:
    """The best and the worst that can be said: at most a row for each of SIDES, with the columns of standing(),
    those of story() and `reason`.

    reason: "story" (a fact that sets the region apart), else for the good "achieved", "near", "rising" or
    "closest" (nothing reached: fewest without), for the worrying "falling", "gap" or "missing".
    """
    standing, story = data.standing().set_index("indicator"), data.story()
    changes = pd.Series({code: data.change(code) for code in standing.index}, dtype=object)
    better = standing["direction"].map({"up": "rising", "down": "falling"})
    worse = standing["direction"].map({"up": "falling", "down": "rising"})
    short = standing[standing["gap"] > 0].sort_values("without", kind="stable").index
    near = standing["near_target"].eq(True)
    ladders = {
        "good": [
            ("achieved", standing.index[standing["status"] == "achieved"]),
            ("near", standing.index[near]),
            ("rising", standing.index[changes == better]),
            ("closest", short),
        ],
        "worrying": [
            ("falling", standing.index[changes == worse]),
            ("gap", short[~near[short]][::-1]),
            ("missing", standing.index[standing["value"].isna()]),
        ],
    }
    rows = []
    for side in SIDES:
        told = story[story["sign"] == side]
        if side == "good":  # high in the country, low in the province: no good news where it is read
            told = told[~(told["kind"].eq("level") & (told["rank"] > told["of"] / 2))]
        found = [(reason, code) for reason, codes in ladders[side] for code in codes]
        if len(told):
            row = told.iloc[0].to_dict()
            figures = standing.loc[row["indicator"]].to_dict() if row["indicator"] in standing.index else {}
            rows.append(figures | row | {"side": side, "reason": "story"})
        elif found:
            reason, code = found[0]
            rows.append(standing.loc[code].to_dict() | {"indicator": code, "side": side, "reason": reason})
    return pd.DataFrame(rows, columns=None if rows else ["side", "reason", "indicator"])


def visits(data, members: list) -> pd.DataFrame:
    """DataFrame[VISITS], a row per regency of a province, most without first: why to visit it.

    gap: the CALLS row (dict) of the indicator below its target that serves fewest, None without one; falling,
    missing: codes of indicators; sanction: the register's rows (dicts) on a landfill under sanction there, as they
    were on their date.
    """
    facts = data.dataset.local_facts
    facts = facts[facts["kind"] == "sanksi_tpa"]
    rows = []
    for one in members:
        called = calls(one)
        widest = called[called["gap"] > 0].drop_duplicates("indicator")
        rows.append(
            {
                "region_code": one.region_code,
                "region": one.full_name,
                "gap": widest.iloc[0].to_dict() if len(widest) else None,
                "falling": called.loc[called["trigger"] == "menurun", "indicator"].tolist(),
                "missing": one.missing()["indicator"].tolist(),
                "sanction": [
                    fact
                    for fact in facts.to_dict("records")
                    if one.region_code in fact["region_code"].split(";")
                ],
            }
        )
    rows.sort(key=lambda row: -row["gap"]["without"] if row["gap"] else 0.0)
    return pd.DataFrame(rows, columns=VISITS)


def tasks(members: list) -> pd.DataFrame:
    """DataFrame[TASKS], widest share first: what the figures of the regencies call for from each actor, the same
    option once.

    regencies: how many call for it; reach: households (waste: tonnes a year) not served there, the most it
    could reach, over the `counted` regencies where that is known (NaN: nowhere); share: reach as a part, in
    percent, of all that is not served in the province. Different actors reach the same households: their
    sums must not be added. A city's own options stand with those of the regencies.
    """
    options = pd.concat([one.strategy().assign(region_code=one.region_code) for one in members])
    options["actor"] = options["actor"].replace("kota", "kabupaten")
    unserved = pd.concat([all_unserved(one) for one in members]).groupby("indicator")["reach"].sum()
    keys = ["actor", "indicator", "period", "option"]
    grouped = options.groupby(keys, sort=False)
    found = grouped.first()
    found["regencies"] = grouped["region_code"].nunique()
    found["counted"] = grouped["reach"].count()
    found["reach"] = grouped["reach"].sum(min_count=1)
    found = found.reset_index()
    found["share"] = 100 * found["reach"] / found["indicator"].map(unserved)
    found.loc[found["trigger"] == "terbuka", "share"] = float("nan")  # what is dumped counts as handled
    return found.sort_values("share", ascending=False, kind="stable", ignore_index=True)[TASKS]


def all_unserved(data) -> pd.DataFrame:
    """DataFrame[indicator, reach]: everything not served in a region, whether or not its target is missed."""
    households = data.households().drop_duplicates("indicator")[["indicator", "unserved"]]
    waste = [code for code in data.headline if data.indicators.at[code, "sector"] == "sampah"]
    tonnes = pd.DataFrame({"indicator": waste, "reach": waste_tonnes(data)})
    return pd.concat([households.rename(columns={"unserved": "reach"}), tonnes], ignore_index=True)


def open_commitments(data) -> pd.DataFrame:
    """Commitments for a province and its regencies that are not done: rows of the register with `region` and
    `state`, newest first.
    """
    frame = data.dataset.commitments
    frame = frame[frame["region_code"].isin([data.region_code, *data.peers]) & (frame["status"] != "selesai")]
    frame = frame.assign(region=frame["region_code"].map(regions.regions()["full_name"]))
    frame = frame.rename(columns={"status": "state"})
    return frame.sort_values(["year", "region_code"], ascending=[False, True], ignore_index=True)


def requests(data) -> pd.DataFrame:
    """What to ask of which agency: [agency, indicator, regions (how many lack the figure), form (its place below
    the reports)], in codebook order.
    """
    members = [dataclasses.replace(data, region_code=code) for code in data.peers]
    frame = pd.concat([one.missing() for one in [data, *members]])
    frame = frame.groupby(["agency", "indicator"], sort=False).size().rename("regions").reset_index()
    frame["form"] = [f"unduhan/formulir/{data.region_code}-{agency}.xlsx" for agency in frame["agency"]]
    order = {code: place for place, code in enumerate(codebook.headline())}
    return frame.sort_values("indicator", key=lambda codes: codes.map(order), ignore_index=True)


def cited(data, members: list = ()) -> pd.DataFrame:
    """The sources of what the judgements rest on, values, household counts and plans alike: [publisher, title,
    published, url].
    """
    every = [data, *members]
    values = pd.concat([one.assessment[one.assessment["governs"]] for one in every])
    values = values[values["indicator"].isin(data.headline)]
    counts = priorities.households(data.all_observations, [one.region_code for one in every])
    ids = {*values["value_source_id"].dropna(), *counts["source_id"].dropna()}
    sources = data.dataset.sources
    used = sources[sources["source_id"].isin(ids)][["publisher", "title", "published", "url"]]
    plans = values[values["is_headline"]].drop_duplicates("framework")
    plans = pd.DataFrame(
        {"publisher": plans["framework"], "title": plans["source"], "published": "", "url": plans["url"]}
    )
    return pd.concat([used, plans], ignore_index=True).fillna("")
