"""Delivery: what waits in the outbox goes to the collector, and the outbox learns how that went."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from readiness.core.text import Text
from readiness.submission.client import CollectorClient
from readiness.submission.failures import DeliveryError
from readiness.submission.outbox import Entry, Outbox, OutboxError, State, is_left_alone

_NOT_NOTED = Text(
    sv="Rapporten kom fram, men den här datorn kunde inte anteckna det. Den skickas en gång till. Det gör inget.",
    en="The report arrived, but this computer could not note that. It will be sent once more. That is harmless.",
)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How it went for one report. `reason` is what people should know, also about one that arrived.

    `kept` False: the disk did not take it (full, read-only), so it waits nowhere.
    """

    report_id: str
    state: State
    reason: Text | None = None
    receipt: str | None = None
    kept: bool = True


async def deliver(outbox: Outbox, client: CollectorClient, only: str | None = None) -> tuple[Delivery, ...]:
    """Try to send what waits, the oldest first, or only the report `only`, refused ones too.

    A fault that would meet every report (no network, a wrong key) ends the round: the others keep
    waiting with the same reason. So they do while the collector has asked to be left alone, unless
    one report is asked for. Damaged files are told first. Raises OutboxError where the outbox cannot
    be read at all.
    """
    entries = await asyncio.to_thread(outbox.entries)
    if only is not None:
        chosen = [entry for entry in entries if entry.report_id == only and entry.state is not State.CORRUPT]
    else:
        chosen = [entry for entry in entries if entry.state is State.WAITING]
    deliveries = [_as_it_stands(entry) for entry in entries if entry.state is State.CORRUPT and only is None]
    hopeless: Text | None = None
    if only is None:
        hopeless = next((entry.reason for entry in chosen if is_left_alone(entry)), None)
    for entry in chosen:
        if entry.state is State.DELIVERED:
            deliveries.append(_as_it_stands(entry))
        elif hopeless is not None:
            deliveries.append(Delivery(report_id=entry.report_id, state=State.WAITING, reason=hopeless))
        else:
            try:
                receipt = await client.submit(entry.document)
            except DeliveryError as error:
                deliveries.append(await asyncio.to_thread(_failed, outbox, entry, error))
                hopeless = error.text if error.affects_all else None
            else:
                deliveries.append(await asyncio.to_thread(_delivered, outbox, entry, receipt, client))
    return tuple(deliveries)


def _as_it_stands(entry: Entry) -> Delivery:
    return Delivery(report_id=entry.report_id, state=entry.state, reason=entry.reason, receipt=entry.receipt)


def _failed(outbox: Outbox, entry: Entry, error: DeliveryError) -> Delivery:
    try:
        return _as_it_stands(
            outbox.failed(
                entry,
                error.text,
                final=not error.retry,
                wait_seconds=(error.wait_seconds or 0.0) if error.affects_all else 0.0,
            )
        )
    except OutboxError:
        # Only the note is lost: the report waits as it did before.
        return Delivery(report_id=entry.report_id, state=State.WAITING, reason=error.text)


def _delivered(outbox: Outbox, entry: Entry, receipt: str, client: CollectorClient) -> Delivery:
    reason = client.clock_warning
    try:
        outbox.delivered(entry, receipt)
    except OutboxError:
        # The next round sends it again, and is given the same receipt.
        reason = _NOT_NOTED
    return Delivery(report_id=entry.report_id, state=State.DELIVERED, reason=reason, receipt=receipt)
