import numpy as np
import pytest

from eagle_nb.methods.occlusion import occlusion_scores
from eagle_nb.scoring.cached import CachedScorer

from ..conftest import TableScorer


@pytest.mark.parametrize("tokens", [[0], [2], [0, 2]])
def test_the_score_is_the_drop_when_one_region_is_hidden(tokens):
    table = TableScorer(6, tokens=3, seed=1)
    scorer = CachedScorer(table)
    p = table.table.astype(np.float64)[:, tokens].mean(1)
    expected = [p[63] - p[63 - (1 << v)] for v in range(6)]
    np.testing.assert_allclose(occlusion_scores(scorer, tokens), expected, atol=1e-7)
    assert len(scorer) == 6 + 2
