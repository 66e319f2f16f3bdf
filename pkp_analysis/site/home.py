"""The first page of the site: map, table of all regions and indicators, search, what changed, downloads."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..analysis.status import UNJUDGED
from ..data import codebook
from ..data.codebook import indicators
from ..data.regions import region_name, regions
from ..html import as_written
from ..paths import REFERENCE
from ..words.catalogue import words
from ..words.marks import MARKS, mark_of, mark_view
from ..words.narrative import gap_of, is_near_universal, measure, target_decimals, year
from ..words.numbers import date_words, number
from ..words.wording import name_of
from . import changes, frame
from .download_links import download_lists
from .frame import in_language, relative
from .maps import is_good, map_style, near_word, page_links, status_maps

STATUS_ORDER = {status: place for place, status in enumerate(MARKS)}


@dataclass(frozen=True)
class Failed:
    """A report whose page only says that it could not be made."""

    title: str
    page: str
    lang: str
    notebook: str
    cell: int | None
    text: str

    @property
    def place(self) -> str:
        """ "sel 7 dari 02_laporan_wilayah.ipynb", or that no cell ran."""
        word = words(self.lang)
        return (
            word["failed_cell"].format(cell=self.cell, notebook=self.notebook)
            if self.cell
            else word["failed_start"]
        )


@dataclass(frozen=True)
class Site:
    """Everything the first page and the other pages of the site's own are made from."""

    dataset: object
    models: dict
    assessment: pd.DataFrame  # of every region of the site's provinces
    context: object  # site.Context
    report_year: int
    failures: tuple[Failed, ...] = ()  # reports that could not be made, in this run or an earlier one
    before: tuple | None = None  # (data version, figures) of the previous different data set
    sizes: dict[str, int] = field(default_factory=dict)  # place below unduhan/ -> bytes
    pdfs: dict[str, int] = field(default_factory=dict)  # page with a right PDF -> bytes of that PDF

    @property
    def regions(self) -> list[str]:
        """Codes of the regions that have a page, province first."""
        return [code for kind, code, _ in self.context.report_pages if kind == "region"]

    @property
    def provinces(self) -> list[str]:
        return list(dict.fromkeys(regions()["province_code"][self.assessment["region_code"].unique()]))


def index_html(site: Site, lang: str) -> str:
    """The first page in a language."""
    word, page = words(lang), in_language("index.html", lang)
    maps = status_maps(site, lang, page) if len(site.provinces) == 1 else []
    name = region_name(site.provinces[0]) if len(site.provinces) == 1 else ""
    return frame.render(
        "home.html.j2",
        lang=lang,
        page=page,
        kind="halaman-beranda",
        title=word["home_title"].format(province=name) if name else word["home_title_many"],
        data_version=site.context.data_version,
        data_until=date_words(site.context.data_until, lang),
        tools=frame.language_switch(page, lang, site.context.pages),
        extra_style=map_style(maps),
        facts=[
            (word["home_facts_regions"], str(len(site.regions))),
            (word["home_facts_year"], str(site.report_year)),
            (word["home_facts_until"], date_words(site.context.data_until, lang)),
            (word["data_version"], site.context.data_version),
        ],
        failures=[
            {
                "address": relative(page, failed.page),
                "title": failed.title,
                "place": failed.place,
                "text": failed.text,
            }
            for failed in site.failures
            if failed.lang == lang
        ],
        maps=maps,
        map_indicators=[
            (code, short_name(code, lang)) for code in dict.fromkeys(entry["indicator"] for entry in maps)
        ],
        map_years=sorted({entry["year"] for entry in maps}),
        pages=page_list(site, lang, page),
        **status_table(site, lang, page),
        changes=change_section(site, lang),
        freshness=freshness(site, lang),
        marks=[(mark_view(mark, lang), word[f"mark_{key}"]) for key, mark in MARKS.items()],
        **download_lists(site, lang, page),
    )


