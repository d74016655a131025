"""Segmenters: exact numbers, large images, and segmenters of one's own."""

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.inputs import SEGMENTERS, register_segmenter
from eagle_nb.inputs import segmentation as module
from eagle_nb.inputs.segmentation import exactly


@pytest.fixture
def picture():
    rng = np.random.default_rng(0)
    blocks = np.kron(rng.integers(0, 256, (6, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    return np.clip(blocks + rng.integers(-9, 10, blocks.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", list(SEGMENTERS))
@pytest.mark.parametrize("n", [1, 2, 7, 48, 100])
def test_every_segmenter_returns_exactly_the_number(picture, name, n):
    labels = SEGMENTERS[name](picture, n)
    assert labels.shape == picture.shape[:2]
    assert np.unique(labels).tolist() == list(range(n))


def merged_by_hand(labels, picture, n):
    """The rule without a graph: the smallest segment joins the neighbour of the closest mean colour."""
    labels = labels.copy()
    while len(names := np.unique(labels)) > n:
        sizes = {k: (labels == k).sum() for k in names}
        small = min(names, key=lambda k: (sizes[k], k))
        mask = labels == small
        grown = np.zeros_like(mask)
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        near = sorted(set(np.unique(labels[grown & ~mask])))
        mean = picture[mask].astype(float).mean(0)
        best = min(near, key=lambda k: ((picture[labels == k].astype(float).mean(0) - mean) ** 2).sum())
        labels[mask] = best
    return np.unique(labels, return_inverse=True)[1].reshape(labels.shape)


@pytest.mark.parametrize("n", [3, 5, 12])
def test_segments_are_merged_by_size_and_colour(picture, n):
    rng = np.random.default_rng(1)
    labels = np.kron(rng.permutation(30).reshape(5, 6), np.ones((10, 11), int))[: picture.shape[0], : picture.shape[1]]
    labels = np.unique(labels, return_inverse=True)[1].reshape(labels.shape)
    np.testing.assert_array_equal(exactly(labels, picture, n), merged_by_hand(labels, picture, n))


@pytest.mark.parametrize("name", ["slic", "felzenszwalb", "watershed"])
def test_a_large_image_is_segmented_on_a_reduced_copy(picture, name, monkeypatch):
    seen = []
    exact = module.exactly
    monkeypatch.setattr(module, "exactly", lambda labels, image, n: seen.append(image.shape) or exact(labels, image, n))
    monkeypatch.setattr(module, "MAX_PIXELS", 800)
    labels = SEGMENTERS[name](picture, 9)
    assert labels.shape == picture.shape[:2]
    assert np.unique(labels).tolist() == list(range(9))
    assert all(height * width <= 820 for height, width, _ in seen)


def stripes(picture, n):
    return np.broadcast_to(np.arange(picture.shape[1]) * n // picture.shape[1], picture.shape[:2])


def test_a_segmenter_of_ones_own(picture, toy, response):
    regions = eagle.Regions.segment(picture, 4, stripes)
    assert (regions.segmenter, regions.n) == ("stripes", 4)
    explanation = eagle.explain(toy, response, regions=4, segmentation=stripes, progress=False)
    assert explanation.provenance["regions"]["segmenter"] == "stripes"
    register_segmenter("stripes", stripes)
    try:
        np.testing.assert_array_equal(eagle.Regions.segment(picture, 4, "stripes").labels, regions.labels)
        with pytest.raises(ValueError, match="'stripes' already"):
            register_segmenter("stripes", stripes)
    finally:
        del SEGMENTERS["stripes"]


@pytest.mark.parametrize(
    ("segmentation", "error", "says"),
    [
        ("voronoi", ValueError, "unknown segmentation 'voronoi'; known ones: slic"),
        (3, TypeError, "a name or a function"),
        (lambda picture, n: np.zeros((2, 2), int), ValueError, r"returned shape \(2, 2\)"),
    ],
)
def test_refusals(segmentation, error, says):
    with pytest.raises(error, match=says):
        eagle.Regions.segment(Image.new("RGB", (8, 8)), 2, segmentation)


def test_a_large_photograph_says_that_it_is_being_cut(capsys):
    gradient = np.linspace(0, 255, 1400, dtype=np.uint8)
    photograph = np.stack([np.broadcast_to(gradient, (1000, 1400))] * 3, axis=2)
    regions = eagle.Regions.segment(photograph, 4)
    assert (regions.n, regions.shape) == (4, (1000, 1400))
    shown = capsys.readouterr()
    assert "segmenting 1400 × 1000 pixels by slic …" in shown.err
    assert shown.err.endswith("\r") and not shown.out  # the line is empty at the end
    eagle.Regions.segment(photograph, 4, progress=False)
    eagle.Regions.segment(photograph[:40, :40], 4)
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")
