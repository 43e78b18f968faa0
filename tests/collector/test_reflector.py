"""The reflector: who is answered, how much, and what happens to everything else."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.collector.database import Database
from readiness.collector.problems import StartError
from readiness.collector.reflector_process import ReflectorPlace, ReflectorProcess
from readiness.collector.reflector_sessions import MOST_PACKETS, Bounds, Session, Sessions
from readiness.network import messages, stamp
from readiness.network.messages import Refusal
from readiness.network.schedule import Segment, Shape
from readiness.network.session import understood
from readiness.network.stamp import Role
from tests.collector.conftest import Browser

NOW = 1_795_000_000_000_000_000
HERE = ("192.0.2.7", 40_000)
THERE = ("192.0.2.8", 40_000)
SECOND = 1_000_000_000
CALL = (Segment(Shape.CALL, 800, 1_000),)


class Client:
    """The client's side of one session, without a network."""

    def __init__(self, sessions: Sessions, bounds: Bounds | None = None) -> None:
        opened = sessions.open(NOW, bounds)
        assert opened is not None
        self.session: Session = opened
        self.sessions = sessions
        self.keys = stamp.keys(opened.key)
        self.number = 0

    def say(
        self, message: bytes, address: tuple[str, int] = HERE, at: int = NOW
    ) -> tuple[bytes | None, int, int]:
        """The message of the answer, how large the answer is, and how large the question was."""
        self.number += 1
        asked = stamp.control_packet(self.keys.up, self.session.id, self.number, at, message, size=160)
        answers, _ = self.sessions.handle(asked, address, at, at)
        if not answers:
            return None, 0, len(asked)
        ((data, to),) = answers
        assert to == address
        read = stamp.read(self.keys.down, data)
        assert read is not None
        return read.message, len(data), len(asked)

    def prove(self, address: tuple[str, int] = HERE) -> None:
        challenge, _, _ = self.say(messages.hello(), address)
        assert challenge is not None
        token = messages.read_token(challenge)
        assert token is not None
        welcome, _, _ = self.say(messages.prove(token), address)
        assert welcome == messages.welcome()

    def packet(self, role: Role, sequence: int, size: int = stamp.BASE_BYTES) -> bytes:
        return stamp.stream_packet(self.keys.up, self.session.id, role, sequence, NOW, size)

    def start(self, stream: int = 1, segments: tuple[Segment, ...] = CALL) -> tuple[int, Refusal, int] | None:
        answer, _, _ = self.say(messages.start(stream, segments))
        return None if answer is None else messages.read_started(answer)

    def stream(self) -> list[tuple[bytes, tuple[str, int]]]:
        """All packets of the stream that was started."""
        sent = []
        while self.session.stream is not None:
            data, address, _ = self.sessions.next_packet(self.session, self.session.stream_due_ns)
            sent.append((data, address))
        return sent


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


@pytest.fixture
def client(sessions: Sessions) -> Client:
    return Client(sessions)


def test_a_test_packet_is_reflected_in_its_size_with_both_stamps(sessions: Sessions, client: Client) -> None:
    asked = client.packet(Role.TWO_WAY, 5, 300)
    ((data, address),), _ = sessions.handle(asked, HERE, NOW + 100, NOW + 5_000, ttl=57)
    assert address == HERE
    assert len(data) == len(asked)
    read = stamp.read_reflected(client.keys.down, data)
    assert read is not None
    assert (read.sequence, read.session) == (5, client.session.id)
    assert read.sent_there_ns - read.received_there_ns == pytest.approx(4_900, abs=2)


def test_a_replayed_packet_is_not_answered(sessions: Sessions, client: Client) -> None:
    asked = client.packet(Role.TWO_WAY, 5)
    assert sessions.handle(asked, HERE, NOW, NOW)[0]
    assert not sessions.handle(asked, HERE, NOW, NOW)[0]
    assert not sessions.handle(asked, THERE, NOW, NOW)[0]


