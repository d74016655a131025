"""Hidden regions in training images."""

from __future__ import annotations

import torch

from .scene import draw


def hide(pixels: torch.Tensor, generator: torch.Generator, share: float = 0.4) -> tuple[torch.Tensor, torch.Tensor]:
    """Hide random regions in a share of the images.

    The regions are cells of a random Voronoi partition, any fraction of them, and silhouettes of other objects: the
    outline of a hidden region must not reveal what it hides.

    Parameters
    ----------
    pixels : torch.Tensor of float32, (B, 3, H, W)
        Images on the CPU, 0 to 255.
    generator : torch.Generator
        Source of the choices.
    share : float
        Probability that an image has hidden regions.

    Returns
    -------
    pixels : torch.Tensor of float32, (B, 3, H, W)
        The images with hidden regions filled.
    hidden : torch.Tensor of bool, (B, H, W)
        The hidden pixels.
    """
    b, _, height, width = pixels.shape

    def uniform(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, generator=generator)

    coarse = 42
    grid = (torch.arange(coarse) + 0.5) / coarse
    hidden = torch.zeros(b, height, width, dtype=torch.bool)
    for k in range(b):
        if float(uniform(1)) >= share:
            continue
        n = int(torch.randint(9, 110, (1,), generator=generator))
        seeds = uniform(n, 2)
        distance = (grid[:, None, None] - seeds[:, 0]) ** 2 + (grid[None, :, None] - seeds[:, 1]) ** 2
        label = distance.argmin(-1)
        u = float(uniform(1))
        fraction = 1.0 if u < 0.06 else u
        away = (uniform(n) < fraction)[label].float()[None, None]
        hidden[k] = torch.nn.functional.interpolate(away, (height, width))[0, 0] > 0.5
        for _ in range(int(torch.randint(0, 4, (1,), generator=generator))):
            bank = silhouettes()
            decoy = bank[int(torch.randint(len(bank), (1,), generator=generator))]
            shift = [int(v) for v in torch.randint(0, height, (2,), generator=generator)]
            decoy = torch.roll(decoy, shift, (0, 1))
            hidden[k] ^= decoy if float(uniform(1)) < 0.3 else decoy & ~hidden[k]
    fill = torch.zeros_like(pixels)
    kind = uniform(b)
    mean = pixels.mean((2, 3), keepdim=True).expand_as(pixels)
    for k in torch.nonzero(hidden.any(2).any(1) & (kind > 0.62))[:, 0].tolist():
        c = float(kind[k])
        if c < 0.76:
            fill[k] = mean[k]
        elif c < 0.90:
            small = torch.nn.functional.interpolate(pixels[k : k + 1], (8, 8), mode="area")
            fill[k] = torch.nn.functional.interpolate(small, (height, width), mode="bicubic")[0].clamp(0, 255)
        else:
            fill[k] = 255 * uniform(3, height, width)
    return torch.where(hidden[:, None], fill, pixels), hidden


_SILHOUETTES: list[torch.Tensor] = []


def silhouettes() -> list[torch.Tensor]:
    """Return outlines of single objects, which hide what is *not* there.

    Returns
    -------
    list of torch.Tensor of bool, (H, W)
        Masks of the objects of 120 scenes, drawn once.
    """
    if not _SILHOUETTES:
        for seed in range(120):
            scene = draw(seed, arrangement="table" if seed % 5 == 0 else "list")
            _SILHOUETTES.extend(torch.from_numpy(o.mask) for o in scene.objects)
    return _SILHOUETTES
