"""The maps of the first page: one per main indicator and target year that has values, of which a reader chooses
one; its address holds the choice.
"""

import os

import pandas as pd

from ..analysis.assessment import latest_series
from ..analysis.attainment import is_universal
from ..analysis.status import UNJUDGED
from ..data import codebook
from ..data.codebook import indicators
from ..data.regions import region_name, regions
from ..words.catalogue import capital, load_sentences, words
from ..words.marks import MARKS, mark_of, mark_view
from ..words.wording import amount, count_word, judged, name_of, qualifier, share_of, unjudged_words, year
from .frame import in_language, relative
from .outlines import GEOJSON, outline_map

SHADES = 5
STEPS = (1, 2, 5, 10, 15, 20)  # percentage points that a shade may hold


def status_maps(site, lang: str, page: str) -> list[dict]:
    """A map per main indicator and target year, from the report year on, whose regencies have values."""
    rows = site.assessment
    rows = rows[
        rows["governs"]
        & rows["role"].isin(["own", "reference"])
        & (rows["region_code"].str.len() == 4)
        & (rows["target_year"] >= site.report_year)
        & rows["indicator"].isin(codebook.headline())
    ]
    years = sorted(rows["target_year"].unique())
    pairs = [(code, target_year) for code in codebook.headline() for target_year in years]
    chosen = [(code, y, rows[(rows["indicator"] == code) & (rows["target_year"] == y)]) for code, y in pairs]
    free = without_target(site)
    free = free[free["region_code"].str.len() == 4]
    chosen += [(code, site.report_year, some) for code, some in free.groupby("indicator", sort=False)]
    return [
        status_map(site, some, code, int(y), lang, page)
        for code, y, some in chosen
        if some["value"].notna().any()
        and not some.loc[some["value"].notna(), "status"].eq("not_yet_due").all()
    ]


def without_target(site) -> pd.DataFrame:
    """The last value of each region for the main indicators no plan sets a target for: rows of the assessment."""
    known = site.assessment
    codes = [code for code in codebook.headline() if code not in set(site.dataset.targets["indicator"])]
    rows = site.dataset.observations
    rows = rows[rows["indicator"].isin(codes) & rows["region_code"].isin(known["region_code"].unique())]
    rows = latest_series(rows, site.report_year).drop_duplicates(["region_code", "indicator"], keep="last")
    rows = rows[["region_code", "indicator", "value", "unit"]].assign(value_year=rows["year"], n_points=1)
    flags = dict.fromkeys(("governs", "is_headline"), True) | {"near_target": False, "framework": ""}
    direction = rows["indicator"].map(indicators()["direction"])
    return rows.assign(direction=direction, **flags).reindex(columns=known.columns)


def status_map(site, rows: pd.DataFrame, indicator: str, target_year: int, lang: str, page: str) -> dict:
    """One map: its sentences, its tiles from the highest value to none, how many regions bear each mark."""
    rows = rows.sort_values(["region_code", "role"]).drop_duplicates("region_code")  # own before reference
    rows = rows.sort_values("value", ascending=False, kind="stable")
    said = load_sentences(lang)
    rows = rows.assign(near=[qualifier(row, said) for _, row in rows.iterrows()])
    title, ends = map_title(rows, indicator, target_year, lang), shade_ends(rows)
    text = " ".join(map_sentences(rows, indicator, lang))
    links, marks = page_links(site, lang, page), [mark_of(row) for _, row in rows.iterrows()]
    counted = [(mark, rows[[found == mark for found in marks]]) for mark in dict.fromkeys(MARKS.values())]
    drawing = ""
    if os.environ.get(GEOJSON):
        shown = rows[["region_code", "status", "value"]]
        drawing = outline_map(shown, f"{title}: {text}", links, lang)
    return {
        "key": f"peta-{indicator}-{target_year}",
        "title": title,
        "text": text,
        "drawing": drawing,
        "tiles": [tile(row, links, ends, lang) for _, row in rows.iterrows()],
        "placed": regions().loc[rows["region_code"], "tile_column"].notna().all(),
        "counts": [
            (mark_view(mark, lang), len(some), near_words(some, lang)) for mark, some in counted if len(some)
        ],
        "steps": shade_words(ends),
        "short": short_words(rows, lang),
        "striped": said.join([each for each in rows["near"].unique() if each]),
    }


def map_title(rows: pd.DataFrame, indicator: str, target_year: int, lang: str) -> str:
    """ "Penanganan sampah 2024, acuan 2025": the year of the values and that of the target."""
    values = {"indicator": name_of(indicator, lang), "year": year(rows["value_year"].max())}
    if rows["target"].isna().all():
        return words(lang)["map_title_free"].format(**values)
    is_reference = (rows["role"] == "reference").all()
    yardstick = load_sentences(lang).label("reference" if is_reference else "target_word")
    return words(lang)["map_title"].format(yardstick=yardstick, target_year=target_year, **values)


