"""Noises of rooms and desks, made from a seed; and rooms to talk in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile

from tests.material.shaping import Samples, filtered, power, resampled

Random = np.random.Generator


def white(count: int, rate: int, random: Random) -> Samples:
    return random.normal(size=count)


def pink(count: int, rate: int, random: Random) -> Samples:
    return filtered(random.normal(size=count), rate, lambda hz: 1 / np.sqrt(np.maximum(hz, 20)))


def brown(count: int, rate: int, random: Random) -> Samples:
    return filtered(random.normal(size=count), rate, lambda hz: 1 / np.maximum(hz, 60))


def fan(count: int, rate: int, random: Random) -> Samples:
    """Rushing air with the blades' tone in it."""
    air = filtered(
        random.normal(size=count), rate, lambda hz: 1 / (1 + (hz / random.uniform(400, 900)) ** 1.5)
    )
    blades = random.uniform(90, 260)
    time = np.arange(count) / rate
    tone = sum(np.sin(2 * np.pi * blades * n * time + random.uniform(0, 6)) / n**2 for n in (1, 2, 3))
    return air / np.sqrt(power(air)) + 0.3 * np.asarray(tone)


def babble(voices: Sequence[Samples]) -> Callable[[int, int, Random], Samples]:
    """Many people talking at once; `voices` at the rate that will be asked for."""

    def make(count: int, rate: int, random: Random) -> Samples:
        total = np.zeros(count)
        for _ in range(14):
            voice = voices[int(random.integers(len(voices)))]
            looped = np.resize(np.roll(voice, int(random.integers(voice.size))), count)
            total += looped / np.sqrt(power(looped) + 1e-12) * random.uniform(0.6, 1)
        return total

    return make


def keyboard(count: int, rate: int, random: Random) -> Samples:
    """Keys going down and up, about six a second; recorded ones where they are installed."""
    keys = sorted(Path("/usr/share/buckle/wav").glob("[1-3]*-[01].wav"))
    total = np.zeros(count)
    at = random.uniform(0, 0.2)
    while at < count / rate:
        if keys and random.random() < 0.7:
            click, key_rate = soundfile.read(
                keys[int(random.integers(len(keys)))], dtype="float64", always_2d=True
            )
            click = resampled(click[: key_rate // 4, 0], key_rate, rate)
            click = click / (np.abs(click).max() + 1e-9)
        else:
            time = np.arange(int(0.03 * rate)) / rate
            ring = np.sin(2 * np.pi * random.uniform(1500, 4000) * time)
            click = (random.normal(size=time.size) + 2 * ring) * np.exp(-time / 0.006)
        start = int(at * rate)
        part = total[start : start + click.size]
        part += random.uniform(0.4, 1) * click[: part.size]
        at += random.gamma(4, 0.04)
    return total


def knocks(count: int, rate: int, random: Random) -> Samples:
    """Doors, cups, knocks on the table."""
    total = np.zeros(count)
    at = random.uniform(0, 0.6)
    while at < count / rate:
        time = np.arange(int(random.uniform(0.1, 0.35) * rate)) / rate
        body = sum(np.sin(2 * np.pi * hz * time) for hz in random.uniform(80, 1200, 6))
        knock = (np.asarray(body) + 2 * random.normal(size=time.size)) * np.exp(
            -time / random.uniform(0.02, 0.08)
        )
        start = int(at * rate)
        part = total[start : start + knock.size]
        part += random.uniform(0.5, 1) * knock[: part.size]
        at += random.uniform(0.3, 1.0)
    return total


def gusts(count: int, rate: int, random: Random) -> Samples:
    """Noise that comes and goes: traffic, rustling paper, somebody's breath."""
    edges = np.cumsum(random.uniform(0.12, 0.7, 60))
    time = np.arange(count) / rate
    on = np.searchsorted(edges, time) % 2 == 0
    soft = np.convolve(on, np.hanning(rate // 20) / np.hanning(rate // 20).sum(), "same")
    return pink(count, rate, random) * soft


STEADY = {"white": white, "pink": pink, "brown": brown, "fan": fan}
BURSTS = {"keyboard": keyboard, "knocks": knocks, "gusts": gusts}


def hum(count: int, rate: int, random: Random, base: float, harmonics: int) -> Samples:
    """The mains: `base` 50 or 60 Hz, a little off, and its harmonics."""
    time = np.arange(count) / rate
    base = base * random.uniform(0.999, 1.001)
    total = np.zeros(count)
    for n in range(1, harmonics + 1):
        strength = random.uniform(0.3, 1) / n ** random.uniform(0.3, 1.2)
        total += strength * np.sin(2 * np.pi * base * n * time + random.uniform(0, 6.28))
    return total


def tail_room(rate: int, random: Random, seconds: float, direct_db: float) -> Samples:
    """An impulse response as measured ones look: direct sound, a few early echoes, a tail that dies
    faster at high frequencies. `seconds` to -60 dB; `direct_db` direct to all the rest."""
    time = np.arange(int(min(seconds, 2.5) * rate)) / rate
    tail = np.zeros(time.size)
    for low, high, share in ((0, 500, 1.15), (500, 2000, 1.0), (2000, 5000, 0.8), (5000, 1e9, 0.55)):
        band = filtered(
            random.normal(size=time.size), rate, lambda hz, low=low, high=high: (hz >= low) & (hz < high)
        )
        tail += band * 10 ** (-3 * time / (seconds * share))
    tail[: int(0.004 * rate)] = 0
    for _ in range(7):
        at = int(random.uniform(0.004, 0.03) * rate)
        tail[at] += random.choice((-1, 1)) * random.uniform(1, 3)
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(np.square(tail)))
    tail[0] = 1.0
    return tail


def box_room(rate: int, random: Random, absorbed: float, distance: float) -> Samples:
    """An impulse response of a shoebox by image sources (Allen and Berkley 1979), `absorbed` (0-1) at
    every wall, the microphone `distance` metres away."""
    size = np.array((random.uniform(3, 9), random.uniform(2.5, 6), random.uniform(2.3, 3.4)))
    source = size * random.uniform(0.25, 0.6, 3)
    way = random.normal(size=3) * (1, 1, 0.2)
    microphone = np.clip(source + distance * way / np.linalg.norm(way), 0.2, size - 0.2)
    order = np.arange(-9, 10)
    n, m, k = (part.ravel() for part in np.meshgrid(order, order, order))
    response = np.zeros(int(1.2 * rate))
    for sign in np.ndindex(2, 2, 2):
        flip = np.array(sign)
        images = 2 * np.stack((n, m, k), 1) * size + np.where(flip, -source, source)
        bounces = np.abs(2 * np.stack((n, m, k), 1) - flip).sum(axis=1)
        way_long = np.linalg.norm(images - microphone, axis=1)
        at = np.round(way_long / 343 * rate).astype(int)
        strength = (1 - absorbed) ** (bounces / 2) / (4 * np.pi * way_long)
        good = at < response.size
        # A wall is no mirror: each bounce has a sign of its own, which keeps the tail from ringing.
        np.add.at(response, at[good], strength[good] * np.where(random.random(good.sum()) < 0.3, -1, 1))
    first = int(np.argmax(np.abs(response) > 0))
    response = response[first:]
    return response / np.abs(response[0])
