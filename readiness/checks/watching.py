"""The line watched for as long as wanted: session after session, each window judged as it comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from readiness.checks.timeline import piece_of
from readiness.core.check import TokenSource
from readiness.core.profile import Profile
from readiness.core.runner import utc_now
from readiness.core.timeline import Piece, Place, State
from readiness.network.probing import ProbeError, probe
from readiness.network.session import SessionError, SessionFault, open_session

WINDOW_SECONDS = 5.0
_AGAIN_SECONDS = 5.0
_SESSION_SECONDS = 4.0
_SLEPT_SECONDS = 10.0


class Watch:
    """One watching: sessions one after the other, the timeline so far."""

    def __init__(
        self, url: str, token: TokenSource, profile: Profile, seconds: float, tell: Callable[[Piece], None]
    ) -> None:
        self._url, self._token, self._profile = url, token, profile
        self._ends = time.monotonic() + seconds
        self._tell = tell
        self.pieces: list[Piece] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until the time is over or `stop` is set. Raises SessionError where the key is refused."""
        watching = asyncio.create_task(self._sessions())
        stopped = asyncio.create_task(stop.wait())
        left = self._ends - time.monotonic()
        await asyncio.wait((watching, stopped), timeout=left + 15, return_when=asyncio.FIRST_COMPLETED)
        for task in (watching, stopped):
            task.cancel()
        await asyncio.gather(watching, stopped, return_exceptions=True)
        if watching.done() and not watching.cancelled() and (fault := watching.exception()):
            raise fault

    async def _sessions(self) -> None:
        while (left := self._ends - time.monotonic()) > 1:
            begun_wall, begun_utc = time.time(), utc_now()
            told = len(self.pieces)
            try:
                session = await open_session(
                    self._url,
                    await self._token(),
                    _SESSION_SECONDS,
                    light=True,
                )
                await probe(
                    "watch",
                    {
                        "session": session.to_json(),
                        "seconds": left,
                        "window_seconds": min(WINDOW_SECONDS, left),
                    },
                    self._window,
                )
            except SessionError as error:
                if error.fault is SessionFault.NO_KEY:
                    raise
            except ProbeError:
                pass
            self._gap(begun_utc, begun_wall, told)
            if len(self.pieces) == told or self.pieces[-1].state is not State.GOOD:
                await asyncio.sleep(min(_AGAIN_SECONDS, max(0.0, self._ends - time.monotonic())))

    def _window(self, figures: Mapping[str, Any]) -> None:
        self._add(piece_of(figures["window"], self._profile))

    def _gap(self, begun_utc: str, begun_wall: float, told: int) -> None:
        """What no window tells of: sleep, or nothing that answered."""
        known = sum(piece.seconds for piece in self.pieces[told:])
        missing = time.time() - begun_wall - known
        if missing > WINDOW_SECONDS + _SLEPT_SECONDS and len(self.pieces) > told:
            self._add(Piece(utc=begun_utc, seconds=round(missing), state=State.ASLEEP))
        elif len(self.pieces) == told:
            seconds = round(missing + _AGAIN_SECONDS, 1)
            self._add(Piece(utc=begun_utc, seconds=seconds, state=State.AWAY, place=Place.UNKNOWN))

    def _add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self._tell(piece)
