"""Sentences and tables of the papers for a meeting: the brief of a region and the agenda of a province.

Like words/say.py, which it builds on: every figure that is said stands in the frame it is said of.
"""

import pandas as pd

from . import wording
from .say import (
    Text,
    agency,
    amount,
    context,
    counted,
    course,
    facts,
    gap_words,
    head,
    listed,
    localised,
    name,
    noun,
    plan_year,
    said,
    settlement,
    share,
    subject,
    text,
    unit_words,
    words,
    yardstick,
)

BLANK = ""  # to be filled in with a pen
PARTNERS = ("swasta", "masyarakat")
SEATS = 12  # lines of the list of those present


def say(address: str, **values) -> Text:
    """A sentence of the section `paper`."""
    return text(f"paper.{address}", **values)


def goal_words(row: dict) -> dict:
    """What a sentence on a value beside its target may name; row: of standing() or calls()."""
    code = row["indicator"]
    found = {"name": noun(code), "value": amount(code, row["value"])}
    if pd.notna(row["value_year"]):
        found["year"] = wording.year(row["value_year"])
    if pd.notna(row["target"]):
        found |= {"yardstick": yardstick(row), "target": amount(code, row["target"]), "plan": plan_year(row)}
    return found | (gap_words(row) if pd.notna(row["gap"]) else {})


# The brief


def brief_title(data) -> Text:
    """The heading of the brief."""
    return Text(f"# {say('brief_title', region=data.full_name)}")


def chart_title(standing: pd.DataFrame, data) -> Text:
    """How many of the main indicators with a target are reached."""
    known = standing[standing["gap"].notna()]
    met = known["gap"] <= 0
    return say(
        "chart_title" if len(known) else "chart_none",
        region=subject(data.region_code).name,
        met=wording.share_of(int(met.sum()), len(known), "", words()).strip(),
    )


def places(standing: pd.DataFrame, data) -> Text:
    """The places of the main indicators among all regions of the region's level."""
    members = context(data)["country_members"]
    parts = [
        words().say(
            "paper.places_part",
            name=noun(row["indicator"]),
            rank=str(int(row["country_rank"])),
            of=str(int(row["country_of"])),
        )
        for row in standing[standing["country_rank"].notna()].to_dict("records")
    ]
    return say(
        "places" if parts else "places_none",
        year=wording.year(data.report_year),
        members=members,
        parts=listed(parts),
    )


def side(sides: pd.DataFrame, which: str, data) -> Text:
    """The good ("good") or the worrying ("worrying") thing of RegionData.sides() in a sentence or two."""
    rows = sides[sides["side"] == which]
    if rows.empty:
        return say(f"{which}_none", region=subject(data.region_code).name)
    row = rows.iloc[0].to_dict()
    if row["reason"] == "story" and (told := facts(rows, data)):
        return told
    if row["reason"] in ("rising", "falling"):
        return course(data.points(row["indicator"]), data.change(row["indicator"]))
    key = "gap" if row["reason"] == "story" else row["reason"]
    return say(f"{which}_{key}", **goal_words(row))


def question(calls: pd.DataFrame, data) -> Text:
    """The one question to ask a region in the meeting, on the widest gap of RegionData.calls()."""
    return Text(probe("question", calls.iloc[0].to_dict() if len(calls) else None, data.region_code))


def aloud(calls: pd.DataFrame, data) -> Text:
    """A number to say: households without access and how many of a hundred they are, or the same for waste."""
    known = calls[calls["reach"].notna() & calls["unit"].notna() & calls["value"].notna()]
    if known.empty:
        return say("aloud_none", region=subject(data.region_code).name)
    row = known.iloc[0].to_dict()
    without = row["value"] if row["direction"] == "down" else 100 - row["value"]
    return say(
        "aloud_waste" if row["unit"] == "ton/tahun" else "aloud_households",
        region=subject(data.region_code).name,
        name=noun(row["indicator"]),
        reach=counted(row["reach"]),
        of_hundred=str(round(without)),
        year=wording.year(row["value_year"]),
    )


