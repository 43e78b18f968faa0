"""The network of DeepFilterNet 3 (Schröter et al. 2023), worked out by NumPy; its weights in resources/models.

What it hears of each frame goes through convolutions along the frequencies and into a memory (GRU, Cho et
al. 2014). From there two decoders, with two memories each, lead to a gain for each band and to a filter for
each low bin. Frames are done in groups that a processor's cache holds; only the memories must go frame by
frame. The package that it came in brings a runtime of 17 MB, which does all of it frame by frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

MODEL = Path(__file__).parents[2] / "resources" / "models" / "deepfilternet3.npz"

BANDS, BINS, TAPS = 32, 96, 5
"""Bands that get a gain, the lowest bins of the spectrum, and the frames that the filter of a bin goes over."""

_CHANNELS = 64
_MEMORY = 256
_WIDTHS = (32, 16, 8, 8)
"""Of the bands, after each of the four convolutions of the encoder."""

_TOGETHER = 32
"""Frames."""

Values = np.ndarray[Any, Any]


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """What the encoder makes of the frames.

    `bands`: frames x width x channels, for each width; `bins`: frames x bins x two figures for each tap, as
    the filters' decoder takes them in; `embedding`: frames x 512.
    """

    bands: Sequence[Values]
    bins: Values
    embedding: Values


@dataclass(frozen=True, kw_only=True)
class Network:
    """Made by `read`.

    Of the weights, `depth` is for each channel by itself, `weight` leads from all inputs to all outputs
    (outputs x inputs), and those without a kind of their own lead from each group of inputs to a group of
    outputs (groups x inputs x outputs).
    """

    weights: Mapping[str, Values]

    def answers(self, bands: Values, bins: Values) -> tuple[Values, Values]:
        """Gains (0-1; frames x bands) and filters (frames x bins x taps, complex).

        `bands` is frames x bands, `bins` frames x bins and complex, each relative to its usual size.
        """
        heard = self._heard(bands, bins)
        inner = np.stack([self._grouped(heard.embedding, name) for name in ("mask.in", "filter.in")])
        # Both decoders side by side, which halves the calls.
        first = self._remembered(_rectified(inner), ("mask.gru.0", "filter.gru.0"))
        for_gains, for_filters = self._remembered(first, ("mask.gru.1", "filter.gru.1"))
        return self._gains(for_gains, heard), self._filters(for_filters, heard)

    def _heard(self, bands: Values, bins: Values) -> _Heard:
        frames = len(bands)
        near_bands = _around(bands[:, :, None])
        near_bins = _around(bins.view(np.float32).reshape(frames, BINS, 2))
        to_bands = self.weights["encoder.bands.0.weight"].transpose(2, 3, 1, 0).reshape(-1, _CHANNELS)
        to_bins, to_taps = self._to_bins(), self._to_taps()
        widths = [np.empty((frames, width, _CHANNELS), np.float32) for width in _WIDTHS]
        taps = np.zeros((frames + TAPS - 1, BINS, 2 * TAPS), np.float32)
        joined = np.empty((frames, _WIDTHS[-1] * _CHANNELS), np.float32)
        for part in _parts(frames):
            high = self._biased(_product(near_bands[part], to_bands), "encoder.bands.0")
            widths[0][part] = high
            for number, stride in ((1, 2), (2, 2), (3, 1)):
                high = self._along(high, f"encoder.bands.{number}", stride)
                widths[number][part] = high
            low = self._biased(_product(near_bins[part], to_bins), "encoder.bins.0")
            by_tap = _product(low, to_taps).reshape(-1, BINS, TAPS, 2 * TAPS)
            for tap in range(TAPS):
                later = part.start + TAPS - 1 - tap
                taps[later : later + len(low)] += by_tap[:, :, tap]
            low = self._along(low, "encoder.bins.1", 2)
            both = _rectified(self._grouped(low, "encoder.bins.out"))
            joined[part] = both + high.reshape(both.shape)
        inner = _rectified(self._grouped(joined, "encoder.in"))
        (states,) = self._remembered(inner[None], ("encoder.gru.0",))
        return _Heard(
            bands=widths,
            bins=self._biased(taps[:frames], "filter.path"),
            embedding=_rectified(self._grouped(states, "encoder.out")),
        )

    def _gains(self, states: Values, heard: _Heard) -> Values:
        """Up through the widths again; what the encoder had at each comes in beside."""
        narrow = _rectified(self._grouped(states, "mask.out")).reshape(-1, _WIDTHS[-1], _CHANNELS)
        gains = np.empty((len(states), BANDS), np.float32)
        for part in _parts(len(states)):
            wide = narrow[part] + self._beside(heard, 3, part)
            wide = self._along(wide, "mask.up.3", 1) + self._beside(heard, 2, part)
            wide = self._doubled(wide, "mask.up.2") + self._beside(heard, 1, part)
            wide = self._doubled(wide, "mask.up.1") + self._beside(heard, 0, part)
            by_place = _product(wide, self.weights["mask.last.weight"])
            gains[part] = by_place[:, :, 1] + self.weights["mask.last.bias"]
            gains[part, 1:] += by_place[:, :-1, 0]
            gains[part, :-1] += by_place[:, 1:, 2]
        return _shares(gains)

    def _filters(self, states: Values, heard: _Heard) -> Values:
        both = states + self._grouped(heard.embedding, "filter.skip")
        figures = np.tanh(self._grouped(both, "filter.out")).reshape(heard.bins.shape) + heard.bins
        return figures.view(np.complex64)

    def _beside(self, heard: _Heard, number: int, part: slice) -> Values:
        name = f"mask.path.{number}"
        return self._biased(heard.bands[number][part] * self.weights[f"{name}.depth"], name)

    def _to_bins(self) -> Values:
        """18 x channels. One half of the channels hears the real parts, one the imaginary; then they mix."""
        depth, weight = (self.weights[f"encoder.bins.0.{kind}"] for kind in ("depth", "weight"))
        halves = depth.reshape(2, -1, *depth.shape[1:])
        mixed: Values = np.einsum("pctf,opc->tfpo", halves, weight.reshape(-1, *halves.shape[:2]))
        return mixed.reshape(-1, _CHANNELS)

    def _to_taps(self) -> Values:
        """Channels x (frames x figures). Half of the figures hear half of the channels; then they mix."""
        depth, weight = (self.weights[f"filter.path.{kind}"] for kind in ("depth", "weight"))
        halves = depth.reshape(2, -1, *depth.shape[1:])
        mixed: Values = np.einsum("pqct,opq->pcto", halves, weight.reshape(-1, *halves.shape[:2]))
        return mixed.reshape(_CHANNELS, -1)

    def _along(self, values: Values, name: str, stride: int) -> Values:
        """A convolution over three places of the width."""
        before, here, after = self.weights[f"{name}.depth"].T
        sums = values[:, ::stride] * here
        sums[:, 1:] += values[:, stride - 1 : -1 : stride] * before
        right = values[:, 1::stride] * after
        sums[:, : right.shape[1]] += right
        return self._mixed(sums, name)

    def _doubled(self, values: Values, name: str) -> Values:
        """A transposed convolution: twice the width."""
        before, here, after = self.weights[f"{name}.depth"].T
        frames, width, channels = values.shape
        pairs = np.empty((frames, width, 2, channels), np.float32)
        pairs[:, :, 0] = values * here
        pairs[:, :, 1] = values * after
        pairs[:, :-1, 1] += values[:, 1:] * before
        return self._mixed(pairs.reshape(frames, 2 * width, channels), name)

    def _mixed(self, values: Values, name: str) -> Values:
        return self._biased(_product(values, self.weights[f"{name}.weight"].T), name)

    def _biased(self, values: Values, name: str) -> Values:
        values += self.weights[f"{name}.bias"]
        return _rectified(values)

    def _grouped(self, values: Values, name: str) -> Values:
        """Frames x figures, each group of them by a product of its own."""
        groups, inputs, outputs = self.weights[name].shape
        made = np.empty((len(values), groups, outputs), np.float32)
        by_group = values.reshape(-1, groups, inputs).transpose(1, 0, 2)
        np.matmul(by_group, self.weights[name], out=made.transpose(1, 0, 2))
        return made.reshape(len(values), -1)

    def _remembered(self, inputs: Values, names: Sequence[str]) -> Values:
        """Memories side by side: memories x frames x figures, of `inputs` of that shape."""
        memories, frames, _ = inputs.shape
        driven = np.empty((frames, memories, 3 * _MEMORY), np.float32)
        for number, name in enumerate(names):
            driven[:, number] = inputs[number] @ self.weights[f"{name}.weight_ih"].T
            driven[:, number] += self.weights[f"{name}.bias_ih"]
        weights = np.stack([self.weights[f"{name}.weight_hh"] for name in names])
        biases = np.stack([self.weights[f"{name}.bias_hh"] for name in names])
        driven[:, :, : 2 * _MEMORY] += biases[:, : 2 * _MEMORY]
        biases = biases[:, 2 * _MEMORY :]
        # Gates update, reset and new. The shares that the first two are need half of their figures.
        driven[:, :, : 2 * _MEMORY] *= 0.5
        weights[:, : 2 * _MEMORY] *= 0.5
        gates = np.empty((memories, 3 * _MEMORY), np.float32)
        shares, new = gates[:, : 2 * _MEMORY], gates[:, 2 * _MEMORY :]
        update, reset = shares[:, :_MEMORY], shares[:, _MEMORY:]
        state = np.zeros((memories, _MEMORY), np.float32)
        state_column, gates_column = state[:, :, None], gates[:, :, None]
        states = np.empty((frames, memories, _MEMORY), np.float32)
        steps = zip(driven[:, :, : 2 * _MEMORY], driven[:, :, 2 * _MEMORY :], states, strict=True)
        for to_shares, to_new, kept in steps:
            np.matmul(weights, state_column, out=gates_column)
            shares += to_shares
            np.tanh(shares, out=shares)
            shares *= 0.5
            shares += 0.5
            new += biases
            new *= reset
            new += to_new
            np.tanh(new, out=new)
            state -= new
            state *= update
            state += new
            kept[:] = state
        return np.ascontiguousarray(states.transpose(1, 0, 2))


def read(model: Path = MODEL) -> Network:
    """The network. Raises OSError or ValueError where its file is not what it should be."""
    try:
        with model.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            network = Network(weights={name: stored[name].astype(np.float32) for name in stored.files})
        # A weight that is missing or has another shape shows in a single frame.
        network.answers(np.zeros((1, BANDS), np.float32), np.zeros((1, BINS), np.complex64))
    except OSError:
        raise
    except Exception as error:  # a broken file can raise nearly anything, as BadZipFile or MemoryError
        raise ValueError(f"{model.name}: {error}") from error
    return network


def _parts(frames: int) -> Iterator[slice]:
    for start in range(0, frames, _TOGETHER):
        yield slice(start, min(frames, start + _TOGETHER))


def _around(values: Values) -> Values:
    """Frames x width x 3 x (3 x figures): what is beside each place, also in the two frames before."""
    frames, _, figures = values.shape
    padded = np.pad(values, ((2, 0), (1, 1), (0, 0))).reshape(frames + 2, -1)
    return np.lib.stride_tricks.sliding_window_view(padded, (3, 3 * figures))[:, ::figures]


def _product(values: Values, weight: Values) -> Values:
    """Frames x width x outputs, as one large product, which is fast."""
    flat: Values = values.reshape(-1, len(weight)) @ weight
    return flat.reshape(*values.shape[:2], -1)


def _rectified(values: Values) -> Values:
    return np.maximum(values, 0, out=values)


def _shares(values: Values) -> Values:
    """The logistic function, without exponentials that overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * values)
