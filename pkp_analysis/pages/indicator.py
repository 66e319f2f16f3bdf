"""One indicator in all regencies and cities of a province: the page of an indicator."""

from functools import cached_property
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from ..analysis import inequality
from ..analysis.assessment import assess, latest_series
from ..analysis.attainment import is_universal
from ..charts import old as charts
from ..data.codebook import to_indicator
from ..data.regions import region_name
from ..html import NOTEBOOK_STYLE, Section, prose, section, strong, table
from ..region.facts import RegionData, open_region
from ..region.slices import indicator_slice
from ..words import narrative, wording
from ..words.numbers import number, percent
from . import appendix, position, province
from .page import Page, check_language, numbered


def comparison(
    indicator: str,
    province: str = "63",
    report_year: int | None = None,
    lang: str = "id",
    processed_dir: Path | None = None,
) -> "Comparison":
    """The Comparison of an indicator (code or name) over the regencies and cities of a province.

    Raises UnknownIndicatorError or UnknownRegionError with the nearest names, PkpError before the data were
    cleaned.
    """
    check_language(lang)
    code = to_indicator(indicator)
    data = open_region(
        province,
        report_year,
        None,
        processed_dir,
        lambda dataset, region: indicator_slice(dataset, code, region),
    )
    return Comparison(data, code, lang)


