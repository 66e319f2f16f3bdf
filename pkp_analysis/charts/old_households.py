"""Charts of households: who is unserved, how many to serve a year, and the steps of service."""

import pandas as pd

from ..data.regions import region_name
from ..words.chart_words import in_sentence, plan_name, short_name
from ..words.numbers import hundreds, number, percent
from .figure import Figure, paper
from .ink import ACCENT, INK, LINE, REST, SMALL, SOFT, TEXT, pick


def unserved_bars(
    frame: pd.DataFrame,
    lang: str = "id",
    title: str | None = None,
    indicator: str | None = None,
    highlight: str | None = None,
) -> Figure:
    """Where do the unserved households live? A bar per region beside its share of all households (upright
    line).

    frame: region_code, unserved_households, share_unserved_pct, share_households_pct
    (priorities.unserved_distribution).
    """
    frame = (
        frame[frame["unserved_households"].notna()]
        .sort_values(["unserved_households", "region_code"], ascending=[False, True])
        .reset_index(drop=True)
    )
    height = 18 * len(frame) + 42
    canvas, axes = paper(height, left=112, right=92, top=38, bottom=4)
    widest = max(frame[["share_unserved_pct", "share_households_pct"]].max())
    axes.set(xlim=(0, widest * 1.05), ylim=(len(frame) - 0.4, -0.6))
    axes.axis("off")
    for place, row in frame.iterrows():
        own = row["region_code"] == highlight
        weight = "bold" if own else "normal"
        axes.barh(
            place, row["share_unserved_pct"], height=0.66, color=ACCENT if own or not highlight else REST
        )
        axes.plot(
            [row["share_households_pct"]] * 2,
            [place - 0.42, place + 0.42],
            color=INK,
            linewidth=2.2,
            zorder=4,
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
        )
        axes.text(
            1.48,
            place,
            f"{percent(row['share_unserved_pct'], 1, lang)} · {hundreds(row['unserved_households'], lang)}",
            transform=axes.get_yaxis_transform(),
            fontsize=SMALL,
            fontweight=weight,
            ha="right",
            va="center",
            color=SOFT,
        )
    axes.text(
        0,
        -1.95,
        pick(lang, "batang: bagian dari yang belum terlayani", "bar: share of the unserved"),
        fontsize=SMALL,
        color=ACCENT,
        va="center",
    )
    axes.text(
        0,
        -1.2,
        pick(lang, "garis: bagian dari semua rumah tangga", "line: share of all households"),
        fontsize=SMALL,
        color=INK,
        va="center",
    )
    top = frame.head(3)
    *others, last = [region_name(code) for code in top["region_code"]]
    share = percent(top["share_unserved_pct"].sum(), 1, lang)
    subject = f"{short_name(indicator, lang)}: " if indicator else ""
    title = title or pick(
        lang,
        f"{subject}{share} rumah tangga yang belum terlayani ada di"
        f" {', '.join([*others, f'dan {last}'] if others else [last])}.",
        f"{subject}{share} of the unserved households are in"
        f" {', '.join([*others, f'and {last}'] if others else [last])}.",
    )
    subtitle = pick(
        lang,
        "Angka kanan: bagian wilayah dan jumlah rumah tangga yang belum terlayani (perkiraan)",
        "Right: the region's share and number of unserved households (estimates)",
    )
    header = [
        [
            "Wilayah",
            "Belum terlayani (rumah tangga)",
            "Bagian dari yang belum terlayani",
            "Bagian dari semua rumah tangga",
        ],
        ["Region", "Unserved (households)", "Share of the unserved", "Share of all households"],
    ][lang != "id"]
    table = pd.DataFrame(
        [
            [
                region_name(row.region_code),
                hundreds(row.unserved_households, lang),
                percent(row.share_unserved_pct, 1, lang),
                percent(row.share_households_pct, 1, lang),
            ]
            for row in frame.itertuples()
        ],
        columns=header,
    )
    facts = "; ".join(f"{line[0]} {line[2]}" for line in table.to_numpy()[:3])
    return Figure(canvas, title, subtitle, f"{title} {facts}.", table, lang)


