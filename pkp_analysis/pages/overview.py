"""How a RegionData reads in a notebook: an overview, and its tables with names, units and sources."""

import pandas as pd

from ..charts import old as charts
from ..data.codebook import indicators, to_indicator
from ..data.regions import region_name
from ..data.targets import applicable_targets
from ..errors import BadRequestError
from ..html import NOTEBOOK_STYLE, Section, prose, table
from ..region import facts
from ..region.slices import region_slice
from ..words.chart_words import short_name, shown_target, shown_value, status_word
from ..words.marks import mark_of
from ..words.numbers import hundreds, number, percent

STATUS = {
    "official": "resmi",
    "compiled": "resmi, melalui kompilasi",
    "provisional": "sementara",
    "derived": "turunan",
    "press": "pemberitaan",
}
ROLES = {"own": "target", "reference": "acuan", "context": "konteks"}
NEXT = (
    'Tabel siap baca: .table("observations"), .table("attainment"), .table("projection"). Data untuk diolah:'
    ' .observations, .attainment(), .projection(). Grafik: .plot_trend("air minum layak").'
)


def load(region: str, report_year=None, data_until=None, processed_dir=None) -> "RegionData":
    return facts.open_region(region, report_year, data_until, processed_dir, region_slice, RegionData)


load.__doc__ = facts.load.__doc__


class RegionData(facts.RegionData):
    __doc__ = facts.RegionData.__doc__

    def _repr_html_(self) -> str:
        return overview(self).html

    def plot_trend(self, indicator: str = "sanitasi_layak", lang: str = "id", title: str | None = None):
        """The trend figure of one indicator: values, projection with its 80 % range, targets; without a title
        it makes one.

        >>> load("Banjar").plot_trend("Air minum layak").title  # doctest: +ELLIPSIS
        'Air minum layak di Banjar ... pada 2024, ...'
        """
        return trend_chart(self, to_indicator(indicator), lang, title)

    def table(self, name: str = "attainment", indicator: str | None = None):
        """One of "observations", "attainment" and "projection" to read: names, units and sources in words, in
        Indonesian.

        >>> load("Banjar").table("projection", "sanitasi layak").title
        'Kabupaten Banjar: proyeksi'
        >>> load("Banjar").table("tren")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        pkp_analysis.errors.BadRequestError: Tabel 'tren' tidak ada. ...
        """
        return table_of(self, name, to_indicator(indicator) if indicator else None)


def overview(data) -> Section:
    """What is known about the region: the last value of each indicator with its unit, year and source."""
    rows = data.observations[data.observations["is_governing"]].drop_duplicates("indicator", keep="last")
    order = [
        code
        for code in data.indicators.index[data.indicators["role"] != "support"]
        if code in set(rows["indicator"])
    ]
    cells = [
        [short_name(row["indicator"], "id"), *value(row), str(row["year"]), source(data, row["source_id"])]
        for _, row in rows.set_index("indicator", drop=False).loc[order].iterrows()
    ]
    place = "" if data.region_code == data.province_code else f", {region_name(data.province_code)}"
    caption = f"{data.full_name}{place}: nilai terakhir sampai {data.report_year}"
    return shown("ikhtisar", caption, ["Indikator", "Nilai", "Satuan", "Tahun", "Sumber"], cells, NEXT)


def value(row: pd.Series) -> tuple[str, str]:
    """(figure, unit); a derived count of households is an estimate in hundreds."""
    if row["unit"] == "rumah tangga" and row["status"] == "derived":
        return f"perkiraan {hundreds(row['value'])}", row["unit"]
    return number(row["value"], int(indicators().loc[row["indicator"], "decimals"])), row["unit"]


def table_of(data, name: str, indicator: str | None) -> Section:
    """The table `name` ("observations", "attainment" or "projection"), for one indicator or for all."""
    if name not in TABLES:
        raise BadRequestError(f"Tabel {name!r} tidak ada. Pilihan: {', '.join(map(repr, TABLES))}.")
    return TABLES[name](data, indicator)


