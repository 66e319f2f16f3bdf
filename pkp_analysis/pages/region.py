"""The report of one region, section by section, in the order of the page. A notebook cell calls one method."""

from functools import cached_property
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from ..analysis.status import UNJUDGED
from ..charts import old as charts
from ..data import codebook
from ..data.codebook import actions, agencies
from ..data.regions import region_name
from ..html import NOTEBOOK_STYLE, Section, prose, section, strong, table
from ..region.facts import load
from ..words import narrative, wording
from ..words.marks import MARKS
from ..words.numbers import number, percent
from . import appendix, needs, position, province
from . import trend as trends
from .page import Page, check_language

OTHER_CONCEPTS = (("rumah_layak_huni", "hunian_layak"), ("air_limbah_domestik", "sanitasi_layak"))
COMPILATION = (  # so the register of sources calls a publisher whose tables came by another hand
    "kompilasi publik"
)
SHOWN_ROLES = {"provinsi": ("headline", "province")}


def report(
    region_code: str, report_year: int | None = None, lang: str = "id", processed_dir: Path | None = None
):
    """The RegionReport of a region; its methods, in page order, each give one section.

    region_code is text ("6303", a name is taken too); lang is "id" or "en". Raises BadRequestError for a
    number or
    an unknown language, UnknownRegionError for an unknown region, PkpError before the data were cleaned.
    """
    check_language(lang)
    return RegionReport(load(region_code, report_year, processed_dir), lang)


