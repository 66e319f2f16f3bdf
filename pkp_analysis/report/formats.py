"""Numbers as a reader in Indonesia (lang="id") or in English (lang="en") expects them."""

import math


def number(value: float, decimals: int = 2, lang: str = "id") -> str:
    """"1.234,50" (id) or "1,234.50" (en); an en dash for a missing value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    text = f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:  # no "-0,00"
        text = text.lstrip("-")
    if lang == "id":
        text = text.translate(str.maketrans({",": ".", ".": ","}))
    return text.replace("-", "−")


def percent(value: float, decimals: int = 2, lang: str = "id") -> str:
    """"57,71%": no space before the sign."""
    text = number(value, decimals, lang)
    return text if text == "–" else f"{text}%"


def hundreds(value: float, lang: str = "id") -> str:
    """A household estimate rounded to hundreds: "15.600"; "kurang dari 100" below 50 but above zero."""
    if value is None or math.isnan(value):
        return "–"
    if 0 < value < 50:
        return "kurang dari 100" if lang == "id" else "fewer than 100"
    return number(round(value / 100) * 100, 0, lang)
