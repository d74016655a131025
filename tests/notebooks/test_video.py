"""The notebook 06_video on a drawn clip, and on a video file with a checkpoint of one's own."""

from __future__ import annotations

import json

import numpy as np
import papermill as pm
import pytest

import eagle_nb as eagle

from ..families import tiny
from ..families.clips import clip_template
from .running import html_outputs, run, text_of

pytestmark = pytest.mark.notebooks

PROMPTS = ["What happens?", "Describe it.", "Which one?", "red circle on grass", "a cat", "there is a cat"]
"""Some answers of random weights have no words."""


def message(film: str, prompt: str) -> list[dict]:
    """A message about a video, as the notebook writes it."""
    return [{"role": "user", "content": [{"type": "video", "video": film}, {"type": "text", "text": prompt}]}]


def test_a_drawn_clip(tmp_path):
    notebook = run("06_video", tmp_path, regions=16)
    assert "answer:" in text_of(notebook)
    assert html_outputs(notebook, "picture 6")
    words = eagle.load(tmp_path / "runs" / "video.npz")
    assert len(words.response.images) == 6 and words.regions.segmenter == "tubes"
    assert (tmp_path / "runs" / "video.html").stat().st_size < 3e6


def test_ones_own_video_and_model(tmp_path):
    av = pytest.importorskip("av")
    folder = tiny.save("qwen3_vl", tmp_path / "model")
    marks = (tiny.VISION, tiny.VISION.replace("image", "video"))
    (folder / "chat_template.jinja").write_text(clip_template(*marks), encoding="utf-8")
    settings = json.loads((folder / "processor_config.json").read_text(encoding="utf-8"))
    settings["video_processor"]["cap_pixels_per_frame"] = False  # transformers warns where it is open
    (folder / "processor_config.json").write_text(json.dumps(settings), encoding="utf-8")
    with av.open(str(tmp_path / "film.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=2)
        stream.width, stream.height, stream.pix_fmt = 64, 32, "yuv420p"
        for k in range(4):
            pixels = np.random.default_rng(k).integers(0, 256, (32, 64, 3), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode())
    model, film = eagle.load_model(folder), str(tmp_path / "film.mp4")
    prompt = next(p for p in PROMPTS if model.generate(messages=message(film, p), num_frames=4, max_new_tokens=8).words)
    notebook = run(
        "06_video", tmp_path, model=str(folder), video=film, prompt=prompt, regions=6,
        num_frames=4, max_new_tokens=8,
    )  # fmt: skip
    assert html_outputs(notebook, "1.5 s")
    words = eagle.load(tmp_path / "runs" / "video.npz")
    assert words.response.conversation.media == ["video"]
    assert words.response.timestamps.tolist() == [0, 0.5, 1, 1.5]
    assert next(iter(words.values())).provenance["tied_frames"] == 2


def test_a_missing_video_stops_with_the_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match=r"nowhere\.mp4"):
        run("06_video", tmp_path, video="nowhere.mp4")
