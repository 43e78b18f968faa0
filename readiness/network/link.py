"""The link that the computer uses: what it is, how good it is, and the gateway behind it.

The words that the readers of all systems share. What cannot be read is None: nothing is guessed from a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

ANYWHERE = "198.51.100.1"
"""An address for documentation (RFC 5737): the way there is the way to everywhere."""


class LinkKind(StrEnum):
    """What a link is."""

    ETHERNET = "ethernet"
    WIFI = "wifi"
    MOBILE = "mobile"
    VPN = "vpn"
    VIRTUAL = "virtual"


@dataclass(frozen=True, kw_only=True)
class Link:
    """The link on the way to one address.

    Where a VPN is used, `kind` and what follows describe the real link underneath, if it is known.
    `metered`: the system says that its traffic costs. `wifi_*` of a Wi-Fi alone.
    """

    kind: LinkKind | None = None
    gateway: str | None = None
    speed_mbps: float | None = None
    wifi_signal_dbm: float | None = None
    wifi_band_ghz: float | None = None
    wifi_rate_up_mbps: float | None = None
    wifi_rate_down_mbps: float | None = None
    vpn_used: bool | None = None
    metered: bool | None = None


class LinkReader(Protocol):
    """Reads the link. Calls the system and may take a second: not on an event loop."""

    def read(self, towards: str) -> Link:
        """The link on the way to the address `towards`. Never raises for what the system does."""
        ...

    def kind(self) -> LinkKind | None:
        """What leads out, VPN or not: quickly, without reading the rest. Never raises either."""
        ...

    def metered(self) -> bool | None:
        """Whether the system says that traffic costs: quickly, without reading the rest."""
        ...


def band_ghz(frequency_mhz: float | None) -> float | None:
    """The band that a Wi-Fi frequency lies in (IEEE 802.11, annex E)."""
    if frequency_mhz is None:
        return None
    for low, high, band in ((2400, 2500, 2.4), (4900, 5925, 5.0), (5925, 7125, 6.0)):
        if low <= frequency_mhz < high:
            return band
    return None
