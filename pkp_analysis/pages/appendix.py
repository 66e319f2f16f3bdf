"""The end of a region page: quality of the data, sources and methods, annex with FSVA and the published
methods.
"""

import pandas as pd
from markupsafe import Markup

from ..analysis import progress
from ..charts import old as charts
from ..data import codebook, reconcile
from ..html import Section, as_written, data_word, heading, link, prose, section, table
from ..words import narrative, wording
from ..words.numbers import date_words, number
from .glossary import glossary

CONTEXT_PAIRS = (("air_minum_layak_perkotaan", "air_minum_layak_perdesaan", "air_minum_layak"),)
# Each service as a whole, then its rungs from the best down.
LADDER = {
    "air_minum_layak": ("air_minum_aman",),
    "sanitasi_layak": (
        "sanitasi_aman",
        "sanitasi_layak_sendiri",
        "sanitasi_layak_bersama",
        "sanitasi_belum_layak",
        "babs_terbuka",
    ),
}
FSVA = "tanpa_air_bersih"
ISSUES_SHOWN = 12


def source_kind(report, row: pd.Series) -> tuple[str, str]:
    """(kind, publisher) of the value of an assessment row: survey, official, press or derived."""
    values = report.data.observations
    same = values[
        (values["indicator"] == row["indicator"])
        & (values["year"] == row["value_year"])
        & (values["source_id"] == row["value_source_id"])
    ]
    origin = same["origin"].iloc[0] if len(same) else ""
    sources = report.data.dataset.sources.set_index("source_id")
    source = sources.loc[row["value_source_id"]] if row["value_source_id"] in sources.index else None
    publisher = "" if source is None else str(source["publisher"])
    return (origin if origin in ("survey", "press", "derived") else "official"), publisher


# Quality


def data_quality(report) -> Section:
    return section(
        "mutu",
        report.label("quality"),
        cautions(report),
        conflicts(report),
        references(report),
        urban_rural(report),
        ladder(report),
        issues(report),
    )


def cautions(report) -> Markup:
    """What a reader should not conclude from this page."""
    keys = ["caution_place", "caution_projection"]
    if report.data.points("sanitasi_aman").empty:  # else the service ladder says it with figures
        keys.insert(0, "caution_safe")
    if (report.data.assessment["change"] == "indistinct").any():
        keys.insert(0, "caution_change")
    if not (report.judged["role"] == "own").any():
        keys.insert(0, "caution_reference")
    kind = wording.kind_word(report.subject, report.lang)
    return heading(report.label("cautions")) + prose(
        *(report.say(f"quality.{key}", kind=kind) for key in keys)
    )


def references(report) -> Markup:
    """Each plan used on the page, whether it governs, and how its figure is known."""
    label = report.label
    rows = [
        [
            report.name(row["indicator"]),
            row["framework"],
            wording.year(row["target_year"]),
            report.target(row["target"], row["indicator"]),
            label(f"role_{row['role']}"),
            label("no" if not row["governs"] else "governs_context" if row["role"] == "context" else "yes"),
            label(f"basis_{row['target_status']}"),
            link(row["url"], as_written(row["source"] or "–", report.lang)),
            as_written(row["note"] or "–", report.lang),
        ]
        for _, row in report.judged.iterrows()
    ]
    header = [
        label(key)
        for key in (
            "indicator",
            "plan",
            "target_year",
            "target_or_ref",
            "role",
            "governs",
            "basis",
            "source",
            "notes",
        )
    ]
    return (
        heading(label("references"))
        + prose(report.say("quality.references"))
        + table("tabel-rencana", label("references"), header, rows)
    )


