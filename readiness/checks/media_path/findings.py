"""What the media path check can find: the words, and what to do."""

from __future__ import annotations

from readiness.core.model import Action, Activity, FindingKind, Need, Owner, Remedy
from readiness.core.text import Text

ALL = tuple(Activity)

_AGAIN = Remedy(
    text=Text(sv="Gör testet igen om en stund.", en="Run the test again in a while."),
    action=Action.RUN_AGAIN,
)
_CABLE = Remedy(
    text=Text(
        sv="Sätt i en nätsladd, eller sitt närmare wifi. Gör sedan testet igen.",
        en="Plug in a network cable, or sit closer to the Wi-Fi. Then run the test again.",
    ),
    action=Action.RUN_AGAIN,
)
_PAUSE_OTHERS = Remedy(
    text=Text(
        sv="Pausa det som laddas upp eller ner. Gör sedan testet igen.",
        en="Pause what is being uploaded or downloaded. Then run the test again.",
    ),
    action=Action.RUN_AGAIN,
)
_NO_PICTURE = Remedy(
    text=Text(
        sv="Stäng av kameran i mötet, så går ljudet bättre.",
        en="Turn your camera off in the meeting, and the sound gets through better.",
    )
)
_IT_LINE = Remedy(
    text=Text(
        sv="Visa detta för IT. Nätet behöver ses över.",
        en="Show this to IT. The network needs looking after.",
    ),
    owner=Owner.IT,
)
_IT_SERVER = Remedy(
    text=Text(
        sv="Säg till IT om det händer igen. Felet är inte ditt.",
        en="Tell IT if it happens again. It is not your doing.",
    ),
    owner=Owner.IT,
)
_IT_OPEN = Remedy(
    text=Text(
        sv="IT behöver öppna vägen (UDP) genom nätets skydd.",
        en="IT needs to open the way (UDP) through the network's protection.",
    ),
    owner=Owner.IT,
)

