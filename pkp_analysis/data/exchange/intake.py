"""`pkp add`: a downloaded file, shown first, then stored as it is in data/raw with its sources.csv rows."""

import re
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from ...errors import BadRequestError, PkpError
from ...files import locked, sha256, whole
from ...paths import raw_dir as default_raw_dir
from ..clean import clean_cells, clean_file
from ..codebook import indicators, to_indicator
from ..readers import RawFile, read_cells
from ..readers.layouts import BPS
from ..readers.sheet import spread
from ..reconcile import KEY, decimal_comma, where
from ..regions import region_name
from ..registers import SOURCE_COLUMNS, SOURCE_EXTRAS, append_rows, is_data_file, read_register
from .form import form_fields

# Tables of BPS itself go before figures an agency or a paper passes on; a lower number wins.
BPS_PRECEDENCE, OTHER_PRECEDENCE = 10, 40
BPS_LAYOUTS = ("bps_xlsx", "bps_csv", "bps_webapi")
NO_PUBLISHER = "(penerbit belum disebut)"  # behind the file's name, which pages then name as the source
SHOWN_ISSUES = 20
SHOWN_CHANGES = 5
# Field of a row of sources.csv -> how `pkp add` calls it.
SHOWN = {"title": "Judul", "publisher": "Penerbit", "indicator": "Indikator", "year": "Tahun"}
SHOWN |= {"origin": "Asal angka", "precedence": "Urutan"}
ORIGIN_NAMES = {"survey": "survei", "agency": "laporan perangkat daerah", "": "survei atau administrasi"}


@dataclass(frozen=True)
class Preview:
    """What was understood of a file before it is stored.

    `sources` are the rows sources.csv would get, `reasons` says where what they hold was found; `resent` are
    the figures that the same publisher sent before with another value (`old`, `old_source`).
    """

    path: Path
    layout: str
    observations: pd.DataFrame
    issues: pd.DataFrame
    counts: dict
    sources: list
    sha256: str
    reasons: dict = field(default_factory=dict)
    resent: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def indicators(self) -> list[str]:
        return sorted(self.observations["indicator"].unique())

    @property
    def years(self) -> list[int]:
        return sorted(self.observations["year"].unique().tolist())

    @property
    def regions(self) -> list[str]:
        return sorted(self.observations["region_code"].unique())

    @property
    def replaces(self) -> str:
        """The source ids whose figures this file can replace, separated by spaces."""
        return " ".join(sorted(self.resent["old_source"].unique())) if len(self.resent) else ""

    def summary(self) -> dict:
        """The same for programs: plain values that JSON can hold."""
        return {
            "file": self.path.name,
            "sha256": self.sha256,
            "layout": self.layout,
            "indicators": self.indicators,
            "years": self.years,
            "regions": self.regions,
            "counts": self.counts,
            "sources": self.sources,
            "reasons": self.reasons,
            "resent": self.resent.to_dict("records"),
            "issues": self.issues.to_dict("records"),
        }

    def text(self) -> str:
        """The preview as an Indonesian text for the terminal."""
        book, first = indicators(), self.sources[0]
        shown = ", ".join(region_name(code, full=True) for code in self.regions[:5])
        more = f", dan {len(self.regions) - 5} lainnya" if len(self.regions) > 5 else ""
        found = {
            "indicator": ", ".join(f"{code} ({book.at[code, 'name']})" for code in self.indicators),
            "year": ", ".join(map(str, self.years)),
            "origin": ORIGIN_NAMES[first["origin"] or ("agency" if self.layout == "agency_workbook" else "")],
        }
        lines = [
            f"File       : {self.path.name} (sha256 {self.sha256[:12]})",
            f"Susunan    : {self.layout}",
            f"Wilayah    : {len(self.regions)} ({shown or 'tidak dikenali'}{more})",
        ]
        for name, label in SHOWN.items():
            value = found.get(name, first[name])
            reason = f" [{self.reasons[name]}]" if value and self.reasons.get(name) else ""
            lines.append(f"{label:11}: {value or 'tidak dikenali'}{reason}")
        lines.append(
            f"Sel angka  : {self.counts['candidates']} = {self.counts['observations']} dipakai +"
            f" {self.counts['rejected']} ditolak atau disisihkan + {self.counts['missing']} kosong"
        )
        columns = ["region_code", "indicator", "year", "value", "unit", "sheet", "row", "column"]
        if len(self.observations):
            lines += ["", self.observations[columns].head(8).to_string(index=False)]
        for label, noted in (("Catatan", False), ("Keterangan", True)):
            part = self.issues[self.issues["severity"].eq("note") == noted]
            lines += ["", f"{label} ({len(part)} sel):", *_grouped(part)] if len(part) else []
        if len(self.resent):
            lines += ["", f"Dikirim ulang dengan nilai lain ({len(self.resent)} angka):"]
            lines += [
                f"  {where(row)}: {decimal_comma(row.old)} ({row.old_source}) menjadi {decimal_comma(row.value)}"
                for row in self.resent.head(SHOWN_CHANGES).itertuples()
            ]
            rest = len(self.resent) - SHOWN_CHANGES
            lines += [f"  dan {rest} lagi"] if rest > 0 else []
        return "\n".join(lines)


