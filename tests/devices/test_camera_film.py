"""Filming with a driver that misbehaves; the driver alone is scripted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from readiness.analysis.picture_face import FaceFinder
from readiness.core.model import Figures
from readiness.devices import camera, frames
from readiness.devices.named_camera import NamedCamera
from readiness.devices.ports import Attachment, DeviceError, Problem

CAMERA = NamedCamera(id="usb-1", name="Webcam", target="/dev/video9", attachment=Attachment.USB)


SIZE = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)


class Capture:
    """A driver that gives these pictures, then none; without end where there are none to give."""

    def __init__(self, pictures: list[Any] | None, sizes: tuple[tuple[int, int], ...] = ()) -> None:
        self._pictures = pictures
        self._sizes = sizes
        self._asked: dict[int, float] = {}
        self.released = False
        self.reads = 0

    def set(self, setting: int, value: float) -> bool:
        """Asked for one of its other sizes it gives pictures of that, and else those that it gave before."""
        self._asked[setting] = value
        asked = tuple(int(self._asked.get(one, 0)) for one in SIZE)
        if asked in self._sizes:
            self._pictures = [np.zeros((asked[1], asked[0], 3), np.uint8)]
        return True

    def read(self) -> tuple[bool, Any]:
        self.reads += 1
        if self._pictures is None:
            return True, np.random.default_rng(self.reads).integers(0, 255, (24, 32, 3)).astype(np.uint8)
        return (True, self._pictures.pop(0)) if self._pictures else (False, None)

    def release(self) -> None:
        self.released = True


class Line:
    """The way back to the parent: what was expected of the driver."""

    def __init__(self) -> None:
        self.expected: list[tuple[float, Problem]] = []
        self.instead: Figures | None = None

    def expect(self, seconds: float, problem: Problem, *, instead: Figures | None = None) -> None:
        self.expected.append((seconds, problem))
        self.instead = instead

    def relax(self) -> None: ...

    def progress(self, **figures: float) -> None: ...


@pytest.fixture
def memory() -> Iterator[frames.FrameMemory]:
    created = frames.create()
    yield created
    created.close()


def filmed(
    monkeypatch: pytest.MonkeyPatch,
    memory: frames.FrameMemory,
    capture: Capture,
    *,
    there: bool = True,
    refused: Problem = Problem.FAILED,
) -> tuple[Any, Line]:
    monkeypatch.setattr(camera, "cameras", lambda: [CAMERA])
    monkeypatch.setattr(camera, "modes", lambda _node: None)
    monkeypatch.setattr(camera, "shutter_closed", lambda _camera: None)
    monkeypatch.setattr(camera, "mirrors", lambda _camera: True)
    monkeypatch.setattr(camera, "is_there", lambda _camera: there)
    monkeypatch.setattr(camera, "_opened", lambda *_: capture)
    monkeypatch.setattr(camera, "refusal", lambda _camera: DeviceError(refused, "Zoom"))
    line: Any = Line()
    arguments = {"file": None, "device": None, "width": 640, "height": 480, "seconds": 0.2}
    return camera._measure(arguments, line, memory, FaceFinder()), line


@pytest.mark.parametrize(("there", "problem"), [(True, Problem.NO_FRAMES), (False, Problem.REMOVED)])
def test_a_driver_that_stops_says_whether_the_camera_is_still_there(
    monkeypatch: pytest.MonkeyPatch, memory: frames.FrameMemory, there: bool, problem: Problem
) -> None:
    capture = Capture([np.zeros((24, 32, 3), np.uint8)] * 3)
    with pytest.raises(DeviceError) as error:
        filmed(monkeypatch, memory, capture, there=there)
    assert error.value.problem is problem
    assert capture.released


@pytest.mark.parametrize("problem", [Problem.DENIED, Problem.IN_USE])
def test_a_driver_that_is_refused_only_when_it_reads_says_why(
    monkeypatch: pytest.MonkeyPatch, memory: frames.FrameMemory, problem: Problem
) -> None:
    capture = Capture([])
    with pytest.raises(DeviceError) as error:
        filmed(monkeypatch, memory, capture, refused=problem)
    assert (error.value.problem, error.value.detail) == (problem, "Zoom")
    assert capture.released


def test_a_driver_that_floods_is_filmed_no_longer_than_another(
    monkeypatch: pytest.MonkeyPatch, memory: frames.FrameMemory
) -> None:
    capture = Capture(None)
    started = time.monotonic()
    figures, _ = filmed(monkeypatch, memory, capture)
    assert figures["seconds"] <= time.monotonic() - started
    assert 0 < figures["frames"] <= capture.reads
    assert capture.released


def test_a_film_that_takes_long_to_read_is_judged_by_its_beginning(
    monkeypatch: pytest.MonkeyPatch, memory: frames.FrameMemory, tmp_path: Path
) -> None:
    """Huge pictures, a thousand a second, or without end and time stamps: the time for it is limited."""
    film = tmp_path / "film.mjpeg"
    coded = cv2.imencode(".jpg", np.full((24, 32, 3), 90, np.uint8))[1].tobytes()
    film.write_bytes(coded * 50)

    def frames_read(most_seconds: float) -> Any:
        monkeypatch.setattr(camera, "_LONGEST_READING_SECONDS", most_seconds)
        line: Any = Line()
        return camera._measure({"file": str(film)}, line, memory, FaceFinder())["frames"]

    assert frames_read(60.0) == 50
    assert frames_read(0.0) == 1


def test_every_read_has_a_time_in_which_it_must_end(
    monkeypatch: pytest.MonkeyPatch, memory: frames.FrameMemory
) -> None:
    """A driver that hangs is then reported and its process ended (see the tests of the host)."""
    capture = Capture(None)
    _, line = filmed(monkeypatch, memory, capture)
    assert len(line.expected) == capture.reads + 1
    assert {problem for _, problem in line.expected} == {Problem.NO_FRAMES}
    assert all(seconds <= 6 for seconds, _ in line.expected)


def test_the_sizes_that_really_come_are_told(
    monkeypatch: pytest.MonkeyPatch, memory: frames.FrameMemory
) -> None:
    capture = Capture(None, sizes=((1280, 720),))
    figures, line = filmed(monkeypatch, memory, capture)
    assert figures["delivered"] == [{"width": 1280, "height": 720}, {"width": 32, "height": 24}]
    assert line.instead == {name: value for name, value in figures.items() if name != "delivered"}
    assert capture.released
