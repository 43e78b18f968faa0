"""The probe is a process of its own, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from readiness.checks.media_path import limits_of
from readiness.network import probing
from readiness.network.probing import ProbeError, probe
from tests.network.reflectors import reflecting
from tests.network.test_exchange import PROFILE


def test_a_measurement_comes_back_with_its_progress() -> None:
    told: list[float] = []
    with reflecting() as session:
        arguments = {
            "session": session.to_json(),
            "wanted_kbps": 300,
            "seconds": 0.5,
            "greeting_seconds": 4.0,
            "limits": limits_of(PROFILE),
        }
        figures = asyncio.run(
            probe("media_path", arguments, lambda figures: told.append(figures["fraction"]))
        )
    assert figures["udp_answers"]
    assert told


def test_a_fault_of_our_own_is_said() -> None:
    with pytest.raises(ProbeError, match="no measurement"):
        asyncio.run(probe("dance", {}))


def test_a_probe_that_crashes_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        probing, "part_of_itself", lambda *_: [sys.executable, "-c", "import os; os._exit(7)"]
    )
    with pytest.raises(ProbeError, match="7"):
        asyncio.run(probe("media_path", {}))


def test_a_cancelled_measurement_ends_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        probing, "part_of_itself", lambda *_: [sys.executable, "-c", "import time; time.sleep(600)"]
    )
    started: list[asyncio.subprocess.Process] = []
    create = asyncio.create_subprocess_exec

    async def noted(*command: str, **options: object) -> asyncio.subprocess.Process:
        started.append(await create(*command, **options))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)

    async def cancelled() -> None:
        measuring = asyncio.create_task(probe("media_path", {}))
        while not started:
            await asyncio.sleep(0.01)
        measuring.cancel()
        with pytest.raises(asyncio.CancelledError):
            await measuring
        assert started[0].returncode is not None

    asyncio.run(cancelled())


def test_it_ends_when_its_parent_does_and_the_frozen_program_has_it_too() -> None:
    with reflecting() as session:
        wish = {"do": "media_path", "with": {"session": session.to_json(), "wanted_kbps": 300, "seconds": 60, "greeting_seconds": 4.0, "limits": limits_of(PROFILE)}}  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "readiness", probing.PROBE_ARGUMENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(wish) + "\n")
        process.stdin.flush()
        assert "progress" in json.loads(process.stdout.readline())
        process.stdin.close()
        assert process.wait(20) == 0
        process.stdout.close()
