"""Check every vision-language family of transformers on a tiny checkpoint, and write the table ``families.md``.

The families are all types of `AutoModelForImageTextToText`, and those of `AutoModelForMultimodalLM` that see images. `tests/families`
builds a checkpoint of each with random weights and the family's own configuration and processor classes. It is saved, loaded with
`eagle_nb.load_model`, and scored in a process of its own:

tokens
    The prompt's token ids equal those of the processor's own chat template.
scores
    Scores of masked images that the processor prepares equal a plain forward pass, to 1e-5.
masking
    Scores of images masked on the device: their largest difference from the above, against the documented bound.
batches
    Scores in batches of 1, 7 and 32 agree to 1e-5.
arg-max
    Each generated token is the most probable one.
image
    The scores depend on the image.
grid
    Whether white-box maps find the grid of image tokens.

Run ``python benchmarks/families.py --cache FILE`` to write the table; families in the cache are not checked again unless they failed or were not built. ``--only a,b`` checks
some families and prints the results, without a table.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MULTIMODAL = ("phi4_multimodal", "qwen2_5_omni", "qwen3_omni_moe")
"""Types of `AutoModelForMultimodalLM` alone that see images."""

EXACT = 1e-5
LARGEST = 0.2
"""Largest difference of scores that masking on the device may make in 32 coalitions, as a share of the signal."""
VERDICTS = ("passes", "literal only", "batch 1 only", "literal only, batch 1 only", "refused", "not built", "fails")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="families to check, separated by commas; prints results, writes no table")
    parser.add_argument("--cache", type=Path, help="JSON lines of results; families in it are not checked again")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds per family")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".md"))
    args = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    warm_up()
    names = args.only.split(",") if args.only else model_types()
    results = {} if args.only or not args.cache or not args.cache.exists() else read(args.cache)
    for name in names:
        if name not in results:
            results[name] = in_process(name, args.timeout)
            if args.cache:
                with args.cache.open("a") as file:
                    file.write(json.dumps(results[name]) + "\n")
            if args.only:
                print(json.dumps(results[name], indent=1, ensure_ascii=False))
            else:
                result = results[name]
                print(f"{name}: {result['verdict']} {result.get('reason', '')[-200:]}", flush=True)
    if not args.only:
        args.out.write_text(table([results[name] for name in names]))


def model_types() -> list[str]:
    """Return the types of all vision-language families."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES as NAMES

    return sorted({*NAMES, *MULTIMODAL})


def read(cache: Path) -> dict[str, Any]:
    """Return the results in a cache; the last one of each family counts."""
    lines = (json.loads(line) for line in cache.read_text().splitlines() if line.strip())
    return {line["family"]: line for line in lines if line["verdict"] not in ("fails", "not built")}


def in_process(name: str, timeout: float) -> dict[str, Any]:
    """Check one family in a process of its own; where processes fork, the packages are imported once."""
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=send, args=(name, sender), daemon=True)
    process.start()
    sender.close()
    failed: dict[str, Any] = {"family": name, "verdict": "fails"}
    try:
        result: dict[str, Any] = (
            receiver.recv() if receiver.poll(timeout) else failed | {"reason": f"not finished after {timeout:g} s"}
        )
    except EOFError:
        process.join()
        result = failed | {"reason": f"the process ended with status {process.exitcode}"}
    process.kill()
    process.join()
    return result


def send(name: str, connection: Any) -> None:
    """Check one family and send the result."""
    connection.send(examine(name))


def warm_up() -> None:
    """Import what every family needs, before processes fork."""
    import eagle_nb as eagle

    builders()
    picture = importlib.import_module("tests.families.plain").picture((16, 16))
    assert eagle.load_model and eagle.fill_image(picture, "mean") and eagle.Regions.slic(picture, 4)
    importlib.import_module("eagle_nb.models.huggingface.whitebox")


def builders() -> Any:
    """Return the module with the registries, after all modules that register families."""
    for path in sorted((ROOT / "tests" / "families").glob("*.py")):
        if not path.stem.startswith(("_", "test_", "plain")):
            importlib.import_module(f"tests.families.{path.stem}")
    return importlib.import_module("tests.families.tiny")


