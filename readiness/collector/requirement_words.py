"""The words of the page about the requirements on the computers."""

from __future__ import annotations

from readiness.core.demands import Confidence
from readiness.core.text import Text

TITLE = Text(sv="Krav", en="Requirements")
WHY = Text(
    sv="Pröva andra krav och se hur många datorer som klarar dem. Ingenting ändras förrän de tas i bruk.",
    en="Try other requirements and see how many computers meet them. Nothing changes until they are adopted.",
)
IN_FORCE = Text(sv="Det här gäller nu", en="In force now")
NONE_ADOPTED = Text(
    sv="Inga krav är valda här. Varje dator bedöms med de krav som den själv har.",
    en="No requirements are chosen here. Each computer is rated by those it has itself.",
)
ADOPTED = Text(sv="Version {version}, från {when}, av {who}.", en="Version {version}, from {when}, by {who}.")
RE_RATING = Text(
    sv="Kraven är nyss ändrade. {done} av {total} datorer är omräknade.",
    en="The requirements were changed just now. {done} of {total} computers are rated again.",
)
START_FROM = Text(sv="Utgå från", en="Start from")
NOW_IN_FORCE = Text(sv="Det som gäller nu", en="What is in force now")
SHIPPED = Text(sv="{name} (följer med programmet)", en="{name} (comes with the program)")
FORMER = Text(sv="Version {version}", en="Version {version}")
SHOW = Text(sv="Visa", en="Show")
PARTICIPANT = Text(sv="Det här ska en deltagare kunna", en="What a participant must be able to do")
LIMITS = Text(sv="Gränser", en="Limits")
LIMITS_HOW = Text(
    sv="Sämre än ”krävs” ger ”inte redo”. Sämre än ”rekommenderas” ger ”delvis redo”.",
    en="Worse than “required” gives “not ready”. Worse than “recommended” gives “partly ready”.",
)
FIGURE = Text(sv="Mätvärde", en="Figure")
TODAY = Text(sv="I dag", en="Today")
REQUIRED = Text(sv="Krävs", en="Required")
RECOMMENDED = Text(sv="Rekommenderas", en="Recommended")
SOURCE = Text(sv="Källa", en="Source")
AT_LEAST = Text(sv="minst", en="at least")
AT_MOST = Text(sv="högst", en="at most")
CONFIDENCE: dict[Confidence, Text] = {
    "official": Text(sv="tillverkarens uppgift", en="the maker’s own"),
    "third_party": Text(sv="någon annans uppgift", en="somebody else’s"),
    "unverified": Text(sv="inte kontrollerat", en="not checked"),
    "own_choice": Text(sv="eget val", en="own choice"),
}
CALCULATE = Text(sv="Räkna ut", en="Work it out")
CALCULATE_NOTE = Text(
    sv="Det tar en stund när datorerna är många.", en="It takes a while with many computers."
)
READERS_LOOK = Text(
    sv="Support och administratörer kan räkna ut vad andra krav ger.",
    en="Support and administrators can work out what other requirements give.",
)
WRONG = Text(sv="{count} fält behöver rättas. Ingenting är ändrat.", en="{count} fields need to be corrected. Nothing was changed.")  # fmt: skip
VERSIONS = Text(sv="Tidigare krav", en="Earlier requirements")
ADOPT_AGAIN = Text(sv="Ta i bruk igen", en="Adopt again")
IS_IN_FORCE = Text(sv="gäller nu", en="in force")
ADOPT_SHIPPED = Text(sv="Ta i bruk programmets egna krav", en="Adopt the program’s own requirements")

