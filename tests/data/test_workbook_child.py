"""What the process that reads workbooks finds beside the values, from small parts written byte by byte: places count
from 0, as (row, column).
"""

import datetime
import io
import marshal
import struct
import types
import zipfile

import pytest

from pkp_analysis.data.readers import workbook_child as child

FREE, END = 0xFFFFFFFF, 0xFFFFFFFE


def archive(**parts):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return zipfile.ZipFile(memory)


@pytest.mark.parametrize(
    ("unpacked", "packed", "refused"),
    [
        (250 << 20, 100 << 20, False),
        ((250 << 20) + 1, 100 << 20, True),
        (20 << 20, 1, False),
        (21 << 20, 0, True),
        (200 << 18, 1 << 18, False),
        ((200 << 18) + 1, 1 << 18, True),
    ],
)
def test_an_archive_that_unpacks_to_far_more_than_a_table_is_refused(unpacked, packed, refused):
    parts = [types.SimpleNamespace(file_size=unpacked, compress_size=packed)]
    try:
        child.check_size(types.SimpleNamespace(infolist=lambda: parts))
    except child.ZipBomb as error:
        assert refused and str(error) == f"{unpacked >> 20} MB dari {max(packed, 1) >> 10} KB"
    else:
        assert not refused


@pytest.mark.parametrize(("allowed", "limit"), [(-1, 800 << 20), (1000, 1000), (1 << 40, 800 << 20)])
def test_the_memory_of_the_process_is_limited_within_what_the_system_allows(monkeypatch, allowed, limit):
    resource, given = pytest.importorskip("resource"), []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (allowed, allowed))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: given.append((kind, limits)))
    child.limit_memory(800)
    assert given == [(resource.RLIMIT_AS, (limit, limit))]


@pytest.mark.parametrize(
    ("reference", "place"),
    [("A1", (0, 0)), ("B3", (2, 1)), ("Z9", (8, 25)), ("BA10", (9, 52)), ("XFD1048576", (1048575, 16383))],
)
def test_references(reference, place):
    assert child.split_reference(reference) == place


@pytest.mark.parametrize(
    ("code", "mark"),
    [
        ("0%", "%"),
        ("0.00%;-0", "%"),
        ('0"%"', "0%"),
        ("0\\%", "0%"),
        ("0;-0%", ""),
        ("[%]0", ""),
        ('#,##0" KK"', "0 KK"),
        ('"Rp"#,##0.00', "Rp0"),
        ("_-[$Rp-421]* #,##0_-", "Rp0"),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', ""),
        ("#,##0,", ""),
        ('#,##0," ribu"', ""),
        ('#,##0.0,," juta jiwa"', "0 jiwa"),
        ('#,##0" ribu"', "0 ribu"),
        ('0.00" *)"', "0 *)"),
        ('General" ton"', "0 ton"),
        ('0"."', ""),
        ('dd" Januari "yyyy', "Januari"),
        ("0.00E+00", ""),
    ],
)
def test_what_formats_show_beside_a_figure(code, mark):
    assert child.mark_of(code) == mark


@pytest.mark.parametrize(
    ("formats", "cells", "styles"),
    [
        (
            '<numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="0.0"/>',
            (0, 164, 165),
            {"1": "%"},
        ),
        ("", (0, 9), {"1": "%"}),
        ("", (10, 0, 10), {"0": "%", "2": "%"}),
        ('<numFmt numFmtId="165" formatCode="0.0"/>', (0, 164, 165), {}),
        ('<numFmt numFmtId="165" formatCode="0&quot; KK&quot;"/>', (0, 165), {"1": "0 KK"}),
    ],
)
def test_styles_that_mark_their_cells(formats, cells, styles):
    xfs = "".join(f'<xf numFmtId="{number}"/>' for number in cells)
    xml = (
        f"<styleSheet><numFmts>{formats}</numFmts><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{xfs}</cellXfs>"
        "<cellStyles><xf/></cellStyles></styleSheet>"
    )
    assert child.marked_styles(archive(**{"xl/styles.xml": xml})) == styles
    assert child.marked_styles(archive()) == {}


