"""The words of the pages about the whole organisation."""

from __future__ import annotations

from readiness.collector.access import Role
from readiness.collector.overview import State
from readiness.core.model import Need
from readiness.core.text import Language, Text

OVERVIEW = Text(sv="Översikt", en="Overview")
NEEDS = Text(sv="Behov", en="Needs")
FINDINGS = Text(sv="Fel", en="Faults")
COMPUTERS = Text(sv="Datorer", en="Computers")
CHOICES = Text(sv="Inställningar", en="Settings")
MAIN_PAGES = Text(sv="Sidor", en="Pages")

CAN_MEET = Text(sv="kan vara med på webbmöten", en="can join web meetings")
OF_ALL = Text(
    sv="{ready} av {known} datorer är redo eller delvis redo",
    en="{ready} of {known} computers are ready or partly ready",
)
NO_COMPUTERS = Text(
    sv="Inga datorer än. De syns här när den första rapporten har kommit.",
    en="No computers yet. They show here when the first report has come.",
)
GOAL = Text(sv="Målet är {percent:.0f} % den {day}.", en="The goal is {percent:.0f} % on {day}.")
GOAL_REACHED = Text(sv="Målet är nått.", en="The goal is reached.")
GOAL_LEFT = Text(sv="{left} datorer till behövs.", en="{left} more computers are needed.")
STATE = {
    State.READY: Text(sv="Redo", en="Ready"),
    State.LIMITED: Text(sv="Delvis redo", en="Partly ready"),
    State.NOT_READY: Text(sv="Inte redo", en="Not ready"),
    State.UNKNOWN: Text(sv="Vet inte", en="Not known"),
    State.STALE: Text(sv="Gammalt test", en="Old test"),
    State.UNREACHABLE: Text(sv="Hörs inte av", en="Not heard from"),
    State.NEVER: Text(sv="Aldrig testad", en="Never tested"),
}
STATE_MEANS = {
    State.READY: Text(sv="Allt som behövs i ett möte fungerar.", en="All that a meeting needs works."),
    State.LIMITED: Text(sv="Möten går, men något är sämre.", en="Meetings work, but something is worse."),
    State.NOT_READY: Text(sv="Något som behövs saknas eller är trasigt.", en="Something needed is missing or broken."),
    State.UNKNOWN: Text(sv="Testet gav inget säkert svar.", en="The test gave no sure answer."),
    State.STALE: Text(sv="Testet är för gammalt för att säga något.", en="The test is too old to say anything."),
    State.UNREACHABLE: Text(sv="Datorn har inte hört av sig på länge.", en="The computer has not been heard from for long."),
    State.NEVER: Text(sv="Datorn finns i listan men har inte testats.", en="The computer is in the list but was not tested."),
}  # fmt: skip
BY_ACTIVITY = Text(sv="Vad datorerna klarar", en="What the computers can do")
BY_UNIT = Text(sv="Enhet för enhet", en="Unit by unit")
BY_STATE = Text(sv="Hur det står till", en="How things stand")
NO_UNIT = Text(sv="Utan enhet", en="Without a unit")
SHARE = Text(sv="Kan vara med", en="Can join")
COUNT = Text(sv="Antal", en="Count")
TREND = Text(sv="Så har det gått", en="How it went")
TREND_WORDS = Text(
    sv="Från {first:.0f} % den {first_day} till {last:.0f} % den {last_day}.",
    en="From {first:.0f} % on {first_day} to {last:.0f} % on {last_day}.",
)
PERCENT = Text(sv="{percent:.0f} %", en="{percent:.0f} %")