def _grouped(issues: pd.DataFrame) -> list[str]:
    """A line per kind of issue with the first cells it is about."""
    lines = []
    groups = list(issues.groupby(["sheet", "column", "message", "suggestion"], sort=False))
    for (sheet, column, message, suggestion), group in groups[:SHOWN_ISSUES]:
        cells = ", ".join(
            f"{column}{row} {text!r}" if column else "seluruh file"
            for row, text in zip(group["row"].head(3), group["text"])
        ) + (f", dan {len(group) - 3} lagi" if len(group) > 3 else "")
        advice = f" Saran: {suggestion}." if suggestion else ""
        lines.append(f"  {sheet + '!' if sheet else ''}{cells}: {message}{advice}")
    rest = len(groups) - SHOWN_ISSUES
    return [*lines, f"  dan {rest} lain; simpan semuanya dengan --notes FILE.xlsx"] if rest > 0 else lines


def preview(
    path, indicator: str = "", year=None, title: str = "", publisher: str = "", url: str = "", raw_dir=None
) -> Preview:
    """Reads a file and says what it holds; writes nothing.

    Raises PkpError for an unreadable file or an unknown indicator, BadRequestError for a name that data/raw
    does not take as data.
    """
    path = Path(path)
    raw_dir = Path(raw_dir) if raw_dir else default_raw_dir()
    code = to_indicator(indicator) if indicator else ""
    if path.exists() and not path.is_file():
        raise BadRequestError(f"{path} bukan file biasa. Yang diharapkan: file Excel, CSV, atau JSON.")
    if not is_data_file(path.name.lower()):
        raise BadRequestError(
            f"{path.name}: nama ini tidak dibaca sebagai data di data/raw (daftar register, file tersembunyi,"
            " .md, dan .part). Ganti nama filenya, lalu ulangi `pkp add`."
        )
    raw = read_cells(path)
    fields = form_fields(path) if raw.layout == "agency_workbook" and raw.file_format == "zip" else {}
    said = {"title": title, "publisher": publisher, "indicator": code, "year": year or ""}
    export = raw.publisher == BPS and raw.layout in BPS_LAYOUTS
    named = fields.get("publisher") or raw.publisher
    common = {
        "layout": raw.layout,
        "publisher": publisher or named or f"berkas {path.name} {NO_PUBLISHER}",
        "published": "",
        "url": url,
        "licence": "belum dikonfirmasi",
        "precedence": BPS_PRECEDENCE if export else OTHER_PRECEDENCE,
        "status": "official" if named or publisher else "compiled",
        "origin": fields.get("origin", ""),
        "indicator": code,
        "year": "" if year is None else int(year),
        "accessed": date.today().isoformat(),
        "note": "",
    }
    own = [source for (source,) in spread(raw.blocks, "source_id")[1] if source]
    name = path.name if _lies_in(path, raw_dir) else _free_name(path, raw_dir)
    rows = [
        {"source_id": source, "file": name} | common for source in own or [_free_id(Path(name).stem, raw_dir)]
    ]
    cleaned = clean_cells(raw, rows)
    found = cleaned.observations
    codes, years = sorted(found["indicator"].unique()), sorted(found["year"].unique().tolist())
    span = f", {'-'.join(map(str, sorted({years[0], years[-1]})))}" if years else ""
    titled = fields.get("title") or _title(raw)
    # what the file says itself, for readers of sources.csv; it changes no reading of the file
    for row in rows:
        row["title"] = title or (f"{titled}{span}" if titled else path.stem)
        row["indicator"] = row["indicator"] or (codes[0] if len(codes) == 1 else "")
        row["year"] = row["year"] or (
            years[0] if len(years) == 1 and "year" not in set(cleaned.issues["rule"]) else ""
        )
    reasons = {
        "title": "judul tabel atau kepala kolom" if titled else "nama file",
        "publisher": (
            "isian formulir"
            if fields.get("publisher")
            else "bentuk unduhan BPS"
            if export
            else "baris Sumber dalam file"
            if named
            else "beri --publisher"
        ),
        "indicator": _proposed(cleaned.issues, "Indikator") or "judul, lembar, atau kepala kolom",
        "year": _proposed(cleaned.issues, "Tahun") or "judul atau kepala kolom",
        "origin": (
            "isian formulir"
            if fields.get("origin")
            else "file tidak menyebut survei"
            if raw.layout == "agency_workbook"
            else "menurut kamus indikator"
        ),
        "precedence": (
            "tabel terbitan BPS sendiri" if export else "bukan tabel terbitan BPS; nomor kecil diutamakan"
        ),
    }
    reasons |= {name: f"--{name}" for name, value in said.items() if value}
    return Preview(
        path,
        raw.layout,
        found,
        cleaned.issues,
        cleaned.counts,
        rows,
        sha256(path),
        reasons,
        _resent(found, rows[0]["publisher"], raw_dir),
    )