def test_nobody_else_is_answered(sessions: Sessions, client: Client) -> None:
    stranger = Client(Sessions())
    forged = stamp.stream_packet(stranger.keys.up, client.session.id, Role.TWO_WAY, 1, NOW)
    downwards = stamp.stream_packet(client.keys.down, client.session.id, Role.TWO_WAY, 1, NOW)
    as_reflector = client.packet(Role.DOWN, 1)
    too_far = client.packet(Role.TWO_WAY, MOST_PACKETS)
    for data in (forged, downwards, as_reflector, too_far, b"", b"x", bytes(112), bytes(1500)):
        assert sessions.handle(data, HERE, NOW, NOW) == ([], None)


def test_an_address_that_proved_nothing_is_never_sent_more_than_it_sent(client: Client) -> None:
    for message in (
        messages.hello(),
        messages.prove(bytes(stamp.TOKEN_BYTES)),
        messages.start(1, CALL),
        messages.fetch(0, 200),
        messages.welcome(),
        b"",
        b"\xff",
    ):
        _, answered, asked = client.say(message)
        assert answered <= asked
    assert client.session.proven is None
    assert client.session.stream is None


def test_a_challenge_is_good_for_its_own_address_alone(client: Client) -> None:
    challenge, _, _ = client.say(messages.hello(), HERE)
    assert challenge is not None
    token = messages.read_token(challenge)
    assert token is not None
    assert client.say(messages.prove(token), THERE)[0] is None
    assert client.say(messages.prove(token), HERE)[0] == messages.welcome()


def test_after_the_challenge_it_sends_what_was_asked_for_to_the_proven_address(client: Client) -> None:
    client.prove()
    assert client.start() == (1, Refusal.NONE, 0)
    packets = client.stream()
    assert len(packets) == 50 + 30 * 3
    assert {address for _, address in packets} == {HERE}
    read = [stamp.read(client.keys.down, data) for data, _ in packets]
    assert [packet.sequence for packet in read if packet is not None] == list(range(len(packets)))
    assert client.say(messages.start(2, CALL), THERE)[0] is None


def test_asking_again_for_the_same_stream_starts_no_second_one(client: Client) -> None:
    client.prove()
    first = client.start()
    client.sessions.next_packet(client.session, NOW)
    assert client.start() == first
    assert client.start(2, ()) == (2, Refusal.NONE, 1)
    assert client.session.stream is None


@pytest.mark.parametrize(
    ("segments", "refusal"),
    [
        ((Segment(Shape.TRAIN, 200_001, 1),), Refusal.TOO_FAST),
        ((Segment(Shape.TRAIN, 20_000, 5_000),), Refusal.TOO_MUCH),
        ((Segment(Shape.CALL, 100, 61_000),), Refusal.TOO_LONG),
    ],
)
def test_more_than_was_granted_is_refused(
    client: Client, segments: tuple[Segment, ...], refusal: Refusal
) -> None:
    client.prove()
    assert client.start(1, segments) == (1, refusal, 0)
    assert client.session.stream is None


def test_bytes_are_bounded_in_both_directions(sessions: Sessions) -> None:
    client = Client(sessions, Bounds(bytes=100_000))
    client.prove()
    sent = 0
    for stream in range(1, 30):
        client.start(stream, (Segment(Shape.TRAIN, 10_000, 20),))
        sent += sum(len(data) for data, _ in client.stream())
    assert sent <= 100_000
    came = [
        bool(sessions.handle(client.packet(Role.TWO_WAY, number, 1_200), HERE, NOW, NOW)[0])
        for number in range(200)
    ]
    assert sum(came) * 1_200 <= 100_000
    assert not came[-1]


