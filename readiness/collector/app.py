"""Assembles the collector: routes, headers, and one way to answer when something is wrong."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from readiness import __version__
from readiness.collector import (
    access_pages,
    api,
    api_shapes,
    capacity,
    choice_pages,
    computer_pages,
    enrolling,
    exports,
    fleet_pages,
    metrics,
    pages,
    problems,
    requirement_api,
    requirement_pages,
    sign_in_pages,
)
from readiness.collector.access import Access
from readiness.collector.database import Database
from readiness.collector.limiting import Rates
from readiness.collector.problems import DatabaseUnavailableError, Problem
from readiness.collector.reflector_process import ReflectorProcess
from readiness.collector.remembering import Remembered
from readiness.collector.store import Store
from readiness.collector.tokens import Tokens
from readiness.collector.web import Limits, SecurityHeaders, Site
from readiness.settings import places

if TYPE_CHECKING:
    from readiness.collector.sign_in import SignIn

_log = logging.getLogger("readiness.collector")


def create_app(
    database: Database,
    limits: Limits | None = None,
    reflector: ReflectorProcess | None = None,
    remembered: Remembered | None = None,
    rates: Rates | None = None,
    sign_in: SignIn | None = None,
) -> ASGIApp:
    """The collector on an open database; `reflector` and `remembered` are ones that were started."""
    app = FastAPI(
        title="Mötesklar collector",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(enrolling.within_rate)],
    )
    app.state.site = Site(
        database=database,
        store=Store(database),
        access=Access(database),
        tokens=Tokens(database),
        resources=places().resources,
        remembered=remembered or Remembered(database),
        limits=limits or Limits(),
        reflector=reflector,
        rates=rates or Rates(),
        sign_in=sign_in,
    )
    app.include_router(api.router)
    app.include_router(requirement_api.router)
    app.include_router(exports.router)
    app.include_router(enrolling.router)
    app.include_router(capacity.router)
    for part in (
        pages,
        fleet_pages,
        computer_pages,
        choice_pages,
        requirement_pages,
        access_pages,
        sign_in_pages,
        metrics,
    ):
        app.include_router(part.router, include_in_schema=False)
    app.add_api_route("/api/v1/openapi.json", _openapi, include_in_schema=False)
    app.add_exception_handler(Problem, _refuse)
    app.add_exception_handler(HTTPException, _refuse_status)
    app.add_exception_handler(RequestValidationError, _refuse_parameter)
    app.add_exception_handler(DatabaseUnavailableError, _refuse_without_database)
    app.add_exception_handler(Exception, _apologise)
    # Outside everything else, so that the answer to a fault of ours has the headers too.
    return SecurityHeaders(app)


async def _openapi(request: Request) -> Response:
    app: FastAPI = request.app
    if app.openapi_schema is None:
        app.openapi_schema = api_shapes.describe(
            get_openapi(title=app.title, version=app.version, routes=app.routes)
        )
    return JSONResponse(app.openapi_schema)


def _answer(request: Request, problem: Problem) -> Response:
    if request.scope["path"].startswith("/api/"):
        return JSONResponse(problem.document(), problem.status, headers=problem.headers)
    return pages.problem_page(request, problem)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _answer(request, error)


async def _refuse_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(request, problems.for_status(error.status_code, error.headers))


async def _refuse_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where: Any = error.errors()[0]["loc"][-1]
    return _answer(request, problems.invalid_request(str(where)))


async def _refuse_without_database(request: Request, error: Exception) -> Response:
    _log.error("the database cannot be used: %s", json.dumps(str(error)[:500]))
    return _answer(request, problems.database_unavailable())


async def _apologise(request: Request, _error: Exception) -> Response:
    # Starlette raises the error again after this answer, so that it reaches the log.
    return _answer(request, problems.fault())
