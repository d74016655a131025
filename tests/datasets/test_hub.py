"""Samples from Hugging Face data sets."""

import json
import sys

import numpy as np
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Image, List, Value
from PIL import Image as PILImage

from eagle_nb.datasets import from_hub

RED = PILImage.new("RGB", (6, 4), (255, 0, 0))
FEATURES = Features(
    {
        "image": Image(),
        "question": Value("string"),
        "truth": ClassLabel(names=["no", "yes"]),
        "thing": Value("string"),
        "objects": List(
            {"category": ClassLabel(names=["cat", "cup"]), "bbox": List(Value("float32")), "area": Value("int64")}
        ),
    }
)
ROWS = [
    {"image": RED, "question": "is there a cat?", "truth": 1, "thing": "cat",
     "objects": [{"category": 0, "bbox": [1, 1, 2, 2], "area": 4}]},
    {"image": None, "question": "is there a cup?", "truth": 0, "thing": "cup", "objects": []},
    {"image": RED, "question": "", "truth": 0, "thing": "cup", "objects": []},
    {"image": RED, "question": "is there a cup?", "truth": 0, "thing": None, "objects": []},
    {"image": RED, "question": "is there a dog?", "truth": 0, "thing": "dog",
     "objects": [{"category": 1, "bbox": [9, 9, 1, 1], "area": 1}]},
]  # fmt: skip


@pytest.fixture
def dataset():
    return Dataset.from_list(ROWS, features=FEATURES)


def read(*arguments, **options):
    with pytest.warns(UserWarning, match="skipped"):
        return from_hub(*arguments, **options)


def test_columns_of_a_dataset(dataset):
    samples = read(dataset, prompt="question", answer="truth", label="thing", objects="objects")
    assert [s.id for s in samples] == ["0", "3"]
    assert [row for row, _ in samples.skipped] == [1, 2, 4]
    for (_, reason), says in zip(
        samples.skipped, ("'image', is missing", "'question', is empty", "outside"), strict=True
    ):
        assert says in reason
    first, second = samples
    assert (first.prompt, first.answer, first.label) == ("is there a cat?", "yes", "cat")
    assert [(o.name, o.box) for o in first.objects] == [("cat", (1, 1, 3, 3))]
    assert (second.answer, second.label, second.objects) == ("no", None, ())
    assert first.image.getpixel((5, 3)) == (255, 0, 0)


def test_images_stay_in_the_dataset(dataset):
    sample = read(dataset, prompt="question")[0]
    assert callable(sample.source) and isinstance(sample.source(), bytes)
    assert sample.extra == {"truth": "yes", "thing": "cat", "objects": ROWS[0]["objects"]}


def test_a_template_and_boxes_as_corners(dataset):
    samples = read(dataset, template="Do you see a {thing}, {truth}?", objects="objects", box_format="xyxy")
    assert [s.prompt for s in samples] == [
        "Do you see a cat, yes?", "Do you see a cup, no?",
    ]  # fmt: skip
    assert samples[0].objects[0].box == (1, 1, 2, 2)
    assert "the template needs column 'thing', which is empty" in dict(samples.skipped)[3]


def test_objects_as_a_mapping_of_lists_and_paths(tmp_path):
    RED.save(tmp_path / "red.png")
    row = {"file": str(tmp_path / "red.png"), "q": "a?", "boxes": {"name": ["cat", "cup"], "bbox": [[0, 0, 1, 1]] * 2}}
    broken = {"file": str(tmp_path / "red.png"), "q": "a?", "boxes": {"name": ["cat", "cup"], "bbox": [[0, 0, 1, 1]]}}
    gone = row | {"file": str(tmp_path / "gone.png")}
    samples = read([row, broken, gone], image="file", prompt="q", objects="boxes")
    assert [o.name for o in samples[0].objects] == ["cat", "cup"]
    assert samples[0].image.size == (6, 4)
    assert "differ in length" in samples.skipped[0].reason
    assert "no image file" in samples.skipped[1].reason


def test_masks_of_a_dataset():
    polygon = [[1.0, 1.0, 3.0, 1.0, 3.0, 3.0, 1.0, 3.0]]
    rows = [{"image": RED, "q": "a?", "objects": [{"name": "cat", "segmentation": polygon}]}]
    sample = from_hub(Dataset.from_list(rows), prompt="q", objects="objects")[0]
    assert np.argwhere(sample.objects[0].mask).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]


