"""What is known about one region, as frames: the part of the checked tables its page reads, and the measures
a planner asks for first. No words, no pictures.
"""

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from ..analysis import assessment, priorities, progress, trend
from ..analysis.projection import scenario
from ..data import codebook, dataset, derived, reconcile, regions
from ..data.targets import targets_of
from ..errors import BadRequestError
from ..paths import processed_dir as default_processed_dir
from . import local, once
from .comparison import comparison, gap_change, inequality_of, yearly
from .models import default_year, load_models, peers
from .slices import indicator_slice, region_slice
from .story import scored, story
from .strategy import options, waste_left

HORIZON_YEARS = (2024, 2026, 2029, 2030)
VALUES = [
    "region_code", "region", "kind", "indicator", "year", "value", "lower", "upper", "rank", "rank_lower", "rank_upper",
]  # fmt: skip
GOALS = [
    "indicator", "framework", "target_year", "target", "role", "status", "is_headline", "value", "value_year", "gap",
    "unit", "direction", "near_target", "at_risk", "single_survey", "unjudged", "probability", "value_source_id",
]  # fmt: skip
ATTAINMENT = [
    "indicator", "framework", "target_year", "target", "unit", "role", "value", "value_year", "gap", "attainment_pct",
    "status",
]  # fmt: skip
PLACE = (
    "rank", "of", "rank_low", "rank_high", "country_rank", "country_of", "country_rank_low", "country_rank_high",
)  # fmt: skip
PLANNING = ["indicator", "year", "framework", "target", "value", "value_year", "median", "lower", "upper"]
REPORTED = ["indicator", "year", "value", "source_id", "used_year", "used_value", "used_origin", "difference"]
METHODS = ["indicator", "framework", "target", "target_year", "method", "verdict"]
TESTS = ["indicator", "origin", "year", "forecast", "lower", "upper", "observed"]
PROJECTION = ["region_code", "indicator", "year", "median", "lower", "upper"]
JUDGED = ["target", "status", "value", "value_year", "direction", "unit", "value_source_id"]
PACE = [
    "required_pp_per_year", "observed_pp_per_year", "recent_pp_per_year", "projected_pp_per_year", "closed_2030_pct",
    "year_reached", "median_2030", "slow_2030",
]  # fmt: skip
PLANNING_YEARS = (2026, 2029)
LADDER = (
    "sanitasi_aman", "sanitasi_layak_sendiri", "sanitasi_layak_bersama", "sanitasi_belum_layak", "babs_terbuka",
)  # fmt: skip
PAIRS = {"air_minum_layak": ("air_minum_layak_perkotaan", "air_minum_layak_perdesaan")}
ALIKE = 3  # how many regencies of the same kind and size stand beside a regency


def load(
    region: str,
    report_year: int | None = None,
    data_until: int | None = None,
    processed_dir: Path | None = None,
    indicator: str | None = None,
) -> "RegionData":
    """The RegionData of a region, named as people write it ("Banjar", "Kab. Banjar", "6303", "63.03").

    A bare name is looked for in South Kalimantan (63) first. report_year: the year regions are compared in;
    default is the last year for which every region of the province is observed. data_until: nothing later is
    known (None: everything is). indicator: only what the comparison of this indicator reads (None: all of the
    region). Raises UnknownRegionError for a name that is unknown or fits several regions,
    PkpError when the data have not been cleaned yet.

    >>> load("Kab. Banjar").region_code
    '6303'
    >>> load("Banjr")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    pkp_analysis.errors.UnknownRegionError: 'Banjr' tidak dikenal ...
    """
    code = codebook.to_indicator(indicator) if indicator else None
    region_code = regions.find_region(region)
    folder = Path(processed_dir) if processed_dir else default_processed_dir()
    data = dataset.load_dataset(folder)
    year = check_year(report_year, data.observations)
    if check_year(data_until, data.observations, "data_until") is not None:
        data = dataclasses.replace(data, observations=known_by(data.observations, data_until))
    year = year or default_year(data.observations, region_code)
    kept = indicator_slice(data, code, region_code) if code else region_slice(data, region_code)
    return RegionData(region_code, year, kept, load_models(data, folder))


def known_by(observations: pd.DataFrame, year: int) -> pd.DataFrame:
    return observations[observations["year"] <= year].reset_index(drop=True)