RESULT = Text(sv="Så skulle det bli", en="How it would be")
WORKING = Text(
    sv="Räknar. {done} av {total} datorer är klara.", en="Working. {done} of {total} computers are done."
)
WAITING = Text(sv="Väntar på sin tur.", en="Waits for its turn.")
FAILED = Text(sv="Uträkningen blev inte klar: {error}.", en="It was not finished: {error}.")
COMPARED = Text(
    sv="Jämfört med det som översikten visar i dag. Bara datorer med nya test räknas.",
    en="Compared with what the overview shows today. Only computers tested lately count.",
)
NO_CHANGE = Text(sv="Ingen dator får ett annat resultat.", en="No computer gets another result.")
CHANGE = Text(sv="{changed} av {computers} datorer får ett annat resultat.", en="{changed} of {computers} computers get another result.")  # fmt: skip
CAN_MEET = Text(
    sv="{before:.1f} % kan vara med på möten i dag. Med de här kraven blir det {after:.1f} %.",
    en="{before:.1f} % can join meetings today. With these requirements it would be {after:.1f} %.",
)
UNREADABLE = Text(
    sv="{count} rapporter kan inte läsas och räknas inte.",
    en="{count} reports cannot be read and do not count.",
)
CHANGED_LIMITS = Text(sv="Det här är ändrat", en="What is changed")
NOTHING_CHANGED = Text(
    sv="Inga gränser skiljer sig från dem som gäller.", en="No limits differ from those in force."
)
BEFORE = Text(sv="I dag", en="Today")
AFTER = Text(sv="Efter", en="After")
DIFFERENCE = Text(sv="Skillnad", en="Difference")
OVERALL = Text(sv="Hela mötet", en="The whole meeting")
BY_ACTIVITY = Text(sv="Per aktivitet: så många klarar den", en="By activity: how many can")
BY_VERDICT = Text(sv="Så byter datorerna resultat", en="How computers change result")
BY_UNIT = Text(sv="Per enhet: så många kan vara med", en="By unit: how many can join")
BY_FINDING = Text(sv="Fel som blir fler eller färre", en="Faults that become more or fewer")
CHANGED_COUNT = Text(sv="Byter resultat", en="Change result")
NO_FINDING_CHANGES = Text(sv="Inga fel blir fler eller färre.", en="No faults become more or fewer.")
ADOPT = Text(sv="Ta kraven i bruk", en="Adopt these requirements")
ADOPT_NOTE = Text(
    sv="Alla datorer bedöms då om i bakgrunden. Ångra genom att ta tidigare krav i bruk igen.",
    en="All computers are then rated again in the background. To undo, adopt earlier requirements again.",
)
ADOPT_WHO = Text(
    sv="En administratör kan ta kraven i bruk.", en="An administrator can adopt these requirements."
)
GO_ON = Text(sv="Ändra mer", en="Change more")
NO_LIMIT = Text(sv="ingen", en="none")

UNDER = Text(sv="Bedöm rapporten med", en="Rate the report under")
AS_SENT = Text(sv="Som den kom", en="As it came")
SIDE_BY_SIDE = Text(sv="Samma mätvärden, andra krav", en="The same figures, other requirements")
RATE = Text(sv="Bedöm", en="Rate")
NOT_RATED = Text(sv="Rapporten är inte hel och kan inte bedömas om.", en="The report is not whole and cannot be rated again.")  # fmt: skip
HELD_AGAINST = Text(sv="Mätvärden och gränser", en="Figures and limits")
MEASURED = Text(sv="Mätt", en="Measured")
TRIALS = Text(sv="Enheter som provades", en="Devices that were tried")
ROUND = Text(sv="Omgång {number}", en="Round {number}")
CHANGED_HERE = Text(sv="{count} ändrade", en="{count} changed")
UNIT_WORDS = {
    "0 or 1": Text(sv="0 eller 1", en="0 or 1"),
    "a second": Text(sv="i sekunden", en="a second"),
    "cores": Text(sv="kärnor", en="cores"),
    "days": Text(sv="dagar", en="days"),
    "holes or repeats": Text(sv="hål eller upprepningar", en="holes or repeats"),
    "lines": Text(sv="linjer", en="lines"),
    "luma, 0-255": Text(sv="ljushet, 0-255", en="brightness, 0-255"),
    "natural log odds in 6 s": Text(sv="naturliga logaritmer av odds på 6 s", en="natural log odds in 6 s"),
    "of 1": Text(sv="av 1", en="of 1"),
    "of full scale": Text(sv="av full skala", en="of full scale"),
    "of the height": Text(sv="av höjden", en="of the height"),
    "of the width": Text(sv="av bredden", en="of the width"),
    "packets": Text(sv="paket", en="packets"),
    "raw score": Text(sv="råpoäng", en="raw score"),
    "times": Text(sv="gånger", en="times"),
}
"""The units of limits that are words; the others are written alike in both languages."""
