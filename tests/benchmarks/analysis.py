"""Processor seconds of the analysis alone, apart from drivers, decoding, window and models being loaded.

    python -m tests.benchmarks.analysis [runs]

One guided run's worth: a film of 3 s at 1280x720, a quiet second and five of a voice at 48 kHz, and the
search for the probe in what the microphone heard of the speaker. The first run loads the models and
stands apart. Aim: at most 2 s together.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import soundfile

from readiness.analysis import signals, sound
from readiness.analysis.picture import PictureMeter
from readiness.analysis.picture_face import FaceFinder
from tests.benchmarks.hosted import as_device_host
from tests.gui.recordings import film, voice

RATE_HZ = 48_000
GUIDED_SECONDS = 6.0


def main(arguments: list[str]) -> None:
    as_device_host("tests.benchmarks.analysis", arguments)
    runs = int(arguments[0]) if arguments else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording = film(folder / "film.avi", 3.0)
        spoken = _spoken(folder)
        finder = FaceFinder()
        parts: dict[str, Callable[[], float]] = {
            "picture": lambda: _picture(recording, finder),
            "voice": lambda: _timed(lambda: sound.figures(spoken, RATE_HZ)),
            "loop": _loop,
        }
        taken = {part: [measure() for _ in range(runs + 1)] for part, measure in parts.items()}
    for part, (first, *others) in taken.items():
        print(f"{part:8} first {first:5.2f} s, then {_spread(others)} s ({runs} runs)")
    together = [sum(rows) for rows in zip(*(rows[1:] for rows in taken.values()), strict=True)]
    print(f"together {'':13}  {_spread(together)} s (aim 2)")


def _spoken(folder: Path) -> sound.Samples:
    file = folder / "voice.wav"
    voice(file, times=3)
    samples, rate_hz = soundfile.read(file)
    mono = sound.resampled(samples[: int(GUIDED_SECONDS * rate_hz)], rate_hz, RATE_HZ)
    return mono[:, None]


def _picture(recording: Path, finder: FaceFinder) -> float:
    """The frames are decoded between the measurements."""
    capture = cv2.VideoCapture(str(recording))
    meter, spent, number = PictureMeter(finder, coded=True), 0.0, 0
    while True:
        got, frame = capture.read()
        if not got:
            break
        at = number / 30
        spent += _timed(lambda frame=frame, at=at: meter.add(frame, at))
        number += 1
    capture.release()
    return spent + _timed(meter.figures)


def _loop() -> float:
    heard = 0.05 * signals.probe(RATE_HZ)
    started = RATE_HZ // 2 + int(signals.LEAD_SECONDS * RATE_HZ)
    room = np.random.default_rng(1).normal(0, 0.0005, heard.shape[0] + 2 * RATE_HZ)
    room[RATE_HZ // 2 : RATE_HZ // 2 + heard.shape[0]] += heard.sum(axis=1)
    return _timed(lambda: signals.find_probe(room[:, None], RATE_HZ, started))


def _timed(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


if __name__ == "__main__":
    main(sys.argv[1:])
