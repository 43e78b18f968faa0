"""The words of the pages."""

from __future__ import annotations

from readiness.core.model import Activity, Ending, Owner, Verdict
from readiness.core.text import Text

PRODUCT = Text(sv="Mötesklar", en="Mötesklar")
PURPOSE = Text(
    sv="Vem kan vara med på webbmöten, vad saknas, och varför?",
    en="Who can join web meetings, what is missing, and why?",
)
SKIP = Text(sv="Hoppa till innehållet", en="Skip to the content")
OTHER_LANGUAGE = Text(sv="In English", en="På svenska")
SIGNED_IN_AS = Text(sv="Inloggad som {name}", en="Signed in as {name}")
SIGNED_IN_BY_LINK = Text(sv="Inloggad med länk", en="Signed in by link")
SIGN_OUT = Text(sv="Logga ut", en="Sign out")

LOGIN = Text(sv="Logga in", en="Sign in")
LOGIN_WHY = Text(
    sv="Här läser IT och support datorernas rapporter.",
    en="Here IT and support read the computers’ reports.",
)
LOGIN_ORGANISATION = Text(
    sv="Logga in med organisationens konto", en="Sign in with the organisation’s account"
)
OR_LOCAL = Text(sv="Eller med ett konto på den här servern:", en="Or with an account on this server:")
SIGNED_OUT = Text(
    sv="Du är utloggad här. Du kan vara inloggad hos organisationen än.",
    en="You are signed out here. You may still be signed in at the organisation.",
)
SIGN_OUT_THERE = Text(sv="Logga ut även där", en="Sign out there too")
NAME = Text(sv="Namn", en="Name")
PASSWORD = Text(sv="Lösenord", en="Password")
NO_ACCOUNT = Text(
    sv="Inget konto? Den som sköter servern skapar det.",
    en="No account? Whoever runs the server creates it.",
)

KEYS = Text(sv="Nycklar", en="Keys")
REPORTS = Text(sv="Rapporter", en="Reports")
SEARCH = Text(sv="Sök", en="Search")
SEARCH_FOR = Text(sv="Kvittokod, datornamn eller inventarienummer", en="Receipt code, host name or asset tag")
SHOW_ALL = Text(sv="Visa alla", en="Show all")
FOUND = Text(sv="Sökning: ”{search}”", en="Search: “{search}”")
NOTHING_FOUND = Text(
    sv="Ingen rapport passar. Kontrollera koden, eller sök på en del av datorns namn.",
    en="No report matches. Check the code, or search for a part of the computer’s name.",
)
NOTHING_YET = Text(sv="Inga rapporter än", en="No reports yet")
NOTHING_YET_HOW = Text(
    sv="Skapa en nyckel på servern och ge den till datorerna. Sedan syns deras rapporter här.",
    en="Create a key on the server and give it to the computers. Their reports then show here.",
)
NEWER = Text(sv="Nyare", en="Newer")
OLDER = Text(sv="Äldre", en="Older")
PAGES = Text(sv="Bläddra bland rapporter", en="Browse reports")
RESULT = Text(sv="Resultat", en="Result")
COMPUTER = Text(sv="Dator", en="Computer")
UNIT = Text(sv="Enhet", en="Unit")
CAN = Text(sv="Aktiviteter", en="Activities")
RECEIVED = Text(sv="Mottagen", en="Received")
RECEIPT = Text(sv="Kvittokod", en="Receipt code")

