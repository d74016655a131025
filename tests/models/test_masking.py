"""Masked images, made on the device, equal the processor's own."""

import warnings

import numpy as np
import pytest
import torch
import transformers
from PIL import Image

import eagle_nb as eagle
from eagle_nb.models.huggingface import masking


def masked(prepare, image, fill, regions, **options):
    return masking.MaskedImages(prepare, lambda inputs: inputs, image, fill, regions, **options)


def clip(side, **more):
    processor = transformers.CLIPImageProcessor(size={"height": side, "width": side}, do_center_crop=False, **more)
    return lambda picture, **options: dict(processor(picture, return_tensors="pt", **options))


def test_more_regions_than_a_byte_holds_and_channels_last(image):
    regions = eagle.Regions.grid(image, 400)
    for last in (False, True):
        made = masked(clip(32), image, Image.new("RGB", image.size), regions, channels_last=last)
        shown = np.random.default_rng(0).random((3, 400)) < 0.5
        assert made.mode == "select"
        literal = masked(clip(32), image, Image.new("RGB", image.size), regions, literal=True)
        assert torch.equal(made(shown)["pixel_values"], literal(shown)["pixel_values"])


def test_resampled_pixels_that_one_region_touches_are_exact(image):
    big = image.resize((96, 96), Image.Resampling.BICUBIC)
    regions = eagle.Regions.grid(big, 4)
    made = masked(clip(48), big, Image.new("RGB", big.size), regions)
    assert made.mode == "add"
    shown = np.array([[1, 0, 0, 1]], bool)
    literal = masked(clip(48), big, Image.new("RGB", big.size), regions, literal=True)
    differs = (made(shown)["pixel_values"] - literal(shown)["pixel_values"]).abs()[0].amax(0) > 1e-6
    near = np.zeros((48, 48), bool)  # bicubic, scale 2: four pixels of the result on either side of a border
    near[20:28] = near[:, 20:28] = True
    assert not (differs.numpy() & ~near).any()


def test_a_layout_that_cannot_be_followed_falls_back_with_a_warning(image):
    honest = clip(32)

    def twisted(picture, **options):
        made = honest(picture, **options)
        made["pixel_values"] = made["pixel_values"] / made["pixel_values"].abs().mean()  # depends on the content
        return made

    regions, fill = eagle.Regions.grid(image, 4), Image.new("RGB", image.size)
    with pytest.warns(UserWarning, match="slow"):
        made = masked(twisted, image, fill, regions)
    assert made.mode == "literal"
    row = np.array([True, False, True, True])
    picture = eagle.inputs.fills.masked_image(image, regions, fill, row)
    assert torch.equal(made(row[None])["pixel_values"], twisted(picture)["pixel_values"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert masked(honest, image, fill, regions, literal=True).mode == "literal"


def no_floats(picture):
    if isinstance(picture, torch.Tensor):
        raise TypeError("give a PIL image")
    return picture


def bytes_of_floats(picture):
    if isinstance(picture, torch.Tensor):
        return Image.fromarray((picture.permute(1, 2, 0).numpy() % 256).astype(np.uint8))
    return picture


@pytest.mark.parametrize("changed", [no_floats, bytes_of_floats])
@pytest.mark.parametrize("side", [40, 26])  # the same size, and a smaller one
def test_a_processor_of_bytes_is_masked_as_one_of_floats_is(image, changed, side):
    big = image.resize((40, 40), Image.Resampling.BICUBIC)
    regions, fill, plain = eagle.Regions.grid(big, 9), Image.new("RGB", big.size), clip(side)
    made = masked(lambda picture, **options: plain(changed(picture), **options), big, fill, regions)
    floats, literal = masked(plain, big, fill, regions), masked(plain, big, fill, regions, literal=True)
    shown = np.random.default_rng(0).random((4, 9)) < 0.5
    assert made.mode == floats.mode == ("select" if side == 40 else "add")
    levels = (made(shown)["pixel_values"] - literal(shown)["pixel_values"]).abs() * 255 * 0.27
    assert levels.mean() <= (0 if side == 40 else 0.5)


def test_a_processor_without_pictures_is_refused(image):
    with pytest.raises(ValueError, match="no pixel values"):
        masked(
            lambda picture, **_: {"input_ids": torch.ones(1, 2)[..., :1].long()},
            image,
            image,
            eagle.Regions.grid(image, 4),
        )
