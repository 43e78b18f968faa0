"""Text: every sentence a user reads, in Swedish and in English."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")


@dataclass(frozen=True, kw_only=True)
class Text:
    """One sentence or phrase in both languages, with `{name}` for its arguments."""

    sv: str
    en: str

    def say(self, language: Language, arguments: Mapping[str, object] | None = None) -> str:
        """The text in `language`, its arguments filled in.

        Numbers are written as the language writes them (a decimal comma in Swedish). An argument
        that is missing, or has no value to show, is shown as `–`: old and newer reports must stay
        readable. Without `arguments` the sentence is taken as it stands, so that an address or a
        path in it may hold braces.
        """
        template = self.sv if language == "sv" else self.en
        if arguments is None:
            return template
        try:
            return _Words(language).vformat(template, (), dict(arguments))
        except ValueError:  # braces that are no place for an argument
            return template


class _Words(string.Formatter):
    """`str.format` with named arguments only, and numbers in the reader's language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def get_field(self, field_name: str, _args: Any, kwargs: Any) -> Any:
        # Only plain names: no attribute or index access on what came from outside.
        return kwargs.get(field_name), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "–"
        if isinstance(value, Text):
            return value.say(self._language)
        if isinstance(value, float) and not math.isfinite(value):
            return "–"
        try:
            written = format(value, format_spec)
        except (ValueError, TypeError, OverflowError):
            written = str(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return written
        if self._language == "sv":
            written = written.translate(_SWEDISH)
        if written.startswith("-") and not any("1" <= digit <= "9" for digit in written):
            written = written[1:]  # rounded to nothing
        return written.replace("-", "−")


_SWEDISH = str.maketrans({".": ",", ",": "\N{NO-BREAK SPACE}"})
