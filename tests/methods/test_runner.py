"""Runs of searches and other methods on models whose best region is known."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.methods import MethodRun, run_method
from eagle_nb.methods.runner import check_method, method_identity
from eagle_nb.scoring.cached import CachedScorer
from eagle_nb.search import GreedySearch, PhaseWindowSearch

from ..evaluation.models import IMAGE, NO, YES, AdditiveModel, RecordedModel, quarter


def test_a_method_gives_an_explanation():
    model = AdditiveModel(best=1)
    run = run_method(model, model.generate(IMAGE, "what?"), "occlusion", "cup", eagle.Regions.grid(IMAGE, 4))
    assert isinstance(run, MethodRun) and run.method == "occlusion"
    assert run.explanation.order[0] == 1
    assert run.explanation.tokens == [2]
    assert run.explanation.trace.search == "occlusion"
    assert run.region_map[quarter(1)] == pytest.approx(0.5)
    np.testing.assert_array_equal(run.map, np.float32(run.region_map))
    assert (run.forward_passes, run.backward_passes) == (6, 0)


@pytest.mark.parametrize("search", ["greedy", GreedySearch()])
def test_a_run_of_a_search_equals_explain(search):
    model = AdditiveModel(best=1)
    response = model.generate(IMAGE, "what?")
    run = run_method(model, response, search, "cup", 5, "mean", (1.0, 0.0))
    explanation = eagle.explain(model, response, "cup", 5, "mean", "greedy", (1.0, 0.0), progress=False)
    assert run.method == "greedy"
    np.testing.assert_array_equal(run.explanation.order, explanation.order)
    np.testing.assert_array_equal(run.explanation.insertion, explanation.insertion)
    np.testing.assert_array_equal(run.map, explanation.saliency("order"))
    assert run.forward_passes == explanation.forward_passes


def test_the_provenance_is_that_of_explain_with_the_method():
    model = AdditiveModel()
    response = model.generate(IMAGE, "what?")
    explanation = eagle.explain(model, response, "cup", 5, rng=3, progress=False)
    run = run_method(model, response, "rise", "cup", 5, rng=3, masks=8)
    own = run.explanation.provenance
    assert own["method"] == "rise" and own["options"] == {"masks": 8}
    assert own["model"] == "additive" and own["fingerprint"] == "best 0"
    common = set(own) & set(explanation.provenance)
    assert common >= {
        "model",
        "fingerprint",
        "revision",
        "prompt",
        "fill",
        "regions",
        "weights",
        "seed",
        "target_ids",
        "versions",
    }
    assert {name: own[name] for name in common} == {name: explanation.provenance[name] for name in common}


def test_a_replayed_method_is_saved_and_loaded_as_an_explanation(response, toy, tmp_path):
    regions = eagle.Regions.grid(response.image, 6)
    run = run_method(toy, response, "shapley_sampling", "grass", regions, permutations=2)
    best = eagle.explain(toy, response, "grass", regions, progress=False)
    # every token is a sum over regions here, so Shapley values order them as greedy search does
    assert run.explanation.insertion_auc == pytest.approx(best.insertion_auc, abs=1e-6)
    loaded = eagle.load(run.explanation.save(tmp_path / "x.npz"))
    np.testing.assert_array_equal(loaded.insertion, run.explanation.insertion)
    assert loaded.provenance["method"] == "shapley_sampling"


def test_counterfactual_targets_are_explained():
    model = RecordedModel()
    response = model.respond(IMAGE, "?", [YES])
    run = run_method(model, response, "occlusion", None, eagle.Regions.grid(IMAGE, 4), target_ids={0: NO})
    assert (run.explanation.order[0], run.explanation.selected_text) == (3, "No")
    assert run.explanation.target_ids.tolist() == [NO]
    assert run.explanation.provenance["target_ids"] == {"0": NO}
    assert run.explanation.targets == {0: NO}


def test_methods_share_a_cached_scorer():
    model = AdditiveModel()
    response = model.generate(IMAGE, "what?")
    regions = eagle.Regions.grid(IMAGE, 4)
    shared = CachedScorer(model.scorer(response, regions, eagle.fill_image(IMAGE, "black")))
    first = run_method(model, response, "occlusion", "cup", regions, scorer=shared)
    asked = shared.asked
    again = run_method(model, response, "occlusion", "cup", regions, scorer=shared)
    assert asked == 8 == shared.asked  # both curves of the order, once
    np.testing.assert_array_equal(first.explanation.insertion, again.explanation.insertion)


def test_generators_draw_the_noise_and_the_masks():
    model = AdditiveModel()
    response = model.generate(IMAGE, "what?")

    def scores(rng):
        return run_method(model, response, "random", regions=4, fill="noise", rng=rng).region_map

    np.testing.assert_array_equal(scores(np.random.default_rng(1)), scores(np.random.default_rng(1)))
    assert (
        run_method(model, response, "random", regions=4, rng=np.random.default_rng(1)).explanation.provenance["seed"]
        is None
    )


@pytest.mark.parametrize(
    ("method", "options", "error", "message"),
    [
        ("magic", {}, ValueError, "unknown method 'magic'; known methods: greedy, .*, random, occlusion"),
        ("greedy", {"masks": 3}, TypeError, "the search 'greedy' has no option 'masks'; its options: budget"),
        ("rise", {"budget": 300}, TypeError, "rise has no option 'budget'; its options: masks, probability"),
        ("fast", {"budget": 3, "regions": 4}, ValueError, "a budget of 3 passes is too small"),
        ("rise", {"weights": (0, 0)}, ValueError, "not both zero"),
        ("greedy", {"regions": 1}, ValueError, "at least two regions"),
        (GreedySearch, {}, TypeError, "search is the name of a strategy"),
    ],
)
def test_errors_are_raised_before_the_model_runs(method, options, error, message):
    model = AdditiveModel()
    response = model.generate(IMAGE, "what?")
    with pytest.raises(error, match=message):
        run_method(model, response, method, **options)
    assert model.scored == 0


def first_version(scorer, tokens, rng=0):
    return np.zeros(scorer.n_regions)


def second_version(scorer, tokens, rng=0):
    return np.ones(scorer.n_regions)


def test_the_identity_of_a_method_has_its_options_or_its_source():
    assert method_identity("rise") == {"name": "rise"}
    assert method_identity(PhaseWindowSearch(window=8)) == {"name": "phasewin(window=8)"}
    assert check_method(PhaseWindowSearch(window=8), {"budget": 300}) == "phasewin(window=8)"
    first, second = method_identity(first_version), method_identity(second_version)
    assert first["name"] == "first_version" and "np.zeros" in first["source"] and "np.ones" in second["source"]


LAZY = """
import sys
import numpy as np
import eagle_nb as eagle
from tests.conftest import ToyModel, make_response
from eagle_nb import evaluation, methods
assert list(methods.METHODS) and evaluation.compare
response = make_response(["a", " cup"])
explanation = eagle.explain(ToyModel(), response, " cup", regions=4, progress=False)
report = eagle.check_robustness(ToyModel(), explanation, vary="fill", progress=False)
methods.run_method(ToyModel(), response, "random", regions=4)
methods.run_method(ToyModel(), response, "rise", regions=4, masks=8)
assert len(report.completed) == 4
assert not {"torch", "captum", "transformers"} & set(sys.modules), "imported"
methods.run_method(ToyModel(), response, "occlusion", regions=4)
assert {"torch", "captum"} <= set(sys.modules)
print("done")
"""


def test_torch_is_imported_only_when_a_method_needs_it():
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", LAZY], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "done"
