"""The command `pkp`: every command only calls Python that a notebook could call."""

import contextlib
import json
import os
import sys
from pathlib import Path

import click

from . import __version__, paths
from .errors import BadRequestError, PkpError

INTERRUPTED = 130  # 128 + SIGINT, as shells count


class Commands(click.Group):
    """Turns errors raised on purpose into a sentence on stderr and the exit code they carry."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except PkpError as error:
            click.echo(f"pkp: {error}", err=True)
            context.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo(
                "pkp: dihentikan. Yang sudah selesai tidak diulang bila perintah dijalankan lagi.", err=True
            )
            context.exit(INTERRUPTED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pkp")
def main():
    """Data perumahan dan kawasan permukiman: dari berkas mentah sampai laporan per wilayah.

    Kode keluar: 0 semua berhasil; 1 ada yang gagal, sisanya selesai; 2 permintaan keliru, tidak ada yang
    dikerjakan; 130 dihentikan dari luar.
    """


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
    from .data.dataset import assemble
    from .run.job import held

    with contextlib.nullcontext() if options["dry_run"] else held(options["out"] or paths.reports_dir()):
        dataset = assemble() if options["dry_run"] else _clean()
        made = sorted(path for path in paths.processed_dir().glob("*") if path.is_file())
        _report(dataset, still, made, **options)


@main.command()
@report_options
def report(**options):
    """Laporan dan situs dari tabel yang sudah bersih."""
    still = _unless_unchanged("report", options, paths.processed_dir())
    from .data.dataset import load_dataset

    _report(load_dataset(), still, [], **options)


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
        _tell({"out": str(out), "done": [], "skipped": names, "failed": []}, out, options["as_json"])
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
    if as_json:
        issues = json.loads(dataset.issues.to_json(orient="records", force_ascii=False))
        click.echo(
            json.dumps(
                {"data_version": dataset.provenance["data_version"], "counts": counts, "issues": issues},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    if list_issues:
        for issue in dataset.issues.itertuples():
            place = f"{issue.file}{'!' + issue.sheet if issue.sheet else ''} {issue.column}{issue.row}"
            click.echo(f"{issue.severity:8} {place}: {issue.message} {issue.suggestion}".rstrip())
    severities = dataset.issues["severity"].value_counts().to_dict()
    click.echo(
        f"Sel nilai {counts['candidates']} = {counts['observations']} dipakai + {counts['rejected']} ditolak"
        f" + {counts['missing']} kosong; catatan: {severities or 'tidak ada'}; versi data"
        f" {dataset.provenance['data_version']}"
    )


def _report(
    dataset,
    still,
    made,
    regions,
    province,
    report_year,
    lang,
    jobs,
    force,
    dry_run,
    out,
    notebook,
    scheduler,
    pdf,
    internal,
    as_json,
) -> None:
    from .data.regions import to_region_code
    from .run import job as runner
    from .run import manifest
    from .run.processes import suit_reports

    suit_reports()
    out = out or paths.reports_dir()
    request = {
        "region_codes": (
            [
                to_region_code(name, province=None if province == "all" else to_region_code(province))
                for name in regions
            ]
            or None
        ),
        "province": province if province == "all" else to_region_code(province),
        "report_year": report_year,
        "langs": tuple(dict.fromkeys(word.strip() for word in lang.split(","))),
        "notebook": notebook.resolve() if notebook else None,
    }
    if notebook and not notebook.is_file():
        raise BadRequestError(
            f"Buku catatan {notebook} tidak ada. Periksa letaknya, misalnya notebooks/saya/laporan.ipynb."
        )
    if dry_run:
        items, _ = runner.prepare(dataset, out, *request.values())
        previous = manifest.read_manifest(out)
        rows = [
            {"name": item.name, "page": item.page, "why": manifest.reason(item, previous, out, force)}
            for item in items
        ]
        click.echo(
            json.dumps(rows, ensure_ascii=False, indent=1)
            if as_json
            else "\n".join(f"{row['name']}: {row['why']}" for row in rows)
        )
        return
    with runner.executor_of(scheduler) as executor:
        results = runner.run(
            dataset,
            jobs=jobs,
            force=force,
            out=out,
            executor=executor,
            internal=internal,
            with_pdf=pdf,
            **request,
        )
    told = manifest.summary(results, out)
    if pdf:
        told["pdf_failed"] = list(
            dict.fromkeys(sentence for result in results for sentence in result.unprinted)
        )
    failed = bool(told["failed"] or told.get("pdf_failed"))
    if not failed and (state := still()):
        manifest.remember(out, state, told["done"] + told["skipped"], made)
    _tell(told, out, as_json)
    sys.exit(1 if failed else 0)


def _tell(told: dict, out: Path, as_json: bool) -> None:
    """What was made, what was still right, and what failed."""
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(
        f"{len(told['done'])} halaman dibuat, {len(told['skipped'])} tidak berubah, {len(told['failed'])}"
        f" gagal: {out / 'index.html'}"
    )
    for failure in told["failed"]:
        click.echo(
            f"  {failure['name']}: sel {failure['cell'] or '–'}: {failure['error']}: {failure['message']}",
            err=True,
        )
    for sentence in told.get("pdf_failed", []):
        click.echo(f"  PDF: {sentence}", err=True)


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
    """Shows what was understood and, when the user agrees, stores the file."""
    from .data.exchange.intake import store
    from .data.exchange.marked_copy import write_for_agency

    if not as_json:
        click.echo(understood.text())
    if notes:
        write_for_agency(understood.issues, understood.path, notes)
    agreed = yes or (
        not as_json and understood.counts["observations"] and click.confirm("Simpan ke data/raw?")
    )
    stored = store(understood) if agreed else None
    if as_json:
        click.echo(
            json.dumps(
                understood.summary() | {"stored": stored.name if stored else None},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        click.echo(
            f"Tersimpan: data/raw/{stored.name}. Lanjutkan dengan `pkp run`." if stored else "Tidak disimpan."
        )


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--indicator",
    "codes",
    multiple=True,
    help="Kode atau nama indikator; boleh berulang. Bawaan: empat indikator utama.",
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
    click.echo(
        json.dumps({"file": str(path), "indicators": list(codes), "years": sorted(years)}, ensure_ascii=False)
        if as_json
        else f"Formulir: {path}"
    )


@main.command()
@click.option("--no-browser", is_flag=True, help="Jangan buka peramban.")
@click.option("--port", type=int, help="Nomor porta peladen.")
def lab(no_browser, port):
    """JupyterLab berbahasa Indonesia, dibuka pada 00_mulai. Tabel bersih dibuat dahulu bila belum ada."""
    from .lab.start import open_lab

    if not (paths.processed_dir() / "provenance.json").is_file():
        click.echo("Tabel bersih belum ada; dibuat dahulu dari data/raw.")
        _clean()
    sys.exit(open_lab(browser=not no_browser, port=port))
