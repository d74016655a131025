"""Samples from a folder of images with an index file."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..inputs.files import missing
from .collection import Samples, collect
from .fields import image_size, read_object, read_text
from .kinds import file_kind, reader_hint
from .sample import Sample

INDEX_NAMES = ("index.json", "index.jsonl", "index.csv")
_USED = {"id", "image", "prompt", "answer", "label", "objects", "box", "mask", "recorded", "token_ids", "words"}
_JSON_CELLS = ("objects", "box", "token_ids", "words")


def from_folder(
    folder: str | os.PathLike[str], index: str | os.PathLike[str] | None = None, prompt: str | None = None
) -> Samples:
    r"""Read samples from a folder of images and an index file.

    Parameters
    ----------
    folder : path
        The folder; paths of images and mask files are relative to it.
    index : path, optional
        A ``.json`` list of mappings, a ``.jsonl`` file with one mapping per line, or a ``.csv`` file with a header; by
        default "index.json", "index.jsonl" or "index.csv" in the folder. Text is UTF-8. Only "image" is required among
        the keys or columns:

        - image: a file;
        - id: by default the name of the image and the row number;
        - prompt, answer, label: texts;
        - objects: a list of ``{"name", "box", "mask"}`` with box (left, top, right, bottom) in pixels, and mask a file (True where
          it is not black), polygons, or a run-length code as in COCO;
        - box, mask: instead of objects, those of the one object whose name is the label;
        - recorded, token_ids, words: an answer recorded elsewhere;
        - all others go to ``sample.extra``.

        In a CSV file objects, box, token_ids, words, polygons and run-length codes are written as JSON.
    prompt : str, optional
        Prompt of the rows that have none.

    Returns
    -------
    Samples
        Rows that are malformed or whose image is missing are skipped. After a CSV row with a misplaced or unclosed
        quote, reading continues with the next line.

    Raises
    ------
    ValueError
        If there is no such folder or index, or the index as a whole, or the header of a CSV file, cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (6, 4)).save(folder / "a.png")
    >>> _ = (folder / "index.csv").write_text("image,label\na.png,cup\n")
    >>> sample = from_folder(folder, prompt="is there a cup?")[0]
    >>> sample.id, sample.label
    ('a-0', 'cup')
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise missing(folder, "folder")
    path = _index(folder, index)
    kind = file_kind(path)
    if (
        kind is not None
        and (prompt is None or kind.loader != "from_pope")
        and (hint := reader_hint(path, "from_folder"))
    ):
        raise ValueError(f"{str(path)!r} is not an index of a folder{hint}")
    return collect(_rows(path), lambda k, row: [_sample(k, row, folder, prompt)], str(path))


def _index(folder: Path, index: str | os.PathLike[str] | None) -> Path:
    """Return the path of the index."""
    if index is None:
        candidates = [folder / name for name in INDEX_NAMES if (folder / name).is_file()]
        if len(candidates) != 1:
            raise ValueError(
                f"{str(folder)!r} holds {len(candidates)} of {', '.join(INDEX_NAMES)}; say which file is the index"
            )
        return candidates[0]
    path = Path(index).expanduser()
    if not path.is_file() and (folder / path).is_file():
        path = folder / path
    if not path.is_file():
        raise ValueError(f"there is no index {str(index)!r}, neither here nor in {str(folder)!r}; check the path")
    if path.suffix.lower() not in (".json", ".jsonl", ".csv"):
        raise ValueError(f"an index must be a .json, .jsonl or .csv file, got {path.name!r}")
    return path


def _rows(path: Path) -> list[Any]:
    """Read the rows of an index."""
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        if path.suffix.lower() == ".csv":
            return _csv_rows(content)
        if path.suffix.lower() == ".jsonl":
            return content.rstrip().splitlines()
        rows = json.loads(content.decode())
    except (OSError, ValueError) as error:
        hint = reader_hint(path, "from_folder")
        raise ValueError(f"the index {str(path)!r} cannot be read: {error}{hint}") from error
    if not isinstance(rows, list):
        hint = reader_hint(path, "from_folder")
        raise ValueError(f"the index {str(path)!r} must hold a list of rows, it holds a {type(rows).__name__}{hint}")
    return rows


