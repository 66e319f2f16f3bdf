"""One region's slice of the checked tables, with the measures a planner asks for first."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..analysis import assessment
from ..data import codebook, dataset, regions
from ..data.targets import targets_of
from ..errors import BadRequestError
from ..paths import processed_dir as default_processed_dir
from .models import SURVEYED, default_year, load_models, peers
from .slices import region_slice

HORIZON_YEARS = (2024, 2026, 2029, 2030)


def load(region: str, report_year: int | None = None, processed_dir: Path | None = None) -> "RegionData":
    """The RegionData of a region, named as people write it ("Banjar", "Kab. Banjar", "6303", "63.03").

    A bare name is looked for in South Kalimantan (63) first. report_year: later observations are left out;
    default
    is the last year for which every region of the province is observed. Raises UnknownRegionError for a name
    that
    is unknown or fits several regions, PkpError when the data have not been cleaned yet.

    >>> load("Kab. Banjar").region_code
    '6303'
    >>> load("Banjr")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    pkp_analysis.errors.UnknownRegionError: 'Banjr' tidak dikenal ... Nama terdekat: 6303 Kabupaten Banjar;
    ...
    """
    return open_region(region, report_year, processed_dir, region_slice)


def open_region(
    region: str, report_year: int | None, processed_dir: Path | None, narrow, kind=None
) -> "RegionData":
    """RegionData (or the `kind` derived from it) over the part of the tables that `narrow(dataset,
    region_code)` keeps; models are fitted on all of it.
    """
    region_code = check_region(region)
    folder = Path(processed_dir) if processed_dir else default_processed_dir()
    data = dataset.load_dataset(folder)
    year = check_year(report_year) or default_year(data.observations, region_code)
    models = load_models(data, folder, year)
    return (kind or RegionData)(region_code, year, narrow(data, region_code), models)


def check_region(region) -> str:
    """The region's code; a number is refused with the papermill option that keeps it text."""
    if not isinstance(region, str):
        raise BadRequestError(
            f'region_code bernilai {region!r} ({type(region).__name__}); seharusnya teks seperti "6303",'
            " sebab bilangan kehilangan nol. Dengan papermill tulis `-r region_code 6303` (bukan -p); di"
            " Python beri tanda kutip."
        )
    return regions.to_region_code(region, province="63")


def check_year(report_year) -> int | None:
    if report_year is None or (isinstance(report_year, int) and not isinstance(report_year, bool)):
        return report_year
    raise BadRequestError(
        f"report_year bernilai {report_year!r} ({type(report_year).__name__}); seharusnya bilangan bulat"
        " seperti 2024. Dengan papermill tulis `-p report_year 2024`."
    )


