"""The grant of a session: read when it is one, refused in words for support when it is not."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.network.session import Session, SessionError, SessionFault, open_session, understood
from tests.network.test_reach import answering, free_port

GRANT = {
    "id": 400,
    "key": base64.b64encode(bytes(range(32))).decode(),
    "host": None,
    "port": 3478,
    "limits": {"seconds": 60, "kbps": 200_000, "bytes": 8_000_000},
}


def fault(status: int, body: bytes) -> SessionFault:
    with pytest.raises(SessionError) as refused:
        understood(status, body, "moten.example")
    return refused.value.fault


def granted(**changes: Any) -> bytes:
    return json.dumps({**GRANT, **changes}).encode()


def test_a_grant_is_read_and_the_host_is_the_collectors_unless_it_names_another() -> None:
    session = understood(201, granted(), "moten.example")
    assert (session.host, session.port, session.id) == ("moten.example", 3478, 400)
    assert understood(201, granted(host="udp.example"), "moten.example").host == "udp.example"
    assert Session.from_json(json.loads(json.dumps(session.to_json()))) == session


def test_the_key_is_in_no_message() -> None:
    assert "key" not in repr(understood(201, granted(), "moten.example"))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 401},
        {"id": 70_000},
        {"id": -4},
        {"id": True},
        {"key": "short"},
        {"key": base64.b64encode(b"short").decode()},
        {"key": 5},
        {"port": 0},
        {"port": "3478"},
        {"host": "no host\n"},
        {"limits": {"seconds": 60, "kbps": -1, "bytes": 8}},
        {"limits": {"seconds": 60, "kbps": 10**12, "bytes": 8}},
        {"limits": []},
        {"limits": None},
    ],
)
def test_a_grant_that_lies_is_nonsense(changes: dict[str, Any]) -> None:
    assert fault(201, granted(**changes)) is SessionFault.NONSENSE


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "unknown_token", SessionFault.NO_KEY),
        (403, "computer_revoked", SessionFault.NO_KEY),
        (429, "too_many_requests", SessionFault.BUSY),
        (404, "not_found", SessionFault.NO_REFLECTOR),
        (503, "reflector_busy", SessionFault.BUSY),
        (503, "no_reflector", SessionFault.NO_REFLECTOR),
        (500, "fault", SessionFault.NONSENSE),
        (302, None, SessionFault.NONSENSE),
    ],
)
def test_a_refusal_says_why(status: int, code: str | None, expected: SessionFault) -> None:
    assert fault(status, json.dumps({"error": {"code": code}}).encode()) is expected


@given(status=st.integers(100, 599), body=st.binary(max_size=300))
def test_garbage_is_no_grant(status: int, body: bytes) -> None:
    with pytest.raises(SessionError):
        understood(status, body, "moten.example")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"garbage", SessionFault.UNREACHABLE),
        (b"", SessionFault.UNREACHABLE),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>sign in</html>", SessionFault.NONSENSE),
        (b"HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n" + b"x" * 99_999, SessionFault.NONSENSE),
    ],
)
def test_another_service_a_flood_and_a_broken_answer(answer: bytes, expected: SessionFault) -> None:
    async def asked() -> SessionFault:
        async with answering(answer) as port:
            with pytest.raises(SessionError) as refused:
                await open_session(f"http://127.0.0.1:{port}", "key", 3)
            return refused.value.fault

    assert asyncio.run(asked()) is expected


def test_nobody_there_is_told_with_a_token_and_without() -> None:
    async def asked(token: str | None) -> SessionFault:
        with pytest.raises(SessionError) as refused:
            await open_session(f"http://127.0.0.1:{free_port()}", token, 3)
        return refused.value.fault

    assert asyncio.run(asked("token")) is SessionFault.UNREACHABLE
    assert asyncio.run(asked(None)) is SessionFault.UNREACHABLE
