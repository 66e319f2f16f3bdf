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
    "load": ".report.region_data",
    "RegionData": ".report.region_data",
    "comparison": ".report.comparison",
    "quality": ".report.quality",
    "data_state": ".report.data_state",
    "explore": ".report.explore",
}
__all__ = ["PkpError", "report", *_PLACES]


def __getattr__(name: str):
    """Import on first use, so that `import pkp_analysis` costs nothing."""
    if name == "report":  # the package itself, which can be called
        return import_module(".report", __name__)
    if name not in _PLACES:
        raise AttributeError(f"module 'pkp_analysis' has no attribute {name!r}")
    found = getattr(import_module(_PLACES[name], __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])  # what a planner sees after a dot and Tab
