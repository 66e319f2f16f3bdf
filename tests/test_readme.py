"""The READMEs say what the command line and the Makefile do: nothing missing, nothing invented."""

import re
import shlex
from pathlib import Path

import click
import pytest

from pkp_analysis.cli import main

ROOT = Path(__file__).resolve().parents[1]
READMES = ["README.md", "README.id.md"]
DOCUMENTS = [*READMES, "CONTRIBUTING.md"]


def commands_of(name: str) -> list[str]:
    """Every `pkp ...` command line in the document: from code blocks and from inline code."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.S)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`(pkp [^`]*)`", re.sub(r"```.*?```", "", text, flags=re.S))
    return [line for line in [*lines, *inline] if line.startswith("pkp ")]


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_documented(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    missing = [command for command in main.commands if f"pkp {command}" not in text]
    assert missing == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_documented_command_and_option_exists(name):
    for line in commands_of(name):
        words = shlex.split(line)[1:]
        command = main.commands.get(words[0])
        if words[0] in {"COMMAND", "PERINTAH"}:
            continue
        assert command is not None, f"{name}: {line}: no such command"
        options = {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
        }
        options |= {"--help"}
        for word in words[1:]:
            if word.startswith("--"):
                assert word.split("=")[0] in options, f"{name}: {line}: no option {word}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_targets_exist(name):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.M))
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", text, flags=re.M):
        assert target in targets, f"{name}: make {target}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_resolve(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", text):
        if "://" not in link:
            assert (ROOT / link.split("#")[0]).exists(), f"{name}: {link}"


def test_the_picture_of_a_report_is_real_and_small():
    picture = ROOT / "docs" / "laporan-banjar.png"
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG") and 20_000 < len(data) < 300_000
