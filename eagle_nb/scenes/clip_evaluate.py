"""Measure the clip model on held-out clips: ``python -m eagle_nb.scenes.clip_evaluate --card README.md``.

This script writes every metric of the model card. Training draws clips from seed 1,000,000 upwards; these clips have
lower seeds.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from tqdm import tqdm

from .clip import Clip, draw_clip, draw_several
from .clip_language import CLIP_PROMPT
from .evaluate import FIRST_SEED, machine

if TYPE_CHECKING:
    from ..models.huggingface.model import HuggingFaceModel

_CARD = """---
license: mit
pipeline_tag: image-text-to-text
---
# The bundled model of several frames

A multimodal LLM of {millions:.1f} million parameters that describes drawn clips of six frames (`eagle_nb.scenes.draw_clip`)
and answers questions about one of several pictures (`eagle_nb.scenes.draw_several`). It allows explanations in space and
time to be checked against a known ground truth, on a laptop and offline.

- **Architecture**: stock `FastVlmForConditionalGeneration`: the bundled model's ResNet tower (stride 16, 5 × 5 image
  tokens of an 80 × 80 frame) and a four-layer Llama; byte-level subword tokenizer. One image part per frame.
- **Training**: `{command}`, on clips from seed 1,000,000 upwards; the tower starts from the bundled model's. In a third of the
  clips whole frames or random regions are hidden. {training}
- **A change is reported only if it is seen happening.** Where no two successive frames of its moment show the object's
  place, the training caption says "stays", whatever the other frames show. The word of a change therefore has one cause:
  the object in the frames of its moment.

## Measured on held-out clips
`python -m eagle_nb.scenes.clip_evaluate` on {machine}; n = {n}.

| metric | value |
|---|---|
{rows}

What explanations of this model find is in `benchmarks/clips.md`.

## Limits
The model knows seven shapes, six colours, and the sentences of `eagle_nb.scenes.clip_language`. On photographs it still
produces one of these sentences. Images of another size are resized to 80 × 80. {limits}
"""


def answer_clips(
    model: HuggingFaceModel, pictures: Sequence[Sequence[Image.Image]], prompts: Sequence[str], batch_size: int = 32
) -> list[str]:
    """Answer one prompt about several pictures each, in batches, with the most probable token at every step.

    Parameters
    ----------
    model : HuggingFaceModel
        The model.
    pictures : sequence of sequence of PIL.Image.Image
        The pictures of each of N prompts.
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
    for start in tqdm(range(0, len(prompts), batch_size), leave=False, desc="answering", mininterval=10):
        chats = [
            [{"role": "user", "content": [*({"type": "image", "image": i} for i in own), {"type": "text", "text": p}]}]
            for own, p in zip(pictures[start : start + batch_size], prompts[start : start + batch_size], strict=True)
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


def hide_frames(clip: Clip, frames: Sequence[int]) -> list[Image.Image]:
    """Return the frames of a clip, some of them black.

    Parameters
    ----------
    clip : Clip
        The clip.
    frames : sequence of int
        The frames to hide.

    Returns
    -------
    list of PIL.Image.Image
        The frames.
    """
    black = Image.new("RGB", clip.frames[0].size)
    return [black if f in frames else frame for f, frame in enumerate(clip.frames)]


def measure_clips(model: HuggingFaceModel, n: int, first_seed: int = FIRST_SEED) -> dict[str, float]:
    """Measure captions, and what hidden frames do to them.

    Parameters
    ----------
    model : HuggingFaceModel
        The model.
    n : int
        Number of clips.
    first_seed : int
        Seed of the first.

    Returns
    -------
    dict of str to float
        Rates in [0, 1] and the number of clips. A rate of no case is NaN.
    """
    clips = [draw_clip(first_seed + k) for k in range(n)]
    captions = answer_clips(model, [c.frames for c in clips], [CLIP_PROMPT] * n)
    exact = [a == c.caption for a, c in zip(captions, clips, strict=True)]
    result = {"clips": float(n), "caption exact match": float(np.mean(exact))}
    by_kind = defaultdict(list)
    for clip, answer, ok in zip(clips, captions, exact, strict=True):
        by_kind[f"{len(clip.events)} event{'s' * (len(clip.events) != 1)}"].append(ok)
        for event in clip.events:
            verb, name = event.kind.split()[0], clip.objects[event.actor].name
            by_kind[f'"{verb}" is said of its object'].append(f"{name} {event.kind}" in answer)
    result |= {k if k.startswith('"') else f"caption exact match, {k}": _mean(v) for k, v in sorted(by_kind.items())}

    single = [c for c in clips if len(c.events) == 1]
    missing = [hide_frames(c, c.events[0].frames[1:-1] or c.events[0].frames[:1]) for c in single]
    answers = answer_clips(model, missing, [CLIP_PROMPT] * len(single))
    result['one event, its moment hidden: "stays"'] = _mean([" stays" in a for a in answers])
    others = [[f for f in range(len(c.frames)) if f not in c.events[0].frames] for c in single]
    shown = [hide_frames(c, frames) for c, frames in zip(single, others, strict=True)]
    answers = answer_clips(model, shown, [CLIP_PROMPT] * len(single))
    said = [
        f"{c.objects[c.events[0].actor].name} {c.events[0].kind}" in a for a, c in zip(answers, single, strict=True)
    ]
    result["one event, all frames but its moment hidden: it is said"] = _mean(said)
    return result


def measure_several(model: HuggingFaceModel, n: int, first_seed: int = FIRST_SEED) -> dict[str, float]:
    """Measure answers to questions about one of several pictures.

    Parameters
    ----------
    model : HuggingFaceModel
        The model.
    n : int
        Number of questions for each number of pictures.
    first_seed : int
        Seed of the first.

    Returns
    -------
    dict of str to float
        Share of right answers.
    """
    result = {}
    for number in (2, 3, 4):
        cases = [draw_several(first_seed + k, number) for k in range(n)]
        answers = answer_clips(model, [c.images for c in cases], [c.question for c in cases])
        result[f"color question, {number} pictures"] = _mean(
            [a == c.answer for a, c in zip(answers, cases, strict=True)]
        )
    return result


def _mean(values: list[bool]) -> float:
    return float(np.mean(values)) if values else math.nan


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="bundled-clips", help="folder of a checkpoint; the bundled one by default")
    parser.add_argument(
        "--clips", type=int, default=500, help="number of clips, and of questions about several pictures"
    )
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="seed of the first clip")
    parser.add_argument("--card", type=Path, help="write the model card here")
    parser.add_argument(
        "--command", default="python -m eagle_nb.scenes.clip_train", help="training command, for the card"
    )
    parser.add_argument("--training", default="", help="a sentence on the training, for the card")
    parser.add_argument("--limits", default="", help="a sentence on the weaknesses of the model, for the card")
    args = parser.parse_args()
    from ..models.huggingface.loading import load_model

    model = load_model(args.model)
    metrics = measure_clips(model, args.clips, args.first_seed) | measure_several(model, args.clips, args.first_seed)
    print(json.dumps(metrics, indent=1))
    if args.card:
        rows = "\n".join(f"| {k} | {v:.0f} |" if v > 1.5 else f"| {k} | {v:.3f} |" for k, v in metrics.items())
        millions = sum(p.numel() for p in model.network.parameters()) / 1e6
        args.card.write_text(
            _CARD.format(
                rows=rows, machine=machine(), n=args.clips, millions=millions, command=args.command,
                training=args.training, limits=args.limits,
            )
        )  # fmt: skip


if __name__ == "__main__":
    main()
