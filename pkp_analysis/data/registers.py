"""The registers beside the raw files: sources, corrections and commitments, each checked row by row."""

import csv
import io
import re
from pathlib import Path

import pandas as pd

from ..errors import BadRequestError, DataContractError
from ..files import write
from .codebook import indicators
from .readers.text import DELIMITERS, decode, read_text
from .reconcile import ORIGINS, STATUSES, decimal_comma, issues_frame
from .regions import regions
from .safe_cells import neutral

SOURCE_COLUMNS = (
    "source_id file layout title publisher published url licence precedence accessed note".split()
)
# What the file itself does not say; may be absent. replaces: the source ids, separated by spaces, whose figures
# this one replaces where it has its own.
SOURCE_EXTRAS = "table page status indicator year province origin replaces".split()
CORRECTION_COLUMNS = "region_code indicator year old_value new_value reason source date".split()
COMMITMENT_COLUMNS = (
    "region_code indicator actor_kind actor what quantity unit year status source url".split()
)
LOCAL_FACT_COLUMNS = "region_code kind text quantity unit year source url published".split()
REGISTERS = {"sources.csv", "targets.csv", "corrections.csv", "commitments.csv", "local_facts.csv"}
DERIVED_PRECEDENCE = 999  # any figure a publisher gives goes before one computed here


def is_raw_file(name: str) -> bool:
    """Whether a name in data/raw is a data file or a register; notes, hidden files and parts are neither."""
    return not name.startswith((".", "~$")) and not name.lower().endswith((".md", ".part"))


def is_data_file(name: str) -> bool:
    """Whether a name in data/raw is a data file, which needs its row in sources.csv."""
    return is_raw_file(name) and name not in REGISTERS


def read_register(path: Path, columns: list[str], numbers: tuple = (), dates: tuple = ()) -> pd.DataFrame:
    """A register as text, read like any data file: UTF-8, UTF-16 or ANSI, separated by comma, `;` or tab.

    Without rows where there is no such file. Where the comma does not separate it is the decimal sign of the
    columns `numbers`; `dates` become YYYY-MM-DD. Raises DataContractError naming the absent columns, or the first
    row whose date is none.
    """
    if not path.exists():
        return pd.DataFrame(columns=columns, dtype="str")
    text = decode(path.read_bytes(), path.name)
    header = text.lstrip().partition("\n")[0]
    sheet = read_text(text, path, max(DELIMITERS, key=header.count))
    table = pd.DataFrame({place: column for place, column in enumerate(sheet.texts)}, dtype="str")
    filled = table[(table != "").any(axis="columns")]
    if filled.empty:
        raise DataContractError(
            f"{path.name} kosong. Yang diharapkan: kolom {', '.join(columns)}. Kembalikan file itu."
        )
    frame = filled.iloc[1:].set_axis([label.strip() for label in filled.iloc[0]], axis="columns")
    frame.index = frame.index - 1  # so that row number + 2 is the line in the file
    absent = [column for column in columns if column not in frame]
    if absent:
        raise DataContractError(
            f"{path.name}: kolom {', '.join(absent)} tidak ada. Yang diharapkan: {', '.join(columns)}."
            " Perbaiki baris judulnya."
        )
    frame = frame.loc[:, ~frame.columns.duplicated()].apply(lambda column: column.str.strip())
    if sheet.delimiter != ",":
        for column in numbers:
            frame[column] = frame[column].str.replace(r"^(-?\d+),(\d+)$", r"\1.\2", regex=True)
    for column in dates:
        frame[column] = _iso_dates(path.name, frame, column)
    return frame


def _iso_dates(register: str, frame: pd.DataFrame, column: str) -> pd.Series:
    """Dates as YYYY-MM-DD, also from Excel's 31/01/2023; a year, or year and month, stays."""
    text = frame[column]
    day_first = text.str.extract(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 0?0[:.]00(?:[:.]00)?)?$")
    turned = day_first[2] + "-" + day_first[1].str.zfill(2) + "-" + day_first[0].str.zfill(2)
    iso = text.mask(turned.notna(), turned)
    whole = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").notna() & iso.str.len().eq(10)
    rules = [
        (
            whole | iso.str.fullmatch(r"((19|20)\d\d(-(0[1-9]|1[0-2]))?)?"),
            column,
            "tanggal seperti 2024-06-05 atau 05/06/2024 (hari/bulan/tahun), tahun, atau kosong",
        )
    ]
    first_fault(register, frame, rules)
    return iso


