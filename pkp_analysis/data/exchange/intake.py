"""`pkp add`: what a downloaded file says, shown first, then stored byte for byte in data/raw with its rows of
sources.csv.
"""

import csv
import io
import re
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from ...errors import BadRequestError
from ...files import sha256, whole, write
from ...paths import raw_dir as default_raw_dir
from ..clean import clean_cells
from ..codebook import indicators, to_indicator
from ..readers import RawFile, read_cells
from ..readers.layouts import BPS
from ..readers.sheet import spread
from ..regions import region_name
from ..safe_cells import neutral

SOURCE_COLUMNS = [
    "source_id",
    "file",
    "layout",
    "title",
    "publisher",
    "published",
    "url",
    "licence",
    "precedence",
    "status",
    "indicator",
    "year",
    "accessed",
    "note",
]
# Tables of BPS itself go before figures an agency or a paper passes on; a lower number wins.
BPS_PRECEDENCE, OTHER_PRECEDENCE = 10, 40
BPS_LAYOUTS = ("bps_xlsx", "bps_csv", "bps_webapi")
SHOWN_ISSUES = 20


@dataclass(frozen=True)
class Preview:
    """What was understood of a file before it is stored. `sources` are the rows sources.csv would get."""

    path: Path
    layout: str
    indicators: list
    years: list
    regions: list
    counts: dict
    sample: pd.DataFrame
    issues: pd.DataFrame
    sources: list = field(default_factory=list)
    sha256: str = ""

    def summary(self) -> dict:
        """The same for programs: plain values that JSON can hold."""
        issues = self.issues.to_dict("records")
        return {
            "file": self.path.name,
            "sha256": self.sha256,
            "layout": self.layout,
            "indicators": self.indicators,
            "years": self.years,
            "regions": self.regions,
            "counts": self.counts,
            "sources": self.sources,
            "issues": issues,
        }

    def text(self) -> str:
        """The preview as an Indonesian text for the terminal."""
        book = indicators()
        names = ", ".join(f"{code} ({book.at[code, 'name']})" for code in self.indicators) or "tidak dikenali"
        shown = ", ".join(region_name(code, full=True) for code in self.regions[:5]) + (
            f", dan {len(self.regions) - 5} lainnya" if len(self.regions) > 5 else ""
        )
        lines = [
            f"File       : {self.path.name} (sha256 {self.sha256[:12]})",
            f"Susunan    : {self.layout}",
            f"Indikator  : {names}",
            f"Tahun      : {', '.join(map(str, self.years)) or 'tidak dikenali'}",
            f"Wilayah    : {len(self.regions)} ({shown or 'tidak dikenali'})",
            f"Judul      : {self.sources[0]['title']}",
            f"Penerbit   : {self.sources[0]['publisher']}",
            (
                f"Sel angka  : {self.counts['candidates']} = {self.counts['observations']} dipakai +"
                f" {self.counts['rejected']} ditolak atau disisihkan + {self.counts['missing']} kosong"
            ),
        ]
        if len(self.sample):
            lines += ["", self.sample.to_string(index=False)]
        real = self.issues[self.issues["severity"] != "note"]
        if len(real):
            lines += ["", f"Catatan ({len(real)} sel):"]
            groups = list(real.groupby(["sheet", "column", "message", "suggestion"], sort=False))
            for (sheet, column, message, suggestion), group in groups[:SHOWN_ISSUES]:
                cells = ", ".join(
                    f"{column}{row} {text!r}" for row, text in zip(group["row"].head(3), group["text"])
                ) + (f", dan {len(group) - 3} lagi" if len(group) > 3 else "")
                lines.append(
                    f"  {sheet + '!' if sheet else ''}{cells}: {message}"
                    + (f" Saran: {suggestion}." if suggestion else "")
                )
            lines += (
                [f"  dan {len(groups) - SHOWN_ISSUES} catatan lain; simpan semuanya dengan --notes FILE.xlsx"]
                if len(groups) > SHOWN_ISSUES
                else []
            )
        return "\n".join(lines)


