"""Structures of the Windows SDK (netioapi.h, wlanapi.h, ws2ipdef.h), read from bytes and written as such."""

from __future__ import annotations

import ctypes
import ipaddress
import socket
import struct


class Interface(ctypes.Structure):
    """MIB_IF_ROW2 as far as it is used."""

    _fields_ = (
        ("luid", ctypes.c_uint64),
        ("index", ctypes.c_uint32),
        ("guid", ctypes.c_uint8 * 16),
        ("alias", ctypes.c_uint16 * 257),
        ("description", ctypes.c_uint16 * 257),
        ("address_length", ctypes.c_uint32),
        ("address", ctypes.c_uint8 * 32),
        ("permanent_address", ctypes.c_uint8 * 32),
        ("mtu", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("tunnel_type", ctypes.c_uint32),
        ("media_type", ctypes.c_uint32),
        ("physical_medium", ctypes.c_uint32),
        ("access_type", ctypes.c_uint32),
        ("direction_type", ctypes.c_uint32),
        ("flags", ctypes.c_uint8),
        ("oper_status", ctypes.c_uint32),
        ("admin_status", ctypes.c_uint32),
        ("media_connect_state", ctypes.c_uint32),
        ("network_guid", ctypes.c_uint8 * 16),
        ("connection_type", ctypes.c_uint32),
        ("transmit_bps", ctypes.c_uint64),
        ("receive_bps", ctypes.c_uint64),
        ("counters", ctypes.c_uint64 * 18),
    )


class Connection(ctypes.Structure):
    """WLAN_CONNECTION_ATTRIBUTES without the security at its end."""

    _fields_ = (
        ("state", ctypes.c_uint32),
        ("mode", ctypes.c_uint32),
        ("profile", ctypes.c_uint16 * 256),
        ("name_length", ctypes.c_uint32),
        ("name", ctypes.c_uint8 * 32),
        ("kind", ctypes.c_uint32),
        ("access_point", ctypes.c_uint8 * 6),
        ("phy", ctypes.c_uint32),
        ("phy_index", ctypes.c_uint32),
        ("quality_percent", ctypes.c_uint32),
        ("receive_kbps", ctypes.c_uint32),
        ("transmit_kbps", ctypes.c_uint32),
    )


ROUTE_BYTES = 104
"""Of MIB_IPFORWARD_ROW2: LUID 8, index 4, prefix 28 + 4, next hop 28, and what is not used here."""
_ROUTE_INDEX_AT, _NEXT_HOP_AT = 8, 44


def route_of(row: bytes) -> tuple[int, str | None]:
    """Interface and next hop of a MIB_IPFORWARD_ROW2. Raises ValueError."""
    if len(row) < ROUTE_BYTES:
        raise ValueError("truncated")
    (index,) = struct.unpack_from("<I", row, _ROUTE_INDEX_AT)
    (family,) = struct.unpack_from("<H", row, _NEXT_HOP_AT)
    if family == 2:  # AF_INET
        address = ipaddress.ip_address(row[_NEXT_HOP_AT + 4 : _NEXT_HOP_AT + 8])
    elif family == 23:  # AF_INET6
        address = ipaddress.ip_address(row[_NEXT_HOP_AT + 8 : _NEXT_HOP_AT + 24])
    else:
        raise ValueError("no family that we know")
    return int(index), None if address.is_unspecified else str(address)


def socket_address(address: str) -> bytes:
    """SOCKADDR_INET of an address."""
    if ":" in address:
        packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
        return struct.pack("<HHI", 23, 0, 0) + packed + bytes(4)
    return struct.pack("<HH", 2, 0) + socket.inet_aton(address) + bytes(20)
