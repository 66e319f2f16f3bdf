"""Figures the build itself computes from others: households and managed waste, always marked as derived."""

import pandas as pd

from .clean import OBSERVATION_COLUMNS
from .codebook import indicators
from .reconcile import KEY, decimal_comma
from .regions import members, regions
from .registers import DERIVED_PRECEDENCE, SOURCE_COLUMNS, SOURCE_EXTRAS

HOUSEHOLDS, MANAGED_WASTE = "turunan_rumah_tangga", "turunan_sampah_terkelola"
PROVINCE_WASTE = "turunan_sampah_provinsi"
TONNES = {  # tonnes -> the share of waste generated they make
    "timbulan_sampah_ton": "",
    "penanganan_sampah_ton": "penanganan_sampah",
    "pengurangan_sampah_ton": "pengurangan_sampah",
    "sampah_terkelola_ton": "sampah_terkelola",
}
REGISTERED = {"penduduk_terdaftar": 1.0, "penduduk_terdaftar_tengah_tahun": 0.5}  # part of the year gone by
POPULATION_YEAR, HOUSEHOLD_SIZE_YEAR = 2024, 2017


def _derived(frame: pd.DataFrame, indicator: str, source_id: str) -> pd.DataFrame:
    """Rows with region_code, year, value and note as full observations of a derived source."""
    constant = {
        "indicator": indicator,
        "unit": indicators().at[indicator, "unit"],
        "source_id": source_id,
        "origin": "derived",
        "precedence": DERIVED_PRECEDENCE,
        "status": "derived",
        "series": "",
        "is_governing": False,
        "file": "",
        "sheet": "",
        "row": 0,
        "column": "",
    }
    return frame.assign(**constant)[OBSERVATION_COLUMNS]


def households(observations: pd.DataFrame) -> pd.DataFrame:
    """Households of 2024 (population / household size 2017) where both are known, and complete provinces."""
    governed = observations.sort_values("precedence", kind="stable").drop_duplicates(KEY)

    def values(indicator: str, year: int) -> pd.Series:
        rows = governed[(governed["indicator"] == indicator) & (governed["year"] == year)]
        return rows.set_index("region_code")["value"]

    size = values("rata2_anggota_rt", HOUSEHOLD_SIZE_YEAR)
    counts = (values("penduduk_jiwa", POPULATION_YEAR) / size).dropna().round()
    counts = counts[counts.index.str.len() == 4]
    how = f"penduduk {POPULATION_YEAR} dibagi rata-rata anggota rumah tangga {HOUSEHOLD_SIZE_YEAR}"
    sums = {}
    for province in sorted(set(counts.index.map(regions()["province_code"]))):
        inside = members(province)
        if counts.index.isin(inside).sum() == len(inside):
            sums[province] = counts[inside].sum()
    frame = pd.DataFrame({"region_code": [*counts.index, *sums], "value": [*counts, *sums.values()]})
    notes = [how] * len(counts) + [f"jumlah seluruh kabupaten/kota; {how}"] * len(sums)
    return _derived(frame.assign(year=POPULATION_YEAR, note=notes), "rumah_tangga", HOUSEHOLDS)


def waste(observations: pd.DataFrame) -> pd.DataFrame:
    """What is computed from the waste figures of the regencies, beside any published figure: the tonnes of a
    province and the shares of them where all its regencies report, and handled plus reduced where only the
    two parts are known. A share above 100 is left out; reference/consistency.csv makes it an issue.
    """
    parts = administrative_tonnes(observations)
    shares = provincial_waste(parts)
    if shares.empty:
        return managed_waste(observations)
    known = pd.concat([observations, shares], ignore_index=True)
    return pd.concat([shares, managed_waste(known)], ignore_index=True)


def administrative_tonnes(observations: pd.DataFrame) -> pd.DataFrame:
    """Index (region_code, year) of regencies, a column per waste indicator in tonnes, and the precedence of
    their source."""
    rows = observations.sort_values("precedence", kind="stable").drop_duplicates(KEY)
    rows = rows[rows["indicator"].isin(TONNES) & (rows["region_code"].str.len() == 4)]
    wide = rows.pivot(index=["region_code", "year"], columns="indicator", values="value")
    return wide.reindex(columns=list(TONNES)).assign(
        precedence=rows.groupby(["region_code", "year"])["precedence"].max()
    )


