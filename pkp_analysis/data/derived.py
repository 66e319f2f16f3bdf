"""Figures the build itself computes from others: households and managed waste, always marked as derived."""

import pandas as pd

from .clean import OBSERVATION_COLUMNS
from .codebook import indicators
from .reconcile import KEY, decimal_comma
from .regions import members, regions
from .registers import DERIVED_PRECEDENCE, SOURCE_COLUMNS, SOURCE_EXTRAS

HOUSEHOLDS, MANAGED_WASTE = "turunan_rumah_tangga", "turunan_sampah_terkelola"
POPULATION_YEAR, HOUSEHOLD_SIZE_YEAR = 2024, 2017


def _derived(frame: pd.DataFrame, indicator: str, source_id: str) -> pd.DataFrame:
    """Rows with region_code, year, value and note as full observations of a derived source."""
    constant = {
        "indicator": indicator,
        "unit": indicators().at[indicator, "unit"],
        "source_id": source_id,
        "origin": "derived",
        "precedence": DERIVED_PRECEDENCE,
        "status": "derived",
        "series": "",
        "is_governing": False,
        "file": "",
        "sheet": "",
        "row": 0,
        "column": "",
    }
    return frame.assign(**constant)[OBSERVATION_COLUMNS]


def households(observations: pd.DataFrame) -> pd.DataFrame:
    """Households where both parts are known: population 2024 / household size 2017, and the sum where a
    province is complete.
    """
    governed = observations.sort_values("precedence", kind="stable").drop_duplicates(KEY)

    def values(indicator: str, year: int) -> pd.Series:
        rows = governed[(governed["indicator"] == indicator) & (governed["year"] == year)]
        return rows.set_index("region_code")["value"]

    size = values("rata2_anggota_rt", HOUSEHOLD_SIZE_YEAR)
    counts = (values("penduduk_jiwa", POPULATION_YEAR) / size).dropna().round()
    counts = counts[counts.index.str.len() == 4]
    how = f"penduduk {POPULATION_YEAR} dibagi rata-rata anggota rumah tangga {HOUSEHOLD_SIZE_YEAR}"
    sums = {}
    for province in sorted(set(counts.index.map(regions()["province_code"]))):
        inside = members(province)
        if counts.index.isin(inside).sum() == len(inside):
            sums[province] = counts[inside].sum()
    frame = pd.DataFrame({"region_code": [*counts.index, *sums], "value": [*counts, *sums.values()]})
    notes = [how] * len(counts) + [f"jumlah seluruh kabupaten/kota; {how}"] * len(sums)
    return _derived(frame.assign(year=POPULATION_YEAR, note=notes), "rumah_tangga", HOUSEHOLDS)


def managed_waste(observations: pd.DataFrame) -> pd.DataFrame:
    """Waste handled plus reduced, wherever both are known for a region and year."""
    governed = observations.sort_values("precedence", kind="stable").drop_duplicates(KEY)
    parts = governed[governed["indicator"].isin(["penanganan_sampah", "pengurangan_sampah"])]
    wide = parts.pivot(index=["region_code", "year"], columns="indicator", values="value")
    wide = wide.reindex(columns=["penanganan_sampah", "pengurangan_sampah"]).dropna()
    notes = [
        f"penanganan {decimal_comma(row.penanganan_sampah)} + pengurangan"
        f" {decimal_comma(row.pengurangan_sampah)}"
        for row in wide.itertuples()
    ]
    frame = wide.sum(axis=1).round(10).rename("value").reset_index().assign(note=notes)
    return _derived(frame, "sampah_terkelola", MANAGED_WASTE)


def derived_sources(observations: pd.DataFrame) -> pd.DataFrame:
    """Rows of the sources table for what the build itself computes."""
    titles = {
        HOUSEHOLDS: (
            "Jumlah rumah tangga (perkiraan)",
            (
                f"Penduduk {POPULATION_YEAR} dibagi rata-rata anggota rumah tangga {HOUSEHOLD_SIZE_YEAR};"
                " bukan hitungan resmi."
            ),
        ),
        MANAGED_WASTE: (
            "Sampah terkelola (penanganan ditambah pengurangan)",
            "Dijumlahkan dari dua angka sumber pada tahun yang sama.",
        ),
    }
    rows = [
        dict.fromkeys([*SOURCE_COLUMNS, *SOURCE_EXTRAS], "")
        | {"source_id": key, "layout": "turunan", "title": title, "publisher": "Dihitung dari sumber lain"}
        | {"precedence": DERIVED_PRECEDENCE, "status": "derived", "origin": "derived", "note": note}
        for key, (title, note) in titles.items()
        if (observations["source_id"] == key).any()
    ]
    columns = [*SOURCE_COLUMNS, *SOURCE_EXTRAS]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns, "str") | {"precedence": "int64"})
