"""Check explanations in space and time against known ground truth: held-out clips, the bundled model of several frames.

    python benchmarks/clips.py --clips 100 --regions 48 --out benchmarks/clips.md

For each held-out clip in which something happens and whose caption is right, two words are explained, each by a tenth of the
forward passes that exhaustive greedy takes: the noun of an object that does something, and the verb of what it does. All frames are cut
into regions of one numbering. The maximum of the noun's map must lie on the object, in a frame that shows it. The maximum of the verb's map
must lie in a frame of the moment, and, counted apart, there on the object's place. Of several unrelated pictures, the answer's word must
point at the picture that the question is about. A row is stored as soon as it is complete, and the same call resumes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.metrics import pointing_game
from eagle_nb.protocols import Model
from eagle_nb.scenes.evaluate import machine
from eagle_nb.scoring import digest

FIRST_SEED = 800_000
SHARE = 0.1
CLIP_CHECKS = {
    "noun_hit": "noun: the maximum lies on the object ↑",
    "noun_chance": "the same for a random region",
    "verb_time": "verb: the maximum lies in a frame of the moment ↑",
    "verb_sum": "verb: the frame with the most evidence is one of the moment ↑",
    "time_chance": "the same for a random region",
    "verb_hit": "verb: the maximum lies in the moment and on the object's place ↑",
    "verb_chance": "the same for a random region",
}
SEVERAL_CHECKS = {
    "picture": "answer: the maximum lies in the right picture ↑",
    "picture_chance": "the same for a random region",
    "several_hit": "answer: the maximum lies on the object that the question is about ↑",
    "several_chance": "the same for a random region",
}


def stacked(explanation: eagle.Explanation) -> np.ndarray:
    """Return the map of all pictures, which have one size: (F, H, W)."""
    return np.stack(explanation.saliency())


def hits(explanation: eagle.Explanation, mask: np.ndarray) -> tuple[float, float]:
    """Return whether a region of the maximum touches the mask (F, H, W), and the share of all regions that do."""
    saliency = stacked(explanation)
    hit = pointing_game(saliency.reshape(-1, saliency.shape[-1]), mask.reshape(-1, mask.shape[-1]))
    touching = np.unique(np.stack(explanation.regions.maps)[mask])
    return float(hit), len(touching) / explanation.regions.n


def explained(
    model: Model, pictures: list[Image.Image], prompt: str, truth: str, words: list[Any], n: int
) -> list[eagle.Explanation] | None:
    """Explain words of the answer; None if it is wrong."""
    response = model.generate(pictures, prompt)
    if response.text != truth:
        return None
    budget = int(SHARE * n * (n + 1))
    tokens = [response.tokens_in(word.start, word.end) for word in words]
    return [
        eagle.explain(model, response, own, regions=n, budget=budget, progress=False, aggregate="joint")
        for own in tokens
    ]


def measure_clip(model: Model, clip: eagle.scenes.Clip, n: int) -> dict[str, Any]:
    """Return the metrics of one clip; {"right": False} if the model's caption is wrong."""
    event = clip.events[clip.seed % len(clip.events)]
    name = event.kind.split()[0]
    verb = next(w for w in clip.words if w.kind == "change" and w.text == name and w.objects[0] == event.actor)
    noun = [w for w in clip.words if w.end < verb.start][-1]
    found = explained(model, clip.frames, eagle.scenes.CLIP_PROMPT, clip.caption, [noun, verb], n)
    if found is None:
        return {"right": False}
    on_noun, on_verb = found
    moment = np.zeros((len(clip.frames), *clip.frames[0].size[::-1]), bool)
    moment[list(verb.frames)] = True
    row: dict[str, Any] = {"right": True, "seed": clip.seed, "verb": verb.text}
    row["noun_hit"], row["noun_chance"] = hits(on_noun, clip.mask(noun))
    row["verb_time"], row["time_chance"] = hits(on_verb, moment)
    row["verb_sum"] = float(int(stacked(on_verb).sum((1, 2)).argmax()) in verb.frames)
    row["verb_hit"], row["verb_chance"] = hits(on_verb, clip.mask(verb))
    return row


