"""A planner's way in a real JupyterLab, from `make lab` in a clean clone; then the same notebooks without
`pkp`.

One server per module; every test opens a page of its own and can run alone. A page asks no other server for
anything and
its console stays without errors: both are judged when a test's page is closed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.run.runner_project import wait_for

pytestmark = pytest.mark.browser
PANEL = ".jupyter-widgets"
PICTURE = f"{PANEL} img"
WAIT = 180_000  # milliseconds; a busy machine is no failure
THREE = ("Barito Kuala", "Hulu Sungai Utara")  # beside Banjar


def serve(command: list[str], folder: Path, home: Path, **variables):
    """Start a JupyterLab in `folder` with a home of its own; yields its address, read from its log."""
    own = {
        "HOME": home,
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
    }
    environment = {key: value for key, value in os.environ.items() if key != "PKP_ROOT"}
    environment |= {
        **{key: str(value) for key, value in own.items()},
        "JUPYTER_TOKEN": "uji",
        "BROWSER": "true",
        **variables,
    }
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        address = re.compile(r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab")
        told = (home / "server.log").read_text
        wait_for(lambda: address.search(told()) or process.poll() is not None)
        assert process.poll() is None, told()[-2000:]
        yield f"http://127.0.0.1:{address.search(told())[1]}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


@pytest.fixture(scope="module")
def server(project, tmp_path_factory):
    """The address of the JupyterLab that `make lab` starts; its environment is the one the tests run in, so
    nothing is installed.
    """
    home = tmp_path_factory.mktemp("rumah")
    venv = home / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "pkp").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pkp_analysis "$@"\n')
    (venv / "bin" / "pkp").chmod(0o755)
    (venv / ".installed").touch()
    yield from serve(["make", "lab", f"VENV={venv}"], project, home)


@pytest.fixture
def visit(browser):
    """Opens an address in a page of its own; what it requested and what its console said is judged at the
    end.
    """
    pages = []

    def opened(address: str, path: str = ""):
        page = browser.new_context(viewport={"width": 1440, "height": 1200}).new_page()
        page.requested, page.complaints, page.home = [], [], address
        page.on("request", lambda request: page.requested.append(request.url))
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.set_default_timeout(WAIT)
        # What an earlier test left open would be restored: every test starts from an empty workspace.
        page.request.delete(f"{address}/lab/api/workspaces/default", headers={"Authorization": "token uji"})
        page.goto(f"{address}{path or '/'}?token=uji")
        pages.append(page)
        return page

    yield opened
    for page in pages:
        own = (page.home, page.home.replace("http", "ws"), "data:", "blob:")
        assert [url for url in page.requested if not url.startswith(own)] == []
        assert page.complaints == []
        page.context.close()


@pytest.fixture
def start(server, visit):
    """The page a planner meets first."""
    return visit(server)


@pytest.fixture
def panel(start):
    return explored(start)


def explored(start):
    """The exploration, reached by the link of the start page and run with the button."""
    start.locator(".jp-NotebookPanel:visible a", has_text="05_jelajah_interaktif").click()
    start.wait_for_function("document.title.startsWith('05_jelajah')")
    run_all(start)
    start.locator(PICTURE).first.wait_for()
    return start


def run_all(page) -> None:
    """The button that runs all cells, once the kernel of the notebook on top is ready."""
    page.locator(".jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    page.locator(".jp-mod-active, .jp-StatusBar-TextItem", has_text="(ipykernel) | Idle").first.wait_for()
    page.locator(".jp-NotebookPanel:visible .jp-Toolbar-item", has_text="Jalankan semua").click()


def slide(page, steps: int) -> None:
    """Move the scenario's slider by keyboard and wait for the numbers."""
    page.locator(".widget-hslider:visible", has_text="Tambahan per tahun").locator(".noUi-handle").focus()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    page.locator("#tabel-skenario th", has_text="dengan skenario").first.wait_for()


