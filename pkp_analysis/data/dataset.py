"""From raw files to one checked table: the pipeline as a list of its steps, and the finished table read back."""

import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from .. import paths
from ..errors import BadRequestError, DataContractError, PkpError
from ..paths import REFERENCE
from .checks import check, validate
from .clean import Cleaned, clean_file
from .codebook import indicators
from .reconcile import KEY, ISSUE_COLUMNS, assign_series, breaks, conflicts, decimal_comma, govern, governing
from .regions import members, regions
from .targets import read_targets

OBSERVATION_COLUMNS = [
    "region_code", "indicator", "year", "value", "unit", "source_id", "precedence", "status", "series", "is_governing",
    "file", "sheet", "row", "column", "note",
]
SOURCE_COLUMNS = ["source_id", "file", "layout", "title", "publisher", "published", "url", "licence", "precedence", "accessed", "note"]
SOURCE_EXTRAS = ["table", "page", "status", "indicator", "year", "province"]  # what the file itself does not say; may be absent
TABLES = ("observations", "targets", "issues", "sources", "commitments")
REGISTERS = {"sources.csv", "targets.csv", "corrections.csv", "commitments.csv"}
DERIVED_PRECEDENCE = 90
HOUSEHOLDS, MANAGED_WASTE = "turunan_rumah_tangga", "turunan_sampah_terkelola"
POPULATION_YEAR, HOUSEHOLD_SIZE_YEAR = 2024, 2017


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
    """Read, check and write: data/raw -> data/processed (parquet, csv, provenance.json). Writes everything or nothing."""
    processed_dir = Path(processed_dir or paths.processed_dir())
    dataset = assemble(raw_dir, previous=_previous(processed_dir))
    write(dataset, processed_dir)
    return dataset


def assemble(raw_dir=None, previous: pd.DataFrame | None = None) -> Dataset:
    """The checked tables of a raw folder; writes nothing. `previous` (observations of the last build) shows what is gone."""
    raw_dir = Path(raw_dir or paths.raw_dir())
    sources = read_sources(raw_dir)
    cleaned = {file: clean_file(raw_dir / file, rows) for file, rows in sources.groupby("file", sort=True)}
    observations = pd.concat([part.observations for part in cleaned.values()], ignore_index=True).astype({"value": "float64"})
    count_cells(cleaned, observations)
    observations = correct(observations, read_corrections(raw_dir))
    observations = pd.concat([observations, households(observations), managed_waste(observations)], ignore_index=True)
    sources = pd.concat([sources, derived_sources(observations)], ignore_index=True)
    observations = assign_series(observations, breaks())
    observations = govern(observations, sources)
    findings = check(observations, breaks(), previous)
    observations = mark_doubtful(observations, findings)
    observations = standard(observations)
    validate(observations)
    issues = [part.issues for part in cleaned.values()] + [conflicts(observations, sources), findings]
    return Dataset(
        observations=observations,
        targets=read_targets(raw_dir / "targets.csv"),
        issues=pd.concat(issues, ignore_index=True)[ISSUE_COLUMNS].astype(dict.fromkeys(ISSUE_COLUMNS, "str") | {"row": "int64"}),
        sources=sources,
        commitments=read_commitments(raw_dir),
        provenance=provenance(raw_dir, cleaned, sources, observations),
    )


def standard(observations: pd.DataFrame) -> pd.DataFrame:
    """Columns in their order and type, rows sorted: equal figures give equal bytes."""
    types = {column: "str" for column in OBSERVATION_COLUMNS} | {"year": "int64", "value": "float64", "precedence": "int64", "is_governing": "bool", "row": "int64"}
    return observations.sort_values([*KEY, "source_id"], kind="stable", ignore_index=True)[OBSERVATION_COLUMNS].astype(types)


