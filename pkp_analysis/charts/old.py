"""The charts of the pages that are not notebooks yet; goes when they do."""

from .figure import Figure
from .old_households import ladder, needs, unserved_bars, urban_rural
from .positions import dot_target, position
from .tiles import tile_map
from .trends import trend

__all__ = [
    "Figure",
    "dot_target",
    "ladder",
    "needs",
    "position",
    "tile_map",
    "trend",
    "unserved_bars",
    "urban_rural",
]
