"""The findings about the computer: their words, and what to do."""

from __future__ import annotations

from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy, System
from readiness.core.text import Text

_ALL = tuple(Activity)
_SHOWN = (Activity.BE_SEEN, Activity.SHARE_SCREEN)

_SHOW_IT = Remedy(text=Text(sv="Visa detta för IT.", en="Show this to IT."), owner=Owner.IT)
_NEW_COMPUTER = Remedy(text=Text(sv="Visa detta för IT. Datorn kan behöva bytas.", en="Show this to IT. The computer may have to be replaced."), owner=Owner.BUY)  # fmt: skip
_MORE_MEMORY = Remedy(text=Text(sv="Visa detta för IT. Datorn behöver mer minne, eller bytas.", en="Show this to IT. The computer needs more memory, or to be replaced."), owner=Owner.BUY)  # fmt: skip
_CLOSE_PROGRAMS = Remedy(
    text=Text(sv="Stäng program som du inte använder. Gör sedan testet igen.", en="Close programs that you do not use. Then run the test again."),
    action=Action.RUN_AGAIN,
    steps={
        System.WINDOWS: (
            Text(sv="Tryck på Ctrl, Skift och Esc samtidigt.", en="Press Ctrl, Shift and Esc at the same time."),
            Text(sv="Se vilket program som står överst under Processor.", en="See which program is on top under CPU."),
            Text(sv="Spara det du gör där, och stäng det.", en="Save what you do there, and close it."),
        ),
        System.MACOS: (
            Text(sv="Tryck på Alternativ, Kommando och Esc samtidigt.", en="Press Option, Command and Esc at the same time."),
            Text(sv="Se vilka program som är öppna.", en="See which programs are open."),
            Text(sv="Spara det du gör där, och stäng dem.", en="Save what you do there, and close them."),
        ),
        System.LINUX: (
            Text(sv="Öppna Systemövervakare.", en="Open System Monitor."),
            Text(sv="Se vilket program som använder mest.", en="See which program uses most."),
            Text(sv="Spara det du gör där, och stäng det.", en="Save what you do there, and close it."),
        ),
    },
)  # fmt: skip
_CLOSE_IT = Remedy(
    text=Text(sv="Stäng {program}, eller vänta tills det är klart. Gör sedan testet igen.", en="Close {program}, or wait until it is done. Then run the test again."),
    action=Action.RUN_AGAIN,
)  # fmt: skip
_RESTART = Remedy(text=Text(sv="Starta om datorn.", en="Restart the computer."))
_CHARGE = Remedy(text=Text(sv="Sätt i laddaren före mötet.", en="Plug in the charger before the meeting."))
_FREE_DISK = Remedy(
    text=Text(sv="Töm papperskorgen. Be IT om hjälp att rensa.", en="Empty the bin. Ask IT to help you clean up."),
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar, System och sedan Lagring.", en="Open Settings, System and then Storage."),
            Text(sv="Välj Tillfälliga filer, och ta bort dem.", en="Choose Temporary files, and remove them."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar, Allmänt och sedan Lagring.", en="Open System Settings, General and then Storage."),
            Text(sv="Töm papperskorgen därifrån.", en="Empty the bin from there."),
        ),
        System.LINUX: (
            Text(sv="Öppna Filer, och välj Papperskorg.", en="Open Files, and choose Trash."),
            Text(sv="Töm den.", en="Empty it."),
        ),
    },
)  # fmt: skip
_STOP_SAVING = Remedy(
    text=Text(sv="Stäng av energisparläget under mötet.", en="Turn the energy saver off during the meeting."),
    action=Action.OPEN_POWER_SETTINGS,
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar, System och sedan Ström och batteri.", en="Open Settings, System and then Power & battery."),
            Text(sv="Stäng av Energisparfunktionen.", en="Turn Energy saver off."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar och sedan Batteri.", en="Open System Settings and then Battery."),
            Text(sv="Välj Aldrig vid Lågströmsläge.", en="Choose Never at Low Power Mode."),
        ),
        System.LINUX: (
            Text(sv="Öppna Inställningar och sedan Energi.", en="Open Settings and then Power."),
            Text(sv="Välj Balanserad i stället för Energisparläge.", en="Choose Balanced in place of Power Saver."),
        ),
    },
)  # fmt: skip
_UPDATE_PROGRAM = Remedy(
    text=Text(sv="Uppdatera {program}, eller be IT om det.", en="Update {program}, or ask IT to."),
    steps={
        System.WINDOWS: (
            Text(sv="Öppna programmet, och välj Hjälp eller Om i menyn.", en="Open the program, and choose Help or About in its menu."),
            Text(sv="Låt det uppdatera sig, och starta om det.", en="Let it update itself, and start it again."),
        ),
        System.MACOS: (
            Text(sv="Öppna programmet, och välj Om överst i menyn.", en="Open the program, and choose About at the top of its menu."),
            Text(sv="Låt det uppdatera sig, och starta om det.", en="Let it update itself, and start it again."),
        ),
        System.LINUX: (
            Text(sv="Uppdatera datorns program som du brukar.", en="Update the computer's programs as you usually do."),
            Text(sv="Starta om programmet.", en="Start the program again."),
        ),
    },
)  # fmt: skip
_INSTALL_PROGRAM = Remedy(text=Text(sv="Be IT installera {program}.", en="Ask IT to install {program}."), owner=Owner.IT)  # fmt: skip
_NEW_SYSTEM = Remedy(
    text=Text(sv="Be IT uppgradera datorns system, eller byta datorn.", en="Ask IT to upgrade the computer's system, or to replace the computer."),
    owner=Owner.IT,
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar och sedan Windows Update.", en="Open Settings and then Windows Update."),
            Text(sv="Installera den nya version som erbjuds.", en="Install the new version that is offered."),
            Text(sv="Erbjuds ingen, visa detta för IT.", en="If none is offered, show this to IT."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar. Välj Allmänt och sedan Programuppdatering.", en="Open System Settings. Choose General and then Software Update."),
            Text(sv="Installera det nya macOS som erbjuds.", en="Install the new macOS that is offered."),
        ),
        System.LINUX: (
            Text(sv="Visa detta för IT.", en="Show this to IT."),
            Text(sv="Be om en ny version av datorns system.", en="Ask for a new version of the computer's system."),
        ),
    },
)  # fmt: skip
_BIGGER_SCREEN = Remedy(
    text=Text(sv="Anslut en större skärm.", en="Connect a larger screen."), owner=Owner.BUY
)
_FETCH_TIME = Remedy(
    text=Text(sv="Låt datorn själv hämta rätt tid.", en="Let the computer fetch the right time by itself."),
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar, Tid och språk och sedan Datum och tid.", en="Open Settings, Time & language and then Date & time."),
            Text(sv="Slå på Ställ in tiden automatiskt.", en="Turn on Set time automatically."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar, Allmänt och sedan Datum och tid.", en="Open System Settings, General and then Date & Time."),
            Text(sv="Slå på att tiden ställs in av sig själv.", en="Turn on that the time is set by itself."),
        ),
        System.LINUX: (
            Text(sv="Öppna Inställningar och sedan Datum och tid.", en="Open Settings and then Date & Time."),
            Text(sv="Slå på att tiden ställs in av sig själv.", en="Turn on that the time is set by itself."),
        ),
    },
)  # fmt: skip
_TEST_HERE = Remedy(text=Text(sv="Kör testet på den dator som du sitter vid också.", en="Run the test on the computer that you sit at too."))  # fmt: skip

