"""Figures of films made from portraits, and of noise."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.analysis import picture_grain, picture_light, picture_sharpness
from readiness.analysis.picture import PictureMeter
from readiness.analysis.picture_corruption import Corruption
from readiness.analysis.picture_damage import Damage
from readiness.analysis.picture_face import Face, FaceFinder
from readiness.analysis.picture_flicker import Flicker
from readiness.analysis.picture_light import brightened
from readiness.analysis.picture_movement import Movement
from tests.material import portraits
from tests.material.films import Film, frames, scene
from tests.material.portraits import FACES, portrait_scene

RNG = np.random.default_rng(1)
SIZE = (640, 360)
FINDER = FaceFinder()


def lively(luma: float = 100.0, height: int = 120, width: int = 160) -> np.ndarray[Any, Any]:
    return np.clip(RNG.normal(luma, 3, (height, width, 3)), 0, 255).astype(np.uint8)


def film(who: str = "grace_hopper", cause: str = "works", **changes: Any) -> Film:
    face_height, x = changes.pop("face_height", 0.4), changes.pop("x", 0.5)
    still = portrait_scene(who, SIZE, face_height, x)
    settings = {"width": SIZE[0], "height": SIZE[1], "seconds": 0.7, "rate": 20.0, "seed": 3, **changes}
    return Film(name=who, cause=cause, scene=still, **settings)


def figures(of: Film) -> dict[str, Any]:
    meter = PictureMeter(FINDER)
    for number, picture in enumerate(frames(of)):
        meter.add(picture, number / of.rate)
    return meter.figures()


def moved(
    pictures: Iterable[np.ndarray[Any, Any]], rate: float = 30.0, *, coded: bool = False
) -> dict[str, Any]:
    movement = Movement(coded=coded)
    for number, picture in enumerate(pictures):
        movement.add(picture, number / rate)
    return movement.figures()


@given(rate=st.floats(3, 60))
@settings(deadline=None, max_examples=20)
def test_frame_rate_comes_from_the_times(rate: float) -> None:
    grey = lively()[..., 0]
    found = moved([grey] * 20, rate)
    assert found["frame_rate_hz"] == pytest.approx(rate, rel=0.01)


def test_each_wait_for_a_frame_is_told_and_of_a_long_film_the_longest() -> None:
    meter = PictureMeter(FINDER)
    for seconds in (0.0, 0.1, 0.2, 0.6, 0.7):
        meter.add(lively(), 3.0 + seconds)
    found = meter.figures()
    assert found["frame_gap_seconds"] == pytest.approx([0.1, 0.2, 0.6, 0.7])
    assert found["frame_gap_ms"] == pytest.approx([100, 100, 400, 100])
    long = moved((lively(height=8, width=8)[..., 0] for _ in range(1000)), 30.0)
    assert len(long["frame_gap_ms"]) == len(long["frame_gap_seconds"]) <= 240


def test_size_is_that_of_most_frames_and_changes_are_counted() -> None:
    meter = PictureMeter(FINDER)
    for n in range(5):
        meter.add(lively(), n / 30)
    meter.add(lively(height=60, width=80), 5 / 30)
    found = meter.figures()
    assert (found["width"], found["height"], found["sizes"]) == (160, 120, 2)


@pytest.mark.parametrize(("luma", "black"), [(5, 100), (100, 0)])
def test_black_is_by_mean_luma(luma: float, black: float) -> None:
    meter = PictureMeter(FINDER)
    for n in range(6):
        meter.add(lively(luma), n / 30)
    assert meter.figures()["black_percent"] == black


def test_a_repeated_frame_stands_still_and_a_noisy_one_does_not() -> None:
    frame = lively()[..., 0]
    still = moved([frame] * 31)
    assert still["longest_still_seconds"] == pytest.approx(1, abs=0.05)
    assert still["fresh_frame_rate_hz"] == 0
    assert moved(lively()[..., 0] for _ in range(31))["longest_still_seconds"] == 0


def test_a_coded_picture_that_stands_still_comes_back_with_small_changes() -> None:
    """The coder makes it better bit by bit, and sends it anew now and then."""
    frame = np.kron(RNG.integers(40, 200, (12, 16)), np.ones((10, 10))).astype(np.uint8)
    film = []
    for number in range(45):
        change = frame.copy()
        change[:: 9 + number % 3, ::7] += 1  # a few points
        if number % 15 == 7:
            change[::2, ::2] += 2  # a whole frame anew
        film.append(change)
    assert moved(film, coded=True)["longest_still_seconds"] > 1.2
    assert moved(film, coded=False)["longest_still_seconds"] == 0
    shifted = [np.roll(frame, number // 4, axis=1) for number in range(45)]
    assert moved(shifted, coded=True)["longest_still_seconds"] < 0.2


def test_a_coders_own_rhythm_in_a_picture_that_hardly_moves_is_no_slow_film() -> None:
    """Every fourth frame is coded with more bits than those between, and only the eyes move."""
    frame = np.kron(RNG.integers(40, 200, (12, 16)), np.ones((10, 10))).astype(np.uint8)
    film = []
    for number in range(48):
        if number % 4 == 0:
            coded = np.clip(frame + RNG.normal(0, 1.5, frame.shape), 0, 255).astype(np.uint8)
        coded = coded.copy()
        coded[40:60, 60:80] = frame[40:60, 60:80] + number % 2
        film.append(coded)
    assert moved(film, coded=True)["steady_frame_rate_hz"] == pytest.approx(30, rel=0.01)


def test_frames_that_come_several_times_are_a_slower_film() -> None:
    each = [lively()[..., 0] for _ in range(12)]
    found = moved([frame for frame in each for _ in range(4)], 30.0)
    assert found["frame_rate_hz"] == pytest.approx(30, rel=0.01)
    assert found["steady_frame_rate_hz"] == pytest.approx(7.5, rel=0.05)


def test_frames_that_a_coder_makes_better_each_time_they_come_are_a_slower_film() -> None:
    """What is mended of a frame when it comes again is a sixth of what is new in it."""
    frame = np.kron(RNG.integers(40, 200, (12, 16)), np.ones((10, 10)))
    film = []
    for number in range(16):
        old, new = (np.roll(frame, 3 * step, axis=1) for step in (number - 1, number))
        film += [(0.15 * old + 0.85 * new).astype(np.uint8), new.astype(np.uint8), new.astype(np.uint8)]
    assert moved(film, 30.0, coded=True)["steady_frame_rate_hz"] == pytest.approx(10, rel=0.05)


def test_without_frames_only_that() -> None:
    assert PictureMeter(FINDER).figures() == {"frames": 0}


def test_one_frame_has_no_rate() -> None:
    meter = PictureMeter(FINDER)
    meter.add(lively(), 0.0)
    assert "frame_rate_hz" not in meter.figures()


@pytest.mark.parametrize("who", FACES)
def test_a_face_is_found_where_it_is(who: str) -> None:
    found = figures(film(who))
    assert found["face_percent"] == 100
    assert found["face_turned_degrees"] == 0
    assert found["face_height_share"] == pytest.approx(0.4, abs=0.08)
    assert found["face_x_share"] == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("turned", [1, 2, 3])
@pytest.mark.parametrize("who", ["barack_obama", "eileen_collins"])
def test_a_picture_that_lies_on_its_side_is_told_by_the_face(who: str, turned: int) -> None:
    assert figures(film(who, notes={"turned": turned}))["face_turned_degrees"] == 90 * turned


def test_a_place_without_people_has_no_face() -> None:
    meter = PictureMeter(FINDER)
    blocks = np.kron(RNG.integers(0, 255, (9, 16, 3)), np.ones((40, 40, 1))).astype(np.uint8)
    for number in range(6):
        meter.add(np.roll(blocks, number, axis=1), number / 20)
    assert meter.figures()["face_percent"] == 0


def test_without_the_network_nothing_is_known_of_the_face(tmp_path: Path) -> None:
    meter = PictureMeter(FaceFinder(tmp_path / "missing.onnx"))
    for number, picture in enumerate(frames(film())):
        meter.add(picture, number / 20)
    found = meter.figures()
    assert not any(name.startswith("face_") for name in found)
    assert found["edge_width_px"] > 0


def test_a_network_that_is_broken_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"no network")
    assert not FaceFinder(tmp_path / "broken.onnx").available


@pytest.mark.parametrize("who", FACES)
def test_light_on_a_face_tells_the_shade_from_the_skin(who: str) -> None:
    """In good light the lightest parts are far above those in the shade, whatever the skin."""
    good, shade = figures(film(who)), figures(film(who, "backlit", strength=0.6))
    assert good["face_luma_p95"] > 92
    assert shade["face_luma_p95"] < 92
    assert shade["backlight_ratio"] > 2.2 > good["backlight_ratio"]


@pytest.mark.parametrize("who", ["grace_hopper", "barack_obama"])
def test_a_face_in_the_dark_is_found_all_the_same(who: str) -> None:
    found = figures(film(who, "too_dark"))
    assert found["face_percent"] == 100
    assert found["luma_p99"] < 105


def test_a_bright_picture_is_not_made_brighter() -> None:
    picture = lively(220)
    assert brightened(picture) is picture


@pytest.mark.parametrize("who", ["grace_hopper", "joe_biden"])
def test_in_a_soft_picture_the_sharpest_edges_are_wide_too(who: str) -> None:
    sharp, soft = figures(film(who)), figures(film(who, "soft", strength=1.0))
    assert sharp["sharpest_edge_px"] < 2.3 < 2.8 < soft["sharpest_edge_px"]
    assert soft["sharpest_edge_face_percent"] > 1.05


def test_a_face_far_out_of_focus_has_weak_edges_that_tell_so() -> None:
    pictures = [cv2.GaussianBlur(picture, (0, 0), 12) for picture in frames(film(seconds=0.3))]
    meter = PictureMeter(FINDER)
    for number, picture in enumerate(pictures):
        meter.add(picture, number / 20)
    found = meter.figures()
    assert found["face_percent"] > 50
    assert found["sharpest_edge_px"] > 2.8


def test_blur_widens_edges_and_detail_does_not_matter() -> None:
    sharp = [figures(film(who))["edge_width_px"] for who in ("grace_hopper", "joe_biden")]
    soft = [
        figures(film(who, "soft", strength=1.0))["edge_width_px"] for who in ("grace_hopper", "joe_biden")
    ]
    assert max(sharp) < 4.3 < min(soft)


@pytest.mark.parametrize("who", FACES)
def test_a_small_picture_made_large_and_sharpened_has_no_fine_detail(who: str) -> None:
    sharp = portrait_scene(who, SIZE).picture
    rows, columns = sharp.shape[:2]
    small = cv2.resize(sharp, (columns // 4, rows // 4), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)
    large = cv2.addWeighted(large, 2.0, cv2.GaussianBlur(large, (0, 0), 2.2), -1.0, 0)
    noise = RNG.normal(0, 1.3, (rows, columns))
    detail = {
        name: picture_sharpness.fine_detail_db(
            np.clip(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) + noise, 0, 255).astype(np.uint8), SIZE[0]
        )
        for name, picture in (("sharp", sharp), ("large", large))
    }
    assert detail["large"] is not None
    assert detail["sharp"] is not None
    assert detail["large"] < -23.2 < detail["sharp"]


def test_a_small_part_tells_nothing_of_detail() -> None:
    assert picture_sharpness.fine_detail_db(lively(height=60, width=200)[..., 0], 640) is None


@pytest.mark.parametrize("sigma", [3.0, 10.0, 25.0])
def test_noise_is_measured_on_what_is_flat(sigma: float) -> None:
    grey = np.clip(RNG.normal(120, sigma, (240, 320)), 0, 255).astype(np.uint8)
    grey[::40] = 255
    assert picture_sharpness.noise_luma(grey) == pytest.approx(sigma, rel=0.15)


def test_flicker_is_light_that_changes_across_the_whole_width() -> None:
    room = np.kron(RNG.integers(60, 200, (12, 16)), np.ones((20, 20))).astype(np.float32)
    rows = np.arange(room.shape[0])[:, None] / room.shape[0]
    bands, passing = Flicker(), Flicker()
    for number in range(30):
        light = 1 + 0.1 * np.sin(2 * np.pi * (100 / 30 * number + 2 * rows))
        bands.add((room * light).astype(np.uint8), number / 30)
        person = room.copy()
        person[:, number * 8 : number * 8 + 40] *= 0.6
        passing.add(person.astype(np.uint8), number / 30)
    assert bands.figures()["flicker_percent"] == pytest.approx(7.1, rel=0.3)  # 10 % / sqrt(2)
    assert passing.figures()["flicker_percent"] < 1


def flickers(light: Iterable[np.ndarray[Any, Any]], rate: float = 25.0) -> dict[str, Any]:
    """Figures of a room whose rows have each frame's `light` (row, or row x column)."""
    room = np.kron(RNG.integers(60, 180, (12, 16)), np.ones((20, 20)))
    found = Flicker()
    for number, each in enumerate(light):
        found.add(np.clip(room * each, 0, 255).astype(np.uint8), number / rate)
    return found.figures()


