"""What the exploration shows for a choice of regions, indicator, target and effort: figures and tables, no widgets."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from ..analysis import assessment, priorities
from ..analysis.outcomes import LAST_YEAR, outcomes, pp_per_year
from ..analysis.projection import Model, scenario
from ..data.codebook import indicators
from ..data.regions import region_name
from ..errors import BadRequestError
from . import charts
from .chart_words import as_targets, in_sentence, plan_name, short_name, shown_target, shown_value
from .figure import Figure

from .formats import hundreds, number, percent
from .region_data import RegionData
from .tables import table

VIEWS = {"tren": "Tren", "perbandingan": "Perbandingan", "peta": "Peta", "tabel": "Tabel"}
CAVEAT = (
    "Skenario menambah upaya di atas proyeksi sejak nilai terakhir. Peluang adalah perkiraan model jika pola selama ini "
    "berlanjut, bukan penilaian kinerja. Target 100% dihitung tercapai mulai 99%. Jumlah rumah tangga adalah perkiraan selama hitungan resmi belum ada."
)


@dataclass(frozen=True)
class Choice:
    """What the planner asked for. `target` in the indicator's unit; `effort` a year in `unit` ("pp" or "households")."""

    regions: tuple[str, ...]  # the first one is the region looked at
    indicator: str
    target: float
    target_year: int
    plan: str = ""
    years: tuple[int, int] = (2015, 2030)
    view: str = "tren"
    effort: float = 0.0
    unit: str = "pp"
    budget: float = 0.0

    @property
    def name(self) -> str:
        """A file name that says what is in the file: "sanitasi_layak-6304-6303-tren"."""
        return "-".join([self.indicator, *self.regions, self.view])

    @property
    def target_name(self) -> str:
        text = shown_target(self.target, indicators().loc[self.indicator, "unit"], "id")
        return f"{text} pada {self.target_year}" + (f" ({self.plan})" if self.plan else "")


@dataclass(frozen=True)
class Remembering(Model):
    """A model that works out a forecast once: the data stay the same while a planner moves a slider."""

    known: dict = field(default_factory=dict)

    def distribution(self, observations, years, published=True) -> pd.DataFrame:
        asked = (frozenset(observations["region_code"]), frozenset(observations["indicator"]), tuple(sorted(set(map(int, years)))), published)
        if asked not in self.known:
            self.known[asked] = super().distribution(observations, years, published)
        return self.known[asked]


@dataclass(frozen=True)
class Material:
    """The data behind an exploration; `first` is the region it was opened with."""

    first: RegionData

    @cached_property
    def models(self) -> dict[str, Model]:
        return {indicator: Remembering(model.common, model.scales) for indicator, model in self.first.models.items()}

    @cached_property
    def regions(self) -> dict[str, RegionData]:
        """The province and its regencies and cities, by code."""
        codes = [self.first.province_code, *self.first.peers]
        return {code: RegionData(code, self.first.report_year, self.first.dataset, self.models) for code in codes}

    @cached_property
    def values(self) -> pd.DataFrame:
        """Governing values of these regions up to the report year."""
        rows = self.first.all_observations
        return rows[rows["is_governing"] & rows["region_code"].isin(list(self.regions))]

    def indicators(self, region_code: str) -> list[str]:
        """Indicators with a value for the region, the headline ones first, supporting counts left out."""
        known = set(self.values.loc[self.values["region_code"] == region_code, "indicator"])
        roles = indicators()["role"]
        order = ("headline", "province", "context", "annex")
        return [code for role in order for code in roles.index[roles == role] if code in known]

    @cached_property
    def assessment(self) -> pd.DataFrame:
        data = self.first.dataset
        return assessment.assess(data.observations, data.targets, self.models, self.first.peers, self.first.report_year)

    @cached_property
    def households(self) -> pd.Series:
        counts = priorities.households(self.first.all_observations, list(self.regions))
        return counts.set_index("region_code")["households"]

    @cached_property
    def rank_cache(self) -> dict:
        return {}

    def latest(self, indicator: str, codes: list[str]) -> pd.DataFrame:
        """The last value of each region that has one: region_code, year, value."""
        rows = self.values[(self.values["indicator"] == indicator) & self.values["region_code"].isin(codes)]
        return rows.sort_values("year").drop_duplicates("region_code", keep="last")[["region_code", "year", "value"]]

    def ranks(self, indicator: str) -> pd.DataFrame:
        """The peers' values with the 80 % interval of their ranks where a model knows them (drawn once per indicator)."""
        if indicator not in self.rank_cache:
            latest = self.latest(indicator, self.first.peers)
            frame = latest
            if indicator in self.models and len(latest) > 1:
                rows = self.values[(self.values["indicator"] == indicator) & self.values["region_code"].isin(latest["region_code"])]
                draws = self.models[indicator].draws(rows, int(latest["year"].max()))
                direction = indicators().loc[indicator, "direction"]
                frame = priorities.rank_interval(latest.set_index("region_code")["value"], draws, direction)
            self.rank_cache[indicator] = frame
        return self.rank_cache[indicator]

    def targets(self, region_code: str, indicator: str) -> pd.DataFrame:
        """The targets a planner can choose from: governing, own or reference, by year."""
        rows = self.regions[region_code].targets
        return as_targets(rows[rows["indicator"] == indicator]).sort_values(["target_year", "framework"])


