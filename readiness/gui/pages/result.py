"""The result: one verdict, the one thing to do next, the activities, the services, each test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from readiness.core.model import Activity, Rating, Verdict
from readiness.core.phrases import BORDERLINE, lift_words
from readiness.core.text import Text
from readiness.devices.ports import DeviceKind
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.outcome import Outcome, Service, Station
from readiness.gui.pages.page import Page
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, Mark, card, clear, column, label, recolour, row, sheet
from readiness.gui.widgets.check_row import CheckRow
from readiness.gui.widgets.first_step import FirstStepCard
from readiness.gui.widgets.notice import NoticeBox
from readiness.gui.widgets.reflow import Reflow

ACTIVITIES = Text(sv="Det här kan du göra i ett möte", en="What you can do in a meeting")
SERVICES = Text(sv="Så fungerar det i olika tjänster", en="How it works in different services")
TESTS = Text(sv="Alla tester", en="All tests")
SEND = Text(sv="Skicka till IT", en="Send to IT")
SIGN = Text(sv="Signera, nästa dator", en="Sign, next computer")
SAVE_OR_MAIL = Text(sv="Spara eller mejla", en="Save or mail")
ALL_AGAIN = Text(sv="Kör alla tester igen", en="Run all tests again")
NO_PAGE = Text(
    sv="Inställningarna gick inte att öppna härifrån. Öppna dem själv, eller be IT om hjälp.",
    en="The settings could not be opened from here. Open them yourself, or ask IT for help.",
)
COMPARE = Text(sv="Jämför med tidigare", en="Compare with earlier")
HEAR_YOURSELF = Text(sv="Lyssna på din röst", en="Listen to your voice")
PLAYING = Text(sv="Spelar upp …", en="Playing …")
STOPPED = Text(
    sv="Testet avbröts. Här är resultatet från förut.", en="The test was stopped. Here is the earlier result."
)


class ResultPage(Page):
    """Written anew for each outcome, language and theme."""

    repeated = Signal(str)
    all_again = Signal()
    send_wanted = Signal()
    acted = Signal(object, str)
    voice_wanted = Signal()
    history_wanted = Signal()

    def __init__(self, *, signs: bool = False) -> None:
        super().__init__()
        self._signs = signs
        self._look: Look | None = None
        self._outcome: Outcome | None = None
        self._titles: dict[str, Text] = {}
        self._sends = True
        self.rows: dict[str, CheckRow] = {}
        self.voice_button: Button | None = None
        self._playing = False
        frame = sheet(self)
        self._area = frame.area
        self.notice = NoticeBox()
        self._banner = QFrame()
        banner = row(self._banner, margin=SPACE_L, gap=SPACE_L)
        self._mark = Mark(72)
        self.verdict, self._more = label("verdict"), label("lead")
        said = column(gap=SPACE_S)
        said.addWidget(self.verdict)
        said.addWidget(self._more)
        banner.addWidget(self._mark)
        banner.addLayout(said, 1)
        self.step = FirstStepCard(offers_to_send=not signs)
        self.step.acted.connect(self.acted)
        self.step.repeated.connect(self.repeated)
        self.step.send_wanted.connect(self.send_wanted)
        self._activities_heading, self._activities = label("heading"), Reflow(most=2, least=280)
        self._services_heading, self._services = label("heading"), Reflow(most=3, least=260, gap=SPACE_S)
        self._tests_heading, self._tests = label("heading"), column(gap=0)
        tests = card()
        inside = column(tests, gap=0)
        inside.setContentsMargins(SPACE_L, 0, SPACE_L, 0)
        inside.addLayout(self._tests)

        content = frame.content
        content.addWidget(self.notice)
        content.addWidget(self._banner)
        content.addWidget(self.step)
        content.addSpacing(SPACE_S)
        content.addWidget(self._activities_heading)
        content.addWidget(self._activities)
        content.addSpacing(SPACE_S)
        content.addWidget(self._services_heading)
        content.addWidget(self._services)
        content.addSpacing(SPACE_S)
        self.history_button = Button("quiet")
        self.history_button.clicked.connect(self.history_wanted)
        heading = row()
        heading.addWidget(self._tests_heading, 1)
        heading.addWidget(self.history_button)
        content.addLayout(heading)
        content.addWidget(tests)
        self._rated_by = label("small")
        content.addWidget(self._rated_by)
        content.addStretch(1)

        self.again_button, self.send_button = Button("secondary"), Button("primary")
        self.again_button.clicked.connect(self.all_again)
        self.send_button.clicked.connect(self.send_wanted)
        frame.actions.addWidget(self.again_button)
        frame.actions.addStretch(1)
        frame.actions.addWidget(self.send_button)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.notice.put_on(look)
        self._write()

    def show_outcome(self, outcome: Outcome, stations: Sequence[Station], sends: bool) -> None:
        """A run has ended; `sends`: there is a collector to send to."""
        self._outcome, self._sends = outcome, sends
        self._titles = {station.id: station.title for station in stations}
        self.notice.silence()
        self._write()
        self._area.verticalScrollBar().setValue(0)

    def show_failure(self, text: Text) -> bool:
        """Signing failed: the button works again."""
        if self._signs:
            self.send_button.setEnabled(True)
            self.notice.say(text, Verdict.NOT_READY)
            self._area.verticalScrollBar().setValue(0)
        return self._signs

    def arrive(self) -> None:
        """The page is in sight: the keyboard is on what to do next."""
        # A technician reads, signs and goes on; everyone else does first what is to be done.
        first = None if self._signs else self.step.first_button
        (first or self.send_button).setFocus()

    @property
    def said(self) -> str:
        """The verdict in words, for those who listen."""
        return f"{self.verdict.text()}. {self._more.text()}"

    def title_of(self, check_id: str) -> Text:
        """The name of a check; a check from a newer version has its id."""
        return self._titles.get(check_id, Text(sv=check_id, en=check_id))

    def _write(self) -> None:
        look, outcome = self._look, self._outcome
        if look is None or outcome is None:
            return
        overall = outcome.rating.overall
        recolour(self._banner, card=overall.value)
        self._mark.draw_verdict(look, overall)
        self.verdict.setText(look.say(words.OVERALL[overall]))
        recolour(self.verdict, tone=overall.value)
        self._more.setText(" ".join((look.say(words.OVERALL_MORE[overall]), *_lifted(look, outcome.rating))))
        self.step.setVisible(outcome.first is not None)
        self.step.first_button = None
        if outcome.first is not None:
            self.step.show_step(look, outcome.first, self.title_of(outcome.first.check_id))
        self._activities_heading.setText(look.say(ACTIVITIES))
        self._write_activities(look, outcome.rating)
        self._services_heading.setText(look.say(SERVICES))
        self._services_heading.setVisible(bool(outcome.services))
        self._write_services(look, outcome.services)
        self._tests_heading.setText(look.say(TESTS))
        self._write_tests(look, outcome)
        self._rated_by.setText(look.say(outcome.rated_by) if outcome.rated_by else "")
        self._rated_by.setVisible(outcome.rated_by is not None)
        self.again_button.write(look.say(ALL_AGAIN))
        self.history_button.write(look.say(COMPARE))
        # One button stands out: what to do next, or else sending.
        first = None if self._signs else self.step.first_button
        recolour(self.send_button, kind="secondary" if first else "primary")
        self.send_button.setEnabled(True)
        self.send_button.write(look.say(SIGN if self._signs else SEND if self._sends else SAVE_OR_MAIL))

    def _write_activities(self, look: Look, rating: Rating) -> None:
        self._activities.empty()
        for activity, text in words.ACTIVITY.items():
            verdict = rating.activities.get(activity, Verdict.UNKNOWN)
            self._activities.add(_activity(look, activity, text, verdict))

    def _write_services(self, look: Look, services: Sequence[Service]) -> None:
        self._services.empty()
        for service in services:
            self._services.add(_service(look, service))

    def _write_tests(self, look: Look, outcome: Outcome) -> None:
        clear(self._tests)
        self.rows, self.voice_button = {}, None
        for index, result in enumerate(outcome.results):
            shown = CheckRow(look, result, self.title_of(result.check_id), outcome)
            if outcome.voice and result.check_id == DeviceKind.MICROPHONE:
                shown.add_below(self._voice_button(look))
            if not index:
                shown.setProperty("card", "first_row")
            shown.repeated.connect(self.repeated)
            self._tests.addWidget(shown)
            self.rows[result.check_id] = shown

    def _voice_button(self, look: Look) -> Button:
        self.voice_button = Button("quiet")
        self.voice_button.write(look.say(HEAR_YOURSELF))
        self.voice_button.draw(look, "speaker")
        self.voice_button.clicked.connect(self._play_voice)
        return self.voice_button

    def _play_voice(self) -> None:
        if self._look is not None and self.voice_button is not None and not self._playing:
            self._playing = True  # still pressable: a button that goes grey loses the keyboard
            self.voice_button.write(self._look.say(PLAYING))
            self.voice_wanted.emit()

    def end_voice(self, problem: Text | None) -> None:
        """The voice has been played, or could not be."""
        self._playing = False
        if self._look is not None and self.voice_button is not None:
            self.voice_button.write(self._look.say(HEAR_YOURSELF))
        if problem is not None:
            self.notice.say(problem)
            self._area.verticalScrollBar().setValue(0)


def _lifted(look: Look, rating: Rating) -> Iterator[str]:
    """What would lift the verdict, and whether it lies near a limit."""
    for lift in rating.lifts:
        if lift.activity is None and lift.needs:
            yield look.say(lift_words(lift))
    if rating.borderline:
        yield look.say(BORDERLINE)


def _activity(look: Look, activity: Activity, text: Text, verdict: Verdict) -> QFrame:
    tile = card()
    line = row(tile, margin=SPACE_M, gap=SPACE_M)
    icon, mark = Mark(30), Mark(26)
    icon.draw(look, activity.value, look.palette.muted)
    mark.draw_verdict(look, verdict)
    name, state = label(strong=True), label("small")
    name.setText(look.say(text))
    state.setText(look.say(words.VERDICT[verdict]))
    state.setProperty("tone", verdict.value)
    said = column(gap=2)
    said.addWidget(name)
    said.addWidget(state)
    line.addWidget(icon)
    line.addLayout(said, 1)
    line.addWidget(mark)
    return tile


def _service(look: Look, service: Service) -> QFrame:
    tile = card()
    line = row(tile, margin=SPACE_M, gap=SPACE_S)
    verdict = service.rating.overall
    mark = Mark(22)
    mark.draw_verdict(look, verdict)
    name, state = label(strong=True), label("small", wraps=False)
    name.setText(service.name)
    state.setText(look.say(words.VERDICT[verdict]))
    state.setProperty("tone", verdict.value)
    state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(mark)
    line.addWidget(name, 1)
    line.addWidget(state)
    return tile
