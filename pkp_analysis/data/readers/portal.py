"""Facility cards copied from the waste system's portal: one long text per facility, tonnes a year inside it."""

import re
from functools import cache

from ..regions import regions
from .headers import year_of
from .sheet import Block, Sheet, listed

FIGURE = re.compile(
    r"(Sampah[A-Za-z ]*?|Timbulan[A-Za-z ]*?)\s*\((ton|kg)/(tahun|hari)\)\s*:?\s*([\d.,]*\d|-)", re.IGNORECASE
)
# The portal's words for what a landfill receives and manages; the codebook names the landfill.
LANDFILL = {
    "sampah diterima": "sampah masuk TPA",
    "sampah masuk": "sampah masuk TPA",
    "sampah dikelola": "sampah dikelola TPA",
}
IS_LANDFILL = re.compile(r"(?:\b|Jenis)TPA\b(?! ?3R)", re.IGNORECASE)


@cache
def place_pattern() -> re.Pattern:
    """A regency and its province; made when first asked for: importing a reader must read no table."""
    provinces = sorted(regions().query("kind == 'provinsi'")["name"], key=len, reverse=True)
    return re.compile(r"((?:Kab\.|Kabupaten|Kota)\s+[A-Z][A-Za-z' ]+?),\s*(" + "|".join(provinces) + ")")


def is_portal(sheet: Sheet) -> bool:
    """Whether the first cells are such cards."""
    texts = (text for column in sheet.texts for text in column[:20])
    return any(FIGURE.search(text) and place_pattern().search(text) for text in texts)


def read_cells(sheet: Sheet) -> Block:
    """Candidate cells: each figure inside each card. Several facilities of a regency stay apart: the cleaner
    refuses them as
    one region twice, because adding them up is a decision for the sender."""
    records = []
    for column, texts in enumerate(sheet.texts, start=1):
        for row, text in enumerate(texts, start=1):
            places = list(place_pattern().finditer(text))
            place, year = places[-1] if places else None, year_of(FIGURE.sub(" ", text))
            beside = " ".join([text, *(sheet.shown(row - 1, other) for other in range(sheet.width))])
            names = LANDFILL if IS_LANDFILL.search(beside) else {}
            for name, unit, period, number in FIGURE.findall(text):
                records.append(
                    {
                        "row": row,
                        "column": column,
                        "text": number,
                        "region": place.group(1) if place else "",
                        "province": place.group(2).strip() if place else "",
                        "name": names.get(name.strip().lower(), name.strip()),
                        "unit": f"{unit.lower()}/{period.lower()}",
                        "year": year or 0,
                        "part": "" if names else f"facility: {text[:60].strip()}",
                        "note": f"satu fasilitas: {text[:80].strip()}",
                    }
                )
    return listed(records, {"sheet": sheet.name})
