"""What every chart of the house stands on: an Axes in the house style, and labels that find their own places.

Labels are placed when the picture is drawn, not when they are asked for: whatever else stands on the Axes by
then, a planner's own line or other limits, they keep off it and stay with their points.
"""

from functools import wraps

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

from ..data.regions import regions
from ..words.catalogue import language, load_sentences
from .style import FONT, GRID, INK, LINE, PAPER, REST, SMALL, SOFT, WIDTH, style

DIRECTIONS = {
    "above": (0, 1),
    "below": (0, -1),
    "right": (1, 0),
    "left": (-1, 0),
    "above_left": (-1, 1),
    "above_right": (1, 1),
    "below_left": (-1, -1),
    "below_right": (1, -1),
}
DISTANCES = (5, 10, 16, 24, 34, 46, 60, 76, 96)  # points from the thing to the edge of its label
FAR = 16  # from here on a thin line leads to the label
STEPS = np.linspace(0.05, 0.9, 12)[:, None]
ON_BAND, ON_LINE, ON_POINT, ON_TEXT = 4.0, 4.0, 30.0, 400.0  # what lying on it costs
AT_EDGE, AT_TOP = ("axes fraction", "data"), ("data", "axes fraction")  # how a note's place is counted


def chart(height):
    """A function that draws on `labels` (of an Axes in the house style) becomes a chart with `ax=None`.

    height: of the figure it makes for itself without an Axes, in inches, or a function of the frame.
    """

    def decorate(draw):
        @wraps(draw)
        def drawn(frame, *args, ax=None, **options):
            with style():
                if ax is None:
                    import matplotlib.pyplot as plt

                    inches = height(frame) if callable(height) else height
                    ax = plt.figure(figsize=(WIDTH, inches)).add_subplot()
                draw(named(frame), *args, labels=house(ax), **options)
            return ax

        return drawn

    return decorate


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with `region` as short as it is clear: "Banjar", in full only beside a namesake."""
    if "region_code" not in frame:
        return frame
    codes, register = frame["region_code"], regions()
    short, full = codes.map(register["name"]), codes.map(register["full_name"])
    clear = codes.groupby(short).transform("nunique").eq(1)
    return frame.assign(region=short.where(clear, full).fillna(frame.get("region", codes)))


def house(ax) -> "Labels":
    """The Axes in the house style, whatever style it was made in, and the labels that stand on it."""
    figure = ax.get_figure(root=True)
    figure.set_facecolor(PAPER)
    if figure.get_layout_engine() is None:
        figure.set_layout_engine("constrained")
    ax.set_facecolor("none")
    ax.set_axisbelow(True)
    ax.grid(False, which="both")
    ax.minorticks_off()
    for side, spine in ax.spines.items():
        spine.set(visible=side == "bottom", color=LINE, linewidth=0.8)
    ax.tick_params(
        direction="out",
        length=3,
        width=0.8,
        pad=3,
        color=LINE,
        labelcolor=SOFT,
        labelsize=SMALL,
        labelfontfamily=FONT,
        grid_color=GRID,
        grid_linewidth=0.8,
        grid_linestyle="-",
        grid_alpha=1,
        bottom=True,
        top=False,
        left=False,
        right=False,
    )
    return next((child for child in ax.get_children() if isinstance(child, Labels)), None) or Labels(ax)


def say(key: str, **values) -> str:
    """A label of [chart] in the catalogue, in the language of the page."""
    return load_sentences(language()).say(f"chart.{key}", **values)


class Labels(Artist):
    """The labels of an Axes. Drawn before everything else, it finds each label its place at that moment."""

    zorder = -10

    def __init__(self, ax):
        super().__init__()
        self.ax = ax
        self.items = []  # (annotation, directions), the most important first
        self.before = []  # what else has to be right when the picture is drawn: functions of no argument
        self.drawings = 0  # how often a chart was drawn on this Axes
        self.facts = []  # what the chart proves, for the alternative text
        ax.add_artist(self)
        self.set_clip_path(None)

    def put(self, x, y, text: str, prefer="above below right left", least=False, **look) -> None:
        """Write `text` beside the point (x, y), in data units; `prefer` orders the directions, others follow.

        least: the label gives way: where there is no free place it is not drawn.
        """
        look = {"fontsize": SMALL, "zorder": 7, "linespacing": 1.15} | look
        thread = {"arrowstyle": "-", "color": REST, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 3}
        label = self.note(
            text, (x, y), ha="center", arrowprops=thread, annotation_clip=None, **{"color": INK} | look
        )
        label.set_in_layout(False)
        self.items.append((label, list(dict.fromkeys([*prefer.split(), *DIRECTIONS])), least))

    def aside(self, text: str, place: float, points: float, **look) -> Annotation:
        """Write `text` right of the Axes at the height `place` (data units), `points` from its edge."""
        return self.note(text, (1, place), (points, 0), AT_EDGE, **look)

    def note(self, text: str, place, offset=(0, 0), counted="data", **look) -> Annotation:
        """Write `text` at a place of its own, `offset` points from it; `counted` says in what it is given."""
        look = {"color": SOFT, "va": "center", "annotation_clip": False} | look
        return self.ax.annotate(text, place, offset, counted, "offset points", **look)

    def draw(self, renderer) -> None:
        for right in self.before:
            right()
        points = self.ax.get_figure(root=True).dpi / 72
        clouds, texts = self._obstacles(renderer, points)
        cloud = np.concatenate([np.empty((0, 2)), *(pixels for pixels, _ in clouds)])
        costs = np.concatenate([np.empty(0), *(np.full(len(pixels), cost) for pixels, cost in clouds)])
        figure = self.ax.get_figure(root=True).bbox
        inside = self.ax.bbox.padded(0.5)
        for label, directions, least in self.items:
            anchor = self.ax.transData.transform(label.xy)
            label.set_visible(bool(inside.contains(*anchor)) and bool(label.get_text()))
            if not label.get_visible():
                continue
            label.arrow_patch.set_visible(False)
            size = Text.get_window_extent(label, renderer)
            half = np.array([size.width, size.height]) / 2
            best = None
            for distance in DISTANCES:
                if best and best[0] <= distance * 0.15:
                    break  # further away nothing is better
                for order, name in enumerate(directions):
                    away = np.array(DIRECTIONS[name], dtype=float)
                    room = half * ((0.9, 1) if away.all() else 1)  # to a corner: it begins where the point is
                    middle = anchor + away * (room + distance * points * (0.7 if away.all() else 1))
                    low, high = figure.min + half + 1, figure.max - half - 1
                    middle = np.minimum(np.maximum(middle, low), np.maximum(high, low))
                    cost = order * 0.4 + distance * 0.15
                    cost += covered(middle, half + 1.5 * points, cloud, costs, texts)
                    if distance >= FAR:
                        cost += ON_LINE * crossed(anchor, middle, texts)
                    if middle[1] - half[1] < self.ax.bbox.y0:
                        cost += ON_TEXT / 4  # below the axis stand its own names
                    if best is None or cost < best[0]:
                        best = (cost, middle, distance)
            cost, middle, distance = best
            if least and cost >= ON_TEXT / 8:
                label.set_visible(False)
                continue
            label.set_position((middle - anchor) / points)
            label.arrow_patch.set_visible(distance >= FAR)
            texts = np.vstack([texts, [*(middle - half), *(middle + half)]])
            if distance >= FAR:
                cloud = np.concatenate([cloud, anchor + STEPS * (middle - anchor)])
                costs = np.concatenate([costs, np.full(len(STEPS), ON_LINE)])

    def _obstacles(self, renderer, points):
        """What stands on the Axes: clouds of (pixels, cost), and the boxes of letters."""
        clouds, texts = [], []
        own = {id(label) for label, *_ in self.items}
        for artist in self.ax.get_children():
            if not artist.get_visible() or id(artist) in own:
                continue
            if isinstance(artist, Line2D) and len(artist.get_xdata()):
                path = artist.get_transform().transform(artist.get_path().vertices)
                if artist.get_marker() not in ("", " ", "None", None):
                    clouds.append((around(path, artist.get_markersize() * points / 2), ON_POINT))
                if artist.get_linestyle() not in ("None", "", " "):
                    clouds.append((along(path, 4 * points), ON_LINE))
            elif isinstance(artist, LineCollection):
                for path in artist.get_paths():
                    line = artist.get_transform().transform(path.vertices)
                    clouds.append((along(line, 4 * points), ON_LINE))
            elif isinstance(artist, PathCollection):
                offsets = artist.get_offset_transform().transform(artist.get_offsets())
                clouds.append((around(np.asarray(offsets), 4 * points), ON_POINT))
            elif isinstance(artist, PolyCollection):
                for path in artist.get_paths():
                    clouds.append((filled(path.transformed(artist.get_transform()), 5 * points), ON_BAND))
            elif isinstance(artist, Rectangle) and artist is not self.ax.patch:
                path = artist.get_path().transformed(artist.get_transform())
                clouds.append((filled(path, 5 * points), ON_LINE))
            elif isinstance(artist, Text) and artist.get_text():
                texts.append(Text.get_window_extent(artist, renderer).extents)
        ticks = [tick for axis in (self.ax.xaxis, self.ax.yaxis) for tick in axis.get_ticklabels()]
        boxes = [tick.get_window_extent(renderer).extents for tick in ticks if tick.get_text()]
        below = [box for box in boxes if box[3] < self.ax.bbox.y0]
        if below:  # no label stands between the years
            lows, highs = np.min(below, axis=0), np.max(below, axis=0)
            boxes.append((*lows[:2], *highs[2:]))
        return clouds, np.array(texts + boxes, dtype=float).reshape(-1, 4)


def covered(middle, half, cloud, costs, texts) -> float:
    """What it costs to write here: what would be hidden, crossed or written over."""
    low, high = middle - half, middle + half
    hidden = (cloud > low) & (cloud < high)
    over = (low < texts[:, 2:]) & (high > texts[:, :2])
    return costs[hidden[:, 0] & hidden[:, 1]].sum() + ON_TEXT * np.count_nonzero(over[:, 0] & over[:, 1])


def crossed(start, end, texts) -> int:
    """How often a thin line from `start` to `end` meets letters."""
    line = (start + STEPS * (end - start))[:, None]
    return np.count_nonzero(((line > texts[:, :2]) & (line < texts[:, 2:])).all(axis=2))


def along(path, step: float):
    """Pixels along a line, at most `step` apart; gaps (NaN) stay gaps."""
    parts = [path[~np.isnan(path).any(axis=1)]]
    for start, end in zip(path, path[1:], strict=False):
        length = np.hypot(*(end - start))
        if step < length < 1e5:  # NaN is neither
            parts.append(start + np.linspace(0, 1, int(length / step) + 1)[:, None] * (end - start))
    return np.concatenate(parts)


def around(path, radius: float):
    """The middle and four edges of each mark."""
    return np.concatenate([path + radius * np.array(at) for at in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))])


def filled(path, step: float):
    """Pixels inside a filled shape, `step` apart."""
    box = path.get_extents()
    if not np.isfinite(box.extents).all() or max(box.width, box.height) > 1e4:
        return np.empty((0, 2))
    x, y = np.meshgrid(np.arange(box.x0 + step / 2, box.x1, step), np.arange(box.y0 + step / 2, box.y1, step))
    grid = np.column_stack([x.ravel(), y.ravel()])
    return grid[path.contains_points(grid)] if len(grid) else grid
