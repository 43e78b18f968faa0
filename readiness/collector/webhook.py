"""The webhook: tells another system (a ticket system, a chat) of findings that are new on a computer.

Each event is kept in the transaction of the report that brought it, and sent afterwards, with growing
pauses, until the other side answers 2xx. The body is made by a template of IT's; it is signed:

    X-Motesklar-Event: the event's number, the same each time it is tried
    X-Motesklar-Signature: t=SECONDS,v1=HEX

HEX is the HMAC-SHA-256 (RFC 2104) of "SECONDS.BODY" under the secret that was shown when the webhook
was set; SECONDS is the time of sending (Unix), so that the receiver can refuse what is old.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from sqlalchemy import Connection, delete, func, insert, select, update

from readiness.collector.database import Database
from readiness.collector.problems import DatabaseUnavailableError
from readiness.collector.tables import choice, clean, hook_event
from readiness.core.loopback import is_own
from readiness.core.text import Text

_log = logging.getLogger("readiness.collector")
_TRIES = (0, 1, 5, 30, 120, 720, 1440, 1440)
"""Minutes to wait before each try; after the last one it is given up."""
_LARGEST_BODY = 64 * 1024
_AT_ONCE = 50
_SECONDS = 5.0
_TIMEOUT_SECONDS = 10.0
EXAMPLE = {
    "code": "camera.absent",
    "title": "Datorn hittar ingen kamera",
    "verdict": "NOT_READY",
    "host_name": "RH-4711",
    "asset_tag": "KS-20931",
    "unit": "Skolan",
    "model": "Latitude 5440",
    "report_id": "0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11",
    "receipt": "K7M-4PQ2",
    "happened_utc": "2026-11-24T08:00:00Z",
}
"""The facts of an event, as a template gets them."""


class HookError(ValueError):
    """A webhook that cannot be used; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class Hook:
    """Where to, signed with what, the template of the body, and the header that lets us in there."""

    url: str
    secret: str
    template: str
    authorization: str = ""


def templates(resources: Path) -> dict[str, str]:
    """The templates that come with the program, by name."""
    folder = resources / "webhooks"
    return {
        file.name.removesuffix(".json.j2"): file.read_text("utf-8")
        for file in sorted(folder.glob("*.json.j2"))
    }