def read_sources(raw_dir: Path) -> pd.DataFrame:
    """sources.csv, checked against the folder: every data file has a row, every row its file.

    Raises BadRequestError for a missing or empty folder, DataContractError for rows and files that do not match.
    """
    if not raw_dir.is_dir():
        raise BadRequestError(f"Folder {raw_dir} tidak ada. Yang diharapkan: folder file mentah dengan sources.csv. Periksa alamatnya.")
    files = sorted(path.name for path in raw_dir.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    data_files = [name for name in files if name not in REGISTERS and not name.lower().endswith((".md", ".txt"))]
    if not data_files:
        raise BadRequestError(f"Folder {raw_dir} tidak berisi file data. Tambahkan file dengan `pkp add FILE`.")
    for name in ("sources.csv", "targets.csv"):
        if name not in files:
            raise DataContractError(f"{raw_dir / name} tidak ada. Yang diharapkan: daftar {'sumber' if name == 'sources.csv' else 'target'}. Kembalikan file itu.")
    sources = pd.read_csv(raw_dir / "sources.csv", dtype="str", keep_default_na=False)
    absent = [column for column in SOURCE_COLUMNS if column not in sources]
    if absent:
        raise DataContractError(f"sources.csv: kolom {', '.join(absent)} tidak ada. Yang diharapkan: {', '.join(SOURCE_COLUMNS)}.")
    sources = sources.reindex(columns=[*SOURCE_COLUMNS, *SOURCE_EXTRAS], fill_value="")
    precedence = pd.to_numeric(sources["precedence"], errors="coerce")
    rules = [
        (sources["source_id"].str.fullmatch(r"[a-z0-9_]+"), "source_id", "huruf kecil, angka, dan garis bawah"),
        (~sources["source_id"].duplicated(), "source_id", "satu baris per sumber"),
        (sources["file"].isin(data_files), "file", "nama file yang ada di folder itu"),
        (precedence.between(1, 99), "precedence", "bilangan 1 (paling diutamakan) sampai 99"),
        (sources["status"].isin(["", "official", "provisional", "derived", "press"]), "status", "official, provisional, derived, atau press"),
        (sources["title"].ne("") & sources["publisher"].ne(""), "title", "judul dan penerbit terisi"),
    ]
    for good, column, expected in rules:
        for row in sources.index[~good.astype(bool)][:1]:
            raise DataContractError(f"sources.csv baris {row + 2}, kolom {column}: {sources.at[row, column]!r}. Yang diharapkan: {expected}.")
    unnamed = sorted(set(data_files) - set(sources["file"]))
    if unnamed:
        raise DataContractError(f"{', '.join(unnamed)}: tidak ada barisnya di sources.csv. Tambahkan dengan `pkp add`, atau keluarkan dari data/raw.")
    return sources.assign(precedence=precedence.astype("int64"))


def count_cells(cleaned: dict[str, Cleaned], observations: pd.DataFrame) -> dict:
    """Totals over all files; candidate value cells = observations + rejected + missing, per file and in total."""
    total = dict.fromkeys(("candidates", "observations", "rejected", "missing"), 0)
    for file, part in cleaned.items():
        counts = part.counts
        kept = int((observations["file"] == file).sum())
        if counts["candidates"] != counts["observations"] + counts["rejected"] + counts["missing"] or counts["observations"] != kept:
            raise DataContractError(f"{file}: sel tidak terhitung seluruhnya ({counts}, {kept} di tabel). Laporkan sebagai kesalahan program.")
        total = {name: total[name] + counts[name] for name in total}
    if total["candidates"] != total["observations"] + total["rejected"] + total["missing"] or total["observations"] != len(observations):
        raise DataContractError(f"Jumlah sel tidak cocok: {total}, {len(observations)} di tabel. Laporkan sebagai kesalahan program.")
    return total


def read_corrections(raw_dir: Path) -> pd.DataFrame:
    path = raw_dir / "corrections.csv"
    columns = ["region_code", "indicator", "year", "old_value", "new_value", "reason", "source", "date"]
    if not path.exists():
        return pd.DataFrame(columns=columns, dtype="str")
    corrections = pd.read_csv(path, dtype="str", keep_default_na=False)
    if list(corrections.columns) != columns:
        raise DataContractError(f"corrections.csv: kolom {list(corrections.columns)}. Yang diharapkan: {columns}.")
    for row in corrections.itertuples():
        numbers = (row.year, row.old_value, row.new_value)
        if not row.reason or not all(re.fullmatch(r"-?\d+(\.\d+)?", number) for number in numbers):
            raise DataContractError(f"corrections.csv baris {row.Index + 2}: {numbers}. Yang diharapkan: angka dengan titik desimal, dan alasan terisi.")
    return corrections


def correct(observations: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """The observations with each correction applied and noted. A correction whose old value is not there is an error."""
    observations = observations.copy()
    for row in corrections.itertuples():
        cell = (observations["region_code"] == row.region_code) & (observations["indicator"] == row.indicator) & (observations["year"] == int(row.year))
        same = cell & (observations["value"] == float(row.old_value))
        if not same.any():
            found = ", ".join(decimal_comma(value) for value in observations.loc[cell, "value"]) or "tidak ada angka"
            raise DataContractError(
                f"corrections.csv baris {row.Index + 2}: {row.indicator} {row.region_code} {row.year} bukan lagi {row.old_value}, melainkan {found}. "
                "Sumbernya mungkin sudah diperbaiki; hapus atau perbarui koreksi itu."
            )
        note = f"dikoreksi dari {decimal_comma(float(row.old_value))}: {row.reason} ({row.source}, {row.date})"
        observations.loc[same, "note"] = [f"{old}; {note}" if old else note for old in observations.loc[same, "note"]]
        observations.loc[same, "value"] = float(row.new_value)
    return observations


def read_commitments(raw_dir: Path) -> pd.DataFrame:
    """commitments.csv: what an actor said it would do, and whether it was done."""
    path = raw_dir / "commitments.csv"
    columns = ["region_code", "indicator", "actor_kind", "actor", "what", "quantity", "unit", "year", "status", "source", "url"]
    frame = pd.read_csv(path, dtype="str", keep_default_na=False) if path.exists() else pd.DataFrame(columns=columns, dtype="str")
    unknown = ~frame["region_code"].isin(regions().index) | ~frame["indicator"].isin(indicators().index) if len(frame) else []
    for row in frame.index[unknown][:1]:
        raise DataContractError(f"commitments.csv baris {row + 2}: wilayah atau indikator tidak dikenal ({frame.at[row, 'region_code']}, {frame.at[row, 'indicator']}).")
    return frame.assign(quantity=pd.to_numeric(frame["quantity"]).astype("float64"), year=pd.to_numeric(frame["year"]).astype("int64"))


def _derived(frame: pd.DataFrame, indicator: str, source_id: str) -> pd.DataFrame:
    """Rows with region_code, year, value and note as full observations of a derived source."""
    constant = {
        "indicator": indicator, "unit": indicators().at[indicator, "unit"], "source_id": source_id, "precedence": DERIVED_PRECEDENCE,
        "status": "derived", "series": "", "is_governing": False, "file": "", "sheet": "", "row": 0, "column": "",
    }
    return frame.assign(**constant)[OBSERVATION_COLUMNS]


def households(observations: pd.DataFrame) -> pd.DataFrame:
    """Households where both parts are known: population 2024 / household size 2017, and the sum where a province is complete."""
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


def managed_waste(observations: pd.DataFrame) -> pd.DataFrame:
    """Waste handled plus reduced, wherever both are known for a region and year."""
    governed = observations.sort_values("precedence", kind="stable").drop_duplicates(KEY)
    parts = governed[governed["indicator"].isin(["penanganan_sampah", "pengurangan_sampah"])]
    wide = parts.pivot(index=["region_code", "year"], columns="indicator", values="value")
    wide = wide.reindex(columns=["penanganan_sampah", "pengurangan_sampah"]).dropna()
    notes = [f"penanganan {decimal_comma(row.penanganan_sampah)} + pengurangan {decimal_comma(row.pengurangan_sampah)}" for row in wide.itertuples()]
    frame = wide.sum(axis=1).round(10).rename("value").reset_index().assign(note=notes)
    return _derived(frame, "sampah_terkelola", MANAGED_WASTE)


def derived_sources(observations: pd.DataFrame) -> pd.DataFrame:
    """Rows of the sources table for what the build itself computes."""
    titles = {
        HOUSEHOLDS: ("Jumlah rumah tangga (perkiraan)", f"Penduduk {POPULATION_YEAR} dibagi rata-rata anggota rumah tangga {HOUSEHOLD_SIZE_YEAR}; bukan hitungan resmi."),
        MANAGED_WASTE: ("Sampah terkelola (penanganan ditambah pengurangan)", "Dijumlahkan dari dua angka sumber pada tahun yang sama."),
    }
    rows = [
        dict.fromkeys([*SOURCE_COLUMNS, *SOURCE_EXTRAS], "")
        | {"source_id": key, "layout": "turunan", "title": title, "publisher": "Dihitung dari sumber lain", "precedence": DERIVED_PRECEDENCE, "status": "derived", "note": note}
        for key, (title, note) in titles.items()
        if (observations["source_id"] == key).any()
    ]
    return pd.DataFrame(rows, columns=[*SOURCE_COLUMNS, *SOURCE_EXTRAS])


def mark_doubtful(observations: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Figures found to be a doubtful zero become provisional and say why."""
    cells = pd.MultiIndex.from_frame(findings.loc[findings["rule"] == "doubtful_zero", ["file", "sheet", "row", "column"]])
    doubtful = pd.MultiIndex.from_frame(observations[["file", "sheet", "row", "column"]]).isin(cells)
    note = observations["note"].where(observations["note"] == "", observations["note"] + "; ") + "nol diragukan"
    return observations.assign(note=observations["note"].mask(doubtful, note), status=observations["status"].mask(doubtful, "provisional"))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance(raw_dir: Path, cleaned: dict[str, Cleaned], sources: pd.DataFrame, observations: pd.DataFrame) -> dict:
    """Where the tables came from: each raw file with its hash, layout, sources and cell counts; versions; the data version."""
    files = {
        file: {"sha256": sha256(raw_dir / file), "layout": part.layout, "sources": sources.loc[sources["file"] == file, "source_id"].tolist(), "counts": part.counts}
        for file, part in cleaned.items()
    }
    registers = {name: sha256(raw_dir / name) for name in sorted(REGISTERS) if (raw_dir / name).exists()}
    reference = {path.name: sha256(path) for path in sorted(REFERENCE.glob("*.csv"))}
    hashes = [f"{name} {content}" for name, content in sorted({**{file: entry["sha256"] for file, entry in files.items()}, **registers, **reference}.items())]
    return {
        "data_version": hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:12],
        "counts": count_cells(cleaned, observations[observations["file"] != ""]),
        "derived": int((observations["file"] == "").sum()),
        "files": files,
        "registers": registers,
        "reference": reference,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("pkp-analysis", "pandas", "numpy", "pyarrow")}},
    }


def safe_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with text that a spreadsheet would run as a formula (= + - @) put behind an apostrophe; numbers stay."""
    def safe(value):
        if isinstance(value, str) and value[:1] in set("=+-@\t\r") and not re.fullmatch(r"[+-]?\d[\d.,]*%?", value):
            return "'" + value
        return value

    text = [column for column in frame if not pd.api.types.is_numeric_dtype(frame[column])]
    return frame.assign(**{column: frame[column].map(safe) for column in text})


def write(dataset: Dataset, processed_dir: Path) -> None:
    """Parquet and csv of every table and provenance.json. Each file appears whole; provenance.json, which holds the hashes
    of the others, comes last, so that a reader notices a build that was interrupted."""
    processed_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".build-", dir=processed_dir))
    try:
        outputs = {}
        for name in TABLES:
            table = getattr(dataset, name)
            table.to_parquet(folder / f"{name}.parquet", index=False)
            safe_cells(table).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
            outputs |= {f"{name}.{kind}": sha256(folder / f"{name}.{kind}") for kind in ("parquet", "csv")}
        text = json.dumps(dataset.provenance | {"outputs": outputs}, ensure_ascii=False, indent=1, sort_keys=True)
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
            raise PkpError(f"{file} tidak cocok dengan provenance.json; pembuatannya terputus. Jalankan `pkp clean` lagi.")
        tables[name] = pd.read_parquet(file)
    return Dataset(**tables, provenance=provenance)


def _previous(processed_dir: Path) -> pd.DataFrame | None:
    """Observations of the last complete build, None when there is none."""
    try:
        return load_dataset(processed_dir).observations
    except PkpError:
        return None
