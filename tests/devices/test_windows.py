"""Windows' answers, as its registry, MMDevice and Media Foundation give them; not run on Windows itself."""

from __future__ import annotations

import ctypes
import types
from dataclasses import dataclass, field
from typing import Any

import pytest

from readiness.devices.named_camera import NamedCamera
from readiness.devices.ports import Attachment, DeviceError, DeviceKind, Problem
from readiness.devices.windows.access import WindowsAccess
from readiness.devices.windows.cameras import WindowsCameras
from readiness.devices.windows.changes import WindowsChanges
from readiness.devices.windows.registry import WindowsRegistry
from readiness.devices.windows.sound import WindowsSound

STORE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
TEAMS = "MSTeams_8wekyb3d8bbwe"
ZOOM = "C:#Users#anna#AppData#Roaming#Zoom#bin#Zoom.exe"
RUNNING = {"LastUsedTimeStart": 133768441337042304, "LastUsedTimeStop": 0}
STOPPED = {"LastUsedTimeStart": 133768441337042304, "LastUsedTimeStop": 133768441991337042}


class Winreg:
    """The module winreg over a tree of keys: path to values; the hives are told apart by their names."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = "HKCU", "HKLM"

    def __init__(self, tree: dict[tuple[str, str], dict[str, Any]]) -> None:
        self.tree = tree

    def OpenKey(self, root: str, path: str) -> Any:
        below = [key for hive, key in self.tree if hive == root and key.startswith(path + "\\")]
        if (root, path) not in self.tree and not below:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return _Key(root, path)

    def QueryValueEx(self, key: _Key, name: str) -> tuple[Any, int]:
        values = self.tree.get((key.root, key.path), {})
        if name not in values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return values[name], 1

    def QueryInfoKey(self, key: _Key) -> tuple[int, int, int]:
        return len(self._below(key)), len(self.tree.get((key.root, key.path), {})), 0

    def EnumKey(self, key: _Key, number: int) -> str:
        return self._below(key)[number]

    def _below(self, key: _Key) -> list[str]:
        start = key.path + "\\"
        names = [
            path[len(start) :].split("\\")[0]
            for hive, path in self.tree
            if hive == key.root and path.startswith(start)
        ]
        return list(dict.fromkeys(names))


@dataclass
class _Key:
    root: str
    path: str

    def __enter__(self) -> _Key:
        return self

    def __exit__(self, *_: object) -> None:
        """Closed."""


def registry(tree: dict[tuple[str, str], dict[str, Any]]) -> WindowsRegistry:
    return WindowsRegistry(Winreg(tree))


ALLOWED = {
    ("HKLM", rf"{STORE}\webcam"): {"Value": "Allow"},
    ("HKCU", rf"{STORE}\webcam"): {"Value": "Allow"},
    ("HKCU", rf"{STORE}\webcam\NonPackaged"): {"Value": "Allow"},
    ("HKCU", rf"{STORE}\webcam\{TEAMS}"): {"Value": "Allow", **STOPPED},
    ("HKCU", rf"{STORE}\webcam\NonPackaged\{ZOOM}"): STOPPED,
    ("HKCU", rf"{STORE}\microphone"): {"Value": "Allow"},
}


@pytest.mark.parametrize(
    ("change", "denied_by"),
    [
        ({}, None),
        ({("HKLM", rf"{STORE}\webcam"): {"Value": "Deny"}}, "webcam: all apps, this computer"),
        ({("HKCU", rf"{STORE}\webcam"): {"Value": "Deny"}}, "webcam: all apps, this user"),
        ({("HKCU", rf"{STORE}\webcam\NonPackaged"): {"Value": "Deny"}}, "webcam: desktop apps, this user"),
        (
            {("HKLM", r"SOFTWARE\Policies\Microsoft\Windows\AppPrivacy"): {"LetAppsAccessCamera": 2}},
            "policy LetAppsAccessCamera",
        ),
        ({("HKLM", r"SOFTWARE\Policies\Microsoft\Windows\AppPrivacy"): {"LetAppsAccessCamera": 0}}, None),
        ({("HKCU", rf"{STORE}\microphone"): {"Value": "Deny"}}, None),
    ],
)
def test_the_setting_that_denies_the_camera_is_named(change: Any, denied_by: str | None) -> None:
    access = WindowsAccess(registry({**ALLOWED, **change}))
    assert access.denied_by(DeviceKind.CAMERA) == denied_by


def test_a_windows_without_such_settings_denies_nothing() -> None:
    access = WindowsAccess(registry({}))
    for kind in DeviceKind:
        assert access.denied_by(kind) is None
        assert access.used_by(kind) == []


def test_the_programs_that_use_a_device_now_are_named() -> None:
    tree = {
        **ALLOWED,
        ("HKCU", rf"{STORE}\webcam\{TEAMS}"): {"Value": "Allow", **RUNNING},
        ("HKCU", rf"{STORE}\webcam\NonPackaged\{ZOOM}"): RUNNING,
    }
    assert WindowsAccess(registry(tree)).used_by(DeviceKind.CAMERA) == ["MSTeams", "Zoom"]
    assert WindowsAccess(registry(tree)).used_by(DeviceKind.MICROPHONE) == []


def test_this_program_itself_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", r"C:\Program Files\Motesklar\motesklar.exe")
    own = r"C:#Program Files#Motesklar#motesklar.exe"
    tree = {**ALLOWED, ("HKCU", rf"{STORE}\microphone\NonPackaged\{own}"): RUNNING}
    assert WindowsAccess(registry(tree)).used_by(DeviceKind.MICROPHONE) == []


BRIO = types.SimpleNamespace(
    index=0,
    name="Logitech BRIO",
    path=r"\\?\usb#vid_046d&pid_085e&mi_00#7&2a3b4c5d&0&0000#{e5323777-f976-4f5b-9b55-b94699c46e44}\global",
    vid=0x046D,
    pid=0x085E,
)
OWN = types.SimpleNamespace(
    index=1,
    name="Integrated Camera",
    path=r"\\?\usb#vid_04f2&pid_b6ea&mi_00#6&1f2e3d4c&0&0000#{e5323777-f976-4f5b-9b55-b94699c46e44}\global",
    vid=0x04F2,
    pid=0xB6EA,
)
OBS = types.SimpleNamespace(index=2, name="OBS Virtual Camera", path="", vid=None, pid=None)
CONTAINERS = {
    ("HKLM", r"SYSTEM\CurrentControlSet\Enum\usb\vid_046d&pid_085e&mi_00\7&2a3b4c5d&0&0000"): {
        "ContainerID": "{8ad1d4b2-55c3-5e0a-93f1-a1b2c3d4e5f6}"
    },
    ("HKLM", r"SYSTEM\CurrentControlSet\Enum\usb\vid_04f2&pid_b6ea&mi_00\6&1f2e3d4c&0&0000"): {
        "ContainerID": "{00000000-0000-0000-ffff-ffffffffffff}"
    },
}


def cameras(tree: dict[tuple[str, str], dict[str, Any]], *listed: Any) -> WindowsCameras:
    return WindowsCameras(lambda: listed, registry(tree))


def test_cameras_have_names_stable_ids_and_what_they_hang_on() -> None:
    found = cameras(CONTAINERS, BRIO, OWN, OBS).cameras()
    assert [(camera.name, camera.attachment) for camera in found] == [
        ("Logitech BRIO", Attachment.USB),
        ("Integrated Camera", Attachment.BUILT_IN),
        ("OBS Virtual Camera", Attachment.VIRTUAL),
    ]
    assert [camera.id for camera in found][:2] == [BRIO.path, OWN.path]
    assert [camera.target for camera in found] == [0, 1, 2]


@pytest.mark.parametrize(
    ("change", "problem", "detail"),
    [
        ({("HKCU", rf"{STORE}\webcam"): {"Value": "Deny"}}, Problem.DENIED, "webcam: all apps, this user"),
        ({("HKCU", rf"{STORE}\webcam\NonPackaged\{ZOOM}"): RUNNING}, Problem.IN_USE, "Zoom"),
        ({}, Problem.FAILED, "Logitech BRIO"),
    ],
)
def test_why_a_camera_does_not_open(change: Any, problem: Problem, detail: str) -> None:
    system = cameras({**ALLOWED, **change}, BRIO)
    error = system.refusal(system.cameras()[0])
    assert (error.problem, error.detail) == (problem, detail)


def test_a_camera_that_is_gone_is_removed() -> None:
    gone = NamedCamera(id="x", name="Logitech BRIO", target=0, attachment=Attachment.USB)
    assert cameras(ALLOWED).refusal(gone).problem is Problem.REMOVED


ENUMERATOR = "{A45C254E-DF1C-4EFD-8020-67D146A850E0} 24"


class ComError(Exception):
    """As _ctypes.COMError: neither an OSError nor known outside Windows."""


@dataclass
class Volume:
    mute: int = 0
    scalar: float = 0.8

    def GetMute(self) -> int:
        return self.mute

    def GetMasterVolumeLevelScalar(self) -> float:
        return self.scalar


@dataclass
class Speakers:
    """One of pycaw's AudioDevice."""

    id: str
    FriendlyName: str | None
    properties: dict[str, Any] = field(default_factory=dict)
    volume: Volume | None = field(default_factory=Volume)

    @property
    def EndpointVolume(self) -> Volume:
        if self.volume is None:
            raise ComError(-2147023728, "Element not found.")
        return self.volume


