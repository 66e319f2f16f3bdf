"""The governing figures as one tidy table, and the register of regions, for a planner's own analysis."""

import pandas as pd

from ..data import codebook, dataset
from ..data import regions as register
from ..errors import BadRequestError

LEVELS = {"kabupaten": register.LEVELS["regency"], "provinsi": ("provinsi",)}
COLUMNS = [
    "region_code", "region", "kind", "indicator", "indicator_name", "year", "value", "unit", "origin", "source",
]  # fmt: skip


def tidy(
    indicator: str | None = None,
    level: str | None = None,
    province: str | None = "63",
    year: int | None = None,
    processed_dir=None,
) -> pd.DataFrame:
    """DataFrame[COLUMNS] of the governing values, sorted by region, indicator and year.

    indicator: a code or a name as people write it. level: "kabupaten" (regencies and cities, never the
    province among them), "provinsi" or None for both. province: a name or code; None: the whole country.
    region is the full name, so that a kabupaten and a kota of one name stay apart.

    >>> tidy("sanitasi layak", level="kabupaten", year=2024)["region"].nunique()
    13
    """
    if level not in (None, *LEVELS):
        raise BadRequestError(f"level bernilai {level!r}; pilihan: {', '.join(map(repr, LEVELS))} atau None.")
    known = register.regions()
    chosen = known[known["kind"].isin(LEVELS[level])] if level else known
    if province is not None:
        chosen = chosen[chosen["province_code"] == register.to_region_code(province, level="province")]
    data = dataset.load_dataset(processed_dir) if processed_dir else dataset.load_dataset()
    rows = data.observations
    rows = rows[rows["is_governing"] & rows["region_code"].isin(chosen.index)]
    if indicator is not None:
        rows = rows[rows["indicator"] == codebook.to_indicator(indicator)]
    if year is not None:
        rows = rows[rows["year"] == year]
    titles = data.sources.set_index("source_id")["title"]
    rows = rows.assign(
        region=rows["region_code"].map(known["full_name"]),
        kind=rows["region_code"].map(known["kind"]),
        indicator_name=rows["indicator"].map(codebook.indicators()["short_name"]),
        source=rows["source_id"].map(titles),
    )
    return rows.sort_values(["region_code", "indicator", "year"], ignore_index=True)[COLUMNS]


def regions(province: str | None = None) -> pd.DataFrame:
    """The register of regions as a table: region_code, name, full_name, kind, province_code, ...; of one
    province (a name or code) or of the whole country.

    >>> len(regions("Kalimantan Selatan"))
    14
    """
    known = register.regions().reset_index()
    if province is None:
        return known
    code = register.to_region_code(province, level="province")
    return known[known["province_code"] == code].reset_index(drop=True)
