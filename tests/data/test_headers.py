"""What the cells above one column say: name, year, unit, whether target or realised, whether provisional; made-up
headers in the words of real ones.
"""

import pytest

from pkp_analysis.data.readers.headers import (
    is_publication,
    label_role,
    read_header,
    read_title,
    scaled,
    target_texts,
    unit_of,
    year_of,
)


@pytest.mark.parametrize(
    ("cells", "name", "year"),
    [
        (["Sanitasi Layak", "2023"], "Sanitasi Layak", 2023),
        (["Sanitasi Layak 2023", "2023"], "Sanitasi Layak", 2023),
        (["Sanitasi Layak 2022", "2023"], "Sanitasi Layak", -1),
        (["2021", "2022", "2021"], "", -1),
        (["Sanitasi Layak 2021/2022"], "Sanitasi Layak /", -1),
        (["Sanitasi", "", "Layak", "(2)"], "Sanitasi Layak", None),
        (["Sanitasi", "Sanitasi"], "Sanitasi", None),
        (["Tahun", "Sanitasi Layak"], "Sanitasi Layak", None),
        (["Sanitasi layak_2023"], "Sanitasi layak", 2023),
    ],
)
def test_name_and_year(cells, name, year):
    assert read_header(*cells) == (name, year, "", "", "")


@pytest.mark.parametrize(
    ("cells", "name", "unit"),
    [
        (["Sanitasi Layak (%)"], "Sanitasi Layak", "%"),
        (["Sanitasi Layak [persen]"], "Sanitasi Layak", "%"),
        (["Sanitasi Layak", "Persen"], "Sanitasi Layak", "%"),
        (["%Pengurangan Sampah(B/A)"], "Pengurangan Sampah", "%"),
        (["Sanitasi Layak (buah)"], "Sanitasi Layak", "buah"),  # one nobody knows
        (["Sanitasi Layak (buah) (%)"], "Sanitasi Layak", "%"),
        (["Sanitasi Layak (%) (buah)"], "Sanitasi Layak", "%"),
        (["Sanitasi Layak (KK)", "(%)"], "Sanitasi Layak", "%"),
        (
            ["Jumlah rumah tangga dengan sanitasi layak"],
            "Jumlah rumah tangga dengan sanitasi layak",
            "rumah tangga",
        ),
        (["Jumlah rumah tangga (%)"], "Jumlah rumah tangga", "%"),
        (["Jumlah rumah tangga rata-rata"], "Jumlah rumah tangga rata-rata", ""),
        (["Penduduk (ribu jiwa)"], "Penduduk", "ribu jiwa"),
        (["Jumlah KK"], "Jumlah KK", "KK"),
        (["KK"], "", "KK"),
        (["Air Terjual, m3"], "Air Terjual", "m3"),
        (["Air Terjual meter kubik"], "Air Terjual", "m3"),
        (["Air Terjual, liter"], "Air Terjual", "liter"),
        (["Air Terjual (unit), m3"], "Air Terjual , m3", "unit"),
        (["Timbulan Sampah Harian(ton)"], "Timbulan Sampah Harian", "ton/hari"),
        (["Timbulan Sampah Harian"], "Timbulan Sampah Harian", "ton/hari"),
        (["Sampah per hari (kg)"], "Sampah per hari", "kg/hari"),
        (["Sampah Harian (%)"], "Sampah Harian", "%"),
        (["Timbulan Sampah Tahunan (ton)"], "Timbulan Sampah Tahunan", "ton/tahun"),
        (["Timbulan Sampah Tahunan"], "Timbulan Sampah Tahunan", "ton/tahun"),
        (["Pengurangan Sampah Tahunan (ton)"], "Pengurangan Sampah Tahunan", "ton/tahun"),
        (["Pengurangan Sampah Tahunan"], "Pengurangan Sampah Tahunan", ""),  # may be a share
        (["Air per hari (m3)"], "Air per hari", "m3"),
        (["ton", "Timbulan per hari"], "Timbulan per hari", "ton/hari"),
    ],
)
def test_unit(cells, name, unit):
    assert read_header(*cells) == (name, None, unit, "", "")


