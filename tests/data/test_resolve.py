"""Which region and which indicator each name of a file is, told by what stands beside it and by the other names of the
file; names of register and codebook, no figures.
"""

import pytest

from pkp_analysis.data.resolve import (
    proposed_year,
    resolve_indicators,
    resolve_regions,
    titled_province,
    unit_factor,
)

AMBIGUOUS = "region_ambiguous"


def resolved(*keys, given=""):
    """The code of each (name, province, code, kind of region), or the rule that refuses it."""
    answers = resolve_regions(
        [(key, "", "", "") if isinstance(key, str) else (*key, "", "", "")[:4] for key in keys], given
    )
    return [code or rule for code, rule, *_ in answers]


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("INDONESIA", "00"),
        ("Jumlah", "subtotal"),
        ("Jumlah Kab. Banjar", "6303"),
        ("", "region_missing"),
        ("Entah", "region"),
        ("Kecamatan Gambut", "part_of_region"),
        (("", "", "6303"), "6303"),
        (("", "", "6399"), "region"),
        (("Entah", "", "6303"), "region"),
        ("Banjar", AMBIGUOUS),
        (("Banjar", "", "6303"), "6303"),
        (("Banjar", "", "3279"), "3279"),
        (("Tapin", "", "6303"), "region_conflict"),
        (("Aceh Selatan", "", "1101"), "1103"),  # its Kemendagri code, without the dot
        (("Simeulue", "", "1101"), "1101"),
        (("Banjar", "Kalimantan Selatan"), "6303"),
        (("Tapin", "Aceh"), "region"),
        (("Jambi", "", "", "Provinsi"), "15"),
        (("Jambi", "", "", "Provinsi/Kabupaten/Kota"), AMBIGUOUS),
        (("Jambi", "", "", "Kota"), AMBIGUOUS),
        (("Jambi", "", "1571", "Provinsi"), "region_conflict"),
    ],
)
def test_a_name_with_what_stands_beside_it(key, answer):
    assert resolved(key) == [answer]


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        (["Aceh", "Riau", "Jambi"], ["11", "14", "15"]),
        (["Aceh", "Riau", ("Jambi", "", "1571")], ["11", "14", "1571"]),
        (["Aceh", "Riau", ("Jambi", "Jambi")], ["11", "14", AMBIGUOUS]),
        (["Aceh", "Riau", "Yogyakarta"], ["11", "14", "34"]),
        (["Aceh", "Riau", ("Yogyakarta", "", "3471")], ["11", "14", "3471"]),
        (["Aceh", "Riau", "Aceh Barat", "Jambi"], ["11", "14", "1107", "15"]),
        (["Aceh", "Riau", "Aceh Barat", "Tapin", "Jambi"], ["11", "14", "1107", "6305", AMBIGUOUS]),
        (["Aceh", "Jambi"], ["11", AMBIGUOUS]),
    ],
)
def test_names_in_a_list_of_provinces(keys, answers):
    assert resolved(*keys) == answers


@pytest.mark.parametrize(
    ("keys", "given", "answers"),
    [
        (["Banjar", "Tapin"], "", ["6303", "6305"]),
        (["INDONESIA", "Tapin", "Banjar"], "", ["00", "6305", "6303"]),
        (["Banjar", "Tapin", "Aceh Barat"], "", [AMBIGUOUS, "6305", "1107"]),
        ([("Banjar", "Jawa Barat"), "Tapin"], "", ["3279", "6305"]),
        (["Banjar"], "Jawa Barat", ["3279"]),
        (["Banjar", "Kota Bandung"], "63", ["6303", "3273"]),
        ([("Banjar", "Kalimantan Selatan")], "32", ["6303"]),
    ],
)
def test_the_one_province_of_the_other_names_or_of_the_source(keys, given, answers):
    assert resolved(*keys, given=given) == answers


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        (["Bogor", "Kota Bogor"], ["3201", "3271"]),
        (["Bogor", "Kota Bogor", "Kota Bandung", "Bandung"], ["3201", "3271", "3273", "3204"]),
        (["Bogor", "Depok"], [AMBIGUOUS, "3276"]),
        (["Tegal", "Kota Tegal", "Bandung"], ["3328", "3376", AMBIGUOUS]),
        (["Jambi", "Kota Jambi"], ["15", "1571"]),
        (["Jambi", "Kota Jambi", "Kerinci"], ["15", "1571", "1501"]),
        ([("Jambi", "Jambi"), ("Kota Jambi", "Jambi"), "Aceh"], ["15", "1571", "11"]),
        ([("Sorong", "Papua Barat"), ("Kota Sorong", "Papua Barat")], ["9107", "9171"]),
        ([("Gorontalo", "Gorontalo"), ("Kota Gorontalo", "Gorontalo")], ["7502", "7571"]),
        (["Gorontalo", "Kota Gorontalo"], [AMBIGUOUS, "7571"]),  # the regency or the province
        (["Gorontalo", "Kota Gorontalo", "Boalemo"], [AMBIGUOUS, "7571", "7501"]),
        ([("Gorontalo", "Gorontalo"), ("Kota Gorontalo", "Gorontalo"), "Aceh"], [AMBIGUOUS, "7571", "11"]),
        ([("Gorontalo", "Gorontalo"), ("Boalemo", "Gorontalo")], [AMBIGUOUS, "7501"]),
        (["Solok", ("Solok ", "", "1303")], ["1303", "1303"]),
        (["Solok", ("Solok", "", "1303"), ("Solok", "", "1372")], [AMBIGUOUS, "1303", "1372"]),
        (["Solok", "Kota Solok", "Kab. Solok"], ["1303", "1372", "1303"]),
    ],
)
def test_a_name_of_two_by_those_named_in_full(keys, answers):
    assert resolved(*keys) == answers


