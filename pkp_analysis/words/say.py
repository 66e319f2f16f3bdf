"""Sentences and readable tables of a page, from frames: every figure that is said stands in the frame it is said of.

Each function gives Text (a str that shows itself as Markdown, so that it can end a cell) or, where it says so, a
DataFrame of words for pkp.show. The wording stands in texts/id.toml and texts/en.toml; the language is that of
words.catalogue.speak.
"""

import re

import pandas as pd

from ..analysis.assessment import HORIZON
from ..analysis.attainment import direction_sign, is_universal, threshold
from ..analysis.priorities import without
from ..analysis.trend import RECENT, REPORTED, main_step, reported_course, sure_places
from ..data import codebook, reconcile
from ..data.regions import LEVELS, region_name, regions
from ..html import as_written, chip
from . import wording
from .catalogue import Sentences, capital, language, load_sentences
from .marks import MARKS, mark_of
from .numbers import date_words, hundreds, number, percent

MOST_NAMES = 4  # of regions in a sentence; more are counted
PLAIN_NUMBER = re.compile(r"-?\d+\.\d+")
DIGITS_IN_DOUBT = ("ambiguous_number", "decimal_style", "fraction", "lone_fraction", "date", "unreadable")
FRACTIONS = (  # of households, up to which percentage each is said
    (0.95, "hundredth_less"), (8.5, "hundredths"), (11.2, "tenth"), (13.4, "eighth"), (15.5, "seventh"),
    (18.3, "sixth"), (22.5, "fifth"), (27.5, "quarter"), (31.6, "three_tenths"), (36.6, "third"),
    (45, "two_fifths"), (55, "half"), (100, "most"),
)  # fmt: skip
HANDLED, MANAGED, STRICT = "penanganan_sampah", "sampah_terkelola", "sampah_terkelola_layak"
MOST_COUNTED = 6  # places from an end that a headline counts; more are told as one of PARTS
PARTS = (10, 5, 4, 3, 2)  # a tenth, a fifth ...
FLAT = 2.0  # percentage points: a series that moved less since its jump is called almost unchanged


class Text(str):
    """A sentence or a paragraph; the last expression of a cell shows it as Markdown."""

    def _repr_markdown_(self) -> str:
        return str(self)


def words() -> Sentences:
    return load_sentences(language())


def text(address: str, **values) -> Text:
    """A sentence of the catalogue, filled in; its first letter is a capital."""
    return Text(capital(words().say(address, **values)))


def paragraph(*sentences: str) -> Text:
    """The sentences as one paragraph; empty ones are left out."""
    return Text(" ".join(sentence for sentence in sentences if sentence))


# How a page writes names and figures


def noun(indicator: str) -> str:
    return wording.noun(indicator, words())


def name(indicator: str) -> str:
    return wording.name_of(indicator, language())


def amount(indicator: str, value: float, origin: str | None = None) -> str:
    """A value as the page writes it: "57,71%", "724,66 hektare"; an en dash for none."""
    return wording.amount(indicator, value, language(), origin)


def share(value: float) -> str:
    return percent(value, 1, language())


def counted(value: float) -> str:
    """Households or tonnes in hundreds: an estimate pretends no more."""
    return hundreds(value, language())


def unit_words(unit: str) -> str:
    return words().texts["unit"].get(unit, unit)


def agency(code: str, kind: str = "") -> str:
    """An office of a kind of region: a province's by its name, others by their field, for their names differ."""
    row, key = codebook.agencies().loc[code], kind if kind in ("provinsi", "both") else "own"
    return words().say(f"office.{key}", name=row[localised("name")], field=row[localised("field")])


def localised(column: str) -> str:
    """The column of a register that holds the text in the language of the page."""
    return wording.localised(column, language())


def plan(framework: str) -> str:
    return framework.replace(" (", ", ").replace(")", "")


def plan_year(row) -> str:
    """ "RPJMN 2024", "SDGs 2030": the plan in short and the year its target is for."""
    return f"{wording.plan_name(row['framework'])} {wording.year(row['target_year'])}"


def yardstick(row) -> str:
    return words().label("target_word" if row["role"] == "own" else "reference")


def subject(region_code: str) -> wording.Subject:
    return wording.subject_of(regions(), region_code, language())


def context(data) -> dict:
    """What almost every sentence about a region needs: its name, its province, what its neighbours are called."""
    about = subject(data.region_code)
    whole = data.kind in ("provinsi", "negara")
    return {
        "region": about.name,
        "province": region_name(data.province_code),
        "members": about.members,
        "country_members": words().label("provinces" if whole else "regencies_and_cities"),
    }


def reporter(origin: str) -> str:
    """Who says a figure: "laporan perangkat daerah" for what an agency reports itself."""
    return words().texts["reporter"][origin]


def listed(parts) -> str:
    return words().join(list(parts))


# Tables


def head(column: str, role: str = "own") -> str:
    """The heading of a column; role: whose targets a frame holds, "own", "reference" or "either"."""
    known = words().texts
    column = f"{column}_{role}" if f"{column}_{role}" in known["head"] else column
    return known["head"].get(column, known["column"].get(column, column))


def table(frame: pd.DataFrame, columns: str = "", sources: pd.DataFrame | None = None) -> pd.DataFrame:
    """The columns of a frame (names with a space between; all without) in words, for pkp.show.

    Indicators, regions, plans, agencies and sources by name, values with unit and decimals of their
    indicator, gaps as "kurang" or "lebih", households in hundreds, statuses as marks. A column the
    catalogue does not know keeps its name and its values. sources: RegionData.sources, for `source_id`.
    """
    titles = {} if sources is None else sources.set_index("source_id")["title"].to_dict()
    found, roles = pd.DataFrame(index=range(len(frame))), [*set(frame.get("role", [])) - {None}]
    role = roles[0] if len(roles) == 1 and roles[0] != "context" else "either"
    for column in columns.split() or frame.columns:
        if column == "rank_range" and frame["lower"].isna().all():
            continue  # what is reported has no known noise
        cells = [cell(column, row, titles) for row in frame.to_dict("records")]
        found[head(column, role)] = pd.Series(cells, dtype=object)
    return found


def fact_amount(value, row) -> str:
    """A quantity of the register of local facts with its own unit."""
    value = float(value)
    decimals = 0 if value == round(value) else 2
    return wording.with_unit(number(value, decimals, language()), unit_words(row["unit"]), language())


def cell(column: str, row: dict, titles: dict):
    """One figure or code of a frame as a reader expects it; an en dash for what is missing."""
    value = row.get("quantity" if column == "fact_amount" else column)
    if column == "status" and (value in MARKS or pd.notna(row.get("gap"))):
        return status_words(row)
    if column in ("option", "precondition"):
        return capital(row[localised(column)])
    if column == "rank_range":
        return wording.rank_range(row)
    if value is None or value is pd.NA or value == "" or (not isinstance(value, str) and pd.isna(value)):
        return "–"
    if column in WRITTEN:
        return WRITTEN[column](value, row)
    return as_written(titles.get(value, value), language()) if column == "source_id" else value


def chance(value, row) -> str:
    """ "<1%", "34%", ">99%"."""
    return "<1%" if value < 0.01 else ">99%" if value > 0.99 else percent(100 * value, 0, language())


def reached(value, row) -> str:
    """ "51.100 rumah tangga"; what is in words already stays."""
    return value if isinstance(value, str) else f"{counted(value)} {unit_words(row['unit'])}"


def used(value, row) -> str:
    """Whether a figure is the one that stands for its year, and that it is doubted where the checks noted something."""
    return words().label("no" if not value else "doubted" if row.get("doubtful") else "yes")


def said(section: str):
    """How a column of codes is written: the words of a section of the catalogue."""
    return lambda value, row: words().texts[section].get(f"{value}", value)


def found_text(value, row) -> str:
    """The content of a cell as pages write numbers; where its digits are in doubt, as it stands."""
    if row.get("rule") in DIGITS_IN_DOUBT or not PLAIN_NUMBER.fullmatch(value):
        return value
    return number(float(value), len(value.partition(".")[2]), language())


def measured(value, row) -> str:
    """A measure of inequality: two decimals."""
    return number(value, 2, language())


def shown_change(value, row) -> str:
    """A change as the difference of the two figures shown; a direction word in words."""
    if isinstance(value, str):
        return words().texts["move"][value]
    return number(wording.shown(row["end"], 2) - wording.shown(row["start"], 2), 2, language())


