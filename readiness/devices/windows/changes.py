"""Signs of change on Windows: MMDevice's notices, and those of the plug and play manager about cameras.

Not run on Windows yet.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
import uuid
from collections.abc import Callable
from typing import Any

_CAMERAS = uuid.UUID("{e5323777-f976-4f5b-9b55-b94699c46e44}")  # KSCATEGORY_VIDEO_CAMERA
_MULTI_THREADED = 0x0  # COINIT_MULTITHREADED: notices come on threads of the system's


class _Filter(ctypes.Structure):
    """CM_NOTIFY_FILTER of cfgmgr32.h; its union is as large as a device instance id of 200 characters."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("type", ctypes.c_uint32),  # 0: the device interfaces of a class
        ("reserved", ctypes.c_uint32),
        ("interface_class", ctypes.c_byte * 16),
        ("rest", ctypes.c_byte * (400 - 16)),
    )


class WindowsChanges:
    """See `platforms.Changes`. `audio` is pycaw's utilities and callbacks, `manager` cfgmgr32."""

    def __init__(self, audio: Any = None, manager: Any = None) -> None:
        self._audio = audio
        self._manager = manager
        self._kept: list[Any] = []  # what the system calls must outlive its registration

    def start(self, on_change: Callable[[], None]) -> None:
        """Sound and cameras, each by its own way; where one fails the other still works."""
        for watch in (self._watch_sound, self._watch_cameras):
            try:
                watch(on_change)
            except Exception as error:  # COMError, OSError: the list is still made when asked for
                print(f"no notices: {error}", file=sys.stderr)  # noqa: T201

    def _watch_sound(self, on_change: Callable[[], None]) -> None:
        audio = self._audio
        if audio is None:
            sys.coinit_flags = _MULTI_THREADED  # type: ignore[attr-defined]  # read by comtypes when it is loaded
            audio = importlib.import_module("pycaw.callbacks"), importlib.import_module("pycaw.utils")
        callbacks, utilities = audio

        class Client(callbacks.MMNotificationClient):  # type: ignore[misc, name-defined]
            """IMMNotificationClient: every notice but that of a property, which volume makes many of."""

            def on_default_device_changed(self, *_: Any) -> None:
                on_change()

            def on_device_added(self, _device: str) -> None:
                on_change()

            def on_device_removed(self, _device: str) -> None:
                on_change()

            def on_device_state_changed(self, *_: Any) -> None:
                on_change()

        client, enumerator = Client(), utilities.AudioUtilities.GetDeviceEnumerator()
        enumerator.RegisterEndpointNotificationCallback(client)
        self._kept += [client, enumerator]

    def _watch_cameras(self, on_change: Callable[[], None]) -> None:
        manager = self._manager or ctypes.CDLL("cfgmgr32")
        # PCM_NOTIFY_CALLBACK(handle, context, action, data, size); stdcall and cdecl are one on 64 bits
        kind = ctypes.CFUNCTYPE(
            ctypes.c_uint32,
            ctypes.c_void_p,
            ctypes.c_void_p,
            ctypes.c_uint32,
            ctypes.c_void_p,
            ctypes.c_uint32,
        )

        def noticed(*_: Any) -> int:
            on_change()
            return 0

        callback, handle = kind(noticed), ctypes.c_void_p()
        wanted = _Filter(size=ctypes.sizeof(_Filter), type=0)
        ctypes.memmove(wanted.interface_class, _CAMERAS.bytes_le, 16)
        status = manager.CM_Register_Notification(ctypes.byref(wanted), None, callback, ctypes.byref(handle))
        if status:
            raise OSError(f"CM_Register_Notification: {status}")
        self._kept += [callback, handle]
