"""Charts of what is missing: value and target, households, the steps of service, town and village."""

import numpy as np
import pandas as pd
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea
from matplotlib.patches import Rectangle

from ..words.catalogue import language
from ..words.marks import MARKS
from ..words.numbers import hundreds, number, percent
from ..words.wording import judged, name_of, plan_name, target_labels, unjudged_words
from .labels import AT_EDGE, AT_TOP, Labels, chart, say
from .ranks import axis_name, names_at_left, rows_high
from .series import exact, fitted, measured, numbered
from .style import ACCENT, GRID, INK, LINE, NOTE, PALE, PAPER, REST, SOFT, STEPS, TEXT, UNKNOWN

CHECK = [(-1.0, 0.0), (-0.65, 0.35), (-0.3, 0.0), (0.7, 0.95), (1.0, 0.6), (-0.3, -0.75), (-1.0, 0.0)]
SHAPES = {"✔": CHECK, "●": "o", "◆": "D", "▽": "v", "✖": "X", "◇": "D", "○": "o", "◌": "o"}
HOLLOW = "▽◇○◌"


def mark(ax, x: float, y: float, status: str, size: float = 9) -> None:
    """The symbol of a status, drawn (letters such as ✔ turn into pictures on some telephones); a plain dot
    where nothing is judged.
    """
    known = MARKS.get(status)
    if known is None:
        ax.plot([x], [y], marker="o", markersize=size * 0.8, color=SOFT, linestyle="none", zorder=6)
        return
    if known.symbol == "◌":  # only the edge of a scatter can be dotted
        look = {"facecolors": PAPER, "edgecolors": known.color, "linewidths": 1.8, "linestyles": ":"}
        ax.scatter([x], [y], s=size**2, zorder=6, **look)
        return
    look = {"marker": SHAPES[known.symbol], "markersize": size * (1.25 if known.symbol == "✔" else 1)}
    if known.symbol in HOLLOW:
        look |= {"markerfacecolor": PAPER, "markeredgewidth": 1.8}
    else:
        look |= {"markerfacecolor": known.color, "markeredgewidth": 0.6}
    ax.plot([x], [y], color=known.color, linestyle="none", zorder=6, **look)


