"""The controls that the explorer and the panel of 00 are built of, and how both answer."""

import base64
import json
import os
import subprocess
import sys
import tempfile
from threading import Thread

import ipywidgets as widgets
from markupsafe import Markup

from ..errors import PkpError
from ..paths import project_root

WIDE = {"style": {"description_width": "140px"}, "layout": {"width": "98%"}}
SLIDER_NAMES = """const name = () => document.querySelectorAll('.widget-hslider .noUi-handle:not([aria-label])')
  .forEach(handle => {
    const slider = handle.closest('.widget-hslider');
    const end = slider.querySelectorAll('.noUi-handle').length < 2 ? ''
      : handle.matches('.noUi-handle-upper') ? ': akhir' : ': awal';
    handle.setAttribute('aria-label', slider.querySelector('.widget-label').innerText + end);
  });
new MutationObserver(name).observe(document.body, {childList: true, subtree: true});
name();"""  # ipywidgets gives the handle of a slider no name for screen readers


def sliders() -> widgets.Output:
    """What gives them, once it is shown."""
    return widgets.Output(outputs=(displayed({"application/javascript": SLIDER_NAMES}),))


def tell(place: widgets.Output, html: Markup) -> None:
    """Show a message; as an output, so that JupyterLab makes its links work."""
    place.outputs = (displayed({"text/html": str(html)}),)


def displayed(data: dict, metadata: dict | None = None) -> dict:
    """What an Output widget shows."""
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


def menu(name: str, options: list) -> widgets.Dropdown:
    return widgets.Dropdown(description=name, options=options, **WIDE)


def count(name: str, **limits) -> widgets.BoundedIntText:
    return widgets.BoundedIntText(description=name, **limits, **WIDE)


def tick(text: str) -> widgets.Checkbox:
    return widgets.Checkbox(description=text, indent=False, layout={"width": "auto"})


def heading(text: str) -> widgets.HTML:
    return widgets.HTML(f"<strong>{text}</strong>", layout={"margin": "8px 0 0 0"})


def folded(text: str, boxes: list) -> tuple:
    """A button that shows and hides the checkboxes, and the checkboxes: an accordion's title cannot be
    reached by keyboard.
    """
    button = widgets.ToggleButton(description=text, icon="caret-down", layout={"width": "98%"})
    columns = {"grid_template_columns": "repeat(2, minmax(0, 1fr))", "width": "98%", "display": "none"}
    grid = widgets.GridBox(boxes, layout=columns)
    button.observe(
        lambda change: setattr(grid.layout, "display", "grid" if change["new"] else "none"), "value"
    )
    return button, grid


def warning(text: str) -> Markup:
    return Markup('<p role="alert" style="white-space:normal"><strong>⚠ {}</strong></p>').format(text)


def attempt(make):
    """(what it makes, "") or ("", the error as a sentence)."""
    try:
        return make(), ""
    except PkpError as error:
        return "", str(warning(str(error)))


def download(name: str, content: bytes, kind: str) -> Markup:
    address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return Markup('<a download="{}" href="{}">{}</a>').format(name, address, name)


class Making:
    """The pages made again by `pkp`, in the background: the button is off and `bar` moves until it ends, then `told`
    says what it made and links the pages to open.
    """

    def __init__(self, button: widgets.Button, told: widgets.Output):
        self.button, self.told = button, told
        self.bar = widgets.IntProgress(description="Laporan", min=0, max=1, layout={"display": "none"})

    def start(self, *arguments: str) -> None:
        self.button.disabled, self.bar.layout.display = True, None
        command = [sys.executable, "-m", "pkp_analysis", *arguments, "--json"]
        answer = tempfile.TemporaryFile("w+")
        process = subprocess.Popen(
            command, cwd=project_root(), stdout=answer, stderr=subprocess.PIPE, text=True
        )
        self.following = Thread(target=self.follow, args=(process, answer), daemon=True)
        self.following.start()

    def follow(self, process, answer) -> None:
        """Move the bar with the lines of the command until it ends."""
        lines = []
        for line in process.stderr:
            done, slash, rest = line.lstrip("[ ").partition("/")
            total = rest.partition("]")[0]
            if line.startswith("[") and slash and done.isdigit() and total.isdigit():
                self.bar.max, self.bar.value = int(total), int(done)
            else:
                lines.append(line.strip())
        code = process.wait()
        self.button.disabled, self.bar.layout.display = False, "none"
        with answer:
            answer.seek(0)
            made = json.loads(answer.read() or "{}")
        counts = {state: made.get(state, []) for state in ("done", "skipped", "failed")}
        lines.append("{} halaman dibuat, {} tidak berubah, {} gagal".format(*map(len, counts.values())))
        lines += [f"{one['name']}: {one['error']}: {one['message']}" for one in counts["failed"]]
        front = "reports/index.html"
        opened = os.path.relpath(project_root() / (made.get("open") or front), project_root())
        links = [
            Markup('<a href="/files/{0}" target="_blank">{0}</a>').format(page)
            for page in dict.fromkeys([opened, front])
        ]
        told = Markup("<pre>{}</pre>").format("\n".join(lines[-6:] + made.get("changes", [])))
        told += Markup('<p role="status">Buka: {}</p>').format(Markup(" · ").join(links))
        tell(self.told, told if code == 0 else warning("Sebagian tidak selesai:") + told)
