"""What the search of the first page finds a page by: facts with their number, which a hit shows, and other names."""

import pandas as pd

from ..data.codebook import indicators
from ..data.regions import regions
from ..paths import REFERENCE
from ..words import wording
from ..words.catalogue import load_sentences, words
from ..words.marks import MARKS, mark_view
from ..words.numbers import number
from ..words.wording import amount, name_of, plan_name, unjudged_words, year

# kinds of local facts that it finds
PLACES = ("tpa", "sanksi_tpa", "kumuh", "lokasi_kumuh", "perusahaan_air")
LOCAL = 0.5  # a figure that fewer than this share of the country's regions have is a local fact
MOST_LETTERS = 110  # of a fact that a hit shows


def other_names(lang: str) -> dict[str, str]:
    """region_code -> the code of the ministry and names that people write."""
    aliases = pd.read_csv(REFERENCE / "region_aliases.csv", dtype="str", keep_default_na=False)
    found = aliases.groupby("region_code")["alias"].agg(" ".join).to_dict()
    codes = regions()["kemendagri_code"]
    return {code: f"{codes[code]} {found.get(code, '')}" for code in codes.index}


def facts(site, lang: str) -> dict[str, list[str]]:
    """region_code -> what is known of it, a sentence part each: values with their status against each plan, rare
    figures, what actors promised, landfills, sanctions, slums, water companies.
    """
    found: dict[str, list[str]] = {}

    def tell(code: str, text: str) -> None:
        if code in site.regions and text not in found.setdefault(code, []):
            found[code].append(text)

    for _, row in site.assessment[site.assessment["governs"]].iterrows():
        if row["role"] != "context":
            tell(row["region_code"], judged(row, lang))
    rows = site.dataset.observations
    known = rows[["region_code", "indicator"]].drop_duplicates()
    rare = known["indicator"].value_counts() < LOCAL * len(regions())
    rows = rows[rows["is_governing"] & rows["indicator"].map(rare) & rows["region_code"].isin(site.regions)]
    last = rows.sort_values("year").drop_duplicates(["region_code", "indicator"], keep="last")
    for row in last.itertuples():
        if row.indicator in indicators().index:
            value = amount(row.indicator, row.value, lang, row.origin)
            tell(row.region_code, f"{name_of(row.indicator, lang)} {value} ({year(row.year)})")
    for row in site.dataset.commitments.itertuples():
        tell(row.region_code, shortened(f"{row.what} ({year(row.year)})"))
    local = site.dataset.local_facts
    local = local[
        local["kind"].isin(PLACES)
        & (local["url"].fillna("").str.startswith("http") | (local["kind"] == "sanksi_tpa"))
        & ~local["text"].str.contains("diragukan")
    ].assign(name=local["text"].str.partition(":")[0].str.upper())
    for row in local.sort_values("year").drop_duplicates(["region_code", "name"], keep="last").itertuples():
        for code in row.region_code.split(";"):
            tell(code, place(row, lang))
    return found


def judged(row: pd.Series, lang: str) -> str:
    """ "Sanitasi layak 57,71% (2024), di bawah acuan 90% (RPJMN 2024)"."""
    word, status = words(lang), wording.judged(row, lang)
    about = {"name": name_of(row["indicator"], lang), "plan": plan_name(row["framework"])}
    about["status"] = status["word"] if status else unjudged_words(row, lang)
    about["target"] = amount(row["indicator"], row["target"], lang)
    about["target_year"] = year(row["target_year"])
    if pd.isna(row["value"]):
        return word["search_unknown"].format(**about)
    value = amount(row["indicator"], row["value"], lang)
    return word["search_judged"].format(value=value, year=year(row["value_year"]), **about)


def place(row, lang: str) -> str:
    """A local fact in short: "kumuh: kawasan kumuh kewenangan pusat, 430,6 hektare (2016)"."""
    text, kind = row.text.partition(" (")[0], row.kind.replace("_", " ")
    if pd.notna(row.quantity):
        unit = load_sentences(lang).texts["unit"].get(row.unit, row.unit)
        decimals = 0 if float(row.quantity).is_integer() else 2
        text += f", {number(float(row.quantity), decimals, lang)} {unit}"
    return shortened(f"{text if kind.split()[-1] in text.lower() else f'{kind}: {text}'} ({year(row.year)})")


def shortened(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS].rpartition(" ")[0] + " …"


def unused_statuses(site, lang: str) -> list[str]:
    """Words of statuses that no region has now: a search for one says so."""
    used = set(site.assessment.loc[site.assessment["governs"], "status"].dropna())
    return [mark_view(mark, lang)["word"] for status, mark in MARKS.items() if status not in used]