def test_the_format_of_a_data_set_makes_no_difference(dataset):
    columns = {"prompt": "question", "answer": "truth", "label": "thing", "objects": "objects"}
    plain, formatted = read(dataset, **columns), read(dataset.with_format("numpy"), **columns)
    assert [(s.id, s.prompt, s.answer, s.label) for s in formatted] == [
        (s.id, s.prompt, s.answer, s.label) for s in plain
    ]
    assert [(o.name, o.box) for o in formatted[0].objects] == [("cat", (1, 1, 3, 3))]
    assert formatted.skipped == plain.skipped
    assert formatted[0].image.getpixel((5, 3)) == (255, 0, 0)


def test_a_transform_is_applied(dataset):
    louder = dataset.with_transform(lambda rows: rows | {"question": [f"{q.upper()}!" for q in rows["question"]]})
    assert read(louder, prompt="question")[0].prompt == "IS THERE A CAT?!"


def test_objects_as_arrays_and_malformed_objects():
    lists = {"name": np.array(["cat", "cup"]), "bbox": np.array([[0, 0, 1, 1], [1, 1, 2, 2]]), "mask": None}
    entries = np.array([{"name": "cat", "bbox": (0, 0, 1, 1)}])
    one = {"name": "cat", "bbox": [0, 0, 1, 1]}
    rows = [{"image": RED, "objects": objects} for objects in (lists, entries, None, one, {}, {"name": None}, "cat")]
    samples = read(rows, template="what?", objects="objects")
    assert [None if s.objects is None else [(o.name, o.box) for o in s.objects] for s in samples] == [
        [("cat", (0, 0, 1, 1)), ("cup", (1, 1, 3, 3))],
        [("cat", (0, 0, 1, 1))],
        None,
    ]
    assert [row for row, _ in samples.skipped] == [3, 4, 5, 6]
    assert all("a list of mappings or a mapping of lists" in reason for _, reason in samples.skipped)


def test_rows_that_lack_a_column_or_are_not_mappings():
    rows = ["cat", {"image": RED}, {"image": RED, "q": "a?"}, {"q": "b?"}, 3, {"image": "x" * 300, "q": "c?"}]
    for options in ({"prompt": "q"}, {"template": "{q}"}):
        samples = read(rows, **options)
        assert [(s.id, s.prompt) for s in samples] == [("2", "a?")]
        assert [row for row, _ in samples.skipped] == [0, 1, 3, 4, 5]
        for (_, reason), says in zip(
            samples.skipped,
            ("a row must be a mapping", "'q'", "is missing", "a row must be a mapping", "too long"),
            strict=True,
        ):
            assert says in reason
    with pytest.raises(ValueError, match=r"no column 'a' \(prompt\); it has image, q"):
        from_hub(rows, prompt="a")
    samples = read([None, 3], template="is there a {q}?")
    assert len(samples) == 0 and [row for row, _ in samples.skipped] == [0, 1]


def test_values_that_do_not_fit_the_template():
    rows = [{"image": RED, "n": [3], "w": 4}, {"image": RED, "n": 3, "w": 4}, {"image": RED, "n": 3, "w": "y"}]
    samples = read(rows, template="{n:{w}}?")
    assert [s.prompt for s in samples] == ["   3?"]
    assert [row for row, _ in samples.skipped] == [0, 2]
    with pytest.raises(ValueError, match="template names 'v'"):
        from_hub(rows, template="{n:{v}}?")


def test_errors_before_a_row_is_read(dataset):
    with pytest.raises(TypeError, match=r"one split of the data set: dataset\['val'\]"):
        from_hub(DatasetDict({"val": dataset}), prompt="question")
    with pytest.raises(TypeError, match="without streaming"):
        from_hub(dataset.to_iterable_dataset(), prompt="question")
    with pytest.raises(ValueError, match="either prompt"):
        from_hub(dataset)
    with pytest.raises(ValueError, match="either prompt"):
        from_hub(dataset, prompt="question", template="what?")
    with pytest.raises(ValueError, match=r"no column 'answers' \(answer\); it has image, question"):
        from_hub(dataset, prompt="question", answer="answers")
    with pytest.raises(ValueError, match="template names 'noun'"):
        from_hub(dataset, template="is there a {noun}?")
    with pytest.raises(ValueError, match="unknown box_format 'yxyx'"):
        from_hub(dataset, prompt="question", box_format="yxyx")


def test_a_list_needs_no_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    assert from_hub([{"image": RED, "q": "a?"}], prompt="q")[0].prompt == "a?"
    assert len(from_hub([], prompt="q")) == 0
    assert json.dumps(dict(from_hub([{"image": RED, "q": "a?", "n": 3}], prompt="q")[0].extra)) == '{"n": 3}'
