"""The exploration panel of 05_jelajah_interaktif: controls and scenario on the left, the view on the right.

Controls only collect a Choice (explore_material.py); explore_view.py and explore_scenario.py turn it into
figures, tables
and sentences, explore_save.py into files.
"""

import os
import subprocess
import sys
from pathlib import Path

import ipywidgets as widgets
from markupsafe import Markup

from ..data.regions import region_name
from ..errors import PkpError
from ..pages.overview import source
from ..paths import project_root, reports_dir
from ..region.facts import load
from ..words.chart_words import in_sentence, short_name, shown_target
from ..words.numbers import number
from .material import Choice, Material
from .save import save
from .scenario import effects, effects_html
from .view import VIEWS, draw, values_shown

CUSTOM, NO_TARGET = "", "-"  # the target menu's entries for a target of one's own, and for none
STYLE = Markup(
    "<style>.widget-html-content:has(.pkp-jelajah){min-width:0}.pkp-jelajah{white-space:normal;line-height:1.4}.pkp-jelajah"
    " .tabel{overflow-x:auto}.pkp-jelajah table{border-collapse:collapse;margin:0}.pkp-jelajah"
    " caption{text-align:left;font-weight:bold;padding:4px 8px 4px 0}.pkp-jelajah th,.pkp-jelajah"
    " td{padding:4px 8px 4px 0;border-bottom:1px solid"
    " #c9cdd2;text-align:left;vertical-align:top;line-height:1.35}.pkp-jelajah tbody"
    " th{font-weight:normal}.pkp-jelajah td.angka{text-align:right}.pkp-jelajah #tabel-skenario"
    " td{text-align:left}.pkp-jelajah figure{margin:0 0 16px;max-width:560px}.pkp-jelajah img,.pkp-jelajah"
    " svg{width:100%;max-width:560px;height:auto}.pkp-jelajah figcaption"
    " span{display:block;opacity:.8}.widget-hslider .widget-readout{min-width:7em}.pkp-jelajah"
    " .catatan{opacity:.8;font-size:.92em}.pkp-jelajah p{line-height:1.45;margin:8px 0}</style>"
)
SLIDER_NAMES = """const name = () => document.querySelectorAll('.widget-hslider .noUi-handle:not([aria-label])').forEach(handle => {
  const slider = handle.closest('.widget-hslider');
  const end = slider.querySelectorAll('.noUi-handle').length < 2 ? '' : handle.matches('.noUi-handle-upper') ? ': akhir' : ': awal';
  handle.setAttribute('aria-label', slider.querySelector('.widget-label').innerText + end);
});
new MutationObserver(name).observe(document.body, {childList: true, subtree: true});
name();"""  # ipywidgets gives the handle of a slider no name for screen readers  # noqa: E501
WIDE = {"description_width": "140px"}
FULL = {"width": "98%"}  # a dict, not a Layout: hiding one control must not hide the others


def explore(region: str = "Banjar", processed_dir: Path | None = None) -> widgets.Widget:
    """The exploration panel, opened at a region named as people write it.

    Raises UnknownRegionError for an unknown name and PkpError when the data have not been cleaned yet.

    >>> type(explore("Barito Kuala")).__name__
    'HBox'
    """
    return Explorer(load(region, processed_dir=processed_dir)).box


