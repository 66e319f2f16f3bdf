"""What a run would do, as a list of items; each item's key says whether its page is still right."""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import paths
from ..data import codebook, regions
from ..data.dataset import Dataset
from ..errors import BadRequestError
from ..files import sha256
from ..region.facts import check_year
from ..region.models import default_year
from ..region.slices import indicator_slice, region_slice, slice_key
from ..site.frame import in_language
from .manifest import source_hash

REGION_NOTEBOOK = "02_laporan_wilayah.ipynb"
INDICATOR_NOTEBOOK = "03_perbandingan_wilayah.ipynb"
QUALITY_NOTEBOOK = "01_kualitas_data.ipynb"
METHODS_NOTEBOOK = "04_metode_dan_validasi.ipynb"
LANGUAGES = ("id", "en")
TITLES = {
    "quality": {"id": "Kualitas data", "en": "Data quality"},
    "methods": {"id": "Metode dan validasi", "en": "Methods and validation"},
}
TYPES = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True)
class Item:
    """One page to make: a notebook, its parameters and the page's place in the site."""

    name: str  # "wilayah/6303-banjar"; ".en" is added for English
    notebook: Path
    parameters: dict
    page: str  # "wilayah/6303-banjar.html"
    lang: str
    kind: str  # region | indicator | quality | methods | own
    title: str
    region_code: str | None = None
    indicator: str | None = None
    data_version: str = ""
    data_until: str = ""
    source: str = ""  # hash of the notebook as planned
    shared: str = ""  # hash of what every item depends on: library, templates, lock file, models
    key: str = field(default="", compare=False)


def plan(
    dataset: Dataset,
    models: dict,
    region_codes: list[str] | None = None,
    province: str = "63",
    report_year: int | None = None,
    langs: tuple[str, ...] = ("id",),
    notebook: Path | None = None,
) -> list[Item]:
    """The items of a run, keys included: touches nothing but the sources it hashes.

    Without `region_codes` every region of the province (or of all provinces) and the indicator, quality and
    methods
    pages; with them only these regions' pages. `notebook` replaces the region notebook by a planner's own.
    Raises BadRequestError for a language, year or notebook parameter that does not exist.
    """
    check_year(report_year)
    first, last = int(dataset.observations["year"].min()), int(dataset.observations["year"].max())
    if report_year is not None and not first <= report_year <= last:
        raise BadRequestError(
            f"Tahun laporan {report_year} tidak ada dalam data; seharusnya {first} sampai {last}. Contoh:"
            f" --report-year {last}."
        )
    for lang in langs:
        if lang not in LANGUAGES:
            raise BadRequestError(f"Bahasa {lang!r} tidak ada: seharusnya id atau en. Contoh: --lang id,en.")
    provinces = _provinces(province)
    codes = region_codes or [code for one in provinces for code in (one, *regions.members(one))]
    items = [_region_item(dataset, code, report_year, lang, notebook) for code in codes for lang in langs]
    if not region_codes and not notebook:
        for one in provinces:
            items += [
                _indicator_item(dataset, indicator, one, report_year, lang)
                for indicator in _compared(dataset, one)
                for lang in langs
            ]
        items += [
            _whole_item(dataset, kind, name, lang)
            for kind, name in (("quality", QUALITY_NOTEBOOK), ("methods", METHODS_NOTEBOOK))
            for lang in langs
        ]
    items = [item for item in items if item.notebook.exists() or notebook]
    for item in {item.notebook: item for item in items}.values():
        check_parameters(item.notebook, item.parameters)
    shared = _shared_key(models)
    return [_with_key(item, shared) for item in items]


def check_parameters(notebook: Path, parameters: dict) -> None:
    """BadRequestError unless the notebook has one `parameters` cell that declares each parameter with its
    type.
    """
    declared = declared_parameters(notebook)
    for name, value in parameters.items():
        if name not in declared:
            raise BadRequestError(
                f"{notebook.name}: parameter {name!r} tidak ada; yang ada:"
                f" {', '.join(declared) or 'tidak ada'}. Periksa ejaannya, atau tambahkan pada sel bertanda"
                " `parameters`."
            )
        expected = TYPES.get(declared[name])
        if expected and type(value) is not expected:
            raise BadRequestError(
                f"{notebook.name}: {name} bernilai {value!r} ({type(value).__name__}); seharusnya"
                f" {declared[name]}."
            )


