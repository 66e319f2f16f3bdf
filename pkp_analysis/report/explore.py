"""The exploration panel of 05_jelajah_interaktif: controls on the left, figure and numbers on the right.

Controls only collect a Choice; explore_view.py turns it into figures and tables, explore_save.py into files.
"""

import os
import subprocess
import sys
from pathlib import Path

import ipywidgets as widgets
from markupsafe import Markup

from ..data.regions import region_name
from ..errors import PkpError
from ..paths import project_root, reports_dir
from .chart_words import short_name, shown_target
from .explore_save import save
from .explore_view import VIEWS, Choice, Material, draw, effects, effects_html
from .region_data import load

CUSTOM = ""  # the target menu's entry for a target of one's own
STYLE = Markup(
    "<style>.widget-html-content:has(.pkp-jelajah){min-width:0}.pkp-jelajah{white-space:normal;line-height:1.4}.pkp-jelajah .tabel{overflow-x:auto}.pkp-jelajah table{border-collapse:collapse}.pkp-jelajah th,.pkp-jelajah td{padding:4px 8px;border-bottom:1px solid #c9cdd2;text-align:left;"
    "line-height:1.35}.pkp-jelajah td.angka{text-align:right}.pkp-jelajah figure{margin:0 0 16px;max-width:560px}.pkp-jelajah img{width:100%;height:auto}"
    ".pkp-jelajah figcaption span{display:block;opacity:.8}.pkp-jelajah .catatan{opacity:.8}.pkp-jelajah p{line-height:1.45;margin:8px 0}</style>"
)
WIDE = {"description_width": "165px"}
FULL = {"width": "97%"}  # a dict, not a Layout: hiding one control must not hide the others


def explore(region: str = "Banjar", processed_dir: Path | None = None) -> widgets.Widget:
    """The exploration panel, opened at a region named as people write it.

    Raises UnknownRegionError for an unknown name and PkpError when the data have not been cleaned yet.
    """
    return Explorer(load(region, processed_dir=processed_dir)).box


