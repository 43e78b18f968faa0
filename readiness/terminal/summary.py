"""A run in one line, for Intune, MECM and whatever else reads one line and an exit status."""

from __future__ import annotations

from readiness import __version__
from readiness.core.model import Ending, Report, Verdict
from readiness.submission.delivery import Delivery

LONGEST = 2048
"""What Intune keeps of a script's output."""
ISSUE, NO_ISSUE = 1, 0


def summary(report: Report, delivery: Delivery | None) -> str:
    """Verdicts, what decided them and what is missing. No name of a person, a computer or a device."""
    rating = report.rating
    parts = [f"Motesklar {__version__}", f"overall={rating.overall.value}"]
    parts += [f"{activity.value}={verdict.value}" for activity, verdict in rating.activities.items()]
    if rating.partial:
        parts.append("partial")
    if rating.borderline:
        parts.append("borderline")
    unfinished = [result.check_id for result in report.results if result.ending is not Ending.COMPLETED]
    if unfinished:
        parts.append(f"unfinished={','.join(unfinished)}")
    needs = list(dict.fromkeys(need.value for lift in rating.lifts for need in lift.needs))
    if needs:
        parts.append(f"needs={','.join(needs)}")
    if delivery is not None:
        state = delivery.state.value if delivery.kept else "not_kept"
        parts.append(f"receipt={delivery.receipt}" if delivery.receipt else f"report={state}")
    parts.append(f"profile={rating.profile_id}")
    if rating.deciding:
        parts.append(f"deciding={','.join(rating.deciding)}")
    line = " ".join(" ".join(parts).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def exit_status(report: Report) -> int:
    """1 where somebody has to do something: not ready, or not known. Limited is no issue."""
    return ISSUE if report.rating.overall in (Verdict.NOT_READY, Verdict.UNKNOWN) else NO_ISSUE
