"""Names and codes of regions: 38 provinces, 514 regencies and cities, the nation, and how people write them."""

import difflib
import re
import unicodedata
from functools import lru_cache
from numbers import Integral

import pandas as pd

from ..errors import UnknownRegionError
from ..paths import REFERENCE

NATION = "00"
LEVELS = {"province": ("provinsi", "negara"), "regency": ("kabupaten", "kota")}
KIND_TITLES = {"kabupaten": "Kabupaten", "kota": "Kota", "provinsi": "Provinsi"}
# Longest first: "kotaadministrasi" must not be taken for "kota" + "administrasi...".
KIND_PREFIXES = {
    "kabupatenadministrasi": "kabupaten",
    "kabadministrasi": "kabupaten",
    "kabadm": "kabupaten",
    "adm": "kabupaten",
    "kabupaten": "kabupaten",
    "kab": "kabupaten",
    "kotaadministrasi": "kota",
    "kotaadm": "kota",
    "kotamadya": "kota",
    "kodya": "kota",
    "kota": "kota",
    "provinsi": "provinsi",
    "propinsi": "provinsi",
    "prov": "provinsi",
    "regency": "kabupaten",
    "city": "kota",
    "municipality": "kota",
    "province": "provinsi",
}
ABBREVIATIONS = {
    "kep": "kepulauan",
    "sel": "selatan",
    "teng": "tengah",
    "tgh": "tengah",
    "ut": "utara",
    "utr": "utara",
    "tim": "timur",
    "bar": "barat",
    "kal": "kalimantan",
    "sul": "sulawesi",
    "sum": "sumatera",
    "sumatra": "sumatera",
}
# Province -> those it was split from, the last one first: tables of older years list its regencies there.
FORMER_PROVINCES = {
    "92": ("91", "94"), "95": ("94",), "96": ("94",), "97": ("94",), "91": ("94",), "65": ("64",), "76": ("73",),
    "21": ("14",), "36": ("32",), "19": ("16",), "75": ("71",), "82": ("81",),
}  # fmt: skip
# The year of the law that made a region, in the order of the entries: provinces since 1999 (UU 46/1999, 23/2000,
# 27/2000, 38/2000, 25/2002, 26/2004, 20/2012, 29/2022, 14/2022, 15/2022, 16/2022), regencies of South Kalimantan
# (UU 9/1999, 2/2003, 2/2003).
FOUNDED = {
    "82": 1999, "36": 2000, "19": 2000, "75": 2000, "21": 2002, "76": 2004, "65": 2012, "92": 2022, "95": 2022,
    "96": 2022, "97": 2022, "6372": 1999, "6310": 2003, "6311": 2003,
}  # fmt: skip
SUPERSCRIPT = re.compile("[\u00b9\u00b2\u00b3\u2070-\u2079]")
BESIDE = re.compile(r"\s+[-\u2013\u2014]\s+|[;,|/(]")  # between a region and its province or other name
CODED = re.compile(  # a code and a name in one cell
    r"\[?(?P<code>\d{2}\.?\d{2})\]?[\s_–-]+(?P<name>\D+)|(?P<before>\D+?)\s*[(\[](?P<behind>\d{2}\.?\d{2})[)\]]"
)
GOVERNMENT = re.compile(r"(?:pemerintah(?: daerah)?|pemda|pem(kab|ko(?:ta?)?|prov))\.? (\D+)", re.IGNORECASE)
BETWEEN = re.compile(
    r"\s+[-\u2013\u2014]\s+|[;,|/&+]|\s+dan\s+", re.IGNORECASE
)  # between regions named together


@lru_cache(maxsize=1)
def _register() -> pd.DataFrame:
    frame = pd.read_csv(REFERENCE / "regions.csv", dtype="str", keep_default_na=False)
    titles = frame["kind"].map(KIND_TITLES).fillna("")
    frame["full_name"] = (titles + " " + frame["name"]).str.strip()
    regencies = frame[frame["kind"].isin(LEVELS["regency"])]
    twins = regencies.duplicated(["province_code", "name"], keep=False).reindex(frame.index, fill_value=False)
    frame["clear_name"] = frame["name"].mask(twins, frame["full_name"])
    for column in ("tile_column", "tile_row"):
        frame[column] = pd.to_numeric(frame[column]).astype("Int64")
    return frame.set_index("region_code")


