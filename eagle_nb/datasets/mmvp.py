"""Samples from MMVP: questions with two options about pairs of similar images."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ..inputs.files import missing
from .benchmark_images import check_images, find_image, image_folder
from .collection import Samples, collect
from .fields import image_size, read_text
from .kinds import check_kind, read_list
from .sample import Sample

TABLE = "Questions.csv"
"""Name of the table in the published folder."""

IMAGE_FOLDERS = ("MMVP Images", "MMVP Imgaes")
"""Names that the folder of images has in the publication and in its code."""

_INDEX = ("index", "lndex", "question_id")  # "lndex" is a misspelling in published copies
_OPTION = re.compile(r"\(([a-z])\)\s*(.*?)\s*(?=\([a-z]\)|$)", re.IGNORECASE | re.DOTALL)


def from_mmvp(path: str | os.PathLike[str], images: str | os.PathLike[str] | None = None) -> Samples:
    """Read samples from MMVP, as it is published.

    Parameters
    ----------
    path : path
        The folder of the benchmark, its "Questions.csv" (columns "Index", "Question", "Options" and "Correct Answer"), or a list of answers
        to it (JSON lines with "question_id", "prompt", "answer" and "response").
    images : path, optional
        Folder of the images "1.jpg" … "300.jpg"; by default "MMVP Images" beside the table.

    Returns
    -------
    Samples
        The prompt is the question followed by the options, as in the published code. `answer` is the text of the correct option;
        ``extra`` holds "option" ("a" or "b"), "options" (a list of texts) and "pair" (both images of a pair have the same number). Of
        a list of answers, `recorded` is the response. Rows that are malformed or whose image is missing are skipped.

    Raises
    ------
    ValueError
        If a file or folder is missing, no image is in the folder, or the file is of another kind; the message names the loader that
        reads it.

    References
    ----------
    Tong et al. 2024, "Eyes Wide Shut? Exploring the Visual Shortcomings of Multimodal LLMs" (arXiv 2401.06209).

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / "MMVP Images").mkdir()
    >>> Image.new("RGB", (6, 4)).save(folder / "MMVP Images" / "1.jpg")
    >>> row = 'Index,Question,Options,Correct Answer' + chr(10) + '1,Is the door open?,(a) Open (b) Closed,(a)'
    >>> _ = (folder / "Questions.csv").write_text(row)
    >>> sample = from_mmvp(folder)[0]
    >>> sample.prompt, sample.answer, sample.extra["options"]
    ('Is the door open? (a) Open (b) Closed', 'Open', ['Open', 'Closed'])
    """
    table = Path(path).expanduser()
    table = table / TABLE if table.is_dir() else table
    if not table.is_file():
        raise missing(table)
    rows = _rows(table)
    if images is None:
        candidates = [table.parent / name for name in IMAGE_FOLDERS if (table.parent / name).is_dir()]
        if not candidates:
            raise ValueError(f"there is no folder {IMAGE_FOLDERS[0]!r} beside {str(table)!r}; pass images=")
        images = candidates[0]
    folder = image_folder(images)
    names = [f"{number}.jpg" for k, row in enumerate(rows) if (number := _number(k, row))]
    check_images(folder, names, table)
    return collect(rows, partial(_samples, folder=folder), str(table))


def _rows(table: Path) -> list[Any]:
    """Read the rows of the table or of a list of answers, with their names in lower case."""
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{str(table)!r} cannot be read: {error}") from error
    if text.lstrip()[:1] in ("{", "["):
        rows = read_list(table, "from_mmvp")
        required = {"'question_id'": ("question_id",), "'prompt'": ("prompt",), "'answer'": ("answer",)}
        check_kind(next(row for row in rows if isinstance(row, Mapping)), table, "from_mmvp", required)
        return rows
    try:
        records = [record for record in csv.reader(io.StringIO(text, newline="")) if record]
    except csv.Error as error:
        raise ValueError(f"{str(table)!r} is not a CSV file: {error}") from error
    header = [name.strip().casefold() for name in records[0]] if records else []
    required = {"'Question'": ("question",), "'Options'": ("options",), "'Correct Answer'": ("correct answer",)}
    check_kind(dict.fromkeys(header, ""), table, "from_mmvp", required)
    return [
        dict(zip(header, record, strict=True))
        if len(record) == len(header)
        else ValueError(f"the row has {len(record)} cells, the header has {len(header)}")
        for record in records[1:]
    ]


def _number(k: int, row: Any) -> str | None:
    """Return the number of a row, which is the name of its image."""
    if not isinstance(row, Mapping):
        return None
    number = next((text for key in _INDEX if (text := read_text(row, key))), str(k + 1))
    return number.removesuffix(".0")


def _samples(k: int, row: Any, folder: Path) -> list[Sample]:
    """Make the sample of one row."""
    if isinstance(row, ValueError):
        raise row
    number = _number(k, row)
    if number is None:
        raise ValueError(f"a row must be a mapping, got {row!r}")
    listed = read_text(row, "options")
    prompt = read_text(row, "prompt") or " ".join(filter(None, (read_text(row, "question"), listed)))
    correct = read_text(row, "correct answer") or read_text(row, "answer")
    if not prompt or correct is None:
        raise ValueError("the row lacks a question or the correct answer")
    pairs = [(letter.casefold(), text) for letter, text in _OPTION.findall(listed or prompt)]
    letter = correct.strip("() .").casefold()
    if letter not in dict(pairs):
        raise ValueError(f"the correct answer {correct!r} is none of the options {listed or prompt!r}")
    file = find_image(folder, f"{number}.jpg")
    image_size(file)
    pair = (int(number) + 1) // 2 if number.isdecimal() else None
    extra = {"option": letter, "options": [text for _, text in pairs], "pair": pair}
    return [Sample(number, file, prompt, dict(pairs)[letter], extra=extra, recorded=read_text(row, "response"))]
