"""What is set and by whom, as the window shows it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from readiness.settings import Loaded, Places, load
from tests.gui.conftest import OpenWindow


def loaded(tmp_path: Path, policy: str) -> Loaded:
    (tmp_path / "policy.toml").write_text(policy, "utf-8")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "organisation.toml").write_text('name = "Organisationens krav"\n', "utf-8")
    (tmp_path / "settings.toml").write_text('enrolment_key = "mk_secret"\n', "utf-8")
    return load(
        Places(
            settings_file=tmp_path / "settings.toml",
            machine_settings_file=None,
            policy_file=tmp_path / "policy.toml",
            data=tmp_path,
            resources=tmp_path,
        ),
        {},
    )


def test_what_a_policy_has_set_is_shown_as_the_organisations(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window()
    assert not window.start.settings_button.isVisible(), "nothing is known of the settings yet"
    window.show_settings(loaded(tmp_path, 'unit = "Skolan"\n'))
    window.start.settings_button.click()
    assert window.pages.page is window.settings
    texts = [found.text() for found in window.settings.findChildren(QLabel)]
    place = texts.index("Enhet")
    assert texts[place : place + 3] == ["Enhet", "Skolan", "bestämt av organisationen"]
    place = texts.index("Anslutningsnyckel")
    assert texts[place + 1 : place + 3] == ["satt (visas inte)", "användarens inställning"]
    assert texts[texts.index("Språk") + 1] == "Svenska", "words, not what stands in a file"
    assert texts[texts.index("Kravprofil") + 1] == "Organisationens krav"
    assert "mk_secret" not in " ".join(texts)
    assert window.settings.managed.isVisible()
    assert not window.settings.notice.isVisible()
    window.settings.back_button.click()
    assert window.pages.page is window.start


def test_what_it_has_set_wrongly_is_said(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(language="en")
    window.show_settings(loaded(tmp_path, 'collector_url = "nonsense"\n'))
    window.start.settings_button.click()
    assert "policy.toml" in window.settings.notice.words.text()
    assert "cannot be used: nonsense" in window.settings.notice.words.text()
    assert not window.settings.managed.isVisible()
