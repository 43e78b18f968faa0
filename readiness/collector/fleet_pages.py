"""IT's pages about the whole organisation: overview, needs, findings, computers, choices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from readiness import checks
from readiness.collector import choices, fleet_words, jobs, overview, problems, roster, spreadsheet
from readiness.collector.access import Role
from readiness.collector.exports import filtered
from readiness.collector.jobs import Job, Kind
from readiness.collector.overview import Group, State
from readiness.collector.rendering import render, to_login
from readiness.collector.tables import clean
from readiness.collector.web import language_of, reader_of, site_of
from readiness.core.model import Need
from readiness.core.text import Language

router = APIRouter()
FoundT = TypeVar("FoundT")


@router.get("/overview")
async def overview_page(request: Request) -> Response:
    """Who can take part, unit by unit, and how it goes towards the goal."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)

    def look(connection: Connection, _now: datetime) -> tuple[choices.Choices, Job | None]:
        return choices.chosen(connection), jobs.under_way(connection, Kind.RE_RATE)

    chosen, re_rating = await reading(request, look)
    seen = await anyio.to_thread.run_sync(site_of(request).counting.overview, chosen.stale_after)
    return render(
        request,
        "overview.html",
        reader,
        seen=seen,
        goal=chosen.goal,
        goal_left=_left(seen.all, chosen.goal),
        line=_line(seen.days),
        re_rating=re_rating,
        **_fleet(),
    )


@router.get("/needs")
async def needs_page(request: Request) -> Response:
    """What is missing, what it costs, and what it would give."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    rows, known, chosen = await _missing(request)
    return render(
        request,
        "needs.html",
        reader,
        rows=rows,
        known=known,
        prices=chosen.prices,
        may_change=reader.role is Role.ADMIN,
        **_fleet(),
    )


@router.get("/needs.csv")
async def purchase_list(request: Request) -> Response:
    """The purchase list, a line for each kind and unit."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    rows, known, chosen = await _missing(request)
    language = language_of(request)
    table = [
        [
            fleet_words.MISSING.say(language),
            fleet_words.DIMENSION["unit"].say(language),
            fleet_words.COUNT.say(language),
            fleet_words.ABLE_WITH_IT.say(language),
            fleet_words.GIVES_POINTS.say(language),
            fleet_words.PRICE.say(language),
            fleet_words.COST.say(language),
        ]
    ]
    for missing in rows:
        price = chosen.prices.get(missing.need)
        for unit, count in missing.units:
            table.append(
                [
                    _need_name(missing.need, language),
                    unit or fleet_words.NO_UNIT.say(language),
                    str(count),
                    str(gained := missing.gains_in.get(unit, 0)),
                    _decimal(100 * gained / known if known else 0, language),
                    "" if price is None else f"{price:g}",
                    "" if price is None else f"{price * count:g}",
                ]
            )
    return _csv(table, "inkopslista.csv")


@router.get("/findings")
async def findings_page(request: Request) -> Response:
    """One cause, one line."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    rows = await anyio.to_thread.run_sync(site_of(request).counting.clusters)
    return render(request, "findings.html", reader, rows=rows, kind=checks.kind, **_fleet())


@router.get("/findings/{code}")
async def finding_page(request: Request, code: str) -> Response:
    """What the computers with one finding have in common."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    found = await anyio.to_thread.run_sync(site_of(request).counting.pattern, clean(code, 100))
    if found is None:
        raise problems.for_status(404)
    return render(
        request,
        "finding.html",
        reader,
        found=found,
        kind=checks.kind(code),
        computers_href="/computers?" + urlencode({"code": code}),
        **_fleet(),
    )


@router.get("/computers")
async def computers_page(
    request: Request,
    q: str = "",
    unit: str | None = None,
    state: str = "",
    need: str = "",
    code: str = "",
    after: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """The computers, by name."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    wanted = filtered(q, unit, state, need, code)

    def look(connection: Connection, now: datetime) -> Any:
        stale = choices.chosen(connection).stale_after
        return roster.computers(connection, wanted, now, after=after, stale_after=stale)

    found, more = await reading(request, look)
    units = await anyio.to_thread.run_sync(site_of(request).counting.units)
    kept = {name: value for name, value in request.query_params.items() if name not in ("after", "lang")}
    return render(
        request,
        "computers.html",
        reader,
        rows=found,
        wanted=wanted,
        units=units,
        next="?" + urlencode(kept | {"after": found[-1].place}) if more else None,
        first="?" + urlencode(kept) if after else None,
        export_query="?" + urlencode(kept) if kept else "",
        **_fleet(),
    )


async def reading(request: Request, look: Callable[[Connection, datetime], FoundT]) -> FoundT:
    """What `look` finds in the database at this moment."""
    site = site_of(request)

    def work() -> FoundT:
        with site.database.reading() as connection:
            return look(connection, site.clock())

    return await anyio.to_thread.run_sync(work)


async def _missing(request: Request) -> tuple[tuple[overview.Missing, ...], int, choices.Choices]:
    chosen = await reading(request, lambda connection, _now: choices.chosen(connection))

    def count() -> tuple[tuple[overview.Missing, ...], int]:
        counting = site_of(request).counting
        return counting.needs(chosen.stale_after), counting.overview(chosen.stale_after).all.known

    return *await anyio.to_thread.run_sync(count), chosen


def _decimal(value: float, language: Language) -> str:
    """As a spreadsheet in this language reads it."""
    return f"{value:.2f}".replace(".", "," if language == "sv" else ".")


def _fleet() -> dict[str, Any]:
    return {"states": tuple(State), "need_kinds": tuple(Need)}


def _left(group: Group, goal: overview.Goal | None) -> int:
    """How many more computers must be ready for the goal."""
    if goal is None:
        return 0
    return max(0, -(-round(group.known * goal.percent) // 100) - group.ready)


def _line(days: tuple[tuple[str, int, int], ...]) -> str | None:
    """The trend as points of an SVG polyline in a box of 1000 x 100, or None of fewer than two days."""
    if len(days) < 2:
        return None
    step = 1000 / (len(days) - 1)
    points = (
        f"{number * step:.1f},{100 - (100 * ready / known if known else 0):.1f}"
        for number, (_, known, ready) in enumerate(days)
    )
    return " ".join(points)


def _need_name(need: str, language: Language) -> str:
    return fleet_words.NEED[Need(need)].say(language) if need in tuple(Need) else need


def _csv(table: list[list[str]], name: str) -> Response:
    headers = {"content-disposition": f"attachment; filename={quote(name)}"}
    return Response(
        (spreadsheet.MARK + spreadsheet.written(table)).encode("utf-8", "replace"),
        media_type="text/csv; charset=utf-8",
        headers=headers,
    )
