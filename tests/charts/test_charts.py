"""What stands on an Axes when a chart of the house has drawn on it, in any style, with a planner's own lines."""

import io
from functools import cache
from itertools import combinations

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from pkp_analysis import charts
from pkp_analysis.charts import gaps
from pkp_analysis.charts.labels import Labels
from pkp_analysis.charts.style import ACCENT, DARK, EFFORT, INK, PAPER, REST, SECOND, SOFT, style
from pkp_analysis.words.catalogue import speak

CODES = [
    "6301",
    "6302",
    "6303",
    "6304",
    "6305",
    "6306",
    "6307",
    "6308",
    "6309",
    "6310",
    "6311",
    "6371",
    "6372",
]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def points(*pairs, code="6304", series="a", **columns):
    """Made-up values of a region."""
    frame = pd.DataFrame(pairs, columns=["year", "value"])
    return frame.assign(
        region_code=code,
        region="x",
        indicator="sanitasi_layak",
        unit="% rumah tangga",
        series=series,
        **columns,
    )


def future(level=57.7, first=2024):
    years = np.arange(first, 2031)
    median = level + 1.5 * (years - first)
    return pd.DataFrame(
        {"year": years, "median": median, "lower": median - 3 - (years - first), "upper": median + 3}
    )


GOALS = pd.DataFrame(
    [("RPJMN 2020-2024", 2024, 90.0), ("RPJMN 2025-2029", 2029, 100.0), ("SDGs 2030", 2030, 100.0)],
    columns=["framework", "target_year", "target"],
).assign(
    indicator="sanitasi_layak", unit="% rumah tangga", role="reference", status="below_reference",
    is_headline=[True, False, False], value=57.71, value_year=2024,
)  # fmt: skip
TWO = points((2021, 55.29), (2024, 57.71))
TESTS = pd.DataFrame(
    [(2021, 2024, 58.0, 54.0, 61.0)], columns=["origin", "year", "forecast", "lower", "upper"]
)


def values(year=2024, indicator="sanitasi_layak", seed=1):
    """Made-up values of the 13, with ranges."""
    value = np.random.default_rng(seed).uniform(50, 99, 13).round(2)
    frame = pd.DataFrame(
        {"region_code": CODES, "region": "x", "indicator": indicator, "year": year, "value": value}
    )
    rank = frame["value"].rank(ascending=False).astype(int)
    return frame.assign(
        lower=value - 3,
        upper=value + 3,
        rank=rank,
        rank_lower=(rank - 1).clip(1),
        rank_upper=(rank + 1).clip(upper=13),
    )


def needs():
    return pd.DataFrame(
        [("sanitasi_layak", "SDGs 2030", 2030, 4200.0, -300.0, 1500.0, 2700.0),
         ("air_minum_layak", "SDGs 2030", 2030, 7800.0, 200.0, 2600.0, 5000.0)],
        columns=["indicator", "framework", "target_year", "households_per_year", "correction_part", "trend_part",
                 "additional_part"],
    )  # fmt: skip


def unserved():
    share = np.linspace(20, 1, 13)
    return pd.DataFrame(
        {"region_code": CODES, "region": "x", "unserved_households": share * 2000, "share_unserved_pct": share,
         "share_households_pct": 100 / 13, "lower": share * 0.8, "upper": share * 1.2}
    )  # fmt: skip


def two_years():
    return pd.concat([values(2021, seed=2), values(2024)])


def years():
    return pd.concat([values(year, "penanganan_sampah", year) for year in range(2019, 2025)])


