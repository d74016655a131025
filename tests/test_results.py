import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from eagle_nb import metrics
from eagle_nb.datasets import Sample
from eagle_nb.evaluation import tables as results

ROWS = [
    {"sample": "a", "method": "EAGLE", "insertion_auc": 0.5, "pointing_box": True},
    {"sample": "b", "method": "EAGLE", "insertion_auc": np.float32(0.75), "pointing_box": np.bool_(False)},
    {"sample": "c", "method": "EAGLE", "insertion_auc": 1.0},
    {"sample": "a", "method": "RISE", "insertion_auc": 0.25, "pointing_box": True},
]


def corrections():
    """Four wrong answers: corrected with 5 %, 10 % and 40 % of the area removed, and never."""
    values = [(0.05, True), (0.1, True), (0.4, True), (1.0, False)]
    return results.frame(
        {"sample": k, "method": "EAGLE", "correction_area": area, "corrected": corrected}
        for k, (area, corrected) in enumerate(values)
    )


def one(table, **wanted):
    for name, value in wanted.items():
        table = table[table[name] == value]
    (row,) = table.to_dict("records")
    return row


def test_a_row_for_each_sample_and_method():
    table = results.frame(ROWS)
    assert list(table.columns) == ["sample", "method", "insertion_auc", "pointing_box"]
    assert table["insertion_auc"].tolist() == [0.5, 0.75, 1.0, 0.25]
    assert table["pointing_box"].isna().tolist() == [False, False, True, False]
    assert table["pointing_box"].dtype == "boolean"


def test_the_long_form_is_spread():
    table = results.frame(
        [
            {"sample": "a", "method": "EAGLE", "model": "m", "metric": "reliance", "value": 0.5},
            {"sample": "a", "method": "EAGLE", "model": "m", "metric": "reliance", "value": 0.25, "convention": "area"},
            {"sample": "b", "method": "EAGLE", "model": "m", "metric": "reliance", "value": 1.0},
        ]
    )
    assert list(table.columns) == ["model", "sample", "method", "reliance", "reliance (area)"]
    assert table["reliance"].tolist() == [0.5, 1.0]
    assert table["reliance (area)"].tolist()[0] == 0.25 and np.isnan(table["reliance (area)"][1])


def test_a_sample_stands_for_its_id():
    sample = Sample("s7", Image.new("RGB", (2, 2)), "what?")
    assert results.frame([{"sample": sample, "method": "RISE", "hits": 1}])["sample"].tolist() == ["s7"]


