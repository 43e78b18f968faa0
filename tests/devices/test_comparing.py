"""All microphones listened to at once: what is recorded ends before it is analysed."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from readiness.analysis import sound
from readiness.devices import audio
from readiness.devices.hosting import Line

RATE_HZ = 8000


class EndlessMicrophone:
    """As `Recorder`: while it is open it has half a second more at each look."""

    open_now = 0

    def __init__(self, _system: object, endpoint: Any, _line: Line) -> None:
        self.rate_hz = RATE_HZ
        self._name = endpoint.name
        self._halves = 0

    def __enter__(self) -> EndlessMicrophone:
        EndlessMicrophone.open_now += 1
        return self

    def __exit__(self, *_: object) -> None:
        EndlessMicrophone.open_now -= 1

    def watch(self) -> None:
        self._halves += 1

    def seconds(self) -> float:
        return self._halves / 2

    def level_dbfs(self) -> float:
        return -30.0

    def samples(self) -> Any:
        return np.zeros((self._halves * RATE_HZ // 2, 1))

    def facts(self) -> dict[str, Any]:
        return {"device_name": self._name}


def test_no_microphone_goes_on_recording_while_what_was_heard_is_analysed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a slow computer a stream grew faster than it was analysed, and so did the analysis."""
    open_meanwhile: list[int] = []
    whole = sound.figures

    def figures(samples: Any, rate_hz: int) -> dict[str, Any]:
        open_meanwhile.append(EndlessMicrophone.open_now)
        return whole(samples, rate_hz)

    endpoints = [SimpleNamespace(id=name, name=name) for name in ("first", "second", "third")]
    monkeypatch.setattr(audio, "sound_system", lambda: SimpleNamespace(endpoints=lambda _kind: endpoints))
    monkeypatch.setattr(audio, "Recorder", EndlessMicrophone)
    monkeypatch.setattr(sound, "figures", figures)

    found = audio.operations()["compare"]({"seconds": 1.0}, Line(io.StringIO()))

    assert [row["seconds"] for row in found["microphones"]] == [1.0, 1.0, 1.0]
    assert open_meanwhile == [0, 0, 0]
