"""The protocols of the package: what a model and a scorer must offer so that they can be explained.

Anything with these attributes plugs in; nothing has to be inherited. Optional attributes switch further features on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from PIL import Image

from .inputs.images import ImageLike
from .inputs.regions import Regions
from .inputs.response import Response

__all__ = ["AnsweringModel", "GeneratingScorer", "Model", "Scorer", "TokenizingModel"]


@runtime_checkable
class Scorer(Protocol):
    """Turn coalitions of regions into token probabilities.

    A coalition is a subset of the N regions: the regions that are *shown*. ``scorer(shown)`` takes bool (M, N), one coalition
    per row, and returns an array of float (M, T): the probability of each of the T target tokens under each coalition,
    teacher-forced. Equal rows must give equal probabilities, whatever other rows stand in the same call.

    Optional attributes:

    - ``n_tokens`` (int): T.
    - ``batch_size`` (int): number of coalitions that are scored at once; calls are made no smaller than that.
    - ``resolution`` (float): difference between two probabilities of the same coalition, relative to them, that only rounding explains;
      1e-6 by default. Searches treat smaller differences as ties.
    - ``measured`` (bool array (T,)): the tokens that are scored; the columns of the others are NaN.
    - ``identity`` (mapping of str to str): everything that the probabilities depend on, in particular ``"model"``. It is
      required only for ``store=``: two scorers with the same identity must give the same probabilities.

    Attributes
    ----------
    n_regions : int
        N.

    Examples
    --------
    >>> class Table:
    ...     n_regions = 2
    ...     def __call__(self, shown):
    ...         return shown.mean(1, keepdims=True)
    >>> isinstance(Table(), Scorer)
    True
    """

    n_regions: int

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.

        Returns
        -------
        ndarray of float, (M, T)
            Probabilities in [0, 1].
        """
        ...


@runtime_checkable
class GeneratingScorer(Scorer, Protocol):
    """A scorer that can also answer the prompt again about masked images."""

    def generate(self, shown: np.ndarray, max_new_tokens: int = 128, prefix: Sequence[int] = ()) -> list[list[int]]:
        """Answer the prompt about masked images, greedily.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.
        max_new_tokens : int
            Maximum number of generated tokens.
        prefix : sequence of int
            Token ids that every answer begins with.

        Returns
        -------
        list of list of int
            M answers as token ids, `prefix` included, the end token excluded.
        """
        ...

    def distributions(self, shown: np.ndarray) -> np.ndarray:
        """Return the probabilities of the whole vocabulary at every position.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.

        Returns
        -------
        ndarray of float32, (M, T, V)
            Probabilities; V is the size of the vocabulary.
        """
        ...

    def next_token(self, shown: np.ndarray, prefix: Sequence[int] = ()) -> np.ndarray:
        """Return the probabilities of the token that follows a prefix.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.
        prefix : sequence of int
            Token ids that the answer begins with.

        Returns
        -------
        ndarray of float32, (M, V)
            Probabilities; V is the size of the vocabulary.
        """
        ...


@runtime_checkable
class Model(Protocol):
    """A model that answers a prompt about an image and can be scored.

    Optional attributes:

    - ``name`` and ``fingerprint`` (str): identify the model and its weights. ``fingerprint`` is required for ``store=``.
    - ``vocabulary_size`` (int): token ids of counterfactual targets are checked against it.
    - ``scores_selected`` (bool): whether each token costs a request, so that ``scorer`` takes the tokens to score as ``tokens=``.
    - ``provenance`` (mapping): what results record about a served model.
    - ``encode``, ``decode`` (see `TokenizingModel`) and ``respond`` (see `AnsweringModel`).
    """

    def generate(self, image: ImageLike, prompt: str, max_new_tokens: int = 128) -> Response:
        """Answer a prompt about an image with the most probable token at every step.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
            The image.
        prompt : str
            The question or instruction.
        max_new_tokens : int
            Maximum number of generated tokens.

        Returns
        -------
        Response
            The answer, token by token.
        """
        ...

    def scorer(
        self,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: Mapping[int, int] | None = None,
    ) -> Scorer:
        """Make the scorer of a response.

        Parameters
        ----------
        response : Response
            The answer whose T tokens are scored, teacher-forced: token t is conditioned on the prompt and the tokens before it.
        regions : Regions
            A partition of ``response.images`` into N regions.
        fill : PIL.Image.Image
            The reference picture, of the size of ``response.canvas``: hidden regions show its pixels. The canvas holds all pictures of the
            response; ``response.layout.split`` divides it.
        target_ids : mapping of int to int, optional
            Token ids to score at some positions in place of the generated ones. Only the target changes: the tokens
            before it stay the generated ones.

        Returns
        -------
        Scorer
            Probabilities p(y_t | masked image, prompt, y_<t), softmax over the full vocabulary.
        """
        ...


@runtime_checkable
class TokenizingModel(Model, Protocol):
    """A model that converts between text and token ids."""

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text as it would continue an answer.

        Parameters
        ----------
        text : str
            The text.

        Returns
        -------
        list of int
            Token ids, without special tokens.
        """
        ...

    def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of token ids.

        Parameters
        ----------
        token_ids : sequence of int
            Token ids.

        Returns
        -------
        str
            The text, special tokens included.
        """
        ...


@runtime_checkable
class AnsweringModel(TokenizingModel, Protocol):
    """A model that accepts an answer that was given elsewhere."""

    def respond(self, image: ImageLike, prompt: str, answer: str | Sequence[int]) -> Response:
        """Make the Response of a given answer.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
            The image.
        prompt : str
            The question or instruction.
        answer : str or sequence of int
            The answer as text or as token ids.

        Returns
        -------
        Response
            The answer, token by token.
        """
        ...
