"""Loading checkpoints, and the mistakes that are found before weights are read."""

import json
import shutil
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import transformers
from PIL import Image
from safetensors.torch import save_file

import eagle_nb as eagle

from ..families import tiny
from .scorers import PROMPT, grid_scorer

pytestmark = pytest.mark.families


def test_the_module_imports_neither_torch_nor_transformers():
    code = "import sys, eagle_nb.models; print({'torch', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def without(folder, target, *names):
    shutil.copytree(folder, target)
    for name in names:
        (target / name).unlink(missing_ok=True)
    return target


@pytest.mark.parametrize(
    ("name", "options", "error", "says"),
    [
        ("", {}, ValueError, "name is empty"),
        (3, {}, TypeError, "got int"),
        ("./nowhere", {}, ValueError, r"no model folder './nowhere'"),
        ("a/b/c", {}, ValueError, "no model folder 'a/b/c'"),
        (
            "someone/some-model",
            {},
            ValueError,
            r"(?s)someone/some-model.*needs the network.*load_model\('path/to/folder'\)",
        ),
        ("x", {"batch_size": 0}, ValueError, "batch_size must be a positive integer, got 0"),
        ("x", {"max_pixels": -1}, ValueError, "max_pixels must be a positive integer, got -1"),
        ("x", {"device": "gpu"}, ValueError, "unknown device 'gpu'"),
        ("x", {"dtype": "float31"}, ValueError, "dtype must be .* got 'float31'"),
        ("x", {"dtype": "int8"}, ValueError, "dtype must be"),
        ("x", {"device": "cpu", "device_map": "auto"}, ValueError, "give device='cpu' or device_map='auto', not both"),
        ("x", {"colour": 1}, TypeError, "colour"),
    ],
)
def test_load_model_refuses(name, options, error, says, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(error, match=says):
        eagle.load_model(name, **options)


def test_folders_that_hold_no_model(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=r"no config\.json"):
        eagle.load_model(tmp_path / "empty")
    with pytest.raises(ValueError, match="no readable weights"):
        eagle.load_model(without(folder, tmp_path / "a", "model.safetensors"))
    with pytest.raises(ValueError, match=r"(?s)processor.*save_pretrained"):
        eagle.load_model(without(folder, tmp_path / "b", "processor_config.json", "preprocessor_config.json"))
    broken = without(folder, tmp_path / "c")
    (broken / "config.json").write_text("{")
    with pytest.raises(ValueError, match="cannot read the configuration"):
        eagle.load_model(broken)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (transformers.LlamaConfig(), "'llama' model, which does not accept images"),
        (transformers.Florence2Config(), "encoder-decoder"),
        (transformers.T5Gemma2Config(), "encoder-decoder"),
        (
            transformers.VisionEncoderDecoderConfig(encoder={"model_type": "vit"}, decoder={"model_type": "gpt2"}),
            "prompt",
        ),
    ],
)
def test_checkpoints_of_another_kind_are_refused_before_weights_are_read(config, says, tmp_path):
    config.save_pretrained(tmp_path)
    with pytest.raises(ValueError, match=says):
        eagle.load_model(tmp_path)


def test_remote_code_is_off_unless_asked_for(folder, monkeypatch):
    seen = {}
    original = transformers.AutoConfig.from_pretrained

    def watch(source, **options):
        seen.update(options)
        return original(source, **options)

    monkeypatch.setattr(transformers.AutoConfig, "from_pretrained", watch)
    eagle.load_model(folder, revision="main")
    assert (seen["trust_remote_code"], seen["revision"]) == (False, "main")


def test_dtype_and_identity(folder):
    model = eagle.load_model(folder, dtype="bfloat16", device="cpu")
    assert model.network.dtype == torch.bfloat16
    assert model.revision.startswith("sha256:") and model.name == str(folder)
    scores = grid_scorer(model, Image.new("RGB", (32, 32), "red"))(np.ones((1, 4), bool))
    assert scores.dtype == np.float32 and np.isfinite(scores).all()