class RegionReport(Page):
    """One region at one report year in one language. Every method returns a Section with finished HTML."""

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The assessment rows the page shows, in page order."""
        roles = SHOWN_ROLES.get(self.subject.kind, ("headline",))
        codes = [code for code, role in self.data.indicators["role"].items() if role in roles]
        order = [*codebook.headline(), *(code for code in codes if code not in codebook.headline())]
        rows = self.data.assessment
        rows = rows[rows["indicator"].isin(codes)].copy()
        rows["order"] = rows["indicator"].map(order.index)
        return rows.sort_values(["order", "target_year", "framework"], kind="stable").reset_index(drop=True)

    @cached_property
    def required_households(self) -> pd.DataFrame:
        """Households a year to each target still ahead, as needs.required gives them."""
        return needs.required(self)

    @cached_property
    def headline_rows(self) -> pd.DataFrame:
        return narrative.headline_rows(self.data.assessment)

    @cached_property
    def shown_indicators(self) -> list[str]:
        """Headline indicators that have a value."""
        return [code for code in codebook.headline() if len(self.data.points(code))]

    # The sections

    def header(self) -> Section:
        """Name, province, report year, data version and the tile map with this region marked."""
        data, label = self.data, self.label
        facts = [
            (label("province"), region_name(data.province_code) if self.subject.kind != "negara" else "–"),
            (label("code"), data.region_code),
            (label("report_year"), str(data.report_year)),
            (label("data_version"), str(data.dataset.provenance.get("data_version", "–"))),
        ]
        terms = Markup("").join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in facts)
        tiles = charts.tile_map(
            position.tiles(self), highlight=data.region_code, lang=self.lang, label=label("map")
        )
        html = Markup(
            '<header class="kepala">\n{}\n<p class="jenis">{}</p>\n<h1>{}</h1>\n<dl'
            ' class="fakta">{}</dl>\n{}\n</header>'
        ).format(NOTEBOOK_STYLE, label("report_of"), data.full_name, terms, tiles)
        return Section("kepala", data.full_name, str(html))

    def summary(self) -> Section:
        """The answer first, then the evidence, what is uncertain, and what is missing."""
        rows, data, sentences = self.headline_rows, self.data, self.sentences
        kinds = {
            row["indicator"]: appendix.source_kind(self, row)
            for _, row in rows.iterrows()
            if pd.notna(row["value"])
        }
        first_years = {code: data.points(code)["year"].min() for code in self.shown_indicators}
        surveyed = rows[rows["indicator"].isin(codebook.headline("survey"))]
        outlook = [*narrative.chances(self.subject, data.assessment, data.indicators, sentences)]
        if self.is_province:
            outlook = [
                narrative.own_plan(self.subject, data.assessment, data.indicators, sentences),
                *outlook,
            ]
        else:
            outlook = [
                narrative.changes(self.subject, surveyed, first_years, data.indicators, sentences),
                *outlook,
            ]
        missing = narrative.missing(
            self.subject,
            data.assessment,
            data.report_year,
            data.indicators,
            has_spm=data.observations["indicator"].str.startswith("spm_").any(),
            has_households=needs.basis(self) == "official",
            sentences=sentences,
        )
        return section(
            "ringkasan",
            self.label("summary"),
            prose(
                strong(narrative.headline(self.subject, rows, data.indicators, sentences)),
                *narrative.evidence(self.subject, rows, data.indicators, kinds, sentences),
            ),
            prose(*outlook),
            prose(
                needs.summary(self),
                narrative.lead(self.subject, rows, data.indicators, agencies(), sentences),
            ),
            prose(missing, *self.provenance_sentences(kinds), css="narasi belum-tersedia"),
        )

    def provenance_sentences(self, kinds: dict) -> list[str]:
        """That values came through a compilation, targets from a quotation, and that newer values exist,
        where it is so.
        """
        texts = (
            [self.say("evidence.compiled")]
            if any(COMPILATION in publisher for _, publisher in kinds.values())
            else []
        )
        own = self.judged[(self.judged["role"] == "own") & self.judged["governs"]]
        if (own["target_status"] == "statement").any():
            texts.append(self.say("own_plan.stated"))
        newest = self.data.later.drop_duplicates("indicator", keep="last")
        newest = newest.sort_values("indicator", key=lambda codes: codes.map(codebook.headline().index))
        for later, rows in newest.groupby("year"):
            values = [
                self.say(
                    "evidence.newer_value",
                    name=self.noun(row.indicator),
                    value=self.measure(row.value, row.indicator),
                )
                for row in rows.itertuples()
            ]
            texts.append(
                self.say(
                    "evidence.newer",
                    values=self.sentences.join(values),
                    later=wording.year(later),
                    year=wording.year(self.data.report_year),
                )
            )
        return texts

    def status_strip(self) -> Section:
        """One card per headline indicator: mark and word, value and year, target, plan and year, gap."""
        cards = Markup("\n").join(self.card(code) for code in codebook.headline())
        return section("status", self.label("status"), Markup('<ul class="kartu">\n{}\n</ul>').format(cards))

    def card(self, indicator: str) -> Markup:
        rows = self.headline_rows[self.headline_rows["indicator"] == indicator]
        if rows.empty:
            points = self.data.points(indicator)
            detail = [
                (
                    self.label("not_available")
                    if points.empty
                    else self.measure(points["value"].iloc[-1], indicator)
                )
            ]
            mark = self.mark(MARKS["insufficient_data"])
        else:
            row = rows.iloc[0]
            mark, detail = self.status_cell(row), self.card_details(row)
        lines = Markup("").join(Markup("<span>{}</span>").format(text) for text in detail)
        return Markup('<li><h3>{}</h3><p class="status">{}</p><p class="rincian">{}</p></li>').format(
            self.name(indicator), mark, lines
        )

    def card_details(self, row: pd.Series) -> list[str]:
        words = narrative.evidence_words(row, self.data.indicators, self.sentences)
        target = (
            f"{words['yardstick']} {words['target']} ({row['framework']}, {wording.year(row['target_year'])})"
        )
        if pd.isna(row["value"]):
            return [self.label("not_available"), target]
        value = f"{words['value']} ({wording.year(row['value_year'])})"
        if row["status"] in UNJUDGED:
            return [value, target]
        return [value, target, f"{words['gap']} {words['unit']} {words['side']} {words['yardstick']}"]

    def targets(self) -> Section:
        """Value against target, a row per plan, each judged by itself."""
        label = self.label
        own_plans = list(dict.fromkeys(self.judged.loc[self.judged["scale"].notna(), "framework"]))
        if own_plans:
            intro = [self.say("targets.own", plan=self.sentences.join(own_plans)), self.say("targets.scale")]
        else:
            intro = [self.say("targets.reference", kind=wording.kind_word(self.subject, self.lang))]
        ahead = self.judged[self.judged["status"] == "not_yet_due"]
        if len(ahead):
            intro.append(
                self.say(
                    "targets.not_started", plan=self.sentences.join(list(dict.fromkeys(ahead["framework"])))
                )
            )
        if self.judged["near_target"].any():
            intro.append(self.say("targets.near"))
        judged = self.judged[self.judged["status"].notna()]
        has_own = bool((judged["role"] == "own").any())
        header = [
            label(key)
            for key in (
                "indicator",
                "plan",
                "target_year",
                "target_or_ref",
                "state",
                "value",
                "value_year",
                "gap",
                "side",
                *(("attainment", "scale") if has_own else ()),
                "chance",
                "source",
            )
        ]
        rows = [self.target_cells(row, has_own) for _, row in judged.iterrows()]
        chart_rows = judged[judged["value"].notna()]
        chart = charts.dot_target(chart_rows, self.lang).to_html("gambar-target") if len(chart_rows) else ""
        return section(
            "target",
            label("targets"),
            prose(*intro),
            chart,
            table("tabel-target", label("targets"), header, rows),
            prose(*self.differing_sentences(), *self.concept_sentences(), self.say("targets.survey")),
        )

    def differing_sentences(self) -> list[str]:
        """For each judged figure that other sources state differently, what they state."""
        apart = self.data.conflicts()
        texts = []
        for (code, year), _ in self.judged[self.judged["value"].notna()].groupby(
            ["indicator", "value_year"], sort=False
        ):
            judged = self.judged[(self.judged["indicator"] == code) & (self.judged["value_year"] == year)][
                "value"
            ]
            others = apart[
                (apart["indicator"] == code) & (apart["year"] == year) & ~apart["value"].isin(judged)
            ]
            if len(others):
                stated = self.sentences.join(
                    [self.measure(value, code) for value in others["value"].drop_duplicates()]
                )
                texts.append(
                    self.say("targets.conflict", name=self.noun(code), year=wording.year(year), others=stated)
                )
        return texts

    def concept_sentences(self) -> list[str]:
        """A warning where an indicator of the region's own plan stands beside a survey indicator of another
        concept.
        """
        known = set(self.judged.loc[self.judged["value"].notna(), "indicator"])
        return [
            self.say("targets.concept", first=self.noun(first), second=self.noun(second))
            for first, second in OTHER_CONCEPTS
            if {first, second} <= known
        ]

    def target_cells(self, row: pd.Series, has_own: bool) -> list:
        """A judged row as the table of targets shows it; the gap is left out where one value cannot be
        judged.
        """
        indicator = row["indicator"]
        words = (
            narrative.evidence_words(row, self.data.indicators, self.sentences)
            if pd.notna(row["value"])
            else {}
        )
        judged = bool(words) and (row["status"] not in UNJUDGED or row["n_points"] > 1)
        own = ()
        if has_own:
            scale = (
                self.label(f"scale_{row['scale'].replace(' ', '_')}")
                if isinstance(row["scale"], str)
                else "–"
            )
            own = (
                number(row["attainment_pct"], 2, self.lang) if judged and row["role"] == "own" else "–",
                scale,
            )
        return [
            self.name(indicator),
            row["framework"],
            wording.year(row["target_year"]),
            self.target(row["target"], indicator),
            self.status_cell(row),
            words.get("value", "–"),
            wording.year(row["value_year"]) if words else "–",
            words["gap"] if judged else "–",
            "–" if not judged or standing_still(words) else words["side"],
            *own,
            self.chance(row),
            self.source_link(row["value_source_id"]),
        ]

    def chance(self, row: pd.Series) -> str:
        """The model's chance in words and in whole percent: "kecil (3%)", "besar (>99%)"."""
        chance = row["probability"]
        if pd.isna(chance) or row["status"] == "moving_away":
            return "–"
        shown = "<1%" if chance < 0.01 else ">99%" if chance > 0.99 else percent(100 * chance, 0, self.lang)
        word = self.say(f"chance.{narrative.chance_word(chance)}")
        return f"{word} ({shown})"

    def trend(self) -> Section:
        """Observed points and the projection with its 80 % band, an indicator at a time."""
        return trends.trends(self)

    def position(self) -> Section:
        """A regency among its neighbours; a province's distribution of households not yet served."""
        return province.distribution(self) if self.is_province else position.among_peers(self)

    def assistance(self) -> Section | None:
        """For a province: where support to its regencies would help (internal). Nothing for a regency."""
        return province.assistance(self) if self.is_province else None

    def needs(self) -> Section:
        """Households a year to each target, options to examine, and what actors committed to."""
        return needs.needs(self, actions(), agencies())

    def planning(self) -> Section:
        """Tables to paste into LKjIP/LKPJ and Musrenbang/RKPD papers."""
        return needs.planning(self)

    def data_quality(self) -> Section:
        """What is missing, which sources disagree, what is only a reference."""
        return appendix.data_quality(self)

    def sources(self) -> Section:
        """Sources with their links, method notes, version."""
        return appendix.sources(self)

    def annex(self) -> Section:
        """FSVA with its own trend, and the four published progress methods side by side."""
        return appendix.annex(self)


def standing_still(words: dict) -> bool:
    return not any(digit in words["gap"] for digit in "123456789")
