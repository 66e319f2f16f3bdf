"""What changed since the previous different data set: kinds of change, and what is remembered between runs."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.site import changes

ROW = {
    "region_code": "6303",
    "indicator": "sanitasi_layak",
    "framework": "RPJMN 2020-2024",
    "target_year": 2024.0,
    "target": 90.0,
    "value": 83.18,
    "value_year": 2024.0,
    "status": "below_reference",
}
NOTHING = {"value": float("nan"), "value_year": float("nan"), "status": "insufficient_data"}


def figures(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([ROW | row for row in rows], columns=changes.FIGURES)


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [
        ({}, {}, None),
        ({}, {"value": 83.19}, ("revision",)),
        ({}, {"value": 84.0, "value_year": 2025.0}, ("new_data",)),
        ({}, {"value_year": 2025.0}, ("new_data",)),
        (NOTHING, {}, ("new_data",)),
        ({}, NOTHING, ("withdrawn",)),
        ({}, {"value_year": 2021.0}, ("withdrawn",)),
        ({}, {"target": 95.0}, ("target",)),
        ({}, {"framework": "RPJMD"}, ("target",)),
        ({}, {"target_year": 2029.0}, ("target",)),
        ({}, {"status": "achieved"}, ("method",)),
        ({}, {"value": 91.0, "status": "achieved"}, ("revision",)),
        ({}, {"value": 91.0, "target": 92.0}, ("revision", "target")),
        (NOTHING, NOTHING, None),
    ],
)
def test_kind_of_change(before, now, kinds):
    found = changes.compare(figures(before), figures(now))
    assert found["kinds"].tolist() == ([kinds] if kinds else [])


def test_a_region_only_one_data_set_covers_is_not_a_change():
    assert changes.compare(figures({}), figures({}, {"region_code": "1101"})).empty


def test_an_indicator_that_came_or_went_is_a_change():
    came = changes.compare(figures({}), figures({}, {"indicator": "air_minum_layak"}))
    assert came["kinds"].tolist() == [("new_data", "target")]
    went = changes.compare(figures({}, {"indicator": "air_minum_layak"}), figures({}))
    assert went["kinds"].tolist() == [("withdrawn", "target")]


def test_an_unchanged_rerun_keeps_what_was_before(tmp_path):
    assert changes.remember(tmp_path, "a", figures({})) is None
    assert changes.remember(tmp_path, "a", figures({})) is None
    for _ in range(2):
        version, before = changes.remember(tmp_path, "b", figures({"value": 84.0}))
        assert version == "a"
        pd.testing.assert_frame_equal(before, figures({}), check_dtype=False)
    assert changes.remember(tmp_path, "c", figures({"value": 85.0}))[0] == "b"


def test_the_same_figures_are_kept_as_the_same_bytes(tmp_path):
    """Years are whole numbers in an assessment; read back and written again they must not look different."""
    whole = figures({}).astype({"target_year": "int64"})
    kept = [changes.remember(tmp_path, "a", whole) or (tmp_path / changes.NOW).read_bytes() for _ in range(2)]
    assert kept[0] == kept[1]


def test_going_back_to_earlier_data_is_a_change_too(tmp_path):
    for version in ("a", "b"):
        changes.remember(tmp_path, version, figures({}))
    assert changes.remember(tmp_path, "a", figures({}))[0] == "b"


def test_a_run_of_one_province_keeps_the_other(tmp_path):
    changes.remember(tmp_path, "a", figures({}))
    changes.remember(tmp_path, "a", figures({"region_code": "1101"}))
    changes.remember(tmp_path, "b", figures({}))
    _, before = changes.remember(tmp_path, "b", figures({}))
    assert before["region_code"].tolist() == ["1101", "6303"]


def test_figures_of_another_shape_are_no_figures(tmp_path):
    (tmp_path / changes.NOW).write_text('{"data_version": "x", "columns": ["region_code"], "rows": []}')
    assert changes.remember(tmp_path, "a", figures({})) is None


values = st.one_of(
    st.just(float("nan")), st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 2))
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["6301", "6302", "6303"]), values, st.sampled_from(["achieved", None])),
        unique_by=lambda row: row[0],
        min_size=1,
    )
)
def test_what_is_kept_is_what_was_there(rows):
    """Through the file and back nothing changes, so a data set never differs from itself."""
    import tempfile
    from pathlib import Path

    now = figures(
        *(
            {
                "region_code": code,
                "value": value,
                "value_year": 2024.0 if value == value else float("nan"),
                "status": status,
            }
            for code, value, status in rows
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        path.write_text(changes.text("a", now))
        assert changes.compare(changes.read(path)[1], now).empty
