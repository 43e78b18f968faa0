"""What each check makes of its evidence, under the common limits."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks import (
    CHECKS,
    camera,
    capacity,
    computer,
    connection,
    kind,
    location,
    media_path,
    microphone,
    speaker,
)
from readiness.core.check import Check
from readiness.core.evidence import encode, parse
from readiness.core.model import Activity, Verdict, severity
from readiness.core.profile_loading import load_profile
from readiness.core.text import LANGUAGES
from readiness.settings import places

PROFILE = load_profile("organisation", places().profiles)
GOOD = {
    "computer": computer.ComputerEvidence(
        cores=4, memory_total_gib=8, memory_free_gib=4, disk_free_gib=50, cpu_busy_percent=5
    ),
    "camera": camera.CameraEvidence(
        frames=75, width=1280, height=720, frame_rate_hz=30.0, longest_still_seconds=0.0, black_percent=0.0
    ),
    "microphone": microphone.MicrophoneEvidence(
        swing_p999=0.3, active_level_dbfs=-24.0, activity_percent=60.0, snr_db=35.0,
        clipped_percent=0.0, dc_offset=0.0,
    ),
    "speaker": speaker.SpeakerEvidence(played=True, answer="heard"),
    "media_path": media_path.MediaPathEvidence(
        udp_answers=True, concealed_percent_up=0.0, concealed_percent_up_low=0.0, concealed_percent_up_high=1.1,
        concealed_percent_down=0.2, mouth_to_ear_ms_up=55.0, mouth_to_ear_ms_down=60.0, still_percent_up=0.0,
        still_percent_down=0.0, picture_360_kbps_up=800.0, picture_360_kbps_down=800.0, rtt_ms_p50=21.0,
        buffer_ms_up=35.0, buffer_ms_down=40.0, loss_percent_up=0.0, loss_percent_down=0.2,
    ),
    "connection": connection.ConnectionEvidence(
        has_address=True,
        hosts=(connection.HostEvidence(host="teams.microsoft.com", port=443),),
        udp_hosts=(connection.UdpHostEvidence(host="stun.cloudflare.com", port=3478, answers=True),),
    ),
    "capacity": capacity.CapacityEvidence(capacity_kbps_up=12500.0, capacity_kbps_down=12500.0),
    "location": location.LocationEvidence(
        kind="ethernet",
        gateway=location.WayEvidence(sent=60, lost=0, loss_percent_low=0.0),
        service=location.WayEvidence(sent=60, lost=0, loss_percent_low=0.0),
    ),
}  # fmt: skip


def codes(check_id: str, **changes: Any) -> list[tuple[str, str]]:
    (check,) = (check for check in CHECKS if check.id == check_id)
    findings = check.judge(dataclasses.replace(GOOD[check_id], **changes), PROFILE)
    return [(finding.code, finding.verdict.value) for finding in findings]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_good_evidence_is_ready(check: Check[Any, Any]) -> None:
    assert codes(check.id) == [(f"{check.id}.works", "READY")]


@pytest.mark.parametrize(
    ("check_id", "changes", "code", "verdict"),
    [
        ("computer", {"cores": 1}, "computer.few_cores", "LIMITED"),
        ("computer", {"memory_total_gib": 1.0}, "computer.little_memory", "NOT_READY"),
        ("computer", {"memory_free_gib": 0.1}, "computer.memory_full", "LIMITED"),
        ("computer", {"cpu_busy_percent": 95.0}, "computer.busy", "LIMITED"),
        ("computer", {"disk_free_gib": 0.5}, "computer.disk_full", "LIMITED"),
        ("computer", {"cores": None}, "computer.unread", "UNKNOWN"),
        ("camera", {"problem": "absent"}, "camera.absent", "NOT_READY"),
        ("camera", {"problem": "in_use"}, "camera.in_use", "NOT_READY"),
        ("camera", {"problem": "denied"}, "camera.denied", "NOT_READY"),
        ("camera", {"problem": "no_frames"}, "camera.no_frames", "NOT_READY"),
        ("camera", {"problem": "removed"}, "camera.removed", "UNKNOWN"),
        ("camera", {"problem": "no_backend"}, "camera.no_backend", "NOT_READY"),
        ("camera", {"problem": "something new"}, "camera.failed", "UNKNOWN"),
        ("camera", {"frames": 0}, "camera.no_frames", "NOT_READY"),
        ("camera", {"black_percent": 100.0}, "camera.black", "NOT_READY"),
        ("camera", {"longest_still_seconds": 2.0}, "camera.frozen", "NOT_READY"),
        ("camera", {"frame_rate_hz": 12.0}, "camera.low_frame_rate", "LIMITED"),
        ("camera", {"frame_rate_hz": 3.0}, "camera.low_frame_rate", "NOT_READY"),
        ("camera", {"frame_rate_hz": None}, "camera.low_frame_rate", "UNKNOWN"),
        ("camera", {"width": 320, "height": 240}, "camera.low_resolution", "LIMITED"),
        ("microphone", {"problem": "absent"}, "microphone.absent", "NOT_READY"),
        ("microphone", {"problem": "denied"}, "microphone.denied", "NOT_READY"),
        ("microphone", {"problem": "in_use"}, "microphone.in_use", "NOT_READY"),
        ("microphone", {"problem": "removed"}, "microphone.removed", "UNKNOWN"),
        ("microphone", {"problem": "hung"}, "microphone.hung", "UNKNOWN"),
        ("microphone", {"problem": "replaced"}, "microphone.replaced", "UNKNOWN"),
        ("microphone", {"system_muted": True}, "microphone.muted_by_system", "NOT_READY"),
        ("microphone", {"system_volume_percent": 0.0}, "microphone.muted_by_system", "NOT_READY"),
        ("microphone", {"swing_p999": 0.0}, "microphone.silent", "NOT_READY"),
        ("microphone", {"swing_p999": 0.0, "denied_by": "desktop apps"}, "microphone.denied", "NOT_READY"),
        (
            "microphone",
            {"swing_p999": 0.0, "hardware_muted": True},
            "microphone.muted_by_switch",
            "NOT_READY",
        ),
        ("microphone", {"swing_p999": 0.0, "plugged_in": False}, "microphone.not_plugged_in", "NOT_READY"),
        (
            "microphone",
            {"swing_p999": 0.0, "other_device_name": "b", "other_swing_p999": 0.1},
            "microphone.wrong_device",
            "NOT_READY",
        ),
        (
            "microphone",
            {"swing_p999": 0.0, "other_device_name": "b", "other_swing_p999": 0.0},
            "microphone.silent",
            "NOT_READY",
        ),
        ("microphone", {"swing_p999": 0.0, "used_by": ("Zoom",)}, "microphone.in_use", "NOT_READY"),
        ("microphone", {"hardware_muted": True, "plugged_in": False}, "microphone.works", "READY"),
        ("microphone", {"active_level_dbfs": -42.0}, "microphone.too_quiet", "LIMITED"),
        ("microphone", {"active_level_dbfs": -60.0}, "microphone.too_quiet", "NOT_READY"),
        ("microphone", {"active_level_dbfs": -8.0}, "microphone.too_loud", "LIMITED"),
        ("microphone", {"clipped_percent": 1.0}, "microphone.clipped", "LIMITED"),
        ("microphone", {"snr_db": 10.0}, "microphone.noisy", "LIMITED"),
        ("microphone", {"dc_offset": -0.2}, "microphone.dc_offset", "LIMITED"),
        ("microphone", {"activity_percent": 1.0}, "microphone.no_speech", "NOT_READY"),
        ("microphone", {"unattended": True, "loop_peak_db": 60.0}, "microphone.nobody_spoke", "READY"),
        ("microphone", {"unattended": True, "loop_peak_db": 15.0}, "microphone.not_proven", "UNKNOWN"),
        ("microphone", {"unattended": True, "swing_p999": 0.0}, "microphone.silent", "UNKNOWN"),
        ("speaker", {"problem": "absent"}, "speaker.absent", "NOT_READY"),
        (
            "media_path",
            {"concealed_percent_up": 9.0, "concealed_percent_up_low": 8.0, "concealed_percent_up_high": 10.0},
            "media_path.loss",
            "NOT_READY",
        ),
        (
            "media_path",
            {"concealed_percent_up": 6.5, "concealed_percent_up_low": 4.0, "concealed_percent_up_high": 9.0},
            "media_path.loss",
            "LIMITED",
        ),
        (
            "media_path",
            {"concealed_percent_down": 9.0, "mean_burst_down": 5.0},
            "media_path.bursts",
            "NOT_READY",
        ),
        ("media_path", {"mouth_to_ear_ms_up": 400.0, "rtt_ms_p50": 700.0}, "media_path.delay", "NOT_READY"),
        (
            "media_path",
            {"mouth_to_ear_ms_down": 300.0, "buffer_ms_down": 250.0},
            "media_path.jitter",
            "LIMITED",
        ),
        ("media_path", {"picture_360_kbps_up": 40.0}, "media_path.coarse_picture", "NOT_READY"),
        ("media_path", {"picture_360_kbps_down": 40.0}, "media_path.coarse_picture", "LIMITED"),
        ("media_path", {"udp_answers": False, "path": "x:3478"}, "media_path.blocked", "LIMITED"),
        ("media_path", {"interrupted": True}, "media_path.interrupted", "UNKNOWN"),
        (
            "media_path",
            {"interrupted": True, "concealed_percent_up": None},
            "media_path.interrupted",
            "UNKNOWN",
        ),
        ("media_path", {"packets_moved": 1}, "media_path.odd_answers", "UNKNOWN"),
        ("media_path", {"packets_refused": 1}, "media_path.odd_answers", "UNKNOWN"),
        ("media_path", {"problem": "nonsense"}, "media_path.odd_answers", "UNKNOWN"),
        ("media_path", {"clock_stepped_ms": 900.0}, "media_path.not_measured", "UNKNOWN"),
        ("media_path", {"concealed_percent_down": None}, "media_path.not_measured", "UNKNOWN"),
        ("speaker", {"system_muted": True}, "speaker.muted_by_system", "NOT_READY"),
        ("speaker", {"played": False, "device_name": "Speaker"}, "speaker.silent", "NOT_READY"),
        ("speaker", {"answer": "not_heard"}, "speaker.not_heard", "NOT_READY"),
        ("speaker", {"hardware_muted": True}, "speaker.muted_by_system", "NOT_READY"),
        ("speaker", {"answer": None}, "speaker.not_heard", "UNKNOWN"),
        ("speaker", {"answer": None, "loop_peak_db": 12.0}, "speaker.not_heard", "UNKNOWN"),
        ("speaker", {"answer": "not_heard", "plugged_in": False}, "speaker.not_plugged_in", "NOT_READY"),
        ("speaker", {"answer": "heard", "plugged_in": False}, "speaker.works", "READY"),
        ("speaker", {"loop_peak_db": 60.0, "loop_gain_db": -4.0}, "speaker.leaks", "LIMITED"),
        ("speaker", {"loop_peak_db": 60.0, "loop_gain_db": -40.0}, "speaker.works", "READY"),
        ("speaker", {"loop_peak_db": 60.0, "loop_side_difference_db": 31.0}, "speaker.one_side", "LIMITED"),
        ("speaker", {"problem": "replaced", "problem_detail": "x"}, "speaker.replaced", "UNKNOWN"),
        ("speaker", {"answer": None, "loop_peak_db": 60.0}, "speaker.works", "READY"),
    ],
)
def test_a_fault_is_named_first(check_id: str, changes: dict[str, Any], code: str, verdict: str) -> None:
    assert codes(check_id, **changes)[0] == (code, verdict)


def host(failed_at: str | None, name: str = "teams.microsoft.com") -> connection.HostEvidence:
    return connection.HostEvidence(host=name, port=443, failed_at=failed_at)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hosts": (host("dns"),)}, ("connection.dns_failed", "NOT_READY")),
        ({"hosts": (host("tcp"),)}, ("connection.tcp_blocked", "NOT_READY")),
        ({"hosts": (host("tls"),)}, ("connection.tls_failed", "NOT_READY")),
        ({"hosts": (host("dns"),), "has_address": False}, ("connection.no_network", "NOT_READY")),
        ({"hosts": ()}, ("connection.not_measured", "UNKNOWN")),
        ({"hosts": (host(None), host("tcp", "other.example"))}, ("connection.works", "READY")),
        ({"clock_ahead_seconds": -900.0}, ("connection.clock_off", "LIMITED")),
    ],
)
def test_the_connection_is_judged_by_the_profiles_hosts(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert codes("connection", **changes)[0] == expected


def test_our_own_server_being_down_lowers_nothing() -> None:
    found = codes("connection", collector_configured=True, collector_answers=False)
    assert ("connection.collector_unreachable", "READY") in found
    assert all(verdict == "READY" for _, verdict in found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_finding_has_words_evidence_and_a_way_on(check: Check[Any, Any]) -> None:
    fields = {field.name for field in dataclasses.fields(check.evidence)}
    for found in check.kinds:
        assert kind(found.code) is found
        assert found.code.startswith(f"{check.id}.")
        assert set(found.evidence) <= fields, found.code
        assert found.activities
        for language in LANGUAGES:
            assert found.title.say(language)
            for remedy in found.remedies:
                assert remedy.text.say(language)
        if not re.search(r"works|nothing_to_reach", found.code):
            assert found.remedies, found.code


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_empty_evidence_is_never_ready_by_silence(check: Check[Any, Any]) -> None:
    findings = check.judge(check.evidence(), PROFILE)
    assert max(severity(finding.verdict) for finding in findings) >= severity(Verdict.UNKNOWN)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_evidence_survives_json(check: Check[Any, Any]) -> None:
    assert parse(check.evidence, encode(GOOD[check.id])) == GOOD[check.id]


@given(level=st.floats(-100, 0), step=st.floats(0, 40))
def test_a_fainter_voice_is_never_better(level: float, step: float) -> None:
    def weight(dbfs: float) -> int:
        evidence = dataclasses.replace(GOOD["microphone"], active_level_dbfs=dbfs)
        return max(severity(f.verdict) for f in microphone.judge(evidence, PROFILE))

    if level <= -20:
        assert weight(level - step) >= weight(level)


@given(rate=st.floats(0, 60), step=st.floats(0, 30))
def test_a_slower_film_is_never_better(rate: float, step: float) -> None:
    def weight(hz: float) -> int:
        evidence = dataclasses.replace(GOOD["camera"], frame_rate_hz=hz)
        return max(severity(f.verdict) for f in camera.judge(evidence, PROFILE))

    assert weight(max(0.0, rate - step)) >= weight(rate)


def test_every_activity_is_covered() -> None:
    covered = {activity for check in CHECKS for activity in check.activities}
    assert covered == set(Activity)


def test_camera_sound_and_network_share_nothing_so_that_they_run_at_once() -> None:
    """Checks wait for one another only where they use the same (tests/core/test_runner.py)."""
    uses = {check.id: check.uses for check in CHECKS}
    assert not uses["camera"] & (uses["microphone"] | uses["speaker"])
    assert not (uses["camera"] | uses["microphone"] | uses["speaker"]) & uses["connection"]
    assert not any(
        set(check.after) & {"camera", "microphone"} for check in CHECKS if check.id == "connection"
    )
