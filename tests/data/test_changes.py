"""What new figures change, told to whoever sent them; made-up figures."""

import pandas as pd
import pytest

from pkp_analysis.data.exchange.changes import what_changed
from pkp_analysis.data.reconcile import KEY
from pkp_analysis.data.regions import members

from .tables import observations

SAN = "sanitasi_layak"
REGENCIES = members("63")


def some(count, year=2024, value=70.0):
    return [(code, SAN, year, value) for code in REGENCIES[:count]]


@pytest.mark.parametrize(
    "count, told",
    [(1, "baru ada untuk 1 dari 13"), (12, "baru ada untuk 12 dari 13"), (13, "lengkap untuk 13")],
)
def test_new_figures_and_how_many_regencies_have_them(count, told):
    sentences, _ = what_changed(observations(*some(13, 2023)), observations(*some(13, 2023), *some(count)))
    assert sentences == [f"Tahun 2024 {told} kabupaten/kota Kalimantan Selatan: Sanitasi layak."]


def test_nothing_new_is_told_as_nothing():
    frame = observations(*some(13))
    assert what_changed(frame, frame) == ([], "index.html")


@pytest.mark.parametrize(
    "count, rest", [(1, ""), (5, ""), (6, "Dan 1 angka lain berubah."), (8, "Dan 3 angka lain berubah.")]
)
def test_changed_figures(count, rest):
    after = observations(*some(count, value=71.25), *some(13)[count:])
    sentences, page = what_changed(observations(*some(13)), after)
    assert sentences[0] == "Sanitasi layak Tanah Laut 2024: 70 menjadi 71,25."
    assert sentences[min(count, 5) :] == ([rest] if rest else [])
    assert page == ("wilayah/6301-tanah-laut.html" if count == 1 else "index.html")


def test_the_page_of_one_regency_though_its_province_changed_too():
    before = [*some(1), ("63", SAN, 2024, 70)]
    after = [*some(1, value=72), ("63", SAN, 2024, 72)]
    assert what_changed(observations(*before), observations(*after))[1] == "wilayah/6301-tanah-laut.html"
    assert what_changed(observations(*before), observations(*before[:1], after[1]))[1].startswith(
        "wilayah/63-"
    )


def test_only_what_was_sent_is_told():
    sent = pd.DataFrame([("6301", SAN, 2024)], columns=KEY)
    after = observations(*some(2, value=71))
    assert what_changed(observations(*some(2)), after, sent)[0] == [
        "Sanitasi layak Tanah Laut 2024: 70 menjadi 71."
    ]
    assert len(what_changed(observations(*some(2)), after)[0]) == 2


@pytest.mark.parametrize("years, rest", [(5, 0), (6, 1), (8, 3)])
def test_five_years_are_told_the_last_first(years, rest):
    rows = [row for year in range(years) for row in some(1, 2010 + year)]
    sentences, _ = what_changed(None, observations(*rows))
    assert sentences[0].startswith(f"Tahun {2009 + years} ")
    assert sentences[5:] == ([f"Dan {rest} tahun atau provinsi lain."] if rest else [])


def test_provinces_are_counted_among_provinces():
    sentences, _ = what_changed(None, observations(("63", SAN, 2024, 70), ("64", SAN, 2024, 71)))
    assert sentences == ["Tahun 2024 baru ada untuk 2 dari 38 provinsi: Sanitasi layak."]


@pytest.mark.parametrize("count, rest", [(1, ""), (5, ""), (7, "Dan 2 angka lain di samping yang dipakai.")])
@pytest.mark.parametrize("only", [True, False])
def test_figures_that_replace_nothing_stand_beside(count, rest, only):
    before = observations(*some(13))
    other = observations(*some(count, value=60), source_id="lain", is_governing=False)
    sent = other[KEY].drop_duplicates() if only else None
    sentences, _ = what_changed(before, pd.concat([before, other], ignore_index=True), sent)
    assert sentences[0] == (
        "Sanitasi layak Tanah Laut 2024: 60 berdiri di samping 70 (2024) yang dipakai, tidak menggantikannya."
    )
    assert sentences[min(count, 5) :] == ([rest] if rest else [])
    assert what_changed(pd.concat([before, other]), pd.concat([before, other]))[0] == []
