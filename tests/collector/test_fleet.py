"""What reports do to the fleet's tables, and what those then say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from readiness.collector import overview, patterns, roster, tables
from readiness.collector.database import Database
from readiness.collector.overview import State
from readiness.collector.roster import Filter
from readiness.collector.store import Store
from readiness.core.model import Activity, Verdict
from tests.collector import samples

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Reports:
    """Stores reports as if they came at a time of one's choosing."""

    def __init__(self, database: Database) -> None:
        self.now = NOW
        self.store = Store(database, clock=lambda: self.now)

    def come(
        self,
        host: str,
        verdict: Verdict = Verdict.READY,
        *,
        at: datetime = NOW,
        findings: Mapping[str, str | None] | None = None,
        partial: bool = False,
        computer: Mapping[str, Any] | None = None,
    ) -> None:
        """`findings` are codes of the camera, all of `verdict`, with their needs."""
        self.now = at
        document = samples.document(host_name=host, verdict=verdict)
        document["created_utc"] = f"{at - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
        document["rating"]["partial"] = partial
        document["computer"].update(computer or {})
        document["results"][0]["findings"] = [
            {"code": code, "verdict": verdict.value, "activities": ["be_seen"], "arguments": {}, "evidence": [], "need": need}
            for code, need in (findings or {}).items()
        ]  # fmt: skip
        self.store.add(json.dumps(document).encode())


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database)


def states_of(database: Database, now: datetime = NOW) -> dict[State, int]:
    with database.reading() as connection:
        return {
            state: count for state, count in overview.overview(connection, now).all.states.items() if count
        }


def test_each_computer_counts_once_in_one_state(database: Database, reports: Reports) -> None:
    for verdict in Verdict:
        reports.come(f"PC-{verdict}", verdict)
    reports.come("PC-READY", Verdict.NOT_READY, at=NOW + timedelta(minutes=5))
    assert states_of(database) == {State.LIMITED: 1, State.NOT_READY: 2, State.UNKNOWN: 1}


def test_an_older_report_that_comes_late_changes_nothing(database: Database, reports: Reports) -> None:
    reports.come("PC-1", Verdict.READY)
    reports.come("PC-1", Verdict.NOT_READY, at=NOW - timedelta(days=2))
    assert states_of(database) == {State.READY: 1}


def test_a_run_of_chosen_checks_tells_only_that_the_computer_is_there(database: Database, reports: Reports) -> None:  # fmt: skip
    reports.come("PC-1", Verdict.NOT_READY, partial=True)
    assert states_of(database) == {State.UNKNOWN: 1}
    reports.come("PC-1", Verdict.READY)
    reports.come("PC-1", Verdict.NOT_READY, partial=True, at=NOW + timedelta(minutes=1))
    assert states_of(database) == {State.READY: 1}


def test_stale_unreachable_and_never_are_kept_apart(database: Database, reports: Reports) -> None:
    long_ago = NOW - timedelta(days=200)
    reports.come("OLD", at=long_ago)
    reports.come("HEARD", at=long_ago)
    reports.come("HEARD", partial=True)
    reports.come("FRESH")
    with database.writing() as connection:
        connection.execute(insert(tables.expected).values(name="new", shown="NEW", unit="Skolan"))
    assert states_of(database) == {State.UNREACHABLE: 1, State.STALE: 1, State.READY: 1, State.NEVER: 1}


def test_whom_it_expects_is_known_again_by_host_name_or_asset_tag(database: Database, reports: Reports) -> None:  # fmt: skip
    with database.writing() as connection:
        for name in ("rh-1", "ks-7", "rh-2"):
            connection.execute(insert(tables.expected).values(name=name, shown=name.upper(), unit=None))
    reports.come("RH-1", computer={"asset_tag": None})
    reports.come("Other", computer={"asset_tag": " KS-7 "})
    assert states_of(database) == {State.READY: 2, State.NEVER: 1}
    with database.reading() as connection:
        left = connection.execute(
            select(tables.expected.c.shown).where(tables.expected.c.computer_number.is_(None))
        )
        assert left.scalars().all() == ["RH-2"]


def test_activities_are_counted_unit_by_unit(database: Database, reports: Reports) -> None:
    reports.come("A", Verdict.NOT_READY, computer={"unit": "Skolan"})
    reports.come("B", Verdict.READY, computer={"unit": "Skolan"})
    reports.come("C", Verdict.LIMITED, computer={"unit": "Äldreomsorgen"})
    reports.come("D", Verdict.READY, computer={"unit": None})
    with database.reading() as connection:
        seen = overview.overview(connection, NOW)
    assert [(group.unit, group.known, group.ready) for group in seen.units] == [
        ("Skolan", 2, 1),
        ("Äldreomsorgen", 1, 1),
        (None, 1, 1),
    ]
    assert seen.all.can == {
        Activity.LISTEN: 4,
        Activity.TALK: 4,
        Activity.BE_SEEN: 3,
        Activity.SHARE_SCREEN: 4,
    }


