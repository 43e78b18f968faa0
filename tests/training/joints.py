"""Trains the network that finds joints in a voice: `python -m tests.training.joints OUT.npz --minutes 60`, and
then with more packets lost, `... --minutes 24 --seed 5 --start OUT.npz --lost 0.35 --rate 6e-4`, once more for
more synthesisers, `... --minutes 20 --seed 9 --lost 0.2`, and for shorter losses, `... --minutes 30 --seed 21 --lost 0.35`;
what is kept is the mean of the weights before and after the last.

Voices of packages are torn at known places, in rooms, behind microphones, in noise, with clicks, gates,
coders and faults of other kinds; as many are whole. Wants what installer/test.py does not install:
`jax` (Apache-2.0) and its scipy from PyPI, and of Debian libopus0, flite and the voices in tuxpaint-stamps-default,
fillets-ng-data-cs, fillets-ng-data-nl, klettres-data and ktuberling-data.
"""

from __future__ import annotations

import argparse
import multiprocessing
import queue
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import fftconvolve, lfilter, resample_poly

from readiness.analysis.sound_splices import DILATIONS, HOP
from tests.material import shaping
from tests.material.shaping import Samples
from tests.material.torn import Random, smoothed, torn
from tests.training.faults import Faults
from tests.training.opus import packets_lost
from tests.training.pool import RATE, Stored, pool

VOICE_RATE = 16_000
SECONDS = 0.6
SIZE = 3 * HOP
"""Samples at 16 kHz that an answer is of."""
CHANNELS, FILTERS, SIGNED = 64, 40, 24
BATCH, BANK = 48, 900
_NEAR = 6
"""Answers beside a joint that are neither right nor wrong."""


