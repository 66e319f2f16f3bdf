"""What the figures say, in sentences: pure functions from the assessment table to text.

`assessment` is the table of analysis.assessment.assess for one region, `indicators` the codebook. Every
function
returns plain text (str or list of str); nothing here is HTML, and no figure is made up or rounded twice.
"""

import pandas as pd

from ..analysis.attainment import is_universal
from ..analysis.status import ON_TRACK, SMALL_CHANCE, UNJUDGED
from ..data import codebook
from .catalogue import Sentences, capital
from .numbers import number
from .wording import (
    Subject,
    count_word,
    kind_word,
    measure,
    names,
    noun,
    shown,
    target_decimals,
    unit_of,
    year,
)

HORIZON = 2030


def gap_of(row: pd.Series, decimals: int) -> float:
    """Positive = still missing, in the unit of the indicator, from the shown value and the shown target."""
    value, target = shown(row["value"], decimals), shown(row["target"], decimals)
    return round(target - value if row["direction"] == "up" else value - target, decimals)


def is_near_universal(row: pd.Series) -> bool:
    return row["status"] == "achieved" and is_universal(row["target"], row["direction"], row["unit"])


def group_of(row: pd.Series) -> str:
    """Where the judged value stands against its target: met, near, not_met or unknown."""
    if row["status"] in UNJUDGED or pd.isna(row["value"]):
        return "unknown"
    if row["status"] == "achieved" and (is_near_universal(row) or not row["near_target"]):
        return "met"
    if row["near_target"]:
        return "near"
    return "met" if row["status"] == "achieved" else "not_met"


def headline_rows(assessment: pd.DataFrame) -> pd.DataFrame:
    """The governing row of each headline indicator, in page order, with its `group`."""
    rows = assessment[assessment["is_headline"] & assessment["indicator"].isin(codebook.headline())].copy()
    rows["order"] = rows["indicator"].map(codebook.headline().index)
    rows = rows.sort_values("order").reset_index(drop=True)
    rows["group"] = [group_of(row) for _, row in rows.iterrows()]
    return rows


def yardstick(rows: pd.DataFrame, sentences: Sentences, long: bool = False) -> str:
    """ "acuan nasional" for references, "target" for own plans, both words for a mixture."""
    roles = set(rows["role"])
    key = "target" if roles <= {"own"} else "target_or_reference" if "own" in roles else "reference"
    return sentences.label(f"{key}_long" if long else "target_word" if key == "target" else key)


def headline(subject: Subject, rows: pd.DataFrame, indicators: pd.DataFrame, sentences: Sentences) -> str:
    """The answer first, in one sentence."""
    known = rows[rows["group"] != "unknown"]
    code = subject.region_code
    if known.empty:
        missing = [indicator for indicator in codebook.headline() if indicator in indicators.index]
        return sentences.say(
            "headline.none", code, region=subject.name, names=names(indicators, missing, sentences)
        )
    groups = {
        group: list(known.loc[known["group"] == group, "indicator"]) for group in ("met", "near", "not_met")
    }
    present = [group for group, members in groups.items() if members]
    mirrored = (known.loc[known["group"] == "not_met", "direction"] == "down").any()
    words = {
        "region": subject.name,
        "yardstick": yardstick(known, sentences, long=True),
        "behind": sentences.label("behind_any" if mirrored else "behind_up"),
        "behind_it": sentences.label("behind_it_any" if mirrored else "behind_it_up"),
    } | {group: names(indicators, members, sentences) for group, members in groups.items()}
    return sentences.say(f"headline.{'_'.join(present)}", code, **words)


def evidence(
    subject: Subject,
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    kinds: dict,
    sentences: Sentences,
    limit: int = 3,
) -> list[str]:
    """One sentence per headline indicator: value, year, kind of source, target, plan and gap.

    kinds: indicator -> (kind, publisher) of the value's source, kind one of survey, official, press, derived.
    """
    texts, previous = [], None
    known = rows[rows["value"].notna()].sort_values(
        "n_points", key=lambda points: points < 2, kind="stable"
    )  # single values last
    for turn, (_, row) in enumerate(known.head(limit).iterrows()):
        kind, publisher = kinds[row["indicator"]]
        this = (kind, row["value_year"], row["framework"])
        words = evidence_words(row, indicators, sentences)
        if row["n_points"] < 2 and row["group"] == "unknown":
            texts.append(
                sentences.say(
                    "evidence.single", subject.region_code, **words | {"year": year(row["value_year"])}
                )
            )
            continue
        follows = previous == this and kind == "survey"
        if not follows:
            words["source"] = sentences.say(
                f"source.{kind}", year=year(row["value_year"]), publisher=publisher
            )
            words["statement"] = sentences.say(
                sentences.indicator("statement", row["indicator"]), name=words["name"], value=words["value"]
            )
        address = f"evidence.{'next' if follows else 'first'}_{standing(row, words)}"
        texts.append(sentences.say(address, subject.region_code, turn, **words))
        previous = this
    return texts


