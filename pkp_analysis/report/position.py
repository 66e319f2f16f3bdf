"""Where a region stands: a regency among its neighbours, a province's households not yet served, support to give."""

import pandas as pd
from markupsafe import Markup

from ..analysis import priorities
from ..data.regions import region_name, regions
from . import charts, narrative
from .formats import hundreds, percent
from .region_data import SURVEYED
from .tables import Section, heading, prose, section, table


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
    return priorities.rank_interval(values.set_index("region_code")["value"], draws)


def among_peers(report) -> Section:
    """Dot plot and table of all peers with the 80 % interval of each rank, and a sentence for this region."""
    label, code = report.label, report.data.region_code
    parts, texts, rows = [], [], []
    for indicator in SURVEYED:
        frame = ranks(report, indicator)
        own = frame[frame["region_code"] == code]
        if own.empty:
            continue
        texts += rank_sentences(report, indicator, frame, own.iloc[0], first=not texts)
        parts.append(charts.position(frame, code, indicator, report.lang).to_html(f"gambar-posisi-{indicator}"))
        rows += [
            [region_name(row["region_code"], full=True), report.name(indicator), report.measure(row["value"], indicator),
             str(int(row["rank"])), str(int(row["rank_lower"])), str(int(row["rank_upper"])), str(len(frame))]
            for _, row in frame.sort_values("rank").iterrows()
        ]
    if not rows:
        return section("posisi", label("position"), prose(report.say("position.none")))
    header = [label(key) for key in ("region", "indicator", "observed", "rank", "rank_lower", "rank_upper", "of_count")]
    return section(
        "posisi", label("position"), prose(*texts, report.say("position.unsure")), *parts,
        table("tabel-posisi", label("position"), header, rows),
    )


def rank_sentences(report, indicator: str, frame: pd.DataFrame, own: pd.Series, first: bool) -> list[str]:
    """The rank with its interval, and "tertinggi" or "terendah" only where the value is that alone."""
    words = {"name": report.noun(indicator), "region": report.subject.name, "count": str(len(frame)), "members": report.subject.members}
    rank = report.say(
        "position.first" if first else "position.also", 0 if first else 1, rank=str(int(own["rank"])),
        lower=str(int(own["rank_lower"])), upper=str(int(own["rank_upper"])), **words,
    )
    others = frame.loc[frame["region_code"] != own["region_code"], "value"]
    if own["value"] > others.max():
        return [rank, report.say("position.highest", **words)]
    if own["value"] < others.min():
        return [rank, report.say("position.lowest", **words)]
    return [rank]


def distribution(report, indicators=SURVEYED) -> Section:
    """Where the households not yet served are, beside each region's share of all households."""
    label, parts, texts, rows = report.label, [], [], []
    counts = priorities.households(report.data.all_observations, report.data.peers)
    for indicator in indicators:
        values = latest_values(report, indicator)
        if counts["households"].isna().any() or len(values) < len(report.data.peers):
            continue
        frame = priorities.unserved_distribution(
            values.set_index("region_code")["value"], counts.set_index("region_code")["households"],
            report.data.indicators.at[indicator, "direction"],
        )
        texts.append(largest_share(report, indicator, frame.iloc[0], len(texts)))
        parts.append(charts.unserved_bars(frame, report.lang, indicator=indicator).to_html(f"gambar-sebaran-{indicator}"))
        rows += [
            [region_name(row["region_code"], full=True), report.name(indicator), hundreds(row["unserved_households"], report.lang),
             percent(row["share_unserved_pct"], 1, report.lang), percent(row["share_households_pct"], 1, report.lang)]
            for _, row in frame.iterrows()
        ]
    if not rows:
        return section("sebaran", label("distribution"), prose(report.say("distribution.none")))
    header = [label(key) for key in ("region", "indicator", "unserved", "share_unserved", "share_households")]
    return section(
        "sebaran", label("distribution"), prose(*texts, report.say("distribution.reading")), *parts,
        table("tabel-sebaran", label("distribution"), header, rows),
    )


def largest_share(report, indicator: str, top: pd.Series, turn: int) -> str:
    return report.say(
        "distribution.largest", turn, name=report.noun(indicator), region=prose_name(top["region_code"], report.lang),
        share=percent(top["share_unserved_pct"], 1, report.lang), share_households=percent(top["share_households_pct"], 1, report.lang),
    )


def prose_name(region_code: str, lang: str) -> str:
    return narrative.subject_of(regions(), region_code, lang).name