@pytest.mark.parametrize("drift_hz", [0.25, 0.45, -0.6])
@pytest.mark.parametrize("hard", [False, True])
def test_bands_that_hardly_wander_are_told_over_a_longer_time(drift_hz: float, hard: bool) -> None:
    rows = np.arange(240)[:, None] / 240
    waves = (np.sin(2 * np.pi * (3.3 * rows + drift_hz * number / 25)) for number in range(70))
    found = flickers(1 + 0.12 * (np.sign(wave) if hard else wave) for wave in waves)
    assert found["bands_percent"] > 4
    assert found["flicker_percent"] < 1.5


def test_the_noise_of_rows_and_a_room_that_moves_are_no_flicker() -> None:
    noise = flickers(1 + RNG.normal(0, 0.07, (240, 1)) for _ in range(70))
    assert noise["flicker_percent"] < 1
    assert noise["bands_percent"] < 0.5
    room = np.kron(RNG.integers(60, 180, (12, 16)), np.ones((20, 20))).astype(np.uint8)
    tilted = Flicker()
    for number in range(70):
        tilted.add(np.roll(room, round(6 * np.sin(number / 12)), axis=0), number / 25)
    assert tilted.figures()["bands_percent"] < 3.2


def test_a_camera_that_tilts_over_a_wall_in_the_shade_has_no_bands() -> None:
    shade = np.linspace(0.5, 1.4, 700)[:, None]
    assert flickers(shade[5 * number : 5 * number + 240] for number in range(70))["bands_percent"] < 1


