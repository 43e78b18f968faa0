"""What the camera's figures mean: one cause at a time, and which comes first of several."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks import camera
from readiness.checks.camera.findings import FLICKER
from readiness.checks.camera.remedies import FIFTY_HERTZ
from readiness.core.model import Verdict, severity
from readiness.core.profile_loading import load_profile
from readiness.settings import places

PROFILE = load_profile("organisation", places().profiles)
GOOD = camera.CameraEvidence(
    frames=75, seconds=2.5, width=1280, height=720, frame_rate_hz=30.0, fresh_frame_rate_hz=30.0,
    steady_frame_rate_hz=30.0, longest_still_seconds=0.0, change_luma=2.0, black_percent=0.0, luma_mean=110.0,
    luma_p95=200.0, luma_p99=230.0, clipped_percent=1.0, scene_luma=45.0, noise_luma=1.0, edge_width_px=2.5,
    flicker_percent=0.2, corrupt_percent=0.0, colour_cast=5.0, face_percent=100.0, face_score=0.9,
    face_turned_degrees=0, face_height_share=0.35, face_x_share=0.5, face_y_share=0.45, face_luma=120.0,
    face_luma_p95=180.0, face_clipped_percent=0.0, around_luma=130.0, backlight_ratio=0.7,
)  # fmt: skip
EMPTY = {"scene_luma": 0.4, "edge_width_px": None, "face_percent": 0.0, "luma_p99": 30.0}
NOBODY = {"face_percent": 0.0, "face_height_share": None, "face_luma_p95": None, "backlight_ratio": None}

CARD = {**NOBODY, "dark_card_percent": 100.0, "edge_width_px": 1.6, "luma_p99": 46.0, "scene_luma": 3.0}
FAR_OFF = {"face_height_share": 0.05, "motionless_seconds": None, "longest_still_seconds": 2.1}
FINGER = {**NOBODY, "smooth_percent": 75.0, "luma_p99": 200.0, "scene_luma": 25.0}


def codes(**changes: Any) -> list[tuple[str, str]]:
    findings = camera.judge(dataclasses.replace(GOOD, **changes), PROFILE)
    return [(finding.code.removeprefix("camera."), finding.verdict.value) for finding in findings]


def test_a_good_film_is_ready_and_nothing_else_is_said() -> None:
    assert codes() == [("works", "READY")]


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({**EMPTY, "black_percent": 100.0, "luma_mean": 0.2, "change_luma": 0.0}, ("black", "NOT_READY")),
        ({"black_percent": 20.0}, ("black", "LIMITED")),
        ({"longest_still_seconds": 2.8, "motionless_seconds": 2.8}, ("frozen", "NOT_READY")),
        (
            {"longest_still_seconds": 2.8, "motionless_seconds": 0.0, "face_luma": 17.0, "face_luma_p95": 23.0},
            ("too_dark", "LIMITED"),
        ),
        (
            {"longest_still_seconds": 2.8, "motionless_seconds": 0.0, "frame_rate_hz": 5.0},
            ("low_frame_rate", "LIMITED"),
        ),
        (
            {**NOBODY, "longest_still_seconds": 2.8, "change_luma": 0.01, "recording": True},
            ("no_face", "LIMITED"),
        ),
        ({**NOBODY, "longest_still_seconds": 2.8, "change_luma": 0.01}, ("frozen", "NOT_READY")),
        ({**FAR_OFF, "change_luma": 0.08, "recording": True}, ("face_too_small", "LIMITED")),
        ({**FAR_OFF, "change_luma": 0.0, "recording": True}, ("frozen", "NOT_READY")),
        ({**FAR_OFF, "change_luma": 0.08}, ("frozen", "NOT_READY")),
        ({**EMPTY, "black_percent": 100.0, "luma_mean": 9.0, "change_luma": 2.0}, ("covered", "NOT_READY")),
        (
            {**EMPTY, "black_percent": 100.0, "luma_mean": 17.8, "change_luma": 0.0, "spread_luma": 6.0},
            ("covered", "NOT_READY"),
        ),
        (
            {**EMPTY, "black_percent": 100.0, "luma_mean": 1.4, "change_luma": 0.03, "spread_luma": 0.3, "luma_p99": 3.0},
            ("covered", "NOT_READY"),
        ),
        (
            {**EMPTY, "black_percent": 100.0, "luma_mean": 16.0, "change_luma": 0.0, "spread_luma": 0.02, "luma_p99": 16.5},
            ("black", "NOT_READY"),
        ),
        ({**EMPTY, "luma_mean": 60.0, "change_luma": 2.0}, ("covered", "NOT_READY")),
        ({"longest_still_seconds": 1.3}, ("frozen", "LIMITED")),
        ({"longest_still_seconds": 2.2, "steady_frame_rate_hz": 1.0}, ("frozen", "NOT_READY")),
        ({"motionless_seconds": 1.8, "change_luma": 0.7}, ("frozen", "NOT_READY")),
        ({"motionless_seconds": 1.0}, ("works", "READY")),
        ({**CARD, "black_percent": 100.0, "longest_still_seconds": 2.5}, ("black", "NOT_READY")),
        ({**CARD, "edge_width_px": None, "scene_luma": 1.5}, ("covered", "NOT_READY")),
        ({**FINGER, "edge_width_px": None, "smooth_light_ratio": 0.8}, ("covered", "NOT_READY")),
        ({**FINGER, "smooth_light_ratio": 0.5}, ("covered", "NOT_READY")),
        ({**FINGER, "smooth_light_ratio": 0.8}, ("no_face", "LIMITED")),
        ({**FINGER, "smooth_percent": 50.0, "smooth_light_ratio": 0.3, "edge_width_px": None}, ("covered", "NOT_READY")),
        ({**FINGER, "smooth_percent": 50.0, "smooth_light_ratio": 0.3}, ("no_face", "LIMITED")),
        ({**FINGER, "smooth_percent": 30.0, "smooth_light_ratio": 0.3, "edge_width_px": None}, ("no_face", "LIMITED")),
        ({**FINGER, "smooth_light_ratio": 1.3, "edge_width_px": None}, ("no_face", "LIMITED")),
        ({**FINGER, "smooth_light_ratio": 1.3, "edge_width_px": None, "scene_luma": 18.0}, ("covered", "NOT_READY")),
        ({"face_turned_degrees": 180, "face_clipped_percent": 9.0}, ("rotated", "LIMITED")),
        ({"face_turned_degrees": 180, "luma_p99": 30.0, "face_luma_p95": 20.0}, ("too_dark", "NOT_READY")),
        ({"face_height_share": 0.14, "face_y_share": 0.07}, ("face_off_centre", "LIMITED")),
        ({"face_height_share": 0.08, "face_x_share": 0.1}, ("face_too_small", "LIMITED")),
        ({"smooth_percent": 75.0, "smooth_light_ratio": 0.5}, ("works", "READY")),
        ({**FINGER, "smooth_percent": 91.0, "smooth_light_ratio": 0.8, "luma_p99": 99.0}, ("covered", "NOT_READY")),
        ({**FINGER, "smooth_percent": 91.0, "smooth_light_ratio": 0.8}, ("no_face", "LIMITED")),
        ({**FINGER, "smooth_percent": 70.0, "smooth_light_ratio": 0.8, "luma_p99": 99.0}, ("too_dark", "LIMITED")),
        ({"line_order_ratio": 0.5, "flicker_percent": 9.0, "colour_cast": 40.0}, ("corrupt", "NOT_READY")),
        ({"copy_likeness": 0.9, **NOBODY}, ("corrupt", "NOT_READY")),
        ({"colour_shift_ratio": 1.9}, ("corrupt", "NOT_READY")),
        ({"skin_blueness": 30.0, "colour_cast": 60.0}, ("corrupt", "NOT_READY")),
        ({"skin_blueness": -20.0, "colour_cast": 40.0}, ("colour_cast", "READY")),
        ({"flicker_percent": 0.2, "bands_percent": 9.0, "face_clipped_percent": 20.0}, ("flicker", "LIMITED")),
        ({"corrupt_percent": 5.0, "flicker_percent": 9.0}, ("corrupt", "LIMITED")),
        ({"corrupt_percent": 50.0}, ("corrupt", "NOT_READY")),
        ({"damaged_percent": 7.0}, ("corrupt", "LIMITED")),
        ({"lost_percent": 88.0}, ("corrupt", "LIMITED")),
        ({"lost_percent": 97.0, "frames": 2, "frame_rate_hz": None}, ("corrupt", "LIMITED")),
        ({"lost_percent": 33.0}, ("works", "READY")),
        ({"width": 160, "height": 120}, ("low_resolution", "NOT_READY")),
        ({"width": 240, "height": 320}, ("low_resolution", "LIMITED")),
        ({"luma_p99": 70.0, "face_luma_p95": 60.0, "noise_luma": 8.0}, ("too_dark", "LIMITED")),
        ({"luma_p99": 30.0, "face_luma_p95": 20.0}, ("too_dark", "NOT_READY")),
        ({"luma_p99": 108.0, "face_luma_p95": 72.0, "colour_cast": 38.0}, ("colour_cast", "READY")),
        ({"luma_p99": 30.0, "face_luma_p95": 20.0, "colour_cast": 38.0}, ("too_dark", "NOT_READY")),
        ({"luma_p99": 70.0, **NOBODY}, ("too_dark", "LIMITED")),
        ({"luma_p99": 18.0, "black_percent": 100.0, "face_luma_p95": 15.0}, ("too_dark", "NOT_READY")),
        ({"luma_p99": 70.0, "face_luma_p95": 60.0, "frame_rate_hz": 8.0}, ("too_dark", "LIMITED")),
        ({"face_luma_p95": 60.0, "backlight_ratio": 3.5}, ("backlit", "LIMITED")),
        ({"face_luma_p95": 98.0, "backlight_ratio": 2.4}, ("backlit", "LIMITED")),
        ({"face_clipped_percent": 30.0}, ("overexposed", "LIMITED")),
        ({"face_clipped_percent": 10.0}, ("works", "READY")),
        ({"face_clipped_percent": 10.0, "clipped_percent": 50.0}, ("overexposed", "LIMITED")),
        ({"corrupt_percent": 8.0, "steady_frame_rate_hz": 2.3}, ("corrupt", "LIMITED")),
        ({"face_luma": 240.0}, ("overexposed", "LIMITED")),
        ({"clipped_percent": 75.0, **NOBODY}, ("overexposed", "NOT_READY")),
        ({"face_turned_degrees": 180, "face_height_share": 0.9}, ("rotated", "LIMITED")),
        ({"frame_rate_hz": 8.0, "steady_frame_rate_hz": 8.0}, ("low_frame_rate", "LIMITED")),
        ({"steady_frame_rate_hz": 7.5}, ("low_frame_rate", "LIMITED")),
        ({"flicker_percent": 5.0}, ("flicker", "LIMITED")),
        ({"flicker_percent": 12.0, "face_clipped_percent": 20.0}, ("flicker", "LIMITED")),
        ({"noise_luma": 12.0}, ("noisy", "LIMITED")),
        ({"noise_luma": 0.5, "grain_luma": 5.0}, ("noisy", "LIMITED")),
        ({"noise_luma": 0.9, "grain_luma": 2.3}, ("works", "READY")),
        ({"edge_width_px": 8.0}, ("soft", "LIMITED")),
        ({"sharpest_edge_px": 3.0, "sharpest_edge_face_percent": 0.5}, ("soft", "LIMITED")),
        ({"sharpest_edge_px": 2.6, "sharpest_edge_face_percent": 1.2}, ("soft", "LIMITED")),
        ({"sharpest_edge_px": 1.6, "fine_detail_db": -26.0}, ("soft", "LIMITED")),
        ({"sharpest_edge_px": 1.6, "fine_detail_db": -18.0}, ("works", "READY")),
        (NOBODY, ("no_face", "LIMITED")),
        ({**NOBODY, "edge_width_px": 11.0, "sharpest_edge_px": 8.0}, ("no_face", "LIMITED")),
        ({"face_height_share": 0.9, "edge_width_px": 6.0}, ("face_too_close", "LIMITED")),
        ({"face_height_share": 0.08}, ("face_too_small", "LIMITED")),
        ({"face_x_share": 0.15}, ("face_off_centre", "LIMITED")),
        ({"face_y_share": 0.19, "face_height_share": 0.34}, ("face_off_centre", "LIMITED")),
        ({"face_y_share": 0.344, "face_height_share": 0.674}, ("works", "READY")),
        ({"face_y_share": 0.9}, ("face_off_centre", "LIMITED")),
        ({"face_percent": None, "face_turned_degrees": None}, ("face_unknown", "UNKNOWN")),
        ({"frames": 1, "frame_rate_hz": None}, ("too_short", "UNKNOWN")),
    ],
)  # fmt: skip
def test_the_cause_comes_first(changes: dict[str, Any], first: tuple[str, str]) -> None:
    assert codes(**changes)[0] == first


@pytest.mark.parametrize(("px", "face_percent"), [(2.7, 0.9), (1.5, 2.5)])
def test_a_large_face_with_much_in_it_and_a_small_sharp_one_are_not_soft(
    px: float, face_percent: float
) -> None:
    changes = {"edge_width_px": 6.0, "sharpest_edge_px": px, "sharpest_edge_face_percent": face_percent}
    assert codes(**changes) == [("works", "READY")]


def test_in_an_upright_picture_a_face_is_small_beside_the_width() -> None:
    assert codes(width=480, height=640, face_height_share=0.14) == [("works", "READY")]
    assert codes(width=480, height=640, face_height_share=0.1) == [("face_too_small", "LIMITED")]


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"colour_cast": 40.0}, "colour_cast"),
        ({"attachment": "virtual"}, "virtual"),
        ({"mirrored": True}, "mirrored"),
    ],
)
def test_a_hint_is_told_first_and_lowers_nothing(changes: dict[str, Any], hint: str) -> None:
    assert codes(**changes) == [(hint, "READY"), ("works", "READY")]


@pytest.mark.parametrize(("face_luma", "face_luma_p95"), [(35.0, 99.0), (62.0, 103.0), (200.0, 229.0)])
def test_no_skin_in_good_light_is_called_dark_or_bright(face_luma: float, face_luma_p95: float) -> None:
    """Figures of photographs of dark and light skin, before light walls and dark ones."""
    for around in (20.0, 120.0, 205.0):
        ratio = around / face_luma_p95
        assert codes(
            face_luma=face_luma, face_luma_p95=face_luma_p95, around_luma=around, backlight_ratio=ratio
        ) == [("works", "READY")]


WORSE = {
    "corrupt_percent": 1, "flicker_percent": 1, "noise_luma": 1, "grain_luma": 1, "edge_width_px": 1, "face_clipped_percent": 1,
    "luma_p99": -1, "frame_rate_hz": -1, "steady_frame_rate_hz": -1, "longest_still_seconds": 1,
    "damaged_percent": 1, "sharpest_edge_px": 1, "face_luma": 1, "fine_detail_db": -1, "lost_percent": 1,
    "motionless_seconds": 1, "bands_percent": 1, "line_order_ratio": -1, "copy_likeness": 1, "colour_shift_ratio": 1, "skin_blueness": 1,
}  # fmt: skip


@given(name=st.sampled_from(sorted(WORSE)), start=st.floats(0, 255), step=st.floats(0, 255))
def test_a_worse_figure_never_makes_a_better_verdict(name: str, start: float, step: float) -> None:
    def weight(value: float) -> int:
        evidence = dataclasses.replace(GOOD, face_luma_p95=60.0, **{name: value})
        return max(severity(finding.verdict) for finding in camera.judge(evidence, PROFILE))

    assert weight(start + WORSE[name] * step) >= weight(start)


def test_old_evidence_without_a_look_into_the_frames_is_judged_by_what_it_has() -> None:
    old = camera.CameraEvidence(frames=75, width=1280, height=720, frame_rate_hz=30.0, black_percent=0.0)
    assert [finding.verdict for finding in camera.judge(old, PROFILE)] == [Verdict.READY]


def test_the_setting_for_50_hz_is_the_first_remedy_for_flicker() -> None:
    assert FLICKER.remedies[0] is FIFTY_HERTZ
