"""What the header above a column of figures says: name, year, unit, target or realisation."""

import re
from functools import lru_cache
from typing import NamedTuple

from ...errors import UnknownIndicatorError
from ..codebook import to_indicator
from ..numbers import STRUCK

YEAR = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)(?!\d)")
SECOND_YEAR = re.compile(r"(?<!\d)(?:19|20)(\d\d) ?[-/–] ?(\d\d)(?![\d/-])")  # "2021-22", "2021/22"
YEAR_MARK = re.compile(r"(?<!\d)(?:19[89]\d|20[0-4]\d)\s*(\*{1,2}|[er](?![a-z]))", re.IGNORECASE)
DATE = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)-\d\d-\d\d(?:T.*)?$")
# A projection is what is aimed at, but of the population the official figure.
TARGET = re.compile(
    r"\b(target|tgt|sasaran|rencana|perjanjian kinerja|progno(?:sis|sa)"
    r"|kondisi akhir (?:rpjm[dn]|renstra|periode|perencanaan)"
    r"|(?<!hasil )proyeksi(?! (?:jumlah )?penduduk))\b",
    re.IGNORECASE,
)
REALISED = re.compile(r"\b(realisasi|kondisi awal|baseline|realization|realisation|actual)\b", re.IGNORECASE)
# The realised value, or beside one its share of the target.
ACHIEVED = re.compile(r"\b(?:capaian|pencapaian)\b", re.IGNORECASE)
# A plan, whose figures of past years may be those that were aimed at.
PLAN = re.compile(r"\b(?:rpjm[dn]|rkpd|renstra|renja)\b", re.IGNORECASE)
DRAFT = re.compile(r"\b(?:draf|draft|simulasi|skenario|contoh|dummy|latihan)\b", re.IGNORECASE)
EARLIER = re.compile(  # of a year that must be told
    r"\b(?:kondisi awal|baseline|tahun (?:lalu|sebelumnya|dasar|n ?- ?\d)|semula|sebelum(?:nya)?)\b",
    re.IGNORECASE,
)
COMPARED = re.compile(
    r"\b(?:selisih|deviasi|peringkat|ranking|rank|rse|galat baku|standar error|(?:relative )?standard error|bobot"
    r"|batas (?:atas|bawah)|selang kepercayaan|skor|jumlah sampel|sampel|capaian kinerja"
    r"|(?:capaian|realisasi|persen\w*|%).{0,30}(?:terhadap|dari|atas|/|%) ?target)\b|\(se\)|[Δ∆↑↓▲▼±]|\+/-",
    re.IGNORECASE,
)
MEASURE_CELL = re.compile(
    rf"\W*(?:angka |nilai |data )?(?:{TARGET.pattern}|{REALISED.pattern}|{ACHIEVED.pattern})[\W\d]*"
    r"(?:rpjm[dn]|renstra|rkpd|iku|pk|sdgs?)?[\W\d]*",
    re.IGNORECASE,
)  # a cell that says of its row what it is, and nothing else
SAYS_TARGET = re.compile(
    r"\W*(?:(?:\*|ket(?:erangan)?\b|catatan|note)\W*(?:\d+\W+)?)?"
    r"(?:seluruh|semua|angka|data|nilai|tahun|masih|merupakan|adalah|berupa)\W+"
    r"(?:(?:angka|data|nilai|\d+|di atas|ini|masih|tersebut|merupakan|adalah|berupa|hanya)\W+)*"
    r"(?:target|sasaran|rencana)\b",
    re.IGNORECASE,
)
# Titles that name when a table was published, fetched or decreed, not the year of its figures.
PUBLISHED = re.compile(
    r"dalam angka|in figures|\bdi(?:unduh|akses|cetak|perbaharui|perbarui|mutakhirkan|terbitkan|tetapkan)\b"
    r"|pemutakhiran|\b(?:download(?:ed)?|accessed|access (?:time|date)|updated?|printed)\b|\btanggal\b"
    r"|\bper (?!31 desember|30 juni)\d|\bnomor\b|\bno\. ?\d"
    r"|\b(?:sk|surat|keputusan|kepmen|peraturan|permen\w*|perpres|perda|perbup|perwali|undang"
    r"|uu|edaran|publikasi|edisi|katalog)\b",
    re.IGNORECASE,
)
# What is published under a year, often about an earlier one, unless the title goes on to name the figures.
PUBLICATION = re.compile(
    r"\b(?:profil|laporan|buku|statistik|ringkasan|booklet|infografis|kajian|analisis|rilis|berita resmi|siaran"
    r"|rpjmd|rkpd|renstra|renja|lkpj|lkjip|lakip|dikplhd|ikplhd|(?:health |annual )?(?:profile|report)|statistics"
    r"|yearbook|bulletin|press release)\b",
    re.IGNORECASE,
)
# Those the figures of a title or of rows may be about instead of all households or people.
SOME = (
    r"perkotaan|perdesaan|pedesaan|urban|rural|laki(?: ?-? ?laki)?|perempuan|pria|wanita|male|female|kuintil|desil"
    r"|(?:tidak |hampir )?miskin|disabilitas|difabel|lansia|mbr|berpendapatan rendah|sekolah|madrasah|pesantren"
    r"|puskesmas|fasyankes|fasilitas (?:kesehatan|pendidikan|umum)|daerah (?:desa|kota)|penerima (?:\w+ )?\w+|petani"
    r"|nelayan|(?:\d+ ?%|\d+ persen)? ?(?:berpendapatan )?(?:terbawah|teratas)|islam|kristen|protestan|katolik|hindu"
    r"|budd?ha|kh?ong ?hu ?cu|(?:usia|umur) \d+|\d+ ?- ?\d+ tahun"
)
# What a note says of figures that are of less, or more, than what stands beside them.
LIMITS = r"hanya|sebagian|gabungan|(?:tidak )?termasuk|kecuali|tanpa"
ONLY = re.compile(rf"\b(?:{SOME})\b", re.IGNORECASE)
# Column headers that say nothing of their own: the table's title names the indicator.
NEUTRAL = re.compile(
    r"(?:jumlah|jml|banyaknya|luas|total|nilai|value|persentase|persen|angka|realisasi|capaian|data|cakupan|tahunan"
    r"|estimasi|estimate"
    r"|perkotaan ?(?:\+|dan|&|/)? ?(?:perdesaan|pedesaan)|kota ?\+ ?desa|kota dan desa|k ?\+ ?d"
    r"|(?:laki ?-? ?laki|l) ?(?:\+|dan|&|/) ?(?:perempuan|p))?",
    re.IGNORECASE,
)
COUNTS = re.compile(
    r"^(?:jumlah|jml|jlh|banyak(?:nya)?|total|number of)\b.*?\b(rumah tangga|households?|ruta|rt|kk|keluarga"
    r"|kepala keluarga|penduduk|jiwa|orang|unit|rumah|(?<!luas )kawasan(?= kumuh))\b|^(kk)\b",
    re.IGNORECASE,
)
# What a column that splits the rows of a region says in the row of the whole.
WHOLE = re.compile(
    r"(?:total|jumlah|semua|seluruh\w*|tahunan|setahun|negara|.*\+.*|.* dan .*)?", re.IGNORECASE
)
# What such a column says of a whole row when nothing else stands in it: what kind of region it is, or how its figure
# is rated.
RATED = re.compile(
    r"kabupaten|kota|provinsi|kab\.?|(?:sangat )?(?:tinggi|sedang|rendah|baik|cukup|kurang)", re.IGNORECASE
)
A_MONTH = "(?:jan|feb|mar|apr|mei|jun|jul|agu|sep|okt|nov|nop|des)[a-z]{0,6}"
UNTIL = r" ?(?:-|–|s\.? ?/?d\.?|sampai|hingga) ?"
PERIODS = (
    r"\b(?:semester|triwulan|kuartal|quarter|q[1-4])\b(?: (?:\d|i{1,3}|iv)\b)?"
    r"|\b(?:tw|smt|sem)\.? ?(?:[1-4]|i{1,3}|iv)\b|(?<=\d)[-/ ]?[sq][1-4]\b"
    rf"|\b(?!jan\w*{UNTIL}des){A_MONTH}{UNTIL}{A_MONTH}\b|\bs\.? ?/?d\.? (?:bulan )?(?!des){A_MONTH}\b"
)
MONTHS = r"(?:januari|februari|april|mei|juni|juli|agustus|september|oktober|nop?vember|november)"
PART_IN_TITLE = re.compile(
    rf"{PERIODS}|\bbulan {MONTHS}\b|^{MONTHS}(?: (?:19|20)\d\d)?$|\bs\.? ?/?d\.? \d\d? {MONTHS}\b",
    re.IGNORECASE,
)
PART_OF_YEAR = re.compile(  # beside the name of a column also a month alone
    rf"(?:\bs\.? ?/?d\.? )?(?:{PERIODS})|\b(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober"
    r"|nop?vember|november|desember)\b",
    re.IGNORECASE,
)
# How a unit is written in a header -> the unit. Looked for in brackets and as a whole header cell.
FORMS = {
    "%": "% persen persentase percent pct",
    "KK": "kk keluarga kepala_keluarga",
    "rumah tangga": "rt rumah_tangga households household ruta",
    "jiwa": "penduduk jiwa orang",
    "ribu": "ribu ribuan dalam_ribu dalam_ribuan 000 '000 ’000 x_1.000 x_1000 x1.000 x1000",
    "permil": "‰ permil per_mil promil permille",
    "unit": "unit",
    "unit rumah": "unit_rumah rumah",
    "hektare": "ha hektar hektare",
    "ton": "ton",
    "kg": "kg",
    "desa": "desa",
    "desa/kelurahan": "desa/kelurahan",
    "km2": "km2 km²",
    "m2": "m2 m²",
    "m3": "m3 m³ meter_kubik",
    "jiwa/rumah tangga": "jiwa/rumah_tangga",
    "rumah tangga/unit": "rumah_tangga/unit",
    **{
        f"{amount}/{time}": f"{amount}/{time} {amount}_per_{time}"
        for amount in ("ton", "kg")
        for time in ("hari", "bulan", "tahun")
    },
}
UNITS = {form.replace("_", " "): unit for unit, forms in FORMS.items() for form in forms.split()}
SHORT_TIME = re.compile(r" ?/ ?(thn?|hr|bln)$")
OF = re.compile(r"\b(?:dari|terhadap|thd|of)\b")
WHOLE_OF = re.compile(  # what a share may be of without being another one than it is called
    r"\W*(?:(?:the|total|jumlah|seluruh|semua|rumah tangga|ruta|rt|kk|keluarga|kepala keluarga|households?|penduduk"
    r"|jiwa|orang|population|unit|rumah|timbulan|waste|generated|sampah|(?:yang )?(?:dihasilkan|timbul)|desa"
    r"|kelurahan|kawasan kumuh|\d+)\W*)+"
)
# Words in brackets that are no unit: an abbreviation, a source, a status, a part of the country.
NO_UNIT = re.compile(
    r"(?!(?:MW|KW|RP|USD|IDR|SR|LITER|BUAH|TITIK|PAKET|LOKASI)$)[A-Z]{2,7}\d?"
    r"|(?i:per (?:hari|bulan|tahun)|harian|bulanan|tahunan)"
    r"|(?i:.*\b(?:bps|susenas|sementara|revisi|estimasi|proyeksi|total|lama|baru|awal|akhir|perkotaan|perdesaan|kota"
    r"|desa|menurut|termasuk|tidak termasuk|penanganan|target|realisasi|capaian|rtlh|stbm|konsep|miskin)\b.*)|[\W\d]*"
    r"|.*(?:19|20)\d\d.*|(?:\S+ ){4,}\S+|[a-z]",
    re.DOTALL,
)
BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
TRAILING_UNIT = re.compile(  # "Timbulan Sampah, m3", "Timbulan Sampah m3 2023"
    r"(?:,|\s-|:)?\s(m3|m³|meter kubik|kubik|km2|m2|kg|(?:ton|kg)/(?:hari|bulan|bln|tahun)|liter)"
    r"(?=\W*(?:(?:tahun )?(?:19|20)\d\d\W*)?$)",
    re.IGNORECASE,
)
COLUMN_COUNT = re.compile(r"\(?-?\d{1,2}\)?")
SHARE = re.compile(  # "%Pengurangan Sampah", but not the unit "% rumah tangga"
    r"(?:%|persen\b)\s*(?!(?:rumah tangga|penduduk|keluarga|kk|rt|timbulan|desa|kelurahan|kawasan kumuh)(?:"
    r" perkotaan| perdesaan)?$)(\w.*)",
    re.IGNORECASE,
)
FORMULA = re.compile(
    r"\([A-H](?:[+/][A-H])*\)(?:/[A-H]\b)?"
)  # letters with which portals explain a column: "(B+C)/A"
UNIT_LINE = re.compile(r"\W*(?:satuan|unit)(?: data)?\s*:\s*(.+)", re.IGNORECASE)  # a line of its own
IN_THOUSANDS = re.compile(
    r"\bdalam (ribu)(?:an)?\b(?: (ton|jiwa|orang|kk)\b)?|\b(ribu|juta) (ton|jiwa|orang|kk)\b", re.IGNORECASE
)  # in millions are indicators of their own
PER_THOUSAND = re.compile(r"\b(?:per|tiap|setiap) (?:1[. ]?000|seribu)\b|‰", re.IGNORECASE)
# How long an amount is of; "tahun" alone says when.
TIMES = {
    "hari": re.compile(r"\b(?:harian|(?:per|tiap|setiap) hari|sehari)\b|/ ?hari\b", re.IGNORECASE),
    "bulan": re.compile(r"\b(?:bulanan|(?:per|tiap|setiap) bu?la?n|sebulan)\b|/ ?bu?la?n\b", re.IGNORECASE),
    "jiwa": re.compile(
        r"\bper (?:jiwa|orang|kapita|penduduk|kk)\b|/ ?(?:jiwa|orang|kapita)\b", re.IGNORECASE
    ),
    "tahun": re.compile(r"\b(?:tahunan|per tahun|setahun)\b|/ ?tahun\b", re.IGNORECASE),
}
IN_PERCENT = re.compile(r"(?:persentase|presentase|prosentase|percentage)\b \w", re.IGNORECASE)
A_COUNT = re.compile(
    r"(?:jumlah|jml|jlh|banyaknya|number of) (?!.*(?:persen|%|luas|rata))\w{3}", re.IGNORECASE
)
UP_TO_YEAR = re.compile(r"\bs ?[./] ?d\.? (?=(?:tahun )?(?:19|20)\d\d)", re.IGNORECASE)
PARTS_OF_REGION = (
    "kecamatan|kec|distrik|kelurahan|desa|gampong|nagari|kampung|dusun|lingkungan|puskesmas|rt|rw|sekolah"
)
PART_OF_REGION = re.compile(
    rf"(?:nama |kode )?(?:{PARTS_OF_REGION})\.?(?: ?(?:/|&|,|dan) ?(?:{PARTS_OF_REGION}))*"
    r"(?: ?/? ?(?:sub-?district|village|district)s?| di .*| ?\(.*\))?",
    re.IGNORECASE,
)
BY_PART = re.compile(
    r"\b(?:menurut|per|tiap|setiap|berdasarkan|by)\s+"
    r"(?:kecamatan|kelurahan|desa|distrik|gampong|nagari|puskesmas|subdistrict|village)\b(?! dan kabupaten)"
    r"|\bkecamatan (?:di|se|dalam)\b",
    re.IGNORECASE,
)

