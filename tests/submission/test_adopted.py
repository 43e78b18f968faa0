"""Adopted requirements from real servers: fetched, kept, and whatever a server thinks of."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.settings import places
from readiness.submission.adopted import UNREADABLE, Adopted, AdoptedRequirements
from tests.submission.servers import Answer, raw, reply, serving

PROFILES = places().profiles
TOKEN = "mt_a-token-nobody-may-see"


def toml(version: str = "2026-11-24.a1", more: str = "", *, id: str = "organisation") -> bytes:
    return (
        f'id = "{id}"\nversion = "{version}"\nname = "Storköping"\nextends = "common"\nservices = ["teams"]\n{more}'
    ).encode()


def given_out(body: bytes, version: str = "2026-11-24.a1") -> Answer:
    return reply(200, body, etag=f'"{version}"', content_type="application/toml")


def of(url: str, folder: Path) -> AdoptedRequirements:
    return AdoptedRequirements(url, folder / "requirements.json", PROFILES, timeout_seconds=1)


def asked(url: str, folder: Path) -> Adopted:
    return asyncio.run(of(url, folder).asked(TOKEN))


def versions(adopted: Adopted) -> list[str]:
    return [f"{profile.id} {profile.version}" for profile in adopted.profiles or ()][:1]


def test_what_was_adopted_is_fetched_and_kept(tmp_path: Path) -> None:
    with serving(given_out(toml())) as server:
        now = asked(server.url, tmp_path)
        assert of("https://another.example.se", tmp_path).kept() == Adopted()
        kept = of(server.url, tmp_path).kept()
    (request,) = server.requests
    assert request.line.split()[:2] == ["GET", "/api/v1/requirements"]
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert "if-none-match" not in request.headers
    assert now.profiles is not None
    assert [profile.id for profile in now.profiles] == ["organisation", "teams"]
    assert now.profiles[0].limits  # inherited from what came with the program
    assert (now.fresh, now.remark) == (True, None)
    assert (kept.profiles, kept.fresh, kept.retrieved) == (now.profiles, False, now.retrieved)


def test_what_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    with serving(given_out(toml()), reply(304, b"")) as server:
        asked(server.url, tmp_path)
        again = asked(server.url, tmp_path)
    assert server.requests[1].headers["if-none-match"] == '"2026-11-24.a1"'
    assert again.fresh
    assert versions(again) == ["organisation 2026-11-24.a1"]


def test_what_was_kept_holds_while_the_server_is_away(tmp_path: Path) -> None:
    with serving(given_out(toml())) as server:
        asked(server.url, tmp_path)
    away = asked(server.url, tmp_path)  # nobody is there any more
    assert (versions(away), away.fresh, away.remark) == (["organisation 2026-11-24.a1"], False, None)
    assert asked(server.url, tmp_path / "never") == Adopted()


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_server_that_will_not_say_changes_nothing(status: int, tmp_path: Path) -> None:
    with serving(given_out(toml()), reply(status, {"error": {}})) as server:
        asked(server.url, tmp_path)
        after = asked(server.url, tmp_path)
    assert (versions(after), after.fresh, after.remark) == (["organisation 2026-11-24.a1"], False, None)


def test_where_none_are_adopted_any_more_none_are_kept(tmp_path: Path) -> None:
    with serving(given_out(toml()), reply(404, {"error": {}})) as server:
        asked(server.url, tmp_path)
        assert asked(server.url, tmp_path) == Adopted(fresh=True)
        assert of(server.url, tmp_path).kept() == Adopted()


HOSTILE = {
    "empty": b"",
    "html": b"<html><script>alert(1)</script>",
    "no utf-8": b"\xff\xfe\x00i\x00d",
    "cut off": toml()[:40],
    "another's id": toml(id="teams"),
    "an id that is a path": toml(id="../../etc/passwd"),
    "extends a path": toml().replace(b'"common"', b'"../../etc/passwd"'),
    "extends itself": toml().replace(b'"common"', b'"organisation"'),
    "unknown key": toml(more="evil = 1\n"),
    "unknown service": toml().replace(b'["teams"]', b'["nothing"]'),
    "terminal escape": toml().replace(b"Stork", b"\\u001b[2JStork"),
    "right to left": toml().replace(b"Stork", b"\\u202eStork"),
    "long name": toml().replace(b"Stork", b"S" * 10_000),
    "no version": toml(version=""),
    "too many hosts": toml(more='[[hosts]]\nhost = "a.example.se"\nport = 443\n' * 101),
    "deeply nested": toml(more=f"x = {'[' * 5000}{']' * 5000}\n"),
    "no number": toml(more='[[limits]]\nfigure = "computer.cores"\ndirection = "at_least"\nrequired = nan\n'),
    "a list of hosts that is none": toml(more="hosts = 3\n"),
    "too large": toml(more="#" * 300_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_used_is_told_and_changes_nothing(name: str, tmp_path: Path) -> None:
    with serving(given_out(toml()), given_out(HOSTILE[name], "2")) as server:
        asked(server.url, tmp_path)
        after = asked(server.url, tmp_path)
        again = of(server.url, tmp_path).kept()
        fresh = asked(server.url, tmp_path / "never")
    assert (versions(after), after.fresh, after.remark) == (["organisation 2026-11-24.a1"], False, UNREADABLE)
    assert versions(again) == ["organisation 2026-11-24.a1"]
    assert (fresh.profiles, fresh.remark) == (None, UNREADABLE)


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"\x16\x03\x01 this is not HTTP\r\n\r\n"),
        reply(302, b"", location="https://evil.example/"),
        reply(304, b""),
        reply(200, toml(), content_encoding="gzip"),
    ],
    ids=["no http", "redirect", "unasked 304", "packed"],
)
def test_an_answer_that_is_none_never_stops_anybody(answer: Answer, tmp_path: Path) -> None:
    with serving(answer) as server:
        assert asked(server.url, tmp_path).profiles is None
    assert not (tmp_path / "requirements.json").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"collector": 3}', b"[" * 100_000, b"\xff", b"null"])
def test_a_damaged_file_holds_nothing_and_is_written_anew(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "requirements.json").write_bytes(content)
    with serving(given_out(toml())) as server:
        assert of(server.url, tmp_path).kept() == Adopted()
        assert asked(server.url, tmp_path).fresh
        assert versions(of(server.url, tmp_path).kept()) == ["organisation 2026-11-24.a1"]


def test_a_disk_that_takes_nothing_does_not_stop_the_run(tmp_path: Path) -> None:
    (tmp_path / "requirements.json").mkdir()
    with serving(given_out(toml())) as server:
        assert versions(asked(server.url, tmp_path)) == ["organisation 2026-11-24.a1"]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda words: toml(more=words)[:2000])))
def test_no_file_of_any_content_is_a_fault(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "requirements.json"
    text = body.decode("utf-8", "replace")
    file.write_text(
        json.dumps({"collector": "http://a", "etag": "x", "retrieved": "2026-11-24", "text": text})
    )
    AdoptedRequirements("http://a", file, PROFILES).kept()
