"""The camera's picture, as in a mirror: frames come from the camera test, none are kept."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from readiness.core.model import Frame, Verdict
from readiness.core.text import Text
from readiness.gui import words
from readiness.gui.look import VERDICT_ICONS, Look
from readiness.gui.outcome import Ended
from readiness.gui.tokens import RADIUS_L, SPACE_M, SPACE_S

NAME = Text(sv="Kamerans bild", en="The camera's picture")
NOTHING_YET = Text(sv="Här visas bilden från kameran", en="The camera's picture shows here")
THERE = Text(sv="Bilden syns", en="The picture shows")
OVER = Text(sv="Bilden syntes", en="The picture was there")
NO_PICTURE = Text(sv="Ingen bild från kameran", en="No picture from the camera")


class Preview(QLabel):
    """A picture of 16:9 with rounded corners; where there is none, it says so in words.

    A label, so that screen readers stop at it and read the words.
    """

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._look: Look | None = None
        self._picture: QImage | None = None
        self._frame: Frame | None = None
        self._over = False
        self._ended: Ended | None = None

    def put_on(self, look: Look) -> None:
        """Language and theme."""
        self._look = look
        self._say()

    def reset(self) -> None:
        """No picture yet."""
        self._picture, self._frame, self._over, self._ended = None, None, False, None
        self._say()

    def show_frame(self, frame: Frame) -> None:
        """Show one frame in place of the one before."""
        if len(frame.rgb) != frame.width * frame.height * 3:
            return
        first = self._picture is None
        self._picture = QImage(
            frame.rgb, frame.width, frame.height, frame.width * 3, QImage.Format.Format_RGB888
        )
        self._frame = frame  # the picture has no copy of its own
        if first:
            self._say()
        self.update()

    @property
    def has_picture(self) -> bool:
        """Is there a picture to be seen?"""
        return self._picture is not None

    def end(self, ended: Ended) -> None:
        """No more frames will come; what the picture came to is said in words."""
        self._over, self._ended = True, ended
        self._say()

    @property
    def said(self) -> str:
        """What the picture shows, in words: for those who cannot see it."""
        if self._look is None:
            return ""
        if self._over:
            return words.finding_said(self._look, self._ended) or self._look.say(
                OVER if self._picture is not None else NO_PICTURE
            )
        return self._look.say(NOTHING_YET if self._picture is None else THERE)

    def heightForWidth(self, width: int) -> int:
        """16:9."""
        return width * 9 // 16

    def sizeHint(self) -> QSize:
        """Large enough to see oneself."""
        return QSize(480, 270)

    def minimumSizeHint(self) -> QSize:
        """Small enough for a small screen."""
        return QSize(240, 135)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, cropped to fill the frame; else a sentence."""
        if self._look is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(frame, RADIUS_L, RADIUS_L)
        painter.setClipPath(path)
        painter.fillRect(frame, QColor(self._look.palette.screen))
        if self._picture is not None:
            painter.save()
            painter.translate(frame.width(), 0)
            painter.scale(-1, 1)  # as in a mirror
            painter.drawImage(frame, self._picture, QRectF(_middle(self._picture.size(), self.size())))
            painter.restore()
            if self._over and self._ended is not None:
                self._paint_caption(painter, self._look, self._ended.verdict)
        else:
            self._paint_words(painter, self._look)
        painter.end()

    def _paint_words(self, painter: QPainter, look: Look) -> None:
        colour = look.palette.on_screen
        size = 44
        icon = look.picture("camera_off" if self._over else "camera", colour, size)
        middle = self.rect().center()
        painter.setOpacity(0.85)
        painter.drawPixmap(middle.x() - size // 2, middle.y() - size, icon)
        painter.setPen(QColor(colour))
        below = QRect(16, middle.y() + 10, self.width() - 32, self.height() // 2 - 16)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(below, flags, self.said)

    def _paint_caption(self, painter: QPainter, look: Look, verdict: Verdict) -> None:
        """What the picture came to, over its lower edge: shape and words, on a ground of their own."""
        said, mark = self.said, 22
        inner = QRect(0, 0, self.width() - 2 * SPACE_M - mark - SPACE_S, self.height())
        text = painter.fontMetrics().boundingRect(inner, Qt.TextFlag.TextWordWrap, said)
        band = QRect(0, self.height() - text.height() - SPACE_M, self.width(), text.height() + SPACE_M)
        painter.setOpacity(1.0)
        painter.fillRect(band, QColor(look.palette.screen))
        icon = look.picture(VERDICT_ICONS[verdict], look.palette.on_screen, mark)
        painter.drawPixmap(SPACE_M, band.center().y() - mark // 2 + 1, icon)
        painter.setPen(QColor(look.palette.on_screen))
        place = band.adjusted(SPACE_M + mark + SPACE_S, 0, -SPACE_M, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, said)

    def _say(self) -> None:
        if self._look is not None:
            self.setAccessibleName(self._look.say(NAME))
            self.setAccessibleDescription(self.said)
        self.update()


def _middle(picture: QSize, frame: QSize) -> QRect:
    """The largest middle part of `picture` with the shape of `frame`."""
    part = frame.scaled(picture, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        (picture.width() - part.width()) // 2,
        (picture.height() - part.height()) // 2,
        part.width(),
        part.height(),
    )