def conflicts(report) -> Markup:
    """Every value stated for a year in which sources differ; none is averaged."""
    label = report.label
    apart = reconcile.stated_apart(report.data.observations)
    rows = [
        [
            report.name(value["indicator"]),
            wording.year(value["year"]),
            report.measure(value["value"], value["indicator"]),
            wording.use_of(value, report.data.dataset.targets, report.sentences),
            label(value["status"]),
            report.source_link(value["source_id"]),
            as_written(value["note"] or "–", report.lang),
        ]
        for _, value in apart.iterrows()
    ]
    judged = apart[apart["indicator"].map(report.data.indicators["role"]).isin(["headline", "province"])]
    sentences = [
        report.say(
            "quality.conflict",
            turn,
            name=report.noun(code),
            year=wording.year(year),
            count=wording.count_word(len(group), report.sentences),
        )
        for turn, ((code, year), group) in enumerate(judged.groupby(["indicator", "year"]))
    ]
    header = [
        label(key) for key in ("indicator", "year", "observed", "governs", "value_status", "source", "notes")
    ]
    text = sentences or ([] if rows else [report.say("quality.no_conflict")])
    return heading(label("conflicts")) + prose(*text) + table("tabel-beda", label("conflicts"), header, rows)


def urban_rural(report) -> Markup:
    """Urban and rural values beside the total, where the register has both."""
    label, rows, sentences, figures = report.label, [], [], Markup("")
    for urban_code, rural_code, total_code in CONTEXT_PAIRS:
        points = [report.data.points(code).set_index("year") for code in (urban_code, rural_code, total_code)]
        urban, rural, total = (known["value"] for known in points)
        for year in urban.index.intersection(rural.index):
            gap = round(urban[year] - rural[year], 2)
            cells = [report.measure(value.get(year), total_code) for value in (urban, rural, total)]
            origins = [known.at[year, "source_id"] for known in points if year in known.index]
            rows.append(
                [
                    report.name(total_code),
                    str(year),
                    *cells,
                    number(abs(gap), 2, report.lang),
                    report.source_links(origins),
                ]
            )
        if rows:
            sentences.append(
                report.say(
                    "quality.urban_rural",
                    year=rows[-1][1],
                    name=report.noun(total_code),
                    urban=rows[-1][2],
                    rural=rows[-1][3],
                    gap=rows[-1][5],
                )
            )
            both = pd.DataFrame({"urban": urban, "rural": rural}).dropna().rename_axis("year").reset_index()
            figures += charts.urban_rural(both, report.lang, indicator=total_code).to_html(
                f"gambar-kota-desa-{total_code}"
            )
    if not rows:
        return Markup("")
    header = [label(key) for key in ("indicator", "year", "urban", "rural", "total", "difference", "source")]
    return (
        heading(label("urban_rural"))
        + prose(*sentences)
        + figures
        + table("tabel-kota-desa", label("urban_rural"), header, rows)
    )


def ladder(report) -> Markup:
    """The rungs of the service ladder that have a figure, and the sentence that layak is not yet aman."""
    label = report.label
    steps = [
        code for whole, rungs in LADDER.items() for code in (whole, *rungs) if len(report.data.points(code))
    ]
    if set(steps) <= set(LADDER):
        return heading(label("ladder")) + prose(report.say("quality.no_ladder"))
    last = {code: report.data.points(code).iloc[-1] for code in steps}
    rows = [
        [
            report.name(code),
            wording.year(last[code]["year"]),
            report.measure(last[code]["value"], code),
            report.source_link(last[code]["source_id"]),
        ]
        for code in steps
    ]
    text, figure = "", Markup("")
    if "sanitasi_aman" in last and "sanitasi_layak" in last:
        safe, basic = last["sanitasi_aman"], last["sanitasi_layak"]
        text = report.say(
            "quality.ladder",
            safe_name=report.noun("sanitasi_aman"),
            safe=report.measure(safe["value"], "sanitasi_aman"),
            year=wording.year(safe["year"]),
            basic_name=report.noun("sanitasi_layak"),
            basic=report.measure(basic["value"], "sanitasi_layak"),
            basic_year=wording.year(basic["year"]),
        )
        steps_shown = [code for code in ("sanitasi_layak", *LADDER["sanitasi_layak"]) if code in last]
        steps_frame = pd.DataFrame(
            {
                "step": [f"{report.name(code)}, {wording.year(last[code]['year'])}" for code in steps_shown],
                "value": [last[code]["value"] for code in steps_shown],
            }
        )
        figure = charts.ladder(steps_frame, report.lang, title=text).to_html("gambar-tangga")
    header = [label(key) for key in ("step", "year", "observed", "source")]
    return (
        heading(label("ladder")) + prose(text) + figure + table("tabel-tangga", label("ladder"), header, rows)
    )


