"""Methods side by side, on a model whose words are carried by regions of known weight."""

import importlib
import json

import numpy as np
import pandas as pd
import pytest
from eagle_nb.scoring.journal import Journal, digest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.datasets import Sample, SampleObject, answer_sample, recorded_targets
from eagle_nb.evaluation import comparison
from eagle_nb.evaluation import tables as results
from eagle_nb.hallucination import Counter
from eagle_nb.inputs.response import token_spans
from eagle_nb.methods.cost import measured
from eagle_nb.methods.runner import attempt
from eagle_nb.search import calibration
from eagle_nb.viz import tables as figures

from .conftest import make_response

WIDTH, HEIGHT = 24, 16
IMAGE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8))


class Additive:
    """Answers "a red cup."; each token's probability is the weight of the regions shown, region `best` weighs half."""

    name, vocabulary_size = "additive", 50

    def __init__(self, best=0, fails_at=None):
        self.best, self.fails_at, self.scored, self.scorers = best, fails_at, 0, 0

    @property
    def fingerprint(self):
        return f"best {self.best}"

    def generate(self, image, prompt):
        made = make_response(["a", " red", " cup", "."])
        return eagle.Response(image, prompt, made.text, made.token_ids, made.tokens, made.spans)

    def scorer(self, response, regions, fill, target_ids=None):
        model, n = self, regions.n
        weights = np.full(n, 0.5 / (n - 1))
        weights[self.best] = 0.5
        model.scorers += 1

        class Scorer:
            n_regions = n

            def __call__(self, shown):
                model.scored += len(shown)
                if model.fails_at is not None and model.scored > model.fails_at:
                    raise KeyboardInterrupt
                return np.repeat((shown @ weights)[:, None], len(response), 1).astype(np.float32)

        return Scorer()


def quarter(k):
    """Mask of the k-th of four equal rectangles, which are the regions of a grid of four."""
    return eagle.Regions.grid(IMAGE, 4).labels == k


def sample(name="s", label="red cup", where=0, prompt="what?"):
    y, x = np.nonzero(quarter(where))
    box = (x.min(), y.min(), x.max() + 1, y.max() + 1)
    return Sample(name, IMAGE, prompt, label=label, objects=(SampleObject("red cup", box, quarter(where)),))


def compare(model, samples, methods=("greedy", "occlusion"), **settings):
    settings = {"regions": 4, "segmentation": "grid", "progress": False, **settings}
    return comparison.compare(model, samples, methods, **settings)


def test_figures_of_an_additive_model_are_those_on_paper():
    table = compare(Additive(best=2), [sample(where=2), sample("t", where=1)])
    assert table["method"].tolist() == ["greedy", "occlusion"] * 2
    assert set(table["word"]) == {"red cup"}
    assert set(table["failure"]) == {""}
    # Insertion 0, 1/2, 2/3, 5/6, 1 at equal steps of area: (0/2 + 1/2 + 2/3 + 5/6 + 1/2) / 4; deletion mirrors it.
    np.testing.assert_allclose(table["insertion_auc"], (0.5 + 2 / 3 + 5 / 6 + 0.5) / 4, atol=1e-6)
    np.testing.assert_allclose(table["deletion_auc"], (0.5 + 0.5 + 1 / 3 + 1 / 6) / 4, atol=1e-6)
    assert table["pointing_mask"].tolist() == [True, True, False, False]
    assert table["pointing_mask_share"].tolist() == [1, 1, 0, 0]
    assert table["pointing_box"].tolist() == [True, True, False, False]
    # Greedy scores every subset that its rounds meet; occlusion the two ends and each region left out.
    assert table["forward_passes"].tolist()[1::2] == [6, 6]
    assert (table["seconds"] > 0).all()
    assert (table["peak_bytes"] >= 0).all()


def test_the_replay_costs_a_baseline_nothing_and_is_shared():
    model = Additive()
    compare(model, [sample()], ["occlusion", "random"])
    assert model.scorers == 3  # one for the replays of both, one each for the methods


