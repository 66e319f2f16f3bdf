"""Charts of the house: each draws a frame on any matplotlib Axes (`ax=None` makes a figure) and returns the Axes."""

from importlib import import_module

_MODULES = {
    "series": "trend scenario slope spark",
    "ranks": "position country_strip scatter heatmap coverage",
    "gaps": "attainment ladder urban_rural households distribution",
    "style": "facts svg",
}
_PLACES = {name: module for module, names in _MODULES.items() for name in names.split()}
__all__ = list(_PLACES)


def __getattr__(name: str):
    """Import on first use: the program that puts pages together draws nothing and needs no matplotlib."""
    if name not in _PLACES:
        raise AttributeError(f"module 'pkp_analysis.charts' has no attribute {name!r}")
    return getattr(import_module(f".{_PLACES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
