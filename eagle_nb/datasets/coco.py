"""Samples from COCO instances and captions."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from .collection import Samples, gather
from .fields import image_size, is_number, mask_box, read_object
from .published import CAPTION_PROMPT
from .sample import Sample, SampleObject

KINDS = ("caption", "object")
Annotations = str | os.PathLike[str] | Mapping[str, Any]


def from_coco(
    instances: Annotations,
    images: str | os.PathLike[str],
    captions: Annotations | None = None,
    kind: str = "caption",
    prompt: str = CAPTION_PROMPT,
) -> Samples:
    """Samples from files in the format of COCO (Lin et al. 2014, arXiv 1405.0312).

    Parameters
    ----------
    instances : path or mapping
        "instances_val2017.json" or the like: images, annotations, categories.
    images : path
        The folder of the image files.
    captions : path or mapping, optional
        "captions_val2017.json" or the like. The first caption of an image is the answer, all are in
        ``extra["captions"]``.
    kind : {"caption", "object"}
        - "caption": one sample per image;
        - "object": one sample per image and category that has exactly one instance there, which is the label; crowds
          do not count as one.
    prompt : str
        The published caption lists' by default.

    Returns
    -------
    Samples
        Objects have box and mask; a mask is decoded when it is asked for. Where a box has no area, that of the mask takes
        its place. An image that is missing, of another size than the file says, or has a malformed annotation is skipped
        and counted with its row number in "images". An annotation that belongs to no image is counted too, with its own
        row number. Captions of other images are left out.

    Raises
    ------
    ValueError
        If the kind is unknown, or a file or folder is missing or not in the format.
    ImportError
        If pycocotools is not installed.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known kinds: {', '.join(KINDS)}")
    folder = Path(images).expanduser()
    if not folder.is_dir():
        raise ValueError(f"there is no folder {str(folder)!r}; check the path (working folder: {Path.cwd()})")
    content, source = _read(instances, ("images", "annotations", "categories"))
    names = {_id(c, "id"): c.get("name") for c in content["categories"] if isinstance(c, Mapping)}
    known = {_id(row, "id") for row in content["images"]}
    annotated, lost = _by_image(content["annotations"], known)
    said: Mapping[Any, list[Any]] = {}
    if captions is not None:
        said, _ = _by_image(_read(captions, ("annotations",))[0]["annotations"], known)
    build = partial(_samples, annotated=annotated, said=said, names=names, folder=folder, kind=kind, prompt=prompt)
    return gather(content["images"], build, source, lost)


def _read(annotations: Annotations, keys: tuple[str, ...]) -> tuple[Mapping[str, Any], str]:
    if isinstance(annotations, Mapping):
        content, source = annotations, "COCO annotations"
    else:
        path = Path(annotations).expanduser()
        source = str(path)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ValueError(f"the COCO file {source!r} cannot be read: {error}") from error
    for key in keys:
        if not isinstance(content, Mapping) or not isinstance(content.get(key), list):
            raise ValueError(f"{source!r} is no COCO file of this kind: it has no list {key!r}")
    return content, source


def _by_image(annotations: list[Any], known: set[Any]) -> tuple[Mapping[Any, list[Any]], list[tuple[int, str]]]:
    """Annotations of each image, and those that belong to none."""
    found, lost = defaultdict(list), []
    for k, annotation in enumerate(annotations):
        image = _id(annotation, "image_id")
        if image is None or image not in known:
            lost.append((k, f"annotation {k} belongs to no image of the file: {_short(annotation)}"))
        else:
            found[image].append(annotation)
    return found, lost


def _id(entry: Any, key: str) -> int | str | None:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return value if isinstance(value, int | str) else None


def _samples(
    k: int,
    row: Any,
    annotated: Mapping[Any, list[Any]],
    said: Mapping[Any, list[Any]],
    names: Mapping[Any, Any],
    folder: Path,
    kind: str,
    prompt: str,
) -> Iterator[Sample]:
    if not isinstance(row, Mapping) or _id(row, "id") is None or not isinstance(row.get("file_name"), str):
        raise ValueError(f"an image needs id and file_name, got {_short(row)}")
    path = folder / row["file_name"]
    size = image_size(path)
    stated = (row.get("width", size[0]), row.get("height", size[1]))
    if stated != size:
        raise ValueError(f"{row['file_name']!r} is {size[0]} × {size[1]} pixels, the file says {stated}")
    found = annotated.get(row["id"], [])
    objects = tuple(_object(annotation, names, size) for annotation in found)
    texts = [_caption(annotation) for annotation in said.get(row["id"], [])]
    extra = {"image_id": row["id"], "captions": texts}
    labels: list[str | None] = [None]
    if kind == "object":
        every = [o.name for o in objects]
        single = zip(objects, found, strict=True)
        labels = [o.name for o, a in single if every.count(o.name) == 1 and not a.get("iscrowd")]
    for label in labels:
        name = str(row["id"]) if label is None else f"{row['id']}-{label.replace(' ', '-')}"
        yield Sample(name, path, prompt, texts[0] if texts else None, objects, label, extra=extra)


def _object(annotation: Mapping[str, Any], names: Mapping[Any, Any], size: tuple[int, int]) -> SampleObject:
    category = _id(annotation, "category_id")
    if category not in names:
        raise ValueError(f"annotation {annotation.get('id')} has category {category!r}, which the file does not list")
    mask = annotation.get("segmentation") or None  # box-only files have an empty list
    box = annotation.get("bbox")
    flat = mask is not None and _is_flat(box)
    entry = {"name": names[category], "box": None if flat else box, "mask": mask}
    try:
        found = read_object(entry, size, corners=False)
    except ValueError as error:
        raise ValueError(f"annotation {annotation.get('id')}: {error}") from error
    if flat and (pixels := found.mask) is not None:
        found.box = mask_box(pixels)
    return found


def _is_flat(box: Any) -> bool:
    """Whether a box (left, top, width, height) has no area."""
    return isinstance(box, list | tuple) and len(box) == 4 and all(map(is_number, box)) and min(box[2:]) <= 0


def _caption(annotation: Mapping[str, Any]) -> str:
    if not isinstance(annotation.get("caption"), str):
        raise ValueError(f"annotation {annotation.get('id')} has no caption")
    return str(annotation["caption"]).strip()


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 100 else text[:99] + "…"
