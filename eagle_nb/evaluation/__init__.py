"""Evaluation: metrics of explanations, methods and settings compared over samples, and tests of a single explanation.

- One model: `check_model` checks that it is scored right on this machine, how fast, and with how much memory.
- One result: `metrics_row` computes all metrics; `check_robustness` varies regions, fills and seeds; `randomization_test` randomises weights.
- Many samples: `compare` compares methods, `ablate` settings, and `measure_optimality` searches with the true optimum. Runs resume
  from a store.
- Tables: `results_frame`, `save_table`, `load_table`, `summary_table`, `formatted_table`, and `audit`, which compares with the published metrics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "ablation": ["ablate", "settings_label"],
        "auditing": ["audit", "published_metrics"],
        "comparison": [
            "DEFAULT_METHODS",
            "MEASURED_COLUMNS",
            "compare",
            "failures",
            "paired_differences",
            "saliency_maps",
        ],
        "model_check": ["check_model"],
        "model_report": ["ModelReport"],
        "optimality": ["Optimality", "measure_optimality"],
        "randomization": ["randomization_test"],
        "robustness": ["RobustnessReport", "check_robustness"],
        "row": ["metrics_row"],
        "statistics": ["Summary", "confidence_interval", "summarize"],
        "tables": ["formatted_table", "load_table", "results_frame", "save_table", "summary_table"],
    },
)

if TYPE_CHECKING:
    from .ablation import ablate as ablate
    from .ablation import settings_label as settings_label
    from .auditing import audit as audit
    from .auditing import published_metrics as published_metrics
    from .comparison import DEFAULT_METHODS as DEFAULT_METHODS
    from .comparison import MEASURED_COLUMNS as MEASURED_COLUMNS
    from .comparison import compare as compare
    from .comparison import failures as failures
    from .comparison import paired_differences as paired_differences
    from .comparison import saliency_maps as saliency_maps
    from .model_check import check_model as check_model
    from .model_report import ModelReport as ModelReport
    from .optimality import Optimality as Optimality
    from .optimality import measure_optimality as measure_optimality
    from .randomization import randomization_test as randomization_test
    from .robustness import RobustnessReport as RobustnessReport
    from .robustness import check_robustness as check_robustness
    from .row import metrics_row as metrics_row
    from .statistics import Summary as Summary
    from .statistics import confidence_interval as confidence_interval
    from .statistics import summarize as summarize
    from .tables import formatted_table as formatted_table
    from .tables import load_table as load_table
    from .tables import results_frame as results_frame
    from .tables import save_table as save_table
    from .tables import summary_table as summary_table
