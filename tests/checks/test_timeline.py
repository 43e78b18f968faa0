"""A line watched for long: windows judged, neighbours joined."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checks.timeline import piece_of
from readiness.core.model import Verdict
from readiness.core.profile_loading import load_profile
from readiness.core.timeline import Piece, Place, State, joined, verdict_of
from readiness.settings import places

PROFILE = load_profile("common", places().profiles)
GATEWAY = {"sent": 22, "lost": 0, "loss_percent_low": 0.0, "rtt_ms_p50": 2.0, "rtt_ms_p95": 3.0}
GOOD = {
    "utc": "2026-11-24T10:00:00Z", "seconds": 5.0, "silent": False, "rtt_ms_p50": 20.0,
    "loss_percent_up": 0.4, "loss_percent_low_up": 0.0, "delay_ms_p95_up": 4.0,
    "loss_percent_down": 0.0, "loss_percent_low_down": 0.0, "delay_ms_p95_down": 5.0,
    "gateway": GATEWAY,
}  # fmt: skip
LOSS = {"loss_percent_down": 8.0, "loss_percent_low_down": 5.0}
GATEWAY_LOSS = {**GATEWAY, "lost": 4, "loss_percent_low": 7.0}


def seen(**changes: Any) -> tuple[State, Place | None]:
    piece = piece_of({**GOOD, **changes}, PROFILE)
    return piece.state, piece.place


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (State.GOOD, None)),
        ({"loss_percent_up": 0.8}, (State.GOOD, None)),
        (LOSS, (State.TROUBLE, Place.OUTSIDE)),
        ({"delay_ms_p95_up": 300.0}, (State.TROUBLE, Place.OUTSIDE)),
        ({"rtt_ms_p50": 400.0}, (State.TROUBLE, Place.OUTSIDE)),
        ({**LOSS, "gateway": GATEWAY_LOSS}, (State.TROUBLE, Place.NEAR)),
        ({**LOSS, "gateway": {**GATEWAY, "rtt_ms_p95": 200.0}}, (State.TROUBLE, Place.NEAR)),
        ({**LOSS, "gateway": {}}, (State.TROUBLE, Place.UNKNOWN)),
        ({"gateway": GATEWAY_LOSS}, (State.GOOD, None)),
        ({"silent": True}, (State.AWAY, Place.OUTSIDE)),
        ({"silent": True, "gateway": {**GATEWAY, "lost": 22}}, (State.AWAY, Place.NEAR)),
        ({"silent": True, "gateway": {}}, (State.AWAY, Place.UNKNOWN)),
    ],
)
def test_a_window_tells_what_it_was_like_and_where(changes: dict[str, Any], expected: Any) -> None:
    assert seen(**changes) == expected


def piece(state: State, place: Place | None = None, loss: float | None = None, number: int = 0) -> Piece:
    return Piece(utc=f"2026-11-24T10:00:{number:02}Z", seconds=5, state=state, place=place, loss_percent=loss)


def test_neighbours_of_a_kind_are_one_trouble_with_its_worst_figures() -> None:
    whole = joined(
        [
            piece(State.GOOD),
            piece(State.TROUBLE, Place.NEAR, 3.0, 5),
            piece(State.TROUBLE, Place.NEAR, 9.0, 10),
            piece(State.TROUBLE, Place.OUTSIDE, 1.0, 15),
            piece(State.GOOD, number=20),
        ]
    )
    assert [(p.state, p.place, p.seconds) for p in whole] == [
        (State.GOOD, None, 5),
        (State.TROUBLE, Place.NEAR, 10),
        (State.TROUBLE, Place.OUTSIDE, 5),
        (State.GOOD, None, 5),
    ]
    assert whole[1].loss_percent == 9.0
    assert whole[1].utc.endswith("05Z")


@pytest.mark.parametrize(
    ("states", "verdict"),
    [
        ((), Verdict.UNKNOWN),
        ((State.ASLEEP,), Verdict.UNKNOWN),
        ((State.AWAY,), Verdict.UNKNOWN),
        ((State.GOOD,), Verdict.READY),
        ((State.GOOD, State.ASLEEP), Verdict.READY),
        ((State.GOOD, State.AWAY), Verdict.LIMITED),
        ((State.TROUBLE,), Verdict.LIMITED),
    ],
)
def test_the_verdict_is_never_ready_by_silence(states: tuple[State, ...], verdict: Verdict) -> None:
    assert verdict_of([piece(state) for state in states]) is verdict


@given(
    st.lists(st.builds(piece, st.sampled_from(State), st.none() | st.sampled_from(Place), st.floats(0, 100)))
)
def test_joining_keeps_the_time_and_never_leaves_equal_neighbours(pieces: list[Piece]) -> None:
    whole = joined(pieces)
    assert sum(p.seconds for p in whole) == sum(p.seconds for p in pieces)
    assert all((a.state, a.place) != (b.state, b.place) for a, b in itertools.pairwise(whole))
