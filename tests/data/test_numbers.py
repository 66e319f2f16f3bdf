"""Numbers as they are typed: the golden table files/numbers.csv, column by column, and properties."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.data.numbers import MISSING, parse_numbers, read_number

TABLE = pd.read_csv(Path(__file__).parent / "files" / "numbers.csv", dtype=str, keep_default_na=False)
RANGES = {"%": (0, 100, False), "jiwa": (1000, 3e8, True), "ton": (0, 1e8, False)}


def parse(texts, unit="%", column=None):
    low, high, whole = RANGES[unit]
    count = len(texts)
    column = np.zeros(count, dtype=int) if column is None else column
    return parse_numbers(
        np.array(texts, dtype=object),
        column,
        np.full(count, low),
        np.full(count, high),
        np.full(count, whole),
    )


@pytest.mark.parametrize(
    ("text", "low", "high", "whole", "value", "rule", "meant"),
    [
        ("1.000", 2, 1000, False, 1000, "decimal_style", None),  # the ends of the range are in it
        ("1.000", 1, 999, False, 1, "decimal_style", None),
        ("1.500", 0, 2000, True, 1500, "decimal_style", None),  # a count is whole
        ("1.500", 0, 2000, False, None, "ambiguous_number", "1,5 atau 1500"),
        ("1.500", 0, 1, False, None, "ambiguous_number", "1,5 atau 1500"),
        ("1 234,5", 0, 1e6, False, 1234.5, "", None),
        ("1 234.567", 0, 1e9, False, 1234.567, "", None),
        ("1 234 567", 0, 1e9, False, 1234567, "", None),
    ],
)
def test_what_decides_between_point_and_comma_where_no_other_cell_does(
    text, low, high, whole, value, rule, meant
):
    read = parse_numbers(
        np.array([text], object), np.zeros(1, int), *(np.array([end]) for end in (low, high, whole))
    )
    assert read.said[read.said_of[0]].rule == rule and read.suggestion.get(0) == meant
    assert np.isnan(read.value[0]) if value is None else read.value[0] == value


def test_whether_cells_say_something_and_what():
    read = parse(["80", "81%", "82 persen", "83*"])
    assert read.where("unit").tolist() == [False, True, True, False]
    assert read.where("unit", "persen").tolist() == [False, False, True, False]
    assert read.where("status", "provisional").tolist() == [False, False, False, True]


@pytest.mark.parametrize("column", TABLE["column"].unique())
def test_golden_column(column):
    rows = TABLE[TABLE["column"] == column]
    read = parse(rows["text"].tolist(), rows["unit"].iloc[0])
    for place, row in enumerate(rows.itertuples()):
        found = (
            "" if np.isnan(read.value[place]) else float(read.value[place]),
            read.each("rule")[place],
            read.each("status")[place],
        )
        assert found == (float(row.value) if row.value else "", row.rule, row.status), (
            f"{row.text!r}: {row.why}"
        )


def test_columns_of_one_file_decide_for_themselves():
    read = parse(["1.192,25", "45.073", "77.25", "45.073"], "ton", np.array([0, 0, 1, 1]))
    assert read.value.tolist() == [1192.25, 45073, 77.25, 45.073]


def test_ambiguous_number_suggests_both_readings():
    read = parse(["97,88", "1,192.25", "45.073"], "ton")
    assert read.each("rule")[2] == "ambiguous_number" and read.suggestion[2] == "45,073 atau 45073"


def test_marks_keep_their_meaning_in_the_note():
    notes = parse(["12,3a", "12,3b", "12,3r", "~0", "12,3**"]).each("note").tolist()
    assert notes == [
        "galat baku relatif di atas 25%",
        "galat baku relatif di atas 50%",
        "angka revisi",
        "mendekati nol, dapat diabaikan",
        "angka sangat sementara",
    ]


@given(
    st.floats(min_value=0, max_value=100, allow_nan=False).map(lambda value: round(value, 2)),
    st.sampled_from([".", ","]),
    st.sampled_from(["", " ", "\u00a0", "%"]),
)
def test_two_decimals_are_read_whatever_the_sign(value, sign, end):
    text = f"{value:.2f}".replace(".", sign) + end
    assert parse([text]).value[0] == value


@given(st.integers(min_value=1_000, max_value=300_000_000), st.sampled_from([".", ","]))
def test_grouped_counts_are_read_whatever_the_sign(value, sign):
    text = f"{value:,}".replace(",", sign)
    assert parse([text, text], "jiwa").value[0] == value


@given(st.floats(min_value=1000.01, max_value=9e7).map(lambda value: round(value, 2)))
def test_indonesian_and_american_grouping_say_the_same(value):
    american = f"{value:,.2f}"
    indonesian = american.translate(str.maketrans(",.", ".,"))
    assert parse([american], "ton").value[0] == parse([indonesian], "ton").value[0] == value


@given(st.text(max_size=20))
def test_any_text_is_a_number_missing_or_refused(text):
    read = parse([text])
    assert np.isnan(read.value[0]) == (read.each("rule")[0] not in ("", "decimal_style"))


@given(st.sampled_from(sorted(MISSING)), st.sampled_from(["", " ", "\u00a0"]))
def test_missing_words_in_any_case(word, space):
    assert read_number(space + word.upper() + space).kind == "missing"


@pytest.mark.parametrize(
    ("text", "value", "digits"),
    [("5.8E+05", 580_000, 2), ("5,8E+05", 580_000, 2), ("1.193e5", 119_300, 4), ("1E+06", 1_000_000, 1)],
)
def test_a_power_of_ten_is_a_number_that_lost_its_last_digits(text, value, digits):
    read = parse([text, "250000"], "jiwa")
    assert read.value.tolist() == [value, 250_000] and read.each("rule").tolist() == ["rounded", ""]
    assert f"hanya {digits} angka penting" in read.each("note")[0]


@pytest.mark.parametrize("text", ["58E+05", "5.8E", "5.8E+", "E+05", "5.8F+05"])
def test_what_only_looks_like_a_power_of_ten_is_no_number(text):
    assert (
        np.isnan(parse([text], "jiwa").value[0]) or parse([text], "jiwa").each("status")[0] == "provisional"
    )
