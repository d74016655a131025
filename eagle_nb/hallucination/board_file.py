"""The file of a hallucination board: statements, case studies, and what was skipped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..attribution.archive import Archive, read_archive, write_archive
from ..attribution.explanation import Explanation
from ..attribution.formats import BOARD
from ..attribution.npz import pack_picture, pack_response, unpack_picture, unpack_response, unreadable
from ..datasets.sample import Sample, SampleObject
from ..inputs.response import Response
from .case_study import CaseStudy
from .correction import Correction
from .counter import CounterToken
from .diagnosis import Diagnosis
from .statements import Statement

FORMAT = f"{BOARD} 1"
"""The format of saved files."""

T = TypeVar("T")


def write_board(
    path: str | os.PathLike[str],
    cases: Sequence[CaseStudy],
    statements: Sequence[Statement],
    undecided: Sequence[Statement],
    skipped: Sequence[tuple[str, str]],
    controls: Sequence[CaseStudy],
) -> Path:
    """Write the parts of a board to one file.

    Parameters
    ----------
    path : path
        The file; ".npz" is added where it is missing.
    cases : sequence of CaseStudy
        Studies of wrong statements.
    statements, undecided : sequence of Statement
        Statements that could be checked, and others.
    skipped : sequence of (str, str)
        Sample id and reason.
    controls : sequence of CaseStudy
        Studies of right statements.

    Returns
    -------
    pathlib.Path
        The file.
    """
    studies = [*cases, *controls]
    listed = _distinct([*statements, *undecided, *(case.statement for case in studies)])
    samples = _distinct(statement.sample for statement in listed)
    responses = _distinct(statement.response for statement in listed)
    explanations = _distinct(case.explanation for case in studies)
    arrays: dict[str, np.ndarray] = {}
    facts: dict[str, Any] = {"samples": [], "responses": []}
    for k, sample in enumerate(samples):
        facts["samples"].append(_sample_facts(sample, f"sample.{k}", arrays))
    for k, response in enumerate(responses):
        texts, own = pack_response(response, f"response.{k}")
        facts["responses"].append(texts)
        arrays |= own
    facts["statements"] = [
        {
            "sample": _place(samples, s.sample), "response": _place(responses, s.response), "kind": s.kind, "text": s.text,
            "name": s.name, "correct": s.correct, "tokens": s.tokens, "languages": s.languages, "vocabulary": s.vocabulary,
        }
        for s in listed
    ]  # fmt: skip
    facts["studies"] = [
        {
            "statement": _place(listed, case.statement), "explanation": _place(explanations, case.explanation),
            "counter": case.counter._asdict(), "answers": case.correction.answers, "diagnosis": asdict(case.diagnosis),
            "forward_passes": case.correction.forward_passes,
        }
        for case in studies
    ]  # fmt: skip
    arrays |= {f"study.{k}.p_wrong": np.asarray(case.correction.p_wrong) for k, case in enumerate(studies)}
    facts |= {
        "cases": len(cases),
        "checked": [_place(listed, s) for s in statements],
        "undecided": [_place(listed, s) for s in undecided],
        "skipped": skipped,
    }
    return write_archive(path, FORMAT, facts, arrays, explanations)


def read_board(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read the parts that `write_board` wrote.

    Parameters
    ----------
    path : path
        The ``.npz`` file.

    Returns
    -------
    dict
        The arguments of Board.

    Raises
    ------
    MissingFileError
        (a ValueError) If there is no such file.
    ValueError
        If the file is truncated, or of another format; the message names what reads it.
    """
    archive = read_archive(path, FORMAT)
    facts, arrays = archive.facts, archive.arrays
    try:
        samples = [_sample(entry, f"sample.{k}", arrays) for k, entry in enumerate(facts["samples"])]
        responses = [unpack_response(entry, arrays, f"response.{k}") for k, entry in enumerate(facts["responses"])]
        statements = [_statement(entry, samples, responses) for entry in facts["statements"]]
        studies = [_study(k, entry, statements, archive) for k, entry in enumerate(facts["studies"])]
        return {
            "cases": studies[: facts["cases"]],
            "statements": [statements[k] for k in facts["checked"]],
            "undecided": [statements[k] for k in facts["undecided"]],
            "skipped": [(str(name), str(reason)) for name, reason in facts["skipped"]],
            "controls": studies[facts["cases"] :],
        }
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise unreadable(path, FORMAT, error) from error


def _distinct(objects: Iterable[T]) -> list[T]:
    """Return objects without repetitions of the same one."""
    return list({id(item): item for item in objects}.values())


def _place(objects: Sequence[object], wanted: object) -> int:
    """Return the index of an object itself."""
    return next(k for k, item in enumerate(objects) if item is wanted)


def _sample_facts(sample: Sample, name: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return what JSON holds of a sample, and add its image and masks to the arrays."""
    arrays[f"{name}.image"] = pack_picture(sample.image)
    for j, item in enumerate(sample.objects or ()):
        if (mask := item.mask) is not None:
            arrays[f"{name}.mask.{j}"] = mask
    objects = None if sample.objects is None else [{"name": o.name, "box": o.box} for o in sample.objects]
    return {
        "id": sample.id, "prompt": sample.prompt, "answer": sample.answer, "label": sample.label, "objects": objects,
        "token_ids": sample.token_ids, "words": sample.words, "extra": sample.extra, "recorded": sample.recorded,
    }  # fmt: skip


def _sample(facts: Mapping[str, Any], name: str, arrays: Mapping[str, np.ndarray]) -> Sample:
    """Make a sample of its facts and arrays."""
    objects = facts["objects"]
    if objects is not None:
        objects = tuple(
            SampleObject(o["name"], None if o["box"] is None else tuple(o["box"]), arrays.get(f"{name}.mask.{j}"))
            for j, o in enumerate(objects)
        )
    return Sample(**{**facts, "objects": objects, "source": unpack_picture(arrays[f"{name}.image"])})


def _statement(facts: Mapping[str, Any], samples: Sequence[Sample], responses: Sequence[Response]) -> Statement:
    """Make a statement of its facts."""
    languages = {code: (tuple(yes), tuple(no)) for code, (yes, no) in facts["languages"].items()}
    vocabulary = facts["vocabulary"]
    if not isinstance(vocabulary, str):
        vocabulary = {name: tuple(synonyms) for name, synonyms in vocabulary.items()}
    entries = {
        "sample": samples[facts["sample"]], "response": responses[facts["response"]], "languages": languages,
        "vocabulary": vocabulary,
    }  # fmt: skip
    return Statement(**{**facts, **entries})


def _study(k: int, facts: Mapping[str, Any], statements: Sequence[Statement], archive: Archive) -> CaseStudy:
    """Make a case study of its facts."""
    statement = statements[facts["statement"]]
    explanation = _of_response(archive.explanations[facts["explanation"]], statement.response)
    p_wrong = archive.arrays[f"study.{k}.p_wrong"]
    correction = Correction(statement, explanation, facts["answers"], p_wrong, facts["forward_passes"])
    return CaseStudy(statement, CounterToken(**facts["counter"]), correction, Diagnosis(**facts["diagnosis"]))


def _of_response(explanation: Explanation, response: Response) -> Explanation:
    """Return an explanation that shares the response of its statement."""
    if explanation.response.token_ids != response.token_ids:
        raise ValueError("a case explains another answer than that of its statement")
    return replace(explanation, response=response)
