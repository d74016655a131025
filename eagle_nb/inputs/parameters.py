"""Parameters of notebooks, as YAML and the command line give them: each means what its writer meant, or is refused by name.

YAML reads ``no`` as False, ``20241105`` as a number and ``36.0`` as a float; the command line passes lists as texts. The functions of
this module undo that in the second cell of a notebook, before a model is loaded.
"""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml


def text_parameter(name: str, value: Any, optional: bool = False) -> str | None:
    """Read a text.

    Parameters
    ----------
    name : str
        The parameter, for messages.
    value : str, bool, int, float or None
        Its value; ``no`` and ``yes`` arrive as booleans, digits as numbers.
    optional : bool
        Whether None and an empty text are allowed; both give None.

    Returns
    -------
    str or None
        The text.

    Raises
    ------
    ValueError
        If the value is missing, or is not a single value.

    Examples
    --------
    >>> text_parameter("truth", False), text_parameter("output_folder", 20241105)
    ('no', '20241105')
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        if optional:
            return None
        raise ValueError(f"the parameter {name} is empty; give a text")
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, str | int | float | np.number | os.PathLike) and value == value:  # not NaN
        return str(value)
    raise ValueError(f"the parameter {name} is a single text, got {value!r}")


def count_parameter(name: str, value: Any, least: int = 1, optional: bool = False) -> int | None:
    """Read a whole number.

    Parameters
    ----------
    name : str
        The parameter, for messages.
    value : int, float, str or None
        Its value; 36.0 and "36" mean 36.
    least : int
        The smallest allowed number.
    optional : bool
        Whether None and an empty text are allowed; both give None.

    Returns
    -------
    int or None
        The number.

    Raises
    ------
    ValueError
        If it is missing, not a whole number, or too small.

    Examples
    --------
    >>> count_parameter("regions", 36.0), count_parameter("regions", "36")
    (36, 36)
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        if optional:
            return None
        raise ValueError(f"the parameter {name} is empty; give a whole number of at least {least}")
    try:
        number = float("nan") if isinstance(value, bool | np.bool_) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not np.isfinite(number) or number != int(number) or number < least:
        raise ValueError(f"the parameter {name} is a whole number of at least {least}, got {value!r}")
    return int(value) if isinstance(value, int) else int(number)


def flag_parameter(name: str, value: Any) -> bool:
    """Read a yes or no.

    Parameters
    ----------
    name : str
        The parameter, for messages.
    value : bool, int or str
        Its value; "yes", "true", "on" and 1 are True, "no", "false", "off", 0 and an empty text False.

    Returns
    -------
    bool
        The flag.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> flag_parameter("as_images", "yes"), flag_parameter("as_images", 0)
    (True, False)
    """
    text = str(value).strip().lower()
    if text in ("true", "yes", "on", "1"):
        return True
    if text in ("false", "no", "off", "0", "none", ""):
        return False
    raise ValueError(f"the parameter {name} is True or False, got {value!r}")


