"""Trend and projection of a region: what the points show, where the model starts from, and where it leads."""

import pandas as pd

from ..charts import old as charts
from ..data import codebook
from ..data.targets import applicable_targets
from ..html import Section, heading, prose, section, table
from ..words import narrative, wording
from ..words.numbers import percent


def trends(report) -> Section:
    """Observed points and the projection with its 80 % band, an indicator at a time."""
    label, data = report.label, report.data
    parts, rows = [], []
    for turn, code in enumerate(
        code for code in report.shown_indicators if code in codebook.headline("survey")
    ):
        points, level, ahead = data.points(code), data.present_level(code), data.projection(code)
        chart = trend_chart(data, code, report.lang, trend_title(report, code, points, turn))
        parts += [
            heading(report.name(code)),
            chart.to_html(f"gambar-tren-{code}"),
            prose(*trend_sentences(report, code, level, ahead, turn)),
        ]
        later = data.later[data.later["indicator"] == code]
        rows += [
            [
                report.name(code),
                wording.year(point["year"]),
                label(kind),
                report.measure(point["value"], code),
                "–",
                "–",
                report.source_link(point["source_id"]),
            ]
            for kind, frame in (("kind_observed", points), ("kind_later", later))
            for _, point in frame.iterrows()
        ]
        rows += [
            [
                report.name(code),
                wording.year(step["year"]),
                label(kind),
                *(percent(step[column], 1, report.lang) for column in ("median", "lower", "upper")),
                "–",
            ]
            for kind, frame in (("kind_level", level), ("kind_projected", ahead))
            for _, step in frame.iterrows()
        ]
    header = [
        label(key) for key in ("indicator", "year", "kind_of_value", "observed", "lower", "upper", "source")
    ]
    notes = ("band", "start") if report.is_province else ("band", "start", "borrowed", "noise")
    if not parts:
        parts = [
            prose(report.say("trend.title_none", name=report.noun(code)))
            for code in codebook.headline("survey")
        ]
    contrary = opposed(report)
    text = [report.say(f"trend.{key}") for key in notes] if rows else []
    text += (
        [report.say("trend.opposed", names=wording.names(data.indicators, contrary, report.sentences))]
        if contrary
        else []
    )
    return section(
        "tren",
        label("trend"),
        prose(*text) if text else "",
        *parts,
        table("tabel-tren", label("trend"), header, rows),
    )


def opposed(report) -> list[str]:
    """Indicators whose own values fall while the projection, which leans on all provinces, rises."""
    falling = report.data.assessment.loc[report.data.assessment["change"] == "falling", "indicator"]
    codes = [
        code
        for code in report.shown_indicators
        if code in codebook.headline("survey") and code in set(falling)
    ]
    ends = {code: report.data.projection(code, (narrative.HORIZON,))["median"] for code in codes}
    return [
        code
        for code, end in ends.items()
        if len(end) and end.iloc[0] > report.data.points(code)["value"].iloc[-1]
    ]


def trend_title(report, code: str, points: pd.DataFrame, turn: int) -> str:
    """What the points show: a rise, a fall, or a difference within survey uncertainty."""
    rows = report.data.assessment[report.data.assessment["indicator"] == code]
    first, last = points.iloc[0], points.iloc[-1]
    if len(points) == 1:
        return report.say(
            "trend.title_one",
            name=report.noun(code),
            value=report.measure(last["value"], code),
            year=wording.year(last["year"]),
        )
    change = narrative.change_of(rows.iloc[0]) if len(rows) else "single"
    key = change if change in ("rising", "falling") else "indistinct"
    return report.say(
        f"trend.title_{key}",
        turn,
        name=report.noun(code),
        first=report.measure(first["value"], code),
        last=report.measure(last["value"], code),
        first_year=wording.year(first["year"]),
        last_year=wording.year(last["year"]),
    )


def trend_sentences(report, code: str, level: pd.DataFrame, ahead: pd.DataFrame, turn: int) -> list[str]:
    """Where the model starts from, and where it sees 2030."""
    texts = []
    horizon = ahead[ahead["year"] == narrative.HORIZON]
    for key, step in [
        *(("level", step) for _, step in level.iterrows()),
        *(("outlook", step) for _, step in horizon.iterrows()),
    ]:
        shown = {column: percent(step[column], 1, report.lang) for column in ("median", "lower", "upper")}
        texts.append(
            report.say(f"trend.{key}", turn, name=report.noun(code), year=wording.year(step["year"]), **shown)
        )
    return texts


def trend_chart(data, code: str, lang: str, title: str | None):
    """The trend figure of one indicator of a region."""
    targets = applicable_targets(data.dataset.targets, data.region_code, code)
    ahead = pd.concat([data.present_level(code), data.projection(code, range(9999))], ignore_index=True)
    return charts.trend(data.points(code), ahead, targets, data.region_code, code, lang, title)