@pytest.mark.parametrize(
    ("unit", "expected", "factor"),
    [
        ("", "%", 1), ("persen", "%", 1), ("% rumah tangga", "% rumah tangga", 1), ("ribu %", "%", None),
        ("ribu", "jiwa", 1000), ("ribu jiwa", "jiwa", 1000), ("juta jiwa", "jiwa", 10**6), ("jiwa", "ton/tahun", None),
        ("ton", "ton/tahun", 1), ("kg", "ton/tahun", 0.001), ("ribu ton", "ton/tahun", 1000), ("m3", "ton/tahun", None),
        ("ribu m3", "ton/tahun", None), ("km2", "hektare", 100), ("KK", "rumah tangga", 1),
    ],
)  # fmt: skip
def test_units_and_what_a_figure_is_multiplied_with(unit, expected, factor):
    assert unit_factor(unit, expected) == pytest.approx(factor if factor else float("nan"), nan_ok=True)


# -- indicators -----------------------------------------------------------------------------------------------------

SAN, WATER, HANDLED = "sanitasi_layak", "air_minum_layak", "penanganan_sampah"
BOTH = "Sanitasi Layak dan Air Minum Layak"
SAID = "beri kode indikator dengan --indicator"


def named(*keys, given="", proposals=()):
    """For each (header, title, sheet, unit) its code, or the rule that refuses it, and what is told of it."""
    full = [(key, "", "", "") if isinstance(key, str) else (*key, "", "", "")[:4] for key in keys]
    answers = resolve_indicators(full, given, proposals)
    return [(one.code or one.rule, ": ".join(one.taken) if one.taken else one.suggestion) for one in answers]


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("Sanitasi Layak", SAN),
        ("Maret", "period"),
        ("Semester 2", "period"),
        ("Sanitasi Layak Maret", SAN),
        ("Sanitasi Layak Perkotaan", "subgroup"),
        ("Air Minum Layak Perkotaan", "air_minum_layak_perkotaan"),  # an indicator of its own
        (("Perkotaan", "Air Minum Layak"), "air_minum_layak_perkotaan"),
        (("Perkotaan", "Sanitasi Layak"), "subgroup"),
        ("Perkotaan", "indicator"),
        (("Perkotaan + Perdesaan", "Sanitasi Layak"), SAN),
        (("Persentase", "Sanitasi Layak"), SAN),
        (("", "", "Sanitasi Layak"), SAN),
        (("", "Entah", "Sanitasi Layak"), SAN),
        (("", "Sanitasi Layak di Perkotaan"), "subgroup"),
        (("", "Sanitasi Layak menurut Perkotaan"), "subgroup"),
        (("", "Sanitasi Layak Perkotaan dan Perdesaan"), SAN),
        (("", "Air Minum Layak Perkotaan"), "air_minum_layak_perkotaan"),
        (("", "Sanitasi Layak Kepala Rumah Tangga Perempuan"), "subgroup"),
        (("", "Sanitasi Layak Kepala Rumah Tangga"), SAN),
        (("Sanitasi", "Akses Sanitasi Layak"), SAN),
        (("Akses", "Akses Sanitasi Layak"), SAN),
        (("Gini", "Akses Sanitasi Layak dan Gini"), "indicator"),
        (("Pemda", "Sanitasi Layak Pemda"), "indicator"),
        (("Penanganan Sampah", "", "", "ton"), "penanganan_sampah_ton"),
        (("Penanganan Sampah", "", "", "%"), HANDLED),
        (("Sanitasi Layak", "", "", "ton"), SAN),
    ],
)
def test_what_header_title_and_sheet_name(key, answer):
    assert named(key)[0][0] == answer


