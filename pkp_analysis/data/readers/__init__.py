"""Files as agencies send them to candidate cells; the layout is found by content, not by file name."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import UnreadableFileError
from . import portal, tidy, webapi
from .across import turned, turned_back
from .indicator_rows import unread_figures, unread_rows
from .layouts import BPS, layout_of, proposals_of, publisher_of, split_combined_names
from .markup import read_html
from .sheet import Block, Sheet
from .table import CHANGES, read_tables
from .text import decode, read_text
from .workbook import read_workbook

MOST_BYTES = 400 << 20
# First bytes of files that are sent by mistake -> what they are.
OTHER_FILES = {
    b"%PDF": "dokumen PDF",
    b"\x89PNG": "gambar PNG",
    b"\xff\xd8\xff": "gambar JPEG",
    b"PAR1": "berkas parquet",
    b"Rar!": "arsip RAR",
    b"\x1f\x8b": "arsip gzip",
    b"7z\xbc\xaf": "arsip 7z",
    b"{\\rtf": "dokumen RTF",
    b"SQLite": "basis data SQLite",
    b"GIF8": "gambar GIF",
}
NOTE = "Catatan tabelnya mungkin mengubah arti angkanya: {!r}. Angkanya dipakai."
EXPECTED = "Yang diharapkan: xlsx, xls, ods, csv, atau JSON WebAPI BPS"


@dataclass(frozen=True)
class RawFile:
    """A file's layout, candidate cells and remarks (sheet, row, column, text, rule, message)."""

    path: Path
    layout: str
    blocks: list[Block]
    remarks: list = field(default_factory=list)
    file_format: str = "text"
    publisher: str = ""
    proposals: list = field(default_factory=list)  # (text, where) that may name indicator or year


