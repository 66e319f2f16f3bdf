"""The explorer without a browser: controls in; pictures, numbers, lines of code and sentences out."""

import io
import re
from base64 import b64decode
from functools import cache

import openpyxl
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from pkp_analysis.charts.show import MIMETYPE
from pkp_analysis.lab import panel
from pkp_analysis.lab.code import VIEWS, WAYS
from pkp_analysis.lab.effects import chance_text, effects, effects_table, rupiah, year_text


@pytest.fixture(scope="module", autouse=True)
def here(project):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PKP_ROOT", str(project))
        patch.setattr(
            panel, "load", cache(panel.load)
        )  # nothing changes the tables from one test to the next
        InteractiveShell.instance()
        yield
        InteractiveShell.clear_instance()


@pytest.fixture
def explorer():
    return panel.Explorer("Barito Kuala")


def shown(explorer) -> list[dict]:
    return [output["data"][MIMETYPE] for output in explorer.result.outputs]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def controls(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from controls(child)


def test_opens_with_a_picture_numbers_and_no_complaint(explorer):
    (picture,) = shown(explorer)
    assert picture["kind"] == "figure" and "Barito Kuala" in picture["title"]
    assert "57,71% (2024)" in plain(explorer.numbers.value)
    assert explorer.note.value == explorer.effect_note.value == ""


def test_every_control_says_what_it_is(explorer):
    inputs = [one for one in controls(explorer.box) if type(one).__name__ not in ("HTML", "Output")]
    inputs = [one for one in inputs if hasattr(one, "description")]
    assert len(inputs) > 25 and all(one.description for one in inputs)


def test_each_view_shows_its_own(explorer):
    explorer.regions["6303"].value = True
    for view, name in VIEWS.items():
        explorer.view.value = view
        kinds = [part["kind"] for part in shown(explorer)]
        assert explorer.note.value == ""
        assert kinds == {"Tren": ["figure"] * 2, "Tabel": ["table"]}.get(name, ["figure"])
    assert set(WAYS) == set(VIEWS)


def test_the_lines_shown_give_the_picture_shown(explorer):
    """What is copied into a new cell shows the same, byte for byte."""
    explorer.points.value = 2.0
    with capture_output(stdout=False, stderr=False) as run:
        exec(explorer.lines.value, {})
    assert [output.data[MIMETYPE] for output in run.outputs] == shown(explorer)
    assert "extra_pp_per_year=2" in explorer.lines.value and explorer.lines.layout.display == "none"
    explorer.with_code.value = True
    assert explorer.lines.layout.display is None


def test_all_regions_stand_in_one_chart(explorer):
    explorer.view.value = "bersama"
    explorer.every.value = True
    (picture,) = shown(explorer)
    assert len(explorer.choice.regions) == 14
    assert all(name in picture["table"] for name in ("Kota Banjarmasin", "Kabupaten Tapin"))
    explorer.every.value = False
    assert explorer.choice.regions == ("6304",)


def test_the_years_chosen_are_the_years_drawn(explorer):
    explorer.view.value = "tabel"
    explorer.years.value = (2023, 2030)
    (part,) = shown(explorer)
    assert "2024" in part["table"] and "2021" not in part["table"]


def test_an_own_target_is_a_line_and_the_goal_of_the_scenario(explorer):
    explorer.target.value = panel.OWN
    explorer.own_target.value, explorer.own_year.value, explorer.points.value = 80, 2029, 3.0
    assert 'ax.axhline(80, ls=":"' in explorer.lines.value
    assert "Peluang pada 2029 dengan skenario" in plain(explorer.numbers.value)
    assert explorer.own_target.layout.display is None
    explorer.target.value = panel.NONE
    assert "Skenario memerlukan target" in explorer.effect_note.value and shown(explorer)


def test_a_bigger_effort_lifts_the_numbers(explorer):
    explorer.points.value = 1.0
    small = effects(explorer.choice, [explorer.first]).iloc[0]
    explorer.points.value = 3.0
    large = effects(explorer.choice, [explorer.first]).iloc[0]
    assert large["median_effort"] > small["median_effort"] and large["households"] > small["households"]
    assert explorer.first.scenario("sanitasi_layak", 3)["median"].iloc[-1] == pytest.approx(
        large["median_effort"]
    )


def test_households_are_an_effort_too_and_a_missing_count_is_said(explorer):
    explorer.unit.value = "households"
    explorer.count.value, explorer.budget.value = 1000, 12_000_000
    assert (
        "Perkiraan biaya" in plain(explorer.numbers.value)
        and "households_per_year=1000" in explorer.lines.value
    )
    assert explorer.count.layout.display is None and explorer.points.layout.display == "none"
    explorer.region.value = "6303"
    assert "Banjar" in plain(explorer.numbers.value)


def test_several_indicators_one_below_the_other(explorer):
    explorer.indicators["air_minum_layak"].value = True
    assert ["Sanitasi" in part["title"] for part in shown(explorer)] == [True, False]


def test_what_cannot_be_shown_is_a_sentence_beside_its_control(explorer):
    unsurveyed = next(
        code for code in dict(explorer.indicator.options).values() if code not in explorer.first.models
    )
    explorer.indicator.value = unsurveyed
    assert "tidak diproyeksikan" in explorer.effect_note.value
    assert "⚠" in explorer.effect_note.value and explorer.numbers.value == ""


def test_one_change_is_one_update(explorer, monkeypatch):
    runs = []
    monkeypatch.setattr(explorer, "run", lambda choice, *_: runs.append(choice) or ())
    explorer.region.value = "6303"
    explorer.every.value = True
    assert [choice.regions[0] for choice in runs] == ["6303", "6303"]


def test_download_links_hold_pictures_and_a_workbook_with_numbers(explorer):
    explorer.regions["6303"].value = True
    explorer.take()
    html = explorer.told.outputs[0]["data"]["text/html"]
    files = dict(re.findall(r'download="([^"]+)" href="data:[^,]+,([^"]+)"', html))
    assert list(files) == ["sanitasi_layak-1.png", "sanitasi_layak-2.png", "nilai.xlsx"]
    assert b64decode(files["sanitasi_layak-1.png"]).startswith(b"\x89PNG")
    sheet = openpyxl.load_workbook(io.BytesIO(b64decode(files["nilai.xlsx"]))).active
    rows = pd.DataFrame(sheet.values)
    assert rows[6].iloc[1:].map(float).between(50, 100).all() and "Kabupaten Banjar" in set(rows[1])


def test_a_report_is_asked_of_the_command_line(explorer, monkeypatch):
    asked = []
    monkeypatch.setattr(explorer.making, "start", lambda *words: asked.append(words))
    explorer.reporting.click()
    assert asked == [("report", "--region", "Kabupaten Barito Kuala")]


def test_words():
    assert [chance_text(chance) for chance in (0.004, 0.5, 0.995, float("nan"))] == [
        "kurang dari 1%", "50%", "lebih dari 99%", "–",
    ]  # fmt: skip
    assert [rupiah(cost) for cost in (1.2e12, 340.5e9, 12e6, 900.0)] == [
        "Rp1,2 triliun", "Rp340,5 miliar", "Rp12,0 juta", "Rp900",
    ]  # fmt: skip
    assert [year_text(year) for year in (2032, pd.NA)] == ["2032", "setelah 2035"]


def test_effects_agree_with_the_table_shown(explorer):
    explorer.points.value = 2.0
    table = effects_table(effects(explorer.choice, [explorer.first]), explorer.choice)
    assert all(text in plain(explorer.numbers.value) for text in table["Barito Kuala"])
