"""What one operating system tells about its computer, part by part: the Protocol of all three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from readiness.core.model import Figures


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How long one process has used processors, in seconds since it started, and its program's name."""

    name: str
    parent: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a report names the computer by. `drivers` maps a device or driver to its version."""

    model: str | None = None
    serial_number: str | None = None
    drivers: Mapping[str, str] = field(default_factory=dict)
    wifi_name: str | None = None


class Teller(Protocol):
    """The figures of `checks/computer`, as one operating system gives them.

    A part that is not known is left out or None. A part that cannot be read may raise anything: who
    asks takes each by itself.
    """

    def version(self) -> Figures:
        """`system_version` for people; `system_id`, `system_release`, `system_edition` to look up."""
        ...

    def processor(self) -> Figures:
        """`processor`, `processor_max_mhz`."""
        ...

    def power(self) -> Figures:
        """`has_battery`, `on_mains`, `battery_percent`, `power_mode`, `power_saving`."""
        ...

    def screens(self) -> Sequence[Figures]:
        """Those that are on: `width_px`, `height_px`, `diagonal_inches`, `built_in`."""
        ...

    def programs(self) -> Mapping[str, str | None]:
        """Those of `PROGRAM_NAMES` that are installed, and their versions."""
        ...

    def session(self) -> Figures:
        """`default_browser`, `clock_automatic`, `remote_session`."""
        ...

    def usage(self) -> Mapping[int, Usage]:
        """All processes that may be looked at, by number."""
        ...

    def description(self) -> Description:
        """Model, serial number, drivers, and the name of the Wi-Fi if that leads out."""
        ...
