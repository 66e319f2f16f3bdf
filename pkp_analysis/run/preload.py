"""Imported by the fork server and by nothing else: once here what every report needs, and not once in each.

Imports only: what a thread, a socket or an Arrow read leaves behind does not survive a fork. matplotlib_inline
is not here because it looks for a running shell when it is imported, nor pyarrow.dataset because it reserves a
gigabyte.
"""

import gc
import os
import sys
from importlib import import_module

if os.environ.get("PYTHONHASHSEED") != "0":
    raise SystemExit(1)  # somebody else's server: the next one gets the right environment
sys.path[:] = [place for place in sys.path if place]
gc.disable()  # imports make little garbage, and looking for it takes a tenth of their time

import pkp_analysis  # noqa: E402

from ..site import content  # noqa: E402, F401
from . import execute, processes  # noqa: E402, F401

NEEDED = """scipy.special scipy.optimize
    matplotlib.pyplot matplotlib.backends.backend_agg matplotlib.backends.backend_svg
    pyarrow.parquet pandas.io.parquet pyarrow.pandas_compat
    ipykernel.zmqshell IPython.core.completerlib IPython.extensions.storemagic sqlite3 jinja2"""


def read_ahead() -> None:
    """What every report reads from the package itself, and the letters of charts."""
    from matplotlib.figure import Figure

    from ..charts.style import style, svg
    from ..data import codebook, regions
    from ..words.catalogue import load_sentences

    regions.regions()
    codebook.to_indicator("sanitasi_layak")
    for lang in ("id", "en"):
        load_sentences(lang)
    with style():
        figure = Figure()
        figure.add_subplot().text(0, 0, "0%", fontweight="bold")
        svg(figure)


for name in NEEDED.split():
    import_module(name)
for name in {place for place in pkp_analysis._PLACES.values() if not place.startswith(".lab")}:
    import_module(name, "pkp_analysis")
processes.suit_reports()  # before any table: Arrow's texts would reserve a gigabyte of each process's memory
read_ahead()
gc.collect()
gc.freeze()  # pages of what is imported stay shared
gc.enable()
