"""What a run would do, as a list of items; each item's key says whether its page is still right."""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

from .. import paths
from ..data import codebook, regions
from ..data.dataset import Dataset
from ..errors import BadRequestError
from ..files import sha256
from ..html import slug
from ..region.facts import check_year
from ..region.models import default_year
from ..region.slices import indicator_slice, region_slice, slice_key
from ..site.frame import LANGUAGES, in_language
from ..words.catalogue import words
from .manifest import source_hash

REGION_NOTEBOOK = "02_laporan_wilayah.ipynb"
INDICATOR_NOTEBOOK = "03_perbandingan_wilayah.ipynb"
QUALITY_NOTEBOOK = "01_kualitas_data.ipynb"
BRIEF_NOTEBOOK = "06_lembar_ringkas.ipynb"
AGENDA_NOTEBOOK = "07_bahan_rapat.ipynb"
METHODS_NOTEBOOK = "04_metode_dan_validasi.ipynb"
TYPES = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True)
class Request:
    """Which pages are asked for. Without `region_codes` every region of the province (or of all provinces) and the
    indicator, quality and methods pages; with them only these regions' pages. `notebook` replaces the region
    notebook by a planner's own; `internal` puts what is not for the public into the meeting papers.
    """

    region_codes: tuple[str, ...] | list[str] | None = None
    province: str = "63"  # or "all"
    report_year: int | None = None
    langs: tuple[str, ...] = ("id",)
    notebook: Path | None = None
    internal: bool = False


WHOLE = Request()  # the province and its regencies, with all pages across


@dataclass(frozen=True)
class Item:
    """One page to make: a notebook, its parameters and the page's place in the site."""

    name: str  # "wilayah/6303-banjar"; ".en" is added for English
    notebook: Path
    parameters: dict
    page: str  # "wilayah/6303-banjar.html"
    lang: str
    kind: str  # region | brief | agenda | indicator | quality | methods | own
    title: str
    region_code: str | None = None
    indicator: str | None = None
    data_version: str = ""
    data_until: str = ""
    source: str = ""  # hash of the notebook as planned
    shared: str = ""  # hash of what every item depends on: library, templates, lock file, models
    key: str = field(default="", compare=False)


def plan(dataset: Dataset, models: dict, request: Request = WHOLE) -> list[Item]:
    """The items of a run, keys included: touches nothing but the sources it hashes.

    Raises BadRequestError for a language, year or notebook parameter that does not exist.
    """
    check_year(request.report_year, dataset.observations)
    for lang in request.langs:
        if lang not in LANGUAGES:
            raise BadRequestError(f"Bahasa {lang!r} tidak ada: seharusnya id atau en. Contoh: --lang id,en.")
    provinces = _provinces(request.province)
    codes = request.region_codes or [code for one in provinces for code in (one, *regions.members(one))]
    pages = list(_region_pages(dataset, codes, request))
    if not request.notebook:
        pages += _paper_pages(pages, request.internal)
        if not request.region_codes:
            pages += [*_indicator_pages(dataset, provinces, request.report_year), *_whole_pages(dataset)]
        pages = [page for page in pages if page["notebook"].exists()]
    declared = {page["notebook"]: declared_parameters(page["notebook"]) for page in pages}
    sources = {path: sha256(path) for path in declared}
    shared = hashlib.sha256((source_hash() + json.dumps(models, sort_keys=True)).encode()).hexdigest()
    items = []
    for page, lang in product(pages, request.langs):
        path, stem = page["notebook"], page["stem"]
        parameters = page["parameters"] | (
            {"lang": lang} if "lang" in declared[path] or (page["parameters"] and lang != "id") else {}
        )
        item = Item(
            name=stem if lang == "id" else f"{stem}.{lang}",
            notebook=path,
            parameters=parameters,
            page=in_language(f"{stem}.html", lang),
            lang=lang,
            kind=page["kind"],
            title=page["titles"][lang],
            region_code=page.get("region_code"),
            indicator=page.get("indicator"),
            data_version=page["version"],
            data_until=page["until"],
            source=sources[path],
            shared=shared,
        )
        made_of = [item.source, parameters, item.page, item.title, item.data_version, item.data_until, shared]
        key = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:32]
        items.append(replace(item, key=key))
    for item in {item.notebook: item for item in items}.values():
        check_parameters(item.notebook.name, declared[item.notebook], item.parameters)
    return items


