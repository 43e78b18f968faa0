"""winreg as Windows has it, over a dictionary: the calls, the errors and the types that the readers use."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any


class Key:
    """A handle, which closes at the end of its block."""

    def __init__(self, values: list[tuple[str, Any, int]]) -> None:
        self.values = values
        self.open = True

    def __enter__(self) -> Key:
        return self

    def __exit__(
        self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.open = False


class Winreg:
    """`keys` holds name, data and type by path below HKEY_LOCAL_MACHINE; None: it is not for us."""

    HKEY_LOCAL_MACHINE = 0x80000002
    KEY_READ = 0x20019
    KEY_WOW64_64KEY = 0x0100
    REG_NONE, REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD = 0, 1, 2, 3, 4
    REG_MULTI_SZ, REG_QWORD = 7, 11

    def __init__(self, keys: Mapping[str, list[tuple[str, Any, int]] | None]) -> None:
        self._keys = {path.casefold(): values for path, values in keys.items()}
        self.opened: list[Key] = []

    def OpenKey(self, root: int, path: str, reserved: int = 0, access: int = KEY_READ) -> Key:
        """The registry knows no case; the error of what is absent is FileNotFoundError (2)."""
        assert root == self.HKEY_LOCAL_MACHINE
        assert reserved == 0
        assert access == self.KEY_READ | self.KEY_WOW64_64KEY, "a 32-bit program would read another key"
        if path.casefold() not in self._keys:
            raise FileNotFoundError(2, "The system cannot find the file specified", None, 2)
        values = self._keys[path.casefold()]
        if values is None:
            raise PermissionError(13, "Access is denied", None, 5)
        self.opened.append(Key(values))
        return self.opened[-1]

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:
        """Keys below, values, and when it was written."""
        return 0, len(key.values), 133_000_000_000_000_000

    def EnumValue(self, key: Key, number: int) -> tuple[str, Any, int]:
        """One value; past the end OSError (259)."""
        assert key.open
        if number >= len(key.values):
            raise OSError(22, "No more data is available", None, 259)
        return key.values[number]
