"""To the organisation's own sign-in, and back."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from readiness.collector import problems
from readiness.collector.pages import inside, signed_in
from readiness.collector.rendering import set_cookie
from readiness.collector.sign_in_settings import BACK, SignInError
from readiness.collector.web import noted, site_of

if TYPE_CHECKING:
    from readiness.collector.sign_in import SignIn

AWAY_COOKIE = "motesklar_away"

_log = logging.getLogger("readiness.collector")

router = APIRouter()


@router.get("/login/organisation")
async def leave(request: Request) -> Response:
    """Send the browser to the provider."""
    try:
        leaving = await _configured(request).leave(inside(request.query_params.get("next")))
    except SignInError as error:
        return _not_let_in(error)
    response = RedirectResponse(leaving.url, 303)
    set_cookie(request, response, AWAY_COOKIE, leaving.browser)
    return response


@router.get(BACK)
async def come_back(request: Request) -> Response:
    """Whom the provider sends back gets a session of ours, or is told why not."""
    sign_in = _configured(request)
    try:
        reader, target = await sign_in.come_back(request.query_params, request.cookies.get(AWAY_COOKIE, ""))
    except SignInError as error:
        response = _not_let_in(error)
    else:
        await noted(request, reader, "signed in by the organisation", reader.role.value)
        response = await signed_in(request, reader, inside(target))
    response.delete_cookie(AWAY_COOKIE)
    return response


def _configured(request: Request) -> SignIn:
    sign_in = site_of(request).sign_in
    if sign_in is None:
        raise problems.for_status(404)
    return sign_in


def _not_let_in(error: SignInError) -> Response:
    _log.warning("not signed in: %s: %s", error.fault.value, json.dumps(str(error)[:200]))
    # The page that says why has an address of its own: this one holds the provider's code.
    return RedirectResponse(f"/login?problem={error.fault.value}", 303)
