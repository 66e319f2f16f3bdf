"""Charts of many regions: places with their whiskers, the whole country, two indicators, years in a grid."""

import numpy as np
import pandas as pd

from ..data.codebook import indicators
from ..words.catalogue import language
from ..words.numbers import number
from ..words.wording import name_of, plan_name, rank_range, shown_target
from .labels import AT_EDGE, AT_TOP, Labels, chart, say
from .series import exact, fitted, measured, shown, unit_of
from .style import ACCENT, DARK_ON_FILL, INK, LINE, NOTE, ON_FILL, PAPER, REST, SHADE, SMALL, SOFT

ROW = 0.24  # inches a region takes


def rows_high(frame: pd.DataFrame) -> float:
    return 0.85 + ROW * len(frame)


def latest(values: pd.DataFrame) -> pd.DataFrame:
    """The newest value of each region, the best first."""
    rows = values.dropna(subset="value")
    if "year" in rows:
        rows = rows.sort_values("year", kind="stable").drop_duplicates("region_code", keep="last")
    code = rows["indicator"].iloc[0] if len(rows) and "indicator" in rows else ""
    book = indicators()
    better_low = code in book.index and book.at[code, "direction"] == "down"
    return rows.sort_values(["value", "region_code"], ascending=[better_low, True], ignore_index=True)


def aim(goal) -> tuple[float, str] | None:
    """(value, label) of a goal: a number, or a row or frame of goals (the first row)."""
    if goal is None or (isinstance(goal, pd.DataFrame) and goal.empty):
        return None
    if isinstance(goal, int | float):
        return float(goal), number(goal, 0 if float(goal).is_integer() else 1, language())
    row = goal.iloc[0] if isinstance(goal, pd.DataFrame) else goal
    value = shown_target(row["target"], row.get("unit", "%"), language())
    text = f"{plan_name(row['framework'])} {int(row['target_year'])}: {value}"
    return float(row["target"]), text


def ranks(row) -> str:
    """ "3–6", "3" where the range is one place; "" where it is not known: a place alone is surer than it is."""
    return "" if pd.isna(row.get("rank_lower")) or pd.isna(row.get("lower")) else rank_range(row)


def names_at_left(labels: Labels, names: list[str], own=()) -> None:
    """A row per name, the first at the top; the rows in `own` bold."""
    ax = labels.ax
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    for place, tick in enumerate(ax.get_yticklabels()):
        if place in own:
            tick.set(fontweight="bold", color=ACCENT)


@chart(height=lambda values: rows_high(latest(values)))
def position(values, goal=None, highlight: str | None = None, *, labels: Labels):
    """Where does each region stand? A dot per region, the best first; draws on `ax` and returns it.

    values: [region_code, region, indicator, value], and where known year (the newest counts), lower and upper
    (a whisker), rank_lower and rank_upper (named at the right). goal: a number or a row of goals, an upright
    line. highlight: the code of the region in colour.
    """
    ax, rows = labels.ax, latest(values)
    indicator = str(rows["indicator"].iloc[0])
    unit, target = unit_of(rows, indicator), aim(goal)
    ends = ["lower", "upper"] if "lower" in rows and rows["lower"].notna().any() else []
    reach = [*rows[["value", *ends]].to_numpy().ravel(), *([target[0]] if target else [])]
    ax.set_xlim(fitted(reach, unit.startswith("%"), 0.05))
    measured(labels, unit, "x", note=say("whiskers") if ends else "")
    own = [place for place, code in enumerate(rows["region_code"]) if code == highlight]
    names_at_left(labels, list(rows["region"]), own)
    if target:
        ax.axvline(target[0], color=INK, linewidth=1.3, zorder=2)
        side = "right" if target[0] > sum(ax.get_xlim()) / 2 else "left"
        labels.note(target[1], (target[0], 1), (0, 3), AT_TOP, ha=side, va="bottom", color=INK)
    ranked = any(ranks(row) for _, row in rows.iterrows())
    for place, row in rows.iterrows():
        mine = place in own
        colour = ACCENT if mine or not highlight else REST
        if ends and pd.notna(row["lower"]):
            whisker = {"color": colour, "linewidth": 1.6, "alpha": 0.75, "zorder": 3}
            ax.plot([row["lower"], row["upper"]], [place] * 2, **whisker)
        ax.plot([row["value"]], [place], "o", markersize=8 if mine else 6.5, color=colour, zorder=5)
        look = {"color": ACCENT if mine else SOFT, "fontweight": "bold" if mine else "normal", "ha": "right"}
        labels.aside(exact(indicator, row["value"]), place, 50, **look)
        if ranked:
            labels.aside(ranks(row), place, 92, **look)
    if ranked:
        labels.aside(say("rank_head"), -1.15, 92, ha="right", fontsize=NOTE)
    picks = own or [0, len(rows) - 1]
    labels.facts += [
        f"{row['region']} {exact(indicator, row['value'])}" for _, row in rows.iloc[picks].iterrows()
    ]
    if own and ranked:
        labels.facts.append(say("country_rank", rank=ranks(rows.iloc[own[0]]), total=str(len(rows))))