def issues(report) -> Markup:
    """What the checks noted about this region's own cells."""
    label = report.label
    found = region_issues(report.data)
    if found.empty:
        return heading(label("issues")) + prose(report.say("quality.no_issues"))
    rows = [
        [
            label(f"severity_{issue['severity']}"),
            as_written(issue["message"], report.lang),
            issue["text"],
            place(issue),
            as_written(issue["suggestion"], report.lang),
        ]
        for _, issue in found.head(ISSUES_SHOWN).iterrows()
    ]
    header = [label(key) for key in ("severity", "message", "observed", "place", "suggestion")]
    return (
        heading(label("issues"))
        + prose(report.say("quality.issues"))
        + table("tabel-catatan", label("issues"), header, rows)
    )


def region_issues(data) -> pd.DataFrame:
    """Issues that concern one of the region's own cells."""
    cells = ["file", "sheet", "row", "column"]
    own = data.observations[cells].astype("str").drop_duplicates()
    found = data.dataset.issues
    return found[found[cells].astype("str").apply(tuple, axis=1).isin(own.apply(tuple, axis=1))]


def place(issue: pd.Series) -> str:
    return " ".join(
        str(issue[key])
        for key in ("file", "sheet", "row", "column")
        if str(issue[key]) not in ("", "nan", "<NA>")
    )


# Sources


def sources(report) -> Section:
    """A row per source with a link and an anchor the tables point to; methods and version in plain words."""
    label = report.label
    known = report.data.dataset.sources.set_index("source_id")
    rows = []
    for source_id, place_number in report.source_numbers.items():
        source = known.loc[source_id] if source_id in known.index else {}
        stated = {
            key: source.get(key) or "–"
            for key in ("publisher", "title", "published", "accessed", "licence", "note")
        }
        publisher, title, note = (
            as_written(stated[key], report.lang) for key in ("publisher", "title", "note")
        )
        published, accessed = (date_words(stated[key], report.lang) for key in ("published", "accessed"))
        about = [
            publisher,
            link(source.get("url", ""), title),
            published,
            accessed,
            data_word(stated["licence"], report.sentences),
            note,
        ]
        rows.append([Markup('<span id="sumber-{}">{}</span>').format(source_id, place_number), *about])
    header = [
        label(key) for key in ("number", "publisher", "title", "published", "accessed", "licence", "notes")
    ]
    return section(
        "sumber",
        label("sources"),
        prose(report.say("sources.intro")),
        table("tabel-sumber", label("sources"), header, rows),
        prose(*(report.say(f"sources.{key}") for key in ("method", "projection", "status"))),
        table("tabel-pengaturan", label("settings"), [label("setting"), label("content")], settings(report)),
        glossary(report),
    )


def settings(report) -> list[list[str]]:
    """What the page was made with: year, data version, level of the ranges, month of the survey."""
    return [
        [report.label("report_year"), str(report.data.report_year)],
        [report.label("data_version"), str(report.data.dataset.provenance.get("data_version", "–"))],
        [report.label("interval_level"), "80%"],
        [report.label("horizon"), str(narrative.HORIZON)],
        [report.label("survey_month"), report.label("march")],
    ]


# Annex


def annex(report) -> Section:
    return section("lampiran", report.label("annex"), methods(report), fsva(report), others(report))


def others(report) -> Markup:
    """The latest of every figure the page shows nowhere else: without a target, and often without a
    comparable concept.
    """
    label, data = report.label, report.data
    elsewhere = {
        FSVA,
        *codebook.headline(),
        *LADDER,
        *(code for rungs in LADDER.values() for code in rungs),
        *(code for pair in CONTEXT_PAIRS for code in pair),
    }
    elsewhere |= set(report.judged.loc[report.judged["value"].notna(), "indicator"])
    points = {
        code: data.points(code).iloc[-1]
        for code in data.indicators.index
        if code not in elsewhere and len(data.points(code))
    }
    if not points:
        return Markup("")
    rows = [
        [
            report.name(code),
            wording.year(point["year"]),
            report.measure(point["value"], code),
            label(point["status"]),
            report.source_link(point["source_id"]),
            as_written(point["note"] or "–", report.lang),
        ]
        for code, point in points.items()
    ]
    header = [label(key) for key in ("indicator", "year", "observed", "value_status", "source", "notes")]
    return (
        heading(label("annex_others"))
        + prose(report.say("annex.others"))
        + table("tabel-lain", label("annex_others"), header, rows)
    )


