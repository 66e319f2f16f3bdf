"""Reports of the session's tables, each made and read once."""

import pytest

from pkp_analysis.report import region_data
from pkp_analysis.report.pages import RegionReport


@pytest.fixture(scope="session")
def models(dataset, processed_dir):
    """The fitted models, also stored beside the processed tables."""
    return region_data.save_models(dataset, processed_dir)


@pytest.fixture(scope="session")
def build(dataset, models):
    """A function that gives the report of a region; of the session's own tables each report is made once."""
    made = {}

    def make(code: str, lang: str = "id", year: int = 2024, data=None) -> RegionReport:
        if data is not None:
            return RegionReport(region_data.RegionData(code, year, data, models), lang)
        key = (code, lang, year)
        if key not in made:
            made[key] = RegionReport(region_data.RegionData(code, year, dataset, models), lang)
        return made[key]

    return make
