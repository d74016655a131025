"""Samples from any Hugging Face data set."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.images import ImageLike
from .collection import Samples, gather
from .fields import image_size, read_object, text_of
from .sample import Sample, SampleObject


def from_dataset(
    dataset: Any,
    image: str = "image",
    prompt: str | None = None,
    template: str | None = None,
    answer: str | None = None,
    label: str | None = None,
    id: str | None = None,
    objects: str | None = None,
    box_format: str = "xywh",
) -> Samples:
    """Samples from a split of a data set of the library `datasets`, by the names of its columns.

    Parameters
    ----------
    dataset : datasets.Dataset
        One split, as ``datasets.load_dataset(name, split="validation")`` gives it; a list of mappings does as well.
        A format such as "numpy" makes no difference.
    image : str
        Column of images, or of paths of image files.
    prompt : str, optional
        Column of prompts. Give this or `template`.
    template : str, optional
        The prompt itself; ``{column}`` stands for a row's value, as in "Is there a {category} in the image?".
    answer, label, id : str, optional
        Columns; classes become their names. Without `id` a sample is called by its row number.
    objects : str, optional
        Column of objects: a list of mappings, or a mapping of lists, with "category" (or "name", "label"), "bbox" (or
        "box") and "segmentation" (or "mask").
    box_format : {"xywh", "xyxy"}
        Boxes as (left, top, width, height), as in COCO, or (left, top, right, bottom), in pixels.

    Returns
    -------
    Samples
        Images stay in the data set until they are asked for. A row that is malformed or without an image is skipped and
        counted. Columns not named above go to ``extra``.

    Raises
    ------
    TypeError
        If `dataset` is no single split whose rows have numbers.
    ValueError
        If a column does not exist, or not exactly one of `prompt` and `template` is given.

    Examples
    --------
    >>> rows = [{"image": np.zeros((4, 4, 3), np.uint8), "thing": "cup"}, {"image": None, "thing": "book"}]
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     samples = from_dataset(rows, template="is there a {thing}?", label="thing")
    >>> samples[0].prompt, samples.skipped[0].row
    ('is there a cup?', 1)
    """
    if isinstance(dataset, Mapping):
        raise TypeError(f"give one split of the data set: dataset[{next(iter(dataset), 'train')!r}]")
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise TypeError(f"a data set needs numbered rows, got {type(dataset).__name__}; load it without streaming")
    if (prompt is None) == (template is None):
        raise ValueError("give either prompt, the name of a column, or template, the prompt itself")
    if box_format not in ("xywh", "xyxy"):
        raise ValueError(f"unknown box_format {box_format!r}; known: xywh, xyxy")
    rows = _plain(dataset, image)
    named = {"image": image, "prompt": prompt, "answer": answer, "label": label, "id": id, "objects": objects}
    columns = {key: column for key, column in named.items() if column is not None}
    features = getattr(dataset, "features", None) or {}
    known = _column_names(dataset)
    for key, column in columns.items():
        if known and column not in known:
            raise ValueError(f"the data set has no column {column!r} ({key}); it has {', '.join(map(str, known))}")
    unknown = [name for name in _fields(template or "") if (known and name not in known) or name == image]
    if unknown:
        raise ValueError(
            f"the template names {unknown[0]!r}; a template takes the columns {', '.join(map(str, known))}"
        )
    build = partial(
        _sample, rows=rows, columns=columns, template=template, features=features, corners=box_format == "xyxy"
    )
    return gather(range(len(rows)), lambda k, _: [build(k)], f"{type(dataset).__name__} of {len(rows)} rows")


def _fields(template: str) -> list[str]:
    """The columns a template names."""
    parts = [(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None]
    return [field for name, spec in parts for field in (name, *_fields(spec))]


def _column_names(dataset: Any) -> list[str]:
    """Of a list those of all its rows; none where they cannot be told."""
    if getattr(dataset, "column_names", None):
        return list(dataset.column_names)
    rows = dataset if isinstance(dataset, list | tuple) else [dataset[k] for k in range(min(len(dataset), 1))]
    return list(dict.fromkeys(column for row in rows if isinstance(row, Mapping) for column in row))


def _plain(dataset: Any, image: str) -> Any:
    """The data set with its images as bytes or paths, and Python's own values in place of arrays or tensors."""
    if hasattr(dataset, "with_format") and dataset.format["type"] != "custom":  # which is a transform of the user's
        dataset = dataset.with_format(None)
    feature = (getattr(dataset, "features", None) or {}).get(image)
    if type(feature).__name__ != "Image" or not hasattr(dataset, "cast_column"):
        return dataset
    from datasets import Image as ImageFeature

    return dataset.cast_column(image, ImageFeature(decode=False))