def test_paths_of_the_sheets():
    parts = {
        "xl/workbook.xml": '<w xmlns:r="r"><sheet name="Satu" r:id="b"/><sheet name="Dua" r:id="a"/>'
        '<sheet name="Hilang" r:id="c"/><sheet name="Tanpa"/></w>',
        "xl/_rels/workbook.xml.rels": '<r><Relationship Id="a" Target="/xl/worksheets/sheet1.xml"/>'
        '<Relationship Id="b" Target="worksheets/sheet2.xml"/><Relationship Id="c" Target="sheet3.xml"/></r>',
        "xl/worksheets/sheet1.xml": "",
        "xl/worksheets/sheet2.xml": "",
    }
    assert child.sheet_paths(archive(**parts)) == {
        "Satu": "xl/worksheets/sheet2.xml",
        "Dua": "xl/worksheets/sheet1.xml",
    }


def run(text, position=""):
    raised = f'<rPr><vertAlign val="{position}"/></rPr>' if position else ""
    return f"<r>{raised}<t>{text}</t></r>"


RICH = (
    f"<si>{run('88,28')} {run('1', 'superscript')}{run(' kg2')}</si>"  # a blank between runs is no text
    "<si><t>tahun 2022</t></si>"
    f"<si>{run('m2', 'baseline')}</si>"
    f"<si>{run('9', 'subscript')}<rPh><t>0</t></rPh></si>"
)


def test_raised_digits_of_rich_texts():
    assert child.raised_strings(f"<sst>{RICH}</sst>".encode(), "si")[:3] == ["88,28¹ kg2", None, None]
    assert child.raised_strings(f"<s>{run('7', 'subscript')}</s>".encode(), "s") == ["⁷"]


def scan(rows, styles=None, shared=()):
    xml = f'<worksheet xmlns:x="x"><sheetData>{rows}</sheetData></worksheet>'.encode()
    found = child.scan_sheet(xml, styles or {}, list(shared))
    return found.marked, found.replaced, found.hidden_rows, found.hidden_columns


def test_a_sheet_with_everything():
    rows = (
        '<cols><col min="2" max="3" hidden="1"/><col min="9" max="9"/></cols>'
        '<row r="2"><c r="B2" s="3"><v>0.5</v></c><c s="3"><v>0.25</v></c><c r="E2" s="4"><v>1</v></c></row>'
        '<row hidden="true"><c s="3"/><c s="3" t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="s"/></row>'
        '<row r="9" hidden="1"><c r="A9" t="e"><v>#REF!</v></c><c t="e"/><c><f>A1+1</f></c></row>'
        '<row hidden="0"><c><f>A<b/>2</f><v/></c><c><f>A3</f><v>3</v></c><c t="n"><v>7</v></c></row>'
    )
    marked, replaced, hidden_rows, hidden_columns = scan(rows, {"3": "%"}, [None, "8¹"])
    assert marked == [(1, 1, "%"), (1, 2, "%"), (2, 1, "%")]
    assert replaced == [(2, 1, "8¹"), (8, 0, "#REF!"), (8, 1, "#N/A"), (8, 2, "=A1+1"), (9, 0, "=A2")]
    assert (hidden_rows, hidden_columns) == ([2, 8], [1, 2])


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ('<row><c t="e"><v>#N/A</v></c></row>', ([], [(0, 0, "#N/A")], [], [])),
        ("<row><c><f>B1</f></c></row>", ([], [(0, 0, "=B1")], [], [])),
        ("<row><c><x:f>B1</x:f></c></row>", ([], [(0, 0, "=B1")], [], [])),
        ('<row><c><x:f a="">B1</x:f></c></row>', ([], [(0, 0, "=B1")], [], [])),
        ('<row hidden="1"/>', ([], [], [0], [])),
        ('<col min="3" max="16384" hidden="1"/>', ([], [], [], list(range(2, 503)))),
        ("<row><c><v>1</v></c></row>", ([], [], [], [])),
    ],
)
def test_each_mark_alone(rows, found):
    assert scan(rows) == found
    assert scan('<row><c s="3"><v>1</v></c></row>', {"3": "%"}) == ([(0, 0, "%")], [], [], [])
    assert scan('<row><c t="s"><v>0</v></c></row>', shared=["8¹"]) == ([], [(0, 0, "8¹")], [], [])


