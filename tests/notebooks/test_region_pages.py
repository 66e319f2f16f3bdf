"""The pages of the 13 and the province, read as text: nothing said that no table shows, short, and each its own."""

import re
from itertools import combinations

import pytest

from pkp_analysis.data.regions import members
from tests.conftest import REGIONS

from .pages import NUMBER, masked, read, run

MOST_WORDS = 1500
STRUCK = (
    "dalam rangka", "signifikan", "hampir pasti", "terpaut", "yang menaungi", "melebihi ketidakpastian",
    "tanpa jaringan", "data/raw", "%%", "nan", "None", "{", "}", " ,", "..", "tidak mencapai target",
)  # fmt: skip


@pytest.fixture(scope="module", params=["built", pytest.param("all", marks=pytest.mark.slow)])
def pages(request, small_site, processed_dir):
    """region code -> Page: of the site built once, or of all 13 and the province."""
    if request.param == "built":
        found = (small_site / "jejak" / "wilayah").glob("*.ipynb")
        made = {path.name.split("-")[0]: read(path) for path in sorted(found) if ".en." not in path.name}
        assert set(made) == set(REGIONS)
        yield made
        return
    with pytest.MonkeyPatch.context() as patch:
        yield {code: run(code, "id", patch, processed_dir) for code in ["63", *members("63")]}


def test_every_number_of_the_open_prose_stands_in_a_table_of_the_page(pages):
    lost = {}
    for code, page in pages.items():
        said = " ".join([*page.sentences, *page.titles])
        found = {number.rstrip(".").lstrip("−-") for number in NUMBER.findall(said)}
        years = {number for number in found if re.fullmatch(r"(19|20)\d\d", number)}
        if missing := found - years - page.numbers - {"80%"}:
            lost[code] = sorted(missing)
    assert not lost


def test_the_open_text_keeps_to_its_budget(pages):
    counts = {
        code: sum(len(text.split()) for text in [*p.prose, *p.titles, *p.opened]) for code, p in pages.items()
    }
    assert max(count for code, count in counts.items() if code != "63") <= MOST_WORDS, counts


@pytest.mark.parametrize(("with_titles", "most"), [(False, 0.6), (True, 0.7)])
def test_the_pages_are_not_one_page(pages, with_titles, most):
    """Of any two pages less than 60 % of the sentences are the same but for numbers and names; hardly more when the
    titles of what they show are counted as well, which say the same of all figures that cannot be told apart.
    """
    said = {
        code: {masked(one) for one in [*pages[code].sentences, *(pages[code].titles if with_titles else [])]}
        for code in pages
        if code != "63"
    }
    alike = {
        (one, other): len(said[one] & said[other]) / min(len(said[one]), len(said[other]))
        for one, other in combinations(said, 2)
    }
    assert max(alike.values()) < most, sorted(alike.items(), key=lambda item: -item[1])[:5]


def test_no_page_says_what_an_editor_would_strike(pages):
    for code, page in pages.items():
        text = "\n".join([*page.prose, *page.titles, *page.opened])
        assert not [word for word in STRUCK if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)], code


def test_sentences_are_short_and_begin_with_a_capital(pages):
    for page in pages.values():
        for sentence in page.sentences:
            assert sentence.lstrip("*")[0].isupper() or sentence.lstrip("*")[0].isdigit(), sentence
            assert len(sentence.split()) <= 45, sentence


def test_the_page_in_english_says_the_same_figures(small_site, pages):
    english = read(small_site / "jejak" / "wilayah" / "6304-barito-kuala.en.ipynb", "en")
    assert "Barito Kuala is lowest in Kalimantan Selatan" in " ".join(english.prose)
    dots = {number.translate(str.maketrans(",.", ".,")) for number in pages["6304"].numbers}
    found = {number.rstrip(",") for number in re.findall(r"\d[\d,]*(?:\.\d+)?%", " ".join(english.sentences))}
    assert found - {"80%"} <= dots
