"""Servers on the loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image

from .table_server import TableServer


@pytest.fixture
def serve() -> Iterator[Callable[..., TableServer]]:
    """Start servers that are closed at the end of the test."""
    servers: list[TableServer] = []

    def start(kind: type[TableServer] = TableServer, *args: object, **options: object) -> TableServer:
        servers.append(kind(*args, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def picture() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(60, 256, (40, 48, 3), dtype=np.uint8))