KINDS = {
    "trend": lambda **ax: charts.trend(TWO, future(64.0), GOALS, points(*((y, 80 + y % 5) for y in range(2019, 2025)),
                                       code="63"), TESTS, **ax),
    "slope": lambda **ax: charts.slope(two_years(), "6304", **ax),
    "position": lambda **ax: charts.position(values(), GOALS, "6304", **ax),
    "country_strip": lambda **ax: charts.country_strip(values(), "6304", ["6303", "6371"], **ax),
    "scatter": lambda **ax: charts.scatter(pd.concat([values(), values(2024, "air_minum_layak", 3)]),
                                           "air_minum_layak", "sanitasi_layak", "6304", **ax),
    "heatmap": lambda **ax: charts.heatmap(years(), **ax),
    "coverage": lambda **ax: charts.coverage(pd.concat([values(), values(2021, "air_minum_layak")]), **ax),
    "attainment": lambda **ax: charts.attainment(GOALS, **ax),
    "ladder": lambda **ax: charts.ladder(pd.DataFrame({"step": ["aman", "layak", "belum"], "value": [6.0, 80, 14]}),
                                         **ax),
    "urban_rural": lambda **ax: charts.urban_rural(
        pd.DataFrame({"year": [2021, 2024], "urban": [88.9, 88.3], "rural": [65.0, 66.5]}), **ax),
    "households": lambda **ax: charts.households(needs(), **ax),
    "distribution": lambda **ax: charts.distribution(unserved(), "6304", **ax),
}  # fmt: skip
kinds = pytest.mark.parametrize("kind", KINDS)


@cache
def plain(kind: str) -> tuple[str, str, tuple]:
    """(SVG, figures of the alternative text, inches) of a kind, drawn once."""
    figure = KINDS[kind]().get_figure()
    return charts.svg(figure), charts.facts(figure), tuple(figure.get_size_inches())


def letters(ax) -> list[tuple[str, object]]:
    """(text, box) of everything written on the figure, as drawn."""
    figure = ax.get_figure()
    FigureCanvasAgg(figure).draw()
    renderer = figure.canvas.get_renderer()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    ticks = {id(t) for axis in (ax.xaxis, ax.yaxis) for t in axis.get_ticklabels(which="both")}
    shown = {
        id(tick.label1)
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis._update_ticks()  # the ones really drawn
    } | {id(tick.label2) for axis in (ax.xaxis, ax.yaxis) for tick in axis._update_ticks()}
    inside = ax.bbox.padded(1)
    return [
        (text.get_text(), Text.get_window_extent(text, renderer))
        for text in texts
        if (id(text) not in ticks or id(text) in shown)
        and not (
            hasattr(text, "xy")
            and text.xycoords == "data"
            and not inside.contains(*ax.transData.transform(text.xy))
        )
        and (ax.axison or id(text) not in ticks)
    ]


def found(ax) -> str:
    return "\n".join(text for text, _ in letters(ax))


@kinds
def test_nothing_is_written_on_something_written_or_off_the_paper(kind):
    ax = KINDS[kind]()
    written = letters(ax)
    assert len(written) > 3
    for (one, box), (other, second) in combinations(written, 2):
        across = min(box.x1, second.x1) - max(box.x0, second.x0)
        up = min(box.y1, second.y1) - max(box.y0, second.y0)
        assert across < 1 or up < 1, f"{one!r} on {other!r}"
    paper = ax.get_figure().bbox.padded(1.5)
    outside = [text for text, box in written if not (paper.contains(*box.min) and paper.contains(*box.max))]
    assert not outside


@kinds
def test_a_chart_looks_the_same_whatever_style_the_notebook_has(kind):
    drawn, _, size = plain(kind)
    import seaborn as sns

    with matplotlib.rc_context():
        sns.set_theme(style="darkgrid", font_scale=2, palette="husl")
        before = dict(matplotlib.rcParams)
        figure, ax = plt.subplots(figsize=size)
        assert KINDS[kind](ax=ax) is ax
        loud = charts.svg(figure)
        assert dict(matplotlib.rcParams) == before
    assert [part for part in loud.split("<text")[1:]] and words_of(loud) == words_of(drawn)
    assert sizes_of(loud) == sizes_of(drawn)
    assert not {'fill="#eaeaf2"', 'stroke="#eaeaf2"'} & set(loud.split())


def words_of(svg: str) -> list[str]:
    return [part.split(">", 1)[1].split("<")[0] for part in svg.split("<text")[1:]]


def sizes_of(svg: str) -> set[str]:
    return {
        part.split('font-size="')[1].split('"')[0] for part in svg.split("<text")[1:] if 'font-size="' in part
    }