def test_another_scene_amid_the_film_is_no_bands() -> None:
    scenes = 0.6 + 0.8 * RNG.random((2, 24, 1)).repeat(10, axis=1)
    assert flickers(scenes[number // 35] for number in range(70))["bands_percent"] < 1


def test_a_camera_that_adjusts_its_exposure_has_no_bands() -> None:
    assert flickers(np.array([[0.7 + 0.3 * number / 70]]) for number in range(70))["bands_percent"] < 1


@pytest.mark.parametrize("kind", ["blocks", "stripes", "torn", "grey", "green"])
def test_broken_frames_are_counted(kind: str) -> None:
    assert broken(film(cause="corrupt", strength=0.3, notes={"kind": kind})) > 4


def test_what_a_decoder_never_got_is_broken_in_a_few_frames_too() -> None:
    pictures = [lively() for _ in range(3)]
    few = Corruption()
    for number, picture in enumerate(pictures):
        few.add(picture, number / 30)
    assert few.figures() == {}
    green = Corruption()
    for number, picture in enumerate(pictures):
        picture[90:] = (0, 135, 0)
        green.add(picture, number / 30)
    assert green.figures() == {"corrupt_percent": 100.0}


def test_half_a_row_that_a_decoder_never_got_is_broken_and_a_plain_wall_is_not() -> None:
    lost, wall = Corruption(), Corruption()
    for number in range(6):
        picture = lively(90)
        grey = picture.copy()
        grey[40:, 80:] = 128
        lost.add(grey, number / 30)
        picture[:60, 80:] = np.linspace(122, 131, 80)[None, :, None]
        wall.add(picture, number / 30)
    assert lost.figures() == {"corrupt_percent": 100.0}
    assert wall.figures() == {"corrupt_percent": 0.0}


@pytest.mark.parametrize(("rate_hz", "percent"), [(30, 20.0), (6, 0.0)])
def test_what_shows_in_one_frame_is_broken_unless_frames_are_rare(rate_hz: float, percent: float) -> None:
    """Somebody blinks between two frames of six a second."""
    corruption, still = Corruption(), lively(90)
    for number in range(7):
        picture = still.copy()
        if number == 3:
            picture[20:60, 40:90] = 255 - picture[20:60, 40:90]
        corruption.add(picture, number / rate_hz)
    assert corruption.figures() == {"corrupt_percent": percent}


def in_a_row(strange: np.ndarray[Any, Any], frames: int, calm: float = 0.0) -> float:
    """Corrupt per cent of a film of 60 frames, in which so many twice look like `strange`."""
    corruption, still = Corruption(), lively(90)
    for number in range(60):
        away = number % 30 >= 30 - frames and number < 59
        shown = strange if away else still
        if calm and away and number % 30 == 30 - frames:
            shown = cv2.addWeighted(still, calm, strange, 1 - calm, 0)
        corruption.add(shown, number / 30)
    share: float = corruption.figures()["corrupt_percent"]
    return share


@pytest.mark.parametrize("frames", [2, 9, 14])
def test_several_frames_in_a_row_whose_data_lie_wrongly_are_broken(frames: int) -> None:
    still = lively(90)
    magenta_and_green = np.where(still[..., :1] > 90, (255, 60, 250), (0, 240, 10)).astype(np.uint8)
    assert in_a_row(magenta_and_green, frames) >= 100 * frames / 60


@pytest.mark.parametrize(("times", "percent"), [(1, 0.0), (4, 12.1)])
def test_where_colours_are_mixed_up_again_and_again_frames_are_broken(times: int, percent: float) -> None:
    corruption, still = Corruption(), lively(90)
    still[..., 0] = 0.7 * still[..., 0]
    still[..., 2] = np.minimum(255, 1.2 * still[..., 2].astype(float))
    swapped = still[..., ::-1]
    for number in range(60):
        corruption.add(swapped if number % 15 >= 8 and number < 15 * times else still, number / 30)
    assert corruption.figures() == {"corrupt_percent": percent}


def test_a_lamp_that_flickers_or_a_white_balance_that_glides_mixes_no_colours_up() -> None:
    still = np.full((120, 160, 3), (90, 110, 150), np.uint8)
    lamp, glides = Corruption(), Corruption()
    for number in range(60):
        lamp.add(cv2.convertScaleAbs(still, alpha=0.5 + 0.5 * (number % 4 == 0)), number / 30)
        warmer = np.array((1.0 + 0.02 * (number % 30), 1.0, 1.0 - 0.02 * (number % 30)))
        glides.add(np.clip(still * warmer, 0, 255).astype(np.uint8) if number < 30 else still, number / 30)
    assert lamp.figures()["corrupt_percent"] == 0
    assert glides.figures()["corrupt_percent"] == 0


def test_a_light_that_goes_out_or_a_hand_that_covers_the_camera_for_a_moment_is_not_broken() -> None:
    assert in_a_row(lively(20), 9) == 0
    hand = np.full((120, 160, 3), (95, 130, 190), np.uint8)
    assert in_a_row(hand, 9, calm=0.5) == 0


def test_a_green_wall_is_not_what_a_decoder_never_got() -> None:
    wall = Corruption()
    for number in range(6):
        picture = lively(90)
        picture[:60] = (144, 238, 144)
        wall.add(picture, number / 30)
    assert wall.figures() == {"corrupt_percent": 0.0}


def test_a_plain_ceiling_in_the_light_of_lamps_is_not_broken() -> None:
    ceiling, lost = Corruption(), Corruption()
    for number in range(6):
        picture = lively(90)
        picture[:14] = (123, 126, 131)
        ceiling.add(picture, number / 30)
        picture[:14] = (130, 129, 130)
        lost.add(picture, number / 30)
    assert ceiling.figures() == {"corrupt_percent": 0.0}
    assert lost.figures() == {"corrupt_percent": 100.0}


@pytest.mark.parametrize("cause", ["works", "noisy", "too_dark"])
def test_noise_and_movement_are_not_broken_frames(cause: str) -> None:
    assert broken(film(cause=cause, strength=1.0)) == 0


def test_strong_flicker_is_not_broken_frames() -> None:
    assert broken(film(cause="flicker", rate=30.0, strength=1.5, notes={"lamp_hz": 100})) == 0


def smooth(rows: int = 320, columns: int = 480) -> np.ndarray[Any, Any]:
    """A room without sharp edges."""
    y, x = np.mgrid[0:rows, 0:columns]
    luma = 120 + 40 * np.sin(x / 60) + 30 * np.cos(y / 45)
    return np.repeat(luma[..., None], 3, axis=2).astype(np.uint8)


def with_lost_blocks() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """A picture, and what is left of it where the data of 40 blocks is lost."""
    whole = smooth()
    lost = whole.copy()
    for row, column in RNG.integers(1, (19, 28), (40, 2)) * 16:
        lost[row : row + 16, column : column + 16] = RNG.integers(0, 255)
    return whole, lost


def damaged(pictures: Iterable[np.ndarray[Any, Any]]) -> float:
    damage = Damage()
    for picture in pictures:
        damage.add(picture)
    share: float = damage.figures()["damaged_percent"]
    return share


def test_lost_blocks_that_stay_are_damage() -> None:
    whole, lost = with_lost_blocks()
    assert damaged([whole] * 15 + [lost] * 15) == pytest.approx(50, abs=10)
    shifted = np.roll(lost, (5, 5), axis=(0, 1))  # a pattern of things, not of a coder
    assert damaged([whole] * 15 + [shifted] * 15) == 0


def test_damage_that_is_there_from_the_start_is_told_when_it_is_mended() -> None:
    whole, lost = with_lost_blocks()
    assert damaged([lost] * 15 + [whole] * 15) == pytest.approx(50, abs=10)


def test_what_one_frame_alone_shows_is_no_damage_that_stays() -> None:
    whole, lost = with_lost_blocks()
    assert damaged([whole] * 12 + [lost] + [whole] * 17) == 0


def test_a_coder_short_of_bits_is_no_damage() -> None:
    whole = smooth()
    rows, columns = whole.shape[:2]
    coarse = whole.reshape(rows // 16, 16, columns // 16, 16, 3).mean(axis=(1, 3))
    blocks = np.kron(coarse, np.ones((16, 16, 1))).astype(np.uint8)
    assert damaged([whole] * 15 + [blocks] * 15) == 0


def test_strong_noise_whose_colours_are_coded_coarsely_is_no_damage() -> None:
    rng, whole = np.random.default_rng(3), smooth()
    rows, columns = whole.shape[:2]

    def coded() -> np.ndarray[Any, Any]:
        noise = rng.normal(0, 30, (rows // 4, columns // 4, 3)).astype(np.float32)
        noisy = whole + cv2.resize(noise, (columns, rows), interpolation=cv2.INTER_CUBIC)
        few_colours = cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
        options = (cv2.IMWRITE_JPEG_QUALITY, 12, *few_colours)
        _, data = cv2.imencode(".jpg", noisy.clip(0, 255).astype(np.uint8), options)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert picture is not None
        return picture

    assert damaged(coded() for _ in range(24)) == 0


def test_a_straight_edge_that_comes_upon_the_lines_of_blocks_is_no_damage() -> None:
    whole = smooth()
    door = whole.copy()
    door[:, 160:] = 20
    assert damaged([whole] * 15 + [door] * 15) == 0


def broken(of: Film) -> float:
    corruption = Corruption()
    for number, picture in enumerate(frames(of)):
        corruption.add(picture, number / 30)
    share: float = corruption.figures()["corrupt_percent"]
    return share


@pytest.mark.parametrize("who", FACES)
def test_a_cast_is_told_from_a_face(who: str) -> None:
    """Skin of any tone is no colour cast; light of one colour is."""
    assert figures(film(who))["colour_cast"] < 22
    assert figures(film(who, "colour_cast", notes={"gains": (1.5, 0.95, 0.6)}))["colour_cast"] > 22


def test_pale_skin_in_the_daylight_of_a_window_is_no_cast_and_blue_skin_is() -> None:
    face = Face(score=0.9, x=0.4, y=0.3, width=0.2, height=0.4)

    def cast(a: float, b: float) -> float:
        lab = np.array([[[62, a, b]]], np.float32)
        skin = (255 * cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)).round().astype(np.uint8)[0, 0]
        picture = np.full((360, 640, 3), (40, 70, 95), np.uint8)  # a wall of dark wood
        picture[108:252, 256:384] = skin
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        found: float = picture_light.face_figures(picture, grey, face)["colour_cast"]
        return found

    assert cast(11, -4.6) < 22
    assert cast(8, -18) > 22


@pytest.mark.parametrize("who", FACES)
def test_blue_skin_tells_a_cast_before_a_dark_wall(who: str) -> None:
    found = figures(film(who, "colour_cast", notes={"gains": (1.6, 0.95, 0.45)}))
    assert found["colour_cast"] > 22


def test_the_warm_light_of_a_lamp_is_no_cast_and_orange_light_is() -> None:
    lamp = figures(film("eileen_collins", "colour_cast", notes={"gains": (0.7, 0.97, 1.12)}))
    orange = figures(film("eileen_collins", "colour_cast", notes={"gains": (0.55, 0.9, 1.45)}))
    assert lamp["colour_cast"] < 22 < 24 < orange["colour_cast"]


def grain(pictures: list[np.ndarray[Any, Any]]) -> float:
    found = picture_grain.grain_luma(*(picture_grain.small(picture) for picture in pictures[:2]))
    assert found is not None
    return found


@pytest.mark.parametrize("who", FACES)
def test_coarse_grain_is_what_is_new_in_every_frame(who: str) -> None:
    """A coder makes noise coarse: smooth at every point, blotched at large, and never twice the same."""
    pictures = list(frames(film(who)))[4:6]
    blotches = [
        cv2.GaussianBlur(RNG.normal(0, 1, (*picture.shape[:2], 1)), (0, 0), 1.5) for picture in pictures
    ]
    grainy = [
        np.clip(picture + 8 * blotch[..., None] / blotch.std(), 0, 255).astype(np.uint8)
        for picture, blotch in zip(pictures, blotches, strict=True)
    ]
    noise = picture_sharpness.noise_luma(cv2.cvtColor(grainy[0], cv2.COLOR_BGR2GRAY))
    assert noise is not None
    assert noise < 4
    assert grain(pictures) < 2.5 < 4 < grain(grainy)


def test_movement_and_grain_that_stands_still_are_no_grain() -> None:
    still = next(iter(frames(film())))
    still = np.clip(still + RNG.normal(0, 8, still.shape), 0, 255).astype(np.uint8)
    assert grain([still, still]) == 0
    wall = cv2.GaussianBlur(RNG.normal(120, 60, (720, 1280)), (0, 0), 1.0)  # rough, and moved by half a point
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
    rough = [np.clip(one, 0, 255).astype(np.uint8) for one in (wall, cv2.warpAffine(wall, half, (1280, 720)))]
    assert grain([cv2.cvtColor(one, cv2.COLOR_GRAY2BGR) for one in rough]) < 2.5
    picture = portrait_scene("joe_biden", SIZE).picture
    moved_by = np.roll(picture, (3, 5), axis=(0, 1))
    assert grain([picture, moved_by]) < 1


def test_a_film_has_grain_and_a_single_frame_has_not() -> None:
    assert figures(film(noise=9.0))["grain_luma"] > 2.5 > figures(film())["grain_luma"]
    meter = PictureMeter(FINDER)
    meter.add(lively(), 0.0)
    assert "grain_luma" not in meter.figures()


@pytest.mark.parametrize("black_luma", [0, 1])
def test_light_that_leaks_past_a_shutter_is_seen_below_one_step(black_luma: int) -> None:
    black = np.full((180, 320, 3), black_luma, np.uint8)
    share = np.linspace(0, 0.6, 320)  # of the points are one step lighter
    leaking = black + (RNG.uniform(size=(180, 320, 1)) < share[None, :, None]).astype(np.uint8)
    assert picture_light.spread_luma([black]) == 0
    assert picture_light.spread_luma([leaking] * 3) > 0.08


def test_noise_that_a_coder_makes_coarse_does_not_look_like_light_that_leaks() -> None:
    blocks = RNG.normal(0, 0.8, (6, 18, 32, 1)) + 5
    pictures = [np.repeat(cv2.resize(one, (320, 180))[..., None], 3, axis=2) for one in blocks]
    dark = [picture.round().clip(0, 255).astype(np.uint8) for picture in pictures]
    assert picture_light.spread_luma(dark[:1]) > 1.5 * picture_light.spread_luma(dark)


def far_away(who: str, seconds: float) -> Film:
    """Somebody far away in a plain room."""
    photograph = cv2.imread(str(Path(portraits.__file__).with_name("faces") / f"{who}.jpg"))
    assert photograph is not None
    room = smooth(360, 640)
    still = scene(photograph, FACES[who], room, size=(1280, 720), face_height=0.05)
    return Film(
        name=who, cause="works", scene=still, width=1280, height=720, seconds=seconds, rate=10.0, seed=3
    )


@pytest.mark.parametrize("who", ["grace_hopper", "barack_obama", "joe_biden"])
def test_a_face_far_away_is_found_when_parts_are_looked_at(who: str) -> None:
    assert figures(far_away(who, 0.5))["face_height_share"] == pytest.approx(0.05, abs=0.015)


def test_what_is_found_far_away_in_one_picture_only_is_no_face() -> None:
    meter = PictureMeter(FINDER)
    room = smooth(720, 1280)
    for number, picture in enumerate(frames(far_away("grace_hopper", 2.0))):
        meter.add(picture if number < 10 else room + number % 2, number / 10)
    assert meter.figures()["face_percent"] == 0


@pytest.mark.parametrize(("upright", "other", "turned"), [(0.7, 0.85, 180), (0.75, 0.78, 0), (0.9, 0.97, 0)])
def test_a_face_on_its_head_that_seems_to_stand_is_known_by_the_better_score(
    monkeypatch: pytest.MonkeyPatch, upright: float, other: float, turned: int
) -> None:
    finder = FaceFinder()
    picture = np.zeros((72, 128, 3), np.uint8)
    picture[0, 0] = 255  # tells the picture from the one that was turned

    def faces(seen: np.ndarray[Any, Any]) -> list[Face]:
        score = {(True, False): upright, (False, True): other}.get(
            (bool(seen[0, 0, 0]), bool(seen[-1, -1, 0]))
        )
        return [] if score is None else [Face(score=score, x=0.4, y=0.3, width=0.1, height=0.25)]

    monkeypatch.setattr(finder, "_faces", faces)
    found = finder.search(picture)
    assert found is not None
    assert found.turned_degrees == turned


@pytest.mark.parametrize(
    ("height", "score", "turned"), [(0.1, 0.56, False), (0.1, 0.7, True), (0.5, 0.56, True)]
)
def test_something_small_that_looks_a_little_like_a_turned_face_is_none(
    monkeypatch: pytest.MonkeyPatch, height: float, score: float, turned: bool
) -> None:
    """Many small things look like a face, more yet in four positions."""
    finder = FaceFinder()
    face = Face(score=score, x=0.4, y=0.4, width=height, height=height)
    monkeypatch.setattr(finder, "_faces", lambda seen: [face] if seen.shape[0] > seen.shape[1] else [])
    found = finder.search(np.zeros((400, 401, 3), np.uint8))
    assert (found is not None and found.turned_degrees in (90, 270)) is turned
