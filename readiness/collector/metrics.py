"""Figures for Prometheus: how the fleet stands and whether the collector's parts work. Nobody is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select

from readiness import __version__
from readiness.collector import choices, webhook
from readiness.collector.access import Reader
from readiness.collector.counting import Counting
from readiness.collector.overview import State
from readiness.collector.tables import report
from readiness.collector.web import Site, require_reader, site_of
from readiness.core.model import Activity

router = APIRouter()


@router.get("/metrics")
async def metrics(request: Request, _reader: Annotated[Reader, Depends(require_reader)]) -> Response:
    """In Prometheus' text format; an account that may read is its user."""
    site = site_of(request)
    written = await anyio.to_thread.run_sync(lambda: _written(site))
    return Response(written, headers={"content-type": CONTENT_TYPE_LATEST})


def _written(site: Site) -> bytes:
    now = site.clock()
    with site.database.reading() as connection:
        stale_after = choices.chosen(connection).stale_after
        newest = connection.scalar(select(report.c.received_at).order_by(report.c.number.desc()).limit(1))
    registry = _fleet(site.counting, stale_after, newest)
    gauge = Gauge("motesklar_reflector_up", "Whether the reflector's process runs.", registry=registry)
    gauge.set(1 if site.reflector is not None and site.reflector.runs else 0)
    late = webhook.late(site.database, now)
    Gauge(
        "motesklar_webhook_late_events", "Events that wait for an hour or were given up.", registry=registry
    ).set(late or 0)
    Gauge("motesklar_info", "The version.", ["version"], registry=registry).labels(__version__).set(1)
    return generate_latest(registry)


def _fleet(counting: Counting, stale_after: timedelta, newest: datetime | None) -> CollectorRegistry:
    registry = CollectorRegistry()
    seen = counting.overview(stale_after).all
    states = Gauge("motesklar_computers", "Computers, by how they stand.", ["state"], registry=registry)
    for state in State:
        states.labels(state.value).set(seen.states.get(state, 0))
    able = Gauge("motesklar_computers_able", "Computers that can do it.", ["activity"], registry=registry)
    for activity in Activity:
        able.labels(activity.value).set(seen.can.get(activity, 0))
    Gauge("motesklar_reports", "Reports that are kept.", registry=registry).set(counting.reports())
    if newest is not None:
        Gauge(
            "motesklar_newest_report_timestamp_seconds", "When the newest report came.", registry=registry
        ).set(newest.timestamp())
    return registry
