"""What new figures change, in sentences for whoever sent or stored them, and the page where it shows."""

import pandas as pd

from ...html import slug
from ..codebook import indicators
from ..reconcile import KEY, decimal_comma, governing, leading, where
from ..regions import members, region_name, regions

SHOWN = 5


def what_changed(
    before: pd.DataFrame | None, after: pd.DataFrame, only: pd.DataFrame | None = None
) -> tuple[list[str], str]:
    """(sentences on the figures in use that are new or different, the page to open below reports/).

    Both are observations; without `before` every figure is new. `only`: the regions, indicators and years to
    look at. No sentences when nothing changed.
    """
    used = governing(after)
    now = used if only is None else used.merge(only, on=KEY)
    then = now.iloc[:0] if before is None else governing(before)
    both = now.merge(then[[*KEY, "value"]].rename(columns={"value": "old"}), on=KEY, how="left")
    new, other = both[both["old"].isna()], both[both["old"].notna() & (both["value"] != both["old"])]
    sentences = _coverage(new, used)
    sentences += [
        f"{where(row)}: {decimal_comma(row.old)} menjadi {decimal_comma(row.value)}."
        for row in other.head(SHOWN).itertuples()
    ]
    if len(other) > SHOWN:
        sentences.append(f"Dan {len(other) - SHOWN} angka lain berubah.")
    sentences += _beside(before, after, only)
    changed = pd.concat([new, other])
    places = sorted(set((changed if len(changed) else now)["region_code"]))
    regencies = [code for code in places if len(code) == 4] or places
    page = (
        f"wilayah/{regencies[0]}-{slug(regions().at[regencies[0], 'name'])}.html"
        if len(regencies) == 1
        else "index.html"
    )
    return sentences, page


def _beside(before: pd.DataFrame | None, after: pd.DataFrame, only: pd.DataFrame | None) -> list[str]:
    """What new figures do not replace, each with the last figure that leads."""
    figure = [*KEY, "source_id", "value"]
    rows = after if only is None else after.merge(only, on=KEY)
    led = leading(after)
    known = [led[figure]] + ([] if before is None else [before[figure]])
    rows = rows[~pd.MultiIndex.from_frame(rows[figure]).isin(pd.MultiIndex.from_frame(pd.concat(known)))]
    rows = rows.drop_duplicates([*KEY, "value"])
    if before is None or rows.empty:
        return []
    last = led.sort_values("year").drop_duplicates(KEY[:2], keep="last").set_index(KEY[:2])
    sentences = []
    for row in rows.head(SHOWN).itertuples():
        used = last.loc[(row.region_code, row.indicator)]
        sentences.append(
            f"{where(row)}: {decimal_comma(row.value)} berdiri di samping {decimal_comma(used['value'])}"
            f" ({used['year']}) yang dipakai, tidak menggantikannya."
        )
    rest = len(rows) - SHOWN
    return [*sentences, f"Dan {rest} angka lain di samping yang dipakai."] if rest > 0 else sentences


def _coverage(new: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """For how many of a province's regencies each year with new figures is known now, last years first."""
    register = regions()
    area = new["region_code"].map(lambda code: register.at[code, "province_code"] if len(code) == 4 else "")
    order = {code: place for place, code in enumerate(indicators().index)}
    told: dict = {}
    for year, province, indicator in sorted(
        set(zip(new["year"], area, new["indicator"])), key=lambda key: (-key[0], key[1], order[key[2]])
    ):
        inside = members(province) if province else register.index[register["kind"] == "provinsi"].tolist()
        known = now["indicator"].eq(indicator) & now["year"].eq(year) & now["region_code"].isin(inside)
        told.setdefault((year, province, int(known.sum()), len(inside)), []).append(indicator)
    sentences = []
    for (year, province, known, total), codes in list(told.items())[:SHOWN]:
        what = f"kabupaten/kota {region_name(province)}" if province else "provinsi"
        names = ", ".join(indicators().at[code, "short_name"] for code in codes)
        how = f"lengkap untuk {total}" if known == total else f"baru ada untuk {known} dari {total}"
        sentences.append(f"Tahun {year} {how} {what}: {names}.")
    rest = len(told) - SHOWN
    return [*sentences, f"Dan {rest} tahun atau provinsi lain."] if rest > 0 else sentences
