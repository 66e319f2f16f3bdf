"""`pkp correct`: one wrong figure put right by a row of corrections.csv; the raw file stays as it came."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ...errors import BadRequestError, PkpError
from ...files import locked, write
from ...paths import raw_dir as default_raw_dir
from ..codebook import indicators, to_indicator
from ..dataset import Dataset, assemble
from ..reconcile import KEY, decimal_comma, where
from ..regions import find_region
from ..registers import CORRECTION_COLUMNS, append_rows


@dataclass(frozen=True)
class Correction:
    """The row corrections.csv would get, and the same as a sentence."""

    row: dict
    text: str

    @property
    def key(self) -> pd.DataFrame:
        """Region, indicator and year as a table of one row."""
        return pd.DataFrame([{name: self.row[name] for name in KEY}]).astype({"year": "int64"})


def propose(
    region: str, indicator: str, year: int, value: str, reason: str, source: str = "", raw_dir=None
) -> Correction:
    """The correction of the figure in use now; writes nothing.

    Raises BadRequestError when there is no such figure, when it was computed from others, when the value is
    no number, outside the indicator's range or the same, or when the reason is empty.
    """
    code, what = find_region(region), to_indicator(indicator)
    about = indicators().loc[what]
    try:
        new = float(value.replace(",", ".") if value.count(",") == 1 and "." not in value else value)
    except ValueError:
        new = np.nan
    if not about["minimum"] <= new <= about["maximum"]:
        raise BadRequestError(
            f"Nilai {value!r}: yang diharapkan angka {about['minimum']:.10g} sampai {about['maximum']:.10g}"
            f" {about['unit']}, misalnya 86,1."
        )
    if not reason.strip():
        raise BadRequestError("Alasan kosong. Tulis mengapa angka itu salah: --reason 'salah ketik dinas'.")
    rows = assemble(raw_dir).observations
    rows = rows[rows["region_code"].eq(code) & rows["indicator"].eq(what) & rows["year"].eq(year)]
    used = next(rows[rows["is_governing"]].itertuples(), None)
    if used is None:
        raise BadRequestError(
            f"Tidak ada angka {what} {code} tahun {year} untuk dikoreksi. Angka baru dimasukkan dengan"
            " `pkp add`."
        )
    if used.file == "":
        raise BadRequestError(f"{where(used)} dihitung dari angka lain ({used.note}). Koreksi angka asalnya.")
    if used.value == new:
        raise BadRequestError(f"{where(used)} sudah {decimal_comma(new)}. Tidak ada yang dikoreksi.")
    row = {
        "region_code": code,
        "indicator": what,
        "year": str(year),
        "old_value": np.format_float_positional(used.value, trim="-"),
        "new_value": np.format_float_positional(new, trim="-"),
        "reason": reason.strip(),
        "source": source.strip(),
        "date": date.today().isoformat(),
    }
    place = f"{used.file}{'!' + used.sheet if used.sheet else ''} {used.column}{used.row}"
    return Correction(
        row, f"{where(used)}: {decimal_comma(used.value)} menjadi {decimal_comma(new)} ({place})"
    )


def apply(correction: Correction, raw_dir=None) -> Dataset:
    """Adds the row to corrections.csv and returns the tables built with it; when they cannot be built, the
    register stays as it was and the error says why.
    """
    raw_dir = Path(raw_dir) if raw_dir else default_raw_dir()
    path = raw_dir / "corrections.csv"
    with locked(raw_dir):
        before = path.read_bytes() if path.exists() else None
        append_rows(path, [correction.row], CORRECTION_COLUMNS)
        try:
            return assemble(raw_dir)
        except PkpError:
            path.unlink() if before is None else write(path, before)
            raise
