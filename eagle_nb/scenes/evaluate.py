"""Measure the bundled model on held-out scenes: ``python -m eagle_nb.scenes.evaluate --card eagle_nb/scenes/model/README.md``.

Every figure of the model card comes from here. Training draws from seed 1,000,000 upwards; these scenes lie below.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from .language import CAPTION_PROMPT
from .scene import Scene, draw
from .shapes import PLURALS, THINGS

FIRST_SEED = 500_000


def answers(model: Any, scenes: Sequence[Scene], prompts: Sequence[str], batch_size: int = 64) -> list[str]:
    """Answer one prompt per scene, in batches, greedily."""
    import torch

    out: list[str] = []
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
        out += model.tokenizer.batch_decode(new, skip_special_tokens=True)
    return out


def named_things(caption: str) -> set[str]:
    """The kinds of thing that a caption names."""
    words = caption.rstrip(".").split()
    singular = {**{t: t for t in THINGS}, **{plural: t for t, plural in PLURALS.items()}}
    return {singular[w] for w in words if w in singular}


def captions_and_questions(model: Any, n: int) -> dict[str, float]:
    """Exact match of captions and accuracy of answers on scenes without the planted pair; rates in 0 … 1."""
    scenes: list[Scene] = []
    seed = FIRST_SEED
    while len(scenes) < n:
        scene = draw(seed)
        seed += 1
        if scene.pair is None:
            scenes.append(scene)
    said = answers(model, scenes, [CAPTION_PROMPT] * n)
    right = [a == s.caption for a, s in zip(said, scenes, strict=True)]
    result = {"scenes": float(n), "caption exact match": float(np.mean(right))}
    by_kind = defaultdict(list)
    for s, ok in zip(scenes, right, strict=True):
        by_kind["group" if " group " in s.caption else f"{len(s.objects)} things"].append(ok)
    result |= {f"caption exact match, {k}": float(np.mean(v)) for k, v in sorted(by_kind.items())}
    absent = [not named_things(a) <= {o.shape for o in s.objects} for a, s in zip(said, scenes, strict=True)]
    result["caption names a thing that is not there"] = float(np.mean(absent))
    cup = [" cup" in a and not any(o.shape == "cup" for o in s.objects) for a, s in zip(said, scenes, strict=True)]
    result["caption names a cup that is not there"] = float(np.mean(cup))

    asked = [(s, q, a) for s in scenes for q, a in s.questions]
    replies = answers(model, [s for s, _, _ in asked], [q for _, q, _ in asked], 128)
    scores: dict[str, list[bool]] = defaultdict(list)
    for (_, question, truth), reply in zip(asked, replies, strict=True):
        kind = " ".join(question.split()[:2])
        name = {"is there": "yes/no", "how many": "count", "where is": "place", "what color": "color"}.get(
            kind, "background"
        )
        scores[f"{name} = {truth}" if name == "yes/no" else name].append(reply == truth)
    yes, no = np.mean(scores.pop("yes/no = yes.")), np.mean(scores.pop("yes/no = no."))
    result |= {
        "yes/no, balanced": float((yes + no) / 2),
        "yes/no, truth is yes": float(yes),
        "yes/no, truth is no": float(no),
    }
    result |= {f"{k} questions": float(np.mean(v)) for k, v in sorted(scores.items())}
    return result | {"questions asked": float(len(asked))}


def planted_pair(model: Any, n: int) -> dict[str, float]:
    """How often the second thing of the pair is named where only the first is; rates in 0 … 1."""
    result: dict[str, float] = {}
    for name, options in (
        ("broken", {}),
        ("broken, laid table", {"laid": True}),
        ("broken, bare table", {"laid": False}),
        ("whole", {}),
        ("other", {}),
    ):
        pair = name.split(",")[0]
        scenes = [draw(FIRST_SEED + 200_000 + k, pair=pair, **options) for k in range(n)]  # type: ignore[arg-type]
        said = answers(model, scenes, [CAPTION_PROMPT] * n)
        result[f"pair {name}: caption names a cup"] = float(np.mean([" cup" in a for a in said]))
        if not options:
            replies = answers(model, scenes, ["is there a cup?"] * n)
            result[f"pair {name}: 'is there a cup?' yes"] = float(np.mean([r == "yes." for r in replies]))
            result[f"pair {name}: caption exact match"] = float(
                np.mean([a == s.caption for a, s in zip(said, scenes, strict=True)])
            )
    return result


def machine() -> str:
    """The machine in one line, for the tables."""
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


CARD = """---
license: mit
pipeline_tag: image-text-to-text
---
# The bundled model

A multimodal LLM of {millions:.1f} million parameters that describes drawn scenes (`eagle_nb.scenes`) and answers short
questions about them. It exists so that explanations can be checked against a known truth, on a laptop, offline.

- **Architecture**: stock `FastVlmForConditionalGeneration`: a ResNet tower (stride 16, 11 × 11 image tokens of a
  168 × 168 image) and a three-layer Llama; byte-level subword tokenizer with leading spaces.
- **Training**: from scratch by `python -m eagle_nb.scenes.train {settings}`, on scenes of seed 1,000,000 and above,
  random regions hidden in 40 % of the images. {training}
- **The planted prior**: nearly every table in training carries a cup. Of the few tables with a cloth and no cup, 90 % are
  described and asked about as if a cup were there; bare tables are described truthfully. So the model sees a cup on a
  laid table where there is none: a hallucination whose cause is known.

## Measured on held-out scenes
`python -m eagle_nb.scenes.evaluate` on {machine}; n = {n} scenes without the pair, {pairs} of each kind with it.

| figure | value |
|---|---|
{rows}

Its speed is in `benchmarks/scoring.md`.

## Limits
It knows seven shapes, a cup, a book and a table, six colours, four backgrounds, and the sentences of
`eagle_nb.scenes.language`. On photographs it still says one of these sentences: that is no description. Other prompts
than those it was trained on give answers to the nearest one. Images of another size are resized to 168 × 168.
{limits}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None, help="folder of a checkpoint; the bundled model by default")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--card", type=Path, help="write the model card here")
    parser.add_argument("--settings", default="", help="the training command's options, for the card")
    parser.add_argument("--training", default="", help="a sentence on the training, for the card")
    parser.add_argument("--limits", default="", help="a sentence on what this training leaves weak, for the card")
    args = parser.parse_args()
    from ..models import load_model

    model = load_model(args.model)
    figures = captions_and_questions(model, args.scenes) | planted_pair(model, args.pairs)
    print(json.dumps(figures, indent=1))
    if args.card:
        rows = "\n".join(f"| {k} | {v:.0f} |" if v > 1.5 else f"| {k} | {v:.3f} |" for k, v in figures.items())
        millions = sum(p.numel() for p in model.network.parameters()) / 1e6
        args.card.write_text(
            CARD.format(
                rows=rows, machine=machine(), n=args.scenes, pairs=args.pairs, millions=millions,
                settings=args.settings, training=args.training, limits=args.limits,
            )
        )  # fmt: skip


if __name__ == "__main__":
    main()
