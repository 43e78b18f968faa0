"""A line in numbers, with the words of tests/lab/link.c: what a stream over it would have recorded."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable
from statistics import NormalDist

from readiness.network.schedule import Segment, Shape, departures
from readiness.network.stamp import IP_UDP_BYTES
from readiness.network.traces import Flight

MS = 1_000_000


def wishes(parameters: str, way: str) -> dict[str, str]:
    """The words for one direction."""
    found = {}
    for word in parameters.split():
        name, _, value = word.partition("=")
        owner, _, plain = name.rpartition(".")
        if owner in ("", way):
            found[{"jdist": "shape"}.get(plain, plain)] = value
    return found


def delay_ms(parameters: str, way: str) -> float:
    found = wishes(parameters, way)
    return float(found.get("delay", 0)) or float(found.get("rtt", 0)) / 2


def rate_kbps(parameters: str, way: str) -> float | None:
    value = wishes(parameters, way).get("rate")
    if value is None:
        return None
    return float(value.removesuffix("M")) * (1000 if value.endswith("M") else 1)


def queue_ms(parameters: str, way: str) -> float:
    return float(wishes(parameters, way).get("queue", "100ms").removesuffix("ms"))


def call(parameters: str, way: str, *, seconds: float, seed: int, kbps: int = 800) -> list[Flight]:
    """A call below the line's rate, as the check would send it."""
    rate = rate_kbps(parameters, way)
    if rate is not None:
        kbps = max(0, min(kbps, int(0.85 * rate) - 65))
    plan = departures((Segment(Shape.CALL, kbps, int(seconds * 1000)),))
    return flights(parameters, way, sorted(plan), seed)


def flights(parameters: str, way: str, plan: Iterable[tuple[int, int]], seed: int) -> list[Flight]:
    wish = wishes(parameters, way)
    chance = random.Random(f"{seed}{way}")
    rate, jitter = rate_kbps(parameters, way), float(wish.get("jitter", 0))
    jcorr, shape = float(wish.get("jcorr", 0)), wish.get("shape", "normal")
    loss = float(wish.get("loss", 0)) / 100
    share, length = (float(part) for part in wish.get("burst", "0/1").split("/"))
    every, lasts = (float(part) for part in wish.get("outage", "0/0").split("/"))
    free = wander = latest = 0.0
    wandered, bad = -math.inf, False
    begun = chance.uniform(0, every) if every else 0.0
    found = []
    for at_ns, size in plan:
        at = at_ns / MS
        leaves = at
        if rate is not None:
            free = max(free, at) + (size + IP_UDP_BYTES) * 8 / rate
            leaves = free
        keep = math.exp((wandered - at) / jcorr) if jcorr and wandered > -math.inf else 0.0
        wander = keep * wander + math.sqrt(1 - keep * keep) * chance.gauss(0, 1)
        wandered = at
        extra = jitter * wander
        if shape.startswith("e"):
            extra = -jitter * math.log(1 - NormalDist().cdf(wander) + 1e-12)
        gone = bool(every) and (at + begun) % every >= every - lasts
        if share:
            into = share / (100 - share) / length
            bad = chance.random() >= 1 / length if bad else chance.random() < into
            gone = gone or bad
        gone = gone or chance.random() < loss
        if gone:
            found.append(Flight(at_ns, size, None))
            continue
        arrives = latest = max(latest, leaves + max(0.0, delay_ms(parameters, way) + extra))
        found.append(Flight(at_ns, size, int(arrives * MS)))
    return found


def is_still(parameters: str) -> bool:
    """Whether nothing on the line is left to chance."""
    return not re.search(r"jitter|loss|burst|outage", parameters)