def test_needs_add_up_and_tell_what_one_purchase_would_do(database: Database, reports: Reports) -> None:
    camera, headset = {"camera.absent": "camera"}, {"microphone.absent": "headset"}
    reports.come("A", Verdict.NOT_READY, findings=camera, computer={"unit": "Skolan"})
    reports.come("B", Verdict.NOT_READY, findings=camera | headset, computer={"unit": "Skolan"})
    reports.come("C", Verdict.NOT_READY, findings=headset, computer={"unit": "Vården"})
    reports.come("D", Verdict.READY)
    with database.reading() as connection:
        missing = overview.needs(connection, NOW)
    assert [(need.need, need.computers, need.alone, need.units) for need in missing] == [
        ("camera", 2, 1, (("Skolan", 2),)),
        ("headset", 2, 1, (("Skolan", 1), ("Vården", 1))),
    ]


def test_one_cause_is_one_cluster_with_what_it_has_in_common(database: Database, reports: Reports) -> None:
    for number in range(9):
        broken = number < 4
        reports.come(
            f"PC-{number}",
            Verdict.NOT_READY if broken else Verdict.READY,
            findings={"camera.no_frames": "camera"} if broken else {},
            computer={"model": "Latitude 5440" if number < 5 else "ThinkPad L14"},
        )
    with database.reading() as connection:
        (cluster,) = patterns.clusters(connection)
        found = patterns.pattern(connection, "camera.no_frames")
        assert patterns.pattern(connection, "camera.absent") is None
    assert (cluster.code, cluster.computers, cluster.not_ready) == ("camera.no_frames", 4, 4)
    assert found is not None
    assert found.likely is not None
    dimension, share = found.likely
    assert (dimension, share.value, share.affected, share.all) == ("model", "Latitude 5440", 4, 5)


def test_a_finding_keeps_the_day_it_was_first_found(database: Database, reports: Reports) -> None:
    reports.come("A", Verdict.LIMITED, findings={"camera.soft": None}, at=NOW - timedelta(days=9))
    reports.come("A", Verdict.LIMITED, findings={"camera.soft": None, "camera.noisy": None})
    with database.reading() as connection:
        first = {cluster.code: cluster.first for cluster in patterns.clusters(connection)}
    assert first["camera.soft"] == NOW - timedelta(days=9, minutes=1)
    assert first["camera.noisy"] == NOW - timedelta(minutes=1)
    reports.come("A", Verdict.READY, at=NOW + timedelta(days=1))
    with database.reading() as connection:
        assert patterns.clusters(connection) == ()


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), ["A", "B", "C"]),
        (Filter(unit="Skolan"), ["A", "B"]),
        (Filter(unit=""), ["C"]),
        (Filter(state=State.NOT_READY), ["A"]),
        (Filter(need="camera"), ["A"]),
        (Filter(code="camera.absent"), ["A"]),
        (Filter(model="none such"), []),
        (Filter(search=" b"), ["B"]),
        (Filter(search="%"), []),
        (Filter(unit="Skolan", state=State.READY), ["B"]),
    ],
)
def test_computers_are_listed_by_what_is_asked_for(
    database: Database, reports: Reports, wanted: Filter, names: list[str]
) -> None:
    school = {"unit": "Skolan", "asset_tag": None}
    reports.come("A", Verdict.NOT_READY, findings={"camera.absent": "camera"}, computer=school)
    reports.come("B", Verdict.READY, computer=school)
    reports.come("C", Verdict.LIMITED, computer={"asset_tag": None})
    with database.reading() as connection:
        found, more = roster.computers(connection, wanted, NOW)
    assert [known.host_name for known in found] == names
    assert not more


def test_a_long_list_goes_on_where_the_page_ended(database: Database, reports: Reports) -> None:
    for number in range(5):
        reports.come(f"PC-{number}")
    with database.reading() as connection:
        first, more = roster.computers(connection, Filter(), NOW, size=3)
        assert more
        rest, more = roster.computers(connection, Filter(), NOW, after=first[-1].place, size=3)
    assert [known.host_name for known in (*first, *rest)] == [f"PC-{number}" for number in range(5)]
    assert not more


def test_a_computers_reports_stand_newest_first(database: Database, reports: Reports) -> None:
    reports.come("A", Verdict.NOT_READY, at=NOW - timedelta(days=1))
    reports.come("A", Verdict.READY)
    reports.come("B", Verdict.READY)
    with database.reading() as connection:
        (known, _), _ = roster.computers(connection, Filter(), NOW)
        past = roster.history(connection, known.device_id)
    assert [row.overall for row in past] == ["READY", "NOT_READY"]
