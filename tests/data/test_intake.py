"""pkp add: shown first, stored byte for byte with its row, both or neither; issues go back to the sender
marked.
"""

import csv
import json

import openpyxl
import pytest
from click.testing import CliRunner

from pkp_analysis.cli import main
from pkp_analysis.data.clean import clean_file, read_raw
from pkp_analysis.data.exchange import intake
from pkp_analysis.data.exchange.marked_copy import write_for_agency
from pkp_analysis.errors import BadRequestError, UnknownIndicatorError

from . import raw_files


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "sources.csv").write_text(
        'source_id,file,layout,title,precedence,indicator,year,note\nlama,lama.csv,bps_csv,Lama,10,,,"koma,'
        ' kutip"',
        encoding="utf-8",
    )
    return folder


def test_preview_says_what_was_understood_and_writes_nothing(tmp_path, raw):
    path = raw_files.agency_workbook(tmp_path / "Data Dinas (final).xlsx")
    before = sorted(raw.iterdir())
    shown = intake.preview(path, raw_dir=raw)
    assert sorted(raw.iterdir()) == before
    assert (shown.layout, shown.indicators, shown.years) == (
        "agency_workbook",
        ["air_minum_layak", "sanitasi_layak"],
        [2020, 2021, 2022],
    )
    assert shown.regions == ["63", "6301", "6302", "6305", "6306", "6309"]
    text = shown.text()
    for part in (
        "agency_workbook",
        "sanitasi_layak",
        "2020, 2021, 2022",
        "Kabupaten Tanah Laut",
        "Sanitasi!D9",
        "'±90'",
        "44 = 12 dipakai",
    ):
        assert part in text, part


def test_store_copies_byte_for_byte_and_appends_the_row(tmp_path, raw):
    path = raw_files.bps_xlsx(tmp_path / "Ekspor BPS.xlsx", [("ACEH", 77.5), ("BALI", 95.0)])
    before = (raw / "sources.csv").read_bytes()
    stored = intake.store(intake.preview(path, title="=1+1", url="https://www.bps.go.id/x", raw_dir=raw), raw)
    assert stored.name == "ekspor_bps.xlsx" and stored.read_bytes() == path.read_bytes()
    assert (raw / "sources.csv").read_bytes().startswith(before)
    with (raw / "sources.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1] == {
        "source_id": "ekspor_bps",
        "file": "ekspor_bps.xlsx",
        "layout": "bps_xlsx",
        "title": "'=1+1",
        "precedence": "10",
        "indicator": "sanitasi_layak",
        "year": "2022",
        "note": "",
    }
    observations = clean_file(stored, rows[-1]).observations
    assert observations[["region_code", "source_id", "precedence"]].values.tolist() == [
        ["11", "ekspor_bps", 10],
        ["51", "ekspor_bps", 10],
    ]


SANITATION = "Persentase Rumah Tangga menurut Provinsi dan Memiliki Akses terhadap Sanitasi Layak"


