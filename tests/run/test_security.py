"""Parameters are data and titles are text."""

from dataclasses import replace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkp_analysis.html import slug
from pkp_analysis.run import job as runner
from pkp_analysis.run.execute import execute
from pkp_analysis.run.plan import Request
from pkp_analysis.site.figure_files import share_place

from .runner_project import PARAMETERS, write_notebook

HOSTILE = [
    "'; raise SystemExit #",
    '"""\nimport os; os._exit(3)\n"""',
    "$(touch diserang) `touch diserang`",
    "{region_code} {{7*7}} {% raw %}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "../../etc/passwd",
    "\\'); exit() #\\",
    "baris\nbaru\r\n\ttab\x00nol",
    "𝕂𝕒𝕓. “Banjar” \u202e",
]


@pytest.fixture(scope="module")
def project(project):
    parameters = PARAMETERS["02_laporan_wilayah.ipynb"] + "\nnotes: list = []"
    write_notebook(
        project / "notebooks" / "catatan.ipynb",
        parameters,
        [
            "print([ascii(note) for note in notes])",
            (
                "from IPython.display import HTML\nfrom html import"
                " escape\nHTML(''.join(f'<p>{escape(note)}</p>' for note in notes))"
            ),
        ],
    )
    return project


def planned(project, dataset, out):
    """The item of 6303 with the notebook that shows its notes, and its context."""
    items, context = runner.prepare(
        dataset, out, Request(["6303"], report_year=2024, notebook=project / "notebooks" / "catatan.ipynb")
    )
    return items[0], context


def test_hostile_parameters_and_titles_stay_text(project, dataset, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "keluar"
    item, context = planned(project, dataset, out)
    title = "Kab. <script>alert('x')</script> {{ 7*7 }} \"$HOME\"\n& lain"
    result = execute(
        replace(item, parameters=item.parameters | {"notes": HOSTILE}, title=title), context, out
    )
    assert result.state == "done", result.failure
    executed = nbformat.read(out / "jejak" / f"{item.name}.ipynb", 4)
    printed = next(
        output.text
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    )
    assert printed.strip() == repr([ascii(note) for note in HOSTILE])
    page = (out / item.page).read_text(encoding="utf-8")
    assert (
        "alert(" in page and "<script>alert" not in page and "<img src=x" not in page and "{{ 7*7 }}" in page
    )
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {
        f"keluar/{place}"
        for place in (item.page, share_place(item.page), f"jejak/{item.name}.ipynb", f"jejak/{item.name}.log")
    }


@given(st.text())
def test_a_file_name_holds_only_plain_letters(text):
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
