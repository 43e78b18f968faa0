from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.core.model import Activity, Computer, Ending, Finding, Need, Rating, Report, Result, Verdict
from readiness.core.profile import Profile
from readiness.core.report import (
    DEEPEST_NESTING,
    LARGEST_REPORT_BYTES,
    ReportError,
    compose,
    from_document,
    from_json,
    json_schema,
    new_id,
    redacted,
    to_document,
    to_json,
)

RATING = Rating(
    profile_id="organisation",
    profile_version="1",
    overall=Verdict.LIMITED,
    activities={Activity.TALK: Verdict.LIMITED, Activity.LISTEN: Verdict.READY},
    deciding=("microphone.quiet",),
    partial=False,
)
REPORT = Report(
    schema=1,
    id="0b8f3c52-6c5d-4c55-9d0a-3f5f6d2b7a10",
    created_utc="2026-11-24T08:00:00Z",
    app_version="0.1.0",
    computer=Computer(
        device_id="d1",
        host_name="dator-å",
        system="Debian 12",
        drivers={"camera": "uvcvideo 6.1"},
        user_name="anna",
        wifi_name="Hemma",
        serial_number="123",
    ),
    rating=RATING,
    services=(dataclasses.replace(RATING, profile_id="teams"),),
    results=(
        Result(
            check_id="microphone",
            ending=Ending.COMPLETED,
            started_utc="2026-11-24T08:00:01Z",
            seconds=2.5,
            evidence={"peak_dbfs": -30.5, "names": ["a", None, True, {"b": 1}]},
            findings=(
                Finding(
                    code="microphone.quiet",
                    verdict=Verdict.LIMITED,
                    activities=(Activity.TALK,),
                    arguments={"peak_dbfs": -30.5},
                    evidence=("peak_dbfs",),
                    need=Need.HEADSET,
                ),
            ),
        ),
        Result(
            check_id="camera",
            ending=Ending.CRASHED,
            reason="OSError: no",
            started_utc="2026-11-24T08:00:01Z",
            seconds=0.5,
        ),
    ),
)
PLACES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "report": lambda report: report,
    "computer": lambda report: report["computer"],
    "rating": lambda report: report["rating"],
    "service": lambda report: report["services"][0],
    "result": lambda report: report["results"][1],
    "finding": lambda report: report["results"][0]["findings"][0],
}


def document() -> dict[str, Any]:
    return json.loads(to_json(REPORT))  # type: ignore[no-any-return]


def test_there_and_back() -> None:
    assert from_json(to_json(REPORT)) == REPORT
    assert from_json(to_json(REPORT, indent=2).encode()) == REPORT


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(), min_size=1), st.text())
def test_indented_a_row_of_numbers_stands_on_one_line(numbers: list[float], text: str) -> None:
    told = dataclasses.replace(
        REPORT.results[0], evidence={"delay_ms": numbers, "name": f"[\n1,\n2\n]{text}"}
    )
    report = dataclasses.replace(REPORT, results=(told,))
    written = to_json(report, indent=2)
    assert json.loads(written) == json.loads(to_json(report))
    (line,) = [line for line in written.splitlines() if '"delay_ms"' in line]
    assert json.loads(line.strip().partition(":")[2].rstrip(",")) == numbers
    assert from_document(to_document(REPORT)) == REPORT


def test_keys_of_the_report() -> None:
    written = document()
    assert written["schema"] == 1
    assert written["rating"]["overall"] == "LIMITED"
    assert written["results"][0]["check_id"] == "microphone"
    assert written["results"][0]["findings"][0]["code"] == "microphone.quiet"
    assert "extra" not in json.dumps(written)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KNOWN = {
    field.name for kind in (Report, Computer, Rating, Result, Finding) for field in dataclasses.fields(kind)
} - {"extra"}
NEW_NAMES = (st.text(max_size=8) | st.sampled_from(["extra", "documents"])).filter(
    lambda name: name not in KNOWN
)


@given(st.sampled_from(sorted(PLACES)), st.dictionaries(NEW_NAMES, JSON, min_size=1, max_size=3))
def test_unknown_fields_survive_at_every_level(place: str, new: dict[str, Any]) -> None:
    received = document()
    PLACES[place](received).update(new)
    assert json.loads(to_json(from_document(received))) == received


def test_a_newer_schema_is_read_as_far_as_it_is_known() -> None:
    received = document() | {"schema": 7, "signature": {"by": "x"}}
    report = from_document(received)
    assert report.schema == 7
    assert report.extra == {"signature": {"by": "x"}}
    assert to_document(report) == received


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
@pytest.mark.parametrize("place", ["evidence", "unknown"])
def test_numbers_that_are_none_are_refused(number: str, place: str) -> None:
    received = document()
    (received["results"][0]["evidence"] if place == "evidence" else received)["x"] = ["HERE"]
    with pytest.raises(ReportError):
        from_json(json.dumps(received).replace('"HERE"', number))


