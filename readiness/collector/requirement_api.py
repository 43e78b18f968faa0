"""How computers learn of the requirements that were adopted: as the profile's file, with its version."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from readiness.collector import problems
from readiness.collector.api_shapes import refusals
from readiness.collector.enrolling import TOKEN_REFUSALS, device_of
from readiness.collector.tables import adopted
from readiness.collector.web import site_of

router = APIRouter(prefix="/api/v1")


@router.get(
    "/requirements",
    summary="The organisation's requirements as they were adopted here",
    openapi_extra={"security": [{"device_token": []}]},
    responses={
        200: {
            "description": "A profile, as the program reads it from organisation.toml. Its ETag is the version",
            "content": {"application/toml": {"schema": {"type": "string"}}},
        },
        304: {"description": "The version in If-None-Match is in force"},
        **refusals(
            *TOKEN_REFUSALS,
            (404, "not_found: none were adopted, each computer keeps its own"),
            (503, "database_unavailable"),
        ),
    },
)
async def requirements(request: Request) -> Response:
    """A computer validates what it gets, keeps it, and asks again with the version it has."""
    await device_of(request)
    row = await anyio.to_thread.run_sync(_in_force, request)
    if row is None:
        raise problems.for_status(404)
    headers = {"etag": f'"{row.version}"', "cache-control": "no-cache"}
    if request.headers.get("if-none-match", "").strip() == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(row.text.encode("utf-8"), media_type="application/toml", headers=headers)


def _in_force(request: Request) -> Any:
    with site_of(request).database.reading() as connection:
        newest = select(adopted.c.version, adopted.c.text).order_by(adopted.c.number.desc()).limit(1)
        return connection.execute(newest).first()
