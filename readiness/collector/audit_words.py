"""What the log of who read and changed what says, in words. The log itself keeps the English keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from readiness.collector.access import Role
from readiness.collector.fleet_words import ROLE_MEANS
from readiness.core.text import Language, Text

WHEN = Text(sv="När", en="When")
WHO = Text(sv="Vem", en="Who")
WHAT = Text(sv="Vad", en="What")
ABOUT = Text(sv="Gäller", en="About")
DONE = {
    "added an account": Text(sv="skapade ett konto", en="added an account"),
    "adopted requirements": Text(sv="tog krav i bruk", en="adopted requirements"),
    "changed choices": Text(sv="ändrade inställningar", en="changed settings"),
    "changed prices": Text(sv="ändrade priser", en="changed prices"),
    "erased a computer": Text(sv="raderade en dator", en="erased a computer"),
    "exported a computer": Text(sv="hämtade allt om en dator", en="exported a computer"),
    "exported a list": Text(sv="hämtade en lista", en="exported a list"),
    "gave a token": Text(sv="en dator anslöt sig", en="a computer enrolled"),
    "gave another token": Text(sv="en dator anslöt sig igen", en="a computer enrolled again"),
    "let a computer in": Text(sv="släppte in en dator igen", en="let a computer in again"),
    "made a key": Text(sv="skapade en nyckel", en="made a key"),
    "purged": Text(sv="gallrade", en="purged"),
    "read a computer": Text(sv="läste om en dator", en="read about a computer"),
    "read a report": Text(sv="läste en rapport", en="read a report"),
    "revoked a key": Text(sv="återkallade en nyckel", en="revoked a key"),
    "shut a computer out": Text(sv="stängde av en dator", en="shut a computer out"),
    "signed in by the organisation": Text(
        sv="loggade in via organisationen", en="signed in by the organisation"
    ),
    "tried requirements": Text(sv="provade krav", en="tried requirements"),
    "wrote a note": Text(sv="skrev en anteckning", en="wrote a note"),
}
"""By what `auditing.record` was told; what a newer version wrote stands as it is."""
_LISTS = {
    "overview": Text(sv="översikten", en="the overview"),
    "needs": Text(sv="behoven", en="the needs"),
    "findings": Text(sv="felen", en="the faults"),
    "computers": Text(sv="datorerna", en="the computers"),
    "reports": Text(sv="rapporterna", en="the reports"),
    "expected": Text(sv="datorer som ska finnas", en="the computers there should be"),
}
_TARGETS: Mapping[str, tuple[str, Text]] = {
    "added an account": (
        r"(?P<name>.+) (?P<role>reader|support|admin)",
        Text(sv="{name}: {role}", en="{name}: {role}"),
    ),
    "adopted requirements": (
        r"(?P<version>.+), made from (?P<base>.+)",
        Text(sv="{version}, utifrån {base}", en="{version}, made from {base}"),
    ),
    "changed choices": (
        r"(?P<count>\d+) expected",
        Text(sv="{count} datorer ska finnas", en="{count} computers there should be"),
    ),
    "erased a computer": (r"(?P<count>\d+) reports", Text(sv="{count} rapporter", en="{count} reports")),
    "purged": (
        r"(?P<count>\d+) reports, (?P<entries>\d+) log entries",
        Text(sv="{count} rapporter, {entries} rader i loggen", en="{count} reports, {entries} log entries"),
    ),
    "tried requirements": (r"job (?P<number>\d+)", Text(sv="försök {number}", en="trial {number}")),
}
"""How what was done writes down what it was about, and the same in words."""


def about(entry: Any, language: Language) -> str:
    """What an entry of the log is about, in words; as it stands where it has no words here."""
    target = entry.target or ""
    if entry.what == "exported a list" and target in _LISTS:
        return _LISTS[target].say(language)
    pattern, said = _TARGETS.get(entry.what, ("", None))
    found = re.fullmatch(pattern, target)
    if found is None or said is None:
        return target
    arguments = found.groupdict()
    if "role" in arguments:
        arguments["role"] = ROLE_MEANS[Role(arguments["role"])].say(language)
    return said.say(language, arguments)


def place(entry: Any) -> str | None:
    """The page of the computer or the report that an entry is about, where it is still known."""
    if entry.host_name is None:
        return None
    kind = "reports" if entry.what == "read a report" else "computers"
    return f"/{kind}/{quote(entry.target, safe='')}"
