"""The microphone's findings: their words and their remedies."""

from __future__ import annotations

from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy, System
from readiness.core.text import Text
from readiness.devices.ports import Problem

_TALK = (Activity.TALK,)

BE_QUIET = Text(sv="Var tyst en liten stund.", en="Be quiet for a moment.")
READ_ALOUD = Text(
    sv="Läs högt: ”I dag träffas vi på nätet i stället för att resa. Hör ni mig bra?”",
    en="Read aloud: “Today we meet online instead of travelling. Can you hear me well?”",
)

_AGAIN = Remedy(text=Text(sv="Gör testet igen.", en="Run the test again."), action=Action.RUN_AGAIN)
_CHOOSE = Remedy(text=Text(sv="Välj en annan mikrofon.", en="Choose another microphone."), action=Action.CHOOSE_DEVICE)  # fmt: skip
_PRIVACY = Remedy(
    text=Text(sv="Tillåt program att använda mikrofonen.", en="Let programs use the microphone."),
    action=Action.OPEN_MICROPHONE_PRIVACY,
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar.", en="Open Settings."),
            Text(sv="Välj Sekretess och säkerhet.", en="Choose Privacy & security."),
            Text(sv="Välj Mikrofon.", en="Choose Microphone."),
            Text(sv="Slå på Mikrofonåtkomst.", en="Turn on Microphone access."),
            Text(sv="Slå på Låt skrivbordsappar komma åt mikrofonen.", en="Turn on Let desktop apps access your microphone."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar och välj Integritet och säkerhet.", en="Open System Settings and choose Privacy & Security."),
            Text(sv="Välj Mikrofon och slå på Mötesklar.", en="Choose Microphone and turn on Mötesklar."),
        ),
        System.LINUX: (
            Text(sv="Be IT lägga till dig i gruppen audio.", en="Ask IT to add you to the group audio."),
        ),
    },
)  # fmt: skip
_UNMUTE = Remedy(
    text=Text(sv="Slå på mikrofonens ljud i datorn.", en="Turn the microphone's sound on in the computer."),
    action=Action.OPEN_SOUND_SETTINGS,
)
_UNMUTE_HEADSET = Remedy(
    text=Text(sv="Titta efter en knapp eller spak för ljudet på headsetet.", en="Look for a mute button or switch on the headset."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
_TURN_UP = Remedy(
    text=Text(sv="Höj mikrofonens ljud i datorn.", en="Turn up the microphone in the computer."),
    action=Action.OPEN_SOUND_SETTINGS,
)
_TURN_DOWN = Remedy(
    text=Text(sv="Sänk mikrofonens ljud i datorn.", en="Turn down the microphone in the computer."),
    action=Action.OPEN_SOUND_SETTINGS,
)
_CLOSER = Remedy(text=Text(sv="Flytta mikrofonen närmare munnen.", en="Move the microphone closer to your mouth."), action=Action.RUN_AGAIN)  # fmt: skip
_FURTHER = Remedy(text=Text(sv="Flytta mikrofonen lite längre från munnen.", en="Move the microphone a little further from your mouth."), action=Action.RUN_AGAIN)  # fmt: skip
_QUIETER_ROOM = Remedy(text=Text(sv="Stäng dörr och fönster, eller byt rum.", en="Close the door and windows, or change rooms."), action=Action.RUN_AGAIN)  # fmt: skip
_REPLUG = Remedy(text=Text(sv="Dra ut sladden och sätt i den igen.", en="Unplug the cable and plug it in again."), action=Action.RUN_AGAIN)  # fmt: skip
_CLOSE_OTHER = Remedy(text=Text(sv="Stäng andra program som använder ljud.", en="Close other programs that use sound."), action=Action.RUN_AGAIN)  # fmt: skip
_HEADSET = Remedy(text=Text(sv="Be om ett headset av din chef eller av IT.", en="Ask your manager or IT for a headset."), owner=Owner.BUY)  # fmt: skip
_ASK_IT = Remedy(text=Text(sv="Kontakta IT och läs upp vad som står här.", en="Contact IT and read out what it says here."), owner=Owner.IT)  # fmt: skip

ABSENT = FindingKind(
    code="microphone.absent",
    title=Text(sv="Datorn hittar ingen mikrofon", en="The computer finds no microphone"),
    detail=Text(sv="Du kan höra och se, men inte prata.", en="You can hear and watch, but not talk."),
    activities=_TALK, evidence=("problem",), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Sätt i headsetet, om du har ett. Gör sedan testet igen.", en="Plug in the headset, if you have one. Then run the test again."), action=Action.RUN_AGAIN),
        _HEADSET,
    ),
)  # fmt: skip
IN_USE = FindingKind(
    code="microphone.in_use",
    title=Text(sv="Ett annat program använder mikrofonen", en="Another program is using the microphone"),
    detail=Text(sv="Systemet säger: {detail}.", en="The system says: {detail}."),
    activities=_TALK, evidence=("problem", "problem_detail"), need=Need.KNOWLEDGE,
    remedies=(_CLOSE_OTHER, _CHOOSE, _ASK_IT),
)  # fmt: skip
DENIED = FindingKind(
    code="microphone.denied",
    title=Text(sv="Datorn släpper inte fram mikrofonen", en="The computer does not let programs use the microphone"),
    detail=Text(sv="Då kan ingen höra dig.", en="Then nobody can hear you."),
    activities=_TALK, evidence=("problem", "problem_detail", "denied_by"), need=Need.PERMISSION,
    remedies=(_PRIVACY, _ASK_IT),
)  # fmt: skip
REMOVED = FindingKind(
    code="microphone.removed",
    title=Text(sv="Mikrofonen försvann under testet", en="The microphone went away during the test"),
    activities=_TALK, evidence=("problem", "problem_detail"), remedies=(_REPLUG, _ASK_IT),
)  # fmt: skip
REPLACED = FindingKind(
    code="microphone.replaced",
    title=Text(sv="Datorn bytte mikrofon under testet", en="The computer changed microphones during the test"),
    detail=Text(sv="Nu används {detail}.", en="It now uses {detail}."),
    activities=_TALK, evidence=("problem", "problem_detail"), remedies=(_CHOOSE, _REPLUG),
)  # fmt: skip
HUNG = FindingKind(
    code="microphone.hung",
    title=Text(sv="Mikrofonen svarar inte", en="The microphone does not answer"),
    activities=_TALK, evidence=("problem", "problem_detail"), remedies=(_REPLUG, _AGAIN, _ASK_IT),
)  # fmt: skip
NO_BACKEND = FindingKind(
    code="microphone.no_backend",
    title=Text(sv="Den här datorn har inget ljudsystem som vi kan använda", en="This computer has no sound system we can use"),
    activities=_TALK, evidence=("problem", "problem_detail"), need=Need.COMPUTER, remedies=(_ASK_IT,),
)  # fmt: skip
UNREADABLE_FILE = FindingKind(
    code="microphone.unreadable_file",
    title=Text(sv="Inspelningen går inte att läsa", en="The recording cannot be read"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=_TALK, evidence=("problem", "problem_detail"),
    remedies=(Remedy(text=Text(sv="Välj en annan fil, till exempel en wav-fil.", en="Choose another file, for example a wav file.")),),
)  # fmt: skip
FAILED = FindingKind(
    code="microphone.failed",
    title=Text(sv="Mikrofonen gick inte att testa", en="The microphone could not be tested"),
    detail=Text(sv="Felet är: {detail}.", en="The error is: {detail}."),
    activities=_TALK, evidence=("problem", "problem_detail"), remedies=(_AGAIN, _REPLUG, _ASK_IT),
)  # fmt: skip
MUTED_BY_SYSTEM = FindingKind(
    code="microphone.muted_by_system",
    title=Text(sv="Mikrofonen är avstängd i datorn", en="The microphone is switched off in the computer"),
    activities=_TALK, evidence=("system_muted", "system_volume_percent"), need=Need.KNOWLEDGE,
    remedies=(_UNMUTE, _CHOOSE),
)  # fmt: skip
SILENT = FindingKind(
    code="microphone.silent",
    title=Text(sv="Mikrofonen är helt tyst", en="The microphone is completely silent"),
    detail=Text(sv="Inte ens rummets brus hörs. Den är nog avstängd eller spärrad.", en="Not even the room is heard. It is probably switched off or blocked."),
    activities=_TALK, evidence=("swing_p999",), need=Need.KNOWLEDGE,
    remedies=(_UNMUTE_HEADSET, _PRIVACY, _CHOOSE, _HEADSET),
)  # fmt: skip
NO_SPEECH = FindingKind(
    code="microphone.no_speech",
    title=Text(sv="Mikrofonen hörde ingen röst", en="The microphone heard no voice"),
    activities=_TALK, evidence=("activity_percent", "active_level_dbfs"), need=Need.KNOWLEDGE,
    remedies=(
        Remedy(text=Text(sv="Gör testet igen och läs meningen högt.", en="Run the test again and read the sentence aloud."), action=Action.RUN_AGAIN),
        _CHOOSE, _TURN_UP,
    ),
)  # fmt: skip
TOO_QUIET = FindingKind(
    code="microphone.too_quiet",
    title=Text(sv="Din röst hörs svagt", en="Your voice is faint"),
    detail=Text(sv="Ljudet är {short:.0f} dB för svagt.", en="The sound is {short:.0f} dB too weak."),
    activities=_TALK, evidence=("active_level_dbfs",), need=Need.KNOWLEDGE,
    remedies=(_TURN_UP, _CLOSER, _CHOOSE, _HEADSET),
)  # fmt: skip
TOO_LOUD = FindingKind(
    code="microphone.too_loud",
    title=Text(sv="Din röst är för stark", en="Your voice is too loud"),
    activities=_TALK, evidence=("active_level_dbfs",), need=Need.KNOWLEDGE, remedies=(_TURN_DOWN, _FURTHER),
)  # fmt: skip
CLIPPED = FindingKind(
    code="microphone.clipped",
    title=Text(sv="Din röst låter sprucken", en="Your voice sounds distorted"),
    detail=Text(sv="Ljudet är så starkt att det klipps.", en="The sound is so strong that it is cut off."),
    activities=_TALK, evidence=("clipped_percent", "peak_dbfs"), need=Need.KNOWLEDGE,
    remedies=(_TURN_DOWN, _FURTHER, _CHOOSE),
)  # fmt: skip
NOISY = FindingKind(
    code="microphone.noisy",
    title=Text(sv="Det är mycket ljud runt din röst", en="There is much noise around your voice"),
    detail=Text(sv="Rösten är bara {snr:.0f} dB starkare än bruset.", en="The voice is only {snr:.0f} dB louder than the noise."),
    activities=_TALK, evidence=("snr_db", "noise_dbfs"), need=Need.HEADSET,
    remedies=(_QUIETER_ROOM, _CLOSER, _HEADSET),
)  # fmt: skip
DC_OFFSET = FindingKind(
    code="microphone.dc_offset",
    title=Text(sv="Mikrofonens elektronik ger ett fel i ljudet", en="The microphone's electronics put a fault in the sound"),
    activities=_TALK, evidence=("dc_offset",), need=Need.HEADSET, remedies=(_CHOOSE, _HEADSET),
)  # fmt: skip
NOBODY_SPOKE = FindingKind(
    code="microphone.nobody_spoke",
    title=Text(sv="Mikrofonen hör högtalaren", en="The microphone hears the speaker"),
    detail=Text(sv="Ingen har pratat i den än.", en="Nobody has talked into it yet."),
    activities=_TALK, evidence=("loop_peak_db",), remedies=(_AGAIN,),
)  # fmt: skip
NOT_PROVEN = FindingKind(
    code="microphone.not_proven",
    title=Text(sv="Ingen har provat mikrofonen", en="Nobody has tried the microphone"),
    detail=Text(sv="Den startar, men hörde inte högtalaren.", en="It starts, but did not hear the speaker."),
    activities=_TALK, evidence=("loop_peak_db", "loop_problem"),
    remedies=(
        Remedy(text=Text(sv="Gör testet igen och läs meningen högt.", en="Run the test again and read the sentence aloud."), action=Action.RUN_AGAIN),
    ),
)  # fmt: skip
WORKS = FindingKind(
    code="microphone.works",
    title=Text(sv="Din röst hörs bra", en="Your voice is heard well"),
    activities=_TALK, evidence=("active_level_dbfs", "snr_db"),
)  # fmt: skip

BY_PROBLEM = {
    Problem.ABSENT: ABSENT, Problem.IN_USE: IN_USE, Problem.DENIED: DENIED, Problem.REMOVED: REMOVED,
    Problem.REPLACED: REPLACED, Problem.HUNG: HUNG, Problem.NO_BACKEND: NO_BACKEND,
    Problem.UNREADABLE_FILE: UNREADABLE_FILE, Problem.FAILED: FAILED,
}  # fmt: skip

KINDS: tuple[FindingKind, ...] = (
    *BY_PROBLEM.values(), MUTED_BY_SYSTEM, SILENT, NO_SPEECH, TOO_QUIET, TOO_LOUD, CLIPPED, NOISY, DC_OFFSET,
    NOBODY_SPOKE, NOT_PROVEN, WORKS,
)  # fmt: skip
