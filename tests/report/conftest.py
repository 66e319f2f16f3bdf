"""The models of the session's tables, and a project folder with quick notebooks."""

import pytest

from pkp_analysis.region import models as stored_models

from ..run.runner_project import make_project


@pytest.fixture(scope="session")
def models(dataset, processed_dir):
    """The fitted models."""
    return stored_models.load_models(dataset, processed_dir)


@pytest.fixture(scope="module")
def project(tmp_path_factory, processed_dir):
    """A project folder with quick notebooks, one per module, which PKP_ROOT names while the module runs."""
    folder = make_project(tmp_path_factory.mktemp("uji") / "proyek", processed_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PKP_ROOT", str(folder))
        yield folder
