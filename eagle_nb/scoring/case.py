"""The prepared case: a response with its regions, fill and targets, checked and ready to be scored.

Everything that explains a response starts here: the searches, the other methods, the evaluation, the hallucination studies and
the mask painter.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from PIL import Image

from ..errors import StoreError
from ..inputs.fills import Fill, check_fill, fill_pictures
from ..inputs.regions import DEFAULT_REGIONS, Regions, as_regions
from ..inputs.response import Response
from ..inputs.seeds import Rng
from ..inputs.segmentation import Segmenter
from ..protocols import Model, Scorer
from .cached import CachedScorer
from .identity import case_identity, digest, model_identity
from .store import Store


@dataclass(frozen=True, eq=False)
class PreparedCase:
    """A response that is ready to be scored; see `prepare_case`.

    Attributes
    ----------
    model : Model
        The model that is scored.
    response : Response
        The answer, T tokens.
    regions : Regions
        The partition of its image, N regions.
    fill : str
        The name of the fill.
    fill_picture : PIL.Image.Image
        What hidden regions show.
    targets : dict of int to int
        Counterfactual targets: token id by position.
    target_ids : ndarray of int, (T,)
        The token id that is scored at each position.
    target_tokens : list of str
        Their texts.
    """

    model: Model = field(repr=False)
    response: Response
    regions: Regions
    fill: str
    fill_picture: Image.Image = field(repr=False)
    targets: dict[int, int]
    target_ids: np.ndarray = field(repr=False)
    target_tokens: list[str] = field(repr=False)

    def select(self, tokens: Any = None) -> list[int]:
        """Return the selected tokens.

        Parameters
        ----------
        tokens : None, str, int, sequence of int or TokenPicker
            As of `eagle_nb.explain`. None selects the positions of the counterfactual targets if there are any, else all tokens.

        Returns
        -------
        list of int
            Ascending indices.
        """
        return self.response.resolve(sorted(self.targets) if tokens is None and self.targets else tokens)

    def scorer(self, tokens: Sequence[int] | None = None) -> Scorer:
        """Make a new scorer of this case.

        Parameters
        ----------
        tokens : sequence of int, optional
            The tokens that are needed. A model whose requests score one token each (``scores_selected``) leaves the others out.

        Returns
        -------
        Scorer
            The model's own, without a cache.
        """
        selecting = tokens is not None and getattr(self.model, "scores_selected", False)
        options = {"tokens": tokens} if selecting else {}
        return self.model.scorer(
            self.response, self.regions, self.fill_picture, target_ids=self.targets or None, **options
        )

    def cached_scorer(self, store: Store | None = None, tokens: Sequence[int] | None = None) -> CachedScorer:
        """Make a new scorer of this case that remembers its scores.

        Parameters
        ----------
        store : Store, optional
            Keeps the scores on disk, too.
        tokens : sequence of int, optional
            See `scorer`.

        Returns
        -------
        CachedScorer
            The blank and the full image are scored at once.

        Raises
        ------
        StoreError
            If a store is given but the model has no fingerprint.
        """
        scorer = self.scorer(tokens)
        return CachedScorer(scorer, store, None if store is None else self.key(scorer))

    def key(self, scorer: Scorer) -> str:
        """Return the digest of everything that the scores of this case depend on.

        Parameters
        ----------
        scorer : Scorer
            A scorer of this case; its ``identity``, if it has one, is part of the key.

        Returns
        -------
        str
            The key of the case in a store.

        Raises
        ------
        StoreError
            If neither the model's ``fingerprint`` nor ``scorer.identity["model"]`` identifies the model's weights.
        """
        own: Mapping[str, str] = getattr(scorer, "identity", None) or {}
        model = model_identity(self.model)
        if not model["fingerprint"] and not own.get("model"):
            raise StoreError(
                f"a store needs to know which model it holds scores of; give {type(self.model).__name__} an attribute "
                "`fingerprint` that differs between weights"
            )
        case = case_identity(self.response, self.regions, self.fill_picture, self.targets)
        return digest(case=case, model=model, scorer={str(name): str(value) for name, value in own.items()})

    def _conversation(self) -> dict[str, Any]:
        """Return what provenance says of messages beyond the prompt."""
        conversation = self.response.conversation
        tied = getattr(self.model, "tied_frames", 1) if conversation.videos else 1
        facts = {} if conversation.is_short else {"conversation": conversation.as_dict()}
        return facts | ({"tied_frames": tied} if tied > 1 else {})

    @cached_property
    def store_key(self) -> str:
        """The key of the case in a store, see `key`; all weights are read when it is first asked for."""
        return self.key(self.scorer())

    def _served(self) -> dict[str, Any]:
        """Return what a served model records about its server."""
        served = getattr(self.model, "provenance", None)
        return {"served": dict(served)} if isinstance(served, Mapping) else {}

    def provenance(self, **settings: Any) -> dict[str, Any]:
        """Return what a result of this case is made from, as plain values.

        Parameters
        ----------
        **settings
            What else it depends on: search or method, weights, budget, options.

        Returns
        -------
        dict
            Model, revision and fingerprint, prompt, fill, regions, targets, the settings and the versions of the libraries.
        """
        identity = model_identity(self.model)
        return {
            "model": self.response.model or identity["model"],
            "fingerprint": identity["fingerprint"],
            "revision": self.response.revision,
            "prompt": self.response.prompt,
            **self._conversation(),
            "fill": self.fill,
            "regions": {"segmenter": self.regions.segmenter, "n": self.regions.n, **self.regions.parameters},
            **settings,
            "target_ids": {str(k): int(v) for k, v in self.targets.items()},
            "versions": library_versions(),
            **self._served(),
        }


def prepare_case(
    model: Model,
    response: Response,
    regions: int | Sequence[int] | Regions | np.ndarray = DEFAULT_REGIONS,
    fill: Fill = "black",
    target_ids: Mapping[int, int] | None = None,
    rng: Rng = 0,
    segmentation: str | Segmenter = "slic",
    progress: bool = False,
    images: int | Sequence[int] | None = None,
) -> PreparedCase:
    """Check a response and what it is to be explained with, before any model runs.

    Parameters
    ----------
    model : Model
        The model to be scored.
    response : Response
        Its answer.
    regions : int, sequence of int, Regions or ndarray of int, (H, W)
        A number of regions to cut, shared by all pictures by area, or that of each picture, or a partition of ``response.images``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    target_ids : mapping of int to int, optional
        Counterfactual targets: token id by position.
    rng : int, numpy.random.Generator or None
        Of the fill "noise".
    segmentation : str or Segmenter
        How the image is cut where `regions` is a number; see `eagle_nb.inputs.segmentation`.
    progress : bool
        Whether a large image shows that it is being cut.
    images : int or sequence of int, optional
        The pictures that are explained; the others are shown as they are. By default all.

    Returns
    -------
    PreparedCase
        The case.

    Raises
    ------
    TypeError
        If an argument is of another type.
    ValueError
        If the response is empty, or an argument is unknown, out of range, or does not fit the response.
    """
    if not isinstance(response, Response):
        raise TypeError(f"response must be a Response from model.generate(), got {type(response).__name__}")
    if not callable(getattr(model, "scorer", None)):
        raise TypeError(
            f"model must have scorer(response, regions, fill, target_ids=None); {type(model).__name__} has none"
        )
    if len(response) == 0:
        raise ValueError("the response has no tokens, so there is nothing to explain; generate one first")
    ids = response.targets(target_ids, getattr(model, "vocabulary_size", None))
    targets = {int(k): ids[k] for k in target_ids or {}}
    name = check_fill(fill)
    partition = as_regions(regions, response.images, segmentation, progress, images)
    picture = fill_pictures(response.images, fill, partition, rng)
    texts = target_texts(model, response, targets)
    return PreparedCase(model, response, partition, name, picture, targets, np.array(ids), texts)


def target_texts(model: Model | None, response: Response, targets: Mapping[int, int]) -> list[str]:
    """Return the text of the token that is scored at each position.

    Parameters
    ----------
    model : Model or None
        Decodes counterfactual targets; without ``decode`` they read ``<id>``.
    response : Response
        The answer.
    targets : mapping of int to int
        Counterfactual targets: token id by position.

    Returns
    -------
    list of str
        T texts: the answer's own tokens except at the counterfactual positions.
    """
    texts, decode = list(response.tokens), getattr(model, "decode", None)
    for position, target in targets.items():
        texts[position] = str(decode([target])) if callable(decode) else f"<{target}>"
    return texts


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that results depend on.

    Returns
    -------
    dict of str to str
        Version by name; "unknown" where a library is not installed.
    """
    versions = {"python": platform.python_version()}
    for name in ("eagle_nb", "torch", "transformers", "numpy", "scikit-image"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unknown"
    versions["platform"] = sys.platform
    return versions
