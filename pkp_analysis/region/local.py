"""Dated facts of a place from the register of local facts, none older than three years or without an address."""

import pandas as pd

FRESH = 3  # years before the newest source document
METHODS = {  # how the register writes what is done at a landfill
    "penimbunan terbuka": "open",
    "lahan urug terkendali": "controlled",
    "lahan urug saniter": "sanitary",
}
WASTE = "penanganan_sampah"


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


def landfills(data) -> pd.DataFrame:
    """The landfills that the regencies of the province reported last: [region_code, name, method (of METHODS; ""
    where none is recorded), tonnes (a year), year].
    """
    facts = fresh(data)
    facts = facts[facts["kind"] == "tpa"]
    facts = facts[facts["year"] == facts.groupby("region_code")["year"].transform("max")]
    parts = facts["text"].str.split(": ", n=1, expand=True).reindex(columns=[0, 1])  # none in most provinces
    names = [
        " ".join(word if word.startswith("TPA") else word.title() for word in name.split())
        for name in parts[0]
    ]
    method = parts[1].astype("str").str.split(" (", regex=False).str[0].map(METHODS).fillna("")
    frame = facts.assign(name=names, method=method, tonnes=pd.to_numeric(facts["quantity"]))
    return frame[["region_code", "name", "method", "tonnes", "year"]].reset_index(drop=True)


def open_dumps(data) -> pd.DataFrame:
    """The landfills run as open dumping, as facts for analysis.story.candidates."""
    found = landfills(data)
    found = found[found["method"] == "open"]
    return found.rename(columns={"name": "text"}).assign(indicator=WASTE, name="open", sign=-1)
