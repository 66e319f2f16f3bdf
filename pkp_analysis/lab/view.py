"""What the exploration shows for a choice: figures, the map and tables, no widgets."""

from dataclasses import dataclass, replace

import pandas as pd
from markupsafe import Markup

from ..charts import old as charts
from ..charts.figure import Figure
from ..charts.trends import draw_scenario, labelled_trend
from ..data.codebook import indicators
from ..data.regions import region_name
from ..errors import BadRequestError
from ..html import table
from ..words.chart_words import in_sentence, plan_name, short_name, shown_target, shown_value
from ..words.numbers import percent
from .material import Choice, Material
from .scenario import effort_path

VIEWS = {"tren": "Tren", "perbandingan": "Perbandingan", "peta": "Peta", "tabel": "Tabel"}
SHEET = ["region_code", "indicator", "year", "value", "unit", "source_id", "status", "series"]


@dataclass(frozen=True)
class View:
    """What is shown and saved: figures, all of it as HTML, and the values with plain numbers."""

    figures: tuple[Figure, ...]
    html: Markup
    values: pd.DataFrame


def draw(material: Material, choice: Choice) -> View:
    """The view chosen, an indicator below the other. Raises BadRequestError, worded for the planner, when
    there is nothing to show.
    """
    figures, html, values = [], Markup(""), []
    for indicator in (choice.indicator, *choice.others):
        one = material.about(choice, indicator)
        values.append(values_shown(material, one))
        if choice.view == "peta":
            html += map_html(material, one)
        else:
            figures += compare(material, one) if choice.view == "perbandingan" else trends(material, one)
    if choice.view == "tabel":
        for place, figure in enumerate(figures):
            html += table(
                f"tabel-{place}", figure.title, list(figure.table.columns), figure.table.to_numpy().tolist()
            )
        figures = []
    html += Markup("").join(figure.to_html(f"grafik-{place}") for place, figure in enumerate(figures))
    return View(tuple(figures), html, pd.concat(values, ignore_index=True))


def values_shown(material: Material, choice: Choice) -> pd.DataFrame:
    """The values of the regions, indicator and years chosen. Raises BadRequestError when there is none."""
    rows = material.values[
        (material.values["indicator"] == choice.indicator)
        & material.values["region_code"].isin(choice.regions)
    ]
    kept = rows.loc[rows["year"].between(*choice.years), SHEET]
    if kept.empty:
        names, name = (
            ", ".join(region_name(code) for code in choice.regions),
            in_sentence(short_name(choice.indicator, "id")),
        )
        if rows.empty:
            raise BadRequestError(f"Belum ada nilai {name} untuk {names}. Pilih indikator atau wilayah lain.")
        raise BadRequestError(
            f"Nilai {name} untuk {names} ada pada {rows['year'].min()}–{rows['year'].max()}, tidak pada"
            f" {choice.years[0]}–{choice.years[1]}. Perlebar tahun pada grafik."
        )
    return kept


def trends(material: Material, choice: Choice) -> list[Figure]:
    """A trend figure per region with a value, with the scenario's median where an effort is given."""
    lifted = effort_path(material, choice)
    codes = [code for code in choice.regions if len(material.regions[code].points(choice.indicator))]
    return [trend(material, choice, code, lifted[lifted["region_code"] == code]) for code in codes]