NEED = {
    Need.CAMERA: Text(sv="Kamera", en="Camera"),
    Need.HEADSET: Text(sv="Headset", en="Headset"),
    Need.NETWORK_LINE: Text(sv="Bättre nät", en="Better network"),
    Need.COMPUTER: Text(sv="Dator", en="Computer"),
    Need.PERMISSION: Text(sv="Behörighet", en="Permission"),
    Need.KNOWLEDGE: Text(sv="Hjälp på plats", en="Help on site"),
}
NEEDS_WHY = Text(
    sv="Det här saknas på datorerna, och det här ger det att köpa det.",
    en="This is missing on the computers, and this is what buying it gives.",
)
NO_NEEDS = Text(sv="Ingenting saknas på de datorer som har testats.", en="Nothing is missing on the computers that were tested.")  # fmt: skip
MISSING = Text(sv="Saknas", en="Missing")
COMPUTERS_LACK = Text(sv="Datorer", en="Computers")
ONLY_THIS = Text(sv="Saknar bara detta", en="Lack only this")
GIVES = Text(sv="Fler kan vara med", en="More can join")
GIVES_POINTS = Text(sv="Fler kan vara med (procentenheter)", en="More can join (percentage points)")
ABLE_WITH_IT = Text(sv="Kan vara med när de fått det", en="Can join once they have it")
GIVES_VALUE = Text(sv="+{percent:.1f} procentenheter", en="+{percent:.1f} percentage points")
PRICE = Text(sv="Pris per styck (kr)", en="Price each (SEK)")
COST = Text(sv="Kostnad (kr)", en="Cost (SEK)")
SUM = Text(sv="Summa", en="Sum")
BY_UNIT_CSV = Text(sv="Inköpslista som CSV", en="Purchase list as CSV")
SAVE = Text(sv="Spara", en="Save")

FINDINGS_WHY = Text(
    sv="Samma fel på många datorer är ett ärende, inte många.",
    en="The same fault on many computers is one incident, not many.",
)
NO_FINDINGS = Text(sv="Inga fel finns på de datorer som har testats.", en="There are no faults on the computers that were tested.")  # fmt: skip
FINDING = Text(sv="Fel", en="Fault")
STOPS = Text(sv="Hindrar möten", en="Stops meetings")
FIRST_SEEN = Text(sv="Först sett", en="First seen")
LAST_SEEN = Text(sv="Senast nytt", en="Newest")
IN_COMMON = Text(sv="Det här har de gemensamt", en="What they have in common")
LIKELY = Text(
    sv="{affected} av {all} datorer med {value} har felet.",
    en="{affected} of {all} computers with {value} have the fault.",
)
LIKELY_NONE = Text(
    sv="Inget skiljer de här datorerna tydligt från andra.",
    en="Nothing clearly sets these computers apart from others.",
)
DIMENSION = {
    "model": Text(sv="Modell", en="Model"),
    "driver": Text(sv="Drivrutin", en="Driver"),
    "system": Text(sv="System", en="System"),
    "unit": Text(sv="Enhet", en="Unit"),
    "network": Text(sv="Nät", en="Network"),
}
NETWORK_KIND = {
    "ethernet": Text(sv="nätsladd", en="network cable"),
    "wired": Text(sv="nätsladd", en="network cable"),
    "wifi": Text(sv="wifi", en="Wi-Fi"),
    "mobile": Text(sv="mobilnät", en="mobile network"),
    "vpn": Text(sv="VPN", en="VPN"),
    "virtual": Text(sv="virtuellt nät", en="virtual network"),
}
"""By what a report names its kind of network; others stand as they are."""
NO_VALUE = Text(sv="Okänt", en="Not known")
AFFECTED = Text(sv="Har felet", en="Have it")
OUT_OF = Text(sv="Av alla", en="Of all")
SHOW_COMPUTERS = Text(sv="Visa datorerna", en="Show the computers")
WHAT_TO_DO = Text(sv="Det här kan göras", en="What can be done")

FILTER = Text(sv="Visa", en="Show")
ANY_UNIT = Text(sv="Alla enheter", en="All units")
ANY_STATE = Text(sv="Alla lägen", en="All states")
SEARCH_COMPUTER = Text(sv="Datornamn eller inventarienummer", en="Host name or asset tag")
NONE_FOUND = Text(sv="Ingen dator passar.", en="No computer matches.")
STATE_HEAD = Text(sv="Läge", en="State")
TESTED = Text(sv="Testad", en="Tested")
LACKS = Text(sv="Saknar", en="Lacks")
EXPORT_LIST = Text(sv="Hela listan", en="The whole list")
SHOWN = Text(sv="Visar {count}.", en="Showing {count}.")
SHOWN_MORE = Text(sv="Visar {count}. Det finns fler.", en="Showing {count}. There are more.")
NEXT = Text(sv="Nästa", en="Next")
FROM_START = Text(sv="Från början", en="From the start")