def test_raised_digits_of_texts_in_the_cells_themselves():
    inline = [
        f'<c t="inlineStr"><is>{text}</is></c>' for text in (run("7"), run("8") + run("1", "superscript"))
    ]
    cells = f'<row>{inline[0]}<c t="s"><v>0</v></c>{inline[1]}</row>'
    assert scan(cells)[1] == [(0, 2, "8¹")]
    assert scan(cells, shared=["5²"])[1] == [(0, 1, "5²"), (0, 2, "8¹")], "each kind has a list of its own"


ODS = """<d xmlns:t="t"><style t:name="naik"><text-properties t:text-position="super 58%"/></style>
<style t:name="biasa"><text-properties t:text-position="0% 100%"/></style>
<table t:name="Satu"><table-column t:number-columns-repeated="2"/>
<table-column t:visibility="collapse" t:number-columns-repeated="2"/><table-column t:visibility="filter"/>
<table-row><table-cell t:number-columns-repeated="2"/>
<table-cell t:value-type="percentage" t:number-columns-repeated="2"><p>50%</p></table-cell><covered-table-cell/>
<table-cell><p>8<span t:style-name="naik">1</span><s t:c="2"/>x<s/><span t:style-name="biasa">2</span></p><p>3</p>
</table-cell></table-row>
<table-row t:number-rows-repeated="3" t:visibility="collapse"><table-cell t:value-type="float"><p>1</p></table-cell>
<table-cell t:value-type="error"><annotation><p>kata <span t:style-name="naik">9</span></p></annotation><p>#N/A</p>
</table-cell></table-row>
<table-row t:number-rows-repeated="900" t:visibility="filter"/>
<table-row><table-cell t:value-type="percentage"/></table-row></table>
<table t:name="Dua"><table-column t:visibility="collapse" t:number-columns-repeated="900"/>
<table-row t:number-rows-repeated="900"><table-cell t:value-type="percentage"/></table-row></table></d>"""


def test_sheets_of_an_ods():
    sheets = child.scan_ods(ODS.replace("\n", "").encode())
    first, second = sheets["Satu"], sheets["Dua"]
    assert list(sheets) == ["Satu", "Dua"]
    assert first.hidden_columns == [2, 3, 4] and second.hidden_columns == list(range(500))
    assert first.hidden_rows == [1, 2, 3, *range(4, 504)] and second.hidden_rows == []
    assert first.marked == [(0, 2, "%"), (0, 3, "%"), (904, 0, "%")]
    assert second.marked == [(row, 0, "%") for row in range(500)]
    assert first.replaced == [(0, 5, "8¹  x 2\n3"), (1, 1, "#N/A"), (2, 1, "#N/A"), (3, 1, "#N/A")]
    assert second.replaced == []


@pytest.mark.parametrize("line", ["solid", "none"])
def test_crossed_out_cells_of_an_ods(line):
    style = f'<style name="{{}}"><text-properties text-line-through-style="{line}"/></style>'
    cells = (
        '<table-cell style-name="sel"><p>60</p></table-cell><table-cell><p><span style-name="huruf">61</span></p>'
        '</table-cell><table-cell><annotation><p><span style-name="huruf">x</span></p></annotation><p>62</p>'
        "</table-cell>"
    )
    xml = f'<d>{style.format("sel")}{style.format("huruf")}<table name="S"><table-row>{cells}</table-row></table></d>'
    struck = [(0, 0, "struck"), (0, 1, "struck")]
    assert child.scan_ods(xml.encode())["S"].marked == (struck if line == "solid" else [])


@pytest.mark.parametrize(
    ("kind", "shown", "mark"),
    [
        ("float", "4.188 KK", "0 KK"),
        ("currency", "Rp1.000", "Rp0"),
        ("float", "88,5 %", "0 %"),
        ("float", "1,2E+05", ""),
        ("date", "1 Januari 2020", ""),
    ],
)
def test_what_an_ods_shows_beside_a_figure(kind, shown, mark):
    cell = f'<table-cell o:value-type="{kind}" o:value="1"><text:p>{shown}</text:p></table-cell>'
    xml = f'<d xmlns:o="o" xmlns:text="t"><table name="S"><table-row>{cell}</table-row></table></d>'.encode()
    found = child.scan_ods(xml)
    assert (found["S"].marked if found else []) == ([(0, 0, mark)] if mark else [])


