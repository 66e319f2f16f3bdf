"""Frames for the papers of a meeting: what each regency's figures call for, why to visit it, who can do what."""

import dataclasses

import pandas as pd

from ..analysis import assessment, priorities
from ..data import codebook, regions
from . import local, once
from .strategy import RECYCLED, heads, triggers, waste_left

SIDES = ("good", "worrying")
CALLS = [
    "region_code", "region", "indicator", "trigger", "reach", "unit", "without", "reach_year", "left", "value",
    "value_year", "target", "target_year", "framework", "role", "status", "gap", "direction", "near_target",
]  # fmt: skip
VISITS = ["region_code", "region", "first", "open", "falling", "missing", "sanction"]
TASKS = [
    "actor", "indicator", "period", "option", "option_en", "lead", "lead_of", "precondition", "precondition_en",
    "regencies", "counted", "reach", "unit", "share", "first_year", "last_year", "below", "near", "source",
]  # fmt: skip
COUNTED = ["indicator", "without", "reach_year", "left", "reach"]
CLOSE = 0.25  # of a target: where more is missing, being the closest is no good news
CONNECTED = ("sanitasi_layak", "air_minum_layak")  # one connection or toilet serves a household


def regencies(data) -> list:
    """The RegionData of each regency and city of a province, on the province's own tables, all judged at once."""
    found = [dataclasses.replace(data, region_code=code) for code in data.peers]
    rows = assessment.assess(
        data.dataset.observations, data.dataset.targets, data.models, data.peers, data.report_year
    )
    for one in found:  # each would judge itself and look for the figures of all again
        vars(one).update(_of_the_year=data._of_the_year, _drawn=data._drawn, scored=data.scored)
        vars(one)["assessment"] = rows[rows["region_code"] == one.region_code].reset_index(drop=True)
    return found


@once
def calls(data) -> pd.DataFrame:
    """DataFrame[CALLS]: strategy.triggers with the figures that call for something, those of RegionData.focus() first.

    The focus has a row without a trigger ("") where nothing calls. without: percent of households (waste: of
    tonnes) that `reach` is, in the year `reach_year`, both of the same figures; left: that of
    waste_left() ("" for households).
    """
    focus, met = data.focus(), triggers(data)
    if focus not in set(met["indicator"]):
        met = pd.concat([met, pd.DataFrame({"indicator": [focus], "trigger": [""]})], ignore_index=True)
    rows = met.merge(data.standing().drop(columns=["unit", "without"]), on="indicator", validate="m:1")
    known = counted(data).drop(columns="reach").rename(columns={"reach_year": "known_year"})
    rows = rows.merge(known, how="left", on="indicator", validate="m:1")
    rows["reach_year"] = rows["reach_year"].fillna(rows["known_year"])
    rows = rows.assign(region_code=data.region_code, region=data.full_name)
    return rows.sort_values("indicator", key=lambda codes: codes != focus, kind="stable", ignore_index=True)[
        CALLS
    ]


def counted(data) -> pd.DataFrame:
    """DataFrame[COUNTED]: all that is not served in a region (reach), target missed or not, with its share and year."""
    rows = (
        data.households().drop_duplicates("indicator").assign(left="", reach=lambda frame: frame["unserved"])
    )
    rows = rows.rename(columns={"value_year": "reach_year"})[COUNTED]
    waste = waste_left(data)
    codes = [code for code in data.headline if data.indicators.at[code, "sector"] == "sampah"]
    found = pd.DataFrame({"indicator": codes}).assign(without=waste["share"], reach_year=waste["year"])
    return pd.concat([rows, found.assign(left=waste["left"], reach=waste["tonnes"])], ignore_index=True)[
        COUNTED
    ]


