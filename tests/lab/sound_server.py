"""A sound server with a speaker and a microphone, for a computer that has none.

A PulseAudio server of its own, as an ordinary program with its own folder: no system service, no
bus, and the user's own sound is left alone. The speaker is a null sink. The microphone hears what is
played into it with `play`, and what the speaker plays while `looped`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("pulseaudio", "pulseaudio-utils", "libasound2-plugins", "libportaudio2")
"""What Debian and Ubuntu need to run it and to hear it through PortAudio."""

SPEAKER = "lab_speaker"
MICROPHONE = "lab_microphone"
_INTO_MICROPHONE = "lab_into_microphone"
_SERVER = """\
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name={into} rate={rate} channels=1 sink_properties=device.description=Into_the_lab_microphone
"""
_ALSA = """\
# ALSA's default, and so PortAudio's, is the sound server.
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
"""
_PATIENCE_SECONDS = 20.0


class SoundServerError(Exception):
    """The sound server cannot be had; the message says why and what to do."""


class SoundServer:
    """One running server. Made by `sound_server`."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], environment: dict[str, str]) -> None:
        self._folder = folder
        self._process = process
        self.environment = environment
        """What a client needs in its environment to use this server and no other."""

    def play(self, file: Path) -> None:
        """Play a sound file into the microphone, and wait until it has been played."""
        self._run("paplay", "-d", _INTO_MICROPHONE, str(file))

    @contextlib.contextmanager
    def playing(self, file: Path) -> Iterator[None]:
        """Play a sound file into the microphone meanwhile."""
        player = subprocess.Popen(
            ["paplay", "-d", _INTO_MICROPHONE, str(file)], env=self._whole_environment()
        )
        try:
            yield
        finally:
            player.terminate()
            player.wait()

    def mute(self, muted: bool = True) -> None:
        """Turn the microphone's own switch: exact silence."""
        self.control("set-source-mute", MICROPHONE, "1" if muted else "0")

    @contextlib.contextmanager
    def looped(self, *, latency_ms: int = 60) -> Iterator[None]:
        """Let the microphone hear the speaker meanwhile, as in a room."""
        module = self.control(
            "load-module",
            "module-loopback",
            f"source={SPEAKER}.monitor",
            f"sink={_INTO_MICROPHONE}",
            f"latency_msec={latency_ms}",
        ).strip()
        try:
            yield
        finally:
            self.control("unload-module", module)

    def plug_microphone(self) -> None:
        """Put the microphone (back) in place, as the default."""
        self.control(
            "load-module",
            "module-remap-source",
            f"source_name={MICROPHONE}",
            f"master={_INTO_MICROPHONE}.monitor",
            "source_properties=device.description=Lab_Microphone",
            "remix=no",
        )
        self.control("set-default-source", MICROPHONE)

    def unplug_microphone(self) -> None:
        """Take the microphone away. The server moves its streams to another source in silence."""
        self._unload(f"source_name={MICROPHONE} ")

    def plug_another_microphone(self, name: str, *, hears: bool = False) -> None:
        """A further microphone; it hears what the first one does, or nothing."""
        if hears:
            self.control(
                "load-module",
                "module-remap-source",
                f"source_name={name}",
                f"master={_INTO_MICROPHONE}.monitor",
                f"source_properties=device.description={name}",
                "remix=no",
            )
        else:
            self.control(
                "load-module",
                "module-null-source",
                f"source_name={name}",
                f"description={name}",
            )

    def unplug_another_microphone(self, name: str) -> None:
        """Take it away."""
        self._unload(f"source_name={name} ")

    def plug_speaker(self) -> None:
        """Put the speaker (back) in place, as the default."""
        self.control(
            "load-module",
            "module-null-sink",
            f"sink_name={SPEAKER}",
            "rate=48000",
            "channels=2",
            "sink_properties=device.description=Lab_Speaker",
        )
        self.control("set-default-sink", SPEAKER)

    def unplug_speaker(self) -> None:
        """Take the speaker away."""
        self._unload(f"sink_name={SPEAKER} ")

    def unplug_everything(self) -> None:
        """Take every device away: streams have nowhere to go and end."""
        for kind in ("module-remap-source", "module-loopback", "module-null-sink"):
            self.control("unload-module", kind)

    def stall(self, stalled: bool = True) -> None:
        """Freeze the server, as a driver that hangs; or thaw it."""
        self._process.send_signal(signal.SIGSTOP if stalled else signal.SIGCONT)

    def end(self) -> None:
        """The server ends, as one that crashed."""
        self._process.kill()
        self._process.wait()

    def control(self, *arguments: str) -> str:
        """Run pactl."""
        return self._run("pactl", *arguments)

    def _unload(self, argument: str) -> None:
        for line in self.control("list", "short", "modules").splitlines():
            if argument in line:
                self.control("unload-module", line.split("\t")[0])

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self._whole_environment(), capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            raise SoundServerError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def _whole_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


@contextlib.contextmanager
def sound_server(*, rate: int = 48000) -> Iterator[SoundServer]:
    """A sound server with speaker and microphone plugged in; stopped and removed at the end."""
    for program in ("pulseaudio", "pactl", "paplay"):
        if not shutil.which(program):
            raise SoundServerError(f"{program} is missing. Install: apt-get install {' '.join(PACKAGES)}")
    with tempfile.TemporaryDirectory(prefix="motesklar-sound-") as name:
        folder = Path(name)
        socket = folder / "native"
        (folder / "server.pa").write_text(_SERVER.format(socket=socket, into=_INTO_MICROPHONE, rate=rate))
        (folder / "asound.conf").write_text(_ALSA)
        environment = {
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{folder / 'asound.conf'}",
        }
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *("pulseaudio", "-n", "-F", str(folder / "server.pa"), "--daemonize=no"),
                    *("--use-pid-file=no", "--exit-idle-time=-1", "--disallow-exit=yes"),
                    *("--realtime=no", "--high-priority=no"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,  # Ctrl-C is for the tests, not for the server they still need
            )
        try:
            server = SoundServer(folder, process, environment)
            _wait_until_it_answers(server, process, folder / "log")
            server.plug_speaker()
            server.plug_microphone()
            yield server
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(server: SoundServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.control("info")
            return
        except SoundServerError:
            time.sleep(0.05)
    raise SoundServerError(f"PulseAudio did not start:\n{log.read_text(errors='replace')[-2000:]}")
