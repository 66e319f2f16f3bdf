"""How a page writes regions, indicators, figures and years; nothing here judges anything."""

from dataclasses import dataclass

import pandas as pd

from ..data.codebook import entry
from .catalogue import Sentences, load_sentences
from .marks import mark_of, mark_view
from .numbers import number, percent

PLANS = {"Target Kalsel (Jakstrada)": "Jakstrada", "Jakstranas (Perpres 97/2017)": "Jakstranas"}


@dataclass(frozen=True)
class Subject:
    """The region a text is about: code, name as prose writes it, kind, and what its neighbours are called."""

    region_code: str
    name: str
    kind: str  # negara, provinsi, kabupaten, kota
    members: str  # "kabupaten/kota", "kabupaten" or "kota"


def subject_of(register: pd.DataFrame, region_code: str, lang: str = "id") -> Subject:
    """A kota keeps its "Kota"; a kabupaten loses its "Kabupaten" unless a namesake in the province needs it."""
    region = register.loc[region_code]
    siblings = register[
        (register["province_code"] == region["province_code"]) & register["kind"].isin(["kabupaten", "kota"])
    ]
    namesakes = (siblings["name"] == region["name"]).sum()
    full = region["kind"] == "kota" or (region["kind"] == "kabupaten" and namesakes > 1)
    name = region["full_name"] if full else region["name"]
    kinds = set(siblings["kind"])
    members = load_sentences(lang).texts["members"][kinds.pop() if len(kinds) == 1 else "both"]
    return Subject(region_code, name, region["kind"], members)


def shown(value: float, decimals: int) -> float:
    """A figure as the page shows it; a gap is the difference of two shown figures."""
    return round(float(value), decimals)


def gap_of(row: pd.Series, decimals: int) -> float:
    """Positive = still missing, in the unit of the indicator, from the shown value and the shown target."""
    value, target = shown(row["value"], decimals), shown(row["target"], decimals)
    return round(target - value if row["direction"] == "up" else value - target, decimals)


def unjudged_words(row, lang: str) -> str:
    """What stands in the place of a status that the method does not give: the distance to the target, "kurang
    19,56 persen poin", else that nothing is judged.

    row: indicator, value, target, direction, gap.
    """
    said = load_sentences(lang)
    if any(pd.isna(row.get(column)) for column in ("value", "target", "gap")):
        return said.label("no_status")
    return gap_text(row, said)


def rank_range(row) -> str:
    """ "3–6", "3" where the range is one place; an en dash where none is known, as for what agencies report."""
    if pd.isna(row.get("rank_lower")) or pd.isna(row.get("lower")):
        return "–"
    low, high = int(row["rank_lower"]), int(row["rank_upper"])
    return str(low) if low == high else f"{low}–{high}"


def gap_unit(indicator: str, sentences: Sentences) -> str:
    """ "persen poin" for what is measured in percent, else the unit of the indicator."""
    unit = unit_of(indicator, sentences.lang)
    return sentences.label("percentage_points") if unit.startswith("%") else unit


def gap_text(row, sentences: Sentences, with_unit: bool = True) -> str:
    """ "kurang 6,30 persen poin", "lebih 7,70": on which side of its target a value lies, as it is shown.

    row: indicator, value, target and direction.
    """
    decimals = int(entry(row["indicator"])["decimals"])
    gap, unit = gap_of(row, decimals), gap_unit(row["indicator"], sentences) if with_unit else ""
    lies = "equal" if not gap else "short" if (gap > 0) == (row["direction"] == "up") else "beyond"
    said = sentences.say(f"side.{lies}", gap=number(abs(gap), decimals, sentences.lang), unit=unit)
    return " ".join(said.split())


def qualifier(row, sentences: Sentences) -> str:
    """What a status leaves out: "berdasarkan satu survei", "hampir universal" for 99,53 of a target of 100,
    "di sekitar acuan", "artinya belum pasti" where the same target is stated for another indicator; "" for nothing.
    """
    if isinstance(row.get("also_stated"), str):
        return sentences.label("unsure_mark")
    if pd.notna(row.get("single_survey")) and row["single_survey"]:
        return sentences.label("single_survey_mark")
    if row["status"] == "achieved" and pd.notna(row.get("gap")) and row["gap"] > 0:
        return sentences.label("near_universal_mark")
    if row.get("near_target") and row["status"] in ("achieved", "below_reference", "not_achieved"):
        return near_word(row, sentences)
    return ""