def _proposed(issues: pd.DataFrame, subject: str) -> str:
    """Where the reader took an indicator or year from when no table names it ("nama file"); "" when one does."""
    told = issues.loc[issues["rule"] == "proposed", "message"]
    return next(
        (text.partition(" diambil dari ")[2].partition(";")[0] for text in told if text.startswith(subject)),
        "",
    )


def _title(raw: RawFile) -> str:
    """What the file calls its tables: their titles, or the headers of their figures where they have none."""
    titles = dict.fromkeys(
        title or name for block in raw.blocks for name, title in spread([block], "name", "title")[1]
    )
    return "; ".join([title for title in titles if title][:3])


def _resent(found: pd.DataFrame, publisher: str, raw_dir: Path) -> pd.DataFrame:
    """The figures that data/raw already holds from this publisher with another value, as `old` of
    `old_source`; of several the last one sent.
    """
    sources = _sources(raw_dir)
    same = sources[sources["publisher"].str.casefold() == publisher.casefold()]
    same = same[~same["publisher"].str.endswith(NO_PUBLISHER)]  # two senders nobody named need not be one
    parts = [found.iloc[:0]]
    for file, rows in same.groupby("file", sort=False):
        try:
            parts.append(clean_file(raw_dir / file, rows).observations)
        except PkpError:
            continue  # the next build names what is wrong with it
    last = {source_id: place for place, source_id in enumerate(same["source_id"])}
    old = pd.concat(parts, ignore_index=True)
    old = old.sort_values("source_id", key=lambda ids: ids.map(last), kind="stable")
    old = old.drop_duplicates(KEY, keep="last").rename(columns={"value": "old", "source_id": "old_source"})
    both = found.merge(old[[*KEY, "old", "old_source"]], on=KEY)
    return both.loc[both["value"] != both["old"], [*KEY, "value", "old", "old_source"]]


