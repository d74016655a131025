"""Token probabilities of one response under coalitions of regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers.utils.generic import ModelOutput

from ...inputs.images import open_image
from ...inputs.regions import Regions
from ...inputs.response import Response
from ...scoring.identity import case_identity, digest
from ..checks import Verification
from .adapter import NetworkAdapter
from .batching import BatchSize, expected_row_bytes
from .fingerprint import network_digest, processor_digest
from .masking import MaskedImages
from .output_layer import TokenScores
from .row_layout import counts_images, row_positions


class HuggingFaceScorer:
    """Token probabilities of one response under coalitions of regions.

    ``scorer(shown)`` takes bool (M, n_regions) and returns float32 (M, T): p(y_t | image with only the shown regions, prompt, y_<t),
    teacher-forced, softmax over the full vocabulary in float32.

    Masked images are made on the device, see `eagle_nb.models.huggingface.masking`. Where the processor does not resample the image,
    pixel values equal the processor's own to 1e-6. Where it resizes, or makes tiles or thumbnails by resizing, values that only one
    region touches are equal, too. Values within a resampling kernel of a region border are sums that may differ by the processor's
    intermediate rounding and clipping: by at most 0.5 grey levels of 255 on average (0.05 measured on photographs), and by more than
    four for 0.1 to 0.4 % of all values. Pixel values are compared on two sample coalitions, and scores when a model makes its first
    scorer (see `eagle_nb.models.huggingface.verification`). If they differ, the processor prepares every masked image, with a warning.

    Nothing is cached here: `eagle_nb.scoring.CachedScorer` scores equal coalitions once.

    Parameters
    ----------
    model : NetworkAdapter
        The model.
    response : Response
        The answer, T tokens.
    regions : Regions
        A partition of ``response.images``.
    fill : PIL.Image.Image
        What hidden regions show; of the image's size.
    target_ids : mapping of int to int, optional
        Token ids to score at some positions in place of the generated ones.
    literal : bool
        Prepare every masked image through the processor: slow, exact by definition.

    Attributes
    ----------
    n_regions, n_tokens : int
        Number of regions and of tokens.
    batch : BatchSize
        The batch size.
    images : MaskedImages
        Makes the image inputs of coalitions.
    text : dict of str to Tensor
        All other inputs: the prompt and the answer without its last token.
    targets : Tensor of int, (T,)
        Token ids that are scored.
    verification : Verification or None
        What was verified about the model; None for a scorer that no model's ``scorer`` made, or where nothing can be verified.

    Raises
    ------
    ValueError
        If the response has no tokens or contains the model's image placeholder, or sizes or targets do not fit.
    """

    def __init__(
        self,
        model: NetworkAdapter,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: Mapping[int, int] | None = None,
        literal: bool = False,
    ) -> None:
        if len(response) == 0:
            raise ValueError("the response has no tokens, so there is nothing to score; generate one first")
        model.check_conversation(response.conversation)
        model.check_answer(response.token_ids)
        image, hidden = response.canvas, open_image(fill)
        if regions.layout != response.layout:
            raise ValueError(
                f"the region map is {regions.shape[1]} × {regions.shape[0]} pixels, the image {image.width} × "
                f"{image.height}; make the regions from response.images"
            )
        if hidden.size != image.size:
            raise ValueError(f"the fill picture is {hidden.size}, the image {image.size}; sizes must agree")
        self.model = model
        self.n_regions, self.n_tokens = regions.n, len(response)
        self.batch = BatchSize(model.device, model.batch_size)
        self._writing = BatchSize(model.device, model.batch_size)
        self.targets = torch.tensor(response.targets(target_ids, model.vocabulary_size), device=model.device)
        self.images = MaskedImages(
            partial(_prepared, model, response),
            model.placed,
            image,
            hidden,
            regions,
            literal,
            model.convolutional,
        )
        self.rows = model.row_layout(response.images)
        self.text = self._prompt(list(response.token_ids[:-1]))
        self._counts_images = counts_images(model.network, self.text, self.rows)
        length = int(self.text["input_ids"].shape[1])
        item = torch.finfo(model.network.dtype).bits // 8
        expected = expected_row_bytes(model.network.config, length, self.n_tokens, model.vocabulary_size, item)
        self.batch.row_bytes = self._writing.row_bytes = expected
        self._case = (response, regions, hidden, dict(target_ids or {}))
        self.verification: Verification | None = None

    @property
    def identity(self) -> dict[str, str]:
        """Everything that the scores depend on; every weight is read, which takes about a second for 3 GB."""
        return case_identity(*self._case) | {
            "model": f"{self.model.name} {self.model.fingerprint}",
            "network": network_digest(self.model.network),
            "processor": processor_digest(self.model.processor, self.model.image_options),
            "input tokens": digest(ids=self.text["input_ids"].cpu().numpy()),
            "masking": "literal" if self.images.mode == "literal" else "fast",
        }

    @property
    def batch_size(self) -> int:
        """Coalitions scored at once."""
        return self.batch.size

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions.

        Parameters
        ----------
        shown : ndarray of bool, (M, n_regions)
            One coalition per row.

        Returns
        -------
        ndarray of float32, (M, T)
            Probabilities of the targets.

        Raises
        ------
        ValueError
            If the shape is wrong, or the model gives NaN or infinite logits; the message names the coalition.
        """
        rows = self._checked(shown)
        scores = np.zeros((len(rows), self.n_tokens), dtype=np.float32)
        self.batch.run(self._score, rows, scores)
        return scores

    def distributions(self, shown: np.ndarray) -> np.ndarray:
        """Return the probabilities of the whole vocabulary at every position.

        Parameters
        ----------
        shown : ndarray of bool, (M, n_regions)
            One coalition per row.

        Returns
        -------
        ndarray of float32, (M, T, V)
            Probabilities; V is the size of the vocabulary.

        Raises
        ------
        ValueError
            If the shape is wrong, or the model gives NaN or infinite logits.
        """
        rows = self._checked(shown)
        if len(rows) == 0:
            return np.zeros((0, self.n_tokens, self.model.vocabulary_size), dtype=np.float32)
        with torch.inference_mode():
            return np.concatenate([torch.softmax(self._logits(row[None]), -1).cpu().numpy() for row in rows])

    def generate(self, shown: np.ndarray, max_new_tokens: int = 128, prefix: Sequence[int] = ()) -> list[list[int]]:
        """Answer the prompt about masked images, greedily and in batches.

        Parameters
        ----------
        shown : ndarray of bool, (M, n_regions)
            One coalition per row.
        max_new_tokens : int
            Maximum number of generated tokens, those of `prefix` not included.
        prefix : sequence of int
            Token ids that every answer begins with.

        Returns
        -------
        list of list of int
            M answers as token ids, `prefix` included, the end token excluded.

        Raises
        ------
        ValueError
            If the shape is wrong, `max_new_tokens` is below 1, or an id of `prefix` is out of range.
        """
        rows = self._checked(shown)
        if isinstance(max_new_tokens, bool) or not isinstance(max_new_tokens, int) or max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        start = [int(i) for i in prefix]
        text = self._prompt(start)
        written = np.full((len(rows), max_new_tokens), -1, dtype=np.int64)

        def write(batch: np.ndarray) -> np.ndarray:
            answers = np.full((len(batch), max_new_tokens), -1, dtype=np.int64)
            for row, ids in zip(answers, self.model.write(self._inputs(text, batch), max_new_tokens), strict=True):
                row[: len(ids)] = ids
            return answers

        self._writing.run(write, rows, written)
        return [start + row[row >= 0].tolist() for row in written]

    def next_token(self, shown: np.ndarray, prefix: Sequence[int] = ()) -> np.ndarray:
        """Return the probabilities of the token that follows a prefix.

        Parameters
        ----------
        shown : ndarray of bool, (M, n_regions)
            One coalition per row.
        prefix : sequence of int
            Token ids that the answer begins with.

        Returns
        -------
        ndarray of float32, (M, V)
            Probabilities.

        Raises
        ------
        ValueError
            If the shape is wrong, an id of `prefix` is out of range, or the model gives NaN or infinite logits.
        """
        rows = self._checked(shown)
        text = self._prompt([int(i) for i in prefix])
        scores = np.zeros((len(rows), self.model.vocabulary_size), dtype=np.float32)

        def score(batch: np.ndarray) -> np.ndarray:
            with torch.inference_mode():
                logits = self._finite(self.model.logits(self._inputs(text, batch), 1).float(), batch)
                probabilities: np.ndarray = torch.softmax(logits[:, 0], -1).cpu().numpy()
            return probabilities

        self.batch.run(score, rows, scores)
        return scores

    def token_scores(self, shown: np.ndarray, images: MaskedImages | None = None) -> TokenScores:
        """Score the answer's positions in one forward pass, whatever the batch size.

        Parameters
        ----------
        shown : ndarray of bool, (B, n_regions)
            One coalition per row.
        images : MaskedImages, optional
            What makes the image inputs; by default the scorer's own.

        Returns
        -------
        TokenScores
            Logits of the targets and of the most probable tokens, and sums over the vocabulary, each (B, T).
        """
        rows = self._checked(shown)
        with torch.inference_mode():
            scores = self.model.score(self._inputs(self.text, rows, images), self.targets)
            self._check_finite(scores.lowest.amin(1), scores.best.amax(1), rows)
        return scores

    def literal_images(self) -> MaskedImages:
        """Return what prepares every masked image through the processor.

        Returns
        -------
        MaskedImages
            Image inputs of coalitions.
        """
        own = self.images
        image, fill = Image.fromarray(own.image), Image.fromarray(own.fill)
        return MaskedImages(own.prepare, own.place, image, fill, own.regions, True, own.channels_last)

    def score_one_by_one(self) -> None:
        """Score and answer one coalition at a time from now on."""
        self.batch, self._writing = BatchSize(self.model.device, 1), BatchSize(self.model.device, 1)

    def mask_literally(self) -> None:
        """Prepare every masked image through the processor from now on."""
        self.images = self.literal_images()

    def _prompt(self, prefix: list[int]) -> dict[str, torch.Tensor]:
        """Return the prompt's inputs, followed by the first tokens of an answer."""
        self.model.check_answer(prefix)
        answer = torch.tensor([prefix], dtype=torch.long)
        return self.model.placed(_continued(self.model.network, self.images.inputs, answer))

    def _inputs(
        self, text: dict[str, torch.Tensor], shown: np.ndarray, images: MaskedImages | None = None
    ) -> dict[str, torch.Tensor]:
        """Return the inputs of coalitions."""
        count, made = len(shown), (images or self.images)(shown)
        inputs = {name: self.rows.repeat(name, value, count) for name, value in text.items()}
        inputs.update({name: self.rows.join(name, value, count) for name, value in made.items()})
        positions = row_positions(self.model.network, text) if self._counts_images and count > 1 else None
        return inputs if positions is None else {**inputs, "position_ids": positions.repeat(1, count, 1)}

    def _checked(self, shown: np.ndarray) -> np.ndarray:
        """Validate coalitions."""
        rows = np.asarray(shown)
        if rows.ndim != 2 or rows.shape[1] != self.n_regions:
            raise ValueError(f"coalitions must be bool (M, {self.n_regions}), got shape {rows.shape}")
        return np.ascontiguousarray(rows, dtype=bool)

    def _score(self, shown: np.ndarray) -> np.ndarray:
        """Return the targets' probabilities of one batch."""
        made = self.token_scores(shown)
        with torch.inference_mode():
            scores: np.ndarray = (made.targets - made.total).exp().cpu().numpy()
        return scores

    def _logits(self, shown: np.ndarray) -> torch.Tensor:
        """Return float32 logits (B, T, V) of the answer's tokens."""
        return self._finite(self.model.logits(self._inputs(self.text, shown), self.n_tokens).float(), shown)

    def _finite(self, logits: torch.Tensor, shown: np.ndarray) -> torch.Tensor:
        """Return the logits of coalitions, checked for NaN and infinity."""
        self._check_finite(*torch.aminmax(logits.flatten(1), dim=1), shown)
        return logits

    @staticmethod
    def _check_finite(low: torch.Tensor, high: torch.Tensor, shown: np.ndarray) -> None:
        """Validate the lowest and highest logits of coalitions."""
        bad = ~(torch.isfinite(low) & torch.isfinite(high)).cpu().numpy()
        if bad.any():
            regions = np.flatnonzero(shown[int(np.argmax(bad))]).tolist()
            raise ValueError(
                f"the model gave NaN or infinite logits for the coalition of regions {regions}; "
                "load it with dtype='float32', or check its weights"
            )