def examine(name: str) -> dict[str, Any]:
    """Build, load and check one family."""
    import torch

    import eagle_nb as eagle

    torch.set_num_threads(1)
    tiny = builders()
    every = {**tiny.FAMILIES, **tiny.OTHERS, **tiny.BENCHMARKED}
    if name not in every:
        return {"family": name, "verdict": "not built", "reason": tiny.NOT_BUILT.get(name, "no builder")}
    stage = "building"
    with tempfile.TemporaryDirectory() as folder:
        try:
            tiny.save(name, Path(folder) / "model")
            stage = "loading"
            model = eagle.load_model(Path(folder) / "model", dtype="float32", device="cpu", **every[name].load)
            stage = "scoring"
            return {"family": name, **checks(model, every[name])}
        except (ValueError, NotImplementedError, TypeError) as error:
            if stage != "building" and "eagle_nb" in raised_in(error):
                text = str(error).replace(f"{str(Path(folder) / 'model')!r} is a ", "").replace(folder, "")
                return {"family": name, "verdict": "refused", "reason": text}
            return {"family": name, "verdict": "fails", "reason": f"{stage}: {traceback.format_exc()[-1500:]}"}
        except Exception:
            return {"family": name, "verdict": "fails", "reason": f"{stage}: {traceback.format_exc()[-1500:]}"}


def raised_in(error: BaseException) -> str:
    """Return the file that raised an error."""
    return traceback.extract_tb(error.__traceback__)[-1].filename


def checks(model: Any, family: Any) -> dict[str, Any]:
    """Return what holds for a loaded family."""
    import numpy as np

    import eagle_nb as eagle
    from eagle_nb.models.huggingface.verification import MASKING_BOUND, NOISE
    from tests.families.plain import ANSWER, PROMPT, ask, coalitions, expected, picture

    image = picture(family.other)
    response = model.respond(image, PROMPT, ANSWER)
    regions, fill = eagle.Regions.slic(image, 9), eagle.fill_image(image, "mean")
    shown = coalitions(4, regions.n)
    found: dict[str, Any] = {}
    faults: list[str] = []

    def check(label: str, good: bool, detail: str = "") -> None:
        if not good:
            faults.append(f"{label} {detail}".strip())

    literal = model.scorer(response, regions, fill, literal=True)
    want, slow = expected(model, response, regions, fill, shown, family), literal(shown)
    own = ask(model.processor, image, family)["input_ids"][0].tolist()
    check("tokens", literal.text["input_ids"][0].tolist() == own + list(response.token_ids[:-1]))
    found["scores"] = float(np.abs(slow - want).max())
    check("scores", found["scores"] <= EXACT, f"differ by {found['scores']:.2g} from a plain forward pass")
    found["image"] = float(np.ptp(want, axis=0).max())
    check("image", found["image"] > 1e-4, f"changes scores by at most {found['image']:.2g}")

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        scorer = model.scorer(response, regions, fill)
    found["warnings"] = [
        str(w.message).removeprefix(f"{model.name}: ")
        for w in caught
        if issubclass(w.category, eagle.errors.ScoringWarning)
    ]
    found["mode"] = scorer.images.mode
    verification = scorer.verification
    found["verified"] = {c.name: c.passed for c in verification.checks}
    found["spread"] = float(verification.spread)
    many = coalitions(32, regions.n)
    model.batch_size = len(many)
    fast, exact = model.scorer(response, regions, fill)(many), literal(many)
    found["fast"] = float(np.abs(fast - exact).max())
    signal = max(verification.spread, float(np.ptp(exact, axis=0).max()))
    noise = NOISE[model.network.dtype]
    found["share"] = found["fast"] / signal
    found["exceeds"] = found["fast"] > MASKING_BOUND * signal + noise
    most = LARGEST * signal + noise
    check("masking", found["fast"] <= most, f"scores differ by {found['fast']:.2g}, more than {most:.2g}")
    found["batches"] = 0.0
    for size, rows in ((1, 6), (7, 14)):
        model.batch_size = size
        other = model.scorer(response, regions, fill)(many[:rows])
        found["batches"] = max(found["batches"], float(np.abs(other - fast[:rows]).max()))
    model.batch_size = None
    check("batches", found["batches"] <= EXACT, f"differ by {found['batches']:.2g}")

    prompts = [PROMPT, "Describe it.", "Which one?", "Is there a cat?"]  # some answers of random weights are empty
    answers = (model.generate(image, prompt, max_new_tokens=8) for prompt in prompts)
    response = next((answer for answer in answers if len(answer)), response)
    check("generation", response.probabilities is not None, "gave only empty answers")
    full = model.scorer(response, eagle.Regions.grid(image, 4), fill, literal=True)
    best = full.distributions(np.ones((1, 4), dtype=bool))[0].argmax(-1).tolist()
    check("arg-max", best == list(response.token_ids), f"is {best}, generated {list(response.token_ids)}")

    found["grid"] = grid(model, response, fill)
    limits = ["literal only"] * (found["mode"] == "literal") + ["batch 1 only"] * (not verification.batched)
    found["verdict"] = "fails" if faults else ", ".join(limits) or "passes"
    found["reason"] = "; ".join(faults or (found["warnings"] if limits else []))
    return found


