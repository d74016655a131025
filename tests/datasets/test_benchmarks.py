"""POPE, MMVP, MMHal-Bench and CHAIR, in the forms in which they are published."""

import json

import pytest
from PIL import Image

from eagle_nb import datasets
from eagle_nb.datasets import file_kind, from_chair, from_folder, from_mmhal, from_mmvp, from_pope

POPE = [
    {"question_id": 0, "image": "COCO_val2014_000000000042.jpg", "text": "Is there a dining table in the image?", "label": "yes"},
    {"question_id": 1, "image": "COCO_val2014_000000000042.jpg", "text": "Is there an orange in the image?", "label": "no"},
]  # fmt: skip
MMVP = 'lndex,Question,Options,Correct Answer\n1,Is the door open?,(a) Open (b) Closed,(a)\n2,"Is it, though?",(a) Open (b) Closed,(b)\n'
MMHAL = {
    "question_type": "attribute", "question_topic": "vehicle", "image_id": "ab12", "image_src": "https://c2.example.org/1/7_o.jpg",
    "image_content": ["Fire hydrant", "Boy"], "question": "What color is the hydrant?", "gt_answer": "Yellow.", "model_answer": "",
}  # fmt: skip
CAPTION = {"image_id": 42, "caption": "A cat on a table."}
INSTANCES = {
    "images": [{"id": 42, "file_name": "COCO_val2014_000000000042.jpg", "width": 6, "height": 4}, {"id": 43, "file_name": "other.jpg"}],
    "categories": [{"id": 17, "name": "cat"}],
    "annotations": [{"id": 1, "image_id": 42, "category_id": 17, "bbox": [1, 1, 2, 2], "segmentation": []}],
}  # fmt: skip
PUBLISHED = {"image_path": "1.jpg", "gt_caption": "A cup.", "generate_sentence": "A red cup."}
INDEX = {"image": "1.jpg", "prompt": "what?"}


def lines(rows):
    return "\n".join(json.dumps(row) for row in rows)


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for name in ("COCO_val2014_000000000042.jpg", "7_o.jpg", "1.jpg"):
        Image.new("RGB", (6, 4)).save(folder / name)
    return folder


@pytest.fixture
def write(tmp_path):
    def to_file(text, name="list.json", encoding="utf-8"):
        (tmp_path / name).write_text(text, encoding=encoding)
        return tmp_path / name

    return to_file


@pytest.mark.parametrize("text", [lines(POPE), lines(POPE) + "\n\n", json.dumps(POPE), json.dumps(POPE, indent=2)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_pope(images, write, text, encoding):
    samples = from_pope(write(text, encoding=encoding), images)
    assert [(s.id, s.prompt, s.label, s.answer) for s in samples] == [
        ("0", "Is there a dining table in the image?", "dining table", "yes"),
        ("1", "Is there an orange in the image?", "orange", "no"),
    ]
    assert samples[0].objects is None and samples[0].image.size == (6, 4)
    assert samples[0].extra == {"question_id": 0}


def test_repope_without_numbers_and_with_another_name_of_the_question(images, write):
    rows = [
        {"image": "COCO_val2014_000000000042.jpg", "question": "Is there any cup in the picture?", "label": "No."},
        {"image_name": "/coco/1.jpg", "query": "Is there a dog in the image?", "label": "Yes", "target_object": "dog"},
    ]
    samples = from_pope(write(json.dumps(rows)), images, prompt="Question: {question} Answer:")
    assert [(s.id, s.label, s.answer) for s in samples] == [
        ("COCO_val2014_000000000042-0", "cup", "no"),
        ("1-1", "dog", "yes"),
    ]
    assert samples[0].prompt == "Question: Is there any cup in the picture? Answer:"


def test_pope_on_the_images_of_2017(tmp_path, write):
    Image.new("RGB", (6, 4)).save(tmp_path / "000000000042.jpg")
    assert from_pope(write(lines(POPE)), tmp_path)[0].image.size == (6, 4)


def test_rows_of_pope_that_are_skipped(images, write):
    bad = [POPE[0], "{", {**POPE[1], "label": "maybe"}, {**POPE[1], "image": "none.jpg"}, {**POPE[1], "text": ""}]
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in bad)
    with pytest.warns(UserWarning, match="1 read, 4 rows skipped"):
        samples = from_pope(write(text), images)
    reasons = ["is not JSON", "must be 'yes' or 'no', got 'maybe'", "no image file", "needs an image and a question"]
    assert [row for row, _ in samples.skipped] == [1, 2, 3, 4]
    assert all(part in reason for part, (_, reason) in zip(reasons, samples.skipped, strict=True))


@pytest.mark.parametrize(
    ("reader", "text", "name", "says"),
    [
        (from_pope, lines(POPE), "a.json", r"none of the 1 images of '.*a.json' is in '.*' \(first: 'COCO_val2014_0"),
        (from_mmhal, json.dumps([MMHAL]), "a.json", "none of the 3 images.*first: 'https://c2.example.org/1/7_o.jpg'"),
        (from_mmvp, MMVP, "Questions.csv", "none of the 2 images.*first: '1.jpg'"),
        (from_chair, lines([CAPTION]), "a.jsonl", "none of the 1 images.*first: 'COCO_val2014_000000000042.jpg'"),
    ],
)
def test_a_folder_without_any_of_the_images(tmp_path, write, reader, text, name, says):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=says):
        reader(write(text, name), tmp_path / "empty")


@pytest.mark.parametrize("reader", [from_pope, from_mmhal, from_mmvp, from_chair])
def test_files_and_folders_that_do_not_exist(tmp_path, write, reader):
    with pytest.raises(ValueError, match=r"there is no file .*none\.json"):
        reader(tmp_path / "none.json", tmp_path)
    with pytest.raises(ValueError, match="there is no fo"):
        reader(write(MMVP if reader is from_mmvp else lines(POPE)), tmp_path / "nowhere")