class Explorer:
    """The controls and what they show; `box` is what the notebook displays."""

    def __init__(self, region, folder: Path | None = None):
        self.material = Material(region)
        self.folder = folder
        self._build_controls(region.region_code)
        self._build_scenario()
        self._build_actions()
        self.result = widgets.HTML(layout=FULL)
        self.numbers = widgets.HTML(layout=FULL)
        controls = widgets.VBox([self.choosing, self.scenario, self.actions], layout=widgets.Layout(flex="0 1 440px", min_width="300px"))
        shown = widgets.VBox([self.view, self.view_note, self.result, self.numbers], layout=widgets.Layout(flex="1 1 420px", min_width="300px", max_width="100%"))
        self.box = widgets.HBox([controls, shown], layout=widgets.Layout(flex_flow="row wrap", align_items="flex-start"))
        self._offer_indicators("sanitasi_layak")
        self._offer_targets()
        self._listen()
        self.refresh()

    def _build_controls(self, first: str) -> None:
        codes = list(self.material.regions)
        self.region = widgets.Dropdown(description="Wilayah", options=[(region_name(code, full=True), code) for code in codes], value=first, style=WIDE, layout=FULL)
        self.others = {
            code: widgets.Checkbox(description=region_name(code), indent=False, layout=widgets.Layout(width="auto")) for code in codes
        }
        grid = widgets.GridBox(list(self.others.values()), layout=widgets.Layout(grid_template_columns="repeat(2, minmax(0, 1fr))", width="100%"))
        self.compared = widgets.Accordion([grid], titles=("Bandingkan dengan",))
        self.indicator = widgets.Dropdown(description="Indikator", style=WIDE, layout=FULL)
        self.target = widgets.Dropdown(description="Target", style=WIDE, layout=FULL)
        self.own_target = widgets.BoundedFloatText(description="Nilai target", value=100, min=0, max=100, step=1, style=WIDE, layout=FULL)
        self.own_year = widgets.BoundedIntText(description="Tahun target", value=2029, min=2024, max=2045, style=WIDE, layout=FULL)
        self.own = widgets.VBox([self.own_target, self.own_year])
        self.years = widgets.IntRangeSlider(description="Tahun pada grafik", value=(2015, 2030), min=2011, max=2045, style=WIDE, layout=FULL)
        self.choosing = widgets.VBox([heading("Pilihan"), self.region, self.compared, self.indicator, self.target, self.own, self.years])
        self.view = widgets.ToggleButtons(options=[(word, key) for key, word in VIEWS.items()], value="tren", tooltips=[f"Tampilkan {word.lower()}" for word in VIEWS.values()], style={"button_width": "auto"})
        self.view_note = widgets.HTML()

    def _build_scenario(self) -> None:
        self.unit = widgets.ToggleButtons(description="Satuan upaya", options=[("persen poin", "pp"), ("rumah tangga", "households")], style={**WIDE, "button_width": "auto"})
        self.points = widgets.FloatSlider(description="Tambahan per tahun", value=0, min=0, max=10, step=0.1, readout_format=".1f", style=WIDE, layout=FULL)
        self.count = widgets.BoundedIntText(description="Tambahan per tahun", value=0, min=0, max=100_000, step=100, style=WIDE, layout=FULL)
        self.budget = widgets.BoundedIntText(description="Rp per rumah tangga", value=0, min=0, max=1_000_000_000, step=500_000, style=WIDE, layout=FULL)
        self.scenario_note = widgets.HTML()
        self.scenario = widgets.VBox([heading("Skenario"), self.unit, self.points, self.count, self.budget, self.scenario_note])

    def _build_actions(self) -> None:
        self.saving = widgets.Button(description="Simpan", tooltip="Simpan tampilan ini sebagai PNG, XLSX, dan HTML", icon="save")
        self.reporting = widgets.Button(description="Jadikan laporan", tooltip="Buat laporan lengkap wilayah yang dipilih", icon="file-text")
        self.action_note = widgets.Output()
        self.actions = widgets.VBox([widgets.HBox([self.saving, self.reporting]), self.action_note])

    def _listen(self) -> None:
        self.region.observe(lambda _: self._offer_indicators(self.indicator.value), "value")
        for control in (self.region, self.indicator):
            control.observe(lambda _: self._offer_targets(), "value")
        shown = (self.region, self.indicator, self.target, self.own_target, self.own_year, self.years, self.view, self.unit, self.points, self.count, self.budget)
        for control in (*shown, *self.others.values()):
            control.observe(lambda _: self.refresh(), "value")
        self.saving.on_click(lambda _: self.save())
        self.reporting.on_click(lambda _: self.report())

    def _offer_indicators(self, wanted: str) -> None:
        """The indicators the region has values of; `wanted` stays chosen where it can."""
        codes = self.material.indicators(self.region.value)
        self.indicator.options = [(short_name(code, "id"), code) for code in codes]
        self.indicator.value = wanted if wanted in codes else codes[0]

    def _offer_targets(self) -> None:
        """The targets of the region and indicator chosen; the farthest one ahead is taken first, the horizon of the plans."""
        rows = self.material.targets(self.region.value, self.indicator.value)
        offered = {
            f"{shown_target(row.target, row.unit, 'id')}, {int(row.target_year)}, {row.framework}": (row.framework, float(row.target), int(row.target_year))
            for row in rows.itertuples()
        }
        self.target.options = [*offered.items(), ("Target lain …", CUSTOM)]
        self.target.value = max(offered.values(), key=lambda value: value[2], default=CUSTOM)

    @property
    def choice(self) -> Choice:
        """What the controls say now."""
        others = [code for code, box in self.others.items() if box.value and code != self.region.value]
        plan, target, year = self.target.value or ("", self.own_target.value, self.own_year.value)
        effort = self.points.value if self.unit.value == "pp" else float(self.count.value)
        return Choice(
            (self.region.value, *others), self.indicator.value, target, year, plan, tuple(self.years.value), self.view.value, effort, self.unit.value,
            float(self.budget.value),
        )

    def refresh(self) -> None:
        """Show the choice; what cannot be shown is said in a sentence beside the controls it belongs to."""
        for widget, wanted in ((self.own, self.target.value == CUSTOM), (self.points, self.unit.value == "pp"), (self.count, self.unit.value != "pp")):
            widget.layout.display = None if wanted else "none"
        choice = self.choice
        self.numbers.value, self.scenario_note.value = self._attempt(lambda: effects_html(effects(self.material, choice), choice))
        self.result.value, self.view_note.value = self._attempt(lambda: draw(self.material, choice).html)

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
            if choice.indicator in self.material.models:
                frame = effects(self.material, choice)
                sheets, numbers = {"Skenario": frame}, effects_html(frame, choice)
            paths = save(view, choice, numbers, sheets, (self.folder or reports_dir()) / "jelajah")
        except PkpError as error:
            self.tell(note(str(error)))
            return
        self.tell(Markup('<p role="status">Tersimpan: {}</p>').format(Markup(", ").join(map(link_to, paths))))

    def report(self) -> None:
        """Run the full report of the region through the command line, as `pkp report` would."""
        code, year = self.region.value, self.material.first.report_year
        self.tell(Markup('<p role="status">Laporan {} sedang dibuat …</p>').format(region_name(code, full=True)))
        self.reporting.disabled = True
        out = self.folder or reports_dir()
        command = [sys.executable, "-m", "pkp_analysis", "report", "--region", code, "--report-year", str(year), "--out", str(out)]
        done = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)
        self.reporting.disabled = False
        pages = sorted((out / "wilayah").glob(f"{code}-*.html"))
        pages = [page for page in pages if not page.name.endswith(".en.html")]
        if done.returncode == 0 and pages:
            self.tell(Markup('<p role="status">Laporan selesai: {}</p>').format(link_to(pages[0])))
        else:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["tidak ada pesan"]
            self.tell(note(f"Laporan tidak selesai: {last[0]}"))

    def tell(self, html: Markup) -> None:
        """Show a message beside the buttons; as an output, so that JupyterLab makes its links work."""
        self.action_note.outputs = ({"output_type": "display_data", "data": {"text/html": str(html)}, "metadata": {}},)


def heading(text: str) -> widgets.HTML:
    return widgets.HTML(str(Markup("<strong>{}</strong>").format(text)), layout={"margin": "8px 0 0 0"})


def note(text: str) -> Markup:
    return Markup('<p role="alert"><strong>⚠ {}</strong></p>').format(text)


def link_to(path: Path) -> Markup:
    """A link relative to the notebook, named by the file."""
    return Markup('<a href="{}" target="_blank">{}</a>').format(Path(os.path.relpath(path)).as_posix(), path.name)
