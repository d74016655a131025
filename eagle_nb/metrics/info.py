"""What each metric means: its direction, source and convention."""

from __future__ import annotations

from typing import Literal, NamedTuple


class MetricInfo(NamedTuple):
    """Direction, source and convention of a metric.

    Attributes
    ----------
    better : {"higher", "lower"} or None
        The direction that is better; None if neither is.
    source : str
        Where it is defined.
    convention : str
        How it is computed over a data set.
    """

    better: Literal["higher", "lower"] | None
    source: str
    convention: str = "mean over samples"


_EAGLE, _CODE, _OURS = "EAGLE (arXiv 2509.22496)", "EAGLE's public code", "eagle_nb"
_POINTING = "Zhang et al. 2016 (arXiv 1608.00507)"
_AREA = "mean over samples; trapezoid over image area"
_SENSITIVE = "over tokens with p(full) - p(blank) > 0.2; samples without one are skipped"
_WHOLE = "share of hits; the whole word explained; ties count as a hit"
_FIRST = "share of hits; the word's first token explained; ties count as a hit"
_COMMON = f"{_AREA}; the saliency pooled over one region map and replayed under one fill"
METRIC_INFO = {
    "insertion_auc": MetricInfo("higher", f"{_EAGLE}, section 4", _AREA),
    "deletion_auc": MetricInfo("lower", f"{_EAGLE}, section 4", _AREA),
    "highest_score": MetricInfo("higher", f"{_EAGLE}, section 4", "mean over samples of the insertion curve's maximum"),
    "sensitive_insertion_auc": MetricInfo("higher", f"{_EAGLE}, section 4", _SENSITIVE),
    "sensitive_deletion_auc": MetricInfo("lower", f"{_EAGLE}, section 4", _SENSITIVE),
    "sensitive_highest_score": MetricInfo("higher", f"{_EAGLE}, section 4", _SENSITIVE),
    "common_insertion_auc": MetricInfo("higher", _OURS, _COMMON),
    "common_deletion_auc": MetricInfo("lower", _OURS, _COMMON),
    "reliance": MetricInfo(None, f"{_EAGLE}, section 3.4", "mean over samples; every step the same weight"),
    "reliance_area": MetricInfo(None, _CODE, "mean over samples; steps weighted by area"),
    "reliance_difference": MetricInfo(None, _OURS, "mean over samples; p(full) - p(blank), the naive measure"),
    "separation": MetricInfo("higher", "Hanley and McNeil 1982", "mean over samples of the area under the ROC curve"),
    "pointing_box": MetricInfo("higher", _POINTING, _WHOLE),
    "pointing_box_first_token": MetricInfo("higher", _CODE, _FIRST),
    "pointing_mask": MetricInfo("higher", _POINTING, _WHOLE),
    "pointing_mask_first_token": MetricInfo("higher", _CODE, _FIRST),
    "pointing_mask_own_map": MetricInfo(
        "higher", _POINTING, f"{_WHOLE}; the method's own map, not pooled over regions"
    ),
    "pointing_mask_share": MetricInfo(
        "higher", _OURS, "mean over samples of the share of the map's maxima inside the mask"
    ),
    "amcr": MetricInfo(
        "lower", f"{_EAGLE}, section 4", "mean area removed until the answer turns right; 1 if it never does"
    ),
    "csr10": MetricInfo(
        "higher", f"{_EAGLE}, section 4", "share of all samples corrected with at most 10 % of the area removed"
    ),
    "csr10_of_corrected": MetricInfo(
        "higher",
        _CODE,
        "share corrected with at most 10 % of the area removed; never-corrected samples are skipped",
    ),
}
"""Direction, source and convention of the metrics by name."""
