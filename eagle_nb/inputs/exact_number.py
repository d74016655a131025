"""An exact number of segments: merge the smallest, cut the largest."""

from __future__ import annotations

import numpy as np


def exactly(labels: np.ndarray, picture: np.ndarray, n: int) -> np.ndarray:
    """Merge or cut segments until there are exactly `n`.

    Parameters
    ----------
    labels : ndarray of int, (H, W) or (F, H, W)
        Segments.
    picture : ndarray of uint8, (H, W, 3) or (F, H, W, 3)
        The image or the frames; the smallest segment is merged into the neighbour of the most similar mean colour.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of int, of the shape of `labels`
        Labels 0 … n - 1.
    """
    return _cut_largest(_merge_smallest(labels, picture, n), n)


def _merge_smallest(labels: np.ndarray, picture: np.ndarray, n: int) -> np.ndarray:
    """Merge the smallest segment into its most similar neighbour until `n` remain."""
    from skimage.graph import RAG

    labels = np.unique(labels, return_inverse=True)[1].reshape(labels.shape)
    count = int(labels.max()) + 1
    if count <= n:
        return labels
    size = np.bincount(labels.ravel()).astype(float)
    color = np.stack([np.bincount(labels.ravel(), picture[..., c].ravel()) for c in range(3)], 1)
    graph = RAG()
    graph.add_nodes_from((k, {"labels": [k]}) for k in range(count))
    for axis in reversed(range(labels.ndim)):
        along = np.moveaxis(labels, axis, 0)
        a, b = along[:-1], along[1:]
        graph.add_edges_from(np.unique(np.stack([a[a != b], b[a != b]], 1), axis=0).tolist())
    while graph.number_of_nodes() > n:
        small = min(graph, key=lambda k: (size[k], k))
        mean = color[small] / size[small]
        near = sorted(graph.neighbors(small)) or sorted(set(graph) - {small})
        best = min(near, key=lambda k: float(((color[k] / size[k] - mean) ** 2).sum()))
        size[best] += size[small]
        color[best] += color[small]
        graph.merge_nodes(small, best, weight_func=lambda *_: {})
    target = np.empty(count, dtype=np.int64)
    for node, data in graph.nodes(data=True):
        target[data["labels"]] = node
    return np.unique(target[labels], return_inverse=True)[1].reshape(labels.shape)


def _cut_largest(labels: np.ndarray, n: int) -> np.ndarray:
    """Cut the largest segment across its longer side until there are `n`."""
    labels = labels.copy()
    count = int(labels.max()) + 1
    size = np.bincount(labels.ravel()).tolist()
    while count < n:
        largest = int(np.argmax(size))
        places = np.nonzero(labels == largest)
        longest = max(range(labels.ndim), key=lambda axis: np.ptp(places[axis]))  # the first of equals
        others = [places[axis] for axis in reversed(range(labels.ndim)) if axis != longest]
        half = np.lexsort((*others, places[longest]))[len(places[0]) // 2 :]
        labels[tuple(place[half] for place in places)] = count
        size[largest] -= len(half)
        size.append(len(half))
        count += 1
    return labels
