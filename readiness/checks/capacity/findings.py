"""What the capacity check can find: the words, and what to do."""

from __future__ import annotations

from readiness.checks.remedies import ASK_IT
from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy
from readiness.core.text import Text

ALL = tuple(Activity)

_AGAIN = Remedy(
    text=Text(sv="Gör testet igen om en stund.", en="Run the test again in a while."), action=Action.RUN_AGAIN
)
_OTHERS = Remedy(
    text=Text(
        sv="Stäng av film, säkerhetskopior och stora hämtningar på samma nät.",
        en="Stop films, backups and large downloads on the same network.",
    )
)
_CABLE = Remedy(
    text=Text(sv="Koppla in datorn med en nätsladd, om det går.", en="Connect the computer by a network cable, if you can.")
)  # fmt: skip
_LINE = Remedy(
    text=Text(sv="IT kan beställa en snabbare linje till huset.", en="IT can order a faster line to the building."),
    owner=Owner.BUY,
)  # fmt: skip
_QUEUE = Remedy(
    text=Text(
        sv="IT kan ställa in nätet så att möten går före annat.",
        en="IT can set the network so that meetings go before other traffic.",
    ),
    owner=Owner.IT,
)
_CAMERA_OFF = Remedy(
    text=Text(
        sv="Stäng av kameran i mötet. Då räcker linjen oftast till ljudet.",
        en="Turn the camera off in the meeting. Then the line is mostly enough for sound.",
    )
)

TOO_LOW_UP = FindingKind(
    code="capacity.too_low_up",
    title=Text(sv="Linjen är för långsam för det du skickar", en="The line is too slow for what you send"),
    detail=Text(
        sv="Den klarar {kbps:.0f} kbit/s uppåt. Det behövs {wanted:.0f}.",
        en="It carries {kbps:.0f} kbit/s up. There is need of {wanted:.0f}.",
    ),
    activities=ALL, evidence=("capacity_kbps_up",), need=Need.NETWORK_LINE,
    remedies=(_OTHERS, _CAMERA_OFF, _CABLE, _LINE),
)  # fmt: skip
TOO_LOW_DOWN = FindingKind(
    code="capacity.too_low_down",
    title=Text(sv="Linjen är för långsam för det du tar emot", en="The line is too slow for what you receive"),
    detail=Text(
        sv="Den klarar {kbps:.0f} kbit/s nedåt. Det behövs {wanted:.0f}.",
        en="It carries {kbps:.0f} kbit/s down. There is need of {wanted:.0f}.",
    ),
    activities=ALL, evidence=("capacity_kbps_down",), need=Need.NETWORK_LINE,
    remedies=(_OTHERS, _CABLE, _LINE),
)  # fmt: skip
BUFFERBLOAT = FindingKind(
    code="capacity.bufferbloat",
    title=Text(sv="Samtalet dröjer när någon annan laddar", en="The call is late when somebody else loads"),
    detail=Text(
        sv="När linjen är full dröjer svaret {loaded:.1f} sekunder. Nätets kö är för lång.",
        en="When the line is full an answer is {loaded:.1f} seconds late. The network's queue is too long.",
    ),
    activities=ALL, evidence=("loaded_rtt_ms_up", "loaded_rtt_ms_down", "idle_rtt_ms"), need=Need.NETWORK_LINE,
    remedies=(_OTHERS, _QUEUE),
)  # fmt: skip
NOT_MEASURED = FindingKind(
    code="capacity.not_measured",
    title=Text(sv="Linjens hastighet är inte mätt", en="The line's speed was not measured"),
    detail=Text(sv="IT:s server hjälpte inte till den här gången.", en="IT's server did not help this time."),
    activities=ALL, evidence=("problem", "error"), remedies=(_AGAIN, ASK_IT),
)  # fmt: skip
ODD_COLLECTOR = FindingKind(
    code="capacity.odd_collector",
    title=Text(sv="IT:s server svarar inte som den ska", en="IT's server does not answer as it should"),
    detail=Text(sv="Mätningen går därför inte att lita på.", en="So the measurement cannot be trusted."),
    activities=ALL, evidence=("odd", "error"), remedies=(ASK_IT, _AGAIN),
)  # fmt: skip
WORKS = FindingKind(
    code="capacity.works",
    title=Text(sv="Linjen är snabb nog för möten", en="The line is fast enough for meetings"),
    activities=ALL, evidence=("capacity_kbps_up", "capacity_kbps_down"),
)  # fmt: skip

KINDS = (TOO_LOW_UP, TOO_LOW_DOWN, BUFFERBLOAT, NOT_MEASURED, ODD_COLLECTOR, WORKS)