def shade_ends(rows: pd.DataFrame) -> list[int]:
    """Where the shades of an indicator begin, in percent, round and fitted to its own values; none for other units."""
    known = rows["value"].dropna()
    if not rows["unit"].iloc[0].startswith("%") or known.empty:
        return []
    wide = (known.max() - known.min()) / SHADES
    step = next((step for step in STEPS if step >= wide), STEPS[-1])
    first = int(known.min() // step + 1) * step
    return [first + step * place for place in range(SHADES - 1) if first + step * place < 100]


def short_words(rows: pd.DataFrame, lang: str) -> str:
    """How many have a distance to the target but no status; "" for none."""
    count = int((rows["status"].isna() & (rows["gap"] > 0)).sum())
    return words(lang)["map_short"].format(count=count) if count else ""


def tile(row: pd.Series, links: dict[str, str], ends: list[int], lang: str) -> dict:
    """What a tile shows: name, value, mark or distance to the target, shade by value (0 without one), its place."""
    place = regions().loc[row["region_code"]]
    known = pd.notna(row["value"])
    return {
        "code": row["region_code"],
        "name": region_name(row["region_code"]),
        "address": links.get(row["region_code"], ""),
        "value": amount(row["indicator"], row["value"], lang),
        "status": judged(row, lang),
        "near": row["near"],
        "unjudged": unjudged_words(row, lang) if pd.notna(row["gap"]) and mark_of(row) is None else "",
        "shade": 1 + sum(row["value"] >= end for end in ends) if known and ends else 0,
        "column": "" if pd.isna(place["tile_column"]) else int(place["tile_column"]),
        "row": "" if pd.isna(place["tile_row"]) else int(place["tile_row"]),
    }


def shade_words(ends: list[int]) -> list[tuple[int, str]]:
    """(shade, range of values) for the legend."""
    if not ends:
        return []
    ranges = [f"< {ends[0]}%", *(f"{low}–{high}%" for low, high in zip(ends, ends[1:])), f"≥ {ends[-1]}%"]
    return list(enumerate(ranges, start=1))


def map_sentences(rows: pd.DataFrame, indicator: str, lang: str) -> list[str]:
    """What the map shows, what counts as reached where everybody is meant, and how recent the values are."""
    word, about, first = words(lang), indicators().loc[indicator], rows.iloc[0]
    if pd.isna(first["target"]):
        dated = word["map_first"].format(year=year(rows["value_year"].max()))
        return [word["map_values"], dated]
    plan = {
        "yardstick": load_sentences(lang).label(
            "national_reference" if first["role"] == "reference" else "target_word"
        ),
        "plan": first["framework"],
        "target": amount(indicator, first["target"], lang),
    }
    known = rows[rows["value"].notna()]
    judged = known[known["status"].notna() & ~known["status"].isin(UNJUDGED)]
    if known["unjudged"].notna().any():
        found = [word["map_reported"].format(**plan)]
    elif judged.empty:
        found = [word["map_no_value"].format(**plan)]
    elif judged["passed"].all():
        met = int((judged["status"] == "achieved").sum())
        found = [
            word["map_met"].format(
                share=share_of(met, len(judged), word["map_members"], load_sentences(lang)), **plan
            )
        ]
    else:
        found = [word["map_open"].format(**plan)]
    if len(judged) and first["direction"] == "up" and is_universal(first["target"], "up", about["unit"]):
        found.append(word["map_universal"])
    if len(known):
        found.append(word["map_first"].format(year=year(known["value_year"].max())))
    return [capital(text) for text in found]


def near_words(rows: pd.DataFrame, lang: str) -> str:
    """ "(empat di antaranya di sekitar acuan)": how many rows of one mark its word says too much of; "" for none."""
    near = rows.loc[rows["near"] != "", "near"]
    if near.empty:
        return ""
    key = "map_near_all" if len(near) == len(rows) else "map_near"
    sentences = load_sentences(lang)
    count, listed = count_word(len(near), sentences), sentences.join(list(near.unique()))
    return words(lang)[key].format(count=count, near=listed)


def page_links(site, lang: str, page: str) -> dict[str, str]:
    """region_code -> address of its report as seen from `page`."""
    return {
        code: relative(page, in_language(report, lang))
        for code, report in site.context.of("region").items()
        if is_good(site, in_language(report, lang))
    }


def is_good(site, page: str) -> bool:
    """Whether the page is there or planned, and is not the page of a failure."""
    return page in site.context.pages and page not in {entry["page"] for entry in site.failures}
