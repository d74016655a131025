"""Measure the speed of the scorer, compared with the bare model and with scoring one masked image at a time.

Three ways to score the same random coalitions of one image take turns in one run. Peak memory is measured in a separate process for
each:

scorer
    ``model.scorer(...)``: masked images made on the device, T rows of logits.
bare
    ``model.forward`` on a prepared batch of the same shape with the same options: the upper bound.
literal
    One masked image at a time through the processor, batch size 1, logits of the whole sequence, as in the published code.

Run ``python benchmarks/scoring.py`` to write ``benchmarks/scoring.md``. Its rows are the bundled model; a random-weight
Qwen2-VL-like checkpoint of about 0.5 B parameters; the image tokens and the vocabulary of Qwen2.5-VL with narrow layers, where
everything but the layers shows (1,369 image tokens, 152,064 token ids, an answer of 200 tokens); and with CUDA the shapes of Qwen2.5-VL-3B and LLaVA-1.5-7B in bfloat16.
``--rows bundled half-billion`` selects rows, ``--model FOLDER`` replaces the bundled model.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.flop_counter import FlopCounterMode

import eagle_nb as eagle
from eagle_nb.models.huggingface.model import HuggingFaceModel
from eagle_nb.models.huggingface.scorer import HuggingFaceScorer

PROMPT = "Describe the image."
ANSWER = "a red circle on grass, beside a small blue square and a green star."
WAYS = ("scorer", "bare", "literal")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    gpu = torch.cuda.is_available()
    rows = ["bundled", "half-billion", "qwen2.5-vl-narrow", *(["qwen2.5-vl-3b", "llava-1.5-7b"] if gpu else [])]
    parser.add_argument("--rows", nargs="+", default=rows, choices=list(BUILDERS))
    parser.add_argument("--model", help="folder of a model that replaces the bundled one")
    parser.add_argument("--batch", type=int, help="batch size (64 for the bundled model, 4 for the others)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".md"))
    parser.add_argument("--one", nargs=2, metavar=("ROW", "WAY"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(memory(args, *args.one)))
        return
    lines = []
    for row in args.rows:
        line = {"row": row, **measure(args, row)}
        gc.collect()
        for way in WAYS:
            line[f"memory {way}"] = separate(args, row, way)["peak"]
        passes = {way: separate(args, row, way)["passing"] for way in ("scorer", "trunk")}
        line["logits"] = (passes["scorer"] - passes["trunk"]) / line["bytes of logits"]
        lines.append(line)
        print(json.dumps(line), flush=True)
    args.out.write_text(table(lines, args))
    print(args.out.read_text())


def bundled(args: Any) -> tuple[Any, Image.Image]:
    return eagle.load_model(args.model), eagle.scenes.draw(7).image


def half_billion(args: Any) -> tuple[Any, Image.Image]:
    import transformers as hf

    tower = dict(depth=12, embed_dim=512, hidden_size=1024, num_heads=8, mlp_ratio=4, patch_size=14)
    words = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=26, num_attention_heads=16)
    words.update(num_key_value_heads=4, vocab_size=32000)
    rope = {"rope_type": "default", "mrope_section": [8, 12, 12], "rope_theta": 1e6}
    network = hf.Qwen2VLForConditionalGeneration(_qwen_config(hf.Qwen2VLConfig, tower, words, rope))
    return _wrapped(network, _qwen_processor("Qwen2VL")), _photo(448, 336)


def qwen_3b(args: Any) -> tuple[Any, Image.Image]:
    import transformers as hf

    tower = dict(depth=32, hidden_size=1280, out_hidden_size=2048, intermediate_size=3420, num_heads=16, patch_size=14)
    words = dict(hidden_size=2048, intermediate_size=11008, num_hidden_layers=36, num_attention_heads=16)
    words.update(num_key_value_heads=2, vocab_size=151936)
    rope = {"rope_type": "default", "mrope_section": [16, 24, 24], "rope_theta": 1e6}
    with torch.device("cuda"):
        torch.set_default_dtype(torch.bfloat16)
        network = hf.Qwen2_5_VLForConditionalGeneration(_qwen_config(hf.Qwen2_5_VLConfig, tower, words, rope))
        torch.set_default_dtype(torch.float32)
    return _wrapped(network, _qwen_processor("Qwen2_5_VL")), _photo(644, 476)


def qwen_narrow(args: Any) -> tuple[Any, Image.Image]:
    import transformers as hf

    tower = dict(depth=1, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2, patch_size=14)
    words = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2)
    words.update(num_key_value_heads=2, vocab_size=152064)
    rope = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e6}
    network = hf.Qwen2_5_VLForConditionalGeneration(_qwen_config(hf.Qwen2_5_VLConfig, tower, words, rope))
    processor = _qwen_processor("Qwen2_5_VL")
    processor.image_processor = hf.Qwen2VLImageProcessor(size={"shortest_edge": 56 * 56, "longest_edge": 3584 * 3584})
    return _wrapped(network, processor), _photo(1024, 1024)


def llava_7b(args: Any) -> tuple[Any, Image.Image]:
    import transformers as hf

    words = _tokenizer("<image>")
    tower = hf.CLIPVisionConfig(
        hidden_size=1024,
        intermediate_size=4096,
        num_hidden_layers=24,
        num_attention_heads=16,
        image_size=336,
        patch_size=14,
    )
    text = hf.LlamaConfig(vocab_size=32064)
    config = hf.LlavaConfig(
        vision_config=tower, text_config=text, image_token_index=words.convert_tokens_to_ids("<image>")
    )
    with torch.device("cuda"):
        torch.set_default_dtype(torch.bfloat16)
        network = hf.LlavaForConditionalGeneration(config)
        torch.set_default_dtype(torch.float32)
    images = hf.CLIPImageProcessor(size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336})
    processor = hf.LlavaProcessor(
        images, words, 14, "default", chat_template=_template("<image>"), num_additional_image_tokens=1
    )
    return _wrapped(network, processor), _photo(336, 336)


BUILDERS: dict[str, Callable[[Any], tuple[Any, Image.Image]]] = {
    "bundled": bundled,
    "half-billion": half_billion,
    "qwen2.5-vl-narrow": qwen_narrow,
    "qwen2.5-vl-3b": qwen_3b,
    "llava-1.5-7b": llava_7b,
}


def _qwen_config(kind: Any, tower: dict[str, Any], words: dict[str, Any], rope: dict[str, Any]) -> Any:
    ids = _tokenizer(*VISION).convert_tokens_to_ids
    text = {**words, "rope_parameters": rope, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    return kind(
        text_config=text, vision_config=tower, image_token_id=ids(VISION[2]), video_token_id=ids(VISION[3]),
        vision_start_token_id=ids(VISION[0]), vision_end_token_id=ids(VISION[1]), tie_word_embeddings=True,
    )  # fmt: skip


def _qwen_processor(prefix: str) -> Any:
    import transformers as hf

    return getattr(hf, f"{prefix}Processor")(
        hf.Qwen2VLImageProcessor(), _tokenizer(*VISION), hf.Qwen2VLVideoProcessor(),
        chat_template=_template("".join((VISION[0], VISION[2], VISION[1]))),
    )  # fmt: skip


VISION = ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")


def _tokenizer(*special: str) -> Any:
    import transformers as hf
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer, bpe.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    names = ["<pad>", "<s>", "</s>", *special]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=names, initial_alphabet=alphabet, show_progress=False)
    bpe.train_from_iterator([PROMPT, ANSWER], trainer)
    return hf.PreTrainedTokenizerFast(tokenizer_object=bpe, bos_token="<s>", eos_token="</s>", pad_token="<pad>")


def _template(image: str) -> str:
    return (
        "{% for message in messages %}{% for part in message['content'] %}{% if part['type'] == 'image' %}"
        + image
        + "{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endfor %}"
    )


def _wrapped(network: Any, processor: Any) -> HuggingFaceModel:
    return HuggingFaceModel(network.eval(), processor, "random weights")


def _photo(width: int, height: int) -> Image.Image:
    y, x = np.mgrid[:height, :width] / 60.0
    waves = [np.sin(x + y), np.cos(1.3 * x), np.sin(0.7 * y - x)]
    return Image.fromarray(np.uint8(127 + 120 * np.stack(waves, -1)))


class Job:
    """The model, image and coalitions of one row, and the three ways to score them."""

    def __init__(self, args: Any, row: str) -> None:
        torch.manual_seed(0)
        self.model, image = BUILDERS[row](args)
        self.batch = args.batch or (64 if row == "bundled" else 4)
        self.model.batch_size = self.batch
        prompt = eagle.scenes.CAPTION_PROMPT if row == "bundled" else PROMPT
        answer: Any = ANSWER
        if row == "qwen2.5-vl-narrow":
            answer = self.model.encode(ANSWER * 40)[:200]
        self.response = (
            self.model.generate(image, prompt) if row == "bundled" else self.model.respond(image, prompt, answer)
        )
        self.regions = eagle.Regions.slic(image, 64)
        self.fill = Image.new("RGB", image.size)
        self.rng = np.random.default_rng(0)

    @cached_property
    def model_scorer(self) -> Any:
        """The scorer. Verification is left out: it takes other passes."""
        return HuggingFaceScorer(self.model, self.response, self.regions, self.fill)

    def set_up(self) -> float:
        """Return the seconds that a scorer takes to set up, masking included, after one was made."""
        _ = self.model_scorer
        start = time.perf_counter()
        HuggingFaceScorer(self.model, self.response, self.regions, self.fill)
        return time.perf_counter() - start

    def output_share(self) -> float:
        """Return the share of a pass's operations that the output layer takes at all positions but one."""
        shown = self.coalitions(1)
        self.model_scorer.token_scores(shown)  # the first pass also confirms that the layer can be followed
        counts = []
        for run in (lambda: self.model_scorer.token_scores(shown), partial(self._one_position, shown)):
            with FlopCounterMode(display=False) as counter:
                run()
            counts.append(counter.get_total_flops())
        return 1 - counts[1] / counts[0]

    def _one_position(self, shown: np.ndarray) -> None:
        """Pass a coalition through the bare model, with the logits of one position only."""
        inputs = {**self.model_scorer.text, **self.model_scorer.images(shown)}
        with torch.inference_mode():
            self.model.network(**inputs, use_cache=False, logits_to_keep=1)

    def trunk(self) -> int:
        """Pass a prepared batch through the bare model, with the logits of one position only."""
        with torch.inference_mode():
            self.model.network(**self.prepared, use_cache=False, logits_to_keep=1).logits[0, 0, 0].item()
        return self.batch

    @cached_property
    def prepared(self) -> dict[str, torch.Tensor]:
        """A batch for the bare model."""
        text = {k: v.repeat(self.batch, *[1] * (v.ndim - 1)) for k, v in self.model_scorer.text.items()}
        return {**text, **self.model_scorer.images(self.coalitions(self.batch))}

    def coalitions(self, number: int) -> np.ndarray:
        """Draw random coalitions."""
        return self.rng.random((number, 64)) < 0.5

    def scorer(self) -> int:
        """Score a batch with the scorer; return its size."""
        self.model_scorer(self.coalitions(self.batch))
        return self.batch

    def bare(self) -> int:
        """Score a prepared batch with the bare model; return its size."""
        with torch.inference_mode():
            logits = self.model.network(**self.prepared, use_cache=False, logits_to_keep=len(self.response)).logits
        logits[0, 0, 0].item()  # wait for the device
        return self.batch

    def literal(self) -> int:
        """Score a few masked images one at a time; return their number."""
        number = 4
        one_at_a_time(self.model, self.response, self.regions, self.fill, self.coalitions(number))
        return number


