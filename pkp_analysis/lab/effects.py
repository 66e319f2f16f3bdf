"""What an additional effort would change: year of attainment, probability, households and cost, in words."""

import pandas as pd

from ..analysis.outcomes import LAST_YEAR, outcomes, pp_per_year
from ..data.codebook import entry
from ..data.regions import region_name
from ..errors import BadRequestError
from ..words.numbers import hundreds, number, percent
from .code import Choice

CAVEAT = (
    "Skenario menambah upaya di atas proyeksi sejak nilai terakhir. Peluang adalah perkiraan model jika pola"
    " selama ini berlanjut, bukan penilaian kinerja. Target 100% dihitung tercapai mulai 99%. Jumlah rumah"
    " tangga adalah perkiraan selama hitungan resmi belum ada."
)


def effects(choice: Choice, loaded: list) -> pd.DataFrame:
    """A row per region (analysis.outcomes); loaded: RegionData of each region chosen.

    Raises BadRequestError, worded for the planner, without a target, a projection or household counts.
    """
    indicator, name = choice.indicator, entry(choice.indicator)["short_name"]
    if indicator not in loaded[0].models:
        raise BadRequestError(
            f"Skenario memerlukan proyeksi; {name[:1].lower() + name[1:]} tidak diproyeksikan. Pilih indikator survei"
            " seperti sanitasi layak."
        )
    if choice.target is None:
        raise BadRequestError("Skenario memerlukan target. Pilih target di atas.")
    codes = [region.region_code for region in loaded]
    counts = pd.Series([region.household_count for region in loaded], index=codes, dtype=float)
    effort = pd.Series(float(choice.effort), index=codes)
    if choice.unit == "households":
        if counts.isna().any():
            unknown = ", ".join(region_name(code) for code in counts.index[counts.isna()])
            raise BadRequestError(
                f"Jumlah rumah tangga {unknown} belum tersedia. Gunakan persen poin per tahun."
            )
        effort = pp_per_year(choice.effort, counts)
    points = pd.concat([region.points(indicator) for region in loaded], ignore_index=True)
    direction = entry(indicator)["direction"]
    model = loaded[0].models[indicator]
    return outcomes(
        points, model, choice.target, choice.target_year, effort, counts, choice.budget, direction
    )


def effects_table(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The effects as text: a row per measure, a column per region; what was not asked for is left out."""
    year, columns = choice.target_year, {}
    for row in frame.itertuples():
        measures = {
            "Nilai terakhir": f"{percent(row.value, 2)} ({int(row.value_year)})",
            "Target tercapai menurut proyeksi": year_text(row.year_trend),
            f"Peluang pada {year} menurut proyeksi": chance_text(row.chance_trend),
        }
        if choice.effort:
            measures |= {
                "Target tercapai dengan skenario": year_text(row.year_effort),
                f"Peluang pada {year} dengan skenario": chance_text(row.chance_effort),
                f"Perkiraan rumah tangga tambahan sampai {year}": hundreds(row.households),
            }
        if choice.effort and choice.budget:
            measures[f"Perkiraan biaya sampai {year}"] = rupiah(row.cost)
        columns[region_name(row.region_code)] = measures
    return pd.DataFrame(columns).rename_axis("Ukuran").reset_index()


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
