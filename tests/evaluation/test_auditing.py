"""Our metrics beside the published ones."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eagle_nb.evaluation import audit, published_metrics, results_frame, summary_table
from eagle_nb.evaluation.auditing import PUBLISHED_AS
from eagle_nb.metrics import METRIC_INFO

from .results import ROWS, corrections, one


def countered(*counters):
    return results_frame(
        {"sample": k, "method": "greedy", "insertion_auc": 0.5, "reliance": 0.5, "amcr": 0.1, "counter": counter}
        for k, counter in enumerate(counters)
    )


def test_an_audit_distinguishes_counter_tokens_from_generated_words():
    where = {"model": "LLaVA-1.5-7B", "dataset": "RePOPE"}
    right = one(audit(countered("No", "No"), **where), metric="insertion_auc")
    assert right["convention"] == right["published_convention"]
    assert right["convention"] == "mean over samples; trapezoid over image area; the counter token explained"
    assert (right["same_convention"], right["source"]) == (True, "EAGLE table 3")
    wrong = one(audit(countered("", None), **where), metric="insertion_auc")
    assert wrong["same_convention"] is False and "counter" not in wrong["convention"]
    part = one(audit(countered("No", None), **where), metric="insertion_auc")
    assert part["same_convention"] is False and "explained in 1 of 2 samples" in part["convention"]
    bare = one(audit({"insertion_auc": 0.5}, **where), metric="insertion_auc")
    assert bare["same_convention"] is False and "the counter token" in bare["published_convention"]
    caption = one(audit(countered("No"), "LLaVA-1.5-7B", "COCO-caption"), metric="insertion_auc")
    assert caption["same_convention"] is False
    assert "counter" in one(summary_table(countered("No")), metric="reliance")["convention"]


def test_the_published_metrics():
    table = published_metrics()
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
    assert set(table["metric"]) <= set(METRIC_INFO) | {"gpu_gb"}
    assert set(PUBLISHED_AS) <= set(METRIC_INFO) and set(PUBLISHED_AS.values()) <= set(table["metric"])


def test_the_published_metrics_are_those_of_the_paper():
    """Compare with the table that they were taken from, if it is there."""
    name = Path("shared") / "data" / "eagle_paper_tables.csv"
    path = next((p / name for p in Path(__file__).parents if (p / name).is_file()), None)
    if path is None:
        pytest.skip("the table of the paper is not available")
    paper = pd.read_csv(path)
    ours = published_metrics()
    ours = ours[ours["source"].str.startswith("EAGLE")]
    third = {
        1: ("sensitive_insertion_auc", "sensitive_deletion_auc"),
        2: ("pointing_box_first_token", "pointing_mask_first_token"),
        3: ("amcr", "csr10_of_corrected"),
    }
    for row in paper.to_dict("records"):
        rows = ours[
            (ours["dataset"] == row["dataset"]) & (ours["model"] == row["model"]) & (ours["method"] == row["method"])
        ]
        values = dict(zip(rows["metric"], rows["published"], strict=True))
        a, b = third[row["table"]]
        expected = {"insertion_auc": row["ins"], "deletion_auc": row["del"], "highest_score": row["ahs"],
                    a: row["sens_ins|pg_box|amcr"], b: row["sens_del|pg_mask|csr10"], "gpu_gb": row["gpu_gb"]}  # fmt: skip
        if row["table"] == 1:
            expected["sensitive_highest_score"] = row["sens_ahs"]
        assert values == expected


def test_an_audit_states_both_conventions():
    table = audit(corrections(), model="Qwen/Qwen2.5-VL-3B-Instruct", dataset="repope")
    of_all, same = one(table, metric="csr10"), one(table, metric="csr10_of_corrected")
    assert (of_all["value"], of_all["published"], of_all["same_convention"]) == (0.5, 0.8041, False)
    assert (same["value"], same["published"], same["same_convention"]) == (pytest.approx(2 / 3), 0.8041, True)
    assert "never-corrected samples are skipped" in of_all["published_convention"] != of_all["convention"]
    assert same["published_convention"] == same["convention"]
    assert one(table, metric="amcr")["published"] == 0.0849
    assert (of_all["n"], of_all["source"]) == (4, "EAGLE table 3")


def test_each_method_is_compared_with_its_published_metrics():
    rows = [row | {"method": {"EAGLE": "greedy", "RISE": "llava_cam"}[row["method"]]} for row in ROWS]
    rows.append({"sample": "a", "method": "ours", "insertion_auc": 0.1})
    table = audit(results_frame(rows), model="LLaVA-1.5-7B", dataset="COCO-object")
    rows = table[table["metric"] == "insertion_auc"]
    assert rows["method"].tolist() == ["greedy", "llava_cam", "ours"]
    assert rows["published"].tolist()[:2] == [0.6395, 0.4063] and np.isnan(rows["published"].tolist()[2])
    assert rows["same_convention"].tolist()[:2] == [True, True] and pd.isna(rows["same_convention"].tolist()[2])
    box = one(table, method="greedy", metric="pointing_box")
    assert (box["published"], box["same_convention"]) == (0.8052, False)


def test_a_replication_has_its_own_row():
    table = audit({"insertion_auc": 0.65, "unheard_of": 2.0}, model="Qwen2.5-VL-3B", dataset="COCO-caption")
    both = table[table["metric"] == "insertion_auc"]
    assert both["published"].tolist() == [0.6479, 0.6405]
    assert both["source"].tolist() == ["EAGLE table 1", "replication by the PhaseWin authors"]
    assert both["value"].tolist() == [0.65, 0.65]
    assert pd.isna(one(table, metric="unheard_of")["published"])
    other = audit({"insertion_auc": 0.5}, "Qwen2.5-VL-3B", "COCO-caption", method="igos++")
    assert other["published"].tolist() == [0.5328]


def test_without_a_published_model_nothing_is_compared():
    table = audit(corrections(), dataset="RePOPE")
    assert table["published"].isna().all() and table["same_convention"].isna().all()
    assert one(table, metric="csr10")["value"] == 0.5


def test_refusals():
    with pytest.raises(ValueError, match=r"published for model 'GPT-9'; there are metrics for LLaVA-1\.5-7B, Qwen"):
        audit(corrections(), model="GPT-9", dataset="RePOPE")
    with pytest.raises(ValueError, match="published for dataset 'POPE'"):
        audit(corrections(), model="LLaVA-1.5-7B", dataset="POPE")
    several = results_frame([row | {"model": f"m{k}"} for k, row in enumerate(ROWS)])
    with pytest.raises(ValueError, match=r"several models \(m0, m1, m2, m3\)"):
        audit(several)