@once
def sides(data) -> pd.DataFrame:
    """The best and the worst that can be said: at most a row for each of SIDES, with the columns of standing(),
    those of story() and `reason`. The worrying one is of the indicator the page turns to: RegionData.focus().

    reason: "story" (a fact that sets the region apart), else for the good "achieved", "near", "rising", "place" (in the
    better half of the country) or "closest" (at most a quarter of its target missing, and no worry), for the worrying
    "falling", "near", "gap" or, where no figure worries, "missing".
    """
    standing, story, focus = data.standing().set_index("indicator"), data.story(), data.focus()
    better = pd.Series({code: heads(data, code, 1) for code in standing.index})
    behind = standing["gap"] > 0
    lack = (standing["gap"] / standing["target"])[behind].sort_values(kind="stable")
    half = (standing["country_rank"] / standing["country_of"]).sort_values(kind="stable")
    upper = ~(standing["rank_high"] > standing["of"] / 2)  # at home too, where it is known
    near = standing["near_target"].eq(True)
    worries = {focus, *story.loc[story["sign"] == "worrying", "indicator"]}
    worst = standing.loc[focus]
    ladders = {
        "good": [
            ("achieved", standing.index[standing["status"] == "achieved"]),
            ("near", standing.index[near].difference([focus])),
            ("rising", standing.index[better].difference([focus])),
            ("place", half.index[(half <= 0.5) & upper[half.index]].difference([focus], sort=False)),
            ("closest", lack.index[lack <= CLOSE].difference(worries, sort=False)),
        ],
        "worrying": [
            ("falling", [focus] if heads(data, focus, -1) else []),
            (
                "near" if near[focus] else "gap",
                [focus] if worst["gap"] > 0 and worst["status"] != "achieved" else [],
            ),
            ("missing", standing.index[standing["value"].isna()]),
        ],
    }
    rows = []
    for side in SIDES:
        told = story[story["sign"] == side]
        if side == "good":  # high in the country, low in the province: no good news where it is read
            told = told[~(told["kind"].eq("level") & (told["rank"] > told["of"] / 2))]
            told = told[told["indicator"] != focus]
        found = [(reason, code) for reason, codes in ladders[side] for code in codes]
        if len(told):
            row = told.iloc[0].to_dict()
            figures = standing.loc[row["indicator"]].to_dict() if row["indicator"] in standing.index else {}
            said = {key: value for key, value in row.items() if pd.notna(value)}
            rows.append(row | figures | said | {"side": side, "reason": "story"})
        elif found:
            reason, code = found[0]
            rows.append(standing.loc[code].to_dict() | {"indicator": code, "side": side, "reason": reason})
    return pd.DataFrame(rows, columns=None if rows else ["side", "reason", "indicator"])


def visits(data, members: list) -> pd.DataFrame:
    """DataFrame[VISITS], a row per regency of a province: why to visit it, the most that is not served first,
    households before tonnes.

    first, open: the first row (dict) of its calls(), of one indicator, and those (dicts) of open dumps; falling:
    codes of indicators; missing: code -> last year known (NaN: none); sanction: the register's rows (dicts)
    on a landfill under sanction there, as they were on their date.
    """
    facts = data.dataset.local_facts
    facts = facts[facts["kind"] == "sanksi_tpa"]
    rows = []
    for one in members:
        called = calls(one)
        rows.append(
            {
                "region_code": one.region_code,
                "region": one.full_name,
                "first": called.iloc[0].to_dict(),
                "open": called[called["trigger"] == "terbuka"].to_dict("records"),
                "falling": called.loc[called["trigger"] == "menurun", "indicator"].tolist(),
                "missing": one.missing().set_index("indicator")["last_year"].to_dict(),
                "sanction": [
                    fact
                    for fact in facts.to_dict("records")
                    if one.region_code in fact["region_code"].split(";")
                ],
            }
        )
    frame = pd.DataFrame(rows, columns=VISITS)
    order = pd.DataFrame(frame["first"].tolist()).reindex(columns=["unit", "reach"])
    order = order.sort_values(
        ["unit", "reach"], ascending=[True, False], kind="stable"
    )  # "rumah tangga" first
    return frame.loc[order.index].reset_index(drop=True)


