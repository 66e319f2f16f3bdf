"""Sentences and tables of the papers for a meeting: the brief of a region and the agenda of a province.

Like words/say.py, which it builds on: every figure that is said stands in the frame it is said of.
"""

from urllib.parse import urlsplit

import pandas as pd

from . import wording
from .catalogue import language
from .numbers import date_words, number
from .say import (
    MOST_NAMES,
    Text,
    agency,
    amount,
    cited,
    context,
    counted,
    course,
    facts,
    head,
    listed,
    localised,
    noun,
    paragraph,
    plan_year,
    rank_words,
    reached,
    said,
    settlement,
    share,
    since,
    subject,
    table,
    text,
    words,
    yardstick,
)  # fmt: skip

BLANK = ""  # to be filled in with a pen
PARTNERS = ("swasta", "masyarakat")
SEATS = 12  # lines of the list of those present
MOST_OF_NAME = 32  # characters of a document's name in a printed address


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
    if pd.notna(row.get("country_rank")):
        found |= {"country_rank": rank_words(row, "country_"), "country_of": str(int(row["country_of"]))}
    return found | ({"gap": wording.gap_text(row, words())} if pd.notna(row["gap"]) else {})


# The brief


def brief_title(data) -> Text:
    """The heading of the brief."""
    return Text(f"# {say('brief_title', region=data.full_name)}")


def places(standing: pd.DataFrame, data) -> Text:
    """The places of the main indicators among all regions of the region's level."""
    members = context(data)["country_members"]
    parts = [
        words().say(f"paper.places_{'part' if row['origin'] == 'survey' else 'reported'}", **goal_words(row))
        for row in standing[standing["country_rank"].notna()].to_dict("records")
    ]
    year, key = wording.year(data.report_year), "places" if parts else "places_none"
    return say(key, year=year, members=members, parts=listed(parts))


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
    key = row["reason"]
    if key == "achieved" and row["gap"] > 0:
        key = "universal"
    if key == "story":  # a fact without a sentence of its own
        key = "gap" if which == "worrying" else "achieved" if row["status"] == "achieved" else "closest"
    return say(f"{which}_{key}", **goal_words(row))


def question(calls: pd.DataFrame, data) -> Text:
    """The one question to ask a region in the meeting, on the first row of meeting.calls()."""
    return Text(probe("question", calls.iloc[0].to_dict(), data.region_code))


def aloud(calls: pd.DataFrame, data) -> Text:
    """A number to say about the first row of meeting.calls(): households without access and how many of a hundred they
    are, or the same for waste, both of one year.
    """
    row = calls.iloc[0].to_dict()
    region = subject(data.region_code).name
    if pd.isna(row["reach"]):
        return say("aloud_none", region=region)
    year = wording.year(row["reach_year"])
    if row["trigger"] == "terbuka":
        dumps = data.landfills().query("region_code == @data.region_code and method == 'open'")
        names, years = listed(dumps["name"]), listed(dict.fromkeys(map(wording.year, dumps["method_year"])))
        values = {"region": region, "reach": counted(row["reach"]), "year": year}
        return say("aloud_open", names=names, method_year=years, **values)
    key = f"aloud_{row['left']}" if row["left"] else "aloud_households"
    values = {"region": region, "reach": counted(row["reach"]), "year": year}
    if row["left"] == "unmanaged":
        left, handled = round(row["without"]), round(row["value"])
        values |= {"handled": str(handled), "reduced": str(max(0, 100 - left - handled))}
    return say(key, name=noun(row["indicator"]), of_hundred=str(round(row["without"])), **values)


def probe(section: str, row: dict, region_code: str) -> str:
    """A question on a row of calls() from a section of the catalogue: its own for the indicator where the file
    has one and the count of households or tonnes is known.
    """
    known, code = words().texts[section], row["indicator"]
    key = {"data": "data", "terbuka": "open"}.get(row["trigger"], code if code in known else "other")
    if not row["trigger"] and not row["gap"] > 0:
        key = "keep"
    if "{reach}" in known[key] and pd.isna(row["reach"]):
        key = "other"
    asked = subject(region_code)
    values = {"reach": counted(row["reach"]), "left": words().texts["left"].get(row["left"], "")}
    return text(
        f"{section}.{key}", region=asked.name, village=settlement(asked.kind), name=noun(code), **values
    )


def committed(frame: pd.DataFrame, data) -> Text:
    """What is promised beside the households that lack it: rows of meeting.committed() of the region itself or of the
    regencies of a province; where none is on record, that it is not if the page turns to what they would serve.
    """
    if frame.empty:
        served = data.focus() in words().texts["promised"]
        return say("committed_none", region=subject(data.region_code).name) if served else Text("")
    parts = []
    for row in frame.to_dict("records"):
        values = {
            "region": "" if row["region_code"] == data.region_code else subject(row["region_code"]).name,
            "name": noun(row["indicator"]),
            "quantity": number(row["quantity"], 0, language()),
            "unit": words().texts["promised"][row["indicator"]],
            "years": cited(span(row), row["url"]),
            "reach": counted(row["unserved"]),
            "year": wording.year(row["unserved_year"]),
        }
        parts.append(words().say("paper.committed_part", **values).strip())
    return say("committed", parts="; ".join(parts))


