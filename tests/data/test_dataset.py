"""The whole pipeline: counting, corrections, derived figures, provenance, and files that are whole or not
there.
"""

import hashlib
import json
import os
import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pkp_analysis.data import dataset as pipeline
from pkp_analysis.data.clean import OBSERVATION_COLUMNS
from pkp_analysis.data.dataset import TABLES, assemble, build_dataset, load_dataset
from pkp_analysis.data.regions import members
from pkp_analysis.data.registers import DERIVED_PRECEDENCE, REGISTERS
from pkp_analysis.errors import BadRequestError, DataContractError, PkpError

SOURCES = "source_id,file,layout,title,publisher,published,url,licence,precedence,accessed,note\n"
TARGETS = "framework,indicator,region_code,start_year,year,value,unit,direction,governs,status,source,url,note,realization_source_id\n"  # noqa: E501
TIDY = "region_code,indicator,year,value,unit\n6303,sanitasi_layak,2024,70.5,%\n6305,sanitasi_layak,2024,-,%\n6399,sanitasi_layak,2024,60,%\n"  # noqa: E501


@pytest.fixture
def small_raw(tmp_path):
    """A raw folder with one tidy file: one figure, one missing, one of an unknown region."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "uji.csv").write_text(TIDY, encoding="utf-8")
    (folder / "sources.csv").write_text(
        SOURCES + "uji,uji.csv,tidy_csv,Judul,Penerbit,2025-01-01,,,30,,catatan\n", encoding="utf-8"
    )
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return folder


def correction(folder, *rows):
    head = "region_code,indicator,year,old_value,new_value,reason,source,date\n"
    (folder / "corrections.csv").write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def test_columns_and_types(dataset):
    assert dataset.observations.columns.tolist() == OBSERVATION_COLUMNS
    assert dataset.observations.dtypes.astype("str").to_dict() == {
        **dict.fromkeys(OBSERVATION_COLUMNS, "str"),
        "year": "int64",
        "value": "float64",
        "precedence": "int64",
        "is_governing": "bool",
        "row": "int64",
    }
    assert dataset.issues.columns.tolist() == [
        "file",
        "sheet",
        "row",
        "column",
        "text",
        "rule",
        "severity",
        "message",
        "suggestion",
    ]
    assert set(dataset.issues["severity"]) <= {"rejected", "warning", "note"}
    assert set(dataset.observations["source_id"]) <= set(dataset.sources["source_id"])


def test_candidate_cells_are_all_accounted_for(dataset):
    counts = dataset.provenance["counts"]
    assert counts["candidates"] == counts["observations"] + counts["rejected"] + counts["missing"]
    per_file = pd.DataFrame({file: entry["counts"] for file, entry in dataset.provenance["files"].items()}).T
    assert (per_file["candidates"] == per_file[["observations", "rejected", "missing"]].sum(axis=1)).all()
    assert per_file.sum().to_dict() == counts
    rules = dataset.issues["rule"].value_counts()
    assert rules["missing"] == counts["missing"]
    refused = ["target_cell", "range", "region"]
    assert rules[refused].sum() == counts["rejected"] and rules["target_cell"] == 4


def test_a_lost_cell_stops_the_build(small_raw, monkeypatch):
    honest = pipeline.clean_file

    def losing(path, source):
        cleaned = honest(path, source)
        return type(cleaned)(cleaned.observations.iloc[:0], cleaned.issues, cleaned.counts, cleaned.layout)

    monkeypatch.setattr(pipeline, "clean_file", losing)
    with pytest.raises(DataContractError, match="uji.csv: sel tidak terhitung"):
        assemble(small_raw)


def test_a_row_of_no_file_stops_the_build(small_raw, monkeypatch):
    honest = pipeline.clean_file

    def adding(path, source):
        cleaned = honest(path, source)
        strange = cleaned.observations.assign(file="lain.csv")
        rows = pd.concat([cleaned.observations, strange], ignore_index=True)
        return type(cleaned)(rows, cleaned.issues, cleaned.counts, cleaned.layout)

    monkeypatch.setattr(pipeline, "clean_file", adding)
    with pytest.raises(DataContractError, match="Jumlah sel tidak cocok"):
        assemble(small_raw)


def test_small_folder_end_to_end(small_raw, tmp_path):
    built = build_dataset(small_raw, tmp_path / "processed")
    assert built.observations[
        ["region_code", "value", "file", "row", "column", "is_governing"]
    ].values.tolist() == [["6303", 70.5, "uji.csv", 2, "D", True]]
    assert built.provenance["counts"] == {"candidates": 3, "observations": 1, "rejected": 1, "missing": 1}
    assert built.sources["source_id"].tolist() == ["uji"], "no source of derived figures without such figures"
    loaded = load_dataset(tmp_path / "processed")
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(built, name))
    assert loaded.provenance["files"] == built.provenance["files"]


def test_what_was_sent_anew_sets_aside_what_it_replaces(small_raw):
    more = TIDY.replace("70.5", "71.5").replace("6305,sanitasi_layak,2024,-", "6305,sanitasi_layak,2024,60")
    (small_raw / "baru.csv").write_text(more, encoding="utf-8")
    old = TIDY.replace("6305,sanitasi_layak,2024,-", "6306,sanitasi_layak,2024,50")
    (small_raw / "uji.csv").write_text(old, encoding="utf-8")
    head = SOURCES.strip() + ",replaces\n"
    (small_raw / "sources.csv").write_text(
        head
        + "uji,uji.csv,tidy_csv,Judul,P,2025-01-01,,,30,,,\nbaru,baru.csv,tidy_csv,Judul,P,2025-02-01,,,30,,,uji\n",
        encoding="utf-8",
    )
    built = assemble(small_raw)
    rows = built.observations
    assert sorted(zip(rows["region_code"], rows["value"], rows["source_id"], rows["is_governing"])) == [
        ("6303", 71.5, "baru", True), ("6305", 60, "baru", True), ("6306", 50, "uji", True)
    ]  # fmt: skip
    told = built.issues[built.issues["rule"] == "replaced"]
    assert told[["file", "row", "message"]].values.tolist() == [
        ["uji.csv", 2, "Sanitasi layak Banjar 2024: 70,5 diganti 71,5 yang dikirim kemudian (baru)."]
    ]
    assert built.provenance["files"]["uji.csv"]["counts"] == {
        "candidates": 3, "observations": 1, "rejected": 2, "missing": 0
    }  # fmt: skip


def test_provenance_knows_each_raw_file_and_its_hash(dataset, raw_dir):
    files = dataset.provenance["files"]
    data_files = {path.name for path in raw_dir.iterdir() if not path.name.startswith(".")} - REGISTERS
    assert set(files) == data_files
    for name, entry in files.items():
        assert entry["sha256"] == hashlib.sha256((raw_dir / name).read_bytes()).hexdigest()
    assert set(dataset.provenance["registers"]) == REGISTERS
    assert {"python", "pandas", "pkp-analysis"} <= set(dataset.provenance["versions"])
    derived = (dataset.observations["origin"] == "derived") & (dataset.observations["file"] == "")
    assert dataset.provenance["derived"] == derived.sum() > 0


def test_every_figure_has_its_cell(dataset):
    figures = dataset.observations[dataset.observations["status"] != "derived"]
    assert (
        (figures["file"] != "").all()
        and (figures["row"] > 0).all()
        and figures["column"].str.fullmatch("[A-Z]+").all()
    )


def test_provenance_links_a_figure_to_its_cells_the_governing_one_first(dataset):
    figures = dataset.provenance["figures"]
    assert figures["63"]["air_minum_layak 2022"] == [
        "bps_statistik_indonesia_2026_air_minum_layak.xlsx!Sheet1!C25",
        "rpjmd_2022_capaian.xlsx!Capaian 2022!F7",
        "pernyataan_pers.csv!D58",
    ]
    assert figures["6303"]["rumah_tangga 2024"][0].startswith("turunan_rumah_tangga: penduduk 2024 dibagi")
    assert sum(len(cells) for region in figures.values() for cells in region.values()) == len(
        dataset.observations
    )


def test_households_are_derived_for_the_13_and_their_province(dataset):
    rows = dataset.observations[dataset.observations["indicator"] == "rumah_tangga"]
    assert len(rows) == 14 and set(rows["status"]) == {"derived"} and set(rows["year"]) == {2024}
    values = rows.set_index("region_code")["value"]
    assert values["6303"] == round(600639 / 3.6542)
    assert values["6371"] == round(668762 / 3.5317)
    assert values["63"] == values.drop("63").sum()


def contents(folder):
    """Every file below a folder by its place, without the moments of writing."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_equal_inputs_give_equal_bytes(small_raw, tmp_path):
    for name in ("a", "b"):
        version = build_dataset(small_raw, tmp_path / name).version
    build_dataset(small_raw, tmp_path / "a")
    written = contents(tmp_path / "a")
    names = [*(f"{table}.{kind}" for table in TABLES for kind in ("csv", "parquet")), "provenance.json"]
    assert set(written) == {place for name in names for place in (name, f"versi/{version}/{name}")}
    assert written == contents(tmp_path / "b")
    assert all(written[name] == written[f"versi/{version}/{name}"] for name in names)


