"""Parameters are data, titles are text, and nothing secret is written down."""

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
SECRET = "token-yang-tidak-boleh-tertulis"


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


def test_a_hostile_error_stays_text_on_the_page_of_the_failure(project, dataset, tmp_path):
    item, context = planned(project, dataset, tmp_path)
    broken = write_notebook(
        project / "notebooks" / "rusak.ipynb",
        PARAMETERS["02_laporan_wilayah.ipynb"],
        ["raise ValueError('<script>alert(1)</script> {{7*7}}')"],
    )
    result = execute(replace(item, notebook=broken), context, tmp_path)
    page = (tmp_path / item.page).read_text(encoding="utf-8")
    assert result.failure.error == "ValueError" and result.failure.cell == 3
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and "{{7*7}}" in page


def test_no_secret_of_the_environment_is_written(project, dataset, tmp_path, monkeypatch):
    monkeypatch.setenv("BPS_TOKEN", SECRET)
    item, context = planned(project, dataset, tmp_path)
    broken = write_notebook(
        project / "notebooks" / "rusak.ipynb",
        PARAMETERS["02_laporan_wilayah.ipynb"],
        ["import os\nos.environ['BPS_TOKEN'] + 1"],
    )
    results = [
        execute(one, context, tmp_path)
        for one in (item, replace(item, name="saya/rusak", page="saya/rusak.html", notebook=broken))
    ]
    assert [result.state for result in results] == ["done", "failed"]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 7 and not [path for path in written if SECRET.encode() in path.read_bytes()]


@given(st.text())
def test_a_file_name_holds_only_plain_letters(text):
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