def test_everything_but_what_is_measured_is_the_same_again():
    methods = ("greedy", "fast", "rise", "kernel_shap", "shapley_sampling", "random")
    options = {"rise": {"masks": 30}, "kernel_shap": {"samples": 12}}
    settings = {"methods": methods, "options": options, "fill": "noise", "regions": 5, "segmentation": "slic"}
    first, second = (compare(Additive(), [sample()], **settings) for _ in range(2))
    measured_columns = list(comparison.MEASURED)
    pd.testing.assert_frame_equal(
        first.drop(columns=measured_columns), second.drop(columns=measured_columns), check_exact=True
    )
    other = compare(Additive(), [sample()], **settings, seed=1)
    of = lambda t, m: t.set_index("method").loc[m, "insertion_auc"]  # noqa: E731
    assert of(first, "random") != of(other, "random")
    assert of(first, "greedy") == of(other, "greedy")


def test_a_file_of_rows_spares_what_is_known_and_nothing_else(tmp_path):
    file = tmp_path / "folder" / "rows.jsonl"
    first = compare(Additive(), [sample()], rows=file)
    again = Additive()
    second = compare(again, [sample()], rows=file)
    assert again.scored == 0
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    more = Additive()
    compare(more, [sample(), sample("t")], rows=file)
    assert more.scored > 0
    for settings in ({"fill": "mean"}, {"seed": 1}, {"weights": (1.0, 0.0)}, {"regions": 5}):
        model = Additive()
        compare(model, [sample()], rows=file, **settings)
        assert model.scored > 0, settings
    other = Additive(best=1)
    compare(other, [sample()], rows=file)
    assert other.scored > 0
    moved = compare(Additive(), [sample(where=3)], rows=file)
    assert moved["pointing_mask"].tolist() == [False, False]


def test_an_interrupt_leaves_whole_rows_and_the_file_goes_on(tmp_path):
    file = tmp_path / "rows.jsonl"
    whole = compare(Additive(), [sample(), sample("t")])
    needed = Additive()
    compare(needed, [sample()])
    model = Additive(fails_at=needed.scored + 3)
    with pytest.warns(UserWarning, match="interrupted: 2 of 4 rows"):
        part = compare(model, [sample(), sample("t")], rows=file)
    assert part["sample"].tolist() == ["s", "s"]
    resumed = compare(Additive(), [sample(), sample("t")], rows=file)
    keep = [c for c in whole if c not in comparison.MEASURED]
    pd.testing.assert_frame_equal(resumed[keep], whole[keep], check_exact=True)
    with pytest.raises(KeyboardInterrupt):
        compare(Additive(fails_at=0), [sample()])


def test_failures_are_counted_by_name_and_tried_again(tmp_path):
    file = tmp_path / "rows.jsonl"
    table = compare(Additive(), [sample(), sample("t", label="dog")], ["greedy", "tam"], rows=file)
    told = comparison.failures(table)
    assert told["method"].tolist() == ["tam", "greedy", "tam"]
    assert told["failure"].str.split(":").str[0].tolist() == ["TypeError", "ValueError", "ValueError"]
    assert "'dog' is not in the answer" in told["failure"].iloc[1]
    without = table.assign(failure=table["failure"].where(table["failure"] != "", None))
    pd.testing.assert_frame_equal(comparison.failures(without), told)
    assert told["samples"].tolist() == [1, 1, 1]
    assert table["insertion_auc"].notna().tolist() == [True, False, False, False]
    assert len(file.read_text().splitlines()) == 1
    shown = results.table(table, ["insertion_auc"])
    assert shown.loc["tam"].tolist() == ["–", 2, 2]
    assert shown["left_out"].tolist() == [1, 2]


def test_a_label_that_is_asked_about_stands_for_the_whole_answer():
    asked = sample(label="circle", prompt="what color is the circle?")
    response, tokens = answer_sample(Additive(), asked)
    assert tokens == [0, 1, 2, 3]
    assert answer_sample(Additive(), sample())[1] == [1, 2]
    assert response.prompt == asked.prompt


class Says(Additive):
    """Answers what it is told to, a word a token."""

    def __init__(self, *tokens):
        super().__init__()
        self.tokens = list(tokens)

    def generate(self, image, prompt):
        made = make_response(self.tokens)
        return eagle.Response(image, prompt, made.text, made.token_ids, made.tokens, made.spans)


@pytest.mark.parametrize(
    ("label", "tokens"),
    [
        ("Cup", [3]),
        ("RED", [2]),
        ("bus", [6]),
        ("buses", [6]),
        ("glass", [8]),
        ("car", None),
        ("cat", None),
        ("us", None),
    ],
)
def test_a_label_is_found_as_a_word_in_any_case_or_in_the_plural(label, tokens):
    model = Says(
        "carrying", " a", " red", " cup", ",", " scattered", " buses", ",", " glasses", " and", " glass", "ware"
    )
    if tokens is not None:
        assert answer_sample(model, sample(label=label))[1] == tokens
        return
    says = f"'{label}' is not in the answer, as a word, nor in the prompt of sample 's'"
    for prompt in ("what?", "which carrier scatters buses?"):  # a piece of a word in the prompt does not ask about it
        with pytest.raises(ValueError, match=says):
            answer_sample(model, sample(label=label, prompt=prompt))