# Headers of columns that describe a row instead of holding figures, after "_" became a space.
LABELS = {
    "number": r"no|nomor|no urut|nomor urut|number",
    "id": r"id",
    "code": (
        r"(?:kode|code)(?: (?:bps|wilayah|kab|prov|propinsi|kota|kemendagri|daerah|region|kec|kel|desa).*)?"
        r"|(?:bps|region|wilayah|kab|kabupaten|prov|provinsi|id|kemendagri) ?(?:code|kode|id|wilayah|daerah)"
    ),
    "part": PART_OF_REGION.pattern,
    "province": r"\d* ?(?:nama )?(?:provinsi|province|propinsi|prov)",
    "region": (
        r"\d* ?(?:nama )?(?:kabupaten ?/? ?(?:dan )?kota|kab\.? ?/? ?kota|kota ?/ ?kab(?:upaten)?|kab(?:upaten)?"
        r"|kabkota?|wilayah(?: administrasi)?|daerah(?: tingkat ii)?|region|pemda|pemerintah daerah|lokasi"
        r"|regency(?: ?/ ?(?:city|municipality))?|district)"
        r"(?: ?[(/].*| (?:di|se)\b.*|\W+regency.*)?|nama|name|nama kota"
    ),
    "year": r"tahun(?: data)?|year|data year|th|periode(?: data)?",
    "period": r"tw|smt|semester|triwulan|kuartal|quarter|bulan|month",
    "facility": (
        r"nama (?:tpa|tpst|tps ?3r|bank sampah|iplt|ipal|instalasi|spam|perusahaan|perumahan|penyedia|unit|penerima"
        r"|pemilik|kawasan|kegiatan|paket|pengelola|pengembang|kepala keluarga)(?: .*)?"
        r"|(?:nama )?fasilitas|uptd?(?: .*)?|unit layanan|cabang|(?:daerah|wilayah) pelayanan|lokasi tpa|asal sampah"
        r"|pdam|perumdam?|ptam"
    ),
    "breakdown": (
        r"(?:jenis )?kelamin|sex|gender|(?:kelompok )?(?:umur|usia)|age(?: group)?"
        r"|klasifikasi(?: desa| daerah| wilayah)?|kategori|category|golongan|daerah tempat tinggal|tipe daerah"
        r"|kuintil.*|quintile|status (?!angka|data).+|jenis (?!kelamin|data|pelayanan|layanan).+|tingkat pendidikan"
        r"|pendidikan.*|desil.*|pekerjaan.*|kepemilikan.*|pembuangan.*|sumber air.*"
    ),
    "unit": r"satuan|unit satuan|unit",
    "indicator": (
        r"(?:nama )?indikator(?: (?:kinerja|sasaran|program|tujuan|utama|daerah|kunci|sdgs?|tpb))*(?: \(.*\))?"
        r"|indicator|uraian(?: (?:data|dssd|kegiatan))?|(?:jenis|nama) data|elemen(?: data)?|ik[ku](?: outcome)?"
        r"|variabel|jenis (?:pelayanan|layanan)(?: dasar)?"
    ),
    "status": r"status|status angka",
    "source_id": r"source id",
    "note": r"keterangan|catatan|note|notes|ket|footnote",
    "ignored": (
        r"(?:kode|code) (?:dssd|data|indikator|variabel|urusan|opd|skpd)"
        r"|sumber|source|url|publikasi|publication|table|tabel|pdf page|halaman|edition|edisi|latitude|longitude"
        r"|lat|lon|long|lintang|bujur|ibu ?kota.*|alamat"
    ),
}
LABELS = {role: re.compile(pattern, re.IGNORECASE) for role, pattern in LABELS.items()}


