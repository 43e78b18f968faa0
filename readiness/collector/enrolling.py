"""The exchange of an enrolment key for a computer's own token, and who it is that sends."""

from __future__ import annotations

import json
import re
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from readiness.collector import access_problems, limiting, problems
from readiness.collector.access import KEY_PREFIX, Key
from readiness.collector.api_shapes import refusals
from readiness.collector.problems import Problem
from readiness.collector.tokens import LONGEST_ID, Device, RevokedComputerError
from readiness.collector.web import address, drain, read_body, site_of

_LARGEST_WISH_BYTES = 1024
_ID = re.compile(rf"[A-Za-z0-9._:-]{{1,{LONGEST_ID}}}")
"""So that it can stand in an address. Ours are UUIDs."""
_ROOMY = ("/api/v1/capacity", "/api/v1/health", "/favicon.ico")

router = APIRouter(prefix="/api/v1")
TOKEN_REFUSALS = (
    (401, "unknown_token, or key_is_no_token: a key came where a computer's own token belongs"),
    (403, "computer_revoked"),
    (429, "too_many_requests: see Retry-After"),
)
_REVOKED_AND_MANY = TOKEN_REFUSALS[1:]


@router.post(
    "/enrolments",
    summary="Exchange an enrolment key for a token of this computer's own",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/EnrolmentWish"}}},
        },
        "security": [{"enrolment_key": []}],
    },
    responses={
        201: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Enrolment"}}}},
        **refusals(
            (401, "wrong_key"),
            (408, "too_slow"),
            (413, "too_large"),
            (422, "invalid_request"),
            (503, "database_unavailable"),
            *_REVOKED_AND_MANY,
        ),
    },
)
async def enrol(request: Request) -> Response:
    """The token is shown this once. A computer that lost its token asks again."""
    key = await _key_of(request)
    device_id = _wished(await read_body(request, largest=_LARGEST_WISH_BYTES))
    tokens = site_of(request).tokens
    try:
        token = await anyio.to_thread.run_sync(tokens.enrol, key.number, device_id)
    except RevokedComputerError as error:
        raise access_problems.computer_revoked() from error
    return JSONResponse({"token": token, "device_id": device_id, "unit": key.unit}, 201)


@router.get(
    "/token",
    summary="Whose token this is",
    openapi_extra={"security": [{"device_token": []}]},
    responses={
        200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Holder"}}}},
        **refusals(*TOKEN_REFUSALS, (503, "database_unavailable")),
    },
)
async def whose_token(request: Request) -> Response:
    """A computer asks this before it measures, so that a token that was lost here is renewed first."""
    device = await device_of(request)
    return JSONResponse({"device_id": device.device_id, "unit": device.unit})


async def device_of(request: Request) -> Device:
    """The computer whose token the request carries. Raises Problem."""
    site, value = site_of(request), _bearer(request)
    try:
        device = await anyio.to_thread.run_sync(site.tokens.device, value) if value else None
    except RevokedComputerError as error:
        await drain(request)
        raise access_problems.computer_revoked() from error
    if device is None:
        is_key = value.startswith(KEY_PREFIX)
        raise await _refused(
            request, access_problems.key_is_no_token() if is_key else access_problems.unknown_token()
        )
    if wait := site.rates.device.take(device.device_id):
        await drain(request)
        raise problems.too_many_requests(wait)
    return device


async def within_rate(request: Request) -> None:
    """Raises Problem where more comes from one address than a whole organisation would send."""
    path = request.scope["path"]
    if path in _ROOMY or path.startswith("/static/"):
        return
    if wait := site_of(request).rates.address.take(limiting.sender(address(request))):
        await drain(request)
        raise problems.too_many_requests(wait)


async def _key_of(request: Request) -> Key:
    site, value = site_of(request), _bearer(request)
    key = await anyio.to_thread.run_sync(site.access.key, value) if value else None
    if key is None:
        raise await _refused(request, problems.wrong_key())
    if wait := site.rates.key.take(key.number):
        await drain(request)
        raise problems.too_many_requests(wait)
    return key


async def _refused(request: Request, problem: Problem) -> Problem:
    """`problem`, or that this address was refused too often."""
    await drain(request)
    wait = site_of(request).rates.refused.take(limiting.sender(address(request)))
    return problems.too_many_requests(wait) if wait else problem


def _bearer(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _wished(body: bytes) -> str:
    try:
        wish: Any = json.loads(body.decode("utf-8"))
        device_id = wish["device_id"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise problems.invalid_request("device_id") from error
    if not isinstance(device_id, str) or not _ID.fullmatch(device_id):
        raise problems.invalid_request("device_id")
    return device_id
