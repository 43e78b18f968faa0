"""The camera: does it open, what does it deliver, and is there a picture?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness.checks.problems import from_problem
from readiness.core.check import Check, Context, Resource
from readiness.core.evidence import parse
from readiness.core.model import (
    Action,
    Activity,
    Finding,
    FindingKind,
    Frame,
    Need,
    Notice,
    Owner,
    Remedy,
    System,
    Verdict,
)  # fmt: skip
from readiness.core.profile import Profile
from readiness.core.rating import by_importance, worst
from readiness.core.text import Text
from readiness.devices.ports import DeviceError, Machine, Problem, Source

_SECONDS = 2.5
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 1280, 720
_SEEN = (Activity.BE_SEEN,)


@dataclass(frozen=True, kw_only=True)
class CameraEvidence:
    """What the camera gave. Luma is 0-255; times of a live camera are arrival times."""

    problem: str | None = None
    problem_detail: str | None = None
    device_name: str | None = None
    device_id: str | None = None
    attachment: str | None = None
    recording: bool = False
    asked_width: int | None = None
    asked_height: int | None = None
    first_frame_seconds: float | None = None
    frames: int | None = None
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    sizes: int | None = None
    frame_rate_hz: float | None = None
    fresh_frame_rate_hz: float | None = None
    frame_gap_p95_ms: float | None = None
    frame_gap_max_ms: float | None = None
    still_percent: float | None = None
    longest_still_seconds: float | None = None
    luma_mean: float | None = None
    luma_p95: float | None = None
    black_percent: float | None = None


_AGAIN = Remedy(text=Text(sv="Gör testet igen.", en="Run the test again."), action=Action.RUN_AGAIN)
_PRIVACY = Remedy(
    text=Text(sv="Tillåt program att använda kameran.", en="Let programs use the camera."),
    action=Action.OPEN_CAMERA_PRIVACY,
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar och välj Sekretess och säkerhet.", en="Open Settings and choose Privacy & security."),
            Text(sv="Välj Kamera.", en="Choose Camera."),
            Text(sv="Slå på Kameraåtkomst och Låt skrivbordsappar komma åt kameran.", en="Turn on Camera access and Let desktop apps access your camera."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar och välj Integritet och säkerhet.", en="Open System Settings and choose Privacy & Security."),
            Text(sv="Välj Kamera och slå på Mötesklar.", en="Choose Camera and turn on Mötesklar."),
        ),
        System.LINUX: (
            Text(sv="Be IT lägga till dig i gruppen video.", en="Ask IT to add you to the group video."),
        ),
    },
)  # fmt: skip
_CLOSE_OTHER = Remedy(
    text=Text(sv="Stäng andra program som visar bild. Gör sedan testet igen.", en="Close other programs that show video. Then run the test again."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
_OPEN_SHUTTER = Remedy(
    text=Text(sv="Öppna luckan framför kameran. Titta också efter en knapp med en kamera på.", en="Open the shutter in front of the camera. Also look for a key with a camera on it."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
_REPLUG = Remedy(
    text=Text(sv="Dra ut kamerans sladd och sätt i den igen.", en="Unplug the camera and plug it in again."),
    action=Action.RUN_AGAIN,
)
_CHOOSE = Remedy(
    text=Text(sv="Välj en annan kamera.", en="Choose another camera."), action=Action.CHOOSE_DEVICE
)
_RESTART = Remedy(text=Text(sv="Starta om datorn.", en="Restart the computer."))
_BUY = Remedy(
    text=Text(sv="Be om en kamera av din chef eller av IT.", en="Ask your manager or IT for a camera."),
    owner=Owner.BUY,
)
_ASK_IT = Remedy(
    text=Text(
        sv="Kontakta IT och läs upp vad som står här.", en="Contact IT and read out what it says here."
    ),
    owner=Owner.IT,
)

ABSENT = FindingKind(
    code="camera.absent",
    title=Text(sv="Datorn hittar ingen kamera", en="The computer finds no camera"),
    detail=Text(sv="Andra kan inte se dig, men du kan höra och prata.", en="Others cannot see you, but you can hear and talk."),
    activities=_SEEN, evidence=("problem",), need=Need.CAMERA,
    remedies=(
        Remedy(text=Text(sv="Sätt i kameran, om du har en. Gör sedan testet igen.", en="Plug in the camera, if you have one. Then run the test again."), action=Action.RUN_AGAIN),
        _BUY,
    ),
)  # fmt: skip
IN_USE = FindingKind(
    code="camera.in_use",
    title=Text(sv="Ett annat program använder kameran", en="Another program is using the camera"),
    detail=Text(sv="Systemet säger: {detail}.", en="The system says: {detail}."),
    activities=_SEEN, evidence=("problem", "problem_detail"), need=Need.KNOWLEDGE,
    remedies=(_CLOSE_OTHER, _RESTART),
)  # fmt: skip
DENIED = FindingKind(
    code="camera.denied",
    title=Text(sv="Datorn släpper inte fram kameran", en="The computer does not let programs use the camera"),
    activities=_SEEN, evidence=("problem", "problem_detail"), need=Need.PERMISSION,
    remedies=(_PRIVACY, _ASK_IT),
)  # fmt: skip
NO_FRAMES = FindingKind(
    code="camera.no_frames",
    title=Text(sv="Kameran startar men skickar ingen bild", en="The camera starts but sends no picture"),
    activities=_SEEN, evidence=("problem", "device_name"), need=Need.CAMERA,
    remedies=(_REPLUG, _RESTART, _CHOOSE, _BUY),
)  # fmt: skip
REMOVED = FindingKind(
    code="camera.removed",
    title=Text(sv="Kameran försvann under testet", en="The camera went away during the test"),
    activities=_SEEN, evidence=("problem", "device_name"), remedies=(_REPLUG, _ASK_IT),
)  # fmt: skip
NO_BACKEND = FindingKind(
    code="camera.no_backend",
    title=Text(sv="Datorn saknar det som behövs för att läsa kameran", en="The computer lacks what is needed to read the camera"),
    activities=_SEEN, evidence=("problem", "problem_detail"), need=Need.COMPUTER, remedies=(_ASK_IT,),
)  # fmt: skip
UNREADABLE_FILE = FindingKind(
    code="camera.unreadable_file",
    title=Text(sv="Inspelningen går inte att läsa", en="The recording cannot be read"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=_SEEN, evidence=("problem", "problem_detail"),
    remedies=(Remedy(text=Text(sv="Välj en annan fil, till exempel en mp4-fil.", en="Choose another file, for example an mp4 file.")),),
)  # fmt: skip
FAILED = FindingKind(
    code="camera.failed",
    title=Text(sv="Kameran gick inte att testa", en="The camera could not be tested"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=_SEEN, evidence=("problem", "problem_detail"), remedies=(_AGAIN, _REPLUG, _ASK_IT),
)  # fmt: skip
BLACK = FindingKind(
    code="camera.black",
    title=Text(sv="Bilden är svart", en="The picture is black"),
    activities=_SEEN, evidence=("black_percent", "luma_mean"), need=Need.KNOWLEDGE,
    remedies=(_OPEN_SHUTTER, _CHOOSE, _ASK_IT),
)  # fmt: skip
FROZEN = FindingKind(
    code="camera.frozen",
    title=Text(sv="Bilden står stilla", en="The picture stands still"),
    detail=Text(sv="Den stod stilla i {seconds:.1f} sekunder.", en="It stood still for {seconds:.1f} seconds."),
    activities=_SEEN, evidence=("longest_still_seconds", "still_percent"), need=Need.CAMERA,
    remedies=(_REPLUG, _RESTART, _CHOOSE),
)  # fmt: skip
LOW_FRAME_RATE = FindingKind(
    code="camera.low_frame_rate",
    title=Text(sv="Bilden hackar", en="The picture is jerky"),
    detail=Text(sv="Kameran ger {rate:.0f} bilder i sekunden. {wanted:.0f} är bra.", en="The camera gives {rate:.0f} pictures a second. {wanted:.0f} is good."),
    activities=_SEEN, evidence=("frame_rate_hz",), need=Need.CAMERA,
    remedies=(
        Remedy(text=Text(sv="Tänd mer ljus i rummet. Kameran blir långsam i mörker.", en="Put on more light in the room. Cameras are slow in the dark."), action=Action.RUN_AGAIN),
        _CLOSE_OTHER, _BUY,
    ),
)  # fmt: skip
LOW_RESOLUTION = FindingKind(
    code="camera.low_resolution",
    title=Text(sv="Bilden är grov", en="The picture is coarse"),
    detail=Text(sv="Den är {height:d} rader hög. {wanted:.0f} är bra.", en="It is {height:d} lines high. {wanted:.0f} is good."),
    activities=_SEEN, evidence=("width", "height"), need=Need.CAMERA,
    remedies=(_CHOOSE, _BUY),
)  # fmt: skip
WORKS = FindingKind(
    code="camera.works",
    title=Text(sv="Kameran ger en bild som rör sig", en="The camera gives a moving picture"),
    detail=Text(sv="{width:d} × {height:d}, {rate:.0f} bilder i sekunden.", en="{width:d} × {height:d}, {rate:.0f} pictures a second."),
    activities=_SEEN, evidence=("width", "height", "frame_rate_hz"),
)  # fmt: skip

_BY_PROBLEM = {
    Problem.ABSENT: ABSENT, Problem.IN_USE: IN_USE, Problem.DENIED: DENIED, Problem.NO_FRAMES: NO_FRAMES,
    Problem.HUNG: NO_FRAMES, Problem.REMOVED: REMOVED, Problem.NO_BACKEND: NO_BACKEND,
    Problem.UNREADABLE_FILE: UNREADABLE_FILE, Problem.FAILED: FAILED,
}  # fmt: skip


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


def judge(evidence: CameraEvidence, profile: Profile) -> Sequence[Finding]:
    """What the figures mean; the heaviest finding first."""
    if problem := from_problem(evidence.problem, evidence.problem_detail, _BY_PROBLEM):
        return (problem,)
    if evidence.frames is None:
        return (FAILED.found(Verdict.UNKNOWN, detail="–"),)
    if not evidence.frames:
        return (NO_FRAMES.found(Verdict.NOT_READY),)
    black = profile.grade("camera.black_percent", "at_most", evidence.black_percent)
    if black in (Verdict.NOT_READY, Verdict.LIMITED):
        return (BLACK.found(black),)
    findings: list[Finding] = []
    still = profile.grade("camera.longest_still_seconds", "at_most", evidence.longest_still_seconds)
    if still in (Verdict.NOT_READY, Verdict.LIMITED):
        findings.append(FROZEN.found(still, seconds=evidence.longest_still_seconds))
    rate = profile.grade("camera.frame_rate_hz", "at_least", evidence.frame_rate_hz)
    if rate is not Verdict.READY:
        wanted = _recommended(profile, "camera.frame_rate_hz")
        findings.append(LOW_FRAME_RATE.found(rate, rate=evidence.frame_rate_hz, wanted=wanted))
    lines = min(evidence.width, evidence.height) if evidence.width and evidence.height else None
    size = profile.grade("camera.height", "at_least", lines)
    if size is not Verdict.READY:
        findings.append(
            LOW_RESOLUTION.found(size, height=lines, wanted=_recommended(profile, "camera.height"))
        )
    if worst([finding.verdict for finding in findings]) is Verdict.READY:
        findings.append(
            WORKS.found(
                Verdict.READY, width=evidence.width, height=evidence.height, rate=evidence.frame_rate_hz
            )
        )
    return by_importance(findings)


def _recommended(profile: Profile, figure: str) -> float | None:
    limit = profile.limit(figure, "at_least")
    return None if limit is None else limit.recommended or limit.required


def _wanted_size(profiles: Sequence[Profile]) -> tuple[int, int]:
    heights = [_recommended(profile, "camera.height") or 0 for profile in profiles]
    height = int(max(heights, default=0)) or _DEFAULT_HEIGHT
    return round(height * _DEFAULT_WIDTH / _DEFAULT_HEIGHT), height


KINDS: tuple[FindingKind, ...] = (
    ABSENT, IN_USE, DENIED, NO_FRAMES, REMOVED, NO_BACKEND, UNREADABLE_FILE, FAILED, BLACK, FROZEN,
    LOW_FRAME_RATE, LOW_RESOLUTION, WORKS,
)  # fmt: skip

CHECK = Check[Machine, CameraEvidence](
    id="camera",
    title=Text(sv="Kamera", en="Camera"),
    evidence=CameraEvidence,
    measure=measure,
    judge=judge,
    kinds=KINDS,
    activities=_SEEN,
    deadline_seconds=25.0,
    typical_seconds=4.0,
    uses=frozenset((Resource.CAMERA,)),
)
