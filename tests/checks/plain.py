"""Plain language by rule: sentences, LIX, jargon without its everyday word, blame.

LIX is that of C.-H. Björnsson, Läsbarhet (1968): words per sentence, plus the share in per cent of
words longer than six letters. Below 30 is very easy, 30-40 easy, 40-50 ordinary newspaper text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from readiness.core.model import FindingKind, System
from readiness.core.steps import steps_of
from readiness.core.text import Language, Text

LIX_LIMIT = 40
LONGEST_SENTENCE_WORDS = 15

_WORD = re.compile(r"[^\W_]+(?:[-’'.,/:×][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:]+(?=\s|”|$)")
_ARGUMENT = re.compile(r"\{(\w+)(:[^}]*)?\}")
_FILLED = "tio"
"""What stands for an argument while words are counted: most are numbers or names."""

JARGON: dict[Language, dict[str, str]] = {
    "sv": {
        r"bandbredd": r"hastighet|fart|snabb|långsam",
        r"[kmg]bit/s|megabit|kilobit": r"hastighet|fart|snabb|långsam|mycket|räcker|behövs",
        r"latens|(?-i:\bRTT\b)": r"dröj|väntetid",
        r"jitter": r"ojämn|hack",
        r"\bms\b|millisekund": r"dröj|sen|väntetid|ojämn",
        r"paket": r"ljud|bild|bitar|delar",
        r"\bdns\b": r"namn|adress",
        r"(?-i:\b(TCP|UDP|STUN|TURN|NAT)\b)": r"ljud|bild|väg",
        r"\bport(en|ar|arna)?\b": r"ingång|uttag",
        r"\btls\b|\bssl\b|certifikat": r"säker|lita",
        r"proxy": r"mellanserver|mellanled",
        r"brandvägg": r"skydd|släpp|spärr",
        r"\bvpn\b": r"tunnel|jobbets nät|arbetets nät",
        r"gateway|router": r"nät|wifi",
        r"buffert?": r"kö",
        r"codec|firmware|\bsdk\b|\bapi\b|backend|drivrutin": r"program",
        r"upplösning|pixel|pixlar": r"grov|skarp|skärpa|storlek|rader",
        r"\bfps\b|bildfrekvens": r"bilder i sekunden",
        r"\bhz\b|hertz|samplings": r"bilder|blink|ton|ljud",
        r"överexponer|exponering": r"ljus",
        r"kontrast|färgstick": r"färg|ljus",
        r"brusgolv|snr": r"brus|ljud",
        r"\bklipp": r"stark|sprucken",
        r"\blikspänning|(?-i:\bDC\b)": r"fel",
        r"virtuell": r"program",
        r"bluetooth": r"trådlös|sladd",
        r"cpu|processor": r"dator",
        r"\bkärn": r"processor",
        r"kollektor|reflektor|collector": r"IT:s",
        r"(?-i:\bMOS\b)": r"betyg",
    },
    "en": {
        r"bandwidth": r"speed|fast|slow",
        r"[kmg]bit/s|megabit|kilobit": r"speed|fast|slow|enough|need",
        r"latency|(?-i:\bRTT\b)": r"delay|wait",
        r"jitter": r"uneven|jerk",
        r"\bms\b|millisecond": r"delay|late|wait|uneven",
        r"packet": r"sound|picture|piece|part",
        r"\bdns\b": r"name|address",
        r"(?-i:\b(TCP|UDP|STUN|TURN|NAT)\b)": r"sound|picture|way",
        r"\bports?\b": r"entrance|door|socket",
        r"\btls\b|\bssl\b|certificate": r"secure|trust",
        r"proxy": r"go-between|between",
        r"firewall": r"protect|let|block",
        r"\bvpn\b": r"tunnel|work's network",
        r"gateway|router": r"network|wi-fi",
        r"buffer": r"queue",
        r"codec|firmware|\bsdk\b|\bapi\b|backend|driver": r"program",
        r"resolution|pixel": r"coarse|sharp|size|lines",
        r"\bfps\b|frame rate": r"pictures a second",
        r"\bhz\b|hertz|sampling|sample rate": r"pictures|flicker|tone|sound",
        r"exposed|exposure": r"light|bright",
        r"contrast|colour cast": r"colour|light",
        r"noise floor|\bsnr\b": r"noise|sound",
        r"\bclip": r"strong|loud|distort",
        r"(?-i:\bDC\b)": r"fault",
        r"virtual": r"program",
        r"bluetooth": r"wireless|cable",
        r"\bcpu\b|processor": r"computer",
        r"\bcores?\b": r"processor",
        r"collector|reflector": r"IT's",
        r"(?-i:\bMOS\b)": r"score",
    },
}
"""Jargon, and the everyday words of which one must stand in the same finding."""

BLAME: dict[Language, str] = {
    "sv": r"ditt fel|du (har )?glöm|du borde|du måste|du har (gjort|inte)|\bslarv|felaktig|ogiltig|otillåt|!",
    "en": r"your fault|you forgot|you should have|you must|you failed|you did not|careless|invalid|illegal|!",
}


def sentences(text: str) -> list[str]:
    """The sentences; a title without a full stop is one as well."""
    return [part.strip() for part in _SENTENCE_END.split(filled(text)) if _WORD.search(part)]


def words(text: str) -> list[str]:
    return _WORD.findall(filled(text))


def filled(text: str) -> str:
    """`text` with every argument as one short word."""
    return _ARGUMENT.sub(_FILLED, text)


def arguments(text: Text) -> set[str]:
    return {name for said in (text.sv, text.en) for name, _format in _ARGUMENT.findall(said)}


def lix(texts: Sequence[str]) -> float:
    """The readability of `texts` together."""
    all_words = [word for text in texts for word in words(text)]
    ends = sum(len(sentences(text)) for text in texts)
    if not all_words:
        return 0.0
    long_words = sum(len(word) > 6 for word in all_words)
    return len(all_words) / ends + 100 * long_words / len(all_words)


def own_texts(kind: FindingKind) -> list[Text]:
    return [kind.title, *([kind.detail] if kind.detail else [])]


def texts_of(kind: FindingKind, system: System | None = None) -> list[Text]:
    """A finding's words with its remedies; with the steps of `system`, or of all."""
    systems = tuple(System) if system is None else (system,)
    return own_texts(kind) + [
        text
        for remedy in kind.remedies
        for text in (remedy.text, *(step for each in systems for step in steps_of(remedy, each)))
    ]


def lix_of(kind: FindingKind) -> float:
    """The Swedish LIX of a finding with its remedies, on the system where it is highest."""
    return max(lix([text.sv for text in texts_of(kind, system)]) for system in System)


def bare_jargon(kind: FindingKind) -> list[str]:
    """Jargon in the finding's texts that stands without its everyday word."""
    found: list[str] = []
    for language, words_of in JARGON.items():
        said = " ".join(text.sv if language == "sv" else text.en for text in texts_of(kind))
        for jargon, everyday in words_of.items():
            hit = re.search(jargon, filled(said), re.IGNORECASE)
            if hit and not re.search(everyday, said, re.IGNORECASE):
                found.append(f"{hit[0]} ({language}) without {everyday}")
    return found


def blames(text: Text) -> list[str]:
    return [
        hit[0]
        for language, said in (("sv", text.sv), ("en", text.en))
        for hit in re.finditer(BLAME[language], said, re.IGNORECASE)
    ]


def long_sentences(text: Text) -> list[str]:
    return [
        sentence
        for said in (text.sv, text.en)
        for sentence in sentences(said)
        if len(words(sentence)) > LONGEST_SENTENCE_WORDS
    ]
