"""Every operation that the interface describes, called with what fits its description and what does not.

Against the collector as a process. Nothing that it is sent may be a fault of its own, and what is
refused is refused with a reason in both languages.
"""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from readiness.collector.access import Access, Role
from readiness.collector.database import open_database
from readiness.collector.store import Store
from readiness.collector.tokens import Tokens
from tests.collector import samples
from tests.collector.test_process import serving

ID = "0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11"
PASSWORD = "long-enough-words"
BUSY = ("reflector_busy", "line_busy")
"""These say that others have taken every place; none is a fault."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """The collector, and what opens it."""

    url: str
    key: str
    session: str
    tokens: tuple[str, ...]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    url = f"sqlite:///{tmp_path_factory.mktemp('interface') / 'c.sqlite3'}"
    database = open_database(url)
    access = Access(database)
    access.add_account("eva", Role.ADMIN, PASSWORD)
    secret = access.new_key("Skolan")
    key = access.key(secret)
    assert key is not None
    # Many computers: one alone would be held back by its rate before much was tried.
    devices = [f"device-{number}" for number in range(200)]
    tokens = tuple(Tokens(database).enrol(key.number, device) for device in devices)
    Store(database).add(samples.body(report_id=ID))
    session = access.new_session(access.accounts()[0])
    database.close()
    with serving("--database", url, "--address-rate", "0") as (served, _process):
        yield Target(url=served, key=secret, session=session, tokens=tokens)


def opened_by(target: Target, operation: Any, turn: int) -> dict[str, str]:
    """What lets this call in; every eighth has nothing, every ninth something wrong."""
    if turn % 8 == 7:
        return {}
    if turn % 9 == 8:
        return {"Authorization": "Bearer mt_wrong", "Cookie": "motesklar_session=wrong"}
    schemes = {name for wish in operation.definition.raw.get("security", []) for name in wish}
    if "enrolment_key" in schemes:
        return {"Authorization": f"Bearer {target.key}"}
    if "device_token" in schemes:
        return {"Authorization": f"Bearer {target.tokens[turn % len(target.tokens)]}"}
    return {"Cookie": f"motesklar_session={target.session}"}


def try_everything(target: Target, examples: int) -> Counter[str]:
    """Each operation, `examples` times with what fits and as often with what does not."""
    schema = schemathesis.openapi.from_url(f"{target.url}/api/v1/openapi.json")
    answers: Counter[str] = Counter()
    turns = itertools.count()
    with requests.Session() as session:
        session.trust_env = False
        for found in schema.get_all_operations():
            operation = found.ok()
            for mode in schemathesis.GenerationMode:
                if mode is schemathesis.GenerationMode.NEGATIVE and not _takes_anything(operation):
                    continue

                @settings(
                    max_examples=examples,
                    derandomize=True,
                    database=None,
                    deadline=None,
                    phases=(Phase.explicit, Phase.generate),
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=operation.as_strategy(mode))
                def one(case: Any) -> None:
                    turn = next(turns)
                    if turn % 2:
                        make_real(case, f"device-{turn % len(target.tokens)}")
                    opens = opened_by(target, case.operation, turn)
                    answer = case.call(
                        base_url=target.url, session=session, headers=opens, timeout=30, allow_redirects=False
                    )
                    check(case, answer)
                    answers[f"{case.operation.label} {answer.status_code}"] += 1

                one()
    return answers


def make_real(case: Any, device_id: str) -> None:
    """Names of what there is, so that more than the first check is met."""
    if case.path_parameters and "name" in case.path_parameters:
        case.path_parameters["name"] = ID
    if case.operation.path.endswith("/reports") and isinstance(case.body, dict):
        case.body["id"] = str(uuid.uuid4())
        if isinstance(case.body.get("computer"), dict):
            case.body["computer"]["device_id"] = device_id


def _takes_anything(operation: Any) -> bool:
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def check(case: Any, answer: Any) -> None:
    said = f"{case.operation.label}: {answer.status_code} {answer.content[:300]!r}"
    if answer.status_code >= 400:
        error = answer.json()["error"]
        assert error["code"], said
        assert error["message"]["sv"].strip(), said
        assert error["message"]["en"].strip(), said
        if answer.status_code in (429, 503):
            assert int(answer.headers["retry-after"][0]) >= 1, said
        if error["code"] in BUSY:
            return
    case.validate_response(
        answer,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert answer.headers.get(name), said


def test_nothing_that_is_sent_is_a_fault_of_the_collectors(target: Target) -> None:
    answers = try_everything(target, 8)
    operations = {label.rpartition(" ")[0] for label in answers}
    for operation in operations - {"GET /api/v1/health", "GET /api/v1/capacity"}:
        assert any(f"{operation} {status}" in answers for status in (400, 401, 403, 404, 422)), operation
    assert answers["POST /api/v1/enrolments 201"]
    assert answers["GET /api/v1/reports 200"]
    assert answers["GET /api/v1/reports/{name} 200"]
    assert answers["POST /api/v1/reports 401"]


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_nothing_that_is_sent_in_long_is_a_fault_of_the_collectors(target: Target) -> None:
    answers = try_everything(target, 400)
    for label, count in sorted(answers.items()):
        print(f"{count:6} {label}")
