"""Recordings that are not what they should be: a clear answer, and the next one is measured."""

from __future__ import annotations

import asyncio
from pathlib import Path

import cv2
import numpy as np
import pytest

from readiness.checks import camera
from readiness.core.check import Context, Options
from readiness.core.profile_loading import load_profile
from readiness.devices.machine import LocalMachine
from readiness.settings import places
from tests.material.portraits import recording

PROFILE = load_profile("organisation", places().profiles)


def jpeg(width: int, height: int, seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (9, 16, 3)).astype(np.uint8)
    done, coded = cv2.imencode(".jpg", cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST))
    assert done
    return coded.tobytes()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    whole = recording(folder / "good.avi").read_bytes()
    (folder / "empty.avi").touch()
    (folder / "header_only.avi").write_bytes(whole[:200])
    (folder / "truncated.avi").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "text.mp4").write_text("This is no film. " * 500)
    (folder / "zeros.mkv").write_bytes(bytes(100_000))
    (folder / "one.avi").write_bytes(recording(folder / "made.avi", 2 / 30).read_bytes())
    (folder / "one.mjpeg").write_bytes(jpeg(320, 240, 1))
    (folder / "sizes.mjpeg").write_bytes(b"".join(jpeg(320 + 80 * (n % 2), 240, n) for n in range(20)))
    (folder / "huge.mjpeg").write_bytes(jpeg(7680, 4320, 1) * 2)
    (folder / "tiny.mjpeg").write_bytes(jpeg(8, 480, 1) * 40)
    return folder


def judged(*paths: Path) -> list[tuple[str, str, camera.CameraEvidence]]:
    """First code, verdict and evidence of each file, measured one after another by the same host."""

    async def run() -> list[tuple[str, str, camera.CameraEvidence]]:
        local = LocalMachine()
        await local.start()
        try:
            rows = []
            for path in paths:
                context = Context(
                    machine=local.machine,
                    profile=PROFILE,
                    profiles=(PROFILE,),
                    options=Options(camera_file=path),
                )
                evidence = await camera.measure(context)
                first = camera.judge(evidence, PROFILE)[0]
                rows.append((first.code, first.verdict.value, evidence))
            return rows
        finally:
            await local.close()

    return asyncio.run(run())


def test_what_is_no_film_is_said_to_be_none_and_the_next_is_measured(files: Path) -> None:
    names = [
        "empty.avi",
        "header_only.avi",
        "text.mp4",
        "zeros.mkv",
        "huge.mjpeg",
        "tiny.mjpeg",
        "missing.avi",
    ]
    rows = judged(*(files / name for name in [*names, "good.avi"]))
    assert [row[:2] for row in rows] == [("camera.unreadable_file", "UNKNOWN")] * len(names) + [
        ("camera.works", "READY")
    ]
    assert all(row[2].problem_detail for row in rows[:-1])


def test_a_film_that_was_cut_off_is_judged_by_what_is_there(files: Path) -> None:
    ((code, _, evidence),) = judged(files / "truncated.avi")
    assert code == "camera.works"
    assert evidence.frame_rate_hz == pytest.approx(30, rel=0.03)


def test_a_film_of_which_most_cannot_be_read_is_broken(files: Path) -> None:
    whole = (files / "good.avi").read_bytes()
    torn = files / "torn.avi"
    torn.write_bytes(whole[: len(whole) // 4])
    ((code, verdict, evidence),) = judged(torn)
    assert (code, verdict) == ("camera.corrupt", "LIMITED")
    assert evidence.lost_percent is not None
    assert evidence.lost_percent > 60


@pytest.mark.parametrize("name", ["one.avi", "one.mjpeg"])
def test_a_picture_or_two_are_too_few(files: Path, name: str) -> None:
    ((code, verdict, _),) = judged(files / name)
    assert (code, verdict) == ("camera.too_short", "UNKNOWN")


def test_a_film_that_changes_its_size_is_measured(files: Path) -> None:
    ((_, _, evidence),) = judged(files / "sizes.mjpeg")
    assert evidence.frames == 20
    assert evidence.width in (320, 400)
