"""Samples from MMHal-Bench: open questions with a reference answer and the objects of the image."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from .benchmark_images import check_images, find_image, image_folder
from .collection import Samples, collect
from .fields import image_size, read_text
from .kinds import check_kind, read_list
from .sample import Sample

_EXTRA = ("question_type", "question_topic", "image_id", "image_src", "image_content")


def from_mmhal(path: str | os.PathLike[str], images: str | os.PathLike[str]) -> Samples:
    """Read samples from MMHal-Bench, as it is published.

    Parameters
    ----------
    path : path
        "response_template.json", or a list of answers in its form: rows with "question_type", "question_topic", "image_id", "image_src",
        "image_content", "question", "gt_answer" and "model_answer".
    images : path
        Folder of the images. The file of a row has the last part of "image_src" as its name, or "image_id" with ".jpg".

    Returns
    -------
    Samples
        `answer` is "gt_answer", `recorded` is "model_answer" where it is not empty; ``extra`` holds "question_type", "question_topic",
        "image_id", "image_src" and "image_content", the names of the objects. Rows that are malformed or whose image is missing are
        skipped.

    Raises
    ------
    ValueError
        If the file or the folder is missing, no image of the list is in the folder, or the file is of another kind; the message names
        the loader that reads it.

    References
    ----------
    Sun et al. 2023, "Aligning Large Multimodal Models with Factually Augmented RLHF" (arXiv 2309.14525).

    Examples
    --------
    >>> import json, tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (6, 4)).save(folder / "1_o.jpg")
    >>> row = {"question_type": "attribute", "image_id": "ab", "image_src": "https://example.org/1_o.jpg", "image_content": ["Cup"],
    ...        "question": "What colour is the cup?", "gt_answer": "Red.", "model_answer": ""}
    >>> _ = (folder / "response_template.json").write_text(json.dumps([row]))
    >>> sample = from_mmhal(folder / "response_template.json", folder)[0]
    >>> sample.prompt, sample.answer, sample.recorded, sample.extra["image_content"]
    ('What colour is the cup?', 'Red.', None, ['Cup'])
    """
    path, folder = Path(path).expanduser(), image_folder(images)
    rows = read_list(path, "from_mmhal")
    required = {"'question'": ("question",), "'gt_answer'": ("gt_answer",), "'image_src'": ("image_src", "image_id")}
    check_kind(next(row for row in rows if isinstance(row, Mapping)), path, "from_mmhal", required)
    check_images(folder, [name for row in rows if isinstance(row, Mapping) for name in _names(row)], path)
    return collect(rows, partial(_samples, folder=folder), str(path))


def _names(row: Mapping[str, Any]) -> list[str]:
    """Return the names that the image of a row may have."""
    source, number = row.get("image_src"), row.get("image_id")
    names = [source] if isinstance(source, str) and source.strip() else []
    return names + ([f"{number}{suffix}" for suffix in (".jpg", ".png")] if number not in (None, "") else [])


def _samples(k: int, row: Any, folder: Path) -> list[Sample]:
    """Make the sample of one row."""
    if isinstance(row, ValueError):
        raise row
    if not isinstance(row, Mapping):
        raise ValueError(f"a row must be a mapping, got {row!r}")
    question, names = read_text(row, "question"), _names(row)
    if question is None or not names:
        raise ValueError("the row lacks a question, or the name of the image")
    files = [find_image(folder, name) for name in names]
    file = next((file for file in files if file.is_file()), files[0])
    image_size(file)
    extra = {key: row[key] for key in _EXTRA if key in row}
    recorded = read_text(row, "model_answer")
    return [Sample(f"{file.stem}-{k}", file, question, read_text(row, "gt_answer"), extra=extra, recorded=recorded)]