@pytest.mark.parametrize(
    ("rows", "says"),
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
def test_rows_that_contradict_are_refused(rows, says):
    with pytest.raises(ValueError, match=says):
        results.frame(rows)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_files_give_the_table_back(tmp_path, suffix):
    rows = [
        row | {"sample": sample, "model": None} for row, sample in zip(ROWS, ("007", "b", "c, d", "ä"), strict=True)
    ]
    table = results.frame(rows)
    path = results.save(table, tmp_path / "new" / f"table{suffix}")
    assert [p.name for p in path.parent.iterdir()] == [f"table{suffix}"]
    back = results.load(path)
    assert back["sample"].tolist() == ["007", "b", "c, d", "ä"]
    np.testing.assert_allclose(back["insertion_auc"], table["insertion_auc"])
    assert back["pointing_box"].dtype == "boolean"
    assert back["pointing_box"].isna().tolist() == [False, False, True, False]
    pd.testing.assert_frame_equal(results.summary(back), results.summary(table))


AWKWARD = [
    {"sample": "NA", "method": "greedy", "model": None, "word": "2", "failure": "", "hits": 1, "auc": 0.1 + 0.2, "hit": True},
    {"sample": "None", "method": "greedy", "word": "null", "failure": "", "hits": 2, "auc": 1e-300, "hit": None, "gone": None},
    {"sample": "nan", "method": "1", "word": "NA", "failure": "", "hits": 3, "auc": 12345678.9, "hit": False, "note": ""},
    {"sample": "007", "method": "1", "failure": 'E: "a", b\r\nc', "some": True, "note": "True"},
]  # fmt: skip


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_names_that_look_like_something_else_survive_a_file(tmp_path, suffix):
    table = results.frame(AWKWARD)
    back = results.load(results.save(table, tmp_path / f"table{suffix}"))
    pd.testing.assert_frame_equal(back, table, check_exact=True)
    pd.testing.assert_frame_equal(results.table(back), results.table(table))
    assert back["sample"].tolist() == ["NA", "None", "nan", "007"]
    assert back["word"].tolist()[:3] == ["2", "null", "NA"] and pd.isna(back["word"][3])
    assert back["failure"].tolist() == ["", "", "", 'E: "a", b\r\nc']
    assert back["note"].isna().tolist() == [True, True, False, False]
    assert results.summary(back)["metric"].unique().tolist() == ["hits", "auc", "hit", "gone", "some"]


def test_a_csv_file_by_other_hands(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(
        "sample,method,word,failure,hits,hit,label\r\n007,rise,2,,1,True,cup\r\nNA,rise,nan,,NA,,2\r\n\r\n",
        encoding="utf-8-sig",
        newline="",
    )
    table = results.load(path)
    assert table["sample"].tolist() == ["007", "NA"] and table["word"].tolist() == ["2", "nan"]
    assert table["label"].tolist() == ["cup", "2"] and table["failure"].isna().all()
    assert table["hits"].tolist()[0] == 1 and np.isnan(table["hits"][1])
    assert table["hit"].dtype == "boolean"
    assert results.summary(table)["metric"].tolist() == ["hits", "hit"]
    for text, says in (("", "row 0"), ("sample,method\na\n", "row 1 has not as many cells as the header")):
        path.write_text(text)
        with pytest.raises(ValueError, match=says):
            results.load(path)


def test_files_of_other_kinds(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"\.parquet or \.csv, got 'table.xlsx'"):
        results.save(results.frame(ROWS), tmp_path / "table.xlsx")
    with pytest.raises(ValueError, match="no file"):
        results.load(tmp_path / "table.csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r'pip install "eagle_nb\[data\]"'):
        results.save(results.frame(ROWS), tmp_path / "table.parquet")


def test_means_have_a_bootstrap_interval():
    row = one(results.summary(results.frame(ROWS)), method="EAGLE", metric="insertion_auc")
    values = [r["insertion_auc"] for r in ROWS if r["method"] == "EAGLE"]
    assert row["value"] == pytest.approx(0.75)
    assert (row["low"], row["high"]) == metrics.interval(values)
    assert min(values) <= row["low"] < 0.75 < row["high"] <= max(values)
    assert (row["n"], row["left_out"]) == (3, 0)
    single = one(results.summary(results.frame(ROWS)), method="RISE", metric="insertion_auc")
    assert (single["value"], single["n"]) == (0.25, 1)
    assert np.isnan([single["low"], single["high"]]).all()


def test_shares_have_wilsons_interval():
    row = one(results.summary(results.frame(ROWS)), method="EAGLE", metric="pointing_box")
    z, n, p = 1.959963984540054, 2, 0.5
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert (row["value"], row["n"], row["left_out"]) == (0.5, 2, 1)
    assert (row["low"], row["high"]) == (pytest.approx(middle - half), pytest.approx(middle + half))


def test_a_summary_says_which_direction_convention_and_source():
    row = {"sample": "a", "method": "EAGLE", "reliance": 0.5, "reliance_area": 0.4, "pointing_mask_share": 0.5}
    table = results.summary(results.frame([row | {"separation": 0.9, "unheard_of": 1.0, "reliance_difference": 0.3}]))
    assert table.columns.tolist()[-4:] == ["left_out", "better", "convention", "source"]
    told = table.set_index("metric")
    assert told.loc["reliance", "convention"] == "mean over samples; every step the same weight"
    assert told.loc["reliance", "source"] == "EAGLE (arXiv 2509.22496), section 3.4"
    assert told.loc["reliance_area", "convention"] == "mean over samples; steps weighted by area"
    assert "naive" in told.loc["reliance_difference", "convention"]
    assert told.loc[["pointing_mask_share", "separation"], "better"].tolist() == ["higher", "higher"]
    assert told.loc[["reliance", "reliance_area", "unheard_of"], "better"].isna().all()
    assert told.loc["unheard_of", ["convention", "source"]].tolist() == ["mean over samples", ""]
    better = results.summary(corrections()).set_index("metric")["better"]
    assert better[["amcr", "csr10", "csr10_of_corrected"]].tolist() == ["lower", "higher", "higher"]
    row = one(results.audit({"reliance": 0.5}), metric="reliance")
    assert "same weight" in row["convention"] and "section 3.4" in row["definition"]


def followed(*counters):
    return results.frame(
        {"sample": k, "method": "greedy", "insertion_auc": 0.5, "reliance": 0.5, "amcr": 0.1, "counter": counter}
        for k, counter in enumerate(counters)
    )


def test_an_audit_tells_counter_tokens_from_words_that_were_said():
    where = {"model": "LLaVA-1.5-7B", "dataset": "RePOPE"}
    right = one(results.audit(followed("No", "No"), **where), metric="insertion_auc")
    assert right["convention"] == right["published_convention"]
    assert right["convention"] == "mean over samples; trapezoid over image area; the counter token explained"
    assert (right["same_convention"], right["source"]) == (True, "EAGLE table 3")
    wrong = one(results.audit(followed("", None), **where), metric="insertion_auc")
    assert wrong["same_convention"] is False and "counter" not in wrong["convention"]
    part = one(results.audit(followed("No", None), **where), metric="insertion_auc")
    assert part["same_convention"] is False and "explained in 1 of 2 samples" in part["convention"]
    bare = one(results.audit({"insertion_auc": 0.5}, **where), metric="insertion_auc")
    assert bare["same_convention"] is False and "the counter token" in bare["published_convention"]
    caption = one(results.audit(followed("No"), "LLaVA-1.5-7B", "COCO-caption"), metric="insertion_auc")
    assert caption["same_convention"] is False
    assert "counter" in one(results.summary(followed("No")), metric="reliance")["convention"]


def test_correction_by_both_conventions():
    table = results.summary(corrections())
    assert one(table, metric="amcr")["value"] == pytest.approx((0.05 + 0.1 + 0.4 + 1) / 4)
    honest, of_corrected = one(table, metric="csr10"), one(table, metric="csr10_of_corrected")
    assert (honest["value"], honest["n"], honest["left_out"]) == (0.5, 4, 0)
    assert (of_corrected["value"], of_corrected["n"], of_corrected["left_out"]) == (pytest.approx(2 / 3), 3, 1)
    names = table["metric"].tolist()
    assert names.index("csr10") < names.index("csr10_of_corrected")
    assert "correction_area" not in names


def test_correction_that_was_not_measured_is_left_out():
    table = pd.concat([corrections(), results.frame([{"sample": "x", "method": "EAGLE", "seconds": 1.0}])])
    for metric, n, left_out in (("amcr", 4, 1), ("csr10", 4, 1), ("csr10_of_corrected", 3, 2)):
        row = one(results.summary(table), metric=metric)
        assert (row["n"], row["left_out"]) == (n, left_out)


def test_removing_everything_is_a_correction_and_never_is_not():
    rows = [{"sample": "a", "method": "EAGLE", "correction_area": 1.0, "corrected": True}]
    rows.append({"sample": "b", "method": "EAGLE", "correction_area": 0.0, "corrected": False})
    table = results.summary(results.frame(rows))
    assert one(table, metric="amcr")["value"] == 1.0
    assert one(table, metric="csr10")["value"] == 0.0
    assert one(table, metric="csr10_of_corrected")["n"] == 1


def test_the_published_figures():
    table = results.published()
    where = {"dataset": "RePOPE", "model": "Qwen2.5-VL-7B", "method": "EAGLE", "source": "EAGLE table 3"}
    assert one(table, **where, metric="amcr")["published"] == 0.1442
    assert one(table, **where, metric="csr10_of_corrected")["published"] == 0.7394
    where = {"dataset": "COCO-object", "model": "LLaVA-1.5-7B", "method": "TAM"}
    assert one(table, **where, metric="pointing_mask_first_token")["published"] == 0.1428
    assert table.groupby("source").size().to_dict() == {
        "EAGLE table 1": 24 * 7,
        "EAGLE table 2": 16 * 6,
        "EAGLE table 3": 16 * 6,
        "replication by the PhaseWin authors": 4,
    }
    assert not table.duplicated(["dataset", "model", "method", "metric", "source"]).any()
    known = set(results.METRICS) | {"gpu_gb"}
    assert set(table["metric"]) <= known
    assert {m.beside for m in results.METRICS.values()} - {None} <= set(table["metric"])


def test_the_published_figures_are_those_of_the_paper():
    """Against the table they were taken from, where it lies."""
    name = Path("shared") / "data" / "eagle_paper_tables.csv"
    path = next((p / name for p in Path(__file__).parents if (p / name).is_file()), None)
    if path is None:
        pytest.skip("the table is not part of the project")
    given = pd.read_csv(path)
    ours = results.published()
    ours = ours[ours["source"].str.startswith("EAGLE")]
    third = {
        1: ("sensitive_insertion_auc", "sensitive_deletion_auc"),
        2: ("pointing_box_first_token", "pointing_mask_first_token"),
        3: ("amcr", "csr10_of_corrected"),
    }
    for row in given.to_dict("records"):
        found = ours[
            (ours["dataset"] == row["dataset"]) & (ours["model"] == row["model"]) & (ours["method"] == row["method"])
        ]
        values = dict(zip(found["metric"], found["published"], strict=True))
        a, b = third[row["table"]]
        expected = {"insertion_auc": row["ins"], "deletion_auc": row["del"], "highest_score": row["ahs"],
                    a: row["sens_ins|pg_box|amcr"], b: row["sens_del|pg_mask|csr10"], "gpu_gb": row["gpu_gb"]}  # fmt: skip
        if row["table"] == 1:
            expected["sensitive_highest_score"] = row["sens_ahs"]
        assert values == expected


def test_an_audit_says_which_convention_it_follows():
    table = results.audit(corrections(), model="Qwen/Qwen2.5-VL-3B-Instruct", dataset="repope")
    honest, same = one(table, metric="csr10"), one(table, metric="csr10_of_corrected")
    assert (honest["value"], honest["published"], honest["same_convention"]) == (0.5, 0.8041, False)
    assert (same["value"], same["published"], same["same_convention"]) == (pytest.approx(2 / 3), 0.8041, True)
    assert "never-corrected samples are left out" in honest["published_convention"] != honest["convention"]
    assert same["published_convention"] == same["convention"]
    assert one(table, metric="amcr")["published"] == 0.0849
    assert (honest["n"], honest["source"]) == (4, "EAGLE table 3")


def test_an_audit_compares_each_method_with_its_own():
    rows = [row | {"method": {"EAGLE": "greedy", "RISE": "llava_cam"}[row["method"]]} for row in ROWS]
    rows.append({"sample": "a", "method": "ours", "insertion_auc": 0.1})
    table = results.audit(results.frame(rows), model="LLaVA-1.5-7B", dataset="COCO-object")
    found = table[table["metric"] == "insertion_auc"]
    assert found["method"].tolist() == ["greedy", "llava_cam", "ours"]
    assert found["published"].tolist()[:2] == [0.6395, 0.4063] and np.isnan(found["published"].tolist()[2])
    assert found["same_convention"].tolist()[:2] == [True, True] and pd.isna(found["same_convention"].tolist()[2])
    box = one(table, method="greedy", metric="pointing_box")
    assert (box["published"], box["same_convention"]) == (0.8052, False)


def test_a_replication_has_its_own_row():
    table = results.audit({"insertion_auc": 0.65, "unheard_of": 2.0}, model="Qwen2.5-VL-3B", dataset="COCO-caption")
    both = table[table["metric"] == "insertion_auc"]
    assert both["published"].tolist() == [0.6479, 0.6405]
    assert both["source"].tolist() == ["EAGLE table 1", "replication by the PhaseWin authors"]
    assert both["value"].tolist() == [0.65, 0.65]
    assert pd.isna(one(table, metric="unheard_of")["published"])
    other = results.audit({"insertion_auc": 0.5}, "Qwen2.5-VL-3B", "COCO-caption", method="igos++")
    assert other["published"].tolist() == [0.5328]


def test_without_a_published_model_nothing_stands_beside():
    table = results.audit(corrections(), dataset="RePOPE")
    assert table["published"].isna().all() and table["same_convention"].isna().all()
    assert one(table, metric="csr10")["value"] == 0.5


def test_audit_refusals():
    with pytest.raises(ValueError, match=r"published for model 'GPT-9'; there are some for LLaVA-1\.5-7B, Qwen"):
        results.audit(corrections(), model="GPT-9", dataset="RePOPE")
    with pytest.raises(ValueError, match="published for dataset 'POPE'"):
        results.audit(corrections(), model="LLaVA-1.5-7B", dataset="POPE")
    several = results.frame([row | {"model": f"m{k}"} for k, row in enumerate(ROWS)])
    with pytest.raises(ValueError, match=r"several models \(m0, m1, m2, m3\)"):
        results.audit(several)
    with pytest.raises(ValueError, match="needs columns 'sample' and 'method'"):
        results.summary(pd.DataFrame({"value": [1.0]}))
    with pytest.raises(ValueError, match="no column of numbers"):
        results.summary(results.frame([{"sample": "a", "method": "EAGLE", "note": "x"}]))
