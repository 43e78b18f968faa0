"""Watch mode for support: a live timeline, what happened beside it, and a file of both."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from readiness.core.check import Options
from readiness.core.text import LANGUAGES, Text
from readiness.core.timeline import Piece, Place, State
from readiness.devices.ports import DeviceKind
from readiness.gui import paper
from readiness.gui.arguments import read_arguments
from readiness.gui.link import read_link
from readiness.gui.parts import LineRefused, load_parts
from readiness.gui.watched import Happening, Watched
from readiness.gui.window import Window
from readiness.settings import Settings, places
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import BAD_MORNING, Script, ScriptedLine, pieces
from tests.gui.steps import PATIENCE, texts
from tests.lab.collectors import collector

PLUGGED = Text(sv="{name} är inkopplad.", en="{name} is plugged in.")
REFUSED = Text(sv="Nyckeln godtas inte.", en="The key is not accepted.")


class RefusedError(Exception):
    text = REFUSED


def watched(**changes: object) -> Watched:
    kept = Watched(host="moten.example.se", begun_utc=BAD_MORNING[0].utc, pieces=list(BAD_MORNING))
    for name, value in changes.items():
        setattr(kept, name, value)
    return kept


def test_what_has_happened_is_told_newest_first_with_place_and_figures() -> None:
    lines = watched().lines("sv")
    assert [line.state for line in lines] == [State.AWAY, State.TROUBLE, State.TROUBLE]
    assert lines[2].words == (
        "Störd i 15\N{NO-BREAK SPACE}s, mellan datorn och nätet i huset, 7,5 % av ljudet kom bort, ljudet dröjde upp till 180 ms"
    )
    assert "utanför huset" in lines[1].words


def test_another_network_and_a_device_stand_between_the_pieces() -> None:
    cable = pieces((State.GOOD, None), (State.GOOD, None), kind_of="ethernet")
    moved = [*BAD_MORNING[:2], *(cable[0], cable[1])]
    happening = Happening(utc="2026-11-24T09:59:00Z", text=PLUGGED, name="Jabra <b>")
    kept = watched(pieces=moved, happenings=[happening])
    newest, network = kept.lines("en")
    assert newest.words == "Jabra <b> is plugged in."
    assert network.words == "The connection is another: network cable instead of Wi-Fi."
    assert "Jabra &lt;b&gt;" in paper.watched_page(kept, "en")


def test_the_file_for_support_holds_the_same_as_the_terminals() -> None:
    document = watched(case="SUP-1").document()
    assert document["case"] == "SUP-1"
    assert document["collector"] == "moten.example.se"
    assert document["verdict"] == "LIMITED"
    assert document["watched_seconds"] == 5 * len(BAD_MORNING)
    assert [piece["state"] for piece in document["timeline"]] == [
        "good",
        "trouble",
        "good",
        "trouble",
        "away",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_watched_is_said_so(language: str) -> None:
    kept = watched(pieces=[])
    assert (
        kept.summary(language)
        == {"sv": "Linjen kunde inte mätas.", "en": "The line could not be measured."}[language]
    )
    assert kept.state is None


def begun(open_window: OpenWindow, qtbot: QtBot, script: Script) -> Window:
    window = open_window(script)
    qtbot.waitUntil(lambda: window.visit.ready is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.start.devices.boxes["camera"].count() == 3, timeout=PATIENCE)
    window.start.history_button.click()
    window.history.watch_button.click()
    assert window.pages.page is window.watch
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    return window


def test_the_timeline_is_live_and_stops_when_told(open_window: OpenWindow, qtbot: QtBot) -> None:
    line = ScriptedLine(pieces=BAD_MORNING)
    window = begun(open_window, qtbot, Script(line=line))
    qtbot.waitUntil(lambda: window.watch.said == "Linjen är borta just nu", timeout=PATIENCE)
    shown = texts(window.watch)
    assert any("utanför huset" in text for text in shown)
    window.watch.start_button.click()
    qtbot.waitUntil(lambda: line.ended == 1, timeout=PATIENCE)
    assert window.watch.said == "Bevakningen är avslutad"
    assert any("utanför huset" in text for text in texts(window.watch))


def test_leaving_the_page_ends_the_watching(open_window: OpenWindow, qtbot: QtBot) -> None:
    line = ScriptedLine()
    window = begun(open_window, qtbot, Script(line=line))
    qtbot.waitUntil(lambda: line.begun == 1, timeout=PATIENCE)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.pages.page is window.history
    qtbot.waitUntil(lambda: line.ended == 1, timeout=PATIENCE)


def test_a_device_pulled_out_is_on_the_timeline_also_without_a_line(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    script = Script()
    window = begun(open_window, qtbot, script)
    assert window.watch.said == "Enheterna bevakas"
    assert not window.watch.save_button.isEnabled()
    script.devices.plug(DeviceKind.CAMERA, "Logitech BRIO")
    gone = "Integrated Camera är urkopplad."
    qtbot.waitUntil(lambda: gone in texts(window.watch), timeout=PATIENCE)
    for name in ("line.json", "line.pdf", "line.png"):
        window.where_to_save = lambda *_, file=tmp_path / name: file
        window.watch.save_button.click()
        assert (tmp_path / name).stat().st_size > 100
    (happening,) = json.loads((tmp_path / "line.json").read_text("utf-8"))["happenings"]
    assert happening["what"] == "Integrated Camera is unplugged."
    window.where_to_save = lambda *_: tmp_path / "nowhere" / "line.json"
    window.watch.save_button.click()
    assert "Välj en annan plats" in window.watch.notice.words.text()


def test_a_refused_key_is_said_and_it_can_be_tried_again(open_window: OpenWindow, qtbot: QtBot) -> None:
    line = ScriptedLine(refuses=RefusedError())
    window = begun(open_window, qtbot, Script(line=line))
    qtbot.waitUntil(lambda: window.watch.notice.words.text() == REFUSED.sv, timeout=PATIENCE)
    assert window.watch.start_button.text() == "Börja bevaka"
    window.watch.start_button.click()
    qtbot.waitUntil(lambda: line.ended == 2, timeout=PATIENCE)


def test_a_link_from_support_opens_ready_to_watch_and_starts_nothing(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    line = ScriptedLine(pieces=pieces((State.GOOD, None), (State.TROUBLE, Place.OUTSIDE)))
    window = open_window(Script(line=line))
    qtbot.waitUntil(lambda: window.visit.ready is not None, timeout=PATIENCE)
    window.follow("motesklar:watch?case=SUP-7")
    assert window.pages.page is window.watch
    assert "SUP-7" in window.watch.notice.words.text()
    assert window.watch.said == "Ingen bevakning pågår"
    assert line.ended == 0
    window.watch.back_button.click()
    assert window.pages.page is window.start


def test_the_real_line_tells_what_it_is_like(tmp_path: Path) -> None:
    """Against a real collector, as the program assembles it; a refused key is said in words."""

    async def first_piece(url: str, key: str) -> Piece:
        settings = Settings(enrolment_key=key)
        folder = tmp_path / key  # each with a place of its own for its token
        where = dataclasses.replace(places(), data=folder, settings_file=folder / "settings.toml")
        parts = await load_parts(settings, Options(collector_url=url), where)
        assert parts.line is not None
        assert parts.line.host == "127.0.0.1"
        told: asyncio.Queue[Piece] = asyncio.Queue()
        watching = asyncio.ensure_future(parts.line.watch(told.put_nowait))
        telling = asyncio.ensure_future(told.get())
        await asyncio.wait((watching, telling), timeout=40, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            telling.cancel()
            await watching
        watching.cancel()
        await parts.close()
        return await telling

    with collector(tmp_path) as there:
        piece = asyncio.run(first_piece(there.url, there.key))
        assert piece.state in (State.GOOD, State.TROUBLE)
        assert piece.rtt_ms is not None
        with pytest.raises(LineRefused) as refused:
            asyncio.run(first_piece(there.url, "mk_wrong"))
        assert "Be IT om en ny" in refused.value.text.sv


def test_watch_mode_has_an_argument_and_a_link() -> None:
    assert read_arguments(["window", "--watch"]).watch
    assert read_link("motesklar:watch?case=SUP-7").watches
    assert not read_link("motesklar:test?case=SUP-7").watches
