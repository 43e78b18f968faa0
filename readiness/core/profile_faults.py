"""What makes a profile contradict itself: each rule gives the place, what is wrong, what to write."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Iterator, Sequence

from readiness.core.demands import PROGRAM_NAMES, version_key
from readiness.core.limits import Limit, exclude_each_other, in_force, reversed_limits, unit_of
from readiness.core.profile import Profile
from readiness.core.profile_file import unknown
from readiness.core.toml_lines import Place

Fault = tuple[Place, str, str]
"""Where it stands, and what is wrong in Swedish and English with what to write instead."""

_HOST = re.compile(
    r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_FIGURE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def contradiction(profile: Profile) -> Fault | None:
    """The first fault of a profile's own rows, if there is one."""
    rules = (
        _head(profile),
        _limits(profile.limits),
        _hosts(profile),
        _openings(profile),
        _known_pages(profile),
        _demands(profile),
        _people(profile),
    )
    return next((found for rule in rules for found in rule), None)


def contradiction_with_inherited(own: Sequence[Limit], inherited: Sequence[Limit]) -> Fault | None:
    """The first own limit that leaves nothing good beside one that is inherited."""
    for number, limit in enumerate(own):
        for other in in_force(tuple(own), tuple(inherited)):
            if exclude_each_other(limit, other):
                return (
                    ("limits", number),
                    f"”{limit.figure}” kan inte klara både denna gräns och den ärvda. Skriv båda gränserna här",
                    f"“{limit.figure}” cannot meet both this limit and the inherited one. Write both limits here",
                )
    return None


def _head(profile: Profile) -> Iterator[Fault]:
    for key in ("version", "name"):
        if not getattr(profile, key).strip():
            yield (key,), "värdet är tomt. Skriv något", "the value is empty. Write something"
    if not profile.needs:
        yield ("needs",), 'listan är tom. Skriv till exempel ["listen"]', 'the list is empty. Write for example ["listen"]'  # fmt: skip
    for key in ("needs", "services", "units"):
        listed = getattr(profile, key)
        if len(set(listed)) < len(listed):
            yield (key,), "något står två gånger. Ta bort det ena", "something stands twice. Remove one of them"  # fmt: skip
    if profile.id in profile.services:
        yield ("services",), f"ta bort ”{profile.id}”, det är profilen själv", f"remove “{profile.id}”, that is the profile itself"  # fmt: skip


def _limits(limits: Sequence[Limit]) -> Iterator[Fault]:
    for number, limit in enumerate(limits):
        place: Place = ("limits", number)
        yield from _limit(limit, place)
        for other in limits[:number]:
            same = (limit.figure, limit.direction, limit.activity)
            if (other.figure, other.direction, other.activity) == same:
                yield place, "det finns två gränser för måttet. Ta bort den ena", "there are two limits of this figure. Remove one of them"  # fmt: skip
            if exclude_each_other(limit, other):
                yield place, "gränserna för måttet utesluter varandra. Byt plats på at_least och at_most", "the limits of this figure exclude each other. Change places of at_least and at_most"  # fmt: skip


def _limit(limit: Limit, place: Place) -> Iterator[Fault]:
    if not _FIGURE.fullmatch(limit.figure):
        yield (*place, "figure"), "skriv test.mått, till exempel media_path.rtt_ms_p50", "write check.figure, for example media_path.rtt_ms_p50"  # fmt: skip
    unit = unit_of(limit.figure)
    if unit is not None and limit.unit != unit:
        yield (*place, "unit"), f"enheten ”{limit.unit}” passar inte måttet. Skriv unit = \"{unit}\", och räkna om talen", f"the unit “{limit.unit}” does not fit the figure. Write unit = \"{unit}\", and convert the numbers"  # fmt: skip
    if not limit.unit.strip():
        yield (*place, "unit"), "enheten är tom. Skriv måttets enhet", "the unit is empty. Write the figure's unit"  # fmt: skip
    if not limit.source.strip():
        yield (*place, "source"), "källan är tom. Skriv var talet står, eller ”our own choice”", "the source is empty. Write where the number stands, or “our own choice”"  # fmt: skip
    edges = {"required": limit.required, "recommended": limit.recommended}
    if set(edges.values()) == {None}:
        yield place, "gränsen säger inget. Skriv required, recommended eller båda", "the limit says nothing. Write required, recommended or both"  # fmt: skip
    for key, edge in edges.items():
        if edge is not None and not math.isfinite(edge):
            yield (*place, key), "skriv ett ändligt tal", "write a finite number"
        elif edge is not None and limit.unit == "%" and not 0 <= edge <= 100:
            yield (*place, key), "skriv ett tal från 0 till 100, enheten är procent", "write a number from 0 to 100, the unit is per cent"  # fmt: skip
    if reversed_limits(limit):
        wanted_sv = "högst required" if limit.direction == "at_most" else "minst required"
        wanted_en = "at most required" if limit.direction == "at_most" else "at least required"
        yield (*place, "recommended"), f"required och recommended är omkastade. Med {limit.direction} är recommended {wanted_sv}", f"required and recommended are reversed. With {limit.direction}, recommended is {wanted_en}"  # fmt: skip


