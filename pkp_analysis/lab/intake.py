"""From a file to its page without a terminal: choose, see what is understood, store, make the pages again."""

import tempfile
from pathlib import Path

import ipywidgets as widgets
from markupsafe import Markup

from ..data.codebook import headline
from ..data.exchange.form import write_form
from ..data.exchange.intake import preview, store
from ..errors import PkpError
from ..paths import project_root
from ..run.processes import private_folder
from .controls import Making, download, heading, menu, tell, warning

KINDS = ".xlsx,.xls,.ods,.csv,.json,.html,.htm"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def intake(year: int = 2025) -> widgets.Widget:
    """The panel of 00_mulai: a file of an agency in, its figures on the pages; and the form to send out.

    year: the year the form asks for.

    >>> type(intake()).__name__
    'VBox'
    """
    return Intake(year).box


class Intake:
    """The controls; `box` is what the notebook displays. Nothing is stored before "Simpan" is pressed."""

    def __init__(self, year: int):
        self.folder = tempfile.TemporaryDirectory(dir=private_folder())
        self.understood = None
        self.upload = widgets.FileUpload(accept=KINDS, multiple=False, description="Pilih berkas")
        self.lying = menu("Atau dari folder", [("–", ""), *self.found()])
        self.told = widgets.Output()
        self.keeping = widgets.Button(description="Simpan", icon="check", disabled=True)
        self.replacing = widgets.Button(description="Simpan dan ganti angka lama", layout={"width": "auto"})
        self.running = widgets.Button(
            description="Perbarui laporan", icon="refresh", layout={"width": "auto"}
        )
        self.making = Making(self.running, self.told)
        self.year = widgets.BoundedIntText(description="Tahun", value=year, min=1990, max=2049)
        self.form = widgets.Button(description="Buat formulir", icon="table", layout={"width": "auto"})
        self.upload.observe(lambda change: self.take(change["new"]), "value")
        self.lying.observe(lambda change: self.look(project_root() / change["new"]), "value")
        self.keeping.on_click(lambda _: self.keep(replace=False))
        self.replacing.on_click(lambda _: self.keep(replace=True))
        self.running.on_click(lambda _: self.making.start("run"))
        self.form.on_click(lambda _: self.write_form())
        self.replacing.layout.display = "none"
        buttons = widgets.HBox([self.keeping, self.replacing, self.running, self.making.bar])
        buttons.layout.flex_flow = "row wrap"
        self.box = widgets.VBox(
            [
                heading("Berkas dari perangkat daerah atau BPS"),
                widgets.HBox([self.upload, self.lying], layout={"flex_flow": "row wrap"}),
                self.told,
                buttons,
                heading("Formulir untuk perangkat daerah"),
                widgets.HBox([self.year, self.form], layout={"flex_flow": "row wrap"}),
            ]
        )

    def found(self) -> list[tuple[str, str]]:
        """Data files a planner dragged into the project's folders of notebooks."""
        root = project_root()
        paths = [path for kind in KINDS.split(",") for path in (root / "notebooks").rglob(f"*{kind}")]
        return [(path.relative_to(root).as_posix(),) * 2 for path in sorted(paths)]

    def take(self, files) -> None:
        """The uploaded file, under its own name: the name may say the indicator and the year."""
        for file in files:
            path = Path(self.folder.name) / Path(file["name"]).name
            path.write_bytes(bytes(file["content"]))
            self.look(path)

    def look(self, path: Path) -> None:
        """Show what is understood of the file: rows, regions, years, indicators, issues, what it replaces."""
        self.understood = None
        if path.is_file():
            try:
                self.understood = preview(path)
                tell(self.told, Markup("<pre>{}</pre>").format(self.understood.text()))
            except PkpError as error:
                tell(self.told, warning(str(error)))
        usable = self.understood is not None and self.understood.counts["observations"] > 0
        self.keeping.disabled = not usable
        replaces = usable and bool(self.understood.replaces)
        self.replacing.layout.display = None if replaces else "none"
        self.keeping.description = "Simpan di samping angka lama" if replaces else "Simpan"

    def keep(self, replace: bool) -> None:
        try:
            stored = store(self.understood, replace=replace)
        except PkpError as error:
            tell(self.told, warning(str(error)))
            return
        self.keeping.disabled, self.replacing.layout.display = True, "none"
        text = f"Tersimpan: data/raw/{stored.name}. Tekan Perbarui laporan."
        tell(self.told, Markup('<p role="status">{}</p>').format(text))

    def write_form(self) -> None:
        """A link that downloads the form for the main indicators and the year."""
        path = Path(self.folder.name) / f"formulir_pkp_{self.year.value}.xlsx"
        try:
            write_form(path, headline(), [self.year.value])
        except PkpError as error:
            tell(self.told, warning(str(error)))
            return
        link = download(path.name, path.read_bytes(), EXCEL)
        tell(self.told, Markup('<p role="status">Unduh: {}</p>').format(link))
