"""What the location check can find: the words, and what to do."""

from __future__ import annotations

from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy
from readiness.core.text import Text

ALL = tuple(Activity)

_CLOSER = Remedy(
    text=Text(
        sv="Sätt dig närmare nätets sändare, eller ta bort det som står i vägen.",
        en="Sit closer to the Wi-Fi's sender, or remove what stands in the way.",
    )
)
_CABLE = Remedy(
    text=Text(sv="Koppla in datorn med en nätsladd, om det går.", en="Connect the computer by a network cable, if you can."),
)  # fmt: skip
_OTHER_USERS = Remedy(
    text=Text(
        sv="Stäng av film, säkerhetskopior och stora hämtningar på samma nät.",
        en="Stop films, backups and large downloads on the same network.",
    )
)
_AGAIN = Remedy(
    text=Text(sv="Gör testet igen om en stund.", en="Run the test again in a while."), action=Action.RUN_AGAIN
)
_IT_WIFI = Remedy(
    text=Text(sv="IT kan se över nätet på platsen. Läs upp var du sitter.", en="IT can look at the network there. Tell them where you sit."),
    owner=Owner.IT,
)  # fmt: skip
_IT_LINE = Remedy(
    text=Text(sv="IT kan be leverantören se på linjen från huset.", en="IT can ask the supplier to look at the line from the building."),
    owner=Owner.IT,
)  # fmt: skip
_IT_BEYOND = Remedy(
    text=Text(sv="IT kan ta upp det med leverantören. Läs upp vad som står här.", en="IT can take it up with the supplier. Read out what it says here."),
    owner=Owner.IT,
)  # fmt: skip

_IT_NAMES = Remedy(
    text=Text(sv="IT kan se över nätets namnserver (DNS).", en="IT can look at the network's name server (DNS)."),
    owner=Owner.IT,
)  # fmt: skip
_OTHER_NETWORK = Remedy(
    text=Text(sv="Byt till ett annat nät, till exempel telefonens.", en="Change to another network, such as the phone's."),
)  # fmt: skip

_LOST = Text(
    sv="Av {sent:d} frågor kom {lost:d} inte tillbaka.",
    en="Of {sent:d} questions {lost:d} did not come back.",
)

WIFI_WEAK = FindingKind(
    code="location.wifi_weak",
    title=Text(sv="Wifi är svagt där du sitter", en="The Wi-Fi is weak where you sit"),
    detail=Text(sv="Det är mellan datorn och nätets sändare som det brister. Styrkan är {signal:.0f}.", en="The trouble is between this computer and the Wi-Fi's sender. Its strength is {signal:.0f}."),
    activities=ALL, evidence=("wifi_signal_dbm", "gateway"), need=Need.NETWORK_LINE,
    remedies=(_CLOSER, _CABLE, _IT_WIFI),
)  # fmt: skip
LAN = FindingKind(
    code="location.lan",
    title=Text(sv="Felet sitter mellan datorn och nätet i huset", en="The trouble is between this computer and the building's network"),
    detail=_LOST,
    activities=ALL, evidence=("gateway", "kind"), need=Need.NETWORK_LINE, remedies=(_CABLE, _OTHER_USERS, _IT_WIFI),
)  # fmt: skip
LINE = FindingKind(
    code="location.line",
    title=Text(sv="Felet sitter på linjen ut från huset", en="The trouble is on the line out of the building"),
    detail=_LOST,
    activities=ALL, evidence=("gateway", "collector", "service"), need=Need.NETWORK_LINE,
    remedies=(_OTHER_USERS, _IT_LINE, _AGAIN),
)  # fmt: skip
BEYOND = FindingKind(
    code="location.beyond",
    title=Text(sv="Felet sitter längre bort, på vägen till {name}", en="The trouble is further away, on the way to {name}"),
    detail=_LOST,
    activities=ALL, evidence=("gateway", "collector", "service"), need=Need.NETWORK_LINE,
    remedies=(_IT_BEYOND, _AGAIN),
)  # fmt: skip
OUTSIDE = FindingKind(
    code="location.outside",
    title=Text(sv="Felet sitter utanför huset", en="The trouble is outside the building"),
    detail=_LOST,
    activities=ALL, evidence=("gateway", "collector", "service"), need=Need.NETWORK_LINE,
    remedies=(_OTHER_USERS, _IT_LINE, _AGAIN),
)  # fmt: skip
SOMEWHERE = FindingKind(
    code="location.somewhere",
    title=Text(sv="Något stör nätet, men vi ser inte var", en="Something disturbs the network, but we do not see where"),
    detail=_LOST,
    activities=ALL, evidence=("collector", "service"), need=Need.NETWORK_LINE,
    remedies=(_CABLE, _OTHER_USERS, _IT_BEYOND),
)  # fmt: skip
NAMES = FindingKind(
    code="location.names",
    title=Text(sv="Nätet har tappat sin adressbok", en="The network has lost its address book"),
    detail=Text(
        sv="Inga namn går att slå upp (DNS). Resten av nätet fram till dit vi kan se svarar.",
        en="No names can be looked up (DNS). The rest of the network, as far as we can see, answers.",
    ),
    activities=ALL, evidence=("names_asked", "names_found", "gateway"), need=Need.NETWORK_LINE,
    remedies=(_OTHER_NETWORK, _IT_NAMES, _AGAIN),
)  # fmt: skip
NOT_MEASURED = FindingKind(
    code="location.not_measured",
    title=Text(sv="Nätets olika delar är inte mätta", en="The parts of the network were not measured"),
    detail=Text(sv="Vi vet inte var ett fel sitter.", en="We do not know where a fault sits."),
    activities=ALL, evidence=("gateway", "collector", "service"), remedies=(_AGAIN,),
)  # fmt: skip
WORKS = FindingKind(
    code="location.works",
    title=Text(sv="Ingen del av nätet stör mötet", en="No part of the network disturbs the meeting"),
    activities=ALL, evidence=("gateway", "collector", "service"),
)  # fmt: skip

KINDS = (WIFI_WEAK, LAN, LINE, BEYOND, OUTSIDE, SOMEWHERE, NAMES, NOT_MEASURED, WORKS)