LOSS = FindingKind(
    code="media_path.loss",
    title=Text(sv="Ljud och bild tappas på vägen", en="Sound and picture are lost on the way"),
    detail=Text(
        sv="Av det du skickar tappas {up:.1f} procent. Av det du tar emot tappas {down:.1f}.",
        en="Of what you send {up:.1f} per cent is lost. Of what you receive {down:.1f}.",
    ),
    activities=ALL,
    evidence=("loss_percent_up", "loss_percent_down", "concealed_percent_up", "concealed_percent_down"),
    need=Need.NETWORK_LINE,
    remedies=(_CABLE, _NO_PICTURE, _IT_LINE),
)
BURSTS = FindingKind(
    code="media_path.bursts",
    title=Text(sv="Nätet bryts i korta stunder", en="The network drops out for short moments"),
    detail=Text(
        sv="Upp till {up:d} delar i rad tappas när du skickar. När du tar emot är det {down:d}.",
        en="Up to {up:d} pieces in a row are lost when you send. When you receive, {down:d}.",
    ),
    activities=ALL,
    evidence=("longest_burst_up", "longest_burst_down", "mean_burst_up", "mean_burst_down", "still_percent_up", "still_percent_down"),
    need=Need.NETWORK_LINE,
    remedies=(_CABLE, _NO_PICTURE, _IT_LINE),
)  # fmt: skip
JITTER = FindingKind(
    code="media_path.jitter",
    title=Text(sv="Ljud och bild kommer ojämnt", en="Sound and picture arrive unevenly"),
    detail=Text(
        sv="Mötet måste vänta in det som är sent. Dröjsmålet blir {delay:.0f} ms.",
        en="The meeting must wait for what is late. The delay becomes {delay:.0f} ms.",
    ),
    activities=ALL,
    evidence=("jitter_ms_up", "jitter_ms_down", "buffer_ms_up", "buffer_ms_down"),
    need=Need.NETWORK_LINE,
    remedies=(_CABLE, _PAUSE_OTHERS, _IT_LINE),
)
DELAY = FindingKind(
    code="media_path.delay",
    title=Text(sv="Ljudet kommer fram sent", en="The sound arrives late"),
    detail=Text(
        sv="Dröjsmålet är {delay:.0f} ms åt ett håll. Ni kan prata i mun på varandra.",
        en="The delay is {delay:.0f} ms one way. You may talk over each other.",
    ),
    activities=ALL,
    evidence=("rtt_ms_p50", "mouth_to_ear_ms_up", "mouth_to_ear_ms_down"),
    need=Need.NETWORK_LINE,
    remedies=(_PAUSE_OTHERS, _IT_LINE),
)
COARSE = FindingKind(
    code="media_path.coarse_picture",
    title=Text(sv="Bilden kan bli grov", en="The picture may be coarse"),
    detail=Text(
        sv="Nätet räcker till {kbps:.0f} kbit/s för bilden.",
        en="The network has enough room for {kbps:.0f} kbit/s of picture.",
    ),
    activities=ALL,
    evidence=("picture_360_kbps_up", "picture_360_kbps_down", "line_kbps_up", "line_kbps_down"),
    need=Need.NETWORK_LINE,
    remedies=(_PAUSE_OTHERS, _CABLE, _IT_LINE),
)
BLOCKED = FindingKind(
    code="media_path.blocked",
    title=Text(
        sv="Nätet stoppar den snabba vägen för ljud och bild",
        en="The network stops the fast way for sound and picture",
    ),
    detail=Text(
        sv="IT:s server svarar på webben, men inte den vägen ({path}).",
        en="IT's server answers on the web, but not that way ({path}).",
    ),
    activities=ALL,
    evidence=("udp_answers", "path"),
    need=Need.NETWORK_LINE,
    remedies=(_IT_OPEN,),
)
INTERRUPTED = FindingKind(
    code="media_path.interrupted",
    title=Text(sv="Nätet försvann mitt i mätningen", en="The network went away in the middle of the test"),
    detail=Text(
        sv="Det som mättes före avbrottet är kvar.",
        en="What was measured before that is kept.",
    ),
    activities=ALL,
    evidence=("interrupted", "seconds"),
    need=Need.NETWORK_LINE,
    remedies=(_CABLE, _IT_LINE),
)
ODD_ANSWERS = FindingKind(
    code="media_path.odd_answers",
    title=Text(sv="IT:s server svarar inte som den ska", en="IT's server does not answer as it should"),
    detail=Text(
        sv="Svaren går inte att lita på, så nätet är inte mätt.",
        en="The answers cannot be trusted, so the network was not measured.",
    ),
    activities=ALL,
    evidence=("problem", "packets_moved", "packets_other_session", "packets_forged", "packets_refused"),
    remedies=(_AGAIN, _IT_SERVER),
)
NOT_MEASURED = FindingKind(
    code="media_path.not_measured",
    title=Text(sv="Vägen för ljud och bild är inte mätt", en="The way of sound and picture was not measured"),
    detail=Text(
        sv="IT:s server kunde inte vara med och mäta nu.",
        en="IT's server could not take part in measuring now.",
    ),
    activities=ALL,
    evidence=("problem",),
    remedies=(_AGAIN, _IT_SERVER),
)
WORKS = FindingKind(
    code="media_path.works",
    title=Text(
        sv="Ljud och bild går bra fram över nätet", en="Sound and picture get through the network well"
    ),
    detail=Text(
        sv="Dröjsmålet är {delay:.0f} ms åt ett håll.",
        en="The delay is {delay:.0f} ms one way.",
    ),
    activities=ALL,
    evidence=("mouth_to_ear_ms_up", "mouth_to_ear_ms_down", "loss_percent_up", "loss_percent_down"),
)

KINDS = (
    LOSS,
    BURSTS,
    JITTER,
    DELAY,
    COARSE,
    BLOCKED,
    INTERRUPTED,
    ODD_ANSWERS,
    NOT_MEASURED,
    WORKS,
)
