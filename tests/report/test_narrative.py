"""What the sentences say about rows built by hand from published figures."""

import pandas as pd
import pytest

from pkp_analysis.data.codebook import indicators
from pkp_analysis.data.regions import regions
from pkp_analysis.words import narrative, wording
from pkp_analysis.words.catalogue import load_sentences

SENTENCES = load_sentences("id")
INDICATORS = indicators()


def row(indicator, value, target, status, **other):
    """An assessment row with the defaults of a regency judged against RPJMN 2020-2024."""
    base = {
        "region_code": "6304",
        "indicator": indicator,
        "framework": "RPJMN 2020-2024",
        "start_year": 2020,
        "target_year": 2024,
        "target": float(target),
        "direction": "up",
        "unit": "% rumah tangga",
        "role": "reference",
        "target_status": "statement",
        "governs": True,
        "is_headline": True,
        "passed": True,
        "source": "Kontan",
        "url": "",
        "note": "",
        "value": value,
        "value_year": 2024,
        "value_source_id": "bps",
        "n_points": 2,
        "attainment_pct": None,
        "gap": None,
        "scale": None,
        "status": status,
        "at_risk": False,
        "near_target": False,
        "probability": None,
        "median": None,
        "lower": None,
        "upper": None,
        "change": "indistinct",
    }
    return base | other


def sdgs(indicator, value, probability, status="small_chance", **other):
    return row(
        indicator,
        value,
        100,
        status,
        framework="SDGs 2030",
        start_year=2015,
        target_year=2030,
        is_headline=False,
        passed=False,
        probability=probability,
        **other,
    )


BARITO_KUALA = pd.DataFrame(
    [
        row("sanitasi_layak", 57.71, 90, "below_reference"),
        sdgs("sanitasi_layak", 57.71, 0.02),
        row("air_minum_layak", 57.63, 100, "below_reference"),
        sdgs("air_minum_layak", 57.63, 0.03),
    ]
)
UTARA = pd.DataFrame(
    [
        row("sanitasi_layak", 97.70, 90, "achieved", region_code="6308"),
        row("air_minum_layak", 85.99, 100, "below_reference", region_code="6308"),
    ]
)
SURVEY = {"sanitasi_layak": ("survey", "BPS"), "air_minum_layak": ("survey", "BPS")}


def subject(code):
    return wording.subject_of(regions(), code)


def evidence(frame, code, kinds=SURVEY):
    return narrative.evidence(subject(code), narrative.headline_rows(frame), INDICATORS, kinds, SENTENCES)


def headline(frame, code):
    return narrative.headline(subject(code), narrative.headline_rows(frame), INDICATORS, SENTENCES)


def test_both_below_the_reference():
    text = headline(BARITO_KUALA, "6304")
    assert (
        "Barito Kuala" in text
        and "acuan nasional" in text
        and "sanitasi layak dan air minum layak" in text.lower()
    )
    first, second = evidence(BARITO_KUALA, "6304")
    for part in ("57,71%", "Susenas Maret 2024", "32,29 persen poin", "acuan 90% (RPJMN 2020-2024)"):
        assert part in first
    for part in ("57,63%", "42,37 persen poin", "acuan 100%"):
        assert part in second


def test_one_above_and_one_below():
    text = headline(UTARA, "6308")
    assert "Hulu Sungai Utara" in text and (
        "tetapi belum untuk air minum layak" in text or "air minum layak masih di bawahnya" in text
    )
    first, second = evidence(UTARA, "6308")
    assert "7,70 persen poin" in first and (
        "di atas" in first or "terlampaui" in first or "melampaui" in first
    )
    assert "14,01 persen poin" in second


def test_around_the_reference_is_said_so():
    frame = pd.DataFrame([row("sanitasi_layak", 89.54, 90, "below_reference", near_target=True)])
    assert "di sekitar acuan nasional" in headline(frame, "6372")
    text = evidence(frame, "6372")[0]
    assert "0,46 persen poin" in text and ("di sekitar acuan" in text or "ketidakpastian survei" in text)


def test_universal_target_within_a_point():
    frame = pd.DataFrame([row("air_minum_layak", 99.53, 100, "achieved", near_target=True)])
    assert (
        "hampir universal" in evidence(frame, "6371")[0] and "0,47 persen poin" in evidence(frame, "6371")[0]
    )
    assert narrative.group_of(frame.iloc[0]) == "met"


def test_lower_is_better_is_mirrored():
    frame = pd.DataFrame(
        [
            row(
                "penanganan_sampah",
                12.5,
                10,
                "below_reference",
                direction="down",
                near_target=False,
                value_source_id="x",
            )
        ]
    )
    text = evidence(frame, "6303", {"penanganan_sampah": ("official", "DLH")})[0]
    assert "di bawah acuan" not in text and "2,50 persen poin" in text
    assert "di bawah" not in headline(frame, "6303")


