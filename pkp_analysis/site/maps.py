"""The status maps of the first page: one per headline indicator and target year, of which a reader chooses
one.
"""

import pandas as pd

from ..analysis.attainment import is_universal
from ..analysis.status import UNJUDGED
from ..charts.tiles import tile_map
from ..data import codebook
from ..data.codebook import indicators
from ..data.regions import region_name
from ..words.catalogue import capital, load_sentences, words
from ..words.marks import MARKS, mark_of, mark_view
from ..words.narrative import measure, target_decimals, year
from ..words.wording import name_of, share_of
from .frame import in_language, relative


def status_maps(site, lang: str, page: str) -> list[dict]:
    """A map per headline indicator and target year from the report year on, whether there is a target or not."""
    rows = site.assessment
    rows = rows[
        rows["governs"]
        & rows["role"].isin(["own", "reference"])
        & (rows["region_code"].str.len() == 4)
        & (rows["target_year"] >= site.report_year)
    ]
    years = sorted(rows.loc[rows["indicator"].isin(codebook.headline()), "target_year"].unique())
    return [
        status_map(
            site,
            rows[(rows["indicator"] == indicator) & (rows["target_year"] == year)],
            indicator,
            int(year),
            lang,
            page,
        )
        for indicator in codebook.headline()
        for year in years
    ]


def status_map(site, rows: pd.DataFrame, indicator: str, target_year: int, lang: str, page: str) -> dict:
    """One map: its sentences, its drawing, and the regions of each mark by name with how many of them are
    near the target.
    """
    title = f"{name_of(indicators(), indicator, lang)}, {target_year}"
    view = {"indicator": indicator, "year": target_year, "title": title, "drawing": "", "groups": []}
    if rows.empty:
        return view | {"text": words(lang)["map_no_target"]}
    rows = rows.sort_values(["region_code", "role"]).drop_duplicates(
        "region_code"
    )  # an own target goes before a reference
    rows = rows.assign(mark=[mark_of(row) for _, row in rows.iterrows()])
    text = " ".join(map_sentences(rows, indicator, lang))
    groups = [
        (mark_view(mark, lang), [region_name(code) for code in same["region_code"]], near_words(same, lang))
        for mark in MARKS.values()
        if len(same := rows[[found == mark for found in rows["mark"]]])
    ]
    shown = rows[["region_code", "status", "value"]]
    drawing = tile_map(shown, links=page_links(site, lang, page), lang=lang, label=f"{title}: {text}")
    return view | {"text": text, "groups": groups, "drawing": drawing}


def map_sentences(rows: pd.DataFrame, indicator: str, lang: str) -> list[str]:
    """What the map shows, what counts as reached where everybody is meant, and how recent the values are."""
    word, about, first = words(lang), indicators().loc[indicator], rows.iloc[0]
    plan = {
        "yardstick": word["reference" if first["role"] == "reference" else "target"],
        "plan": first["framework"],
        "target": measure(
            first["target"], about["unit"], target_decimals(first["target"], int(about["decimals"])), lang
        ),
    }
    known = rows[rows["value"].notna()]
    judged = known[~known["status"].isin(UNJUDGED)]
    if judged.empty:
        key = "map_not_due" if len(known) and (known["status"] == "not_yet_due").all() else "map_no_value"
        found = [word[key].format(**plan)]
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
    """ "4 di antaranya di sekitar acuan" for the rows of one mark; "" when none is, or when there is nothing
    to be near to yet.
    """
    near = int((rows["near_target"] & ~rows["status"].isin(UNJUDGED)).sum())
    key = "map_near_all" if near == len(rows) else "map_near"
    return words(lang)[key].format(count=near, near=near_word(rows.iloc[0], lang)) if near else ""


def near_word(row: pd.Series, lang: str) -> str:
    return words(lang)["near_target" if row["role"] == "own" else "near"]


def page_links(site, lang: str, page: str) -> dict[str, str]:
    """region_code -> address of its report as seen from `page`."""
    return {
        code: relative(page, in_language(report, lang))
        for kind, code, report in site.context.report_pages
        if kind == "region" and is_good(site, in_language(report, lang))
    }


def is_good(site, page: str) -> bool:
    """Whether the page is there or planned, and is not the page of a failure."""
    return page in site.context.pages and page not in {failed.page for failed in site.failures}


def map_style(maps: list[dict]) -> str:
    """Rules that show the chosen map; a browser that does not know :has() shows them all."""
    if not maps:
        return ""
    chosen = ",".join(
        f"main:has(#pilih-{entry['indicator']}:checked):has(#pilih-{entry['year']}:checked)"
        f" .peta-{entry['indicator']}.peta-{entry['year']}"
        for entry in maps
    )
    return f"@supports selector(:has(*)){{.peta-satu{{display:none}}{chosen}{{display:block}}}}"
