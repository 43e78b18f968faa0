"""Which hosts are this computer itself: what goes there never leaves it."""

from __future__ import annotations

from urllib.parse import urlsplit

_NAMES = ("localhost", "127.0.0.1", "::1")


def is_own(host: str | None) -> bool:
    """Whether `host` (a name or an address, without brackets) is this computer."""
    return host in _NAMES


def is_here(url: str | None) -> bool:
    """Whether `url` leads to this computer."""
    return is_own(urlsplit(url or "").hostname)
