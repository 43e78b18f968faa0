"""The calls of `link_windows` to Windows itself, by ctypes. Written after the SDK; not run in tests."""

from __future__ import annotations

import ctypes
import uuid
from typing import Any

from readiness.network.link_windows_structures import ROUTE_BYTES, Interface, socket_address

_NETWORK_LIST = uuid.UUID("dcb00c01-570f-4a9b-8d69-199fdba5723b")  # CLSID_NetworkListManager
_COST_MANAGER = uuid.UUID("dcb00008-570f-4a9b-8d69-199fdba5723b")  # IID_INetworkCostManager
_GET_COST, _RELEASE = 3, 2  # places in the table of INetworkCostManager
_ALL_CONTEXTS = 23  # CLSCTX_ALL


class SystemCalls:
    """Windows."""

    def __init__(self) -> None:
        windows: Any = ctypes
        self._helper = windows.WinDLL("iphlpapi")
        self._load = windows.WinDLL

    def best_route(self, towards: str) -> bytes:
        """See `Calls`."""
        row = (ctypes.c_uint8 * ROUTE_BYTES)()
        source = (ctypes.c_uint8 * 28)()
        address = ctypes.create_string_buffer(socket_address(towards), 28)
        _check(self._helper.GetBestRoute2(None, 0, None, address, 0, row, source), "GetBestRoute2")
        return bytes(row)

    def interface(self, index: int) -> bytes:
        """See `Calls`."""
        row = Interface(index=index)
        _check(self._helper.GetIfEntry2(ctypes.byref(row)), "GetIfEntry2")
        return bytes(row)

    def wifi(self, guid: bytes, what: int) -> bytes:
        """See `Calls`."""
        api = self._load("wlanapi")
        version, handle = ctypes.c_uint32(), ctypes.c_void_p()
        _check(api.WlanOpenHandle(2, None, ctypes.byref(version), ctypes.byref(handle)), "WlanOpenHandle")
        try:
            size, data = ctypes.c_uint32(), ctypes.c_void_p()
            interface = (ctypes.c_uint8 * 16)(*guid)
            _check(
                api.WlanQueryInterface(
                    handle, interface, what, None, ctypes.byref(size), ctypes.byref(data), None
                ),
                "WlanQueryInterface",
            )
            try:
                return ctypes.string_at(data, min(size.value, 65536))
            finally:
                api.WlanFreeMemory(data)
        finally:
            api.WlanCloseHandle(handle, None)

    def cost(self) -> int:
        """See `Calls`."""
        library = self._load("ole32")
        started = library.CoInitializeEx(None, 0)
        manager = ctypes.c_void_p()
        try:
            _check(
                library.CoCreateInstance(
                    (ctypes.c_uint8 * 16)(*_NETWORK_LIST.bytes_le),
                    None,
                    _ALL_CONTEXTS,
                    (ctypes.c_uint8 * 16)(*_COST_MANAGER.bytes_le),
                    ctypes.byref(manager),
                ),
                "CoCreateInstance",
            )
            table = ctypes.cast(
                ctypes.cast(manager, ctypes.POINTER(ctypes.c_void_p))[0] or 0,
                ctypes.POINTER(ctypes.c_void_p),
            )
            cost = ctypes.c_uint32()
            windows: Any = ctypes
            kind = windows.WINFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
            _check(kind(table[_GET_COST] or 0)(manager, ctypes.byref(cost), None), "GetCost")
            windows.WINFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p)(table[_RELEASE] or 0)(manager)
            return int(cost.value)
        finally:
            if started >= 0:
                library.CoUninitialize()


def _check(status: int, call: str) -> None:
    if status != 0:
        raise OSError(f"{call}: {status & 0xFFFFFFFF:#x}")