def needs(frame: pd.DataFrame, lang: str = "id", title: str | None = None) -> Figure:
    """How many households a year? A bar per indicator and target: what the trend brings (light) and what must
    be added (dark).

    frame: one region's rows of priorities.households_per_year.
    """
    frame = (
        frame[frame["households_per_year"].notna()]
        .sort_values(["indicator", "target_year", "framework"], ascending=[False, True, True])
        .reset_index(drop=True)
    )
    height = 50 * len(frame) + 6
    canvas, axes = paper(height, left=10, right=10, top=4, bottom=2)
    widest = max(frame["households_per_year"].max(), 1)
    axes.set(xlim=(0, widest * 1.02), ylim=(len(frame) - 0.3, -0.7))
    axes.axis("off")
    for place, row in frame.iterrows():
        name = (
            f"{short_name(row['indicator'], lang)}, {plan_name(row['framework'])} {int(row['target_year'])}"
        )
        axes.text(0, place - 0.42, name, fontsize=TEXT, va="center")
        total = pick(
            lang,
            f"{hundreds(row['households_per_year'], lang)} per tahun",
            f"{hundreds(row['households_per_year'], lang)} a year",
        )
        axes.text(
            widest * 1.02, place - 0.42, total, fontsize=TEXT, fontweight="bold", ha="right", va="center"
        )
        usual = (
            0.0
            if pd.isna(row["trend_part"])
            else min(max(row["trend_part"], 0.0), row["households_per_year"])
        )
        axes.barh(place, usual, height=0.4, color="#A9CDE4")
        axes.barh(place, row["households_per_year"] - usual, left=usual, height=0.4, color=ACCENT)
        if usual > 0.22 * widest:
            axes.text(
                usual / 2,
                place,
                pick(lang, f"proyeksi {hundreds(usual, lang)}", f"projected {hundreds(usual, lang)}"),
                fontsize=SMALL,
                ha="center",
                va="center",
                color=INK,
            )
        extra = row["households_per_year"] - usual
        if extra > 0.26 * widest:
            text = pick(lang, f"tambahan {hundreds(extra, lang)}", f"additional {hundreds(extra, lang)}")
            axes.text(usual + extra / 2, place, text, fontsize=SMALL, ha="center", va="center", color="white")
    most = frame.loc[frame["households_per_year"].idxmax()] if len(frame) else None
    if title is None and most is not None:
        amount = hundreds(most["households_per_year"], lang)
        level = frame[
            (frame["framework"] == most["framework"])
            & (frame["target_year"] == most["target_year"])
            & (frame["households_per_year"].map(lambda n: hundreds(n, lang)) == amount)
        ]
        names = pick(lang, " dan ", " and ").join(
            dict.fromkeys(in_sentence(short_name(code, lang)) for code in level["indicator"])
        )
        each = pick(lang, " masing-masing", " each") if level["indicator"].nunique() > 1 else ""
        goal = f"{plan_name(most['framework'])} {int(most['target_year'])}"
        title = pick(
            lang,
            f"Untuk memenuhi {goal}, sekitar {amount} rumah tangga per tahun{each} perlu memperoleh {names}.",
            f"To meet {goal}, about {amount} households a year{each} need {names}.",
        )
    subtitle = pick(
        lang,
        "Rumah tangga per tahun (perkiraan); biru muda: menurut proyeksi, biru tua: harus ditambah",
        "Households a year (estimate); light blue: by the projection, dark blue: to be added",
    )
    header = [
        ["Indikator", "Rencana", "Rumah tangga per tahun", "Menurut proyeksi", "Harus ditambah"],
        ["Indicator", "Plan", "Households a year", "By the projection", "To be added"],
    ][lang != "id"]
    table = pd.DataFrame(
        [
            [
                short_name(row.indicator, lang),
                f"{plan_name(row.framework)} {int(row.target_year)}",
                *(hundreds(v, lang) for v in (row.households_per_year, row.trend_part, row.additional_part)),
            ]
            for row in frame.itertuples()
        ],
        columns=header,
    )
    added = pick(lang, "tambahan", "additional")
    facts = "; ".join(f"{line[0]} ({line[1]}) {line[2]}, {added} {line[4]}" for line in table.to_numpy())
    return Figure(canvas, title or "", subtitle, f"{title} {facts}.", table, lang)


