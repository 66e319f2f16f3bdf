"""A finished chart: picture, one-sentence title, alt text and the figures behind it; and the paper it is
drawn on.

Pictures are SVG whose letters stay letters: a quarter of the bytes of a 2x PNG, drawn three times as fast,
crisp on
paper and on a phone. They are 360 points wide, so that on a 390 px telephone one point is about one pixel.
"""

import base64
import io
import re
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd
from markupsafe import Markup

from ..html import table as html_table
from ..words.marks import MARKS
from .ink import INK, LETTERS, LINE, SMALL, SOFT, TEXT, WIDTH, pick, wrap

# matplotlib is imported by the first chart that is drawn: the program that puts pages together draws none.
STYLE = {
    "axes.edgecolor": LINE,
    "axes.linewidth": 0.8,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "font.size": TEXT,
    "font.family": "DejaVu Sans",
    "axes.axisbelow": True,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "white",
    "patch.force_edgecolor": True,
}
SAVING = {"svg.hashsalt": "pkp", "svg.fonttype": "none", "svg.id": "g"}
CHECK = [(-1.0, 0.0), (-0.65, 0.35), (-0.3, 0.0), (0.7, 0.95), (1.0, 0.6), (-0.3, -0.75), (-1.0, 0.0)]
SHAPES = {"✔": CHECK, "●": "o", "◆": "D", "▽": "v", "✖": "X", "◇": "D", "○": "o", "◌": "h"}
HOLLOW = "▽◇○◌"


@dataclass(frozen=True)
class Figure:
    """A chart ready for a page: `title` answers one question, `subtitle` says what is shown, `table` holds
    its figures as text.
    """

    canvas: object = field(repr=False)  # matplotlib.figure.Figure
    title: str
    subtitle: str
    alt: str
    table: pd.DataFrame = field(repr=False)
    lang: str = "id"

    @cached_property
    def svg(self) -> str:
        """The picture without its title, as one line of SVG; equal figures give equal text."""
        import matplotlib as mpl
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        page = io.StringIO()
        with mpl.rc_context(SAVING):
            FigureCanvasSVG(self.canvas).print_svg(
                page, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
            )
        return shorten(page.getvalue())

    def png(self, scale: float = 2.0) -> bytes:
        """The picture with title and subtitle above it, for slides and messages; `scale` 2 gives 2 pixels per
        CSS pixel.
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        heading = self.canvas.text(
            0.03,
            1.02 + 18 / self.canvas.bbox.height,
            wrap(self.title, 52),
            ha="left",
            va="bottom",
            fontsize=12,
            fontweight="bold",
            color=INK,
        )
        note = self.canvas.text(
            0.03, 1.02, wrap(self.subtitle, 62), ha="left", va="bottom", fontsize=9, color=SOFT
        )
        heading.set_y(1.03 + (note.get_text().count("\n") + 1) * 14 / self.canvas.bbox.height)
        page = io.BytesIO()
        FigureCanvasAgg(self.canvas).print_figure(
            page,
            format="png",
            dpi=96 * scale * 1.4,
            bbox_inches="tight",
            pad_inches=0.12,
            facecolor="white",
            metadata={"Software": None},
        )
        for artist in (heading, note):  # the same canvas may be drawn again
            artist.remove()
        return page.getvalue()

    @property
    def data_uri(self) -> str:
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()

    def to_html(self, figure_id: str = "grafik") -> Markup:
        """The figure element of a page: title, picture with alt text, and the figures behind a toggle."""
        width, height = (round(points * 1.6) for points in self.canvas.get_size_inches() * 72)
        summary = pick(self.lang, "Angka dalam grafik", "Figures in this chart")
        rows = html_table(
            f"{figure_id}-data", self.title, list(self.table.columns), self.table.to_numpy().tolist()
        )
        return Markup(
            '<figure id="{}" class="grafik">\n<figcaption><strong>{}</strong>'
            ' <span>{}</span></figcaption>\n<img src="{}" alt="{}" width="{}"'
            ' height="{}">\n<details><summary>{}</summary>\n{}\n</details>\n</figure>'
        ).format(figure_id, self.title, self.subtitle, self.data_uri, self.alt, width, height, summary, rows)

    def _repr_html_(self) -> str:
        return str(self.to_html())


def shorten(svg: str) -> str:
    """The same picture in fewer bytes: no comments, no metadata, two decimals, letters of the reader's own
    system.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\.\d\d)\d+", r"\1", tag[0]), svg)
    svg = re.sub(r"font-family: [^;\"]*(; )?", "", svg).replace("<svg ", f'<svg font-family="{LETTERS}" ', 1)
    return re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><").strip()


def paper(height: float, left: float = 10, right: float = 10, top: float = 8, bottom: float = 22):
    """A white canvas 360 points wide and its axes; margins in points."""
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(WIDTH / 72, height / 72), facecolor="white")
        axes = canvas.add_axes(
            (left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, (height - top - bottom) / height)
        )
        axes.tick_params(length=3, width=0.8, labelsize=SMALL, pad=3)
        axes.spines[["top", "right"]].set_visible(False)
    return canvas, axes


def mark(axes, x: float, y: float, status: str, size: float = 9) -> None:
    """The symbol of a status, drawn (letters such as ✔ turn into pictures on some telephones)."""
    known = MARKS[status]
    face = "white" if known.symbol in HOLLOW else known.color
    axes.plot(
        [x],
        [y],
        marker=SHAPES[known.symbol],
        markersize=size * (1.25 if known.symbol == "✔" else 1),
        color=known.color,
        markerfacecolor=face,
        markeredgewidth=1.8 if face == "white" else 0.6,
        zorder=6,
        clip_on=False,
    )


class Labels:
    """Places labels beside points so that none covers another or leaves the picture; greedy, in the order
    asked.
    """

    def __init__(self, axes):
        self.axes = axes
        self.taken = []

    def block(self, x: float, y: float, radius: float = 5) -> None:
        """Keep labels off the point (x, y), in data units; `radius` in points."""
        across, up = self._points(x, y)
        self.taken.append((across - radius, up - radius, across + radius, up + radius))

    def put(self, x: float, y: float, text: str, places=((0, 9), (0, -9), (0, 20), (0, -20)), **style):
        """Write `text` at the first of `places` (offsets in points) where it is free, else at the last;
        returns what was written.
        """
        size = style.setdefault("fontsize", SMALL)
        lines = text.split("\n")
        width = max(map(len, lines)) * size * 0.6
        height = len(lines) * size * 1.2
        across, up = self._points(x, y)
        for dx, dy in places:
            middle = min(max(across + dx, width / 2 + 2), WIDTH - width / 2 - 2)
            box = (middle - width / 2, up + dy - height / 2, middle + width / 2, up + dy + height / 2)
            if self._free(box):
                break
        self.taken.append(box)
        return self.axes.annotate(
            text,
            (x, y),
            xytext=(middle - across, dy),
            textcoords="offset points",
            ha="center",
            va="center",
            zorder=7,
            annotation_clip=False,
            **style,
        )

    def _points(self, x: float, y: float):
        return self.axes.transData.transform((x, y)) * 72 / self.axes.figure.dpi

    def _free(self, box) -> bool:
        left, low, right, high = box
        top = self.axes.figure.get_size_inches()[1] * 72
        inside = low >= 0 and high <= top
        return inside and all(left >= r or right <= l or low >= h or high <= b for l, b, r, h in self.taken)  # noqa: E741