MEASURES = ("bgsd", "difference_from_best", "theil", "mld", "ratio_of_extremes")
TALLIES = (
    "files", "candidates", "observations", "rejected", "missing", "issues", "issues_inside", "regions_count",
    "values_count", "n_regions",
)  # fmt: skip
QUOTED = ("what", "fact", "note", "source", "title", "publisher")  # texts of the data, which are Indonesian
YEARS = (
    "year", "value_year", "target_year", "rank", "first_year", "last_year", "used_year", "year_reached", "years",
)  # fmt: skip
MODELLED = (
    "median", "lower", "upper", "median_2030", "slow_2030", "share_unserved_pct", "share_households_pct",
)  # fmt: skip
PACES = ("required_pp_per_year", "observed_pp_per_year", "recent_pp_per_year", "projected_pp_per_year")
ESTIMATES = (  # households in hundreds
    "unserved", "unserved_households", "to_come", "households_per_year", "correction_part", "trend_part",
    "additional_part",
)  # fmt: skip
WRITTEN = {  # column -> how its values are written
    **dict.fromkeys(YEARS, lambda value, row: wording.year(value)),
    **dict.fromkeys(TALLIES, lambda value, row: number(value, 0, language())),
    **dict.fromkeys((*MEASURES, "start", "end", "change_lower", "change_upper"), measured),
    "change": shown_change,
    "weighted_mean": lambda value, row: share(value),
    "measure": lambda value, row: head(value),
    "word": said("gap_word"),
    "rule": said("rule"),
    "layout": said("layout"),
    "severity": lambda value, row: words().label(f"severity_{value}"),
    "text": found_text,
    **dict.fromkeys(MODELLED, lambda value, row: share(value)),
    **dict.fromkeys(PACES, lambda value, row: number(value, 1, language())),
    "closed_2030_pct": lambda value, row: percent(value, 0, language()),
    **dict.fromkeys(ESTIMATES, lambda value, row: counted(value)),
    **dict.fromkeys(QUOTED, lambda value, row: as_written(value, language())),
    "indicator": lambda value, row: name(value),
    "value": lambda value, row: amount(row["indicator"], value, row.get("origin")),
    "target": lambda value, row: amount(row["indicator"], value),
    **dict.fromkeys(("used_value", "urban", "rural"), lambda value, row: amount(row["indicator"], value)),
    "difference": lambda value, row: number(value, 2, language()),
    "attainment_pct": lambda value, row: percent(value, 2, language()),
    "framework": lambda value, row: plan(value),
    "gap": lambda value, row: wording.gap_text(row, words()),
    "probability": chance,
    "quantity": lambda value, row: wording.with_unit(
        number(value, 0, language()), unit_words(row["unit"]), language()
    ),
    "reach": reached,
    "fact_amount": fact_amount,
    "lead": lambda value, row: capital(agency(value, row["lead_of"])),
    "agency": lambda value, row: capital(agency(value)),
    "actor": said("actor"),
    "period": said("period"),
    "state": said("commitment"),
    "is_governing": used,
    "method": said("method"),
    "verdict": said("verdict"),
}


# First screen


def title(data) -> Text:
    """The name of the region as the heading of the page."""
    return Text(f"# {data.full_name}")


def source(frame: pd.DataFrame, data) -> Text:
    """What a chart of `frame` shows and whose figures they are: units, publishers, years; "" for no figures.

    frame: [indicator, and where known region_code, year or value_year, source_id or value_source_id]; households a
    year have needed() for a unit.
    """
    counts = [needed(frame)] if "households_per_year" in frame and len(frame) else []
    units = counts or [wording.unit_of(code, language()) for code in frame["indicator"].unique()]
    rows = frame.rename(columns={"value_source_id": "source_id", "value_year": "year"})
    if "source_id" not in rows:
        known = data.dataset.observations
        known = known[known["is_governing"] & known["indicator"].isin(rows["indicator"])]
        for column in {"year", "region_code"} & set(rows):
            known = known[known[column].isin(rows[column])]
        rows = known
    register = data.dataset.sources.set_index("source_id")
    names = register["publisher"].mask(register["layout"] == "turunan", words().label("own_calculation"))
    publishers = dict.fromkeys(
        name.partition(",")[0] for name in names.reindex(rows["source_id"].unique()).dropna()
    )
    if {"households_per_year", "unserved_households"} & set(frame):  # of an estimate of how many there are
        publishers[words().label("own_calculation")] = None
    rows = rows.dropna(subset="year").sort_values("year")
    years = dict.fromkeys(rows["year"].astype(int))
    if not publishers or not years:
        return Text("")
    inferred = register.index[register["note"].str.contains("disimpulkan")]
    inferred = set(rows.loc[rows["source_id"].isin(inferred), "year"])
    said = [
        words().say("chart.inferred", year=str(year)) if year in inferred else str(year) for year in years
    ]
    return text(
        "chart.source",
        unit=listed(dict.fromkeys(units)),
        publishers=listed(publishers),
        years=listed(said) if len(said) < 3 else f"{min(years)}–{max(years)}",
    )


def label(key: str) -> Text:
    """A fixed heading of the catalogue."""
    return Text(words().label(key))


# What is known of a standing() only.
ROW = (
    "origin", "newer_value", "newer_origin", "ahead_year", "course", "rank", "rank_low", "rank_high", "country_rank",
    "country_rank_low", "country_rank_high",
)  # fmt: skip


def rows(standing: pd.DataFrame, lines: dict[str, str] | None = None) -> pd.DataFrame:
    """The rows of the first screen, for pkp.show: name, mark, value and year, small line, target and gap, places.

    standing: RegionData.standing(), or the goals of own_plan(), which have no place and nothing newer; lines:
    indicator -> small line of its years (pkp.charts.spark).
    """
    cells = []
    standing = standing.reindex(columns=dict.fromkeys([*standing.columns, *ROW]))
    for row in standing.to_dict("records"):
        code, known = row["indicator"], pd.notna(row["value"])
        key, said = "value", value_words(row) | {"reporter": reporter("agency")} if known else {}
        if known and pd.notna(row["newer_value"]):
            key = "value_beside" if row["newer_origin"] == "agency" else "value_newer"
            said["newer"] = amount(code, row["newer_value"], row["newer_origin"])
            said["newer_year"] = wording.year(row["newer_year"])
        elif known and row["origin"] == "agency":
            key = "value_by"
        value = text(f"first.{key}", **said) if known else "–"
        line = (lines or {}).get(code, "")
        cells.append([name(code), status_words(row), str(value), line, goal_words(row), place_words(row)])
    heads = ("indicator", "status", "value", "course", "aim", "place")
    frame = pd.DataFrame(cells, columns=[head(key) for key in heads])
    return frame.drop(columns=[column for column in frame if frame[column].isin(["", "–"]).all()])


def status_words(row):
    """The mark of a row, with what its word leaves out, or what stands in its place: that it is not sure what the
    figure counts, on the first screen the course of what is reported, else that nothing is judged.
    """
    if isinstance(row.get("also_stated"), str):
        return words().label("unsure_status")
    mark = mark_of(row)
    if mark is None:
        return own_course(row) or words().label("no_status")
    return chip(wording.judged(row, language())) if wording.qualifier(row, words()) else mark


def own_course(row) -> str:
    """The course of what is reported, in the place of a status: "turun dari 74,63% (2019)", "bertahan"; "" for none."""
    if not isinstance(row.get("course"), str):
        return ""
    first = amount(row["indicator"], row["since_value"], row["origin"])
    return words().say(f"first.own_{row['course']}", first=first, first_year=wording.year(row["since_year"]))


def value_words(row) -> dict:
    value = amount(row["indicator"], row["value"], row["origin"])
    return {"value": value, "year": wording.year(row["value_year"])}


def goal_words(row) -> str:
    """ "90% (RPJMN 2024); kurang 32,29 persen poin; 100% (RPJMN 2029)", "100% (RPJMN 2024 dan 2029)"."""
    if pd.isna(row["target"]):
        return "–"
    said = {"target": amount(row["indicator"], row["target"]), "plan": plan_year(row)}
    if row.get("quoted"):
        said["plan"] += f", {words().label('quoted')}"
    if pd.isna(row.get("ahead_year")):
        return aimed(row, words().say("first.aim", **said))
    plan = plan_year({"framework": row["ahead_framework"], "target_year": row["ahead_year"]})
    if row["ahead_target"] == row["target"]:
        year = plan.removeprefix(f"{wording.plan_name(row['framework'])} ")
        return aimed(row, words().say("first.aim_both", ahead_year=year, **said))
    target, told = amount(row["indicator"], row["ahead_target"]), aimed(row, words().say("first.aim", **said))
    return words().say("first.aim_ahead", told=told, target=target, plan=plan)


def aimed(row, aim: str) -> str:
    """A target with how much is missing, where that is known."""
    if pd.isna(row["value"]) or pd.isna(row["gap"]):
        return aim
    told = f"{aim}; {wording.gap_text(row, words())}"
    return f"{told}, {words().label('unsure_mark')}" if isinstance(row.get("also_stated"), str) else told


def place_words(row) -> str:
    """ "8–10 dari 13 di provinsi; 455–477 dari 511 nasional"; what is not known is left out, "" for none."""
    country = "country" if row["origin"] == "survey" else "country_reported"
    parts = [
        words().say(f"first.{key}", rank=rank_words(row, group), of=str(int(row[f"{group}of"])))
        for key, group in (("place", ""), (country, "country_"))
        if pd.notna(row[f"{group}rank"])
    ]
    return "; ".join(parts)


def rank_words(row, group: str = "") -> str:
    """The places of RegionData.place() that a region may hold: "3", "2–5"; group: "" among the regencies, "country_"
    among all.
    """
    low, high = (int(row[f"{group}rank_{end}"]) for end in ("low", "high"))
    return f"{low}–{high}" if low < high else str(low)


