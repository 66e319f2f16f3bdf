"""The plan is pure and refuses what cannot work; one failing item never stops the rest; the manifest tells."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pkp_analysis.data.dataset import load_dataset, write_dataset
from pkp_analysis.errors import BadRequestError, PkpError
from pkp_analysis.region.models import save_models
from pkp_analysis.run import job as runner
from pkp_analysis.run.manifest import read_manifest, reason
from pkp_analysis.run.plan import Request, check_parameters, declared_parameters, plan
from pkp_analysis.site import downloads

from .runner_project import PARAMETERS, wait_for, write_notebook

CODES = ["6303", "6304", "6305"]


def run(dataset, out: Path, codes=CODES, **options):
    """The executed items of some regions, without the site around them."""
    asked = Request(codes, report_year=2024, notebook=options.pop("notebook", None))
    items, context = runner.prepare(dataset, out, asked)
    return runner.execute_all(items, context, out, jobs=2, **options)


def test_the_plan_is_the_province_its_regencies_and_the_pages_across(project, dataset):
    names = [item.name for item in plan(dataset, {}, Request(report_year=2024))]
    assert names[:2] == ["wilayah/63-kalimantan-selatan", "wilayah/6301-tanah-laut"]
    assert sum(name.startswith("wilayah/") for name in names) == 14
    assert {"indikator/sanitasi_layak", "kualitas-data"} <= set(names)


def test_the_plan_is_pure(project, dataset):
    before = sorted(str(path) for path in project.rglob("*"))
    first, second = (plan(dataset, {}, Request(report_year=2024)) for _ in range(2))
    assert first == second and [item.key for item in first] == [item.key for item in second]
    assert sorted(str(path) for path in project.rglob("*")) == before


@pytest.mark.parametrize(
    "parameters, told",
    [
        ({"region_kode": "6303"}, "'region_kode' tidak ada; yang ada: region_code, report_year, lang"),
        ({"region_code": 6303}, "region_code bernilai 6303 (int); seharusnya str"),
        ({"report_year": True}, "report_year bernilai True (bool); seharusnya int"),
    ],
)
def test_a_wrong_parameter_is_refused_before_anything_runs(project, parameters, told):
    with pytest.raises(BadRequestError) as error:
        declared = declared_parameters(project / "notebooks" / "02_laporan_wilayah.ipynb")
        check_parameters("02_laporan_wilayah.ipynb", declared, parameters)
    assert told in str(error.value)


def test_a_notebook_without_a_parameters_cell_is_refused(project, tmp_path):
    path = write_notebook(tmp_path / "kosong.ipynb", "", [])
    path.write_text(path.read_text().replace('"parameters"', '"lain"'))
    with pytest.raises(BadRequestError, match="0 sel bertanda `parameters`"):
        declared_parameters(path)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG",
        b"[]",
        b"7",
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "a",'
        b' "source": 7, "metadata": {"tags": ["parameters"]}, "outputs": [], "execution_count": null}]}',
    ],
)
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "gambar.ipynb"
    path.write_bytes(content)
    with pytest.raises(BadRequestError, match="tidak dapat dibaca"):
        declared_parameters(path)


def test_an_unknown_language_is_refused(project, dataset):
    with pytest.raises(BadRequestError, match="id atau en"):
        plan(dataset, {}, Request(langs=("fr",)))


def test_what_is_made_is_skipped_the_next_time_as_long_as_it_is_whole(project, dataset, tmp_path):
    first = run(dataset, tmp_path)
    assert [result.state for result in first] == ["done"] * 3
    assert sorted(path.name for path in (tmp_path / "wilayah").iterdir()) == [
        "6303-banjar.html",
        "6304-barito-kuala.html",
        "6305-tapin.html",
    ]
    assert (
        "selesai" in (tmp_path / "jejak/wilayah/6303-banjar.log").read_text()
        and (tmp_path / "jejak/wilayah/6303-banjar.ipynb").is_file()
    )
    journal = tmp_path / "jejak/jurnal.jsonl"
    whole, (*told, last) = journal.read_text(), journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(told) + last[:40])
    assert sorted(read_manifest(tmp_path)["items"]) == sorted(json.loads(line)[0] for line in told)
    journal.write_text(whole)
    assert [result.state for result in run(dataset, tmp_path)] == ["skipped"] * 3
    (tmp_path / "wilayah/6303-banjar.html").write_text("separuh")
    (tmp_path / "wilayah/6304-barito-kuala.html").unlink()
    previous = read_manifest(tmp_path)
    items, _ = runner.prepare(dataset, tmp_path, Request(CODES, report_year=2024))
    whys = ["halaman hilang atau tidak utuh"] * 2 + ["tidak berubah"]
    assert [reason(item, previous, tmp_path) for item in items] == whys
    assert [result.state for result in run(dataset, tmp_path)] == ["done", "done", "skipped"]
    assert [result.state for result in run(dataset, tmp_path, force=True)] == ["done"] * 3


def test_papers_that_cannot_be_written_are_told_and_the_reports_stay(project, dataset, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(downloads, "write_downloads", full)
    with pytest.raises(PkpError, match="situs tidak dapat ditulis.*No space left"):
        runner.run(dataset, Request(["6303"]), out=tmp_path)
    assert not (tmp_path / "index.html").exists()
    monkeypatch.undo()
    (again,) = runner.run(dataset, Request(["6303"]), out=tmp_path)
    assert again.state == "skipped"
    assert (tmp_path / "index.html").is_file() and (tmp_path / "unduhan/data-pkp.xlsx").is_file()


def test_an_interrupted_run_ends_the_papers_as_well(project, dataset, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(runner, "execute_all", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    monkeypatch.setattr(
        runner.build, "write_beside", lambda *arguments: asked.append(wait_for(arguments[-1]))
    )
    with pytest.raises(KeyboardInterrupt):
        runner.run(dataset, Request(CODES), out=tmp_path)
    assert len(asked) == 1, "it waited until it was told to stop"


def test_a_page_made_while_its_notebook_changed_is_made_again(project, dataset, tmp_path, monkeypatch):
    path = project / "notebooks" / "02_laporan_wilayah.ipynb"
    before = path.read_text()
    monkeypatch.setenv("UJI_GANGGUAN", f"6304 open({str(path)!r}, 'a').write(chr(10))")
    assert [result.state for result in run(dataset, tmp_path, ["6304"])] == ["done"]
    monkeypatch.delenv("UJI_GANGGUAN")
    path.write_text(before)
    assert [result.state for result in run(dataset, tmp_path, ["6304"])] == ["done"]
    assert [result.state for result in run(dataset, tmp_path, ["6304"])] == ["skipped"]


def test_a_run_reads_one_version_of_the_data_whatever_is_built_meanwhile(project, dataset, tmp_path):
    """The figure that was there while the pages were made, then taken back, stands on no page."""
    processed = project / "data" / "processed"
    rows = dataset.observations.assign(value=dataset.observations["value"] + 0.1)
    provenance = dataset.provenance | {"data_version": "f" * 12}
    write_dataset(replace(dataset, observations=rows, provenance=provenance), processed)
    try:
        kept = load_dataset(processed, dataset.version)
        (result,) = runner.run(kept, Request(["6303"]), out=tmp_path)
    finally:
        write_dataset(dataset, processed)
    page = (tmp_path / result.item.page).read_text()
    (again,) = run(load_dataset(processed), tmp_path, ["6303"])
    (fresh,) = run(load_dataset(processed), tmp_path, ["6303"], force=True)
    assert (again.state, fresh.state) == ("skipped", "done")
    assert page == (tmp_path / fresh.item.page).read_text()


def test_a_planners_own_notebook_that_failed_is_nobody_elses_concern(project, dataset, tmp_path):
    """Neither the first page names it, in this run or a later one, nor is it remembered once it is gone."""
    path = write_notebook(
        project / "notebooks/saya/rahasia.ipynb", PARAMETERS["02_laporan_wilayah.ipynb"], ["1 / 0"]
    )
    (result,) = runner.run(dataset, Request(["6303"], notebook=path), out=tmp_path)
    pages = [(tmp_path / "index.html").read_text()]
    assert result.state == "failed" and (tmp_path / result.item.page).is_file()
    runner.run(dataset, Request(["6303"]), out=tmp_path)
    pages.append((tmp_path / "index.html").read_text())
    assert not any("rahasia" in page or "ZeroDivisionError" in page for page in pages)
    path.unlink()
    assert {result.state for result in runner.run(dataset, Request(["6303"]), out=tmp_path)} == {"skipped"}
    assert result.item.name not in read_manifest(tmp_path)["items"]
    assert not (tmp_path / result.item.page).exists()


def test_shipped_notebooks_run_in_an_empty_folder_of_their_own(project, dataset, tmp_path, monkeypatch):
    monkeypatch.setenv(
        "UJI_GANGGUAN", "6303 assert os.listdir() == [], os.getcwd(); open('sisa.txt', 'w').write('x')"
    )
    assert run(dataset, tmp_path, ["6303"])[0].state == "done"
    assert not list(Path.cwd().glob("sisa.txt")) and not list(project.rglob("sisa.txt"))


def test_the_models_are_fitted_once_for_all_kernels(project, dataset, tmp_path):
    unable = "from pkp_analysis.analysis import projection\nprojection.models_for = None"
    path = write_notebook(
        project / "notebooks/saya/tahun.ipynb",
        PARAMETERS["02_laporan_wilayah.ipynb"],
        [unable, "import pkp_analysis as pkp\nprint(sorted(pkp.load(region_code, report_year).models))"],
    )
    asked = Request(["6303", "6304"], report_year=2021, notebook=path)
    results = runner.run(dataset, asked, out=tmp_path)
    assert [result.state for result in results] == ["done"] * 2, [result.failure for result in results]
    assert "sanitasi_layak" in (tmp_path / results[0].item.page).read_text()
    save_models(dataset, project / "data/processed")
    assert not list((project / "data/processed").glob("models-*.json")), (
        "those of other figures go when the tables are made again"
    )


def test_any_executor_will_do_and_a_worker_that_breaks_fails_its_item_only(
    project, dataset, tmp_path, monkeypatch
):
    real = runner.execute

    def breaks_once(item, *rest):
        if item.region_code == "6304":
            raise SystemError("pekerja rusak")
        return real(item, *rest)

    monkeypatch.setattr(runner, "execute", breaks_once)
    with ThreadPoolExecutor(1) as executor:
        results = run(dataset, tmp_path, ["6304", "6305"], executor=executor)
    assert [result.state for result in results] == ["failed", "done"]
    assert "pekerja rusak" in (tmp_path / "wilayah/6304-barito-kuala.html").read_text()


def test_the_manifest_names_inputs_versions_and_outcome_but_no_secret(
    project, dataset, tmp_path, monkeypatch
):
    monkeypatch.setenv("BPS_TOKEN", "rahasia-sekali")
    monkeypatch.setenv("UJI_GANGGUAN", "6304 print(os.environ.get('BPS_TOKEN')); 1 / 0")
    runner.run(dataset, Request(CODES[:2], report_year=2024), out=tmp_path)
    text = (tmp_path / "jejak/manifest.json").read_text()
    manifest = json.loads(text)
    assert manifest["inputs"]["data_version"] == dataset.provenance["data_version"]
    assert (
        manifest["run"]["done"] == 1
        and manifest["run"]["failed"] == 1
        and manifest["run"]["versions"]["papermill"]
    )
    entry = manifest["items"]["wilayah/6304-barito-kuala"]
    assert (
        entry["failure"]["error"] == "ZeroDivisionError"
        and entry["failure"]["cell"] == 3
        and entry["parameters"]["region_code"] == "6304"
    )
    assert not (tmp_path / "jejak/jurnal.jsonl").exists()
    assert "host" not in manifest["run"]
    assert not [
        path for path in tmp_path.rglob("*") if path.is_file() and b"rahasia-sekali" in path.read_bytes()
    ]


def test_a_slip_in_the_catalogue_is_told_before_any_process_starts(monkeypatch, tmp_path):
    def load(lang):
        if lang == "en":
            raise PkpError("en.toml, baris 3: isian {salah} tidak dikenal")

    monkeypatch.setattr(runner, "load_sentences", load)
    with pytest.raises(PkpError, match="baris 3"):
        runner.execute_all([], None, tmp_path)