def grid(model: Any, response: Any, fill: Any) -> str:
    """Return how white-box access finds the grid of image tokens, or why not."""
    from eagle_nb.models.huggingface.whitebox import WhiteBox

    try:
        tokens = WhiteBox(model, response, fill).image_tokens
    except NotImplementedError as error:
        text = str(error).split("model has none: ")[-1].split(". Methods that only")[0]
        return f"refused: {text}"
    return f"{tokens.shape[0]} × {tokens.shape[1]}: {tokens.source}"


def table(results: list[dict[str, Any]]) -> str:
    """Return the table as Markdown, with the counts and the machine's description at its top."""
    import torch
    import transformers

    cpu = next(
        (x.split(":")[1].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x),
        platform.processor(),
    )
    counts = {verdict: sum(r["verdict"] == verdict for r in results) for verdict in VERDICTS}
    lines = [
        "# Families of vision-language models",
        "",
        f"{cpu}, {os.cpu_count()} cores, no GPU; torch {torch.__version__}, transformers {transformers.__version__}, "
        f"Python {platform.python_version()}.",
        "",
        f"{len(results)} families: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items() if n) + ".",
        "",
        "| family | verdict | masking | max. difference fast − literal (share of the signal) | grid of image tokens |",
        "|---|---|---|---|---|",
    ]
    for r in results:
        reason = " ".join(r.get("reason", "").split()).replace("|", "\\|")
        reason = reason.rpartition("does not work here: ")[2].replace("'/model' has a", "it has a")
        verdict = f"{r['verdict']}: {reason}" if reason else r["verdict"]
        fast = f"{r['fast']:.1e} ({r['share']:.1%})" if r.get("mode") in ("select", "add") else "–"
        fast += " †" * bool(r.get("exceeds"))
        lines.append(f"| {r['family']} | {verdict} | {r.get('mode', '–')} | {fast} | {r.get('grid', '–')} |")
    return "\n".join([*lines, "", *NOTES, ""])


NOTES = (
    "Each family is a tiny checkpoint with random weights, built by `tests/families` from the family's own configuration and processor",
    "classes, loaded with `eagle_nb.load_model`. A family passes if the prompt's token ids equal those of its chat template, scores equal a",
    "plain forward pass to 1e-5, images masked on the device pass the verification of scorers and change no score of 32 coalitions by more",
    "than 20 % of the signal, batches of 1, 7 and 32 agree to 1e-5, every generated token is the most probable one, and the image matters.",
    "Real checkpoints of a family may use options that these do not have: `eagle_nb.check_model` runs such checks on the user's own. Written",
    "by `python benchmarks/families.py`.",
    "",
    "Masking: select takes each pixel value from the image or the reference, add also adds what regions contribute where the processor",
    "resamples, literal prepares every masked image through the processor. The difference is the largest of 32 coalitions. The signal is the",
    "largest difference of a token's probability between coalitions. † The verification compares one coalition, to 5 % of the signal; another",
    "one differed by more. The images are tiny, so that half of their pixels lie beside a region's border, and a router of experts may send a",
    "token elsewhere for one grey level. `literal=True` is exact.",
    "",
    "Families that are refused by their configuration are built as a configuration alone.",
)

if __name__ == "__main__":
    main()
