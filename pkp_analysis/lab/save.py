"""Saves a view of the exploration: a picture, a workbook and a small page that opens anywhere."""

import io
import re
from datetime import datetime
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from ..data.regions import region_name
from ..errors import PkpError
from .material import Choice
from .view import View

STYLE = """body{font:16px/1.5 Arial,sans-serif;color:#1a1a1a;background:#fff;max-width:50rem;margin:1rem auto;padding:0 1rem}
table{border-collapse:collapse;font-size:.9rem}th,td{border:1px solid #c9cdd2;padding:.3rem .5rem;text-align:left}
td.angka{text-align:right}#tabel-skenario td{text-align:left}caption{text-align:left;font-weight:bold}figure{margin:1rem 0}img{max-width:100%;height:auto}figcaption span{display:block;color:#595959}.tabel{overflow-x:auto}"""  # noqa: E501
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
DAY = datetime(2000, 1, 1)  # fixed, so that equal figures give equal files


def save(
    view: View, choice: Choice, effects: Markup, sheets: dict[str, pd.DataFrame], folder: Path
) -> list[Path]:
    """Write NAME.html, NAME.xlsx and a NAME-n.png per figure into `folder` (made when missing); returns the
    paths.

    Raises PkpError when the folder cannot be written.
    """
    files = {
        f"{choice.name}.html": page(view, choice, effects).encode(),
        f"{choice.name}.xlsx": workbook({"Nilai": view.values, **sheets}, choice),
    }
    for place, figure in enumerate(view.figures, start=1):
        files[f"{choice.name}-{place}.png"] = figure.png()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part = folder / f"{name}.part"
            part.write_bytes(content)
            part.replace(folder / name)
    except OSError as error:
        raise PkpError(
            f"{folder} tidak dapat ditulis ({error.strerror}). Tutup berkas yang sedang terbuka, lalu simpan"
            " lagi."
        ) from error
    return [folder / name for name in files]


def page(view: View, choice: Choice, effects: Markup) -> str:
    names = ", ".join(region_name(code) for code in choice.regions)
    title = f"Jelajah: {names}"
    return str(
        Markup(
            '<!doctype html>\n<html lang="id">\n<head>\n<meta charset="utf-8">\n<meta name="viewport"'
            ' content="width=device-width">\n'
            '<meta http-equiv="Content-Security-Policy"'
            ' content="{}">\n<title>{}</title>\n<style>{}</style>\n</head>\n'
            "<body>\n<main>\n<h1>{}</h1>\n{}\n{}\n</main>\n</body>\n</html>\n"
        ).format(Markup(POLICY), title, Markup(STYLE), title, view.html, effects)
    )


def workbook(sheets: dict[str, pd.DataFrame], choice: Choice) -> bytes:
    """An XLSX file: what was chosen, then a sheet per table with numbers as numbers."""
    chosen = pd.DataFrame(
        [
            ("Wilayah", ", ".join(f"{region_name(code, full=True)} ({code})" for code in choice.regions)),
            ("Indikator", ", ".join((choice.indicator, *choice.others))),
            ("Target", choice.target_name),
            ("Tahun", "–".join(map(str, choice.years))),
            ("Upaya tambahan per tahun", choice.effort),
            ("Satuan upaya", {"pp": "persen poin", "households": "rumah tangga"}[choice.unit]),
            ("Anggaran per rumah tangga (Rp)", choice.budget),
        ],
        columns=["Pilihan", "Isi"],
    )
    content = io.BytesIO()
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(content, engine="xlsxwriter", engine_kwargs=options) as writer:
        writer.book.set_properties({"created": DAY})
        for name, frame in {"Pilihan": chosen, **sheets}.items():
            frame.to_excel(writer, sheet_name=re.sub(r"[\[\]:*?/\\]", " ", name)[:31], index=False)
            sheet = writer.sheets[name]
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    return content.getvalue()
