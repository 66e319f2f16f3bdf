"""Names in files to names of the register and the codebook: region, indicator, unit, each distinct name once."""

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..errors import UnknownIndicatorError, UnknownRegionError
from .codebook import indicators, misspelt, subject_words, to_indicator, words_beside
from .readers.headers import (
    BY_PART,
    COMPARED,
    DRAFT,
    NEUTRAL,
    PART_OF_YEAR,
    SOME,
    TARGET,
    is_publication,
    unit_of,
    year_of,
)
from .readers.labels import TOTAL, without_total
from .regions import FORMER_PROVINCES, NATION, candidates, province_codes, regions, to_region_code

SUBGROUP = re.compile(
    rf"\b(?:{SOME}|kepala rumah tangga|(?<!klasifikasi )(?<!kota[ -])(?<!/)desa(?! ?[-/])|pesisir|kecamatan|kec"
    r"|(?<!/)(?<!/ )(?<!kabupaten )(?<!kab )(?<!dan )(?<!-)kota$)\b|\(kota\)",
    re.IGNORECASE,
)
MENURUT = re.compile(r"\b(?:menurut|berdasarkan|by)\b", re.IGNORECASE)
PART = re.compile(r"(?:kec|kecamatan|desa|kelurahan|kel)\b\.? ?\w", re.IGNORECASE)
PLAIN_SHEET = re.compile(r"(?:sheet|lembar|data|table?|worksheet|isian)[ \d]*", re.IGNORECASE)
SUBJECTS = {"sanitasi": "sanitasi_layak", "air minum": "air_minum_layak", "airminum": "air_minum_layak"}
NO_SUBJECT = set(
    "akses bps data kabkota kabupaten kota layak long menurut per persen persentase prov provinsi rumah tabel"
    " tahun tangga wide".split()
)
PROVINCES_AT_LEAST = 2  # unambiguous provinces that make a list one of provinces
MOST_SUGGESTIONS = 30  # unknown names of one file for which similar names are looked up, some 30 ms each
NAMED_UNIT = re.compile("_(?:ton|unit|ha|pct|juta|jumlah)$")  # at the end of a code
SCALES = {"ribu": 1000.0, "juta": 1_000_000.0}
# (unit in the file, unit of the codebook) -> factor. Units that mean the same have factor 1.
FACTORS = {
    ("kk", "rumah tangga"): 1,
    ("kk", "rumah tangga/unit"): 1,
    ("rumah tangga", "rumah tangga/unit"): 1,
    ("unit", "rumah tangga/unit"): 1,
    ("unit rumah", "rumah tangga/unit"): 1,
    ("unit", "unit rumah"): 1,
    ("unit rumah", "unit"): 1,
    ("rumah tangga", "kk"): 1,
    ("ton", "ton/tahun"): 1,
    ("kg", "ton/tahun"): 0.001,
    ("kg/tahun", "ton/tahun"): 0.001,
    ("desa", "desa/kelurahan"): 1,
    ("km2", "hektare"): 100,
    ("m2", "hektare"): 0.0001,
    ("jiwa/rt", "jiwa/rumah tangga"): 1,
}


def resolve_regions(keys: list[tuple], given: str = "") -> list[tuple]:
    """(region_code, rule, message, suggestion) for each (region, province, code, dimension); the code is ""
    when refused.

    A name that fits several regions is settled by the code beside it, by the `given` province (of
    sources.csv, or named in
    the title), or by the one province all other names belong to.
    """
    return list(_resolved(tuple(keys), given))


