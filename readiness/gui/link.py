"""The link from support: `motesklar:test?case=SUP-1234` opens the window ready to test for that case.

With `watch` instead of `test` it opens ready to watch the line. The link comes from outside: nothing more than that and the case is taken, and nothing starts by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from readiness.core.text import Text

SCHEME = "motesklar"
LONGEST_LINK = 400
_TEST, _WATCH = "test", "watch"
_CASE = re.compile(r"\w[\w .,:/#+-]{0,39}")
FAULTY = Text(
    sv="Länken från supporten gick inte att läsa. Be om en ny länk, eller gör testet ändå.",
    en="The link from support could not be read. Ask for a new link, or make the test anyway.",
)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Support asks for a test, or to watch the line: the number of their case."""

    case: str
    watches: bool = False


class LinkError(Exception):
    """A link that cannot be read; `text` says what to do."""

    def __init__(self) -> None:
        super().__init__(FAULTY.en)
        self.text = FAULTY


def read_link(link: str) -> Invitation:
    """The invitation in a link. Raises LinkError."""
    if len(link) > LONGEST_LINK:
        raise LinkError
    try:
        parts = urlsplit(link.strip())
        cases = parse_qs(parts.query, strict_parsing=True, max_num_fields=8).get("case", [])
    except ValueError as error:
        raise LinkError from error
    target = (parts.netloc or parts.path).strip("/")
    if parts.scheme != SCHEME or target not in (_TEST, _WATCH) or len(cases) != 1:
        raise LinkError
    return Invitation(case=read_case(cases[0]), watches=target == _WATCH)


def read_case(case: str) -> str:
    """The number of a case as it may stand in a report. Raises LinkError."""
    case = case.strip()
    if not _CASE.fullmatch(case):
        raise LinkError
    return case
