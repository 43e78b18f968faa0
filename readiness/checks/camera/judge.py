"""What the camera's figures mean: the cause that matters most comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readiness.checks.camera.findings import (
    BACKLIT,
    BLACK,
    BY_PROBLEM,
    COLOUR_CAST,
    CORRUPT,
    COVERED,
    FACE_OFF_CENTRE,
    FACE_TOO_CLOSE,
    FACE_TOO_SMALL,
    FACE_UNKNOWN,
    FAILED,
    FLICKER,
    FROZEN,
    LOW_FRAME_RATE,
    LOW_RESOLUTION,
    MIRRORED,
    NO_FACE,
    NO_FRAMES,
    NOISY,
    OVEREXPOSED,
    ROTATED,
    SOFT,
    TOO_DARK,
    TOO_SHORT,
    VIRTUAL,
    WORKS,
)
from readiness.checks.camera.grades import LOWERED, Grades
from readiness.checks.camera.measure import CameraEvidence
from readiness.checks.problems import from_problem
from readiness.core.model import Finding, Verdict
from readiness.core.profile import Direction, Profile
from readiness.core.rating import by_importance, worst
from readiness.devices.ports import Attachment

_FLICKER = ("flicker_percent", "bands_percent")
_STILL = ("longest_still_seconds", "motionless_seconds")
_BROKEN = ("corrupt_percent", "damaged_percent", "lost_percent")


def judge(evidence: CameraEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first, and the cause before what it brings about."""
    if problem := from_problem(evidence.problem, evidence.problem_detail, BY_PROBLEM):
        return (problem,)
    if evidence.frames is None:
        return (FAILED.found(Verdict.UNKNOWN, detail="–"),)
    if not evidence.frames:
        return (NO_FRAMES.found(Verdict.NOT_READY),)
    grades = Grades(evidence, profile)
    if evidence.frames < 3 and not grades.lowered("lost_percent", "at_most"):
        return (TOO_SHORT.found(Verdict.UNKNOWN, frames=evidence.frames),)
    if empty := _empty(evidence, grades):
        return (empty,)
    causes = [*_stream(evidence, grades), *_light(evidence, grades), *_sight(evidence, grades)]
    hints = list(_hints(evidence, grades))
    if worst([finding.verdict for finding in causes]) is Verdict.READY:
        hints.append(
            WORKS.found(
                Verdict.READY, width=evidence.width, height=evidence.height, rate=evidence.frame_rate_hz
            )
        )
    return by_importance([*causes, *hints])


def _empty(evidence: CameraEvidence, grades: Grades) -> Finding | None:
    """A picture in which nothing is to be seen: black, or covered."""
    black = grades.of("black_percent", "at_most")
    is_black = BLACK.found(black, percent=evidence.black_percent) if black in LOWERED else None
    if evidence.scene_luma is None:
        return is_black
    card = grades.of("dark_card_percent", "at_most")
    if card in LOWERED and not evidence.face_percent and evidence.edge_width_px is not None:
        # What is drawn has sharp edges; light that leaks past a shutter has none.
        return BLACK.found(card, percent=evidence.dark_card_percent)
    if _is_hidden(evidence, grades):
        return COVERED.found(Verdict.NOT_READY)
    if not _is_bare(evidence, grades):
        # Some frames are black and others are not; where all are dark, the room is.
        return is_black if grades.of("luma_p99", "at_least") is Verdict.READY else None
    if evidence.shutter_closed:
        return COVERED.found(Verdict.NOT_READY)
    # Before a closed lens the sensor still gives noise and a little light, more at one place than at
    # another; a picture that is black for another reason has neither. A coder may leave the noise out.
    alive = grades.of("change_luma", "at_least") is Verdict.READY
    lit = grades.of("luma_mean", "at_least") is Verdict.READY
    leaks = grades.of("spread_luma", "at_least") is Verdict.READY
    if is_black and not leaks and not (lit and alive):
        return is_black
    return COVERED.found(Verdict.NOT_READY)


def _is_hidden(evidence: CameraEvidence, grades: Grades) -> bool:
    """Whether something dark and without detail is before most of a scene that has light."""
    if evidence.face_percent or grades.of("luma_p99", "at_least") is Verdict.NOT_READY:
        return False
    smooth, dark = grades.of("smooth_percent", "at_most"), grades.of("smooth_light_ratio", "at_least")
    if smooth not in LOWERED or dark not in LOWERED:
        return False
    # Where nothing beside it is sharp either, less is needed; and where hardly anything is beside it, in little light.
    alone = grades.given("lone_smooth_percent", "at_most", evidence.smooth_percent) in LOWERED
    alone = alone and grades.lowered("luma_p99", "at_least")
    return alone + (evidence.edge_width_px is None) + (smooth, dark).count(Verdict.NOT_READY) >= 2


