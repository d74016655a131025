"""The training loop: its learning rate, and resuming."""

import pytest
import torch

from eagle_nb.scenes import train
from eagle_nb.scenes.train import rate, train_model


def test_the_learning_rate_warms_up_stays_and_falls():
    assert rate(0, 100, 10) == pytest.approx(0.1)
    assert rate(30, 100, 10) == 1.0
    assert rate(80, 100, 10) == pytest.approx(0.5)
    assert rate(100, 100, 10) == pytest.approx(0.0)


@pytest.mark.model
def test_an_interrupted_run_ends_like_an_uninterrupted_one(tmp_path, monkeypatch):
    settings = {"steps": 1, "tower_steps": 2, "batch_size": 4, "seed": 0, "save_every": 100}
    train_model(tmp_path / "whole", **settings)
    real, calls = train.hide, []

    def interrupted(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(train, "hide", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train_model(tmp_path / "parts", **settings)
    assert torch.load(tmp_path / "parts" / "training.pt", weights_only=True)["step"] == 2
    monkeypatch.setattr(train, "hide", real)
    train_model(tmp_path / "parts", **settings)
    whole, parts = (torch.load(tmp_path / n / "training.pt", weights_only=True)["model"] for n in ("whole", "parts"))
    for name, value in whole.items():
        torch.testing.assert_close(parts[name], value, atol=1e-5, rtol=1e-4)
    start = tmp_path / "whole" / "checkpoint"
    train_model(tmp_path / "more", **{**settings, "tower_steps": 0, "start": start})
    more = torch.load(tmp_path / "more" / "training.pt", weights_only=True)["model"]
    name = "lm_head.weight"  # one step at the small first rate of the warm-up moves the weights a little
    assert 0 < (more[name] - whole[name]).abs().max() < 1e-3
    with pytest.raises(SystemExit, match="another --out"):
        train_model(tmp_path / "parts", **{**settings, "seed": 1})