def with_value(folder, value):
    (folder / "uji.csv").write_text(TIDY.replace("70.5", value), encoding="utf-8")


def test_a_version_stays_as_it_was_while_the_current_one_moves_on(small_raw, tmp_path, monkeypatch):
    target = tmp_path / "processed"
    first = build_dataset(small_raw, target)
    with_value(small_raw, "71.5")
    second = build_dataset(small_raw, target)
    assert load_dataset(target).observations["value"].tolist() == [71.5]
    assert load_dataset(target, version=first.version).observations["value"].tolist() == [70.5]
    with_value(small_raw, "70.5")
    assert build_dataset(small_raw, target).observations["value"].tolist() == [70.5]
    assert load_dataset(target, version=second.version).observations["value"].tolist() == [71.5]
    monkeypatch.setattr(pipeline.paths, "processed_dir", lambda: target)
    monkeypatch.setenv("PKP_DATA_VERSION", second.version)
    assert load_dataset().observations["value"].tolist() == [71.5]
    with pytest.raises(PkpError, match="Versi data 000000000000 tidak ada lagi"):
        load_dataset(target, version="000000000000")


def truncated(table):
    table.write_bytes(table.read_bytes()[:-9])


def exchanged(table):
    shutil.copy(table.with_name("issues.parquet"), table)


