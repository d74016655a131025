"""Compare served models with the same model in this process, and write the table ``served.md``.

    python benchmarks/served.py --cache FILE

The server is the one of the tests: chat completions over HTTP on the loopback, answered by the bundled model. The tier ``forced`` is
measured with a real llama.cpp server on a tiny checkpoint with random weights.

tiers
    Each tier scores the same random coalitions as the scorer in this process (the largest difference of a probability), and an order of
    the caption's regions is searched with both.
case
    The published notebook's case: 36 regions and an answer of at least ten words. The notebook evaluates 416 images, each by one request
    per word. Here one request scores all words.
sampled
    Held-out scenes: a yes/no question about an object that is there. The answer's first word is explained from shares of samples, at most
    500 samples in all. A sample says "yes" when its first token does, so samples are drawn from the exact probability of that token, as
    a server would; no server is involved. Pointing: the map's maximum lies on the object. Coverage: the share of coalitions whose probability lies in the
    interval. The same search with exact probabilities is the reference.

Results are kept in the cache, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import eagle_nb as eagle  # noqa: E402
from eagle_nb.evaluation.statistics import summarize  # noqa: E402
from eagle_nb.metrics.pointing import pointing_game  # noqa: E402
from eagle_nb.models.served.sampled import share_interval  # noqa: E402
from eagle_nb.scenes.evaluate import machine  # noqa: E402
from tests.models.served.bundled_backend import BundledBackend  # noqa: E402
from tests.models.served.table_server import TableServer  # noqa: E402

DESIGN_SEED, HELD_OUT_SEED = 22_000, 870_000
REGIONS, CASE_REGIONS, NOTEBOOK = 16, 36, 416
COALITIONS = 24
LACKS = {"prompt": set(), "tokens": {"no prompt_logprobs"}}


class Cache:
    """Results by key, one JSON object per line."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        lines = path.read_text("utf-8").splitlines() if path is not None and path.exists() else []
        self.results = {line["key"]: line for line in map(json.loads, lines)}

    def get(self, key: str, measure: Any) -> dict[str, Any]:
        """Return a result, measured if it is new."""
        if key not in self.results:
            self.results[key] = {"key": key, **measure()}
            if self.path is not None:
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(self.results[key]) + "\n")
        return self.results[key]


def counted(local: Any, model: Any, response: Any, n: int, tokens: Any, **search: Any) -> dict[str, Any]:
    """Compare a served model with the same one in this process: scores, orders, requests and seconds."""
    regions = eagle.Regions.slic(response.images, n)
    fill = eagle.fill_image(response.image, "black", regions, 0)
    shown = np.random.default_rng(0).random((COALITIONS, regions.n)) > 0.5
    exact = local.scorer(response, regions, fill)(shown)
    scores = model.scorer(response, regions, fill)(shown)
    options = {"tokens": tokens, "regions": regions, "fill": fill, "progress": False, **search}
    resolution = model.scorer(response, regions, fill).resolution
    expected = eagle.explain(Resolved(local, resolution), response, **options)
    begun, requests = time.perf_counter(), model.client.usage.requests
    got = eagle.explain(model, response, **options)
    return {
        "difference": float(np.abs(scores - exact).max()),
        "same": float(np.mean(got.order == expected.order)),
        "auc": [got.insertion_auc, got.deletion_auc],
        "local_auc": [expected.insertion_auc, expected.deletion_auc],
        "regions": regions.n,
        "words": len(response.words),
        "passes": got.forward_passes,
        "requests": model.client.usage.requests - requests,
        "seconds": time.perf_counter() - begun,
        "local_seconds": expected.seconds,
        "floored": model.floored / max(model.scored, 1),
    }


def captioned(local: Any, words: int) -> Any:
    """Return the response about the first design scene whose caption has enough words."""
    for seed in range(DESIGN_SEED, DESIGN_SEED + 100):
        response = local.generate(eagle.scenes.draw(seed).image, eagle.scenes.CAPTION_PROMPT)
        if len(response.words) >= words:
            return response
    raise RuntimeError(f"no caption has {words} words")


def tier_row(local: Any, tier: str, top: int) -> dict[str, Any]:
    """Measure a tier with the bundled model behind it."""
    with TableServer(BundledBackend(local), lies=LACKS[tier]) as server:
        model = eagle.load_server(server.url, tier=tier, top=top)
        own = captioned(local, 5)
        response = model.generate(own.image, own.prompt)
        if response.text != own.text:
            raise RuntimeError(f"{response.text!r} is not {own.text!r}")
        if tier != "prompt":  # pseudo-ids: score the same tokens in this process
            own_local = local.respond(own.image, own.prompt, own.text)
            return counted(Translated(local, own_local), model, response, REGIONS, None, search="fast", budget=80)
        return counted(local, model, response, REGIONS, None, search="fast", budget=80)


