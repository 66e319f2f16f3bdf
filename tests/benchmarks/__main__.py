"""Every benchmark, one after the other: each module here with a function `run()` that returns a table or a
dict.
"""

import importlib
import json
import pkgutil

from tests import benchmarks


def main() -> None:
    for found in pkgutil.iter_modules(benchmarks.__path__, "tests.benchmarks."):
        module = importlib.import_module(found.name) if not found.name.endswith("__main__") else None
        if hasattr(module, "run"):
            print(module.__doc__.splitlines()[0], flush=True)
            figures = module.run()
            print(
                json.dumps(figures, indent=1) if isinstance(figures, dict) else figures.to_string(),
                end="\n\n",
                flush=True,
            )


if __name__ == "__main__":
    main()
