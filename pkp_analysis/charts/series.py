"""Charts along the years: the trend of one indicator, a scenario on it, who rose and who fell, a small line."""

import numpy as np
import pandas as pd
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from ..data.codebook import indicators
from ..words import wording
from ..words.catalogue import language
from ..words.numbers import number, percent
from ..words.wording import amount, target_labels
from .labels import Labels, chart, named, say
from .style import ACCENT, BAND, BAND_EDGE, EFFORT, GRID, INK, LINE, NOTE, PAPER, REST, SECOND, SOFT, TEXT

TURNS = (ACCENT, EFFORT, SECOND)  # the first region drawn on an Axes, the second, the third
LINE_HEIGHT = 12.2  # points from one line of small letters to the next
SAME_LEVEL = 1.0  # percentage points: from here on a level unlike the published figure is named


def shown(value: float, unit: str, decimals: int = 1) -> str:
    """ "57,7%" for shares, "725" for the rest."""
    return percent(value, decimals, language()) if unit.startswith("%") else number(value, 0, language())


def unit_of(frame: pd.DataFrame, indicator: str) -> str:
    """The unit of the frame, else of the codebook, in the language of the page."""
    if indicator in indicators().index:
        return wording.unit_of(indicator, language())
    return str(frame["unit"].iloc[0]) if "unit" in frame and len(frame) else "%"


def exact(indicator: str, value: float, origin: str | None = None) -> str:
    """The value with all decimals its source has."""
    if indicator in indicators().index:
        return amount(indicator, value, language(), origin)
    return percent(value, 2, language())


def measured(labels: Labels, unit: str, axis: str = "y", name: str = "", note: str = "") -> None:
    """Number the axis and say what it shows; where it does not begin at zero, say where it begins.

    name: stands before the unit; note: a line below.
    """
    ax = labels.ax
    scale = numbered(labels, unit, axis)

    def tell():
        low = min(scale.get_view_interval())
        begins = say("axis_from", low=shown(low, unit, 0)) if low > 0.5 else ""
        rows = [(name, unit), (begins, note)] if name else [(unit, begins), (note,)]
        text = "\n".join(filter(None, ("; ".join(filter(None, row)) for row in rows)))
        if axis == "y":
            ax.set_title(text, loc="left", fontsize=NOTE, color=SOFT, fontweight="normal", pad=6)
        else:
            ax.set_xlabel(text, loc="left")

    tell()
    labels.before.append(tell)


def numbered(labels: Labels, unit: str, axis: str):
    """Few round numbers and light rules on the axis, which is returned."""
    scale = labels.ax.yaxis if axis == "y" else labels.ax.xaxis
    scale.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))

    def level(value, _):
        beyond = unit.startswith("%") and not 0 <= value <= 100
        return "" if beyond else shown(value, unit, 0 if value % 1 == 0 else 1)

    scale.set_major_formatter(FuncFormatter(level))
    labels.ax.grid(True, axis=axis, color=GRID, linewidth=0.8)
    labels.ax.xaxis.label.set(fontsize=NOTE, color=SOFT)
    return scale


def fitted(values, share: bool, room: float = 0.1) -> tuple[float, float]:
    """Limits that hold all values with some room; a share stays between 0 and 100."""
    known = np.asarray([value for value in values if pd.notna(value)], dtype=float)
    if not len(known):
        return 0, 100
    low, high = known.min(), known.max()
    space = room * max(high - low, 4 if share else 0.1 * abs(high), 1e-9)
    low, high = low - space, high + space
    if not share:
        return min(low, 0) if low < 0.3 * high else low, high
    return max(low, 0), min(high, 100 + space)


