"""The reports that could not be made: of this run, and of earlier ones that nothing has made again."""

from pathlib import Path

from ..data.regions import region_name
from ..site.home import Failed
from .manifest import read_manifest


def failures(items, results, out: Path) -> tuple[Failed, ...]:
    """The failed reports a reader of `out` can come upon. results: those of this run, with `.item`, `.state`
    and `.failure`.
    """
    found = [
        Failed(
            result.item.title,
            result.item.page,
            result.item.lang,
            Path(result.item.notebook).name,
            result.failure.cell,
            f"{result.failure.error}: {result.failure.message}",
        )
        for result in results
        if result.state == "failed"
    ]
    planned = {item.page for item in items}
    for entry in read_manifest(out)["items"].values():
        page, failure, parameters = entry["page"], entry["failure"], entry["parameters"]
        if failure and page not in planned and (out / page).is_file():
            title = (
                region_name(parameters["region_code"], full=True)
                if "region_code" in parameters
                else Path(page).name
            )
            found.append(
                Failed(
                    title,
                    page,
                    parameters.get("lang", "id"),
                    entry["notebook"],
                    failure["cell"],
                    f"{failure['error']}: {failure['message']}",
                )
            )
    return tuple(found)
