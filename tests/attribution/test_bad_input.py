"""Mistakes are reported before a model runs, with the value and the remedy."""

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle

from ..conftest import ToyModel, make_response


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"tokens": "blue"}, ValueError, r"'blue' is not in the answer.*'angle'"),
        ({"tokens": 8}, ValueError, "token index 8 is out of range 0 … 7"),
        ({"tokens": [0, -1]}, ValueError, "token index -1"),
        ({"tokens": []}, ValueError, "empty"),
        ({"tokens": [1, 1]}, ValueError, "repeats"),
        ({"tokens": 1.0}, TypeError, "tokens must be"),
        ({"regions": 0}, ValueError, r"must be 1 … 384 for a 24 × 16 image, got 0"),
        ({"regions": -5}, ValueError, "got -5"),
        ({"regions": 1}, ValueError, "at least two regions, there is 1"),
        ({"regions": 385}, ValueError, "got 385"),
        ({"regions": 2.0}, TypeError, "a number or a Regions"),
        ({"regions": "slic"}, TypeError, "a number or a Regions"),
        (
            {"regions": eagle.Regions.grid(np.zeros((24, 16), np.uint8), 4)},
            ValueError,
            "16 × 24 pixels, the image 24 × 16",
        ),
        ({"regions": np.zeros((3, 3), int)}, ValueError, "the region map is 3 × 3"),
        ({"fill": "white"}, ValueError, "unknown fill 'white'; known fills: black, mean, blur, noise, inpaint"),
        ({"fill": Image.new("RGB", (3, 3))}, ValueError, "sizes must agree"),
        ({"search": "magic"}, ValueError, "unknown search 'magic'; known searches: greedy"),
        ({"weights": (0, 0)}, ValueError, "not both zero"),
        ({"weights": (-1, 1)}, ValueError, "not negative"),
        ({"budget": 9, "regions": 4}, ValueError, "takes at least 10"),
        ({"budget": 2.5}, TypeError, "number of forward passes"),
        ({"target_ids": {9: 1}}, ValueError, r"position 9, out of range 0 … 7"),
        ({"target_ids": {0: 50}}, ValueError, r"token id 50 at position 0; ids are 0 … 49"),
        ({"target_ids": [1]}, TypeError, "maps positions"),
        ({"colour": "red"}, TypeError, "colour"),
    ],
)
def test_explain_refuses(options, error, says):
    toy = ToyModel()
    with pytest.raises(error, match=says):
        eagle.explain(toy, make_response(["a", " red", " tri", "angle", " on", " red", " grass", "."]), **options)
    assert toy.scored == 0


def test_explain_needs_a_response():
    with pytest.raises(TypeError, match=r"model\.generate"):
        eagle.explain(ToyModel(), "a red circle")
    with pytest.raises(ValueError, match="no tokens"):
        eagle.explain(ToyModel(), make_response([]))


class Broken:
    n_regions = 3

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, shown):
        return self.answer(shown)


def _nan_when_second_hidden(shown):
    out = np.full((len(shown), 2), 0.5)
    out[~shown[:, 1] & shown[:, 0]] = np.nan
    return out


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda s: np.zeros((len(s) + 1, 2)), r"shape \(3, 2\) for 2 coalitions"),
        (lambda s: np.zeros(len(s)), r"shape \(2,\)"),
        (lambda s: np.zeros((len(s), 0)), "no tokens"),
        (lambda s: np.zeros((len(s), 2 if len(s) == 2 else 3)), "expected"),
        (lambda s: np.full((len(s), 2), 1e300), "NaN or infinity"),
        (_nan_when_second_hidden, r"NaN or infinity for the coalition of regions \[0\]"),
    ],
)
def test_a_broken_scorer_is_named(answer, says):
    with pytest.raises(ValueError, match=says):
        eagle.search.order(Broken(answer))


