"""Calls that may hang (a name lookup, a system service): never longer than allowed, and no thread in the way."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

ValueT = TypeVar("ValueT")


async def in_thread(call: Callable[[], ValueT], timeout_seconds: float) -> ValueT:
    """What `call` returns. Raises TimeoutError, or what `call` raises.

    A call that hangs is left behind in a daemon thread: the loop's own threads stay free, and the
    program can end.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[ValueT] = loop.create_future()

    def settle(value: ValueT | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)  # type: ignore[arg-type]

    def work() -> None:
        value: ValueT | None = None
        fault: Exception | None = None
        try:
            value = call()
        except Exception as error:
            fault = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, value, fault)

    threading.Thread(target=work, name="waiting", daemon=True).start()
    async with asyncio.timeout(timeout_seconds):
        return await future


def words(error: BaseException) -> str:
    """An error for support, short."""
    return f"{type(error).__name__}: {error}"[:200]