def _csv_rows(content: bytes) -> list[dict[str, str] | ValueError]:
    """Read the rows of a CSV file; a broken row is represented by its error."""
    text = content.decode(errors="surrogateescape")
    limit = csv.field_size_limit()
    csv.field_size_limit(max(limit, len(text)))  # a polygon may be long
    try:
        header, *rows = _csv_records(text) or [[]]
    finally:
        csv.field_size_limit(limit)
    if isinstance(header, ValueError):
        raise ValueError(f"its header is broken: {header}")
    return [_named(header, row) for row in rows]


def _csv_records(text: str) -> list[list[str] | ValueError]:
    """Read the header and the rows, empty lines excluded."""
    lines = io.StringIO(text, newline="").readlines()
    records: list[list[str] | ValueError] = []
    start = 0
    while start < len(lines):
        first = start
        reader = csv.reader(map(lines.__getitem__, range(first, len(lines))), strict=True)
        try:
            for record in reader:
                start = first + reader.line_num
                if record:
                    records.append(_utf8(record))
        except csv.Error as error:
            records.append(ValueError(f"line {start + 1} is not CSV: {error}"))
            start += 1
    return records


def _utf8(record: list[str]) -> list[str] | ValueError:
    """Return a record, or an error if it is not UTF-8."""
    for cell in record:
        try:
            cell.encode()
        except UnicodeEncodeError:  # the cell holds bytes that could not be decoded
            return ValueError(f"the cell {cell.encode(errors='surrogateescape')!r} is not UTF-8")
    return record


def _named(names: list[str], record: list[str] | ValueError) -> dict[str, str] | ValueError:
    """Return a record as a mapping, or an error if it has another length than the header."""
    if isinstance(record, ValueError):
        return record
    if len(record) != len(names):
        return ValueError(f"the row has {len(record)} cells, the header has {len(names)}")
    return dict(zip(names, record, strict=True))


def _sample(k: int, row: Any, folder: Path, prompt: str | None) -> Sample:
    """Make the sample of one row."""
    row = dict(_cells(row))
    image = read_text(row, "image")
    if image is None:
        raise ValueError("the row names no image")
    size = image_size(folder / image)
    label, question = read_text(row, "label"), read_text(row, "prompt") or prompt
    if question is None:
        raise ValueError("the row has no prompt; give one in the row, or from_folder(..., prompt=...) for all rows")
    objects = row.get("objects")
    if objects is None and (row.get("box") is not None or row.get("mask") is not None):
        objects = [{"name": label, "box": row.get("box"), "mask": row.get("mask")}]
    if objects is not None and not isinstance(objects, list):
        raise ValueError(f"'objects' must be a list, got {objects!r}")
    return Sample(
        id=read_text(row, "id") or f"{Path(image).stem}-{k}",
        source=folder / image,
        prompt=question,
        answer=read_text(row, "answer"),
        objects=None if objects is None else tuple(read_object(o, size, folder) for o in objects),
        label=label,
        token_ids=_list(row, "token_ids", int),
        words=_list(row, "words", str),
        extra={key: value for key, value in row.items() if key not in _USED},
        recorded=read_text(row, "recorded"),
    )


def _cells(row: Any) -> Iterator[tuple[str, Any]]:
    """Yield key and value of each cell that is not empty; decode JSON that is written as text."""
    if isinstance(row, ValueError):  # a broken row of a .csv file
        raise row
    if isinstance(row, bytes):  # a line of a .jsonl file
        try:
            row = json.loads(row)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"the line is not JSON: {error}") from error
    if not isinstance(row, Mapping):
        raise ValueError(f"a row must be a mapping of names to values, got {row!r}")
    for key, value in row.items():
        if value is None or value == "":
            continue
        if isinstance(value, str) and (key in _JSON_CELLS or (key == "mask" and value.lstrip()[:1] in "[{")):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{key!r} is not JSON: {value!r}") from error
        yield key, value


def _list(row: Mapping[str, Any], key: str, kind: type) -> Any:
    """Return an entry that must be a list of one type, or None."""
    value = row.get(key)
    if value is not None and not (isinstance(value, list) and all(type(v) is kind for v in value)):
        raise ValueError(f"{key!r} must be a list of {kind.__name__}, got {value!r}")
    return value