def evidence_words(row: pd.Series, indicators: pd.DataFrame, sentences: Sentences) -> dict:
    """Value, gap, target and plan of an assessment row as the page writes them."""
    lang, code = sentences.lang, row["indicator"]
    decimals, unit = int(indicators.at[code, "decimals"]), unit_of(indicators, code, lang)
    gap = gap_of(row, decimals)
    is_share = unit.startswith("%")
    return {
        "name": noun(indicators, code, sentences),
        "value": measure(row["value"], unit, decimals, lang),
        "gap": number(abs(gap), decimals, lang),
        "unit": sentences.label("percentage_points") if is_share else unit,
        "side": sentences.label("below" if row["value"] < row["target"] else "above"),
        "yardstick": yardstick(row.to_frame().T, sentences),
        "target": measure(row["target"], unit, target_decimals(row["target"], decimals), lang),
        "plan": row["framework"].replace(" (", ", ").replace(")", ""),  # it stands in brackets itself
    }


def standing(row: pd.Series, words: dict) -> str:
    """Which sentence fits: universal, equal, near, beyond, off, or unjudged (values, but no way to judge the
    pace).
    """
    if is_near_universal(row):
        return "universal"
    if not any(digit in words["gap"] for digit in "123456789"):
        return "equal"
    if row["group"] in ("near", "unknown"):
        return "near" if row["group"] == "near" else "unjudged"
    return "beyond" if row["status"] == "achieved" else "off"


def changes(
    subject: Subject, rows: pd.DataFrame, first_years: dict, indicators: pd.DataFrame, sentences: Sentences
) -> str:
    """One sentence on what changed and what is within the survey's uncertainty; "" without any value."""
    rows = rows[rows["value"].notna()]
    clauses = []
    for word in ("rising", "falling", "indistinct", "single"):
        codes = [row["indicator"] for _, row in rows.iterrows() if change_of(row) == word]
        by_year: dict = {}
        for code in codes:
            by_year.setdefault(first_years.get(code), []).append(code)
        for first, members in by_year.items():
            clauses.append((word, first, names(indicators, members, sentences)))
    clauses = [clause for clause in clauses if clause[0] != "single"] or clauses
    if not clauses:
        return ""
    word, first, what = clauses[0]
    text = sentences.say(
        f"change.{word}", subject.region_code, names=what, year="" if word == "single" else year(first)
    )
    for word, other, what in clauses[1:]:
        address = f"change.also_{word}" if other == first else f"change.{word}"
        text += sentences.label("whereas") + sentences.say(address, names=what, year=year(other))
    return capital(text) + "."


def change_of(row: pd.Series) -> str:
    """The direction word from the region's own points; "single" where there are too few."""
    return row["change"] if isinstance(row["change"], str) else "single"


def chance_word(probability: float) -> str:
    """The three words for a probability; the limits are those of the status words."""
    return "small" if probability < SMALL_CHANCE else "medium" if probability < ON_TRACK else "large"


def chances(
    subject: Subject, assessment: pd.DataFrame, indicators: pd.DataFrame, sentences: Sentences
) -> list[str]:
    """The model's outlook for the horizon year in words, and the caveat; [] without a probability.

    A region that moves away by its own points gets no chance from the common drift: the sentence on change
    says it.
    """
    rows = assessment[
        (assessment["target_year"] == HORIZON)
        & assessment["indicator"].isin(codebook.headline())
        & assessment["governs"]
        & assessment["probability"].notna()
        & (assessment["status"] != "moving_away")
    ]
    rows = rows.sort_values(
        "indicator", key=lambda codes: codes.map(codebook.headline().index), kind="stable"
    )
    at_risk = list(rows.loc[(rows["status"] == "achieved") & rows["at_risk"], "indicator"])
    open_rows = rows[rows["status"] != "achieved"]
    parts, seen_target = [], None
    for word in ("small", "medium", "large"):
        same = open_rows[open_rows["probability"].map(chance_word) == word]
        for target, group in same.groupby("target", sort=False):
            unit = group["unit"].iloc[0]
            words = {
                "names": names(indicators, group["indicator"], sentences),
                "target": measure(target, unit, target_decimals(target, 2), sentences.lang),
                "year": year(HORIZON),
                "chance": sentences.say(f"chance.{word}"),
            }
            parts.append(sentences.say("chance.also" if target == seen_target else "chance.one", **words))
            seen_target = target
    if at_risk:
        parts.append(sentences.say("chance.at_risk", names=names(indicators, at_risk, sentences)))
    if not parts:
        return []
    pattern = (
        "opening" if subject.kind in ("provinsi", "negara") else "borrowed"
    )  # a regency's pace is that of all provinces
    opening = sentences.say(f"chance.{pattern}", subject.region_code, outlook=sentences.join(parts))
    return [opening, sentences.say("chance.caveat")]