def test_one_observation_is_not_judged():
    frame = pd.DataFrame([row("hunian_layak", 52.99, 70, "insufficient_data", value_year=2020, n_points=1)])
    assert headline(frame, "63").startswith("Data belum cukup untuk menilai")
    assert evidence(frame, "63", {"hunian_layak": ("survey", "BPS")}) == [
        "Hanya ada satu nilai untuk hunian layak, 52,99% pada 2020; acuan 70% (RPJMN 2020-2024) belum dapat"
        " dinilai."
    ]


def test_no_data_at_all():
    frame = pd.DataFrame([row("sanitasi_layak", None, 90, "insufficient_data", value_year=None, n_points=0)])
    assert headline(frame, "9401").startswith("Data belum cukup")
    assert evidence(frame, "9401") == []


def test_change_within_noise_and_outside_it():
    rows = narrative.headline_rows(BARITO_KUALA)
    years = {"sanitasi_layak": 2021, "air_minum_layak": 2021}
    text = narrative.changes(subject("6304"), rows, years, INDICATORS, SENTENCES)
    assert (
        "ketidakpastian survei" in text
        and "2021" in text
        and "meningkat" not in text
        and "menurun" not in text
    )
    rows.loc[0, "change"] = "rising"
    text = narrative.changes(subject("6304"), rows, years, INDICATORS, SENTENCES)
    assert (
        "sanitasi layak" in text.split("sedangkan")[0].lower()
        and "ketidakpastian" in text.split("sedangkan")[1]
    )


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.0, "kecil"), (0.0999, "kecil"), (0.10, "sedang"), (0.66, "besar"), (1.0, "besar")],
)
def test_chance_in_words(probability, word):
    frame = pd.DataFrame([sdgs("sanitasi_layak", 57.71, probability)])
    opening, caveat = narrative.chances(subject("6304"), frame, INDICATORS, SENTENCES)
    assert opening.rstrip(".").endswith(word) and "100%" in opening and "2030" in opening
    assert caveat == "Ini proyeksi, bukan penilaian kinerja."


def test_two_targets_of_one_chance_share_a_clause():
    opening, _ = narrative.chances(subject("6304"), BARITO_KUALA, INDICATORS, SENTENCES)
    assert "sanitasi layak dan air minum layak mencapai 100% pada 2030 kecil" in opening


def test_own_plan_counts_targets_met_in_words():
    plan = "RPJMD Kalimantan Selatan 2021-2026"
    figures = [
        ("rumah_layak_huni", 43.35, 39.47, "achieved"),
        ("air_minum_layak", 77.09, 88.68, "not_achieved"),
        ("air_limbah_domestik", 88.28, 90, "not_achieved"),
        ("penanganan_sampah", 60.14, 75, "not_achieved"),
    ]
    frame = pd.DataFrame(
        [
            row(
                name,
                value,
                target,
                status,
                framework=plan,
                target_year=2022,
                value_year=2022,
                role="own",
                unit="%",
            )
            for name, value, target, status in figures
        ]
    )
    text = narrative.own_plan(subject("63"), frame, INDICATORS, SENTENCES)
    assert (
        text
        == f"Pada 2022, satu dari empat target {plan} tercapai, yaitu pemenuhan kebutuhan rumah layak huni."
    )


def test_gap_is_the_difference_of_the_shown_figures():
    gap = narrative.gap_of(pd.Series(row("sanitasi_layak", 57.714999, 90.004, "below_reference")), 2)
    assert gap == 32.29


@pytest.mark.parametrize(
    ("code", "name", "members"),
    [
        ("6303", "Banjar", "kabupaten/kota"),
        ("6371", "Kota Banjarmasin", "kabupaten/kota"),
        ("3273", "Kota Bandung", "kabupaten/kota"),
        ("3204", "Kabupaten Bandung", "kabupaten/kota"),
        ("7604", None, "kabupaten"),
        ("63", "Kalimantan Selatan", "kabupaten/kota"),
    ],
)
def test_names_and_neighbours(code, name, members):
    found = subject(code)
    assert found.members == members
    assert name is None or found.name == name


def test_missing_lists_what_a_reader_may_look_for():
    text = narrative.missing(subject("6304"), BARITO_KUALA, 2024, INDICATORS, False, False, SENTENCES)
    assert (
        text
        == "Belum tersedia: target RPJMD kabupaten, capaian SPM, hunian layak, penanganan sampah, dan jumlah"
        " rumah tangga resmi."
    )