def _hosts(profile: Profile) -> Iterator[Fault]:
    for number, host in enumerate(profile.hosts):
        if not is_host(host.host):
            yield ("hosts", number, "host"), f"”{host.host}” är inget värdnamn. Skriv bara namnet, till exempel {_bare(host.host)}", f"“{host.host}” is no host name. Write the name alone, for example {_bare(host.host)}"  # fmt: skip
        if not 1 <= host.port <= 65535:
            yield ("hosts", number, "port"), "skriv en port från 1 till 65535", "write a port from 1 to 65535"


def _known_pages(profile: Profile) -> Iterator[Fault]:
    for number, page in enumerate(profile.known_pages):
        if not page.url.startswith("http://"):
            yield ("known_pages", number, "url"), "skriv en adress som börjar med http://", "write an address with http://"  # fmt: skip


def _openings(profile: Profile) -> Iterator[Fault]:
    for number, opening in enumerate(profile.openings):
        for name in opening.hosts:
            if not (is_host(name.removeprefix("*.")) or _is_network(name)):
                yield ("openings", number, "hosts"), f"”{name}” är inget värdnamn eller nät. Skriv till exempel {_bare(name)} eller 192.0.2.0/24", f"“{name}” is no host name or network. Write for example {_bare(name)} or 192.0.2.0/24"  # fmt: skip
        if not opening.ports or not all(_is_range(ports) for ports in opening.ports):
            yield ("openings", number, "ports"), 'skriv portar från 1 till 65535, till exempel ["443", "3478-3481"]', 'write ports from 1 to 65535, for example ["443", "3478-3481"]'  # fmt: skip


def _demands(profile: Profile) -> Iterator[Fault]:
    for number, demand in enumerate(profile.programs):
        place: Place = ("programs", number)
        if demand.program not in PROGRAM_NAMES:
            yield (*place, "program"), *unknown("programmet", "program", demand.program, tuple(PROGRAM_NAMES))
        versions = [version_key(text) for text in (demand.required, demand.recommended) if text is not None]
        if not all(versions):
            yield place, "skriv en version som 96 eller 96.1", "write a version such as 96 or 96.1"
        if versions != sorted(versions):
            yield (*place, "recommended"), "required och recommended är omkastade", "required and recommended are reversed"  # fmt: skip
    for number, system in enumerate(profile.systems):
        if not system.ends or not all(version_key(release) for release in system.ends):
            yield ("systems", number, "ends"), "skriv utgåvor som 12 eller 26100", "write releases such as 12 or 26100"  # fmt: skip


def _people(profile: Profile) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, person in enumerate(profile.ambassadors):
        place: Place = ("ambassadors", number)
        if profile.units and person.unit not in profile.units:
            yield (*place, "unit"), *unknown("enheten", "unit", person.unit, profile.units)
        if person.unit in seen:
            yield (*place, "unit"), "enheten har redan en ambassadör. Ta bort den ena", "the unit has an ambassador already. Remove one of them"  # fmt: skip
        seen.add(person.unit)
        if not (person.phone or person.mail):
            yield place, "skriv phone, mail eller båda", "write phone, mail or both"
        yield from _mail(person.mail, place)
    yield from _mail(profile.helpdesk.mail, ("helpdesk",))


def _mail(mail: str | None, place: Place) -> Iterator[Fault]:
    if mail is not None and not _MAIL.fullmatch(mail):
        yield (*place, "mail"), "skriv en mejladress, till exempel it@example.se", "write a mail address, for example it@example.se"  # fmt: skip


def is_host(name: str) -> bool:
    """Is `name` a host name or an address (no scheme, path, port or wildcard)?"""
    if _HOST.fullmatch(name.lower()):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _bare(name: str) -> str:
    """The host in what looks like a web address."""
    found = re.sub(r"^[a-z]+://", "", name.strip().lower()).split("/")[0].rpartition("@")[2].split(":")[0]
    return found if is_host(found) else "meet.example.se"


def _is_network(name: str) -> bool:
    try:
        ipaddress.ip_network(name)
    except ValueError:
        return False
    return True


def _is_range(ports: str) -> bool:
    ends = ports.split("-")
    if not all(end.isascii() and end.isdigit() for end in ends) or len(ends) > 2:
        return False
    numbers = [int(end) for end in ends]
    return numbers == sorted(numbers) and all(1 <= number <= 65535 for number in numbers)
