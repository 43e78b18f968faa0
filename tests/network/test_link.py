"""The link as each system tells it, against recorded answers of the system's own interfaces."""

from __future__ import annotations

import asyncio
import ctypes
import ipaddress
import struct
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from readiness.network.link import Link, LinkKind, LinkReader, band_ghz
from readiness.network.link_linux import LinuxReader, wifi_figures
from readiness.network.link_macos import MacReader
from readiness.network.link_windows import CHANNEL, CURRENT_CONNECTION, RSSI, WindowsReader
from readiness.network.link_windows_structures import ROUTE_BYTES, Connection, Interface, socket_address
from readiness.network.this_link import network_kind, system_reader


def nothing(_command: Sequence[str]) -> str:
    return ""


class Kernel:
    def __init__(
        self,
        index: int,
        gateway: str | None = "192.168.1.1",
        under: Sequence[tuple[int, str]] = (),
        **wifi: float,
    ) -> None:
        self.index, self.gateway, self.under, self.figures = index, gateway, under, wifi

    def route(self, towards: str) -> tuple[int, str | None]:
        return self.index, self.gateway

    def default_routes(self) -> Sequence[tuple[int, str]]:
        return self.under

    def wifi(self, index: int) -> dict[str, float]:
        return self.figures


class Nowhere(Kernel):
    def route(self, towards: str) -> tuple[int, str | None]:
        raise OSError("no route")


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    """The folders that a kernel 6.x has for a notebook with everything."""
    for index, (name, hardware, uevent, extra) in enumerate(
        (
            ("enp0s31f6", "1", "", {"device": None, "speed": "1000"}),
            ("wlp2s0", "1", "DEVTYPE=wlan", {"device": None, "phy80211": None}),
            ("wwan0", "519", "DEVTYPE=wwan", {"device": None}),
            ("tun0", "65534", "", {"tun_flags": "0x1001"}),
            ("wg0", "65534", "DEVTYPE=wireguard", {}),
            ("eth1", "1", "", {}),
            ("usb0", "1", "", {"device": None, "speed": "-1"}),
            ("odd0", "772", "", {}),
        ),
        start=2,
    ):
        folder = tmp_path / "net" / name
        folder.mkdir(parents=True)
        (folder / "ifindex").write_text(f"{index}\n")
        (folder / "type").write_text(f"{hardware}\n")
        (folder / "uevent").write_text(f"INTERFACE={name}\nIFINDEX={index}\n{uevent}\n")
        for file, text in extra.items():
            if text is None:
                (folder / file).mkdir()
            else:
                (folder / file).write_text(f"{text}\n")
    (tmp_path / "drivers" / "rndis_host").mkdir(parents=True)
    (tmp_path / "net" / "usb0" / "device" / "driver").symlink_to(tmp_path / "drivers" / "rndis_host")
    return tmp_path / "net"


@pytest.mark.parametrize(
    ("index", "kind"),
    [
        (2, LinkKind.ETHERNET),
        (3, LinkKind.WIFI),
        (4, LinkKind.MOBILE),
        (7, LinkKind.VIRTUAL),
        (8, LinkKind.MOBILE),
        (9, None),
        (99, None),
    ],
)
def test_linux_tells_the_kind_by_sysfs(sysfs: Path, index: int, kind: LinkKind | None) -> None:
    link = LinuxReader(Kernel(index), sysfs, nothing).read("20.1.2.3")
    assert link.kind is kind
    assert link.gateway == "192.168.1.1"
    assert link.vpn_used is False
    assert link.speed_mbps == (1000 if index == 2 else None)
    assert LinuxReader(Kernel(index), sysfs, nothing).kind() is kind


