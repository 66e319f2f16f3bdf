"""What it would take: households a year, options to examine, commitments, and tables for the planning year."""

import pandas as pd
from markupsafe import Markup

from ..analysis import priorities
from ..charts import old as charts
from ..data import codebook
from ..data.derived import HOUSEHOLD_SIZE_YEAR, POPULATION_YEAR
from ..html import Section, as_written, data_word, heading, link, prose, section, table
from ..words import narrative, wording
from ..words.numbers import hundreds, number, percent

PLANNING_YEARS = (2026, 2029)
SERVICE_STANDARDS = {
    "spm_air_minum": ("air_minum_layak",),
    "spm_air_limbah_domestik": ("sanitasi_layak", "air_limbah_domestik"),
}
PARTNER_KINDS = {"swasta": "business", "masyarakat": "community"}


def basis(report) -> str | None:
    """ "official", "derived", or None when no household count is known for the region."""
    counted = priorities.households(report.data.all_observations, [report.data.region_code])
    counted = counted[counted["households"].notna()]
    return None if counted.empty else counted["basis"].iloc[0]


def needs(report, actions: pd.DataFrame, agencies: pd.DataFrame) -> Section:
    return section(
        "kebutuhan",
        report.label("needs"),
        households(report),
        options(report, actions, agencies),
        commitments(report),
    )


def households(report) -> Markup:
    """Households a year to each target, what the trend would bring, and three scenarios for the horizon."""
    label = report.label
    known = basis(report)
    if known is None:
        return prose(report.say("needs.unavailable"))
    frame = report.required_households
    header = [
        label(key)
        for key in (
            "indicator",
            "plan",
            "target_year",
            "target",
            "households",
            "trend_part",
            "additional_part",
            "additional_range",
            "source",
        )
    ]
    rows = [need_cells(report, row) for _, row in frame.iterrows()]
    count = priorities.households(report.data.all_observations, [report.data.region_code]).iloc[0]
    years = (
        {"population_year": str(POPULATION_YEAR), "size_year": str(HOUSEHOLD_SIZE_YEAR)}
        if known == "derived"
        else {}
    )
    parts = {
        "population_year": input_sources(report, "penduduk_jiwa", POPULATION_YEAR),
        "size_year": input_sources(report, "rata2_anggota_rt", HOUSEHOLD_SIZE_YEAR),
    }
    basis_rows = [
        [
            label("households_total"),
            hundreds(count["households"], report.lang),
            report.source_link(count["source_id"]),
        ]
    ]
    basis_rows += [[label(key), value, report.source_links(parts[key])] for key, value in years.items()]
    return (
        prose(
            *sentences(report, frame),
            report.say("needs.constant"),
            report.say(f"needs.{known}", **years),
            report.say("needs.parts"),
        )
        + (charts.needs(frame, report.lang).to_html("gambar-kebutuhan") if rows else Markup(""))
        + table("tabel-kebutuhan", label("needs"), header, rows)
        + table(
            "tabel-skenario",
            f"{label('scenarios')} ({narrative.HORIZON})",
            [label(key) for key in ("indicator", "scenario", "households", "result", "source")],
            scenarios(report, frame),
        )
        + table(
            "tabel-dasar",
            label("basis_households"),
            [label(key) for key in ("setting", "content", "source")],
            basis_rows,
        )
    )


def summary(report) -> str:
    """Households a year to the targets of the horizon year, in one sentence; "" where none are known or
    needed.
    """
    if basis(report) is None:
        return ""
    frame = report.required_households
    frame = frame[
        (frame["target_year"] == narrative.HORIZON)
        & (frame["households_per_year"] > 0)
        & (frame["status"] != "achieved")
    ]
    if frame.empty:
        return ""
    amounts = frame["households_per_year"].map(lambda count: hundreds(count, report.lang))
    parts = [
        report.say(
            "needs.summary_each" if len(group) > 1 else "needs.summary_part",
            households=amount,
            names=wording.names(report.data.indicators, group["indicator"], report.sentences),
        )
        for amount, group in frame.groupby(amounts, sort=False)
    ]
    first = frame.iloc[0]
    since = wording.year(report.data.points(first["indicator"])["year"].max())
    return report.say(
        "needs.summary",
        since=since,
        target=report.target(first["target"], first["indicator"]),
        year=wording.year(narrative.HORIZON),
        parts=report.sentences.join(parts),
    )


