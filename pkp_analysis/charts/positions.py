"""Charts of a region and of a province: each answers one question, from frames of the analysis layer.

Every function returns a Figure (see figure.py). `title` is the answer in one sentence; without it one is made
from the
figures. `lang` is "id" or "en".
"""

import pandas as pd

from ..analysis.status import UNJUDGED
from ..data.codebook import indicators
from ..data.regions import region_name
from ..words.catalogue import capital, load_sentences
from ..words.chart_words import (
    as_targets,
    plan_name,
    short_name,
    shown_target,
    shown_value,
    status_word,
    target_labels,
)
from ..words.marks import mark_of
from ..words.numbers import percent
from ..words.wording import share_of
from .figure import Figure, Labels, mark, paper
from .ink import ACCENT, BAND, INK, REST, SMALL, SOFT, TEXT, pick

MOST_TRACKS = 9


def dot_target(assessment_rows: pd.DataFrame, lang: str = "id", title: str | None = None) -> Figure:
    """How far is each indicator from its targets? One track per indicator and value, targets as named ticks.

    assessment_rows: one region's rows of assessment.assess; rows without a value, without a target in percent
    or whose
    target does not govern are left out.
    """
    rows = assessment_rows[
        assessment_rows["value"].notna()
        & assessment_rows["governs"]
        & assessment_rows["unit"].str.startswith("%")
    ]
    tracks = [group for _, group in rows.groupby(["indicator", "value_year", "value"], sort=False)]
    if len(tracks) > MOST_TRACKS:  # a sheet of A4 holds no more: what cannot be judged stays in the table
        tracks = [group for group in tracks if (~group["status"].isin(UNJUDGED)).any()][:MOST_TRACKS]
        rows = pd.concat(tracks)
    tops = [0]
    for group in tracks:
        tops.append(tops[-1] + 58 + 13 * (group["target"].nunique() - 1))
    height = tops[-1] + 8
    canvas, axes = paper(height, left=16, right=24, top=4, bottom=4)
    axes.set(xlim=(0, 100), ylim=(height - 8, 0))
    axes.axis("off")
    for top, group in zip(tops, tracks, strict=False):
        draw_track(axes, group, top + 27, lang)
    title = title or dot_target_title(rows, lang)
    subtitle = pick(
        lang,
        "Realisasi terakhir (tanda) dan target atau acuan (garis tegak), persen",
        "Latest value (mark) and target or reference (upright line), percent",
    )
    table = pd.DataFrame(
        [
            [
                short_name(row.indicator, lang),
                str(int(row.value_year)),
                shown_value(row.indicator, row.value, lang),
                shown_target(row.target, row.unit, lang),
                f"{plan_name(row.framework)} {int(row.target_year)}",
                status_word(mark_of(row._asdict()), lang),
            ]
            for row in rows.itertuples()
        ],
        columns=[
            ["Indikator", "Tahun", "Realisasi", "Target atau acuan", "Rencana", "Status"],
            ["Indicator", "Year", "Value", "Target or reference", "Plan", "Status"],
        ][lang != "id"],
    )
    aims = rows["role"].map({"own": "target"}).fillna(pick(lang, "acuan", "reference"))
    facts = [
        f"{line[0]} {line[2]} ({line[1]}), {aim} {line[3]} ({line[4]})"
        for line, aim in zip(table.to_numpy(), aims, strict=True)
    ]
    facts = [fact for fact, first in zip(facts, ~rows["indicator"].duplicated(), strict=True) if first][:3]
    return Figure(canvas, title, subtitle, f"{title} {'; '.join(facts)}.", table, lang)