def preview(
    path, indicator: str = "", year=None, title: str = "", publisher: str = "", url: str = "", raw_dir=None
) -> Preview:
    """Reads a file and says what it holds; writes nothing. Raises PkpError for an unreadable file or an
    unknown indicator.
    """
    path = Path(path)
    raw_dir = Path(raw_dir) if raw_dir else default_raw_dir()
    code = to_indicator(indicator) if indicator else ""
    raw = read_cells(path)
    name = _free_name(path, raw_dir)
    own = [source for (source,) in spread(raw.blocks, "source_id")[1] if source]
    common = {
        "file": name,
        "layout": raw.layout,
        "title": title,
        "publisher": publisher or raw.publisher or "belum disebut",
        "published": "",
        "url": url,
        "licence": "belum dikonfirmasi",
        "precedence": (
            BPS_PRECEDENCE if raw.publisher == BPS and raw.layout in BPS_LAYOUTS else OTHER_PRECEDENCE
        ),
        "status": "official",
        "indicator": code,
        "year": "" if year is None else int(year),
        "accessed": date.today().isoformat(),
        "note": "",
    }
    rows = [{"source_id": source} | common for source in own or [_free_id(Path(name).stem, raw_dir)]]
    cleaned = clean_cells(raw, rows)
    found = cleaned.observations
    codes, years = sorted(found["indicator"].unique()), sorted(found["year"].unique().tolist())
    span = f", {'-'.join(map(str, sorted({years[0], years[-1]})))}" if years else ""
    for (
        row
    ) in rows:  # what the file says itself, for readers of sources.csv; it changes no reading of the file
        row["title"] = title or (f"{named}{span}" if (named := _title(raw)) else path.stem)
        row["indicator"] = row["indicator"] or (codes[0] if len(codes) == 1 else "")
        row["year"] = row["year"] or (
            years[0] if len(years) == 1 and "year" not in set(cleaned.issues["rule"]) else ""
        )
    return Preview(
        path,
        raw.layout,
        codes,
        years,
        sorted(found["region_code"].unique()),
        cleaned.counts,
        found[["region_code", "indicator", "year", "value", "unit", "sheet", "row", "column"]].head(8),
        cleaned.issues,
        rows,
        sha256(path),
    )


def _title(raw: RawFile) -> str:
    """What the file calls its tables: their titles, or the headers of their figures where they have none."""
    titles = dict.fromkeys(
        title or name for block in raw.blocks for name, title in spread([block], "name", "title")[1]
    )
    return "; ".join([title for title in titles if title][:3])


def store(understood: Preview, raw_dir=None) -> Path:
    """Copies the file into raw_dir and appends its rows to sources.csv; both or neither. Returns the stored
    path.

    Raises BadRequestError when nothing in the file is usable, or when data/raw already holds the same file.
    """
    raw_dir = Path(raw_dir) if raw_dir else default_raw_dir()
    if not understood.counts["observations"]:
        raise BadRequestError(
            f"{understood.path.name}: tidak ada angka yang dapat dipakai dari"
            f" {understood.counts['candidates']} sel. Perbaiki menurut catatannya, atau beri --indicator dan"
            " --year."
        )
    same = _same_file(understood.sha256, raw_dir)
    if same:
        raise BadRequestError(
            f"{understood.path.name}: isi yang sama sudah ada sebagai data/raw/{same}. Tidak ada yang"
            " ditambahkan."
        )
    if sha256(understood.path) != understood.sha256:
        raise BadRequestError(f"{understood.path.name}: file berubah sejak ditampilkan. Ulangi `pkp add`.")
    target = raw_dir / understood.sources[0]["file"]
    if target.exists():
        raise BadRequestError(f"data/raw/{target.name} sudah ada. Ganti nama filenya, lalu ulangi `pkp add`.")
    with whole(target) as part:
        shutil.copyfile(understood.path, part)
    try:
        append_sources(understood.sources, raw_dir)
    except BaseException:
        target.unlink()  # a file without its row would be a figure without a source
        raise
    return target


def append_sources(rows: list[dict], raw_dir: Path) -> None:
    """Appends rows to sources.csv in the order of its own header, atomically; what was there stays byte for
    byte.
    """
    path = raw_dir / "sources.csv"
    before = path.read_bytes() if path.exists() else b""
    if before:
        columns = next(csv.reader([before.decode("utf-8-sig").splitlines()[0]]))
    else:
        columns = SOURCE_COLUMNS
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    if not before:
        writer.writeheader()
    for row in rows:
        writer.writerow(
            {
                key: neutral(" ".join(value.split()) if isinstance(value, str) else value)
                for key, value in row.items()
            }
        )
    joint = b"" if not before or before.endswith(b"\n") else b"\n"
    write(path, before + joint + out.getvalue().encode("utf-8"))


def _same_file(wanted: str, raw_dir: Path) -> str:
    files = (path for path in sorted(raw_dir.glob("*")) if path.is_file() and not path.name.startswith("."))
    return next((path.name for path in files if sha256(path) == wanted), "")


def _free_name(path: Path, raw_dir: Path) -> str:
    """A plain file name that data/raw does not hold yet."""
    stem = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "data"
    suffix = re.sub(r"[^a-z0-9.]", "", path.suffix.lower())
    names = [f"{stem}{suffix}", *(f"{stem}_{number}{suffix}" for number in range(2, 1000))]
    return next(name for name in names if not (raw_dir / name).exists())


def _free_id(stem: str, raw_dir: Path) -> str:
    path = raw_dir / "sources.csv"
    used = set()
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            used = {row.get("source_id", "") for row in csv.DictReader(file)}
    return next(
        name for name in (stem, *(f"{stem}_{number}" for number in range(2, 1000))) if name not in used
    )
