"""How long the exploration takes to answer a moved slider, and how that compares with drawing the figure alone.

Run with `python -m tests.benchmarks.interactive`. The goal is a median under 300 ms; the ratio says how much of it is
not drawing, and stays comparable between machines.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

from pkp_analysis.data.dataset import build_dataset
from pkp_analysis.report.explore import Explorer
from pkp_analysis.report.explore_view import draw
from pkp_analysis.report.region_data import load, save_models

ROUNDS = 30


def timed(action) -> float:
    """Seconds an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def measure(rounds: int = ROUNDS) -> dict:
    """Medians in milliseconds and their ratio, for one region and for three."""
    with tempfile.TemporaryDirectory() as folder:
        processed = Path(folder)
        save_models(build_dataset(processed_dir=processed), processed)
        explorer = Explorer(load("Banjar", processed_dir=processed), processed)
    found = {}
    for count, others in ((1, ()), (3, ("6304", "6308"))):
        for code in others:
            explorer.others[code].value = True
        explorer.points.value = 0.1
        updates = [timed(lambda step=step: setattr(explorer.points, "value", 0.2 + 0.1 * step)) for step in range(rounds)]
        choice = explorer.choice
        drawing = [timed(lambda: [figure.svg for figure in draw(explorer.material, choice).figures]) for _ in range(rounds)]
        update, alone = (1000 * statistics.median(times) for times in (updates, drawing))
        found[f"{count} wilayah"] = {"update_ms": round(update), "drawing_ms": round(alone), "ratio": round(update / alone, 2)}
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
