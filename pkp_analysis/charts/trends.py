"""The trend of one indicator in one region: observed points, projection, targets."""

import pandas as pd

from ..data.codebook import indicators
from ..data.regions import region_name
from ..words.chart_words import (
    as_targets,
    in_sentence,
    plan_name,
    short_name,
    shown_target,
    shown_value,
    target_labels,
    yardstick,
)
from ..words.numbers import number, percent
from .figure import Figure, Labels, paper
from .ink import ACCENT, BAND, EFFORT, INK, REST, TEXT, pick


def trend(
    observations: pd.DataFrame,
    projection: pd.DataFrame,
    targets: pd.DataFrame,
    region_code: str,
    indicator: str,
    lang: str = "id",
    title: str | None = None,
) -> Figure:
    """Is the indicator rising, and where does it lead? Observed points, projected median with its 80 % band,
    named targets.

    observations: year, value, and where known series and is_governing; projection: year, median, lower, upper
    (may be
    empty; a row of the last observed year is the model's estimate of the present level, where the band
    starts); targets: rows of the register or of the assessment.
    Neighbouring years of one series are joined, others not.
    """
    return labelled_trend(observations, projection, targets, region_code, indicator, lang, title)[0]


def labelled_trend(
    observations,
    projection,
    targets,
    region_code: str,
    indicator: str,
    lang: str = "id",
    title: str | None = None,
) -> tuple[Figure, Labels]:
    """The figure of `trend`, and the places its labels take, for a line that is added later."""
    points = observations[
        (observations["region_code"] == region_code) & (observations["indicator"] == indicator)
    ].sort_values("year")
    future = pd.DataFrame(projection)
    if len(future):
        future = future[
            (future["region_code"] == region_code) & (future["indicator"] == indicator)
        ].sort_values("year")
    goals = as_targets(targets[targets["indicator"] == indicator])
    governing = points[points["is_governing"]] if "is_governing" in points else points
    goals = goals[goals["target_year"] >= (governing["year"].min() if len(governing) else 0)]
    share = indicators().loc[indicator, "unit"].startswith("%")
    years = [*points["year"], *(future["year"] if len(future) else []), *goals["target_year"]]
    canvas, axes = paper(218, left=36 if share else 46, right=26, top=20, bottom=22)
    top = (
        100
        if share
        else 1.15 * max([*points["value"], *goals["target"], *(future["upper"] if len(future) else []), 1])
    )
    first, last = min(years, default=2015), max(years, default=2030)
    axes.set(xlim=(first - 0.6, last + 0.6), ylim=(0, top))
    axes.grid(axis="y", color="#ECEEF0", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_yticks(
        [0, 25, 50, 75, 100] if share else [0, top / 2],
        (
            [percent(v, 0, lang) for v in (0, 25, 50, 75, 100)]
            if share
            else [number(v, 0, lang) for v in (0, top / 2)]
        ),
    )
    ticks = year_ticks(
        [*governing["year"].iloc[[-1, 0][: len(governing)]], *sorted(goals["target_year"], reverse=True)],
        last - first,
    )
    axes.set_xticks(ticks, [str(year) for year in ticks])
    labels = Labels(axes)
    for tick in axes.get_yticks():  # the first value stands close to the names of the levels
        labels.block(first - 0.6, tick, 8)
    draw_observed(axes, governing, labels)
    if len(points) > len(governing):
        other = points[~points["is_governing"]]
        axes.plot(
            other["year"],
            other["value"],
            "o",
            markersize=5,
            markerfacecolor="white",
            markeredgecolor=REST,
            zorder=3,
        )
    draw_goals(axes, goals, labels, lang)
    for row in future.itertuples():  # labels keep off the median
        labels.block(row.year, row.median, 3)
    label_observed(governing, future, labels, indicator, lang)
    draw_future(axes, governing, future, labels, lang)
    subtitle = trend_subtitle(points, governing, indicator, lang)
    title = title or trend_title(governing, goals, region_code, indicator, lang)
    table = trend_table(points, future, goals, indicator, lang)
    return (
        Figure(
            canvas, title, subtitle, trend_alt(title, governing, future, goals, indicator, lang), table, lang
        ),
        labels,
    )


def year_ticks(years: list, span: float) -> list[int]:
    """The years worth naming, most important first in `years`, as far as their names fit side by side."""
    ticks: list[int] = []
    for year in years:
        if all(abs(year - other) >= (span + 1.2) / 11 for other in ticks):
            ticks.append(int(year))
    return sorted(ticks)


def draw_observed(axes, governing: pd.DataFrame, labels: Labels) -> None:
    """Points; a line only between neighbouring years of one series; a dotted rule where a new series starts."""
    series = governing["series"] if "series" in governing else pd.Series("", index=governing.index)
    current = series.iloc[-1] if len(series) else ""
    previous = None
    for row, name in zip(governing.itertuples(), series, strict=True):
        older = name != current
        axes.plot(
            [row.year],
            [row.value],
            "o",
            markersize=6,
            color=REST if older else ACCENT,
            markerfacecolor="white" if older else ACCENT,
            zorder=5,
        )
        labels.block(row.year, row.value)
        if previous and previous[2] == name and row.year - previous[0] == 1:
            axes.plot(
                [previous[0], row.year],
                [previous[1], row.value],
                color=REST if older else ACCENT,
                linewidth=1.8,
                zorder=4,
            )
        if previous and previous[2] != name:
            axes.axvline((previous[0] + row.year) / 2, color=REST, linewidth=1, linestyle=":", zorder=1)
        previous = (row.year, row.value, name)


def label_observed(
    governing: pd.DataFrame, future: pd.DataFrame, labels: Labels, indicator: str, lang: str
) -> None:
    """The first and the last value; the last below its point where the projection sets out above it."""
    for place, row in enumerate(governing.itertuples()):
        if place in (0, len(governing) - 1):
            is_last = place == len(governing) - 1
            ahead = future[future["year"] > row.year]["median"] if is_last and len(future) else ()
            first = -1 if len(ahead) and ahead.iloc[0] > row.value else 1
            labels.put(
                row.year,
                row.value,
                shown_value(indicator, row.value, lang),
                fontsize=TEXT,
                fontweight="bold" if is_last else "normal",
                color=ACCENT,
                places=(
                    (0, 12 * first),
                    (0, -12 * first),
                    (0, 22 * first),
                    (0, -22 * first),
                    (-30, 12 * first),
                    (-30, -12 * first),
                ),
            )


def draw_goals(axes, goals: pd.DataFrame, labels: Labels, lang: str) -> None:
    for row in goals.itertuples():
        axes.plot(
            [row.target_year - 0.45, row.target_year + 0.45],
            [row.target] * 2,
            color=INK,
            linewidth=2.4,
            zorder=5,
            clip_on=False,
        )
        labels.block(row.target_year, row.target, 3)
    for year, value, text in target_labels(goals, lang):
        labels.put(year, value, text, places=((0, 9), (-20, 9), (0, -10), (-20, -10), (-40, -22)), color=INK)


def draw_future(axes, governing: pd.DataFrame, future: pd.DataFrame, labels: Labels, lang: str) -> None:
    """The band and its median, from the model's estimate of the present level where it is given; named at the
    right edge.
    """
    if not len(governing) or not len(future):
        return
    future = future[future["year"] >= governing["year"].iloc[-1]]
    if not len(future):
        return
    axes.fill_between(future["year"], future["lower"], future["upper"], color=BAND, linewidth=0, zorder=1)
    axes.plot(future["year"], future["median"], color=ACCENT, linewidth=1.6, linestyle=(0, (4, 2)), zorder=3)
    end = future.iloc[-1]
    name = pick(
        lang,
        f"median {percent(end['median'], 1, lang)}\nrentang 80%: ",
        f"median {percent(end['median'], 1, lang)}\n80% range: ",
    )
    labels.put(
        end["year"] - 0.2,
        end["lower"],
        f"{name}{number(end['lower'], 1, lang)}–{percent(end['upper'], 1, lang)}",
        places=((0, -15), (0, -24), (-20, -34), (0, -44), (0, -58), (-40, -15), (-60, 0), (0, 40)),
        color=ACCENT,
    )


def draw_scenario(labels: Labels, scenario: pd.DataFrame, lang: str) -> list:
    """The median with an additional effort (year, median, from the present level on), named with its last
    value; returns what was drawn.
    """
    line = labels.axes.plot(
        scenario["year"], scenario["median"], color=EFFORT, linewidth=2, linestyle=(0, (1, 1)), zorder=4
    )
    for row in scenario.itertuples():
        labels.block(row.year, row.median, 3)
    end = scenario.iloc[-1]
    text = f"{pick(lang, 'skenario', 'scenario')} {percent(end['median'], 1, lang)}"
    places = (
        (0, 10),
        (-40, 10),
        (-60, 16),
        (-80, 24),
        (-60, -14),
        (0, -40),
        (-40, -56),
        (0, -72),
        (-40, -90),
    )
    return [
        *line,
        labels.put(end["year"], end["median"], text, places=places, color=EFFORT, fontweight="bold"),
    ]


def trend_subtitle(points, governing, indicator: str, lang: str) -> str:
    row = indicators().loc[indicator]
    parts = [f"{row['name' if lang == 'id' else 'name_en']}, {row['unit' if lang == 'id' else 'unit_en']}."]
    if len(points) > len(governing):
        parts.append(pick(lang, "Lingkaran kelabu: sumber lain.", "Grey circles: other sources."))
    if "series" in governing and governing["series"].nunique() > 1:
        parts.append(
            pick(
                lang,
                "Garis titik-titik: konsep atau wilayah berubah.",
                "Dotted rule: concept or boundary changed.",
            )
        )
    return " ".join(parts)


def trend_title(governing, goals, region_code: str, indicator: str, lang: str) -> str:
    name, region = short_name(indicator, lang), region_name(region_code)
    if not len(governing):
        return pick(
            lang,
            f"Belum ada nilai {in_sentence(name)} untuk {region}.",
            f"No value of {in_sentence(name)} for {region} yet.",
        )
    last = governing.iloc[-1]
    value, year = shown_value(indicator, last["value"], lang), int(last["year"])
    if not len(goals):
        return pick(
            lang, f"{name} di {region} {value} pada {year}.", f"{name} in {region}: {value} in {year}."
        )
    goal = yardstick(goals, last["year"])
    own = goal["role"] == "own"
    aim = (
        f"{pick(lang, 'target' if own else 'acuan', 'target' if own else 'reference')}"
        f" {shown_target(goal['target'], goal['unit'], lang)} ({plan_name(goal['framework'])}"
        f" {int(goal['target_year'])})"
    )
    decimals = int(indicators().loc[indicator, "decimals"])
    above = round(float(last["value"]), decimals) - round(float(goal["target"]), decimals)
    if abs(above) < 10**-decimals / 2:
        return pick(
            lang,
            f"{name} di {region} {value} pada {year}, tepat pada {aim}.",
            f"{name} in {region}: {value} in {year}, equal to the {aim}.",
        )
    unit = indicators().loc[indicator, "unit" if lang == "id" else "unit_en"]
    gap = (
        f"{number(abs(above), decimals, lang)}"
        f" {pick(lang, 'persen poin', 'percentage points') if unit.startswith('%') else unit}"
    )
    side = pick(lang, "di atas" if above > 0 else "di bawah", "above the" if above > 0 else "below the")
    return pick(
        lang,
        f"{name} di {region} {value} pada {year}, {gap} {side} {aim}.",
        f"{name} in {region}: {value} in {year}, {gap} {side} {aim}.",
    )


def trend_alt(title, governing, future, goals, indicator: str, lang: str) -> str:
    facts = [
        f"{int(row.year)}: {shown_value(indicator, row.value, lang)}"
        for row in governing.iloc[[0, -1][: len(governing)]].itertuples()
    ]
    if len(future):
        end = future.iloc[-1]
        facts.append(
            f"{pick(lang, 'proyeksi', 'projection')} {int(end['year'])}: {percent(end['median'], 1, lang)},"
            f" {pick(lang, 'rentang 80%', '80% range')}"
            f" {number(end['lower'], 1, lang)}–{percent(end['upper'], 1, lang)}"
        )
    return f"{title} {'; '.join(facts)}." if facts else title


def trend_table(points, future, goals, indicator: str, lang: str) -> pd.DataFrame:
    """Observed, projected and aimed-at figures in one list, by year."""
    rows = [
        (int(row.year), pick(lang, "teramati", "observed"), shown_value(indicator, row.value, lang), "–")
        for row in points.itertuples()
    ]
    last = points["year"].max() if len(points) else 0
    rows += [
        (
            int(row.year),
            (
                pick(lang, "proyeksi (median)", "projected (median)")
                if row.year > last
                else pick(lang, "taksiran model", "model estimate")
            ),
            percent(row.median, 1, lang),
            f"{number(row.lower, 1, lang)}–{percent(row.upper, 1, lang)}",
        )
        for row in (future.itertuples() if len(future) else [])
    ]
    rows += [
        (int(row.target_year), row.framework, shown_target(row.target, row.unit, lang), "–")
        for row in goals.itertuples()
    ]
    header = (
        ["Tahun", "Jenis", "Nilai", "Rentang 80%"] if lang == "id" else ["Year", "Kind", "Value", "80% range"]
    )
    return pd.DataFrame([(str(year), *rest) for year, *rest in sorted(rows)], columns=header)
