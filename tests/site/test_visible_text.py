"""What a reader sees of the built pages: no name of a machine, in either language."""

import re
from pathlib import Path

import bs4
import pytest

MACHINE = re.compile(r"\b\w*[^\W_]_[^\W_]\w*\b")  # snake_case
ENGLISH = re.compile(  # terms of the library and of pandas, which have a word of the catalogue
    r"\b(achieved|accelerate|burden|course|deterioration|dtype|falling|hierarchical|indistinct|level|likely|median_\w+"
    r"|moderate|nan|NaN|NaT|None|pooled|regency|rising|share|shared|stagnation|straight|substantial|True|False"
    r"|Interval|Timestamp)\b"
)
PARTS = ("script", "style", "code", "annotation")  # formulas and code are read as such
QUOTED = ("sources", "observations", "issues", "local_facts", "commitments", "targets")


@pytest.fixture(scope="module")
def of_the_data(dataset) -> set[str]:
    """Names of files, sheets and cells, and what notes and titles quote of them: the page shows them as they are."""
    frames = [getattr(dataset, name) for name in QUOTED]
    texts = [
        set(map(str, frame[column].unique())) for frame in frames for column in frame if column != "indicator"
    ]
    return set(MACHINE.findall(" ".join(set().union(*texts))))


def seen(path: Path) -> str:
    """Text, alternative texts and labels of a page, without addresses."""
    page = bs4.BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").body
    for part in page.find_all(PARTS):
        part.decompose()
    named = [
        str(part.get(name, "")) for name in ("alt", "aria-label", "title") for part in page.find_all(True)
    ]
    words = " ".join([*page.stripped_strings, *named]).split()
    return " ".join(word for word in words if "/" not in word and ".html" not in word)


def pages(site: Path, lang: str) -> list[Path]:
    found = [path for path in site.rglob("*.html") if (".en." in path.name) == (lang == "en")]
    assert len(found) > 4
    return found


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_name_of_a_machine_is_seen(small_site, of_the_data, lang):
    found = {path.name: set(MACHINE.findall(seen(path))) - of_the_data for path in pages(small_site, lang)}
    assert not {name: words for name, words in found.items() if words}


def test_no_english_term_of_the_library_is_seen_on_an_indonesian_page(small_site):
    found = {path.name: sorted(set(ENGLISH.findall(seen(path)))) for path in pages(small_site, "id")}
    assert not {name: words for name, words in found.items() if words}
