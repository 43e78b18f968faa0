"""Small questions to several addresses at the same time, evenly: how many come back, and how soon.

ICMP echo without special rights (RFC 792, RFC 4443; IcmpSendEcho on Windows), else connections that
the other side accepts or refuses. Blocks; for the probe process.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

_PORTS = (443, 80, 53, 22)
_SLOWER = 1.5
_TCP_LOST_MS = 900.0
"""A lost SYN is sent again after a second (RFC 6298), so an answer later than this was lost once."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many questions, how far apart, and how long the last one is waited for.

    Where nothing at all has come when a quarter of the answers are due, no more is asked.
    """

    count: int = 60
    interval_seconds: float = 0.033
    patience_seconds: float = 0.8


@dataclass(kw_only=True)
class Echoes:
    """What came back from one address. Times in milliseconds; `method` is icmp or tcp."""

    method: str
    sent: int = 0
    rtts_ms: list[float] = field(default_factory=list)


def ping(address: str, plan: Plan, port: int | None = None) -> Echoes | None:
    """Ask `address` by what works; None where nothing does. `port` is one that is known to be open."""
    ask = _windows if sys.platform == "win32" else _icmp
    echoes = ask(address, plan)
    if echoes is None or not echoes.rtts_ms:
        return _tcp(address, (port,) if port else _PORTS, plan)
    return echoes


def figures(echoes: Echoes | None) -> dict[str, Any]:
    """Names with units; the interval of the loss is Wilson's, 95 % (two-sided)."""
    if echoes is None or not echoes.sent:
        return {}
    times = sorted(echoes.rtts_ms)
    sent, lost = echoes.sent, echoes.sent - len(times)
    low, high = wilson(lost, sent)
    return {
        "method": echoes.method,
        "sent": sent,
        "lost": lost,
        "loss_percent": round(100 * lost / sent, 2),
        "loss_percent_low": round(100 * low, 2),
        "loss_percent_high": round(100 * high, 2),
        "rtt_ms_min": _rank(times, 0.0),
        "rtt_ms_p50": _rank(times, 0.5),
        "rtt_ms_p95": _rank(times, 0.95),
    }


def wilson(hits: int, tries: int, z: float = 1.96) -> tuple[float, float]:
    """The score interval of a share (E. B. Wilson, JASA 22, 1927)."""
    share, middle = hits / tries, 1 + z * z / tries
    centre = (share + z * z / (2 * tries)) / middle
    half = z * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries)) / middle
    return max(0.0, centre - half), min(1.0, centre + half)


def _rank(times: Sequence[float], share: float) -> float | None:
    if not times:
        return None
    return round(times[min(len(times) - 1, int(share * len(times)))], 2)


def _icmp(address: str, plan: Plan) -> Echoes | None:
    """ICMP echo by a datagram socket (Linux and macOS), or a raw one where that is allowed."""
    six = ":" in address
    family = socket.AF_INET6 if six else socket.AF_INET
    protocol = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        with contextlib.suppress(OSError), socket.socket(family, kind, protocol) as asking:
            asking.setblocking(False)
            asking.connect((address, 0))
            return _exchange(asking, plan, six)
    return None


def _exchange(asking: socket.socket, plan: Plan, six: bool) -> Echoes:
    token = os.urandom(8)
    echoes = Echoes(method="icmp")
    sent_at: dict[int, float] = {}
    begun = time.perf_counter()
    silent_at = begun + plan.count / 4 * plan.interval_seconds + plan.patience_seconds
    while True:
        now = time.perf_counter()
        due = begun + echoes.sent * plan.interval_seconds
        if echoes.sent < plan.count and now >= due:
            number = echoes.sent
            echoes.sent += 1
            sent_at[number] = time.perf_counter()
            with contextlib.suppress(OSError):  # no way there just now: a lost question
                asking.send(_echo(number, token, six))
            continue
        if not echoes.rtts_ms and now >= silent_at:
            return echoes
        # An answer that takes as long as the others may still come.
        patience = max(plan.patience_seconds, _SLOWER * max(echoes.rtts_ms, default=0.0) / 1000)
        ends = due if echoes.sent < plan.count else _last(sent_at) + patience
        if now >= ends or (echoes.sent == plan.count and not sent_at):
            return echoes
        readable, _, _ = select.select([asking], [], [], ends - now)
        if readable:
            heard = time.perf_counter()
            with contextlib.suppress(OSError):
                number_heard = _number(asking.recv(2048), token)
                if number_heard in sent_at:
                    echoes.rtts_ms.append(1000 * (heard - sent_at.pop(number_heard)))