def test_a_report_can_always_be_written() -> None:
    """Whatever a check put into it: what no JSON can hold is replaced, the rest is kept."""
    odd = dataclasses.replace(
        REPORT,
        computer=dataclasses.replace(
            REPORT.computer, host_name="dator-\udce5", drivers={"c\ud800": "\udfff"}
        ),
        results=(
            dataclasses.replace(
                REPORT.results[0],
                evidence={"a": math.nan, "b": [math.inf, {"c": -math.inf}], "d": "\ud83d\ude00", "e": 1.5},
            ),
        ),
    )
    written = json.loads(to_json(odd).encode("utf-8"))
    assert written["computer"]["host_name"] == "dator-�"
    assert written["results"][0]["evidence"] == {"a": None, "b": [None, {"c": None}], "d": "😀", "e": 1.5}
    from_document(written)


def test_depth_is_bounded() -> None:
    received = document()
    deep: Any = 1
    for _ in range(DEEPEST_NESTING):
        deep = [deep]
    received["deep"] = deep
    with pytest.raises(ReportError, match="deeper"):
        from_document(received)
    with pytest.raises(ReportError):
        from_json("[" * 500_000 + "]" * 500_000)
    received["deep"] = deep[0][0]
    assert from_document(received).extra["deep"] == deep[0][0]


@pytest.mark.parametrize("letter", ["x", "å", "😀"])
def test_size_is_bounded_in_bytes(letter: str) -> None:
    received = document()
    received["x"] = letter * (LARGEST_REPORT_BYTES // len(letter.encode()))
    text = json.dumps(received, ensure_ascii=False)
    for form in (text, text.encode()):
        with pytest.raises(ReportError, match="at most"):
            from_json(form)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "7", '"x"', "<html>", b"\xff\xfe\x00", b"\x00" * 9, "{}"]
)
def test_what_is_no_report(text: str | bytes) -> None:
    with pytest.raises(ReportError):
        from_json(text)


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ("report", "schema", 0),
        ("report", "schema", -1),
        ("report", "schema", "one"),
        ("report", "schema", None),
        ("report", "id", "7"),
        ("report", "id", 7),
        ("report", "id", "../../etc/passwd"),
        ("report", "created_utc", 7),
        ("report", "computer", None),
        ("report", "computer", []),
        ("report", "rating", "READY"),
        ("report", "services", {}),
        ("report", "services", [None]),
        ("report", "results", "none"),
        ("report", "results", [[]]),
        ("computer", "host_name", None),
        ("computer", "drivers", [1]),
        ("rating", "overall", "GREEN"),
        ("rating", "activities", {"talk": "perhaps"}),
        ("result", "ending", "EXPLODED"),
        ("result", "seconds", "long"),
        ("result", "evidence", []),
        ("finding", "code", None),
        ("finding", "verdict", 3),
    ],
)
def test_wrong_types_are_refused_with_the_place(place: str, name: str, value: object) -> None:
    received = document()
    PLACES[place](received)[name] = value
    with pytest.raises(ReportError) as caught:
        from_document(received)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["schema", "id", "created_utc", "app_version", "computer", "rating"])
def test_what_is_missing_is_named(name: str) -> None:
    received = document()
    del received[name]
    with pytest.raises(ReportError, match=name):
        from_document(received)


@given(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(KNOWN), JSON)))
def test_anything_else_is_a_report_error_and_nothing_worse(anything: Any) -> None:
    with pytest.raises(ReportError):
        from_document(anything)


@given(st.sampled_from(sorted(PLACES)), st.data())
def test_a_report_with_one_field_of_any_kind_is_refused_or_can_be_written(
    place: str, data: st.DataObject
) -> None:
    received = document()
    target = PLACES[place](received)
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(JSON)
    try:
        report = from_document(received)
    except ReportError:
        return
    assert from_json(to_json(report)) == report


def test_redaction_leaves_out_what_is_optional() -> None:
    bare = redacted(REPORT)
    assert bare.computer.user_name is bare.computer.wifi_name is bare.computer.serial_number is None
    assert dataclasses.replace(bare, computer=REPORT.computer) == REPORT
    assert not {"anna", "Hemma", "123"} & set(json.dumps(to_document(bare)).replace('"', " ").split())


def test_redaction_keeps_what_was_switched_on() -> None:
    computer = redacted(REPORT, frozenset({"wifi_name"})).computer
    assert (computer.user_name, computer.wifi_name, computer.serial_number) == (None, "Hemma", None)


def test_composing_rates_under_every_profile() -> None:
    profiles = [Profile(id=name, version="3", name=name) for name in ("organisation", "teams")]
    report = compose(
        report_id=new_id(),
        created_utc="2026-11-24T08:00:00Z",
        app_version="0.1.0",
        computer=REPORT.computer,
        results=REPORT.results,
        checks=(),
        profiles=profiles,
        chosen=None,
    )
    assert report.rating.profile_id == "organisation"
    assert [rating.profile_id for rating in report.services] == ["teams"]
    assert report.rating.overall is Verdict.UNKNOWN
    assert report.results == REPORT.results
    assert from_json(to_json(report)) == report


def test_ids_are_unique() -> None:
    assert len({new_id() for _ in range(100)}) == 100


def test_the_schema_describes_a_report() -> None:
    schema = json_schema()
    assert set(document()) == set(schema["properties"])
    assert '"extra"' not in json.dumps(schema)