class Comparison(Page):
    """One indicator at one report year. Every method returns a Section with finished HTML."""

    def __init__(self, data: RegionData, indicator: str, lang: str = "id"):
        super().__init__(data, lang)
        self.indicator = indicator

    @cached_property
    def assessment(self) -> pd.DataFrame:
        """The governing row of every region, best value first; empty for an indicator without targets."""
        data = self.data
        targets = data.dataset.targets[data.dataset.targets["indicator"] == self.indicator]
        models = {code: model for code, model in data.models.items() if code == self.indicator}
        rows = assess(data.dataset.observations, targets, models, data.peers, data.report_year)
        rows = rows[rows["is_headline"]]
        best_first = data.indicators.at[self.indicator, "direction"] == "down"
        return rows.sort_values(
            ["value", "region_code"], ascending=[best_first, True], kind="stable"
        ).reset_index(drop=True)

    @cached_property
    def values(self) -> pd.DataFrame:
        """The governing values of the last year in which as many regions as ever have one."""
        rows = self.data.all_observations
        rows = rows[
            (rows["indicator"] == self.indicator)
            & rows["is_governing"]
            & rows["region_code"].isin(self.data.peers)
        ]
        counts = rows.groupby("year").size()
        return rows[rows["year"] == counts[counts == counts.max()].index.max()] if len(rows) else rows

    @cached_property
    def source_numbers(self) -> dict[str, int]:
        """Numbers of the sources of this indicator's values, then of the people and households they are
        weighed by.
        """
        rows = self.data.all_observations.sort_values("year", kind="stable")
        rows = rows[rows["region_code"].isin([*self.data.peers, self.data.region_code])]
        weights = rows[
            rows["indicator"].isin(["penduduk_jiwa", "rumah_tangga"])
            & rows["is_governing"]
            & rows["region_code"].isin(self.data.peers)
        ]
        weights = weights.drop_duplicates(["region_code", "indicator"], keep="last")
        return numbered([*rows.loc[rows["indicator"] == self.indicator, "source_id"], *weights["source_id"]])

    def header(self) -> Section:
        """Name and concept of the indicator, and the tile map by status."""
        suffix = "" if self.lang == "id" else "_en"
        about = self.data.indicators.loc[self.indicator]
        title = self.say(
            "comparison.title", name=about[f"name{suffix}"], province=region_name(self.data.region_code)
        )
        known = self.assessment if len(self.assessment) else self.values.assign(status=None)
        frame = pd.DataFrame({"region_code": self.data.peers}).merge(
            known[["region_code", "status", "value"]], how="left", on="region_code"
        )
        frame["value"] = [self.measure(value, self.indicator) for value in frame["value"]]
        html = Markup(
            '<header class="kepala">\n{}\n<p class="jenis">{}</p>\n<h1>{}</h1>\n<p'
            ' class="konsep">{}</p>\n{}\n</header>'
        ).format(
            NOTEBOOK_STYLE,
            self.label("report_of"),
            title,
            about[f"concept{suffix}"],
            charts.tile_map(frame, lang=self.lang, label=title),
        )
        return Section("kepala", title, str(html))

    def summary(self) -> Section:
        """Lowest and highest value, and how many regions meet the governing plan."""
        if self.values.empty:
            return section(
                "ringkasan",
                self.label("summary"),
                prose(strong(self.say("trend.title_none", name=self.noun(self.indicator)))),
            )
        ordered = self.values.sort_values(["value", "region_code"])
        low, high = ordered.iloc[0], ordered.iloc[-1]
        texts = [
            self.say(
                "comparison.extremes",
                name=self.noun(self.indicator),
                year=wording.year(ordered["year"].iloc[0]),
                low=position.prose_name(low["region_code"], self.lang),
                low_value=self.measure(low["value"], self.indicator),
                high=position.prose_name(high["region_code"], self.lang),
                high_value=self.measure(high["value"], self.indicator),
            )
        ]
        texts += self.met_sentence()
        rows = (
            [
                [self.label("met_count"), str((self.assessment["status"] == "achieved").sum())],
                [self.label("of_count"), str(len(self.data.peers))],
            ]
            if len(self.assessment)
            else []
        )
        return section(
            "ringkasan",
            self.label("summary"),
            prose(strong(texts[0]), *texts[1:], self.say("comparison.unsure")),
            table(
                "tabel-jumlah",
                self.label("region_counts"),
                [self.label("notes"), self.label("quantity")],
                rows,
            ),
        )

    def met_sentence(self) -> list[str]:
        """How many regions meet the plan that governs for all of them; [] when plans differ or there is none."""
        plans = self.assessment[["framework", "target", "target_year", "role"]].drop_duplicates()
        if len(plans) != 1:
            return []
        plan = self.assessment.iloc[[0]]
        universal = is_universal(plan["target"].iloc[0], plan["direction"].iloc[0], plan["unit"].iloc[0])
        met = int((self.assessment["status"] == "achieved").sum())
        return [
            self.say(
                f"comparison.spread{'_universal' if universal else ''}",
                share=wording.share_of(met, len(self.data.peers), self.subject.members, self.sentences),
                yardstick=narrative.yardstick(plan, self.sentences),
                target=self.target(plan["target"].iloc[0], self.indicator),
                plan=plan["framework"].iloc[0],
            )
        ]

    def ranking(self) -> Section:
        """Dot plot and table of all regions with the 80 % interval of each rank."""
        label = self.label
        frame = position.ranks(self, self.indicator)
        if frame.empty:
            return section("urutan", label("ranking"), prose(self.say("position.none")))
        origins = position.latest_values(self, self.indicator).set_index("region_code")["source_id"]
        rows = [
            [
                region_name(row["region_code"], full=True),
                self.measure(row["value"], self.indicator),
                str(int(row["rank"])),
                str(int(row["rank_lower"])),
                str(int(row["rank_upper"])),
                self.source_link(origins[row["region_code"]]),
            ]
            for _, row in frame.iterrows()
        ]
        header = [label(key) for key in ("region", "observed", "rank", "rank_lower", "rank_upper", "source")]
        return section(
            "urutan",
            label("ranking"),
            prose(self.say("position.unsure")),
            charts.position(frame, "", self.indicator, self.lang).to_html("gambar-urutan"),
            table("tabel-urutan", label("ranking"), header, rows),
        )

    def distribution(self) -> Section:
        """Where the households not yet served are."""
        return province.distribution(self, [self.indicator], agenda=False)

    def inequality(self) -> Section:
        """The gap among regions, year by year, weighted by population, and whether it is closing."""
        label = self.label
        rows = self.data.all_observations
        rows = rows[rows["is_governing"] & rows["region_code"].isin(self.data.peers)]
        counted = (
            rows[rows["indicator"] == "penduduk_jiwa"]
            .sort_values("year")
            .drop_duplicates("region_code", keep="last")
        )
        people = counted.set_index("region_code")["value"].sort_index()
        series = latest_series(rows[rows["indicator"] == self.indicator])
        wide = series.pivot(index="region_code", columns="year", values="value")
        wide = wide.dropna(axis="columns") if len(wide) == len(self.data.peers) else wide.iloc[:, :0]
        if wide.empty or len(people) < len(self.data.peers):
            return section("kesenjangan", label("inequality"), prose(self.say("comparison.no_inequality")))
        origins = {
            year: [*series.loc[series["year"] == year, "source_id"], *counted["source_id"]]
            for year in wide.columns
        }
        frame = inequality.inequality_table(
            wide, people, self.data.indicators.at[self.indicator, "direction"]
        )
        keys = ("bgsd", "difference_from_best", "theil", "mld", "ratio_of_extremes")
        cells = [
            [
                wording.year(row["year"]),
                str(int(row["n_regions"])),
                percent(row["weighted_mean"], 2, self.lang),
                *(number(row[key], 2, self.lang) for key in keys),
                self.source_links(origins[row["year"]]),
            ]
            for _, row in frame.iterrows()
        ]
        header = [label(key) for key in ("year", "of_count", "weighted_mean", *keys, "source")]
        gaps = self.gaps(wide, people)
        gap_header = [
            label(key) for key in ("measure", "year", "measure_value", "lower", "upper", "notes", "source")
        ]
        return section(
            "kesenjangan",
            label("inequality"),
            prose(
                self.say("comparison.inequality", bgsd=cells[-1][3], year=cells[-1][0]),
                *self.gap_sentences(gaps, wide.columns),
            ),
            table("tabel-kesenjangan", label("inequality"), header, cells),
            table(
                "tabel-perubahan-kesenjangan", label("gap_change"), gap_header, self.gap_cells(gaps, origins)
            ),
        )

    def gaps(self, wide: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
        """inequality.gap_table of the first and the last year; empty without a model or with a single year."""
        if self.indicator not in self.data.models or wide.shape[1] < 2:
            return pd.DataFrame()
        rows = latest_series(self.data.all_observations)
        rows = rows[
            (rows["indicator"] == self.indicator) & rows["region_code"].isin(wide.index)
        ]  # regencies have a noise of their own
        noise = self.data.models[self.indicator].survey_noise(rows).set_index("region_code")
        direction = self.data.indicators.at[self.indicator, "direction"]
        return wording.with_shown_changes(
            inequality.gap_table(wide, people, noise["noise_sd"], noise["freedom"].iloc[0], direction)
        )

    def gap_sentences(self, gaps: pd.DataFrame, years: pd.Index) -> list[str]:
        """Whether the gap is closing, by the deviation among regions, and how to read its interval; []
        without intervals.
        """
        if gaps.empty:
            return []
        row = gaps.iloc[0]
        figures = {key: number(row[key], 2, self.lang) for key in ("change", "lower", "upper")}
        start, end = (wording.year(year) for year in (years[0], years[-1]))
        return [
            self.say(f"comparison.gap_{row['word']}", start=start, end=end, **figures),
            self.say("comparison.gap_reading"),
        ]

    def gap_cells(self, gaps: pd.DataFrame, origins: dict[int, list[str]]) -> list[list[str]]:
        """Three rows per measure: the first year, the last year and the change, each with its 80 % interval
        and the sources of the year.
        """
        first, *_, last = origins
        start, end = wording.year(first), wording.year(last)
        return [
            [
                self.label(row["measure"]),
                year,
                *(number(row[key], 2, self.lang) for key in keys),
                note,
                self.source_links(sources),
            ]
            for _, row in gaps.iterrows()
            for year, keys, note, sources in (
                (start, ("start", "start_lower", "start_upper"), "–", origins[first]),
                (end, ("end", "end_lower", "end_upper"), "–", origins[last]),
                (
                    f"{start}–{end}",
                    ("change", "lower", "upper"),
                    self.label(f"gap_{row['word']}"),
                    [*origins[first], *origins[last]],
                ),
            )
        ]

    def table(self) -> Section:
        """Every region with value, target, gap, status and source; values alone where there is no target."""
        label = self.label
        if self.assessment.empty:
            keys = ("region", "observed", "year", "source")
            rows = [
                [
                    region_name(row["region_code"], full=True),
                    self.measure(row["value"], self.indicator),
                    wording.year(row["year"]),
                    self.source_link(row["source_id"]),
                ]
                for _, row in self.values.sort_values("region_code").iterrows()
            ]
        else:
            keys = (
                "region",
                "state",
                "observed",
                "value_year",
                "target_or_ref",
                "plan",
                "gap",
                "side",
                "source",
            )
            rows = [self.judged_cells(row) for _, row in self.assessment.iterrows()]
        return section(
            "tabel",
            label("all_regions"),
            table("tabel-wilayah", label("all_regions"), [label(key) for key in keys], rows),
        )

    def judged_cells(self, row: pd.Series) -> list:
        words = (
            narrative.evidence_words(row, self.data.indicators, self.sentences)
            if pd.notna(row["value"])
            else {}
        )
        return [
            region_name(row["region_code"], full=True),
            self.status_cell(row),
            words.get("value", "–"),
            wording.year(row["value_year"]) if words else "–",
            self.target(row["target"], self.indicator),
            row["framework"],
            words.get("gap", "–"),
            words.get("side", "–"),
            self.source_link(row["value_source_id"]),
        ]

    def sources(self) -> Section:
        return appendix.sources(self)
