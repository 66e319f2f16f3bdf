"""HTML that others made (pandas, a planner's libraries, raw HTML in Markdown): what may stand on a page of it."""

import bleach
from bs4 import BeautifulSoup
from markupsafe import Markup

from ..charts.show import SPARK, SPARK_ATTRIBUTES
from ..words.numbers import number

MATH = (
    "math mrow mi mo mn mtext mspace mfrac msqrt mroot msub msup msubsup mover munder munderover mtable mtr mtd"
    " mstyle mpadded mphantom menclose mmultiscripts mprescripts none"
)
TEXT = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5"
    " h6 hr i img ins kbd li ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead time"
    " tr u ul var"
)
WITHOUT_CONTENT = ["script", "style", "template", "title", "noscript", "iframe", "object", "head"]
MATH_ATTRIBUTES = "xmlns display mathvariant stretchy fence form accent rspace columnalign".split()
ATTRIBUTES = {
    "*": ["class", "lang", "dir", "title", "role", "aria-hidden", "aria-label", "data-kolom"],
    "a": ["href"],
    "img": lambda _, name, value: name in ("alt", "width", "height") or is_picture(name, value),
    "td": ["colspan", "rowspan", "headers"],
    "th": ["colspan", "rowspan", "scope"],
    "ol": ["start"],
    **dict.fromkeys(MATH.split(), MATH_ATTRIBUTES),
    **dict.fromkeys(SPARK, sorted(SPARK_ATTRIBUTES)),
}
CLEANER = bleach.Cleaner(
    tags={*TEXT.split(), *MATH.split(), *SPARK},
    attributes=ATTRIBUTES,
    protocols={"http", "https", "mailto", "data"},
    strip=True,
)


def is_picture(name: str, value: str) -> bool:
    return name == "src" and value.startswith("data:image/")


def cleaned(html: str, lang: str = "id", no_alt: str = "") -> Markup:
    """The HTML without anything that runs, loads or styles; tables in the page's own style.

    no_alt: what an image without an alternative text is called.
    """
    soup = BeautifulSoup(html, "html.parser")
    for part in soup(WITHOUT_CONTENT):
        part.decompose()
    for image in soup("img"):
        image["alt"] = image.get("alt") or no_alt
    for link in soup("a", href=True):
        if link["href"].strip().lower().startswith("data:"):
            del link["href"]
    for table in soup("table"):
        if "dataframe" in table.get("class", []):
            in_decimal_commas(table, lang)
        if "tabel" not in table.parent.get("class", []):
            table.wrap(soup.new_tag("div", attrs={"class": "tabel"}))
    return Markup(CLEANER.clean(str(soup)))


def in_decimal_commas(table, lang: str) -> None:
    """The figures of a table that pandas wrote, as the page writes numbers; a missing value is a dash."""
    for cell in table("td"):
        text = cell.get_text().strip()
        try:
            value = float(text)
        except ValueError:
            continue
        cell["class"] = "angka"
        if "." in text or value != value:
            decimals = next((count for count in (0, 1) if round(value, count) == value), 2)
            cell.string = number(value, decimals, lang)
