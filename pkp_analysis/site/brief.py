"""The brief of a region ("lembar ringkas"): two pages for a meeting."""

import math

import pandas as pd

from ..analysis import priorities
from ..data import codebook
from ..data.codebook import actions, agencies, indicators
from ..data.derived import HOUSEHOLD_SIZE_YEAR, POPULATION_YEAR
from ..data.regions import region_name, regions
from ..html import table
from ..pages import needs
from ..pages.region import RegionReport
from ..region.facts import RegionData
from ..words.catalogue import words
from ..words.narrative import year
from ..words.numbers import date_words, hundreds
from . import frame
from .frame import in_language, relative

MOST_PRIORITIES, MOST_OPTIONS = 3, 2
EVERYTHING = "semua"  # an option for any indicator without data
STANDS_FOR = {
    "hunian_layak": "rumah_layak_huni"
}  # options for housing are written under the plan's indicator
RANK = ["moving_away", "not_met", "near", "unknown"]


def report_of(site, region_code: str, lang: str) -> RegionReport:
    """The region's report, with the assessment the site has made for all regions at once."""
    data = RegionData(region_code, site.report_year, site.dataset, site.models)
    rows = site.assessment
    vars(data)["assessment"] = rows[rows["region_code"] == region_code].reset_index(drop=True)
    return RegionReport(data, lang)


def brief_html(site, region_code: str, page: str, lang: str) -> str:
    """The two pages for a meeting: status, three priorities with who leads, what partners can take on, data
    still missing.
    """
    report = report_of(site, region_code, lang)
    word, title = words(lang), region_name(region_code, full=True)
    chosen = first_priorities(report)
    full = in_language(page.replace("ringkas/", "wilayah/"), lang)
    html = frame.render(
        "brief.html.j2",
        lang=lang,
        page=page,
        kind="halaman-ringkas",
        title=word["brief_title"].format(title=title),
        data_version=site.context.data_version,
        data_until=date_words(site.context.data_until, lang),
        trail=[
            (word["home"], relative(page, in_language("index.html", lang))),
            (title, relative(page, full)),
            (word["brief"], ""),
        ],
        tools=frame.language_switch(page, lang, site.context.pages, beside=("index.html", full)),
        region=title,
        report_year=site.report_year,
        summary=report.summary().html,
        status=report.status_strip().html,
        priorities=chosen,
        first=priority_table(report, chosen),
        basis=household_basis(report),
        partners=[
            (word[f"brief_{kind}"], partner_options(report, chosen, agency))
            for agency, kind in needs.PARTNER_KINDS.items()
        ],
        households=household_table(report),
        missing=missing_data(site, report),
    )
    return frame.quiet_captions(html)


def first_priorities(report: RegionReport) -> list[dict]:
    """At most three headline indicators: those moving away first, then the widest gap, then those without
    enough data.
    """
    rows = report.headline_rows[report.headline_rows["group"] != "met"].copy()
    away = report.data.assessment
    away = set(away.loc[away["status"] == "moving_away", "indicator"])
    rows["rank"] = [
        RANK.index("moving_away" if row["indicator"] in away else row["group"]) for _, row in rows.iterrows()
    ]
    rows = rows.sort_values(["rank", "gap"], ascending=[True, False], kind="stable").head(MOST_PRIORITIES)
    return [priority(report, row) for _, row in rows.iterrows()]


def priority(report: RegionReport, row: pd.Series) -> dict:
    """Name, mark, gap, households not yet served, lead agency and options of one priority."""
    offices, indicator = agencies(), row["indicator"]
    name = "name" if report.lang == "id" else "name_en"
    return {
        "indicator": indicator,
        "name": report.name(indicator),
        "mark": report.status_cell(row),
        "gap": "–" if row["group"] == "unknown" else needs.current_gap(report, indicator),
        "unserved": hundreds(unserved(report, row), report.lang),
        "lead": offices.at[report.data.indicators.at[indicator, "lead_agency"], name],
        "options": [
            option(report, action, offices)
            for _, action in options_for(report, row).head(MOST_OPTIONS).iterrows()
        ],
    }


def unserved(report: RegionReport, row: pd.Series) -> float:
    """Households not yet served at the judged value; NaN for what is no share of households or cannot be
    judged, and without a count.
    """
    if row["unit"] != "% rumah tangga" or row["group"] == "unknown":
        return math.nan
    code = report.data.region_code
    counts = priorities.households(report.data.all_observations, [code]).set_index("region_code")[
        "households"
    ]
    found = priorities.unserved_distribution(pd.Series({code: row["value"]}), counts, row["direction"])[
        "unserved_households"
    ]
    return found.iloc[0] if len(found) else math.nan


def priority_table(report: RegionReport, chosen: list[dict]):
    """The priorities in their order: how far from the target, how many households, who leads."""
    label = report.label
    rows = [
        [f"{place}. {entry['name']}", entry["gap"], entry["unserved"], entry["lead"]]
        for place, entry in enumerate(chosen, start=1)
    ]
    return table(
        "tabel-prioritas",
        words(report.lang)["brief_priorities"],
        [label(key) for key in ("indicator", "difference", "unserved", "lead")],
        rows,
    )