def one_at_a_time(
    model: Any, response: Any, regions: eagle.Regions, fill: Image.Image, coalitions: np.ndarray
) -> np.ndarray:
    """Compute probabilities (M, T) as the published code does: per masked image the processor, a pass, and all logits."""
    picture, hidden, scores = np.asarray(response.image), np.asarray(fill), []
    answer = torch.tensor([response.token_ids])
    targets = torch.tensor(response.token_ids, device=model.device)[:, None]
    for row in coalitions:
        masked = Image.fromarray(np.where(row[regions.labels][..., None], picture, hidden))
        inputs = model.inputs(masked, response.prompt)
        inputs["input_ids"] = torch.cat([inputs["input_ids"], answer], 1)
        for key, one in (("attention_mask", 1), ("mm_token_type_ids", 0)):
            if key in inputs:
                inputs[key] = torch.cat([inputs[key], torch.full_like(answer, one)], 1)
        with torch.inference_mode():
            logits = model.network(**model.placed(inputs)).logits[0, -len(response) - 1 : -1]
        scores.append(torch.softmax(logits.float(), -1).gather(1, targets)[:, 0].cpu().numpy())
    return np.stack(scores)


def measure(args: Any, row: str) -> dict[str, Any]:
    """Measure forward passes per second: the ways take turns, and the median of the rounds is reported."""
    job = Job(args, row)
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    for k in range(args.rounds + 1):
        for way in WAYS:
            start = time.perf_counter()
            number = getattr(job, way)()
            if k:  # the first round warms up
                rates[way].append(number / (time.perf_counter() - start))
    size = sum(p.numel() for p in job.model.network.parameters())
    weights = sum(p.numel() * p.element_size() for p in job.model.network.parameters())
    result = {way: float(np.median(values)) for way, values in rates.items()}
    result["of bare"] = float(np.median(np.array(rates["scorer"]) / np.array(rates["bare"])))
    result["of literal"] = float(np.median(np.array(rates["scorer"]) / np.array(rates["literal"])))
    return {
        **result,
        "parameters": size,
        "weights": weights,
        "batch": job.batch,
        "set up": job.set_up(),
        "output share": job.output_share(),
        "bytes of logits": 4 * job.batch * len(job.response) * job.model.vocabulary_size,
        "length": job.prepared["input_ids"].shape[1],
    }


