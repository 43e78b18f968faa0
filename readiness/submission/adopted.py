"""The organisation's requirements as IT adopted them at its server: asked for, looked through, kept.

What the server says is never trusted to be a profile: it is bounded and read as any profile is, and
what cannot be used changes nothing but what the person is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import json
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.core.profile import Profile
from readiness.core.profile_file import LARGEST_BYTES, parsed
from readiness.core.profile_loading import profiles_from_text
from readiness.core.text import Text
from readiness.submission.failures import DeliveryError
from readiness.submission.files import make_folder, write_durably
from readiness.submission.wire import Answer, Wire

ORGANISATION = "organisation"
"""The id of the profile that what was adopted takes the place of."""
ASKED_SECONDS = 2.0
_PATH = "/api/v1/requirements"
_ETAG = re.compile(r'"[!#-~]{1,120}"')
_LONGEST_NAME = 200
_MOST_ROWS = {
    "hosts": 100,
    "known_pages": 20,
    "limits": 1000,
    "services": 20,
    "units": 1000,
    "ambassadors": 1000,
}
"""A run reaches each host and page; and nothing grows without end."""

UNREADABLE = Text(
    sv="IT:s server skickade krav som inte går att använda. Därför gäller de krav som fanns på datorn. "
    "Be IT titta på kraven, eller uppdatera programmet.",
    en="IT's server sent requirements that cannot be used. So those that the computer had are used. "
    "Ask IT to look at the requirements, or to update the program.",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """What the organisation adopted: the profile first, then those of its services.

    `profiles` is None where nothing was adopted or is known. `fresh`: the server said so just now.
    `retrieved` is when it did. `remark` is what there is to say.
    """

    profiles: tuple[Profile, ...] | None = None
    fresh: bool = False
    retrieved: datetime.date | None = None
    remark: Text | None = None


@dataclass(frozen=True, kw_only=True)
class _Kept:
    text: str
    etag: str
    profiles: tuple[Profile, ...]
    retrieved: datetime.date


class AdoptedRequirements:
    """The requirements adopted at the collector at `url`, kept in `file`; `folder` has what they extend.

    `timeout_seconds` is for connecting and for each pause in the answer, and twice that in all. `tls`
    stands in for what the system trusts.
    """

    def __init__(
        self,
        url: str,
        file: Path,
        folder: Path,
        *,
        timeout_seconds: float = ASKED_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._file, self._folder = file, folder
        self._wire = Wire(url, timeout_seconds=timeout_seconds, tls=tls)

    def kept(self) -> Adopted:
        """What this collector said last. Asks nobody. Reads a file: not for the loop."""
        return _before(self._read())

    async def asked(self, token: str) -> Adopted:
        """What is adopted now; what was kept where the collector does not say. Never raises."""
        kept = await asyncio.to_thread(self._read)
        before = _before(kept)
        try:
            known = kept.etag if kept else None
            answer = await self._wire.ask("GET", _PATH, token, known=known, largest_bytes=LARGEST_BYTES)
        except DeliveryError as error:
            # That the server is away is told by those who need it more.
            return before if error.soon else dataclasses.replace(before, remark=UNREADABLE)
        return await asyncio.to_thread(self._taken, answer, before, kept)

    def _taken(self, answer: Answer, before: Adopted, kept: _Kept | None) -> Adopted:
        if answer.status == 404:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)
            return Adopted(fresh=True)
        today = datetime.datetime.now(datetime.UTC).date()
        if answer.status == 304 and kept is not None:
            self._keep(kept.text, kept.etag, today)
            return Adopted(profiles=kept.profiles, fresh=True, retrieved=today)
        if answer.status != 200:
            return before  # too busy, or this computer is shut out: the delivery says so
        try:
            text = answer.body.decode("utf-8")
            profiles = _profiles(text, self._folder)
        except Exception:  # whatever a server thinks of: the check goes on, under what was known
            return dataclasses.replace(before, remark=UNREADABLE)
        etag = answer.headers.get("etag", "")
        self._keep(text, etag if _ETAG.fullmatch(etag) else "", today)
        return Adopted(profiles=profiles, fresh=True, retrieved=today)

    def _read(self) -> _Kept | None:
        """What is kept of this collector's; None where it is damaged, or another's."""
        try:
            if self._file.stat().st_size > 4 * LARGEST_BYTES:
                return None
            document = json.loads(self._file.read_bytes())
            if document["collector"] != self._wire.url:
                return None
            text, etag = document["text"], document["etag"]
            return _Kept(
                text=text,
                etag=etag if _ETAG.fullmatch(etag) else '""',
                profiles=_profiles(text, self._folder),
                retrieved=datetime.date.fromisoformat(document["retrieved"]),
            )
        except Exception:  # missing, damaged, or written by a newer version: as if there were none
            return None

    def _keep(self, text: str, etag: str, today: datetime.date) -> None:
        document = {"collector": self._wire.url, "etag": etag, "retrieved": today.isoformat(), "text": text}
        content = json.dumps(document, ensure_ascii=False).encode()
        # A disk that takes nothing: this run has them, the next asks again.
        with contextlib.suppress(OSError):
            if not self._file.is_file() or self._file.read_bytes() != content:
                make_folder(self._file.parent)
                write_durably(self._file, content)


def _before(kept: _Kept | None) -> Adopted:
    return Adopted() if kept is None else Adopted(profiles=kept.profiles, retrieved=kept.retrieved)


def _profiles(text: str, folder: Path) -> tuple[Profile, ...]:
    """The profiles in what a server sent. Raises ProfileError or ValueError."""
    values = parsed(text, Path("requirements.toml")).values
    for name, most in _MOST_ROWS.items():
        if len(values.get(name, ())) > most:
            raise ValueError(f"too many {name}")
    if not all(word.replace("\n", " ").isprintable() for word in _words(values)):
        raise ValueError("a character that is no text")  # a terminal would obey it
    profiles = profiles_from_text(text, folder)
    chosen = profiles[0]
    if chosen.id != ORGANISATION:
        raise ValueError("not the organisation's")
    if not (0 < len(chosen.name) <= _LONGEST_NAME and 0 < len(chosen.version) <= _LONGEST_NAME):
        raise ValueError("no name or version to show")
    return profiles


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