def tasks(members: list) -> pd.DataFrame:
    """DataFrame[TASKS], widest share first: what the figures of the regencies call for from each actor, the same
    option once.

    regencies: how many call for it; reach: households (waste: tonnes a year) not served there in the figures of
    first_year to last_year, the most it could reach, over the `counted` regencies where that is known (NaN: nowhere);
    share: reach as a part, in percent, of all that is not served in the province (NaN for what may be served: dumped
    waste counts as handled, recyclables are those of all waste). Different actors reach the same households: their
    sums must not be added. A city's own options stand with those of the regencies, led by offices of "both" kinds.
    below: regencies that have not reached the target or reference of the indicator; near: those of them near it.
    """
    options = pd.concat([one.strategy().assign(region_code=one.region_code) for one in members])
    options["actor"] = options["actor"].replace("kota", "kabupaten")
    options["lead_of"] = options["lead_of"].where(options["lead_of"] == "provinsi", "both")
    every = pd.concat([counted(one) for one in members]).groupby("indicator")
    keys = ["actor", "indicator", "period", "option"]
    grouped = options.groupby(keys, sort=False)
    found = grouped.first()
    found["regencies"] = grouped["region_code"].nunique()
    found["counted"] = grouped["reach"].count()
    found["reach"] = grouped["reach"].sum(min_count=1)
    found = found.reset_index()
    goals = pd.concat([one.standing() for one in members])
    goals = goals[(goals["gap"] > 0) & (goals["status"] != "achieved")]
    for name, rows in (("below", goals), ("near", goals[goals["near_target"].eq(True)])):
        found[name] = found["indicator"].map(rows["indicator"].value_counts()).fillna(0).astype(int)
    found["share"] = 100 * found["reach"] / found["indicator"].map(every["reach"].sum())
    found.loc[(found["trigger"] == "terbuka") | (found["serves"] == RECYCLED), "share"] = float("nan")
    for name, years in (("first_year", every["reach_year"].min()), ("last_year", every["reach_year"].max())):
        found[name] = found["indicator"].map(years)
    return found.sort_values("share", ascending=False, kind="stable", ignore_index=True)[TASKS]


def open_commitments(data) -> pd.DataFrame:
    """Commitments for a province and its regencies whose result is not on record: rows of the register with
    `region` and `state`, newest first.
    """
    frame = data.dataset.commitments
    frame = frame[frame["region_code"].isin([data.region_code, *data.peers]) & (frame["status"] != "selesai")]
    frame = frame.assign(region=frame["region_code"].map(regions.regions()["full_name"]))
    frame = frame.rename(columns={"status": "state"})
    return frame.sort_values(["year", "region_code"], ascending=[False, True], ignore_index=True)


def requests(data) -> pd.DataFrame:
    """What to ask of which agency: [agency, indicator, regions (codes that lack the figure), last_year (the newest that
    one of them has; NaN: none), form (its place below the reports)], in codebook order.
    """
    members = [dataclasses.replace(data, region_code=code) for code in data.peers]
    frame = pd.concat([one.missing().assign(region_code=one.region_code) for one in [data, *members]])
    frame = frame.groupby(["agency", "indicator"], sort=False, as_index=False).agg(
        regions=("region_code", list), last_year=("last_year", "max")
    )
    frame["form"] = [f"unduhan/formulir/{data.region_code}-{agency}.xlsx" for agency in frame["agency"]]
    order = {code: place for place, code in enumerate(codebook.headline())}
    return frame.sort_values("indicator", key=lambda codes: codes.map(order), ignore_index=True)