def probe(section: str, row: dict | None, region_code: str) -> str:
    """A question on a row of calls() from a section of the catalogue: its own for the indicator where the file
    has one and the count of households or tonnes is known.
    """
    if row is None:
        key = "keep"
    elif row["trigger"] == "data":
        key = "data"
    else:
        key = row["indicator"] if row["indicator"] in words().texts[section] else "other"
        if "{reach}" in words().texts[section][key] and pd.isna(row["reach"]):
            key = "other"
    asked = subject(region_code)
    about = {"region": asked.name, "village": settlement(asked.kind)}
    if row is not None:
        about |= {"name": noun(row["indicator"]), "reach": counted(row["reach"])}
    return text(f"{section}.{key}", **about)


def sources(cited: pd.DataFrame, more=()) -> Text:
    """Sources in full, one a line, as Markdown; more: documents that are only named."""
    lines = []
    for row in cited.drop_duplicates().to_dict("records"):
        title = row["title"].replace("[", "(").replace("]", ")")
        shown = f"[{title}](<{row['url']}>)" if str(row["url"]).startswith("http") else title
        published = f" ({row['published']})" if row["published"] else ""
        lines.append(f"- {row['publisher']}: {shown}{published}")
    lines += [f"- {line}" for line in dict.fromkeys(more)]
    return Text("\n".join(lines))


# The agenda


def meeting_title(data) -> Text:
    """The heading of the papers for the meeting of a province."""
    return Text(f"# {say('meeting_title', region=data.name)}")


def purpose(decisions: pd.DataFrame, data) -> Text:
    """What the meeting is for."""
    return say(
        "purpose",
        decisions=wording.count_word(len(decisions), words()),
        total=str(len(data.peers)),
        members=context(data)["members"],
    )


def decisions_title(decisions: pd.DataFrame) -> Text:
    """How many decisions are sought: the title of their table."""
    return say("decisions_title", count=wording.count_word(len(decisions), words()))


def decisions(tasks: pd.DataFrame, data) -> pd.DataFrame:
    """Rows of tasks() as decisions to take, for pkp.show: what, on which figures, at most how much, who leads,
    what must be there first, and an empty cell for what was decided.
    """
    rows = [
        [
            say("decision", option=row[localised("option")]),
            say("basis_data" if pd.isna(row["reach"]) else "basis", name=noun(row["indicator"]), **spread(row, data)),
            reach_words(row),
            agency(row["lead"]),
            row[localised("precondition")],
            BLANK,
        ]
        for row in tasks.to_dict("records")
    ]  # fmt: skip
    keys = ("decision", "basis", "reach", "lead", "precondition", "decided")
    return pd.DataFrame(rows, columns=[head(key) for key in keys])


def spread(row: dict, data) -> dict:
    """How many regencies of all call for something."""
    return {
        "count": str(row["regencies"]),
        "total": str(len(data.peers)),
        "members": context(data)["members"],
    }


def reach_words(row: dict) -> str:
    """ "paling banyak 267.900 rumah tangga (99,7% dari yang belum terlayani)"; says where only some are counted."""
    if pd.isna(row["reach"]):
        return "–"
    most = words().say("role.reach", reach=counted(row["reach"]), unit=unit_words(row["unit"]))
    if pd.isna(row["share"]):
        return most
    key = "reach_all" if row["counted"] == row["regencies"] else "reach_some"
    values = {"most": most, "share": share(row["share"]), "counted": str(row["counted"])}
    return str(words().say(f"paper.{key}", **values))


def tasks(frame: pd.DataFrame, data) -> pd.DataFrame:
    """Rows of tasks() for pkp.show, a task a row."""
    rows = [
        [
            name(row["indicator"]),
            wording_capital(row[localised("option")]),
            said("period")(row["period"], row),
            words().say("paper.of", count=str(row["regencies"]), total=str(len(data.peers))),
            reach_words(row),
            agency(row["lead"]),
            wording_capital(row[localised("precondition")]),
        ]
        for row in frame.to_dict("records")
    ]
    keys = ("indicator", "option", "period", "regencies", "reach", "lead", "precondition")
    return pd.DataFrame(rows, columns=[head(key) for key in keys])


