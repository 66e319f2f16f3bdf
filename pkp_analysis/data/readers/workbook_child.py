"""Reads workbooks in a process of its own, with little memory; run by file name: `python -I workbook_child.py
MEGABYTES`.

It starts in some 20 ms because it imports neither pandas nor the rest of the package. What calamine leaves
out is read
from the sheet's XML: hidden rows and columns, cells shown as per cent, error values, and formulas that were
never
calculated.

stdin: one line "FORMAT PATH" per workbook, FORMAT "zip" (xlsx, xlsm, xlsb, ods) or "xls". stdout: the length
of the answer in 8 bytes, then the answer in marshal:
{"sheets": [{"name", "visible", "columns", "hidden_rows", "hidden_columns", "percent", "replaced", "merged"}]}
with a pair
(texts, numbers as bytes of doubles) per column, or {"problem": <key of workbook.PROBLEMS>, "detail"}. Rows
and columns
count from 0.
"""

import array
import datetime
import marshal
import math
import posixpath
import re
import sys
import zipfile
import zlib
from xml.parsers import expat

import python_calamine

# More cells than this in the used ranges is a slip (a stray cell far away), not a table.
MOST_CELLS = 20_000_000
MOST_MARKS = 1_000_000  # merged ranges, cells shown as per cent, hidden rows ... of all sheets
# A table compresses 10 to 60 times; a file of zeros made to fill a memory 1,000 times.
MOST_UNPACKED = 250 << 20
MOST_RATIO = 200
NUMBERS = {float, int}
PERCENT_FORMATS = {9, 10}  # built-in formats "0%" and "0.00%"


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


def shows_percent(code: str) -> bool:
    """Whether a format multiplies by 100: a percent sign that is neither quoted nor escaped, in the part for
    positive numbers.
    """
    plain = re.sub(r'"[^"]*"|\\.|_.|\[[^\]]*\]', "", code)
    return "%" in plain.partition(";")[0]


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
        elif name == "vertAlign" and attributes.get("val") == "superscript":
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


def raised_strings(xml: bytes, item: str) -> list:
    """Text of each string with raised digits, None for the others."""
    found = RichText(item)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.data
    parser.Parse(xml, True)
    return found.texts


def percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """Numbers of the cell styles that show a fraction as per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    formats, styles, inside = set(PERCENT_FORMATS), [], False
    xml = archive.read("xl/styles.xml")
    if b"%" not in xml and b'numFmtId="9"' not in xml and b'numFmtId="10"' not in xml:
        return set()
    for name, attributes in elements(xml):
        if name == "numFmt" and shows_percent(attributes.get("formatCode", "")):
            formats.add(int(attributes["numFmtId"]))
        elif name in ("cellXfs", "cellStyles", "dxfs"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", 0)))
    return {str(number) for number, format_id in enumerate(styles) if format_id in formats}


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

    def __init__(self, percent_styles: set[str], raised: list):
        self.percent_styles, self.is_percent = percent_styles, False
        self.raised, self.inline = raised, 0
        self.hidden_rows, self.hidden_columns, self.percent, self.replaced = [], [], [], []
        self.row, self.column, self.cell_type = -1, -1, ""
        self.formula = self.value = self.into = None

    def start(self, name, attributes):
        name = name.rpartition(":")[2]
        if name == "c":
            if "r" in attributes:
                self.row, self.column = split_reference(attributes["r"])
            else:
                self.column += 1
            self.cell_type, self.formula, self.value = attributes.get("t", "n"), None, None
            self.is_percent = attributes.get("s") in self.percent_styles and self.cell_type == "n"
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

    def text(self, data):
        if self.into == "formula":
            self.formula += data
        elif self.into == "value":
            self.value += data

    def end(self, name):
        name = name.rpartition(":")[2]
        if name in ("f", "v"):
            self.into = None
        elif name == "c":
            if self.is_percent and self.value is not None:
                self.percent.append((self.row, self.column))
            text = None
            if self.cell_type == "s" and self.raised and self.value:
                text = self.raised[int(self.value)]
            elif self.cell_type == "inlineStr" and self.raised and self.inline < len(self.raised):
                text, self.inline = self.raised[self.inline], self.inline + 1
            if text is not None:
                self.replaced.append((self.row, self.column, text))
            elif self.cell_type == "e":
                self.replaced.append((self.row, self.column, self.value or "#N/A"))
            elif self.formula is not None and self.value in (None, ""):
                self.replaced.append((self.row, self.column, "=" + self.formula))


def scan_sheet(xml: bytes, styles: set[str], raised: list) -> SheetScan:
    if not raised and b'"superscript"' in xml:
        raised = raised_strings(xml, "is")
    scan = SheetScan(styles, raised)
    if styles or raised or any(mark in xml for mark in (b' t="e"', b"<f", b":f>", b":f ", b"hidden=")):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
        parser.CharacterDataHandler = scan.text
        parser.Parse(xml, True)
    return scan


def ods_percent_cells(xml: bytes) -> dict[str, list]:
    """Sheet name -> cells of an ods that hold a fraction shown as per cent."""
    found, place = {}, {"sheet": "", "row": -1, "column": -1, "rows": 1}
    for name, attributes in elements(xml) if b"percentage" in xml else ():
        values = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "table":
            place.update(sheet=values.get("name", ""), row=-1, rows=1)
        elif name == "table-row":
            place.update(
                row=place["row"] + place["rows"], column=-1, rows=int(values.get("number-rows-repeated", 1))
            )
        elif name in ("table-cell", "covered-table-cell"):
            repeated = int(values.get("number-columns-repeated", 1))
            if values.get("value-type") == "percentage":
                found.setdefault(place["sheet"], []).extend(
                    (place["row"], place["column"] + 1 + offset) for offset in range(min(repeated, 100))
                )
            place["column"] += repeated
    return found


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
    """(texts, numbers) of each column; a text is "" and a number NaN where the cell holds the other, or
    nothing.
    """
    columns = []
    for column in zip(*sheet.to_python(skip_empty_area=False)):
        numbers = array.array("d", [value if value.__class__ in NUMBERS else math.nan for value in column])
        texts = [
            "" if value.__class__ in NUMBERS else value if value.__class__ is str else plain(value)
            for value in column
        ]
        columns.append((texts, numbers.tobytes()))
    return columns


def read(path: str, file_format: str) -> dict:
    styles, paths, archive, raised = set(), {}, None, []
    ods_percent = {}
    if file_format == "zip":
        archive = zipfile.ZipFile(path)
        check_size(archive)
        if "xl/workbook.xml" in archive.namelist():
            styles, paths = percent_styles(archive), sheet_paths(archive)
            shared = (
                archive.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in archive.namelist() else b""
            )
            raised = raised_strings(shared, "si") if b'"superscript"' in shared else []
        elif "content.xml" in archive.namelist():
            ods_percent = ods_percent_cells(archive.read("content.xml"))
    with open(path, "rb") as file:  # calamine goes by the content of a file, but by the name of a path
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
    sheets, cells, marks = [], 0, 0
    for metadata in workbook.sheets_metadata:
        if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        cells += sheet.total_height * sheet.total_width
        if cells > MOST_CELLS:
            raise MemoryError(f"{sheet.total_height} baris x {sheet.total_width} kolom di {metadata.name}")
        xml = archive.read(paths[metadata.name]) if metadata.name in paths else b""
        scan = scan_sheet(xml, styles, raised) if xml else SheetScan(set(), [])
        percent, merged = scan.percent + ods_percent.get(metadata.name, []), sheet.merged_cell_ranges or []
        marks += sum(map(len, (percent, merged, scan.replaced, scan.hidden_rows, scan.hidden_columns)))
        if marks > MOST_MARKS:
            raise MemoryError(f"{marks} sel gabungan, persen, galat, atau tersembunyi")
        sheets.append(
            {
                "name": metadata.name,
                "visible": metadata.visible == python_calamine.SheetVisibleEnum.Visible,
                "columns": columns_of(sheet),
                "hidden_rows": scan.hidden_rows,
                "hidden_columns": scan.hidden_columns,
                "percent": percent,
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
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        return marshal.dumps({"problem": "damaged", "detail": f"{type(error).__name__}: {error}"})


def main(megabytes: str) -> None:
    limit_memory(int(megabytes))
    for line in sys.stdin.buffer:
        file_format, path = line.decode("utf-8", "surrogateescape").rstrip("\n").split(" ", 1)
        body = answer(path, file_format)
        sys.stdout.buffer.write(len(body).to_bytes(8, "big") + body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
