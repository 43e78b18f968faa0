"""Delivering what waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core.report import to_document
from readiness.core.text import Text
from readiness.submission.client import CollectorClient, DeliveryError
from readiness.submission.outbox import Entry, Outbox, State


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What came of sending one report."""

    report_id: str
    state: State
    reason: Text | None = None
    receipt: str | None = None


async def deliver(outbox: Outbox, client: CollectorClient, only: str | None = None) -> tuple[Delivery, ...]:
    """Send what waits, oldest first, or the one report with the id `only`.

    Where another process is sending, that one does it: the reports are left waiting. When one
    cannot be sent for the time being, those behind it are not tried.
    """
    entries = [entry for entry in outbox.waiting() if only in (None, entry.report_id)]
    if not entries:
        return ()
    deliveries: list[Delivery] = []
    with outbox.lock() as ours:
        if not ours:
            reason = Text(
                sv="Ett annat fönster skickar rapporter just nu.",
                en="Another window is sending reports right now.",
            )
            return tuple(
                Delivery(report_id=entry.report_id, state=State.WAITING, reason=reason) for entry in entries
            )
        for entry in entries:
            delivery, go_on = await _one(outbox, client, entry)
            deliveries.append(delivery)
            if not go_on:
                break
    return tuple(deliveries)


async def _one(outbox: Outbox, client: CollectorClient, entry: Entry) -> tuple[Delivery, bool]:
    assert entry.report is not None  # only corrupt entries have none, and those do not wait
    try:
        receipt = await client.submit(to_document(entry.report))
    except DeliveryError as error:
        outbox.failed(entry, error.text, final=not error.retry)
        state = State.WAITING if error.retry else State.REFUSED
        return Delivery(report_id=entry.report_id, state=state, reason=error.text), not error.retry
    outbox.delivered(entry, receipt)
    return Delivery(report_id=entry.report_id, state=State.DELIVERED, receipt=receipt), True