def file_format(path: Path) -> str:
    """ "zip" (xlsx, ods), "xls", "json", "html" or "text", by the first bytes. Raises UnreadableFileError for
    anything else.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise UnreadableFileError(
            f"{path}: tidak dapat dibuka ({error.strerror or error}). Periksa nama file dan foldernya."
        ) from error
    if size == 0 or not start.strip(b"\x00\xef\xbb\xbf \r\n\t"):
        raise UnreadableFileError(f"{path.name}: file kosong. {EXPECTED}. Unduh atau minta ulang filenya.")
    if size > MOST_BYTES:
        raise UnreadableFileError(
            f"{path.name}: {size >> 20} MB. Yang diharapkan: paling banyak {MOST_BYTES >> 20} MB. Bagi"
            " menjadi beberapa file."
        )
    for magic, kind in OTHER_FILES.items():
        if start.startswith(magic):
            raise UnreadableFileError(
                f"{path.name}: ternyata {kind}. {EXPECTED}. Minta tabelnya sebagai Excel atau CSV."
            )
    if start.startswith(b"PK"):
        return "zip"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith(b"<?xml") and b"<html" not in text:
        raise UnreadableFileError(
            f"{path.name}: ternyata XML. {EXPECTED}. Buka di Excel, lalu simpan sebagai .xlsx."
        )
    if re.match(rb"<(?:!|\?xml|/?[a-z])", text):
        return "html"
    return "json" if text.startswith((b"{", b"[")) else "text"


def read_cells(path) -> RawFile:
    """The candidate cells of a file. Raises UnreadableFileError when the file cannot be opened or holds no
    known layout.
    """
    path = Path(path)
    kind = file_format(path)
    titles, remarks = [], []
    if kind == "json":
        answer = webapi.parsed(decode(path.read_bytes(), path.name), path.name)
        if (records := webapi.records_sheet(answer)) is None:
            cells = webapi.read_cells(answer, path.name)
            note = webapi.cleaned(answer["var"][0].get("note") or "")
            if CHANGES.search(note):
                remarks.append(("datacontent", 0, 0, note, "table_note", NOTE.format(note[:160])))
            return RawFile(path, "bps_webapi", [cells], remarks, publisher=BPS)
        sheets = [records]
    elif kind == "html":
        sheets, titles = read_html(decode(path.read_bytes(), path.name))
    elif kind == "text":
        sheets = [read_text(decode(path.read_bytes(), path.name), path)]
    else:
        sheets = read_workbook(path, kind)
    parts = []
    for sheet in sheets:
        layout, frames, found = _read_sheet(sheet)
        parts += [(layout, cells) for cells in frames if len(cells.text)]
        remarks += found
    if not parts:
        told = " ".join(message for *_, rule, message in remarks if rule == "unread_table")
        raise UnreadableFileError(
            f"{path.name}: tidak ditemukan tabel dengan nama wilayah dan angka ({_seen(sheets, kind)})."
            f" {told}{' ' if told else ''}Yang diharapkan: satu kolom nama provinsi atau kabupaten/kota"
            " dengan angka di kanannya, atau kolom wilayah, indikator, tahun, nilai. Gunakan formulir dari"
            " `pkp template`."
        )
    layout = max(parts, key=lambda part: len(part[1].text))[0]
    return RawFile(
        path,
        layout,
        [cells for _, cells in parts],
        remarks,
        kind,
        publisher_of(sheets, layout),
        [*((text, "judul halamannya") for text in titles), *proposals_of(path, sheets)],
    )


def _read_sheet(sheet: Sheet) -> tuple[str, list, list]:
    """Layout, candidate cells per table, and remarks of one sheet."""
    if not sheet.height:
        return "", [], []
    remarks = []

    def remark(rule: str, message: str, row: int = 0, column: int = 0, text: str = "") -> None:
        remarks.append((sheet.name, row, column, text, rule, message))

    if not sheet.visible:
        remark("hidden_sheet", f"Lembar {sheet.name} tersembunyi, tetapi dibaca juga.")
    if found := tidy.find_header(sheet):
        for column, header in tidy.other_figures(sheet, *found):
            message = f"Kolom {header!r} berisi angka lain di samping kolom nilai; angkanya tidak dibaca."
            remark("number_column", message, 0, column + 1, header)
        return "tidy_csv" if sheet.delimiter else "tidy_xlsx", [tidy.read_cells(sheet, *found)], remarks
    if portal.is_portal(sheet):
        return "waste_portal", [portal.read_cells(sheet)], remarks
    tables = read_tables(sheet)
    if not tables and (across := turned(sheet)) and (tables := read_tables(across[0])):
        frames = [turned_back(cells, sheet, across[1]) for _, cells in tables]
        return layout_of(across[0], tables), frames, remarks
    if not tables:
        count, labels = unread_figures(sheet)
        found = f"Lembar {sheet.name or 'ini'} tidak berisi tabel wilayah"
        begun = f"barisnya diawali {', '.join(map(repr, labels))}, bukan nama wilayah"
        if labels:
            remark("unread_table", f"{found}: {begun}. {count} angkanya tidak dibaca.")
        else:
            remark("no_table", f"{found}, jadi tidak dibaca.")
        return "", [], remarks
    known = [row for table, _ in tables for row in (*table.data_rows, *table.header_rows)]
    if lost := unread_rows(sheet, known):
        others = f" dan {len(lost) - 1} baris lain" if len(lost) > 1 else ""
        message = f"Baris ini{others} berisi angka di luar tabel wilayah, jadi tidak dibaca."
        remark("unread_table", message, lost[0] + 1)
    for table, _ in tables:
        for column, header in table.described:
            message = f"Kolom {header!r} berisi teks, bukan angka, jadi tidak dibaca."
            remark("text_column", message, table.data_rows[0], column + 1, header)
        for row, text in table.notes:
            remark("table_note", NOTE.format(text[:160]), row + 1, 1, text)
    layout = layout_of(sheet, tables)
    frames = [split_combined_names(cells) if layout == "fsva_csv" else cells for _, cells in tables]
    return layout, frames, remarks


def _seen(sheets: list[Sheet], kind: str) -> str:
    sizes = [f"{sheet.name or 'isi'}: {sheet.height} baris x {sheet.width} kolom" for sheet in sheets[:5]]
    return "; ".join([*["halaman HTML"] * (kind == "html"), *(sizes or ["tanpa tabel"])])
