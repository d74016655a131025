"""Videos: open any supported source as checked frames with their times."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..errors import ImageError, MissingImageError
from .images import open_image

MAX_FRAMES = 512
"""Maximum number of frames of one video."""

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
"""Files of a folder that are frames."""

FrameChooser = Callable[[int, float | None], Sequence[int]]
"""Number of frames and frames per second of a file → numbers of the frames that the model sees."""


@dataclass(frozen=True)
class Video:
    """Which pictures of a response are the frames of a video, and when they are shown.

    Attributes
    ----------
    first, count : int
        The frames are the pictures first … first + count - 1.
    indices : tuple of int
        Numbers of the frames in the source.
    fps : float or None
        Frames per second of the source; None if it is unknown.
    total : int
        Number of frames of the source.
    duration : float or None
        Length of a video file in seconds; None for frames that are given.
    """

    first: int
    count: int
    indices: tuple[int, ...]
    fps: float | None = None
    total: int = 0
    duration: float | None = None

    @property
    def timestamps(self) -> tuple[float, ...]:
        """Time of each frame in seconds; () if it is unknown."""
        return () if self.fps is None else tuple(index / self.fps for index in self.indices)

    def as_dict(self) -> dict[str, Any]:
        """Return the content as JSON holds it.

        Returns
        -------
        dict
            For `from_dict`.
        """
        return {
            "first": self.first, "count": self.count, "indices": list(self.indices), "fps": self.fps, "total": self.total,
            "duration": self.duration,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Video:
        """Return the video that `as_dict` described.

        Parameters
        ----------
        content : mapping
            The description.

        Returns
        -------
        Video
            The video.
        """
        return cls(**{**content, "indices": tuple(content["indices"])})


def open_video(source: Any, num_frames: int | None = None) -> list[Image.Image]:
    """Open a video as a list of pictures, to give its frames to a model as separate images.

    Parameters
    ----------
    source : path, ndarray (F, H, W, 3), or sequence of pictures
        See `read_video`.
    num_frames : int, optional
        Number of frames, spread evenly over the video; by default eight of a file, and all frames that are given.

    Returns
    -------
    list of PIL.Image.Image
        RGB, of one size.

    Raises
    ------
    ImageError, TypeError
        As `read_video`.

    Examples
    --------
    >>> len(open_video(np.zeros((6, 4, 4, 3), np.uint8), 3))
    3
    """

    def spread(total: int, fps: float | None) -> list[int]:
        return np.linspace(0, total - 1, min(total, num_frames or 8)).round().astype(int).tolist()  # type: ignore[no-any-return]

    frames, video = read_video(source, choose=spread)
    if num_frames is None or video.duration is not None:
        return frames
    return [frames[k] for k in spread(len(frames), None)]


def read_video(
    source: Any, first: int = 0, choose: FrameChooser | None = None, fps: float | None = None
) -> tuple[list[Image.Image], Video]:
    """Open a video.

    Parameters
    ----------
    source : path, ndarray (F, H, W, 3), or sequence of pictures
        A video file (read by PyAV, the extra "video"), a folder of pictures in the order of their names, or frames.
    first : int
        Number of its first frame among the pictures of the response.
    choose : callable, optional
        Number of frames and frames per second → numbers of the frames to take from a file; by default all. Frames that are given are all
        taken.
    fps : float, optional
        Frames per second of frames that are given.

    Returns
    -------
    frames : list of PIL.Image.Image
        RGB, of one size.
    video : Video
        Their place and times.

    Raises
    ------
    ImageError
        (a ValueError) If the source is missing or broken, has no frame, too many frames, or frames of different sizes, or PyAV is not
        installed.
    TypeError
        If the source is of another type.

    Examples
    --------
    >>> frames, video = read_video(np.zeros((3, 4, 4, 3), np.uint8), fps=2.0)
    >>> len(frames), video.timestamps
    (3, (0.0, 0.5, 1.0))
    """
    if isinstance(source, str | os.PathLike):
        path = Path(source).expanduser()
        if not path.exists():
            raise MissingImageError(
                f"there is no video file or folder {str(source)!r}; check the path (working folder: {Path.cwd()})"
            )
        if path.is_file():
            return _from_file(path, first, choose)
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in PICTURE_SUFFIXES)
        return _from_frames(files, first, fps, f"the folder {str(source)!r}")
    if isinstance(source, np.ndarray):
        if source.ndim != 4:
            raise ImageError(f"a video array must be (F, H, W, 3), got shape {source.shape}")
        return _from_frames(list(source), first, fps, "the video")
    if isinstance(source, Sequence) and not isinstance(source, bytes | bytearray):
        return _from_frames(source, first, fps, "the video")
    raise TypeError(f"a video must be a path, an array (F, H, W, 3) or a list of frames, got {type(source).__name__}")


def _from_frames(sources: Sequence[Any], first: int, fps: float | None, name: str) -> tuple[list[Image.Image], Video]:
    """Return frames that are given."""
    _check_count(len(sources), name)
    if fps is not None and not fps > 0:
        raise ImageError(f"fps must be a positive number, got {fps!r}")
    frames = [open_image(source) for source in sources]
    sizes = sorted({frame.size for frame in frames})
    if len(sizes) > 1:
        raise ImageError(f"the frames of {name} have different sizes: {sizes}; scale them to one size first")
    video = Video(first, len(frames), tuple(range(len(frames))), None if fps is None else float(fps), len(frames))
    return frames, video


def _from_file(path: Path, first: int, choose: FrameChooser | None) -> tuple[list[Image.Image], Video]:
    """Return chosen frames of a video file."""
    try:
        import av
    except ImportError as error:
        raise ImageError(
            f"reading the video file {str(path)!r} needs PyAV: pip install 'eagle_nb[video]'; or give its frames"
        ) from error
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ImageError(f"{str(path)!r} has no video")
            stream = container.streams.video[0]
            rate = stream.average_rate
            fps = float(rate) if rate else None
            total = stream.frames or sum(1 for _ in container.decode(stream))
    except (av.error.FFmpegError, OSError) as error:
        raise ImageError(f"{str(path)!r} is not a video that PyAV can read, or it is broken: {error}") from error
    if total == 0:
        raise ImageError(f"{str(path)!r} has no frame")
    indices = sorted({int(k) for k in (range(total) if choose is None else choose(total, fps))})
    _check_count(len(indices), repr(str(path)))
    wanted, frames = set(indices), []
    try:
        with av.open(str(path)) as container:
            for k, frame in enumerate(container.decode(video=0)):
                if k in wanted:
                    frames.append(frame.to_image().convert("RGB"))
                if k >= indices[-1]:
                    break
    except (av.error.FFmpegError, OSError) as error:
        raise ImageError(f"{str(path)!r} is broken after {len(frames)} of the wanted frames: {error}") from error
    if len(frames) < len(indices):
        raise ImageError(f"{str(path)!r} ends early: {len(frames)} of {len(indices)} wanted frames could be read")
    duration = total / fps if fps else None
    return frames, Video(first, len(frames), tuple(indices), fps, total, duration)


def _check_count(count: int, name: str) -> None:
    """Validate a number of frames."""
    if count == 0:
        raise ImageError(f"{name} has no frame; give at least one")
    if count > MAX_FRAMES:
        raise ImageError(
            f"{name} has {count} frames, more than {MAX_FRAMES}; choose some: num_frames=16 or fps=1 for a file, frames[::20] for a list"
        )
