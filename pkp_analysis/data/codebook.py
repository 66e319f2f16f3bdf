"""The indicators: name, unit, direction, plausible range, and how tables and agencies call them."""

import difflib
import re
from functools import lru_cache

import pandas as pd

from ..errors import UnknownIndicatorError
from ..paths import REFERENCE
from .regions import candidates, regions

POPULATION = "penduduk_jiwa"  # inhabitants, by which the regencies of a province are weighed
NUMBERS = ("minimum", "maximum", "tolerance", "max_change")
PLACE_OR_TIME = re.compile(
    r"(?:provinsi|kabupaten|kota|kab|(?:pertengahan |akhir )?tahun|semester|triwulan|keadaan|kondisi|pada)\b"
)
# What the law calls all of it.
ALL_WASTE = re.compile(
    r"\bsampah rumah tangga (?:dan|serta) (?:sampah )?sejenis(?: sampah)?(?: rumah tangga)?\b"
)
NEGATIONS = set("tidak tdk tak belum blm blum tanpa bukan no not without".split())
# Words beside the name of an indicator that make it another quantity: its change, its price, an index of it.
OTHER = set(
    "pertumbuhan laju perubahan kenaikan peningkatan penurunan selisih kesenjangan kontribusi indeks kebutuhan kepuasan"
    " anggaran biaya belanja dana pagu".split()
)
# Words that leave it what it is: how it is counted, who has it, where, when and by whom it was told. Any other, and
# it may be another thing: "Armada Penanganan Sampah", "Sanitasi Layak Komunal", "KK Stop BABS".
BESIDE = set(
    "persentase presentase prosentase persen proporsi percentage percent proportion share number jumlah jml jlh"
    " total banyak banyaknya angka nilai value data luas besar besaran besarnya tingkat cakupan coverage rekap"
    " rekapitulasi tabel table grafik daftar lampiran laporan formulir judul lanjutan indikator indicator"
    " indicators capaian pencapaian realisasi hasil target sasaran rencana proyeksi baseline status kondisi"
    " awal kinerja setahun tahunan harian annual daily estimasi estimate sl akses access terhadap kepada pada"
    " untuk dengan yang memiliki mempunyai menggunakan mendapatkan memperoleh menempati tinggal menghuni"
    " bertempat having has have with using to in by of the and or dan atau serta di dari ke oleh per dalam yg"
    " dgn menurut berdasarkan according sumber source layanan pelayanan service services fasilitas utama"
    " berkelanjutan sustainable rumah tangga ruta rt krt kk keluarga kepala household households people"
    " population penduduk jiwa orang warga masyarakat unit ton tons hari ha hektar hektare km2 ribu juta"
    " terdaftar kabupaten kota kab kabkota provinsi prov province regency regencies city cities district"
    " districts wilayah daerah indonesia nasional national se antar tiap setiap seluruh semua all tahun year"
    " years periode akhir tengah pertengahan keadaan semester triwulan i ii iii iv januari februari maret april"
    " mei juni juli agustus september oktober november nopember desember q1 q2 q3 q4 bps susenas sipsn"
    " pemerintah badan pusat statistik dinas kesehatan lingkungan hidup kementerian pekerjaan umum penataan"
    " ruang perumahan rakyat kawasan permukiman bappeda bappenas rpjmd rpjmn sdg sdgs survei survey sensus"
    " sementara tetap revisi resmi nomor code kode".split()
)


# Words of titles over columns that name their indicator themselves.
ABOUT = set(
    "ada agama akses aman amanat anggaran bangunan berdasarkan bidang capaian dasar dashboard data desa dinkes"
    " disperkim dlh dlhk informasi infrastruktur ipkd isi jenis kecamatan kegiatan kelamin kelompok kelurahan"
    " kepala kependudukan kewilayahan klasifikasi kualitas kumuh kumulatif kuning lantai lembar lkjip lkpj lppd"
    " luasan menteri mutu naskah neraca paparan pembangunan pemenuhan pemutakhiran pencapaian pengelolaan"
    " perkembangan perkim perkimtan permen persampahan petunjuk pkp pokja prasarana profil program pupr puprp"
    " renstra ringkasan rkpd rlh rtlh sarana sektor sel sistem spm stbm strategis sub sumber tempat terpadu"
    " tinggal umur untuk usia utilitas wilayah".split()
)
ISLANDS = set("sumatera jawa bali kalimantan sulawesi maluku papua nusa tenggara".split())