@kinds
def test_equal_figures_give_equal_bytes_that_need_no_style_sheet(kind):
    one, *_ = plain(kind)
    assert one == charts.svg(KINDS[kind]().get_figure())
    assert " style=" not in one and "<metadata" not in one and "\n" not in one
    assert len(one) < 30_000
    names = [part.split('"')[0] for part in one.split(' id="')[1:]]
    assert len(names) == len(set(names))
    assert all(f"#{name}" in one for name in names)


@kinds
def test_the_alternative_text_is_made_of_the_figures_that_are_drawn(kind):
    _, facts, _ = plain(kind)
    assert any(letter.isdigit() for letter in facts)
    assert "x" not in facts.split()  # names come from the register, not from the frame


def test_a_planners_line_stays_and_labels_keep_off_it():
    with style():
        figure, ax = plt.subplots()
    own = ax.axhline(85)
    charts.trend(TWO, future(), GOALS, ax=ax)
    later = ax.axhline(57.0, linestyle=":")
    assert own in ax.lines and later in ax.lines
    label = next(box for text, box in letters(ax) if "57,71%" in text)
    level = ax.transData.transform((2024, 57.0))[1]
    assert not label.y0 < level < label.y1


def test_other_limits_keep_the_labels_with_their_points():
    ax = charts.trend(TWO, future(), GOALS)
    assert "2030: " in found(ax)
    ax.set_xlim(2020, 2026)
    written = dict(letters(ax))
    assert not any("2030" in text for text in written), "what is outside is not named"
    x, y = ax.transData.transform((2024, 57.71))
    box = next(box for text, box in written.items() if "57,71%" in text)
    assert abs((box.y0 + box.y1) / 2 - y) < 60 and box.x0 - 40 < x < box.x1 + 40


def test_an_axis_says_where_it_begins_also_after_the_planner_moved_it():
    ax = charts.trend(TWO, future())
    assert "sumbu mulai dari" in found(ax)
    ax.set_ylim(40, 100)
    assert "sumbu mulai dari 40%" in found(ax)
    ax.set_ylim(0, 100)
    assert "sumbu mulai" not in found(ax)


def lines(ax) -> list[tuple[list, list]]:
    """The lines between points: (x, y) of two ends in different years."""
    return [
        (list(line.get_xdata()), list(line.get_ydata()))
        for line in ax.lines
        if len(line.get_xdata()) == 2 and line.get_xdata()[0] != line.get_xdata()[1]
    ]


def test_only_neighbouring_years_of_one_series_are_joined():
    assert not lines(charts.trend(TWO)), "two survey points are two points"
    assert not lines(charts.trend(points((2024, 57.7)))), "one point is a point"
    assert not lines(charts.trend(points((2023, 50.0), (2024, 57.7)))), (
        "two neighbouring years are two points"
    )
    joined = lines(charts.trend(points((2019, 50.0), (2020, 51.0), (2021, 52.0), (2024, 53.0))))
    assert [x for x, _ in joined] == [[2019, 2020], [2020, 2021]]
    broken = points((2019, 40.0), (2020, 51.0), (2021, 52.0), (2022, 53.0))
    broken.loc[0, "series"] = "old"
    assert [x for x, _ in lines(charts.trend(broken))] == [[2020, 2021], [2021, 2022]]


def test_a_level_that_is_not_the_published_figure_is_named_in_words():
    assert "proyeksi mulai dari 64,0%" in found(charts.trend(TWO, future(64.0)))
    assert "proyeksi mulai dari" not in found(charts.trend(TWO, future(58.0)))


def test_a_published_year_shows_what_was_expected_of_it():
    ax = charts.trend(TWO, tests=TESTS)
    assert "proyeksi tahun 2021:\n54,0–61,0%" in found(ax)
    assert any(list(line.get_ydata()) == [54.0, 61.0] for line in ax.lines)


