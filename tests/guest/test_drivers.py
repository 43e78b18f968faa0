"""The drivers of the guest through the libraries that the program uses, without the program."""

import subprocess
import time
from pathlib import Path

import cv2
import pytest
import sounddevice

from tests.lab.tones import RATE, share_of, write_tone

pytestmark = pytest.mark.guest


def test_opencv_films_what_moves_and_no_faster_than_the_camera():
    camera = cv2.VideoCapture(0, cv2.CAP_V4L2)
    try:
        assert camera.isOpened()
        camera.set(cv2.CAP_PROP_FRAME_WIDTH, 640)
        camera.set(cv2.CAP_PROP_FRAME_HEIGHT, 480)
        for _ in range(5):  # what the driver had ready comes at once
            assert camera.read()[0]
        started = time.monotonic()
        frames = [camera.read() for _ in range(50)]
        seconds = time.monotonic() - started
    finally:
        camera.release()
    assert all(taken and frame.shape == (480, 640, 3) and frame.std() > 10 for taken, frame in frames)
    assert len({frame.tobytes() for _, frame in frames}) > 25
    # 25 frames/s. The guest shares its only processor with whatever else runs here, so slower proves nothing.
    assert 50 / seconds < 27


def test_opencv_finds_no_camera_where_there_is_none():
    camera = cv2.VideoCapture(1, cv2.CAP_V4L2)
    assert not camera.isOpened()


def test_sounddevice_records_what_the_sound_card_loops_back(tmp_path: Path):
    tone = write_tone(tmp_path / "tone.wav", hertz=1000, seconds=20, channels=2)
    player = subprocess.Popen(["aplay", "-q", "-D", "hw:Loopback,0", str(tone)])
    try:
        deadline = time.monotonic() + 15
        share = 0.0
        while share < 0.99:
            assert time.monotonic() < deadline, f"the tone was not heard; its share is {share}"
            heard = sounddevice.rec(
                RATE,
                samplerate=RATE,
                channels=2,
                dtype="int16",
                device="Loopback: PCM (hw:0,1)",
                blocking=True,
            )
            share = share_of(1000, heard)
    finally:
        player.terminate()
        player.wait()
