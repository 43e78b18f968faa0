"""Step by step to the system's settings pages: what a remedy's action means without its button."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from readiness.core.model import Action, Remedy, System
from readiness.core.text import Text


def steps_of(remedy: Remedy, system: System) -> tuple[Text, ...]:
    """The steps on `system`: the remedy's own, else those to the page that its action opens."""
    if system in remedy.steps:
        return remedy.steps[system]
    return STEPS.get(remedy.action, {}).get(system, ()) if remedy.action else ()


_WINDOWS_SETTINGS = Text(sv="Öppna Start och välj Inställningar.", en="Open Start and choose Settings.")
_MACOS_SETTINGS = Text(
    sv="Öppna Apple-menyn och välj Systeminställningar.", en="Open the Apple menu and choose System Settings."
)
_LINUX_SETTINGS = Text(sv="Öppna programmet Inställningar.", en="Open the program Settings.")


def _choose(sv: str, en: str) -> Text:
    return Text(sv=f"Välj {sv}.", en=f"Choose {en}.")


STEPS: Mapping[Action, Mapping[System, tuple[Text, ...]]] = {
    Action.OPEN_CAMERA_PRIVACY: {
        System.WINDOWS: (
            _WINDOWS_SETTINGS,
            _choose("Sekretess och säkerhet", "Privacy & security"),
            _choose("Kamera", "Camera"),
            Text(sv="Slå på allt som släpper fram kameran.", en="Turn on all that gives access to the camera."),
        ),
        System.MACOS: (
            _MACOS_SETTINGS,
            _choose("Integritet och säkerhet", "Privacy & Security"),
            _choose("Kamera", "Camera"),
            Text(sv="Slå på Mötesklar.", en="Turn on Mötesklar."),
        ),
        System.LINUX: (
            _LINUX_SETTINGS,
            _choose("Integritet", "Privacy"),
            _choose("Kamera", "Camera"),
            Text(sv="Slå på kameran.", en="Turn the camera on."),
        ),
    },
    Action.OPEN_MICROPHONE_PRIVACY: {
        System.WINDOWS: (
            _WINDOWS_SETTINGS,
            _choose("Sekretess och säkerhet", "Privacy & security"),
            _choose("Mikrofon", "Microphone"),
            Text(sv="Slå på allt som släpper fram mikrofonen.", en="Turn on all that gives access to the microphone."),
        ),
        System.MACOS: (
            _MACOS_SETTINGS,
            _choose("Integritet och säkerhet", "Privacy & Security"),
            _choose("Mikrofon", "Microphone"),
            Text(sv="Slå på Mötesklar.", en="Turn on Mötesklar."),
        ),
        System.LINUX: (
            _LINUX_SETTINGS,
            _choose("Integritet", "Privacy"),
            _choose("Mikrofon", "Microphone"),
            Text(sv="Slå på mikrofonen.", en="Turn the microphone on."),
        ),
    },
    Action.OPEN_SOUND_SETTINGS: {
        System.WINDOWS: (_WINDOWS_SETTINGS, _choose("System", "System"), _choose("Ljud", "Sound")),
        System.MACOS: (_MACOS_SETTINGS, _choose("Ljud", "Sound")),
        System.LINUX: (_LINUX_SETTINGS, _choose("Ljud", "Sound")),
    },
    Action.OPEN_NETWORK_SETTINGS: {
        System.WINDOWS: (_WINDOWS_SETTINGS, _choose("Nätverk och Internet", "Network & internet")),
        System.MACOS: (_MACOS_SETTINGS, _choose("Nätverk", "Network")),
        System.LINUX: (_LINUX_SETTINGS, _choose("Nätverk", "Network")),
    },
    Action.OPEN_POWER_SETTINGS: {
        System.WINDOWS: (_WINDOWS_SETTINGS, _choose("System", "System"), _choose("Ström och batteri", "Power & battery")),
        System.MACOS: (_MACOS_SETTINGS, _choose("Batteri", "Battery")),
        System.LINUX: (_LINUX_SETTINGS, _choose("Energi", "Power")),
    },
}  # fmt: skip
"""The way to each settings page, where the remedy has no steps of its own."""


def this_system() -> System:
    """The operating system we run on."""
    return {"win32": System.WINDOWS, "darwin": System.MACOS}.get(sys.platform, System.LINUX)
