"""People who help: the helpdesk, and the digital ambassador of each unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Helpdesk:
    """Who helps everybody."""

    name: str | None = None
    phone: str | None = None
    mail: str | None = None
    hours: str | None = None


NOBODY = Helpdesk()
"""Where nobody is named."""


@dataclass(frozen=True, kw_only=True)
class Ambassador:
    """Who helps in one unit: its digital ambassador."""

    unit: str
    name: str
    phone: str | None = None
    mail: str | None = None
    hours: str | None = None
