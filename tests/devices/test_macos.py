"""macOS' answers, as Core Audio, CoreMediaIO and AVFoundation give them; not run on macOS itself."""

from __future__ import annotations

import ctypes
import struct
import types
from collections.abc import Callable
from typing import Any

import pytest

from readiness.devices.macos import objects
from readiness.devices.macos.access import MacAccess
from readiness.devices.macos.authorization import Authorization, authorization
from readiness.devices.macos.cameras import MacCameras
from readiness.devices.macos.changes import MacChanges
from readiness.devices.macos.objects import SYSTEM_OBJECT, four_letters
from readiness.devices.macos.sound import MacSound
from readiness.devices.named_camera import NamedCamera
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem


def letters(code: str) -> int:
    return int.from_bytes(code.encode("latin-1"), "big")


class Objects:
    """Properties as recorded: (object, selector, scope, element) to a value."""

    def __init__(self, properties: dict[tuple[int, str, str, int], Any]) -> None:
        self.properties = properties
        self.listeners: dict[str, Callable[[], None]] = {}

    def numbers(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> list[int]:
        value = self.properties.get((of, selector, scope, element), [])
        return value if isinstance(value, list) else [value]

    def number(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> int | None:
        found = self.numbers(of, selector, scope, element)
        return found[0] if found else None

    def real(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> float | None:
        return self.properties.get((of, selector, scope, element))

    def string(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> str | None:
        return self.properties.get((of, selector, scope, element))

    def listen(self, selector: str, on_change: Callable[[], None]) -> None:
        self.listeners[selector] = on_change


def properties(device: int, name: str, uid: str, transport: str, **more: Any) -> dict[Any, Any]:
    return {
        (device, "lnam", "glob", 0): name,
        (device, "uid ", "glob", 0): uid,
        (device, "tran", "glob", 0): letters(transport),
        **{(device, *key): value for key, value in more.get("of", {}).items()},
    }


def macbook() -> Objects:
    """A MacBook with AirPods and a USB headset; the built-in microphone has no switch of its own."""
    return Objects(
        {
            (SYSTEM_OBJECT, "dev#", "glob", 0): [42, 49, 57, 63],
            (SYSTEM_OBJECT, "dIn ", "glob", 0): 57,
            (SYSTEM_OBJECT, "dOut", "glob", 0): 49,
            **properties(42, "MacBook Pro-mikrofon", "BuiltInMicrophoneDevice", "bltn", of={
                ("stm#", "inpt", 0): [43], ("volm", "inpt", 0): 0.5,
            }),
            **properties(49, "MacBook Pro-högtalare", "BuiltInSpeakerDevice", "bltn", of={
                ("stm#", "outp", 0): [50], ("mute", "outp", 0): 1, ("volm", "outp", 1): 0.25,
                ("jack", "outp", 0): 1,
            }),
            **properties(57, "AirPods", "AA-BB-CC-DD-EE-FF:input", "blue", of={
                ("stm#", "inpt", 0): [58], ("mute", "inpt", 0): 0,
            }),
            **properties(63, "Jabra Evolve2 30", "AppleUSBAudioEngine:Jabra", "usb ", of={
                ("stm#", "inpt", 0): [64], ("stm#", "outp", 0): [65], ("mute", "inpt", 1): 1,
                ("volm", "inpt", 1): 0.0, ("oink", "inpt", 0): 0xFFFFFFFF,
            }),
        }
    )  # fmt: skip


def test_microphones_and_speakers_by_core_audio() -> None:
    sound = MacSound(macbook())
    airpods, own, jabra = sound.endpoints(DeviceKind.MICROPHONE)
    assert (airpods.name, airpods.attachment, airpods.is_default, airpods.muted) == (
        "AirPods", Attachment.BLUETOOTH, True, False,
    )  # fmt: skip
    assert (own.attachment, own.muted, own.volume_percent) == (Attachment.BUILT_IN, None, 50.0)
    assert (jabra.id, jabra.attachment, jabra.muted, jabra.volume_percent) == (
        "AppleUSBAudioEngine:Jabra", Attachment.USB, True, 0.0,
    )  # fmt: skip
    speaker, headset = sound.endpoints(DeviceKind.SPEAKER)
    assert (speaker.name, speaker.muted, speaker.volume_percent, speaker.plugged_in) == (
        "MacBook Pro-högtalare", True, 25.0, True,
    )  # fmt: skip
    assert (headset.muted, headset.volume_percent) == (None, None)


def test_a_process_that_has_a_device_for_itself_is_named() -> None:
    import os

    recorded = macbook()
    sound = MacSound(recorded)
    jabra = sound.endpoints(DeviceKind.MICROPHONE)[2]
    assert sound.holder(jabra, DeviceKind.MICROPHONE) is None
    recorded.properties[63, "oink", "inpt", 0] = os.getppid()
    assert sound.holder(jabra, DeviceKind.MICROPHONE)
    recorded.properties[63, "oink", "inpt", 0] = os.getpid()
    assert sound.holder(jabra, DeviceKind.MICROPHONE) is None


def test_a_mac_without_any_device_has_none() -> None:
    assert MacSound(Objects({})).endpoints(DeviceKind.SPEAKER) == []


def framework(camera: int, microphone: int) -> Any:
    """pyobjc's AVFoundation."""
    status = {"vide": camera, "soun": microphone}
    return types.SimpleNamespace(
        AVMediaTypeVideo="vide",
        AVMediaTypeAudio="soun",
        AVCaptureDevice=types.SimpleNamespace(authorizationStatusForMediaType_=status.__getitem__),
    )


def test_authorization_by_its_number() -> None:
    for number, expected in enumerate(Authorization):
        assert authorization(DeviceKind.CAMERA, framework(number, 3)) is expected
        assert authorization(DeviceKind.MICROPHONE, framework(3, number)) is expected
    assert authorization(DeviceKind.SPEAKER, framework(2, 2)) is Authorization.ALLOWED
    assert authorization(DeviceKind.CAMERA, framework(17, 0)) is Authorization.NOT_ASKED


@pytest.mark.parametrize(
    ("status", "denied_by"),
    [
        (Authorization.ALLOWED, None),
        (Authorization.NOT_ASKED, None),
        (Authorization.DENIED, "denied in the privacy settings"),
        (Authorization.RESTRICTED, "restricted by an administrator"),
    ],
)
def test_what_denies_is_named(status: Authorization, denied_by: str | None) -> None:
    access = MacAccess(lambda _kind: status)
    assert access.denied_by(DeviceKind.MICROPHONE) == denied_by
    assert access.used_by(DeviceKind.MICROPHONE) == []


FACETIME = types.SimpleNamespace(
    index=0, name="FaceTime HD-kamera", path="47B4B64B-7067-4B9C-AD2B-AE273A71F4B5", vid=None, pid=None
)
BRIO = types.SimpleNamespace(index=1, name="Logitech BRIO", path="0x14100000046d085e", vid=1133, pid=2142)


def cameras(*, running: int = 0, status: Authorization = Authorization.ALLOWED) -> MacCameras:
    objects = Objects(
        {
            (SYSTEM_OBJECT, "dev#", "glob", 0): [33, 34],
            **properties(33, FACETIME.name, FACETIME.path, "bltn", of={("gone", "glob", 0): running}),
            **properties(34, BRIO.name, BRIO.path, "usb ", of={("gone", "glob", 0): 0}),
        }
    )
    return MacCameras(lambda: (FACETIME, BRIO), objects, lambda _kind: status)


def test_cameras_have_names_stable_ids_and_what_they_hang_on() -> None:
    found = cameras().cameras()
    assert [(camera.id, camera.target, camera.attachment) for camera in found] == [
        (FACETIME.path, 0, Attachment.BUILT_IN),
        (BRIO.path, 1, Attachment.USB),
    ]


def test_why_a_camera_does_not_open() -> None:
    def problem(system: MacCameras) -> Problem:
        return system.refusal(system.cameras()[0]).problem

    assert problem(cameras(status=Authorization.DENIED)) is Problem.DENIED
    assert problem(cameras(running=1)) is Problem.IN_USE
    assert problem(cameras()) is Problem.FAILED
    gone = NamedCamera(id="x", name="x", target=7, attachment=Attachment.USB)
    assert cameras().refusal(gone).problem is Problem.REMOVED


def test_property_listeners_are_signs() -> None:
    signs: list[None] = []
    sound, video = Objects({}), Objects({})
    MacChanges(sound, video).start(lambda: signs.append(None))
    assert set(sound.listeners) == {"dev#", "dIn ", "dOut"}
    assert set(video.listeners) == {"dev#"}
    for listener in (*sound.listeners.values(), *video.listeners.values()):
        listener()
    assert len(signs) == 4


def test_portaudio_opens_by_core_audios_name(monkeypatch: pytest.MonkeyPatch) -> None:
    audio = types.SimpleNamespace(
        _terminate=lambda: None,
        _initialize=lambda: None,
        query_devices=lambda: [
            {"name": "Jabra Evolve2 30", "max_input_channels": 0, "max_output_channels": 2},
            {"name": "Jabra Evolve2 30", "max_input_channels": 1, "max_output_channels": 0},
        ],
    )
    monkeypatch.setattr("readiness.devices.endpoint.portaudio", lambda: audio)
    sound = MacSound(macbook())
    airpods, _, jabra = sound.endpoints(DeviceKind.MICROPHONE)
    assert sound.stream_device(jabra, DeviceKind.MICROPHONE) == 1
    with pytest.raises(DeviceError) as gone:
        sound.stream_device(airpods, DeviceKind.MICROPHONE)
    assert gone.value.problem is Problem.REMOVED


def test_four_letters() -> None:
    assert four_letters(letters("bltn")) == "bltn"


class Framework:
    """Core Audio's C functions, or CoreMediaIO's: properties as bytes, sizes and statuses as the headers say."""

    UNKNOWN_PROPERTY = 0x77686F3F  # 'who?'

    def __init__(self, data: dict[tuple[int, str], bytes], *, tells_size: bool) -> None:
        self.data = data
        self.tells_size = tells_size
        self.texts = {4711: "MacBook Pro-mikrofon"}
        self.released: list[int] = []
        for name in ("AudioObject", "CMIOObject"):
            setattr(self, f"{name}GetPropertyDataSize", self._size)
            setattr(self, f"{name}GetPropertyData", self._get)
            setattr(self, f"{name}AddPropertyListener", self._add)

    def _key(self, number: Any, address: Any) -> tuple[int, str]:
        return number.value, four_letters(address._obj.selector)

    def _size(self, number: Any, address: Any, _size: int, _qualifier: None, size: Any) -> int:
        data = self.data.get(self._key(number, address))
        if data is None:
            return self.UNKNOWN_PROPERTY
        size._obj.value = len(data)
        return 0

    def _get(self, number: Any, address: Any, _size: int, _qualifier: None, *rest: Any) -> int:
        data = self.data[self._key(number, address)]
        if self.tells_size:
            given, used, buffer = rest
            assert given.value == len(data)
            used._obj.value = len(data)
        else:
            _, buffer = rest
        ctypes.memmove(buffer, data, len(data))
        return 0

    def _add(self, number: Any, address: Any, callback: Any, _data: None) -> int:
        assert self._key(number, address) == (SYSTEM_OBJECT, "dev#")
        self.callback = callback
        return 0

    def CFStringGetCString(self, reference: Any, text: Any, size: int, encoding: int) -> int:
        assert encoding == 0x08000100
        ctypes.memmove(text, self.texts[reference.value].encode(), len(self.texts[reference.value].encode()))
        return 1

    def CFRelease(self, reference: Any) -> None:
        self.released.append(reference.value)


class Callable_:
    """A C function that takes attributes such as argtypes."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)


@pytest.mark.parametrize("make", [objects.core_audio, objects.core_media])
def test_properties_are_read_through_the_c_interface(
    make: Callable[[], objects.Objects], monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = Framework(
        {
            (1, "dev#"): (42).to_bytes(4, "little") + (57).to_bytes(4, "little"),
            (42, "tran"): letters("bltn").to_bytes(4, "little"),
            (42, "volm"): struct.pack("<f", 0.5),
            (42, "lnam"): (4711).to_bytes(8, "little"),
            (57, "lnam"): bytes(8),
        },
        tells_size=make is objects.core_media,
    )
    framework.CFStringGetCString = Callable_(framework.CFStringGetCString)
    framework.CFRelease = Callable_(framework.CFRelease)
    monkeypatch.setattr(objects.ctypes, "CDLL", lambda _path: framework)
    found = make()
    assert found.numbers(SYSTEM_OBJECT, "dev#") == [42, 57]
    assert objects.transport(found, 42) is Attachment.BUILT_IN
    assert found.real(42, "volm") == 0.5
    assert found.string(42, "lnam") == "MacBook Pro-mikrofon"
    assert framework.released == [4711]
    assert found.string(57, "lnam") is None
    assert found.number(42, "mute") is None
    assert found.real(42, "mute") is None
    signs: list[None] = []
    found.listen("dev#", lambda: signs.append(None))
    assert framework.callback(1, 1, None, None) == 0
    assert signs == [None]
