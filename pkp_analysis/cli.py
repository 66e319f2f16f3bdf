"""The command `pkp`: every command only calls Python that a notebook could call."""

import contextlib
import json
import os
import sys
from pathlib import Path

import click

from . import __version__, paths
from .errors import BadRequestError, PkpError, system_fault

INTERRUPTED = 130  # as shells count a command that Ctrl+C ended


class Commands(click.Group):
    """The one boundary for errors: each becomes a sentence on stderr and a documented exit code."""

    def invoke(self, context):
        try:
            paths.current_folder()  # libraries look for it as they are imported
            result = super().invoke(context)
            sys.stdout.flush()
            return result
        except PkpError as error:
            self.end(context, str(error), error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            self.end(
                context, "dihentikan. Yang sudah selesai tersimpan; jalankan lagi untuk sisanya.", INTERRUPTED
            )
        except BrokenPipeError:
            raise  # `pkp check | head`: click knows what to do
        except (OSError, MemoryError, ImportError, RuntimeError) as error:
            told = system_fault(error)
            if told is None:
                raise
            self.end(context, told, 1)

    def end(self, context, sentence: str, code: int) -> None:
        click.echo(f"pkp: {sentence}", err=True)
        context.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pkp")
def main():
    """Data perumahan dan kawasan permukiman: dari berkas mentah sampai laporan per wilayah.

    Kode keluar: 0 semua berhasil; 1 ada yang gagal, sisanya selesai; 2 permintaan keliru, tidak ada yang
    dikerjakan; 130 dihentikan (Ctrl+C), yang sudah selesai tersimpan.
    """


def from_anywhere(context, parameter, path: Path | None) -> Path | None:
    """The file, looked for in the project as well: a terminal of JupyterLab opens in any of its folders."""
    if path and not path.is_file() and (paths.project_root() / path).is_file():
        return paths.project_root() / path
    return path


def report_options(command):
    """Options that `run` and `report` share."""
    options = [
        click.option(
            "--region",
            "regions",
            multiple=True,
            metavar="WILAYAH",
            help="Kode atau nama wilayah, misalnya 6303 atau Banjar; boleh berulang.",
        ),
        click.option(
            "--province",
            default="63",
            show_default=True,
            help="Kode atau nama provinsi, atau all untuk semua.",
        ),
        click.option(
            "--report-year",
            type=int,
            help="Tahun laporan; bawaan: tahun terakhir yang lengkap untuk semua wilayah.",
        ),
        click.option("--lang", default="id", show_default=True, help="Bahasa halaman: id, en, atau id,en."),
        click.option(
            "--jobs",
            type=click.IntRange(min=1),
            help=(
                "Banyaknya laporan yang dikerjakan bersamaan; bawaan: satu lebih banyak daripada inti"
                " prosesor."
            ),
        ),
        click.option("--force", is_flag=True, help="Buat ulang semua halaman, juga yang tidak berubah."),
        click.option(
            "--dry-run",
            is_flag=True,
            help="Tampilkan apa yang akan dibuat dan mengapa; tidak menulis apa pun.",
        ),
        click.option(
            "--out",
            type=click.Path(path_type=Path, file_okay=False),
            help="Folder keluaran; bawaan: reports/.",
        ),
        click.option(
            "--notebook",
            type=click.Path(path_type=Path, dir_okay=False),
            callback=from_anywhere,
            help="Buku catatan sendiri sebagai pengganti 02_laporan_wilayah.",
        ),
        click.option("--scheduler", metavar="ALAMAT", help="Alamat klaster Dask, misalnya tcp://host:8786."),
        click.option("--pdf", is_flag=True, help="Buat juga PDF dengan Chromium."),
        click.option(
            "--internal", is_flag=True, help="Sertakan daftar prioritas pembinaan; tidak untuk situs publik."
        ),
        click.option("--json", "as_json", is_flag=True, help="Cetak ringkasan sebagai JSON."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@main.command()
@report_options
def run(**options):
    """Pekerjaan utama: berkas mentah, tabel bersih, laporan, situs."""
    still = _unless_unchanged("run", options, paths.raw_dir())
    request = _request(options)
    from .data.dataset import assemble
    from .run.job import held

    if options["dry_run"]:
        _report(assemble(), still, [], request, options)
        return
    with held(options["out"] or paths.reports_dir()):
        before = _current()
        dataset = _clean()
        made = sorted(path for path in paths.processed_dir().glob("*") if path.is_file())
        _report(dataset, still, made, request, options, before)


@main.command()
@report_options
def report(**options):
    """Laporan dan situs dari tabel yang sudah bersih."""
    still = _unless_unchanged("report", options, paths.processed_dir())
    request = _request(options)
    from .data.dataset import load_dataset

    try:
        dataset = load_dataset()
    except PkpError as error:
        if options["dry_run"] or not (paths.processed_dir() / "provenance.json").is_file():
            raise
        click.echo(f"pkp: {error} Dibuat ulang dari data/raw.", err=True)
        dataset = _clean()
    _report(dataset, still, [], request, options)


def _current():
    """The clean tables as they are before a command changes them; None when there are none."""
    from .data.dataset import load_dataset

    with contextlib.suppress(PkpError):
        return load_dataset()


def _request(options: dict):
    """The Request to the runner; a wrong name or file ends the command before it does anything."""
    from .data.regions import find_region, to_region_code
    from .run.plan import Request

    notebook, everywhere = options["notebook"], options["province"] == "all"
    if notebook and not notebook.is_file():
        raise BadRequestError(
            f"Buku catatan {notebook} tidak ada. Periksa letaknya, misalnya notebooks/saya/laporan.ipynb."
        )
    province = None if everywhere else to_region_code(options["province"])
    return Request(
        region_codes=[find_region(name, province) for name in options["regions"]] or None,
        province=province or "all",
        report_year=options["report_year"],
        langs=tuple(dict.fromkeys(word.strip() for word in options["lang"].split(","))),
        notebook=notebook.resolve() if notebook else None,
        internal=options["internal"],
    )


def _unless_unchanged(command: str, options: dict, inputs: Path):
    """Ends the command here when the last one had the same fingerprint and nothing it made is missing; else a
    function that gives this fingerprint as long as nothing it covers changes, then "".
    """
    from .run import manifest

    out = options["out"] or paths.reports_dir()
    request = {
        name: value
        for name, value in options.items()
        if name not in ("jobs", "force", "dry_run", "out", "scheduler", "as_json")
    }
    request |= {"command": command, "geojson": os.environ.get("PKP_GEOJSON")}
    state = manifest.fingerprint(request, inputs)

    def still() -> str:
        return state if manifest.fingerprint(request, inputs) == state else ""

    if options["dry_run"]:
        return still
    names = None if options["force"] else manifest.unchanged(out, state)
    if names is not None:
        told = {"out": str(out), "done": [], "skipped": names, "failed": []}
        if options["notebook"] or options["regions"]:
            told["open"] = str(out / f"{names[0]}.html")
        _tell(told, out, options["as_json"])
        sys.exit(0)
    with contextlib.suppress(OSError):  # a folder that cannot be written: the run itself says so
        manifest.forget(out)
    if not options["scheduler"]:
        from .run.processes import warm_up

        warm_up()  # it imports while the tables are read and the work is planned
    return still


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Cetak jumlah sel dan catatan sebagai JSON.")
def check(as_json):
    """Baca dan periksa berkas mentah; tidak menulis apa pun."""
    from .data.dataset import assemble

    dataset = assemble()
    _print_build(dataset, as_json, list_issues=True)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Cetak jumlah sel dan catatan sebagai JSON.")
def clean(as_json):
    """Berkas mentah menjadi tabel bersih di data/processed."""
    _print_build(_clean(), as_json)


def _clean():
    """The clean tables, written, and the models fitted on them."""
    from .data.dataset import build_dataset
    from .region.models import save_models

    dataset = build_dataset()
    save_models(dataset, paths.processed_dir())
    return dataset


def _print_build(dataset, as_json: bool, list_issues: bool = False) -> None:
    counts = dataset.provenance["counts"]
    if list_issues and not as_json:
        for issue in dataset.issues.itertuples():
            place = f"{issue.file}{'!' + issue.sheet if issue.sheet else ''} {issue.column}{issue.row}"
            click.echo(f"{issue.severity:8} {place}: {issue.message} {issue.suggestion}".rstrip())
    issues = json.loads(dataset.issues.to_json(orient="records", force_ascii=False)) if as_json else []
    severities = dataset.issues["severity"].value_counts().to_dict()
    _say(
        f"Sel nilai {counts['candidates']} = {counts['observations']} dipakai + {counts['rejected']} ditolak"
        f" + {counts['missing']} kosong; catatan: {severities or 'tidak ada'}; versi data"
        f" {dataset.version}",
        {"data_version": dataset.version, "counts": counts, "issues": issues},
        as_json,
    )


def _report(dataset, still, made: list, request, options: dict, before=None) -> None:
    """The pages of a request, then what they show that is new since `before`; exits 1 when some failed."""
    from .run import job as runner
    from .run import manifest
    from .run.processes import suit_reports

    suit_reports()
    out, as_json = options["out"] or paths.reports_dir(), options["as_json"]
    if options["dry_run"]:
        items, _ = runner.prepare(dataset, out, request)
        previous = manifest.read_manifest(out)
        reasons = [manifest.reason(item, previous, out, options["force"]) for item in items]
        rows = [{"name": one.name, "page": one.page, "why": why} for one, why in zip(items, reasons)]
        _say("\n".join(f"{row['name']}: {row['why']}" for row in rows), rows, as_json)
        return
    with runner.executor_of(options["scheduler"]) as executor:
        results = runner.run(
            dataset,
            request,
            out=out,
            jobs=options["jobs"],
            force=options["force"],
            executor=executor,
            with_pdf=options["pdf"],
        )
    told = manifest.summary(results, out)
    if options["pdf"]:
        told["pdf_failed"] = list(dict.fromkeys(said for result in results for said in result.unprinted))
    failed = bool(told["failed"] or told.get("pdf_failed"))
    if not failed and (state := still()):
        manifest.remember(out, state, told["done"] + told["skipped"], made)
    if options["notebook"] or options["regions"]:
        told["open"] = str(out / results[0].item.page)
    if before is not None and before.version != dataset.version:
        from .data.exchange.changes import what_changed

        told["changes"], page = what_changed(before.observations, dataset.observations)
        told["open"] = str(out / (page if (out / page).is_file() else "index.html"))
    _tell(told, out, as_json)
    sys.exit(1 if failed else 0)


def _tell(told: dict, out: Path, as_json: bool) -> None:
    """What was made, what was still right, and what failed."""
    made, same, failed = (len(told[state]) for state in ("done", "skipped", "failed"))
    text = f"{made} halaman dibuat, {same} tidak berubah, {failed} gagal: {out / 'index.html'}"
    _say(text, told, as_json)
    if as_json:
        return
    for failure in told["failed"]:
        click.echo(
            f"  {failure['name']}: sel {failure['cell'] or '–'}: {failure['error']}: {failure['message']}",
            err=True,
        )
    for sentence in told.get("pdf_failed", []):
        click.echo(f"  PDF: {sentence}", err=True)
    for sentence in told.get("changes", []):
        click.echo(sentence)
    if page := told.get("open"):
        click.echo(f"Buka {page}.")


def _say(text: str, content, as_json: bool) -> None:
    """The same to a reader or, as JSON, to a program."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1) if as_json else text)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--indicator", default="", help="Kode atau nama indikator, bila file tidak menyebutnya.")
@click.option("--year", type=click.IntRange(1990, 2049), help="Tahun data, bila file tidak menyebutnya.")
@click.option("--title", default="", help="Judul tabel untuk sources.csv.")
@click.option("--publisher", default="", help="Penerbit angka.")
@click.option("--url", default="", help="Alamat asal file.")
@click.option(
    "--notes",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tulis juga catatan untuk pengirim: salinan Excel dengan sel yang ditandai.",
)
@click.option("--yes", is_flag=True, help="Simpan tanpa bertanya.")
@click.option("--json", "as_json", is_flag=True, help="Cetak yang dipahami sebagai JSON.")
def add(file, indicator, year, title, publisher, url, notes, yes, as_json):
    """Periksa FILE, tampilkan isinya, lalu simpan di data/raw beserta barisnya di sources.csv."""
    from .data.exchange.intake import preview

    _store(preview(file, indicator, year, title, publisher, url), yes, as_json, notes)


@main.command("fetch-bps")
@click.option("--var", required=True, help="Id variabel di webapi.bps.go.id.")
@click.option(
    "--domain", default="6300", show_default=True, help="Domain BPS: 0000 nasional, 6300 Kalimantan Selatan."
)
@click.option("--refresh", is_flag=True, help="Ambil ulang walaupun ada di tembolok.")
@click.option("--yes", is_flag=True, help="Simpan tanpa bertanya.")
@click.option("--json", "as_json", is_flag=True, help="Cetak yang dipahami sebagai JSON.")
def fetch_bps(var, domain, refresh, yes, as_json):
    """Ambil satu tabel dari WebAPI BPS ke data/raw; token dibaca dari variabel lingkungan BPS_TOKEN."""
    from .data.exchange.bps import preview_table

    _store(preview_table(var, domain, refresh=refresh), yes, as_json)


def _store(understood, yes: bool, as_json: bool, notes: Path | None = None) -> None:
    """Shows what was understood and, when the user agrees, stores the file and says what that changes."""
    from .data.exchange.intake import store
    from .data.exchange.marked_copy import write_for_agency

    if not as_json:
        click.echo(understood.text())
    if notes:
        write_for_agency(understood.issues, understood.path, notes)
    usable = understood.counts["observations"]
    agreed = yes or (not as_json and usable and click.confirm("Simpan ke data/raw?"))
    if not agreed:
        return _say("Tidak disimpan.", understood.summary() | {"stored": None}, as_json)
    replace = yes
    if understood.replaces and not yes:
        with contextlib.suppress(click.Abort):  # no answer: both stay, and the later row governs
            replace = click.confirm(
                f"Ganti {len(understood.resent)} angka lama dari {understood.replaces}?", True
            )
    before = _current()
    stored = store(understood, replace=replace)
    changes, page = _changes_of(understood, before)
    replaced = f", menggantikan {understood.replaces}" if replace and understood.replaces else ""
    lines = [f"Tersimpan: data/raw/{stored.name}{replaced}.", *changes]
    lines.append(f"Lanjutkan dengan `pkp run`, lalu buka {page}.")
    told = understood.summary() | {"stored": stored.name, "changes": changes, "open": page}
    _say("\n".join(lines), told, as_json)


def _changes_of(understood, before) -> tuple[list[str], str]:
    """What the figures of a stored file change, and the page that will show it."""
    from .data.dataset import assemble
    from .data.exchange.changes import what_changed
    from .data.reconcile import KEY

    sent = understood.observations[KEY].drop_duplicates()
    try:
        sentences, page = what_changed(
            before.observations.merge(sent, on=KEY) if before else None, assemble().observations, sent
        )
    except PkpError as error:
        return [f"`pkp run` akan berhenti: {error}"], "reports/index.html"
    return sentences, f"reports/{page}"


@main.command()
@click.argument("region", metavar="WILAYAH")
@click.argument("indicator", metavar="INDIKATOR")
@click.argument("year", metavar="TAHUN", type=click.IntRange(1990, 2049))
@click.argument("value", metavar="NILAI")
@click.option("--reason", required=True, help="Mengapa angka itu salah; tercatat di corrections.csv.")
@click.option("--source", default="", help="Dari mana angka yang benar, misalnya surat dinas dan tanggalnya.")
@click.option("--yes", is_flag=True, help="Simpan tanpa bertanya.")
@click.option("--json", "as_json", is_flag=True, help="Cetak koreksinya sebagai JSON.")
def correct(region, indicator, year, value, reason, source, yes, as_json):
    """Betulkan satu angka yang keliru lewat corrections.csv; file mentahnya tetap."""
    from .data.exchange import correction
    from .data.exchange.changes import what_changed

    proposed = correction.propose(region, indicator, year, value, reason, source)
    if not as_json:
        click.echo(proposed.text)
    agreed = yes or (not as_json and click.confirm("Catat koreksi ini?"))
    told = {"correction": proposed.row, "stored": agreed}
    if not agreed:
        return _say("Tidak disimpan.", told, as_json)
    _, page = what_changed(None, correction.apply(proposed).observations, proposed.key)
    text = f"Tercatat di data/raw/corrections.csv. Lanjutkan dengan `pkp run`, lalu buka reports/{page}."
    _say(text, told | {"open": f"reports/{page}"}, as_json)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--indicator",
    "codes",
    multiple=True,
    help="Kode atau nama indikator; boleh berulang. Bawaan: indikator utama.",
)
@click.option("--year", "years", type=int, multiple=True, required=True, help="Tahun data; boleh berulang.")
@click.option("--province", default="63", show_default=True, help="Kode atau nama provinsi.")
@click.option("--json", "as_json", is_flag=True, help="Cetak ringkasan sebagai JSON.")
def template(file, codes, years, province, as_json):
    """Tulis formulir Excel untuk diisi instansi; `pkp add` membacanya kembali."""
    from .data.codebook import indicators
    from .data.exchange.form import write_form
    from .data.regions import to_region_code

    codes = codes or indicators().query("role == 'headline'").index
    path = write_form(file, codes, years, to_region_code(province, level="province"))
    told = {"file": str(path), "indicators": list(codes), "years": sorted(years)}
    _say(f"Formulir: {path}", told, as_json)


@main.command()
@click.option("--no-browser", is_flag=True, help="Jangan buka peramban.")
@click.option("--port", type=int, help="Nomor porta peladen.")
def lab(no_browser, port):
    """JupyterLab berbahasa Indonesia, dibuka pada 00_mulai. Tabel bersih dibuat dahulu bila belum ada."""
    from .lab.start import open_lab

    if _current() is None:
        click.echo("Tabel bersih belum ada atau rusak; dibuat dahulu dari data/raw.")
        _clean()
    sys.exit(open_lab(browser=not no_browser, port=port))