@chart(height=3.4)
def trend(points, projection=None, goals=None, province=None, tests=None, compared=None, *, labels: Labels):
    """Is the indicator rising, and where does it lead? Draws on `ax` and returns it.

    points: a region's [region, indicator, year, value] and where known unit, series, doubtful; neighbouring
    years of one series are joined, two surveys years apart are not. projection: [year, median, lower, upper],
    80 %; a row of the last observed year is the level the band starts from, named where it is not the
    published figure. goals: [framework, target_year, target, unit, role], each a tick at its year. province:
    points of the province, in grey. tests: [origin, year, forecast, lower, upper], what an earlier projection
    said of a year that is known by now. compared: values of all regions whose charts are compared: the axis
    holds them too, so that it is the same in each. Called again on the same Axes it adds a region in another colour.
    """
    ax = labels.ax
    points = points.sort_values("year")
    given = (projection, goals, province, tests, compared)
    future, goals, province, tests, compared = (pd.DataFrame() if one is None else one for one in given)
    indicator = str(points["indicator"].iloc[0]) if len(points) else ""
    unit = unit_of(points, indicator)
    colour = TURNS[labels.drawings % len(TURNS)]
    labels.drawings += 1
    if len(points) and len(future):
        future = future[future["year"] >= points["year"].iloc[-1]].sort_values("year")
    if len(goals):
        goals = goals[(goals["role"] != "context") if "role" in goals else slice(None)]
        goals = goals[goals["target_year"] >= (points["year"].min() if len(points) else 0)]
    if len(province) and len(points):
        province = named(province[province["year"] >= points["year"].min()].sort_values("year"))
    widen(labels, points, future, goals, province, tests, compared, unit)
    if not len(points):
        ax.text(0.5, 0.5, say("no_value"), transform=ax.transAxes, ha="center", color=SOFT)
        return
    if len(province):
        joined(ax, province, REST, 1.3, 3)
    draw_tests(labels, tests, unit)
    if len(future):
        band = {"facecolor": BAND, "edgecolor": BAND_EDGE, "linewidth": 0.7, "zorder": 1}
        ax.fill_between(future["year"].astype(float), future["lower"], future["upper"], **band)
        line = {"color": colour, "linewidth": 1.6, "linestyle": (0, (4, 2)), "zorder": 3}
        ax.plot(future["year"], future["median"], **line)
    joined(ax, points, colour, 1.9, 6)
    label_points(labels, points, future, indicator, colour)
    draw_goals(labels, goals)
    if len(future):
        label_future(labels, points, future, unit, colour)
    if len(province):
        label_province(labels, points, province, indicator)


def column(name: str, *frames: pd.DataFrame) -> list:
    """What the frames hold in a column that some of them have."""
    return [value for frame in frames for value in frame.get(name, ())]


def widen(labels, points, future, goals, province, tests, compared, unit: str) -> None:
    """Limits and named years that hold what is drawn now and what earlier calls drew."""
    ax, share = labels.ax, unit.startswith("%")
    years = column("year", points, future, tests) + column("target_year", goals)
    values = (
        column("value", points, province) + column("lower", future, tests) + column("upper", future, tests)
    )
    shared = column("value", compared) + column("target", goals)
    low, high = fitted(shared if len(compared) else [*shared, *values], share, 0.14)
    low -= 0.1 * (high - low) if len(future) and low > 20 else 0  # room for the name of the band
    low, high = min([low, *values]), max([high, *values])
    first, last = min(years, default=2015) - 0.6, max(years, default=2030) + 0.6
    named = column("year", points.tail(1), points.head(1)) + sorted(
        column("target_year", goals), reverse=True
    )
    if labels.drawings > 1:
        (first, last), (low, high) = (
            (min(start, old[0]), max(end, old[1]))
            for start, end, old in ((first, last, ax.get_xlim()), (low, high, ax.get_ylim()))
        )
        named = [*ax.get_xticks(), *named]
    else:
        measured(labels, unit)
    ax.set(xlim=(first, last), ylim=(low, high))
    ticks = []
    for year in named + column("year", future.tail(1)):
        if all(abs(year - other) >= (last - first) / 11 for other in ticks):
            ticks.append(int(year))
    ax.xaxis.set_major_locator(FixedLocator(sorted(ticks)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))