@dataclass(frozen=True)
class View:
    """What is shown and saved: figures, the map if that was asked for, and tables with plain numbers by sheet name."""

    figures: tuple[Figure, ...]
    html: Markup
    sheets: dict[str, pd.DataFrame]


def draw(material: Material, choice: Choice) -> View:
    """The view chosen. Raises BadRequestError, worded for the planner, when there is nothing to show."""
    latest = material.latest(choice.indicator, list(choice.regions))
    if latest.empty:
        names = ", ".join(region_name(code) for code in choice.regions)
        raise BadRequestError(f"Belum ada nilai {in_sentence(short_name(choice.indicator, 'id'))} untuk {names}. Pilih indikator atau wilayah lain.")
    rows = material.values[(material.values["indicator"] == choice.indicator) & material.values["region_code"].isin(choice.regions)]
    rows = rows[rows["year"].between(*choice.years)]
    sheets = {"Nilai": rows[["region_code", "indicator", "year", "value", "unit", "source_id", "status", "series"]].reset_index(drop=True)}
    if choice.view == "perbandingan":
        figures, html = compare(material, choice), Markup("")
    elif choice.view == "peta":
        figures, html = (), map_html(material, choice)
    else:
        figures, html = trends(material, choice), Markup("")
    if choice.view == "tabel":
        tables = Markup("").join(table(f"tabel-{place}", figure.title, list(figure.table.columns), figure.table.to_numpy().tolist()) for place, figure in enumerate(figures))
        return View((), tables, sheets)
    html += Markup("").join(figure.to_html(f"grafik-{place}") for place, figure in enumerate(figures))
    return View(figures, html, sheets)


def trends(material: Material, choice: Choice) -> tuple[Figure, ...]:
    """A trend figure per region with a value, with the scenario's median where an effort is given."""
    figures = []
    goals = material.targets(choice.regions[0], choice.indicator)
    goals = goals[goals["target_year"].between(*choice.years)]
    if choice.plan == "":
        unit = indicators().loc[choice.indicator, "unit"]
        own = {"framework": "Target", "target_year": choice.target_year, "target": choice.target, "unit": unit, "indicator": choice.indicator, "governs": True, "role": "own"}
        goals = pd.concat([goals, pd.DataFrame([own])], ignore_index=True)
    lifted = effort_path(material, choice)
    for code in choice.regions:
        region = material.regions[code]
        points = region.points(choice.indicator)
        if points.empty:
            continue
        last = int(points["year"].max())
        ahead = range(last + 1, choice.years[1] + 1)
        future = material.models[choice.indicator].project(points, ahead) if choice.indicator in material.models and ahead else pd.DataFrame()
        points = points[points["year"].between(*choice.years)]
        path = lifted[lifted["region_code"] == code] if len(lifted) else None
        figures.append(charts.trend(points, future, goals, code, choice.indicator, scenario=path))
    return tuple(figures)


def compare(material: Material, choice: Choice) -> tuple[Figure, ...]:
    """The chosen regions side by side, or all neighbours with rank intervals when only one is chosen."""
    chosen = len(choice.regions) > 1
    frame = material.latest(choice.indicator, list(choice.regions)) if chosen else material.ranks(choice.indicator)
    if not indicators().loc[choice.indicator, "unit"].startswith("%") or frame.empty:
        raise BadRequestError("Perbandingan dan peta tersedia untuk indikator dalam persen. Pilih indikator lain.")
    label = f"{shown_target(choice.target, '%', 'id')} {plan_name(choice.plan) or 'target'} {choice.target_year}"
    return (charts.position(frame, choice.regions[0], choice.indicator, reference=(choice.target, label)),)


def map_html(material: Material, choice: Choice) -> Markup:
    """The map of the province with the status against the chosen plan; without a plan only the values."""
    peers = pd.DataFrame({"region_code": material.first.peers})
    frame = peers.merge(material.latest(choice.indicator, material.first.peers), how="left", on="region_code")
    rows = material.assessment
    rows = rows[(rows["indicator"] == choice.indicator) & (rows["framework"] == choice.plan) & (rows["target_year"] == choice.target_year)]
    frame = frame.merge(rows[["region_code", "status"]].drop_duplicates("region_code"), how="left", on="region_code")
    frame["value"] = [shown_value(choice.indicator, value, "id") if pd.notna(value) else "" for value in frame["value"]]
    name = f"{short_name(choice.indicator, 'id')} terhadap {choice.target_name}"
    return Markup('<p class="narasi"><strong>{}.</strong></p>\n').format(name) + charts.tile_map(frame, highlight=choice.regions[0], label=name)


