"""Questions over UDP, and relays, against servers that answer as told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aioice import stun, turn

from readiness.network.portal import page
from readiness.network.stun import UdpAnswer, binding
from readiness.network.turn import Relay, TurnTransport, relay
from tests.network.test_reach import free_port
from tests.submission.servers import Answer, raw, reply, serving

Reply = Callable[[stun.Message, tuple[str, int]], list[bytes]]


@contextlib.asynccontextmanager
async def datagrams(answer: Reply) -> AsyncIterator[int]:
    class Protocol(asyncio.DatagramProtocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
            for part in answer(stun.parse_message(data), address):
                self.transport.sendto(part, address)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        Protocol, local_addr=("127.0.0.1", 0)
    )
    try:
        yield int(transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


def bound(request: stun.Message, address: tuple[str, int]) -> list[bytes]:
    answer = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
    answer.attributes["XOR-MAPPED-ADDRESS"] = address
    return [bytes(answer)]


async def _asked(answer: Reply, seconds: float = 3.0) -> UdpAnswer:
    async with datagrams(answer) as port:
        return await binding("127.0.0.1", port, seconds)


def test_a_server_that_answers_is_heard() -> None:
    found = asyncio.run(_asked(bound))
    assert found.answers is True
    assert found.rtt_ms is not None
    assert found.rtt_ms > 0


def test_a_lost_question_is_asked_again() -> None:
    asked: list[bytes] = []

    def second_time(request: stun.Message, address: tuple[str, int]) -> list[bytes]:
        asked.append(request.transaction_id)
        return bound(request, address) if len(asked) > 1 else []

    found = asyncio.run(_asked(second_time))
    assert found.answers is True
    assert len(set(asked)) == len(asked) > 1


def forged(request: stun.Message, address: tuple[str, int]) -> list[bytes]:
    return [b"", b"x", bytes(20), *bound(stun.Message(stun.Method.BINDING, stun.Class.REQUEST), address)]


@pytest.mark.parametrize("answer", [lambda _request, _address: [], forged])
def test_silence_and_answers_to_others_are_silence(answer: Reply) -> None:
    assert asyncio.run(_asked(answer, 1.2)).answers is False


def test_a_closed_port_is_silence_too() -> None:
    assert asyncio.run(binding("127.0.0.1", free_port(), 1.2)).answers is False


def test_a_name_that_does_not_exist_was_not_asked() -> None:
    found = asyncio.run(binding("no-such-host.invalid", 3478, 3))
    assert found.answers is None
    assert found.error


USER, PASSWORD, REALM = "anna", "hemligt", "example.se"


def allocating(request: stun.Message, _address: tuple[str, int]) -> list[bytes]:
    """What RFC 8656 says of ALLOCATE and REFRESH with long-term credentials."""
    key = turn.make_integrity_key(USER, REALM, PASSWORD)
    if not request.check_message_integrity(key):
        refusal = stun.Message(request.message_method, stun.Class.ERROR, request.transaction_id)
        refusal.attributes |= {"ERROR-CODE": (401, "No"), "REALM": REALM, "NONCE": b"1234"}
        return [bytes(refusal)]
    granted = stun.Message(request.message_method, stun.Class.RESPONSE, request.transaction_id)
    if request.message_method == stun.Method.ALLOCATE:
        granted.attributes |= {
            "XOR-RELAYED-ADDRESS": ("127.0.0.1", 50000),
            "XOR-MAPPED-ADDRESS": ("127.0.0.1", 50001),
        }
    granted.attributes["LIFETIME"] = request.attributes.get("LIFETIME", 600)
    granted.add_message_integrity(key)
    return [bytes(granted)]


async def _relayed(transport: TurnTransport, password: str) -> Relay:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readexactly(20):
                message = stun.parse_message(
                    head + await reader.readexactly(int.from_bytes(head[2:4], "big"))
                )
                writer.writelines(allocating(message, ("127.0.0.1", 1)))
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    ended = asyncio.Event()

    if transport == "turn_udp":
        async with datagrams(allocating) as port:
            return await relay("127.0.0.1", port, transport, user=USER, password=password, timeout_seconds=3)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        found = await relay("127.0.0.1", port, transport, user=USER, password=password, timeout_seconds=3)
        await asyncio.wait_for(ended.wait(), 5)
        return found


@pytest.mark.parametrize("transport", ["turn_udp", "turn_tcp"])
def test_a_relay_is_granted_with_the_right_password_alone(transport: TurnTransport) -> None:
    granted = asyncio.run(_relayed(transport, PASSWORD))
    assert (granted.answers, granted.granted) == (True, True)
    assert granted.ms is not None
    refused = asyncio.run(_relayed(transport, "wrong"))
    assert (refused.answers, refused.granted) == (True, False)


def test_a_silent_relay_is_silence_and_a_closed_port_an_error() -> None:
    async def silent() -> Relay:
        async with datagrams(lambda _request, _address: []) as port:
            return await relay("127.0.0.1", port, "turn_udp", user="a", password="b", timeout_seconds=0.7)

    assert asyncio.run(silent()).answers is False
    closed = asyncio.run(
        relay("127.0.0.1", free_port(), "turn_tcp", user="a", password="b", timeout_seconds=2)
    )
    assert closed.answers is None
    assert closed.error


def known(answer: Answer) -> tuple[bool | None, str | None, float | None]:
    with serving(answer) as server:
        found = asyncio.run(page(server.url, status=200, contains="success", timeout_seconds=2))
    return found.as_known, found.sent_to, found.clock_ahead_seconds


def test_a_known_page_is_known_and_tells_the_time() -> None:
    as_known, _, ahead = known(reply(200, b"success\n", date="Wed, 01 Jan 2020 00:00:00 GMT"))
    assert as_known is True
    assert ahead is not None
    assert ahead > 1e8


def test_a_sign_in_page_is_another_answer() -> None:
    assert known(reply(302, b"", location="https://login.hotel.example/x"))[:2] == (
        False,
        "login.hotel.example",
    )
    assert known(reply(200, b"<html>Sign in", date="Wed, 01 Jan 2020 00:00:00 GMT")) == (False, None, None)
    assert known(reply(200, b"x" * 1_000_000))[0] is False


def test_no_answer_is_not_known_to_be_a_sign_in_page() -> None:
    assert known(raw(b"garbage\r\n"))[0] is None
    assert known(raw(b""))[0] is None