@pytest.mark.parametrize("tunnel", [5, 6])
def test_linux_looks_under_a_tunnel(sysfs: Path, tunnel: int) -> None:
    kernel = Kernel(tunnel, None, [(tunnel, "10.8.0.1"), (3, "192.168.7.1")], signal_dbm=-61.0)
    link = LinuxReader(kernel, sysfs, nothing).read("20.1.2.3")
    assert (link.kind, link.vpn_used, link.gateway) == (LinkKind.WIFI, True, "192.168.7.1")
    assert link.wifi_signal_dbm == -61
    alone = LinuxReader(Kernel(tunnel, None), sysfs, nothing).read("20.1.2.3")
    assert (alone.kind, alone.vpn_used) == (LinkKind.VPN, True)
    assert LinuxReader(kernel, sysfs, nothing).kind() is LinkKind.VPN


def test_linux_asks_networkmanager_what_traffic_costs(sysfs: Path) -> None:
    for said, metered in (
        ("GENERAL.METERED:yes (guessed)\n", True),
        ("GENERAL.METERED:no\n", False),
        ("GENERAL.METERED:unknown\n", None),
        ("", None),
        ("garbage", None),
    ):
        asked: list[Sequence[str]] = []

        def run(command: Sequence[str], said: str = said, asked: list[Sequence[str]] = asked) -> str:
            asked.append(command)
            return said

        assert LinuxReader(Kernel(3), sysfs, run).read("20.1.2.3").metered is metered
        assert asked[0][-1] == "wlp2s0"


def test_linux_tells_quickly_what_the_default_route_costs(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "route").write_text(
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
        "wlp2s0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n"
        "wwan0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\n"
    )

    def run(command: Sequence[str]) -> str:
        return f"GENERAL.METERED:{'yes' if command[-1] == 'wwan0' else 'no'}\n"

    assert LinuxReader(Kernel(3), tmp_path, run, tmp_path).metered() is True
    assert LinuxReader(Kernel(3), tmp_path, run, tmp_path / "absent").metered() is None


def test_without_a_route_linux_knows_nothing(sysfs: Path) -> None:
    reader = LinuxReader(Nowhere(0), sysfs, nothing)
    assert reader.read("20.1.2.3") == Link()
    assert reader.kind() is None


class Attributes(dict[str, Any]):
    """As pyroute2 gives a message: attributes by name."""

    def get_attr(self, name: str) -> Any:
        return self.get(name)


def test_wifi_figures_are_those_of_nl80211() -> None:
    rate = {"NL80211_RATE_INFO_BITRATE32": 5264}
    about = Attributes(
        NL80211_STA_INFO_SIGNAL=-58,
        NL80211_STA_INFO_TX_BITRATE=Attributes(rate),
        NL80211_STA_INFO_RX_BITRATE=Attributes(NL80211_RATE_INFO_BITRATE32=3000),
    )
    found = wifi_figures(
        [Attributes(NL80211_ATTR_WIPHY_FREQ=5180)], [Attributes(NL80211_ATTR_STA_INFO=about)]
    )
    assert found == {"frequency_mhz": 5180, "signal_dbm": -58, "up_mbps": 526.4, "down_mbps": 300}
    unsigned = Attributes(NL80211_STA_INFO_SIGNAL=198)  # some versions give the byte as it is
    assert wifi_figures([], [Attributes(NL80211_ATTR_STA_INFO=unsigned)]) == {"signal_dbm": -58}
    assert wifi_figures([Attributes()], [Attributes()]) == {}


def test_bands() -> None:
    assert [band_ghz(f) for f in (2412, 5180, 5955, 60_000, None)] == [2.4, 5.0, 6.0, None, None]


def test_this_system_answers_without_raising() -> None:
    reader: LinkReader = system_reader()
    assert isinstance(reader.read("198.51.100.1"), Link)
    assert reader.kind() in (None, *LinkKind)


class Kinds:
    """A reader that knows nothing else."""

    def __init__(self, kind: LinkKind | None) -> None:
        self._kind = kind

    def read(self, towards: str) -> Link:
        return Link(kind=self._kind)

    def kind(self) -> LinkKind | None:
        if self._kind is LinkKind.VIRTUAL:
            raise OSError("nobody knows")
        return self._kind

    def metered(self) -> bool | None:
        return None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (LinkKind.ETHERNET, "wired"),
        (LinkKind.WIFI, "wifi"),
        (LinkKind.MOBILE, "mobile"),
        (LinkKind.VPN, "vpn"),
        (LinkKind.VIRTUAL, None),
        (None, None),
    ],
)
def test_reports_name_the_kind_of_network_in_their_own_words(kind: LinkKind | None, name: str | None) -> None:
    assert asyncio.run(network_kind(Kinds(kind))) == name


