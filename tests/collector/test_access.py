from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from readiness.collector import guessing, tables
from readiness.collector.access import (
    LINK_LASTS,
    SESSION_LASTS,
    Access,
    NameTakenError,
    Reader,
    Role,
    WrongLoginError,
)
from readiness.collector.database import Database
from readiness.collector.guessing import TooManyFailuresError

PASSWORD = "korrekt häst batteri"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(database: Database, clock: Clock) -> Access:
    return Access(database, clock=clock)


def test_a_key_is_valid_until_it_is_revoked_and_is_not_kept(database: Database, access: Access) -> None:
    key = access.new_key("Skolan")
    other = access.new_key()
    known = access.key(key)
    assert known is not None
    assert (known.unit, known.hint) == ("Skolan", key[-4:])
    assert access.key("mk_another") is None
    assert access.revoke_key(known.number)
    assert access.key(key) is None
    assert access.key(other) is not None
    assert not access.revoke_key(known.number)
    assert [listed.revoked for listed in access.all_keys()] == [True, False]
    with database.reading() as connection:
        kept = connection.execute(select(tables.enrolment_key)).all()
    assert key not in repr(kept)


def test_login_needs_the_name_and_its_password(access: Access) -> None:
    access.add_account("Åsa", Role.SUPPORT, PASSWORD)
    reader = access.login(" ÅSA ", PASSWORD, "192.0.2.1")
    assert (reader.name, reader.role) == ("Åsa", Role.SUPPORT)
    for name, password in (("Åsa", "wrong"), ("Åsa", ""), ("Eva", PASSWORD), ("\0\ud800", "\0\ud800")):
        with pytest.raises(WrongLoginError):
            access.login(name, password, "192.0.2.1")
    with pytest.raises(WrongLoginError):
        access.login("Åsa", "x" * 100_000, "192.0.2.1")
    with pytest.raises(NameTakenError):
        access.add_account("åsa", Role.READER, PASSWORD)


def test_passwords_are_kept_by_argon2(database: Database, access: Access) -> None:
    access.add_account("eva", Role.ADMIN, PASSWORD)
    with database.reading() as connection:
        kept = connection.scalar(select(tables.account.c.password_hash))
    assert kept is not None
    assert kept.startswith("$argon2id$")


def test_guessing_is_stopped_for_a_while(
    access: Access, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "MOST_FAILURES_HERE", 3)
    access.add_account("eva", Role.READER, PASSWORD)
    for _ in range(3):
        with pytest.raises(WrongLoginError):
            access.login("eva", "guess", "192.0.2.1")
    with pytest.raises(TooManyFailuresError) as refusal:
        access.login("eva", PASSWORD, "192.0.2.1")
    assert 0 < refusal.value.seconds <= 15 * 60
    assert access.login("eva", PASSWORD, "192.0.2.2").name == "eva"  # elsewhere she is let in
    clock.now += timedelta(seconds=refusal.value.seconds + 1)
    assert access.login("eva", PASSWORD, "192.0.2.1").name == "eva"


def test_guessing_of_many_names_is_stopped(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MOST_FAILURES_ADDRESS", 3)
    for number in range(3):
        with pytest.raises(WrongLoginError):
            access.login(f"name{number}", "guess", "192.0.2.1")
    with pytest.raises(TooManyFailuresError):
        access.login("another", "guess", "192.0.2.1")


def test_a_session_lasts_until_it_ends(access: Access, clock: Clock) -> None:
    access.add_account("eva", Role.READER, PASSWORD)
    reader = access.login("eva", PASSWORD, "192.0.2.1")
    first, second = access.new_session(reader), access.new_session(reader)
    assert access.session(first) == reader
    access.end_session(first)
    assert access.session(first) is None
    clock.now += SESSION_LASTS - timedelta(seconds=1)
    assert access.session(second) == reader
    clock.now += timedelta(seconds=2)
    assert access.session(second) is None


def test_a_removed_account_is_signed_out(access: Access) -> None:
    access.add_account("eva", Role.READER, PASSWORD)
    token = access.new_session(access.login("eva", PASSWORD, "192.0.2.1"))
    assert access.remove_account("EVA")
    assert access.session(token) is None
    assert access.accounts() == ()
    assert not access.remove_account("eva")


def test_a_link_works_once_even_when_opened_by_many(access: Access) -> None:
    token = access.new_link("/reports/x")
    with ThreadPoolExecutor(8) as browsers:
        answers = list(browsers.map(lambda _: access.use_link(token), range(8)))
    used = [answer for answer in answers if answer]
    assert used == [(Reader(name=None, role=Role.READER), "/reports/x")]


def test_an_old_link_does_not_work(access: Access, clock: Clock) -> None:
    token = access.new_link("/reports")
    clock.now += LINK_LASTS
    assert access.use_link(token) is None


def test_what_is_too_old_is_forgotten(database: Database, access: Access, clock: Clock) -> None:
    with pytest.raises(WrongLoginError):
        access.login("eva", "guess", "192.0.2.1")
    access.new_session(Reader(name=None, role=Role.READER))
    access.new_link("/reports")
    clock.now += timedelta(days=2)
    access.new_session(Reader(name=None, role=Role.READER))
    with database.reading() as connection:
        counts = [
            len(connection.execute(select(table)).all())
            for table in (tables.login_session, tables.one_time_link, tables.login_failure)
        ]
    assert counts == [1, 0, 0]