class Explorer:
    """The controls and what they show; `box` is what the notebook displays."""

    def __init__(self, region, folder: Path | None = None):
        self.material = Material(region)
        self.folder = folder
        self.offering = False
        self._build_choosing(region.region_code)
        self._build_scenario()
        self._build_view()
        controls = widgets.VBox(
            [self.choosing, self.scenario], layout={"flex": "0 1 400px", "min_width": "300px"}
        )
        shown = widgets.VBox(
            [self.actions, self.action_note, self.view_note, self.result],
            layout={"flex": "1 1 380px", "min_width": "300px", "max_width": "100%"},
        )
        self.box = widgets.HBox(
            [controls, shown], layout={"flex_flow": "row wrap", "align_items": "flex-start"}
        )
        self._listen()
        self._offer(lambda: self._offer_indicators("sanitasi_layak"))

    def _build_choosing(self, first: str) -> None:
        codes = list(self.material.regions)
        every = dict.fromkeys(indicator for code in codes for indicator in self.material.indicators(code))
        self.region = widgets.Dropdown(
            description="Wilayah",
            options=[(region_name(code, full=True), code) for code in codes],
            value=first,
            style=WIDE,
            layout=FULL,
        )
        self.other_regions = {code: checkbox(region_name(code)) for code in codes}
        self.indicator = widgets.Dropdown(description="Indikator", style=WIDE, layout=FULL)
        self.other_indicators = {code: checkbox(short_name(code, "id")) for code in every}
        compare, regions = folded("Bandingkan dengan wilayah lain", self.other_regions)
        beside, others = folded("Tampilkan juga indikator lain", self.other_indicators)
        self.target = widgets.Dropdown(description="Target", style=WIDE, layout=FULL)
        self.own_target = widgets.BoundedFloatText(
            description="Nilai target", value=100, min=0, max=100, step=1, style=WIDE, layout=FULL
        )
        self.own_year = widgets.BoundedIntText(
            description="Tahun target", value=2029, min=2024, max=2045, style=WIDE, layout=FULL
        )
        self.own = widgets.VBox([self.own_target, self.own_year])
        self.years = widgets.IntRangeSlider(
            description="Tahun pada grafik", value=(2015, 2030), min=2011, max=2045, style=WIDE, layout=FULL
        )
        self.choice_note = widgets.HTML()
        self.choosing = widgets.VBox(
            [
                heading("Pilihan"),
                self.region,
                compare,
                regions,
                self.indicator,
                beside,
                others,
                self.target,
                self.own,
                self.years,
                self.choice_note,
                widgets.Output(
                    outputs=(
                        {
                            "output_type": "display_data",
                            "data": {"application/javascript": SLIDER_NAMES},
                            "metadata": {},
                        },
                    )
                ),
            ]
        )

    def _build_scenario(self) -> None:
        self.scenario_heading = heading("Skenario")
        self.unit = widgets.Dropdown(
            description="Satuan upaya",
            options=[("persen poin per tahun", "pp"), ("rumah tangga per tahun", "households")],
            style=WIDE,
            layout=FULL,
        )
        steps = [(number(tenths / 10, 1), tenths / 10) for tenths in range(101)]
        self.points = widgets.SelectionSlider(
            description="Tambahan per tahun", options=steps, style=WIDE, layout=FULL
        )
        self.count = widgets.BoundedIntText(
            description="Tambahan per tahun", value=0, min=0, max=100_000, step=100, style=WIDE, layout=FULL
        )
        self.budget = widgets.BoundedIntText(
            description="Rp per rumah tangga",
            value=0,
            min=0,
            max=1_000_000_000,
            step=500_000,
            style=WIDE,
            layout=FULL,
        )
        self.scenario_note = widgets.HTML()
        self.numbers = widgets.HTML(layout=FULL)
        self.scenario = widgets.VBox(
            [
                self.scenario_heading,
                self.unit,
                self.points,
                self.count,
                self.budget,
                self.scenario_note,
                self.numbers,
            ]
        )

    def _build_view(self) -> None:
        self.view = widgets.ToggleButtons(
            description="Tampilan",
            options=[(word, key) for key, word in VIEWS.items()],
            value="tren",
            tooltips=[f"Tampilkan {word.lower()}" for word in VIEWS.values()],
            style={"button_width": "auto", "description_width": "auto"},
            layout={"width": "auto"},
        )
        self.saving = widgets.Button(
            description="Simpan",
            tooltip="Simpan tampilan ini sebagai PNG, XLSX, dan HTML",
            icon="save",
            layout={"width": "auto"},
        )
        self.reporting = widgets.Button(
            description="Jadikan laporan",
            tooltip="Buat laporan lengkap wilayah yang dipilih",
            icon="file-text",
            layout={"width": "auto"},
        )
        self.actions = widgets.HBox(
            [self.view, self.saving, self.reporting], layout={"flex_flow": "row wrap"}
        )
        self.action_note = widgets.Output()
        self.view_note = widgets.HTML()
        self.result = widgets.HTML(layout=FULL)

    def _listen(self) -> None:
        self.region.observe(
            lambda _: self._offer(lambda: self._offer_indicators(self.indicator.value)), "value"
        )
        self.indicator.observe(lambda _: self._offer(self._offer_targets), "value")
        shown = (
            self.target,
            self.own_target,
            self.own_year,
            self.years,
            self.view,
            self.unit,
            self.points,
            self.count,
            self.budget,
        )
        for control in (*shown, *self.other_regions.values(), *self.other_indicators.values()):
            control.observe(lambda _: self.refresh(), "value")
        self.saving.on_click(lambda _: self.save())
        self.reporting.on_click(lambda _: self.report())

    def _offer(self, change) -> None:
        """Change the menus that depend on one another, then show the result once."""
        if self.offering:
            return
        self.offering = True
        try:
            change()
        finally:
            self.offering = False
        self.refresh()

    def _offer_indicators(self, wanted: str) -> None:
        """The indicators the region has values of, and their targets; `wanted` stays chosen where it can."""
        codes = self.material.indicators(self.region.value)
        self.indicator.options = [(short_name(code, "id"), code) for code in codes]
        self.indicator.value = wanted if wanted in codes else codes[0]
        self._offer_targets()

    def _offer_targets(self) -> None:
        """The targets of the region and indicator chosen; the farthest one ahead is taken first, the horizon
        of the plans.
        """
        rows = self.material.targets(self.region.value, self.indicator.value)
        offered = {
            f"{row.framework}: {shown_target(row.target, row.unit, 'id')} pada {int(row.target_year)}": (
                row.framework,
                float(row.target),
                int(row.target_year),
            )
            for row in rows.itertuples()
        }
        own = (
            [("Target lain …", CUSTOM)] if self.indicator.value in self.material.models else []
        )  # another concept is not judged
        self.target.options = [*offered.items(), *own, ("Tanpa target", NO_TARGET)]
        self.target.value = max(offered.values(), key=lambda value: value[2], default=NO_TARGET)

    @property
    def choice(self) -> Choice:
        """What the controls say now."""
        region, indicator = self.region.value, self.indicator.value
        regions = [code for code, box in self.other_regions.items() if box.value and code != region]
        others = [code for code, box in self.other_indicators.items() if box.value and code in self._beside]
        plan, target, year = {
            CUSTOM: ("", self.own_target.value, self.own_year.value),
            NO_TARGET: ("", None, self.own_year.value),
        }.get(self.target.value, self.target.value)
        effort = self.points.value if self.unit.value == "pp" else float(self.count.value)
        return Choice(
            (region, *regions),
            indicator,
            target,
            year,
            plan,
            tuple(self.years.value),
            self.view.value,
            effort,
            self.unit.value,
            float(self.budget.value),
            tuple(others),
        )

    @property
    def _beside(self) -> list[str]:
        """The indicators that can be shown beside the one chosen."""
        return [code for _, code in self.indicator.options if code != self.indicator.value]

    def refresh(self) -> None:
        """Show the choice; what cannot be shown is said in a sentence beside the controls it belongs to."""
        if self.offering:
            return
        choice = self.choice
        beside = [*(code for code in self.other_regions if code != choice.regions[0]), *self._beside]
        for code, box in {**self.other_regions, **self.other_indicators}.items():
            show(box, code in beside)
        for widget, wanted in (
            (self.own, self.target.value == CUSTOM),
            (self.points, choice.unit == "pp"),
            (self.count, choice.unit != "pp"),
        ):
            show(widget, wanted)
        self.scenario_heading.value = str(
            heading_text(f"Skenario {in_sentence(short_name(choice.indicator, 'id'))}")
        )
        self.numbers.value, self.scenario_note.value = self._attempt(
            lambda: effects_html(effects(self.material, choice), choice)
        )
        _, self.choice_note.value = self._attempt(lambda: len(values_shown(self.material, choice)))
        self.result.value, self.view_note.value = (
            ("", "") if self.choice_note.value else self._attempt(lambda: draw(self.material, choice).html)
        )

    def _attempt(self, make) -> tuple[str, str]:
        """(HTML, "") or ("", the error as a sentence)."""
        try:
            return STYLE + Markup('<div class="pkp-jelajah">{}</div>').format(make()), ""
        except PkpError as error:
            return "", str(note(str(error)))

    def save(self) -> None:
        """Write the view under reports/jelajah and say where it is."""
        choice = self.choice
        try:
            view, sheets, numbers = draw(self.material, choice), {}, Markup("")
            if choice.indicator in self.material.models and choice.target is not None:
                frame = effects(self.material, choice)
                sheets, numbers = {"Skenario": frame}, effects_html(frame, choice)
            origins = dict.fromkeys(source(self.material.first, one) for one in view.values["source_id"])
            numbers += Markup('<p class="catatan">Sumber nilai: {}.</p>').format("; ".join(origins))
            paths = save(view, choice, numbers, sheets, (self.folder or reports_dir()) / "jelajah")
        except PkpError as error:
            self.tell(note(str(error)))
            return
        links = [
            link_to(path, path.suffix[1:].upper() + path.stem.removeprefix(choice.name)) for path in paths
        ]
        self.tell(
            Markup('<p role="status">Tersimpan di reports/jelajah sebagai {}: {}</p>').format(
                choice.name, Markup(", ").join(links)
            )
        )

    def report(self) -> None:
        """Run the full reports of the regions chosen through the command line, as `pkp report` would."""
        codes, out = self.choice.regions, self.folder or reports_dir()
        names = ", ".join(region_name(code) for code in codes)
        self.tell(Markup('<p role="status">Laporan {} sedang dibuat …</p>').format(names))
        self.reporting.disabled = True
        asked = [part for code in codes for part in ("--region", code)]
        command = [
            sys.executable,
            "-m",
            "pkp_analysis",
            "report",
            *asked,
            "--report-year",
            str(self.material.first.report_year),
            "--out",
            str(out),
        ]
        done = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
        self.reporting.disabled = False
        pages = [
            page
            for code in codes
            for page in sorted((out / "wilayah").glob(f"{code}-*.html"))
            if not page.name.endswith(".en.html")
        ]
        if done.returncode == 0 and pages:
            self.tell(
                Markup('<p role="status">Laporan selesai: {}</p>').format(
                    Markup(", ").join(link_to(page, page.name) for page in pages)
                )
            )
        else:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["tidak ada pesan"]
            self.tell(note(f"Laporan tidak selesai: {last[0]}"))

    def tell(self, html: Markup) -> None:
        """Show a message beside the buttons; as an output, so that JupyterLab makes its links work."""
        self.action_note.outputs = (
            {"output_type": "display_data", "data": {"text/html": str(html)}, "metadata": {}},
        )


