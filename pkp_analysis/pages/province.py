"""What only a province's page has: where households are not yet served, an agenda, and where support would
help.
"""

import pandas as pd
from markupsafe import Markup

from ..analysis import priorities
from ..analysis.assessment import assess
from ..charts import old as charts
from ..data import codebook
from ..data.codebook import actions, agencies
from ..data.regions import region_name
from ..html import Section, heading, prose, section, table
from ..words.numbers import hundreds, percent
from . import position

AGENDA_ROWS = 6


def distributions(report, indicators) -> dict[str, pd.DataFrame]:
    """indicator -> unserved_distribution with the `sources` of each region, for indicators with a value and a
    household count in every region.
    """
    counts = priorities.households(report.data.all_observations, report.data.peers).set_index("region_code")
    frames = {}
    for code in indicators:
        values = position.latest_values(report, code).set_index("region_code")
        if counts["households"].notna().all() and len(values) == len(counts):
            frame = priorities.unserved_distribution(
                values["value"], counts["households"], report.data.indicators.at[code, "direction"]
            )
            frames[code] = frame.assign(
                sources=[
                    (values.at[region, "source_id"], counts.at[region, "source_id"])
                    for region in frame["region_code"]
                ]
            )
    return frames


def distribution(report, indicators=None, agenda: bool = True) -> Section:
    """Where the households not yet served are, beside each region's share of all households."""
    label, parts, texts, rows = report.label, [], [], []
    frames = distributions(report, indicators or codebook.headline("survey"))
    for indicator, frame in frames.items():
        texts.append(largest_share(report, indicator, frame.iloc[0], len(texts)))
        parts.append(
            charts.unserved_bars(frame, report.lang, indicator=indicator).to_html(
                f"gambar-sebaran-{indicator}"
            )
        )
        rows += [
            [
                region_name(row["region_code"], full=True),
                report.name(indicator),
                hundreds(row["unserved_households"], report.lang),
                percent(row["share_unserved_pct"], 1, report.lang),
                percent(row["share_households_pct"], 1, report.lang),
                report.source_links(row["sources"]),
            ]
            for _, row in frame.iterrows()
        ]
    if not rows:
        return section("sebaran", label("distribution"), prose(report.say("distribution.none")))
    header = [
        label(key)
        for key in ("region", "indicator", "unserved", "share_unserved", "share_households", "source")
    ]
    return section(
        "sebaran",
        label("distribution"),
        prose(*texts, report.say("distribution.reading"), *basis_sentence(report)),
        *parts,
        table("tabel-sebaran", label("distribution"), header, rows),
        meeting_agenda(report, frames) if agenda else "",
    )


def basis_sentence(report) -> list[str]:
    """What the shares rest on where any household count is derived."""
    derived = (
        priorities.households(report.data.all_observations, report.data.peers)["basis"].eq("derived").any()
    )
    return [report.say("distribution.derived")] if derived else []


def largest_share(report, indicator: str, top: pd.Series, turn: int) -> str:
    return report.say(
        "distribution.largest",
        turn,
        name=report.noun(indicator),
        region=position.prose_name(top["region_code"], report.lang),
        share=percent(top["share_unserved_pct"], 1, report.lang),
        share_households=percent(top["share_households_pct"], 1, report.lang),
    )


def meeting_agenda(report, frames: dict[str, pd.DataFrame]) -> Markup:
    """For the working group: the regions and indicators with most households not yet served, then who leads
    and who supports.
    """
    label = report.label
    everything = pd.concat([frame.assign(indicator=code) for code, frame in frames.items()])
    most = everything.nlargest(AGENDA_ROWS, "unserved_households")
    rows = [
        [
            region_name(row["region_code"], full=True),
            report.name(row["indicator"]),
            hundreds(row["unserved_households"], report.lang),
            percent(row["share_unserved_pct"], 1, report.lang),
            report.source_links(row["sources"]),
        ]
        for _, row in most.iterrows()
    ]
    header = [label(key) for key in ("region", "indicator", "unserved", "share_unserved", "source")]
    return (
        heading(label("agenda"))
        + prose(report.say("distribution.agenda"))
        + table("tabel-agenda", label("agenda"), header, rows)
        + prose(*support_sentences(report, list(dict.fromkeys(most["indicator"]))))
    )


def support_sentences(report, codes: list[str]) -> list[str]:
    """Who leads and who supports, once for all indicators that share both."""
    offices, options = agencies(), actions()
    shared: dict[tuple, list[str]] = {}
    for code in codes:
        lead = report.data.indicators.at[code, "lead_agency"]
        named = set(";".join(options.loc[options["indicator"] == code, "partners"]).split(";"))
        partners = tuple(agency for agency in offices.index if agency in named and agency != lead)
        shared.setdefault((lead, partners), []).append(code)
    names = offices["name" if report.lang == "id" else "name_en"]
    texts = []
    for (lead, partners), group in shared.items():
        texts.append(
            report.say(
                "distribution.support",
                lead=names[lead],
                names=report.sentences.join([report.noun(code) for code in group]),
            )
        )
        texts += (
            [report.say("distribution.supported", partners="; ".join(names[list(partners)]))]
            if partners
            else []
        )
    return texts


def assistance(report) -> Section:
    """Daftar prioritas pembinaan, a row per regency, worded as support; the public site leaves it out unless
    asked.
    """
    label, data = report.label, report.data
    rows = assess(data.dataset.observations, data.dataset.targets, data.models, data.peers, data.report_year)
    found = priorities.assistance_list(rows, data.dataset.observations, data.peers, data.report_year)
    cells = []
    for code in data.peers:
        mine = found[found["region_code"] == code].groupby("kind")["indicator"].agg(list).to_dict()
        cells.append(
            [
                region_name(code, full=True),
                *(
                    ", ".join(report.name(indicator) for indicator in mine.get(kind, ())) or "–"
                    for kind in priorities.KINDS
                ),
            ]
        )
    header = [label("region"), *(label(kind) for kind in priorities.KINDS)]
    return section(
        "pembinaan",
        label("assistance"),
        prose(report.say("assistance.intro")),
        table("tabel-pembinaan", label("assistance"), header, cells),
        css="internal",
    )