@lru_cache(maxsize=64)  # the files of one sender name the same regions again and again
def _resolved(keys: tuple[tuple, ...], given: str) -> tuple:
    province_of = province_codes()
    answers, unknown = [], 0
    for key in keys:
        answers.append((_region if unknown < MOST_SUGGESTIONS else _region_briefly)(*key))
        unknown += answers[-1][1] == "region"
    found = {answer[0] for answer in answers if answer[0] not in ("", NATION)}
    provinces = {province_of[code] for code in found}
    single = {code for code in found if len(code) == 2}
    if (
        len(single) >= PROVINCES_AT_LEAST and len(found - single) <= 1
    ):  # "Jambi" in a list of provinces is one
        for place, (region, province, code, _) in enumerate(keys):
            if (
                not province
                and not code
                and (answers[place][1] == "region_ambiguous" or len(answers[place][0]) == 4)
            ):
                among = _region(region, "", "", "provinsi")
                answers[place] = among if among[0] else answers[place]
    only = given or (next(iter(provinces)) if len(provinces) == 1 else "")
    if (
        only and not given
    ):  # not where a name belongs to other provinces alone: "Malang" beside "Kab. Bandung"
        meant = [candidates(key[0]) for key, answer in zip(keys, answers) if answer[1] == "region_ambiguous"]
        only = only if all(any(province_of[code] == only for code in codes) for codes in meant) else ""
    if only:
        for place, (region, province, code, dimension) in enumerate(keys):
            if answers[place][1] in ("region_ambiguous", "region") and not province:
                inside = _region(region, only, code, dimension)
                answers[place] = inside if inside[0] else answers[place]
    kinds = regions()["kind"]
    cities = {answer[0] for key, answer in zip(keys, answers) if answer[0] and "kota" in key[0].lower()}
    by_name = {}
    for (region, province, *_), answer in zip(keys, answers):
        if answer[0]:
            by_name.setdefault((region.strip().lower(), province), set()).add(answer[0])
    named = {answer[0] for answer in answers}
    for place, (region, province, *_) in enumerate(keys):
        if answers[place][1] == "region_ambiguous":
            # settled elsewhere in the file; else "Bogor" beside "Kota Bogor" is the kabupaten, "Jambi" beside
            # "Kota Jambi" the province
            meant = [
                code
                for code in candidates(without_total(region))
                if not province
                or {province_of[code], *FORMER_PROVINCES.get(province_of[code], ())} & _inside(province)
            ]
            regencies = {code for code in meant if kinds[code] == "kabupaten"}
            left = by_name.get((region.strip().lower(), province)) or {*meant} - named
            if len(left) != 1 and cities & set(meant) and (province and not single or len(meant) == 2):
                left = regencies
            answers[place] = (*left, "", "", "") if len(left) == 1 else answers[place]
    return tuple(_within(answers, given))


def _within(answers: list[tuple], given: str) -> list[tuple]:
    """The answers, but regencies of other provinces refused among more of the given one."""
    province_of = province_codes()
    outside = {
        code
        for code, *_ in answers
        if len(code) == 4 and given not in (province_of[code], *FORMER_PROVINCES.get(province_of[code], ()))
    }
    inside = {code for code, *_ in answers if len(code) == 4} - outside
    if not given or len(inside) <= len(outside):
        return answers
    names = regions()["full_name"]
    wanted = f"Yang diharapkan: kabupaten/kota di {names[given]}, wilayah judul atau sumbernya"
    told = {
        code: (
            "",
            "region",
            f"Baris ini terbaca sebagai {names[code]}, di {names[province_of[code]]}. {wanted}.",
            "",
        )
        for code in outside
    }
    return [told.get(answer[0], answer) for answer in answers]


def _inside(province: str) -> set[str]:
    return {code for code in candidates(province) if len(code) == 2}


def titled_province(places: list[str]) -> str:
    """The province of the region a table's title names, "" when titles name none or several."""
    provinces = {province_codes()[code] for place in places for code in candidates(place)} - {""}
    return provinces.pop() if len(provinces) == 1 else ""


def _region_briefly(region: str, province: str, code: str, dimension: str) -> tuple[str, str, str, str]:
    """As _region, without the slow search for similar names."""
    if code or TOTAL.match(region) or candidates(region):
        return _region(region, province, code, dimension)
    message = (
        f"{region[:80]!r} bukan wilayah dalam daftar. Yang diharapkan: nama provinsi atau kabupaten/kota."
    )
    return "", "region", message, "perbaiki namanya"


