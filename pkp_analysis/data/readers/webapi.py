"""Answers of the BPS WebAPI (`data`): JSON whose keys run region, variable, category and year together."""

import html
import json
import re

import numpy as np

from ...errors import UnreadableFileError
from .headers import label_role, read_header, unit_of, year_of
from .sheet import Block, Sheet, listed

PARTS = ("vervar", "var", "turvar", "tahun", "turtahun")
LONE_SURROGATE = re.compile(
    r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)  # no letter of a name, and no text can be written with one
WHOLE_YEAR = {"tahun", "tahunan", "tidak ada", ""}
TOTALS = {"tidak ada", "jumlah", "total", "", "perkotaan+perdesaan", "perkotaan + perdesaan", "kota+desa"}


def parsed(text: str, name: str):
    """The answer that a JSON text holds. Raises UnreadableFileError for one that is cut or broken."""
    try:
        return json.loads(LONE_SURROGATE.sub("?", text))
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableFileError(
            f"{name}: JSON terpotong atau rusak ({error}). Yang diharapkan: jawaban utuh WebAPI BPS. Ambil"
            " ulang dengan `pkp fetch-bps`."
        ) from error


def records_sheet(answer) -> Sheet | None:
    """The rows of an open-data portal's answer, [{...}], {"data": [{...}]} or {"result": {"records": [{...}]}}, as a
    sheet whose header are their keys; None for anything else.
    """
    found = answer.get("data") if isinstance(answer, dict) else answer
    if isinstance(answer, dict) and isinstance(answer.get("result"), dict):
        found = answer["result"].get("records")
    if not isinstance(found, list) or not found or not all(isinstance(record, dict) for record in found):
        return None
    heads = list(dict.fromkeys(key for record in found for key in record))
    if not any(label_role(head) in ("region", "province", "code") for head in heads):
        return None
    texts, numbers = [], []
    for head in heads:
        cells = [record.get(head) for record in found]
        numeric = [isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells]
        numbers.append(
            np.array([np.nan, *(cell if is_one else np.nan for cell, is_one in zip(cells, numeric))], float)
        )
        shown = ["" if is_one or cell is None else str(cell) for cell, is_one in zip(cells, numeric)]
        texts.append(np.array([head, *shown], dtype=object))
    return Sheet(name="", texts=texts, numbers=numbers)


def read_cells(answer, name: str) -> Block:
    """Candidate cells of one answer. `sheet` is "datacontent", `row` the line of the region and `column` that of the
    year in the answer's own lists, since JSON has no cells; the note holds the key. Raises UnreadableFileError for an
    answer without data.
    """
    if (
        not isinstance(answer, dict)
        or str(answer.get("status", "")).upper() != "OK"
        or not isinstance(answer.get("datacontent"), dict)
    ):
        found = (
            answer.get("message") or answer.get("status")
            if isinstance(answer, dict)
            else type(answer).__name__
        )
        if isinstance(answer, dict) and isinstance(answer.get("data"), list):
            found = "daftar atau sensus, model lain daripada `data`"
        raise UnreadableFileError(
            f"{name}: jawaban tanpa data (ditemukan: {str(found)[:120]!r}). Yang diharapkan: model `data`"
            " WebAPI BPS dengan `datacontent`. Periksa id variabel dan domainnya."
        )
    try:
        lists = {
            part: [(str(entry["val"]), cleaned(entry["label"])) for entry in answer.get(part) or []]
            for part in PARTS
        }
        variable = answer["var"][0]
        title, unit = cleaned(variable["label"]), cleaned(variable.get("unit") or "")
    except (KeyError, IndexError, TypeError) as error:
        raise UnreadableFileError(
            f"{name}: bagian {error} tidak ada atau salah bentuk. Yang diharapkan: var, vervar, tahun berisi"
            " val dan label. Ambil ulang datanya."
        ) from error
    for part in ("turvar", "turtahun"):
        lists[part] = lists[part] or [("0", "")]
    content, records, used = answer["datacontent"], [], set()
    header = read_header(title)
    for row, (region, label) in enumerate(lists["vervar"], start=1):
        for column, (year, year_label) in enumerate(lists["tahun"], start=1):
            for category, category_label in lists["turvar"]:
                for period, period_label in lists["turtahun"]:
                    key = f"{region}{variable['val']}{category}{year}{period}"
                    if key not in content and (
                        category_label.lower() not in TOTALS or period_label.lower() not in WHOLE_YEAR
                    ):
                        continue
                    used.add(key)
                    value = content.get(key, "")
                    number = (
                        float(value)
                        if isinstance(value, int | float) and not isinstance(value, bool)
                        else float("nan")
                    )
                    whole = period_label.lower() in WHOLE_YEAR
                    records.append(
                        {
                            "row": row,
                            "column": column,
                            "text": "" if value is None else str(value),
                            "number": number,
                            "region": label,
                            "code": region if re.fullmatch(r"\d{4}", region) else "",
                            "name": (
                                header.name
                                if category_label.lower() in TOTALS
                                else f"{header.name} {category_label}"
                            ),
                            "year": year_of(year_label) or 0,
                            "unit": unit_of(unit) or header.unit or unit,
                            "measure": header.measure or ("" if whole else "period"),
                            "note": f"kunci {key}",
                        }
                    )
    for key in content.keys() - used:  # a key no list explains is a figure all the same
        unknown = {"row": 0, "column": 0, "text": str(content[key]), "name": header.name, "unit": unit}
        records.append(unknown | {"note": f"kunci {key} tidak dikenal"})
    return listed(records, {"sheet": "datacontent", "title": header.name})


def cleaned(label) -> str:
    """Labels carry HTML marks ("<b>Banjar</b>")."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", str(label))).split())
