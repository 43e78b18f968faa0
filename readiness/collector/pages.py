"""IT's pages: server-rendered, in Swedish or English. All of them work without scripts."""

from __future__ import annotations

import functools
import secrets
from typing import Annotated, Any
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from readiness.collector import access_problems, problems, receipts, requirements
from readiness.collector.access import Reader, form_token
from readiness.collector.problems import Problem
from readiness.collector.rendering import go_to, read_form, render, script, set_cookie, style_sheet, to_login
from readiness.collector.views import deciding, rated_under, read, report_view
from readiness.collector.web import (
    FORM_COOKIE,
    SESSION_COOKIE,
    checked_login,
    has_local_accounts,
    language_of,
    noted,
    reader_of,
    site_of,
)
from readiness.core.profile_file import ProfileError

PAGE_SIZE = 50
_LARGEST_NUMBER = 2**53
START = "/overview"
_OURS = (START, "/needs", "/findings", "/computers", "/reports", "/requirements", "/choices", "/access")

router = APIRouter()


@router.get("/")
async def start() -> Response:
    """The start is the overview."""
    return RedirectResponse(START, 303)


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The form to sign in with."""
    query = request.query_params
    if await reader_of(request):
        return RedirectResponse(inside(query.get("next")), 303)
    site = site_of(request)
    way_out = await site.sign_in.way_out() if site.sign_in and query.get("out") else None
    why = access_problems.not_signed_in(query.get("problem", "")) if site.sign_in else None
    return _login_form(request, target=inside(query.get("next")), problem=why, way_out=way_out)


@router.post("/login")
async def login(request: Request) -> Response:
    """Sign in."""
    form = await read_form(request, request.cookies.get(FORM_COOKIE))
    name, target = form.get("name", ""), inside(form.get("next"))
    try:
        reader = await checked_login(request, name, form.get("password", ""))
    except Problem as problem:
        return _login_form(request, target=target, name=name, problem=problem)
    return await signed_in(request, reader, target)


@router.post("/logout")
async def logout(request: Request) -> Response:
    """Sign out."""
    token = request.cookies.get(SESSION_COOKIE)
    await read_form(request, token)
    if token:
        await anyio.to_thread.run_sync(site_of(request).access.end_session, token)
    response = RedirectResponse("/login?out=1" if site_of(request).sign_in else "/login", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/link/{token}")
async def one_time_link(request: Request, token: str) -> Response:
    """Sign in by a link from the terminal, once, and open what it was made for."""
    if "prefetch" in (request.headers.get("purpose", "") + request.headers.get("sec-purpose", "")):
        return Response(status_code=204)  # the browser only guesses that it will be opened
    used = await anyio.to_thread.run_sync(site_of(request).access.use_link, token)
    if used is None:
        raise problems.used_link()
    reader, target = used
    return await signed_in(request, reader, inside(target))


@router.get("/reports")
async def reports(
    request: Request,
    q: str = "",
    before: Annotated[int | None, Query(ge=1, le=_LARGEST_NUMBER)] = None,
    after: Annotated[int | None, Query(ge=0, le=_LARGEST_NUMBER)] = None,
) -> Response:
    """The list of reports, newest first."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    store, search = site_of(request).store, q.strip()[:200]
    if code := receipts.read(search):
        # Somebody reads a code over the phone: open its report.
        stored = await anyio.to_thread.run_sync(store.find, code)
        if stored is not None:
            return go_to(request, f"/reports/{stored.row.report_id}")
    find = functools.partial(store.page, search=search, before=before, after=after, size=PAGE_SIZE)
    page = await anyio.to_thread.run_sync(find)
    query = {"q": search} if search else {}
    return render(
        request,
        "reports.html",
        reader,
        rows=page.rows,
        search=search,
        newer="?" + urlencode(query | {"after": page.after}) if page.newer else None,
        older="?" + urlencode(query | {"before": page.before}) if page.older else None,
        export_query="?" + urlencode(query) if query else "",
        unfiltered=not search and before is None and after is None,
    )


@router.get("/reports/{name}")
async def one_report(
    request: Request, name: str, under: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """One report, by id or receipt code; `under` names the requirements to rate its figures by."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    site, language = site_of(request), language_of(request)
    stored = await anyio.to_thread.run_sync(site.store.find, name)
    if stored is None:
        raise problems.no_such_report()
    await noted(request, reader, "read a report", stored.row.report_id)

    def look() -> dict[str, Any]:
        with site.database.reading() as connection:
            bases, chosen = requirements.bases(connection), requirements.base_in_force(connection)
            text = requirements.text_of(connection, under or chosen)
        report = read(stored.document)
        try:
            profile = requirements.profile_of(text) if text else None
        except ProfileError:
            profile = None
        if under and profile is None:
            raise problems.for_status(404)
        again = rated_under(report, profile) if report and profile and under else None
        view = (
            report_view(again or report, language, site.resources / "profiles", profile) if report else None
        )
        before = deciding(report, language) if report else ()
        return {"bases": bases, "again": again.rating if again else None, "profile": profile, "view": view, "before": before}  # fmt: skip

    found = await anyio.to_thread.run_sync(look)
    return render(request, "report.html", reader, row=stored.row, under=under, **found)


@router.get("/static/style.css")
async def style(request: Request) -> Response:
    """The one style sheet."""
    headers = {"cache-control": "public, max-age=86400"}
    return Response(style_sheet(site_of(request).resources)[0], media_type="text/css", headers=headers)


@router.get("/static/htmx.js")
async def htmx(request: Request) -> Response:
    """The one script: pages that look again by themselves, and lists that follow what is typed."""
    headers = {"cache-control": "public, max-age=86400"}
    content = script(site_of(request).resources)[0]
    return Response(content, media_type="text/javascript", headers=headers)


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """None yet."""
    return Response(status_code=204, headers={"cache-control": "public, max-age=86400"})


def problem_page(request: Request, problem: Problem) -> Response:
    """What went wrong, and a way back."""
    return render(request, "problem.html", None, status=problem.status, problem=problem)


def _login_form(
    request: Request,
    *,
    target: str,
    name: str = "",
    problem: Problem | None = None,
    way_out: str | None = None,
) -> Response:
    cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    response = render(
        request,
        "login.html",
        None,
        status=problem.status if problem else 200,
        problem=problem,
        target=target,
        name=name[:100],
        local=has_local_accounts(request),
        organisation=site_of(request).sign_in is not None,
        way_out=way_out,
        form_token=form_token(cookie),
    )
    set_cookie(request, response, FORM_COOKIE, cookie)
    return response


async def signed_in(request: Request, reader: Reader, target: str) -> Response:
    """A session for `reader`, and on to `target`."""
    token = await anyio.to_thread.run_sync(site_of(request).access.new_session, reader)
    response = RedirectResponse(target, 303)
    set_cookie(request, response, SESSION_COOKIE, token)
    return response


def inside(target: str | None) -> str:
    """`target` if it is a page of ours, else the start: nobody is sent to another site."""
    if not target or len(target) > 1000 or not target.startswith(_OURS):
        return START
    printable = target.isascii() and target.isprintable()
    return target if printable and "\\" not in target else START
