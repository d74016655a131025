"""How good an explanation is, and how sure one may be of that over a data set.

Definitions: EAGLE (arXiv 2509.22496), section 4, unless said otherwise. `FACTS` tells of each figure which direction is
better, where it comes from and by which convention. Correction of wrong answers (AMCR, CSR) is in `eagle_nb.hallucination`.

One explanation: `evaluate` gives a row for `eagle_nb.results.frame`. Many: `summarize` one figure, or
`eagle_nb.results.summary` a table.
"""

from .curves import SENSITIVE, CurveScores, auc, curve_scores, highest_score, sensitive_scores, sensitive_tokens
from .evaluation import evaluate
from .pointing import pointing_game, pointing_share
from .ranks import rank_correlation, separation
from .summary import FACTS, Fact, Summary, interval, summarize

__all__ = [
    "FACTS",
    "SENSITIVE",
    "CurveScores",
    "Fact",
    "Summary",
    "auc",
    "curve_scores",
    "evaluate",
    "highest_score",
    "interval",
    "pointing_game",
    "pointing_share",
    "rank_correlation",
    "sensitive_scores",
    "sensitive_tokens",
    "separation",
    "summarize",
]
