"""Execute a notebook and write it as one HTML page: ``python -m eagle_nb.teaching notebooks/00_walkthrough.ipynb``."""

from __future__ import annotations

import argparse
import json

from .page import export


def main(arguments: list[str] | None = None) -> None:
    """Run the command.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; by default that of the process.
    """
    parser = argparse.ArgumentParser(prog="python -m eagle_nb.teaching", description=__doc__)
    parser.add_argument("notebook", help="the notebook, such as notebooks/00_walkthrough.ipynb")
    parser.add_argument(
        "folder", nargs="?", default="runs", help="where the executed notebook and the page are written"
    )
    parser.add_argument(
        "-p",
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a parameter of the notebook",
    )
    options = parser.parse_args(arguments)
    print(export(options.notebook, options.folder, **{name: _parse(value) for name, value in options.parameter}))


def _parse(value: str) -> object:
    """Read a value as JSON, or else as text."""
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


if __name__ == "__main__":
    main()
