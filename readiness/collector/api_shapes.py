"""The shapes of what programs send and get, for the description of the interface (OpenAPI)."""

from __future__ import annotations

import json
from typing import Any

from readiness.core.report import json_schema

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_VERDICT = {"type": "string", "enum": ["READY", "LIMITED", "NOT_READY", "UNKNOWN"]}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def refusals(*codes: tuple[int, str]) -> dict[int | str, dict[str, Any]]:
    """The errors that a route may answer, for the description of the API."""
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": what, "content": error} for status, what in codes}


def describe(openapi: dict[str, Any]) -> dict[str, Any]:
    """`openapi` with the shapes of reports, answers and errors, and the ways to sign in."""
    moved = json.dumps(json_schema()).replace('"#/$defs/', '"#/components/schemas/')
    report = json.loads(moved)
    listed = _object(
        id=_TEXT,
        receipt=_TEXT,
        received_utc=_TEXT,
        created_utc=_MAYBE_TEXT,
        host_name=_TEXT,
        asset_tag=_MAYBE_TEXT,
        unit=_MAYBE_TEXT,
        case=_MAYBE_TEXT,
        model=_MAYBE_TEXT,
        system=_TEXT,
        profile_id=_TEXT,
        overall=_VERDICT,
        activities={"type": "object", "additionalProperties": _VERDICT},
        partial={"type": "boolean"},
    )
    components = openapi.setdefault("components", {})
    components["schemas"] = {
        **components.get("schemas", {}),
        **report.pop("$defs", {}),
        "Report": report,
        "Receipt": _object(id=_TEXT, receipt=_TEXT, received_utc=_TEXT),
        "ReportList": _object(reports={"type": "array", "items": listed}, next={"type": ["integer", "null"]}),
        "Health": {
            **_object(
                service=_TEXT,
                version=_TEXT,
                time_utc=_TEXT,
                status=_TEXT,
                reason=_TEXT,
                parts=_object(store=_TEXT, webhook=_TEXT, reflector=_TEXT),
            ),
            "required": ["service", "version", "time_utc", "status", "parts"],
        },
        "EnrolmentWish": _object(device_id={"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,100}$"}),
        "Enrolment": _object(token=_TEXT, device_id=_TEXT, unit=_MAYBE_TEXT),
        "Holder": _object(device_id=_TEXT, unit=_MAYBE_TEXT),
        "SessionWish": {"type": "object", "properties": {"light": {"type": "boolean"}}},
        "Session": _object(
            id={"type": "integer"},
            key=_TEXT,
            host=_MAYBE_TEXT,
            port={"type": "integer"},
            limits=_object(seconds={"type": "integer"}, kbps={"type": "integer"}, bytes={"type": "integer"}),
        ),
        "Error": _object(error=_object(code=_TEXT, message=_object(sv=_TEXT, en=_TEXT))),
    }
    components["securitySchemes"] = {
        "enrolment_key": {"type": "http", "scheme": "bearer", "description": "An enrolment key from IT"},
        "device_token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A computer's own token, given for an enrolment key",
        },
        "session": {"type": "apiKey", "in": "cookie", "name": "motesklar_session"},
        "password": {"type": "http", "scheme": "basic", "description": "A local account"},
    }
    return openapi
