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
from ..words.wording import localised
from .manifest import source_hash

NOTEBOOKS = {  # kind of page -> the notebook it is made from
    "region": "02_laporan_wilayah.ipynb",
    "brief": "06_lembar_ringkas.ipynb",
    "agenda": "07_bahan_rapat.ipynb",
    "indicator": "03_perbandingan_wilayah.ipynb",
    "quality": "01_kualitas_data.ipynb",
    "methods": "04_metode_dan_validasi.ipynb",
}
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
        pages += list(_paper_pages(pages, request.internal))
        if not request.region_codes:
            pages += [*_indicator_pages(dataset, provinces, request.report_year), *_whole_pages(dataset)]
        pages = [page for page in pages if page.notebook.exists()]
    declared = {page.notebook: declared_parameters(page.notebook) for page in pages}
    sources = {path: sha256(path) for path in declared}
    shared = _hash([source_hash(), models])
    items = []
    for page, lang in product(pages, request.langs):
        asks = "lang" in declared[page.notebook] or (page.parameters and lang != "id")
        item = replace(
            page,
            name=page.name if lang == "id" else f"{page.name}.{lang}",
            parameters=page.parameters | ({"lang": lang} if asks else {}),
            page=in_language(f"{page.name}.html", lang),
            lang=lang,
            title=_title(page, lang),
            source=sources[page.notebook],
            shared=shared,
        )
        items.append(replace(item, key=_hash(vars(item) | {"notebook": "", "key": ""})[:32]))
    for item in {item.notebook: item for item in items}.values():
        check_parameters(item.notebook.name, declared[item.notebook], item.parameters)
    return items


def _hash(made_of) -> str:
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


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


def _page(kind: str, name: str, parameters: dict, kept: Dataset, **more) -> Item:
    """A page before its language is known. Of what it reads only version and date stay, not the tables themselves,
    of which a run of the country has 1,300.
    """
    until = str(kept.sources["published"].astype("str").max()) if len(kept.sources) else ""
    made_from = {"data_version": slice_key(kept), "data_until": until}
    return Item(name, _notebook(kind), parameters, "", "", kind, "", **made_from, **more)


def _notebook(kind: str) -> Path:
    return paths.notebooks_dir() / NOTEBOOKS[kind]


def _title(page: Item, lang: str) -> str:
    if page.kind in ("quality", "methods"):
        return words(lang)[page.kind]
    if page.kind == "indicator":
        return codebook.indicators().at[page.indicator, localised("name", lang)]
    if page.kind == "agenda":
        return words(lang)["agenda_title"].format(province=regions.region_name(page.region_code))
    return regions.region_name(page.region_code, full=True)


def _region_pages(dataset: Dataset, codes: list[str], request: Request):
    for code in codes:
        year = request.report_year or default_year(dataset.observations, code)
        parameters, kept = {"region_code": code, "report_year": year}, region_slice(dataset, code)
        stem = f"{code}-{slug(regions.regions().at[code, 'name'])}"
        page = _page("region", f"wilayah/{stem}", parameters, kept, region_code=code)
        if own := request.notebook:
            page = replace(page, kind="own", name=f"{paths.OWN}{slug(own.stem)}-{stem}", notebook=own)
        yield page


def _paper_pages(region_pages: list[Item], internal: bool):
    """A brief per region and the meeting papers of each province, over what the region's page is made from."""
    for page in region_pages:
        name = page.name.replace("wilayah/", "ringkas/")
        yield replace(page, kind="brief", name=name, notebook=_notebook("brief"))
    for page in region_pages:
        if regions.regions().at[page.region_code, "kind"] == "provinsi":
            about = {"kind": "agenda", "name": f"agenda-{page.region_code}", "notebook": _notebook("agenda")}
            yield replace(page, parameters=page.parameters | {"internal": internal}, **about)


def _indicator_pages(dataset: Dataset, provinces: list[str], report_year: int | None):
    for province, code in ((one, code) for one in provinces for code in _compared(dataset, one)):
        name = f"indikator/{code}{'' if province == '63' else '-' + province}"
        year = report_year or default_year(dataset.observations, province)
        parameters = {"indicator": code, "province": province, "report_year": year}
        kept = indicator_slice(dataset, code, province)
        yield _page("indicator", name, parameters, kept, region_code=province, indicator=code)


def _whole_pages(dataset: Dataset):
    yield _page("quality", "kualitas-data", {}, dataset)
    yield _page("methods", "metode", {}, dataset)