def draw_track(axes, group: pd.DataFrame, y: float, lang: str) -> None:
    """One indicator: its name and status above, the track 0-100, the value, and the targets below."""
    headline = group[group["is_headline"]] if "is_headline" in group and group["is_headline"].any() else group
    row = headline.iloc[0]
    value = shown_value(row["indicator"], row["value"], lang)
    axes.text(
        0,
        y - 18,
        f"{short_name(row['indicator'], lang)}, {int(row['value_year'])}",
        fontsize=TEXT,
        fontweight="bold",
        va="center",
    )
    axes.text(100, y - 18, value, fontsize=TEXT, fontweight="bold", ha="right", va="center", color=ACCENT)
    axes.text(
        82,
        y - 18,
        status_word(mark_of(row), lang, symbol=False),
        fontsize=SMALL,
        ha="right",
        va="center",
        color=SOFT,
    )
    axes.plot([0, 100], [y, y], color="#E3E6E9", linewidth=7, solid_capstyle="round", zorder=1)
    axes.plot([0, row["value"]], [y, y], color=BAND, linewidth=7, solid_capstyle="round", zorder=2)
    labels = Labels(axes)
    for _, target, text in target_labels(as_targets(group), lang):
        axes.plot([target, target], [y - 8, y + 8], color=INK, linewidth=1.6, zorder=4)
        labels.put(target, y, text, places=((0, -15), (0, -28), (0, -41)), color=SOFT)
    mark(axes, row["value"], y, row["status"] or "insufficient_data", size=10)


def dot_target_title(rows: pd.DataFrame, lang: str) -> str:
    """How many of the indicators that can be judged meet all targets they can be judged by."""
    judged = rows[~rows["status"].isin(UNJUDGED)]
    missed = judged["status"].ne("achieved").groupby(judged["indicator"]).any()
    if missed.empty:
        return pick(lang, "Belum ada indikator yang dapat dinilai.", "No indicator can be judged yet.")
    if not judged["status"].eq("achieved").any():
        return pick(
            lang, "Belum ada target atau acuan yang tercapai.", "No target or reference has been met yet."
        )
    if len(missed) == 1:
        short = missed.iloc[0]
        return pick(
            lang,
            f"Satu-satunya indikator yang dapat dinilai {'belum' if short else 'sudah'} mencapai semua target"
            " atau acuannya.",
            f"The only indicator that can be judged {'does not yet meet' if short else 'meets'} all its"
            " targets or references.",
        )
    share = share_of(
        int((~missed).sum()),
        len(missed),
        pick(lang, "indikator yang dapat dinilai", "indicators that can be judged"),
        load_sentences(lang),
    )
    return pick(
        lang,
        f"{capital(share)} mencapai semua target atau acuannya.",
        f"All targets or references are met for {share}.",
    )


