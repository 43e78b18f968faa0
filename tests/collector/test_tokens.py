"""A key is exchanged for a token, and a token is good for its own computer alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

from readiness.collector import keeping, tables
from readiness.collector.access import Access
from readiness.collector.database import Database, open_database
from readiness.collector.limiting import Rate, Rates
from readiness.collector.store import Store
from readiness.collector.tokens import LASTS_UNUSED, MOST_FOR_ONE, RevokedComputerError, Tokens, forget_unused
from tests.collector import samples
from tests.collector.conftest import Browser, SendingAs
from tests.collector.forms import form_token_on, own_form_token, sign_in

MINE, OTHER = samples.device_id(samples.HOST), samples.device_id("RH-1")


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}


def enrol(browser: Browser, key: str, device_id: str = MINE) -> Any:
    return browser.post("/api/v1/enrolments", json={"device_id": device_id}, headers=bearer(key))


def send(browser: Browser, secret: str, **changes: Any) -> Any:
    return browser.post("/api/v1/reports", content=samples.body(**changes), headers=bearer(secret))


def test_a_key_is_exchanged_for_a_token_that_sends_and_tells_whose_it_is(browser: Browser, key: str) -> None:
    given = enrol(browser, key)
    assert given.status_code == 201
    assert (given.json()["device_id"], given.json()["unit"]) == (MINE, "Skolan")
    assert given.headers["cache-control"] == "no-store"
    token = given.json()["token"]
    assert send(browser, token).status_code == 201
    held = browser.get("/api/v1/token", headers=bearer(token))
    assert held.json() == {"device_id": MINE, "unit": "Skolan"}


def test_a_key_alone_sends_nothing_and_measures_nothing(browser: Browser, key: str) -> None:
    for answer in (
        send(browser, key),
        browser.post("/api/v1/sessions", headers=bearer(key)),
        browser.get("/api/v1/capacity/down", headers=bearer(key)),
        browser.get("/api/v1/token", headers=bearer(key)),
    ):
        assert code(answer) == (401, "key_is_no_token")
        assert "Uppdatera Mötesklar" in answer.json()["error"]["message"]["sv"]


def test_a_token_is_no_key(browser: Browser, key: str) -> None:
    token = enrol(browser, key).json()["token"]
    assert code(enrol(browser, token)) == (401, "wrong_key")


def test_only_hashes_are_kept(browser: Browser, database: Database, key: str) -> None:
    token = enrol(browser, key).json()["token"]
    with database.reading() as connection:
        for table in (tables.device_token, tables.enrolment_key, tables.audit):
            kept = repr(connection.execute(select(table)).all())
            assert token not in kept
            assert key not in kept


def test_another_computers_report_is_refused_and_nothing_is_stored(
    browser: Browser, store: Store, sending_as: SendingAs, key: str
) -> None:
    mine, others = enrol(browser, key).json()["token"], enrol(browser, key, OTHER).json()["token"]
    assert code(send(browser, others)) == (403, "other_computer")
    assert store.page().rows == ()
    stored = send(browser, mine, report_id="0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11")
    assert stored.status_code == 201
    # Another computer that uses the id of a report it saw learns nothing of it, not even the receipt.
    stolen = send(browser, others, report_id=stored.json()["id"], host_name="RH-1")
    assert code(stolen) == (403, "other_computer")
    assert stored.json()["receipt"] not in stolen.text
    assert len(store.page().rows) == 1


def test_a_token_replayed_with_its_own_report_stores_nothing_twice(
    browser: Browser, store: Store, key: str
) -> None:
    token = enrol(browser, key).json()["token"]
    body = samples.body()
    answers = [browser.post("/api/v1/reports", content=body, headers=bearer(token)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len(store.page().rows) == 1


@pytest.mark.parametrize("change", ["cut", "longer", "case", "other"])
def test_a_forged_token_is_refused(browser: Browser, key: str, change: str) -> None:
    token = enrol(browser, key).json()["token"]
    forged = {"cut": token[:-1], "longer": token + "A", "case": token.swapcase(), "other": "mt_" + "A" * 43}
    assert code(send(browser, forged[change])) == (401, "unknown_token")
    assert code(browser.post("/api/v1/sessions", headers=bearer(forged[change]))) == (401, "unknown_token")


def test_a_revoked_computer_is_out_with_every_token_and_every_key_until_it_is_let_in(
    browser: Browser, access: Access, tokens: Tokens, key: str
) -> None:
    first, second = (enrol(browser, key).json()["token"] for _ in range(2))
    other = enrol(browser, key, OTHER).json()["token"]
    assert tokens.revoke(MINE, "eva")
    assert not tokens.revoke(MINE, "eva")
    for answer in (
        send(browser, first),
        send(browser, second),
        browser.post("/api/v1/sessions", headers=bearer(first)),
        enrol(browser, key),
        enrol(browser, access.new_key()),
    ):
        assert code(answer) == (403, "computer_revoked")
    assert send(browser, other, host_name="RH-1").status_code == 201
    assert tokens.allow(MINE, "eva")
    assert code(send(browser, first)) == (401, "unknown_token")
    assert send(browser, enrol(browser, key).json()["token"]).status_code == 201


def test_a_computer_may_be_shut_out_before_it_ever_came(tokens: Tokens, access: Access) -> None:
    assert tokens.revoke("new-one", None)
    known = access.key(access.new_key())
    assert known is not None
    with pytest.raises(RevokedComputerError):
        tokens.enrol(known.number, "new-one")
    assert [one.device_id for one in tokens.listed()] == ["new-one"]


def test_changing_keys_leaves_computers_in_unless_their_tokens_are_taken_back(
    browser: Browser, access: Access, tokens: Tokens, key: str
) -> None:
    token = enrol(browser, key).json()["token"]
    number = access.all_keys()[0].number
    assert access.revoke_key(number)
    assert code(enrol(browser, key)) == (401, "wrong_key")
    assert send(browser, token).status_code == 201
    assert tokens.forget_those_of(number) == 1
    assert code(send(browser, token)) == (401, "unknown_token")


def test_a_computer_holds_few_tokens(access: Access, tokens: Tokens) -> None:
    known = access.key(access.new_key())
    assert known is not None
    given = [tokens.enrol(known.number, MINE) for _ in range(MOST_FOR_ONE + 2)]
    alive = [token for token in given if tokens.device(token)]
    assert alive == given[-MOST_FOR_ONE:]


def test_a_computer_that_lost_its_token_gets_in_again_and_nothing_is_told(
    database: Database, access: Access
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    tokens = Tokens(database, clock=lambda: now)
    known = access.key(access.new_key())
    assert known is not None
    for _ in range(3):
        token = tokens.enrol(known.number, MINE)
        now += timedelta(hours=1)
        assert tokens.device(token)
        now += timedelta(hours=1)
    assert [one.clash for one in tokens.listed()] == [False]


def test_it_sees_where_two_send_as_one_computer(database: Database, access: Access) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    tokens = Tokens(database, clock=lambda: now)
    known = access.key(access.new_key())
    assert known is not None
    tokens.enrol(known.number, OTHER)
    its_own = tokens.enrol(known.number, MINE)
    now += timedelta(days=3)
    assert tokens.device(its_own)
    strangers = tokens.enrol(known.number, MINE)
    assert [one.clash for one in tokens.listed()] == [False, False], "nobody used the old one since"
    now += timedelta(minutes=1)
    assert tokens.device(strangers)
    assert tokens.device(its_own)
    assert [(one.device_id, one.clash) for one in tokens.listed()] == [(MINE, True), (OTHER, False)]
    tokens.revoke(MINE, "admin")
    tokens.allow(MINE, "admin")
    assert tokens.device(strangers) is None
    assert [one.clash for one in tokens.listed()] == [False]
    with database.reading() as connection:
        assert "gave another token" in set(connection.scalars(select(tables.audit.c.what)))


def test_whoever_enrols_as_another_again_and_again_does_not_push_it_out(
    database: Database, access: Access
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    tokens = Tokens(database, clock=lambda: now)
    known = access.key(access.new_key())
    assert known is not None
    its_own = tokens.enrol(known.number, MINE)
    now += timedelta(minutes=1)
    assert tokens.device(its_own)
    for _ in range(3 * MOST_FOR_ONE):
        tokens.enrol(known.number, MINE)
    assert tokens.device(its_own)


def test_a_token_that_nobody_uses_is_forgotten(database: Database, access: Access) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    tokens = Tokens(database, clock=lambda: now)
    known = access.key(access.new_key())
    assert known is not None
    used, unused = tokens.enrol(known.number, MINE), tokens.enrol(known.number, OTHER)
    now += LASTS_UNUSED - timedelta(days=1)
    assert tokens.device(used)
    with database.writing() as connection:
        assert forget_unused(connection, now + timedelta(days=2)) == 1
    assert tokens.device(used)
    assert tokens.device(unused) is None


def test_an_erased_computer_leaves_no_token(browser: Browser, database: Database, key: str) -> None:
    send(browser, enrol(browser, key).json()["token"])
    with database.writing() as connection:
        assert keeping.erase(connection, datetime.now(UTC), "eva", samples.HOST) == 1
        assert connection.execute(select(tables.device_token)).all() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"device_id": 1}',
        b'{"device_id": ""}',
        b'{"device_id": "a/b"}',
        b'{"device_id": "\\u0000"}',
        b"\xff",
        b"[" * 1000,
    ],
)
def test_a_wish_that_is_none_is_refused_with_a_reason(browser: Browser, key: str, body: bytes) -> None:
    answer = browser.post("/api/v1/enrolments", content=body, headers=bearer(key))
    assert code(answer) == (422, "invalid_request")
    large = browser.post("/api/v1/enrolments", content=b" " * 2000, headers=bearer(key))
    assert code(large) == (413, "too_large")


def test_what_was_there_before_tokens_is_still_there(tmp_path: Any) -> None:
    """The tables of the version before, with a key and a report in them."""
    file = tmp_path / "c.sqlite3"
    first = open_database(str(file))
    access, now = Access(first), datetime.now(UTC)
    key = access.new_key("Skolan")
    Store(first).add(samples.body(), key_number=1, unit="Skolan")
    first.close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        for table in ("device_token", "revoked_device", "sign_in"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("ALTER TABLE login_session DROP COLUMN name"))
        connection.execute(
            text("INSERT INTO login_session VALUES (x'01', NULL, 'reader', :now, :later)"),
            {"now": now.isoformat(" "), "later": (now + timedelta(hours=1)).isoformat(" ")},
        )
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    engine.dispose()
    database = open_database(str(file))
    try:
        assert len(Store(database).page().rows) == 1
        with database.reading() as connection:
            assert len(connection.execute(select(tables.login_session)).all()) == 1
        token = enrol(Browser(database), key).json()["token"]
        assert send(Browser(database), token).status_code == 201
    finally:
        database.close()


def test_the_page_makes_and_revokes_keys_and_shuts_computers_out(
    browser: Browser, access: Access, key: str, database: Database
) -> None:
    token = enrol(browser, key).json()["token"]
    send(browser, token)
    sign_in(browser, access, "admin")
    page = browser.get("/access").text
    assert f"…{key[-4:]}" in page
    assert key not in page
    assert samples.HOST in page
    fields = {"form_token": form_token_on(page)}
    made = browser.post("/access/keys", data=fields | {"unit": "Vården"}).text
    new = next(word.rstrip(".") for word in made.split() if word.startswith("mk_"))
    assert enrol(browser, new, OTHER).json()["unit"] == "Vården"
    assert new not in browser.get("/access").text, "shown once"
    browser.post(f"/access/computers/{MINE}/revoke", data=fields)
    assert code(send(browser, token)) == (403, "computer_revoked")
    assert "Avstängd" in browser.get("/access", params={"q": "rh-47"}).text
    browser.post(f"/access/computers/{MINE}/allow", data=fields)
    assert enrol(browser, key).status_code == 201
    browser.post(f"/access/keys/{access.all_keys()[0].number}/revoke", data=fields)
    assert code(enrol(browser, key)) == (401, "wrong_key")
    with database.reading() as connection:
        done = set(connection.scalars(select(tables.audit.c.what)))
    assert {"made a key", "revoked a key", "shut a computer out", "let a computer in", "gave a token"} <= done


@pytest.mark.parametrize("role", [None, "reader", "support"])
def test_the_page_is_for_administrators(
    browser: Browser, access: Access, tokens: Tokens, role: str | None
) -> None:
    if role:
        sign_in(browser, access, role)
    expected = 403 if role else 303
    fields = {"form_token": own_form_token(browser)} if role else {}
    assert browser.get("/access").status_code == expected
    for path in ("keys", "keys/1/revoke", f"computers/{MINE}/revoke", f"computers/{MINE}/allow"):
        assert browser.post(f"/access/{path}", data=fields).status_code == expected
    assert access.all_keys() == ()
    assert tokens.listed() == ()


def test_one_computer_that_floods_is_held_back_and_the_others_are_not(
    browser: Browser, sending_as: SendingAs
) -> None:
    flooding, other = sending_as(samples.HOST), sending_as("RH-1")
    answers = [browser.get("/api/v1/token", headers=flooding) for _ in range(130)]
    assert answers[0].status_code == 200
    assert code(answers[-1]) == (429, "too_many_requests")
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert browser.get("/api/v1/token", headers=other).status_code == 200


def test_guessing_tokens_is_held_back_but_known_ones_go_on(browser: Browser, sending: dict[str, str]) -> None:
    answers = [browser.get("/api/v1/token", headers=bearer(f"mt_{n}")) for n in range(70)]
    assert code(answers[0]) == (401, "unknown_token")
    assert code(answers[-1]) == (429, "too_many_requests")
    assert browser.get("/api/v1/token", headers=sending).status_code == 200


def test_one_address_that_floods_is_held_back_on_pages_too(database: Database) -> None:
    flooded = Browser(database, rates=Rates(Rate(burst=5, per_second=0.01)))
    answers = [flooded.get("/login") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert "för mycket på en gång" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert flooded.get("/api/v1/health").status_code == 200, "monitoring goes on"