def test_max_pixels(folder, tmp_path):
    qwen = tiny.save("qwen2_vl", tmp_path / "qwen")
    wide = Image.new("RGB", (160, 96))
    many = eagle.load_model(qwen).inputs(wide, PROMPT)["pixel_values"].shape[0]
    few = eagle.load_model(qwen, max_pixels=1024).inputs(wide, PROMPT)["pixel_values"].shape[0]
    assert many * 16 <= 64 * 64 and few * 16 <= 1024 and few < many
    idefics = tiny.save("idefics3", tmp_path / "idefics")
    assert eagle.load_model(idefics).inputs(wide, PROMPT)["pixel_values"].shape[1] > 1
    options = {"do_image_splitting": False}
    assert eagle.load_model(idefics, image_options=options).inputs(wide, PROMPT)["pixel_values"].shape[1] == 1
    with pytest.raises(ValueError, match="fixed size"):
        eagle.load_model(folder, max_pixels=100)
    with pytest.raises(ValueError, match="no option 'colour'"):
        eagle.load_model(folder, image_options={"colour": 1})


CODE = """
from transformers import LlavaConfig, LlavaForConditionalGeneration

class OwnConfig(LlavaConfig):
    model_type = "own_llava"

class OwnModel(LlavaForConditionalGeneration):
    config_class = OwnConfig
"""


@pytest.mark.parametrize("auto", ["AutoModelForCausalLM", "AutoModelForVision2Seq", "AutoModel"])
def test_code_of_a_checkpoint_may_map_any_auto_class(folder, model, tmp_path, image, auto):
    own = shutil.copytree(folder, tmp_path / f"own_{auto}")
    save_file(model.network.state_dict(), own / "model.safetensors", {"format": "pt"})  # llava's files have older names
    (own / "own_code.py").write_text(CODE)
    config = json.loads((own / "config.json").read_text())
    config.update(model_type="own_llava", auto_map={"AutoConfig": "own_code.OwnConfig", auto: "own_code.OwnModel"})
    (own / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=r"cannot read|trust_remote_code"):
        eagle.load_model(own)
    loaded = eagle.load_model(own, trust_remote_code=True, device="cpu")
    assert type(loaded.network).__name__ == "OwnModel"
    shown = np.ones((1, 4), bool)
    np.testing.assert_allclose(grid_scorer(loaded, image)(shown), grid_scorer(model, image)(shown), atol=1e-6)


def test_the_recorded_revision_of_a_hub_id_is_the_commit(folder, tmp_path, monkeypatch):
    commit = "0123456789abcdef0123456789abcdef01234567"
    place = tmp_path / "models--some--model"
    shutil.copytree(folder, place / "snapshots" / commit)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text(commit)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("transformers.utils.hub.TRANSFORMERS_CACHE", str(tmp_path), raising=False)
    assert eagle.load_model("some/model", device="cpu").revision == commit


def test_a_network_in_memory_is_wrapped(folder, model, image):
    network = transformers.AutoModelForImageTextToText.from_pretrained(folder).train()
    wrapped = eagle.wrap_model(network, model.processor, batch_size=2)
    assert wrapped.network is network and not network.training and wrapped.batch_size == 2
    assert wrapped.name == str(folder)
    shown = np.array([[1, 0, 0, 1]], bool)
    np.testing.assert_allclose(grid_scorer(wrapped, image)(shown), grid_scorer(model, image)(shown), atol=1e-6)
    with pytest.raises(TypeError, match="a model of transformers or a PeftModel, got Linear"):
        eagle.wrap_model(torch.nn.Linear(1, 1), model.processor)
    with pytest.raises(ValueError, match="no processor for images"):
        eagle.wrap_model(network, SimpleNamespace(tokenizer=model.tokenizer))
    with pytest.raises(ValueError, match="encoder-decoder"):
        network.config.is_encoder_decoder = True
        eagle.wrap_model(network, model.processor)