class Resolved:
    """A model whose near-ties are broken as finely as those of a served model, so that the orders can be compared."""

    def __init__(self, model: Any, resolution: float) -> None:
        self.model, self.resolution = model, resolution

    def scorer(self, response: Any, regions: Any, fill: Any, target_ids: Any = None) -> Any:
        """Make the scorer."""
        scorer, resolution = self.model.scorer(response, regions, fill, target_ids), self.resolution

        class Scores:
            n_regions = regions.n

            def __call__(self, shown: np.ndarray) -> np.ndarray:
                return np.asarray(scorer(shown))

        Scores.resolution = resolution
        return Scores()


class Translated:
    """A model that scores the same answer under the ids of its own vocabulary."""

    def __init__(self, model: Any, response: Any) -> None:
        self.model, self.response = model, response

    def scorer(self, response: Any, regions: Any, fill: Any, target_ids: Any = None) -> Any:
        """Make the scorer."""
        return self.model.scorer(self.response, regions, fill, target_ids)


def case_row(local: Any) -> dict[str, Any]:
    """Measure the published notebook's case."""
    with TableServer(BundledBackend(local)) as server:
        model = eagle.load_server(server.url)
        own = captioned(local, 10)
        response = model.generate(own.image, own.prompt)
        return counted(local, model, response, CASE_REGIONS, None, search="fast", budget=NOTEBOOK - COALITIONS)


def forced_row() -> dict[str, Any]:
    """Measure llama.cpp on a tiny checkpoint."""
    from tests.models.served import llama_server, tiny_gguf

    with tempfile.TemporaryDirectory() as name:
        folder = tiny_gguf.save(Path(name))
        local = eagle.load_model(folder / "hf")
        with llama_server.serve(folder / "model.gguf", folder / "mmproj.gguf") as url:
            model = eagle.load_server(url, in_flight=2)
            picture = eagle.scenes.draw(DESIGN_SEED).image.resize((64, 64))
            response = model.generate(picture, "what?", max_new_tokens=12)
            return counted(local, model, response, REGIONS, None, search="fast", budget=80)


class Sampled:
    """A model whose scores are shares of samples, as the tier ``sampled`` gets them for the first word of an answer."""

    def __init__(self, model: Any, samples: int, seed: int) -> None:
        self.model, self.samples, self.rng = model, samples, np.random.default_rng(seed)

    def scorer(self, response: Any, regions: Any, fill: Any, target_ids: Any = None) -> Any:
        """Make the scorer."""
        exact, samples, rng = self.model.scorer(response, regions, fill, target_ids), self.samples, self.rng

        class Shares:
            n_regions = regions.n

            def __call__(self, shown: np.ndarray) -> np.ndarray:
                return (rng.binomial(samples, np.clip(exact(shown), 0, 1)) / samples).astype(np.float32)

        return Shares()


def sampled_scene(local: Any, seed: int, samples: int, budget: int) -> dict[str, Any]:
    """Explain the answer to a yes/no question about an object that is there, from samples and from exact probabilities."""
    scene = eagle.scenes.draw(seed)
    found = next(iter(questions(scene)), None)
    if found is None:
        return {"skipped": "no object is the only one of its name"}
    question, name = found
    (target,) = [thing for thing in scene.objects if thing.name == name]
    response = local.generate(scene.image, question)
    if not response.text.startswith("yes"):
        return {"skipped": "the answer is wrong"}
    regions = eagle.Regions.slic(scene.image, REGIONS)
    sampled = Sampled(local, samples, seed)
    options = {"tokens": [0], "regions": regions, "budget": budget, "progress": False}
    explanation, exact = eagle.explain(sampled, response, **options), eagle.explain(local, response, **options)
    shown = np.random.default_rng(seed).random((8, regions.n)) > 0.5
    shares = sampled.scorer(response, regions, explanation.fill_picture)(shown)[:, 0]
    truth = local.scorer(response, regions, explanation.fill_picture)(shown)[:, 0]
    limits = [share_interval(round(float(share) * samples), samples) for share in shares]
    return {
        "hit": bool(pointing_game(explanation.saliency(), target.mask)),
        "exact_hit": bool(pointing_game(exact.saliency(), target.mask)),
        "covered": [bool(low - 1e-6 <= p <= high + 1e-6) for (low, high), p in zip(limits, truth, strict=True)],
        "error": float(np.abs(shares - truth).mean()),
        "samples": samples * explanation.forward_passes,
    }


