"""Watching: the line and the devices for as long as the page is in sight; saved for support."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from readiness.core.text import Text
from readiness.core.timeline import Piece
from readiness.devices.ports import Device, DeviceKind
from readiness.gui.comings import Comings
from readiness.gui.failures import not_saved
from readiness.gui.flows.sending import FORMATS, WhereToSave
from readiness.gui.outcome import Ready
from readiness.gui.pages.page import Page
from readiness.gui.pages.watch import WatchPage
from readiness.gui.session import PAPER, Session
from readiness.gui.stage import Stage
from readiness.gui.visit import Visit
from readiness.gui.watched import Happening, Watched
from readiness.submission.files import write_where_asked

FILE_NAME = Text(sv="linjen-{date}.json", en="the-line-{date}.json")
SAVE_TITLE = Text(sv="Spara tidslinjen", en="Save the timeline")


class Watching(QObject):
    """All its slots run on the window's thread."""

    def __init__(
        self, stage: Stage, session: Session, visit: Visit, page: WatchPage, where_to_save: WhereToSave
    ) -> None:
        super().__init__(stage)
        self._stage, self._session, self._visit, self._page = stage, session, visit, page
        self._where_to_save = where_to_save
        self._from: Page | None = None
        self._watched: Watched | None = None
        self._going = False
        self._comings = Comings()
        page.started.connect(self._start)
        page.stopped.connect(self.stop)
        page.saved.connect(self._save)
        page.back.connect(self._leave)
        stage.currentChanged.connect(self._on_turned)
        session.ready.connect(self._on_ready)
        session.watched.connect(self._on_piece)
        session.watch_ended.connect(self._on_ended)
        session.devices_found.connect(self._on_devices)

    @property
    def watched(self) -> Watched | None:
        """What came so far, or last."""
        return self._watched

    @Slot()
    def open(self) -> None:
        """Show the page; `back` returns to the page in sight now."""
        if self._stage.page is not self._page:
            self._from = self._stage.page
        self._page.notice.silence()
        self._stage.turn_to(self._page)

    @Slot()
    def stop(self) -> None:
        """Watch no longer; what came is kept on the page."""
        if self._going:
            self._going = False
            self._session.stop_watching()
            self._show()

    @Slot()
    def _start(self) -> None:
        line = self._visit.ready.line if self._visit.ready else None
        self._going = True
        self._watched = Watched(host=line or "", begun_utc=_now(), case=self._visit.labels.case)
        self._page.notice.silence()
        if line is not None:
            self._session.watch()
        self._show()
        self._stage.announce(self._page.said)

    @Slot()
    def _leave(self) -> None:
        if self._from is not None:
            self._stage.turn_to(self._from)

    @Slot(int)
    def _on_turned(self, _index: int) -> None:
        if self._stage.page is not self._page:
            self.stop()

    @Slot(object)
    def _on_ready(self, ready: Ready) -> None:
        self._page.show_line(ready.line is not None)

    @Slot(object)
    def _on_piece(self, piece: Piece) -> None:
        if not self._going or self._watched is None:
            return
        before = self._watched.state
        self._watched.pieces.append(piece)
        self._show()
        if piece.state is not before:
            self._stage.announce(self._page.said)

    @Slot(object)
    def _on_ended(self, problem: Text | None) -> None:
        """By itself: after a day, or because IT's server refused."""
        if self._going:
            self._going = False
            self._show()
            if problem is not None:
                self._page.show_failure(problem)
                self._stage.announce(self._stage.say(problem))

    @Slot(object)
    def _on_devices(self, found: Mapping[DeviceKind, Sequence[Device]]) -> None:
        news = self._comings.see(found)
        if self._going and self._watched is not None and news:
            now = _now()
            self._watched.happenings += [Happening(utc=now, text=text, name=name) for text, name in news]
            self._show()

    @Slot()
    def _save(self) -> None:
        watched, say = self._watched, self._stage.say
        if watched is None:
            return
        name = say(FILE_NAME, date=watched.begun_utc[:10])
        file = self._where_to_save(self._stage.window(), say(SAVE_TITLE), name, say(FORMATS))
        if file is None:
            return
        try:
            self._write(watched, file)
        except OSError as error:
            self._page.show_failure(not_saved(file, error))
        else:
            self._page.show_saved(file)

    def _write(self, watched: Watched, file: Path) -> None:
        if file.suffix.lower() in PAPER:
            from readiness.gui import paper  # as much as all the rest of this, and seldom needed

            paper.print_page(paper.watched_page(watched, self._stage.look.language), file)
        else:
            content = json.dumps(watched.document(), ensure_ascii=False, indent=2).encode()
            write_where_asked(file, content)

    def _show(self) -> None:
        self._page.show_watched(self._watched, self._going)


def _now() -> str:
    # Loaded by the session long before anything is watched; not before the window shows.
    from readiness.core.runner import utc_now

    return utc_now()
