"""The link and the ways to gateway, collector and service, side by side: runs in the probe process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from readiness.network.link import ANYWHERE, Link, LinkReader
from readiness.network.pinging import Echoes, Plan, figures, ping_all
from readiness.network.this_link import system_reader

_FEW, _SHORT, _LONG = 30, 60, 180
"""Questions: where a call has just lost nothing, as a rule, and in all where a loss may be chance."""
_NEAR_PERCENT = 1.0
"""Not a limit of quality: while less than this could still be more, it is worth asking longer."""


def measure(
    arguments: Mapping[str, Any],
    progress: Any,
    reader: LinkReader | None = None,
    interval_seconds: float = 0.033,
) -> dict[str, Any]:
    """`targets` maps collector and service to address and open port; the gateway is found here.

    `clean`: a call over the line has just lost nothing, so that there is no loss to place.
    """
    begun = time.perf_counter()
    wanted = {
        name: (str(address), None if port is None else int(port))
        for name, (address, port) in arguments["targets"].items()
    }
    towards = next((address for address, _ in wanted.values()), ANYWHERE)
    link = (reader or system_reader()).read(towards)
    progress({"fraction": 0.2})
    targets = {**({"gateway": (link.gateway, None)} if link.gateway else {}), **wanted}
    asked = _FEW if arguments.get("clean") else _SHORT
    plan = Plan(count=asked, interval_seconds=interval_seconds)
    results = ping_all(targets, plan)
    progress({"fraction": 0.6})
    if any(_undecided(echoes) for echoes in results.values()):
        longer = Plan(count=_LONG - asked, interval_seconds=interval_seconds / 2)
        more = ping_all(targets, longer)
        results = {name: _joined(results[name], more[name]) for name in results}
    return {
        "link": _link_figures(link),
        **{name: figures(echoes) for name, echoes in results.items()},
        "seconds": round(time.perf_counter() - begun, 2),
    }


def _undecided(echoes: Echoes | None) -> bool:
    """Something was lost, and it is not clear whether it was chance."""
    found = figures(echoes)
    return bool(found) and found["lost"] > 0 and found["loss_percent_low"] < _NEAR_PERCENT


def _joined(first: Echoes | None, second: Echoes | None) -> Echoes | None:
    if first is None or second is None or first.method != second.method:
        return first or second
    return Echoes(
        method=first.method, sent=first.sent + second.sent, rtts_ms=[*first.rtts_ms, *second.rtts_ms]
    )


def _link_figures(link: Link) -> dict[str, Any]:
    return {name: value for name, value in vars(link).items() if name != "gateway"}