def next_step(options: pd.DataFrame, focus: str = "") -> Text:
    """The option of the region itself for the `focus` indicator, what can be done this year first."""
    if not options["own"].any():
        return text("first.no_next")
    return text("first.next", **option_words(next_option(options, focus)))


def next_option(options: pd.DataFrame, focus: str) -> pd.Series:
    """The own option to decide first: of the focus indicator where it has one, of this year before later ones."""
    own = options[options["own"]]
    own = own.sort_values("period", key=lambda periods: periods != "tahun_ini", kind="stable")
    return focused(own, focus).iloc[0]


def focused(options: pd.DataFrame, focus: str) -> pd.DataFrame:
    """The options, those of the focus indicator first."""
    return options.sort_values("indicator", key=lambda codes: codes != focus, kind="stable")


def option_words(row) -> dict:
    return {
        "period": words().texts["period"][row["period"]],
        "option": row[localised("option")],
        "lead": agency(row["lead"], row["lead_of"]),
        "precondition": row[localised("precondition")],
    }


# The story


def headline(story: pd.DataFrame, data) -> Text:
    """The most distinctive true facts of the region in one sentence, in bold."""
    clauses, signs, first = [], [], None
    for row in story.to_dict("records"):
        clauses.append(clause(row, data, first))
        signs.append(row["sign"])
        first = first or row
    plans = data.own_plan() if clauses and data.kind == "provinsi" else ()
    if len(plans):
        clauses.append(tally("story.own_plan", plans))
    if not clauses:
        return Text(f"**{capital(words().say('story.none', **context(data)))}.**")
    told = words().texts["story"]["same" if len(set(signs)) < 2 else "but"].join(clauses)
    if not len(plans) and set(story["kind"]) <= {"level", "burden"} and story["year"].nunique() == 1:
        told = words().say("story.dated", told=told, year=wording.year(story["year"].iloc[0]))
    return Text(f"**{capital(told)}.**")


def clause(row: dict, data, first: dict | None) -> str:
    """What one fact adds to the headline; `first` is the fact before it."""
    key, values = fact_key(row), fact_words(row, data)
    if first is not None and key not in ("middle", "middle_gap", "none"):
        also = key in ("lowest", "highest") and fact_key(first) == key
        key = f"{'also' if also else 'and'}_{key}"
    told = words().say(f"story.{key}", **values)
    by = row["kind"] in ("level", "change") and row["origin"] != "survey"
    by &= "country" not in key  # its members are those that report
    return words().say("story.by", told=told, reporter=reporter(row["origin"])) if by else told


def fact_key(row: dict) -> str:
    """Which sentence tells a fact of RegionData.story()."""
    if row["kind"] == "level":
        if pd.isna(row["rank"]):
            return f"country{sure_side(row, 'country_')[0]}"
        if row["rank"] in (1, row["of"]) and row["rank_low"] == row["rank_high"]:
            return "highest" if row["rank"] == 1 else "lowest"
        group = "country_" if edge(row, "country_") < edge(row, "") else ""  # the place that says more
        return f"{'country' if group else 'level'}{sure_side(row, group)[0]}"
    if row["kind"] == "change":
        key = "rise" if row["value"] > row["first_value"] else "fall"
        return f"likely_{key}" if str(row["word"]).startswith("likely") else key
    if row["kind"] == "middle":
        return "middle" if pd.isna(row.get("households")) else "middle_gap"
    return row["kind"]


def edge(row: dict, group: str) -> float:
    """How near a place lies to either end of its group, as a share of the group; infinite for no place."""
    rank, of = row[f"{group}rank"], row[f"{group}of"]
    return min(rank, of + 1 - rank) / of if pd.notna(rank) else float("inf")


def sure_side(row: dict, group: str) -> tuple[str, str]:
    """("_low", "dua") for a place surely among the two lowest, ("_high", "sepertiga") for one surely in the highest
    third; ("", "") where the places it may hold are on both sides of the middle. group: as in rank_words().
    """
    low, high, of = (row[f"{group}{key}"] for key in ("rank_low", "rank_high", "of"))
    side = "_low" if low > of / 2 else "_high"
    count = int(of - low + 1 if side == "_low" else high)
    if count <= MOST_COUNTED:
        return side, wording.count_word(count, words())
    part = next((part for part in PARTS if count * part <= of), None)
    return (side, words().texts["story"][f"part_{part}"]) if part else ("", "")


def fact_words(row: dict, data) -> dict:
    """Everything a sentence on a fact may name."""
    code, say = row["indicator"], words()
    found = context(data) | {"text": row.get("text", "")}
    if isinstance(row.get("origin"), str):
        found["reporter"] = reporter(row["origin"])
        if row["origin"] != "survey":
            found["country_members"] = say.say("story.reporting", members=found["country_members"])
    if not isinstance(code, str):
        return found
    value, first = (amount(code, row[key], row.get("origin")) for key in ("value", "first_value"))
    found |= {
        "name": noun(code),
        "value": value,
        "first": first,
        "statement": say.say(say.indicator("statement", code), name=noun(code), value=value),
        "households": counted(row["households"]),
        "share": ranged(row["share"], row["share_low"], row["share_high"]),
        "share_all": share(row["share_all"]),
        "part": fraction(
            row["value"] if data.indicators.at[code, "direction"] == "down" else 100 - row["value"]
        ),
        "place": say.texts["story"][f"most{certainty(row)}" if row["burden_place"] == 1 else "second_most"],
        "strength": say.texts["story"]["sure" if row["word"] in ("rising", "falling") else "likely"],
        "yardstick": yardstick(row),
        "count": "" if pd.isna(row["sharing"]) else wording.count_word(int(row["sharing"]), say),
    }
    for key in ("year", "first_year", "of", "country_of"):
        found[key] = "" if pd.isna(row[key]) else str(int(row[key]))
    for group in ("", "country_"):
        if pd.notna(row[f"{group}rank"]):
            found["country_part" if group else "rank_count"] = sure_side(row, group)[1]
        found[f"{group}rank"] = "" if pd.isna(row[f"{group}rank"]) else rank_words(row, group)
    if pd.notna(row.get("target")):
        found["target"] = amount(code, row["target"])
    return found


def facts(story: pd.DataFrame, data) -> Text:
    """The facts of the headline with their figures, years and places."""
    texts, rows = [], story.to_dict("records")
    if alike_levels(rows, data):
        first, second = (fact_words(row, data) for row in rows)
        first |= {f"next_{key}": value for key, value in second.items()}
        return text("story.fact_levels", **first)
    for row in rows:
        key = fact_key(row).removeprefix("likely_")
        if row["kind"] == "level":
            key = "level" if pd.notna(row["rank"]) else "country"
        if key in ("rise", "fall") and data.indicators.at[row["indicator"], "origin"] != "survey":
            key = "reported"
        is_unplaced = key == "level" and pd.isna(row["country_rank"])
        if not is_unplaced and key not in ("middle", "middle_gap", "none"):
            texts.append(text(f"story.fact_{key}", **fact_words(row, data)))
        texts += [managed(data)] if key == "reported" and row["indicator"] == HANDLED else []
    return paragraph(*texts)


def alike_levels(rows: list[dict], data) -> bool:
    """Whether both facts are levels that one survey of one year tells, so that one sentence can hold them."""
    surveyed = [
        data.indicators.at[row["indicator"], "origin"] == "survey" for row in rows if row["kind"] == "level"
    ]
    same = len({row["year"] for row in rows}) == 1 and all(pd.notna(row["country_rank"]) for row in rows)
    return len(rows) == 2 and surveyed == [True, True] and same


# So what


def state(data, story: pd.DataFrame) -> Text:
    """Who lives without, and whether that grows or shrinks, without what the story's facts have told already."""
    standing = data.standing().set_index("indicator")
    needs = data.households()
    parts, years, before = [], set(), ""
    burdens = story.loc[story["kind"] == "burden", "indicator"].tolist()
    of_survey = story["indicator"].isin(codebook.headline("survey"))
    told = story.loc[
        (story["kind"] == "change") | (story["kind"].eq("level") & ~of_survey), "indicator"
    ].tolist()
    widest = needs.drop_duplicates("indicator")
    widest = widest.sort_values(["value_year", "unserved"], ascending=False, kind="stable")
    for row in widest.itertuples():
        is_fresh = row.value_year >= data.report_year - 3  # an older share says little of those without today
        if pd.notna(row.unserved) and row.unserved > 0 and row.indicator not in burdens and is_fresh:
            values = {
                "part": fraction(row.without),
                "households": counted(row.unserved),
                "name": noun(row.indicator),
                "year": wording.year(row.value_year),
            }
            key = f"without_{'next' if parts else 'first'}"
            key += "_dated" if row.value_year < data.report_year else ""
            key = "without_same" if key == "without_next" and values["part"] == before else key
            before = values["part"]
            parts.append(words().say(f"state.{key}", **values))
            years |= set() if key.endswith("_dated") else {row.value_year}
    said = {"parts": listed(parts), "years": listed(map(wording.year, sorted(years)))}
    texts = [text("state.without" if years else "state.without_old", **said)] if parts else []
    rest = [code for code in standing.index if code not in told and len(data.points(code)) > 1]
    unsure = [code for code in rest if data.change(code) and largest_jump(data.points(code)) is None]
    unsure = [code for code in unsure if data.change(code) not in ("rising", "falling")]
    groups: dict[str, list[str]] = {}
    for code in unsure:
        groups.setdefault(data.change(code), []).append(code)
    clauses = [
        words().say(f"state.all_{change}", items=listed(moved(data.points(code)) for code in codes))
        for change, codes in groups.items()
    ]
    texts += [Text(f"{capital('; '.join(clauses))}.")] if clauses else []
    texts += [course(data.points(code), data.change(code)) for code in rest if code not in unsure]
    is_told = HANDLED in story.loc[story["kind"] == "change", "indicator"].tolist()
    return paragraph(*texts, "" if is_told else managed(data))


