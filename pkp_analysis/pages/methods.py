"""Tables and the reliability plot of the page on methods."""

import pandas as pd

from ..charts.figure import Figure, Labels, paper
from ..charts.ink import ACCENT, LINE, SMALL, SOFT, pick
from ..html import Section, table
from ..words.numbers import number
from ..words.translation import load_translation

NOTEBOOK = "04_metode_dan_validasi"
METHOD_NAMES = {
    "last_value": "Nilai terakhir",
    "straight_line": "Garis lurus",
    "jmp_rule": "Aturan JMP",
    "hierarchical": "Model proyeksi",
}
LOOKS = {"hierarchical": ("o", ACCENT, ACCENT), "straight_line": ("s", "#B0470B", "white")}


def label(text: str, lang: str = "id", **values) -> str:
    """The Indonesian text of a table in `lang`, its {placeholders} filled. Raises TemplateError when it has
    no translation.
    """
    return (text if lang == "id" else load_translation(NOTEBOOK, lang).label(text)).format(**values)


def shown(
    frame: pd.DataFrame, table_id: str, caption: str, columns: dict, lang: str = "id", **values
) -> Section:
    """The frame as a table; `columns` maps header to (column, decimals), decimals None for text and years.

    Caption and headers are given in Indonesian and written in `lang`; `values` fill the placeholders of the
    caption.
    Methods are shown by name, missing numbers as a dash.
    """
    frame = with_method_names(frame, lang)
    caption, header = label(caption, lang, **values), [label(text, lang) for text in columns]
    rows = [
        [
            str(row[column]) if decimals is None else number(row[column], decimals, lang)
            for column, decimals in columns.values()
        ]
        for row in frame.to_dict("records")
    ]
    return Section(table_id, caption, str(table(table_id, caption, header, rows)))


def with_method_names(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    if "method" not in frame:
        return frame
    return frame.replace({"method": {key: label(name, lang) for key, name in METHOD_NAMES.items()}})


def reliability_plot(reliability: pd.DataFrame, lang: str = "id") -> Figure:
    """Stated probability against the share that came true, per method (rows of backtest.reliability); area =
    forecasts.
    """
    rows = reliability.reset_index()
    canvas, axes = paper(300, left=42, right=14, top=10, bottom=40)
    axes.set(xlim=(-4, 104), ylim=(-4, 104), aspect="equal")
    axes.set_xlabel(
        pick(lang, "Peluang yang dinyatakan (%)", "Stated probability (%)"), fontsize=SMALL, color=SOFT
    )
    axes.set_ylabel(pick(lang, "Kenyataannya tercapai (%)", "Actually met (%)"), fontsize=SMALL, color=SOFT)
    axes.plot([0, 100], [0, 100], color=LINE, linewidth=1.2, zorder=1)
    axes.text(22, 28, pick(lang, "tepat", "exact"), fontsize=SMALL, color=SOFT, rotation=45)
    labels = Labels(axes)
    for method, (marker, color, face) in LOOKS.items():
        part = rows[rows["method"] == method]
        stated, met = part["stated_pct"], part["met_pct"]
        axes.plot(stated, met, color=color, linewidth=1, zorder=2, linestyle="-" if face == color else "--")
        axes.scatter(
            stated, met, s=18 + part["forecasts"] / 25, marker=marker, color=color, facecolor=face, zorder=3
        )
        middle, place = len(part) // 2, (-44, 14) if face == color else (34, -16)
        name = label(METHOD_NAMES[method], lang)
        labels.put(
            stated.iloc[middle], met.iloc[middle], name, places=(place,), color=color, fontweight="bold"
        )
    words = with_method_names(rows, lang)
    figures = pd.DataFrame(
        [
            [
                row.method,
                number(row.forecasts, 0, lang),
                number(row.stated_pct, 1, lang),
                number(row.met_pct, 1, lang),
            ]
            for row in words.itertuples()
        ],
        columns=[
            label("Cara", lang),
            label("Perkiraan", lang),
            label("Peluang rata-rata (%)", lang),
            label("Tercapai (%)", lang),
        ],
    )
    title, alt = reliability_words(rows[rows["method"] == "hierarchical"], lang)
    subtitle = pick(
        lang,
        "Uji mundur 34 provinsi, ambang 70, 80, 90, dan 95%; garis kelabu: peluang sama dengan kenyataan",
        "Backtest of 34 provinces, thresholds 70, 80, 90 and 95%; grey line: probability equals outcome",
    )
    return Figure(canvas, title, subtitle, alt, figures, lang)


def reliability_words(model: pd.DataFrame, lang: str) -> tuple[str, str]:
    """(title, alt text) of the plot: the largest deviation of the model, then what it stated and what came
    true.
    """
    stated, met = (
        model["stated_pct"].round(1),
        model["met_pct"].round(1),
    )  # as the table beside the plot shows them
    furthest = number((stated - met).abs().max(), 0, lang)
    pairs = [(number(first, 0, lang), number(second, 0, lang)) for first, second in zip(stated, met)]
    title = pick(
        lang,
        f"Peluang dari model menyimpang paling jauh {furthest} persen poin dari kenyataan.",
        f"The model's probabilities differ from the outcomes by at most {furthest} percentage points.",
    )
    facts = "; ".join(
        pick(lang, f"{first}% dinyatakan, {second}% tercapai", f"{first}% stated, {second}% met")
        for first, second in pairs
    )
    return title, f"{title} Model: {facts}."