def test_the_word_itself_comes_before_its_plural():
    model = Says("cups", " and", " a", " cup")
    assert answer_sample(model, sample(label="cup"))[1] == [3]
    assert answer_sample(model, sample(label="dog", prompt="how many dogs?"))[1] == [0, 1, 2, 3]


YES, NO = 3, 4


class Asked(Additive):
    """Says "Yes" for what it is given; region 1 speaks for yes, region 3 for no. Its ids are `pieces`."""

    def __init__(self, pieces=("</s>", "?", "!", "Yes", "No")):
        super().__init__()
        self.pieces, self.targets = pieces, []

    def decode(self, ids):
        return "".join(self.pieces[k] if k < len(self.pieces) else chr(k) for k in ids)

    def respond(self, image, prompt, answer):
        ids = [ord(c) for c in answer] if isinstance(answer, str) else list(answer)
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        return eagle.Response(image, prompt, prefixes[-1], ids, *token_spans(prefixes))

    def scorer(self, response, regions, fill, target_ids=None):
        self.targets.append(target_ids)
        self.best = 3 if target_ids == {0: NO} else 1
        return super().scorer(response, regions, fill, target_ids)


def asked(name="q", **extra):
    """A row of a published RePOPE list, as it is read."""
    extra = {"positions": [0], "explained": "Yes", "counter_ids": [NO], "outcome": "false positive", **extra}
    told = {"token_ids": [YES, 0], "words": ["Yes", ""], "recorded": "Yes"}
    return Sample(name, IMAGE, "Is there a cup?", "no", label="cup", extra=extra, **told)


def test_recorded_counter_tokens_are_what_is_explained():
    model = Asked()
    table = compare(model, [asked()], ("greedy", "occlusion", "random"))
    assert model.targets == [{0: NO}] * 4  # the shared replay and each method
    assert table["word"].tolist() == ["Yes"] * 3 and table["counter"].tolist() == ["No"] * 3
    found = attempt("occlusion", model, model.respond(IMAGE, "?", [YES]), None, eagle.Regions.grid(IMAGE, 4),
                    target_ids={0: NO})  # fmt: skip
    assert (found.explanation.order[0], found.explanation.selected_text) == (3, "No")
    assert found.explanation.target_ids.tolist() == [NO] and found.explanation.provenance["target_ids"] == {"0": NO}
    (shown,) = comparison.maps(model, asked(), ["occlusion"], 4, "grid").values()
    assert (shown == shown.max())[quarter(3)].all()
    row = results.audit(table, "LLaVA-1.5-7B", "RePOPE").query("method == 'greedy' and metric == 'insertion_auc'")
    assert row["same_convention"].tolist() == [True] and row["published"].notna().all()


def test_counter_tokens_of_another_model_are_not_followed_and_an_audit_says_so():
    model = Asked(("</s>", "?", "!", "no", "yes"))
    table = compare(model, [asked()], ["greedy"])
    assert model.targets == [None] * 2 and "counter" not in table
    assert table["word"].tolist() == ["Yes"]
    row = results.audit(table, "LLaVA-1.5-7B", "RePOPE").query("metric == 'insertion_auc'")
    assert row["same_convention"].tolist() == [False]
    response = Asked().respond(IMAGE, "?", [YES])
    assert recorded_targets(Asked(), response, asked()) == {0: NO}
    assert recorded_targets(Asked(), response, asked(counter_ids=[50])) == {}  # beyond the vocabulary
    assert recorded_targets(Asked(), response, asked(positions=[1])) == {}  # the end of the answer


def test_a_file_of_rows_tells_counter_tokens_apart(tmp_path):
    file = tmp_path / "rows.jsonl"
    compare(Asked(), [asked()], rows=file)
    again = compare(Asked(), [asked(counter_ids=[2])], rows=file)
    assert again["counter"].tolist() == ["!", "!"]
    assert len(file.read_text().splitlines()) == 4