def managed(data) -> Text:
    """The course of what is handled or reduced, or its figure beside the stricter one that leaves open dumps out;
    "" where neither is known.
    """
    both, strict = (data.points(code) for code in (MANAGED, STRICT))
    beside = both[both["year"].isin(strict["year"])].to_dict("records")
    texts = [course(both)] if len(both) > 1 and not beside else []
    for row in beside:
        stricter = strict[strict["year"] == row["year"]].iloc[0]
        publisher = data.sources.set_index("source_id").at[stricter["source_id"], "publisher"]
        said = figure(row) | {"strict": figure(stricter)["value"], "publisher": quoting(publisher)}
        texts.append(text("state.strict", **said))
    return paragraph(*texts)


def fraction(percentage: float) -> str:
    """A percentage in words: "satu dari tiga"."""
    key = next(key for most, key in FRACTIONS if percentage <= most)
    return words().say(f"fraction.{key}", count=wording.count_word(round(percentage), words()))


def moved(points: pd.DataFrame) -> str:
    """An indicator with its first and last figure."""
    return words().say("state.moved", **ends(points))


def ends(points: pd.DataFrame) -> dict:
    """Name, first and last figure of the points of an indicator, with their years."""
    code, first, last = points["indicator"].iloc[0], points.iloc[0], points.iloc[-1]
    return {
        "name": noun(code),
        "first": amount(code, first["value"], first["origin"]),
        "first_year": wording.year(first["year"]),
        "value": amount(code, last["value"], last["origin"]),
        "year": wording.year(last["year"]),
    }


def sanctions(data, is_apart: bool = False) -> Text:
    """What was reported of sanctions on the landfills of a regency, as it was on its date; "" for none. is_apart: it
    follows on a report that says otherwise.
    """
    found = [] if data.region_code == data.province_code else data.sanctions().to_dict("records")
    key = "landfill.sanction_apart" if is_apart else "landfill.sanction"
    values = (
        {"source": row["source"], "text": row["text"], "year": wording.year(row["year"])} for row in found
    )
    return paragraph(*(text(key, **one) for one in values))


def landfills(data, told: pd.DataFrame) -> Text:
    """How the landfills of a regency are run, by their last report that says so, and sanctions on them; of a
    province which regencies dump openly. "" where the story (`told`) has said it.
    """
    found, fined = data.landfills(), sanctions(data)
    if data.region_code == data.province_code:
        dumped = found[found["method"] == "open"]
        parts = listed(
            words().say(
                "landfill.reported",
                year=wording.year(year),
                names=listed(dict.fromkeys(subject(code).name for code in rows)),
            )
            for year, rows in sorted(dumped.groupby("method_year")["region_code"], reverse=True)
        )
        key = "province"
    else:
        found = found[found["region_code"] == data.region_code]
        is_dated = (found["method_year"] < found["year"]).any()  # then each bears the year of its report
        items = [
            words().say(
                f"landfill.{method or 'unknown'}{'' if len(rows) == 1 else '_many'}",
                name=listed(
                    words().say("landfill.dated", name=row["name"], year=wording.year(row["method_year"]))
                    if is_dated and row["method"]
                    else row["name"]
                    for row in rows.to_dict("records")
                ),
            )
            for method, rows in found.groupby("method", sort=False)
        ]
        key, parts = "own_dated" if is_dated else "own", listed(items)
    if not parts or (told["kind"] == "local").any():
        return fined
    own = text(f"landfill.{key}", parts=parts, year=wording.year(found["year"].max()))
    fined = sanctions(data, is_apart=not (found["method"] == "open").any())
    return paragraph(own, otherwise_run(found, data.landfills()) if key != "province" else "", fined)


def otherwise_run(own: pd.DataFrame, reported: pd.DataFrame) -> Text:
    """Which other regencies report a landfill that both use as run in another way."""
    both = reported.merge(own[["name", "method"]], on="name", suffixes=("", "_here"))
    both = both[
        (both["method"] != "") & (both["method_here"] != "") & (both["method"] != both["method_here"])
    ]
    texts = []
    for (name, method), rows in both.groupby(["name", "method"]):
        names = listed(subject(code).name for code in rows["region_code"])
        texts.append(text(f"landfill.elsewhere_{method}", name=name, regions=names))
    return paragraph(*texts)


def course(points: pd.DataFrame, change: str | None = None) -> Text:
    """What the years of an indicator show: a sentence, and the title of its chart without the full stop.

    points: RegionData.points(); change: RegionData.change(), the direction word the method allows.
    """
    if points.empty:
        return Text("")
    points = points[points["origin"] == points["origin"].iloc[-1]]  # a report continues no survey
    code, last, values = points["indicator"].iloc[0], points.iloc[-1], ends(points)
    if last["origin"] != "survey":
        values["reporter"] = reporter(last["origin"])
        if len(points) == 1:
            return text("state.reported_one", **values)
        word, named = reported_course(points)
        told, when = amount(code, named["value"], named["origin"]), wording.year(named["year"])
        if word in ("rising", "falling"):
            values |= {"first": told, "first_year": when}
            if years := main_step(points, named):
                word = f"{word}_step"
                values |= dict(zip(("jump_from", "jump_to"), map(wording.year, years)))
        if word in ("flat", "except"):
            values["value"] = outermost(points)
        if word == "except":
            points = points[points["year"] != named["year"]]
            values |= {"named": told, "named_year": when}
        if word in ("rose_then_fell", "fell_then_rose"):
            values |= {"end": told, "end_year": when}
        for key, end in (("low", points["value"].min()), ("high", points["value"].max())):
            values[key] = amount(code, end, last["origin"])
        return text(f"state.reported_{word}", **values)
    if len(points) == 1:
        return text("state.single", **values)
    jump = largest_jump(points)
    if jump is not None:
        since = points[points["year"] == jump["jump_to"]].iloc[0]
        values |= {key: wording.year(value) for key, value in jump.items()}
        values |= {"since": wording.year(since["year"]), "since_value": amount(code, since["value"])}
        return text("state.flat", **values)
    return text(f"state.{change or 'indistinct'}", **values)


def outermost(points: pd.DataFrame) -> str:
    """The last figure of an indicator; that it is the lowest or the highest of the points where it alone is."""
    others, last = points["value"].iloc[:-1], points["value"].iloc[-1]
    said = amount(points["indicator"].iloc[0], last, points["origin"].iloc[-1])
    key = "lowest" if last < others.min() else "highest" if last > others.max() else ""
    return words().say(f"state.last_{key}", value=said) if key else said


def course_title(points: pd.DataFrame, data) -> Text:
    """The sentence of course() as the title of its chart."""
    return Text(course(points, data.change(points["indicator"].iloc[0])).rstrip("."))


def largest_jump(points: pd.DataFrame) -> dict | None:
    """The years of the largest yearly rise when the series has hardly moved since; None elsewhere."""
    if len(points) < 6:
        return None
    steps = points["value"].diff()
    place = steps.to_numpy()[1:].argmax() + 1
    since = points["value"].iloc[-1] - points["value"].iloc[place]
    if place > len(points) - 4 or abs(since) >= FLAT or steps.iloc[place] < 2 * FLAT:
        return None
    return {"jump_from": points["year"].iloc[place - 1], "jump_to": points["year"].iloc[place]}


# Now what, and what is not known


def decide(options: pd.DataFrame, focus: str = "") -> Text:
    """The one or two things to decide, with whom: the focus indicator first, of each what serves somebody."""
    own = focused(options[options["own"]], focus)
    if own.empty:
        return text("state.keep") if options.empty else Text("")
    own = own[own["reach"].notna()] if own["reach"].notna().any() else own
    texts = []
    step = next_option(options, focus)["option"]
    for place, row in enumerate(own.drop_duplicates("indicator").head(2).to_dict("records")):
        key = "_unknown" if pd.isna(row["reach"]) else "_step" if row["option"] == step else ""
        address = f"state.decide{'_next' if place else key}"
        texts.append(text(address, name=noun(row["indicator"]), **option_words(row)))
    return paragraph(*texts)


