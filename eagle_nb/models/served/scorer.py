"""Scorer of a served model: coalitions → token probabilities, through requests."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from PIL import Image

from ...errors import ScoringWarning
from ...inputs.regions import Regions
from ...inputs.response import Response
from ...scoring.coalitions import coalition_keys
from ...scoring.identity import case_identity
from ..checks import Verification
from .client import Client
from .concurrency import in_turn, together
from .exchanged import AnswerTokens, Messages, TokenScores
from .pictures import CoalitionPictures
from .tier import Tier
from .verification import verify_served

FLOORED_SHARE = 0.05
"""Share of scores that are bounds from which on a warning is shown."""


class _Model(Protocol):
    """What a scorer needs of a `eagle_nb.models.served.model.ServedModel`."""

    name: str
    tolerance: float

    @property
    def tier(self) -> Tier: ...

    @property
    def client(self) -> Client: ...

    @property
    def revision(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    def count_scores(self, scored: int, floored: int) -> None: ...

    def decode_target(self, token_id: int) -> str: ...


class ServedScorer:
    """Token probabilities of one response under coalitions of regions, from a server.

    ``scorer(shown)`` takes bool (M, n_regions) and returns float32 (M, T). Hidden regions show the fill's pixels, at full resolution, in
    lossless pictures. The first call verifies the server, see `eagle_nb.models.served.verification`.

    Parameters
    ----------
    model : ServedModel
        The model.
    response : Response
        The answer, T tokens.
    regions : Regions
        A partition of its pictures.
    fill : PIL.Image.Image
        What hidden regions show; of the size of the response's canvas.
    target_ids : mapping of int to int, optional
        Token ids to score at some positions in place of the generated ones. Each costs a request of its own per coalition.
    tokens : sequence of int, optional
        The tokens to score, where each costs a request; the others are NaN. By default all.

    Attributes
    ----------
    n_regions, n_tokens : int
        Number of regions and of tokens.
    measured : ndarray of bool, (T,)
        The tokens that are scored; the columns of the others are NaN.
    pictures : CoalitionPictures
        Makes the messages of coalitions.
    scored, floored : int
        Probabilities that were scored, and those of them that are upper bounds because the server did not list the token.
    verification : Verification or None
        What was verified; None before the first call.

    Raises
    ------
    ValueError
        If the response has no tokens, or sizes or targets do not fit.
    """

    def __init__(
        self,
        model: _Model,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: Mapping[int, int] | None = None,
        tokens: Sequence[int] | None = None,
    ) -> None:
        if len(response) == 0:
            raise ValueError("the response has no tokens, so there is nothing to score; generate one first")
        self.model, self.response = model, response
        self.n_regions, self.n_tokens = regions.n, len(response)
        self.pictures = CoalitionPictures(response, regions, fill)
        self.tier = model.tier.with_template(response.conversation.template)
        self.targets = response.targets(target_ids)
        self.replaced = [t for t, target in enumerate(self.targets) if target != response.token_ids[t]]
        self.measured = np.ones(self.n_tokens, dtype=bool)
        if tokens is not None and not self.tier.all_at_once:
            self.measured[:] = False
            self.measured[response.resolve(list(tokens))] = True
        self._answers = self._sequences(response)
        self._case = (response, regions, fill, dict(target_ids or {}))
        self._finished: dict[bytes, np.ndarray] = {}
        self.scored = self.floored = 0
        self._warned = False
        self.verification: Verification | None = None

    @property
    def identity(self) -> dict[str, str]:
        """Everything that the scores depend on: the case, the server, the model and the way of scoring."""
        measured = {} if self.measured.all() else {"measured": str(np.flatnonzero(self.measured).tolist())}
        return case_identity(*self._case) | measured | {"model": f"{self.model.name} {self.model.fingerprint}"}

    @property
    def resolution(self) -> float:
        """Relative difference of probabilities that only rounding explains: a twentieth of the model's tolerance.

        With the default, 5e-5. The same requests to llama.cpp, in float32 and in another order, differed by up to 1.1e-5.
        """
        return min(self.model.tolerance / 20, 0.1)

    @property
    def batch_size(self) -> int:
        """Coalitions that are scored at once."""
        return self.model.client.in_flight

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions.

        Parameters
        ----------
        shown : ndarray of bool, (M, n_regions)
            One coalition per row.

        Returns
        -------
        ndarray of float32, (M, T)
            Probabilities of the targets; NaN for tokens that are not scored.

        Raises
        ------
        ValueError
            If the shape is wrong.
        ServerError
            If the server cannot be reached, refuses a request, or fails the verification.
        """
        rows = np.asarray(shown)
        if rows.ndim != 2 or rows.shape[1] != self.n_regions:
            raise ValueError(f"coalitions must be bool (M, {self.n_regions}), got shape {rows.shape}")
        rows = np.ascontiguousarray(rows, dtype=bool)
        if len(rows) == 0:
            return np.zeros((0, self.n_tokens), dtype=np.float32)
        if self.verification is None:
            self.verification = verify_served(self, self.model.tolerance, self.model.revision)
        keys = coalition_keys(rows)
        missing = {key: row for key, row in zip(keys, rows, strict=True) if key not in self._finished}
        if missing:
            work = (self._score(key, row) for key, row in missing.items())
            self.model.client.run(in_turn(work, self.batch_size))
        scores = np.stack([self._finished[key] for key in keys])
        for key in keys:
            self._finished.pop(key, None)  # what is finished is kept by the caller
        self._report_floored()
        return scores

    def finished(self, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """Return what an interrupted call had scored already.

        Parameters
        ----------
        keys : sequence of bytes
            Keys as of `eagle_nb.scoring.coalitions.coalition_keys`.

        Returns
        -------
        dict of bytes to ndarray of float32, (T,)
            Only the coalitions that are finished.
        """
        return {key: self._finished[key] for key in keys if key in self._finished}

    def score_messages(self, messages: Sequence[Messages]) -> list[TokenScores]:
        """Score the answer after other messages than those of a coalition, for the verification.

        Parameters
        ----------
        messages : sequence of list of dict
            The questions.

        Returns
        -------
        list of TokenScores
            One per question.
        """
        return self.model.client.run(together(self._scores(question) for question in messages))

    def keep(self, shown: np.ndarray, scores: TokenScores) -> None:
        """Keep the scores of a coalition for the next call.

        Parameters
        ----------
        shown : ndarray of bool, (N,)
            The coalition.
        scores : TokenScores
            Its scores.
        """
        (key,) = coalition_keys(shown[None])
        self._finished[key] = self._row(scores)

    async def _score(self, key: bytes, row: np.ndarray) -> None:
        """Score one coalition."""
        messages = await asyncio.to_thread(self.pictures, row)
        self._finished[key] = self._row(await self._scores(messages))

    async def _scores(self, messages: Messages) -> TokenScores:
        """Return the scores of every target."""
        main, *others = await together(self.tier.score(messages, answer) for answer in self._answers)
        for answer, scores in zip(self._answers[1:], others, strict=True):
            t = answer.positions[0]
            main.log_probabilities[t], main.floored[t] = scores.log_probabilities[t], scores.floored[t]
        return main

    def _row(self, scores: TokenScores) -> np.ndarray:
        """Return probabilities, and count those that are bounds."""
        count, floored = int(self.measured.sum()), int(scores.floored[self.measured].sum())
        self.scored, self.floored = self.scored + count, self.floored + floored
        self.model.count_scores(count, floored)
        row: np.ndarray = np.clip(np.exp(scores.log_probabilities), 0, 1).astype(np.float32)
        return row

    def _report_floored(self) -> None:
        """Warn once where many scores are bounds."""
        if not self._warned and self.floored > FLOORED_SHARE * self.scored:
            self._warned = True
            warnings.warn(
                f"{self.floored} of {self.scored} scores ({self.floored / self.scored:.0%}) are upper bounds, because the server did not "
                f"list the token among its {self.model.tier.endpoint.top} most probable; low probabilities are overestimated. Ask for more "
                f"with load_server(top=…) where the server allows it, or use a tier that reports every token: {self.model.tier.start}",
                ScoringWarning,
                stacklevel=3,
            )

    def _sequences(self, response: Response) -> list[AnswerTokens]:
        """Return what is scored: the answer, and its beginning up to each replaced token."""
        pieces, ids = list(response.tokens), [int(number) for number in response.token_ids]
        wanted = [t for t in range(self.n_tokens) if self.measured[t]]
        own = tuple(t for t in wanted if t not in self.replaced)
        answers = [AnswerTokens(tuple(ids), tuple(pieces), own, response.text)]
        for t in [t for t in self.replaced if self.measured[t]]:
            piece = self.model.decode_target(self.targets[t])
            begun = [*pieces[:t], piece]
            answers.append(AnswerTokens((*ids[:t], self.targets[t]), tuple(begun), (t,), "".join(begun)))
        return answers
