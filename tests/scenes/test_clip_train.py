"""The training loop of the clip model: where its weights come from, and resuming."""

from pathlib import Path

import pytest
import torch

from eagle_nb import scenes
from eagle_nb.scenes import clip_train
from eagle_nb.scenes.clip_train import train_clip_model

pytestmark = pytest.mark.model


def weights(folder):
    return torch.load(folder / "training.pt", weights_only=True)["model"]


def test_an_interrupted_run_ends_like_an_uninterrupted_one(tmp_path, monkeypatch):
    settings = {"steps": 3, "batch_size": 2, "seed": 0, "save_every": 100}
    train_clip_model(tmp_path / "whole", **settings)
    real, calls = clip_train.batch_losses, []

    def interrupted(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(clip_train, "batch_losses", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train_clip_model(tmp_path / "parts", **settings)
    assert torch.load(tmp_path / "parts" / "training.pt", weights_only=True)["step"] == 2
    monkeypatch.setattr(clip_train, "batch_losses", real)
    train_clip_model(tmp_path / "parts", **settings)
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    for name, value in whole.items():
        torch.testing.assert_close(parts[name], value, atol=1e-5, rtol=1e-4)

    start = tmp_path / "whole" / "checkpoint"
    train_clip_model(tmp_path / "more", **{**settings, "steps": 1, "start": start})
    change = (weights(tmp_path / "more")["lm_head.weight"] - whole["lm_head.weight"]).abs().max()
    assert 0 < change < 1e-3  # one step at the small first rate of the warm-up
    with pytest.raises(SystemExit, match="another --out"):
        train_clip_model(tmp_path / "parts", **{**settings, "seed": 1})


def test_the_tower_starts_from_the_bundled_model(tmp_path):
    from safetensors.torch import load_file

    train_clip_model(tmp_path / "run", steps=1, batch_size=2, seed=0, save_every=100)
    bundled = load_file(Path(scenes.__file__).parent / "model" / "model.safetensors")
    trained = load_file(tmp_path / "run" / "checkpoint" / "model.safetensors")
    kernels = [n for n, v in bundled.items() if "vision_tower" in n and v.ndim == 4]
    assert len(kernels) > 5
    for name in kernels:
        assert (trained[name] - bundled[name]).abs().max() < 1e-3