def store(understood: Preview, raw_dir=None, replace: bool = False) -> Path:
    """Copies the file into raw_dir, where it does not lie there already, and adds its rows to sources.csv;
    both or neither. Returns the stored path.

    `replace`: the rows also say that they replace what the same publisher sent before. Raises BadRequestError
    when nothing in the file is usable, or when data/raw already holds the same file with its row.
    """
    raw_dir = Path(raw_dir) if raw_dir else default_raw_dir()
    if not understood.counts["observations"]:
        raise BadRequestError(
            f"{understood.path.name}: tidak ada angka yang dapat dipakai dari"
            f" {understood.counts['candidates']} sel. {_advice(understood)}"
        )
    with locked(raw_dir):
        known = _sources(raw_dir)
        same = _same_file(understood.sha256, raw_dir, set(known["file"]))
        if same and same in set(known["file"]):
            raise BadRequestError(
                f"{understood.path.name}: isi yang sama sudah ada sebagai data/raw/{same}. Tidak ada yang"
                " ditambahkan."
            )
        if sha256(understood.path) != understood.sha256:
            raise BadRequestError(
                f"{understood.path.name}: file berubah sejak ditampilkan. Ulangi `pkp add`."
            )
        name = same or _free_name(understood.path, raw_dir)  # others may have added theirs meanwhile
        rows = [row | {"file": name} for row in understood.sources]
        if {row["source_id"] for row in rows} & set(known["source_id"]):
            if len(rows) > 1:
                raise BadRequestError(
                    f"{understood.path.name}: sumber {rows[0]['source_id']} sudah ada di sources.csv. Beri"
                    " source_id lain di kolom source_id file itu."
                )
            rows[0]["source_id"] = _free_id(Path(name).stem, raw_dir)
        if replace and understood.replaces:
            numbers = pd.to_numeric(
                known.loc[known["source_id"].isin(understood.replaces.split()), "precedence"], "coerce"
            )
            precedence = int(min(rows[0]["precedence"], *numbers.dropna()))
            rows = [row | {"replaces": understood.replaces, "precedence": precedence} for row in rows]
        if same:
            append_sources(rows, raw_dir)
            return raw_dir / same
        target = raw_dir / name
        with whole(target) as part:
            shutil.copyfile(understood.path, part)
        try:
            append_sources(rows, raw_dir)
        except BaseException:
            target.unlink()  # a file without its row would be a figure without a source
            raise
        return target


def _advice(understood: Preview) -> str:
    """What helps when nothing was usable: options that were not given and would, else the notes."""
    rules, first = set(understood.issues["rule"]), understood.sources[0]
    options = [
        f"--{name}"
        for name, hints in (("indicator", {"indicator", "indicator_unknown"}), ("year", {"year"}))
        if not first[name] and rules & hints
    ]
    return (
        f"Beri {' dan '.join(options)}, lalu ulangi."
        if options
        else "Perbaiki sel menurut catatannya, atau minta pengirim mengisi formulir dari `pkp template`."
    )


def append_sources(rows: list[dict], raw_dir: Path) -> None:
    """Adds rows to sources.csv as registers.append_rows does."""
    append_rows(raw_dir / "sources.csv", rows, [*SOURCE_COLUMNS, *SOURCE_EXTRAS])


def _sources(raw_dir: Path) -> pd.DataFrame:
    """sources.csv as it stands, rows and files unchecked; empty when there is none."""
    columns = [*SOURCE_COLUMNS, *SOURCE_EXTRAS]
    frame = read_register(raw_dir / "sources.csv", ["source_id", "file"])
    return frame.reindex(columns=columns, fill_value="").astype("str")


def _lies_in(path: Path, raw_dir: Path) -> bool:
    return path.resolve().parent == raw_dir.resolve()


def _same_file(wanted: str, raw_dir: Path, registered: set) -> str:
    """The name of a data file of the same content, one with its row first; "" when there is none."""
    names = [path.name for path in raw_dir.iterdir() if path.is_file() and is_data_file(path.name)]
    names.sort(key=lambda name: (name not in registered, name))
    return next((name for name in names if sha256(raw_dir / name) == wanted), "")


def _free_name(path: Path, raw_dir: Path) -> str:
    """A plain file name that data/raw does not hold yet."""
    stem = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "data"
    suffix = re.sub(r"[^a-z0-9.]", "", path.suffix.lower())
    names = [f"{stem}{suffix}", *(f"{stem}_{number}{suffix}" for number in range(2, 1000))]
    return next(name for name in names if is_data_file(name) and not (raw_dir / name).exists())


def _free_id(stem: str, raw_dir: Path) -> str:
    """A source id that sources.csv does not hold yet, in the letters it takes."""
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "_", stem).strip("_") or "sumber"
    used = set(_sources(raw_dir)["source_id"])
    return next(
        name for name in (stem, *(f"{stem}_{number}" for number in range(2, 1000))) if name not in used
    )
