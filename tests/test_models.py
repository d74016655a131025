"""Loading, masking, batching and every mistake a user can make with a model."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import transformers
from PIL import Image

import eagle_nb as eagle
from eagle_nb.models.huggingface import masking
from eagle_nb.models.huggingface.batching import BatchSize, ran_out_of_memory
from eagle_nb.scoring.identity import network_digest

from .families import others, tiny  # noqa: F401  (others registers its families)

PROMPT = "What is in the image?"
pytestmark = pytest.mark.families


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.save("llava", tmp_path_factory.mktemp("llava") / "model")


@pytest.fixture
def model(folder):
    return eagle.load_model(folder, device="cpu")


@pytest.fixture
def image():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8))


def scoring(model, image, n=4, answer="a red circle", **options):
    response = model.respond(image, PROMPT, answer)
    return model.scorer(response, eagle.Regions.grid(image, n), Image.new("RGB", image.size), **options)


def test_the_module_imports_neither_torch_nor_transformers():
    code = "import sys, eagle_nb.models; print({'torch', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# -- loading ----------------------------------------------------------------------------------------


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
        (transformers.LlamaConfig(), "'llama' model, which takes no images"),
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
    assert seen["trust_remote_code"] is False and seen["revision"] == "main"


def test_dtype_and_identity(folder):
    model = eagle.load_model(folder, dtype="bfloat16", device="cpu")
    assert model.network.dtype == torch.bfloat16
    assert model.revision.startswith("sha256:") and model.name == str(folder)
    scores = scoring(model, Image.new("RGB", (32, 32), "red"))(np.ones((1, 4), bool))
    assert scores.dtype == np.float32 and np.isfinite(scores).all()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_network_digest_is_of_every_weight_and_the_configuration(folder, dtype):
    model = eagle.load_model(folder, dtype=dtype, device="cpu")
    whole = network_digest(model.network)
    assert network_digest(eagle.load_model(folder, dtype=dtype, device="cpu").network) == whole
    for weight in model.network.state_dict().values():
        last = weight.flatten()[-1].clone()
        weight.view(-1)[-1] += 1
        assert network_digest(model.network) != whole
        weight.view(-1)[-1] = last
    assert network_digest(model.network) == whole
    model.network.config.vision_feature_layer = -1
    assert network_digest(model.network) != whole


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


# -- prompts and answers ----------------------------------------------------------------------------


def test_bad_prompts_and_answers(model, image):
    for call in (model.generate, lambda picture, prompt: model.respond(picture, prompt, "a")):
        with pytest.raises(ValueError, match="prompt is empty"):
            call(image, " \n")
        with pytest.raises(ValueError, match="prompt contains '<image>'"):
            call(image, "what <image> is")
        with pytest.raises(TypeError, match="got NoneType"):
            call(image, None)
    with pytest.raises(ValueError, match="token 1 of the answer is '<image>'"):
        model.respond(image, PROMPT, "a<image>")
    with pytest.raises(ValueError, match="has id 99999"):
        model.respond(image, PROMPT, [99999])
    with pytest.raises(ValueError, match="max_new_tokens must be a positive integer, got 0"):
        model.generate(image, PROMPT, max_new_tokens=0)
    with pytest.raises(ValueError, match="no tokens"):
        scoring(model, image, answer="")


def test_bad_scorer_arguments(model, image):
    response = model.respond(image, PROMPT, "a red circle")
    regions, fill = eagle.Regions.grid(image, 4), Image.new("RGB", image.size)
    for target, says in (({9: 1}, "position 9"), ({0: -1}, "token id -1"), ({0: model.vocabulary_size}, "ids are 0")):
        with pytest.raises(ValueError, match=says):
            model.scorer(response, regions, fill, target_ids=target)
    with pytest.raises(ValueError, match=r"region map is 8 × 8 pixels, the image 32 × 32"):
        model.scorer(response, eagle.Regions.grid(np.zeros((8, 8), np.uint8), 4), fill)
    with pytest.raises(ValueError, match="sizes must agree"):
        model.scorer(response, regions, Image.new("RGB", (8, 8)))
    with pytest.raises(ValueError, match=r"bool \(M, 4\), got shape \(1, 5\)"):
        model.scorer(response, regions, fill)(np.ones((1, 5), bool))
    assert model.scorer(response, regions, fill)(np.ones((0, 4), bool)).shape == (0, len(response))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_bad_logits_are_named_with_their_coalition(model, image, value, monkeypatch):
    scorer = scoring(model, image)
    original = model.logits

    def poisoned(inputs, keep):
        logits = original(inputs, keep).clone()
        logits[2, 0, 5] = value
        return logits

    monkeypatch.setattr(model, "logits", poisoned)
    shown = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1]], bool)
    with pytest.raises(ValueError, match=r"NaN or infinite logits for the coalition of regions \[1, 3\]"):
        scorer(shown)


# -- scoring ----------------------------------------------------------------------------------------


def test_equal_coalitions_are_scored_once_also_across_calls(model, image):
    scorer = scoring(model, image)
    shown = np.array([[1, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 1]], bool)
    first = scorer(shown)
    assert scorer.passes == 2
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(scorer(shown[::-1]), first[::-1])
    assert scorer.passes == 2


@pytest.mark.parametrize("name", ["llava", "blip2"])
def test_only_the_answers_logits_are_computed_without_cache_or_gradient(name, image, tmp_path):
    model = eagle.load_model(tiny.save(name, tmp_path), device="cpu")
    seen = []
    head = model.network.get_output_embeddings()
    hook = head.register_forward_hook(lambda _, args, out: seen.append((args[0].shape[1], out.requires_grad)))
    scorer = scoring(model, image)
    scorer(np.ones((2, 4), bool))
    hook.remove()
    assert seen == [(scorer.n_tokens, False)]
    output = model.network(**scorer.text, **scorer.pictures(np.ones((1, 4), bool)), **model._no_cache)
    assert getattr(output, "past_key_values", None) is None


def test_batches_halve_on_out_of_memory_and_keep_finished_work(model, image, monkeypatch):
    want = scoring(model, image, 8)(shown := np.random.default_rng(0).random((40, 8)) < 0.5)
    model.batch_size = 16
    scorer = scoring(model, image, 8)
    original, sizes = scorer._score, []

    def tight(rows):
        sizes.append(len(rows))
        if len(rows) > 4 and len(sizes) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate")
        return original(rows)

    monkeypatch.setattr(scorer, "_score", tight)
    np.testing.assert_allclose(scorer(shown), want, atol=1e-6)
    distinct = len(np.unique(shown, axis=0))
    assert scorer.passes == distinct  # the first batch was not scored again
    assert scorer.batch_size <= 4 and sizes[-1] <= 4


def test_what_counts_as_out_of_memory():
    assert ran_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert ran_out_of_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"))
    assert not ran_out_of_memory(RuntimeError("shapes do not match"))
    batch = BatchSize(torch.device("cpu"), 4)
    out = np.zeros(1)
    with pytest.raises(RuntimeError, match="shapes"):
        batch.run(lambda rows: (_ for _ in ()).throw(RuntimeError("shapes")), np.zeros((1, 2)), out)
    with pytest.raises(MemoryError):
        batch.run(lambda rows: (_ for _ in ()).throw(MemoryError()), np.zeros((1, 2)), out)


def test_the_batch_grows_while_passes_get_cheaper(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("eagle_nb.models.batching.time.perf_counter", lambda: clock.now)

    def work(rows):
        clock.now += 1 + 0.01 * len(rows)
        return rows[:, 0]

    batch, out = BatchSize(torch.device("cpu")), np.zeros(600)
    batch.run(work, np.arange(600.0)[:, None], out)
    assert batch.size == 64
    assert np.array_equal(out, np.arange(600.0))


def test_an_interrupted_run_keeps_what_it_has(model, image, monkeypatch):
    model.batch_size = 2
    scorer = scoring(model, image)
    original, calls = scorer._score, []

    def stop(rows):
        calls.append(rows)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(rows)

    monkeypatch.setattr(scorer, "_score", stop)
    shown = np.unpackbits(np.arange(8, dtype=np.uint8)[:, None], axis=1)[:, -4:].astype(bool)
    with pytest.raises(KeyboardInterrupt):
        scorer(shown)
    assert len(scorer._known) == 4


# -- masking ----------------------------------------------------------------------------------------


def pictures(prepare, image, fill, regions, **options):
    return masking.MaskedPictures(prepare, lambda inputs: inputs, image, fill, regions, **options)


def clip(side, **more):
    processor = transformers.CLIPImageProcessor(size={"height": side, "width": side}, do_center_crop=False, **more)
    return lambda picture, **options: dict(processor(picture, return_tensors="pt", **options))


def test_more_regions_than_a_byte_holds_and_channels_last(image):
    regions = eagle.Regions.grid(image, 400)
    for last in (False, True):
        made = pictures(clip(32), image, Image.new("RGB", image.size), regions, channels_last=last)
        shown = np.random.default_rng(0).random((3, 400)) < 0.5
        assert made.mode == "select"
        for row, got in zip(shown, made(shown)["pixel_values"], strict=True):
            assert torch.equal(got, made._literal(row)["pixel_values"][0])


def test_resampled_pixels_that_one_region_touches_are_exact(image):
    big = image.resize((96, 96), Image.Resampling.BICUBIC)
    regions = eagle.Regions.grid(big, 4)
    made = pictures(clip(48), big, Image.new("RGB", big.size), regions)
    assert made.mode == "add"
    shown = np.array([[1, 0, 0, 1]], bool)
    differs = (made(shown)["pixel_values"] - made._literal(shown[0])["pixel_values"]).abs()[0].amax(0) > 1e-6
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
        made = pictures(twisted, image, fill, regions)
    assert made.mode == "literal"
    row = np.array([True, False, True, True])
    assert torch.equal(made(row[None])["pixel_values"], made._literal(row)["pixel_values"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pictures(honest, image, fill, regions, literal=True).mode == "literal"


def test_a_processor_without_pictures_is_refused(image):
    with pytest.raises(ValueError, match="no pixel values"):
        pictures(
            lambda picture, **_: {"input_ids": torch.ones(1, 2)[..., :1].long()},
            image,
            image,
            eagle.Regions.grid(image, 4),
        )
