"""Writes some 380 damaged files, always the same ones, and reads each.

`python -m tests.data.damaged_files write FOLDER STEP` writes them (STEP 1 all, 6 each sixth), `... read FOLDER`
reads them and prints one JSON line per file (name, outcome, seconds of processor time of this process), then one
with the peak memory of this and of the reading process.
"""

import json
import os
import random
import struct
import sys
import time
from pathlib import Path

from pkp_analysis.data.clean import clean_file
from pkp_analysis.data.readers import workbook as workbook_reader
from pkp_analysis.errors import PkpError

from . import raw_files

CSV = (
    "Kabupaten/Kota,Sanitasi Layak 2021,Sanitasi Layak 2022\nTanah"
    " Laut,70.5,71.25\nKotabaru,60.5,61.25\nBanjar,57.7,58.1\nKALIMANTAN"
    " SELATAN,80.1,82.55\n,,\nKeterangan,,\n-,,\n"
)
INDONESIAN = (
    "Provinsi;Kabupaten/Kota;Sanitasi Layak 2022 (%)\r\nKALIMANTAN SELATAN;Kota Baru; 71,15 \r\nKALIMANTAN"
    " SELATAN;Banjar; 57,71 \r\n" + ";;\r\n" * 50
)
TIDY = (
    "region_code,name,indicator,year,value,unit\n6301,Tanah"
    " Laut,sanitasi_layak,2022,70.5,%\n6303,Banjar,sanitasi_layak,2022,57.71,%\n"
)
SHEET = (
    '<?xml version="1.0"?><worksheet'
    ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
GOOD_ROWS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Kabupaten/Kota</t></is></c><c r="B1"'
    ' t="inlineStr"><is><t>Sanitasi layak 2022</t></is></c></row><row r="2"><c r="A2"'
    ' t="inlineStr"><is><t>Tapin</t></is></c><c r="B2"><v>71.5</v></c></row>'
)


