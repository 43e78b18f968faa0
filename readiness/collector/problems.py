"""Problems: what went wrong, said in both languages, to a program or to a person."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from readiness.core.text import Language, Text


class StartError(Exception):
    """The collector cannot start or a command cannot be done; `text` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class DatabaseUnavailableError(Exception):
    """The database cannot be used right now; the message is the driver's, for the log."""


class Problem(Exception):
    """A request that is refused: status, code for programs, text for people."""

    def __init__(
        self, status: int, code: str, text: Text, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text
        self.headers = dict(headers or {})

    def document(self) -> dict[str, Any]:
        """The body of the answer to a program."""
        return {"error": {"code": self.code, "message": {"sv": self.text.sv, "en": self.text.en}}}


def terminal_language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the terminal: English where the system's is, else Swedish."""
    for name in ("LC_ALL", "LANG"):
        if value := environment.get(name):
            return "en" if value.lower().startswith("en") else "sv"
    return "sv"


def wrong_key() -> Problem:
    """The enrolment key is missing, unknown or revoked."""
    return Problem(
        401,
        "wrong_key",
        Text(
            sv="Nyckeln saknas eller gäller inte. Be IT om en ny nyckel.",
            en="The key is missing or not valid. Ask IT for a new key.",
        ),
        headers={"WWW-Authenticate": 'Bearer realm="motesklar"'},
    )


def too_many_requests(seconds: int) -> Problem:
    """More came than one computer or address may send."""
    return Problem(
        429,
        "too_many_requests",
        Text(
            sv="Det kom för mycket på en gång. Försök igen om en stund.",
            en="Too much came at once. Try again in a while.",
        ),
        headers={"Retry-After": str(max(1, seconds))},
    )


def login_required() -> Problem:
    """Reading needs a login."""
    return Problem(
        401,
        "login_required",
        Text(
            sv="Logga in för att läsa rapporter.",
            en="Sign in to read reports.",
        ),
        headers={"WWW-Authenticate": 'Basic realm="motesklar", charset="UTF-8"'},
    )


def not_allowed() -> Problem:
    """The account may read, and not change this."""
    return Problem(
        403,
        "not_allowed",
        Text(
            sv="Bara en administratör får göra det här.",
            en="Only an administrator may do this.",
        ),
    )


def wrong_login() -> Problem:
    """The name and the password do not belong together."""
    return Problem(
        401,
        "wrong_login",
        Text(
            sv="Namnet eller lösenordet stämmer inte. Försök igen.",
            en="The name or the password is not right. Try again.",
        ),
        headers={"WWW-Authenticate": 'Basic realm="motesklar", charset="UTF-8"'},
    )


def too_many_logins(seconds: int) -> Problem:
    """Too many wrong passwords in a short time."""
    minutes = max(1, round(seconds / 60))
    return Problem(
        429,
        "too_many_attempts",
        Text(
            sv=f"För många försök. Vänta {minutes} min och försök igen.",
            en=f"Too many attempts. Wait {minutes} min and try again.",
        ),
        headers={"Retry-After": str(seconds)},
    )


def too_large(limit: int) -> Problem:
    """The body is larger than what is accepted."""
    return Problem(
        413,
        "too_large",
        Text(
            sv=f"Det som skickades är för stort. Högst {limit} byte tas emot.",
            en=f"What was sent is too large. At most {limit} bytes are accepted.",
        ),
    )


def too_slow() -> Problem:
    """The body did not arrive in time."""
    return Problem(
        408,
        "too_slow",
        Text(
            sv="Det som skickades kom inte fram i tid. Försök igen.",
            en="What was sent did not arrive in time. Try again.",
        ),
        headers={"Connection": "close"},
    )


def not_json() -> Problem:
    """The body is announced as something else than plain JSON."""
    return Problem(
        415,
        "not_json",
        Text(
            sv="En rapport skickas som application/json, utan komprimering.",
            en="A report is sent as application/json, without compression.",
        ),
        headers={"Accept": "application/json"},
    )


def invalid_report(reason: str) -> Problem:
    """The body is no report; `reason` says where and why."""
    return Problem(
        422,
        "invalid_report",
        Text(
            sv=f"Rapporten kan inte läsas: {reason}.",
            en=f"The report cannot be read: {reason}.",
        ),
    )


def other_content() -> Problem:
    """The id was used for another report before."""
    return Problem(
        409,
        "other_content",
        Text(
            sv="En annan rapport med samma id finns redan. Den nya sparades inte.",
            en="There is another report with the same id already. The new one was not stored.",
        ),
    )


def no_such_report() -> Problem:
    """Nothing has this id or receipt code."""
    return Problem(
        404,
        "no_such_report",
        Text(
            sv="Det finns ingen rapport med den koden. Kontrollera koden.",
            en="There is no report with that code. Check the code.",
        ),
    )


def used_link() -> Problem:
    """The one-time link was used or is too old."""
    return Problem(
        410,
        "used_link",
        Text(
            sv="Länken har redan använts eller är för gammal. Gör en ny med: readiness-collector link",
            en="The link has been used or is too old. Make a new one with: readiness-collector link",
        ),
    )


def stale_form() -> Problem:
    """The form was not sent from our own page, or the page was too old."""
    return Problem(
        403,
        "stale_form",
        Text(
            sv="Sidan var för gammal. Gå tillbaka, ladda om sidan och försök igen.",
            en="The page was too old. Go back, reload the page and try again.",
        ),
    )


def database_unavailable() -> Problem:
    """The database does not answer; nothing was stored."""
    return Problem(
        503,
        "database_unavailable",
        Text(
            sv="Databasen svarar inte just nu. Inget har sparats. Försök igen om en stund.",
            en="The database does not answer right now. Nothing was stored. Try again in a while.",
        ),
        headers={"Retry-After": "30"},
    )


def no_reflector() -> Problem:
    """The line cannot be measured: the reflector is not running."""
    return Problem(
        503,
        "no_reflector",
        Text(
            sv="Servern kan inte mäta nätet just nu. IT kan starta om den.",
            en="The server cannot measure the network right now. IT can start it again.",
        ),
    )


def reflector_busy() -> Problem:
    """Too many computers measure at the same time."""
    return Problem(
        503,
        "reflector_busy",
        Text(
            sv="Många datorer mäter nätet just nu. Försök igen om en stund.",
            en="Many computers measure the network right now. Try again in a while.",
        ),
        headers={"Retry-After": "10"},
    )


def busy() -> Problem:
    """Too many ask the server to work something out."""
    return Problem(
        503,
        "busy",
        Text(
            sv="Många uträkningar väntar redan. Försök igen om en stund.",
            en="Many are waiting already. Try again in a while.",
        ),
        headers={"Retry-After": "60"},
    )


def line_busy() -> Problem:
    """Too many transfers at the same time."""
    return Problem(
        503,
        "line_busy",
        Text(
            sv="Många datorer mäter linjen just nu. Försök igen om en stund.",
            en="Many computers measure the line right now. Try again in a while.",
        ),
        headers={"Retry-After": "10"},
    )


def fault() -> Problem:
    """A fault of ours."""
    return Problem(
        500,
        "fault",
        Text(
            sv="Ett fel uppstod hos oss. Det står i serverns logg.",
            en="Something went wrong on our side. The server's log says what.",
        ),
    )


_BY_STATUS = {
    404: ("not_found", Text(sv="Sidan finns inte.", en="There is no such page.")),
    405: (
        "wrong_method",
        Text(sv="Så går adressen inte att använda.", en="The address is not used that way."),
    ),
}


def for_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem behind a bare HTTP status."""
    code, text = _BY_STATUS.get(
        status,
        ("bad_request", Text(sv="Förfrågan går inte att läsa.", en="The request cannot be read.")),
    )
    return Problem(status, code, text, headers=headers)


def invalid_request(where: str) -> Problem:
    """A parameter does not fit."""
    return Problem(
        422,
        "invalid_request",
        Text(
            sv=f"Värdet för {where} går inte att använda.",
            en=f"The value of {where} cannot be used.",
        ),
    )