@pytest.mark.parametrize("kind", ["percentage", "error"])
def test_an_ods_with_one_mark_alone(kind):
    row = f'<table-row><table-cell value-type="{kind}"/></table-row>'
    sheet = child.scan_ods(f'<d><table name="S">{row}</table></d>'.encode())["S"]
    assert sheet.marked == ([(0, 0, "%")] if kind == "percentage" else [])
    assert sheet.replaced == ([(0, 0, "")] if kind == "error" else [])
    hidden = '<d><table name="S"><table-row visibility="{}"/></table></d>'
    for word, rows in (("collapse", [0]), ("filter", [0])):
        assert child.scan_ods(hidden.format(word).encode())["S"].hidden_rows == rows
    assert child.scan_ods(hidden.format("visible").encode()) == {}, "nothing to look for"


# -- xls ------------------------------------------------------------------------------------------------------------


def record(code, body=b""):
    return struct.pack("<HH", code, len(body)) + body


def container(stream, name="Workbook", cutoff=4096, chain=None):
    """An OLE file of sectors of 512 bytes whose stream lies in them out of order; one under the cutoff lies in small
    sectors of 64 bytes of the root's stream. The second part of the table of sectors is named by a list far away.
    """
    big = len(stream) >= cutoff
    step = 512 if big else 64
    pieces = [stream[at : at + step].ljust(step, b"\0") for at in range(0, len(stream), step)]
    order = [*range(140, 140 + len(pieces))][::-1] if big else [*range(1, 1 + len(pieces))][::-1]
    table, small, sectors = [FREE] * 256, [FREE] * 128, {}
    for place, after in zip(order, [*order[1:], END]):
        (table if big else small)[place] = after
    if big:
        sectors.update(zip(order, pieces))
    else:
        held = {**dict(zip(order, pieces))}
        root = b"".join(held.get(number, b"\xee" * 64) for number in range(32))
        sectors.update({20 + 2 * at: root[at * 512 : at * 512 + 512] for at in range(4)})
        for at in range(4):
            table[20 + 2 * at] = 22 + 2 * at if at < 3 else END
    if chain:
        chain(table)

    def entry(title, first, size):
        encoded = (title + "\0").encode("utf-16-le")
        kept = encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded)) + bytes(50)
        return kept + struct.pack("<IQ", first, size)

    entries = [entry("Root Entry", 20, 2048), *[entry(f"Lain {number}", 9, 9) for number in range(3)]]
    entries += [entry(name, order[0], len(stream)), entry(name, 3, 99)]
    directory = b"".join(entries).ljust(1024, b"\0")
    sectors[5], sectors[3], table[5], table[3] = directory[:512], directory[512:], 3, END
    sectors[7], sectors[8] = struct.pack("<128I", *table[:128]), struct.pack("<128I", *table[128:])
    sectors[10], sectors[12] = (
        struct.pack("<128I", *[FREE] * 127, 12),
        struct.pack("<128I", 8, *[FREE] * 126, END),
    )
    sectors[14] = struct.pack("<128I", *small)
    header = bytearray(512)
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 5)
    struct.pack_into("<III", header, 56, cutoff, 14, 1)
    struct.pack_into("<I", header, 68, 10)
    struct.pack_into("<109I", header, 76, 7, *[FREE] * 108)
    return bytes(header) + b"".join(sectors.get(number, b"\xdd" * 512) for number in range(max(sectors) + 1))


@pytest.mark.parametrize("size", [1, 64, 1000, 2048 - 64, 4095, 4096, 4097, 9000])
@pytest.mark.parametrize("name", ["Workbook", "Book"])
def test_the_stream_of_an_xls_wherever_its_sectors_lie(size, name):
    stream = bytes(number % 251 for number in range(size))
    if size == 4095:  # more than the small sectors of this file hold: a lower cutoff
        assert child.compound_stream(container(stream, name, cutoff=4095)) == stream
    else:
        assert child.compound_stream(container(stream, name)) == stream