class Header(NamedTuple):
    """What a header says, empty where nothing; `year` is None for no year, -1 for several."""

    name: str = ""
    year: int | None = None
    unit: str = ""
    measure: str = ""  # "", "realised", "achieved", "target", "attained", "earlier", "draft" or "struck"
    status: str = ""


@lru_cache(maxsize=50_000)
def label_role(text: str) -> str:
    """Which describing column a header cell names: "region", "year", "note" ..., "" for none."""
    bare = " ".join(text.replace("_", " ").split()).strip(" .:*").removeprefix("bps ")
    return next((role for role, pattern in LABELS.items() if pattern.fullmatch(bare)), "")


@lru_cache(maxsize=50_000)
def year_of(text: str) -> int | None:
    """The year a header or year cell names ("Tahun 2022*)", "2022-01-01", "CW_2015"); -1 for several."""
    text = text.strip()
    date = DATE.match(text)
    years = {int(date.group(1))} if date else {int(year) for year in YEAR.findall(text)}
    until = None if date else SECOND_YEAR.search(text)
    if (
        len(years) > 1
        or until
        and (int(until.group(2)) > 12 or int(until.group(2)) == int(until.group(1)) + 1)
    ):
        return -1
    return years.pop() if years else None


@lru_cache(maxsize=50_000)
def unit_of(text: str) -> str:
    """The unit a text names as a whole: "(%)" -> "%", "% rumah tangga" -> "%"; "" when it is none."""
    bare = " ".join(text.lower().split()).strip(" .()[]")
    bare = SHORT_TIME.sub(lambda found: "/" + {"t": "tahun", "h": "hari", "b": "bulan"}[found[1][0]], bare)
    scale, _, counted = bare.removeprefix("dalam ").partition(" ")
    if scale in ("ribu", "ribuan", "juta") and counted in UNITS:
        return f"{scale.removesuffix('an')} {UNITS[counted]}"
    if bare.startswith(("%", "persen ", "persen,")):
        base = OF.split(bare, maxsplit=1)[1:]
        return "%" if not base or WHOLE_OF.fullmatch(base[0]) else ""
    return UNITS.get(bare, "")