def test_from_make_lab_over_the_figures_of_a_file_to_a_comparison_with_a_scenario(start, project, tmp_path):
    the_start_page_is_indonesian_runs_leads_on_and_makes_figures_of_a_file(start, project, tmp_path)
    panel = explored(start)
    tab_reaches_every_control_and_each_has_a_name(panel)
    figure = panel.locator(PICTURE).first.get_attribute("src")
    slide(panel, 3)
    panel.wait_for_function("src => document.querySelector('.jupyter-widgets img')?.src !== src", arg=figure)
    assert "Peluang pada 2030 dengan skenario" in panel.locator("#tabel-skenario").inner_text()
    for name in THREE:
        panel.get_by_label(name, exact=True).check()
    panel.get_by_label("Rp per rumah tangga").fill("12000000")
    panel.keyboard.press("Tab")
    numbers = panel.locator("#tabel-skenario")
    numbers.locator("tbody th", has_text="Perkiraan biaya").wait_for()
    assert numbers.locator("thead th").all_inner_texts() == ["Ukuran", "Banjar", *THREE]
    panel.locator(PICTURE).nth(2).wait_for()
    panel.get_by_role("button", name="Posisi").click()
    panel.locator(f"{PANEL} strong", has_text="di kabupaten dan kota").wait_for()
    panel.get_by_role("button", name="Tampilkan kode").click()
    assert "pkp.charts.position" in panel.get_by_label("Kode", exact=True).input_value()
    panel.get_by_role("button", name="Unduh").click()
    link = panel.locator("a[download='nilai.xlsx']")
    link.wait_for()
    with panel.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "nilai.xlsx"


def tab_reaches_every_control_and_each_has_a_name(panel) -> None:
    for name in ("Bandingkan dengan wilayah lain", "Tampilkan juga indikator lain"):
        panel.get_by_role("button", name=name).click()
    panel.get_by_label("Wilayah", exact=True).focus()
    reached = []
    for _ in range(160):  # every region and indicator is a box of its own
        panel.keyboard.press("Tab")
        reached.append(
            panel.evaluate(
                "(at => at.getAttribute('aria-label') || (at.labels?.[0] ||"
                " at).innerText.trim())(document.activeElement)"
            )
        )
    for name in (
        "Tapin",
        "Indikator",
        "Air minum layak",
        "Target",
        "Tahun pada grafik: awal",
        "Satuan upaya",
        "Tambahan per tahun",
        "Rp per rumah tangga",
        "Peta panas",
        "Tampilkan kode",
        "Unduh",
        "Jadikan laporan",
    ):
        assert name in reached, (name, reached)
    found = Axe().run(panel, context=".jp-OutputArea-output .jupyter-widgets")
    assert [
        (one["id"], node["html"][:150]) for one in found.response["violations"] for node in one["nodes"]
    ] == []


@pytest.mark.slow
def test_an_officer_without_a_terminal_gets_the_figures_of_a_form_onto_the_site(start, project, tmp_path):
    kept = shutil.copytree(project / "data" / "raw", tmp_path / "mentah")
    run_all(start)
    start.locator(".jupyter-button", has_text="Buat formulir").click()
    link = start.locator("a[download='formulir_pkp_2025.xlsx']")
    link.wait_for()
    with start.expect_download() as saved:
        link.click()
    form = tmp_path / "formulir_pkp_2025.xlsx"
    saved.value.save_as(form)
    workbook = openpyxl.load_workbook(form)
    sheet = workbook["Isian"]
    (column,) = {cell.column for cell in sheet[4] if "hunian" in str(cell.value)}
    sheet["A2"], sheet.cell(8, column).value = "Sumber: Disperkim Banjar", 61.37  # made up for this test
    workbook.save(form)
    with start.expect_file_chooser() as chooser:
        start.locator(".jupyter-button", has_text="Pilih berkas").first.click()
    chooser.value.set_files(form)
    start.locator("pre", has_text="hunian_layak").first.wait_for()
    start.locator(".jupyter-button", has_text=re.compile(r"^\s*Simpan\s*$")).click()
    start.locator("p[role=status]", has_text="Tersimpan").wait_for()
    start.locator(".jupyter-button", has_text="Perbarui laporan").click()
    changed = start.locator("a[href*='reports/wilayah/6303-banjar.html']")
    changed.wait_for(timeout=5 * WAIT)
    with start.context.expect_page() as opened:
        changed.click()
    opened.value.locator("main", has_text="61,37").wait_for()
    shutil.rmtree(project / "data" / "raw")
    kept.rename(project / "data" / "raw")


