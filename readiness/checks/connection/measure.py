"""Trying every host of the enabled profiles, and the controls, all at once."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psutil

from readiness.checks.connection.evidence import ConnectionEvidence
from readiness.core.check import Context, TokenSource
from readiness.core.evidence import parse
from readiness.core.loopback import is_here
from readiness.core.model import Notice
from readiness.core.profile import Host, KnownPage
from readiness.devices.ports import Machine
from readiness.network import portal, stun, turn
from readiness.network.collector_health import Health, health
from readiness.network.control import answers_udp
from readiness.network.dns import resolvers
from readiness.network.proxy import Proxies, proxies_for, without_login
from readiness.network.reach import Reach, reach

_HOST_SECONDS = 5.0
_PROXY_SECONDS = 2.5
_BY_PROXY_SECONDS = 3.0
_UDP_SECONDS = 2.5
_SHORT_SECONDS = 4.0
_MOST_AT_ONCE = 32
_QUIET_SECONDS = 1.2
"""Where no answer has come for so long, what is still tried is silent and leaves the line to others."""

DoneT = TypeVar("DoneT")


async def measure(context: Context[Machine]) -> ConnectionEvidence:
    """Try every host that an enabled profile names, and the collector, all at once."""
    hosts = tuple(
        {
            (host.host, host.port, host.transport): host
            for profile in context.profiles
            for host in profile.hosts
        }.values()
    )
    streams = [host for host in hosts if host.transport in ("tcp", "tls", "wss")]
    datagrams = [host for host in hosts if host.transport == "udp"]
    pages = {page.url: page for profile in context.profiles for page in profile.known_pages}
    url = context.options.collector_url
    turns = asyncio.Semaphore(_MOST_AT_ONCE)
    done, total = 0, len(hosts) + len(pages) + 1
    stirring = _Stirring(context.release)

    async def counted(work: Coroutine[Any, Any, DoneT]) -> DoneT:
        nonlocal done
        async with turns:
            result = await work
        done += 1
        stirring()
        context.tell(Notice(fraction=min(1.0, done / total)))
        return result

    async with asyncio.TaskGroup() as group:
        asking = group.create_task(
            proxies_for([*(_url(host) for host in streams), *([url] if url else [])], _PROXY_SECONDS)
        )
        control = group.create_task(counted(_control(url, asking)))
        reflector = group.create_task(_reflector(url, context.options.collector_token))
        servers = group.create_task(resolvers(streams[0].host if streams else "", _SHORT_SECONDS / 2))
        reached = [group.create_task(counted(_both_ways(host, asking, stirring))) for host in streams]
        udp = [
            group.create_task(counted(stun.binding(host.host, host.port, _UDP_SECONDS))) for host in datagrams
        ]
        relays = group.create_task(_relays(context, hosts))
        known = [group.create_task(counted(_page(page))) for page in pages.values()]
        await asyncio.wait((control, *reached, *known))
        context.release()  # what is left are single packets that wait for their answer
    proxies, known_pages = asking.result(), [task.result() for task in known]
    return parse(
        ConnectionEvidence,
        {
            "has_address": _has_address(),
            "hosts": [task.result() for task in reached],
            "udp_hosts": [vars(task.result()) for task in udp],
            "relays": [vars(answer) for answer in relays.result()],
            "resolvers": [vars(server) for server in servers.result()],
            "known_pages": [vars(page) for page in known_pages],
            "proxy_source": proxies.source,
            "proxy_script_error": proxies.error,
            "collector_configured": url is not None,
            "collector_is_local": is_here(url),
            "collector_answers_udp": reflector.result(),
            **_control_figures(control.result(), known_pages),
        },
    )


async def _page(page: KnownPage) -> portal.Page:
    return await portal.page(
        page.url, status=page.status, contains=page.contains, timeout_seconds=_SHORT_SECONDS
    )


async def _control(url: str | None, asking: asyncio.Task[Proxies]) -> Health | None:
    if url is None:
        return None
    proxies = await asyncio.shield(asking)
    return await health(url, _SHORT_SECONDS, proxy=proxies.of.get(url))


async def _reflector(url: str | None, token: TokenSource | None) -> bool | None:
    return await answers_udp(url, await token(), _SHORT_SECONDS) if url and token else None


def _control_figures(healthy: Health | None, known: Sequence[portal.Page]) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    clocks = [(page.clock_ahead_seconds, urlsplit(page.url).hostname) for page in known]
    if healthy is not None:
        figures = {"collector_answers": healthy.answers, "collector_error": healthy.error}
        clocks.insert(0, (healthy.clock_ahead_seconds, "collector"))
    for ahead, source in clocks:
        if ahead is not None:
            return {**figures, "clock_ahead_seconds": ahead, "clock_source": source}
    return figures


class _Stirring:
    """Called for every answer; releases when none has come for a while."""

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(_QUIET_SECONDS, release)

    def __call__(self) -> None:
        self._timer.cancel()
        self._timer = self._loop.call_later(_QUIET_SECONDS, self._release)


async def _both_ways(host: Host, asking: asyncio.Task[Proxies], stirring: _Stirring) -> dict[str, Any]:
    """One host, directly and through the proxy that the system wants for it, at the same time."""

    async def by_proxy() -> Reach | None:
        proxies = await asyncio.shield(asking)
        proxy = proxies.of.get(_url(host))
        if proxy is None:
            return None
        return await reach(
            host.host,
            host.port,
            transport=host.transport,
            path=host.path,
            proxy=proxy,
            timeout_seconds=_BY_PROXY_SECONDS,
            on_step=stirring,
        )

    straight, proxied = await asyncio.gather(
        reach(
            host.host,
            host.port,
            transport=host.transport,
            path=host.path,
            timeout_seconds=_HOST_SECONDS,
            on_step=stirring,
        ),
        by_proxy(),
    )
    figures = vars(straight)
    if proxied is not None:
        if straight.failed_at is not None and proxied.failed_at is None:
            figures = vars(dataclasses.replace(proxied, address=straight.address, dns_ms=straight.dns_ms))
            figures["only_by_proxy"] = True
        figures["proxy"] = without_login(proxied.proxy or "")
        figures["proxy_error"] = proxied.error
    return figures


async def _relays(context: Context[Machine], hosts: Sequence[Host]) -> Sequence[turn.Relay]:
    user, password = context.options.turn_user, context.options.turn_password
    if user is None or password is None:
        return ()
    return await asyncio.gather(
        *(
            turn.relay(
                host.host,
                host.port,
                host.transport,
                user=user,
                password=password,
                timeout_seconds=_SHORT_SECONDS,
            )
            for host in hosts
            if host.transport in ("turn_udp", "turn_tcp", "turn_tls")
        )
    )


def _url(host: Host) -> str:
    scheme = "http" if host.transport == "tcp" else "https"
    return f"{scheme}://{host.host}:{host.port}/" if host.port != 443 else f"{scheme}://{host.host}/"


def _has_address() -> bool:
    addresses = psutil.net_if_addrs()
    return any(
        interface.isup
        and any(
            address.family in (socket.AF_INET, socket.AF_INET6)
            and not address.address.startswith(("127.", "::1", "fe80"))
            for address in addresses.get(name, ())
        )
        for name, interface in psutil.net_if_stats().items()
    )