@pytest.mark.parametrize(
    ("cells", "measure"),
    [
        (["Target 2023"], "target"),
        (["Realisasi 2023"], "realised"),
        (["Target", "Realisasi 2023"], "target"),
        (["Realisasi", "Target 2023"], "target"),
        (["Capaian 2023"], "achieved"),
        (["Realisasi", "Capaian 2023"], "realised"),
        (["Capaian", "Realisasi 2023"], "achieved"),
        (["Realisasi", "Peringkat 2023"], "attained"),
        (["RSE 2023"], "attained"),
        (["Sanitasi Layak 2023"], ""),
    ],
)
def test_measure(cells, measure):
    assert read_header(*cells)[1:4] == (2023, "", measure)


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        (["2023*"], "provisional"), (["2023**"], "provisional"), (["2023e"], "provisional"), (["2023r"], ""),
        (["2023", "x"], ""), (["Sanitasi 2023*", "2023"], "provisional"),
    ],
)  # fmt: skip
def test_a_mark_behind_the_year(cells, status):
    assert read_header(*cells).status == status


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022", 2022), (" Tahun 2022*) ", 2022), ("2022-01-01", 2022), ("2022-12-31T00:00", 2022), ("CW_2015", 2015),
        ("2021-2022", -1), ("1979", None), ("1980", 1980), ("2049", 2049), ("2050", None), ("12022", None), ("", None),
    ],
)  # fmt: skip
def test_years(text, year):
    assert year_of(text) == year


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("(%)", "%"), ("% rumah tangga", "%"), ("Persen rumah tangga", "%"), ("Persen, 2023", "%"), ("persentase", "%"),
        ("KK", "KK"), (" Ribu  Jiwa. ", "ribu jiwa"), ("entah", ""), ("", ""),
    ],
)  # fmt: skip
def test_units(text, unit):
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("unit", "of_title", "both"),
    [
        ("", "", ""), ("%", "", "%"), ("", "%", "%"), ("KK", "%", "KK"), ("jiwa", "ribu jiwa", "ribu jiwa"),
        ("jiwa", "ribu", "ribu jiwa"), ("%", "ribu", "%"), ("", "ribu", "ribu"), ("KK", "ribu jiwa", "KK"),
        ("ton", "ton/hari", "ton/hari"), ("kg", "ton/hari", "kg"), ("ha", "juta", "juta ha"), ("ha", "satu", "ha"),
    ],
)  # fmt: skip
def test_the_unit_of_a_column_under_that_of_the_title(unit, of_title, both):
    assert scaled(unit, of_title) == both


@pytest.mark.parametrize(
    ("role", "text", "is_target"),
    [
        ("indicator", "Target sanitasi layak", True), ("indicator", "Sanitasi layak", False), ("note", "Target", True),
        ("note", "Target 2023:", True), ("note", "di atas target nasional", False), ("note", "Realisasi", False),
    ],
)  # fmt: skip
def test_a_cell_that_calls_its_row_a_target(role, text, is_target):
    assert (text in target_texts(role, [text])) == is_target


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("Sanitasi Layak 2023", 2023),
        ("Statistik Sanitasi Layak 2023", 2023),  # a publication that names the figures
        ("Statistik Perumahan 2023", None),
        ("Kalimantan Selatan Dalam Angka 2023", None),
        ("Sanitasi Layak, Dalam Angka 2023", None),
    ],
)
def test_the_year_of_a_publication_is_not_that_of_the_figures(title, year):
    assert read_title([title]).year == year and is_publication(title) == (year is None)


@pytest.mark.parametrize(
    ("text", "role"),
    [("Kabupaten/Kota :", "region"), ("nama_kabupaten_kota", "region"), ("bps_kode", "code"), ("No.", "number"),
     ("Kecamatan", "part"), ("Sanitasi Layak", ""), ("", "")],
)  # fmt: skip
def test_columns_that_describe(text, role):
    assert label_role(text) == role
