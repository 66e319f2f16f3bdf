"""The catalogue is a file a planner edits: what is wrong in it is named with file and line, and all of it is read."""

import ast
import re
import shutil
import string
from pathlib import Path

import nbformat
import pytest

from pkp_analysis.paths import REFERENCE
from pkp_analysis.words.catalogue import FOLDER, TemplateError, load_sentences, words
from pkp_analysis.words.marks import MARKS

FORBIDDEN = [
    "dalam rangka",
    "merupakan",
    "signifikan",
    "hampir pasti",
    "karena",
    "akibat",
    "tidak mencapai target",
    "sangat baik",
]
ROOT = Path(__file__).resolve().parents[2]
PACKAGE, NOTEBOOKS = ROOT / "pkp_analysis", ROOT / "notebooks"
OF_THE_DATA = {
    "official",
    "noun",
    "statement",
    "unit",
    "layout",
    "rule",
}  # looked up by what tables and rules are called


def pages():
    """(language, section, key, text) of the whole catalogue."""
    for lang in ("id", "en"):
        for section, keys in load_sentences(lang).texts.items():
            for key, text in keys.items():
                yield lang, section, key, text


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
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Belum tersedia: {things}.", "Belum tersedia: {wilayah}.", "{wilayah}"),
        ("belum ada nilai", "belum ada {nilai}", "tidak ada"),
        ("Belum tersedia: {things}.", "Belum tersedia: {things.", "kurung"),
        ("Belum tersedia: {things}.", "Belum tersedia: {0}.", "{0}"),
        ("Belum tersedia: {things}.", "Belum tersedia: {things!r}.", "{things!r}"),
        ('all_values = "Semua nilai"', 'all_values = "Semua nilai {nama}"', "{nama}"),
        ('own_target = "', 'own_targets = "', "own_targets tidak dipakai"),
        ('skip = "Langsung', 'lewati = "Langsung', "lewati tidak dipakai"),
    ],
)
def test_an_error_names_file_and_line(folder, old, new, found):
    line = edit(folder, old, new)
    with pytest.raises(TemplateError) as error:
        load_sentences("id", folder)
    assert f"id.toml, baris {line}:" in str(error.value) and found in str(error.value)


def test_a_missing_or_empty_sentence_and_broken_toml_are_refused(folder):
    whole = (folder / "id.toml").read_text(encoding="utf-8")
    for new, message in (
        ("", r"\[missing\] tidak memuat since"),
        ('since = " "\n', r"\[missing\] since kosong"),
        ("since = setelah\n", "id.toml.*(baris|line)"),
    ):
        edit(folder, 'since = "{name} setelah {year}"\n', new)
        load_sentences.cache_clear()
        with pytest.raises(TemplateError, match=message):
            load_sentences("id", folder)
        (folder / "id.toml").write_text(whole, encoding="utf-8")
    with pytest.raises(TemplateError, match="yang ada: en, id"):
        load_sentences("fr", folder)


def test_both_languages_say_the_same_things():
    first, second = ([entry[1:3] for entry in pages() if entry[0] == lang] for lang in ("id", "en"))
    assert sorted(first) == sorted(second)


class Mentions(ast.NodeVisitor):
    """What code reads of the catalogue: its strings, and as a pattern every f-string with a fixed part."""

    def __init__(self):
        self.strings, self.patterns = set(), set()

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self.strings |= {node.value, *re.findall(r"[\w.]+", node.value)}

    def visit_JoinedStr(self, node):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values]
        self.patterns.add("".join(parts))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part)

    def visit_keyword(self, node):  # names of columns and sentences in dict(...) and assign(...)
        self.strings.add(node.arg or "")
        self.generic_visit(node)


@pytest.fixture(scope="module")
def mentioned():
    found = Mentions()
    for path in PACKAGE.rglob("*.py"):
        found.visit(ast.parse(path.read_text(encoding="utf-8")))
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code":
                found.visit(ast.parse(cell.source))
    for path in PACKAGE.rglob("*.j2"):
        found.strings |= set(re.findall(r"words\.(\w+)", path.read_text(encoding="utf-8")))
    for path in REFERENCE.glob("*.csv"):
        found.strings |= set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return found


def test_every_entry_is_read_somewhere(mentioned):
    """An address or its key stands in code, notebook or template, or a pattern of code with a part of the key."""
    open_patterns = {f"{section}\\.\\w+" for section in load_sentences("id").texts}
    patterns = [re.compile(text) for text in mentioned.patterns - open_patterns if re.search(r"[a-z]", text)]

    def is_read(section, key):
        return (
            {key, f"{section}.{key}"} & mentioned.strings
            or section in OF_THE_DATA | {"count"}
            or any(pattern.fullmatch(key) or pattern.fullmatch(f"{section}.{key}") for pattern in patterns)
        )

    unread = [f"{section}.{key}" for _, section, key, _ in pages() if not is_read(section, key)]
    assert not unread
    sections = load_sentences("id").texts
    begun = {part.split(".")[0].split("\\")[0] for part in mentioned.strings | mentioned.patterns}
    assert not set(sections) - begun


def test_every_entry_that_is_read_exists(mentioned):
    texts = load_sentences("id").texts
    addresses = (text.split(".") for text in mentioned.strings if re.fullmatch(r"[a-z_]+\.[a-z_]+", text))
    assert not [f"{section}.{key}" for section, key in addresses if key not in texts.get(section, [key])]
    labels = re.compile(r"""say\.label\(\\?["'](\w+)""")
    for path in NOTEBOOKS.glob("*.ipynb"):
        assert set(labels.findall(path.read_text(encoding="utf-8"))) <= set(texts["label"]), path.name
    for path in PACKAGE.rglob("*.j2"):
        read = set(re.findall(r"words\.(\w+)", path.read_text(encoding="utf-8")))
        assert read <= set(words("id")), path.name


def test_every_mark_has_its_word():
    assert set(load_sentences("id").texts["mark"]) == set(MARKS)


def test_no_forbidden_phrase_and_no_double_space():
    for lang, section, key, text in pages():
        if lang == "id":
            assert not [phrase for phrase in FORBIDDEN if re.search(rf"\b{phrase}\b", text.lower())], key
        assert section == "chart" or ("  " not in text and " %" not in text), (section, key)


def test_sentences_stay_short():
    for lang, section, key, text in pages():
        for sentence in re.split(r"(?<=[.:;]) ", text):
            named = [word for word in sentence.split() if word.strip(string.punctuation)]
            assert len(named) <= 30, (lang, section, key, len(named))
