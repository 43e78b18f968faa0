"""One report in the outbox, and the file that holds it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from readiness.core.text import Text

_FORMAT = 1


class State(StrEnum):
    """Where a report stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"
    """The collector will never take it as it is."""
    CORRUPT = "corrupt"
    """The file cannot be read; it is kept for IT."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One report in the outbox. `reason`: why it is not delivered; `changed_utc`: last tried.

    `not_before_utc`: until when the collector asked to be left alone, "" where it did not.
    """

    report_id: str
    created_utc: str
    state: State
    attempts: int = 0
    reason: Text | None = None
    receipt: str | None = None
    changed_utc: str = ""
    not_before_utc: str = ""
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)


def encode(entry: Entry) -> bytes:
    """The content of an entry's file."""
    envelope = {
        "outbox": _FORMAT,
        "state": entry.state,
        "attempts": entry.attempts,
        "reason": entry.reason and {"sv": entry.reason.sv, "en": entry.reason.en},
        "receipt": entry.receipt,
        "changed_utc": entry.changed_utc,
        "not_before_utc": entry.not_before_utc,
        "report": entry.document,
    }
    # ASCII, so that text which no encoding knows cannot stop a report from being kept.
    return json.dumps(envelope).encode("ascii")


def decode(path: Path, name: str | None = None) -> Entry:
    """The entry in a file. Raises ValueError where it is damaged, OSError where it cannot be read."""
    try:
        envelope = json.loads(path.read_bytes())
        report, reason = envelope["report"], envelope["reason"]
        entry = Entry(
            report_id=report["id"],
            created_utc=report["created_utc"],
            state=State(envelope["state"]),
            attempts=envelope["attempts"],
            reason=reason and Text(sv=reason["sv"], en=reason["en"]),
            receipt=envelope["receipt"],
            changed_utc=envelope["changed_utc"],
            not_before_utc=envelope.get("not_before_utc", ""),
            document=report,
        )
        right = (
            entry.report_id == (name or path.stem) == str(uuid.UUID(entry.report_id))
            and isinstance(entry.created_utc, str)
            and isinstance(entry.changed_utc, str)
            and isinstance(entry.not_before_utc, str)
            and isinstance(entry.attempts, int)
            and isinstance(entry.receipt, str | None)
            and (entry.receipt is not None or entry.state is not State.DELIVERED)
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path.name} is damaged") from error
    if not right:
        raise ValueError(f"{path.name} is damaged")
    return entry