def wording_capital(option: str) -> str:
    return option[:1].upper() + option[1:]


def partners(commitments: pd.DataFrame) -> Text:
    """How many commitments of business and of the community are on record and not done."""
    texts = []
    for actor in PARTNERS:
        promised = (commitments["actor_kind"] == actor).sum()
        values = {"actor": said("actor")(actor, None), "count": str(promised)}
        texts.append(say("promised" if promised else "promised_none", **values))
    return Text(" ".join(texts))


def regency_questions(calls: pd.DataFrame, data) -> pd.DataFrame:
    """One question per regency, with empty cells for what is promised: who, how much, by when; for pkp.show.

    calls: rows of calls() of all regencies; the first of each asks.
    """
    first = calls.drop_duplicates("region_code").set_index("region_code")
    rows = []
    for code in data.peers:
        row = first.loc[code].to_dict() if code in first.index else None
        rows.append([subject(code).name, probe("question", row, code), BLANK, BLANK, BLANK])
    keys = ("region", "question", "promised_by", "promised_amount", "promised_until")
    return pd.DataFrame(rows, columns=[head(key) for key in keys])


def visits(frame: pd.DataFrame) -> pd.DataFrame:
    """Coaching and supervision for pkp.show: a row per regency of visits(): why, what to ask, what to bring, and
    empty cells for date and signature.
    """
    rows = []
    for row in frame.to_dict("records"):
        code, why, ask, bring = row["region_code"], [], [], []
        if row["gap"]:
            why.append(say("why_gap", **goal_words(row["gap"])))
            ask.append(probe("visit", row["gap"], code))
            bring.append(proof(row["gap"]["indicator"]))
        if row["falling"]:
            why.append(say("why_falling", names=listed(noun(one) for one in row["falling"])))
        for fact in row["sanction"]:
            why.append(say("why_sanction", source=fact["source"], published=fact["published"]))
            ask.append(say("ask_sanction"))
            bring.append(say("bring_sanction"))
        if row["missing"]:
            names = listed(noun(one) for one in row["missing"])
            why.append(say("why_missing", names=names))
            ask.append(say("ask_missing", names=names))
            bring.append(say("bring_missing", names=names))
        rows.append(
            [subject(code).name, *(" ".join(part) or "–" for part in (why, ask, bring)), BLANK, BLANK]
        )
    keys = ("region", "why", "ask", "bring", "date", "signature")
    return pd.DataFrame(rows, columns=[head(key) for key in keys])


def proof(indicator: str) -> str:
    """The evidence to bring for an indicator."""
    address = words().indicator("proof", indicator)
    return text(address, name=noun(indicator))


def visits_title(frame: pd.DataFrame, data) -> Text:
    """The title of the table of visits."""
    return say("visits_title", total=str(len(frame)), members=context(data)["members"])


def requests(frame: pd.DataFrame) -> Text:
    """Which agency to ask for what, with its form ready to fill, as a Markdown list; frame: requests()."""
    lines = []
    for code, rows in frame.groupby("agency", sort=False):
        parts = [
            words().say("paper.request_part", name=noun(row.indicator), count=str(row.regions))
            for row in rows.itertuples()
        ]
        values = {"agency": agency(code), "parts": listed(parts), "form": rows["form"].iloc[0]}
        lines.append(f"- {words().say('paper.request', **values)}")
    return Text("\n".join(lines)) if lines else say("request_none")


def present() -> pd.DataFrame:
    """An empty list of those present, for pkp.show: name, agency, signature."""
    keys = ("person", "agency", "signature")
    return pd.DataFrame([[BLANK] * len(keys)] * SEATS, columns=[head(key) for key in keys])


def title(key: str) -> Text:
    """A fixed title of these papers."""
    return say(key)