# macOS

ROUTE = """   route to: default
destination: default
       mask: default
    gateway: {gateway}
  interface: {interface}
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
       0         0         0         0         0         0      1500         0
"""
PORTS = """
Hardware Port: Ethernet Adapter (en4)
Device: en4
Ethernet Address: 3e:22:fb:00:00:01

Hardware Port: Wi-Fi
Device: en0
Ethernet Address: 3c:22:fb:00:00:02

Hardware Port: iPhone USB
Device: en7
Ethernet Address: 3c:22:fb:00:00:03

VLAN Configurations
===================
"""
IFCONFIG = """en4: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tmedia: autoselect ({media} <full-duplex>)
\tstatus: active
"""


def mac(interface: str, gateway: str = "192.168.1.1", media: str = "1000baseT") -> Any:
    def run(command: Sequence[str]) -> str:
        if command[0].endswith("route"):
            via = "en0" if command[-1] == "default" else interface
            return ROUTE.format(interface=via, gateway=gateway)
        return PORTS if "networksetup" in command[0] else IFCONFIG.format(media=media)

    return run


def airport(rssi: int = -63, rate: float = 780.0, band: int = 2) -> Any:
    channel = SimpleNamespace(channelBand=lambda: band)
    return lambda: SimpleNamespace(
        rssiValue=lambda: rssi, transmitRate=lambda: rate, wlanChannel=lambda: channel
    )


def test_macos_tells_wifi_by_corewlan() -> None:
    link = MacReader(mac("en0"), airport(), lambda: False).read("20.1.2.3")
    assert link == Link(
        kind=LinkKind.WIFI,
        gateway="192.168.1.1",
        wifi_signal_dbm=-63,
        wifi_band_ghz=5.0,
        wifi_rate_up_mbps=780,
        vpn_used=False,
        metered=False,
    )
    unknown = MacReader(mac("en0"), airport(rssi=0, rate=0.0, band=0), lambda: None).read("20.1.2.3")
    assert (unknown.wifi_signal_dbm, unknown.wifi_rate_up_mbps, unknown.wifi_band_ghz) == (None, None, None)


def test_macos_tells_cables_phones_and_tunnels() -> None:
    cable = MacReader(mac("en4"), airport(), lambda: False).read("20.1.2.3")
    assert (cable.kind, cable.speed_mbps) == (LinkKind.ETHERNET, 1000)
    faster = MacReader(mac("en4", media="2.5Gbase-T"), airport(), lambda: False).read("20.1.2.3")
    assert faster.speed_mbps == 2500
    phone = MacReader(mac("en7"), airport(), lambda: True).read("20.1.2.3")
    assert (phone.kind, phone.metered) == (LinkKind.MOBILE, True)
    tunnel = MacReader(mac("utun3", gateway="link#18"), airport(), lambda: False).read("20.1.2.3")
    assert (tunnel.kind, tunnel.vpn_used, tunnel.gateway) == (LinkKind.WIFI, True, None)
    kinds = [MacReader(mac(name), airport(), lambda: False).kind() for name in ("en4", "en0", "en7", "utun3")]
    assert kinds == [LinkKind.ETHERNET, LinkKind.WIFI, LinkKind.MOBILE, LinkKind.VPN]


def test_macos_that_says_nothing_is_unknown() -> None:
    assert MacReader(nothing, lambda: None, lambda: None).read("20.1.2.3") == Link()


# Windows


