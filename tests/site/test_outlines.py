"""The map of outlines: links and words, never colour alone; a file that cannot be used is named."""

import json
import re

import pandas as pd
import pytest

from pkp_analysis.data.regions import members, regions
from pkp_analysis.errors import BadRequestError
from pkp_analysis.site.outlines import map_key, outline_map
from pkp_analysis.words.marks import MARKS, mark_view

CODES = members("63")


def square(code, west):
    ring = [[west, -3], [west + 1, -3], [west + 1, -2], [west, -2], [west, -3]]
    islet = [[west + 40, -30], [west + 40.01, -30], [west + 40.01, -30.01], [west + 40, -30]]
    return {
        "type": "Feature",
        "properties": {"kode": regions().at[code, "kemendagri_code"]},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring], [islet]]},
    }


@pytest.fixture
def outlines(tmp_path, monkeypatch):
    path = tmp_path / "banua.geojson"
    features = [square(code, 110 + place) for place, code in enumerate(CODES)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    monkeypatch.setenv("PKP_GEOJSON", str(path))


def drawn(frame, links=(), **options):
    return str(outline_map(frame, **{"label": "Peta", "links": dict(links), "lang": "id"} | options))


def judged(**changes):
    values = {"region_code": CODES, "value": 57.71, "status": (list(MARKS) * 2)[: len(CODES)]}
    return pd.DataFrame(values | changes)


@pytest.mark.usefixtures("outlines")
def test_a_region_says_its_name_mark_word_and_value():
    html = drawn(judged())
    assert html.count("<path") == len(CODES) and "style=" not in html and 'role="img"' in html
    for row in judged().itertuples():
        name, mark = regions().loc[row.region_code], MARKS[row.status]
        assert f"<title>{name['full_name']}, {mark_view(mark, 'id')['word']}, 57,71%</title>" in html
        assert f">{mark.symbol} {name['clear_name']}<" in html
    bare = drawn(judged(value=None, status=None))
    assert "%" not in bare and f">{regions().at[CODES[0], 'clear_name']}<" in bare


@pytest.mark.usefixtures("outlines")
def test_links_carry_a_name():
    links = {code: f"{code}.html" for code in CODES} | {"6301": '"><script>'}
    html = drawn(judged(), links, lang="en")
    assert html.count("<a ") == len(CODES) and 'role="group"' in html and "<script" not in html
    assert '<a href="6303.html" aria-label="Kabupaten Banjar, ' in html


@pytest.mark.usefixtures("outlines")
def test_a_map_that_only_shows_where_names_the_region_and_its_province_below():
    html = drawn(pd.DataFrame({"region_code": CODES}), highlight="6304")
    assert re.findall(r"<text[^>]*>([^<]*)</text>", html) == ["Barito Kuala", "Kalimantan Selatan"]
    assert 'aria-label="Peta: Barito Kuala, Kalimantan Selatan"' in html
    assert "<title>Kabupaten Banjar</title>" in html, "the others are named where the pointer rests"
    assert html.count('stroke-width="2.5"/>') == html.count('fill="#00507D"') == 1


@pytest.mark.usefixtures("outlines")
def test_far_islets_do_not_shrink_the_map():
    html = drawn(judged()[judged()["region_code"].isin(["6303", "6304"])])
    assert float(re.search(r'viewBox="0 0 360 ([\d.]+)"', html)[1]) < 200


@pytest.mark.parametrize("text", ["{}", "no json", '{"features": []}', None])
def test_an_unusable_geojson_is_an_error_that_names_setting_and_file(tmp_path, monkeypatch, text):
    path = tmp_path / "salah.geojson"
    if text is not None:
        path.write_text(text)
    monkeypatch.setenv("PKP_GEOJSON", str(path))
    with pytest.raises(BadRequestError, match="PKP_GEOJSON=.*salah.geojson"):
        drawn(judged())


def test_another_map_file_is_another_page(tmp_path, monkeypatch):
    monkeypatch.delenv("PKP_GEOJSON", raising=False)
    file = tmp_path / "batas.geojson"
    file.write_text("{}")
    keys = [map_key()]
    monkeypatch.setenv("PKP_GEOJSON", str(file))
    keys.append(map_key())
    file.write_text('{"features": []}')
    keys.append(map_key())
    assert keys[0] == "" and len(set(keys)) == 3
