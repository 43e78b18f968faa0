"""Rates the stored reports of this folder under the profiles of the program.

Run: .venv/bin/python tests/golden/renew.py
It writes expected.json anew, and prints what changed: read that before you commit it. A change of a
limit or of a judge is meant to show here, and nothing else is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from readiness.checks import CHECKS
from readiness.core.profile_loading import load_profile
from readiness.core.rating import rate
from readiness.core.report import from_json
from readiness.settings import places

HERE = Path(__file__).parent
EXPECTED = HERE / "expected.json"
REPORTS = sorted((HERE / "reports").glob("*.json"))
PROFILES = ("organisation", "teams", "zoom", "meet", "webex", "jitsi", "visiba")


def rated(file: Path) -> dict[str, dict[str, Any]]:
    """The verdicts of one stored report, by profile."""
    report = from_json(file.read_bytes())
    chosen = [result.check_id for result in report.results] if report.rating.partial else None
    verdicts: dict[str, dict[str, Any]] = {}
    for profile_id in PROFILES:
        rating = rate(report.results, CHECKS, load_profile(profile_id, places().profiles), chosen=chosen)
        verdicts[profile_id] = {
            "overall": rating.overall.value,
            "activities": {activity.value: verdict.value for activity, verdict in rating.activities.items()},
            "deciding": list(rating.deciding),
            "needs": [need.value for lift in rating.lifts if lift.activity is None for need in lift.needs],
        }
    return verdicts


def main() -> None:
    now = {file.stem: rated(file) for file in REPORTS}
    before = json.loads(EXPECTED.read_text("utf-8")) if EXPECTED.exists() else {}
    for name, verdicts in now.items():
        for profile_id, verdict in verdicts.items():
            then = before.get(name, {}).get(profile_id)
            if then != verdict:
                print(f"{name} {profile_id}: {then and (then['overall'], then['deciding'])} -> "
                      f"{(verdict['overall'], verdict['deciding'])}")  # fmt: skip
    EXPECTED.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
