"""How every page is made: templates, forms that came from our own pages, cookies."""

from __future__ import annotations

import functools
import hashlib
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from readiness.collector import figures, fleet_words, problems, requirement_words, words
from readiness.collector.access import Reader, form_token
from readiness.collector.figure_words import figure_name
from readiness.collector.views import check_title
from readiness.collector.web import (
    LANGUAGE_COOKIE,
    LARGEST_FORM_BYTES,
    SESSION_COOKIE,
    is_secure,
    language_of,
    read_body,
    site_of,
)
from readiness.core.model import Activity
from readiness.core.text import LANGUAGES

_YEAR_SECONDS = 365 * 24 * 3600


async def read_form(
    request: Request, cookie: str | None, *, largest: int = LARGEST_FORM_BYTES, most_fields: int = 20
) -> dict[str, str]:
    """The fields of a form that came from our own page. Raises Problem."""
    body = await read_body(request, largest=largest)
    try:
        text = body.decode("utf-8", "replace")
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=most_fields))
    except ValueError as error:
        raise problems.for_status(400) from error
    token = fields.get("form_token", "")
    ours = bool(cookie) and secrets.compare_digest(form_token(cookie or "").encode(), token.encode())
    if not ours or request.headers.get("sec-fetch-site", "same-origin") == "cross-site":
        raise problems.stale_form()
    return fields


def to_login(request: Request) -> Response:
    """Ask who it is, and come back here afterwards."""
    query = request.scope["query_string"].decode("latin-1")
    target = request.scope["path"] + (f"?{query}" if query else "")
    return go_to(request, f"/login?next={quote(target, safe='')}")


def go_to(request: Request, page: str) -> Response:
    """Send the browser to another page of ours, also where a script asked for a part of this one."""
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": page})
    return RedirectResponse(page, 303)


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """A cookie for this site alone, out of reach of scripts."""
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=is_secure(request), path="/")


def render(
    request: Request, template: str, reader: Reader | None, *, status: int = 200, **content: Any
) -> Response:
    """A page in the reader's language."""
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
            style_version=style_sheet(resources)[1],
            script_version=script(resources)[1],
            number=lambda value: figures.number(value, language),
            figure=lambda name: figure_name(name, language),
            check_title=lambda check_id: check_title(check_id, language),
            reader=reader,
            page=request.scope["path"].split("/")[1],
            **({"form_token": form_token(request.cookies.get(SESSION_COOKIE, ""))} | content),
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
        auto_reload=False,  # an upgrade brings templates that the words of a running server do not fit
    )
    environment.globals.update(
        words=words, fleet=fleet_words, rules=requirement_words, activities=tuple(Activity)
    )
    return environment


@functools.cache
def style_sheet(resources: Path) -> tuple[bytes, str]:
    """The one style sheet, and what its version is known by."""
    return _versioned(resources / "collector" / "style.css")


@functools.cache
def script(resources: Path) -> tuple[bytes, str]:
    """The one script, htmx, and what its version is known by."""
    return _versioned(next((resources / "collector" / "vendor").glob("htmx-*.min.js")))


def _versioned(file: Path) -> tuple[bytes, str]:
    content = file.read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]
