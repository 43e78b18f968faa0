from __future__ import annotations

import pytest

from readiness.core.model import Action, System
from readiness.gui import actions

OPENS = [action for action in Action if action.value.startswith("open_")]


@pytest.mark.parametrize("action", OPENS)
def test_windows_and_macos_have_a_page_for_each_action(action: Action) -> None:
    page = actions.settings_page(action, System.WINDOWS, "")
    assert isinstance(page, str)
    assert page.startswith("ms-settings:")
    page = actions.settings_page(action, System.MACOS, "")
    assert isinstance(page, str)
    assert page.startswith("x-apple.systempreferences:com.apple.preference")


@pytest.mark.parametrize(
    ("desktop", "program"),
    [("GNOME", "gnome-control-center"), ("KDE", "systemsettings"), ("", "gnome-control-center")],
)
def test_linux_opens_the_desktops_own_settings(
    desktop: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("readiness.gui.actions.shutil.which", lambda name: f"/usr/bin/{name}")
    page = actions.settings_page(Action.OPEN_SOUND_SETTINGS, System.LINUX, desktop)
    assert isinstance(page, tuple)
    assert page[0] == program


@pytest.mark.parametrize("action", [Action.RUN_AGAIN, Action.CHOOSE_DEVICE])
@pytest.mark.parametrize("system", list(System))
def test_the_windows_own_actions_start_nothing(action: Action, system: System) -> None:
    assert actions.settings_page(action, system, "GNOME") is None


def test_where_there_is_no_settings_program_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("readiness.gui.actions.this_system", lambda: System.LINUX)
    monkeypatch.setattr("readiness.gui.actions.shutil.which", lambda _name: None)
    assert not actions.can_open(Action.OPEN_SOUND_SETTINGS)
    assert not actions.open_settings(Action.OPEN_SOUND_SETTINGS)


def test_a_mail_address_keeps_its_words() -> None:
    url = actions.mail_address("it@example.se", "Rapport & mer", "Hej!\n100 % åäö?")
    written = url.toEncoded().data().decode()
    assert written.startswith("mailto:it@example.se?subject=Rapport%20%26%20mer&body=Hej")
    assert "100%20%25%20%C3%A5%C3%A4%C3%B6%3F" in written
    assert "%0A" in written
