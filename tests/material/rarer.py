"""Films of faults as they come more rarely: each of a known cause, made in another way than elsewhere.

Drivers that dither a picture which stands still, a camera that is switched off and shows a sign,
a finger over most of the lens, lines and colours in the wrong order, bands of light that hardly wander,
and the noise of rows. Like the other films they come in halves without a face or a place in common.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np

from tests.material import photographs
from tests.material.collection import SIZES
from tests.material.films import Film, Generator, Picture, scene

CODERS = (
    ("mjpeg", "-q:v", "3"),
    ("libx264", "-preset", "veryfast", "-crf", "21"),
    ("mpeg4", "-q:v", "4"),
    ("libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1500k"),
    ("libx264", "-preset", "veryfast", "-crf", "27"),
)
CAUSES = ("frozen", "black", "covered", "corrupt", "flicker", "noisy")
LIKE_CODERS = (0, 2)
"""The numbers of the coders that keep what differs from one line to the next."""

Change = Callable[[Picture, Generator], Picture]


def films(purpose: str, each: int = 6, causes: tuple[str, ...] = CAUSES) -> Iterator[Film]:
    """The films for "setting" or "testing": `each` of every fault, and as many good ones in every coding."""
    faces = getattr(photographs, f"FACES_FOR_{purpose.upper()}")
    places = getattr(photographs, f"PLACES_FOR_{purpose.upper()}")
    for number in range(each):
        for cause in ("works", *causes):
            yield _film(purpose, cause, number, faces, places)


def _film(purpose: str, cause: str, number: int, faces: tuple[Any, ...], places: tuple[Any, ...]) -> Film:
    name = f"{purpose}-rarer-{cause}-{number:02}"
    seed = zlib.crc32(name.encode())
    rng = np.random.default_rng(seed)
    face = faces[(number * 5 + len(cause)) % len(faces)]
    width, height = SIZES[number % len(SIZES)]
    # No larger than the photograph has lines for: a small one made large is soft by itself.
    face_height = min(rng.uniform(0.28, 0.48), 1.5 * face.height * face.pixels().shape[0] / 720)
    still = scene(
        face.pixels(), (face.x, face.y, face.width, face.height), places[number % len(places)].pixels(),
        size=(width, height), face_height=face_height, centre=(rng.uniform(0.42, 0.58), rng.uniform(0.42, 0.5)),
    )  # fmt: skip
    notes: dict[str, Any] = {"coder": CODERS[number % len(CODERS)]}
    settings: dict[str, Any] = {"noise": float(rng.uniform(0.7, 2.0))}
    if cause == "frozen":
        notes["after"] = dithered((0.25, 0.5, 0.0, 0.9)[number % 4], clock=number % 4 >= 2)
    elif cause == "black":
        notes["before"] = switched_off(number, rng)
        settings["noise"] = 0.0
    elif cause == "covered":
        notes["before"] = behind_a_finger(number, rng)
    elif cause == "corrupt":
        notes["after"] = WRONG[number % len(WRONG)]
        notes["coder"] = CODERS[LIKE_CODERS[number % 2]]
    elif cause == "flicker":
        settings["rate"] = (30.0, 25.0)[number % 2]
        notes["lamp_hz"] = (120, 100)[number % 2] + (0.25, 0.45, -0.35, 0.6)[number % 4]
        notes["hard"] = number % 3 == 1
        settings["strength"] = float(rng.uniform(0.3, 1.2))
    elif cause == "noisy":
        notes["sensor"] = rows_of_noise(float(rng.uniform(5, 10)), float(rng.uniform(9, 16)))
        notes["coder"] = CODERS[LIKE_CODERS[number % 2]]
    return Film(
        name=name, cause=cause, scene=still, width=width, height=height, seed=seed,
        seconds=float(rng.uniform(2.3, 2.9)), codec="coder", suffix=".mkv", notes=notes, **settings,
    )  # fmt: skip


def dithered(sigma: float, *, clock: bool = False) -> Change:
    """A driver that wavers by a step, and perhaps writes the time upon the picture."""
    shown = 0

    def change(picture: Picture, rng: Generator) -> Picture:
        nonlocal shown
        shown += 1
        grain = rng.normal(0, sigma, picture.shape[:2]) if sigma else np.zeros(picture.shape[:2])
        wavering = np.clip(np.round(picture + grain[..., None]), 0, 255).astype(np.uint8)
        if clock:
            size = picture.shape[0] / 720
            at = (round(20 * size), round(40 * size))
            text = f"12:00:{shown / 30:05.2f}"
            cv2.putText(wavering, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (255, 255, 255), 2)
        return wavering

    return change


def switched_off(number: int, rng: Generator) -> Callable[[Picture], Picture]:
    """A dark card with a sign of a camera that is off, or with words."""
    level = (0, 16, 8, 20)[number % 4]
    colour = [(150, 150, 150), (255, 255, 255), (40, 40, 220), (220, 160, 60)][number % 4]
    share = float(rng.uniform(0.06, 0.2))

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        card = np.full_like(picture, level)
        middle, radius = (width // 2, height // 2), round(share * height)
        thick = max(2, radius // 8)
        if number % 3 != 1:
            cv2.circle(card, middle, radius, colour, thick, cv2.LINE_AA)
            across = round(0.7 * radius)
            cv2.line(
                card, (middle[0] - across, middle[1] - across), (middle[0] + across, middle[1] + across),
                colour, thick, cv2.LINE_AA,
            )  # fmt: skip
        if number % 3:
            at = (middle[0] - 3 * radius // 2, middle[1] + 2 * radius)
            cv2.putText(card, "Camera off", at, cv2.FONT_HERSHEY_SIMPLEX, radius / 50, colour, 2, cv2.LINE_AA)
        return card

    return change


def behind_a_finger(number: int, rng: Generator) -> Callable[[Picture], Picture]:
    """Something close before most of the lens, too close to be sharp; the room beside it is sharp or not."""
    tint = np.array([(52, 66, 128), (30, 34, 60), (70, 80, 160), (24, 24, 26)][number % 4], np.float32)
    side = rng.choice([-1, 1], 2)
    reach = float(rng.uniform(1.35, 1.6))
    soft = float(rng.uniform(0.25, 0.45))

    def change(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
        away = np.hypot(x + 0.3 * side[0], y + 0.3 * side[1])
        share = np.clip((reach - away) / soft, 0, 1)[..., None]
        room = cv2.GaussianBlur(picture, (0, 0), width / 40) if number % 2 == 0 else picture
        thing = tint * (0.8 + 0.25 * x[..., None])
        return np.clip(thing * share + room * (1 - share), 0, 255).astype(np.uint8)

    return change


def lines_swapped(lines: int) -> Change:
    """In each group of so many, the last line comes first."""

    def change(picture: Picture, _rng: Generator) -> Picture:
        rows = picture.shape[0] // lines * lines
        mixed = picture.copy()
        mixed[:rows] = (
            picture[:rows].reshape(-1, lines, *picture.shape[1:])[:, ::-1].reshape(rows, *picture.shape[1:])
        )
        return mixed

    return change


def every_other_line_aside(points: int) -> Change:
    """The two half pictures of television, laid upon each other with a shift."""

    def change(picture: Picture, _rng: Generator) -> Picture:
        mixed = picture.copy()
        mixed[1::2] = np.roll(picture[1::2], points, axis=1)
        return mixed

    return change


def slanting(points: int) -> Change:
    """Lines of another length than the reader thinks, so that each begins a little later."""

    def change(picture: Picture, _rng: Generator) -> Picture:
        height, width = picture.shape[:2]
        from_ = (np.arange(width)[None] + points * np.arange(height)[:, None]) % width
        return np.take_along_axis(picture, np.repeat(from_[..., None], 3, axis=2), axis=1)

    return change


def twice(picture: Picture, _rng: Generator) -> Picture:
    """Lines of half the length that the reader thinks: the picture comes twice, side by side."""
    half = cv2.resize(picture, (picture.shape[1] // 2, picture.shape[0]), interpolation=cv2.INTER_AREA)
    return np.hstack([half, half])


def yuyv_as_uyvy(picture: Picture, _rng: Generator) -> Picture:
    """Light read for colour, and colour for light."""
    height, width = (side // 2 * 2 for side in picture.shape[:2])
    yuv = cv2.cvtColor(picture[:height, :width], cv2.COLOR_BGR2YUV)
    packed = np.zeros((height, width, 2), np.uint8)
    packed[..., 0] = yuv[..., 0]
    packed[:, 0::2, 1], packed[:, 1::2, 1] = yuv[:, 0::2, 1], yuv[:, 0::2, 2]
    return cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_UYVY)


def points_swapped(picture: Picture, _rng: Generator) -> Picture:
    """The bytes of each word in the wrong order, so that neighbouring points have changed places."""
    width = picture.shape[1] // 2 * 2
    mixed = picture.copy()
    mixed[:, 0:width:2], mixed[:, 1:width:2] = picture[:, 1:width:2], picture[:, 0:width:2]
    return mixed


def colours_swapped(picture: Picture, _rng: Generator) -> Picture:
    """Red read for blue."""
    return np.ascontiguousarray(picture[..., ::-1])


def chroma_swapped(picture: Picture, _rng: Generator) -> Picture:
    """The two colour planes in the wrong order."""
    yuv = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV)
    return cv2.cvtColor(np.ascontiguousarray(yuv[..., [0, 2, 1]]), cv2.COLOR_YUV2BGR)


def planes_as_pairs(picture: Picture, _rng: Generator) -> Picture:
    """Colour planes that lie one after the other (I420), read as pairs (NV12)."""
    height, width = (side // 4 * 4 for side in picture.shape[:2])
    planar = cv2.cvtColor(np.ascontiguousarray(picture[:height, :width]), cv2.COLOR_BGR2YUV_I420)
    return cv2.cvtColor(planar, cv2.COLOR_YUV2BGR_NV12)


WRONG: tuple[Change, ...] = (
    lines_swapped(8), yuyv_as_uyvy, every_other_line_aside(9), slanting(7), colours_swapped, lines_swapped(2),
    twice, chroma_swapped, planes_as_pairs, points_swapped, lines_swapped(16), slanting(1),
)  # fmt: skip


def rows_of_noise(of_rows: float, of_points: float) -> Change:
    """The noise of a sensor, and of the amplifier that reads its rows one after the other."""

    def change(picture: Picture, rng: Generator) -> Picture:
        noise = rng.standard_normal((*picture.shape[:2], 1), dtype=np.float32) * of_points
        noise = noise + rng.standard_normal((picture.shape[0], 1, 1), dtype=np.float32) * of_rows
        return np.clip(picture + noise, 0, 255).astype(np.uint8)

    return change