def test_a_chain_of_sectors_that_bites_its_tail_ends():
    def bite(table):
        table[140] = 141

    raw = container(b"x" * 5000, chain=bite)
    assert len(child.compound_stream(raw)) == 5000
    looped = bytearray(raw)
    struct.pack_into("<I", looped, 512 * 13 + 508, 12)  # the far list names itself
    assert len(child.compound_stream(bytes(looped))) == 5000


def test_every_number_beyond_the_sectors_ends_a_chain():
    raw = container(b"x" * 5000).replace(struct.pack("<I", END), struct.pack("<I", child.FREE_SECTORS))
    assert child.compound_stream(raw) == b"x" * 5000


@pytest.mark.parametrize(("said", "told"), [("4000000 sel", "4000000 sel"), ("", "memori tidak cukup")])
def test_a_workbook_too_large_for_the_memory_is_told_so(monkeypatch, said, told):
    def read(path, file_format):
        raise MemoryError(said)

    monkeypatch.setattr(child, "read", read)
    assert marshal.loads(child.answer("a.xlsx", "zip")) == {"problem": "too_large", "detail": told}


def test_records_leave_out_the_parts_inside():
    start, end = record(0x0809, b"\0\6\5\0"), record(0x000A)
    inner = start + record(0x0203, b"bagan") + end
    stream = (
        b"????"
        + start
        + record(0x0208, b"")
        + inner
        + record(0x0203, b"luar")
        + end
        + record(0x0203, b"sesudah")
    )
    assert list(child.records(stream, 4))[1:] == [(0x0208, b""), (0x000A, b""), (0x0203, b"luar")]
    assert [code for code, _ in child.records(start + record(0x0208), 0)] == [0x0809, 0x0208]


def text(letters, raised_from=None, font=0):
    runs = struct.pack("<H", 1) if raised_from is not None else b""
    after = struct.pack("<HH", raised_from, font) if raised_from is not None else b""
    return struct.pack("<HB", len(letters), 8 * bool(runs)) + runs + letters.encode("latin-1") + after


def book(version=0x0600):
    """The first part of an xls: formats, styles, fonts and shared texts, then two sheets and a chart."""
    wide = version >= 0x0600

    def shown_as(number, code, letters=1):
        if not wide:
            return record(0x001E, struct.pack("<HB", number, len(code)) + code.encode("latin-1"))
        encoded = code.encode("utf-16-le" if letters == 2 else "latin-1")
        return record(0x041E, struct.pack("<HHB", number, len(code), letters - 1) + encoded)

    parts = [record(0x0809, struct.pack("<HHHH", version, 5, 0, 0))]
    parts += [
        record(0x0031, struct.pack("<HHHxxH4x", 200, 8 * struck, 0, raised))
        for raised, struck in ((0, 0), (1, 0), (0, 0), (1, 0), (2, 1))
    ]
    parts += [shown_as(164, "0.0%", 2), shown_as(165, '0"%"'), shown_as(300, "0%"), shown_as(10, "0.00")]
    parts += [shown_as(301, "0\\%", 2)]
    parts += [record(0x00E0, struct.pack("<HH16x", 0, number)) for number in (0, 9, 10, 164, 165, 300, 301)]
    parts += [record(0x00E0, struct.pack("<HH16x", 5, 9))]  # the fifth font is called 5
    shared = [text("78,5"), text("8,41", 3, 1), text("9,52", 3, 5), text("9,62", 3, 4)]
    shared = struct.pack("<II", 4, 4) + b"".join(shared)
    sheets = [
        record(0x0809, struct.pack("<HH4x", version, 16)) + b"".join(cells) + record(0x000A)
        for cells in SHEETS
    ]
    length = sum(map(len, parts)) + 3 * 13 + len(shared) + 4 * 4 + 4 + 4 + 1
    starts = [length, 0, length + len(sheets[0])]
    parts += [
        record(0x0085, struct.pack("<IBBBBB", start, 0, kind, 1, 0, 65))
        for start, kind in zip(starts, (0, 2, 0))
    ]
    parts += [record(0x00EB), record(0x003C, b"lain")]  # goes on with something else
    parts += [record(0x00FC, shared[:13]), record(0x003C, b"\0" + shared[13:])]
    head = b"".join([*parts, record(0x000A)])
    assert len(head) == length
    return head + b"".join(sheets)