def test_the_rate_upwards_is_bounded(sessions: Sessions) -> None:
    client = Client(sessions, Bounds(kbps=100, bytes=10**9))
    for number in range(1_000):  # a megabyte at once, where 12.5 kB/s were granted
        sessions.handle(client.packet(Role.UP, number, 1_000), HERE, NOW, NOW)
    assert client.session.received * 1_000 <= 12_500


def test_a_session_ends_by_itself_and_when_it_says_goodbye(sessions: Sessions) -> None:
    late, gone = Client(sessions), Client(sessions)
    after = NOW + 61 * SECOND
    assert not sessions.handle(late.packet(Role.TWO_WAY, 1), HERE, after, after)[0]
    gone.say(messages.bye())
    assert not sessions.handle(gone.packet(Role.TWO_WAY, 1), HERE, NOW, NOW)[0]
    sessions.forget(after)
    assert len(sessions) == 0


def test_there_are_only_so_many_sessions_at_once() -> None:
    sessions = Sessions(most=3)
    assert all(sessions.open(NOW) for _ in range(3))
    assert sessions.open(NOW) is None
    assert sessions.open(NOW + 61 * SECOND) is not None


def test_what_went_up_is_told_with_its_times(sessions: Sessions, client: Client) -> None:
    client.prove()
    for number, at in ((0, 0), (1, 20_000_000), (3, 61_000_000)):
        sessions.handle(client.packet(Role.UP, number), HERE, NOW + at, NOW + at)
    sessions.handle(client.packet(Role.UP, 3), HERE, NOW, NOW)
    answer, _, _ = client.say(messages.fetch(0, 250))
    assert answer is not None
    told = messages.read_fetched(answer)
    assert told is not None
    assert told.times_ns == (NOW, NOW + 20_000_000, None, NOW + 61_000_000)
    assert (told.received, told.duplicates) == (3, 1)


@given(st.lists(st.integers(0, MOST_PACKETS - 1), max_size=40))
def test_every_number_is_answered_once(numbers: list[int]) -> None:
    sessions = Sessions()
    client = Client(sessions)
    for index, number in enumerate(numbers):
        answered = bool(sessions.handle(client.packet(Role.TWO_WAY, number), HERE, NOW, NOW)[0])
        assert answered == (number not in numbers[:index])


def test_a_hundred_thousand_bad_packets_neither_crash_it_nor_get_an_answer() -> None:
    chance = random.Random(20)
    sessions = Sessions()
    clients = [Client(sessions) for _ in range(8)]
    for client in clients:
        client.prove()
    stranger = Client(Sessions())
    good: list[bytes] = []
    for number, client in enumerate(clients):
        for data in (
            client.packet(Role.TWO_WAY, number),
            client.packet(Role.TWO_WAY, 100 + number, 400),
            stamp.control_packet(client.keys.up, client.session.id, 99, NOW, messages.fetch(0, 9), 160),
        ):
            assert sessions.handle(data, HERE, NOW, NOW)[0]
            good.append(data)
    for _ in range(100_000):
        data = bytearray(chance.choice(good))
        match chance.randrange(5):
            case 0:  # replayed, from elsewhere or from the same place
                pass
            case 1:  # truncated, or with something behind it
                cut = chance.randrange(len(data))
                data = data[:cut] if cut != stamp.BASE_BYTES else data + bytes(3)
            case 2:  # forged: everything right but the key
                client = chance.choice(clients)
                role = chance.choice((Role.TWO_WAY, Role.UP))
                data = bytearray(
                    stamp.stream_packet(
                        stranger.keys.up, client.session.id, role, chance.randrange(MOST_PACKETS), NOW
                    )
                )
            case 3:  # changed in the part that is signed, once or more
                for _ in range(chance.randint(1, 8)):
                    data[chance.randrange(stamp.BASE_BYTES)] ^= chance.randint(1, 255)
            case _:  # random, with a live session's number in it half of the time
                data = bytearray(chance.randbytes(chance.randrange(1_500)))
                if len(data) > 28 and chance.random() < 0.5:
                    data[26:28] = (chance.choice(clients).session.id + chance.randrange(4)).to_bytes(2, "big")
        answers, begins = sessions.handle(bytes(data), chance.choice((HERE, THERE)), NOW, NOW)
        assert answers == []
        assert begins is None
    for number, client in enumerate(clients):  # and everybody is served as before
        assert sessions.handle(client.packet(Role.TWO_WAY, 500 + number), HERE, NOW, NOW)[0]


