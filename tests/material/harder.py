"""Films that are harder to judge, each fault made in several ways, coded as meetings and cameras code.

Like the collection they come in halves without a face or a place in common. What is coded by ffmpeg
has its noise smoothed, its detail taken away and its data lost as coders and lines do it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np

from tests.material import photographs
from tests.material.collection import SIZES
from tests.material.films import MARGIN, Film, Generator, Picture, Scene, scene
from tests.material.photographs import Photograph

CODERS = (
    ("libx264", "-preset", "veryfast", "-crf", "23"),
    ("libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1500k"),
    ("libx264", "-preset", "veryfast", "-tune", "zerolatency", "-b:v", "900k"),
    ("libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1000k"),
    ("libx264", "-preset", "medium", "-crf", "28"),
    ("mjpeg", "-q:v", "5"),
    ("libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "700k"),
    ("mpeg4", "-q:v", "6"),
)
"""What ffmpeg is told to code by."""
BREAKABLE = (CODERS[0], CODERS[7], CODERS[2], CODERS[1])
"""Those whose data is broken on the way."""
_MOST_ENLARGED = 1.5
"""Times, in a picture of 720 lines; what is left is as good as 480 lines."""
MILD_CASTS = ((1.3, 0.97, 0.75), (0.75, 0.97, 1.25), (0.87, 1.15, 0.87), (1.12, 0.85, 1.15))
CAUSES = (
    "noisy", "soft", "no_face", "covered", "black", "corrupt", "flicker", "face_too_small", "backlit", "colour_cast"
)  # fmt: skip


def films(purpose: str, each: int = 6, causes: tuple[str, ...] = CAUSES) -> Iterator[Film]:
    """The films for "setting" or "testing": good ones in every coding, and `each` of every fault."""
    faces = getattr(photographs, f"FACES_FOR_{purpose.upper()}")
    for number, face in enumerate(faces):
        for variant in range(2):
            yield _film(purpose, "works", 2 * number + variant, each, face)
    for number in range(each):
        for cause in causes:
            yield _film(purpose, cause, number, each, faces[(number * 7 + len(cause)) % len(faces)])


def _film(purpose: str, cause: str, number: int, each: int, face: Photograph) -> Film:
    name = f"{purpose}-harder-{cause}-{number:02}"
    seed = zlib.crc32(name.encode())
    rng = np.random.default_rng(seed)
    places = getattr(photographs, f"PLACES_FOR_{purpose.upper()}")
    width, height = SIZES[number % len(SIZES)]
    if cause in ("soft", "face_too_small", "no_face"):
        width, height = (1280, 720) if number % 3 else (1920, 1080)
    strong = ((number * 5) % each + 0.5) / each
    face_height = 0.045 + 0.07 * strong if cause == "face_too_small" else rng.uniform(0.26, 0.5)
    # No larger than the photograph has lines for: a small one made large is soft by itself.
    face_height = min(face_height, _MOST_ENLARGED * face.height * face.pixels().shape[0] / 720)
    room = places[int(rng.integers(len(places)))].pixels()
    still = scene(
        face.pixels(), (face.x, face.y, face.width, face.height), room,
        size=(width, height), face_height=face_height, centre=(rng.uniform(0.4, 0.6), rng.uniform(0.4, 0.52)),
    )  # fmt: skip
    if cause == "no_face":
        still = _portrait_on_a_wall(face, room, (width, height), strong, rng)
    notes: dict[str, Any] = {"coder": CODERS[number % len(CODERS)]}
    settings: dict[str, Any] = {"noise": float(rng.uniform(0.7, 2.5))}
    if cause in _BEFORE:
        notes["before"] = _BEFORE[cause](strong, still, number, rng)
    if cause == "noisy":
        notes["coder"] = CODERS[(1, 0, 2, 3, 4, 6)[number % 6]]
        settings["noise"] = 0.0
        notes["sensor"] = _grain(strong, number)
    elif cause == "covered":
        settings["noise"] = float(0.3 + 1.2 * strong)
    elif cause == "black":
        settings["noise"] = 0.0
    elif cause == "corrupt":
        notes["coder"] = BREAKABLE[number % len(BREAKABLE)]
        notes["lost_bytes"] = int(30_000 / (1 + 9 * strong))
    elif cause == "flicker":
        notes["lamp_hz"] = (100, 120)[number % 2]
        settings["rate"] = (30.0, 25.0, 24.0, 25.0)[number % 4]
        settings["strength"] = 1.0 + 2.0 * strong
    return Film(
        name=name, cause=cause, scene=still, width=width, height=height, seed=seed,
        seconds=float(rng.uniform(2.1, 2.8)), codec="coder", suffix=".mkv", notes=notes, **settings,
    )  # fmt: skip


Change = Callable[[Picture], Picture]


def _enlarged(strong: float, still: Scene, number: int, rng: Generator) -> Change:
    """The picture of a camera with few lines, made large and sharpened."""
    height = still.picture.shape[0] / (1 + 2 * MARGIN)
    share = (300 - 140 * strong) / height * (height / 720)
    kind = (cv2.INTER_CUBIC, cv2.INTER_LINEAR, cv2.INTER_LANCZOS4)[number % 3]
    amount = (0.8, 1.5, 0.0, 2.2)[number % 4]
    radius = float(rng.uniform(0.5, 0.9)) / share

    def change(picture: Picture) -> Picture:
        size = picture.shape[1], picture.shape[0]
        small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        large = cv2.resize(small, size, interpolation=kind)
        blurred = cv2.GaussianBlur(large, (0, 0), radius)
        return cv2.addWeighted(large, 1 + amount, blurred, -amount, 0).astype(np.uint8)

    return change


def _shut(strong: float, _still: Scene, number: int, rng: Generator) -> Change:
    """A shutter that lets hardly any light through: next to nothing, more at one side."""
    angle = rng.uniform(0, 2 * np.pi)
    level, lean = 1.5 + 5 * (1 - strong), (0.25, 0.6, 0.0)[number % 3]

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
        light = level * (1 + lean * (np.cos(angle) * x + np.sin(angle) * y))
        dither = np.random.default_rng(number).uniform(-0.5, 0.5, (height, width))
        even = np.clip(np.round(light + dither), 0, 255).astype(np.uint8)
        return np.repeat(even[..., None], 3, axis=2)

    return change


def _nothing(_strong: float, _still: Scene, number: int, _rng: Generator) -> Change:
    return lambda picture: np.full_like(picture, (0, 1, 0, 3)[number % 4])


def _window(strong: float, still: Scene, _number: int, rng: Generator) -> Change:
    """The whole person in the shade, the room behind much lighter."""
    assert still.face is not None
    x, y, w, h = still.face
    shade, lit = 0.16 - 0.1 * strong, rng.uniform(1.6, 3.2)

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        mask = np.zeros((height, width), np.float32)
        cv2.ellipse(
            mask, (round(x + w / 2), round(y + h / 2)), (round(w * 0.75), round(h * 0.75)), 0, 0, 360, 1.0, -1
        )
        body = np.array(
            [
                [x - w, height],
                [x - 0.7 * w, y + 1.3 * h],
                [x + 0.5 * w, y + h],
                [x + 1.7 * w, y + 1.3 * h],
                [x + 2 * w, height],
            ]
        )
        cv2.fillPoly(mask, [body.astype(np.int32)], 1.0)
        mask = cv2.GaussianBlur(mask, (0, 0), w * 0.05)[..., None]
        light = (picture.astype(np.float32) / 255) ** 2.2
        behind = np.clip(light * lit + 0.35, 0, 1)
        return (np.clip(light * shade * mask + behind * (1 - mask), 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)

    return change  # fmt: skip


def _tinted(_strong: float, _still: Scene, number: int, _rng: Generator) -> Change:
    gains = np.array(MILD_CASTS[number % 4], np.float32)
    return lambda picture: np.clip(picture * gains, 0, 255).astype(np.uint8)


_BEFORE: dict[str, Callable[[float, Scene, int, Generator], Change]] = {
    "soft": _enlarged, "covered": _shut, "black": _nothing, "backlit": _window, "colour_cast": _tinted,
}  # fmt: skip


def _grain(strong: float, number: int) -> Callable[[Picture, Generator], Picture]:
    """Noise as sensors with much gain give it: of points or of grains, alike everywhere or more where it is light."""
    sigma, size, shot = 11 + 15 * strong, (0.0, 0.8, 1.3)[number % 3], number % 2 == 1

    def on(picture: Picture, rng: Generator) -> Picture:
        noise = rng.standard_normal((*picture.shape[:2], 1), dtype=np.float32)
        noise = noise + 0.6 * rng.standard_normal(picture.shape, dtype=np.float32)
        if size:
            noise = cv2.GaussianBlur(noise, (0, 0), size)
        noise *= sigma / noise.std()
        if shot:
            noise *= 0.5 + np.sqrt(picture.astype(np.float32) / 128) / 2
        return np.clip(picture + noise, 0, 255).astype(np.uint8)

    return on


def _portrait_on_a_wall(
    face: Photograph, room: Picture, size: tuple[int, int], strong: float, rng: Generator
) -> Scene:
    """A room with nobody in it, and somebody's portrait in a frame on its wall."""
    empty = scene(room, None, None, size=size).picture.copy()
    photograph = face.pixels()
    rows, columns = photograph.shape[:2]
    # Head and shoulders, as portraits are cut.
    w, h = face.width * columns, face.height * rows
    left, top = max(0, face.x * columns - 0.8 * w), max(0, face.y * rows - 0.6 * h)
    cut = photograph[int(top) : int(top + 2.4 * h), int(left) : int(left + 2.6 * w)]
    high = (0.08 + 0.12 * strong) / h * size[1] * cut.shape[0]
    wide = high * cut.shape[1] / cut.shape[0]
    print_ = cv2.resize(cut, (round(wide), round(high)), interpolation=cv2.INTER_AREA)
    border = max(4, round(high * rng.uniform(0.04, 0.1)))
    tone = [(30, 40, 60), (230, 235, 240), (20, 20, 20), (90, 120, 150)][rng.integers(4)]
    framed = cv2.copyMakeBorder(print_, *[border] * 4, cv2.BORDER_CONSTANT, value=tone)
    room_rows, room_columns = empty.shape[:2]
    framed = framed[: int(room_rows * 0.8), : int(room_columns * 0.8)]
    y = int(rng.uniform(0.12, 0.3) * room_rows)
    x = int(rng.uniform(0.15, 0.8) * (room_columns - framed.shape[1]))
    y = min(y, room_rows - framed.shape[0])
    empty[y : y + framed.shape[0], x : x + framed.shape[1]] = framed
    return Scene(picture=empty)
