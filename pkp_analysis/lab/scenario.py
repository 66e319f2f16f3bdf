"""What an additional effort would change, in the words of the exploration: year, probability, households and
cost.
"""

import pandas as pd
from markupsafe import Markup

from ..analysis.outcomes import LAST_YEAR, outcomes, pp_per_year
from ..analysis.projection import scenario
from ..data.codebook import indicators
from ..data.regions import region_name
from ..errors import BadRequestError
from ..html import table
from ..words.chart_words import in_sentence, shown_target, shown_value
from ..words.numbers import hundreds, number, percent
from .material import Choice, Material

CAVEAT = (
    "Skenario menambah upaya di atas proyeksi sejak nilai terakhir. Peluang adalah perkiraan model jika pola"
    " selama ini berlanjut, bukan penilaian kinerja. Target 100% dihitung tercapai mulai 99%. Jumlah rumah"
    " tangga adalah perkiraan selama hitungan resmi belum ada."
)


def extra_pp(material: Material, choice: Choice) -> pd.Series:
    """The effort in percentage points a year, by region. Raises BadRequestError where household counts are
    missing.
    """
    codes = list(choice.regions)
    if choice.unit == "pp":
        return pd.Series(float(choice.effort), index=codes)
    counts = material.households.reindex(codes)
    if counts.isna().any():
        names = ", ".join(region_name(code) for code in counts.index[counts.isna()])
        raise BadRequestError(f"Jumlah rumah tangga {names} belum tersedia. Gunakan persen poin per tahun.")
    return pp_per_year(choice.effort, counts)


def effort_path(material: Material, choice: Choice) -> pd.DataFrame:
    """The scenario's median by year, from the model's present level on; empty without an effort or a model."""
    if not choice.effort or choice.indicator not in material.models:
        return pd.DataFrame({"region_code": []})
    rows = material.points(choice)
    years = range(int(rows["year"].min()) + 1, choice.years[1] + 1)
    lifted = scenario(rows, extra_pp(material, choice), model=material.models[choice.indicator], years=years)
    return pd.concat(
        [*(material.regions[code].present_level(choice.indicator) for code in choice.regions), lifted],
        ignore_index=True,
    )


def effects(material: Material, choice: Choice) -> pd.DataFrame:
    """What the effort would change, a row per region (analysis.outcomes). Raises BadRequestError without a
    target or a model.
    """
    rows = material.points(choice)
    if choice.target is None:
        raise BadRequestError("Skenario memerlukan target. Pilih target di atas.")
    return outcomes(
        rows,
        material.models[choice.indicator],
        choice.target,
        choice.target_year,
        extra_pp(material, choice),
        material.households,
        choice.budget,
        indicators().loc[choice.indicator, "direction"],
    )


def effects_table(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The effects as text: a row per measure, a column per region; what was not asked for is left out."""
    year = choice.target_year
    columns = {}
    for _, row in frame.iterrows():
        measures = {
            "Nilai terakhir": (
                f"{shown_value(choice.indicator, row['value'], 'id')} ({int(row['value_year'])})"
            ),
            "Target tercapai menurut proyeksi": year_text(row["year_trend"]),
            f"Peluang pada {year} menurut proyeksi": chance_text(row["chance_trend"]),
        }
        if choice.effort:
            measures |= {
                "Target tercapai dengan skenario": year_text(row["year_effort"]),
                f"Peluang pada {year} dengan skenario": chance_text(row["chance_effort"]),
                f"Perkiraan rumah tangga tambahan sampai {year}": hundreds(row["households"]),
            }
        if choice.effort and choice.budget:
            measures[f"Perkiraan biaya sampai {year}"] = rupiah(row["cost"])
        columns[region_name(row["region_code"])] = measures
    return pd.DataFrame(columns).rename_axis("Ukuran").reset_index()


def effects_html(frame: pd.DataFrame, choice: Choice) -> Markup:
    """One sentence on the region looked at, the table for all of them, and what must not be concluded."""
    text = effects_table(frame, choice)
    return (
        Markup('<p class="narasi" role="status">{}</p>\n').format(sentence(frame, choice))
        + table(
            "tabel-skenario",
            f"{indicators().loc[choice.indicator, 'short_name']}: menuju {choice.target_name}",
            list(text.columns),
            text.to_numpy().tolist(),
        )
        + Markup('<p class="catatan">{}</p>').format(CAVEAT)
    )


def sentence(frame: pd.DataFrame, choice: Choice) -> str:
    """The answer for the region looked at: when the target is met, with the effort and by the trend alone."""
    row, name = frame.iloc[0], region_name(frame["region_code"].iloc[0])
    goal = (
        f"{in_sentence(indicators().loc[choice.indicator, 'short_name'])}"
        f" {shown_target(choice.target, indicators().loc[choice.indicator, 'unit'], 'id')}"
    )
    alone = when(row["year_trend"], row["value_year"])
    if choice.target_year <= row["value_year"]:
        end = f"Tahun target {choice.target_year} sudah lewat; peluangnya tidak dihitung."
    else:
        end = f"Tahun targetnya {choice.target_year}."
    if not choice.effort:
        return f"Menurut proyeksi saja, {name} mencapai {goal} {alone}. {end}"
    unit = (
        f"{number(choice.effort, 1)} persen poin"
        if choice.unit == "pp"
        else f"{number(choice.effort, 0)} rumah tangga"
    )
    return (
        f"Dengan tambahan {unit} per tahun, {name} mencapai {goal}"
        f" {when(row['year_effort'], row['value_year'])}; menurut proyeksi saja {alone}. {end}"
    )


def when(year, value_year) -> str:
    """ "pada 2032", "setelah 2045", or "sejak 2024 atau sebelumnya" when the last value meets the target
    already.
    """
    if pd.notna(year) and year <= value_year:
        return f"sejak {int(value_year)} atau sebelumnya"
    return year_text(year) if pd.isna(year) else f"pada {int(year)}"


def year_text(year) -> str:
    return f"setelah {LAST_YEAR}" if pd.isna(year) else str(int(year))


def chance_text(chance: float) -> str:
    if pd.isna(chance):
        return "–"
    if chance < 0.01:
        return "kurang dari 1%"
    return "lebih dari 99%" if chance > 0.99 else percent(100 * chance, 0)


def rupiah(cost: float) -> str:
    """ "Rp1,2 triliun", "Rp340,5 miliar", "Rp12 juta"; an en dash without a budget."""
    if pd.isna(cost):
        return "–"
    for size, word in ((1e12, "triliun"), (1e9, "miliar"), (1e6, "juta")):
        if cost >= size:
            return f"Rp{number(cost / size, 1)} {word}"
    return f"Rp{number(cost, 0)}"
