"""The part of the clean tables one report may read: what it is given is also what decides whether it must run
again.
"""

import dataclasses

import pandas as pd

from ..data import codebook, regions
from ..data.dataset import Dataset, tables_hash
from ..data.derived import REGISTERED

CELL = ["file", "sheet", "row", "column"]
SHARED_ROLES = ("headline",)  # ranked among the regencies of a province, so shown on each of their pages
# for the share of all households, and how their number grows
HOUSEHOLD_INPUTS = ("rumah_tangga", "penduduk_jiwa", "rata2_anggota_rt", *REGISTERED)


def region_slice(dataset: Dataset, region_code: str) -> Dataset:
    """The Dataset a page of this region reads.

    A regency: its own rows, its province's and the nation's, and of its peers only the indicators in which
    regions are ranked. Both: the main indicators' governing figures of all regions of their level, and what
    tells which are alike in size. A province: everything of its regencies, and
    those figures of all regencies and provinces. The nation: everything of the
    provinces. Sources and issues are those of the rows kept (issues: of the region's own cells).
    """
    register = regions.regions()
    observations = dataset.observations
    if region_code == regions.NATION:
        provinces = register.index[register["kind"] == "provinsi"]
        kept = observations["region_code"].isin([region_code, *provinces])
        context = {region_code}
    else:
        province = register.at[region_code, "province_code"]
        context = {region_code, province, regions.NATION}
        if region_code == province:  # its meeting papers are about what stands in each regency's registers
            context.update(regions.members(province))
        kept = observations["region_code"].isin(context)
        of_members = observations["region_code"].isin(regions.members(province))
        if region_code != province:
            of_members &= observations["indicator"].isin([*shared_indicators(), *HOUSEHOLD_INPUTS])
        kept |= of_members
        level = register["kind"].isin(regions.LEVELS["regency"])
        if region_code == province:  # its papers ask each regency what the regency's own page turns to
            level |= register["kind"] == "provinsi"
        of_level = observations["region_code"].isin(register.index[level]) & observations["is_governing"]
        kept |= of_level & observations["indicator"].isin([*shared_indicators(), "penduduk_jiwa"])
    told = context | (set() if region_code == regions.NATION else set(regions.members(province)))
    rows = observations[kept]
    own = _cells(rows[rows["region_code"] == region_code])
    return dataclasses.replace(
        dataset,
        observations=rows.reset_index(drop=True),
        targets=dataset.targets[dataset.targets["region_code"].isin(context)].reset_index(drop=True),
        issues=dataset.issues[_cells(dataset.issues).isin(own)].reset_index(drop=True),
        sources=dataset.sources[dataset.sources["source_id"].isin(rows["source_id"])].reset_index(drop=True),
        commitments=dataset.commitments[dataset.commitments["region_code"].isin(context)].reset_index(
            drop=True
        ),
        local_facts=dataset.local_facts[
            [not told.isdisjoint(codes.split(";")) for codes in dataset.local_facts["region_code"]]
        ].reset_index(drop=True),
    )


def shared_indicators() -> list[str]:
    """The indicators in which regencies are ranked, so that each page shows all of them."""
    indicators = codebook.indicators()
    return indicators.index[indicators["role"].isin(SHARED_ROLES)].tolist()


def indicator_slice(dataset: Dataset, indicator: str, province: str = "63") -> Dataset:
    """The Dataset the page of an indicator reads: its rows in the province, its regencies, the nation and the
    other provinces; surveyed main indicators stand beside each other.
    """
    codes = [regions.NATION, province, *(regions.members(province))]
    indicators = [indicator, *HOUSEHOLD_INPUTS, "timbulan_sampah_ton"]
    surveyed = codebook.headline("survey")
    indicators += surveyed if indicator in surveyed else []
    rows = dataset.observations
    register = regions.regions()
    beside = rows["region_code"].isin(register.index[register["kind"] == "provinsi"])
    rows = rows[
        (rows["region_code"].isin(codes) & rows["indicator"].isin(indicators))
        | (beside & (rows["indicator"] == indicator))
    ]
    targets = dataset.targets[
        (dataset.targets["indicator"] == indicator) & dataset.targets["region_code"].isin(codes)
    ]
    return dataclasses.replace(
        dataset,
        observations=rows.reset_index(drop=True),
        targets=targets.reset_index(drop=True),
        issues=dataset.issues[_cells(dataset.issues).isin(_cells(rows))].reset_index(drop=True),
        sources=dataset.sources[dataset.sources["source_id"].isin(rows["source_id"])].reset_index(drop=True),
        commitments=dataset.commitments.iloc[:0],
        local_facts=dataset.local_facts.iloc[:0],
    )


def slice_key(dataset: Dataset) -> str:
    """A hash of every table of a slice, which decides whether its page must run again: 12 hexadecimal digits."""
    return tables_hash(dataset)[:12]


def _cells(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[CELL].astype("str"))
