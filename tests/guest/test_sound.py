"""ALSA without a sound server, on real cards of the kernel (snd-aloop, snd-dummy), inside the guest machine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from readiness.checks import microphone
from readiness.core.evidence import parse
from readiness.core.model import Figures
from readiness.core.profile_loading import load_profile
from readiness.devices.linux.access import LinuxAccess
from readiness.devices.linux.alsa import alsa_endpoints
from readiness.devices.machine import LocalMachine
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Machine, Problem, Source
from readiness.settings import places

pytestmark = [pytest.mark.device, pytest.mark.guest]
ResultT = TypeVar("ResultT")

HEARS = "alsa:Loopback,1"
"""What is played on device 0 of the loopback card is recorded on its device 1."""
SOUNDS = "alsa:Loopback,0"
PROFILE = load_profile("organisation", places().profiles)
DRIVER = Path("/sys/bus/platform/drivers/snd_aloop")
CARD = "snd_aloop.0"


def on_machine(use: Callable[[Machine], Coroutine[Any, Any, ResultT]]) -> ResultT:
    async def run() -> ResultT:
        local = LocalMachine()
        await local.start()
        try:
            return await use(local.machine)
        finally:
            await local.close()

    return asyncio.run(run())


def listening(machine: Machine, device: str = HEARS, seconds: float = 0.5) -> Coroutine[Any, Any, Figures]:
    return machine.microphone.measure(
        Source(device=device), quiet_seconds=0.2, speech_seconds=seconds, on_level=lambda _level, _done: None
    )


def mixer(*arguments: str) -> None:
    subprocess.run(["amixer", "-q", "-c", "Dummy", *arguments], check=True, capture_output=True)


def has_open(process_id: int, node: Path) -> bool:
    """Whether a process has the device file open; false as well while it just opens or closes files."""
    try:
        return any(link.readlink() == node for link in Path(f"/proc/{process_id}/fd").iterdir())
    except FileNotFoundError:
        return False


@pytest.fixture
def plugged() -> Iterator[None]:
    """The loopback card is back in its place afterwards."""
    yield
    if not (DRIVER / CARD).exists():
        (DRIVER / "bind").write_text(CARD)


def test_cards_are_listed_by_name_with_stable_ids() -> None:
    microphones = alsa_endpoints(DeviceKind.MICROPHONE)
    assert [found.id for found in microphones[:2]] == ["alsa:Loopback,0", "alsa:Loopback,1"]
    assert "alsa:Dummy,0" in [found.id for found in microphones]
    assert microphones[0].name == "Loopback: Loopback PCM"
    assert microphones[0].is_default
    assert {found.attachment for found in microphones} == {Attachment.VIRTUAL}


def test_the_loop_goes_over_the_card_with_a_steady_delay() -> None:
    async def use(machine: Machine) -> list[Figures]:
        return [await machine.speaker.loop(SOUNDS, Source(device=HEARS)) for _ in range(3)]

    loops = on_machine(use)
    assert max(figures["loop_peak_db"] for figures in loops) > 40
    # The guest has one processor and often comes too late for a part of the sound; some sweep is whole.
    sides = ("loop_left_gain_db", "loop_right_gain_db")
    gains = [figures[side] for figures in loops for side in sides if figures[side] is not None]
    assert max(gains) == pytest.approx(0, abs=1)
    delays = [figures["loop_delay_ms"] for figures in loops if figures["loop_delay_ms"] is not None]
    assert min(delays) > 0
    assert max(delays) < 400


def test_a_switch_of_the_card_that_is_off_is_seen() -> None:
    mixer("set", "Mic", "nocap")
    mixer("set", "CD", "nocap")
    mixer("set", "Line", "nocap")
    try:
        off = {found.id: found.hardware_muted for found in alsa_endpoints(DeviceKind.MICROPHONE)}
        assert off["alsa:Dummy,0"] is True
        assert off[HEARS] is not True
    finally:
        mixer("set", "Mic", "cap")
    on = {found.id: found.hardware_muted for found in alsa_endpoints(DeviceKind.MICROPHONE)}
    assert on["alsa:Dummy,0"] is False


def test_a_card_that_gives_eight_thousand_samples_alone_has_the_wrong_rate() -> None:
    """Another program plays into the loopback at that rate, and its other side takes no other."""
    player = ["aplay", "-q", "-f", "S16_LE", "-r", "8000", "-c", "1"]
    players = [subprocess.Popen([*player, "-D", f"hw:Loopback,0,{place}", "/dev/zero"]) for place in (0, 1)]
    try:
        for started in players:
            while not has_open(started.pid, Path("/dev/snd/pcmC0D0p")):
                assert started.poll() is None
        figures = on_machine(listening)
    finally:
        for started in players:
            started.kill()
            started.wait()
    assert (figures["asked_rate_hz"], figures["rate_hz"]) == (48_000, 8_000)
    voice = {"swing_p999": 0.3, "voice_seconds": 3.0, "active_level_dbfs": -26.0, "snr_db": 40.0}
    evidence = parse(microphone.MicrophoneEvidence, {**figures, **voice})
    codes = [finding.code for finding in microphone.judge(evidence, PROFILE)]
    assert "microphone.wrong_rate" in codes


def test_a_card_that_another_program_holds_is_in_use_by_it() -> None:
    # The device has two places, and both are taken.
    recorders = [
        subprocess.Popen(
            ["arecord", "-q", "-D", f"hw:Loopback,1,{place}", "-f", "S16_LE", "-r", "48000", "/dev/null"]
        )
        for place in (0, 1)
    ]
    try:
        for recorder in recorders:
            while not has_open(recorder.pid, Path("/dev/snd/pcmC0D1c")):
                assert recorder.poll() is None

        async def use(machine: Machine) -> DeviceError:
            with pytest.raises(DeviceError) as error:
                await listening(machine)
            assert (await listening(machine, "alsa:Loopback,0"))["device_id"] == "alsa:Loopback,0"
            return error.value

        error = on_machine(use)
    finally:
        for recorder in recorders:
            recorder.kill()
            recorder.wait()
    assert (error.problem, error.detail) == (Problem.IN_USE, "arecord")


def test_a_card_that_is_pulled_out_is_removed_and_works_when_it_is_back(plugged: None) -> None:
    async def use(machine: Machine) -> Figures:
        heard = asyncio.Event()
        task = asyncio.ensure_future(
            machine.microphone.measure(
                Source(device=HEARS), quiet_seconds=0.2, speech_seconds=20.0,
                on_level=lambda _level, _done: heard.set(),
            )
        )  # fmt: skip
        await heard.wait()
        await asyncio.to_thread((DRIVER / "unbind").write_text, CARD)
        async with asyncio.timeout(30):
            with pytest.raises(DeviceError) as error:
                await task
        assert error.value.problem is Problem.REMOVED
        with pytest.raises(DeviceError) as absent:
            await listening(machine)
        assert absent.value.problem is Problem.ABSENT
        (DRIVER / "bind").write_text(CARD)
        return await listening(machine)

    assert on_machine(use)["device_id"] == HEARS


def test_cards_and_cameras_that_come_and_go_are_noticed(plugged: None) -> None:
    cameras = Path("/sys/bus/platform/drivers/vivid")

    async def use(machine: Machine) -> None:
        reports: asyncio.Queue[Any] = asyncio.Queue()
        watch = asyncio.ensure_future(machine.devices.watch(reports.put_nowait))

        async def until(kind: DeviceKind, there: bool, part: str) -> None:
            async with asyncio.timeout(60):
                while True:
                    found = await reports.get()
                    if any(part in device.id for device in found[kind]) is there:
                        return

        try:
            await until(DeviceKind.MICROPHONE, True, "Loopback")
            (DRIVER / "unbind").write_text(CARD)
            await until(DeviceKind.MICROPHONE, False, "Loopback")
            (DRIVER / "bind").write_text(CARD)
            await until(DeviceKind.MICROPHONE, True, "Loopback")
            (cameras / "unbind").write_text("vivid.0")
            await until(DeviceKind.CAMERA, False, "vivid-000")
            (cameras / "bind").write_text("vivid.0")
            await until(DeviceKind.CAMERA, True, "vivid-000")
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    on_machine(use)


def test_all_microphones_listen_at_once() -> None:
    async def use(machine: Machine) -> Any:
        seen: list[int] = []
        rows = await machine.microphone.compare(
            seconds=0.5, on_levels=lambda levels, _done: seen.append(len(levels))
        )
        assert seen
        return rows

    rows = {row["device_id"]: row for row in on_machine(use)}
    assert {"alsa:Loopback,0", HEARS, "alsa:Dummy,0"} <= set(rows)
    assert all("problem" in row or row["seconds"] > 0 for row in rows.values())


def test_without_the_right_to_the_cards_files_access_is_denied() -> None:
    assert LinuxAccess().denied_by(DeviceKind.MICROPHONE) is None
    program = (
        "import os\n"
        "from readiness.devices.linux.access import LinuxAccess\n"
        "from readiness.devices.ports import DeviceKind\n"
        "import pulsectl, psutil\n"
        "os.setgroups([])\n"
        "os.setuid(65534)\n"
        "print(LinuxAccess().denied_by(DeviceKind.MICROPHONE), LinuxAccess().denied_by(DeviceKind.CAMERA))"
    )
    for node in (*Path("/dev/snd").glob("pcm*"), *Path("/dev").glob("video*")):
        node.chmod(0o600)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["/dev/snd/pcmC0D0c", "/dev/video0"]
