"""The bundled model as what answers a server's requests."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import numpy as np
from PIL import Image

from eagle_nb.inputs.regions import Regions
from eagle_nb.models.huggingface.scorer import HuggingFaceScorer


class BundledBackend:
    """Answers with a checkpoint in this process, one forward pass per request.

    Parameters
    ----------
    model : HuggingFaceModel
        The checkpoint.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.end = min(model.end_ids)
        self._lock = threading.Lock()

    def split(self, text: str) -> list[int]:
        return list(self.model.encode(text))

    def piece(self, number: int) -> str:
        return str(self.model.decode([number]))

    def distributions(self, pictures: list[Image.Image], prompt: str, ids: list[int]) -> np.ndarray:
        with self._lock:
            response = self.model.respond(pictures, prompt, [*ids, 0])
            whole = Regions.whole(pictures)
            scorer = HuggingFaceScorer(self.model, response, whole, response.canvas, None, True)
            table = scorer.distributions(np.ones((1, whole.n), dtype=bool))[0]
        return np.log(np.maximum(table.astype(np.float64), 1e-30))

    def sample(
        self, pictures: list[Image.Image], prompt: str, max_tokens: int, count: int, rng: np.random.Generator
    ) -> list[list[int]]:
        """Sample answers at temperature 1; samples with the same beginning share its forward pass."""
        with self._lock:
            response = self.model.respond(pictures, prompt, [0])
            whole = Regions.whole(pictures)
            scorer = HuggingFaceScorer(self.model, response, whole, response.canvas, None, True)
            shown = np.ones((1, whole.n), dtype=bool)
            open_answers, done = Counter({(): count}), []
            for _ in range(max_tokens):
                longer: Counter[tuple[int, ...]] = Counter()
                for prefix, samples in open_answers.items():
                    row = scorer.next_token(shown, prefix)[0].astype(np.float64)
                    for number, drawn in enumerate(rng.multinomial(samples, row / row.sum())):
                        if drawn and number in self.model.end_ids:
                            done += [list(prefix)] * int(drawn)
                        elif drawn:
                            longer[(*prefix, number)] += int(drawn)
                open_answers = longer
            return done + [list(prefix) for prefix, samples in open_answers.items() for _ in range(samples)]
