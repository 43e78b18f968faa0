"""Recordings with one known fault each, or none, from any voice: what the analysis is tested on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from readiness.analysis.sound_level import active_level
from tests.material import noises, shaping
from tests.material.shaping import Samples, gain, power, resampled
from tests.material.voices import Clip

Random = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Recording:
    """`cause`: the code that must come first (`works`: none); `also`: codes that may in its place.

    `truth` has what is known of the figures: active_level_dbfs, snr_db, band_edge_hz, clipped_percent.
    """

    name: str
    kind: str
    cause: str
    samples: Samples
    rate: int
    also: tuple[str, ...] = ()
    truth: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Voiced:
    """A piece of a clip, whole, at a usual level and rate; `level` is its active level in dBFS."""

    samples: Samples
    rate: int
    level: float
    name: str


Fault = Callable[[Voiced, Random], Recording]


def voiced(clip: Clip, random: Random) -> Voiced:
    """3-8 s of a clip from anywhere in it, at a random usual level and rate.

    Half of them get a pause, as between two sentences, with no more than the clip's own noise in it.
    """
    for _ in range(20):
        count = int(min(clip.samples.size, random.uniform(3, 8) * clip.rate))
        start = int(random.integers(clip.samples.size - count + 1))
        part = clip.samples[start : start + count]
        part = part - np.mean(part)
        level, activity = active_level(part, clip.rate)
        if activity > 0.45 and level > active_level(clip.samples, clip.rate)[0] - 6:
            break
    if random.random() < 0.5:
        part = _paused(part, clip.rate, level, random)
    rate = clip.rate if random.random() < 0.5 else int(random.choice((16000, 44100, 48000)))
    part = resampled(part, clip.rate, rate)
    wanted = random.uniform(-30, -20)
    now, _ = active_level(part, rate)
    wanted = min(wanted, now + 20 * float(np.log10(0.9 / np.abs(part).max())))
    return Voiced(samples=gain(part, wanted - now), rate=rate, level=wanted, name=clip.name)


def _paused(part: Samples, rate: int, level: float, random: Random) -> Samples:
    """With a pause of 0.3-0.9 s where the voice is faintest, which is faded out and in."""
    size = rate // 20
    frames = np.sqrt(np.mean(np.square(part[: part.size // size * size]).reshape(-1, size), axis=1))
    at = int(np.argmin(frames[2:-2]) + 2) * size + size // 2
    fade = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, size // 2))
    before, after = part[:at].copy(), part[at:].copy()
    before[-fade.size :] *= fade
    after[: fade.size] *= fade[::-1]
    floor = min(float(np.quantile(frames, 0.03)), 10 ** ((level - 40) / 20))
    pause = floor * random.normal(size=int(random.uniform(0.3, 0.9) * rate))
    return np.concatenate((before, pause, after))


def _made(base: Voiced, kind: str, cause: str, samples: Samples, **more: object) -> Recording:
    rate = int(more.pop("rate", base.rate))  # type: ignore[call-overload]
    whole = shaping.in_steps(samples)
    return Recording(name=f"{base.name}:{kind}", kind=kind, cause=cause, samples=whole, rate=rate, **more)  # type: ignore[arg-type]


def _plain(base: Voiced, random: Random) -> Recording:
    return _made(base, "plain", "works", base.samples, truth={"active_level_dbfs": base.level})


def _with_codec(base: Voiced, random: Random) -> Recording:
    rate = 48000 if random.random() < 0.5 else 16000
    samples = resampled(base.samples, base.rate, rate)
    kind = str(random.choice(("mp3", "vorbis", "opus", "alaw16k")))
    if kind == "mp3":
        samples = shaping.coded(samples, rate, "MP3", "MPEG_LAYER_III", random.uniform(0.2, 0.6))
    elif kind == "vorbis":
        samples = shaping.coded(samples, rate, "OGG", "VORBIS", random.uniform(0.2, 0.8))
    elif kind == "opus":
        samples = shaping.coded(samples, rate, "OGG", "OPUS", random.uniform(0.2, 0.8))
    else:
        samples = shaping.coded(samples, rate, "WAV", "ALAW")
    return _made(base, f"codec {kind}", "works", samples, rate=rate, truth={"active_level_dbfs": base.level})


def _gated(base: Voiced, random: Random) -> Recording:
    """A noise gate: pauses are cut to nothing, with a fast attack and a slower release."""
    rate = base.rate
    size = rate // 100
    frames = np.sqrt(
        np.mean(np.square(np.pad(base.samples, (0, -base.samples.size % size)).reshape(-1, size)), axis=1)
    )
    is_open = frames > 10 ** ((base.level - 24) / 20)
    held = np.convolve(is_open, np.ones(12))[: is_open.size] > 0
    at = np.repeat(held.astype(float), size)[: base.samples.size]
    fade = np.concatenate((np.linspace(0, 1, rate // 200), np.ones(1)))
    soft = np.convolve(at, fade[::-1] / fade.sum(), "same")
    return _made(base, "gated", "works", base.samples * np.where(soft < 0.02, 0, soft))


def _light_room(base: Voiced, random: Random) -> Recording:
    response = noises.tail_room(base.rate, random, random.uniform(0.15, 0.3), random.uniform(8, 14))
    samples = shaping.convolved(base.samples, response)
    return _made(
        base, "light room", "works", samples / np.sqrt(power(samples)) * np.sqrt(power(base.samples))
    )


def _light_noise(base: Voiced, random: Random) -> Recording:
    return _noised(base, random, noises.STEADY, random.uniform(26, 36), "light noise", "works")


def _noised(
    base: Voiced,
    random: Random,
    choice: Mapping[str, Callable[..., Samples]],
    snr: float,
    kind: str,
    cause: str,
) -> Recording:
    name = str(random.choice(sorted(choice)))
    noise = choice[name](base.samples.size, base.rate, random)
    noise = noise - np.mean(noise)
    noise *= 10 ** ((base.level - snr) / 20) / np.sqrt(power(noise))
    samples = base.samples + noise
    fit = min(1.0, 0.95 / float(np.abs(samples).max()))
    # The ratio counts what lies above 50 Hz.
    counted = snr - 10 * float(np.log10(power(shaping.high_pass(noise, base.rate, 40)) / power(noise)))
    truth = {"snr_db": counted, "active_level_dbfs": base.level + 20 * float(np.log10(fit))}
    return _made(base, f"{kind} {name}", cause, samples * fit, truth=truth)


def _steady(base: Voiced, random: Random) -> Recording:
    return _noised(base, random, noises.STEADY, random.uniform(1, 12), "steady", "noisy")


def _bursts(base: Voiced, random: Random) -> Recording:
    return _noised(base, random, noises.BURSTS, random.uniform(1, 11), "bursts", "noisy")


def _silent(base: Voiced, random: Random) -> Recording:
    count = base.samples.size
    kind = str(random.choice(("zeros", "steps", "offset")))
    samples = np.zeros(count)
    if kind == "steps":
        samples = random.integers(-1, 2, count) / 32768
    if kind == "offset":
        samples = np.full(count, random.uniform(-0.01, 0.01))
    return _made(base, f"silent {kind}", "silent", samples)


def _no_speech(base: Voiced, random: Random) -> Recording:
    kinds = {**noises.STEADY, **noises.BURSTS}
    name = str(random.choice((*sorted(kinds), "hum", "tone")))
    if name == "hum":
        noise = noises.hum(base.samples.size, base.rate, random, 50, 8)
    elif name == "tone":
        noise = np.sin(2 * np.pi * random.uniform(200, 3000) * np.arange(base.samples.size) / base.rate)
    else:
        noise = kinds[name](base.samples.size, base.rate, random)
    noise = noise + 0.02 * np.sqrt(power(noise)) * random.normal(size=noise.size)
    noise *= 10 ** (random.uniform(-65, -32) / 20) / np.sqrt(power(noise))
    return _made(base, f"no speech {name}", "no_speech", noise)


def _too_quiet(base: Voiced, random: Random) -> Recording:
    level = random.uniform(-66, -44)
    samples = gain(base.samples, level - base.level) + random.normal(size=base.samples.size) / 32768 / 2
    return _made(
        base, "too quiet", "too_quiet", samples, truth={"active_level_dbfs": level} if level > -60 else {}
    )


def _too_loud(base: Voiced, random: Random) -> Recording:
    """Turned up, with a limiter that keeps the peaks whole."""
    level, samples, now = random.uniform(-10, -7), base.samples, base.level
    for _ in range(12):
        samples = shaping.limited(gain(samples, level - now), base.rate, 0.93)
        now, _ = active_level(samples, base.rate)
    # The limiter lets the voice wander below 50 Hz, which the level does not count.
    counted, _ = active_level(shaping.high_pass(samples, base.rate, 40), base.rate)
    return _made(base, "too loud", "too_loud", samples, truth={"active_level_dbfs": counted})


def _clipped(base: Voiced, random: Random) -> Recording:
    peak = float(np.abs(base.samples).max())
    over = random.uniform(5, 20)
    edge = peak * 10 ** (-over / 20)
    low = -edge * (random.uniform(0.8, 1.3) if random.random() < 0.3 else 1)
    samples = np.clip(base.samples, low, edge)
    share = 100 * float(np.mean((base.samples >= edge) | (base.samples <= low)))
    # Turned up before it was cut, or down after: the cut may be at any level.
    samples *= 10 ** (random.uniform(-22, -16) / 20) / np.sqrt(power(samples))
    top = float(np.abs(samples).max())
    if random.random() < 0.4 or top > 1:
        samples /= top
    if random.random() < 0.2:
        rate = 48000 if base.rate != 48000 else 16000
        return _made(
            base,
            "clipped resampled",
            "clipped",
            np.clip(resampled(samples * 0.9, base.rate, rate), -1, 1),
            rate=rate,
        )
    return _made(base, "clipped", "clipped", samples, truth={"clipped_percent": share})


def _hum(base: Voiced, random: Random) -> Recording:
    mains = float(random.choice((50, 60)))
    noise = noises.hum(base.samples.size, base.rate, random, mains, int(random.integers(3, 16)))
    snr = random.uniform(4, 24)
    noise *= 10 ** ((base.level - snr) / 20) / np.sqrt(power(noise))
    return _made(base, f"hum {mains:.0f}", "hum", base.samples + noise)


def _telephone(base: Voiced, random: Random) -> tuple[Samples, int, str, float]:
    kind = str(random.choice(("8 kHz", "up", "alaw", "ulaw", "gsm", "pass 3.4", "pass 4", "band")))
    samples, rate, edge = base.samples, base.rate, 4000.0
    if kind in ("8 kHz", "up", "alaw", "ulaw", "gsm"):
        samples, rate = shaping.low_pass(samples, rate, 3700, 500), rate
        samples, edge = resampled(samples, rate, 8000), 3700.0
        if kind in ("alaw", "ulaw"):
            samples = shaping.coded(samples, 8000, "WAV", kind.upper())
        if kind == "gsm":
            samples = shaping.coded(samples, 8000, "WAV", "GSM610")
        rate = 8000
        if kind == "up" or random.random() < 0.6:
            rate = int(random.choice((16000, 44100, 48000)))
            samples = resampled(samples, 8000, rate)
    elif kind == "band":
        samples, edge = shaping.low_pass(shaping.high_pass(samples, rate, 300), rate, 3400), 3400.0
    else:
        edge = 3400.0 if kind == "pass 3.4" else 4000.0
        samples = shaping.low_pass(samples, rate, edge, random.uniform(80, 500))
    return samples, rate, kind, edge


def _narrowband(base: Voiced, random: Random) -> Recording:
    samples, rate, kind, edge = _telephone(base, random)
    return _made(base, f"narrowband {kind}", "narrowband", samples, rate=rate, truth={"band_edge_hz": edge})


def _narrowband_and(base: Voiced, random: Random) -> Recording:
    """The telephone band together with another fault: both are right, the band must be among them."""
    samples, rate, kind, _ = _telephone(base, random)
    narrow = Voiced(samples=samples, rate=rate, level=base.level, name=base.name)
    other = (_steady, _bursts, _hum, _dropouts, _too_quiet, _clipped)[int(random.integers(6))]
    made = other(narrow, random)
    return Recording(
        name=made.name, kind=f"narrowband {kind} and {made.cause}", cause="narrowband", also=(made.cause,),
        samples=made.samples, rate=made.rate,
    )  # fmt: skip


def _dropouts(base: Voiced, random: Random) -> Recording:
    kind = str(random.choice(("zero", "repeat", "hold", "packets", "joined", "concealed")))
    samples = base.samples.copy()
    rate = base.rate
    if kind in ("joined", "concealed"):
        samples = (_joined if kind == "joined" else _concealed)(samples, rate, random)
        return _made(base, f"dropouts {kind}", "dropouts", samples)
    length = int(random.uniform(0.01, 0.08) * rate)
    starts = np.cumsum(random.gamma(3, random.uniform(0.08, 0.2), 60)) * rate
    if kind == "packets":
        length = int(random.choice((0.01, 0.02)) * rate)
        starts = np.flatnonzero(random.random(samples.size // length) < random.uniform(0.05, 0.15)) * length
    for start in starts.astype(int):
        if start < length or start + length >= samples.size:
            continue
        if kind == "repeat" or (kind == "packets" and random.random() < 0.3):
            samples[start : start + length] = base.samples[start - length : start]
        elif kind == "hold":
            samples[start : start + length] = samples[start - 1]
        else:
            samples[start : start + length] = 0
    return _made(base, f"dropouts {kind}", "dropouts", samples)


def _joined(samples: Samples, rate: int, random: Random) -> Samples:
    """Pieces of 20-120 ms are missing and their ends joined."""
    starts = (np.cumsum(random.gamma(3, random.uniform(0.1, 0.25), 60)) * rate).astype(int)
    kept = np.ones(samples.size, dtype=np.bool_)
    for start in starts[starts < samples.size]:
        kept[start : start + int(random.uniform(0.02, 0.12) * rate)] = False
    return samples[kept]


def _concealed(samples: Samples, rate: int, random: Random) -> Samples:
    """Lost packets are filled in with the packet before, fading away."""
    filled = samples.copy()
    size = int(random.choice((0.01, 0.02, 0.03)) * rate)
    fading = np.linspace(1, random.choice((0.0, 0.3, 0.6)), size)
    for start in np.flatnonzero(random.random(samples.size // size) < random.uniform(0.05, 0.15)) * size:
        if size <= start <= samples.size - size:
            filled[start : start + size] = filled[start - size : start] * fading
    return filled


def _reverberant(base: Voiced, random: Random) -> Recording:
    if random.random() < 0.5:
        kind, response = (
            "tail",
            noises.tail_room(base.rate, random, random.uniform(0.7, 1.8), random.uniform(-9, -1)),
        )
    else:
        kind = "box"
        response = noises.box_room(base.rate, random, random.uniform(0.05, 0.14), random.uniform(1.5, 4))
    samples = shaping.convolved(base.samples, response)
    samples *= np.sqrt(power(base.samples) / power(samples))
    return _made(base, f"reverberant {kind}", "reverberant", samples * min(1, 0.95 / np.abs(samples).max()))


def _echo(base: Voiced, random: Random) -> Recording:
    delay = int(random.uniform(0.08, 0.6) * base.rate)
    strength = 10 ** (random.uniform(-12, -3) / 20)
    samples = base.samples.copy()
    for n in range(1, 2 + int(random.random() < 0.3)):
        samples[n * delay :] += strength**n * base.samples[: max(0, samples.size - n * delay)]
    return _made(base, "echo", "echo", samples * min(1, 0.95 / np.abs(samples).max()))


def _offset(base: Voiced, random: Random) -> Recording:
    offset = random.uniform(0.04, 0.3) * random.choice((-1, 1))
    samples = base.samples * min(1, (0.98 - abs(offset)) / np.abs(base.samples).max())
    return _made(base, "offset", "dc_offset", samples + offset)


GOOD: tuple[Fault, ...] = (_plain, _with_codec, _gated, _light_room, _light_noise)
FAULTS: tuple[Fault, ...] = (
    _silent, _no_speech, _too_quiet, _too_loud, _clipped, _steady, _bursts, _hum, _narrowband,
    _narrowband_and, _dropouts, _reverberant, _echo, _offset,
)  # fmt: skip


def recordings(clips: Sequence[Clip], *, seed: int, each: int) -> Iterator[Recording]:
    """`each` recordings of every fault, and as many good ones of every kind, voices in turn."""
    random = np.random.default_rng(seed)
    order = [clips[int(n)] for _ in range(each) for n in random.permutation(len(clips))]
    at = 0
    for kind in (*GOOD, *FAULTS):
        for _ in range(each):
            base = voiced(order[at % len(order)], random)
            at += 1
            yield kind(base, random)
