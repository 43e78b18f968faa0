"""Device hosts as processes: warm, killed, crashed, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from readiness.core.model import Frame
from readiness.devices import frames
from readiness.devices.host import Host, HostCrashed
from readiness.devices.machine import LocalMachine
from readiness.devices.ports import DeviceError, Problem, Source


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of 25 s: it takes the host a while to read."""
    rng = np.random.default_rng(1)
    file = tmp_path_factory.mktemp("film") / "film.avi"
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 30, (640, 360))
    picture = rng.integers(0, 255, (360, 640, 3)).astype(np.uint8)
    for _ in range(750):
        writer.write(picture)
    writer.release()
    return file


async def filming(local: LocalMachine, film: Path, seen: asyncio.Event) -> asyncio.Task[object]:
    task: asyncio.Task[object] = asyncio.create_task(
        local.machine.camera.measure(
            Source(file=film), width=640, height=480, seconds=3, on_frame=lambda _frame, _done: seen.set()
        )
    )
    await seen.wait()
    return task


def hosts_of(local: LocalMachine) -> list[int]:
    return [pid for host in local._hosts if (pid := host.pid) is not None]


def test_hosts_end_with_the_machine() -> None:
    async def use() -> list[int]:
        local = LocalMachine()
        await local.start()
        pids = hosts_of(local)
        await local.close()
        return pids

    pids = asyncio.run(use())
    assert len(pids) == 2
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_measurement_that_is_given_up_kills_the_driver_and_the_next_one_works(film: Path) -> None:
    async def use() -> None:
        local = LocalMachine()
        await local.start()
        try:
            before, other = hosts_of(local)
            task = await filming(local, film, asyncio.Event())
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            after, other_after = hosts_of(local)
            assert after != before
            assert other_after == other
            assert not psutil.pid_exists(before)
            assert await local.machine.camera.devices() is not None
        finally:
            await local.close()

    asyncio.run(use())


def test_a_driver_that_crashes_is_told_and_the_next_one_works(film: Path) -> None:
    async def use() -> None:
        local = LocalMachine()
        await local.start()
        try:
            task = await filming(local, film, asyncio.Event())
            os.kill(hosts_of(local)[0], signal.SIGSEGV)
            with pytest.raises(HostCrashed, match="-11"):
                await task
            assert await local.machine.camera.devices() is not None
        finally:
            await local.close()

    asyncio.run(use())


def test_a_host_ends_when_its_parent_is_gone() -> None:
    async def use() -> int:
        host = Host("sound")
        await host.start()
        assert host._process is not None
        assert host._process.stdin is not None
        host._process.stdin.close()
        async with asyncio.timeout(20):
            status = await host._process.wait()
        await host.close()
        return status

    assert asyncio.run(use()) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_libraries_find_an_empty_standard_input() -> None:
    """On Windows they would wait for the host's own read of commands, which lasts until one comes."""

    async def look() -> list[str]:
        host = Host("sound")
        await host.start()
        try:
            await host.ask("devices", {"kind": "microphone"})
            return [str(Path(f"/proc/{host.pid}/fd/{number}").readlink()) for number in range(3)]
        finally:
            await host.close()

    first, second, third = asyncio.run(look())
    assert first == os.devnull
    assert second == third, "what drivers print is not taken for an answer"


def test_the_newest_frame_is_read_whole() -> None:
    memory = frames.create()
    try:
        assert memory.read() is None
        for shade in range(5):
            memory.write(Frame(width=4, height=2, rgb=bytes([shade]) * 24))
        assert memory.read() == Frame(width=4, height=2, rgb=bytes([4]) * 24)
    finally:
        memory.close()


@pytest.mark.parametrize("babble", ["'x' * 5_000_000", "'no answer of ours\\n'"])
def test_a_host_that_babbles_is_replaced(babble: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        f"import sys; sys.stdin.readline(); sys.stdout.write({babble}); sys.stdout.flush(); sys.stdin.read()"
    )
    monkeypatch.setattr("readiness.devices.host.part_of_itself", lambda *_: [sys.executable, "-c", script])

    async def use() -> None:
        host = Host("sound")
        try:
            async with asyncio.timeout(30):
                await host.start()
                before = host.pid
                with pytest.raises(HostCrashed, match="babbles"):
                    await host.ask("devices", {"kind": "microphone"})
                assert host.pid not in (None, before)
        finally:
            await host.close()

    asyncio.run(use())


HANGING = """
import sys, time
import cv2, numpy
from readiness.devices import __main__, camera
from readiness.devices.named_camera import NamedCamera
from readiness.devices.ports import Attachment

class Driver:
    def __init__(self, *_):
        self.hang("open")
        self.sizes = 0
    def hang(self, at):
        while at == "{where}":
            time.sleep(1)
    def isOpened(self):
        return True
    def set(self, setting, _):
        self.hang("set")
        self.sizes += setting == cv2.CAP_PROP_FRAME_WIDTH
    def read(self):
        self.hang("read")
        if self.sizes > 1:
            self.hang("another size")
        return True, numpy.random.default_rng().integers(0, 255, (24, 32, 3)).astype("uint8")
    def release(self):
        pass

cv2.VideoCapture = Driver
only = NamedCamera(id="only", name="Only camera", target=0, attachment=Attachment.USB)
camera.cameras = lambda: [only]
camera.modes = camera.shutter_closed = camera.mirrors = lambda _: None
__main__.main(sys.argv[1:])
"""
"""A device host whose camera's driver never comes back."""


@pytest.fixture
def hanging(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    script = HANGING.format(where=request.param)
    monkeypatch.setattr("readiness.devices.host.part_of_itself", lambda *_: [sys.executable, "-c", script])
    memory = frames.create()
    yield Host("camera", memory)
    memory.close()


FILM = {"device": None, "file": None, "width": 1280, "height": 720, "seconds": 0.5}


@pytest.mark.parametrize("hanging", ["open", "set", "read"], indirect=True)
def test_a_camera_that_hangs_is_given_up_in_time_and_the_next_command_is_answered(hanging: Host) -> None:
    async def use() -> None:
        try:
            await hanging.start()
            before = hanging.pid
            assert await hanging.ask("devices", {}), "it is warm"
            async with asyncio.timeout(15):
                with pytest.raises(DeviceError) as given_up:
                    await hanging.ask("measure", FILM)
            assert given_up.value.problem is Problem.NO_FRAMES
            (device,) = (await hanging.ask("devices", {}))["devices"]
            assert device["name"] == "Only camera"
            assert hanging.pid not in (None, before)
        finally:
            await hanging.close()

    asyncio.run(use())


@pytest.mark.parametrize("hanging", ["another size"], indirect=True)
def test_a_camera_that_hangs_at_another_size_has_been_measured_at_its_own(hanging: Host) -> None:
    async def use() -> None:
        try:
            async with asyncio.timeout(30):
                for _ in range(2):  # and the next one works
                    figures = await hanging.ask("measure", FILM)
                    assert (figures["width"], figures["height"]) == (32, 24)
                    assert "delivered" not in figures
        finally:
            await hanging.close()

    asyncio.run(use())
