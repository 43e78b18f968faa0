"""What hides the scene: a dark card with a sign on it, or something close before most of the lens.

A camera that is switched off often shows a card: one dark tone all over, but for a sign or words. A finger
or a sticker lies so close before the lens that nothing of it is sharp, not even its edge, and little light
comes by; walls are smooth as well, but lighter than what stands before them.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

Grey = np.ndarray[Any, Any]

_DARK_TONE, _TONES = 40, 3
"""Luma of the lightest dark card, and how far its points may be from it."""
_CARD_SHARE = 0.9
"""Share of a card's points; a dark room has 0.75 at most."""
_EVERY = 4
_FINE, _WIDE, _AROUND = 1.5, 5.0, 9
"""Points at 320 wide: what is finer is noise, what is wider shade; and of what is around each point."""
_SMOOTH = 0.8
"""Luma; the mean change within those widths where there is nothing."""


def is_dark_card(grey: Grey) -> bool:
    """Whether a frame (height x width) has one dark tone nearly all over, and yet something upon it."""
    points = grey[::_EVERY, ::_EVERY].reshape(-1)
    counts = np.bincount(points, minlength=256)
    tone = int(np.argmax(counts[: _DARK_TONE + 1]))
    even = counts[max(0, tone - _TONES) : tone + _TONES + 1].sum() / points.size
    return bool(even >= _CARD_SHARE and int(points.max()) - tone > 4 * _TONES)


def smooth_part(small: Grey) -> tuple[float, float]:
    """The share (percent) of the largest part with nothing in it, and how light it is beside the rest (1 as light).

    `small` is the frame averaged to some 320 points in width.
    """
    calm = cv2.GaussianBlur(small.astype(np.float32), (0, 0), _FINE)
    detail = cv2.blur(np.abs(calm - cv2.GaussianBlur(calm, (0, 0), _WIDE)), (_AROUND, _AROUND))
    count, labels, sizes, _ = cv2.connectedComponentsWithStats((detail < _SMOOTH).astype(np.uint8))
    if count < 2:
        return 0.0, 1.0
    largest = 1 + int(np.argmax(sizes[1:, cv2.CC_STAT_AREA]))
    within = labels == largest
    share = 100 * float(within.mean())
    if within.all():
        return share, 1.0
    return share, float(calm[within].mean()) / max(1.0, float(calm[~within].mean()))
