"""The map: tiles for South Kalimantan, polygons when asked, a list elsewhere; links and words, never colour
alone.
"""

import json
import re

import pandas as pd
import pytest

from pkp_analysis.charts.tiles import map_key, tile_map
from pkp_analysis.data.regions import members, regions
from pkp_analysis.errors import BadRequestError
from pkp_analysis.words.marks import MARKS

BANUA = pd.DataFrame({"region_code": members("63")})


def judged():
    return BANUA.assign(value=57.71, status=(list(MARKS) * 2)[: len(BANUA)])


def test_thirteen_tiles_with_name_symbol_and_value():
    html = str(tile_map(judged()))
    assert html.count("<rect") == 13
    for row in judged().itertuples():
        assert f'data-region="{row.region_code}"' in html
        assert f"{MARKS[row.status].symbol} 57,71%" in html
        assert f"{MARKS[row.status].word}, 57,71%</title>" in html
    assert "style=" not in html


def test_no_two_tiles_share_a_place():
    html = str(tile_map(BANUA))
    places = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"', html)
    assert len(set(places)) == 13


def test_links_carry_a_name_and_the_region_here_is_marked():
    links = {code: f"{code}.html" for code in BANUA["region_code"]}
    html = str(tile_map(judged(), highlight="6303", links=links, lang="en"))
    assert html.count("<a ") == 13 and 'role="group"' in html
    here = re.search(r'<a href="6303.html"[^>]*>', html)[0]
    assert 'aria-current="page"' in here and 'aria-label="Kabupaten Banjar, ' in here
    assert html.count("aria-current") == 1
    assert 'role="img"' in str(tile_map(judged()))


def test_a_map_that_only_shows_where_names_the_region_and_its_province_below():
    html = str(tile_map(BANUA, highlight="6304", label="Peta"))
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", html)
    assert (
        drawn == ["Barito Kuala", "Kalimantan Selatan"]
        and 'aria-label="Peta: Barito Kuala, Kalimantan Selatan"' in html
    )
    assert "<title>Kabupaten Banjar</title>" in html, "the others are named where the pointer rests"
    assert "Kalimantan Selatan" not in str(tile_map(judged(), highlight="6304")), (
        "a map with figures names its tiles"
    )


def test_a_plan_that_starts_after_the_value_is_not_yet_due():
    frame = BANUA.assign(status="not_yet_due", value=57.71)
    assert "Kabupaten Banjar, belum waktunya dinilai, 57,71%</title>" in str(tile_map(frame))
    assert "Kabupaten Banjar, data belum cukup</title>" in str(
        tile_map(frame.assign(status="insufficient_data", value=None))
    )


def test_text_stays_text():
    html = str(tile_map(BANUA.assign(value='<b onclick="x">'), links={"6301": '"><script>'}))
    assert "<b" not in html.replace("<br", "") and "<script" not in html


def test_a_missing_value_leaves_the_name():
    html = str(tile_map(judged().assign(value=None, status=None)))
    assert "petak-tanpa-status" in html and "%" not in html


def test_a_province_without_layout_gets_a_list_in_the_given_order():
    codes = members("62")[:3]
    frame = pd.DataFrame({"region_code": codes, "status": "on_track", "value": [50.0, 60.0, 70.0]})
    html = str(tile_map(frame, highlight=codes[1], links={codes[0]: "a.html"}))
    assert html.startswith("<ol") and html.count("<li") == 3
    assert html.index(regions().at[codes[0], "name"]) < html.index(regions().at[codes[1], "name"])
    assert "● 60,00%" in html and "<strong>" in html and 'href="a.html"' in html


def square(code, west):
    ring = [[west, -3], [west + 1, -3], [west + 1, -2], [west, -2], [west, -3]]
    islet = [[west + 40, -30], [west + 40.01, -30], [west + 40.01, -30.01], [west + 40, -30]]
    return {
        "type": "Feature",
        "properties": {"kode": regions().at[code, "kemendagri_code"]},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring], [islet]]},
    }


def test_polygons_replace_tiles_and_far_islets_do_not_shrink_them(tmp_path, monkeypatch):
    path = tmp_path / "banua.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [square("6303", 114), square("6304", 115)]})
    )
    monkeypatch.setenv("PKP_GEOJSON", str(path))
    frame = pd.DataFrame({"region_code": ["6303", "6304"], "status": ["on_track", "achieved"]})
    html = str(tile_map(frame, highlight="6304"))
    assert html.count("<path") == 2 and "● Banjar" in html and "style=" not in html
    assert float(re.search(r'viewBox="0 0 360 ([\d.]+)"', html)[1]) < 200


@pytest.mark.parametrize("text", ["{}", "no json", '{"features": []}', None])
def test_an_unusable_geojson_is_an_error_that_names_setting_and_file(tmp_path, monkeypatch, text):
    path = tmp_path / "salah.geojson"
    if text is not None:
        path.write_text(text)
    monkeypatch.setenv("PKP_GEOJSON", str(path))
    with pytest.raises(BadRequestError, match="PKP_GEOJSON=.*salah.geojson"):
        tile_map(BANUA)


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
