"""Films as a webcam gives them, made from photographs: alive, and with faults of known strength.

A film moves a little, as a person before a camera does, and every frame has noise of its own, as a
sensor gives it. Faults are put in where they arise: light and focus in front of the sensor, noise
behind them, repeated and broken frames last. All is drawn from a seeded generator.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

Picture = np.ndarray[Any, np.dtype[np.uint8]]
Generator = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One still picture with the face (a box in pixels) where it was wanted, if there is one."""

    picture: Picture
    face: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Film:
    """What was filmed, and the truth about it: `cause` is "works" or the code of the fault."""

    name: str
    cause: str
    scene: Scene
    width: int = 1280
    height: int = 720
    rate: float = 30.0
    seconds: float = 2.5
    strength: float = 0.5
    noise: float = 1.5
    seed: int = 0
    codec: str = "mp4v"
    suffix: str = ".mp4"
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def delivered_size(self) -> tuple[int, int]:
        """Width and height of the frames as they come."""
        if self.notes.get("shrink"):
            width, height = self.notes["shrink"]
            return width, height
        return (self.height, self.width) if self.notes.get("turned", 0) % 2 else (self.width, self.height)


_BY_FFMPEG = ("h264", "coder")
MARGIN = 0.06
"""A scene is so much larger than the film on each side, so that it can move."""


def scene(
    photograph: Picture,
    face: tuple[float, float, float, float] | None,
    background: Picture | None,
    *,
    size: tuple[int, int],
    face_height: float = 0.4,
    centre: tuple[float, float] = (0.5, 0.45),
) -> Scene:
    """`photograph` so that its face is `face_height` of the film's height, with its middle at `centre`.

    What the photograph does not cover is the background out of focus. Without a face the photograph
    fills the picture.
    """
    width, height = (round(side * (1 + 2 * MARGIN)) for side in size)
    if face is None:
        return Scene(picture=_filled(photograph, width, height))
    rows, columns = photograph.shape[:2]
    x, y, w, h = face[0] * columns, face[1] * rows, face[2] * columns, face[3] * rows
    scale = face_height * size[1] / h
    left = width * MARGIN / (1 + 2 * MARGIN) + centre[0] * size[0] - (x + w / 2) * scale
    top = height * MARGIN / (1 + 2 * MARGIN) + centre[1] * size[1] - (y + h / 2) * scale
    # The body goes on below a photograph that ends too early.
    bottom = top + rows * scale
    if bottom < height and background is not None and face_height > 0.2:
        lowest = height * (MARGIN + 0.62) / (1 + 2 * MARGIN)  # a face further down is a fault of its own
        top += max(0.0, min(height - bottom, lowest - (top + (y + h / 2) * scale)))
    matrix = np.array([[scale, 0, left], [0, scale, top]])
    if scale < 0.8:  # fine detail must not alias
        photograph = cv2.GaussianBlur(photograph, (0, 0), 0.35 / scale)
    placed = cv2.warpAffine(
        photograph, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    mask = cv2.warpAffine(np.full((rows, columns), 255, np.uint8), matrix, (width, height))
    feather = max(3, round(width * 0.02)) | 1
    mask = cv2.GaussianBlur(cv2.erode(mask, np.ones((feather, feather), np.uint8)), (0, 0), feather / 3)
    if bottom >= height or face_height > 0.2:
        mask[-feather * 2 :] = mask[-feather * 2 - 1]
    if background is None:
        background = photograph
    room = cv2.GaussianBlur(_filled(background, width, height), (0, 0), width / 300)
    share = mask[..., None].astype(np.float32) / 255
    mixed = placed * share + room * (1 - share)
    box = (left + x * scale, top + y * scale, w * scale, h * scale)
    return Scene(picture=mixed.astype(np.uint8), face=box)


def _filled(picture: Picture, width: int, height: int) -> Picture:
    rows, columns = picture.shape[:2]
    scale = max(width / columns, height / rows)
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    large = cv2.resize(
        picture, (max(width, round(columns * scale)), max(height, round(rows * scale))), interpolation=kind
    )
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    return large[top : top + height, left : left + width].copy()


def frames(film: Film) -> Iterator[Picture]:
    """The frames of `film`, as the camera gives them."""
    rng = np.random.default_rng(film.seed)
    still = _before_the_sensor(film, rng)
    path = _Path(film, rng)
    noise = _Noise(film, rng)
    count = max(2, round(film.seconds * film.rate))
    flicker = _Flicker(film, rng) if film.cause == "flicker" else None
    wreck = _Wreck(film, rng) if "kind" in film.notes else None
    repeat = film.notes.get("repeat")
    stops = round(count * rng.uniform(0.05, 0.3)) if film.cause == "frozen" else count
    shown: Picture | None = None
    for number in range(count):
        if number <= stops and (
            shown is None or repeat is None or int(number * repeat) != int((number - 1) * repeat)
        ):
            shown = path.view(still, number)
            if flicker is not None:
                shown = flicker.lit(shown, number / film.rate)
            shown = noise.on(shown)
            if "sensor" in film.notes:
                shown = film.notes["sensor"](shown, rng)
            if film.notes.get("turned"):
                shown = np.ascontiguousarray(np.rot90(shown, film.notes["turned"]))
        assert shown is not None
        given = wreck.of(shown) if wreck is not None else shown
        yield film.notes["after"](given, rng) if "after" in film.notes else given


def _before_the_sensor(film: Film, rng: Generator) -> Picture:
    """The scene in the light and focus that the fault gives it."""
    picture = film.scene.picture
    if "before" in film.notes:
        changed: Picture = film.notes["before"](picture)
        return changed
    strong = film.strength
    if film.cause == "black":
        return np.zeros_like(picture)
    if film.cause == "covered":
        return _covered(picture, rng)
    if film.cause == "too_dark":
        return _exposed(picture, 0.07 - 0.05 * strong)
    if film.cause == "overexposed":
        return _exposed(picture, 5 + 5 * strong)
    if film.cause == "backlit":
        return _backlit(film, rng)
    if film.cause == "colour_cast":
        gains = np.array(film.notes["gains"], np.float32)
        return np.clip(picture * gains, 0, 255).astype(np.uint8)
    if film.cause == "soft":
        if film.notes.get("upscaled"):
            lines = 200 - 80 * strong
            share = lines / film.height
            small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
            size = (picture.shape[1], picture.shape[0])
            return cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
        radius = film.width / 1280 * (6 + 6 * strong)
        side = 2 * round(radius) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)).astype(np.float32)
        return cv2.filter2D(picture, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT)
    return picture


