"""Seeds and generators."""

import numpy as np

from eagle_nb.inputs.seeds import integer_seed, recorded_seed


def test_seeds_of_integers_and_generators():
    assert integer_seed(3) == integer_seed(np.int64(3)) == recorded_seed(np.int64(3)) == 3
    assert integer_seed(np.random.default_rng(3)) == integer_seed(np.random.default_rng(3)) != 3
    generator = np.random.default_rng(3)
    assert integer_seed(generator) != integer_seed(generator)
    assert recorded_seed(generator) is None and recorded_seed(None) is None