def example(
    clips: list[Stored], share: Samples, faults: Faults, random: Random, lost: float
) -> tuple[np.ndarray[Any, np.dtype[np.float32]], np.ndarray[Any, np.dtype[np.int8]]]:
    """A piece of a voice at 16 kHz, and of each answer whether there is a joint (1), none (0), or near one (-1).

    `lost` is the share of the torn ones whose packets Opus fills in.
    """
    size = int(SECONDS * RATE)
    voice = _in_a_room(_piece(clips, share, size + int(0.45 * RATE), random), random)
    if random.random() < 0.18:
        voice = _gated(voice, random)
    if random.random() < 0.4:
        voice = faults.one(voice, random)
    joints: list[int] = []
    if random.random() < 0.55:
        voice, joints = (packets_lost if random.random() < lost else torn)(voice, RATE, random)
    voice = _as_it_arrives(voice, random)
    start = int(random.integers(0, max(1, voice.size - size - 1)))
    if joints and random.random() < 0.8:
        one = int(random.choice(joints))
        start = int(np.clip(one - random.integers(RATE // 10, RATE // 2), 0, max(0, voice.size - size)))
    heard = resample_poly(np.pad(voice[start : start + size], (0, max(0, start + size - voice.size))), 1, 3)
    heard *= 10 ** (random.uniform(-4, 4) / 20) / (_loudness(heard, VOICE_RATE) + 1e-9)
    truth = np.zeros(heard.size // HOP, np.int8)
    at = [(joint - start) * VOICE_RATE / RATE / HOP for joint in joints]
    for place in at:
        low, high = int(np.floor(place - 1.5)), int(np.ceil(place + 1.5))
        truth[max(0, low - _NEAR) : max(0, high + _NEAR + 1)] = -1
    for place in at:
        truth[max(0, int(np.floor(place - 1.5))) : max(0, int(np.ceil(place + 1.5)) + 1)] = 1
    return heard.astype(np.float32), truth


def _piece(clips: list[Stored], share: Samples, size: int, random: Random) -> Samples:
    """Of any clip, with silence before and after where it is shorter."""
    while True:
        part = clips[int(random.choice(len(clips), p=share))]
        if part.size > size:
            start = int(random.integers(part.size - size))
            part = part[start : start + size]
        voice = part.astype(np.float64) / 32768
        if random.random() < 0.08:  # higher or lower, as other people's
            voice = resample_poly(voice, int(random.integers(85, 118)), 100)[:size]
        if voice.size < size:
            before = int(random.integers(size - voice.size + 1))
            voice = np.pad(voice, (before, size - voice.size - before))
        if np.sqrt(np.mean(np.square(voice))) > 0.01:
            return voice


def _in_a_room(voice: Samples, random: Random) -> Samples:
    """Half of them in a furnished room, half before a microphone that is not flat."""
    if random.random() < 0.5:
        seconds = np.arange(int(0.16 * RATE)) / RATE
        tail = random.standard_normal(seconds.size) * 10 ** (-3 * seconds / random.uniform(0.12, 0.45))
        tail[: int(0.002 * RATE)] = 0
        if random.random() < 0.7:
            tail = lfilter([1], [1, -random.uniform(0.2, 0.8)], tail)
        tail *= 10 ** (-random.uniform(0, 14) / 20) / np.linalg.norm(tail)
        tail[0] = 1
        voice = fftconvolve(voice, tail)[: voice.size]
    return lfilter([1, random.uniform(-0.36, 0.3)], [1], voice) if random.random() < 0.5 else voice


def _gated(voice: Samples, random: Random) -> Samples:
    """Behind a noise gate, which closes and opens within 2 to 30 ms."""
    level = np.sqrt(smoothed(np.square(voice), RATE // 200))
    opened = level > 10 ** (-random.uniform(18, 32) / 20) * np.sqrt(np.mean(np.square(voice)))
    gain = opened.astype(np.float64)
    if random.random() < 0.7:
        gain = (smoothed(gain, int(random.uniform(0.03, 0.12) * RATE)) > 1e-6).astype(np.float64)
    gain = smoothed(gain, int(random.uniform(0.002, 0.03) * RATE))
    return voice * np.maximum(gain, 10 ** (-random.uniform(10, 60) / 20))


def _as_it_arrives(voice: Samples, random: Random) -> Samples:
    """With noise, clicks, a gain that wanders and a coder, each now and then."""
    loudness = _loudness(voice, RATE)
    noise = random.standard_normal(voice.size)
    if random.random() < 0.6:
        noise = lfilter([1], [1, -random.uniform(0.5, 0.97)], noise)
    voice = voice + noise * loudness * 10 ** (-random.uniform(28, 65) / 20) / np.std(noise)
    for _ in range(int(random.integers(1, 4)) if random.random() < 0.2 else 0):
        size = int(random.uniform(0.002, 0.03) * RATE)
        click = random.standard_normal(size) * np.exp(-np.arange(size) / size * random.uniform(3, 8))
        if random.random() < 0.5:
            click = lfilter([1], [1, -random.uniform(0.3, 0.9)], click)
        at = int(random.integers(voice.size - size))
        voice[at : at + size] += click / np.abs(click).max() * loudness * random.uniform(0.1, 1.5)
    if random.random() < 0.15:
        points = np.linspace(0, voice.size, 6)
        voice = voice * np.interp(np.arange(voice.size), points, 10 ** (random.uniform(-6, 6, 6) / 20))
    if random.random() < 0.2:
        subtype, best = ("OPUS", 0.8) if random.random() < 0.4 else ("VORBIS", 0.7)
        whole = voice * 0.6 / np.abs(voice).max()
        decoded = shaping.coded(whole, RATE, "OGG", subtype, random.uniform(0.2, best))
        voice = np.pad(decoded, (0, voice.size - decoded.size))
    return voice


def _loudness(voice: Samples, rate: int) -> float:
    """The root of the mean square of the loudest third."""
    energy = np.sort(smoothed(np.square(voice), rate // 50)[:: rate // 1000])
    return float(np.sqrt(np.mean(energy[-energy.size // 3 :])))


def _make(seed: int, lost: float, batches: multiprocessing.Queue[Any]) -> None:
    clips, random = pool(), np.random.default_rng(seed)
    faults = Faults.heard(RATE, random)
    sizes = np.array([clip.size for clip in clips], np.float64)
    while True:
        made = [example(clips, sizes / sizes.sum(), faults, random, lost) for _ in range(BATCH)]
        batches.put((np.stack([voice for voice, _ in made]), np.stack([truth for _, truth in made])))


def begin(random: Random) -> dict[str, Samples]:
    """Weights before training. The first filters are those of hearing: `FILTERS` tones on the mel scale."""
    mel = 2595 * np.log10(1 + np.array((120.0, 7700.0)) / 700)
    tones = 700 * (10 ** (np.linspace(*mel, FILTERS) / 2595) - 1)
    seconds = (np.arange(SIZE) - SIZE / 2 + 0.5) / VOICE_RATE
    waves = np.hanning(SIZE) * np.exp(2j * np.pi * tones[:, None] * seconds)
    waves /= np.linalg.norm(waves, axis=1, keepdims=True)
    weights = {
        "real": waves.real,
        "imaginary": waves.imag,
        "signed": random.normal(0, 0.1, (SIGNED, SIZE)),
        "first.weight": random.normal(0, (FILTERS + SIGNED) ** -0.5, (3, FILTERS + SIGNED, CHANNELS)),
        "first.bias": np.zeros(CHANNELS),
        "last.weight": random.normal(0, 0.05, CHANNELS),
        "last.bias": np.full(1, -3.0),
    }
    for number in range(len(DILATIONS)):
        weights[f"{number}.weight"] = random.normal(
            0, 0.5 * (1.5 * CHANNELS) ** -0.5, (3, CHANNELS, CHANNELS)
        )
        weights[f"{number}.bias"] = np.zeros(CHANNELS)
    return weights


def train(out: Path, minutes: float, seed: int, lost: float, rate: float, start: Path | None = None) -> None:
    """Writes the weights to `out`, again and again as they get better; `start`: weights to go on from, `rate`: how
    far they go in a step at most."""
    import jax
    import jax.numpy as jnp

    def convolved(heard: Any, weight: Any, dilation: int) -> Any:
        return jax.lax.conv_general_dilated(
            heard,
            weight,
            (1,),
            [(dilation, dilation)],
            rhs_dilation=(dilation,),
            dimension_numbers=("NWC", "WIO", "NWC"),
        )

    def answers(weights: Any, voice: Any) -> Any:
        around = jnp.pad(voice, ((0, 0), (HOP, HOP)))
        parts = [around[:, at : at + voice.shape[1]].reshape(len(voice), -1, HOP) for at in (0, HOP, 2 * HOP)]
        part = jnp.concatenate(parts, axis=-1)
        power = (part @ weights["real"].T) ** 2 + (part @ weights["imaginary"].T) ** 2
        signed = part @ weights["signed"].T
        heard = jnp.concatenate([0.3 * jnp.log(power + 1e-4) + 0.6, signed / (jnp.abs(signed) + 0.3)], -1)
        heard = jax.nn.relu(convolved(heard, weights["first.weight"], 1) + weights["first.bias"])
        for number, dilation in enumerate(DILATIONS):
            sums = convolved(heard, weights[f"{number}.weight"], dilation) + weights[f"{number}.bias"]
            heard += 0.5 * jax.nn.relu(sums)
        return heard @ weights["last.weight"] + weights["last.bias"]

    def loss(weights: Any, voice: Any, truth: Any) -> Any:
        """Cross entropy; a joint weighs 8 times what none does, since it is so rare."""
        answer, joint = answers(weights, voice), truth == 1
        wrong = jnp.maximum(answer, 0) - answer * joint + jnp.log1p(jnp.exp(-jnp.abs(answer)))
        return jnp.sum(wrong * jnp.where(joint, 8.0, 1.0) * (truth >= 0)) / jnp.sum(truth >= 0)

    @jax.jit
    def step(weights: Any, first: Any, second: Any, number: Any, rate: Any, voice: Any, truth: Any) -> Any:
        """One step of Adam (Kingma and Ba 2015), the gradient cut to a length of 1."""
        value, slope = jax.value_and_grad(loss)(weights, voice, truth)
        length = jnp.sqrt(sum(jnp.sum(part**2) for part in jax.tree.leaves(slope)))
        slope = jax.tree.map(lambda part: part / jnp.maximum(length, 1.0), slope)
        first = jax.tree.map(lambda mean, part: 0.9 * mean + 0.1 * part, first, slope)
        second = jax.tree.map(lambda mean, part: 0.999 * mean + 0.001 * part**2, second, slope)
        weights = jax.tree.map(
            lambda one, mean, square: (
                one - rate * (mean / (1 - 0.9**number)) / (jnp.sqrt(square / (1 - 0.999**number)) + 1e-8)
            ),
            weights,
            first,
            second,
        )
        return weights, first, second, value

    spawning = multiprocessing.get_context("spawn")
    batches: Any = spawning.Queue(24)
    maker = spawning.Process(target=_make, args=(seed, lost, batches), daemon=True)
    maker.start()
    random, bank = np.random.default_rng(seed), []
    known = begin(random) if start is None else dict(np.load(start))
    weights = jax.tree.map(lambda one: jnp.asarray(one, jnp.float32), known)
    first = second = jax.tree.map(jnp.zeros_like, weights)
    number, losses, started = 0, [], time.monotonic()
    while (along := (time.monotonic() - started) / (60 * minutes)) < 1:
        number += 1
        now = rate * min(1, number / 200) * 0.5 * (1 + np.cos(np.pi * along)) + 2e-5
        try:
            bank.append(batches.get(block=len(bank) < 4))
            batch, factor = bank[-1], 1.0
            bank = bank[-BANK:]
        except queue.Empty:  # one that was seen before, a little louder or fainter, or upside down
            batch = bank[int(random.integers(len(bank)))]
            factor = float(random.choice((-1, 1))) * 10 ** (random.uniform(-3, 3) / 20)
        voice, truth = batch[0] * np.float32(factor), batch[1]
        weights, first, second, value = step(weights, first, second, number, now, voice, truth)
        losses.append(float(value))
        if number % 500 == 0:
            print(
                f"{number} steps, {time.monotonic() - started:.0f} s, loss {np.mean(losses[-500:]):.4f}",
                flush=True,
            )
            np.savez(out, **{name: np.asarray(one, np.float16) for name, one in weights.items()})
    np.savez(out, **{name: np.asarray(one, np.float16) for name, one in weights.items()})
    maker.terminate()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--lost", type=float, default=0.06, help="share of torn voices through Opus")
    arguments.add_argument("--rate", type=float, default=3e-3, help="of learning, at its highest")
    arguments.add_argument("--start", type=Path, help="weights to go on from")
    chosen = arguments.parse_args()
    train(chosen.out, chosen.minutes, chosen.seed, chosen.lost, chosen.rate, chosen.start)
