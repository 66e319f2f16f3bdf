"""How charts name indicators, plans, values and statuses."""

import pandas as pd

from ..data.codebook import indicators
from .catalogue import load_sentences
from .marks import Mark
from .numbers import number, percent

PLANS = {"Target Kalsel (Jakstrada)": "Jakstrada", "Jakstranas (Perpres 97/2017)": "Jakstranas"}


def short_name(indicator: str, lang: str) -> str:
    return indicators().loc[indicator, "short_name" if lang == "id" else "short_name_en"]


def shown_value(indicator: str, value: float, lang: str) -> str:
    """ "57,71%" for shares, "724,66 hektare" for the rest."""
    row = indicators().loc[indicator]
    decimals = 0 if float(value).is_integer() and value in (0, 100) else int(row["decimals"])
    if row["unit"].startswith("%"):
        return percent(value, decimals, lang)
    return f"{number(value, decimals, lang)} {row['unit' if lang == 'id' else 'unit_en']}"


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


def yardstick(targets: pd.DataFrame, year: float) -> pd.Series | None:
    """The target a value of `year` is compared with first: not yet passed before passed, own before
    reference, nearest year.
    """
    if not len(targets):
        return None
    order = targets.assign(
        passed=targets["target_year"] < year,
        other=targets["role"] != "own",
        distance=(targets["target_year"] - year).abs(),
    )
    return order.sort_values(["passed", "other", "distance"], kind="stable").iloc[0]


def status_word(mark: Mark | None, lang: str, symbol: bool = True) -> str:
    """ "◇ di bawah acuan", or the word alone; "tidak dinilai" without a mark."""
    if mark is None:
        return load_sentences(lang).label("no_status")
    word = mark.word if lang == "id" else mark.word_en
    return f"{mark.symbol} {word}" if symbol else word
