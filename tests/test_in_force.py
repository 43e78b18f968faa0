"""Which requirements hold: what the settings name first, then what IT adopted, then what came along."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest

from readiness import in_force
from readiness.in_force import Origin
from readiness.settings import Places, Settings, places
from readiness.submission.adopted import UNREADABLE
from tests.submission.samples import enrolment
from tests.submission.servers import Answer, Request, Server, reply, serving
from tests.submission.test_adopted import given_out, toml

TOKEN = "mt_a-token-nobody-may-see"


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return dataclasses.replace(places(), data=tmp_path)


def collector(requirements: Answer) -> Answer:
    """A collector that knows every token, and has these requirements."""

    def answer(request: Request, connection: object) -> None:
        path = request.line.split()[1]
        if path == "/api/v1/requirements":
            requirements(request, connection)  # type: ignore[arg-type]
        elif path == "/api/v1/enrolments":
            document = {"token": TOKEN, "device_id": request.document["device_id"], "unit": None}
            reply(201, document)(request, connection)  # type: ignore[arg-type]
        else:
            reply(200, {})(request, connection)  # type: ignore[arg-type]

    return answer


def asked(server: Server, where: Places, key: str | None = "mk_key", **settings: str) -> in_force.InForce:
    found = Settings(collector_url=server.url, **settings)  # type: ignore[arg-type]
    return asyncio.run(in_force.asked(found, where, enrolment(server.url, key, where.data)))


def wanted(server: Server) -> list[str]:
    return [request.line.split()[1] for request in server.requests]


def test_what_it_adopted_takes_the_place_of_what_came_with_the_program(where: Places) -> None:
    with serving(collector(given_out(toml()))) as server:
        now = asked(server, where)
    chosen, *services = now.profiles
    assert (chosen.name, chosen.version, now.origin) == ("Storköping", "2026-11-24.a1", Origin.SERVER)
    assert [profile.id for profile in services] == ["teams"]
    assert now.told.sv == "Krav: Storköping, version 2026-11-24.a1. De kommer från IT:s server."
    assert now.document["version"] == "2026-11-24.a1"
    later = in_force.kept(Settings(collector_url=server.url), where)
    assert (later.profiles, later.origin) == (now.profiles, Origin.KEPT)
    assert str(later.retrieved) in later.told.en


def test_another_profile_that_the_settings_name_wins_and_nobody_is_asked(where: Places) -> None:
    with serving(collector(given_out(toml()))) as server:
        asked(server, where)
        before = len(server.requests)
        teams = asked(server, where, profile="teams")
        assert len(server.requests) == before
    assert (teams.profiles[0].id, teams.origin, teams.retrieved) == ("teams", Origin.PROGRAM, None)


def test_without_a_collector_or_a_key_nobody_is_asked(where: Places) -> None:
    alone = asyncio.run(in_force.asked(Settings(), where, None))
    assert (alone.profiles[0].id, alone.origin) == ("organisation", Origin.PROGRAM)
    with serving(collector(given_out(toml()))) as server:
        assert asked(server, where, key=None).origin is Origin.PROGRAM
    assert wanted(server) == []


def test_a_bad_answer_is_told_and_the_run_goes_on_under_what_came_along(where: Places) -> None:
    with serving(collector(reply(200, b"\x00 no profile"))) as server:
        now = asked(server, where)
    assert (now.origin, now.remark) == (Origin.PROGRAM, UNREADABLE)
    assert UNREADABLE.sv in now.told.sv
    assert UNREADABLE.en in now.told.en


def test_a_collector_that_hangs_up_is_asked_for_nothing_more(where: Places) -> None:
    with serving(reply(503, {"error": {}})) as server:
        now = asked(server, where)
    assert (now.origin, now.remark) == (Origin.PROGRAM, None)
    assert "/api/v1/requirements" not in wanted(server)


def test_the_settings_helpdesk_stands_before_the_servers(where: Places) -> None:
    helpdesk = '[helpdesk]\nphone = "0123-45 67 89"\nmail = "it@example.se"\n'
    with serving(collector(given_out(toml(more=helpdesk)))) as server:
        now = asked(server, where)
    settings = Settings(helpdesk_phone="0999-11 22 33")
    assert now.profiles[0].helpdesk.phone == "0123-45 67 89"
    people = now.with_helpdesk_of(settings).profiles[0].helpdesk
    assert (people.phone, people.mail) == ("0999-11 22 33", "it@example.se")
