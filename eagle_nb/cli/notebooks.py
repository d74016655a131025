"""The notebooks that come with the package: where they are, their names, copies of them."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def notebooks_folder() -> Path:
    """Return the folder of the notebooks.

    Returns
    -------
    pathlib.Path
        In an installed package the folder ``notebooks`` inside it; in a checkout of the repository the one beside it.

    Raises
    ------
    FileNotFoundError
        If there are none.
    """
    for folder in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if any(folder.glob("[0-9][0-9]_*.ipynb")):
            return folder
    raise FileNotFoundError(f"no notebooks in {PACKAGE}; install eagle_nb again")


def notebook_files() -> list[Path]:
    """Return the notebooks, in the order of their numbers.

    Returns
    -------
    list of pathlib.Path
        The files.
    """
    return sorted(notebooks_folder().glob("[0-9][0-9]_*.ipynb"))


def short_name(path: Path) -> str:
    """Return the name of a notebook without its number.

    Parameters
    ----------
    path : pathlib.Path
        A notebook.

    Returns
    -------
    str
        The name.

    Examples
    --------
    >>> short_name(Path("01_attribution.ipynb"))
    'attribution'
    """
    return re.sub(r"^\d+_", "", path.stem)


def find_notebook(name: str) -> Path:
    """Return a notebook by its name.

    Parameters
    ----------
    name : str
        The name with or without its number and ending: ``attribution``, ``01_attribution``, ``01_attribution.ipynb``.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        If there is no such notebook.

    Examples
    --------
    >>> find_notebook("attribution").name
    '01_attribution.ipynb'
    """
    files = notebook_files()
    for path in files:
        if name.removesuffix(".ipynb") in (path.stem, short_name(path)):
            return path
    raise ValueError(f"no notebook {name!r}; the notebooks are: {', '.join(map(short_name, files))}")


def copy_notebooks(folder: str | os.PathLike[str], overwrite: bool = False) -> list[Path]:
    """Copy all notebooks into a folder.

    Parameters
    ----------
    folder : path
        The folder; it is made if it does not exist.
    overwrite : bool
        Whether notebooks of the same names are overwritten.

    Returns
    -------
    list of pathlib.Path
        The copies.

    Raises
    ------
    NotADirectoryError
        If the path is a file.
    FileExistsError
        If the folder has notebooks of the same names, and ``overwrite`` is false. Nothing is copied then.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(f"{target} is not a folder; name a folder for the notebooks")
    sources = notebook_files()
    present = [source.name for source in sources if (target / source.name).exists()]
    if present and not overwrite:
        raise FileExistsError(f"{target} already holds {', '.join(present)}; choose another folder, or pass --force")
    target.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(source, target / source.name)) for source in sources]
