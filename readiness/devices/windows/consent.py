"""Windows' privacy settings for camera and microphone, and which program uses them now.

The capability access manager keeps both in the registry: `Value` is Allow or Deny for the computer
(HKLM), the person (HKCU) and all desktop programs together (NonPackaged); under each program stand
the times when it last began and stopped using the device, the second being 0 meanwhile.
"""

from __future__ import annotations

from readiness.devices.ports import DeviceKind
from readiness.devices.windows.registry import Registry

_STORE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\AppPrivacy"
_CAPABILITY = {DeviceKind.CAMERA: "webcam", DeviceKind.MICROPHONE: "microphone"}
_POLICY_VALUE = {DeviceKind.CAMERA: "LetAppsAccessCamera", DeviceKind.MICROPHONE: "LetAppsAccessMicrophone"}
_FORCE_DENY = 2
_DESKTOP = "NonPackaged"


def denied_by(registry: Registry, kind: DeviceKind) -> str | None:
    """Which setting keeps this program from the device, or None where none does."""
    capability = _CAPABILITY.get(kind)
    if capability is None:
        return None
    if registry.value("HKLM", _POLICY, _POLICY_VALUE[kind]) == _FORCE_DENY:
        return f"policy {_POLICY_VALUE[kind]}"
    for hive, path in (
        ("HKLM", rf"{_STORE}\{capability}"),
        ("HKLM", rf"{_STORE}\{capability}\{_DESKTOP}"),
        ("HKCU", rf"{_STORE}\{capability}"),
        ("HKCU", rf"{_STORE}\{capability}\{_DESKTOP}"),
    ):
        if str(registry.value(hive, path, "Value")).casefold() == "deny":
            part = "desktop apps" if path.endswith(_DESKTOP) else "all apps"
            whose = "this computer" if hive == "HKLM" else "this user"
            return f"{capability}: {part}, {whose}"
    return None


def used_by(registry: Registry, kind: DeviceKind, *, own: str) -> list[str]:
    """The programs that use the device now, save the one whose file is `own`."""
    capability = _CAPABILITY.get(kind)
    if capability is None:
        return []
    found: list[str] = []
    for hive in ("HKCU", "HKLM"):
        top = rf"{_STORE}\{capability}"
        for path, names in (
            (top, registry.keys(hive, top)),
            (rf"{top}\{_DESKTOP}", registry.keys(hive, rf"{top}\{_DESKTOP}")),
        ):
            for name in names:
                if name == _DESKTOP or not _is_running(registry, hive, rf"{path}\{name}"):
                    continue
                file = name.replace("#", "\\")  # C:#Program Files#Zoom#bin#Zoom.exe
                if file.casefold() != own.casefold():
                    found.append(_program(file, packaged=path == top))
    return list(dict.fromkeys(found))


def _is_running(registry: Registry, hive: str, path: str) -> bool:
    started = registry.value(hive, path, "LastUsedTimeStart")
    stopped = registry.value(hive, path, "LastUsedTimeStop")
    return bool(started) and stopped == 0


def _program(name: str, *, packaged: bool) -> str:
    """`MSTeams` of `MSTeams_8wekyb3d8bbwe`, `Zoom` of `C:\\...\\Zoom.exe`."""
    if packaged:
        return name.partition("_")[0]
    last = name.rpartition("\\")[2]
    return last[:-4] if last.casefold().endswith(".exe") else last
