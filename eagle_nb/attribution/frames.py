"""Tables of an explanation: one row per token, one row per region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..inputs.masks import mask_box
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..metrics.reliance import Reliance
from ..search.trace import SearchTrace

if TYPE_CHECKING:
    import pandas as pd


def tokens_frame(texts: list[str], selected: list[int], reliance: Reliance) -> pd.DataFrame:
    """Return the tokens of an explanation as a table.

    Parameters
    ----------
    texts : list of str, (T,)
        The tokens.
    selected : list of int
        The explained ones.
    reliance : Reliance
        How much each relied on the image.

    Returns
    -------
    pandas.DataFrame
        One row per token, see `eagle_nb.attribution.Explanation.to_frame`.
    """
    from ..inputs.frames import TextFrame

    return TextFrame(
        {
            "token": texts,
            "selected": [k in selected for k in range(len(texts))],
            "reliance": reliance.score,
            "reliance_area": reliance.score_area,
            "p_full": reliance.p_full,
            "p_blank": reliance.p_blank,
            "sensitive": reliance.sensitive,
        }
    )


def regions_frame(response: Response, regions: Regions, trace: SearchTrace) -> pd.DataFrame:
    """Return the regions of an explanation as a table.

    Parameters
    ----------
    response : Response
        The response.
    regions : Regions
        The regions.
    trace : SearchTrace
        The search.

    Returns
    -------
    pandas.DataFrame
        One row per region, most important first, see `eagle_nb.attribution.Explanation.regions_frame`.
    """
    import pandas as pd

    order, several = trace.order, len(regions.layout) > 1
    columns = {
        "region": order,
        "rank": np.arange(1, regions.n + 1),
        "gain": np.diff(trace.objective),
        "evidence": trace.evidence[order],
        "area": regions.area[order],
    }
    if several:
        columns |= {"picture": regions.pictures[order], "pictures": (regions.picture_area[order] > 0).sum(axis=1)}
        times = response.timestamps
        if not all(np.isnan(times)):
            columns["seconds"] = times[regions.pictures[order]]
    maps = regions.maps
    where = regions.pictures[order]
    return pd.DataFrame(
        columns | {"box": [mask_box(maps[k] == region) for region, k in zip(order, where, strict=True)]}
    )
