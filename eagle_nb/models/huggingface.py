"""Vision-language checkpoints of transformers, through one generic adapter.

Masked images are not prepared one by one. The image, the fill and a picture of the region labels go through the
processor once, each with the same geometry; a coalition's pixel values are then selected between the first two by
label, on the device, in whatever layout the processor makes. Where the processor does not resample, this equals
preparing the masked image itself; where it does, values within a resampling kernel of a region border differ.
``literal=True`` prepares every masked image through the processor instead: slow, and exact by definition.
"""

from __future__ import annotations

import hashlib
import inspect
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate.utils.memory import should_reduce_batch_size
from PIL import Image

from ..images import ImageLike, open_image
from ..regions import Regions
from ..response import Response, token_spans

BUNDLED = "bundled"


def load(
    name: str | os.PathLike[str] | None = None,
    *,
    device: str = "auto",
    dtype: str | torch.dtype = "auto",
    revision: str | None = None,
    attn_implementation: str | None = None,
    quantization_config: Any = None,
    trust_remote_code: bool = False,
    batch_size: int | None = None,
) -> HuggingFaceModel:
    """Load a checkpoint with `AutoModelForImageTextToText` and `AutoProcessor`.

    Parameters
    ----------
    name : str or path, optional
        A local folder or a hub id; None or "bundled" is the model this package carries.
    device : str
        "auto" takes CUDA, then MPS, then the CPU.
    dtype : str or torch.dtype
        "auto" keeps the checkpoint's own.
    revision : str, optional
        Branch, tag or commit of a hub id.
    attn_implementation, quantization_config
        Passed to transformers.
    trust_remote_code : bool
        Whether code that comes with a checkpoint may run. Off unless you say otherwise.
    batch_size : int, optional
        Coalitions scored at once; by default 64, halved whenever memory runs out.

    Raises
    ------
    ValueError
        If the folder holds no model or no processor, the checkpoint takes no images, or a hub id cannot be reached.
    """
    if batch_size is not None and (isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1):
        raise ValueError(f"batch_size must be a positive integer, got {batch_size!r}")
    source, label = _resolve(name)
    from transformers import AutoConfig, AutoModelForImageTextToText, AutoProcessor
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

    common: dict[str, Any] = {"trust_remote_code": trust_remote_code}
    if revision is not None:
        common["revision"] = revision
    try:
        config = AutoConfig.from_pretrained(source, **common)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"cannot read a model configuration from {label!r}. For a hub id this needs the network (or a filled cache); "
            f"a local folder works without: load_model('path/to/folder'). transformers says: {error}"
        ) from error
    known = config.model_type in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES
    if not known and not (trust_remote_code and getattr(config, "auto_map", None)):
        raise ValueError(
            f"{label!r} is a {config.model_type!r} model, which takes no images together with text; "
            "give a vision-language checkpoint that AutoModelForImageTextToText loads"
        )
    try:
        processor = AutoProcessor.from_pretrained(source, **common)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(
            f"{label!r} has no usable processor; save it with processor.save_pretrained: {error}"
        ) from error
    if not hasattr(processor, "image_processor") or not hasattr(processor, "tokenizer"):
        raise ValueError(
            f"{label!r} has a {type(processor).__name__} but no processor for images; "
            "save the whole processor with processor.save_pretrained"
        )
    extra = {"attn_implementation": attn_implementation, "quantization_config": quantization_config}
    try:
        network = AutoModelForImageTextToText.from_pretrained(
            source, dtype=dtype, **common, **{k: v for k, v in extra.items() if v is not None}
        )
    except OSError as error:
        raise ValueError(f"{label!r} has no readable weights: {error}") from error
    if quantization_config is None:
        network = network.to(_device(device))
    found = getattr(config, "_commit_hash", None) or revision or _digest(source)
    return HuggingFaceModel(network.eval(), processor, label, found, batch_size)