def _prepared(model: NetworkAdapter, response: Response, canvas: Any, **options: Any) -> dict[str, torch.Tensor]:
    """Return the inputs of a response for other pixels of its pictures, which lie on a canvas."""
    parts = response.layout.split(canvas)
    return model.inputs(parts[0] if len(parts) == 1 else parts, response.conversation, **options)


def _continued(network: Any, inputs: dict[str, torch.Tensor], answer: torch.Tensor) -> dict[str, torch.Tensor]:
    """Append an answer's tokens to the prompt's inputs, by the model's own rule for generated tokens.

    Inputs per token that this rule does not extend repeat their last column.
    """
    length, more = inputs["input_ids"].shape[1], answer.shape[1]
    along = [name for name, value in inputs.items() if value.ndim >= 2 and value.shape[:2] == (1, length)]
    out: dict[str, Any] = dict(inputs, use_cache=False)
    for _ in range(more):
        try:
            out = network._update_model_kwargs_for_generation(
                ModelOutput(image_hidden_states=None), out, is_encoder_decoder=False, num_new_tokens=1
            )
        except (TypeError, AttributeError, KeyError):  # code of a checkpoint may implement an older rule
            break
    out["input_ids"] = torch.cat([inputs["input_ids"], answer], dim=1)
    for name in along:
        value = out.get(name)
        if not isinstance(value, torch.Tensor) or value.shape[1] != length + more:
            last = inputs[name][:, -1:]
            last = torch.ones_like(last) if name == "attention_mask" else last
            out[name] = torch.cat([inputs[name], last.repeat(1, more, *[1] * (last.ndim - 2))], dim=1)
    return {name: out[name] for name in inputs}
