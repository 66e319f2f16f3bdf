"""Sentence templates: the files under `texts/` that a planner may edit, checked when they are loaded."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import PkpError

FOLDER = Path(__file__).with_name("texts")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
SECTION = re.compile(r"^\s*\[([A-Za-z_]+)\]\s*(#.*)?$")
KEY = re.compile(r"^\s*([a-z0-9_]+)\s*=")


_spoken = "id"


def speak(lang: str) -> None:
    """Set the language of sentences, tables and charts for this process; a page speaks one."""
    global _spoken
    load_sentences(lang)
    _spoken = lang


def language() -> str:
    """The language of this process: Indonesian until `speak` says otherwise."""
    return _spoken


class TemplateError(PkpError):
    """A sentence template that cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Sentences:
    """The sentences and words of one language: `texts["section"]["key"]`."""

    lang: str
    texts: dict[str, dict[str, str]]

    def say(self, address: str, **values: str) -> str:
        """The sentence "section.key" filled with the `values` it names, its first letter a capital where it ends as a
        sentence.
        """
        section, key = address.split(".")
        text = self.texts[section][key].format(**values)
        return capital(text) if text.endswith((".", ":")) else text

    def label(self, key: str) -> str:
        """A fixed word or heading of the page."""
        return self.texts["label"][key]

    def indicator(self, section: str, indicator: str) -> str:
        """The key of `section` to use for an indicator: its own where the file has one, else "other"."""
        return f"{section}.{indicator if indicator in self.texts[section] else 'other'}"

    def join(self, words: list[str]) -> str:
        """ "a", "a dan b", "a, b, dan c"."""
        if len(words) < 3:
            return f" {self.label('and')} ".join(words)
        return f"{', '.join(words[:-1])}, {self.label('and')} {words[-1]}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def load_sentences(lang: str = "id", folder: Path = FOLDER) -> Sentences:
    """The checked sentences of a language.

    The other languages say which sentences there must be and which placeholders each may use. Raises TemplateError
    naming file and line for an unknown placeholder, an unknown or missing sentence, or text that is not TOML.
    """
    path = Path(folder) / f"{lang}.toml"
    if not path.is_file():
        known = sorted(file.stem for file in Path(folder).glob("*.toml") if file.stem != "placeholders")
        raise TemplateError(f"{path}: tidak ada kalimat untuk bahasa {lang!r}; yang ada: {', '.join(known)}.")
    texts = read_toml(path)
    allowed = known_sentences(lang, Path(folder))
    check_placeholders(path, allowed)
    for section, keys in texts.items():
        for key, text in keys.items():
            if not isinstance(text, str) or not text.strip():
                raise TemplateError(f"{path}: [{section}] {key} kosong; tulis satu kalimat.")
    for section, keys in allowed.items():
        missing = sorted(({"other"} if "other" in keys else set(keys)) - set(texts.get(section, {})))
        if missing:
            raise TemplateError(
                f"{path}: [{section}] tidak memuat {', '.join(missing)}; salin barisnya dari bahasa lain."
            )
    return Sentences(lang, texts)


def known_sentences(lang: str, folder: Path) -> dict[str, dict[str, list[str]]]:
    """section -> key -> placeholders: those of the same sentence in the other languages, and of placeholders.toml,
    where "other" allows further keys.
    """
    more = read_toml(folder / "placeholders.toml")
    found = {section: {"other": keys["other"].split()} for section, keys in more.items() if "other" in keys}
    for path in sorted(folder.glob("*.toml")):
        if path.stem not in (lang, "placeholders"):
            for section, keys in read_toml(path).items():
                for key, text in keys.items():
                    further = more.get(section, {}).get(key, more.get(section, {}).get("other", ""))
                    names = [*PLACEHOLDER.findall(str(text)), *further.split()]
                    found.setdefault(section, {})[key] = list(dict.fromkeys(names))
    return found


def read_toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f'{path}: {error}. Yang diharapkan: kunci = "kalimat".') from error


def check_placeholders(path: Path, allowed: dict) -> None:
    """Walk the file line by line, so that the error can name the line a planner has to mend."""
    section = key = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        if found := SECTION.match(line):
            section = found[1]
            continue
        if found := KEY.match(line):
            key = found[1]
            if section in allowed and key not in allowed[section] and "other" not in allowed[section]:
                raise TemplateError(
                    f"{path}, baris {number}: [{section}] {key} tidak dipakai; yang dikenal:"
                    f" {', '.join(allowed[section])}."
                )
        names = allowed.get(section, {})
        known = names.get(key, names.get("other", []))
        unknown = [name for name in PLACEHOLDER.findall(line) if name not in known]
        if unknown or "{" in PLACEHOLDER.sub("", line) or "}" in PLACEHOLDER.sub("", line):
            found = f"isian {{{unknown[0]}}} tidak dikenal" if unknown else "kurung kurawal tanpa pasangan"
            expected = ", ".join(f"{{{name}}}" for name in known) or "tidak ada"
            raise TemplateError(
                f"{path}, baris {number}: {found} di [{section}] {key}. Yang boleh: {expected}."
            )


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of the frame of a page in a language."""
    return load_sentences(lang).texts["frame"]
