"""The one thing to do next: what is wrong in words, what to do about it, and the button for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from readiness.core.model import Action, Owner, Remedy
from readiness.core.steps import steps_of, this_system
from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.actions import can_open
from readiness.gui.look import Look
from readiness.gui.outcome import FirstStep
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S
from readiness.gui.widgets.basic import Button, Mark, clear, column, label, row
from readiness.gui.widgets.station import icon_of

HEADING = Text(sv="Gör det här först", en="Do this first")
AGAIN = Text(sv="Testa igen", en="Test again")
AGAIN_NAME = Text(sv="Testa igen: {check}", en="Test again: {check}")
SEND = Text(sv="Skicka till IT", en="Send to IT")
ELSE = Text(sv="Hjälper det inte? Fråga:", en="Does that not help? Ask:")
ASK = Text(sv="Fråga:", en="Ask:")
UNKNOWN_CODE = Text(
    sv="Testet fann något som den här versionen inte känner till: {code}.",
    en="The test found something that this version does not know: {code}.",
)


class FirstStepCard(QFrame):
    """Shown where something is to be done; each of its buttons leads on."""

    acted = Signal(object, str)
    """Action and the check's id."""
    repeated = Signal(str)
    send_wanted = Signal()

    def __init__(self, *, offers_to_send: bool = True) -> None:
        super().__init__()
        self._offers_to_send = offers_to_send
        self.setProperty("card", "plain")
        self.first_button: Button | None = None
        self._whole = column(self, margin=SPACE_L, gap=SPACE_S)

    def show_step(self, look: Look, step: FirstStep, check_title: Text) -> None:
        """Write `step`."""
        clear(self._whole)
        self.first_button = None
        heading = label("small", strong=True)
        heading.setText(look.say(HEADING))
        heading.setProperty("tone", "accent")
        title, detail = _words(look, step, check_title)
        line = row(gap=SPACE_M)
        picture = Mark(40)
        picture.draw(look, icon_of(step.check_id), look.palette.accent)
        line.addWidget(picture)
        said = label("heading")
        said.setText(title)
        line.addWidget(said, 1)
        self._whole.addWidget(heading)
        self._whole.addLayout(line)
        if detail:
            more = label(muted=True)
            more.setText(detail)
            self._whole.addWidget(more)
        if step.remedy is not None:
            self._add_remedy(look, step, step.remedy)
        self._add_buttons(look, step, check_title)

    def _add_remedy(self, look: Look, step: FirstStep, remedy: Remedy) -> None:
        arguments = dict(step.finding.arguments) if step.finding else {}
        what = label("lead")
        what.setText(remedy.text.say(look.language, arguments))
        self._whole.addSpacing(SPACE_S)
        self._whole.addWidget(what)
        for number, text in enumerate(steps_of(remedy, this_system()), 1):
            line = label()
            line.setText(f"{number}.  {text.say(look.language, arguments)}")
            line.setIndent(SPACE_S)
            self._whole.addWidget(line)
        owner = label("small", muted=True)
        owner.setText(look.say(words.OWNER[remedy.owner]))
        self._whole.addWidget(owner)
        self._add_helpers(look, step, remedy)

    def _add_helpers(self, look: Look, step: FirstStep, remedy: Remedy) -> None:
        """Who to ask, where a remedy needs a person."""
        remedies = step.kind.remedies if step.kind else ()
        if not step.helpers or all(one.owner is Owner.YOU for one in remedies):
            return
        lead = label("small", strong=True)
        lead.setText(look.say(ELSE if remedy.owner is Owner.YOU else ASK))
        self._whole.addSpacing(SPACE_S)
        self._whole.addWidget(lead)
        for helper in step.helpers:
            line = label("small")
            line.setText(look.say(helper))
            self._whole.addWidget(line)

    def _add_buttons(self, look: Look, step: FirstStep, check_title: Text) -> None:
        line = row()
        remedy = step.remedy
        action = remedy.action if remedy else None
        if remedy is not None and remedy.owner is not Owner.YOU and self._offers_to_send:
            send = self._button(line, look.say(SEND))
            send.clicked.connect(self.send_wanted)
        elif action is not None and action is not Action.RUN_AGAIN and _offered(action):
            act = self._button(line, look.say(words.ACTION[action]))
            act.clicked.connect(lambda: self.acted.emit(action, step.check_id))
        again = self._button(line, look.say(AGAIN), look.say(AGAIN_NAME, check=check_title))
        again.clicked.connect(lambda: self.repeated.emit(step.check_id))
        line.addStretch(1)
        self._whole.addSpacing(SPACE_S)
        self._whole.addLayout(line)

    def _button(self, line: QHBoxLayout, text: str, meaning: str | None = None) -> Button:
        made = Button("secondary" if self.first_button else "primary")
        made.write(text, meaning)
        line.addWidget(made)
        self.first_button = self.first_button or made
        return made


def _offered(action: Action) -> bool:
    return action is Action.CHOOSE_DEVICE or can_open(action)


def _words(look: Look, step: FirstStep, check_title: Text) -> tuple[str, str]:
    """The headline, and a sentence more."""
    if step.finding is None:
        return (
            look.say(words.UNFINISHED[step.ending], check=check_title),
            look.say(words.UNFINISHED_MORE[step.ending]),
        )
    if step.kind is None:
        return look.say(UNKNOWN_CODE, code=step.finding.code), ""
    arguments = dict(step.finding.arguments)
    detail = step.kind.detail.say(look.language, arguments) if step.kind.detail else ""
    return step.kind.title.say(look.language, arguments), detail
