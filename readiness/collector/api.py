"""The HTTP interface for programs, version 1."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from readiness import __version__
from readiness.collector import access_problems, problems, receipts, webhook
from readiness.collector.access import Reader
from readiness.collector.api_shapes import refusals
from readiness.collector.enrolling import TOKEN_REFUSALS, device_of
from readiness.collector.problems import DatabaseUnavailableError
from readiness.collector.reflector_process import ReflectorError
from readiness.collector.store import OtherComputerError, OtherContentError, Row
from readiness.collector.web import drain, noted, read_body, require_reader, site_of
from readiness.core.report import ReportError

SERVICE = "motesklar-collector"
_LARGEST_NUMBER = 2**53
_LARGEST_WISH_BYTES = 1024

_log = logging.getLogger("readiness.collector")

router = APIRouter(prefix="/api/v1")


_UNAVAILABLE = (503, "The database does not answer: database_unavailable. Try again later")
_NO_LOGIN = (401, "login_required or wrong_login")
_GUESSING = (429, "too_many_attempts: too many wrong passwords, or too_many_requests: see Retry-After")


@router.get(
    "/health",
    summary="Whether the collector works, and its clock",
    responses={
        200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}},
        503: {
            "description": "It answers, but its database does not",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}},
        },
    },
)
async def health(request: Request) -> Response:
    """Needs no login. Tells each part apart: the store, the reflector, the webhook."""
    site = site_of(request)
    status, document = 200, {"status": "ok"}
    parts: dict[str, str] = {}
    try:
        waits = await anyio.to_thread.run_sync(partial(webhook.late, site.database, site.clock()))
        parts = {"store": "ok", "webhook": "off" if waits is None else "late" if waits else "ok"}
    except DatabaseUnavailableError:
        problem = problems.database_unavailable()
        status, document = problem.status, {"status": problem.code, "reason": problem.text.en}
        parts = {"store": "down", "webhook": "unknown"}
    runs = None if site.reflector is None else site.reflector.runs
    parts["reflector"] = "off" if runs is None else "ok" if runs else "down"
    document = {"service": SERVICE, "version": __version__, "time_utc": _written(site.clock()), **document}
    return JSONResponse({**document, "parts": parts}, status)


@router.post(
    "/reports",
    summary="Send a report",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}},
        },
        "security": [{"device_token": []}],
    },
    responses={
        200: {
            "description": "The same report had been stored before; the same receipt",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}},
        },
        201: {
            "description": "Stored; it is on the disk",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}},
        },
        **refusals(
            TOKEN_REFUSALS[0],
            (403, "computer_revoked, or other_computer: the report is another computer's"),
            TOKEN_REFUSALS[2],
            (408, "too_slow: the body did not arrive in time"),
            (409, "other_content: another report has the same id"),
            (413, "too_large"),
            (415, "not_json"),
            (422, "invalid_report: the message says where and why"),
            _UNAVAILABLE,
        ),
    },
)
async def submit(request: Request) -> Response:
    """Each id is stored once: sending the same report again is safe and gives the same receipt."""
    site = site_of(request)
    device = await device_of(request)
    if not _is_json(request):
        await drain(request)
        raise problems.not_json()
    body = await read_body(request, largest=site.limits.report_bytes)
    add = partial(
        site.store.add, body, key_number=device.key_number, unit=device.unit, device_id=device.device_id
    )
    try:
        receipt = await anyio.to_thread.run_sync(add, limiter=site.arrivals)
    except ReportError as error:
        raise problems.invalid_report(_readable(str(error))) from error
    except OtherComputerError as error:
        raise access_problems.other_computer() from error
    except OtherContentError as error:
        raise problems.other_content() from error
    document = {
        "id": receipt.report_id,
        "receipt": receipts.shown(receipt.receipt),
        "received_utc": _written(receipt.received_utc),
    }
    return JSONResponse(document, 201 if receipt.new else 200)


@router.post(
    "/sessions",
    summary="Open a session with the reflector, to measure the line over UDP",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": False,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SessionWish"}}},
        },
        "security": [{"device_token": []}],
    },
    responses={
        201: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Session"}}}},
        **refusals(
            *TOKEN_REFUSALS,
            (408, "too_slow"),
            (413, "too_large"),
            (422, "invalid_request"),
            (503, "no_reflector, reflector_busy (see Retry-After) or database_unavailable"),
        ),
    },
)
async def open_session(request: Request) -> Response:
    """STAMP (RFC 8762), authenticated mode. `light` asks for a long session at a low rate."""
    site = site_of(request)
    await device_of(request)
    body = await read_body(request, largest=_LARGEST_WISH_BYTES)
    if site.reflector is None:
        raise problems.no_reflector()
    try:
        session = await anyio.to_thread.run_sync(partial(site.reflector.open_session, light=_light(body)))
    except ReflectorError as error:
        _log.error("the reflector does not answer: %s", json.dumps(str(error)[:300]))
        raise problems.no_reflector() from error
    if session is None:
        raise problems.reflector_busy()
    return JSONResponse({**session, "host": site.reflector.public_host, "port": site.reflector.port}, 201)


def _light(body: bytes) -> bool:
    try:
        wish = json.loads(body or b"{}")
        light = wish.get("light", False)
    except (ValueError, AttributeError, RecursionError) as error:
        raise problems.invalid_request("body") from error
    if not isinstance(light, bool):
        raise problems.invalid_request("light")
    return light


@router.get(
    "/reports",
    summary="List reports, newest first",
    openapi_extra={"security": [{"session": []}, {"password": []}]},
    responses={
        200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ReportList"}}}},
        **refusals(_NO_LOGIN, (422, "invalid_request: a parameter does not fit"), _GUESSING, _UNAVAILABLE),
    },
)
async def reports(
    request: Request,
    _reader: Annotated[Reader, Depends(require_reader)],
    search: Annotated[
        str, Query(max_length=200, description="Part of a host name, asset tag or case, or a receipt code")
    ] = "",
    before: Annotated[
        int | None, Query(ge=1, le=_LARGEST_NUMBER, description="`next` of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """One page of the list; `next` is null on the last one."""
    find = partial(site_of(request).store.page, search=search, before=before, size=limit)
    page = await anyio.to_thread.run_sync(find)
    rows = [_listed(row) for row in page.rows]
    return JSONResponse({"reports": rows, "next": page.before if page.older else None})


@router.get(
    "/reports/{name}",
    summary="Read one report, as it was received",
    openapi_extra={"security": [{"session": []}, {"password": []}]},
    responses={
        200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}},
        **refusals(_NO_LOGIN, (404, "no_such_report"), _GUESSING, _UNAVAILABLE),
    },
)
async def one_report(
    request: Request, name: str, reader: Annotated[Reader, Depends(require_reader)]
) -> Response:
    """`name` is the report's id or its receipt code."""
    stored = await anyio.to_thread.run_sync(site_of(request).store.find, name)
    if stored is None:
        raise problems.no_such_report()
    await noted(request, reader, "read a report", stored.row.report_id)
    return Response(stored.document, media_type="application/json")


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    return media_type == "application/json" and encoding in ("", "identity")


def _listed(row: Row) -> dict[str, Any]:
    return {
        "id": row.report_id,
        "receipt": row.receipt,
        "received_utc": _written(row.received_utc),
        "created_utc": _written(row.created_utc) if row.created_utc else None,
        "host_name": row.host_name,
        "asset_tag": row.asset_tag,
        "unit": row.unit,
        "case": row.case,
        "model": row.model,
        "system": row.system,
        "profile_id": row.profile_id,
        "overall": row.overall,
        "activities": row.activities,
        "partial": row.partial,
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _readable(reason: str) -> str:
    return reason.encode("utf-8", "replace").decode("utf-8").replace("\0", "")[:300].rstrip(".")