@chart(height=lambda values: 1.7 if "alike" in values and not values["alike"].any() else 2.75)
def country_strip(values, highlight: str, alike=None, *, labels: Labels):
    """Where is the region among all of the country? A thin line per region, and below a row with a dot for
    each region to name as well. Draws on `ax` and returns it.

    values: [region_code, region, indicator, value] of the country, optionally year (the newest counts).
    highlight: the region's code. alike: codes (or a frame with region_code) of regions of similar population.
    """
    ax, rows = labels.ax, latest(values)
    indicator = str(rows["indicator"].iloc[0])
    unit = unit_of(rows, indicator)
    codes = [] if alike is None else list(alike["region_code"] if isinstance(alike, pd.DataFrame) else alike)
    others = rows[rows["region_code"].isin(codes) & (rows["region_code"] != highlight)]
    low, high = fitted(rows["value"], unit.startswith("%"), 0.03)
    ax.set(xlim=(low, high), ylim=(-1.1 - (1.0 + 0.85 * len(others) if len(others) else 0), 2.9))
    measured(labels, unit, "x")
    ax.set_yticks([])
    ax.grid(False)
    blank = np.full(len(rows), np.nan)
    strip = np.column_stack([rows["value"], rows["value"], blank]).ravel()  # one path, however many regions
    look = {"color": REST, "linewidth": 0.6, "alpha": 0.55, "solid_capstyle": "butt"}
    ax.plot(strip, np.tile([0.0, 1.0, np.nan], len(rows)), **look)

    def beside(value: float, height: float, text: str, **look) -> None:
        """Letters at a fixed height that lead from the value towards the middle of the paper."""
        far = (value - low) / (high - low)
        side = "left" if far < 0.35 else "right" if far > 0.65 else "center"
        labels.note(text, (value, height), ha=side, linespacing=1.15, **look)

    middle = float(rows["value"].median())
    ax.plot([middle] * 2, [-0.3, 1], color=INK, linewidth=1.6, solid_capstyle="butt")
    for _, row in rows[rows["region_code"] == highlight].iterrows():
        text = f"{row['region']} {exact(indicator, row['value'])}"
        ax.plot([row["value"]] * 2, [0, 1.3], color=ACCENT, linewidth=3, solid_capstyle="butt", zorder=5)
        beside(row["value"], 1.4, text, color=ACCENT, fontweight="bold", va="bottom")
        labels.facts.append(text)
    text = say("middle", value=shown(middle, unit))
    beside(middle, -0.35, text, color=INK, va="top")
    labels.facts.append(text)
    if len(others):
        labels.note(say("alike"), (0, -1.65), counted=AT_EDGE)
    for line, (_, row) in enumerate(others.iterrows()):
        at, name = -2.35 - 0.85 * line, f"{row['region']} {exact(indicator, row['value'])}"
        ax.axhline(at, color=LINE, linewidth=0.8, zorder=1)
        ax.plot([row["value"]], [at], "o", markersize=6.5, color=REST, zorder=4)
        is_left = row["value"] < (low + high) / 2
        look = {"ha": "left" if is_left else "right"}
        look["bbox"] = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
        labels.note(name, (row["value"], at), (8 if is_left else -8, 0), **look)
        labels.facts.append(name)


@chart(height=3.8)
def scatter(frame, x: str, y: str, highlight: str | None = None, *, labels: Labels):
    """Do two indicators go together? A dot per region with its name where there is room; returns the Axes.

    frame: [region_code, region, indicator, value] with rows of the indicators x and y (the newest year
    counts), or a row per region with columns x and y. Where there are ten regions or more r stands above.
    """
    ax = labels.ax
    wide = paired(frame, x, y)
    units = [unit_of(frame, code) for code in (x, y)]
    ax.set(xlim=fitted(wide[x], units[0].startswith("%")), ylim=fitted(wide[y], units[1].startswith("%")))
    text = ""
    if len(wide) >= 10:
        text = say("r", r=number(float(wide[x].corr(wide[y])), 2, language()), count=str(len(wide)))
        labels.facts.append(text)
    measured(labels, units[1], "y", axis_name(y))
    measured(labels, units[0], "x", axis_name(x), note=text)
    ax.grid(True, axis="both")
    ax.spines["left"].set_visible(True)
    order = wide["region_code"].eq(highlight)
    for _, row in pd.concat([wide[order], wide[~order]]).iterrows():
        own = row["region_code"] == highlight
        colour = ACCENT if own or not highlight else REST
        ax.plot([row[x]], [row[y]], "o", markersize=8.5 if own else 6, color=colour, zorder=5 if own else 4)
        look = {"color": ACCENT, "fontweight": "bold"} if own else {"color": SOFT, "least": True}
        labels.put(row[x], row[y], row["region"], prefer="right left above below", **look)
    for _, row in wide[order].iterrows():
        labels.facts.insert(0, f"{row['region']}: {exact(x, row[x])}, {exact(y, row[y])}")


