"""Samples from a folder of images with an index."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .collection import Samples, gather
from .fields import image_size, read_object, text_of
from .sample import Sample

INDEX_NAMES = ("index.json", "index.jsonl", "index.csv")
_USED = {"id", "image", "prompt", "answer", "label", "objects", "box", "mask", "recorded", "token_ids", "words"}
_JSON_CELLS = ("objects", "box", "token_ids", "words")


def from_folder(
    folder: str | os.PathLike[str], index: str | os.PathLike[str] | None = None, prompt: str | None = None
) -> Samples:
    """Samples from a folder of images and an index that says what is asked about each.

    Parameters
    ----------
    folder : path
        Where the paths of images and mask files start.
    index : path, optional
        A ``.json`` list of mappings, a ``.jsonl`` file with one mapping per line, or a ``.csv`` file with a header;
        "index.json", "index.jsonl" or "index.csv" in the folder by default. Keys or columns:

        - image: file, the only one that must be there;
        - id: the image's name and the row number if left out;
        - prompt, answer, label: texts;
        - objects: list of ``{"name", "box", "mask"}`` with box (left, top, right, bottom) in pixels and mask a file
          (whatever is not black), polygons, or a run-length code as in COCO;
        - box, mask: of the one object called `label`, in place of objects;
        - recorded, token_ids, words: an answer of another run;
        - anything else goes to ``sample.extra``.

        In a CSV file objects, box, token_ids and words are written as JSON, polygons and run-length codes too. Text is
        UTF-8.
    prompt : str, optional
        For rows that have none.

    Returns
    -------
    Samples
        A row that is malformed or whose image is missing is skipped and counted. After a CSV row with a misplaced quote,
        or one that is never closed, reading goes on with the next line.

    Raises
    ------
    ValueError
        If there is no such folder or index, or the index as a whole, or a CSV file's header, cannot be read.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise ValueError(f"there is no folder {str(folder)!r}; check the path (working folder: {Path.cwd()})")
    path = _index(folder, index)
    return gather(_rows(path), lambda k, row: [_sample(k, row, folder, prompt)], str(path))


def _index(folder: Path, index: str | os.PathLike[str] | None) -> Path:
    if index is None:
        found = [folder / name for name in INDEX_NAMES if (folder / name).is_file()]
        if len(found) != 1:
            raise ValueError(
                f"{str(folder)!r} holds {len(found)} of {', '.join(INDEX_NAMES)}; say which file is the index"
            )
        return found[0]
    path = Path(index).expanduser()
    if not path.is_file() and (folder / path).is_file():
        path = folder / path
    if not path.is_file():
        raise ValueError(f"there is no index {str(index)!r}, nor is it in {str(folder)!r}; check the path")
    if path.suffix.lower() not in (".json", ".jsonl", ".csv"):
        raise ValueError(f"an index is a .json, .jsonl or .csv file, got {path.name!r}")
    return path


def _rows(path: Path) -> list[Any]:
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
        if path.suffix.lower() == ".csv":
            return _csv_rows(content)
        if path.suffix.lower() == ".jsonl":
            return content.rstrip().splitlines()
        rows = json.loads(content.decode())
    except (OSError, ValueError) as error:
        raise ValueError(f"the index {str(path)!r} cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise ValueError(f"the index {str(path)!r} must hold a list of rows, it holds a {type(rows).__name__}")
    return rows


def _csv_rows(content: bytes) -> list[dict[str, str] | ValueError]:
    """The rows of a CSV file, and in place of each one that is broken what is wrong with it."""
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
    """The header and the rows; none for an empty line."""
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
            records.append(ValueError(f"line {start + 1} is no CSV: {error}"))
            start += 1
    return records


def _utf8(record: list[str]) -> list[str] | ValueError:
    for cell in record:
        try:
            cell.encode()
        except UnicodeEncodeError:  # it holds bytes that could not be decoded
            return ValueError(f"the cell {cell.encode(errors='surrogateescape')!r} is not UTF-8")
    return record


def _named(names: list[str], record: list[str] | ValueError) -> dict[str, str] | ValueError:
    if isinstance(record, ValueError):
        return record
    if len(record) != len(names):
        return ValueError(f"it has {len(record)} cells, the header has {len(names)}")
    return dict(zip(names, record, strict=True))


def _sample(k: int, row: Any, folder: Path, prompt: str | None) -> Sample:
    row = dict(_cells(row))
    image = text_of(row, "image")
    if image is None:
        raise ValueError("it names no image")
    size = image_size(folder / image)
    label, asked = text_of(row, "label"), text_of(row, "prompt") or prompt
    if asked is None:
        raise ValueError("it has no prompt; give one in the row, or from_folder(..., prompt=...) for all rows")
    objects = row.get("objects")
    if objects is None and (row.get("box") is not None or row.get("mask") is not None):
        objects = [{"name": label, "box": row.get("box"), "mask": row.get("mask")}]
    if objects is not None and not isinstance(objects, list):
        raise ValueError(f"'objects' must be a list, got {objects!r}")
    return Sample(
        id=text_of(row, "id") or f"{Path(image).stem}-{k}",
        source=folder / image,
        prompt=asked,
        answer=text_of(row, "answer"),
        objects=None if objects is None else tuple(read_object(o, size, folder) for o in objects),
        label=label,
        token_ids=_list(row, "token_ids", int),
        words=_list(row, "words", str),
        extra={key: value for key, value in row.items() if key not in _USED},
        recorded=text_of(row, "recorded"),
    )


def _cells(row: Any) -> Iterator[tuple[str, Any]]:
    """Key and value of each cell that holds something, JSON read where it was written as text."""
    if isinstance(row, ValueError):  # a broken row of a .csv file
        raise row
    if isinstance(row, bytes):  # a line of a .jsonl file
        try:
            row = json.loads(row)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"the line is no JSON: {error}") from error
    if not isinstance(row, Mapping):
        raise ValueError(f"a row is a mapping of names to values, got {row!r}")
    for key, value in row.items():
        if value is None or value == "":
            continue
        if isinstance(value, str) and (key in _JSON_CELLS or (key == "mask" and value.lstrip()[:1] in "[{")):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{key!r} is no JSON: {value!r}") from error
        yield key, value


def _list(row: Mapping[str, Any], key: str, kind: type) -> Any:
    value = row.get(key)
    if value is not None and not (isinstance(value, list) and all(type(v) is kind for v in value)):
        raise ValueError(f"{key!r} must be a list of {kind.__name__}, got {value!r}")
    return value
