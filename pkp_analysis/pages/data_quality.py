"""What came in, what was refused, what is missing: the page on the quality of the data."""

import re
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from ..charts.old_coverage import coverage
from ..data.codebook import indicators
from ..data.dataset import Dataset, load_dataset
from ..data.reconcile import stated_apart
from ..data.regions import members, region_name
from ..html import NOTEBOOK_STYLE, Section, as_written, data_word, link, prose, section, table
from ..words import wording
from ..words.catalogue import load_sentences, words
from ..words.numbers import date_words, number
from .page import check_language

MOST_ROWS = 200
PLAIN_NUMBER = re.compile(r"-?\d+\.\d+")
DIGITS_IN_DOUBT = ("ambiguous_number", "decimal_style", "fraction", "lone_fraction", "date", "unreadable")
SEVERITIES = ["rejected", "warning", "note"]


def quality(lang: str = "id", processed_dir: Path | None = None) -> "Quality":
    """The Quality page of the processed tables. Raises PkpError before the data were cleaned."""
    return Quality(load_dataset(processed_dir), check_language(lang))


class Quality:
    """The checked tables, told file by file. Every method returns a Section with finished HTML."""

    def __init__(self, dataset: Dataset, lang: str = "id"):
        self.dataset = dataset
        self.lang = lang
        self.sentences = load_sentences(lang)
        self.indicators = indicators()

    def label(self, key: str) -> str:
        return self.sentences.label(key)

    def say(self, key: str, **values: str) -> str:
        return self.sentences.say(f"quality_page.{key}", **values)

    def rule(self, code: str) -> str:
        """What a rule is called; the tables and the JSON of `pkp check` keep its code."""
        return self.sentences.texts["rule"][code][0]

    def layout(self, code: str) -> str:
        """What a layout is called; one the sentences do not know keeps its code."""
        return self.sentences.texts["layout"].get(code, (code,))[0]

    def written(self, text: str) -> Markup | str:
        return as_written(text, self.lang)

    def observed(self, issue: pd.Series) -> str:
        """The cell's content, a plain number as the page writes numbers; where the digits themselves are in
        doubt, as they stand.
        """
        if issue["rule"] in DIGITS_IN_DOUBT or not PLAIN_NUMBER.fullmatch(issue["text"]):
            return issue["text"]
        return number(float(issue["text"]), len(issue["text"].partition(".")[2]), self.lang)

    def header(self) -> Section:
        title = self.label("quality_title")
        version = str(self.dataset.provenance.get("data_version", "–"))
        html = Markup(
            '<header class="kepala">\n{}\n<p class="jenis">{}</p>\n<h1>{}</h1>\n<dl'
            ' class="fakta"><div><dt>{}</dt><dd>{}</dd></div></dl>\n</header>'
        ).format(NOTEBOOK_STYLE, self.label("report_of"), title, words(self.lang)["data_version"], version)
        return Section("kepala", title, str(html))

    def files(self) -> Section:
        """The balance of cells per file: found = used + refused + empty."""
        label, provenance = self.label, self.dataset.provenance
        keys = ("candidates", "observations", "rejected", "missing")
        total = {key: number(provenance["counts"][key], 0, self.lang) for key in keys}
        rows = [
            [
                breakable(file),
                self.layout(about["layout"]),
                *(number(about["counts"][key], 0, self.lang) for key in keys),
            ]
            for file, about in provenance["files"].items()
        ]
        rows.append([label("total_count"), number(len(rows), 0, self.lang), *total.values()])
        header = [
            label(key)
            for key in ("file", "layout", "cells_found", "cells_used", "cells_rejected", "cells_missing")
        ]
        return section(
            "berkas",
            label("files"),
            prose(
                self.say("intro", files=rows[-1][1], candidates=total["candidates"]),
                self.say("balance", **total),
            ),
            table("tabel-berkas", label("files"), header, rows),
        )

    def issues(self) -> Section:
        """What the checks noted, refused cells first, with the cell and what to do."""
        label, found = self.label, self.dataset.issues
        order = found["severity"].map(SEVERITIES.index)
        shown = found.assign(order=order).sort_values("order", kind="stable").head(MOST_ROWS)
        rows = [
            [
                breakable(issue["file"]),
                issue["sheet"] or "–",
                cell_name(issue),
                self.observed(issue),
                label(f"severity_{issue['severity']}"),
                self.rule(issue["rule"]),
                self.written(issue["message"]),
                self.written(issue["suggestion"] or "–"),
            ]
            for _, issue in shown.iterrows()
        ]
        header = [
            label(key)
            for key in ("file", "sheet", "cell", "observed", "severity", "rule", "message", "suggestion")
        ]
        counts = [
            [label(f"severity_{severity}"), str((found["severity"] == severity).sum())]
            for severity in SEVERITIES
        ]
        counts += [[label("total_count"), str(len(found))], [label("shown_count"), str(len(shown))]]
        return section(
            "catatan",
            label("issues"),
            prose(self.say("issues", count=str(len(found)), shown=str(len(shown)))),
            table("tabel-catatan-jumlah", label("severity"), [label("severity"), label("quantity")], counts),
            table("tabel-catatan", label("issues"), header, rows),
        )

    def conflicts(self) -> Section:
        """Figures that sources state differently, beyond the indicator's tolerance; none is averaged."""
        label = self.label
        apart = stated_apart(self.dataset.observations)
        rows = [
            [
                region_name(row["region_code"], full=True),
                wording.name_of(self.indicators, row["indicator"], self.lang),
                wording.year(row["year"]),
                self.measure(row),
                wording.use_of(row, self.dataset.targets, self.sentences),
                Markup('<a href="#sumber-{}">{}</a>').format(row["source_id"], breakable(row["source_id"])),
                self.written(row["note"] or "–"),
            ]
            for _, row in apart.iterrows()
        ]
        header = [
            label(key) for key in ("region", "indicator", "year", "observed", "governs", "source", "notes")
        ]
        text = self.say("conflicts" if rows else "no_conflicts")
        return section(
            "beda", label("conflicts"), prose(text), table("tabel-beda", label("conflicts"), header, rows)
        )

    def measure(self, row: pd.Series) -> str:
        code = row["indicator"]
        unit = wording.unit_of(self.indicators, code, self.lang)
        return wording.measure(row["value"], unit, int(self.indicators.at[code, "decimals"]), self.lang)

    def coverage(self) -> Section:
        """Which regions of the province have what, and for each indicator the number of regions and the years
        with a value.
        """
        label, values = self.label, self.dataset.observations
        counted = values.groupby("indicator").agg(
            regions=("region_code", "nunique"),
            first=("year", "min"),
            last=("year", "max"),
            values=("value", "size"),
        )
        rows = [
            [
                wording.name_of(self.indicators, code, self.lang),
                *(str(counted.at[code, key]) for key in ("regions", "first", "last", "values")),
            ]
            for code in self.indicators.index
            if code in counted.index
        ]
        header = [
            label(key) for key in ("indicator", "regions_count", "first_year", "last_year", "cells_used")
        ]
        regions = ["63", *members("63")]
        return section(
            "cakupan",
            label("coverage"),
            coverage(values, regions, self.lang).to_html("gambar-cakupan"),
            table("tabel-cakupan", label("coverage"), header, rows),
        )

    def sources(self) -> Section:
        """Every source with its publisher and how it reached us."""
        label = self.label
        rows = [
            [
                Markup('<span id="sumber-{}">{}</span>').format(
                    source["source_id"], breakable(source["source_id"])
                ),
                self.written(source["publisher"]),
                link(source["url"], self.written(source["title"])),
                breakable(source["file"]),
                date_words(source["published"], self.lang) or "–",
                data_word(source["licence"] or "–", self.sentences),
                self.written(source["note"] or "–"),
            ]
            for _, source in self.dataset.sources.iterrows()
        ]
        header = [
            label(key)
            for key in ("source_code", "publisher", "title", "file", "published", "licence", "notes")
        ]
        return section(
            "sumber", label("all_sources"), table("tabel-sumber", label("all_sources"), header, rows)
        )


def cell_name(issue: pd.Series) -> Markup:
    """ "C493" in one piece: a cell's address is not broken over two lines."""
    return Markup('<span class="utuh">{}{}</span>').format(issue["column"], issue["row"])


def breakable(name: str) -> Markup:
    """A name of a file or a source that may go on in a new line after each underscore."""
    return Markup("_<wbr>").join(name.split("_"))
