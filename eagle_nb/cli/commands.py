"""The commands and their arguments; each reports its result by the exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The arguments; those of the process by default.

    Returns
    -------
    int
        The exit status: 0 if all went well, 1 if a check or a notebook failed, 2 if an argument cannot be used.
    """
    parser = argparse.ArgumentParser(
        prog="eagle-nb", description="Which image regions carried a multimodal LLM's words."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    _add_notebooks(commands)
    _add_run(commands)
    _add_check(commands)
    options = parser.parse_args(arguments)
    try:
        return {"notebooks": _notebooks, "run": _run, "check": _check}[options.command](options)
    except (ValueError, TypeError, OSError) as error:
        print(f"eagle-nb: {error}", file=sys.stderr)
        return 2


def _add_notebooks(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "notebooks",
        help="copy the notebooks into a folder",
        description="Copy the notebooks of this version into a folder.",
    )
    command.add_argument("folder", type=Path, help="the folder; it is made if it does not exist")
    command.add_argument("--force", action="store_true", help="overwrite notebooks of the same names")


def _add_run(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "run",
        help="run a notebook with parameters and open the page that it writes",
        description="Run a notebook with papermill and open the page that it writes. "
        "Exit status: 0 the notebook ran, 1 a cell failed, 2 a parameter cannot be used.",
    )
    command.add_argument("notebook", help="its name, with or without the number: 'attribution' or '01_attribution'")
    command.add_argument("--model", help="a local folder or a hub id; the bundled model by default")
    command.add_argument("--image", help="an image file, or a number for a drawn scene")
    command.add_argument("--prompt", help="what to ask the model")
    command.add_argument("--tokens", help="the words of the answer to explain together; every word by default")
    command.add_argument(
        "-p",
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="another parameter of the notebook; may be repeated. A value is JSON where it can be read as JSON "
        "(25, [16, 36], true), and text otherwise",
    )
    command.add_argument("--out", type=Path, default=Path("runs"), help="folder for all results (default: runs)")
    command.add_argument("--no-open", action="store_true", help="do not open the page in a browser")


def _add_check(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "check",
        help="check whether a model is scored right on this machine, how fast, and how much memory it takes",
        description="Check a model. Exit status: 0 all checks passed, 1 a check failed, 2 the model or an argument cannot be used.",
    )
    command.add_argument("model", help="a local folder, a hub id, or 'bundled'")
    command.add_argument("--image", help="an image file; a drawn scene by default")
    command.add_argument("--prompt", help="a question about the image")
    command.add_argument(
        "--regions", type=int, nargs="+", default=[36, 64, 100], help="numbers of regions to predict the cost for"
    )
    command.add_argument("--device", default="auto", help="'cuda', 'cpu', … (default: auto)")
    command.add_argument("--dtype", default="auto", help="'float32', 'bfloat16', … (default: the checkpoint's)")
    command.add_argument("--trust-remote-code", action="store_true", help="let code that comes with the checkpoint run")
    command.add_argument("--json", action="store_true", help="print the report as JSON")


def _notebooks(options: argparse.Namespace) -> int:
    """Copy the notebooks and print their paths."""
    from .notebooks import copy_notebooks

    for path in copy_notebooks(options.folder, overwrite=options.force):
        print(path)
    return 0


def _run(options: argparse.Namespace) -> int:
    """Run a notebook, print the files and open the page."""
    from papermill.exceptions import PapermillExecutionError

    from .notebooks import find_notebook
    from .running import collect_parameters, executed_path, open_page, run_notebook

    notebook = find_notebook(options.notebook)
    named = {name: getattr(options, name) for name in ("model", "image", "prompt", "tokens")}
    parameters = collect_parameters(notebook, named, options.parameter)
    try:
        executed, page = run_notebook(notebook, parameters, options.out)
    except PapermillExecutionError as error:
        print(f"eagle-nb: cell {error.exec_count} failed: {error.ename}: {error.evalue}", file=sys.stderr)
        print(f"the notebook up to that cell: {executed_path(notebook, options.out)}", file=sys.stderr)
        return 1
    print(f"{executed}\n{page}")
    if not options.no_open and not open_page(page):
        print("no browser was found; open the page by hand", file=sys.stderr)
    return 0


def _check(options: argparse.Namespace) -> int:
    """Check a model and print the report."""
    from ..evaluation.model_check import check_model
    from ..inputs.images import open_image
    from ..models.huggingface.loading import load_model

    image = None if options.image is None else open_image(options.image)  # before a large model is loaded
    model = load_model(
        options.model, device=options.device, dtype=options.dtype, trust_remote_code=options.trust_remote_code
    )
    report = check_model(model, image, options.prompt, options.regions)
    print(report.to_json() if options.json else report)
    return 0 if report.passed else 1
