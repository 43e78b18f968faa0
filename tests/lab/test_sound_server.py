import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lab.sound_server import MICROPHONE, SPEAKER, SoundServer, SoundServerError
from tests.lab.tones import share_of, write_tone

pytestmark = pytest.mark.device

# PortAudio reads its surroundings once, when it is loaded: hence a process of its own.
LISTEN = """
import sys
import numpy, sounddevice
frames = int(48000 * float(sys.argv[1]))
numpy.save(sys.argv[2], sounddevice.rec(frames, samplerate=48000, channels=1, blocking=True))
"""
PLAY = """
import sys
import sounddevice, soundfile
sounddevice.play(*soundfile.read(sys.argv[1]), blocking=True)
"""


def listened(folder: Path, seconds: float = 1.0):
    import numpy as np

    file = folder / "heard.npy"
    subprocess.run([sys.executable, "-c", LISTEN, str(seconds), str(file)], check=True, timeout=60)
    return np.load(file)


def test_sounddevice_hears_what_is_played_into_the_microphone(sound_server: SoundServer, tmp_path: Path):
    with sound_server.playing(write_tone(tmp_path / "tone.wav", hertz=1000, seconds=20)):
        deadline = time.monotonic() + 15
        while share_of(1000, heard := listened(tmp_path)) < 0.99:
            assert time.monotonic() < deadline, "the tone was not heard"
    assert 0.4 < abs(heard).max() < 0.6


def test_a_muted_microphone_gives_exact_silence(sound_server: SoundServer, tmp_path: Path):
    sound_server.mute()
    with sound_server.playing(write_tone(tmp_path / "tone.wav", hertz=1000, seconds=20)):
        assert abs(listened(tmp_path)).max() == 0


def test_the_microphone_hears_the_speaker_while_looped(sound_server: SoundServer, tmp_path: Path):
    tone = write_tone(tmp_path / "tone.wav", hertz=700, seconds=20)
    with sound_server.looped():
        player = subprocess.Popen([sys.executable, "-c", PLAY, str(tone)])
        try:
            deadline = time.monotonic() + 15
            while share_of(700, listened(tmp_path)) < 0.9:
                assert time.monotonic() < deadline, "the speaker was not heard"
        finally:
            player.terminate()
            player.wait()


def test_devices_are_unplugged_and_plugged_in(sound_server: SoundServer):
    def sources() -> str:
        return sound_server.control("list", "short", "sources")

    assert MICROPHONE in sources()
    sound_server.unplug_microphone()
    assert f"\t{MICROPHONE}\t" not in sources()
    sound_server.plug_microphone()
    assert f"\t{MICROPHONE}\t" in sources()
    sound_server.unplug_speaker()
    assert SPEAKER not in sources()
    sound_server.plug_speaker()
    assert SPEAKER in sources()


def test_a_stalled_server_answers_nobody_until_it_goes_on(sound_server: SoundServer):
    sound_server.stall()
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(["pactl", "info"], capture_output=True, timeout=1)
    sound_server.stall(False)
    assert "Server Name" in sound_server.control("info")


def test_a_refused_request_says_what_was_asked(sound_server: SoundServer):
    with pytest.raises(SoundServerError, match="set-default-source no_such_source"):
        sound_server.control("set-default-source", "no_such_source")
