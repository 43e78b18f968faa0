"""The link on Windows: iphlpapi for route and interface, wlanapi for Wi-Fi, the network list for cost.

What the calls give is bytes, so that reading them can be tested anywhere.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Protocol

from readiness.network.link import ANYWHERE, Link, LinkKind
from readiness.network.link_windows_structures import Connection, Interface, route_of

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

    def kind(self) -> LinkKind | None:
        """See `LinkReader`."""
        try:
            index, _ = route_of(self._calls.best_route(ANYWHERE))
            return _kind(Interface.from_buffer_copy(self._calls.interface(index)))
        except (OSError, ValueError):
            return None

    def metered(self) -> bool | None:
        """See `LinkReader`."""
        try:
            cost = self._calls.cost()
        except OSError:
            return None
        if cost & (_COST_FIXED | _COST_VARIABLE):
            return True
        return False if cost & _COST_UNRESTRICTED else None


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