def regions() -> pd.DataFrame:
    """The register indexed by region_code (BPS, text): kemendagri_code, name, full_name, clear_name (in full
    only where the province has a Kabupaten and a Kota of one name), kind, province_code, tile_column,
    tile_row, note.
    """
    return _register().copy(deep=False)


@lru_cache(maxsize=1)
def province_codes() -> dict[str, str]:
    """The code of its province for every region; in Papua it is not the first two digits of the region's own."""
    return _register()["province_code"].to_dict()


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """The kind of every region: "kabupaten", "kota", "provinsi", "negara"."""
    return _register()["kind"].to_dict()


def members(province_code: str) -> list[str]:
    """Codes of a province's regencies and cities, in register order; its column tells, never the code."""
    if province_code not in _members():
        raise UnknownRegionError(
            f"{province_code!r} bukan provinsi dalam register. Pakai kode BPS dua angka, misalnya '63'."
        )
    return list(_members()[province_code])


@lru_cache(maxsize=1)
def _members() -> dict[str, list[str]]:
    register = _register()
    regencies = register[register["kind"].isin(LEVELS["regency"])]
    return regencies.groupby("province_code").groups


def region_name(code: str, full: bool = False) -> str:
    """ "Banjar", or "Kabupaten Banjar" with full=True and where its province has a namesake."""
    register = _register()
    if code not in register.index:
        raise UnknownRegionError(
            f"{code!r} bukan kode BPS dalam register. Cari kodenya dengan to_region_code()."
        )
    return register.at[code, "full_name" if full else "clear_name"]


def to_region_code(name: str, province: str | None = None, level: str | None = None) -> str:
    """The BPS code of a region: "6303" for "Banjar" (province="63"), "Kab. Banjar", "63.03" (Kemendagri, the
    dot tells) or "6303".

    province: name or BPS code; names are then looked for only in that province (and the nation); codes are
    exact and ignore it. A whole number that is a code (11-99, 1101-9999), as papermill's -p gives it, is taken too.
    level: "province" or "regency" when the place of the name tells which, so that "Jambi" is not both.
    Raises UnknownRegionError, with the candidates, for what the register does not know or what fits several
    regions.
    """
    if isinstance(name, Integral) and (11 <= name <= 99 or 1101 <= name <= 9999):
        name = str(int(name))
    if not isinstance(name, str):
        raise UnknownRegionError(
            f"Wilayah {name!r} bertipe {type(name).__name__}; seharusnya nama atau kode BPS dalam tanda kutip"
            ' seperti "6303", sebab bilangan kehilangan nol di ujungnya. Dengan papermill tulis'
            " `-r region_code 6303`."
        )
    return _code_of(name, province, level)


@lru_cache(maxsize=65536)
def _code_of(name: str, province: str | None, level: str | None) -> str:
    text = _tidy(name)
    code = _code_in(text)
    if code:
        return code
    inside = to_region_code(province, level="province") if province else None
    found = candidates(text)
    allowed = [code for code in found if _allowed(code, inside, level)]
    if not allowed and inside:
        allowed = [code for code in found if _allowed(code, inside, level, formerly=True)]
    if not found and inside:
        allowed = shortened(text, inside)
    if not allowed and level == "province":  # "Yogyakarta" among provinces is DI Yogyakarta
        allowed = [code for code in candidates(f"DI {text}") if _allowed(code, inside, level)]
    if len(allowed) == 1:
        return allowed[0]
    raise _refusal(name, text, found, allowed, inside)


def find_region(name: str, province: str | None = "63") -> str:
    """As to_region_code for what a person asks for: in the province first, then anywhere."""
    try:
        return to_region_code(name, province=province)
    except UnknownRegionError as error:
        if error.reason != "outside":
            raise
        return to_region_code(name)