def _last(sent_at: dict[int, float]) -> float:
    return max(sent_at.values(), default=0.0)


def _echo(number: int, token: bytes, six: bool) -> bytes:
    body = struct.pack("!BBHHH", 128 if six else 8, 0, 0, os.getpid() & 0xFFFF, number & 0xFFFF)
    message = body + token + struct.pack("!I", number) + bytes(20)
    if six:
        return message  # the kernel fills in the checksum
    total = sum(struct.unpack(f"!{len(message) // 2}H", message))
    total = (total >> 16) + (total & 0xFFFF)
    checksum = ~(total + (total >> 16)) & 0xFFFF
    return message[:2] + struct.pack("!H", checksum) + message[4:]


def _number(answer: bytes, token: bytes) -> int | None:
    """The question's number in an answer; the header of IPv4 may stand in front."""
    if answer[:1] and answer[0] >> 4 == 4:
        answer = answer[4 * (answer[0] & 0xF) :]
    if len(answer) < 20 or answer[0] not in (0, 129) or answer[8:16] != token:
        return None
    return int.from_bytes(answer[16:20], "big")


def _tcp(address: str, ports: Sequence[int], plan: Plan) -> Echoes | None:
    """Connections one after the other: accepted or refused, both come back from the other side."""
    port = next((port for port in ports if _knock(address, port, 1.0) is not None), None)
    if port is None:
        return None
    echoes = Echoes(method="tcp")
    ends = time.perf_counter() + plan.count * plan.interval_seconds + plan.patience_seconds
    while echoes.sent < plan.count and time.perf_counter() < ends:
        begun = time.perf_counter()
        took_ms = _knock(address, port, plan.patience_seconds)
        echoes.sent += 1
        if took_ms is not None and took_ms < _TCP_LOST_MS:
            echoes.rtts_ms.append(took_ms)
        time.sleep(max(0.0, plan.interval_seconds - (time.perf_counter() - begun)))
    return echoes


def _knock(address: str, port: int, seconds: float) -> float | None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knocking:
        knocking.settimeout(seconds)
        begun = time.perf_counter()
        try:
            knocking.connect((address, port))
        except ConnectionRefusedError:
            pass
        except OSError:
            return None
        return 1000 * (time.perf_counter() - begun)


def _windows(address: str, plan: Plan) -> Echoes | None:
    if ":" in address:
        return None
    from readiness.network.pinging_windows import echo

    return by_calls(lambda: echo(address, plan.patience_seconds), plan)


def by_calls(ask: Callable[[], float | None], plan: Plan) -> Echoes | None:
    """Questions by a call that waits for its answer and gives milliseconds, or None for silence."""
    echoes = Echoes(method="icmp")
    ends = time.perf_counter() + plan.count * plan.interval_seconds + plan.patience_seconds
    while echoes.sent < plan.count and time.perf_counter() < ends:
        begun = time.perf_counter()
        try:
            took_ms = ask()
        except OSError:
            return None
        echoes.sent += 1
        if took_ms is not None:
            echoes.rtts_ms.append(took_ms)
        time.sleep(max(0.0, plan.interval_seconds - (time.perf_counter() - begun)))
    return echoes


def ping_all(targets: dict[str, tuple[str, int | None]], plan: Plan) -> dict[str, Echoes | None]:
    """`ping` to several at the same time: name to address and open port."""
    results: dict[str, Echoes | None] = dict.fromkeys(targets)

    def one(name: str, address: str, port: int | None) -> None:
        with contextlib.suppress(OSError):
            results[name] = ping(address, plan, port)

    threads = [threading.Thread(target=one, args=(name, *where)) for name, where in targets.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
