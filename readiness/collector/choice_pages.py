"""The pages where an administrator chooses: goal, prices, how long things are kept, accounts."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from readiness.collector import audit_words, auditing, choices, fleet_words, problems
from readiness.collector.access import NameTakenError, Reader, Role, usable_name
from readiness.collector.choices import LARGEST_LIST_BYTES, ChoiceError
from readiness.collector.fleet_pages import reading
from readiness.collector.rendering import read_form, render, to_login
from readiness.collector.web import SESSION_COOKIE, reader_of, site_of
from readiness.core.text import Text

router = APIRouter()


@router.post("/needs")
async def set_prices(request: Request) -> Response:
    """Keep the prices."""
    return await _choose(request, "/needs", "prices")


@router.get("/choices")
async def choices_page(request: Request) -> Response:
    """Goal, how long a test holds, and the list of computers there should be; for administrators."""
    reader = await administrator(request)
    return await _choices(request, reader) if reader else to_login(request)


@router.post("/choices")
async def set_choices(request: Request) -> Response:
    """Keep what was chosen."""
    return await _choose(request, "/choices", "choices")


async def _choose(request: Request, page: str, what: str) -> Response:
    reader = await administrator(request)
    if reader is None:
        return to_login(request)
    form = await read_form(request, request.cookies.get(SESSION_COOKIE), largest=3 * LARGEST_LIST_BYTES)

    def keep() -> None:
        site = site_of(request)
        with site.database.writing() as connection:
            choices.choose(connection, form)
            target = ""
            if form.get("list", "").strip():
                target = f"{choices.expect(connection, form['list'])} expected"
            auditing.record(connection, site.clock(), reader.name, f"changed {what}", target)
        site.remembered.forget()

    try:
        await anyio.to_thread.run_sync(keep)
    except ChoiceError as error:
        return await _choices(request, reader, problem=error)
    return RedirectResponse(page, 303)


async def _choices(
    request: Request, reader: Reader, problem: ChoiceError | None = None, told: Text | None = None
) -> Response:
    def look(connection: Connection, _now: datetime) -> Any:
        return choices.chosen(connection), choices.expected_count(connection), auditing.log(connection)

    chosen, count, log = await reading(request, look)
    accounts = await anyio.to_thread.run_sync(site_of(request).access.accounts)
    return render(
        request,
        "choices.html",
        reader,
        status=422 if problem else 200,
        chosen=chosen,
        expected_count=count,
        log=log,
        audit=audit_words,
        wrong=problem.text if problem else None,
        told=told,
        accounts=accounts,
        roles=tuple(Role),
    )


async def administrator(request: Request) -> Reader | None:
    """Who is signed in, None where nobody is. Raises Problem where it is no administrator."""
    reader = await reader_of(request)
    if reader is not None and reader.role is not Role.ADMIN:
        raise problems.not_allowed()
    return reader


@router.post("/choices/accounts")
async def new_account(request: Request) -> Response:
    """A new account; its password is shown this once."""
    reader = await administrator(request)
    if reader is None:
        return to_login(request)
    form = await read_form(request, request.cookies.get(SESSION_COOKIE))
    name, role = form.get("name", "").strip(), form.get("role", "")
    if not usable_name(name) or role not in tuple(Role):
        return await _choices(request, reader, problem=ChoiceError(fleet_words.BAD_NAME))
    password, site = secrets.token_urlsafe(15), site_of(request)

    def add() -> None:
        site.access.add_account(name, Role(role), password)
        with site.database.writing() as connection:
            auditing.record(connection, site.clock(), reader.name, "added an account", f"{name} {role}")

    try:
        await anyio.to_thread.run_sync(add, limiter=site.logins)
    except NameTakenError:
        return await _choices(request, reader, problem=ChoiceError(fleet_words.NAME_TAKEN))
    told = Text(
        sv=fleet_words.CREATED_ACCOUNT.say("sv", {"name": name, "password": password}),
        en=fleet_words.CREATED_ACCOUNT.say("en", {"name": name, "password": password}),
    )
    return await _choices(request, reader, told=told)