def test_a_version_that_was_touched_is_refused_and_built_anew(small_raw, tmp_path):
    target = tmp_path / "processed"
    version = build_dataset(small_raw, target).version
    table = target / "versi" / version / "observations.parquet"
    for spoil in (truncated, exchanged, os.remove):
        spoil(table)
        with pytest.raises(PkpError, match="pkp clean"):
            load_dataset(target, version=version)
        assert build_dataset(small_raw, target).version == version
        assert load_dataset(target, version=version).observations["value"].tolist() == [70.5]


def test_a_damaged_provenance_is_named_and_rebuilt(small_raw, tmp_path):
    target = tmp_path / "processed"
    built = build_dataset(small_raw, target)
    for content in ("", "{", "[]", "{}", '{"data_version": "x", "outputs": null}', "\x00\x00"):
        (target / "provenance.json").write_text(content, encoding="utf-8")
        with pytest.raises(PkpError, match="rusak atau terpotong. Jalankan `pkp clean`"):
            load_dataset(target)
    assert build_dataset(small_raw, target).version == built.version == load_dataset(target).version


def test_only_the_last_versions_are_kept_and_leftovers_go(small_raw, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "KEPT_VERSIONS", 2)
    target = tmp_path / "processed"
    for left in (target / ".build-abc", target / "versi" / "123.part"):
        left.mkdir(parents=True)
    versions = []
    for value in range(71, 71 + pipeline.KEPT_VERSIONS + 2):
        with_value(small_raw, str(value))
        versions.append(build_dataset(small_raw, target).version)
        path = target / "versi" / versions[-1]
        os.utime(path, (value, value))  # clocks of file systems are coarse
    with_value(small_raw, "90")
    versions.append(build_dataset(small_raw, target).version)
    kept = {path.name for path in (target / "versi").iterdir()}
    assert kept == set(versions[-pipeline.KEPT_VERSIONS :])
    assert not (target / ".build-abc").exists()


def test_raw_files_are_never_changed(small_raw, tmp_path):
    before = {path.name: path.read_bytes() for path in small_raw.iterdir()}
    build_dataset(small_raw, tmp_path / "processed")
    assert {path.name: path.read_bytes() for path in small_raw.iterdir()} == before


def test_the_data_version_follows_the_figures(small_raw, tmp_path):
    first = assemble(small_raw).provenance["data_version"]
    assert assemble(small_raw).provenance["data_version"] == first
    (small_raw / "uji.csv").write_text(TIDY.replace("70.5", "70.6"), encoding="utf-8")
    assert assemble(small_raw).provenance["data_version"] != first


