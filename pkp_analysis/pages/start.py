"""The state of the data, for the page where a planner starts: built when, from what, what was noted."""

from datetime import datetime
from pathlib import Path

from markupsafe import Markup

from ..data.codebook import indicators
from ..data.dataset import Dataset, load_dataset
from ..files import sha256
from ..html import NOTEBOOK_STYLE, Section, prose, table
from ..paths import processed_dir as default_processed_dir
from ..paths import raw_dir as default_raw_dir
from ..words.numbers import date_words, number

SEVERITIES = {"rejected": "sel ditolak", "warning": "peringatan", "note": "keterangan"}


def data_state(processed_dir: Path | None = None, raw_dir: Path | None = None) -> Section:
    """When the tables were built, from which files, what the checks noted, and whether data/raw has changed
    since.

    Raises PkpError before the data were cleaned.

    >>> data_state().title
    'Keadaan data'
    """
    folder = Path(processed_dir or default_processed_dir())
    dataset = load_dataset(folder)
    counts = {name: number(count, 0) for name, count in dataset.provenance["counts"].items()}
    built = datetime.fromtimestamp((folder / "provenance.json").stat().st_mtime)
    noted = dataset.issues["severity"].value_counts()
    issues = (
        ", ".join(f"{number(noted[one], 0)} {word}" for one, word in SEVERITIES.items() if one in noted)
        or "tidak ada"
    )
    rows = [
        ["Dibuat", f"{date_words(built.date().isoformat(), 'id')} pukul {built:%H.%M}"],
        [
            "Dari",
            (
                f"{len(dataset.provenance['files'])} berkas di data/raw dari {len(dataset.sources)} sumber"
                " yang tercatat di data/raw/sources.csv"
            ),
        ],
        [
            "Isi",
            (
                f"{counts['candidates']} sel nilai: {counts['observations']} dipakai, {counts['rejected']}"
                f" ditolak atau bukan realisasi, {counts['missing']} kosong"
            ),
        ],
        [
            "Catatan pemeriksaan",
            Markup('{}; rinciannya di <a href="01_kualitas_data.ipynb">01_kualitas_data</a>').format(issues),
        ],
        ["Nilai kabupaten/kota terbaru", "; ".join(latest(dataset))],
        ["Versi data", dataset.provenance["data_version"]],
    ]
    changed = changed_files(dataset, Path(raw_dir or default_raw_dir()))
    text = (
        f"Data mentah berubah sejak tabel dibuat ({', '.join(changed)}). Jalankan pkp run di terminal."
        if changed
        else "Data mentah tidak berubah sejak tabel dibuat."
    )
    return Section(
        "keadaan",
        "Keadaan data",
        str(NOTEBOOK_STYLE + table("tabel-keadaan", "Keadaan data", ["Hal", "Isi"], rows) + prose(text)),
    )


def latest(dataset: Dataset) -> list[str]:
    """ "Air minum layak 2024" for each headline indicator with a value of a regency or city."""
    rows = dataset.observations
    years = rows[rows["region_code"].str.len() == 4].groupby("indicator")["year"].max()
    headline = indicators().query("role == 'headline'")["short_name"]
    return [f"{name} {years[code]}" for code, name in headline.items() if code in years]


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
