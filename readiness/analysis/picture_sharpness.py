"""Sharpness and noise of one frame.

Sharpness is the width of the edges that are there: an edge is blurred once more, and how much less
steep it becomes tells how wide it was (Zhuo and Sim, "Defocus map estimation from a single image",
Pattern Recognition 44, 2011). Unlike the energy of fine detail that does not depend on how much there
is to see. A small picture made large and then sharpened has narrow edges again, and still nothing finer
than it had: what the finest tenth of its parts has of fine detail tells that. Noise is what is left of the flattest parts of the picture after a difference that cancels
planes and edges (Immerkaer, "Fast noise variance estimation", CVIU 64, 1996).
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

Grey = np.ndarray[Any, Any]

WIDTH = 1280
"""Pixels; in wider pictures edges are told as if they were this wide."""
_BLUR = 2.0
"""Pixels, standard deviation of the second blur."""
_CALM = 0.8
"""Pixels, standard deviation of the blur against noise before all."""
_FEWEST_EDGES = 80
_STEEPNESS, _WEAK_STEEPNESS = 12.0, 4.0
"""Luma (0-255) a pixel, of a clear edge and of one in a picture that has no clear ones."""
_SHARPEST = 10
"""Percent of the edges that count as the sharpest: what is soft by itself, as a cheek, is not among them."""
_LAPLACE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_BLOCK = 16
_TILE = 64
"""Pixels; the side of the parts in which detail is looked at, every half of it."""
_COARSE_BAND, _FINE_BAND, _NOISE_BAND = (0.04, 0.08), (0.17, 0.25), (0.36, 0.5)
"""Cycles a pixel at 1280 pixels. At 720 lines, fewer than 245 lines cannot hold the middle one."""
_PLAIN_PERCENT = 60
"""Percent of the parts, those with the least in them, that say nothing of detail."""
_FINEST = 90
"""Percent of the others that have less fine detail than the part that counts."""
_FEWEST_TILES = 12


def edges_px(grey: Grey, noise: float, frame_width: int, *, weak: bool = False) -> tuple[float, float] | None:
    """The width (10 to 90 %) of the middle one of the clear edges in `grey`, and of the sharpest tenth.

    `grey` is the part that matters, as it came, `noise` its noise (0-255), and `frame_width` the
    width of the whole frame: in a frame wider than 1280 pixels the answer is for 1280. None where there are too
    few edges to tell. A face that is far out of focus has none but `weak` ones.
    """
    luma = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _CALM)
    again = cv2.GaussianBlur(luma, (0, 0), _BLUR)
    steep, less = _steepness(luma), _steepness(again)
    ridge = steep >= cv2.dilate(steep, np.ones((3, 3), np.uint8))
    least = _WEAK_STEEPNESS if weak else _STEEPNESS
    clear = ridge & (steep > max(least, 4.0 * noise)) & (less > 1e-3)
    if int(clear.sum()) < _FEWEST_EDGES:
        return None
    # A step blurred by s has a slope as 1/s; blurred again by b, as 1/sqrt(s^2 + b^2).
    ratio = np.clip(steep[clear] / less[clear], 1.01, None)
    spreads = np.percentile(_BLUR / np.sqrt(ratio**2 - 1), (50, _SHARPEST))
    middle, sharpest = 2.563 * spreads * min(1.0, WIDTH / frame_width)
    return float(middle), float(sharpest)


def fine_detail_db(grey: Grey, frame_width: int) -> float | None:
    """How strong fine detail is beside coarse (dB) where there is most of it, without noise; None for a small part.

    `grey` and `frame_width` as in `edges_px`.
    """
    if min(grey.shape) < _TILE:
        return None
    tiles = np.lib.stride_tricks.sliding_window_view(grey, (_TILE, _TILE))[:: _TILE // 2, :: _TILE // 2]
    luma = tiles.reshape(-1, _TILE, _TILE).astype(np.float32)
    luma -= luma.mean(axis=(1, 2), keepdims=True)
    window = np.hanning(_TILE).astype(np.float32)
    power = np.abs(np.fft.rfft2(luma * np.outer(window, window))) ** 2
    scale = min(1.0, WIDTH / frame_width)
    frequency = np.hypot(np.fft.fftfreq(_TILE)[:, None], np.fft.rfftfreq(_TILE)[None])

    def strength(band: tuple[float, float], times: float) -> np.ndarray[Any, Any]:
        within = (frequency >= band[0] * times) & (frequency < band[1] * times)
        mean: np.ndarray[Any, Any] = power[:, within].mean(axis=1) + 1e-3  # a part may be all even
        return mean

    coarse, fine = strength(_COARSE_BAND, scale), strength(_FINE_BAND, scale)
    noise = strength(_NOISE_BAND, 1.0)
    rich = coarse > np.percentile(coarse, _PLAIN_PERCENT)
    if int(rich.sum()) < _FEWEST_TILES:
        return None
    floor = max(float(np.percentile(noise, 25)), 1.0)
    detail = np.maximum(fine - np.maximum(noise, floor), 0.02 * floor) / coarse
    return float(10 * np.log10(np.percentile(detail[rich], _FINEST)))


def noise_luma(grey: Grey) -> float | None:
    """The standard deviation of the noise (0-255) in the flatter parts; None where none can be used."""
    rows, columns = (side // _BLOCK * _BLOCK for side in grey.shape)
    if rows < 4 * _BLOCK or columns < 4 * _BLOCK:
        return None
    luma = grey[:rows, :columns].astype(np.float32)
    left = np.abs(cv2.filter2D(luma, -1, _LAPLACE, borderType=cv2.BORDER_REFLECT))
    size = (columns // _BLOCK, rows // _BLOCK)
    sigma = cv2.resize(left, size, interpolation=cv2.INTER_AREA) * math.sqrt(math.pi / 2) / 6
    level = cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
    usable = sigma[(level > 16) & (level < 235)]
    if usable.size < 20:
        return None
    return float(np.percentile(usable, 25))


def _steepness(luma: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=1 / 4)
    down = cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=1 / 4)
    steep: np.ndarray[Any, Any] = cv2.magnitude(across, down)
    return steep
