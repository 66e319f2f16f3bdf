"""Measures to words, pictures and pages. The package can be called: `pkp.report("6303")` is a region's report."""

import sys
from types import ModuleType


class _CallablePackage(ModuleType):
    """The facade's `pkp.report(...)` and the package `pkp_analysis.report` share one name, so one object is both."""

    def __call__(self, region_code: str, report_year: int | None = None, lang: str = "id"):
        from .pages import report

        return report(region_code, report_year, lang)


sys.modules[__name__].__class__ = _CallablePackage
