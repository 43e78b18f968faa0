"""How far up in frequency the voice reaches, and how sharply it ends there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_frames import FRAME_SECONDS, Frames
from readiness.analysis.sound_level import Samples

_BAND_HZ = 95.0
_PRESENT_DB = 7.0
_DEEPEST_DB = 62.0
_SHARP_DB = 22.0
"""Whole voices dropped by up to 20 dB, telephones by 50 and more."""
_GAP_HZ, _GOES_ON_DB = 1000.0, 12.0
"""A voice may leave a gap that wide; what lies beyond a telephone's end is 20 dB less, or the mirror image of it."""
_FEWEST_FRAMES = 20
_ONE_PHASE = 0.9
_FIRST_RATE_HZ, _LEAST_RATE_HZ = 8000, 14_000
_IMAGE_FRAME_SECONDS, _IMAGE_HOP_SECONDS = 0.02, 0.01
_IMAGE_HZ = (600.0, 2600.0)
_MIRRORED = 0.4
_STEADY_QUANTILE, _STEADY = 0.2, 0.1
"""A fifth of the time a voice has far less than a tenth of its mean power; noise a fifth of it, and a tone all."""
_LOWEST_EDGE_HZ = 2900.0
_TELEPHONE_HZ = 4700.0
_WITHIN_HZ, _BEYOND_HZ = (2300.0, 3300.0), (5200.0, 7000.0)
_NOTHING_BEYOND_DB = 39.0
"""Beyond a telephone's band whole voices for setting have 25 dB less than within it at most, muffled ones 36;
through telephones it is 41 dB and more, also where a slow filter or a cheap resampler leaves no sharp edge."""
_BELOW_WITHIN_DB = 20.0
_NOISE_BEYOND_DB, _HIDDEN_DROP_DB = 25.0, 15.0
_HARDLY_LOUDER_DB, _QUIETEST = 6.0, 0.15
"""Noise may have come after the telephone. Noise so faint would not hide what lies beyond in a whole voice: of
216 in noise of 32 to 45 dB less, the dullest with such a drop have 22 dB less beyond than within."""


@dataclass(frozen=True, kw_only=True)
class Band:
    """`edge_hz`: where the voice ends; None where noise hides that. `drop_db`: how much less there is
    just above the sharpest edge between 2.9 and 4.7 kHz than just below it."""

    edge_hz: float | None
    drop_db: float


def band(found: Frames, broken_at: Sequence[float] = ()) -> Band:
    """The band of the speech in `found`; `broken_at` are the seconds of clicks, which have any band."""
    usable = np.ones(found.power.shape[0], dtype=np.bool_)
    for at in broken_at:
        usable &= np.abs(found.seconds() - at - 0.05) > 0.05 + FRAME_SECONDS
    if usable.sum() < _FEWEST_FRAMES:
        usable[:] = True
    banded, hz = found.banded(_BAND_HZ)
    banded = banded[usable]
    spoken = _smooth(10 * np.log10(np.quantile(banded, 0.95, axis=0) + 1e-14))
    floor = _smooth(10 * np.log10(np.quantile(banded, 0.10, axis=0) + 1e-14))
    present = (spoken - floor > _PRESENT_DB) & (spoken > spoken.max() - _DEEPEST_DB)
    # One band alone may be a tone; the edge has company below it.
    paired = present[1:] & present[:-1]
    edge = float(hz[1:][paired][-1]) if paired.any() else None
    drop, drop_at = _drop(spoken, hz, _TELEPHONE_HZ)
    sharp, sharp_at = _drop(spoken, hz, float(hz[-1]))
    # A coder's images end as sharply as what they are images of, farther up.
    for much, at in ((sharp, sharp_at), (drop, drop_at)):
        if much > _SHARP_DB and (edge is None or at < edge) and not _goes_on(spoken, hz, at):
            edge = at
    # A voice that fades into noise has its end hidden; one that ends has a cliff, or the rate's end.
    if edge is not None and edge < _TELEPHONE_HZ and sharp <= _SHARP_DB and hz[-1] > 1.1 * _TELEPHONE_HZ:
        edge = None
    slow = _end_of_telephone(spoken, hz, hidden=drop > _HIDDEN_DROP_DB and _is_only_noise(banded, hz))
    if slow is not None and (edge is None or slow < _TELEPHONE_HZ <= edge):
        edge = slow
    return Band(edge_hz=edge, drop_db=drop)


