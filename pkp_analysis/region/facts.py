"""What is known about one region, as frames: the part of the checked tables its page reads, and the measures
a planner asks for first. No words, no pictures.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..analysis import assessment, priorities
from ..data import codebook, dataset, reconcile, regions
from ..data.targets import targets_of
from ..errors import BadRequestError
from ..paths import processed_dir as default_processed_dir
from .models import default_year, load_models, peers
from .slices import region_slice
from .strategy import options

HORIZON_YEARS = (2024, 2026, 2029, 2030)
VALUES = [
    "region_code", "region", "kind", "indicator", "year", "value", "lower", "upper", "rank", "rank_lower", "rank_upper",
]  # fmt: skip
GOALS = [
    "indicator", "framework", "target_year", "target", "role", "status", "is_headline", "value", "value_year", "gap",
    "unit", "direction", "near_target", "at_risk", "probability", "value_source_id",
]  # fmt: skip
ALIKE = 3  # how many regencies of the same kind and size stand beside a regency


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
            & rows["indicator"].isin(codebook.headline("survey"))
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
        """The governing values of the latest comparable series of an indicator, by year; empty without any.

        Columns of the clean table and `region` (its name), `origin` (survey, administrative, agency, press,
        derived) and `doubtful` (bool: the checks noted something about this very cell).
        """
        code = codebook.to_indicator(indicator)
        return self._series.get(code, self._described.iloc[:0])

    @cached_property
    def _series(self) -> dict[str, pd.DataFrame]:
        return dict(tuple(assessment.latest_series(self._described).groupby("indicator")))

    @cached_property
    def _described(self) -> pd.DataFrame:
        rows = self.observations
        cell = ["file", "row", "column"]
        noted = self.dataset.issues
        noted = noted.loc[noted["severity"] != "note", cell].astype("str").apply(tuple, axis=1)
        doubtful = rows[cell].astype("str").apply(tuple, axis=1).isin(set(noted))
        rows = rows.assign(region=self.name, doubtful=doubtful & (rows["file"] != ""))
        return rows

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

    # Targets

    def goals(self, indicator: str | None = None) -> pd.DataFrame:
        """The targets that govern, in page order: columns GOALS, a row per indicator, plan and target year.

        role: "own" (the region's plan), "reference" (a national plan beside a regency) or "context" (the
        province's plan); gap is positive while something is missing, in the unit of the indicator; status is
        missing for context.
        """
        rows = self.assessment[self.assessment["governs"]]
        codes = [codebook.to_indicator(indicator)] if indicator else self.headline
        return rows.loc[rows["indicator"].isin(codes), GOALS].reset_index(drop=True)

    @cached_property
    def headline(self) -> list[str]:
        """Codes of the main indicators, in page order."""
        return codebook.headline()

    def standing(self) -> pd.DataFrame:
        """The first screen: a row per main indicator with its governing target and its places.

        Columns of goals() and rank, of (among the province's regencies with a value), country_rank and
        country_of (among all that have one; a province: among the provinces). An indicator without target or
        value keeps its row.
        """
        rows = self.goals()
        rows = (
            rows[rows["is_headline"]]
            .drop_duplicates("indicator")
            .set_index("indicator")
            .reindex(self.headline)
        )
        for code in self.headline:
            points = self.points(code)
            if pd.isna(rows.at[code, "value"]) and len(points):
                last = points.iloc[-1]
                rows.loc[code, ["value", "value_year", "unit"]] = [last["value"], last["year"], last["unit"]]
        places = [self.place(code) for code in self.headline]
        return rows.assign(**pd.DataFrame(places, index=rows.index)).rename_axis("indicator").reset_index()

    def own_plan(self) -> pd.DataFrame:
        """The targets of the region's own plan, judged by themselves, with attainment in percent: rows of
        attainment() of role "own".
        """
        rows = self.attainment()
        return rows[rows["role"] == "own"].reset_index(drop=True)

    # Others beside it

    def position(self, indicator: str) -> pd.DataFrame:
        """The regencies and cities of the province at the report year, best first: columns VALUES.

        lower, upper: 80 % range of the figure; rank_lower, rank_upper: 80 % range of the rank (the rank
        itself where a figure has no survey noise). Empty with fewer than two values. A province: its
        regencies as well.
        """
        code = codebook.to_indicator(indicator)
        values = self._values(code, self.peers)
        if len(values) < 2:
            return values
        rows = self.dataset.observations
        rows = rows[
            (rows["indicator"] == code)
            & rows["is_governing"]
            & (rows["year"] <= self.report_year)
            & rows["region_code"].isin(values["region_code"])
        ]
        if code not in self.models:
            return values.assign(rank_lower=values["rank"], rank_upper=values["rank"])
        draws = self.models[code].draws(rows, self.report_year)
        ends = draws.quantile([0.1, 0.9], axis=1).T.set_axis(["lower", "upper"], axis=1)
        ranks = priorities.rank_interval(
            values.set_index("region_code")["value"], draws, self.indicators.at[code, "direction"]
        )
        whole = values.drop(columns=["lower", "upper", "rank", "rank_lower", "rank_upper"])
        ranks = ranks.drop(columns="value").set_index("region_code")
        return whole.join(ends, on="region_code").join(ranks, on="region_code", validate="m:1")[VALUES]

    def country(self, indicator: str) -> pd.DataFrame:
        """All regencies and cities of the country with a value of the report year (a province: all
        provinces), best first: columns VALUES and `alike` (bool: same kind and third of population).

        Ranks count equal values once; their ranges are left empty.
        """
        code = codebook.to_indicator(indicator)
        register = regions.regions()
        kinds = ("provinsi",) if self.kind in ("provinsi", "negara") else regions.LEVELS["regency"]
        values = self._values(code, register.index[register["kind"].isin(kinds)])
        return values.assign(alike=values["region_code"].isin(self._alike))

    def alike(self, indicator: str) -> pd.DataFrame:
        """The ALIKE regencies (cities for a city) outside the province nearest in population that have a
        value: rows of country(), nearest first. Empty for a province.
        """
        values = self.country(indicator)
        values = values[values["alike"] & ~values["region_code"].isin(self.peers)]
        order = {code: place for place, code in enumerate(self._alike)}
        return values.sort_values("region_code", key=lambda codes: codes.map(order)).head(ALIKE)

    def place(self, indicator: str) -> dict:
        """{"rank", "of", "country_rank", "country_of"} at the report year; NaN where the region has no value."""
        found = dict.fromkeys(("rank", "of", "country_rank", "country_of"), float("nan"))
        is_province = self.kind in ("provinsi", "negara")
        groups = {"country_": self.country(indicator)}
        groups |= {} if is_province else {"": self._values(codebook.to_indicator(indicator), self.peers)}
        for prefix, values in groups.items():
            own = values[values["region_code"] == self.region_code]
            if len(own) and len(values) > 1:
                found |= {f"{prefix}rank": own["rank"].iloc[0], f"{prefix}of": len(values)}
        return found

    def _values(self, code: str, region_codes) -> pd.DataFrame:
        rows = self.dataset.observations
        rows = rows[
            (rows["indicator"] == code)
            & rows["is_governing"]
            & (rows["year"] == self.report_year)
            & rows["region_code"].isin(list(region_codes))
        ].drop_duplicates("region_code")
        register = regions.regions()
        ascending = self.indicators.at[code, "direction"] == "down"
        rank = rows["value"].rank(ascending=ascending, method="min").astype(int)
        values = rows.assign(
            region=rows["region_code"].map(register["full_name"]),
            kind=rows["region_code"].map(register["kind"]),
        ).assign(lower=float("nan"), upper=float("nan"), rank=rank, rank_lower=pd.NA, rank_upper=pd.NA)
        return values.sort_values(["rank", "region_code"], ignore_index=True)[VALUES]

    @cached_property
    def _alike(self) -> list[str]:
        """Codes of the regencies of the same kind and third of population, nearest in population first."""
        if self.kind not in regions.LEVELS["regency"]:
            return []
        people = self.dataset.observations
        people = people[(people["indicator"] == "penduduk_jiwa") & people["is_governing"]]
        people = (
            people.sort_values("year")
            .drop_duplicates("region_code", keep="last")
            .set_index("region_code")["value"]
        )
        kind = regions.regions()["kind"].reindex(people.index)
        people = people[kind == self.kind]
        if self.region_code not in people.index or len(people) < ALIKE:
            return []
        third = pd.qcut(people, 3, labels=False, duplicates="drop")
        people = people[third == third[self.region_code]]
        return (people - people[self.region_code]).abs().sort_values(kind="stable").index[1:].tolist()

    # Households, money, people

    def households(self) -> pd.DataFrame:
        """Households to serve for each target that lies ahead: rows of priorities.households_per_year with
        target, status, source ids and `unserved`, the households without access at the last value.

        Empty where no household count is known.
        """
        rows = self.assessment
        ahead = rows[rows["indicator"].isin(self.headline) & rows["governs"] & ~rows["passed"].astype(bool)]
        counts = priorities.households(self.all_observations, [self.region_code])
        keys = ["region_code", "indicator", "framework", "target_year"]
        frame = priorities.households_per_year(ahead, counts).merge(
            ahead[[*keys, "target", "status", "value", "value_year", "direction", "value_source_id"]],
            on=keys,
            validate="1:1",
        )
        without = frame["value"].where(frame["direction"] == "down", 100 - frame["value"])
        return frame.assign(
            unserved=without * counts["households"].iloc[0] / 100, count_source_id=counts["source_id"].iloc[0]
        )

    def unserved(self, indicator: str) -> pd.DataFrame:
        """Where the households without access live: priorities.unserved_distribution of the province's
        regencies with `region`; empty unless every one has a value and a household count.
        """
        code = codebook.to_indicator(indicator)
        counts = priorities.households(self.all_observations, self.peers).set_index("region_code")
        values = self._values(code, self.peers).set_index("region_code")["value"]
        is_share = self.indicators.at[code, "unit"] == "% rumah tangga"
        if not is_share or counts["households"].isna().any() or len(values) < len(counts):
            values = values.iloc[:0]
        frame = priorities.unserved_distribution(
            values, counts["households"], self.indicators.at[code, "direction"]
        )
        return frame.assign(region=frame["region_code"].map(regions.regions()["full_name"]), indicator=code)

    def strategy(self) -> pd.DataFrame:
        """Options the region's figures call for: strategy.options of its standing(), households and waste."""
        return options(self)

    def commitments(self) -> pd.DataFrame:
        """What actors said they would do here: rows of the register, newest first."""
        frame = self.dataset.commitments
        frame = frame[frame["region_code"] == self.region_code]
        return frame.sort_values("year", ascending=False, kind="stable", ignore_index=True)

    # What is not known

    def missing(self) -> pd.DataFrame:
        """Main indicators without a value, or whose last one is older than the report year: [indicator,
        last_year (NaN: none), agency].
        """
        rows = []
        for code in self.headline:
            points = self.points(code)
            last = points["year"].max() if len(points) else float("nan")
            if not last >= self.report_year:
                rows.append([code, last, self.indicators.at[code, "lead_agency"]])
        return pd.DataFrame(rows, columns=["indicator", "last_year", "agency"])

    def conflicts(self) -> pd.DataFrame:
        """Figures that several sources state further apart than the indicator's tolerance, the governing
        first.
        """
        return reconcile.stated_apart(self.observations)