def unknown(data) -> Text:
    """What is not known, in one sentence."""
    things = []
    goals = data.goals()
    own = goals[(goals["role"] == "own") & (goals["target_year"] >= data.report_year)]
    about = subject(data.region_code)
    if own.empty:
        is_province = data.kind in ("provinsi", "negara")
        address = "missing.own_target_province" if is_province else "missing.own_target"
        things.append(words().say(address, kind=wording.kind_word(about, language())))
    for row in data.missing().to_dict("records"):
        thing = since(row["indicator"], row["last_year"])
        if pd.isna(row["last_year"]):
            thing = words().say("missing.asked", name=thing, agency=agency(row["agency"]))
        if not pd.isna(row["doubted_year"]):
            thing = words().say("missing.doubted", thing=thing, year=wording.year(row["doubted_year"]))
        things.append(thing)
    due = data.assessment.query("role == 'own' and governs and status == 'insufficient_data'")
    due = due[(due["target_year"] <= data.report_year) & (data.kind in LEVELS["regency"])]
    for row in due.to_dict("records"):
        target = amount(row["indicator"], row["target"])
        values = {"name": noun(row["indicator"]), "year": wording.year(row["target_year"]), "target": target}
        things.append(words().say("missing.own_value", **values))
    return text("missing.list", things=listed(things)) if things else Text("")


def since(indicator: str, last_year: float) -> str:
    """What is not known: "hunian layak", and "penanganan sampah setelah 2024" where older figures are."""
    if pd.isna(last_year):
        return noun(indicator)
    return words().say("missing.since", name=noun(indicator), year=wording.year(last_year))


# Targets


def goals_title(goals: pd.DataFrame) -> Text:
    """Which indicators of the chart of targets reach theirs and which do not, of those judged (due or reached).

    goals: what charts.attainment draws; the headline row of each indicator bears its mark.
    """
    drawn = goals[goals["value"].notna() & goals["target"].notna()]
    drawn = drawn.sort_values("is_headline", ascending=False, kind="stable").drop_duplicates("indicator")
    judged = drawn[drawn["status"].isin(["achieved", "not_achieved", "below_reference"])]
    if judged.empty:
        return text("goal.title_none_due")
    is_met, years = judged["status"] == "achieved", judged["target_year"].unique()
    is_near = judged["near_target"].eq(True) & ~is_met
    kinds = (is_met, ~is_met & ~is_near, is_near)
    universal = f" ({words().label('near_universal_mark')})"
    names = [
        noun(row.indicator) + (universal if row.status == "achieved" and row.gap > 0 else "")
        for row in judged.itertuples()
    ]
    met, missed, near = (listed(name for name, is_kept in zip(names, kept) if is_kept) for kept in kinds)
    is_reference = (judged["role"] == "reference").all()
    yardstick = words().label("national_reference" if is_reference else "target_or_reference")
    if len(years) == 1:
        yardstick = words().say("goal.of_year", yardstick=yardstick, year=wording.year(years[0]))
    key = "both" if met and missed else "met" if met else "missed"
    title = text(f"goal.title_{key}", met=met, missed=missed, yardstick=yardstick) if met or missed else ""
    if near and title:
        yardstick = words().label("reference" if is_reference else "target_or_reference")
    about = words().say("goal.title_near", names=near, yardstick=yardstick) if near else ""
    return (
        text("goal.title_also", title=title, near=about) if title and about else Text(title or capital(about))
    )


def own_plan(goals: pd.DataFrame, data) -> Text:
    """How many targets of the region's own plan were met in its last year judged (the headline of a province says so),
    and of which figures it is unsure what they count; "" without any. The figures of several stand in their table.
    """
    goals = goals[(goals["value_year"] == goals["target_year"]) & goals["value"].notna()]
    if goals.empty:
        return Text("")
    if len(goals) == 1:
        key = "own_met" if goals["status"].iloc[0] == "achieved" else "own_missed"
        return text(f"goal.{key}", plan=plan(goals["framework"].iloc[0]), **own_words(goals.iloc[0]))
    doubted = goals[goals["also_stated"].notna()].to_dict("records")
    unsure = [text("goal.own_unsure", other=noun(row["also_stated"]), **own_words(row)) for row in doubted]
    for source in goals.loc[goals["quoted"], "source"].unique():
        said = ", ".join(date_words(part, language()) for part in source.split(", ")[-2:])
        unsure.insert(0, text("goal.own_quoted", plan=plan_year(goals.iloc[0]), source=said))
    return paragraph("" if data.kind == "provinsi" else tally("goal.own", goals), *unsure)


def tally(address: str, goals: pd.DataFrame) -> Text:
    """How many targets of RegionData.own_plan() are met; how many are missed where it is not sure what one that is met
    counts.
    """
    is_met = goals["status"] == "achieved"
    key = "_left" if goals.loc[is_met, "also_stated"].notna().any() else ""
    count, first = (~is_met if key else is_met).sum(), goals.iloc[0]
    said = {"count": wording.count_word(count, words()), "total": wording.count_word(len(goals), words())}
    said |= {"plan": plan(first["framework"]), "short": wording.plan_name(first["framework"])}
    return Text(words().say(f"{address}{key}", year=wording.year(first["target_year"]), **said))


def own_words(row) -> dict:
    code = row["indicator"]
    return {
        "name": noun(code),
        "value": amount(code, row["value"], "agency"),
        "target": amount(code, row["target"]),
        "year": wording.year(row["target_year"]),
    }


def own_title(goals: pd.DataFrame) -> Text:
    """The title of the table of the region's own plan."""
    names = dict.fromkeys(plan(framework) for framework in goals["framework"])
    return text("goal.own_title", plan=listed(names)) if len(goals) else text("goal.own_none")


# Trends


def outlook(projections: pd.DataFrame, data) -> Text:
    """The pace that the targets of the last year ask for, beside the pace so far where its direction is known, and
    how much of the distance to them the median closes, once for all indicators.

    projections: RegionData.projection() of one year; only indicators with a target of that year are told.
    """
    groups, yardsticks, falling, lower, paces, notes, since = {}, {}, [], [], [], [], set()
    for row in projections.itertuples():
        goal = data.goals(row.indicator).query("target_year == @row.year")
        if goal.empty:
            continue
        start, target = data.points(row.indicator)["value"].iloc[-1], goal["target"].iloc[0]
        key = closed(start, row.median, goal.iloc[0]), amount(row.indicator, target)
        low, high = share(row.lower), share(row.upper)
        groups.setdefault(key, []).append(f"{noun(row.indicator)} {share(row.median)} ({low}–{high})")
        yardsticks[yardstick(goal.iloc[0])] = None
        lower += [noun(row.indicator)] if key[0] != "reached" and row.lower < start else []
        falling += [noun(row.indicator)] if key[0] != "reached" and is_opposed(row, data) else []
    if not groups:
        return Text("")
    parts = []
    for (key, target), found in groups.items():
        parts.append(words().say(f"course.{key}", target=target, items=listed(found)))
    for row in data.pace().itertuples():
        years = data.points(row.indicator)["year"]
        is_known = (
            data.change(row.indicator) != "indistinct" and largest_jump(data.points(row.indicator)) is None
        )
        values = {"name": noun(row.indicator), "years": f"{years.iloc[0]}–{years.iloc[-1]}"}
        values |= {"needed": number(row.required_pp_per_year, 1, language())}
        values |= {"seen": number(row.observed_pp_per_year, 1, language())}
        key = "part" if not is_known else "seen" if pd.isna(row.recent_pp_per_year) else "recent"
        values |= {"recent": number(row.recent_pp_per_year, 1, language())} if key == "recent" else {}
        paces.append(words().say(f"course.pace_{key}", **values))
        since.add(wording.year(years.iloc[-1]))
        is_recent = pd.notna(row.recent_pp_per_year)
        own = row.recent_pp_per_year if is_recent else row.observed_pp_per_year
        if own < row.projected_pp_per_year / 2 and noun(row.indicator) not in falling:
            first = years.iloc[-1] - RECENT if is_recent else years.iloc[0]
            slower = {"name": noun(row.indicator), "years": f"{first}–{years.iloc[-1]}"}
            slower |= {"projected": number(row.projected_pp_per_year, 1, language())}
            slower |= {"recent": number(own, 1, language())}
            notes.append(text("course.slower", **slower))
    pace = (
        text(
            "course.pace",
            yardstick=listed(yardsticks),
            since=listed(sorted(since)),
            year=str(HORIZON),
            parts=listed(paces),
        )
        if paces
        else ""
    )
    key = "outlook_opposed" if falling else "outlook"
    said = {"year": str(HORIZON), "parts": "; ".join(parts)}
    told = text(f"course.{key}", opposed=listed(falling), **said)
    may_fall = text("course.may_fall", names=listed(lower)) if lower else ""
    return paragraph(pace, told, may_fall, *notes)


def pace_title(pace: pd.DataFrame) -> Text:
    """The title of the table of paces: what the last year would be if progress slowed to half."""
    parts = []
    for row in pace.itertuples():
        said = {"name": noun(row.indicator), "slow": share(row.slow_2030), "median": share(row.median_2030)}
        parts.append(words().say("course.slow_part", **said))
    return Text(words().say("course.slow", year=str(HORIZON), parts=listed(parts)))


