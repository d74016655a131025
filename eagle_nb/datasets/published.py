"""Samples from the evaluation lists that the authors of EAGLE published with their code (arXiv 2509.22496).

A list is a JSON file with the recorded answers of one model: captions of COCO images, the same with one object each
("coco_single_target_once"), answers to MMVP, and wrong answers to "Is there a X in the image?" (RePOPE, "FP" and "TN";
the latter are in fact false negatives). It does not contain the images.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ..inputs.files import missing
from .collection import Samples, collect
from .fields import image_size, read_object, read_text
from .kinds import reader_hint
from .sample import Sample, SampleObject

CAPTION_PROMPT = (
    "Describe the image in one factual English sentence of no more than 20 words. "
    "Do not include information that is not clearly visible."
)
"""The prompt of the published caption lists, decoded from their token ids."""

YES_NO_PROMPT = (
    'You are asked a visual question answering task. \nFirst, answer strictly with "Yes" or "No". \n'
    "Then, provide a short explanation if necessary.\n\nQuestion: {question}\nAnswer:"
)
"""The prompt of the RePOPE lists that do not ask the bare question, decoded from their token ids."""

_BARE = 30  # upper bound on the tokens of a chat template with a bare question


def from_published(path: str | os.PathLike[str], images: str | os.PathLike[str], prompt: str | None = None) -> Samples:
    """Read samples from one of the published evaluation lists.

    Parameters
    ----------
    path : path
        The list.
    images : path
        Folder of the images: COCO val2017 for captions and objects, val2014 for RePOPE. Where a val2014 file is
        missing, the val2017 file of the same number is used.
    prompt : str, optional
        A text in which ``{question}`` is replaced by the question of the row. By default the prompt that the token ids
        of the list show: `CAPTION_PROMPT` if a row has no question, `YES_NO_PROMPT` if the recorded prompt is longer
        than the bare question, else the question.

    Returns
    -------
    Samples
        `answer` is the reference (a caption, "yes" / "no", an option); `recorded`, `token_ids` and `words` are the
        recorded answer; `label` is the object of the question. ``extra`` holds, where the list has it,

        - "positions": list of int, the tokens of the recorded answer that were explained;
        - "explained": str, their word;
        - "counter_ids": list of int, the token ids of the correct answer at these positions;
        - "outcome": "false positive" or "false negative", from the answers, not from the name of the file;
        - "captions": list of str, all reference captions.

        Rows that are malformed or whose image is missing are skipped.

    Raises
    ------
    ValueError
        If the file or the folder is missing, or the file does not hold a list.
    ImportError
        If the list has polygons and pycocotools is not installed.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (6, 4)).save(folder / "1.jpg")
    >>> row = {"image_path": "1.jpg", "gt_caption": "A cup.", "generate_sentence": "A red cup."}
    >>> _ = (folder / "list.json").write_text(json.dumps([row]))
    >>> sample = from_published(folder / "list.json", folder)[0]
    >>> sample.answer, sample.recorded
    ('A cup.', 'A red cup.')
    """
    path, folder = Path(path).expanduser(), Path(images).expanduser()
    if not folder.is_dir():
        raise missing(folder, "folder")
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        hint = reader_hint(path, "from_published")
        raise ValueError(f"the list {str(path)!r} cannot be read: {error}{hint}") from error
    if not isinstance(rows, list):
        hint = reader_hint(path, "from_published")
        raise ValueError(f"{str(path)!r} must hold a list of rows, it holds a {type(rows).__name__}{hint}")
    if hint := reader_hint(rows, "from_published"):
        raise ValueError(f"{str(path)!r} is not a list published with EAGLE{hint}")
    return collect(rows, partial(_samples, folder=folder, prompt=prompt), str(path))


def _samples(k: int, row: Any, folder: Path, prompt: str | None) -> list[Sample]:
    """Make the sample of one row."""
    if not isinstance(row, Mapping):
        raise ValueError(f"a row must be a mapping, got {row!r}")
    image = read_text(row, "image_path") or read_text(row, "image_name") or read_text(row, "image_filename")
    recorded = read_text(row, "generate_sentence")
    if image is None or recorded is None:
        raise ValueError("the row lacks the name of the image or 'generate_sentence'")
    file = _file(folder, image)
    size = image_size(file)
    question, label = read_text(row, "question"), read_text(row, "select_category")
    all_ids, words = _ids(row, "generated_ids"), row.get("words")
    if words is not None and not (isinstance(words, list) and all(isinstance(w, str) for w in words)):
        raise ValueError(f"'words' must be a list of texts, got {words!r}")
    answer_ids = _ids(row, "output_word_id") or (all_ids[-len(words) :] if all_ids and words else None)
    if all_ids and answer_ids and all_ids[-len(answer_ids) :] != answer_ids:
        raise ValueError("the answer's token ids are not the end of 'generated_ids'")
    objects: tuple[SampleObject, ...] | None = None
    if label is not None:
        entry = {"name": label, "box": row.get("location"), "mask": row.get("segmentation")}
        objects = (read_object(entry, size),)
    elif question is not None:
        match = re.search(r"\bthere (?:a|an) (.+?) in the image", question)
        label = match.group(1) if match else None
    answer, captions = _answer(row)
    extra = {
        "positions": _positions(row, answer_ids),
        "explained": _explained(row, words),
        "counter_ids": _ids(row, "counter_word_id"),
        "outcome": _outcome(recorded, answer) if row.get("counter_word_id") is not None else None,
        "captions": captions,
    }
    sample = Sample(
        id=f"{Path(image).stem}-{k}",
        source=file,
        prompt=_prompt(prompt, question, all_ids, answer_ids, "counter_word_id" in row),
        answer=answer,
        objects=objects,
        label=label,
        token_ids=answer_ids,
        words=words,
        extra={key: value for key, value in extra.items() if value is not None},
        recorded=recorded,
    )
    return [sample]


def _file(folder: Path, name: str) -> Path:
    """Return the file of an image, under its val2017 name if it has no other."""
    other = folder / name.removeprefix("COCO_val2014_")
    return other if not (folder / name).exists() and other.exists() else folder / name


def _ids(row: Mapping[str, Any], key: str) -> list[int] | None:
    """Return token ids, which some files put into one more list; None if there are none."""
    value = row.get(key)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if value is not None and not (isinstance(value, list) and all(type(v) is int and v >= 0 for v in value)):
        raise ValueError(f"{key!r} must be a list of token ids")
    return value or None


def _positions(row: Mapping[str, Any], answer_ids: list[int] | None) -> list[int] | None:
    """Return the positions of the explained tokens in the answer."""
    index = row.get("target_generated_index")
    positions = [index] if type(index) is int else _ids(row, "selected_interpretation_token_id")
    if positions and answer_ids and max(positions) >= len(answer_ids):
        raise ValueError(f"the row explains token {max(positions)} of an answer of {len(answer_ids)} tokens")
    return positions


def _explained(row: Mapping[str, Any], words: list[str] | None) -> str | None:
    """Return the explained word."""
    if row.get("select_category"):
        return str(row["select_category"])
    positions = _ids(row, "selected_interpretation_token_id")
    if words and positions and len(positions) == 1 and positions[0] < len(words):
        return words[positions[0]].strip()
    return None


def _answer(row: Mapping[str, Any]) -> tuple[str | None, list[str] | None]:
    """Return the reference answer and all reference captions."""
    captions = row.get("gt_caption")
    if captions is not None:
        listed = captions if isinstance(captions, list) else [captions]
        if not listed or not all(isinstance(c, str) for c in listed):
            raise ValueError(f"'gt_caption' must be a text or a list of texts, got {captions!r}")
        listed = [c.strip() for c in listed]
        return listed[0], listed
    answer, options = read_text(row, "label") or read_text(row, "answer"), row.get("options")
    if isinstance(options, list) and answer in list("abcdefgh"[: len(options)]):
        answer = str(options["abcdefgh".index(answer)])
    return answer, None


def _outcome(recorded: str, answer: str | None) -> str:
    """Return "true" or "false", and "positive" or "negative", for a recorded answer to a yes/no question."""
    match = re.match(r"\W*(yes|no)\b", recorded, re.IGNORECASE)
    if match is None or answer not in ("yes", "no"):
        raise ValueError(f"a yes/no row needs such an answer and a label 'yes' or 'no', got {recorded!r}, {answer!r}")
    word = match.group(1).lower()
    return f"{'true' if word == answer else 'false'} {'positive' if word == 'yes' else 'negative'}"


def _prompt(
    prompt: str | None, question: str | None, all_ids: list[int] | None, answer_ids: list[int] | None, counter: bool
) -> str:
    """Return the prompt of a row."""
    if prompt is None:
        if question is None:
            return CAPTION_PROMPT
        prompt = YES_NO_PROMPT if counter and _prompt_length(all_ids, answer_ids) > _BARE else "{question}"
    if "{question}" in prompt and question is None:
        raise ValueError("the row has no question to put into the prompt")
    return prompt.replace("{question}", question or "")


def _prompt_length(all_ids: list[int] | None, answer_ids: list[int] | None) -> int:
    """Return the number of tokens between the image, which is the most frequent id, and the answer."""
    if not all_ids or not answer_ids:
        return 0
    before = all_ids[: -len(answer_ids)]
    if not before:
        return 0
    placeholder = Counter(before).most_common(1)[0][0]
    return before[::-1].index(placeholder)
