"""Plotly figures of tables: metrics with intervals, what forward passes buy, distances to the optimum, methods side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..evaluation.optimality import Optimality
from ..evaluation.statistics import confidence_interval
from ..evaluation.tables import summary_table
from ..metrics.info import METRIC_INFO
from ..search.calibration import measured_losses
from .palette import COLORS, NEUTRAL
from .text import plotly_text
from .theme import TEMPLATE, set_title

_SYMBOLS = ("circle", "diamond", "square")


def interval_figure(frame: pd.DataFrame, metrics: Sequence[str] | None = None, title: str = "") -> go.Figure:
    """Plot the mean of each method with its 95 % interval, one panel per metric, one below the other.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of one data set and model, such as `eagle_nb.evaluation.compare` and `eagle_nb.evaluation.ablate` return.
    metrics : sequence of str, optional
        Names of metrics of `eagle_nb.evaluation.summary_table`; all by default.
    title : str
        Title of the figure.

    Returns
    -------
    plotly.graph_objects.Figure
        The figure.

    Raises
    ------
    ValueError
        If a metric is not in the frame.

    Examples
    --------
    >>> from eagle_nb.evaluation import results_frame
    >>> row = {"method": "RISE", "insertion_auc": 0.5, "forward_passes": 40.0}
    >>> frame = results_frame([{"sample": "a", **row}, {"sample": "b", **row}])
    >>> figure = interval_figure(frame, ["insertion_auc"])
    >>> list(figure.data[0].y), [float(x) for x in figure.data[0].x]
    (['RISE'], [0.5])
    """
    long = summary_table(frame, metrics)
    chosen = list(long["metric"].unique())
    panel, between = 24 + 26 * long["method"].nunique(), 92
    total = len(chosen) * (panel + between) - between
    fig = make_subplots(
        rows=len(chosen),
        cols=1,
        vertical_spacing=between / total if len(chosen) > 1 else 0,
        subplot_titles=[_title(m) for m in chosen],
    )
    for k, metric in enumerate(chosen):
        part = long[long["metric"] == metric]
        fig.add_trace(
            go.Scatter(
                x=part["value"], y=[plotly_text(m) for m in part["method"]], mode="markers", showlegend=False,
                marker={"size": 9, "color": COLORS[k % len(COLORS)]},
                error_x=_bars(part), customdata=part[["low", "high", "n", "skipped"]].to_numpy(),
                hovertemplate="%{y}<br>%{x:.3f} [%{customdata[0]:.3f}, %{customdata[1]:.3f}]<br>"
                "%{customdata[2]} samples, %{customdata[3]} without it<extra></extra>",
            ),
            k + 1,
            1,
        )  # fmt: skip
        fig.update_xaxes(title_text=_unit(metric), range=_span(part), row=k + 1, col=1)
    fig.update_yaxes(autorange="reversed", type="category")
    return _with_layout(fig, title, total + 90)


def tradeoff_figure(frame: pd.DataFrame, metric: str = "insertion_auc", title: str = "") -> go.Figure:
    """Plot each method's mean of a metric over its mean number of forward passes, with 95 % intervals.

    Parameters
    ----------
    frame : pandas.DataFrame
        As of `interval_figure`, with the column "forward_passes".
    metric : str
        Name of a metric.
    title : str
        Title of the figure.

    Returns
    -------
    plotly.graph_objects.Figure
        The figure.

    Raises
    ------
    ValueError
        If the metric or "forward_passes" is not in the frame.

    Examples
    --------
    >>> from eagle_nb.evaluation import results_frame
    >>> row = {"method": "RISE", "insertion_auc": 0.5, "forward_passes": 40.0}
    >>> frame = results_frame([{"sample": "a", **row}, {"sample": "b", **row}])
    >>> [trace.name for trace in tradeoff_figure(frame).data]
    ['RISE']
    """
    long = summary_table(frame, [metric, "forward_passes"])
    fig = go.Figure()
    for k, method in enumerate(long["method"].unique()):
        part = long[long["method"] == method].set_index("metric")
        passes, value = part.loc[["forward_passes"]], part.loc[[metric]]
        fig.add_trace(
            go.Scatter(
                x=passes["value"], y=value["value"], mode="markers", name=plotly_text(method),
                error_x=_bars(passes), error_y=_bars(value),
                marker={"size": 10, "color": COLORS[k % len(COLORS)], "symbol": _SYMBOLS[k // len(COLORS) % 3]},
                hovertemplate=f"{plotly_text(method)}<br>%{{x:.0f}} passes<br>%{{y:.3f}}<extra></extra>",
            )
        )  # fmt: skip
    ticks = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    fig.update_xaxes(title_text="forward passes, logarithmic", type="log", tickvals=ticks)
    fig.update_yaxes(title_text=f"{_title(metric)}<br>{_unit(metric)}")
    return _with_layout(fig, title, 420)


def frontier_figure(regions: int | None = None, title: str = "") -> go.Figure:
    """Plot the share of exhaustive greedy's gain over random orders that each search reaches, by its forward passes.

    Lines are medians over bundled scenes; that of "fast" is shaded down to the 5th percentile, which the others show on hover. The
    values are those of `eagle_nb.search.calibration`, which ``trace.diagnostics()`` uses.

    Parameters
    ----------
    regions : int, optional
        Number of regions, one of those measured; by default the largest.
    title : str
        Title of the figure.

    Returns
    -------
    plotly.graph_objects.Figure
        The figure.

    Raises
    ------
    ValueError
        If nothing was measured with this number of regions.

    Examples
    --------
    >>> "fast" in {trace.name for trace in frontier_figure(64).data}
    True
    """
    table, fig = measured_losses(), go.Figure()
    sizes = sorted(table["regions"].unique())
    size = sizes[-1] if regions is None else regions
    if size not in sizes:
        raise ValueError(f"nothing was measured with {regions!r} regions; measured: {', '.join(map(str, sizes))}")
    table = table[table["regions"] == size]
    for k, (search, part) in enumerate(table.groupby("search", sort=False)):
        passes, median, low = part["passes_per_region"], 1 - part["median"], 1 - part["percentile_95"]
        name, color = plotly_text(search), COLORS[k % len(COLORS)]
        if search == "fast":
            fig.add_trace(
                go.Scatter(
                    x=[*passes, *passes[::-1]], y=[*median, *low[::-1]], fill="toself", mode="none", fillcolor=color,
                    opacity=0.15, hoverinfo="skip", showlegend=False, legendgroup=name,
                )
            )  # fmt: skip
        fig.add_trace(
            go.Scatter(
                x=passes, y=median, customdata=low, mode="lines+markers", name=name, legendgroup=name,
                line={"color": color, "width": 3 if search == "fast" else 1.5},
                marker={"size": 7, "symbol": _SYMBOLS[k % len(_SYMBOLS)]},
                hovertemplate=f"{name}<br>%{{x:.1f}} passes per region<br>median %{{y:.3f}}<br>"
                "5th percentile %{customdata:.3f}<extra></extra>",
            )
        )  # fmt: skip
    fig.update_xaxes(
        title_text=f"forward passes per region of {size}, logarithmic", type="log", tickvals=[2, 3, 5, 10, 20]
    )
    fig.update_yaxes(title_text="share of greedy's gain over random", range=[0, 1.04], dtick=0.2)
    return _with_layout(fig, title, 420)


def gap_figure(optimality: Optimality, title: str = "") -> go.Figure:
    """Plot how far each search stays below the best set of every size: the mean over samples with its 95 % interval.

    Parameters
    ----------
    optimality : Optimality
        Searches against the optimum.
    title : str
        Title of the figure.

    Returns
    -------
    plotly.graph_objects.Figure
        The figure.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> samples = eagle.datasets.from_scenes([0], kind="object", objects=["red circle"])[:1]
    >>> optimality = eagle.evaluation.measure_optimality(eagle.load_model(), samples, 3, ["greedy"], progress=False)
    >>> gap_figure(optimality).data[1].x.tolist()  # sizes of the sets
    [0, 1, 2, 3]
    """
    fig = go.Figure()
    for k, method in enumerate(optimality.gaps["method"].unique()):
        part = optimality.gaps[optimality.gaps["method"] == method].groupby("size")["gap"]
        mean, bounds = part.mean(), np.array([confidence_interval(values.tolist()) for _, values in part])
        low, high = np.where(np.isnan(bounds), mean.to_numpy()[:, None], bounds).T
        size, color, name = mean.index.to_numpy(), COLORS[k % len(COLORS)], plotly_text(method)
        fig.add_trace(
            go.Scatter(
                x=np.concatenate([size, size[::-1]]), y=np.concatenate([high, low[::-1]]), fill="toself", mode="none",
                fillcolor=color, opacity=0.15, hoverinfo="skip", showlegend=False, legendgroup=name,
            )
        )  # fmt: skip
        fig.add_trace(
            go.Scatter(
                x=size, y=mean, mode="lines+markers", line={"color": color}, name=name, legendgroup=name,
                hovertemplate=f"{name}<br>%{{x}} regions<br>%{{y:.3f}} below the optimum<extra></extra>",
            )
        )  # fmt: skip
    fig.update_xaxes(title_text="regions chosen", dtick=1)
    fig.update_yaxes(title_text="F below the optimum, share of its gain", rangemode="tozero")
    return _with_layout(fig, title, 400)


def ratio_figure(optimality: Optimality, title: str = "", limits: tuple[float, float] = (-0.5, 3.0)) -> go.Figure:
    """Plot the submodularity ratio over all pairs of sets: each sample's distribution, their mean, and each sample's γ.

    Parameters
    ----------
    optimality : Optimality
        Searches against the optimum.
    title : str
        Title of the figure.
    limits : (float, float)
        Range of the axis; ratios beyond are drawn at its ends.

    Returns
    -------
    plotly.graph_objects.Figure
        The figure.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> samples = eagle.datasets.from_scenes([0], kind="object", objects=["red circle"])[:1]
    >>> optimality = eagle.evaluation.measure_optimality(eagle.load_model(), samples, 3, ["greedy"], progress=False)
    >>> [trace.name for trace in ratio_figure(optimality).data]
    ['one sample', 'mean', 'γ of a sample, its smallest ratio']
    """
    fig = go.Figure()
    table = optimality.ratios.assign(ratio=optimality.ratios["ratio"].clip(*limits))
    for k, (sample, part) in enumerate(table.groupby("sample", sort=False)):
        fig.add_trace(
            go.Scatter(
                x=part["ratio"], y=part["percentile"], mode="lines", line={"color": NEUTRAL["line"], "width": 1},
                name="one sample", legendgroup="one", showlegend=k == 0, text=[plotly_text(sample)] * len(part),
                hovertemplate="%{text}<br>%{y} % of pairs are at or below %{x:.2f}<extra></extra>",
            )
        )  # fmt: skip
    mean = table.groupby("percentile")["ratio"].mean()
    least = optimality.ratios[optimality.ratios["percentile"] == 0]
    fig.add_trace(go.Scatter(x=mean, y=mean.index, mode="lines", line={"color": COLORS[0], "width": 3}, name="mean"))
    fig.add_trace(
        go.Scatter(
            x=least["ratio"].clip(*limits), y=least["percentile"], mode="markers", name="γ of a sample, its smallest ratio",
            marker={"color": COLORS[1], "size": 9, "symbol": "diamond"}, customdata=least[["ratio"]].to_numpy(),
            hovertemplate="γ = %{customdata[0]:.3f}<extra></extra>", cliponaxis=False,
        )
    )  # fmt: skip
    fig.add_vline(x=1, line={"dash": "dot", "color": NEUTRAL["reference"]}, annotation_text="submodular above")
    fig.update_xaxes(title_text="submodularity ratio", range=limits)
    fig.update_yaxes(title_text="percentile over pairs of sets, %", range=[-2, 102])
    return _with_layout(fig, title, 400)


def _bars(part: pd.DataFrame) -> dict[str, Any]:
    """Return error bars to both ends of the interval; none where there is no interval."""
    value = part["value"].to_numpy(float)
    high, low = (np.nan_to_num(np.abs(part[end].to_numpy(float) - value)) for end in ("high", "low"))
    return {"type": "data", "symmetric": False, "array": high, "arrayminus": low, "thickness": 1.5, "width": 4}


def _span(part: pd.DataFrame) -> list[float]:
    """Return the ends of an axis: all values with their intervals, and at least 0.05, which keeps noise small."""
    ends = part[["value", "low", "high"]].to_numpy(float)
    low, high = (float(f(ends)) if np.isfinite(ends).any() else 0.0 for f in (np.nanmin, np.nanmax))
    missing = max(0.05 - (high - low), 0) / 2
    margin = 0.06 * max(high - low, 0.05) + missing
    return [low - margin, high + margin]


def _title(metric: str) -> str:
    """Return the title of a metric."""
    return plotly_text(metric.replace("_", " ").replace("auc", "AUC"))


def _unit(metric: str) -> str:
    """Return the unit of a metric, and which direction is better."""
    units = {"forward_passes": "passes", "backward_passes": "passes", "seconds": "s", "peak_bytes": "bytes",
             "pointing_mask_share": "share of the first region"}  # fmt: skip
    name = metric.removeprefix("common_").removesuffix("_own_map")
    unit = units.get(metric) or ("share of samples" if metric.startswith("pointing") else "0 … 1")
    better = METRIC_INFO[name].better if name in METRIC_INFO else None
    return f"{unit}, {better} is better" if better else unit


def _with_layout(fig: go.Figure, title: str, height: int) -> go.Figure:
    """Apply the common layout: the title in lines above, the legend below."""
    legend = [t for t in fig.data if isinstance(t, go.Scatter) and t.showlegend is not False and t.name]
    fig.update_annotations(font_size=12)
    fig.update_layout(
        margin={"l": 12, "r": 16, "b": 12},
        legend={"orientation": "h", "x": 0, "y": -70 / height, "yanchor": "top"},
        template=TEMPLATE,
    )
    set_title(fig, title, height + 14 * len(legend))
    return fig
