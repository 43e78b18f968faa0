"""What the connection check can find: the words, and what to do."""

from __future__ import annotations

from readiness.checks.remedies import ASK_IT
from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy, System
from readiness.core.text import Text

ALL = tuple(Activity)

_AGAIN = Remedy(
    text=Text(sv="Gör testet igen om en stund.", en="Run the test again in a while."),
    action=Action.RUN_AGAIN,
)
_CABLE = Remedy(
    text=Text(
        sv="Se efter att sladden sitter i, eller att wifi är på.",
        en="See that the cable is in, or that the Wi-Fi is on.",
    ),
    action=Action.OPEN_NETWORK_SETTINGS,
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar och välj Nätverk och internet.", en="Open Settings and choose Network & internet."),
            Text(sv="Slå på Wi-Fi, eller se att Ethernet är anslutet.", en="Turn on Wi-Fi, or see that Ethernet is connected."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar och välj Wi-Fi.", en="Open System Settings and choose Wi-Fi."),
            Text(sv="Slå på Wi-Fi och välj ditt nät.", en="Turn on Wi-Fi and choose your network."),
        ),
        System.LINUX: (
            Text(sv="Öppna Inställningar och välj Wi-Fi eller Nätverk.", en="Open Settings and choose Wi-Fi or Network."),
            Text(sv="Slå på nätet och välj ditt nät.", en="Turn the network on and choose yours."),
        ),
    },
)  # fmt: skip
_CLOCK = Remedy(
    text=Text(sv="Ställ in att datorn själv hämtar rätt tid.", en="Set the computer to fetch the right time by itself."),
    steps={
        System.WINDOWS: (
            Text(sv="Öppna Inställningar, Tid och språk, Datum och tid.", en="Open Settings, Time & language, Date & time."),
            Text(sv="Slå på ”Ställ in tiden automatiskt”.", en="Turn on “Set time automatically”."),
        ),
        System.MACOS: (
            Text(sv="Öppna Systeminställningar, Allmänt, Datum och tid.", en="Open System Settings, General, Date & Time."),
            Text(sv="Slå på ”Ställ in tid och datum automatiskt”.", en="Turn on “Set time and date automatically”."),
        ),
        System.LINUX: (
            Text(sv="Öppna Inställningar, System, Datum och tid.", en="Open Settings, System, Date & Time."),
            Text(sv="Slå på ”Automatiskt datum och tid”.", en="Turn on “Automatic Date & Time”."),
        ),
    },
)  # fmt: skip
_SIGN_IN = Remedy(
    text=Text(
        sv="Öppna webbläsaren och logga in på nätet. Gör sedan testet igen.",
        en="Open the web browser and sign in to the network. Then run the test again.",
    ),
    action=Action.RUN_AGAIN,
)
_OTHER_NETWORK = Remedy(
    text=Text(
        sv="Prova ett annat nät, till exempel telefonens. Gör sedan testet igen.",
        en="Try another network, for example your phone's. Then run the test again.",
    ),
    action=Action.OPEN_NETWORK_SETTINGS,
)
_OPEN_HOST = Remedy(
    text=Text(
        sv="IT behöver släppa fram adressen genom nätets skydd (brandväggen).",
        en="IT needs to let the address through the network's protection (the firewall).",
    ),
    owner=Owner.IT,
)
_OPEN_UDP = Remedy(
    text=Text(
        sv="IT behöver släppa ljud och bild (UDP) genom nätets skydd (brandväggen).",
        en="IT needs to let sound and picture (UDP) through the network's protection (the firewall).",
    ),
    owner=Owner.IT,
)
_PAST_PROXY = Remedy(
    text=Text(
        sv="IT kan låta mötestjänsten gå förbi mellanservern (proxyn).",
        en="IT can let the meeting service pass by the go-between (the proxy).",
    ),
    owner=Owner.IT,
)

