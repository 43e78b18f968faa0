"""What the figures of the media path are called: a stem, and for most the direction behind it."""

from __future__ import annotations

from readiness.core.text import Text

_PLAIN = {
    "path": Text(sv="Vägen som mättes", en="The path measured"),
    "udp_answers": Text(sv="IT:s server svarar (UDP)", en="IT's server answers (UDP)"),
    "interrupted": Text(sv="Avbröts av nätet", en="Cut short by the network"),
    "settled": Text(sv="Mätt tills svaret var klart", en="Measured until the answer was clear"),
    "bytes_used": Text(sv="Skickat och mottaget (byte)", en="Sent and received (bytes)"),
    "prediction": Text(sv="Så blir ett möte", en="What a meeting will be like"),
    "prediction_busy": Text(
        sv="Så blir ett möte medan någon laddar", en="What a meeting will be like while someone transfers"
    ),
    "audio": Text(sv="ljud", en="sound"),
    "video_180": Text(sv="bild 180 rader", en="picture 180 lines"),
    "video_360": Text(sv="bild 360 rader", en="picture 360 lines"),
    "video_720": Text(sv="bild 720 rader", en="picture 720 lines"),
    "video_1080": Text(sv="bild 1080 rader", en="picture 1080 lines"),
    "sent_late_ms_p95": Text(sv="Datorn skickade sent, 95 %", en="The computer sent late, 95 %"),
    "sent_late_ms_max": Text(sv="Datorn skickade sent, mest", en="The computer sent late, at most"),
    "stamped_by_system": Text(sv="Tiden tagen av systemet", en="Times taken by the system"),
    "clock_stepped_ms": Text(sv="Klockan ställdes om", en="The clock was set"),
    "send_errors": Text(sv="Gick inte att skicka", en="Could not be sent"),
    "packets_forged": Text(sv="Förfalskade svar", en="Forged answers"),
    "packets_other_session": Text(sv="Någon annans svar", en="Somebody else's answers"),
    "packets_moved": Text(sv="Svar från annan adress", en="Answers from another address"),
    "packets_replayed": Text(sv="Svar som kom igen", en="Answers that came again"),
    "packets_refused": Text(sv="Nekade strömmar", en="Streams refused"),
}
_ROUND_TRIPS = {
    "rtt_ms": Text(sv="Fram och tillbaka", en="There and back"),
    "loaded_rtt_ms": Text(sv="Fram och tillbaka under möte", en="There and back during a call"),
}
_BOTH_WAYS = {
    "packets_sent": Text(sv="Delar skickade", en="Pieces sent"),
    "packets_received": Text(sv="Delar framme", en="Pieces received"),
    "loss_percent": Text(sv="Tappat", en="Lost"),
    "longest_burst": Text(sv="Flest tappade i rad", en="Most lost in a row"),
    "mean_burst": Text(sv="Tappade i rad i snitt", en="Lost in a row on average"),
    "longest_gap_ms": Text(sv="Längsta uppehåll", en="Longest gap"),
    "jitter_ms": Text(sv="Ojämnhet", en="Unevenness"),
    "rfc3550_jitter_ms": Text(sv="Ojämnhet (RFC 3550)", en="Unevenness (RFC 3550)"),
    "delay_variation_ms_p50": Text(sv="Senare än den snabbaste, hälften", en="Later than the quickest, half"),
    "delay_variation_ms_p95": Text(sv="Senare än den snabbaste, 95 %", en="Later than the quickest, 95 %"),
    "delay_variation_ms_p99": Text(sv="Senare än den snabbaste, 99 %", en="Later than the quickest, 99 %"),
    "delay_ms": Text(sv="Fördröjning under mötet", en="Delay during the call"),
    "delay_seconds": Text(sv="När fördröjningen mättes", en="When the delay was measured"),
    "reordered": Text(sv="I fel ordning", en="Out of order"),
    "duplicates": Text(sv="Dubbla", en="Doubled"),
    "concealed_percent": Text(sv="Ljud som fattas", en="Sound that is missing"),
    "buffer_ms": Text(sv="Väntan på sent ljud", en="Wait for late sound"),
    "mouth_to_ear_ms": Text(sv="Från mun till öra", en="From mouth to ear"),
    "mos": Text(sv="Ljudets betyg (E-modellen)", en="The sound's score (E-model)"),
    "still_percent": Text(sv="Bilden står still", en="The picture stands still"),
    "picture_180_kbps": Text(sv="Fart för bild, 180 rader", en="Speed for a picture of 180 lines"),
    "picture_360_kbps": Text(sv="Fart för bild, 360 rader", en="Speed for a picture of 360 lines"),
    "picture_720_kbps": Text(sv="Fart för bild, 720 rader", en="Speed for a picture of 720 lines"),
    "picture_1080_kbps": Text(sv="Fart för bild, 1080 rader", en="Speed for a picture of 1080 lines"),
    "line_kbps": Text(sv="Linjens fart", en="The line's speed"),
    "line_is_at_least": Text(sv="Linjen kan vara snabbare", en="The line may be faster"),
    "queue_ms": Text(sv="Längsta kö", en="Longest queue"),
    "queue_full": Text(sv="Kön var full", en="The queue was full"),
}
_WAYS = {"up": Text(sv="upp", en="up"), "down": Text(sv="ner", en="down")}
_BOUNDS = {
    "": Text(sv="", en=""),
    "_low": Text(sv="minst", en="at least"),
    "_high": Text(sv="mest", en="at most"),
}


def _joined(*parts: Text) -> Text:
    return Text(
        sv=", ".join(part.sv for part in parts if part.sv), en=", ".join(part.en for part in parts if part.en)
    )


MEDIA_NAMES = {
    **_PLAIN,
    **{
        f"{stem}_p{percent}": _joined(words, Text(sv=f"{percent} %", en=f"{percent} %"))
        for stem, words in _ROUND_TRIPS.items()
        for percent in (50, 90, 99)
    },
    **{
        f"{stem}_{way}{bound}": _joined(words, side, edge)
        for stem, words in _BOTH_WAYS.items()
        for way, side in _WAYS.items()
        for bound, edge in _BOUNDS.items()
    },
}

MEDIA_VALUES = {
    "good": Text(sv="bra", en="good"),
    "degraded": Text(sv="sämre", en="degraded"),
    "bad": Text(sv="dåligt", en="bad"),
    "failed": Text(sv="går inte", en="will not work"),
}
