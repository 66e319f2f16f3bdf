"""pkp add: shown first, stored byte for byte with its row, both or neither; issues go back to the sender
marked.
"""

import csv
import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from pkp_analysis.cli import main
from pkp_analysis.data.clean import clean_file, read_raw
from pkp_analysis.data.dataset import assemble
from pkp_analysis.data.exchange import correction, intake
from pkp_analysis.data.exchange.marked_copy import write_for_agency
from pkp_analysis.data.registers import read_register
from pkp_analysis.errors import BadRequestError, DataContractError, UnknownIndicatorError

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


KALSEL = [
    "Tanah Laut", "Kotabaru", "Kab. Banjar", "Barito Kuala", "Tapin", "Hulu Sungai Selatan", "Hulu Sungai Tengah",
    "Hulu Sungai Utara", "Tabalong", "Balangan",
]  # fmt: skip


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows_of(raw):
    with (raw / "sources.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


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
        "laporan perangkat daerah",
    ):
        assert part in text, part
    said = replace(shown, sources=[shown.sources[0] | {"origin": "survey"}]).text()
    assert ": survei" in said and "laporan perangkat daerah" not in said


def lines_of(preview):
    return [line.split(" : ")[-1] for line in preview.text().splitlines()]


def test_where_each_part_of_a_row_was_found_stands_behind_it(tmp_path):
    rows = [
        "Tapin;78,25;sekitar 80",
        "Tabalong;-;0",
        *(f"{name};60;61" for name in (*KALSEL[:3], "Balangan")),
    ]
    head = ["Persentase Sanitasi Layak;;", "Kabupaten/Kota;2022;2023"]
    path = written(tmp_path, "Data.csv", *head, *rows)
    shown = lines_of(intake.preview(path, publisher="Dinas PUPR", raw_dir=tmp_path))
    assert shown[1:10] == [
        "csv_indonesia",
        "5 (Kabupaten Tanah Laut, Kabupaten Kotabaru, Kabupaten Banjar, Kabupaten Tapin, Kabupaten Balangan)",
        "Persentase Sanitasi Layak, 2022-2023 [judul tabel atau kepala kolom]",
        "Dinas PUPR [--publisher]",
        "sanitasi_layak (Akses terhadap sanitasi layak) [judul, lembar, atau kepala kolom]",
        "2022, 2023 [judul atau kepala kolom]",
        "survei atau administrasi [menurut kamus indikator]",
        "40 [bukan tabel terbitan BPS; nomor kecil diutamakan]",
        "12 = 9 dipakai + 1 ditolak atau disisihkan + 2 kosong",
    ]
    assert [line.strip().split(":")[0] for line in shown[-6:]] == [
        "Catatan (2 sel)", "C3 'sekitar 80'", "C4 '0'", "", "Keterangan (1 sel)", "B4 '-'"
    ]  # fmt: skip
    assert shown[-5].endswith(" Saran: minta satu angka kepada pengirim.") and "Saran" not in shown[-1]

    path = written(tmp_path, "rekap_2022.csv", "Kabupaten/Kota;Angka X", "Tapin;80,1")
    assert lines_of(intake.preview(path, raw_dir=tmp_path))[2:7] == [
        "0 (tidak dikenali)", "Angka X [judul tabel atau kepala kolom]",
        "berkas rekap_2022.csv (penerbit belum disebut) [beri --publisher]",
        "tidak dikenali", "tidak dikenali",
    ]  # fmt: skip
    path = written(tmp_path, "Akses Sanitasi Layak 2022.csv", "Kabupaten/Kota;Persen", "Tapin;80,1")
    assert lines_of(intake.preview(path, raw_dir=tmp_path))[3:7] == [
        "Akses Sanitasi Layak 2022 [nama file]",
        "berkas Akses Sanitasi Layak 2022.csv (penerbit belum disebut) [beri --publisher]",
        "sanitasi_layak (Akses terhadap sanitasi layak) [nama file]",
        "2022 [nama file]",
    ]
    path = written(tmp_path, "polos.csv", "Kabupaten/Kota;Nilai", "Tapin;71,25")
    told = intake.preview(path, indicator="sanitasi_layak", year=2023, title="Capaian", raw_dir=tmp_path)
    assert lines_of(told)[3:7] == [
        "Capaian [--title]",
        "berkas polos.csv (penerbit belum disebut) [beri --publisher]",
        "sanitasi_layak (Akses terhadap sanitasi layak) [--indicator]",
        "2023 [--year]",
    ]


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
            ["sanitasi layak, 2019", "berkas a.csv (penerbit belum disebut)", 40, "sanitasi_layak", 2019],
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


