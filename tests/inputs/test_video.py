"""Videos: files, folders and frames."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from eagle_nb.errors import ImageError
from eagle_nb.inputs.video import Video, read_video


@pytest.fixture
def film(tmp_path):
    """A file of ten frames whose red grows by 20 from frame to frame, four per second."""
    av = pytest.importorskip("av")
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=4)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k in range(10):
            pixels = np.zeros((48, 64, 3), np.uint8)
            pixels[..., 0] = 20 * k
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode())
    return path


def test_frames_of_a_file(film):
    frames, video = read_video(film, 3, lambda total, fps: [0, 4, 8])
    assert (video.first, video.count, video.indices, video.total) == (3, 3, (0, 4, 8), 10)
    assert video.timestamps == (0.0, 1.0, 2.0) and video.duration == 2.5
    red = [np.asarray(frame)[..., 0].mean() for frame in frames]
    np.testing.assert_allclose(red, [0, 80, 160], atol=12)  # the codec is lossy
    assert Video.from_dict(video.as_dict()) == video
    assert len(read_video(film)[0]) == 10


def test_frames_of_a_folder(tmp_path):
    for k in (2, 0, 1):
        Image.new("RGB", (4, 4), (k, 0, 0)).save(tmp_path / f"{k}.png")
    (tmp_path / "notes.txt").write_text("no frame")
    frames, video = read_video(tmp_path)
    assert [frame.getpixel((0, 0))[0] for frame in frames] == [0, 1, 2]
    assert video.timestamps == ()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ([], "has no frame"),
        ([Image.new("RGB", (2, 2)), Image.new("RGB", (3, 2))], "different sizes"),
        (np.zeros((600, 2, 2, 3), np.uint8), "more than 512; choose some"),
        (np.zeros((2, 2, 3), np.uint8), r"must be \(F, H, W, 3\)"),
        ("no/such/film.mp4", "no video file or folder"),
    ],
)
def test_bad_videos(source, message):
    with pytest.raises(ImageError, match=message):
        read_video(source)


def test_a_broken_file(tmp_path, film):
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"not a film")
    with pytest.raises(ImageError, match="not a video that PyAV can read"):
        read_video(path)
    with pytest.raises(ImageError, match="more than 512"):
        read_video(film, choose=lambda total, fps: range(10_000))


def test_other_types():
    with pytest.raises(TypeError, match="a path, an array"):
        read_video(3)
    with pytest.raises(ImageError, match="fps must be a positive number"):
        read_video(np.zeros((1, 2, 2, 3), np.uint8), fps=0)
