"""The exploration panel without a browser: controls in, figures, numbers, files and sentences out."""

import io
import json
import re
import subprocess

import openpyxl
import pandas as pd
import pytest

from pkp_analysis.lab import panel as panel
from pkp_analysis.lab.material import Choice
from pkp_analysis.lab.scenario import chance_text, effects, effects_table, rupiah, when, year_text
from pkp_analysis.lab.view import draw
from pkp_analysis.region.facts import load


@pytest.fixture(scope="module")
def region(processed_dir):
    return load("Barito Kuala", processed_dir=processed_dir)


@pytest.fixture
def explorer(region, tmp_path):
    return panel.Explorer(region, tmp_path / "reports")


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html)))


def told(explorer) -> str:
    return explorer.action_note.outputs[0]["data"]["text/html"]


def controls(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from controls(child)


def test_opens_with_figure_numbers_and_no_complaint(explorer):
    assert "data:image/svg+xml" in explorer.result.value
    assert "Menurut proyeksi saja, Barito Kuala mencapai sanitasi layak 100%" in plain(explorer.numbers.value)
    assert explorer.view_note.value == explorer.scenario_note.value == explorer.choice_note.value == ""


def test_every_control_says_what_it_is(explorer):
    for widget in controls(explorer.box):
        if hasattr(widget, "description") and type(widget).__name__ not in ("HTML", "ToggleButtons"):
            assert widget.description, widget
    assert all(explorer.view.tooltips)


def test_the_slider_changes_figure_and_numbers(explorer):
    figure, numbers = explorer.result.value, plain(explorer.numbers.value)
    explorer.points.value = 3.0
    assert explorer.result.value != figure
    assert plain(explorer.numbers.value) != numbers
    assert "Dengan tambahan 3,0 persen poin per tahun" in plain(explorer.numbers.value)


def test_the_years_chosen_are_the_years_drawn(explorer):
    explorer.years.value = (2020, 2040)
    figure = draw(explorer.material, explorer.choice).figures[0]
    assert "2040" in set(figure.table["Tahun"]) and min(figure.table["Tahun"]) >= "2020"


def test_hiding_one_control_leaves_the_others(explorer):
    explorer.unit.value = "households"
    assert explorer.points.layout.display == "none"
    assert explorer.count.layout.display is None and explorer.region.layout.display is None


def test_three_regions_with_a_scenario(explorer):
    for code in ("6308", "6372"):
        explorer.other_regions[code].value = True
    explorer.points.value = 2.0
    assert explorer.result.value.count("<figure") == 3
    for name in ("Barito Kuala", "Hulu Sungai Utara", "Banjarbaru"):
        assert name in plain(explorer.numbers.value)
    explorer.view.value = "perbandingan"
    assert explorer.result.value.count("<figure") == 1


@pytest.mark.parametrize(
    ("view", "expected"),
    [("peta", 'class="peta"'), ("tabel", "<table"), ("perbandingan", "rentang 80% urutan")],
)
def test_each_view_shows_its_own(explorer, view, expected):
    explorer.view.value = view
    assert expected in explorer.result.value


def test_an_own_target_replaces_the_list(explorer):
    assert explorer.own.layout.display == "none"
    explorer.target.value = panel.CUSTOM
    explorer.own_target.value, explorer.own_year.value = 75, 2029
    assert explorer.own.layout.display is None
    assert "mencapai sanitasi layak 75%" in plain(explorer.numbers.value)
    assert (
        draw(explorer.material, explorer.choice)
        .figures[0]
        .title.endswith("di bawah target 75% (Target 2029).")
    )


def test_what_cannot_be_shown_is_a_sentence_beside_its_control(explorer):
    explorer.indicator.value = "tanpa_air_bersih"
    assert "belum cukup untuk proyeksi dan skenario" in plain(explorer.scenario_note.value)
    assert 'role="alert"' in explorer.scenario_note.value
    explorer.indicator.value = "bank_sampah_unit"
    explorer.view.value = "perbandingan"
    assert "tersedia untuk indikator dalam persen" in plain(explorer.view_note.value)
    explorer.years.value = (2030, 2040)
    assert (
        "Perlebar tahun pada grafik" in plain(explorer.choice_note.value)
        and explorer.result.value == explorer.view_note.value == ""
    )


def test_without_a_target_the_scenario_asks_for_one_and_the_trend_is_drawn(explorer):
    explorer.target.value = panel.NO_TARGET
    assert "Pilih target" in plain(explorer.scenario_note.value) and "<figure" in explorer.result.value
    for view in ("perbandingan", "peta", "tabel"):
        explorer.view.value = view
        assert explorer.view_note.value == "" and explorer.result.value
    explorer.save()
    assert "Tersimpan" in told(explorer)


def test_another_concept_has_no_target_to_choose(explorer):
    explorer.indicator.value = "tanpa_air_bersih"
    assert [value for _, value in explorer.target.options] == [panel.NO_TARGET]
    assert "target" not in plain(explorer.result.value).lower()


def test_a_target_year_that_has_passed_is_said(explorer):
    explorer.target.value = ("RPJMN 2020-2024", 90.0, 2024)
    assert "Tahun target 2024 sudah lewat; peluangnya tidak dihitung." in plain(explorer.numbers.value)


def test_several_indicators_each_against_its_own_target(explorer):
    explorer.target.value = ("RPJMN 2020-2024", 90.0, 2024)
    explorer.other_indicators["air_minum_layak"].value = True
    assert explorer.result.value.count("<figure") == 2 and "Akses terhadap air minum layak" in plain(
        explorer.result.value
    )
    about = explorer.material.about(explorer.choice, "air_minum_layak")
    assert (about.plan, about.target, about.target_year, about.effort) == (
        "RPJMN 2020-2024",
        100.0,
        2024,
        0.0,
    )
    explorer.points.value = 1.0
    assert "Dengan tambahan 1,0 persen poin per tahun, Barito Kuala mencapai sanitasi layak" in plain(
        explorer.numbers.value
    )
    explorer.view.value = "peta"
    assert explorer.result.value.count('class="peta"') == 2
    explorer.save()
    book = openpyxl.load_workbook(next((explorer.folder / "jelajah").glob("*.xlsx")))
    header, *rows = book["Nilai"].iter_rows(values_only=True)
    assert {row[header.index("indicator")] for row in rows} == {"sanitasi_layak", "air_minum_layak"}
    explorer.indicator.value = "air_minum_layak"  # it is no longer beside itself
    assert explorer.choice.others == ()


def test_projection_and_scenario_start_at_the_models_present_level(explorer):
    """As in the report: the published value carries survey noise, the band and the scenario do not start
    there.
    """
    explorer.points.value = 2.0
    choice, region = explorer.choice, explorer.material.regions["6304"]
    level = region.present_level("sanitasi_layak").iloc[0]
    (figure,) = draw(explorer.material, choice).figures
    axes = figure.canvas.axes[0]
    line = next(line for line in axes.lines if line.get_color() == "#A33B00")
    assert (line.get_xdata()[0], line.get_ydata()[0]) == (2024, pytest.approx(level["median"]))
    assert line.get_ydata()[1] == pytest.approx(
        region.projection("sanitasi_layak", [2025])["median"].iloc[0] + 2
    )
    band = axes.collections[0].get_paths()[0].vertices
    assert band[band[:, 0] == 2024][:, 1].min() == pytest.approx(level["lower"])
    report = region.plot_trend("sanitasi_layak").table
    assert set(map(tuple, report[report["Jenis"] != "teramati"].to_numpy())) <= set(
        map(tuple, figure.table.to_numpy())
    )


def test_a_moved_slider_leaves_no_line_behind(explorer):
    """The picture below a scenario is kept; only the newest line stands on it, and none without an effort."""
    pictures = {}
    for effort in (1.0, 4.0, 0.0, 1.0):
        explorer.points.value = effort
        pictures.setdefault(effort, []).append(explorer.result.value)
    assert pictures[1.0][0] == pictures[1.0][1]
    (kept,) = explorer.material.drawn.values()
    assert len(kept[2]) == 2  # a line and its label
    fresh = panel.Explorer(explorer.material.first, explorer.folder)
    assert fresh.result.value == pictures[0.0][0]


def test_the_scenario_is_in_the_numbers_and_the_alternative_text(explorer):
    explorer.points.value = 2.0
    (figure,) = draw(explorer.material, explorer.choice).figures
    assert list(figure.table.loc[figure.table["Jenis"] == "skenario", "Tahun"]) == [
        str(year) for year in range(2025, 2031)
    ]
    assert "Skenario 2030: " in figure.alt


def test_one_change_is_one_update(explorer, monkeypatch):
    drawn = []
    monkeypatch.setattr(panel, "draw", lambda *asked: drawn.append(asked) or draw(*asked))
    explorer.region.value = "6303"
    explorer.indicator.value = "air_minum_layak"
    assert len(drawn) == 2


def test_missing_household_counts_are_said(region, tmp_path):
    explorer = panel.Explorer(region, tmp_path)
    explorer.material.__dict__["households"] = pd.Series(float("nan"), index=list(explorer.material.regions))
    explorer.unit.value = "households"
    assert "Jumlah rumah tangga Barito Kuala belum tersedia" in plain(explorer.scenario_note.value)


def test_indicators_offered_have_values_for_the_region(explorer):
    explorer.region.value = "63"
    for _, indicator in explorer.indicator.options:
        explorer.indicator.value = indicator
        assert explorer.view_note.value == "", indicator


def test_save_writes_picture_workbook_and_page(explorer):
    explorer.other_regions["6308"].value = True
    explorer.points.value = 1.5
    explorer.save()
    folder = explorer.folder / "jelajah"
    name = "sanitasi_layak-6304-6308-tren-target100-2030-tambah1.5pp"
    assert {path.name for path in folder.iterdir()} == {
        f"{name}.html",
        f"{name}.xlsx",
        f"{name}-1.png",
        f"{name}-2.png",
    }
    assert all(path.name in told(explorer) for path in folder.iterdir())
    page = (folder / f"{name}.html").read_text()
    assert "default-src 'none'" in page and 'src="http' not in page and 'lang="id"' in page
    assert "Dengan tambahan 1,5 persen poin per tahun" in page
    assert "Sumber nilai: Sanitasi layak dan air minum layak menurut kabupaten/kota, Susenas 2021" in page


def test_the_workbook_holds_numbers_and_the_choice(explorer):
    explorer.points.value = 1.5
    explorer.save()
    book = openpyxl.load_workbook(io.BytesIO(next((explorer.folder / "jelajah").glob("*.xlsx")).read_bytes()))
    assert book.sheetnames == ["Pilihan", "Nilai", "Skenario"]
    header, *rows = book["Nilai"].iter_rows(values_only=True)
    values = {
        (row[header.index("region_code")], row[header.index("year")]): row[header.index("value")]
        for row in rows
    }
    assert values[("6304", 2024)] == 57.71
    chosen = dict(list(book["Pilihan"].iter_rows(values_only=True))[1:])
    assert chosen["Upaya tambahan per tahun"] == 1.5 and chosen["Wilayah"] == "Kabupaten Barito Kuala (6304)"


def test_file_names_stay_short_and_tell_views_apart(explorer):
    for box in explorer.other_regions.values():
        box.value = True
    assert explorer.choice.name == "sanitasi_layak-6304-dan_13_lain-tren-target100-2030"
    first = explorer.choice.name
    explorer.unit.value, explorer.count.value = "households", 2500
    assert explorer.choice.name == f"{first}-tambah2500rt"


def test_saving_twice_gives_equal_bytes(explorer):
    explorer.save()
    first = {path.name: path.read_bytes() for path in (explorer.folder / "jelajah").iterdir()}
    explorer.save()
    assert first == {path.name: path.read_bytes() for path in (explorer.folder / "jelajah").iterdir()}


def test_a_folder_that_cannot_be_written_is_a_sentence(region, tmp_path):
    (tmp_path / "reports").write_text("a file where the folder should be")
    explorer = panel.Explorer(region, tmp_path / "reports")
    explorer.save()
    assert "tidak dapat ditulis" in told(explorer) and 'role="alert"' in told(explorer)


@pytest.mark.parametrize(
    ("code", "stderr", "expected"),
    [
        (0, "", "Laporan selesai"),
        (1, "baris\npkp: data belum ada", "Laporan tidak selesai: pkp: data belum ada"),
    ],
)
def test_report_runs_the_command_line_and_tells_the_end(explorer, monkeypatch, code, stderr, expected):
    asked = []

    def run(command, **options):
        asked.append(command)
        if code == 0:
            page = explorer.folder / "wilayah" / "6304-barito-kuala.html"
            page.parent.mkdir(parents=True)
            page.write_text("")
        return subprocess.CompletedProcess(command, code, "", stderr)

    monkeypatch.setattr(panel.subprocess, "run", run)
    explorer.report()
    assert expected in told(explorer)
    assert asked[0][2:] == [
        "pkp_analysis",
        "report",
        "--region",
        "6304",
        "--report-year",
        "2024",
        "--out",
        str(explorer.folder),
    ]
    assert not explorer.reporting.disabled


def test_every_region_chosen_gets_its_report(explorer, monkeypatch):
    asked = []
    monkeypatch.setattr(
        panel.subprocess,
        "run",
        lambda command, **_: (
            asked.extend(command) or subprocess.CompletedProcess(command, 1, "", "pkp: berhenti")
        ),
    )
    explorer.other_regions["6308"].value = True
    explorer.report()
    assert [asked[place + 1] for place, word in enumerate(asked) if word == "--region"] == ["6304", "6308"]


def test_effects_agree_with_the_table_shown(explorer):
    choice = Choice(("6304", "6308"), "sanitasi_layak", 90.0, 2030, "RPJMN", effort=5.0, budget=10_000_000)
    frame = effects(explorer.material, choice)
    text = effects_table(frame, choice).set_index("Ukuran")
    assert text.loc["Target tercapai dengan skenario", "Barito Kuala"] == str(
        int(frame["year_effort"].iloc[0])
    )
    assert frame["cost"].iloc[0] == pytest.approx(frame["households"].iloc[0] * 10_000_000)
    assert text.loc["Perkiraan biaya sampai 2030", "Barito Kuala"].startswith("Rp")
    assert list(text.columns) == ["Barito Kuala", "Hulu Sungai Utara"]
    plain_choice = Choice(("6304",), "sanitasi_layak", 90.0, 2030, "RPJMN")
    assert (
        len(effects_table(effects(explorer.material, plain_choice), plain_choice)) == 3
    )  # what was not asked for is left out


def test_words():
    assert year_text(pd.NA) == "setelah 2045" and year_text(2031) == "2031"
    assert (
        when(2024, 2024) == "sejak 2024 atau sebelumnya"
        and when(2030, 2024) == "pada 2030"
        and when(pd.NA, 2024) == "setelah 2045"
    )
    assert [chance_text(value) for value in (0.001, 0.5, 0.999, float("nan"))] == [
        "kurang dari 1%",
        "50%",
        "lebih dari 99%",
        "–",
    ]
    assert [rupiah(value) for value in (1.25e12, 3.4e8, 2e6, 500.0)] == [
        "Rp1,2 triliun",
        "Rp340,0 juta",
        "Rp2,0 juta",
        "Rp500",
    ]


def test_the_notebook_only_calls_the_panel():
    notebook = json.loads((panel.project_root() / "notebooks" / "05_jelajah_interaktif.ipynb").read_text())
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code[1:] == ["import pkp_analysis as pkp\n\npkp.explore(region_code)"]
