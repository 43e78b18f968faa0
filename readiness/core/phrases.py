"""Words that every face of the product uses: what is missing, and what would lift a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.core.model import Lift, Need, Verdict
from readiness.core.text import Text

NEEDS: Mapping[Need, Text] = {
    Need.CAMERA: Text(sv="en kamera", en="a camera"),
    Need.HEADSET: Text(sv="ett headset", en="a headset"),
    Need.NETWORK_LINE: Text(sv="en bättre uppkoppling", en="a better connection"),
    Need.COMPUTER: Text(sv="en bättre dator", en="a better computer"),
    Need.PERMISSION: Text(sv="rätt tillstånd", en="the right permission"),
    Need.KNOWLEDGE: Text(sv="ett eget handgrepp", en="a step of your own"),
}
"""What a finding misses, as it is said within a sentence."""

VERDICTS: Mapping[Verdict, Text] = {
    Verdict.READY: Text(sv="redo", en="ready"),
    Verdict.LIMITED: Text(sv="delvis redo", en="partly ready"),
    Verdict.NOT_READY: Text(sv="inte redo", en="not ready"),
    Verdict.UNKNOWN: Text(sv="testa igen", en="test again"),
}
"""What a lifted verdict comes to, as it is said within a sentence; where it cannot be known, what to do then."""

NEAR = Text(sv="nära gränsen", en="near the limit")
"""After a finding that is borderline."""

BORDERLINE = Text(
    sv="Det ligger nära gränsen. Ett nytt test kan ge ett annat svar.",
    en="It lies near the limit. Another test may give another answer.",
)


def lift_words(lift: Lift) -> Text:
    """What would lift a verdict: "With a headset: ready."."""
    to = VERDICTS[lift.verdict]
    if not lift.needs:
        return Text(sv=f"När det är löst: {to.sv}.", en=f"When that is solved: {to.en}.")
    sv = _listed([NEEDS[need].sv for need in lift.needs], "och")
    en = _listed([NEEDS[need].en for need in lift.needs], "and")
    return Text(sv=f"Med {sv}: {to.sv}.", en=f"With {en}: {to.en}.")


def _listed(words: list[str], joined_by: str) -> str:
    return f" {joined_by} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
