"""The figures to take along: XLSX and CSV of the whole and of each region, and the data package's descriptor."""

import hashlib
import io
import json
from datetime import datetime
from functools import cache
from pathlib import Path

import pandas as pd
import xlsxwriter

from ..data.codebook import indicators
from ..data.regions import region_name, regions
from ..data.safe_cells import neutral_frame
from ..files import sha256, write

CREATED = datetime(2020, 1, 1)  # fixed, so that equal figures give equal bytes
WHOLE, TITLE = "data-pkp", "Indikator perumahan dan kawasan permukiman"
SHEETS = {"nilai": "Nilai", "penilaian": "Penilaian", "sumber": "Sumber"}  # table -> name of its sheet
NOTES = (
    "Isi buku kerja: lembar Nilai (semua angka), Penilaian (angka terhadap tiap rencana), dan Sumber.",
    "Angka desimal disimpan sebagai bilangan. Kode wilayah disimpan sebagai teks agar nol tidak hilang.",
    "Rencana nasional adalah acuan bagi kabupaten/kota, bukan target kinerjanya.",
    "Nilai berstatus press, provisional, atau derived dicocokkan dahulu dengan sumbernya sebelum dikutip.",
    (
        "Peluang dan proyeksi adalah hasil model jika pola perubahan selama ini berlanjut, bukan penilaian"
        " kinerja."
    ),
)


@cache
def columns() -> dict[str, dict[str, tuple[str, str]]]:
    """table -> column -> (type in the data package, meaning), in the order of columns.csv."""
    rows = pd.read_csv(Path(__file__).with_name("columns.csv"), dtype="str").itertuples(index=False)
    found = {name: {} for name in SHEETS}
    for table, column, kind, meaning in rows:
        found[table][column] = (kind, meaning)
    return found


