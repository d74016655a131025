"""The published lists: rows of their form, and the original files where they are available."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets import from_published
from eagle_nb.datasets.published import CAPTION_PROMPT, YES_NO_PROMPT

from .rows import ANSWER, CAPTION_ROW, CHOICE_ROW, NO_ROW, OBJECT_ROW, YES_ROW


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
    assert yes.location.endswith("000000000001.jpg") and "val2014" not in yes.location


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
        1: "no image file", 2: "a row must be a mapping", 3: "lacks", 4: "list of token ids", 5: "a yes/no row",
        6: "token 5 of an answer of 2", 7: "'words'", 8: "not the end", 9: "a polygon", 10: "'gt_caption'",
    }.items():  # fmt: skip
        assert says in reasons[row]


def test_errors_of_the_whole_list(read, tmp_path):
    with pytest.raises(ValueError, match="no folder"):
        from_published(tmp_path / "list.json", tmp_path / "nowhere")
    with pytest.raises(ValueError, match="cannot be read"):
        from_published(tmp_path / "none.json", tmp_path)
    (tmp_path / "list.json").write_text("{}")
    with pytest.raises(ValueError, match="it holds a dict"):
        from_published(tmp_path / "list.json", tmp_path)


@pytest.mark.parametrize(
    ("name", "rows"), [("LLaVA-1_5-7B-RePOPE-FP.json", 40), ("coco_single_target_once_llava-1_5-7B.json", 77)]
)
def test_the_published_lists(name, rows, tmp_path):
    path = next((p / "shared" / "data" / name for p in Path(__file__).parents if (p / "shared/data").is_dir()), None)
    if path is None:
        pytest.skip("the published lists are not part of the repository")
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