def list_parameter(name: str, value: Any, optional: bool = False) -> list[Any] | None:
    """Read a list.

    Parameters
    ----------
    name : str
        The parameter, for messages.
    value : list, str, number or None
        Its value: a list, a text in YAML or JSON (``[1, 2]``), texts separated by commas, or a single entry.
    optional : bool
        Whether None and an empty text are allowed; both give None.

    Returns
    -------
    list or None
        The entries, those of a text without white space around them.

    Raises
    ------
    ValueError
        If it is missing, or cannot be read.

    Examples
    --------
    >>> list_parameter("searches", "fast, greedy"), list_parameter("budgets", "[100, null]"), list_parameter("samples", 4)
    (['fast', 'greedy'], [100, None], [4])
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        if optional:
            return None
        raise ValueError(f"the parameter {name} is empty; give a list")
    if isinstance(value, str):
        text = value.strip()
        if text[0] not in "[{":
            return [part.strip() for part in text.split(",") if part.strip()]
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ValueError(f"the parameter {name} cannot be read as a list: {text!r} ({error})") from error
    if isinstance(value, dict):
        raise ValueError(f"the parameter {name} is a list, got {value!r}")
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]


def texts_parameter(name: str, value: Any, optional: bool = False) -> list[str] | None:
    """Read a list of texts.

    Parameters
    ----------
    name : str
        The parameter, for messages.
    value : list, str, bool or None
        As of `list_parameter`; booleans among them mean "yes" and "no".
    optional : bool
        Whether None and an empty text are allowed; both give None.

    Returns
    -------
    list of str or None
        The texts.

    Raises
    ------
    ValueError
        If it is missing or empty, or an entry is not a text.

    Examples
    --------
    >>> texts_parameter("languages", False)
    ['no']
    """
    entries = list_parameter(name, value, optional)
    if entries == []:
        raise ValueError(f"the parameter {name} is an empty list; give at least one text")
    return None if entries is None else [str(text_parameter(name, entry)) for entry in entries]


def mapping_parameter(name: str, value: Any) -> dict[str, Any]:
    """Read a mapping.

    Parameters
    ----------
    name : str
        The parameter, for messages.
    value : mapping, str or None
        Its value: a mapping, a text in YAML or JSON, or nothing.

    Returns
    -------
    dict
        The mapping; empty for None.

    Raises
    ------
    ValueError
        If it cannot be read.

    Examples
    --------
    >>> mapping_parameter("options", '{"rise": {"masks": 200}}')
    {'rise': {'masks': 200}}
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return {}
    if isinstance(value, str):
        try:
            value = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise ValueError(f"the parameter {name} cannot be read as a mapping: {value!r} ({error})") from error
    if not isinstance(value, dict):
        raise ValueError(f"the parameter {name} is a mapping, got {value!r}")
    return {str(key): part for key, part in value.items()}


def tokens_parameter(value: Any, name: str = "tokens") -> str | int | list[int] | None:
    """Read which tokens to explain.

    Parameters
    ----------
    value : str, bool, int, float, list or None
        A text of the answer (``no`` arrives as False), a token index, a list of indices (also as a text, "[2, 3]"), or nothing.
    name : str
        The parameter, for messages.

    Returns
    -------
    str, int, list of int or None
        As `eagle_nb.explain` takes it.

    Raises
    ------
    ValueError
        If it is something else.

    Examples
    --------
    >>> tokens_parameter(False), tokens_parameter(0), tokens_parameter("[2, 3]"), tokens_parameter("red circle")
    ('no', 0, [2, 3], 'red circle')
    """
    if isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_):
        return count_parameter(name, value, least=0)
    if isinstance(value, list | tuple) or (isinstance(value, str) and value.strip()[:1] == "["):
        indices = [int(count_parameter(name, entry, least=0) or 0) for entry in list_parameter(name, value) or []]
        if not indices:
            raise ValueError(
                f"the parameter {name} is an empty list; give at least one index, or nothing for all tokens"
            )
        return indices
    return text_parameter(name, value, optional=True)


def folder_parameter(value: Any, name: str = "output_folder") -> Path:
    """Read a folder for results, create it, and try to write to it.

    Parameters
    ----------
    value : str, path, int or bool
        Its value; 20241105 arrives as a number, and 2024-11-05 as a date.
    name : str
        The parameter, for messages.

    Returns
    -------
    pathlib.Path
        The folder, which exists.

    Raises
    ------
    ValueError
        If the folder cannot be created or written to.

    Examples
    --------
    >>> folder_parameter(tempfile.mkdtemp()).is_dir()
    True
    """
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = value.isoformat()
    folder = Path(str(text_parameter(name, value)).strip()).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:  # a ValueError for a null character
        raise ValueError(f"the parameter {name} names a folder that cannot be written to: {error}") from error
    return folder
