"""For support: the line watched for as long as the window is open, and what else happens meanwhile."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.core.timeline import State, watched_seconds
from readiness.core.timeline_words import STATES
from readiness.gui.look import Look
from readiness.gui.pages.page import Page
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.watched import Line, Watched
from readiness.gui.widgets.basic import Button, Mark, card, clear, column, label, recolour, row, sheet
from readiness.gui.widgets.figures import duration_words, value_words
from readiness.gui.widgets.notice import NoticeBox
from readiness.gui.widgets.reflow import Reflow
from readiness.gui.widgets.timeline import VERDICTS, TimelineBand

TITLE = Text(sv="Bevaka linjen", en="Watch the line")
LEAD = Text(
    sv="Låt fönstret vara öppet. Vi visar när linjen till IT är dålig, och var.",
    en="Leave the window open. We show when the line to IT is bad, and where.",
)
LEAD_NO_LINE = Text(
    sv="IT:s server är inte inställd, så linjen mäts inte. Enheter som kommer och går visas ändå.",
    en="IT's server is not set up, so the line is not measured. Devices that come and go are shown anyway.",
)
NOT_YET = Text(sv="Ingen bevakning pågår", en="Nothing is being watched")
FIRST_SOON = Text(sv="Första svaret kommer om några sekunder", en="The first answer comes in a few seconds")
NO_LINE = Text(sv="Enheterna bevakas", en="The devices are being watched")
NOW = {
    State.GOOD: Text(sv="Linjen är bra just nu", en="The line is good now"),
    State.TROUBLE: Text(sv="Linjen är störd just nu", en="The line is disturbed now"),
    State.AWAY: Text(sv="Linjen är borta just nu", en="The line is away now"),
    State.ASLEEP: Text(sv="Datorn har sovit", en="The computer has slept"),
}
SO_FAR = Text(
    sv="Bevakad i {duration}, bra {share:.0f} % av tiden",
    en="Watched for {duration}, good {share:.0f} % of the time",
)
WAS = Text(sv="Bevakningen är avslutad", en="The watching is over")
ANSWER_TIME = Text(sv="Svarstid {value}", en="Answer time {value}")
SIGNAL = Text(sv="Wifi {value}", en="Wi-Fi {value}")
TIMELINE = Text(sv="Tidslinje", en="Timeline")
DEVICE = Text(sv="enhet in eller ut", en="device in or out")
HAPPENED = Text(sv="Det här har hänt", en="What has happened")
QUIET = Text(sv="Inget än.", en="Nothing yet.")
COSTS = Text(sv="Det går åt ungefär 1 megabyte i minuten.", en="It takes about 1 megabyte a minute.")
START = Text(sv="Börja bevaka", en="Start watching")
STOP = Text(sv="Sluta bevaka", en="Stop watching")
SAVE = Text(sv="Spara som fil", en="Save as file")
BACK = Text(sv="Tillbaka", en="Back")
SAVED = Text(sv="Tidslinjen är sparad: {file}", en="The timeline is saved: {file}")


class WatchPage(Page):
    """What the line is like now, its timeline, and a list of what has happened."""

    started = Signal()
    stopped = Signal()
    saved = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._watched: Watched | None = None
        self._has_line, self._going = True, False
        self._listed_now: tuple[Look, tuple[Line, ...]] | None = None
        frame = sheet(self)
        self._title, self._lead = label("title"), label("lead", muted=True)
        self.notice = NoticeBox()
        for part in (self._title, self._lead, self.notice):
            frame.content.addWidget(part)
        frame.content.addWidget(self._make_now())
        self._timeline, self._happened, self._listed = self._make_timeline(), label("heading"), card()
        self._list = column(self._listed, gap=0)
        self._list.setContentsMargins(SPACE_L, 0, SPACE_L, 0)
        for below in (self._timeline, self._happened, self._listed):
            frame.content.addWidget(below)
        frame.content.addStretch(1)
        self.back_button, self.save_button = Button("quiet"), Button("secondary")
        self.start_button = Button("primary")
        frame.actions.addWidget(self.back_button)
        frame.actions.addStretch(1)
        frame.actions.addWidget(self.save_button)
        frame.actions.addWidget(self.start_button)
        self.back_button.clicked.connect(self.back)
        self.save_button.clicked.connect(self.saved)
        self.start_button.clicked.connect(self._start_or_stop)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.notice.put_on(look)
        self.band.put_on(look)
        self._write()

    def show_line(self, has_line: bool) -> None:
        """Whether there is a line to watch: IT's server is set up."""
        self._has_line = has_line
        self._write()

    def show_watched(self, watched: Watched | None, going: bool) -> None:
        """What came so far, and whether it goes on."""
        self._watched, self._going = watched, going
        self._write()

    def show_saved(self, file: object) -> None:
        """The timeline is in a file."""
        self.notice.say(SAVED, Verdict.READY, file=str(file))

    def arrive(self) -> None:
        """The page is in sight."""
        self.start_button.setFocus()

    def escape(self) -> None:
        """Back."""
        self.back_button.click()

    def show_failure(self, text: Text) -> bool:
        """Something could not be done."""
        self.notice.say(text, Verdict.LIMITED)
        return True

    @property
    def said(self) -> str:
        """What the line is like now, for those who listen."""
        return self.state.text()

    def _make_now(self) -> QFrame:
        self._card = card()
        self._mark, self.state, self._figures = Mark(40), label("heading"), label("small", muted=True)
        line = row(self._card, margin=SPACE_L, gap=SPACE_M)
        said = column(gap=2)
        said.addWidget(self.state)
        said.addWidget(self._figures)
        line.addWidget(self._mark)
        line.addLayout(said, 1)
        return self._card

    def _make_timeline(self) -> QFrame:
        made = card()
        inside = column(made, margin=SPACE_L, gap=SPACE_M)
        self._heading, self.band = label("body", strong=True), TimelineBand()
        legend = Reflow(most=5, even=False, gap=SPACE_M)
        self._legend: dict[State | None, tuple[Mark, QLabel]] = {}
        for state in (*VERDICTS, None):
            mark, words = Mark(18), label("small", muted=True, wraps=False)
            part = QFrame()
            line = row(part, gap=SPACE_S)
            line.addWidget(mark)
            line.addWidget(words)
            legend.add(part)
            self._legend[state] = (mark, words)
        inside.addWidget(self._heading)
        inside.addWidget(self.band)
        inside.addWidget(legend)
        return made

    def _start_or_stop(self) -> None:
        (self.stopped if self._going else self.started).emit()

    def _write(self) -> None:
        look = self._look
        if look is None:
            return
        self._title.setText(look.say(TITLE))
        self._lead.setText(look.say(LEAD if self._has_line else LEAD_NO_LINE))
        self._heading.setText(look.say(TIMELINE))
        self._happened.setText(look.say(HAPPENED))
        self.back_button.write(look.say(BACK))
        self.save_button.write(look.say(SAVE))
        self.start_button.write(look.say(STOP if self._going else START))
        watched = self._watched
        self.save_button.setEnabled(watched is not None and bool(watched.pieces or watched.happenings))
        for state, (mark, words) in self._legend.items():
            if state is None:
                mark.draw(look, "plug", look.palette.accent)
                words.setText(look.say(DEVICE))
            else:
                mark.draw_verdict(look, VERDICTS[state])
                words.setText(look.say(STATES[state]))
        self._write_now(look)
        self._write_timeline(look)

    def _write_now(self, look: Look) -> None:
        watched = self._watched
        state = watched.state if watched is not None else None
        if watched is None:
            said, figures = NOT_YET, look.say(COSTS) if self._has_line else ""
        elif not self._going:
            said, figures = WAS, watched.summary(look.language) if watched.pieces else ""
        elif state is None:
            said, figures = FIRST_SOON if self._has_line else NO_LINE, ""
        else:
            said, figures = NOW[state], self._figures_now(look, watched)
        self.state.setText(look.say(said))
        self._figures.setText(figures)
        self._figures.setVisible(bool(figures))
        if self._going and state is not None:
            self._mark.draw_verdict(look, VERDICTS[state])
        else:
            self._mark.draw(look, "running" if self._going else "clock", look.palette.accent)
        tone = VERDICTS[state].value if self._going and state is not None else "plain"
        recolour(self._card, card=tone)

    def _figures_now(self, look: Look, watched: Watched) -> str:
        now = watched.pieces[-1]
        said = []
        if now.rtt_ms is not None:
            said.append(look.say(ANSWER_TIME, value=value_words("rtt_ms", now.rtt_ms, look.language)))
        if now.signal_dbm is not None:
            said.append(look.say(SIGNAL, value=value_words("signal_dbm", now.signal_dbm, look.language)))
        seconds, good = watched_seconds(watched.pieces)
        if seconds:
            duration = duration_words(seconds, look.language)
            said.append(look.say(SO_FAR, duration=duration, share=100 * good / seconds))
        return " · ".join(said)

    def _write_timeline(self, look: Look) -> None:
        watched = self._watched
        for part in (self._timeline, self._happened, self._listed):
            part.setVisible(watched is not None)
        lines = watched.lines(look.language) if watched is not None else ()
        if watched is None:
            self.band.show_pieces("", (), (), look.say(NOT_YET))
        else:
            marks = [one.utc for one in watched.happenings]
            self.band.show_pieces(watched.begun_utc, watched.pieces, marks, watched.summary(look.language))
        if self._listed_now == (look, lines):
            return  # made anew only where something happened, not every few seconds
        self._listed_now = (look, lines)
        clear(self._list)
        for index, line in enumerate(lines):
            self._list.addWidget(_line(look, line, first=not index))
        if not lines:
            empty = label(muted=True)
            empty.setText(look.say(QUIET))
            empty.setContentsMargins(0, SPACE_M, 0, SPACE_M)
            self._list.addWidget(empty)


def _line(look: Look, line: Line, *, first: bool) -> QFrame:
    made = card("first_row" if first else "row")
    inside = row(made, gap=SPACE_M)
    inside.setContentsMargins(0, SPACE_S + 2, 0, SPACE_S + 2)
    mark, at, words = Mark(20), label(muted=True, wraps=False), label()
    if line.state is None:
        mark.draw(look, "plug", look.palette.accent)
    else:
        mark.draw_verdict(look, VERDICTS[line.state])
    at.setText(line.at)
    words.setText(line.words)
    inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    inside.addWidget(at, 0, Qt.AlignmentFlag.AlignTop)
    inside.addWidget(words, 1)
    return made
