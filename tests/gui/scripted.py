"""A machine that does as the test says, behind the same Protocols as the real one."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
import tempfile
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness.checks import CHECKS, camera, computer, connection, kind, microphone, speaker
from readiness.checks.connection import ConnectionEvidence
from readiness.core.check import Check, Context
from readiness.core.evidence import parse
from readiness.core.model import Computer, Figures, Frame, Notice, Report
from readiness.core.profile import Profile
from readiness.core.profile_loading import load_profiles
from readiness.core.text import Text
from readiness.core.timeline import Piece, Place, State
from readiness.devices.choosing import chosen
from readiness.devices.ports import Attachment, Device, DeviceError, DeviceKind, Machine, Problem, Source
from readiness.gui.outcome import Backlog, Shipment
from readiness.gui.supplies import Parts, WatchedLine
from readiness.settings import places
from readiness.submission.handouts import Handouts

RESOURCES = places().resources

GOOD_CAMERA: Figures = {
    "device_name": "Logitech BRIO",
    "attachment": "usb",
    "asked_width": 1280,
    "asked_height": 720,
    "first_frame_seconds": 0.41,
    "frames": 75,
    "seconds": 2.5,
    "width": 1280,
    "height": 720,
    "sizes": 1,
    "frame_rate_hz": 30.0,
    "fresh_frame_rate_hz": 30.0,
    "frame_gap_p95_ms": 36.0,
    "frame_gap_max_ms": 41.0,
    "still_percent": 0.0,
    "longest_still_seconds": 0.1,
    "luma_mean": 118.0,
    "luma_p95": 201.0,
    "black_percent": 0.0,
}
GOOD_MICROPHONE: Figures = {
    "device_name": "Jabra Evolve2 30",
    "attachment": "usb",
    "seconds": 6.0,
    "rate_hz": 48000,
    "channels": 1,
    "overruns": 0,
    "quiet_dbfs": -66.0,
    "peak_dbfs": -9.0,
    "swing_p999": 0.3,
    "active_level_dbfs": -24.0,
    "activity_percent": 71.0,
    "noise_dbfs": -66.0,
    "snr_db": 41.0,
    "clipped_percent": 0.0,
    "dc_offset": 0.0001,
}
GOOD_SYSTEM: Figures = {
    "system": "Windows",
    "system_version": "11 24H2",
    "machine": "x86_64",
    "processor": "Intel Core i5-1335U",
    "cores": 10,
    "threads": 12,
    "cpu_busy_percent": 11.0,
    "memory_total_gib": 15.7,
    "memory_free_gib": 8.2,
    "disk_free_gib": 212.0,
    "has_battery": True,
    "on_mains": True,
    "battery_percent": 87.0,
}
GOOD_SPEAKER: Figures = {"device_name": "Jabra Evolve2 30", "attachment": "usb", "played": True}
GOOD_LOOP: Figures = {
    **GOOD_SPEAKER,
    "loop_peak_db": 24.0,
    "loop_gain_db": -38.0,
    "loop_delay_ms": 92.0,
    "heard": GOOD_MICROPHONE,
}


def frame(number: int, width: int = 640, height: int = 360) -> Frame:
    """A plain picture that changes with `number`."""
    shade = number * 7 % 200 + 30
    return Frame(width=width, height=height, rgb=bytes((shade, 120, 200 - shade % 100)) * (width * height))


def devices_of(kind_of: DeviceKind, *names: str) -> tuple[Device, ...]:
    return tuple(
        Device(
            id=f"{kind_of.value}-{index}",
            name=name,
            kind=kind_of,
            attachment=Attachment.USB,
            is_default=not index,
        )
        for index, name in enumerate(names)
    )


@dataclass
class ScriptedCamera:
    figures: Figures = field(default_factory=lambda: GOOD_CAMERA)
    error: DeviceError | None = None
    hangs: bool = False
    seconds: float = 0.1
    rate_hz: float = 25.0
    picture: Callable[[int], Frame] = frame
    there: tuple[Device, ...] = devices_of(DeviceKind.CAMERA, "Logitech BRIO", "Integrated Camera")
    asked: list[Source] = field(default_factory=list)

    async def devices(self) -> Sequence[Device]:
        return self.there

    async def measure(
        self,
        source: Source,
        *,
        width: int,
        height: int,
        seconds: float,
        on_frame: Callable[[Frame, float], None],
    ) -> Figures:
        self.asked.append(source)
        if self.error is not None:
            raise self.error
        chosen(self.there, source.device)
        total = max(2, round(self.seconds * self.rate_hz))
        for number in range(total):
            on_frame(self.picture(number), (number + 1) / total)
            await asyncio.sleep(1 / self.rate_hz)
        if self.hangs:
            await asyncio.Event().wait()
        return self.figures


@dataclass
class ScriptedMicrophone:
    figures: Figures = field(default_factory=lambda: GOOD_MICROPHONE)
    error: DeviceError | None = None
    hangs: bool = False
    seconds: float = 0.1
    there: tuple[Device, ...] = devices_of(DeviceKind.MICROPHONE, "Jabra Evolve2 30", "Mikrofonuppsättning")
    keeps_voice: bool = False
    played_back: list[str | None] = field(default_factory=list)

    async def devices(self) -> Sequence[Device]:
        return self.there

    async def measure(
        self,
        source: Source,
        *,
        quiet_seconds: float,
        speech_seconds: float,
        on_level: Callable[[float, float], None],
    ) -> Figures:
        if self.error is not None:
            raise self.error
        chosen(self.there, source.device)
        total = max(4, round(self.seconds * 20))
        for number in range(total):
            quiet = number / total < quiet_seconds / (quiet_seconds + speech_seconds)
            on_level(-58.0 if quiet else -30.0 + number * 7 % 13, (number + 1) / total)
            await asyncio.sleep(self.seconds / total)
        if self.hangs:
            await asyncio.Event().wait()
        self.keeps_voice = True
        return self.figures

    async def compare(
        self, *, seconds: float, on_levels: Callable[[Mapping[str, float], float], None]
    ) -> Sequence[Figures]:
        if self.error is not None:
            raise self.error
        on_levels({device.id: -40.0 for device in self.there}, 1.0)
        return [
            {
                **self.figures,
                "device_id": device.id,
                "device_name": device.name,
                "snr_db": 41.0 - 20 * number,
            }
            for number, device in enumerate(self.there)
        ]

    async def play_back(self, device: str | None, *, on_fraction: Callable[[float], None]) -> Figures:
        if not self.keeps_voice:
            raise DeviceError(Problem.ABSENT, "no voice is kept")
        on_fraction(1.0)
        self.played_back.append(device)
        return {"played": True}

    async def forget(self) -> None:
        self.keeps_voice = False


@dataclass
class ScriptedSpeaker:
    figures: Figures = field(default_factory=lambda: GOOD_SPEAKER)
    loop_figures: Figures = field(default_factory=lambda: GOOD_LOOP)
    error: DeviceError | None = None
    microphones: tuple[Device, ...] = devices_of(
        DeviceKind.MICROPHONE, "Jabra Evolve2 30", "Mikrofonuppsättning"
    )
    there: tuple[Device, ...] = devices_of(DeviceKind.SPEAKER, "Jabra Evolve2 30", "Högtalare (Realtek)")

    async def devices(self) -> Sequence[Device]:
        return self.there

    async def play(self, device: str | None, *, on_fraction: Callable[[float], None]) -> Figures:
        if self.error is not None:
            raise self.error
        chosen(self.there, device)
        on_fraction(1.0)
        return self.figures

    async def loop(
        self,
        device: str | None,
        microphone: Source,
        *,
        chime: bool = False,
        on_fraction: Callable[[float], None] = lambda _done: None,
    ) -> Figures:
        if self.error is not None:
            raise self.error
        chosen(self.there, device)
        chosen(self.microphones, microphone.device)
        on_fraction(1.0)
        return self.loop_figures


@dataclass
class ScriptedDevices:
    """What is plugged in; `plug` changes it, from any thread, and whoever watches is told."""

    script: Script
    watchers: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    async def watch(self, on_change: Callable[[Mapping[DeviceKind, Sequence[Device]]], None]) -> None:
        changed = asyncio.Event()
        self.watchers.append((asyncio.get_running_loop(), changed))
        while True:
            on_change(
                {
                    DeviceKind.CAMERA: self.script.camera.there,
                    DeviceKind.MICROPHONE: self.script.microphone.there,
                    DeviceKind.SPEAKER: self.script.speaker.there,
                }
            )
            await changed.wait()
            changed.clear()

    def plug(self, kind_of: DeviceKind, *names: str) -> None:
        part = {
            DeviceKind.CAMERA: self.script.camera,
            DeviceKind.MICROPHONE: self.script.microphone,
            DeviceKind.SPEAKER: self.script.speaker,
        }[kind_of]
        part.there = devices_of(kind_of, *names)
        for loop, changed in self.watchers:
            loop.call_soon_threadsafe(changed.set)


@dataclass
class ScriptedSystem:
    figures: Figures = field(default_factory=lambda: GOOD_SYSTEM)
    error: Exception | None = None

    async def measure(self) -> Figures:
        if self.error is not None:
            raise self.error
        return self.figures


def _replayed(check: Check[Any, Any], figures: Figures) -> Callable[[Context[Machine]], Awaitable[Any]]:
    async def replay(context: Context[Machine]) -> Any:
        for done in range(1, 11):
            context.tell(Notice(fraction=done / 10))
            await asyncio.sleep(0.08)
        return parse(check.evidence, figures)

    return replay


def pieces(*states: tuple[State, Place | None], kind_of: str = "wifi") -> tuple[Piece, ...]:
    """Pieces of five seconds, one after another from ten to ten."""
    return tuple(
        Piece(
            utc=f"2026-11-24T09:{50 + number // 12:02}:{number % 12 * 5:02}Z",
            seconds=5.0,
            state=state,
            place=place,
            loss_percent={State.GOOD: 0.0, State.TROUBLE: 7.5}.get(state),
            delay_ms={State.GOOD: 6.0, State.TROUBLE: 180.0}.get(state),
            rtt_ms=None if state is State.AWAY else 24.0,
            kind=kind_of,
            signal_dbm=-61.0,
        )
        for number, (state, place) in enumerate(states)
    )


BAD_MORNING = pieces(
    *[(State.GOOD, None)] * 12,
    *[(State.TROUBLE, Place.NEAR)] * 3,
    *[(State.GOOD, None)] * 9,
    *[(State.TROUBLE, Place.OUTSIDE)] * 2,
    *[(State.AWAY, Place.UNKNOWN)] * 2,
)


@dataclass
class ScriptedLine:
    """A line whose pieces are as told; then it is quiet, or refuses."""

    pieces: Sequence[Piece] = ()
    refuses: Exception | None = None
    begun: int = 0
    ended: int = 0

    async def watch(self, tell: Callable[[Piece], None]) -> None:
        self.begun += 1
        try:
            for piece in self.pieces:
                tell(piece)
                await asyncio.sleep(0.005)
            if self.refuses is not None:
                raise self.refuses
            await asyncio.Event().wait()
        finally:
            self.ended += 1


@dataclass
class Script:
    """What the machine, the network and the collector will do."""

    camera: ScriptedCamera = field(default_factory=ScriptedCamera)
    microphone: ScriptedMicrophone = field(default_factory=ScriptedMicrophone)
    speaker: ScriptedSpeaker = field(default_factory=ScriptedSpeaker)
    system: ScriptedSystem = field(default_factory=ScriptedSystem)
    past: ScriptedPast = field(default_factory=lambda: ScriptedPast())
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="motesklar-script-")))
    recorded: Mapping[str, Figures] = field(default_factory=dict)
    """Further checks of the network, by id, that give these figures."""
    failing_hosts: frozenset[str] = frozenset()
    deadlines: Mapping[str, float] = field(default_factory=dict)
    closed: bool = False
    line: ScriptedLine | None = None

    def __post_init__(self) -> None:
        self.devices = ScriptedDevices(self)
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def machine(self) -> Machine:
        return Machine(
            camera=self.camera,
            microphone=self.microphone,
            speaker=self.speaker,
            system=self.system,
            devices=self.devices,
        )

    def checks(self) -> tuple[Check[Any, Any], ...]:
        """The real checks; only the network's answers are scripted, since tests stay on loopback."""

        async def reached(context: Context[Machine]) -> ConnectionEvidence:
            hosts = [
                {
                    "host": host.host,
                    "port": host.port,
                    "transport": host.transport,
                    "failed_at": "connect" if host.host in self.failing_hosts else None,
                    "connect_ms": 21.0,
                    "tls_ms": 44.0,
                }
                for profile in context.profiles
                for host in profile.hosts
                if host.transport != "udp"
            ]
            for done in range(1, 5):
                context.tell(Notice(fraction=done / 4))
                await asyncio.sleep(0)
            udp = [
                {"host": host.host, "port": host.port, "answers": True, "rtt_ms": 19.0}
                for profile in context.profiles
                for host in profile.hosts
                if host.transport == "udp"
            ]
            return parse(ConnectionEvidence, {"has_address": True, "hosts": hosts, "udp_hosts": udp})

        network = dataclasses.replace(connection.CHECK, measure=reached)
        further = tuple(
            dataclasses.replace(check, measure=_replayed(check, self.recorded[check.id]))
            for check in CHECKS
            if check.id in self.recorded
        )
        real = (computer.CHECK, camera.CHECK, microphone.CHECK, speaker.CHECK, network, *further)
        return tuple(
            dataclasses.replace(check, deadline_seconds=self.deadlines.get(check.id, check.deadline_seconds))
            for check in real
        )

    async def close(self) -> None:
        self.closed = True


