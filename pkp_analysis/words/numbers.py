"""Numbers as a reader in Indonesia (lang="id") or in English (lang="en") expects them."""

import math
import re

from .catalogue import load_sentences

SEPARATORS = {"id": str.maketrans(",.", ".,"), "en": {}}


def number(value: float, decimals: int = 2, lang: str = "id") -> str:
    """ "1.234,50" (id) or "1,234.50" (en); an en dash for a missing value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    text = f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:  # no "-0,00"
        text = text.lstrip("-")
    return text.translate(SEPARATORS[lang]).replace("-", "−")


def percent(value: float, decimals: int = 2, lang: str = "id") -> str:
    """ "57,71%": no space before the sign."""
    text = number(value, decimals, lang)
    return text if text == "–" else f"{text}%"


def hundreds(value: float, lang: str = "id") -> str:
    """A household estimate rounded to hundreds: "15.600"; "kurang dari 100" below 50 but above zero."""
    if value is None or math.isnan(value):
        return "–"
    if 0 < value < 50:
        return load_sentences(lang).label("fewer_than_100")
    return number(round(value / 100) * 100, 0, lang)


def date_words(date: str, lang: str) -> str:
    """ "27 Februari 2026" for "2026-02-27", "Februari 2026" for "2026-02"; any other text as it is."""
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", date)
    if not found or not 1 <= int(found[2]) <= 12:
        return date
    day = f"{int(found[3])} " if found[3] else ""
    return f"{day}{load_sentences(lang).label('months').split()[int(found[2]) - 1]} {found[1]}"
