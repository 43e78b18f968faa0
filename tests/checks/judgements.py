"""What a judge can say: many pieces of evidence, near the limits and far from them, judged.

The evidence is drawn from the evidence dataclass itself, the limits of the profiles that come with
the program, and the words that the check's own source knows; the same cases every time.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import random
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any, Union, get_args, get_origin, get_type_hints

from readiness.checks import CHECKS
from readiness.core.check import Check
from readiness.core.model import Finding
from readiness.core.profile import Profile
from readiness.core.profile_loading import load_profile
from readiness.devices.ports import Problem
from readiness.settings import places

CASES = 2000
PROFILES = tuple(
    load_profile(path.stem, places().profiles) for path in sorted(places().profiles.glob("*.toml"))
)


@functools.cache
def findings() -> tuple[tuple[Check[Any, Any], Finding], ...]:
    """One finding of each code, verdict and set of argument names that the judges were got to give."""
    found: dict[tuple[Any, ...], tuple[Check[Any, Any], Finding]] = {}
    for check in CHECKS:
        for evidence, profile in cases(check):
            for finding in check.judge(evidence, profile):
                key = (finding.code, finding.verdict, frozenset(finding.arguments))
                found.setdefault(key, (check, finding))
    return tuple(found.values())


def cases(check: Check[Any, Any]) -> Iterator[tuple[Any, Profile]]:
    """Pieces of evidence of `check` with a profile each."""
    dice = random.Random(check.id)
    draw = _Draw(check, dice)
    for number in range(CASES):
        profile = PROFILES[number % len(PROFILES)]
        values = {
            field.name: draw.value(field.name, spoilt=False) for field in dataclasses.fields(check.evidence)
        }
        for name in dice.sample(sorted(values), k=min(len(values), dice.choice((0, 1, 1, 1, 2, 3, 8)))):
            values[name] = draw.value(name, spoilt=True)
        yield check.evidence(**values), profile
    if "problem" in {field.name for field in dataclasses.fields(check.evidence)}:
        for problem in Problem:  # each that there is, whatever the dice gave
            values = {
                field.name: draw.value(field.name, spoilt=False)
                for field in dataclasses.fields(check.evidence)
            }
            yield check.evidence(**values | {"problem": problem.value}), PROFILES[0]


class _Draw:
    """Values of evidence fields, by their types."""

    def __init__(self, check: Check[Any, Any], dice: random.Random) -> None:
        self._check = check
        self._dice = dice
        self._hints = _hints(check.evidence)
        self._words = _words(check)

    def value(self, name: str, *, spoilt: bool) -> Any:
        return self._of(self._hints[name], f"{self._check.id}.{name}", spoilt)

    def _of(self, hint: Any, figure: str, spoilt: bool) -> Any:
        dice = self._dice
        origin, parts = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            kinds = [part for part in parts if part is not types.NoneType]
            absent = types.NoneType in parts and (spoilt or kinds == [str]) and dice.random() < 0.4
            wordless = kinds == [str] and not spoilt
            return None if absent or wordless else self._of(dice.choice(kinds), figure, spoilt)
        if dataclasses.is_dataclass(hint):
            hints = _hints(hint)
            values = {
                field.name: self._of(hints[field.name], field.name, spoilt)
                for field in dataclasses.fields(hint)
            }
            if {"host", "port"} <= values.keys():  # of a host that a profile names
                known = dice.choice([host for profile in PROFILES for host in profile.hosts])
                values |= {"host": known.host, "port": known.port}
            return hint(**values)  # type: ignore[operator]
        if origin is tuple and len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(self._of(parts[0], figure, spoilt) for _ in range(dice.randint(0, 3)))
        if origin is tuple:
            return tuple(self._of(part, figure, spoilt) for part in parts)
        if origin in (dict, getattr(types, "MappingProxyType", dict)) or "Mapping" in str(origin):
            return {word: self._of(parts[1], figure, spoilt) for word in dice.sample(self._words, k=2)}
        if hint is bool:
            return dice.random() < 0.5
        if hint in (int, float):
            number = self._number(figure, spoilt)
            return round(number) if hint is int else number
        if hint is str and figure.endswith("problem"):
            return dice.choice(list(Problem)).value
        if hint is str:
            return dice.choice(self._words)
        choices = get_args(hint) if origin is not None else list(hint) if isinstance(hint, type) else [None]
        return dice.choice(list(choices) or [None])

    def _number(self, figure: str, spoilt: bool) -> float:
        """Good as far as the limits tell, or anything around them."""
        dice = self._dice
        low, high = _edges(figure)
        if not low and not high:
            return dice.choice((0.0, 1.0, dice.uniform(0, 100), dice.uniform(0, 5000), -dice.uniform(0, 60)))
        if spoilt:
            edge = dice.choice((*low, *high))
            return edge + dice.choice((-1, 1)) * dice.choice((0.0, 0.01, 0.3, 0.9, 3.0)) * (abs(edge) or 1.0)
        if low and high:
            return (max(low) + min(high)) / 2
        return max(low) + abs(max(low)) + 1 if low else min(high) - abs(min(high)) / 2


@functools.cache
def _edges(figure: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Where `figure` stops being good below, and above, under any of the profiles."""
    limits = [limit for profile in PROFILES for limit in profile.limits if limit.figure == figure]
    sides = (
        {
            edge
            for limit in limits
            for edge in (limit.required, limit.recommended)
            if edge is not None and limit.direction == direction
        }
        for direction in ("at_least", "at_most")
    )
    below, above = (tuple(sorted(edges)) for edges in sides)
    return below, above


_hints = functools.cache(get_type_hints)


def _words(check: Check[Any, Any]) -> Sequence[str]:
    """The strings in the check's own modules: the words that its judge may look for."""
    room = f"readiness.checks.{check.id}"
    words = {problem.value for problem in Problem} | {"Något", "teams.microsoft.com"}
    words |= {host.host for profile in PROFILES for host in profile.hosts}
    for name, module in sorted(sys.modules.items()):
        if name == room or name.startswith((f"{room}.", f"{room}_", "readiness.network.")):
            for node in ast.walk(ast.parse(inspect.getsource(module))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 30:
                    words.add(node.value)
    return sorted(words)
