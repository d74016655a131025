"""Plain forward passes that know nothing of the adapter: what its scores must equal."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import torch
from PIL import Image

from .tiny import Family

PROMPT = "What is in the image?"
ANSWER = "a naïve 猫 🐈 on grass."

EXTENDED = {"attention_mask": 1, "mm_token_type_ids": 0, "token_type_ids": 0}
"""Inputs with one value per token, and the value of an answer's tokens."""


def picture(size: tuple[int, int]) -> Image.Image:
    """Draw a smooth colourful picture, which is closer to a photograph than noise."""
    y, x = np.mgrid[: size[1], : size[0]] / 12.0
    waves = [np.sin(x + y), np.cos(1.3 * x), np.sin(0.7 * y - x)]
    return Image.fromarray(np.uint8(127 + 120 * np.stack(waves, -1)))


def ask(processor: Any, image: Image.Image, family: Family) -> dict[str, torch.Tensor]:
    """Return the inputs that the processor makes of an image and the prompt."""
    if family.ask is not None:
        inputs = family.ask(processor, image, PROMPT)
    elif getattr(processor, "chat_template", None) is None:
        inputs = processor(images=image, text=family.prefix + PROMPT, return_tensors="pt")
    else:
        content = [{"type": "image", "image": image}, {"type": "text", "text": PROMPT}]
        inputs = processor.apply_chat_template(
            [{"role": "user", "content": content}],
            add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
        )  # fmt: skip
    named = getattr(getattr(processor, "image_processor", None), "model_input_names", ())
    return {k: v for k, v in inputs.items() if k != "labels" and (isinstance(v, torch.Tensor) or k in named)}


def plain(model: Any, image: Image.Image, answer: list[int], family: Family) -> torch.Tensor:
    """Return probabilities (T, V) by a plain forward pass."""
    inputs = ask(model.processor, image, family)
    more = len(answer) - 1
    inputs["input_ids"] = torch.cat([inputs["input_ids"], torch.tensor([answer[:-1]], dtype=torch.long)], 1)
    for key, value in {**EXTENDED, **family.extend}.items():
        if key in inputs:
            last = torch.full((1, more, *inputs[key].shape[2:]), value, dtype=inputs[key].dtype)
            inputs[key] = torch.cat([inputs[key], last], 1)
    if "cross_attention_mask" in inputs:
        mask = inputs["cross_attention_mask"]
        inputs["cross_attention_mask"] = torch.cat([mask, mask[:, -1:].repeat(1, more, 1, 1)], 1)
    accepted = inspect.signature(model.network.forward).parameters
    inputs = {k: v for k, v in inputs.items() if isinstance(v, torch.Tensor) or k in accepted}
    with torch.no_grad():
        logits = model.network(**inputs).logits[0, -len(answer) :]
    return logits.float().softmax(-1)


def expected(
    model: Any, response: Any, regions: Any, fill: Image.Image, shown: np.ndarray, family: Family
) -> np.ndarray:
    """Return the probabilities of the answer's tokens under coalitions (M, T), one plain pass each."""
    rows = []
    for row in shown:
        masked = np.where(row[regions.labels][..., None], np.asarray(response.image), np.asarray(fill))
        scores = plain(model, Image.fromarray(masked), list(response.token_ids), family)
        rows.append(scores[torch.arange(len(response)), torch.tensor(response.token_ids)].numpy())
    return np.stack(rows)


def coalitions(number: int, n: int = 9) -> np.ndarray:
    """Draw random coalitions."""
    return np.random.default_rng(3).random((number, n)) < 0.5
