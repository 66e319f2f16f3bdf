"""The small map of a province: one tile per region, or true polygons when PKP_GEOJSON names a GeoJSON file.

Hand-drawn SVG with presentation attributes only, so that a page may forbid inline style. A province without a
tile layout
gets an ordered list in its place.
"""

import hashlib
import json
import math
import os
from functools import lru_cache
from pathlib import Path

import pandas as pd
from markupsafe import Markup, escape

from ..data.regions import region_name, regions
from ..errors import BadRequestError
from ..words.marks import mark_of
from ..words.numbers import percent
from .ink import INK, pick

SIDE, GAP, LINE_HEIGHT = 56, 3, 11
CAPTION_SIZE = 17  # readable where the map is drawn at three quarters of its size
PLAIN = ("#E4E8EC", INK)
CHOSEN = ("#00507D", "#FFFFFF")
GEOJSON = "PKP_GEOJSON"


def tile_map(
    frame: pd.DataFrame,
    highlight: str | None = None,
    links: dict[str, str] | None = None,
    lang: str = "id",
    label: str | None = None,
) -> Markup:
    """HTML of the map. frame: region_code and, where known, status (a key of MARKS) and value (a percentage or
    ready text).

    highlight: the region marked as "here"; links: region_code -> address of its page; label: what the map
    shows, for
    screen readers. Without a status a tile is grey. A map that only marks one region is small: it names that
    region and
    its province below, the others where the pointer rests. Raises BadRequestError when PKP_GEOJSON cannot be
    used.
    """
    tiles = [describe(row, highlight, links or {}, lang) for row in frame.to_dict("records")]
    label = label or pick(lang, "Peta wilayah", "Map of the regions")
    register = regions().loc[[tile["code"] for tile in tiles]]
    if not os.environ.get(GEOJSON) and register["tile_column"].isna().any():
        return as_list(tiles, label)
    caption = marked_names(tiles)
    if caption:
        label = f"{label}: {', '.join(caption)}"
        tiles = [tile | {"name": ""} for tile in tiles]
    if os.environ.get(GEOJSON):
        return polygons(tiles, os.environ[GEOJSON], label, caption)
    places = zip(tiles, register["tile_column"], register["tile_row"], strict=True)
    step = SIDE + GAP
    width = (int(register["tile_column"].max()) + 1) * step
    height = (int(register["tile_row"].max()) + 1) * step
    drawn = [
        anchor(tile, square(tile, GAP / 2 + int(column) * step, GAP / 2 + int(row) * step))
        for tile, column, row in places
    ]
    return svg(drawn, width, height, label, links, caption)


def marked_names(tiles: list[dict]) -> tuple[str, ...]:
    """(region, province) of the marked tile on a map that shows nothing but where it lies; () on any other
    map.
    """
    here = [tile for tile in tiles if tile["here"]]
    if len(here) != 1 or any(tile["symbol"] or tile["value"] for tile in tiles):
        return ()
    return here[0]["name"], region_name(regions().at[here[0]["code"], "province_code"])


def describe(row: dict, highlight: str | None, links: dict, lang: str) -> dict:
    """What a tile says: names, symbol, colours, value as text, and the sentence a screen reader speaks."""
    register = regions().loc[row["region_code"]]
    mark = mark_of({"status": None} | row)
    value = row.get("value")
    text = (
        value
        if isinstance(value, str)
        else ""
        if value is None or pd.isna(value)
        else percent(value, 2, lang)
    )
    here = row["region_code"] == highlight
    word = "" if mark is None else mark.word if lang == "id" else mark.word_en
    fill, ink = (mark.color, mark.text_color) if mark else CHOSEN if here else PLAIN
    spoken = ", ".join(part for part in (register["full_name"], word, text) if part)
    return {
        "code": row["region_code"],
        "name": register["clear_name"],
        "symbol": mark.symbol if mark else "",
        "fill": fill,
        "ink": ink,
        "value": text,
        "spoken": spoken,
        "here": here,
        "link": links.get(row["region_code"]),
        "status": row.get("status") if mark else "tanpa-status",
    }


def square(tile: dict, x: float, y: float) -> Markup:
    words = tile["name"].split()
    foot = " ".join(part for part in (tile["symbol"], tile["value"]) if part)
    lines = [*words, foot] if foot else words
    top = y + SIDE / 2 - LINE_HEIGHT * (len(lines) - 1) / 2 + 3.5
    texts = Markup("").join(
        Markup('<text x="{:g}" y="{:g}" font-size="10" font-weight="{}" fill="{}"{}>{}</text>').format(
            x + SIDE / 2,
            top + LINE_HEIGHT * place,
            "bold" if foot and line == foot else "normal",
            tile["ink"],
            (
                Markup(' textLength="{}" lengthAdjust="spacingAndGlyphs"').format(SIDE - 4)
                if len(line) > 10
                else ""
            ),
            line,
        )
        for place, line in enumerate(lines)
    )
    border = Markup(' stroke="{}" stroke-width="3"').format(INK) if tile["here"] else Markup("")
    return (
        Markup('<rect x="{:g}" y="{:g}" width="{}" height="{}" rx="4" fill="{}"{}/>').format(
            x, y, SIDE, SIDE, tile["fill"], border
        )
        + texts
    )