class Windows:
    """The bytes that the calls give."""

    def __init__(self, kind: int, *, cost: int = 1, medium: int = 0, phy: int = 8, channel: int = 44) -> None:
        self.row = Interface(index=12, type=kind, physical_medium=medium, transmit_bps=1_000_000_000)
        self.money = cost
        self.answers = {
            CURRENT_CONNECTION: bytes(
                Connection(state=1, phy=phy, quality_percent=70, receive_kbps=866_700, transmit_kbps=780_000)
            )
            + bytes(16),
            CHANNEL: struct.pack("<I", channel),
            RSSI: struct.pack("<i", -66),
        }

    def best_route(self, towards: str) -> bytes:
        row = struct.pack("<QI", 7, 12) + bytes(32) + socket_address("192.168.1.1")
        return row + bytes(ROUTE_BYTES - len(row))

    def interface(self, index: int) -> bytes:
        assert index == 12
        return bytes(self.row)

    def wifi(self, guid: bytes, what: int) -> bytes:
        if what not in self.answers:
            raise OSError("WlanQueryInterface: 0x5")
        return self.answers[what]

    def cost(self) -> int:
        return self.money


def test_the_structures_are_as_large_as_windows_has_them() -> None:
    assert ctypes.sizeof(Interface) == 1352
    assert ctypes.sizeof(Connection) + 16 == 604  # with WLAN_SECURITY_ATTRIBUTES
    assert Connection.phy.offset == 568
    assert len(socket_address("192.168.1.1")) == len(socket_address("fe80::1")) == 28
    assert ipaddress.ip_address(socket_address("fe80::1")[8:24]) == ipaddress.ip_address("fe80::1")


def test_windows_tells_wifi() -> None:
    link = WindowsReader(Windows(71)).read("20.1.2.3")
    assert link == Link(
        kind=LinkKind.WIFI,
        gateway="192.168.1.1",
        wifi_signal_dbm=-66,
        wifi_band_ghz=5.0,
        wifi_rate_up_mbps=780,
        wifi_rate_down_mbps=866.7,
        vpn_used=False,
        metered=False,
    )


def test_windows_11_keeps_wifi_to_itself_and_it_is_left_out() -> None:
    calls = Windows(71)
    calls.answers.clear()
    link = WindowsReader(calls).read("20.1.2.3")
    assert (link.kind, link.wifi_signal_dbm, link.wifi_band_ghz) == (LinkKind.WIFI, None, None)


def test_a_channel_that_two_bands_have_is_no_band() -> None:
    assert WindowsReader(Windows(71, phy=10, channel=5)).read("20.1.2.3").wifi_band_ghz is None
    assert WindowsReader(Windows(71, phy=7, channel=5)).read("20.1.2.3").wifi_band_ghz == 2.4


@pytest.mark.parametrize(
    ("type_", "medium", "kind"),
    [(6, 14, LinkKind.ETHERNET), (6, 8, LinkKind.MOBILE), (243, 8, LinkKind.MOBILE), (131, 0, LinkKind.VPN),
     (23, 0, LinkKind.VPN), (24, 0, None)],
)  # fmt: skip
def test_windows_tells_the_kind(type_: int, medium: int, kind: LinkKind | None) -> None:
    link = WindowsReader(Windows(type_, medium=medium)).read("20.1.2.3")
    assert link.kind is kind
    assert WindowsReader(Windows(type_, medium=medium)).kind() is kind
    assert link.speed_mbps == (1000 if kind is LinkKind.ETHERNET else None)


@pytest.mark.parametrize(
    ("cost", "metered"), [(0, None), (1, False), (2, True), (4, True), (0x10004, True), (0x20001, False)]
)
def test_windows_tells_what_traffic_costs(cost: int, metered: bool | None) -> None:
    reader = WindowsReader(Windows(6, cost=cost))
    assert reader.read("20.1.2.3").metered is metered
    assert reader.metered() is metered


class Broken(Windows):
    def best_route(self, towards: str) -> bytes:
        return b"\0" * 10


def test_windows_that_says_nothing_is_unknown() -> None:
    assert WindowsReader(Broken(6)).read("20.1.2.3") == Link()
    assert WindowsReader(Broken(6)).kind() is None
