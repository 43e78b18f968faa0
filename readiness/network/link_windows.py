"""The link on Windows: iphlpapi for route and interface, wlanapi for Wi-Fi, the network list for cost.

The structures are those of the Windows SDK (netioapi.h, wlanapi.h), read from the bytes that the
calls give, so that they can be tested anywhere.
"""

from __future__ import annotations

import ctypes
import ipaddress
import socket
import struct
from typing import Protocol

from readiness.network.link import Link, LinkKind

_WIFI_TYPE, _ETHERNET_TYPE = 71, 6  # IF_TYPE_*, by IANA
_MOBILE_TYPES = (243, 244)  # WWANPP, WWANPP2
_VPN_TYPES = (23, 53, 131)  # PPP, PROP_VIRTUAL, TUNNEL
_PHYSICAL_WIRELESS_WAN = 8  # NdisPhysicalMediumWirelessWan
CURRENT_CONNECTION, CHANNEL, RSSI = 7, 8, 0x10000102  # WLAN_INTF_OPCODE
_HIGHEST_OLD_PHY = 9  # dot11_phy_type_dmg; later ones (HE, EHT) share channel numbers with 6 GHz
_COST_UNRESTRICTED, _COST_FIXED, _COST_VARIABLE = 1, 2, 4  # NLM_CONNECTION_COST
_NO_LOGIN_SPEED = (1 << 64) - 1


class Calls(Protocol):
    """The calls to Windows; each gives bytes, or raises OSError."""

    def best_route(self, towards: str) -> bytes:
        """MIB_IPFORWARD_ROW2 of the route to an address (GetBestRoute2)."""
        ...

    def interface(self, index: int) -> bytes:
        """MIB_IF_ROW2 (GetIfEntry2)."""
        ...

    def wifi(self, guid: bytes, what: int) -> bytes:
        """What WlanQueryInterface says of an interface."""
        ...

    def cost(self) -> int:
        """NLM_CONNECTION_COST of this computer (INetworkCostManager)."""
        ...


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


class WindowsReader:
    """Reads the link on Windows."""

    def __init__(self, calls: Calls | None = None) -> None:
        if calls is None:
            from readiness.network.link_windows_calls import SystemCalls

            calls = SystemCalls()
        self._calls = calls

    def read(self, towards: str) -> Link:
        """See `LinkReader`."""
        try:
            index, gateway = route_of(self._calls.best_route(towards))
            row = Interface.from_buffer_copy(self._calls.interface(index))
        except (OSError, ValueError):
            return Link()
        kind = _kind(row)
        link = Link(
            # What is under a VPN is not told by the route; it is left out.
            kind=kind,
            gateway=gateway,
            speed_mbps=_mbps(row.transmit_bps) if kind is LinkKind.ETHERNET else None,
            vpn_used=kind is LinkKind.VPN,
            metered=self.metered(),
        )
        return self._with_wifi(link, bytes(row.guid)) if kind is LinkKind.WIFI else link

    def _with_wifi(self, link: Link, guid: bytes) -> Link:
        import dataclasses

        about = self._asked(guid, CURRENT_CONNECTION)
        channel = _number(self._asked(guid, CHANNEL), "<I")
        signal = _number(self._asked(guid, RSSI), "<i")
        down, up, phy = None, None, None
        if len(about) >= ctypes.sizeof(Connection):
            connection = Connection.from_buffer_copy(about)
            phy = connection.phy
            down, up = connection.receive_kbps / 1000 or None, connection.transmit_kbps / 1000 or None
        return dataclasses.replace(
            link,
            wifi_signal_dbm=float(signal) if signal is not None and -120 <= signal < 0 else None,
            wifi_band_ghz=_band(channel, phy),
            wifi_rate_up_mbps=up,
            wifi_rate_down_mbps=down,
        )

    def _asked(self, guid: bytes, what: int) -> bytes:
        try:
            return self._calls.wifi(guid, what)
        except OSError:  # Windows 11 keeps Wi-Fi from programs that may not know the location
            return b""

    def metered(self) -> bool | None:
        """See `LinkReader`."""
        try:
            cost = self._calls.cost()
        except OSError:
            return None
        if cost & (_COST_FIXED | _COST_VARIABLE):
            return True
        return False if cost & _COST_UNRESTRICTED else None


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


def _kind(row: Interface) -> LinkKind | None:
    if row.type == _WIFI_TYPE:
        return LinkKind.WIFI
    if row.type in _MOBILE_TYPES or row.physical_medium == _PHYSICAL_WIRELESS_WAN:
        return LinkKind.MOBILE
    if row.type in _VPN_TYPES:
        return LinkKind.VPN
    return LinkKind.ETHERNET if row.type == _ETHERNET_TYPE else None


def _mbps(bits_per_second: int) -> float | None:
    return bits_per_second / 1e6 if 0 < bits_per_second < _NO_LOGIN_SPEED else None


def _number(answer: bytes, layout: str) -> int | None:
    return int(struct.unpack_from(layout, answer)[0]) if len(answer) >= 4 else None


def _band(channel: int | None, phy: int | None) -> float | None:
    """By the channel's number, where only one band has it."""
    if channel is None or phy is None or not 1 <= channel <= 233:
        return None
    if phy > _HIGHEST_OLD_PHY:
        return None
    return 2.4 if channel <= 14 else 5.0
