"""Videos: the tokens of the family's own template, and the scores of plain forward passes on the same masked frames."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from transformers.video_utils import VideoMetadata

import eagle_nb as eagle
from eagle_nb.models.huggingface.frames import frame_chooser, tied_frames

from . import clips, tiny
from .clips import clip_template

pytestmark = pytest.mark.families
torch.set_num_threads(1)  # the models are too small for more

QWEN = (tiny.VISION, tiny.VISION.replace("image", "video"))
MARKS = {
    "qwen2_vl": QWEN,
    "qwen2_5_vl": QWEN,
    "qwen3_vl": QWEN,
    "llava_onevision": ("<image>", "<video>"),
    "internvl": ("<IMG_CONTEXT>\n", "<video>\n"),
    "smolvlm": ("<image>", "<video>"),
    "video_llama_3": ("<|image_pad|>", "<|video_pad|>"),
}
"""Placeholders of images and videos in the chat templates."""

SIZES = {"qwen": {"shortest_edge": 64, "longest_edge": 64 * 64}, "smolvlm": {"longest_edge": 32}, "video_llama_3": {"shortest_edge": 64, "longest_edge": 64 * 64}}  # fmt: skip
TIED = {"qwen2_vl": 2, "qwen2_5_vl": 2, "qwen3_vl": 2}
PROMPT = "What happens?"
ANSWER = "a naïve 猫 on grass."
FOLDERS: dict[str, Any] = {}


@pytest.fixture(scope="session", autouse=True)
def _folder(tmp_path_factory):
    FOLDERS["root"] = tmp_path_factory.mktemp("videos")


@cache
def load(name: str) -> Any:
    model = eagle.load_model(tiny.save(name, FOLDERS["root"] / name), dtype="float32", device="cpu")
    model.processor.chat_template = clip_template(*MARKS[name])
    videos = model.processor.video_processor
    for start, size in SIZES.items():
        if name.startswith(start):
            videos.size = size
    if name == "smolvlm":
        videos.max_image_size = {"longest_edge": 32}
        videos.num_frames, videos.fps = 64, 1  # as published checkpoints have them
    if name in ("llava_onevision", "internvl"):
        videos.size = {"height": 32, "width": 32}
    return model


def frames(count: int = 4) -> list[Image.Image]:
    """A smooth pattern that moves."""
    y, x = np.mgrid[:32, :56] / 9.0
    waves = [[np.sin(x + y + k), np.cos(1.3 * x - k), np.sin(0.7 * y - x)] for k in range(count)]
    return [Image.fromarray(np.uint8(127 + 120 * np.stack(wave, -1))) for wave in waves]


def messages(video: Any) -> list[dict[str, Any]]:
    content = [{"type": "video", "video": video}, {"type": "text", "text": PROMPT}]
    return [{"role": "user", "content": content}]


def template_inputs(model: Any, video: list[Image.Image], fps: float | None = 2.0) -> dict[str, torch.Tensor]:
    metadata = dict(total_num_frames=len(video), fps=fps, frames_indices=list(range(len(video))))
    options = {"do_sample_frames": False} | ({} if fps is None else {"video_metadata": [metadata]})
    inputs = model.processor.apply_chat_template(
        messages(np.stack([np.asarray(frame) for frame in video])),
        add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
        processor_kwargs=options,
    )  # fmt: skip
    return {name: value for name, value in inputs.items() if isinstance(value, torch.Tensor)}


def plain(model: Any, inputs: dict[str, torch.Tensor], answer: list[int]) -> np.ndarray:
    """Probabilities of the answer's tokens by a plain forward pass."""
    inputs, more = dict(inputs), len(answer) - 1
    inputs["input_ids"] = torch.cat([inputs["input_ids"], torch.tensor([answer[:-1]], dtype=torch.long)], 1)
    for key, last in {"attention_mask": 1, "mm_token_type_ids": 0, "token_type_ids": 0}.items():
        if key in inputs:
            inputs[key] = torch.cat([inputs[key], torch.full((1, more), last)], 1)
    with torch.no_grad():
        logits = model.network(**inputs).logits[0, -len(answer) :]
    return logits.float().softmax(-1)[torch.arange(len(answer)), torch.tensor(answer)].numpy()


def respond(model: Any, count: int = 4, fps: float | None = 2.0) -> Any:
    content = [{"type": "video", "video": frames(count), "fps": fps}, {"type": "text", "text": PROMPT}]
    return model.respond(messages=[{"role": "user", "content": content}], answer=ANSWER)


@pytest.mark.parametrize("fps", [2.0, None])
@pytest.mark.parametrize("name", MARKS)
def test_the_tokens_are_those_of_the_chat_template(name, fps):
    model = load(name)
    response = respond(model, fps=fps)
    assert len(response.images) == 4
    np.testing.assert_array_equal(response.timestamps, [np.nan] * 4 if fps is None else [0, 0.5, 1, 1.5])
    scorer = model.scorer(response, eagle.Regions.whole(response.images), Image.new("RGB", response.canvas.size))
    own = template_inputs(model, frames(), fps)["input_ids"][0].tolist()
    assert scorer.text["input_ids"][0].tolist() == own + response.token_ids[:-1]


@pytest.mark.parametrize("name", MARKS)
def test_scores_equal_plain_forward_passes_on_the_same_masked_frames(name):
    model = load(name)
    response = respond(model)
    regions = eagle.Regions.tubes(response.images, 8)
    fill = response.layout.compose([Image.new("RGB", (56, 32), (90, 20, 60))] * 4)
    shown = np.random.default_rng(3).random((6, 8)) < 0.5
    want = []
    for row in shown:
        pairs = zip(frames(), regions.maps, strict=True)
        masked = [Image.fromarray(np.where(row[m][..., None], np.asarray(f), np.uint8((90, 20, 60)))) for f, m in pairs]
        want.append(plain(model, template_inputs(model, masked), response.token_ids))
    want = np.stack(want)
    literal = model.scorer(response, regions, fill, literal=True)
    np.testing.assert_allclose(literal(shown), want, atol=1e-5, rtol=0)
    np.testing.assert_allclose(np.concatenate([literal(row[None]) for row in shown]), want, atol=1e-5, rtol=0)
    assert np.ptp(want, axis=0).max() > 1e-4  # the scores depend on the frames
    np.testing.assert_allclose(model.scorer(response, regions, fill)(shown), want, atol=5e-3, rtol=0)


@pytest.mark.parametrize("name", MARKS)
def test_frames_of_a_file_are_those_that_the_processor_samples(name):
    videos = load(name).processor.video_processor
    for fps, number in ((2.0, None), (None, 8)):
        metadata = VideoMetadata(total_num_frames=40, fps=8.0, duration=5.0)
        asked = {"fps": fps} if number is None else {"num_frames": number}
        own = [int(k) for k in videos.sample_frames(metadata, **asked)]
        assert frame_chooser(load(name).processor, fps, number)(40, 8.0) == own
    if not videos.do_sample_frames:
        assert frame_chooser(load(name).processor)(40, 8.0) == list(range(40))


@pytest.mark.parametrize("name", MARKS)
def test_frames_of_one_temporal_patch_are_named(name):
    assert tied_frames(load(name).processor) == TIED.get(name, 1)


def test_builders_of_clips_are_registered():
    assert "video_llama_3" in {**tiny.OTHERS, **tiny.BENCHMARKED, **tiny.FAMILIES} and clips.SIDE
