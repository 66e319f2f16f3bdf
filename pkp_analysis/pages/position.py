"""Where a regency stands among its neighbours, with the interval of its rank."""

import pandas as pd

from ..analysis import priorities
from ..charts import old as charts
from ..data import codebook
from ..data.regions import region_name, regions
from ..html import Section, prose, section, table
from ..words import wording


def tiles(report) -> pd.DataFrame:
    """The regencies and cities of the province for the small map of the header."""
    register = regions().loc[report.data.peers]
    return register.reset_index()[["region_code", "name", "tile_column", "tile_row"]]


def latest_values(report, indicator: str) -> pd.DataFrame:
    """The governing values of all peers at the report year, a row per region that has one."""
    rows = report.data.all_observations
    return rows[
        (rows["indicator"] == indicator)
        & rows["is_governing"]
        & (rows["year"] == report.data.report_year)
        & rows["region_code"].isin(report.data.peers)
    ]


def ranks(report, indicator: str) -> pd.DataFrame:
    """DataFrame[region_code, value, rank, rank_lower, rank_upper] of the peers; empty without a model or
    values.
    """
    values = latest_values(report, indicator)
    if len(values) < 2 or indicator not in report.data.models:
        return pd.DataFrame(columns=["region_code", "value", "rank", "rank_lower", "rank_upper"])
    rows = report.data.all_observations
    own = rows[
        (rows["indicator"] == indicator)
        & rows["is_governing"]
        & rows["region_code"].isin(values["region_code"])
    ]
    draws = report.data.models[indicator].draws(own, report.data.report_year)
    return priorities.rank_interval(
        values.set_index("region_code")["value"], draws, report.data.indicators.at[indicator, "direction"]
    )


def among_peers(report) -> Section:
    """Dot plot and table of all peers with the 80 % interval of each rank, and a sentence for this region."""
    label, code = report.label, report.data.region_code
    parts, frames = [], {}
    for indicator in codebook.headline("survey"):
        frame = ranks(report, indicator)
        if code not in set(frame["region_code"]):
            continue
        parts.append(
            charts.position(frame, code, indicator, report.lang).to_html(f"gambar-posisi-{indicator}")
        )
        frames[indicator] = frame.set_index("region_code")
    if not frames:
        return section("posisi", label("position"), prose(report.say("position.none")))
    header, origins = (
        [label("region")],
        {
            indicator: latest_values(report, indicator).set_index("region_code")["source_id"]
            for indicator in frames
        },
    )
    for indicator, frame in frames.items():
        header += [
            report.name(indicator),
            f"{label('rank_of')} {len(frame)}",
            label("rank_interval"),
            label("source"),
        ]
    order = dict.fromkeys(region for frame in frames.values() for region in frame.index)
    rows = [
        [
            region_name(region, full=True),
            *(
                cell
                for indicator, frame in frames.items()
                for cell in (
                    *rank_cells(report, indicator, frame, region),
                    report.source_link(origins[indicator].get(region)),
                )
            ),
        ]
        for region in order
    ]
    return section(
        "posisi",
        label("position"),
        prose(*rank_sentences(report, frames), report.say("position.unsure")),
        *parts,
        table("tabel-posisi", label("position"), header, rows),
    )


def rank_cells(report, indicator: str, frame: pd.DataFrame, region_code: str) -> list[str]:
    """Value, rank and 80 % interval of the rank; en dashes for a region without a value."""
    if region_code not in frame.index:
        return ["–"] * 3
    row = frame.loc[region_code]
    lower, upper = int(row["rank_lower"]), int(row["rank_upper"])
    return [
        report.measure(row["value"], indicator),
        str(int(row["rank"])),
        str(lower) if lower == upper else f"{lower}–{upper}",
    ]


def rank_sentences(report, frames: dict[str, pd.DataFrame]) -> list[str]:
    """Where the value alone is the highest or the lowest, that; elsewhere the rank with its interval."""
    code, texts, ends = report.data.region_code, [], {}
    for indicator, frame in frames.items():
        own, others = frame.loc[code], frame["value"].drop(code)
        end = "highest" if own["value"] > others.max() else "lowest" if own["value"] < others.min() else ""
        ends.setdefault(end, []).append(indicator)
    for end in ("highest", "lowest"):
        if codes := ends.get(end):
            open_codes = [indicator for indicator in codes if not is_sure(frames[indicator].loc[code])]
            text = report.say(
                f"position.{end}", names=listed(report, codes), **words(report, frames[codes[0]])
            )
            doubt = f"position.{'open_all' if len(open_codes) == len(codes) else 'open'}"
            texts.append(
                text + (report.say(doubt, names=listed(report, open_codes)) if open_codes else "") + "."
            )
    for indicator in ends.get("", ()):
        own = frames[indicator].loc[code]
        key = f"{'also' if texts else 'first'}{'_sure' if is_sure(own) else ''}"
        places = {
            name: str(int(own[column]))
            for name, column in (("rank", "rank"), ("lower", "rank_lower"), ("upper", "rank_upper"))
        }
        texts.append(
            report.say(
                f"position.{key}", name=report.noun(indicator), **places, **words(report, frames[indicator])
            )
        )
    return texts


def is_sure(row: pd.Series) -> bool:
    return row["rank_lower"] == row["rank_upper"]


def listed(report, codes: list[str]) -> str:
    return wording.names(report.data.indicators, codes, report.sentences)


def words(report, frame: pd.DataFrame) -> dict[str, str]:
    return {"region": report.subject.name, "count": str(len(frame)), "members": report.subject.members}


def prose_name(region_code: str, lang: str) -> str:
    return wording.subject_of(regions(), region_code, lang).name
