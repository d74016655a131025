"""Responses: words, selections of tokens, and character spans."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import eagle_nb as eagle
from eagle_nb.inputs.response import token_spans

from ..conftest import make_response


def test_find_words_and_phrases(response):
    assert response.find("red") == [1]
    assert response.find("red", occurrence=1) == [5]
    assert response.find("triangle") == [2, 3]
    assert response.find("red triangle") == [1, 2, 3]
    assert response.find(" grass ") == [6]


def test_find_never_matches_inside_a_longer_word(response):
    r = make_response(["cat", "egory", " of", " a", " cat"])
    assert r.find("cat") == [4]
    with pytest.raises(ValueError, match="'categ' is not in the answer as whole words"):
        r.find("categ")
    with pytest.raises(ValueError, match="'angle' is not in the answer as whole words"):
        response.find("angle")


def test_find_lists_what_was_said(response):
    with pytest.raises(ValueError, match=r"'blue' is not in the answer.*' tri', 'angle'"):
        response.find("blue")
    with pytest.raises(
        ValueError, match=r"the answer contains 'red' 2 times \(0: 'a red triangle on…', 1: '…triangle on red grass.'\)"
    ):
        response.find("red", occurrence=2)
    with pytest.raises(ValueError, match="non-empty"):
        response.find(" ")


def test_case_counts_unless_there_is_another_case_only():
    assert make_response(["No", ",", " no"]).find("no") == [2]
    assert make_response(["No", ",", " there"]).find("no") == [0]


def test_the_first_place_outside_a_thinking_block_is_found():
    r = make_response(["<think>", "no", " doubt", "</think>", " no", " no"])
    assert r.find("no") == [4]
    assert r.find("no", occurrence=0) == [1]
    assert make_response(["<think>", "no", " doubt"]).find("no") == [1]


def test_texts_are_compared_in_one_normal_form():
    r = make_response(["it", " isn", "\u2019", "t", "\u00a0", "a", " cafe", "\u0301"])
    assert r.find("isn't a") == [1, 2, 3, 4, 5]
    assert r.find("caf\u00e9") == [6, 7]
    assert [w.text for w in r.words] == ["it", "isn\u2019t", "a", "cafe\u0301"]


@pytest.mark.parametrize("kind", ["list", "numpy", "torch", "pandas"])
def test_a_boolean_mask_selects_among_all_tokens(response, kind):
    mask = [k in (1, 5) for k in range(8)]
    if kind == "numpy":
        mask = np.array(mask)
    elif kind == "torch":
        mask = pytest.importorskip("torch").tensor(mask)
    elif kind == "pandas":
        mask = pytest.importorskip("pandas").Series(mask)
    assert response.resolve(mask) == [1, 5]
    with pytest.raises(ValueError, match="all 8 tokens, it has 7 entries"):
        response.resolve(mask[:7])


def test_words_keep_their_tokens_together(response):
    assert [(w.text, w.tokens) for w in response.words] == [
        ("a", (0,)), ("red", (1,)), ("triangle", (2, 3)), ("on", (4,)), ("red", (5,)), ("grass", (6,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tokens", "indices"),
    [(None, list(range(8))), ("red triangle", [1, 2, 3]), (4, [4]), ([6, 2], [2, 6]), ((0,), [0])],
)
def test_resolve(response, tokens, indices):
    assert response.resolve(tokens) == indices


def test_resolve_takes_a_picker(response):
    class Picker:
        selected = (1, 3)

    assert response.resolve(Picker()) == [1, 3]


@pytest.mark.parametrize(
    ("tokens", "error", "says"),
    [
        ([], ValueError, "empty"),
        (8, ValueError, r"out of range 0 … 7.*' tri'"),
        (-1, ValueError, "out of range"),
        ([1, 1], ValueError, "repeats"),
        (1.5, TypeError, "tokens must be"),
        ([1.5], TypeError, "tokens must be"),
        ([True], ValueError, "all 8 tokens, it has 1"),
        ([False] * 8, ValueError, "empty"),
        ([True, 1], TypeError, "tokens must be"),
        (b"\x01", TypeError, "tokens must be"),
        (np.array([1.0]), TypeError, "tokens must be"),
        (True, TypeError, "tokens must be"),
        ({1: 2}, TypeError, "tokens must be"),
        ([[1]], TypeError, "tokens must be"),
    ],
)
def test_resolve_refuses(response, tokens, error, says):
    with pytest.raises(error, match=says):
        response.resolve(tokens)


def test_spans_of_a_character_in_two_tokens():
    tokens, spans = token_spans(["a", "a \ufffd", "a \ufffd", "a 🙂", "a 🙂!"])
    assert "".join(tokens) == "a 🙂!"
    assert spans == [(0, 1), (1, 3), (2, 3), (2, 3), (3, 4)]
    r = eagle.Response(make_response(["x"]).image, "p", "a 🙂!", [1, 2, 3, 4, 5], tokens, spans)
    assert r.find("🙂") == [1, 2, 3]


def test_spans_where_the_decoder_drops_the_first_space():
    tokens, spans = token_spans(["A", "A red", "A red heart"])
    assert tokens == ["A", " red", " heart"]
    assert spans == [(0, 1), (1, 5), (5, 11)]


def test_it_checks_itself():
    image = make_response(["x"]).image
    with pytest.raises(ValueError, match="do not match"):
        eagle.Response(image, "p", "ab", [1, 2], ["a"], [(0, 1)])
    with pytest.raises(ValueError, match="outside the text"):
        eagle.Response(image, "p", "ab", [1], ["ab"], [(0, 3)])


def test_the_text_of_a_model_is_text_when_printed():
    r = make_response(["$x$", " \x1b[31mred", " \u202ecba"])
    assert repr(r).startswith("Response(prompt=")
    assert "text='$x$ ␛[31mred \\u202ecba'" in repr(r)


@pytest.mark.parametrize("tokens", [np.array(1), torch.tensor(1), np.array("red")])
def test_arrays_without_axes_are_single_values(response, tokens):
    assert response.resolve(tokens) == [1]


@pytest.mark.parametrize("tokens", [np.array([[1, 2]]), np.array(True), np.ones((1, 7), bool), torch.tensor([[1]])])
def test_arrays_of_several_axes_select_nothing(response, tokens):
    with pytest.raises(TypeError, match="tokens must be None, a text, an index"):
        response.resolve(tokens)


@given(st.text(max_size=20), st.data())
def test_spans_tile_the_text_however_tokens_cut_its_bytes(text, data):
    """Tokens are pieces of the UTF-8 bytes, as those of byte-level tokenizers."""
    content = text.encode(errors="ignore")
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(content) - 1)), max_size=12)) | {len(content)})
    pieces = [content[:cut].decode(errors="replace") for cut in cuts if 0 < cut <= len(content)]
    tokens, spans = token_spans(pieces)
    assert "".join(tokens) == content.decode()
    assert {k for start, end in spans for k in range(start, end)} == set(range(len(content.decode())))
    assert all(0 <= start <= end for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
