"""The charts of a page as files of their own: SVG with title and note, one by one and together in a ZIP."""

import base64
import io
import re
import zipfile
from html import unescape
from pathlib import Path, PurePosixPath

from markupsafe import Markup

from ..charts.ink import INK, LETTERS, SOFT, WIDTH, wrap
from ..files import write
from .frame import relative

FIGURE = re.compile(
    r'<figure id="gambar-(?P<name>[\w-]+)" class="grafik">\s*<figcaption><strong>(?P<title>.*?)</strong>'
    r" <span>(?P<note>.*?)</span></figcaption>\s*"
    r'<img src="data:image/svg\+xml;base64,(?P<picture>[^"]+)" alt="(?P<alt>[^"]*)"[^>]*>',
    re.DOTALL,
)
HEAD = re.compile(r"<svg\b[^>]*>")
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
MARGIN, LEAD = 12, 17
SAME_DAY = (2020, 1, 1, 0, 0, 0)  # equal charts give equal bytes


def stem_of(page: str) -> str:
    """ "6304-barito-kuala" for "wilayah/6304-barito-kuala.en.html"."""
    return PurePosixPath(page).name.removesuffix(".html").removesuffix(".en")


def archive_of(page: str) -> str:
    return f"unduhan/{stem_of(page)}-grafik.zip"


def file_name(name: str, page: str) -> str:
    return f"{name}{'.en' if page.endswith('.en.html') else ''}.svg"


def linked(body: str, page: str, word: dict[str, str]) -> str:
    """The body with a link below each chart to its file; the page's script adds a button for a PNG."""

    def link(figure: re.Match) -> str:
        address = relative(page, f"unduhan/grafik/{stem_of(page)}/{file_name(figure['name'], page)}")
        below = Markup('\n<p class="simpan"><a href="{}" download data-png="{}">{}</a></p>').format(
            address, word["save_png"], word["save_svg"]
        )
        return figure[0] + str(below)

    return FIGURE.sub(link, body)


def standalone(figure: re.Match, about: str) -> str:
    """A chart that explains itself: title, note, drawing, and `about` (region, data version) at the foot."""
    drawing = base64.b64decode(figure["picture"]).decode()
    head = HEAD.search(drawing)[0]
    width, height = (float(size) for size in SIZE.search(head).groups())
    lines = [(line, 13, "bold", INK) for line in wrap(unescape(figure["title"]), 42).split("\n")]
    lines += [(line, 10, "normal", SOFT) for line in wrap(unescape(figure["note"]), 62).split("\n")]
    top = MARGIN + LEAD * len(lines)
    texts = [text_line(MARGIN, MARGIN + LEAD * place, *line) for place, line in enumerate(lines, start=1)]
    whole = top + height * WIDTH / width + 2 * LEAD
    inner = drawing.replace(
        head,
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' font-family="{LETTERS}" x="{MARGIN}" y="{top + 6}" width="{WIDTH}"'
        f' height="{height * WIDTH / width:g}" viewBox="0 0 {width:g} {height:g}">',
        1,
    )
    texts.append(text_line(MARGIN, whole - 8, about, 9, "normal", SOFT))
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1:g}" viewBox="0 0 {2} {1:g}"'
            ' role="img" font-family="{3}"><title>{4}</title><rect width="{2}" height="{1:g}"'
            ' fill="#FFFFFF"/>{5}{6}</svg>\n'
        ).format(
            WIDTH + 2 * MARGIN,
            whole,
            WIDTH + 2 * MARGIN,
            LETTERS,
            unescape(figure["alt"]),
            Markup("").join(texts),
            Markup(inner),
        )
    )


def text_line(x: float, y: float, text: str, size: int, weight: str, color: str) -> Markup:
    return Markup('<text x="{}" y="{:g}" font-size="{}" font-weight="{}" fill="{}">{}</text>').format(
        x, y, size, weight, color, text
    )


def write_figures(out: Path, page: str, abouts: dict[str, str]) -> None:
    """The files of all charts of a page, in every language that is there; files of charts that are gone are
    removed.

    page: its place in Indonesian; abouts: place of the page in each language -> what stands at the foot of
    its charts.
    """
    folder = out / "unduhan" / "grafik" / stem_of(page)
    files = {}
    for place, about in abouts.items():
        html = (out / place).read_text(encoding="utf-8") if (out / place).is_file() else ""
        files |= {
            file_name(figure["name"], place): standalone(figure, about) for figure in FIGURE.finditer(html)
        }
    for path in folder.glob("*.svg"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text:
            write(folder / name, text)
    archive = out / archive_of(page)
    if files:
        write(archive, zipped(files))
    else:
        archive.unlink(missing_ok=True)


def zipped(files: dict[str, str]) -> bytes:
    """A ZIP of texts by name; equal texts give equal bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, SAME_DAY), files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()