@lru_cache(maxsize=100_000)
def _region(region: str, province: str, code: str, dimension: str) -> tuple[str, str, str, str]:
    match = TOTAL.match(region)
    name = without_total(region).strip() if match else region
    if match and not name or name.lower() in ("kabupaten", "kota", "kabupaten/kota", "provinsi"):
        message = "Baris jumlah tanpa nama wilayah; jumlah dihitung sendiri dari bagiannya."
        return "", "subtotal", message, "tulis nama wilayahnya bila angka ini resmi"
    if not name and not code:
        message = "Tidak ada nama wilayah di baris ini. Yang diharapkan: nama provinsi atau kabupaten/kota."
        return "", "region_missing", message, "isi nama wilayahnya"
    if PART.match(name) or re.fullmatch(r"\d[\d.]{6,}", code):  # codes of kecamatan and desa are longer
        message = (
            f"Angka ini milik {name[:80]!r}, bagian dari kabupaten/kota. Yang diharapkan: angka seluruhnya."
        )
        return "", "part_of_region", message, "minta angka kabupaten/kotanya"
    by_code = _code(code)
    if not by_code and subject_words(name) and not candidates(name):
        message = f"Baris {name[:80]!r} bukan nama wilayah; tampaknya rincian dari baris wilayah di dekatnya."
        return "", "subgroup", message, ""
    level = (
        "province"
        if re.search(r"provinsi|province|propinsi", dimension, re.IGNORECASE)
        and not re.search(r"kab|kota", dimension, re.IGNORECASE)
        else None
    )
    try:
        found = to_region_code(name, province=province or None, level=level) if name else by_code
    except UnknownRegionError as error:
        if error.reason == "ambiguous" and by_code in {candidate for candidate, _ in error.candidates}:
            return by_code, "", "", ""
        names = "; ".join(f"{label} ({candidate})" for candidate, label in error.candidates[:5])
        return "", "region_ambiguous" if error.reason == "ambiguous" else "region", str(error), names
    if not found:
        wanted = "Yang diharapkan: kode BPS empat angka, atau kode Kemendagri bertitik."
        return "", "region", f"Kode {code!r} tidak ada dalam daftar wilayah. {wanted}", ""
    if by_code and by_code != found and not _kemendagri_without_dot(code, found):
        labels = regions()["full_name"]
        message = (
            f"Kode {code} adalah {labels[by_code]}, tetapi namanya {name!r} ({found}). Yang diharapkan: kode"
            " dan nama wilayah yang sama."
        )
        return "", "region_conflict", message, f"{labels[found]} ({found}) atau {labels[by_code]} ({by_code})"
    return found, "", "", ""


def _code(code: str) -> str:
    try:
        return to_region_code(code) if code else ""
    except UnknownRegionError:
        return ""


def _kemendagri_without_dot(code: str, found: str) -> bool:
    """Kemendagri codes are often written without their dot, and then look like a BPS code."""
    return regions().at[found, "kemendagri_code"].replace(".", "") == code.strip()


class Named(NamedTuple):
    """What the name of an indicator means: its code, or the rule that refuses it. `taken` tells how a code was taken
    that the header itself does not name: a rule of candidates.TAKEN and what it says.
    """

    code: str = ""
    rule: str = ""
    message: str = ""
    suggestion: str = ""
    taken: tuple[str, str] | None = None


def resolve_indicators(keys: list[tuple], indicator: str, proposals=()) -> list[Named]:
    """What each (name, title, sheet, unit) means.

    `indicator` is used for what the file does not name: headers that say nothing, or one header nobody knows.
    `proposals` (text, where) name it when there is neither.
    """
    answers = [_indicator(*key, indicator) for key in keys]
    silent = {
        place for place, (name, *_) in enumerate(keys) if not answers[place].code and NEUTRAL.fullmatch(name)
    }
    unnamed = {keys[place][0] for place, answer in enumerate(answers) if answer.rule == "indicator"} - {
        keys[place][0] for place in silent
    }
    if indicator and indicator not in {answer.code for answer in answers}:
        for place, answer in enumerate(answers):
            if answer.rule == "indicator" and (place in silent or not silent and len(unnamed) == 1):
                told = None if place in silent else ("unknown_header", repr(keys[place][0]))
                answers[place] = Named(indicator, taken=told)
    for place in silent if not indicator else ():
        _, title, sheet, unit = keys[place]
        if not title.strip() and (not sheet or PLAIN_SHEET.fullmatch(sheet)):
            found = ((_proposed(text), where) for text, where in proposals)
            answers[place] = next(
                (Named(code, taken=("proposed", where)) for code, where in found if code), answers[place]
            )
    return answers


