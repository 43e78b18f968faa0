"""The sound host against a real sound server in user space."""

from __future__ import annotations

import asyncio
import os
import pty
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import soundfile

from readiness.core.model import Figures
from readiness.devices.machine import LocalMachine
from readiness.devices.ports import DeviceError, Machine, Problem, Source
from tests.lab.sound_server import SoundServer, sound_server

pytestmark = pytest.mark.device
ResultT = TypeVar("ResultT")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    with sound_server() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def on_machine(use: Callable[[Machine], Coroutine[Any, Any, ResultT]]) -> ResultT:
    async def run() -> ResultT:
        local = LocalMachine()
        await local.start()
        try:
            return await use(local.machine)
        finally:
            await local.close()

    return asyncio.run(run())


def listening(machine: Machine, seconds: float = 1.0) -> Awaitable[Figures]:
    return machine.microphone.measure(
        Source(), quiet_seconds=0.5, speech_seconds=seconds, on_level=lambda _level, _done: None
    )


async def when_it_listens(machine: Machine, then: Callable[[], None]) -> Figures:
    """Listen, and do `then` as soon as the first level has come."""
    heard = asyncio.Event()
    listening_now = asyncio.ensure_future(
        machine.microphone.measure(
            Source(), quiet_seconds=0.5, speech_seconds=8.0, on_level=lambda _level, _done: heard.set()
        )
    )
    await heard.wait()
    await asyncio.to_thread(then)
    return await listening_now


def test_names_and_default_come_from_the_server(server: SoundServer) -> None:
    async def use(machine: Machine) -> None:
        (microphone,) = await machine.microphone.devices()
        assert microphone.id == "lab_microphone"
        assert microphone.is_default
        speakers = await machine.speaker.devices()
        assert speakers[0].id == "lab_speaker"
        assert [speaker.is_default for speaker in speakers] == [True, False]

    on_machine(use)


def test_level_of_a_tone_is_what_was_played(server: SoundServer, tmp_path: Path) -> None:
    seconds, amplitude = 6.0, 0.25
    tone = amplitude * np.sin(2 * np.pi * 997 * np.arange(int(seconds * 48000)) / 48000)
    soundfile.write(tmp_path / "tone.wav", tone, 48000, subtype="FLOAT")

    async def use(machine: Machine) -> Figures:
        await listening(machine, 0.1)  # the first stream takes its time to start
        with server.playing(tmp_path / "tone.wav"):
            return await listening(machine, 2.5)

    figures = on_machine(use)
    assert figures["rate_hz"] == 48000
    assert figures["peak_dbfs"] == pytest.approx(20 * np.log10(amplitude), abs=0.2)
    assert figures["system_muted"] is False


def test_idle_and_muted_are_silent(server: SoundServer) -> None:
    assert on_machine(_listened)["swing_p999"] == 0
    server.mute()
    figures = on_machine(_listened)
    assert figures["system_muted"] is True


async def _listened(machine: Machine) -> Figures:
    return await listening(machine, 0.2)


def test_the_loop_hears_the_speaker_and_only_where_there_is_a_way(server: SoundServer) -> None:
    async def use(machine: Machine) -> tuple[Figures, Figures]:
        without = await machine.speaker.loop(None, Source())
        with server.looped(latency_ms=60):
            return without, await machine.speaker.loop(None, Source())

    without, with_way = on_machine(use)
    assert without["loop_peak_db"] < 20
    assert with_way["loop_peak_db"] > 40
    assert -12 < with_way["loop_gain_db"] < 3  # a busy computer drops parts of the sound
    assert 0 < with_way["loop_delay_ms"] < 400


def test_playing_ends_and_tells_how_far_it_is(server: SoundServer) -> None:
    fractions: list[float] = []

    async def use(machine: Machine) -> Figures:
        return await machine.speaker.play(None, on_fraction=fractions.append)

    assert on_machine(use)["played"] is True
    assert fractions[-1] == 1.0
    assert fractions == sorted(fractions)


def test_the_voice_is_played_back_as_loud_as_it_was_until_it_is_forgotten(
    server: SoundServer, tmp_path: Path
) -> None:
    tone = 0.25 * np.sin(2 * np.pi * 440 * np.arange(4 * 44100) / 44100)
    soundfile.write(tmp_path / "voice.wav", tone, 44100, subtype="FLOAT")

    async def use(machine: Machine) -> Figures:
        with pytest.raises(DeviceError) as nothing_yet:
            await machine.microphone.play_back(None, on_fraction=lambda _done: None)
        assert nothing_yet.value.problem is Problem.ABSENT
        await machine.microphone.measure(
            Source(file=tmp_path / "voice.wav"),
            quiet_seconds=0.5,
            speech_seconds=3.0,
            on_level=lambda _level, _done: None,
        )
        listener = LocalMachine()
        try:
            with server.looped():
                played, heard = await asyncio.gather(
                    machine.microphone.play_back(None, on_fraction=lambda _done: None),
                    listening(listener.machine, 2.5),
                )
        finally:
            await listener.close()
        assert played["played"] is True
        await machine.microphone.forget()
        with pytest.raises(DeviceError) as forgotten:
            await machine.microphone.play_back(None, on_fraction=lambda _done: None)
        assert forgotten.value.problem is Problem.ABSENT
        return heard

    assert on_machine(use)["peak_dbfs"] == pytest.approx(20 * np.log10(0.25), abs=0.5)


def test_a_microphone_that_is_pulled_out_is_removed_and_the_next_run_works(server: SoundServer) -> None:
    async def use(machine: Machine) -> Figures:
        with pytest.raises(DeviceError) as error:
            await when_it_listens(machine, server.unplug_microphone)
        assert error.value.problem is Problem.REMOVED
        server.plug_microphone()
        return await listening(machine, 0.2)

    assert on_machine(use)["device_id"] == "lab_microphone"


def test_a_server_that_hangs_is_told_in_time_and_the_next_run_works(server: SoundServer) -> None:
    async def use(machine: Machine) -> Figures:
        async with asyncio.timeout(15):
            with pytest.raises(DeviceError) as error:
                await when_it_listens(machine, server.stall)
        assert error.value.problem in (Problem.HUNG, Problem.REMOVED)
        server.stall(False)
        return await listening(machine, 0.2)

    assert on_machine(use)["device_id"] == "lab_microphone"


def test_without_any_device_the_microphone_is_absent(server: SoundServer) -> None:
    server.unplug_everything()

    async def use(machine: Machine) -> None:
        with pytest.raises(DeviceError) as error:
            await listening(machine)
        assert error.value.problem is Problem.ABSENT

    on_machine(use)


def on_a_terminal(arguments: list[str], when: bytes, then: bytes) -> tuple[int, str]:
    """Run the program on a terminal of its own, and type `then` as soon as `when` is seen."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-m", "readiness", *arguments])
    seen, typed = b"", False
    while True:
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # the program has ended
            break
        if when in seen and not typed:
            os.write(terminal, then)
            typed = True
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    os.close(terminal)
    return status, seen.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        (b"1\n", 0, "The speaker sounds"),
        (b"9\nx\n2\n", 20, "Nobody has heard the speaker"),
        (b"\x03", 30, "The test was cancelled"),
    ],
)
def test_a_person_at_the_terminal_is_asked_and_can_stop(
    server: SoundServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: bytes,
    status: int,
    words: str,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    arguments = ["check", "--only", "speaker", "--lang", "en"]
    got, seen = on_a_terminal(arguments, b"3. I do not know", typed)
    assert (got, words in seen) == (status, True), seen
