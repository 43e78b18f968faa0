"""The program's icon in the sizes that systems ask for, drawn from resources/icons/logo.svg."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from installer.packing.product import ROOT

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_WINDOWS_SIZES = (16, 24, 32, 48, 64, 256)


def svg() -> str:
    """The icon in the program's colour."""
    from readiness.gui.tokens import BRAND

    drawing = (ROOT / "resources" / "icons" / "logo.svg").read_text("utf-8")
    return drawing.replace("currentColor", BRAND).replace("<svg ", '<svg width="128" height="128" ', 1)


def png(size: int) -> bytes:
    """The icon as a PNG of `size` pixels a side."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg().encode())).render(painter)
    painter.end()
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(written.data())


def ico() -> bytes:
    """The icon for Windows: one file of several sizes, each a PNG."""
    pictures = [(size, png(size)) for size in _WINDOWS_SIZES]
    entries, place = b"", 6 + 16 * len(pictures)
    for size, picture in pictures:
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<4B2H2I", side, side, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return struct.pack("<3H", 0, 1, len(pictures)) + entries + b"".join(picture for _, picture in pictures)


def place_icons(hicolor: Path) -> None:
    """The icon in a folder as the freedesktop icon theme lays it out."""
    scalable = hicolor / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    (scalable / "motesklar.svg").write_text(svg(), "utf-8")
    for size in SIZES:
        folder = hicolor / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "motesklar.png").write_bytes(png(size))
