"""The brief of a region and the papers for a meeting, read as text: nothing said that no frame holds."""

import math
import re

import pandas as pd
import pytest

from pkp_analysis.region import meeting
from pkp_analysis.region.facts import load
from pkp_analysis.site.content import as_blocks, rendered
from pkp_analysis.words import papers
from pkp_analysis.words.numbers import hundreds, number, percent
from tests.conftest import REGIONS

from .pages import NUMBER, read


@pytest.fixture(scope="module")
def regions(processed_dir):
    return {code: load(code, 2024, processed_dir=processed_dir) for code in REGIONS}


@pytest.fixture(scope="module")
def every(regions):
    """The 13 regencies and cities."""
    return meeting.regencies(regions["63"])


@pytest.fixture(scope="module")
def briefs(small_site):
    found = (small_site / "jejak" / "ringkas").glob("*.ipynb")
    return {path.name.split("-")[0]: read(path) for path in sorted(found) if ".en." not in path.name}


@pytest.fixture(scope="module")
def agenda(small_site):
    return read(small_site / "jejak" / "agenda-63.ipynb")


def figures(*frames) -> set[str]:
    """Every figure of the frames as a page may write it: to 0, 1 or 2 decimals, in percent, rounded to hundreds."""
    found = set()
    for frame in frames:
        for value in frame.select_dtypes("number").to_numpy().ravel():
            if not math.isnan(value):
                for digits in (0, 1, 2):
                    found |= {number(value, digits, "id"), percent(value, digits, "id"), str(round(value))}
                found.add(hundreds(value, "id"))
    return found


@pytest.mark.parametrize("code", REGIONS)
def test_every_number_of_a_brief_stands_in_a_frame(regions, briefs, code):
    data, page = regions[code], briefs[code]
    standing, calls = data.standing(), meeting.calls(data)
    known = figures(standing, data.story(), calls, *(data.points(one) for one in data.headline))
    known |= figures((100 - standing[["value"]]).round()) | {"100", "80%", "2024", "3", "4"}
    known |= {one.rstrip(".") for one in page.numbers}
    known |= {year for plan in data.own_plan()["framework"] for year in re.findall(r"\d{4}", plan)}
    told = [text for text in page.prose if not text.startswith("- ")]
    said = {one.rstrip(".") for one in NUMBER.findall(" ".join([*told, *page.titles]))}
    assert said - known == set()


def test_a_brief_says_each_thing_once_and_the_regions_differ(briefs):
    for page in briefs.values():
        heads = [text.splitlines()[0] for text in page.prose if text.startswith("#")]
        assert len(heads) == 7 and len([text for text in page.prose if "setiap 100" in text]) == 1
    assert len({tuple(page.sentences) for page in briefs.values()}) == len(REGIONS)


def test_the_good_is_none_where_the_province_would_not_call_it_so(regions):
    sides = meeting.sides(regions["6304"]).set_index("side")
    assert sides.at["worrying", "indicator"] in ("sanitasi_layak", "air_minum_layak")
    assert sides.at["good", "reason"] == "closest", "nothing there reaches its reference"


def test_the_meeting_has_a_question_and_a_visit_for_each_of_the_13(regions, every):
    data = regions["63"]
    visits = papers.visits(meeting.visits(data, every))
    assert len(visits) == 13 and visits.iloc[:, 1:4].map(len).min().min() > 5
    assert visits.iloc[:, 0].is_unique and visits.iloc[:, 1].is_unique
    assert (visits.iloc[:, -2:] == "").all().all(), "date and signature are written with a pen"
    assert visits.iloc[:, 1].str.contains("sanksi").sum() == 4
    called = [meeting.calls(one) for one in every]
    asked = papers.regency_questions(pd.concat(called), data)
    assert len(asked) == 13 and asked.iloc[:, 1].is_unique and asked.iloc[:, 1].str.endswith("?").all()


def test_reach_is_never_more_than_what_is_not_served(every):
    tasks = meeting.tasks(every)
    assert (tasks["share"].dropna() <= 100 + 1e-9).all() and (tasks["regencies"] <= 13).all()
    one = tasks[(tasks["actor"] == "provinsi") & (tasks["indicator"] == "sanitasi_layak")].iloc[0]
    callers = [
        data for data in every if "rendah" in set(meeting.calls(data).query("indicator == 'sanitasi_layak'")["trigger"])
    ]  # fmt: skip
    unserved = [
        data.households().query("indicator == 'sanitasi_layak'")["unserved"].iloc[0] for data in callers
    ]
    assert len(callers) == one["regencies"] and sum(unserved) == pytest.approx(one["reach"])


def test_the_agenda_holds_every_part_of_a_meeting(agenda):
    text = "\n".join([*agenda.prose, *agenda.titles])
    for part in (
        "Tujuan rapat", "Keputusan yang diminta", "Pertanyaan dan komitmen", "Strategi provinsi",
        "Tugas provinsi", "Tugas kabupaten dan kota", "Peran dunia usaha", "Peran masyarakat",
        "Pembinaan dan pengawasan", "Data yang diminta", "unduhan/formulir/63-disperkim.xlsx", "## Sumber",
    ):  # fmt: skip
        assert part in text, part
    said = {one.rstrip(".") for one in NUMBER.findall(" ".join(agenda.titles))}
    assert said <= {one.rstrip(".") for one in agenda.numbers} | {"13"}
    assert "nan" not in re.findall(r"\w+", text.lower()) and "{" not in text


def test_sources_come_from_the_data_and_stay_text():
    frame = pd.DataFrame(
        {
            "publisher": ["<script>x</script>"],
            "title": ["[a](javascript:1)"],
            "published": [""],
            "url": ["javascript:alert(1)"],
        }
    )
    html = str(rendered(as_blocks(str(papers.sources(frame)), escape=True)))
    assert "<script>" not in html and "href" not in html


@pytest.mark.parametrize("paper", ["ringkas/6304-barito-kuala", "agenda-63"])
def test_papers_are_made_in_english_too(small_site, paper):
    page = read(small_site / "jejak" / f"{paper}.en.ipynb", "en")
    prose = [text for text in page.prose if not text.startswith("- ")]  # sources keep their own titles
    text = " ".join([*prose, *page.titles])
    assert "Sources" in text and not re.search(r"\b(rumah tangga|belum|keputusan)\b", text)