def closed(start: float, end: float, goal) -> str:
    """How much of the distance from `start` to a goal is gone at `end`: reached, most, some, little or none."""
    sign = 1 if goal["direction"] == "up" else -1
    met_from = threshold(goal["target"], goal["direction"])
    if sign * (end - met_from) >= 0:
        return "reached"
    part = (end - start) / (goal["target"] - start)
    return "most" if part > 0.5 else "some" if part >= 0.25 else "little" if part > 0 else "none"


def is_opposed(row, data) -> bool:
    """Whether an indicator's own figures fall while its projection rises."""
    points = data.points(row.indicator)["value"]
    return len(points) > 1 and points.iloc[-1] < points.iloc[0] and row.median > points.iloc[-1]


# Places


def place_title(values: pd.DataFrame, data) -> Text:
    """The title of a chart of places: where the region stands, or the two ends where it has no value."""
    if values.empty:
        return Text("")
    code, own = values["indicator"].iloc[0], values[values["region_code"] == data.region_code]
    about = context(data)
    if len(own):
        is_country = data.kind == "provinsi" or len(values) > len(data.peers)
        about["members"] = about["country_members"] if is_country else about["members"]
        if is_country and data.indicators.at[code, "origin"] != "survey":
            about["members"] = words().say("story.reporting", members=about["members"])
        place = {"rank": str(int(own["rank"].iloc[0])), "of": str(len(values)), "name": noun(code)}
        key = "title_country" if is_country else "title"
        if is_country:
            place["rank"] = rank_words(data.place(code), "country_")
        else:
            low, high = (int(end) for end in sure_places(own.iloc[0], values))
            place |= {"low": str(low), "high": str(high)}
            if low < high and pd.isna(own["lower"].iloc[0]):
                key = "title_reported"
            elif low < high:
                key = "title_either" if high == low + 1 else "title_range"
            elif place["rank"] in ("1", place["of"]):
                key = "title_highest" if place["rank"] == "1" else "title_lowest"
        return text(f"place.{key}", **(about | place))
    best, worst = values.iloc[0], values.iloc[-1]
    said = {"low": amount(code, worst["value"]), "low_region": worst["region"]}
    said |= {"high": amount(code, best["value"]), "high_region": best["region"]}
    return text("place.title_members", name=noun(code), year=wording.year(best["year"]), **said)


def place(data, focus: str) -> Text:
    """From whom the region cannot be told apart in the focus indicator, and how it stands beside regencies of
    its kind and size.
    """
    values = data.position(focus)
    own = values[values["region_code"] == data.region_code]
    if own.empty:
        return Text("")
    if focus not in data.models:  # a reported figure has no survey noise
        return Text(alike(data, focus))
    others = values[values["region_code"] != data.region_code]
    meets = data.near(own.iloc[0], others)
    names = [subject(region).name for region in others.loc[meets, "region_code"]]
    if len(names) > MOST_NAMES:
        count = wording.count_word(len(names), words())
        beside = text("place.beside_many", name=noun(focus), count=count, members=context(data)["members"])
    elif names:
        beside = text("place.beside", name=noun(focus), names=listed(names))
    else:
        beside = text("place.alone", names=noun(focus), province=region_name(data.province_code))
    return paragraph(beside, alike(data, focus))


def alike(data, code: str) -> str:
    """The region beside those of its kind and size: above all, below all, among them or not to be told apart."""
    others, own = data.alike(code), data.country(code).query("region_code == @data.region_code")
    if others.empty or own.empty:
        return ""
    higher = (others["value"] > own["value"].iloc[0]).sum()
    parts = [
        words().say("place.alike_part", value=amount(code, row.value), region=subject(row.region_code).name)
        for row in others.itertuples()
    ]
    about, meets = subject(data.region_code), data.near(own.iloc[0], others)
    key = "near" if meets.any() else "above" if not higher else "below" if higher == len(others) else "among"
    near = listed(subject(region).name for region in others.loc[meets, "region_code"])
    said = {
        "name": noun(code),
        "value": amount(code, own["value"].iloc[0]),
        "year": wording.year(own["year"].iloc[0]),
        "region": about.name,
        "near": near,
    }
    said |= {"kind": wording.kind_word(about, language()), "parts": listed(parts)}
    return text(f"place.alike_{'same' if meets.all() else key}", **said)


def both_title(values: pd.DataFrame, data) -> Text:
    """Which regencies lie below the middle in both of two indicators; values: RegionData.position() of each."""
    first, second = values["indicator"].unique()
    wide = values.pivot(index="region_code", columns="indicator", values="value").dropna()
    lower = wide.index[(wide < wide.median()).all(axis="columns")]
    members = context(data)["members"]
    return text(
        "place.both" if len(lower) else "place.both_none",
        share=wording.share_of(len(lower), len(wide), members, words()),
        names=listed(subject(code).name for code in lower),
        first=noun(first),
        second=noun(second),
        year=wording.year(values["year"].iloc[0]),
    )


def urban_rural_title(values: pd.DataFrame) -> Text:
    """How far apart town and village are in the last year of RegionData.urban_rural()."""
    row = values.iloc[-1]
    urban, rural = (wording.shown(row[key], 2) for key in ("urban", "rural"))
    said = {"urban": percent(urban, 2, language()), "rural": percent(rural, 2, language())}
    said |= {"name": noun(row["indicator"]), "year": wording.year(row["year"])}
    return text("place.urban_rural", gap=number(abs(urban - rural), 2, language()), **said)


def urban_rural(data) -> Text:
    """urban_rural_title() as a sentence; "" where town and village are not told apart."""
    values = data.urban_rural()
    return Text(f"{urban_rural_title(values)}." if len(values) else "")


def moves_title(moves: pd.DataFrame, data) -> Text:
    """How many regencies rose and how many fell between the two survey years, beyond survey uncertainty."""
    found = moves.drop_duplicates("region_code")["change"].str.removeprefix("likely_").value_counts()
    about = {
        "name": noun(moves["indicator"].iloc[0]),
        "first_year": wording.year(moves["year"].min()),
        "year": wording.year(moves["year"].max()),
    }
    told = [(key, found.get(word, 0)) for key, word in (("up", "rising"), ("down", "falling"))]
    parts = [(key, int(count)) for key, count in told if count]
    if not parts:
        return text("place.moves_none", total=str(found.sum()), members=context(data)["members"], **about)
    rest = int(found.get("indistinct", 0))
    parts += [("rest", rest)] if rest else []
    said = [
        words().say(f"place.moves_{key}", count=wording.count_word(count, words())) for key, count in parts
    ]
    return text("place.moves", parts="; ".join(said), **about)


def distribution_title(unserved: pd.DataFrame) -> Text:
    row = unserved.iloc[0]
    names = {"name": noun(row["indicator"]), "region": subject(row["region_code"]).name}
    return text(f"place.distribution{certainty(row)}", **names)


def ranged(value: float, low: float, high: float) -> str:
    """A share with its 80 % range where that is known."""
    if pd.isna(low):
        return share(value)
    return words().say("place.ranged", part=share(value), lower=share(low), upper=share(high))


def certainty(row) -> str:
    """How sure the first place of a distribution is: an ending of its sentences."""
    chance = row.get("p_first", 1.0)
    return "" if chance >= 0.95 else "_likely" if chance >= 0.66 else "_unsure"


def distribution(unserved: pd.DataFrame) -> Text:
    """Where most of the households without access live, with its 80 % range, beside its share of all households."""
    if unserved.empty:
        return Text("")
    row = unserved.iloc[0]
    part = ranged(row["share_unserved_pct"], row.get("lower"), row.get("upper"))
    said = {"name": noun(row["indicator"]), "region": subject(row["region_code"]).name, "share": part}
    said["share_all"] = share(row["share_households_pct"])
    return text(f"place.largest{certainty(row).removesuffix('_likely')}", **said)


def unserved_bases(unserved: pd.DataFrame, data) -> list[tuple[str, str, str]]:
    """(what, year, households) of the regencies' sum and of the province's own figure, of the same year and of its
    newest: they come from other samples and years.
    """
    code = unserved["indicator"].iloc[0]
    total = counted(unserved["unserved_households"].sum())
    found = [(words().say("place.sum", count=str(len(unserved))), wording.year(data.report_year), total)]
    points = data.points(code).assign(direction=data.indicators.at[code, "direction"])
    points = points.assign(without=data.households_at(points["year"]) * without(points) / 100)
    own = points[(points["year"] >= data.report_year) & points["without"].notna()]
    for row in own.iloc[[0, -1][: len(own)]].drop_duplicates("year").itertuples():
        found.append((words().say("place.whole"), wording.year(row.year), counted(row.without)))
    return found


def unserved(frame: pd.DataFrame, data) -> pd.DataFrame:
    """RegionData.unserved() in words with its sum and the province's own figures beside, for pkp.show."""
    columns = "region unserved_households share_unserved_pct lower upper share_households_pct"
    shown = table(frame, " ".join(column for column in columns.split() if column in frame))
    for what, year, value in unserved_bases(frame, data):
        shown.loc[len(shown)] = [f"{what} ({year})", value, *["–"] * (shown.shape[1] - 2)]
    return shown


# Strategy and roles