def cell(code, row, column, style, rest=bytes(8)):
    return record(code, struct.pack("<HHH", row, column, style) + rest)


def formula(row, column, result):
    return cell(0x0006, row, column, 0, result + bytes(8))


SHEETS = [
    [
        record(0x007D, struct.pack("<HHHHH", 2, 3, 0, 0, 1)),
        record(0x007D, struct.pack("<HHHHH", 5, 6, 0, 0, 2)),
        record(0x007D, struct.pack("<HHHHH", 9, 900, 0, 0, 1)),
        record(0x0208, struct.pack("<HHH6xHH", 4, 0, 9, 0x20, 0)),
        record(0x0208, struct.pack("<HHH6xHH", 5, 0, 9, 0x40, 0)),
        *(cell(0x0203, 0, style, style) for style in range(7)),
        cell(0x027E, 1, 7, 3, bytes(4)),
        cell(0x0201, 1, 8, 3, b""),  # blank, shown as per cent
        cell(0x0203, 1, 9, 7),
        cell(0x0204, 1, 10, 7, b"\1\0\0x"),
        record(0x00BD, struct.pack("<HH HIHIHI H", 2, 4, 3, 1, 0, 1, 1, 1, 6)),
        cell(0x0006, 3, 1, 5, struct.pack("<d", 0.5) + bytes(8)),
        *(cell(0x00FD, 6, number, 3, struct.pack("<I", number)) for number in range(4)),
        cell(0x0205, 7, 0, 0, b"\x07\x01"),
        cell(0x0205, 7, 1, 3, b"\x01\x00"),
        formula(8, 0, b"\2\0\x17\0\0\0\xff\xff"),
        formula(8, 1, b"\1\0\x17\0\0\0\xff\xff"),
        formula(8, 2, b"\2\0\x17\0\0\0\xff\0"),
        cell(0x0205, 9, 0, 0, b"\x63\x01"),
    ],
    [cell(0x0203, 0, 0, 1)],
]


@pytest.mark.parametrize("version", [0x0600, 0x0500])
def test_sheets_of_an_xls(version):
    first, second = child.scan_xls(book(version))
    shown = {place: mark for *place, mark in first.marked for place in [tuple(place)]}
    assert [place for place, mark in shown.items() if mark == "%" and place[0] not in (6, 7)] == [
        (0, 1), (0, 3), (0, 5), (1, 7), (2, 4), (2, 6), (3, 1)
    ]  # fmt: skip
    assert {place for place, mark in shown.items() if mark == "0%"} == {(0, 4), (0, 6)}
    assert {place for place, mark in shown.items() if mark == "struck"} == {(1, 9), (1, 10)}
    assert first.hidden_columns == [2, 3, *range(9, 510)] and first.hidden_rows == [4]
    assert first.replaced == [
        (6, 1, "8,4¹"),
        (6, 2, "9,5²"),
        (7, 0, "#DIV/0!"),
        (8, 0, "#REF!"),
        (9, 0, "#N/A"),
    ]
    assert second.marked == [(0, 0, "%")] and second.replaced == []


def test_half_a_letter_at_the_end_of_a_record_is_left_out():
    parts = [struct.pack("<IIHB", 1, 1, 2, 1) + b"a\0b", b"\1c\0"]
    assert child.SharedTexts(parts).next() == ("ac", [])


def test_texts_of_values_that_are_no_numbers():
    moment = datetime.datetime(2022, 1, 2)
    values = ["Tapin", True, False, moment, moment.replace(hour=3), datetime.date(2022, 1, 2), None]
    assert [child.plain(value) for value in values] == [
        "Tapin", "TRUE", "FALSE", "2022-01-02", "2022-01-02T03:00:00", "2022-01-02", ""
    ]  # fmt: skip


def test_columns_of_a_sheet():
    rows = [["Tapin", 1], [2.5, ""], [True, None]]
    columns = child.columns_of(types.SimpleNamespace(to_python=lambda skip_empty_area: rows))
    assert [texts for texts, _ in columns] == [["Tapin", "", "TRUE"], ["", "", ""]]
    assert [str(struct.unpack("3d", numbers)) for _, numbers in columns] == [
        "(nan, 2.5, nan)",
        "(1.0, nan, nan)",
    ]