def own_plan(
    subject: Subject, assessment: pd.DataFrame, indicators: pd.DataFrame, sentences: Sentences
) -> str:
    """How many targets of the region's own plan were met in the last year judged; "" where there is no such
    plan.
    """
    rows = assessment[
        (assessment["role"] == "own")
        & assessment["passed"]
        & assessment["governs"]
        & assessment["value"].notna()
    ]
    rows = rows[rows["value_year"] == rows["target_year"]]
    if rows.empty:
        return ""
    framework, last = max(
        rows.groupby(["framework", "target_year"]).size().items(), key=lambda item: (item[1], item[0][1])
    )[0]
    rows = rows[(rows["framework"] == framework) & (rows["target_year"] == last)]
    met = list(rows.loc[rows["status"] == "achieved", "indicator"])
    key = "all" if len(met) == len(rows) else "some" if met else "none"
    return sentences.say(
        f"own_plan.{key}",
        subject.region_code,
        plan=framework,
        year=year(last),
        count=count_word(len(met), sentences),
        total=count_word(len(rows), sentences),
        names=names(indicators, met, sentences),
    )


def lead(
    subject: Subject,
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    agencies: pd.DataFrame,
    sentences: Sentences,
) -> str:
    """Who leads the work on the headline indicators with a value that is not met, and who is asked for those
    without one;
    a clause per agency, "" when all are met."""
    office = agencies["name" if sentences.lang == "id" else "name_en"]
    texts = []
    for keys, chosen in (
        (("lead.first", "lead.also"), rows[rows["value"].notna() & (rows["group"] != "met")]),
        (("lead.data_first", "lead.data_also"), rows[rows["value"].isna()]),
    ):
        led = chosen.groupby(chosen["indicator"].map(indicators["lead_agency"]), sort=False)["indicator"].agg(
            list
        )
        clauses = [
            sentences.say(
                keys[place > 0],
                subject.region_code,
                names=names(indicators, codes, sentences),
                agency=office[agency],
                kind=kind_word(subject, sentences.lang),
            )
            for place, (agency, codes) in enumerate(led.items())
        ]
        texts += [capital("; ".join(clauses)) + "."] if clauses else []
    return " ".join(texts)


def missing(
    subject: Subject,
    assessment: pd.DataFrame,
    report_year: int,
    indicators: pd.DataFrame,
    has_spm: bool,
    has_households: bool,
    sentences: Sentences,
) -> str:
    """The list of what is not available, as one sentence; has_households: an official count is known."""
    own = assessment[
        (assessment["role"] == "own")
        & assessment["indicator"].isin(codebook.headline())
        & (assessment["target_year"] >= report_year)
    ]
    things = []
    if own.empty and subject.kind == "provinsi":
        things.append(sentences.say("missing.own_target_province"))
    elif own.empty:
        things.append(sentences.say("missing.own_target", kind=kind_word(subject, sentences.lang)))
    if not has_spm and subject.kind != "provinsi":
        things.append(sentences.say("missing.spm"))
    for code in [code for code in codebook.headline() if code in indicators.index]:
        rows = assessment[(assessment["indicator"] == code) & assessment["value"].notna()]
        if rows.empty:
            things.append(noun(indicators, code, sentences))
        elif (rows["n_points"] == 1).all():
            since = year(rows["value_year"].max())
            things.append(sentences.say("missing.since", name=noun(indicators, code, sentences), year=since))
    if not has_households:
        things.append(sentences.say("missing.households"))
    return sentences.say("missing.list", things=sentences.join(things)) if things else ""