FEW_CORES = FindingKind(
    code="computer.few_cores",
    title=Text(sv="Datorns processor är liten för video", en="The computer's processor is small for video"),
    detail=Text(sv="Kärnor: {cores:d}. {wanted:.0f} behövs.", en="Cores: {cores:d}. {wanted:.0f} are needed."),
    activities=_SHOWN, evidence=("cores",), need=Need.COMPUTER, remedies=(_NEW_COMPUTER, _CLOSE_PROGRAMS),
)  # fmt: skip
SLOW_PROCESSOR = FindingKind(
    code="computer.slow_processor",
    title=Text(sv="Datorns processor är för långsam för video", en="The computer's processor is too slow for video"),
    detail=Text(sv="Den går i högst {rate:.0f} MHz. {wanted:.0f} MHz behövs.", en="It runs at {rate:.0f} MHz at most. {wanted:.0f} MHz are needed."),
    activities=_SHOWN, evidence=("processor_max_mhz",), need=Need.COMPUTER, remedies=(_NEW_COMPUTER,),
)  # fmt: skip
LITTLE_MEMORY = FindingKind(
    code="computer.little_memory",
    title=Text(sv="Datorn har lite minne", en="The computer has little memory"),
    detail=Text(sv="Den har {memory:.1f} GB. {wanted:.0f} GB är bra.", en="It has {memory:.1f} GB. {wanted:.0f} GB is good."),
    activities=_ALL, evidence=("memory_total_gib",), need=Need.COMPUTER, remedies=(_MORE_MEMORY, _CLOSE_PROGRAMS),
)  # fmt: skip
MEMORY_FULL = FindingKind(
    code="computer.memory_full",
    title=Text(sv="Datorns minne är nästan fullt", en="The computer's memory is almost full"),
    detail=Text(sv="{memory:.1f} GB är ledigt just nu.", en="{memory:.1f} GB is free right now."),
    activities=_ALL, evidence=("memory_free_gib",), need=Need.KNOWLEDGE, remedies=(_CLOSE_PROGRAMS, _RESTART),
)  # fmt: skip
BUSY = FindingKind(
    code="computer.busy",
    title=Text(sv="Datorn har mycket att göra just nu", en="The computer is busy right now"),
    detail=Text(sv="Andra program tar {busy:.0f} procent av processorn.", en="Other programs take {busy:.0f} per cent of the processor."),
    activities=_SHOWN, evidence=("cpu_busy_percent", "cpu_own_percent"), need=Need.KNOWLEDGE,
    remedies=(_CLOSE_PROGRAMS, _RESTART),
)  # fmt: skip
BUSY_WITH = FindingKind(
    code="computer.busy_with_program",
    title=Text(sv="Ett program tar datorns kraft just nu", en="One program takes the computer's power right now"),
    detail=Text(
        sv="Andra program tar {busy:.0f} procent av processorn. {program} tar mest, {most:.0f} procent.",
        en="Other programs take {busy:.0f} per cent of the processor. {program} takes most, {most:.0f} per cent.",
    ),
    activities=_SHOWN,
    evidence=("busiest_program", "busiest_program_percent", "cpu_busy_percent", "cpu_own_percent"),
    need=Need.KNOWLEDGE, remedies=(_CLOSE_IT, _RESTART, _SHOW_IT),
)  # fmt: skip
DISK_FULL = FindingKind(
    code="computer.disk_full",
    title=Text(sv="Datorns disk är nästan full", en="The computer's disk is almost full"),
    detail=Text(sv="{disk:.1f} GB är ledigt. {wanted:.0f} GB behövs.", en="{disk:.1f} GB is free. {wanted:.0f} GB is needed."),
    activities=_ALL, evidence=("disk_free_gib",), need=Need.KNOWLEDGE, remedies=(_FREE_DISK,),
)  # fmt: skip
POWER_SAVING = FindingKind(
    code="computer.power_saving",
    title=Text(sv="Datorn sparar ström och arbetar långsammare", en="The computer saves power and works more slowly"),
    detail=Text(sv="Bilden kan bli ryckig i mötet.", en="The picture may become jerky in the meeting."),
    activities=_SHOWN, evidence=("power_saving", "power_mode"), need=Need.KNOWLEDGE,
    remedies=(_STOP_SAVING, _CHARGE),
)  # fmt: skip
BATTERY_LOW = FindingKind(
    code="computer.battery_low",
    title=Text(sv="Batteriet räcker kanske inte hela mötet", en="The battery may not last the whole meeting"),
    detail=Text(sv="Det är laddat till {battery:.0f} procent, och laddaren är inte i.", en="It is charged to {battery:.0f} per cent, and the charger is not plugged in."),
    activities=_ALL, evidence=("on_mains", "battery_percent"), need=Need.KNOWLEDGE, remedies=(_CHARGE,),
)  # fmt: skip
ON_BATTERY = FindingKind(
    code="computer.on_battery",
    title=Text(sv="Datorn går på batteri", en="The computer runs on its battery"),
    detail=Text(sv="Batteriet är laddat till {battery:.0f} procent.", en="The battery is charged to {battery:.0f} per cent."),
    activities=_SHOWN, evidence=("on_mains", "battery_percent"), remedies=(_CHARGE,),
)  # fmt: skip
SYSTEM_UNSUPPORTED = FindingKind(
    code="computer.system_unsupported",
    title=Text(sv="Datorns system är för gammalt och skyddas inte längre", en="The computer's system is too old and no longer protected"),
    detail=Text(sv="Det är {system}. Den som gör det slutade rätta fel {date}.", en="It is {system}. Its maker stopped mending faults on {date}."),
    activities=_ALL, evidence=("system_version", "system_release", "system_edition", "clock_utc"),
    need=Need.COMPUTER, remedies=(_NEW_SYSTEM,),
)  # fmt: skip
SUPPORT_ENDS_SOON = FindingKind(
    code="computer.support_ends_soon",
    title=Text(sv="Datorns system blir snart för gammalt", en="The computer's system is soon too old"),
    detail=Text(sv="Det är {system}. Fel rättas till och med {date}.", en="It is {system}. Faults are mended until {date}."),
    activities=_ALL, evidence=("system_version", "system_release", "system_edition", "clock_utc"),
    remedies=(_NEW_SYSTEM,),
)  # fmt: skip
SUPPORT_UNKNOWN = FindingKind(
    code="computer.support_unknown",
    title=Text(sv="Vi vet inte hur länge datorns system skyddas", en="We do not know how long the computer's system is protected"),
    detail=Text(sv="Det är {system}. Det står inte i vår lista.", en="It is {system}. It is not in our list."),
    activities=_ALL, evidence=("system_version", "system_id", "system_release"), remedies=(_SHOW_IT,),
)  # fmt: skip
PROGRAM_MISSING = FindingKind(
    code="computer.program_missing",
    title=Text(sv="Ett program som behövs saknas", en="A program that is needed is missing"),
    detail=Text(sv="{program} är inte installerat.", en="{program} is not installed."),
    activities=_ALL, evidence=("programs",), need=Need.KNOWLEDGE, remedies=(_INSTALL_PROGRAM,),
)  # fmt: skip
PROGRAM_OLD = FindingKind(
    code="computer.program_old",
    title=Text(sv="Programmet för möten är för gammalt", en="The program for meetings is too old"),
    detail=Text(sv="{program} har version {version}. {wanted} eller nyare behövs.", en="{program} has version {version}. {wanted} or newer is needed."),
    activities=_ALL, evidence=("programs",), need=Need.KNOWLEDGE, remedies=(_UPDATE_PROGRAM,),
)  # fmt: skip
BROWSER_OLD = FindingKind(
    code="computer.browser_old",
    title=Text(sv="Webbläsaren är för gammal för möten", en="The browser is too old for meetings"),
    detail=Text(sv="{program} har version {version}. {wanted} eller nyare behövs.", en="{program} has version {version}. {wanted} or newer is needed."),
    activities=_ALL, evidence=("programs", "default_browser"), need=Need.KNOWLEDGE, remedies=(_UPDATE_PROGRAM,),
)  # fmt: skip
PROGRAM_RETIRED = FindingKind(
    code="computer.program_retired",
    title=Text(sv="Mötesprogrammet har slutat fungera", en="The meeting program has stopped working"),
    detail=Text(sv="{old} gick att använda till {date}.", en="{old} could be used until {date}."),
    activities=_ALL, evidence=("programs", "clock_utc"), need=Need.KNOWLEDGE, remedies=(_INSTALL_PROGRAM,),
)  # fmt: skip
OTHER_WAY = FindingKind(
    code="computer.old_program_beside",
    title=Text(sv="Ett av programmen är gammalt", en="One of the programs is old"),
    detail=Text(sv="{program} är för gammalt. Använd {other} i mötet.", en="{program} is too old. Use {other} in the meeting."),
    activities=_ALL, evidence=("programs",), remedies=(_UPDATE_PROGRAM,),
)  # fmt: skip
SMALL_SCREEN = FindingKind(
    code="computer.small_screen",
    title=Text(sv="Skärmen är liten för möten", en="The screen is small for meetings"),
    detail=Text(sv="Den visar {width:d} gånger {height:d} bildpunkter.", en="It shows {width:d} by {height:d} picture points."),
    activities=(Activity.LISTEN, Activity.SHARE_SCREEN),
    evidence=("screen_width_px", "screen_height_px", "screens"), need=Need.COMPUTER,
    remedies=(_BIGGER_SCREEN, _SHOW_IT),
)  # fmt: skip
CLOCK_MANUAL = FindingKind(
    code="computer.clock_manual",
    title=Text(sv="Datorn hämtar inte rätt tid själv", en="The computer does not fetch the right time by itself"),
    detail=Text(sv="Klockan kan börja gå fel efter en tid.", en="The clock may go wrong after a time."),
    activities=_ALL, evidence=("clock_automatic",), remedies=(_FETCH_TIME, _SHOW_IT),
)  # fmt: skip
REMOTE = FindingKind(
    code="computer.remote_session",
    title=Text(sv="Du använder den här datorn på avstånd", en="You use this computer from afar"),
    detail=Text(sv="Testet gäller den dator som programmet körs på.", en="The test is about the computer that the program runs on."),
    activities=_ALL, evidence=("remote_session",), remedies=(_TEST_HERE,),
)  # fmt: skip
WORKS = FindingKind(
    code="computer.works",
    title=Text(sv="Datorn är stark nog för möten", en="The computer is strong enough for meetings"),
    detail=Text(sv="Processorn har {cores:d} kärnor. Minnet är {memory:.1f} GB.", en="The processor has {cores:d} cores. The memory is {memory:.1f} GB."),
    activities=_ALL, evidence=("cores", "memory_total_gib"),
)  # fmt: skip
UNREAD = FindingKind(
    code="computer.unread",
    title=Text(sv="Datorn berättar inte hur stark den är", en="The computer does not tell how strong it is"),
    detail=Text(sv="Vi kan inte säga om den räcker för möten.", en="We cannot say whether it is enough for meetings."),
    activities=_ALL, evidence=("cores", "memory_total_gib", "unread"), remedies=(_SHOW_IT,),
)  # fmt: skip

KINDS = (
    UNREAD, PROGRAM_MISSING, PROGRAM_RETIRED, PROGRAM_OLD, BROWSER_OLD, LITTLE_MEMORY, FEW_CORES, SLOW_PROCESSOR,
    MEMORY_FULL, BUSY_WITH, BUSY, POWER_SAVING, BATTERY_LOW, SYSTEM_UNSUPPORTED, DISK_FULL, SMALL_SCREEN, WORKS,
    REMOTE, ON_BATTERY, OTHER_WAY, SUPPORT_ENDS_SOON, SUPPORT_UNKNOWN, CLOCK_MANUAL,
)  # fmt: skip
