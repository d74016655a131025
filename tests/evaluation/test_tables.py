"""Results tables, their files and their summaries."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from eagle_nb.datasets import Sample
from eagle_nb.errors import MissingFileError
from eagle_nb.evaluation import (
    audit,
    confidence_interval,
    formatted_table,
    load_table,
    results_frame,
    save_table,
    summary_table,
)

from .results import ROWS, corrections, one


def test_one_row_per_sample_and_method():
    table = results_frame(ROWS)
    assert list(table.columns) == ["sample", "method", "insertion_auc", "pointing_box"]
    assert table["insertion_auc"].tolist() == [0.5, 0.75, 1.0, 0.25]
    assert table["pointing_box"].isna().tolist() == [False, False, True, False]
    assert table["pointing_box"].dtype == "boolean"


def test_the_long_form_is_spread():
    table = results_frame(
        [
            {"sample": "a", "method": "EAGLE", "model": "m", "metric": "reliance", "value": 0.5},
            {"sample": "a", "method": "EAGLE", "model": "m", "metric": "reliance", "value": 0.25, "convention": "area"},
            {"sample": "b", "method": "EAGLE", "model": "m", "metric": "reliance", "value": 1.0},
        ]
    )
    assert list(table.columns) == ["model", "sample", "method", "reliance", "reliance (area)"]
    assert table["reliance"].tolist() == [0.5, 1.0]
    assert table["reliance (area)"].tolist()[0] == 0.25 and np.isnan(table["reliance (area)"][1])


def test_a_sample_is_replaced_by_its_id():
    sample = Sample("s7", Image.new("RGB", (2, 2)), "what?")
    assert results_frame([{"sample": sample, "method": "RISE", "hits": 1}])["sample"].tolist() == ["s7"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"method": "EAGLE"}], "row 0 has no 'sample'"),
        ([{"sample": "a", "method": ""}], "row 0 has no 'method'"),
        ([ROWS[0], ROWS[0]], "row 1 gives 'insertion_auc' of sample 'a', method 'EAGLE' a second time"),
        ([ROWS[0], {"sample": "a", "method": "EAGLE", "seconds": 3}], "a second time"),
        ([ROWS[0] | {"insertion_auc": [1]}], "'insertion_auc' in row 0 must be one number.*list"),
        ([ROWS[0] | {"insertion_auc": np.zeros(2)}], "must be one number.*ndarray"),
        ([{"sample": "a", "method": "EAGLE", "metric": "x"}], "needs 'metric'"),
        ([ROWS[0], {"sample": "b", "method": "EAGLE", "metric": "x", "value": 1}], "another form"),
        ([{"sample": "b", "method": "EAGLE", "metric": "x", "value": 1}] * 2, "'x' of sample 'b'.*second time"),
    ],
)
def test_contradictory_rows_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        results_frame(rows)


AWKWARD_ROWS = [
    {"sample": "NA", "method": "greedy", "model": None, "word": "2", "failure": "", "hits": 1, "auc": 0.1 + 0.2, "hit": True},
    {"sample": "None", "method": "greedy", "word": "null", "failure": "", "hits": 2, "auc": 1e-300, "hit": None, "gone": None},
    {"sample": "nan", "method": "1", "word": "NA", "failure": "", "hits": 3, "auc": 12345678.9, "hit": False, "note": ""},
    {"sample": "007", "method": "1", "failure": 'E: "a", b\r\nc', "some": True, "note": "True"},
]  # fmt: skip


def test_parquet_files_preserve_the_table(tmp_path):
    table = results_frame(AWKWARD_ROWS)
    path = save_table(table, tmp_path / "new" / "table.parquet")
    assert [p.name for p in path.parent.iterdir()] == ["table.parquet"]
    loaded = load_table(path)
    pd.testing.assert_frame_equal(loaded, table, check_exact=True)
    pd.testing.assert_frame_equal(formatted_table(loaded), formatted_table(table))
    pd.testing.assert_frame_equal(summary_table(loaded), summary_table(table))
    assert loaded["sample"].tolist() == ["NA", "None", "nan", "007"]
    assert loaded["word"].tolist()[:3] == ["2", "null", "NA"] and pd.isna(loaded["word"][3])
    assert loaded["failure"].tolist() == ["", "", "", 'E: "a", b\r\nc']
    assert loaded["note"].isna().tolist() == [True, True, False, False]
    assert loaded["hit"].dtype == "boolean"
    assert summary_table(loaded)["metric"].unique().tolist() == ["hits", "auc", "hit", "gone", "some"]


def test_csv_is_an_export(tmp_path):
    table = results_frame(ROWS)
    path = save_table(table, tmp_path / "table.csv")
    assert path.read_text().splitlines() == [
        "sample,method,insertion_auc,pointing_box", "a,EAGLE,0.5,True", "b,EAGLE,0.75,False", "c,EAGLE,1.0,", "a,RISE,0.25,True",
    ]  # fmt: skip
    exported = pd.read_csv(path)
    np.testing.assert_allclose(exported["insertion_auc"], table["insertion_auc"])
    with pytest.raises(
        ValueError, match=r"read from a \.parquet file of save_table, got 'table\.csv'; read other tables with pandas"
    ):
        load_table(path)
    pd.testing.assert_frame_equal(results_frame(exported.to_dict("records")), table)


def test_files_of_other_kinds(tmp_path):
    with pytest.raises(ValueError, match=r"written to a \.parquet file, or exported to \.csv, got 'table\.xlsx'"):
        save_table(results_frame(ROWS), tmp_path / "table.xlsx")
    with pytest.raises(MissingFileError, match="there is no file"):
        load_table(tmp_path / "table.parquet")
    (tmp_path / "other.parquet").write_text("sample,method\n")
    with pytest.raises(ValueError, match="is not a Parquet file"):
        load_table(tmp_path / "other.parquet")
    assert [p.name for p in tmp_path.iterdir()] == ["other.parquet"]


def test_means_have_a_bootstrap_interval():
    row = one(summary_table(results_frame(ROWS)), method="EAGLE", metric="insertion_auc")
    values = [r["insertion_auc"] for r in ROWS if r["method"] == "EAGLE"]
    assert row["value"] == pytest.approx(0.75)
    assert (row["low"], row["high"]) == confidence_interval(values)
    assert min(values) <= row["low"] < 0.75 < row["high"] <= max(values)
    assert (row["n"], row["skipped"]) == (3, 0)
    single = one(summary_table(results_frame(ROWS)), method="RISE", metric="insertion_auc")
    assert (single["value"], single["n"]) == (0.25, 1)
    assert np.isnan([single["low"], single["high"]]).all()


def test_shares_have_wilsons_interval():
    row = one(summary_table(results_frame(ROWS)), method="EAGLE", metric="pointing_box")
    z, n, p = 1.959963984540054, 2, 0.5
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert (row["value"], row["n"], row["skipped"]) == (0.5, 2, 1)
    assert (row["low"], row["high"]) == (pytest.approx(middle - half), pytest.approx(middle + half))


def test_a_summary_has_direction_convention_and_source():
    row = {"sample": "a", "method": "EAGLE", "reliance": 0.5, "reliance_area": 0.4, "pointing_mask_share": 0.5}
    table = summary_table(results_frame([row | {"separation": 0.9, "unheard_of": 1.0, "reliance_difference": 0.3}]))
    assert table.columns.tolist()[-4:] == ["skipped", "better", "convention", "source"]
    info = table.set_index("metric")
    assert info.loc["reliance", "convention"] == "mean over samples; every step the same weight"
    assert info.loc["reliance", "source"] == "EAGLE (arXiv 2509.22496), section 3.4"
    assert info.loc["reliance_area", "convention"] == "mean over samples; steps weighted by area"
    assert "naive" in info.loc["reliance_difference", "convention"]
    assert info.loc[["pointing_mask_share", "separation"], "better"].tolist() == ["higher", "higher"]
    assert info.loc[["reliance", "reliance_area", "unheard_of"], "better"].isna().all()
    assert info.loc["unheard_of", ["convention", "source"]].tolist() == ["mean over samples", ""]
    better = summary_table(corrections()).set_index("metric")["better"]
    assert better[["amcr", "csr10", "csr10_of_corrected"]].tolist() == ["lower", "higher", "higher"]
    row = one(audit({"reliance": 0.5}), metric="reliance")
    assert "same weight" in row["convention"] and "section 3.4" in row["definition"]


def test_the_formatted_table_has_a_cell_per_metric():
    table = formatted_table(results_frame(ROWS), ["pointing_box", "insertion_auc"], digits=2)
    low, high = confidence_interval([0.5, 0.75, 1.0])
    assert table.columns.tolist() == ["pointing_box", "insertion_auc", "samples", "skipped"]
    assert table.loc["EAGLE", "insertion_auc"] == f"0.75 [{low:.2f}, {high:.2f}]"
    assert table.loc["RISE", "insertion_auc"] == "0.25"
    assert table["samples"].tolist() == [3, 1] and table["skipped"].tolist() == [1, 0]
    large = formatted_table(results_frame([{"sample": "a", "method": "m", "x": 12.345, "y": 12345.6, "z": None}]))
    assert large.loc["m", ["x", "y", "z"]].tolist() == ["12.3", "12,346", "–"]
    by_model = formatted_table(results_frame([row | {"model": "m"} for row in ROWS]))
    assert by_model.index.tolist() == [("m", "EAGLE"), ("m", "RISE")]


def test_unknown_metrics_and_tables_without_metrics():
    with pytest.raises(ValueError, match="the table has no metric 'beauty'; it has insertion_auc, pointing_box"):
        formatted_table(results_frame(ROWS), ["beauty"])
    with pytest.raises(ValueError, match="needs columns 'sample' and 'method'"):
        summary_table(pd.DataFrame({"value": [1.0]}))
    with pytest.raises(ValueError, match="no column of numbers"):
        summary_table(results_frame([{"sample": "a", "method": "EAGLE", "note": "x"}]))