def joined(ax, points: pd.DataFrame, colour: str, width: float, size: float) -> None:
    """A mark per value; a line only between neighbouring years of one series, if it has three values or more.

    Values of an older series and doubtful ones are hollow; a dotted rule stands where a new series starts.
    """
    series = points["series"].tolist() if "series" in points else [""] * len(points)
    doubtful = points["doubtful"].tolist() if "doubtful" in points else [False] * len(points)
    rows = list(zip(points["year"], points["value"], series, doubtful, strict=True))
    for year, value, name, unsure in rows:
        hollow = unsure or name != series[-1]
        look = {"markerfacecolor": PAPER if hollow else colour, "markeredgewidth": 1.4 if hollow else 0}
        ax.plot([year], [value], "o", markersize=size, color=colour, zorder=5, **look)
    for (year, value, name, _), (next_year, next_value, next_name, _) in zip(rows, rows[1:], strict=False):
        if name != next_name:
            ax.axvline((year + next_year) / 2, color=REST, linewidth=1, linestyle=":", zorder=1)
        elif next_year - year == 1 and series.count(name) > 2:
            ax.plot([year, next_year], [value, next_value], color=colour, linewidth=width, zorder=4)


def label_points(labels, points, future, indicator: str, colour: str) -> None:
    """The last value with the region's name, and the first."""
    last, first = points.iloc[-1], points.iloc[0]
    rises = len(future) > 1 and future["median"].iloc[-1] > last["value"]
    text = exact(indicator, last["value"], last.get("origin"))
    name = str(last.get("region", ""))
    look = {"fontsize": TEXT, "fontweight": "bold", "color": colour}
    side = "below left above" if rises else "above left below"
    labels.put(last["year"], last["value"], f"{name} {text}".strip(), prefer=side, **look)
    labels.facts.append(f"{name} {int(last['year'])}: {text}".strip())
    if len(points) > 1:
        text = exact(indicator, first["value"], first.get("origin"))
        labels.put(first["year"], first["value"], text, prefer="above below right", color=colour)
        labels.facts.insert(-1, f"{name} {int(first['year'])}: {text}".strip())


def label_province(labels, points, province, indicator: str) -> None:
    """The province's name at its first point, on the side away from the region; its last figure in the facts."""
    first, last = province.iloc[0], province.iloc[-1]
    name = str(first.get("region", ""))
    value = exact(indicator, first["value"])
    above = first["value"] > points["value"].iloc[0]
    side = "above above_right right" if above else "below below_right right"
    labels.put(first["year"], first["value"], f"{name} {value}".strip(), prefer=side, color=SOFT)
    labels.facts.append(f"{name} {int(last['year'])}: {exact(indicator, last['value'])}".strip())


def draw_goals(labels, goals: pd.DataFrame) -> None:
    """A tick at each target's year; the region's own target is heavier than a reference."""
    for row in goals.itertuples():
        width = 2.6 if getattr(row, "role", "own") == "own" else 1.6
        look = {"markersize": 15, "markeredgewidth": width, "color": INK, "zorder": 5}
        labels.ax.plot([row.target_year], [row.target], marker="_", **look)
    if len(goals):
        for year, value, text in target_labels(goals, language()):
            labels.put(year, value, text, prefer="above below left above_left below_left", color=INK)
            labels.facts.append(text)


def label_future(labels, points, future, unit: str, colour: str) -> None:
    """Median and band at their end, and the level they start from where it is not the published figure."""
    last, start, end = points.iloc[-1], future.iloc[0], future.iloc[-1]
    median = say("median", year=str(int(end["year"])), value=shown(end["median"], unit))
    band = say("band", lower=number(end["lower"], 1, language()), upper=shown(end["upper"], unit))
    if end["year"] > last["year"]:
        labels.put(end["year"], end["lower"], f"{median}\n{band}", prefer="below below_left", color=colour)
        labels.facts.append(f"{median}, {band}")
    if start["year"] == last["year"] and abs(start["median"] - last["value"]) >= SAME_LEVEL:
        text = say("level", level=shown(start["median"], unit), year=str(int(start["year"])))
        side = "above above_left left" if start["median"] > last["value"] else "below below_left left"
        labels.put(start["year"], start["median"], text, prefer=side, color=SOFT)
        labels.facts.append(text.replace("\n", " "))


