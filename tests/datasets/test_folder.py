"""Samples from a folder with an index file."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets import from_folder

SQUARE = [[1, 1, 3, 1, 3, 3, 1, 3]]


@pytest.fixture
def folder(tmp_path):
    for name in ("cat.png", "dog.png"):
        Image.new("RGB", (6, 4), (9, 8, 7)).save(tmp_path / name)
    pixels = np.zeros((4, 6), np.uint8)
    pixels[1:3, 1:3] = 255
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    return tmp_path


def write(folder, rows, name="index.json"):
    (folder / name).write_text(json.dumps(rows), encoding="utf-8")


def test_every_column_of_a_json_index(folder):
    entry = {"name": "cat", "box": [1, 1, 3, 3], "mask": "mask.png"}
    row = {
        "id": 7, "image": "cat.png", "prompt": "is there a cat?", "answer": "yes", "label": "cat", "objects": [entry],
        "recorded": "Yes", "token_ids": [5, 2], "words": ["Yes", ""], "split": "val", "weight": 0.5,
    }  # fmt: skip
    write(folder, [row, {"image": "dog.png", "prompt": "what?", "objects": []}])
    sample, plain = from_folder(folder)
    assert (sample.id, sample.prompt, sample.answer, sample.label) == ("7", "is there a cat?", "yes", "cat")
    assert (sample.recorded, sample.token_ids, sample.words) == ("Yes", [5, 2], ["Yes", ""])
    assert sample.extra == {"split": "val", "weight": 0.5}
    assert sample.image.getpixel((0, 0)) == (9, 8, 7)
    assert sample.location == str(folder / "cat.png")
    (cat,) = sample.objects
    assert (cat.name, cat.box, int(cat.mask.sum())) == ("cat", (1, 1, 3, 3), 4)
    assert (plain.id, plain.objects, plain.label) == ("dog-1", (), None)


def test_rows_that_cannot_be_used_are_counted(folder):
    good = {"image": "cat.png", "prompt": "what?"}
    write(
        folder,
        [
            good,
            {"image": "missing.png", "prompt": "what?"},
            {"prompt": "what?"},
            {"image": "cat.png"},
            "cat.png",
            good | {"objects": [{"name": "cat"}]},
            good | {"objects": {"name": "cat"}},
            good | {"box": [1, 1, 3, 3]},
            good | {"token_ids": [1, "2"]},
            good | {"answer": True},
            good | {"image": "index.json"},
            good,
        ],
    )
    with pytest.warns(UserWarning, match="2 read, 10 rows skipped"):
        samples = from_folder(folder)
    assert [s.id for s in samples] == ["cat-0", "cat-11"]
    reasons = dict(samples.skipped)
    assert sorted(reasons) == list(range(1, 11))
    for row, says in {
        1: "no image file", 2: "names no image", 3: "has no prompt", 4: "a row must be a mapping", 5: "neither box nor mask",
        6: "must be a list", 7: "needs a name", 8: "'token_ids' must be a list of int", 9: "'answer' must be a text",
        10: "not an image",
    }.items():  # fmt: skip
        assert says in reasons[row]


def test_a_csv_index(folder):
    polygon = json.dumps(SQUARE).replace(" ", "")
    lines = [
        "image,prompt,label,box,mask,note",
        f'cat.png,,cat,"[1, 1, 3, 3]","{polygon}",first',
        "dog.png,what?,,,,",
        "dog.png,what?",
        "dog.png,what?,,,,,,",
        'dog.png,what?,dog,"1 2 3 4",,',
        "",
        "cat.png,,cat,,mask.png,",
    ]
    (folder / "index.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    with pytest.warns(UserWarning, match="3 read, 3 rows skipped"):
        samples = from_folder(folder, prompt="describe.")
    assert [(s.id, s.prompt) for s in samples] == [("cat-0", "describe."), ("dog-1", "what?"), ("cat-5", "describe.")]
    assert samples[0].extra == {"note": "first"} and samples[1].extra == {}
    assert [int(o.mask.sum()) for s in samples for o in s.objects or ()] == [4, 4]
    assert samples[1].objects is None
    assert [row for row, _ in samples.skipped] == [2, 3, 4]
    assert ["cells" in reason for _, reason in samples.skipped] == [True, True, False]
    assert "'box' is not JSON: '1 2 3 4'" in samples.skipped[2].reason


def test_a_jsonl_index(folder):
    lines = ['{"image": "cat.png", "prompt": "a?"}', "{broken", '{"image": "dog.png", "prompt": "b?"}']
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.warns(UserWarning, match="row 1: the line is not JSON"):
        samples = from_folder(folder, "rows.jsonl")
    assert [s.prompt for s in samples] == ["a?", "b?"]


def read_csv(folder, *lines, **options):
    (folder / "index.csv").write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines))
    with pytest.warns(UserWarning, match="skipped"):
        return from_folder(folder, **options)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (['cat.png,"what?'], "line 3 is not CSV"),
        (['cat.png,"what" it?'], "line 3 is not CSV"),
        (["cat.png,caf\xe9?".encode("latin-1")], r"the cell b'caf\xe9?' is not UTF-8"),
        (['cat.png,"a', b'caf\xe9?"'], r"the cell b'a\ncaf\xe9?' is not UTF-8"),
    ],
)
@pytest.mark.parametrize("last", ["dog.png,e?", 'dog.png,"e?"'])
def test_a_broken_csv_row_affects_no_other(folder, broken, says, last):
    samples = read_csv(folder, "image,prompt", "cat.png,a?", *broken, 'dog.png,"c,\nd?"', last)
    assert [(s.id, s.prompt) for s in samples] == [("cat-0", "a?"), ("dog-2", "c,\nd?"), ("dog-3", "e?")]
    ((row, reason),) = samples.skipped
    assert row == 1 and says in reason


def test_a_broken_csv_header_is_an_error(folder):
    for header in (b'image,"prompt', b'"image"s,prompt', b"image,caf\xe9"):
        (folder / "index.csv").write_bytes(header + b"\ncat.png,a?\n")
        with pytest.raises(ValueError, match="its header is broken"):
            from_folder(folder)


def test_a_long_polygon_in_a_csv_cell(folder):
    limit = csv.field_size_limit()
    polygon = json.dumps([[1, 1] * 25_000 + SQUARE[0]])
    assert len(polygon) > limit == 131072
    (folder / "index.csv").write_text(f'image,label,mask\ncat.png,cat,"{polygon}"\n')
    (sample,) = from_folder(folder, prompt="what?")
    assert np.argwhere(sample.objects[0].mask).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
    assert csv.field_size_limit() == limit


def test_broken_lines_of_a_jsonl_index(folder):
    good = b'{"image": "cat.png", "prompt": "a?"}'
    lines = [b"\xef\xbb\xbf" + good, good.replace(b"a?", b"caf\xe9"), b"[" * 100_000, good + b"\r"]
    (folder / "index.jsonl").write_bytes(b"\n".join(lines) + b"\n\n")
    with pytest.warns(UserWarning, match="2 read, 2 rows skipped"):
        samples = from_folder(folder)
    assert [s.id for s in samples] == ["cat-0", "cat-3"]
    assert [(row, "is not JSON" in reason) for row, reason in samples.skipped] == [(1, True), (2, True)]


def test_huge_numbers_and_names_cost_one_row(folder):
    good = {"image": "cat.png", "prompt": "what?", "label": "cat", "box": [1, 1, 3, 3]}
    rows = [
        good,
        good | {"image": "x" * 300 + ".png"},
        good | {"mask": "x" * 300},
        good | {"box": [1, 1, 3, 10**30]},
        good | {"box": [1, 1, 3, 10**400]},
        good | {"mask": [[1, 1, 3, 1, 3, 10**30]]},
    ]
    write(folder, rows)
    with pytest.warns(UserWarning, match="1 read, 5 rows skipped"):
        reasons = dict(from_folder(folder).skipped)
    for row, says in {1: "too long", 2: "too long", 3: "far outside", 4: "four numbers", 5: "far outside"}.items():
        assert says in reasons[row]


def test_errors_of_the_whole_index(folder):
    with pytest.raises(ValueError, match="no folder"):
        from_folder(folder / "nowhere")
    with pytest.raises(ValueError, match="holds 0 of"):
        from_folder(folder)
    with pytest.raises(ValueError, match="there is no index"):
        from_folder(folder, "list.csv")
    (folder / "index.txt").write_text("x")
    with pytest.raises(ValueError, match=r"\.json, \.jsonl or \.csv"):
        from_folder(folder, "index.txt")
    write(folder, {"image": "cat.png"})
    with pytest.raises(ValueError, match="must hold a list of rows, it holds a dict"):
        from_folder(folder)
    (folder / "index.csv").write_text("image\n")
    with pytest.raises(ValueError, match="holds 2 of"):
        from_folder(folder)
    (folder / "index.json").write_text("[")
    with pytest.raises(ValueError, match="cannot be read"):
        from_folder(folder, folder / "index.json")