def short_name(indicator: str, lang: str) -> str:
    return name_of(indicators(), indicator, lang)


def shown(value: float, indicator: str, lang: str) -> str:
    if pd.isna(value):
        return "–"
    about = indicators().loc[indicator]
    return measure(value, about["unit"], int(about["decimals"]), lang)


# Table and search


def headline(site: Site) -> pd.DataFrame:
    rows = site.assessment
    return rows[rows["is_headline"] & rows["indicator"].isin(codebook.headline())].set_index(
        ["region_code", "indicator"]
    )


def status_table(site: Site, lang: str, page: str) -> dict:
    """Columns and rows of the table region x indicator, against the governing plan of each indicator."""
    rows, links = headline(site), page_links(site, lang, page)
    columns = []
    for indicator in codebook.headline():
        plans = rows[rows.index.get_level_values("indicator") == indicator]
        plans = plans[plans.index.get_level_values("region_code").str.len() == 4]["framework"].unique()
        columns.append({"name": short_name(indicator, lang), "plan": ", ".join(plans)})
    codes = sorted(site.assessment["region_code"].unique())
    return {
        "columns": columns,
        "rows": [
            {
                "name": region_name(code, full=True),
                "address": links.get(code, ""),
                "cells": [table_cell(rows, code, indicator, lang) for indicator in codebook.headline()],
            }
            for code in codes
        ],
    }


def table_cell(rows: pd.DataFrame, code: str, indicator: str, lang: str) -> dict:
    """Status, value and signed gap (value against target) of one region and indicator, as text and as what is
    sorted by.
    """
    empty = {
        "status": None,
        "note": "",
        "order": "",
        "value": "–",
        "year": "",
        "sort_value": "",
        "gap": "–",
        "sort_gap": "",
    }
    if (code, indicator) not in rows.index:
        return empty
    row = rows.loc[(code, indicator)]
    view = empty | {"status": mark_view(mark_of(row), lang), "order": STATUS_ORDER.get(row["status"], "")}
    if pd.isna(row["value"]):
        return view
    if row["near_target"] and row["status"] not in UNJUDGED:
        view["note"] = near_word(row, lang)
    view |= {
        "value": shown(row["value"], indicator, lang),
        "year": year(row["value_year"]),
        "sort_value": row["value"],
    }
    if row["status"] in UNJUDGED and row["n_points"] < 2:
        return view  # one value cannot be judged, here as on the region's page
    decimals = int(indicators().at[indicator, "decimals"])
    gap = -gap_of(row, decimals)
    if gap < 0 and is_near_universal(row):
        view["note"] = words(lang)["near_universal"]  # says why a value below its target counts as reached
    return view | {"gap": ("+" if gap > 0 else "") + number(gap, decimals, lang), "sort_gap": gap}


def page_list(site: Site, lang: str, page: str) -> list[dict]:
    """Every report with what a search may find it by; then indicators, data and methods."""
    word, rows, found = words(lang), headline(site), []
    aliases = (
        pd.read_csv(REFERENCE / "region_aliases.csv", dtype="str", keep_default_na=False)
        .groupby("region_code")["alias"]
        .agg(" ".join)
    )
    for kind, code, report in site.context.report_pages:
        place = in_language(report, lang)
        if not is_good(site, place):
            continue
        entry = {"address": relative(page, place), "statuses": [], "brief": ""}
        if kind == "region":
            about = regions().loc[code]
            statuses = [
                (short_name(name, lang), mark_view(mark_of(rows.loc[(code, name)]), lang))
                for name in codebook.headline()
                if (code, name) in rows.index
            ]
            stem = Path(report).stem
            entry |= {
                "title": about["full_name"],
                "kind": f"{word['pages_regions']} {code}",
                "brief": relative(page, in_language(f"ringkas/{stem}.html", lang)),
                "keywords": f"{about['kemendagri_code']} {aliases.get(code, '')}",
                "statuses": [(name, status) for name, status in statuses if status],
            }
        else:
            about = indicators().loc[code]
            entry |= {
                "title": about["name" if lang == "id" else "name_en"],
                "kind": word["pages_indicators"],
                "keywords": f"{code} {about['concept']} {about['short_name']}",
            }
        found.append(entry)
    for title, place in site.context.other_pages:
        if is_good(site, in_language(place, lang)) and (place.endswith(".en.html")) == (lang == "en"):
            found.append(
                {
                    "address": relative(page, place),
                    "title": title,
                    "kind": word["pages_other"],
                    "keywords": "",
                    "statuses": [],
                    "brief": "",
                }
            )
    for province in site.provinces:
        place = in_language(f"agenda-{province}.html", lang)
        found.append(
            {
                "address": relative(page, place),
                "title": word["agenda_title"].format(province=region_name(province)),
                "kind": word["pages_meeting"],
                "keywords": "rapat meeting",
                "statuses": [],
                "brief": "",
            }
        )
    return found