def test_mmvp(tmp_path, write):
    write(MMVP, "Questions.csv", "utf-8-sig")
    folder = tmp_path / "MMVP Images"
    folder.mkdir()
    for name in ("1.jpg", "2.jpg"):
        Image.new("RGB", (6, 4)).save(folder / name)
    for samples in (from_mmvp(tmp_path), from_mmvp(tmp_path / "Questions.csv", folder)):
        assert [(s.id, s.prompt, s.answer) for s in samples] == [
            ("1", "Is the door open? (a) Open (b) Closed", "Open"),
            ("2", "Is it, though? (a) Open (b) Closed", "Closed"),
        ]
        assert samples[1].extra == {"option": "b", "options": ["Open", "Closed"], "pair": 1}


def test_answers_to_mmvp(images, write):
    row = {
        "question_id": 1,
        "prompt": "Is it? (a) Yes (b) No",
        "answer": "(b)",
        "response": "(a) Yes.",
        "model_id": "m",
    }
    sample = from_mmvp(write(lines([row]), "answers.jsonl"), images)[0]
    assert (sample.prompt, sample.answer, sample.recorded) == ("Is it? (a) Yes (b) No", "No", "(a) Yes.")


def test_rows_of_mmvp_that_are_skipped(images, write):
    text = MMVP.splitlines()[0] + "\n1,Q?,(a) A (b) B,(a)\n3,Q?,(a) A (b) B,(c)\n4,Q?\n5,Q?,(a) A (b) B,(a)\n"
    with pytest.warns(UserWarning, match="1 read, 3 rows skipped"):
        samples = from_mmvp(write(text, "Questions.csv"), images)
    assert [reason.split(";")[0][:40] for _, reason in samples.skipped] == [
        "the correct answer '(c)' is none of the ",
        "the row has 2 cells, the header has 4",
        f"there is no image file {str(images / '5.jpg')!r}"[:40],
    ]


def test_mmhal(images, write):
    rows = [MMHAL, {**MMHAL, "image_src": "https://x.org/none.jpg", "image_id": "1", "model_answer": "It is red. "}]
    samples = from_mmhal(write(json.dumps(rows)), images)
    assert [(s.id, s.prompt, s.answer, s.recorded) for s in samples] == [
        ("7_o-0", "What color is the hydrant?", "Yellow.", None),
        ("1-1", "What color is the hydrant?", "Yellow.", "It is red."),
    ]
    assert samples[0].extra["question_type"] == "attribute"
    assert samples[0].extra["image_content"] == ["Fire hydrant", "Boy"]


@pytest.mark.parametrize(
    "text",
    [
        lines([CAPTION]),
        json.dumps([CAPTION]),
        json.dumps({"overall": {}, "imgToEval": {"42": CAPTION}}),
        json.dumps({"sentences": [CAPTION], "overall_metrics": {}}),
        lines([{**CAPTION, "image_id": "COCO_val2014_000000000042.jpg"}]),
    ],
)
def test_chair(images, write, text):
    sample = from_chair(write(text), images)[0]
    assert (sample.id, sample.recorded, sample.objects) == ("42-0", "A cat on a table.", None)
    assert sample.extra == {"image_id": 42}
    sample = from_chair(write(text), images, instances=INSTANCES, prompt="Describe it.")[0]
    assert [(o.name, o.box) for o in sample.objects] == [("cat", (1, 1, 3, 3))]
    assert sample.prompt == "Describe it."


def test_a_caption_of_an_image_without_annotations(images, write):
    text = lines([CAPTION, {"image_id": 1, "caption": "A dog."}])
    with pytest.warns(UserWarning, match="have no image with id 1"):
        samples = from_chair(write(text), images, instances=INSTANCES)
    assert [s.id for s in samples] == ["42-0"]


KINDS = {
    "from_pope": (lines(POPE), "a.json"),
    "from_mmvp": (MMVP, "a.csv"),
    "from_mmhal": (json.dumps([MMHAL]), "a.json"),
    "from_chair": (lines([CAPTION]), "a.jsonl"),
    "from_coco": (json.dumps(INSTANCES), "a.json"),
    "from_published": (json.dumps([PUBLISHED]), "a.json"),
    "from_folder": (lines([INDEX]), "a.jsonl"),
}


@pytest.mark.parametrize("loader", KINDS)
def test_the_loader_of_a_file_is_recognised(write, loader):
    assert file_kind(write(*KINDS[loader])).loader == loader


@pytest.mark.parametrize("reader", KINDS)
@pytest.mark.parametrize("loader", KINDS)
def test_another_loader_names_the_one_that_fits(images, write, reader, loader):
    if reader == loader:
        return
    path = write(*KINDS[loader])
    arguments = (images, path) if reader == "from_folder" else (path, images)
    with pytest.raises(ValueError, match=f"which eagle_nb.datasets.{loader} reads"):
        getattr(datasets, reader)(*arguments)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "\x00\x01", "[1, 2]", "a,b\n1,2\n", "[" * 100_000])
@pytest.mark.parametrize("reader", [from_pope, from_mmhal, from_mmvp, from_chair])
def test_files_of_no_known_kind(images, write, reader, text):
    path = write(text)
    assert file_kind(path) is None
    with pytest.raises(ValueError, match=r"list\.json"):
        reader(path, images)


def test_a_pope_list_as_an_index_needs_a_prompt(images, write):
    samples = from_folder(images, write(lines(POPE), "a.jsonl"), prompt="is it?")
    assert [s.label for s in samples] == ["yes", "no"]
