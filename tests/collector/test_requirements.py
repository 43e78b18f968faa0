"""Other requirements: drafted in a form, tried on the fleet, adopted, taken back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from readiness.collector import drafts, jobs, overview, requirements, rerating, tables
from readiness.collector.access import Access, Role
from readiness.collector.database import Database
from readiness.collector.jobs import JobState, Kind
from readiness.collector.store import Store
from tests.collector.conftest import Browser
from tests.collector.test_fleet_pages import signed_in_as
from tests.collector.test_pages import Structure, token

GOLDEN = Path(__file__).parent.parent / "golden" / "reports"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ORGANISATION = (requirements.folder() / "organisation.toml").read_text()
CORES = "recommended:computer.cores:at_least:"
BASES = [path.read_text() for path in sorted(requirements.folder().glob("*.toml"))]


class Fleet:
    """Computers that sent one of the stored reports."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = Store(database, clock=lambda: NOW)

    def come(self, name: str, host: str, *, unit: str = "Skolan", **evidence: Any) -> None:
        document = json.loads((GOLDEN / f"{name}.json").read_text())
        document |= {"id": str(uuid.uuid4()), "created_utc": "2026-11-24T11:00:00Z"}
        document["computer"] |= {"device_id": host, "host_name": host, "unit": unit}
        document["results"][0]["evidence"] |= evidence
        self.store.add(json.dumps(document).encode())

    def overall(self) -> dict[str, str]:
        with self.database.reading() as connection:
            rows = connection.execute(select(tables.computer.c.host_name, tables.computer.c.overall))
            return {row.host_name: row.overall for row in rows}


@pytest.fixture
def fleet(database: Database) -> Fleet:
    return Fleet(database)


def draft(form: Mapping[str, str], base: str = ORGANISATION) -> str:
    return drafts.drafted(base, ORGANISATION, form, date(2026, 11, 24), "eva")


def tried(database: Database, text: str) -> Any:
    """What came of trying `text`."""
    with database.writing() as connection:
        number = jobs.ask(connection, NOW, "eva", "shipped:organisation", text)
    assert rerating.work(database, clock=lambda: NOW, at_once=2) >= 1
    with database.reading() as connection:
        job = jobs.find(connection, number)
    assert job is not None
    assert job.state is JobState.DONE, job.error
    return job.result


def adopted(database: Database, text: str) -> None:
    with database.writing() as connection:
        jobs.adopt(connection, NOW, "eva", "shipped:organisation", text)


@pytest.mark.parametrize("base", BASES)
def test_a_draft_changes_what_was_written_and_nothing_else(base: str) -> None:
    profile = requirements.profile_of(base)
    if not profile.limits:
        return
    limit = profile.limits[-1]
    name = f"required:{drafts.key_of(limit)}"
    edge = limit.recommended if limit.recommended is not None else (limit.required or 0)
    text = draft({name: drafts.written_number(edge)}, base)
    made = requirements.profile_of(text)
    old, new = ({drafts.key_of(one): one for one in some.limits} for some in (profile, made))
    assert {key for key in old if old[key] != new.get(key)} <= {drafts.key_of(limit)}
    assert old.keys() == new.keys()
    assert made.id == "organisation"
    assert made.needs == profile.needs
    assert made.services == requirements.profile_of(ORGANISATION).services
    if limit.required != edge:
        assert new[drafts.key_of(limit)].required == edge
        assert new[drafts.key_of(limit)].confidence == "own_choice"
        assert new[drafts.key_of(limit)].source.startswith("decided by eva on 2026-11-24; before that: ")


def test_comments_of_the_file_stay() -> None:
    assert "# Who helps; shown where a remedy needs a person." in draft({CORES: "8"})