@pytest.mark.parametrize(
    "name", ["sources.csv", "Targets.csv", "catatan.md", "unduhan.csv.part", ".tersembunyi.csv"]
)
def test_a_name_the_reader_does_not_take_is_refused_before_anything_is_written(tmp_path, raw, name):
    path = written(tmp_path, name, "Kabupaten/Kota,Sanitasi Layak 2022", "Tapin,78.25")
    before = contents(raw)
    with pytest.raises(BadRequestError, match="Ganti nama filenya"):
        intake.preview(path, raw_dir=raw)
    assert contents(raw) == before


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_ordinary_file_is_refused_and_hangs_nobody(tmp_path, raw, make):
    path = tmp_path / "pipa.csv"
    make(path)
    with pytest.raises(BadRequestError, match="bukan file biasa"):
        intake.preview(path, raw_dir=raw)


@pytest.mark.parametrize("given", ["the file itself", "a copy elsewhere", "a name with spaces"])
def test_a_file_that_lies_in_data_raw_by_hand_gets_its_row(tmp_path, raw, given):
    name = "Data Dinas (final).csv" if given == "a name with spaces" else "dinas.csv"
    path = written(raw, name, "Kabupaten/Kota,Sanitasi Layak 2022", "Tapin,78.25")
    asked = shutil.copy(path, tmp_path / "salinan.csv") if given == "a copy elsewhere" else path
    assert intake.store(intake.preview(asked, raw_dir=raw), raw) == path
    assert rows_of(raw)[-1]["file"] == name and sorted(contents(raw)) == [name, "sources.csv"]
    with pytest.raises(BadRequestError, match=f"sudah ada sebagai data/raw/{re.escape(name)}"):
        intake.store(intake.preview(asked, raw_dir=raw), raw)


def test_four_at_once_lose_nothing(tmp_path, raw):
    """All four see the same free name and id, and store only when each has seen it."""
    shown = []
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        shown.append(
            intake.preview(raw_files.bps_xlsx(folder / "a.xlsx", [("ACEH", 70 + number)]), raw_dir=raw)
        )
    assert {preview.sources[0]["source_id"] for preview in shown} == {"a"}
    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(lambda preview: intake.store(preview, raw).name, shown))
    rows = rows_of(raw)[1:]
    assert sorted(stored) == ["a.xlsx", "a_2.xlsx", "a_3.xlsx", "a_4.xlsx"]
    assert sorted(row["file"] for row in rows) == sorted(stored)
    assert len({row["source_id"] for row in rows}) == 4


