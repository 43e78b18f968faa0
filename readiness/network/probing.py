"""The network probe as the rest of the program sees it: a process of its own for one measurement.

Painting the window and judging other checks never show up as jitter. The process ends with the
measurement, when the measurement is cancelled, or when this program ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from readiness.core.itself import part_of_itself

PROBE_ARGUMENT = "--network-probe"
"""The hidden argument by which a frozen program starts itself as a network probe."""

_LONGEST_LINE_BYTES = 4 * 1024 * 1024


class ProbeError(Exception):
    """The probe did not finish: it crashed, or met a fault of our own. The message is for support."""


async def probe(
    command: str,
    arguments: Mapping[str, Any],
    on_progress: Callable[[Mapping[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Have a probe do `command`, and return its figures.

    `arguments` (JSON values; keys are safe here) travel on standard input. Raises ProbeError. When
    this is cancelled the process is killed.
    """
    process = await asyncio.create_subprocess_exec(
        *part_of_itself("readiness.network.probe", PROBE_ARGUMENT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        limit=_LONGEST_LINE_BYTES,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    words = asyncio.create_task(process.stderr.read())
    try:
        with contextlib.suppress(ConnectionError):
            # It stays open: the probe ends when this program does.
            process.stdin.write(json.dumps({"do": command, "with": dict(arguments)}).encode() + b"\n")
            await process.stdin.drain()
        async for line in process.stdout:
            message = json.loads(line)
            if "result" in message:
                figures: dict[str, Any] = message["result"]
                return figures
            if "fault" in message:
                raise ProbeError(message["fault"])
            if on_progress is not None:
                on_progress(message["progress"])
        last = (await words).decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ProbeError(f"the probe ended with {await process.wait()}; {' '.join(last)}"[:300])
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        process.stdin.close()
        words.cancel()
        await asyncio.gather(words, return_exceptions=True)