@lru_cache(maxsize=1)
def _codebook() -> pd.DataFrame:
    frame = pd.read_csv(REFERENCE / "indicators.csv", dtype="str", keep_default_na=False)
    frame = frame.astype(dict.fromkeys(NUMBERS, "float64") | {"decimals": "int64"})
    return frame.set_index("indicator")


def indicators() -> pd.DataFrame:
    """The codebook indexed by indicator: names (id, en), sector, unit, kind (share, count,
    amount), origin (where the leading figures come from: survey, administrative), direction, minimum,
    maximum, decimals, tolerance (two sources that differ by more are in conflict), max_change (largest
    plausible change in a year while history is short), role, concept, lead_agency.
    """
    return _codebook().copy(deep=False)


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict]:
    return _codebook().to_dict("index")


def entry(indicator: str) -> dict:
    """The row of indicators() of one indicator, without a table being made for it; empty for one it does not know."""
    return _entries().get(indicator, {})


def headline(origin: str | None = None) -> list[str]:
    """Codes of the main indicators in their order (`role` headline); with `origin` only those whose leading
    figures come from there: "survey" or "administrative".
    """
    rows = _codebook()
    wanted = (rows["role"] == "headline") & (rows["origin"].eq(origin) if origin else True)
    return rows.index[wanted].tolist()


@lru_cache(maxsize=3)
def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / name, dtype="str", keep_default_na=False)


def agencies() -> pd.DataFrame:
    """Who works on what, indexed by agency."""
    return _table("agencies.csv").set_index("agency")


def roles() -> pd.DataFrame:
    """What province, regency, business and community could each do, a row per indicator, trigger and actor."""
    return _table("roles.csv").copy(deep=False)


def to_indicator(name: str) -> str:
    """The indicator code for a code, a name or a table title: "sanitasi_layak" for "Persentase Rumah Tangga
    ... Sanitasi Layak (Persen)".

    The longest known name inside the text decides; population and households, which many titles mention, must
    be its subject.
    Raises UnknownIndicatorError when no or several indicators are named, or when the text negates the name
    ("tidak memiliki ...") or says more than where, when and of whom ("Armada Penanganan Sampah").
    """
    text = ALL_WASTE.sub("sampah", _plain(name)) if isinstance(name, str) else ""
    text = re.sub(r"\bno (?=\d)|^(?:\d+ ){2,}[a-z] ", "", text)  # "Tabel No. 3", "6.2.1.(b) Persentase"
    names = _names()
    for exact in (text, _plain(re.sub(r"\(.*?\)", " ", str(name)).lower().split(" menurut ")[0])):
        if exact in names:
            return names[exact]
    for known in (name for name, code in names.items() if code in _support() and text.startswith(name + " ")):
        after = text.removeprefix(known).strip().removeprefix("di ")
        if candidates(after) or (PLACE_OR_TIME.match(after) and after != "kota" and not _beside(after)):
            return names[known]
    codes, words = _mentioned(text)
    negated, other = words & NEGATIONS, words & OTHER
    beside = _beside(text)
    if len(codes) == 1 and not (negated or other or beside):
        return codes[0]
    if codes:
        problem, advice, reason = "membalik arti indikator", "Beri kode kebalikannya, bila ada.", "negated"
        if len(codes) > 1:
            problem, reason = "menyebut beberapa indikator", "several"
            advice = "Beri kode yang dimaksud dengan --indicator."
        elif not negated:
            problem = f"menyebut {' dan '.join(sorted(other or beside))}, bukan indikatornya sendiri"
            advice, reason = "Minta angka indikatornya.", "other" if other else "beside"
        raise UnknownIndicatorError(f"{name!r} {problem}: {', '.join(codes)}. {advice}", codes, reason)
    said = set(text.split())
    nearest = [
        code for code in _codebook().index if said and said <= set(code.split("_"))
    ]  # "air": all of them
    if not nearest:
        near = difflib.get_close_matches(text, names, n=3, cutoff=0.5)
        nearest = list(dict.fromkeys(names[known] for known in near))
    raise UnknownIndicatorError(
        f"{name!r} bukan indikator dalam kamus. Nama terdekat: {', '.join(nearest) or 'tidak ada'}. Beri"
        " salah satu kode itu, atau tambahkan baris di reference/indicators.csv atau indicator_aliases.csv.",
        nearest,
    )