def the_start_page_is_indonesian_runs_leads_on_and_makes_figures_of_a_file(start, project, tmp_path) -> None:
    start.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for()
    assert start.locator("html").get_attribute("lang") == "id-ID"
    assert "00_mulai" in start.title()
    menus = start.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert menus[:4] == ["Berkas", "Sunting", "Tampilan", "Jalankan"]
    run_all(start)
    state = start.locator("table", has_text="Versi data").first
    state.wait_for(state="attached")  # below the fold JupyterLab shows a cell only when scrolled to
    assert "dipakai" in state.text_content() and "01_kualitas_data" in state.text_content()
    assert start.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0
    assert start.locator(".jp-toast, .Toastify__toast").count() == 0
    links = start.locator(".jp-RenderedMarkdown a[href*='.ipynb']").all()
    assert len(links) >= 5
    for link in links:
        assert link.get_attribute("data-commandlinker-command") or "/notebooks/" in link.get_attribute("href")
        assert (project / "notebooks" / f"{link.inner_text()}.ipynb").is_file(), link.inner_text()
    sent = tmp_path / "sanitasi_layak_2025.csv"
    sent.write_text(
        "Kabupaten/Kota;Sanitasi layak (%) 2025\nKabupaten Banjar;85,2\n"
    )  # made up for this test
    choose = start.locator(".jupyter-button", has_text="Pilih berkas").first
    choose.wait_for(state="attached")  # below the fold JupyterLab shows a cell only when scrolled to
    with start.expect_file_chooser() as chooser:
        choose.click()
    chooser.value.set_files(sent)
    start.locator("pre", has_text="sanitasi_layak").first.wait_for()
    start.locator(".jupyter-button", has_text=re.compile(r"^\s*Simpan\s*$")).click()
    start.locator("p[role=status]", has_text="Tersimpan").wait_for()
    assert (project / "data" / "raw" / sent.name).is_file()
    (project / "data" / "raw" / sent.name).unlink()
    rows = (project / "data" / "raw" / "sources.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [row for row in rows if sent.name not in row]
    (project / "data" / "raw" / "sources.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")


@pytest.mark.slow
def test_a_report_is_made_from_the_panel(panel, project):
    panel.get_by_role("button", name="Jadikan laporan").click()
    told = panel.locator(".jp-NotebookPanel:visible p[role=status]", has_text="Buka:")
    told.wait_for(timeout=2 * WAIT)
    assert told.inner_text() == "Buka: reports/wilayah/6303-banjar.html · reports/index.html"
    assert "Banjar" in (project / "reports" / "wilayah" / "6303-banjar.html").read_text()


@pytest.fixture(scope="module", params=["proyek", "folder lain"])
def plain(request, project, tmp_path_factory):
    """A plain `jupyter lab`, from the project folder and from the folder above it: no settings of ours."""
    folder = project if request.param == "proyek" else project.parent
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0"]
    for address in serve(command, folder, tmp_path_factory.mktemp("polos")):
        yield address, "/lab/tree/" + ("" if folder == project else f"{project.name}/")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("notebook", "shown"),
    [("00_mulai", "caption:has-text('Keadaan data')"), ("05_jelajah_interaktif", PICTURE)],
)
def test_plain_jupyter_lab_opens_and_runs_the_notebooks(plain, visit, notebook, shown):
    address, folder = plain
    page = visit(address, f"{folder}notebooks/{notebook}.ipynb")
    page.locator(".jp-mod-active, .jp-StatusBar-TextItem", has_text="(ipykernel) | Idle").first.wait_for()
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    page.locator(shown).first.wait_for(state="attached")
    assert page.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0
    page.requested = [
        url for url in page.requested if "jupyterlab.github.io" not in url
    ]  # news and updates: switched off by `pkp lab` only