def check_parameters(notebook: str, declared: dict[str, str], parameters: dict) -> None:
    """BadRequestError unless the notebook of this name declares each parameter with its type."""
    for name, value in parameters.items():
        if name not in declared:
            raise BadRequestError(
                f"{notebook}: parameter {name!r} tidak ada; yang ada:"
                f" {', '.join(declared) or 'tidak ada'}. Periksa ejaannya, atau tambahkan pada sel bertanda"
                " `parameters`."
            )
        expected = TYPES.get(declared[name])
        if expected and type(value) is not expected:
            raise BadRequestError(
                f"{notebook}: {name} bernilai {value!r} ({type(value).__name__}); seharusnya"
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


def _region_pages(dataset: Dataset, codes: list[str], request: Request):
    notebook = request.notebook
    for code in codes:
        stem = f"{code}-{slug(regions.regions().at[code, 'name'])}"
        year = request.report_year or default_year(dataset.observations, code)
        yield {
            "kind": "own" if notebook else "region",
            "stem": f"{paths.OWN}{slug(notebook.stem)}-{stem}" if notebook else f"wilayah/{stem}",
            "notebook": notebook or paths.notebooks_dir() / REGION_NOTEBOOK,
            "parameters": {"region_code": code, "report_year": year},
            "titles": dict.fromkeys(LANGUAGES, regions.region_name(code, full=True)),
            **_made_from(region_slice(dataset, code)),
            "region_code": code,
        }


def _paper_pages(region_pages: list[dict], internal: bool) -> list[dict]:
    """A brief per region and the meeting papers of each province, over what the region's page is made from."""
    folder, papers = paths.notebooks_dir(), []
    for page in region_pages:
        stem = page["stem"].replace("wilayah/", "ringkas/")
        papers.append(page | {"kind": "brief", "stem": stem, "notebook": folder / BRIEF_NOTEBOOK})
    for page in region_pages:
        code = page["region_code"]
        if regions.regions().at[code, "kind"] == "provinsi":
            name = regions.region_name(code)
            agenda = {
                "kind": "agenda",
                "stem": f"agenda-{code}",
                "notebook": folder / AGENDA_NOTEBOOK,
                "parameters": page["parameters"] | {"internal": internal},
                "titles": {lang: words(lang)["agenda_title"].format(province=name) for lang in LANGUAGES},
            }
            papers.append(page | agenda)
    return papers


def _indicator_pages(dataset: Dataset, provinces: list[str], report_year: int | None):
    known = codebook.indicators()
    for province, indicator in ((one, code) for one in provinces for code in _compared(dataset, one)):
        year = report_year or default_year(dataset.observations, province)
        yield {
            "kind": "indicator",
            "stem": f"indikator/{indicator}{'' if province == '63' else '-' + province}",
            "notebook": paths.notebooks_dir() / INDICATOR_NOTEBOOK,
            "parameters": {"indicator": indicator, "province": province, "report_year": year},
            "titles": {"id": known.at[indicator, "name"], "en": known.at[indicator, "name_en"]},
            **_made_from(indicator_slice(dataset, indicator, province)),
            "region_code": province,
            "indicator": indicator,
        }


def _whole_pages(dataset: Dataset):
    for kind, stem, notebook in (
        ("quality", "kualitas-data", QUALITY_NOTEBOOK),
        ("methods", "metode", METHODS_NOTEBOOK),
    ):
        yield {
            "kind": kind,
            "stem": stem,
            "notebook": paths.notebooks_dir() / notebook,
            "parameters": {},
            "titles": {lang: words(lang)[kind] for lang in LANGUAGES},
            **_made_from(dataset),
        }


def _made_from(kept: Dataset) -> dict[str, str]:
    """Version and date of what a page reads; not the tables themselves, of which a run of the country has 1,300."""
    until = str(kept.sources["published"].astype("str").max()) if len(kept.sources) else ""
    return {"version": slice_key(kept), "until": until}
