"""A project folder as a planner has it after the first build, so that nothing is written into the checkout."""

from pathlib import Path

import pytest

from tests.run.runner_project import clone


@pytest.fixture(scope="module")
def project(processed_dir, dataset, tmp_path_factory) -> Path:
    """A clone with clean tables and fitted models."""
    return clone(tmp_path_factory.mktemp("proyek"), processed_dir)