def test_a_general_limit_leaves_the_inherited_ones_of_single_activities() -> None:
    for base in BASES:
        profile = requirements.profile_of(base)
        for limit in profile.limits:
            siblings = [one for one in profile.limits if (one.figure, one.direction) == (limit.figure, limit.direction)]  # fmt: skip
            if limit.activity is None and len(siblings) > 1:
                made = requirements.profile_of(draft({f"recommended:{drafts.key_of(limit)}": "1"}, base))
                assert {drafts.key_of(one) for one in siblings} <= {drafts.key_of(one) for one in made.limits}


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        (CORES, "many", "Skriv ett tal"),
        (CORES, "nan", "Skriv ett tal"),
        (CORES, "", "Skriv minst ett av de två talen"),
        ("recommended:computer.memory_total_gib:at_least:", "1", "minst lika strängt"),
        ("required:camera.black_percent:at_most:", "120", "0 till 100"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(field: str, written: str, said: str) -> None:
    with pytest.raises(drafts.DraftError) as told:
        draft({field: written})
    (found,) = told.value.faults.items()
    assert found[0] == field or (found[0] == field.replace("recommended", "required") and not written)
    assert said in found[1].sv


@given(
    written=st.dictionaries(
        st.sampled_from([f"{edge}:{drafts.key_of(limit)}" for limit in requirements.profile_of(ORGANISATION).limits for edge in ("required", "recommended")]),
        st.one_of(st.text(max_size=12), st.floats().map(str), st.integers(-10, 10_000).map(str)),
        max_size=5,
    )
)  # fmt: skip
def test_any_form_gives_usable_requirements_or_tells_the_field(written: dict[str, str]) -> None:
    fields = {f"{edge}:{key.partition(':')[2]}" for key in written for edge in ("required", "recommended")}
    try:
        told: set[str] = set()
        assert requirements.profile_of(draft(written)).limits
    except drafts.DraftError as error:
        told = set(error.faults)
    assert told <= fields


def test_trying_counts_what_would_change_and_changes_nothing(fleet: Fleet, database: Database) -> None:
    fleet.come("windows-ready", "PC-1", cores=10)
    fleet.come("windows-ready", "PC-2", cores=4)
    fleet.come("windows-ready", "PC-3", unit="Vården", cores=4)
    before = fleet.overall()
    result = tried(database, draft({CORES: "8"}))
    assert (result["computers"], result["changed"], result["unreadable"]) == (3, 2, 0)
    assert result["verdicts"]["overall"] == [["READY", "LIMITED", 2], ["READY", "READY", 1]]
    assert result["units"]["Vården"] == {"all": 1, "before": 1, "after": 1, "changed": 1}
    assert sum(after - old for old, after in result["findings"].values()) == 2
    assert fleet.overall() == before
    stricter = tried(database, draft({CORES.replace("recommended", "required"): "8", CORES: "8"}))
    assert stricter["units"]["Skolan"] == {"all": 2, "before": 2, "after": 1, "changed": 1}


def test_requirements_as_they_are_change_nothing(fleet: Fleet, database: Database) -> None:
    adopted(database, ORGANISATION)
    for name in ("windows-ready", "windows-bad-wifi", "linux-camera-crashed", "macos-camera-denied"):
        fleet.come(name, name)
    result = tried(database, ORGANISATION)
    assert result["changed"] == 0
    assert all(before == after for before, after in result["findings"].values())


def test_what_is_adopted_is_what_the_overview_uses_and_can_be_undone(
    fleet: Fleet, database: Database
) -> None:
    for number, cores in enumerate((10, 4, 4, 2, 4)):
        fleet.come("windows-ready", f"PC-{number}", cores=cores)
    before = fleet.overall()
    adopted(database, draft({CORES: "8"}))
    assert fleet.overall() == before  # not yet: it is done in the background
    with database.reading() as connection:
        assert jobs.under_way(connection, Kind.RE_RATE)
    fleet.come("windows-ready", "PC-9", cores=4)  # one that comes meanwhile is rated at once
    assert fleet.overall()["PC-9"] == "LIMITED"
    rerating.work(database, clock=lambda: NOW, at_once=2)
    assert fleet.overall() == before | {"PC-1": "LIMITED", "PC-2": "LIMITED", "PC-3": "LIMITED", "PC-4": "LIMITED", "PC-9": "LIMITED"}  # fmt: skip
    with database.reading() as connection:
        assert not jobs.under_way(connection, Kind.RE_RATE)
        assert overview.overview(connection, NOW).all.states[overview.State.LIMITED] == 5
        (code,) = connection.execute(select(tables.standing.c.code).distinct()).scalars()
        text = requirements.text_of(connection, "shipped:organisation")
    assert code.startswith("computer.")
    assert text is not None
    adopted(database, text)
    rerating.work(database, clock=lambda: NOW)
    assert fleet.overall() == before | {"PC-9": "READY"}
    with database.reading() as connection:
        assert [row.number for row in requirements.versions(connection)] == [2, 1]


def test_a_newer_adoption_ends_the_work_of_the_older(fleet: Fleet, database: Database) -> None:
    fleet.come("windows-ready", "PC-1", cores=4)
    adopted(database, draft({CORES: "8"}))
    with database.writing() as connection:
        older = jobs.claim(connection, NOW)
    adopted(database, draft({CORES: "3"}))
    assert older is not None
    rerating._do(database, older, lambda: NOW, 10)  # goes on unaware
    with database.reading() as connection:
        stopped = jobs.find(connection, older.number)
    assert stopped is not None
    assert stopped.state is JobState.FAILED
    rerating.work(database, clock=lambda: NOW)
    assert fleet.overall() == {"PC-1": "READY"}


def test_a_job_whose_process_went_silent_is_done_by_another(fleet: Fleet, database: Database) -> None:
    fleet.come("windows-ready", "PC-1")
    with database.writing() as connection:
        number = jobs.ask(connection, NOW, "eva", "shipped:organisation", ORGANISATION)
        assert jobs.claim(connection, NOW) is not None
        assert jobs.claim(connection, NOW + jobs.SILENT_AFTER / 2) is None
    later = NOW + 2 * jobs.SILENT_AFTER
    assert rerating.work(database, clock=lambda: later) == 1
    with database.reading() as connection:
        job = jobs.find(connection, number)
    assert job is not None
    assert job.state is JobState.DONE


def test_a_report_that_cannot_be_read_is_left_as_it_stands(fleet: Fleet, database: Database) -> None:
    fleet.come("windows-ready", "PC-1", cores=4)
    fleet.come("windows-ready", "PC-2", cores=4)
    with database.writing() as connection:
        first = select(tables.report.c.number).limit(1).scalar_subquery()
        connection.execute(tables.report.update().where(tables.report.c.number == first).values(document=b"\x78x"))  # fmt: skip
    result = tried(database, draft({CORES: "8"}))
    assert (result["computers"], result["unreadable"]) == (1, 1)
    adopted(database, draft({CORES: "8"}))
    rerating.work(database, clock=lambda: NOW)
    assert sorted(fleet.overall().values()) == ["LIMITED", "READY"]
    assert rerating.work(database, clock=lambda: NOW) == 0


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the form, as it stands."""
    sent = {}
    for tag, attributes in Structure(page).tags:
        name = attributes.get("name")
        if tag != "input" or not name or attributes.get("type") in ("search", "radio"):
            continue
        if attributes.get("type") != "checkbox" or "checked" in attributes:
            sent[name] = attributes.get("value") or ""
    return sent


@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_administrator_tries_adopts_and_takes_back(
    browser: Browser, access: Access, fleet: Fleet, database: Database, language: str
) -> None:
    administrator = signed_in_as(browser, access, Role.ADMIN)
    fleet.come("windows-ready", "PC-1", cores=4)
    fleet.come("windows-ready", "PC-2", cores=16)
    page = administrator.get(f"/requirements?lang={language}").text
    form = fields(page)
    assert form[CORES] == "2"
    made = administrator.post("/requirements", data=form | {CORES: "8,0"})
    assert made.status_code == 303
    waiting = administrator.get(made.headers["location"]).text
    Structure(waiting)
    assert "hx-trigger" in waiting
    assert "http-equiv" in waiting
    rerating.work(database)
    done = administrator.get(made.headers["location"]).text
    Structure(done)
    assert "hx-trigger" not in done
    assert "1 av 2 datorer" in done or "1 of 2 computers" in done
    cores = {"sv": "kärnor", "en": "cores"}[language]
    assert f"2 {cores}" in done
    assert f"8 {cores}" in done
    adopt = {"form_token": token(done), "base": f"job:{made.headers['location'].rpartition('/')[2]}"}
    assert administrator.post("/requirements/adopt", data=adopt).headers["location"] == "/requirements"
    assert "0 av 2" in administrator.get("/overview?lang=sv").text
    rerating.work(database)
    assert fleet.overall() == {"PC-1": "LIMITED", "PC-2": "READY"}
    assert "omräknade" not in administrator.get("/overview?lang=sv").text
    back = administrator.post("/requirements/adopt", data=adopt | {"base": "shipped:organisation"})
    assert back.status_code == 303
    rerating.work(database)
    assert fleet.overall() == {"PC-1": "READY", "PC-2": "READY"}
    again = administrator.post("/requirements/adopt", data=adopt | {"base": "adopted:1"})
    assert again.status_code == 303
    log = administrator.get("/choices?lang=sv").text
    assert log.count("tog krav i bruk") == 3
    assert log.count("provade krav") == 1
    for base in ("adopted:99", "shipped:../x", "job:1000", "x", "adopted:²", ""):
        assert administrator.post("/requirements/adopt", data=adopt | {"base": base}).status_code == 404
        assert base == "" or administrator.get("/requirements", params={"base": base}).status_code == 404


def test_wrong_numbers_are_told_and_everything_written_is_kept(browser: Browser, access: Access) -> None:
    support = signed_in_as(browser, access, Role.SUPPORT)
    form = fields(support.get("/requirements").text)
    written = {CORES: "<b>many", "required:camera.height:at_least:": "200"}
    del form["need:be_seen"]
    answer = support.post("/requirements", data=form | written)
    assert answer.status_code == 422
    kept = fields(answer.text)
    assert kept == form | written
    assert 'aria-invalid="true"' in answer.text
    assert "&lt;b&gt;many" in answer.text
    assert '<details class="group" open>' in answer.text


@pytest.mark.parametrize("role", [Role.READER, Role.SUPPORT])
def test_who_may_try_and_who_may_adopt(browser: Browser, access: Access, role: Role) -> None:
    reader = signed_in_as(browser, access, role)
    form = fields(reader.get("/requirements").text)
    assert reader.post("/requirements", data=form).status_code == (403 if role is Role.READER else 303)
    assert reader.post("/requirements/adopt", data=form | {"base": "shipped:organisation"}).status_code == 403


def test_trying_needs_our_own_form(browser: Browser, access: Access) -> None:
    administrator = signed_in_as(browser, access, Role.ADMIN)
    form = fields(administrator.get("/requirements").text) | {"form_token": "0" * 64}
    assert administrator.post("/requirements", data=form).status_code == 403
    assert administrator.post("/requirements/adopt", data=form).status_code == 403
    assert administrator.get("/requirements/jobs/1").status_code == 404
    assert administrator.get("/requirements/jobs/99999999999999").status_code == 404


def test_a_report_shows_both_verdicts_side_by_side(browser: Browser, access: Access, fleet: Fleet) -> None:
    reader = signed_in_as(browser, access, Role.READER)
    fleet.come("windows-near-limit", "PC-1", cores=1)
    (row,) = fleet.store.page().rows
    plain = reader.get(f"/reports/{row.report_id}").text
    Structure(plain)
    assert "Samma mätvärden" not in plain
    assert "Krävs" in plain
    for language in ("sv", "en"):
        page = reader.get(f"/reports/{row.report_id}?under=shipped:teams&lang={language}")
        assert page.status_code == 200
        Structure(page.text)
        assert "Microsoft Teams" in page.text
        assert ("Samma mätvärden" in page.text) is (language == "sv")
    assert reader.get(f"/reports/{row.report_id}?under=shipped:none").status_code == 404


def test_computers_learn_what_was_adopted(
    browser: Browser, sending: dict[str, str], database: Database
) -> None:
    assert browser.get("/api/v1/requirements").status_code == 401
    assert browser.get("/api/v1/requirements", headers=sending).status_code == 404
    adopted(database, draft({CORES: "8"}))
    answer = browser.get("/api/v1/requirements", headers=sending)
    assert answer.headers["content-type"] == "application/toml"
    profile = requirements.profile_of(answer.text)
    assert profile.version == "2026-11-24.a1"
    assert {drafts.key_of(limit): limit.recommended for limit in profile.limits}[
        "computer.cores:at_least:"
    ] == 8
    same = browser.get("/api/v1/requirements", headers=sending | {"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert "/api/v1/requirements" in browser.get("/api/v1/openapi.json").json()["paths"]
