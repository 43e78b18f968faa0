"""The real calls of tests/golden, and the classes that each of their numbers counts as."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "golden" / "calls.jsonl"
CLASSES = ("good", "degraded", "bad", "failed")
NEAR = 0.2
"""A number within 20 % of a limit counts as either class: calls differ from one to the next."""

Call = Mapping[str, Any]


def calls(link: str | None = None) -> Iterator[Call]:
    """All calls, or those over one link, given in the words of link.c."""
    for line in FILE.read_text().splitlines():
        call = json.loads(line)
        if link is None or _same(call["link"]) == _same(link):
            yield call


def classes(call: Call, way: str, cell: str) -> set[str]:
    """What the call was like in one direction: audio or video_360."""
    if not call["connected"]:
        return {"failed"}
    figures = call[way]
    if cell == "audio":
        delay_ms = figures["rtt_ms"] / 2 + figures["buffer_ms"]
        return _worst(_near(figures["concealed_percent"], 3, 7), _near(delay_ms, 200, 350))
    still = _worst(_near(figures["still_percent"], 2, 10), _near(-figures["frames_per_second"], -20, -8))
    if call["film"] != "plain" or figures["quantiser"] is None:
        return _worst(still, _near(-figures["picture_kbps"], -150, -62))
    small = {"good"} if figures["lines"] >= 252 else {"degraded"} if figures["lines"] >= 180 else {"bad"}
    return _worst(still, small, _near(figures["quantiser"], 40, 75))


def _near(value: float, *limits: float) -> set[str]:
    """The class of a number, and the other one of every limit that it is near; more is worse."""
    found = {CLASSES[sum(value > limit for limit in limits)]}
    for index, limit in enumerate(limits):
        if abs(value - limit) <= NEAR * abs(limit):
            found |= {CLASSES[index], CLASSES[index + 1]}
    return found


def _worst(*possible: set[str]) -> set[str]:
    """The worst of several numbers, each of one of several classes."""
    found = {"good"}
    for more in possible:
        found = {max(a, b, key=CLASSES.index) for a in found for b in more}
    return found


def _same(link: str) -> str:
    return " ".join(sorted(link.replace("jdist=", "shape=").split()))
