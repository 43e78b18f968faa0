"""Films for a moment, and keeps the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.core.check import Context
from readiness.core.evidence import parse
from readiness.core.model import Frame, Notice
from readiness.core.profile import Profile
from readiness.devices.ports import DeviceError, Machine, Source

_SECONDS = 2.5
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 1280, 720


@dataclass(frozen=True, kw_only=True)
class CameraMode:
    """One size that the camera offers, with the highest rate that it names for it."""

    width: int | None = None
    height: int | None = None
    rate_hz: float | None = None


@dataclass(frozen=True, kw_only=True)
class CameraSize:
    """A size that frames came in."""

    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class CameraEvidence:
    """What the camera gave. Luma is 0-255; shares and percentages are of the picture or of the frames.

    Times of a live camera are arrival times, those of a recording its own time stamps. `frame_rate_hz`
    counts all frames, `fresh_frame_rate_hz` those that do not repeat the one before, and
    `steady_frame_rate_hz` is the rate at which new frames come while something moves.
    `frame_gap_ms` is how long each frame let itself be waited for, `frame_gap_seconds` when it came (of a
    long film the longest waits).
    `longest_still_seconds` is the longest time without a new frame. `noise_luma` is the noise within single frames,
    `grain_luma` what is new in a frame that has not come by movement. `spread_luma` is how much the light
    differs over the picture at large, `scene_luma` how much beside what a smooth shade explains, `edge_width_px` the width of the clear edges of the person and `sharpest_edge_px`
    that of the sharpest tenth of them, also as a share of the face's height, `fine_detail_db` what the
    person has of fine detail beside coarse,
    `corrupt_percent` counts frames with faults that come and go, `damaged_percent` those with damage that
    stays, `lost_percent` is how much of a recording no frame could be had of, `flicker_percent` is the change of light from frame to frame that the whole width shares.
    `backlight_ratio` compares the light around the person with the lightest parts of the face.
    `motionless_seconds` is the longest time for which nothing of the person moved, though the points of the
    picture may waver. `bands_percent` is the size of bands of light that wander slowly.
    `line_order_ratio` is how unlike neighbouring lines are in the best other order beside that in which they
    came, `copy_likeness` how much more alike (correlation) the halves of the picture are than other parts,
    `colour_shift_ratio` how much better colours fit the light somewhere else than where they are, `skin_blueness` how much bluer
    (CIELAB b*) the skin is than white and than the light parts: all three tell of data that was misread.
    `dark_card_percent` counts frames that have one dark tone but for a sign or words; `smooth_percent` is the largest part of the
    picture with nothing in it, `smooth_light_ratio` its light beside that of the rest.
    `modes` are the sizes that the driver offers, `delivered` those that frames came in when 1920 x 1080, 1280 x 720 and
    640 x 480 were asked for.
    `mirrored` is what the driver is set to: from the picture it cannot be told.
    """

    problem: str | None = None
    problem_detail: str | None = None
    device_name: str | None = None
    device_id: str | None = None
    attachment: str | None = None
    recording: bool = False
    asked_width: int | None = None
    asked_height: int | None = None
    modes: tuple[CameraMode, ...] | None = None
    delivered: tuple[CameraSize, ...] | None = None
    shutter_closed: bool | None = None
    mirrored: bool | None = None
    first_frame_seconds: float | None = None
    frames: int | None = None
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    sizes: int | None = None
    frame_rate_hz: float | None = None
    fresh_frame_rate_hz: float | None = None
    steady_frame_rate_hz: float | None = None
    frame_gap_p95_ms: float | None = None
    frame_gap_max_ms: float | None = None
    frame_gap_ms: tuple[float, ...] | None = None
    frame_gap_seconds: tuple[float, ...] | None = None
    still_percent: float | None = None
    longest_still_seconds: float | None = None
    change_luma: float | None = None
    motionless_seconds: float | None = None
    luma_mean: float | None = None
    luma_p05: float | None = None
    luma_p95: float | None = None
    luma_p99: float | None = None
    clipped_percent: float | None = None
    black_percent: float | None = None
    spread_luma: float | None = None
    scene_luma: float | None = None
    dark_card_percent: float | None = None
    smooth_percent: float | None = None
    smooth_light_ratio: float | None = None
    noise_luma: float | None = None
    grain_luma: float | None = None
    edge_width_px: float | None = None
    sharpest_edge_px: float | None = None
    sharpest_edge_face_percent: float | None = None
    fine_detail_db: float | None = None
    flicker_percent: float | None = None
    bands_percent: float | None = None
    corrupt_percent: float | None = None
    damaged_percent: float | None = None
    lost_percent: float | None = None
    line_order_ratio: float | None = None
    copy_likeness: float | None = None
    colour_shift_ratio: float | None = None
    skin_blueness: float | None = None
    colour_cast: float | None = None
    face_percent: float | None = None
    face_score: float | None = None
    face_turned_degrees: int | None = None
    face_height_share: float | None = None
    face_x_share: float | None = None
    face_y_share: float | None = None
    face_luma: float | None = None
    face_luma_p95: float | None = None
    face_clipped_percent: float | None = None
    around_luma: float | None = None
    backlight_ratio: float | None = None


async def measure(context: Context[Machine]) -> CameraEvidence:
    """Film for a moment at the size that the most demanding profile wants."""

    def on_frame(frame: Frame, fraction: float) -> None:
        context.tell(Notice(fraction=fraction, frame=frame))

    width, height = _wanted_size(context.profiles)
    source = Source(device=context.options.camera, file=context.options.camera_file)
    try:
        figures = await context.machine.camera.measure(
            source, width=width, height=height, seconds=_SECONDS, on_frame=on_frame
        )
    except DeviceError as error:
        figures = {"problem": error.problem, "problem_detail": error.detail}
    return parse(CameraEvidence, figures)


def _wanted_size(profiles: Sequence[Profile]) -> tuple[int, int]:
    limits = [profile.limit("camera.height", "at_least") for profile in profiles]
    heights = [limit.recommended or limit.required or 0 for limit in limits if limit is not None]
    height = int(max(heights, default=0)) or _DEFAULT_HEIGHT
    return round(height * _DEFAULT_WIDTH / _DEFAULT_HEIGHT), height
