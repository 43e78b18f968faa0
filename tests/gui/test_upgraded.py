"""An upgrade while the window is open: nothing is tested with parts of two versions, and that is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from readiness.core import itself
from readiness.core.itself import beginning
from readiness.gui.flows.testing import UPGRADED
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import Script, loads


def upgrade(file: Path) -> None:
    """As dpkg and rpm do it: the new file beside the old one, then in its place."""
    new = file.with_name(f"{file.name}.dpkg-new")
    new.write_bytes(b"newer")
    new.replace(file)


def test_after_an_upgrade_the_window_asks_to_be_opened_again(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    program = tmp_path / "readiness"
    program.write_bytes(b"older")
    window = open_window(load=loads(Script()))
    window.visit.program = beginning(program)
    qtbot.waitUntil(lambda: window.visit.ready is not None, timeout=10_000)
    upgrade(program)
    window.start.begin_button.click()
    assert window.start.notice.words.text() == UPGRADED.sv
    assert not window.visit.running
    window.header.buttons["en"].click()
    assert window.start.notice.words.text() == UPGRADED.en


def test_a_program_that_stands_as_it_was_goes_on(tmp_path: Path) -> None:
    assert not beginning().is_over
    program = tmp_path / "readiness"
    assert not beginning(program).is_over, "what cannot be looked at is not said to have changed"
    program.write_bytes(b"older")
    seen = beginning(program)
    assert not seen.is_over
    upgrade(program)
    assert seen.is_over
    seen = beginning(program)
    program.unlink()
    assert seen.is_over, "removed"


def test_a_frozen_program_looks_at_its_own_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert beginning().file == Path(itself.__file__).parent.parent / "__init__.py"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert beginning().file == Path(sys.executable)