def questions(scene: Any) -> list[tuple[str, str]]:
    """Return yes/no questions whose object occurs once in the scene."""
    names = [thing.name for thing in scene.objects]
    return [
        (question, name)
        for question, answer in scene.questions
        for name in names
        if names.count(name) == 1 and len(names) > 1 and answer.startswith("yes") and question.endswith(f" {name}?")
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="JSON lines of results; what is in it is not measured again")
    parser.add_argument("--scenes", type=int, default=50, help="held-out scenes of the tier sampled; 0 leaves it out")
    parser.add_argument("--samples", type=int, default=8, help="sampled answers per coalition")
    parser.add_argument("--budget", type=int, default=60, help="coalitions per explanation of the tier sampled")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".md"))
    args = parser.parse_args()
    cache, local = Cache(args.cache), eagle.load_model()
    rows = {
        "prompt": cache.get("prompt", lambda: tier_row(local, "prompt", 20)),
        "tokens": cache.get("tokens-20", lambda: tier_row(local, "tokens", 20)),
        "forced (llama.cpp)": cache.get("forced", forced_row),
    }
    case = cache.get("case", lambda: case_row(local))
    scenes: list[dict[str, Any]] = []
    for seed in range(HELD_OUT_SEED, HELD_OUT_SEED + 20 * args.scenes):
        if len(scenes) == args.scenes:
            break
        key = f"shares-{args.samples}-{args.budget}-{seed}"
        result = cache.get(key, lambda seed=seed: sampled_scene(local, seed, args.samples, args.budget))
        scenes += [result] if "hit" in result else []
    args.out.write_text(table(rows, case, scenes, args), encoding="utf-8")


def table(rows: dict[str, Any], case: dict[str, Any], scenes: list[dict[str, Any]], args: argparse.Namespace) -> str:
    """Return the tables."""
    lines = [
        "# Served models\n",
        f"{machine()}\n",
        "| tier | max. difference of a probability | same places in the order | coalitions | requests | s | s in this process | bounds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row['difference']:.1e} | {row['same']:.0%} | {row['passes']} | {row['requests']} | {row['seconds']:.0f} | "
        f"{row['local_seconds']:.1f} | {row['floored']:.1%} |"
        for name, row in rows.items()
    ]
    lines += [
        f'\nA caption explained as a whole, {REGIONS} regions, `search="fast", budget=80`, eight requests in flight, over HTTP on the '
        f'loopback; differences over {COALITIONS} random coalitions and all tokens. "prompt" and "tokens": the tests\' own server with the '
        'bundled model, which does one forward pass per request. "forced": a real llama.cpp server (float32 cache) with a tiny Qwen2-VL of '
        "random weights and a picture that neither side resizes. Bounds: scores of tokens that the server did not "
        'list. The tiers "ids" and "sglang" are tested against recorded exchanges only; "continued" needs a model that follows '
        "instructions. Seconds were measured while other programs used the machine.\n",
        "## The published notebook's case\n",
        f"{case['regions']} regions, {case['words']} words, all of them scored by each request: {case['requests']} requests "
        f"({case['passes']} coalitions), {case['seconds']:.0f} s; the notebook's procedure takes {NOTEBOOK} images × {case['words']} words = "
        f"{NOTEBOOK * case['words']} requests. Insertion and deletion AUC {case['auc'][0]:.4f} and {case['auc'][1]:.4f}; the same search in this "
        f"process {case['local_auc'][0]:.4f} and {case['local_auc'][1]:.4f}. {case['same']:.0%} of the places in the order agree; the largest difference of a probability is {case['difference']:.1e}. Both "
        "searches break near-ties by the resolution of the served scores, 5e-5; with the finer one of scores in this process, ties are broken "
        "otherwise (64 % of the places agreed), at the same areas.\n",
    ]
    if scenes:
        covered = [value for scene in scenes for value in scene["covered"]]
        pointing, exact = (
            summarize([scene["hit"] for scene in scenes]),
            summarize([scene["exact_hit"] for scene in scenes]),
        )
        lines += [
            "## Sampling\n",
            f"The first {len(scenes)} held-out scenes (of {args.scenes} planned) with such an object and a right answer, a yes/no question about an object among several, {REGIONS} regions, "
            f"{args.samples} samples per coalition, at most {args.budget} coalitions; "
            f"{np.mean([scene['samples'] for scene in scenes]):.0f} samples per explanation. Samples are drawn from the exact probability that "
            "the answer begins with yes.\n",
            f"- pointing {pointing.value:.2f} [{pointing.low:.2f}, {pointing.high:.2f}]; with exact probabilities {exact.value:.2f} "
            f"[{exact.low:.2f}, {exact.high:.2f}]",
            f"- 95 % intervals cover the exact probability in {np.mean(covered):.3f} of {len(covered)} coalitions",
            f"- mean error of a share {np.mean([scene['error'] for scene in scenes]):.3f}\n",
        ]
    lines.append("Written by `python benchmarks/served.py`.\n")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
