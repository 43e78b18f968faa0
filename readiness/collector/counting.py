"""What the pages about the whole organisation count, each by its name among the figures that are remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from readiness.collector import choices, overview, patterns, requirements, roster
from readiness.collector.overview import Missing, Overview
from readiness.collector.remembering import Remembered
from readiness.collector.tables import report

Clock = Callable[[], datetime]
Look = Callable[[Connection], Any]


class Counting:
    """The figures over the fleet. Its methods block."""

    def __init__(self, remembered: Remembered, clock: Clock) -> None:
        self._remembered = remembered
        self._clock = clock

    def overview(self, stale_after: timedelta) -> Overview:
        """How many stand how."""
        return self._remembered.figures(*_overview(self._clock, stale_after))

    def needs(self, stale_after: timedelta) -> tuple[Missing, ...]:
        """What is missing."""
        return self._remembered.figures(*_needs(self._clock, stale_after))

    def clusters(self) -> tuple[patterns.Cluster, ...]:
        """Each finding that stands somewhere."""
        return self._remembered.figures("clusters", patterns.clusters)

    def pattern(self, code: str) -> patterns.Pattern | None:
        """One finding in detail; None where it stands nowhere."""
        found = next((one for one in self.clusters() if one.code == code), None)
        if found is None:
            return None
        spread = self._remembered.figures("everyone", patterns.everyone)
        return self._remembered.figures(
            f"pattern {code}", lambda connection: patterns.pattern(connection, code, found, spread)
        )

    def units(self) -> tuple[str, ...]:
        """The units there are."""
        return self._remembered.figures("units", roster.units)

    def reports(self) -> int:
        """How many reports are kept."""
        return self._remembered.figures("reports", _reports)


def start(remembered: Remembered, clock: Clock) -> None:
    """Have the figures counted that nobody shall wait for, and counted again."""
    requirements.shipped(requirements.folder())  # read once, and not by the first who asks
    stale_after = choices.Choices().stale_after
    remembered.start(
        _overview(clock, stale_after),
        _needs(clock, stale_after),
        ("clusters", patterns.clusters),
        ("everyone", patterns.everyone),
        ("units", roster.units),
        ("reports", _reports),
    )


def _overview(clock: Clock, stale_after: timedelta) -> tuple[str, Callable[[Connection], Overview]]:
    return f"overview {stale_after}", lambda connection: overview.overview(connection, clock(), stale_after)


def _needs(clock: Clock, stale_after: timedelta) -> tuple[str, Callable[[Connection], tuple[Missing, ...]]]:
    return f"needs {stale_after}", lambda connection: overview.needs(connection, clock(), stale_after)


def _reports(connection: Connection) -> int:
    return connection.scalar(select(func.count(report.c.number))) or 0