def test_a_study_takes_the_recorded_counter_token(monkeypatch):
    module = importlib.import_module("eagle_nb.hallucination.study")
    monkeypatch.setattr(module, "correct", lambda model, claim, explanation: explanation)
    monkeypatch.setattr(module, "judge", lambda correction: None)
    monkeypatch.setattr(module, "counter_token", lambda model, claim: Counter(0, 2, "!"))
    model = Asked()
    response = model.respond(IMAGE, "Is there a cup?", [YES])
    case = module.study(model, asked(), response, regions=4, progress=False)
    assert case.counter == (0, NO, "No", 0) and model.targets == [{0: NO}]
    other = model.respond(IMAGE, "Is there a cup?", "Yes")  # spelt by other tokens
    assert module.study(model, asked(), other, regions=4, progress=False).counter == (0, 2, "!", 0)
    assert module.study(model, asked(), response, counter=(0, 1), regions=4, progress=False).counter.token_id == 1


def test_a_small_box_and_an_empty_mask_spoil_no_other_figure():
    small = SampleObject("red cup", (5.2, 3.2, 5.9, 3.9), np.zeros((HEIGHT, WIDTH), bool))
    table = compare(Additive(), [Sample("s", IMAGE, "what?", label="red cup", objects=(small,))])
    assert table["failure"].tolist() == ["", ""]
    assert table["pointing_box"].tolist() == [True, True]  # the pixel (5, 3) is of region 0
    assert table[["pointing_mask", "pointing_mask_share"]].isna().all(axis=None)
    assert table["insertion_auc"].notna().all()


def test_objects_without_masks_have_no_pointing_figures():
    bare = Sample("s", IMAGE, "what?", label="red cup", objects=(SampleObject("red cup"),))
    table = compare(Additive(), [bare])
    assert table[["pointing_mask", "pointing_box", "pointing_mask_share"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"methods": ("greedy", "lime")}, "unknown method 'lime'"),
        ({"methods": ("greedy", "greedy")}, "names each once"),
        ({"methods": ()}, "names each once"),
        ({"options": {"rise": {"masks": 3}}}, "options only those"),
        ({"options": {"greedy": {"masks": 3}}}, r"no option \['masks'\]"),
        ({"options": {"occlusion": {"masks": 3}}}, "no option 'masks'"),
        ({"options": {"greedy": {"budget": -3}}}, "budget of -3"),
        ({"regions": 1}, "at least 2, got 1"),
        ({"segmentation": "voronoi"}, "unknown segmentation 'voronoi'"),
        ({"fill": "white"}, "unknown fill 'white'"),
        ({"weights": (0, 0)}, "not both zero"),
        ({"rows": "rows.csv"}, "kept in a .jsonl file"),
    ],
)
def test_mistakes_are_told_before_the_model_runs(arguments, message):
    model = Additive()
    with pytest.raises((ValueError, TypeError), match=message):
        compare(model, [sample()], **arguments)
    assert model.scorers == 0


def test_samples_are_checked():
    with pytest.raises(TypeError, match="at least one"):
        compare(Additive(), [])
    with pytest.raises(ValueError, match="same id"):
        compare(Additive(), [sample(), sample()])


def test_differences_are_paired():
    rows = [
        {"sample": str(k), "method": m, "insertion_auc": k + off}
        for k in range(5)
        for m, off in (("greedy", 0.0), ("near", -0.25), ("equal", 0.0))
    ]
    rows.append({"sample": "5", "method": "greedy", "insertion_auc": 100.0})
    told = comparison.differences(results.frame(rows), "insertion_auc")
    assert told["method"].tolist() == ["near", "equal"]
    assert told["difference"].tolist() == [-0.25, 0.0]
    assert told[["low", "high"]].to_numpy().tolist() == [[-0.25, -0.25], [0.0, 0.0]]
    assert told["n"].tolist() == [5, 5]
    with pytest.raises(ValueError, match="no metric 'auc'"):
        comparison.differences(results.frame(rows), "auc")


def test_a_baseline_gives_an_explanation():
    response = Additive().generate(IMAGE, "what?")
    found = attempt("occlusion", Additive(best=1), response, "cup", eagle.Regions.grid(IMAGE, 4))
    assert found.explanation.order[0] == 1
    assert found.explanation.tokens == [2]
    assert found.explanation.trace.search == "occlusion"
    assert found.region_map[quarter(1)] == pytest.approx(0.5)
    assert found.passes == 6


