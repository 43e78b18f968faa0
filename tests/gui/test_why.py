"""Why a finding says what it says, what would lift the verdict, and who helps: in the window."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable

import pytest
from pytestqt.qtbot import QtBot

from readiness.checks.explaining import explain
from readiness.core.people import Ambassador, Helpdesk
from readiness.core.profile_loading import load_profile
from readiness.devices.ports import DeviceError, Problem
from readiness.gui.supplies import Parts
from readiness.gui.widgets.why import Why, why_lines
from readiness.settings import places
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import Script, ScriptedCamera, loads
from tests.gui.steps import run_to_the_end, texts

KIM = Ambassador(unit="Skolan", name="Kim", phone="0123-45")


def helped(script: Script, unit: str | None) -> Callable[[], Awaitable[Parts]]:
    """As `loads`, with people who help."""

    async def load() -> Parts:
        parts = await loads(script)()
        chosen, *services = parts.profiles
        chosen = dataclasses.replace(
            chosen, helpdesk=Helpdesk(phone="0990-1", hours="8-16"), ambassadors=(KIM,)
        )
        return dataclasses.replace(parts, profiles=(chosen, *services), unit=unit)

    return load


def without_camera() -> Script:
    return Script(camera=ScriptedCamera(error=DeviceError(Problem.ABSENT)))


def test_the_first_step_says_who_helps_and_the_banner_what_would_lift_it(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(load=helped(without_camera(), "Skolan"))
    run_to_the_end(qtbot, window)
    said = texts(window.result.step)
    assert "Hjälper det inte? Fråga:" in said
    assert "Digital ambassadör: Kim, telefon 0123-45" in said
    assert "IT-stöd: telefon 0990-1, 8-16" in said
    assert "Med en kamera: " in window.result.said


def test_why_unfolds_the_explanation_of_each_finding(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(load=helped(Script(), None))
    run_to_the_end(qtbot, window)
    shown = window.result.rows["camera"]
    shown.details_button.click()
    assert shown.details is not None
    why = shown.details.findChildren(Why)[0]
    assert why.button.accessibleName().startswith("Varför: ")
    assert texts(why) == []
    why.button.click()
    assert any("Bilder i sekunden, räknade när de kommer fram" in line for line in texts(why))
    assert any("Testet testrtc för webbmöten" in line for line in texts(why))


@pytest.mark.parametrize("code", ["camera.absent", "connection.udp_blocked", "computer.browser_old"])
def test_an_explanation_without_a_number_says_what_is_required_or_that_nothing_is(code: str) -> None:
    explanation = explain(code, load_profile("jitsi", places().profiles))
    assert explanation is not None
    said = " ".join(why_lines(explanation, "sv"))
    assert {
        "camera.absent": "Inget tal avgör",
        "connection.udp_blocked": "Krav: *, port 10000, udp. Jitsis handbok",
        "computer.browser_old": "Krav: Google Chrome, minst 72, helst minst 96",
    }[code] in said
