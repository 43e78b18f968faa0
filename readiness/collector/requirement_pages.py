"""What if: other requirements tried on the fleet, looked at, adopted, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from readiness import checks
from readiness.collector import auditing, drafts, jobs, outcomes, problems, requirements
from readiness.collector.access import Reader, Role
from readiness.collector.drafts import DraftError
from readiness.collector.fleet_pages import reading
from readiness.collector.jobs import Job, Kind, TooManyJobsError
from readiness.collector.rendering import read_form, render, to_login
from readiness.collector.requirements import ORGANISATION
from readiness.collector.web import SESSION_COOKIE, language_of, reader_of, site_of
from readiness.core.model import Need
from readiness.core.profile import Profile
from readiness.core.profile_file import ProfileError

router = APIRouter()
_LARGEST_FORM = 128 * 1024
_MOST_FIELDS = 600


@router.get("/requirements")
async def requirements_page(request: Request) -> Response:
    """What is in force, a form to try other limits, and what was in force before."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    return await _form(request, reader, request.query_params.get("base", ""), {}, {})


@router.post("/requirements")
async def try_requirements(request: Request) -> Response:
    """Have the fleet rated under what is written; nothing changes."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    if reader.role is Role.READER:
        raise problems.not_allowed()
    form = await _fields(request)
    base, site = form.get("base", ""), site_of(request)

    def ask() -> int | None:
        with site.database.writing() as connection:
            text = _text(connection, base)
            if text is None:
                return None
            now = site.clock()
            draft = drafts.drafted(text, _organisation(connection), form, now.date(), reader.name or "IT")
            number = jobs.ask(connection, now, reader.name or "–", _origin(connection, base), draft)
            auditing.record(connection, now, reader.name, "tried requirements", f"job {number}")
            return number

    try:
        number = await anyio.to_thread.run_sync(ask)
    except DraftError as error:
        return await _form(request, reader, base, form, error.faults)
    except TooManyJobsError as error:
        raise problems.busy() from error
    if number is None:
        raise problems.for_status(404)
    return RedirectResponse(f"/requirements/jobs/{number}", 303)


@router.get("/requirements/jobs/{number}")
async def job_page(request: Request, number: int) -> Response:
    """How far it is, and what came of it."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)

    def look(connection: Connection, _now: datetime) -> tuple[Job, Any] | None:
        job = jobs.find(connection, number) if 0 < number < 2**31 else None
        if job is None or job.kind is not Kind.WHAT_IF:
            return None
        return job, _changes(connection, job.text)

    found = await reading(request, look)
    if found is None:
        raise problems.for_status(404)
    job, changes = found
    return render(
        request,
        "what_if.html",
        reader,
        job=job,
        changes=changes,
        outcome=outcomes.outcome(job.result) if job.result else None,
        kind=checks.kind,
        may_adopt=reader.role is Role.ADMIN,
        need_kinds=tuple(Need),
    )


@router.post("/requirements/adopt")
async def adopt(request: Request) -> Response:
    """Put in force what was tried (a job), what was in force before, or what comes with the program."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    if reader.role is not Role.ADMIN:
        raise problems.not_allowed()
    form = await _fields(request)
    base, site = form.get("base", ""), site_of(request)

    def keep() -> bool:
        with site.database.writing() as connection:
            text = _text(connection, base)
            if text is None:
                return False
            if base.startswith("shipped:"):
                text = drafts.as_organisation(text, _organisation(connection))
            jobs.adopt(connection, site.clock(), reader.name, _origin(connection, base), text)
        return True

    if not await anyio.to_thread.run_sync(keep):
        raise problems.for_status(404)
    return RedirectResponse("/requirements", 303)


async def _form(
    request: Request, reader: Reader, base: str, form: Mapping[str, str], faults: Mapping[str, Any]
) -> Response:
    language = language_of(request)

    def look(connection: Connection, _now: datetime) -> Any:
        chosen = base or requirements.base_in_force(connection)
        text = _text(connection, chosen)
        if text is None:
            return None
        today = requirements.profile_of(_organisation(connection))
        try:
            profile = requirements.profile_of(text)
        except ProfileError:
            return None
        return (
            chosen, profile, _needs(profile, form), drafts.rows(profile, today, form, comma=language == "sv"),
            requirements.bases(connection), requirements.versions(connection), jobs.under_way(connection, Kind.RE_RATE),
        )  # fmt: skip

    found = await reading(request, look)
    if found is None:
        raise problems.for_status(404)
    chosen, profile, needs, rows, choice, versions, re_rating = found
    return render(
        request,
        "requirements.html",
        reader,
        status=422 if faults else 200,
        base=chosen,
        profile=profile,
        needed=needs,
        rows=rows,
        bases=choice,
        versions=versions,
        re_rating=re_rating,
        faults=faults,
        organisation=f"shipped:{ORGANISATION}",
        may_try=reader.role is not Role.READER,
        may_adopt=reader.role is Role.ADMIN,
    )


async def _fields(request: Request) -> dict[str, str]:
    cookie = request.cookies.get(SESSION_COOKIE)
    return await read_form(request, cookie, largest=_LARGEST_FORM, most_fields=_MOST_FIELDS)


def _needs(profile: Profile, form: Mapping[str, str]) -> frozenset[str]:
    """The activities that are ticked."""
    if form:
        return frozenset(name.partition(":")[2] for name in form if name.startswith("need:"))
    return frozenset(activity.value for activity in profile.needs)


def _text(connection: Connection, base: str) -> str | None:
    """The TOML of what a base names; `job:NUMBER` is a draft that was tried."""
    kind, _, name = base.partition(":")
    if kind == "job" and name.isascii() and name.isdecimal() and len(name) < 10:
        job = jobs.find(connection, int(name))
        return job.text if job and job.kind is Kind.WHAT_IF else None
    return requirements.text_of(connection, base)


def _origin(connection: Connection, base: str) -> str:
    """What a draft was made from in the end."""
    kind, _, name = base.partition(":")
    job = jobs.find(connection, int(name)) if kind == "job" else None
    return job.base if job else base


def _organisation(connection: Connection) -> str:
    text = requirements.text_of(connection, requirements.base_in_force(connection))
    assert text is not None
    return text


def _changes(connection: Connection, text: str) -> Any:
    """The limits that differ from those in force; none where this version cannot read one of them."""
    try:
        return drafts.changes(_organisation(connection), text)
    except ProfileError:
        return ()