def _tidy(name: str) -> str:
    """The name without line breaks, doubled or non-breaking spaces, row number or footnote mark."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", SUPERSCRIPT.sub("", name))).strip()
    text = re.sub(r"^(?:\(?\d{1,2}[.)] ?(?=[A-Za-z])|[a-z][.)] |[-\u2022\u2013] ?)", "", text)
    return re.sub(r"\s*(\*+\)?|(?<!\d)\d\))$", "", text)


@lru_cache(maxsize=65536)
def _key(text: str) -> str:
    """Letters and digits only, abbreviations written out: "Kota Baru" and "KOTABARU" are one key."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "".join(ABBREVIATIONS.get(word, word) for word in words)


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    """Key of each name and alias -> codes."""
    aliases = pd.read_csv(REFERENCE / "region_aliases.csv", dtype="str", keep_default_na=False)
    pairs = [*zip(_register()["name"], _register().index), *zip(aliases["alias"], aliases["region_code"])]
    names: dict[str, tuple[str, ...]] = {}
    for name, code in pairs:
        key = _key(name)
        names[key] = tuple(sorted({*names.get(key, ()), code}))
    return names


@lru_cache(maxsize=1)
def _kemendagri() -> dict[str, str]:
    return {code: region for region, code in _register()["kemendagri_code"].items() if code}


def _code_in(text: str) -> str | None:
    """The code the text is or starts with ("6303 Banjar"), None for none; a name beside it must agree."""
    match = re.fullmatch(r"\[?(\d{2}\.\d{1,2}|\d{4}|\d{2})\]?(?:[\s;:,.-]+(\D.*))?", text)
    if not match:
        return None
    written, beside = match.groups()
    code = _kemendagri().get(written) if "." in written else written
    if code not in _register().index and written.endswith("00"):
        code = written[:2]  # 6300: the province in BPS domain codes
    if code not in _register().index:
        if beside:  # "50 Kota" is a name
            return None
        kind = "Kemendagri" if "." in written else "BPS"
        near = _nearest_codes(written)
        raise UnknownRegionError(
            f"{written!r} bukan kode {kind} dalam register; kode yang terbaca sebagai angka kehilangan nol"
            f" (63.10 menjadi 63.1). Kode terdekat: {_listed(near)}.",
            near,
        )
    if beside and code not in candidates(beside):
        raise UnknownRegionError(
            f"{text!r}: kodenya {region_name(code, full=True)}, tetapi nama di sampingnya bukan. Perbaiki"
            " salah satunya.",
            _labels([code, *candidates(beside)]),
            "ambiguous",
        )
    return code


@lru_cache(maxsize=65536)
def candidates(name: str) -> tuple[str, ...]:
    """Codes of every region a name may mean without context; empty for none, or several at once."""
    text = _tidy(name)
    key = _key(text)
    codes = set(_names().get(key, ()))
    for word, kind in KIND_PREFIXES.items():
        for rest in {key.removeprefix(word), key.removesuffix(word)} - {key}:
            codes |= {code for code in _names().get(rest, ()) if _register().at[code, "kind"] == kind}
    if codes:
        return tuple(sorted(codes))
    if coded := CODED.fullmatch(text):  # "6303 Banjar", "Kotabaru (6302)"
        code, named = coded["code"] or coded["behind"], coded["name"] or coded["before"]
        return tuple({_kemendagri().get(code, code)} & {*candidates(named)})
    if of_government := GOVERNMENT.fullmatch(text):  # "Pemerintah Kabupaten Banjar", "Pemkab Tapin"
        kind = of_government[1] or ""
        return candidates(f"{'kota' if kind.lower().startswith('ko') else kind} {of_government[2]}")
    if numbered := re.fullmatch(r"\d{1,2} (\D+)", text):  # "5 Tapin"; "50 Kota" is a name of its own
        return candidates(numbered.group(1))
    parts = [part for part in BESIDE.split(text) if part.strip()]
    if len(parts) != 2:
        return ()
    codes |= {*candidates(parts[0])} & {
        *candidates(parts[1])
    }  # "Toba Samosir / Toba": two names of one region
    for outer, inner in (
        parts,
        parts[::-1],
    ):  # "kalimantan selatan - kotabaru", "Kab. Banjar, Kalimantan Selatan"
        provinces = [code for code in candidates(outer) if _register().at[code, "kind"] == "provinsi"]
        codes |= {
            code
            for code in candidates(inner)
            if _register().at[code, "province_code"] in provinces and len(code) == 4
        }
    return tuple(sorted(codes))


