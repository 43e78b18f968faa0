"""The microphone's findings: their words and their remedies."""

from __future__ import annotations

from readiness.checks.remedies import ASK_IT
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
    activities=_TALK, evidence=("problem", "problem_detail", "used_by"), need=Need.KNOWLEDGE,
    remedies=(_CLOSE_OTHER, _CHOOSE, ASK_IT),
)  # fmt: skip
DENIED = FindingKind(
    code="microphone.denied",
    title=Text(sv="Datorn släpper inte fram mikrofonen", en="The computer does not let programs use the microphone"),
    detail=Text(sv="Då kan ingen höra dig.", en="Then nobody can hear you."),
    activities=_TALK, evidence=("problem", "problem_detail", "denied_by"), need=Need.PERMISSION,
    remedies=(_PRIVACY, ASK_IT),
)  # fmt: skip
REMOVED = FindingKind(
    code="microphone.removed",
    title=Text(sv="Mikrofonen försvann under testet", en="The microphone went away during the test"),
    detail=Text(sv="Testet hann inte bli klart.", en="The test could not finish."),
    activities=_TALK, evidence=("problem", "problem_detail"), remedies=(_REPLUG, ASK_IT),
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
    detail=Text(sv="Vi vet inte om den fungerar.", en="We do not know whether it works."),
    activities=_TALK, evidence=("problem", "problem_detail"), remedies=(_REPLUG, _AGAIN, ASK_IT),
)  # fmt: skip
NO_BACKEND = FindingKind(
    code="microphone.no_backend",
    title=Text(sv="Den här datorn har inget ljudsystem som vi kan använda", en="This computer has no sound system we can use"),
    detail=Text(sv="Då kan inget program använda mikrofonen.", en="Then no program can use the microphone."),
    activities=_TALK, evidence=("problem", "problem_detail"), need=Need.COMPUTER, remedies=(ASK_IT,),
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
    activities=_TALK, evidence=("problem", "problem_detail"), remedies=(_AGAIN, _REPLUG, ASK_IT),
)  # fmt: skip
MUTED_BY_SYSTEM = FindingKind(
    code="microphone.muted_by_system",
    title=Text(sv="Mikrofonen är avstängd i datorn", en="The microphone is switched off in the computer"),
    detail=Text(sv="Den är avslagen, eller står på noll.", en="It is turned off, or set to zero."),
    activities=_TALK, evidence=("system_muted", "system_volume_percent"), need=Need.KNOWLEDGE,
    remedies=(_UNMUTE, _CHOOSE),
)  # fmt: skip
SILENT = FindingKind(
    code="microphone.silent",
    title=Text(sv="Mikrofonen är helt tyst", en="The microphone is completely silent"),
    detail=Text(sv="Inte ens rummets brus hörs. Den är nog avstängd eller spärrad.", en="Not even the room is heard. It is probably switched off or blocked."),
    activities=_TALK, evidence=("swing_p999", "noise_dbfs"), need=Need.KNOWLEDGE,
    remedies=(_UNMUTE_HEADSET, _CHOOSE, _PRIVACY, _HEADSET),
)  # fmt: skip
NO_SPEECH = FindingKind(
    code="microphone.no_speech",
    title=Text(sv="Mikrofonen hörde ingen röst", en="The microphone heard no voice"),
    detail=Text(sv="Den hör rummet, men ingen som pratar.", en="It hears the room, but nobody talking."),
    activities=_TALK, evidence=("voice_seconds", "snr_beneath_db", "activity_percent", "active_level_dbfs"), need=Need.KNOWLEDGE,
    remedies=(
        Remedy(text=Text(sv="Gör testet igen och läs meningen högt.", en="Run the test again and read the sentence aloud."), action=Action.RUN_AGAIN),
        _CHOOSE, _TURN_UP, _UNMUTE_HEADSET,
    ),
)  # fmt: skip
DROPOUTS = FindingKind(
    code="microphone.dropouts",
    title=Text(sv="Ljudet från mikrofonen hackar", en="The sound from the microphone breaks up"),
    detail=Text(sv="Det blev {count:.0f} avbrott mitt i orden.", en="There were {count:.0f} breaks amid the words."),
    activities=_TALK, evidence=("holes", "repeats", "splice_certainty", "packet_splice_certainty", "splices", "overruns"), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Stäng program som du inte behöver.", en="Close programs that you do not need."), action=Action.RUN_AGAIN),
        Remedy(text=Text(sv="Sätt mikrofonens sladd direkt i datorn.", en="Plug the microphone's cable straight into the computer."), action=Action.RUN_AGAIN),
        Remedy(text=Text(sv="Är headsetet trådlöst? Sätt dig närmare datorn och ladda headsetet.", en="Is the headset wireless? Sit closer to the computer and charge the headset."), action=Action.RUN_AGAIN),
        _CHOOSE, _HEADSET,
    ),
)  # fmt: skip
CLIPPED = FindingKind(
    code="microphone.clipped",
    title=Text(sv="Din röst låter sprucken", en="Your voice sounds distorted"),
    detail=Text(sv="Ljudet är så starkt att det klipps.", en="The sound is so strong that it is cut off."),
    activities=_TALK, evidence=("clipped_percent", "clipped_crowd", "clipped_slope", "filtered_crowd", "peak_dbfs"), need=Need.KNOWLEDGE,
    remedies=(_TURN_DOWN, _FURTHER, _CHOOSE),
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
    detail=Text(sv="Ljudet är {over:.0f} dB för starkt.", en="The sound is {over:.0f} dB too strong."),
    activities=_TALK, evidence=("active_level_dbfs",), need=Need.KNOWLEDGE, remedies=(_TURN_DOWN, _FURTHER),
)  # fmt: skip
HUM = FindingKind(
    code="microphone.hum",
    title=Text(sv="Det brummar i mikrofonen", en="The microphone hums"),
    detail=Text(sv="Brummet kommer från elnätet. Det är {under:.0f} dB svagare än rösten.", en="The hum comes from the mains. It is {under:.0f} dB weaker than the voice."),
    activities=_TALK, evidence=("hum_hz", "hum_db", "hum_contrast_db", "hum_certainty_db", "hum_lines"), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Dra ut datorns laddare och lyssna om det blir tyst.", en="Unplug the computer's charger and listen if it goes quiet."), action=Action.RUN_AGAIN),
        Remedy(text=Text(sv="Flytta sladden bort från laddare och lampor.", en="Move the cable away from chargers and lamps."), action=Action.RUN_AGAIN),
        _CHOOSE, _HEADSET,
    ),
)  # fmt: skip
NARROWBAND = FindingKind(
    code="microphone.narrowband",
    title=Text(sv="Din röst låter som i en telefon", en="You sound as on a telephone"),
    detail=Text(sv="De ljusa tonerna saknas: ljudet slutar vid {khz:.1f} kHz.", en="The bright tones are missing: the sound ends at {khz:.1f} kHz."),
    activities=_TALK, evidence=("band_edge_hz", "band_drop_db", "stretched_from_hz", "rate_hz"), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Är headsetet trådlöst? Välj datorns egen mikrofon i stället.", en="Is the headset wireless? Choose the computer's own microphone instead."), action=Action.CHOOSE_DEVICE),
        Remedy(text=Text(sv="Har headsetet en liten sändare? Sätt den i datorn.", en="Did the headset come with a small plug? Put it in the computer."), action=Action.RUN_AGAIN),
        Remedy(text=Text(sv="Be om ett headset med sladd.", en="Ask for a headset with a cable."), owner=Owner.BUY),
    ),
)  # fmt: skip
CALL_MODE = FindingKind(
    code="microphone.call_mode",
    title=Text(sv="{device} är trådlöst och går som telefon", en="{device} is wireless and works as a telephone"),
    detail=Text(sv="När mikrofonen används sänker Bluetooth ljudet, både det du hör och säger.", en="While its microphone is used Bluetooth lowers the sound, both ways."),
    activities=_TALK, evidence=("attachment", "call_mode", "band_edge_hz"), need=Need.HEADSET,
    remedies=(
        Remedy(text=Text(sv="Välj datorns egen mikrofon. Behåll headsetet som högtalare.", en="Choose the computer's own microphone. Keep the headset as speaker."), action=Action.CHOOSE_DEVICE),
        Remedy(text=Text(sv="Be om ett headset med sladd.", en="Ask for a headset with a cable."), owner=Owner.BUY),
    ),
)  # fmt: skip
ECHO = FindingKind(
    code="microphone.echo",
    title=Text(sv="Din röst hörs två gånger", en="Your voice is heard twice"),
    detail=Text(sv="Ekot kommer {delay:.1f} sekunder efter.", en="The echo comes {delay:.1f} seconds later."),
    activities=_TALK, evidence=("echo_strength", "echo_delay_ms", "late_echo_prominence", "late_echo_delay_ms"), need=Need.KNOWLEDGE,
    remedies=(
        Remedy(text=Text(sv="Stäng av att datorn spelar upp din egen mikrofon.", en="Turn off playing your own microphone back."), action=Action.OPEN_SOUND_SETTINGS),
        Remedy(text=Text(sv="Sänk högtalaren, eller använd ett headset.", en="Turn the speaker down, or use a headset."), action=Action.RUN_AGAIN),
        _HEADSET,
    ),
)  # fmt: skip
REVERBERANT = FindingKind(
    code="microphone.reverberant",
    title=Text(sv="Rummet ekar, och din röst blir otydlig", en="The room rings, and your voice is blurred"),
    detail=Text(sv="Mikrofonen är långt bort, eller rummet är kalt.", en="The microphone is far away, or the room is bare."),
    activities=_TALK, evidence=("signal_mos", "decay_db", "snr_steady_db", "floor_spread_db", "snr_db"), need=Need.HEADSET,
    remedies=(
        _CLOSER,
        Remedy(text=Text(sv="Byt till ett rum med gardiner och mattor.", en="Change to a room with curtains and carpets."), action=Action.RUN_AGAIN),
        _HEADSET,
    ),
)  # fmt: skip
NOISY = FindingKind(
    code="microphone.noisy",
    title=Text(sv="Det är mycket ljud runt din röst", en="There is much noise around your voice"),
    detail=Text(sv="Rösten är bara {snr:.0f} dB starkare än bruset.", en="The voice is only {snr:.0f} dB louder than the noise."),
    activities=_TALK, evidence=("snr_db", "noise_dbfs", "snr_without_hum_db", "snr_without_rumble_db", "background_mos"), need=Need.HEADSET,
    remedies=(_QUIETER_ROOM, _CLOSER, _HEADSET),
)  # fmt: skip
NOISE_IN_BURSTS = FindingKind(
    code="microphone.noise_in_bursts",
    title=Text(sv="Ljudet runt dig kommer i stötar", en="The noise around you comes in bursts"),
    detail=Text(sv="Det låter som tangenter, dörrar eller andra som pratar.", en="It sounds like keys, doors or other people talking."),
    activities=_TALK, evidence=("snr_beneath_db", "burst_db", "snr_steady_db", "background_mos", "clicks_per_second"), need=Need.KNOWLEDGE,
    remedies=(
        Remedy(text=Text(sv="Skriv inte på tangenterna medan du pratar.", en="Do not type while you talk."), action=Action.RUN_AGAIN),
        _QUIETER_ROOM, _HEADSET,
    ),
)  # fmt: skip
DC_OFFSET = FindingKind(
    code="microphone.dc_offset",
    title=Text(sv="Mikrofonens elektronik ger ett fel i ljudet", en="The microphone's electronics put a fault in the sound"),
    detail=Text(sv="Ljudet ligger {percent:.0f} procent snett.", en="The sound is {percent:.0f} per cent off centre."),
    activities=_TALK, evidence=("dc_offset",), need=Need.HEADSET, remedies=(_CHOOSE, _HEADSET),
)  # fmt: skip
CHANNEL_DEAD = FindingKind(
    code="microphone.channel_dead",
    title=Text(sv="Ena sidan av mikrofonen är tyst", en="One side of the microphone is silent"),
    detail=Text(sv="Andra kan höra dig svagt.", en="Others may hear you faintly."),
    activities=_TALK, evidence=("channel_levels_dbfs",), need=Need.HEADSET, remedies=(_REPLUG, _CHOOSE, _HEADSET),
)  # fmt: skip
WRONG_RATE = FindingKind(
    code="microphone.wrong_rate",
    title=Text(sv="Mikrofonen ger ljud av lägre kvalitet", en="The microphone gives sound of lower quality"),
    detail=Text(sv="Datorn bad om {asked:.0f} kHz ljud och fick {got:.0f}.", en="The computer asked for {asked:.0f} kHz sound and got {got:.0f}."),
    activities=_TALK, evidence=("rate_hz", "asked_rate_hz"), need=Need.HEADSET, remedies=(_CHOOSE, _REPLUG, _HEADSET),
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
NOT_MEASURED = FindingKind(
    code="microphone.not_measured",
    title=Text(sv="Mikrofonen gick inte att bedöma", en="The microphone could not be judged"),
    detail=Text(sv="Mätningen av rösten blev inte klar.", en="The measuring of the voice was not completed."),
    activities=_TALK, evidence=("active_level_dbfs", "snr_db", "swing_p999"), remedies=(_AGAIN, ASK_IT),
)  # fmt: skip
WIDEBAND = FindingKind(
    code="microphone.wideband",
    title=Text(sv="Rösten är tydlig men inte fyllig", en="The voice is clear but not full"),
    detail=Text(sv="Ljudet slutar vid {khz:.1f} kHz. Det räcker för möten.", en="The sound ends at {khz:.1f} kHz. That is enough for meetings."),
    activities=_TALK, evidence=("band_edge_hz",), remedies=(_CHOOSE,),
)  # fmt: skip
WORKS = FindingKind(
    code="microphone.works",
    title=Text(sv="Din röst hörs bra", en="Your voice is heard well"),
    detail=Text(sv="Den är {snr:.0f} dB starkare än bruset.", en="It is {snr:.0f} dB louder than the noise."),
    activities=_TALK, evidence=("active_level_dbfs", "snr_db"),
)  # fmt: skip

BY_PROBLEM = {
    Problem.ABSENT: ABSENT, Problem.IN_USE: IN_USE, Problem.DENIED: DENIED, Problem.REMOVED: REMOVED,
    Problem.REPLACED: REPLACED, Problem.HUNG: HUNG, Problem.NO_BACKEND: NO_BACKEND,
    Problem.UNREADABLE_FILE: UNREADABLE_FILE, Problem.FAILED: FAILED,
}  # fmt: skip

KINDS: tuple[FindingKind, ...] = (
    *BY_PROBLEM.values(), MUTED_BY_SYSTEM, SILENT, NO_SPEECH, DROPOUTS, CLIPPED, TOO_QUIET, TOO_LOUD, HUM,
    NARROWBAND, CALL_MODE, ECHO, REVERBERANT, NOISY, NOISE_IN_BURSTS, DC_OFFSET, CHANNEL_DEAD, WRONG_RATE,
    NOBODY_SPOKE, NOT_PROVEN, NOT_MEASURED, WIDEBAND, WORKS,
)  # fmt: skip
