"""The house style of charts, and a finished figure as SVG; importing it draws nothing.

Dark mode: `svg` writes every colour as a plain attribute (`fill="#1a1a1a"`), which Word, a printer and every
viewer understand, and adds one `<style>` with `DARK_CSS`: under `prefers-color-scheme: dark` the colours of the
house, and only these, change. An SVG in an `<img>` follows the `color-scheme` of the page; a page that puts
the SVG into its own text can take the same rules into its style sheet. A figure whose paper is not PAPER (a
planner's own, drawn outside `style()`) keeps all its colours and its white ground: a card in the dark.
White letters on a dark fill are #FFFFFF, which never changes; the paper is #FEFEFE, which does.
"""

import io
import re
from contextlib import contextmanager
from xml.etree import ElementTree
from zlib import crc32

WIDTH = 4.6  # inches: 331 points, so that on a telephone 390 pixels wide a point is 1.08 pixels
TEXT = 11  # points
SMALL = 10.5
NOTE = 9.5  # what an axis and its marks mean
PAPER = "#FEFEFE"
INK = "#1A1A1A"
SOFT = "#595959"  # 7:1 on white
LINE = "#C9CDD2"
GRID = "#ECEEF0"
ACCENT = "#00507D"  # the region the page is about
BAND = "#CFE3F1"
BAND_EDGE = "#5E97BD"
REST = "#767D85"  # everybody else; 4.1:1 as a mark
PALE = "#A9CDE4"  # what comes of itself
UNKNOWN = "#969EA6"  # a bar that no projection divides
SHADE = "#01507D"  # the darkest field of a heat map, which stays dark
EFFORT = "#A33B00"  # what has to be added; what falls
SECOND = "#5B3A8C"
STEPS = ("#1A6FA5", "#4C97C4", "#94C1DF", "#C5CBD1", "#8A9199")  # from good to bad, then unknown
ON_FILL = "#FFFFFF"
DARK_ON_FILL = "#1B1B1B"  # letters on a light fill that stays light in the dark

# in the dark: at least 4.5:1 for letters and 3:1 for marks on #14181c, the paper of the pages
DARK = {
    PAPER: "#14181c",
    "#000000": "#e8ebee",
    INK: "#e8ebee",
    SOFT: "#aeb6be",
    LINE: "#4a525a",
    GRID: "#272d33",
    ACCENT: "#8fc8ea",
    BAND: "#1f4159",
    BAND_EDGE: "#3f7ea6",
    UNKNOWN: "#7d868f",
    PALE: "#2d6a91",
    REST: "#969ea6",
    EFFORT: "#ff9d66",
    SECOND: "#c3a6f0",
    "#0072B2": "#4fb0e6",
    "#882255": "#e583b5",
}
DARK_RULES = "".join(
    f'[{part}="{light.lower()}"]{{{part}:{dark}}}'
    for light, dark in DARK.items()
    for part in ("fill", "stroke")
)
DARK_CSS = f"@media screen and (prefers-color-scheme:dark){{{DARK_RULES}}}"
LETTERS = "Arial,'Liberation Sans',Roboto,Helvetica,sans-serif"
FONT = "DejaVu Sans"  # measured with it: wider than LETTERS, so that nothing touches on a reader's screen
STYLE = {
    "figure.figsize": (WIDTH, 3.1),
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "axes.facecolor": "none",
    "axes.edgecolor": LINE,
    "axes.linewidth": 0.8,
    "axes.labelcolor": SOFT,
    "axes.labelsize": SMALL,
    "axes.titlesize": TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": LINE,
    "xtick.labelcolor": SOFT,
    "xtick.labelsize": SMALL,
    "ytick.color": LINE,
    "ytick.labelcolor": SOFT,
    "ytick.labelsize": SMALL,
    "text.color": INK,
    "font.size": SMALL,
    "font.family": FONT,
    "legend.frameon": False,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": PAPER,
    "svg.fonttype": "none",
}
NOT_DATED = {"Date": None, "Creator": None, "Format": None, "Type": None}
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
LINK = f"{{{XLINK}}}href"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


