"""What every chart of the house stands on: an Axes in the house style, and labels that find their own places.

Labels are placed when the picture is drawn, not when they are asked for: whatever else stands on the Axes by
then, a planner's own line or other limits, they keep off it and stay with their points.
"""

from functools import wraps

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

from ..words.catalogue import language, load_sentences
from .style import FONT, GRID, LINE, PAPER, REST, SMALL, SOFT, WIDTH, style

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
DISTANCES = (5, 10, 16, 24, 34, 46, 60, 76)  # points from the thing to the edge of its label
FAR = 16  # from here on a thin line leads to the label
ON_BAND, ON_LINE, ON_POINT, ON_TEXT = 1.0, 4.0, 30.0, 400.0  # what lying on it costs


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
                draw(frame, *args, labels=house(ax), **options)
            return ax

        return drawn

    return decorate


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

    def put(self, x, y, text: str, prefer="above below right left", least=False, **look) -> Annotation:
        """Write `text` beside the point (x, y), in data units; `prefer` orders the directions, others follow.

        least: the label gives way: where there is no free place it is not drawn.
        """
        look = {"fontsize": SMALL, "zorder": 7, "linespacing": 1.15} | look
        thread = {"arrowstyle": "-", "color": REST, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 3}
        label = self.ax.annotate(
            text,
            (x, y),
            xytext=(0, 0),
            textcoords="offset points",
            ha="center",
            va="center",
            arrowprops=thread,
            **look,
        )
        label.set_in_layout(False)
        self.items.append((label, list(dict.fromkeys([*prefer.split(), *DIRECTIONS])), least))
        return label

    def aside(self, text: str, place: float, points: float = 6, **look) -> Annotation:
        """Write `text` right of the Axes at the height `place` (data units), `points` from its edge."""
        return self.ax.annotate(
            text,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(points, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
            **({"fontsize": SMALL, "color": SOFT} | look),
        )

    def draw(self, renderer) -> None:
        for right in self.before:
            right()
        points = self.ax.get_figure(root=True).dpi / 72
        clouds, texts = self._obstacles(renderer, points)
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
                for order, name in enumerate(directions):
                    away = np.array(DIRECTIONS[name], dtype=float)
                    room = half.copy()
                    if away.all():  # to a corner: the label begins where the point is
                        room[0] *= 0.9
                    middle = anchor + away * (room + distance * points * (0.7 if away.all() else 1))
                    low, high = figure.min + half + 1, figure.max - half - 1
                    middle = np.minimum(np.maximum(middle, low), np.maximum(high, low))
                    cost = order * 0.4 + distance * 0.15 + self._covered(middle, half, clouds, texts, points)
                    if best is None or cost < best[0]:
                        best = (cost, middle, distance)
            cost, middle, distance = best
            if least and cost >= ON_TEXT / 8:
                label.set_visible(False)
                continue
            label.set_position((middle - anchor) / points)
            label.arrow_patch.set_visible(distance >= FAR)
            texts.append((*(middle - half), *(middle + half)))

    def _covered(self, middle, half, clouds, texts, points) -> float:
        """What it costs to write on this place: what would be hidden or crossed."""
        low, high = middle - half - 1.5 * points, middle + half + 1.5 * points
        cost = 0.0
        for cloud, weight in clouds:
            cost += weight * np.count_nonzero(((cloud > low) & (cloud < high)).all(axis=1))
        for left, bottom, right, top in texts:
            if low[0] < right and high[0] > left and low[1] < top and high[1] > bottom:
                cost += ON_TEXT
        return cost

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
        for axis in (self.ax.xaxis, self.ax.yaxis):
            for tick in axis.get_ticklabels():
                if tick.get_visible() and tick.get_text():
                    texts.append(tick.get_window_extent(renderer).extents)
        return clouds, texts


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
