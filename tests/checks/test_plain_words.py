"""Every finding of every check is held to plain language, and its remedies to what people can follow."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
from typing import Any

import pytest

from readiness.checks import CHECKS
from readiness.core.check import Check
from readiness.core.model import Action, FindingKind, System, Verdict
from readiness.core.steps import STEPS, steps_of
from tests.checks import judgements, plain

EVERY = [pytest.param(check, found, id=found.code) for check in CHECKS for found in check.kinds]
every_finding = pytest.mark.parametrize(("check", "found"), EVERY)


@every_finding
def test_a_finding_with_its_remedies_is_easy_to_read(check: Check[Any, Any], found: FindingKind) -> None:
    """LIX below 40 in Swedish, on the system where it is highest."""
    assert plain.lix_of(found) < plain.LIX_LIMIT


@every_finding
def test_every_text_is_in_both_languages_short_and_kind(check: Check[Any, Any], found: FindingKind) -> None:
    for text in plain.texts_of(found):
        assert text.sv.strip(), text
        assert text.en.strip(), text
        assert plain.long_sentences(text) == []
        assert plain.blames(text) == []
        assert not any(said.endswith(" ") or "  " in said for said in (text.sv, text.en)), text
    for text in plain.own_texts(found)[1:] + [remedy.text for remedy in found.remedies]:
        assert text.sv != text.en
        assert text.sv.endswith("."), text
        assert text.en.endswith("."), text


@every_finding
def test_no_jargon_without_its_everyday_word(check: Check[Any, Any], found: FindingKind) -> None:
    assert plain.bare_jargon(found) == []


@every_finding
def test_the_evidence_that_a_finding_names_exists(check: Check[Any, Any], found: FindingKind) -> None:
    fields = {field.name for field in dataclasses.fields(check.evidence)}
    assert found.code.startswith(f"{check.id}.")
    assert set(found.evidence) <= fields
    assert found.evidence, "which fields of the evidence does it rest on?"


@every_finding
def test_the_judge_supplies_every_argument(check: Check[Any, Any], found: FindingKind) -> None:
    """Shown by evidence that makes the judge give the finding; else by every call in the source."""
    wanted = set().union(*(plain.arguments(text) for text in plain.texts_of(found)))
    given = [given for _, given in judgements.findings() if given.code == found.code]
    for finding in given:
        assert wanted <= finding.arguments.keys(), finding
    if not given:
        calls = _calls_giving(check, found)
        assert calls, f"nothing gives {found.code}"
        for names in calls:
            assert wanted <= names


@every_finding
def test_what_lowers_the_verdict_can_be_acted_on(check: Check[Any, Any], found: FindingKind) -> None:
    """It has a remedy, and its first does more than repeat the test unless nothing is known yet."""
    weights = {given.verdict for _, given in judgements.findings() if given.code == found.code}
    if weights <= {Verdict.READY}:
        return
    assert found.detail is not None, "tell the evidence, or what it means, in words"
    assert found.remedies
    repeats = found.remedies[0].action is Action.RUN_AGAIN and _only_repeats(found.remedies[0].text.sv)
    assert not repeats or weights <= {Verdict.UNKNOWN, Verdict.READY}


@every_finding
def test_what_is_missing_is_said_as_a_kind(check: Check[Any, Any], found: FindingKind) -> None:
    for _, given in judgements.findings():
        if given.code == found.code and given.verdict in (Verdict.NOT_READY, Verdict.LIMITED):
            assert given.need is not None, "name a Need: camera, headset, network_line, computer, ..."


@every_finding
def test_a_settings_page_has_its_steps_on_every_system(check: Check[Any, Any], found: FindingKind) -> None:
    for remedy in found.remedies:
        if remedy.action in STEPS or remedy.steps:
            for system in System:
                assert steps_of(remedy, system), f"{remedy.text.en} {system}"


def test_judging_every_kind_of_evidence_gives_declared_findings_of_its_own_check() -> None:
    for check, finding in judgements.findings():
        assert finding.code in {found.code for found in check.kinds}


def _only_repeats(sv: str) -> bool:
    return sv.startswith("Gör testet igen") and "läs" not in sv and "lyssna" not in sv


def _calls_giving(check: Check[Any, Any], found: FindingKind) -> list[set[str]]:
    """The argument names of each call `NAME.found(...)` where NAME is bound to `found`."""
    rooms = [
        module
        for name, module in sys.modules.items()
        if name.startswith("readiness.checks") and found in vars(module).values()
    ]
    names = {name for module in rooms for name, value in vars(module).items() if value is found}
    calls: list[set[str]] = []
    for module in rooms:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"{name}.found" for name in names}:
                calls.append({keyword.arg for keyword in node.keywords if keyword.arg})
    return calls