def extra_pp(material: Material, choice: Choice) -> pd.Series:
    """The effort in percentage points a year, by region. Raises BadRequestError where household counts are missing."""
    codes = list(choice.regions)
    if choice.unit == "pp":
        return pd.Series(float(choice.effort), index=codes)
    counts = material.households.reindex(codes)
    if counts.isna().any():
        names = ", ".join(region_name(code) for code in counts.index[counts.isna()])
        raise BadRequestError(f"Jumlah rumah tangga {names} belum tersedia. Gunakan persen poin per tahun.")
    return pp_per_year(choice.effort, counts)


def modelled(material: Material, choice: Choice) -> pd.DataFrame:
    """The values the scenario starts from. Raises BadRequestError when the indicator has no projection."""
    if choice.indicator not in material.models:
        raise BadRequestError(f"Data {in_sentence(short_name(choice.indicator, 'id'))} belum cukup untuk proyeksi dan skenario.")
    frames = [material.regions[code].points(choice.indicator) for code in choice.regions]
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


def effort_path(material: Material, choice: Choice) -> pd.DataFrame:
    """The scenario's median by year; empty without an effort or a model."""
    if not choice.effort or choice.indicator not in material.models:
        return pd.DataFrame()
    rows = modelled(material, choice)
    years = range(int(rows["year"].min()) + 1, choice.years[1] + 1)
    return scenario(rows, extra_pp(material, choice), model=material.models[choice.indicator], years=years)


def effects(material: Material, choice: Choice) -> pd.DataFrame:
    """What the effort would change, a row per region (analysis.outcomes)."""
    direction = indicators().loc[choice.indicator, "direction"]
    return outcomes(
        modelled(material, choice), material.models[choice.indicator], choice.target, choice.target_year,
        extra_pp(material, choice), material.households, choice.budget, direction,
    )


def effects_table(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The effects as text, in the words of the page."""
    return pd.DataFrame(
        [
            [
                region_name(row["region_code"]), f"{shown_value(choice.indicator, row['value'], 'id')} ({int(row['value_year'])})", year_text(row["year_trend"]),
                year_text(row["year_effort"]), chance_text(row["chance_trend"]), chance_text(row["chance_effort"]), hundreds(row["households"]), rupiah(row["cost"]),
            ]
            for _, row in frame.iterrows()
        ],
        columns=[
            "Wilayah", "Nilai terakhir", "Tercapai menurut proyeksi", "Tercapai dengan skenario", f"Peluang {choice.target_year} menurut proyeksi",
            f"Peluang {choice.target_year} dengan skenario", f"Rumah tangga tambahan sampai {choice.target_year}", "Perkiraan biaya",
        ],
    )


def effects_html(frame: pd.DataFrame, choice: Choice) -> Markup:
    """One sentence on the region looked at, the table for all of them, and what must not be concluded."""
    text = effects_table(frame, choice)
    first = text.iloc[0]
    unit = f"{number(choice.effort, 1)} persen poin" if choice.unit == "pp" else f"{number(choice.effort, 0)} rumah tangga"
    goal = shown_target(choice.target, indicators().loc[choice.indicator, "unit"], "id")
    alone = when(frame["year_trend"].iloc[0], frame["value_year"].iloc[0])
    sentence = f"Menurut proyeksi saja, {first.iloc[0]} mencapai {goal} {alone}. Tahun targetnya {choice.target_year}."
    if choice.effort:
        lifted = when(frame["year_effort"].iloc[0], frame["value_year"].iloc[0])
        sentence = f"Dengan tambahan {unit} per tahun, {first.iloc[0]} mencapai {goal} {lifted}; menurut proyeksi saja {alone}. Tahun targetnya {choice.target_year}."
    return (
        Markup('<p class="narasi" role="status">{}</p>\n').format(sentence)
        + table("tabel-skenario", f"Skenario menuju {choice.target_name}", list(text.columns), text.to_numpy().tolist())
        + Markup('<p class="catatan">{}</p>').format(CAVEAT)
    )


def when(year, value_year) -> str:
    """"pada 2032", "setelah 2045", or "sejak 2024 atau sebelumnya" when the last value meets the target already."""
    if pd.notna(year) and year <= value_year:
        return f"sejak {int(value_year)} atau sebelumnya"
    return year_text(year) if pd.isna(year) else f"pada {int(year)}"


def year_text(year) -> str:
    return f"setelah {LAST_YEAR}" if pd.isna(year) else str(int(year))


def chance_text(chance: float) -> str:
    if pd.isna(chance):
        return "–"
    if chance < 0.01:
        return "kurang dari 1%"
    return "lebih dari 99%" if chance > 0.99 else percent(100 * chance, 0)


def rupiah(cost: float) -> str:
    """"Rp1,2 triliun", "Rp340,5 miliar", "Rp12 juta"; an en dash without a budget."""
    if pd.isna(cost):
        return "–"
    for size, word in ((1e12, "triliun"), (1e9, "miliar"), (1e6, "juta")):
        if cost >= size:
            return f"Rp{number(cost / size, 1)} {word}"
    return f"Rp{number(cost, 0)}"
