"""Answers to samples: recorded ones, their tokens and counter tokens, and generated ones."""

import numpy as np
import pytest

from eagle_nb.datasets import Sample, answer_sample, recorded_response, recorded_targets, recorded_tokens
from eagle_nb.datasets.published import CAPTION_PROMPT
from eagle_nb.inputs.response import Response, token_spans

from .rows import ANSWER, CAPTION_ROW, LONG, OBJECT_ROW, YES_ROW

PIECES = {
    1: "<s>", 2: "</s>", 10: "A", 11: " to", 12: "oth", 13: "brush on a", 14: " TV.", 15: " brush", 20: "Yes", 21: "No",
    22: ", there is none.", 23: "Open",
}  # fmt: skip


class Speller:
    """A model that only spells: its tokens are `pieces`, and it spells a text with one token per character."""

    def __init__(self, pieces=PIECES):
        self.pieces = dict(pieces)
        self.vocabulary_size = 1000

    def decode(self, token_ids):
        return "".join(self.pieces.get(i, chr(i - 500) if i >= 500 else "?") for i in token_ids)

    def respond(self, image, prompt, answer):
        ids = [500 + ord(c) for c in answer] if isinstance(answer, str) else list(answer)
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        tokens, spans = token_spans(prefixes)
        return Response(image, prompt, prefixes[-1], ids, tokens, spans)


def test_token_ids_are_used_where_the_model_matches(read):
    response = recorded_response(Speller(), read(OBJECT_ROW)[0])
    assert response.token_ids == ANSWER[:-1]
    assert response.text == "A toothbrush on a TV."
    assert response.prompt == CAPTION_PROMPT


def test_an_answer_that_was_cut_short_keeps_its_last_token(read):
    row = OBJECT_ROW | {"generated_ids": [*LONG, *ANSWER[:-1]], "output_word_id": ANSWER[:-1]}
    assert recorded_response(Speller(), read(row)[0]).token_ids == ANSWER[:-1]


@pytest.mark.parametrize("change", [{11: " so"}, {14: " TV"}, {12: ""}])
def test_the_text_is_spelled_again_where_it_does_not_match(read, change):
    response = recorded_response(Speller(PIECES | change), read(OBJECT_ROW)[0])
    assert response.text == "A toothbrush on a TV."
    assert response.token_ids == [500 + ord(c) for c in response.text]


def test_ids_beyond_the_vocabulary_belong_to_another_model(read):
    model = Speller()
    model.vocabulary_size = 12
    assert recorded_response(model, read(OBJECT_ROW)[0]).token_ids[0] == 500 + ord("A")


def test_the_explained_word_is_found_in_both_spellings(read):
    sample = read(OBJECT_ROW)[0]
    same, other = recorded_response(Speller(), sample), recorded_response(Speller({}), sample)
    assert recorded_tokens(same, sample) == [1, 2, 3]
    assert recorded_tokens(same, sample, whole_word=False) == [1]
    assert recorded_tokens(other, sample) == list(range(2, 12))
    assert recorded_tokens(other, sample, whole_word=False) == [2]


def test_case_does_not_hide_a_word(read):
    sample = read(OBJECT_ROW | {"select_category": "tv", "target_generated_index": 4})[0]
    assert recorded_tokens(recorded_response(Speller(), sample), sample) == [4]


def test_of_several_mentions_the_recorded_one_counts(read):
    row = CAPTION_ROW | {
        "generate_sentence": "A brush brush", "generated_ids": [[*LONG, 10, 15, 15, 2]], "words": ["A", " brush", " brush", ""],
        "selected_interpretation_token_id": [2],
    }  # fmt: skip
    sample = read(row)[0]
    assert recorded_tokens(recorded_response(Speller(), sample), sample) == [2]
    assert recorded_tokens(recorded_response(Speller({}), sample), sample) == list(range(2, 7))


SNOWBOARDING = {10: "A", 30: " girl is", 31: " snow", 32: "board", 33: "ing.", 2: "</s>"}
ORANGES = {10: "A", 40: " pile of", 41: " or", 42: "anges", 43: " on a", 14: " TV.", 2: "</s>"}


@pytest.mark.parametrize(
    ("word", "position", "pieces", "tokens"),
    [("snowboard", 2, SNOWBOARDING, [2, 3, 4]), ("orange", 3, ORANGES, [2, 3]), ("pile", 5, ORANGES, [5])],
)
def test_the_recorded_position_counts_where_the_answer_inflects_the_word(read, word, position, pieces, tokens):
    row = OBJECT_ROW | {
        "generate_sentence": "".join(pieces.values()).removesuffix("</s>"), "output_word_id": list(pieces),
        "generated_ids": [*LONG, *pieces], "select_category": word, "target_generated_index": position,
    }  # fmt: skip
    sample = read(row)[0]
    response = recorded_response(Speller(pieces), sample)
    assert recorded_tokens(response, sample) == tokens
    assert recorded_tokens(response, sample, whole_word=False) == [position]


def test_a_position_within_a_name_of_two_words_takes_both(read):
    pieces = {10: "A", 50: " hot", 51: " dog", 52: "s", 53: " and a cat.", 2: "</s>"}
    row = OBJECT_ROW | {
        "generate_sentence": "A hot dogs and a cat.", "output_word_id": list(pieces), "generated_ids": [*LONG, *pieces],
        "select_category": "hot dog",
    }  # fmt: skip
    sample = read(row)[0]
    assert recorded_tokens(recorded_response(Speller(pieces), sample), sample) == [1, 2, 3]