def tracks_of(goals: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each indicator that has a value and a target in percent."""
    rows = goals[
        goals["value"].notna() & goals["target"].notna() & goals["unit"].astype(str).str.startswith("%")
    ]
    if "role" in rows:
        rows = rows[rows["role"] != "context"]
    return [group for _, group in rows.groupby("indicator", sort=False)]


HEAD, LINE_BELOW = 0.4, 0.18  # inches of a track: its name and word; each target below
MOST_LETTERS = 49  # of name, value and word that stand on one line


def track_row(group: pd.DataFrame) -> pd.Series:
    """The row whose value and status an indicator shows."""
    ordered = (
        group.sort_values("is_headline", ascending=False, kind="stable") if "is_headline" in group else group
    )
    return ordered.iloc[0]


def head_words(group: pd.DataFrame) -> tuple[str, str, bool]:
    """The name with its value, the word of its status or its distance to the target, whether that word takes a line of
    its own.
    """
    row = track_row(group)
    head = f"{name_of(row['indicator'], language())} {exact(row['indicator'], row['value'])}"
    head, status = f"{head} ({int(row['value_year'])})", judged(row, language())
    word = status["word"] if status else unjudged_words(row, language())
    return head, word, status is None or len(head) + len(word) > MOST_LETTERS


def head_height(group: pd.DataFrame) -> float:
    """Inches above the track."""
    return HEAD + LINE_BELOW * head_words(group)[2]


def track_height(group: pd.DataFrame) -> float:
    return head_height(group) + 0.15 + LINE_BELOW * group["target"].nunique()


@chart(height=lambda goals: 0.5 + sum(map(track_height, tracks_of(goals))))
def attainment(goals, *, labels: Labels):
    """How far is each indicator from its targets? A row per indicator: its value as the mark of its status,
    targets as upright ticks, each named on a line of its own. Draws on `ax` and returns it.

    goals: [indicator, framework, target_year, target, role, status, is_headline, value, value_year, unit];
    indicators without a value or without a target in percent are left out.
    """
    ax, tracks = labels.ax, tracks_of(goals)
    heights = [track_height(group) for group in tracks]
    ax.set_ylim(sum(heights) or 1, 0)
    ax.set_yticks([])
    low, high = -1, 101  # on every page the same
    ax.set_xlim(low, high)
    numbered(labels, "%", "x")
    for top, group in zip(np.cumsum([0, *heights]), tracks, strict=False):
        place, row = top + head_height(group), track_row(group)
        head, word, is_below = head_words(group)
        side = {"place": (0, place - 0.26)} if is_below else {"place": (1, place - 0.26), "ha": "right"}
        labels.note(
            head, (0, top + HEAD - 0.27), counted=AT_EDGE, fontsize=TEXT, fontweight="bold", color=INK
        )
        labels.note(word, counted=AT_EDGE, **side)
        ax.axhline(place, color=GRID, linewidth=6, solid_capstyle="butt", zorder=1)
        ax.plot([row["value"], row["target"]], [place] * 2, color=REST, linewidth=1.4, zorder=3)
        mark(ax, row["value"], place, row["status"], 10)
        plans = group.drop_duplicates(["framework", "target_year", "target"])
        # the label of a target far to the left stands right of its tick; so ordered, no tick crosses a label
        left = low + 0.4 * (high - low)
        reading = sorted(target_labels(plans, language()), key=lambda found: (found[1] < left, found[1]))
        for line, (_, target, text) in enumerate(reading):
            at, is_left = place + 0.21 + LINE_BELOW * line, target < left
            ax.plot([target] * 2, [place + 0.11, at + 0.07], color=LINE, linewidth=0.8, zorder=2)
            ax.plot([target] * 2, [place - 0.11, place + 0.11], color=INK, linewidth=2, zorder=4)
            labels.note(text, (target, at), (4 if is_left else -4, 0), ha="left" if is_left else "right")
        labels.facts.append(f"{head}: {word}")


@chart(height=lambda values: 0.3 + 0.5 * len(values))
def ladder(values, *, labels: Labels):
    """How are households spread over the steps of service? A bar per step, the best first; returns the Axes.

    values: [step (the word shown) or indicator, value in percent], of one and the same year.
    """
    ax = labels.ax
    ax.set(xlim=(0, max(values["value"].max() * 1.2, 1)), ylim=(len(values) - 0.4, -0.75))
    ax.axis("off")
    for place, (_, row) in enumerate(values.iterrows()):
        name = row["step"] if "step" in row else axis_name(row["indicator"])
        share = percent(row["value"], 2, language())
        labels.note(name, (0, place), (0, 15), fontsize=TEXT, color=INK)
        ax.barh(place, row["value"], height=0.42, color=STEPS[min(place, len(STEPS) - 1)])
        labels.note(share, (row["value"], place), (5, 0), fontsize=TEXT, fontweight="bold", color=INK)
        labels.facts.append(f"{name} {share}")


@chart(height=lambda values: 0.75 + 0.4 * len(values))
def urban_rural(values, *, labels: Labels):
    """How far apart are town and village? A row per year; draws on `ax` and returns it.

    values: [year, urban, rural] in percent, or with region in the place of year.
    """
    ax = labels.ax
    rows = values.sort_values("year") if "year" in values else values
    names = [str(int(row.year)) if "year" in values else row.region for row in rows.itertuples()]
    names_at_left(labels, names)
    ax.set_xlim(fitted(rows[["urban", "rural"]].to_numpy().ravel(), True, 0.3))
    measured(labels, "%", "x")
    for place, row in enumerate(rows.itertuples()):
        ax.plot([row.rural, row.urban], [place] * 2, color=LINE, linewidth=3, zorder=1)
        both = ((row.rural, row.urban, "s", PAPER), (row.urban, row.rural, "o", ACCENT))
        for value, other, shape, face in both:
            look = {"markersize": 8, "color": ACCENT, "markerfacecolor": face, "markeredgewidth": 1.6}
            ax.plot([value], [place], shape, **look)
            side = "right" if value > other else "left"
            labels.put(value, place, percent(value, 2, language()), prefer=side)
        gap = number(abs(round(row.urban, 2) - round(row.rural, 2)), 2, language())
        labels.put((row.urban + row.rural) / 2, place, gap, prefer="above below", color=SOFT, least=True)
    first = rows.iloc[0]
    for value, word in ((first["rural"], say("rural")), (first["urban"], say("urban"))):
        look = {"color": ACCENT, "fontweight": "bold", "ha": "center", "va": "bottom"}
        labels.note(word, (value, 1), (0, 3), AT_TOP, **look)
    last = rows.iloc[-1]
    labels.facts += [
        f"{say(word)} {percent(last[word], 2, language())} ({names[-1]})" for word in ("urban", "rural")
    ]


PARTS = {"correction_part": REST, "trend_part": PALE, "additional_part": ACCENT}


@chart(height=lambda needs: 0.2 + 0.85 * len(needs))
def households(needs, *, labels: Labels):
    """How many households a year does a target ask for? A bar per target, in parts: what the trend brings,
    what must be added, and the model's correction of the published value, hatched, which serves nobody. An
    upright line stands at the sum, which a correction below zero takes from the bar.

    needs: [indicator, framework, target_year, households_per_year] and the parts that are known of
    correction_part (may be negative), trend_part, additional_part. Draws on `ax` and returns it.
    """
    ax = labels.ax
    rows = needs[needs["households_per_year"].notna()].reset_index(drop=True)
    parts = rows[[part for part in PARTS if part in rows]]
    longest = [*parts.clip(lower=0).sum(axis=1), *rows["households_per_year"], 1]
    widest, least = max(longest), min([*parts.clip(upper=0).sum(axis=1), 0])
    room = 0.02 * (widest - least)
    ax.set(xlim=(least - room, widest + room), ylim=(len(rows) - 0.45, -0.65))
    ax.axis("off")
    for place, row in rows.iterrows():
        name = f"{name_of(row['indicator'], language())}, {plan_name(row['framework'])} {int(row['target_year'])}"
        total = say("per_year", count=hundreds(row["households_per_year"], language()))
        for x, text, look in ((0, name, {}), (1, total, {"fontweight": "bold", "ha": "right"})):
            written = labels.note(text, (x, place), (0, 20), AT_EDGE, fontsize=TEXT, color=INK, **look)
            written.set_in_layout(False)
        known = [part for part in parts if pd.notna(row[part])]
        if not known:
            ax.barh(place, row["households_per_year"], height=0.34, color=UNKNOWN)
        left, below = 0.0, 0.0
        for part in known:
            amount = float(row[part])
            ax.barh(place, amount, left=below if amount < 0 else left, height=0.34, **look_of(part))
            left, below = left + max(amount, 0), below + min(amount, 0)
        if least < 0:
            ax.plot([0, 0], [place - 0.17, place + 0.17], color=INK, linewidth=1)
        total_line = {"color": INK, "linewidth": 2, "zorder": 4}
        ax.plot([row["households_per_year"]] * 2, [place - 0.22, place + 0.22], **total_line)
        said = {part: f"{say(part)} {signed(float(row[part]))}" for part in known}
        key(ax, place, said or {"": say("no_projection")})
        labels.facts.append(f"{name}: {total}" + (f" ({', '.join(said.values())})" if said else ""))


def look_of(part: str) -> dict:
    """How a part of a bar, and its field in the key, is filled."""
    hatched = part == "correction_part"
    return {
        "facecolor": PAPER if hatched else PARTS[part],
        "edgecolor": REST if hatched else PAPER,
        "hatch": "////" if hatched else None,
    }


def key(ax, place: float, said: dict[str, str]) -> None:
    """The words of each part below its bar, behind a field that looks like the part."""
    found = []
    for part, text in said.items():
        if part:
            field = DrawingArea(11, 8)
            field.add_artist(Rectangle((0, 0), 11, 8, linewidth=0.6, **look_of(part)))
            found.append(field)
        found.append(TextArea(f"{text}  ", textprops={"fontsize": NOTE, "color": SOFT}))
    line = HPacker(children=found, align="center", pad=0, sep=3)
    box = ax.add_artist(
        AnnotationBbox(
            line, (0, place), xybox=(0, -20), xycoords=("axes fraction", "data"), boxcoords="offset points",
            box_alignment=(0, 0.5), frameon=False, pad=0, annotation_clip=False,
        )
    )  # fmt: skip
    box.set_in_layout(False)


def signed(households: float) -> str:
    """Rounded to hundreds, "0" below 50."""
    sign = "−" if households < 0 else ""
    return f"{sign}{hundreds(abs(households), language())}" if abs(households) >= 50 else "0"


@chart(height=lambda values: rows_high(values) + 0.3)
def distribution(values, highlight: str | None = None, *, labels: Labels):
    """Where do the households without access live? A bar per region with its 80 % range, and a line for its
    share of all households. Draws on `ax` and returns it.

    values: [region_code, region, unserved_households, share_unserved_pct, share_households_pct], optionally
    lower and upper (of share_unserved_pct). The most first.
    """
    ax = labels.ax
    rows = values[values["unserved_households"].notna()].sort_values(
        ["unserved_households", "region_code"], ascending=[False, True], ignore_index=True
    )
    ranged = {"lower", "upper"} <= set(rows)
    columns = ["share_unserved_pct", "share_households_pct", *(["upper"] if ranged else [])]
    ax.set_xlim(0, rows[columns].max(axis=None) * 1.04)
    numbered(labels, "%", "x")
    own = [place for place, code in enumerate(rows["region_code"]) if code == highlight]
    names_at_left(labels, list(rows["region"]), own)
    for place, row in rows.iterrows():
        colour = ACCENT if place in own or not highlight else REST
        ax.barh(place, row["share_unserved_pct"], height=0.6, color=colour, alpha=0.55, zorder=2)
        line = {"color": INK, "linewidth": 2.2, "zorder": 4}
        ax.plot([row["share_households_pct"]] * 2, [place - 0.4, place + 0.4], **line)
        if ranged and pd.notna(row["lower"]):
            ax.plot([row["lower"], row["upper"]], [place] * 2, color=colour, linewidth=1.8, zorder=3)
        share = percent(row["share_unserved_pct"], 1, language())
        look = {"fontweight": "bold" if place in own else "normal", "ha": "right"}
        labels.aside(share, place, 40, **look)
        labels.aside(hundreds(row["unserved_households"], language()), place, 88, **look)
        if place < 3:
            labels.facts.append(f"{row['region']} {share}")
    ax.set_xlabel(f"{say('bar')}\n{say('rule')}" + (f"\n{say('whiskers')}" if ranged else ""), loc="left")
