"""A thread with an asyncio loop, and work handed to it from another thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from typing import Any


class Background:
    """One daemon thread. `start`, `call`, `do`, `close` and `join` are for the other thread."""

    def __init__(
        self,
        *,
        on_error: Callable[[Exception], None],
        before_end: Callable[[], None],
        at_end: Callable[[], Awaitable[None]],
        on_closed: Callable[[], None],
    ) -> None:
        """`on_error` gets what a piece of work raised; `at_end` runs when no work is left."""
        self.loop = asyncio.new_event_loop()
        self._on_error, self._before_end = on_error, before_end
        self._at_end, self._on_closed = at_end, on_closed
        self._thread = threading.Thread(target=self._live, name="session", daemon=True)
        self._over = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def call(self, function: Callable[[], object]) -> None:
        """Call `function` in the thread; nothing once that has ended."""
        with contextlib.suppress(RuntimeError):  # the loop has ended: nothing is left to do
            self.loop.call_soon_threadsafe(function)

    def do(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` in the thread, beside what goes on there; nothing once that has ended."""
        self.call(lambda: self._begin(work))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """In the thread: `task` is cancelled when the end comes."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop everything, and end the thread; `on_closed` follows."""
        if self._thread.is_alive():
            self.call(self._over.set)
        else:
            if not self.loop.is_running():
                self.loop.close()
            self._on_closed()

    def join(self, seconds: float) -> bool:
        """Wait for the thread to end; false if it has not after `seconds`."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._until_over())
        finally:
            self.loop.close()
            self._on_closed()

    async def _until_over(self) -> None:
        await self._over.wait()
        self._before_end()
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._at_end()

    def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        if not self._over.is_set():  # else nobody would cancel it
            self.keep(self.loop.create_task(self._guarded(work)))

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception as error:
            self._on_error(error)