@dataclass
class Utilities:
    """pycaw's AudioUtilities on a laptop with a headset."""

    capture: list[Speakers]
    render: list[Speakers]
    default: dict[int, str] = field(default_factory=dict)

    def GetAllDevices(self, flow: int, state: int) -> list[Speakers]:
        assert state == 1
        return self.capture if flow == 1 else self.render

    def GetDeviceEnumerator(self) -> Utilities:
        return self

    def GetDefaultAudioEndpoint(self, flow: int, role: int) -> Any:
        if flow not in self.default:
            raise ComError(-2147023728, "Element not found.")
        return types.SimpleNamespace(GetId=lambda: self.default[flow])


def laptop() -> Utilities:
    return Utilities(
        capture=[
            Speakers(
                "{0.0.1.00000000}.{a}", "Mikrofonuppsättning (Realtek(R) Audio)", {ENUMERATOR: "HDAUDIO"}
            ),
            Speakers(
                "{0.0.1.00000000}.{b}", "Mikrofon (Jabra Evolve2 30)", {ENUMERATOR: "USB"}, Volume(mute=1)
            ),
            Speakers("{0.0.1.00000000}.{c}", "Headset (WH-1000XM4)", {ENUMERATOR: "BTHHFENUM"}),
            Speakers("{0.0.1.00000000}.{d}", "CABLE Output", {ENUMERATOR: "ROOT"}, volume=None),
        ],
        render=[Speakers("{0.0.0.00000000}.{e}", None, {}, Volume(scalar=0.0))],
        default={1: "{0.0.1.00000000}.{b}"},
    )


