"""Reports as clients send them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from readiness.core.model import Activity, Computer, Ending, Finding, Rating, Report, Result, Verdict
from readiness.core.report import SCHEMA, to_document

HOST = "RH-4711"


def device_id(host_name: str) -> str:
    """The id of the computer with this name."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, host_name))


def document(
    *,
    report_id: str | None = None,
    host_name: str = HOST,
    asset_tag: str | None = "KS-20931",
    unit: str | None = None,
    verdict: Verdict = Verdict.NOT_READY,
    **extra: Any,
) -> dict[str, Any]:
    """A report's JSON values; `extra` are fields of a newer version."""
    activities = dict.fromkeys(Activity, Verdict.READY) | {Activity.BE_SEEN: verdict}
    computer = Computer(
        device_id=device_id(host_name),
        host_name=host_name,
        system="Windows 11 23H2",
        model="Latitude 5440",
        asset_tag=asset_tag,
        unit=unit,
        drivers={"camera": "10.0.22621.1"},
        network_kind="wifi",
    )
    results = (
        Result(
            check_id="camera",
            ending=Ending.COMPLETED,
            started_utc="2026-11-24T08:00:01Z",
            seconds=2.5,
            evidence={
                "problem": "absent",
                "frame_rate_hz": 29.97,
                "memory_bytes": 8_123_456_789,
                "dark": False,
            },
            findings=(
                Finding(code="camera.absent", verdict=Verdict.NOT_READY, activities=(Activity.BE_SEEN,)),
                Finding(code="camera.of_tomorrow", verdict=Verdict.LIMITED, arguments={"level_dbfs": -12.5}),
            ),
        ),
        Result(
            check_id="microphone",
            ending=Ending.TIMED_OUT,
            reason="no answer from the driver",
            started_utc="2026-11-24T08:00:01Z",
            seconds=20.0,
        ),
    )
    report = Report(
        schema=SCHEMA,
        id=report_id or str(uuid.uuid4()),
        created_utc="2026-11-24T08:00:00Z",
        app_version="0.1.0",
        computer=computer,
        rating=Rating(
            profile_id="organisation",
            profile_version="1",
            overall=verdict,
            activities=activities,
            deciding=("camera.absent", "microphone"),
        ),
        services=(Rating(profile_id="teams", profile_version="1", overall=verdict, activities=activities),),
        results=results,
    )
    return to_document(report) | extra


def body(**changes: Any) -> bytes:
    """The same as it travels."""
    return json.dumps(document(**changes), ensure_ascii=False).encode()