def measure_several(model: Model, several: eagle.scenes.Several, n: int) -> dict[str, Any]:
    """Return the metrics of several pictures; {"right": False} if the model's answer is wrong."""
    found = explained(model, several.images, several.question, several.answer, list(several.words), n)
    if found is None:
        return {"right": False}
    picture = np.zeros((len(several.images), *several.mask.shape), bool)
    picture[several.index] = True
    row: dict[str, Any] = {"right": True, "seed": several.seed}
    row["picture"], row["picture_chance"] = hits(found[0], picture)
    row["several_hit"], row["several_chance"] = hits(found[0], picture & several.mask)
    return row


def collect(
    model: Model, draw: Any, measure: Any, count: int, n: int, first: int, store: eagle.Store
) -> tuple[list[dict[str, Any]], int]:
    """Return the rows of the first cases whose answer is right, and the number of wrong ones."""
    rows: list[dict[str, Any]] = []
    seed, wrong = first, 0
    with tqdm(total=count, mininterval=10, desc=draw.__name__) as bar:
        while len(rows) < count:
            case = draw(seed)
            seed += 1
            if not getattr(case, "events", True):
                continue  # nothing happens in this clip
            key = digest(
                benchmark="clips", kind=draw.__name__, seed=case.seed, regions=n, share=SHARE, model=model.fingerprint
            )
            row = store.get_row(key)
            if row is None:
                row = measure(model, case, n)
                store.put_row(key, row)
            wrong += not row["right"]
            if row["right"]:
                rows.append(row)
                bar.update()
    return rows, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=100, help="number of clips, and of groups of pictures")
    parser.add_argument("--regions", type=int, default=48, help="regions of all pictures together")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--model", default="bundled-clips", help="folder of a checkpoint; the bundled one by default")
    parser.add_argument("--store", type=Path, default=Path("runs/clips.db"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, store = eagle.load_model(args.model), eagle.Store(args.store)
    clips, wrong = collect(
        model, eagle.scenes.draw_clip, measure_clip, args.clips, args.regions, args.first_seed, store
    )
    several, wrong_several = collect(
        model, eagle.scenes.draw_several, measure_several, args.clips, args.regions, args.first_seed, store
    )
    budget = int(SHARE * args.regions * (args.regions + 1))
    lines = [
        "# Explanations in space and time\n",
        f"`python benchmarks/clips.py --clips {args.clips} --regions {args.regions} --out benchmarks/clips.md`, bundled model of several "
        f"frames, held-out seeds from {args.first_seed}, on {machine()}. {len(clips)} clips of six frames ({wrong} more had a wrong caption) and "
        f"{len(several)} groups of two to four pictures ({wrong_several} wrong answers). {args.regions} SLIC regions over all pictures, black fill, "
        f"the default search with at most {budget} forward passes per word, a tenth of exhaustive greedy's. Means with 95 % bootstrap "
        "intervals. The truth: a noun is carried by its object wherever it is visible; a verb by the object's place in the frames of its moment "
        "(two, or three for movements), since the model was trained to report a change only if it is seen happening.\n",
        "| check | mean |\n|---|---|",
        *(f"| {label} | {summarize([r[k] for r in clips]).cell} |" for k, label in CLIP_CHECKS.items()),
        *(f"| {label} | {summarize([r[k] for r in several]).cell} |" for k, label in SEVERAL_CHECKS.items()),
        "\n## By verb\n",
        "| verb | clips | in a frame of the moment | and on the object's place |\n|---|---|---|---|",
    ]
    for verb in sorted({r["verb"] for r in clips}):
        own = [r for r in clips if r["verb"] == verb]
        lines.append(
            f"| {verb} | {len(own)} | {np.mean([r['verb_time'] for r in own]):.2f} | {np.mean([r['verb_hit'] for r in own]):.2f} |"
        )
    text = "\n".join(lines) + "\n"
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