def checked(hook: Hook) -> Hook:
    """`hook`, if it can be used. Raises HookError."""
    parts = urlsplit(hook.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise HookError(
            Text(sv="skriv adressen som https://värd/sökväg", en="write the address as https://host/path")
        )
    if parts.scheme == "http" and not is_own(parts.hostname):
        raise HookError(Text(sv="adressen måste börja med https", en="the address needs https"))
    if not hook.authorization.isascii() or not hook.authorization.isprintable():
        raise HookError(
            Text(
                sv="behörigheten har tecken som inte går att skicka",
                en="the authorization has letters that a header cannot carry",
            )
        )
    body_of(hook, EXAMPLE)
    return hook


def body_of(hook: Hook, facts: Mapping[str, Any]) -> bytes:
    """What is sent about an event. Raises HookError where the template makes no JSON of it."""
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    try:
        body = environment.from_string(hook.template).render(dict(facts))
        json.loads(body)
    except (TemplateError, ValueError, RecursionError, TypeError, OverflowError) as error:
        raise HookError(
            Text(sv=f"mallen ger ingen JSON: {error}", en=f"the template gives no JSON: {error}")
        ) from error
    if len(body) > _LARGEST_BODY:
        raise HookError(Text(sv="mallen ger mer än 64 KiB", en="the template gives more than 64 KiB"))
    return body.encode("utf-8", "replace")


def signature(secret: str, body: bytes, seconds: int) -> str:
    """The value of X-Motesklar-Signature."""
    signed = f"{seconds}.".encode() + body
    return f"t={seconds},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def chosen(connection: Connection) -> Hook | None:
    """The webhook that is set."""
    value = connection.scalar(select(choice.c.value).where(choice.c.name == "hook"))
    return Hook(**json.loads(value)) if value else None


def choose(connection: Connection, hook: Hook | None) -> None:
    """Set the webhook, or none; what was not delivered yet goes to the new one."""
    connection.execute(delete(choice).where(choice.c.name == "hook"))
    if hook is not None:
        connection.execute(insert(choice).values(name="hook", value=json.dumps(asdict(checked(hook)))))


def tell(connection: Connection, now: datetime, events: Sequence[Mapping[str, Any]]) -> None:
    """Keep events to be sent, where a webhook is set."""
    if not events or chosen(connection) is None:
        return
    rows = [
        {"happened_at": now, "facts": json.dumps(facts, ensure_ascii=False), "tries": 0, "due_at": now}
        for facts in events
    ]
    connection.execute(insert(hook_event), rows)


def late(database: Database, now: datetime) -> int | None:
    """How many events have waited for an hour or were given up; None where no webhook is set.

    Raises DatabaseUnavailableError.
    """
    database.check()
    with database.reading() as connection:
        if chosen(connection) is None:
            return None
        waiting = hook_event.c.delivered_at.is_(None) & (hook_event.c.happened_at < now - timedelta(hours=1))
        return connection.scalar(select(func.count()).select_from(hook_event).where(waiting)) or 0


class Messenger:
    """A thread that sends what is due, until it is stopped."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause_seconds: float = _SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="messenger", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; waits for what is under way."""
        self._stopped.set()
        self._thread.join()

    def once(self) -> int:
        """Send what is due now; how many were delivered."""
        now = self._clock()
        with self._database.reading() as connection:
            hook = chosen(connection)
            due = connection.execute(
                select(hook_event)
                .where(hook_event.c.due_at <= now)
                .order_by(hook_event.c.number)
                .limit(_AT_ONCE)
            ).all()
        delivered = 0
        for event in due if hook else ():
            if self._stopped.is_set() or not self._claim(event):
                continue
            assert hook is not None
            error = self._send(hook, event)
            delivered += error is None
            self._note(event, error)
        return delivered

    def _claim(self, event: Any) -> bool:
        """Take the event, so that another collector on the same database does not send it as well."""
        with self._database.writing() as connection:
            return bool(
                connection.execute(
                    update(hook_event)
                    .where(hook_event.c.number == event.number, hook_event.c.tries == event.tries, hook_event.c.due_at.is_not(None))
                    .values(tries=event.tries + 1, due_at=_next(self._clock(), event.tries + 1))
                ).rowcount
            )  # fmt: skip

    def _send(self, hook: Hook, event: Any) -> str | None:
        """Send one event; what went wrong, or None."""
        import httpx

        try:
            body = body_of(hook, json.loads(event.facts))
            answer = httpx.post(
                hook.url,
                content=body,
                headers={
                    "Content-Type": "application/json",
                    **({"Authorization": hook.authorization} if hook.authorization else {}),
                    "X-Motesklar-Event": str(event.number),
                    "X-Motesklar-Signature": signature(hook.secret, body, int(self._clock().timestamp())),
                },
                timeout=_TIMEOUT_SECONDS,
                follow_redirects=False,
            )
        except HookError as error:
            return str(error)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return f"{type(error).__name__}: {error}"
        return None if answer.is_success else f"HTTP {answer.status_code}"

    def _note(self, event: Any, error: str | None) -> None:
        values: dict[str, Any] = {"error": clean(error, 300) if error else None}
        if error is None:
            values |= {"delivered_at": self._clock(), "due_at": None}
        with self._database.writing() as connection:
            connection.execute(update(hook_event).where(hook_event.c.number == event.number).values(**values))

    def _work(self) -> None:
        while not self._stopped.wait(self._pause_seconds):
            try:
                self.once()
            except DatabaseUnavailableError:
                _log.info("the webhook waits for the database", exc_info=True)


def _next(now: datetime, tries: int) -> datetime | None:
    return now + timedelta(minutes=_TRIES[tries]) if tries < len(_TRIES) else None