def trend(material: Material, choice: Choice, code: str, path: pd.DataFrame) -> Figure:
    """One region's trend. The picture is drawn once per choice and kept; only the scenario's line is drawn
    anew on it.

    So a figure with a scenario is good until the next one of the same region is asked for.
    """
    own = (choice.target, choice.target_year) if choice.plan == "" else None
    asked = (code, choice.regions[0], choice.indicator, choice.years, own)
    if asked not in material.drawn:
        material.drawn[asked] = (*picture(material, choice, code), [])
    figure, labels, added = material.drawn[asked]
    while added:
        added.pop().remove()
    if len(path) < 2:  # no effort, or no year ahead on the chart
        return figure
    taken = list(labels.taken)
    added += draw_scenario(labels, path, "id")
    labels.taken = taken
    rows = [[str(row.year), "skenario", percent(row.median, 1), "–"] for row in path.iloc[1:].itertuples()]
    numbers = pd.concat([figure.table, pd.DataFrame(rows, columns=figure.table.columns)]).sort_values(
        "Tahun", kind="stable", ignore_index=True
    )
    end = path.iloc[-1]
    return replace(
        figure, alt=f"{figure.alt} Skenario {int(end['year'])}: {percent(end['median'], 1)}.", table=numbers
    )


def picture(material: Material, choice: Choice, code: str):
    """The trend without a scenario, and its labels: the projection starts at the model's present level, as in
    the report.
    """
    region, model = material.regions[code], material.models.get(choice.indicator)
    points = region.points(choice.indicator)
    last = int(points["year"].max())
    future = pd.DataFrame()
    if model and choice.years[1] > last:
        future = pd.concat(
            [
                region.present_level(choice.indicator),
                model.project(points, range(last + 1, choice.years[1] + 1)),
            ],
            ignore_index=True,
        )
    goals = material.targets(choice.regions[0], choice.indicator)
    goals = goals[goals["target_year"].between(*choice.years)]
    if choice.plan == "" and choice.target is not None:
        unit = indicators().loc[choice.indicator, "unit"]
        own = {
            "framework": "Target",
            "target_year": choice.target_year,
            "target": choice.target,
            "unit": unit,
            "indicator": choice.indicator,
            "governs": True,
            "role": "own",
        }
        goals = pd.concat([goals, pd.DataFrame([own])], ignore_index=True)
    return labelled_trend(
        points[points["year"].between(*choice.years)], future, goals, code, choice.indicator
    )


def compare(material: Material, choice: Choice) -> list[Figure]:
    """The chosen regions side by side, or all neighbours with rank intervals when only one is chosen."""
    chosen = len(choice.regions) > 1
    frame = (
        material.latest(choice.indicator, list(choice.regions))
        if chosen
        else material.ranks(choice.indicator)
    )
    if not indicators().loc[choice.indicator, "unit"].startswith("%") or frame.empty:
        raise BadRequestError(
            "Perbandingan tersedia untuk indikator dalam persen, bukan"
            f" {in_sentence(short_name(choice.indicator, 'id'))}. Pilih tampilan atau indikator lain."
        )
    reference = None
    if choice.target is not None:
        reference = (
            choice.target,
            (
                f"{shown_target(choice.target, '%', 'id')} {plan_name(choice.plan) or 'target'}"
                f" {choice.target_year}"
            ),
        )
    return [charts.position(frame, choice.regions[0], choice.indicator, reference=reference)]


def map_html(material: Material, choice: Choice) -> Markup:
    """The map of the province with the status against the chosen plan; without a plan only the values."""
    peers = pd.DataFrame({"region_code": material.first.peers})
    frame = peers.merge(material.latest(choice.indicator, material.first.peers), how="left", on="region_code")
    rows = material.assessment
    rows = rows[
        (rows["indicator"] == choice.indicator)
        & (rows["framework"] == choice.plan)
        & (rows["target_year"] == choice.target_year)
    ]
    frame = frame.merge(
        rows[["region_code", "status"]].drop_duplicates("region_code"), how="left", on="region_code"
    )
    frame["value"] = [
        shown_value(choice.indicator, value, "id") if pd.notna(value) else "" for value in frame["value"]
    ]
    name = short_name(choice.indicator, "id") + (f" terhadap {choice.target_name}" if choice.plan else "")
    return Markup('<p class="narasi"><strong>{}.</strong></p>\n').format(name) + charts.tile_map(
        frame, highlight=choice.regions[0], label=name
    )
