from __future__ import annotations

from typing import Any

import pytest

from readiness.checks import CHECKS
from readiness.checks.explaining import JUDGED_BY, explain, known_figures, near_codes
from readiness.checks.methods import METHODS
from readiness.core.check import Check
from readiness.core.profile_loading import load_profile
from readiness.settings import places
from tests.checks import plain

PROFILES = {path.stem: load_profile(path.stem, places().profiles) for path in places().profiles.glob("*.toml")}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_finding_can_be_explained_with_how_it_is_measured(check: Check[Any, Any]) -> None:
    for found in check.kinds:
        for profile in PROFILES.values():
            explanation = explain(found.code, profile)
            assert explanation is not None
            assert explanation.method is not None, f"tell in METHODS how {check.id} measures"
            assert explanation.measured
            for limit in explanation.limits:
                assert limit.source


def test_a_finding_is_explained_by_the_limits_that_it_is_judged_by() -> None:
    explanation = explain("microphone.too_quiet", PROFILES["teams"])
    assert explanation is not None
    assert {limit.figure for limit in explanation.limits} == {"microphone.active_level_dbfs"}
    assert {limit.direction for limit in explanation.limits} == {"at_least", "at_most"}
    clock = explain("connection.clock_off", PROFILES["teams"])
    assert clock is not None
    assert [limit.figure for limit in clock.limits] == ["connection.clock_off_seconds"]


def test_reaching_the_service_is_explained_by_its_hosts_and_openings() -> None:
    explanation = explain("connection.tcp_blocked", PROFILES["zoom"])
    assert explanation is not None
    said = [demand.text.en for demand in explanation.demands]
    assert "zoom.us, port 443, tls" in said
    assert "*, port 3478, 3479, 8801-8810, udp" in said
    assert {demand.confidence for demand in explanation.demands} == {"official"}


def test_programs_are_explained_by_what_the_profile_asks_of_them() -> None:
    explanation = explain("computer.browser_old", PROFILES["jitsi"])
    assert explanation is not None
    assert "Google Chrome, minst 72, helst minst 96" in [demand.text.sv for demand in explanation.demands]


def test_an_unknown_code_has_no_explanation_but_neighbours() -> None:
    assert explain("camera.blck", PROFILES["teams"]) is None
    assert near_codes("camera.blck")[0] == "camera.black"
    assert all(code.startswith("camera.") for code in near_codes("camera.zzzzzzz"))
    assert len(near_codes("zzz")) > 20


def test_every_figure_with_a_limit_has_its_method() -> None:
    figures = {limit.figure for profile in PROFILES.values() for limit in profile.limits}
    assert figures - METHODS.keys() == set(), "tell in checks/methods.py how they are measured"


def test_what_is_told_is_told_of_something() -> None:
    checks = {check.id for check in CHECKS} | {"media_path", "capacity"}
    for name in METHODS:
        assert name.partition(".")[0] in checks
    assert set(JUDGED_BY) <= known_figures()


@pytest.mark.parametrize("name", sorted(METHODS))
def test_how_it_is_measured_is_told_plainly(name: str) -> None:
    text = METHODS[name]
    assert plain.blames(text) == []
    assert plain.long_sentences(text) == []
