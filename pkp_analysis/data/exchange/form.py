"""The Excel form agencies fill in: regions down, indicators and years across, nothing left to guess."""

from pathlib import Path

import xlsxwriter

from ...errors import BadRequestError
from ...files import whole
from ..codebook import indicators, to_indicator
from ..readers import file_format
from ..readers.headers import year_of
from ..readers.workbook import read_workbook
from ..regions import members, region_name
from ..safe_cells import neutral

FIRST_ROW = 5  # of the figures, counted from 0
FIRST_COLUMN = 2
TITLE = "Formulir data perumahan dan kawasan permukiman"
SENDER, SENDER_ROW = "Sumber: (tulis nama instansi)", 1
ORIGIN, ORIGIN_ROW = "Asal angka: (pilih)", 2
ORIGINS = {  # what the list in the form offers -> origin in sources.csv
    "Asal angka: survei BPS (Susenas)": "survey",
    "Asal angka: catatan instansi sendiri": "agency",
}
GUIDE = (
    "Cara mengisi",
    (
        "1. Isi hanya sel kuning di lembar Isian. Sel lain terkunci supaya nama wilayah dan kepala kolom"
        " tetap terbaca."
    ),
    "2. Tulis angka saja, tanpa tanda persen atau satuan: 95,4. Satuan sudah tertulis di kepala kolom.",
    (
        "3. Angka belum ada: biarkan kosong. Tidak berlaku: tulis tanda hubung (-). Nol hanya untuk angka nol"
        " yang sebenarnya."
    ),
    (
        '4. Jangan menulis perkiraan seperti "sekitar 90" atau rentang "90-95". Angka sementara: tambahkan'
        " bintang, misalnya 95,4*."
    ),
    "5. Isi realisasi. Target tidak ditulis di formulir ini.",
    (
        "6. Sel A2: nama instansi. Sel A3: pilih asal angka. Angka yang dikutip dari survei BPS (Susenas) dan"
        " angka dari catatan instansi sendiri ditulis di formulir yang terpisah."
    ),
    "7. Tulis keterangan dan tanggal data di kolom Keterangan.",
    (
        "8. Simpan sebagai .xlsx, lalu kirim kembali. Penerima memasukkannya dengan perintah: pkp add"
        " NAMA_FILE.xlsx"
    ),
)


def write_form(path, indicator_codes, years, province: str = "63") -> Path:
    """Writes the empty form for the regencies of a province and the province itself, and returns its path.

    Raises BadRequestError for an empty list, a year outside 1990-2049 or an unknown indicator or province,
    before anything
    is written.
    """
    path = Path(path)
    codes = list(dict.fromkeys(to_indicator(code) for code in indicator_codes))
    years = sorted(dict.fromkeys(int(year) for year in years))
    if not codes or not years or years[0] < 1990 or years[-1] > 2049:
        raise BadRequestError(
            f"Formulir perlu paling sedikit satu indikator dan satu tahun 1990-2049; ditemukan {codes} dan"
            f" {years}."
        )
    dated = [code for code in codes if year_of(indicators().at[code, "name"])]
    if dated:
        raise BadRequestError(
            f"Nama indikator {', '.join(dated)} memuat tahun, sehingga kolom formulirnya tidak jelas. Pilih"
            " indikator lain."
        )
    if path.suffix.lower() != ".xlsx":
        raise BadRequestError(
            f"{path.name}: formulir berupa Excel. Yang diharapkan: nama file yang berakhir .xlsx."
        )
    regions = [*members(province), province]
    with whole(path) as part, xlsxwriter.Workbook(part) as workbook:
        _write_figures(workbook, codes, years, regions, province)
        _write_guide(workbook, codes)
    return path


def form_fields(path: Path) -> dict:
    """What a form says of all its figures: its `title`, and `publisher` and `origin` where they were filled in
    (forms of before there were these fields have the title alone). Empty for any other workbook.
    """
    sheet = next(iter(read_workbook(path, file_format(path))), None)
    if sheet is None or not sheet.height > ORIGIN_ROW or not sheet.shown(0, 0).startswith(TITLE):
        return {}
    sender, origin = sheet.shown(SENDER_ROW, 0).strip(), sheet.shown(ORIGIN_ROW, 0).strip()
    title = {"title": sheet.shown(0, 0).partition(". ")[0]}
    if not origin.startswith("Asal angka"):
        return title
    publisher = sender.removeprefix("Sumber:").strip()
    chosen = ORIGINS.get(origin) or next(
        (kind for word, kind in (("susenas", "survey"), ("sendiri", "agency")) if word in origin.lower()), ""
    )
    fields = {"publisher": "" if publisher.startswith("(") else publisher, "origin": chosen}
    return title | {name: value for name, value in fields.items() if value}


