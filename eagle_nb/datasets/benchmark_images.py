"""Images of published benchmarks: where a list and a folder name them differently."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from ..errors import MissingImageError
from ..inputs.files import missing

_PREFIXES = ("COCO_val2014_", "COCO_train2014_")


def image_folder(images: str | os.PathLike[str]) -> Path:
    """Return the folder of the images.

    Parameters
    ----------
    images : path
        The folder.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ValueError
        If there is no such folder.
    """
    folder = Path(images).expanduser()
    if not folder.is_dir():
        raise missing(folder, "folder")
    return folder


def find_image(folder: Path, name: str) -> Path:
    """Return the file of an image that a list names.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the images.
    name : str
        A path or an address; if the folder has no such file, its last part counts, and for COCO the name of the 2017 release.

    Returns
    -------
    pathlib.Path
        The file; the path as it is named if there is none.

    Examples
    --------
    >>> find_image(Path("nowhere"), "a.jpg").as_posix()
    'nowhere/a.jpg'
    """
    last = PurePosixPath(name.split("?")[0].replace("\\", "/")).name
    names = [name.lstrip("/"), last, *(last.removeprefix(prefix) for prefix in _PREFIXES)]
    return next((folder / n for n in names if n and (folder / n).is_file()), folder / (last or name))


def check_images(folder: Path, names: Sequence[str], source: Path) -> None:
    """Raise if a folder holds none of the images of a list.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the images.
    names : sequence of str
        The images that the list names.
    source : pathlib.Path
        The list.

    Raises
    ------
    MissingImageError
        (a ValueError) It names the first image and the number of images.
    """
    distinct = list(dict.fromkeys(names))
    if distinct and not any(find_image(folder, name).is_file() for name in distinct):
        raise MissingImageError(
            f"none of the {len(distinct)} images of {str(source)!r} is in {str(folder)!r} (first: {distinct[0]!r}); "
            "pass the folder that holds them"
        )