def sources(cited: pd.DataFrame, more=()) -> Text:
    """Sources in full, one a line, as Markdown; more: documents that are only named."""
    lines = []
    for row in cited.drop_duplicates().to_dict("records"):
        title = row["title"].replace("[", "(").replace("]", ")")
        shown = f"[{title}](<{row['url']}>)" if str(row["url"]).startswith("http") else title
        added = [date_words(row["published"], language())] if row["published"] else []
        added += [address(row["url"])] if shown != title else []
        about = f" ({', '.join(added)})" if added else ""
        if row.get("is_plan"):
            lines.append(f"- {words().say('paper.plan_quoted', plan=row['publisher'], title=shown)}{about}")
        else:
            lines.append(f"- {row['publisher']}: {shown}{about}")
    lines += [f"- {line}" for line in dict.fromkeys(more)]
    return Text("\n".join([say("sources_language"), "", *lines]))


def address(url: str) -> str:
    """The host and the name of the document, short enough for a line of a printed sheet."""
    parts = urlsplit(str(url))
    document = parts.path.rstrip("/").rpartition("/")[2]
    short = document if len(document) <= MOST_OF_NAME else f"{document[:MOST_OF_NAME]}…"
    return "/".join(filter(None, [parts.netloc.removeprefix("www."), short]))


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
            say("decision_data" if pd.isna(row["reach"]) else "decision", option=row[localised("option")]),
            basis(row, data),
            reach_words(row, data),
            agency(row["lead"], row["lead_of"]),
            row[localised("precondition")],
            BLANK,
        ]
        for row in tasks.to_dict("records")
    ]  # fmt: skip
    keys = ("decision", "basis", "reach", "lead", "precondition", "decided")
    return pd.DataFrame(rows, columns=[head(key) for key in keys])


def basis(row: dict, data) -> Text:
    """How many regencies have yet to reach the target or reference of a task's indicator, or lack its figure."""
    values = {
        "total": str(len(data.peers)),
        "members": context(data)["members"],
        "name": noun(row["indicator"]),
    }
    if pd.isna(row["reach"]):
        share = wording.share_of(row["regencies"], len(data.peers), values["members"], words())
        return say("basis_data", share=share, **values)
    is_reported = data.indicators.at[row["indicator"], "origin"] == "administrative"
    goal = data.standing().set_index("indicator").loc[row["indicator"]]
    values |= {"target": amount(row["indicator"], goal["target"]), "year": wording.year(data.report_year)}
    key = "basis_reported" if is_reported else "basis_near" if row["near"] else "basis"
    return say(
        key,
        count=wording.count_word(row["below"], words()),
        near=wording.count_word(row["near"], words()),
        **values,
    )


def reach_words(row: dict, data) -> str:
    """ "267.900 rumah tangga di 12 kabupaten/kota (99,7% dari yang belum terlayani)"."""
    if pd.isna(row["reach"]):
        return "–"
    values = {
        "most": reached(row["reach"], row),
        "counted": wording.count_word(row["counted"], words()),
        "members": words().label("regency_or_city") if row["counted"] == 1 else context(data)["members"],
        "share": "" if pd.isna(row["share"]) else share(row["share"]),
        "years": span(row),
    }
    whole = "reach_waste" if row["unit"] == "ton/tahun" else "reach_all"
    key = "reach_where" if pd.isna(row["share"]) else whole
    return str(words().say(f"paper.{key}", **values))


def span(row) -> str:
    """ "2024", "2021–2024": the years of a row's figures."""
    return "–".join(dict.fromkeys(wording.year(row[key]) for key in ("first_year", "last_year")))


def bases(data) -> Text:
    """The province's own count of those without, beside that of its regencies, which the reach of tasks() sums."""
    parts = []
    for row in data.households().drop_duplicates("indicator").itertuples():
        values = {
            "reach": counted(row.unserved),
            "name": noun(row.indicator),
            "year": wording.year(row.value_year),
        }
        parts += [words().say("paper.bases_part", **values)] if row.value_year >= data.report_year else []
    return say("bases", members=context(data)["members"], parts=listed(parts)) if parts else Text("")


def tasks(frame: pd.DataFrame, data, columns="indicator option period reach lead precondition"):
    """Rows of tasks() for pkp.show, a task a row: DataFrame of words."""
    shown = frame.assign(reach=[reach_words(row, data) for row in frame.to_dict("records")])
    return table(shown, columns)


def partner_tasks(frame: pd.DataFrame, data) -> pd.DataFrame:
    """Rows of tasks() of business and of the community for pkp.show, in short."""
    return tasks(frame[frame["actor"].isin(PARTNERS)], data, "actor indicator option reach")


