"""What a profile demands of the system and the programs: dates of support, and versions."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Confidence = Literal["official", "third_party", "unverified", "own_choice"]

PROGRAM_NAMES: Mapping[str, str] = {
    "teams": "Microsoft Teams",
    "teams_classic": "Microsoft Teams (classic)",
    "zoom": "Zoom",
    "webex": "Webex",
    "edge": "Microsoft Edge",
    "chrome": "Google Chrome",
    "chromium": "Chromium",
    "firefox": "Firefox",
    "safari": "Safari",
}
"""The meeting programs and browsers that are looked for: id to name. No other program is listed."""


@dataclass(frozen=True, kw_only=True)
class SystemSupport:
    """Until when the maker mends faults in one family of systems.

    `ends` maps a release to the last day: the build on Windows (`26100`, or `19045.6575` from that
    revision on), the version elsewhere (`12`, `22.04`). `editions` are Windows' own names of those
    that the row is for; a row without any holds for all that no other row names.
    """

    system: str
    name: str
    editions: tuple[str, ...] = ()
    ends: Mapping[str, datetime.date] = field(default_factory=dict)
    source: str
    retrieved: datetime.date
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ProgramDemand:
    """What is asked of one program or browser.

    Below `required` it does not do for a meeting, below `recommended` poorly; versions are compared
    number by number. `retired` is the last day that the program could be used at all. `presence` says
    that the program must (`required`) or should (`recommended`) be installed; without it, another way
    into the meeting is as good.
    """

    program: str
    required: str | None = None
    recommended: str | None = None
    retired: datetime.date | None = None
    presence: Literal["required", "recommended"] | None = None
    source: str
    retrieved: datetime.date
    confidence: Confidence
    note: str = ""


@functools.lru_cache(maxsize=4096)
def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers that can be compared: `1:131.0.2-1` is (131, 0, 2); () where there are none."""
    plain = re.split(r"[-~+ (]", version.strip().rpartition(":")[2])[0]
    numbers = [int(part[:18]) for part in re.findall(r"[0-9]+", plain)[:8]]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def support_of(
    systems: Sequence[SystemSupport], system: str, release: str, edition: str | None
) -> datetime.date | None:
    """The last day of support; None where the release is not known, or newer than what is known.

    Of the releases of a row that share the first number, the newest that is not newer than `release`
    counts. What is older than the oldest of a row had its last day no later than that one.
    """
    rows = [row for row in systems if row.system == system and row.ends]
    row = next((row for row in rows if edition in row.editions), None) or next(
        (row for row in rows if not row.editions), None
    )
    ours = version_key(release)
    if row is None or not ours:
        return None
    known = sorted((version_key(key), last_day) for key, last_day in row.ends.items())
    if ours < known[0][0]:
        return known[0][1]
    fitting = [last_day for key, last_day in known if key[:1] == ours[:1] and key <= ours]
    return fitting[-1] if fitting else None
