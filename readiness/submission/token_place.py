"""Where this computer's tokens are kept: the system's keyring, or a file that only its owner can read."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from readiness.core.text import Text
from readiness.submission.files import make_folder, write_durably
from readiness.submission.locking import locked

SERVICE = "motesklar"
_KEYRINGS = ("keyring.backends.Windows", "keyring.backends.macOS")
"""The systems' own. Others, that keep plain text somewhere, are no better than our file."""
_SECRET_SERVICE = ("keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.chainer")
"""On Linux: what others call what we use there, or what leads to it."""
_PATIENCE_SECONDS = 5.0
"""A keyring that is locked asks the person to open it; nobody may be there."""
_LARGEST_FILE_BYTES = 256 * 1024

ResultT = TypeVar("ResultT")


class Keyring(Protocol):
    """The part of `keyring`'s backends that is used here."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, if there is one."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""


def system_keyring() -> Keyring | None:
    """The system's own keyring, None where it has none that can be used.

    PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring switches it off, as for other programs.
    """
    try:
        return _secret_service() if sys.platform == "linux" else _of_library()
    except Exception:  # a library that is missing, a broken backend of somebody else's: as good as none
        return None


def _secret_service() -> Keyring | None:
    from readiness.submission.libsecret import Libsecret

    named = os.environ.get("PYTHON_KEYRING_BACKEND", "")
    return Libsecret() if not named or named.rpartition(".")[0] in _SECRET_SERVICE else None


def _of_library() -> Keyring | None:
    import keyring

    chosen = keyring.get_keyring()
    # Where there are several, `keyring` gives a chain of them.
    several = getattr(chosen, "backends", None) or (chosen,)
    return next((one for one in several if type(one).__module__ in _KEYRINGS), None)


class TokenPlace:
    """Tokens by name. `find_keyring` is asked once, when a token is first wanted. Blocks: not for the loop."""

    def __init__(
        self,
        file: Path,
        find_keyring: Callable[[], Keyring | None] = system_keyring,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._file = file
        self._find = find_keyring
        self._patience_seconds = patience_seconds
        self._asked = False
        self._ring: Keyring | None = None
        self._notice: Text | None = None

    @property
    def notice(self) -> Text | None:
        """What to say about where a token was put, after one was put in the file."""
        return self._notice

    def read(self, name: str) -> str | None:
        """The token, if there is one."""
        ring = self._keyring()
        if ring is not None:
            done, token = self._patiently(lambda: ring.get_password(SERVICE, name))
            if done and token:
                return token
        return self._in_file().get(name)

    def write(self, name: str, token: str) -> None:
        """Keep the token in place of an older one. Raises OSError where not even the file takes it."""
        ring = self._keyring()
        if ring is not None:
            done, _ = self._patiently(lambda: ring.set_password(SERVICE, name, token))
            if done:
                self._change_file(name, None)  # it may hold one from before there was a keyring
                return
        self._change_file(name, token)
        self._notice = Text(
            sv=f"Datorn har ingen nyckelring att använda. Koden till IT:s server ligger i filen {self._file}. "
            "Bara du kan läsa den.",
            en=f"The computer has no keyring to use. The code for IT's server is in the file {self._file}. "
            "Only you can read it.",
        )

    def _keyring(self) -> Keyring | None:
        if not self._asked:
            self._asked = True
            self._ring = self._patiently(self._find)[1]
        return self._ring

    def _patiently(self, work: Callable[[], ResultT]) -> tuple[bool, ResultT | None]:
        """Whether it was done, and what it gave. What fails or does not end is not asked again."""
        results: list[ResultT] = []

        def run() -> None:
            with contextlib.suppress(Exception):  # each backend has errors of its own
                results.append(work())

        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(self._patience_seconds)
        if not results:
            self._ring = None
            return False, None
        return True, results[0]

    def _in_file(self) -> dict[str, str]:
        try:
            with self._file.open("rb") as file:
                if sys.platform != "win32" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    os.fchmod(file.fileno(), 0o600)
                document = json.loads(file.read(_LARGEST_FILE_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(document, dict):
            return {}
        return {name: token for name, token in document.items() if isinstance(token, str)}

    def _change_file(self, name: str, token: str | None) -> None:
        if token is None and not self._file.exists():
            return
        make_folder(self._file.parent)
        with locked(self._file.with_suffix(".lock")):
            tokens = self._in_file()
            if tokens.get(name) == token:
                return
            tokens.pop(name, None)
            if token is not None:
                tokens[name] = token
            write_durably(self._file, json.dumps(tokens).encode("ascii"))
