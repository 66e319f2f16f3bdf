"""The picture a shared link shows: name of the page and what it says first, as a PNG of the usual size."""

import io
from textwrap import wrap

from ..charts.style import INK, SOFT

SIZE = (12, 6.3)  # inches at 100 dots each
EDGE, ACCENT = 0.05, "#00507d"
LETTERS, LINES = 46, 7  # of the text that fit
COLORS = 16  # of the palette: a picture is six times smaller than with all of them


def card(title: str, text: str, foot: str) -> bytes:
    """PNG bytes, 1200 x 630; equal words give equal bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from PIL import Image

    figure = Figure(figsize=SIZE, dpi=100, facecolor="white")
    bar = {"transform": figure.transFigure, "color": ACCENT, "linewidth": 0}
    figure.patches.append(Rectangle((0, 0.97), 1, 0.03, **bar))
    lines = wrap(text, LETTERS)
    lines = lines if len(lines) <= LINES else [*lines[: LINES - 1], lines[LINES - 1] + " …"]
    for y, words, size, weight, color in (
        (0.85, title, 34, "bold", ACCENT),
        (0.74, "\n".join(lines), 25, "normal", INK),
        (0.1, foot, 16, "normal", SOFT),
    ):
        look = {"size": size, "weight": weight, "color": color, "va": "top", "linespacing": 1.35}
        figure.text(EDGE, y, words.replace("$", r"\$"), **look)
    canvas, made = FigureCanvasAgg(figure), io.BytesIO()
    canvas.draw()
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    drawn.quantize(COLORS).save(made, "png", optimize=True)
    return made.getvalue()