def test_microphones_and_speakers_by_mmdevice() -> None:
    sound = WindowsSound(laptop(), registry({}))
    jabra, realtek, sony, cable = sound.endpoints(DeviceKind.MICROPHONE)
    assert (jabra.name, jabra.attachment, jabra.is_default, jabra.muted, jabra.volume_percent) == (
        "Mikrofon (Jabra Evolve2 30)", Attachment.USB, True, True, 80.0,
    )  # fmt: skip
    assert (realtek.attachment, realtek.is_default, realtek.muted) == (Attachment.BUILT_IN, False, False)
    assert (sony.attachment, sony.call_mode) == (Attachment.BLUETOOTH, True)
    assert (cable.attachment, cable.muted, cable.volume_percent) == (Attachment.VIRTUAL, None, None)
    (speaker,) = sound.endpoints(DeviceKind.SPEAKER)
    assert (speaker.name, speaker.is_default, speaker.volume_percent) == ("?", False, 0.0)


def test_who_holds_a_microphone_is_asked_of_the_privacy_settings() -> None:
    tree = {("HKCU", rf"{STORE}\microphone\NonPackaged\{ZOOM}"): RUNNING}
    sound = WindowsSound(laptop(), registry(tree))
    (first, *_) = sound.endpoints(DeviceKind.MICROPHONE)
    assert sound.holder(first, DeviceKind.MICROPHONE) == "Zoom"


