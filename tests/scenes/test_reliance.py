"""The reliance of words on held-out scenes: the number that is shown belongs to the word's own order."""

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.widgets import Explorer

SCENES, REGIONS, FIRST_SEED = 50, 9, 710_000


@pytest.mark.model
def test_a_number_that_is_shown_belongs_to_the_words_own_order(bundled):
    """Compared with a search for one word alone; two searches may find different orders, so a few words may differ."""
    differences = []
    for seed in range(FIRST_SEED, FIRST_SEED + SCENES):
        scene = eagle.scenes.draw(seed)
        response = bundled.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
        words = eagle.explain_each(bundled, response, regions=REGIONS, progress=False)
        carried = [n for n, e in words.items() if e.target_reliance.difference > 0.2]
        name = carried[seed % len(carried)]
        shown, tokens = words[name], words[name].tokens
        own = eagle.explain(bundled, response, tokens, regions=words.regions, aggregate="joint", progress=False)
        differences.append(shown.target_reliance.score - own.target_reliance.score)
        others = np.setdiff1d(np.arange(len(response)), tokens)
        assert np.isnan(own.reliance.score[others]).all()
        assert np.isfinite(own.reliance.score[tokens]).all()
        assert not set(Explorer(own).grounded) & set(others.tolist())
    assert (np.abs(differences) <= 0.05).mean() >= 0.9
    assert abs(np.mean(differences)) < 0.02
