"""Hidden regions of training images."""

import torch

from eagle_nb.scenes import training_data
from eagle_nb.scenes.hiding import hide
from eagle_nb.scenes.training_data import example


def test_hide_hides_what_it_says_and_nothing_else():
    pixels = torch.stack([torch.from_numpy(example(training_data.FIRST_SEED + k).image) for k in range(24)]).float()
    shown, hidden = hide(pixels, torch.Generator().manual_seed(0), share=0.5)
    same = (shown == pixels).all(1)
    assert same[~hidden].all()
    touched = hidden.flatten(1).any(1)
    assert 4 <= int(touched.sum()) <= 20
    black = (shown == 0).all(1) & hidden
    assert black.any()
    again, _ = hide(pixels, torch.Generator().manual_seed(0), share=0.5)
    assert torch.equal(shown, again)
