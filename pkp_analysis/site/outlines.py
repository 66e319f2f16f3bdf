"""The map of true outlines that stands in for the tiles of a page when PKP_GEOJSON names a GeoJSON file.

SVG with presentation attributes only, so that a page may forbid inline style.
"""

import hashlib
import json
import math
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from markupsafe import Markup

from ..data.regions import region_name, regions
from ..errors import BadRequestError
from ..words.marks import mark_of, mark_view
from ..words.numbers import percent
from .frame import environment

PLAIN, CHOSEN = "#E4E8EC", "#00507D"
GEOJSON = "PKP_GEOJSON"
WIDTH, EDGE = 360, 4  # pixels
LETTER = 2.8  # half the width of a letter of a name


def outline_map(
    frame: pd.DataFrame, label: str, links: dict[str, str], lang: str, highlight: str | None = None
) -> Markup:
    """SVG of the regions of `frame`: region_code and, where known, status (a key of MARKS) and value (a percentage).

    links: region_code -> address of its page; label: what the map shows, for screen readers. Without a status a
    region is grey. highlight: the one region in colour on a map that only shows where it lies; below stand its
    name and its province's, the others are named where the pointer rests. The frame fits each region's largest
    part, so that far islets do not shrink the rest. Raises BadRequestError when PKP_GEOJSON cannot be used.
    """
    shapes = read_polygons(os.environ[GEOJSON])
    if missing := [code for code in frame["region_code"] if code not in shapes]:
        raise BadRequestError(
            f"{GEOJSON}={os.environ[GEOJSON]}: tidak ada poligon untuk {', '.join(missing)}; seharusnya satu fitur"
            f" dengan properti kode_bps atau kode untuk setiap wilayah. Tambahkan, atau kosongkan {GEOJSON} untuk"
            " memakai peta petak."
        )
    largest = {code: max((part[0] for part in shapes[code]), key=area) for code in frame["region_code"]}
    points = np.vstack(list(largest.values()))
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    across = (WIDTH - 2 * EDGE) / (east - west)  # pixels to a degree
    down = across / math.cos(math.radians((south + north) / 2))

    def place(ring):
        return EDGE + (ring - (west, north)) * (across, -down)

    drawn = []
    for row in frame.to_dict("records"):
        about, ring = described(row, lang), place(largest[row["region_code"]])
        here, half = about["code"] == highlight, LETTER * len(about["name"])
        about["path"] = "".join(path_of(place(ring)) for part in shapes[about["code"]] for ring in part)
        about |= {"here": here, "link": links.get(about["code"]), "area": area(ring)}
        about["fill"] = CHOSEN if here else about["fill"]
        x, y = ring.mean(axis=0)  # close enough to where a label stands
        about |= {"x": f"{min(max(x, half), WIDTH - half):.1f}", "y": f"{y + 3:.1f}"}
        drawn.append(about)
    caption = [about["name"] for about in drawn if about["here"]]
    caption += [region_name(regions().at[highlight, "province_code"])] if caption else []
    svg = environment().get_template("outlines.svg.j2")
    return Markup(
        svg.render(
            drawn=sorted(drawn, key=lambda about: (about["here"], -about["area"])),  # small ones on top
            named=[] if caption else drawn,
            label=f"{label}: {', '.join(caption)}" if caption else label,
            caption=caption,
            width=WIDTH,
            map_height=2 * EDGE + (north - south) * down,
        )
    )


def described(row: dict, lang: str) -> dict:
    """What a region says: its name with the symbol of its status, and the sentence a screen reader speaks."""
    register, mark = regions().loc[row["region_code"]], mark_of({"status": None} | row)
    view = mark_view(mark, lang) or {"symbol": "", "word": ""}
    value = "" if pd.isna(row.get("value")) else percent(row["value"], 2, lang)
    return {
        "code": row["region_code"],
        "name": f"{view['symbol']} {register['clear_name']}".strip(),
        "fill": mark.color if mark else PLAIN,
        "spoken": ", ".join(filter(None, (register["full_name"], view["word"], value))),
    }


def map_key() -> str:
    """What decides how maps are drawn: empty for tiles, else a hash of the GeoJSON file (of its path when it
    cannot be read).
    """
    path = os.environ.get(GEOJSON, "")
    content = Path(path).read_bytes() if path and Path(path).is_file() else path.encode()
    return hashlib.sha256(content).hexdigest()[:16] if path else ""


@lru_cache(maxsize=2)
def read_polygons(path: str) -> dict[str, list]:
    """region_code -> polygons, each a list of rings: arrays of (longitude, latitude). Raises BadRequestError."""
    kemendagri = {code: region for region, code in regions()["kemendagri_code"].items() if code}
    shapes = {}
    try:
        for feature in json.loads(Path(path).read_text(encoding="utf-8"))["features"]:
            properties, geometry = feature.get("properties") or {}, feature.get("geometry") or {}
            code = properties.get("kode_bps") or kemendagri.get(properties.get("kode"))
            if code and geometry.get("type") in ("Polygon", "MultiPolygon"):
                parts = geometry["coordinates"]
                parts = [parts] if geometry["type"] == "Polygon" else parts
                shapes[str(code)] = [[np.array(ring, float)[:, :2] for ring in part] for part in parts]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadRequestError(
            f"{GEOJSON}={path}: {error}. Seharusnya GeoJSON FeatureCollection; kosongkan {GEOJSON} untuk"
            " memakai peta petak."
        ) from error
    return shapes


def path_of(ring: np.ndarray) -> str:
    return f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring)}Z"


def area(ring: np.ndarray) -> float:
    """Twice the area of a ring, unsigned (shoelace formula)."""
    x, y = ring.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))
