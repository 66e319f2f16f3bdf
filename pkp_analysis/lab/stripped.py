"""The git filter that `make lab` sets up: a notebook from standard input, as it stands in git to standard output.

Outputs go, except those of cells tagged keep_output, whose count becomes the place of the cell: what "run all"
gives, and what nbval asks of a cell with outputs.
"""

import sys

from ..notebook_format import nbformat

OF_A_RUN = [
    "metadata.signature",
    "metadata.widgets",
    *(f"cell.metadata.{key}" for key in ("collapsed", "ExecuteTime", "execution", "scrolled", "trusted")),
    *(
        f"metadata.language_info.{key}"
        for key in (
            "codemirror_mode", "file_extension", "mimetype", "nbconvert_exporter", "pygments_lexer", "version"
        )
    ),
]  # fmt: skip


def stripped(notebook):
    """The notebook without what a run leaves in it; changed in place."""
    from nbstripout import strip_output  # imports nbformat, which by then takes no time

    strip_output(notebook, keep_output=False, keep_count=False, keep_id=True, extra_keys=OF_A_RUN)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for place, cell in enumerate(cells, start=1):
        if cell.outputs:
            cell.execution_count = place
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = place
    return notebook


if __name__ == "__main__":
    notebook = nbformat.reads(sys.stdin.buffer.read().decode("utf-8"), as_version=nbformat.NO_CONVERT)
    text = nbformat.writes(stripped(notebook), version=nbformat.NO_CONVERT)
    sys.stdout.buffer.write((text if text.endswith("\n") else text + "\n").encode("utf-8"))
