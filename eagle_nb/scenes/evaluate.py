"""Measure the bundled model on held-out scenes: ``python -m eagle_nb.scenes.evaluate --card README.md``.

This script writes every metric of the model card. Training draws scenes from seed 1,000,000 upwards; these scenes have
lower seeds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from .language import CAPTION_PROMPT
from .plan import Pair
from .scene import Scene, draw
from .shapes import PLURALS, SHAPE_NAMES

if TYPE_CHECKING:
    from ..models.huggingface.model import HuggingFaceModel

FIRST_SEED = 500_000
"""First seed of the held-out scenes."""

_KINDS = {"is there": "yes/no", "how many": "count", "where is": "place", "what color": "color"}
_PAIRS: tuple[tuple[Pair, bool | None, str], ...] = (
    ("table_only", None, "table_only"),
    ("table_only", True, "table_only with a tablecloth"),
    ("table_only", False, "table_only without a tablecloth"),
    ("table_cup", None, "table_cup"),
    ("table_book", None, "table_book"),
)

_CARD = """---
license: mit
pipeline_tag: image-text-to-text
---
# The bundled model

A multimodal LLM of {millions:.1f} million parameters that describes drawn scenes (`eagle_nb.scenes`) and answers short
questions about them. It allows explanations to be checked against a known ground truth, on a laptop and offline.

- **Architecture**: stock `FastVlmForConditionalGeneration`: a ResNet tower (stride 16, 11 × 11 image tokens of a
  168 × 168 image) and a three-layer Llama; byte-level subword tokenizer with leading spaces.
- **Training**: from scratch by `python -m eagle_nb.scenes.train {settings}`, on scenes from seed 1,000,000 upwards, with
  random regions hidden in 40 % of the images. {training}
- **The planted prior**: nearly every table in training carries a cup. Of the few tables with a cloth and no cup, 90 % have
  captions and answers that mention a cup; tables without a cloth are described truthfully. The model therefore names a
  cup on a table with a cloth where there is none: a hallucination with a known cause.

## Measured on held-out scenes
`python -m eagle_nb.scenes.evaluate` on {machine}; n = {n} scenes without a table, {pairs} of each kind with one.

| metric | value |
|---|---|
{rows}

Its speed is in `benchmarks/scoring.md`.