def observations(data, indicator: str | None) -> Section:
    rows = data.observations
    rows = rows[rows["indicator"] == indicator] if indicator else rows
    cells = [
        [
            short_name(row["indicator"], "id"),
            str(row["year"]),
            *value(row),
            "ya" if row["is_governing"] else "tidak",
            STATUS[row["status"]],
            source(data, row["source_id"]),
            (
                " ".join(part for part in (row["file"], row["sheet"], f"{row['column']}{row['row']}") if part)
                if row["file"]
                else row["note"]
            ),
        ]
        for _, row in rows.iterrows()
    ]
    header = ["Indikator", "Tahun", "Nilai", "Satuan", "Berlaku", "Status angka", "Sumber", "Letak"]
    return shown(
        "observasi",
        f"{data.full_name}: semua nilai sampai {data.report_year}",
        header,
        cells,
        "Nilai yang berlaku dipakai dalam laporan; nilai lain disimpan sebagai pembanding.",
    )


def attainment(data, indicator: str | None) -> Section:
    rows = data.attainment(indicator)
    cells = [
        [
            short_name(row.indicator, "id"),
            f"{row.framework} ({ROLES[row.role]})",
            str(int(row.target_year)),
            shown_target(row.target, row.unit, "id"),
            shown_value(row.indicator, row.value, "id"),
            str(int(row.value_year)),
            gap(row),
            percent(row.attainment_pct, 2),
            status_word(mark_of(row._asdict()), "id"),
            source(data, row.source_id),
        ]
        for row in rows[rows["value"].notna()].itertuples()
    ]
    header = [
        "Indikator",
        "Rencana",
        "Tahun target",
        "Target",
        "Realisasi",
        "Tahun",
        "Selisih",
        "Capaian",
        "Status",
        "Sumber realisasi",
    ]
    return shown(
        "capaian",
        f"{data.full_name}: realisasi terhadap target",
        header,
        cells,
        "Selisih positif: target belum tercapai. Rencana nasional adalah acuan bagi kabupaten/kota, bukan"
        " targetnya.",
    )


def gap(row) -> str:
    decimals = 2 if row.unit.startswith("%") else 0
    return f"{number(row.gap, decimals)} {'persen poin' if row.unit.startswith('%') else row.unit}"


def projection(data, indicator: str | None) -> Section:
    cells = [
        [
            short_name(row.indicator, "id"),
            str(row.year),
            percent(row.median, 1),
            f"{number(row.lower, 1)}–{percent(row.upper, 1)}",
        ]
        for row in data.projection(indicator).itertuples()
    ]
    sources = dict.fromkeys(
        source(data, one)
        for code in data.models
        for one in data.points(code)["source_id"]
        if indicator in (None, code)
    )
    text = (
        "Persen rumah tangga. Proyeksi meneruskan pola perubahan selama ini dan bukan penilaian kinerja."
        f" Dihitung dari: {'; '.join(sources)}."
    )
    return shown(
        "proyeksi",
        f"{data.full_name}: proyeksi",
        ["Indikator", "Tahun", "Median", "Rentang 80%"],
        cells,
        text,
    )


TABLES = {"observations": observations, "attainment": attainment, "projection": projection}


def source(data, source_id) -> str:
    """ "Statistik Indonesia 2026, Tabel 4.3.9 (Badan Pusat Statistik)"; an en dash where no source is named."""
    known = data.dataset.sources
    rows = known[known["source_id"] == source_id]
    return (
        f"{rows['title'].iloc[0]} ({rows['publisher'].iloc[0]})"
        if len(rows)
        else str(source_id)
        if isinstance(source_id, str)
        else "–"
    )


def shown(key: str, caption: str, header: list, cells: list, text: str) -> Section:
    body = table(f"tabel-{key}", caption, header, cells) or prose(f"{caption}: belum ada baris.")
    return Section(key, caption, str(NOTEBOOK_STYLE + body + prose(text)))


def trend_chart(data, code: str, lang: str, title: str | None):
    """The trend figure of one indicator of a region."""
    targets = applicable_targets(data.dataset.targets, data.region_code, code)
    ahead = pd.concat([data.present_level(code), data.projection(code, range(9999))], ignore_index=True)
    return charts.trend(data.points(code), ahead, targets, data.region_code, code, lang, title)