def _write_figures(workbook, codes, years, regions, province) -> None:
    sheet = workbook.add_worksheet("Isian")
    heading = workbook.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
            "border": 1,
            "bg_color": "#D9E2EC",
        }
    )
    fixed = workbook.add_format({"border": 1, "bg_color": "#F2F2F2"})
    entry = workbook.add_format(
        {"border": 1, "bg_color": "#FFF9DB", "locked": False, "num_format": "General"}
    )
    sheet.write_string(
        0,
        0,
        f"{TITLE}, {region_name(province, full=True)}. Isi sel kuning; petunjuk di lembar Petunjuk.",
        workbook.add_format({"bold": True, "font_size": 13}),
    )
    field = workbook.add_format({"border": 1, "bg_color": "#FFF9DB", "locked": False})
    for row, text in ((SENDER_ROW, SENDER), (ORIGIN_ROW, ORIGIN)):
        sheet.merge_range(row, 0, row, 1, text, field)
    last_column = FIRST_COLUMN + len(codes) * len(years)
    for column, label in ((0, "Kode"), (1, "Kabupaten/Kota"), (last_column, "Keterangan")):
        sheet.merge_range(FIRST_ROW - 2, column, FIRST_ROW - 1, column, label, heading)
    for row, region in enumerate(regions, start=FIRST_ROW):
        sheet.write_string(row, 0, region, fixed)
        sheet.write_string(row, 1, region_name(region, full=True), fixed)
        for column in range(FIRST_COLUMN, last_column + 1):
            sheet.write_blank(row, column, None, entry)
    book = indicators()
    for place, code in enumerate(codes):
        first = FIRST_COLUMN + place * len(years)
        about = book.loc[code]
        label = neutral(f"{about['name']} ({about['unit']})")
        if len(years) > 1:
            sheet.merge_range(FIRST_ROW - 2, first, FIRST_ROW - 2, first + len(years) - 1, label, heading)
        else:
            sheet.write_string(FIRST_ROW - 2, first, label, heading)
        sheet.write_comment(
            FIRST_ROW - 2, first, about["concept"] or about["name"], {"x_scale": 2, "y_scale": 2}
        )
        for offset, year in enumerate(years):
            sheet.write_number(FIRST_ROW - 1, first + offset, year, heading)
        sheet.data_validation(
            FIRST_ROW,
            first,
            FIRST_ROW + len(regions) - 1,
            first + len(years) - 1,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": about["minimum"],
                "maximum": about["maximum"],
                "error_type": "warning",
                "input_title": about["short_name"][:32],
                "input_message": f"{about['unit']}, {about['minimum']:.10g} sampai {about['maximum']:.10g}",
                "error_title": "Di luar rentang",
                "error_message": (
                    f"Yang diharapkan: {about['minimum']:.10g} sampai {about['maximum']:.10g}"
                    f" {about['unit']}."
                ),
            },
        )
    sheet.data_validation(
        ORIGIN_ROW, 0, ORIGIN_ROW, 0, {"validate": "list", "source": list(ORIGINS), "error_type": "warning"}
    )
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 32)
    sheet.set_column(FIRST_COLUMN, last_column - 1, 12)
    sheet.set_column(last_column, last_column, 40)
    sheet.set_row(FIRST_ROW - 2, 60)
    sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_guide(workbook, codes) -> None:
    sheet = workbook.add_worksheet("Petunjuk")
    bold, wrap = (
        workbook.add_format({"bold": True}),
        workbook.add_format({"text_wrap": True, "valign": "top"}),
    )
    for row, line in enumerate(GUIDE):
        sheet.write_string(row, 0, line, wrap if row else bold)
    start = len(GUIDE) + 1
    sheet.write_row(start, 0, ["Indikator", "Satuan", "Pengertian"], bold)
    about = indicators()
    for row, code in enumerate(codes, start=start + 1):
        for column, name in enumerate(("name", "unit", "concept")):
            sheet.write_string(row, column, neutral(about.at[code, name]), wrap)
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, 2, 70)
    sheet.protect()
