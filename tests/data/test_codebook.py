"""The codebook: complete, consistent, and understood the way tables and agencies write it."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.data import codebook
from pkp_analysis.data.codebook import agencies, headline, indicators, roles, to_indicator
from pkp_analysis.errors import UnknownIndicatorError
from pkp_analysis.paths import REFERENCE

BOOK = indicators()


def test_every_row_is_complete_and_plausible():
    assert BOOK.index.is_unique and not (BOOK == "").any().any()
    assert set(BOOK["direction"]) == {"up", "down"}
    assert set(BOOK["role"]) == {"headline", "province", "annex", "context", "support"}
    assert set(BOOK["sector"]) == {"rumah", "air_minum", "air_limbah", "sampah", "pendukung"}
    assert (BOOK["minimum"] < BOOK["maximum"]).all() and (BOOK[["tolerance", "max_change"]] > 0).all().all()
    assert set(BOOK["kind"]) == {"share", "count", "amount"}
    assert set(BOOK["origin"]) == {"survey", "administrative"}
    shares = BOOK["kind"] == "share"
    assert shares.equals(BOOK["unit"].str.startswith("%"))
    assert (BOOK.loc[shares, ["minimum", "maximum"]] == [0, 100]).all().all()
    assert BOOK["lead_agency"].isin(agencies().index).all()


def test_the_main_indicators_stand_in_the_codebook_in_their_order():
    asked = {"sanitasi_layak", "air_minum_layak", "hunian_layak", "penanganan_sampah"}
    assert set(headline()) >= asked
    assert set(headline("survey")) >= asked - {"penanganan_sampah"}
    assert "penanganan_sampah" in headline("administrative")
    assert headline() == [code for code in BOOK.index if code in headline()]
    assert sorted(headline("survey") + headline("administrative")) == sorted(headline())


def test_no_name_stands_for_two_indicators():
    aliases = pd.read_csv(REFERENCE / "indicator_aliases.csv", dtype="str")
    assert aliases["indicator"].isin(BOOK.index).all()
    for column in ("name", "name_en", "short_name", "short_name_en"):
        for code, name in BOOK[column].items():
            assert to_indicator(name) == code
    for row in aliases.itertuples():
        assert to_indicator(row.alias) == row.indicator


def test_roles_name_known_indicators_and_agencies():
    options = roles()
    assert set(options["indicator"]) <= {*BOOK.index, "semua"}
    assert set(options["lead"]) <= set(agencies().index)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sanitasi_layak", "sanitasi_layak"),
        ("SANITASI LAYAK (%)", "sanitasi_layak"),
        (
            "Persentase Rumah Tangga menurut Provinsi dan Memiliki Akses terhadap Sanitasi Layak (Persen)",
            "sanitasi_layak",
        ),
        (
            "Persentase Rumah Tangga menurut Provinsi, Tipe Daerah dan Sumber Air Minum Layak (Persen)",
            "air_minum_layak",
        ),
        ("Akses Air Minum Layak Perkotaan", "air_minum_layak_perkotaan"),
        ("akses air limbah domestik (%)", "air_limbah_domestik"),
        ("Pemenuhan kebutuhan rumah layak huni", "rumah_layak_huni"),
        ("Persentase Rumah Tangga Tanpa Akses Air Bersih (%)", "tanpa_air_bersih"),
        ("Sampah tidak terkelola", "sampah_tidak_terkelola"),
        ("Jumlah Penduduk (Jiwa)", "penduduk_jiwa"),
        ("Jumlah Penduduk Kalimantan Selatan", "penduduk_jiwa"),
        ("Jumlah Penduduk di Kabupaten Banjar", "penduduk_jiwa"),
        ("Jumlah Penduduk Tahun 2023", "penduduk_jiwa"),
        ("Jumlah Penduduk Menurut Kabupaten/Kota di Provinsi Kalimantan Selatan", "penduduk_jiwa"),
        ("Access to improved sanitation", "sanitasi_layak"),
        ("Akses sanitasi layak bersama (%)", "sanitasi_layak_bersama"),
        ("Akses Sanitasi Layak Sendiri", "sanitasi_layak_sendiri"),
        (
            "Persentase Rumah Tangga yang Memiliki Akses terhadap Sanitasi Layak Bersama",
            "sanitasi_layak_bersama",
        ),
        ("Persentase rumah tangga dengan sanitasi belum layak", "sanitasi_belum_layak"),
    ],
)
def test_titles_as_people_write_them(text, code):
    assert to_indicator(text) == code


@pytest.mark.parametrize(
    ("text", "message", "candidates"),
    [
        ("Air Minum Layak dan Sanitasi Layak", "beberapa indikator", {"air_minum_layak", "sanitasi_layak"}),
        ("Rumah tangga yang tidak memiliki akses sanitasi layak", "membalik arti", {"sanitasi_layak"}),
        ("Persentase Penduduk Miskin", "bukan indikator", set()),
        ("Persentase rumah tangga dengan listrik PLN", "bukan indikator", set()),
        ("sanitasi_layk", "Nama terdekat", {"sanitasi_layak"}),
        ("Kalimantan Selatan", "bukan indikator", set()),  # a place alone counts nobody in it
        ("2023", "bukan indikator", set()),
        ("", "bukan indikator", set()),
        (None, "bukan indikator", set()),
    ],
)
def test_what_is_not_one_indicator_is_refused(text, message, candidates):
    with pytest.raises(UnknownIndicatorError, match=message) as caught:
        to_indicator(text)
    assert candidates <= set(caught.value.candidates)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("sanitasi layek", ["sanitasi_layak"]),
        ("Air Minum Layk", ["air_minum_layak"]),
        ("sanitasi layek sekali", []),  # a word more is another thing
        ("layek", []),
    ],
)
def test_letters_wrong_and_words_too_many(text, codes):
    assert codebook.misspelt(text) == codes


def test_a_word_that_many_indicators_share_answers_with_all_of_them():
    with pytest.raises(UnknownIndicatorError) as caught:
        to_indicator("air")
    sharing = [code for code in BOOK.index if "air" in code.split("_")]
    assert caught.value.candidates == sharing and all(code in str(caught.value) for code in sharing)


@given(st.text(max_size=60))
def test_any_text_gives_a_known_code_or_a_clear_error(text):
    try:
        assert to_indicator(text) in BOOK.index
    except UnknownIndicatorError as error:
        assert set(error.candidates) <= set(BOOK.index)


def test_aliases_of_a_row_that_was_taken_out_name_nothing(tmp_path, monkeypatch):
    for name in ("indicators.csv", "indicator_aliases.csv"):
        lines = (REFERENCE / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not (name == "indicators.csv" and line.startswith("hunian_layak,"))]
        (tmp_path / name).write_text("".join(kept), encoding="utf-8")
    monkeypatch.setattr(codebook, "REFERENCE", tmp_path)
    for read_once in (codebook._codebook, codebook._entries, codebook._names):
        monkeypatch.setattr(codebook, read_once.__name__, read_once.__wrapped__)
    with pytest.raises(UnknownIndicatorError):
        codebook.to_indicator("hunian yang layak")
    assert codebook.to_indicator("Sanitasi layak") == "sanitasi_layak"
