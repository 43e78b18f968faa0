"""The page about keys and which computers may send, for administrators."""

from __future__ import annotations

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response

from readiness.collector import access_words as words
from readiness.collector import auditing
from readiness.collector.access import Reader
from readiness.collector.choice_pages import administrator
from readiness.collector.rendering import read_form, render, to_login
from readiness.collector.web import SESSION_COOKIE, site_of
from readiness.core.text import Text

router = APIRouter()


@router.get("/access")
async def access_page(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Keys, and computers that hold a token or are shut out."""
    reader = await administrator(request)
    return await _page(request, reader, search=q) if reader else to_login(request)


@router.post("/access/keys")
async def new_key(request: Request) -> Response:
    """A new key, shown this once."""
    reader = await administrator(request)
    if reader is None:
        return to_login(request)
    form = await read_form(request, request.cookies.get(SESSION_COOKIE))
    unit, site = form.get("unit", "").strip()[:200] or None, site_of(request)

    def make() -> str:
        key = site.access.new_key(unit)
        with site.database.writing() as connection:
            auditing.record(connection, site.clock(), reader.name, "made a key", f"…{key[-4:]} {unit or ''}")
        return key

    key = await anyio.to_thread.run_sync(make)
    return await _page(request, reader, told=_filled(words.CREATED_KEY, key=key))


@router.post("/access/keys/{number}/revoke")
async def revoke_key(request: Request, number: int) -> Response:
    """The key lets nobody in any more."""
    reader = await administrator(request)
    if reader is None:
        return to_login(request)
    await read_form(request, request.cookies.get(SESSION_COOKIE))
    site = site_of(request)

    def revoke() -> None:
        if abs(number) < 2**53 and site.access.revoke_key(number):
            with site.database.writing() as connection:
                auditing.record(connection, site.clock(), reader.name, "revoked a key", str(number))

    await anyio.to_thread.run_sync(revoke)
    return await _page(request, reader, told=words.REVOKED_KEY)


@router.post("/access/computers/{device_id}/revoke")
async def shut_out(request: Request, device_id: str) -> Response:
    """The computer may not send any more."""
    return await _switch(request, device_id, out=True)


@router.post("/access/computers/{device_id}/allow")
async def let_in(request: Request, device_id: str) -> Response:
    """The computer may send again."""
    return await _switch(request, device_id, out=False)


async def _switch(request: Request, device_id: str, *, out: bool) -> Response:
    reader = await administrator(request)
    if reader is None:
        return to_login(request)
    await read_form(request, request.cookies.get(SESSION_COOKIE))
    tokens = site_of(request).tokens
    await anyio.to_thread.run_sync(tokens.revoke if out else tokens.allow, device_id, reader.name)
    return await _page(request, reader, told=words.DONE_SHUT if out else words.DONE_LET_IN)


async def _page(request: Request, reader: Reader, *, search: str = "", told: Text | None = None) -> Response:
    site = site_of(request)
    return render(
        request,
        "access.html",
        reader,
        told=told,
        search=search,
        keys=await anyio.to_thread.run_sync(site.access.all_keys),
        computers=await anyio.to_thread.run_sync(site.tokens.listed, search),
        access=words,
    )


def _filled(text: Text, **arguments: str) -> Text:
    return Text(sv=text.say("sv", arguments), en=text.say("en", arguments))
