"""What the microphone's figures mean: the cause that matters most first, and no alarm on a good voice."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks import microphone
from readiness.checks.microphone import MicrophoneEvidence
from readiness.core.model import Finding, Verdict, severity
from readiness.core.profile_loading import load_profile
from readiness.core.text import LANGUAGES
from readiness.settings import places

PROFILE = load_profile("organisation", places().profiles)
GOOD = MicrophoneEvidence(
    device_name="Jabra Evolve", attachment="usb", seconds=6.0, asked_rate_hz=48000, rate_hz=48000, channels=1,
    channel_levels_dbfs=(-27.0,), overruns=0, peak_dbfs=-8.0, swing_p999=0.3, active_level_dbfs=-24.0,
    activity_percent=60.0, voice_seconds=4.0, pause_seconds=1.2, noise_dbfs=-60.0, steady_noise_dbfs=-60.0,
    burst_db=1.0, floor_spread_db=1.5, band_spread_db=1.4, snr_db=36.0, snr_steady_db=36.0, snr_without_hum_db=36.0,
    snr_without_rumble_db=38.0, clipped_percent=0.0, clipped_crowd=0.7, clipped_slope=0.9, crest_db=16.0, hum_hz=0.0, hum_db=-80.0,
    hum_lines=0, hum_contrast_db=0.0, band_edge_hz=14000.0, band_drop_db=8.0, holes=0, repeats=0,
    echo_strength=0.02, echo_delay_ms=200.0, signal_mos=4.0, background_mos=4.2, dc_offset=0.0005,
)  # fmt: skip
DROWNED = {"snr_db": -9.0, "snr_without_rumble_db": -9.0, "snr_without_hum_db": -9.0, "snr_steady_db": 30.0}
WHINE = {"hum_contrast_db": 60.0, "hum_db": -20.0, "hum_lines": 1}


def judged(**changes: Any) -> list[Finding]:
    return list(microphone.judge(dataclasses.replace(GOOD, **changes), PROFILE))


HISS = {
    "swing_p999": 4e-4,
    "voice_seconds": 0.0,
    "noise_dbfs": -78.0,
    "spectrum_dbfs": tuple(-110.0 + 0.1 * n for n in range(45)),
}
ROOM_DBFS = tuple(-85.0 - 0.4 * n for n in range(45))


def codes(**changes: Any) -> list[str]:
    return [finding.code.partition(".")[2] for finding in judged(**changes)]


def test_the_person_is_told_of_no_more_breaks_than_there_are() -> None:
    (torn,) = judged(holes=2, repeats=1, splices=7, splice_certainty=40.0)
    assert torn.arguments["count"] == 7, "both ways of looking find the same places"
    (sure,) = judged(holes=2, repeats=1, splices=7, splice_certainty=4.0)
    assert sure.arguments["count"] == 3, "joints that are not sure are not told"


def test_a_good_voice_gives_one_finding() -> None:
    assert codes() == ["works"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"swing_p999": 1e-5}, ["silent"]),
        ({**HISS}, ["silent"]),
        ({**HISS, "noise_dbfs": -66.0}, ["no_speech"]),
        ({**HISS, "spectrum_dbfs": ROOM_DBFS}, ["no_speech"]),
        ({**HISS, "spectrum_dbfs": None}, ["no_speech"]),
        ({**HISS, "voice_seconds": 4.0, "noise_dbfs": -78.0}, ["works"]),
        ({"voice_seconds": 0.1}, ["no_speech"]),
        ({"voice_seconds": None, "activity_percent": 2.0}, ["no_speech"]),
        ({"holes": 2, "repeats": 1}, ["dropouts"]),
        ({"splice_certainty": 10.5}, ["dropouts"]),
        ({"splice_certainty": 9.5}, ["works"]),
        (
            {"splice_certainty": 60.0, "snr_db": 4.0, "snr_steady_db": 4.0, "snr_without_rumble_db": 4.0},
            ["noisy"],
        ),
        ({"splice_certainty": 140.0, "snr_db": -13.0, "snr_without_rumble_db": -13.0}, ["dropouts"]),
        ({"splice_certainty": 60.0, "active_level_dbfs": -8.0}, ["too_loud"]),
        ({"splice_certainty": 12.0, "filtered_crowd": 4.0}, ["clipped"]),
        ({"splice_certainty": 20.0, "clipped_crowd": 5.0}, ["clipped"]),
        ({"splice_certainty": 60.0, "clipped_crowd": 5.0}, ["dropouts", "clipped"]),
        (
            {
                "hum_hz": 50.0,
                "hum_db": -26.0,
                "hum_lines": 10,
                "hum_contrast_db": 52.0,
                "hum_certainty_db": 48.0,
                "snr_db": 14.0,
                "snr_without_hum_db": 40.0,
                "snr_without_rumble_db": 40.0,
            },
            ["hum"],
        ),
        (
            {
                "clipped_crowd": 3.1,
                "hum_hz": 50.0,
                "hum_db": -14.0,
                "hum_lines": 20,
                "hum_contrast_db": 57.0,
                "snr_db": 9.0,
                "snr_without_hum_db": 40.0,
                "snr_without_rumble_db": 40.0,
            },
            ["hum"],
        ),
        ({"splice_certainty": 20.0, "echo_strength": 0.3}, ["echo"]),
        ({"splice_certainty": 6.0, "packet_splice_certainty": 12.0}, ["dropouts"]),
        ({"splice_certainty": 6.0, "packet_splice_certainty": 12.0, **WHINE}, ["works"]),
        ({"splice_certainty": 6.0, "packet_splice_certainty": 12.0, "snr_steady_db": 71.0}, ["works"]),
        ({"overruns": 1}, ["dropouts"]),
        (
            {
                **DROWNED,
                "pause_seconds": 3.0,
                "decay_db": 8.0,
                "signal_mos": 1.5,
                "background_mos": 2.7,
            },
            ["reverberant"],
        ),
        (
            {
                **DROWNED,
                "pause_seconds": 3.0,
                "decay_db": 8.0,
                "signal_mos": 1.5,
                "background_mos": 1.3,
            },
            ["noisy", "noise_in_bursts"],
        ),
        ({"clipped_percent": 2.0, "clipped_crowd": 2.0}, ["clipped"]),
        ({"clipped_percent": 0.5, "clipped_crowd": 1.06, "active_level_dbfs": -7.0}, ["too_loud"]),
        ({"clipped_crowd": 5.0}, ["clipped"]),
        (
            {
                "clipped_crowd": 5.0,
                **DROWNED,
                "background_mos": 3.7,
            },
            ["clipped"],
        ),
        (
            {
                "clipped_crowd": 5.0,
                **DROWNED,
                "background_mos": 1.5,
            },
            ["noisy", "noise_in_bursts", "clipped"],
        ),
        ({"clipped_slope": 0.3}, ["clipped"]),
        ({"clipped_slope": None}, ["works"]),
        ({"active_level_dbfs": -44.0}, ["too_quiet"]),
        ({"active_level_dbfs": -8.0}, ["too_loud"]),
        ({"hum_hz": 50.0, "hum_db": -15.0, "hum_lines": 5, "hum_contrast_db": 40.0}, ["hum"]),
        ({"band_edge_hz": 3600.0}, ["narrowband"]),
        ({"band_edge_hz": 3600.0, "clipped_slope": 0.4}, ["narrowband"]),
        ({"echo_strength": 0.3}, ["echo"]),
        (
            {"echo_strength": 0.4, "snr_db": 8.0, "snr_steady_db": 8.0, "snr_without_rumble_db": 8.0},
            ["noisy"],
        ),
        ({"echo_strength": 0.07, "decay_db": 30.0}, ["echo"]),
        ({"echo_strength": 0.03, "late_echo_prominence": 7.0}, ["echo"]),
        ({"splice_certainty": 20.0, "late_echo_prominence": 7.0}, ["echo"]),
        ({"echo_strength": 0.07, "decay_db": 12.0, "signal_mos": 2.0}, ["reverberant"]),
        ({"dc_offset": -0.1, "signal_mos": 1.9}, ["dc_offset", "reverberant"]),
        ({"signal_mos": 1.4}, ["reverberant"]),
        ({"signal_mos": 2.9, "decay_db": 10.9}, ["reverberant"]),
        ({"signal_mos": 2.7, "decay_db": 12.0}, ["works"]),
        ({"signal_mos": 2.2, "decay_db": 12.0}, ["reverberant"]),
        ({"signal_mos": 2.2, "decay_db": 14.2}, ["works"]),
        ({"snr_db": 8.0, "snr_steady_db": 8.5, "snr_without_rumble_db": 8.0}, ["noisy"]),
        (
            {"snr_db": 8.0, "snr_without_rumble_db": 9.0, "background_mos": 2.8},
            ["noisy", "noise_in_bursts"],
        ),
        ({**WHINE, "snr_db": 17.0, "snr_without_rumble_db": 17.0, "snr_steady_db": 17.0}, ["noisy"]),
        (
            {
                **WHINE,
                "snr_db": 17.0,
                "snr_without_rumble_db": 17.0,
                "snr_steady_db": 17.0,
                "signal_mos": 1.0,
                "decay_db": 12.0,
            },
            ["noisy"],
        ),
        (
            {
                "hum_hz": 50.0,
                "hum_db": -20.0,
                "hum_lines": 3,
                "hum_contrast_db": 50.0,
                "hum_certainty_db": 32.0,
                "snr_db": 9.0,
                "snr_without_rumble_db": 9.0,
                "snr_steady_db": 9.0,
            },
            ["noisy"],
        ),
        ({"filtered_crowd": 3.0}, ["clipped"]),
        ({"clipped_crowd": 1.7, "clipped_slope": 0.5}, ["clipped"]),
        ({"clipped_crowd": 1.0, "clipped_slope": 0.5}, ["works"]),
        ({"clipped_crowd": 1.7, "clipped_slope": 0.7}, ["works"]),
        ({"filtered_crowd": 3.0, "holes": 4}, ["dropouts"]),
        ({"voice_seconds": 0.6, "snr_beneath_db": -20.0}, ["no_speech"]),
        ({"decay_db": 10.0, "signal_mos": 3.3}, ["reverberant"]),
        ({"decay_db": 10.0, "signal_mos": 3.3, "snr_db": 20.0}, ["works"]),
        ({"decay_db": 10.0, "signal_mos": 2.0, "echo_strength": 0.11}, ["reverberant"]),
        (
            {"holes": 4, "snr_db": 3.0, "snr_without_rumble_db": 3.0, "snr_beneath_db": 2.0},
            ["dropouts"],
        ),
        ({"background_mos": 1.6, "pause_seconds": 0.0}, ["noisy", "noise_in_bursts"]),
        ({"clicks_per_second": 5.0}, ["noisy", "noise_in_bursts"]),
        (
            {"snr_db": 7.0, "snr_without_rumble_db": 7.0, "snr_beneath_db": 7.0, "background_mos": 4.3},
            ["noisy", "noise_in_bursts"],
        ),
        ({"dc_offset": -0.1}, ["dc_offset"]),
        ({"channel_levels_dbfs": (-27.0, -110.0)}, ["channel_dead"]),
        ({"channel_levels_dbfs": (-120.0, -27.0), "recording": True}, ["channel_dead"]),
        ({"channel_levels_dbfs": (-27.0, -28.0, -110.0)}, ["channel_dead"]),
        ({"band_edge_hz": 3500.0, "call_mode": True}, ["narrowband", "call_mode"]),
        ({"band_edge_hz": 7400.0, "active_level_dbfs": -8.0}, ["too_loud", "wideband"]),
        ({"rate_hz": 8000, "band_edge_hz": 3900.0}, ["narrowband", "wrong_rate"]),
        ({"active_level_dbfs": None}, ["not_measured"]),
    ],
)
def test_each_cause_has_its_code(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(**changes) == expected


@pytest.mark.parametrize(
    "changes",
    [
        # A line at 60 Hz alone, as in many good recordings
        {"hum_hz": 60.0, "hum_db": -16.0, "hum_lines": 1, "hum_contrast_db": 28.0},
        # A voice that never comes near a line of the mains for long
        {"hum_hz": 50.0, "hum_db": -28.0, "hum_lines": 3, "hum_contrast_db": 20.0},
        {"hum_hz": 60.0, "hum_db": -20.0, "hum_lines": 5, "hum_contrast_db": 36.0, "hum_certainty_db": 28.0},
        # Rumble that nobody hears in a meeting
        {"snr_db": 12.0, "snr_without_rumble_db": 26.0},
        # A gate that cuts the pauses to nothing
        {"background_mos": 2.0, "snr_steady_db": 90.0, "snr_db": 90.0},
        # A word that the voice detector missed
        {"snr_db": -1.0, "snr_without_rumble_db": -1.0, "background_mos": 4.3},
        # A voice that the model of rooms does not like, in a room where sounds end at once
        {"signal_mos": 2.2, "decay_db": 30.0},
        # As many clicks as there are sharp consonants
        {"clicks_per_second": 1.5},
        # Noise hides where the voice ends
        {"band_edge_hz": None},
        {"holes": 1},
    ],
)
def test_what_good_recordings_have_is_no_alarm(changes: dict[str, Any]) -> None:
    assert codes(recording=True, **changes) == ["works"]


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"holes": 5, "snr_db": 10.0, "signal_mos": 1.5}, "dropouts"),
        ({"clipped_percent": 3.0, "clipped_crowd": 2.0, "signal_mos": 2.0, "background_mos": 1.5}, "clipped"),
        ({"active_level_dbfs": -60.0, "snr_db": 10.0}, "too_quiet"),
        ({"echo_strength": 0.3, "signal_mos": 2.0, "snr_db": 12.0}, "echo"),
        ({"signal_mos": 1.3, "snr_db": 14.0, "snr_steady_db": 30.0, "background_mos": 1.3}, "reverberant"),
        ({"signal_mos": 1.9, "decay_db": 13.6, "snr_db": 3.4, "snr_without_rumble_db": 3.4, "snr_steady_db": 42.0,
          "background_mos": 1.8, "floor_spread_db": 29.0}, "noisy"),
        ({"signal_mos": 1.1, "decay_db": 13.3, "snr_db": 7.3, "snr_without_rumble_db": 7.3, "snr_steady_db": 7.3,
          "background_mos": 1.1, "floor_spread_db": 3.7, "band_spread_db": 3.6}, "noisy"),
        ({"signal_mos": 1.1, "snr_db": 4.0, "snr_steady_db": 4.0, "snr_without_rumble_db": 4.0}, "noisy"),
        ({"signal_mos": 1.3, "decay_db": 9.0, "snr_db": -2.0, "snr_without_rumble_db": -2.0,
          "snr_beneath_db": -2.0, "floor_spread_db": 8.0}, "reverberant"),
        ({"signal_mos": 1.3, "decay_db": 6.0, "snr_db": 5.0, "snr_steady_db": 5.0, "snr_without_rumble_db": 5.0,
          "snr_beneath_db": 5.0, "floor_spread_db": 1.1}, "noisy"),
        ({"signal_mos": 1.2, "decay_db": 10.0, "snr_db": 5.0, "snr_steady_db": 5.0, "snr_without_rumble_db": 5.0,
          "floor_spread_db": 2.5, "band_spread_db": 16.0}, "reverberant"),
        ({"signal_mos": 1.2, "decay_db": 12.0, "snr_db": 10.0, "snr_steady_db": 10.0, "snr_without_rumble_db": 10.0,
          "floor_spread_db": 4.6, "band_spread_db": 4.2}, "noisy"),
        (
            {"hum_hz": 50.0, "hum_db": -8.0, "hum_lines": 9, "hum_contrast_db": 50.0, "snr_db": 8.0,
             "snr_without_hum_db": 30.0, "snr_without_rumble_db": 10.0},
            "hum",
        ),
    ],
)  # fmt: skip
def test_the_cause_stands_before_what_follows_from_it(changes: dict[str, Any], first: str) -> None:
    assert codes(**changes)[0] == first


def test_a_wireless_headset_in_call_mode_is_named() -> None:
    first, second = judged(band_edge_hz=3700.0, attachment="bluetooth", device_name="Anna's WH-1000")
    assert first.code == "microphone.narrowband"
    assert second.code == "microphone.call_mode"
    (words,) = (kind for kind in microphone.CHECK.kinds if kind.code == second.code)
    for language in LANGUAGES:
        assert "Anna's WH-1000" in words.title.say(language).format(**second.arguments)


def test_wide_band_is_told_of_a_device_and_not_of_a_recording() -> None:
    assert codes(band_edge_hz=7400.0) == ["works", "wideband"]
    assert all(finding.verdict is Verdict.READY for finding in judged(band_edge_hz=7400.0))
    assert codes(band_edge_hz=7400.0, recording=True) == ["works"]


@pytest.mark.parametrize(
    ("mild", "grave"),
    [
        ({"active_level_dbfs": -42.0}, {"active_level_dbfs": -55.0}),
        ({"holes": 3}, {"holes": 30}),
        ({"clipped_percent": 1.0, "clipped_crowd": 2.0}, {"clipped_percent": 25.0, "clipped_crowd": 5.0}),
        (
            {"snr_db": 10.0, "snr_without_rumble_db": 10.0, "background_mos": 2.5},
            {"snr_db": 2.0, "snr_without_rumble_db": 2.0, "background_mos": 2.5},
        ),
    ],
)
def test_findings_have_strength(mild: dict[str, Any], grave: dict[str, Any]) -> None:
    assert judged(**mild)[0].verdict is Verdict.LIMITED
    assert judged(**grave)[0].verdict is Verdict.NOT_READY


def test_how_much_is_said_in_words() -> None:
    (found,) = judged(active_level_dbfs=-60.0)
    (words,) = (kind for kind in microphone.CHECK.kinds if kind.code == found.code)
    assert words.detail is not None
    assert words.detail.say("sv").format(**found.arguments) == "Ljudet är 22 dB för svagt."


_FIGURES = [
    field.name
    for field in dataclasses.fields(MicrophoneEvidence)
    if field.type in ("float | None", "int | None") and not field.name.startswith(("loop_", "system_"))
]


@given(changes=st.dictionaries(st.sampled_from(_FIGURES), st.none() | st.floats(-200, 50_000), max_size=8))
def test_whatever_was_measured_is_judged_with_the_heaviest_first(changes: dict[str, Any]) -> None:
    found = judged(**changes)
    assert found
    weights = [severity(finding.verdict) for finding in found]
    assert weights == sorted(weights, reverse=True)
    if codes(**changes) == ["works"]:
        assert all(
            changes.get(name, 0.0) is not None for name in ("active_level_dbfs", "snr_db", "swing_p999")
        )
