"""Microphones and speakers of macOS, from Core Audio. Not run on macOS yet."""

from __future__ import annotations

import os

import psutil

from readiness.devices.endpoint import Endpoint, attachment_by_name, default_first, restart_portaudio
from readiness.devices.macos.objects import SYSTEM_OBJECT, Objects, core_audio, transport
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem

_SCOPE = {DeviceKind.MICROPHONE: "inpt", DeviceKind.SPEAKER: "outp"}
_DEFAULT = {DeviceKind.MICROPHONE: "dIn ", DeviceKind.SPEAKER: "dOut"}
_NOBODY = 0xFFFFFFFF  # -1: no process has the device for itself


class MacSound:
    """See `platforms.SoundSystem`."""

    def __init__(self, objects: Objects | None = None) -> None:
        self._objects = objects or core_audio()

    def endpoints(self, kind: DeviceKind) -> list[Endpoint]:
        """The devices that have streams in the direction asked for."""
        objects, scope = self._objects, _SCOPE[kind]
        default = objects.number(SYSTEM_OBJECT, _DEFAULT[kind])
        return default_first(
            [
                self._endpoint(device, kind, device == default)
                for device in objects.numbers(SYSTEM_OBJECT, "dev#")
                if objects.numbers(device, "stm#", scope)
            ]
        )

    def stream_device(self, endpoint: Endpoint, kind: DeviceKind) -> int:
        """By name: PortAudio uses Core Audio's."""
        direction = "max_input_channels" if kind is DeviceKind.MICROPHONE else "max_output_channels"
        for index, device in enumerate(restart_portaudio().query_devices()):
            if device["name"] == endpoint.name and device[direction] > 0:
                return index
        raise DeviceError(Problem.REMOVED, endpoint.name)

    def attached_to(self, _kind: DeviceKind, _process_id: int, /) -> list[str]:
        """macOS moves no stream."""
        return []

    def holder(self, endpoint: Endpoint, kind: DeviceKind) -> str | None:
        """A process can have a device for itself: its hog mode."""
        for device in self._objects.numbers(SYSTEM_OBJECT, "dev#"):
            if self._objects.string(device, "uid ") == endpoint.id:
                process = self._objects.number(device, "oink", _SCOPE[kind])
                if process in (None, _NOBODY, os.getpid()):
                    return None
                try:
                    return psutil.Process(process).name()
                except psutil.Error:
                    return None
        return None

    def _endpoint(self, device: int, kind: DeviceKind, is_default: bool) -> Endpoint:
        objects, scope = self._objects, _SCOPE[kind]
        name = objects.string(device, "lnam") or "?"
        attachment = transport(objects, device)
        volume = self._first(device, "volm", scope)
        plugged = objects.number(device, "jack", scope)
        return Endpoint(
            id=objects.string(device, "uid ") or name,
            name=name,
            attachment=attachment_by_name(name) if attachment is Attachment.UNKNOWN else attachment,
            is_default=is_default,
            muted=None if (mute := self._mute(device, scope)) is None else bool(mute),
            volume_percent=None if volume is None else round(100 * volume, 1),
            plugged_in=None if plugged is None else bool(plugged),
        )

    def _mute(self, device: int, scope: str) -> int | None:
        """The switch of the whole device, or where it has none that of its first channel."""
        whole = self._objects.number(device, "mute", scope)
        return self._objects.number(device, "mute", scope, 1) if whole is None else whole

    def _first(self, device: int, selector: str, scope: str) -> float | None:
        whole = self._objects.real(device, selector, scope)
        return self._objects.real(device, selector, scope, 1) if whole is None else whole
