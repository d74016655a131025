"""Plotly figures of tables: metrics with intervals, what forward passes buy, distances to the optimum, methods side by side."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from ..evaluation.optimality import Optimality
from ..evaluation.statistics import confidence_interval
from ..evaluation.tables import summary_table
from ..metrics.info import METRIC_INFO
from ..search.calibration import measured_losses
from .palette import COLORS, NEUTRAL, SALIENCY_SCALE
from .pictures import frame_image, image_trace

_SYMBOLS = ("circle", "diamond", "square")
_MAX_CELLS = 120  # of a map, along a side


def interval_figure(frame: pd.DataFrame, metrics: Sequence[str] | None = None, title: str = "") -> go.Figure:
    """Plot the mean of each method with its 95 % interval, one panel per metric.

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
    fig = make_subplots(
        rows=1, cols=len(chosen), shared_yaxes=True, horizontal_spacing=0.04, subplot_titles=[_title(m) for m in chosen]
    )
    for k, metric in enumerate(chosen):
        part = long[long["metric"] == metric]
        fig.add_trace(
            go.Scatter(
                x=part["value"], y=[html.escape(m) for m in part["method"]], mode="markers", showlegend=False,
                marker={"size": 9, "color": COLORS[k % len(COLORS)]},
                error_x=_bars(part), customdata=part[["low", "high", "n", "skipped"]].to_numpy(),
                hovertemplate="%{y}<br>%{x:.3f} [%{customdata[0]:.3f}, %{customdata[1]:.3f}]<br>"
                "%{customdata[2]} samples, %{customdata[3]} without it<extra></extra>",
            ),
            1,
            k + 1,
        )  # fmt: skip
        fig.update_xaxes(title_text=_unit(metric), range=_span(part), row=1, col=k + 1)
    fig.update_yaxes(autorange="reversed", automargin=True)
    return _with_layout(fig, title, 150 + 30 * long["method"].nunique())


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
                x=passes["value"], y=value["value"], mode="markers", name=html.escape(method),
                error_x=_bars(passes), error_y=_bars(value),
                marker={"size": 10, "color": COLORS[k % len(COLORS)], "symbol": _SYMBOLS[k // len(COLORS) % 3]},
                hovertemplate=f"{html.escape(method)}<br>%{{x:.0f}} passes<br>%{{y:.3f}}<extra></extra>",
            )
        )  # fmt: skip
    ticks = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
    fig.update_xaxes(title_text="forward passes, logarithmic", type="log", tickvals=ticks)
    fig.update_yaxes(title_text=f"{_title(metric)} ({_unit(metric)})")
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
        name, color = html.escape(str(search)), COLORS[k % len(COLORS)]
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
        size, color, name = mean.index.to_numpy(), COLORS[k % len(COLORS)], html.escape(str(method))
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
                name="one sample", legendgroup="one", showlegend=k == 0, text=[html.escape(str(sample))] * len(part),
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


def gallery_figure(
    image: Image.Image, maps: Mapping[str, np.ndarray], mask: np.ndarray | None = None, columns: int = 4
) -> go.Figure:
    """Plot an image and the maps of several methods side by side.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    maps : mapping of str to ndarray (H, W)
        Maps by method; each is drawn from its own minimum (dark) to its own maximum (bright).
    mask : ndarray of bool, (H, W), optional
        An object whose outline is drawn into every panel.
    columns : int
        Number of panels in a row.

    Returns
    -------
    plotly.graph_objects.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no map, or one does not fit the image.

    Examples
    --------
    >>> figure = gallery_figure(Image.new("RGB", (8, 6)), {"RISE": np.eye(6, 8), "TAM": np.ones((6, 8))})
    >>> [annotation.text for annotation in figure.layout.annotations]
    ['the image', 'RISE', 'TAM']
    """
    size = (image.height, image.width)
    wrong = [name for name, values in maps.items() if np.shape(values) != size]
    if wrong or not maps:
        raise ValueError(f"maps are (H, W) = {size}, at least one; {wrong[:1]} is not")
    names = ["the image", *maps]
    rows = -(-len(names) // columns)
    fig = make_subplots(
        rows=rows, cols=columns, subplot_titles=[html.escape(n) for n in names], horizontal_spacing=0.02,
        vertical_spacing=0.24 / rows,
    )  # fmt: skip
    step = max(1, -(-max(size) // _MAX_CELLS))
    x, y = (step * np.arange(-(-count // step)) + step / 2 for count in size[::-1])
    for k, name in enumerate(names):
        at = {"row": k // columns + 1, "col": k % columns + 1}
        fig.add_trace(image_trace(image), **at)
        if name in maps and k:
            values = np.asarray(maps[name], dtype=np.float64)
            spread = float(np.ptp(values)) or 1.0
            heat = np.asarray((values - values.min())[::step, ::step] / spread, dtype=np.float32)
            fig.add_trace(
                go.Heatmap(z=heat, x=x, y=y, zmin=0, zmax=1, colorscale=SALIENCY_SCALE, showscale=False,
                           hovertemplate=f"{html.escape(name)}: %{{z:.2f}}<extra></extra>"), **at,
            )  # fmt: skip
        if mask is not None:
            fig.add_trace(
                go.Contour(z=np.asarray(mask, dtype=np.uint8)[::step, ::step], x=x, y=y, showscale=False, showlegend=False, hoverinfo="skip",
                           contours={"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"},
                           line={"color": NEUTRAL["contour"], "width": 2}), **at,
            )  # fmt: skip
        frame_image(fig, image, f"x{k + 1 if k else ''}", **at)
    return _with_layout(fig, "", 60 + 250 * rows)


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
    return html.escape(metric.replace("_", " ").replace("auc", "AUC"))


def _unit(metric: str) -> str:
    """Return the unit of a metric, and which direction is better."""
    units = {"forward_passes": "passes", "backward_passes": "passes", "seconds": "s", "peak_bytes": "bytes",
             "pointing_mask_share": "share of the first region"}  # fmt: skip
    name = metric.removeprefix("common_").removesuffix("_own_map")
    unit = units.get(metric) or ("share of samples" if metric.startswith("pointing") else "0 … 1")
    better = METRIC_INFO[name].better if name in METRIC_INFO else None
    return f"{unit}, {better} is better" if better else unit


def _with_layout(fig: go.Figure, title: str, height: int) -> go.Figure:
    """Apply the common layout: a white card, readable in light and dark notebooks."""
    top = 70 if title else 40
    return fig.update_layout(
        title={"text": html.escape(title), "x": 0.02},
        height=height,
        margin={"l": 40, "r": 20, "t": top, "b": 50},
        template="plotly_white",
    )
