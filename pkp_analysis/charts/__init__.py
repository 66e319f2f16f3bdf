"""Charts of the house: what each draws is one answer, from frames of the analysis layer."""

from .figure import Figure
from .households import ladder, needs, unserved_bars, urban_rural
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