def anchor(tile: dict, drawing: Markup) -> Markup:
    """The tile, as a link when it has one; the attributes let a page's script and style find it."""
    inside = Markup("<title>{}</title>{}").format(tile["spoken"], drawing)
    known = Markup('class="petak petak-{}" data-region="{}"').format(tile["status"], tile["code"])
    if not tile["link"]:
        return Markup("<g {}>{}</g>").format(known, inside)
    current = Markup(' aria-current="page"') if tile["here"] else Markup("")
    return Markup('<a href="{}" aria-label="{}" {}{}>{}</a>').format(
        tile["link"], tile["spoken"], known, current, inside
    )


def svg(
    parts: list[Markup], width: float, height: float, label: str, links, caption: tuple[str, ...] = ()
) -> Markup:
    role = (
        "group" if links else "img"
    )  # the children of an img are hidden from screen readers, links must not be
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
        '<svg class="peta{}" role="{}" aria-label="{}" viewBox="0 0 {:g} {:g}" width="{:g}" height="{:g}"'
        ' text-anchor="middle" font-family="Arial, sans-serif" xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(
        " peta-letak" if caption else "",
        role,
        label,
        width,
        height,
        width,
        height,
        Markup("\n").join([*parts, *below]),
    )


def as_list(tiles: list[dict], label: str) -> Markup:
    items = Markup("\n").join(
        Markup('<li class="petak petak-{}" data-region="{}">{}{}</li>').format(
            tile["status"],
            tile["code"],
            (
                Markup('<a href="{}">{}</a>').format(tile["link"], tile["name"])
                if tile["link"]
                else (
                    Markup("<strong>{}</strong>").format(tile["name"])
                    if tile["here"]
                    else escape(tile["name"])
                )
            ),
            "".join(f" {part}" for part in (tile["symbol"], tile["value"]) if part),
        )
        for tile in tiles
    )
    return Markup('<ol class="peta-daftar" aria-label="{}">\n{}\n</ol>').format(label, items)


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


def polygons(tiles: list[dict], path: str, label: str, caption: tuple[str, ...] = ()) -> Markup:
    """The map with true outlines; the frame fits each region's largest part, so that far islets do not shrink
    the rest.
    """
    shapes = read_polygons(path)
    missing = [tile["code"] for tile in tiles if tile["code"] not in shapes]
    if missing:
        raise BadRequestError(
            f"{GEOJSON}={path}: tidak ada poligon untuk {', '.join(missing)}; seharusnya satu fitur dengan"
            f" properti kode_bps atau kode untuk setiap wilayah. Tambahkan, atau kosongkan {GEOJSON} untuk"
            " memakai peta petak."
        )
    largest = {tile["code"]: max((part[0] for part in shapes[tile["code"]]), key=area) for tile in tiles}
    points = [point for ring in largest.values() for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = 352 / ((east - west) * squeeze)

    def place(point):
        return 4 + (point[0] - west) * squeeze * scale, 4 + (north - point[1]) * scale

    drawn = sorted(
        tiles, key=lambda tile: (tile["here"], -area(largest[tile["code"]]))
    )  # small ones and the marked one on top
    parts = [anchor(tile, outline(tile, shapes[tile["code"]], place)) for tile in drawn]
    names = Markup("").join(
        name_on_map(tile, place(middle(largest[tile["code"]]))) for tile in tiles if tile["name"]
    )
    parts.append(Markup('<g aria-hidden="true" pointer-events="none">{}</g>').format(names))
    return svg(
        parts, 360, 8 + (north - south) * scale, label, [tile for tile in tiles if tile["link"]], caption
    )


def outline(tile: dict, shape: list, place) -> Markup:
    path = "".join(
        "M" + "L".join("{:.1f} {:.1f}".format(*place(point)) for point in ring) + "Z"
        for part in shape
        for ring in part
    )
    edge, width = (INK, 2.5) if tile["here"] else ("#FFFFFF", 0.8)
    return Markup('<path d="{}" fill="{}" fill-rule="evenodd" stroke="{}" stroke-width="{}"/>').format(
        path, tile["fill"], edge, width
    )


def name_on_map(tile: dict, point: tuple[float, float]) -> Markup:
    text = f"{tile['symbol']} {tile['name']}".strip()
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
