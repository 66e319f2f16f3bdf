"""Where a regency stands among its neighbours, with the interval of its rank."""

import pandas as pd

from ..analysis import priorities
from ..data.regions import region_name, regions
from . import charts, wording
from .region_data import SURVEYED
from .tables import Section, prose, section, table


def tiles(report) -> pd.DataFrame:
    """The regencies and cities of the province for the small map of the header."""
    register = regions().loc[report.data.peers]
    return register.reset_index()[["region_code", "name", "tile_column", "tile_row"]]


def latest_values(report, indicator: str) -> pd.DataFrame:
    """The governing values of all peers at the report year, a row per region that has one."""
    rows = report.data.all_observations
    return rows[
        (rows["indicator"] == indicator) & rows["is_governing"] & (rows["year"] == report.data.report_year)
        & rows["region_code"].isin(report.data.peers)
    ]


def ranks(report, indicator: str) -> pd.DataFrame:
    """DataFrame[region_code, value, rank, rank_lower, rank_upper] of the peers; empty without a model or values."""
    values = latest_values(report, indicator)
    if len(values) < 2 or indicator not in report.data.models:
        return pd.DataFrame(columns=["region_code", "value", "rank", "rank_lower", "rank_upper"])
    rows = report.data.all_observations
    own = rows[(rows["indicator"] == indicator) & rows["is_governing"] & rows["region_code"].isin(values["region_code"])]
    draws = report.data.models[indicator].draws(own, report.data.report_year)
    return priorities.rank_interval(values.set_index("region_code")["value"], draws, report.data.indicators.at[indicator, "direction"])


def among_peers(report) -> Section:
    """Dot plot and table of all peers with the 80 % interval of each rank, and a sentence for this region."""
    label, code = report.label, report.data.region_code
    parts, texts, frames = [], [], {}
    for indicator in SURVEYED:
        frame = ranks(report, indicator)
        own = frame[frame["region_code"] == code]
        if own.empty:
            continue
        texts += rank_sentences(report, indicator, frame, own.iloc[0], first=not texts)
        parts.append(charts.position(frame, code, indicator, report.lang).to_html(f"gambar-posisi-{indicator}"))
        frames[indicator] = frame.set_index("region_code")
    if not frames:
        return section("posisi", label("position"), prose(report.say("position.none")))
    header = [label("region")]
    for indicator, frame in frames.items():
        header += [report.name(indicator), f"{label('rank_of')} {len(frame)}", label("rank_interval")]
    order = dict.fromkeys(region for frame in frames.values() for region in frame.index)
    rows = [
        [region_name(region, full=True), *(cell for indicator, frame in frames.items() for cell in rank_cells(report, indicator, frame, region))]
        for region in order
    ]
    return section(
        "posisi", label("position"), prose(*texts, report.say("position.unsure")), *parts,
        table("tabel-posisi", label("position"), header, rows),
    )


def rank_cells(report, indicator: str, frame: pd.DataFrame, region_code: str) -> list[str]:
    """Value, rank and 80 % interval of the rank; en dashes for a region without a value."""
    if region_code not in frame.index:
        return ["–"] * 3
    row = frame.loc[region_code]
    lower, upper = int(row["rank_lower"]), int(row["rank_upper"])
    return [report.measure(row["value"], indicator), str(int(row["rank"])), str(lower) if lower == upper else f"{lower}–{upper}"]


def rank_sentences(report, indicator: str, frame: pd.DataFrame, own: pd.Series, first: bool) -> list[str]:
    """The rank with its interval, and "tertinggi" or "terendah" only where the value is that alone."""
    words = {"name": report.noun(indicator), "region": report.subject.name, "count": str(len(frame)), "members": report.subject.members}
    key = f"{'first' if first else 'also'}{'_sure' if own['rank_lower'] == own['rank_upper'] else ''}"
    ends = {"lower": str(int(own["rank_lower"])), "upper": str(int(own["rank_upper"]))}
    rank = report.say(f"position.{key}", rank=str(int(own["rank"])), **ends, **words)
    others = frame.loc[frame["region_code"] != own["region_code"], "value"]
    if own["value"] > others.max():
        return [rank, report.say("position.highest", **words)]
    if own["value"] < others.min():
        return [rank, report.say("position.lowest", **words)]
    return [rank]


def prose_name(region_code: str, lang: str) -> str:
    return wording.subject_of(regions(), region_code, lang).name