def partners(commitments: pd.DataFrame) -> Text:
    """How many commitments of business and of the community are on record and not done."""
    counts = {actor: (commitments["actor_kind"] == actor).sum() for actor in PARTNERS}
    return paragraph(
        *(
            say("promised" if count else "promised_none", actor=said("actor")(actor, None), count=str(count))
            for actor, count in counts.items()
        )
    )


def regency_questions(calls: pd.DataFrame, data) -> pd.DataFrame:
    """One question per regency, with empty cells for what is promised: who, how much, by when; for pkp.show.

    calls: rows of calls() of all regencies; the first of each asks.
    """
    first = calls.drop_duplicates("region_code").set_index("region_code").loc[data.peers]
    rows = [
        [subject(code).name, probe("question", row.to_dict(), code), BLANK, BLANK, BLANK]
        for code, row in first.iterrows()
    ]
    keys = ("region", "question", "promised_by", "promised_amount", "promised_until")
    return pd.DataFrame(rows, columns=[head(key) for key in keys])


def visits(frame: pd.DataFrame) -> pd.DataFrame:
    """Coaching and supervision for pkp.show: a row per regency of visits(): why, what to ask, what to bring, and
    empty cells for date and signature. What lacks everywhere is left to visits_all().
    """
    rows, everywhere = [], missing_everywhere(frame)
    for row in frame.to_dict("records"):
        code, first = row["region_code"], row["first"]
        why, ask, bring = [], [probe("visit", first, code)], [proof(first["indicator"], code)]
        if first["trigger"] != "terbuka" and first["gap"] > 0 and first["status"] != "achieved":
            why.append(say("why_gap", **goal_words(first)))
        for dump in row["open"]:
            why.append(say("why_open", reach=counted(dump["reach"]), year=wording.year(dump["reach_year"])))
        if row["falling"]:
            names = listed(noun(one) for one in row["falling"])
            why.append(say("why_falling", names=names))
            ask.append(say("ask_falling", names=names))
        for fact in row["sanction"]:
            published = date_words(fact["published"], language())
            why.append(say("why_sanction", source=fact["source"], published=published))
            ask.append(say("ask_sanction"))
            bring.append(say("bring_sanction"))
        if lacking := [one for one in row["missing"] if one not in everywhere]:
            names = listed(since(one, row["missing"][one]) for one in lacking)
            why.append(say("why_missing", names=names))
            ask.append(say("ask_missing", names=names))
            bring.append(say("bring_missing", names=names))
        rows.append(
            [subject(code).name, *(" ".join(part) or "–" for part in (why, ask, bring)), BLANK, BLANK]
        )
    keys = ("region", "why", "ask", "bring", "date", "signature")
    return pd.DataFrame(rows, columns=[head(key) for key in keys])


def missing_everywhere(frame: pd.DataFrame) -> list[str]:
    """Indicators without a figure in every row of visits(), two or more."""
    if len(frame) < 2:
        return []
    return [code for code in frame["missing"].iloc[0] if all(code in found for found in frame["missing"])]


def visits_all(frame: pd.DataFrame) -> Text:
    """What to ask and to bring at every visit; "" for nothing."""
    codes = missing_everywhere(frame)
    return say("visits_all", names=listed(noun(code) for code in codes)) if codes else Text("")


def proof(indicator: str, region_code: str) -> str:
    """The evidence to bring for an indicator."""
    village = settlement(subject(region_code).kind)
    return text(words().indicator("proof", indicator), name=noun(indicator), village=village)


def visits_title(frame: pd.DataFrame, data) -> Text:
    """The title of the table of visits, with their order where households are counted."""
    is_counted = any(pd.notna(first["reach"]) for first in frame["first"])
    key = "visits_title" if is_counted else "visits_title_uncounted"
    return say(key, total=str(len(frame)), members=context(data)["members"])


def requests(frame: pd.DataFrame) -> Text:
    """Which agency to ask for what, with its form ready to fill, as a Markdown list; frame: requests()."""
    lines = []
    for code, rows in frame.groupby("agency", sort=False):
        parts = []
        for row in rows.itertuples():
            few = listed(subject(one).name for one in row.regions) if len(row.regions) <= MOST_NAMES else ""
            name = since(row.indicator, row.last_year if few else float("nan"))
            key = "request_few" if few else "request_part"
            said_of = {"name": name, "count": str(len(row.regions)), "names": few}
            parts.append(words().say(f"paper.{key}", **said_of))
        values = {"agency": agency(code), "parts": listed(parts), "form": rows["form"].iloc[0]}
        lines.append(f"- {text('paper.request', **values)}")
    return Text("\n".join(lines)) if lines else say("request_none")


def present() -> pd.DataFrame:
    """An empty list of those present, for pkp.show: name, agency, signature."""
    keys = ("person", "agency", "signature")
    return pd.DataFrame([[BLANK] * len(keys)] * SEATS, columns=[head(key) for key in keys])


def title(key: str) -> Text:
    """A fixed title of these papers."""
    return say(key)
