"""Kinds of files: read the rows of a list, and recognise which loader reads a file."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..inputs.files import missing


class FileKind(NamedTuple):
    """A kind of file that a loader reads.

    Parameters
    ----------
    name : str
        What the file is.
    loader : str
        Name of the function of `eagle_nb.datasets` that reads it.
    """

    name: str
    loader: str


def file_kind(source: str | os.PathLike[str] | object) -> FileKind | None:
    """Recognise which loader reads a file.

    Parameters
    ----------
    source : path or object
        A JSON, JSON lines or CSV file, or the content of a JSON file.

    Returns
    -------
    FileKind or None
        None if the file cannot be read or is of no known kind.

    Examples
    --------
    >>> file_kind([{"image": "1.jpg", "text": "Is there a cup in the image?", "label": "no"}])
    FileKind(name='a POPE list', loader='from_pope')
    """
    if not isinstance(source, str | os.PathLike):
        content = source
    else:
        path = Path(source).expanduser()
        try:
            text = path.read_bytes().decode("utf-8-sig", errors="replace")
        except OSError:
            return None
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = _first_row(text)
    if isinstance(content, Mapping) and (kind := _match(content, _OF_FILES)):
        return kind
    row = content[0] if isinstance(content, list) and content else content
    return _match(row, _OF_ROWS) if isinstance(row, Mapping) else None


def reader_hint(source: str | os.PathLike[str] | object, loader: str) -> str:
    """Return the end of an error message that names the loader of a file, if it is another one.

    Parameters
    ----------
    source : path or object
        The file, or its content.
    loader : str
        Name of the loader that was called.

    Returns
    -------
    str
        Empty if the file is of no known kind, or of the kind that the loader reads.

    Examples
    --------
    >>> reader_hint([{"question": "What?", "gt_answer": "A cup.", "image_src": "https://example.org/1.jpg"}], "from_pope")
    '; it looks like MMHal-Bench, which eagle_nb.datasets.from_mmhal reads'
    """
    kind = file_kind(source)
    if kind is None or kind.loader == loader:
        return ""
    return f"; it looks like {kind.name}, which eagle_nb.datasets.{kind.loader} reads"


def read_list(path: Path, loader: str) -> list[Any]:
    """Read the rows of a JSON list or of JSON lines.

    Parameters
    ----------
    path : pathlib.Path
        The file; JSON lines may be named ".json", as the published ones are.
    loader : str
        Name of the loader, for the message.

    Returns
    -------
    list
        The rows; a line that is not JSON is represented by its error.

    Raises
    ------
    ValueError
        If the file is missing, cannot be read, or does not hold rows.
    """
    if not path.is_file():
        raise missing(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"the list {str(path)!r} cannot be read: {error}") from error
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = [_line(line) for line in text.splitlines() if line.strip()]
    if isinstance(content, Mapping) and not _match(content, _OF_FILES):
        content = [content]  # JSON lines with a single line
    if not isinstance(content, list) or not any(isinstance(row, Mapping) for row in content):
        hint = reader_hint(path, loader)
        raise ValueError(f"{str(path)!r} must hold a JSON list of rows, or one JSON row per line{hint}")
    return content


def check_kind(row: Any, source: Path, loader: str, required: Mapping[str, tuple[str, ...]]) -> None:
    """Raise if the first row of a file lacks what its loader reads.

    Parameters
    ----------
    row : object
        The first row.
    source : pathlib.Path
        The file.
    loader : str
        Name of the loader.
    required : mapping of str to tuple of str
        For each entry what it is called in the message, and the names that it may have.

    Raises
    ------
    ValueError
        If an entry is missing; the message names the loader that fits, if there is one.
    """
    if not isinstance(row, Mapping):
        return
    lacking = [name for name, keys in required.items() if not any(key in row for key in keys)]
    if lacking:
        raise ValueError(
            f"{str(source)!r} is not what {loader} reads: its rows have no {' and no '.join(lacking)}, they have "
            f"{', '.join(map(repr, row)) or 'nothing'}{reader_hint(source, loader)}"
        )


def _line(line: str) -> Any:
    """Decode a line, or return its error."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return ValueError(f"the line is not JSON: {error}")


def _first_row(text: str) -> Any:
    """Return the first line of JSON lines, or the first row of a CSV file."""
    first = _line(next((line for line in text.splitlines() if line.strip()), ""))
    if isinstance(first, Mapping):
        return first
    try:
        header = next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:
        return None
    return dict.fromkeys(header, "") if len(header) > 1 else None


def _has(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    """Return whether a row has entries, each under one of some names, "a|b"; case does not matter."""
    return lambda row: all(_keys(row) & set(name.split("|")) for name in names)


def _keys(row: Mapping[str, Any]) -> set[str]:
    """Return the names of the entries in lower case."""
    return {str(key).strip().casefold() for key in row}


def _of_annotations(key: str) -> Callable[[Mapping[str, Any]], bool]:
    """Return whether a mapping holds annotations that have an entry."""

    def matches(content: Mapping[str, Any]) -> bool:
        rows = content.get("annotations")
        return isinstance(rows, list) and any(isinstance(row, Mapping) and key in row for row in rows[:1])

    return matches


_Rules = tuple[tuple[FileKind, Callable[[Mapping[str, Any]], bool]], ...]

_OF_FILES: _Rules = (
    (FileKind("captions of COCO (its argument captions=)", "from_coco"), _of_annotations("caption")),
    (FileKind("annotations of COCO", "from_coco"), _has("images", "annotations")),
    (FileKind("a list of captions for CHAIR", "from_chair"), _has("imgtoeval|sentences")),
)
_OF_ROWS: _Rules = (
    (FileKind("a list published with EAGLE", "from_published"), _has("generate_sentence")),
    (FileKind("MMHal-Bench", "from_mmhal"), _has("question", "gt_answer", "image_src|image_id")),
    (FileKind("MMVP", "from_mmvp"), _has("question", "options", "correct answer")),
    (FileKind("answers to MMVP", "from_mmvp"), _has("question_id", "prompt", "answer", "response")),
    (FileKind("an index of a folder", "from_folder"), _has("image", "prompt")),
    (FileKind("a POPE list", "from_pope"), _has("image|image_name", "text|question|query", "label")),
    (FileKind("an index of a folder", "from_folder"), _has("image")),
    (FileKind("a list of captions for CHAIR", "from_chair"), _has("image_id", "caption")),
)


def _match(row: Mapping[str, Any], rules: _Rules) -> FileKind | None:
    """Return the first kind whose rule a mapping meets."""
    return next((kind for kind, rule in rules if rule(row)), None)
