"""Which proxy, if any, the system wants for each address."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from readiness.network import pac
from readiness.network.system_proxy import ProxySettings, proxy_settings
from readiness.network.waiting import in_thread, words


@dataclass(frozen=True, kw_only=True)
class Proxies:
    """The proxy for each address asked about (absent: none). `error` where the script gave none."""

    source: str | None = None
    of: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None


async def proxies_for(
    urls: Sequence[str],
    timeout_seconds: float,
    read: Callable[[], ProxySettings] = proxy_settings,
) -> Proxies:
    """Ask the system, within the time. Never raises for what the system or the network does."""
    try:
        settings = await in_thread(read, timeout_seconds)
    except (OSError, ValueError, TimeoutError) as error:
        return Proxies(error=words(error))
    asked = [url for url in urls if not _is_this_computer(url)]
    if settings.script is not None:
        try:
            script = await pac.fetch(settings.script, timeout_seconds / 2)
            answers = await pac.evaluate(script, asked, timeout_seconds / 2)
        except OSError as error:
            return Proxies(source="pac", error=words(error))
        said = {url: first_of(answer) for url, answer in zip(asked, answers, strict=False)}
        return Proxies(source="pac", of={url: proxy for url, proxy in said.items() if proxy is not None})
    fixed = {
        url: proxy
        for url in asked
        if (proxy := settings.fixed.get(urlsplit(url).scheme))
        and not settings.passes_by(urlsplit(url).hostname or "")
    }
    return Proxies(source=settings.source or None, of=fixed)


def first_of(answer: str) -> str | None:
    """The first way in what a script said, as an address; None for a direct way."""
    kind, _, place = answer.split(";")[0].strip().partition(" ")
    schemes = {"PROXY": "http", "HTTP": "http", "HTTPS": "https", "SOCKS": "socks", "SOCKS5": "socks5"}
    scheme = schemes.get(kind.upper())
    return f"{scheme}://{place.strip()}" if scheme and place.strip() else None


def without_login(proxy: str) -> str:
    """A proxy's address without the name and password that may stand in it."""
    parts = urlsplit(proxy)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _is_this_computer(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
