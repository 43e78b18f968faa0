"""Problems of who may send and who may read, said in both languages."""

from __future__ import annotations

from readiness.collector.problems import Problem
from readiness.core.text import Text


def key_is_no_token() -> Problem:
    """An enrolment key came where the computer's own token belongs."""
    return Problem(
        401,
        "key_is_no_token",
        Text(
            sv="Nyckeln räcker inte här. Uppdatera Mötesklar på datorn, så hämtar den en egen kod.",
            en="The key is not enough here. Update Mötesklar on the computer; it then gets a code of its own.",
        ),
        headers={"WWW-Authenticate": 'Bearer realm="motesklar"'},
    )


def unknown_token() -> Problem:
    """The computer's token is missing, unknown or taken back."""
    return Problem(
        401,
        "unknown_token",
        Text(
            sv="Datorns kod saknas eller gäller inte längre. Mötesklar hämtar en ny med nyckeln från IT.",
            en="The computer's code is missing or no longer valid. Mötesklar gets a new one for the key from IT.",
        ),
        headers={"WWW-Authenticate": 'Bearer realm="motesklar", error="invalid_token"'},
    )


def computer_revoked() -> Problem:
    """An administrator shut the computer out."""
    return Problem(
        403,
        "computer_revoked",
        Text(
            sv="IT har stängt av den här datorn från servern. Fråga IT varför.",
            en="IT has shut this computer out from the server. Ask IT why.",
        ),
    )


def other_computer() -> Problem:
    """The report is another computer's than the token's."""
    return Problem(
        403,
        "other_computer",
        Text(
            sv="Rapporten hör till en annan dator. Den sparades inte.",
            en="The report belongs to another computer. It was not stored.",
        ),
    )


def no_local_accounts() -> Problem:
    """IT has left signing in to the organisation's own accounts."""
    return Problem(
        403,
        "no_local_accounts",
        Text(
            sv="Här loggar man in med organisationens konto.",
            en="Here people sign in with the organisation's account.",
        ),
    )


def not_signed_in(why: str) -> Problem | None:
    """Why somebody who came from the organisation's sign-in was not let in."""
    known = _NOT_SIGNED_IN.get(why)
    return Problem(known[0], why, known[1]) if known else None


_NOT_SIGNED_IN = {
    "provider_down": (
        503,
        Text(
            sv="Organisationens inloggning svarar inte. Försök igen om en stund.",
            en="The organisation's sign-in does not answer. Try again in a while.",
        ),
    ),
    "not_true": (
        403,
        Text(
            sv="Svaret från organisationens inloggning stämmer inte. Försök igen. "
            "Händer det igen ser IT varför i serverns logg.",
            en="The answer from the organisation's sign-in is not right. Try again. "
            "If it happens again, IT sees why in the server's log.",
        ),
    ),
    "too_late": (
        403,
        Text(
            sv="Inloggningen tog för lång tid eller gjordes två gånger. Försök igen.",
            en="Signing in took too long or was done twice. Try again.",
        ),
    ),
    "refused": (
        403,
        Text(
            sv="Organisationens inloggning släppte inte in dig. Försök igen, eller be IT om hjälp.",
            en="The organisation's sign-in did not let you in. Try again, or ask IT for help.",
        ),
    ),
    "no_role": (
        403,
        Text(
            sv="Ditt konto får inte läsa här. Be IT lägga dig i rätt grupp.",
            en="Your account may not read here. Ask IT to put you in the right group.",
        ),
    ),
}
