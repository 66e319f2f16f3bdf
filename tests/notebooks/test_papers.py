"""The brief of a region and the papers for a meeting, read as text: nothing said that no frame holds."""

import math
import re

import pandas as pd
import pytest

from pkp_analysis.region import meeting
from pkp_analysis.site.content import as_blocks, rendered
from pkp_analysis.words import papers, say
from pkp_analysis.words.numbers import hundreds, number, percent
from tests.conftest import LEFT_OUT, REGIONS

from .pages import NUMBER, read


@pytest.fixture(scope="module")
def regions(known):
    return {code: known(code) for code in REGIONS}


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


@pytest.mark.parametrize(
    "code",
    [pytest.param(c, marks=[pytest.mark.slow] if f"ringkas/{c}-" in LEFT_OUT else []) for c in REGIONS],
)
def test_every_number_of_a_brief_stands_in_a_frame(regions, briefs, code):
    data, page = regions[code], briefs[code]
    standing, calls = data.standing(), meeting.calls(data)
    shown = (standing, data.story(), calls, meeting.committed(data))
    known = figures(*shown, *(data.points(one) for one in [*data.headline, "sampah_terkelola"]))
    known |= figures((100 - standing[["value"]]).round()) | {"100", "80%", "2024", "3", "4"}
    known |= {one.rstrip(".") for one in page.numbers}
    known |= {year for plan in data.own_plan()["framework"] for year in re.findall(r"\d{4}", plan)}
    told = [line for text in page.prose for line in text.split("\n") if not line.startswith("- ")]
    said = {one.rstrip(".") for one in NUMBER.findall(" ".join([*told, *page.titles]))}
    assert said - known == set()


def test_a_brief_says_each_thing_once_and_the_regions_differ(briefs):
    for page in briefs.values():
        heads = [text.splitlines()[0] for text in page.prose if text.startswith("#")]
        aloud = [text for text in page.prose if "dari setiap 100" in text or "ton sampah**" in text]
        assert len(heads) == 7 and len(aloud) == 1
    assert len({tuple(page.sentences) for page in briefs.values()}) == len(briefs) > 1


def test_the_good_is_none_where_the_province_would_not_call_it_so(regions):
    sides = meeting.sides(regions["6304"]).set_index("side")
    assert sides.at["worrying", "indicator"] == "sanitasi_layak"
    assert "good" not in sides.index, "half of the waste is handled: high in the country, 9-11 of 13 at home"
    assert "kabar baik" in papers.side(meeting.sides(regions["6304"]), "good", regions["6304"])


def test_worry_question_and_number_are_about_what_the_page_turns_to(regions, every):
    for data in [*every, regions["63"]]:
        calls, sides = meeting.calls(data), meeting.sides(data).set_index("side")
        assert sides.at["worrying", "indicator"] == calls["indicator"].iloc[0] == data.focus(), data.name
        assert "good" not in sides.index or sides.at["good", "indicator"] != data.focus()
    for code in ("6304", "6308", "6371"):  # the meeting asks what the region's own brief asks
        (member,) = (one for one in every if one.region_code == code)
        asked = [papers.question(meeting.calls(one), one) for one in (member, regions[code])]
        assert asked[0] == asked[1] and member.focus() == regions[code].focus()


def test_the_number_to_say_is_of_one_year(regions, every):
    for data in [*every, regions["63"]]:
        row = meeting.calls(data).iloc[0]
        said, year = papers.aloud(meeting.calls(data), data), int(row["reach_year"])
        if row["trigger"] == "terbuka":
            assert hundreds(row["reach"], "id") in said and "dari setiap 100" not in said
            continue
        code = {"unmanaged": "sampah_terkelola", "unhandled": "penanganan_sampah", "": row["indicator"]}
        points = data.points(code[row["left"]]).set_index("year")["value"]
        what = "belum terkelola" if row["left"] == "unmanaged" else "dari setiap 100 "
        left = f"**{round(100 - points[year])} {what}"
        assert left in said and f"({year};" in said and "dari setiap 100" in said
        if row["left"] == "unmanaged":  # the parts of a hundred kilograms
            assert sum(map(int, re.findall(r"(\d+)\** (?:ditangani|dikurangi|belum terkelola)", said))) == 100
        if row["unit"] == "rumah tangga":
            count = data.households_at(pd.Series([year])).iloc[0] * (100 - points[year]) / 100
            assert hundreds(count, "id") in said


def test_the_title_counts_the_marks_of_its_chart(regions):
    for data in regions.values():
        rows = data.standing().dropna(subset=["value", "target"]).set_index("indicator")["status"]
        title = say.goals_title(data.standing())
        for code in ("sanitasi_layak", "air_minum_layak"):
            reached = f"{title} ".partition(" belum")[0] if "mencapai acuan nasional 2024," in title else ""
            is_told = say.noun(code) in reached.partition(" mencapai")[0].lower()
            assert is_told == (rows[code] == "achieved") or "belum" not in title, title


