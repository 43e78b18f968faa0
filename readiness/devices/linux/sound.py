"""Microphones and speakers of Linux: from PulseAudio or PipeWire where there is one, else from ALSA."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from readiness.devices.choosing import told_apart
from readiness.devices.endpoint import (
    Endpoint,
    attachment_by_name,
    default_first,
    portaudio,
    restart_portaudio,
)
from readiness.devices.linux.alsa import alsa_endpoints, node_of
from readiness.devices.linux.holders import holder_of
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem

_NO_SPEAKER = "auto_null"
"""What a sound server plays into where there is no speaker: "Dummy Output"."""
_TO_SERVER = ("pulse", "pipewire", "default")
"""ALSA's names of the way to the sound server."""


class LinuxSound:
    """See `platforms.SoundSystem`. Unless it `opens` the cards' mixers, their switches are not told."""

    def __init__(self, *, opens: bool = True) -> None:
        self._opens = opens

    def endpoints(self, kind: DeviceKind) -> list[Endpoint]:
        """The server's devices, the default first; without a server ALSA's."""
        with sound_server() as server:
            if server is None:
                return told_apart(alsa_endpoints(kind, mixers=self._opens))
            return told_apart(default_first(_from_server(server, kind)))

    def stream_device(self, endpoint: Endpoint, kind: DeviceKind) -> int:
        """See `platforms.SoundSystem`."""
        for audio in (portaudio(), None):
            listed = (audio or restart_portaudio()).query_devices()
            for index, device in enumerate(listed):
                if endpoint.address is None and device["name"] in _TO_SERVER:
                    return index
                if endpoint.address is not None and f"({endpoint.address})" in device["name"]:
                    return index
        if endpoint.address is None:
            raise DeviceError(Problem.NO_BACKEND, "no way from ALSA to the sound server")
        if holder := self.holder(endpoint, kind):  # PortAudio leaves out a card that it cannot open
            raise DeviceError(Problem.IN_USE, holder)
        raise DeviceError(_why_not_listed(endpoint, kind), endpoint.name)

    def attached_to(self, kind: DeviceKind, process_id: int) -> list[str]:
        """See `platforms.SoundSystem`."""
        with sound_server() as server:
            if server is None:
                return []
            capture = kind is DeviceKind.MICROPHONE
            streams = server.source_output_list() if capture else server.sink_input_list()
            names = {
                device.index: str(device.name)
                for device in (server.source_list() if capture else server.sink_list())
            }
            return [
                names.get(stream.source if capture else stream.sink, "")
                for stream in streams
                if stream.proplist.get("application.process.id") == str(process_id)
            ]

    def holder(self, endpoint: Endpoint, kind: DeviceKind) -> str | None:
        """A sound server shares its devices; one of ALSA's belongs to whoever has opened it."""
        return None if endpoint.address is None else holder_of(node_of(endpoint.address, kind))


@contextlib.contextmanager
def sound_server() -> Iterator[Any]:
    """A connection to the sound server, or None where there is none."""
    try:
        import pulsectl
    except (ImportError, OSError):  # without libpulse no such server can be used
        yield None
        return
    try:
        server = pulsectl.Pulse("motesklar", connect=False)
        server.connect(autospawn=False)
    except (pulsectl.PulseError, pulsectl.PulseDisconnected):
        yield None
        return
    try:
        yield server
    except (pulsectl.PulseError, pulsectl.PulseDisconnected) as error:
        raise DeviceError(Problem.FAILED, f"sound server: {error}") from error
    finally:
        server.close()


def _from_server(server: Any, kind: DeviceKind) -> list[Endpoint]:
    capture = kind is DeviceKind.MICROPHONE
    info = server.server_info()
    default_name = info.default_source_name if capture else info.default_sink_name
    devices = server.source_list() if capture else server.sink_list()
    profiles = {card.index: card.profile_active.name for card in server.card_list() if card.profile_active}
    return [
        Endpoint(
            id=device.name,
            name=device.description or device.name,
            attachment=_attachment(device),
            is_default=device.name == default_name,
            server_name=device.name,
            muted=bool(device.mute),
            volume_percent=round(100 * device.volume.value_flat, 1),
            plugged_in=_plugged_in(device),
            call_mode=_call_mode(device, profiles),
            channels=max(1, min(2, device.channel_count)),
        )
        for device in devices
        if device.name != _NO_SPEAKER
        # A monitor records what a speaker plays. A server makes one the default where no microphone is left.
        and not (capture and device.proplist.get("device.class") == "monitor")
    ]


def _attachment(device: Any) -> Attachment:
    bus = device.proplist.get("device.bus", "")
    form = device.proplist.get("device.form_factor", "")
    if bus == "bluetooth" or device.proplist.get("device.api", "").startswith("bluez"):
        return Attachment.BLUETOOTH
    if bus == "usb":
        return Attachment.USB
    if bus in ("pci", "isa", "platform") or form == "internal":
        return Attachment.BUILT_IN
    if device.proplist.get("device.class") in ("abstract", "filter", "monitor"):
        return Attachment.VIRTUAL
    if device.proplist.get("node.virtual") == "true":  # PipeWire
        return Attachment.VIRTUAL
    return attachment_by_name(device.description or device.name)


def _plugged_in(device: Any) -> bool | None:
    """Whether anything is in the socket of the active port; None where the hardware does not tell."""
    state = getattr(device.port_active, "available_state", None) if device.port_active else None
    if state is None or state not in ("no", "yes"):
        return None
    return bool(state == "yes")


def _call_mode(device: Any, profiles: dict[int, str]) -> bool | None:
    """A Bluetooth headset whose card is in a profile for calls (HSP or HFP)."""
    profile = device.proplist.get("bluetooth.protocol") or profiles.get(device.card, "")
    if _attachment(device) is not Attachment.BLUETOOTH or not profile:
        return None
    return any(word in profile for word in ("headset", "handsfree", "hsp", "hfp"))


def _why_not_listed(endpoint: Endpoint, kind: DeviceKind) -> Problem:
    import os

    node = node_of(endpoint.address or "", kind)
    if not node.exists():
        return Problem.REMOVED
    wanted = os.R_OK if kind is DeviceKind.MICROPHONE else os.W_OK
    return Problem.FAILED if os.access(node, wanted) else Problem.DENIED
