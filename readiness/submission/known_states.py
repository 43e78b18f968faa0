"""The states in which this computer was tested, and whether the person was asked to test it again.

One small file beside the outbox. Names of devices stay in it: they never leave the computer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness.core.evidence import encode, parse
from readiness.core.inventory import Change, ChangeKind, Inventory
from readiness.core.model import Report, Verdict
from readiness.core.text import Text
from readiness.submission.files import make_folder, write_durably

KEPT = 20
_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class State:
    """One state of the computer, when it was last tested in it, and what came of that."""

    inventory: Inventory = field(default_factory=Inventory)
    tested_utc: str = ""
    overall: Verdict = Verdict.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Asked:
    """That the person was asked to test again: since when, and for which changes; none: never tested."""

    since_utc: str = ""
    kinds: tuple[str, ...] = ()
    sv: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[Change, ...]:
        """The changes in words."""
        known = {kind.value for kind in ChangeKind}
        return tuple(
            Change(kind=ChangeKind(kind), text=Text(sv=sv, en=en))
            for kind, sv, en in zip(self.kinds, self.sv, self.en, strict=False)
            if kind in known
        )


class KnownStates:
    """What the file in the folder `data` says; one that is absent or damaged says nothing."""

    def __init__(self, data: Path) -> None:
        self._file = data / "tested.json"

    def states(self) -> tuple[State, ...]:
        """The states, the latest last."""
        rows = self._document().get("states")
        if not isinstance(rows, list):
            return ()
        return tuple(parse(State, row) for row in rows[-KEPT:] if isinstance(row, dict))

    def asked(self) -> Asked | None:
        """What the person was asked to test again for; None where nothing was asked."""
        row = self._document().get("asked")
        return parse(Asked, row) if isinstance(row, dict) else None

    def record(self, inventory: Inventory, report: Report) -> None:
        """The computer was tested as it is now: nothing is asked any more. Raises OSError."""
        others = [state for state in self.states() if state.inventory != inventory]
        state = State(inventory=inventory, tested_utc=report.created_utc, overall=report.rating.overall)
        self._write([*others, state][-KEPT:], None)

    def ask(self, reasons: tuple[Change, ...], now_utc: str) -> bool:
        """Note that the person is asked; whether this is the first time for these reasons. Raises OSError."""
        before = self.asked()
        if before is not None and before.reasons == reasons:
            return False
        asked = Asked(
            since_utc=now_utc,
            kinds=tuple(change.kind.value for change in reasons),
            sv=tuple(change.text.sv for change in reasons),
            en=tuple(change.text.en for change in reasons),
        )
        self._write(self.states(), asked)
        return True

    def settle(self) -> None:
        """Nothing is asked any more: the computer is as it was when tested. Raises OSError."""
        if self.asked() is not None:
            self._write(self.states(), None)

    def _document(self) -> Mapping[str, Any]:
        try:
            with self._file.open("rb") as opened:
                document = json.loads(opened.read(_MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}

    def _write(self, states: tuple[State, ...] | list[State], asked: Asked | None) -> None:
        document = {
            "states": [encode(state) for state in states],
            "asked": None if asked is None else encode(asked),
        }
        make_folder(self._file.parent)
        write_durably(self._file, json.dumps(document, ensure_ascii=True).encode())
