"""The link on Linux: routes by netlink, the kind of interface by sysfs, Wi-Fi by nl80211."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from readiness.network.link import ANYWHERE, Link, LinkKind, band_ghz
from readiness.network.system_proxy import Command, output_of

_NO_HARDWARE = "65534"  # ARPHRD_NONE
_ETHERNET = "1"  # ARPHRD_ETHER
_RAW_IP = "519"  # ARPHRD_RAWIP: the modems of mobile networks
_PHONE_DRIVERS = ("rndis_host", "ipheth", "qmi_wwan", "cdc_mbim")


class Kernel(Protocol):
    """What is asked of the kernel."""

    def route(self, towards: str) -> tuple[int, str | None]:
        """Index of the interface that leads there, and the gateway. Raises OSError."""
        ...

    def default_routes(self) -> Sequence[tuple[int, str]]:
        """Interface and gateway of each default route, the preferred first. Raises OSError."""
        ...

    def wifi(self, index: int) -> dict[str, float]:
        """`signal_dbm`, `frequency_mhz`, `up_mbps`, `down_mbps`: those known. Raises OSError."""
        ...


class LinuxReader:
    """Reads the link on Linux."""

    def __init__(
        self,
        kernel: Kernel | None = None,
        sysfs: Path = Path("/sys/class/net"),
        command: Command = output_of,
        procfs: Path = Path("/proc"),
    ) -> None:
        self._procfs = procfs
        self._kernel = kernel or Netlink()
        self._sysfs = sysfs
        self._command = command

    def read(self, towards: str) -> Link:
        """See `LinkReader`."""
        try:
            index, gateway = self._kernel.route(towards)
        except OSError:
            return Link()
        name = self._name(index)
        kind = self._kind(name)
        over_vpn = kind is LinkKind.VPN
        if over_vpn:
            index, gateway = self._underneath() or (index, gateway)
            name = self._name(index)
            kind = self._kind(name)
        wifi = self._wifi(index) if kind is LinkKind.WIFI else {}
        return Link(
            kind=kind,
            gateway=gateway,
            speed_mbps=self._speed(name) if kind is LinkKind.ETHERNET else None,
            wifi_signal_dbm=wifi.get("signal_dbm"),
            wifi_band_ghz=band_ghz(wifi.get("frequency_mhz")),
            wifi_rate_up_mbps=wifi.get("up_mbps"),
            wifi_rate_down_mbps=wifi.get("down_mbps"),
            vpn_used=over_vpn,
            metered=self._metered(name),
        )

    def metered(self) -> bool | None:
        """See `LinkReader`. The default route by procfs: nothing has to be loaded for it."""
        return self._metered(self._way_out())

    def kind(self) -> LinkKind | None:
        """See `LinkReader`."""
        try:
            index, _ = self._kernel.route(ANYWHERE)
        except OSError:
            return None
        return self._kind(self._name(index))

    def _way_out(self) -> str:
        """The interface of the default route; none where there is none, or IPv6 alone."""
        for line in _text(self._procfs / "net" / "route").splitlines()[1:]:
            fields = line.split()
            if len(fields) > 7 and fields[1] == fields[7] == "00000000":
                return fields[0]
        return ""

    def _underneath(self) -> tuple[int, str] | None:
        try:
            routes = self._kernel.default_routes()
        except OSError:
            return None
        return next((r for r in routes if self._kind(self._name(r[0])) is not LinkKind.VPN), None)

    def _name(self, index: int) -> str:
        for folder in sorted(self._sysfs.glob("*")):
            if _text(folder / "ifindex") == str(index):
                return folder.name
        return ""

    def _kind(self, name: str) -> LinkKind | None:
        if not name:
            return None
        folder = self._sysfs / name
        hardware = _text(folder / "type")
        device = dict(
            line.split("=", 1) for line in _text(folder / "uevent").splitlines() if "=" in line
        ).get("DEVTYPE")
        if device == "wlan" or (folder / "wireless").exists() or (folder / "phy80211").exists():
            return LinkKind.WIFI
        if device == "wireguard" or (folder / "tun_flags").exists() or hardware == _NO_HARDWARE:
            return LinkKind.VPN
        if device == "wwan" or hardware == _RAW_IP or self._driver(folder) in _PHONE_DRIVERS:
            return LinkKind.MOBILE
        if hardware != _ETHERNET:
            return None
        if (folder / "device").exists() or device in ("bridge", "bond", "vlan"):
            return LinkKind.ETHERNET
        return LinkKind.VIRTUAL

    def _driver(self, folder: Path) -> str:
        try:
            return (folder / "device" / "driver").resolve(strict=True).name
        except OSError:
            return ""

    def _speed(self, name: str) -> float | None:
        text = _text(self._sysfs / name / "speed")
        return float(text) if text.isdecimal() and int(text) > 0 else None

    def _wifi(self, index: int) -> dict[str, float]:
        try:
            return self._kernel.wifi(index)
        except OSError:
            return {}

    def _metered(self, name: str) -> bool | None:
        """What NetworkManager says, where it runs: yes, no, or its guess."""
        if not name:
            return None
        said = self._command(["nmcli", "-t", "-f", "GENERAL.METERED", "device", "show", name])
        word = said.partition(":")[2].split()[:1]
        return {"yes": True, "no": False}.get(word[0]) if word else None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


class Netlink:
    """The kernel itself, through pyroute2."""

    def route(self, towards: str) -> tuple[int, str | None]:
        """See `Kernel`."""
        from pyroute2 import IPRoute
        from pyroute2.netlink.exceptions import NetlinkError

        try:
            with IPRoute() as routes:
                for found in routes.route("get", dst=towards, family=10 if ":" in towards else 2):
                    return int(found.get_attr("RTA_OIF")), found.get_attr("RTA_GATEWAY")
        except NetlinkError as error:
            raise OSError(str(error)) from error
        raise OSError("no route")

    def default_routes(self) -> Sequence[tuple[int, str]]:
        """See `Kernel`."""
        from pyroute2 import IPRoute
        from pyroute2.netlink.exceptions import NetlinkError

        try:
            with IPRoute() as routes:
                found = list(routes.get_default_routes(family=2))
        except NetlinkError as error:
            raise OSError(str(error)) from error
        found.sort(key=lambda route: route.get_attr("RTA_PRIORITY") or 0)
        return [
            (int(route.get_attr("RTA_OIF")), str(route.get_attr("RTA_GATEWAY")))
            for route in found
            if route.get_attr("RTA_OIF") and route.get_attr("RTA_GATEWAY")
        ]

    def wifi(self, index: int) -> dict[str, float]:
        """See `Kernel`."""
        from pyroute2 import IW
        from pyroute2.netlink.exceptions import NetlinkError

        try:
            with IW() as wifi:
                interfaces = list(wifi.get_interface_by_ifindex(index))
                stations = list(wifi.get_stations(index))
        except NetlinkError as error:
            raise OSError(str(error)) from error
        return wifi_figures(interfaces, stations)


def wifi_figures(interfaces: Sequence[Any], stations: Sequence[Any]) -> dict[str, float]:
    """The figures in nl80211's answers: the interface's own, and about the access point."""
    figures: dict[str, float] = {}
    for interface in interfaces:
        frequency = interface.get_attr("NL80211_ATTR_WIPHY_FREQ")
        if frequency:
            figures["frequency_mhz"] = float(frequency)
    for station in stations[:1]:  # a client has one: the access point
        about = station.get_attr("NL80211_ATTR_STA_INFO")
        if about is None:
            continue
        signal = about.get_attr("NL80211_STA_INFO_SIGNAL_AVG") or about.get_attr("NL80211_STA_INFO_SIGNAL")
        if signal is not None:
            figures["signal_dbm"] = float(signal if signal < 0 else signal - 256)
        for name, attribute in (
            ("up_mbps", "NL80211_STA_INFO_TX_BITRATE"),
            ("down_mbps", "NL80211_STA_INFO_RX_BITRATE"),
        ):
            rate = about.get_attr(attribute)
            bits = rate.get_attr("NL80211_RATE_INFO_BITRATE32") if rate is not None else None
            if bits:
                figures[name] = bits / 10
    return figures