def judged(row, lang: str) -> dict | None:
    """The mark of a row as marks.mark_view gives it, its word with what it leaves out: "tercapai, di sekitar acuan",
    and "di sekitar acuan" or "hampir universal" alone where value and target lie on other sides; None for no status.
    """
    view, said = mark_view(mark_of(row), lang), load_sentences(lang)
    added = view and qualifier(row, said)
    if not added:
        return view
    alone = said.label("near_universal_mark") if row["status"] == "achieved" else near_word(row, said)
    return view | {"word": added if added == alone else f"{view['word']}, {added}"}


def near_word(row, sentences: Sentences) -> str:
    return sentences.label("near_mark_own" if row.get("role") == "own" else "near_mark")


def amount(indicator: str, value: float, lang: str, origin: str | None = None) -> str:
    """A value or target as pages write it: "57,71%" for shares, "724,66 ha" for the rest, an en dash for none.

    A target is whole when it is whole ("90%"); what a survey or a report measured (origin) has all decimals of the
    indicator, what an agency or the press states no more than its sender gave.
    """
    if pd.isna(value):
        return "–"
    most = int(entry(indicator)["decimals"])
    kept = range(most + 1) if origin in ("agency", "press") else (0, most)[isinstance(origin, str) :]
    decimals = next((some for some in kept if round(float(value), some) == round(float(value), most)), most)
    return measure(value, unit_of(indicator, lang), decimals, lang)


def measure(value: float, unit: str, decimals: int, lang: str) -> str:
    if unit.startswith("%"):
        return percent(value, decimals, lang)
    return with_unit(number(value, decimals, lang), unit, lang)


def with_unit(shown: str, unit: str, lang: str) -> str:
    """ "3 units", "1 unit"."""
    return f"{shown} {load_sentences(lang).texts['one'].get(unit, unit) if shown == '1' else unit}"


def kind_word(subject: Subject, lang: str) -> str:
    return load_sentences(lang).texts["kind"][subject.kind]


def localised(column: str, lang: str) -> str:
    """The column of a register that holds the text in a language."""
    return column + {"id": "", "en": "_en"}[lang]


def unit_of(indicator: str, lang: str) -> str:
    return entry(indicator)[localised("unit", lang)]


def noun(indicator: str, sentences: Sentences) -> str:
    """The indicator inside a sentence: the wording of the catalogue, else its short name in lower case."""
    if indicator in sentences.texts["noun"]:
        return sentences.texts["noun"][indicator]
    short = name_of(indicator, sentences.lang)
    return short if short[1:2].isupper() else short[:1].lower() + short[1:]


def name_of(indicator: str, lang: str) -> str:
    """The indicator as a heading or table cell."""
    return entry(indicator)[localised("short_name", lang)]


def year(value) -> str:
    return str(int(value))


def share_of(count: int, total: int, members: str, sentences: Sentences) -> str:
    """ "satu dari 13 kabupaten/kota", "belum satu pun dari tiga ...", "seluruh ..."."""
    key = (
        "none"
        if not count
        else "all"
        if count == total
        else "some"
        if str(count) in sentences.texts["count"]
        else "many"
    )
    return sentences.say(
        f"share.{key}",
        count=count_word(count, sentences),
        total=count_word(total, sentences),
        members=members,
    )


def count_word(count: int, sentences: Sentences) -> str:
    """ "tiga" up to ten, figures beyond."""
    return sentences.texts["count"].get(str(count), str(count))


def shown_target(value: float, unit: str, lang: str) -> str:
    decimals = 0 if float(value).is_integer() else 2
    return percent(value, decimals, lang) if str(unit).startswith("%") else number(value, decimals, lang)


def plan_name(framework: str) -> str:
    """ "RPJMN", "RPJMD", "SDGs": the plan without its years and place, which the page says elsewhere."""
    name = PLANS.get(framework, framework)
    return name.split(" ")[0] if name.startswith(("RPJM", "SDGs", "Renstra", "RKPD")) else name


def target_labels(targets: pd.DataFrame, lang: str) -> list[tuple[float, float, str]]:
    """(year, value, label) per distinct value: targets of one value share a label, "100%: RPJMN 2029, SDGs
    2030".
    """
    labels = []
    for value, group in targets.sort_values(["target_year", "framework"]).groupby("target", sort=False):
        plans = list(
            dict.fromkeys(f"{plan_name(row.framework)} {int(row.target_year)}" for row in group.itertuples())
        )
        labels.append(
            (
                float(group["target_year"].max()),
                float(value),
                f"{shown_target(value, group['unit'].iloc[0], lang)} {', '.join(plans)}",
            )
        )
    return labels