def input_sources(report, indicator: str, year: int) -> list[str]:
    """Where the figures come from that a derived count of households is made of; a province's is the sum of
    its regencies'.
    """
    rows, codes = (
        report.data.all_observations,
        report.data.peers if report.is_province else [report.data.region_code],
    )
    return rows.loc[
        (rows["indicator"] == indicator)
        & (rows["year"] == year)
        & rows["is_governing"]
        & rows["region_code"].isin(codes),
        "source_id",
    ].tolist()


def required(report) -> pd.DataFrame:
    """households_per_year for the indicators with a survey value, targets still ahead, with their target and
    the `sources` of value and count.
    """
    rows = report.judged
    ahead = rows[
        rows["indicator"].isin(codebook.headline("survey"))
        & rows["governs"]
        & (rows["target_year"] > report.data.report_year)
        & (rows["value_year"] == report.data.report_year)  # an older value says nothing of the need from now
    ]
    counts = priorities.households(report.data.all_observations, [report.data.region_code])
    keys = ["region_code", "indicator", "framework", "target_year"]
    frame = priorities.households_per_year(ahead, counts).merge(
        ahead[[*keys, "target", "status", "value_source_id"]], on=keys, validate="1:1"
    )
    return frame.assign(
        sources=[(source, counts["source_id"].iloc[0]) for source in frame["value_source_id"]]
    )


def need_cells(report, row: pd.Series) -> list:
    lower, upper = (hundreds(row[key], report.lang) for key in ("lower", "upper"))
    return [
        report.name(row["indicator"]),
        row["framework"],
        wording.year(row["target_year"]),
        report.target(row["target"], row["indicator"]),
        *(
            hundreds(row[key], report.lang)
            for key in ("households_per_year", "trend_part", "additional_part")
        ),
        "–" if "–" in (lower, upper) else f"{lower}–{upper}",
        report.source_links(row["sources"]),
    ]


def sentences(report, frame: pd.DataFrame) -> list[str]:
    """One sentence per indicator for the horizon year."""
    texts = []
    for _, row in frame[frame["target_year"] == narrative.HORIZON].iterrows():
        words = {
            "name": report.noun(row["indicator"]),
            "year": wording.year(row["target_year"]),
            "target": report.target(row["target"], row["indicator"]),
            "households": hundreds(row["households_per_year"], report.lang),
        }
        extra = hundreds(row["additional_part"], report.lang)
        if row["households_per_year"] <= 0 or row["status"] == "achieved":
            texts.append(
                report.say(
                    "needs.met" if row["households_per_year"] <= 0 else "needs.nearly", name=words["name"]
                )
            )
        elif row["additional_part"] <= 0:
            texts.append(report.say("needs.trend_enough", **words))
        elif extra == words["households"]:
            texts.append(report.say("needs.households", len(texts), **words))
        else:
            texts.append(report.say("needs.lighter", len(texts), additional=extra, **words))
    return texts


def scenarios(report, frame: pd.DataFrame) -> list[list]:
    """Three ways to the horizon: the trend alone, half the gap (unless the trend goes further), the whole
    gap.
    """
    rows = []
    for _, row in frame[
        (frame["target_year"] == narrative.HORIZON) & (frame["households_per_year"] > 0)
    ].iterrows():
        code = row["indicator"]
        value = report.data.points(code)["value"].iloc[-1]
        ahead = report.data.projection(code, (narrative.HORIZON,))["median"]
        outcomes = {
            "scenario_trend": (row["trend_part"], ahead.iloc[0] if len(ahead) else float("nan")),
            "scenario_half": (row["households_per_year"] / 2, (value + row["target"]) / 2),
            "scenario_full": (row["households_per_year"], row["target"]),
        }
        if row["trend_part"] >= row["households_per_year"] / 2:
            del outcomes["scenario_half"]
        rows += [
            [
                report.name(code),
                report.label(key),
                hundreds(count, report.lang),
                percent(result, 1, report.lang),
                report.source_links(row["sources"]),
            ]
            for key, (count, result) in outcomes.items()
        ]
    return rows


