"""Hallucination case studies: which word of an answer is wrong, what carried it, what corrects it, and why it was said.

    claims     what an answer claims that can be wrong: a yes or no (`answers`), the things it names (`objects`)
    counter    the token that would have led to another answer
    correction the answer as regions are removed; AMCR and CSR
    verdict    language prior, or a region taken for something else
    remedies   removing the region, contrastive decoding, enlarging the region
    study      all of it for one answer; `board` for a data set
    scenes     bundled cases whose cause is known

The protocol is EAGLE's (arXiv 2509.22496, section 4.4); what is added to it is said where it is defined.
"""

from __future__ import annotations

from .answers import WORDS, read_yes_no
from .board import Board, board
from .statements import Claim, claims, mistakes
from .correction import Correction, amcr, correct, csr
from .counter import Counter, counter_token
from .objects import COCO, Chair, Mention, SCENES, absent, chair, mentions
from .mitigation import REMEDIES, compare_remedies, contrastive_answer, enlarged, remedies
from .bias_scenes import BIASES, BiasedSample, biased, culprits, known_cause, tempting
from .case_study import Case, study
from .diagnosis import CAUSES, Verdict, judge

__all__ = [
    "BIASES",
    "Board",
    "BiasedSample",
    "CAUSES",
    "COCO",
    "Case",
    "Chair",
    "Claim",
    "Correction",
    "Counter",
    "Mention",
    "REMEDIES",
    "SCENES",
    "Verdict",
    "WORDS",
    "absent",
    "amcr",
    "biased",
    "board",
    "chair",
    "claims",
    "compare_remedies",
    "contrastive_answer",
    "correct",
    "counter_token",
    "csr",
    "culprits",
    "enlarged",
    "judge",
    "known_cause",
    "mentions",
    "mistakes",
    "read_yes_no",
    "remedies",
    "study",
    "tempting",
]
