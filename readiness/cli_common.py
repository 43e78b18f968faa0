"""What the terminal's commands share: exit statuses, the languages, and a command given wrongly."""

from __future__ import annotations

from enum import StrEnum

from readiness.core.model import Verdict
from readiness.core.text import Text

EXIT_OF = {Verdict.READY: 0, Verdict.LIMITED: 10, Verdict.NOT_READY: 20, Verdict.UNKNOWN: 30}
WRONG_USAGE = 2


class UsageProblem(Exception):
    """The command cannot be done as it was given; `text` says why and what to write."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Tongue(StrEnum):
    """The languages as the command line names them."""

    SV = "sv"
    EN = "en"
