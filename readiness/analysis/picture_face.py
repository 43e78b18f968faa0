"""Where the face is, and which way up, by a small neural network (CenterFace).

CenterFace finds a box and five points (eyes, nose, corners of the mouth) for every face; from eyes
to mouth the points tell which way the face is turned, also where the whole picture lies on its side
or stands on its head. The network is read when first needed; without its file there is nothing to
tell, and the figures stay unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

MODEL = Path(__file__).parents[2] / "resources" / "models" / "centerface.onnx"
_SQUARE, _WIDE = (320, 320), (320, 192)
"""Pixels; what the network sees. One network for each: OpenCV plans it for one size."""
_STRIDE = 4
_SURE, _SURE_SMALL, _SURE_ENLARGED, _SURE_FAR = 0.5, 0.6, 0.585, 0.62
"""Score (0-1) from which a face counts; more where it is small, since more things look like small faces."""
_SURE_LARGER = 0.4
"""Of a face larger than the picture."""
_SMALL = 0.2
_PLAIN = 0.8
"""Score from which a face stands upright without doubt; some that stand on their heads have up to 0.76."""
_BETTER = 0.06
_POSSIBLE = 0.35
_BESIDE_SCORE, _BESIDE_HEIGHT = 0.85, 0.75
"""Times those of the main face; somebody behind looks smaller, and things that look like faces are less sure."""
_OUTPUTS = ("537", "538", "539", "540")
"""Heat map, log of height and width, offset of the middle, points: the names inside the network."""

Picture = np.ndarray[Any, Any]
Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, kw_only=True)
class Face:
    """A face: box and points in shares of the picture (0-1), and where its chin points.

    `turned_degrees` is how far the picture must be turned clockwise for the face to stand upright:
    0, 90, 180 or 270.
    """

    score: float
    x: float
    y: float
    width: float
    height: float
    turned_degrees: int = 0

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def is_plain(self) -> bool:
        """Whether it is beyond doubt, so that no other way up need be tried."""
        return self.score >= _PLAIN


class FaceFinder:
    """The network, once it is needed. One at a time may use it."""

    def __init__(self, model: Path = MODEL) -> None:
        self._model = model
        self._networks: dict[Size, cv2.dnn.Net] = {}
        self._missing = False

    @property
    def available(self) -> bool:
        """Whether the network can be used; reads it the first time."""
        if not self._networks and not self._missing:
            try:
                self._network(_WIDE)
            except cv2.error:
                self._missing = True
        return bool(self._networks)

    def glance(self, picture: Picture) -> Face | None:
        """The main face of `picture` (height x width x 3, BGR), if it stands upright and is easily seen."""
        if not self.available:
            return None
        height, width = picture.shape[:2]
        wide = width * _WIDE[1] >= height * _WIDE[0]
        face = _main(self._faces(picture, _WIDE if wide else _SQUARE))
        return face if face is not None and _stands(face) else None

    def search(self, picture: Picture) -> Face | None:
        """The main face, whichever way the picture is turned, however large or small it is; slower."""
        if not self.available:
            return None
        upright = _main(self._faces(picture))
        stands = upright if upright is not None and _stands(upright) else None
        if stands is not None and stands.is_plain:
            return stands
        # Turned pictures, and then closer looks: parts for small faces, a border for large ones.
        turned = self._turned(picture, upright)
        if stands is not None:
            return turned if turned is not None and turned.score > stands.score + _BETTER else stands
        if turned is not None:
            return turned
        if upright is not None and _is_sure(upright):
            return replace(upright, turned_degrees=0)
        return self._closer(picture)

    def search_far(self, picture: Picture) -> Face | None:
        """A face far away, which the network sees only when it looks at parts of half the height; slower still."""
        if not self.available:
            return None
        height, width = picture.shape[:2]
        side = min(height, width) // 2
        found: list[Face] = []
        columns = np.linspace(0, width - side, 2 * round(0.55 * width / side) + 1).astype(int).tolist()
        for top in (height // 8, height * 3 // 8):  # nobody sits at the ceiling or on the floor
            for left in columns:
                part = picture[top : top + side, left : left + side]
                found += [
                    _moved(face, left / width, top / height, side / width, side / height)
                    for face in self._faces(part)
                    if face.turned_degrees == 0 and face.score >= _SURE_FAR and _is_whole(face)
                ]
        return _main(found)

    def _turned(self, picture: Picture, upright: Face | None) -> Face | None:
        """A face that stands upright, and better than as it came, when the picture is turned."""
        best: Face | None = None
        for turns in (1, 2, 3):  # counter-clockwise
            turned = np.ascontiguousarray(np.rot90(picture, turns))
            face = _main(self._faces(turned))
            if (
                face is None
                or face.turned_degrees
                or not _is_sure(face, turned.shape[0] / min(turned.shape[:2]))
            ):
                continue
            if best is None or face.score > best.score:
                best = _back(face, turns)
        if best is None or (upright is not None and upright.score > best.score + 0.2):
            return None
        return best

    def _closer(self, picture: Picture) -> Face | None:
        height, width = picture.shape[:2]
        side = min(height, width)
        found: list[Face] = []
        for left in sorted({0, (width - side) // 2, width - side}):
            part = picture[:side, left : left + side]
            found += [
                _moved(face, left / width, 0.0, side / width, side / height)
                for face in self._faces(part)
                if face.turned_degrees == 0
            ]
        face = _main(found)
        if face is not None and face.score >= _SURE_ENLARGED:
            return face
        face = self._amid(picture, max(height, width) // 3)
        if face is not None and face.score >= _SURE:
            return face
        # Of a face that is larger than the picture, less is needed: nothing else looks like one so large.
        face = self._amid(picture, max(height, width))
        return face if face is not None and face.score >= _SURE_LARGER and face.height > 1 else None

    def _amid(self, picture: Picture, border: int) -> Face | None:
        """The main upright face of the picture with so many black pixels about it."""
        height, width = picture.shape[:2]
        wide = cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_CONSTANT)
        face = _main([face for face in self._faces(wide) if face.turned_degrees == 0])
        if face is None:
            return None
        share_x, share_y = 1 + 2 * border / width, 1 + 2 * border / height
        return _moved(face, -border / width, -border / height, share_x, share_y)

    def _network(self, seen: Size) -> cv2.dnn.Net:
        if seen not in self._networks:
            self._networks[seen] = cv2.dnn.readNetFromONNX(str(self._model))
        return self._networks[seen]

    def _faces(self, picture: Picture, seen: Size = _SQUARE) -> list[Face]:
        """All faces of the picture as it is, the surest first; the network sees it amid so many pixels."""
        network = self._network(seen)
        height, width = picture.shape[:2]
        scale = min(seen[0] / width, seen[1] / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        left, top = (seen[0] - size[0]) // 2, (seen[1] - size[1]) // 2
        canvas = np.zeros((seen[1], seen[0], 3), np.uint8)
        kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        canvas[top : top + size[1], left : left + size[0]] = cv2.resize(picture, size, interpolation=kind)
        network.setInput(cv2.dnn.blobFromImage(canvas, 1.0, seen, swapRB=True))
        heat, extent, offset, points = (np.asarray(out)[0] for out in network.forward(_OUTPUTS))
        rows, columns = np.where(heat[0] > _POSSIBLE)
        found: list[Face] = []
        for index in np.argsort(-heat[0, rows, columns])[:40]:
            row, column = int(rows[index]), int(columns[index])
            high, wide = (math.exp(min(float(value), 6.0)) * _STRIDE for value in extent[:, row, column])
            y = (row + float(offset[0, row, column]) + 0.5) * _STRIDE - high / 2
            x = (column + float(offset[1, row, column]) + 0.5) * _STRIDE - wide / 2
            face = Face(
                score=float(heat[0, row, column]),
                x=(x - left) / size[0],
                y=(y - top) / size[1],
                width=wide / size[0],
                height=high / size[1],
                turned_degrees=_direction(points[:, row, column].reshape(5, 2) * (high, wide)),
            )
            if all(_overlap(face, other) < 0.3 for other in found):
                found.append(face)
        return found


def _direction(points: np.ndarray[Any, Any]) -> int:
    """Which way up, from eye, eye, nose, mouth, mouth as (y, x) in pixels."""
    down = points[3:5].mean(axis=0) - points[0:2].mean(axis=0)
    degrees = math.degrees(math.atan2(down[1], down[0]))  # 0: the mouth is below the eyes
    return round(degrees / 90) % 4 * 90


def _is_sure(face: Face, tall: float = 1.0) -> bool:
    """`tall` is how many times its shorter side the picture is high."""
    return face.score >= (_SURE if face.height * tall >= _SMALL else _SURE_SMALL)


def _stands(face: Face) -> bool:
    return _is_sure(face) and not face.turned_degrees


def _is_whole(face: Face) -> bool:
    return min(face.x, face.y) > 0 and max(face.x + face.width, face.y + face.height) < 1


def _main(faces: list[Face]) -> Face | None:
    """The one that the meeting looks at: large and sure; of a group the one in its midst."""
    best = max(faces, key=lambda face: face.score * min(face.height, 1.0) ** 0.5, default=None)
    if best is None:
        return None
    group = [face for face in faces if _is_as_near(face, best)]
    return min(group, key=lambda face: abs(face.middle[0] - 0.5))


def _is_as_near(face: Face, best: Face) -> bool:
    """Whether somebody sits beside the one whose face is `best`, as near to the camera."""
    sure = face.score >= _BESIDE_SCORE * best.score and face.turned_degrees == best.turned_degrees
    return sure and face.height >= _BESIDE_HEIGHT * best.height


def _moved(face: Face, x: float, y: float, width: float, height: float) -> Face:
    """A face found in a part of the picture that has this corner and size, in shares of the whole."""
    return Face(
        score=face.score,
        x=x + face.x * width,
        y=y + face.y * height,
        width=face.width * width,
        height=face.height * height,
        turned_degrees=face.turned_degrees,
    )


def _back(face: Face, turns: int) -> Face:
    """The face in the picture as it was before it was turned counter-clockwise by 90 degrees `turns` times."""
    x, y, width, height = face.x, face.y, face.width, face.height
    for _ in range(turns):  # one turn took (x, y) to (y, 1 - x)
        x, y, width, height = 1 - y - height, x, height, width
    return Face(score=face.score, x=x, y=y, width=width, height=height, turned_degrees=-90 * turns % 360)


def _overlap(one: Face, other: Face) -> float:
    """Intersection over union of the boxes."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, wide) * max(0.0, high)
    return shared / (one.width * one.height + other.width * other.height - shared + 1e-9)
