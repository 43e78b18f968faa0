"""Every list of the pages as CSV and as JSON, for spreadsheets and for programs; sent while it is read."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from readiness.collector import problems, spreadsheet
from readiness.collector.access import Reader, Role
from readiness.collector.api_shapes import refusals
from readiness.collector.lists import Cells, Lists
from readiness.collector.overview import State
from readiness.collector.roster import Filter
from readiness.collector.tables import clean
from readiness.collector.web import language_of, noted, require_reader, site_of
from readiness.core.model import Need

router = APIRouter(prefix="/api/v1/exports")
_AT_ONCE = 200
Form = Annotated[Literal["csv", "json"], Path(description="csv: semicolons, UTF-8 with its mark; or json")]
Who = Annotated[Reader, Depends(require_reader)]
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The list: lines with the names of the columns first, or an array of objects",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
        },
    },
    **refusals(
        (401, "login_required or wrong_login"),
        (403, "not_allowed: support and administrators export"),
        (422, "invalid_request: a parameter does not fit"),
        (429, "too_many_attempts: too many wrong passwords"),
        (503, "The database does not answer: database_unavailable. Try again later"),
    ),
}
_WAYS_IN: dict[str, Any] = {"security": [{"session": []}, {"password": []}]}


@router.get("/overview.{form}", summary="Export who can take part, unit by unit", responses=_ANSWERS, openapi_extra=_WAYS_IN)  # fmt: skip
async def overview(request: Request, reader: Who, form: Form) -> Response:
    """The first row is the whole organisation."""
    return await _sent(request, reader, "overview", form, _lists(request).overview())


@router.get("/needs.{form}", summary="Export what is missing, by kind and unit", responses=_ANSWERS, openapi_extra=_WAYS_IN)  # fmt: skip
async def needs(request: Request, reader: Who, form: Form) -> Response:
    """With the prices that IT filled in."""
    return await _sent(request, reader, "needs", form, _lists(request).needs())


@router.get("/findings.{form}", summary="Export the faults over the fleet", responses=_ANSWERS, openapi_extra=_WAYS_IN)  # fmt: skip
async def findings(request: Request, reader: Who, form: Form) -> Response:
    """One row for each cause, the one that stops most computers first."""
    return await _sent(request, reader, "findings", form, _lists(request).findings(language_of(request)))


@router.get("/computers.{form}", summary="Export the computers", responses=_ANSWERS, openapi_extra=_WAYS_IN)
async def computers(
    request: Request,
    reader: Who,
    form: Form,
    q: Annotated[str, Query(max_length=200, description="Part of a host name or asset tag")] = "",
    unit: Annotated[
        str | None, Query(max_length=200, description="A unit; empty: without one; *: all")
    ] = None,
    state: Annotated[str, Query(max_length=20, description="A state, or nothing for all")] = "",
    need: Annotated[str, Query(max_length=30, description="A kind of need, or nothing for all")] = "",
    code: Annotated[str, Query(max_length=100, description="A finding's code, or nothing for all")] = "",
) -> Response:
    """Filtered as the page is."""
    wanted = filtered(q, unit, state, need, code)
    return await _sent(request, reader, "computers", form, _lists(request).computers(wanted))


@router.get("/reports.{form}", summary="Export the list of reports", responses=_ANSWERS, openapi_extra=_WAYS_IN)  # fmt: skip
async def reports(
    request: Request,
    reader: Who,
    form: Form,
    q: Annotated[str, Query(max_length=200, description="As the list's `search`")] = "",
) -> Response:
    """Newest first, without their figures: `/api/v1/reports/{name}` has those."""
    return await _sent(request, reader, "reports", form, _lists(request).reports(q))


@router.get("/expected.{form}", summary="Export the computers that IT expects", responses=_ANSWERS, openapi_extra=_WAYS_IN)  # fmt: skip
async def expected(request: Request, reader: Who, form: Form) -> Response:
    """And which of them were heard from."""
    return await _sent(request, reader, "expected", form, _lists(request).expected())


def filtered(q: str, unit: str | None, state: str, need: str, code: str) -> Filter:
    """What of the computers is wanted; what does not exist filters nothing."""
    return Filter(
        unit=clean(unit, 200) if unit is not None and unit != "*" else None,
        state=State(state) if state in tuple(State) else None,
        need=need if need in tuple(Need) else None,
        code=clean(code, 100) or None,
        search=q,
    )


async def _sent(request: Request, reader: Reader, name: str, form: str, rows: Iterator[Cells]) -> Response:
    if reader.role is Role.READER:
        raise problems.not_allowed()
    parts = _csv(rows) if form == "csv" else _json(rows)
    # The first part before the answer begins: a database that is away is told with its status.
    first = await anyio.to_thread.run_sync(next, parts)
    await noted(request, reader, "exported a list", name)
    return StreamingResponse(
        itertools.chain((first,), parts),
        media_type="text/csv; charset=utf-8" if form == "csv" else "application/json",
        headers={"content-disposition": f"attachment; filename={name}.{form}"},
    )


def _csv(rows: Iterable[Cells]) -> Iterator[bytes]:
    begun = False
    for some in _batches(rows):
        lines = [list(row.values()) for row in some]
        head = "" if begun else spreadsheet.MARK + spreadsheet.written([list(some[0])])
        begun = True
        yield (head + spreadsheet.written(lines)).encode("utf-8", "replace")
    if not begun:
        yield spreadsheet.MARK.encode()


def _json(rows: Iterable[Cells]) -> Iterator[bytes]:
    between = "[\n"
    for some in _batches(rows):
        written = ",\n".join(json.dumps(row, ensure_ascii=False) for row in some)
        yield (between + written).encode("utf-8", "replace")
        between = ",\n"
    yield b"[]" if between == "[\n" else b"\n]"


def _batches(rows: Iterable[Cells]) -> Iterator[list[Cells]]:
    left = iter(rows)
    while some := list(itertools.islice(left, _AT_ONCE)):
        yield some


def _lists(request: Request) -> Lists:
    site = site_of(request)
    return Lists(database=site.database, store=site.store, counting=site.counting, clock=site.clock)
