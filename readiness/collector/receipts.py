"""Receipt codes: short enough to read out over a phone, without characters that are mixed up."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 O, no 1 I L, no U (heard as other letters, and kept out of words)."""
LENGTH = 7
_FIRST_GROUP = 3


def new_receipt() -> str:
    """A random code as it is stored, without the hyphen."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(receipt: str) -> str:
    """The code in groups, as people read it: `K7M-4PQ2`."""
    return f"{receipt[:_FIRST_GROUP]}-{receipt[_FIRST_GROUP:]}"


def read(text: str) -> str | None:
    """The stored form of a code as somebody wrote it (any case, with hyphens or spaces), or None."""
    code = "".join(character for character in text.upper() if character not in " -–−\u00a0\t")
    if len(code) == LENGTH and all(character in ALPHABET for character in code):
        return code
    return None
