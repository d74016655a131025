"""Rows of long runs: computed sample by sample, stored, with the reasons of failures."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..datasets.recorded import answer_sample, recorded_targets
from ..datasets.sample import Sample
from ..errors import StoreError
from ..inputs.fills import Fill
from ..inputs.progress import progress_bar
from ..inputs.response import Response
from ..inputs.seeds import Rng, recorded_seed
from ..inputs.segmentation import Segmenter, resolve_segmenter
from ..protocols import Model
from ..scoring.case import PreparedCase, prepare_case
from ..scoring.identity import digest, model_identity
from ..scoring.store import Store, as_store
from .tables import results_frame

Row = dict[str, Any]
"""Values by column."""


def run_rows(
    samples: Sequence[Sample],
    explain: Callable[[Sample], Iterable[Row]],
    names: Sequence[str],
    progress: bool,
    description: str,
) -> pd.DataFrame:
    """Compute the rows of all samples.

    Parameters
    ----------
    samples : sequence of Sample
        The samples.
    explain : callable
        Sample → its rows, one per name and in their order, without "sample".
    names : sequence of str
        The values of "method". If a sample raises an error, it fails under every name without a row.
    progress : bool
        Show a progress bar.
    description : str
        What the bar says.

    Returns
    -------
    pandas.DataFrame
        See `eagle_nb.evaluation.results_frame`. After an interrupt (Ctrl-C), the rows computed so far.

    Raises
    ------
    StoreError
        If the store cannot be used.
    """
    rows: list[Row] = []
    total = len(samples) * len(names)
    with progress_bar(total=total, desc=description, unit="row", leave=False, disable=not progress) as bar:
        try:
            for sample in samples:
                done = 0
                try:
                    for row in explain(sample):
                        rows.append({"sample": sample.id, **row})
                        done += 1
                        bar.update()
                except StoreError:
                    raise
                except Exception as error:
                    rows += [{"sample": sample.id, "method": m, "failure": failure_text(error)} for m in names[done:]]
                    bar.update(len(names) - done)
        except KeyboardInterrupt:
            if not rows:
                raise
            warnings.warn(f"interrupted after {len(rows)} of {bar.total} rows", stacklevel=3)
    return results_frame(rows)


def failure_text(error: Exception) -> str:
    """Return an error as one line.

    Parameters
    ----------
    error : Exception
        The error.

    Returns
    -------
    str
        Its type and the first line of its message.

    Examples
    --------
    >>> failure_text(ValueError("too small; give more"))
    'ValueError: too small; give more'
    """
    return f"{type(error).__name__}: {error}".splitlines()[0]


def check_samples(samples: Sequence[Sample]) -> None:
    """Validate samples before a model runs.

    Parameters
    ----------
    samples : sequence of Sample
        The samples.

    Raises
    ------
    TypeError
        If they are of another type, or there are none.
    ValueError
        If two have the same id.
    """
    if not samples or not all(isinstance(sample, Sample) for sample in samples):
        raise TypeError(f"samples must be a sequence of Sample, at least one; see eagle_nb.datasets; got {samples!r}")
    if len({sample.id for sample in samples}) < len(samples):
        raise ValueError("two samples have the same id, but rows are identified by it; give each its own")


def check_regions(regions: int, segmentation: str | Segmenter) -> None:
    """Validate a number of regions and a segmenter before a model runs.

    Parameters
    ----------
    regions : int
        Number of regions.
    segmentation : str or callable
        The segmenter.

    Raises
    ------
    ValueError
        If the segmentation is unknown, or there are fewer than two regions.
    TypeError
        If the segmentation is neither a name nor a function.
    """
    resolve_segmenter(segmentation)
    if isinstance(regions, bool) or not isinstance(regions, int | np.integer) or regions < 2:
        raise ValueError(f"regions must be a whole number of at least 2, got {regions!r}")


def answered_case(
    model: Model, sample: Sample, regions: int, segmentation: str | Segmenter, fill: Fill, rng: Rng
) -> tuple[PreparedCase, list[int]]:
    """Answer a sample and prepare the answer.

    Parameters
    ----------
    model : Model
        The model.
    sample : Sample
        The sample.
    regions : int
        Number of regions.
    segmentation : str or callable
        How the image is cut.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    rng : int, numpy.random.Generator or None
        Of the fill "noise".

    Returns
    -------
    case : PreparedCase
        The answer with its regions, fill and recorded counterfactual targets.
    tokens : list of int
        The tokens to explain; see `eagle_nb.datasets.answer_sample`.

    Raises
    ------
    ValueError, TypeError
        If the sample cannot be answered or prepared.
    """
    response, tokens = answer_sample(model, sample)
    targets = recorded_targets(model, response, sample) or None
    return prepare_case(model, response, regions, fill, targets, rng, segmentation), tokens


def row_store(model: Model, store: Store | str | os.PathLike[str] | None, rng: Rng) -> Store | None:
    """Open the store of a long run.

    Parameters
    ----------
    model : Model
        The model.
    store : Store, path or None
        The argument ``store=``.
    rng : int, numpy.random.Generator or None
        The argument ``rng=``.

    Returns
    -------
    Store or None
        The store.

    Raises
    ------
    StoreError
        If the store cannot be used, the model has no fingerprint, or there is no seed that could be part of a key.
    """
    opened = as_store(store)
    if opened is None:
        return None
    if not model_identity(model)["fingerprint"]:
        raise StoreError(
            f"a store needs to know which model its rows come from; give {type(model).__name__} an attribute `fingerprint` that "
            "differs between weights"
        )
    if recorded_seed(rng) is None:
        raise StoreError(f"a store needs a seed that identifies its rows; give rng an integer, got {rng!r}")
    return opened


def row_key(case: PreparedCase, sample: Sample, tokens: Sequence[int], **settings: Any) -> str:
    """Return the digest of everything that a row depends on.

    Parameters
    ----------
    case : PreparedCase
        The case: model, image, prompt, answer, targets, regions and fill.
    sample : Sample
        The sample: its id, and the objects of its label.
    tokens : sequence of int
        The explained tokens.
    **settings
        What else the row depends on: the kind of row, method, options, weights, seed.

    Returns
    -------
    str
        The key of the row in a store.
    """
    objects = sample.named(sample.label) if sample.label else []
    return digest(
        case=case.store_key,
        sample=sample.id,
        objects=[[o.name, list(o.box or ()), o.mask] for o in objects],
        tokens=[int(k) for k in tokens],
        settings=settings,
    )


def stored_row(store: Store | None, key: Callable[[], str], compute: Callable[[], Row]) -> Row:
    """Return a row from the store, or compute and store it.

    Parameters
    ----------
    store : Store or None
        The store.
    key : callable
        Returns the key of the row, see `row_key`; not called without a store.
    compute : callable
        Returns the row.

    Returns
    -------
    dict of str to value
        The row with "failure": ""; or only "failure", the text of the error of `key` or `compute`, which is not stored.
    """
    name, row = "", None
    try:
        if store is not None:
            name = key()
            row = store.get_row(name)
        if row is None:
            row = {**compute(), "failure": ""}
            if store is not None:
                store.put_row(name, row)
    except StoreError:
        raise
    except Exception as error:
        return {"failure": failure_text(error)}
    return row


def explained_word(response: Response, tokens: Sequence[int]) -> str:
    """Return the text of the explained tokens, for the column "word".

    Parameters
    ----------
    response : Response
        The answer.
    tokens : sequence of int
        The explained tokens.

    Returns
    -------
    str
        Their texts, joined.
    """
    return "".join(response.tokens[k] for k in tokens).strip()