@pytest.mark.parametrize(
    ("said", "start", "length"), [("A pile of oranges.", 10, 7), ("Oranges by an orange", 14, 6), ("Two ORANGES", 4, 7)]
)
def test_a_plural_is_found_in_other_tokens_but_the_word_itself_goes_first(read, said, start, length):
    sample = read(OBJECT_ROW | {"generate_sentence": said, "select_category": "orange"})[0]
    response = recorded_response(Speller({}), sample)
    assert recorded_tokens(response, sample) == list(range(start, start + length))
    assert recorded_tokens(response, sample, whole_word=False) == [start]


def test_other_endings_are_not_found_in_other_tokens(read):
    said = {"generate_sentence": "A girl is snowboarding.", "select_category": "snowboard"}
    sample = read(OBJECT_ROW | said)[0]
    with pytest.raises(ValueError, match="'snowboard' is not in the answer"):
        recorded_tokens(recorded_response(Speller({}), sample), sample)


def test_without_a_word_all_tokens_are_explained(read):
    sample = read(CAPTION_ROW)[0]
    assert recorded_tokens(recorded_response(Speller(), sample), sample) == [0, 1]


def test_several_positions_without_a_word_are_explained(read):
    sample = read(OBJECT_ROW | {"select_category": None, "target_generated_index": None} | {
        "selected_interpretation_token_id": [0, 2, 5],
    })[0]  # fmt: skip
    same, other = recorded_response(Speller(), sample), recorded_response(Speller({}), sample)
    assert recorded_tokens(same, sample) == [0, 1, 2, 3]  # with the rest of "toothbrush", without the end
    assert recorded_tokens(same, sample, whole_word=False) == [0, 2]
    assert recorded_tokens(other, sample) == list(range(len("A toothbrush on a TV.")))


def test_a_missing_word_a_missing_answer_and_a_model_without_respond(read, response):
    sample = read(OBJECT_ROW)[0]
    with pytest.raises(ValueError, match="'toothbrush' is not in the answer"):
        recorded_tokens(response, sample)
    with pytest.raises(TypeError, match="object does not accept given answers"):
        recorded_response(object(), sample)
    with pytest.raises(ValueError, match="has no recorded answer"):
        recorded_response(Speller(), Sample("a", sample.source, "what?"))


def test_a_model_that_cannot_spell_the_answer_says_so(read):
    model = Speller({500 + ord("T"): "t"} | {11: " so"})
    with pytest.raises(
        ValueError, match=r"cannot spell the recorded answer 'A toothbrush on a TV\.'; its tokens give .* tV"
    ):
        recorded_response(model, read(OBJECT_ROW)[0])


@pytest.mark.model
def test_the_bundled_model_spells_a_recorded_answer(bundled, read):
    said = "a red circle on grass."
    row = CAPTION_ROW | {"generate_sentence": said, "words": None, "generated_ids": None}
    sample = read(row | {"selected_interpretation_token_id": None})[0]
    response = recorded_response(bundled, sample)
    assert response.text == said
    assert response.token_ids == bundled.encode(said)


# -- answers -------------------------------------------------------------------------------------------


class Says(Speller):
    """Answers with given tokens, whatever the prompt."""

    def __init__(self, *tokens):
        super().__init__(dict(enumerate(tokens)))
        self.tokens = tokens

    def generate(self, image, prompt, max_new_tokens=128):
        return self.respond(image, prompt, range(len(self.tokens)))


def sample(label, prompt="what?"):
    return Sample("s", np.zeros((4, 6, 3), np.uint8), prompt, label=label)


@pytest.mark.parametrize(
    ("label", "tokens"),
    [
        ("Cup", [3]),
        ("RED", [2]),
        ("red cup", [2, 3]),
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
        assert answer_sample(model, sample(label))[1] == tokens
        return
    message = f"'{label}' is not in the answer, as a word, nor in the prompt of sample 's'"
    for prompt in ("what?", "which carrier scatters buses?"):  # parts of words do not count in the prompt either
        with pytest.raises(ValueError, match=message):
            answer_sample(model, sample(label, prompt))


def test_the_word_itself_comes_before_its_plural():
    model = Says("cups", " and", " a", " cup")
    assert answer_sample(model, sample("cup"))[1] == [3]


@pytest.mark.parametrize(("label", "prompt"), [("dog", "how many dogs?"), (None, "what?"), (" ", "what?")])
def test_a_label_of_the_prompt_or_no_label_stands_for_the_whole_answer(label, prompt):
    response, tokens = answer_sample(Says("cups", " and", " a", " cup"), sample(label, prompt))
    assert (response.prompt, tokens) == (prompt, [0, 1, 2, 3])


def test_a_recorded_answer_is_explained_where_it_was(read):
    response, tokens = answer_sample(Speller(), read(OBJECT_ROW)[0])
    assert (response.token_ids, tokens) == (ANSWER[:-1], [1, 2, 3])


def test_counter_tokens_of_a_recorded_answer(read):
    yes = read(YES_ROW)[0]
    response, tokens = answer_sample(Speller(), yes)
    assert (response.text, tokens) == ("Yes", [0])
    assert recorded_targets(Speller(), response, yes) == {0: 21}
    beyond = read(YES_ROW | {"counter_word_id": [1000]})[0]
    assert recorded_targets(Speller(), response, beyond) == {}  # above the size of the vocabulary
    at_the_end = read(YES_ROW | {"selected_interpretation_token_id": [1]})[0]
    assert recorded_targets(Speller(), response, at_the_end) == {}
    assert recorded_targets(Speller({}), recorded_response(Speller({}), yes), yes) == {}  # other tokens
    assert recorded_targets(Speller(), response, read(CAPTION_ROW)[0]) == {}
