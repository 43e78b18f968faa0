"""A camera's own switches from a driver's answers, in the structures of linux/videodev2.h."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import pytest

from readiness.devices.linux.camera_controls import mirrors, shutter_closed
from readiness.devices.linux.video_driver import Ask

GET, QUERY, NEXT = 0xC008561B, 0xC0445624, 0x80000000
BRIGHTNESS, HORIZONTAL, VERTICAL, PRIVACY = 0x00980900, 0x00980914, 0x00980915, 0x009A0910
OF_ITS_OWN = 0x0098F920


@dataclass(frozen=True, kw_only=True)
class Driver:
    """Its controls, by number: name and value."""

    controls: dict[int, tuple[str, int]] = field(default_factory=dict)

    def ask(self, request: int, structure: bytes) -> bytes:
        (number,) = struct.unpack_from("<I", structure)
        if request == QUERY and number & NEXT:
            number = min((one for one in self.controls if one > number & ~NEXT), default=0)
        if number not in self.controls:
            raise OSError(22, "Invalid argument")
        name, value = self.controls[number]
        if request == GET:
            return struct.pack("<Ii", number, value)
        return struct.pack("<II32s7I", number, 2, name.encode(), 0, 1, 1, 0, 0, 0, 0)


def flips(horizontal: int, vertical: int, first: int = HORIZONTAL) -> Driver:
    names = {first: ("Horizontal Flip", horizontal), first + 1: ("Vertical Flip", vertical)}
    return Driver(controls={BRIGHTNESS: ("Brightness", 1), **names})


@pytest.mark.parametrize("first", [HORIZONTAL, OF_ITS_OWN])
@pytest.mark.parametrize(
    ("horizontal", "vertical", "told"), [(0, 0, False), (1, 0, True), (0, 1, True), (1, 1, False)]
)
def test_a_picture_turned_over_one_way_is_mirrored_and_both_ways_upside_down(
    first: int, horizontal: int, vertical: int, told: bool
) -> None:
    assert mirrors(flips(horizontal, vertical, first).ask) is told


def test_a_camera_that_cannot_mirror_tells_nothing() -> None:
    assert mirrors(Driver(controls={BRIGHTNESS: ("Brightness", 1)}).ask) is None
    assert mirrors(Driver().ask) is None


@pytest.mark.parametrize("closed", [False, True])
def test_the_privacy_control_tells_of_the_shutter(closed: bool) -> None:
    assert shutter_closed(Driver(controls={PRIVACY: ("Privacy", int(closed))}).ask) is closed


def test_a_camera_without_a_privacy_control_refuses() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        shutter_closed(flips(0, 0).ask)


def test_a_driver_whose_controls_never_end_is_left() -> None:
    def endless(request: int, structure: bytes) -> bytes:
        (number,) = struct.unpack_from("<I", structure)
        return struct.pack("<II32s7I", number + 1, 2, b"Again", 0, 1, 1, 0, 0, 0, 0)

    ask: Ask = endless
    assert mirrors(ask) is None
