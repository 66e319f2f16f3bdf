"""The explorer of 05_jelajah_interaktif: controls on the left; on the right what the lines of code.py show."""

import io
from functools import lru_cache
from types import SimpleNamespace

import ipywidgets as widgets
import pandas as pd
from IPython.utils.capture import capture_output
from markupsafe import Markup

from .. import charts
from ..charts.show import show
from ..data.codebook import indicators
from ..data.regions import region_name
from ..errors import BadRequestError
from ..html import table
from ..region.facts import load
from ..region.tidy import tidy
from ..words.numbers import number
from ..words.wording import shown_target
from .code import HEAD, VIEWS, Choice, code, title
from .controls import (
    WIDE,
    Making,
    attempt,
    count,
    displayed,
    download,
    folded,
    heading,
    menu,
    sliders,
    tell,
    tick,
)
from .effects import CAVEAT, effects, effects_table

OWN, NONE = "lain", "tanpa"  # the target menu's entries for a target of one's own, and for none


def explore(region: str = "Banjar") -> widgets.Widget:
    """The explorer, opened at a region named as people write it.

    Raises UnknownRegionError for an unknown name and PkpError when the data have not been cleaned yet.

    >>> type(explore("Barito Kuala")).__name__
    'HBox'
    """
    return Explorer(region).box


