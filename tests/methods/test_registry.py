"""Methods by name, as functions, and their seeds."""

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.methods import MAP_METHODS, METHODS, REGION_METHODS, register_method
from eagle_nb.methods.registry import resolve_method
from eagle_nb.scoring.cached import CachedScorer

from ..conftest import TableScorer


def last_first(scorer, tokens, rng=0, scale=1.0):
    return scale * np.arange(scorer.n_regions)


def columns(view, tokens, rng=0):
    return np.zeros((1, 1))


@pytest.fixture
def registered():
    """Remove what a test registers."""
    before = dict(REGION_METHODS), dict(MAP_METHODS)
    yield
    for methods, old in zip((REGION_METHODS, MAP_METHODS), before, strict=True):
        for name in set(methods) - set(old):
            del methods[name]


def test_the_names_of_all_methods():
    assert list(METHODS) == [*REGION_METHODS, *MAP_METHODS]
    assert list(REGION_METHODS) == ["random", "occlusion", "rise", "kernel_shap", "shapley_sampling"]
    assert list(MAP_METHODS) == ["gradient_input", "attention_rollout", "llava_cam", "tam", "igos_pp"]
    for name, function in METHODS.items():
        assert resolve_method(name) == (name, function, name in MAP_METHODS)


def test_a_registered_method_is_found_by_name_and_as_a_function(registered, response, toy):
    register_method("last first", last_first)
    register_method("columns", lambda look, tokens, rng=0: columns(look, tokens), white_box=True)
    assert resolve_method("last first") == resolve_method(last_first) == ("last first", last_first, False)
    assert resolve_method("columns")[2] is True
    assert resolve_method(METHODS["columns"])[0] == "columns"
    assert set(METHODS) >= {"last first", "columns"}
    saliency = eagle.methods.attribute(toy, response, "last first", regions=4, scale=2.0)
    assert saliency.region_scores.tolist() == [0, 2, 4, 6]
    run = eagle.methods.run_method(toy, response, "last first", regions=4)
    assert run.explanation.order.tolist() == [3, 2, 1, 0]


def test_a_function_is_a_method_by_its_first_parameter(response, toy):
    assert resolve_method(last_first) == ("last_first", last_first, False)
    assert resolve_method(columns) == ("columns", columns, True)
    saliency = eagle.methods.attribute(toy, response, last_first, regions=4)
    assert (saliency.method, saliency.order.tolist()) == ("last_first", [3, 2, 1, 0])
    with pytest.raises(TypeError, match=r"looks inside the network"):
        eagle.methods.attribute(toy, response, columns, regions=4)


def test_names_and_signatures_are_checked():
    with pytest.raises(ValueError, match="there is a method 'rise' already; choose another name"):
        register_method("rise", last_first)
    with pytest.raises(
        TypeError, match=r"a method is a function \(scorer, tokens, rng=0, \*\*options\) .*got \(scorer\)"
    ):
        register_method("short", lambda scorer: scorer)
    with pytest.raises(TypeError, match="a method is a name or a function, got 3"):
        register_method("number", 3)
    with pytest.raises(TypeError, match=r"the first parameter of a method is `scorer` .*'look'"):
        resolve_method(lambda look, tokens, rng=0: look)
    assert "short" not in METHODS


@pytest.mark.parametrize("method", ["random", "rise", "kernel_shap", "shapley_sampling"])
def test_equal_seeds_give_equal_scores_and_others_do_not(method):
    options = {"rise": {"masks": 40}, "kernel_shap": {"samples": 40}, "shapley_sampling": {"permutations": 2}}

    def scores(rng):
        return REGION_METHODS[method](CachedScorer(TableScorer(7, seed=2)), [0], rng=rng, **options.get(method, {}))

    np.testing.assert_array_equal(scores(4), scores(4))
    assert not np.array_equal(scores(4), scores(5))
    first, again = (scores(np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    generator = np.random.default_rng(4)
    assert not np.array_equal(scores(generator), scores(generator))


@pytest.mark.parametrize(
    ("method", "options", "expected"),
    [
        ("random", {}, [0.94305611, 0.51132755, 0.97624371, 0.08083602]),
        ("rise", {"masks": 9}, [0.28042164, 0.24869917, 0.60010052, 0.40892136]),
        ("kernel_shap", {"samples": 20}, [-0.03145861, -0.02128643, 0.23528022, 0.18903536]),
        ("shapley_sampling", {"permutations": 2}, [-0.25595504, 0.07020707, 0.15085953, 0.40646067]),
    ],
)
def test_scores_of_a_seed_are_those_of_earlier_versions(method, options, expected):
    scores = REGION_METHODS[method](CachedScorer(TableScorer(4, seed=2)), [0], rng=4, **options)
    np.testing.assert_allclose(scores, expected, atol=1e-7)