def _is_bare(evidence: CameraEvidence, grades: Grades) -> bool:
    """Whether the picture has no scene: it is even, or nearly, without one edge in it."""
    if evidence.face_percent:
        return False
    scene = grades.of("scene_luma", "at_least")
    return scene is Verdict.NOT_READY or (scene is Verdict.LIMITED and evidence.edge_width_px is None)


def _may_live(evidence: CameraEvidence, grades: Grades) -> bool:
    """Whether frames that are hardly apart can be a coder's doing: where a person moves in the dark, or nobody is near."""
    if grades.of("motionless_seconds", "at_most") is Verdict.READY:
        return True
    far = evidence.motionless_seconds is None and grades.lowered("face_height_share", "at_least")
    return evidence.recording and (evidence.face_percent == 0 or far) and bool(evidence.change_luma)


def _stillness(evidence: CameraEvidence, grades: Grades) -> Verdict:
    """How frozen the picture is."""
    if _may_live(evidence, grades):
        return Verdict.READY
    return worst([_limited(grades.of(figure, "at_most")) for figure in _STILL])


def _stream(evidence: CameraEvidence, grades: Grades) -> Iterator[Finding]:
    """Whether frames come as they should."""
    still = _stillness(evidence, grades)
    if still in LOWERED:
        yield FROZEN.found(still, seconds=max(getattr(evidence, figure) or 0 for figure in _STILL))
    broken = _broken(grades)
    misread = _misread(grades)
    if misread in LOWERED:  # every frame is
        yield CORRUPT.found(misread, percent=100)
    elif broken in LOWERED:
        yield CORRUPT.found(broken, percent=max(getattr(evidence, figure) or 0 for figure in _BROKEN))
    lines = min(evidence.width, evidence.height) if evidence.width and evidence.height else None
    size = grades.given("height", "at_least", lines) if lines else Verdict.UNKNOWN
    if size is not Verdict.READY:
        wanted = grades.good("height", "at_least")
        yield LOW_RESOLUTION.found(size, height=lines, wanted=wanted)


def _broken(grades: Grades) -> Verdict:
    """Whether frames come broken, or do not come whole."""
    return worst([_limited(grades.of(figure, "at_most")) for figure in _BROKEN])


def _misread(grades: Grades) -> Verdict:
    """Whether lines, halves or colours are not where they should be, all through the film."""
    figures: tuple[tuple[str, Direction], ...] = (
        ("line_order_ratio", "at_least"), ("copy_likeness", "at_most"), ("colour_shift_ratio", "at_most"),
        ("skin_blueness", "at_most"),
    )  # fmt: skip
    return worst([_limited(grades.of(figure, direction)) for figure, direction in figures])


def _light(evidence: CameraEvidence, grades: Grades) -> Iterator[Finding]:
    """Whether there is the right light on an upright picture, and then whether frames come fast enough in it."""
    if evidence.face_turned_degrees:
        yield ROTATED.found(Verdict.LIMITED, degrees=evidence.face_turned_degrees)
    face_dark = grades.of("face_luma_p95", "at_least")
    dark = grades.of("luma_p99", "at_least")
    backlit = grades.of("backlight_ratio", "at_most")
    # A wrong colour takes most of the light of two of three: not the light is what is wrong then.
    dim_by_colour = dark is Verdict.LIMITED and grades.lowered("colour_cast", "at_most")
    if dark in LOWERED and face_dark is not Verdict.READY and not dim_by_colour:
        wanted = grades.good("luma_p99", "at_least")
        yield TOO_DARK.found(worst((dark, _limited(face_dark))), luma=evidence.luma_p99, wanted=wanted)
    elif backlit in LOWERED and face_dark in LOWERED:
        yield BACKLIT.found(backlit, times=evidence.backlight_ratio)
    elif face_dark is Verdict.NOT_READY:
        wanted = grades.good("face_luma_p95", "at_least")
        yield TOO_DARK.found(Verdict.LIMITED, luma=evidence.face_luma_p95, wanted=wanted)
    # Lamps that flicker burn out the picture where they are at their lightest, so they come first.
    flicker = worst([_limited(grades.of(figure, "at_most")) for figure in _FLICKER])
    broken = _broken(grades) in LOWERED
    if flicker in LOWERED and not broken:
        yield FLICKER.found(flicker, percent=max(getattr(evidence, figure) or 0 for figure in _FLICKER))
    # A face can be burnt out in two of its three colours and short of white.
    pale = _limited(grades.of("face_luma", "at_most"))
    white = grades.of("clipped_percent", "at_most")
    # Where the rest of the picture is not, a forehead may shine.
    shines = "face_clipped_percent" if white in LOWERED else "lone_face_clipped_percent"
    burnt = grades.given(shines, "at_most", evidence.face_clipped_percent)
    bright = worst((_limited(burnt), pale))
    if bright in LOWERED:
        yield OVEREXPOSED.found(bright, percent=evidence.face_clipped_percent)
    elif white in LOWERED and not evidence.face_percent:
        yield OVEREXPOSED.found(white, percent=evidence.clipped_percent)
    # Beside frames that are broken those between them hardly seem to move.
    steady = None if broken else evidence.steady_frame_rate_hz
    rates = [rate for rate in (evidence.frame_rate_hz, steady) if rate is not None]
    slow = grades.given("frame_rate_hz", "at_least", min(rates)) if rates else Verdict.UNKNOWN
    known = slow in LOWERED or not broken
    if slow is not Verdict.READY and known and _stillness(evidence, grades) not in LOWERED:
        wanted = grades.good("frame_rate_hz", "at_least")
        yield LOW_FRAME_RATE.found(slow, rate=min(rates, default=None), wanted=wanted)


