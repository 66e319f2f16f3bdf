"""From raw files to one checked table: the pipeline as a list of its steps, and the finished table read back."""

import hashlib
import json
import os
import platform
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from .. import paths
from ..errors import DataContractError, PkpError
from ..files import sha256
from ..paths import REFERENCE
from .checks import check, validate
from .clean import ISSUE_COLUMNS, OBSERVATION_COLUMNS, Cleaned, clean_file
from .derived import derived_sources, households, managed_waste
from .reconcile import KEY, assign_series, breaks, conflicts, govern
from .registers import (
    REGISTERS,
    correct,
    incomplete_sources,
    read_commitments,
    read_corrections,
    read_sources,
)
from .safe_cells import neutral_frame
from .targets import read_targets

TABLES = ("observations", "targets", "issues", "sources", "commitments")


@dataclass(frozen=True)
class Dataset:
    """The clean tables and where every figure came from."""

    observations: pd.DataFrame
    targets: pd.DataFrame
    issues: pd.DataFrame
    sources: pd.DataFrame
    commitments: pd.DataFrame
    provenance: dict


def build_dataset(raw_dir=None, processed_dir=None) -> Dataset:
    """Read, check and write: data/raw -> data/processed (parquet, csv, provenance.json). Writes everything or
    nothing.
    """
    processed_dir = Path(processed_dir or paths.processed_dir())
    dataset = assemble(raw_dir, previous=_previous(processed_dir))
    write(dataset, processed_dir)
    return dataset


def assemble(raw_dir=None, previous: pd.DataFrame | None = None) -> Dataset:
    """The checked tables of a raw folder; writes nothing. `previous` (observations of the last build) shows
    what is gone.
    """
    raw_dir = Path(raw_dir or paths.raw_dir())
    sources = read_sources(raw_dir)
    cleaned = {file: clean_file(raw_dir / file, rows) for file, rows in sources.groupby("file", sort=True)}
    observations = pd.concat([part.observations for part in cleaned.values()], ignore_index=True).astype(
        {"value": "float64"}
    )
    count_cells(cleaned, observations)
    observations = correct(observations, read_corrections(raw_dir))
    observations = pd.concat(
        [observations, households(observations), managed_waste(observations)], ignore_index=True
    )
    sources = pd.concat([sources, derived_sources(observations)], ignore_index=True)
    observations = assign_series(observations, breaks())
    observations = govern(observations, sources)
    findings = check(observations, breaks(), previous)
    observations = mark_doubtful(observations, findings)
    observations = standard(observations)
    validate(observations)
    issues = [part.issues for part in cleaned.values()] + [
        incomplete_sources(raw_dir, sources),
        conflicts(observations, sources),
        findings,
    ]
    return Dataset(
        observations=observations,
        targets=read_targets(raw_dir / "targets.csv"),
        issues=pd.concat(issues, ignore_index=True)[ISSUE_COLUMNS].astype(
            dict.fromkeys(ISSUE_COLUMNS, "str") | {"row": "int64"}
        ),
        sources=sources,
        commitments=read_commitments(raw_dir),
        provenance=provenance(raw_dir, cleaned, sources, observations),
    )


def standard(observations: pd.DataFrame) -> pd.DataFrame:
    """Columns in their order and type, rows sorted: equal figures give equal bytes."""
    numbers = {
        "year": "int64",
        "value": "float64",
        "precedence": "int64",
        "is_governing": "bool",
        "row": "int64",
    }
    types = dict.fromkeys(OBSERVATION_COLUMNS, "str") | numbers
    return observations.sort_values([*KEY, "source_id"], kind="stable", ignore_index=True)[
        OBSERVATION_COLUMNS
    ].astype(types)


def count_cells(cleaned: dict[str, Cleaned], observations: pd.DataFrame) -> dict:
    """Totals over all files; candidate value cells = observations + rejected + missing, per file and in
    total.
    """
    total = dict.fromkeys(("candidates", "observations", "rejected", "missing"), 0)
    for file, part in cleaned.items():
        counts = part.counts
        kept = int((observations["file"] == file).sum())
        if (
            counts["candidates"] != counts["observations"] + counts["rejected"] + counts["missing"]
            or counts["observations"] != kept
        ):
            raise DataContractError(
                f"{file}: sel tidak terhitung seluruhnya ({counts}, {kept} di tabel). Laporkan sebagai"
                " kesalahan program."
            )
        total = {name: total[name] + counts[name] for name in total}
    if total["candidates"] != total["observations"] + total["rejected"] + total["missing"] or total[
        "observations"
    ] != len(observations):
        raise DataContractError(
            f"Jumlah sel tidak cocok: {total}, {len(observations)} di tabel. Laporkan sebagai kesalahan"
            " program."
        )
    return total