def roles(options: pd.DataFrame) -> pd.DataFrame:
    """The options of one indicator, for pkp.show; their reach where roles_title() does not say it once for all."""
    reach = "reach " if options["reach"].notna().any() and not has_one_reach(options) else ""
    return table(options, f"actor period option {reach}lead precondition")


def has_one_reach(options: pd.DataFrame) -> bool:
    """Whether several options reach the same households, all that are not served."""
    is_one = options["reach"].notna().sum() > 1 and options["reach"].nunique() == 1
    return is_one and (options["unit"] == "rumah tangga").all()


def roles_title(options: pd.DataFrame, data) -> Text:
    """What the options of one indicator are for, and that those not served are the most that each could reach."""
    if options.empty:
        return text("role.none", region=subject(data.region_code).name)
    row, known = options.iloc[0], options["reach"].notna()
    if not known.any():
        return text("role.of_indicator", name=noun(row["indicator"]))
    said = {"name": noun(row["indicator"]), "year": wording.year(options.loc[known, "reach_year"].max())}
    if not has_one_reach(options):
        return text("role.of_indicator_dated", **said)
    return text("role.of_indicator_same", reach=reached(options["reach"].max(), row), **said)


def beside(data, focus: str) -> Text:
    """What else is on record of the focus indicator: RegionData.beside() in a sentence for each that has it."""
    texts = []
    found = data.beside(focus)
    by = found["origin"].where(found["origin"].isin(["press", "agency"]), "")
    for (codes, year, origin), rows in found.groupby(["region_codes", "year", by], sort=False):
        rows = rows.drop_duplicates("indicator").to_dict("records")
        items = map(beside_words, rows)
        names = listed(subject(code).name for code in codes.split(";"))
        when = f"{wording.year(year)}, {reporter(origin)}" if origin else wording.year(year)
        key = "role.beside_joint" if ";" in codes else "role.beside"
        texts.append(text(key, regions=names, items=listed(items), when=when))
    return paragraph(*texts)


def beside_words(row: dict) -> str:
    """Name and value, without the unit where the name has it: "pelanggan rumah tangga 38.237"."""
    said, unit = figure(row), wording.unit_of(row["indicator"], language())
    value = said["value"].removesuffix(f" {unit}") if unit in said["name"] else said["value"]
    return f"{said['name']} {value}"


def question(options: pd.DataFrame, focus: str) -> Text:
    """What a village planning meeting should ask: about the focus indicator, or the first its people can act on."""
    acting = options.loc[options["actor"] == "masyarakat", "indicator"]
    focus = focus if acting.empty or focus in set(acting) else acting.iloc[0]
    rows = options[options["indicator"] == focus]
    if rows.empty or (rows["own"] & (rows["actor"] == "provinsi")).any():  # a province plans in no village
        return Text("")
    return text("role.ask", question=asked(rows), meeting=villages(options))


def villages(options: pd.DataFrame) -> str:
    """settlement() of the region that the options are for."""
    return settlement("kota" if (options["actor"] == "kota").any() else "kabupaten")


def settlement(kind: str) -> str:
    """What the smallest parts of a region are called: wards in a city, villages or wards in a regency."""
    return words().label("ward" if kind == "kota" else "village_or_ward")


def questions(options: pd.DataFrame) -> pd.DataFrame:
    """The questions of all indicators, one a row, for pkp.show."""
    cells = [[name(code), asked(rows)] for code, rows in options.groupby("indicator", sort=False)]
    return pd.DataFrame(cells, columns=[head("indicator"), head("question")])


def asked(options: pd.DataFrame) -> Text:
    """The question about one indicator, with the households or tonnes that its options could reach."""
    code, most = options["indicator"].iloc[0], options["reach"].max()
    address = words().indicator("ask", code)
    if "{reach}" in words().texts["ask"][address.split(".")[1]] and pd.isna(most):
        address = "ask.other"
    values = {"reach": counted(most), "name": noun(code), "village": villages(options)}
    return text(address, **values)


def questions_title(data) -> Text:
    about = subject(data.region_code)
    return text("role.questions", region=about.name, meeting=settlement(about.kind))


def commitments(frame: pd.DataFrame, data) -> Text:
    """The largest commitment of the newest year, and that what became of it is not on record once its year is over;
    or that none is on record.
    """
    if frame.empty:
        return text("role.no_commitment", region=subject(data.region_code).name)
    row = frame[frame["year"] == frame["year"].max()].sort_values("quantity", ascending=False).iloc[0]
    values = {
        "what": row["what"].partition(" (")[0] if language() == "id" else "",  # Indonesian text
        "quantity": number(row["quantity"], 0, language()),
        "unit": unit_words(row["unit"]),
        "year": wording.year(row["year"]),
        "status": cited(said("commitment")(row["state"], row), row["url"]),
    }
    is_past = row["year"] < data.as_of and row["state"] != "selesai"
    return text("role.commitment_past" if is_past else "role.commitment", **values)


def cited(said: str, url: str) -> str:
    """What is said of a commitment, and that its source bears no address where that is so."""
    return said if str(url).startswith("http") else words().say("role.uncited", said=said)


def commitments_title(data) -> Text:
    return text("role.commitments", region=subject(data.region_code).name)


# Needs


def needs_title(frame: pd.DataFrame, data) -> Text:
    """Households a year to the targets of RegionData.needs(), and after those of a plan in force those of the horizon:
    the answer as the title of their chart.
    """
    frame = frame.sort_values("households_per_year", ascending=False, kind="stable")
    frame = frame[frame["households_per_year"] > 0]
    if frame.empty:
        return text("load.title", year=str(HORIZON))
    parts = [
        words().say("load.part", households=counted(row["households_per_year"]), name=noun(row["indicator"]))
        for row in frame.to_dict("records")
    ]
    end, later = int(frame["target_year"].iloc[0]), data.households().query("target_year == @HORIZON")
    left = f"{end + 1 - int(frame['years'].min())}–{end}"
    told = text("load.answer", parts=listed(parts), year=str(end), years=left)
    if end == HORIZON:
        return told
    later = later.set_index("indicator")["households_per_year"].reindex(frame["indicator"])
    return text("load.sooner", told=told, year=str(HORIZON), later=listed(map(counted, later)))


def needed(frame: pd.DataFrame) -> str:
    """What households a year are worked out from: since when nobody is taken to be served, and how many are new."""
    said = {"unit": head("households_per_year"), "year": wording.year(frame["target_year"].max())}
    said["since"] = listed(dict.fromkeys(map(wording.year, sorted(frame["value_year"]))))
    new = dict.fromkeys(counted(to_come) for to_come in frame["to_come"] if to_come >= 50)
    return (
        words().say("load.as_if_new", new=listed(new), **said) if new else words().say("load.as_if", **said)
    )


def needs(frame: pd.DataFrame, data) -> Text:
    """Where services only need keeping up, or that needs cannot be worked out.

    frame: RegionData.needs().
    """
    if data.households().empty:
        return text("load.none", region=subject(data.region_code).name)
    met = frame[(frame["households_per_year"] <= 0) | (frame["status"] == "achieved")]
    if met.empty:
        return Text("")
    names = listed(noun(code) for code in met["indicator"])
    if (met["without"] > 0).all() and (met["status"] == "achieved").all():
        return text("load.met_universal", names=names)
    return text("load.met", names=names, year=wording.year(met["target_year"].iloc[0]))


# Data and sources


def quoting(publisher: str) -> str:
    """A publisher and whom it quotes, from the register of sources ("ANTARA, mengutip BPS"), titles in words."""
    for official, said in words().texts["official"].items():
        publisher = publisher.replace(official, said)
    paper, _, quoted = publisher.partition(", mengutip ")
    return words().say("gap.quoting", paper=paper, quoted=quoted) if quoted else publisher


def reported(data) -> Text:
    """Figures of agencies, and how they relate to the survey's."""
    texts = []
    for row in data.reported().assign(origin="agency").to_dict("records"):
        said = figure(row) | {
            "publisher": quoting(row["publisher"]),
            "used_reporter": reporter(row["used_origin"]),
        }
        said |= {
            "used_value": amount(row["indicator"], row["used_value"]),
            "used_year": wording.year(row["used_year"]),
        }
        texts.append(text("state.agency", **said))
    return paragraph(*texts)


def gaps(data) -> Text:
    """Figures counted in another way, and sources that disagree or take a target for what was reached."""
    texts = [otherwise_counted(row, data) for row in data.counted_otherwise().to_dict("records")]
    apart = data.conflicts()
    apart = apart[
        apart["indicator"].isin(data.headline) & ~apart["source_id"].isin(data.reported()["source_id"])
    ]
    apart = apart[apart.groupby(["indicator", "year"])["value"].transform("nunique") > 1]
    newest = apart["year"] == apart.groupby("indicator")["year"].transform("max")  # the rest is in a table
    for code, rows in apart[newest].groupby("indicator", sort=False):
        used = rows.loc[rows["is_governing"], "value"].tolist()
        goals = data.goals(code).query("role == 'own' and target_year == @rows['year'].iloc[0]")
        aims = [value for value in rows["value"].unique() if value in goals["target"].tolist()]
        others = [value for value in rows["value"].unique() if value not in [*used, *aims]]
        said = figure(rows.iloc[0].to_dict()) | {"used": amount(code, used[0]) if used else "–"}
        said["plan"] = wording.plan_name(goals["framework"].iloc[0]) if len(goals) else ""
        said["used_reporter"] = listed(dict.fromkeys(map(reporter, rows.loc[rows["is_governing"], "origin"])))
        judged = [value for value in others if value in goals["value"].tolist()]
        if aims:
            publisher = data.sources.set_index("source_id")["publisher"]
            who = rows.loc[rows["value"] == aims[0], "source_id"].map(publisher).map(quoting)
            said |= {"value": amount(code, aims[0]), "publisher": listed(who)}
            texts.append(text("gap.target", **said))
            others = [value for value in others if value not in judged]
        if others:
            texts.append(text("gap.conflict", others=listed(amount(code, value) for value in others), **said))
    return paragraph(*texts)


