"""IT's pages: server-rendered, in Swedish or English, without any script."""

from __future__ import annotations

import functools
import hashlib
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from readiness.collector import figures, problems, receipts, words
from readiness.collector.access import Reader, form_token
from readiness.collector.problems import Problem
from readiness.collector.views import report_view
from readiness.collector.web import (
    FORM_COOKIE,
    LANGUAGE_COOKIE,
    LARGEST_FORM_BYTES,
    SESSION_COOKIE,
    checked_login,
    is_secure,
    language_of,
    read_body,
    reader_of,
    site_of,
)
from readiness.core.model import Activity
from readiness.core.text import LANGUAGES

PAGE_SIZE = 50
_LARGEST_NUMBER = 2**53
_YEAR_SECONDS = 365 * 24 * 3600

router = APIRouter()


@router.get("/")
async def start() -> Response:
    """The start is the list of reports."""
    return RedirectResponse("/reports", 303)


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The form to sign in with."""
    if await reader_of(request):
        return RedirectResponse(_inside(request.query_params.get("next")), 303)
    return _login_form(request, target=_inside(request.query_params.get("next")))


@router.post("/login")
async def login(request: Request) -> Response:
    """Sign in."""
    form = await _form(request, request.cookies.get(FORM_COOKIE))
    name, target = form.get("name", ""), _inside(form.get("next"))
    try:
        reader = await checked_login(request, name, form.get("password", ""))
    except Problem as problem:
        return _login_form(request, target=target, name=name, problem=problem)
    return await _signed_in(request, reader, target)


@router.post("/logout")
async def logout(request: Request) -> Response:
    """Sign out."""
    token = request.cookies.get(SESSION_COOKIE)
    await _form(request, token)
    if token:
        await anyio.to_thread.run_sync(site_of(request).access.end_session, token)
    response = RedirectResponse("/login", 303)
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
    return await _signed_in(request, reader, _inside(target))


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
        return _to_login(request)
    store, search = site_of(request).store, q.strip()[:200]
    if code := receipts.read(search):
        # Somebody reads a code over the phone: open its report.
        stored = await anyio.to_thread.run_sync(store.find, code)
        if stored is not None:
            return RedirectResponse(f"/reports/{stored.row.report_id}", 303)
    find = functools.partial(store.page, search=search, before=before, after=after, size=PAGE_SIZE)
    page = await anyio.to_thread.run_sync(find)
    query = {"q": search} if search else {}
    first, last = (page.rows[0].number, page.rows[-1].number) if page.rows else (0, 0)
    return _page(
        request,
        "reports.html",
        reader,
        rows=page.rows,
        search=search,
        newer="?" + urlencode(query | {"after": first}) if page.newer and first else None,
        older="?" + urlencode(query | {"before": last}) if page.older and last else None,
        unfiltered=not search and before is None and after is None,
    )


@router.get("/reports/{name}")
async def one_report(request: Request, name: str) -> Response:
    """One report, by id or receipt code."""
    reader = await reader_of(request)
    if reader is None:
        return _to_login(request)
    stored = await anyio.to_thread.run_sync(site_of(request).store.find, name)
    if stored is None:
        raise problems.no_such_report()
    profiles = site_of(request).resources / "profiles"
    view = functools.partial(report_view, stored.document, language_of(request), profiles)
    return _page(
        request,
        "report.html",
        reader,
        row=stored.row,
        view=await anyio.to_thread.run_sync(view),
    )


@router.get("/static/style.css")
async def style(request: Request) -> Response:
    """The one style sheet."""
    headers = {"cache-control": "public, max-age=86400"}
    return Response(_style(site_of(request).resources)[0], media_type="text/css", headers=headers)


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """None yet."""
    return Response(status_code=204, headers={"cache-control": "public, max-age=86400"})


def problem_page(request: Request, problem: Problem) -> Response:
    """What went wrong, and a way back."""
    return _page(request, "problem.html", None, status=problem.status, problem=problem)


def _login_form(request: Request, *, target: str, name: str = "", problem: Problem | None = None) -> Response:
    cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    response = _page(
        request,
        "login.html",
        None,
        status=problem.status if problem else 200,
        problem=problem,
        target=target,
        name=name[:100],
        form_token=form_token(cookie),
    )
    _set_cookie(request, response, FORM_COOKIE, cookie)
    return response


async def _signed_in(request: Request, reader: Reader, target: str) -> Response:
    token = await anyio.to_thread.run_sync(site_of(request).access.new_session, reader)
    response = RedirectResponse(target, 303)
    _set_cookie(request, response, SESSION_COOKIE, token)
    return response


async def _form(request: Request, cookie: str | None) -> dict[str, str]:
    """The fields of a form that came from our own page. Raises Problem."""
    body = await read_body(request, largest=LARGEST_FORM_BYTES)
    try:
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20))
    except ValueError as error:
        raise problems.for_status(400) from error
    token = fields.get("form_token", "")
    ours = bool(cookie) and secrets.compare_digest(form_token(cookie or "").encode(), token.encode())
    if not ours or request.headers.get("sec-fetch-site", "same-origin") == "cross-site":
        raise problems.stale_form()
    return fields


def _to_login(request: Request) -> Response:
    query = request.scope["query_string"].decode("latin-1")
    target = request.scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"/login?next={quote(target, safe='')}", 303)


def _inside(target: str | None) -> str:
    """`target` if it is a page of ours, else the start: nobody is sent to another site."""
    if not target or len(target) > 1000 or not target.startswith("/reports"):
        return "/reports"
    printable = target.isascii() and target.isprintable()
    return target if printable and "\\" not in target else "/reports"


def _set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=is_secure(request), path="/")


def _page(
    request: Request, template: str, reader: Reader | None, *, status: int = 200, **content: Any
) -> Response:
    language = language_of(request)
    resources = site_of(request).resources
    other = "en" if language == "sv" else "sv"
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    html = (
        _templates(resources)
        .get_template(template)
        .render(
            language=language,
            other_language=other,
            # A page that a form was sent to has no address to return to in another language.
            other_href="?" + urlencode([*kept, ("lang", other)])
            if request.method == "GET"
            else "/login?lang=" + other,
            say=lambda text, **arguments: text.say(language, arguments),
            moment=lambda value: figures.moment(value, language),
            style_version=_style(resources)[1],
            reader=reader,
            sign_out_token=form_token(request.cookies.get(SESSION_COOKIE, "")),
            **content,
        )
    )
    response = HTMLResponse(html.encode("utf-8", "replace"), status)
    if content.get("problem"):
        # Not the invitation to HTTP Basic: it would open the browser's own login over our page.
        headers = content["problem"].headers.items()
        response.headers.update({name: value for name, value in headers if name != "WWW-Authenticate"})
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=_YEAR_SECONDS,
            samesite="lax",
            httponly=True,
            secure=is_secure(request),
        )
    return response


@functools.cache
def _templates(resources: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resources / "collector"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update(words=words, activities=tuple(Activity))
    return environment


@functools.cache
def _style(resources: Path) -> tuple[bytes, str]:
    css = (resources / "collector" / "style.css").read_bytes()
    return css, hashlib.sha256(css).hexdigest()[:12]
