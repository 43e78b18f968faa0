"""The receipt: the code in large type; or why there is none yet, and that nothing is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from readiness.core.model import Verdict
from readiness.core.text import Text
from readiness.gui.look import Look
from readiness.gui.outcome import Shipment
from readiness.gui.pages.page import Page
from readiness.gui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from readiness.gui.widgets.basic import Button, Mark, card, column, label, sheet
from readiness.gui.widgets.notice import NoticeBox
from readiness.gui.widgets.qr import QrCode
from readiness.gui.widgets.reflow import Reflow

SENT = Text(sv="Tack! Rapporten är skickad.", en="Thank you! The report is sent.")
SENT_MORE = Text(
    sv="Det här är ditt kvitto. Läs upp koden om du ringer IT.",
    en="This is your receipt. Read the code aloud if you call IT.",
)
KEPT = Text(sv="Rapporten är sparad, men inte skickad än", en="The report is saved, but not sent yet")
KEPT_MORE = Text(
    sv="Inget är förlorat. Programmet försöker igen av sig självt nästa gång det startar.",
    en="Nothing is lost. The program tries again by itself the next time it starts.",
)
REFUSED = Text(sv="IT:s server tog inte emot rapporten", en="IT's server did not accept the report")
REFUSED_MORE = Text(
    sv="Rapporten är sparad på datorn. Spara den som fil och skicka den till IT på annat sätt.",
    en="The report is saved on the computer. Save it as a file and send it to IT another way.",
)
CODE = Text(sv="Din kod", en="Your code")
COPY = Text(sv="Kopiera koden", en="Copy the code")
COPIED = Text(sv="Kopierad", en="Copied")
TRY_AGAIN = Text(sv="Försök igen", en="Try again")
SAVE = Text(sv="Spara som fil", en="Save as file")
BACK = Text(sv="Till resultatet", en="To the result")
DONE = Text(sv="Klar", en="Done")
SAVED = Text(sv="Rapporten är sparad: {file}", en="The report is saved: {file}")
QR_NAME = Text(sv="QR-kod med länk till rapporten, för IT", en="QR code with a link to the report, for IT")
QR_CODE_NAME = Text(sv="QR-kod med din kod", en="QR code with your code")
QR_WORDS = Text(sv="IT kan rikta telefonen mot rutan.", en="IT can point a telephone at this square.")


QR_SIZE = 196


class ReceiptPage(Page):
    """The end of the way through; each button leads on."""

    again = Signal()
    saved = Signal()
    back = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look: Look | None = None
        self._shipment: Shipment | None = None
        self._collector_url: str | None = None
        self._was_copied = False
        frame = sheet(self)
        content = frame.content
        self._mark, self.title, self._more = Mark(72), label("verdict"), label("lead", muted=True)
        self.notice = NoticeBox()
        self._card, self._code_words, self.code = card(), label("small", muted=True), label("code")
        self.copy_button = Button("quiet")
        for text in (self.title, self._more, self._code_words, self.code):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.qr, self._qr_words = QrCode(QR_SIZE), label("small", muted=True)
        self._qr_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        read_aloud = column(gap=SPACE_S)
        read_aloud.addStretch(1)
        read_aloud.addWidget(self._code_words)
        read_aloud.addWidget(self.code)
        read_aloud.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignHCenter)
        read_aloud.addStretch(1)
        pointed_at = column(gap=SPACE_S)
        pointed_at.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignHCenter)
        pointed_at.addWidget(self._qr_words)
        halves = Reflow(most=2, least=280)
        for layout in (read_aloud, pointed_at):
            half = QWidget()
            half.setLayout(layout)
            halves.add(half)
        column(self._card, margin=SPACE_L).addWidget(halves)
        content.addSpacing(SPACE_XL)
        content.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        content.addWidget(self.title)
        content.addWidget(self._more)
        content.addSpacing(SPACE_M)
        content.addWidget(self._card)
        content.addWidget(self.notice)
        content.addStretch(1)
        self.back_button, self.save_button = Button("quiet"), Button("secondary")
        self.again_button, self.done_button = Button("secondary"), Button("primary")
        frame.actions.addWidget(self.back_button)
        frame.actions.addStretch(1)
        for button in (self.save_button, self.again_button, self.done_button):
            frame.actions.addWidget(button)
        self.copy_button.clicked.connect(self._copy)
        self.back_button.clicked.connect(self.back)
        self.save_button.clicked.connect(self.saved)
        self.again_button.clicked.connect(self._again)
        self.done_button.clicked.connect(self.done)

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self.notice.put_on(look)
        self._write()

    def show_shipment(self, shipment: Shipment, collector_url: str | None = None) -> None:
        """What became of the report; its QR code leads to it at the collector, where that is known."""
        self._shipment, self._was_copied = shipment, False
        self._collector_url = collector_url
        if shipment.receipt is not None:
            place = f"{collector_url.rstrip('/')}/reports/" if collector_url else ""
            self.qr.show_text(place + shipment.receipt)
        self.again_button.setEnabled(True)
        if shipment.reason is not None:
            self.notice.say(shipment.reason, Verdict.LIMITED)
        else:
            self.notice.silence()
        self._write()

    def show_failure(self, text: Text) -> bool:
        """Something went wrong; the buttons work again."""
        self.again_button.setEnabled(True)
        self.notice.say(text, Verdict.NOT_READY)
        return True

    def show_saved(self, file: Path) -> None:
        """The report is in a file."""
        self.notice.say(SAVED, Verdict.READY, file=str(file))

    def escape(self) -> None:
        """Back to the result."""
        self.back_button.click()

    def arrive(self) -> None:
        """The page is in sight."""
        got = self._shipment is not None and self._shipment.receipt is not None
        (self.done_button if got else self.again_button).setFocus()

    @property
    def said(self) -> str:
        """The page in words, for those who listen: the code letter by letter."""
        spelled = " ".join(self.code.text()) if self.code.isVisibleTo(self) else ""
        return f"{self.title.text()} {spelled}".strip()

    def _again(self) -> None:
        self.again_button.setEnabled(False)
        self.again.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self._was_copied = True
        self._write()

    def _write(self) -> None:
        look, shipment = self._look, self._shipment
        if look is None or shipment is None:
            return
        got = shipment.receipt is not None
        if got:
            title, more, verdict = SENT, SENT_MORE, Verdict.READY
        elif shipment.kept:
            title, more, verdict = KEPT, KEPT_MORE, Verdict.LIMITED
        else:
            title, more, verdict = REFUSED, REFUSED_MORE, Verdict.NOT_READY
        self._mark.draw_verdict(look, verdict)
        self.title.setText(look.say(title))
        self._more.setText(look.say(more))
        self._code_words.setText(look.say(CODE))
        self.code.setText(shipment.receipt or "")
        self.code.setAccessibleName(f"{look.say(CODE)}: {' '.join(shipment.receipt or '')}")
        self.qr.setAccessibleName(look.say(QR_NAME if self._collector_url else QR_CODE_NAME))
        self._qr_words.setText(look.say(QR_WORDS))
        self._card.setVisible(got)
        self.copy_button.write(look.say(COPIED if self._was_copied else COPY))
        self.back_button.write(look.say(BACK))
        self.save_button.write(look.say(SAVE))
        self.again_button.write(look.say(TRY_AGAIN))
        self.done_button.write(look.say(DONE))
        self.save_button.setVisible(not got)
        self.again_button.setVisible(not got and shipment.kept)