def methods(report) -> Markup:
    """The four published progress methods beside each other for the horizon's target, and how many agree."""
    label, data, rows, alike = report.label, report.data, [], {}
    goals = data.assessment[
        (data.assessment["target_year"] == narrative.HORIZON) & data.assessment["governs"]
    ]
    goals = goals[goals["indicator"].isin(report.shown_indicators)].sort_values(
        "indicator", key=lambda codes: codes.map(codebook.headline().index), kind="stable"
    )
    for _, goal in goals.iterrows():
        code = goal["indicator"]
        points = data.points(code)
        if len(points) < 2:
            continue
        results = progress.side_by_side(
            points, goal["target"], narrative.HORIZON, goal["direction"], goal["median"]
        )
        rows += [
            [
                report.name(code),
                label(f"method_{result['method']}"),
                label(f"verdict_{result['status']}") if isinstance(result["status"], str) else "–",
                course(report, result["on_course"]),
            ]
            for _, result in results.iterrows()
        ]
        answers = [answer for answer in results["on_course"] if isinstance(answer, bool)]
        ahead = sum(answers)
        agree = max(ahead, len(answers) - ahead)
        if answers:
            rows.append(
                [
                    report.name(code),
                    label("agreement"),
                    wording.count_word(agree, report.sentences),
                    course(report, ahead >= len(answers) - ahead),
                ]
            )
            alike.setdefault(
                (
                    agree,
                    len(answers),
                    course(report, ahead >= len(answers) - ahead),
                    report.target(goal["target"], code),
                ),
                [],
            ).append(code)
    sentences = [
        report.say(
            "annex.agree",
            turn,
            name=wording.names(report.data.indicators, codes, report.sentences),
            verdict=verdict,
            count=wording.count_word(agree, report.sentences),
            total=wording.count_word(total, report.sentences),
            target=target,
            year=wording.year(narrative.HORIZON),
        )
        for turn, ((agree, total, verdict, target), codes) in enumerate(alike.items())
    ]
    text = (
        [report.say("annex.methods"), report.say("annex.methods_limit"), *sentences]
        if rows
        else [report.say("annex.no_methods")]
    )
    header = [label(key) for key in ("indicator", "method", "verdict", "verdict_class")]
    return (
        heading(label("annex_methods"))
        + prose(*text)
        + table("tabel-cara", label("annex_methods"), header, rows)
    )


def course(report, on_course) -> str:
    if not isinstance(on_course, bool):
        return report.label("no_answer")
    return report.sentences.texts["class"]["on_course" if on_course else "off_course"][0]


def fsva(report) -> Markup:
    """The FSVA series with its own trend, without any status."""
    label, points = report.label, report.data.points(FSVA)
    if points.empty:
        return heading(label("annex_fsva")) + prose(report.say("annex.fsva_none"))
    first, last = points.iloc[0], points.iloc[-1]
    if len(points) == 1:
        text = report.say(
            "annex.fsva_one", value=report.measure(first["value"], FSVA), year=wording.year(first["year"])
        )
    else:
        low, high = (report.measure(value, FSVA) for value in (points["value"].min(), points["value"].max()))
        text = report.say(
            "annex.fsva",
            low=low,
            high=high,
            first_year=wording.year(first["year"]),
            last_year=wording.year(last["year"]),
        )
    rows = [
        [
            wording.year(point["year"]),
            report.measure(point["value"], FSVA),
            report.source_link(point["source_id"]),
        ]
        for _, point in points.iterrows()
    ]
    return (
        heading(label("annex_fsva"))
        + prose(text, report.say("annex.fsva_note"))
        + table("tabel-fsva", label("annex_fsva"), [label("year"), report.name(FSVA), label("source")], rows)
    )