def target_texts(role: str, texts) -> set[str]:
    """Those of a column's texts that call their row a target: a name of an indicator, or a text that says nothing else;
    "T" where only such letters and words stand.
    """
    kinds = {text for text in texts if text}
    letters = all(text.upper() in ("T", "R") or MEASURE_CELL.fullmatch(text) for text in kinds)
    return {
        text
        for text in kinds
        if TARGET.search(text)
        and (role == "indicator" or MEASURE_CELL.fullmatch(text) or SAYS_TARGET.match(text))
        or letters
        and text.upper() == "T"
    }


@lru_cache(maxsize=10_000)
def split_period(name: str) -> tuple[str, str]:
    """The name of a column without the part of the year beside it, and that part: "Maret", "TW II"; "" for none."""
    part, rest = PART_OF_YEAR.search(name), " ".join(PART_OF_YEAR.sub(" ", name).split()).strip(" -+/(),")
    return (rest, part.group()) if part and not NEUTRAL.fullmatch(rest) else (name, "")


def narrows(heading: str) -> bool:
    """Whether a heading among indicators says of which part, time or kind the figures below it are."""
    return bool(
        year_of(heading)
        or label_role(heading.split()[0]) == "part"
        or any(
            pattern.search(heading)
            for pattern in (ONLY, PART_OF_YEAR, PART_IN_TITLE, TARGET, REALISED, ACHIEVED, COMPARED)
        )
    )


