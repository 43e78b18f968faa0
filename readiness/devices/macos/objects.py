"""The property interface of Core Audio and CoreMediaIO, by ctypes.

Both frameworks describe their devices as numbered objects with properties, named by four letters
(AudioHardware.h, CMIOHardware.h): what is read here returns numbers and words, None where an object
lacks the property.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Protocol

from readiness.devices.ports import Attachment

SYSTEM_OBJECT = 1  # kAudioObjectSystemObject, kCMIOObjectSystemObject
_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_TRANSPORTS = {
    "bltn": Attachment.BUILT_IN, "usb ": Attachment.USB, "blue": Attachment.BLUETOOTH,
    "blea": Attachment.BLUETOOTH, "virt": Attachment.VIRTUAL, "grup": Attachment.VIRTUAL,
}  # fmt: skip


class Objects(Protocol):
    """Properties of numbered objects; `scope` is `glob`, `inpt` or `outp`, `element` a channel."""

    def numbers(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> list[int]:
        """A property that is a list of 32-bit numbers; empty where there is none."""
        ...

    def number(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> int | None:
        """A property that is one 32-bit number."""
        ...

    def real(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> float | None:
        """A property that is one 32-bit real number."""
        ...

    def string(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> str | None:
        """A property that is a string."""
        ...

    def listen(self, selector: str, on_change: Callable[[], None]) -> None:
        """Call `on_change`, on a thread of the system's, when the system object's property changes."""
        ...


def transport(objects: Objects, device: int) -> Attachment:
    """How a device hangs on: its property `tran`."""
    code = objects.number(device, "tran")
    return _TRANSPORTS.get("" if code is None else four_letters(code), Attachment.UNKNOWN)


def four_letters(code: int) -> str:
    """`bltn` of 0x626c746e."""
    return code.to_bytes(4, "big").decode("latin-1")


class _Address(ctypes.Structure):
    _fields_ = (("selector", ctypes.c_uint32), ("scope", ctypes.c_uint32), ("element", ctypes.c_uint32))


class _Frameworks:
    """Objects of one framework. `prefix` is that of its functions, `tells_size` CoreMediaIO's habit."""

    def __init__(self, path: str, prefix: str, *, tells_size: bool) -> None:
        library = ctypes.CDLL(path)
        self._get: Any = getattr(library, f"{prefix}GetPropertyData")
        self._size: Any = getattr(library, f"{prefix}GetPropertyDataSize")
        self._add: Any = getattr(library, f"{prefix}AddPropertyListener")
        self._tells_size = tells_size
        self._words = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
        self._words.CFStringGetCString.argtypes = [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.c_long,
            ctypes.c_uint32,
        ]
        self._words.CFRelease.argtypes = [ctypes.c_void_p]
        self._kept: list[Any] = []  # a callback must outlive its registration

    def numbers(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> list[int]:
        data = self._data(of, selector, scope, element)
        return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data) // 4 * 4, 4)]

    def number(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> int | None:
        found = self.numbers(of, selector, scope, element)
        return found[0] if found else None

    def real(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> float | None:
        data = self._data(of, selector, scope, element)
        return ctypes.c_float.from_buffer_copy(data).value if len(data) == 4 else None

    def string(self, of: int, selector: str, scope: str = "glob", element: int = 0) -> str | None:
        data = self._data(of, selector, scope, element)
        if len(data) != ctypes.sizeof(ctypes.c_void_p):
            return None
        reference = ctypes.c_void_p.from_buffer_copy(data)
        if not reference.value:
            return None
        text = ctypes.create_string_buffer(1024)
        whole = self._words.CFStringGetCString(reference, text, len(text), _UTF8)
        self._words.CFRelease(reference)
        return text.value.decode("utf-8", "replace") if whole else None

    def listen(self, selector: str, on_change: Callable[[], None]) -> None:
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int32, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p
        )

        def changed(_of: int, _count: int, _addresses: Any, _data: Any) -> int:
            on_change()
            return 0

        callback = kind(changed)
        self._kept.append(callback)
        self._add(ctypes.c_uint32(SYSTEM_OBJECT), _address(selector, "glob", 0), callback, None)

    def _data(self, of: int, selector: str, scope: str, element: int) -> bytes:
        address, number = _address(selector, scope, element), ctypes.c_uint32(of)
        size = ctypes.c_uint32(0)
        if self._size(number, address, 0, None, ctypes.byref(size)) or not size.value:
            return b""
        buffer = ctypes.create_string_buffer(size.value)
        if self._tells_size:
            used = ctypes.c_uint32(0)
            status = self._get(number, address, 0, None, size, ctypes.byref(used), buffer)
            length = used.value
        else:
            status = self._get(number, address, 0, None, ctypes.byref(size), buffer)
            length = size.value
        return b"" if status else buffer.raw[:length]


def _address(selector: str, scope: str, element: int) -> Any:
    letters = [int.from_bytes(name.encode("latin-1"), "big") for name in (selector, scope)]
    return ctypes.byref(_Address(*letters, element))


def core_audio() -> Objects:
    """The sound devices of this computer."""
    return _Frameworks(
        "/System/Library/Frameworks/CoreAudio.framework/CoreAudio", "AudioObject", tells_size=False
    )


def core_media() -> Objects:
    """The cameras of this computer."""
    return _Frameworks(
        "/System/Library/Frameworks/CoreMediaIO.framework/CoreMediaIO", "CMIOObject", tells_size=True
    )
