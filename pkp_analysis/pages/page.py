"""What every page shares: its data and language, words, values as the page writes them, links to sources."""

from functools import cached_property

import pandas as pd
from markupsafe import Markup

from ..analysis.status import UNJUDGED
from ..data import codebook
from ..data.regions import regions
from ..errors import BadRequestError
from ..region.facts import RegionData
from ..region.slices import HOUSEHOLD_INPUTS
from ..words import wording
from ..words.catalogue import load_sentences
from ..words.marks import Mark, mark_of
from ..words.narrative import is_near_universal

LANGUAGES = ("id", "en")


class Page:
    """A page about one region (or about its province) in one language."""

    sources_page = ""  # address of the page with the table of sources; "" is this one

    def __init__(self, data: RegionData, lang: str = "id"):
        self.data = data
        self.lang = check_language(lang)
        self.sentences = load_sentences(lang)
        self.subject = wording.subject_of(regions(), data.region_code, lang)

    @property
    def is_province(self) -> bool:
        return self.subject.kind in ("provinsi", "negara")

    def label(self, key: str) -> str:
        return self.sentences.label(key)

    def say(self, address: str, turn: int = 0, **values: str) -> str:
        return self.sentences.say(address, self.subject.region_code, turn, **values)

    def noun(self, indicator: str) -> str:
        return wording.noun(self.data.indicators, indicator, self.sentences)

    def name(self, indicator: str) -> str:
        return wording.name_of(self.data.indicators, indicator, self.lang)

    def decimals(self, indicator: str) -> int:
        return int(self.data.indicators.at[indicator, "decimals"])

    def measure(self, value, indicator: str, unit: str | None = None) -> str:
        """A value of an indicator as the page writes it; an en dash when there is none."""
        if value is None or pd.isna(value):
            return "–"
        unit = unit or wording.unit_of(self.data.indicators, indicator, self.lang)
        return wording.measure(value, unit, self.decimals(indicator), self.lang)

    def target(self, value, indicator: str, unit: str | None = None) -> str:
        """A target as the page writes it: whole when it is whole."""
        unit = unit or wording.unit_of(self.data.indicators, indicator, self.lang)
        return wording.measure(
            value, unit, wording.target_decimals(value, self.decimals(indicator)), self.lang
        )

    def source_link(self, source_id) -> Markup | str:
        """ "Sumber 2", pointing to its row in the table of sources."""
        if not isinstance(source_id, str) or source_id not in self.source_numbers:
            return "–"
        text = f"{self.label('source')} {self.source_numbers[source_id]}"
        return Markup('<a href="{}#sumber-{}">{}</a>').format(self.sources_page, source_id, text)

    def source_links(self, source_ids) -> Markup | str:
        """The sources of the figures a derived figure comes from, each once; an en dash when none is known."""
        known = [source for source in dict.fromkeys(source_ids) if source in self.source_numbers]
        return Markup(", ").join(map(self.source_link, known)) if known else "–"

    @cached_property
    def source_numbers(self) -> dict[str, int]:
        """Numbers of the sources on this page: of the region's own values, then of those its tables set
        beside them.
        """
        rows = self.data.all_observations
        shown = rows["indicator"].isin(codebook.headline("survey")) & (rows["year"] == self.data.report_year)
        shown |= self.is_province & rows["indicator"].isin(HOUSEHOLD_INPUTS)
        beside = rows[shown & rows["is_governing"] & rows["region_code"].isin(self.data.peers)]
        return numbered(
            [*self.data.observations["source_id"], *beside["source_id"], *self.data.later["source_id"]]
        )

    def mark(self, mark: Mark) -> Markup:
        word = mark.word if self.lang == "id" else mark.word_en
        return Markup('<span class="tanda tanda-{}"><span aria-hidden="true">{}</span> {}</span>').format(
            mark.status, mark.symbol, word
        )

    def status_cell(self, row: pd.Series) -> Markup | str:
        """Mark and word of a row, with "di sekitar acuan", "berisiko turun" and "hampir universal" beside it;
        words alone without a status.
        """
        if not isinstance(row["status"], str):
            superseding = row["target_status"] in ("conflict", "superseded", "remark")
            return self.label(f"basis_{row['target_status']}" if superseding else "no_status")
        extra = []
        if row["near_target"] and row["status"] not in UNJUDGED:
            extra.append(self.label("near_mark_own" if row["role"] == "own" else "near_mark"))
        if row["at_risk"]:
            extra.append(self.label("at_risk_mark"))
        if is_near_universal(row) and row["gap"] != 0:
            extra.append(self.label("universal_mark"))
        return self.mark(mark_of(row)) + Markup("").join(
            Markup(" <small>{}</small>").format(text) for text in extra
        )


def numbered(source_ids) -> dict[str, int]:
    return {source: place for place, source in enumerate(dict.fromkeys(source_ids), start=1)}


def check_language(lang) -> str:
    if lang not in LANGUAGES:
        raise BadRequestError(f'lang bernilai {lang!r}; seharusnya "id" atau "en".')
    return lang