def test_a_second_region_on_the_same_axes_has_its_own_colour_and_fits():
    ax = charts.trend(TWO)
    charts.trend(points((2021, 93.4), (2024, 97.7), code="6308"), ax=ax)
    assert {"Barito Kuala 57,71%", "Hulu Sungai Utara 97,70%"} <= set(found(ax).split("\n"))
    low, high = ax.get_ylim()
    assert low < 55.29 and high > 97.7
    colours = {
        text.get_color() for text in ax.texts if "Barito" in text.get_text() or "Hulu" in text.get_text()
    }
    assert len(colours) == 2


def test_targets_are_ticks_at_their_year_and_context_is_not_a_target():
    goals = pd.concat([GOALS, GOALS.tail(1).assign(role="context", target=75.0, framework="RPJMD 2025")])
    ax = charts.trend(TWO, goals=goals)
    ticks = {(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "_"}
    assert ticks == {(2024, 90.0), (2029, 100.0), (2030, 100.0)}
    assert "100% RPJMN 2029, SDGs 2030" in found(ax) and "75%" not in found(ax)


@pytest.mark.parametrize(("published", "level"), [(97.7, 95.5), (57.7, 64.0), (85.0, 85.0)])
def test_nothing_is_written_on_the_band(published, level):
    ahead = future(level)
    ahead[["median", "lower", "upper"]] = ahead[["median", "lower", "upper"]].clip(0, 100)
    ax = charts.trend(points((2021, 88.09), (2024, published)), ahead, GOALS)
    written = letters(ax)
    band = ax.collections[0].get_paths()[0].transformed(ax.collections[0].get_transform())
    for text, box in written:
        spots = [(x, y) for x in np.linspace(box.x0, box.x1, 12) for y in np.linspace(box.y0, box.y1, 4)]
        assert band.contains_points(spots).sum() < 4, text


def test_no_points_is_said():
    assert "belum ada nilai" in found(charts.trend(TWO.iloc[:0]))


def test_position_draws_whiskers_and_the_range_of_the_rank():
    frame = values()
    ax = charts.position(frame, 80, "6304")
    whiskers = {tuple(x) for x, y in lines(ax) if y[0] == y[1]}
    assert {(row.lower, row.upper) for row in frame.itertuples()} <= whiskers
    best = frame.sort_values("value", ascending=False)["region_code"].iloc[0]
    assert ax.get_yticklabels()[0].get_text() != "x" and best in CODES
    assert "1–2" in found(ax).split("\n") and "garis: rentang 80%" in found(ax)


def test_a_lower_is_better_indicator_has_its_lowest_value_first():
    frame = values(indicator="tanpa_air_bersih")
    ax = charts.position(frame)
    first = next(text for text, _ in letters(ax) if "," in text and text.endswith("%"))
    assert first.startswith(f"{frame['value'].min():.2f}".replace(".", ","))


def test_the_strip_of_the_country_is_one_path_and_gives_no_place_surer_than_it_is():
    value = np.round(np.linspace(30, 99, 514), 1)
    frame = pd.DataFrame({"region_code": [str(n) for n in range(1000, 1514)], "indicator": "sanitasi_layak"})
    frame = frame.assign(value=value, region="y", year=2024)
    code = frame["region_code"].iloc[-3]
    ax = charts.country_strip(frame, code)
    assert "urutan" not in found(ax)
    assert len(ax.lines) == 3  # all of them, the middle, the region's own
    assert len(charts.svg(ax.get_figure())) < 25_000


def test_slope_counts_who_rose_and_draws_falls_broken():
    ax = charts.slope(two_years())
    wide = two_years().pivot(index="region_code", columns="year", values="value")
    rose = int((wide[2024] > wide[2021]).sum())
    assert f"naik {rose}, turun {13 - rose}" in found(ax)
    broken = [line for line in ax.lines if line.is_dashed() and len(line.get_xdata()) == 2]
    assert len(broken) == 13 - rose


def test_changes_within_survey_uncertainty_are_grey_and_thin_and_not_counted():
    wide = two_years().pivot(index="region_code", columns="year", values="value")
    rose = wide[2024] > wide[2021]
    sure = [rose.index[rose][0], rose.index[~rose][0]]
    words = {sure[0]: "likely_rising", sure[1]: "falling"}
    frame = two_years()
    ax = charts.slope(frame.assign(change=frame["region_code"].map(words).fillna("indistinct")))
    assert "dapat dibedakan: naik 1, turun 1" in found(ax) and "abu-abu: 11 perubahan" in found(ax)
    looks = {(line.get_color(), line.get_linewidth()) for line in ax.lines if len(line.get_xdata()) == 2}
    grey = [width for colour, width in looks if colour == REST]
    assert len(grey) == 1 and all(
        width > 2 * grey[0] for colour, width in looks if colour in (ACCENT, EFFORT)
    )
    assert charts.facts(ax.get_figure()).count(" menjadi ") == 2


def test_namesakes_are_told_apart_and_others_keep_their_short_names():
    frame = values().assign(region_code=["3216", "3275", *CODES[2:]])
    names = {label.get_text() for label in charts.position(frame).get_yticklabels()}
    assert {"Kabupaten Bekasi", "Kota Bekasi", "Banjar"} <= names


def test_the_correction_of_the_model_is_hatched_and_serves_nobody():
    ax = charts.households(needs())
    hatched = [bar for bar in ax.patches if bar.get_hatch()]
    assert [bar.get_width() for bar in hatched] == [-300.0, 200.0]
    written = [line.strip() for line in found(ax).split("\n")]
    assert {"koreksi −300", "tren 1.500", "tambahan 2.700"} <= set(written)


@pytest.mark.parametrize("correction", [-3000.0, -300.0, 0.0, 900.0])
def test_no_part_of_a_bar_is_cut_off_and_a_line_stands_at_the_printed_sum(correction):
    frame = needs().assign(correction_part=correction)
    parts = ["correction_part", "trend_part", "additional_part"]
    frame["households_per_year"] = frame[parts].sum(axis=1)
    ax = charts.households(frame)
    low, high = ax.get_xlim()
    assert all(low <= bar.get_x() + end <= high for bar in ax.patches for end in (0, bar.get_width()))
    sums = {line.get_xdata()[0] for line in ax.lines if line.get_color() == INK and line.get_linewidth() == 2}
    assert sums == set(frame["households_per_year"])


@pytest.mark.parametrize("height", [2.0, 3.0, 6.0])
def test_the_names_of_targets_stand_in_the_row_of_their_indicator(height):
    targets = {
        "sanitasi_layak": [74, 75, 70],
        "air_minum_layak": [88, 100, 90],
        "penanganan_sampah": [1, 3, 5],
    }
    rows = [GOALS.assign(indicator=code, target=some) for code, some in targets.items()]
    _, ax = plt.subplots(figsize=(5, height))
    charts.attainment(pd.concat(rows), ax=ax)
    at = {text.get_text(): text.xy[1] for text in ax.texts}
    heads = sorted(y for text, y in at.items() if "(2024)" in text)
    places = [sorted(y for text, y in at.items() if text.startswith(f"{target}%")) for target in (74, 88, 1)]
    for head, mine, following in zip(heads, places, [*heads[1:], 99], strict=True):
        assert head < mine[0] < following


def test_without_a_status_the_distance_to_the_target_stands_beside_the_mark():
    goals = GOALS.assign(status=None, gap=GOALS["target"] - 57.71, direction="up")
    assert "kurang 32,29 persen poin" in found(charts.attainment(goals))
    assert "kurang 32,29 persen poin" in charts.facts(charts.attainment(goals).get_figure())


def test_the_axis_of_charts_that_are_compared_is_the_same():
    everywhere = values()
    limits = {
        charts.trend(points((2021, low), (2024, low + 3)), future(low), GOALS, compared=everywhere).get_ylim()
        for low in (60.0, 75.0, 90.0)
    }
    assert len(limits) == 1
    assert len({charts.attainment(GOALS.assign(value=value)).get_xlim() for value in (20.0, 99.0)}) == 1


def test_nothing_crosses_the_names_of_the_strip():
    alike = ["6303", "6371", "6309"]
    ax = charts.country_strip(values(), "6304", alike)
    assert not [text for text in ax.texts if text.arrow_patch is not None]
    written = found(ax)
    assert "berpenduduk serupa" in written and "Banjarmasin" in written


def test_the_status_is_a_shape_as_well_as_a_colour():
    shapes = {}
    for status, known in gaps.MARKS.items():
        ax = charts.attainment(GOALS.assign(status=status))
        marks = [
            (str(line.get_marker()), line.get_markerfacecolor() == PAPER)
            for line in ax.lines
            if str(line.get_marker()) != "None"
        ]
        shapes[known.symbol] = marks[0] if marks else ("dotted", len(ax.collections))
    assert len(set(shapes.values())) == len(shapes)


def test_a_scenario_stands_on_the_trend():
    ax = charts.trend(TWO, future())
    charts.scenario(pd.DataFrame({"year": [2024, 2030], "median": [57.7, 80.0]}), ax=ax)
    assert "skenario 80,0%" in found(ax)


def test_the_same_charts_in_english():
    try:
        speak("en")
        text = found(charts.trend(TWO, future(64.0), GOALS))
        assert "axis begins at" in text and "80% range" in text and "57.71%" in text
    finally:
        speak("id")


def test_letters_and_marks_are_readable_in_the_light_and_in_the_dark():
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    def contrast(one, other):
        high, low = sorted([light(one), light(other)], reverse=True)
        return (high + 0.05) / (low + 0.05)

    for colour in (INK, SOFT, ACCENT, EFFORT, SECOND):
        assert contrast(colour, PAPER) >= 4.5 and contrast(DARK[colour], DARK[PAPER]) >= 4.5
    assert contrast(REST, PAPER) >= 3 and contrast(DARK[REST], DARK[PAPER]) >= 3
    for mark in gaps.MARKS.values():
        assert contrast(DARK.get(mark.color, mark.color), DARK[PAPER]) >= 3


def test_a_planners_own_figure_keeps_its_colours_in_the_dark():
    figure, ax = plt.subplots()
    ax.plot([1, 2], [1, 2], color=INK)
    assert "prefers-color-scheme" not in charts.svg(figure) and charts.facts(figure) == ""
    with style():
        figure, ax = plt.subplots()
    ax.plot([1, 2], [1, 2])
    assert "prefers-color-scheme" in charts.svg(figure)


def test_a_style_of_ones_own_comes_back_after_the_house_style():
    with matplotlib.rc_context({"font.size": 17}):
        before = dict(matplotlib.rcParams)
        with pytest.raises(ZeroDivisionError), style():
            assert matplotlib.rcParams["font.size"] != 17
            1 / 0  # noqa: B018
        assert dict(matplotlib.rcParams) == before


def test_a_small_line_joins_neighbours_only():
    assert charts.spark(TWO.iloc[:0]) == ""
    assert "L" not in charts.spark(TWO) and charts.spark(TWO).count('r="3"') == 2, "two equal dots"
    assert charts.spark(points((2021, 1.0), (2022, 3.0), (2023, 2.0))).count("L") == 2
    assert "nan" not in charts.spark(points((2024, 57.0)))


@settings(max_examples=settings.default.max_examples // 6)
@given(
    st.lists(
        st.tuples(st.integers(2015, 2024), st.floats(0, 100)),
        min_size=1,
        max_size=8,
        unique_by=lambda p: p[0],
    ),
    st.floats(0, 100),
)
def test_any_series_and_projection_can_be_drawn(pairs, level):
    frame = points(*sorted(pairs))
    ahead = future(level, int(frame["year"].max()))
    ahead[["median", "lower", "upper"]] = ahead[["median", "lower", "upper"]].clip(0, 100)
    ax = charts.trend(frame, ahead, GOALS)
    page = io.BytesIO()
    ax.get_figure().savefig(page, format="png")
    low, high = ax.get_ylim()
    assert low <= frame["value"].min() and high >= frame["value"].max()
    assert any(isinstance(child, Labels) for child in ax.get_children())
    plt.close("all")
