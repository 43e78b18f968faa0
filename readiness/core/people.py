"""People who help: the helpdesk, and the digital ambassador of each unit."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core.text import Text


@dataclass(frozen=True, kw_only=True)
class Helpdesk:
    """Who helps everybody."""

    name: str | None = None
    phone: str | None = None
    mail: str | None = None
    hours: str | None = None


NOBODY = Helpdesk()
"""Where nobody is named."""


@dataclass(frozen=True, kw_only=True)
class Ambassador:
    """Who helps in one unit: its digital ambassador."""

    unit: str
    name: str
    phone: str | None = None
    mail: str | None = None
    hours: str | None = None


def with_settings(helpdesk: Helpdesk, phone: str | None, mail: str | None, hours: str | None) -> Helpdesk:
    """The helpdesk of the profile; what the settings say stands above it."""
    return Helpdesk(
        name=helpdesk.name,
        phone=phone or helpdesk.phone,
        mail=mail or helpdesk.mail,
        hours=hours or helpdesk.hours,
    )


def who_helps(helpdesk: Helpdesk, ambassador: Ambassador | None) -> tuple[Text, ...]:
    """Who to turn to, a line each, the nearest first; none where nobody is named."""
    lines = []
    if ambassador is not None:
        how = _how(ambassador)
        lines.append(
            Text(
                sv=f"Digital ambassadör: {ambassador.name}, {how.sv}",
                en=f"Digital ambassador: {ambassador.name}, {how.en}",
            )
        )
    if helpdesk.phone or helpdesk.mail:
        how = _how(helpdesk)
        sv, en = helpdesk.name or "IT-stöd", helpdesk.name or "IT support"
        lines.append(Text(sv=f"{sv}: {how.sv}", en=f"{en}: {how.en}"))
    return tuple(lines)


def _how(person: Helpdesk | Ambassador) -> Text:
    said = [
        *([(f"telefon {person.phone}", f"phone {person.phone}")] if person.phone else []),
        *([(f"mejl {person.mail}", f"mail {person.mail}")] if person.mail else []),
        *([(person.hours, person.hours)] if person.hours else []),
    ]
    return Text(sv=", ".join(sv for sv, _ in said), en=", ".join(en for _, en in said))