def proposed_year(proposals) -> tuple[int, str]:
    """(year, where) that the file's address or name states, (0, "") for none or one of publication."""
    years = [(year_of(text), where) for text, where in proposals if not is_publication(text)]
    return next(((year, where) for year, where in years if (year or 0) > 0), (0, ""))


@lru_cache(maxsize=100_000)
def _indicator(name: str, title: str, sheet: str, unit: str, given: str) -> Named:
    found, problem, near = _known(name, unit)
    if (
        not found
        and PART_OF_YEAR.search(name)
        and NEUTRAL.fullmatch(PART_OF_YEAR.sub("", name).strip(" -+/()"))
    ):
        return Named(
            "",
            "period",
            f"Kolom {name!r} angka sebagian tahun. Yang diharapkan: angka setahun.",
            "minta angka setahun",
        )
    loose = found or _known(name, unit, alone=False)[0]
    if loose and not NEUTRAL.fullmatch(name) and _speaks_of_a_part(name, loose):
        if loose == _known(SUBGROUP.sub("", name), alone=False)[0]:
            return _subgroup(name, loose)
    if found:
        return _under(title, sheet, found)
    titled = _known(title, alone=False)[0]
    subject = MENURUT.split(title)[0]
    subject = subject if titled and titled == _known(subject, alone=False)[0] else title
    if titled and name and _words(name) <= _words(subject) & _own_words(titled):
        name = ""  # "Sanitasi" under "Akses Sanitasi Layak"
    if NEUTRAL.fullmatch(name):
        for text in (title, sheet):
            found, why, near = _known(text, unit, alone=False)
            if found and _speaks_of_a_part(text, found):
                return _subgroup(text, found)
            if found:
                return Named(found, taken=("other_words", why) if why else None)
            problem = problem or why
    elif SUBGROUP.search(name) and NEUTRAL.fullmatch(SUBGROUP.sub("", name).strip(" -+/()0123456789")):
        whole = titled or given
        part = _known(f"{indicators().at[whole, 'name']} {name}")[0] if whole else ""
        if part and part != whole:
            return Named(part)
        if whole:
            return _subgroup(name, whole)
    shown = name if not NEUTRAL.fullmatch(name) else title or ("" if PLAIN_SHEET.fullmatch(sheet) else sheet)
    advice = ""
    if not shown:
        message = "Judul dan kepala kolom tidak menyebut indikator. Yang diharapkan: nama indikator di salah satunya."
        advice = "beri kode indikator dengan --indicator"
    elif given:
        meant = indicators().at[given, "name"]
        message = f"{shown!r} bukan {meant} dan bukan indikator lain dalam kamus; tidak dipakai."
    else:
        message = problem or f"{shown!r} bukan indikator dalam kamus; tidak dipakai."
        advice = f"bila maksudnya {near}, beri kode itu dengan --indicator" if near else ""
    return Named("", "indicator", message, advice)


def _under(title: str, sheet: str, found: str) -> Named:
    """An indicator named by its column: refused where the title or sheet speaks of a part of the people or, over people
    and households, of another subject; told where the title has words that may make it another thing.
    """
    for text in (title, sheet):
        if _speaks_of_a_part(text, found):
            return _subgroup(text, found)
    of_all = indicators().at[found, "role"] == "support"
    titled = _known(title, alone=False)[0] if of_all else ""
    if titled and indicators().at[titled, "role"] != "support" and "sampah" not in titled:
        if not _words(title) & {"penduduk", "jiwa", "rumah", "tangga", "keluarga"}:
            return _subgroup(title, found)
    other = sorted(word for word in words_beside(title) if len(word) > 3)
    return Named(
        found, taken=("title_words", f"{title[:80]!r} menyebut {' dan '.join(other)}.") if other else None
    )


