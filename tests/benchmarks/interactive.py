"""How long the explorer takes to answer a moved slider, and how that compares with drawing the picture alone.

Run with `python -m tests.benchmarks.interactive`. The ratio says how much of it is not drawing, and stays
comparable between machines.
"""

import json
import statistics
import time

from IPython.core.interactiveshell import InteractiveShell

from pkp_analysis.data.dataset import build_dataset
from pkp_analysis.lab.panel import Explorer

ROUNDS = 30


def timed(action) -> float:
    """Seconds an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def run(rounds: int = ROUNDS) -> dict:
    """Medians in milliseconds and their ratio, for one region and for three."""
    InteractiveShell.instance()
    build_dataset()
    explorer = Explorer("Banjar")
    found = {}
    for count, others in ((1, ()), (3, ("6304", "6308"))):
        for code in others:
            explorer.regions[code].value = True
        updates, drawing = [], []
        for step in range(rounds):  # in turn, so that a busy machine slows both alike
            updates.append(timed(lambda step=step: setattr(explorer.points, "value", (step + 1) / 10)))
            drawing.append(timed(lambda: explorer.run(explorer.choice)))
        update, alone = (1000 * statistics.median(times) for times in (updates, drawing))
        found[f"{count} wilayah"] = {
            "update_ms": round(update),
            "drawing_ms": round(alone),
            "ratio": round(update / alone, 2),
        }
    return found


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
