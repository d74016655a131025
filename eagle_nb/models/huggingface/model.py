"""A vision-language checkpoint of transformers that answers and can be scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from ...inputs.images import ImageLike, open_image
from ...inputs.regions import Regions
from ...inputs.response import Response, token_spans
from .adapter import NetworkAdapter
from .scorer import HuggingFaceScorer
from .verification import verify


class HuggingFaceModel(NetworkAdapter):
    """A vision-language model that answers prompts and makes scorers.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    processor : transformers.ProcessorMixin
        Its processor.
    name, revision : str
        Name and revision of the checkpoint.
    batch_size : int, optional
        Number of coalitions that are scored at once; found during scoring by default.
    image_options : mapping, optional
        Options of the image processor for every image.
    literal : bool
        Whether scorers prepare every masked image through the processor.
    """

    def generate(self, image: ImageLike, prompt: str, max_new_tokens: int = 128) -> Response:
        """Answer a prompt about an image with the most probable token at every step.

        The checkpoint's own generation settings (sampling, penalties) do not apply: every token is the one that `scorer` finds most
        probable. The answer ends where the model ends it, or where it would write an image placeholder.

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
            The answer with the probability of each token.

        Raises
        ------
        TypeError
            If the prompt is not a text.
        ValueError
            If the prompt is empty or contains the model's image placeholder, the image cannot be used, or `max_new_tokens` is below 1.
        """
        self.check_prompt(prompt)
        if isinstance(max_new_tokens, bool) or not isinstance(max_new_tokens, int) or max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        picture = open_image(image)
        (ids,) = self.write(self.placed(self.inputs(picture, prompt)), max_new_tokens)
        response = self.respond(picture, prompt, ids)
        if ids:
            scores = HuggingFaceScorer(self, response, Regions.whole(picture), picture)(np.ones((1, 1), dtype=bool))
            object.__setattr__(response, "probabilities", scores[0])
        return response

    def respond(self, image: ImageLike, prompt: str, answer: str | Sequence[int]) -> Response:
        """Make the Response of an answer that was written elsewhere.

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
            The answer, without probabilities.

        Raises
        ------
        TypeError
            If the prompt is not a text.
        ValueError
            If prompt or answer contain the model's image placeholder, the prompt is empty, or an id is out of range.
        """
        self.check_prompt(prompt)
        ids = self.encode(answer) if isinstance(answer, str) else [int(i) for i in answer]
        self.check_answer(ids)
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        tokens, spans = token_spans(prefixes)
        text = prefixes[-1] if prefixes else ""
        return Response(open_image(image), prompt, text, ids, tokens, spans, None, self.name, self.revision)

    def scorer(
        self,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: Mapping[int, int] | None = None,
        literal: bool | None = None,
    ) -> HuggingFaceScorer:
        """Make the scorer of a response.

        The model's first scorer is verified in at most six forward passes, see `eagle_nb.models.huggingface.verification`: where batches
        or fast masking change scores, this model's scorers do without them, with a `eagle_nb.errors.ScoringWarning`.

        Parameters
        ----------
        response : Response
            The answer.
        regions : Regions
            A partition of its image.
        fill : PIL.Image.Image
            What hidden regions show.
        target_ids : mapping of int to int, optional
            Token ids to score at some positions in place of the generated ones.
        literal : bool, optional
            Prepare every masked image through the processor; the model's own setting by default.

        Returns
        -------
        HuggingFaceScorer
            Coalitions → token probabilities.

        Raises
        ------
        ValueError
            If the response has no tokens or contains the model's image placeholder, or sizes or targets do not fit.
        """
        slow = self.literal if literal is None else bool(literal)
        scorer = HuggingFaceScorer(self, response, regions, fill, target_ids, slow)
        scorer.verification = verify(scorer, response)
        return scorer
