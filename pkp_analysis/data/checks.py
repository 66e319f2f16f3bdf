"""Rules over the whole table: what does not fit is an issue; what must never happen stops the build."""

import numpy as np
import pandas as pd

from ..errors import DataContractError
from ..paths import REFERENCE
from .codebook import indicators
from .reconcile import KEY, ORIGINS, STATUSES, decimal_comma, governing, issue, issues_frame, where
from .regions import members, region_name, regions

PROVINCE_TOLERANCE_PP = 1.0
COVERED_AT_LEAST = 0.9  # share of the population that must be observed before a weighted mean says something
TOTAL_TOLERANCE = 0.001  # a total may differ from its parts by rounding
COPIED_AT_LEAST = 5  # regions that must repeat last year's figure before it looks copied
HISTORY_AT_LEAST = 40  # changes of an indicator before they say what is usual
JUDGED_ROLES = ("headline", "province", "annex")


def check(
    observations: pd.DataFrame, breaks: pd.DataFrame, previous: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Issues of the governed table, in the order of the rules; `previous` is the table of the last build."""
    rules = [
        doubtful_zeros(observations),
        doubtful_fractions(observations),
        jumps(observations),
        copied_columns(observations),
        consistency(observations),
        provinces_against_regencies(observations, breaks),
        totals_against_parts(observations),
        possible_breaks(observations),
        known_breaks(observations, breaks),
        coverage(observations, previous),
    ]
    return pd.concat(rules, ignore_index=True)


def short_name(indicator: str) -> str:
    return indicators().at[indicator, "short_name"]


def doubtful_zeros(observations: pd.DataFrame) -> pd.DataFrame:
    """A share of exactly 0 in a survey indicator usually stands for a value nobody had."""
    role = observations["indicator"].map(indicators()["role"])
    shares = observations[observations["unit"].str.startswith("% rumah tangga") & role.isin(JUDGED_ROLES)]
    return issues_frame(
        [
            issue(
                row,
                "doubtful_zero",
                "warning",
                f"{where(row)} tepat 0%. Nol dalam survei biasanya berarti tidak ada angka.",
                "mintakan angkanya kepada penerbit; nilai ini ditandai sementara",
            )
            for row in shares[shares["value"] == 0].itertuples()
        ]
    )


def _changes(observations: pd.DataFrame) -> pd.DataFrame:
    """Governing values with the previous one of the same series: before, before_year, change per year."""
    rows = governing(observations).sort_values([*KEY])
    group = rows.groupby(["region_code", "indicator", "series"])
    rows = rows.assign(before=group["value"].shift(), before_year=group["year"].shift())
    rows = rows.dropna(subset=["before"])
    return rows.assign(per_year=(rows["value"] - rows["before"]) / (rows["year"] - rows["before_year"]))


def doubtful_fractions(observations: pd.DataFrame) -> pd.DataFrame:
    """Shares that grow towards 100 and fell to at most 1 by more than the codebook lets them move: 0,8828 after 85."""
    book = indicators()
    changes = _changes(observations)
    growing = changes["indicator"].isin(book.index[(book["maximum"] == 100) & (book["direction"] == "up")])
    most = changes["indicator"].map(book["max_change"]).astype("float64")  # an empty map would be text
    zero = changes["value"].eq(0) & changes["unit"].str.startswith("% rumah tangga")  # as doubtful_zeros says
    fell = growing & changes["value"].le(1) & (-changes["per_year"] > most) & ~zero & changes["file"].ne("")
    return issues_frame(
        [
            issue(
                row,
                "doubtful_fraction",
                "warning",
                f"{where(row)}: {decimal_comma(row.value)} setelah {decimal_comma(row.before)} pada"
                f" {int(row.before_year)}; mungkin pecahan, atau tidak ada angka.",
                "mintakan angkanya kepada penerbit; nilai ini ditandai sementara",
            )
            for row in changes[fell].itertuples()
        ]
    )


def jumps(observations: pd.DataFrame) -> pd.DataFrame:
    """Changes per year larger than the indicator's history allows: twice what 95% of all regions' changes
    stay below, or the
    codebook's max_change while there are fewer than HISTORY_AT_LEAST changes."""
    changes = _changes(observations)
    size = changes["per_year"].abs()
    history = size.groupby(changes["indicator"])
    count, common = history.transform("size"), history.transform("quantile", 0.95)
    known = count >= HISTORY_AT_LEAST
    codebook = (
        changes["indicator"].map(indicators()["max_change"]).astype("float64")
    )  # an empty map would be text
    allowed = (2 * common).where(known, codebook)
    return issues_frame(
        [
            issue(
                row,
                "jump",
                "warning",
                f"{where(row)}: {decimal_comma(row.value)} setelah {decimal_comma(row.before)} pada"
                f" {int(row.before_year)}, berubah {decimal_comma(round(abs(row.per_year), 2))} per tahun."
                f" Yang diharapkan: paling banyak {decimal_comma(round(row.allowed, 2))}, "
                + (
                    f"dua kali batas yang memuat 95% dari {row.count} perubahan indikator ini."
                    if row.known
                    else f"batas kamus karena riwayatnya kurang dari {HISTORY_AT_LEAST} perubahan."
                ),
                "periksa angka atau perubahan konsepnya",
            )
            for row in changes.assign(allowed=allowed, known=known, count=count)[size > allowed].itertuples()
        ]
    )


def copied_columns(observations: pd.DataFrame) -> pd.DataFrame:
    """A year in which every region repeats the figure of the year before to the digit."""
    changes = _changes(observations)
    rows = []
    for (indicator, year, source), group in changes.groupby(["indicator", "year", "source_id"]):
        if len(group) >= COPIED_AT_LEAST and (group["value"] == group["before"]).all():
            first = next(group.itertuples())
            rows.append(
                issue(
                    first,
                    "copied_column",
                    "warning",
                    f"{short_name(indicator)} {year}: {len(group)} wilayah berisi angka yang persis sama"
                    f" dengan tahun sebelumnya ({source}).",
                    "tampaknya kolom tersalin; mintakan angka tahun itu",
                )
            )
    return issues_frame(rows)


def possible_breaks(observations: pd.DataFrame) -> pd.DataFrame:
    """A year in which a source's regions move together by over half of what one may: a change of concept?"""
    changes = _changes(observations)
    rows = []
    for (indicator, year), group in changes.groupby(["indicator", "year"]):
        typical = group["per_year"].median()
        if len(group) >= COPIED_AT_LEAST and abs(typical) > indicators().at[indicator, "max_change"] / 2:
            first = next(group.itertuples())
            rows.append(
                issue(
                    first,
                    "possible_break",
                    "warning",
                    f"{short_name(indicator)} {year}: separuh dari {len(group)} wilayah berubah lebih dari "
                    f"{decimal_comma(round(abs(typical), 2))} per tahun.",
                    "bila konsepnya berubah, catat jedanya di reference/breaks.csv",
                )
            )
    return issues_frame(rows)


def known_breaks(observations: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """A note at the first figure after each break, so that a reader sees why two years are not joined."""
    rows = []
    reasons = {(row.indicator, row.series): row.reason for row in breaks.itertuples()}
    ordered = governing(observations).sort_values(KEY)
    group = ordered.groupby(["region_code", "indicator"])
    changed = ordered[(ordered["series"] != group["series"].shift()) & group["series"].shift().notna()]
    for (indicator, series, year), same in changed.groupby(["indicator", "series", "year"]):
        reason = reasons.get((indicator, series)) or reasons.get(("", series), "")
        first = next(same.itertuples())
        regions_named = region_name(first.region_code) if len(same) == 1 else f"{len(same)} wilayah"
        rows.append(
            issue(
                first,
                "series_break",
                "note",
                f"{short_name(indicator)}: seri baru mulai {year} untuk {regions_named}. {reason}.",
            )
        )
    return issues_frame(rows)


def consistency(observations: pd.DataFrame) -> pd.DataFrame:
    """Ladder and sum rules of reference/consistency.csv, where all figures of a region and year exist."""
    rules = pd.read_csv(REFERENCE / "consistency.csv", dtype={"tolerance": "float64"})
    rows = governing(observations)
    wide = rows.pivot(index=["region_code", "year"], columns="indicator", values="value")
    found = []
    for rule in rules.itertuples():
        parts = rule.parts.split(";")
        constant = float(rule.whole) if rule.whole.isdigit() else None
        needed = parts if constant is not None else [*parts, rule.whole]
        if not set(needed) <= set(wide.columns):
            continue
        known = wide.dropna(subset=needed)
        whole = constant if constant is not None else known[rule.whole]
        total = known[parts].sum(axis=1)
        if rule.rule == "at_most":
            excess = total - whole
        elif rule.rule == "sums_to":
            excess = (total - whole).abs()
        else:  # between
            excess = np.maximum(known[parts].min(axis=1) - whole, whole - known[parts].max(axis=1))
        broken = excess[excess.round(10) > rule.tolerance].rename("excess").reset_index()
        for cell in (
            rows[rows["indicator"] == parts[0]]
            .merge(broken, on=["region_code", "year"], validate="1:1")
            .itertuples()
        ):
            figures = ", ".join(
                f"{short_name(name)} {decimal_comma(known.at[(cell.region_code, cell.year), name])}"
                for name in needed
            )
            found.append(
                issue(
                    cell,
                    "consistency",
                    "warning",
                    f"{region_name(cell.region_code)} {cell.year}: {figures}; melanggar aturan sebesar "
                    f"{decimal_comma(round(cell.excess, 2))}: {rule.meaning}.",
                    "periksa sumber dan definisi angka-angka itu",
                )
            )
    return issues_frame(found)


def _by_province(rows: pd.DataFrame) -> pd.DataFrame:
    """Regency rows with the code of their province."""
    regency = rows[rows["region_code"].str.len() == 4]
    return regency.assign(province_code=regency["region_code"].map(regions()["province_code"]))


def provinces_against_regencies(observations: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """Shares whose weighted regency mean is more than 1 percentage point from the province: of households by
    population, of waste by what is generated.
    """
    return issues_frame(
        [
            issue(
                row,
                "province_mean",
                "warning",
                f"{where(row)}: provinsi {decimal_comma(row.value)}, rata-rata {row.regencies} kabupaten/kota"
                f" tertimbang {'timbulan' if row.unit == '% timbulan' else 'penduduk'}"
                f" {decimal_comma(round(row.mean, 2))}; selisih"
                f" {decimal_comma(round(abs(row.mean - row.value), 2))} persen poin (batas 1).",
                "cocokkan tahun dan cakupan kedua tabel",
            )
            for row in differing_provinces(observations, breaks).itertuples()
        ]
    )


def differing_provinces(observations: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """The governing rows of those provinces, with `mean` and the number of `regencies` in it."""
    people = (
        governing(observations, "penduduk_jiwa")
        .sort_values("year")
        .drop_duplicates("region_code", keep="last")
    )
    weights = people.set_index("region_code")["value"]
    all_people = _by_province(people).groupby("province_code")["value"].sum()
    rows = governing(observations)
    households, waste = rows["unit"].str.startswith("% rumah tangga"), rows["unit"].eq("% timbulan")
    rows = rows[households | waste]
    generated = governing(observations, "timbulan_sampah_ton").set_index(["region_code", "year"])["value"]
    parts = _by_province(rows)
    of_waste = generated.reindex(pd.MultiIndex.from_frame(parts[["region_code", "year"]])).to_numpy()
    weight = parts["region_code"].map(weights).mask(parts["unit"].eq("% timbulan"), of_waste)
    parts = parts.assign(weight=weight.astype("float64")).dropna(subset=["weight"])
    if parts.empty:
        return parts.assign(mean=parts["value"], regencies=0)
    parts = parts.assign(weighted=parts["value"] * parts["weight"])
    groups = parts.groupby(["province_code", "indicator", "year"])
    inside = groups.agg(weighted=("weighted", "sum"), weight=("weight", "sum"), regencies=("value", "size"))
    inside = inside.assign(mean=inside["weighted"] / inside["weight"]).reset_index()
    # waste is weighed by what is generated in the same year, and compared only where all report
    whole = inside["province_code"].map(lambda code: len(members(code)))
    enough = inside["weight"] >= COVERED_AT_LEAST * inside["province_code"].map(all_people)
    by_waste = inside["indicator"].map(indicators()["unit"]).eq("% timbulan")
    inside = inside[enough.where(~by_waste, inside["regencies"] == whole)]
    both = rows.merge(inside, left_on=KEY, right_on=["province_code", "indicator", "year"], validate="1:1")
    new_borders = breaks[breaks["region_code"] != ""].groupby("region_code")["from_year"].max()
    first_year = (
        both["region_code"].map(new_borders).astype("float64").fillna(0)
    )  # before a split the province had other regencies
    both = both[both["year"] >= first_year]
    return both[(both["mean"] - both["value"]).abs() > PROVINCE_TOLERANCE_PP]


def totals_against_parts(observations: pd.DataFrame) -> pd.DataFrame:
    """Counts, areas and tonnes of a province that differ from the sum of all its regencies."""
    rows = governing(observations)
    rows = rows[~rows["unit"].str.contains("%|/rumah", regex=True)]
    parts = (
        _by_province(rows)
        .groupby(["province_code", "indicator", "year", "series"])["value"]
        .agg(["sum", "size"])
    )
    tolerance = indicators()["tolerance"]
    found = []
    for total in rows[rows["region_code"].str.len() == 2].itertuples():
        key = (total.region_code, total.indicator, total.year, total.series)
        if key not in parts.index or parts.at[key, "size"] < len(members(total.region_code)):
            continue
        summed = parts.at[key, "sum"]
        if abs(summed - total.value) > max(tolerance[total.indicator], TOTAL_TOLERANCE * abs(summed)):
            found.append(
                issue(
                    total,
                    "total_differs",
                    "warning",
                    f"{where(total)}: jumlah tercatat {decimal_comma(total.value)}, jumlah seluruh"
                    f" kabupaten/kota {decimal_comma(round(summed, 2))}.",
                    "tanyakan penerbit mana yang benar",
                )
            )
    return issues_frame(found)


def coverage(observations: pd.DataFrame, previous: pd.DataFrame | None) -> pd.DataFrame:
    """Figures of the last build that are gone: one issue per indicator."""
    if previous is None:
        return issues_frame([])
    now = pd.MultiIndex.from_frame(observations[KEY])
    known = previous["region_code"].isin(regions().index) & previous["indicator"].isin(indicators().index)
    before = previous[known].drop_duplicates(KEY)
    gone = before[~pd.MultiIndex.from_frame(before[KEY]).isin(now)]
    rows = []
    for indicator, group in gone.groupby("indicator"):
        first = next(group.itertuples())
        rows.append(
            issue(
                first,
                "coverage",
                "warning",
                f"{short_name(indicator)}: {len(group)} angka dari build sebelumnya tidak ada lagi, misalnya"
                f" {where(first)} ({first.source_id}).",
                "bila memang ditarik, abaikan; bila tidak, kembalikan filenya ke data/raw",
            )
        )
    return issues_frame(rows)


def validate(observations: pd.DataFrame) -> None:
    """The contract of the clean table; DataContractError names rule, column and first offending row."""
    import pandera.pandas as pa  # half a second that reading a finished table does not need

    book = indicators()
    text = pa.Column("str")

    def plausible(frame):
        limits = [frame["indicator"].map(book[limit]).astype("float64") for limit in ("minimum", "maximum")]
        return frame["value"].between(*limits)

    schema = pa.DataFrameSchema(
        {
            "region_code": pa.Column("str", pa.Check.isin(regions().index)),
            "indicator": pa.Column("str", pa.Check.isin(book.index)),
            "year": pa.Column("int64", pa.Check.in_range(1990, 2100)),
            "value": pa.Column("float64"),
            "unit": text,
            "source_id": pa.Column("str", pa.Check.str_length(min_value=1)),
            "origin": pa.Column("str", pa.Check.isin(ORIGINS)),
            "precedence": pa.Column("int64"),
            "status": pa.Column("str", pa.Check.isin(STATUSES)),
            "series": pa.Column("str", pa.Check.str_length(min_value=1)),
            "is_governing": pa.Column("bool"),
            "file": text,
            "sheet": text,
            "row": pa.Column("int64"),
            "column": text,
            "note": text,
        },
        checks=[
            pa.Check(plausible, name="rentang wajar"),
            pa.Check(
                lambda frame: frame["unit"] == frame["indicator"].map(book["unit"]),
                name="satuan menurut kamus",
            ),
            pa.Check(
                lambda frame: frame.groupby(KEY)["is_governing"].transform("sum") == 1,
                name="tepat satu nilai yang dipakai",
            ),
        ],
        unique=[*KEY, "source_id"],
        strict=True,
        ordered=True,
    )
    try:
        schema.validate(observations, lazy=True)
    except pa.errors.SchemaErrors as error:
        failure = error.failure_cases.iloc[0]
        row = (
            observations.loc[[failure["index"]]].to_dict("records")
            if failure["index"] in observations.index
            else "tabel"
        )
        raise DataContractError(
            f"Tabel bersih melanggar aturan {failure['check']!r} (kolom {failure['column']}) pada {row}:"
            f" {failure['failure_case']!r}. Perbaiki file mentah atau tabel acuannya."
        ) from error
