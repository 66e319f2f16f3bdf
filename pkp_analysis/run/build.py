"""The site around the reports: downloads, forms for agencies, charts as files, first page, PDFs."""

from dataclasses import replace
from pathlib import Path

from ..data.regions import members, regions
from ..files import write
from ..paths import processed_dir
from ..region import models as stored_models
from ..site import figure_files, pdf
from ..site.frame import in_language
from ..site.page import context


def write_beside(dataset, items, out: Path, earlier: dict | None = None, stopped=lambda: False):
    """Write what is made from the tables alone, so that no report has to be there: downloads and forms. earlier: the
    files of the site that need not be made again where their tables are the same (manifest.written).

    Returns the index.Site of the first page, as far as it is known by then. `stopped` is asked between two
    files and ends it.
    """
    from ..site import downloads
    from ..site import home as index

    around = context(dataset, items, out)
    judged, report_year, models = judge(dataset, items, around)
    site = index.Site(dataset, models, judged, around, report_year)
    stems = {code: Path(page).stem for code, page in around.of("region").items()}
    if stopped():
        return site
    write_forms(dataset, items, models, out)
    downloads.write_downloads(
        out, downloads.tables(dataset, judged), stems, around.data_version, earlier or {}
    )
    return site


def finish_site(site, items, results, out: Path, langs, with_pdf: bool = False) -> list:
    """Write what shows the finished reports: their charts as files, what changed, what failed, PDFs and the
    first page, each whole or not at all.

    results: each with `.item`, `.state` ("done", "skipped" or "failed") and `.failure`; with_pdf prints what
    has no right PDF. Returns the results with what could not be printed.
    """
    from ..site import changes
    from ..site import home as index
    from .manifest import failures

    for _, _, page in site.context.report_pages:
        figure_files.write_archive(out, page)
    before = changes.remember(
        out / "jejak" / "perubahan", site.context.data_version, changes.snapshot(site.assessment)
    )
    results = pdf.print_pages(results, out) if with_pdf else results
    right, files = pdf.right_pdfs(out), [*(out / "unduhan").iterdir()]
    offered = [path for path in files if path.suffix != ".pdf" or f"unduhan/{path.name}" in right]
    site = replace(
        site,
        before=before,
        failures=tuple(failures(items, results, out)),
        sizes={f"unduhan/{path.name}": path.stat().st_size for path in offered},
    )
    for lang in langs:
        page = in_language("index.html", lang)
        write(out / page, index.index_html(site, lang))
        write(out / figure_files.share_place(page), index.shared(site, lang))
    return results


def write_forms(dataset, items, models, out: Path) -> None:
    """A form per agency (what `pkp template` writes) for the main figures of the report year and the next that a
    province still lacks; its meeting papers link to them.
    """
    from ..data.exchange.form import write_form
    from ..region import meeting
    from ..region.facts import RegionData

    for item in items:
        if item.kind == "agenda" and item.lang == items[0].lang:
            year = item.parameters["report_year"]
            data = RegionData(item.region_code, year, dataset, models)
            for form, rows in meeting.requests(data).groupby("form"):
                write_form(out / form, rows["indicator"].tolist(), [year, year + 1], item.region_code)


def judge(dataset, items, around):
    """(assessment, report year, models) of every region of the provinces the site covers."""
    from ..analysis.assessment import assess  # scipy, beside the notebooks

    provinces = list(regions().loc[[*around.of("region")], "province_code"].unique()) or ["63"]
    asked = [item.parameters["report_year"] for item in items if item.parameters.get("report_year")]
    report_year = int(asked[0]) if asked else stored_models.default_year(dataset.observations, provinces[0])
    codes = [code for province in provinces for code in (province, *members(province))]
    models = stored_models.load_models(dataset, processed_dir())
    return assess(dataset.observations, dataset.targets, models, codes, report_year), report_year, models
