"""Reports to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from readiness.core.model import Activity, Computer, Ending, Rating, Report, Result, Verdict
from readiness.core.report import new_id
from readiness.submission import failures
from readiness.submission.enrolment import Enrolment
from readiness.submission.token_place import TokenPlace

DEVICE = "d1"
"""The id of the computer whose reports these are."""


@dataclass
class Held:
    """Credentials that are there already, and cannot be renewed."""

    secret: str = field(default="mt_token", repr=False)

    async def token(self) -> str:
        return self.secret

    async def renewed(self, refused: str) -> str:
        raise failures.no_key()


def enrolment(url: str, key: str | None, folder: Path) -> Enrolment:
    """The real credentials of the samples' computer, kept in a file in `folder`."""
    return Enrolment(url, key, lambda: DEVICE, TokenPlace(folder / "tokens.json", lambda: None))


def a_report(number: int = 0, *, report_id: str | None = None, padding: str = "") -> Report:
    """A whole report; a higher number is a later one."""
    return Report(
        schema=1,
        id=report_id or new_id(),
        created_utc=f"2026-11-24T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        app_version="0.1.0",
        computer=Computer(device_id=DEVICE, host_name=f"dator-å-{number}", system="Debian 12"),
        rating=Rating(
            profile_id="organisation",
            profile_version="1",
            overall=Verdict.READY,
            activities={Activity.TALK: Verdict.READY},
            deciding=(),
            partial=True,
        ),
        results=(
            Result(
                check_id="microphone",
                ending=Ending.COMPLETED,
                started_utc="2026-11-24T08:00:01Z",
                seconds=2.5,
                evidence={"peak_dbfs": -12.5, "padding": padding},
            ),
        ),
    )