def in_order(labels: list[str], lists: list) -> list[str]:
    """The names of a table's rows, clear where they were not and the list of regencies of one province tells: that
    of the province stands at an end ("Bengkulu", beside the city of that name), and a name beside "Kota Gorontalo" is
    the kabupaten's. `lists` says per row which list it belongs to (a year's).
    """
    clear, places = _nested(labels), {}
    for place, key in enumerate(lists):
        places.setdefault(key, []).append(place)
    for listed in places.values():
        for place, label in _clear(labels, listed).items():
            clear[place] = label
    return clear


def _nested(labels: list[str]) -> list[str]:
    """The names, those of regencies below their province cleared by it where each heads its own: "Banjar" below "Jawa
    Barat" is the kota. As they are where a known one lies elsewhere, or two provinces stand together.
    """
    meant = [candidates(label) for label in labels]
    if not any(len(codes) == 1 and len(codes[0]) == 2 for codes in meant):
        return labels
    clear, province, heading, heads, sure = list(labels), "", False, set(), False
    for place, codes in enumerate(meant):
        if len(codes) == 1 and len(codes[0]) == 2:
            if heading or codes[0] in heads:
                return labels
            province, heading = codes[0], True
            heads.add(province)
        elif codes:
            own = [code for code in codes if province_codes()[code] == province and len(code) == 4]
            heading, sure = False, sure or len(codes) == 1
            if len(codes) == 1 and province and not own:
                return labels
            if len(codes) > 1 and len(own) == 1:
                clear[place] = region_name(own[0], full=True)
    return labels if heading or not sure else clear


def _clear(labels: list[str], places: list[int]) -> dict[int, str]:
    meant, sure, provinces = {}, set(), set()
    for place in places:
        if codes := candidates(labels[place]):
            meant[place] = codes
            if len(codes) == 1 and len(codes[0]) == 4:
                sure.add(codes[0])
                provinces.add(province_codes()[codes[0]])
                if len(provinces) > 1:
                    return {}
    if len(sure) < 2 or len(sure) == len(meant):  # no name is unclear
        return {}
    home, clear, ends = provinces.pop(), {}, (min(meant), max(meant))
    bare = {place: key for place in meant if (key := _key(labels[place])) in _names()}
    named = {codes[0]: labels[place] for place, codes in meant.items() if len(codes) == 1}
    for place, key in bare.items():
        label = labels[place]
        own = {
            kind: code
            for kind in ("Kabupaten", "Kota")
            for code in candidates(f"{kind} {label}")
            if province_codes()[code] == home
        }
        left = [kind for kind, code in own.items() if named.get(code, label) == label]
        in_province = next(
            (name for name in (f"Provinsi {label}", f"DI {label}") if home in candidates(name)), ""
        )
        again = list(bare.values()).count(key) > 1
        if again and {bare.get(end) for end in ends} == {key}:
            continue  # first and last: either may be the province
        if in_province and place in ends and (again or not left):
            clear[place] = in_province
        elif len(left) == 1 and (again or len(own) == 2 and not (in_province and place in ends)):
            clear[place] = f"{left[0]} {label}"
    return clear


@lru_cache(maxsize=4096)
def shortened(text: str, province: str) -> list[str]:
    """Codes of a province's regencies whose name a text shortens: "Kab. H. S. Tengah", "T. Laut"."""
    tokens = re.findall("[A-Za-z]+", text)
    kind = KIND_PREFIXES.get(tokens[0].lower(), "") if tokens else ""
    tokens = tokens[1:] if kind else tokens
    return [
        code
        for code, name, of in zip(_register().index, _register()["name"], _register()["kind"])
        if province_codes()[code] == province and len(code) == 4 and kind in ("", of)
        if len(words := name.split()) > 1 and len("".join(tokens)) > 2 and _shortens(tokens, words)
    ]


