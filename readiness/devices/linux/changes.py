"""Signs of change on Linux: device files that come and go, and what the sound server says."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

assert sys.platform == "linux"

# sys/inotify.h
_ATTRIB, _CREATE, _DELETE = 0x00000004, 0x00000100, 0x00000200
_EVENT = struct.Struct("iIII")
_OVERFLOWN = -1
"""More happened than the kernel keeps: it does not say where."""
_WITHOUT_SERVER_SECONDS = 1.0
_LOOK_SECONDS = 0.4
"""Where the kernel's notices cannot be had: how often the device files are looked at."""


class LinuxChanges:
    """See `platforms.Changes`. `devices` is the folder of the device files."""

    def __init__(self, devices: Path = Path("/dev")) -> None:
        self._devices = devices

    def start(self, on_change: Callable[[], None]) -> None:
        """One thread waits for the kernel, another for the sound server."""
        for wait in (lambda: watch_files(self._devices, on_change), lambda: watch_server(on_change)):
            threading.Thread(target=wait, daemon=True).start()


def watch_files(devices: Path, on_change: Callable[[], None]) -> None:
    """Call `on_change` when a camera's or a sound card's file comes, goes or gets other rights.

    The rights are given after the file is made, and decide whether a camera can be asked for its name.
    """
    try:
        notify = _Inotify()
    except OSError:  # the system allows only so many who listen
        _look_again_and_again(devices, on_change)
        return
    top = notify.add(devices)
    sound = notify.add(devices / "snd")
    while True:
        for watched, name in notify.read():
            if watched == _OVERFLOWN:
                on_change()
            elif watched == top and name == "snd":
                sound = notify.add(devices / "snd") or sound
                on_change()
            elif watched == sound or name.startswith("video"):
                on_change()


def _look_again_and_again(devices: Path, on_change: Callable[[], None]) -> None:
    """The same without the kernel's notices."""
    seen = _files(devices)
    while True:
        time.sleep(_LOOK_SECONDS)
        now = _files(devices)
        if now != seen:
            seen = now
            on_change()


def _files(devices: Path) -> list[tuple[str, int, int]]:
    """The cameras' and sound cards' files, with their owners' and their rights' last change."""
    found = []
    for path in sorted((*devices.glob("video*"), *(devices / "snd").glob("*"))):
        with contextlib.suppress(OSError):
            about = path.stat()
            found.append((str(path), about.st_mode, about.st_ctime_ns))
    return found


def watch_server(on_change: Callable[[], None]) -> None:
    """Call `on_change` at every event of PulseAudio or PipeWire that is about a device or the default."""
    try:
        import pulsectl
    except (ImportError, OSError):
        return
    while True:
        try:
            server = pulsectl.Pulse("motesklar-watch", connect=False)
            server.connect(autospawn=False)
        except pulsectl.PulseError:
            time.sleep(_WITHOUT_SERVER_SECONDS)
            continue
        try:
            server.event_mask_set("sink", "source", "server", "card")
            server.event_callback_set(lambda _event: on_change())
            on_change()  # what happened while nobody listened
            while True:
                server.event_listen()
        except (pulsectl.PulseError, pulsectl.PulseDisconnected):
            on_change()  # the server ended, and its devices with it
        finally:
            server.close()


class _Inotify:
    """The kernel's notices about folders, through the C library."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._library.inotify_init1(os.O_CLOEXEC)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def add(self, folder: Path) -> int | None:
        """Watch `folder`; its number, or None where it does not exist."""
        number = self._library.inotify_add_watch(
            self._descriptor, os.fsencode(folder), _ATTRIB | _CREATE | _DELETE
        )
        return number if number >= 0 else None

    def read(self) -> list[tuple[int, str]]:
        """Wait for something to happen: in which folder, and the name there."""
        data = os.read(self._descriptor, 65536)
        happened: list[tuple[int, str]] = []
        at = 0
        while at < len(data):
            watched, _mask, _cookie, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size
            happened.append((watched, os.fsdecode(data[at : at + length].rstrip(b"\0"))))
            at += length
        return happened
