"""Small files in the layouts agencies send, written where a test wants them."""

import json
import struct
import zipfile
from datetime import datetime

import xlsxwriter

REGENCIES = [
    ("6301", "Tanah Laut"),
    ("6302", "Kotabaru"),
    ("6303", "Banjar"),
    ("6304", "Barito Kuala"),
    ("6305", "Tapin"),
    ("6306", "Hulu Sungai Selatan"),
    ("6307", "Hulu Sungai Tengah"),
    ("6308", "Hulu Sungai Utara"),
    ("6309", "Tabalong"),
    ("6310", "Tanah Bumbu"),
    ("6311", "Balangan"),
    ("6371", "Kota Banjarmasin"),
    ("6372", "Kota Banjarbaru"),
]
SANITATION = "Persentase Rumah Tangga menurut Provinsi dan Memiliki Akses terhadap Sanitasi Layak (Persen)"


def bps_xlsx(path, rows, years=(2022,), title=SANITATION, dimension="38 Provinsi"):
    """The table export of the BPS site; `rows` are (name, value, value ...). Strings inline, no
    sharedStrings.xml.
    """
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        bold = workbook.add_format({"bold": True})
        sheet.write(0, 0, dimension, bold)
        sheet.write(1, 1, title, bold)
        for column, year in enumerate(years, start=1):
            sheet.write(2, column, year)
        for row, values in enumerate(rows, start=3):
            sheet.write_row(row, 0, values)
    _add_merges(path, ["A1:A3"] + ([f"B2:{chr(65 + len(years))}2"] if len(years) > 1 else []))
    return path


