"""What a region's figures call for: options with who leads, what must be there first and whom they could reach."""

import pandas as pd

from ..analysis import trend
from ..analysis.attainment import direction_sign
from ..data import codebook
from ..errors import PkpError
from . import once
from .local import open_dumps

COLUMNS = [
    "indicator", "trigger", "actor", "period", "option", "option_en", "lead", "lead_of", "precondition",
    "precondition_en", "reach", "reach_year", "unit", "serves", "source", "own",
]  # fmt: skip
ACTORS = ("provinsi", "kabupaten", "swasta", "masyarakat")
PERIODS = ("tahun_ini", "2029")
RECYCLED = "daur_ulang"  # of roles.csv: what serves by buying recyclables
RECYCLABLES = ("kertas karton", "plastik", "logam", "kaca")  # as the register of local facts names them


@once
def options(data) -> pd.DataFrame:
    """DataFrame[COLUMNS], most without first: a row per option of reference/roles.csv whose trigger the
    figures of `data` (a RegionData) meet; of an actor's first an open dump the story tells of, then a reported fall.

    actor: one of ACTORS, "kota" for the city itself; period: "tahun_ini" or "2029". reach: the most it could
    reach, households without access (waste: tonnes a year not managed) at the last value: the whole of what is
    not served, never a share that somebody assumed; NaN where no count is known and for what serves nobody by
    itself (`serves` of roles.csv: lists, checks, desludging); of what buys recyclables at most recyclable();
    reach_year: of the figures it comes from. own:
    whether the region's own government acts; lead_of: of what kind of region the leading office is ("provinsi",
    "kabupaten", "kota", "both").
    """
    met = triggers(data)
    roles = codebook.roles()
    wrong = roles[~roles["actor"].isin(ACTORS) | ~roles["period"].isin(PERIODS)]
    if len(wrong):
        row = wrong.iloc[0]
        raise PkpError(
            f"roles.csv, {row['indicator']} {row['trigger']}: actor {row['actor']!r}, period {row['period']!r}."
            f" Yang dikenal: {', '.join(ACTORS)}; {', '.join(PERIODS)}."
        )
    level = "provinsi" if data.kind in ("provinsi", "negara") else data.kind
    frame = roles.merge(met, on=["indicator", "trigger"], validate="m:1")
    frame = frame[frame["level"].isin(["", level])]
    frame["reach"] = frame["reach"].where(frame["serves"] != "")
    made, bought = recyclable(data), frame["serves"] == RECYCLED
    frame.loc[bought, "reach"] = frame.loc[bought, "reach"].clip(upper=made) if made == made else float("nan")
    frame["order"] = frame["actor"].map(ACTORS.index)
    frame["without"] = frame["indicator"].map(data.standing().set_index("indicator")["without"])
    fell = frame["trigger"].eq("menurun") & frame["indicator"].map(data.indicators["origin"]).ne("survey")
    is_told = (data.story()["kind"] == "local").any() | ~frame["indicator"].isin(frame.loc[fell, "indicator"])
    frame["urgent"] = fell + 2 * (frame["trigger"].eq("terbuka") & is_told)
    keys, ascending = ["without", "indicator", "order", "urgent", "period"], [False, True, True, False, False]
    frame = frame.sort_values(keys, ascending=ascending, kind="stable")
    frame["own"] = frame["actor"] == ("provinsi" if level == "provinsi" else "kabupaten")
    frame["actor"] = frame["actor"].where((frame["actor"] != "kabupaten") | (data.kind != "kota"), "kota")
    offices = "both" if level == "provinsi" else level  # of a province: those of its kabupaten and kota
    frame["lead_of"] = frame["actor"].where(frame["actor"] == "provinsi", offices)
    return frame.reindex(columns=COLUMNS).reset_index(drop=True)