@pytest.fixture
def process() -> Iterator[ReflectorProcess]:
    started = ReflectorProcess(ReflectorPlace(host="127.0.0.1", port=0, most_sessions=3))
    started.start()
    yield started
    started.stop()


def ask(process: ReflectorProcess, session: dict[str, object], sequence: int) -> bytes | None:
    grant = understood(201, json.dumps({**session, "port": process.port}).encode(), "127.0.0.1")
    data = stamp.stream_packet(stamp.keys(grant.key).up, grant.id, Role.TWO_WAY, sequence, time.time_ns())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(5)
        udp.sendto(b"garbage" * 20, ("127.0.0.1", process.port))
        udp.sendto(data, ("127.0.0.1", process.port))
        answer, _ = udp.recvfrom(2_048)
        return answer if stamp.read_reflected(stamp.keys(grant.key).down, answer) else None


def test_the_process_grants_sessions_and_answers_them(process: ReflectorProcess) -> None:
    session = process.open_session(light=False)
    assert session is not None
    assert ask(process, session, 1)
    assert process.open_session(light=True) is not None
    assert process.open_session(light=True) is not None
    assert process.open_session(light=False) is None


def test_a_reflector_that_went_down_is_started_again_on_its_port(process: ReflectorProcess) -> None:
    assert process.open_session(light=False) is not None
    port = process.port
    inner = process._process
    assert inner is not None
    inner.kill()
    inner.wait()
    session = process.open_session(light=False)
    assert session is not None
    assert process.port == port
    assert ask(process, session, 1)


def test_it_ends_when_its_collector_does(process: ReflectorProcess) -> None:
    inner = process._process
    assert inner is not None
    process.stop()
    assert inner.poll() is not None


def test_a_taken_port_is_said_with_the_option_that_helps() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        refused = ReflectorProcess(ReflectorPlace(host="127.0.0.1", port=taken.getsockname()[1]))
        with pytest.raises(StartError, match="--udp-port"):
            refused.start()


def test_importing_the_reflector_loads_nothing_of_the_pages() -> None:
    script = "import sys, readiness.collector.reflector; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"fastapi", "sqlalchemy", "uvicorn", "pydantic"} & set(loaded)


def test_a_session_needs_a_token_and_a_reflector(
    database: Database, browser: Browser, sending: dict[str, str], process: ReflectorProcess
) -> None:
    assert browser.post("/api/v1/sessions").status_code == 401
    without = browser.post("/api/v1/sessions", headers=sending)
    assert (without.status_code, without.json()["error"]["code"]) == (503, "no_reflector")
    served = Browser(database, reflector=process)
    granted = served.post("/api/v1/sessions", headers=sending, json={"light": True})
    assert granted.status_code == 201
    session = understood(201, granted.content, "127.0.0.1")
    assert session.port == process.port
    assert session.kbps < 1_000 < session.seconds + 1
    assert ask(process, granted.json(), 3)
    for body in ("[]", "{", '{"light": 1}', "x" * 2_000):
        refused = served.post("/api/v1/sessions", headers=sending, content=body)
        assert 400 <= refused.status_code < 500
    assert served.post("/api/v1/sessions", headers=sending).status_code == 201
    assert served.post("/api/v1/sessions", headers=sending).status_code == 201
    busy = served.post("/api/v1/sessions", headers=sending)
    assert (busy.status_code, busy.json()["error"]["code"]) == (503, "reflector_busy")
    assert int(busy.headers["Retry-After"]) > 0
