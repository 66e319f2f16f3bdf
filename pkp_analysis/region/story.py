"""The facts that set a region apart, with everything a sentence about them names."""

import math

import pandas as pd

COLUMNS = [
    "kind", "indicator", "sign", "score", "value", "year", "first_value", "first_year", "word", "rank", "of",
    "country_rank", "country_of", "households", "share", "share_all", "burden_place", "target", "role", "text",
]  # fmt: skip
LEAST = 0.15  # below this no fact sets a place apart


def story(data) -> pd.DataFrame:
    """DataFrame[COLUMNS] of at most two facts of `data` (a RegionData), the more distinctive first.

    kind: "level", "change", "burden" or "middle"; sign: "good" or "worrying". Empty without any value.
    """
    candidates = [row for code in data.headline for row in levels(data, code) + burdens(data, code)]
    if not candidates:
        return pd.DataFrame(columns=COLUMNS)
    ordered = sorted(candidates, key=lambda row: -row["score"])
    first = ordered[0]
    if first["score"] < LEAST:
        goals = data.standing()
        goals = goals[goals["gap"] > 0].sort_values("gap", ascending=False)
        widest = goals.iloc[0].to_dict() if len(goals) else {"indicator": None}
        row = {"kind": "middle", "sign": "neutral", "year": widest.get("value_year")} | {
            key: widest.get(key) for key in ("indicator", "value", "target", "role", "rank", "of")
        }
        return pd.DataFrame([row]).reindex(columns=COLUMNS)
    others = [row for row in ordered[1:] if row["indicator"] != first["indicator"]]
    others = [row for row in others if not row["kind"] == first["kind"] == "burden" and row["score"] >= LEAST]
    other = [row for row in others if row["sign"] != first["sign"]] or others
    return pd.DataFrame([first, *other[:1]]).reindex(columns=COLUMNS)


def levels(data, code: str) -> list[dict]:
    """How unusual the level is: the mean surprise of its place in the country and among the regencies."""
    place, points = data.place(code), data.points(code)
    points = points[points["year"] == data.report_year]
    if points.empty or math.isnan(place["country_rank"]):
        return []
    surprises = [
        -math.log10(
            max(
                2
                * min(place[f"{prefix}rank"], place[f"{prefix}of"] + 1 - place[f"{prefix}rank"])
                / place[f"{prefix}of"],
                1e-3,
            )
        )
        for prefix in ("country_", "")
        if not math.isnan(place[f"{prefix}rank"])
    ]
    low = place["country_rank"] > place["country_of"] / 2
    last = points.iloc[-1]
    return [
        {
            "kind": "level",
            "indicator": code,
            "sign": "worrying" if low else "good",
            "score": max(0.0, sum(surprises) / len(surprises)),
            "value": last["value"],
            "year": last["year"],
        }
        | place
    ]


def burdens(data, code: str) -> list[dict]:
    """Whether most of the province's households without access live here, first or second."""
    frame = data.unserved(code)
    places = frame.index[frame["region_code"] == data.region_code]
    if not len(places) or places[0] > 1:
        return []
    row, last = frame.loc[places[0]], data.points(code).iloc[-1]
    return [
        {
            "kind": "burden",
            "indicator": code,
            "sign": "worrying",
            "score": -0.45 * math.log10((places[0] + 1) / len(frame)),
            "value": last["value"],
            "year": last["year"],
            "households": row["unserved_households"],
            "share": row["share_unserved_pct"],
            "share_all": row["share_households_pct"],
            "burden_place": places[0] + 1,
        }
    ]