@once
def triggers(data) -> pd.DataFrame:
    """DataFrame[indicator, trigger, reach, reach_year, unit]: what of a region's figures calls for something.

    "rendah": the governing target is missed and not near; "hampir": near the target, or reached but at risk;
    "menurun": the survey's direction word or the course of what is reported leads away;
    "terbuka": a landfill is run as open dumping (reach: the tonnes that go there); "data": no value at the
    report year.
    """
    standing = data.standing().set_index("indicator")
    needs = data.households().drop_duplicates("indicator").set_index("indicator")
    waste = waste_left(data)
    dumps = open_dumps(data)
    if data.region_code != data.province_code:
        dumps = dumps[dumps["region_code"] == data.region_code]
    rows = []
    for code, row in standing.iterrows():
        reach, year = (needs[key].get(code, float("nan")) for key in ("unserved", "value_year"))
        unit = "rumah tangga"
        if data.indicators.at[code, "sector"] == "sampah":
            reach, year, unit = waste["tonnes"], waste["year"], "ton/tahun"
        found = []
        if pd.isna(row["value"]):
            found.append("data")
        elif row["near_target"] is True or row["at_risk"] is True:
            found.append("hampir")
        elif row["status"] != "achieved":  # 99 of a universal 100 is met
            sign = direction_sign(data.indicators.at[code, "direction"])
            found += ["rendah"] * bool(sign * (row["target"] - row["value"]) > 0)
        if heads(data, code, -1):
            found.append("menurun")
        for trigger in found:
            rows.append([code, trigger, float("nan") if trigger == "data" else reach, year, unit])
        if len(dumps) and code == dumps["indicator"].iloc[0]:
            rows.append([code, "terbuka", dumps["tonnes"].sum(), dumps["tonnes_year"].max(), unit])
    return pd.DataFrame(rows, columns=["indicator", "trigger", "reach", "reach_year", "unit"])


def heads(data, code: str, sign: int) -> bool:
    """Whether an indicator goes towards its target (sign 1) or away from it (-1): by the direction word of a survey,
    sure or likely, or by the course of what is reported.
    """
    rises = direction_sign(data.indicators.at[code, "direction"]) * sign > 0
    wanted, points = "rising" if rises else "falling", data.points(code)
    if data.indicators.at[code, "origin"] == "survey":
        return str(data.change(code)).endswith(wanted)
    return len(points) > 1 and trend.reported_course(points)[0] == wanted


def recyclable(data) -> float:
    """Tonnes a year of RECYCLABLES in the waste that is made, by the composition the region reported; NaN where it
    reported none.
    """
    facts = data.local_facts()
    facts = facts[(facts["kind"] == "komposisi_sampah") & facts["text"].isin(RECYCLABLES)]
    made = data.points("timbulan_sampah_ton").set_index("year")["value"]
    if facts.empty or facts["year"].max() not in made.index:
        return float("nan")
    year = facts["year"].max()
    share = pd.to_numeric(facts.loc[facts["year"] == year, "quantity"]).sum()
    return float(made[year]) * share / 100


@once
def waste_left(data) -> dict:
    """What is left of a region's waste: {"tonnes", "share", "year", "left", "from"}, tonnes a year,
    percent of what is made and the year of both; NaN without figures.

    left: "unmanaged", neither reduced nor handled, where the two figures of one year are known, else "unhandled"; from:
    the indicators it is worked out from.
    """
    made = data.points("timbulan_sampah_ton").set_index("year")["value"]
    for code, left in (("sampah_terkelola", "unmanaged"), ("penanganan_sampah", "unhandled")):
        done = data.points(code).set_index("year")["value"]
        years = made.index.intersection(done.index)
        if len(years):
            share = 100 - float(done[years.max()])
            tonnes = float(made[years.max()]) * share / 100
            codes = ("timbulan_sampah_ton", code)
            return {"tonnes": tonnes, "share": share, "year": int(years.max()), "left": left, "from": codes}
    nothing = float("nan")
    return {"tonnes": nothing, "share": nothing, "year": nothing, "left": "", "from": ()}
