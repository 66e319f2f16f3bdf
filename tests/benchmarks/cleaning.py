"""What cleaning costs beside reading alone, and how it grows: 514 regencies x 10 indicators x 10 years, then
up to 1,000,000 rows.

`python -m tests.benchmarks.cleaning` prints the ratios; both sides of each ratio are measured in turn in this
one run.
"""

import itertools
import random
import tempfile
import time
from pathlib import Path

import pandas as pd
import xlsxwriter

from pkp_analysis.data.clean import clean_file
from pkp_analysis.data.codebook import indicators
from pkp_analysis.data.regions import regions

YEARS = range(2014, 2024)
ROUNDS = 15
AT_MOST = 3.0  # times reading alone
GROWTH_AT_MOST = 1.5  # times the cost per row of the smaller file
ROWS = (10_000, 100_000, 1_000_000)


def write_mix(folder: Path) -> list[Path]:
    """Ten files, one per indicator: four BPS exports in Excel, two in csv, two Indonesian csv, an agency
    workbook, a tidy csv.
    """
    register = regions()
    regency = register[register["kind"].isin(["kabupaten", "kota"])]
    names, provinces = regency["full_name"].tolist(), register.loc[regency["province_code"], "name"].tolist()
    book = indicators()
    chosen = [
        code
        for code in book.index
        if book.at[code, "unit"].startswith("%") and book.at[code, "maximum"] == 100
    ][:10]
    rng = random.Random(1)
    figures = {code: [[round(rng.uniform(20, 99), 2) for _ in YEARS] for _ in names] for code in chosen}
    files = []
    for number, code in enumerate(chosen):
        title, rows = f"{book.at[code, 'name']} (Persen)", list(zip(provinces, names, figures[code]))
        path = folder / f"{code}.{'xlsx' if number < 4 or number == 8 else 'csv'}"
        if number < 4:
            _bps_xlsx(path, title, rows)
        elif number < 6:
            head = "Kabupaten/Kota," + ",".join(f'"{title} {year}"' for year in YEARS)
            _write(
                path,
                [
                    head,
                    *(f"{name}," + ",".join(map(str, values)) for _, name, values in rows),
                    "," * 10,
                    "Keterangan" + "," * 10,
                    "-" + "," * 10,
                ],
                "utf-8-sig",
            )
        elif number < 8:
            head = "Provinsi;Kabupaten/Kota;" + ";".join(f"{title} {year}" for year in YEARS)
            body = [
                f"{province.upper()};{name};" + ";".join(map(str, values)).replace(".", ",")
                for province, name, values in rows
            ]
            _write(path, [head, *body, *[";" * 11] * 300])
        elif number == 8:
            _agency_xlsx(path, title, rows)
        else:
            body = [
                f"{region},{name},{code},{year},{value},%"
                for region, (_, name, values) in zip(regency.index, rows)
                for year, value in zip(YEARS, values)
            ]
            _write(path, ["region_code,name,indicator,year,value,unit", *body])
        files.append(path)
    return files


def _write(path: Path, lines: list[str], encoding: str = "utf-8") -> None:
    path.write_text("\r\n".join(lines) + "\r\n", encoding=encoding, newline="")


def _bps_xlsx(path: Path, title: str, rows: list) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        sheet.merge_range("A1:A3", "Kabupaten/Kota")
        sheet.merge_range(1, 1, 1, len(YEARS), title)
        sheet.write_row(2, 1, list(YEARS))
        for row, (_, name, values) in enumerate(rows, start=3):
            sheet.write_row(row, 0, [name.upper(), *values])


def _agency_xlsx(path: Path, title: str, rows: list) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Data")
        sheet.write("A1", "PEMERINTAH PROVINSI")
        sheet.write("A2", title)
        sheet.write_row(3, 0, ["No", "Kabupaten/Kota", *YEARS])
        sheet.write_row(4, 2, ["Realisasi (%)"] * len(YEARS))
        for row, (_, name, values) in enumerate(rows, start=5):
            sheet.write_row(row, 0, [row - 4, name, *(str(value).replace(".", ",") for value in values)])
        sheet.write(len(rows) + 5, 0, "*) angka sementara")


def read_alone(path: Path):
    """The same file as a table of cells, by pandas (with calamine for Excel) and nothing else."""
    if path.suffix == ".xlsx":
        return pd.read_excel(path, engine="calamine", header=None)
    return pd.read_csv(path, sep=";" if ";" in path.open(encoding="utf-8-sig").readline() else ",")


def clean(path: Path) -> int:
    return len(clean_file(path, {"source_id": "ukur"}).observations)


def seconds(work, files, clock=time.perf_counter) -> float:
    start = clock()
    for path in files:
        work(path)
    return clock() - start


def write_tidy(path: Path, rows: int) -> Path:
    book = indicators()
    edges = zip(book.index, book["minimum"], book["maximum"].clip(upper=1e6), book["unit"])
    lines = (
        f"{region},{code},{year},{(low + high) / 2:.2f},{unit}"
        for code, low, high, unit in edges
        for region in regions().index
        for year in range(1990, 2040)
    )
    _write(path, ["region_code,indicator,year,value,unit", *itertools.islice(lines, rows)])
    return path


def run() -> dict:
    """The ratios {"times_reading", "growth"} with what they should at most be, and the seconds behind them,
    which it prints.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_mix(folder)
        cells = sum(clean(path) for path in files)
        alone = cleaned = 0  # of each file its quickest round: a busy machine seldom leaves all ten alone
        for path in files:
            rounds = [(seconds(read_alone, [path]), seconds(clean, [path])) for _ in range(ROUNDS)]
            alone, cleaned = (sum(pair) for pair in zip((alone, cleaned), map(min, zip(*rounds))))
        print(
            f"{len(files)} files, {cells} figures: reading alone {alone * 1000:.0f} ms, cleaning"
            f" {cleaned * 1000:.0f} ms, {cleaned / alone:.2f} times (at most {AT_MOST})"
        )
        per_row = {}
        for rows in ROWS:
            path = write_tidy(folder / f"rapi_{rows}.csv", rows)
            took = min(
                seconds(clean, [path], time.process_time) for _ in range(3)
            )  # text files need no second process
            per_row[rows] = took / rows
            print(
                f"{rows} rows: {took:.2f} s, {took / rows * 1e6:.1f} microseconds a row; reading alone"
                f" {seconds(read_alone, [path], time.process_time):.2f} s"
            )
        growth = per_row[ROWS[-1]] / per_row[ROWS[1]]
        print(
            f"cost per row at {ROWS[-1]} rows is {growth:.2f} times that at {ROWS[1]} (at most"
            f" {GROWTH_AT_MOST})"
        )
    return {
        "times_reading": round(cleaned / alone, 2),
        "times_reading_at_most": AT_MOST,
        "growth": round(growth, 2),
        "growth_at_most": GROWTH_AT_MOST,
    }


if __name__ == "__main__":
    run()
