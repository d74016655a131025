"""White-box access to a network: its inputs for a response, gradients, and where values lie in the image."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

import numpy as np
import torch
from PIL import Image

from ...inputs.regions import Regions
from ...inputs.response import Response
from ...protocols import Model
from .adapter import NetworkAdapter
from .image_tokens import ImageTokens, locate_image_tokens
from .masking import ImageInputs
from .scorer import HuggingFaceScorer


class WhiteBox:
    """One response inside its network, teacher-forced: what a `HuggingFaceScorer` scores, with gradients.

    Parameters
    ----------
    model : HuggingFaceModel
        The model.
    response : Response
        The answer, T tokens.
    fill : PIL.Image.Image
        What hidden parts show; of the image's size.
    target_ids : mapping of int to int, optional
        Token ids to score at some positions in place of the generated ones.

    Attributes
    ----------
    shown, hidden : dict of str to Tensor
        Image inputs of the image and of the fill.
    text : dict of str to Tensor
        All other inputs: the prompt and the answer without its last token.
    targets : Tensor of int, (T,)
        Token ids that are scored.
    forward_passes, backward_passes : int
        Images that went through the network so far, and images that gradients were computed for.

    Raises
    ------
    TypeError
        If the model gives no access to its network.
    ValueError
        If the response has no tokens or contains the model's image placeholder, or sizes or targets do not fit.
    """

    def __init__(
        self, model: Model, response: Response, fill: Image.Image, target_ids: Mapping[int, int] | None = None
    ) -> None:
        if not isinstance(model, NetworkAdapter):
            raise TypeError(
                f"this method looks inside the network, and a {type(model).__name__} gives no access to one; "
                "methods that only score regions (occlusion, kernel_shap, rise …) work with any model"
            )
        if len(response.images) > 1:
            raise ValueError(
                f"this method draws a map of one image, the response is about {len(response.images)} pictures; methods that "
                "only score regions (eagle, occlusion, kernel_shap, rise …) explain several"
            )
        self.model: NetworkAdapter = model
        self.response, self.fill = response, fill
        whole = Regions.whole(response.image)
        scorer = HuggingFaceScorer(model, response, whole, fill, target_ids, model.literal)
        self.text, self.targets, self._rows = scorer.text, scorer.targets, scorer.rows
        self.shown = scorer.images(np.ones((1, 1), dtype=bool))
        self.hidden = scorer.images(np.zeros((1, 1), dtype=bool))
        self.forward_passes = self.backward_passes = 0

    @property
    def length(self) -> int:
        """Positions of the language model's input: prompt, image, and the answer without its last token."""
        return int(self.text["input_ids"].shape[1])

    @property
    def prompt_length(self) -> int:
        """Positions of the prompt and image; the position before `prompt_length` + k predicts the answer's token k."""
        return self.length - len(self.response) + 1

    def image_inputs(self, image: Image.Image) -> ImageInputs:
        """Return the image inputs of another image of the same size.

        Parameters
        ----------
        image : PIL.Image.Image
            The image.

        Returns
        -------
        dict of str to Tensor
            Placed inputs.
        """
        made = self.model.inputs(image, self.response.conversation)
        return self.model.placed({name: made[name] for name in self.shown})

    # -- forward, backward ----------------------------------------------------------------------------

    def logits(self, images: ImageInputs, keep: int | None = None) -> torch.Tensor:
        """Return the logits of the last positions.

        Parameters
        ----------
        images : dict of str to Tensor
            Image inputs of B images.
        keep : int, optional
            Number of positions; by default those that predict the answer.

        Returns
        -------
        Tensor of float32, (B, keep, V)
            Logits.
        """
        copies = self._copies(images)
        text = {name: self._rows.repeat(name, value, copies) for name, value in self.text.items()}
        images = {name: self._rows.join(name, value, copies) for name, value in images.items()}
        self.forward_passes += copies
        return self.model.logits({**text, **images}, keep or len(self.response)).float()

    def target_logits(self, images: ImageInputs) -> torch.Tensor:
        """Return the logits of the targets.

        Parameters
        ----------
        images : dict of str to Tensor
            Image inputs of B images.

        Returns
        -------
        Tensor of float32, (B, T)
            Logits.
        """
        logits = self.logits(images)
        return logits.gather(-1, self.targets.expand(len(logits), -1)[..., None])[..., 0]

    def log_probabilities(self, images: ImageInputs) -> torch.Tensor:
        """Return the log-probabilities of the targets.

        Parameters
        ----------
        images : dict of str to Tensor
            Image inputs of B images.

        Returns
        -------
        Tensor of float32, (B, T)
            Log-probabilities.
        """
        logits = self.logits(images)
        chosen = logits.gather(-1, self.targets.expand(len(logits), -1)[..., None])[..., 0]
        return chosen - logits.logsumexp(-1)

    def gradients(
        self, score: Callable[[], torch.Tensor], of: Callable[[], list[torch.Tensor]], copies: int = 1
    ) -> list[torch.Tensor]:
        """Return the gradients of a score with respect to tensors.

        Parameters
        ----------
        score : callable
            Runs the network and returns a scalar.
        of : callable
            Returns the tensors; called after the score is computed.
        copies : int
            Number of images that the score depends on.

        Returns
        -------
        list of Tensor
            Gradients, of the shapes of the tensors.

        Raises
        ------
        NotImplementedError
            If the score is not differentiable with respect to them.
        """
        with torch.enable_grad(), _frozen(self.model.network):
            value = score()
            try:
                gradients = torch.autograd.grad(value, of())
            except RuntimeError as error:
                family = self.model.network.config.model_type
                raise NotImplementedError(f"no gradient flows back through this {family!r} network: {error}") from error
        self.backward_passes += copies
        return list(gradients)

    def _copies(self, images: ImageInputs) -> int:
        """Return the number of images of some inputs."""
        name = next(iter(self.shown))
        return len(images[name]) // len(self.shown[name])

    # -- places in the image ---------------------------------------------------------------------------

    @cached_property
    def origins(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """The image row and column that each pixel value comes from, -1 for padding: two int arrays of its shape.

        Images of row and column numbers go through the processor, without rescaling and by nearest neighbour.

        Raises
        ------
        NotImplementedError
            If the processor cannot be followed this way.
        """
        height, width = self.response.image.height, self.response.image.width
        y, x = np.mgrid[:height, :width]
        try:
            black, white = self._laid(np.zeros_like(y)), self._laid(np.full_like(y, 255))
            parts = [[self._laid(part) for part in (axis % 256, axis // 256)] for axis in (y, x)]
        except Exception as error:
            raise NotImplementedError(
                f"the {type(self.model.processor.image_processor).__name__} accepts no images without rescaling, so "
                f"its pixel values cannot be traced to the image: {error}"
            ) from error
        origins = {}
        for name, values in self.shown.items():
            real = (black[name] == 0) & (white[name] == 255)
            if real.shape != tuple(values.shape) or not real.any():
                raise NotImplementedError(
                    f"the {type(self.model.processor.image_processor).__name__} lays out {name!r} differently without "
                    "rescaling, so its pixel values cannot be traced to the image"
                )
            row, column = (np.where(real, low[name] + 256 * high[name], -1) for low, high in parts)
            origins[name] = (row, column)
        return origins

    def _laid(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """Return integers of the image in the layout of the processor."""
        picture = Image.fromarray(np.repeat(values.astype(np.uint8)[..., None], 3, axis=2))
        made = self.model.inputs(
            picture, self.response.conversation, do_rescale=False, do_normalize=False, resample=Image.Resampling.NEAREST
        )
        return {name: made[name].round().long().numpy() for name in self.shown}

    @cached_property
    def _flat(self) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
        """The number of each pixel value's pixel (0 for padding), and whether it is not padding."""
        width, device = self.response.image.width, self.model.device
        return {
            name: (
                torch.from_numpy(np.maximum(y * width + x, 0)).to(device),
                torch.from_numpy(y >= 0).to(device),
            )
            for name, (y, x) in self.origins.items()
        }

    def blended(self, masks: torch.Tensor, shown: ImageInputs, hidden: ImageInputs) -> ImageInputs:
        """Return the image inputs of ``mask · shown + (1 - mask) · hidden``, differentiable with respect to the masks.

        Parameters
        ----------
        masks : Tensor, (B, h, w)
            In [0, 1]; enlarged to the image bilinearly. Where the processor resamples, each pixel value follows the
            mask at the pixel nearest to it.
        shown, hidden : dict of str to Tensor
            Image inputs.

        Returns
        -------
        dict of str to Tensor
            Image inputs of B images.
        """
        size = (self.response.image.height, self.response.image.width)
        large = torch.nn.functional.interpolate(masks[:, None], size, mode="bilinear", align_corners=False)
        flat = large.flatten(1)
        blended = {}
        for name, (pixel, real) in self._flat.items():
            weight = torch.where(real, flat[:, pixel], 1.0).to(shown[name].dtype)
            blended[name] = (weight * shown[name] + (1 - weight) * hidden[name]).flatten(0, 1)
        return blended

    def painted(self, values: Mapping[str, torch.Tensor]) -> np.ndarray:
        """Sum numbers per pixel value over each pixel of the image.

        Where the processor reduces the image, the pixels nearest to a value share it equally, which preserves sums over parts of the
        image.

        Parameters
        ----------
        values : mapping of str to Tensor
            One number per pixel value, of the shapes of the image inputs.

        Returns
        -------
        ndarray of float32, (H, W)
            A map of the image.
        """
        from scipy.ndimage import distance_transform_edt

        height, width = self.response.image.height, self.response.image.width
        total, hits = np.zeros(height * width), np.zeros(height * width)
        for name, value in values.items():
            y, x = self.origins[name]
            real = y >= 0
            pixel = (y * width + x)[real]
            numbers = value.detach().float().cpu().numpy().reshape(y.shape)[real]
            total += np.bincount(pixel, numbers, minlength=total.size)
            hits += np.bincount(pixel, minlength=total.size)
        missed = (hits == 0).reshape(height, width)
        far, nearest = distance_transform_edt(missed, return_indices=True)
        y, x = np.nonzero(~missed)
        near = far <= far[y.min() : y.max() + 1, x.min() : x.max() + 1].max()  # further away is cropped off
        owner = (nearest[0] * width + nearest[1])[near]
        shares = np.bincount(owner, minlength=total.size)
        out = np.zeros((height, width), dtype=np.float32)
        out[near] = (total / np.maximum(shares, 1))[owner]
        return out

    @cached_property
    def image_tokens(self) -> ImageTokens:
        """Positions of the image tokens.

        Raises
        ------
        NotImplementedError
            If the family has none in a single grid.
        """
        name = next(iter(self.shown))
        size = (self.response.image.height, self.response.image.width)
        inputs = {**self.text, **self.shown}
        return locate_image_tokens(
            self.model.network.config, inputs, self.shown[name], lambda: self.origins[name], size
        )

    @cached_property
    def layers(self) -> torch.nn.ModuleList:
        """The language model's layers.

        Raises
        ------
        NotImplementedError
            If the network has no such list.
        """
        decoder = self.model.network.get_decoder()
        layers = getattr(decoder, "layers", None)
        if not isinstance(layers, torch.nn.ModuleList):
            family = self.model.network.config.model_type
            raise NotImplementedError(f"the language model of this {family!r} network has no list of layers")
        return layers


@contextmanager
def _frozen(network: torch.nn.Module) -> Iterator[None]:
    """Switch off gradients of the weights within the block, which saves their memory."""
    wanted = [parameter for parameter in network.parameters() if parameter.requires_grad]
    for parameter in wanted:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in wanted:
            parameter.requires_grad_(True)