def _sample(
    k: int, rows: Any, columns: Mapping[str, str], template: str | None, features: Mapping[str, Any], corners: bool
) -> Sample:
    row = rows[k]
    if not isinstance(row, Mapping):
        raise ValueError(f"a row is a mapping of columns to values, got {row!r}")
    size = image_size(_source(row, columns["image"]))
    row = {c: _class_name(v, features.get(c)) for c, v in row.items() if c != columns["image"]}
    asked = text_of(row, columns["prompt"]) if "prompt" in columns else None
    if template is not None:
        empty = [name for name in _fields(template) if row.get(name) is None]
        if empty:
            raise ValueError(f"the template needs column {empty[0]!r}, which is empty")
        try:
            asked = template.format_map(row)
        except TypeError as error:
            raise ValueError(f"its values do not fit the template: {error}") from error
    if asked is None:
        raise ValueError(f"its prompt, column {columns.get('prompt')!r}, is empty")
    text = {key: text_of(row, columns[key]) if key in columns else None for key in ("answer", "label", "id")}
    found: tuple[SampleObject, ...] | None = None
    if "objects" in columns and row.get(columns["objects"]) is not None:
        names = _category_names(features.get(columns["objects"]))
        entries = _entries(row[columns["objects"]])
        found = tuple(read_object(entry, size, corners=corners, names=names) for entry in entries)
    return Sample(
        id=text["id"] or str(k),
        source=partial(_read, rows, k, columns["image"]),
        prompt=asked,
        answer=text["answer"],
        objects=found,
        label=text["label"],
        extra={c: v for c, v in row.items() if c not in columns.values()},
    )


def _read(rows: Any, k: int, column: str) -> ImageLike:
    return _source(rows[k], column)


def _source(row: Mapping[str, Any], column: str) -> ImageLike:
    value = row.get(column)
    if isinstance(value, Mapping):  # an undecoded image
        value = value.get("bytes") if value.get("bytes") is not None else value.get("path")
    if not isinstance(value, str | Path | bytes | np.ndarray | Image.Image):
        raise ValueError(f"its image, column {column!r}, is {'missing' if value is None else type(value).__name__}")
    return value


def _class_name(value: Any, feature: Any) -> Any:
    names = getattr(feature, "names", None)
    return names[value] if names and isinstance(value, int) and 0 <= value < len(names) else value


def _category_names(feature: Any) -> list[str] | None:
    """Names of the classes inside a column of objects, where it says them."""
    inner = getattr(feature, "feature", feature)
    inner = inner[0] if isinstance(inner, list) else inner
    for key in ("name", "category", "label"):
        kind = inner.get(key) if isinstance(inner, Mapping) else None
        names = getattr(getattr(kind, "feature", kind), "names", None)
        if names:
            return list(names)
    return None


def _entries(objects: Any) -> list[Any]:
    if _is_list(objects):
        return list(objects)
    lists = {key: v for key, v in objects.items() if v is not None} if isinstance(objects, Mapping) else {}
    if not lists or not all(map(_is_list, lists.values())):
        raise ValueError(f"objects are a list of mappings or a mapping of lists, got {objects!r}")
    lengths = {key: len(value) for key, value in lists.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the lists of objects differ in length: {lengths}")
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