@contextmanager
def style():
    """The house style for charts of one's own; what was set before comes back afterwards.

    >>> import matplotlib.pyplot as plt
    >>> with style():
    ...     figure, ax = plt.subplots()
    >>> [float(inches) for inches in figure.get_size_inches()]
    [4.6, 3.1]
    >>> plt.close(figure)
    """
    import matplotlib.style
    from cycler import cycler

    colours = cycler(color=[ACCENT, EFFORT, REST, SECOND, "#009E73", "#CC79A7"])
    with matplotlib.style.context(["default", {**STYLE, "axes.prop_cycle": colours}]):
        yield


def facts(figure) -> str:
    """The two or three figures that prove what the charts on `figure` say, for its alternative text:
    "2021: 77,19%; 2024: 83,18%"; "" for a figure that no chart of the house drew.
    """
    return "; ".join(
        fact for ax in figure.axes for child in ax.get_children() for fact in getattr(child, "facts", ())
    )


def svg(figure) -> str:
    """The figure as one line of SVG: letters stay letters, equal figures give equal text, dark mode included.

    Its width and height are 1.6 pixels a point, for a wide page; a narrow one makes it smaller.
    """
    import matplotlib as mpl
    from matplotlib.colors import to_hex
    from matplotlib.transforms import Bbox

    page, paper = io.StringIO(), figure.get_facecolor()
    ours = to_hex(paper) == PAPER.lower()  # whose layout keeps everything on the paper
    size = None if ours else Bbox.union([figure.bbox_inches, figure.get_tightbbox()])
    with mpl.rc_context({"svg.hashsalt": "pkp", "svg.fonttype": "none"}):
        figure.savefig(page, format="svg", metadata=NOT_DATED, facecolor=paper, bbox_inches=size)
    root = ElementTree.fromstring(page.getvalue())
    for part in root.iter():
        plain(part)
    for parent in list(root.iter()):
        for part in list(parent):
            if part.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(part)
    width, height = (float(value) for value in root.attrib.pop("viewBox").split()[2:])
    root.attrib = {
        "viewBox": f"0 0 {width:g} {height:g}",
        "width": str(round(width * 1.6)),
        "height": str(round(height * 1.6)),
        "font-family": LETTERS,
        "stroke-linejoin": "round",
    }
    if ours:
        dark = ElementTree.Element(f"{{{SVG}}}style")
        dark.text = DARK_CSS
        root.insert(0, dark)
    return own_names(root)


def plain(part: ElementTree.Element) -> None:
    """Style as attributes, numbers with one decimal, no font of this machine."""
    for rule in part.attrib.pop("style", "").split(";"):
        name, _, value = (text.strip() for text in rule.partition(":"))
        if value and name != "font-family":
            part.set(name, value)
    if part.get("transform", "").startswith("rotate(-0 "):
        del part.attrib["transform"]
    for name in ("d", "x", "y", "transform"):
        if name in part.attrib and "matrix" not in part.attrib[name]:
            text = re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.1f}", part.attrib[name])
            part.set(name, " ".join(text.replace(".0 ", " ").replace("-0 ", "0 ").split()))
    part.tail = None
    if part.text and not part.text.strip():
        part.text = None


def own_names(root: ElementTree.Element) -> str:
    """The text of the picture: only names that something refers to, and no two pictures share one."""
    text = ElementTree.tostring(root, encoding="unicode")
    used = list(dict.fromkeys(re.findall(r'(?:href="|url\()#([\w-]+)', text)))
    prefix = f"g{crc32(text.encode()):08x}"
    names = {name: f"{prefix}-{place}" for place, name in enumerate(used)}
    for part in root.iter():
        if "id" in part.attrib:
            name = names.get(part.attrib.pop("id"))
            if name:
                part.set("id", name)
        if part.get(LINK, "").startswith("#"):  # not a picture inside the drawing, as a colour bar is
            part.set(LINK, "#" + names[part.get(LINK)[1:]])
        for name, value in part.attrib.items():
            if value.startswith("url(#"):
                part.set(name, f"url(#{names[value[5:-1]]})")
    return ElementTree.tostring(root, encoding="unicode")