def scaled(unit: str, of_title: str) -> str:
    """The unit of a column under a title that states one: thousands of it where the title says so."""
    if unit and of_title.startswith(f"{unit}/"):  # "(ton)" under "Timbulan Sampah per Hari"
        return of_title
    scale, _, counted = of_title.partition(" ")
    if scale in ("ribu", "juta") and unit not in ("", "%") and counted in ("", unit):
        return f"{scale} {unit}"
    return unit or of_title


def _stated_unit(inside: str) -> str:
    """The unit that words in brackets state: known, or as they stand when they may be one nobody knows."""
    text = inside.strip()
    return unit_of(text) or ("" if NO_UNIT.fullmatch(text) and text[:1] != "%" else text)


@lru_cache(maxsize=10_000)
def read_header(*cells: str) -> Header:
    """What the cells above one column say together, from the top one down."""
    name, year, unit, measure, status, earlier = [], None, "", "", "", False
    for cell in cells:
        text = " ".join(cell.split())
        if not text or COLUMN_COUNT.fullmatch(text) or label_role(text) == "year":
            continue
        found = year_of(text)
        if found is not None:
            year = found if year in (None, found) else -1
            mark = YEAR_MARK.search(text)
            status = "provisional" if mark and mark.group(1).lower() != "r" else status
        if line := UNIT_LINE.fullmatch(text):
            unit = unit_of(line.group(1)) or line.group(1).strip(" .()").lower()
            continue
        text = FORMULA.sub(" ", text)
        if share := SHARE.fullmatch(text):
            unit, text = "%", share.group(1)
        elif unit_of(text):
            unit = unit_of(text)
            continue
        for inside in BRACKETS.findall(text):
            if stated := _stated_unit(inside):
                unit = stated if not unit_of(unit) else unit
                text = text.replace(f"({inside})", " ").replace(f"[{inside}]", " ")
        if not unit and (trailing := TRAILING_UNIT.search(text)):
            unit, text = unit_of(trailing.group(1)) or trailing.group(1), text[: trailing.start()]
        if unit in ("ton", "kg") or (not unit and re.search("sampah", text, re.IGNORECASE)):
            time = next((time for time, pattern in TIMES.items() if pattern.search(text)), "")
            if time and (time != "tahun" or unit or re.search("timbulan", text, re.IGNORECASE)):
                unit = f"{unit or 'ton'}/{time}"
                text = TIMES[time].sub(" ", text) if time in ("bulan", "jiwa") else text
        text = text.replace("_", " ")
        if not unit and IN_PERCENT.match(text):
            unit = "%"
        if (
            not unit
            and (counted := COUNTS.match(text))
            and not re.search("persen|%|rata", text, re.IGNORECASE)
        ):
            counted = (counted.group(1) or counted.group(2)).lower()
            unit = unit_of(counted) or counted
        if not unit and A_COUNT.match(text):
            unit = "jumlah"
        if thousands := IN_THOUSANDS.search(text):
            scale, counted = " ".join(filter(None, thousands.groups())).lower().partition(" ")[::2]
            text = IN_THOUSANDS.sub(" ", text)
            unit = unit if unit == "%" and not counted else f"{scale} {unit_of(counted) or unit}".strip()
        if per := PER_THOUSAND.search(text):
            text, unit = text[: per.start()] + " " + text[per.end() :], "permil"
        if COMPARED.search(text):
            measure = "attained"
        elif TARGET.search(text):
            measure = "target"
        elif REALISED.search(text):
            measure = measure or "realised"
        elif ACHIEVED.search(text):
            measure = measure or "achieved"
        earlier |= bool(EARLIER.search(text))
        text = UP_TO_YEAR.sub(" sampai ", text)
        text = _without_year(text) if found is not None else text
        text = " ".join(TARGET.sub(" ", REALISED.sub(" ", text)).split()).strip(" .,:;-_*()")
        text += ")" * (text.count("(") > text.count(")"))
        if text and text not in name:
            name.append(text)
    if earlier and year is None and measure != "target":
        measure = "earlier"
    if any(STRUCK in cell for cell in cells):
        measure = "struck"
    return Header(" ".join(name), year, unit, measure, status)


def read_title(texts: list[str]) -> Header:
    """As read_header for the lines above a table; no year of publication, decree or download counts."""
    return read_header(*(YEAR.sub(" ", text) if is_publication(text) else text for text in texts))


@lru_cache(maxsize=10_000)
def is_publication(text: str) -> bool:
    """Whether the year in a title is that of a publication, a decree or a download."""
    return bool(PUBLISHED.search(text) or PUBLICATION.search(text) and not names_indicator(text))


@lru_cache(maxsize=10_000)
def names_indicator(text: str) -> bool:
    try:
        return bool(to_indicator(text))
    except UnknownIndicatorError as error:
        return error.reason == "beside"


def _without_year(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d(?:T[\d:.]*)?", " ", text)
    text = SECOND_YEAR.sub(lambda match: match.group()[:4], text)
    return re.sub(
        r"(?i)(?:\b(?:pada"
        r" )?(?:tahun|thn|th|year)\b\.?)?[\s_:]*(?<!\d)(?:19[89]\d|20[0-4]\d)(?!\d)\s*(?:\*+|[er]\b)?\)?",
        " ",
        text,
    )
