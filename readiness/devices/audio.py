"""The sound drivers, through PortAudio; runs inside the sound host."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from readiness.core.model import Figures
from readiness.devices.choosing import chosen
from readiness.devices.endpoint import Endpoint, portaudio
from readiness.devices.hosting import Arguments, Line, Operation
from readiness.devices.listing import rows
from readiness.devices.platforms import SoundSystem, access_control, sound_system
from readiness.devices.playing import Player
from readiness.devices.ports import DeviceError, DeviceKind, Problem
from readiness.devices.recording import Recorder, recorded
from readiness.devices.streams import LOOK_SECONDS, OPENING_SECONDS
from readiness.devices.voice import Voice

_BEFORE_PROBE_SECONDS = 0.3
_TAILS_SECONDS = (0.25, 0.7)
"""How long is listened after the probe; the longer one where the shorter did not settle it."""
_SETTLED_DB = 40.0
"""A probe that stands out so far will not be found better by listening longer."""
_SIDES_DB = 12.0
"""A microphone that is nearer to one side hears it louder, but rarely by so much."""
_OTHERS_SECONDS = 0.6
"""How long the other microphones are listened to where the chosen one gives nothing."""
_LOWEST_STEP = 4 / 32768
"""A microphone that moves no further gives no sound (the profile's limit decides; this only looks on)."""


def operations() -> Mapping[str, Operation]:
    """What the host can do."""
    voice = Voice()
    return {
        "devices": _devices,
        "listen": functools.partial(_listen, voice),
        "play_back": functools.partial(_play_back, voice),
        "forget": functools.partial(_forget, voice),
        "play": _play,
        "loop": _loop,
        "compare": _compare,
    }


def warm() -> None:
    """Load PortAudio and the analysis; a missing PortAudio is told when it is needed."""
    import readiness.analysis.signals
    import readiness.analysis.sound  # noqa: F401

    with contextlib.suppress(DeviceError):
        portaudio()


def _devices(arguments: Arguments, _line: Line) -> Figures:
    return {"devices": rows(sound_system().endpoints(DeviceKind(arguments["kind"])))}


def _listen(voice: Voice, arguments: Arguments, line: Line) -> Figures:
    from readiness.analysis import sound

    voice.forget()
    quiet = arguments["quiet_seconds"]
    if arguments["file"]:
        samples, rate_hz = recorded(Path(arguments["file"]))
        line.relax()
        voice.keep(samples[int(quiet * rate_hz) :], rate_hz)  # without the room before the voice
        name = Path(arguments["file"]).name
        return {"device_name": name, "recording": True, **sound.figures(samples, rate_hz)}
    system = sound_system()
    endpoint = _chosen(system, DeviceKind.MICROPHONE, arguments["device"])
    seconds = quiet + arguments["speech_seconds"]
    with Recorder(system, endpoint, line) as recorder:
        recorder.until(
            seconds, lambda level, done: line.progress(level_dbfs=level, fraction=min(1.0, done / seconds))
        )
        samples, rate_hz = recorder.samples(), recorder.rate_hz
    voice.keep(samples[int(quiet * rate_hz) :], rate_hz)
    figures = sound.figures(samples, rate_hz)
    return {
        **recorder.facts(),
        "quiet_dbfs": round(max(map(sound.rms_dbfs, samples[: int(quiet * rate_hz)].T)), 2),
        **figures,
        **(_why_silent(system, endpoint, line) if _is_silent(figures) else {}),
    }


def _play_back(voice: Voice, arguments: Arguments, line: Line) -> Figures:
    voice.demand()
    return _played(arguments["device"], voice.at_rate, line)


def _forget(voice: Voice, _arguments: Arguments, _line: Line) -> Figures:
    voice.forget()
    return {}


def _play(arguments: Arguments, line: Line) -> Figures:
    from readiness.analysis import signals

    return _played(arguments["device"], signals.chime, line)


def _played(device: str | None, make: Callable[[int], Any], line: Line) -> Figures:
    system = sound_system()
    with Player(system, _chosen(system, DeviceKind.SPEAKER, device), make, line) as player:
        while not player.done():
            player.wait()
            line.progress(fraction=player.fraction())
        player.drain()
    return player.facts()


def _loop(arguments: Arguments, line: Line) -> Figures:
    """The probe, after the chime where that is wanted, and what the microphone heard of it.

    Where one side is much fainter the probe is played once more: a busy computer drops sound.
    """
    from readiness.analysis import signals, sound

    system = sound_system()
    speaker = _chosen(system, DeviceKind.SPEAKER, arguments["device"])
    microphone = _chosen(system, DeviceKind.MICROPHONE, arguments["microphone"])
    with Recorder(system, microphone, line) as recorder:
        recorder.until(_BEFORE_PROBE_SECONDS, lambda _level, _done: None)
        make, lead = signals.probe, signals.LEAD_SECONDS
        if arguments["chime"]:
            make, lead = signals.chime_and_probe, lead + signals.CHIME_SECONDS
        player = Player(system, speaker, make, line)
        found = _probed(recorder, player, lead, line, tells=True)
        if (found["loop_side_difference_db"] or 0.0) > _SIDES_DB and found["loop_gain_db"] is not None:
            again = Player(system, speaker, signals.probe, line)
            second = _probed(recorder, again, signals.LEAD_SECONDS, line, tells=False)
            found = min(found, second, key=_unevenness)
        line.relax()
        samples, rate_hz = recorder.samples(), recorder.rate_hz
    before = samples[: max(1, int(_BEFORE_PROBE_SECONDS * rate_hz))]
    heard = {**recorder.facts(), **sound.figures(before, rate_hz)}
    if _is_silent(heard) and _is_silent(sound.figures(samples, rate_hz)):
        heard |= _why_silent(system, microphone, line)
    if player.channels == 1:
        found |= dict.fromkeys(("loop_left_gain_db", "loop_right_gain_db", "loop_side_difference_db"))
    return {**player.facts(), "loop_microphone_name": microphone.name, **found, "heard": heard}


def _probed(recorder: Recorder, player: Player, lead: float, line: Line, *, tells: bool) -> dict[str, Any]:
    """Play once and look for the probe, whose sweeps begin `lead` seconds after the player's sound."""
    from readiness.analysis import signals

    found: dict[str, Any] = {}
    with player:
        while not player.done():
            player.wait()
            recorder.watch()
            if tells:
                line.progress(fraction=player.fraction())
        ended = recorder.seconds()
        for tail in _TAILS_SECONDS:
            recorder.until(ended + tail, lambda _level, _done: None)
            line.relax()
            started = _sample_at(recorder, player, lead)
            found = signals.find_probe(recorder.samples(), recorder.rate_hz, started)
            if found["loop_peak_db"] >= _SETTLED_DB:
                break
        player.look()
    return found


def _unevenness(found: Mapping[str, Any]) -> float:
    difference = found["loop_side_difference_db"]
    return float("inf") if difference is None or found["loop_gain_db"] is None else float(difference)


def _compare(arguments: Arguments, line: Line) -> Figures:
    """Listen with every microphone at once."""
    system = sound_system()
    return {
        "microphones": _heard_by(
            system, system.endpoints(DeviceKind.MICROPHONE), arguments["seconds"], line, tells=True
        )
    }


def _heard_by(
    system: SoundSystem, endpoints: list[Endpoint], seconds: float, line: Line, *, tells: bool
) -> list[dict[str, Any]]:
    """What each of `endpoints` hears in the same `seconds`; a problem where one cannot."""
    from readiness.analysis import sound

    rows: dict[str, dict[str, Any]] = {}
    recorders: dict[str, Recorder] = {}
    with contextlib.ExitStack() as streams:
        for endpoint in endpoints:
            rows[endpoint.id] = {"device_name": endpoint.name, "device_id": endpoint.id}
            try:
                recorders[endpoint.id] = streams.enter_context(Recorder(system, endpoint, line))
            except DeviceError as error:
                rows[endpoint.id] |= {"problem": error.problem, "problem_detail": error.detail}
        begun, going = time.monotonic(), dict(recorders)
        while going:
            line.expect(OPENING_SECONDS, Problem.HUNG)
            time.sleep(LOOK_SECONDS)
            for name, recorder in tuple(going.items()):
                try:
                    recorder.watch()
                except DeviceError as error:
                    rows[name] |= {"problem": error.problem, "problem_detail": error.detail}
                    del going[name], recorders[name]
                else:
                    if recorder.seconds() >= seconds:
                        del going[name]
            if tells:
                levels = {name: recorder.level_dbfs() for name, recorder in recorders.items()}
                line.progress(levels_dbfs=levels, fraction=min(1.0, (time.monotonic() - begun) / seconds))
    line.relax()
    # All are closed by now: a stream goes on recording, on a slow computer faster than it is analysed.
    for name, recorder in recorders.items():
        rows[name] |= {**recorder.facts(), **sound.figures(recorder.samples(), recorder.rate_hz)}
    return list(rows.values())


def _chosen(system: SoundSystem, kind: DeviceKind, wanted: str | None) -> Endpoint:
    return chosen(system.endpoints(kind), wanted)


def _is_silent(figures: Mapping[str, Any]) -> bool:
    return bool(figures.get("swing_p999", 0.0) <= _LOWEST_STEP)


def _why_silent(system: SoundSystem, endpoint: Endpoint, line: Line) -> dict[str, Any]:
    """What the system knows of a microphone that gives nothing, and which other one gives something."""
    line.expect(OPENING_SECONDS, Problem.HUNG)
    access = access_control()
    facts: dict[str, Any] = {
        "denied_by": access.denied_by(DeviceKind.MICROPHONE),
        "used_by": access.used_by(DeviceKind.MICROPHONE),
    }
    others = [other for other in system.endpoints(DeviceKind.MICROPHONE) if other.id != endpoint.id]
    rows = _heard_by(system, others, _OTHERS_SECONDS, line, tells=False)
    lively = [row for row in rows if row.get("swing_p999")]
    if lively:
        best = max(lively, key=lambda row: float(row["swing_p999"]))
        facts |= {"other_device_name": best["device_name"], "other_swing_p999": best["swing_p999"]}
    return facts


def _sample_at(recorder: Recorder, player: Player, lead_seconds: float) -> int:
    """The number of the sample that was recorded when the probe was handed to the driver."""
    from readiness.analysis.signals import PROBE_SECONDS

    played_from = player.pace.start(lead_seconds, lead_seconds + PROBE_SECONDS)
    recorded_from = recorder.pace.start()
    if recorded_from is None or played_from is None:
        return 0
    # The recorder's pace is that of the same moments.
    begun = played_from + lead_seconds - recorded_from
    recorded_from = recorder.pace.start(begun, begun + PROBE_SECONDS) or recorded_from
    return max(0, round((played_from + lead_seconds - recorded_from) * recorder.rate_hz))
