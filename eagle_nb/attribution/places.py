"""Places: what several pictures are called, how much evidence lies in each, and where regions lie, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..inputs.regions import Regions
from ..inputs.response import Response

_LISTED = 4  # a sentence names at most this many pictures


class Subject(NamedTuple):
    """What an explanation is about, in words.

    Attributes
    ----------
    name : str
        "the image", "the pictures", "the video", or the one picture of several that is explained.
    whole : str
        All of it.
    plural : bool
        Whether the verb is in the plural.
    """

    name: str = "the image"
    whole: str = "the whole image"
    plural: bool = False


THE_IMAGE = Subject()
"""What an explanation of a single picture is about."""


def explained_subject(response: Response, regions: Regions) -> Subject:
    """Return what an explanation is about, in words.

    Parameters
    ----------
    response : Response
        The response.
    regions : Regions
        Its regions.

    Returns
    -------
    Subject
        The image, the pictures, the video, or the one picture of several that is explained.
    """
    if len(regions.layout) == 1:
        return THE_IMAGE
    explained = regions.explained_pictures
    if len(explained) == 1:
        frames = video_frames(response)
        label = picture_labels(response)[explained[0]]
        name = f"the frame at {label}" if frames and label.endswith(" s") else label
        return Subject(name, f"all of {name}")
    if _all_frames(response):
        return Subject("the video", "the whole video")
    return Subject("the pictures", "all pictures", True)


def video_frames(response: Response) -> list[int]:
    """Return the pictures that are frames of a video.

    Parameters
    ----------
    response : Response
        The response.

    Returns
    -------
    list of int
        Their numbers, ascending.
    """
    return [k for video in response.conversation.videos for k in range(video.first, video.first + video.count)]


def picture_labels(response: Response) -> list[str]:
    """Return the names of pictures: numbers from 1, and of frames their time where it is known.

    Parameters
    ----------
    response : Response
        The response, P pictures.

    Returns
    -------
    list of str, (P,)
        Such as "picture 2", "frame 3" or "1.5 s"; of several videos "video 2, 1.5 s".

    Examples
    --------
    >>> from PIL import Image
    >>> picture_labels(Response((Image.new("RGB", (4, 4)),) * 2, "what?", "cat", [1], ["cat"], [(0, 3)]))
    ['picture 1', 'picture 2']
    """
    labels = [f"picture {k + 1}" for k in range(len(response.images))]
    videos = response.conversation.videos
    for number, video in enumerate(videos):
        times = list(video.timestamps or ())
        digits = 1 if all(abs(10 * t - round(10 * t)) < 0.05 for t in times) else 2
        before = f"video {number + 1}, " if len(videos) > 1 else ""
        for k in range(video.count):
            labels[video.first + k] = before + (f"{times[k]:.{digits}f} s" if times else f"frame {k + 1}")
    return labels


def picture_evidence(regions: Regions, evidence: np.ndarray) -> np.ndarray:
    """Return how much evidence lies in each picture.

    The positive evidence of a region counts in a picture with the share of the region's pixels that lie there, so that the sum over the
    pictures is the sum of the positive evidence of all regions.

    Parameters
    ----------
    regions : Regions
        N regions in P pictures.
    evidence : ndarray, (N,)
        Contribution of each region to the target's probability.

    Returns
    -------
    ndarray of float64, (P,)
        On the scale of the probability; NaN for pictures that were not explained.

    Examples
    --------
    >>> regions = Regions.from_labels([np.array([[0, 0]]), np.array([[0, 1]])])
    >>> picture_evidence(regions, np.array([0.3, -0.1])).round(3)
    array([0.2, 0.1])
    """
    sizes = np.array([width * height for width, height in regions.layout.sizes])
    pixels = regions.picture_area * sizes
    share = pixels / pixels.sum(axis=1, keepdims=True)
    total = np.maximum(np.asarray(evidence, dtype=np.float64), 0) @ share
    total[[k for k in range(len(total)) if k not in set(regions.explained_pictures)]] = np.nan
    return np.asarray(total)


def place_text(response: Response, regions: Regions, chosen: Sequence[int] | np.ndarray) -> str:
    """Return in which pictures, or when, some regions lie, in words.

    Parameters
    ----------
    response : Response
        The response.
    regions : Regions
        Its regions.
    chosen : sequence of int
        Region ids.

    Returns
    -------
    str
        Such as "in pictures 2 and 3" or "between 1.0 s and 1.5 s"; empty for one picture, and where they lie in all that are explained.

    Examples
    --------
    >>> from PIL import Image
    >>> response = Response((Image.new("RGB", (4, 4)),) * 3, "what?", "cat", [1], ["cat"], [(0, 3)])
    >>> regions = Regions.whole(response.images)
    >>> place_text(response, regions, [1]), place_text(response, regions, [2, 1])
    ('in picture 2', 'in pictures 2 and 3')
    """
    explained = regions.explained_pictures
    where = np.flatnonzero((regions.picture_area[np.asarray(chosen, dtype=int)] > 0).any(axis=0)).tolist()
    if len(explained) == 1 or not where or where == explained:
        return ""
    labels, videos = picture_labels(response), response.conversation.videos
    if len(videos) == 1 and _all_frames(response):
        return _moments(labels, where, bool(videos[0].timestamps))
    if videos:
        listed = _listed([labels[k] for k in where])
    else:
        listed = ("pictures " if len(where) > 1 else "picture ") + _listed([str(k + 1) for k in where])
    return f"in {listed}" if len(where) <= _LISTED else f"in {len(where)} of {len(labels)} pictures"


def _moments(labels: list[str], where: list[int], timed: bool) -> str:
    """Return when regions of a single video appear."""
    consecutive = where == list(range(where[0], where[-1] + 1))
    if len(where) == 1:
        return f"at {labels[where[0]]}" if timed else f"in {labels[where[0]]}"
    if consecutive:
        first, last = labels[where[0]], labels[where[-1]]
        return f"between {first} and {last}" if timed else f"in frames {where[0] + 1} to {where[-1] + 1}"
    if len(where) <= _LISTED:
        return (
            f"at {_listed([labels[k] for k in where])}"
            if timed
            else f"in frames {_listed([str(k + 1) for k in where])}"
        )
    return f"in {len(where)} of {len(labels)} frames"


def _listed(parts: list[str]) -> str:
    """Return parts as a list in a sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _all_frames(response: Response) -> bool:
    """Whether all pictures are frames of videos."""
    return len(video_frames(response)) == len(response.images)
