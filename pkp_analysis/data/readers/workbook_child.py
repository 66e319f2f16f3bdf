"""Reads workbooks in a process of its own, with little memory; run by file name: `python -I workbook_child.py
MEGABYTES SECONDS`, the most it may take of memory, and of time for a workbook.

It starts in some 20 ms because it imports neither pandas nor the rest of the package. What calamine leaves out is
read from the XML of a sheet or the records of an xls: hidden rows and columns, what the format of a cell shows
beside its figure, crossed-out cells, raised digits, error values, and formulas that were never calculated.

stdin: one line "FORMAT PATH" per workbook, FORMAT "zip" (xlsx, xlsm, ods) or "xls". stdout: the length of the answer
in 8 bytes, then the answer in marshal: {"sheets": [{"name", "visible", "columns", "hidden_rows", "hidden_columns",
"marked", "replaced", "merged"}]} with a pair (texts, numbers as bytes of doubles) per column, or {"problem": <key
of workbook.PROBLEMS>, "detail"}. Rows and columns count from 0.
"""

import array
import datetime
import faulthandler
import marshal
import math
import posixpath
import re
import struct
import sys
import zipfile
import zlib
from xml.parsers import expat

import python_calamine

# More cells than this in the used ranges is a slip (a stray cell far away), not a table.
MOST_CELLS = 20_000_000
MOST_MARKS = 1_000_000  # merged ranges, marked cells, hidden rows ... of all sheets
# A table compresses 10 to 60 times; a file of zeros made to fill a memory 1,000 times.
MOST_UNPACKED = 250 << 20
MOST_RATIO = 200
NUMBERS = {float, int}
# Marks of cells: crossed out; a fraction shown as per cent. Any other is what the cell shows, its figure as 0.
STRUCK, PERCENT = "struck", "%"
PERCENT_FORMATS = {9: PERCENT, 10: PERCENT}  # built-in formats "0%" and "0.00%"
FORMAT_PART = (
    re.compile(  # words in quotes or escaped, a currency, a figure, a sign; anything else shows nothing
        r'"([^"]*)"|\\(.)|[_*].|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|(General|[0#?][0#?.,/ E+-]*)|([%;$])',
        re.DOTALL,
    )
)
IN_THOUSANDS = re.compile(r"[0#?],+(?![0#?])")  # a format that leaves off digits, whose words say so
SCALE = re.compile(r"\b(?:ribu(?:an)?|rb|juta|jt|[KM])\b")
SAYS_MORE = "[^\\W\\d_]|[%\u2030*$±~<>≈]"  # a letter or sign that may change what a figure is
ODS_WORDS = re.compile(rf'value-type="(?:float|currency)"[^>]*><text:p>[^<]*(?:{SAYS_MORE})'.encode())
HEADED = 30  # rows with a header or titles; below them most columns hold nothing but numbers
MOST_REPEATED = 500  # rows or columns that one mark of a file speaks for
FREE_SECTORS = 0xFFFFFFFA  # numbers from here on end a chain of sectors
CELL_RECORDS = {0x0208, 0x00BD, 0x00FD, 0x0204, 0x0205, 0x0006, 0x0203, 0x027E}
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class ZipBomb(Exception):
    """An archive that unpacks to far more than a table needs."""


def check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked, packed = (
        sum(part.file_size for part in parts),
        max(sum(part.compress_size for part in parts), 1),
    )
    if unpacked > MOST_UNPACKED or (unpacked > 20 << 20 and unpacked / packed > MOST_RATIO):
        raise ZipBomb(f"{unpacked >> 20} MB dari {packed >> 10} KB")


def limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the size checks before still hold
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[1]  # nobody may raise what the system allows
    size = megabytes << 20 if most == resource.RLIM_INFINITY else min(megabytes << 20, most)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def elements(xml: bytes):
    """List of (local name, attributes) of every element."""
    found = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    parser.Parse(xml, True)
    return found


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def split_reference(reference: str) -> tuple[int, int]:
    """("B3") -> (2, 1)."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, column_number(letters)


def mark_of(code: str) -> str:
    """The mark of cells with this format, by its part for positive numbers: PERCENT where a sign that is neither quoted
    nor escaped multiplies by 100, "0 KK" or "Rp0" where words stand beside the figure, "" for a figure alone.
    """
    shown = ""
    for quoted, escaped, currency, figure, sign in FORMAT_PART.findall(code):
        if sign in ("%", ";"):
            break
        shown += quoted or escaped or currency or sign or ("0" if figure else "")
    else:
        sign = ""
    if sign == "%":
        return PERCENT
    return with_words(SCALE.sub("", shown) if IN_THOUSANDS.search(code) else shown)


def with_words(shown: str) -> str:
    """What a cell shows, its figure as 0; "" where it shows no more than that."""
    shown = " ".join(re.sub(r"[\d.,\s]*\d(?:E[+-]?\d+)?", "0", shown, count=1).split())
    return shown if re.search(SAYS_MORE, shown) else ""


SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class RichText:
    """Texts of rich strings whose superscript digits stay superscript: "88,28" and a raised 1 are "88,28¹"."""

    def __init__(self, item: str):
        self.item, self.texts, self.text = item, [], ""
        self.raised = self.found = self.inside = False

    def start(self, name, attributes):
        name = name.rpartition(":")[2]
        if name == self.item:
            self.text, self.found = "", False
        elif name == "r":
            self.raised = False
        elif name == "vertAlign" and attributes.get("val") in ("superscript", "subscript"):
            self.raised = True
        self.inside = name == "t"

    def data(self, data):
        if self.inside:
            self.found |= self.raised
            self.text += data.translate(SUPERSCRIPTS) if self.raised else data

    def end(self, name):
        name = name.rpartition(":")[2]
        self.inside = False
        if name == self.item:
            self.texts.append(self.text if self.found else None)
            self.raised = False


def walk(xml: bytes, reader):
    """Tells a reader of every start, text and end of an element; gives the reader back."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    parser.Parse(xml, True)
    return reader


def raised_strings(xml: bytes, item: str) -> list:
    """Text of each string with raised digits, None for the others."""
    return walk(xml, RichText(item)).texts


def marked_styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Number of each cell style that marks its cells -> that mark."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    formats, styles, fonts, inside = dict(PERCENT_FORMATS), [], [], ""
    xml = archive.read("xl/styles.xml")
    if not any(
        mark in xml for mark in (b"<numFmt ", b":numFmt ", b'numFmtId="9"', b'numFmtId="10"', b"strike")
    ):
        return {}
    for name, attributes in elements(xml):
        if name == "font" and inside == "fonts":
            fonts.append(False)
        elif name == "strike" and inside == "fonts":
            fonts[-1] = attributes.get("val") not in ("0", "false")
        elif name == "numFmt":
            formats[int(attributes["numFmtId"])] = mark_of(attributes.get("formatCode", ""))
        elif name in ("fonts", "cellXfs", "cellStyles", "dxfs"):
            inside = name
        elif name == "xf" and inside == "cellXfs":
            styles.append((int(attributes.get("numFmtId", 0)), int(attributes.get("fontId", 0))))
    return style_marks(((str(number), *style) for number, style in enumerate(styles)), formats, fonts)


def style_marks(styles, formats: dict[int, str], struck_fonts: list) -> dict:
    """The mark of each style (name, format, font) that has one."""
    marks = (
        (name, STRUCK if font < len(struck_fonts) and struck_fonts[font] else formats.get(shown, ""))
        for name, shown, font in styles
    )
    return {name: mark for name, mark in marks if mark}


def sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> path of its XML inside the workbook."""
    relations = {
        attributes["Id"]: posixpath.normpath(posixpath.join("xl", attributes["Target"].removeprefix("/xl/")))
        for name, attributes in elements(archive.read("xl/_rels/workbook.xml.rels"))
        if name == "Relationship"
    }
    paths = {}
    for name, attributes in elements(archive.read("xl/workbook.xml")):
        if name == "sheet":
            relation = next(
                (value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), ""
            )
            if relations.get(relation) in archive.namelist():
                paths[attributes["name"]] = relations[relation]
    return paths


class SheetScan:
    """What the XML of one sheet says beyond the values, collected while expat walks through it."""

    def __init__(self, styles: dict[str, str], shared: list = (), inline=()):
        self.styles, self.shared, self.inline = styles, shared, iter(inline)
        self.hidden_rows, self.hidden_columns, self.marked, self.replaced = [], [], [], []
        self.row, self.column, self.cell_type = -1, -1, ""
        self.formula = self.value = self.into = self.mark = None

    def start(self, name, attributes):
        name = name.rpartition(":")[2]
        if name == "c":
            if "r" in attributes:
                self.row, self.column = split_reference(attributes["r"])
            else:
                self.column += 1
            self.cell_type, self.formula, self.value = attributes.get("t", "n"), None, None
            self.mark = self.styles.get(attributes.get("s"))
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self.row)
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(int(attributes["max"]), int(attributes["min"]) + 500)
            self.hidden_columns.extend(range(int(attributes["min"]) - 1, last))
        elif name == "f":
            self.formula, self.into = "", "formula"
        elif name == "v":
            self.value, self.into = "", "value"

    def data(self, data):
        if self.into == "formula":
            self.formula += data
        elif self.into == "value":
            self.value += data

    def end(self, name):
        name = name.rpartition(":")[2]
        if name in ("f", "v"):
            self.into = None
        elif name == "c":
            if self.mark and (self.value is not None or self.cell_type == "inlineStr"):
                self.marked.append((self.row, self.column, self.mark))
            text = None
            if self.cell_type == "s" and self.shared and self.value:
                text = self.shared[int(self.value)]
            elif self.cell_type == "inlineStr":
                text = next(self.inline, None)
            if text is not None:
                self.replaced.append((self.row, self.column, text))
            elif self.cell_type == "e":
                self.replaced.append((self.row, self.column, self.value or "#N/A"))
            elif self.formula is not None and self.value in (None, ""):
                self.replaced.append((self.row, self.column, "=" + self.formula))


def scan_sheet(xml: bytes, styles: dict[str, str], shared: list) -> SheetScan:
    inline = raised_strings(xml, "is") if b"script" in xml else []
    scan = SheetScan(styles, shared, inline)
    marks = (b' t="e"', b"f>", b"hidden=")
    if styles or shared or inline or any(mark in xml for mark in marks):
        walk(xml, scan)
    return scan


class OdsScan:
    """The same of every sheet of an ods, by name."""

    def __init__(self):
        self.sheets, self.raised_styles, self.struck_styles, self.crossed = {}, set(), set(), False
        self.style, self.sheet, self.row, self.column, self.rows, self.columns = "", None, 0, 0, 1, 1
        self.spans, self.text, self.found, self.comments, self.kind = [], "", False, 0, ""

    def start(self, name, attributes):
        name = name.rpartition(":")[2]
        values = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        hidden = values.get("visibility") in ("collapse", "filter")
        if name == "style":
            self.style = values.get("name", "")
        elif name == "text-properties":
            if not values.get("text-position", "0%").startswith("0%"):
                self.raised_styles.add(self.style)
            if values.get("text-line-through-style", "none") != "none":
                self.struck_styles.add(self.style)
        elif name == "table":
            self.sheet = self.sheets.setdefault(values.get("name", ""), SheetScan({}))
            self.row, self.rows, self.column, self.columns = 0, 0, 0, 0
        elif name == "table-column" and self.sheet:
            repeated = int(values.get("number-columns-repeated", 1))
            if hidden:
                self.sheet.hidden_columns.extend(
                    range(self.columns, self.columns + min(repeated, MOST_REPEATED))
                )
            self.columns += repeated
        elif name == "table-row":
            self.row, self.column, self.columns = self.row + self.rows, 0, 0
            self.rows = int(values.get("number-rows-repeated", 1))
            if hidden:
                self.sheet.hidden_rows.extend(range(self.row, self.row + min(self.rows, MOST_REPEATED)))
        elif name.endswith("table-cell"):
            self.column, self.columns = (
                self.column + self.columns,
                int(values.get("number-columns-repeated", 1)),
            )
            self.text, self.found = "", False
            self.kind, self.crossed = (
                values.get("value-type", ""),
                values.get("style-name") in self.struck_styles,
            )
        elif name == "p" and self.text:
            self.text += "\n"
        elif name == "span":
            self.spans.append(values.get("style-name") in self.raised_styles)
            self.crossed |= not self.comments and values.get("style-name") in self.struck_styles
        elif name == "s":
            self.text += " " * int(values.get("c", 1))
        self.comments += name == "annotation"

    def data(self, data):
        if not self.comments:
            raised = any(self.spans)
            self.found |= raised
            self.text += data.translate(SUPERSCRIPTS) if raised else data

    def end(self, name):
        name = name.rpartition(":")[2]
        self.comments -= name == "annotation"
        if name == "span":
            self.spans.pop()
        elif name.endswith("table-cell"):
            mark = STRUCK if self.crossed else PERCENT if self.kind == "percentage" else ""
            if not mark and self.kind in ("float", "currency"):
                mark = with_words(self.text)
            if not (mark or self.found or self.kind == "error"):
                return
            into, said = (self.sheet.marked, mark) if mark else (self.sheet.replaced, self.text)
            for row in range(self.row, self.row + min(self.rows, MOST_REPEATED)):
                places = range(self.column, self.column + min(self.columns, MOST_REPEATED))
                into += [(row, column, said) for column in places]


def scan_ods(xml: bytes) -> dict[str, SheetScan]:
    scan = OdsScan()
    marks = (b"percentage", b"text-position", b"text-line-through", b'"error"', b'"collapse"', b'"filter"')
    if any(mark in xml for mark in marks) or ODS_WORDS.search(xml):
        walk(xml, scan)
    return scan.sheets


def compound_stream(raw: bytes) -> bytes:
    """The stream with the workbook inside the OLE container that an xls is."""
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    first_directory, cutoff, first_mini, first_list = (
        struct.unpack_from("<I", raw, place)[0] for place in (48, 56, 60, 68)
    )

    def sector(number: int) -> bytes:
        return raw[(number + 1) * size : (number + 2) * size]

    def chained(first: int, table, read) -> bytes:
        parts = []
        while first < FREE_SECTORS and len(parts) <= len(table):
            parts.append(read(first))
            first = table[first]
        return b"".join(parts)

    lists, part = list(struct.unpack_from("<109I", raw, 76)), first_list
    while part < FREE_SECTORS and len(lists) < len(raw) // 4:
        *more, part = struct.unpack(f"<{size // 4}I", sector(part))
        lists += more
    table = array.array("I", b"".join(sector(number) for number in lists if number < FREE_SECTORS))
    directory = chained(first_directory, table, sector)
    entries = {}
    for place in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace").lower()
        entries.setdefault(name, struct.unpack_from("<II", directory, place + 116))
    first, length = entries.get("workbook") or entries["book"]
    if length >= cutoff:
        return chained(first, table, sector)[:length]
    small = chained(entries["root entry"][0], table, sector)
    table = array.array("I", chained(first_mini, table, sector))
    return chained(first, table, lambda number: small[number * 64 : number * 64 + 64])[:length]


def records(stream: bytes, place: int):
    """(code, content) of each record of a part of an xls that starts there; parts inside it (charts) are left out."""
    depth = 0
    while place + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, place)
        depth += (code == 0x0809) - (code == 0x000A)
        if depth == 0:
            return
        if depth == 1:
            yield code, stream[place + 4 : place + 4 + size]
        place += 4 + size


class SharedTexts:
    """The shared texts of an xls, which go on in a next record in the middle of anything."""

    def __init__(self, parts: list[bytes]):
        self.parts, self.part, self.place = parts, 0, 8

    def take(self, size: int) -> bytes:
        taken = b""
        while size:
            if self.place >= len(self.parts[self.part]):
                self.part, self.place = self.part + 1, 0
            found = self.parts[self.part][self.place : self.place + size]
            taken, size, self.place = taken + found, size - len(found), self.place + len(found)
        return taken

    def characters(self, count: int, wide: int) -> str:
        text = ""
        while count:
            if self.place + wide >= len(self.parts[self.part]):  # each record says anew how wide letters are
                self.part, self.place = self.part + 1, 1
                wide = self.parts[self.part][0] & 1
            size = min(count, (len(self.parts[self.part]) - self.place) >> wide)
            text += self.take(size << wide).decode("utf-16-le" if wide else "latin-1", "replace")
            count -= size
        return text

    def next(self) -> tuple[str, list]:
        """(text, [(place, font) ...]) of the next one."""
        count, flags = struct.unpack("<HB", self.take(3))
        runs = int.from_bytes(self.take(2), "little") if flags & 8 else 0
        extra = int.from_bytes(self.take(4), "little") if flags & 4 else 0
        text = self.characters(count, flags & 1)
        fonts = list(struct.iter_unpack("<HH", self.take(4 * runs)))
        self.take(extra)
        return text, fonts


def raised_texts(parts: list[bytes], raised_fonts: set[int]) -> list:
    """As raised_strings, of an xls."""
    texts, shared = [], SharedTexts(parts)
    for _ in range(int.from_bytes(parts[0][4:8], "little")):
        text, runs = shared.next()
        shown = text[: runs[0][0]] if runs else text
        for (start, font), (end, _) in zip(runs, [*runs[1:], (len(text), 0)]):
            shown += text[start:end].translate(SUPERSCRIPTS) if font in raised_fonts else text[start:end]
        texts.append(shown if shown != text else None)
    return texts


def scan_xls(stream: bytes) -> list[SheetScan]:
    """What the records of each sheet of an xls say beyond the values, in the order of the sheets."""
    formats, styles, fonts, starts, shared, into = dict(PERCENT_FORMATS), [], [], [], [], 0
    wide = struct.unpack_from("<H", stream, 4)[0] >= 0x0600
    for code, body in records(stream, 0):
        if code == 0x0031:  # font
            fonts += [None] * (len(fonts) == 4)  # no font is called 4
            fonts.append((body[2] & 8, struct.unpack_from("<H", body, 8)[0]))
        elif code in (0x041E, 0x001E):  # format
            text = (
                body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")
                if wide
                else body[3:].decode("latin-1")
            )
            formats[body[0] | body[1] << 8] = mark_of(text)
        elif code == 0x00E0:  # style of cells
            styles.append((len(styles), *struct.unpack_from("<HH", body)[::-1]))
        elif code == 0x0085 and body[5] == 0:  # sheet of cells
            starts.append(struct.unpack_from("<I", body)[0])
        elif code == 0x00FC or (code == 0x003C and into == 0x00FC):
            shared.append(body)
        into = into if code == 0x003C else code
    raised_fonts = {number for number, font in enumerate(fonts) if font and font[1]}
    raised = raised_texts(shared, raised_fonts) if raised_fonts and shared else []
    marks = style_marks(styles, formats, [font and font[0] for font in fonts])
    return [_scan_records(records(stream, start), marks, raised) for start in starts]


def _scan_records(found, marks: dict[int, str], raised: list) -> SheetScan:
    scan = SheetScan({})
    for code, body in found:
        if code == 0x007D and body[8] & 1:  # columns
            first, last = struct.unpack_from("<HH", body)
            scan.hidden_columns.extend(range(first, min(last, first + MOST_REPEATED) + 1))
        elif code not in CELL_RECORDS:
            continue
        row, column, style = struct.unpack_from("<HHH", body)
        if code == 0x0208:  # row
            scan.hidden_rows += [row] * bool(body[12] & 0x20)
        elif code == 0x00BD:  # several numbers
            scan.marked += [
                (row, column + place, marks[style])
                for place, (style, _) in enumerate(struct.iter_unpack("<HI", body[4:-2]))
                if style in marks
            ]
            continue
        elif code == 0x00FD:  # shared text
            text = raised[struct.unpack_from("<I", body, 6)[0]] if raised else None
            scan.replaced += [(row, column, text)] if text else []
        elif (code == 0x0205 and body[7]) or (code == 0x0006 and body[6] == 2 and body[12:14] == b"\xff\xff"):
            scan.replaced.append((row, column, ERRORS.get(body[6 if code == 0x0205 else 8], "#N/A")))
        if style in marks and code != 0x0208:
            scan.marked.append((row, column, marks[style]))
    return scan


def plain(value) -> str:
    """The text of a value that is no number; dates as "2022-01-01"."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.isoformat() if value.time() != datetime.time() else value.date().isoformat()
    return "" if value is None else str(value)


