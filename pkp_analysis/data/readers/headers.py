"""What the header above a column of figures says: name, year, unit, target or realisation."""

import re
from functools import lru_cache
from typing import NamedTuple

YEAR = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)(?!\d)")
YEAR_MARK = re.compile(r"(?<!\d)(?:19[89]\d|20[0-4]\d)\s*(\*{1,2}|[er](?![a-z]))", re.IGNORECASE)
DATE = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)-\d\d-\d\d(?:T.*)?$")
TARGET = re.compile(r"\b(target|sasaran|rencana|proyeksi)\b", re.IGNORECASE)
REALISED = re.compile(r"\b(realisasi|capaian kinerja|realization|realisation|actual)\b", re.IGNORECASE)
ACHIEVED = re.compile(
    r"\b(?:capaian|pencapaian)\b", re.IGNORECASE
)  # the realised value, or beside one its share of the target
COMPARED = re.compile(r"\b(?:selisih|deviasi|peringkat|ranking|rank)\b", re.IGNORECASE)
# How a unit is written in a header -> the unit. Looked for in brackets and as a whole header cell.
UNITS = {
    "%": "%",
    "persen": "%",
    "persentase": "%",
    "percent": "%",
    "pct": "%",
    "kk": "KK",
    "rt": "rumah tangga",
    "rumah tangga": "rumah tangga",
    "ruta": "rumah tangga",
    "jiwa": "jiwa",
    "orang": "jiwa",
    "ribu jiwa": "ribu jiwa",
    "ribu orang": "ribu jiwa",
    "ribu": "ribu",
    "juta jiwa": "juta jiwa",
    "unit": "unit",
    "unit rumah": "unit rumah",
    "rumah": "unit rumah",
    "ha": "hektare",
    "hektar": "hektare",
    "hektare": "hektare",
    "ton": "ton",
    "ton/tahun": "ton/tahun",
    "ton per tahun": "ton/tahun",
    "kg": "kg",
    "kg/tahun": "kg/tahun",
    "kg per tahun": "kg/tahun",
    "ton/hari": "ton/hari",
    "kg/hari": "kg/hari",
    "desa": "desa",
    "desa/kelurahan": "desa/kelurahan",
    "jiwa/rumah tangga": "jiwa/rumah tangga",
    "rumah tangga/unit": "rumah tangga/unit",
}
BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
COLUMN_COUNT = re.compile(r"\(?-?\d{1,2}\)?")
SHARE = re.compile(  # "%Pengurangan Sampah", but not the unit "% rumah tangga"
    r"(?:%|persen\b)\s*(?!(?:rumah tangga|penduduk|keluarga|kk|rt|timbulan|desa|kelurahan|kawasan kumuh)(?:"
    r" perkotaan| perdesaan)?$)(\w.*)",
    re.IGNORECASE,
)
FORMULA = re.compile(
    r"\([A-H](?:[+/][A-H])*\)(?:/[A-H]\b)?"
)  # letters with which portals explain a column: "(B+C)/A"
DAILY = re.compile(r"\b(?:harian|per hari)\b", re.IGNORECASE)
PART_OF_REGION = re.compile(
    r"(?:nama )?(?:kecamatan|kec|kelurahan|desa|desa ?/ ?kelurahan|kelurahan ?/ ?desa|puskesmas)\.?",
    re.IGNORECASE,
)