def _add_merges(path, ranges):
    """Constant-memory writing cannot merge afterwards, so the merges are put into the sheet's XML."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "xl/sharedStrings.xml"}
    merges = (
        f'<mergeCells count="{len(ranges)}">'
        + "".join(f'<mergeCell ref="{place}"/>' for place in ranges)
        + "</mergeCells>"
    )
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", b"</sheetData>" + merges.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def agency_workbook(path):
    """Title rows, a header of two rows with a merged date for a year, text numbers, a subtotal, footnotes, a
    hidden row, two more sheets.
    """
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sanitasi")
        year = workbook.add_format({"num_format": "yyyy"})
        percent = workbook.add_format({"num_format": "0.0%"})
        sheet.write("A1", "PEMERINTAH PROVINSI KALIMANTAN SELATAN")
        sheet.write("A2", "Capaian Akses Sanitasi Layak menurut Kabupaten/Kota")
        sheet.merge_range("A4:A5", "No")
        sheet.merge_range("B4:B5", "Kabupaten/Kota")
        sheet.merge_range("C4:D4", 2021)
        sheet.merge_range("E4:F4", "", year)
        sheet.write_datetime("E4", datetime(2022, 1, 1), year)
        sheet.write_row("C5", ["Target (%)", "Realisasi (%)", "Target (%)", "Realisasi (%)"])
        sheet.merge_range("G4:G5", "Keterangan")
        rows = [
            ("Tanah Laut", 80, "95,40%", 81, "95.23", ""),
            ("Kotabaru", 80, " 88,28 ", 81, "n/a", "diverifikasi"),
            ("Kab. Banjar", 80, "-", 81, "#REF!", ""),
            ("Barito Kuala", 80, "±90", 81, "90-95", ""),
            ("Tapin", 80, 0.954, 81, 71.5, ""),
            ("Banjar dan Banjarbaru", 80, 60.0, 81, 60.5, ""),
            ("HSS", 80, 70.25, 81, 72.5, ""),
            ("Hulu Sungai Sel.", 80, 71.25, 81, 72.5, ""),
            ("Jumlah", 80, 70, 81, 70.5, ""),
            ("Kalimantan Selatan", 80, 81.2, 81, 82.55, ""),
        ]
        for number, row in enumerate(rows):
            sheet.write(5 + number, 0, number + 1)
            for column, value in enumerate(row, start=1):
                sheet.write(5 + number, column, value, percent if value == 0.954 else None)
        sheet.set_row(9, None, None, {"hidden": True})
        sheet.write("A16", "*) angka sementara")
        sheet.write("A17", "Sumber: Dinas PUPR")
        sheet.write("A19", "Banjarmasin, 12 Maret 2023")
        second = workbook.add_worksheet("Air minum layak")
        second.write_row("A1", ["Kabupaten/Kota", "Tahun 2020", "Tahun 2021*"])
        second.write_row("A2", ["Tapin", "71,2", "72"])
        second.write_row("A3", ["Tabalong", 65.2, "66,125"])
        workbook.add_worksheet("Catatan").write("A1", "hubungi dinas")
    return path


def webapi_answer(
    values,
    regions=REGENCIES[:3],
    years=((121, "2021"), (122, "2022")),
    turvar=((0, "Tidak ada"),),
    turtahun=((0, "Tahun"),),
):
    """An answer of the BPS WebAPI as text; `values` maps the run-together ids to numbers."""
    return json.dumps(
        {
            "status": "OK",
            "data-availability": "available",
            "var": [
                {
                    "val": 104,
                    "label": "Persentase Rumah Tangga yang Memiliki Akses terhadap Sanitasi Layak",
                    "unit": "Persen",
                    "note": "",
                    "decimal": 2,
                }
            ],
            "vervar": [{"val": int(code), "label": name} for code, name in regions],
            "turvar": [{"val": val, "label": label} for val, label in turvar],
            "tahun": [{"val": val, "label": label} for val, label in years],
            "turtahun": [{"val": val, "label": label} for val, label in turtahun],
            "datacontent": values,
        }
    )


def ods(rows) -> dict:
    """Parts of an OpenDocument sheet; a row is a list of texts, numbers and ("percent", fraction)."""
    lines = []
    for row in rows:
        cells = []
        for value in row:
            kind, number = ("percentage", value[1]) if isinstance(value, tuple) else ("float", value)
            if isinstance(value, list):
                raised = f'<text:span text:style-name="T1">{value[1]}</text:span>'
                cells.append(
                    f'<table:table-cell office:value-type="string"><text:p>{value[0]}{raised}</text:p>'
                    "</table:table-cell>"
                )
            elif isinstance(value, str):
                cells.append(
                    "<table:table-cell"
                    f' office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
                )
            else:
                cells.append(
                    f'<table:table-cell office:value-type="{kind}"'
                    f' office:value="{number}"><text:p>{number}</text:p></table:table-cell>'
                )
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    body = (
        '<office:automatic-styles><style:style style:name="T1">'
        '<style:text-properties style:text-position="super 58%"/></style:style></office:automatic-styles>'
        "<office:body><office:spreadsheet><table:table"
        f' table:name="Data">{"".join(lines)}</table:table></office:spreadsheet></office:body>'
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": manifest,
        "content.xml": (
            f'<?xml version="1.0"?><office:document-content{spaces}>{body}</office:document-content>'
        ),
    }


def write_zip(path, parts) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def xls(path, rows):
    """A workbook of Excel 97 (BIFF8 in an OLE container) with one sheet of texts, numbers, [text, raised text] and
    ("percent" or "own", number) for a fraction shown as per cent in Excel's format or one of its own, ("quoted",
    number) for one that only shows the sign.
    """

    def record(code, content=b""):
        return struct.pack("<HH", code, len(content)) + content

    start = {
        kind: record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6)) for kind in (5, 16)
    }
    name = b"Data"
    styles = b"".join(record(0x0031, struct.pack("<8xH6x", raised)) for raised in (0, 1))
    for number, code in ((164, "0.0%".encode("utf-16-le")), (165, b'0.0"%"')):
        wide = number == 164
        styles += record(0x041E, struct.pack("<HHB", number, len(code) >> wide, wide) + code)
    styles += b"".join(record(0x00E0, struct.pack("<HH16x", 0, shown)) for shown in (0, 10, 164, 165))
    rich = [value for values in rows for value in values if isinstance(value, list)]
    styles += record(
        0x00FC,
        struct.pack("<II", len(rich), len(rich))
        + b"".join(
            struct.pack("<HBH", len(text + raised), 8, 1)
            + (text + raised).encode("latin-1")
            + struct.pack("<HH", len(text), 1)
            for text, raised in rich
        ),
    )
    length = len(start[5]) + 4 + 8 + len(name) + len(styles) + 4
    stream = start[5] + record(0x0085, struct.pack("<IHBB", length, 0, len(name), 0) + name)
    stream += styles + record(0x000A)
    stream += start[16] + record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, len(rows[0]), 0))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            kind = value[0] if isinstance(value, tuple) else ""
            place = struct.pack("<HHH", row, column, ["", "percent", "own", "quoted"].index(kind))
            if isinstance(value, list):
                stream += record(0x00FD, place + struct.pack("<I", rich.index(value)))
            elif isinstance(value, str):
                text = struct.pack("<HB", len(value), 0) + value.encode("latin-1")
                stream += record(0x0204, place + text)
            else:
                stream += record(
                    0x0203, place + struct.pack("<d", value[1] if isinstance(value, tuple) else value)
                )
    stream = (stream + record(0x000A)).ljust(8192, b"\0")
    sectors = len(stream) // 512
    table = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFD]  # the stream, the directory, this table
    table = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")

    def entry(title, kind, child, first, size):
        encoded = (title + "\0").encode("utf-16-le")
        return (
            encoded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", first, size)
        )

    directory = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
        + entry("Workbook", 2, 0xFFFFFFFF, 0, len(stream))
        + 2 * (bytes(68) + b"\xff" * 12 + bytes(48))
    )
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack(
        "<I", sectors + 1
    ).ljust(436, b"\xff")
    path.write_bytes(header + stream + directory + table)
    return path