## Limits
The model knows seven shapes, a cup, a book and a table, six colours, four backgrounds, and the sentences of
`eagle_nb.scenes.language`. On a photograph it still produces one of these sentences, which does not describe the
photograph. A prompt that was not in the training data is answered like the most similar one that was. Images of another
size are resized to 168 × 168.
{limits}
"""


def answer_prompts(
    model: HuggingFaceModel, scenes: Sequence[Scene], prompts: Sequence[str], batch_size: int = 64
) -> list[str]:
    """Answer one prompt per scene, in batches, with the most probable token at every step.

    Parameters
    ----------
    model : HuggingFaceModel
        The model.
    scenes : sequence of Scene
        N scenes.
    prompts : sequence of str
        N prompts.
    batch_size : int
        Number of prompts per batch.

    Returns
    -------
    list of str
        N answers.
    """
    import torch

    answers: list[str] = []
    for start in tqdm(range(0, len(scenes), batch_size), leave=False, desc="answering", mininterval=10):
        pairs = zip(scenes[start : start + batch_size], prompts[start : start + batch_size], strict=True)
        chats = [
            [{"role": "user", "content": [{"type": "image", "image": s.image}, {"type": "text", "text": p}]}]
            for s, p in pairs
        ]
        inputs = model.processor.apply_chat_template(
            chats,
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            processor_kwargs={"padding": True, "return_tensors": "pt"},
        ).to(model.device)
        with torch.inference_mode():
            ids = model.network.generate(**inputs, max_new_tokens=40, do_sample=False)
        new = ids[:, inputs["input_ids"].shape[1] :]
        answers += model.tokenizer.batch_decode(new, skip_special_tokens=True)
    return answers


def named_shapes(caption: str) -> set[str]:
    """Return the shapes that a caption names.

    Parameters
    ----------
    caption : str
        A caption.

    Returns
    -------
    set of str
        Shapes, in the singular.

    Examples
    --------
    >>> sorted(named_shapes("a group of two red stars on grass."))
    ['star']
    """
    words = caption.rstrip(".").split()
    singular = {**{shape: shape for shape in SHAPE_NAMES}, **{plural: shape for shape, plural in PLURALS.items()}}
    return {singular[w] for w in words if w in singular}


def measure_captions(model: HuggingFaceModel, n: int) -> dict[str, float]:
    """Measure captions and answers on scenes without a table.

    Parameters
    ----------
    model : HuggingFaceModel
        The model.
    n : int
        Number of scenes.

    Returns
    -------
    dict of str to float
        Exact match of captions and accuracy of answers, rates in [0, 1]; numbers of scenes and questions.
    """
    scenes: list[Scene] = []
    seed = FIRST_SEED
    while len(scenes) < n:
        scene = draw(seed)
        seed += 1
        if scene.pair is None:
            scenes.append(scene)
    captions = answer_prompts(model, scenes, [CAPTION_PROMPT] * n)
    exact = [a == s.caption for a, s in zip(captions, scenes, strict=True)]
    result = {"scenes": float(n), "caption exact match": float(np.mean(exact))}
    by_kind = defaultdict(list)
    for s, ok in zip(scenes, exact, strict=True):
        count = len(s.objects)
        by_kind["group" if " group " in s.caption else f"{count} object{'s' * (count > 1)}"].append(ok)
    result |= {f"caption exact match, {k}": float(np.mean(v)) for k, v in sorted(by_kind.items())}
    absent = [not named_shapes(a) <= {o.shape for o in s.objects} for a, s in zip(captions, scenes, strict=True)]
    result["caption names an object that is not there"] = float(np.mean(absent))
    cup = [" cup" in a and not any(o.shape == "cup" for o in s.objects) for a, s in zip(captions, scenes, strict=True)]
    result["caption names a cup that is not there"] = float(np.mean(cup))

    questions = [(s, q, a) for s in scenes for q, a in s.questions]
    answers = answer_prompts(model, [s for s, _, _ in questions], [q for _, q, _ in questions], 128)
    correct: dict[str, list[bool]] = defaultdict(list)
    for (_, question, truth), answer in zip(questions, answers, strict=True):
        kind = _KINDS.get(" ".join(question.split()[:2]), "background")
        correct[f"{kind} = {truth}" if kind == "yes/no" else kind].append(answer == truth)
    yes, no = np.mean(correct.pop("yes/no = yes.")), np.mean(correct.pop("yes/no = no."))
    result |= {
        "yes/no, balanced": float((yes + no) / 2),
        "yes/no, truth is yes": float(yes),
        "yes/no, truth is no": float(no),
    }
    result |= {f"{k} questions": float(np.mean(v)) for k, v in sorted(correct.items())}
    return result | {"questions": float(len(questions))}


def measure_pair(model: HuggingFaceModel, n: int) -> dict[str, float]:
    """Measure how often the model names a cup on a table.

    Parameters
    ----------
    model : HuggingFaceModel
        The model.
    n : int
        Number of scenes of each kind.

    Returns
    -------
    dict of str to float
        Rates in [0, 1] for tables with a cup, without one, and with a book.
    """
    result: dict[str, float] = {}
    for pair, tablecloth, name in _PAIRS:
        scenes = [draw(FIRST_SEED + 200_000 + k, pair=pair, tablecloth=tablecloth) for k in range(n)]
        captions = answer_prompts(model, scenes, [CAPTION_PROMPT] * n)
        result[f"{name}: caption names a cup"] = float(np.mean([" cup" in a for a in captions]))
        if tablecloth is None:
            answers = answer_prompts(model, scenes, ["is there a cup?"] * n)
            result[f"{name}: 'is there a cup?' yes"] = float(np.mean([a == "yes." for a in answers]))
            result[f"{name}: caption exact match"] = float(
                np.mean([a == s.caption for a, s in zip(captions, scenes, strict=True)])
            )
    return result


def machine() -> str:
    """Describe the machine in one line, for the tables.

    Returns
    -------
    str
        Cores, processor, GPU, and the versions of torch and transformers.
    """
    import torch
    import transformers

    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{os.cpu_count()} cores ({name}){gpu}, torch {torch.__version__}, transformers {transformers.__version__}"


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None, help="folder of a checkpoint; the bundled model by default")
    parser.add_argument("--scenes", type=int, default=1000, help="scenes without a table")
    parser.add_argument("--pairs", type=int, default=300, help="scenes of each kind with a table")
    parser.add_argument("--card", type=Path, help="write the model card here")
    parser.add_argument("--settings", default="", help="options of the training command, for the card")
    parser.add_argument("--training", default="", help="a sentence on the training, for the card")
    parser.add_argument("--limits", default="", help="a sentence on the weaknesses of the model, for the card")
    args = parser.parse_args()
    from ..models.huggingface.loading import load_model

    model = load_model(args.model)
    metrics = measure_captions(model, args.scenes) | measure_pair(model, args.pairs)
    print(json.dumps(metrics, indent=1))
    if args.card:
        rows = "\n".join(f"| {k} | {v:.0f} |" if v > 1.5 else f"| {k} | {v:.3f} |" for k, v in metrics.items())
        millions = sum(p.numel() for p in model.network.parameters()) / 1e6
        args.card.write_text(
            _CARD.format(
                rows=rows, machine=machine(), n=args.scenes, pairs=args.pairs, millions=millions,
                settings=args.settings, training=args.training, limits=args.limits,
            )
        )  # fmt: skip


if __name__ == "__main__":
    main()
