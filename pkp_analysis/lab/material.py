"""What an exploration is made from: the planner's choice, and the figures, targets and models behind it."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from ..analysis import assessment, priorities
from ..analysis.projection import Model
from ..data.codebook import indicators
from ..errors import BadRequestError
from ..region.facts import RegionData
from ..words.chart_words import as_targets, shown_target

ROLES = (
    "headline",
    "province",
    "context",
    "annex",
)  # the order of the menu; supporting counts are not offered
MOST_IN_A_NAME = 4


@dataclass(frozen=True)
class Choice:
    """What the planner asked for. `target` in the indicator's unit, None for none; `effort` a year in `unit`
    ("pp" or "households").
    """

    regions: tuple[str, ...]  # the first one is the region looked at
    indicator: str  # the one the target and the scenario belong to
    target: float | None
    target_year: int
    plan: str = ""
    years: tuple[int, int] = (2015, 2030)
    view: str = "tren"
    effort: float = 0.0
    unit: str = "pp"
    budget: float = 0.0
    others: tuple[str, ...] = ()  # further indicators shown beside it

    @property
    def name(self) -> str:
        """A file name that says what is in the file: "sanitasi_layak-6304-6303-tren-target90-2030-tambah2pp"."""
        parts = [*shortened((self.indicator, *self.others)), *shortened(self.regions), self.view]
        if self.target is not None:
            parts.append(f"target{self.target:g}-{self.target_year}")
        if self.effort:
            parts.append(f"tambah{self.effort:g}{'pp' if self.unit == 'pp' else 'rt'}")
        return "-".join(parts)

    @property
    def target_name(self) -> str:
        if self.target is None:
            return "tanpa target"
        text = shown_target(self.target, indicators().loc[self.indicator, "unit"], "id")
        return f"{text} pada {self.target_year}" + (f" ({self.plan})" if self.plan else "")


def shortened(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, or the first one and how many more: file names have a limit."""
    return names if len(names) <= MOST_IN_A_NAME else (names[0], f"dan_{len(names) - 1}_lain")


@dataclass(frozen=True)
class Remembering(Model):
    """A model that works out a forecast once: the data stay the same while a planner moves a slider."""

    known: dict = field(default_factory=dict)

    def distribution(self, observations, years, published=True) -> pd.DataFrame:
        return self._once(super().distribution, observations, years, published)

    def project(self, observations, years, level=0.80, published=True) -> pd.DataFrame:
        return self._once(super().project, observations, years, level, published)

    def _once(self, method, observations, years, *rest) -> pd.DataFrame:
        asked = (
            method.__name__,
            frozenset(observations["region_code"]),
            frozenset(observations["indicator"]),
            tuple(sorted(set(map(int, years)))),
            rest,
        )
        if asked not in self.known:
            self.known[asked] = method(observations, years, *rest)
        return self.known[asked]


@dataclass(frozen=True)
class Material:
    """The data behind an exploration; `first` is the region it was opened with. What was worked out is kept."""

    first: RegionData
    ranked: dict = field(default_factory=dict)
    drawn: dict = field(default_factory=dict)  # trend figures without a scenario (explore_view.trend)

    @cached_property
    def models(self) -> dict[str, Model]:
        return {
            indicator: Remembering(model.common, model.scales)
            for indicator, model in self.first.models.items()
        }

    @cached_property
    def regions(self) -> dict[str, RegionData]:
        """The province and its regencies and cities, by code."""
        codes = [self.first.province_code, *self.first.peers]
        return {
            code: RegionData(code, self.first.report_year, self.first.dataset, self.models) for code in codes
        }

    @cached_property
    def values(self) -> pd.DataFrame:
        """Governing values of these regions up to the report year."""
        rows = self.first.all_observations
        return rows[rows["is_governing"] & rows["region_code"].isin(list(self.regions))]

    def indicators(self, region_code: str) -> list[str]:
        """Indicators with a value for the region, the headline ones first."""
        known = set(self.values.loc[self.values["region_code"] == region_code, "indicator"])
        roles = indicators()["role"]
        return [code for role in ROLES for code in roles.index[roles == role] if code in known]

    @cached_property
    def assessment(self) -> pd.DataFrame:
        data = self.first.dataset
        return assessment.assess(
            data.observations, data.targets, self.models, self.first.peers, self.first.report_year
        )

    @cached_property
    def households(self) -> pd.Series:
        counts = priorities.households(self.first.all_observations, list(self.regions))
        return counts.set_index("region_code")["households"]

    def latest(self, indicator: str, codes: list[str]) -> pd.DataFrame:
        """The last value of each region that has one: region_code, year, value."""
        rows = self.values[(self.values["indicator"] == indicator) & self.values["region_code"].isin(codes)]
        return rows.sort_values("year").drop_duplicates("region_code", keep="last")[
            ["region_code", "year", "value"]
        ]

    def ranks(self, indicator: str) -> pd.DataFrame:
        """The peers' values with the 80 % interval of their ranks where a model knows them (drawn once per
        indicator).
        """
        if indicator not in self.ranked:
            latest = self.latest(indicator, self.first.peers)
            frame = latest
            if indicator in self.models and len(latest) > 1:
                rows = self.values[
                    (self.values["indicator"] == indicator)
                    & self.values["region_code"].isin(latest["region_code"])
                ]
                draws = self.models[indicator].draws(rows, int(latest["year"].max()))
                direction = indicators().loc[indicator, "direction"]
                frame = priorities.rank_interval(latest.set_index("region_code")["value"], draws, direction)
            self.ranked[indicator] = frame
        return self.ranked[indicator]

    def targets(self, region_code: str, indicator: str) -> pd.DataFrame:
        """The targets a planner can choose from: governing, own or reference, by year."""
        rows = self.regions[region_code].targets
        return as_targets(rows[rows["indicator"] == indicator]).sort_values(["target_year", "framework"])

    def about(self, choice: Choice, indicator: str) -> Choice:
        """The choice for one of its indicators. A further indicator has the chosen plan's target, else its
        farthest one, and no scenario.
        """
        if indicator == choice.indicator:
            return replace(choice, others=())
        rows = self.targets(choice.regions[0], indicator)
        rows = rows[rows["framework"] == choice.plan] if choice.plan in set(rows["framework"]) else rows
        plain = replace(choice, indicator=indicator, others=(), effort=0.0, target=None, plan="")
        if rows.empty:
            return plain
        goal = rows.iloc[-1]
        return replace(
            plain, target=float(goal["target"]), target_year=int(goal["target_year"]), plan=goal["framework"]
        )

    def points(self, choice: Choice) -> pd.DataFrame:
        """The comparable values of the chosen regions. Raises BadRequestError when the indicator has no
        projection.
        """
        if choice.indicator not in self.models:
            name = indicators().loc[choice.indicator, "short_name"]
            raise BadRequestError(
                f"Data {name[:1].lower() + name[1:]} belum cukup untuk proyeksi dan skenario. Pilih akses air"
                " minum layak atau sanitasi layak."
            )
        frames = [self.regions[code].points(choice.indicator) for code in choice.regions]
        return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
