"""Rows of results tables."""

import numpy as np

from eagle_nb.evaluation import results_frame

ROWS = [
    {"sample": "a", "method": "EAGLE", "insertion_auc": 0.5, "pointing_box": True},
    {"sample": "b", "method": "EAGLE", "insertion_auc": np.float32(0.75), "pointing_box": np.bool_(False)},
    {"sample": "c", "method": "EAGLE", "insertion_auc": 1.0},
    {"sample": "a", "method": "RISE", "insertion_auc": 0.25, "pointing_box": True},
]


def corrections():
    """Four wrong answers: corrected with 5 %, 10 % and 40 % of the area removed, and never."""
    values = [(0.05, True), (0.1, True), (0.4, True), (1.0, False)]
    return results_frame(
        {"sample": k, "method": "EAGLE", "correction_area": area, "corrected": corrected}
        for k, (area, corrected) in enumerate(values)
    )


def one(table, **wanted):
    for name, value in wanted.items():
        table = table[table[name] == value]
    (row,) = table.to_dict("records")
    return row
