"""A planner's way in a real JupyterLab: start page, exploration, three regencies with a scenario, saved; then a report.

One server and one browser for the module. Nothing may be asked of any other server, and the console stays without errors.
"""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pkp_analysis.paths import PACKAGE
from pkp_analysis.report.lab import lab_command
from pkp_analysis.report.region_data import save_models

pytestmark = pytest.mark.browser
PANEL = ".pkp-jelajah"
WAIT = 90_000  # milliseconds; a busy machine is no failure


@pytest.fixture(scope="module")
def project(processed_dir, dataset, tmp_path_factory) -> Path:
    """A project folder of its own, with clean tables, so that nothing is written into the checkout."""
    root = tmp_path_factory.mktemp("proyek")
    source = PACKAGE.parent
    shutil.copytree(source / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(source / "data" / "raw", root / "data" / "raw")
    shutil.copytree(processed_dir, root / "data" / "processed")
    save_models(dataset, root / "data" / "processed")
    return root


@pytest.fixture(scope="module")
def server(project, tmp_path_factory):
    """The address of a JupyterLab started as `pkp lab` does, with a home of its own."""
    home = tmp_path_factory.mktemp("rumah")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data", "JUPYTERLAB_SETTINGS_DIR": home / "settings", "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces"}
    environment = {**os.environ, **{key: str(value) for key, value in own.items()}, "PKP_ROOT": str(project), "JUPYTER_TOKEN": "uji"}
    log = (home / "server.log").open("w")
    process = subprocess.Popen(lab_command(project, browser=False, port=port), cwd=project, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        if process.poll() is not None:
            pytest.fail(f"JupyterLab stopped: {(home / 'server.log').read_text()[-2000:]}")
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5)
            break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="module")
def page(server, browser):
    """A page that remembers what was requested and what the console said."""
    page = browser.new_page(viewport={"width": 1440, "height": 1200})
    page.requested, page.complaints = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.set_default_timeout(WAIT)
    page.goto(f"{server}/?token=uji")
    yield page
    page.close()


def run_all(page) -> None:
    """The menu's "run all cells", once the kernel of the notebook on top is ready."""
    page.locator(".jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    page.locator(".jp-mod-active, .jp-StatusBar-TextItem", has_text="(ipykernel) | Idle").first.wait_for()
    page.locator(".lm-MenuBar-itemLabel", has_text="Jalankan").click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()


def open_panel(page) -> None:
    """Follow the link of the start page to the exploration and run it, unless it is there already."""
    if page.locator(PANEL).count() == 0:
        page.locator(".jp-NotebookPanel:visible a", has_text="05_jelajah_interaktif").click()
        page.wait_for_function("document.title.startsWith('05_jelajah')")
        run_all(page)
        page.locator(f"{PANEL} figure").first.wait_for()


def test_opens_in_indonesian_at_the_start_page_and_runs(page):
    page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "id-ID"
    assert "00_mulai" in page.title()
    menus = page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert menus[:4] == ["Berkas", "Sunting", "Tampilan", "Jalankan"]
    assert page.locator(".jp-toast, .Toastify__toast").count() == 0
    run_all(page)
    page.locator("section#ringkasan").wait_for(state="attached")  # below the fold JupyterLab shows a cell only when scrolled to
    assert "Banjar" in page.locator("section#ringkasan").text_content()
    assert page.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0


def test_links_of_the_start_page_resolve(page, project):
    for link in page.locator(".jp-RenderedMarkdown a[href*='.ipynb']").all():
        assert link.get_attribute("data-commandlinker-command") or "/notebooks/" in link.get_attribute("href")
        assert (project / "notebooks" / Path(link.inner_text() + ".ipynb")).is_file(), link.inner_text()


def test_the_slider_moves_figure_and_numbers_by_keyboard(page):
    open_panel(page)
    figure = page.locator(f"{PANEL} img").first.get_attribute("src")
    sentence = page.locator(f"{PANEL} [role=status]").first.inner_text()
    handle = page.locator(".widget-hslider:visible", has_text="Tambahan per tahun").locator(".noUi-handle")
    handle.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    page.locator(f"{PANEL} [role=status]", has_text="Dengan tambahan 2,0 persen poin per tahun").wait_for()
    assert "Menurut tren saja" in sentence
    assert page.locator(f"{PANEL} img").first.get_attribute("src") != figure


def test_every_control_has_a_label(page):
    open_panel(page)
    names = page.evaluate(
        """() => [...document.querySelectorAll('.jupyter-widgets select, .jupyter-widgets input, .jupyter-widgets button')]
        .filter(e => e.offsetParent).map(e => [e.tagName, (e.labels && [...e.labels].map(l => l.innerText).join('')) || e.innerText || e.title || e.getAttribute('aria-label') || ''])"""
    )
    assert names and all(name.strip() for _, name in names), names


def test_three_regencies_with_a_scenario_are_saved_without_code(page, project):
    open_panel(page)
    page.locator(".jp-Collapse-header, .jupyter-widget-Collapse-header", has_text="Bandingkan dengan").click()
    for name in ("Barito Kuala", "Hulu Sungai Utara"):
        page.get_by_label(name, exact=True).check()
    page.locator(f"{PANEL} tbody th", has_text="Hulu Sungai Utara").first.wait_for()
    page.locator(f"{PANEL} figure").nth(2).wait_for()
    page.get_by_role("button", name="Perbandingan").click()
    page.locator(f"{PANEL} figcaption", has_text="tertinggi di Hulu Sungai Utara").wait_for()
    page.get_by_role("button", name="Simpan").click()
    saved = page.locator("p[role=status]", has_text="Tersimpan")
    saved.wait_for()
    folder = project / "reports" / "jelajah"
    kinds = sorted(path.suffix for path in folder.iterdir())
    assert kinds == [".html", ".png", ".xlsx"]
    assert "Dengan tambahan" in next(folder.glob("*.html")).read_text()
    assert "/files/reports/jelajah/" in saved.locator("a").first.evaluate("link => link.href") or saved.locator("a").first.get_attribute("data-commandlinker-args")


def test_a_report_is_made_from_the_panel(page, project):
    open_panel(page)
    page.get_by_role("button", name="Jadikan laporan").click()
    told = page.locator("p", has_text=re.compile("Laporan (tidak )?selesai"))
    told.wait_for(timeout=2 * WAIT)
    assert told.inner_text() == "Laporan selesai: 6303-banjar.html"
    report = project / "reports" / "wilayah" / "6303-banjar.html"
    assert "Banjar" in report.read_text()


def test_nothing_was_asked_elsewhere_and_the_console_is_quiet(page, server):
    """Runs last: what the tests above did is judged here."""
    elsewhere = [url for url in page.requested if not url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))]
    assert elsewhere == []
    assert page.complaints == []
