"""Issues back to the agency: a list as XLSX, and their own workbook with the cells marked."""

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from ...files import whole
from ..readers import file_format
from ..readers.workbook import read_workbook
from ..safe_cells import neutral

FILLS = {"rejected": "F8C9C4", "warning": "FFE699", "note": "DDEBF7"}
WORDS = {"rejected": "Ditolak", "warning": "Periksa", "note": "Catatan"}
HEADERS = {
    "sheet": "Lembar",
    "row": "Baris",
    "column": "Kolom",
    "text": "Isi",
    "severity": "Tingkat",
    "message": "Keterangan",
    "suggestion": "Saran",
}
LIST_SHEET = "Catatan PKP"
MOST_BYTES = 10 << 20  # openpyxl needs some 50 times the size of a workbook


def write_for_agency(issues: pd.DataFrame, raw_path, path) -> Path:
    """Writes the issues of one raw file to an XLSX for its sender and returns its path; the raw file is not
    touched.

    An xlsx becomes a copy with each cell coloured and commented and the list as a last sheet. Other formats,
    and workbooks
    that openpyxl cannot carry over whole, become the list alone.
    """
    raw_path, path = Path(raw_path), Path(path)
    with whole(path) as part:
        if (
            file_format(raw_path) != "zip"
            or raw_path.stat().st_size > MOST_BYTES
            or not _marked(issues, raw_path, part)
        ):
            _write_list(issues, part)
    return path


def _marked(issues: pd.DataFrame, raw_path: Path, part: Path) -> bool:
    read_workbook(raw_path, "zip")  # refuses what openpyxl would unpack into this process
    try:
        with raw_path.open("rb") as file:
            workbook = openpyxl.load_workbook(file)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile):
        return False  # calamine reads files openpyxl refuses; their sender gets the list
    for (sheet, row, column), group in issues[issues["row"] > 0].groupby(
        ["sheet", "row", "column"], sort=False
    ):
        if sheet not in workbook.sheetnames or not column:
            continue
        cell = workbook[sheet][f"{column}{row}"]
        worst = next(severity for severity in FILLS if severity in set(group["severity"]))
        if isinstance(cell, openpyxl.cell.cell.MergedCell):
            continue  # only the first cell of a merged range can carry a mark; the list names it
        cell.fill = PatternFill("solid", fgColor=FILLS[worst])
        lines = [
            f"{WORDS[issue.severity]}: {issue.message}"
            + (f" Saran: {issue.suggestion}." if issue.suggestion else "")
            for issue in group.itertuples()
        ]
        cell.comment = Comment("\n".join(lines)[:2000], "PKP", width=360, height=140)
    title = LIST_SHEET if LIST_SHEET not in workbook.sheetnames else f"{LIST_SHEET} 2"
    listed = workbook.create_sheet(title)
    for row in _list_rows(issues):
        listed.append(row)
    for column, width in zip("ABCDEFG", (18, 8, 8, 20, 10, 80, 50)):
        listed.column_dimensions[column].width = width
    workbook.save(part)
    return True


def _list_rows(issues: pd.DataFrame):
    yield list(HEADERS.values())
    for values in issues[list(HEADERS)].itertuples(index=False, name=None):
        yield [neutral(WORDS.get(value, value)) for value in values]


def _write_list(issues: pd.DataFrame, part: Path) -> None:
    with xlsxwriter.Workbook(part, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(LIST_SHEET)
        for number, row in enumerate(_list_rows(issues)):
            sheet.write_row(number, 0, row)
        sheet.set_column(5, 6, 60)
        sheet.freeze_panes(1, 0)
