"""Questions to a Video4Linux driver."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from collections.abc import Callable
from typing import TypeVar

Ask = Callable[[int, bytes], bytes]
"""One ioctl: the request's number and structure; the structure as it comes back. Raises OSError where it is refused."""
AnswerT = TypeVar("AnswerT")


def asked(node: str, question: Callable[[Ask], AnswerT]) -> AnswerT | None:
    """What the driver of the camera at `node` answers; None where it is not there or refuses."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            descriptor = os.open(node, os.O_RDWR | os.O_NONBLOCK)
            try:
                return question(lambda request, structure: fcntl.ioctl(descriptor, request, structure))
            finally:
                os.close(descriptor)
    return None
