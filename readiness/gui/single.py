"""One window a user: a second copy of the program hands over what it was asked, and ends."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from readiness.gui.link import LONGEST_LINK
from readiness.settings import APP

_PATIENCE_MS = 500
_DONE = b"ok"


class OnlyOne(QObject):
    """Listens for other copies, or is the other copy. `folder` tells users apart."""

    called = Signal(str)
    """Another copy was started: the link that it was given, or nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        key = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._name = f"{APP}-{key}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def hand_over(self, link: str) -> bool:
        """Give `link` to the copy that runs already; false where this is the first, which listens now."""
        if self._told(link):
            return True
        if not self._server.listen(self._name):
            # Either another copy was quicker, or one that crashed left its name behind.
            if self._told(link):
                return True
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)  # where even this fails there are two windows: no harm
        return False

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _told(self, link: str) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE_MS):
            return False
        _let_come_forward()
        socket.write(link.encode()[:LONGEST_LINK] + b"\n")
        socket.waitForBytesWritten(_PATIENCE_MS)
        # A copy that hangs does not keep this one from opening.
        answered = socket.waitForReadyRead(4 * _PATIENCE_MS)
        return answered and bytes(socket.readAll().data()) == _DONE

    @Slot()
    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setParent(self)
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._on_line)

    @Slot()
    def _on_line(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        if socket.canReadLine():
            line = bytes(socket.readLine(LONGEST_LINK + 2).data())
            socket.write(_DONE)
            socket.flush()
            self.called.emit(line.decode("utf-8", "replace").strip())
        elif socket.bytesAvailable() > LONGEST_LINK:
            socket.abort()


def _let_come_forward() -> None:
    """On Windows only the program that the person started may bring a window to the front."""
    if sys.platform == "win32":
        import ctypes

        any_process = -1
        ctypes.windll.user32.AllowSetForegroundWindow(any_process)