def check_year(year, observations: pd.DataFrame, name: str = "report_year") -> int | None:
    """The year as it was given. BadRequestError unless it is a whole number within the years of the data, or None."""
    first, last = int(observations["year"].min()), int(observations["year"].max())
    if year is None:
        return None
    if not isinstance(year, int) or isinstance(year, bool):
        raise BadRequestError(
            f"{name} bernilai {year!r} ({type(year).__name__}); seharusnya bilangan bulat seperti {last}. Dengan"
            f" papermill tulis `-p {name} {last}`."
        )
    if not first <= year <= last:
        raise BadRequestError(
            f"{name} bernilai {year}, padahal data mencakup {first} sampai {last}. Pilih salah satu tahun itu."
        )
    return year


@dataclass(frozen=True, repr=False)
class RegionData:
    """What is known about one region at a report year.

    `observations`, `targets`, `issues`, `sources` are DataFrames; `attainment()`, `projection()`, `goals()` and
    `position()` answer the usual questions. Indicators are named as people write them ("Air minum layak",
    "air_minum_layak"); an unknown name raises UnknownIndicatorError with the nearest ones.

    >>> load("Barito Kuala")  # doctest: +ELLIPSIS
    <RegionData 6304 Kabupaten Barito Kuala, ... values, compared in 2024>
    """

    region_code: str
    report_year: int
    dataset: dataset.Dataset
    models: dict

    def __repr__(self) -> str:
        return (
            f"<RegionData {self.region_code} {self.full_name}, {len(self.observations)} values, compared"
            f" in {self.report_year}>"
        )

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None):  # titles of sources are long
            return f"<p>{escape(self.full_name)}</p>{self.overview()._repr_html_()}"

    def overview(self) -> pd.DataFrame:
        """The last governing value of each indicator in codebook order: [indicator, value, unit, year, source]."""
        rows = self.observations[self.observations["is_governing"]].drop_duplicates("indicator", keep="last")
        rows = rows.set_index("indicator")
        rows = rows.loc[[code for code in self.indicators.index if code in rows.index]].reset_index()
        titles = self.dataset.sources.set_index("source_id")["title"]
        rows = rows.assign(
            indicator=rows["indicator"].map(self.indicators["short_name"]),
            source=rows["source_id"].map(titles),
        )
        return rows[["indicator", "value", "unit", "year", "source"]]

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
        """Every region's rows, those after the report year too: it is the year regions are compared in."""
        return self.dataset.observations

    @cached_property
    def observations(self) -> pd.DataFrame:
        """The region's values in the columns of the clean table, each with unit, source_id and the cell it
        came from.

        >>> rows = load("Banjar").observations.query("indicator == 'sanitasi_layak' and is_governing")
        >>> rows[["year", "value", "unit"]].values.tolist()
        [[2021, 77.19, '% rumah tangga'], [2024, 83.18, '% rumah tangga']]
        """
        rows = self.all_observations
        return rows[rows["region_code"] == self.region_code].sort_values(["indicator", "year", "precedence"])

    @cached_property
    def targets(self) -> pd.DataFrame:
        rows = targets_of(self.dataset.targets, self.region_code)
        place = {indicator: place for place, indicator in enumerate(self.indicators.index)}
        return rows.sort_values(
            "indicator", key=lambda column: column.map(place), kind="stable", ignore_index=True
        )

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

        >>> rows = load("Banjar").attainment("sanitasi layak").query("target_year == 2024")
        >>> rows[["target", "value", "gap"]].round(2).values.tolist()
        [[90.0, 83.18, 6.82]]
        """
        rows = self.assessment
        if indicator is not None:
            rows = rows[rows["indicator"] == codebook.to_indicator(indicator)]
        return rows[ATTAINMENT].assign(source_id=rows["value_source_id"]).reset_index(drop=True)

    def points(self, indicator: str) -> pd.DataFrame:
        """The governing values of the latest comparable series of an indicator, by year; empty without any.

        Columns of the clean table and `region` (its name), `origin` (survey, administrative, agency, press,
        derived) and `doubtful` (bool: the checks noted something about this very cell).
        """
        code = codebook.to_indicator(indicator)
        return self._series.get(code, self.described.iloc[:0])

    @cached_property
    def _series(self) -> dict[str, pd.DataFrame]:
        return dict(tuple(assessment.latest_series(self.described).groupby("indicator")))

    @cached_property
    def described(self) -> pd.DataFrame:
        """The observations with `region` (its name) and `doubtful`, as in points()."""
        rows = self.observations
        cell = ["file", "row", "column"]
        noted = self.dataset.issues
        noted = noted.loc[noted["severity"] != "note", cell].astype("str").apply(tuple, axis=1)
        doubtful = rows[cell].astype("str").apply(tuple, axis=1).isin(set(noted))
        rows = rows.assign(region=self.name, doubtful=doubtful & (rows["file"] != ""))
        return rows

    def projection(
        self, indicator: str | None = None, years=HORIZON_YEARS, level: bool = False
    ) -> pd.DataFrame:
        """DataFrame[region_code, indicator, year, median, lower, upper] in percent, 80 % interval, for years
        after the last value to 2030.

        level=True: every year, and first the row of the last value's own year, the level the band starts
        from. Empty for an indicator without a model: it needs a panel of all provinces.

        >>> load("Banjar").projection("sanitasi layak", years=[2030])["year"].tolist()
        [2030]
        >>> load("Banjar").projection("air minum")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        pkp_analysis.errors.UnknownIndicatorError: 'air minum' ... Nama terdekat: ...
        """
        frame = self.projections
        code = codebook.to_indicator(indicator) if indicator else None
        frame = frame[frame["indicator"] == code] if code else frame
        if not level:
            return frame[frame["year"].isin(list(years))].reset_index(drop=True)
        starts = [self.present_level(one) for one in ([code] if code else self.models)]
        return pd.concat([*starts, frame], ignore_index=True).sort_values(
            ["indicator", "year"], ignore_index=True
        )

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

    def around(self, indicator: str) -> pd.DataFrame | None:
        """The province's governing values of an indicator beside a regency: rows as points() gives them;
        None for a province.
        """
        return None if self.region_code == self.province_code else self._whole(self.province_code, indicator)

    def nation(self, indicator: str) -> pd.DataFrame:
        """The nation's governing values of an indicator: rows as points() gives them; empty where none is known.

        >>> load("Banjar").nation("hunian layak")["value"].tolist()[-2:]
        [68.4, 70.3]
        """
        return self._whole(regions.NATION, indicator)

    def _whole(self, region_code: str, indicator: str) -> pd.DataFrame:
        rows = self.dataset.observations
        code = codebook.to_indicator(indicator)
        rows = rows[(rows["region_code"] == region_code) & (rows["indicator"] == code)]
        return assessment.latest_series(rows).assign(region=regions.region_name(region_code))

    def tests(self, indicator: str) -> pd.DataFrame:
        """What the figures up to the report year said of the years published since: [indicator, origin, year,
        forecast, lower, upper (80 %), observed], in percent; empty where nothing newer is published.
        """
        code, points = codebook.to_indicator(indicator), self.points(indicator)
        past, later = known_by(points, self.report_year), points[points["year"] > self.report_year]
        from ..analysis.model import models_for  # scipy: half a second that few pages need

        rows = known_by(self.dataset.observations, self.report_year)
        rows = rows[rows["is_governing"] & (rows["indicator"] == code)]
        is_known = code in self.models and len(past) and len(later)
        model = models_for(rows).get(code) if is_known else None
        if model is None:
            return pd.DataFrame(columns=TESTS)
        found = model.project(past, later["year"].tolist()).rename(columns={"median": "forecast"})
        found = found.assign(origin=int(past["year"].max()))
        return found.merge(later[["year", "value"]].rename(columns={"value": "observed"}), on="year")[TESTS]

    def moves(self, indicator: str) -> pd.DataFrame:
        """First and last survey figure of each regency of the province that has two: [region_code, region,
        indicator, year, value, kind, change], two rows a region; empty for what no survey measures.

        change: the direction word the method allows, as change() gives it.
        """
        code, rows = codebook.to_indicator(indicator), self.yearly(indicator)
        if code not in codebook.headline("survey") or rows.empty:
            rows = rows.iloc[:0]
        ends = rows[rows["year"].isin([rows["year"].min(), rows["year"].max()])]
        ends = ends[ends.groupby("region_code")["year"].transform("nunique") == 2]
        names = regions.regions()
        found = self.models[code].own_change(rows) if len(ends) else pd.DataFrame({"region_code": []})
        found = found.set_index("region_code").reindex(columns=["direction"])["direction"]
        return ends.assign(
            region=ends["region_code"].map(names["full_name"]),
            kind=ends["region_code"].map(names["kind"]),
            change=ends["region_code"].map(found),
        )

    yearly = yearly

    def scenario(self, indicator: str, extra_pp_per_year=None, households_per_year=None) -> pd.DataFrame:
        """The projection with an additional effort each year, from the present level to 2030: columns of
        projection(). Raises BadRequestError for both or neither effort, for an indicator without a
        projection, and for households where no count is known.

        >>> load("Barito Kuala").scenario("sanitasi layak", extra_pp_per_year=2).columns[:4].tolist()
        ['region_code', 'indicator', 'year', 'median']
        """
        code = codebook.to_indicator(indicator)
        if code not in self.models:
            raise BadRequestError(
                f"{code} tidak diproyeksikan, jadi tidak ada skenarionya. Pilih indikator survei."
            )
        counts = self.observations[self.observations["indicator"] == priorities.HOUSEHOLDS]
        lifted = scenario(
            pd.concat([self.points(code), counts[counts["is_governing"]]], ignore_index=True),
            extra_pp_per_year,
            households_per_year,
            model=self.models[code],
        )
        return pd.concat([self.present_level(code), lifted[lifted["indicator"] == code]], ignore_index=True)

    @cached_property
    def _counted(self) -> pd.DataFrame:
        return priorities.households(self.all_observations, [self.region_code])

    @property
    def household_count(self) -> float:
        """Households of the region at its newest count; NaN where none is known."""
        return float(self._counted["households"].iloc[0])

    @cached_property
    def projections(self) -> pd.DataFrame:
        """Every year from the one after the last value up to the horizon, for the indicators that have a
        model.
        """
        frames = [
            model.project(
                self.points(code), range(self.points(code)["year"].max() + 1, HORIZON_YEARS[-1] + 1)
            )
            for code, model in self.models.items()
            if len(self.points(code))
        ]
        return pd.concat(frames or [pd.DataFrame({column: [] for column in PROJECTION})], ignore_index=True)

    # Targets

    def goals(self, indicator: str | None = None) -> pd.DataFrame:
        """The targets that govern, in page order: columns GOALS, a row per indicator, plan and target year.

        role: "own" (the region's plan), "reference" (a national plan beside a regency) or "context" (the
        province's plan); gap is positive while something is missing, in the unit of the indicator, and missing where
        a target that is due has only an older value; status is missing for context.
        """
        rows = self.assessment[self.assessment["governs"]]
        codes = [codebook.to_indicator(indicator)] if indicator else self.headline
        rows = rows.loc[rows["indicator"].isin(codes), GOALS]
        order = {code: place for place, code in enumerate(codes)}
        rows = rows.sort_values(
            "indicator", key=lambda known: known.map(order), kind="stable", ignore_index=True
        )
        due = (rows["target_year"] <= self.report_year) & (rows["value_year"] < rows["target_year"])
        return rows.assign(gap=rows["gap"].mask(due & (rows["status"] == "insufficient_data")))

    @cached_property
    def headline(self) -> list[str]:
        """Codes of the main indicators, in page order."""
        return codebook.headline()

    @once
    def standing(self) -> pd.DataFrame:
        """The first screen: a row per main indicator with its governing target and its places.

        Columns of goals() and those of place() (among the province's regencies with a value, and among all that
        have one; a province: among the provinces), `origin` of the value, and
        newer_value, newer_year, newer_origin: a figure of after the plan's year, or what an agency sent beside;
        course: the word reported_course() has for what is reported in two years or more (None for a survey);
        ahead_framework, ahead_year, ahead_target: the plan after the governing one, NaN for none;
        since_value, since_year: the figure it names; without: the percentage not served, by which lists of several
        indicators are ordered.
        An indicator without target or value keeps its row.
        """
        goals = self.goals()
        rows = goals[goals["is_headline"]].drop_duplicates("indicator").set_index("indicator")
        rows = rows.reindex(self.headline)
        ahead = goals[goals["target_year"] > goals["indicator"].map(rows["target_year"])]
        ahead = ahead[(ahead["target_year"] > self.report_year) & ahead["role"].ne("context")]
        ahead = ahead.sort_values("target_year", kind="stable").drop_duplicates("indicator")
        ahead = ahead.set_index("indicator").reindex(self.headline)
        rows = rows.assign(
            ahead_framework=ahead["framework"], ahead_year=ahead["target_year"], ahead_target=ahead["target"]
        )
        for code in self.headline:
            points = self.points(code)
            if pd.isna(rows.at[code, "value"]) and len(points):
                last = points.iloc[-1]
                rows.loc[code, ["value", "value_year", "unit"]] = [last["value"], last["year"], last["unit"]]
        forms = self.sources.loc[self.sources["layout"] == "agency_workbook", "source_id"]
        sent = self.reported()
        sent = sent[sent["source_id"].isin(forms) & (sent["year"] >= sent["used_year"])]
        newer = [self.points(code).tail(1) for code in self.headline]
        newer = pd.concat([*newer, sent.assign(origin="agency")]).set_index("indicator")
        rows["origin"] = newer.loc[~newer.index.duplicated(), "origin"]
        newer = newer[(newer["year"] > rows["value_year"].reindex(newer.index)) | newer["used_year"].notna()]
        newer = newer[~newer.index.duplicated()].reindex(self.headline)
        rows = rows.assign(newer_value=newer["value"], newer_year=newer["year"], newer_origin=newer["origin"])
        rows = rows.assign(course=None, since_value=float("nan"), since_year=float("nan"))
        for code in self.headline:
            points = self.points(code)
            if len(points) > 1 and self.indicators.at[code, "origin"] != "survey":
                course, since = trend.reported_course(points)
                rows.loc[code, ["course", "since_value", "since_year"]] = [
                    course,
                    since["value"],
                    since["year"],
                ]
        places = [self.place(code) for code in self.headline]
        rows["without"] = priorities.without(rows)
        waste = waste_left(self)
        if local.WASTE in rows.index and rows.at[local.WASTE, "value_year"] == waste["year"]:
            rows.at[local.WASTE, "without"] = waste["share"]  # what is reduced needs no handling
        return rows.assign(**pd.DataFrame(places, index=rows.index)).rename_axis("indicator").reset_index()

    def own_plan(self) -> pd.DataFrame:
        """The targets of the region's own plan in its last year judged: columns GOALS, attainment_pct,
        scale (as performance reports have it), source, quoted (the plan itself was not read) and also_stated (another
        indicator for which the register has the very same target, so that it is not sure which one is meant).
        """
        columns = [*GOALS, "attainment_pct", "scale", "source", "quoted", "also_stated"]
        same = ["framework", "target_year", "target"]
        stated = self.dataset.targets.rename(columns={"year": "target_year", "value": "target"})
        stated = stated.loc[stated["region_code"] == self.region_code, ["indicator", *same]].drop_duplicates()
        pairs = (
            stated.merge(stated, on=same).query("indicator_x != indicator_y").drop_duplicates("indicator_x")
        )
        rows = self.assessment.assign(also_stated=None, quoted=self.assessment["target_status"] != "document")
        rows = rows[(rows["role"] == "own") & rows["governs"] & (rows["value_year"] == rows["target_year"])]
        counts = rows.groupby(["framework", "target_year"]).size()
        if counts.empty:
            return rows[columns]
        plan, year = counts.index[counts.to_numpy().argmax()]
        rows = rows[(rows["framework"] == plan) & (rows["target_year"] == year)]
        found = rows.merge(pairs, left_on=["indicator", *same], right_on=["indicator_x", *same], how="left")
        return found.assign(also_stated=found["indicator_y"])[columns]

    def planning(self, years=PLANNING_YEARS) -> pd.DataFrame:
        """For planning papers, a row per main indicator and year: [indicator, year, framework, target, value,
        value_year, median, lower, upper], NaN where nothing is known.
        """
        rows = []
        for code in self.headline:
            points = self.points(code)
            ahead = self.projection(code, years).set_index("year")[["median", "lower", "upper"]]
            goals = self.goals(code).drop_duplicates("target_year").set_index("target_year")
            last = points[["value", "year"]].iloc[-1] if len(points) else {"value": None, "year": None}
            for year in years:
                goal = goals.loc[year, ["framework", "target"]].to_dict() if year in goals.index else {}
                step = ahead.loc[year].to_dict() if year in ahead.index else {}
                known = {"indicator": code, "year": year, "value": last["value"], "value_year": last["year"]}
                rows.append(known | goal | step)
        return pd.DataFrame(rows).reindex(columns=PLANNING)

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
        if code not in self.models:
            return values.assign(rank_lower=values["rank"], rank_upper=values["rank"])
        draws = self._draws(code, self.peers)
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

        Ranks count equal values once; their ranges are left empty. Empty when fewer than half have a value: a
        place among a few says nothing.
        """
        code = codebook.to_indicator(indicator)
        register = regions.regions()
        kinds = ("provinsi",) if self.kind in ("provinsi", "negara") else regions.LEVELS["regency"]
        level = register.index[register["kind"].isin(kinds)]
        values = self._values(code, level)
        values = values if len(values) > len(level) / 2 else values.iloc[:0]
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
        """Its places at the report year: dict of PLACE, NaN where the region has no value.

        _low, _high: the places it may hold, the 80 % range of a survey's rank or sure_places() of what is reported.
        """
        code, found = codebook.to_indicator(indicator), dict.fromkeys(PLACE, float("nan"))
        is_province = self.kind in ("provinsi", "negara")
        groups = {"country_": self.country(indicator)} | (
            {} if is_province else {"": self.position(indicator)}
        )
        for prefix, values in groups.items():
            own = values[values["region_code"] == self.region_code]
            if len(own) and len(values) > 1:
                found |= {f"{prefix}rank": own["rank"].iloc[0], f"{prefix}of": len(values)}
                if prefix and code in self.models:  # among many: the range of this one alone
                    published, way = (
                        values.set_index("region_code")["value"],
                        self.indicators.at[code, "direction"],
                    )
                    draws = self._draws(code, values["region_code"])
                    ranks = priorities.rank_interval(published, draws, way, only=[self.region_code])
                    low, high = ranks[["rank_lower", "rank_upper"]].iloc[0]
                else:
                    low, high = trend.sure_places(own.iloc[0], values)
                found |= {f"{prefix}rank_low": low, f"{prefix}rank_high": high}
        return found

    @cached_property
    def _drawn(self) -> dict:
        return {}

    def _draws(self, code: str, region_codes) -> pd.DataFrame:
        """Model.draws of what these regions published for the report year: the same on every page that asks for
        the same regions.
        """
        key = code, *sorted(region_codes)
        if key not in self._drawn:
            rows = self._of_the_year
            rows = rows[(rows["indicator"] == code) & rows["region_code"].isin(key)]
            self._drawn[key] = self.models[code].draws(rows, self.report_year)
        return self._drawn[key]

    def near(self, own: pd.Series, values: pd.DataFrame) -> pd.Series:
        """Which of the values of regions (region_code, value) cannot be told apart from its own (indicator, value), by
        the noise of the survey or by how much reported figures move.
        """
        code = own["indicator"]
        if code not in self.models:
            return (values["value"] - own["value"]).abs() < trend.REPORTED
        model = self.models[code]
        alike = model.alike(code, self.region_code, own["value"], values["region_code"], values["value"])
        return pd.Series(alike, index=values.index)

    @cached_property
    def scored(self) -> pd.DataFrame:
        """Every fact of the province's regencies with its score, the same for each of them."""
        return scored(self)

    @cached_property
    def _of_the_year(self) -> pd.DataFrame:
        rows = reconcile.leading(self.dataset.observations)
        return rows[rows["year"] == self.report_year]

    def _values(self, code: str, region_codes) -> pd.DataFrame:
        rows = self._of_the_year
        rows = rows[
            (rows["indicator"] == code) & rows["region_code"].isin(list(region_codes))
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
        rows = self.dataset.observations
        rows = rows[(rows["indicator"] == codebook.POPULATION) & rows["is_governing"]].sort_values("year")
        people = rows.groupby("region_code")["value"].last()
        kind = regions.regions()["kind"].reindex(people.index)
        people = people[kind == self.kind]
        if self.region_code not in people.index or len(people) < ALIKE:
            return []
        third = pd.qcut(people, 3, labels=False, duplicates="drop")
        people = people[third == third[self.region_code]]
        return (people - people[self.region_code]).abs().sort_values(kind="stable").index[1:].tolist()

    # Households, money, people

    @property
    def as_of(self) -> int:
        """The year from which what remains is counted: that of the newest source document, never the clock."""
        return int(
            self.dataset.sources["published"].astype("str").str.extract(r"^(\d{4})")[0].astype(float).max()
        )

    @once
    def households(self) -> pd.DataFrame:
        """Households to serve for each target that lies ahead: rows of priorities.households_per_year with
        target, status, source ids, `without` and `unserved`: the percentage and the households without access at the
        last value.

        Empty where no household count is known.
        """
        rows = self.assessment
        ahead = rows[rows["indicator"].isin(self.headline) & rows["governs"] & ~rows["passed"].astype(bool)]
        keys = ["region_code", "indicator", "framework", "target_year"]
        frame = priorities.households_per_year(ahead, self._counted, self._growth, self.as_of).merge(
            ahead[[*keys, *JUDGED]], on=keys, validate="1:1"
        )
        without = priorities.without(frame)
        return frame.assign(
            without=without,
            unserved=without * self.households_at(frame["value_year"]) / 100,
            count_source_id=self._counted["source_id"].iloc[0],
        )

    def needs(self) -> pd.DataFrame:
        """The rows of households() that a page tells: of values not older than three years, those of the earliest plan
        ahead where it asks the same of every indicator as the targets of the horizon, else the latter.
        """
        rows = self.households()
        rows = rows[rows["value_year"] >= self.report_year - 3]  # an old backlog is not divided by years
        ends = rows["target_year"].min(), HORIZON_YEARS[-1]
        first, last = (rows[rows["target_year"] == year] for year in ends)
        is_same = set(zip(first["indicator"], first["target"])) == set(zip(last["indicator"], last["target"]))
        return first if is_same else last

    @cached_property
    def _growth(self) -> pd.DataFrame:
        register = derived.registered_population(self.all_observations)
        return priorities.growth(register, [self.region_code])

    def households_at(self, years: pd.Series) -> pd.Series:
        """Households of the region in each of the years: its count, carried on by priorities.growth; NaN where no
        count is known.
        """
        count = self._counted.iloc[0]
        return count["households"] * (1 + self._growth["growth"].iloc[0]) ** (years - count["year"])

    def unserved(self, indicator: str) -> pd.DataFrame:
        """Where the households without access live: priorities.unserved_distribution of the province's
        regencies with `region`, and with a model the 80 % ranges; empty unless every one has a value and a
        household count.
        """
        code = codebook.to_indicator(indicator)
        counts = priorities.households(self.all_observations, self.peers).set_index("region_code")
        values = self._values(code, self.peers).set_index("region_code")["value"]
        is_share = self.indicators.at[code, "unit"] == "% rumah tangga"
        if not is_share or counts["households"].isna().any() or len(values) < len(counts):
            values = values.iloc[:0]
        draws = self._draws(code, self.peers) if code in self.models and len(values) else None
        frame = priorities.unserved_distribution(
            values, counts["households"], self.indicators.at[code, "direction"], draws
        )
        return frame.assign(
            region=frame["region_code"].map(regions.regions()["full_name"]),
            indicator=code,
            year=self.report_year,
        )

    # Of other modules of this room, as methods
    comparison, inequality, gap_change = comparison, inequality_of, gap_change
    strategy, story = options, once(story)

    def focus(self) -> str:
        """The indicator the page turns to: of the first worrying fact of the story, else the one that serves
        fewest of those below their target, else the first main indicator with a value.
        """
        told, standing = self.story(), self.standing()
        worrying = told.loc[told["sign"] == "worrying", "indicator"]
        behind = standing[(standing["gap"] > 0) & standing["without"].notna()]
        behind = behind.assign(
            other=behind["unit"] != "% rumah tangga"
        )  # people first: other things do not compare
        widest = behind.sort_values(["other", "without"], ascending=[True, False], kind="stable")["indicator"]
        known = standing.loc[standing["value"].notna(), "indicator"]
        return [*worrying, *widest, *known, *self.headline][0]

    local_facts, landfills, sanctions = local.local_facts, local.landfills, local.sanctions
    beside = local.beside

    def change(self, indicator: str) -> str | None:
        """The direction word for a survey indicator (model.direction_of); None with fewer than two or no model."""
        code = codebook.to_indicator(indicator)
        if code not in self.models or len(self.points(code)) < 2:
            return None
        return self.models[code].own_change(self.points(code))["direction"].iloc[0]

    def commitments(self) -> pd.DataFrame:
        """What actors said they would do here: rows of the register, newest first."""
        frame = self.dataset.commitments
        frame = frame[frame["region_code"] == self.region_code]
        frame = frame.rename(columns={"status": "state"})
        return frame.sort_values("year", ascending=False, kind="stable", ignore_index=True)

    # What else is known

    def ladder(self) -> pd.DataFrame:
        """The rungs of sanitation in the latest year that has at least two of them, the best first:
        [indicator, year, value, unit, source_id]; empty elsewhere.
        """
        rows = pd.concat([self.points(code) for code in LADDER])
        counts = rows.groupby("year")["indicator"].nunique()
        years = counts.index[counts >= 2]
        rows = rows[rows["year"] == (years.max() if len(years) else -1)]
        return rows[["indicator", "year", "value", "unit", "source_id"]].reset_index(drop=True)

    def urban_rural(self) -> pd.DataFrame:
        """Urban and rural figures of one year: [indicator, year, urban, rural, difference]; empty without both."""
        rows = []
        for code, pair in PAIRS.items():
            urban, rural = (self.points(one).set_index("year")["value"] for one in pair)
            rows += [[code, year, urban[year], rural[year]] for year in urban.index.intersection(rural.index)]
        frame = pd.DataFrame(rows, columns=["indicator", "year", "urban", "rural"])
        return frame.assign(difference=frame["urban"] - frame["rural"])

    def pace(self) -> pd.DataFrame:
        """The way to the targets of the horizon, of main indicators with a model that have yet to reach them:
        [indicator, framework, target_year, target, *PACE]. closed_2030_pct: the part of the gap that the median
        closes by then; slow_2030: the median if progress slows to half; projected_pp_per_year: the pace of the
        median; recent_pp_per_year: that of the last RECENT years (NaN where they are not all known).
        """
        rows = self.assessment
        rows = rows[
            rows["governs"] & (rows["target_year"] == HORIZON_YEARS[-1]) & rows["median_2030"].notna()
        ]
        rows = rows[rows["indicator"].isin(self.headline) & rows["pace_ratio"].notna() & ~rows["met"]]
        left = HORIZON_YEARS[-1] - rows["value_year"]
        rows = rows.assign(
            recent_pp_per_year=[trend.recent_pace(self.points(code)) for code in rows["indicator"]],
            projected_pp_per_year=(rows["median_2030"] - rows["value"]) / left,
        )
        return rows[["indicator", "framework", "target_year", "target", *PACE]].reset_index(drop=True)

    def methods(self) -> pd.DataFrame:
        """The four published ways of judging progress towards the targets of the horizon: [indicator,
        framework, target, target_year, method, verdict], for main indicators with two comparable values.
        """
        goals = self.goals()
        goals = goals[goals["target_year"] == HORIZON_YEARS[-1]]
        frames = []
        for goal in goals.itertuples():
            points = self.points(goal.indicator)
            if len(points) < 2:
                continue
            ahead = self.projection(goal.indicator, [goal.target_year])["median"]
            found = progress.side_by_side(
                points, goal.target, goal.target_year, goal.direction, ahead.iloc[0] if len(ahead) else None
            )
            about = {key: getattr(goal, key) for key in ("indicator", "framework", "target", "target_year")}
            frames.append(found.rename(columns={"status": "verdict"})[["method", "verdict"]].assign(**about))
        return pd.concat(frames, ignore_index=True)[METHODS] if frames else pd.DataFrame(columns=METHODS)

    # What is not known

    def missing(self) -> pd.DataFrame:
        """Main indicators without a value, or whose last one is older than the report year or than what most of its
        peers have: [indicator, last_year (NaN: none), agency, doubted_year (of a later figure that is not
        used; NaN: none)].
        """
        doubted = self.observations[self.observations["series"] == reconcile.DOUBTFUL_SERIES]
        doubted = doubted.groupby("indicator")["year"].max()
        rows = []
        for code in self.headline:
            points = self.points(code)
            last = points["year"].max() if len(points) else float("nan")
            later = reconcile.counted_otherwise(self.all_observations, code, last, self.peers)["region_code"]
            is_behind = 2 * later.nunique() > len(self.peers) and self.region_code in {*self.peers} - {*later}
            if not last >= self.report_year or doubted.get(code, 0) > last or is_behind:
                rows.append(
                    [code, last, self.indicators.at[code, "lead_agency"], doubted.get(code, float("nan"))]
                )
        return pd.DataFrame(rows, columns=["indicator", "last_year", "agency", "doubted_year"])

    def reported(self) -> pd.DataFrame:
        """The last figure an agency sent of each main indicator that has others to lead: [indicator, year, value,
        source_id, publisher, used_year, used_value, used_origin, difference], when it is no older than the last
        of those or nobody else has one of its year; used_: theirs of the nearest year.

        It stands beside them and never replaces them in status, rank, projection or household counts.
        """
        rows = self.described
        sent = rows[(rows["origin"] == "agency") & rows["indicator"].isin(self.headline)]
        sent = sent[sent["series"] != reconcile.DOUBTFUL_SERIES]
        sent = reconcile.governing(reconcile.govern(sent, self.dataset.sources))
        found = []
        for row in sent.sort_values("year").drop_duplicates("indicator", keep="last").to_dict("records"):
            points = self.points(row["indicator"])
            last = points.iloc[-1] if len(points) else row
            away = (points["year"] - row["year"]).abs()
            near = points[away == away.min()].iloc[-1] if len(points) else row
            others = rows[(rows["indicator"] == row["indicator"]) & (rows["origin"] != "agency")]
            alone = row["year"] not in others["year"].to_list()
            if last["origin"] != "agency" and (alone or row["year"] >= last["year"]):
                used = {f"used_{key}": near[key] for key in ("year", "value", "origin")}
                found.append(row | used | {"difference": row["value"] - near["value"]})
        frame = pd.DataFrame(found).reindex(columns=REPORTED)
        publisher = self.dataset.sources.set_index("source_id")["publisher"]
        return frame.assign(publisher=frame["source_id"].map(publisher))

    def counted_otherwise(self) -> pd.DataFrame:
        """Rows of observations of the main indicators after the last year used that are counted in another way."""
        rows = self.observations[self.observations["is_governing"]]
        found = [
            reconcile.counted_otherwise(rows, code, points["year"].max(), [self.region_code])
            for code, points in self._series.items()
            if code in self.headline
        ]
        return pd.concat([rows.iloc[:0], *found])

    def conflicts(self) -> pd.DataFrame:
        """Figures that several sources state further apart than the indicator's tolerance, the governing first."""
        return reconcile.stated_apart(self.observations)