def tables(dataset, assessment: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The three tables of a download with the columns of columns.csv, names beside codes, texts safe for Excel."""
    whole = {"nilai": named(dataset.observations), "penilaian": named(assessment), "sumber": dataset.sources}
    return {name: neutral_frame(table[list(columns()[name])]) for name, table in whole.items()}


def named(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        region=table["region_code"].map(regions()["full_name"]),
        indicator_name=table["indicator"].map(indicators()["name"]),
    )


def of_region(whole: dict[str, pd.DataFrame], region_code: str) -> dict[str, pd.DataFrame]:
    """The rows of one region, and the sources they name."""
    part = {name: whole[name][whole[name]["region_code"] == region_code] for name in ("nilai", "penilaian")}
    sources = whole["sumber"]
    return part | {"sumber": sources[sources["source_id"].isin(part["nilai"]["source_id"])]}


def workbook(content: dict[str, pd.DataFrame], title: str, data_version: str) -> bytes:
    """An XLSX file: a sheet of notes, then a sheet per table; equal content gives equal bytes."""
    page, plain = io.BytesIO(), ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    options = dict.fromkeys(plain, False) | {
        "constant_memory": True
    }  # the whole country takes 100 MB otherwise
    book = xlsxwriter.Workbook(page, options)
    book.set_properties({"title": title, "comments": f"Versi data {data_version}", "created": CREATED})
    formats = {
        "head": book.add_format(
            {"bold": True, "bg_color": "#E9F1F7", "bottom": 1, "text_wrap": True, "valign": "top"}
        ),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "integer": book.add_format({"num_format": "0"}),
        "number": book.add_format({"num_format": "#,##0.00"}),
    }
    write_notes(book.add_worksheet("Catatan"), content, title, data_version, formats)
    for name, label in SHEETS.items():
        write_table(book.add_worksheet(label), content[name], columns()[name], formats)
    book.close()
    return page.getvalue()


def write_notes(sheet, content: dict, title: str, data_version: str, formats: dict) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, f"Versi data {data_version}")
    for place, note in enumerate(NOTES, start=3):
        sheet.write_string(place, 1, note, formats["wrap"])
    place = 4 + len(NOTES)
    for name, label in SHEETS.items():
        sheet.write_string(place, 0, label, formats["head"])
        sheet.write_string(place, 1, f"{len(content[name])} baris", formats["head"])
        for line, (column, (_, meaning)) in enumerate(columns()[name].items(), start=place + 1):
            sheet.write_string(line, 0, column)
            sheet.write_string(line, 1, meaning, formats["wrap"])
        place = line + 2


def write_table(sheet, table: pd.DataFrame, columns: dict, formats: dict) -> None:
    """Header, filter, frozen first row; a missing value is an empty cell."""
    values = [table[name].tolist() for name in columns]
    for place, (name, column) in enumerate(zip(columns, values, strict=True)):
        width = max([len(name), *(len(str(value)) for value in column[:200])])
        sheet.set_column(place, place, min(max(width + 2, 8), 48))
        sheet.write_string(0, place, name, formats["head"])
    kinds = [kind for kind, _ in columns.values()]
    for row, cells in enumerate(zip(*values, strict=True), start=1):
        for place, (kind, value) in enumerate(zip(kinds, cells, strict=True)):
            if value is None or value is pd.NA or value != value or value == "":
                continue
            if kind == "string":
                sheet.write_string(row, place, str(value))
            elif kind == "boolean":
                sheet.write_boolean(row, place, bool(value))
            else:
                sheet.write_number(row, place, value, formats[kind])
    sheet.freeze_panes(1, 0)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(columns) - 1)


def csv(table: pd.DataFrame) -> str:
    """The table as CSV with the mark by which Excel knows UTF-8; a `sep=` line would break the data package."""
    return "\ufeff" + table.to_csv(index=False, lineterminator="\n")


def descriptor(content: dict[str, pd.DataFrame], data_version: str) -> str:
    """datapackage.json of the whole: one resource per CSV file with its schema."""
    keys = {"nilai": ["region_code", "indicator", "year", "source_id"], "sumber": ["source_id"]}
    resources, sources = [], []
    for name in SHEETS:
        known = columns()[name].items()
        fields = [{"name": column, "type": kind, "description": what} for column, (kind, what) in known]
        about = {"name": name, "path": f"{WHOLE}-{name}.csv", "profile": "tabular-data-resource"}
        about |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": {"fields": fields}}
        about["schema"] |= {"primaryKey": keys[name]} if name in keys else {}
        resources.append(about)
    for row in content["sumber"].itertuples():
        path = {"path": row.url} if str(row.url).startswith("http") else {}
        sources.append({"title": f"{row.publisher}: {row.title}", **path})
    about = {"profile": "tabular-data-package", "name": "indikator-pkp", "title": TITLE}
    about |= {"version": data_version, "resources": resources, "sources": sources}
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def write_downloads(
    out: Path, content: dict[str, pd.DataFrame], pages: dict[str, str], data_version: str, earlier: dict
) -> None:
    """Everything below unduhan/. pages: region_code -> name of the region's files ("6303-banjar"). earlier: place ->
    SHA-256 of what this library wrote last; where the tables are still those, its whole files are not made again.
    """
    texts = {f"{WHOLE}-{name}.csv": csv(table).encode() for name, table in content.items()}
    texts["datapackage.json"] = descriptor(content, data_version).encode()
    found = {f"unduhan/{file}": hashlib.sha256(text).hexdigest() for file, text in texts.items()}
    same = found.items() <= earlier.items()

    def make(file: str, bytes_of) -> None:
        place = f"unduhan/{file}"
        if not (same and (out / place).is_file() and earlier.get(place) == sha256(out / place)):
            write(out / place, bytes_of())

    for file, text in texts.items():
        make(file, lambda text=text: text)
    make(f"{WHOLE}.xlsx", lambda: workbook(content, TITLE, data_version))
    for code, stem in pages.items():
        part, title = of_region(content, code), region_name(code, full=True)
        make(f"{stem}.csv", lambda part=part: csv(part["nilai"]).encode())
        make(f"{stem}.xlsx", lambda part=part, title=title: workbook(part, title, data_version))
