"""The facts that set a region apart, with everything a sentence about them names."""

import pandas as pd

from ..analysis.story import RULES, candidates, choose, measured
from .local import open_dumps

COLUMNS = [
    "kind", "indicator", "sign", "score", "value", "year", "first_value", "first_year", "word", "rank", "of",
    "rank_low", "rank_high", "country_rank", "country_of", "country_rank_low", "country_rank_high", "households",
    "share", "share_low", "share_high", "share_all", "burden_place", "p_first",
    "target", "role", "text", "origin", "sharing",
]  # fmt: skip
SIGNS = {1: "good", -1: "worrying", 0: "neutral"}


def story(data) -> pd.DataFrame:
    """DataFrame[COLUMNS] of at most two facts of `data` (a RegionData), the more distinctive first.

    kind: "level", "change", "burden", "local" (a landfill, `text`; `sharing` regencies have one like it) or
    "middle" (nothing sets it apart: the service most households are without);
    its places as place() gives them; p_first: how likely a burden is the largest; sign: "good" or "worrying".
    Empty without any value.
    """
    is_province = data.kind in ("provinsi", "negara")
    chosen = of_province(data) if is_province else choose(data.scored, data.region_code)
    rows = [told(data, row) for row in chosen.to_dict("records")] or ([] if is_province else middle(data))
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def scored(data) -> pd.DataFrame:
    """Every fact of the regencies of the province with its score: rows of analysis.story.candidates."""
    facts = measured(data.dataset.observations, data.models, data.headline, data.report_year)
    unserved = pd.concat([data.unserved(code) for code in data.headline])
    return candidates(facts, data.peers, unserved, open_dumps(data))


def of_province(data) -> pd.DataFrame:
    """The levels of a province, the place farthest from the middle of the provinces first; at most two."""
    rows = []
    for code in data.headline:
        place = data.place(code)
        half = (place["country_of"] + 1) / 2
        if place["country_rank"] == place["country_rank"]:  # known
            away = half - place["country_rank"]
            rows.append(["level", code, 1 if away > 0 else -1, abs(away) / half])
    frame = pd.DataFrame(rows, columns=["kind", "indicator", "sign", "score"])
    frame = frame[frame["score"] >= RULES["least_score"]]
    return frame.sort_values("score", ascending=False, kind="stable").head(2)


def told(data, fact: dict) -> dict:
    """A chosen fact with its figures, years and places."""
    points = data.points(fact["indicator"])
    until = points[points["year"] <= data.report_year]
    points = until if len(until) else points
    since = points[points["year"] >= RULES["first_year"]]  # none for a report year before it
    first, last = (since if len(since) else points).iloc[0], points.iloc[-1]
    row = {key: fact[key] for key in ("kind", "indicator", "score")} | {"sign": SIGNS[fact["sign"]]}
    row |= {key: last[key] for key in ("value", "year", "origin")}
    row |= {f"first_{key}": first[key] for key in ("value", "year")}
    row |= data.place(fact["indicator"]) | {"word": data.change(fact["indicator"])}
    if fact["kind"] == "local":
        dumps = open_dumps(data)
        own = dumps[dumps["region_code"] == data.region_code].iloc[0]
        row |= {"text": own["text"], "year": own["year"], "sharing": dumps["region_code"].nunique()}
    if fact["kind"] == "burden":
        shares = data.unserved(fact["indicator"]).set_index("region_code").loc[data.region_code]
        row |= {
            "burden_place": fact["place"],
            "households": shares["unserved_households"],
            "share": shares["share_unserved_pct"],
            "share_low": shares.get("lower", float("nan")),
            "share_high": shares.get("upper", float("nan")),
            "share_all": shares["share_households_pct"],
            "p_first": shares.get("p_first", 1.0),
        }
    return row


def middle(data) -> list[dict]:
    """That nothing sets the region apart, with the service that most households are without (what counts other things
    than households has no place in that order); nothing without a value.
    """
    goals = data.standing()
    goals = goals[goals["value"].notna()]
    behind = goals[(goals["gap"] > 0) & (goals["unit"] == "% rumah tangga")]
    if goals.empty:
        return []
    widest = behind.sort_values("without", ascending=False).head(1).to_dict("records")
    row = {key: widest[0][key] for key in ("indicator", "value", "target", "role")} if widest else {}
    needs = data.households().drop_duplicates("indicator").set_index("indicator")["unserved"]
    row |= {"households": needs.get(row["indicator"], float("nan"))} if row else {}
    return [{"kind": "middle", "sign": "neutral", "year": data.report_year} | row]
