"""Metrics of corrections."""

import pandas as pd
import pytest

from eagle_nb.evaluation import results_frame, summary_table
from eagle_nb.evaluation.derived_metrics import DERIVED_METRICS
from eagle_nb.metrics import METRIC_INFO

from .results import corrections, one


def test_derived_metrics_are_documented():
    assert set(DERIVED_METRICS) <= set(METRIC_INFO)


def test_corrections_by_both_conventions():
    table = summary_table(corrections())
    assert one(table, metric="amcr")["value"] == pytest.approx((0.05 + 0.1 + 0.4 + 1) / 4)
    of_all, of_corrected = one(table, metric="csr10"), one(table, metric="csr10_of_corrected")
    assert (of_all["value"], of_all["n"], of_all["skipped"]) == (0.5, 4, 0)
    assert (of_corrected["value"], of_corrected["n"], of_corrected["skipped"]) == (pytest.approx(2 / 3), 3, 1)
    names = table["metric"].tolist()
    assert names.index("csr10") < names.index("csr10_of_corrected")
    assert "correction_area" not in names


def test_corrections_that_were_not_measured_are_skipped():
    table = pd.concat([corrections(), results_frame([{"sample": "x", "method": "EAGLE", "seconds": 1.0}])])
    for metric, n, skipped in (("amcr", 4, 1), ("csr10", 4, 1), ("csr10_of_corrected", 3, 2)):
        row = one(summary_table(table), metric=metric)
        assert (row["n"], row["skipped"]) == (n, skipped)


def test_removing_everything_is_a_correction_and_never_is_not():
    rows = [{"sample": "a", "method": "EAGLE", "correction_area": 1.0, "corrected": True}]
    rows.append({"sample": "b", "method": "EAGLE", "correction_area": 0.0, "corrected": False})
    table = summary_table(results_frame(rows))
    assert one(table, metric="amcr")["value"] == 1.0
    assert one(table, metric="csr10")["value"] == 0.0
    assert one(table, metric="csr10_of_corrected")["n"] == 1
