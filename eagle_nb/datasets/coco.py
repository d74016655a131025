"""Samples from annotations in the format of COCO."""

from __future__ import annotations

import json
import os
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ..inputs.files import missing
from ..inputs.masks import mask_box
from .collection import Samples, collect
from .fields import is_number, read_object, stored_size
from .kinds import reader_hint
from .orientation import shown_size, turn_object
from .published import CAPTION_PROMPT
from .sample import Sample, SampleObject

KINDS = ("caption", "object")
PIXELS = ("auto", "stored", "shown")
Annotations = str | os.PathLike[str] | Mapping[str, Any]
"""A JSON file, or its content."""


def from_coco(
    instances: Annotations,
    images: str | os.PathLike[str],
    captions: Annotations | None = None,
    kind: str = "caption",
    prompt: str = CAPTION_PROMPT,
    pixels: str = "auto",
) -> Samples:
    """Read samples from files in the format of COCO.

    Parameters
    ----------
    instances : path or mapping
        A file such as "instances_val2017.json", or its content: images, annotations, categories.
    images : path
        Folder of the image files.
    captions : path or mapping, optional
        A file such as "captions_val2017.json", or its content. The first caption of an image is the answer, all of them
        are in ``extra["captions"]``. Captions of images that are not in `instances` are ignored.
    kind : {"caption", "object"}
        - "caption": one sample per image;
        - "object": one sample per image and category that has exactly one instance in the image, which is the label; crowds
          are excluded.
    prompt : str
        The prompt; by default that of the published caption lists.
    pixels : {"auto", "stored", "shown"}
        What the annotations of a picture with an EXIF orientation refer to: its pixels as stored, or as shown. The image of a sample is
        the picture as shown, so boxes and masks of the stored one are turned with it. "auto" decides by the width and height that the
        file states: those of the stored picture alone mean "stored", any other "shown". Where both sizes are the same (orientations 2
        to 4, squares) or none is stated, the annotations are taken as "shown", and a warning says so.

    Returns
    -------
    Samples
        The objects have boxes and masks; a mask is decoded at every access. A box without area is replaced by that of
        the mask. Skipped are images that are missing, have another size than stated, or have a malformed annotation, by
        their row number in "images"; and annotations that belong to no image, by their row number in "annotations".

    Raises
    ------
    ValueError
        If `kind` or `pixels` is unknown, a file or folder is missing or not in the format, or all images are missing.
    ImportError
        If pycocotools is not installed.

    References
    ----------
    Lin et al. 2014, "Microsoft COCO: Common Objects in Context" (arXiv 1405.0312).

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (6, 4)).save(folder / "a.png")
    >>> instances = {
    ...     "images": [{"id": 1, "file_name": "a.png"}],
    ...     "categories": [{"id": 10, "name": "cat"}],
    ...     "annotations": [{"image_id": 1, "category_id": 10, "bbox": [1, 1, 2, 2], "segmentation": []}],
    ... }
    >>> from_coco(instances, folder, kind="object")[0].label
    'cat'
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known kinds: {', '.join(KINDS)}")
    if pixels not in PIXELS:
        raise ValueError(f"unknown pixels {pixels!r}; choose one of {', '.join(PIXELS)}")
    folder = Path(images).expanduser()
    if not folder.is_dir():
        raise missing(folder, "folder")
    content, source = read_annotations(instances, ("images", "annotations", "categories"))
    names = {_id(c, "id"): c.get("name") for c in content["categories"] if isinstance(c, Mapping)}
    image_ids = {_id(row, "id") for row in content["images"]}
    instances_of, skipped = _by_image(content["annotations"], image_ids)
    captions_of: Mapping[Any, list[Any]] = {}
    if captions is not None:
        captions_of, _ = _by_image(read_annotations(captions, ("annotations",))[0]["annotations"], image_ids)
    ambiguous: list[str] = []
    build = partial(
        _samples,
        instances_of=instances_of,
        captions_of=captions_of,
        names=names,
        folder=folder,
        kind=kind,
        prompt=prompt,
        pixels=pixels,
        ambiguous=ambiguous,
    )
    samples = collect(content["images"], build, source, skipped)
    if ambiguous:
        warnings.warn(
            f"{len(ambiguous)} images have an EXIF orientation, and the sizes in {source} do not show whether boxes and masks refer to "
            f"the picture as stored; they are taken as of the picture as shown (first: {ambiguous[0]!r}). Pass pixels='stored' or "
            "'shown' to choose.",
            stacklevel=2,
        )
    return samples


def read_annotations(annotations: Annotations, keys: tuple[str, ...]) -> tuple[Mapping[str, Any], str]:
    """Return the content of a file in the format of COCO, and where it comes from.

    Parameters
    ----------
    annotations : path or mapping
        The file, or its content.
    keys : tuple of str
        Lists that it must hold.

    Returns
    -------
    (mapping, str)
        The content, and the path or a name.

    Raises
    ------
    ValueError
        If the file cannot be read or lacks a list; the message names the loader that reads it.
    """
    if isinstance(annotations, Mapping):
        content, source = annotations, "COCO annotations"
    else:
        path = Path(annotations).expanduser()
        source = str(path)
        try:
            content = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, RecursionError) as error:
            hint = reader_hint(path, "from_coco")
            raise ValueError(f"the COCO file {source!r} cannot be read: {error}{hint}") from error
    for key in keys:
        if not isinstance(content, Mapping) or not isinstance(content.get(key), list):
            hint = reader_hint(annotations, "from_coco")
            raise ValueError(f"{source!r} is not a COCO file of this kind: it has no list {key!r}{hint}")
    return content, source


def _by_image(annotations: list[Any], image_ids: set[Any]) -> tuple[Mapping[Any, list[Any]], list[tuple[int, str]]]:
    """Return the annotations of each image, and number and reason of those that belong to none."""
    of_image, skipped = defaultdict(list), []
    for k, annotation in enumerate(annotations):
        image = _id(annotation, "image_id")
        if image is None or image not in image_ids:
            skipped.append((k, f"annotation {k} belongs to no image of the file: {_short(annotation)}"))
        else:
            of_image[image].append(annotation)
    return of_image, skipped


def _id(entry: Any, key: str) -> int | str | None:
    """Return an entry that is a valid id, or None."""
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return value if isinstance(value, int | str) else None


def _samples(
    k: int,
    row: Any,
    instances_of: Mapping[Any, list[Any]],
    captions_of: Mapping[Any, list[Any]],
    names: Mapping[Any, Any],
    folder: Path,
    kind: str,
    prompt: str,
    pixels: str,
    ambiguous: list[str],
) -> Iterator[Sample]:
    """Make the samples of one image."""
    if not isinstance(row, Mapping) or _id(row, "id") is None or not isinstance(row.get("file_name"), str):
        raise ValueError(f"an image needs id and file_name, got {_short(row)}")
    path = folder / row["file_name"]
    size, orientation = stored_size(path)
    pixels, unclear = _reference(row, size, orientation, pixels)
    annotations = instances_of.get(row["id"], [])
    if pixels == "stored":
        objects = tuple(turn_object(_object(a, names, size), size, orientation) for a in annotations)
    else:
        objects = tuple(_object(annotation, names, shown_size(size, orientation)) for annotation in annotations)
        ambiguous.extend([row["file_name"]] * (unclear and bool(objects)))
    texts = [_caption(annotation) for annotation in captions_of.get(row["id"], [])]
    extra = {"image_id": row["id"], "captions": texts}
    labels: list[str | None] = [None]
    if kind == "object":
        all_names = [o.name for o in objects]
        pairs = zip(objects, annotations, strict=True)
        labels = [o.name for o, a in pairs if all_names.count(o.name) == 1 and not a.get("iscrowd")]
    for label in labels:
        name = str(row["id"]) if label is None else f"{row['id']}-{label.replace(' ', '-')}"
        yield Sample(name, path, prompt, texts[0] if texts else None, objects, label, extra=extra)


def _reference(row: Mapping[str, Any], size: tuple[int, int], orientation: int, pixels: str) -> tuple[str, bool]:
    """Return whether annotations refer to the picture as stored or as shown, and whether that is unclear."""
    shown = shown_size(size, orientation)
    stated = tuple(
        side if row.get(key) is None else row[key] for key, side in zip(("width", "height"), shown, strict=True)
    )
    if stated not in (size, shown):
        turned = f", {shown[0]} × {shown[1]} turned by its EXIF orientation {orientation}" if shown != size else ""
        raise ValueError(f"{row['file_name']!r} is {size[0]} × {size[1]} pixels{turned}, the file says {stated}")
    if pixels != "auto":
        return pixels, False
    if stated != shown:
        return "stored", False
    return "shown", orientation > 1 and (size == shown or row.get("width") is None or row.get("height") is None)


def _object(annotation: Mapping[str, Any], names: Mapping[Any, Any], size: tuple[int, int]) -> SampleObject:
    """Read one annotation."""
    category = _id(annotation, "category_id")
    if category not in names:
        raise ValueError(f"annotation {annotation.get('id')} has category {category!r}, which the file does not list")
    mask = annotation.get("segmentation") or None  # box-only files have an empty list
    box = annotation.get("bbox")
    flat = mask is not None and _is_flat(box)
    entry = {"name": names[category], "box": None if flat else box, "mask": mask}
    try:
        instance = read_object(entry, size, corners=False)
    except ValueError as error:
        raise ValueError(f"annotation {annotation.get('id')}: {error}") from error
    if flat and (pixels := instance.mask) is not None:
        instance.box = mask_box(pixels)
    return instance


def _is_flat(box: Any) -> bool:
    """Return whether a box (left, top, width, height) has no area."""
    return isinstance(box, list | tuple) and len(box) == 4 and all(map(is_number, box)) and min(box[2:]) <= 0


def _caption(annotation: Mapping[str, Any]) -> str:
    """Read one caption."""
    if not isinstance(annotation.get("caption"), str):
        raise ValueError(f"annotation {annotation.get('id')} has no caption")
    return str(annotation["caption"]).strip()


def _short(value: Any) -> str:
    """Return a value as text of at most 100 characters."""
    text = repr(value)
    return text if len(text) < 100 else text[:99] + "…"
