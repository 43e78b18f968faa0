"""Where a requirement comes from, in the reader's language: the title of a known source, worded.

The profile keeps its sources in English, with notes for those who maintain it; `readiness explain`
prints them whole. Here stands what a reader of the window can use: what it is called, and where.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from readiness.core.text import Language, Text
from readiness.gui.times import day_words

if TYPE_CHECKING:  # profiles need pydantic, which the window does not wait for
    from readiness.core.demands import Confidence

SOURCE = Text(sv="{title}. Läst {day}. {trust}", en="{title}. Read {day}. {trust}")
OWN = Text(sv="{title}. Bestämt {day}.", en="{title}. Set {day}.")
TRUST = {
    "official": Text(sv="Tjänstens egna krav.", en="The service's own requirement."),
    "third_party": Text(sv="Någon annans erfarenhet.", en="Somebody else's experience."),
    "unverified": Text(sv="Inte kontrollerat.", en="Not verified."),
    "own_choice": Text(sv="Vårt eget val.", en="Our own choice."),
}
OUR_CHOICE = Text(sv="Vårt eget val", en="Our own choice")
TRIED_ON = (
    (
        "set on .*(?:voices|speech|recordings)",
        Text(sv="prövat på inspelade röster", en="tried on recorded voices"),
    ),
    ("set on .*films", Text(sv="prövat på filmer", en="tried on films")),
    ("real calls", Text(sv="prövat på riktiga samtal", en="tried on real calls")),
)
TITLES: tuple[tuple[str, Text], ...] = tuple(
    (pattern, Text(sv=sv, en=en))
    for pattern, sv, en in (
        (r"prepare-network", "Microsoft: Förbered nätet för Teams", "Microsoft: Prepare your network for Teams"),
        (r"hardware-requirements-for-the-teams", "Microsoft: Datorkrav för Teams", "Microsoft: Hardware requirements for Teams"),
        (r"call-quality-dashboard|Call Quality Dashboard", "Microsoft: Samtalskvalitet i Teams", "Microsoft: Call quality in Teams"),
        (r"table of bandwidth for Teams", "Microsofts tabell över bandbredd för Teams", "Microsoft's table of bandwidth for Teams"),
        (r"Microsoft 365 endpoints|microsoft_teams\.json", "Microsoft 365: Adresser och portar", "Microsoft 365: Addresses and ports"),
        (r"windows/release-health|lifecycle/products/windows", "Microsoft: Så länge får Windows stöd", "Microsoft: How long Windows is supported"),
        (r"classic client", "Microsoft: Det äldre Teams är avstängt", "Microsoft: The classic Teams is no longer available"),
        (r"what Windows itself asks", "Så frågar Windows självt", "What Windows itself asks"),
        (r"what Firefox itself asks", "Så frågar Firefox självt", "What Firefox itself asks"),
        (r"Zoom's table of bandwidth", "Zooms tabell över bandbredd", "Zoom's table of bandwidth"),
        (r"Zoom's own pages", "Zooms egna sidor, ur minnet", "Zoom's own pages, recalled"),
        (r"support\.zoom\.com", "Zooms hjälpsidor", "Zoom's support pages"),
        (r"developers\.zoom\.us", "Zoom: Äldsta version som får vara med", "Zoom: The oldest version that may join"),
        (r"Troubleshooting Playbook|troubleshooting playbook", "Google: Felsökning i Meet", "Google: Troubleshooting Meet"),
        (r"support\.google\.com", "Googles hjälpsidor", "Google's support pages"),
        (r"Asus kit for Google Meet", "Handbok till ett rum för Google Meet", "A room kit's manual for Google Meet"),
        (r"help\.webex\.com", "Webex hjälpsidor", "Webex's help pages"),
        (r"that Webex meetings open in", "programmet som Webex öppnar möten i", "the program that Webex meetings open in"),
        (r"jitsi/handbook", "Jitsis handbok", "Jitsi's handbook"),
        (r"lib-jitsi-meet|Jitsi client", "Jitsis program", "Jitsi's program"),
        (r"that Teams meetings open in", "programmet som Teams öppnar möten i", "the program that Teams meetings open in"),
        (r"strictest of the services", "det strängaste av tjänsternas krav", "the strictest of the services' requirements"),
        (r"derived from 360 lines", "räknat ur kraven för 360 rader", "derived from the requirements for 360 lines"),
        (r"webrtc/testrtc", "Testet testrtc för webbmöten", "The test testrtc for web meetings"),
        (r"Acoustics Today", "Tidskriften Acoustics Today", "The journal Acoustics Today"),
        (r"Bluetooth mSBC", "Bluetooths ljud mSBC", "Bluetooth's sound mSBC"),
        (r"moosoft\.com", "En guide till Teams", "A guide to Teams"),
        (r"invgate\.com", "En förteckning över program", "A directory of programs"),
        (r"endoflife\.date", "Förteckningen endoflife.date", "The directory endoflife.date"),
        (r"distro-info-data", "Debians paket distro-info-data", "Debian's package distro-info-data"),
        (r"public STUN server", "En öppen STUN-server", "A public STUN server"),
        (r"public endpoint checker", "Ett öppet test av adresser", "A public endpoint checker"),
    )
)  # fmt: skip
_STANDARD = r"ITU-T [A-Z]\.\d+|RFC \d+"
_PLACE = r"(?<![*.\w])(?:[a-z0-9-]+\.)+(?:com|net|org|fr|us)(?:/[\w./-]*\w)?| KB\d+|\(20\d\d\)"


def source_line(source: str, day: datetime.date | None, confidence: Confidence, language: Language) -> str:
    """Where a requirement comes from, when it was read there, and how far it can be trusted."""
    arguments = {
        "title": title_words(source, confidence, language),
        "day": day_words(day, language) if day is not None else None,
        "trust": TRUST[confidence],
    }
    return (OWN if confidence == "own_choice" else SOURCE).say(language, arguments)


def title_words(source: str, confidence: Confidence, language: Language) -> str:
    """The source's titles in `language`, with where it stands; one without a title here as it is written."""
    titles = [text.say(language) for pattern, text in TITLES if re.search(pattern, source)]
    titles += dict.fromkeys(re.findall(_STANDARD, source))
    if confidence == "own_choice":
        tried = [text.say(language) for pattern, text in TRIED_ON if re.search(pattern, source)][:1]
        own = ", ".join((OUR_CHOICE.say(language), *tried))
        return " – ".join((own, ", ".join(titles))) if titles else own
    if not titles:
        return source.rstrip(".")
    places = dict.fromkeys(found.strip(" ()") for found in re.findall(_PLACE, source))
    return " · ".join(titles) + (f" ({', '.join(places)})" if places else "")