def draw_tests(labels, tests: pd.DataFrame, unit: str) -> None:
    """A column per published year: where an earlier projection expected it."""
    for place, row in enumerate(tests.itertuples()):
        x = row.year
        look = {"color": REST, "linewidth": 7, "alpha": 0.35, "solid_capstyle": "butt"}
        labels.ax.plot([x, x], [row.lower, row.upper], **look)
        labels.ax.plot([x - 0.22, x + 0.22], [row.forecast] * 2, color=REST, linewidth=1.6, zorder=3)
        if place == len(tests) - 1:
            ends = {"lower": number(row.lower, 1, language()), "upper": shown(row.upper, unit)}
            text = say("test", origin=str(int(row.origin)), **ends)
            labels.put(x, row.lower, text, prefer="below below_left below_right", color=SOFT)
            labels.facts.append(f"{int(x)}: {text}".replace("\n", " "))


@chart(height=3.2)
def scenario(frame, *, labels: Labels):
    """The median with an additional effort, [year, median], drawn on the Axes of a trend; returns the Axes."""
    frame = frame.sort_values("year")
    end = frame.iloc[-1]
    low, high = labels.ax.get_ylim()
    share = fitted([0, 100], True)[1]
    reach = fitted(frame["median"], True) if high <= share else (low, 1.05 * frame["median"].max())
    labels.ax.set_ylim(min(low, reach[0]), max(high, reach[1]))
    labels.ax.plot(frame["year"], frame["median"], color=EFFORT, linewidth=2, linestyle=(0, (1, 1)), zorder=4)
    text = say("scenario", value=percent(end["median"], 1, language()))
    labels.put(end["year"], end["median"], text, color=EFFORT, fontweight="bold", prefer="above left")
    labels.facts.append(f"{int(end['year'])}: {text}")


@chart(height=lambda values: max(2.6, 0.9 + 0.2 * values["region_code"].nunique()))
def slope(values, highlight: str | None = None, *, labels: Labels):
    """Who rose and who fell between the first and the last year? Draws on `ax` and returns it.

    values: [region_code, region, indicator, year, value], optionally change: direction words as
    RegionData.change() gives them; what is "indistinct" from survey uncertainty is thin and grey. Only regions
    with a value in both years. highlight: a region code.
    """
    ax = labels.ax
    indicator = str(values["indicator"].iloc[0])
    first, last = int(values["year"].min()), int(values["year"].max())
    unit = unit_of(values, indicator)
    ends = values[values["year"].isin([first, last])].pivot(index="region_code", columns="year")
    ends = ends[ends["value"].notna().all(axis=1)]
    told = "change" in values
    unsure = ends["change", last].eq("indistinct") if told else pd.Series(False, index=ends.index)
    ax.set(xlim=(first, last), ylim=fitted(ends["value"].to_numpy().ravel(), unit.startswith("%"), 0.08))
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([first, last], [str(first), str(last)])
    for year in (first, last):
        ax.axvline(year, color=GRID, linewidth=1, zorder=0)
    left, right = [], []
    for code, row in ends.iterrows():
        start, end = row["value", first], row["value", last]
        own, rises = code == highlight, end >= start
        colour = REST if unsure[code] or (highlight and not own) else ACCENT if rises else EFFORT
        look = {"color": colour, "linewidth": (0.8 if unsure[code] else 1.9) + 0.6 * own}
        look |= {"linestyle": "-" if rises else (0, (4, 2)), "marker": "o", "markersize": 5 if own else 4}
        look |= {"clip_on": False, "zorder": 5 if own else 2 if unsure[code] else 3}
        ax.plot([first, last], [start, end], **look)
        look = {"color": SOFT if colour == REST else colour, "fontweight": "bold" if own else "normal"}
        thread = {"arrowstyle": "-", "color": LINE, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 4}
        look["arrowprops"] = thread | {"relpos": (1, 0.5)}
        left.append(labels.aside(shown(start, unit), start, -16, ha="right", **look))
        left[-1].xy = (0, start)
        look["arrowprops"] = thread | {"relpos": (0, 0.5)}
        right.append(labels.aside(f"{shown(end, unit)} {row['region', last]}", end, 16, **look))
    labels.before += [lambda: spread(ax, left), lambda: spread(ax, right)]
    gain = (ends["value", last] - ends["value", first])[~unsure]
    counts = {"rose": str(int((gain > 0).sum())), "fell": str(int((gain < 0).sum()))}
    lines = [say("slope_sure" if told else "slope", **counts)]
    lines += [say("slope_thin", count=str(int(unsure.sum())))] if unsure.any() else []
    labels.facts += lines
    if highlight not in ends.index:
        picked = gain[gain.abs() > 0].sort_values(key=abs, ascending=False, kind="stable").index[:3]
        picked = picked if len(picked) else ends["value", last].sort_values().index[[0, -1]]
    for code in [highlight] if highlight in ends.index else picked:
        row = ends.loc[code]
        labels.facts.append(
            say("slope_fact", region=row["region", last], first=exact(indicator, row["value", first]),
                first_year=str(first), value=exact(indicator, row["value", last]), year=str(last))
        )  # fmt: skip
    ax.set_xlabel("\n".join([unit, *lines]), fontsize=NOTE, color=SOFT, loc="left")


