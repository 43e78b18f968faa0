from __future__ import annotations

import pytest

from readiness.core.model import Lift, Need, Verdict
from readiness.core.people import NOBODY, Ambassador, Helpdesk, who_helps, with_settings
from readiness.core.phrases import NEEDS, VERDICTS, lift_words


def test_every_need_and_verdict_has_words() -> None:
    assert set(NEEDS) == set(Need)
    assert set(VERDICTS) == set(Verdict)


@pytest.mark.parametrize(
    ("needs", "sv", "en"),
    [
        ((), "När det är löst: redo.", "When that is solved: ready."),
        ((Need.HEADSET,), "Med ett headset: redo.", "With a headset: ready."),
        (
            (Need.CAMERA, Need.HEADSET, Need.COMPUTER),
            "Med en kamera, ett headset och en bättre dator: redo.",
            "With a camera, a headset and a better computer: ready.",
        ),
    ],
)
def test_what_would_lift_is_a_sentence(needs: tuple[Need, ...], sv: str, en: str) -> None:
    words = lift_words(Lift(verdict=Verdict.READY, needs=needs))
    assert (words.sv, words.en) == (sv, en)


def test_what_cannot_be_known_beforehand_is_tested_again() -> None:
    words = lift_words(Lift(verdict=Verdict.UNKNOWN, needs=(Need.CAMERA, Need.NETWORK_LINE)))
    assert words.sv == "Med en kamera och en bättre uppkoppling: testa igen."
    assert words.en == "With a camera and a better connection: test again."


def test_who_helps_the_nearest_first() -> None:
    kim = Ambassador(unit="Skolan", name="Kim", mail="kim@example.se")
    helpdesk = Helpdesk(phone="0123", hours="8-16")
    assert [line.sv for line in who_helps(helpdesk, kim)] == [
        "Digital ambassadör: Kim, mejl kim@example.se",
        "IT-stöd: telefon 0123, 8-16",
    ]
    assert [line.en for line in who_helps(helpdesk, None)] == ["IT support: phone 0123, 8-16"]
    assert who_helps(NOBODY, None) == ()


def test_the_settings_stand_above_the_profile() -> None:
    helpdesk = with_settings(Helpdesk(phone="1", mail="a@b.se"), phone="2", mail=None, hours="9-10")
    assert helpdesk == Helpdesk(phone="2", mail="a@b.se", hours="9-10")
