"""Small models whose explanations are known, and their samples."""

from __future__ import annotations

import numpy as np
from PIL import Image

import eagle_nb as eagle
from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.inputs.response import token_spans

from ..conftest import make_response

WIDTH, HEIGHT = 24, 16
IMAGE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8))
YES, NO = 3, 4


class AdditiveModel:
    """Answers "a red cup."; the probability of each token is the weight of the shown regions, and region `best` weighs half."""

    name, vocabulary_size = "additive", 50

    def __init__(self, best=0, interrupted_after=None):
        self.best, self.interrupted_after, self.scored, self.scorers = best, interrupted_after, 0, 0

    @property
    def fingerprint(self):
        return f"best {self.best}"

    def generate(self, image, prompt, max_new_tokens=128):
        answer = make_response(["a", " red", " cup", "."])
        return eagle.Response(image, prompt, answer.text, answer.token_ids, answer.tokens, answer.spans)

    def scorer(self, response, regions, fill, target_ids=None):
        weights = np.full(regions.n, 0.5 / (regions.n - 1))
        weights[self.best] = 0.5
        return self.function_scorer(response, regions, lambda shown: shown @ weights)

    def function_scorer(self, response, regions, function):
        """A scorer that counts coalitions and gives every token the value of a function of them."""
        model = self
        model.scorers += 1

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                model.scored += len(shown)
                if model.interrupted_after is not None and model.scored > model.interrupted_after:
                    raise KeyboardInterrupt
                return np.repeat(np.asarray(function(shown))[:, None], len(response), 1).astype(np.float32)

        return Scorer()


class TableModel(AdditiveModel):
    """The probability of every token under a coalition of four regions is that of a table of 16."""

    def __init__(self, table):
        super().__init__()
        self.table = np.asarray(table, dtype=np.float32)

    @property
    def fingerprint(self):
        return str(self.table.tolist())

    def scorer(self, response, regions, fill, target_ids=None):
        return self.function_scorer(response, regions, lambda shown: self.table[shown @ (1 << np.arange(4))])


class FillModel(AdditiveModel):
    """Region 0 carries the word where hidden regions are black, region 1 under any other fill."""

    def scorer(self, response, regions, fill, target_ids=None):
        self.best = int(np.asarray(fill).any())
        return super().scorer(response, regions, fill, target_ids)


class RecordedModel(AdditiveModel):
    """Accepts given answers; region 1 supports "Yes", region 3 supports "No". The texts of its token ids are `pieces`."""

    def __init__(self, pieces=("</s>", "?", "!", "Yes", "No")):
        super().__init__()
        self.pieces, self.targets = pieces, []

    @property
    def fingerprint(self):
        return str(self.pieces)

    def decode(self, token_ids):
        return "".join(self.pieces[k] if k < len(self.pieces) else chr(k) for k in token_ids)

    def respond(self, image, prompt, answer):
        ids = [ord(c) for c in answer] if isinstance(answer, str) else list(answer)
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        return eagle.Response(image, prompt, prefixes[-1], ids, *token_spans(prefixes))

    def scorer(self, response, regions, fill, target_ids=None):
        self.targets.append(target_ids)
        self.best = 3 if target_ids == {0: NO} else 1
        return super().scorer(response, regions, fill, target_ids)


def quarter(k):
    """Mask of the k-th of four equal rectangles, which are the regions of a grid of four."""
    return eagle.Regions.grid(IMAGE, 4).labels == k


def sample(name="s", label="red cup", where=0, prompt="what?"):
    """A sample whose object fills one of the four rectangles."""
    y, x = np.nonzero(quarter(where))
    box = (x.min(), y.min(), x.max() + 1, y.max() + 1)
    return Sample(name, IMAGE, prompt, label=label, objects=(SampleObject("red cup", box, quarter(where)),))


def recorded_sample(name="q", **extra):
    """A row of a published list of yes-or-no questions, with the counter token "No"."""
    extra = {"positions": [0], "explained": "Yes", "counter_ids": [NO], "outcome": "false positive", **extra}
    recorded = {"token_ids": [YES, 0], "words": ["Yes", ""], "recorded": "Yes"}
    return Sample(name, IMAGE, "Is there a cup?", "no", label="cup", extra=extra, **recorded)
