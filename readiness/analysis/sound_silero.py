"""The network of the Silero voice detector (version 5), worked out by NumPy; its weights in resources/models.

Each window of 32 ms, with 4 ms before it, becomes four spectra; four convolutions make of them 128 figures;
a memory (LSTM, Hochreiter and Schmidhuber 1997) goes along from window to window, and tells how likely
speech is. The package that it came in brings all of ONNX Runtime, of 23 MB, for 300,000 weights.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from readiness.analysis.sound_level import Samples

MODEL = Path(__file__).parents[2] / "resources" / "models" / "silero_vad.npz"
_WINDOW_SECONDS = 0.032
_STRIDES = (1, 2, 2, 1)
"""Of the four convolutions, each over three moments."""

_DECODER = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight", "bias")
_NAMES = {f"encoder.{number}.{kind}" for number in range(len(_STRIDES)) for kind in ("weight", "bias")} | {
    f"decoder.{name}" for name in _DECODER
}

Values = np.ndarray[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Silero:
    """The network for one rate; made by `read`."""

    rate_hz: int
    weights: Mapping[str, Values]

    @property
    def window(self) -> int:
        """Samples that get one answer."""
        return round(_WINDOW_SECONDS * self.rate_hz)

    def speech(self, samples: Samples) -> Samples:
        """How likely speech is (0-1) in each whole window of mono `samples`, which follow upon silence."""
        windows = samples[: samples.size // self.window * self.window].astype(np.float32)
        return self._remembered(self._encoded(self._spectra(windows.reshape(-1, self.window))))

    def _spectra(self, windows: Values) -> Values:
        """Windows x 4 x bins: magnitudes, the last part mirrored at its end."""
        before, size = self.window // 8, self.window // 2
        context = np.concatenate((np.zeros((1, before), np.float32), windows[:, -before:]))[: len(windows)]
        heard = np.concatenate((context, windows, windows[:, -2 : -2 - before : -1]), axis=1)
        parts = np.lib.stride_tricks.sliding_window_view(heard, size, axis=1)[:, :: size // 2]
        window = np.hanning(size + 1)[:-1].astype(np.float32)
        return np.abs(np.fft.rfft(parts * window, axis=2)).astype(np.float32)

    def _encoded(self, heard: Values) -> Values:
        """Windows x 128."""
        for number, stride in enumerate(_STRIDES):
            weight, bias = (self.weights[f"encoder.{number}.{kind}"] for kind in ("weight", "bias"))
            around = np.pad(heard, ((0, 0), (1, 1), (0, 0)))
            # Before, at and after each moment; as one large product each, which is fast.
            moments = (around[:, tap : around.shape[1] - 2 + tap : stride] for tap in range(3))
            sums = sum(_product(moment, weight[:, :, tap].T) for tap, moment in enumerate(moments))
            heard = np.maximum(sums + bias, 0)
        return heard[:, 0]

    def _remembered(self, encoded: Values) -> Samples:
        """The answers: from here on each window depends on the one before."""
        own = {name: self.weights[f"decoder.{name}"] for name in _DECODER}
        size = own["weight"].size
        # Gates in, forget, new and out. A share is half a hyperbolic tangent of half the figure, and a half.
        half = np.repeat(np.array((0.5, 0.5, 1.0, 0.5), np.float32), size)
        inputs = half * (encoded @ own["weight_ih"].T + own["bias_ih"] + own["bias_hh"])
        from_before = half[:, None] * own["weight_hh"]
        hidden, cell = np.zeros(size, np.float32), np.zeros(size, np.float32)
        states = np.empty((len(inputs), size), np.float32)
        for number, row in enumerate(inputs):
            gates = np.tanh(row + from_before @ hidden).reshape(4, size)
            into, forget, _, out = 0.5 + 0.5 * gates
            cell = forget * cell + into * gates[2]
            hidden = out * np.tanh(cell)
            states[number] = hidden
        answers = np.maximum(states, 0) @ own["weight"].ravel() + own["bias"]
        return (0.5 + 0.5 * np.tanh(0.5 * answers)).astype(np.float64)


def read(rate_hz: int, model: Path = MODEL) -> Silero:
    """The network for 16 or 8 kHz. Raises OSError or ValueError where its file is not what it should be."""
    start = f"{rate_hz}."
    try:
        with model.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            weights = {
                name.removeprefix(start): stored[name] for name in stored.files if name.startswith(start)
            }
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise ValueError(f"{model.name}: {error}") from error
    if set(weights) != _NAMES:
        raise ValueError(f"{model.name} has no whole network for {rate_hz} Hz")
    return Silero(rate_hz=rate_hz, weights=weights)


def _product(rows: Values, weight: Values) -> Values:
    windows, moments, channels = rows.shape
    flat: Values = rows.reshape(windows * moments, channels) @ weight
    return flat.reshape(windows, moments, weight.shape[1])