@lru_cache(maxsize=200)
def _own_words(code: str) -> set[str]:
    """The words an indicator is named with, and those that go with any: "Sanitasi", "Persentase Rumah Tangga"."""
    named = indicators().loc[code, ["name", "short_name", "name_en", "short_name_en"]]
    return NO_SUBJECT.union(*map(_words, named))


def _speaks_of_a_part(text: str, found: str) -> bool:
    """Whether a text is about one part of the households, "Sanitasi Layak di Perkotaan"; not "menurut Daerah
    (Perkotaan, Perdesaan)", nor where the indicator itself is of that part.
    """
    named = {word.lower()[:4] for word in SUBGROUP.findall(BY_PART.sub(" ", text))} - {"kepa"}
    own = f"{indicators().at[found, 'name']} {found.replace('_', ' ')}"
    return len(named) == 1 and not SUBGROUP.search(own)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def _proposed(text: str) -> str:
    """The indicator that the name of a file says, be it by its subject alone: "sanitasi_jabar_2023"; not one that says
    of whom or of what part of the year, or that it is a target.
    """
    words = [word for word in text.lower().split() if word.isalpha() and word not in NO_SUBJECT]
    subject = " ".join(word for word in words if not candidates(word))
    found = _known(text, alone=False)[0] or SUBJECTS.get(subject, "")
    narrowed = found and _speaks_of_a_part(text, found)
    return (
        ""
        if narrowed or any(kind.search(text) for kind in (TARGET, DRAFT, COMPARED, PART_OF_YEAR))
        else found
    )


def _subgroup(name: str, whole: str) -> Named:
    wanted = f"Yang diharapkan: {indicators().at[whole, 'name']} di seluruh wilayah."
    return Named("", "subgroup", f"{name!r} bukan tentang seluruh rumah tangga atau penduduk. {wanted}")


@lru_cache(maxsize=100_000)
def _known(text: str, unit: str = "", alone: bool = True) -> tuple[str, str, str]:
    """(indicator, what is wrong with the name, the nearest codes); a name nobody knows has nothing wrong. Not `alone`,
    the name of an indicator may stand beside words that could make it another thing; these are what is wrong then.
    """
    if not text.strip():
        return "", "", ""
    try:
        found = to_indicator(text)
        if np.isnan(unit_factor(unit, indicators().at[found, "unit"])):  # waste in tonnes and in per cent
            other = _known(f"{text} {unit}")[0]
            found = other if other not in ("", found) else _of_unit(found, unit)
        return found, "", ""
    except UnknownIndicatorError as error:
        if error.reason == "unknown":
            return "", "", " atau ".join(misspelt(text))
        if error.reason == "beside" and not alone:
            return error.candidates[0], str(error), ""
        near = " atau ".join(error.candidates[:2]) if error.reason in ("several", "beside") else ""
        return "", str(error), near


@lru_cache(maxsize=1_000)
def _of_unit(found: str, unit: str) -> str:
    """The indicator of the same name that counts in this unit: kawasan_kumuh_pct for kawasan_kumuh_ha; else `found`."""
    stem = NAMED_UNIT.sub("", found)
    twins = [code for code in indicators().index if NAMED_UNIT.sub("", code) == stem and code != found]
    fitting = [code for code in twins if not np.isnan(unit_factor(unit, indicators().at[code, "unit"]))]
    return fitting[0] if len(fitting) == 1 else found


def base_unit(unit: str) -> str:
    """ "% rumah tangga" -> "%"; other units in lower case."""
    return (unit_of(unit) or unit).lower()


@lru_cache(maxsize=10_000)
def unit_factor(unit: str, expected: str) -> float:
    """What a figure in `unit` is multiplied with to be in the codebook's unit; NaN when the two do not fit."""
    found, base = base_unit(unit), base_unit(expected)
    if not found or found == base or unit == expected:
        return 1.0
    if found == "jumlah":  # a count of something, never a share
        return float("nan") if base == "%" else 1.0
    scale, _, counted = found.partition(" ")
    if scale in SCALES:
        return SCALES[scale] * unit_factor(counted, expected) if base != "%" else float("nan")
    return float(FACTORS.get((found, base), "nan"))
