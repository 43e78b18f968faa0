"""Testing: from the start page through a run to its result, and one test again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from readiness.core.model import Action, Notice, Verdict
from readiness.core.text import Text
from readiness.devices.ports import Device, DeviceKind
from readiness.gui import actions
from readiness.gui.comings import Comings
from readiness.gui.outcome import Ended, Outcome, Ready
from readiness.gui.pages.handout import HandoutPage
from readiness.gui.pages.result import NO_PAGE, ResultPage
from readiness.gui.pages.result import STOPPED as STOPPED_AGAIN
from readiness.gui.pages.run import RunPage
from readiness.gui.pages.start import STOPPED, StartPage
from readiness.gui.session import Asked, Session
from readiness.gui.stage import Stage
from readiness.gui.visit import Visit

UPGRADED = Text(
    sv="Mötesklar har uppdaterats. Stäng fönstret, och öppna det igen. Sedan går det att testa.",
    en="Mötesklar has been updated. Close the window, and open it again. Then you can test.",
)


class Testing(QObject):
    """All its slots run on the window's thread."""

    ended = Signal(object)
    """Outcome of a run that was not stopped."""

    def __init__(
        self,
        stage: Stage,
        session: Session,
        visit: Visit,
        pages: tuple[StartPage | HandoutPage, RunPage, ResultPage],
    ) -> None:
        super().__init__(stage)
        self._stage, self._session, self._visit = stage, session, visit
        self._start, self._run_page, self._result = pages
        self._wanted: str | None = None
        self._comings = Comings()
        self._connect_pages()
        self._connect_session()

    def begin(self, only: str | None = None) -> None:
        """Run everything, or one test again; nothing while a run goes on."""
        if self._visit.running:
            return
        if self._visit.program.is_over:  # an upgrade came while the window was open
            self.fail(UPGRADED)
            return
        self._visit.running, self._wanted = True, only
        self._start.notice.silence()
        self._prepare()
        self._stage.turn_to(self._run_page)
        self._session.run(self._start.devices.chosen(self._visit.options), only, self._visit.labels)

    def fail(self, text: Text) -> None:
        """Something could not be done that a run needs: said at the start, which works again."""
        self._visit.running = False
        self._start.notice.say(text, Verdict.NOT_READY)
        self._stage.turn_to(self._start)

    def _connect_pages(self) -> None:
        self._start.begin.connect(self._begin)
        self._start.devices_wanted.connect(self._session.list_devices)
        self._start.devices.microphone_wanted.connect(self._session.find_microphone)
        self._run_page.cancelled.connect(self._session.cancel)
        self._run_page.answered.connect(self._answer)
        self._run_page.spoke.connect(self._stage.announce)
        self._result.repeated.connect(self.begin)
        self._result.all_again.connect(self._begin)
        self._result.acted.connect(self._act)
        self._result.voice_wanted.connect(self._play_back)

    def _connect_session(self) -> None:
        session = self._session
        session.ready.connect(self._on_ready)
        session.remarked.connect(self._on_remark)
        session.devices_found.connect(self._on_devices)
        session.microphones_heard.connect(self._start.devices.show_levels)
        session.microphone_found.connect(self._start.devices.show_found)
        session.backlog_changed.connect(self._start.show_backlog)
        session.check_started.connect(self._run_page.begin)
        session.check_progressed.connect(self._on_progress)
        session.check_finished.connect(self._on_finished)
        session.asked.connect(self._on_asked)
        session.question_over.connect(self._run_page.forget)
        session.run_ended.connect(self._on_outcome)
        session.voice_played.connect(self._on_voice_played)

    def _prepare(self) -> None:
        stations = self._visit.ready.stations if self._visit.ready else ()
        self._run_page.prepare(tuple(s for s in stations if self._wanted is None or s.id == self._wanted))

    # From the pages

    @Slot()
    def _begin(self) -> None:
        self.begin()

    @Slot(int, str)
    def _answer(self, number: int, choice: str) -> None:
        self._run_page.forget(number)
        self._session.answer(number, choice)

    @Slot(object, str)
    def _act(self, action: Action, check_id: str) -> None:
        if action is Action.RUN_AGAIN:
            self.begin(check_id)
        elif action is Action.CHOOSE_DEVICE:
            self._start.unfold_devices()
            self._stage.turn_to(self._start)
            if check_id in (kind.value for kind in DeviceKind):
                self._start.devices.boxes[DeviceKind(check_id)].setFocus()
        elif not actions.open_settings(action):
            self._result.notice.say(NO_PAGE)

    @Slot()
    def _play_back(self) -> None:
        self._session.play_back(self._start.devices.chosen(self._visit.options))

    # From the session

    @Slot(object)
    def _on_ready(self, ready: Ready) -> None:
        self._visit.ready = ready
        self._start.show_ready(ready)
        if self._visit.running and not self._run_page.stations:
            self._prepare()

    @Slot(object)
    def _on_remark(self, text: Text) -> None:
        self._start.notice.say(text)

    @Slot(object)
    def _on_devices(self, found: Mapping[DeviceKind, Sequence[Device]]) -> None:
        for text, name in self._comings.see(found):
            self._stage.announce(self._stage.say(text, name=name))
        self._start.show_devices(found, self._visit.options)

    @Slot(str, object)
    def _on_progress(self, check_id: str, notice: Notice) -> None:
        self._run_page.show_notice(check_id, notice)

    @Slot(object)
    def _on_finished(self, ended: Ended) -> None:
        self._run_page.end(ended)
        if station := self._run_page.stations.get(ended.result.check_id):
            self._stage.announce(f"{station.accessibleName()}. {station.accessibleDescription()}".strip(" ."))

    @Slot(object)
    def _on_asked(self, asked: Asked) -> None:
        self._run_page.ask(asked.number, asked.question)

    @Slot(object)
    def _on_outcome(self, outcome: Outcome) -> None:
        self._visit.running = False
        if outcome.stopped and self._wanted is None:
            self._start.notice.say(STOPPED, Verdict.UNKNOWN)
            self._stage.turn_to(self._start)
            self._stage.announce(self._stage.say(STOPPED))
            return
        self._visit.outcome = outcome
        if self._visit.ready is not None:
            self._result.show_outcome(outcome, self._visit.ready.stations, self._visit.ready.has_collector)
        if outcome.stopped:
            self._result.notice.say(STOPPED_AGAIN, Verdict.UNKNOWN)
        self._stage.turn_to(self._result)
        self._stage.announce(self._result.said)
        if not outcome.stopped:
            self.ended.emit(outcome)

    @Slot(object)
    def _on_voice_played(self, problem: Text | None) -> None:
        self._result.end_voice(problem)
        if problem is not None:
            self._stage.announce(self._stage.say(problem))
