"""From raw files to one checked table: the pipeline as a list of its steps, and the finished table read back."""

import hashlib
import json
import os
import platform
import shutil
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from .. import paths
from ..errors import DataContractError, PkpError
from ..files import locked, sha256, write
from ..paths import REFERENCE
from .checks import check, validate
from .clean import ISSUE_COLUMNS, OBSERVATION_COLUMNS, Cleaned, clean_file
from .derived import derived_sources, households, waste
from .reconcile import (
    DOUBTFUL_SERIES,
    KEY,
    assign_origin,
    assign_series,
    breaks,
    conflicts,
    decimal_comma,
    govern,
    issue,
    issues_frame,
    where,
)
from .registers import (
    REGISTERS,
    correct,
    incomplete_sources,
    is_raw_file,
    read_commitments,
    read_corrections,
    read_local_facts,
    read_sources,
)
from .safe_cells import neutral_frame
from .targets import implausible, read_targets

TABLES = ("observations", "targets", "issues", "sources", "commitments", "local_facts")
VERSIONS = "versi"  # inside data/processed: a folder per version, never changed once it is there
KEPT_VERSIONS = 5
VERSION_VARIABLE = "PKP_DATA_VERSION"  # a run pins its notebooks to the version it was planned with


CELL = ["file", "sheet", "row", "column"]
LONE = "lone_fraction"  # of readers: at most 1; Susenas has such shares, what agencies report hardly
DOUBTED = {  # rule -> note
    "doubtful_zero": "nol diragukan",
    "doubtful_fraction": "angka diragukan",
    LONE: "mungkin pecahan",
}


@dataclass(frozen=True)
class Dataset:
    """The clean tables and where every figure came from."""

    observations: pd.DataFrame
    targets: pd.DataFrame
    issues: pd.DataFrame
    sources: pd.DataFrame
    commitments: pd.DataFrame
    local_facts: pd.DataFrame
    provenance: dict

    @property
    def version(self) -> str:
        """12 hexadecimal digits that name these tables and what they were made from."""
        return self.provenance["data_version"]


def build_dataset(raw_dir=None, processed_dir=None) -> Dataset:
    """Read, check and write: data/raw -> data/processed (parquet, csv, provenance.json), and the same as an
    immutable version below it. Writes everything or nothing, one build at a time.
    """
    raw_dir = Path(raw_dir or paths.raw_dir())
    processed_dir = Path(processed_dir or paths.processed_dir())
    with locked(raw_dir):
        dataset = assemble(raw_dir, _previous(raw_dir, processed_dir))
        write_dataset(dataset, processed_dir)
    return dataset


def assemble(raw_dir=None, previous: Dataset | None = None) -> Dataset:
    """The checked tables of a raw folder; writes nothing. `previous` (an earlier build) shows what is gone."""
    raw_dir = Path(raw_dir or paths.raw_dir())
    sources = read_sources(raw_dir)
    cleaned = {file: clean_file(raw_dir / file, rows) for file, rows in sources.groupby("file", sort=True)}
    cleaned = without_replaced(cleaned, sources)
    observations = pd.concat([part.observations for part in cleaned.values()], ignore_index=True).astype(
        {"value": "float64"}
    )
    count_cells(cleaned, observations)
    observations = correct(observations, read_corrections(raw_dir))
    observations = pd.concat([observations, households(observations), waste(observations)], ignore_index=True)
    sources = pd.concat([sources, derived_sources(observations)], ignore_index=True)
    observations = assign_origin(observations, sources)
    observations = assign_series(observations, breaks())
    observations = govern(observations, sources)
    findings = check(observations, breaks(), previous.observations if previous else None)
    issues = pd.concat([part.issues for part in cleaned.values()])
    observations = mark_doubtful(observations, pd.concat([issues, findings]))
    observations = standard(observations)
    validate(observations)
    targets = read_targets(raw_dir / "targets.csv")
    refused = implausible(targets)
    issues = [
        issues,
        incomplete_sources(raw_dir, sources),
        conflicts(observations, sources),
        findings,
        refused,
    ]
    dataset = Dataset(
        observations=observations,
        targets=targets.drop(index=refused["row"] - 2).reset_index(drop=True),
        issues=pd.concat(issues, ignore_index=True)[ISSUE_COLUMNS].astype(
            dict.fromkeys(ISSUE_COLUMNS, "str") | {"row": "int64"}
        ),
        sources=sources,
        commitments=read_commitments(raw_dir),
        local_facts=read_local_facts(raw_dir),
        provenance=provenance(raw_dir, cleaned, sources, observations),
    )
    dataset.provenance["compared_with"] = previous.version if previous else ""
    made_from = dataset.provenance["inputs"] + tables_hash(dataset)
    dataset.provenance["data_version"] = hashlib.sha256(made_from.encode()).hexdigest()[:12]
    return dataset


