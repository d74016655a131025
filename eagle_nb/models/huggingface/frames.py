"""Frames of a video as a checkpoint's own video processor chooses them, and the options that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image

from ...inputs.video import FrameChooser, Video


def frame_chooser(processor: Any, fps: float | None = None, num_frames: int | None = None) -> FrameChooser:
    """Return what chooses the frames of a video file.

    Parameters
    ----------
    processor : transformers.ProcessorMixin
        The processor; its video processor knows how many frames the model was trained with.
    fps : float, optional
        Frames per second, in place of the processor's own.
    num_frames : int, optional
        Number of frames, in place of the processor's own.

    Returns
    -------
    callable
        Number of frames and frames per second of a file → numbers of frames.

    Raises
    ------
    ValueError
        If both are given, or one is not positive.
    """
    if fps is not None and num_frames is not None:
        raise ValueError("give fps or num_frames, not both")
    for name, value in (("fps", fps), ("num_frames", num_frames)):
        if value is not None and not value > 0:
            raise ValueError(f"{name} must be positive, got {value!r}")
    videos = getattr(processor, "video_processor", None)

    def choose(total: int, rate: float | None) -> Sequence[int]:
        if num_frames is not None and (videos is None or num_frames >= total):
            return np.linspace(0, total - 1, min(num_frames, total)).round().astype(int).tolist()  # type: ignore[no-any-return]
        if videos is None:
            step = max(1, round((rate or 1) / fps)) if fps else max(1, total // 16)
            return list(range(0, total, step))
        return _sampled(videos, total, rate, fps, num_frames)

    return choose


def _sampled(videos: Any, total: int, rate: float | None, fps: float | None, num_frames: int | None) -> list[int]:
    """Return the frames that a video processor samples."""
    from transformers.video_utils import VideoMetadata

    metadata = VideoMetadata(total_num_frames=total, fps=rate or 24.0, duration=total / (rate or 24.0))
    names = ("num_frames", "fps", "min_frames", "max_frames", "temporal_patch_size", "size")
    options = {name: getattr(videos, name, None) for name in names if hasattr(videos, name)}
    asked = fps is not None or num_frames is not None
    samples = getattr(videos, "do_sample_frames", False) and (options.get("fps") or options.get("num_frames"))
    if not asked and not samples:
        return list(range(total))  # transformers does not sample either
    if fps is not None:
        options |= {"fps": fps, "num_frames": None}
    if num_frames is not None:
        options |= {"num_frames": num_frames, "fps": None}
    try:
        chosen = videos.sample_frames(metadata, **{name: value for name, value in options.items() if value is not None})
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"the {type(videos).__name__} does not sample {total} frames with fps={fps}, num_frames={num_frames}: {error}"
        ) from error
    return [int(k) for k in np.asarray(chosen).ravel()]


def stacked_frames(frames: Sequence[Image.Image | torch.Tensor]) -> torch.Tensor:
    """Return the frames of a video as one tensor.

    Parameters
    ----------
    frames : sequence of PIL.Image.Image or Tensor, (3, H, W)
        The frames.

    Returns
    -------
    Tensor, (F, 3, H, W)
        In 0 … 255; uint8 for images.
    """
    return torch.stack(
        [
            frame if isinstance(frame, torch.Tensor) else torch.from_numpy(np.array(frame)).permute(2, 0, 1)
            for frame in frames
        ]
    )


def video_metadata(video: Video, size: tuple[int, int]) -> Any:
    """Return what transformers wants to know about a video whose frames are chosen already.

    Parameters
    ----------
    video : Video
        The video.
    size : (int, int)
        Width and height of its frames.

    Returns
    -------
    transformers.video_utils.VideoMetadata
        The metadata.
    """
    from transformers.video_utils import VideoMetadata

    return VideoMetadata(
        total_num_frames=video.total,
        fps=video.fps,
        width=size[0],
        height=size[1],
        duration=video.duration,
        frames_indices=list(video.indices),
    )


def tied_frames(processor: Any) -> int:
    """Return how many frames of a video form one temporal patch, so that they are not independent evidence.

    Parameters
    ----------
    processor : transformers.ProcessorMixin
        The processor.

    Returns
    -------
    int
        2 in Qwen2-VL's line, 1 where every frame has tokens of its own.
    """
    return int(getattr(getattr(processor, "video_processor", None), "temporal_patch_size", 1) or 1)


def keep_all_tokens(processor: Any) -> None:
    """Let a processor keep the tokens of patches that do not change from frame to frame.

    VideoLLaMA3 drops them. Then a masked video would have other tokens than the whole one, and their scores could not be compared.

    Parameters
    ----------
    processor : transformers.ProcessorMixin
        The processor; changed in place.
    """
    videos = getattr(processor, "video_processor", None)
    if videos is not None and getattr(videos, "use_token_compression", False):
        videos.use_token_compression = False
