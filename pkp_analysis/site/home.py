"""The first page of the site: the answer, who needs attention and who moves ahead, map, reports, table, changes."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..analysis.assessment import latest_series
from ..analysis.trend import REPORTED, main_step, reported_course
from ..data import codebook
from ..data.codebook import indicators
from ..data.reconcile import counted_otherwise, leading
from ..data.regions import region_name, regions
from ..html import as_written
from ..paths import OWN
from ..region.facts import RegionData
from ..region.local import open_dumps
from ..words.catalogue import capital, load_sentences, words
from ..words.marks import MARKS, mark_view
from ..words.numbers import date_words, number
from ..words.wording import (
    amount,
    count_word,
    gap_text,
    judged,
    localised,
    name_of,
    noun,
    qualifier,
    subject_of,
    year,
)
from . import changes, figure_files, frame, search
from .download_links import download_lists
from .frame import in_language, relative
from .maps import is_good, near_words, page_links, status_maps, without_target
from .share import card

AHEAD = ("on_track", "needs_acceleration", "small_chance", "moving_away")
BELOW = ("not_achieved", "below_reference")
FURTHEST = 2  # regencies of each indicator that need attention
CHANGES = {  # of surveys: the direction words where upwards is better, where downwards is
    "better": ("rising", "falling"),
    "better_likely": ("likely_rising", "likely_falling"),
    "worse": ("falling", "rising"),
    "worse_likely": ("likely_falling", "likely_rising"),
}
MANAGED = {"penanganan_sampah": "sampah_terkelola"}  # what is handled -> what is handled or reduced


@dataclass(frozen=True)
class Site:
    """Everything the first page and the other pages of the site's own are made from."""

    dataset: object
    models: dict
    assessment: pd.DataFrame  # of every region of the site's provinces
    context: object  # site.Context
    report_year: int
    failures: tuple[dict, ...] = ()  # manifest entries of reports that could not be made, now or earlier
    before: tuple | None = None  # (data version, figures) of the previous different data set
    sizes: dict[str, int] = field(default_factory=dict)  # place of what can be downloaded -> bytes

    @property
    def regions(self) -> list[str]:
        """Codes of the regions that have a page, province first."""
        return list(self.context.of("region"))

    @property
    def provinces(self) -> list[str]:
        return list(dict.fromkeys(regions()["province_code"][self.assessment["region_code"].unique()]))


def index_html(site: Site, lang: str) -> str:
    """The first page in a language. With more than one province it is grouped by province and has no map."""
    word, page, rows = words(lang), in_language("index.html", lang), headline(site)
    alone = site.provinces[0] if len(site.provinces) == 1 else ""
    sentences = answer(rows, alone, lang) if alone else []
    title = word["home_title"].format(province=region_name(alone)) if alone else word["home_title_many"]
    return frame.render(
        "home.html.j2",
        lang=lang,
        page=page,
        kind="halaman-beranda",
        share=figure_files.share_place(page),
        title=title,
        description=" ".join(sentences) or word["home_intro"],
        data_version=site.context.data_version,
        data_until=date_words(site.context.data_until, lang),
        tools=frame.language_switch(page, lang, site.context.pages),
        answer=sentences,
        numbers=numbers(site, rows, alone, lang) if alone else [],
        attention=attention(site, rows, lang, page) if alone else [],
        failures=failures(site, lang, page),
        maps=status_maps(site, lang, page) if alone else [],
        reports=report_groups(site, lang, page),
        unused=search.unused_statuses(site, lang),
        is_grouped=not alone,
        columns=columns(rows, lang),
        apart=otherwise(site, rows, lang) if alone else [],
        rows=table_rows(site, rows, lang, page),
        changes=change_section(site, lang),
        freshness=freshness(site, lang),
        marks=[(mark_view(mark, lang), word[f"mark_{key}"]) for key, mark in MARKS.items()],
        **download_lists(site, lang, page),
    )


def shared(site: Site, lang: str) -> bytes:
    """The picture a link to the first page shows: its answer."""
    word, rows = words(lang), headline(site)
    alone = site.provinces[0] if len(site.provinces) == 1 else ""
    title = word["home_title"].format(province=region_name(alone)) if alone else word["home_title_many"]
    return card(title, " ".join(answer(rows, alone, lang)) if alone else word["home_intro"], word["site"])


