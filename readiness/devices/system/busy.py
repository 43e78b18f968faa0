"""Who uses the processors: two looks at all processes become shares. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.core.model import Figures
from readiness.devices.system.teller import Usage


def shares(before: Mapping[int, Usage], after: Mapping[int, Usage], *, own: int, capacity: float) -> Figures:
    """What this program used between two looks, and which other program used most, in percent.

    `own` is the number of this process; its descendants are its own too. `capacity` is what all
    processors together could have done, in seconds.
    """
    if capacity <= 0 or own not in after:
        return {}
    used: dict[str, float] = {}
    mine = 0.0
    for number, now in after.items():
        earlier = before.get(number)
        same = earlier is not None and earlier.name == now.name
        seconds = max(0.0, now.seconds - (earlier.seconds if earlier and same else 0.0))
        if _descends(number, own, after):
            mine += seconds
        elif same:  # of a process that is new, nobody knows how much of it was just now
            used[now.name] = used.get(now.name, 0.0) + seconds
    figures = {"cpu_own_percent": _percent(mine, capacity)}
    if not used:
        return figures
    name, most = max(used.items(), key=lambda item: item[1])
    if most <= 0:
        return figures
    return {**figures, "busiest_program": name[:60], "busiest_program_percent": _percent(most, capacity)}


def _percent(seconds: float, capacity: float) -> float:
    return round(min(100.0, 100 * seconds / capacity), 1)


def _descends(number: int, from_process: int, processes: Mapping[int, Usage]) -> bool:
    """Whether `number` is `from_process` or was started by it, directly or not."""
    for _ in range(64):
        if number == from_process:
            return True
        process = processes.get(number)
        if process is None or process.parent in (0, number):
            return False
        number = process.parent
    return False