def _resolve(name: str | os.PathLike[str] | None) -> tuple[str, str]:
    if name is None or name == BUNDLED:
        return str(files("eagle_nb.scenes") / "model"), BUNDLED
    if not isinstance(name, str | os.PathLike):
        raise TypeError(f"a model is given by its folder or hub id, got {type(name).__name__}")
    path = Path(name).expanduser()
    text = os.fspath(name)
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise ValueError(f"the folder {text!r} holds no model: it has no config.json")
        return str(path), text
    looks_local = path.is_absolute() or text.startswith((".", "~")) or text.count("/") != 1 or path.exists()
    if looks_local and (path.is_absolute() or text.startswith((".", "~")) or text.count("/") > 1 or path.exists()):
        raise ValueError(f"there is no model folder {text!r}; give a folder with a config.json, or a hub id")
    return text, text


def _device(device: str) -> torch.device:
    if device != "auto":
        return torch.device(device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _digest(source: str) -> str:
    """What weights a local folder holds: the start of their SHA-256, for small files."""
    weights = Path(source) / "model.safetensors"
    if weights.is_file() and weights.stat().st_size < 2**26:
        return "sha256:" + hashlib.sha256(weights.read_bytes()).hexdigest()[:16]
    return "local"


class HuggingFaceModel:
    """A vision-language model with its processor.

    Attributes
    ----------
    network : transformers.PreTrainedModel
    processor : transformers.ProcessorMixin
    name, revision : str
    batch_size : int or None
    """

    def __init__(
        self, network: Any, processor: Any, name: str = "", revision: str = "", batch_size: int | None = None
    ) -> None:
        self.network, self.processor = network, processor
        self.name, self.revision, self.batch_size = name, revision, batch_size
        parameters = inspect.signature(network.forward).parameters
        self.keeps_logits = "logits_to_keep" in parameters

    def __repr__(self) -> str:
        millions = sum(p.numel() for p in self.network.parameters()) / 1e6
        return f"{type(self.network).__name__} {self.name!r}, {millions:.1f} M parameters on {self.device}"

    @property
    def tokenizer(self) -> Any:
        return self.processor.tokenizer

    @property
    def device(self) -> torch.device:
        return next(self.network.parameters()).device

    @property
    def vocabulary_size(self) -> int:
        return int(self.network.get_input_embeddings().num_embeddings)

    def encode(self, text: str) -> list[int]:
        """Token ids of a text as it would continue an answer; for counterfactual targets."""
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def decode(self, token_ids: list[int]) -> str:
        """The text of token ids, special tokens shown."""
        return str(self.tokenizer.decode(token_ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))

    def inputs(self, image: Image.Image, prompt: str, **images_kwargs: Any) -> dict[str, torch.Tensor]:
        """The model's inputs for one image and a prompt, through its own chat template and processor."""
        content = [{"type": "image", "image": image}, {"type": "text", "text": prompt}]
        processor_kwargs: dict[str, Any] = {"return_tensors": "pt"}
        if images_kwargs:
            processor_kwargs["images_kwargs"] = images_kwargs
        batch = self.processor.apply_chat_template(
            [{"role": "user", "content": content}],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            processor_kwargs=processor_kwargs,
        )
        return {k: v for k, v in batch.items() if isinstance(v, torch.Tensor)}

    def generate(self, image: ImageLike, prompt: str, max_new_tokens: int = 128) -> Response:
        """Answer a prompt about an image with the most probable token at every step.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
        prompt : str
        max_new_tokens : int
            At most so many tokens; the answer ends earlier where the model ends it.

        Returns
        -------
        Response

        Raises
        ------
        ValueError
            If the prompt is empty or contains the model's image placeholder, or the image cannot be used.
        """
        picture = open_image(image)
        self._check_prompt(prompt)
        if isinstance(max_new_tokens, bool) or not isinstance(max_new_tokens, int) or max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        from transformers import GenerationConfig

        inputs = self._placed(self.inputs(picture, prompt))
        own = self.network.generation_config
        ends = own.eos_token_id if own.eos_token_id is not None else self.tokenizer.eos_token_id
        ends = ends if isinstance(ends, list) else [ends]
        pad = own.pad_token_id if own.pad_token_id is not None else ends[0]
        greedy = GenerationConfig(
            do_sample=False,
            max_new_tokens=max_new_tokens,
            eos_token_id=ends,
            pad_token_id=pad,
            bos_token_id=own.bos_token_id,
        )
        with torch.inference_mode():
            output = self.network.generate(**inputs, generation_config=greedy)
        ids = output[0, inputs["input_ids"].shape[1] :].tolist()
        while ids and ids[-1] in ends:
            ids.pop()
        response = self.respond(picture, prompt, ids)
        if not ids:
            return response
        scorer = HuggingFaceScorer(
            self, response, Regions.from_labels(np.zeros((picture.height, picture.width), int)), picture
        )
        object.__setattr__(response, "probabilities", scorer(np.ones((1, 1), dtype=bool))[0])
        return response

    def respond(self, image: ImageLike, prompt: str, answer: str | list[int]) -> Response:
        """A Response with a given answer, as text or token ids, to explain what was said elsewhere."""
        ids = self.encode(answer) if isinstance(answer, str) else [int(i) for i in answer]
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        tokens, spans = token_spans(prefixes)
        text = prefixes[-1] if prefixes else ""
        return Response(open_image(image), prompt, text, ids, tokens, spans, None, self.name, self.revision)

    def scorer(
        self,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: dict[int, int] | None = None,
        literal: bool = False,
    ) -> HuggingFaceScorer:
        """Probabilities of the response's tokens under coalitions of regions; see `HuggingFaceScorer`."""
        return HuggingFaceScorer(self, response, regions, fill, target_ids, literal)

    def _placed(self, inputs: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Inputs on the model's device, pictures in its dtype."""
        dtype = self.network.dtype
        return {k: v.to(self.device, dtype if v.is_floating_point() else None) for k, v in inputs.items()}

    def _check_prompt(self, prompt: str) -> None:
        if not isinstance(prompt, str):
            raise TypeError(f"the prompt must be a text, got {type(prompt).__name__}")
        if not prompt.strip():
            raise ValueError("the prompt is empty; ask something about the image")
        for text in self._placeholders():
            if text in prompt:
                raise ValueError(
                    f"the prompt contains {text!r}, which this model reads as an image; write it differently"
                )

    def _placeholders(self) -> set[str]:
        owners = (self.processor, self.tokenizer)
        found = {getattr(owner, name, None) for owner in owners for name in ("image_token", "boi_token", "eoi_token")}
        return {text for text in found if isinstance(text, str) and text.strip()}


class HuggingFaceScorer:
    """Token probabilities of one response under coalitions of regions.

    ``scorer(shown)`` takes bool (M, n_regions) and returns float32 (M, T): p(y_t | image with only the shown regions,
    prompt, y_<t), softmax over the full vocabulary in float32. Equal coalitions are scored once per call.

    Attributes
    ----------
    n_regions, n_tokens : int
    batch_size : int
        Halved whenever memory runs out; finished batches are kept.
    """

    def __init__(
        self,
        model: HuggingFaceModel,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        target_ids: dict[int, int] | None = None,
        literal: bool = False,
    ) -> None:
        self.model, self.regions, self.literal = model, regions, literal
        self.image, self.prompt = response.image, response.prompt
        self.fill = open_image(fill)
        self.n_regions, self.n_tokens = regions.n, len(response)
        self.batch_size = model.batch_size or 64
        if self.n_tokens == 0:
            raise ValueError("the response has no tokens, so there is nothing to score")
        if regions.shape != (self.image.height, self.image.width):
            raise ValueError(f"the region map {regions.shape} does not fit the image {self.image.size}")
        ids = torch.tensor(response.token_ids)
        self.targets = ids.clone()
        for position, target in (target_ids or {}).items():
            self.targets[position] = target
        self.targets = self.targets.to(model.device)
        full = model.inputs(self.image, response.prompt)
        length = full["input_ids"].shape[1]
        pictures = {k: v for k, v in full.items() if v.is_floating_point()}
        self.text = {
            k: _extended(v, ids[:-1], k) if v.ndim == 2 and v.shape == (1, length) else v
            for k, v in full.items()
            if k not in pictures
        }
        self.text = model._placed(self.text)
        if not literal:
            filled = model.inputs(self.fill, response.prompt)
            low, high = (self._label_picture(part) for part in (regions.labels % 256, regions.labels // 256))
            self.shown_pixels = model._placed(pictures)
            self.hidden_pixels = model._placed({k: filled[k] for k in pictures})
            self.labels = {k: (low[k].round() + 256 * high[k].round()).to(model.device, torch.long) for k in pictures}
            for k, labels in self.labels.items():
                if labels.shape != pictures[k].shape:
                    raise ValueError(
                        f"this processor lays out {k} unlike the image's; use model.scorer(…, literal=True)"
                    )
                self.labels[k] = labels.clamp(0, regions.n - 1)

    def _label_picture(self, part: np.ndarray) -> dict[str, torch.Tensor]:
        picture = Image.fromarray(np.repeat(part.astype(np.uint8)[..., None], 3, axis=2))
        nearest = Image.Resampling.NEAREST
        return self.model.inputs(picture, self.prompt, do_rescale=False, do_normalize=False, resample=nearest)

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        shown = np.asarray(shown, dtype=bool)
        if shown.ndim != 2 or shown.shape[1] != self.n_regions:
            raise ValueError(f"coalitions must be bool (M, {self.n_regions}), got shape {shown.shape}")
        if len(shown) == 0:
            return np.zeros((0, self.n_tokens), dtype=np.float32)
        distinct, inverse = np.unique(shown, axis=0, return_inverse=True)
        scores = np.empty((len(distinct), self.n_tokens), dtype=np.float32)
        done = 0
        while done < len(distinct):
            batch = distinct[done : done + self.batch_size]
            try:
                scores[done : done + len(batch)] = self._score(batch)
            except Exception as error:
                out_of_memory = isinstance(error, torch.OutOfMemoryError) or should_reduce_batch_size(error)
                if not out_of_memory or self.batch_size == 1:
                    raise
                self.batch_size = max(1, min(self.batch_size, len(batch)) // 2)
                if torch.cuda.is_available():
                    torch.cuda.empty_cache()
                continue
            done += len(batch)
        return scores[inverse.reshape(-1)]

    def pixel_values(self, shown: np.ndarray) -> dict[str, torch.Tensor]:
        """The picture inputs of coalitions (B, n_regions), stacked along the first axis as the processor stacks images."""
        if self.literal:
            image, fill = np.asarray(self.image), np.asarray(self.fill)
            singles = []
            for row in shown:
                masked = Image.fromarray(np.where(self.regions.pixels(row)[..., None], image, fill))
                single = self.model.inputs(masked, self.prompt)
                singles.append({k: v for k, v in single.items() if v.is_floating_point()})
            return self.model._placed({k: torch.cat([s[k] for s in singles]) for k in singles[0]})
        rows = torch.from_numpy(shown).to(self.model.device)
        out = {}
        for k, labels in self.labels.items():
            pixels = torch.where(rows[:, labels], self.shown_pixels[k], self.hidden_pixels[k]).flatten(0, 1)
            if pixels.ndim == 4 and pixels.device.type == "cpu":
                pixels = pixels.contiguous(memory_format=torch.channels_last)
            out[k] = pixels
        return out

    def _score(self, shown: np.ndarray) -> np.ndarray:
        b, t = len(shown), self.n_tokens
        inputs = {k: v.repeat(b, *[1] * (v.ndim - 1)) for k, v in self.text.items()}
        inputs.update(self.pixel_values(shown))
        if self.model.keeps_logits:
            inputs["logits_to_keep"] = t
        with torch.inference_mode():
            logits = self.model.network(**inputs, use_cache=False).logits[:, -t:].float()
            scores = torch.softmax(logits, -1).gather(-1, self.targets.expand(b, t)[..., None])[..., 0]
        result: np.ndarray = scores.cpu().numpy()
        if not np.isfinite(result).all():
            row = int(np.argmax(~np.isfinite(result).all(1)))
            raise ValueError(
                f"the model gave NaN or infinite logits for the coalition of regions {np.flatnonzero(shown[row]).tolist()}; "
                "try dtype='float32'"
            )
        return result


def _extended(values: torch.Tensor, answer: torch.Tensor, name: str) -> torch.Tensor:
    """A per-token input (1, L) with the answer's tokens appended: ids, ones for masks, zeros for token types."""
    if name == "input_ids":
        tail = answer
    else:
        tail = torch.full_like(answer, 1 if "attention_mask" in name else 0)
    return torch.cat([values, tail[None].to(values.dtype)], 1)