def _goes_on(spoken: Samples, hz: Samples, at: float) -> bool:
    """Whether the voice is nearly as loud again beyond a gap at `at` as before it."""
    before = spoken[(hz >= at - _GAP_HZ) & (hz < at)]
    beyond = spoken[hz >= at + _GAP_HZ / 2]
    wide = max(1, round(_GAP_HZ / float(hz[1] - hz[0])))
    if not before.size or beyond.size < wide:
        return False
    loudest = np.convolve(beyond, np.full(wide, 1 / wide), "valid").max()
    return bool(before.mean() - loudest < _GOES_ON_DB)


def _end_of_telephone(spoken: Samples, hz: Samples, *, hidden: bool) -> float | None:
    """Where a voice of which nothing lies beyond a telephone's band has fallen by 20 dB; None: there is more."""
    within, beyond = (spoken[(hz >= low) & (hz < high)] for low, high in (_WITHIN_HZ, _BEYOND_HZ))
    least = _NOISE_BEYOND_DB if hidden else _NOTHING_BEYOND_DB
    if not within.size or not beyond.size or within.mean() - beyond.mean() < least:
        return None
    return float(hz[spoken > within.mean() - _BELOW_WITHIN_DB][-1])


def _is_only_noise(banded: Samples, hz: Samples) -> bool:
    """Whether beyond a telephone's band it is hardly louder in the louder half of the frames than in the quietest."""
    level = banded.sum(axis=1)
    beyond = banded[:, (hz >= _BEYOND_HZ[0]) & (hz < _BEYOND_HZ[1])].sum(axis=1)
    if not beyond.any():
        return False
    loud, quiet = (
        beyond[which] for which in (level > np.median(level), level < np.quantile(level, _QUIETEST))
    )
    said, room = (float(np.quantile(part, 0.95)) for part in (loud, quiet))
    return said < 10 ** (_HARDLY_LOUDER_DB / 10) * room


def stretched_from(samples: Samples, rate_hz: int) -> float | None:
    """The rate that mono `samples` had before somebody repeated them, or drew lines between them."""
    part = samples[: 10 * rate_hz]
    for factor in (6, 4, 3, 2):
        whole = part[: part.size // factor * factor]
        for order in (1, 2):
            steps = np.square(np.diff(whole, n=order, append=[0.0] * order)).reshape(-1, factor).sum(axis=0)
            total = float(steps.sum())
            if total > 0 and float(steps.max()) > _ONE_PHASE * total:
                return rate_hz / factor
    return None


def is_mirrored(samples: Samples, rate_hz: int) -> bool:
    """Whether what mono `samples` have above 4 kHz is the mirror image of what lies below it.

    That is left of 8000 samples a second that were held or joined by lines, also when somebody resampled them:
    at 4 kHz + f the phase is that of 4 kHz - f turned round, so in frames whole periods of 8 kHz apart the
    product of both keeps its phase. What a voice has there does not.
    """
    size, hop = int(_IMAGE_FRAME_SECONDS * rate_hz), int(_IMAGE_HOP_SECONDS * rate_hz)
    if (
        rate_hz < _LEAST_RATE_HZ
        or hop * _FIRST_RATE_HZ % rate_hz
        or samples.size < _FEWEST_FRAMES * hop + size
    ):
        return False
    cut = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    spectra = np.fft.rfft(cut * np.hanning(size + 1)[:-1], axis=1)
    middle = round(_FIRST_RATE_HZ / 2 * size / rate_hz)
    away = np.arange(*(round(hz * size / rate_hz) for hz in _IMAGE_HZ))
    below, above = spectra[:, middle - away], spectra[:, middle + away]
    image = np.square(np.abs(above))
    # A computer's whine has tones as far above as below, which are always there.
    lively = np.quantile(image, _STEADY_QUANTILE, axis=0) < _STEADY * image.mean(axis=0)
    powers = np.square(np.abs(below)).sum(axis=0) * image.sum(axis=0)
    together = np.square(np.abs((below * above).sum(axis=0)))
    return bool(together[lively].sum() > _MIRRORED * powers[lively].sum())


def _drop(spoken: Samples, hz: Samples, high: float) -> tuple[float, float]:
    """The greatest drop in dB from the 600 Hz below a frequency to those above it, and that frequency."""
    best, best_at = 0.0, 0.0
    step = float(hz[1] - hz[0])
    wide = max(1, round(600 / step))
    skip = max(1, round(150 / step))
    for n in np.flatnonzero((hz >= _LOWEST_EDGE_HZ) & (hz <= high)):
        below = spoken[max(0, n - skip - wide) : n - skip + 1]
        above = spoken[n + skip : n + skip + wide]
        if below.size and above.size >= wide // 2:
            drop = float(below.mean() - above.mean())
            if drop > best:
                best, best_at = drop, float(hz[n])
    return best, best_at


def _smooth(values: Samples) -> Samples:
    return np.convolve(np.pad(values, 1, "edge"), np.ones(3) / 3, "valid")
