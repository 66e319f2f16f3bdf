"""Dated facts of a place from the register of local facts, none older than three years or without an address."""

import pandas as pd

FRESH = 3  # years before the newest source document
METHODS = {  # how the register writes what is done at a landfill
    "penimbunan terbuka": "open",
    "lahan urug terkendali": "controlled",
    "lahan urug saniter": "sanitary",
}
# In a landfill's name: how it is run is told by its method.
KINDS = {"Sampah", "Regional", "Sanitary", "Landfill"}
WASTE = "penanganan_sampah"
BESIDE = {  # what decisions on an indicator turn on, where a region has it
    "air_minum_layak": ("pelanggan_rumah_tangga", "air_hilang_bocor", "air_bersih_produksi"),
    "sanitasi_layak": ("desa_kelurahan_sbs", "kelurahan_sbs"),
    WASTE: ("tps3r_unit", "bank_sampah_unit"),
}


def local_facts(data) -> pd.DataFrame:
    """Facts of `data` (a RegionData) that may be told: rows of the register that are fresh, have an address and
    are not doubted, with `year` as int, the newest first.
    """
    facts = fresh(data)
    own = [data.region_code in codes.split(";") for codes in facts["region_code"]]
    return facts.loc[pd.Series(own, index=facts.index, dtype=bool)].sort_values(
        ["kind", "year"], ascending=[True, False], kind="stable", ignore_index=True
    )


def fresh(data) -> pd.DataFrame:
    facts = data.dataset.local_facts
    facts = facts.assign(year=facts["year"].astype(int))
    told = facts["url"].fillna("").str.startswith("http") & ~facts["text"].str.contains("diragukan")
    return facts[told & (facts["year"] >= data.as_of - FRESH)]


def beside(data, indicator: str) -> pd.DataFrame:
    """The last figures of BESIDE that are fresh and not doubted and whose source has an address: [region_codes,
    indicator, value, year, origin]; those of a company that regencies share are theirs together.
    """
    codes = BESIDE.get(indicator, ())
    addressed = data.sources.loc[data.sources["url"].fillna("").str.startswith("http"), "source_id"]
    rows = [data.points(code).tail(1) for code in codes]
    rows = pd.concat([data.described.iloc[:0], *rows]).rename(columns={"region_code": "region_codes"})
    rows = rows[rows["source_id"].isin(addressed) & ~rows["doubtful"].astype(bool)]
    facts = data.local_facts()
    names = {data.indicators.at[code, "short_name"].lower(): code for code in codes}
    facts = facts.assign(indicator=facts["text"].str.split(",").str[0].map(names), origin="administrative")
    facts = facts[facts["indicator"].notna() & facts["region_code"].str.contains(";")]
    facts = facts.assign(value=pd.to_numeric(facts["quantity"]), region_codes=facts["region_code"])
    columns = ["region_codes", "indicator", "value", "year", "origin"]
    found = pd.concat([rows[columns], facts[columns]], ignore_index=True)
    found = found[found["year"] >= data.as_of - FRESH]
    if not found["indicator"].eq("air_hilang_bocor").any():  # what is produced says little without it
        found = found[found["indicator"] != "air_bersih_produksi"]
    order = {code: place for place, code in enumerate(codes)}
    return found.sort_values("indicator", key=lambda column: column.map(order), ignore_index=True)


def landfills(data) -> pd.DataFrame:
    """The landfills that the regencies of the province reported last: [region_code, name, method (of METHODS; ""
    where none is recorded), tonnes (a year), year, method_year (of the last report that names the method)].
    """
    facts = fresh(data)
    facts = facts[facts["kind"] == "tpa"]
    parts = facts["text"].str.split(": ", n=1, expand=True).reindex(columns=[0, 1])  # none in most provinces
    titled = [
        [word if word.startswith("TPA") else word.title() for word in name.split()] for name in parts[0]
    ]
    names = [" ".join(word for word in name if word not in KINDS) for name in titled]
    spelled = {name.replace(" ", "").lower(): name for name in sorted(names, key=names.count)}
    names = [spelled[name.replace(" ", "").lower()] for name in names]  # one landfill, one name
    method = parts[1].astype("str").str.split(" (", regex=False).str[0].map(METHODS).fillna("")
    frame = facts.assign(name=names, method=method, tonnes=pd.to_numeric(facts["quantity"]))
    place = ["region_code", "name"]
    columns = [*place, "method", "tonnes", "year", "method_year"]
    named = frame[frame["method"] != ""].sort_values("year").drop_duplicates(place, keep="last")
    named = named[[*place, "method", "year"]].rename(columns={"year": "method_year"})
    last = frame["year"] == frame.groupby("region_code")["year"].transform("max")
    frame = frame[last].drop(columns="method").merge(named, on=place, how="left")
    return frame.fillna({"method": ""})[columns]


def sanctions(data) -> pd.DataFrame:
    """What was reported of sanctions on landfills of the region, dated: rows of the register of local facts."""
    facts = data.dataset.local_facts
    return facts[(facts["kind"] == "sanksi_tpa") & (facts["region_code"] == data.region_code)]


def open_dumps(data) -> pd.DataFrame:
    """The landfills run as open dumping by the last report (of `year`) that says how they are run, as facts for
    analysis.story.candidates; tonnes_year: of their tonnes.
    """
    found = landfills(data)
    found = found[found["method"] == "open"]
    found = found.assign(tonnes_year=found["year"], year=found["method_year"])
    return found.rename(columns={"name": "text"}).assign(indicator=WASTE, name="open", sign=-1)
