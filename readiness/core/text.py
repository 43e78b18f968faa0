"""Text: every sentence a user reads, in Swedish and in English."""

from __future__ import annotations

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
        that is missing, or whose format does not fit, is shown as `–`: old and newer reports must
        stay readable.
        """
        template = self.sv if language == "sv" else self.en
        if not arguments:
            return template if "{" not in template else _Words(language).vformat(template, (), {})
        return _Words(language).vformat(template, (), dict(arguments))


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
        try:
            written = format(value, format_spec)
        except (ValueError, TypeError):
            written = str(value)
        if self._language == "sv" and isinstance(value, float):
            written = written.replace(".", ",")
        return written.replace("-", "−") if isinstance(value, int | float) else written