def declared_parameters(notebook: Path) -> dict[str, str]:
    """name -> type of the parameters the notebook declares (`region_code: str = "6303"`)."""
    try:
        cells = [
            "".join(cell["source"])
            for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            if "parameters" in cell["metadata"].get("tags", [])
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRequestError(
            f"{notebook} tidak dapat dibaca sebagai buku catatan Jupyter ({type(error).__name__}: {error})."
            " Periksa nama berkasnya, atau simpan ulang di JupyterLab."
        ) from error
    if len(cells) != 1:
        raise BadRequestError(
            f"{notebook.name} memiliki {len(cells)} sel bertanda `parameters`; seharusnya satu."
        )
    return dict(re.findall(r"^(\w+)\s*:\s*(\w+)\s*=", cells[0], flags=re.M))


def _provinces(province: str) -> list[str]:
    register = regions.regions()
    if province == "all":
        return register.index[register["kind"] == "provinsi"].tolist()
    return [regions.to_region_code(province)]


def _compared(dataset: Dataset, province: str) -> list[str]:
    """Headline indicators known for at least two regencies of the province."""
    known = codebook.indicators()
    rows = dataset.observations[dataset.observations["region_code"].isin(regions.members(province))]
    counts = rows.groupby("indicator")["region_code"].nunique()
    return [code for code in known.index[known["role"] == "headline"] if counts.get(code, 0) >= 2]


def _region_item(
    dataset: Dataset, code: str, report_year: int | None, lang: str, notebook: Path | None
) -> Item:
    year = report_year or default_year(dataset.observations, code)
    stem = f"{code}-{slug(regions.regions().at[code, 'name'])}"
    kept = region_slice(dataset, code)
    folder, kind = ("saya", "own") if notebook else ("wilayah", "region")
    if notebook:
        stem = f"{slug(notebook.stem)}-{stem}"
    return Item(
        name=_name(f"{folder}/{stem}", lang),
        notebook=notebook or paths.notebooks_dir() / REGION_NOTEBOOK,
        parameters={"region_code": code, "report_year": year, "lang": lang},
        page=in_language(f"{folder}/{stem}.html", lang),
        lang=lang,
        kind=kind,
        title=regions.region_name(code, full=True),
        region_code=code,
        data_version=kept.provenance["data_version"],
        data_until=_until(kept),
    )


def _indicator_item(
    dataset: Dataset, indicator: str, province: str, report_year: int | None, lang: str
) -> Item:
    kept = indicator_slice(dataset, indicator, province)
    stem = indicator if province == "63" else f"{indicator}-{province}"
    known = codebook.indicators()
    return Item(
        name=_name(f"indikator/{stem}", lang),
        notebook=paths.notebooks_dir() / INDICATOR_NOTEBOOK,
        parameters={
            "indicator": indicator,
            "province": province,
            "report_year": report_year or default_year(dataset.observations, province),
            "lang": lang,
        },
        page=in_language(f"indikator/{stem}.html", lang),
        lang=lang,
        kind="indicator",
        title=known.at[indicator, "name" if lang == "id" else "name_en"],
        region_code=province,
        indicator=indicator,
        data_version=kept.provenance["data_version"],
        data_until=_until(kept),
    )


def _whole_item(dataset: Dataset, kind: str, notebook: str, lang: str) -> Item:
    stem = {"quality": "kualitas-data", "methods": "metode"}[kind]
    path = paths.notebooks_dir() / notebook
    parameters = {"lang": lang} if path.exists() and "lang" in declared_parameters(path) else {}
    return Item(
        name=_name(stem, lang),
        notebook=path,
        parameters=parameters,
        page=in_language(f"{stem}.html", lang),
        lang=lang,
        kind=kind,
        title=TITLES[kind][lang],
        data_version=slice_key(dataset),
        data_until=_until(dataset),
    )


def _name(stem: str, lang: str) -> str:
    return stem if lang == "id" else f"{stem}.{lang}"


def _until(dataset: Dataset) -> str:
    """The date of the newest source of a slice."""
    return str(dataset.sources["published"].astype("str").max()) if len(dataset.sources) else ""


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


# Keys


def _shared_key(models: dict) -> str:
    """What every item depends on: library, templates, lock file and the models."""
    digest = hashlib.sha256(source_hash().encode())
    digest.update(json.dumps(models, sort_keys=True).encode())
    return digest.hexdigest()


def _with_key(item: Item, shared: str) -> Item:
    source = sha256(item.notebook)
    own = {
        "notebook": source,
        "parameters": item.parameters,
        "page": item.page,
        "title": item.title,
        "data": [item.data_version, item.data_until],
        "shared": shared,
    }
    key = hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:32]
    return replace(item, source=source, shared=shared, key=key)