def _sight(evidence: CameraEvidence, grades: Grades) -> Iterator[Finding]:
    """Whether the picture is clear, and somebody is in it."""
    noisy = worst([_limited(grades.of(figure, "at_most")) for figure in ("noise_luma", "grain_luma")])
    if noisy in LOWERED:
        yield NOISY.found(noisy)
    upright = bool(evidence.face_percent) and not evidence.face_turned_degrees
    if upright and (close := grades.of("face_height_share", "at_most")) in LOWERED:
        yield FACE_TOO_CLOSE.found(close, percent=_percent(evidence.face_height_share))
    if evidence.face_percent is None:
        yield from _softness(evidence, grades)
        if evidence.scene_luma is not None:  # the frames were looked into, but not for a face
            yield FACE_UNKNOWN.found(Verdict.UNKNOWN)
        return
    nobody = grades.of("face_percent", "at_least")
    if nobody in LOWERED:  # what is behind a person may well be out of focus
        yield NO_FACE.found(nobody, percent=100 - evidence.face_percent)
    yield from _softness(evidence, grades)
    if nobody not in LOWERED and upright:
        yield from _framing(evidence, grades)


def _softness(evidence: CameraEvidence, grades: Grades) -> Iterator[Finding]:
    """Whether even the sharpest edges are wide; in between, whether they are so for the face's size.

    A small picture made large and sharpened has narrow edges, and nothing fine between them.
    """
    figure = "edge_width_px" if evidence.sharpest_edge_px is None else "sharpest_edge_px"
    soft = grades.of(figure, "at_most")
    if soft is Verdict.LIMITED and figure == "sharpest_edge_px":
        soft = grades.of("sharpest_edge_face_percent", "at_most")
    enlarged = grades.lowered("fine_detail_db", "at_least")
    if soft in LOWERED or enlarged:
        yield SOFT.found(Verdict.LIMITED)


def _framing(evidence: CameraEvidence, grades: Grades) -> Iterator[Finding]:
    small = grades.given("face_height_share", "at_least", _share_of_the_shorter_side(evidence))
    sides = [grades.of("face_x_share", "at_least"), grades.of("face_x_share", "at_most")]
    heights = [grades.of("face_y_share", "at_least"), grades.of("face_y_share", "at_most")]
    top = None
    if evidence.face_y_share is not None and evidence.face_height_share is not None:
        top = evidence.face_y_share - evidence.face_height_share / 2
    # Of a head near the camera the edge takes some hair alone.
    near = grades.given("cut_face_y_share", "at_least", evidence.face_y_share) not in LOWERED
    cut = Verdict.READY if near else grades.given("face_top_share", "at_least", top)
    aside = worst([_limited(side) for side in (*sides, *heights, cut)])
    found = []
    if small in LOWERED:
        found.append(FACE_TOO_SMALL.found(small, percent=_percent(evidence.face_height_share)))
    if aside in LOWERED:
        x, y = evidence.face_x_share or 0.5, evidence.face_y_share or 0.5
        found.append(FACE_OFF_CENTRE.found(aside, percent=100 * max(abs(x - 0.5), abs(y - 0.5))))
    # Of a face that the picture's edge cuts off only a part is seen, and no size is known.
    yield from reversed(found) if cut in LOWERED else found


def _share_of_the_shorter_side(evidence: CameraEvidence) -> float | None:
    """How high the face is; in an upright picture beside its width, since it is as wide as it can be."""
    share, width, height = evidence.face_height_share, evidence.width, evidence.height
    if share is None or not width or not height:
        return share
    return share * max(1.0, height / width)


def _hints(evidence: CameraEvidence, grades: Grades) -> Iterator[Finding]:
    """What is told and lowers nothing."""
    if evidence.attachment == Attachment.VIRTUAL:
        yield VIRTUAL.found(Verdict.READY, name=evidence.device_name or "")
    if grades.lowered("colour_cast", "at_most"):
        yield COLOUR_CAST.found(Verdict.READY)
    if evidence.mirrored:
        yield MIRRORED.found(Verdict.READY)


def _limited(verdict: Verdict) -> Verdict:
    """The verdict, where it is known to be less than good."""
    return verdict if verdict in LOWERED else Verdict.READY


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