def append_rows(path: Path, rows: list[dict], columns: list[str]) -> None:
    """Adds rows to a register, whole or not at all, in its own separator and order of columns.

    What was there stays byte for byte, except in a register that is not UTF-8, which becomes it, and in one
    that lacks a column the rows fill, which gets it. A register that is not there yet starts with `columns`.
    """
    before = path.read_bytes() if path.exists() else b""
    text = re.sub(r'^"?sep=."?\n', "", decode(before, path.name).lstrip())
    header = text.partition("\n")[0]
    separator = max(DELIMITERS, key=header.count) if header else ","
    table = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if any(row)]
    known = [label.strip() for label in table[0]] if table else columns
    unsaid = ("", None, "official")  # what an absent column means
    filled = dict.fromkeys(name for row in rows for name, value in row.items() if value not in unsaid)
    added = [name for name in filled if name not in known and name in SOURCE_EXTRAS] if table else []
    new = [[_cell(row.get(name, "")) for name in [*known, *added]] for row in rows]
    line_end = "\r\n" if b"\r" in before else "\n"
    if table and not added and _is_utf8(before) and not before.startswith(b"sep="):
        joint = "" if before.endswith((b"\n", b"\r")) else line_end
        write(path, before + (joint + _csv(new, separator, line_end)).encode())
        return
    old = [row + [""] * (len(known) - len(row) + len(added)) for row in table[1:]]
    mark = (
        b"" if not before or _is_utf8(before) and not before.startswith(b"\xef\xbb\xbf") else b"\xef\xbb\xbf"
    )
    write(path, mark + _csv([known + added, *old, *new], separator, line_end).encode())


def _cell(value):
    return neutral(" ".join(value.split()) if isinstance(value, str) else value)


def _csv(rows: list[list], separator: str, line_end: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content


def first_fault(path_name: str, frame: pd.DataFrame, rules: list[tuple]) -> None:
    """Raises DataContractError for the first row that breaks a rule (good rows, column, what is expected)."""
    for good, column, expected in rules:
        for row in frame.index[~good.astype(bool)][:1]:
            raise DataContractError(
                f"{path_name} baris {row + 2}, kolom {column}: {frame.at[row, column]!r}. Yang diharapkan:"
                f" {expected}. Perbaiki baris itu."
            )


def read_sources(raw_dir: Path) -> pd.DataFrame:
    """sources.csv, checked against the folder: every data file has a row, every row its file.

    Raises BadRequestError for a missing or empty folder, DataContractError for rows and files that do not
    match.
    """
    if not raw_dir.is_dir():
        raise BadRequestError(
            f"Folder {raw_dir} tidak ada. Yang diharapkan: folder file mentah dengan sources.csv. Periksa"
            " alamatnya."
        )
    files = sorted(path.name for path in raw_dir.iterdir() if path.is_file())
    data_files = [name for name in files if is_data_file(name)]
    if not data_files:
        raise BadRequestError(
            f"Folder {raw_dir} tidak berisi file data. Tambahkan file dengan `pkp add FILE`."
        )
    if "sources.csv" not in files:
        raise DataContractError(
            f"{raw_dir / 'sources.csv'} tidak ada. Yang diharapkan: daftar sumber setiap file. Kembalikan"
            " file itu, atau pakai `pkp add`."
        )
    sources = read_register(raw_dir / "sources.csv", SOURCE_COLUMNS, dates=("published", "accessed"))
    sources = sources.reindex(columns=[*SOURCE_COLUMNS, *SOURCE_EXTRAS], fill_value="")
    precedence, last = pd.to_numeric(sources["precedence"], errors="coerce"), DERIVED_PRECEDENCE - 1
    rules = [
        (
            sources["source_id"].str.fullmatch(r"[A-Za-z0-9_.-]+"),
            "source_id",
            "huruf, angka, titik, garis bawah, atau tanda hubung",
        ),
        (~sources["source_id"].duplicated(), "source_id", "satu baris per sumber"),
        (sources["file"].isin(data_files), "file", "nama file yang ada di folder itu"),
        (
            precedence.between(1, last) & (precedence % 1 == 0),
            "precedence",
            f"bilangan bulat 1 (paling diutamakan) sampai {last}",
        ),
        (sources["status"].isin(["", *STATUSES]), "status", f"salah satu dari {', '.join(STATUSES)}"),
        (
            sources["replaces"].str.split().map(set(sources["source_id"]).issuperset),
            "replaces",
            "source_id yang ada di daftar ini, dipisah spasi, atau kosong",
        ),
        (
            sources["origin"].isin(["", *ORIGINS]),
            "origin",
            f"salah satu dari {', '.join(ORIGINS)}, atau kosong",
        ),
    ]
    first_fault("sources.csv", sources, rules)
    unnamed = sorted(set(data_files) - set(sources["file"]))
    if unnamed:
        raise DataContractError(
            f"{', '.join(unnamed)}: tidak ada barisnya di sources.csv. Tambahkan dengan `pkp add`, atau"
            " keluarkan dari data/raw."
        )
    return sources.assign(precedence=precedence.astype("int64"))


def incomplete_sources(raw_dir: Path, sources: pd.DataFrame) -> pd.DataFrame:
    """Issues of the registers themselves: a source without title or publisher, and no register of targets."""
    found = []
    for column, what in (("title", "judul"), ("publisher", "penerbit")):
        for row in sources.index[sources[column] == ""]:
            name = sources.at[row, "source_id"]
            found.append(
                {
                    "file": "sources.csv",
                    "row": row + 2,
                    "text": name,
                    "rule": "source_incomplete",
                    "message": f"Sumber {name} tanpa {what}.",
                    "suggestion": f"isi kolom {column}",
                }
            )
    if not (raw_dir / "targets.csv").exists():
        found.append(
            {
                "file": "targets.csv",
                "row": 0,
                "text": "",
                "rule": "targets_missing",
                "message": "targets.csv tidak ada; tidak ada target yang dapat dinilai.",
                "suggestion": "kembalikan daftar target ke data/raw",
            }
        )
    return issues_frame([{"sheet": "", "column": "", "severity": "warning"} | row for row in found])


def read_corrections(raw_dir: Path) -> pd.DataFrame:
    """corrections.csv as text, empty for none; DataContractError for a bad number or no reason."""
    corrections = read_register(
        raw_dir / "corrections.csv", CORRECTION_COLUMNS, numbers=("old_value", "new_value"), dates=("date",)
    )
    for row in corrections.itertuples():
        numbers = (row.year, row.old_value, row.new_value)
        if not row.reason or not all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in numbers):
            raise DataContractError(
                f"corrections.csv baris {row.Index + 2}: {numbers}. Yang diharapkan: angka dengan titik"
                " desimal, dan alasan terisi."
            )
    return corrections


