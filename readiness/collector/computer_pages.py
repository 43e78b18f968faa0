"""IT's page about one computer: its reports, two of them compared, notes, and everything as one file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy import Connection, insert, select

from readiness import checks
from readiness.collector import auditing, choices, comparing, figures, fleet_words, problems, roster, words
from readiness.collector.access import Role
from readiness.collector.comparing import Change
from readiness.collector.documents import parsed
from readiness.collector.overview import State
from readiness.collector.rendering import read_form, render, to_login
from readiness.collector.store import Store
from readiness.collector.tables import clean, note
from readiness.collector.views import check_title
from readiness.collector.web import SESSION_COOKIE, language_of, noted, reader_of, site_of
from readiness.core.model import Need, Report, Verdict
from readiness.core.report import ReportError, from_document
from readiness.core.text import Language

router = APIRouter()
LONGEST_NOTE = 5_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One change in words."""

    subject: str
    name: str
    before: str
    after: str


@router.get("/computers/{device_id}")
async def computer_page(request: Request, device_id: str, a: str = "", b: str = "") -> Response:
    """One computer; `a` and `b` are the ids of two of its reports to compare."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    site = site_of(request)

    def look() -> Any:
        with site.database.reading() as connection:
            found = _everything(connection, device_id)
            if found is None:
                return None
            now = site.clock()
            stale = choices.chosen(connection).stale_after
            known = roster.computer_of(connection, device_id, now, stale_after=stale)
        compared = _compared(site.store, device_id, a, b, language_of(request)) if a and b else None
        return known, *found, compared

    found = await anyio.to_thread.run_sync(look)
    if found is None:
        raise problems.for_status(404)
    known, past, notes, compared = found
    await noted(request, reader, "read a computer", device_id)
    return render(
        request,
        "computer.html",
        reader,
        known=known,
        past=past,
        notes=notes,
        compared=compared,
        chosen=(a, b),
        may_write=reader.role is not Role.READER,
        states=tuple(State),
        need_kinds=tuple(Need),
        verdict_of=Verdict,
    )


@router.post("/computers/{device_id}/notes")
async def write_note(request: Request, device_id: str) -> Response:
    """Write a note about the computer."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    if reader.role is Role.READER:
        raise problems.not_allowed()
    form = await read_form(request, request.cookies.get(SESSION_COOKIE))
    text = clean(form.get("text", "").strip(), LONGEST_NOTE)
    site = site_of(request)

    def write() -> bool:
        with site.database.writing() as connection:
            number = roster.number_of(connection, device_id)
            if number is None:
                return False
            if text:
                connection.execute(
                    insert(note).values(
                        computer_number=number, written_at=site.clock(), author=reader.name, text=text
                    )
                )
                auditing.record(connection, site.clock(), reader.name, "wrote a note", device_id)
        return True

    if not await anyio.to_thread.run_sync(write):
        raise problems.for_status(404)
    return RedirectResponse(request.scope["path"].removesuffix("/notes"), 303)


@router.get("/computers/{device_id}/everything.json")
async def export(request: Request, device_id: str) -> Response:
    """All that is kept about one computer: what a person has the right to be given."""
    reader = await reader_of(request)
    if reader is None:
        return to_login(request)
    if reader.role is Role.READER:
        raise problems.not_allowed()
    site = site_of(request)

    def gather() -> Any:
        with site.database.reading() as connection:
            found = _everything(connection, device_id, most=100_000)
        if found is None:
            return None
        past, notes = found
        stored = (site.store.find(row.id) for row in past)
        with site.database.writing() as connection:
            auditing.record(connection, site.clock(), reader.name, "exported a computer", device_id)
        return {
            "device_id": device_id,
            "reports": [json.loads(report.document) for report in stored if report],
            "notes": [
                {"written_utc": row.written_at.isoformat(), "author": row.author, "text": row.text}
                for row in notes
            ],
        }

    document = await anyio.to_thread.run_sync(gather)
    if document is None:
        raise problems.for_status(404)
    return JSONResponse(document, headers={"content-disposition": "attachment; filename=computer.json"})


def _everything(connection: Connection, device_id: str, most: int = 50) -> tuple[Any, Any] | None:
    number = roster.number_of(connection, device_id)
    if number is None:
        return None
    notes = connection.execute(
        select(note).where(note.c.computer_number == number).order_by(note.c.number.desc()).limit(most)
    ).all()
    return roster.history(connection, device_id, most), notes


def _compared(store: Store, device_id: str, a: str, b: str, language: Language) -> tuple[Line, ...] | None:
    reports = [_report(store, name, device_id) for name in (a, b)]
    before, after = sorted((r for r in reports if r), key=lambda r: r.created_utc) if all(reports) else (None, None)  # fmt: skip
    if before is None or after is None:
        return None
    return tuple(_line(change, language) for change in comparing.changes(before, after))


def _report(store: Store, name: str, device_id: str) -> Report | None:
    stored = store.find(name)
    if stored is None or stored.row.device_id != device_id:
        return None
    try:
        return from_document(parsed(stored.document))
    except ReportError:
        return None


def _line(change: Change, language: Language) -> Line:
    subject = words.COMPUTER.say(language) if change.subject == "computer" else check_title(change.subject, language)  # fmt: skip
    if change.name == "verdict":
        name = words.RESULT.say(language)
    elif change.name == "finding":
        name = fleet_words.FINDING.say(language)
    else:
        name = figures.label(change.name)
    return Line(
        subject=subject,
        name=name,
        before=_said(change, change.before, language),
        after=_said(change, change.after, language),
    )


def _said(change: Change, value: Any, language: Language) -> str:
    if value is None:
        return "–"
    if isinstance(value, Verdict):
        return words.VERDICT[value].say(language)
    if change.name == "finding":
        kind = checks.kind(value)
        return kind.title.say(language, {}) if kind else str(value)
    shown = figures.rows({change.name: value}, language)
    return shown[0][1] if shown else "–"