BACK = Text(sv="Alla rapporter", en="All reports")
OVERALL = {
    Verdict.READY: Text(sv="Redo för möten", en="Ready for meetings"),
    Verdict.LIMITED: Text(sv="Delvis redo för möten", en="Partly ready for meetings"),
    Verdict.NOT_READY: Text(sv="Inte redo för möten", en="Not ready for meetings"),
    Verdict.UNKNOWN: Text(sv="Vi vet inte säkert än", en="We do not know for sure yet"),
}
VERDICT = {
    Verdict.READY: Text(sv="Redo", en="Ready"),
    Verdict.LIMITED: Text(sv="Delvis redo", en="Partly ready"),
    Verdict.NOT_READY: Text(sv="Inte redo", en="Not ready"),
    Verdict.UNKNOWN: Text(sv="Vet inte", en="Not known"),
}
ACTIVITY = {
    Activity.LISTEN: Text(sv="Lyssna och titta", en="Listen and watch"),
    Activity.TALK: Text(sv="Prata", en="Talk"),
    Activity.BE_SEEN: Text(sv="Synas", en="Be seen"),
    Activity.SHARE_SCREEN: Text(sv="Dela skärmen", en="Share the screen"),
}
ENDING = {
    Ending.COMPLETED: Text(sv="Genomfört", en="Completed"),
    Ending.SKIPPED: Text(sv="Hoppades över", en="Skipped"),
    Ending.TIMED_OUT: Text(sv="Blev inte klart i tid", en="Did not finish in time"),
    Ending.CANCELLED: Text(sv="Avbröts", en="Cancelled"),
    Ending.CRASHED: Text(sv="Testet slutade med ett fel", en="The test ended with a fault"),
}
OWNER = {
    Owner.YOU: Text(sv="Användaren", en="The user"),
    Owner.IT: Text(sv="IT", en="IT"),
    Owner.BUY: Text(sv="Köp", en="Buy"),
}
PARTIAL = Text(
    sv="Bara en del av testerna kördes. Resultatet gäller dem.",
    en="Only some of the tests were run. The result covers those.",
)
DECIDING = Text(sv="Det som avgjorde", en="What decided")
TESTS = Text(sv="Tester", en="Tests")
NO_TESTS = Text(sv="Rapporten innehåller inga tester.", en="The report holds no tests.")
NO_FINDINGS = Text(sv="Inget att anmärka på.", en="Nothing to remark on.")
REASON = Text(sv="Orsak", en="Reason")
DO_THIS = Text(sv="Gör så här", en="What to do")
EVIDENCE = Text(sv="Mätvärden", en="Figures")
NOT_MEASURED = Text(sv="Inte mätt", en="Not measured")
FIGURE = Text(sv="Mätvärde", en="Figure")
VALUE = Text(sv="Värde", en="Value")
TOOK = Text(sv="{seconds} s", en="{seconds} s")
SERVICES = Text(sv="Per mötestjänst", en="By meeting service")
SERVICE = Text(sv="Krav", en="Requirements")
VERSION = Text(sv="version {version}", en="version {version}")
ABOUT = Text(sv="Om datorn", en="About the computer")
ABOUT_REPORT = Text(sv="Om rapporten", en="About the report")
HOST_NAME = Text(sv="Datornamn", en="Host name")
ASSET_TAG = Text(sv="Inventarienummer", en="Asset tag")
CASE = Text(sv="Ärende", en="Case")
MODEL = Text(sv="Modell", en="Model")
SYSTEM = Text(sv="System", en="System")
NETWORK = Text(sv="Nätverk", en="Network")
DRIVERS = Text(sv="Drivrutiner", en="Drivers")
USER_NAME = Text(sv="Användare", en="User name")
WIFI_NAME = Text(sv="Wi-Fi", en="Wi-Fi")
SERIAL_NUMBER = Text(sv="Serienummer", en="Serial number")
CREATED = Text(sv="Testet gjordes", en="Tested")
APP_VERSION = Text(sv="Mötesklars version", en="Mötesklar’s version")
REPORT_ID = Text(sv="Rapportens id", en="Report id")
DEVICE_ID = Text(sv="Datorns id", en="Device id")
AS_JSON = Text(sv="Hela rapporten som JSON", en="The whole report as JSON")
UNREADABLE = Text(
    sv="Den här versionen kan inte läsa rapporten. Den finns kvar som den kom, som JSON.",
    en="This version cannot read the report. It is kept as it came, as JSON.",
)
PROBLEM = Text(sv="Det gick inte", en="That did not work")
TO_START = Text(sv="Till rapporterna", en="To the reports")
