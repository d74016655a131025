"""Samples from captions that CHAIR evaluates: recorded captions of COCO images."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from .benchmark_images import check_images, find_image, image_folder
from .coco import Annotations, from_coco, read_annotations
from .collection import Samples, collect
from .fields import image_size, read_text
from .kinds import check_kind, read_list
from .published import CAPTION_PROMPT
from .sample import Sample, SampleObject

_WORDS = ("mscoco_hallucinated_words", "mscoco_gt_words", "mscoco_generated_words", "hallucination_idxs")


def from_chair(
    path: str | os.PathLike[str],
    images: str | os.PathLike[str],
    instances: Annotations | None = None,
    prompt: str = CAPTION_PROMPT,
) -> Samples:
    """Read samples from a file of generated captions, as CHAIR's script takes and writes them.

    Parameters
    ----------
    path : path
        Rows with "image_id" and "caption": JSON lines, a JSON list, a mapping with "imgToEval" (as of COCO's caption evaluation), or one
        with "sentences" (as CHAIR's script writes it).
    images : path
        Folder of the images: COCO val2014 ("COCO_val2014_000000000042.jpg") or val2017 ("000000000042.jpg").
    instances : path or mapping, optional
        COCO's annotations of these images, such as "instances_val2014.json"; the objects of the samples. Without it they are unknown, so
        that no caption can be checked.
    prompt : str
        The prompt with which the captions were generated, or are to be.

    Returns
    -------
    Samples
        `recorded` is the caption; ``extra`` holds "image_id" and the words that CHAIR's script found, where it did. Rows that are
        malformed or whose image is missing are skipped.

    Raises
    ------
    ValueError
        If a file or the folder is missing, no image of the list is in the folder, or the file is of another kind; the message names
        the loader that reads it.
    ImportError
        If `instances` has polygons and pycocotools is not installed.

    References
    ----------
    Rohrbach et al. 2018, "Object Hallucination in Image Captioning" (arXiv 1809.02156).

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> Image.new("RGB", (6, 4)).save(folder / "000000000042.jpg")
    >>> _ = (folder / "captions.jsonl").write_text(json.dumps({"image_id": 42, "caption": "A cup."}))
    >>> sample = from_chair(folder / "captions.jsonl", folder)[0]
    >>> sample.recorded, sample.extra["image_id"]
    ('A cup.', 42)
    """
    path, folder = Path(path).expanduser(), image_folder(images)
    rows = _rows(path)
    required = {"'image_id'": ("image_id",), "'caption'": ("caption",)}
    check_kind(next(row for row in rows if isinstance(row, Mapping)), path, "from_chair", required)
    named = [(row, number) for row in rows if (number := _number(row)) is not None]
    check_images(folder, [_file(folder, row, number).name for row, number in named], path)
    objects_of = None
    if instances is not None:
        objects_of = _objects(instances, {number: _file(folder, row, number) for row, number in named}, folder)
    return collect(rows, partial(_samples, folder=folder, objects_of=objects_of, prompt=prompt), str(path))


def _rows(path: Path) -> list[Any]:
    """Read the rows of any form of the file."""
    content = None
    if path.is_file():
        try:
            content = json.loads(path.read_bytes().decode("utf-8-sig"))
        except (OSError, ValueError, RecursionError):
            content = None  # JSON lines, or an error of read_list
    if isinstance(content, Mapping):
        listed = content.get("sentences", content.get("imgToEval"))
        listed = list(listed.values()) if isinstance(listed, Mapping) else listed
        if isinstance(listed, list) and any(isinstance(row, Mapping) for row in listed):
            return listed
    return read_list(path, "from_chair")


def _number(row: Any) -> int | None:
    """Return the number of a row's image; None if there is none."""
    value = row.get("image_id") if isinstance(row, Mapping) else None
    if isinstance(value, str):
        digits = Path(value).stem.rpartition("_")[2]
        return int(digits) if digits.isascii() and digits.isdecimal() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _file(folder: Path, row: Mapping[str, Any], number: int) -> Path:
    """Return the file of a row's image."""
    named = row.get("image")
    names = [named] if isinstance(named, str) and named else []
    names += [f"COCO_val2014_{number:012d}.jpg", f"COCO_train2014_{number:012d}.jpg", f"{number}.jpg"]
    files = [find_image(folder, name) for name in names]
    return next((file for file in files if file.is_file()), files[0])


def _objects(instances: Annotations, files: Mapping[int, Path], folder: Path) -> Mapping[int, tuple[SampleObject, ...]]:
    """Return the objects of each image that has a file."""
    content, _ = read_annotations(instances, ("images", "annotations", "categories"))
    images = [
        {**row, "file_name": files[row["id"]].name}
        for row in content["images"]
        if isinstance(row, Mapping) and row.get("id") in files and files[row["id"]].is_file()
    ]
    used = {row["id"] for row in images}
    annotations = [a for a in content["annotations"] if isinstance(a, Mapping) and a.get("image_id") in used]
    samples = from_coco({**content, "images": images, "annotations": annotations}, folder)
    return {sample.extra["image_id"]: sample.objects or () for sample in samples}


def _samples(
    k: int, row: Any, folder: Path, objects_of: Mapping[int, tuple[SampleObject, ...]] | None, prompt: str
) -> list[Sample]:
    """Make the sample of one row."""
    if isinstance(row, ValueError):
        raise row
    number = _number(row)
    caption = read_text(row, "caption") if isinstance(row, Mapping) else None
    if number is None or caption is None:
        raise ValueError(f"a row needs image_id and caption, got {row!r}")
    file = _file(folder, row, number)
    image_size(file)
    if objects_of is not None and number not in objects_of:
        raise ValueError(f"the annotations have no image with id {number}")
    objects = None if objects_of is None else objects_of[number]
    extra = {"image_id": number, **{key: row[key] for key in _WORDS if key in row}}
    return [Sample(f"{number}-{k}", file, prompt, None, objects, extra=extra, recorded=caption)]
