"""The status marks: symbol, word and colour always travel together, never colour alone."""

from dataclasses import dataclass


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
        Mark("not_yet_due", "◌", "belum waktunya dinilai", "not yet due for judgement", "#4F6D8F", "#FFFFFF"),
        Mark("insufficient_data", "○", "data belum cukup", "not enough data", "#767676", "#FFFFFF"),
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
        "word": mark.word if lang == "id" else mark.word_en,
    }
