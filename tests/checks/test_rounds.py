"""A run through all devices tests every camera with every microphone, and every speaker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from readiness.checks.rounds import MOST_ROUNDS, rounds
from readiness.devices.ports import DeviceKind

COUNTS = st.integers(0, 9)


def ids(kind: DeviceKind, count: int) -> list[str]:
    return [f"{kind.value}{number}" for number in range(count)]


@given(cameras=COUNTS, microphones=COUNTS, speakers=COUNTS)
def test_every_pair_and_every_device(cameras: int, microphones: int, speakers: int) -> None:
    there = {
        kind: ids(kind, count)
        for kind, count in zip(DeviceKind, (cameras, microphones, speakers), strict=True)
    }
    planned = rounds(there)
    pairs = {(one.camera, one.microphone) for one in planned}
    wanted = {
        (camera, microphone)
        for camera in there[DeviceKind.CAMERA] or [None]
        for microphone in there[DeviceKind.MICROPHONE] or [None]
    }
    if len(wanted) <= MOST_ROUNDS:
        assert pairs == wanted
        assert len(planned) == max(len(wanted), speakers)
    else:
        assert pairs < wanted
        assert len(planned) == MOST_ROUNDS
    for kind in DeviceKind:
        tested = {getattr(one, kind.value) for one in planned}
        assert tested == set(there[kind]) or tested == {None}
    first = planned[0]
    assert first.camera == (ids(DeviceKind.CAMERA, 1)[0] if cameras else None)
    assert first.microphone == (ids(DeviceKind.MICROPHONE, 1)[0] if microphones else None)