def test_a_correction_is_applied_and_says_so(small_raw):
    correction(small_raw, "6303,sanitasi_layak,2024,70.5,75.5,salah ketik,surat BPS,2026-01-05")
    row = assemble(small_raw).observations.iloc[0]
    assert row["value"] == 75.5
    assert row["note"] == "dikoreksi dari 70,5: salah ketik (surat BPS, 2026-01-05)"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "6303,sanitasi_layak,2024,70.4,75.5,salah ketik,surat,2026-01-05",
            "baris 2: sanitasi_layak 6303 2024 bukan lagi 70.4, melainkan 70,5",
        ),
        ("6303,sanitasi_layak,2023,70.5,75.5,salah ketik,surat,2026-01-05", "melainkan tidak ada angka"),
        ('6303,sanitasi_layak,2024,"70,5",75.5,salah ketik,surat,2026-01-05', "angka dengan titik desimal"),
        ("6303,sanitasi_layak,2024,70.5,75.5,,surat,2026-01-05", "alasan terisi"),
        ("6303,sanitasi_layak,2024,70.5,170.5,salah ketik,surat,2026-01-05", "rentang wajar"),
    ],
)
def test_a_stale_or_wrong_correction_fails_the_build(small_raw, tmp_path, row, message):
    correction(small_raw, row)
    with pytest.raises(DataContractError, match=message):
        build_dataset(small_raw, tmp_path / "processed")
    assert not (tmp_path / "processed").exists() or not list((tmp_path / "processed").iterdir())


def test_coverage_is_compared_with_the_last_build_of_other_files(small_raw, tmp_path):
    build_dataset(small_raw, tmp_path / "processed")
    (small_raw / "uji.csv").write_text(TIDY.replace("6303", "6301"), encoding="utf-8")
    for _ in range(2):  # cleaning again says the same
        issues = build_dataset(small_raw, tmp_path / "processed").issues
        assert issues.loc[issues["rule"] == "coverage", "message"].tolist() == [
            "Sanitasi layak: 1 angka dari build sebelumnya tidak ada lagi, misalnya Sanitasi layak Banjar"
            " 2024 (uji)."
        ]


def test_no_folder_and_an_empty_folder(tmp_path):
    with pytest.raises(BadRequestError, match="tidak ada"):
        assemble(tmp_path / "raw")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "sources.csv").write_text(SOURCES, encoding="utf-8")
    with pytest.raises(BadRequestError, match="tidak berisi file data"):
        assemble(tmp_path / "raw")


def test_a_missing_register(small_raw):
    (small_raw / "targets.csv").unlink()
    built = assemble(small_raw)
    assert built.targets.empty and "targets_missing" in set(built.issues["rule"])
    (small_raw / "sources.csv").unlink()
    with pytest.raises(DataContractError, match="sources.csv tidak ada"):
        assemble(small_raw)


def test_a_source_without_publisher_is_an_issue(small_raw):
    path = small_raw / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Judul,Penerbit", "Judul,"), encoding="utf-8")
    issues = assemble(small_raw).issues
    assert issues.loc[issues["rule"] == "source_incomplete", ["file", "row", "text"]].values.tolist() == [
        ["sources.csv", 2, "uji"]
    ]


def test_a_file_without_a_row_and_a_row_without_a_file(small_raw):
    (small_raw / "tambahan.csv").write_text(TIDY, encoding="utf-8")
    with pytest.raises(DataContractError, match="tambahan.csv: tidak ada barisnya"):
        assemble(small_raw)
    (small_raw / "tambahan.csv").unlink()
    with (small_raw / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("lain,hilang.xlsx,bps_xlsx,Judul,Penerbit,,,,10,,\n")
    with pytest.raises(DataContractError, match="baris 3, kolom file: 'hilang.xlsx'"):
        assemble(small_raw)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",30,", ",tinggi,", "kolom precedence: 'tinggi'"),
        (",30,", ",0,", "kolom precedence: '0'"),
        (",30,", f",{DERIVED_PRECEDENCE},", f"kolom precedence: '{DERIVED_PRECEDENCE}'"),
        ("uji,uji.csv", "uji 1,uji.csv", "kolom source_id: 'uji 1'"),
        ("publisher", "penerbit", "kolom publisher tidak ada"),
        ("uji,uji.csv", "uji,../uji.csv", "kolom file: '../uji.csv'"),
    ],
)
def test_a_wrong_sources_row_is_named(small_raw, old, new, message):
    path = small_raw / "sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataContractError, match=message):
        assemble(small_raw)


def test_hidden_lock_and_note_files_are_no_data(small_raw):
    for name in (".DS_Store", "~$uji.xlsx", "catatan.md", "uji.csv.part"):
        (small_raw / name).write_text("x", encoding="utf-8")
    assert len(assemble(small_raw).observations) == 1


