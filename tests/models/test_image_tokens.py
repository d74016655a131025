"""Image tokens: their positions in the input and their places in the image."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from eagle_nb.models.huggingface.image_tokens import ImageTokens, locate_image_tokens
from eagle_nb.models.huggingface.token_grids import is_convolutional

IMAGE_TOKEN = 9


def locate(n: int = 4, origin=None, size=(16, 16), pixels=(1, 3, 8, 8), tower="", more_inputs=None, patch=4, **config):
    """Locate n image tokens of a network whose pixel row and column k come from the image's row and column ``origin[k]``."""
    origin = 2 * np.arange(8) if origin is None else origin
    inputs = {"input_ids": torch.tensor([[1] + [IMAGE_TOKEN] * n + [2]]), **(more_inputs or {})}

    def origins():
        if pixels[-2:] != (8, 8):
            raise NotImplementedError("a layout that cannot be traced")
        y, x = np.broadcast_to(origin[:, None], (8, 8)), np.broadcast_to(origin, (8, 8))
        return tuple(np.broadcast_to(part, pixels) for part in (y, x))

    vision = SimpleNamespace(model_type=tower, spatial_merge_size=2, patch_size=patch)
    settings = SimpleNamespace(model_type="toy", image_token_id=IMAGE_TOKEN, vision_config=vision, **config)
    return locate_image_tokens(settings, inputs, torch.zeros(pixels), origins, size)


def test_values_are_interpolated_between_token_centres():
    axis = np.array([-0.25, 0.25, 0.75, 1.25])
    tokens = ImageTokens(np.arange(4), (2, 2), axis, axis)
    painted = tokens.paint(np.array([0, 1, 2, 3]))
    np.testing.assert_allclose(painted[[0, 0, -1, -1], [0, -1, 0, -1]], [0, 1, 2, 3])
    np.testing.assert_allclose(painted[1, 1:3], [0.75, 1.25])
    assert painted.dtype == np.float32


def test_pixels_that_the_network_does_not_see_get_the_lowest_value():
    tokens = ImageTokens(np.arange(2), (1, 2), np.array([0.0]), np.array([np.nan, 0.0, 1.0]))
    assert tokens.paint(np.array([5, 7])).tolist() == [[5, 5, 7]]


def test_patches_are_centred_between_their_pixels():
    tokens = locate()
    assert (tokens.positions.tolist(), tokens.shape) == ([1, 2, 3, 4], (2, 2))
    np.testing.assert_allclose(
        tokens.rows[[3, 11]], [0, 1], atol=1e-9
    )  # values 0 … 3 of the input, which come from rows 0 … 6
    np.testing.assert_allclose(tokens.columns, tokens.rows)


@pytest.mark.parametrize("tower", ["resnet", "timm_wrapper"])
def test_strided_convolutions_are_centred_on_their_first_pixel(tower):
    np.testing.assert_allclose(locate(tower=tower).rows[[0, 8]], [0, 1], atol=1e-9)


def test_cropped_pixels_have_no_place():
    tokens = locate(origin=np.arange(8) + 4)  # the middle of the image
    assert np.isnan(tokens.rows[:3]).all() and np.isnan(tokens.rows[-3:]).all()
    assert not np.isnan(tokens.rows[4:12]).any()


