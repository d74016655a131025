"""Figures of explanations, of robustness reports, of hallucination boards and of tables (plotly), and figures for papers (matplotlib)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "board": ["board_figure"],
        "explanations": ["curves_figure", "explanation_figure", "saliency_figure"],
        "gallery": ["gallery_figure"],
        "paper": ["explanation_plot", "words_plot"],
        "robustness": ["robustness_figure"],
        "tables": [
            "frontier_figure", "gap_figure", "interval_figure", "ratio_figure", "tradeoff_figure",
        ],
    },
)  # fmt: skip

if TYPE_CHECKING:
    from .board import board_figure
    from .explanations import curves_figure, explanation_figure, saliency_figure
    from .gallery import gallery_figure
    from .paper import explanation_plot, words_plot
    from .robustness import robustness_figure
    from .tables import frontier_figure, gap_figure, interval_figure, ratio_figure, tradeoff_figure
