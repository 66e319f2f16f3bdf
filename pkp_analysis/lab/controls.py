"""The controls that the explorer and the panel of 00 are built of, and how both answer."""

import base64

import ipywidgets as widgets
from markupsafe import Markup

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


def names_of_sliders() -> widgets.Output:
    """What gives them, once it is shown."""
    return widgets.Output(
        outputs=(
            {"output_type": "display_data", "data": {"application/javascript": SLIDER_NAMES}, "metadata": {}},
        )
    )


def tell(place: widgets.Output, html: Markup) -> None:
    """Show a message; as an output, so that JupyterLab makes its links work."""
    place.outputs = ({"output_type": "display_data", "data": {"text/html": str(html)}, "metadata": {}},)


def menu(name: str, options: list) -> widgets.Dropdown:
    return widgets.Dropdown(description=name, options=options, **WIDE)


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


def download(name: str, content: bytes, kind: str) -> Markup:
    address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return Markup('<a download="{}" href="{}">{}</a>').format(name, address, name)
