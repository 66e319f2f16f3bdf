"""Small observation tables for tests of the rules over the whole table."""

import pandas as pd

from pkp_analysis.data.clean import OBSERVATION_COLUMNS
from pkp_analysis.data.codebook import indicators


def observations(*rows, **common) -> pd.DataFrame:
    """Governing observations from (region_code, indicator, year, value) rows; keywords set other columns for
    all of them.
    """
    frame = pd.DataFrame(rows, columns=["region_code", "indicator", "year", "value"]).astype(
        {"year": "int64", "value": "float64"}
    )
    filled = {
        "unit": frame["indicator"].map(indicators()["unit"]),
        "source_id": "uji",
        "origin": frame["indicator"].map(indicators()["origin"]),
        "precedence": 10,
        "status": "official",
        "series": "utama",
        "is_governing": True,
        "file": "uji.csv",
        "sheet": "",
        "row": range(2, len(frame) + 2),
        "column": "E",
        "note": "",
    }
    return frame.assign(**(filled | common))[OBSERVATION_COLUMNS]


def sources(**published) -> pd.DataFrame:
    """A sources table: keyword = source_id, value = date of publication."""
    names = list(published)
    return pd.DataFrame(
        {
            "source_id": names,
            "published": list(published.values()),
            "accessed": "",
            "publisher": [f"Penerbit {name}" for name in names],
        }
    )
