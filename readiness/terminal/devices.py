"""The terminal's side of devices: their list, listening with all microphones, going through them all."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text as Styled

from readiness import in_force
from readiness.checks import CHECKS, kind
from readiness.checks.hearing import Heard, ranked
from readiness.checks.rounds import MOST_ROUNDS, Round, rounds
from readiness.core.check import Context, Options, ask_nobody
from readiness.core.model import Finding, Finished, Report, Result, Trial, severity
from readiness.core.rating import verdict_of, worst
from readiness.core.runner import run
from readiness.core.text import Language, Text
from readiness.devices.machine import LocalMachine
from readiness.devices.ports import Device, DeviceError, DeviceKind, Machine
from readiness.settings import Places, Settings
from readiness.terminal import output

LISTEN_SECONDS = 5.0
_KINDS = (DeviceKind.CAMERA, DeviceKind.MICROPHONE, DeviceKind.SPEAKER)
_TALK = Text(
    sv="Prata som vanligt i fem sekunder. Alla mikrofoner lyssnar.",
    en="Talk as usual for five seconds. All microphones listen.",
)
_HEARS = Text(sv="{name} hör dig bäst.", en="{name} hears you best.")
_NONE_HEARS = Text(
    sv="Ingen mikrofon hörde någon röst. Försök igen och prata högt.",
    en="No microphone heard a voice. Try again and talk loudly.",
)
_NO_MICROPHONE = Text(
    sv="Datorn hittar ingen mikrofon. Sätt i en och försök igen.",
    en="The computer finds no microphone. Plug one in and try again.",
)
_ROUND = Text(sv="Omgång {number} av {count}: {names}", en="Round {number} of {count}: {names}")
_TOO_MANY = Text(
    sv="Alla enheter testas, men inte alla par. Det finns fler par än {most}.",
    en="All devices are tested, but not all pairs. There are more pairs than {most}.",
)
_ALL = Text(sv="Alla enheter", en="All devices")


async def list_devices() -> list[dict[str, Any]]:
    """What the computer has, the defaults of each kind first; a kind that cannot be listed is told."""
    local = LocalMachine()
    try:
        there = await _there(local.machine)
    finally:
        await local.close()
    return [dataclasses.asdict(device) for devices in there.values() for device in devices]


async def listen(settings: Settings, where: Places, *, as_json: bool) -> list[Heard]:
    """Listen with all microphones while the person talks; the one that hears best in front."""
    profile = in_force.kept(settings, where).profiles[0]
    local = LocalMachine()
    try:
        names = {device.id: device.name for device in await local.machine.microphone.devices()}
        console = Console(stderr=True)
        if not as_json:
            console.print(_TALK.say(settings.language), style="bold")
        with Live(console=console, refresh_per_second=12, transient=True) as live:

            def show(levels: Mapping[str, float], _done: float) -> None:
                if not as_json:
                    live.update(_levels(levels, names))

            figures = await local.machine.microphone.compare(seconds=LISTEN_SECONDS, on_levels=show)
    except DeviceError as error:
        output.complain(str(error))
        figures = []
    finally:
        await local.close()
    return ranked(figures, profile)


def print_heard(heard: Sequence[Heard], language: Language) -> None:
    """What each microphone heard, a line each, and which one to use."""
    console = Console(highlight=False)
    for one in heard:
        _, style, mark = output.VERDICTS[worst([finding.verdict for finding in one.findings])]
        level = one.evidence.active_level_dbfs
        shown = "" if level is None else f"  {level:.0f} dBFS"
        console.print(
            f"{mark} {one.name}{shown}  {_title(one.findings, language)}", style=style, markup=False
        )
    if not heard:
        console.print(_NO_MICROPHONE.say(language))
    elif heard[0].hears_voice:
        console.print(_HEARS.say(language, {"name": heard[0].name}), style="bold", markup=False)
    else:
        console.print(_NONE_HEARS.say(language), style="bold")


def heard_document(heard: Sequence[Heard]) -> dict[str, Any]:
    """The same for programs."""
    from readiness.core.evidence import encode

    return {
        "best": heard[0].device_id if heard and heard[0].hears_voice else None,
        "microphones": [
            {
                "id": one.device_id,
                "name": one.name,
                "hears_voice": one.hears_voice,
                "findings": [encode(finding) for finding in one.findings],
                "evidence": encode(one.evidence),
            }
            for one in heard
        ],
    }


class AllDevices:
    """The rounds of a run through all devices of this computer."""

    def __init__(self, machine: Machine, options: Options, language: Language) -> None:
        self._machine = machine
        self._options = options
        self._language = language
        self._there: Mapping[DeviceKind, Sequence[Device]] = {}
        self._rounds: list[Round] = []

    async def first(self) -> Options:
        """Plan the rounds; the options of the first one, which is that of the whole run."""
        self._there = await _there(self._machine)
        wanted = dict(zip(_KINDS, _chosen(self._options), strict=True))
        ids = {
            kind_of: [
                device.id
                for device in devices
                if wanted[kind_of] in (None, device.id, device.name)  # one that was named stands alone
            ]
            for kind_of, devices in self._there.items()
        }
        self._rounds = rounds(ids)
        if len(ids[DeviceKind.CAMERA]) * len(ids[DeviceKind.MICROPHONE]) > MOST_ROUNDS:
            output.complain(_TOO_MANY.say(self._language, {"most": MOST_ROUNDS}))
        return self._with(self._rounds[0], heard_before=False)

    async def go_through(
        self,
        results: Sequence[Result],
        context: Context[Machine],
        screen: output.Screen,
        stop: asyncio.Event,
    ) -> list[Trial]:
        """The other rounds, after the first with its `results`; until all are done or `stop` is set."""
        ids = {check.value for check in _KINDS} & {result.check_id for result in results}
        checks = [check for check in CHECKS if check.id in ids]
        trials = [_trial(self._rounds[0], [result for result in results if result.check_id in ids])]
        heard = {self._rounds[0].microphone}
        for number, round_ in enumerate(self._rounds[1:], start=2):
            if stop.is_set():
                break
            self._announce(number, round_)
            options = self._with(round_, heard_before=round_.microphone in heard)
            heard.add(round_.microphone)
            now = dataclasses.replace(
                context, options=options, ask=ask_nobody if options.unattended else context.ask
            )
            finished: list[Result] = []
            with screen.showing(checks):
                async for event in run(checks, now, stop):
                    screen.show(event)
                    if isinstance(event, Finished):
                        finished.append(event.result)
            finished.sort(key=lambda result: [check.id for check in checks].index(result.check_id))
            trials.append(_trial(round_, finished))
        return trials

    def _with(self, round_: Round, *, heard_before: bool) -> Options:
        """A microphone that has heard the voice once is not read to again: the loop is enough."""
        return dataclasses.replace(
            self._options,
            camera=round_.camera or self._options.camera,
            microphone=round_.microphone or self._options.microphone,
            speaker=round_.speaker or self._options.speaker,
            unattended=self._options.unattended or heard_before,
        )

    def _announce(self, number: int, round_: Round) -> None:
        ids = (round_.camera, round_.microphone, round_.speaker)
        names = [
            device.name
            for device_id, kind_of in zip(ids, _KINDS, strict=True)
            for device in self._there[kind_of]
            if device.id == device_id
        ]
        words = {"number": number, "count": len(self._rounds), "names": ", ".join(names)}
        output.complain(_ROUND.say(self._language, words))


def print_trials(report: Report, language: Language) -> None:
    """Every device with the worst that any round found of it, and which partner it had there."""
    console = Console(highlight=False)
    console.print()
    console.print(_ALL.say(language), style="bold")
    titles = {check.id: check.title.say(language) for check in CHECKS}
    found: dict[tuple[str, str], list[Result]] = {}
    for trial in report.trials:
        for result in trial.results:
            found.setdefault((result.check_id, trial.devices.get(result.check_id, "")), []).append(result)
    for (check_id, device_id), results in sorted(found.items()):
        result = max(results, key=lambda result: severity(verdict_of(result)))
        word, style, mark = output.VERDICTS[verdict_of(result)]
        name = result.evidence.get("device_name") or device_id
        title = _title(result.findings, language)
        line = f"  {mark} {titles[check_id]}: {name}. {title or word.say(language)}."
        console.print(line, style=style.removeprefix("bold "), markup=False)


def _trial(round_: Round, results: Sequence[Result]) -> Trial:
    devices = {name: value for name, value in dataclasses.asdict(round_).items() if value is not None}
    return Trial(devices=devices, results=tuple(results))


def _title(findings: Sequence[Finding], language: Language) -> str:
    if not findings:
        return ""
    declared = kind(findings[0].code)
    return declared.title.say(language, findings[0].arguments) if declared else findings[0].code


def _chosen(options: Options) -> tuple[str | None, str | None, str | None]:
    return options.camera, options.microphone, options.speaker


async def _there(machine: Machine) -> dict[DeviceKind, Sequence[Device]]:
    there: dict[DeviceKind, Sequence[Device]] = {}
    listed = (machine.camera.devices, machine.microphone.devices, machine.speaker.devices)
    for kind_of, devices in zip(_KINDS, listed, strict=True):
        try:
            there[kind_of] = await devices()
        except DeviceError as error:
            output.complain(str(error))
            there[kind_of] = ()
    return there


def _levels(levels: Mapping[str, float], names: Mapping[str, str]) -> Styled:
    """A bar for each microphone."""
    text = Styled()
    for device_id, level in levels.items():
        loud = round(20 * max(0.0, min(1.0, 1 + level / 60)))
        text.append("▮" * loud + "▯" * (20 - loud), style="green")
        text.append(f"  {names.get(device_id, device_id)}\n")
    return text
