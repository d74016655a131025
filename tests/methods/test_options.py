import numpy as np
import pytest

from eagle_nb.methods.options import check_options, integer_seed, recorded_seed


def test_seeds_of_integers_and_generators():
    assert integer_seed(3) == integer_seed(np.int64(3)) == recorded_seed(np.int64(3)) == 3
    assert integer_seed(np.random.default_rng(3)) == integer_seed(np.random.default_rng(3)) != 3
    generator = np.random.default_rng(3)
    assert integer_seed(generator) != integer_seed(generator)
    assert recorded_seed(generator) is None and recorded_seed(None) is None


def test_options_are_the_parameters_after_the_seed():
    def method(scorer, tokens, rng=0, masks=3, size=2):
        return masks, size

    check_options("own", method, {"masks": 1, "size": 5})
    check_options("own", lambda scorer, tokens, **options: options, {"whatever": 1})
    for name in ("scorer", "tokens", "rng", "steps"):
        with pytest.raises(TypeError, match=f"own has no option '{name}'; its options: masks, size"):
            check_options("own", method, {name: 1})