def spread(ax, texts: list) -> None:
    """Move letters that stand one above another apart, as little as it takes, within the height of `ax`."""
    points = ax.get_figure(root=True).dpi / 72
    texts = sorted(texts, key=lambda text: text.xy[1])
    wanted = [ax.transData.transform((0, text.xy[1]))[1] / points for text in texts]
    up, down = list(wanted), list(wanted)
    for place in range(1, len(wanted)):
        up[place] = max(up[place], up[place - 1] + LINE_HEIGHT)
    for place in reversed(range(len(wanted) - 1)):
        down[place] = min(down[place], down[place + 1] - LINE_HEIGHT)
    places = [(high + low) / 2 for high, low in zip(up, down, strict=True)]
    highest = ax.bbox.y1 / points - LINE_HEIGHT / 2
    for place in reversed(range(len(places))):
        places[place] = min(places[place], highest)
        highest = places[place] - LINE_HEIGHT
    for text, at, place in zip(texts, wanted, places, strict=True):
        text.xyann = (text.xyann[0], place - at)


def spark(points: pd.DataFrame, width: int = 96, height: int = 24) -> str:
    """A small SVG line of [year, value] for a row of the first screen, in the colour of the text around it.

    Neighbouring years are joined where there are more than two, and the last value is a larger dot; fewer are
    equal dots on a rule. "" without values. It carries no words: the row says the figures.
    """
    rows = points.dropna(subset="value").sort_values("year")
    if rows.empty:
        return ""
    years, values = rows["year"].to_numpy(float), rows["value"].to_numpy(float)
    across = max(years[-1] - years[0], 1)
    x = 4 + (years - years[-1] + across) / across * (width - 8)
    y = height - 4 - (values - values.min()) / max(values.max() - values.min(), 2.0) * (height - 8)
    joins = [
        f"M{x[i]:.1f} {y[i]:.1f}L{x[i + 1]:.1f} {y[i + 1]:.1f}"
        for i in range(len(x) - 1)
        if years[i + 1] - years[i] == 1 and len(x) > 2
    ]
    begin = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' aria-hidden="true" fill="none" stroke="currentColor" stroke-linecap="round">'
    )
    if len(x) < 3:
        dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="currentColor"/>' for a, b in zip(x, y))
        return f'{begin}<path d="M2 {height - 1}H{width - 2}" stroke-width="0.6"/>{dots}</svg>'
    dots = "".join(f"M{a:.1f} {b:.1f}h0" for a, b in zip(x, y, strict=True))
    return (
        f'{begin}<path d="{"".join(joins)}" stroke-width="1.5"/><path d="{dots}" stroke-width="3"/>'
        f'<circle cx="{x[-1]:.1f}" cy="{y[-1]:.1f}" r="3.5" fill="currentColor" stroke="none"/></svg>'
    )
