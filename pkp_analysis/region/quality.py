"""What came in, what was refused, what is missing: the checked tables as frames. No words, no pictures."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ..data import codebook, dataset, reconcile, regions

SEVERITIES = ["rejected", "warning", "note"]
COUNTS = ["candidates", "observations", "rejected", "missing"]


def quality(province: str = "63", processed_dir=None) -> "Quality":
    """The Quality of the processed tables. Raises PkpError before the data were cleaned, UnknownRegionError for
    a province nobody knows.
    """
    return Quality(regions.to_region_code(province, level="province"), dataset.load_dataset(processed_dir))


def _places(rows: pd.DataFrame, value: str) -> list[tuple]:
    """(file, sheet, row) of each; a figure that was worked out stands in no file, so its value tells it apart."""
    row = rows["row"].astype("str").where(rows["file"] != "", rows[value].astype("str"))
    return list(zip(rows["file"], rows["sheet"], row))


@dataclass(frozen=True, repr=False)
class Quality:
    """The checked tables, seen from one province: each frame says with `inside` which rows are about it."""

    province_code: str
    dataset: dataset.Dataset

    def __repr__(self) -> str:
        return f"<Quality {self.province_code}, {len(self.dataset.observations)} values>"

    @cached_property
    def region_codes(self) -> list[str]:
        """The province and its regencies and cities."""
        return [self.province_code, *regions.members(self.province_code)]

    @cached_property
    def observations(self) -> pd.DataFrame:
        """The clean table and `inside`."""
        rows = self.dataset.observations
        return rows.assign(inside=rows["region_code"].isin(self.region_codes))

    def files(self) -> pd.DataFrame:
        """The balance of value cells: [file, layout, *COUNTS, inside], a row per file; found = used + refused +
        empty.
        """
        own = set(self.observations.loc[self.observations["inside"], "file"])
        rows = [
            [file, about["layout"], *(about["counts"][key] for key in COUNTS), file in own]
            for file, about in self.dataset.provenance["files"].items()
        ]
        return pd.DataFrame(rows, columns=["file", "layout", *COUNTS, "inside"])

    def balance(self) -> pd.DataFrame:
        """One row for all files: [files, *COUNTS]."""
        counts = self.dataset.provenance["counts"]
        return pd.DataFrame([{"files": len(self.files())} | {key: counts[key] for key in COUNTS}])

    def issues(self) -> pd.DataFrame:
        """What the checks noted, refused cells first: columns of the issues, `cell` ("C12"), and `inside`: about
        a row of the province, or a file that only tells of it.
        """
        found = self.dataset.issues
        order = found["severity"].map(SEVERITIES.index)
        found = found.assign(order=order).sort_values("order", kind="stable", ignore_index=True)
        rows = self.observations
        alone = rows.groupby("file")["inside"].all()
        in_row = set(_places(rows[rows["inside"]], "value"))
        keys = pd.Series(_places(found, "text"), dtype=object)
        own_file = found["file"].map(alone).eq(True)
        cell = found["column"].astype("str") + found["row"].astype("str")
        return found.drop(columns="order").assign(cell=cell, inside=own_file | keys.isin(in_row))

    def severities(self) -> pd.DataFrame:
        """[severity, issues, issues_inside]: how many points of each weight, in all and about the province."""
        found = self.issues()
        rows = [
            [severity, len(group), int(group["inside"].sum())]
            for severity in SEVERITIES
            for group in [found[found["severity"] == severity]]
        ]
        return pd.DataFrame(rows, columns=["severity", "issues", "issues_inside"])

    def conflicts(self) -> pd.DataFrame:
        """Figures that sources state further apart than the indicator's tolerance, the governing first: columns
        of the clean table, `region` and `used_for`, the plans judged by this figure though it does not govern.
        """
        rows = reconcile.stated_apart(self.observations)
        targets = self.dataset.targets
        key = ["source_id", "region_code", "indicator", "year"]
        judged = targets.rename(columns={"realization_source_id": "source_id"})[[*key, "framework"]].astype(
            str
        )
        plans = judged.groupby(key)["framework"].agg(
            lambda names: " ".join({name.split()[0]: 0 for name in names})
        )
        used = [plans.get(one, "") for one in rows[key].astype(str).itertuples(index=False, name=None)]
        return rows.assign(region=rows["region_code"].map(regions.regions()["full_name"]), used_for=used)

    def coverage(self, indicators: list[str] | None = None) -> pd.DataFrame:
        """[region_code, region, indicator, year]: the newest year of each region of the province and indicator
        (default: the main ones); one row with a missing year where there is no value.
        """
        rows = self.observations
        newest = rows[rows["inside"]].groupby(["region_code", "indicator"])["year"].max()
        codes = indicators or codebook.headline()
        wanted = pd.MultiIndex.from_product([self.region_codes, codes], names=newest.index.names)
        found = newest.reindex(wanted).reset_index()
        return found.assign(region=found["region_code"].map(regions.regions()["full_name"]))

    def spans(self, inside: bool = True) -> pd.DataFrame:
        """[indicator, regions_count, first_year, last_year, values_count] in codebook order, of the province or
        of everything that was read.
        """
        rows = self.observations
        rows = rows[rows["inside"]] if inside else rows
        counted = rows.groupby("indicator").agg(
            regions_count=("region_code", "nunique"),
            first_year=("year", "min"),
            last_year=("year", "max"),
            values_count=("value", "size"),
        )
        order = [code for code in codebook.indicators().index if code in counted.index]
        return counted.loc[order].reset_index()

    def sources(self) -> pd.DataFrame:
        """Every source with its publisher and file, and `inside`: a value of the province comes from it."""
        own = set(self.observations.loc[self.observations["inside"], "source_id"])
        return self.dataset.sources.assign(inside=self.dataset.sources["source_id"].isin(own))