def mark_doubtful(observations: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Figures found to be a doubtful zero become provisional, say why and stand in a series of their own: no
    change is
    told and no trend drawn from them."""
    cells = pd.MultiIndex.from_frame(
        findings.loc[findings["rule"] == "doubtful_zero", ["file", "sheet", "row", "column"]]
    )
    doubtful = pd.MultiIndex.from_frame(observations[["file", "sheet", "row", "column"]]).isin(cells)
    note = (
        observations["note"].where(observations["note"] == "", observations["note"] + "; ") + "nol diragukan"
    )
    return observations.assign(
        note=observations["note"].mask(doubtful, note),
        status=observations["status"].mask(doubtful, "provisional"),
        series=observations["series"].mask(doubtful, "nol_diragukan"),
    )


def provenance(
    raw_dir: Path, cleaned: dict[str, Cleaned], sources: pd.DataFrame, observations: pd.DataFrame
) -> dict:
    """Where the tables came from: each raw file with its hash, layout, sources and cell counts; versions; the
    data version.
    """
    names = sources.groupby("file")["source_id"].agg(list)
    files = {
        file: {
            "sha256": sha256(raw_dir / file),
            "layout": part.layout,
            "sources": names[file],
            "counts": part.counts,
        }
        for file, part in cleaned.items()
    }
    registers = {name: sha256(raw_dir / name) for name in sorted(REGISTERS) if (raw_dir / name).exists()}
    reference = {path.name: sha256(path) for path in sorted(REFERENCE.glob("*.csv"))}
    inputs = {file: entry["sha256"] for file, entry in files.items()} | registers | reference
    hashes = [f"{name} {content}" for name, content in sorted(inputs.items())]
    return {
        "data_version": hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:12],
        "counts": count_cells(cleaned, observations[observations["file"] != ""]),
        "derived": int((observations["file"] == "").sum()),
        "figures": figures(observations),
        "files": files,
        "registers": registers,
        "reference": reference,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("pkp-analysis", "pandas", "numpy", "pyarrow")},
        },
    }


def figures(observations: pd.DataFrame) -> dict:
    """region_code -> "indicator year" -> the cells that hold the figure, the governing one first:
    "file!sheet!B4", or how it was derived.
    """
    cells: dict = {}
    for row in observations.sort_values("is_governing", ascending=False, kind="stable").itertuples():
        place = (
            "!".join(part for part in (row.file, row.sheet, f"{row.column}{row.row}") if part)
            if row.file
            else f"{row.source_id}: {row.note}"
        )
        cells.setdefault(row.region_code, {}).setdefault(f"{row.indicator} {row.year}", []).append(place)
    return cells


def write(dataset: Dataset, processed_dir: Path) -> None:
    """Parquet and csv of every table and provenance.json. Each file appears whole; provenance.json, which
    holds the hashes
    of the others, comes last, so that a reader notices a build that was interrupted."""
    processed_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".build-", dir=processed_dir))
    try:
        outputs = {}
        for name in TABLES:
            table = getattr(dataset, name)
            table.to_parquet(folder / f"{name}.parquet", index=False)
            neutral_frame(table).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
            outputs |= {f"{name}.{kind}": sha256(folder / f"{name}.{kind}") for kind in ("parquet", "csv")}
        text = json.dumps(
            dataset.provenance | {"outputs": outputs}, ensure_ascii=False, indent=1, sort_keys=True
        )
        (folder / "provenance.json").write_text(text + "\n", encoding="utf-8")
        for name in [*outputs, "provenance.json"]:
            os.replace(folder / name, processed_dir / name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def load_dataset(processed_dir=None) -> Dataset:
    """The tables as `pkp clean` wrote them. Raises PkpError when they are missing or not of one build."""
    processed_dir = Path(processed_dir or paths.processed_dir())
    path = processed_dir / "provenance.json"
    if not path.exists():
        raise PkpError(f"{processed_dir} belum berisi data bersih. Jalankan `pkp clean` dahulu.")
    provenance = json.loads(path.read_text(encoding="utf-8"))
    tables = {}
    for name in TABLES:
        file = processed_dir / f"{name}.parquet"
        if not file.exists() or sha256(file) != provenance["outputs"][file.name]:
            raise PkpError(
                f"{file} tidak cocok dengan provenance.json; pembuatannya terputus. Jalankan `pkp clean`"
                " lagi."
            )
        tables[name] = pd.read_parquet(file)
    return Dataset(**tables, provenance=provenance)


def _previous(processed_dir: Path) -> pd.DataFrame | None:
    """Observations of the last complete build, None when there is none."""
    try:
        return load_dataset(processed_dir).observations
    except PkpError:
        return None
