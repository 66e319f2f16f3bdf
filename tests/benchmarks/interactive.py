"""How long the exploration takes to answer a moved slider, and how that compares with drawing the figure
alone.

Run with `python -m tests.benchmarks.interactive`. The goal is a median under 300 ms; the ratio says how much
of it is
not drawing, and stays comparable between machines.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

from pkp_analysis.data.dataset import build_dataset
from pkp_analysis.lab.panel import Explorer
from pkp_analysis.lab.view import trends
from pkp_analysis.region.facts import load
from pkp_analysis.region.models import save_models

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
            explorer.other_regions[code].value = True
        updates, drawing = [], []
        for step in range(rounds):  # in turn, so that a busy machine slows both alike
            updates.append(timed(lambda step=step: setattr(explorer.points, "value", (step + 1) / 10)))
            drawing.append(timed(lambda: draw_alone(explorer)))
        update, alone = (1000 * statistics.median(times) for times in (updates, drawing))
        found[f"{count} wilayah"] = {
            "update_ms": round(update),
            "drawing_ms": round(alone),
            "ratio": round(update / alone, 2),
        }
    return found


def draw_alone(explorer: Explorer) -> None:
    """The figures shown, drawn from nothing: no kept picture, no numbers, no page."""
    kept = dict(explorer.material.drawn)
    explorer.material.drawn.clear()
    for figure in trends(explorer.material, explorer.choice):
        assert figure.svg
    explorer.material.drawn.update(kept)


def run() -> dict:
    return measure()


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
