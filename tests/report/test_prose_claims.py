"""Every claim word in the prose is checked against the data: real regions, and generated extremes."""

import re
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from pkp_analysis.analysis.attainment import is_met, threshold
from pkp_analysis.charts.figure import Figure
from pkp_analysis.data.codebook import headline, indicators
from pkp_analysis.data.regions import members, regions
from pkp_analysis.pages import position
from pkp_analysis.words import narrative, wording
from pkp_analysis.words.catalogue import load_sentences

from . import page_text
from .page_text import prose, sentences, titles
from .test_narrative import row, subject
from .test_pages import assert_numbers_stand_in_tables

FORBIDDEN = (
    "dalam rangka",
    "merupakan",
    "signifikan",
    "hampir pasti",
    "karena",
    "akibat",
    "tidak mencapai target",
    "gagal",
    "berhasil",
    "sangat baik",
    "none",
    "nan",
    "{",
    "}",
    "  ",
    " %",
    " ,",
    " .",
    "..",
    "persen point",
)
RISING, FALLING = r"\b(meningkat|naik|kenaikan)\b", r"\b(menurun|turun|penurunan)\b"
LONGEST = 32
SENTENCES = load_sentences("id")
CODEBOOK = indicators()
RANKS = position.ranks


def clauses(text: str) -> list[str]:
    return re.split(r", sedangkan |; ", text)


def named(text: str) -> list[str]:
    """The headline indicators a piece of text names."""
    told = text.lower().replace("timbulan sampah ditangani", "penanganan sampah")
    return [code for code in headline() if wording.noun(CODEBOOK, code, SENTENCES) in told]


def wrong_claims(report) -> list[str]:
    """Sentences of summary, trend and position that say more than the data of the report."""
    wrong = []
    rows, points = report.headline_rows.set_index("indicator"), report.data.points
    summary = [text for paragraph in prose(report, "summary") for text in sentences(paragraph)]
    trend = [
        text
        for paragraph in (*prose(report, "trend"), *titles(report, "trend"))
        for text in sentences(paragraph)
    ]
    changes = report.data.assessment.drop_duplicates("indicator").set_index("indicator")["change"]
    for text in summary + trend:
        for clause in clauses(text):
            for word, pattern in (("rising", RISING), ("falling", FALLING)):
                if re.search(pattern, clause.lower()) and "berisiko turun" not in clause:
                    wrong += [text for code in named(clause) if changes[code] != word]
    for text in summary:
        for code in named(text):
            if code not in rows.index or len(named(text)) > 1:
                continue
            about = rows.loc[code]
            if re.search("melampaui|terlampaui|di atas acuan", text) and not about["value"] > about["target"]:
                wrong.append(text)
            if "di bawah acuan" in text and not about["value"] < about["target"]:
                wrong.append(text)
            if "hampir universal" in text and not about["value"] >= 99:
                wrong.append(text)
            if "di sekitar acuan" in text and not about["near_target"]:
                wrong.append(text)
    chances = [text for text in summary if "peluang" in text or "berisiko turun" in text]
    horizon = report.data.assessment[
        (report.data.assessment["target_year"] == 2030) & report.data.assessment["governs"]
    ]
    at_risk = set(
        horizon.loc[
            (horizon["status"] == "achieved") & horizon["at_risk"] & horizon["probability"].notna(),
            "indicator",
        ]
    )
    risk = SENTENCES.say(
        "chance.at_risk",
        names=wording.names(CODEBOOK, [code for code in headline() if code in at_risk], SENTENCES),
    )
    for text in chances:
        if ("berisiko turun" in text or bool(at_risk)) and risk not in text:
            wrong.append(text)
        for clause in re.split(r",? dan (?=peluang )|, (?=peluang )", text.replace(risk, "")):
            for code in named(clause):
                probability = horizon.loc[horizon["indicator"] == code, "probability"].iloc[0]
                word = {"small": "kecil", "medium": "sedang", "large": "besar"}[
                    narrative.chance_word(probability)
                ]
                if word not in clause:
                    wrong.append(text)
    if not report.is_province:
        for text in (text for paragraph in prose(report, "position") for text in sentences(paragraph)):
            for code in named(text):  # noqa: B007
                values = report.data.all_observations.query(
                    "indicator == @code and is_governing and year == @report.data.report_year"
                )
                values = values[values["region_code"].isin(report.data.peers)].set_index("region_code")[
                    "value"
                ]
                own = values[report.data.region_code]
                if "tertinggi" in text and own < values.max() or "terendah" in text and own > values.min():
                    wrong.append(text)
                place = re.search(r"urutan(?:nya| \D+? adalah)? (\d+)", text)
                if place and int(place[1]) != int((values > own).sum()) + 1:
                    wrong.append(text)
    if report.data.region_code == "63":
        assert len(points("sanitasi_layak")) > 5
    return wrong


def bad_style(report) -> list[str]:
    found = []
    for name in (
        "summary",
        "targets",
        "trend",
        "position",
        "needs",
        "planning",
        "data_quality",
        "sources",
        "annex",
    ):
        for paragraph in (*prose(report, name), *titles(report, name)):
            for text in sentences(paragraph):
                lowered = text.lower()
                if any(
                    phrase in lowered if not phrase.isalpha() else re.search(rf"\b{phrase}\b", lowered)
                    for phrase in FORBIDDEN
                ):
                    found.append(text)
                if (
                    len(text.split()) > LONGEST
                    or not text[0].isupper()
                    and not text[0].isdigit()
                    and text[0] not in '"'
                ):
                    found.append(text)
    return found


