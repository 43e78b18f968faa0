"""The only things that a button can start outside the window: the system's own settings pages, mail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from PySide6.QtCore import QProcess, QUrl, QUrlQuery
from PySide6.QtGui import QDesktopServices

from readiness.core.model import Action, System
from readiness.core.steps import this_system

_WINDOWS = {
    Action.OPEN_CAMERA_PRIVACY: "ms-settings:privacy-webcam",
    Action.OPEN_MICROPHONE_PRIVACY: "ms-settings:privacy-microphone",
    Action.OPEN_SOUND_SETTINGS: "ms-settings:sound",
    Action.OPEN_NETWORK_SETTINGS: "ms-settings:network",
    Action.OPEN_POWER_SETTINGS: "ms-settings:powersleep",
}
_PREFERENCES = "x-apple.systempreferences:com.apple.preference"
_MACOS = {
    Action.OPEN_CAMERA_PRIVACY: f"{_PREFERENCES}.security?Privacy_Camera",
    Action.OPEN_MICROPHONE_PRIVACY: f"{_PREFERENCES}.security?Privacy_Microphone",
    Action.OPEN_SOUND_SETTINGS: f"{_PREFERENCES}.sound",
    Action.OPEN_NETWORK_SETTINGS: f"{_PREFERENCES}.network",
    Action.OPEN_POWER_SETTINGS: f"{_PREFERENCES}.battery",
}
_URIS: Mapping[System, Mapping[Action, str]] = {System.WINDOWS: _WINDOWS, System.MACOS: _MACOS}

_PROGRAMS: Mapping[Action, tuple[tuple[str, ...], ...]] = {
    Action.OPEN_CAMERA_PRIVACY: (("gnome-control-center", "camera"),),
    Action.OPEN_MICROPHONE_PRIVACY: (("gnome-control-center", "microphone"),),
    Action.OPEN_SOUND_SETTINGS: (("gnome-control-center", "sound"), ("systemsettings", "kcm_pulseaudio")),
    Action.OPEN_NETWORK_SETTINGS: (
        ("gnome-control-center", "network"),
        ("systemsettings", "kcm_networkmanagement"),
    ),
    Action.OPEN_POWER_SETTINGS: (
        ("gnome-control-center", "power"),
        ("systemsettings", "kcm_powerdevilprofilesconfig"),
    ),
}
_DESKTOP_PROGRAM = {"KDE": "systemsettings"}


def settings_page(action: Action, system: System, desktop: str) -> str | tuple[str, ...] | None:
    """The address of the system's page, or the command that opens it; None where there is none."""
    if system is not System.LINUX:
        return _URIS[system].get(action)
    preferred = _DESKTOP_PROGRAM.get(desktop.split(":")[-1], "gnome-control-center")
    commands = sorted(_PROGRAMS.get(action, ()), key=lambda command: command[0] != preferred)
    return next((command for command in commands if shutil.which(command[0])), None)


def can_open(action: Action) -> bool:
    """Is there a settings page for `action` on this computer?"""
    return settings_page(action, this_system(), os.environ.get("XDG_CURRENT_DESKTOP", "")) is not None


def open_settings(action: Action) -> bool:
    """Open the system's settings page for `action`; false where that was not possible."""
    page = settings_page(action, this_system(), os.environ.get("XDG_CURRENT_DESKTOP", ""))
    if page is None:
        return False
    if isinstance(page, str):
        return QDesktopServices.openUrl(QUrl(page))
    return bool(QProcess.startDetached(page[0], list(page[1:]))[0])


def mail_address(to: str, subject: str, body: str) -> QUrl:
    """A mailto address: what the person's own mail program opens with."""
    url = QUrl()
    url.setScheme("mailto")
    url.setPath(to)
    query = QUrlQuery()
    for name, value in (("subject", subject), ("body", body)):
        query.addQueryItem(name, bytes(QUrl.toPercentEncoding(value).data()).decode("ascii"))
    url.setQuery(query)
    return url


def write_mail(to: str, subject: str, body: str) -> bool:
    """Open the person's mail program with a message that they send themselves."""
    return QDesktopServices.openUrl(mail_address(to, subject, body))
