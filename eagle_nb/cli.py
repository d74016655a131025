"""The command ``eagle-nb``; ``eagle-nb check MODEL`` checks a model and reports the result by its exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The arguments; those of the process by default.

    Returns
    -------
    int
        The exit status: 0 if all checks passed, 1 if one failed, 2 if the model or an argument cannot be used.
    """
    parser = argparse.ArgumentParser(
        prog="eagle-nb", description="Which image regions carried a multimodal LLM's words."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "check",
        help="check whether a model is scored right on this machine, how fast, and how much memory it takes",
        description="Check a model. Exit status: 0 all checks passed, 1 a check failed, 2 the model or an argument cannot be used.",
    )
    check.add_argument("model", help="a local folder, a hub id, or 'bundled'")
    check.add_argument("--image", help="an image file; a drawn scene by default")
    check.add_argument("--prompt", help="a question about the image")
    check.add_argument(
        "--regions", type=int, nargs="+", default=[36, 64, 100], help="numbers of regions to predict the cost for"
    )
    check.add_argument("--device", default="auto", help="'cuda', 'cpu', … (default: auto)")
    check.add_argument("--dtype", default="auto", help="'float32', 'bfloat16', … (default: the checkpoint's)")
    check.add_argument("--trust-remote-code", action="store_true", help="let code that comes with the checkpoint run")
    check.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    return _check(options)


def _check(options: argparse.Namespace) -> int:
    """Check a model and print the report."""
    from .evaluation.model_check import check_model
    from .inputs.images import open_image
    from .models.huggingface.loading import load_model

    try:
        image = None if options.image is None else open_image(options.image)  # before a large model is loaded
        model = load_model(
            options.model, device=options.device, dtype=options.dtype, trust_remote_code=options.trust_remote_code
        )
        report = check_model(model, image, options.prompt, options.regions)
    except (ValueError, TypeError, OSError) as error:
        print(f"eagle-nb: {error}", file=sys.stderr)
        return 2
    print(report.to_json() if options.json else report)
    return 0 if report.passed else 1


if __name__ == "__main__":
    sys.exit(main())