HISTORY = Text(sv="Datorns rapporter", en="The computer’s reports")
COMPARE = Text(sv="Jämför", en="Compare")
COMPARE_HOW = Text(sv="Välj två rapporter att jämföra.", en="Choose two reports to compare.")
OLDER = Text(sv="Före", en="Before")
NEWER = Text(sv="Efter", en="After")
CHANGED = Text(sv="Det här har ändrats", en="What has changed")
NOTHING_CHANGED = Text(sv="Inget som mäts har ändrats.", en="Nothing that is measured has changed.")
NOTES = Text(sv="Anteckningar", en="Notes")
NO_NOTES = Text(sv="Inga anteckningar.", en="No notes.")
WRITE_NOTE = Text(sv="Ny anteckning", en="New note")
EXPORT = Text(sv="Allt om datorn som JSON", en="Everything about the computer as JSON")

CHOICES_WHY = Text(
    sv="Mål, priser och vilka datorer som ska finnas.",
    en="Goal, prices, and which computers there should be.",
)
GOAL_PERCENT = Text(sv="Andel datorer som ska kunna vara med (procent)", en="Share of computers that should be able to join (percent)")  # fmt: skip
GOAL_DAY = Text(sv="Senast den dag (åååå-mm-dd)", en="By the day (yyyy-mm-dd)")
STALE_DAYS = Text(sv="Ett test gäller i så många dagar", en="A test holds for this many days")
REPORT_DAYS = Text(sv="Rapporter sparas i så många dagar", en="Reports are kept for this many days")
LOG_DAYS = Text(sv="Loggen sparas i så många dagar", en="The log is kept for this many days")
EXPECTED = Text(sv="Datorer som ska finnas", en="Computers there should be")
EXPECTED_HOW = Text(
    sv="En rad per dator: namn eller inventarienummer, sedan enheten. Klistra in från ett kalkylblad eller en CSV-fil.",
    en="A line for each computer: name or asset tag, then the unit. Paste from a spreadsheet or a CSV file.",
)
EXPECTED_NOW = Text(sv="Datorer i listan nu: {count}.", en="Computers in the list now: {count}.")
REPLACE_LIST = Text(sv="Byt ut listan", en="Replace the list")
AUDIT = Text(sv="Logg: vem har läst och ändrat", en="Log: who read and changed what")
ACCOUNTS = Text(sv="Konton", en="Accounts")
NEW_ACCOUNT = Text(sv="Nytt konto", en="New account")
ROLE = Text(sv="Får", en="May")
ROLE_MEANS = {
    Role.READER: Text(sv="läsa", en="read"),
    Role.SUPPORT: Text(sv="läsa, anteckna och exportera", en="read, write notes and export"),
    Role.ADMIN: Text(sv="allt, även ändra inställningar", en="everything, settings too"),
}
CREATE = Text(sv="Skapa", en="Create")
CREATED_ACCOUNT = Text(
    sv="Kontot {name} finns nu. Lösenordet visas bara här: {password}",
    en="The account {name} exists now. The password is shown only here: {password}",
)
BAD_NAME = Text(
    sv="Skriv ett namn på 1–100 tecken, utan kolon.",
    en="Write a name of 1–100 characters, without a colon.",
)
NAME_TAKEN = Text(
    sv="Det namnet finns redan. Välj ett annat.", en="That name exists already. Choose another."
)


def network_name(kind: str | None, language: Language) -> str:
    """The kind of network that a report names; nothing where it names none."""
    known = NETWORK_KIND.get(kind or "")
    return known.say(language) if known else kind or ""


def common_value(dimension: str, value: str | None, language: Language) -> str:
    """What computers have in common along a dimension."""
    if not value:
        return NO_VALUE.say(language)
    return network_name(value, language) if dimension == "network" else value
