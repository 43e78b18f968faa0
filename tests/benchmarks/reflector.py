"""The reflector: packets a second on one core, and how many sessions at once add less than 1 ms at p99.

    python3 tests/benchmarks/reflector.py

Everything on loopback: the clients take processor time from the reflector, so that the figures are low ones.
"""

from __future__ import annotations

import json
import select
import socket
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from readiness.collector.reflector_process import ReflectorPlace, ReflectorProcess  # noqa: E402
from readiness.collector.reflector_sessions import Sessions  # noqa: E402
from readiness.network import stamp  # noqa: E402
from readiness.network.session import Session, understood  # noqa: E402
from readiness.network.stamp import Role  # noqa: E402

PACKETS = 30_000
GAP_NS = 20_000_000
SECONDS = 4
MOST_SESSIONS = 400


def main() -> None:
    print(f"in this process, without sockets: {in_process():,.0f} packets/s answered")
    process = ReflectorProcess(ReflectorPlace(host="127.0.0.1", port=0, most_sessions=MOST_SESSIONS + 1))
    process.start()
    try:
        answered, share = flooded(process)
        print(
            f"over loopback, one core: {answered:,.0f} packets/s answered, {100 * share:.0f} % of those sent"
        )
        alone = None
        for count in (1, 10, 25, 50, 100, 200, MOST_SESSIONS):
            p50, p99, own, late = paced(process, count)
            alone = alone or p99
            print(
                f"{count:4} sessions of 50 packets/s: round trip p50 {p50:.3f} ms, p99 {p99:.3f} ms "
                f"({p99 - alone:+.3f} ms); left out as the reflector's own, p99 {own:.3f} ms; sent late p99 {late:.3f} ms"
            )
    finally:
        process.stop()


def in_process() -> float:
    sessions = Sessions()
    opened = sessions.open(time.time_ns())
    assert opened is not None
    now = time.time_ns()
    packets = [stamp.stream_packet(opened.keys.up, opened.id, Role.TWO_WAY, n, now) for n in range(PACKETS)]
    begun = time.perf_counter()
    for data in packets:
        sessions.handle(data, ("127.0.0.1", 1), now, now)
    return PACKETS / (time.perf_counter() - begun)


def granted(process: ReflectorProcess) -> Session:
    session = process.open_session(light=False)
    assert session is not None
    return understood(201, json.dumps({**session, "host": None, "port": process.port}).encode(), "127.0.0.1")


def flooded(process: ReflectorProcess) -> tuple[float, float]:
    """As fast as it answers: a window of packets is always under way."""
    session = granted(process)
    keys, now = stamp.keys(session.key), time.time_ns()
    packets = [stamp.stream_packet(keys.up, session.id, Role.TWO_WAY, n, now) for n in range(PACKETS)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        udp.connect(("127.0.0.1", session.port))
        udp.setblocking(False)
        sent = came = 0
        begun = time.perf_counter()
        while sent < PACKETS or came < sent:
            while sent < PACKETS and sent - came < 64:
                udp.send(packets[sent])
                sent += 1
            if not select.select([udp], [], [], 0.5)[0]:
                break
            while True:
                try:
                    udp.recv(2048)
                except BlockingIOError:
                    break
                came += 1
        return came / (time.perf_counter() - begun), came / sent


def paced(process: ReflectorProcess, count: int) -> tuple[float, float, float, float]:
    """So many sessions of 50 packets/s each, their packets spread over the interval.

    Round trips as clients tell them: less the reflector's own time, from the kernel's stamp to the answer.
    """
    sessions = [granted(process) for _ in range(count)]
    keys = [stamp.keys(session.key) for session in sessions]
    trips: list[tuple[float, float]] = []
    late: list[float] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        udp.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS: our own slowness stays out of it
        udp.connect(("127.0.0.1", process.port))
        udp.setblocking(False)
        begun = time.time_ns()
        total = count * SECONDS * 50
        for number in range(total):
            which, sequence = number % count, number // count
            due = begun + sequence * GAP_NS + which * GAP_NS // count
            while (left := due - time.time_ns()) > 0:
                select.select([udp], [], [], left / 1e9)
                trips += received(udp, keys, sessions)
            now = time.time_ns()
            late.append((now - due) / 1e6)
            udp.send(stamp.stream_packet(keys[which].up, sessions[which].id, Role.TWO_WAY, sequence, now))
        time.sleep(0.2)
        trips += received(udp, keys, sessions)
        for key, session in zip(keys, sessions, strict=True):
            udp.send(stamp.control_packet(key.up, session.id, 1, time.time_ns(), b"\x09", 160))
        time.sleep(0.2)
    late.sort()
    told = sorted(trip for trip, _ in trips)
    own = sorted(own for _, own in trips)
    return (
        statistics.median(told),
        told[int(0.99 * len(told))],
        own[int(0.99 * len(own))],
        late[int(0.99 * len(late))],
    )


def received(
    udp: socket.socket, keys: list[stamp.Keys], sessions: list[Session]
) -> list[tuple[float, float]]:
    by_id = {session.id: key for session, key in zip(sessions, keys, strict=True)}
    found = []
    while True:
        try:
            data, ancillary, _, _ = udp.recvmsg(2048, 128)
        except BlockingIOError:
            return found
        arrived = time.time_ns()
        for level, kind, value in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, 35):
                arrived = int.from_bytes(value[:8], sys.byteorder) * 10**9 + int.from_bytes(
                    value[8:16], sys.byteorder
                )
        named = stamp.session_of(data)
        packet = stamp.read_reflected(by_id[named[0]].down, data) if named and named[0] in by_id else None
        if packet is not None:
            own = max(0, packet.sent_there_ns - packet.received_there_ns)
            found.append(((arrived - packet.sent_ns - own) / 1e6, own / 1e6))


if __name__ == "__main__":
    main()