def _shortens(tokens: list[str], words: list[str]) -> bool:
    """Whether each token is a word, its beginning or its consonants ("Tgh"), or the initials of several ("HS")."""
    if not tokens or not words:
        return tokens == words == []
    token, word = (ABBREVIATIONS.get(text.lower(), text.lower()) for text in (tokens[0], words[0]))
    rest = iter(word[1:])
    one = word[0] == token[0] and (word.startswith(token) or all(letter in rest for letter in token[1:]))
    initials = "".join(word[0] for word in words[: len(token)]).lower()
    return (one and _shortens(tokens[1:], words[1:])) or (
        token == initials and _shortens(tokens[1:], words[len(token) :])
    )


def _allowed(code: str, province: str | None, level: str | None, formerly: bool = False) -> bool:
    kind, own = kinds()[code], province_codes()[code]
    if level and kind not in LEVELS[level]:
        return False
    if formerly and len(code) == 4:
        return province in (own, *FORMER_PROVINCES.get(own, ()))
    return not province or code == NATION or own == province


def _labels(codes) -> list[tuple[str, str]]:
    return [(code, region_name(code, full=True)) for code in dict.fromkeys(codes)]


def _listed(labels) -> str:
    return "; ".join(f"{code} {name}" for code, name in labels) or "tidak ada"


def _nearest_codes(written: str) -> list[tuple[str, str]]:
    known = list(_kemendagri()) if "." in written else list(_register().index)
    near = difflib.get_close_matches(written, known, n=5, cutoff=0.6)
    return _labels(_kemendagri().get(code, code) for code in near)


def _nearest(text: str, province: str | None) -> list[tuple[str, str]]:
    """Regions whose name looks like the text, those of the province first."""
    return _nearest_to(_key(text), province)


@lru_cache(maxsize=4096)
def _nearest_to(key: str, province: str | None) -> list[tuple[str, str]]:
    for word in KIND_PREFIXES:
        if key.startswith(word) and key != word:
            key = key.removeprefix(word)
            break
    names = _names()
    inside = [name for name, codes in names.items() if any(_allowed(code, province, None) for code in codes)]
    near = difflib.get_close_matches(key, inside, n=3, cutoff=0.6) or difflib.get_close_matches(
        key, list(names), n=3, cutoff=0.7
    )
    codes = [code for name in near for code in names[name]]
    return _labels([code for code in codes if _allowed(code, province, None)] or codes)


def _refusal(
    name: str, text: str, found: tuple[str, ...], allowed: list[str], province: str | None
) -> UnknownRegionError:
    where = f" di {region_name(province, full=True)}" if province else ""
    if allowed:
        meant = _labels(allowed)
        return UnknownRegionError(
            f"{name!r} cocok dengan beberapa wilayah{where}: {_listed(meant)}. "
            "Tulis Kabupaten atau Kota di depan nama, sebutkan provinsinya, atau pakai kode.",
            meant,
            "ambiguous",
        )
    parts = [part for part in BETWEEN.split(text) if part.strip()]
    if not found and parts and all(candidates(part) for part in parts):
        combined = [code for part in parts for code in candidates(part)]
        meant = _labels([code for code in combined if _allowed(code, province, None)] or combined)
        return UnknownRegionError(
            f"{name!r} menyebut beberapa wilayah sekaligus: {_listed(meant)}. "
            "Satu angka harus milik satu wilayah; minta angka yang terpisah.",
            meant,
            "combined",
        )
    near = _nearest(text, province)
    if found:
        elsewhere = _labels(found)
        return UnknownRegionError(
            f"{name!r} tidak ada{where}, tetapi ada di tempat lain: {_listed(elsewhere)}. "
            f"Periksa nama atau provinsinya; nama terdekat: {_listed(near)}.",
            list(dict.fromkeys([*near, *elsewhere])),
            "outside",
        )
    return UnknownRegionError(
        f"{name!r} tidak dikenal sebagai wilayah{where}. Nama terdekat: {_listed(near)}. "
        "Perbaiki namanya, atau tambahkan baris di reference/region_aliases.csv.",
        near,
    )