def options(report, actions: pd.DataFrame, agencies: pd.DataFrame) -> Markup:
    """Options from the table of actions for indicators not yet met or without data; a city skips village
    schemes.
    """
    label = report.label
    met = set(report.headline_rows.loc[report.headline_rows["group"] == "met", "indicator"])
    open_codes = [code for code in codebook.headline() if code not in met]
    codes = (
        [*open_codes, "rumah_layak_huni", "semua"] if "hunian_layak" in open_codes else [*open_codes, "semua"]
    )
    known = report.headline_rows
    no_data = [code for code in open_codes if known.loc[known["indicator"] == code, "value"].isna().all()]
    codes = ["semua", *codes[:-1]] if no_data else codes
    chosen = actions[actions["indicator"].isin(codes)]
    if report.subject.kind == "kota":
        chosen = chosen[~(chosen["situation"] + chosen["option"]).str.contains("desa")]
    suffix = "" if report.lang == "id" else "_en"
    agencies = agencies[agencies["province_code"].isin(["", report.data.province_code])]
    rows = []
    for _, action in (
        chosen.assign(order=chosen["indicator"].map(codes.index))
        .sort_values("order", kind="stable")
        .iterrows()
    ):
        partners = [
            (
                label(PARTNER_KINDS[partner])
                if partner in PARTNER_KINDS
                else agencies.at[partner, f"name{suffix}"]
            )
            for partner in action["partners"].split(";")
            if partner in agencies.index
        ]
        rows.append(
            [
                (
                    label("all_indicators")
                    if action["indicator"] == "semua"
                    else report.name(action["indicator"])
                ),
                action[f"situation{suffix}"],
                action[f"option{suffix}"],
                agencies.at[action["lead"], f"name{suffix}"],
                "; ".join(partners) or "–",
                action[f"precondition{suffix}"],
            ]
        )
    header = [label(key) for key in ("indicator", "situation", "option", "lead", "partners", "precondition")]
    asked = (
        report.say(
            "needs.options_no_data", names=wording.names(report.data.indicators, no_data, report.sentences)
        )
        if no_data
        else ""
    )
    return (
        heading(label("options"))
        + prose(report.say("needs.options"), asked)
        + table("tabel-opsi", label("options"), header, rows)
    )


def commitments(report) -> Markup:
    """What actors committed to for this region, beside the gap of the indicator."""
    label = report.label
    frame = report.data.dataset.commitments
    frame = frame[frame["region_code"] == report.data.region_code]
    if frame.empty:
        return heading(label("commitments")) + prose(report.say("needs.no_commitments"))
    rows = [
        [
            report.name(row["indicator"]),
            as_written(row["what"], report.lang),
            as_written(row["actor"], report.lang),
            label(f"actor_{row['actor_kind']}"),
            number(row["quantity"], 0, report.lang),
            data_word(row["unit"], report.sentences),
            wording.year(row["year"]),
            commitment_state(report, row["status"]),
            current_gap(report, row["indicator"]),
            link(row["url"], as_written(row["source"], report.lang)),
        ]
        for _, row in frame.iterrows()
    ]
    header = [
        label(key)
        for key in (
            "indicator",
            "what",
            "actor",
            "actor_kind",
            "quantity",
            "unit",
            "year",
            "commitment_status",
            "gap",
            "source",
        )
    ]
    return heading(label("commitments")) + table("tabel-komitmen", label("commitments"), header, rows)


def commitment_state(report, status: str) -> str:
    """The state in the language of the page; a word the templates do not know stays as it was written."""
    return report.sentences.texts["label"].get(f"commitment_{status}", (status,))[0]


def current_gap(report, indicator: str) -> str:
    """The gap of the governing plan as shown in the table of targets, or an en dash."""
    rows = report.judged[
        (report.judged["indicator"] == indicator)
        & report.judged["is_headline"]
        & report.judged["value"].notna()
    ]
    if rows.empty:
        return "–"
    words = narrative.evidence_words(rows.iloc[0], report.data.indicators, report.sentences)
    return f"{words['gap']} {words['unit']} {words['side']} {words['yardstick']}"


