"""Samples from POPE and RePOPE: "Is there a X in the image?", with yes or no as the truth."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from .benchmark_images import check_images, find_image, image_folder
from .collection import Samples, collect
from .fields import image_size, read_text
from .kinds import check_kind, read_list
from .sample import Sample

_QUESTION = ("text", "question", "query")
_IMAGE = ("image", "image_name")
_OBJECT = re.compile(r"\bthere (?:an?|any|the|some)\s+(.+?)\s+(?:in|on) (?:the|this) (?:image|picture|photo)", re.I)
_USED = {*_QUESTION, *_IMAGE, "label", "target_object", "object"}


def from_pope(path: str | os.PathLike[str], images: str | os.PathLike[str], prompt: str = "{question}") -> Samples:
    """Read samples from a list of POPE, RePOPE or POPEv2, as it is published.

    Parameters
    ----------
    path : path
        A file such as "coco_pope_random.json" or "coco_repope_random.json": one row per line with "question_id", "image", "text" (or
        "question") and "label"; or POPEv2's JSON list with "image_name", "query" and "label".
    images : path
        Folder of the images: COCO val2014, or val2017, where the same pictures have shorter names.
    prompt : str
        A text in which ``{question}`` is replaced by the question; ``YES_NO_PROMPT`` is that of EAGLE's lists.

    Returns
    -------
    Samples
        `answer` is "yes" or "no", `label` the object of the question; the other entries of a row are in `extra`. Rows that are
        malformed or whose image is missing are skipped.

    Raises
    ------
    ValueError
        If the file or the folder is missing, no image of the list is in the folder, or the file is of another kind; the message names
        the loader that reads it.

    References
    ----------
    Li et al. 2023, "Evaluating Object Hallucination in Large Vision-Language Models" (arXiv 2305.10355); Neuhaus and Hein 2025,
    "RePOPE" (arXiv 2504.15707).

    Examples
    --------
    >>> import json, tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (6, 4)).save(folder / "1.jpg")
    >>> row = {"question_id": 1, "image": "1.jpg", "text": "Is there a cup in the image?", "label": "no"}
    >>> _ = (folder / "pope.json").write_text(json.dumps(row))
    >>> sample = from_pope(folder / "pope.json", folder)[0]
    >>> sample.id, sample.prompt, sample.label, sample.answer
    ('1', 'Is there a cup in the image?', 'cup', 'no')
    """
    path, folder = Path(path).expanduser(), image_folder(images)
    rows = read_list(path, "from_pope")
    required = {"'image'": _IMAGE, "'text'": _QUESTION, "'label'": ("label",)}
    check_kind(next(row for row in rows if isinstance(row, Mapping)), path, "from_pope", required)
    check_images(folder, [name for row in rows if (name := _first(row, _IMAGE))], path)
    return collect(rows, partial(_samples, folder=folder, prompt=prompt), str(path))


def _samples(k: int, row: Any, folder: Path, prompt: str) -> list[Sample]:
    """Make the sample of one row."""
    if isinstance(row, ValueError):
        raise row
    image, question = _first(row, _IMAGE), _first(row, _QUESTION)
    if image is None or question is None:
        raise ValueError(f"a row needs an image and a question, got {row!r}")
    answer = (read_text(row, "label") or "").rstrip(".").casefold()
    if answer not in ("yes", "no"):
        raise ValueError(f"the label must be 'yes' or 'no', got {row.get('label')!r}")
    file = find_image(folder, image)
    image_size(file)
    match = _OBJECT.search(question)
    label = _first(row, ("target_object", "object")) or (match.group(1) if match else None)
    extra = {key: value for key, value in row.items() if key not in _USED}
    number = read_text(row, "question_id")
    name = number if number is not None else f"{file.stem}-{k}"
    return [Sample(name, file, prompt.replace("{question}", question), answer, None, label, extra=extra)]


def _first(row: Any, keys: tuple[str, ...]) -> str | None:
    """Return the first of some texts of a row that is not empty."""
    if not isinstance(row, Mapping):
        return None
    return next((text for key in keys if isinstance(row.get(key), str) and (text := read_text(row, key))), None)
