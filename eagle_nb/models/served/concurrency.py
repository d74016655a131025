"""Run coroutines together: the first failure cancels the others."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run coroutines at the same time.

    Parameters
    ----------
    work : iterable of coroutine
        What to run.

    Returns
    -------
    list
        Their results, in order. Where one fails, the others are cancelled and have ended before its error is raised.
    """
    tasks = [asyncio.ensure_future(part) for part in work]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def in_turn(work: Iterable[Coroutine[Any, Any, T]], workers: int) -> list[T]:
    """Run coroutines, a limited number at the same time.

    Parameters
    ----------
    work : iterable of coroutine
        What to run.
    workers : int
        The limit.

    Returns
    -------
    list
        Their results, in order; errors as of `together`.
    """
    slots = asyncio.Semaphore(workers)

    async def limited(part: Coroutine[Any, Any, T]) -> T:
        async with slots:
            return await part

    parts = list(work)
    try:
        return await together([limited(part) for part in parts])
    finally:
        for part in parts:
            part.close()  # those that have never begun