def written(path, name, *lines):
    (path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path / name


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (
            lambda folder: raw_files.bps_xlsx(folder / "unduhan.xlsx", [("ACEH", 77.5)]),
            [f"{SANITATION}, 2022", "Badan Pusat Statistik (BPS)", 10, "sanitasi_layak", 2022],
        ),
        (
            lambda folder: raw_files.bps_xlsx(
                folder / "unduhan.xlsx", [("ACEH", 77.5, 78)], years=(2021, 2022)
            ),
            [f"{SANITATION}, 2021-2022", "Badan Pusat Statistik (BPS)", 10, "sanitasi_layak", ""],
        ),
        (
            lambda folder: written(
                folder,
                "a.csv",
                "38 Provinsi,Sanitasi Layak 2022,",
                "ACEH,78.25,",
                ",,",
                "Keterangan,,",
                "-,,",
            ),
            ["Sanitasi Layak, 2022", "Badan Pusat Statistik (BPS)", 10, "sanitasi_layak", 2022],
        ),
        (
            lambda folder: written(folder, "a.json", raw_files.webapi_answer({"630110401210": 70.5})),
            [
                "Persentase Rumah Tangga yang Memiliki Akses terhadap Sanitasi Layak, 2021",
                "Badan Pusat Statistik (BPS)",
                10,
                "sanitasi_layak",
                2021,
            ],
        ),
        (
            lambda folder: written(
                folder,
                "a.csv",
                "Kabupaten/Kota;Sanitasi Layak 2022",
                "Tapin;78,25",
                "Sumber: Dinas PUPR Kabupaten Tapin;",
            ),
            ["Sanitasi Layak, 2022", "Dinas PUPR Kabupaten Tapin", 40, "sanitasi_layak", 2022],
        ),
        (
            lambda folder: written(
                folder, "a.csv", "nama_kabupaten_kota,sanitasi_layak,tahun", "KABUPATEN BOGOR,65.3,2019"
            ),
            ["sanitasi_layak, 2019", "belum disebut", 40, "sanitasi_layak", 2019],
        ),
    ],
)
def test_title_publisher_indicator_and_year_come_from_the_file(tmp_path, raw, write, expected):
    row = intake.preview(write(tmp_path), raw_dir=raw).sources[0]
    assert [row[name] for name in ("title", "publisher", "precedence", "indicator", "year")] == expected


def test_what_is_said_on_the_command_line_goes_before_the_file(tmp_path, raw):
    row = intake.preview(
        raw_files.bps_xlsx(tmp_path / "a.xlsx", [("ACEH", 77.5)]),
        title="Judul",
        publisher="Kompilasi",
        raw_dir=raw,
    ).sources[0]
    assert (row["title"], row["publisher"]) == ("Judul", "Kompilasi")


def test_indicator_and_year_given_are_kept_in_the_row(tmp_path, raw):
    path = tmp_path / "polos.csv"
    path.write_text("Kabupaten/Kota,Nilai\nTapin,71.25\n", encoding="utf-8")
    with pytest.raises(BadRequestError, match="--indicator"):
        intake.store(intake.preview(path, raw_dir=raw), raw)
    stored = intake.store(intake.preview(path, indicator="Sanitasi layak", year=2023, raw_dir=raw), raw)
    with (raw / "sources.csv").open(newline="", encoding="utf-8") as file:
        row = list(csv.DictReader(file))[-1]
    assert (row["indicator"], row["year"]) == ("sanitasi_layak", "2023")
    assert len(clean_file(stored, row).observations) == 1


def test_same_content_twice_is_refused(tmp_path, raw):
    path = raw_files.bps_xlsx(tmp_path / "a.xlsx", [("ACEH", 77.5)])
    intake.store(intake.preview(path, raw_dir=raw), raw)
    again = path.rename(tmp_path / "nama_lain.xlsx")
    with pytest.raises(BadRequestError, match="sudah ada sebagai data/raw/a.xlsx"):
        intake.store(intake.preview(again, raw_dir=raw), raw)


def test_another_file_of_the_same_name_gets_its_own(tmp_path, raw):
    for number, value in enumerate((77.5, 78.5)):
        folder = tmp_path / str(number)
        folder.mkdir()
        intake.store(
            intake.preview(raw_files.bps_xlsx(folder / "a.xlsx", [("ACEH", value)]), raw_dir=raw), raw
        )
    assert (raw / "a.xlsx").exists() and (raw / "a_2.xlsx").exists()


def test_failure_while_writing_the_row_leaves_nothing_behind(tmp_path, raw, monkeypatch):
    path = raw_files.bps_xlsx(tmp_path / "a.xlsx", [("ACEH", 77.5)])
    shown = intake.preview(path, raw_dir=raw)
    before = {file.name: file.read_bytes() for file in raw.iterdir()}

    def full(*_):
        raise OSError("disk penuh")

    monkeypatch.setattr(intake, "append_sources", full)
    with pytest.raises(OSError, match="disk penuh"):
        intake.store(shown, raw)
    assert {file.name: file.read_bytes() for file in raw.iterdir()} == before


