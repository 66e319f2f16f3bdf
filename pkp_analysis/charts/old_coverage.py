"""Which regions have a value for which indicator, and of what year."""

import pandas as pd

from ..data.codebook import indicators
from ..data.regions import region_name
from ..words.catalogue import capital, load_sentences
from ..words.chart_words import short_name
from ..words.wording import share_of
from .figure import Figure, paper
from .ink import ACCENT, INK, SMALL, SOFT, pick


def coverage(observations: pd.DataFrame, region_codes: list[str], lang: str = "id") -> Figure:
    """Where are the gaps? A field per region and headline indicator with the year of the latest governing
    value, darker when newer.

    observations: the clean table. The title counts the indicators that every one of `region_codes` has.
    """
    import seaborn as sns  # imported here: half a second that no other chart has to spend

    book = indicators()
    codes = book.index[book["role"] == "headline"].tolist()
    rows = observations[
        observations["is_governing"]
        & observations["indicator"].isin(codes)
        & observations["region_code"].isin(region_codes)
    ]
    latest = (
        rows.groupby(["region_code", "indicator"])["year"]
        .max()
        .unstack("indicator")
        .reindex(index=region_codes, columns=codes)
        .astype("float64")
    )
    canvas, axes = paper(18 * len(region_codes) + 34, left=118, right=8, top=30, bottom=4)
    texts = latest.map(lambda year: "–" if pd.isna(year) else str(int(year)))
    oldest = latest.min(axis=None)
    shades = latest.fillna((0 if pd.isna(oldest) else oldest) - 5)
    sns.heatmap(
        shades,
        ax=axes,
        cmap=sns.light_palette(ACCENT, as_cmap=True),
        cbar=False,
        linewidths=1.5,
        linecolor="white",
        annot=texts,
        fmt="",
        annot_kws={"fontsize": SMALL},
    )
    for text, year in zip(axes.texts, latest.to_numpy().ravel(), strict=True):
        text.set_color(SOFT if pd.isna(year) else "white" if year >= latest.max(axis=None) - 1 else INK)
    axes.xaxis.tick_top()
    axes.set_xticklabels(
        [short_name(code, lang).replace(" ", "\n", 1) for code in codes],
        fontsize=SMALL,
        color=SOFT,
        rotation=0,
    )
    axes.set_yticklabels([region_name(code) for code in region_codes], fontsize=SMALL, color=INK, rotation=0)
    axes.tick_params(length=0)
    axes.set(xlabel="", ylabel="")
    share = share_of(
        int(latest.notna().all().sum()),
        len(codes),
        pick(lang, "indikator utama", "headline indicators"),
        load_sentences(lang),
    )
    title = pick(
        lang,
        f"{capital(share)} memiliki nilai untuk setiap wilayah.",
        f"{capital(share)} have a value for every region.",
    )
    subtitle = pick(
        lang,
        "Tahun nilai terakhir yang dipakai; tanda – berarti belum ada nilai.",
        "Year of the latest value in use; – means that there is none.",
    )
    table = (
        texts.rename(columns=lambda code: short_name(code, lang))
        .set_axis([region_name(code) for code in region_codes])
        .rename_axis(pick(lang, "Wilayah", "Region"))
        .reset_index()
    )
    gaps = [f"{short_name(code, lang)}: {int(latest[code].notna().sum())}" for code in codes]
    alt = pick(
        lang,
        f"{title} Banyaknya wilayah dengan nilai: {'; '.join(gaps)}.",
        f"{title} Regions with a value: {'; '.join(gaps)}.",
    )
    return Figure(canvas, title, subtitle, alt, table, lang)
