"""Several images share a network's inputs the way their processor joins them."""

from types import SimpleNamespace

import torch
from transformers import GenerationMixin

from eagle_nb.models.huggingface.row_layout import RowLayout, RowLayouts, counts_images, row_positions


def test_the_usual_layout_stacks_along_the_first_axis():
    one = {"pixels": torch.arange(6.0).view(1, 2, 3), "grid": torch.tensor([[1, 2, 3]])}
    layout = RowLayout.learn(one, {name: torch.cat([value, value]) for name, value in one.items()})
    assert (layout.axes, layout.steps) == ({}, {})
    assert layout.repeat("grid", one["grid"], 2).tolist() == [[1, 2, 3], [1, 2, 3]]
    stacked = torch.arange(4.0).view(4, 1)
    assert layout.join("pixels", stacked, 2) is stacked


def test_images_side_by_side_are_joined_along_their_axis():
    one = {"pixels": torch.zeros(1, 2, 3)}
    layout = RowLayout.learn(one, {"pixels": torch.zeros(1, 2, 6)})
    assert layout.axes == {"pixels": 2}
    rows = torch.stack([torch.full((2, 3), k) for k in range(2)])
    joined = layout.join("pixels", rows, 2)
    assert joined.shape == (1, 2, 6)
    assert joined[0, 0].tolist() == [0, 0, 0, 1, 1, 1]


def test_indices_of_further_rows_are_shifted_and_padding_stays():
    one = {"pooling": torch.tensor([[0, 1], [2, -1]])}
    two = {"pooling": torch.tensor([[0, 1], [2, -1], [10, 11], [12, -1]])}
    layout = RowLayout.learn(one, two)
    assert layout.steps == {"pooling": 10}
    assert layout.repeat("pooling", one["pooling"], 3).tolist() == [
        [0, 1], [2, -1], [10, 11], [12, -1], [20, 21], [22, -1],
    ]  # fmt: skip


def test_a_layout_is_learnt_once_per_sizes_of_images():
    calls = []

    def image_processor(images, return_tensors):
        calls.append(len(images))
        return {"pixels": torch.zeros(1, 3 * len(images))}

    layouts, image = RowLayouts(image_processor, {}), SimpleNamespace(size=(4, 5))
    assert layouts([image]).axes == {"pixels": 1}
    assert layouts([image]) is layouts([image])
    assert calls == [1, 2]


def test_an_image_processor_that_fails_has_the_usual_layout():
    def image_processor(images, return_tensors):
        raise TypeError("videos only")

    assert RowLayouts(image_processor, {})([SimpleNamespace(size=(4, 5))]) == RowLayout()


class Counting(GenerationMixin):
    """A network whose positions count the images of a batch."""

    def _prepare_position_ids_for_generation(self, inputs_tensor, model_kwargs):
        rows, length = inputs_tensor.shape
        return torch.arange(rows)[None, :, None].expand(3, rows, length)


class Usual(GenerationMixin):
    """A network without a rule of its own."""


def test_positions_that_depend_on_the_row_are_found():
    inputs = {"input_ids": torch.tensor([[5, 6]])}
    assert counts_images(Counting(), inputs, RowLayout())
    assert row_positions(Counting(), inputs).tolist() == [[[0, 0]]] * 3
    assert not counts_images(Usual(), inputs, RowLayout())
