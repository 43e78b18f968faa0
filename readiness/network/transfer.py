"""Several HTTPS transfers at the same time, and what came through together. Blocks; for the probe."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from readiness.core.loopback import is_own

STREAMS = 4
_PART_BYTES = 16 * 1024
_SKIPPED_SHARE = 0.25
_FEWEST_STEPS = 8
_LEAST_BYTES = 20_000
_LONGEST_ANSWER_BYTES = 64 * 1024
_ASKING_SECONDS = 0.15
_RECORD_SHARE = 1.04
"""What TLS, TCP and IP add to what is transferred, about: 1448 of 1500 bytes, and TLS records."""

Step = tuple[float, int]
"""Seconds, and bytes that came then."""


class TransferError(Exception):
    """No transfer came about, or the collector's answer contradicts what was sent."""


@dataclass(kw_only=True)
class Transferred:
    """What all streams did: when bytes arrived, bytes on the line, and round trips meanwhile."""

    steps: list[Step] = field(default_factory=list)
    bytes_used: int = 0
    seconds: float = 0.0
    rtts_ms: list[float] = field(default_factory=list)
    error: str | None = None

    def kbps(self) -> tuple[float, float, float] | None:
        """The rate after the start, with the range of its quarters; None where too little came.

        What came in a few steps is only known as a whole.
        """
        steps = sorted(self.steps)
        if len(steps) < _FEWEST_STEPS:
            came = sum(size for _, size in steps)
            if came < _LEAST_BYTES or self.seconds <= 0:
                return None
            whole = came * _RECORD_SHARE * 8 / 1000 / self.seconds
            return whole, whole / 2, whole * 2
        begun, ends = steps[0][0], steps[-1][0]
        begun += _SKIPPED_SHARE * (ends - begun)
        rates = [
            _rate(steps, begun + n * (ends - begun) / 4, begun + (n + 1) * (ends - begun) / 4)
            for n in range(4)
        ]
        whole = _rate(steps, begun, ends)
        return whole, min(rates), max(rates)


def _rate(steps: Sequence[Step], begins: float, ends: float) -> float:
    came = sum(size for at, size in steps if begins < at <= ends)
    return came * _RECORD_SHARE * 8 / 1000 / max(1e-3, ends - begins)


class Transfers:
    """Transfers with one collector, over connections that are kept. Use as a context manager."""

    def __init__(self, url: str, token: str, patience_seconds: float = 3.0) -> None:
        import httpx
        import truststore

        host = urlsplit(url).hostname or ""
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/",
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(patience_seconds, connect=3.0),
            trust_env=not is_own(host),
            headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"},
        )
        self._patience_seconds = patience_seconds
        self._opened = False

    def __enter__(self) -> Transfers:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def go(self, *, up: bool, seconds: float, total_bytes: int) -> Transferred:
        """So many bytes over all streams together, for at most so long. Raises TransferError."""
        import httpx

        self._open()
        done = Transferred()
        lock = threading.Lock()
        over = threading.Event()
        ends = time.monotonic() + seconds
        each = max(1, total_bytes // STREAMS)

        def note(steps: list[Step], used: int) -> None:
            with lock:
                done.steps += steps
                done.bytes_used += int(used * _RECORD_SHARE)

        def one() -> None:
            try:
                (_up if up else _down)(self._client, ends, each, note)
            except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TransferError) as error:
                with lock:
                    done.error = f"{type(error).__name__}: {error}"[:200]

        def ask() -> None:
            """Small questions beside the transfers, on a connection of their own."""
            with contextlib.suppress(httpx.HTTPError, OSError):
                while not over.is_set():
                    begun = time.perf_counter()
                    self._client.get("capacity").raise_for_status()
                    done.rtts_ms.append(1000 * (time.perf_counter() - begun))
                    over.wait(_ASKING_SECONDS)

        begun = time.monotonic()
        threads = [threading.Thread(target=one) for _ in range(STREAMS)]
        asking = threading.Thread(target=ask)
        for thread in (asking, *threads):
            thread.start()
        for thread in threads:
            thread.join()
        done.seconds = time.monotonic() - begun
        over.set()
        asking.join()
        if not done.steps:
            raise TransferError(done.error or "nothing came")
        return done

    def _open(self) -> None:
        """All connections at once and once: on a thin line that takes longer than what is then transferred.

        What fails here fails again in the transfers, and is told there.
        """
        import httpx

        if self._opened:
            return
        self._opened = True
        together = threading.Barrier(STREAMS + 1)

        def one() -> None:
            with contextlib.suppress(httpx.HTTPError, OSError, threading.BrokenBarrierError):
                with self._client.stream("GET", "capacity") as answer:
                    # None is free for another to use before all are there.
                    together.wait(self._patience_seconds)
                    answer.read()
                return
            together.abort()

        threads = [threading.Thread(target=one) for _ in range(STREAMS + 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _down(client: Any, ends: float, largest: int, note: Any) -> None:
    with client.stream("GET", "capacity/down", params={"bytes": largest}) as answer:
        answer.raise_for_status()
        for part in answer.iter_raw(_PART_BYTES):
            now = time.monotonic()
            note([(now, len(part))], len(part))
            if now > ends:
                return  # the rest is not wanted: the connection is closed


def _up(client: Any, ends: float, largest: int, note: Any) -> None:
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        block = noise(min(_PART_BYTES, largest))
        while time.monotonic() < ends and sent < largest:
            sent += len(block)
            yield block

    try:
        answer = client.post("capacity/up", content=parts())
    finally:
        note([], sent)
    answer.raise_for_status()
    note(arrived(answer.content[:_LONGEST_ANSWER_BYTES], sent), 0)


def arrived(body: bytes, sent: int) -> list[Step]:
    """What the collector recorded of one transfer up. Raises TransferError where it cannot be so."""
    try:
        steps = [(float(at), int(size)) for at, size in json.loads(body)["steps"]]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise TransferError("an answer that cannot be read") from error
    if any(size < 0 for _, size in steps) or sum(size for _, size in steps) > sent:
        raise TransferError("the collector counts more than was sent")
    return steps


def noise(size: int) -> bytes:
    """Bytes that nothing on the way can pack."""
    import os

    return os.urandom(size)
