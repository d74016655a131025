"""Files are replaced as a whole, and values are read back as what they are."""

import json
import math
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eagle_nb.inputs.files import replacing, to_json


def write_often(path: str, letter: str) -> int:
    """Write a file 30 times; count the times that a reader saw something other than a whole file."""
    broken = 0
    for _ in range(30):
        with replacing(path) as temporary, temporary.open("w") as file:
            for _ in range(40):
                file.write(letter * 100)
        content = Path(path).read_text()
        broken += len(content) != 4000 or len(set(content)) != 1
    return broken


def test_processes_that_write_one_file_both_succeed(tmp_path):
    path = tmp_path / "folder" / "a.txt"
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(write_often, [str(path)] * 2, "ab")) == [0, 0]
    assert [file.name for file in path.parent.iterdir()] == ["a.txt"]


def test_an_error_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_and_a_long_name(tmp_path):
    target = tmp_path / "target.txt"
    target.write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    with replacing(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink() and target.read_text() == "new"
    long = tmp_path / ("é" * 120 + ".txt")
    with replacing(long) as temporary:
        temporary.write_text("new")
    assert long.read_text() == "new"


def test_numpy_and_pandas_values_become_those_of_python():
    value = {
        "int": np.int64(3), "float": np.float32(0.5), "bool": np.bool_(False), "nan": np.float64("nan"), "array": np.eye(2, dtype=int),
        "na": pd.NA, "set": {1}, "tuple": (np.int8(1), None), "path": Path("a") / "b", np.int64(7): "key", "zero": np.array(4),
    }  # fmt: skip
    plain = json.loads(to_json(value))
    assert math.isnan(plain.pop("nan"))
    assert plain == {
        "int": 3, "float": 0.5, "bool": False, "array": [[1, 0], [0, 1]], "na": None, "set": [1], "tuple": [1, None], "path": "a/b",
        "7": "key", "zero": 4,
    }  # fmt: skip
    assert [type(plain[name]) for name in ("int", "float", "bool")] == [int, float, bool]


def test_other_values_are_errors_or_texts():
    with pytest.raises(TypeError, match="a object cannot be saved"):
        to_json([object()])
    assert json.loads(to_json([slice(1)], fallback=str)) == ["slice(None, 1, None)"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    )
)
def test_plain_values_are_read_back_as_they_are(value):
    assert json.loads(to_json(value)) == value
