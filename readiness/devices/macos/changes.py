"""Signs of change on macOS: property listeners of Core Audio and CoreMediaIO. Not run on macOS yet."""

from __future__ import annotations

from collections.abc import Callable

from readiness.devices.macos.objects import Objects, core_audio, core_media


class MacChanges:
    """See `platforms.Changes`."""

    def __init__(self, sound: Objects | None = None, cameras: Objects | None = None) -> None:
        self._sound = sound or core_audio()
        self._cameras = cameras or core_media()

    def start(self, on_change: Callable[[], None]) -> None:
        """The list of devices, and the two defaults; Core Audio calls on a thread of its own."""
        for selector in ("dev#", "dIn ", "dOut"):
            self._sound.listen(selector, on_change)
        self._cameras.listen("dev#", on_change)