@lru_cache(maxsize=10_000)
def _mentioned(text: str) -> tuple[list[str], set[str]]:
    """The codes named in a plain text, and its words beside their names."""
    names, found = {known: code for known, code in _names().items() if code not in _support()}, []
    for known in sorted(names, key=len, reverse=True):
        without = re.sub(rf"\b{known}\b", "|", text)
        if without != text:  # a longer name takes its words away from the shorter ones inside or beside it
            text, found = without, [*found, known]
    return sorted({names[known] for known in found}), set(text.split()) - {"|"}


@lru_cache(maxsize=1)
def _support() -> frozenset[str]:
    """Population, households and the like, which titles mention without being about them."""
    return frozenset(_codebook().index[_codebook()["role"] == "support"])


def _beside(text: str) -> set[str]:
    """The words of a plain text that may make what it names another thing; how a table is broken down does not."""
    codes, told = _mentioned(re.split(r"\b(?:menurut|berdasarkan|by)\b", text)[0])
    household_waste = {"tangga"} if any("sampah" in code for code in codes) else set()
    return {word for word in told - (BESIDE - household_waste) if not word.isdigit()} - _placed(text)


@lru_cache(maxsize=10_000)
def words_beside(title: str) -> set[str]:
    """The words of a title that say more than subject, place and time."""
    return {word for word in _beside(_plain(title)) - _subjects() - ABOUT if word.isalpha()}


def _placed(text: str) -> set[str]:
    """The words of a plain text that name a region or an island together: "tanah laut", but not "laut"."""
    words = text.split()
    runs = (
        words[start:end]
        for start in range(len(words))
        for end in range(start + 1, min(start + 5, len(words) + 1))
    )
    found = {
        word
        for run in runs
        if not place_words().isdisjoint(run) and candidates(" ".join(run))
        for word in run
    }
    return found | set(words) & ISLANDS


@lru_cache(maxsize=1)
def place_words() -> set[str]:
    """The words that names of regions are made of."""
    return {word for name in regions()["full_name"] for word in _plain(name).split()}


@lru_cache(maxsize=10_000)
def subject_words(text: str) -> set[str]:
    """The words of a text that speak of what figures are: those that indicators are called with and regions are not."""
    return _subjects() & set(_plain(text).split())


@lru_cache(maxsize=1)
def _subjects() -> set[str]:
    named = {
        word
        for column in ("name", "short_name")
        for name in _codebook()[column]
        for word in _plain(name).split()
    }
    places = place_words() | {"kecamatan", "kelurahan", "desa", "kawasan", "tahun"}
    return {"tdk", "blm"} | {word for word in named if len(word) > 3 and word.isalpha()} - places


def misspelt(text: str) -> list[str]:
    """The codes of which a text is a name with letters wrong; one with a word more or less is another thing."""
    words = len(_plain(text).split())
    known = [name for name in _names() if len(name.split()) == words]
    return sorted(
        {_names()[name] for name in difflib.get_close_matches(_plain(text), known, n=2, cutoff=0.8)}
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Plain text of every code, name and alias -> indicator code."""
    aliases = pd.read_csv(REFERENCE / "indicator_aliases.csv", dtype="str", keep_default_na=False)
    pairs = [(code, code) for code in _codebook().index]
    for column in ("name", "name_en", "short_name", "short_name_en"):
        pairs += zip(_codebook()[column], _codebook().index)
    pairs += [pair for pair in zip(aliases["alias"], aliases["indicator"]) if pair[1] in _codebook().index]
    return {_plain(text): code for text, code in pairs}