def test_a_wrong_commitment_is_named(small_raw):
    head = "region_code,indicator,actor_kind,actor,what,quantity,unit,year,status,source,url\n"
    (small_raw / "commitments.csv").write_text(
        head + "6399,rumah_layak_huni,pemerintah,A,b,10,unit,2024,selesai,c,\n", encoding="utf-8"
    )
    with pytest.raises(DataContractError, match="commitments.csv baris 2, kolom region_code: '6399'"):
        assemble(small_raw)


def test_a_failing_build_leaves_the_last_one_untouched(small_raw, tmp_path, monkeypatch):
    target = tmp_path / "processed"
    build_dataset(small_raw, target)
    before = contents(target)
    (small_raw / "uji.csv").write_text(TIDY.replace("70.5", "71.5"), encoding="utf-8")
    monkeypatch.setattr(
        pd.DataFrame, "to_csv", lambda *args, **kwargs: (_ for _ in ()).throw(OSError(28, "disk penuh"))
    )
    with pytest.raises(OSError, match="disk penuh"):
        build_dataset(small_raw, target)
    assert contents(target) == before


def test_a_build_interrupted_between_files_is_noticed(small_raw, tmp_path):
    target = tmp_path / "processed"
    build_dataset(small_raw, target)
    (small_raw / "uji.csv").write_text(TIDY.replace("70.5", "71.5"), encoding="utf-8")
    build_dataset(small_raw, tmp_path / "other")
    shutil.copy(tmp_path / "other" / "observations.parquet", target)
    with pytest.raises(PkpError, match="pkp clean"):
        load_dataset(target)


def test_loading_what_was_never_built(tmp_path):
    with pytest.raises(PkpError, match="Jalankan `pkp clean`"):
        load_dataset(tmp_path)


def test_formulas_in_names_are_neutral_in_csv_and_kept_in_parquet(small_raw, tmp_path):
    (small_raw / "uji.csv").write_text(
        "region_code,indicator,year,value,unit,note\n6303,sanitasi_layak,2024,70.5,%,=HYPERLINK(1)\n",
        encoding="utf-8",
    )
    build_dataset(small_raw, tmp_path / "processed")
    assert "'=HYPERLINK(1)" in (tmp_path / "processed" / "observations.csv").read_text(encoding="utf-8")
    assert load_dataset(tmp_path / "processed").observations["note"].tolist() == ["=HYPERLINK(1)"]


def test_written_csv_reads_back_to_the_same_figures(dataset, processed_dir):
    read = pd.read_csv(
        processed_dir / "observations.csv", dtype={"region_code": "str"}, keep_default_na=False
    )
    assert read["value"].tolist() == dataset.observations["value"].tolist()
    assert read["region_code"].tolist() == dataset.observations["region_code"].tolist()
    json.loads((processed_dir / "provenance.json").read_text(encoding="utf-8"))


@settings(
    max_examples=settings.default.max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    cells=st.lists(
        st.sampled_from(
            [
                "70,5",
                "70.5",
                "-",
                "...",
                "n/a",
                "95,40%",
                "#REF!",
                "±90",
                "90-95",
                "",
                "abc",
                "101",
                "-5",
                "1.234",
            ]
        ),
        min_size=1,
        max_size=13,
    )
)
def test_whatever_a_column_holds_no_cell_is_lost(small_raw, cells):
    rows = "".join(f'{code},sanitasi_layak,2024,"{cell}",%\n' for code, cell in zip(members("63"), cells))
    (small_raw / "uji.csv").write_text(
        "region_code,indicator,year,value,unit\n" + rows + "6310,air_minum_layak,2024,60,%\n",
        encoding="utf-8",
    )
    built = assemble(small_raw)
    counts = built.provenance["counts"]
    assert (
        counts["candidates"]
        == len(cells) + 1
        == counts["observations"] + counts["rejected"] + counts["missing"]
    )
    assert len(built.issues[built.issues["column"] == "D"].drop_duplicates("row")) >= counts["rejected"]


def test_a_folder_in_which_nothing_is_usable_still_lists_every_cell(small_raw):
    (small_raw / "uji.csv").write_text(TIDY.replace("70.5", "abc"), encoding="utf-8")
    built = assemble(small_raw)
    assert built.observations.empty and built.provenance["counts"] == {
        "candidates": 3,
        "observations": 0,
        "rejected": 2,
        "missing": 1,
    }
    assert len(built.issues) == 3


def test_an_unreadable_file_is_named_and_nothing_is_written(small_raw, tmp_path):
    (small_raw / "uji.csv").write_bytes(b"PK\x03\x04 terpotong")
    with pytest.raises(PkpError, match="uji.csv"):
        build_dataset(small_raw, tmp_path / "processed")
    assert not (tmp_path / "processed").exists()
