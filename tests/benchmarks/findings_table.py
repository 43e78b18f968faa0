"""Every finding: its remedies on each system, its need, its LIX, and the tests that name it; and the profiles.

Run: .venv/bin/python tests/benchmarks/findings_table.py
A remedy counts on a system where it can be followed there: by itself, or by steps for that system. The
last column counts the test files that give the finding's code or constant, beside the tests of words,
which run over every finding; `drawn` says that the judge was got to give it there.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from readiness.checks import CHECKS
from readiness.core.demands import Confidence
from readiness.core.model import FindingKind, Remedy, System
from readiness.core.profile_loading import load_profile
from readiness.core.steps import STEPS, steps_of
from readiness.settings import places
from tests.checks import judgements, plain

ROOT = Path(__file__).parents[2]


def counts_on(remedy: Remedy, system: System) -> bool:
    """Can it be followed on `system`? A remedy with steps for other systems alone cannot."""
    return bool(steps_of(remedy, system)) or not (remedy.steps or remedy.action in STEPS)


def with_steps(kind: FindingKind, system: System) -> int:
    return sum(bool(steps_of(remedy, system)) for remedy in kind.remedies)


def constants() -> dict[str, str]:
    """The name of each finding's constant, by its code."""
    names: dict[str, str] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("readiness.checks"):
            for constant, value in vars(module).items():
                if isinstance(value, FindingKind):
                    names[value.code] = constant
    return names


def main() -> None:
    tests = {path: path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))}
    drawn = {finding.code for _, finding in judgements.findings()}
    names = constants()
    print(f"{'code':<34} {'win':>5} {'mac':>5} {'linux':>5} {'need':<13} {'LIX':>4}  test")
    total: Counter[str] = Counter()
    for check in CHECKS:
        for kind in check.kinds:
            on = {
                system: f"{sum(counts_on(one, system) for one in kind.remedies)}/{with_steps(kind, system)}"
                for system in System
            }
            short = kind.code.partition(".")[2]
            said = re.compile(rf'"{re.escape(short)}"|\b{names[kind.code]}\b')
            named = [
                path.stem.removeprefix("test_")
                for path, text in tests.items()
                if f'"{kind.code}"' in text or (check.id in str(path) and said.search(text))
            ]
            mark = ", ".join(named[:3]) + (" (drawn)" if kind.code in drawn else "")
            need = kind.need.value if kind.need else "-"
            print(f"{kind.code:<34} {on[System.WINDOWS]:>5} {on[System.MACOS]:>5} {on[System.LINUX]:>5} "
                  f"{need:<13} {plain.lix_of(kind):>4.0f}  {mark or '-'}")  # fmt: skip
            total["findings"] += 1
            total["with a remedy"] += bool(kind.remedies)
            total["named in a test"] += bool(named)
            total["drawn"] += kind.code in drawn
            total["neither"] += not named and kind.code not in drawn
    print(", ".join(f"{name}: {number}" for name, number in total.items()))
    print("(remedies that can be followed there / of them with steps of the system's own)\n")
    trusts = Confidence.__args__  # type: ignore[attr-defined]
    print(f"{'profile':<14} " + " ".join(f"{trust:>12}" for trust in trusts) + "   own rows")
    for path in sorted(places().profiles.glob("*.toml")):
        own = Counter(re.findall(r'^confidence = "(\w+)"', path.read_text("utf-8"), re.M))
        load_profile(path.stem, places().profiles)
        print(f"{path.stem:<14} " + " ".join(f"{own[trust]:>12}" for trust in trusts) + f"   {own.total()}")


if __name__ == "__main__":
    main()
