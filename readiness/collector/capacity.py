"""Transfers for measuring a line: bytes down, bytes up, bounded in size, time and number."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.requests import ClientDisconnect

from readiness.collector import problems
from readiness.collector.api_shapes import refusals
from readiness.collector.enrolling import TOKEN_REFUSALS, device_of
from readiness.collector.web import site_of

MOST_BYTES = 8_000_000
MOST_SECONDS = 10.0
MOST_AT_ONCE = 32
_PART_BYTES = 16 * 1024
_STEP_SECONDS = 0.02
_NOISE = os.urandom(64 * _PART_BYTES)
"""Sent over and over: nothing on the way packs it, and making it costs nothing while somebody measures."""

router = APIRouter(prefix="/api/v1/capacity")
_AUTHORISED: dict[str, Any] = {"security": [{"device_token": []}]}
_REFUSALS = refusals(*TOKEN_REFUSALS, (503, "line_busy: too many computers measure at the same time"))


@router.get("", status_code=204, summary="The smallest answer, to time a round trip by")
async def small() -> Response:
    """Needs no login."""
    return Response(status_code=204)


@router.get(
    "/down",
    summary="Bytes to measure a line by",
    openapi_extra=_AUTHORISED,
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
        **_REFUSALS,
        **refusals((422, "invalid_request: `bytes` does not fit")),
    },
)
async def down(
    request: Request, count: Annotated[int, Query(alias="bytes", ge=1, le=MOST_BYTES)] = 1_000_000
) -> Response:
    """Random bytes, as fast as they go; no longer than ten seconds."""
    await device_of(request)
    _check(request)
    return StreamingResponse(_sent(count, site_of(request).transfers), media_type="application/octet-stream")


@router.post(
    "/up",
    summary="Take bytes to measure a line by",
    openapi_extra={
        **_AUTHORISED,
        "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string"}}}},
    },
    responses={
        200: {"description": "`steps`: seconds on the collector's own clock, and bytes that came then"},
        **_REFUSALS,
    },
)
async def up(request: Request) -> Response:
    """What came, in steps of 20 ms; what is beyond 8 MB or ten seconds is not waited for."""
    await device_of(request)
    steps: list[list[float]] = []
    total = 0
    _check(request)
    with _going_on(site_of(request).transfers):
        try:
            async with asyncio.timeout(MOST_SECONDS):
                async for part in request.stream():
                    now = time.monotonic()
                    if steps and now - steps[-1][0] < _STEP_SECONDS:
                        steps[-1][1] += len(part)
                    else:
                        steps.append([round(now, 4), len(part)])
                    total += len(part)
                    if total > MOST_BYTES:
                        break
        except TimeoutError:
            pass
        except ClientDisconnect as error:
            raise problems.for_status(400) from error
    return JSONResponse({"bytes": total, "steps": steps})


def _check(request: Request) -> None:
    """Raises Problem where too many transfers go on already."""
    if len(site_of(request).transfers) >= MOST_AT_ONCE:
        raise problems.line_busy()


@contextlib.contextmanager
def _going_on(transfers: set[object]) -> Iterator[None]:
    this = object()
    transfers.add(this)
    try:
        yield
    finally:
        transfers.discard(this)


async def _sent(count: int, transfers: set[object]) -> AsyncIterator[bytes]:
    with _going_on(transfers):
        ends, left, place = time.monotonic() + MOST_SECONDS, count, 0
        while left > 0 and time.monotonic() < ends:
            size = min(left, _PART_BYTES)
            yield _NOISE[place : place + size]
            left -= size
            place = (place + _PART_BYTES) % len(_NOISE)