def failures(site: Site, lang: str, page: str) -> list[dict]:
    """Those a public page may name: a planner's own notebook is nobody else's concern."""
    found = []
    for entry in site.failures:
        failure = entry["failure"]
        if entry["parameters"].get("lang", "id") == lang and not entry["page"].startswith(OWN):
            place = frame.failed_place(failure["cell"], entry["notebook"], lang)
            text = f"{failure['error']}: {failure['message']}"
            about = {"title": entry["title"], "address": relative(page, entry["page"])}
            found.append(about | {"place": place, "text": text})
    return found


def headline(site: Site) -> pd.DataFrame:
    """The governing row of each region and main indicator, by (region_code, indicator), with newer_value and newer_year
    where something newer is published; where no plan sets a target the last value alone.
    """
    rows = site.assessment
    rows = rows[rows["is_headline"] & rows["indicator"].isin(codebook.headline())]
    free = without_target(site)
    rows = pd.concat([rows, free]) if len(free) else rows
    last = site.assessment.dropna(subset="value").sort_values("value_year")
    last = last.drop_duplicates(["region_code", "indicator"], keep="last").set_index(
        ["region_code", "indicator"]
    )
    rows = rows.set_index(["region_code", "indicator"])
    newer = last[["value", "value_year"]].reindex(rows.index)
    newer = newer[newer["value_year"] > rows["value_year"]].reindex(rows.index)
    return rows.assign(newer_value=newer["value"], newer_year=newer["value_year"])


