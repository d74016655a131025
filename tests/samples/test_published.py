"""Lists of the published form, made by hand; the real ones are read where they lie."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets import from_published, recorded_response, recorded_tokens
from eagle_nb.datasets.published import CAPTION_PROMPT, YES_NO_PROMPT

IMAGE_ID = 900
ANSWER = [10, 11, 12, 13, 14, 2]  # "A to", "oth", "brush on a TV."
HEAD = [1, 7, *[IMAGE_ID] * 30, 8]
LONG = [*HEAD, *range(100, 150)]

OBJECT_ROW = {
    "image_path": "000000000001.jpg", "gt_caption": "A toothbrush. ", "generate_sentence": "A toothbrush on a TV.",
    "generated_ids": [*LONG, *ANSWER], "output_word_id": ANSWER, "select_category": "toothbrush",
    "location": [1, 1, 3, 3], "segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]],
    "target_generated_index": 1, "target_generated_id": 11, "target_generated_token": "\u2581to",
}  # fmt: skip
CAPTION_ROW = {
    "image_path": "000000000001.jpg", "gt_caption": ["A brush.", "A blue brush."], "generate_sentence": "A brush",
    "generated_ids": [[*LONG, 10, 15, 2]], "selected_interpretation_token_id": [0, 1, 2],
    "selected_interpretation_token_word_id": [10, 15, 2], "words": ["A", " brush", ""],
}  # fmt: skip
YES_ROW = {
    "image_name": "COCO_val2014_000000000001.jpg", "question": "Is there a traffic light in the image?", "label": "no",
    "generate_sentence": "Yes", "generated_ids": [[*LONG, 20, 2]], "selected_interpretation_token_id": [0],
    "selected_interpretation_token_word_id": [20], "words": ["Yes", ""], "counter_word_id": [21], "id": 1,
}  # fmt: skip
NO_ROW = YES_ROW | {
    "question": "Is there an oven in the image?", "label": "yes", "generate_sentence": "No, there is none.",
    "generated_ids": [[*HEAD, *range(100, 112), 21, 22, 2]], "words": ["No", ", there is none.", ""], "counter_word_id": [20],
}  # fmt: skip
CHOICE_ROW = {
    "image_filename": "000000000001.jpg", "question": "Open or closed?", "options": ["Open", "Closed"], "answer": "b",
    "generate_sentence": "Open", "generated_ids": [[*LONG, 23, 2]], "words": ["Open", ""],
    "selected_interpretation_token_id": [0, 1],
}  # fmt: skip

PIECES = {
    1: "<s>", 2: "</s>", 10: "A", 11: " to", 12: "oth", 13: "brush on a", 14: " TV.", 15: " brush", 20: "Yes", 21: "No",
    22: ", there is none.", 23: "Open",
}  # fmt: skip


class Speller:
    """A model that only spells: its tokens are `pieces`, a text becomes one token per character."""

    def __init__(self, pieces=PIECES):
        self.pieces = dict(pieces)
        self.vocabulary_size = 1000

    def decode(self, token_ids):
        return "".join(self.pieces.get(i, chr(i - 500) if i >= 500 else "?") for i in token_ids)

    def respond(self, image, prompt, answer):
        import eagle_nb as eagle
        from eagle_nb.inputs.response import token_spans

        ids = [500 + ord(c) for c in answer] if isinstance(answer, str) else list(answer)
        prefixes = [self.decode(ids[: k + 1]) for k in range(len(ids))]
        tokens, spans = token_spans(prefixes)
        return eagle.Response(image, prompt, prefixes[-1], ids, tokens, spans)


@pytest.fixture
def read(tmp_path):
    (tmp_path / "images").mkdir()
    Image.new("RGB", (6, 4)).save(tmp_path / "images" / "000000000001.jpg")

    def from_rows(*rows, **options):
        (tmp_path / "list.json").write_text(json.dumps(rows))
        return from_published(tmp_path / "list.json", tmp_path / "images", **options)

    return from_rows


def test_an_object_list(read):
    (sample,) = read(OBJECT_ROW)
    assert (sample.id, sample.prompt) == ("000000000001-0", CAPTION_PROMPT)
    assert (sample.answer, sample.recorded, sample.label) == ("A toothbrush.", "A toothbrush on a TV.", "toothbrush")
    assert (sample.token_ids, sample.words) == (ANSWER, None)
    assert sample.extra == {"positions": [1], "explained": "toothbrush", "captions": ["A toothbrush."]}
    (brush,) = sample.objects
    assert (brush.name, brush.box) == ("toothbrush", (1, 1, 3, 3))
    assert np.argwhere(brush.mask).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]


def test_a_caption_list(read):
    (sample,) = read(CAPTION_ROW)
    assert (sample.answer, sample.token_ids, sample.words) == ("A brush.", [10, 15, 2], ["A", " brush", ""])
    assert sample.extra == {"positions": [0, 1, 2], "captions": ["A brush.", "A blue brush."]}
    assert sample.objects is None


def test_yes_no_lists(read):
    yes, no = read(YES_ROW, NO_ROW)
    assert yes.prompt == YES_NO_PROMPT.replace("{question}", YES_ROW["question"])
    assert no.prompt == "Is there an oven in the image?"
    assert [(s.label, s.answer, s.recorded[:3]) for s in (yes, no)] == [
        ("traffic light", "no", "Yes"),
        ("oven", "yes", "No,"),
    ]
    assert yes.extra == {"positions": [0], "explained": "Yes", "counter_ids": [21], "outcome": "false positive"}
    assert no.extra["outcome"] == "false negative"
    assert yes.token_ids == [20, 2]
    assert yes.where.endswith("000000000001.jpg") and "val2014" not in yes.where


def test_a_multiple_choice_list(read):
    (sample,) = read(CHOICE_ROW)
    assert (sample.prompt, sample.answer, sample.label) == ("Open or closed?", "Closed", None)


def test_another_prompt(read):
    assert read(YES_ROW, prompt="Q: {question}")[0].prompt == "Q: Is there a traffic light in the image?"
    assert read(CAPTION_ROW, prompt="Describe.")[0].prompt == "Describe."
    with pytest.warns(UserWarning, match="no question"):
        assert len(read(CAPTION_ROW, prompt="Q: {question}")) == 0


def test_rows_that_cannot_be_used_are_counted(read):
    rows = [
        YES_ROW,
        YES_ROW | {"image_name": "COCO_val2014_000000000002.jpg"},
        "nothing",
        {"image_path": "000000000001.jpg"},
        YES_ROW | {"generated_ids": [["a"]]},
        YES_ROW | {"generate_sentence": "Perhaps"},
        YES_ROW | {"selected_interpretation_token_id": [5]},
        YES_ROW | {"words": "Yes"},
        OBJECT_ROW | {"output_word_id": [9, 9]},
        OBJECT_ROW | {"segmentation": [[1, 2]]},
        CAPTION_ROW | {"gt_caption": 3},
        OBJECT_ROW,
    ]
    with pytest.warns(UserWarning, match="2 read, 10 rows skipped"):
        samples = read(*rows)
    reasons = dict(samples.skipped)
    assert sorted(reasons) == list(range(1, 11))
    for row, says in {
        1: "no image file", 2: "a row is a mapping", 3: "lacks", 4: "list of token ids", 5: "a yes/no row",
        6: "token 5 of an answer of 2", 7: "'words'", 8: "not the end", 9: "a polygon", 10: "'gt_caption'",
    }.items():  # fmt: skip
        assert says in reasons[row]


def test_what_is_wrong_as_a_whole(read, tmp_path):
    with pytest.raises(ValueError, match="no folder"):
        from_published(tmp_path / "list.json", tmp_path / "nowhere")
    with pytest.raises(ValueError, match="cannot be read"):
        from_published(tmp_path / "none.json", tmp_path)
    (tmp_path / "list.json").write_text("{}")
    with pytest.raises(ValueError, match="it holds a dict"):
        from_published(tmp_path / "list.json", tmp_path)


# -- the recorded answer as a response ----------------------------------------------------------------


def test_token_ids_are_used_as_given_where_the_model_matches(read):
    response = recorded_response(Speller(), read(OBJECT_ROW)[0])
    assert response.token_ids == ANSWER[:-1]
    assert response.text == "A toothbrush on a TV."
    assert response.prompt == CAPTION_PROMPT


def test_an_answer_that_was_cut_short_keeps_its_last_token(read):
    row = OBJECT_ROW | {"generated_ids": [*LONG, *ANSWER[:-1]], "output_word_id": ANSWER[:-1]}
    assert recorded_response(Speller(), read(row)[0]).token_ids == ANSWER[:-1]


@pytest.mark.parametrize("change", [{11: " so"}, {14: " TV"}, {12: ""}])
def test_the_text_is_spelt_anew_where_it_does_not(read, change):
    response = recorded_response(Speller(PIECES | change), read(OBJECT_ROW)[0])
    assert response.text == "A toothbrush on a TV."
    assert response.token_ids == [500 + ord(c) for c in response.text]


def test_ids_beyond_the_vocabulary_are_another_models(read):
    model = Speller()
    model.vocabulary_size = 12
    assert recorded_response(model, read(OBJECT_ROW)[0]).token_ids[0] == 500 + ord("A")


def test_the_explained_word_is_found_in_both(read):
    sample = read(OBJECT_ROW)[0]
    given, anew = recorded_response(Speller(), sample), recorded_response(Speller({}), sample)
    assert recorded_tokens(given, sample) == [1, 2, 3]
    assert recorded_tokens(given, sample, whole_word=False) == [1]
    assert recorded_tokens(anew, sample) == list(range(2, 12))
    assert recorded_tokens(anew, sample, whole_word=False) == [2]


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
    given, anew = recorded_response(Speller(), sample), recorded_response(Speller({}), sample)
    assert recorded_tokens(given, sample) == [0, 1, 2, 3]  # with the rest of "toothbrush", without the end
    assert recorded_tokens(given, sample, whole_word=False) == [0, 2]
    assert recorded_tokens(anew, sample) == list(range(len("A toothbrush on a TV.")))


def test_a_missing_word_a_missing_answer_and_a_mute_model(read, response):
    sample = read(OBJECT_ROW)[0]
    with pytest.raises(ValueError, match="'toothbrush' is not in the answer"):
        recorded_tokens(response, sample)
    with pytest.raises(TypeError, match="object takes no given answers"):
        recorded_response(object(), sample)
    from eagle_nb.datasets import Sample

    with pytest.raises(ValueError, match="holds no recorded answer"):
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


# -- the real lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rows"), [("LLaVA-1_5-7B-RePOPE-FP.json", 40), ("coco_single_target_once_llava-1_5-7B.json", 77)]
)
def test_the_published_lists(name, rows, tmp_path):
    path = next((p / "shared" / "data" / name for p in Path(__file__).parents if (p / "shared/data").is_dir()), None)
    if path is None:
        pytest.skip("the published lists are not part of the project")
    content = json.loads(path.read_text())
    names = {r.get("image_path") or r["image_name"] for r in content[:-1]}
    for image in names:
        Image.new("RGB", (640, 640)).save(tmp_path / image)
    with pytest.warns(UserWarning, match=f"{rows - 1} read, 1 row skipped"):
        samples = from_published(path, tmp_path)
    assert [row for row, _ in samples.skipped] == [rows - 1]
    for sample in samples:
        assert sample.token_ids[-1] == 2
        if "RePOPE" in name:
            assert sample.prompt.startswith("You are asked") and sample.extra["outcome"] == "false positive"
            assert (sample.token_ids[0], sample.extra["counter_ids"]) == (3869, [1939])
        else:
            assert sample.prompt == CAPTION_PROMPT
            assert sample.extra["explained"].lower() in sample.recorded.lower()
            assert sample.objects[0].mask.any()