def provincial_waste(parts: pd.DataFrame) -> pd.DataFrame:
    """Tonnes and shares of each province and year in which every regency reports all of them."""
    regencies = parts.reset_index()
    regencies["province_code"] = regencies["region_code"].map(regions()["province_code"])
    found = []
    for (province, year), group in regencies.groupby(["province_code", "year"]):
        count = len(members(province))
        if group["timbulan_sampah_ton"].notna().sum() < count:
            continue
        generated = group["timbulan_sampah_ton"].sum()
        for tonnes, share in TONNES.items():
            if group[tonnes].notna().sum() < count:
                continue
            total = group[tonnes].sum()
            about = {"region_code": province, "year": year, "precedence": int(group["precedence"].max())}
            found.append(about | {"indicator": tonnes, "value": round(total, 2), "count": count})
            if share and total <= generated:
                value = round(100 * total / generated, 2)
                found.append(about | {"indicator": share, "value": value, "count": count})
    if not found:
        return pd.DataFrame(columns=OBSERVATION_COLUMNS)
    return pd.concat(
        [
            _derived(
                rows.assign(note=[f"dari ton {count} kabupaten/kota" for count in rows["count"]]),
                indicator,
                PROVINCE_WASTE,
            ).assign(precedence=rows["precedence"])
            for indicator, rows in pd.DataFrame(found).groupby("indicator")
        ],
        ignore_index=True,
    )


def managed_waste(observations: pd.DataFrame) -> pd.DataFrame:
    """Waste handled plus reduced, wherever both are known for a region and year and no source gives the sum."""
    governed = observations.sort_values("precedence", kind="stable").drop_duplicates(KEY)
    rows = governed[
        governed["indicator"].isin(["penanganan_sampah", "pengurangan_sampah", "sampah_terkelola"])
    ]
    wide = rows.pivot(index=["region_code", "year"], columns="indicator", values="value")
    wide = wide.reindex(columns=["penanganan_sampah", "pengurangan_sampah", "sampah_terkelola"])
    wide = wide[wide["sampah_terkelola"].isna()].drop(columns="sampah_terkelola").dropna()
    wide = wide[wide.sum(axis=1).round(10) <= 100]
    notes = [
        f"penanganan {decimal_comma(row.penanganan_sampah)} + pengurangan"
        f" {decimal_comma(row.pengurangan_sampah)}"
        for row in wide.itertuples()
    ]
    frame = wide.sum(axis=1).round(10).rename("value").reset_index().assign(note=notes)
    return _derived(frame, "sampah_terkelola", MANAGED_WASTE)


def registered_population(observations: pd.DataFrame) -> pd.DataFrame:
    """The civil register as the growth of households needs it: region_code, date (year + 0.5 for semester 1,
    year + 1 for semester 2), value (people). Figures marked as doubtful are left out.
    """
    rows = observations[
        observations["indicator"].isin(REGISTERED) & (observations["status"] != "provisional")
    ]
    frame = rows[["region_code", "value"]].assign(date=rows["year"] + rows["indicator"].map(REGISTERED))
    columns = ["region_code", "date", "value"]
    return frame[columns].sort_values(columns[:2], ignore_index=True)


def derived_sources(observations: pd.DataFrame) -> pd.DataFrame:
    """Rows of the sources table for what the build itself computes."""
    titles = {
        HOUSEHOLDS: (
            "Jumlah rumah tangga (perkiraan)",
            (
                f"Penduduk {POPULATION_YEAR} dibagi rata-rata anggota rumah tangga {HOUSEHOLD_SIZE_YEAR};"
                " bukan hitungan resmi."
            ),
        ),
        PROVINCE_WASTE: (
            "Sampah provinsi, dari ton kabupaten/kota",
            "Jumlah ton seluruh kabupaten/kota dibagi jumlah timbulannya; hanya bila semua melapor.",
        ),
        MANAGED_WASTE: (
            "Sampah terkelola (penanganan ditambah pengurangan)",
            "Dijumlahkan dari dua angka sumber pada tahun yang sama.",
        ),
    }
    rows = [
        dict.fromkeys([*SOURCE_COLUMNS, *SOURCE_EXTRAS], "")
        | {"source_id": key, "layout": "turunan", "title": title, "publisher": "hitungan dari sumber lain"}
        | {"precedence": DERIVED_PRECEDENCE, "status": "derived", "origin": "derived", "note": note}
        for key, (title, note) in titles.items()
        if (observations["source_id"] == key).any()
    ]
    columns = [*SOURCE_COLUMNS, *SOURCE_EXTRAS]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns, "str") | {"precedence": "int64"})
