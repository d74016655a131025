"""Samples from Hugging Face data sets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.images import ImageLike
from .collection import Samples, collect
from .fields import image_size, read_object, read_text
from .sample import Sample, SampleObject


def from_hub(
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
    """Read samples from a split of a data set of the library `datasets`.

    Parameters
    ----------
    dataset : datasets.Dataset
        One split, as ``datasets.load_dataset(name, split="validation")`` returns it, in any format; or a list of
        mappings.
    image : str
        Column of images, or of paths of image files.
    prompt : str, optional
        Column of prompts. Exactly one of `prompt` and `template` is required.
    template : str, optional
        The prompt itself; ``{column}`` is replaced by a value of the row, as in "Is there a {category} in the image?".
    answer, label, id : str, optional
        Columns; class numbers are replaced by their names. Without `id`, the id of a sample is its row number.
    objects : str, optional
        Column of objects: a list of mappings, or a mapping of lists, with "category" (or "name", "label"), "bbox" (or
        "box") and "segmentation" (or "mask").
    box_format : {"xywh", "xyxy"}
        Boxes are (left, top, width, height), as in COCO, or (left, top, right, bottom), in pixels.

    Returns
    -------
    Samples
        Images stay in the data set until they are accessed. Rows that are malformed or without an image are skipped.
        Columns that are not named above go to ``extra``.

    Raises
    ------
    TypeError
        If `dataset` is not a single split with numbered rows.
    ValueError
        If a column does not exist, or not exactly one of `prompt` and `template` is given.

    Examples
    --------
    >>> import warnings
    >>> rows = [{"image": np.zeros((4, 4, 3), np.uint8), "object": "cup"}, {"image": None, "object": "book"}]
    >>> with warnings.catch_warnings(action="ignore"):
    ...     samples = from_hub(rows, template="is there a {object}?", label="object")
    >>> samples[0].prompt, samples.skipped[0].row
    ('is there a cup?', 1)
    """
    if isinstance(dataset, Mapping):
        raise TypeError(f"pass one split of the data set: dataset[{next(iter(dataset), 'train')!r}]")
    if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
        raise TypeError(f"a data set needs numbered rows, got {type(dataset).__name__}; load it without streaming")
    if (prompt is None) == (template is None):
        raise ValueError("pass either prompt, the name of a column, or template, the prompt itself")
    if box_format not in ("xywh", "xyxy"):
        raise ValueError(f"unknown box_format {box_format!r}; known: xywh, xyxy")
    rows = _undecoded(dataset, image)
    named = {"image": image, "prompt": prompt, "answer": answer, "label": label, "id": id, "objects": objects}
    columns = {key: column for key, column in named.items() if column is not None}
    features = getattr(dataset, "features", None) or {}
    available = _column_names(dataset)
    for key, column in columns.items():
        if available and column not in available:
            raise ValueError(f"the data set has no column {column!r} ({key}); it has {', '.join(map(str, available))}")
    unknown = [
        name for name in _template_columns(template or "") if (available and name not in available) or name == image
    ]
    if unknown:
        raise ValueError(
            f"the template names {unknown[0]!r}; a template takes the columns {', '.join(map(str, available))}"
        )
    build = partial(
        _sample, rows=rows, columns=columns, template=template, features=features, corners=box_format == "xyxy"
    )
    return collect(range(len(rows)), lambda k, _: [build(k)], f"{type(dataset).__name__} of {len(rows)} rows")


def _template_columns(template: str) -> list[str]:
    """Return the columns that a template names."""
    parts = [(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None]
    return [field for name, spec in parts for field in (name, *_template_columns(spec))]


def _column_names(dataset: Any) -> list[str]:
    """Return the names of the columns; of a list, those of all its rows. Empty if they are unknown."""
    if getattr(dataset, "column_names", None):
        return list(dataset.column_names)
    rows = dataset if isinstance(dataset, list | tuple) else [dataset[k] for k in range(min(len(dataset), 1))]
    return list(dict.fromkeys(column for row in rows if isinstance(row, Mapping) for column in row))


def _undecoded(dataset: Any, image: str) -> Any:
    """Return the data set with images as bytes or paths, and other values as plain Python objects."""
    if hasattr(dataset, "with_format") and dataset.format["type"] != "custom":  # "custom" is a transform of the user
        dataset = dataset.with_format(None)
    feature = (getattr(dataset, "features", None) or {}).get(image)
    if type(feature).__name__ != "Image" or not hasattr(dataset, "cast_column"):
        return dataset
    from datasets import Image as ImageFeature

    return dataset.cast_column(image, ImageFeature(decode=False))


def _sample(
    k: int, rows: Any, columns: Mapping[str, str], template: str | None, features: Mapping[str, Any], corners: bool
) -> Sample:
    """Make the sample of one row."""
    row = rows[k]
    if not isinstance(row, Mapping):
        raise ValueError(f"a row must be a mapping of columns to values, got {row!r}")
    size = image_size(_source(row, columns["image"]))
    row = {c: _class_name(v, features.get(c)) for c, v in row.items() if c != columns["image"]}
    question = read_text(row, columns["prompt"]) if "prompt" in columns else None
    if template is not None:
        empty = [name for name in _template_columns(template) if row.get(name) is None]
        if empty:
            raise ValueError(f"the template needs column {empty[0]!r}, which is empty")
        try:
            question = template.format_map(row)
        except TypeError as error:
            raise ValueError(f"the values of the row do not fit the template: {error}") from error
    if question is None:
        raise ValueError(f"the prompt, column {columns.get('prompt')!r}, is empty")
    text = {key: read_text(row, columns[key]) if key in columns else None for key in ("answer", "label", "id")}
    read: tuple[SampleObject, ...] | None = None
    if "objects" in columns and row.get(columns["objects"]) is not None:
        names = _category_names(features.get(columns["objects"]))
        entries = _entries(row[columns["objects"]])
        read = tuple(read_object(entry, size, corners=corners, names=names) for entry in entries)
    return Sample(
        id=text["id"] or str(k),
        source=partial(_image_of_row, rows, k, columns["image"]),
        prompt=question,
        answer=text["answer"],
        objects=read,
        label=text["label"],
        extra={c: v for c, v in row.items() if c not in columns.values()},
    )


def _image_of_row(rows: Any, k: int, column: str) -> ImageLike:
    """Return the image of row k."""
    return _source(rows[k], column)


def _source(row: Mapping[str, Any], column: str) -> ImageLike:
    """Return the image of a row."""
    value = row.get(column)
    if isinstance(value, Mapping):  # an undecoded image
        value = value.get("bytes") if value.get("bytes") is not None else value.get("path")
    if not isinstance(value, str | Path | bytes | np.ndarray | Image.Image):
        raise ValueError(f"the image, column {column!r}, is {'missing' if value is None else type(value).__name__}")
    return value


def _class_name(value: Any, feature: Any) -> Any:
    """Return the name of a class number; any other value as it is."""
    names = getattr(feature, "names", None)
    return names[value] if names and isinstance(value, int) and 0 <= value < len(names) else value


def _category_names(feature: Any) -> list[str] | None:
    """Return the names of the classes in a column of objects, if the data set states them."""
    inner = getattr(feature, "feature", feature)
    inner = inner[0] if isinstance(inner, list) else inner
    for key in ("name", "category", "label"):
        kind = inner.get(key) if isinstance(inner, Mapping) else None
        names = getattr(getattr(kind, "feature", kind), "names", None)
        if names:
            return list(names)
    return None


def _entries(objects: Any) -> list[Any]:
    """Return objects as a list of mappings."""
    if _is_list(objects):
        return list(objects)
    lists = {key: v for key, v in objects.items() if v is not None} if isinstance(objects, Mapping) else {}
    if not lists or not all(map(_is_list, lists.values())):
        raise ValueError(f"objects must be a list of mappings or a mapping of lists, got {objects!r}")
    lengths = {key: len(value) for key, value in lists.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the lists of objects differ in length: {lengths}")
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]


def _is_list(value: Any) -> bool:
    """Return whether a value is a list, a tuple or an array."""
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