def checkbox(text: str) -> widgets.Checkbox:
    return widgets.Checkbox(description=text, indent=False, layout={"width": "auto"})


def folded(text: str, boxes: dict) -> tuple:
    """A button that shows and hides the checkboxes, and the checkboxes: an accordion's title cannot be
    reached by keyboard.
    """
    button = widgets.ToggleButton(description=text, icon="caret-down", layout=FULL)
    grid = widgets.GridBox(
        list(boxes.values()),
        layout={"grid_template_columns": "repeat(2, minmax(0, 1fr))", "width": "98%", "display": "none"},
    )
    button.observe(
        lambda change: setattr(grid.layout, "display", "grid" if change["new"] else "none"), "value"
    )
    for box in boxes.values():  # how many are ticked stays visible when they are hidden
        box.observe(
            lambda _: setattr(button, "description", f"{text} ({sum(box.value for box in boxes.values())})"),
            "value",
        )
    return button, grid


def show(widget, wanted: bool) -> None:
    widget.layout.display = None if wanted else "none"


def heading(text: str) -> widgets.HTML:
    return widgets.HTML(str(heading_text(text)), layout={"margin": "8px 0 0 0"})


def heading_text(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(text)


def note(text: str) -> Markup:
    return Markup(
        '<p role="alert" style="white-space:normal;line-height:1.4"><strong>⚠ {}</strong></p>'
    ).format(text)


def link_to(path: Path, text: str) -> Markup:
    """A link relative to the notebook."""
    return Markup('<a href="{}" target="_blank">{}</a>').format(Path(os.path.relpath(path)).as_posix(), text)
