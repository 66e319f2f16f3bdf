"""The seven status marks: symbol, word and colour always travel together, never colour alone."""

from dataclasses import dataclass, replace

import pandas as pd


@dataclass(frozen=True)
class Mark:
    status: str
    symbol: str
    word: str  # Indonesian
    word_en: str
    color: str
    text_color: str  # readable on `color`: contrast of at least 4.5


MARKS = {
    mark.status: mark
    for mark in (
        Mark("achieved", "✔", "tercapai", "achieved", "#0072B2", "#FFFFFF"),
        Mark("on_track", "●", "sesuai jalur", "on track", "#009E73", "#000000"),
        Mark("needs_acceleration", "◆", "perlu percepatan", "needs acceleration", "#E69F00", "#000000"),
        Mark("small_chance", "▽", "peluang kecil", "small chance", "#D55E00", "#000000"),
        Mark("moving_away", "✖", "menjauhi target", "moving away", "#882255", "#FFFFFF"),
        Mark("not_achieved", "◇", "belum tercapai", "not achieved", "#CC79A7", "#000000"),
        Mark("below_reference", "◇", "di bawah acuan", "below reference", "#CC79A7", "#000000"),
        Mark("insufficient_data", "○", "data belum cukup", "not enough data", "#767676", "#FFFFFF"),
    )
}
# The same status in other words: there is a value, but the plan starts after it.
NOT_DUE = replace(
    MARKS["insufficient_data"], word="belum waktunya dinilai", word_en="not yet due for judgement"
)


def mark_of(row) -> Mark | None:
    """The mark and word of an assessment row (a Series or a dict); None without a status."""
    mark = MARKS.get(row["status"])
    return NOT_DUE if mark == MARKS["insufficient_data"] and not_started(row) else mark


def not_started(row) -> bool:
    """Whether there is a value and the plan starts after its year."""
    known = all(pd.notna(row.get(key)) for key in ("value", "start_year", "value_year"))
    return bool(known and row["start_year"] > row["value_year"])


def mark_view(mark: Mark | None, lang: str) -> dict | None:
    """Key, symbol and word of a mark as a page template shows them."""
    return mark and {
        "key": mark.status,
        "symbol": mark.symbol,
        "word": mark.word if lang == "id" else mark.word_en,
    }
