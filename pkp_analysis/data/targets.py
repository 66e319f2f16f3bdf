"""The target register: which plan rows apply to a region, and which one governs."""

import re
from pathlib import Path

import pandas as pd

from .codebook import indicators
from .reconcile import decimal_comma, issues_frame
from .regions import NATION, regions, to_region_code
from .registers import first_fault, read_register

COLUMNS = (
    "framework indicator region_code start_year year value unit direction governs status source url note"
    " realization_source_id"
).split()
STATUSES = ("document", "statement", "reading", "remark", "superseded", "conflict")
NEVER_GOVERN = ("remark", "superseded")


def read_targets(path: Path) -> pd.DataFrame:
    """data/raw/targets.csv (no rows when there is none): one row per plan, scope and year; `value` float64,
    `year` int64,
    `start_year` Int64 (missing allowed).

    Raises DataContractError naming the row for an unknown region, indicator, status or direction, a value
    that is no
    number, a doubled row, or a remark or superseded row marked as governing, or two governing rows of one
    plan and year.
    """
    frame = read_register(path, COLUMNS[:-1], numbers=("value",))
    frame = frame.reindex(columns=COLUMNS, fill_value="")
    value, year = (
        pd.to_numeric(frame["value"], errors="coerce"),
        pd.to_numeric(frame["year"], errors="coerce"),
    )
    start = pd.to_numeric(frame["start_year"], errors="coerce")
    key = ["framework", "indicator", "region_code", "year"]
    second_yes = frame[frame["governs"] == "yes"].duplicated(key).reindex(frame.index, fill_value=False)
    rules = [
        (frame["region_code"].isin(regions().index), "region_code", "kode BPS dalam register"),
        (frame["indicator"].isin(indicators().index), "indicator", "kode indikator dalam kamus"),
        (frame["status"].isin(STATUSES), "status", " / ".join(STATUSES)),
        (
            frame["direction"] == frame["indicator"].map(indicators()["direction"]),
            "direction",
            "arah indikator dalam kamus",
        ),
        (frame["governs"].isin(["yes", "no"]), "governs", "yes atau no"),
        (
            ~((frame["governs"] == "yes") & frame["status"].isin(NEVER_GOVERN)),
            "governs",
            "no untuk remark dan superseded",
        ),
        (value.notna(), "value", "angka dengan titik desimal"),
        (year.between(1990, 2100), "year", "tahun"),
        (start.notna() | (frame["start_year"] == ""), "start_year", "tahun atau kosong"),
        (
            ~frame.duplicated([*key, "value"]),
            "framework",
            "satu baris per rencana, indikator, wilayah, tahun, dan nilai",
        ),
        (~second_yes, "governs", "paling banyak satu yes per rencana dan tahun"),
    ]
    first_fault(path.name, frame, rules)
    return frame.assign(
        value=value.astype("float64"), year=year.astype("int64"), start_year=start.astype("Int64")
    )


def implausible(targets: pd.DataFrame, register: str = "targets.csv") -> pd.DataFrame:
    """An issue per row of read_targets whose value a share cannot have (outside 0 to 100): it is refused with
    its row, and everything else stays.
    """
    shares = targets["indicator"].map(indicators()["kind"]).eq("share")
    rows = targets[shares & ~targets["value"].between(0, 100)]
    return issues_frame(
        [
            {
                "file": register,
                "sheet": "",
                "row": row.Index + 2,
                "column": "value",
                "text": f"{row.value:.12g}",
                "rule": "target_range",
                "severity": "rejected",
                "message": f"Target {row.framework} {row.indicator} {row.year}: {decimal_comma(row.value)}."
                " Yang diharapkan: persen 0 sampai 100. Baris ini tidak dinilai; yang lain dihitung.",
                "suggestion": "periksa angka itu pada dokumen rencananya",
            }
            for row in rows.itertuples()
        ]
    )


def targets_of(targets: pd.DataFrame, region_code: str) -> pd.DataFrame:
    """The plan rows of all indicators to show for a region, by year and framework, with `role`: "own" (its
    own plan), "reference" (the nation's) or
    "context" (its province's: an aggregate, never a regency's target). Raises UnknownRegionError, with the
    nearest codes, for an unknown region.
    """
    region_code = to_region_code(region_code)
    province = regions().at[region_code, "province_code"]
    roles = {
        province: "context",
        NATION: "reference",
        region_code: "own",
    }  # the last of equal keys wins: a province's own rows are "own"
    rows = targets[targets["region_code"].isin(roles)]
    return rows.assign(role=rows["region_code"].map(roles)).sort_values(["year", "framework"], kind="stable")


def plan_rank(framework: str, role: str) -> int:
    """0 the region's own RPJMD, 1 another plan of its own, 2 RPJMN, 3 another national plan, 4 SDGs."""
    if re.match(r"RPJMN\b", framework):
        return 2
    if re.match(r"SDGs\b", framework):
        return 4
    if role == "own":
        return 0 if re.match(r"RPJMD\b", framework) else 1
    return 3


def governing_rows(rows: pd.DataFrame, report_year: int) -> list:
    """The index label of the row that governs each indicator that has one; `rows` as targets_of gives them.

    governs = yes and no context rows; plans with a target year at or after the report year go before plans whose
    years have all passed; then by plan_rank; within a plan the nearest year at or after the report year, else its
    last.
    """
    by_indicator: dict[str, list] = {}
    for label, row in zip(
        rows.index,
        rows[["indicator", "framework", "year", "role", "status", "governs"]].itertuples(index=False),
    ):
        if row.governs == "yes" and row.status not in NEVER_GOVERN and row.role != "context":
            by_indicator.setdefault(row.indicator, []).append((label, row))
    found = []
    for candidates in by_indicator.values():
        ahead = {row.framework for _, row in candidates if row.year >= report_year}  # plans not yet over

        def order(candidate):
            _, row = candidate
            return (
                row.framework not in ahead,  # noqa: B023
                plan_rank(row.framework, row.role),
                row.year < report_year,
                abs(row.year - report_year),
                row.framework,
            )

        found.append(min(candidates, key=order)[0])
    return found
