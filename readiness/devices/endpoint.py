"""Endpoint: one microphone or speaker; and PortAudio, which opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from readiness.devices.ports import Attachment, DeviceError, Problem

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
    """One microphone or speaker, as the system describes it now.

    `muted`, `volume_percent`: the system's own switch and control. `hardware_muted`: a switch in the
    card or on the device, where the driver tells. `plugged_in`: false where the socket is known to be
    empty. `call_mode`: a Bluetooth headset that now sounds like a telephone. `server_name` is what a
    sound server knows it by, `address` what ALSA does (`hw:0,0`).
    """

    id: str
    name: str
    attachment: Attachment
    is_default: bool
    server_name: str | None = None
    address: str | None = None
    muted: bool | None = None
    volume_percent: float | None = None
    hardware_muted: bool | None = None
    plugged_in: bool | None = None
    call_mode: bool | None = None
    channels: int = 2


def portaudio() -> Any:
    """The sounddevice module. Raises DeviceError where PortAudio or its backend is missing."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(Problem.NO_BACKEND, str(error)) from error
    return sounddevice


def restart_portaudio() -> Any:
    """PortAudio started anew: its list is made when it starts. Not while a stream is open."""
    audio = portaudio()
    audio._terminate()
    audio._initialize()
    return audio


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


def default_first(endpoints: list[Endpoint]) -> list[Endpoint]:
    """The default in front, the others in the system's order."""
    return sorted(endpoints, key=lambda endpoint: not endpoint.is_default)
