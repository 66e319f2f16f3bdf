"""The map of true outlines that stands in for the tiles of a page when PKP_GEOJSON names a GeoJSON file.

Hand-drawn SVG with presentation attributes only, so that a page may forbid inline style.
"""

import hashlib
import json
import math
import os
from functools import lru_cache
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from ..data.regions import region_name, regions
from ..errors import BadRequestError
from ..words.marks import mark_of, mark_view
from ..words.numbers import percent
from .style import INK

CAPTION_SIZE = 17  # readable where the map is drawn at three quarters of its size
PLAIN, CHOSEN = "#E4E8EC", "#00507D"
GEOJSON = "PKP_GEOJSON"


def outline_map(
    frame: pd.DataFrame, label: str, links: dict[str, str], lang: str, highlight: str | None = None
) -> Markup:
    """SVG of the regions of `frame`: region_code and, where known, status (a key of MARKS) and value (a percentage).

    highlight: the region marked as "here"; links: region_code -> address of its page; label: what the map shows,
    for screen readers. Without a status a region is grey. A map that only marks one region names that region and
    its province below, the others where the pointer rests. The frame fits each region's largest part, so that far
    islets do not shrink the rest. Raises BadRequestError when PKP_GEOJSON cannot be used.
    """
    shapes = read_polygons(os.environ[GEOJSON])
    if missing := [code for code in frame["region_code"] if code not in shapes]:
        raise BadRequestError(
            f"{GEOJSON}={os.environ[GEOJSON]}: tidak ada poligon untuk {', '.join(missing)}; seharusnya satu fitur"
            f" dengan properti kode_bps atau kode untuk setiap wilayah. Tambahkan, atau kosongkan {GEOJSON} untuk"
            " memakai peta petak."
        )
    here = [describe(row, highlight, links, lang) for row in frame.to_dict("records")]
    caption = marked_names(here)
    if caption:
        label = f"{label}: {', '.join(caption)}"
        here = [region | {"name": ""} for region in here]
    largest = {region["code"]: max((part[0] for part in shapes[region["code"]]), key=area) for region in here}
    points = [point for ring in largest.values() for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = 352 / ((east - west) * squeeze)

    def place(point):
        return 4 + (point[0] - west) * squeeze * scale, 4 + (north - point[1]) * scale

    drawn = sorted(  # small ones and the marked one on top
        here, key=lambda region: (region["here"], -area(largest[region["code"]]))
    )
    parts = [anchor(region, outline(region, shapes[region["code"]], place)) for region in drawn]
    names = [name_on_map(region, place(middle(largest[region["code"]]))) for region in here if region["name"]]
    parts.append(Markup('<g aria-hidden="true" pointer-events="none">{}</g>').format(Markup("").join(names)))
    return framed(parts, 8 + (north - south) * scale, label, any(region["link"] for region in here), caption)


def marked_names(here: list[dict]) -> tuple[str, ...]:
    """(region, province) of the marked region on a map that shows nothing but where it lies; () on any other."""
    marked = [region for region in here if region["here"]]
    if len(marked) != 1 or any(region["symbol"] or region["value"] for region in here):
        return ()
    return marked[0]["name"], region_name(regions().at[marked[0]["code"], "province_code"])


def describe(row: dict, highlight: str | None, links: dict, lang: str) -> dict:
    """What a region says: names, symbol, colour, value as text, and the sentence a screen reader speaks."""
    register = regions().loc[row["region_code"]]
    mark = mark_of({"status": None} | row)
    view = mark_view(mark, lang) or {"key": "tanpa-status", "symbol": "", "word": ""}
    text = "" if pd.isna(row.get("value")) else percent(row["value"], 2, lang)
    here = row["region_code"] == highlight
    return {
        "code": row["region_code"],
        "name": register["clear_name"],
        "symbol": view["symbol"],
        "fill": mark.color if mark else CHOSEN if here else PLAIN,
        "value": text,
        "spoken": ", ".join(part for part in (register["full_name"], view["word"], text) if part),
        "here": here,
        "link": links.get(row["region_code"]),
        "status": view["key"],
    }


def anchor(region: dict, drawing: Markup) -> Markup:
    """The region, as a link when it has one; the attributes let a page's script and style find it."""
    inside = Markup("<title>{}</title>{}").format(region["spoken"], drawing)
    known = Markup('class="petak petak-{}" data-region="{}"').format(region["status"], region["code"])
    if not region["link"]:
        return Markup("<g {}>{}</g>").format(known, inside)
    current = Markup(' aria-current="page"') if region["here"] else Markup("")
    return Markup('<a href="{}" aria-label="{}" {}{}>{}</a>').format(
        region["link"], region["spoken"], known, current, inside
    )


def framed(parts: list[Markup], height: float, label: str, linked: bool, caption: tuple[str, ...]) -> Markup:
    """The drawing with its caption; the children of an img are hidden from screen readers, links must not be."""
    line = CAPTION_SIZE * 1.3
    below = [
        Markup(
            '<text x="0" y="{:g}" font-size="{}" font-weight="{}" text-anchor="start"'
            ' fill="currentColor">{}</text>'
        ).format(height + line * place, CAPTION_SIZE, "bold" if place == 1 else "normal", text)
        for place, text in enumerate(caption, start=1)
    ]
    height += line * len(caption) + (6 if caption else 0)
    return Markup(
        '<svg class="peta{}" role="{}" aria-label="{}" viewBox="0 0 360 {:g}" width="360" height="{:g}"'
        ' text-anchor="middle" font-family="Arial, sans-serif" xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(
        " peta-letak" if caption else "",
        "group" if linked else "img",
        label,
        height,
        height,
        Markup("\n").join([*parts, *below]),
    )


def map_key() -> str:
    """What decides how maps are drawn: empty for tiles, else a hash of the GeoJSON file (of its path when it
    cannot be read).
    """
    path = os.environ.get(GEOJSON, "")
    content = Path(path).read_bytes() if path and Path(path).is_file() else path.encode()
    return hashlib.sha256(content).hexdigest()[:16] if path else ""


@lru_cache(maxsize=2)
def read_polygons(path: str) -> dict[str, list]:
    """region_code -> list of polygons, each a list of (longitude, latitude) rings. Raises BadRequestError."""
    try:
        features = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRequestError(
            f"{GEOJSON}={path}: {error}. Seharusnya GeoJSON FeatureCollection; kosongkan {GEOJSON} untuk"
            " memakai peta petak."
        ) from error
    kemendagri = {code: region for region, code in regions()["kemendagri_code"].items() if code}
    shapes = {}
    for feature in features:
        properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
        code = properties.get("kode_bps") or kemendagri.get(properties.get("kode"))
        if code and geometry.get("type") in ("Polygon", "MultiPolygon"):
            parts = geometry["coordinates"]
            shapes[str(code)] = [parts] if geometry["type"] == "Polygon" else parts
    return shapes


def outline(region: dict, shape: list, place) -> Markup:
    path = "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*place(point)) for point in ring) + "Z"
        for part in shape
        for ring in part
    )
    edge, width = (INK, 2.5) if region["here"] else ("#FFFFFF", 0.8)
    return Markup('<path d="{}" fill="{}" fill-rule="evenodd" stroke="{}" stroke-width="{}"/>').format(
        path, region["fill"], edge, width
    )


def name_on_map(region: dict, point: tuple[float, float]) -> Markup:
    text = f"{region['symbol']} {region['name']}".strip()
    half = len(text) * 2.8
    return Markup(
        '<text x="{:.1f}" y="{:.1f}" font-size="10" fill="{}" stroke="#FFFFFF" stroke-width="2.5"'
        ' paint-order="stroke">{}</text>'
    ).format(min(max(point[0], half), 360 - half), point[1] + 3, INK, text)


def area(ring: list) -> float:
    """Twice the area of a ring, unsigned (shoelace formula), in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)))


def middle(ring: list) -> tuple[float, float]:
    """The mean of a ring's points: close enough to a label point."""
    return sum(point[0] for point in ring) / len(ring), sum(point[1] for point in ring) / len(ring)