def test_an_attempt_at_a_search_is_explain():
    model = Additive(best=1)
    response = model.generate(IMAGE, "what?")
    ours = attempt("greedy", model, response, "cup", 5, "mean", (1.0, 0.0))
    theirs = eagle.explain(model, response, "cup", 5, "mean", "greedy", (1.0, 0.0), progress=False)
    np.testing.assert_array_equal(ours.explanation.order, theirs.order)
    np.testing.assert_array_equal(ours.explanation.insertion, theirs.insertion)
    np.testing.assert_array_equal(ours.map, theirs.saliency())
    assert ours.passes == theirs.forward_passes


def test_memory_that_is_held_is_measured():
    with measured() as nothing:
        pass
    with measured() as cost:
        held = np.ones(2**25)  # 256 MiB
    assert held.nbytes <= cost.peak_bytes < 2 * held.nbytes
    assert nothing.peak_bytes < held.nbytes / 8


def test_maps_leave_out_what_fails():
    with pytest.warns(UserWarning, match="tam has no map: TypeError"):
        found = comparison.maps(Additive(best=3), sample(), ["occlusion", "tam"], regions=4, segmentation="grid")
    assert list(found) == ["occlusion"]
    assert (found["occlusion"] == found["occlusion"].max())[quarter(3)].all()
    fig = figures.gallery(IMAGE, found, quarter(3))
    assert [a.text for a in fig.layout.annotations] == ["the image", "occlusion"]
    with pytest.raises(ValueError, match=r"\(16, 24\)"):
        figures.gallery(IMAGE, {"a": np.zeros((3, 3))})


def test_the_figure_of_intervals_has_the_summary():
    table = compare(Additive(best=2), [sample(where=2), sample("t", where=1)])
    fig = figures.intervals(table, ["insertion_auc", "pointing_mask"], "<title>")
    assert fig.layout.title.text == "&lt;title&gt;"
    assert list(fig.data[0].y) == ["greedy", "occlusion"]
    assert list(fig.data[1].x) == [0.5, 0.5]
    low, high = eagle.metrics.interval([True, False])
    assert fig.data[1].error_x.arrayminus[0] == pytest.approx(0.5 - low)
    assert fig.data[1].error_x.array[0] == pytest.approx(high - 0.5)
    assert "lower" not in fig.layout.xaxis.title.text
    cost = figures.tradeoff(table)
    assert [float(trace.x[0]) for trace in cost.data] == table["forward_passes"].tolist()[:2]
    with pytest.raises(ValueError, match="no metric 'beauty'"):
        figures.intervals(table, ["beauty"])


def test_the_frontier_shows_the_calibration():
    measured = calibration.measured()
    for size, table in [(n, t) for n, t in measured.groupby("regions")] + [(None, measured[measured["regions"] == 64])]:
        lines = {trace.name: trace for trace in figures.frontier(size, title="<t>").data if trace.name}
        assert set(lines) == set(table["search"]) == set(eagle.search.STRATEGIES)
        fast = table[table["search"] == "fast"]
        np.testing.assert_allclose(lines["fast"].x, fast["passes_per_region"])
        np.testing.assert_allclose(lines["fast"].y, 1 - fast["median"])
        np.testing.assert_allclose(lines["fast"].customdata, 1 - fast["percentile_95"])


def test_a_journal_grows_and_survives_a_cut_line(tmp_path):
    file = tmp_path / "rows.jsonl"
    journal = Journal(file)
    journal["a"] = {"x": 1.5, "none": None}
    journal["b"] = {"x": float("nan")}
    with file.open("a") as handle:
        handle.write('{"key": "c", "x"')
    again = Journal(file)
    assert list(again) == ["a", "b"]
    assert again["a"] == {"x": 1.5, "none": None}
    assert np.isnan(again["b"]["x"])
    again["c"] = {"x": 2}
    assert [json.loads(line)["key"] for line in file.read_text().splitlines()] == ["a", "b", "c"]
    file.write_text("{}\n")
    with pytest.raises(ValueError, match="line 1 of"):
        Journal(file)
    with pytest.raises(TypeError, match="only grows"):
        del again["a"]


def test_keys_tell_facts_apart():
    assert digest(a=1, b=np.arange(3)) == digest(b=np.arange(3), a=1)
    different = [digest(a=v) for v in (1, "1", np.arange(3), np.arange(3.0), np.arange(3)[:, None], [0, 1, 2], None)]
    assert len(set(different)) == len(different)
    with pytest.raises(TypeError, match="set cannot be part of a key"):
        digest(a={1})
