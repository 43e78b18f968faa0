"""Settings in words, for the terminal and the window alike."""

from __future__ import annotations

from readiness.core.text import Text
from readiness.settings.schema import Setting
from readiness.settings.sources import Found, Rank

ORIGIN = {
    Rank.POLICY: Text(sv="bestämt av organisationen", en="set by the organisation"),
    Rank.COMMAND: Text(sv="kommandoraden", en="the command line"),
    Rank.ENVIRONMENT: Text(sv="miljön", en="the environment"),
    Rank.MACHINE: Text(sv="datorns inställning", en="the computer's setting"),
    Rank.USER: Text(sv="användarens inställning", en="the user's setting"),
    Rank.DEFAULT: Text(sv="förval", en="default"),
}
"""Where a value comes from."""

SET = Text(sv="satt (visas inte)", en="set (not shown)")
NOT_SET = Text(sv="inte satt", en="not set")
YES = Text(sv="ja", en="yes")
NO = Text(sv="nej", en="no")


def shown_value(setting: Setting, found: Found | None) -> Text:
    """A value as people read it; of a secret only whether it is set."""
    value = found.value if found else setting.default
    if value is None:
        return NOT_SET
    if setting.secret:
        return SET
    if isinstance(value, bool):
        return YES if value else NO
    return Text(sv=value, en=value)
