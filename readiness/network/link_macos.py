"""The link on macOS: routes by `route`, ports by `networksetup`, Wi-Fi by CoreWLAN, cost by Network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from readiness.network.link import ANYWHERE, Link, LinkKind
from readiness.network.system_proxy import Command, output_of

_PATH_SECONDS = 1.0
_BANDS = {1: 2.4, 2: 5.0, 3: 6.0}  # CWChannelBand
_TUNNELS = ("utun", "ipsec", "ppp", "tun", "tap")


def core_wlan() -> Any:
    """CoreWLAN's interface for Wi-Fi, or None where there is none."""
    import importlib

    try:
        return importlib.import_module("CoreWLAN").CWWiFiClient.sharedWiFiClient().interface()
    except (ImportError, AttributeError):
        return None


def path_is_expensive() -> bool | None:
    """Whether macOS counts the network in use as expensive (a phone's, most often)."""
    import importlib

    try:
        network = importlib.import_module("Network")
        monitor = network.nw_path_monitor_create()
        heard = threading.Event()
        said: list[bool] = []

        def told(path: Any) -> None:
            said.append(bool(network.nw_path_is_expensive(path)))
            heard.set()

        network.nw_path_monitor_set_update_handler(monitor, told)
        network.nw_path_monitor_set_queue(monitor, network.dispatch_get_global_queue(0, 0))
        network.nw_path_monitor_start(monitor)
        heard.wait(_PATH_SECONDS)
        network.nw_path_monitor_cancel(monitor)
    except (ImportError, AttributeError):
        return None
    return said[0] if said else None


class MacReader:
    """Reads the link on macOS."""

    def __init__(
        self,
        command: Command = output_of,
        wlan: Callable[[], Any] = core_wlan,
        expensive: Callable[[], bool | None] = path_is_expensive,
    ) -> None:
        self._command = command
        self._wlan = wlan
        self._expensive = expensive

    def read(self, towards: str) -> Link:
        """See `LinkReader`."""
        interface, gateway = self._route(towards)
        over_vpn = interface.startswith(_TUNNELS)
        if over_vpn:
            interface, gateway = self._route("default")
        kind = self._kind(interface)
        wifi = self._wlan() if kind is LinkKind.WIFI else None
        channel = wifi.wlanChannel() if wifi is not None else None
        return Link(
            kind=kind,
            gateway=gateway,
            speed_mbps=self._speed(interface) if kind is LinkKind.ETHERNET else None,
            wifi_signal_dbm=_unless_zero(wifi.rssiValue()) if wifi is not None else None,
            wifi_band_ghz=_BANDS.get(channel.channelBand()) if channel is not None else None,
            wifi_rate_up_mbps=_unless_zero(wifi.transmitRate()) if wifi is not None else None,
            vpn_used=over_vpn if interface else None,
            metered=self._expensive(),
        )

    def kind(self) -> LinkKind | None:
        """See `LinkReader`."""
        return self._kind(self._route(ANYWHERE)[0])

    def metered(self) -> bool | None:
        """See `LinkReader`."""
        return self._expensive()

    def _route(self, towards: str) -> tuple[str, str | None]:
        family = ["-inet6"] if ":" in towards else []
        said = self._command(["/sbin/route", "-n", "get", *family, towards])
        rows = {
            name.strip(): value.strip() for name, _, value in (r.partition(":") for r in said.splitlines())
        }
        gateway = rows.get("gateway", "")
        usable = bool(gateway) and not gateway.startswith("link#")
        return rows.get("interface", ""), gateway.partition("%")[0] if usable else None

    def _kind(self, interface: str) -> LinkKind | None:
        port = ""
        for line in self._command(["/usr/sbin/networksetup", "-listallhardwareports"]).splitlines():
            name, _, value = (part.strip() for part in line.partition(":"))
            if name == "Hardware Port":
                port = value
            elif name == "Device" and value == interface:
                if port in ("Wi-Fi", "AirPort"):
                    return LinkKind.WIFI
                if port.startswith(("iPhone", "iPad", "Bluetooth PAN")) or "Modem" in port:
                    return LinkKind.MOBILE
                return LinkKind.ETHERNET
        if interface.startswith(_TUNNELS):
            return LinkKind.VPN
        return None

    def _speed(self, interface: str) -> float | None:
        """From `media: autoselect (1000baseT <full-duplex>)`."""
        for line in self._command(["/sbin/ifconfig", interface]).splitlines():
            if line.strip().startswith("media:") and "base" in line:
                said = line.partition("(")[2].partition("base")[0]
                if said.isdecimal():
                    return float(said)
                if said.removesuffix("G").replace(".", "", 1).isdecimal():
                    return 1000 * float(said.removesuffix("G"))
        return None


def _unless_zero(value: Any) -> float | None:
    """CoreWLAN says 0 for what it does not know."""
    return float(value) if value else None
