"""Microphones and speakers of Windows, from MMDevice (pycaw). Not run on Windows yet."""

from __future__ import annotations

import importlib
import sys
import warnings
from typing import Any

from readiness.devices.endpoint import Endpoint, attachment_by_name, default_first, restart_portaudio
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem
from readiness.devices.windows.consent import used_by
from readiness.devices.windows.registry import Registry, WindowsRegistry

# mmdeviceapi.h
_FLOW = {DeviceKind.SPEAKER: 0, DeviceKind.MICROPHONE: 1}  # eRender, eCapture
_ACTIVE = 0x1  # DEVICE_STATE_ACTIVE
_CONSOLE = 0  # ERole eConsole
_ENUMERATOR = "{A45C254E-DF1C-4EFD-8020-67D146A850E0} 24"  # PKEY_Device_EnumeratorName
_BY_ENUMERATOR = {
    "USB": Attachment.USB, "BTHENUM": Attachment.BLUETOOTH, "BTHHFENUM": Attachment.BLUETOOTH,
    "BTHLE": Attachment.BLUETOOTH, "BTHLEDEVICE": Attachment.BLUETOOTH,
    "HDAUDIO": Attachment.BUILT_IN, "INTELAUDIO": Attachment.BUILT_IN, "PCI": Attachment.BUILT_IN,
    "SOUNDWIRE": Attachment.BUILT_IN, "ACPI": Attachment.BUILT_IN,
    "ROOT": Attachment.VIRTUAL, "SWD": Attachment.VIRTUAL,
}  # fmt: skip


class WindowsSound:
    """See `platforms.SoundSystem`. `utilities` is pycaw's AudioUtilities."""

    def __init__(self, utilities: Any = None, registry: Registry | None = None) -> None:
        self._utilities = utilities or importlib.import_module("pycaw.utils").AudioUtilities
        self._registry = registry or WindowsRegistry()

    def endpoints(self, kind: DeviceKind) -> list[Endpoint]:
        """The active devices in the direction asked for; unplugged and disabled ones are not there."""
        default = self._default_id(kind)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pycaw warns of every property it cannot read
            devices = self._utilities.GetAllDevices(_FLOW[kind], _ACTIVE)
        return default_first([_endpoint(device, device.id == default) for device in devices])

    def stream_device(self, endpoint: Endpoint, kind: DeviceKind) -> int:
        """By name among PortAudio's WASAPI devices, whose names are MMDevice's."""
        audio = restart_portaudio()
        direction = "max_input_channels" if kind is DeviceKind.MICROPHONE else "max_output_channels"
        apis = [api["name"] for api in audio.query_hostapis()]
        for index, device in enumerate(audio.query_devices()):
            if (
                apis[device["hostapi"]] == "Windows WASAPI"
                and device["name"] == endpoint.name
                and device[direction] > 0
            ):
                return index
        raise DeviceError(Problem.REMOVED, endpoint.name)

    def attached_to(self, _kind: DeviceKind, _process_id: int, /) -> list[str]:
        """WASAPI ends the stream of a device that goes away."""
        return []

    def holder(self, _endpoint: Endpoint, kind: DeviceKind, /) -> str | None:
        """The programs that use the microphone now; of speakers Windows does not tell."""
        return ", ".join(used_by(self._registry, kind, own=sys.executable)) or None

    def _default_id(self, kind: DeviceKind) -> str | None:
        try:
            enumerator = self._utilities.GetDeviceEnumerator()
            found: str = enumerator.GetDefaultAudioEndpoint(_FLOW[kind], _CONSOLE).GetId()
        except Exception:  # COMError, which exists on Windows alone: no device, no default
            return None
        return found


def _endpoint(device: Any, is_default: bool) -> Endpoint:
    name = device.FriendlyName or "?"
    enumerator = str(device.properties.get(_ENUMERATOR, "")).upper()
    muted: bool | None
    volume: float | None
    try:
        muted = bool(device.EndpointVolume.GetMute())
        volume = round(100 * float(device.EndpointVolume.GetMasterVolumeLevelScalar()), 1)
    except Exception:  # COMError: gone at this moment, or without a control
        muted = volume = None
    attachment = _BY_ENUMERATOR.get(enumerator, Attachment.UNKNOWN)
    return Endpoint(
        id=device.id,
        name=name,
        attachment=attachment_by_name(name) if attachment is Attachment.UNKNOWN else attachment,
        is_default=is_default,
        muted=muted,
        volume_percent=volume,
        call_mode=enumerator == "BTHHFENUM" if attachment is Attachment.BLUETOOTH else None,
    )
