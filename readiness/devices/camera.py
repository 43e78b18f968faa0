"""The camera's driver, through OpenCV; runs inside the camera's device host."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readiness.core.model import Figures, Frame
from readiness.devices import frames
from readiness.devices.camera_list import cameras, is_there, mirrors, modes, refusal, shutter_closed
from readiness.devices.choosing import chosen
from readiness.devices.hosting import Arguments, Line, Operation
from readiness.devices.named_camera import NamedCamera
from readiness.devices.ports import DeviceError, Problem

if TYPE_CHECKING:
    import cv2

    from readiness.analysis.picture import PictureMeter
    from readiness.analysis.picture_face import FaceFinder

_FIRST_FRAME_SECONDS = 6.0
_NEXT_FRAME_SECONDS = 3.0
_SETTLING_SECONDS = 0.5
"""The first frames come while the driver still sets exposure; they are shown but not counted."""
_PREVIEW_SECONDS = 1 / 30
_LONGEST_RECORDING_SECONDS = 30.0
_LONGEST_READING_SECONDS = 10.0
"""A film that takes longer to read (huge pictures, a thousand a second) is judged by what was read till then."""
_USUAL_SIZES = ((1920, 1080), (1280, 720), (640, 480))
_SMALLEST_SIDE, _LARGEST_SIDE = 16, 4096
_MOST_LONG = 8
"""A picture so many times longer than broad is none of a camera."""


def operations(handle: str) -> Mapping[str, Operation]:
    """What the host can do; `handle` is the memory for preview frames."""
    from readiness.analysis.picture_face import FaceFinder

    memory = frames.attach(handle)
    finder = FaceFinder()

    def measure(arguments: Arguments, line: Line) -> Figures:
        return _measure(arguments, line, memory, finder)

    return {"devices": _devices, "measure": measure}


def warm() -> None:
    """Load OpenCV and the analysis."""
    import readiness.analysis.picture  # noqa: F401


def _devices(_arguments: Arguments, _line: Line) -> Figures:
    return {
        "devices": [
            {
                "id": camera.id,
                "name": camera.name,
                "attachment": camera.attachment,
                "is_default": position == 0,
            }
            for position, camera in enumerate(cameras())
        ]
    }


def _measure(arguments: Arguments, line: Line, memory: frames.FrameMemory, finder: FaceFinder) -> Figures:
    from readiness.analysis.picture import PictureMeter

    meter = PictureMeter(finder, coded=bool(arguments["file"]))
    if not arguments["file"]:
        return _film(arguments, meter, line, memory)
    facts = _play(Path(arguments["file"]), meter, line, memory)
    line.relax()
    return {**facts, **meter.figures()}


def _film(arguments: Arguments, meter: PictureMeter, line: Line, memory: frames.FrameMemory) -> Figures:
    camera = chosen(cameras(), arguments["device"])
    line.expect(_FIRST_FRAME_SECONDS, Problem.NO_FRAMES)
    offered, closed, mirrored = modes(camera), shutter_closed(camera), mirrors(camera)
    capture = _opened(camera, arguments["width"], arguments["height"])
    preview = _Preview(memory, line)
    started = time.monotonic()
    try:
        first, fraction = None, 0.0
        while fraction < 1:
            got, picture = capture.read()
            now = time.monotonic()
            if not got or picture is None:
                break
            line.expect(_NEXT_FRAME_SECONDS, Problem.NO_FRAMES)
            first = now if first is None else first
            fraction = (now - first) / (arguments["seconds"] + _SETTLING_SECONDS)
            preview.show(picture, now, min(fraction, 1.0))
            if now - first >= _SETTLING_SECONDS:
                meter.add(picture, now - first)
        if first is not None and fraction >= 1:
            line.relax()
            figures = {
                "device_name": camera.name,
                "device_id": camera.id,
                "attachment": camera.attachment,
                "modes": offered,
                "shutter_closed": closed,
                "mirrored": mirrored,
                "first_frame_seconds": round(first - started, 3),
                "asked_width": arguments["width"],
                "asked_height": arguments["height"],
                **meter.figures(),
            }
            return {**figures, "delivered": _delivered(capture, line, figures)}
    finally:
        capture.release()
    raise _without_frames(camera)


def _delivered(capture: cv2.VideoCapture, line: Line, figures: Figures) -> list[dict[str, int]]:
    """The sizes that frames really come in when those usual in meetings are asked for: drivers offer more than
    cameras give. One that hangs then loses none of the `figures` that there are."""
    came = {(figures["width"], figures["height"])} if figures["frames"] else set()
    for width, height in _USUAL_SIZES:
        if (width, height) in came:
            continue
        line.expect(_NEXT_FRAME_SECONDS, Problem.NO_FRAMES, instead=figures)
        _ask_for(capture, width, height)
        got, picture = capture.read()
        if got and picture is not None:
            came.add((picture.shape[1], picture.shape[0]))
    line.relax()
    return [{"width": width, "height": height} for width, height in sorted(came, reverse=True)]


def _without_frames(camera: NamedCamera) -> DeviceError:
    """Why a driver that was opened gives nothing: some systems refuse only what is read."""
    if not is_there(camera):
        return DeviceError(Problem.REMOVED, camera.name)
    refused = refusal(camera)
    if refused.problem in (Problem.DENIED, Problem.IN_USE):
        return refused
    return DeviceError(Problem.NO_FRAMES, camera.name)


def _opened(camera: NamedCamera, width: int, height: int) -> cv2.VideoCapture:
    import cv2

    backend = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_MSMF, "darwin": cv2.CAP_AVFOUNDATION}
    capture = cv2.VideoCapture(camera.target, backend.get(sys.platform, cv2.CAP_ANY))
    if not capture.isOpened():
        raise refusal(camera)
    # USB 2 cameras reach their sizes at full rate only as MJPEG; asked for first, since it decides
    # which sizes there are. What really came is seen from the frames.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    _ask_for(capture, width, height)
    return capture


def _ask_for(capture: cv2.VideoCapture, width: int, height: int) -> None:
    import cv2

    capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)


def _play(file: Path, meter: PictureMeter, line: Line, memory: frames.FrameMemory) -> dict[str, Any]:
    """Read a recording as fast as possible, on its own time stamps."""
    preview = _Preview(memory, line)
    line.expect(_FIRST_FRAME_SECONDS, Problem.UNREADABLE_FILE)
    total = None
    played = before = 0.0
    whole = True
    begun = time.monotonic()
    for picture, seconds, total in _recorded(file):
        line.expect(_NEXT_FRAME_SECONDS, Problem.UNREADABLE_FILE)
        meter.add(picture, seconds)
        before, played = played, seconds
        preview.show(picture, time.monotonic(), min(seconds / total, 1.0) if total else 0.0)
        if time.monotonic() - begun > _LONGEST_READING_SECONDS:
            whole = False
            break
    facts = {"device_name": file.name, "attachment": "unknown", "recording": True}
    if total and whole:
        end = played + max(0.0, played - before)
        length = min(total, _LONGEST_RECORDING_SECONDS)
        facts["lost_percent"] = round(100 * max(0.0, 1 - end / length), 1)
    return facts


def _recorded(file: Path) -> Iterator[tuple[Any, float, float | None]]:
    import cv2

    if not file.is_file():
        raise DeviceError(Problem.UNREADABLE_FILE, f"{file}: no such file")
    capture = cv2.VideoCapture(str(file), cv2.CAP_FFMPEG)
    try:
        rate = capture.get(cv2.CAP_PROP_FPS)
        count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
        total = count / rate if rate > 0 and count > 0 else None
        position = 0
        while True:
            got, picture = capture.read()
            if not got or picture is None:
                break
            longest, shortest = max(picture.shape[:2]), min(picture.shape[:2])
            if longest > _LARGEST_SIDE:
                raise DeviceError(Problem.UNREADABLE_FILE, f"larger than {_LARGEST_SIDE} pixels")
            if shortest < _SMALLEST_SIDE or longest > _MOST_LONG * shortest:
                raise DeviceError(
                    Problem.UNREADABLE_FILE, f"{longest} x {shortest} pixels, as no camera gives"
                )
            stamp = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if position and stamp <= 0 and rate > 0:
                stamp = position / rate  # a container without time stamps
            if stamp > _LONGEST_RECORDING_SECONDS:
                break
            position += 1
            yield picture, stamp, total
        if position == 0:
            raise DeviceError(Problem.UNREADABLE_FILE, f"{file.name}: no pictures in it")
    finally:
        capture.release()


class _Preview:
    """Puts every picture that is due into the shared memory, small, and says so."""

    def __init__(self, memory: frames.FrameMemory, line: Line) -> None:
        self._memory = memory
        self._line = line
        self._shown = 0.0

    def show(self, picture: Any, now: float, fraction: float) -> None:
        """Show `picture` (height x width x 3, BGR), unless one was shown a moment ago."""
        if now - self._shown < _PREVIEW_SECONDS * 0.8:
            return
        self._shown = now
        import cv2

        height, width = picture.shape[:2]
        scale = min(1.0, frames.LONGEST_SIDE / max(height, width))
        if scale < 1:
            size = (max(1, int(width * scale)), max(1, int(height * scale)))
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        self._memory.write(Frame(width=rgb.shape[1], height=rgb.shape[0], rgb=rgb.tobytes()))
        self._line.progress(fraction=round(fraction, 3))
