"""The pictures of a page as files of their own: SVG with title and note, one by one and together in a ZIP."""

import io
import zipfile
from pathlib import Path, PurePosixPath
from textwrap import wrap
from xml.etree import ElementTree

from markupsafe import Markup

from ..charts.style import INK, LETTERS, SOFT, SVG
from ..files import write
from .frame import environment

MARGIN, LEAD = 12, 17
LETTERS_EACH = 6.4  # points a letter of the title takes on average; the note's are smaller
SAME_DAY = (2020, 1, 1, 0, 0, 0)  # equal charts give equal bytes


def stem_of(page: str) -> str:
    """ "6304-barito-kuala" for "wilayah/6304-barito-kuala.en.html", "ringkas-6304-barito-kuala" for its brief."""
    prefix = "ringkas-" if page.startswith("ringkas/") else ""
    return prefix + PurePosixPath(page).name.removesuffix(".html").removesuffix(".en")


def archive_of(page: str) -> str:
    return f"unduhan/{stem_of(page)}-grafik.zip"


def ending(page: str) -> str:
    return ".en.svg" if page.endswith(".en.html") else ".svg"


def place_of(name: str, page: str) -> str:
    """Where the picture of that name on a page is kept, as a place in the site."""
    return f"unduhan/grafik/{stem_of(page)}/{name}{ending(page)}"


def share_place(page: str) -> str:
    """Where the picture that a link to the page shows is kept."""
    return place_of("bagikan", page).removesuffix("svg") + "png"


def standalone(about: dict, foot: str) -> str:
    """A picture that explains itself: title, note, drawing, and `foot` (region, data version) below.

    about: `title`, `source`, `alt` and `svg` of what was shown.
    """
    drawing = ElementTree.fromstring(about["svg"])
    for style in drawing.findall(f"{{{SVG}}}style"):  # a file is opened on white paper
        drawing.remove(style)
    _, _, width, height = (float(size) for size in drawing.get("viewBox").split())
    title = wrap(about["title"], int(width / LETTERS_EACH * 0.82), break_on_hyphens=False)
    note = wrap(about["source"] or "", int(width / LETTERS_EACH * 1.2), break_on_hyphens=False)
    lines = [(line, 13, "bold", INK) for line in title] + [(line, 10, "normal", SOFT) for line in note]
    top = MARGIN + LEAD * len(lines)
    whole = top + height + 2 * LEAD
    for key, value in {"x": MARGIN, "y": top + 6, "width": width, "height": height}.items():
        drawing.set(key, f"{value:g}")
    lines = [(MARGIN + LEAD * place, *line) for place, line in enumerate(lines, start=1)]
    svg = (
        environment()
        .get_template("figure.svg.j2")
        .render(
            width=width + 2 * MARGIN,
            height=whole,
            margin=MARGIN,
            letters=LETTERS,
            alt=about["alt"],
            lines=[*lines, (whole - 8, foot, 9, "normal", SOFT)],
            drawing=Markup(ElementTree.tostring(drawing, encoding="unicode")),
        )
    )
    return svg + "\n"


def keep(out: Path, page: str, pictures: dict[str, str], shared: bytes = b"") -> None:
    """Write the pictures of a page (name -> SVG) and the one its links show; what is no longer shown goes."""
    folder = out / place_of("", page).rpartition("/")[0]
    right = {f"{name}{ending(page)}": svg for name, svg in pictures.items()}
    for path in folder.glob("*.svg"):
        if path.name.endswith(".en.svg") == page.endswith(".en.html") and path.name not in right:
            path.unlink(missing_ok=True)
    for name, svg in right.items():
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != svg:
            write(folder / name, svg)
    if shared:
        write(out / share_place(page), shared)


def write_archive(out: Path, page: str) -> None:
    """The ZIP of all pictures of a page, in every language; none where there are no pictures."""
    folder = out / place_of("", page).rpartition("/")[0]
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.svg"))}
    archive = out / archive_of(page)
    if not files:
        archive.unlink(missing_ok=True)
    elif not archive.is_file() or archive.read_bytes() != zipped(files):
        write(archive, zipped(files))


def zipped(files: dict[str, str]) -> bytes:
    """A ZIP of texts by name; equal texts give equal bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, SAME_DAY), files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()