@pytest.mark.parametrize("code", ["63", "6302", "6309", "6371", "3273", "9401", "1371"])
def test_claims_and_style_of_real_reports(build, code):
    report = build(code)
    assert wrong_claims(report) == [] and bad_style(report) == []


@pytest.fixture
def quick_reports(build, dataset, monkeypatch):
    """A function that gives the report of a region without drawings and, for the whole of a province, with
    the ranks worked out once.

    Without the tables of the charts, which only adds to what the page's own tables must hold. Nothing is kept
    afterwards.
    """
    ranks = cache(lambda province, indicator: RANKS(build(members(province)[0], data=dataset), indicator))
    monkeypatch.setattr(Figure, "to_html", lambda self, figure_id="": Markup(""))
    monkeypatch.setattr(
        position, "ranks", lambda report, indicator: ranks(report.data.province_code, indicator)
    )
    yield lambda code: build(code, data=dataset)
    for kept in (page_text.render, page_text.section, page_text.prose):
        kept.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("province", regions().query("kind == 'provinsi'").index)
def test_claims_style_and_numbers_of_all_regions(quick_reports, province):
    for code in (province, *members(province)):
        report = quick_reports(code)
        assert wrong_claims(report) == [] and bad_style(report) == [], code
        assert_numbers_stand_in_tables(page_text.render(report))


def test_summary_has_four_to_six_sentences_and_the_list_of_what_is_missing(build):
    for code in [*members("63"), "63"]:
        evidence, outlook, lead, missing = prose(build(code), "summary")
        assert "Dinas" in lead and "rumah tangga per tahun" in lead and len(sentences(lead)) <= 3
        assert 4 <= len(sentences(evidence)) + len(sentences(outlook)) <= (7 if code == "63" else 6), code
        assert missing.startswith("Belum tersedia:")


def test_three_reports_do_not_read_alike(build):
    """Of any three neighbours with the same standing, no two summaries share all their sentence frames."""
    frames = {}
    for code in members("63"):
        text = " ".join(prose(build(code), "summary")[:2])
        frames[code] = re.sub(r"[\d.,]+%?", "0", text.replace(build(code).subject.name, "X"))
    alike = [(a, b) for a in frames for b in frames if a < b and frames[a] == frames[b]]
    assert len(alike) <= 6, alike


shares = st.floats(0, 100).map(lambda value: round(value, 2))


@st.composite
def judged_rows(draw):
    """One or two headline rows with any value, target, status inputs and probability that the rules allow."""
    made = []
    for name in draw(st.lists(st.sampled_from(headline()), min_size=1, max_size=4, unique=True)):
        value, target = draw(shares), draw(st.sampled_from([100.0, 90.0, 70.0, 39.47, 0.0]) | shares)
        direction, passed = draw(st.sampled_from(["up", "down"])), draw(st.booleans())
        met = is_met(value, target, direction)
        status = (
            "achieved"
            if met
            else draw(
                st.sampled_from(
                    ["below_reference"]
                    if passed
                    else [
                        "on_track",
                        "needs_acceleration",
                        "small_chance",
                        "moving_away",
                        "insufficient_data",
                    ]
                )
            )
        )
        made.append(
            row(
                name,
                value,
                target,
                status,
                direction=direction,
                passed=passed,
                target_year=2030,
                near_target=draw(st.booleans()) and abs(value - target) < 5 and status != "insufficient_data",
                probability=None if passed else draw(st.floats(0, 1)),
                n_points=draw(st.sampled_from([1, 2, 9])),
                change=draw(st.sampled_from(["rising", "falling", "indistinct", None])),
                at_risk=met and draw(st.booleans()),
            )
        )
    return pd.DataFrame(made)


@settings(max_examples=150, deadline=None)
@given(
    frame=judged_rows(),
    code=st.sampled_from(["6303", "6371", "3273", "9401"]),
    kind=st.sampled_from(["survey", "official", "press", "derived"]),
)
def test_generated_extremes_are_told_truly(frame, code, kind):
    about = subject(code)
    rows = narrative.headline_rows(frame)
    kinds = {name: (kind, "Dinas") for name in rows["indicator"]}
    told = narrative.evidence(about, rows, CODEBOOK, kinds, SENTENCES, limit=9)
    texts = [
        narrative.headline(about, rows, CODEBOOK, SENTENCES),
        *told,
        narrative.changes(about, rows, dict.fromkeys(rows["indicator"], 2021), CODEBOOK, SENTENCES),
        *narrative.chances(about, frame, CODEBOOK, SENTENCES),
    ]
    for text in texts:
        assert text and text[0].isupper() or text[:1].isdigit(), texts
        assert "{" not in text and "nan" not in text.split() and text.endswith(".")
    for text in told:
        (name,) = named(text)
        fact = rows[rows["indicator"] == name].iloc[0]
        if "hampir universal" in text:
            assert fact["target"] in (0, 100) and abs(fact["value"] - fact["target"]) <= 1
        elif "di bawah" in text:
            assert fact["value"] < fact["target"]
        elif "di atas" in text:
            assert fact["value"] > fact["target"]
        if "melampaui" in text or "terlampaui" in text:
            assert is_met(fact["value"], fact["target"], fact["direction"])
        if "terpaut" in text and "universal" not in text:
            sign = 1 if fact["direction"] == "up" else -1
            assert sign * (threshold(fact["target"], fact["direction"]) - fact["value"]) > 0