def workbook(
    sheet_xml: str | bytes, extra: dict | None = None, sheets=(("Data", "rId1"),), without=()
) -> dict:
    """Parts of a small xlsx around one sheet's XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="{rid}"/>'
        for number, (name, rid) in enumerate(sheets, 1)
    )
    parts = {
        "[Content_Types].xml": (
            '<?xml version="1.0"?><Types'
            ' xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default'
            ' Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml"'
            ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            '<?xml version="1.0"?><Relationships'
            ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
            f' Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<?xml version="1.0"?><workbook xmlns="{main}"'
            f' xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            '<?xml version="1.0"?><Relationships'
            ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
            f' Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": sheet_xml,
    } | (extra or {})
    return {name: content for name, content in parts.items() if name not in without}


def cell(reference, value, **attributes) -> str:
    listed = "".join(f' {name}="{text}"' for name, text in attributes.items())
    return f'<c r="{reference}"{listed}><v>{value}</v></c>'


def sheet(*rows: str, after: str = "", before: str = "") -> str:
    return SHEET.format(f"{before}<sheetData>{''.join(rows)}</sheetData>{after}")


def workbooks():
    """(name, parts): valid and broken workbooks written part by part."""
    zeros = b"0" * (1 << 20)
    yield "bom_lembar", workbook(SHEET.format("<sheetData>").encode() + zeros * 200)
    yield "bom_string", workbook(sheet(GOOD_ROWS), {"xl/sharedStrings.xml": zeros * 200})
    yield "bom_gaya", workbook(sheet(GOOD_ROWS), {"xl/styles.xml": zeros * 200})
    yield "bom_gambar", workbook(sheet(GOOD_ROWS), {"xl/media/image1.png": zeros * 200})
    yield "sel_terjauh", workbook(sheet(GOOD_ROWS, f'<row r="1048576">{cell("XFD1048576", 1)}</row>'))
    yield "kolom_terjauh", workbook(sheet(GOOD_ROWS, f'<row r="3">{cell("XFD3", 1)}</row>'))
    yield "baris_terjauh", workbook(sheet(GOOD_ROWS, f'<row r="1048576">{cell("A1048576", 1)}</row>'))
    yield (
        "lima_puluh_kolom_terjauh",
        workbook(sheet(GOOD_ROWS, f'<row r="1048576">{cell("AX1048576", 1)}</row>')),
    )
    yield "ukuran_bohong", workbook(sheet(GOOD_ROWS, before='<dimension ref="A1:XFD1048576"/>'))
    yield (
        "sejuta_baris",
        workbook(
            sheet(
                GOOD_ROWS,
                "".join(f'<row r="{row}">{cell(f"B{row}", row % 100)}</row>' for row in range(3, 1_048_577)),
            )
        ),
    )
    yield (
        "gabung_melingkar",
        workbook(
            sheet(
                GOOD_ROWS,
                after=(
                    '<mergeCells><mergeCell ref="A1:C3"/><mergeCell ref="B2:D4"/><mergeCell'
                    ' ref="C3:A1"/></mergeCells>'
                ),
            )
        ),
    )
    yield (
        "gabung_seluruhnya",
        workbook(sheet(GOOD_ROWS, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
    )
    yield (
        "gabung_rusak",
        workbook(
            sheet(
                GOOD_ROWS,
                after='<mergeCells><mergeCell ref="Z"/><mergeCell ref=""/><mergeCell/></mergeCells>',
            )
        ),
    )
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(97 + n)} "{f"&{chr(96 + n)};" * 10}">' for n in range(1, 12))
        + "]>"
    )
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
        yield (
            f"entitas_{Path(part).stem}",
            workbook(sheet(GOOD_ROWS)) | {part: f'<?xml version="1.0"?>{laughs}<x>&l;</x>'},
        )
    yield (
        "entitas_luar",
        workbook(
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            + sheet(GOOD_ROWS.replace("Tapin", "&a;"))[21:]
        ),
    )
    yield (
        "rumus",
        workbook(
            sheet(
                GOOD_ROWS,
                '<row r="3"><c r="A3" t="inlineStr"><is><t>Balangan</t></is></c><c'
                ' r="B3"><f>B2*2</f></c></row>',
            )
        ),
    )
    yield (
        "rumus_galat",
        workbook(
            sheet(
                GOOD_ROWS,
                '<row r="3"><c r="A3" t="inlineStr"><is><t>Balangan</t></is></c><c r="B3"'
                ' t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
            )
        ),
    )
    yield "rumus_jauh", workbook(sheet(GOOD_ROWS, '<row r="900000"><c r="ZZZ900000"><f>1+1</f></c></row>'))
    yield "tautan_luar", workbook(sheet(GOOD_ROWS), {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    yield "makro", workbook(sheet(GOOD_ROWS), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)})
    for name, part in (
        ("tanpa_buku", "xl/workbook.xml"),
        ("tanpa_relasi", "xl/_rels/workbook.xml.rels"),
        ("tanpa_lembar", "xl/worksheets/sheet1.xml"),
        ("tanpa_jenis", "[Content_Types].xml"),
    ):
        yield name, workbook(sheet(GOOD_ROWS), without=[part])
    for number, bad in enumerate(
        (
            'r="A0"',
            'r="0"',
            'r="ZZZZ1"',
            'r=""',
            'r="A99999999999"',
            't="s"',
            't="zz"',
            's="99999"',
            's="-1"',
            'r="a2"',
            'r="2A"',
            'r="É2"',
        )
    ):
        yield f"sel_aneh_{number}", workbook(sheet(GOOD_ROWS, f"<row><c {bad}><v>5</v></c></row>"))
    for number, value in enumerate(
        ("NaN", "inf", "-inf", "1e999", "0x10", "", "1,5", "١٢", "9" * 400, "&#0;", "\u202e71")
    ):
        yield (
            f"nilai_aneh_{number}",
            workbook(
                sheet(
                    GOOD_ROWS,
                    '<row r="3"><c r="A3"'
                    f' t="inlineStr"><is><t>Balangan</t></is></c>{cell("B3", value)}</row>',
                )
            ),
        )
    for number, row in enumerate(('r="0"', 'r="-5"', 'r="x"', 'r="4294967296"', 'hidden="1"')):
        yield f"baris_aneh_{number}", workbook(sheet(GOOD_ROWS, f"<row {row}><c><v>5</v></c></row>"))
    yield (
        "judul_kembar",
        workbook(
            sheet(
                GOOD_ROWS.replace(
                    "</c></row><row",
                    '</c><c r="C1" t="inlineStr"><is><t>Sanitasi layak 2022</t></is></c></row><row',
                    1,
                ),
                f'<row r="3">{cell("C3", 5)}</row>',
            )
        ),
    )
    yield "lembar_kembar", workbook(sheet(GOOD_ROWS), sheets=(("Data", "rId1"), ("Data", "rId1")))
    yield (
        "banyak_lembar",
        workbook(sheet(GOOD_ROWS), sheets=tuple((f"L{number}", "rId1") for number in range(300))),
    )
    yield "relasi_salah", workbook(sheet(GOOD_ROWS), sheets=(("Data", "rId9"),))
    yield "tanpa_tutup", workbook(sheet(GOOD_ROWS)[:-30])
    yield (
        "persen_rusak",
        workbook(
            sheet(GOOD_ROWS, f'<row r="3">{cell("B3", 0.5, s="1")}</row>'),
            {"xl/styles.xml": '<styleSheet><cellXfs><xf/><xf numFmtId="x"/></cellXfs></styleSheet>'},
        ),
    )
    yield (
        "banyak_bagian",
        workbook(sheet(GOOD_ROWS), {f"xl/media/{number}.bin": b"x" for number in range(5000)}),
    )
    yield "jalan_keluar", workbook(sheet(GOOD_ROWS), {"../../keluar.txt": "x"})


def texts():
    """(name, bytes): damaged text files."""
    for base, text in (("bps", CSV), ("indonesia", INDONESIAN), ("rapi", TIDY)):
        yield f"{base}_utf16le_bom", b"\xff\xfe" + text.encode("utf-16-le")
        yield f"{base}_utf16be_bom", b"\xfe\xff" + text.encode("utf-16-be")
        yield f"{base}_utf16le", text.encode("utf-16-le")
        yield f"{base}_utf16be", text.encode("utf-16-be")
        yield f"{base}_utf32", text.encode("utf-32")
        yield f"{base}_cp1252", text.replace("Banjar", "Bañjar").encode("cp1252")
        yield f"{base}_akhir_campur", text.replace("\n", "\r\n", 2).replace("\nKALI", "\rKALI").encode()
        yield f"{base}_hanya_cr", text.replace("\r\n", "\n").replace("\n", "\r").encode()
        yield f"{base}_nul", text.replace("Banjar", "Ban\x00jar").encode()
        yield f"{base}_kutip", text.replace("Banjar", '"Banjar').encode()
        yield f"{base}_kutip_akhir", (text + '"').encode()
        yield f"{base}_bom_ganda", b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode()
        yield f"{base}_baris_panjang", (text + "x" * 2_000_000).encode()
        yield f"{base}_lima_ribu_kolom", (text + "1" + ",1;1" * 5000).encode()
        yield f"{base}_judul_kembar", text.replace("2021", "2022").encode()
        yield f"{base}_hanya_judul", text.splitlines(True)[0].encode()
        yield f"{base}_tanpa_judul", "".join(text.splitlines(True)[1:]).encode()
        yield f"{base}_baris_kosong", text.replace("\n", "\n\n\n").encode()
        yield f"{base}_sejuta_baris_kosong", (text + "\n" * 1_000_000).encode()
        yield f"{base}_formulir_umpan", text.replace("Banjar", "Banjar\x0c").encode()
        yield f"{base}_rumus", text.replace("57.7", "=HYPERLINK(1)").replace("57,71", "@SUM(1)").encode()
        yield f"{base}_arah_balik", text.replace("Banjar", "\u202eBanjar").encode()
        yield f"{base}_pemisah_lain", text.replace(",", "|").replace(";", "|").encode()
        yield f"{base}_sep", ("sep=,\n" + text).encode()
        yield f"{base}_galat", text.encode() + b"\xff\xfe\xfd\x80" * 20
        yield f"{base}_angka_panjang", text.replace("57.7", "5" * 5000).replace("57,71", "5" * 400).encode()
        yield f"{base}_tanda_saja", text.replace("57.7", "-.,").replace("57,71", ",,,.").encode()
    yield "json_dalam", b'{"a":' * 100_000
    yield "json_larik_dalam", b"[" * 100_000
    yield "json_kosong", b"{}"
    yield "json_larik", b"[1,2,3]"
    answer = raw_files.webapi_answer({"630110401210": 70.5})
    parts = json.loads(answer)
    for key in parts:
        yield (
            f"json_tanpa_{key}",
            json.dumps({name: value for name, value in parts.items() if name != key}).encode(),
        )
        for number, value in enumerate(
            (None, [], {}, "x", 5, [None], [{"val": 1}], [{"val": None, "label": None}])
        ):
            yield f"json_{key}_{number}", json.dumps(parts | {key: value}).encode()
    yield "json_setengah_huruf", answer.replace("Tanah Laut", "Tanah \\ud800Laut").encode()
    yield (
        "json_nilai_aneh",
        raw_files.webapi_answer(
            {"630110401210": [1], "630110401220": {"a": 1}, "x": None, "630210401210": "1e999"}
        ).encode(),
    )


def whole_files(folder: Path) -> dict:
    """Name -> bytes of the sound files that are cut, flipped and renamed."""
    raw_files.bps_xlsx(folder / "dasar.xlsx", [("ACEH", 77.5), ("BALI", 95.0), ("INDONESIA", 80.9)])
    raw_files.agency_workbook(folder / "dasar2.xlsx")
    raw_files.write_zip(
        folder / "dasar.ods",
        raw_files.ods([["Kabupaten/Kota", "Sanitasi layak 2022"], ["Tapin", 71.5], ["Tabalong", 65.2]]),
    )
    raw_files.xls(
        folder / "dasar.xls", [["Kabupaten/Kota", "Sanitasi layak 2022"], ["Tapin", 71.5], ["Tabalong", 65.2]]
    )
    whole = {
        name: (folder / name).read_bytes() for name in ("dasar.xlsx", "dasar2.xlsx", "dasar.ods", "dasar.xls")
    }
    return whole | {
        "dasar.csv": CSV.encode(),
        "dasar2.csv": INDONESIAN.encode(),
        "dasar.json": raw_files.webapi_answer({"630110401210": 70.5}).encode(),
    }


def broken(whole: dict):
    """(name, bytes): each sound file cut off, with bytes changed, with noise put in, and under another name."""
    for name, content in whole.items():
        stem, suffix = name.split(".")
        rng = random.Random(name)
        for part in range(1, 9):
            yield f"potong_{part}_{name}", content[: len(content) * part // 9]
        for number in range(10):
            changed = bytearray(content)
            for _ in range(1 + number):
                changed[rng.randrange(len(changed))] = rng.randrange(256)
            yield f"ubah_{number}_{name}", bytes(changed)
        for number in range(3):
            place = rng.randrange(len(content))
            yield f"sisip_{number}_{name}", content[:place] + rng.randbytes(50) + content[place:]
        for other in {"xlsx", "xls", "csv", "json", "ods"} - {suffix}:
            yield f"nama_salah_{stem}_{suffix}.{other}", content


def old_formats():
    """(name, bytes): OLE containers (xls, encrypted workbooks) that are not what they say."""
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(466)
    )
    directory = "".join(
        name.ljust(32, "\0") for name in ("Root Entry", "EncryptedPackage", "EncryptionInfo")
    ).encode("utf-16-le")
    yield "terkunci.xlsx", header[:512] + directory.ljust(512 * 3, b"\0")
    yield "kepala_saja.xls", header
    yield "acak.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(5).randbytes(4000)
    yield "html.xls", b"<html><body><table><tr><td>Tapin</td><td>5</td></tr></table></body></html>"
    yield "pdf.xlsx", b"%PDF-1.7\n" + random.Random(6).randbytes(500)
    yield "gambar.csv", b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "kosong.csv", b""
    yield "spasi.csv", b" \r\n\t " * 10
    yield "acak.csv", random.Random(7).randbytes(20_000)
    yield "acak_besar.csv", random.Random(8).randbytes(3_000_000)


def corpus(folder: Path):
    """(name, write) of every damaged file; `write(path)` makes it."""
    yield from (
        (f"{name}.xlsx", lambda path, parts=parts: raw_files.write_zip(path, parts))
        for name, parts in workbooks()
    )
    plain = [
        *((f"{name}.{'json' if name.startswith('json') else 'csv'}", content) for name, content in texts()),
        *broken(whole_files(folder)),
        *old_formats(),
    ]
    yield from ((name, lambda path, content=content: path.write_bytes(content)) for name, content in plain)


def outcome(path: Path) -> str:
    """ "refused", or "read" with a true count; anything else is an exception's name."""
    try:
        cleaned = clean_file(path, {"source_id": "x"})
    except PkpError as error:
        return "refused" if path.name in str(error) and str(error).endswith(".") else f"vague: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    counts = cleaned.counts
    return (
        "read"
        if counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
        else f"miscounted: {counts}"
    )


def write_all(folder: Path, step: int) -> None:
    for number, (name, write) in enumerate(corpus(folder)):
        if number % step == 0:
            write(folder / "rusak" / name)


def peak_megabytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def read_all(folder: Path) -> None:
    children = 0
    for path in sorted((folder / "rusak").iterdir()):
        start, found = time.process_time(), outcome(path)
        seconds = round(time.process_time() - start, 2)
        print(json.dumps({"name": path.name, "outcome": found, "seconds": seconds}), flush=True)
        children = max(
            [children, *(peak_megabytes(child.process.pid) for child in workbook_reader._children.values())]
        )
    print(json.dumps({"megabytes": [peak_megabytes(os.getpid()), children]}))


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    (folder / "rusak").mkdir(parents=True, exist_ok=True)
    write_all(folder, int(sys.argv[3])) if sys.argv[1] == "write" else read_all(folder)