def position(
    rank_frame: pd.DataFrame,
    region_code: str,
    indicator: str,
    lang: str = "id",
    title: str | None = None,
    reference: tuple[float, str] | None = None,
) -> Figure:
    """Where does the region stand among its neighbours? One dot per region, ordered, with the 80 % rank
    interval.

    rank_frame: region_code, value, rank, rank_lower, rank_upper (the three may be missing); region_code ""
    marks none;
    reference: (value, label) of a line to compare with.
    """
    frame = (
        rank_frame[rank_frame["value"].notna()]
        .sort_values(["value", "region_code"], ascending=indicators().loc[indicator, "direction"] == "down")
        .reset_index(drop=True)
    )
    height = 17 * len(frame) + 44
    canvas, axes = paper(height, left=112, right=56, top=22, bottom=20)
    axes.set(xlim=(0, 100), ylim=(len(frame) - 0.4, -0.6))
    axes.set_xticks([0, 50, 100], [percent(v, 0, lang) for v in (0, 50, 100)])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    ranked = "rank_lower" in frame.columns
    if ranked:
        axes.text(
            1.24,
            -1.1,
            pick(lang, "urutan", "rank"),
            transform=axes.get_yaxis_transform(),
            fontsize=SMALL,
            color=SOFT,
            ha="right",
            va="center",
        )
    if reference:
        axes.axvline(reference[0], color=INK, linewidth=1.2, zorder=1)
        axes.text(
            min(reference[0], 88),
            -1.1,
            reference[1],
            fontsize=SMALL,
            color=INK,
            ha="right" if reference[0] > 50 else "left",
            va="center",
        )
    for place, row in frame.iterrows():
        own = row["region_code"] == region_code
        color = ACCENT if own else REST if region_code else ACCENT
        weight = "bold" if own else "normal"
        axes.plot([0, 100], [place, place], color="#ECEEF0", linewidth=1, zorder=0)
        axes.plot(
            [row["value"]], [place], "o", markersize=9 if own else 7, color=color, zorder=5, clip_on=False
        )
        axes.text(
            -0.03,
            place,
            region_name(row["region_code"]),
            transform=axes.get_yaxis_transform(),
            fontsize=SMALL,
            fontweight=weight,
            ha="right",
            va="center",
            color=ACCENT if own else INK,
        )
        left = row["value"] > 70
        axes.text(
            row["value"] + (-4 if left else 4),
            place,
            percent(row["value"], int(indicators().loc[indicator, "decimals"]), lang),
            fontsize=SMALL,
            fontweight=weight,
            ha="right" if left else "left",
            va="center",
            color=ACCENT if own else SOFT,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )
        if ranked:
            axes.text(
                1.24,
                place,
                ranks(row),
                transform=axes.get_yaxis_transform(),
                fontsize=SMALL,
                fontweight=weight,
                ha="right",
                va="center",
                color=ACCENT if own else SOFT,
            )
    title = title or position_title(frame, region_code, indicator, lang)
    row = indicators().loc[indicator]
    subtitle = f"{row['name' if lang == 'id' else 'name_en']}, {row['unit' if lang == 'id' else 'unit_en']}."
    if ranked:
        subtitle += pick(lang, " Angka kanan: rentang 80% urutan.", " Right: 80% range of the rank.")
    table = pd.DataFrame(
        [
            [
                region_name(row["region_code"]),
                shown_value(indicator, row["value"], lang),
                ranks(row) if ranked else "–",
            ]
            for _, row in frame.iterrows()
        ],
        columns=(
            ["Wilayah", "Nilai", "Urutan (rentang 80%)"]
            if lang == "id"
            else ["Region", "Value", "Rank (80% range)"]
        ),
    )
    return Figure(canvas, title, subtitle, position_alt(title, table, lang), table, lang)


def ranks(row: pd.Series) -> str:
    low, high = int(row["rank_lower"]), int(row["rank_upper"])
    return str(low) if low == high else f"{low}–{high}"


def position_title(frame: pd.DataFrame, region_code: str, indicator: str, lang: str) -> str:
    name = short_name(indicator, lang)
    own = frame[frame["region_code"] == region_code]
    if len(own) and "rank_lower" in frame.columns:
        rank, span = int(own["rank"].iloc[0]), ranks(own.iloc[0])
        sure = span == str(rank)
        doubt = (
            ""
            if sure
            else pick(lang, f"; rentang 80% urutannya {span}", f"; the 80% range of its rank is {span}")
        )
        return pick(
            lang,
            f"{name}: {region_name(region_code)} berada di urutan {rank} dari {len(frame)} wilayah{doubt}.",
            f"{name}: {region_name(region_code)} ranks {rank} of {len(frame)} regions{doubt}.",
        )
    order = frame.sort_values(["value", "region_code"])
    low, high = (
        (region_name(row["region_code"]), shown_value(indicator, row["value"], lang))
        for _, row in order.iloc[[0, -1]].iterrows()
    )
    return pick(
        lang,
        f"{name} tertinggi di {high[0]} ({high[1]}), terendah di {low[0]} ({low[1]}).",
        f"{name} is highest in {high[0]} ({high[1]}) and lowest in {low[0]} ({low[1]}).",
    )


def position_alt(title: str, table: pd.DataFrame, lang: str) -> str:
    lines = table.to_numpy()
    return (
        f"{title} {pick(lang, 'Teratas', 'Top')}: {lines[0][0]} {lines[0][1]};"
        f" {pick(lang, 'terbawah', 'bottom')}: {lines[-1][0]} {lines[-1][1]}."
    )
