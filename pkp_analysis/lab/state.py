"""The state of the data, for the page where a planner starts: built when, from what, what was noted."""

from datetime import datetime
from pathlib import Path

import pandas as pd

from ..data.codebook import headline, indicators
from ..data.dataset import Dataset, load_dataset
from ..data.reconcile import leading
from ..files import sha256
from ..paths import processed_dir as default_processed_dir
from ..paths import raw_dir as default_raw_dir
from ..words.numbers import date_words, number

SEVERITIES = {"rejected": "sel ditolak", "warning": "peringatan", "note": "keterangan"}


def data_state(processed_dir: Path | None = None, raw_dir: Path | None = None) -> pd.DataFrame:
    """When the tables were built, from which files, what the checks noted, and whether data/raw has changed
    since: a row each, columns Hal and Isi. Raises PkpError before the data were cleaned.

    >>> data_state()["Hal"].iloc[0]
    'Dibuat'
    """
    folder = Path(processed_dir or default_processed_dir())
    dataset = load_dataset(folder)
    counts = {name: number(count, 0) for name, count in dataset.provenance["counts"].items()}
    built = datetime.fromtimestamp((folder / "provenance.json").stat().st_mtime)
    noted = dataset.issues["severity"].value_counts()
    issues = [f"{number(noted[one], 0)} {word}" for one, word in SEVERITIES.items() if one in noted]
    changed = changed_files(dataset, Path(raw_dir or default_raw_dir()))
    rows = {
        "Dibuat": f"{date_words(built.date().isoformat(), 'id')} pukul {built:%H.%M}",
        "Dari": f"{len(dataset.provenance['files'])} berkas dari {len(dataset.sources)} sumber di data/raw/sources.csv",
        "Isi": f"{counts['candidates']} sel nilai: {counts['observations']} dipakai, {counts['rejected']} ditolak"
        f" atau bukan realisasi, {counts['missing']} kosong",
        "Catatan pemeriksaan": f"{', '.join(issues) or 'tidak ada'}; rinciannya di 01_kualitas_data",
        "Nilai kabupaten/kota terbaru": "; ".join(latest(dataset)),
        "Versi data": dataset.provenance["data_version"],
        "Data mentah": f"berubah sejak tabel dibuat ({', '.join(changed)}); tekan Perbarui laporan"
        if changed
        else "tidak berubah sejak tabel dibuat",
    }
    return pd.DataFrame({"Hal": list(rows), "Isi": list(rows.values())})


def latest(dataset: Dataset) -> list[str]:
    """ "Air minum layak 2024" for each headline indicator with a value of a regency or city."""
    rows = leading(dataset.observations)
    years = rows[rows["region_code"].str.len() == 4].groupby("indicator")["year"].max()
    names = indicators()["short_name"]
    return [f"{names[code]} {years[code]}" for code in headline() if code in years]


def changed_files(dataset: Dataset, raw_dir: Path) -> list[str]:
    """Names of the files in data/raw that are new, gone or other than those the tables were built from."""
    built = {
        name: entry["sha256"] for name, entry in dataset.provenance["files"].items()
    } | dataset.provenance["registers"]
    present = {
        path.name: sha256(path)
        for path in raw_dir.iterdir()
        if path.is_file() and not path.name.startswith(".")
    }
    return sorted(name for name in built.keys() | present.keys() if built.get(name) != present.get(name))