class Explorer:
    """The controls and what they show; `box` is what the notebook displays."""

    def __init__(self, region: str):
        self.load = lru_cache(maxsize=64)(load)  # the data stay the same while a planner moves a slider
        self.first = self.load(region)
        self.showing = True  # what one control changes of the others is shown once, at the end
        codes = [self.first.province_code, *self.first.peers]
        self.region = menu("Wilayah", [(region_name(one, full=True), one) for one in codes])
        self.region.value = self.first.region_code
        self.regions = {one: tick(region_name(one)) for one in codes}
        self.every = tick("Pilih semua")
        self.indicator = menu("Indikator", [])
        self.indicators = {one: tick(title(one)) for one in self.offered_indicators(codes)}
        self.target = menu("Target", [])
        self.own_target = widgets.BoundedFloatText(
            description="Nilai target", value=100, min=0, max=100, **WIDE
        )
        self.own_year = count("Tahun target", value=2029, min=2024, max=2035)
        self.years = widgets.IntRangeSlider(
            description="Tahun pada grafik", value=(2015, 2030), min=2011, max=2030, **WIDE
        )
        self.unit = menu(
            "Satuan upaya", [("persen poin per tahun", "pp"), ("rumah tangga per tahun", "households")]
        )
        steps = [(number(tenths / 10, 1), tenths / 10) for tenths in range(101)]
        self.points = widgets.SelectionSlider(description="Tambahan per tahun", options=steps, **WIDE)
        self.count = count("Tambahan per tahun", min=0, max=100_000, step=100)
        self.budget = count("Rp per rumah tangga", min=0, max=1_000_000_000, step=500_000)
        self.view = widgets.ToggleButtons(
            description="Tampilan",
            options=[(word, key) for key, word in VIEWS.items()],
            style={"button_width": "auto", "description_width": "auto"},
            layout={"width": "auto"},
        )
        self.with_code = widgets.ToggleButton(description="Tampilkan kode", icon="code")
        self.taking = widgets.Button(description="Unduh", tooltip="Unduh gambar (PNG) dan tabel (XLSX)")
        self.reporting = widgets.Button(description="Jadikan laporan", icon="file-text")
        self.lines = widgets.Textarea(description="Kode", layout={"width": "98%", "height": "220px"})
        self.note, self.effect_note, self.numbers = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.told, self.result = widgets.Output(), widgets.Output()
        self.making = Making(self.reporting, self.told)
        self.box = self.arranged()
        self.listen()
        self.offer_indicators("sanitasi_layak")
        self.showing = False
        self.refresh()

    def arranged(self) -> widgets.Widget:
        controls = [
            heading("Pilihan"),
            self.region,
            *folded("Bandingkan dengan wilayah lain", [self.every, *self.regions.values()]),
            self.indicator,
            *folded("Tampilkan juga indikator lain", list(self.indicators.values())),
            self.target,
            self.own_target,
            self.own_year,
            self.years,
            self.note,
            heading("Skenario"),
            self.unit,
            self.points,
            self.count,
            self.budget,
            self.effect_note,
            self.numbers,
            sliders(),
        ]
        buttons = [self.view, self.with_code, self.taking, self.reporting, self.making.bar]
        shown = [
            widgets.HBox(buttons, layout={"flex_flow": "row wrap"}), self.lines, self.told, self.result
        ]  # fmt: skip
        return widgets.HBox(
            [
                widgets.VBox(controls, layout={"flex": "0 1 400px", "min_width": "300px"}),
                widgets.VBox(shown, layout={"flex": "1 1 380px", "min_width": "300px", "max_width": "100%"}),
            ],
            layout={"flex_flow": "row wrap", "align_items": "flex-start"},
        )

    def listen(self) -> None:
        self.region.observe(
            lambda _: self.together(lambda: self.offer_indicators(self.indicator.value)), "value"
        )
        self.indicator.observe(lambda _: self.together(self.offer_targets), "value")
        self.every.observe(lambda change: self.together(lambda: self.tick_all(change["new"])), "value")
        plain = [self.target, self.own_target, self.own_year, self.years, self.unit, self.points, self.count]
        plain += [self.budget, self.view, self.with_code, *self.regions.values(), *self.indicators.values()]
        for control in plain:
            control.observe(lambda _: self.refresh(), "value")
        self.taking.on_click(lambda _: self.take())
        self.reporting.on_click(lambda _: self.report())

    def together(self, change) -> None:
        """Change controls that depend on one another, then show the result once."""
        if not self.showing:
            self.showing = True
            change()
            self.showing = False
            self.refresh()

    def tick_all(self, wanted: bool) -> None:
        for box in self.regions.values():
            box.value = wanted

    def offered_indicators(self, codes) -> list[str]:
        """Indicators with a value for one of the regions, the main ones first."""
        rows = self.first.dataset.observations
        known = set(rows.loc[rows["region_code"].isin(codes) & rows["is_governing"], "indicator"])
        roles = indicators()["role"]
        ordered = (roles.index[roles == role] for role in ("headline", "province", "context", "annex"))
        return [code for codes in ordered for code in codes if code in known]

    def offer_indicators(self, wanted: str | None) -> None:
        codes = self.offered_indicators([self.region.value])
        self.indicator.options = [(title(code), code) for code in codes]
        self.indicator.value = wanted if wanted in codes else codes[0]
        self.offer_targets()

    def offer_targets(self) -> None:
        """The targets of the region and indicator; the farthest one is taken first, the horizon of the plans."""
        rows = self.load(self.region.value).goals(self.indicator.value)
        rows = rows[rows["role"] != "context"]
        offered = {}
        for row in rows.itertuples():
            name = f"{row.framework}: {shown_target(row.target, row.unit, 'id')} pada {row.target_year:.0f}"
            offered[name] = (float(row.target), int(row.target_year))
        own = [("Target lain …", OWN)] if self.indicator.value in self.first.models else []
        self.target.options = [*offered.items(), *own, ("Tanpa target", NONE)]
        self.target.value = max(offered.values(), key=lambda goal: goal[1], default=NONE)

    @property
    def choice(self) -> Choice:
        """What the controls say now."""
        first, indicator = self.region.value, self.indicator.value
        goal = {OWN: (self.own_target.value, self.own_year.value), NONE: (None, self.own_year.value)}
        target, year = goal.get(self.target.value, self.target.value)
        return Choice(
            regions=(first, *(one for one, box in self.regions.items() if box.value and one != first)),
            indicator=indicator,
            others=tuple(one for one, box in self.indicators.items() if box.value and one != indicator),
            report_year=self.first.report_year,
            years=tuple(self.years.value),
            view=self.view.value,
            target=target,
            target_year=year,
            own_target=self.target.value == OWN,
            effort=self.points.value if self.unit.value == "pp" else float(self.count.value),
            unit=self.unit.value,
            budget=float(self.budget.value),
        )

    def refresh(self) -> None:
        """Show the choice; what cannot be shown is said in a sentence beside the controls it belongs to."""
        if self.showing:
            return
        choice = self.choice
        for widget, wanted in (
            (self.own_target, self.target.value == OWN),
            (self.own_year, self.target.value == OWN),
            (self.points, choice.unit == "pp"),
            (self.count, choice.unit != "pp"),
            (self.lines, self.with_code.value),
        ):
            widget.layout.display = None if wanted else "none"
        self.lines.value = HEAD + "\n" + code(choice)
        self.numbers.value, self.effect_note.value = attempt(lambda: self.effects_html(choice))
        outputs, self.note.value = attempt(lambda: self.run(choice))
        self.result.outputs = outputs or ()

    def run(self, choice: Choice, door=show) -> tuple:
        """What the lines show, through `door` in place of pkp.show. Raises BadRequestError for no value at all."""
        loaded = [self.load(region_name(one, full=True), choice.report_year) for one in choice.regions]
        if all(region.points(choice.indicator).empty for region in loaded):
            where = ", ".join(region.name for region in loaded)
            raise BadRequestError(
                f"Belum ada nilai {title(choice.indicator).lower()} untuk {where}. Pilih indikator atau"
                " wilayah lain."
            )
        names = {"pkp": SimpleNamespace(load=self.load, tidy=tidy, charts=charts, show=door)}
        with capture_output(stdout=False, stderr=False) as shown:
            exec(HEAD.replace("import pkp_analysis as pkp\n", "") + code(choice), names)
        return tuple(displayed(output.data, output.metadata) for output in shown.outputs)

    def effects_html(self, choice: Choice) -> str:
        loaded = [self.load(region_name(one, full=True), choice.report_year) for one in choice.regions]
        text = effects_table(effects(choice, loaded), choice)
        rows = table("tabel-skenario", "Akibat skenario", list(text.columns), text.to_numpy().tolist())
        return str(rows + Markup("<p><small>{}</small></p>").format(CAVEAT))

    def take(self) -> None:
        """Links that download the pictures (PNG) and the values (XLSX) of what is shown."""
        choice, pictures = self.choice, []

        def keep(shown, title, **_):
            if hasattr(shown, "figure"):
                picture = io.BytesIO()
                shown.figure.savefig(picture, dpi=200, bbox_inches="tight", metadata={"Software": None})
                pictures.append(picture.getvalue())

        self.run(choice, keep)
        links = [
            download(f"{choice.indicator}-{place}.png", picture, "image/png")
            for place, picture in enumerate(pictures, start=1)
        ]
        content = io.BytesIO()
        with pd.ExcelWriter(content, engine="xlsxwriter") as workbook:
            for indicator in (choice.indicator, *choice.others):
                rows = tidy(indicator, province=None)
                rows = rows[rows["region_code"].isin(choice.regions)]
                rows.to_excel(workbook, sheet_name=indicator[:31], index=False)
        links.append(download("nilai.xlsx", content.getvalue(), "application/vnd.ms-excel"))
        tell(self.told, Markup('<p role="status">Unduh: {}</p>').format(Markup(" · ").join(links)))

    def report(self) -> None:
        """Make the full reports of the regions chosen."""
        asked = [part for one in self.choice.regions for part in ("--region", region_name(one, full=True))]
        self.making.start("report", *asked)
