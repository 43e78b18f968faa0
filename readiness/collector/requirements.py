"""The organisation's requirements: as shipped, or as they were adopted here, version by version."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from readiness import checks
from readiness.collector import fleet
from readiness.collector.tables import adopted
from readiness.core.model import Activity, Report
from readiness.core.profile import Profile
from readiness.core.profile_file import ProfileError
from readiness.core.profile_loading import load_profile, profile_from_text
from readiness.core.rating import rate_with_findings
from readiness.settings import places

ORGANISATION = "organisation"
_log = logging.getLogger("readiness.collector")


@dataclass(frozen=True, kw_only=True)
class InForce:
    """What computers are rated under: what was adopted, or (number None) what each report says itself."""

    number: int | None = None
    profile: Profile | None = None

    def standing(self, report: Report, columns: Mapping[str, Any]) -> fleet.Standing:
        """How the report's computer is rated; `columns` are those of the report's row."""
        own = report.rating
        profile = self.profile
        if profile is None or (own.profile_id, own.profile_version) == (profile.id, profile.version):
            names = ("overall", *(activity.value for activity in Activity))
            return fleet.Standing(
                verdicts={name: columns[name] for name in names},
                findings=fleet.own_findings(report),
                rated_by=self.number,
            )
        return standing_under(profile, report, self.number)


def standing_under(profile: Profile, report: Report, number: int | None = None) -> fleet.Standing:
    """How the report's computer is rated under `profile`, by its evidence alone."""
    rating, found = rate_with_findings(report.results, checks.CHECKS, profile)
    return fleet.Standing(
        verdicts={
            "overall": rating.overall.value,
            **{activity.value: verdict.value for activity, verdict in rating.activities.items()},
        },
        # A check that did not finish stands as a finding with its own id: no fault of the computer's.
        findings=[(check, finding) for check, these in found.items() for finding in these if finding.code != check],
        rated_by=number,
    )  # fmt: skip


class Requirements:
    """What is in force, read again only where something else was adopted."""

    def __init__(self) -> None:
        self._latest = InForce()

    def latest(self) -> InForce:
        """What was in force when somebody last looked."""
        return self._latest

    def now(self, connection: Connection) -> InForce:
        """What is in force."""
        number = connection.scalar(select(func.max(adopted.c.number)))
        if number != self._latest.number:
            self._latest = in_force(connection)
        return self._latest


def in_force(connection: Connection) -> InForce:
    """What is in force; nothing adopted where this version of the program cannot read it."""
    row = connection.execute(select(adopted).order_by(adopted.c.number.desc()).limit(1)).first()
    if row is None:
        return InForce()
    try:
        return InForce(number=row.number, profile=_read(row.text, folder()))
    except ProfileError as error:
        _log.error("the adopted requirements cannot be used: %s", error.text.en)
        return InForce(number=row.number)


def versions(connection: Connection, size: int = 50) -> tuple[Any, ...]:
    """What was adopted, newest first: number, version, base, when and by whom."""
    columns = (adopted.c.number, adopted.c.version, adopted.c.base, adopted.c.adopted_at, adopted.c.who)
    return tuple(connection.execute(select(*columns).order_by(adopted.c.number.desc()).limit(size)).all())


@dataclass(frozen=True, kw_only=True)
class Base:
    """What can be started from, as it stands in the choice: a version, or a profile's name."""

    id: str
    version: str | None = None
    name: str | None = None


def bases(connection: Connection) -> tuple[Base, ...]:
    """All that can be started from, what is in force first."""
    former = tuple(Base(id=f"adopted:{row.number}", version=row.version) for row in versions(connection))
    return (*former, *(Base(id=f"shipped:{name}", name=profile.name) for name, profile in shipped(folder()).items()))  # fmt: skip


def text_of(connection: Connection, base: str) -> str | None:
    """The TOML of what a base names, or None where there is none: `shipped:ID`, `adopted:NUMBER`."""
    kind, _, name = base.partition(":")
    if kind == "shipped" and name in shipped(folder()):
        return (folder() / f"{name}.toml").read_text("utf-8-sig")
    if kind == "adopted" and name.isascii() and name.isdecimal() and len(name) < 10:
        return connection.scalar(select(adopted.c.text).where(adopted.c.number == int(name)))
    return None


def base_in_force(connection: Connection) -> str:
    """What is in force, as a base."""
    number = connection.scalar(select(func.max(adopted.c.number)))
    return f"shipped:{ORGANISATION}" if number is None else f"adopted:{number}"


@functools.cache
def shipped(place: Path) -> dict[str, Profile]:
    """The profiles that come with the program and that computers can be rated under, by id."""
    found = {}
    for path in sorted(place.glob("*.toml")):
        try:
            found[path.stem] = load_profile(path.stem, place)
        except ProfileError as error:
            _log.error("a profile cannot be used: %s", error.text.en)
    inherited = {profile.extends for profile in found.values()}
    return {
        name: profile
        for name, profile in sorted(found.items(), key=lambda item: item[0] != ORGANISATION)
        if name == ORGANISATION or name not in inherited
    }


def profile_of(text: str) -> Profile:
    """The profile in a TOML text. Raises ProfileError."""
    return _read(text, folder())


@functools.lru_cache(maxsize=16)
def _read(text: str, place: Path) -> Profile:
    return profile_from_text(text, place)


def folder() -> Path:
    """Where the profiles are that come with the program."""
    return places().resources / "profiles"
