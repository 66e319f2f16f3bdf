"""How a page writes regions, indicators, figures and years; nothing here judges anything."""

from dataclasses import dataclass

import pandas as pd

from ..analysis.attainment import is_universal
from .catalogue import Sentences
from .numbers import number, percent


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
    members = {"id": "kabupaten/kota", "en": "regencies and cities"}[lang]
    if len(kinds) == 1:
        kind = kinds.pop()
        members = kind if lang == "id" else {"kabupaten": "regencies", "kota": "cities"}[kind]
    return Subject(region_code, name, region["kind"], members)


def shown(value: float, decimals: int) -> float:
    """A figure as the page shows it; a gap is the difference of two shown figures."""
    return round(float(value), decimals)


def gap_of(row: pd.Series, decimals: int) -> float:
    """Positive = still missing, in the unit of the indicator, from the shown value and the shown target."""
    value, target = shown(row["value"], decimals), shown(row["target"], decimals)
    return round(target - value if row["direction"] == "up" else value - target, decimals)


def is_near_universal(row: pd.Series) -> bool:
    return row["status"] == "achieved" and is_universal(row["target"], row["direction"], row["unit"])


def target_decimals(target: float, decimals: int) -> int:
    """A whole target is shown whole (90), others with the decimals of the indicator (39,47)."""
    return 0 if float(target).is_integer() else decimals


def measure(value: float, unit: str, decimals: int, lang: str) -> str:
    """ "57,71%" for shares, "724,66 ha" for the rest."""
    if unit.startswith("%"):
        return percent(value, decimals, lang)
    return f"{number(value, decimals, lang)} {unit}"


def kind_word(subject: Subject, lang: str) -> str:
    english = {"kabupaten": "regency", "kota": "city", "provinsi": "province", "negara": "country"}
    return subject.kind if lang == "id" else english[subject.kind]


def unit_of(indicators: pd.DataFrame, code: str, lang: str) -> str:
    return indicators.at[code, "unit" if lang == "id" else "unit_en"]


def noun(indicators: pd.DataFrame, code: str, sentences: Sentences) -> str:
    """The indicator inside a sentence: the wording of the template file, else its short name in lower case."""
    if code in sentences.texts["noun"]:
        return sentences.texts["noun"][code][0]
    short = name_of(indicators, code, sentences.lang)
    return short if short[1:2].isupper() else short[:1].lower() + short[1:]


def name_of(indicators: pd.DataFrame, code: str, lang: str) -> str:
    """The indicator as a heading or table cell."""
    return indicators.at[code, "short_name" if lang == "id" else "short_name_en"]


def year(value) -> str:
    return str(int(value))


def share_of(count: int, total: int, members: str, sentences: Sentences) -> str:
    """ "satu dari 13 kabupaten/kota", "belum satu pun dari ...", "seluruh ..."."""
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
        f"share.{key}", count=count_word(count, sentences), total=str(total), members=members
    )


def count_word(count: int, sentences: Sentences) -> str:
    """ "tiga" up to ten, figures beyond."""
    return sentences.texts["count"].get(str(count), (str(count),))[0]
