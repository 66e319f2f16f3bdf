"""The status marks: symbol, word (in the catalogue) and colour always travel together, never colour alone."""

from dataclasses import dataclass

from .catalogue import load_sentences


@dataclass(frozen=True)
class Mark:
    status: str
    symbol: str
    color: str
    text_color: str  # readable on `color`: contrast of at least 4.5


MARKS = {
    mark.status: mark
    for mark in (
        Mark("achieved", "✔", "#0072B2", "#FFFFFF"),
        Mark("on_track", "●", "#009E73", "#000000"),
        Mark("needs_acceleration", "◆", "#E69F00", "#000000"),
        Mark("small_chance", "▽", "#D55E00", "#000000"),
        Mark("moving_away", "✖", "#882255", "#FFFFFF"),
        Mark("not_achieved", "◇", "#CC79A7", "#000000"),
        Mark("below_reference", "◇", "#CC79A7", "#000000"),
        Mark("not_yet_due", "◌", "#4F6D8F", "#FFFFFF"),
        Mark("insufficient_data", "○", "#767676", "#FFFFFF"),
    )
}


def mark_of(row) -> Mark | None:
    """The mark and word of an assessment row (a Series or a dict); None without a status."""
    return MARKS.get(row["status"])


def mark_view(mark: Mark | None, lang: str) -> dict | None:
    """Key, symbol and word of a mark as a page template shows them."""
    return mark and {
        "key": mark.status,
        "symbol": mark.symbol,
        "word": load_sentences(lang).texts["mark"][mark.status],
    }