def planning(report) -> Section:
    """LKjIP/LKPJ (target, realisasi, capaian) and Musrenbang/RKPD (2026, 2029), one view each."""
    label = report.label
    own = report.judged[(report.judged["role"] == "own") & report.judged["governs"]]
    rows = []
    for _, row in own.iterrows():
        words = (
            narrative.evidence_words(row, report.data.indicators, report.sentences)
            if pd.notna(row["value"])
            else None
        )
        same_year = words is not None and row["value_year"] == row["target_year"]
        rows.append(
            [
                report.name(row["indicator"]),
                wording.year(row["target_year"]),
                report.target(row["target"], row["indicator"]),
                words["value"] if same_year else "–",
                percent(row["attainment_pct"], 2, report.lang) if same_year else "–",
                row["framework"],
                report.source_link(row["value_source_id"]) if same_year else "–",
            ]
        )
    for code in () if len(own) else report.shown_indicators:
        last = report.data.points(code).iloc[-1]
        rows.append(
            [
                report.name(code),
                wording.year(last["year"]),
                "–",
                report.measure(last["value"], code),
                "–",
                label("not_available"),
                report.source_link(last["source_id"]),
            ]
        )
    text = [report.say("planning.intro")]
    if own.empty:
        text.append(report.say("planning.no_own", kind=wording.kind_word(report.subject, report.lang)))
    service = spm(report)
    if not report.is_province and not service:
        text.append(report.say("planning.spm"))
    header = [label(key) for key in ("indicator", "year", "target", "value", "attainment", "plan", "source")]
    return section(
        "perencanaan",
        label("planning"),
        prose(*text),
        heading(label("lkjip")),
        table("tabel-lkjip", label("lkjip"), header, rows),
        heading(label("rkpd")),
        table("tabel-rkpd", label("rkpd"), rkpd_header(label), rkpd_rows(report)),
        service,
    )


def spm(report) -> Markup:
    """Results of the minimum service standards beside the survey's and the plan's indicator of the same
    service; nothing without any.
    """
    label, known = report.label, lambda code: len(report.data.points(code)) > 0
    codes = [
        shown
        for code, others in SERVICE_STANDARDS.items()
        if known(code)
        for shown in (code, *others)
        if known(shown)
    ]
    if not codes:
        return Markup("")
    last = {code: report.data.points(code).iloc[-1] for code in codes}
    rows = [
        [
            report.name(code),
            wording.year(point["year"]),
            report.measure(point["value"], code),
            report.source_link(point["source_id"]),
        ]
        for code, point in last.items()
    ]
    header = [label(key) for key in ("indicator", "year", "value", "source")]
    return (
        heading(label("spm"))
        + prose(report.say("planning.spm_beside"))
        + table("tabel-spm", label("spm"), header, rows)
    )


def rkpd_header(label) -> list[str]:
    return [
        label(key)
        for key in (
            "indicator",
            "year",
            "target_or_ref",
            "plan",
            "value_year",
            "value",
            "source",
            "median",
            "interval",
        )
    ]


def rkpd_rows(report) -> list[list]:
    """For each planning year: the target or reference of that year, the last value, and the projection."""
    rows = []
    for code in report.shown_indicators:
        last = report.data.points(code).iloc[-1]
        ahead = report.data.projection(code, PLANNING_YEARS).set_index("year")
        plans = report.judged[(report.judged["indicator"] == code) & report.judged["governs"]]
        for year in PLANNING_YEARS:
            plan = plans[plans["target_year"] == year]
            step = ahead.loc[year] if year in ahead.index else None
            rows.append(
                [
                    report.name(code),
                    str(year),
                    report.target(plan["target"].iloc[0], code) if len(plan) else "–",
                    plan["framework"].iloc[0] if len(plan) else "–",
                    wording.year(last["year"]),
                    report.measure(last["value"], code),
                    report.source_link(last["source_id"]),
                    "–" if step is None else percent(step["median"], 1, report.lang),
                    (
                        "–"
                        if step is None
                        else (
                            f"{percent(step['lower'], 1, report.lang)}–{percent(step['upper'], 1, report.lang)}"
                        )
                    ),
                ]
            )
    return rows