NO_NETWORK = FindingKind(
    code="connection.no_network",
    title=Text(sv="Datorn är inte ansluten till något nät", en="The computer is not connected to any network"),
    detail=Text(sv="Just nu finns varken sladd eller wifi.", en="Right now there is neither cable nor Wi-Fi."),
    activities=ALL, evidence=("has_address",), need=Need.NETWORK_LINE, remedies=(_CABLE, ASK_IT),
)  # fmt: skip
CAPTIVE_PORTAL = FindingKind(
    code="connection.captive_portal",
    title=Text(sv="Nätet vill att du loggar in först", en="The network wants you to sign in first"),
    detail=Text(sv="Nätet visar en egen sida i stället för den som datorn bad om.", en="The network shows a page of its own in place of the one asked for."),
    activities=ALL, evidence=("known_pages",), need=Need.KNOWLEDGE, remedies=(_SIGN_IN, _OTHER_NETWORK, ASK_IT),
)  # fmt: skip
DNS_FAILED = FindingKind(
    code="connection.dns_failed",
    title=Text(sv="Datorn hittar inte vägen till mötestjänsten", en="The computer does not find the way to the meeting service"),
    detail=Text(sv="Namnet {host} går inte att slå upp.", en="The name {host} cannot be looked up."),
    activities=ALL, evidence=("hosts", "resolvers"), need=Need.NETWORK_LINE, remedies=(_CABLE, _AGAIN, ASK_IT),
)  # fmt: skip
TCP_BLOCKED = FindingKind(
    code="connection.tcp_blocked",
    title=Text(sv="Nätet släpper inte fram till mötestjänsten", en="The network does not let through to the meeting service"),
    detail=Text(sv="{host} svarar inte på ingång (port) {port:d}.", en="{host} does not answer at entrance (port) {port:d}."),
    activities=ALL, evidence=("hosts",), need=Need.NETWORK_LINE, remedies=(_OPEN_HOST, _OTHER_NETWORK, _AGAIN),
)  # fmt: skip
PROXY_REQUIRED = FindingKind(
    code="connection.proxy_required",
    title=Text(sv="Mötestjänsten nås bara genom en mellanserver (proxy)", en="The meeting service is reached only through a go-between (a proxy)"),
    detail=Text(sv="Ljud och bild kan komma sent den vägen.", en="Sound and picture may come late that way."),
    activities=ALL, evidence=("hosts", "proxy_source"), need=Need.NETWORK_LINE, remedies=(_PAST_PROXY, _OTHER_NETWORK),
)  # fmt: skip
PROXY_FAILED = FindingKind(
    code="connection.proxy_failed",
    title=Text(sv="Mellanservern (proxyn) släpper inte fram till mötestjänsten", en="The go-between (the proxy) does not let through to the meeting service"),
    detail=Text(sv="Det gäller {host}. Mellanservern är {proxy}.", en="This is about {host}. The go-between is {proxy}."),
    activities=ALL, evidence=("hosts", "proxy_source"), need=Need.NETWORK_LINE, remedies=(ASK_IT, _AGAIN),
)  # fmt: skip
TLS_FAILED = FindingKind(
    code="connection.tls_failed",
    title=Text(sv="Den säkra kopplingen till mötestjänsten går inte att lita på", en="The secure connection to the meeting service cannot be trusted"),
    detail=Text(sv="Det gäller {host}.", en="This is about {host}."),
    activities=ALL, evidence=("hosts",), need=Need.NETWORK_LINE, remedies=(ASK_IT, _AGAIN),
)  # fmt: skip
TLS_INTERCEPTED = FindingKind(
    code="connection.tls_intercepted",
    title=Text(sv="Ett skydd läser det som går till mötestjänsten", en="A security program reads the traffic to the meeting service"),
    detail=Text(sv="Det hör till {issuer}. Mötet går bra, men kan bli trögt.", en="It belongs to {issuer}. The meeting works, but may be slower."),
    activities=ALL, evidence=("hosts",), remedies=(Remedy(
        text=Text(sv="IT kan låta mötet gå förbi skyddet.", en="IT can exempt the meeting service from the security program."), owner=Owner.IT,
    ),),
)  # fmt: skip
WEBSOCKET_BLOCKED = FindingKind(
    code="connection.websocket_blocked",
    title=Text(sv="Nätet bryter mötets fasta förbindelse", en="The network breaks the meeting's standing connection"),
    detail=Text(sv="{host} nås, men inte med WebSocket.", en="{host} is reached, but not with WebSocket."),
    activities=ALL, evidence=("hosts",), need=Need.NETWORK_LINE, remedies=(ASK_IT, _AGAIN),
)  # fmt: skip
UDP_BLOCKED = FindingKind(
    code="connection.udp_blocked",
    title=Text(sv="Nätet stoppar den snabba vägen för ljud och bild", en="The network stops the fast way for sound and picture"),
    detail=Text(sv="IT:s server svarar på webben, men inte den snabba vägen (UDP).", en="IT's server answers on the web, but not the fast way (UDP)."),
    activities=ALL, evidence=("collector_answers", "collector_answers_udp", "udp_hosts"), need=Need.NETWORK_LINE, remedies=(_OPEN_UDP, _OTHER_NETWORK),
)  # fmt: skip
UDP_UNKNOWN = FindingKind(
    code="connection.udp_unknown",
    title=Text(sv="Vi vet inte om den snabba vägen för ljud och bild är öppen", en="We do not know whether the fast way for sound and picture is open"),
    detail=Text(sv="{host} svarade inte. Det kan bero på servern själv.", en="{host} did not answer. That may be the server's own doing."),
    activities=ALL, evidence=("udp_hosts",), remedies=(_AGAIN, ASK_IT),
)  # fmt: skip
RELAY_FAILED = FindingKind(
    code="connection.relay_failed",
    title=Text(sv="Servern som förmedlar ljud och bild hjälper inte till", en="The server that passes on sound and picture does not help"),
    detail=Text(sv="Det gäller {host}, ingång (port) {port:d}.", en="This is about {host}, entrance (port) {port:d}."),
    activities=ALL, evidence=("relays",), need=Need.NETWORK_LINE, remedies=(ASK_IT, _AGAIN),
)  # fmt: skip
IPV6_BROKEN = FindingKind(
    code="connection.ipv6_broken",
    title=Text(sv="Nätets nyare adresser (IPv6) leder ingenstans", en="The network's newer addresses (IPv6) lead nowhere"),
    detail=Text(sv="Möten fungerar, men kan starta långsamt.", en="Meetings work, but may start slowly."),
    activities=ALL, evidence=("hosts",), remedies=(ASK_IT,),
)  # fmt: skip
COLLECTOR_UNREACHABLE = FindingKind(
    code="connection.collector_unreachable",
    title=Text(sv="IT:s egen server svarar inte just nu", en="IT's own server does not answer right now"),
    detail=Text(sv="Det är inget fel på din dator. Rapporten skickas senare.", en="Nothing is wrong with your computer. The report is sent later."),
    activities=ALL, evidence=("collector_answers", "collector_error"), remedies=(_AGAIN,),
)  # fmt: skip
CLOCK_OFF = FindingKind(
    code="connection.clock_off",
    title=Text(sv="Datorns klocka går fel", en="The computer's clock is wrong"),
    detail=Text(sv="Den går {seconds:.0f} sekunder fel.", en="It is {seconds:.0f} seconds off."),
    activities=ALL, evidence=("clock_ahead_seconds", "clock_source"), need=Need.KNOWLEDGE, remedies=(_CLOCK, ASK_IT),
)  # fmt: skip
NOT_MEASURED = FindingKind(
    code="connection.not_measured",
    title=Text(sv="Vägen till mötestjänsten är inte mätt", en="The way to the meeting service was not measured"),
    detail=Text(sv="Inget försök blev klart.", en="No try was finished."),
    activities=ALL, evidence=("hosts",), remedies=(_AGAIN,),
)  # fmt: skip
NOTHING_TO_REACH = FindingKind(
    code="connection.nothing_to_reach",
    title=Text(sv="Profilen nämner inga servrar att nå", en="The profile names no servers to reach"),
    activities=ALL, evidence=("hosts",),
)  # fmt: skip
WORKS = FindingKind(
    code="connection.works",
    title=Text(sv="Datorn når mötestjänsten", en="The computer reaches the meeting service"),
    activities=ALL, evidence=("hosts",),
)  # fmt: skip

KINDS = (
    NO_NETWORK, CAPTIVE_PORTAL, DNS_FAILED, TCP_BLOCKED, PROXY_REQUIRED, PROXY_FAILED, TLS_FAILED,
    TLS_INTERCEPTED, WEBSOCKET_BLOCKED, UDP_BLOCKED, UDP_UNKNOWN, RELAY_FAILED, IPV6_BROKEN,
    COLLECTOR_UNREACHABLE, CLOCK_OFF, NOT_MEASURED, NOTHING_TO_REACH, WORKS,
)  # fmt: skip
