"""The noise beneath a voice, also where the voice never pauses: what is left when the voice is taken out.

The voice is taken out by a neural network (`sound_deepfilter`). Where its file is missing or is not what it
should be, the answer is None.
"""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass

import numpy as np

from readiness.analysis.sound_deepfilter import RATE_HZ, voice_alone
from readiness.analysis.sound_deepfilter_network import Network, read
from readiness.analysis.sound_level import Samples, active_level, decibels, resampled

OWN_ERROR_DB = 13.0
"""What is taken off a voice without any noise lies so far below it, or farther: a ratio above this
says that there is little noise, and not how little. Set on the voices of tests/material for setting."""

OWN_FAILURE_DB = -12.0
"""So far below what was taken off it is a voice that was taken for noise itself: a whisper."""

_FAINTEST_VOICE_DB = -18.0
"""Against all: what the network leaves of fans, rooms and music lies 22 dB and more below them."""

_WARM_UP_SECONDS = 1.0
_USUAL_DBFS = -26.0
_LEVEL_RATE_HZ = 16_000
_SIZE = 1536
_HOP = 768
_BLOCK = 6
_BAND = 4
_GREATEST_GAIN = 2.5
"""A voice turned down by more than this was taken for noise; by less, it is a voice turned down."""
_RUMBLE_HZ = 100.0
_GOOD_BACKGROUND_MOS, _VOICED = 3.0, 0.7
"""Knocks and gusts that do not lower the score are 0.63 voiced at most, voices taken for noise 0.76 and more."""
_FRAME, _FRAME_HOP, _LOUD_FRAMES = 640, 160, 0.6
_PERIODS = (32, 220)
"""Samples at 16 kHz: voices from 73 to 500 Hz."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Beneath:
    """Levels in dBFS: of the voice alone (ITU-T P.56), of all else, and of what of that is above 100 Hz.

    `ratio_db` is the voice as the model leaves it, which turns it down a little, to all else. `took_a_voice`:
    a voice that the model does not know was taken off, as a child's may be; of noise this tells nothing then.
    """

    voice_dbfs: float
    ratio_db: float
    noise_dbfs: float
    noise_above_rumble_dbfs: float
    took_a_voice: bool

    @property
    def is_telling(self) -> bool:
        """Whether there is more noise than what is wrongly taken off a voice alone, and a voice left."""
        return not (self.is_all_noise or self.took_a_voice) and self.ratio_db < OWN_ERROR_DB

    @property
    def is_all_noise(self) -> bool:
        """Whether nearly all was taken off: then this tells nothing of a noise."""
        return self.ratio_db <= OWN_FAILURE_DB


def beneath(
    samples: Samples, rate_hz: int, active_dbfs: float, background_mos: float | None
) -> Beneath | None:
    """The voice and the noise in mono `samples` whose active level is `active_dbfs`, and the score of whose
    background is `background_mos`; None: unknown."""
    parts = _parted(samples, rate_hz, active_dbfs)
    if parts is None:
        return None
    whole, voice = parts
    all_of_it, above = _left_over(whole, voice)
    level, activity = active_level(resampled(voice, RATE_HZ, _LEVEL_RATE_HZ), _LEVEL_RATE_HZ)
    back = active_dbfs - _USUAL_DBFS
    # What is left of the whole when the noise is taken off is the voice, none of it turned down. Of noise far
    # louder nothing is left: then the voice is as loud as the model leaves it.
    energy = max(0.0, float(np.mean(np.square(whole))) - all_of_it)
    return Beneath(
        voice_dbfs=max(level, decibels(energy / max(activity, 1e-9))) + back,
        ratio_db=level - decibels(all_of_it),
        noise_dbfs=decibels(all_of_it) + back,
        noise_above_rumble_dbfs=decibels(above) + back,
        took_a_voice=background_mos is not None
        and background_mos > _GOOD_BACKGROUND_MOS
        and _voiced(resampled(whole - voice, RATE_HZ, _LEVEL_RATE_HZ)) > _VOICED,
    )


def voice_beneath(samples: Samples, rate_hz: int) -> Samples | None:
    """The voice in mono `samples`, at 16 kHz, without the noise that may be louder; None: none, or unknown."""
    if not samples.any():
        return None
    parts = _parted(samples, rate_hz, active_level(samples, rate_hz)[0])
    if parts is None:
        return None
    voice = resampled(parts[1], RATE_HZ, _LEVEL_RATE_HZ)
    return voice if active_level(voice, _LEVEL_RATE_HZ)[0] > _USUAL_DBFS + _FAINTEST_VOICE_DB else None


def _parted(samples: Samples, rate_hz: int, active_dbfs: float) -> tuple[Samples, Samples] | None:
    """All of mono `samples` at a usual level and at 48 kHz, and the voice in it; None: unknown."""
    network = _network()
    if network is None or not samples.size or not np.isfinite(samples).all():
        return None
    whole = resampled(samples, rate_hz, RATE_HZ) * 10 ** ((_USUAL_DBFS - active_dbfs) / 20)
    whole = np.clip(whole, -1, 1)
    return whole, _taken_out(network, whole)


def _taken_out(network: Network, whole: Samples) -> Samples:
    """The voice alone. The network needs a moment to find its way: it hears the first second before,
    backwards, so that nothing jumps where the recording begins."""
    warm_up = whole[: int(_WARM_UP_SECONDS * RATE_HZ)][::-1]
    return voice_alone(np.concatenate((warm_up, whole)), network)[warm_up.size :]


def _left_over(whole: Samples, voice: Samples) -> tuple[float, float]:
    """The mean square of what is not voice, and of its part above the rumble.

    In cells of 200 Hz by 0.1 s the voice may have been turned down a little: it is turned up again
    before it is taken off, by least squares, so that only what does not go along with it counts.
    """
    window = np.hanning(_SIZE + 1)[:-1]
    padded = [np.pad(part, (0, max(0, _BLOCK * _HOP + _SIZE - part.size))) for part in (whole, voice)]
    spectra = [
        np.fft.rfft(np.lib.stride_tricks.sliding_window_view(part, _SIZE)[::_HOP] * window, axis=1)
        for part in padded
    ]
    hz = np.fft.rfftfreq(_SIZE, 1 / RATE_HZ)
    times, bands = spectra[0].shape[0] // _BLOCK, spectra[0].shape[1] // _BAND
    heard, said = (
        part[: times * _BLOCK, : bands * _BAND].reshape(times, _BLOCK, bands, _BAND) for part in spectra
    )
    along = np.abs((heard * said.conj()).sum(axis=(1, 3)))
    gain = along / (np.square(np.abs(said)).sum(axis=(1, 3)) + 1e-12)
    gain = np.where(gain > _GREATEST_GAIN, 1.0, np.maximum(gain, 1.0))
    left = np.square(np.abs(heard - gain[:, None, :, None] * said)).sum(axis=1)
    left = np.minimum(left, np.square(np.abs(heard)).sum(axis=1))
    scale = 2 / (_SIZE * float(np.sum(np.square(window)))) / (times * _BLOCK)
    above = hz[: bands * _BAND].reshape(bands, _BAND) >= _RUMBLE_HZ
    return float(left.sum()) * scale, float((left * above).sum()) * scale


def _voiced(samples: Samples) -> float:
    """How periodic mono `samples` at 16 kHz are where they are loud, weighted by their energy: the highest
    normalized autocorrelation at 2 to 14 ms of frames of 40 ms."""
    if samples.size < _FRAME:
        return 0.0
    cut = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_FRAME_HOP]
    energy = np.square(cut).sum(axis=1)
    loud = energy > np.quantile(energy, _LOUD_FRAMES)
    cut, energy = cut[loud], energy[loud]
    if not energy.any():
        return 0.0
    spectra = np.square(np.abs(np.fft.rfft(cut, 2 * _FRAME, axis=1)))
    lags = np.arange(*_PERIODS)
    alike = np.fft.irfft(spectra, axis=1)[:, lags]
    summed = np.cumsum(np.square(cut), axis=1)
    first, last = summed[:, _FRAME - 1 - lags], summed[:, -1:] - summed[:, lags - 1]
    best = (alike / np.sqrt(np.maximum(first * last, 1e-20))).max(axis=1)
    return float(best @ energy / energy.sum())


@functools.cache
def _network() -> Network | None:
    try:
        return read()
    except (OSError, ValueError) as error:
        _log.warning("no model of the voice: %s", error)
        return None
