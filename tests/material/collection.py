"""The collection of films by which the picture's analysis is set and tested.

`setting` and `testing` share no face and no place. Each film's seed follows from its name, so that
the collection is the same every time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.material import photographs
from tests.material.films import Film, scene
from tests.material.photographs import Photograph

SIZES = ((1280, 720), (640, 480), (1280, 720), (640, 360), (960, 540), (640, 480), (1920, 1080), (640, 480))
CODECS = (("mp4v", ".mp4"), ("h264", ".mp4"), ("MJPG", ".avi"), ("VP80", ".mkv"), ("h264", ".mkv"))
RATES = (30.0, 25.0, 15.0, 24.0, 30.0, 20.0)
CASTS = ((1.5, 0.95, 0.6), (0.55, 0.9, 1.45), (0.75, 1.35, 0.75), (1.3, 0.65, 1.3))
WRECKS = ("blocks", "stripes", "torn", "grey", "green")


def films(purpose: str, each: int = 6) -> Iterator[Film]:
    """The films for "setting" or "testing"; `each` of every fault."""
    faces = getattr(photographs, f"FACES_FOR_{purpose.upper()}")
    places = getattr(photographs, f"PLACES_FOR_{purpose.upper()}")
    for number, face in enumerate(faces):
        for variant in range(2):
            yield _film(purpose, "works", 2 * number + variant, face, places)
    faults: list[tuple[str, dict[str, Any]]] = []
    for number in range(each):
        strength = {"strength": ((number * 5) % each + 0.5) / each}
        faults += [
            (cause, strength)
            for cause in ("black", "covered", "frozen", "too_dark", "overexposed", "backlit", "noisy")
        ]
        faults += [
            ("soft", {**strength, "notes": {"upscaled": number % 2 == 1}}),
            ("flicker", {**strength, "notes": {"lamp_hz": (100, 120)[number % 2]}, "rate": (30.0, 25.0, 24.0, 25.0)[number % 4]}),
            ("colour_cast", {"notes": {"gains": CASTS[number % 4]}}),
            ("low_frame_rate", {"rate": 5 + number % 6} if number % 2 else {"notes": {"repeat": (5 + number % 6) / 30}, "rate": 30.0}),
            ("low_resolution", {"notes": {"shrink": ((160, 120), (320, 240), (320, 180), (176, 144))[number % 4]}}),
            ("corrupt", {**strength, "notes": {"kind": WRECKS[number % 5]}}),
            ("rotated", {"notes": {"turned": (1, 2, 3, 2)[number % 4]}}),
            ("no_face", {}),
            ("face_too_small", {"face_height": 0.07 + 0.05 * number / each}),
            ("face_too_close", {"face_height": 0.9 + 0.4 * number / each}),
            ("face_off_centre", {"centre": ((0.12, 0.45), (0.87, 0.5), (0.2, 0.5), (0.82, 0.4))[number % 4]}),
        ]  # fmt: skip
    counts: dict[str, int] = {}
    for cause, changes in faults:
        number = counts[cause] = counts.get(cause, -1) + 1
        face = faces[(number * 5 + len(cause)) % len(faces)]
        yield _film(purpose, cause, number, face, places, **changes)


def _film(
    purpose: str, cause: str, number: int, face: Photograph, places: tuple[Photograph, ...], **changes: Any
) -> Film:
    name = f"{purpose}-{cause}-{number:02}"
    seed = zlib.crc32(name.encode())
    rng = np.random.default_rng(seed)
    width, height = SIZES[number % len(SIZES)]
    if cause == "low_resolution":
        width, height = (
            (640, 480)
            if changes["notes"]["shrink"][0] * 3 == changes["notes"]["shrink"][1] * 4
            else (1280, 720)
        )
    if cause in ("face_too_small", "soft") and width < 960:
        width, height = 1280, 720
    room = places[int(rng.integers(len(places)))]
    face_height = changes.pop("face_height", rng.uniform(0.26, 0.52))
    centre = changes.pop("centre", (rng.uniform(0.38, 0.62), rng.uniform(0.4, 0.55)))
    box = None if cause == "no_face" else (face.x, face.y, face.width, face.height)
    still = scene(
        (places[number % len(places)] if cause == "no_face" else face).pixels(),
        box, room.pixels(), size=(width, height), face_height=face_height, centre=centre,
    )  # fmt: skip
    codec, suffix = CODECS[number % len(CODECS)]
    settings = {
        "rate": RATES[number % len(RATES)], "noise": float(rng.uniform(0.7, 2.5)),
        "seconds": float(rng.uniform(2.1, 2.8)), "codec": codec, "suffix": suffix, **changes,
    }  # fmt: skip
    return Film(name=name, cause=cause, scene=still, width=width, height=height, seed=seed, **settings)
