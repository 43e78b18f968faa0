"""The link of the computer that this runs on: one reader for each system, by the system's own interface."""

from __future__ import annotations

import sys

from readiness.network.link import LinkKind, LinkReader
from readiness.network.waiting import in_thread

_KIND_SECONDS = 3.0
_NAMES = {
    LinkKind.ETHERNET: "wired",
    LinkKind.WIFI: "wifi",
    LinkKind.MOBILE: "mobile",
    LinkKind.VPN: "vpn",
}


def system_reader() -> LinkReader:
    """The reader of the system that this runs on."""
    if sys.platform == "win32":
        from readiness.network.link_windows import WindowsReader as Reader
    elif sys.platform == "darwin":
        from readiness.network.link_macos import MacReader as Reader
    else:
        from readiness.network.link_linux import LinuxReader as Reader
    return Reader()


async def network_kind(reader: LinkReader | None = None) -> str | None:
    """The kind of network that leads out, as reports name it: wired, wifi, mobile or vpn; None: not known."""
    try:
        kind = await in_thread(lambda: (reader or system_reader()).kind(), _KIND_SECONDS)
    except (OSError, TimeoutError, ValueError):
        return None
    return None if kind is None else _NAMES.get(kind)
