"""Changes are noticed while they happen: on a real sound server, in folders of device files, and over the host."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from readiness.devices import listing, watching
from readiness.devices.hosting import Line
from readiness.devices.machine import LocalMachine
from readiness.devices.ports import Attachment, Device, DeviceKind
from tests.lab.sound_server import SoundServer
from tests.lab.sound_server import sound_server as servers

PATIENCE_SECONDS = 30.0
Lists = Mapping[DeviceKind, Sequence[Device]]


def watched(use: Callable[[asyncio.Queue[Lists], LocalMachine], Awaitable[None]]) -> None:
    """Run `use` beside a watch whose reports come in the queue."""

    async def run() -> None:
        local = LocalMachine()
        reports: asyncio.Queue[Lists] = asyncio.Queue()
        watch = asyncio.create_task(local.machine.devices.watch(reports.put_nowait))
        try:
            await use(reports, local)
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            await local.close()

    asyncio.run(run())


async def until(reports: asyncio.Queue[Lists], kind: DeviceKind, ids: list[str]) -> Lists:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = await reports.get()
            if [device.id for device in found[kind]] == ids:
                return found


@pytest.mark.device
def test_the_sound_servers_devices_come_and_go(sound_server: SoundServer) -> None:
    async def use(reports: asyncio.Queue[Lists], _local: LocalMachine) -> None:
        await until(reports, DeviceKind.MICROPHONE, ["lab_microphone"])
        await asyncio.to_thread(sound_server.plug_another_microphone, "headset")
        await until(reports, DeviceKind.MICROPHONE, ["lab_microphone", "headset"])
        await asyncio.to_thread(sound_server.control, "set-default-source", "headset")
        found = await until(reports, DeviceKind.MICROPHONE, ["headset", "lab_microphone"])
        assert [device.is_default for device in found[DeviceKind.MICROPHONE]] == [True, False]
        await asyncio.to_thread(sound_server.unplug_another_microphone, "headset")
        await until(reports, DeviceKind.MICROPHONE, ["lab_microphone"])
        await asyncio.to_thread(sound_server.unplug_speaker)
        await until(reports, DeviceKind.SPEAKER, ["lab_into_microphone"])

    watched(use)


@pytest.mark.device
def test_a_watch_whose_process_dies_is_begun_anew(sound_server: SoundServer) -> None:
    async def use(reports: asyncio.Queue[Lists], local: LocalMachine) -> None:
        await until(reports, DeviceKind.MICROPHONE, ["lab_microphone"])
        process = local._watch.pid
        assert process is not None
        os.kill(process, 9)
        await asyncio.to_thread(sound_server.plug_another_microphone, "headset")
        await until(reports, DeviceKind.MICROPHONE, ["lab_microphone", "headset"])

    watched(use)


@contextlib.contextmanager
def signs_of(call: str, *arguments: str) -> Iterator[queue.SimpleQueue[str]]:
    """The signs that `call(sign)` gives in a process of its own, which is gone afterwards."""
    script = (
        "import sys; from pathlib import Path; from readiness.devices.linux import changes\n"
        f"sign = lambda: print('sign', flush=True)\n{call}"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        signs: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert process.stdout is not None
        stream = process.stdout
        reader = threading.Thread(target=lambda: [signs.put(line) for line in stream])
        reader.start()
        try:
            yield signs
        finally:
            process.kill()
            reader.join()


def happens(signs: queue.SimpleQueue[str], what: Callable[[], object]) -> None:
    """Doing `what` gives a sign."""
    what()
    signs.get(timeout=PATIENCE_SECONDS)
    pause = threading.Event()
    while not pause.wait(0.1) and not signs.empty():
        while not signs.empty():
            signs.get()


def test_device_files_that_come_and_go_are_signs_and_others_are_not(tmp_path: Path) -> None:
    camera, card = tmp_path / "video0", tmp_path / "snd" / "pcmC0D0c"
    with signs_of("changes.watch_files(Path(sys.argv[1]), sign)", str(tmp_path)) as signs:
        pause = threading.Event()
        while signs.empty() and not pause.wait(0.02):  # until it has begun to look
            camera.touch()
            camera.unlink()
        happens(signs, lambda: None)
        happens(signs, camera.touch)
        happens(signs, lambda: camera.chmod(0o600))
        happens(signs, card.parent.mkdir)
        happens(signs, card.touch)
        happens(signs, card.unlink)
        (tmp_path / "tty7").touch()
        assert signs.empty()
        happens(signs, camera.unlink)


def test_where_the_kernel_refuses_its_notices_the_files_are_looked_at(tmp_path: Path) -> None:
    """As it does where other programs took all that a person may have."""
    camera, card = tmp_path / "video0", tmp_path / "snd" / "pcmC0D0c"
    card.parent.mkdir()
    refused = "changes._Inotify = lambda: (_ for _ in ()).throw(OSError(24, 'inotify'))\n"
    with signs_of(refused + "changes.watch_files(Path(sys.argv[1]), sign)", str(tmp_path)) as signs:
        pause = threading.Event()
        while signs.empty() and not pause.wait(0.5):  # until it has begun to look
            camera.unlink() if camera.exists() else camera.touch()
        camera.touch()
        happens(signs, lambda: camera.chmod(0o600))
        happens(signs, card.touch)
        happens(signs, card.unlink)
        happens(signs, camera.unlink)
        (tmp_path / "tty7").touch()
        assert signs.empty()


@pytest.mark.device
def test_a_sound_server_that_ends_is_a_sign_and_so_is_one_that_begins(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = sound_server.environment["PULSE_SERVER"].removeprefix("unix:")
    moved = Path(name).with_name("the_server")
    moved.symlink_to(name)
    monkeypatch.setenv("PULSE_SERVER", f"unix:{moved}")
    with signs_of("changes.watch_server(sign)") as signs:
        happens(signs, lambda: None)  # it has connected
        with servers() as another:
            moved.unlink()
            moved.symlink_to(another.environment["PULSE_SERVER"].removeprefix("unix:"))
            happens(signs, sound_server.end)
            happens(signs, lambda: another.plug_another_microphone("headset"))


class Signs:
    """Signs of change that the test gives."""

    def start(self, on_change: Callable[[], None]) -> None:
        self.change = on_change


class Lines(io.StringIO):
    """What the host writes; each line in a queue."""

    def __init__(self) -> None:
        super().__init__()
        self.told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def write(self, text: str) -> int:
        self.told.put(json.loads(text))
        return len(text)


def test_the_same_list_is_not_told_twice() -> None:
    signs, lines = Signs(), Lines()
    lists = iter(({"camera": []}, {"camera": []}, {"camera": [{"id": "a"}]}))
    listed = threading.Event()

    def list_devices() -> Mapping[str, Any]:
        found = next(lists)
        listed.set()
        return found

    watch = threading.Thread(
        target=lambda: watching.watch({}, Line(lines), signs, list_devices, rounds=3), daemon=True
    )
    watch.start()
    for _ in range(3):
        assert listed.wait(PATIENCE_SECONDS)
        listed.clear()
        signs.change()
    watch.join(PATIENCE_SECONDS)
    assert not watch.is_alive()
    told = [lines.told.get()["progress"]["devices"] for _ in range(2)]
    assert told == [{"camera": []}, {"camera": [{"id": "a"}]}]
    assert lines.told.empty()


def test_rows_survive_the_way_and_a_list_without_end_is_cut() -> None:
    devices = [
        Device(id=f"d{n}", name=f"Device {n}", kind=DeviceKind.CAMERA, attachment=Attachment.USB)
        for n in range(200)
    ]
    sent = json.loads(json.dumps(listing.rows(devices)))
    assert listing.devices(DeviceKind.CAMERA, sent) == tuple(devices[:64])