def correct(observations: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """The observations, corrected and noted; a correction whose old value is not there is an error."""
    observations = observations.copy()
    for row in corrections.itertuples():
        cell = observations["region_code"].eq(row.region_code) & observations["indicator"].eq(row.indicator)
        cell &= observations["year"].eq(int(row.year))
        same = cell & (observations["value"] == float(row.old_value))
        if not same.any():
            found = (
                ", ".join(decimal_comma(value) for value in observations.loc[cell, "value"])
                or "tidak ada angka"
            )
            raise DataContractError(
                f"corrections.csv baris {row.Index + 2}: {row.indicator} {row.region_code} {row.year} bukan"
                f" lagi {row.old_value}, melainkan {found}. Sumbernya mungkin sudah diperbaiki; hapus atau"
                " perbarui koreksi itu."
            )
        told = ", ".join(part for part in (row.source, row.date) if part)
        note = f"dikoreksi dari {decimal_comma(float(row.old_value))}: {row.reason} ({told})"
        observations.loc[same, "note"] = [
            f"{old}; {note}" if old else note for old in observations.loc[same, "note"]
        ]
        observations.loc[same, "value"] = float(row.new_value)
    return observations


def read_commitments(raw_dir: Path) -> pd.DataFrame:
    """commitments.csv: what an actor said it would do, and whether it was done."""
    frame = read_register(raw_dir / "commitments.csv", COMMITMENT_COLUMNS, numbers=("quantity",))
    rules = [
        (frame["region_code"].isin(regions().index), "region_code", "kode BPS dalam register"),
        (frame["indicator"].isin(indicators().index), "indicator", "kode indikator dalam kamus"),
        (pd.to_numeric(frame["quantity"], errors="coerce").notna(), "quantity", "angka"),
        (frame["year"].str.fullmatch(r"\d{4}"), "year", "tahun"),
    ]
    first_fault("commitments.csv", frame, rules)
    return frame.assign(
        quantity=pd.to_numeric(frame["quantity"]).astype("float64"),
        year=pd.to_numeric(frame["year"]).astype("int64"),
    )


def read_local_facts(raw_dir: Path) -> pd.DataFrame:
    """local_facts.csv: what is known of a place and is no indicator's value, such as a landfill and how it is
    run; `quantity` float64 (NaN without one), `year` int64. One that several regions share names them all
    ("6303;6372") and is never split. A fact without `url` has no address that was kept: never cited on a page.
    """
    frame = read_register(
        raw_dir / "local_facts.csv", LOCAL_FACT_COLUMNS, numbers=("quantity",), dates=("published",)
    )
    quantity = pd.to_numeric(frame["quantity"], errors="coerce")
    known = set(regions().index)
    rules = [
        (
            pd.Series(
                [known.issuperset(codes.split(";")) for codes in frame["region_code"]], index=frame.index
            ),
            "region_code",
            "kode BPS dalam register, beberapa dipisah titik koma",
        ),
        (frame["kind"].str.fullmatch(r"[a-z_]+"), "kind", "jenis fakta, misalnya tpa"),
        (frame["text"] != "", "text", "keterangan"),
        (quantity.notna() | (frame["quantity"] == ""), "quantity", "angka atau kosong"),
        (frame["year"].str.fullmatch(r"\d{4}"), "year", "tahun"),
        (frame["source"] != "", "source", "penerbit"),
    ]
    first_fault("local_facts.csv", frame, rules)
    return frame.assign(
        quantity=quantity.astype("float64"), year=pd.to_numeric(frame["year"]).astype("int64")
    )
