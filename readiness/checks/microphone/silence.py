"""Why a microphone gives nothing at all, as far as the system tells: the cause instead of the silence."""

from __future__ import annotations

from typing import Protocol

from readiness.checks.microphone.findings import DENIED, IN_USE
from readiness.core.model import Action, Activity, Finding, FindingKind, Need, Owner, Remedy, Verdict
from readiness.core.profile import Profile
from readiness.core.text import Text

_TALK = (Activity.TALK,)
_CHOOSE = Remedy(text=Text(sv="Välj en annan mikrofon.", en="Choose another microphone."), action=Action.CHOOSE_DEVICE)  # fmt: skip
_CHOOSE_IT = Remedy(text=Text(sv="Välj den i listan över mikrofoner.", en="Choose it in the list of microphones."), action=Action.CHOOSE_DEVICE)  # fmt: skip
_UNMUTE_HEADSET = Remedy(text=Text(sv="Titta efter en knapp eller spak för ljudet på headsetet.", en="Look for a mute button or switch on the headset."), action=Action.RUN_AGAIN)  # fmt: skip
_MUTE_KEY = Remedy(text=Text(sv="Tryck på tangenten med en mikrofon på.", en="Press the key with a microphone on it."), action=Action.RUN_AGAIN)  # fmt: skip
_PLUG_IN = Remedy(text=Text(sv="Sätt i headsetet eller mikrofonen.", en="Plug in the headset or the microphone."), action=Action.RUN_AGAIN)  # fmt: skip
_HEADSET = Remedy(text=Text(sv="Be om ett headset av din chef eller av IT.", en="Ask your manager or IT for a headset."), owner=Owner.BUY)  # fmt: skip

MUTED_BY_SWITCH = FindingKind(
    code="microphone.muted_by_switch",
    title=Text(sv="Mikrofonens egen strömbrytare är av", en="The microphone's own switch is off"),
    detail=Text(sv="Det gäller {device}.", en="It is about {device}."),
    activities=_TALK, evidence=("hardware_muted", "swing_p999"), need=Need.KNOWLEDGE,
    remedies=(_MUTE_KEY, _UNMUTE_HEADSET, _CHOOSE),
)  # fmt: skip
NOT_PLUGGED_IN = FindingKind(
    code="microphone.not_plugged_in",
    title=Text(sv="Ingenting sitter i uttaget för mikrofon", en="Nothing is plugged into the microphone's socket"),
    detail=Text(sv="Datorn lyssnar på {device}.", en="The computer listens to {device}."),
    activities=_TALK, evidence=("plugged_in", "swing_p999"), need=Need.KNOWLEDGE,
    remedies=(_PLUG_IN, _CHOOSE, _HEADSET),
)  # fmt: skip
WRONG_DEVICE = FindingKind(
    code="microphone.wrong_device",
    title=Text(sv="Fel mikrofon är vald", en="The wrong microphone is chosen"),
    detail=Text(sv="{device} är tyst, men {other} hör rummet.", en="{device} is silent, but {other} hears the room."),
    activities=_TALK, evidence=("other_device_name", "other_swing_p999", "swing_p999"), need=Need.KNOWLEDGE,
    remedies=(_CHOOSE_IT, _UNMUTE_HEADSET),
)  # fmt: skip

SILENCE_KINDS: tuple[FindingKind, ...] = (MUTED_BY_SWITCH, NOT_PLUGGED_IN, WRONG_DEVICE)


class _Evidence(Protocol):
    """The fields of the microphone's evidence that tell of a cause."""

    @property
    def device_name(self) -> str | None: ...

    @property
    def hardware_muted(self) -> bool | None: ...

    @property
    def plugged_in(self) -> bool | None: ...

    @property
    def denied_by(self) -> str | None: ...

    @property
    def used_by(self) -> tuple[str, ...] | None: ...

    @property
    def other_device_name(self) -> str | None: ...

    @property
    def noise_dbfs(self) -> float | None: ...

    @property
    def spectrum_dbfs(self) -> tuple[float, ...] | None: ...

    @property
    def other_swing_p999(self) -> float | None: ...


def is_hiss(evidence: _Evidence, profile: Profile) -> bool:
    """Whether all there is is a converter's own noise, faint and as strong at every frequency: a room has more lows."""
    if not evidence.spectrum_dbfs:
        return False
    levels = sorted(evidence.spectrum_dbfs)
    few = len(levels) // 10  # what a coupling or a filter takes off at an end does not count
    spread = profile.grade("microphone.hiss_spread_db", "at_least", levels[-1 - few] - levels[few])
    faint = profile.grade("microphone.hiss_dbfs", "at_least", evidence.noise_dbfs)
    return spread is faint is Verdict.NOT_READY


def cause_of_silence(evidence: _Evidence, profile: Profile) -> Finding | None:
    """The cause, surest first, for a microphone that was found silent; None where none is known."""
    device = evidence.device_name
    if evidence.denied_by:
        return DENIED.found(Verdict.NOT_READY, detail=evidence.denied_by)
    if evidence.hardware_muted:
        return MUTED_BY_SWITCH.found(Verdict.NOT_READY, device=device)
    if evidence.plugged_in is False:
        return NOT_PLUGGED_IN.found(Verdict.NOT_READY, device=device)
    other = profile.grade("microphone.swing_p999", "at_least", evidence.other_swing_p999)
    if evidence.other_device_name and other is Verdict.READY:
        return WRONG_DEVICE.found(Verdict.NOT_READY, device=device, other=evidence.other_device_name)
    if evidence.used_by:
        return IN_USE.found(Verdict.NOT_READY, detail=", ".join(evidence.used_by))
    return None