@dataclass(frozen=True, repr=False)
class RegionData:
    """What is known about one region at a report year.

    `observations`, `targets`, `issues`, `sources` are DataFrames; `attainment()`, `projection()` and
    `plot_trend()` answer the usual questions; `table()` shows them with names, units and sources. Indicators
    are named as people write
    them ("Air minum layak", "air_minum_layak"); an unknown name raises UnknownIndicatorError with the nearest
    ones.

    >>> load("Barito Kuala")  # doctest: +ELLIPSIS
    <RegionData 6304 Kabupaten Barito Kuala, ... values up to 2024>
    """

    region_code: str
    report_year: int
    dataset: dataset.Dataset
    models: dict

    def __repr__(self) -> str:
        return (
            f"<RegionData {self.region_code} {self.full_name}, {len(self.observations)} values up to"
            f" {self.report_year}>"
        )

    @property
    def name(self) -> str:
        return regions.region_name(self.region_code)

    @property
    def full_name(self) -> str:
        return regions.region_name(self.region_code, full=True)

    @property
    def kind(self) -> str:
        return regions.regions().at[self.region_code, "kind"]

    @property
    def province_code(self) -> str:
        return regions.regions().at[self.region_code, "province_code"]

    @cached_property
    def peers(self) -> list[str]:
        return peers(self.region_code)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        return codebook.indicators()

    @cached_property
    def all_observations(self) -> pd.DataFrame:
        """Every region's rows up to the report year."""
        rows = self.dataset.observations
        return rows[rows["year"] <= self.report_year]

    @cached_property
    def observations(self) -> pd.DataFrame:
        """The region's values in the columns of the clean table, each with unit, source_id and the cell it
        came from.

        >>> load("Banjar").observations.query("indicator == 'sanitasi_layak' and is_governing")[["year", "value", "unit"]].values.tolist()
        [[2021, 77.19, '% rumah tangga'], [2024, 83.18, '% rumah tangga']]
        """  # noqa: E501
        rows = self.all_observations
        return rows[rows["region_code"] == self.region_code].sort_values(["indicator", "year", "precedence"])

    @cached_property
    def targets(self) -> pd.DataFrame:
        rows = targets_of(self.dataset.targets, self.region_code)
        place = {indicator: place for place, indicator in enumerate(self.indicators.index)}
        return rows.sort_values(
            "indicator", key=lambda column: column.map(place), kind="stable", ignore_index=True
        )

    @cached_property
    def later(self) -> pd.DataFrame:
        """Governing survey values after the report year, which its report does not use."""
        rows = self.dataset.observations
        kept = (
            (rows["region_code"] == self.region_code)
            & (rows["year"] > self.report_year)
            & rows["is_governing"]
            & rows["indicator"].isin(SURVEYED)
        )
        return rows[kept].sort_values(["indicator", "year"])

    @property
    def issues(self) -> pd.DataFrame:
        """Issues of the files this region's values come from."""
        issues = self.dataset.issues
        return issues[issues["file"].isin(self.observations["file"])]

    @property
    def sources(self) -> pd.DataFrame:
        """The sources this region's values come from."""
        sources = self.dataset.sources
        return sources[sources["source_id"].isin(self.observations["source_id"])]

    @cached_property
    def assessment(self) -> pd.DataFrame:
        return assessment.assess(
            self.dataset.observations, self.dataset.targets, self.models, [self.region_code], self.report_year
        )

    def attainment(self, indicator: str | None = None) -> pd.DataFrame:
        """Value, target, gap (positive: still missing) and status, a row per indicator and plan, with unit
        and source of the value.

        >>> load("Banjar").attainment("sanitasi layak").query("target_year == 2024")[["target", "value", "gap"]].round(2).values.tolist()
        [[90.0, 83.18, 6.82]]
        """  # noqa: E501
        columns = [
            "indicator",
            "framework",
            "target_year",
            "target",
            "unit",
            "role",
            "value",
            "value_year",
            "gap",
            "attainment_pct",
            "status",
        ]
        rows = (
            self.assessment
            if indicator is None
            else self.assessment[self.assessment["indicator"] == codebook.to_indicator(indicator)]
        )
        return rows[columns].assign(source_id=rows["value_source_id"]).reset_index(drop=True)

    def points(self, indicator: str) -> pd.DataFrame:
        """The governing values of the latest comparable series of an indicator (its code), by year; empty
        without any.
        """
        return self._series.get(indicator, self.observations.iloc[:0])

    @cached_property
    def _series(self) -> dict[str, pd.DataFrame]:
        rows = self.observations[self.observations["is_governing"]].sort_values("year")
        return {
            code: group[group["series"] == group["series"].iloc[-1]]
            for code, group in rows.groupby("indicator")
        }

    def projection(self, indicator: str | None = None, years=HORIZON_YEARS) -> pd.DataFrame:
        """DataFrame[region_code, indicator, year, median, lower, upper] in percent, 80 % interval, for years
        after the last value to 2030.

        Empty for an indicator without a model: it needs a panel of all provinces.

        >>> load("Banjar").projection("sanitasi layak", years=[2030])["year"].tolist()
        [2030]
        >>> load("Banjar").projection("air minum")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        pkp_analysis.errors.UnknownIndicatorError: 'air minum' ... Nama terdekat: ... air_minum_layak. ...
        """
        frame = self.projections
        wanted = frame["year"].isin(list(years)) & (
            (frame["indicator"] == codebook.to_indicator(indicator)) if indicator else True
        )
        return frame[wanted].reset_index(drop=True)

    def present_level(self, indicator: str) -> pd.DataFrame:
        """The model's estimate of the level behind the last value: one row [region_code, indicator, year,
        median, lower, upper].

        The projection starts from it, not from the published value, which carries survey noise. Empty without
        a model.
        """
        code = codebook.to_indicator(indicator)
        points = self.points(code)
        if code not in self.models or points.empty:
            return self.projections.iloc[:0]
        return self.models[code].project(points, [int(points["year"].max())], published=False)

    @cached_property
    def projections(self) -> pd.DataFrame:
        """Every year from the one after the last value up to the horizon, for the indicators that have a
        model.
        """
        frames = [
            pd.DataFrame(
                {"region_code": [], "indicator": [], "year": [], "median": [], "lower": [], "upper": []}
            )
        ]
        for code, model in self.models.items():
            points = self.points(code)
            if len(points):
                frames.append(
                    model.project(points, range(int(points["year"].max()) + 1, HORIZON_YEARS[-1] + 1))
                )
        return pd.concat(frames[1:] or frames, ignore_index=True)
