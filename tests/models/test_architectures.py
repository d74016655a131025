"""What is told from a configuration and from a network's signature."""

from types import SimpleNamespace

import pytest

from eagle_nb.models.huggingface.architectures import quantizes_images
from eagle_nb.models.huggingface.decoding import network_fault
from eagle_nb.models.huggingface.placeholders import missing_inputs


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"vq_config": {}}, True),  # Chameleon, Emu3
        ({"vq_config": {}, "vision_config": SimpleNamespace()}, False),  # Janus draws with its codebook
        ({"vision_config": SimpleNamespace(codebook_size=16)}, True),  # Apertus
        ({"vision_config": SimpleNamespace()}, False),
    ],
)
def test_a_codebook_for_reading_images_is_recognised(config, expected):
    assert quantizes_images(SimpleNamespace(**config)) is expected


def test_token_types_are_asked_for_where_the_network_reads_them_and_the_processor_leaves_them_out():
    reads = SimpleNamespace(forward=lambda input_ids, mm_token_type_ids=None: None)
    ignores = SimpleNamespace(forward=lambda input_ids: None)
    silent, complete = (SimpleNamespace(return_mm_token_type_ids=value) for value in (False, True))
    assert missing_inputs(reads, silent) == {"return_mm_token_type_ids": True}
    assert missing_inputs(reads, complete) == missing_inputs(ignores, silent) == {}


def test_a_fault_of_transformers_is_named():
    error = network_fault(SimpleNamespace(), AttributeError("no attribute 'image_outputs'"))
    assert "SimpleNamespace of transformers" in str(error)
    assert "no attribute 'image_outputs'. This is a fault of that version" in str(error)
