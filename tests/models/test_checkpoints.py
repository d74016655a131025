"""Files of a checkpoint: what is missing, cut off or only a pointer is an error that names it."""

from __future__ import annotations

import json
import shutil

import pytest
from safetensors.torch import load_file, save_file

import eagle_nb as eagle
from eagle_nb.models.huggingface.checkpoints import folder_digest, truncated_tensors

pytestmark = pytest.mark.families
WEIGHTS = "model.safetensors"


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def change(folder, edit):
    """Rewrite the weights of a folder."""
    weights = load_file(folder / WEIGHTS)
    edit(weights)
    save_file(weights, folder / WEIGHTS, {"format": "pt"})


def test_missing_weights_are_named(copy):
    change(copy, lambda weights: [weights.pop(name) for name in list(weights) if "layers.1.mlp.down" in name])
    with pytest.raises(
        ValueError, match=r"lacks model\.language_model\.layers\.1\.mlp\.down_proj\.weight of its Llava"
    ):
        eagle.load_model(copy)


def test_mismatched_weights_are_named_with_both_shapes(copy):
    def narrow(weights):
        (name,) = [name for name in weights if "layers.1.mlp.down" in name]
        weights[name] = weights[name][:5].clone()

    change(copy, narrow)
    with pytest.raises(ValueError, match=r"layers\.1\.mlp\.down_proj\.weight \(5, 48\) in place of \(32, 48\)"):
        eagle.load_model(copy)


def test_truncated_weights_are_named(copy):
    path = copy / WEIGHTS
    whole = path.read_bytes()
    assert truncated_tensors(path) == []
    path.write_bytes(whole[:-1])
    (last,) = truncated_tensors(path)
    with pytest.raises(ValueError, match=rf"model\.safetensors of .* is truncated: {last} are cut off"):
        eagle.load_model(copy)
    path.write_bytes(whole[:20])
    assert truncated_tensors(path) == ["the header"]


@pytest.mark.parametrize("name", [WEIGHTS, "config.json", "tokenizer.json"])
def test_pointers_of_git_lfs_are_named(copy, name):
    (copy / name).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1234\nsize 99\n")
    with pytest.raises(ValueError, match=rf"git-LFS pointers in place of {name}; run `git lfs pull`"):
        eagle.load_model(copy)


def test_a_missing_shard_is_named_with_its_tensors(copy):
    index = {"weight_map": {"a.weight": "model-1.safetensors", "b.weight": WEIGHTS}}
    (copy / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ValueError, match=r"lacks the file model-1\.safetensors, which holds a\.weight"):
        eagle.load_model(copy)


def test_tied_weights_are_not_missing(model, copy):
    network = model.network
    network.config.text_config.tie_word_embeddings = network.config.tie_word_embeddings = True
    network.tie_weights()
    network.save_pretrained(copy)
    assert not any("lm_head" in name for name in load_file(copy / WEIGHTS))
    tied = eagle.load_model(copy, device="cpu").network
    assert tied.get_output_embeddings().weight is tied.get_input_embeddings().weight


def test_the_revision_of_a_folder_is_a_digest_of_its_weights(copy, folder, tmp_path):
    usual = folder_digest(copy)
    assert usual == folder_digest(folder) == eagle.load_model(copy).revision
    assert usual.startswith("sha256:")
    shutil.copy(copy / WEIGHTS, copy / "more.safetensors")
    two = folder_digest(copy)
    data = bytearray((copy / "more.safetensors").read_bytes())
    data[-1] ^= 1
    (copy / "more.safetensors").write_bytes(data)
    assert len({usual, two, folder_digest(copy)}) == 3
    assert folder_digest(tmp_path) == "local"
