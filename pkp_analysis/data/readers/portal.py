"""Facility cards copied from the waste system's portal: one long text per facility, tonnes a year inside it."""

import re

import pandas as pd

from .sheet import Sheet
from .table import CELL_COLUMNS

PLACE = re.compile(r"((?:Kab\.|Kabupaten|Kota)\s+[A-Z][A-Za-z' ]+?),\s*([A-Z][A-Za-z ]+?)(?=\.\.|\.{3}|…|[A-Z][a-z]+ ?\(|\d|Sampah|Tahun|$|[,;|])")
FIGURE = re.compile(r"(Sampah[A-Za-z ]*?|Timbulan[A-Za-z ]*?)\s*\((ton|kg)/(tahun|hari)\)\s*:?\s*([\d.,]+|-)", re.IGNORECASE)
YEAR = re.compile(r"\b(?:Tahun|Periode)\s*:?\s*(20\d\d)")


def is_portal(sheet: Sheet) -> bool:
    """Whether the first cells are such cards."""
    texts = [value for value in sheet.cells.head(20).to_numpy(dtype=object).ravel() if isinstance(value, str)]
    return any(FIGURE.search(text) and PLACE.search(text) for text in texts)


def read_cells(sheet: Sheet) -> pd.DataFrame:
    """Candidate cells: each figure inside each card, per facility. Several facilities of a regency stay apart, so they
    are duplicates for the cleaner unless the regency has one; adding them up is a decision for the sender."""
    records = []
    for row, values in enumerate(sheet.cells.itertuples(index=False), start=1):
        for column, text in enumerate(values, start=1):
            if not isinstance(text, str) or not FIGURE.search(text):
                continue
            place, year = PLACE.search(text), YEAR.search(text)
            for name, unit, period, number in FIGURE.findall(text):
                records.append({
                    "row": row, "column": column, "text": number, "region": place.group(1) if place else "",
                    "province": place.group(2).strip() if place else "", "name": _indicator(name), "title": name.strip(),
                    "unit": f"{unit.lower()}/{period.lower()}", "year": int(year.group(1)) if year else 0,
                    "note": f"satu fasilitas: {text[:80].strip()}",
                })
    cells = pd.DataFrame(records, columns=["row", "column", "text", "region", "province", "name", "title", "unit", "year", "note"])
    constant = {"sheet": sheet.name, "number": float("nan"), "percent": False, "code": "", "measure": "facility", "status": "",
                "source_id": "", "hidden": False, "dimension": ""}
    return cells.assign(**constant)[CELL_COLUMNS]


def _indicator(name: str) -> str:
    """The portal's own word for what lands at a site; the codebook knows it as received at the landfill."""
    return {"sampah diterima": "sampah masuk TPA", "sampah masuk": "sampah masuk TPA"}.get(name.strip().lower(), name.strip())
