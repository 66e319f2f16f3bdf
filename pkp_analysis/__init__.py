"""Housing and settlements figures of Indonesian regions: cleaned, measured against targets, told in reports.

>>> import pkp_analysis as pkp
>>> pkp.to_region_code("Banjar", province="63")
'6303'
"""

from importlib import import_module

from .errors import PkpError

__version__ = "0.1.0"
_PLACES = {
    "read_raw": ".data.clean",
    "build_dataset": ".data.dataset",
    "load_dataset": ".data.dataset",
    "to_region_code": ".data.regions",
    "tidy": ".region.tidy",
    "regions": ".region.tidy",
    "indicators": ".data.codebook",
    "RegionData": ".region.facts",
    "style": ".charts.style",
    "data_state": ".lab.state",
    "show": ".charts.show",
    "explore": ".lab.panel",
    "intake": ".lab.intake",
}
_ROOMS = {
    "charts": ".charts",
    "say": ".words.say",
    "meeting": ".region.meeting",
    "papers": ".words.papers",
}  # pkp.charts.trend(...), pkp.say.headline(...)
__all__ = ["PkpError", "load", "quality", *_ROOMS, *_PLACES]


def load(
    region: str,
    report_year: int | None = None,
    lang: str = "id",
    data_until: int | None = None,
    processed_dir=None,
    indicator: str | None = None,
):
    """The RegionData of a region, and the language of every sentence, table and chart from here on.

    region: as people write it ("Banjar", "Kab. Banjar", "6303", "63.03"); a bare name is looked for in South
    Kalimantan first. report_year: the year regions are compared in (None: the last for which all of the
    province are observed); later values still count. data_until: nothing later is known (None: everything
    is), to see what a page would have said then. indicator: only what comparing this
    indicator needs. lang: "id" or "en". Raises UnknownRegionError,
    BadRequestError, or PkpError before the data were cleaned.
    """
    from .region.facts import load
    from .words.catalogue import speak

    speak(lang)
    return load(region, report_year, data_until, processed_dir, indicator)


def quality(province: str = "63", lang: str = "id", processed_dir=None):
    """The Quality of the processed tables seen from a province, and the language from here on."""
    from .region.quality import quality
    from .words.catalogue import speak

    speak(lang)
    return quality(province, processed_dir)


def __getattr__(name: str):
    """Import on first use, so that `import pkp_analysis` costs nothing."""
    if name in _ROOMS:
        return import_module(_ROOMS[name], __name__)
    if name not in _PLACES:
        raise AttributeError(f"module 'pkp_analysis' has no attribute {name!r}")
    found = getattr(import_module(_PLACES[name], __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])  # what a planner sees after a dot and Tab
