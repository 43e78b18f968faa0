"""Profile: the requirements of one meeting service, or of the organisation, from TOML.

A profile may extend another; its own limits then stand in front of the inherited ones. Every limit
names its source, when it was read there and how far it can be trusted.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from readiness.core.demands import (
    PROGRAM_NAMES,
    Confidence,
    ProgramDemand,
    SystemSupport,
    version_key,
)
from readiness.core.model import Activity, Verdict
from readiness.core.text import Text

Direction = Literal["at_least", "at_most"]
Transport = Literal["tls", "tcp", "wss", "udp", "turn_udp", "turn_tcp", "turn_tls"]
"""How a host is reached: `udp` by a STUN question, `wss` by a WebSocket, `turn_*` with credentials."""

_HOST = re.compile(
    r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST_PROFILE_BYTES = 256 * 1024


class ProfileError(Exception):
    """A profile that cannot be used. `text` says which file, what is wrong and what to write."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Where one figure stops being good.

    With direction `at_least`, below `recommended` is LIMITED and below `required` NOT_READY; with
    `at_most`, above. A limit that is None never decides.
    """

    figure: str
    direction: Direction
    unit: str
    required: float | None = None
    recommended: float | None = None
    activity: Activity | None = None
    source: str
    retrieved: datetime.date
    confidence: Confidence
    note: str = ""

    def grade(self, value: float | None) -> Verdict:
        """What `value` means: UNKNOWN without one."""
        if value is None or value != value:
            return Verdict.UNKNOWN
        if self._beyond(value, self.required):
            return Verdict.NOT_READY
        if self._beyond(value, self.recommended):
            return Verdict.LIMITED
        return Verdict.READY

    def _beyond(self, value: float, edge: float | None) -> bool:
        if edge is None:
            return False
        return value < edge if self.direction == "at_least" else value > edge


@dataclass(frozen=True, kw_only=True)
class Host:
    """A host that the service needs to be reached at. `path` is where its WebSocket is."""

    host: str
    port: int
    transport: Transport = "tls"
    path: str = "/"
    source: str = ""
    retrieved: datetime.date | None = None
    confidence: Confidence = "unverified"


@dataclass(frozen=True, kw_only=True)
class KnownPage:
    """A page without encryption whose answer is known: another answer is a captive portal's."""

    url: str
    status: int = 200
    contains: str = ""
    source: str = ""
    retrieved: datetime.date | None = None
    confidence: Confidence = "unverified"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One version of the requirements.

    `needs`: the activities that a participant must be able to do. `services`: ids of the profiles
    that are rated beside this one. `limits`, `systems` and `programs` stand with the profile's own
    first, those of what it extends after them.
    """

    id: str
    version: str
    name: str
    extends: str | None = None
    needs: tuple[Activity, ...] = tuple(Activity)
    services: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    hosts: tuple[Host, ...] = ()
    known_pages: tuple[KnownPage, ...] = ()
    systems: tuple[SystemSupport, ...] = ()
    programs: tuple[ProgramDemand, ...] = ()
    note: str = ""
    helpdesk: Mapping[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ()

    def limit(self, figure: str, direction: Direction) -> Limit | None:
        """The limit of one figure (`camera.frame_rate_hz`) in one direction, if there is one."""
        for limit in self.limits:
            if limit.figure == figure and limit.direction == direction:
                return limit
        return None

    def grade(self, figure: str, direction: Direction, value: float | None) -> Verdict:
        """What `value` means under this profile; READY where the profile has no such limit."""
        limit = self.limit(figure, direction)
        return Verdict.READY if limit is None else limit.grade(value)

    def demand(self, program: str) -> ProgramDemand | None:
        """What is asked of one program (`chrome`), if anything is."""
        return next((demand for demand in self.programs if demand.program == program), None)


@functools.cache
def _adapter() -> TypeAdapter[Profile]:
    return TypeAdapter(Profile)


def load_profile(profile_id: str, folder: Path) -> Profile:
    """The profile `profile_id` from `folder`, with what it extends.

    Raises ProfileError where it is missing, unreadable or contradicts itself.
    """
    return _load(profile_id, folder, (), {})


def load_profiles(profile_id: str, folder: Path) -> tuple[Profile, ...]:
    """The chosen profile first, then those of the services it names.

    Raises ProfileError as `load_profile`.
    """
    loaded: dict[str, Profile] = {}
    chosen = _load(profile_id, folder, (), loaded)
    return (chosen, *(_load(service, folder, (), loaded) for service in chosen.services))


def _load(profile_id: str, folder: Path, seen: tuple[str, ...], loaded: dict[str, Profile]) -> Profile:
    """`loaded` holds what was read before: most profiles extend the same one."""
    if profile_id in loaded and profile_id not in seen:
        return loaded[profile_id]
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if not known:
        raise ProfileError(
            Text(
                sv=f"Det finns inga profiler i {folder}. Installera programmet på nytt, eller be IT om hjälp.",
                en=f"There are no profiles in {folder}. Install the program again, or ask IT for help.",
            )
        )
    if profile_id not in known or not _ID.fullmatch(profile_id):
        raise ProfileError(
            Text(
                sv=f"Profilen ”{profile_id}” finns inte. Välj en av: {', '.join(known)}.",
                en=f"There is no profile “{profile_id}”. Choose one of: {', '.join(known)}.",
            )
        )
    path = folder / f"{profile_id}.toml"
    if profile_id in seen:
        raise _faulty(path, "extends", "it extends itself", "den bygger på sig själv")
    profile = _validated(path, _read(path))
    if profile.id != profile_id:
        raise _faulty(path, "id", f"write “{profile_id}”", f"skriv ”{profile_id}”")
    if profile.extends is not None:
        base = _load(profile.extends, folder, (*seen, profile_id), loaded)
        profile = dataclasses.replace(
            profile,
            limits=(*profile.limits, *base.limits),
            known_pages=(*profile.known_pages, *base.known_pages),
            systems=(*profile.systems, *base.systems),
            programs=(*profile.programs, *base.programs),
        )
    loaded[profile_id] = profile
    return profile


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LONGEST_PROFILE_BYTES:
            raise _faulty(path, "", "it is larger than 256 KiB", "den är större än 256 KiB")
        return tomllib.loads(path.read_text("utf-8-sig"))  # Notepad likes to put a mark in front
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _faulty(path, "", f"it is no TOML: {error}", f"den är inte TOML: {error}") from error
    except OSError as error:
        raise _faulty(path, "", f"{error.strerror}", f"{error.strerror}") from error


def _validated(path: Path, document: dict[str, Any]) -> Profile:
    rows: dict[str, tuple[Any, Any]] = {"profile": (document, Profile)}
    kinds = {
        "limits": Limit,
        "hosts": Host,
        "known_pages": KnownPage,
        "systems": SystemSupport,
        "programs": ProgramDemand,
    }
    for name, row_kind in kinds.items():
        listed = document.get(name, [])
        if isinstance(listed, list):
            rows |= {f"{name}[{n}]": (row, row_kind) for n, row in enumerate(listed)}
    for where, (row, kind) in rows.items():
        if isinstance(row, dict) and (unknown := sorted(row.keys() - kind.__dataclass_fields__.keys())):
            fields = ", ".join(kind.__dataclass_fields__)
            raise _faulty(
                path,
                f"{where}.{unknown[0]}",
                f"unknown key; the keys are {fields}",
                f"okänd nyckel; nycklarna är {fields}",
            )
    try:
        profile = _adapter().validate_python(document)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise _faulty(path, where, problem["msg"], problem["msg"]) from error
    seen: set[tuple[Any, ...]] = set()
    for number, limit in enumerate(profile.limits):
        where = f"limits[{number}] ({limit.figure})"
        if any(edge is not None and not math.isfinite(edge) for edge in (limit.required, limit.recommended)):
            raise _faulty(path, where, "write a finite number", "skriv ett ändligt tal")
        same = (limit.figure, limit.direction, limit.activity)
        if same in seen:
            raise _faulty(
                path, where, "there are two limits of this figure", "det finns två gränser för måttet"
            )
        seen.add(same)
        if _reversed(limit):
            raise _faulty(
                path, where, "required and recommended are reversed", "required och recommended är omkastade"
            )
    for number, host in enumerate(profile.hosts):
        if not _HOST.fullmatch(host.host.lower()) or not 1 <= host.port <= 65535:
            text = f"hosts[{number}] ({host.host}:{host.port})"
            raise _faulty(
                path,
                text,
                "write a host name and a port from 1 to 65535",
                "skriv ett värdnamn och en port från 1 till 65535",
            )
    for number, page in enumerate(profile.known_pages):
        if not page.url.startswith("http://"):
            where = f"known_pages[{number}] ({page.url})"
            raise _faulty(
                path, where, "write an address with http://", "skriv en adress som börjar med http://"
            )
    _check_demands(path, profile)
    return profile


def _check_demands(path: Path, profile: Profile) -> None:
    """Raises ProfileError where a program is not one that is looked for, or a version is none."""
    for number, demand in enumerate(profile.programs):
        where = f"programs[{number}] ({demand.program})"
        if demand.program not in PROGRAM_NAMES:
            names = ", ".join(PROGRAM_NAMES)
            raise _faulty(path, where, f"write one of {names}", f"skriv något av {names}")
        versions = [version_key(text) for text in (demand.required, demand.recommended) if text is not None]
        if not all(versions):
            raise _faulty(
                path, where, "write a version such as 96 or 96.1", "skriv en version som 96 eller 96.1"
            )
        if versions != sorted(versions):
            raise _faulty(
                path, where, "required and recommended are reversed", "required och recommended är omkastade"
            )
    for number, system in enumerate(profile.systems):
        if not system.ends or not all(version_key(release) for release in system.ends):
            where = f"systems[{number}] ({system.system}).ends"
            raise _faulty(
                path, where, "write releases such as 12 or 26100", "skriv utgåvor som 12 eller 26100"
            )


def _reversed(limit: Limit) -> bool:
    if limit.required is None or limit.recommended is None:
        return False
    if limit.direction == "at_least":
        return limit.required > limit.recommended
    return limit.required < limit.recommended


def _faulty(path: Path, where: str, en: str, sv: str) -> ProfileError:
    place = f"{path.name}: {where}" if where else path.name
    return ProfileError(
        Text(
            sv=f"Profilen kan inte läsas. {place}: {sv}.",
            en=f"The profile cannot be read. {place}: {en}.",
        )
    )
