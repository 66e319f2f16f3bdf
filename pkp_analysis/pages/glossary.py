"""What a reader in a meeting may not know: the headline indicators, statistical words and abbreviations,
behind a toggle.
"""

from markupsafe import Markup

from ..data import codebook
from ..html import table


def glossary(report) -> Markup:
    """The terms of the [term] section ("term | meaning") after the concepts of the headline indicators in the
    codebook.
    """
    concept = "concept" if report.lang == "id" else "concept_en"
    rows = [[report.name(code), report.data.indicators.at[code, concept]] for code in codebook.headline()]
    rows += [text.split(" | ", 1) for (text,) in report.sentences.texts["term"].values()]
    shown = table(
        "tabel-istilah", report.label("terms"), [report.label("term"), report.label("meaning")], rows
    )
    return Markup('<details class="istilah">\n<summary>{}</summary>\n{}\n</details>').format(
        report.label("terms"), shown
    )
