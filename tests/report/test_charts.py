"""The charts: what they say, what they draw, and that equal figures give equal bytes."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pkp_analysis.charts import old as charts
from pkp_analysis.charts.figure import Labels, paper
from pkp_analysis.charts.ink import SMALL, WIDTH
from pkp_analysis.charts.old_coverage import coverage

PLANS = pd.DataFrame(
    [("RPJMN 2020-2024", 2024, 90.0), ("RPJMN 2025-2029", 2029, 100.0), ("SDGs 2030", 2030, 100.0)],
    columns=["framework", "target_year", "target"],
).assign(
    region_code="6304", indicator="sanitasi_layak", unit="% rumah tangga", governs=True, role="reference"
)


def points(*pairs, series="a"):
    frame = pd.DataFrame(pairs, columns=["year", "value"])
    return frame.assign(region_code="6304", indicator="sanitasi_layak", series=series, is_governing=True)


FUTURE = pd.DataFrame(
    {
        "region_code": "6304",
        "indicator": "sanitasi_layak",
        "year": [2029, 2030],
        "median": [61.4, 62.6],
        "lower": [49.1, 48.2],
        "upper": [72.9, 74.8],
    }
)
BARITO_KUALA = points((2021, 55.29), (2024, 57.71))


def trend(observations=BARITO_KUALA, future=FUTURE, targets=PLANS, **options):
    return charts.trend(observations, future, targets, "6304", "sanitasi_layak", **options)


def assessed():
    return PLANS.assign(
        value=57.71,
        value_year=2024,
        gap=PLANS["target"] - 57.71,
        status=["below_reference", "small_chance", "small_chance"],
        is_headline=[True, False, False],
    )


def ranked():
    return pd.DataFrame(
        {
            "region_code": ["6304", "6308", "6372"],
            "value": [57.71, 97.7, 89.54],
            "rank": [3, 1, 2],
            "rank_lower": [3, 1, 1],
            "rank_upper": [3, 2, 2],
        }
    )


def unserved():
    return pd.DataFrame(
        {
            "region_code": ["6304", "6308", "6372"],
            "unserved_households": [38100.0, 1500.0, 9400.0],
            "share_unserved_pct": [77.8, 3.1, 19.1],
            "share_households_pct": [37.0, 26.0, 37.0],
        }
    )


def needed():
    return pd.DataFrame(
        [
            ("6304", "sanitasi_layak", "SDGs 2030", 2030, 6300.0, 1500.0, 4800.0),
            ("6304", "air_minum_layak", "SDGs 2030", 2030, 6400.0, -300.0, 6700.0),
        ],
        columns=[
            "region_code",
            "indicator",
            "framework",
            "target_year",
            "households_per_year",
            "trend_part",
            "additional_part",
        ],
    )


def every_chart(lang="id"):
    return {
        "trend": trend(lang=lang),
        "dot_target": charts.dot_target(assessed(), lang),
        "position": charts.position(
            ranked(), "6304", "sanitasi_layak", lang, reference=(90, "90% RPJMN 2024")
        ),
        "unserved_bars": charts.unserved_bars(unserved(), lang, indicator="sanitasi_layak", highlight="6304"),
        "needs": charts.needs(needed(), lang),
        "urban_rural": charts.urban_rural(
            pd.DataFrame({"year": [2023, 2024], "urban": [86.18, 88.27], "rural": [66.5, 66.53]}), lang
        ),
        "ladder": charts.ladder(
            pd.DataFrame(
                {"step": ["Aman", "Layak, belum aman", "Belum layak"], "value": [2.84, 77.3, 19.86]}
            ),
            lang,
        ),
    }


@pytest.fixture(scope="module", params=["id", "en"])
def drawn(request):
    return request.param, every_chart(request.param)


def words_of(figure):
    return [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<text.*?</text>", figure.svg)]


def test_equal_figures_give_equal_bytes():
    first, second = every_chart(), every_chart()
    for name in first:
        assert first[name].svg == second[name].svg, name
    assert first["trend"].png() == second["trend"].png()


def test_saving_as_png_leaves_the_page_picture_alone():
    figure, untouched = trend(), trend()
    assert figure.png().startswith(b"\x89PNG")
    assert figure.svg == untouched.svg


def test_every_chart_is_light_and_readable_on_a_telephone(drawn):
    _, figures = drawn
    for name, figure in figures.items():
        assert len(figure.to_html("x")) < 30_000, (
            name
        )  # six of them leave most of a page's 400 KB to its words
        assert f'width="{WIDTH}pt"' in figure.svg, name
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", figure.svg)]
        assert sizes and min(sizes) >= SMALL, name


def test_title_alt_and_table_belong_together(drawn):
    lang, figures = drawn
    for name, figure in figures.items():
        assert figure.title.endswith("."), name
        assert figure.alt.startswith(figure.title), name
        assert len(re.findall(r"\d[\d.,]*", figure.alt.removeprefix(figure.title))) >= 2, name
        assert len(figure.table) and figure.table.map(lambda cell: isinstance(cell, str)).all(axis=None), name
        html = str(figure.to_html("gambar-x"))
        assert html.count("<td") == figure.table.shape[0] * (figure.table.shape[1] - 1), name
        assert "style=" not in html and '<table id="gambar-x-data"' in html, name


def test_every_number_of_the_alt_text_is_a_cell(drawn):
    _, figures = drawn
    for name in ("dot_target", "position", "unserved_bars", "needs", "urban_rural", "ladder"):
        alt = figures[name].alt.removeprefix(figures[name].title)
        cells = " ".join(figures[name].table.to_numpy().ravel())
        for figure in re.findall(r"\d[\d.,]*\d%?", alt):
            assert figure in cells, (name, figure)


def test_titles_are_escaped_and_used():
    html = str(trend(title="<script>alert(1)</script>").to_html("x"))
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_trend_title_states_value_gap_and_reference():
    assert (
        trend().title
        == "Sanitasi layak di Barito Kuala 57,71% pada 2024, 32,29 persen poin di bawah acuan 90% (RPJMN"
        " 2024)."
    )
    assert (
        trend(lang="en").title
        == "Improved sanitation in Barito Kuala: 57.71% in 2024, 32.29 percentage points below the reference"
        " 90% (RPJMN 2024)."
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (97.7, "7,70 persen poin di atas acuan 90% (RPJMN 2024)"),
        (90.0, "tepat pada acuan 90% (RPJMN 2024)"),
        (89.99, "0,01 persen poin di bawah acuan"),
    ],
)
def test_trend_title_beside_and_above_the_reference(value, expected):
    assert expected in trend(points((2024, value))).title


def test_an_own_target_goes_first_and_is_called_target():
    own = PLANS.iloc[[2]].assign(
        framework="RPJMD Barito Kuala 2025-2029", target_year=2029, target=75.0, role="own"
    )
    assert (
        "17,29 persen poin di bawah target 75% (RPJMD 2029)" in trend(targets=pd.concat([PLANS, own])).title
    )


def test_context_and_non_governing_targets_are_not_drawn():
    other = PLANS.assign(role="context")
    assert "90% RPJMN 2024" not in words_of(trend(targets=other))
    assert "90% RPJMN 2024" not in words_of(trend(targets=PLANS.assign(governs=False)))


def test_targets_are_named_with_plan_and_year_and_the_band_is_named():
    words = words_of(trend())
    assert "90% RPJMN 2024" in words and "100% RPJMN 2029, SDGs 2030" in words
    assert "rentang 80%: 48,2–74,8%" in words and "median 62,6%" in words


def test_a_register_frame_of_targets_works_as_well():
    register = (
        PLANS.drop(columns="role")
        .rename(columns={"target_year": "year", "target": "value"})
        .assign(governs="yes")
    )
    assert trend(targets=register).svg == trend().svg


def lines_between_points(figure):
    return [
        line
        for line in figure.canvas.axes[0].lines
        if len(line.get_xdata()) == 2 and line.get_linewidth() == 1.8
    ]


def test_only_neighbouring_years_of_one_series_are_joined():
    assert lines_between_points(trend(points((2024, 57.7)))) == []
    assert lines_between_points(trend(points((2021, 55.3), (2024, 57.7)))) == []
    assert len(lines_between_points(trend(points((2021, 55.3), (2022, 56.0), (2024, 57.7))))) == 1
    broken = pd.concat([points((2015, 60.1), series="old"), points((2016, 71.2), (2017, 70.6), series="new")])
    figure = trend(broken)
    assert len(lines_between_points(figure)) == 1
    assert "konsep atau wilayah berubah" in figure.subtitle


def test_without_values_the_title_says_so():
    figure = trend(points(), FUTURE.iloc[:0])
    assert figure.title == "Belum ada nilai sanitasi layak untuk Barito Kuala."
    assert "2030" in " ".join(words_of(figure))


def test_alternative_sources_are_shown_but_not_joined():
    other = points((2024, 60.0)).assign(is_governing=False)
    figure = trend(pd.concat([BARITO_KUALA, other]))
    assert "sumber lain" in figure.subtitle
    assert "60,00%" in figure.table.to_numpy()


def test_position_orders_by_value_and_names_the_interval():
    figure = charts.position(ranked(), "6304", "sanitasi_layak")
    assert list(figure.table["Wilayah"]) == ["Hulu Sungai Utara", "Banjarbaru", "Barito Kuala"]
    assert list(figure.table["Urutan (rentang 80%)"]) == ["1–2", "1–2", "3"]
    assert figure.title == "Sanitasi layak: Barito Kuala berada di urutan 3 dari 3 wilayah."
    falling = charts.position(ranked(), "", "tanpa_air_bersih")
    assert list(falling.table["Wilayah"])[0] == "Barito Kuala"
    assert "tertinggi di Hulu Sungai Utara" in falling.title


def test_dot_target_uses_the_mark_of_the_headline_and_its_word():
    figure = charts.dot_target(assessed())
    assert "di bawah acuan" in words_of(figure)
    assert list(figure.table["Status"])[0] == "◇ di bawah acuan"
    assert figure.title == "Belum ada target atau acuan yang tercapai."
    met = assessed().assign(status="achieved")
    assert (
        charts.dot_target(met).title
        == "Satu-satunya indikator yang dapat dinilai sudah mencapai semua target atau acuannya."
    )
    two = pd.concat(
        [
            met,
            assessed().assign(indicator="air_minum_layak"),
            assessed().assign(indicator="hunian_layak", status="insufficient_data"),
        ]
    )
    assert (
        charts.dot_target(two).title
        == "Satu dari 2 indikator yang dapat dinilai mencapai semua target atau acuannya."
    )


def test_dot_target_fits_a_sheet_of_paper():
    many = pd.concat(
        [
            assessed().iloc[[0]].assign(value_year=year, status=status)
            for year, status in zip(range(2010, 2025), ["achieved", "insufficient_data"] * 8, strict=False)
        ]
    )
    figure = charts.dot_target(many)
    assert figure.canvas.get_size_inches()[1] * 72 < 620
    assert len(figure.table) == 8 and "data belum cukup" not in words_of(figure)


def test_needs_shows_rounded_households_and_never_a_negative_bar():
    figure = charts.needs(needed())
    assert "6.300 per tahun" in words_of(figure)
    assert all(bar.get_width() >= 0 for bar in figure.canvas.axes[0].patches)


def test_unserved_names_the_three_largest():
    assert (
        charts.unserved_bars(unserved()).title
        == "100,0% rumah tangga yang belum terlayani ada di Barito Kuala, Banjarbaru, dan Hulu Sungai Utara."
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(2015, 2030), st.floats(0, 100)), min_size=1, max_size=6))
def test_labels_stay_on_the_picture(places):
    _, axes = paper(218, left=30, right=26, top=20)
    axes.set(xlim=(2014, 2031), ylim=(0, 100))
    labels = Labels(axes)
    for year, value in places:
        labels.put(year, value, "57,71% RPJMN")
    for left, _, right, _ in labels.taken:
        assert left >= 0 and right <= WIDTH


def test_two_labels_at_one_point_do_not_overlap():
    _, axes = paper(218)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    labels = Labels(axes)
    labels.put(0.5, 0.5, "57,71%")
    labels.put(0.5, 0.5, "90% RPJMN 2024")
    (_, low, _, high), (_, other_low, _, other_high) = labels.taken
    assert low >= other_high or other_low >= high


def test_coverage_shows_the_latest_year_in_use_and_where_there_is_none():
    rows = pd.DataFrame(
        [
            ("6303", "sanitasi_layak", 2021, True),
            ("6303", "sanitasi_layak", 2024, True),
            ("6304", "sanitasi_layak", 2025, False),
            ("6304", "sanitasi_layak", 2023, True),
            ("6303", "hunian_layak", 2020, True),
        ],
        columns=["region_code", "indicator", "year", "is_governing"],
    )
    figure = coverage(rows, ["6303", "6304"])
    assert figure.table.set_index("Wilayah")["Sanitasi layak"].to_dict() == {
        "Banjar": "2024",
        "Barito Kuala": "2023",
    }
    assert figure.table.set_index("Wilayah")["Hunian layak"].to_dict() == {
        "Banjar": "2020",
        "Barito Kuala": "–",
    }
    assert (
        figure.title == "Satu dari 4 indikator utama memiliki nilai untuk setiap wilayah."
        and "Hunian layak: 1" in figure.alt
    )
    assert (
        coverage(rows.iloc[:0], ["6303"], "en").title
        == "None of 4 headline indicators have a value for every region."
    )