@pytest.mark.parametrize("tokens", [1, "01", [0.9], [True, False], np.array([True, False]), [None]])
def test_order_takes_indices_alone(tokens):
    with pytest.raises(TypeError, match="indices of tokens"):
        eagle.search.order(Broken(lambda s: np.full((len(s), 2), 0.5)), tokens=tokens)


def test_a_group_of_no_tokens_is_refused_before_the_search():
    asked = []
    scorer = Broken(lambda s: asked.append(len(s)) or np.full((len(s), 2), 0.5))
    with pytest.raises(ValueError, match="empty"):
        eagle.search.order_each(scorer, [[0], []])
    assert asked == [2]


def test_a_scorer_says_how_many_regions_there_are():
    with pytest.raises(TypeError, match="n_regions None"):
        eagle.search.order(lambda shown: shown[:, :1])
    with pytest.raises(TypeError, match="not callable"):
        eagle.search.order(type("Regions", (), {"n_regions": 4})())


@pytest.mark.parametrize(("tokens", "says"), [([2], "out of range 0 … 1"), ([], "empty"), ([0, 0], "repeats")])
def test_order_checks_its_tokens(tokens, says):
    with pytest.raises(ValueError, match=says):
        eagle.search.order(Broken(lambda s: np.full((len(s), 2), 0.5)), tokens=tokens)


def test_order_refuses_unknown_keywords():
    with pytest.raises(TypeError, match="stratgy"):
        eagle.search.order(Broken(lambda s: np.zeros((len(s), 1))), stratgy="greedy")


def test_an_image_file_that_is_missing_or_broken(tmp_path):
    with pytest.raises(FileNotFoundError, match="no image file"):
        eagle.open_image(tmp_path / "none.png")
    with pytest.raises(ValueError, match="no image file"):
        eagle.open_image(str(tmp_path / "none.png"))
    whole = tmp_path / "whole.png"
    eagle.scenes.draw(0).image.save(whole)
    cut = tmp_path / "cut.png"
    cut.write_bytes(whole.read_bytes()[:2000])
    with pytest.raises(ValueError, match=r"cut\.png.*broken or truncated"):
        eagle.open_image(cut)
    text = tmp_path / "text.jpg"
    text.write_text("no image")
    with pytest.raises(ValueError, match="not an image"):
        eagle.open_image(text)
    with pytest.raises(ValueError, match="folder"):
        eagle.open_image(tmp_path)


def test_a_folder_that_is_no_model(tmp_path):
    with pytest.raises(ValueError, match=r"holds no model: it has no config\.json"):
        eagle.load_model(tmp_path)
    with pytest.raises(ValueError, match="no model folder"):
        eagle.load_model(tmp_path / "none")
    with pytest.raises(TypeError, match="devise"):
        eagle.load_model(devise="cpu")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"size": 8}, "at least 32"),
        ({"background": "sea"}, "known: grass, brick, gravel, paper"),
        ({"relation": "beside"}, "known: left of"),
        ({"pair": "half"}, "known: table_cup, table_only, table_book"),
        ({"arrangement": "heap"}, "known: list, group, table"),
        ({"arrangement": "list", "pair": "table_cup"}, "belong to a table"),
        ({"arrangement": "group", "relation": "above"}, "a group has no relation"),
        ({"objects": 9}, "1 to 3"),
        ({"objects": ["red dog"]}, "cannot draw 'red dog'"),
        ({"objects": ["red blue circle"]}, "cannot draw"),
        ({"objects": ["large table"]}, "neither size nor colour"),
        ({"objects": ["table", "table"]}, "one table"),
        ({"objects": ["red star", "red star"]}, "same colour and shape"),
        ({"objects": ["red star"], "relation": "above"}, "needs two objects"),
        ({"objects": ["red star"], "pair": "table_cup"}, "need a 'table'"),
    ],
)
def test_draw_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        eagle.scenes.draw(0, **options)


def test_an_answer_without_words_says_what_to_do(toy):
    with pytest.raises(ValueError, match="words=False explains every token"):
        eagle.explain_each(toy, make_response([".", "!"]), regions=4)
