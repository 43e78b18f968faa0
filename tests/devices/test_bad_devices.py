"""Devices that go away at any step, hang or flood: a clear problem in time, and the next run works."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from readiness.core.model import Figures
from readiness.devices.machine import LocalMachine
from readiness.devices.ports import DeviceError, Machine, Problem, Source
from tests.lab.sound_server import SoundServer

pytestmark = pytest.mark.device
ResultT = TypeVar("ResultT")
IN_TIME_SECONDS = 25.0
"""Less than any check's deadline. A loaded computer takes its time to start a process."""


def on_machine(use: Callable[[Machine], Coroutine[Any, Any, ResultT]]) -> ResultT:
    async def run() -> ResultT:
        local = LocalMachine()
        await local.start()
        try:
            return await use(local.machine)
        finally:
            await local.close()

    return asyncio.run(run())


def listening(
    machine: Machine, seconds: float = 0.3, device: str | None = None
) -> Coroutine[Any, Any, Figures]:
    return machine.microphone.measure(
        Source(device=device), quiet_seconds=0.1, speech_seconds=seconds, on_level=lambda _level, _done: None
    )


async def problem_of(doing: Coroutine[Any, Any, object]) -> Problem:
    async with asyncio.timeout(IN_TIME_SECONDS):
        with pytest.raises(DeviceError) as error:
            await doing
    assert error.value.detail
    return error.value.problem


async def works(machine: Machine) -> None:
    """The next run does, with the same host or a fresh one."""
    assert (await listening(machine))["device_id"] == "lab_microphone"
    assert (await machine.speaker.play(None, on_fraction=lambda _done: None))["played"] is True


def test_a_server_that_hangs_when_a_device_is_opened(sound_server: SoundServer) -> None:
    async def use(machine: Machine) -> None:
        await listening(machine)
        sound_server.stall()
        try:
            assert await problem_of(listening(machine)) in (Problem.HUNG, Problem.REMOVED)
        finally:
            sound_server.stall(False)
        await works(machine)

    on_machine(use)


def test_a_server_that_hangs_while_it_plays(sound_server: SoundServer) -> None:
    async def use(machine: Machine) -> None:
        begun = asyncio.Event()
        playing = machine.speaker.loop(None, Source(), chime=True, on_fraction=lambda _done: begun.set())
        task = asyncio.create_task(problem_of(playing))
        await begun.wait()
        sound_server.stall()
        try:
            assert await task in (Problem.HUNG, Problem.REMOVED)
        finally:
            sound_server.stall(False)
        await works(machine)

    on_machine(use)


def test_the_speaker_is_pulled_out_while_it_plays(sound_server: SoundServer) -> None:
    async def use(machine: Machine) -> None:
        for doing in (
            lambda told: machine.speaker.play("lab_speaker", on_fraction=told),
            lambda told: machine.speaker.loop("lab_speaker", Source(), chime=True, on_fraction=told),
        ):
            begun = asyncio.Event()
            task = asyncio.create_task(problem_of(doing(lambda _done, begun=begun: begun.set())))
            await begun.wait()
            await asyncio.to_thread(sound_server.unplug_speaker)
            assert await task in (Problem.REMOVED, Problem.REPLACED)
            assert await problem_of(machine.speaker.play("lab_speaker", on_fraction=lambda _done: None)) is (
                Problem.ABSENT
            )
            await asyncio.to_thread(sound_server.plug_speaker)
        await works(machine)

    on_machine(use)


def test_everything_is_pulled_out_while_it_listens(sound_server: SoundServer) -> None:
    async def use(machine: Machine) -> None:
        heard = asyncio.Event()
        listens = machine.microphone.measure(
            Source(), quiet_seconds=0.1, speech_seconds=9.0, on_level=lambda _level, _done: heard.set()
        )
        task = asyncio.create_task(problem_of(listens))
        await heard.wait()
        await asyncio.to_thread(sound_server.unplug_everything)
        assert await task is Problem.REMOVED
        async with asyncio.timeout(IN_TIME_SECONDS):
            with pytest.raises(DeviceError) as nothing:
                await listening(machine)
        assert nothing.value.problem is Problem.ABSENT

    on_machine(use)


def test_a_stream_that_somebody_moves_is_replaced(sound_server: SoundServer) -> None:
    sound_server.plug_another_microphone("other")

    async def use(machine: Machine) -> None:
        heard = asyncio.Event()
        listens = machine.microphone.measure(
            Source(), quiet_seconds=0.1, speech_seconds=9.0, on_level=lambda _level, _done: heard.set()
        )
        task = asyncio.create_task(problem_of(listens))
        await heard.wait()
        rows = (await asyncio.to_thread(sound_server.control, "list", "short", "source-outputs")).splitlines()
        sources = (await asyncio.to_thread(sound_server.control, "list", "short", "sources")).splitlines()
        mine = next(row.split("\t")[0] for row in sources if "\tlab_microphone\t" in row)
        stream = next(row.split("\t")[0] for row in rows if row.split("\t")[1] == mine)
        await asyncio.to_thread(sound_server.control, "move-source-output", stream, "other")
        assert await task is Problem.REPLACED
        await works(machine)

    on_machine(use)


@contextlib.contextmanager
def flooding(pipe: Path) -> Iterator[None]:
    """Write into a pipe as fast as it is read."""
    over = threading.Event()

    def pour() -> None:
        with contextlib.suppress(OSError), pipe.open("wb", buffering=0) as sink:
            while not over.is_set():
                sink.write(b"\1\0" * 32768)

    pouring = threading.Thread(target=pour, daemon=True)
    pouring.start()
    try:
        yield
    finally:
        over.set()


def test_a_microphone_that_floods_is_stopped_before_it_fills_memory(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    pipe = tmp_path / "flood"
    sound_server.control(
        "load-module", "module-pipe-source", "source_name=flood", f"file={pipe}", "format=s16le",
        "rate=48000", "channels=1",
    )  # fmt: skip

    async def use(machine: Machine) -> None:
        with flooding(pipe):
            # Which comes first is the driver's matter: it floods, or it chokes on its own flood.
            problem = await problem_of(listening(machine, 20.0, device="flood"))
        assert problem in (Problem.FAILED, Problem.HUNG, Problem.REMOVED)
        await asyncio.to_thread(sound_server.control, "unload-module", "module-pipe-source")
        await works(machine)

    on_machine(use)


def test_a_recorder_gives_up_on_more_sound_than_time() -> None:
    """The same without the sound server's own limits."""
    import numpy as np

    from readiness.devices.endpoint import Endpoint
    from readiness.devices.ports import Attachment
    from readiness.devices.recording import Recorder

    class Quiet:
        """The watchdog's line."""

        def expect(self, *_: object) -> None: ...

        def relax(self) -> None: ...

    class Status:
        input_overflow = False

    endpoint = Endpoint(id="x", name="Flood", attachment=Attachment.USB, is_default=True)
    recorder = Recorder(None, endpoint, Quiet())
    block = np.zeros((48_000, 2), dtype="float32")
    for _ in range(1000):
        recorder._take(block, len(block), None, Status())
    assert recorder.seconds() < 120  # a machine that stalls for half a minute here is allowed for
    with pytest.raises(DeviceError) as error:
        recorder.watch()
    assert error.value.problem is Problem.FAILED
    assert "more sound than time" in error.value.detail
