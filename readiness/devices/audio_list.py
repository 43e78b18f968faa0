"""Microphones and speakers as the system names them, with mute and volume where it tells.

On Linux PulseAudio or PipeWire is asked first (pulsectl); without such a server, and on Windows
and macOS, the list is PortAudio's.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem

_VIRTUAL_NAMES = (
    "virtual",
    "cable output",
    "cable input",
    "blackhole",
    "soundflower",
    "voicemeeter",
    "loopback",
)
_BLUETOOTH_NAMES = ("bluetooth", "hands-free", "handsfree", "airpods")


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One microphone or speaker. `server_name` is PulseAudio's; `index` is PortAudio's."""

    id: str
    name: str
    attachment: Attachment
    is_default: bool
    index: int | None = None
    server_name: str | None = None
    muted: bool | None = None
    volume_percent: float | None = None
    channels: int = 2


def portaudio() -> Any:
    """The sounddevice module. Raises DeviceError where PortAudio or its backend is missing."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(Problem.NO_BACKEND, str(error)) from error
    return sounddevice


def endpoints(kind: DeviceKind) -> list[Endpoint]:
    """What the system has now, the default first."""
    found = _from_server(kind)
    if found is None:
        found = _from_portaudio(kind)
    return sorted(found, key=lambda endpoint: not endpoint.is_default)


def stream_device(endpoint: Endpoint) -> int:
    """The index that PortAudio opens `endpoint` by."""
    if endpoint.index is not None:
        return endpoint.index
    for index, device in enumerate(portaudio().query_devices()):
        if device["name"] in ("pulse", "pipewire", "default"):
            return index
    raise DeviceError(Problem.NO_BACKEND, "no way from ALSA to the sound server")


def attached_to(kind: DeviceKind, process_id: int) -> str | None:
    """The server's name of what this process's stream is connected to, if it tells."""
    with _server() as server:
        if server is None:
            return None
        capture = kind is DeviceKind.MICROPHONE
        streams = server.source_output_list() if capture else server.sink_input_list()
        for stream in streams:
            if stream.proplist.get("application.process.id") == str(process_id):
                devices = server.source_list() if capture else server.sink_list()
                number = stream.source if capture else stream.sink
                return next((device.name for device in devices if device.index == number), None)
        return None


@contextlib.contextmanager
def _server() -> Iterator[Any]:
    """A connection to the sound server, or None where there is none."""
    if sys.platform != "linux":
        yield None
        return
    try:
        import pulsectl
    except (ImportError, OSError):  # without libpulse no such server can be used
        yield None
        return
    try:
        server = pulsectl.Pulse("motesklar", connect=False)
        server.connect(autospawn=False)
    except pulsectl.PulseError:
        yield None
        return
    try:
        yield server
    except pulsectl.PulseError as error:
        raise DeviceError(Problem.FAILED, f"sound server: {error}") from error
    finally:
        server.close()


def _from_server(kind: DeviceKind) -> list[Endpoint] | None:
    with _server() as server:
        if server is None:
            return None
        capture = kind is DeviceKind.MICROPHONE
        default = server.server_info()
        default_name = default.default_source_name if capture else default.default_sink_name
        devices = server.source_list() if capture else server.sink_list()
        return [
            Endpoint(
                id=device.name,
                name=device.description or device.name,
                attachment=_attachment_by_server(device),
                is_default=device.name == default_name,
                server_name=device.name,
                muted=bool(device.mute),
                volume_percent=round(100 * device.volume.value_flat, 1),
                channels=max(1, min(2, device.channel_count)),
            )
            for device in devices
            # A monitor records what a speaker plays: no microphone, unless IT made it the default.
            if not (
                capture and device.proplist.get("device.class") == "monitor" and device.name != default_name
            )
        ]


def _attachment_by_server(device: Any) -> Attachment:
    bus = device.proplist.get("device.bus", "")
    form = device.proplist.get("device.form_factor", "")
    if bus == "bluetooth":
        return Attachment.BLUETOOTH
    if bus == "usb":
        return Attachment.USB
    if bus in ("pci", "isa") or form == "internal":
        return Attachment.BUILT_IN
    if device.proplist.get("device.class") in ("abstract", "filter", "monitor"):
        return Attachment.VIRTUAL
    return attachment_by_name(device.description or device.name)


def attachment_by_name(name: str) -> Attachment:
    """How a device hangs on, as far as its name tells."""
    folded = name.casefold()
    if any(word in folded for word in _BLUETOOTH_NAMES):
        return Attachment.BLUETOOTH
    if any(word in folded for word in _VIRTUAL_NAMES):
        return Attachment.VIRTUAL
    if "usb" in folded:
        return Attachment.USB
    return Attachment.UNKNOWN


def _from_portaudio(kind: DeviceKind) -> list[Endpoint]:
    audio = portaudio()
    # PortAudio makes its list when it starts: start it anew to see what was plugged in since.
    audio._terminate()
    audio._initialize()
    capture = kind is DeviceKind.MICROPHONE
    api_index = max(audio.default.hostapi, 0)
    apis = audio.query_hostapis()
    if not apis:
        return []
    default = apis[api_index]["default_input_device" if capture else "default_output_device"]
    return [
        Endpoint(
            id=device["name"],
            name=device["name"],
            attachment=attachment_by_name(device["name"]),
            is_default=index == default,
            index=index,
            channels=max(1, min(2, device["max_input_channels" if capture else "max_output_channels"])),
        )
        for index, device in enumerate(audio.query_devices())
        if device["hostapi"] == api_index
        and _is_a_device(device["name"], apis[api_index]["name"])
        and device["max_input_channels" if capture else "max_output_channels"] > 0
    ]


def _is_a_device(name: str, api: str) -> bool:
    """ALSA lists its converters (lavrate, upmix ...) beside the cards: people own none of those."""
    return api != "ALSA" or "(hw:" in name or name in ("default", "pulse", "pipewire")