def test_unknown_indicator_stops_before_reading(tmp_path, raw):
    with pytest.raises(UnknownIndicatorError):
        intake.preview(tmp_path / "tidak_ada.csv", indicator="entah", raw_dir=raw)


@pytest.fixture
def project(tmp_path, monkeypatch):
    for folder in ("data/raw", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("PKP_ROOT", str(tmp_path))
    return tmp_path


def pkp(*words, answer=None):
    return CliRunner().invoke(main, list(map(str, words)), input=answer)


def test_command_asks_before_it_stores(project, tmp_path):
    path = raw_files.agency_workbook(tmp_path / "dinas.xlsx")
    told = pkp("add", path, answer="n\n")
    assert (
        told.exit_code == 0
        and "Tidak disimpan" in told.output
        and not list((project / "data" / "raw").iterdir())
    )
    assert "Sanitasi!D9 '±90': Sel berisi perkiraan" in told.output
    told = pkp("add", path, "--notes", tmp_path / "catatan.xlsx", answer="y\n")
    assert (
        told.exit_code == 0
        and (project / "data" / "raw" / "dinas.xlsx").exists()
        and (tmp_path / "catatan.xlsx").exists()
    )


def test_command_for_scripts(project, tmp_path):
    path = raw_files.bps_xlsx(tmp_path / "a.xlsx", [("ACEH", 77.5)])
    told = json.loads(pkp("add", path, "--json").output)
    assert told["counts"]["observations"] == 1 and told["stored"] is None
    assert json.loads(pkp("add", path, "--json", "--yes").output)["stored"] == "a.xlsx"
    assert pkp("add", path, "--yes").exit_code == 2, "the same file twice is a bad request"
    assert pkp("add", tmp_path / "tidak_ada.csv").exit_code == 1
    assert pkp("add", path, "--indicator", "entah").exit_code == 2


def test_template_command_and_back(project, tmp_path):
    form = tmp_path / "formulir.xlsx"
    assert pkp("template", form, "--year", 2024, "--indicator", "sanitasi_layak").exit_code == 0
    workbook = openpyxl.load_workbook(form)
    workbook["Isian"]["C8"] = 57.71
    workbook.save(form)
    assert pkp("add", form, "--yes").exit_code == 0
    observations, _ = read_raw(project / "data" / "raw" / "formulir.xlsx")
    assert observations[["region_code", "indicator", "year", "value"]].values.tolist() == [
        ["6303", "sanitasi_layak", 2024, 57.71]
    ]


def test_marked_copy_colours_and_comments_the_cells(tmp_path):
    path = raw_files.agency_workbook(tmp_path / "dinas.xlsx")
    before = path.read_bytes()
    _, issues = read_raw(path)
    out = write_for_agency(issues, path, tmp_path / "kembali" / "dinas_catatan.xlsx")
    assert path.read_bytes() == before
    workbook = openpyxl.load_workbook(out)
    assert workbook.sheetnames == ["Sanitasi", "Air minum layak", "Catatan", "Catatan PKP"]
    cell = workbook["Sanitasi"]["D9"]
    assert (
        cell.value == "±90"
        and cell.fill.fgColor.rgb.endswith("F8C9C4")
        and cell.comment.text.startswith("Ditolak: Sel berisi perkiraan")
    )
    assert workbook["Sanitasi"]["D6"].comment is None
    assert workbook["Catatan PKP"].max_row == len(issues) + 1


def test_other_formats_get_the_list(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Kabupaten/Kota,Sanitasi Layak 2022\nTapin,"=cmd|x"\nTabalong,60\n', encoding="utf-8")
    _, issues = read_raw(path)
    sheet = openpyxl.load_workbook(write_for_agency(issues, path, tmp_path / "b.xlsx")).active
    assert [cell.value for cell in sheet[2]][1:4] == [2, "B", "'=cmd|x"]
    assert sheet["D2"].data_type == "s"
