"""Hallucination case studies: which statement of an answer is wrong, what sustains it, what corrects it, and why it was made.

    statements   what an answer states that can be wrong: yes or no (`answers`), or the objects that it names (`objects`)
    counter      the token that leads to another answer
    correction   the answer as regions are removed; AMCR and CSR
    diagnosis    language prior, or a region that is taken for something else
    mitigation   removing the region, contrastive decoding, enlarging the region
    case_study   all of this for one answer; `board` for a data set
    bias_scenes  bundled samples whose true cause is known

The protocol is that of EAGLE (arXiv 2509.22496), section 4.4; additions to it are described where they are defined.
"""

from __future__ import annotations

from .answers import WORDS, read_yes_no
from .bias_scenes import BIASES, BiasSample, bias_samples, causal_mask, known_cause, mixed_bias_samples
from .board import Board, build_board
from .case_study import CaseStudy, study
from .correction import Correction, amcr, correct_answer, csr
from .counter import CounterToken, find_counter_token
from .diagnosis import CAUSES, Diagnosis, diagnose
from .mitigation import MITIGATIONS, compare_mitigations, contrastive_answer, enlarge_region, mitigate
from .objects import COCO, SCENES, Chair, Mention, absent_mentions, chair, mentions
from .statements import STATES, Statement, find_statements, wrong_statements

__all__ = [
    "BIASES",
    "CAUSES",
    "COCO",
    "MITIGATIONS",
    "SCENES",
    "STATES",
    "WORDS",
    "BiasSample",
    "Board",
    "CaseStudy",
    "Chair",
    "Correction",
    "CounterToken",
    "Diagnosis",
    "Mention",
    "Statement",
    "absent_mentions",
    "amcr",
    "bias_samples",
    "build_board",
    "causal_mask",
    "chair",
    "compare_mitigations",
    "contrastive_answer",
    "correct_answer",
    "csr",
    "diagnose",
    "enlarge_region",
    "find_counter_token",
    "find_statements",
    "known_cause",
    "mentions",
    "mitigate",
    "mixed_bias_samples",
    "read_yes_no",
    "study",
    "wrong_statements",
]
