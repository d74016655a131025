"""Samples from the evaluation lists that the authors of EAGLE published with their code (arXiv 2509.22496).

A list is a JSON file with one model's recorded answers: captions of COCO images, the same with one object each
("coco_single_target_once"), answers to MMVP, and wrong answers to "Is there a X in the image?" (RePOPE, "FP" and "TN";
the latter are in fact false negatives). The images are not in it.
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

from .collection import Samples, gather
from .fields import image_size, read_object, text_of
from .sample import Sample, SampleObject

CAPTION_PROMPT = (
    "Describe the image in one factual English sentence of no more than 20 words. "
    "Do not include information that is not clearly visible."
)
"""The prompt of the published caption lists, as their token ids spell it."""

YES_NO_PROMPT = (
    'You are asked a visual question answering task. \nFirst, answer strictly with "Yes" or "No". \n'
    "Then, provide a short explanation if necessary.\n\nQuestion: {question}\nAnswer:"
)
"""The prompt of those RePOPE lists that do not ask the bare question, as their token ids spell it."""

_BARE = 30  # more tokens than a chat template and a bare question take


def from_published(path: str | os.PathLike[str], images: str | os.PathLike[str], prompt: str | None = None) -> Samples:
    """Samples from one of the published evaluation lists.

    Parameters
    ----------
    path : path
        The list.
    images : path
        The folder of the images: COCO val2017 for captions and objects, val2014 for RePOPE. Where a val2014 file is
        missing, its val2017 name is tried.
    prompt : str, optional
        A text in which ``{question}`` stands for the row's question. By default what the list's own token ids show:
        `CAPTION_PROMPT` where a row has no question, `YES_NO_PROMPT` where the recorded prompt is longer than the bare
        question, else the question.

    Returns
    -------
    Samples
        `answer` is the reference (a caption, "yes" / "no", an option), `recorded`, `token_ids` and `words` are the
        recorded answer, `label` the object asked about. ``extra`` holds, where the list has it,

        - "positions": list of int, the tokens of the recorded answer that were explained;
        - "explained": str, the word they belong to;
        - "counter_ids": list of int, the token ids of the correct answer at those positions;
        - "outcome": "false positive" or "false negative", from the answers, not from the file's name;
        - "captions": list of str, all reference captions.

        A row that is malformed or whose image is missing is skipped and counted.

    Raises
    ------
    ValueError
        If the file or the folder is missing, or the file holds no list.
    ImportError
        If the list has polygons and pycocotools is not installed.
    """
    path, folder = Path(path).expanduser(), Path(images).expanduser()
    if not folder.is_dir():
        raise ValueError(f"there is no folder {str(folder)!r}; check the path (working folder: {Path.cwd()})")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"the list {str(path)!r} cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise ValueError(f"{str(path)!r} must hold a list of rows, it holds a {type(rows).__name__}")
    return gather(rows, partial(_samples, folder=folder, prompt=prompt), str(path))


def _samples(k: int, row: Any, folder: Path, prompt: str | None) -> list[Sample]:
    if not isinstance(row, Mapping):
        raise ValueError(f"a row is a mapping, got {row!r}")
    image = text_of(row, "image_path") or text_of(row, "image_name") or text_of(row, "image_filename")
    recorded = text_of(row, "generate_sentence")
    if image is None or recorded is None:
        raise ValueError("it lacks the image's name or 'generate_sentence'")
    file = _file(folder, image)
    size = image_size(file)
    question, label = text_of(row, "question"), text_of(row, "select_category")
    whole, words = _ids(row, "generated_ids"), row.get("words")
    if words is not None and not (isinstance(words, list) and all(isinstance(w, str) for w in words)):
        raise ValueError(f"'words' must be a list of texts, got {words!r}")
    answer_ids = _ids(row, "output_word_id") or (whole[-len(words) :] if whole and words else None)
    if whole and answer_ids and whole[-len(answer_ids) :] != answer_ids:
        raise ValueError("the answer's token ids are not the end of 'generated_ids'")
    objects: tuple[SampleObject, ...] | None = None
    if label is not None:
        entry = {"name": label, "box": row.get("location"), "mask": row.get("segmentation")}
        objects = (read_object(entry, size),)
    elif question is not None:
        asked = re.search(r"\bthere (?:a|an) (.+?) in the image", question)
        label = asked.group(1) if asked else None
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
        prompt=_prompt(prompt, question, whole, answer_ids, "counter_word_id" in row),
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
    other = folder / name.removeprefix("COCO_val2014_")
    return other if not (folder / name).exists() and other.exists() else folder / name


def _ids(row: Mapping[str, Any], key: str) -> list[int] | None:
    """Token ids, out of the extra list that some files put around them."""
    value = row.get(key)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if value is not None and not (isinstance(value, list) and all(type(v) is int and v >= 0 for v in value)):
        raise ValueError(f"{key!r} must be a list of token ids")
    return value or None


def _positions(row: Mapping[str, Any], answer_ids: list[int] | None) -> list[int] | None:
    index = row.get("target_generated_index")
    positions = [index] if type(index) is int else _ids(row, "selected_interpretation_token_id")
    if positions and answer_ids and max(positions) >= len(answer_ids):
        raise ValueError(f"it explains token {max(positions)} of an answer of {len(answer_ids)} tokens")
    return positions


def _explained(row: Mapping[str, Any], words: list[str] | None) -> str | None:
    if row.get("select_category"):
        return str(row["select_category"])
    positions = _ids(row, "selected_interpretation_token_id")
    if words and positions and len(positions) == 1 and positions[0] < len(words):
        return words[positions[0]].strip()
    return None


def _answer(row: Mapping[str, Any]) -> tuple[str | None, list[str] | None]:
    """The reference answer and all reference captions."""
    captions = row.get("gt_caption")
    if captions is not None:
        listed = captions if isinstance(captions, list) else [captions]
        if not listed or not all(isinstance(c, str) for c in listed):
            raise ValueError(f"'gt_caption' must be a text or a list of texts, got {captions!r}")
        listed = [c.strip() for c in listed]
        return listed[0], listed
    answer, options = text_of(row, "label") or text_of(row, "answer"), row.get("options")
    if isinstance(options, list) and answer in list("abcdefgh"[: len(options)]):
        answer = str(options["abcdefgh".index(answer)])
    return answer, None


def _outcome(recorded: str, answer: str | None) -> str:
    said = re.match(r"\W*(yes|no)\b", recorded, re.IGNORECASE)
    if said is None or answer not in ("yes", "no"):
        raise ValueError(f"a yes/no row needs such an answer and a label 'yes' or 'no', got {recorded!r}, {answer!r}")
    right = said.group(1).lower() == answer
    return f"{'true' if right else 'false'} {'positive' if said.group(1).lower() == 'yes' else 'negative'}"


def _prompt(
    prompt: str | None, question: str | None, whole: list[int] | None, answer_ids: list[int] | None, counter: bool
) -> str:
    if prompt is None:
        if question is None:
            return CAPTION_PROMPT
        prompt = YES_NO_PROMPT if counter and _asked(whole, answer_ids) > _BARE else "{question}"
    if "{question}" in prompt and question is None:
        raise ValueError("it has no question to put into the prompt")
    return prompt.replace("{question}", question or "")


def _asked(whole: list[int] | None, answer_ids: list[int] | None) -> int:
    """How many tokens stand between the image, which is the most frequent id, and the answer."""
    if not whole or not answer_ids:
        return 0
    before = whole[: -len(answer_ids)]
    if not before:
        return 0
    placeholder = Counter(before).most_common(1)[0][0]
    return before[::-1].index(placeholder)