class PortAudio:
    """sounddevice's module: MME cuts names at 31 characters, WASAPI does not."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"name": "MME"}, {"name": "Windows WASAPI"}]

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {"name": name[:31] if api == 0 else name, "hostapi": api, "max_input_channels": 2, "max_output_channels": 0}
            for api in (0, 1)
            for name in self.names
        ]  # fmt: skip

    def _terminate(self) -> None:
        """Ended."""

    def _initialize(self) -> None:
        """Begun."""


def test_a_microphone_is_opened_by_its_whole_name(monkeypatch: pytest.MonkeyPatch) -> None:
    audio = PortAudio("Mikrofonuppsättning (Realtek(R) Audio)", "Mikrofon (Jabra Evolve2 30)")
    monkeypatch.setattr("readiness.devices.endpoint.portaudio", lambda: audio)
    sound = WindowsSound(laptop(), registry({}))
    jabra, realtek, sony, _ = sound.endpoints(DeviceKind.MICROPHONE)
    assert sound.stream_device(realtek, DeviceKind.MICROPHONE) == 2
    assert sound.stream_device(jabra, DeviceKind.MICROPHONE) == 3
    with pytest.raises(DeviceError) as gone:
        sound.stream_device(sony, DeviceKind.MICROPHONE)
    assert gone.value.problem is Problem.REMOVED


class Manager:
    """cfgmgr32: keeps what was registered."""

    def __init__(self, status: int = 0) -> None:
        self.status = status

    def CM_Register_Notification(self, wanted: Any, context: Any, callback: Any, handle: Any) -> int:
        self.filter = ctypes.string_at(ctypes.addressof(wanted._obj), 32)
        self.callback = callback
        return self.status


class Notices:
    """pycaw's callbacks and utilities."""

    def __init__(self, *, fails: bool = False) -> None:
        self.MMNotificationClient = object
        self.AudioUtilities = self
        self.fails = fails

    def GetDeviceEnumerator(self) -> Notices:
        if self.fails:
            raise ComError(-2147221008, "CoInitialize has not been called.")
        return self

    def RegisterEndpointNotificationCallback(self, client: Any) -> None:
        self.client = client


def test_notices_of_sound_and_cameras_are_signs() -> None:
    signs: list[None] = []
    notices, manager = Notices(), Manager()
    WindowsChanges((notices, notices), manager).start(lambda: signs.append(None))
    notices.client.on_device_added("{0.0.1.00000000}.{a}")
    notices.client.on_device_removed("{0.0.1.00000000}.{a}")
    notices.client.on_device_state_changed("{0.0.1.00000000}.{a}", "Unplugged", 8)
    notices.client.on_default_device_changed("eCapture", 1, "eConsole", 0, "{0.0.1.00000000}.{b}")
    assert len(signs) == 4
    assert manager.callback(None, None, 0, None, 0) == 0
    assert len(signs) == 5
    assert int.from_bytes(manager.filter[:4], "little") == 416  # sizeof(CM_NOTIFY_FILTER)
    assert manager.filter[16:20] == bytes.fromhex("773732e5")  # the class's first part, little-endian


def test_where_one_way_fails_the_other_still_works(capsys: pytest.CaptureFixture[str]) -> None:
    signs: list[None] = []
    notices = Notices(fails=True)
    manager = Manager()
    WindowsChanges((notices, notices), manager).start(lambda: signs.append(None))
    manager.callback(None, None, 0, None, 0)
    assert len(signs) == 1
    assert "no notices" in capsys.readouterr().err
    WindowsChanges((Notices(), Notices()), Manager(status=13)).start(lambda: None)
    assert "CM_Register_Notification: 13" in capsys.readouterr().err
