"""What the terminal's commands share: exit statuses, the languages, and a command given wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.settings import Places, Settings, load, raise_what_can_be_corrected
from readiness.settings.sources import MANAGED, Weight
from readiness.terminal import output

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


def settings_in_force(where: Places, above: Mapping[str, Any]) -> Settings:
    """The settings in force, the command line (`above`) below the organisation's policy alone.

    Raises SettingsError for what the person can correct. What IT has set wrongly, and what a policy
    overrules, is said on standard error: the next source's value is used.
    """
    loaded = load(where, above=above)
    raise_what_can_be_corrected(loaded)
    for remark in loaded.remarks:
        if remark.weight is Weight.OVERRULED or (remark.weight is Weight.FAULT and remark.rank in MANAGED):
            output.complain(remark.text.say(loaded.settings.language))
    return loaded.settings
