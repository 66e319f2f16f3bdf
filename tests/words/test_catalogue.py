"""Templates are files a planner edits: what is wrong in them is named with file and line."""

import re
import shutil
import string

import pytest

from pkp_analysis.words.catalogue import FOLDER, PLACEHOLDER, TemplateError, load_sentences

FORBIDDEN = [
    "dalam rangka",
    "merupakan",
    "signifikan",
    "hampir pasti",
    "karena",
    "akibat",
    "tidak mencapai target",
    "sangat baik",
    "gagal",
]


@pytest.fixture
def folder(tmp_path):
    for file in FOLDER.glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def edit(folder, old, new):
    path = folder / "id.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return next(
        number
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if new.split("\n")[0] in line
    )


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "{name} di {region} di urutan",
            "{name} di {wilayah} di urutan",
            "{wilayah}",
        ),
        ("Ini proyeksi, bukan penilaian kinerja.", "Ini {proyeksi}.", "tidak ada"),
        ("Belum tersedia: {things}.", "Belum tersedia: {things.", "kurung"),
        ("Belum tersedia: {things}.", "Belum tersedia: {0}.", "{0}"),
        ("Belum tersedia: {things}.", "Belum tersedia: {things!r}.", "{things!r}"),
        ('summary = "Ringkasan"', 'summary = "Ringkasan {nama}"', "{nama}"),
        ('caveat = "Ini', 'caveats = "Ini', "caveats tidak dipakai"),
    ],
)
def test_an_error_names_file_and_line(folder, old, new, found):
    line = edit(folder, old, new)
    with pytest.raises(TemplateError) as error:
        load_sentences("id", folder)
    assert f"id.toml, baris {line}:" in str(error.value) and found in str(error.value)


def test_a_missing_or_empty_sentence_and_broken_toml_are_refused(folder):
    edit(folder, 'spm = "capaian SPM"\n', "")
    with pytest.raises(TemplateError, match=r"\[missing\] tidak memuat spm"):
        load_sentences("id", folder)
    shutil.copy(FOLDER / "id.toml", folder)
    edit(folder, 'spm = "capaian SPM"', 'spm = " "')
    load_sentences.cache_clear()
    with pytest.raises(TemplateError, match=r"\[missing\] spm kosong"):
        load_sentences("id", folder)
    edit(folder, 'spm = " "', "spm = capaian")
    with pytest.raises(TemplateError, match="id.toml.*(baris|line)"):
        load_sentences("id", folder)
    with pytest.raises(TemplateError, match="yang ada: en, id"):
        load_sentences("fr", folder)


def test_both_languages_say_the_same_things():
    indonesian, english = load_sentences("id").texts, load_sentences("en").texts
    assert {section: set(keys) for section, keys in indonesian.items()} == {
        section: set(keys) for section, keys in english.items()
    }


def test_variants_of_a_sentence_use_the_same_figures():
    """A variant that drops the plan or the year would tell one region less than its neighbour."""
    optional = {"name", "statement", "side", "behind", "behind_it"}
    for lang in ("id", "en"):
        for section, keys in load_sentences(lang).texts.items():
            for key, variants in keys.items():
                used = [set(PLACEHOLDER.findall(text)) - optional for text in variants]
                assert all(names == used[0] for names in used), (lang, section, key)


def test_no_forbidden_phrase_and_no_double_space():
    for section, keys in load_sentences("id").texts.items():
        for key, variants in keys.items():
            for text in variants:
                assert not [phrase for phrase in FORBIDDEN if re.search(rf"\b{phrase}\b", text.lower())], (
                    section,
                    key,
                )
                assert (
                    "  " not in text
                    and " %" not in text
                    and text == text.strip()
                    or section in ("label", "chart", "story")
                )


def test_sentences_stay_short():
    for lang in ("id", "en"):
        for section, keys in load_sentences(lang).texts.items():
            for key, variants in keys.items():
                for text in variants:
                    words = [word for word in text.split() if word.strip(string.punctuation)]
                    assert len(words) <= 30, (lang, section, key, len(words))


def test_neighbours_do_not_read_alike():
    sentences = load_sentences("id")
    words = {
        "region": "X",
        "not_met": "sanitasi layak",
        "yardstick": "acuan nasional",
        "behind": "masih di bawah",
        "behind_it": "",
    }
    said = [sentences.say("headline.not_met", code, **words) for code in ("6301", "6302", "6303")]
    assert len(set(said)) == 3 and said == [
        sentences.say("headline.not_met", code, **words) for code in ("6301", "6302", "6303")
    ]
