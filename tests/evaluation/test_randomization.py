"""The randomization test on a small network whose stages are known."""

import numpy as np
import pytest
import torch
from torch import nn

import eagle_nb as eagle
from eagle_nb.evaluation import randomization_test

from ..conftest import ToyModel, make_response


class Network(nn.Module):
    """Registered in another order than that of the forward pass: first, layers.0, layers.1, head."""

    def __init__(self, n, tied=False):
        super().__init__()
        torch.manual_seed(0)
        self.head = nn.Linear(n, n, bias=False)
        self.layers = nn.ModuleList([nn.Linear(n, n) for _ in range(2)])
        self.first = nn.Linear(n, n, bias=False)
        self.unused = nn.Linear(2, 2)
        if tied:
            self.first.weight = self.head.weight

    def forward(self, x):
        x = self.first(x)
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return torch.sigmoid(self.head(x).sum(1, keepdim=True) * 3)


class NetworkModel:
    """Scores coalitions with a small network, or with fixed weights if it does not use it."""

    vocabulary_size = 50

    def __init__(self, n=8, uses=True, tied=False, fails_after=None):
        self.network, self.uses, self.left, self.seen = Network(n, tied), uses, fails_after, []

    def scorer(self, response, regions, fill, target_ids=None):
        model = self

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                if model.left is not None:
                    model.left -= 1
                    if model.left < 0:
                        raise RuntimeError("no memory left")
                with torch.no_grad():
                    values = model.network(torch.tensor(shown, dtype=torch.float32)).numpy()
                model.seen.append(model.weights())
                if not model.uses:
                    values = (shown @ np.arange(1.0, regions.n + 1) / 100)[:, None]
                return values.repeat(len(response), 1).astype(np.float32)

        return Scorer()

    def weights(self):
        return {name: value.clone() for name, value in self.network.state_dict().items()}


def explained(model, n=8):
    response = make_response(["a", " cup"])
    regions = eagle.Regions.grid(response.image, n)
    return eagle.explain(model, response, " cup", regions=regions, search="greedy", progress=False)


def same(a, b):
    return all(torch.equal(a[name], b[name]) for name in a)


def test_stages_are_randomised_from_the_output_down_and_restored():
    model = NetworkModel()
    before = model.weights()
    explanation = explained(model)
    model.seen.clear()
    table = randomization_test(model, explanation, search="greedy", progress=False)
    assert table["stage"].tolist() == ["", "head", "layers.1", "layers.0", "first", "unused"]
    assert table["randomised"].tolist() == [0, 1, 2, 3, 4, 5]
    sizes = np.cumsum([0, 64, 72, 72, 64, 6])
    assert table["weights"].to_numpy() == pytest.approx(sizes / sizes[-1])
    assert table["correlation"][0] == 1.0 and table["correlation"][1:].max() < 0.9
    assert table["probability"][0] == pytest.approx(explanation.insertion[-1, 1])
    assert table["correlation"][4] == table["correlation"][5]  # a stage that no forward pass uses changes nothing
    assert (table["forward_passes"] == explanation.forward_passes).all()
    assert same(model.weights(), before)
    changed = [not torch.equal(model.seen[-1][name], before[name]) for name in before]
    assert all(changed)


def test_the_last_stage_is_always_included():
    model = NetworkModel()
    table = randomization_test(model, explained(model), stages=2, progress=False)
    assert table["randomised"].tolist() == [0, 2, 5]
    assert randomization_test(model, explained(model), stages=1, progress=False)["randomised"].tolist() == [0, 5]


def test_random_weights_preserve_mean_and_spread_and_follow_the_seed():
    model = NetworkModel(32)
    explanation, before = explained(model, 32), model.weights()
    finals = []
    for seed in (0, 0, 9):
        model.seen.clear()
        randomization_test(model, explanation, stages=1, search="single", rng=seed, progress=False)
        finals.append(model.seen[-1])
    assert same(finals[0], finals[1]) and not same(finals[0], finals[2])
    old, new = before["layers.0.weight"], finals[0]["layers.0.weight"]
    assert new.mean().item() == pytest.approx(old.mean().item(), abs=0.01)
    assert new.std().item() == pytest.approx(old.std().item(), rel=0.1)
    assert abs(np.corrcoef(old.ravel(), new.ravel())[0, 1]) < 0.1


def test_a_map_that_ignores_the_weights_has_a_correlation_of_one():
    model = NetworkModel(uses=False)
    table = randomization_test(model, explained(model), progress=False)
    assert table["correlation"].tolist() == [1.0] * 6


def test_shared_weights_belong_to_the_stage_closer_to_the_output():
    model = NetworkModel(tied=True)
    before = model.weights()
    table = randomization_test(model, explained(model), progress=False).set_index("stage")
    assert table.loc["first", "weights"] == table.loc["layers.0", "weights"]
    assert table.loc["head", "weights"] == pytest.approx(64 / (64 + 72 + 72 + 6))
    assert same(model.weights(), before)


def test_weights_are_restored_after_an_error():
    model = NetworkModel()
    explanation, before = explained(model), model.weights()
    model.seen = []
    randomization_test(model, explanation, progress=False)
    model.left, model.seen = next(k for k, weights in enumerate(model.seen) if not same(weights, before)) + 2, []
    with pytest.raises(RuntimeError, match="no memory left"):
        randomization_test(model, explanation, progress=False)
    assert not same(model.seen[-1], before)
    assert same(model.weights(), before)
    assert not any(module._forward_pre_hooks for module in model.network.modules())


def test_errors_are_raised_before_the_model_runs():
    model = NetworkModel()
    explanation = explained(model)
    model.seen.clear()
    for stages in (0, 6, True, 1.5):
        with pytest.raises(ValueError, match=f"stages must be 1 … 5, .*got {stages}"):
            randomization_test(model, explanation, stages=stages)
    with pytest.raises(ValueError, match="unknown search 'best'"):
        randomization_test(model, explanation, search="best")
    with pytest.raises(ValueError, match="17 passes is too small"):
        randomization_test(model, explanation, budget=17)
    with pytest.raises(TypeError, match="must be an Explanation"):
        randomization_test(model, "cup")
    assert not model.seen
    with pytest.raises(TypeError, match="ToyModel has none"):
        randomization_test(ToyModel(), explanation)


@pytest.mark.model
def test_the_bundled_models_maps_depend_on_its_weights(bundled):
    scene = eagle.scenes.draw(7)
    response = bundled.respond(scene.image, eagle.scenes.CAPTION_PROMPT, scene.caption)
    word = next(w for w in scene.words if w.kind == "object")
    tokens = response.tokens_in(word.start, word.end)
    explanation = eagle.explain(bundled, response, tokens, regions=6, search="fast", progress=False)
    fingerprint = bundled.fingerprint
    table = randomization_test(bundled, explanation, stages=1, progress=False)
    assert bundled.fingerprint == fingerprint
    assert table["weights"].tolist() == [0.0, 1.0]
    assert table["correlation"].tolist()[0] == 1.0 > table["correlation"].tolist()[1]
    assert table["stage"].tolist()[1].startswith("model.")
