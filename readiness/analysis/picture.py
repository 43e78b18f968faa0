"""Figures of a film: size, frame rate, movement, light, sharpness, faults, and the face.

Luma is that of BT.601 (what OpenCV's grey is), 0-255. Times are seconds on the clock of whoever
filmed: arrival times of a live camera, time stamps of a recording. What must be seen in every frame
is measured as it comes and is cheap; what costs more is done at the end, on a few frames kept from
all over the film.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from readiness.analysis import picture_grain, picture_light
from readiness.analysis.picture_corruption import Corruption
from readiness.analysis.picture_damage import Damage
from readiness.analysis.picture_face import Face, FaceFinder
from readiness.analysis.picture_flicker import Flicker
from readiness.analysis.picture_frame import frame_figures, person_box, whole_figures
from readiness.analysis.picture_life import Life
from readiness.analysis.picture_movement import Movement
from readiness.analysis.picture_size import narrow

_POINTS_WIDTH, _AVERAGES_WIDTH = 160, 320
"""Pixels; how wide a frame is made for what is measured in every one."""
_BLACK_LUMA = 20.0
"""Mean luma of a black frame (webrtc/testrtc)."""
_KEPT_FRAMES = 6
_GRAIN_PAIRS = 4
_WHOLE_FRAMES = 3
_FIRST_INTERVAL_SECONDS = 0.3
_DARK_P99 = 110.0
"""Luma of the lightest percent below which the face is looked for in a brightened copy as well."""

Picture = np.ndarray[Any, Any]


class PictureMeter:
    """Takes the frames of one film, one at a time, and sums them up; `coded` where it is a recording."""

    def __init__(self, finder: FaceFinder | None = None, *, coded: bool = False) -> None:
        self._finder = finder or FaceFinder()
        self._movement, self._flicker, self._life = Movement(coded=coded), Flicker(), Life()
        self._corruption, self._damage = Corruption(), Damage()
        self._kept = _Kept()
        self._lumas: list[float] = []
        self._bright: list[float] = []
        self._sizes: dict[tuple[int, int], int] = {}

    def add(self, picture: Picture, seconds: float) -> None:
        """Count one frame (height x width x 3, uint8, BGR) that came at `seconds`. It must not change later."""
        height, width = picture.shape[:2]
        self._sizes[width, height] = self._sizes.get((width, height), 0) + 1
        # Points as they are, with their noise; and averages, without it.
        points = cv2.cvtColor(narrow(picture, _POINTS_WIDTH, cv2.INTER_NEAREST), cv2.COLOR_BGR2GRAY)
        averages = narrow(picture, _AVERAGES_WIDTH, cv2.INTER_AREA)
        self._lumas.append(float(points.mean()))
        self._bright.append(float(np.percentile(points, 95)))
        self._movement.add(points, seconds)
        grey = cv2.cvtColor(averages, cv2.COLOR_BGR2GRAY)
        self._flicker.add(grey, seconds)
        self._life.add(grey, seconds)
        self._corruption.add(averages, seconds)
        self._damage.add(picture)
        self._kept.offer(picture, seconds)

    def figures(self) -> dict[str, Any]:
        """The figures so far; without frames only that there were none."""
        if not self._lumas:
            return {"frames": 0}
        width, height = max(self._sizes, key=lambda size: self._sizes[size])
        lumas = np.array(self._lumas)
        return {
            "frames": len(self._lumas),
            "width": width,
            "height": height,
            "sizes": len(self._sizes),
            "luma_mean": round(float(lumas.mean()), 1),
            "luma_p95": round(float(np.median(self._bright)), 1),
            "black_percent": round(100 * float((lumas <= _BLACK_LUMA).mean()), 1),
            **self._movement.figures(),
            **self._flicker.figures(),
            **self._corruption.figures(),
            **self._damage.figures(),
            **self._looked_into(),
        }

    def _looked_into(self) -> dict[str, Any]:
        """What the kept frames show."""
        pictures = self._kept.frames()
        faces = self._faces(pictures)
        rows = [frame_figures(picture, face) for picture, face in zip(pictures, faces, strict=True)]
        # Where somebody is there, the sharpness is that of the person.
        persons = [row for row, face in zip(rows, faces, strict=True) if face is not None]
        # What goes for the whole film shows in a few of them.
        rows += [whole_figures(pictures[number]) for number in _spread(len(pictures), _WHOLE_FRAMES)]
        names = {name for row in rows for name in row}
        found = {name: _middle([row[name] for row in rows if name in row]) for name in sorted(names)}
        found["spread_luma"] = round(picture_light.spread_luma(pictures), 3)
        if grains := self._kept.grains():
            # Now and then a coder sends next to nothing, and the grain stands still.
            found["grain_luma"] = round(float(np.percentile(grains, 75)), 3)
        for name in ("edge_width_px", "sharpest_edge_px"):
            if edges := [row[name] for row in persons if name in row]:
                found[name] = _middle(edges)
        if self._finder.available:
            found |= _of_faces(faces)
        if seen := [face for face in faces if face is not None]:
            middle = sorted(seen, key=lambda face: face.height)[len(seen) // 2]
            motionless = self._life.motionless_seconds(person_box(middle))
            if motionless is not None:
                found["motionless_seconds"] = motionless
        return found

    def _faces(self, pictures: Sequence[Picture]) -> list[Face | None]:
        """The face of each picture: a glance at all, and a search in two where that is not enough or leaves doubt
        whether it stands upright."""
        faces = [self._finder.glance(picture) for picture in pictures]
        seen = sum(face is not None for face in faces) * 2 > len(faces)
        if seen and any(face is not None and face.is_plain for face in faces):
            return faces
        searched = sorted({len(pictures) // 3, len(pictures) * 2 // 3})
        thorough = {number: self._search(pictures[number]) for number in searched}
        if seen and not any(face is not None and face.turned_degrees for face in thorough.values()):
            return faces
        if not any(thorough.values()) and not any(faces):
            thorough = self._far({number: pictures[number] for number in searched})
        # What was searched for in two holds for the others.
        nearest = [min(searched, key=lambda one: abs(one - number)) for number in range(len(pictures))]
        return [
            face if face is not None and thorough[one] is None else thorough[one]
            for face, one in zip(faces, nearest, strict=True)
        ]

    def _far(self, pictures: dict[int, Picture]) -> dict[int, Face | None]:
        """A face far away counts where it is found in all of the pictures, at about the same place."""
        found: dict[int, Face | None] = {}
        for number, picture in pictures.items():
            face = None if picture_light.is_bare(picture) else self._finder.search_far(picture)
            near = all(
                other is not None and face is not None and _is_near(face, other) for other in found.values()
            )
            if face is None or not near:
                return dict.fromkeys(pictures)
            found[number] = face
        return found

    def _search(self, picture: Picture) -> Face | None:
        if picture_light.is_bare(picture):
            return None
        face = self._finder.search(picture)
        if face is None and np.percentile(picture[::8, ::8], 99) < _DARK_P99:
            face = self._finder.search(picture_light.brightened(picture))
        return face


@dataclass
class _Moment:
    """A whole frame, and the next one that is another as `picture_grain.small` gives it, once it has come."""

    seconds: float
    picture: Picture
    next_small: Picture | None = None


class _Kept:
    """A few moments from all over a film whose length is not known before."""

    def __init__(self) -> None:
        self._moments: list[_Moment] = []
        self._interval = _FIRST_INTERVAL_SECONDS

    def offer(self, picture: Picture, seconds: float) -> None:
        last = self._moments[-1] if self._moments else None
        if last is not None and seconds - last.seconds < self._interval:
            if last.next_small is None and not _is_same(last.picture, picture):
                last.next_small = picture_grain.small(picture)
            return
        self._moments.append(_Moment(seconds, picture))
        if len(self._moments) >= 2 * _KEPT_FRAMES:
            del self._moments[1::2]
            self._interval *= 2

    def frames(self) -> Sequence[Picture]:
        return [self._moments[number].picture for number in _spread(len(self._moments), _KEPT_FRAMES)]

    def grains(self) -> list[float]:
        """The grain of some of the frames beside the next that is another."""
        pairs = [(one.picture, one.next_small) for one in self._moments if one.next_small is not None]
        found = (
            picture_grain.grain_luma(picture_grain.small(pairs[number][0]), pairs[number][1])
            for number in _spread(len(pairs), _GRAIN_PAIRS)
        )
        return [grain for grain in found if grain is not None]


def _spread(count: int, most: int) -> list[int]:
    """The numbers of at most so many of `count` things, from all over them."""
    return [round(place) for place in np.linspace(0, count - 1, min(most, count))]


def _is_same(one: Picture, other: Picture) -> bool:
    """Whether a frame repeats another, at some of its points."""
    return one.shape == other.shape and np.array_equal(one[::8, ::8], other[::8, ::8])


def _of_faces(faces: Sequence[Face | None]) -> dict[str, Any]:
    found = [face for face in faces if face is not None]
    figures: dict[str, Any] = {"face_percent": round(100 * len(found) / len(faces), 1)}
    if not found:
        return figures
    turned = max((0, 90, 180, 270), key=lambda degrees: sum(face.turned_degrees == degrees for face in found))
    main = [face for face in found if face.turned_degrees == turned]
    return {
        **figures,
        "face_turned_degrees": turned,
        "face_score": _middle([face.score for face in main]),
        "face_height_share": _middle([face.height for face in main]),
        "face_x_share": _middle([face.middle[0] for face in main]),
        "face_y_share": _middle([face.middle[1] for face in main]),
    }


def _is_near(one: Face, other: Face) -> bool:
    """Whether two faces may be the same one a moment apart."""
    apart = max(abs(a - b) for a, b in zip(one.middle, other.middle, strict=True))
    return apart < 0.1 and 0.6 < one.height / other.height < 1.6


def _middle(values: Sequence[float]) -> float:
    """The median, to three decimals."""
    return round(float(np.median(values)), 3)