def test_a_brief_cites_what_it_says_and_nothing_else(regions):
    listed = {code: papers.sources(meeting.cited(data)) for code, data in regions.items()}
    assert "sampah 2021" not in listed["6304"] and "sampah 2024" in listed["6304"]
    assert "sampah 2019" in listed["6308"] and "Susenas 2021" in listed["6308"], "74,63 (2019), 88,09 (2021)"
    assert "TPA BASIRIH" in listed["6371"] and "sampah 2023" not in listed["6371"], (
        "a landfill's report, not a share"
    )
    assert "Kompas Lestari" in listed["6371"] and "TPA" not in listed["6304"]
    assert all("http" not in line.partition(">) (")[2] for line in "\n".join(listed.values()).split("\n"))


def test_commitments_stand_beside_those_who_lack(regions, every):
    said = papers.committed(meeting.committed(regions["63"], every), regions["63"])
    assert (
        "Banjar 229 sambungan air minum (2025; sumbernya belum beralamat) dan sekitar 51.100 rumah tangga"
        in said
    )
    of_province = meeting.committed(regions["63"])  # plans of regencies are never the province's
    water = of_province[of_province["indicator"] == "air_minum_layak"].set_index("region_code")["quantity"]
    assert water.to_dict() == {"6303": 229, "6311": 1000}
    assert "Belum ada komitmen" in papers.committed(meeting.committed(regions["6304"]), regions["6304"])


def test_visits_go_by_households_and_counts_by_one_rule(regions, every):
    frame = meeting.visits(regions["63"], every)
    first = pd.DataFrame(frame["first"].tolist())
    households = first["unit"] == "rumah tangga"
    assert households.is_monotonic_decreasing and set(households) == {True, False}
    assert all(rows["reach"].is_monotonic_decreasing for _, rows in first.groupby("unit"))
    tasks = meeting.tasks(every).drop_duplicates("indicator").set_index("indicator")
    waste = tasks.loc["penanganan_sampah"].to_dict() | {"indicator": "penanganan_sampah"}
    assert "di bawah 70% penanganan sampah (2024, laporan daerah; tidak dinilai)" in papers.basis(
        waste, regions["63"]
    )
    standing = pd.concat([one.standing() for one in every])
    below = standing[standing["status"] == "below_reference"]["indicator"].value_counts()
    for code in ("sanitasi_layak", "air_minum_layak"):
        assert tasks.at[code, "below"] == below[code]


def test_the_meeting_has_a_question_and_a_visit_for_each_of_the_13(regions, every):
    data = regions["63"]
    visits = papers.visits(meeting.visits(data, every))
    assert len(visits) == 13 and visits.iloc[:, 1:4].map(len).min().min() > 5
    assert visits.iloc[:, 0].is_unique and visits.iloc[:, 1].is_unique
    assert (visits.iloc[:, -2:] == "").all().all(), "date and signature are written with a pen"
    assert visits.iloc[:, 1].str.contains("sanksi").sum() == 4
    fell = visits.set_index(visits.columns[0]).loc["Hulu Sungai Utara"]
    dump = visits.set_index(visits.columns[0]).at["Banjar", visits.columns[1]]
    assert re.search(r"penimbunan terbuka menerima sekitar [\d.]+ ton \(2024\)", dump), (
        "not only where it comes first"
    )
    assert "Belum ada angka: penanganan sampah setelah 2024." in fell.iloc[0], "it has those before"
    assert (
        "Menurun: penanganan sampah." in fell.iloc[0] and "Mengapa penanganan sampah menurun?" in fell.iloc[1]
    )
    shown = pd.DataFrame(meeting.visits(data, every)["first"].tolist())["indicator"]
    for code, (why, ask) in zip(shown, visits.iloc[:, 1:3].to_numpy()):
        others = {"sanitasi layak", "air minum layak", "sampah"} - {
            "sampah" if code == "penanganan_sampah" else say.noun(code)
        }
        told = [
            one
            for one in re.split(r"(?<=[.?]) ", f"{why} {ask}")
            if not re.search("enurun|setelah 2024", one)
        ]  # a fall and a missing year are of any
        assert not any(other in " ".join(told).split("TPA")[0].lower() for other in others), (why, ask)
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
        "Tujuan rapat", "Empat keputusan, satu untuk setiap indikator",
        "Keputusan yang diminta", "Pertanyaan dan komitmen", "Strategi provinsi",
        "Tugas provinsi", "Tugas kabupaten dan kota", "Peran dunia usaha dan peran masyarakat",
        "Pembinaan dan pengawasan", "Data yang diminta",
        "penanganan sampah setelah 2024 untuk Hulu Sungai Utara", "unduhan/formulir/63-disperkim.xlsx", "## Sumber",
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


@pytest.mark.parametrize("paper", ["ringkas/6303-banjar", pytest.param("agenda-63", marks=pytest.mark.slow)])
def test_papers_are_made_in_english_too(small_site, paper):
    page = read(small_site / "jejak" / f"{paper}.en.ipynb", "en")
    prose = [line for text in page.prose for line in text.split("\n") if not line.startswith("- ")]
    text = " ".join([*prose, *page.titles])
    assert "Sources" in text and not re.search(r"\b(rumah tangga|belum|keputusan)\b", text)