# What changed, how recent


def change_section(site: Site, lang: str) -> dict:
    """The text and the rows of what changed since the previous different data set."""
    word, now = words(lang), site.context.data_version
    if site.before is None:
        return {"text": word["changes_first"].format(now=now), "rows": []}
    version, figures = site.before
    found = changes.compare(figures, changes.snapshot(site.assessment))
    if found.empty:
        return {"text": word["changes_none"].format(before=version, now=now), "rows": []}
    rows = [
        {
            "region": region_name(row["region_code"], full=True),
            "indicator": short_name(row["indicator"], lang),
            "kinds": ", ".join(word[f"kind_{kind}"] for kind in row["kinds"]),
            "sides": [change_side(row, side, lang) for side in ("before", "now")],
        }
        for _, row in found.iterrows()
    ]
    return {"text": word["changes_intro"].format(before=version, now=now), "rows": rows}


def change_side(row: pd.Series, side: str, lang: str) -> dict:
    """Value, plan and status of one side of a change."""
    value = shown(row[f"value_{side}"], row["indicator"], lang)
    text = words(lang)["no_value"] if value == "–" else f"{value} ({year(row[f'value_year_{side}'])})"
    if pd.notna(row[f"target_{side}"]):
        about = indicators().loc[row["indicator"]]
        target = row[f"target_{side}"]
        target = measure(target, about["unit"], target_decimals(target, int(about["decimals"])), lang)
        text += f"; {target} ({row[f'framework_{side}']}, {year(row[f'target_year_{side}'])})"
    return {"text": text, "status": mark_view(MARKS.get(row[f"status_{side}"]), lang)}


def freshness(site: Site, lang: str) -> list[tuple]:
    """For each headline indicator: last year of the provinces and of the regencies, who published it and
    when.
    """
    rows = site.dataset.observations
    rows = rows[rows["is_governing"] & rows["region_code"].isin(site.assessment["region_code"].unique())]
    sources = site.dataset.sources.drop_duplicates("source_id").set_index("source_id")
    found = []
    for indicator in codebook.headline():
        known = rows[rows["indicator"] == indicator]
        newest, used = [], []
        for length in (2, 4):
            level = known[known["region_code"].str.len() == length]
            level = level[level["year"] == level["year"].max()]
            newest.append(
                words(lang)["fresh_years"].format(
                    year=year(level["year"].max()), count=level["region_code"].nunique()
                )
                if len(level)
                else "–"
            )
            used += list(level["source_id"].unique())
        about = sources.loc[sources.index.intersection(used)]
        dates = [date_words(date, lang) for date in about["published"].unique() if date]
        found.append(
            (
                short_name(indicator, lang),
                *newest,
                as_written("; ".join(about["publisher"].unique()) or "–", lang),
                "; ".join(dates) or "–",
            )
        )
    return found
