"""python -m eagle_nb.teaching notebooks/00_walkthrough.ipynb: execute a notebook and write it as one HTML page."""

from __future__ import annotations

import argparse
import json

from .page import export


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eagle_nb.teaching", description=__doc__)
    parser.add_argument("notebook")
    parser.add_argument("folder", nargs="?", default="runs")
    parser.add_argument("-p", "--parameter", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"))
    asked = parser.parse_args(arguments)
    print(export(asked.notebook, asked.folder, **{name: _read(value) for name, value in asked.parameter}))


def _read(value: str) -> object:
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


if __name__ == "__main__":
    main()