@pytest.mark.parametrize("saved", [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")])
def test_a_register_excel_has_saved_gets_its_row_too(tmp_path, raw, saved):
    encoding, separator = saved
    lines = ["source_id,file,title,precedence,note", "lama,lama.csv,Judul é,10,ok"]
    (raw / "sources.csv").write_bytes(
        "".join(line.replace(",", separator) + "\r\n" for line in lines).encode(encoding)
    )
    intake.store(intake.preview(raw_files.bps_xlsx(tmp_path / "a.xlsx", [("ACEH", 70)]), raw_dir=raw), raw)
    read = read_register(raw / "sources.csv", [])
    assert read["source_id"].tolist() == ["lama", "a"] and read["title"].tolist()[0] == "Judul é"
    assert read["indicator"].tolist() == ["", "sanitasi_layak"], "a column its reading needs is added"


def send(folder, raw, value, publisher="Dinas PUPR", replace=True, indicator="Sanitasi Layak"):
    folder.mkdir(exist_ok=True)
    path = written(folder, "dinas.csv", f"Kabupaten/Kota;{indicator} 2022", f"Tapin;{value}", "Tabalong;60,5")
    shown = intake.preview(path, publisher=publisher, raw_dir=raw)
    return shown, intake.store(shown, raw, replace=replace)


def used(raw):
    rows = assemble(raw).observations
    rows = rows[rows["is_governing"] & rows["region_code"].eq("6305")]
    return dict(zip(rows["indicator"], rows["value"]))


@pytest.mark.parametrize("replace", [True, False])
def test_a_corrected_sending_is_recognised_and_replaces(tmp_path, replace):
    raw = tmp_path / "raw"
    raw.mkdir()
    send(tmp_path / "1", raw, "78,25")
    shown, _ = send(tmp_path / "2", raw, "79,5", replace=replace)
    assert shown.resent[["region_code", "value", "old", "old_source"]].values.tolist() == [
        ["6305", 79.5, 78.25, "dinas"]
    ]
    assert "Sanitasi layak Tapin 2022: 78,25 (dinas) menjadi 79,5" in shown.text()
    assert rows_of(raw)[-1].get("replaces", "") == ("dinas" if replace else "")
    data = assemble(raw)
    assert used(raw) == {"sanitasi_layak": 79.5}, "without an answer the later row governs"
    told = data.issues.loc[data.issues["rule"] == "replaced", "message"].tolist()
    assert bool(told) == replace and len(data.observations) == (2 if replace else 4)
    assert ("source_conflict" in set(data.issues["rule"])) == (not replace)
    third, _ = send(tmp_path / "3", raw, "80")
    assert third.resent["old"].tolist() == [79.5], "the last one sent is the one that is replaced"
    assert used(raw) == {"sanitasi_layak": 80.0}


@pytest.mark.parametrize("count, more", [(1, ""), (3, ""), (4, ", dan 1 lagi"), (9, ", dan 6 lagi")])
def test_cells_with_one_remark_are_told_together(tmp_path, count, more):
    rows = [f"{name};{text}" for name, text in zip(KALSEL, ["tinggi"] * count + ["80,5"] * (10 - count))]
    path = written(tmp_path, "a.csv", "Kabupaten/Kota;Sanitasi Layak 2022", *rows)
    told = intake.preview(path, raw_dir=tmp_path).text()
    line = next(line for line in told.splitlines() if "tidak terbaca" in line)
    assert (
        line.split(": ")[0].strip()
        == ", ".join(f"B{row} 'tinggi'" for row in range(2, 2 + min(count, 3))) + more
    )


@pytest.mark.parametrize("columns, rest", [(20, 0), (21, 1), (23, 3)])
def test_twenty_remarks_are_told_and_the_rest_counted(tmp_path, columns, rest):
    heads = ";".join(f"Angka {chr(65 + place)}x 2022" for place in range(columns))
    path = written(tmp_path, "a.csv", f"Kabupaten/Kota;{heads}", f"Tapin;{';'.join(['5,5'] * columns)}")
    told = intake.preview(path, raw_dir=tmp_path).text()
    assert told.count("bukan indikator dalam kamus") == columns - rest
    assert (f"dan {rest} lain; simpan semuanya dengan --notes" in told) == bool(rest)


@pytest.mark.parametrize("changed, told", [(5, ""), (6, "  dan 1 lagi"), (8, "  dan 3 lagi")])
def test_five_changed_figures_are_told_and_the_rest_counted(tmp_path, changed, told):
    raw = tmp_path / "raw"
    raw.mkdir()
    for place, name in enumerate(("a.csv", "b.csv")):
        rows = [f"{name};{70 + place},5" for name in KALSEL[:changed]]
        path = written(tmp_path, name, "Kabupaten/Kota;Sanitasi Layak 2022", *rows)
        shown = intake.preview(path, publisher="Dinas PUPR", raw_dir=raw)
        intake.store(shown, raw)
    lines = shown.text().splitlines()
    assert sum("(a) menjadi" in line for line in lines) == 5 and (lines[-1] == told or not told)


def test_senders_nobody_named_are_not_taken_for_one(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    send(tmp_path / "1", raw, "78,25", publisher="")
    assert send(tmp_path / "2", raw, "79,5", publisher="")[0].resent.empty
    assert "source_conflict" in set(assemble(raw).issues["rule"])


@pytest.mark.parametrize(
    "other", [{"publisher": "Dinas Lain"}, {"indicator": "Air Minum Layak"}, {"value": "78,25"}]
)
def test_other_publishers_indicators_and_equal_values_replace_nothing(tmp_path, other):
    raw = tmp_path / "raw"
    raw.mkdir()
    send(tmp_path / "1", raw, "78,25")
    shown, _ = (
        send(tmp_path / "2", raw, **({"value": "79,5"} | other))
        if "value" not in other
        else (
            intake.preview(
                written(tmp_path, "b.csv", "Kabupaten/Kota;Sanitasi Layak 2022", "Tapin;78,25"),
                publisher="Dinas PUPR",
                raw_dir=raw,
            ),
            None,
        )
    )
    assert shown.replaces == "" and shown.resent.empty


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


def test_a_form_from_an_agency_shows_at_once_what_it_changes(project, tmp_path):
    form = tmp_path / "formulir.xlsx"
    pkp("template", form, "--year", 2025, "--indicator", "hunian_layak", "--indicator", "penanganan_sampah")
    workbook = openpyxl.load_workbook(form)
    sheet = workbook["Isian"]
    sheet["A2"], sheet["A3"] = "Sumber: Disperkim Banjar", "Asal angka: catatan instansi sendiri"
    sheet["C8"], sheet["D8"] = 58.4, 65.3
    workbook.save(form)
    told = pkp("add", form, "--yes")
    assert told.exit_code == 0, told.output
    assert "Tahun 2025 baru ada untuk 1 dari 13 kabupaten/kota Kalimantan Selatan: " in told.output
    assert "lalu buka reports/wilayah/6303-banjar.html" in told.output
    row = rows_of(project / "data" / "raw")[-1]
    assert (row["publisher"], row["origin"]) == ("Disperkim Banjar", "agency")
    sheet["C8"] = 59.1
    workbook.save(tmp_path / "formulir_betul.xlsx")
    told = pkp("add", tmp_path / "formulir_betul.xlsx", answer="y\n")  # and no answer to the second question
    assert told.exit_code == 0 and "Ganti 1 angka lama dari formulir?" in told.output
    rows = assemble(project / "data" / "raw").observations
    assert rows.loc[rows["is_governing"] & rows["indicator"].eq("hunian_layak"), "value"].tolist() == [59.1]


CORRECTION = ["Banjar", "sanitasi_layak", "2024", "75,5", "--reason", "salah ketik", "--yes"]


@pytest.fixture
def one_figure(project):
    written(project / "data/raw", "dinas.csv", "Kabupaten/Kota;Sanitasi Layak 2024", "Kabupaten Banjar;70,5")
    assert pkp("add", project / "data/raw/dinas.csv", "--yes").exit_code == 0
    return project / "data/raw"


def test_a_figure_is_corrected_by_one_command(one_figure):
    assert pkp("correct", *CORRECTION[:-1], answer="n\n").exit_code == 0
    assert not (one_figure / "corrections.csv").exists()
    told = pkp("correct", *CORRECTION, "--source", "surat dinas")
    assert told.exit_code == 0 and "70,5 menjadi 75,5 (dinas.csv B2)" in told.output
    assert "reports/wilayah/6303-banjar.html" in told.output
    row = assemble(one_figure).observations.iloc[0]
    assert row["value"] == 75.5 and row["note"].startswith("dikoreksi dari 70,5: salah ketik (surat dinas, ")
    again = [*CORRECTION[:3], "76.25", *CORRECTION[4:]]
    assert pkp("correct", *again).exit_code == 0 and assemble(one_figure).observations["value"].tolist() == [
        76.25
    ]


def test_a_correction_that_cannot_be_is_a_bad_request(one_figure):
    for place, value, message in (
        (0, "Atlantis", "Atlantis"),
        (1, "entah", "entah"),
        (2, "2023", "Tidak ada angka"),
        (3, "170", "0 sampai 100"),
        (3, "abc", "yang diharapkan angka"),
        (3, "70,5", "Tidak ada yang dikoreksi"),
        (5, " ", "Alasan kosong"),
    ):
        told = pkp("correct", *CORRECTION[:place], value, *CORRECTION[place + 1 :])
        assert told.exit_code == 2 and message in told.output, value
        assert not (one_figure / "corrections.csv").exists(), value


def test_a_correction_the_build_refuses_is_taken_back(one_figure, monkeypatch):
    proposed = correction.propose("Banjar", "sanitasi_layak", 2024, "75,5", "salah ketik", raw_dir=one_figure)
    proposed.row["old_value"] = "60"
    with pytest.raises(DataContractError, match="bukan lagi 60"):
        correction.apply(proposed, one_figure)
    assert not (one_figure / "corrections.csv").exists()


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


def test_what_lies_in_no_cell_of_the_workbook_stands_in_the_list_alone(tmp_path):
    path = raw_files.agency_workbook(tmp_path / "dinas.xlsx")
    issue = dict(row=9, text="", rule="", severity="warning", message="Periksa", suggestion="")
    places = [("Sanitasi", "D"), ("Sanitasi", ""), ("Lain", "D")]
    issues = pd.DataFrame([issue | {"sheet": sheet, "column": column} for sheet, column in places])
    workbook = openpyxl.load_workbook(write_for_agency(issues, path, tmp_path / "catatan.xlsx"))
    marked = [cell.coordinate for row in workbook["Sanitasi"] for cell in row if cell.comment]
    assert marked == ["D9"] and workbook["Catatan PKP"].max_row == 1 + len(places)


def test_other_formats_get_the_list(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Kabupaten/Kota,Sanitasi Layak 2022\nTapin,"=cmd|x"\nTabalong,60\n', encoding="utf-8")
    _, issues = read_raw(path)
    sheet = openpyxl.load_workbook(write_for_agency(issues, path, tmp_path / "b.xlsx")).active
    assert [cell.value for cell in sheet[2]][1:4] == [2, "B", "'=cmd|x"]
    assert sheet["D2"].data_type == "s"
