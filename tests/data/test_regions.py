"""Names and codes of regions, driven by the tables in tests/names."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.data.regions import candidates, find_region, members, region_name, regions, to_region_code
from pkp_analysis.errors import BadRequestError, UnknownRegionError
from pkp_analysis.paths import REFERENCE

NAMES = Path(__file__).resolve().parents[1] / "names"
REGISTER = regions()
REGENCIES = REGISTER[REGISTER["kind"].isin(["kabupaten", "kota"])]


def rows_of(pattern: str) -> list:
    """Every row of the tables whose file name fits, with an id that says where it is."""
    found = []
    for path in sorted(NAMES.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            found += [
                pytest.param(row, id=f"{path.name}-row-{number}")
                for number, row in enumerate(csv.DictReader(file), start=2)
            ]
    return found


MATCHING, REFUSED = rows_of("match_*.csv"), rows_of("refuse_*.csv")


def test_the_tables_are_large_enough():
    assert len(MATCHING) >= 150
    assert len(REFUSED) >= 40
    assert len(MATCHING) + len(REFUSED) == len(rows_of("*.csv"))


@pytest.mark.parametrize("row", MATCHING)
def test_a_real_spelling_is_understood(row):
    assert (
        to_region_code(row["name"], province=row["province"] or None, level=row["level"] or None)
        == row["region_code"]
    )


@pytest.mark.parametrize("row", REFUSED)
def test_what_is_not_one_region_is_refused_with_candidates(row):
    with pytest.raises(UnknownRegionError) as caught:
        to_region_code(row["name"], province=row["province"] or None, level=row["level"] or None)
    assert caught.value.reason == row["reason"]
    assert set(row["candidates"].split()) <= {code for code, _ in caught.value.candidates}
    told = str(caught.value)
    assert row["name"].strip() in told.replace("\\xa0", " ")
    if row["reason"] != "ambiguous":
        assert all(f"{code} {name}" in told for code, name in caught.value.candidates)
    assert isinstance(caught.value, BadRequestError)


def test_register_holds_38_provinces_and_514_regencies_with_both_codes():
    assert REGISTER["kind"].value_counts().to_dict() == {
        "kabupaten": 416,
        "kota": 98,
        "provinsi": 38,
        "negara": 1,
    }
    coded = REGISTER.drop(index="00")
    assert coded["kemendagri_code"].is_unique
    assert coded["kemendagri_code"].str.fullmatch(r"\d{2}(\.\d{2})?").all()
    assert set(coded["province_code"]) == set(REGISTER.index[REGISTER["kind"] == "provinsi"])
    assert members("63") == [f"63{number:02d}" for number in (*range(1, 12), 71, 72)]


@pytest.mark.parametrize("code", REGENCIES.index)
def test_every_regency_is_found_by_its_names_and_codes(code):
    row = REGENCIES.loc[code]
    assert to_region_code(code) == code
    assert to_region_code(row["kemendagri_code"]) == code
    for name in (row["full_name"], row["full_name"].upper(), row["full_name"].lower()):
        assert to_region_code(name) == code
        assert to_region_code(name, province=row["province_code"]) == code
        assert to_region_code(f"{region_name(row['province_code'])} - {name}") == code


@pytest.mark.parametrize("code", REGENCIES.index)
def test_the_short_name_is_enough_where_it_is_unique_in_the_province(code):
    row = REGENCIES.loc[code]
    same = REGISTER[
        (REGISTER["name"] == row["name"]) & (REGISTER["province_code"] == row["province_code"])
    ].index.tolist()
    if same == [code]:
        assert to_region_code(row["name"], province=row["province_code"]) == code
        assert to_region_code(row["name"].upper(), province=region_name(row["province_code"])) == code
    else:
        with pytest.raises(UnknownRegionError) as caught:
            to_region_code(row["name"], province=row["province_code"])
        assert {found for found, _ in caught.value.candidates} == set(same)


def test_26_short_names_are_both_a_kabupaten_and_a_kota():
    assert REGENCIES.groupby("name")["kind"].nunique().eq(2).sum() == 26


def test_papua_regencies_belong_to_the_province_of_the_column_not_of_the_prefix():
    assert "9401" in members("95")
    assert REGISTER.at["9401", "province_code"] == "95"
    assert to_region_code("Papua Barat") == "91" and REGISTER.at["91", "kemendagri_code"] == "92"


@pytest.mark.parametrize("code", [63, 6303, 1101, np.int64(9471)])
def test_a_whole_number_that_can_only_be_a_code_is_taken(code):
    assert to_region_code(code) == str(code)


@pytest.mark.parametrize("value", [10, 100, 1100, 10_000, 63.1, 63.0, True, None, float("nan"), ["6303"]])
def test_a_code_that_is_no_text_is_refused(value):
    with pytest.raises(UnknownRegionError, match="tanda kutip"):
        to_region_code(value)


def test_unknown_codes_are_refused_by_the_lookups_too():
    with pytest.raises(UnknownRegionError, match="'99'"):
        members("99")
    with pytest.raises(UnknownRegionError, match="'6399'"):
        region_name("6399")


def test_the_register_cannot_be_changed_from_outside():
    mine = regions()
    mine.loc["6303", "name"] = "Bukan Banjar"
    assert region_name("6303", full=True) == "Kabupaten Banjar"


@given(
    code=st.sampled_from(list(REGENCIES.index)),
    spaces=st.lists(st.sampled_from([" ", "  ", "\u00a0", "\n"]), min_size=1, max_size=3),
    upper=st.booleans(),
)
def test_spacing_and_case_never_change_the_region(code, spaces, upper):
    name = "".join(spaces).join(REGENCIES.at[code, "full_name"].split(" ")) + spaces[0]
    assert to_region_code(name.upper() if upper else name) == code


@given(st.text(max_size=40))
def test_any_text_gives_a_code_of_the_register_or_a_clear_error(text):
    candidates(text)
    try:
        assert to_region_code(text, province="63") in REGISTER.index
    except UnknownRegionError as error:
        assert all(code in REGISTER.index for code, _ in error.candidates)


def test_no_alias_stands_for_two_regions_or_repeats_a_name():
    aliases = pd.read_csv(REFERENCE / "region_aliases.csv", dtype="str", keep_default_na=False)
    assert aliases["alias"].is_unique and aliases["region_code"].isin(REGISTER.index).all()
    for row in aliases.itertuples():
        assert to_region_code(row.alias) == row.region_code


@pytest.mark.parametrize(
    ("name", "code"),
    [("Banjar", "6303"), ("Kota Bandung", "3273"), ("Kab. Bandung", "3204"), ("Kota Banjar", "3279")],
)
def test_a_full_name_is_found_from_anywhere_and_a_bare_one_at_home_first(name, code):
    assert find_region(name) == code


def test_a_bare_name_that_fits_two_regions_elsewhere_is_refused_with_both():
    with pytest.raises(UnknownRegionError) as caught:
        find_region("Bandung")
    assert {"3204", "3273"} <= {code for code, _ in caught.value.candidates}


def test_in_a_province_no_two_regions_are_called_the_same():
    for province in REGISTER.index[REGISTER["kind"] == "provinsi"]:
        names = [region_name(code) for code in members(province)]
        assert len(names) == len(set(names)), province
    assert [region_name(code) for code in ("3216", "3275", "6303")] == [
        "Kabupaten Bekasi",
        "Kota Bekasi",
        "Banjar",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kabupaten Tapinn", "6305"),
        ("Kota Banjarbarru", "6372"),
        ("Kabupaten Kotabarru", "6302"),
        ("Kota", "6302"),
        ("Kab. Bandunk", "3204"),
    ],
)
def test_the_nearest_names_are_found_behind_the_kind(name, code):
    with pytest.raises(UnknownRegionError) as told:
        to_region_code(name, province="63")
    assert told.value.candidates[0][0] == code


@pytest.mark.parametrize("number", [99, 9999])
def test_the_last_whole_number_of_two_and_of_four_figures_is_looked_up(number):
    with pytest.raises(UnknownRegionError, match=f"'{number}' bukan kode BPS"):
        to_region_code(number)


@pytest.mark.parametrize("number", [11, 96, 1101, 9471])
def test_the_first_and_last_whole_numbers_that_are_codes(number):
    assert to_region_code(number) == str(number)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kab. H. S. Tengah", "6307"),
        ("H S Utara", "6308"),
        ("H.S. Selatan", "6306"),
        ("HS Tengah", "6307"),
        ("Hulu S. Utara", "6308"),
        ("Kab.H.S.Tengah", "6307"),
        ("T. Bumbu", "6310"),
        ("Kab. T. Laut", "6301"),
        ("Brt. Kuala", "6304"),
    ],
)
def test_a_shortened_name_only_one_regency_of_the_province_can_have(name, code):
    assert to_region_code(name, province="63") == code
    with pytest.raises(UnknownRegionError):
        to_region_code(name)


@pytest.mark.parametrize(
    "name", ["T. T.", "Hulu S.", "H. S.", "Tapin Selatan", "Tanah Bambu", "Kota T. Laut", "TB"]
)
def test_a_name_that_is_no_shortening_of_one_regency_stays_unknown(name):
    with pytest.raises(UnknownRegionError):
        to_region_code(name, province="63")
