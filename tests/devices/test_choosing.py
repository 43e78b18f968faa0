"""A device by its id, its whole name or a part of it; and two of the same kind told apart."""

from __future__ import annotations

import pytest

from readiness.devices.choosing import chosen, told_apart
from readiness.devices.ports import Device, DeviceError, DeviceKind, Problem


def cameras(*names: str) -> list[Device]:
    return [Device(id=f"id{n}", name=name, kind=DeviceKind.CAMERA) for n, name in enumerate(names)]


def test_the_first_is_chosen_unless_one_is_wanted() -> None:
    there = cameras("Logitech BRIO", "Integrated Camera")
    assert chosen(there, None).id == "id0"
    assert (
        chosen(there, "id1").id == chosen(there, "integrated camera").id == chosen(there, "integ").id == "id1"
    )


@pytest.mark.parametrize("wanted", ["c", "no such", ""])
def test_what_fits_none_or_several_is_absent(wanted: str) -> None:
    with pytest.raises(DeviceError) as error:
        chosen(cameras("Logitech BRIO c", "Integrated Camera"), wanted)
    assert error.value.problem is Problem.ABSENT


def test_two_of_the_same_kind_are_told_apart_and_can_be_chosen() -> None:
    there = told_apart(cameras("Logitech BRIO", "Other", "Logitech BRIO", "Logitech BRIO"))
    assert [device.name for device in there] == [
        "Logitech BRIO",
        "Other",
        "Logitech BRIO (2)",
        "Logitech BRIO (3)",
    ]
    assert chosen(there, "Logitech BRIO").id == "id0"
    assert chosen(there, "Logitech BRIO (2)").id == "id2"


def test_without_any_there_is_none() -> None:
    with pytest.raises(DeviceError) as error:
        chosen(cameras(), None)
    assert error.value.problem is Problem.ABSENT