def otherwise_counted(row: dict, data) -> Text:
    """A figure that is counted in another way, and whom to ask where it is less than half of the last one before."""
    code, last = row["indicator"], data.points(row["indicator"]).iloc[-1]
    told = text(f"gap.counted_{'waste' if code == HANDLED else 'otherwise'}", **figure(row))
    if row["value"] >= last["value"] / 2:
        return told
    lead = agency(data.indicators.at[code, "lead_agency"])
    return paragraph(told, text("gap.asked", year=wording.year(last["year"]), agency=lead))


def figure(row) -> dict:
    """Name, value and year of a row of observations."""
    value = amount(row["indicator"], row["value"], row["origin"])
    return {"name": noun(row["indicator"]), "value": value, "year": wording.year(row["year"])}


# One indicator in all regencies


def indicator_title(indicator: str, data) -> Text:
    """The indicator and the province as the heading of the page."""
    code = codebook.to_indicator(indicator)
    title = codebook.entry(code)[localised("name")]
    return Text(f"# {words().say('comparison.title', name=title, province=region_name(data.region_code))}")


def concept(indicator: str) -> Text:
    """What the indicator counts, in a sentence."""
    return Text(codebook.entry(codebook.to_indicator(indicator))[localised("concept")])


def extremes(values: pd.DataFrame, indicator: str, data) -> Text:
    """The lowest and the highest of RegionData.position(), in bold; or that there is nothing to compare."""
    name = noun(codebook.to_indicator(indicator))
    if values.empty:
        year = wording.year(data.report_year)
        return Text(f"**{text('comparison.none', name=name, year=year, members=context(data)['members'])}**")
    ordered = values.sort_values(["value", "region_code"])
    ends = {}
    for key, row in (("low", ordered.iloc[0]), ("high", ordered.iloc[-1])):
        ends |= {
            key: subject(row["region_code"]).name,
            f"{key}_value": amount(row["indicator"], row["value"]),
        }
    sentence = text("comparison.extremes", name=name, year=wording.year(ordered["year"].iloc[0]), **ends)
    return Text(f"**{sentence}**")


def met(compared: pd.DataFrame, data) -> Text:
    """How many of RegionData.comparison() meet the plan; "" where plans differ or none has a value."""
    known = compared[compared["value"].notna() & compared["target"].notna()]
    if len(known[["framework", "target", "target_year", "role"]].drop_duplicates()) != 1:
        return Text("")
    plan_row, members = known.iloc[0], context(data)["members"]
    if len(known) < len(compared):
        members = words().say("comparison.with_value", members=members)
    universal = is_universal(plan_row["target"], plan_row["direction"], plan_row["unit"])
    is_met = known["status"] == "achieved"
    if is_reported := known["status"].isna().all():  # told, not judged
        is_met = (known["value"] - known["target"]) * known["direction"].map(direction_sign) >= 0
    near = int((is_met & known["near_target"].eq(True)).sum())
    about = {"count": wording.count_word(near, words()), "near": wording.near_word(plan_row, words())}
    return text(
        f"comparison.spread{'_reported' if is_reported else '_universal' if universal else ''}",
        year=wording.year(known["year"].iloc[0]),
        share=wording.share_of(int(is_met.sum()), len(known), members, words()),
        near=f" {words().say('frame.map_near', **about)}" if near and not universal else "",
        yardstick=yardstick(plan_row),
        target=amount(plan_row["indicator"], plan_row["target"]),
        plan=plan_year(plan_row),
    )


def counts(compared: pd.DataFrame) -> pd.DataFrame:
    """How many regencies have each status, and how many there are, for pkp.show."""
    known = compared[compared["value"].notna()]
    tally = known["status"].dropna().value_counts()
    rows = [[MARKS[status], str(tally[status])] for status in MARKS if status in tally]
    unmet = known["status"].isna() & known["target"].notna()
    rows += [[words().label("reported_unmet"), str(unmet.sum())]] if unmet.any() else []
    rows += [[words().label("with_value"), str(len(known))], [words().label("total"), str(len(compared))]]
    return pd.DataFrame(rows, columns=[head("status"), head("regions_count")])


def rank_reading(values: pd.DataFrame) -> Text:
    """How sure places are: by their ranges, or for what is reported by how much it moves from year to year."""
    if values.empty:
        return Text("")
    key = "ranks_reported" if values["lower"].isna().all() else "ranks"
    return text(f"comparison.{key}", noise=number(REPORTED, 0, language()))


def yearly_title(values: pd.DataFrame) -> Text:
    """What the heat map of a reported indicator shows: how many regencies went which way, as reported_course() says."""
    courses = [reported_course(points)[0] for _, points in values.groupby("region_code")]
    alike = {"rose_then_fell": "swing", "fell_then_rose": "swing"}
    found = pd.Series(courses).replace(alike).value_counts()
    known = [course for course in ("rising", "falling", "flat", "except", "swing") if course in found]
    counts = {course: wording.count_word(found[course], words()) for course in known}
    parts = listed(
        words().say(f"comparison.yearly_{course}", count=count) for course, count in counts.items()
    )
    first, last = map(wording.year, (values["year"].min(), values["year"].max()))
    name = noun(values["indicator"].iloc[0])
    return text("comparison.yearly", name=name, first_year=first, year=last, parts=parts)


def otherwise(values: pd.DataFrame, indicator: str, data) -> Text:
    """That newer figures are counted in another way and not compared; "" where there are none."""
    code = codebook.to_indicator(indicator)
    known = values["year"].max() if len(values) else data.report_year
    newer = reconcile.counted_otherwise(data.dataset.observations, code, known, data.peers)
    if newer.empty:
        return Text("")
    values = {"name": noun(code), "year": wording.year(known), "newer": wording.year(newer["year"].max())}
    return text("comparison.otherwise", **values)


def inequality(years: pd.DataFrame, change: pd.DataFrame) -> Text:
    """How wide the gap is and whether it narrows beyond survey noise.

    years: RegionData.inequality(); change: RegionData.gap_change().
    """
    if years.empty:
        return text("comparison.no_inequality")
    last = years.iloc[-1]
    texts = [
        text(
            "comparison.inequality_waste"
            if codebook.entry(last["indicator"])["sector"] == "sampah"
            else "comparison.inequality",
            bgsd=measured(last["bgsd"], last),
            year=wording.year(last["year"]),
        )
    ]
    if len(change):
        row = change.iloc[0].to_dict()
        said = {end: wording.year(row[f"{key}_year"]) for end, key in (("start", "first"), ("end", "last"))}
        said |= {end: measured(row[f"change_{end}"], row) for end in ("lower", "upper")}
        texts.append(text(f"comparison.gap_{row['word']}", change=shown_change(None, row), **said))
        texts.append(text("comparison.gap_reading"))
    return paragraph(*texts)


# Quality of the data


def balance(frame: pd.DataFrame) -> Text:
    """What became of the value cells that were read: Quality.balance()."""
    row = {key: number(value, 0, language()) for key, value in frame.iloc[0].items()}
    return paragraph(*(text(f"quality_page.{key}", **row) for key in ("intro", "balance")))


def noted(severities: pd.DataFrame, province: str) -> Text:
    """How many points the checks noted, and how many are about the province: Quality.severities()."""
    total, inside = (number(severities[key].sum(), 0, language()) for key in ("issues", "issues_inside"))
    return text("quality_page.issues", count=total, inside=inside, province=region_name(province))


def weights(severities: pd.DataFrame) -> pd.DataFrame:
    """Quality.severities() in words with the sums, for pkp.show."""
    shown = table(severities, "severity issues issues_inside")
    sums = [number(severities[key].sum(), 0, language()) for key in ("issues", "issues_inside")]
    shown.loc[len(shown)] = [words().label("total_count"), *sums]
    return shown


def conflicts(frame: pd.DataFrame) -> Text:
    """That sources differ, or that none does: Quality.conflicts()."""
    return text("quality_page.conflicts" if len(frame) else "quality_page.no_conflicts")


def lacking(frame: pd.DataFrame) -> Text:
    """Which main indicators no region of the province has at all: Quality.coverage()."""
    known = frame.groupby("indicator", sort=False)["year"].count()
    names = listed(noun(code) for code in known.index[known <= 1])
    return text("quality_page.lacking", names=names) if names else Text("")