@pytest.mark.parametrize(
    ("key", "message", "told"),
    [
        ("", "Judul dan kepala kolom tidak menyebut", SAID),
        (("Persen", "", "Sheet1"), "Judul dan kepala kolom tidak menyebut", SAID),
        (("Persen", "Entah"), "'Entah' bukan indikator", ""),
        (("Persen", "", "Rekap"), "'Rekap' bukan indikator", ""),
        (("Gini", "Entah"), "'Gini' bukan indikator", ""),
        (
            "Sanitasi Layek",
            "'Sanitasi Layek' bukan",
            f"bila maksudnya {SAN}, beri kode itu dengan --indicator",
        ),
        ("tidak Sanitasi Layak", "membalik arti", ""),
        (BOTH, "beberapa indikator", f"bila maksudnya {WATER} atau {SAN}, beri kode itu dengan --indicator"),
        (("Persen", BOTH), "beberapa indikator", ""),
    ],
)
def test_what_is_told_of_a_name_that_is_no_indicator(key, message, told):
    full = (key, "", "", "") if isinstance(key, str) else (*key, "", "", "")[:4]
    ((code, rule, said, suggestion, _),) = resolve_indicators([full], "")
    assert (code, rule, suggestion) == ("", "indicator", told) and message in said


@pytest.mark.parametrize(
    ("keys", "given", "answers"),
    [
        (["Perkotaan"], WATER, ["air_minum_layak_perkotaan"]),
        (["Perkotaan"], SAN, ["subgroup"]),
        (["Persen", "Nilai"], SAN, [SAN, SAN]),
        (["Angka X"], SAN, [SAN]),
        (["Angka X", "Angka X"], SAN, [SAN, SAN]),
        (["Angka X", "Angka Y"], SAN, ["indicator", "indicator"]),
        (["Angka X", "Persen"], SAN, ["indicator", SAN]),
        (["Angka X", "Sanitasi Layak"], SAN, ["indicator", SAN]),
        (["Angka X", "Air Minum Layak"], SAN, [SAN, WATER]),
        ([("Persen", BOTH)], "hunian_layak", ["hunian_layak"]),
        (["Maret"], SAN, ["period"]),
    ],
)
def test_the_indicator_given_is_that_of_what_names_none(keys, given, answers):
    found = named(*keys, given=given)
    assert [code for code, _ in found] == answers
    for key, (code, told) in zip(keys, found):
        assert (told == f"unknown_header: {key!r}") == (key == "Angka X" and code == given)


@pytest.mark.parametrize(
    ("key", "given", "texts", "answer"),
    [
        ("Persen", "", ["sanitasi jabar 2023"], (SAN, "proposed: nama file 0")),
        ("Persen", "", ["Gini", "air minum layak"], (WATER, "proposed: nama file 1")),
        ("Persen", "", ["Gini"], ("indicator", SAID)),
        ("Persen", WATER, ["sanitasi jabar"], (WATER, "")),
        (("Persen", "", "Sheet1"), "", ["sanitasi jabar"], (SAN, "proposed: nama file 0")),
        (("Persen", "", "Rekap"), "", ["sanitasi jabar"], ("indicator", "")),
        (("Persen", "Entah"), "", ["sanitasi jabar"], ("indicator", "")),
        ("Gini", "", ["sanitasi jabar"], ("indicator", "")),
        ("Air Minum Layak", "", ["sanitasi jabar"], (WATER, "")),
    ],
)
def test_a_file_is_named_by_its_name_where_nothing_in_it_does(key, given, texts, answer):
    proposals = [(text, f"nama file {place}") for place, text in enumerate(texts)]
    assert named(key, given=given, proposals=proposals) == [answer]


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (["sanitasi 2023"], (2023, "0")),
        (["sanitasi", "data 2022"], (2022, "1")),
        (["data 2021-2022", "data 2022"], (2022, "1")),
        (["Kalimantan Selatan Dalam Angka 2023"], (0, "")),
        ([], (0, "")),
    ],
)
def test_the_year_in_the_name_of_a_file(texts, year):
    assert proposed_year([(text, str(place)) for place, text in enumerate(texts)]) == year


@pytest.mark.parametrize(
    ("places", "province"),
    [
        (["Kabupaten Banjar", "Tapin"], "63"), (["Kalimantan Selatan", "INDONESIA"], "63"), (["INDONESIA"], ""),
        (["Kabupaten Banjar", "Kota Bogor"], ""), ([], ""),
    ],
)  # fmt: skip
def test_the_province_that_titles_name(places, province):
    assert titled_province(places) == province