def committed(data, members: list = ()) -> pd.DataFrame:
    """What is promised beside the households that lack it, for each of `members` (none: the region itself, of
    a province each of its regencies that promises something):
    [region_code, indicator, quantity, unit, first_year, last_year, url, unserved, unserved_year], of
    connections and toilets whose result is not on record.
    """
    frames = []
    if not members and data.region_code == data.province_code:
        members = [data, *regencies(data)]
    for one in members or [data]:
        promised = one.dataset.commitments
        promised = promised[(promised["region_code"] == one.region_code) & (promised["status"] != "selesai")]
        promised = promised[promised["indicator"].isin(CONNECTED)]
        sums = promised.groupby(["region_code", "indicator", "unit"], as_index=False).agg(
            quantity=("quantity", "sum"),
            first_year=("year", "min"),
            last_year=("year", "max"),
            url=("url", "min"),
        )
        lack = one.households().drop_duplicates("indicator")[["indicator", "unserved", "value_year"]]
        frames.append(sums.merge(lack.rename(columns={"value_year": "unserved_year"}), on="indicator"))
    return pd.concat(frames, ignore_index=True)


def cited(data, members: list = ()) -> pd.DataFrame:
    """The sources of the figures on these papers and of the plans beside them: [publisher, title, published, url,
    is_plan: the document that quotes a plan, which stands as its publisher].

    The judged values and what is not served, of each of `members` too, what the story and, without
    members, sides() tell of the region, and the household counts.
    """
    every = [data, *members]
    standings = pd.concat([one.standing().assign(region_code=one.region_code) for one in every])
    told = pd.concat([data.story(), *([] if members else [sides(data)])]).assign(region_code=data.region_code)
    courses = told.reindex(columns=["indicator", "reason"])
    courses = courses.loc[courses["reason"].isin(["rising", "falling"]), "indicator"]
    ends = [data.points(code)["year"].agg(["min", "max"]) for code in courses]
    cells = [(data.region_code, code, year) for code, years in zip(courses, ends) for year in years]
    dumped, facts = told.loc[told["kind"].eq("local"), "year"], data.local_facts()
    facts = facts[facts["year"].isin(dumped) & facts["text"].str.contains("penimbunan terbuka")]
    facts = facts.assign(text=facts["text"].str.split(" (", regex=False).str[0])  # without its tonnes
    facts = pd.concat([facts, *([data.sanctions()] if not members and data.focus() == local.WASTE else [])])
    facts = facts.rename(columns={"source": "publisher", "text": "title"})[
        ["publisher", "title", "published", "url"]
    ]
    told = told[told["kind"].ne("local")]
    for frame, years in ((standings, ["value_year"]), (told, ["year", "first_year"])):
        for year in years:
            cells += list(frame[["region_code", "indicator", year]].itertuples(index=False, name=None))
    for one in every:
        cells += [(one.region_code, row.indicator, row.reach_year) for row in counted(one).itertuples()]
        waste = waste_left(one)
        cells += [(one.region_code, code, waste["year"]) for code in waste["from"]]
    rows = data.all_observations[data.all_observations["is_governing"]]
    shown = pd.MultiIndex.from_frame(rows[["region_code", "indicator", "year"]]).isin(cells)
    counts = priorities.households(data.all_observations, [one.region_code for one in every])
    ids = {*rows.loc[shown, "source_id"], *counts["source_id"].dropna()}
    sources = data.dataset.sources
    used = sources.loc[sources["source_id"].isin(ids), ["publisher", "title", "published", "url"]]
    plans = pd.concat([one.assessment for one in every])
    plans = plans[plans["is_headline"] & plans["governs"] & plans["value"].notna()]
    plans = plans[plans["indicator"].isin(data.headline)].drop_duplicates("framework")
    plans = pd.DataFrame(
        {"publisher": plans["framework"], "title": plans["source"], "published": "", "url": plans["url"]}
    )
    found = [used.assign(is_plan=False), facts.assign(is_plan=False), plans.assign(is_plan=True)]
    return pd.concat(found, ignore_index=True).fillna("")