def memory(args: Any, row: str, way: str) -> dict[str, float]:
    """Return the peaks of bytes in use: of everything, weights included, and of one batch after everything else is prepared."""
    job = Job(args, row)
    run = getattr(job, way)
    if torch.cuda.is_available():
        run()
        whole = torch.cuda.max_memory_allocated()
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        run()
        return {"peak": float(whole), "passing": float(torch.cuda.max_memory_allocated() - before)}
    run()
    # getrusage would include the parent's memory from before this program started
    status = Path("/proc/self/status").read_text()
    whole = float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as profile:
        run()
    events = [event for event in profile.profiler.kineto_results.events() if event.name() == "[memory]"]
    in_use = np.cumsum([event.nbytes() for event in sorted(events, key=lambda event: event.start_ns())])
    return {"peak": whole, "passing": float(max(0, in_use.max(initial=0)))}


def separate(args: Any, row: str, way: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", row, way]
    command += ["--model", args.model] if args.model else []
    command += ["--batch", str(args.batch)] if args.batch else []
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def table(lines: list[dict[str, Any]], args: Any) -> str:
    names = ["model", "parameters", "batch", "tokens", "scorer /s", "bare /s", "literal /s", "of bare", "× literal"]
    names += ["weights GB", "peak scorer GB", "peak bare GB", "peak literal GB", "logits", "output layer", "set-up s"]
    text = ["# Speed of the scorer", "", machine(), "", "| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for line in lines:
        cells = [
            line["row"], f"{line['parameters'] / 1e6:,.1f} M", str(line["batch"]), str(line["length"]),
            *(f"{line[way]:.2f}" for way in WAYS), f"{line['of bare']:.0%}", f"{line['of literal']:.1f}",
            *(f"{line[key] / 1e9:.2f}" for key in ("weights", *(f"memory {way}" for way in WAYS))),
            f"{line['logits']:.2f}" if line["bytes of logits"] > 2**24 else "–", f"{line['output share']:.1%}", f"{line['set up']:.2f}",
        ]  # fmt: skip
        text.append("| " + " | ".join(cells) + " |")
    text += [
        "",
        f"Forward passes per second, medians of {args.rounds} rounds in which the three ways took turns; ratios are medians of",
        "the rounds' ratios. Peak memory is that of a separate process: on the CPU its largest resident size (Python, torch and",
        "transformers are about 0.5 GB of it), on CUDA the largest allocation. Written by `python benchmarks/scoring.py`.",
        "",
        "Logits: the peak of one batch beyond that of the bare model with the logits of one position, in units of B · T · V · 4 bytes; with",
        "small vocabularies (–) the masked images are more than that.",
        "Output layer: the share of all floating-point operations of a pass that the output layer takes at all positions of the answer but one.",
        "All positions are scored, because curves and reliance are reported for every token; scoring those of one word only would save less than this.",
        "Narrow layers make the share large: with the layers of Qwen2.5-VL-3B and the same numbers of tokens it is 0.8 %, by the sizes of its matrices.",
        "Set-up: seconds to make a scorer of 64 regions, masking included, without verification.",
        "",
        "Goals: 90 % of bare, 5 × literal, a peak of the weights and one batch. The ratio bare / literal is the upper bound of",
        "what a scorer can gain on a machine. Where arithmetic is the limit, as on a few CPU cores, an image in a batch costs",
        "nearly as much as a single image. A load average above the number of cores means that other programs were running, and",
        "that the rates vary.",
        "",
    ]
    return "\n".join(text)


def machine() -> str:
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        name = names[0] if names else name
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ", no GPU"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    import transformers

    return (
        f"{name}, {os.cpu_count()} cores{gpu}; torch {torch.__version__}, transformers {transformers.__version__}, "
        f"Python {platform.python_version()}; load average at the end {load:.1f}."
    )


if __name__ == "__main__":
    main()
