"""The runs of this computer: choose one to save it, or two to see what has changed between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame

from readiness.core.model import Report, Verdict
from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.look import Look
from readiness.gui.pages.page import Page
from readiness.gui.times import local_time
from readiness.gui.tokens import SPACE_L, SPACE_M
from readiness.gui.widgets.basic import Button, Mark, card, clear, column, label, row, sheet
from readiness.gui.widgets.notice import NoticeBox

TITLE = Text(sv="Tidigare tester", en="Earlier tests")
LEAD = Text(
    sv="Testerna finns bara på den här datorn. Kryssa i två för att se vad som har ändrats.",
    en="The tests are on this computer alone. Tick two to see what has changed.",
)
READING = Text(sv="Hämtar …", en="Looking them up …")
NONE_YET = Text(
    sv="Inget test är gjort än. Gör ett, så visas det här.",
    en="No test has been made yet. Make one, and it shows here.",
)
COMPARE = Text(sv="Jämför", en="Compare")
WATCH = Text(sv="Bevaka linjen", en="Watch the line")
SAVE = Text(sv="Spara som fil", en="Save as file")
BACK = Text(sv="Tillbaka", en="Back")
SAVED = Text(sv="Rapporten är sparad: {file}", en="The report is saved: {file}")
CASE = Text(sv="ärende {case}", en="case {case}")
CHOOSE = Text(sv="{when}: {verdict}", en="{when}: {verdict}")
_MOST_SHOWN = 60


class HistoryPage(Page):
    """The newest first; the two newest are ticked."""

    compared = Signal(object, object)
    """The earlier and the later Report."""
    saved = Signal(object)
    watch_wanted = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._reports: tuple[Report, ...] | None = None
        self._ticked: frozenset[str] = frozenset()
        self.boxes: list[QCheckBox] = []
        frame = sheet(self)
        self._title, self._lead, self.empty = label("title"), label("lead", muted=True), label("lead")
        self.notice = NoticeBox()
        self._card = card()
        self._list = column(self._card, gap=0)
        self._list.setContentsMargins(SPACE_L, 0, SPACE_L, 0)
        for part in (self._title, self._lead, self.notice, self.empty, self._card):
            frame.content.addWidget(part)
        self.watch_button = Button("quiet")
        frame.content.addWidget(self.watch_button, 0, Qt.AlignmentFlag.AlignLeft)
        frame.content.addStretch(1)
        self.back_button, self.save_button = Button("quiet"), Button("secondary")
        self.compare_button = Button("primary")
        frame.actions.addWidget(self.back_button)
        frame.actions.addStretch(1)
        frame.actions.addWidget(self.save_button)
        frame.actions.addWidget(self.compare_button)
        self.back_button.clicked.connect(self.back)
        self.save_button.clicked.connect(self._save)
        self.compare_button.clicked.connect(self._compare)
        self.watch_button.clicked.connect(self.watch_wanted)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.notice.put_on(look)
        self._write()

    def prepare(self) -> None:
        """The runs are being looked up."""
        self._reports, self._ticked = None, frozenset()
        self.notice.silence()
        self._write()

    def show_reports(self, reports: Sequence[Report]) -> None:
        """The runs, the newest first."""
        self._reports = tuple(reports[:_MOST_SHOWN])
        self._ticked = frozenset(report.id for report in self._reports[:2])
        self._write()
        self.arrive()

    def show_saved(self, file: object) -> None:
        """A report is in a file."""
        self.notice.say(SAVED, Verdict.READY, file=str(file))

    def show_failure(self, text: Text) -> bool:
        """Something could not be done."""
        self.notice.say(text, Verdict.NOT_READY)
        return True

    def arrive(self) -> None:
        """The page is in sight."""
        (self.compare_button if self.compare_button.isEnabled() else self.back_button).setFocus()

    def escape(self) -> None:
        """Back."""
        self.back_button.click()

    @property
    def chosen(self) -> tuple[Report, ...]:
        """The reports that are ticked, the newest first."""
        return tuple(report for report in self._reports or () if report.id in self._ticked)

    def _tick(self, report_id: str, on: bool) -> None:
        self._ticked = self._ticked | {report_id} if on else self._ticked - {report_id}
        self._allow()

    def _allow(self) -> None:
        self.compare_button.setEnabled(len(self.chosen) == 2)
        self.save_button.setEnabled(len(self.chosen) == 1)

    def _compare(self) -> None:
        later, earlier = self.chosen
        self.compared.emit(earlier, later)

    def _save(self) -> None:
        self.saved.emit(self.chosen[0])

    def _write(self) -> None:
        look = self._look
        if look is None:
            return
        self._title.setText(look.say(TITLE))
        self._lead.setText(look.say(LEAD))
        self.empty.setText(look.say(READING if self._reports is None else NONE_YET))
        self.empty.setVisible(not self._reports)
        self._lead.setVisible(bool(self._reports))
        self._card.setVisible(bool(self._reports))
        self.back_button.write(look.say(BACK))
        self.save_button.write(look.say(SAVE))
        self.compare_button.write(look.say(COMPARE))
        self.watch_button.write(look.say(WATCH))
        self.watch_button.draw(look, "connection")
        clear(self._list)
        self.boxes = []
        for index, report in enumerate(self._reports or ()):
            line = self._line(look, report)
            line.setProperty("card", "row" if index else "first_row")
            self._list.addWidget(line)
        self._allow()

    def _line(self, look: Look, report: Report) -> QFrame:
        made = QFrame()
        line = row(made, gap=SPACE_M)
        line.setContentsMargins(0, SPACE_M, 0, SPACE_M)
        verdict = report.rating.overall
        when, said = local_time(report.created_utc, look.language), look.say(words.OVERALL[verdict])
        box = QCheckBox()
        box.setText(when)
        box.setAccessibleName(look.say(CHOOSE, when=when, verdict=said))
        box.setChecked(report.id in self._ticked)
        box.toggled.connect(lambda on, chosen=report.id: self._tick(chosen, on))
        mark, state = Mark(22), label(wraps=True)
        mark.draw_verdict(look, verdict)
        state.setText(said)
        state.setProperty("tone", verdict.value)
        computer = report.computer
        about = [computer.network_kind, computer.asset_tag]
        about += [look.say(CASE, case=computer.case)] if computer.case else []
        more = label("small", muted=True)
        more.setText(" · ".join(part for part in about if part))
        said_of_it = column(gap=2)
        said_of_it.addWidget(state)
        said_of_it.addWidget(more)
        line.addWidget(box)
        line.addWidget(mark)
        line.addLayout(said_of_it, 1)
        self.boxes.append(box)
        return made