def _linear(picture: Picture) -> np.ndarray[Any, np.dtype[np.float32]]:
    return (picture.astype(np.float32) / 255) ** 2.2


def _shown(light: np.ndarray[Any, Any]) -> Picture:
    return (np.clip(light, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def _exposed(picture: Picture, gain: float) -> Picture:
    return _shown(_linear(picture) * gain)


def _covered(picture: Picture, rng: Generator) -> Picture:
    """A finger or a shutter before the lens: an even tint, a little light from one side."""
    height, width = picture.shape[:2]
    tint = np.array([(0.2, 0.25, 0.9), (0.8, 0.8, 0.8), (0.5, 0.6, 0.7), (0.15, 0.15, 0.6)][rng.integers(4)])
    level = rng.uniform(14, 90)
    angle = rng.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    leak = (
        1
        + rng.uniform(0, 0.5) * (np.cos(angle) * x + np.sin(angle) * y)
        - rng.uniform(0, 0.2) * (x**2 + y**2)
    )
    return np.clip(leak[..., None] * tint * level, 0, 255).astype(np.uint8)


def _backlit(film: Film, rng: Generator) -> Picture:
    """A window behind the person: the person goes dark, what is around is bright."""
    picture = film.scene.picture
    height, width = picture.shape[:2]
    assert film.scene.face is not None
    x, y, w, h = film.scene.face
    mask = np.zeros((height, width), np.uint8)
    middle = (round(x + w / 2), round(y + h * 0.45))
    cv2.ellipse(mask, middle, (round(w * 0.72), round(h * 0.72)), 0, 0, 360, 255, -1)
    shoulders = np.array(
        [
            [x - w * 0.9, height],
            [x - w * 0.6, y + h * 1.35],
            [x + w * 0.2, y + h * 1.0],
            [x + w * 0.8, y + h * 1.0],
            [x + w * 1.6, y + h * 1.35],
            [x + w * 1.9, height],
        ]
    )
    cv2.fillPoly(mask, [shoulders.astype(np.int32)], 255)
    person = cv2.GaussianBlur(mask, (0, 0), w * 0.04)[..., None].astype(np.float32) / 255
    light = _linear(picture)
    window = np.clip(light * rng.uniform(2, 3) + rng.uniform(0.55, 0.8), 0, 1)
    face = float(np.median(light[round(y) : round(y + h), round(max(0, x)) : round(x + w)]))
    # The face comes out at a luma of about 25 to 60, whatever its skin.
    gain = min(0.3, (((60 - 35 * film.strength) / 255) ** 2.2) / max(face, 1e-3))
    return _shown(light * gain * person + window * (1 - person))


class _Path:
    """The small movements of a person and a table."""

    def __init__(self, film: Film, rng: Generator) -> None:
        self._film = film
        self._phases = rng.uniform(0, 2 * np.pi, 3)
        self._speeds = rng.uniform(0.2, 0.7, 3)
        self._reach = rng.uniform(0.004, 0.015) * film.width
        self._zoom = rng.uniform(0.0, 0.015)

    def view(self, picture: Picture, number: int) -> Picture:
        film = self._film
        seconds = number / film.rate
        swing = np.sin(2 * np.pi * self._speeds * seconds + self._phases)
        scale = 1 + self._zoom * swing[2]
        height, width = picture.shape[:2]
        x = (width - film.width) / 2 + self._reach * swing[0]
        y = (height - film.height) / 2 + self._reach * 0.5 * swing[1]
        middle = film.width / 2, film.height / 2
        matrix = np.array(
            [
                [scale, 0, -x * scale + middle[0] * (1 - scale)],
                [0, scale, -y * scale + middle[1] * (1 - scale)],
            ]
        )
        return cv2.warpAffine(
            picture, matrix, (film.width, film.height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )


class _Noise:
    """A sensor's noise, stronger where gain was needed; drawn once, and shifted for every frame."""

    def __init__(self, film: Film, rng: Generator) -> None:
        strong = film.strength
        sigma = film.noise
        if film.codec == "coder":
            pass  # a harder film says itself what noise it has
        elif film.cause == "noisy":
            sigma = 16 + 16 * strong
        elif film.cause == "too_dark":
            sigma = 3 + 5 * strong
        elif film.cause == "covered":
            sigma = 2 + 5 * strong
        elif film.cause == "black":
            sigma = strong
        self._rng = rng
        shape = (film.height + 64, film.width + 64, 3)
        grain = rng.standard_normal(shape, dtype=np.float32)
        coarse = cv2.GaussianBlur(grain, (0, 0), 0.7)
        grain = coarse / coarse.std() * 0.8 + rng.standard_normal((*shape[:2], 1), dtype=np.float32) * 0.6
        grain *= sigma
        # Two halves, since adding and subtracting with saturation is what is fast.
        self._up = np.clip(np.round(grain), 0, 255).astype(np.uint8)
        self._down = np.clip(np.round(-grain), 0, 255).astype(np.uint8)

    def on(self, picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        y, x = self._rng.integers(0, 64, 2)
        part = np.s_[y : y + height, x : x + width]
        return cv2.subtract(cv2.add(picture, self._up[part]), self._down[part])


class _Flicker:
    """Lamps at 100 or 120 Hz under a rolling shutter: bands that wander."""

    def __init__(self, film: Film, rng: Generator) -> None:
        self._lamp = film.notes["lamp_hz"]
        self._hard = bool(film.notes.get("hard"))
        self._depth = 0.06 + 0.14 * film.strength
        self._readout = rng.uniform(0.4, 0.95) / film.rate

    def lit(self, picture: Picture, seconds: float) -> Picture:
        rows = np.arange(picture.shape[0]) / picture.shape[0] * self._readout
        light = np.sin(2 * np.pi * self._lamp * (seconds + rows))
        if self._hard:  # a lamp of diodes is on or off
            light = np.sign(light) * np.abs(light) ** 0.4
        light = 1 + self._depth * light
        return cv2.multiply(
            picture, np.broadcast_to(light[:, None, None], picture.shape).astype(np.float32), dtype=cv2.CV_8U
        )


class _Wreck:
    """Data lost on the way from the camera: some frames come broken."""

    def __init__(self, film: Film, rng: Generator) -> None:
        self._kind = film.notes["kind"]
        self._share = 0.15 + 0.5 * film.strength
        self._rng = rng

    def of(self, whole: Picture) -> Picture:
        if self._rng.random() > self._share:
            return whole
        broken = whole.copy()
        height, width = whole.shape[:2]
        rng = self._rng
        if self._kind == "blocks":
            side = 16
            for _ in range(int(rng.integers(20, 120))):
                y, x = rng.integers(0, height // side) * side, rng.integers(0, width // side) * side
                run = int(rng.integers(1, 8)) * side
                broken[y : y + side, x : x + run] = rng.integers(0, 256, 3)
        elif self._kind == "stripes":
            colour = [(0, 255, 0), (255, 0, 255), (0, 130, 0)][rng.integers(3)]
            for _ in range(int(rng.integers(1, 5))):
                y, thick = int(rng.integers(0, height - 8)), int(rng.integers(6, max(8, height // 8)))
                broken[y : y + thick] = colour
        elif self._kind == "torn":
            y = int(rng.integers(height // 6, height * 5 // 6))
            broken[y:] = np.roll(
                whole[y:], int(rng.choice([-1, 1]) * rng.integers(width // 20, width // 4)), axis=1
            )
        elif self._kind == "grey":
            y = int(rng.integers(height // 8, height * 3 // 4))
            broken[y:] = 128
        elif self._kind == "green":
            y = int(rng.integers(0, height // 2))
            broken[y:] = (0, 135, 0)
        return broken


def write(film: Film, path: Path) -> Path:
    """Write the film. The codec is a FOURCC of OpenCV's own encoders, or "h264" or "coder" through ffmpeg."""
    written: _Writer | None = None
    for picture in frames(film):
        if film.notes.get("shrink"):
            picture = cv2.resize(picture, film.notes["shrink"], interpolation=cv2.INTER_AREA)
        if written is None:
            written = (
                _Ffmpeg(film, path, picture) if film.codec in _BY_FFMPEG else _OpenCv(film, path, picture)
            )
        written.write(picture)
    assert written is not None
    written.close()
    return path


def can_write(film: Film) -> bool:
    """Whether the encoder that the film wants is here."""
    return film.codec not in _BY_FFMPEG or shutil.which("ffmpeg") is not None


class _Writer(Protocol):
    def write(self, picture: Picture) -> None: ...
    def close(self) -> None: ...


class _OpenCv:
    def __init__(self, film: Film, path: Path, first: Picture) -> None:
        size = (first.shape[1], first.shape[0])
        kind = cv2.VideoWriter.fourcc(*film.codec)
        self._writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, kind, film.rate, size)
        assert self._writer.isOpened(), film

    def write(self, picture: Picture) -> None:
        self._writer.write(picture)

    def close(self) -> None:
        self._writer.release()


class _Ffmpeg:
    def __init__(self, film: Film, path: Path, first: Picture) -> None:
        height, width = first.shape[:2]
        coder = film.notes.get("coder", ("libx264", "-preset", "veryfast", "-crf", "23"))
        lost = film.notes.get("lost_bytes")
        self._process = subprocess.Popen(
            [
                *("ffmpeg", "-v", "error", "-y", "-threads", "1", "-f", "rawvideo", "-pix_fmt", "bgr24"),
                *("-s", f"{width}x{height}", "-r", str(film.rate), "-i", "-", "-c:v", *coder),
                *(("-bsf:v", f"noise=amount={lost}") if lost else ()),
                *("-threads", "1", "-pix_fmt", "yuv420p", str(path)),
            ],
            stdin=subprocess.PIPE,
        )

    def write(self, picture: Picture) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(picture.tobytes())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait() == 0
