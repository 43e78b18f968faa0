"""A second copy of the program: as objects, and as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from readiness.gui.arguments import Wish
from readiness.gui.single import OnlyOne
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import Script, ScriptedCamera, ScriptedPost
from tests.gui.steps import PATIENCE, run_to_the_end

NO_RAISE = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
"""Without a screen there is nothing to come forward on."""
SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from readiness.gui.single import OnlyOne
application = QCoreApplication([])
sys.exit(0 if OnlyOne(Path(sys.argv[1])).hand_over(sys.argv[2]) else 7)
"""


@pytest.fixture
def first(tmp_path: Path, qtbot: QtBot) -> Iterator[OnlyOne]:
    only = OnlyOne(tmp_path)
    assert not only.hand_over("")
    yield only
    only.close()


def second(folder: Path, link: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen([sys.executable, "-c", SECOND, str(folder), link], env=environment)


def test_a_second_copy_hands_over_its_link_and_ends(first: OnlyOne, tmp_path: Path, qtbot: QtBot) -> None:
    link = "motesklar:test?case=Ärende 12"
    with qtbot.waitSignal(first.called, timeout=PATIENCE) as called:
        copy = second(tmp_path, link)
    qtbot.waitUntil(lambda: copy.poll() is not None, timeout=PATIENCE)
    assert copy.returncode == 0
    assert called.args == [link]


def test_another_user_opens_a_window_of_their_own(first: OnlyOne, tmp_path: Path, qtbot: QtBot) -> None:
    copy = second(tmp_path / "another", "")
    qtbot.waitUntil(lambda: copy.poll() is not None, timeout=PATIENCE)
    assert copy.returncode == 7


def test_a_name_that_a_crashed_copy_left_behind_is_taken_over(tmp_path: Path, qtbot: QtBot) -> None:
    only = OnlyOne(tmp_path)
    left = (
        Path(QLocalServer(only).fullServerName() or "/tmp")
        if os.name != "posix"
        else Path("/tmp") / only._name
    )
    left.write_bytes(b"")
    try:
        assert not only.hand_over("")
        copy = second(tmp_path, "")
        qtbot.waitUntil(lambda: copy.poll() is not None, timeout=PATIENCE)
        assert copy.returncode == 0
    finally:
        only.close()
        left.unlink(missing_ok=True)


def test_a_flood_is_cut_off(first: OnlyOne, qtbot: QtBot) -> None:
    called: list[str] = []
    first.called.connect(called.append)
    socket = QLocalSocket()
    socket.connectToServer(first._name)
    assert socket.waitForConnected(PATIENCE)
    socket.write(b"x" * 100_000)
    qtbot.waitUntil(
        lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState, timeout=PATIENCE
    )
    assert called == []


@NO_RAISE
def test_the_window_comes_forward_and_is_ready_for_the_case(open_window: OpenWindow, qtbot: QtBot) -> None:
    post = ScriptedPost()
    window = open_window(post=post)
    run_to_the_end(qtbot, window)
    window.showMinimized()
    window.call("motesklar:test?case=SUP-77")
    assert not window.isMinimized()
    assert window.pages.currentWidget() is window.start
    assert "SUP-77" in window.start.notice.words.text()
    run_to_the_end(qtbot, window)
    window.result.send_button.click()
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    window.send.send_button.click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.receipt, timeout=PATIENCE)
    assert post.kept[0].computer.case == "SUP-77"


@NO_RAISE
def test_a_call_disturbs_no_run_and_a_bad_link_is_told(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(Script(camera=ScriptedCamera(hangs=True)))
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: window.run.preview.has_picture, timeout=PATIENCE)
    window.call("motesklar:test?case=SUP-77")
    assert window.pages.currentWidget() is window.run
    window.run.cancel_button.click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.start, timeout=PATIENCE)
    window.call("motesklar:reboot?now")
    assert "gick inte att läsa" in window.start.notice.words.text()
    assert window.visit.labels.case == "SUP-77"


def test_a_case_on_the_command_line_is_shown_from_the_start(open_window: OpenWindow) -> None:
    window = open_window(wish=Wish(case="SUP-9"))
    assert "SUP-9" in window.start.notice.words.text()
    assert window.visit.labels.case == "SUP-9"


@pytest.mark.skipif(os.name != "posix", reason="the name of the socket is a file on POSIX alone")
def test_the_program_itself_opens_one_window_in_spite_of_a_newer_settings_file(
    tmp_path: Path, qtbot: QtBot
) -> None:
    """As processes: `readiness`, and once more by a link from support."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("READINESS_")},
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    settings = tmp_path / "config" / "motesklar" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('hologram = true\nunit = "Skolan"\n', "utf-8")
    command = [sys.executable, "-m", "readiness"]
    socket = Path("/tmp") / OnlyOne(tmp_path / "data" / "motesklar")._name
    window = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    try:
        qtbot.waitUntil(lambda: socket.exists() or window.poll() is not None, timeout=60_000)
        copy = subprocess.Popen([*command, "motesklar:test?case=SUP-1"], env=environment)
        qtbot.waitUntil(lambda: copy.poll() is not None, timeout=60_000)
        assert copy.returncode == 0
        assert window.poll() is None, "the first goes on"
    finally:
        window.terminate()
        window.wait(30)
        if window.stderr is not None:
            window.stderr.close()
        socket.unlink(missing_ok=True)
