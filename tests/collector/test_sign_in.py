"""Signing in by the organisation: at a real provider's process, and at one that lies."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select, update

from readiness.collector import tables
from readiness.collector.access import Access, Role
from readiness.collector.database import Database
from readiness.collector.problems import StartError
from readiness.collector.sign_in import SignIn
from readiness.collector.sign_in_settings import SignInSettings, read_settings
from tests.collector.conftest import Browser
from tests.collector.forms import form_token_on, own_form_token
from tests.collector.test_process import said, serving

OURS = "http://127.0.0.1:8470"
PEOPLE: list[dict[str, Any]] = [
    {"sub": "1", "preferred_username": "eva", "groups": ["everybody", "it-support", "it-admin"]},
    {"sub": "2", "preferred_username": "olle", "groups": ["readers"]},
    {"sub": "3", "preferred_username": "ture", "groups": ["everybody"]},
    {"sub": "4", "preferred_username": "nobody"},
    {"sub": "5", "preferred_username": "<b>x</b>", "groups": "readers"},
]
ROLES = {Role.ADMIN: ("it-admin",), Role.SUPPORT: ("it-support",), Role.READER: ("readers",)}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The process of oidc-provider-mock: a provider made of Authlib's own server side."""
    port = free_port()
    people = [part for one in PEOPLE for part in ("--user-claims", json.dumps(one))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", *people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
                break
            except httpx.HTTPError:
                assert process.poll() is None
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def liar() -> Iterator[str]:
    script = Path(__file__).parents[1] / "lab" / "lying_provider.py"
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    from readiness.collector.database import open_database

    opened = open_database(str(tmp_path / "c.sqlite3"))
    yield opened
    opened.close()


def settings(issuer: str, **changes: Any) -> SignInSettings:
    usual: dict[str, Any] = {
        "issuer": issuer,
        "client_id": "motesklar",
        "client_secret": "secret-of-the-client",
        "public_url": OURS,
        "roles": ROLES,
    }
    return SignInSettings(**(usual | changes))


def a_browser(database: Database, issuer: str, **changes: Any) -> Browser:
    return Browser(database, sign_in=SignIn(settings(issuer, **changes), database))


def left(browser: Browser, target: str = "/needs") -> str:
    """The provider's address that the browser is sent to."""
    answer = browser.get("/login/organisation", params={"next": target})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def at_provider(address: str, **form: str) -> str:
    """What the provider sends back after the person has said who it is there; ours, without the host."""
    answer = httpx.post(address, data=form, trust_env=False) if form else httpx.get(address, trust_env=False)
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(OURS)
    return answer.headers["location"].removeprefix(OURS)


def why(browser: Browser, back: str) -> str:
    """Comes back and is not let in: the word for why, and the page says it."""
    answer = browser.get(back)
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert address.startswith("/login?problem=")
    page = browser.get(address)
    assert page.status_code in (403, 503)
    assert 'role="alert"' in page.text
    assert browser.get("/overview").headers["location"].startswith("/login"), "still outside"
    return address.partition("=")[2]


@pytest.mark.parametrize(("sub", "role"), [("1", "admin"), ("2", "reader"), ("5", "reader")])
def test_who_has_a_role_comes_in_with_it_and_goes_out_again(
    database: Database, provider: str, sub: str, role: str
) -> None:
    browser = a_browser(database, provider)
    address = left(browser)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    answer = browser.get(at_provider(address, sub=sub))
    assert (answer.status_code, answer.headers["location"]) == (303, "/needs")
    page = browser.get("/overview")
    assert page.status_code == 200
    name = next(one["preferred_username"] for one in PEOPLE if one["sub"] == sub)
    assert f"Inloggad som {name}" in page.text.replace("&lt;", "<").replace("&gt;", ">")
    assert "<b>x" not in page.text
    assert browser.get("/access").status_code == (200 if role == "admin" else 403)
    out = browser.post("/logout", data={"form_token": own_form_token(browser)})
    assert out.headers["location"] == "/login?out=1"
    goodbye = browser.get("/login?out=1").text
    assert f'href="{provider}/' in goodbye
    assert browser.get("/overview").status_code == 303
    with database.reading() as connection:
        assert "signed in by the organisation" in connection.scalars(select(tables.audit.c.what)).all()
        assert connection.execute(select(tables.sign_in)).all() == []


@pytest.mark.parametrize("sub", ["3", "4", "unknown"])
def test_who_has_no_role_is_told_and_stays_outside(database: Database, provider: str, sub: str) -> None:
    browser = a_browser(database, provider)
    assert why(browser, at_provider(left(browser), sub=sub)) == "no_role"


def test_who_gives_up_at_the_provider_is_told(database: Database, provider: str) -> None:
    browser = a_browser(database, provider)
    state = parse_qs(urlsplit(left(browser)).query)["state"][0]
    assert why(browser, f"/login/organisation/back?error=access_denied&state={state}") == "refused"


def test_an_answer_is_good_once_and_for_the_browser_that_left_alone(
    database: Database, provider: str
) -> None:
    browser, thief = a_browser(database, provider), a_browser(database, provider)
    back = at_provider(left(browser), sub="1")
    assert why(thief, back) == "too_late"
    assert why(browser, back) == "too_late", "the stolen answer is used up"
    back = at_provider(left(browser), sub="1")
    assert browser.get(back).headers["location"] == "/needs"
    browser.cookies.clear()
    assert why(browser, back) == "too_late"
    for forged in ("", "?state=x&code=y", "?code=y", "?state=%ff"):
        assert why(browser, f"/login/organisation/back{forged}") == "too_late"


def test_who_stays_away_too_long_begins_again(database: Database, provider: str) -> None:
    browser = a_browser(database, provider)
    back = at_provider(left(browser), sub="1")
    with database.writing() as connection:
        connection.execute(update(tables.sign_in).values(expires_at=datetime.now(UTC)))
    assert why(browser, back) == "too_late"


@pytest.mark.parametrize(
    ("lie", "expected"),
    [
        ("token-issuer", "not_true"),
        ("expired", "not_true"),
        ("nonce", "not_true"),
        ("no-nonce", "not_true"),
        ("audience", "not_true"),
        ("signature", "not_true"),
        ("algorithm", "not_true"),
        ("unsigned", "not_true"),
    ],
)
def test_a_provider_that_lies_lets_nobody_in(
    database: Database, liar: str, lie: str, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    browser = a_browser(database, f"{liar}/{lie}", claim="realm_access.roles", roles={Role.ADMIN: ("it",)})
    back = at_provider(left(browser))
    caplog.set_level(logging.INFO, "readiness.collector")
    assert why(browser, back) == expected
    ours = [record.getMessage() for record in caplog.records if record.name == "readiness.collector"]
    assert any("the ID token does not hold" in line for line in ours)
    assert not any("secret-of-the-client" in line or "eyJ" in line for line in ours)


def test_the_same_provider_telling_the_truth_lets_in_by_a_claim_within_another(
    database: Database, liar: str
) -> None:
    browser = a_browser(database, f"{liar}/none", claim="realm_access.roles", roles={Role.ADMIN: ("it",)})
    assert browser.get(at_provider(left(browser))).headers["location"] == "/needs"
    assert browser.get("/access").status_code == 200


@pytest.mark.parametrize("verifier", ["", "another"])
def test_a_code_without_its_verifier_is_worth_nothing(database: Database, liar: str, verifier: str) -> None:
    """PKCE: whoever catches the code on the way cannot use it."""
    browser = a_browser(database, f"{liar}/none")
    back = at_provider(left(browser))
    with database.writing() as connection:
        connection.execute(update(tables.sign_in).values(verifier=verifier))
    assert why(browser, back) == "not_true"


@pytest.mark.parametrize("issuer", ["away", "garbage", "issuer"])
def test_without_a_provider_that_answers_local_accounts_still_come_in(
    database: Database, liar: str, issuer: str
) -> None:
    address = f"http://127.0.0.1:{free_port()}" if issuer == "away" else f"{liar}/{issuer}"
    browser = a_browser(database, address)
    Access(database).add_account("lokal", Role.READER, "long-enough-words")
    answer = browser.get("/login/organisation")
    page = browser.get(answer.headers["location"])
    assert page.status_code == (403 if issuer == "issuer" else 503)
    assert "Organisationens inloggning" in page.text or "organisationens inloggning" in page.text
    fields = {"form_token": form_token_on(page.text), "name": "lokal", "password": "long-enough-words"}
    assert browser.post("/login", data=fields).headers["location"] == "/overview"
    assert browser.get("/overview").status_code == 200


def test_local_accounts_may_be_switched_off(database: Database, provider: str) -> None:
    browser = a_browser(database, provider, local_accounts=False)
    Access(database).add_account("lokal", Role.READER, "long-enough-words")
    page = browser.get("/login").text
    assert 'name="password"' not in page
    assert "/login/organisation" in page
    refused = browser.get("/api/v1/reports", auth=("lokal", "long-enough-words"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_local_accounts")
    link = Access(database).new_link("/overview", Role.ADMIN)
    assert browser.get(f"/link/{link}").headers["location"] == "/overview", "the terminal's way stays"


def test_without_the_setting_there_is_no_such_sign_in(database: Database) -> None:
    browser = Browser(database)
    assert browser.get("/login/organisation").status_code == 404
    assert "organisation" not in browser.get("/login?problem=no_role&out=1").text


def test_as_a_process_with_its_file(tmp_path: Path, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database, port = str(tmp_path / "c.sqlite3"), free_port()
    file = tmp_path / "sign-in.toml"
    file.write_text(
        f'issuer = "{provider}"\nclient_id = "motesklar"\npublic_url = "http://127.0.0.1:{port}"\n'
        '[roles]\nadmin = ["it-admin"]\n'
    )
    monkeypatch.setenv("READINESS_SIGN_IN_SECRET", "secret")
    said("user", "list", "--database", database)
    with (
        serving("--database", database, "--port", str(port), "--sign-in", str(file)) as (url, _),
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        address = client.get("/login/organisation").headers["location"]
        back = httpx.post(address, data={"sub": "1"}, trust_env=False).headers["location"]
        page = client.get(back, follow_redirects=True)
        assert page.url.path == "/overview"
        assert "eva" in page.text
        flags = [part for part in client.get(back).headers.get_list("set-cookie") if "motesklar_away" in part]
        assert flags


@pytest.mark.parametrize(
    "wrong",
    [
        "nonsense",
        'issuer = "https://a.example"',
        'issuer = "http://a.example"\nclient_id = "x"\npublic_url = "https://b.example"\n[roles]\nadmin = ["x"]',
        'issuer = "https://a.example"\nclient_id = 7\npublic_url = "https://b.example"\n[roles]\nadmin = ["x"]',
        'issuer = "https://a.example"\nclient_id = "x"\npublic_url = "https://b.example"\n[roles]\nboss = ["x"]',
        'issuer = "https://a.example"\nclient_id = "x"\npublic_url = "https://b.example"\n[roles]\nadmin = "x"',
        'issuer = "https://a.example"\nclient_id = "x"\npublic_url = "https://b.example"\n[roles]',
        'isuer = "x"',
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "sign-in.toml"
    file.write_text(wrong)
    with pytest.raises(StartError) as refused:
        read_settings(file, {})
    assert str(file) in refused.value.text.sv
    with pytest.raises(StartError):
        read_settings(tmp_path / "missing.toml", {})


def test_the_secret_is_not_shown(tmp_path: Path) -> None:
    assert "secret-of" not in repr(settings("https://a.example"))