def household_basis(report: RegionReport) -> str:
    """What the numbers of households rest on; "" when no count is known."""
    known = needs.basis(report)
    years = (
        {"population_year": str(POPULATION_YEAR), "size_year": str(HOUSEHOLD_SIZE_YEAR)}
        if known == "derived"
        else {}
    )
    return report.say(f"needs.{known}", **years) if known else ""


def known_actions(report: RegionReport) -> pd.DataFrame:
    """The table of options; a city skips village schemes."""
    known = actions()
    return (
        known
        if report.subject.kind != "kota"
        else known[~(known["situation"] + known["option"]).str.contains("desa")]
    )


def options_for(report: RegionReport, row: pd.Series) -> pd.DataFrame:
    """The options to examine for an indicator; where there are no data, first how to get them."""
    known = known_actions(report)
    own = known[known["indicator"] == STANDS_FOR.get(row["indicator"], row["indicator"])]
    return pd.concat([known[known["indicator"] == EVERYTHING], own]) if row["group"] == "unknown" else own


def option(report: RegionReport, action: pd.Series, offices: pd.DataFrame) -> dict:
    suffix = "" if report.lang == "id" else "_en"
    offices = offices[offices["province_code"].isin(["", report.data.province_code])]
    partners = [partner for partner in action["partners"].split(";") if partner in offices.index]
    return {
        "text": action[f"option{suffix}"],
        "precondition": action[f"precondition{suffix}"],
        "lead": offices.at[action["lead"], f"name{suffix}"],
        "partners": [offices.at[partner, f"name{suffix}"] for partner in partners],
    }


def partner_options(report: RegionReport, chosen: list[dict], agency: str) -> list[str]:
    """Options of the priorities that name business ("swasta") or community ("masyarakat") as a partner."""
    suffix = "" if report.lang == "id" else "_en"
    names = [STANDS_FOR.get(entry["indicator"], entry["indicator"]) for entry in chosen]
    known = known_actions(report)
    known = known[
        known["indicator"].isin(names)
        & known["partners"].str.split(";").map(lambda partners: agency in partners)
    ]
    return known[f"option{suffix}"].tolist()


def household_table(report: RegionReport):
    """Households a year to each target, only once the count of households is an official one."""
    if needs.basis(report) != "official":
        return ""
    rows = [
        [
            report.name(row["indicator"]),
            row["framework"],
            year(row["target_year"]),
            hundreds(row["households_per_year"], report.lang),
        ]
        for _, row in report.required_households.iterrows()
    ]
    header = [report.label(key) for key in ("indicator", "plan", "target_year", "households")]
    return table("tabel-rumah-tangga", report.label("needs"), header, rows)


def missing_data(site, report: RegionReport) -> list[tuple[str, str]]:
    """(agency, what is missing), per lead agency: all that the summary calls not available, target by target."""
    code, word = report.data.region_code, words(report.lang)
    rows = site.assessment[site.assessment["region_code"] == code]
    what = missing_words(site, code, report.lang)
    found = priorities.assistance_list(rows, site.dataset.observations, [code], site.report_year)
    entries = [(row["indicator"], what[row["kind"]]) for _, row in found.iterrows() if row["kind"] in what]
    known = rows[rows["value"].notna() & rows["indicator"].isin(codebook.headline())].groupby("indicator")
    entries += [
        (indicator, word["missing_since"].format(year=year(values["value_year"].max())))
        for indicator, values in known
        if (values["n_points"] == 1).all()
    ]
    if not report.is_province:
        entries += [
            (standard, word["missing_result"])
            for standard in needs.SERVICE_STANDARDS
            if report.data.points(standard).empty
        ]
    if needs.basis(report) != "official":
        entries.append((priorities.HOUSEHOLDS, word["missing_count"]))
    return by_agency(entries, report.lang)


def missing_words(site, region_code: str, lang: str) -> dict[str, str]:
    """What a kind of assistance_list is called where data are asked for; targets with the period of the
    province's newest RPJMD.
    """
    plans = site.dataset.targets
    plans = plans[
        (plans["region_code"] == regions().at[region_code, "province_code"])
        & plans["framework"].str.match(r"RPJMD\b")
        & plans["start_year"].notna()
    ]
    newest = plans[plans["start_year"] == plans["start_year"].max()]
    period = f" {year(newest['start_year'].max())}-{year(newest['year'].max())}" if len(newest) else ""
    return {
        "data_missing": words(lang)["missing_data_missing"],
        "target_missing": words(lang)["missing_target_missing"].format(period=period),
    }


def by_agency(entries: list[tuple[str, str]], lang: str) -> list[tuple[str, str]]:
    """(agency, "indicator: what, what; ...") for (indicator, what) pairs, in the order of the agencies'
    table.
    """
    about, offices = indicators(), agencies()
    short, name = ("short_name", "name") if lang == "id" else ("short_name_en", "name_en")
    found: dict[str, dict[str, list[str]]] = {}
    for indicator, what in entries:
        found.setdefault(about.at[indicator, "lead_agency"], {}).setdefault(
            about.at[indicator, short], []
        ).append(what)
    return [
        (
            offices.at[agency, name],
            "; ".join(f"{indicator}: {', '.join(things)}" for indicator, things in found[agency].items()),
        )
        for agency in offices.index
        if agency in found
    ]
