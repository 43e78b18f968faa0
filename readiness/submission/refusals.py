"""What the collector answers instead of a receipt or a token, as sentences that say what to do."""

from __future__ import annotations

import datetime
import email.utils
import json
import math
from collections.abc import Mapping
from typing import Any

from readiness.core.text import Text
from readiness.submission import failures
from readiness.submission.failures import DeliveryError

_LONGEST_MESSAGE = 300
_PASSING = {408, 425, 429}
_ABOUT_THE_KEY = {401, 403}
_ABOUT_THE_REPORT = {400, 409, 413, 415, 422}
UNKNOWN_TOKEN = "unknown_token"


def from_answer(status: int, headers: Mapping[str, str], body: bytes, host: str) -> DeliveryError:
    """What an answer other than 200 and 201 means."""
    said = _error_of(body)
    if status == 407:
        return failures.proxy(wants_login=True)
    if status in _PASSING or (status >= 500 and status != 511):  # 511: a network's login page
        return _busy(status, headers, host)
    if said is None or status not in _ABOUT_THE_REPORT | _ABOUT_THE_KEY:
        return failures.not_the_collector(host)
    code, message = said
    if code == "computer_revoked":
        return _revoked()
    if status in _ABOUT_THE_KEY and code != "other_computer":
        return _wrong_key(code)
    if status == 413 or code == "too_large":
        return DeliveryError(
            Text(
                sv="IT:s server tar inte emot så stora rapporter. Den är sparad. Lämna den som fil till IT.",
                en="IT's server takes no reports that large. It is saved. Hand it to IT as a file.",
            ),
            retry=False,
        )
    return DeliveryError(
        Text(
            sv=f"IT:s server tog inte emot rapporten: {message.sv} Rapporten är sparad. Visa den för IT.",
            en=f"IT's server did not take the report: {message.en} The report is saved. Show it to IT.",
        ),
        retry=False,
    )


def from_enrolment(status: int, headers: Mapping[str, str], body: bytes, host: str) -> DeliveryError:
    """What an answer other than 201 to an enrolment means."""
    said = _error_of(body)
    if said and status in (404, 405):
        return failures.fixed(
            f"IT:s server ({host}) är äldre än Mötesklar på datorn. Be IT uppdatera servern.",
            f"IT's server ({host}) is older than Mötesklar on this computer. Ask IT to update the server.",
        )
    error = from_answer(status, headers, body, host)
    error.affects_all = True
    return error if error.retry else failures.not_the_collector(host)


def _wrong_key(code: str) -> DeliveryError:
    return failures.fixed(
        "IT:s server känner inte igen datorns nyckel. Be IT om en ny nyckel. Den gamla är kanske indragen.",
        "IT's server does not recognise this computer's key. Ask IT for a new one. "
        "The old one may have been withdrawn.",
        code,
    )


def _revoked() -> DeliveryError:
    return DeliveryError(
        Text(
            sv="IT har stängt av den här datorn från sin server. Rapporten är sparad. "
            "Ring IT och be dem släppa in datorn igen. Skicka sedan rapporten på nytt.",
            en="IT has shut this computer out from its server. The report is saved. "
            "Call IT and ask them to let the computer in again. Then send the report once more.",
        ),
        retry=True,
        affects_all=True,
        code="computer_revoked",
    )


def _busy(status: int, headers: Mapping[str, str], host: str) -> DeliveryError:
    wait = _asked_wait(headers.get("retry-after", ""))
    if status in _PASSING:
        sv, en = "har mycket att göra just nu.", "is busy at the moment."
    else:
        sv, en = (
            f"har ett fel ({status}). IT behöver titta på den.",
            f"has a fault ({status}). IT has to see to it.",
        )
    return DeliveryError(
        Text(
            sv=f"IT:s server ({host}) {sv} Rapporten är sparad och skickas senare.",
            en=f"IT's server ({host}) {en} The report is saved and will be sent later.",
        ),
        retry=True,
        # One report may break the server, or take too long; the others must not wait for it.
        affects_all=status in (429, 502, 503, 504),
        soon=True,
        wait_seconds=wait,
    )


def _asked_wait(written: str) -> float | None:
    """Seconds, from a number of them or a date (RFC 9110, section 10.2.3)."""
    try:
        return max(0.0, float(written)) if math.isfinite(float(written)) else None
    except ValueError:
        pass
    try:
        until = email.utils.parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        return None
    return max(0.0, (until - datetime.datetime.now(datetime.UTC)).total_seconds())


def _error_of(body: bytes) -> tuple[str, Text] | None:
    """The collector's own words about an error; None where this is not the collector."""
    try:
        error: Any = json.loads(body)["error"]
        code, message = error["code"], error["message"]
        sv, en = message["sv"], message["en"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if not all(isinstance(part, str) for part in (code, sv, en)):
        return None
    return code, Text(sv=_plain(sv), en=_plain(en))


def _plain(sentence: str) -> str:
    """Words from outside: one line, of bounded length, without control characters."""
    printable = "".join(
        letter if letter.isprintable() else " " for letter in sentence[: _LONGEST_MESSAGE * 2]
    )
    line = " ".join(printable.split())
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