def test_a_processor_may_name_the_grid():
    grid = {"image_grid_thw": torch.tensor([[1, 4, 6]])}
    tokens = locate(6, size=(4, 6), pixels=(24, 12), more_inputs=grid)
    assert tokens.shape == (2, 3)
    np.testing.assert_allclose(tokens.rows, [-0.25, 0.25, 0.75, 1.25], atol=1e-9)
    with pytest.raises(NotImplementedError, match="a grid of 1 × 2 × 3 for 5 image tokens"):
        locate(5, pixels=(24, 12), more_inputs=grid)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"qformer_config": {}}, "4 learned queries"),
        ({"n": 0}, "cross-attention"),
        ({"more_inputs": {"cross_attention_mask": torch.ones(1)}}, "cross-attention"),
        ({"pixels": (5, 3, 8, 8)}, "5 tiles and thumbnails"),
        ({"pixels": (1, 5, 3, 8, 8)}, "5 tiles and thumbnails"),
        ({"n": 5}, "grid of its 5 image tokens over an input of 8 × 8 pixels"),
        ({"pixels": (1, 64, 12)}, "layout is unknown"),
        (
            {"patch": None},
            "no field of its configuration names a grid of its 4 image tokens",
        ),  # a square number says nothing
        ({"n": 16, "patch": 4}, "no field of its configuration names a grid of its 16 image tokens"),
        ({"projector_patch_to_query_dict": {"4": 4}}, "4 learned queries"),
        ({"more_inputs": {"target_sizes": torch.tensor([[2, 2], [2, 2]])}}, "2 tiles"),
    ],
)
def test_other_layouts_are_refused_with_the_reason(options, says):
    with pytest.raises(NotImplementedError, match=rf"a 'toy' model has none: .*{says}"):
        locate(**options)


@pytest.mark.parametrize(
    ("n", "inputs", "config", "shape", "source"),
    [
        (6, {"target_sizes": torch.tensor([[8, 12]])}, {"downsample_mode": "16x"}, (2, 3), "downsample_mode"),
        (24, {"target_sizes": torch.tensor([[8, 12]])}, {"merge_kernel_size": (2, 2)}, (4, 6), "spatial_merge_size"),
        (6, {"spatial_shapes": torch.tensor([[3, 5]])}, {}, (2, 3), "spatial_merge_size"),  # an odd grid is padded
        (6, {"image_grid_hw": torch.tensor([2, 3])}, {}, (2, 3), "image_grid_hw"),
        (
            6,
            {"image_grid_thw": torch.tensor([[1, 6, 9]]), "image_merge_sizes": torch.tensor([3])},
            {},
            (2, 3),
            "image_merge_sizes",
        ),
        (4, {}, {}, (2, 2), "patch size of the vision tower (4 pixels)"),
        (1, {}, {"downsample_ratio": 0.5}, (1, 1), "spatial_merge_size"),
    ],
)
def test_a_grid_is_known_from_the_familys_own_fields(n, inputs, config, shape, source):
    tokens = locate(n, more_inputs=inputs, **config)
    assert tokens.shape == shape and source in tokens.source


def test_patches_that_are_padded_keep_their_scale():
    """An image of 12 × 16 pixels in 4 × 4 patches of 4 pixels, the last row of patches being padding."""
    y, x = np.mgrid[:16, :16]
    y[12:], x[12:] = -1, -1
    patches = [values.reshape(4, 4, 4, 4).transpose(0, 2, 1, 3).reshape(16, 1, 4, 4) for values in (y, x)]
    settings = SimpleNamespace(
        model_type="toy", image_token_id=IMAGE_TOKEN, vision_config=SimpleNamespace(merge_kernel_size=[2, 2])
    )
    ids = torch.tensor([[1] + [IMAGE_TOKEN] * 4 + [2]])
    inputs = {"input_ids": ids, "image_grid_thw": torch.tensor([[1, 4, 4]])}
    tokens = locate_image_tokens(settings, inputs, torch.zeros(16, 1, 4, 4), lambda: tuple(patches), (12, 16))
    assert tokens.shape == (2, 2)
    np.testing.assert_allclose(tokens.rows, (np.arange(12) - 3.5) / 8, atol=1e-9)
    np.testing.assert_allclose(tokens.columns, (np.arange(16) - 3.5) / 8, atol=1e-9)


def test_towers_of_timm_are_convolutional_by_their_name():
    def known(architecture):
        tower = SimpleNamespace(model_type="timm_wrapper", architecture=architecture)
        return is_convolutional(SimpleNamespace(vision_config=tower))

    assert known("fastvit_mci3") and known("resnet50") and not known("vit_pe_core_large_patch14_336")