# Headers of columns that describe a row instead of holding figures.
LABELS = {
    "number": r"no|nomor|no urut|nomor urut|number",
    "code": (
        r"(?:kode|code|id)(?:"
        r" (?:bps|wilayah|kab.*|prov.*|kemendagri|daerah|region))?|(?:bps|region|wilayah|kab|kabupaten)"
        r" ?(?:code|kode|id)|region_code|bps_code|kode_\w+"
    ),
    "province": r"\d* ?(?:nama )?(?:provinsi|province|propinsi|prov)",
    "region": (
        r"\d* ?(?:nama )?(?:kabupaten ?/? ?(?:dan )?kota|kab\.? ?/?"
        r" ?kota|kabupaten|kabkot(?:a)?|kab|wilayah|daerah|region|name|nama|lokasi"
        r"|kabupaten_kota|kabupaten kota|regency(?: ?/ ?(?:city|municipality))?|district|nama_\w+|wilayah"
        r" administrasi|kabupaten/kota regency/municipality)"
    ),
    "year": r"tahun|year|data_year|tahun[ _]data|th|periode(?: data)?",
    "unit": r"satuan|unit satuan|unit",
    "indicator": r"indikator|indicator|uraian|variabel|nama indikator",
    "status": r"status|status angka",
    "source_id": r"source_id",
    "note": r"keterangan|catatan|note|notes|ket|footnote",
    "ignored": (
        r"sumber|source|url|publikasi|publication|table|tabel|pdf_page|halaman|edition|edisi|latitude|longitude|lat|lon|long|lintang|bujur"
    ),
}
LABELS = {role: re.compile(pattern, re.IGNORECASE) for role, pattern in LABELS.items()}


class Header(NamedTuple):
    """What a header says; empty where it says nothing. `year` is None when it names none, -1 when it names
    several.
    """

    name: str = ""
    year: int | None = None
    unit: str = ""
    measure: str = ""  # "", "realised", "achieved", "target" or "attained"
    status: str = ""


@lru_cache(maxsize=50_000)
def label_role(text: str) -> str:
    """Which describing column a header cell names: "region", "year", "note" ..., "" for none."""
    bare = " ".join(text.replace("\n", " ").split()).strip(" .:*")
    return next((role for role, pattern in LABELS.items() if pattern.fullmatch(bare)), "")


@lru_cache(maxsize=50_000)
def year_of(text: str) -> int | None:
    """The year a header or a year cell names: "2022", "Tahun 2022*)", "2022-01-01", "CW_2015"; -1 when it
    names several.
    """
    text = text.strip()
    date = DATE.match(text)
    years = {int(date.group(1))} if date else {int(year) for year in YEAR.findall(text)}
    if len(years) > 1:
        return -1
    return years.pop() if years else None


@lru_cache(maxsize=50_000)
def unit_of(text: str) -> str:
    """The unit a text names as a whole: "(%)" -> "%", "% rumah tangga" -> "%"; "" when it is none."""
    bare = " ".join(text.lower().split()).strip(" .()[]")
    if bare.startswith(("%", "persen ", "persen,")):
        return "%"
    return UNITS.get(bare, "")


def read_header(cells) -> Header:
    """What the cells above one column say together, from the top one down."""
    name, year, unit, measure, status = [], None, "", "", ""
    for cell in cells:
        text = " ".join(cell.split())
        if not text or COLUMN_COUNT.fullmatch(text):
            continue
        found = year_of(text)
        if found is not None:
            year = found if year in (None, found) else -1
            mark = YEAR_MARK.search(text)
            status = "provisional" if mark and mark.group(1).lower() != "r" else status
        text = FORMULA.sub(" ", text)
        if share := SHARE.fullmatch(text):
            unit, text = "%", share.group(1)
        elif unit_of(text):
            unit = unit_of(text)
            continue
        for inside in BRACKETS.findall(text):
            if unit_of(inside):
                unit = unit_of(inside)
                text = text.replace(f"({inside})", " ").replace(f"[{inside}]", " ")
        if unit in ("ton", "kg") and DAILY.search(text):
            unit = f"{unit}/hari"
        if TARGET.search(text):
            measure = "target"
        elif REALISED.search(text):
            measure = measure or "realised"
        elif COMPARED.search(text):
            measure = "attained"
        elif ACHIEVED.search(text):
            measure = measure or "achieved"
        text = _without_year(text) if found is not None else text
        text = " ".join(TARGET.sub(" ", REALISED.sub(" ", text)).split()).strip(" .,:;-_*()")
        if text and text not in name:
            name.append(text)
    return Header(" ".join(name), year, unit, measure, status)


def _without_year(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d(?:T[\d:.]*)?", " ", text)
    return re.sub(
        r"(?i)(?:\b(?:pada"
        r" )?(?:tahun|thn|th|year)\b\.?)?[\s_:]*(?<!\d)(?:19[89]\d|20[0-4]\d)(?!\d)\s*(?:\*+|[er]\b)?\)?",
        " ",
        text,
    )
