"""Reading the registry: what is absent or not for us is None."""

from __future__ import annotations

import importlib
from typing import Any, Protocol


class Registry(Protocol):
    """The two hives that matter, by their short names: HKCU and HKLM."""

    def value(self, hive: str, path: str, name: str) -> Any:
        """One value (str, int, bytes), or None."""
        ...

    def keys(self, hive: str, path: str) -> list[str]:
        """The names of the keys below `path`; none where it is absent."""
        ...


class WindowsRegistry:
    """That of this computer."""

    def __init__(self, winreg: Any = None) -> None:
        self._winreg = winreg or importlib.import_module("winreg")

    def value(self, hive: str, path: str, name: str) -> Any:
        """See `Registry`."""
        try:
            with self._opened(hive, path) as key:
                return self._winreg.QueryValueEx(key, name)[0]
        except OSError:
            return None

    def keys(self, hive: str, path: str) -> list[str]:
        """See `Registry`."""
        try:
            with self._opened(hive, path) as key:
                count = self._winreg.QueryInfoKey(key)[0]
                return [self._winreg.EnumKey(key, number) for number in range(count)]
        except OSError:
            return []

    def _opened(self, hive: str, path: str) -> Any:
        root = {"HKCU": self._winreg.HKEY_CURRENT_USER, "HKLM": self._winreg.HKEY_LOCAL_MACHINE}[hive]
        return self._winreg.OpenKey(root, path)
