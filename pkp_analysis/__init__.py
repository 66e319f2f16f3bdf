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
    "load": ".pages.overview",
    "RegionData": ".pages.overview",
    "report": ".pages.region",
    "comparison": ".pages.indicator",
    "quality": ".pages.data_quality",
    "data_state": ".pages.start",
    "show": ".charts.show",
    "explore": ".lab.panel",
}
__all__ = ["PkpError", *_PLACES]


def __getattr__(name: str):
    """Import on first use, so that `import pkp_analysis` costs nothing."""
    if name not in _PLACES:
        raise AttributeError(f"module 'pkp_analysis' has no attribute {name!r}")
    found = getattr(import_module(_PLACES[name], __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])  # what a planner sees after a dot and Tab
