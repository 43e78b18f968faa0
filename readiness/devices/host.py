"""Device hosts as the rest of the program sees them: started early, kept warm, killable.

A host whose command is cancelled (the check's deadline) is killed, and the next command gets a
fresh one; so is one that crashed or hung.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import itertools
import json
import subprocess
from collections.abc import Callable
from typing import Any

from readiness.core.itself import part_of_itself
from readiness.core.model import Figures
from readiness.devices.frames import FrameMemory
from readiness.devices.ports import DeviceError, Problem

HOST_ARGUMENT = "--device-host"
"""The hidden argument by which a frozen program starts itself as a device host."""

_LONGEST_ANSWER_BYTES = 1024 * 1024


class HostCrashed(Exception):
    """The driver took its process down; the message says how, and the driver's last words."""


class Host:
    """One device host. Use from one event loop.

    `stays_warm`: after a command that was given up the process is started anew at once.
    """

    def __init__(self, kind: str, memory: FrameMemory | None = None, *, stays_warm: bool = True) -> None:
        self._kind = kind
        self._stays_warm = stays_warm
        self._memory = memory
        self._process: asyncio.subprocess.Process | None = None
        self._chatter: asyncio.Task[None] | None = None
        self._last_words: collections.deque[str] = collections.deque(maxlen=3)
        self._turn = asyncio.Lock()
        self._ids = itertools.count(1)

    @property
    def pid(self) -> int | None:
        """The process id, where one runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the process, if none runs; it loads its drivers by itself."""
        if self.pid is not None:
            return
        await self._gone()
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *part_of_itself("readiness.devices", HOST_ARGUMENT),
                self._kind,
                *([self._memory.handle] if self._memory else []),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                limit=_LONGEST_ANSWER_BYTES,
                pass_fds=self._memory.descriptors if self._memory else (),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        )
        try:
            self._process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            # Half a start cannot be taken back: it is finished, so that `close` finds the process.
            self._process = await starting
            self._chatter = asyncio.create_task(self._listen(self._process))
            raise
        self._chatter = asyncio.create_task(self._listen(self._process))

    async def ask(
        self, command: str, arguments: dict[str, Any], on_progress: Callable[[Figures], None] | None = None
    ) -> Figures:
        """Have `command` done, and return its figures.

        Raises DeviceError for what the device did, HostCrashed where the process went down, and
        RuntimeError for a fault of our own in it.
        """
        async with self._turn:
            await self.start()
            try:
                return await self._asked(command, arguments, on_progress)
            except BaseException as error:
                if not isinstance(error, DeviceError | RuntimeError) or self.pid is None:
                    await self.close()
                    # Warm again for the next try; not while the program itself is ending.
                    with contextlib.suppress(OSError, asyncio.CancelledError):
                        if self._stays_warm:
                            await self.start()
                raise

    async def close(self) -> None:
        """End the process at once."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._gone()

    async def _asked(
        self, command: str, arguments: dict[str, Any], on_progress: Callable[[Figures], None] | None
    ) -> Figures:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        number = next(self._ids)
        try:
            process.stdin.write(json.dumps({"id": number, "do": command, "with": arguments}).encode() + b"\n")
            await process.stdin.drain()
        except ConnectionError as error:
            raise await self._crash() from error
        while True:
            try:
                line = await process.stdout.readline()
                message = json.loads(line) if line else None
            except ValueError as error:  # longer than any answer, or none of ours
                raise HostCrashed(f"the {self._kind} host babbles: {str(error)[:100]}") from error
            if message is None:
                raise await self._crash()
            if message["id"] != number:
                continue  # the tail of a command that was given up
            if message.get("ends"):  # its watchdog gave up on the driver, and ends the process
                await process.wait()
            if "progress" in message:
                if on_progress is not None:
                    on_progress(message["progress"])
            elif "result" in message:
                figures: Figures = message["result"]
                return figures
            elif "problem" in message:
                raise DeviceError(Problem(message["problem"]), message["detail"])
            else:
                raise RuntimeError(message["fault"])

    async def _crash(self) -> HostCrashed:
        process = self._process
        assert process is not None
        status = await process.wait()
        return HostCrashed(f"the {self._kind} host ended with {status}; {' / '.join(self._last_words)}")

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        with contextlib.suppress(ValueError):  # a line beyond the reader's limit
            async for line in process.stderr:
                self._last_words.append(line.decode("utf-8", "replace").strip()[:200])

    async def _gone(self) -> None:
        """Wait until nothing of the process before is left."""
        if self._process is not None:
            await self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process = None
        if self._chatter is not None:
            self._chatter.cancel()
            await asyncio.gather(self._chatter, return_exceptions=True)
            self._chatter = None
