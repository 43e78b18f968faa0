"""Where trouble sits, measured through a router of its own with the trouble on one side or the other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from readiness.checks.location import LocationEvidence, judge
from readiness.core.evidence import parse
from readiness.core.profile_loading import load_profile
from readiness.settings import places
from tests.lab.link import Link
from tests.lab.router import OUTSIDE, SERVER, building

pytestmark = pytest.mark.device

ROOT = Path(__file__).parents[2]
PROFILE = load_profile("common", places().profiles)
GOOD = "rate=50M rtt=8"


def located(up: Link, **targets: str) -> LocationEvidence:
    """What the probe process finds on the client's side; it ends by itself."""
    wish = {
        "do": "location",
        "with": {"targets": {name: [address, None] for name, address in targets.items()}},
    }
    process = subprocess.Popen(
        up.client(sys.executable, "-m", "readiness.network.probe"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(wish) + "\n")
        process.stdin.flush()
        said: list[dict[str, Any]] = [json.loads(line) for line in process.stdout]
    found = said[-1]["result"]
    return parse(LocationEvidence, {**found.pop("link"), **found, "service_name": "service"})


def test_the_gateway_is_found_and_asked_beside_the_far_end() -> None:
    with building(inside="rate=100M", line=GOOD) as up:
        evidence = located(up, service=SERVER)
    assert evidence.gateway.method == evidence.service.method == "icmp"
    assert evidence.gateway.rtt_ms_p50 is not None
    assert evidence.service.rtt_ms_p50 is not None
    assert evidence.service.rtt_ms_p50 - evidence.gateway.rtt_ms_p50 == pytest.approx(8, abs=4)


@pytest.mark.parametrize(
    ("inside", "line", "code"),
    [
        ("rate=100M loss=15", GOOD, "location.lan"),
        ("rate=100M", f"{GOOD} loss=15", "location.line"),
        ("rate=100M", "rate=50M delay=150", "location.line"),
    ],
)
def test_trouble_is_located_on_its_own_side_of_the_router(inside: str, line: str, code: str) -> None:
    with building(inside=inside, line=line) as up:
        # Two far ends that share nothing but the line: both addresses are the server's.
        evidence = located(up, collector=SERVER, service=SERVER)
    assert judge(evidence, PROFILE)[0].code == code


def test_a_far_end_that_is_away_says_nothing_of_the_building() -> None:
    with building(inside="rate=100M", line="block=all") as up:
        evidence = located(up, service=SERVER, collector=OUTSIDE)
    assert evidence.service.sent is None
    assert evidence.collector.lost == 0
    assert evidence.gateway.lost == 0
