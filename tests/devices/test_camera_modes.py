"""Sizes and rates from a driver's answers, in the structures of linux/videodev2.h."""

from __future__ import annotations

import struct

import pytest

from readiness.devices.linux.camera_modes import offered

MJPG, YUYV = (int.from_bytes(name, "little") for name in (b"MJPG", b"YUYV"))
FORMATS, SIZES, RATES = 0xC0405602, 0xC02C564A, 0xC034564B
WEBCAM = {
    MJPG: {(1280, 720): [(1, 30), (1, 15)], (640, 480): [(1, 30)]},
    YUYV: {(1280, 720): [(1, 10)], (320, 240): [(1, 30)]},
}


def webcam(request: int, structure: bytes) -> bytes:
    index, second = struct.unpack_from("<II", structure)
    try:
        if request == FORMATS:
            return struct.pack("<II32x4xI16x", index, second, list(WEBCAM)[index])
        sizes = WEBCAM[second]
        if request == SIZES:
            return struct.pack("<IIIII24x", index, second, 1, *list(sizes)[index])
        width, height = struct.unpack_from("<II", structure, 8)
        return struct.pack("<IIIIIII24x", index, second, width, height, 1, *sizes[width, height][index])
    except IndexError as end:
        raise OSError(22, "Invalid argument") from end


def test_each_size_has_its_highest_rate_and_the_largest_comes_first() -> None:
    assert offered(webcam) == [
        {"width": 1280, "height": 720, "rate_hz": 30.0},
        {"width": 640, "height": 480, "rate_hz": 30.0},
        {"width": 320, "height": 240, "rate_hz": 30.0},
    ]


def test_a_range_is_told_by_the_usual_sizes_in_it() -> None:
    def ranged(request: int, structure: bytes) -> bytes:
        index, second = struct.unpack_from("<II", structure)
        if index:
            raise OSError(22, "Invalid argument")
        if request == FORMATS:
            return struct.pack("<II32x4xI16x", index, second, YUYV)
        if request == SIZES:
            return struct.pack("<III6I8x", index, second, 3, 320, 1280, 2, 240, 720, 2)
        raise OSError(25, "Inappropriate ioctl for device")

    found = offered(ranged)
    assert found is not None
    assert [(row["width"], row["height"]) for row in found] == [
        (1280, 720), (960, 540), (640, 480), (640, 360), (320, 240),
    ]  # fmt: skip
    assert {row["rate_hz"] for row in found} == {None}


@pytest.mark.parametrize("number", [5, 22, 25])
def test_a_driver_that_names_nothing_is_not_known(number: int) -> None:
    def refusing(request: int, structure: bytes) -> bytes:
        raise OSError(number, "no")

    assert offered(refusing) is None


def test_a_driver_that_never_ends_is_given_up() -> None:
    def endless(request: int, structure: bytes) -> bytes:
        index, second = struct.unpack_from("<II", structure)
        if request == FORMATS:
            return struct.pack("<II32x4xI16x", index, second, YUYV)
        if request == SIZES:
            return struct.pack("<IIIII24x", index, second, 1, 640 + index, 480)
        raise OSError(22, "Invalid argument")

    found = offered(endless)
    assert found is not None
    assert len(found) == 64