def columns_of(sheet) -> list[tuple]:
    """(texts, numbers) of each column, "" and NaN where the cell holds the other, or nothing."""
    columns = []
    for column in zip(*sheet.to_python(skip_empty_area=False)):
        parts = [_parted(part) for part in (column[:HEADED], column[HEADED:])]
        columns.append(([*parts[0][0], *parts[1][0]], (parts[0][1] + parts[1][1]).tobytes()))
    return columns


def _parted(values: tuple) -> tuple[list, array.array]:
    if set(map(type, values)) <= NUMBERS:
        return [""] * len(values), array.array("d", values)
    numbers = [value if value.__class__ in NUMBERS else math.nan for value in values]
    texts = [
        "" if number == number else value if value.__class__ is str else plain(value)
        for value, number in zip(values, numbers)
    ]
    return texts, array.array("d", numbers)


def read(path: str, file_format: str) -> dict:
    styles, paths, archive, raised, scans = {}, {}, None, [], {}
    if file_format == "zip":
        archive = zipfile.ZipFile(path)
        check_size(archive)
        if "xl/workbook.xml" in archive.namelist():
            styles, paths = marked_styles(archive), sheet_paths(archive)
            shared = (
                archive.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in archive.namelist() else b""
            )
            raised = raised_strings(shared, "si") if b"script" in shared else []
        elif "content.xml" in archive.namelist():
            scans = scan_ods(archive.read("content.xml"))
        elif "xl/workbook.bin" in archive.namelist():
            return {"problem": "binary", "detail": ""}
    with open(path, "rb") as file:  # calamine goes by the content of a file, but by the name of a path
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
    found = [of for of in workbook.sheets_metadata if of.typ == python_calamine.SheetTypeEnum.WorkSheet]
    if file_format == "xls":
        with open(path, "rb") as file:
            scans = dict(zip((of.name for of in found), scan_xls(compound_stream(file.read()))))
    sheets, cells, marks = [], 0, 0
    for metadata in found:
        sheet = workbook.get_sheet_by_name(metadata.name)
        cells += sheet.total_height * sheet.total_width
        if cells > MOST_CELLS:
            raise MemoryError(f"{sheet.total_height} baris x {sheet.total_width} kolom di {metadata.name}")
        xml = archive.read(paths[metadata.name]) if metadata.name in paths else b""
        scan = scan_sheet(xml, styles, raised) if xml else scans.get(metadata.name, SheetScan({}))
        merged = sheet.merged_cell_ranges or []
        marks += sum(map(len, (scan.marked, merged, scan.replaced, scan.hidden_rows, scan.hidden_columns)))
        if marks > MOST_MARKS:
            raise MemoryError(f"{marks} sel gabungan, persen, galat, atau tersembunyi")
        sheets.append(
            {
                "name": metadata.name,
                "visible": metadata.visible == python_calamine.SheetVisibleEnum.Visible,
                "columns": columns_of(sheet),
                "hidden_rows": scan.hidden_rows,
                "hidden_columns": scan.hidden_columns,
                "marked": scan.marked,
                "replaced": scan.replaced,
                "merged": list(merged),
            }
        )
    return {"sheets": sheets}


def answer(path: str, file_format: str) -> bytes:
    try:
        return marshal.dumps(read(path, file_format))
    except MemoryError as error:
        return marshal.dumps({"problem": "too_large", "detail": str(error) or "memori tidak cukup"})
    except ZipBomb as error:
        return marshal.dumps({"problem": "bomb", "detail": str(error)})
    except python_calamine.PasswordError as error:
        return marshal.dumps({"problem": "encrypted", "detail": str(error)})
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        expat.ExpatError,
        OSError,
        EOFError,
        LookupError,
        ValueError,
        struct.error,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        return marshal.dumps({"problem": "damaged", "detail": f"{type(error).__name__}: {error}"})


def main(megabytes: str, seconds: str) -> None:
    limit_memory(int(megabytes))
    for line in sys.stdin.buffer:
        file_format, path = line.decode("utf-8", "surrogateescape").rstrip("\n").split(" ", 1)
        faulthandler.dump_traceback_later(float(seconds), exit=True)
        body = answer(path, file_format)
        faulthandler.cancel_dump_traceback_later()
        sys.stdout.buffer.write(len(body).to_bytes(8, "big") + body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
