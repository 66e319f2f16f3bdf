"""The environment files agree with pyproject.toml."""

import re
import tomllib

from .environment_file import ROOT, environment_yml


def package_name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = project["dependencies"] + sum(project["optional-dependencies"].values(), [])
    return {package_name(requirement) for requirement in requirements}


def test_environment_yml_is_generated_from_pyproject():
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == environment_yml(), "run `make lock`"


def test_the_six_agreed_packages_are_declared():
    assert {"jupyterlab", "pandas", "matplotlib", "seaborn", "papermill", "nbval"} <= declared()


def test_lock_pins_every_declared_package_with_hashes_and_without_addresses():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {package_name(line) for line in lock.splitlines() if re.match(r"^[a-z0-9]", line)}
    assert declared() <= pinned, declared() - pinned
    assert "://" not in lock and "--index-url" not in lock
    entries = re.split(r"\n(?=[a-z0-9])", lock)
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("dependencies = [", 1)[1].split("[project.scripts]")[0]
    for line in block.splitlines():
        if line.strip().startswith('"'):
            assert "#" in line, f"no reason given: {line.strip()}"