def tables_hash(dataset: Dataset) -> str:
    """A hash of what every table holds."""
    digest = hashlib.sha256()
    for name in TABLES:
        table = getattr(dataset, name)
        digest.update(f"{name}:{','.join(table.columns)}".encode())
        digest.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return digest.hexdigest()


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


def without_replaced(cleaned: dict[str, Cleaned], sources: pd.DataFrame) -> dict[str, Cleaned]:
    """The files without the figures that a later sending replaces (`replaces` in sources.csv): where the new
    source has a figure of its own, the old one becomes an issue at its cell.
    """
    resent = sources[sources["replaces"] != ""]
    if resent.empty:
        return cleaned
    figures = pd.concat([part.observations for part in cleaned.values()], ignore_index=True)
    sent: dict = {}
    for new in resent.itertuples():
        rows = figures[figures["source_id"] == new.source_id]
        for row in rows.itertuples():
            for old in new.replaces.split():
                sent[old, row.region_code, row.indicator, row.year] = row
    old = {source_id for source_id, *_ in sent}
    return {
        file: _set_aside(part, sent) if part.observations["source_id"].isin(old).any() else part
        for file, part in cleaned.items()
    }


def _set_aside(part: Cleaned, sent: dict) -> Cleaned:
    rows = list(part.observations.itertuples())
    later = [sent.get((row.source_id, row.region_code, row.indicator, row.year)) for row in rows]
    found = [
        issue(
            row,
            "replaced",
            "note",
            f"{where(row)}: {decimal_comma(row.value)} diganti {decimal_comma(new.value)} yang dikirim kemudian"
            f" ({new.source_id}).",
        )
        for row, new in zip(rows, later)
        if new is not None
    ]
    counts = part.counts | {
        "observations": part.counts["observations"] - len(found),
        "rejected": part.counts["rejected"] + len(found),
    }
    kept = part.observations[[new is None for new in later]]
    issues = pd.concat([part.issues, issues_frame(found)], ignore_index=True)
    return replace(part, observations=kept, issues=issues, counts=counts)


def count_cells(cleaned: dict[str, Cleaned], observations: pd.DataFrame) -> dict:
    """Totals over all files; candidate cells = observations + rejected + missing, per file and in total."""
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
    if total["observations"] != len(observations):  # rows that name none of the files
        raise DataContractError(
            f"Jumlah sel tidak cocok: {total}, {len(observations)} di tabel. Laporkan sebagai kesalahan"
            " program."
        )
    return total