@dataclass
class ScriptedPost:
    """A collector that answers as told, one answer for each try."""

    answers: list[Shipment] = field(default_factory=lambda: [Shipment(receipt="K7M-4PQ2")])
    kept: list[Report] = field(default_factory=list)
    delivered: set[str] = field(default_factory=set)
    damaged: tuple[Text, ...] = ()

    async def add(self, report: Report) -> None:
        self.kept.append(report)

    async def deliver(self, report_id: str | None) -> Shipment | None:
        if not self._waiting():
            return None
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.receipt:
            self.delivered |= {report.id for report in self.kept if report_id in (None, report.id)}
        return answer

    async def backlog(self) -> Backlog:
        return Backlog(waiting=self._waiting(), reason=self.answers[0].reason, damaged=self.damaged)

    def _waiting(self) -> int:
        return len([report for report in self.kept if report.id not in self.delivered])


async def identity() -> Computer:
    return Computer(
        device_id="5f3c1f5e-97a4-4c8a-b0a1-0d9f6d6b8a11",
        host_name="LAPTOP-4711",
        system="Windows 11 24H2",
        model="Lenovo ThinkPad L14 Gen 4",
        network_kind="Wi-Fi",
        asset_tag="K-20331",
        user_name="anna.berg",
    )


async def nothing() -> None:
    """Nothing to do."""


def profiles(profile_id: str = "organisation", folder: Path = RESOURCES / "profiles") -> tuple[Profile, ...]:
    return load_profiles(profile_id, folder)


@dataclass
class ScriptedPast:
    """Runs kept in memory, the newest first."""

    kept: dict[str, Report] = field(default_factory=dict)

    async def add(self, report: Report) -> None:
        self.kept[report.id] = report

    async def reports(self) -> tuple[Report, ...]:
        return tuple(reversed(self.kept.values()))


def loads(script: Script, post: ScriptedPost | None = None) -> Callable[[], Awaitable[Parts]]:
    """What the window is opened on."""

    async def load() -> Parts:
        return Parts(
            checks=script.checks(),
            profiles=profiles(),
            machine=script.machine,
            kind=kind,
            identity=identity,
            version="0.1.0",
            post=post,
            past=script.past,
            handouts=Handouts(script.folder / "handed-out.jsonl"),
            start=nothing,
            close=script.close,
            line=WatchedLine(host="moten.example.se", watch=script.line.watch) if script.line else None,
        )

    return load