def paired(frame: pd.DataFrame, x: str, y: str) -> pd.DataFrame:
    """A row per region that has both values, columns x and y."""
    if {x, y} <= set(frame.columns):
        return frame.dropna(subset=[x, y])
    names = frame.drop_duplicates("region_code").set_index("region_code")
    wide = pd.DataFrame(
        {code: latest(frame[frame["indicator"] == code]).set_index("region_code")["value"] for code in (x, y)}
    ).dropna()
    wide = wide.assign(region=names["region"].reindex(wide.index)).rename_axis("region_code")
    return wide.sort_index().reset_index()


def axis_name(code: str) -> str:
    return name_of(code, language()) if code in indicators().index else code


@chart(height=lambda values: 0.5 + ROW * values["region_code"].nunique())
def heatmap(values, *, labels: Labels):
    """How did each region move year by year? A field per region and year, darker where the value is higher.

    values: [region_code, region, indicator, year, value] of one indicator. Regions stand in the order of their
    last year; a year without a value is an en dash. Draws on `ax` and returns it.
    """
    grid = values.pivot_table(index="region_code", columns="year", values="value").sort_index(axis=1)
    code = str(values["indicator"].iloc[0])
    unit = unit_of(values, code)
    order = grid.ffill(axis=1).iloc[:, -1].sort_values(ascending=False, kind="stable").index
    grid = grid.reindex(order)
    texts = grid.map(lambda value: "–" if pd.isna(value) else number(value, 0, language()))
    names = values.drop_duplicates("region_code").set_index("region_code")["region"]
    fields(labels, grid, texts, names[grid.index], [str(int(year)) for year in grid.columns])
    labels.ax.set_xlabel(say("shade", unit=unit), loc="left", fontsize=NOTE, color=SOFT)
    for place in (0, -1):
        row = grid.iloc[place].dropna()
        labels.facts.append(f"{names[grid.index[place]]} {int(row.index[-1])}: {exact(code, row.iloc[-1])}")


@chart(height=lambda values: 0.7 + ROW * values["region_code"].nunique())
def coverage(values, *, labels: Labels):
    """Where are the gaps? A field per region and indicator with the year of the newest value; returns the Axes.

    values: [region_code, region, indicator, year]; regions and indicators stand in the order of their first
    rows; a region without any value has one row whose year is missing.
    """
    regions, codes = (list(dict.fromkeys(values[column])) for column in ("region_code", "indicator"))
    grid = values.pivot_table(index="region_code", columns="indicator", values="year", aggfunc="max")
    grid = grid.reindex(index=regions, columns=codes).astype(float)
    texts = grid.map(lambda year: "–" if pd.isna(year) else str(int(year)))
    names = values.drop_duplicates("region_code").set_index("region_code")["region"]
    heads = [axis_name(code).replace(" ", "\n") for code in codes]
    fields(labels, grid, texts, names[regions], heads)
    labels.facts += [f"{axis_name(code)}: {int(grid[code].notna().sum())}" for code in codes]


def fields(labels: Labels, grid: pd.DataFrame, texts: pd.DataFrame, names, heads: list) -> None:
    """A seaborn heat map in the house style; an empty field is hatched."""
    import seaborn as sns  # imported here: half a second that no other chart has to spend

    ax = labels.ax
    high = grid.max(axis=None)
    low = min(1.15 * grid.min(axis=None) - 0.15 * high, high - 4)
    ax.patch.set(facecolor=PAPER, hatch="////", edgecolor=LINE)
    shades = {"cmap": sns.light_palette(SHADE, as_cmap=True), "vmin": low, "vmax": high, "cbar": False}
    sns.heatmap(grid, ax=ax, linewidths=1.5, linecolor=PAPER, **shades)
    for (place, column), value in np.ndenumerate(grid.to_numpy()):
        dark = (value - low) / (high - low) > 0.5
        colour = SOFT if pd.isna(value) else ON_FILL if dark else DARK_ON_FILL
        look = {"ha": "center", "va": "center", "fontsize": SMALL, "color": colour}
        ax.text(column + 0.5, place + 0.5, texts.iat[place, column], **look)
    ax.xaxis.tick_top()
    ax.set_xticks(np.arange(len(heads)) + 0.5, heads, rotation=0)
    ax.set_yticks(np.arange(len(names)) + 0.5, names, rotation=0)
    ax.tick_params(length=0, top=False, bottom=False)
    ax.tick_params(axis="y", labelcolor=INK)
    ax.set(xlabel="", ylabel="")
    ax.spines[:].set_visible(False)
