"""Notebook parameters as YAML gives them."""

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eagle_nb.inputs.parameters import (
    count_parameter,
    folder_parameter,
    list_parameter,
    mapping_parameter,
    text_parameter,
    texts_parameter,
    tokens_parameter,
)

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=20), st.dates(),
    st.lists(st.integers(0, 9), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2),
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [("no", "no"), ("yes", "yes"), ("No", "no"), ("red circle", "red circle"), ("0", 0), ("3.0", 3), ("[2, 3]", [2, 3]),
     ("'[2, 3]'", [2, 3]), ("null", None), ("''", None), ("[2.0]", [2])],
)  # fmt: skip
def test_tokens_mean_what_was_written(written, read):
    assert tokens_parameter(yaml.safe_load(written)) == read


@pytest.mark.parametrize("written", ["-1", "2.5", "[a]", "[-1]", "{a: 1}", "'[1'", "2024-11-05"])
def test_other_tokens_are_refused_by_name(written):
    with pytest.raises(ValueError, match="the parameter tokens"):
        tokens_parameter(yaml.safe_load(written))


@pytest.mark.parametrize(("written", "read"), [("36", 36), ("36.0", 36), ("'36'", 36), ("3.6e1", 36)])
def test_counts(written, read):
    assert count_parameter("regions", yaml.safe_load(written), 2) == read


@pytest.mark.parametrize("written", ["1", "36.5", "many", "yes", "[36]", "null", ".inf", ".nan", "''"])
def test_what_is_not_a_count_is_refused_by_name(written):
    with pytest.raises(ValueError, match="the parameter regions"):
        count_parameter("regions", yaml.safe_load(written), 2)


def test_texts_lists_and_mappings():
    assert texts_parameter("languages", yaml.safe_load("no")) == ["no"]
    assert texts_parameter("languages", yaml.safe_load("[en, no]")) == ["en", "no"]
    assert texts_parameter("methods", "fast, rise") == ["fast", "rise"]
    assert list_parameter("budgets", "[100, null]") == [100, None]
    assert list_parameter("samples", 4) == [4]
    assert list_parameter("samples", None, optional=True) is None
    assert mapping_parameter("options", '{"rise": {"masks": 9}}') == {"rise": {"masks": 9}}
    assert text_parameter("truth", np.bool_(True)) == "yes"
    with pytest.raises(ValueError, match="the parameter options"):
        mapping_parameter("options", "[1]")
    with pytest.raises(ValueError, match="the parameter budgets"):
        list_parameter("budgets", "[1")
    with pytest.raises(ValueError, match="the parameter truth"):
        text_parameter("truth", ["yes"])


def test_the_output_folder_is_created_and_tried(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert folder_parameter(yaml.safe_load("20241105")).resolve() == tmp_path / "20241105"
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="the parameter output_folder"):
        folder_parameter(tmp_path / "file" / "below")


@pytest.mark.parametrize(
    ("written", "folder"), [("2024-11-05", "2024-11-05"), ("' results '", "results"), ("no", "no"), ("36.5", "36.5")]
)
def test_names_of_folders_as_yaml_reads_them(tmp_path, monkeypatch, written, folder):
    monkeypatch.chdir(tmp_path)
    assert folder_parameter(yaml.safe_load(written)).name == folder


@pytest.mark.parametrize("written", ['"a\\0b"', ".nan", "[a]", "2024-11-05 10:00:00"])
def test_folders_that_are_refused_by_name(tmp_path, monkeypatch, written):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="the parameter output_folder"):
        folder_parameter(yaml.safe_load(written))


def test_numbers_that_a_float_cannot_hold():
    assert count_parameter("seed", 2**63 + 1) == 2**63 + 1
    with pytest.raises(ValueError, match="the parameter tokens is an empty list"):
        tokens_parameter([])


@given(SCALARS)
def test_any_value_is_read_or_refused_by_name(value):
    for read in (
        lambda v: text_parameter("p", v), lambda v: count_parameter("p", v), lambda v: list_parameter("p", v),
        lambda v: texts_parameter("p", v), lambda v: mapping_parameter("p", v), lambda v: tokens_parameter(v, "p"),
    ):  # fmt: skip
        try:
            read(value)
        except ValueError as error:
            assert "the parameter p" in str(error)
