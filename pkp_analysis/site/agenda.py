"""The working group's agenda, and the list of regions to support ("daftar prioritas pembinaan"), which is not
public.
"""

from pathlib import Path

import pandas as pd
from markupsafe import Markup

from ..analysis import priorities
from ..data import codebook
from ..data.codebook import agencies, indicators
from ..data.exchange.form import write_form
from ..data.regions import members, region_name
from ..html import as_written, data_word, link, prose, section, table
from ..pages import needs, province
from ..words.catalogue import words
from ..words.narrative import year
from ..words.numbers import date_words, number
from . import frame
from .brief import by_agency, missing_words, report_of
from .frame import in_language, relative

FORMS = "formulir"


def agenda_html(site, province_code: str, page: str, lang: str) -> str:
    """Where most households are unserved and who leads, commitments to follow up, data to ask for, what
    changed.
    """
    report, word = report_of(site, province_code, lang), words(lang)
    full = next(
        (in_language(place, lang) for _, code, place in site.context.report_pages if code == province_code),
        "",
    )
    if full in site.context.pages:
        report.sources_page = relative(page, full)
    else:
        report.source_numbers = {}  # no page of the province, so no table of sources to lead to
    frames = province.distributions(report, codebook.headline("survey"))
    sections = [
        section(
            "sebaran",
            word["agenda_where"],
            province.meeting_agenda(report, frames) if frames else prose(word["agenda_no_counts"]),
        ),
        section("komitmen", word["agenda_commitments"], commitments(site, report)),
        section("data", word["agenda_data"], prose(word["agenda_data_intro"]), data_requests(site, report)),
        section(
            "perubahan",
            word["changes_head"],
            to_page(page, in_language("index.html", lang) + "#perubahan", word["agenda_changes"]),
        ),
    ]
    return paper(
        site,
        page,
        lang,
        word["agenda_title"].format(province=region_name(province_code)),
        sections,
        beside=("index.html", full or page),
    )


def assistance_html(site, province_code: str, page: str, lang: str) -> str:
    """Which regencies may need help with what, worded as support, with a form per agency for the missing
    figures.
    """
    report, word = report_of(site, province_code, lang), words(lang)
    forms = [
        [agencies().at[agency, "name" if lang == "id" else "name_en"], to_page(page, place, Path(place).name)]
        for agency, place in form_places(site, province_code).items()
    ]
    header = [word["agenda_agency"], word["agenda_form"]]
    sections = [
        province.assistance(report),
        section(
            "formulir",
            word["agenda_data"],
            prose(word["agenda_forms"]),
            table("tabel-formulir", word["agenda_data"], header, forms),
        ),
    ]
    return paper(
        site, page, lang, word["assistance_title"].format(province=region_name(province_code)), sections
    )


def paper(
    site, page: str, lang: str, title: str, sections: list, beside: tuple[str, ...] = ("index.html",)
) -> str:
    """A page of sections; `beside` are pages made in the languages this one is made in."""
    word = words(lang)
    return frame.render(
        "sections.html.j2",
        lang=lang,
        page=page,
        kind="halaman-agenda",
        title=title,
        data_version=site.context.data_version,
        data_until=date_words(site.context.data_until, lang),
        trail=[(word["home"], relative(page, in_language("index.html", lang))), (title, "")],
        head=Markup('<header class="kepala"><p class="jenis">{}</p><h1>{}</h1></header>').format(
            word["home_kind"], title
        ),
        contents=[(part.key, part.title) for part in sections],
        body=frame.quiet_captions("\n".join(part.html for part in sections)),
        neighbours=[],
        neighbours_title="",
        tools=frame.language_switch(page, lang, site.context.pages, beside),
    )


def to_page(page: str, target: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(relative(page, target), text)


def commitments(site, report) -> Markup:
    """Every commitment for the province and its regencies that is not done, to be asked about."""
    label, word, codes = report.label, words(report.lang), [report.data.region_code, *report.data.peers]
    known = site.dataset.commitments
    open_ones = known[known["region_code"].isin(codes) & (known["status"] != "selesai")]
    rows = [
        [
            region_name(row["region_code"], full=True),
            report.name(row["indicator"]),
            as_written(row["what"], report.lang),
            as_written(row["actor"], report.lang),
            Markup("{} {}").format(
                number(row["quantity"], 0, report.lang), data_word(row["unit"], report.sentences)
            ),
            year(row["year"]),
            follow_up(site, report, row),
            link(row["url"], as_written(row["source"], report.lang)),
        ]
        for _, row in open_ones.iterrows()
    ]
    if not rows:
        return prose(word["agenda_no_commitments"])
    header = [
        label(key)
        for key in ("region", "indicator", "what", "actor", "quantity", "year", "commitment_status", "source")
    ]
    intro = word["agenda_commitments_intro"].format(date=date_words(site.context.data_until, report.lang))
    return prose(intro) + table("tabel-komitmen", label("commitments"), header, rows)


def follow_up(site, report, row: pd.Series) -> str:
    """The status of a commitment, marked when it is still planned for a year before that of the newest
    source.
    """
    state = needs.commitment_state(report, row["status"])
    overdue = row["status"] == "direncanakan" and year(row["year"]) < site.context.data_until[:4]
    return words(report.lang)["agenda_overdue"].format(status=state) if overdue else state


def missing(site, province_code: str) -> pd.DataFrame:
    """assistance_list of the province and its regencies, figures and own targets that are missing."""
    codes = [province_code, *members(province_code)]
    found = priorities.assistance_list(
        site.assessment[site.assessment["region_code"].isin(codes)],
        site.dataset.observations,
        codes,
        site.report_year,
    )
    return found[found["kind"].isin(["data_missing", "target_missing"])]


def data_requests(site, report) -> Markup:
    """Per lead agency: which figures and own targets are missing, and in how many regions."""
    word, rows = words(report.lang), missing(site, report.data.region_code)
    what = missing_words(site, report.data.region_code, report.lang)
    counted = rows.groupby(["indicator", "kind"], sort=False)["region_code"].nunique()
    entries = [
        (indicator, word["agenda_missing"].format(what=what[kind], count=count))
        for (indicator, kind), count in counted.items()
    ]
    return table(
        "tabel-permintaan",
        word["agenda_data"],
        [word["agenda_agency"], word["brief_missing"]],
        [list(row) for row in by_agency(entries, report.lang)],
    )


def form_places(site, province_code: str) -> dict[str, str]:
    """agency -> place of the form for the figures it leads and of which some are missing."""
    rows = missing(site, province_code)
    leads = indicators()["lead_agency"][rows.loc[rows["kind"] == "data_missing", "indicator"].unique()]
    return {
        agency: f"unduhan/{FORMS}/{province_code}-{agency}.xlsx"
        for agency in agencies().index
        if agency in set(leads)
    }


def write_forms(site, province_code: str, out: Path) -> None:
    """A form per agency (what `pkp template` writes) for the headline figures of the report year and the
    next.
    """
    rows = missing(site, province_code)
    asked = rows.loc[rows["kind"] == "data_missing", "indicator"].unique()
    for agency, place in form_places(site, province_code).items():
        led = [code for code in asked if indicators().at[code, "lead_agency"] == agency]
        write_form(out / place, led, [site.report_year, site.report_year + 1], province_code)