def mark_doubtful(observations: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Figures found doubtful become provisional and a series of their own, of which no trend is told."""
    told = findings[findings["rule"].isin(DOUBTED)]
    reasons = dict(zip(told[CELL].itertuples(index=False, name=None), told["rule"].map(DOUBTED)))
    cells = observations[CELL].itertuples(index=False, name=None)
    reason = pd.Series([reasons.get(cell, "") for cell in cells], observations.index, dtype="str")
    reason = reason.mask(reason.eq(DOUBTED[LONE]) & observations["origin"].eq("survey"), "")
    doubtful = reason != ""
    before = observations["note"].where(observations["note"] == "", observations["note"] + "; ")
    return observations.assign(
        note=observations["note"].mask(doubtful, before + reason),
        status=observations["status"].mask(doubtful, "provisional"),
        series=observations["series"].mask(doubtful, DOUBTFUL_SERIES),
    )


def provenance(
    raw_dir: Path, cleaned: dict[str, Cleaned], sources: pd.DataFrame, observations: pd.DataFrame
) -> dict:
    """Where the tables came from: each raw file with hash, layout, sources and counts; the data version."""
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
    return {
        "inputs": inputs_hash(raw_dir),
        "counts": count_cells(cleaned, observations[observations["file"] != ""]),
        "derived": int((observations["file"] == "").sum()),
        "figures": figures(observations),
        "files": files,
        "registers": {
            name: sha256(raw_dir / name) for name in sorted(REGISTERS) if (raw_dir / name).exists()
        },
        "reference": {path.name: sha256(path) for path in sorted(REFERENCE.glob("*.csv"))},
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


def inputs_hash(raw_dir: Path) -> str:
    """A hash of everything the tables are made from: raw files, registers and the reference tables."""
    files = [path for path in raw_dir.iterdir() if path.is_file() and is_raw_file(path.name)]
    digest = hashlib.sha256()
    for path in [*sorted(files), *sorted(REFERENCE.glob("*.csv"))]:
        digest.update(f"{path.name} {sha256(path)}\n".encode())
    return digest.hexdigest()[:16]


def write_dataset(dataset: Dataset, processed_dir: Path) -> None:
    """The tables as an immutable version and as the current one: parquet, csv and provenance.json.

    The version's folder appears whole, then each current file, provenance.json last: it holds the hashes of
    the others, so that a reader notices a build that was interrupted.
    """
    version = processed_dir / VERSIONS / dataset.version
    if not _is_whole(version):
        _write_version(dataset, version)
    version.touch()
    for source in sorted(version.iterdir(), key=lambda path: path.name == "provenance.json"):
        write(processed_dir / source.name, source.read_bytes())
    for old in sorted(version.parent.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT_VERSIONS]:
        shutil.rmtree(old, ignore_errors=True)


def _write_version(dataset: Dataset, version: Path) -> None:
    for left in (*version.parent.glob("*.part"), *version.parent.parent.glob(".build-*")):
        shutil.rmtree(left, ignore_errors=True)  # of builds that were killed: the lock is ours
    part = version.with_name(version.name + ".part")
    part.mkdir(parents=True)
    try:
        outputs = {}
        for name in TABLES:
            table = getattr(dataset, name)
            table.to_parquet(part / f"{name}.parquet", index=False)
            safe = neutral_frame(table)  # and with the mark by which Excel knows UTF-8
            safe.to_csv(part / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8-sig")
            outputs |= {f"{name}.{kind}": sha256(part / f"{name}.{kind}") for kind in ("parquet", "csv")}
        provenance = dataset.provenance | {"outputs": outputs}
        text = json.dumps(provenance, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (part / "provenance.json").write_text(text, encoding="utf-8")
        for path in part.iterdir():
            with open(path, "rb+") as file:
                os.fsync(file.fileno())
        shutil.rmtree(version, ignore_errors=True)  # a damaged one of this name
        os.replace(part, version)
    except OSError as error:
        error.filename = error.filename or str(version)
        raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def load_dataset(processed_dir=None, version: str | None = None) -> Dataset:
    """The tables as `pkp clean` wrote them: the current ones, or an earlier version by its name.

    In the project's own folder the environment variable PKP_DATA_VERSION names the version when the caller
    does not, so that all notebooks of a run read the same figures. Raises PkpError when the tables are
    missing, not of one build, or not of the version asked for.
    """
    folder = Path(processed_dir or paths.processed_dir())
    wanted = version or (os.environ.get(VERSION_VARIABLE) if folder == paths.processed_dir() else None)
    kept = folder / VERSIONS / wanted if wanted else folder
    place = kept if kept.is_dir() else folder
    provenance = _read_provenance(place)
    if wanted and provenance["data_version"] != wanted:
        raise PkpError(
            f"Versi data {wanted} tidak ada lagi di {folder}; yang ada {provenance['data_version']}. Jalankan"
            " `pkp run` lagi."
        )
    tables = {}
    for name in TABLES:
        file = place / f"{name}.parquet"
        if not file.is_file() or sha256(file) != provenance["outputs"].get(file.name):
            raise PkpError(
                f"{file} tidak cocok dengan provenance.json; pembuatannya terputus. Jalankan `pkp clean`"
                " lagi."
            )
        tables[name] = pd.read_parquet(file)
    return Dataset(**tables, provenance=provenance)


def _read_provenance(folder: Path) -> dict:
    path = folder / "provenance.json"
    try:
        provenance = json.loads(path.read_text(encoding="utf-8"))
        if provenance["data_version"] and provenance["outputs"].keys():
            return provenance
    except FileNotFoundError:
        raise PkpError(f"{folder} belum berisi data bersih. Jalankan `pkp clean` dahulu.") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise PkpError(f"{path} rusak atau terpotong. Jalankan `pkp clean`; isinya dibuat ulang.")


def _is_whole(version: Path) -> bool:
    try:
        outputs = _read_provenance(version)["outputs"]
        return all(sha256(version / name) == content for name, content in outputs.items())
    except (PkpError, OSError):
        return False


def _previous(raw_dir: Path, processed_dir: Path) -> Dataset | None:
    """The last build of other files than these, None when there is none: building twice changes nothing."""
    try:
        last = load_dataset(processed_dir)
        if last.provenance.get("inputs") != inputs_hash(raw_dir):
            return last
        before = last.provenance["compared_with"]
        return load_dataset(processed_dir, before) if before else None
    except PkpError:
        return None
