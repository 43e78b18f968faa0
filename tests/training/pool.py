"""The voices that a network is trained on: people's and synthesisers', plain and through the coders of calls."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import soundfile
from scipy.signal import resample_poly

from tests.material import voices
from tests.material.shaping import Samples
from tests.material.torn import Random

RATE = 48_000
_LEAST_RATE = 16_000
Stored: TypeAlias = "np.ndarray[Any, np.dtype[np.int16]]"
_FOLDERS = (
    ("/usr/share/tuxpaint/stamps", "*_desc_??.ogg", 5_500),
    ("/usr/share/games/fillets-ng/sound", "cs/*.ogg", 2_600),
    ("/usr/share/games/fillets-ng/sound", "nl/*.ogg", 900),
    ("/usr/share/klettres", "*/*/*.ogg", 2_500),
    ("/usr/share/ktuberling/sounds", "*/*.ogg", 1_500),
)
"""Where, which and how many seconds of them at most."""
_SHORTEST_SECONDS, _LONGEST_SECONDS = 0.75, 12.0
_CODERS = (
    ("sbc", "sbc", 16_000, ("-msbc", "1")),
    ("sbc", "sbc", 48_000, ("-b:a", "200k")),
    ("aac", "adts", 48_000, ("-b:a", "64k")),
    ("libmp3lame", "mp3", 48_000, ("-b:a", "64k")),
    ("g722", "g722", 16_000, ()),
    ("libspeex", "ogg", 16_000, ()),
)
"""Of headsets, calls and recordings: FFmpeg's name, its container, the rate and what else to ask for."""
_CODED_EACH = 10
_SAID = {
    "sv": "Vi ses på mötet klockan tio, och alla kan delta från sin egen dator.",
    "en": "Please read this sentence aloud, as you would speak in a meeting.",
    "de": "Wir treffen uns am Montag um neun Uhr im großen Sitzungssaal.",
    "fr": "La réunion commence à dix heures, merci de vérifier votre micro.",
    "fi": "Kokous alkaa kello kymmenen, ja kaikki voivat osallistua kotoa.",
    "pl": "Spotkanie zaczyna się o dziesiątej, proszę sprawdzić mikrofon.",
    "tr": "Toplantı saat onda başlıyor, lütfen mikrofonunuzu kontrol edin.",
    "nb": "Møtet begynner klokka ti, og alle kan bli med hjemmefra.",
}
_MADE_BY_ESPEAK = (
    "", *(f"+f{n}" for n in range(1, 6)), *(f"+m{n}" for n in range(1, 9)), "+klatt", "+klatt2", "+klatt3", "+whisper",
)  # fmt: skip
_MADE_BY_FLITE = ("awb", "rms", "slt")
_SPOKEN_EACH = 2
"""Synthesisers' sounds hang together in their own way, and there are few of them: so they come twice."""


def pool() -> list[Stored]:
    """All voices at 48 kHz, each as loud as it goes."""
    random, found = np.random.default_rng(1), []
    clips = voices.clips(voices.SETTING, fetch=True)
    found += [_stored(clip.samples[: 12 * clip.rate], clip.rate) for clip in clips]
    for folder, pattern, most in _FOLDERS:
        files = sorted(Path(folder).rglob(pattern))
        random.shuffle(files)
        left = float(most)
        for file in files:
            samples, rate = soundfile.read(file, dtype="float64", always_2d=True)
            mono = samples.mean(axis=1)[: int(_LONGEST_SECONDS * rate)]
            if rate < _LEAST_RATE or mono.size < _SHORTEST_SECONDS * rate or np.abs(mono).max() < 0.01:
                continue
            left -= mono.size / rate
            if left < 0:
                break
            found.append(_stored(mono, rate))
    found += _SPOKEN_EACH * [_stored(*voice) for voice in (*_by_espeak(), *_by_flite())]
    return found + [_coded(one, random) for one in found[::_CODED_EACH]]


def _by_espeak() -> Iterator[tuple[Samples, int]]:
    for language, sentence in _SAID.items():
        for voice in _MADE_BY_ESPEAK:
            clip = voices.spoken(language, sentence, voice=voice)
            yield clip.samples, clip.rate


def _by_flite() -> Iterator[tuple[Samples, int]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for voice in _MADE_BY_FLITE:
            for sentence in (
                _SAID["en"],
                "Everybody can join from home.",
                "We decided on the budget in June.",
            ):
                subprocess.run(
                    ["flite", "-voice", voice, "-t", sentence, "-o", str(file)], check=True, timeout=60
                )
                yield soundfile.read(file, dtype="float64")


def _coded(stored: Stored, random: Random) -> Stored:
    """Through one of the coders and back."""
    coder, container, rate, more = _CODERS[int(random.integers(len(_CODERS)))]
    plain = ("-f", "s16le", "-ac", "1", "-ar", str(RATE))
    sent = _ffmpeg(
        (*plain, "-i", "-", "-c:a", coder, "-ar", str(rate), *more, "-f", container), stored.tobytes()
    )
    input_format = {"adts": "aac"}.get(container, container)
    heard = _ffmpeg(("-f", input_format, "-i", "-", *plain), sent)
    return np.frombuffer(heard, np.int16)


def _ffmpeg(arguments: tuple[str, ...], given: bytes) -> bytes:
    command = ["ffmpeg", "-loglevel", "error", *arguments, "-"]
    return subprocess.run(command, input=given, check=True, timeout=60, capture_output=True).stdout


def _stored(mono: Samples, rate: int) -> Stored:
    shared = int(np.gcd(rate, RATE))
    whole = resample_poly(mono, RATE // shared, rate // shared)
    return np.round(whole / np.abs(whole).max() * 29_000).astype(np.int16)
