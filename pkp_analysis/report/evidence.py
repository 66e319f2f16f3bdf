"""Tables and the reliability plot of the page on methods."""

import pandas as pd

from .figure import Figure, Labels, paper
from .ink import ACCENT, LINE, SMALL, SOFT
from .formats import number
from .tables import Section, table

METHOD_NAMES = {
    "last_value": "Nilai terakhir",
    "straight_line": "Garis lurus",
    "jmp_rule": "Aturan JMP",
    "hierarchical": "Model proyeksi",
}


def shown(frame: pd.DataFrame, table_id: str, caption: str, columns: dict) -> Section:
    """The frame as a table in Indonesian; `columns` maps header to (column, decimals), decimals None for text and years.

    Methods are shown by name, missing numbers as a dash.
    """
    frame = frame.replace({"method": METHOD_NAMES}) if "method" in frame else frame
    rows = [
        [str(row[column]) if decimals is None else number(row[column], decimals) for column, decimals in columns.values()]
        for row in frame.to_dict("records")
    ]
    return Section(table_id, caption, str(table(table_id, caption, list(columns), rows)))


def reliability_plot(reliability: pd.DataFrame) -> Figure:
    """Stated probability against the share that came true, per method (rows of backtest.reliability); area = forecasts."""
    rows = reliability.reset_index().replace({"method": METHOD_NAMES})
    canvas, axes = paper(300, left=42, right=14, top=10, bottom=40)
    axes.set(xlim=(-4, 104), ylim=(-4, 104), aspect="equal")
    axes.set_xlabel("Peluang yang dinyatakan (%)", fontsize=SMALL, color=SOFT)
    axes.set_ylabel("Kenyataannya tercapai (%)", fontsize=SMALL, color=SOFT)
    axes.plot([0, 100], [0, 100], color=LINE, linewidth=1.2, zorder=1)
    axes.text(22, 28, "tepat", fontsize=SMALL, color=SOFT, rotation=45)
    labels = Labels(axes)
    looks = {"Model proyeksi": ("o", ACCENT, ACCENT), "Garis lurus": ("s", "#B0470B", "white")}
    for name, (marker, color, face) in looks.items():
        part = rows[rows["method"] == name]
        stated, met = part["stated_pct"], part["met_pct"]
        axes.plot(stated, met, color=color, linewidth=1, zorder=2, linestyle="-" if face == color else "--")
        axes.scatter(stated, met, s=18 + part["forecasts"] / 25, marker=marker, color=color, facecolor=face, zorder=3)
        middle, place = len(part) // 2, (-44, 14) if face == color else (34, -16)
        labels.put(stated.iloc[middle], met.iloc[middle], name, places=(place,), color=color, fontweight="bold")
    model = rows[rows["method"] == "Model proyeksi"]
    furthest = (model["stated_pct"] - model["met_pct"]).abs().max()
    title = f"Peluang dari model menyimpang paling jauh {number(furthest, 0)} persen poin dari kenyataan."
    facts = [f"{number(row.stated_pct, 0)}% dinyatakan, {number(row.met_pct, 0)}% tercapai" for row in model.itertuples()]
    words = pd.DataFrame(
        [
            [row.method, number(row.forecasts, 0), number(row.stated_pct, 1), number(row.met_pct, 1)]
            for row in rows.itertuples()
        ],
        columns=["Metode", "Perkiraan", "Peluang rata-rata (%)", "Tercapai (%)"],
    )
    subtitle = "Uji mundur 34 provinsi, ambang 70, 80, 90, dan 95%; garis kelabu: peluang sama dengan kenyataan"
    return Figure(canvas, title, subtitle, f"{title} Model: {'; '.join(facts)}.", words)