def rows_of(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rows of one region by indicator, in page order."""
    if code not in rows.index.get_level_values(0):
        return rows.head(0).droplevel(0)
    own = rows.loc[code]
    return own.reindex([name for name in codebook.headline() if name in own.index])


# The answer


def answer(rows: pd.DataFrame, province: str, lang: str) -> list[str]:
    """Where the province stands, where its regencies stand, what cannot be judged; none about nothing."""
    word, said, own = words(lang), load_sentences(lang), rows_of(rows, province)
    found = []
    for target_year, some in own[own["status"].isin(BELOW)].groupby("target_year"):
        items = said.join([stated(row, code, lang) for code, row in some.iterrows()])
        values = {"province": region_name(province), "items": items, "year": year(target_year)}
        found.append(capital(word["home_below"].format(**values, yardstick=yardstick(some, lang))))
    for key, statuses in (("ahead", AHEAD), ("met", ("achieved",))):
        some = own[own["status"].isin(statuses)]
        items = [against(row, code, lang) for code, row in some.iterrows()]
        if items:
            found.append(word[f"home_{key}"].format(items=said.join(items), yardstick=yardstick(some, lang)))
    regencies = rows[rows.index.get_level_values(0).str.len() == 4]
    counted = []
    for code in codebook.headline():
        judged = regencies[regencies.index.get_level_values(1) == code]
        judged = judged[judged["status"].isin(("achieved", *BELOW))]
        if len(judged):
            met = judged[judged["status"] == "achieved"]
            near = near_words(met.assign(near=[qualifier(row, said) for _, row in met.iterrows()]), lang)
            key = "home_share" if counted else "home_share_first"
            counted.append(
                word[key].format(
                    near=f" {near}" if near else "",
                    count=count_word(len(met), said) if len(met) else word["home_none"],
                    total=len(judged),
                    yardstick=yardstick(judged, lang),
                    indicator=noun(code, said),
                )
            )
    if counted:
        found.append(f"{capital(said.join(counted))}.")
    unknown = [noun(code, said) for code in own.index[own["status"] == "insufficient_data"]]
    if unknown:
        found.append(capital(word["home_unknown"].format(items=said.join(unknown))))
    return found


def otherwise(site: Site, rows: pd.DataFrame, lang: str) -> list[str]:
    """Of which year the regencies' figures are where newer ones are counted in another way, and so not compared."""
    found = []
    for code in codebook.headline():
        judged = rows[
            (rows.index.get_level_values(1) == code) & (rows.index.get_level_values(0).str.len() == 4)
        ]
        last = judged["value_year"].max()
        codes = judged.index.get_level_values(0)
        newer = counted_otherwise(site.dataset.observations, code, last, codes)
        if len(newer):
            values = {"indicator": noun(code, load_sentences(lang)), "year": year(last)}
            values["newer"] = year(newer["year"].max())
            found.append(capital(words(lang)["home_otherwise"].format(**values)))
    return found


def stated(row: pd.Series, code: str, lang: str) -> str:
    """ "sanitasi layak (83,70% pada 2024, 86,80% pada 2025)"; the years where one is not that of the target."""
    told = [(row["value"], row["value_year"])]
    told += [] if pd.isna(row["newer_year"]) else [(row["newer_value"], row["newer_year"])]
    word = words(lang)
    dated = "{value}" if [row["target_year"]] == [one for _, one in told] else word["home_stated_dated"]
    values = ", ".join(dated.format(value=amount(code, value, lang), year=year(one)) for value, one in told)
    return word["home_stated"].format(indicator=noun(code, load_sentences(lang)), values=values)


def against(row: pd.Series, code: str, lang: str) -> str:
    """ "sanitasi layak 83,70% terhadap 90% (2024)": the value, what it is judged by, the year of both."""
    return words(lang)["home_against"].format(
        indicator=noun(code, load_sentences(lang)),
        value=amount(code, row["value"], lang),
        target=amount(code, row["target"], lang),
        year=year(row["target_year"]),
    )


def yardstick(rows: pd.DataFrame, lang: str) -> str:
    is_reference = (rows["role"] == "reference").all()
    return load_sentences(lang).label("national_reference" if is_reference else "target_word")


def numbers(site: Site, rows: pd.DataFrame, province: str, lang: str) -> list[dict]:
    """A card per main indicator of the province: value, year, mark, target and gap, and a figure that is newer."""
    word, found = words(lang), []
    for code, row in rows_of(rows, province).iterrows():
        cell = table_cell(rows, province, code, lang) | {"newer": ""}
        if pd.notna(row["newer_year"]):
            cell["newer"] = word["home_newer"].format(
                value=amount(code, row["newer_value"], lang), year=year(row["newer_year"])
            )
        if pd.isna(row["target"]):
            found.append(cell | {"name": name_of(code, lang), "aim": ""})
            continue
        judged_by = word["home_aim"].format(
            yardstick=yardstick(row.to_frame().T, lang),
            target=amount(code, row["target"], lang),
            year=year(row["target_year"]),
        )
        cell["gap"] = cell["gap"] and gap_text(row.to_dict() | {"indicator": code}, load_sentences(lang))
        found.append(cell | {"name": name_of(code, lang), "aim": judged_by})
    return found


def attention(site: Site, rows: pd.DataFrame, lang: str, page: str) -> list[tuple[str, str, list]]:
    """(heading, how it was chosen, [(what, [(region, address, figures)])]) of who needs attention and who moves ahead.

    Attention: of each indicator the FURTHEST regencies from its target. Then both: own changes of surveys away from or
    towards it, sure before likely, and what agencies report.
    """
    word, links = words(lang), page_links(site, lang, page)
    known = site.assessment[
        (site.assessment["region_code"].str.len() == 4)
        & site.assessment["indicator"].isin(codebook.headline())
    ]
    judged = rows[rows["value"].notna() & (rows.index.get_level_values(0).str.len() == 4)].reset_index()
    judged = judged[(judged["status"] != "achieved") & (judged["gap"] > 0)]
    surveyed = known[known["is_headline"]].sort_values(
        "observed_pp_per_year", key=abs, ascending=False, kind="stable"
    )
    data = RegionData(known["region_code"].str[:2].iloc[0], site.report_year, site.dataset, site.models)
    dumped = set(open_dumps(data)["region_code"])  # what is dumped counts as handled
    attention, ahead = [], []
    for code in codebook.headline():
        name = name_of(code, lang)
        some = judged[judged["indicator"] == code].sort_values("gap", ascending=False, kind="stable")
        attention.append((name, some.head(FURTHEST), "home_furthest"))
        moved = surveyed[surveyed["indicator"] == code]
        starts = {region: points.iloc[0] for region, points in _points(site, code, surveyed=True)}
        for column in ("value", "year"):
            moved = moved.assign(
                **{
                    f"first_{column}": [
                        starts[one][column] if one in starts else float("nan") for one in moved["region_code"]
                    ]
                }
            )
        for what, (up, down) in CHANGES.items():
            some = moved[moved["direction_word"] == moved["direction"].map({"up": up, "down": down})]
            entries = ahead if what.startswith("better") else attention
            entries.append((word[f"home_{what}"].format(indicator=name), some, "home_moved"))
        for one in filter(None, (code, MANAGED.get(code))):  # what is handled, then that with what is reduced
            found = reported(site, one)
            for entries, what in ((ahead, "better"), (attention, "worse")):
                some = [row for row in found[what] if what == "worse" or row["region_code"] not in dumped]
                title = word[f"home_reported_{what}"].format(indicator=name_of(one, lang))
                entries.append((title, pd.DataFrame(some), "home_from"))
    groups = []
    for key, lists in (("attention", attention), ("ahead", ahead)):
        entries = []
        for what, some, text in lists:
            named = [
                (
                    subject(row["region_code"], lang),
                    links.get(row["region_code"], ""),
                    reason(row, text, lang),
                )
                for _, row in some.iterrows()
            ]
            entries += [(what, named)] if named else []
        how = word[f"home_{key}_how"].format(
            noise=number(REPORTED, 0, lang), twice=number(2 * REPORTED, 0, lang)
        )
        groups.append((word[f"home_{key}_head"], how, entries))
    return groups


def subject(region_code: str, lang: str) -> str:
    return subject_of(regions(), region_code, lang).name


def reported(site: Site, code: str) -> dict[str, list[dict]]:
    """Regencies whose figures of an indicator, as their agencies report them, go towards its target ("better") or away
    from it ("worse"): the last row with first_value and first_year, the widest change first, and of what is handled or
    reduced where that took another course; step: main_step(). They go by reported_course(); none for a survey.
    """
    rises = codebook.entry(code)["direction"] == "up"
    sides = {"rising": "better" if rises else "worse", "falling": "worse" if rises else "better"}
    found, handled = {"better": [], "worse": []}, {both: one for one, both in MANAGED.items()}.get(code, "")
    back = {one for one, points in _points(site, handled) if reported_course(points)[0] == "rose_then_fell"}
    managed_of = dict(_points(site, MANAGED.get(code, "")))
    for region_code, points in _points(site, code):
        (course, base), last = reported_course(points), points.iloc[-1]
        if course not in sides:
            continue
        managed = managed_of.get(region_code)
        alone = managed is not None and reported_course(managed)[0] != course
        goes_back = alone or region_code in back
        if sides[course] == "better" and goes_back:
            continue
        row = last.rename({"year": "value_year"}).to_dict()
        row |= {"first_value": base["value"], "first_year": base["year"], "step": main_step(points, base)}
        if alone:
            ends = managed[managed["year"].isin([base["year"], last["year"]])]["value"].tolist()
            row["managed"] = ends if len(ends) == 2 else None
        found[sides[course]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: -abs(row["value"] - row["first_value"]))
    return found


def _points(site: Site, code: str, surveyed: bool = False) -> list[tuple[str, pd.DataFrame]]:
    """The figures of an indicator up to the report year, of each regency that has two: those of a survey (`surveyed`)
    or those reported, none for an indicator of the other kind.
    """
    rows = site.dataset.observations
    rows = rows[
        (rows["indicator"] == code) & rows["region_code"].isin(site.assessment["region_code"].unique())
    ]
    if rows.empty or (codebook.entry(code)["origin"] == "survey") != surveyed:
        return []
    rows = latest_series(rows[rows["region_code"].str.len() == 4], site.report_year)
    return [(region, points) for region, points in rows.groupby("region_code") if len(points) > 1]


def reason(row: pd.Series, key: str, lang: str) -> str:
    """The figures of a regency in a list of the first page."""
    values = {"value": amount(row["indicator"], row["value"], lang), "year": year(row["value_year"])}
    if key == "home_moved":
        values["first"] = amount(row["indicator"], row["first_value"], lang)
        return words(lang)[key].format(**values, first_year=year(row["first_year"]))
    if key == "home_from":
        first = amount(row["indicator"], row["first_value"], lang)
        told = words(lang)[key].format(**values, first=first, first_year=year(row["first_year"]))
        if isinstance(row["step"], tuple):
            told += words(lang)["home_step"].format(jump_from=row["step"][0], jump_to=row["step"][1])
        if not isinstance(row.get("managed"), list):
            return told
        first, value = (amount(MANAGED[row["indicator"]], one, lang) for one in row["managed"])
        return told + words(lang)["home_managed"].format(first=first, value=value)
    values["target"] = amount(row["indicator"], row["target"], lang)
    values["gap"] = gap_text(row, load_sentences(lang))
    return words(lang)[key].format(**values, target_year=year(row["target_year"]))


# Table and search


def columns(rows: pd.DataFrame, lang: str) -> list[dict]:
    """A column per main indicator with the plans that govern it among the regencies."""
    found = []
    for code in codebook.headline():
        plans = rows[rows.index.get_level_values(1) == code]
        plans = plans[plans.index.get_level_values(0).str.len() == 4]["framework"].unique()
        found.append({"name": name_of(code, lang), "plan": ", ".join(plans)})
    return found


def table_rows(site: Site, rows: pd.DataFrame, lang: str, page: str) -> list[dict]:
    """A row per region; of a whole country a row per province."""
    links = page_links(site, lang, page)
    codes = sorted(site.assessment["region_code"].unique())
    if len(site.provinces) > 1:
        codes = [code for code in codes if len(code) == 2]
    return [
        {
            "name": region_name(code, full=True),
            "address": links.get(code, ""),
            "cells": [table_cell(rows, code, indicator, lang) for indicator in codebook.headline()],
        }
        for code in codes
    ]


def table_cell(rows: pd.DataFrame, code: str, indicator: str, lang: str) -> dict:
    """Status, value and gap (value against target) of one region and indicator, as text and as what is
    sorted by.
    """
    empty = {"status": None, "value": "–", "year": "", "sort": "", "gap": ""}
    if (code, indicator) not in rows.index:
        return empty
    row = rows.loc[(code, indicator)]
    view = empty | {"status": judged(row, lang)}
    if pd.isna(row["value"]):
        return view
    view |= {
        "value": amount(indicator, row["value"], lang),
        "year": year(row["value_year"]),
        "sort": row["value"],
    }
    if row["status"] == "insufficient_data" and row["n_points"] < 2:
        return view  # one value cannot be judged, here as on the region's page
    if pd.isna(row["target"]):
        return view
    row = row.copy()
    row["indicator"] = indicator
    return view | {"gap": gap_text(row, load_sentences(lang), with_unit=False)}


def report_groups(site: Site, lang: str, page: str) -> list[dict]:
    """All reports with what a search may find them by: of one province in one list, else a group a province."""
    word, names, known = words(lang), search.other_names(lang), search.facts(site, lang)
    by_province: dict[str, list[dict]] = {}
    others = []
    for kind, code, report in site.context.report_pages:
        place = in_language(report, lang)
        if not is_good(site, place):
            continue
        if kind == "region":
            province = regions().at[code, "province_code"]
            brief = in_language(f"ringkas/{Path(report).stem}.html", lang)
            by_province.setdefault(province, []).append(
                {
                    "title": regions().at[code, "full_name"],
                    "address": relative(page, place),
                    "note": code,
                    "brief": relative(page, brief) if is_good(site, brief) else "",
                    "keywords": names[code],
                    "facts": known.get(code, []),
                }
            )
        else:
            about = indicators().loc[code]
            name = about[localised("name", lang)]
            others.append(
                entry(name, relative(page, place), word["pages_indicators"], f"{code} {about['short_name']}")
            )
    for title, place in site.context.others(lang):
        if is_good(site, place):
            about = "methods" if "metode" in place else "quality"
            others.append(entry(title, relative(page, place), word["pages_other"], word[f"search_{about}"]))
    for province in site.provinces:
        title = word["agenda_title"].format(province=region_name(province))
        place = in_language(f"agenda-{province}.html", lang)
        if is_good(site, place):
            others.append(entry(title, relative(page, place), word["pages_meeting"], word["search_meeting"]))
    groups = [{"title": region_name(code), "entries": found} for code, found in by_province.items()]
    return [*groups, {"title": word["pages_rest"], "entries": others}]


def entry(title: str, address: str, note: str, keywords: str = "") -> dict:
    return {"title": title, "address": address, "note": note, "brief": "", "keywords": keywords, "facts": []}


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
            "indicator": name_of(row["indicator"], lang),
            "kinds": ", ".join(word[f"kind_{kind}"] for kind in row["kinds"]),
            "sides": [change_side(row, side, lang) for side in ("before", "now")],
        }
        for _, row in found.iterrows()
    ]
    return {"text": word["changes_intro"].format(before=version, now=now), "rows": rows}


def change_side(row: pd.Series, side: str, lang: str) -> dict:
    """Value, plan and status of one side of a change."""
    value = amount(row["indicator"], row[f"value_{side}"], lang)
    text = words(lang)["no_value"] if value == "–" else f"{value} ({year(row[f'value_year_{side}'])})"
    if pd.notna(row[f"target_{side}"]):
        target = amount(row["indicator"], row[f"target_{side}"], lang)
        text += f"; {target} ({row[f'framework_{side}']}, {year(row[f'target_year_{side}'])})"
    return {"text": text, "status": mark_view(MARKS.get(row[f"status_{side}"]), lang)}


def freshness(site: Site, lang: str) -> list[tuple]:
    """For each headline indicator: last year of the provinces and of the regencies, who published it and
    when.
    """
    rows = leading(site.dataset.observations)
    rows = rows[rows["region_code"].isin(site.assessment["region_code"].unique())]
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
                name_of(indicator, lang),
                *newest,
                as_written("; ".join(about["publisher"].unique()) or "–", lang),
                "; ".join(dates) or "–",
            )
        )
    return found
