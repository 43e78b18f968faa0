from __future__ import annotations

import pytest

from readiness.collector import capacity
from readiness.collector.database import Database
from tests.collector.conftest import Browser


@pytest.fixture
def allowed(sending: dict[str, str]) -> dict[str, str]:
    return {"Authorization": sending["Authorization"]}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer mt_wrong"}, {"Authorization": "Basic x"}])
def test_nobody_without_a_token_gets_or_gives_bytes(browser: Browser, headers: dict[str, str]) -> None:
    for answer in (
        browser.get("/api/v1/capacity/down", headers=headers),
        browser.post("/api/v1/capacity/up", headers=headers, content=b"x"),
    ):
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unknown_token"


def test_so_many_bytes_come_as_are_asked_for(browser: Browser, allowed: dict[str, str]) -> None:
    for count in (1, 100_000, 3_000_000):
        answer = browser.get(f"/api/v1/capacity/down?bytes={count}", headers=allowed)
        assert len(answer.content) == count
    assert len(set(answer.content[:4096])) > 200  # nothing that can be packed


@pytest.mark.parametrize("count", ["0", "-1", "8000001", "x", ""])
def test_more_than_the_limit_is_refused(browser: Browser, allowed: dict[str, str], count: str) -> None:
    answer = browser.get(f"/api/v1/capacity/down?bytes={count}", headers=allowed)
    assert answer.status_code == 422


def test_what_comes_is_counted_and_no_more_than_the_limit_is_taken(
    browser: Browser, allowed: dict[str, str]
) -> None:
    answer = browser.post("/api/v1/capacity/up", headers=allowed, content=b"x" * 200_000).json()
    assert answer["bytes"] == 200_000
    assert sum(size for _, size in answer["steps"]) == 200_000
    too_much = [b"x" * 1_000_000] * 12

    async def parts() -> object:
        for part in too_much:
            yield part

    stopped = browser.post("/api/v1/capacity/up", headers=allowed, content=parts()).json()
    assert capacity.MOST_BYTES < stopped["bytes"] <= capacity.MOST_BYTES + 1_000_000


def test_the_smallest_answer_needs_no_key(browser: Browser) -> None:
    assert browser.get("/api/v1/capacity").status_code == 204


def test_too_many_at_once_are_sent_away(
    database: Database, allowed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity, "MOST_AT_ONCE", 0)
    browser = Browser(database)
    for answer in (
        browser.get("/api/v1/capacity/down", headers=allowed),
        browser.post("/api/v1/capacity/up", headers=allowed, content=b"x"),
    ):
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "line_busy"
        assert answer.headers["retry-after"]