def urban_rural(
    frame: pd.DataFrame, lang: str = "id", title: str | None = None, indicator: str | None = None
) -> Figure:
    """How far apart are town and village? frame: year, urban, rural (percent), one row per year."""
    frame = frame.sort_values("year")
    height = 30 * len(frame) + 46
    canvas, axes = paper(height, left=40, right=44, top=22, bottom=20)
    axes.set(xlim=(0, 100), ylim=(len(frame) - 0.4, -0.6))
    axes.set_xticks([0, 50, 100], [percent(v, 0, lang) for v in (0, 50, 100)])
    axes.set_yticks(range(len(frame)), [str(int(year)) for year in frame["year"]])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    for place, row in enumerate(frame.itertuples()):
        axes.plot([row.rural, row.urban], [place, place], color=LINE, linewidth=3, zorder=1)
        for value, shape, other in ((row.rural, "s", row.urban), (row.urban, "o", row.rural)):
            axes.plot(
                [value],
                [place],
                shape,
                markersize=8,
                color=ACCENT,
                markerfacecolor=ACCENT if shape == "o" else "white",
                markeredgewidth=1.6,
                zorder=4,
            )
            axes.annotate(
                percent(value, 2, lang),
                (value, place),
                xytext=(8 if value > other else -8, 0),
                textcoords="offset points",
                ha="left" if value > other else "right",
                va="center",
                fontsize=SMALL,
                color=INK,
            )
    for value, word in (
        (frame["rural"].iloc[0], pick(lang, "perdesaan", "rural")),
        (frame["urban"].iloc[0], pick(lang, "perkotaan", "urban")),
    ):
        axes.annotate(
            word,
            (value, 0),
            xytext=(0, 17),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=SMALL,
            fontweight="bold",
            color=ACCENT,
        )
    last = frame.iloc[-1]
    gap = number(abs(round(last["urban"], 2) - round(last["rural"], 2)), 2, lang)
    subject = f"{short_name(indicator, lang)}: " if indicator else ""
    title = title or pick(
        lang,
        f"{subject}selisih perkotaan dan perdesaan {gap} persen poin pada {int(last['year'])}.",
        f"{subject}town and village are {gap} percentage points apart in {int(last['year'])}.",
    )
    title = title[:1].upper() + title[1:]
    table = pd.DataFrame(
        [
            [str(int(row.year)), percent(row.urban, 2, lang), percent(row.rural, 2, lang)]
            for row in frame.itertuples()
        ],
        columns=["Tahun", "Perkotaan", "Perdesaan"] if lang == "id" else ["Year", "Urban", "Rural"],
    )
    subtitle = pick(
        lang,
        "Persen rumah tangga; lingkaran perkotaan, kotak perdesaan",
        "Percent of households; circle urban, square rural",
    )
    alt = (
        f"{title} {pick(lang, 'Perkotaan', 'Urban')} {table.iloc[-1, 1]}, {pick(lang, 'perdesaan', 'rural')}"
        f" {table.iloc[-1, 2]}."
    )
    return Figure(canvas, title, subtitle, alt, table, lang)


def ladder(frame: pd.DataFrame, lang: str = "id", title: str | None = None) -> Figure:
    """How are households spread over the steps of service? frame: step (the word shown), value (percent),
    best step first.
    """
    height = 38 * len(frame) + 6
    canvas, axes = paper(height, left=10, right=60, top=4, bottom=2)
    axes.set(xlim=(0, 100), ylim=(len(frame) - 0.3, -0.75))
    axes.axis("off")
    shades = ["#00507D", "#3B86B3", "#8DBBDA", "#C8CDD2", "#8A9199"]
    for place, row in enumerate(frame.itertuples()):
        axes.text(0, place - 0.42, row.step, fontsize=TEXT, va="center")
        axes.barh(place, row.value, height=0.42, color=shades[min(place, len(shades) - 1)])
        axes.annotate(
            percent(row.value, 2, lang),
            (row.value, place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=TEXT,
            fontweight="bold",
        )
    largest = frame.loc[frame["value"].idxmax()]
    title = title or pick(
        lang,
        f"Bagian terbesar: {largest['step'].lower()}, {percent(largest['value'], 2, lang)}.",
        f"The largest part: {largest['step'].lower()}, {percent(largest['value'], 2, lang)}.",
    )
    table = pd.DataFrame(
        [[row.step, percent(row.value, 2, lang)] for row in frame.itertuples()],
        columns=["Tingkat layanan", "Bagian"] if lang == "id" else ["Service level", "Share"],
    )
    alt = f"{title} " + "; ".join(f"{step} {share}" for step, share in table.to_numpy()) + "."
    return Figure(canvas, title, pick(lang, "Persen rumah tangga", "Percent of households"), alt, table, lang)
