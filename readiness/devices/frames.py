"""The newest preview frame, shared by a camera's device host with the window's process.

Memory without a name on POSIX (a file descriptor handed to the child), with a random name on
Windows: nothing is ever on a disk, and nothing stays behind when a process is killed.
"""

from __future__ import annotations

import importlib
import mmap
import os
import secrets
import struct
import sys
from typing import Any

from readiness.core.model import Frame

LONGEST_SIDE = 640
"""Pixels; a preview frame is scaled to fit a square of this side."""

_HEADER = struct.Struct("<QII")  # sequence (odd while it is written), width, height
_SIZE = _HEADER.size + LONGEST_SIDE * LONGEST_SIDE * 3


class FrameMemory:
    """Room for one frame; one process writes, another reads."""

    def __init__(self, memory: mmap.mmap, handle: str, descriptor: int | None) -> None:
        self._memory = memory
        self._sequence = 0
        self._descriptor = descriptor
        self.handle = handle

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The file descriptors that the child must inherit."""
        return () if self._descriptor is None else (self._descriptor,)

    def write(self, frame: Frame) -> None:
        """Put `frame` in place of the one before. Its sides are at most LONGEST_SIDE."""
        self._sequence += 2
        self._memory[: _HEADER.size] = _HEADER.pack(self._sequence - 1, frame.width, frame.height)
        self._memory[_HEADER.size : _HEADER.size + len(frame.rgb)] = frame.rgb
        self._memory[: _HEADER.size] = _HEADER.pack(self._sequence, frame.width, frame.height)

    def read(self) -> Frame | None:
        """The newest frame, or None where there is none yet or it is being written."""
        sequence, width, height = _HEADER.unpack(self._memory[: _HEADER.size])
        if sequence == 0 or sequence % 2 or max(width, height) > LONGEST_SIDE:
            return None
        rgb = self._memory[_HEADER.size : _HEADER.size + width * height * 3]
        if _HEADER.unpack(self._memory[: _HEADER.size])[0] != sequence:
            return None
        return Frame(width=width, height=height, rgb=rgb)

    def close(self) -> None:
        """Let the memory go."""
        self._memory.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def create() -> FrameMemory:
    """Memory for a host that is about to be started."""
    if sys.platform == "win32":
        return attach(f"motesklar-{secrets.token_hex(8)}")
    else:  # noqa: RET505 - a checker for one system reads one branch
        descriptor = _nameless()
        os.ftruncate(descriptor, _SIZE)
        return attach(str(descriptor))


def attach(handle: str) -> FrameMemory:
    """The memory that the parent created, from the handle that it passed on."""
    if sys.platform == "win32":
        return FrameMemory(mmap.mmap(-1, _SIZE, tagname=handle), handle, None)
    else:  # noqa: RET505
        descriptor = int(handle)
        return FrameMemory(mmap.mmap(descriptor, _SIZE), handle, descriptor)


def _nameless() -> int:
    if sys.platform == "linux":
        return os.memfd_create("motesklar-frame", os.MFD_CLOEXEC)
    else:  # noqa: RET505
        return _unlinked()


def _unlinked() -> int:
    """macOS has no memfd: the name is taken away as soon as the memory exists."""
    _posixshmem: Any = importlib.import_module("_posixshmem")
    name = f"/motesklar-{secrets.token_hex(8)}"
    descriptor: int = _posixshmem.shm_open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode=0o600)
    _posixshmem.shm_unlink(name)
    return descriptor
